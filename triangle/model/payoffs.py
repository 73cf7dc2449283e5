"""The payoff tensor: the sum of the terms, whole or kept term by term."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from triangle.model.forms import DEFAULT_TERMS
from triangle.model.parameters import Values
from triangle.model.terms import Term

Floats = NDArray[np.float64]


def payoff_terms(v: Values, terms: Mapping[str, Term] = DEFAULT_TERMS) -> dict[str, Floats]:
    """Payoffs of each term by name.

    Returns
    -------
    dict of arrays, each of shape (3, 4, 4, 4, ...samples), in billion dollars a year; zero where a term does not
    touch a player. Third parties add players and axes after those of the three.
    """
    v = v.keeping()
    return {name: _add(_zeros(v), term, v) for name, term in terms.items()}


def payoff_tensor(v: Values, terms: Mapping[str, Term] = DEFAULT_TERMS) -> Floats:
    """Payoffs of all players at all profiles: the sum of the terms.

    Returns
    -------
    array, shape (3, 4, 4, 4, ...samples), frozen, in billion dollars a year; third parties add players and axes.
    """
    total, v = _zeros(v), v.keeping()
    for term in terms.values():
        _add(total, term, v)
    total.setflags(write=False)
    return total


def _zeros(v: Values) -> Floats:
    return np.zeros((len(v.cast), *v.cast.shape, *v.samples))


def _add(total: Floats, term: Term, v: Values) -> Floats:
    """Add a term to a fresh array and return it."""
    for player, payoff in term(v.stances, v).items():
        total[player] += payoff
    return total
