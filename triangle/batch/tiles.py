r"""A straight-line program in single precision, a tile of games at a time, compiled by numba.

What is compiled is no program but the loop that carries out any: operation by operation, each on a row of a tile. A
tile is short enough for all rows to stay in the second cache, where numpy's rows of many thousand games pass through
the third; a row is long enough for the choice of an operation not to count. So compiling takes seconds once a machine,
and is kept on disk.

Powers, exponentials and logarithms are made in double precision between reading and writing: of
:math:`x = 2^e (1 + f)`, :math:`\sqrt{1/2} \le 1 + f < \sqrt 2`, the binary logarithm is :math:`e + f p(f)`, and
:math:`2^t = 2^n q(t - n)` with the nearest whole number :math:`n`; :math:`p` and :math:`q` are polynomials through
Chebyshev's points. A product and a sum may become one operation, which leaves out a rounding.
"""

from __future__ import annotations

from collections.abc import Callable
from math import e, log2, sqrt
from typing import Any, NamedTuple

import numba
import numpy as np
from numpy.polynomial import Chebyshev, Polynomial
from numpy.typing import NDArray

from triangle.batch.program import choose

#: Games of a tile.
TILE = 256

#: Numbers of the operations in a code.
ADD, SUBTRACT, MULTIPLY, DIVIDE, LARGER, SMALLER, ABOVE, ABOVE_OR_AT, NOT, SIZE, ROOT, CHOOSE, POWER, LOG, EXP = range(
    15
)

#: The number of a product to which something is added.
MULTIPLY_ADD = 15

#: What carries out a function, and whether its operands change places. A truth is 1 or 0.
OPERATIONS: dict[Callable[..., Any], tuple[int, bool]] = {
    np.add: (ADD, False),
    np.subtract: (SUBTRACT, False),
    np.multiply: (MULTIPLY, False),
    np.divide: (DIVIDE, False),
    np.maximum: (LARGER, False),
    np.minimum: (SMALLER, False),
    np.greater: (ABOVE, False),
    np.less: (ABOVE, True),
    np.greater_equal: (ABOVE_OR_AT, False),
    np.less_equal: (ABOVE_OR_AT, True),
    np.logical_and: (SMALLER, False),
    np.logical_or: (LARGER, False),
    np.logical_not: (NOT, False),
    np.absolute: (SIZE, False),
    np.sqrt: (ROOT, False),
    choose: (CHOOSE, False),
    np.power: (POWER, False),
    np.log: (LOG, False),
    np.exp: (EXP, False),
}

#: The bits of the square root of a half in single precision, and how many of them are behind the point.
_HALF_ROOT, _BEHIND = int(np.float32(sqrt(0.5)).view(np.int32)), 23

#: What is added to an exponent in its bits.
_BIAS = 127

_LOG2_OF_E, _LOG_OF_2 = log2(e), 1 / log2(e)


def _through_points(function: Callable[[Any], Any], low: float, high: float, degree: int) -> tuple[float, ...]:
    """Factors of the polynomial through Chebyshev's points of a function, those of the lowest powers first."""
    found = Chebyshev.interpolate(function, degree, [low, high]).convert(kind=Polynomial)
    return tuple(found.coef.tolist())


_P = _through_points(lambda f: np.log1p(f) / f * _LOG2_OF_E, sqrt(0.5) - 1, sqrt(2.0) - 1, 9)
_Q = _through_points(np.exp2, -0.5, 0.5, 6)


class Given(NamedTuple):
    """What varies from game to game, and the places in a tile's rows where it goes.

    Attributes
    ----------
    columns, into : array, shape (column, games) and (column,)
        Games are whole tiles.
    points, drawn, moves, drawn_into : array, shape (point, block), (drawn,), (drawn, blocks) and (drawn,)
        Bits of the points of a block, which of them are drawn, and the exclusive or that makes those of each block.
    """

    columns: NDArray[np.float32]
    into: NDArray[np.uint64]
    points: NDArray[np.uint32]
    drawn: NDArray[np.uint64]
    moves: NDArray[np.uint32]
    drawn_into: NDArray[np.uint64]


