"""What binding promises and waiting come to in each world of a path, piece by piece."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from triangle.base.errors import BadInput, Fault, unknown
from triangle.games.staged import Policy, StagedGame
from triangle.players.axes import POWERS, RU, US
from triangle.players.configurations import stance
from triangle.questions.path.work import Solved, Work, at_start, kinds_of
from triangle.solvers.markov.backward import lookahead
from triangle.solvers.markov.certificate import certify
from triangle.solvers.markov.stage import RULES, choose
from triangle.study.course import Worlds
from triangle.sweeps.job import Arrays

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Commitments(Work):
    """The worlds as they are, and the same in which nothing reverses the promises of a player."""

    player: str = field(kw_only=True)

    def __post_init__(self) -> None:
        """Something in the path reverses that player's promises."""
        super().__post_init__()
        reversed_ = sorted({rate.reverses for rate in self.path.rates if rate.reverses})
        if self.player not in reversed_:
            where = f"only those of {', '.join(reversed_)}" if reversed_ else "nobody's"
            message = f"nothing in {self.path.name} reverses its promises, {where}"
            raise BadInput(Fault("--commit", self.player, message))

    @property
    def asked(self) -> str:
        """A commitment, and whose."""
        return f"commitment of {self.player}"

    @property
    def shapes(self) -> Mapping[str, tuple[int, ...]]:
        """Values at the start and configurations by year, both without and with the commitment; the largest gain."""
        cast = self.model.cast
        return {"values": (2, len(cast)), "kinds": (2, len(self.path.years), len(kinds_of(cast).keys)), "gain": ()}

    def compute(self, chunk: int) -> Arrays:
        """The arrays of a piece, by name."""
        some = self.worlds.part(self.within(chunk))
        pair = [self.solved(worlds) for worlds in (some, self._bound(some))]
        return {
            "values": np.stack([at_start(one.start, one.solution.values[:, 0]) for one in pair]),
            "kinds": np.stack([one.ahead.kinds for one in pair]),
            "gain": np.full(some.count, max(one.largest_gain for one in pair)),
        }

    def _bound(self, worlds: Worlds) -> Worlds:
        """The same worlds in which nothing reverses the player's promises."""
        never = {rate.number.name: np.zeros(worlds.count) for rate in self.path.rates if rate.reverses == self.player}
        return Worlds(worlds.values, {**worlds.numbers, **never})


@dataclass(frozen=True, eq=False)
class Waits(Work):
    """What a player's play comes to, what each single action of it, and whether its suitor's offer moves it.

    The suitor is the United States for Russia and China, Russia for the United States.
    """

    player: str = field(kw_only=True)

    def __post_init__(self) -> None:
        """There is such a player, and it is free in every year."""
        super().__post_init__()
        if self.player not in self.model.cast.codes:
            raise BadInput(Fault("--wait", "", unknown("player", self.player, self.model.cast.codes)))
        if any(self.who in players for players in self.holds.values()):
            message = "goes against --wait, which asks what this player's freedom is worth"
            raise BadInput(Fault("--hold", self.player, message))

    @property
    def who(self) -> int:
        """The player's number."""
        return self.model.cast.player(self.player)

    @property
    def suitor(self) -> int:
        """The number of who makes it offers."""
        return RU if self.who == US else US

    @property
    def asked(self) -> str:
        """A wait, and whose."""
        return f"waiting of {self.player}"

    @property
    def shapes(self) -> Mapping[str, tuple[int, ...]]:
        """The value of its play, that of each constant action, the window by year; the largest gain."""
        return {
            "free": (),
            "constant": (self.model.cast.shape[self.who],),
            "window": (len(self.path.years),),
            "gain": (),
        }

    def compute(self, chunk: int) -> Arrays:
        """The arrays of a piece, by name."""
        solved = self.solved(self.worlds.part(self.within(chunk)))
        actions = range(self.model.cast.shape[self.who])
        return {
            "free": at_start(solved.start, solved.solution.values[self.who, 0]),
            "constant": np.stack([constant(solved, self.who, action) for action in actions]),
            "window": window(solved, self.who, self.suitor),
            "gain": np.full(solved.game.samples, solved.largest_gain),
        }


def constant(solved: Solved, who: int, action: int) -> Floats:
    """Value to a player, in each world, of one action for ever against the others' strategies as they are."""
    policy, size = solved.solution.policy, solved.game.actions
    stride = int(np.prod(size[who + 1 :]))
    others = policy.profiles - policy.profiles // stride % size[who] * stride
    mixed = list(policy.mixed)
    mixed[who] = np.zeros_like(mixed[who])
    mixed[who][action] = 1.0
    profiles = np.where(policy.profiles < 0, -1, others + action * stride)
    changed = certify(solved.game, Policy(profiles, policy.places, tuple(mixed)))
    return at_start(solved.start, changed.values[who, 0])


def window(solved: Solved, who: int, suitor: int) -> Floats:
    """By year and world, the probability that a player's action differs between being courted and being opposed."""
    game, later = solved.game, solved.solution.values
    actions = range(solved.kinds.cast.shape[suitor])
    courting = next(a for a in actions if stance(a, suitor, who) and not _other_stance(a, suitor, who))
    opposing = next(a for a in actions if not stance(a, suitor, who) and not _other_stance(a, suitor, who))
    states = np.repeat(np.arange(game.states), game.samples[0])
    result = np.empty((game.periods, game.samples[0]))
    for period in range(game.periods):
        worth = lookahead(game, period, later[:, period + 1])
        replies = [_reply(game, worth, who, suitor, action, states) for action in (courting, opposing)]
        differs = (replies[0] != replies[1]).reshape(game.states, -1)
        result[period] = at_start(np.ones(game.states), solved.ahead.states[period] * differs)
    return result


def _other_stance(action: int, player: int, target: int) -> int:
    other = next(i for i in POWERS if i not in (player, target))
    return stance(action, player, other)


def _reply(
    game: StagedGame, worth: Floats, who: int, suitor: int, action: int, states: NDArray[np.intp]
) -> NDArray[np.intp]:
    """A player's likeliest action in each state and world, its suitor held for one year."""
    keep = tuple(slice(action, action + 1) if i == suitor else slice(None) for i in range(len(game.actions)))
    left = (1 if i == suitor else count for i, count in enumerate(game.actions))
    flat = worth[(slice(None), *keep)].reshape(len(game.actions), *left, -1)
    chosen = choose(flat, RULES["margin"], states)
    actions = np.array(np.unravel_index(np.maximum(chosen.profiles, 0), flat.shape[1:-1])[who])
    actions[chosen.places] = chosen.mixed[who].argmax(axis=0)
    return actions
