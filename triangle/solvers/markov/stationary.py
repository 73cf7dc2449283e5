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

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from triangle.games.normal_form import TOLERANCE, Bools, Floats
from triangle.games.staged import Policy, StagedGame, picked, replace_game
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


def frozen(game: StagedGame, period: int) -> StagedGame:
    """The game of one period by itself, after which nothing is worth anything."""
    moves = [type(move)(move.classes, move.at(period)[None]) for move in game.moves]
    held = {0: game.held[period]} if period in game.held else {}
    nothing = np.zeros((game.n_players, game.states))
    return replace_game(game, stage=lambda _: game.stage(period), moves=moves, periods=1, terminal=nothing, held=held)


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
    every = np.arange(prod(game.samples))
    found, done = _iterated(picked(frozen(game, period), every), rule, rounds, tolerance)
    policy, settled = _put_together(found, every.size)
    policy = Policy(policy.profiles.reshape(1, game.states, *game.samples), policy.places, policy.mixed)
    return judged(game, policy, period, settled.reshape(game.samples), done)


def _iterated(game: StagedGame, rule: Rule, rounds: int, tolerance: float) -> tuple[list[_Ended], int]:
    """Value iteration on a game of one period, and the number of rounds; what has settled takes no part any more."""
    static = solve_markov(replace_game(game, discounts=0 * game.discounts), rule)
    values, played, found = static.values[:, 0], static.policy, []
    left, quiet = np.arange(game.samples[0]), np.zeros(game.samples, dtype=np.intp)
    for turn in range(rounds):
        step = solve_markov(replace_game(game, terminal=values), rule, tolerance)
        quiet = np.where(_same(played, step, values, _span(game, 0)), quiet + 1, 0)
        values, played = step.values[:, 0], step.policy
        over = quiet > SETTLED
        found.append(_Ended(left[over], _some(played, over), True))
        if over.all():
            return found, turn + 1
        if over.any():
            left, values, played, quiet = left[~over], values[..., ~over], _some(played, ~over), quiet[~over]
            game = picked(game, np.flatnonzero(~over))
        fresh = quiet == SETTLED
        if fresh.any():
            # Settled play is valued for ever at once; what is not settled goes on by itself.
            values = np.where(fresh, certify_stationary(game, played).values[:, 0], values)
    return [*found, _Ended(left, played, False)], rounds


@dataclass(frozen=True, eq=False)
class _Ended:
    """Games of a batch, by their places, with what is played in the end, and whether it had settled."""

    places: NDArray[np.intp]
    policy: Policy
    settled: bool


def _some(policy: Policy, chosen: Bools) -> Policy:
    """A policy of one period in the chosen ones of a batch with one axis."""
    state, sample = np.divmod(policy.places, len(chosen))
    kept = chosen[sample]
    place = np.cumsum(chosen) - 1
    places = state[kept] * int(chosen.sum()) + place[sample[kept]]
    return Policy(policy.profiles[..., chosen], places, tuple(x[:, kept] for x in policy.mixed))


def _put_together(found: Sequence[_Ended], count: int) -> tuple[Policy, Bools]:
    """The policy of all games of a batch, and which of them had settled."""
    first = found[0].policy
    profiles, settled = np.empty((*first.profiles.shape[:2], count), dtype=np.intp), np.zeros(count, dtype=bool)
    places = []
    for one in found:
        profiles[..., one.places], settled[one.places] = one.policy.profiles, one.settled
        if one.policy.places.size:
            state, sample = np.divmod(one.policy.places, len(one.places))
            places.append(state * count + one.places[sample])
        else:
            places.append(one.policy.places)
    where = np.concatenate(places)
    order = np.argsort(where)
    mixed = [np.concatenate(rows, axis=1)[:, order] for rows in zip(*(one.policy.mixed for one in found), strict=True)]
    return Policy(profiles, where[order], tuple(mixed)), settled


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


def _same(played: Policy, step: MarkovSolution, values: Floats, span: Floats) -> Bools:
    """In which games a round changed nothing of what is played, mixed play within :data:`STILL`."""
    pure = (played.profiles == step.policy.profiles).all(axis=(0, 1))
    mixes = (step.policy.profiles < 0).any(axis=(0, 1))
    close = np.abs(step.values[:, 0] - values).max(axis=(0, 1)) <= STILL * np.maximum(span, 1e-300)
    return np.asarray(pure & (~mixes | close))
