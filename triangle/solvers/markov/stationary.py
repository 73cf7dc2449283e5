r"""Stationary Markov-perfect equilibria: the conditions of one period go on for ever.

**Value iteration** over stage equilibria (Pakes and McGuire 1994): from the values of static play, solve all stage
games, take the values of what is played, and again. Once what is played repeats itself, its values for ever are found
exactly from a linear system, and one more round tells whether the same is played at them. Existence in mixed
strategies: Fink (1964). Iteration need not converge; each game of the batch gets a verdict:

``certified``
    no player gains by one deviation more than :data:`EXACT` of the range of payoffs,
``epsilon``
    the same is played round after round, but somebody gains by one deviation; the certificate says how much,
``cycles``
    what is played goes on changing. Follow the logit path of such a game (:mod:`triangle.solvers.markov.smoothed`).

References
----------
Fink, A. M. (1964). Equilibrium in a stochastic n-person game. *Journal of Science of the Hiroshima University A* 28,
89-93.
Pakes, A. and McGuire, P. (1994). Computing Markov-perfect Nash equilibria: numerical implications of a dynamic
differentiated product model. *RAND Journal of Economics* 25(4), 555-589.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from triangle.games.normal_form import TOLERANCE, Bools, Floats
from triangle.games.staged import Policy, StagedGame, replace_game
from triangle.solvers.markov.backward import MarkovSolution, solve_markov
from triangle.solvers.markov.certificate import Certificate, certify_stationary
from triangle.solvers.markov.stage import Rule, by_margin

#: Verdicts by number.
StationaryVerdict = Literal["certified", "epsilon", "cycles"]
VERDICTS: tuple[StationaryVerdict, ...] = ("certified", "epsilon", "cycles")
CERTIFIED, EPSILON, CYCLES = range(3)
#: Gain by one deviation, as a share of the payoff range, that counts as none.
EXACT = 1e-9
#: Rounds of value iteration, and rounds without change after which play counts as settled.
ROUNDS, SETTLED = 600, 3
#: Change of a value, as a share of the payoff range, below which mixed play counts as settled.
STILL = 1e-12


@dataclass(frozen=True, eq=False)
class Stationary:
    """A stationary policy of each game of a batch, with its verdict.

    Attributes
    ----------
    policy : Policy
        Of one period.
    certificate : Certificate
        Values for ever and gains by one deviation.
    verdict : array of int, shape (...samples)
        Place in :data:`VERDICTS`.
    rounds : int
        Rounds of value iteration that were made.
    """

    policy: Policy
    certificate: Certificate
    verdict: NDArray[np.intp]
    rounds: int

    @property
    def values(self) -> Floats:
        """Normalised value to each player, shape (n, states, ...samples)."""
        return self.certificate.values[:, 0]

    @property
    def epsilon(self) -> Floats:
        """Largest gain of any player by one deviation, shape (...samples), in units of payoff per period."""
        return self.certificate.gains.max(axis=(0, 1, 2))


def frozen(game: StagedGame, period: int, ahead: Floats) -> StagedGame:
    """The game of one period whose values afterwards are given."""
    moves = [type(move)(move.classes, move.at(period)[None]) for move in game.moves]
    held = {0: game.held[period]} if period in game.held else {}
    return replace_game(game, stage=lambda _: game.stage(period), moves=moves, periods=1, terminal=ahead, held=held)


def solve_stationary(
    game: StagedGame, period: int = 0, rule: Rule = by_margin, rounds: int = ROUNDS, tolerance: float = TOLERANCE
) -> Stationary:
    """Stationary equilibria of the frozen conditions of one period, for a batch of games of any number of players.

    Parameters
    ----------
    game : StagedGame
        Its terminal values and other periods are not used.
    period : int
    rule : callable
        As in :func:`triangle.solvers.markov.backward.solve_markov`.
    rounds : int
        Most rounds of value iteration.

    Examples
    --------
    >>> from triangle.games.staged import Move
    >>> dilemma = np.array([[[3.0, 0], [5, 1]], [[3, 5], [0, 1]]])[..., None]
    >>> found = solve_stationary(StagedGame(lambda t: dilemma, [Move.still((2, 2))], [0.9, 0.9], periods=1))
    >>> VERDICTS[found.verdict], found.policy.profiles.tolist(), found.values.tolist()
    ('certified', [[3]], [[1.0], [1.0]])
    """
    shape = (game.n_players, game.states, *game.samples)
    span = _span(game, period)
    static = solve_markov(frozen(replace_game(game, discounts=0 * game.discounts), period, np.zeros(shape)), rule)
    values, played = static.values[:, 0], static.policy
    quiet = np.zeros(game.samples, dtype=np.intp)
    done = 0
    while done < rounds and not (quiet > SETTLED).all():
        done += 1
        step = solve_markov(frozen(game, period, values), rule, tolerance)
        same = _same(game, played, step, values, span)
        quiet = np.where(same, quiet + 1, 0)
        values, played = step.values[:, 0], step.policy
        fresh = quiet == SETTLED
        if fresh.any():
            # Settled play is valued for ever at once; what is not settled goes on by itself.
            exact = certify_stationary(game, played, period).values[:, 0]
            values = np.where(fresh, exact, values)
    return judged(game, played, period, quiet >= SETTLED, done, span)


def judged(
    game: StagedGame, policy: Policy, period: int, settled: Bools, rounds: int, span: Floats | None = None
) -> Stationary:
    """A stationary policy with its certificate and verdict."""
    certificate = certify_stationary(game, policy, period)
    gain = certificate.gains.max(axis=(0, 1, 2))
    exact = gain <= EXACT * (_span(game, period) if span is None else span)
    verdict = np.where(exact, CERTIFIED, np.where(settled, EPSILON, CYCLES))
    return Stationary(policy, certificate, verdict, rounds)


def _span(game: StagedGame, period: int) -> Floats:
    """Largest range of any player's payoffs in each game, shape (...samples)."""
    flat = game.payoffs(period).reshape(game.n_players, -1, *game.samples)
    return np.ptp(flat, axis=1).max(axis=0)


def _same(game: StagedGame, played: Policy, step: MarkovSolution, values: Floats, span: Floats) -> Bools:
    """In which games a round changed nothing of what is played, mixed play within :data:`STILL`."""
    pure = (played.profiles == step.policy.profiles).all(axis=(0, 1))
    mixes = (step.policy.profiles < 0).any(axis=(0, 1))
    close = np.abs(step.values[:, 0] - values).max(axis=(0, 1)) <= STILL * np.maximum(span, 1e-300)
    return np.asarray(pure & (~mixes | close)).reshape(game.samples)
