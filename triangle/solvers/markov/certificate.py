r"""Certificate of a Markov policy: the largest gain of any player by one deviation, in every state and period.

A policy is a Markov-perfect equilibrium exactly when no player gains by deviating once, in any period and state, and
keeping to its strategy afterwards (the one-shot deviation principle: Blackwell 1965 for one player; Fudenberg and
Tirole 1991, section 4.2, for games that are continuous at infinity, as discounting makes them). The values of the
policy are computed backwards from nothing but the policy, the payoffs and the chances; then

.. math:: g_i(t, s) = \max_b Q_i(b, x_{-i}; t, s) - Q_i(x; t, s)

is what player :math:`i` gains. The policy is an equilibrium up to :math:`\varepsilon = \max g_i(t, s)` for one
deviation. No code is shared with the solvers: a fault there does not hide itself here.

References
----------
Blackwell, D. (1965). Discounted dynamic programming. *Annals of Mathematical Statistics* 36(1), 226-235.
Fudenberg, D. and Tirole, J. (1991). *Game Theory*. MIT Press.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import prod

import numpy as np
from numpy.typing import NDArray

from triangle.games.staged import Addend, Policy, StagedGame

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

#: What rounding can make of a sum of ranges, as a share of it.
ROUNDING = 1e-12


@dataclass(frozen=True, eq=False)
class Certificate:
    """What one deviation can gain against a policy.

    Attributes
    ----------
    gains : array, shape (n, periods, states, ...samples)
        Largest gain of each player, in units of payoff per period; with one row more where what is played for ever
        after the last period belongs to the policy.
    values : array, shape (n, periods, states, ...samples)
        Normalised value of the policy to each player.
    span : float
        Range of the payoffs met, the largest of any player in any period of any one game of the batch.
    """

    gains: Floats
    values: Floats
    span: float

    @property
    def epsilon(self) -> float:
        """Largest gain of any player anywhere."""
        return float(self.gains.max())

    @property
    def share(self) -> float:
        """Largest gain as a share of the range of payoffs; 0 where all payoffs are equal."""
        return self.epsilon / self.span if self.span > 0 else self.epsilon

    @property
    def where(self) -> tuple[int, ...]:
        """Player, period, state and sample of the largest gain."""
        return tuple(int(k) for k in np.unravel_index(self.gains.argmax(), self.gains.shape))


def certify(game: StagedGame, policy: Policy) -> Certificate:
    """One-shot deviations from a policy over all periods, states and players, from policy and payoffs alone.

    Parameters
    ----------
    game : StagedGame
    policy : Policy
        Of as many periods as the game, and one more where the game has no terminal values.

    Examples
    --------
    >>> from triangle.games.staged import Move
    >>> dilemma = np.array([[[3.0, 0], [5, 1]], [[3, 5], [0, 1]]])[..., None]
    >>> game = StagedGame(lambda t: dilemma, [Move.still((2, 2))], [0.9, 0.9], periods=2, terminal=np.zeros((2, 1)))
    >>> first_cooperates = Policy(np.array([[0], [3]]), np.zeros(0, int), (np.zeros((2, 0)),) * 2)
    >>> certify(game, first_cooperates).gains[0].round(9).tolist()
    [[0.2], [0.0]]
    """
    last = game.periods if game.terminal is None else game.periods - 1
    if policy.profiles.shape != (last + 1, game.states, *game.samples):
        raise ValueError(f"a policy of shape {policy.profiles.shape} is none of this game")
    batch = prod(game.samples)
    values = np.empty((game.n_players, last + 1, game.states, batch))
    gains = np.empty_like(values)
    ahead = None if game.terminal is None else game.terminal.reshape(game.n_players, game.states, batch)
    chances, span = _Chances(game), 0.0
    for period in range(last, -1, -1):
        now = min(period, game.periods - 1)
        stage = _stage(game, now)
        worth = _Worth(stage) if period == game.periods else chances.looking_ahead(period, stage, ahead)
        span = _range(game, stage, span)
        _judge(game.actions, worth, policy, period, _free(game, now), values[:, period], gains[:, period])
        ahead = values[:, period]
    shape = (game.n_players, last + 1, game.states, *game.samples)
    return Certificate(gains.reshape(shape), values.reshape(shape), span)


def certify_stationary(game: StagedGame, policy: Policy, period: int = 0) -> Certificate:
    """One-shot deviations from a policy that is played for ever in the frozen conditions of one period.

    Values are those of the policy for ever, from a linear system for each sample.

    Parameters
    ----------
    policy : Policy
        Of one period.
    """
    batch = prod(game.samples)
    stage = _stage(game, period)
    odds = _profile_odds(game, policy)
    chances = _transitions(game, period, odds)
    discounts = game.discounts.reshape(game.n_players, batch)
    values = np.empty((game.n_players, game.states, batch))
    payoffs = game.payoffs(period).reshape(game.n_players, -1, game.states, batch)
    for player, sample in product(range(game.n_players), range(batch)):
        delta = discounts[player, sample]
        now = (odds[..., sample] * payoffs[player, :, :, sample]).sum(axis=0)
        system = np.eye(game.states) - delta * chances[..., sample]
        values[player, :, sample] = np.linalg.solve(system, (1 - delta) * now)
    worth = _Chances(game).looking_ahead(period, stage, values)
    gains = np.empty_like(values)
    _judge(game.actions, worth, policy, 0, _free(game, period), np.empty_like(values), gains)
    shape = (game.n_players, 1, game.states, *game.samples)
    span = _range(game, stage, 0.0)
    return Certificate(gains.reshape(shape), values.reshape(shape), span)


@dataclass(frozen=True, eq=False)
class _Stage:
    """Payoffs of one period, to be asked for profile by profile, and cell by cell or everywhere.

    Attributes
    ----------
    parts : tuple of tuples of Addend
        Of each player.
    profiles : int
    shape : tuple of int
        Levels of the state variables, then the samples.
    states, batch : int
        A cell is a state of one game of the batch.
    """

    parts: tuple[tuple[Addend, ...], ...]
    profiles: int
    shape: tuple[int, ...]
    states: int
    batch: int

    def everywhere(self, player: int, profile: int) -> Floats:
        """What a profile is worth to a player, on axes that broadcast to the shape."""
        first, *others = self.parts[player]
        return sum((part.row(profile) for part in others), first.row(profile))

    def at(self, player: int, profiles: Ints, cells: Ints) -> Floats:
        """To a player; profiles and cells broadcast."""
        first, *others = self.parts[player]
        found = first.at(profiles, first.places(cells))
        for part in others:
            found += part.at(profiles, part.places(cells))
        return found


def _stage(game: StagedGame, period: int) -> _Stage:
    shape = (*game.levels, *game.samples)
    parts = tuple(tuple(Addend.of(part, shape) for part in own) for own in game.parts(period))
    return _Stage(parts, prod(game.actions), shape, game.states, prod(game.samples))


def _range(game: StagedGame, stage: _Stage, least: float) -> float:
    """The largest range of a player's payoffs in one game of the batch, or `least` if that is more.

    The ranges of the parts add up to no less, so that payoffs are added up only where these say that it may be more.
    """
    axes = tuple(range(1 + len(game.levels)))
    for player, parts in enumerate(stage.parts):
        ranges = sum(part.rows.max(axis=axes) - part.rows.min(axis=axes) for part in parts)
        if len(parts) > 1:
            most = np.broadcast_to(ranges, game.samples).reshape(-1) * (1.0 + ROUNDING)
            cells = np.arange(stage.states)[:, None] * stage.batch + np.flatnonzero(most >= least)
            own = stage.at(player, np.arange(stage.profiles)[:, None, None], cells)
            ranges = own.max(axis=(0, 1)) - own.min(axis=(0, 1))
        least = max(least, float(np.max(ranges, initial=0.0)))
    return least


def _free(game: StagedGame, period: int) -> list[bool]:
    """Which players may deviate in a period."""
    return [player not in game.held.get(period, {}) for player in range(game.n_players)]


@dataclass(frozen=True, eq=False)
class _Worth:
    """What a profile is worth in a cell, a state of one game of the batch: now alone, or now and later.

    Attributes
    ----------
    stage : _Stage
    rest, later : arrays, shape (n, ...) and (n, kinds, *shape)
        Weight of now, on axes that broadcast to the shape, and the discounted expected value of later for each kind of
        profile.
    kinds : array of int, shape (profiles,)
    """

    stage: _Stage
    rest: Floats | None = None
    later: Floats | None = None
    kinds: Ints | None = None

    def everywhere(self, player: int, profile: int) -> Floats:
        """What a profile is worth to a player, on axes that broadcast to the shape."""
        found = self.stage.everywhere(player, profile)
        if self.rest is None or self.later is None or self.kinds is None:
            return found
        return found * self.rest[player] + self.later[player, self.kinds[profile]]

    def at(self, player: int, profiles: Ints, cells: Ints) -> Floats:
        """To a player; profiles and cells broadcast."""
        found = self.stage.at(player, profiles, cells)
        if self.rest is None or self.later is None or self.kinds is None:
            return found
        found *= self.rest[player].reshape(-1).take(cells % self.stage.batch)
        later = self.later[player]
        found += later.reshape(-1).take((self.kinds * later[0].size).take(profiles) + cells)
        return found


class _Chances:
    """How a game moves, laid out once for all periods."""

    def __init__(self, game: StagedGame):
        self._game, self._batch = game, prod(game.samples)
        self._discounts = game.discounts.reshape(game.n_players, *(1,) * len(game.levels), *game.samples)
        self._rest = 1.0 - self._discounts
        self._kinds, self._kind_of = game.kinds
        self._known: dict[tuple[int, int, int], list[tuple[slice, Floats]]] = {}

    def looking_ahead(self, period: int, stage: _Stage, ahead: Floats | None) -> _Worth:
        """Q of every profile, from the values one period later."""
        assert ahead is not None
        game, shape = self._game, (self._game.n_players, *stage.shape)
        later = np.empty((shape[0], self._kinds.shape[1], *shape[1:]))
        averaged: dict[tuple[int, ...], Floats] = {(): ahead}
        for kind, classes in enumerate(self._kinds.T.tolist()):
            for place in range(len(game.moves)):
                # Kinds that begin with the same classes have the same beginning of their average.
                known = tuple(classes[: place + 1])
                if known not in averaged:
                    averaged[known] = self._averaged(averaged[known[:-1]], place, period, known[-1])
            np.multiply(self._discounts, averaged[tuple(classes)].reshape(shape), out=later[:, kind])
        return _Worth(stage, self._rest, later, self._kind_of)

    def _averaged(self, values: Floats, place: int, period: int, kind: int) -> Floats:
        """Values averaged over what one variable may be next, shape of the values."""
        rows = self._rows(place, period, kind)
        if not rows:
            return values  # it stands still
        players, levels = self._game.n_players, self._game.levels
        spread = values.reshape(players * prod(levels[:place]), levels[place], -1, self._batch)
        found = np.empty(spread.shape)
        for level, (near, weights) in enumerate(rows):
            np.einsum("jd,ojkd->okd", weights, spread[:, near], out=found[:, level])
        return found.reshape(values.shape)

    def _rows(self, place: int, period: int, kind: int) -> list[tuple[slice, Floats]]:
        """The levels that a variable may be next from each, from the first to the last, and their chances."""
        move = self._game.moves[place]
        key = place, period if len(move.chances) > 1 else 0, kind
        if key not in self._known:
            chances = move.at(period)[kind].reshape(move.levels, move.levels, -1)
            chances = np.broadcast_to(chances, (move.levels, move.levels, self._batch))
            reached = [np.flatnonzero(row.any(axis=1)) for row in chances]
            nears = [slice(some[0], some[-1] + 1) for some in reached]
            still = (chances == np.eye(move.levels)[..., None]).all()
            self._known[key] = [] if still else [(near, row[near]) for near, row in zip(nears, chances, strict=True)]
        return self._known[key]


def _judge(
    actions: tuple[int, ...],
    worth: _Worth,
    policy: Policy,
    period: int,
    free: list[bool],
    values: Floats,
    gains: Floats,
) -> None:
    """Write down the value of the policy to each player in one period, and the largest gain by another action."""
    # Where somebody mixes any profile will do: what is said of it is written over.
    profiles = np.maximum(policy.profiles[period].reshape(-1), 0)
    # The profile that most cells play is looked up everywhere, in whole rows, then those of all others cell by cell.
    most = int(np.bincount(profiles).argmax())
    others = np.flatnonzero(profiles != most)
    for player in range(len(actions)):
        value, gain = (found[player].reshape(worth.stage.shape) for found in (values, gains))
        turned = _turned(actions, player) if free[player] else _turned(actions, player)[:1]
        value[...] = worth.everywhere(player, most)
        gain[...] = value
        for profile in turned[1:, most].tolist():
            np.maximum(gain, worth.everywhere(player, profile), out=gain)
        gain -= value
        own = worth.at(player, turned[:, profiles[others]], others)
        value.reshape(-1)[others] = own[0]
        gain.reshape(-1)[others] = own.max(axis=0) - own[0]
    flat = len(actions), worth.stage.states * worth.stage.batch
    _judge_mixed(actions, worth, policy, period, free, values.reshape(flat), gains.reshape(flat))


@lru_cache(maxsize=64)
def _turned(actions: tuple[int, ...], player: int) -> Ints:
    """The profile that each turns into where a player goes so many actions on, none to begin with: [steps, profile]."""
    numbers = np.arange(prod(actions)).reshape(actions)
    return np.stack([np.roll(numbers, -step, axis=player).reshape(-1) for step in range(actions[player])])


def _judge_mixed(
    actions: tuple[int, ...],
    worth: _Worth,
    policy: Policy,
    period: int,
    free: list[bool],
    values: Floats,
    gains: Floats,
) -> None:
    """The same where somebody mixes, by adding up over all profiles."""
    size = values.shape[1]
    rows = np.flatnonzero(policy.places // size == period)
    if not rows.size:
        return
    places = policy.places[rows] - period * size
    odds = [x[:, rows] for x in policy.mixed]
    for player, count in enumerate(actions):
        payoffs = worth.at(player, np.arange(prod(actions))[:, None], places).reshape(*actions, rows.size)
        weight = np.ones(1)
        for rival in (rival for rival in range(len(actions)) if rival != player):
            axes = [1] * len(actions)
            axes[rival] = -1
            weight = weight * odds[rival].reshape(*axes, rows.size)
        # One profile after the other, so that a sum does not hang on how many cells are looked at together.
        weighted = np.moveaxis(weight * payoffs, player, 0).reshape(count, -1, rows.size)
        replies = np.add.accumulate(weighted, axis=1)[:, -1]
        values[player, places] = (odds[player] * replies).sum(axis=0)
        if free[player]:
            gains[player, places] = np.maximum(0.0, replies.max(axis=0) - values[player, places])


def _profile_odds(game: StagedGame, policy: Policy) -> Floats:
    """Probability of each profile in a policy of one period, shape (profiles, states, batch)."""
    size = game.states * prod(game.samples)
    odds = np.zeros((prod(game.actions), size))
    played = policy.profiles[0].reshape(-1)
    pure = np.flatnonzero(played >= 0)
    odds[played[pure], pure] = 1.0
    for number, profile in enumerate(product(*map(range, game.actions))):
        odds[number, policy.places] = np.prod([x[a] for x, a in zip(policy.mixed, profile, strict=True)], axis=0)
    return odds.reshape(len(odds), game.states, -1)


def _transitions(game: StagedGame, period: int, odds: Floats) -> Floats:
    """Probability of each next state (second axis) from each state under the policy, shape (states, states, batch)."""
    batch = odds.shape[-1]
    result = np.zeros((game.states, game.states, batch))
    levels = [np.unravel_index(np.arange(game.states), game.levels)[v] for v in range(len(game.moves))]
    for number, profile in enumerate(np.ndindex(*game.actions)):
        joint = np.ones((game.states, game.states, 1))
        for move, level in zip(game.moves, levels, strict=True):
            joint = (
                joint
                * move.at(period)[move.classes[profile]].reshape(move.levels, move.levels, -1)[
                    level[:, None], level[None, :]
                ]
            )
        result += odds[number][:, None] * joint
    return result
