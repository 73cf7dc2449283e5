r"""One equilibrium of a three-player game of which the searches have listed none.

By Nash's theorem there is one. It is looked for along the logit path: with :math:`v_i(a)` the payoff of an action
against the others' mixed actions, the logit equilibrium for :math:`\lambda` solves

.. math:: \log \frac{x_i(a_m)}{x_i(a_0)} = \lambda \, (v_i(a_m) - v_i(a_0)),

and its limit for :math:`\lambda \to \infty` is an equilibrium (McKelvey and Palfrey 1995). The path is followed in
steps of :math:`\lambda` by Newton's method, without going round folds; on the way the actions of noticeable
probability are taken as a support, on which the indifference system is solved. Where the path leads nowhere, the paths
of games with changed payoffs give other starting points.

References
----------
McKelvey, R. D. and Palfrey, T. R. (1995). Quantal response equilibria for normal form games. *Games and Economic
Behavior* 10(1), 6-38.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from triangle.games.mixed import indifference_jacobian, indifference_residuals, mixed_regrets, restricted
from triangle.games.normal_form import Floats
from triangle.solvers.mixed.boxes import gauss_newton

Mixed = tuple[Floats, ...]

#: Values of lambda, in units of one over the payoff range.
PATH = np.geomspace(0.1, 1e4, 100)
#: Changes of the payoffs, as shares of the range, tried where the path of the game itself leads nowhere.
CHANGES = (0.0, 1e-4, 1e-2, 0.03, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
#: Probabilities from which on an action is taken as played.
PLAYED = (1e-2, 1e-3, 1e-5)


def some_equilibrium(game: Floats, tolerance: float) -> Mixed:
    """The best profile met: an equilibrium up to the tolerance, except where all attempts failed.

    Parameters
    ----------
    game : array, shape (3, |A_1|, |A_2|, |A_3|)
        In shares of each player's range.
    tolerance : float
        Regret at which the search stops, in the same unit.
    """
    best: Mixed = tuple(np.full(n, 1.0 / n) for n in game.shape[1:])
    least = mixed_regrets(game, best).max()
    for turn, change in enumerate(CHANGES):
        # Directions are fixed, since the result must not depend on chance; irrational steps spread them.
        direction = np.modf(np.arange(1, game.size + 1) * np.sqrt(turn + 1.5))[0].reshape(game.shape) - 0.5
        for point in _logit_path(game + change * direction):
            for profile in (point, *_nearby(game, point)):
                regret = mixed_regrets(game, profile).max()
                if regret < least:
                    best, least = profile, regret
                if least <= tolerance:
                    return best
    return best


def _logit_path(game: Floats) -> Iterator[Mixed]:
    """Logit equilibria for growing lambda, from the middle, as far as Newton's method follows."""
    splits = np.cumsum([n - 1 for n in game.shape[1:]])[:-1]
    log_odds = np.zeros(sum(game.shape[1:]) - 3)
    for lam in PATH:
        trial = log_odds.copy()
        for _ in range(12):
            mixed = _probabilities(np.split(trial, splits))
            residual = trial - lam * indifference_residuals(game, mixed)
            by_odds = np.zeros((trial.size, trial.size))
            for start, x in zip((0, *splits), mixed, strict=True):
                part = slice(start, start + len(x) - 1)
                by_odds[part, part] = np.diag(x[1:]) - np.outer(x[1:], x[1:])
            jacobian = np.eye(trial.size) - lam * indifference_jacobian(game, mixed) @ by_odds
            step = np.linalg.lstsq(jacobian, residual, rcond=None)[0]
            trial = trial - np.clip(step, -2.0, 2.0)
            if np.abs(step).max(initial=0.0) < 1e-9 * (1.0 + np.abs(trial).max(initial=0.0)):
                log_odds = trial
                break
        yield _probabilities(np.split(log_odds, splits))


def _probabilities(log_odds: list[Floats]) -> Mixed:
    """Mixed actions from log odds against the first action."""
    result = []
    for odds in log_odds:
        full = np.concatenate([[0.0], odds])
        weights = np.exp(full - full.max())
        result.append(weights / weights.sum())
    return tuple(result)


def _nearby(game: Floats, profile: Mixed) -> Iterator[Mixed]:
    """Profiles near the given one at which all actions of its support tie, for several notions of support."""
    before = None
    for least in PLAYED:
        played = [np.flatnonzero(x >= min(least, x.max())) for x in profile]
        sizes = [len(p) for p in played]
        if sizes == before:
            continue
        before = sizes
        start = [x[p] / x[p].sum() for x, p in zip(profile, played, strict=True)]
        mixed = gauss_newton(restricted(game, played), start)
        if mixed is not None:
            whole = [np.zeros(len(x)) for x in profile]
            for x, p, m in zip(whole, played, mixed, strict=True):
                x[p] = m
            yield tuple(whole)
