"""Stances: what each action means towards each other player.

A player's action is a pair of stances, s_ij = 1 *accommodate* or 0 *oppose*, the stance towards the first other
player (in player order) being the high bit. A **link** is mutual accommodation, c_ij = s_ij · s_ji.

Each stance depends on one player's action only, so it is kept as an array with that player's action axis and ones
elsewhere. Formulas written in stances then cost what they depend on: numpy broadcasts the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triangle.players.axes import N_ACTIONS, OTHERS, PAIRS, POWERS


class Stances:
    """Stances of all players: for each ordered pair an array that broadcasts to ``[a_US, a_RU, a_CN, ...samples]``.

    Parameters
    ----------
    towards : mapping of (int, int) to array
        ``towards[i, j]`` is s_ij in [0, 1]; graded stances are allowed, the formulas being polynomials in them.

    Examples
    --------
    >>> s = pure_stances()
    >>> s[1, 2].shape, s[1, 2].ravel().tolist()
    ((1, 4, 1), [0.0, 1.0, 0.0, 1.0])
    """

    def __init__(self, towards: Mapping[tuple[int, int], ArrayLike]):
        self._towards = {pair: np.asarray(value, dtype=np.float64) for pair, value in towards.items()}
        self._links = {pair: self._towards[i, j] * self._towards[j, i] for i, j in PAIRS for pair in ((i, j), (j, i))}

    def __getitem__(self, pair: tuple[int, int]) -> NDArray[np.float64]:
        return self._towards[pair]

    def link(self, i: int, j: int) -> NDArray[np.float64]:
        """c_ij = s_ij · s_ji: mutual accommodation."""
        return self._links[i, j]


@cache
def pure_stances(more_axes: int = 0) -> Stances:
    """The stances of the three powers at all their action profiles, followed by so many axes of length one.

    These are of the actions of third parties, which have no stances, and then of samples.
    """
    towards = {}
    for i in POWERS:
        shape = [1] * (len(POWERS) + more_axes)
        shape[i] = N_ACTIONS
        actions = np.arange(N_ACTIONS).reshape(shape)
        for bit, j in zip((1, 0), OTHERS[i], strict=True):
            towards[i, j] = (actions >> bit & 1).astype(np.float64)
    stances = Stances(towards)
    # The cache hands the same arrays to everybody.
    for array in (*stances._towards.values(), *stances._links.values()):
        array.setflags(write=False)
    return stances


def stance_array() -> NDArray[np.float64]:
    """The whole table ``stances[i, j, a_US, a_RU, a_CN]`` of zeros and ones; zero where i = j."""
    table = np.zeros((3, 3, N_ACTIONS, N_ACTIONS, N_ACTIONS))
    for i in range(3):
        for j in OTHERS[i]:
            table[i, j] = pure_stances()[i, j]
    table.setflags(write=False)
    return table
