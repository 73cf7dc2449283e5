r"""What a policy leads to: the distribution of states and of kinds of play, period by period, and what can be reached.

.. math:: \mu_{t+1}(s') = \sum_s \mu_t(s) \sum_a x(a; t, s)\, P(s' \mid s, a, t)

with :math:`x(a; t, s)` the probability that the policy plays profile :math:`a`. A **kind** is a number given to each
profile; its share in a period is the probability that a profile of that kind is played then.

A policy that is played for ever in the conditions of one period leads to shares of time, the limit of means

.. math:: \bar\mu = \lim_{T \to \infty} \frac{1}{T} \sum_{t < T} \mu_0 P^t = \lim_{T \to \infty}
          \mu_0 \left(\tfrac12 (I + P)\right)^T,

which exist for every chain; the lazy chain on the right has the same and no cycles (Levin, Peres and Wilmer 2009,
section 1.3), so that squaring it again and again finds them.

References
----------
Levin, D. A., Peres, Y. and Wilmer, E. L. (2009). *Markov Chains and Mixing Times*. American Mathematical Society.
"""

from __future__ import annotations

from collections.abc import Iterable
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
    profiles : array, shape (periods, profiles, ...samples)
        Probability that each profile is played, in C order of the actions.
    kinds : array, shape (periods, kinds, ...samples)
        Probability that a profile of each kind is played.
    changes : array, shape (periods - 1, kinds, kinds, ...samples)
        Probability that a period's play is of one kind and the next period's of another (second kind axis).
    """

    states: Floats
    profiles: Floats
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


def course(game: StagedGame, policy: Policy, start: ArrayLike, kinds: ArrayLike, changes: bool = True) -> Course:
    """Forward distribution of a policy from a distribution of first states; a batch of games at once.

    Parameters
    ----------
    game : StagedGame
    policy : Policy
    start : int, or array of shape (states,) or (states, ...samples)
        The first state, or its distribution.
    kinds : array of int, shape (|A_1|, ..., |A_n|)
        Kind of each profile, numbers from 0.
    changes : bool
        Whether changes from kind to kind are kept too; of none otherwise.

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
    count, batch = int(seen.max()) + 1, prod(game.samples)
    classes, class_of = game.kinds
    # What a profile is to the future: its kind and the classes by which the state moves.
    pairs, found = np.unique(np.stack([seen, class_of]), axis=1, return_inverse=True)
    now = _start(game, start).reshape(game.states, batch)
    states, shares, turns = [now], [], []
    before: dict[int, Floats] = {}
    for period in range(game.periods):
        play = _Play.of(game, policy, period)
        shares.append(play.share(now))
        if before and changes:
            turned = np.zeros((count, count, batch))
            for kind, mass in before.items():
                _by_kind(play.share(mass), seen, play.some, turned[kind])
            turns.append(turned)
        if period < game.periods - 1:
            before = {}
            for pair, mass in play.masses(found.reshape(-1), now).items():
                if mass.any():
                    kind, move = pairs[:, pair].tolist()
                    moved = _moved_on(game, period, mass, classes[:, move])
                    before[kind] = before[kind] + moved if kind in before else moved
            now = sum(before.values(), np.zeros(now.shape))
            states.append(now)
    profiles = np.stack(shares)
    whole = np.zeros((len(shares), count, batch))
    return Course(
        np.stack(states).reshape(-1, game.states, *game.samples),
        profiles.reshape(-1, len(seen), *game.samples),
        _by_kind(profiles, seen, range(len(seen)), whole).reshape(-1, count, *game.samples),
        np.array(turns).reshape(-1, count, count, *game.samples),
    )


@dataclass(frozen=True, eq=False)
class LongRun:
    """Shares of time under a policy that is played for ever.

    Attributes
    ----------
    states : array, shape (states, ...samples)
    kinds : array, shape (kinds, ...samples)
        Share of time in which a profile of each kind is played.
    settled : array of bool, shape (...samples)
        Whether squaring had come to rest; otherwise chances are so small that :data:`HORIZON` periods are too few.
    """

    states: Floats
    kinds: Floats
    settled: Bools


