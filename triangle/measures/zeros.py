r"""All zeros of many functions along lines, from few evaluations in batches.

Payoffs along a line are piecewise analytic in most models: in the shipped one they are affine in four of five
parameters, rational or exponential in the rest, with a kink where a share is clipped or a loss-making deal is not
signed. So each function is replaced by its interpolant at Chebyshev points, piece by piece, and pieces are halved until
the interpolant agrees with the function at points in between to rounding; halving closes in on a kink like bisection.
How densely a line is looked at follows from the functions and not from a grid. All real zeros of an interpolant are
eigenvalues of its colleague matrix (Boyd 2002; Battles and Trefethen 2004); where it is affine the zero is a quotient.

Places where a function only touches zero, or misses it by rounding, are returned too.

References
----------
Battles, Z. and Trefethen, L. N. (2004). An extension of MATLAB to continuous functions and operators. *SIAM Journal on
Scientific Computing* 25(5), 1743-1770.

Boyd, J. P. (2002). Computing zeros on a real interval through Chebyshev expansion and polynomial rootfinding. *SIAM
Journal on Numerical Analysis* 40(5), 1666-1682.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]

#: Functions ``[function, sample]`` at samples given by the number of their line and a place on it.
OnLines = Callable[[Integers, Floats], Floats]

#: Degree of the interpolants.
DEGREE = 16

#: Disagreement of interpolant and function that counts as rounding, over the largest absolute value met on the line.
AGREEMENT = 2e-13

#: Pieces shorter than this part of their line hold a kink or a jump and are taken as they are.
SHORTEST = 2.0**-40

#: Complex zeros as near as this to the real axis are touching ones, split by rounding; on pieces of length 2.
_NEARLY_REAL = 1e-5

#: Most halvings of pieces in one answer; functions that need more are not piecewise smooth.
_MOST_PIECES = 20_000

_NODES = np.cos(np.pi * np.arange(DEGREE + 1) / DEGREE)[::-1]
#: Points in between, where the interpolant is held against the function; on no regular grid.
_CHECKS = np.sin(np.array([-1.501, -1.23, -0.877, -0.41, 0.063, 0.519, 0.968, 1.307, 1.533]))
_TO_COEFFICIENTS = np.linalg.inv(np.polynomial.chebyshev.chebvander(_NODES, DEGREE))
_AT_CHECKS = np.polynomial.chebyshev.chebvander(_CHECKS, DEGREE)


def zeros(functions: OnLines, breaks: list[Floats]) -> list[Floats]:
    """The places on each line where any of the functions is zero, sorted.

    Parameters
    ----------
    functions : callable
        Takes numbers of lines and places, one of each for a sample; returns ``[function, sample]``.
    breaks : list of arrays
        For each line its two ends, and between them places where it is cut to begin with.

    Raises
    ------
    ArithmeticError
        If values are not finite, or the functions are too rough to be resolved.

    Examples
    --------
    >>> def functions(lines, t):
    ...     return np.stack([np.where(lines == 0, t - 0.25, np.cos(t)), np.abs(t - 1) - 0.5])
    >>> [line.round(9).tolist() for line in zeros(functions, [np.array([0.0, 1.0]), np.array([0.0, 2.0])])]
    [[0.25, 0.5], [0.5, 1.5, 1.570796327]]
    """
    found: list[list[float]] = [[] for _ in breaks]
    for line, low, high, coefficients, scale in _pieces(functions, breaks):
        middle, half = (low + high) / 2, (high - low) / 2
        for place in _zeros_of(coefficients, scale):
            found[line].append(float(np.clip(middle + half * place, low, high)))
    return [np.array(sorted(places)) for places in found]


def _pieces(functions: OnLines, breaks: list[Floats]) -> Iterator[tuple[int, float, float, Floats, float]]:
    """Pieces of lines on which all functions are resolved, with Chebyshev coefficients ``[degree, function]``."""
    todo = [(line, float(a), float(b)) for line, cuts in enumerate(breaks) for a, b in pairwise(cuts)]
    points = np.concatenate([_NODES, _CHECKS])
    made, scales = 0, np.full(len(breaks), 1e-300)
    while todo:
        made += len(todo)
        lines, low, high = (np.array(column) for column in zip(*todo, strict=True))
        middle, half = (low + high) / 2, (high - low) / 2
        at = middle[:, None] + half[:, None] * points
        at[:, 0], at[:, DEGREE] = low, high
        values = functions(np.repeat(lines, len(points)), at.ravel()).reshape(-1, *at.shape)
        if not np.isfinite(values).all():
            raise ArithmeticError("values that are not finite")
        if made > _MOST_PIECES:
            raise ArithmeticError(f"functions too rough for {_MOST_PIECES:,} pieces")
        np.maximum.at(scales, lines, np.abs(values).max(axis=(0, 2)))
        again = []
        for number, (line, a, b) in enumerate(todo):
            own = values[:, number].T
            coefficients, scale = _TO_COEFFICIENTS @ own[: DEGREE + 1], float(scales[line])
            off = float(np.abs(_AT_CHECKS @ coefficients - own[DEGREE + 1 :]).max())
            if off <= AGREEMENT * scale or b - a <= SHORTEST * (breaks[line][-1] - breaks[line][0]):
                yield line, a, b, coefficients, scale
            else:
                again += [(line, a, (a + b) / 2), (line, (a + b) / 2, b)]
        todo = again


def _zeros_of(coefficients: Floats, scale: float) -> Iterator[float]:
    """Zeros in [-1, 1] of all functions of a piece."""
    rounding = 10 * AGREEMENT * scale
    above = np.abs(coefficients).sum(axis=0)
    # A function whose mean outweighs its variation has no zero; one that is rounding all over has none to speak of.
    for k in np.flatnonzero(
        (np.abs(coefficients[0]) <= above - np.abs(coefficients[0]) + rounding) & (above > rounding)
    ):
        own = coefficients[:, k]
        if np.abs(own[2:]).sum() <= rounding:
            if abs(own[1]) > rounding and abs(own[0]) <= abs(own[1]) * (1 + 1e-9):
                yield -own[0] / own[1]
            continue
        last = int(np.flatnonzero(np.abs(own) > rounding / DEGREE)[-1])
        roots = np.polynomial.chebyshev.chebroots(own[: last + 1])
        for root in roots[(np.abs(np.imag(roots)) < _NEARLY_REAL) & (np.abs(np.real(roots)) <= 1 + 1e-9)]:
            yield float(np.real(root))