class Answers(NamedTuple):
    """Where the truths are of which sets of equilibria are put together, of one player after the other.

    Attributes
    ----------
    truths, bits : array, shape (truth,) and (truth, word)
        Whether an action is in question, and the profiles at which it is played.
    last : array, shape (player,)
        The number of the truth after a player's last one.
    actions, bounds, profiles : array, shape (action,), (group + 1,) and (group, word)
        The different truths of a group, from where to where a group's are, and its profiles.
    fits : array, shape (0,) or (1,)
        The truth that all guarded numbers lie in their ranges.
    """

    truths: NDArray[np.uint64]
    bits: NDArray[np.uint64]
    last: NDArray[np.intp]
    actions: NDArray[np.uint64]
    bounds: NDArray[np.intp]
    profiles: NDArray[np.uint64]
    fits: NDArray[np.uint64]


def _carry_out(
    code: NDArray[np.uint64],
    work: NDArray[np.float32],
    bits: NDArray[np.int32],
    given: Given,
    answers: Answers,
    sets: NDArray[np.uint64],
    doubt: NDArray[np.uint8],
) -> None:
    """Run a code on tile after tile, and put its answers together.

    Parameters
    ----------
    code : array, shape (operation, 5)
        The number of each, the places of three operands and that of its result, which is none of theirs.
    work, bits : array
        The rows of a tile one after the other, and the same memory as bits; a place is that of a row's first number.
    sets, doubt : array, shape (word, games) and (games,)
        The sets of equilibria, and whether a game is in doubt.
    """
    tile = np.uint64(TILE)  # without a sign, so that no place is taken from the end
    wide, low = np.empty(TILE, np.float64), np.empty(TILE, np.int32)
    scale, one, several = low.view(np.float32), np.empty(TILE, np.uint64), np.empty(TILE, np.uint64)
    block = max(given.points.shape[1], TILE)
    for start in range(0, len(doubt), TILE):
        for row in range(len(given.into)):
            to, column = given.into[row], given.columns[row, start : start + TILE]
            for n in range(tile):
                work[to + n] = column[n]
        for row in range(len(given.drawn)):
            to, first = given.drawn_into[row], start % block
            point, move = given.points[given.drawn[row], first : first + TILE], given.moves[row, start // block]
            for n in range(tile):
                bits[to + n] = np.int32(point[n] ^ move)
        for step in range(len(code)):
            what, a, b, c, r = code[step, 0], code[step, 1], code[step, 2], code[step, 3], code[step, 4]
            if what == ADD:
                for n in range(tile):
                    work[r + n] = work[a + n] + work[b + n]
            elif what == MULTIPLY:
                for n in range(tile):
                    work[r + n] = work[a + n] * work[b + n]
            elif what == MULTIPLY_ADD:
                for n in range(tile):
                    work[r + n] = work[a + n] * work[b + n] + work[c + n]
            elif what == SUBTRACT:
                for n in range(tile):
                    work[r + n] = work[a + n] - work[b + n]
            elif what == ABOVE_OR_AT:
                for n in range(tile):
                    work[r + n] = np.float32(1) if work[a + n] >= work[b + n] else np.float32(0)
            elif what == LARGER:
                for n in range(tile):
                    work[r + n] = work[a + n] if work[a + n] > work[b + n] else work[b + n]
            elif what == DIVIDE:
                for n in range(tile):
                    work[r + n] = work[a + n] / work[b + n]
            elif what == SMALLER:
                for n in range(tile):
                    work[r + n] = work[a + n] if work[a + n] < work[b + n] else work[b + n]
            elif what == ABOVE:
                for n in range(tile):
                    work[r + n] = np.float32(1) if work[a + n] > work[b + n] else np.float32(0)
            elif what == CHOOSE:
                for n in range(tile):
                    work[r + n] = work[b + n] if work[a + n] != np.float32(0) else work[c + n]
            elif what == NOT:
                for n in range(tile):
                    work[r + n] = np.float32(1) - work[a + n]
            elif what == SIZE:
                for n in range(tile):
                    work[r + n] = abs(work[a + n])
            elif what == ROOT:
                for n in range(tile):
                    work[r + n] = np.sqrt(work[a + n])
            if what == POWER or what == LOG:
                for n in range(tile):
                    exponent = (bits[a + n] - np.int32(_HALF_ROOT)) >> np.int32(_BEHIND)
                    low[n] = bits[a + n] - (exponent << np.int32(_BEHIND))
                    wide[n] = np.float64(exponent)
                for n in range(tile):
                    f = np.float64(scale[n]) - 1.0
                    p = _P[8] + f * _P[9]
                    p = _P[4] + f * (_P[5] + f * (_P[6] + f * (_P[7] + f * p)))
                    wide[n] = wide[n] + f * (_P[0] + f * (_P[1] + f * (_P[2] + f * (_P[3] + f * p))))
            if what == LOG:
                for n in range(tile):
                    work[r + n] = np.float32(wide[n] * _LOG_OF_2)
            elif what == POWER:
                for n in range(tile):
                    wide[n] = wide[n] * np.float64(work[b + n])
            elif what == EXP:
                for n in range(tile):
                    wide[n] = np.float64(work[a + n]) * _LOG2_OF_E
            if what == POWER or what == EXP:
                for n in range(tile):
                    nearest = np.floor(wide[n] + 0.5)
                    t = wide[n] - nearest
                    wide[n] = _Q[0] + t * (_Q[1] + t * (_Q[2] + t * (_Q[3] + t * (_Q[4] + t * (_Q[5] + t * _Q[6])))))
                    low[n] = (np.int32(nearest) + np.int32(_BIAS)) << np.int32(_BEHIND)
                for n in range(tile):
                    work[r + n] = np.float32(wide[n]) * scale[n]
        unsure = doubt[start : start + TILE]
        for n in range(tile):
            unsure[n] = 0
        for k in range(len(answers.fits)):
            a = answers.fits[k]
            for n in range(tile):
                unsure[n] = 1 - np.uint8(np.int32(work[a + n]))
        for word in range(len(sets)):
            stable, first = sets[word, start : start + TILE], 0
            for n in range(tile):
                stable[n] = ~np.uint64(0)
                several[n] = 0
            for last in answers.last:
                for n in range(tile):
                    one[n] = 0
                for k in range(first, last):
                    a, profiles = answers.truths[k], answers.bits[k, word]
                    for n in range(tile):
                        one[n] |= profiles if work[a + n] != np.float32(0) else np.uint64(0)
                for n in range(tile):
                    stable[n] &= one[n]
                first = last
            for group in range(len(answers.profiles)):
                for n in range(tile):
                    scale[n] = 0
                for k in range(answers.bounds[group], answers.bounds[group + 1]):
                    a = answers.actions[k]
                    for n in range(tile):
                        scale[n] += work[a + n]
                profiles = answers.profiles[group, word]
                for n in range(tile):
                    several[n] |= profiles if scale[n] > np.float32(1.5) else np.uint64(0)
            for n in range(tile):
                unsure[n] |= np.uint8(1) if stable[n] & several[n] else np.uint8(0)


def _compiled(function: Callable[..., None]) -> Callable[..., None]:
    """The function compiled, and kept on disk where there is a place for it."""
    options: dict[str, Any] = {"fastmath": {"contract"}, "error_model": "numpy"}
    try:
        found: Callable[..., None] = numba.njit(cache=True, **options)(function)
    except RuntimeError:  # no folder can be written to
        found = numba.njit(**options)(function)
    return found


carry_out = _compiled(_carry_out)