#: Squarings of the lazy chain, which make so many periods as two to their power; and change that counts as rest.
HORIZON, REST = 60, 1e-12


def long_run(game: StagedGame, policy: Policy, start: ArrayLike, kinds: ArrayLike, period: int = 0) -> LongRun:
    """Shares of time of states and kinds under a policy played for ever in one period's conditions; a batch at once.

    Parameters
    ----------
    policy : Policy
        Of one period.
    start : int, or array of shape (states,) or (states, ...samples)
        The first state, or its distribution.
    kinds : array of int, shape (|A_1|, ..., |A_n|)
        Kind of each profile, numbers from 0.
    period : int

    Examples
    --------
    A variable that rises with chance 1/4 and falls with 1/2 is up a third of the time, wherever it starts:

    >>> from triangle.games.staged import Move, ladder
    >>> moves = Move(np.zeros((1,), int), [[ladder(2, 0.25, 0.5)]])
    >>> game = StagedGame(lambda t: np.zeros((1, 1, 2)), [moves], [0.0], periods=1)
    >>> plan = Policy(np.zeros((1, 2), int), np.zeros(0, int), (np.zeros((1, 0)),))
    >>> long_run(game, plan, 0, [0]).states.round(12).tolist()
    [0.666666666667, 0.333333333333]
    """
    seen = np.asarray(kinds, dtype=np.intp).reshape(-1)
    classes, class_of = game.kinds
    play = _Play.of(game, policy, 0)
    now, batch = _start(game, start).reshape(game.states, -1), prod(game.samples)
    everywhere = np.ones((game.states, batch))
    chances = np.zeros((batch, game.states, game.states))
    for kind, odds in play.masses(class_of, everywhere).items():
        chances += np.multiply(odds.T[:, :, None], game.chances(period, classes[:, kind]))
    lazy, rests = _rested(0.5 * (np.eye(game.states) + chances))
    states = (now.T[:, None] @ lazy)[:, 0].T
    shares = _by_kind(play.share(states), seen, play.some, np.zeros((int(seen.max()) + 1, batch)))
    return LongRun(states.reshape(-1, *game.samples), shares.reshape(-1, *game.samples), rests.reshape(game.samples))


def _rested(chains: Floats) -> tuple[Floats, Bools]:
    """Chains after so many periods that more change nothing, each by itself, and which of them came to that."""
    least = np.ceil(-np.log2(np.where(chains > 0, chains, 1.0).min(axis=(1, 2))))
    moving = np.arange(len(chains))
    for turn in range(HORIZON):
        further = chains[moving] @ chains[moving]
        further /= further.sum(axis=2, keepdims=True)  # what rounding takes away would be squared too
        change = np.abs(further - chains[moving]).max(axis=(1, 2))
        chains[moving] = further
        # Before its time, what is least likely has not happened yet.
        moving = moving[(change > REST) | (turn < least[moving])]
        if not moving.size:
            break
    return chains, ~np.isin(np.arange(len(chains)), moving)


def within(game: StagedGame, policy: Policy, period: int, profiles: ArrayLike) -> Floats:
    """Probability that a profile of a set is played, by state in one period; shape (states, ...samples).

    Parameters
    ----------
    profiles : array of bool, shape (|A_1|, ..., |A_n|)
    """
    flags = np.asarray(profiles, dtype=np.intp).reshape(-1)
    everywhere = np.ones((game.states, prod(game.samples)))
    there = _Play.of(game, policy, period).masses(flags, everywhere).get(1, np.zeros(everywhere.shape))
    return there.reshape(game.states, *game.samples)


