r"""Multilinear polynomials in probabilities, as mappings from sets of unknowns to coefficients.

:math:`\sum_M c_M \prod_{k \in M} x_k`, each unknown at most to the first power: products of different moves, since no
set of a player with perfect recall is met twice on one way. Over a box such a polynomial is least and greatest at
corners, which bounds it sharply.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from triangle.games.normal_form import Floats

Term = frozenset[int]
Polynomial = dict[Term, float]

ONE: Term = frozenset()


def constant(value: float) -> Polynomial:
    """A number as a polynomial."""
    return {ONE: value} if value else {}


def unknown(place: int) -> Polynomial:
    """One unknown."""
    return {frozenset((place,)): 1.0}


def add(first: Polynomial, second: Mapping[Term, float], factor: float = 1.0) -> Polynomial:
    """The first plus a multiple of the second."""
    if not first:
        return {term: factor * value for term, value in second.items()}
    total = dict(first)
    for term, value in second.items():
        total[term] = total.get(term, 0.0) + factor * value
    return total


def times(first: Polynomial, second: Polynomial) -> Polynomial:
    """The product of polynomials that share no unknown.

    >>> times({ONE: 2.0, frozenset((0,)): 1.0}, unknown(1))
    {frozenset({1}): 2.0, frozenset({0, 1}): 1.0}
    """
    if len(first) == 1 and ONE in first:  # as the probability of what is played for certain: most are
        return {term: first[ONE] * y for term, y in second.items()}
    total: Polynomial = {}
    for one, x in first.items():
        for other, y in second.items():
            joint = one | other
            total[joint] = total.get(joint, 0.0) + x * y
    return total


def product(factors: Iterable[Polynomial]) -> Polynomial:
    """The product of several."""
    total = constant(1.0)
    for factor in factors:
        total = times(total, factor)
    return total


def cleaned(polynomial: Polynomial, least: float) -> Polynomial:
    """Without the terms whose coefficient is rounding alone."""
    return {term: value for term, value in polynomial.items() if abs(value) > least}


def unknowns(polynomial: Polynomial) -> frozenset[int]:
    """The unknowns that occur."""
    return frozenset().union(*polynomial)


def degree(polynomial: Polynomial) -> int:
    """The most unknowns in one product."""
    return max(map(len, polynomial), default=0)


def value(polynomial: Polynomial, at: Mapping[int, float]) -> float:
    """The number at a point."""
    return sum(c * float(np.prod([at[k] for k in term])) for term, c in polynomial.items())


def put(polynomial: Polynomial, known: Mapping[int, float]) -> Polynomial:
    """With numbers in place of some unknowns."""
    total: Polynomial = {}
    places = frozenset(known)
    for term, c in polynomial.items():
        for k in term & places:
            c *= known[k]
        rest = term - places
        total[rest] = total.get(rest, 0.0) + c
    return total


def derivative(polynomial: Polynomial, place: int) -> Polynomial:
    """With respect to one unknown."""
    return {term - {place}: c for term, c in polynomial.items() if place in term}


def corners(polynomial: Polynomial, places: list[int], ends: Floats) -> tuple[float, float]:
    """Least and greatest value over a box.

    Parameters
    ----------
    places : list of int
        All unknowns.
    ends : array, shape (unknowns, 2)
    """
    own = [k for k in range(len(places)) if places[k] in unknowns(polynomial)]
    grid = np.stack(np.meshgrid(*(ends[k] for k in own), indexing="ij")).reshape(len(own), -1) if own else None
    total = np.zeros(1 if grid is None else grid.shape[1])
    for term, c in polynomial.items():
        total = total + c * np.prod([grid[own.index(places.index(k))] for k in term], axis=0)  # type: ignore[index]
    return float(total.min()), float(total.max())
