"""The equilibrium at the end of the principal logit branch, as a solution among those of other solvers."""

from __future__ import annotations

import numpy as np

from triangle.games.mixed import described
from triangle.games.normal_form import NormalFormGame
from triangle.games.solution import Solution
from triangle.solvers.logit.branch import limiting_logit


def logit_limit(game: NormalFormGame) -> Solution:
    """The equilibrium at the end of the principal logit branch of one game of any number of players.

    Verdict ``complete`` where the branch was followed to it, which says nothing of other equilibria; else nothing is
    listed and the verdict is ``undecided``.
    """
    limit = limiting_logit(game.payoffs)
    if not bool(np.all(limit.settled)):
        return Solution("logit limit", "undecided", (), "the end of the principal logit branch was not reached")
    return Solution("logit limit", "complete", (described(game, limit.probabilities),))
