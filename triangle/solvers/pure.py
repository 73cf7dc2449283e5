"""All pure equilibria of a game of any number of players, by regret; none is missed and none invented.

Every profile is tested, so the answer is always complete: ties give weak equilibria, listed as such, and an empty
answer is a proof that no pure equilibrium exists (one in mixed actions always does: Nash 1951).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from triangle.games.normal_form import NormalFormGame, allowed, losses
from triangle.games.solution import Equilibrium, Solution


def solve_pure(game: NormalFormGame, tolerance: ArrayLike | None = None) -> Solution:
    """All pure equilibria of one game of any number of players, in order of profile.

    Parameters
    ----------
    game : NormalFormGame
        One game (no sample axes). For a batch use :func:`triangle.games.normal_form.is_nash`.
    tolerance : float or array, shape (n,), optional
        Largest gain by deviating that counts as none, in units of payoff; what rounding makes where none is given
        (:func:`triangle.games.normal_form.rounding`), so that the same game in other units has the same answer.

    Returns
    -------
    Solution
        Verdict ``complete``; where there is no pure equilibrium, `advice` says what to ask next.

    Examples
    --------
    >>> dilemma = NormalFormGame([[[3, 0], [5, 1]], [[3, 5], [0, 1]]])
    >>> [e.profile for e in solve_pure(dilemma).equilibria]
    [(1, 1)]
    """
    if game.samples:
        raise ValueError(f"one game is solved at a time, not a batch of shape {game.samples}")
    loss, most = losses(game.payoffs), allowed(game.payoffs, tolerance)
    margin = loss.min(axis=0)
    equilibria = tuple(
        Equilibrium(
            probabilities=tuple(
                tuple(float(b == a) for b in range(count)) for a, count in zip(profile, game.actions, strict=True)
            ),
            payoffs=tuple(float(own[profile]) for own in game.payoffs),
            regret=max(0.0, -float(margin[profile])),
            margin=float(margin[profile]),
        )
        for profile in map(tuple, np.argwhere((loss >= -most).all(axis=0)).tolist())
    )
    advice = "" if equilibria else "no action profile is stable; an equilibrium in mixed actions exists (Nash 1951)"
    return Solution("pure", "complete", equilibria, advice, {"tolerance": most.ravel().tolist()})
