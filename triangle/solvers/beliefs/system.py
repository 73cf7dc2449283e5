"""Points at which multilinear equations hold and inequalities too: by substitution, linear programmes and all zeros.

Equations in one unknown are solved and put in; where all that is left is linear a programme finds the point at which
the least of the probabilities that must be positive is largest; square parts that are not linear are solved for all
their zeros (:mod:`triangle.solvers.beliefs.roots`). What none of these decides is said to be open.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from triangle.base.linear import least_cost
from triangle.games.normal_form import Floats
from triangle.solvers.beliefs.polynomials import (
    ONE,
    Polynomial,
    cleaned,
    degree,
    put,
    unknowns,
)
from triangle.solvers.beliefs.roots import zeros

#: What counts as nought: of an equation in shares of payoff, and of a probability that must be positive.
NOUGHT, POSITIVE = 1e-10, 1e-9
#: Most unknowns of a square part that is cut into pieces.
MOST_UNKNOWNS = 5


@dataclass(frozen=True)
class System:
    """Equations that are nought, inequalities that are not negative, and probabilities that must be positive.

    Attributes
    ----------
    equal, least : tuple of Polynomial
        In shares of payoff.
    positive : tuple of Polynomial
        Affine.
    chosen : frozenset of int
        Unknowns of which it matters which of several values they take.
    """

    equal: tuple[Polynomial, ...]
    least: tuple[Polynomial, ...]
    positive: tuple[Polynomial, ...]
    chosen: frozenset[int]


@dataclass(frozen=True)
class Points:
    """Solutions of a system: values by unknown; whether all are found, and whether others may lie between or beside."""

    found: tuple[dict[int, float], ...] = ()
    decided: bool = True
    isolated: bool = True


NONE = Points()


def solutions(system: System) -> Points:
    """The solutions of a system, one for each isolated value of what is `chosen`, extreme ones where it is not."""
    known: dict[int, float] = {}
    while True:
        tidy = _tidied(system)
        if tidy is None:
            return NONE
        system = tidy
        single = next((f for f in system.equal if len(unknowns(f)) == 1), None)
        if single is None:
            break
        (place,) = unknowns(single)
        root = -single.get(ONE, 0.0) / single[frozenset((place,))]
        if not -NOUGHT <= root <= 1 + NOUGHT:
            return NONE
        known[place] = root
        system = _with(system, {place: root})
    rest = _linear(system) if _is_linear(system) else _curved(system)
    return replace(rest, found=tuple({**known, **point} for point in rest.found))


def _with(system: System, known: dict[int, float]) -> System:
    parts = (system.equal, system.least, system.positive)
    equal, least, positive = (tuple(put(f, known) for f in part) for part in parts)
    return System(equal, least, positive, system.chosen - frozenset(known))


def _tidied(system: System) -> System | None:
    """Without what holds by itself; None where something cannot hold."""
    equal = [f for f in (_reduced(f, system.chosen) for f in system.equal) if f]
    least = [f for f in (_reduced(f, system.chosen) for f in system.least) if degree(f) or f.get(ONE, 0.0) < 0]
    positive = [f for f in system.positive if degree(cleaned(f, NOUGHT)) or f.get(ONE, 0.0) <= POSITIVE]
    if any(not degree(f) for f in (*equal, *least, *positive)):
        return None
    if any(_sign(f) for f in equal) or any(_sign(f) < 0 for f in least):
        return None
    return System(tuple(equal), tuple(least), tuple(positive), system.chosen)


def _reduced(polynomial: Polynomial, chosen: frozenset[int]) -> Polynomial:
    """Without what is rounding, and without factors x and 1 − x of probabilities, which are positive."""
    left = cleaned(polynomial, NOUGHT)
    for place in unknowns(left) & chosen:
        at_one = cleaned(put(left, {place: 1.0}), NOUGHT)
        if not at_one or all(place in term for term in left):
            left = at_one or cleaned(put(left, {place: 0.0}), NOUGHT)
    return left


def _sign(polynomial: Polynomial) -> int:
    """The sign of a polynomial of one sign throughout the cube by its coefficients alone; 0 where they do not say."""
    low = polynomial.get(ONE, 0.0) + sum(c for term, c in polynomial.items() if term and c < 0)
    high = polynomial.get(ONE, 0.0) + sum(c for term, c in polynomial.items() if term and c > 0)
    return 1 if low > NOUGHT else -1 if high < -NOUGHT else 0


def _is_linear(system: System) -> bool:
    return all(degree(f) <= 1 for f in (*system.equal, *system.least))


# Linear ---------------------------------------------------------------------------------------------------------------


def _linear(system: System) -> Points:
    """The point in the middle by a linear programme, and the extremes of what is chosen where that is not settled."""
    parts = (*system.equal, *system.least, *system.positive)
    places = sorted(frozenset().union(*map(unknowns, parts))) if parts else []
    if not places:
        return Points(({},))
    programme = _Programme.of(system, places)
    best = programme.solve(np.append(np.zeros(len(places)), -1.0))
    if best is None or best[-1] <= POSITIVE:
        return NONE
    found = [best]
    if len(system.equal) < len(places):
        for k, place in enumerate(places):
            if place in system.chosen:
                found += programme.ends(k)
    unlike = _unlike(found, [k for k, place in enumerate(places) if place in system.chosen])
    points = tuple(dict(zip(places, point[:-1].tolist(), strict=True)) for point in unlike)
    return Points(points)


def _unlike(found: list[Floats], columns: list[int]) -> list[Floats]:
    kept: list[Floats] = []
    for point in found:
        if all(np.abs((point - other)[columns]).max(initial=0.0) > 1e-7 for other in kept):
            kept.append(point)
    return kept


@dataclass(frozen=True, eq=False)
class _Programme:
    """Constraints of a linear programme over the unknowns and the least of the probabilities, the last column."""

    a_ub: Floats
    b_ub: Floats
    a_eq: Floats
    b_eq: Floats

    @classmethod
    def of(cls, system: System, places: list[int]) -> _Programme:
        rows = [(-_row(f, places), f.get(ONE, 0.0), 0.0) for f in system.least]
        rows += [(-_row(f, places), f.get(ONE, 0.0), 1.0) for f in system.positive]
        a_ub = np.array([np.append(row, slack) for row, _, slack in rows]).reshape(len(rows), len(places) + 1)
        a_eq = np.array([np.append(_row(f, places), 0.0) for f in system.equal]).reshape(-1, len(places) + 1)
        return cls(a_ub, np.array([b for _, b, _ in rows]), a_eq, np.array([-f.get(ONE, 0.0) for f in system.equal]))

    def solve(self, cost: Floats, least: float = 0.0) -> Floats | None:
        low = np.append(np.zeros(len(cost) - 1), least)
        found = least_cost(cost, self.a_ub, self.b_ub, (low, 1.0), equal=(self.a_eq, self.b_eq))
        return None if found is None else found.point

    def ends(self, column: int) -> list[Floats]:
        """The points at which one unknown is least and greatest."""
        cost = np.eye(self.a_ub.shape[1])[column]
        return [point for point in (self.solve(sign * cost, POSITIVE) for sign in (1.0, -1.0)) if point is not None]


def _row(polynomial: Polynomial, places: list[int]) -> Floats:
    return np.array([polynomial.get(frozenset((k,)), 0.0) for k in places])


# Not linear -----------------------------------------------------------------------------------------------------------


def _curved(system: System) -> Points:
    """Zeros of a square part, put in; what is left is solved in turn."""
    for part in sorted(_parts(system.equal), key=len):
        places = sorted(frozenset().union(*map(unknowns, part)))
        if len(part) >= len(places) <= MOST_UNKNOWNS:
            own = [f for f in (*system.least, *system.positive) if unknowns(f) <= set(places)]
            return _put_in_turn(system, *zeros(part[: len(places)], places, own))
    return _tried(system)


def _parts(equations: Sequence[Polynomial]) -> Iterator[list[Polynomial]]:
    """Equations that share no unknown with others, together."""
    left = list(equations)
    while left:
        part = [left.pop(0)]
        own = set(unknowns(part[0]))
        while joined := [f for f in left if unknowns(f) & own]:
            for f in joined:
                left.remove(f)
                part.append(f)
                own |= unknowns(f)
        yield part


def _put_in_turn(system: System, roots: list[dict[int, float]], whole: bool) -> Points:
    found: list[dict[int, float]] = []
    decided, isolated = whole, True
    for root in roots:
        rest = solutions(_with(system, root))
        found += [{**root, **point} for point in rest.found]
        decided, isolated = decided and rest.decided, isolated and rest.isolated
    return Points(tuple(found), decided, isolated)


def _tried(system: System) -> Points:
    """A point of a system that is neither linear nor square, by fixing unknowns in turn; none found decides nothing."""
    parts = (*system.equal, *system.least)
    products = [term for f in parts for term in f if len(term) > 1]
    place = max(sorted(frozenset().union(*products)), key=lambda k: sum(k in term for term in products))
    found: list[dict[int, float]] = []
    for at in (0.0, 1.0, 0.5, 0.25, 0.75):
        rest = solutions(_with(system, {place: at}))
        found += [{place: at, **point} for point in rest.found]
    return Points(tuple(found), decided=bool(found), isolated=False)