@dataclass(frozen=True, eq=False)
class _Play:
    """What a policy plays in one period, where a cell is a state of one game of the batch.

    Attributes
    ----------
    profiles, batch : int
    played : array of int, shape (cells,)
        The profile; −1 where somebody mixes.
    rows : array of int, shape (cells,)
        Where a cell counts in a table of shares, which has a first row for cells in which somebody mixes.
    places : array of int, shape (r,)
        Cells in which somebody mixes.
    joint : array, shape (profiles, r)
        Probability of each profile there.
    some : list of int
        The profiles that are played in some cell.
    """

    profiles: int
    batch: int
    played: Ints
    rows: Ints
    places: Ints
    joint: Floats
    some: list[int]

    @classmethod
    def of(cls, game: StagedGame, policy: Policy, period: int) -> _Play:
        """The play of one period."""
        size, batch = game.states * prod(game.samples), prod(game.samples)
        played = policy.profiles[period].reshape(-1)
        mixing = np.flatnonzero(policy.places // size == period)
        joint = np.ones((1, mixing.size))
        for x in policy.mixed:
            joint = (joint[:, None] * x[None, :, mixing]).reshape(len(joint) * len(x), mixing.size)
        rows = ((played.reshape(-1, batch) + 1) * batch + np.arange(batch)).reshape(-1)
        some = np.flatnonzero((np.bincount(played + 1, minlength=len(joint) + 1)[1:] > 0) | joint.any(axis=1)).tolist()
        return cls(len(joint), batch, played, rows, policy.places[mixing] - period * size, joint, some)

    def masses(self, labels: Ints, now: Floats) -> dict[int, Floats]:
        """The mass of each state that plays a profile of each label that is played, in order; shape (states, batch)."""
        weight, own = now.reshape(-1), np.append(labels, -1).take(self.played)
        played = sorted({int(labels[profile]) for profile in self.some})
        found = {label: np.where(own == label, weight, 0.0) for label in played}
        for profile in self.some if self.places.size else ():
            found[int(labels[profile])][self.places] += self.joint[profile] * weight[self.places]
        return {label: mass.reshape(now.shape) for label, mass in found.items()}

    def share(self, now: Floats) -> Floats:
        """The mass that plays each profile, over all states, shape (profiles, batch)."""
        weight = now.reshape(-1)
        share = np.bincount(self.rows, weight, (self.profiles + 1) * self.batch).reshape(-1, self.batch)[1:]
        if self.places.size:
            np.add.at(share, (slice(None), self.places % self.batch), self.joint * weight[self.places])
        return share


def _by_kind(share: Floats, kinds: Ints, profiles: Iterable[int], out: Floats) -> Floats:
    """Probabilities of some profiles added to those of their kinds, shape (..., kinds, batch)."""
    for profile in profiles:
        out[..., kinds[profile], :] += share[..., profile, :]
    return out


def reachable(game: StagedGame, possible: Bools, start: ArrayLike) -> Bools:
    """States that play within a set of profiles may reach, shape (periods, states, ...samples).

    Parameters
    ----------
    possible : array of bool, shape (periods, |A_1|, ..., |A_n|, states, ...samples)
    start : int, or array of shape (states,) or (states, ...samples)
        The first state, or its distribution.
    """
    now = _start(game, start).reshape(game.states, -1) > 0
    rows = [now]
    classes, class_of = game.kinds
    for period in range(game.periods - 1):
        flags = possible[period].reshape(-1, *now.shape)
        later = np.zeros(now.shape, dtype=bool)
        for column, kind in zip(classes.T, range(classes.shape[1]), strict=True):
            mass = flags[class_of == kind].any(axis=0) & now
            if mass.any():
                later |= _moved_on(game, period, mass.astype(np.float64), column) > 0
        now = later
        rows.append(now)
    return np.stack(rows).reshape(-1, game.states, *game.samples)


def _start(game: StagedGame, start: ArrayLike) -> Floats:
    given = np.asarray(start)
    if given.ndim == 0:
        given = np.eye(game.states)[int(given)]
    full = given.reshape(given.shape + (1,) * (1 + len(game.samples) - given.ndim))
    return np.broadcast_to(full, (game.states, *game.samples)).astype(np.float64)


def _moved_on(game: StagedGame, period: int, mass: Floats, classes: Ints) -> Floats:
    """The mass of a class of profiles one period later, shape (states, batch)."""
    moved = mass.reshape(*game.levels, *game.samples)
    for place, (move, kind) in enumerate(zip(game.moves, classes, strict=True)):
        moved = move.passed_on(period, int(kind), moved, place)
    return moved.reshape(mass.shape)
