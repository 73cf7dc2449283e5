r"""The nearest point at which smooth constraints hold: sequential quadratic and linear programs in a box.

A program looks for the smallest :math:`\lVert u \rVert` with :math:`g_k(u) \ge 0` for all k and
:math:`l \le u \le h`, where the origin lies in the box. In the Euclidean norm it is solved by sequential quadratic
programming (Kraft 1988), in the sum of absolute moves by sequential linear programs in a trust region (Griffith and
Stewart 1961), whose solutions lie on few axes. Both find local minima; callers start them from several points.

References
----------
Griffith, R. E. and Stewart, R. A. (1961). A nonlinear programming technique for the optimization of continuous
processing systems. *Management Science* 7(4), 379-392.

Kraft, D. (1988). *A software package for sequential quadratic programming*. DFVLR-FB 88-28.

Madsen, K. (1975). An algorithm for minimax solution of overdetermined systems of non-linear equations. *IMA Journal of
Applied Mathematics* 16(3), 321-328.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from triangle.base.linear import least_cost

Floats = NDArray[np.float64]

#: The constraints at a point ``[n]``, and their derivatives ``[k, n]``.
Slopes = Callable[[Floats], tuple[Floats, Floats]]

#: The same of several programs that look at the same numbers: ``[point, number]`` and ``[point, number, n]`` at points.
Several = Callable[[Floats], tuple[Floats, Floats]]

#: A point and its cost; None where there is none.
Found = tuple[Floats, float] | None
T = TypeVar("T")

#: Most steps of one program; those that succeed take about ten.
MOST_STEPS = 40

#: Trust regions smaller than this, in units of the coordinates, end a sequence of linear programs.
SMALLEST_TRUST = 1e-6

#: Price of a constraint broken by one unit of distance, in the norm that is minimised; above the multipliers of all
#: constraints that a solution can keep (they are counted in distances, so that theirs are near one).
PENALTY = 100.0


@dataclass(frozen=True, eq=False)
class Program:
    """Constraints in a box; arrays run over the coordinates.

    Attributes
    ----------
    slopes : callable
        The constraints, to be at least zero, with their derivatives.
    low, high : array
        Ends of the box; the origin lies in it.
    slack : float
        How far below zero still counts as kept.
    several : callable, optional
        What `slopes` makes the constraints of, at several points; programs that share it are looked at together.
    made : callable, optional
        How it makes them of the numbers at one point and their derivatives.
    """

    slopes: Slopes
    low: Floats
    high: Floats
    slack: float
    several: Several | None = None
    made: Callable[[Floats, Floats], tuple[Floats, Floats]] | None = None
    known: dict[bytes, tuple[Floats, Floats]] = field(default_factory=dict, repr=False)

    def at(self, point: Floats) -> tuple[Floats, Floats]:
        """The constraints at a point with their derivatives, computed once a point."""
        key = point.tobytes()
        if key not in self.known:
            self.known[key] = self.slopes(point)
        return self.known[key]

    def least(self, point: Floats) -> float:
        """The smallest constraint at a point."""
        return float(self.at(point)[0].min())

    def kept(self, point: Floats) -> bool:
        """Whether a point keeps all constraints."""
        return self.least(point) >= -self.slack


@dataclass(frozen=True, eq=False)
class Shortest:
    """Asked for: the point of a box of least sum of absolute coordinates at which ``rows · u ≥ least``.

    Where a row falls short, the most that one does is paid for at :data:`PENALTY`.
    """

    rows: Floats
    least: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, eq=False)
class Look:
    """Asked for: the constraints of a program at a point, and their derivatives."""

    program: Program
    point: Floats


#: A search that says what it needs to go on and is told it, so that several go on side by side.
Steps = Generator[Sequence[Shortest | Look], Sequence[Any], T]


def side_by_side(runs: Sequence[Steps[T]]) -> Steps[list[T]]:
    """Several searches as one: what each asks for is asked together. Each finds what it finds by itself."""
    ended: dict[int, T] = {}
    asked: dict[int, Sequence[Shortest | Look]] = {}

    def go_on(number: int, told: Any) -> None:
        try:
            asked[number] = runs[number].send(told)
        except StopIteration as end:
            asked.pop(number, None)
            ended[number] = end.value

    for number in range(len(runs)):
        go_on(number, None)
    while asked:
        told = iter((yield [one for some in asked.values() for one in some]))
        for number, some in list(asked.items()):
            go_on(number, [next(told) for _ in some])
    return [ended[number] for number in range(len(runs))]


def carried_out(run: Steps[T]) -> T:
    """What a search finds; what it asks for at one time is computed in one."""
    try:
        asked = next(run)
        while True:
            asked = run.send(_told(asked))
    except StopIteration as end:
        found: T = end.value
        return found


def _told(asked: Sequence[Shortest | Look]) -> list[Any]:
    shortest = iter(_shortest([one for one in asked if isinstance(one, Shortest)]))
    looked = iter(_looked([one for one in asked if isinstance(one, Look)]))
    return [next(shortest if isinstance(one, Shortest) else looked) for one in asked]


def _looked(asked: Sequence[Look]) -> list[tuple[Floats, Floats]]:
    """What is seen: by programs that look at the same numbers, together."""
    new = [one for one in asked if one.program.several is not None and one.point.tobytes() not in one.program.known]
    for several in dict.fromkeys(one.program.several for one in new):
        some = [one for one in new if one.program.several is several]
        assert several is not None
        for one, *seen in zip(some, *several(np.stack([one.point for one in some])), strict=True):
            assert one.program.made is not None
            one.program.known[one.point.tobytes()] = one.program.made(*seen)
    return [one.program.at(one.point) for one in asked]


def nearest(program: Program, start: Floats, norm: str) -> Floats | None:
    """A local minimum of the norm, ``l2`` or ``l1``, from a start; None where none was reached.

    Examples
    --------
    >>> def plane(u):
    ...     return np.array([u[0] + 2 * u[1] - 2]), np.array([[1.0, 2.0]])
    >>> plane = Program(plane, -np.ones(2), np.ones(2), slack=1e-6)
    >>> nearest(plane, np.zeros(2), "l2").round(6).tolist(), nearest(plane, np.zeros(2), "l1").round(6).tolist()
    ([0.4, 0.8], [0.0, 1.0])
    """
    return carried_out(approach(program, start, norm))


def approach(program: Program, start: Floats, norm: str) -> Steps[Floats | None]:
    """The same step by step."""
    found = _quadratic(program, start) if norm == "l2" else (yield from _linear(program, start))
    if found is not None and not program.kept(found):
        found, _ = yield from attempting(program, found, enough=0.0)
    return found if found is not None and program.kept(found) else None


def _quadratic(program: Program, start: Floats) -> Floats | None:
    """Sequential quadratic programming from a start."""
    from scipy.optimize import minimize

    def at(u: Floats) -> tuple[Floats, Floats]:
        return program.at(np.clip(u, program.low, program.high))

    size = _sizes(at(start)[1])
    with warnings.catch_warnings():
        # Steps that leave the box by rounding are clipped, which scipy remarks on.
        warnings.simplefilter("ignore", RuntimeWarning)
        done = minimize(
            lambda u: 0.5 * float(u @ u),
            start,
            jac=lambda u: u,
            bounds=list(zip(program.low, program.high, strict=True)),
            constraints={"type": "ineq", "fun": lambda u: at(u)[0] / size, "jac": lambda u: at(u)[1] / size[:, None]},
            method="SLSQP",
            options={"maxiter": MOST_STEPS, "ftol": 1e-12},
        )
    point: Floats = np.clip(np.asarray(done.x, dtype=np.float64), program.low, program.high)
    return point if np.isfinite(point).all() else None


def _sizes(slopes: Floats) -> Floats:
    """Lengths of the gradients: a constraint divided by its own is a distance."""
    lengths: Floats = np.maximum(np.linalg.norm(slopes, axis=1), 1e-9)
    return lengths


def _linear(program: Program, start: Floats) -> Steps[Floats | None]:
    """Sequential linear programs for the sum of absolute moves, in a trust region, broken constraints at a price."""
    point, trust = start, 0.5
    ((values, slopes),) = yield [Look(program, point)]
    size = _sizes(slopes)

    def cost(u: Floats, g: Floats) -> float:
        return float(np.abs(u).sum() + PENALTY * max(0.0, -float((g / size).min())))

    for _ in range(MOST_STEPS):
        low, high = np.maximum(program.low, point - trust), np.minimum(program.high, point + trust)
        rows = slopes / size[:, None]
        # rows · step + broken ≥ rows · point - g
        wanted = rows @ point - values / size
        (done,) = yield [Shortest(rows, wanted, low, high)]
        if done is None:
            return None
        step, hoped_for = done
        hoped = cost(point, values) - hoped_for
        if hoped <= 1e-6:
            break
        ((reached, tilted),) = yield [Look(program, step)]
        gained = cost(point, values) - cost(step, reached)
        if gained > 0:
            point, values, slopes = step, reached, tilted
        trust = trust * 2 if gained > 0.75 * hoped else trust / (1 if gained > 0.25 * hoped else 4)
        if trust < SMALLEST_TRUST:
            break
    return point


def _shortest(asked: Sequence[Shortest]) -> list[Found]:
    """What is asked for: where there are several rows, by one linear program in blocks, which takes fewer calls.

    A coordinate is the difference of two that are not negative, so that its absolute value is linear.
    """
    found: list[Found] = [
        _shortest_over_one(one.rows[0], float(one.least[0]), one.low, one.high) if len(one.rows) == 1 else None
        for one in asked
    ]
    blocks = [number for number, one in enumerate(asked) if len(one.rows) > 1]
    for number, one in zip(blocks, _in_blocks([asked[number] for number in blocks]), strict=True):
        found[number] = one
    return found


def _in_blocks(asked: Sequence[Shortest]) -> list[Found]:
    if not asked:
        return []
    counts = [2 * len(one.low) + 1 for one in asked]
    rows = np.zeros((sum(len(one.rows) for one in asked), sum(counts)))
    row = column = 0
    for one, count in zip(asked, counts, strict=True):
        block = np.concatenate([one.rows, -one.rows, np.ones((len(one.rows), 1))], axis=1)
        rows[row : row + len(block), column : column + count] = block
        row, column = row + len(block), column + count
    cost = np.concatenate([[*np.ones(count - 1), PENALTY] for count in counts])
    ups = [np.concatenate([np.maximum(one.low, 0.0), np.maximum(-one.high, 0.0), [0.0]]) for one in asked]
    downs = [np.concatenate([np.maximum(one.high, 0.0), np.maximum(-one.low, 0.0), [np.inf]]) for one in asked]
    least = np.concatenate([one.least for one in asked])
    done = least_cost(cost, -rows, -least, (np.concatenate(ups), np.concatenate(downs)))
    if done is None:  # one of them cannot be solved: which?
        return [None] if len(asked) == 1 else [_in_blocks([one])[0] for one in asked]
    parts = np.split(done.point, np.cumsum(counts)[:-1])
    return [
        (part[: count // 2] - part[count // 2 : -1], float(part @ [*np.ones(count - 1), PENALTY]))
        for part, count in zip(parts, counts, strict=True)
    ]


def _shortest_over_one(row: Floats, wanted: float, low: Floats, high: Floats) -> tuple[Floats, float]:
    """Over one half-space: from the point of the box next to the origin, the steepest coordinates first.

    >>> one = np.array([1.0, -3.0, 2.0])
    >>> _shortest_over_one(one, 2.5, -0.5 * np.ones(3), np.ones(3))
    (array([ 0. , -0.5,  0.5]), 1.0)
    """
    point = np.clip(0.0, low, high)
    steep = np.abs(row)
    order = np.argsort(-steep, kind="stable")
    order = order[steep[order] * PENALTY > 1.0]
    room = np.where(row > 0, high - point, point - low)[order]
    before = np.cumsum(steep[order] * room) - steep[order] * room
    moved = np.clip((wanted - row @ point - before) / steep[order], 0.0, room)
    point[order] += np.sign(row[order]) * moved
    return point, float(np.abs(point).sum() + PENALTY * max(0.0, wanted - row @ point))


def best_attempt(program: Program, start: Floats, enough: float = np.inf) -> tuple[Floats, float]:
    """The point at which the smallest constraint is largest, from a start; stops where that is `enough`.

    Sequential linear programs in a trust region (Madsen 1975 for the minimax problem).

    Returns
    -------
    point, and the smallest constraint there.

    Examples
    --------
    >>> def hill(u):
    ...     return np.array([u[0], 1 - 2 * u[0]]), np.array([[1.0], [-2.0]])
    >>> hill = Program(hill, -np.ones(1), np.ones(1), slack=1e-6)
    >>> point, least = best_attempt(hill, np.zeros(1))
    >>> round(float(point[0]), 6), round(least, 6)
    (0.333333, 0.333333)
    """
    return carried_out(attempting(program, start, enough))


def attempting(program: Program, start: Floats, enough: float = np.inf) -> Steps[tuple[Floats, float]]:
    """The same step by step."""
    point, trust = start, 1.0
    ((values, slopes),) = yield [Look(program, point)]
    for _ in range(MOST_STEPS):
        least = float(values.min())
        if least >= enough or trust < SMALLEST_TRUST:
            break
        low, high = np.maximum(program.low, point - trust), np.minimum(program.high, point + trust)
        # maximise t subject to t - slopes · step ≤ g - slopes · point
        done = least_cost(
            np.append(np.zeros(len(point)), -1.0),
            np.concatenate([-slopes, np.ones((len(slopes), 1))], axis=1),
            values - slopes @ point,
            (np.append(low, -np.inf), np.append(high, np.inf)),
        )
        if done is None:
            break
        hoped = -done.cost - least
        if hoped <= 1e-9 * max(1.0, abs(least)):
            break
        step = np.clip(done.point[:-1], program.low, program.high)
        ((reached, tilted),) = yield [Look(program, step)]
        gained = float(reached.min()) - least
        if gained > 0:
            point, values, slopes = step, reached, tilted
        trust = trust * 2 if gained > 0.75 * hoped else trust / (1 if gained > 0.25 * hoped else 4)
    return point, float(values.min())
