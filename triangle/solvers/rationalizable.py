r"""Actions that survive the iterated removal of strictly dominated ones, dominance by mixed actions counting.

Action :math:`a` of player i is strictly dominated when some mixed action :math:`\sigma` has
:math:`u_i(\sigma, a_{-i}) > u_i(a, a_{-i})` for every :math:`a_{-i}` that is left. What survives is all that common
knowledge of rationality allows, and holds every equilibrium, mixed and correlated ones too; the order of removal does
not matter. Of two players these are the rationalizable actions of Pearce (1984); of more, those where what a player
expects of the others may be correlated. Each test is one linear programme: maximise the least gain over a.

References
----------
Pearce, D. G. (1984). Rationalizable strategic behavior and the problem of perfection. *Econometrica* 52(4), 1029-1050.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from triangle.games.normal_form import Bools, Floats, NormalFormGame, allowed
from triangle.solvers.zero_sum import MOST_PLAYED, enclosed


def rationalizable(game: NormalFormGame) -> tuple[Bools, ...]:
    """Which actions of each player survive, for one game of any number of players; shape (|A_i|,) each.

    Examples
    --------
    Up and down mixed half and half beat the middle, which neither beats alone:

    >>> game = NormalFormGame([[[4, 0], [1, 1], [0, 4]], [[1, 1], [1, 1], [1, 1]]])
    >>> [left.tolist() for left in rationalizable(game)]
    [[True, False, True], [True, True]]
    """
    if game.samples:
        raise ValueError(f"one game is solved at a time, not a batch of shape {game.samples}")
    least = allowed(game.payoffs).ravel()
    left = [np.ones(count, dtype=bool) for count in game.actions]
    while True:
        kept = [
            np.array([own and not _is_dominated(game.payoffs, i, a, left, least[i]) for a, own in enumerate(left[i])])
            for i in range(game.n_players)
        ]
        if all(np.array_equal(old, new) for old, new in zip(left, kept, strict=True)):
            return tuple(left)
        left = kept


def undecided(game: NormalFormGame, left: Sequence[Bools]) -> int:
    """How many of the actions that are left may be dominated all the same, in a game too large to be solved exactly."""
    if prod(game.actions) <= MOST_PLAYED:
        return 0
    least = allowed(game.payoffs).ravel()
    return sum(
        _gain(game.payoffs, i, int(a), left)[1] > least[i] for i, own in enumerate(left) for a in np.flatnonzero(own)
    )


def _is_dominated(payoffs: Floats, player: int, action: int, left: Sequence[Bools], least: float) -> bool:
    """Whether a mix of the actions that are left is better by more than `least` against all that is left."""
    return _gain(payoffs, player, action, left)[0] > least


def _gain(payoffs: Floats, player: int, action: int, left: Sequence[Bools]) -> tuple[float, float]:
    """Between what lies how much better a mix of the actions that are left is than one, against all that is left."""
    own = np.moveaxis(payoffs[player], player, 0)
    rows = own[(slice(None), *np.ix_(*(np.flatnonzero(mask) for i, mask in enumerate(left) if i != player)))]
    gains = (rows - own[action][np.ix_(*(np.flatnonzero(m) for i, m in enumerate(left) if i != player))]).reshape(
        len(own), -1
    )
    return enclosed(gains[left[player]])
