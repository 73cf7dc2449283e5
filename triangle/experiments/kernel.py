"""The chain from parameters to the sets of pure equilibria, for a batch of games.

The set of pure equilibria of a game is one ``uint64``: bit ``16 a_US + 4 a_RU + a_CN`` is set where that profile is
an equilibrium.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from triangle.axes import N_PROFILES
from triangle.errors import TriangleError
from triangle.games.normal_form import TOLERANCE, margins
from triangle.model.parameters import Values
from triangle.model.payoffs import payoff_tensor
from triangle.model.terms import TERMS, Term


def sweep_masks(values: Values, terms: Mapping[str, Term] = TERMS) -> NDArray[np.uint64]:
    """Set of pure equilibria of each game of a batch ``[B]``, one bit a profile."""
    return packed(_margins(values, terms) >= -TOLERANCE)


def sweep_margins(values: Values, profiles: Sequence[int], terms: Mapping[str, Term] = TERMS) -> NDArray[np.float64]:
    """Stability margin of chosen profiles ``[profile, B]``, billion dollars a year."""
    return _margins(values, terms)[list(profiles)]


def packed(is_member: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """Sets ``[B]`` from the truth of each profile ``[64, B]``."""
    mask = np.zeros(is_member.shape[1:], dtype=np.uint64)
    for profile, held in enumerate(is_member):
        mask |= held.astype(np.uint64) << np.uint64(profile)
    return mask


def _margins(values: Values, terms: Mapping[str, Term]) -> NDArray[np.float64]:
    payoffs = payoff_tensor(values, terms)
    if not np.isfinite(payoffs).all():
        raise TriangleError("some payoffs are not finite numbers at these parameter values; narrow the ranges")
    return margins(payoffs).reshape(N_PROFILES, *values.samples)
