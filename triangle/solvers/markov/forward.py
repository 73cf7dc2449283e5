r"""What a policy leads to: the distribution of states and of kinds of play, period by period, and what can be reached.

.. math:: \mu_{t+1}(s') = \sum_s \mu_t(s) \sum_a x(a; t, s)\, P(s' \mid s, a, t)

with :math:`x(a; t, s)` the probability that the policy plays profile :math:`a`. A **kind** is a number given to each
profile; its share in a period is the probability that a profile of that kind is played then.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import ArrayLike

from triangle.games.normal_form import Bools, Floats
from triangle.games.staged import Ints, Policy, StagedGame


@dataclass(frozen=True, eq=False)
class Course:
    """Distribution of states and of kinds of play under a policy.

    Attributes
    ----------
    states : array, shape (periods, states, ...samples)
        Probability of each state at the beginning of each period.
    kinds : array, shape (periods, kinds, ...samples)
        Probability that a profile of each kind is played.
    changes : array, shape (periods - 1, kinds, kinds, ...samples)
        Probability that a period's play is of one kind and the next period's of another (second kind axis).
    """

    states: Floats
    kinds: Floats
    changes: Floats

    def hazard(self, kind: int) -> Floats:
        """Probability that play becomes of a kind, given that it was of another: shape (periods - 1, ...samples).

        NaN where play was of that kind for sure.
        """
        others = [k for k in range(self.kinds.shape[1]) if k != kind]
        before = self.kinds[:-1, others].sum(axis=1)
        turned = self.changes[:, others, kind].sum(axis=1)
        return np.divide(turned, before, out=np.full(before.shape, np.nan), where=before > 0)


def course(game: StagedGame, policy: Policy, start: ArrayLike, kinds: ArrayLike) -> Course:
    """Forward distribution of a policy from a distribution of first states; a batch of games at once.

    Parameters
    ----------
    game : StagedGame
    policy : Policy
    start : int, or array of shape (states,) or (states, ...samples)
        The first state, or its distribution.
    kinds : array of int, shape (|A_1|, ..., |A_n|)
        Kind of each profile, numbers from 0.

    Examples
    --------
    >>> from triangle.games.staged import Move, ladder
    >>> rises = Move(np.zeros((1,), int), [[ladder(2, 0.25, 0.0)]])
    >>> game = StagedGame(lambda t: np.zeros((1, 1, 2)), [rises], [0.0], periods=3, terminal=np.zeros((1, 2)))
    >>> plan = Policy(np.zeros((3, 2), int), np.zeros(0, int), (np.zeros((1, 0)),))
    >>> course(game, plan, 0, [0]).states[:, 1].tolist()
    [0.0, 0.25, 0.4375]
    """
    seen = np.asarray(kinds, dtype=np.intp).reshape(-1)
    count = int(seen.max()) + 1
    now = _start(game, start)
    states, shares, changes = [now], [], []
    before: list[Floats] = []
    for period in range(game.periods):
        odds = play(game, policy, period)
        by_kind = _added(odds, seen, count)
        shares.append((by_kind * now).sum(axis=1))
        if before:
            changes.append(np.stack([(by_kind * mass).sum(axis=1) for mass in before]))
        if period < game.periods - 1:
            of_kind = (seen == np.arange(count)[:, None]).reshape(count, -1, *(1,) * now.ndim)
            before = [_pushed(game, period, odds * own, now) for own in of_kind]
            now = np.sum(before, axis=0)
            states.append(now)
    empty = np.empty((0, count, count, *game.samples))
    return Course(np.stack(states), np.stack(shares), np.stack(changes) if changes else empty)


def play(game: StagedGame, policy: Policy, period: int) -> Floats:
    """Probability of each profile in one period, shape (profiles, states, ...samples)."""
    size = game.states * prod(game.samples)
    odds = np.zeros((prod(game.actions), size))
    played = policy.profiles[period].reshape(-1)
    pure = np.flatnonzero(played >= 0)
    odds[played[pure], pure] = 1.0
    rows = np.flatnonzero(policy.places // size == period)
    if rows.size:
        joint = np.ones((1, rows.size))
        for x in policy.mixed:
            joint = (joint[:, None] * x[None, :, rows]).reshape(-1, rows.size)
        odds[:, policy.places[rows] - period * size] = joint
    return odds.reshape(len(odds), game.states, *game.samples)


def reachable(game: StagedGame, possible: Bools, start: ArrayLike) -> Bools:
    """States that play within a set of profiles may reach, shape (periods, states, ...samples).

    Parameters
    ----------
    possible : array of bool, shape (periods, |A_1|, ..., |A_n|, states, ...samples)
    start : int, or array of shape (states,) or (states, ...samples)
        The first state, or its distribution.
    """
    now = _start(game, start) > 0
    rows = [now]
    for period in range(game.periods - 1):
        flags = possible[period].reshape(-1, game.states, *game.samples)
        now = _pushed(game, period, flags.astype(np.float64), now.astype(np.float64)) > 0
        rows.append(now)
    return np.stack(rows)


def _start(game: StagedGame, start: ArrayLike) -> Floats:
    given = np.asarray(start)
    if given.ndim == 0:
        given = np.eye(game.states)[int(given)]
    full = given.reshape(given.shape + (1,) * (1 + len(game.samples) - given.ndim))
    return np.broadcast_to(full, (game.states, *game.samples)).astype(np.float64)


def _added(odds: Floats, kinds: Ints, count: int) -> Floats:
    """Probability of each kind, shape (kinds, states, ...samples)."""
    return np.stack([odds[kinds == kind].sum(axis=0) for kind in range(count)])


def _pushed(game: StagedGame, period: int, odds: Floats, now: Floats) -> Floats:
    """The distribution one period later, of play that has weight `odds` in each state."""
    classes, of_profile = np.unique(game.classes.reshape(len(game.moves), -1), axis=1, return_inverse=True)
    mass = _added(odds, of_profile.reshape(-1), classes.shape[1]) * now
    result = np.zeros((game.states, *game.samples))
    for column, weight in zip(classes.T, mass, strict=True):
        if weight.any():
            moved = weight.reshape(*game.levels, *game.samples)
            for place, (move, kind) in enumerate(zip(game.moves, column, strict=True)):
                moved = _spread(moved, move.at(period)[kind], place)
            result += moved.reshape(result.shape)
    return result


def _spread(mass: Floats, chances: Floats, axis: int) -> Floats:
    """Mass moved along one variable."""
    front = np.moveaxis(mass, axis, 0)
    result = np.zeros(front.shape)
    for level, row in enumerate(chances):
        for following, chance in enumerate(row):
            if chance.any():
                result[following] += chance * front[level]
    return np.moveaxis(result, 0, axis)
