r"""Strict dominance by pure actions, its iteration, and security levels.

Action :math:`b` of player :math:`i` strictly dominates :math:`a` when :math:`u_i(b, a_{-i}) > u_i(a, a_{-i})` for every
:math:`a_{-i}` that is left. Removing strictly dominated actions again and again leaves a set that does not depend
on the order of removal and contains every equilibrium (Gale 1953; Luce and Raiffa 1957). Dominance by *mixed*
actions would remove at least as much and is not looked for here.

References
----------
Luce, R. D. and Raiffa, H. (1957). *Games and Decisions*. Wiley, ch. 4.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from triangle.games.normal_form import Bools, Floats, allowed


def undominated(payoffs: Floats, tolerance: ArrayLike | None = None) -> tuple[Bools, ...]:
    """Actions that survive the iterated removal of actions strictly dominated by a pure action.

    Parameters
    ----------
    payoffs : array, shape (n, |A_1|, ..., |A_n|, ...samples)
    tolerance : float or array, optional
        By more than how much, in units of payoff, the dominating action must be better everywhere: see
        :func:`~triangle.games.normal_form.allowed`.

    Returns
    -------
    tuple of arrays
        One for each player, shape (|A_i|, ...samples); True where the action survives.
    """
    n = payoffs.shape[0]
    samples = payoffs.shape[1 + n :]
    left = tuple(np.ones((payoffs.shape[1 + i], *samples), dtype=bool) for i in range(n))
    most = allowed(payoffs, tolerance)
    most = most.reshape(n, *(1,) * (n - 1), *most.shape[1 + n :])
    while True:
        kept = tuple(left[i] & ~_dominated(payoffs, i, left, most[i]) for i in range(n))
        if all(np.array_equal(old, new) for old, new in zip(left, kept, strict=True)):
            return left
        left = kept


def _dominated(payoffs: Floats, player: int, left: tuple[Bools, ...], most: Floats) -> Bools:
    """Which actions of `player` are strictly dominated by another action that is left."""
    n = payoffs.shape[0]
    own = np.moveaxis(payoffs[player], player, 0)
    rivals = [i for i in range(n) if i != player]
    irrelevant = np.zeros(own.shape[1:], dtype=bool)
    for place, rival in enumerate(rivals):
        view = [1] * (n - 1) + list(left[rival].shape[1:])
        view[place] = left[rival].shape[0]
        irrelevant |= ~left[rival].reshape(view)
    opponents = tuple(range(n - 1))
    result = np.zeros_like(left[player])
    for action in range(own.shape[0]):
        for better in range(own.shape[0]):
            if better != action:
                beats = ((own[better] > own[action] + most) | irrelevant).all(axis=opponents)
                result[action] |= beats & left[player][better]
    return result


def security_levels(payoffs: Floats) -> Floats:
    r"""What each player can guarantee by a pure action: :math:`\max_{a_i} \min_{a_{-i}} u_i(a)`.

    Returns
    -------
    array, shape (n, ...samples), in units of payoff.
    """
    n = payoffs.shape[0]
    levels = []
    for player, own in enumerate(payoffs):
        worst = own.min(axis=tuple(i for i in range(n) if i != player))
        levels.append(worst.max(axis=0))
    return np.stack(levels)
