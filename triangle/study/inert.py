r"""Changes that enter no comparison: what a scenario or ``--set`` changed without changing anybody's reasons.

A player i compares its payoffs :math:`u_i(\cdot, a_{-i})` at the same actions of the others. A change *enters* the
comparison at :math:`a_{-i}` when it adds to them what is not the same for all of its own actions. With the change taken
back and everything else as it is, a change is inert

* in the **game** when it enters no comparison of a free player, whatever the others do;
* **here** when it enters none at the postures that are stable with or without it;
* for the **reply** when it enters some of these, but what each free player loses there by its best deviation stays.

These are comparisons of what a player can do alone. A change by which two would leave a stable posture together
otherwise than before is not inert, whatever it enters.

The reason is derived, not guessed: a stance that is the same in all comparisons which the change enters and is another
where it is inert; where no single stance tells them apart, none is given.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from triangle.games.normal_form import TOLERANCE, losses
from triangle.players.axes import OTHERS, PAIRS, POWERS
from triangle.players.cast import Cast
from triangle.players.forms import DeviationField, PlayerField
from triangle.players.notation import Profile
from triangle.players.stances import pure_stances
from triangle.study.study import Floats, Study

Reach = Literal["game", "here", "reply"]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Stance:
    """A stance, or with `mutual` a link, that is what it is here and would have to be otherwise.

    Attributes
    ----------
    holds : bool
        Whether the first accommodates the second here, or the two are linked.
    """

    first: PlayerField
    second: PlayerField
    mutual: bool
    holds: bool

    def where(self, cast: Cast) -> Bools:
        """The profiles at which it is as here, ``[a_US, a_RU, a_CN]`` and actions of third parties."""
        s = pure_stances(len(cast.thirds))
        there = s.link(self.first, self.second) if self.mutual else s[self.first, self.second]
        return np.broadcast_to(there == float(self.holds), cast.shape)

    def concerns(self, player: int) -> bool:
        """Whether the player's own action has a part in it."""
        return player == self.first or (self.mutual and player == self.second)


@dataclass(frozen=True)
class Inert:
    """Changed parameters that are inert for one and the same reason.

    Attributes
    ----------
    parameters : tuple of str
    reach : {"game", "here", "reply"}
    because : tuple of Stance
        The stance that keeps the change out, or one for each player whose comparisons it enters elsewhere; empty where
        none was found, and none is needed for the game as a whole.
    moves : tuple of (int, int)
        For "reply": players and actions, none of them a best deviation, whose comparisons the change enters.
    is_all : bool
        Whether nothing else was changed.
    """

    parameters: tuple[str, ...]
    reach: Reach
    because: tuple[Stance, ...]
    moves: tuple[DeviationField, ...]
    is_all: bool


def inert_changes(study: Study) -> tuple[Inert, ...]:
    """What of the scenario's own changes, ``--set`` included, is inert in the study's game; all of it together is.

    Nothing is said where all players are held, since then nobody compares.

    Examples
    --------
    >>> from triangle.study.load import load
    >>> (found,) = inert_changes(load("baseline", settings={"relief": 1.0, "reversal_hazard": 0.0}, form="first"))
    >>> found.parameters, found.reach, [(s.first, s.second, s.holds) for s in found.because]
    (('relief', 'reversal_hazard'), 'here', [(0, 1, False)])
    """
    before: dict[str, float] = {}
    for change in study.scenario.changes:
        before.setdefault(change.parameter, change.base)
    values = study.scenario.values  # without what a third party chooses, which is nobody's change here
    before = {name: base for name, base in before.items() if name in values and base != values[name]}
    if len(study.hold) == len(study.cast):
        return ()
    kept: dict[str, float] = {}
    groups: dict[tuple[Reach, tuple[Stance, ...], tuple[tuple[int, int], ...]], list[str]] = {}
    for name, base in before.items():
        alone = _Undone(study, {name: base})
        # What is inert by itself may not be so together with another change, as in a product of two.
        if alone.reach is not None and _Undone(study, {**kept, name: base}).reach is not None:
            kept[name] = base
            groups.setdefault((alone.reach, alone.because, alone.moves), []).append(name)
    return tuple(Inert(tuple(names), *key, len(kept) == len(before)) for key, names in groups.items())


@dataclass(frozen=True)
class _Undone:
    """The study's game beside the one in which some changes are taken back."""

    study: Study
    before: Mapping[str, float]

    @cached_property
    def other(self) -> Study:
        """The game without the changes."""
        scenario = self.study.scenario
        return replace(self.study, scenario=replace(scenario, values=scenario.moved(self.before)))

    @cached_property
    def payoffs(self) -> Floats:
        """Payoffs without the changes."""
        return self.other.payoffs

    @cached_property
    def free(self) -> list[int]:
        return [player for player in range(len(self.study.cast)) if player not in self.study.hold]

    @cached_property
    def reachable(self) -> Bools:
        """The profiles in which the held players play their actions."""
        mask = np.zeros(self.study.cast.shape, dtype=bool)
        mask[tuple(self.study.hold.get(i, slice(None)) for i in range(len(self.study.cast)))] = True
        return mask

    @cached_property
    def entered(self) -> dict[int, Bools]:
        """For each free player the profiles whose others' actions make a comparison that the changes enter."""
        added = self.study.payoffs - self.payoffs
        return {i: self.reachable & (np.ptp(added[i], axis=i, keepdims=True) > TOLERANCE) for i in self.free}

    @cached_property
    def stable(self) -> list[Profile]:
        """The postures that are stable with or without the changes."""
        lost = [losses(payoffs)[self.free].min(axis=0) for payoffs in (self.study.payoffs, self.payoffs)]
        there = self.reachable & (np.maximum(*lost) >= -TOLERANCE)
        return [tuple(profile) for profile in np.argwhere(there).tolist()]

    @cached_property
    def reach(self) -> Reach | None:
        """How far the changes are inert; None where they are not."""
        found = self._reach_alone  # asked first, since agreements take longer to find
        return None if found is None or any(map(self._agreed_otherwise, self.stable)) else found

    @property
    def _reach_alone(self) -> Reach | None:
        """The same of what a player can do alone."""
        if not any(mask.any() for mask in self.entered.values()):
            return "game"
        if not self.stable:
            return None
        if not any(mask[profile] for mask in self.entered.values() for profile in self.stable):
            return "here"
        return None if self._best_differ() else "reply"

    def _agreed_otherwise(self, at: Profile) -> bool:
        """Whether two would leave a posture together otherwise than without the changes."""
        one, other = (study.finding(at).agreements for study in (self.study, self.other))
        return [(a.players, a.profile) for a in one] != [(a.players, a.profile) for a in other] or any(
            abs(a.trust - b.trust) > TOLERANCE for a, b in zip(one, other, strict=True)
        )

    def _best_differ(self) -> bool:
        one, other = losses(self.study.payoffs), losses(self.payoffs)
        return any(abs(one[(i, *at)] - other[(i, *at)]) > TOLERANCE for i in self.free for at in self.stable)

    @cached_property
    def moves(self) -> tuple[tuple[int, int], ...]:
        """For an inert reply: players and other actions whose comparison with the stable one changes."""
        if self.reach != "reply":
            return ()
        added = self.study.payoffs - self.payoffs
        found = (
            (i, action)
            for i in self.free
            for at in self.stable
            for action in range(self.study.cast.shape[i])
            if abs(added[(i, *at[:i], action, *at[i + 1 :])] - added[(i, *at)]) > TOLERANCE
        )
        return tuple(sorted(set(found)))

    @cached_property
    def because(self) -> tuple[Stance, ...]:
        """Why the changes are inert here: one stance for all players concerned, or one for each."""
        if self.reach != "here":
            return ()
        touched = [i for i in self.free if self.entered[i].any()]
        one = self._stance(touched)
        each = [one] if one else [self._stance([i]) for i in touched]
        found = [stance for stance in each if stance is not None]
        return tuple(dict.fromkeys(found)) if len(found) == len(each) else ()

    def _stance(self, players: Sequence[int]) -> Stance | None:
        """A stance as it is at all stable postures and at no comparison of these players that the changes enter."""
        for stance in _stances():
            if any(stance.concerns(i) for i in players):
                continue
            where = stance.where(self.study.cast)
            kept_out = not any((self.entered[i] & where).any() for i in players)
            if kept_out and all(where[at] for at in self.stable):
                return stance
        return None


def _stances() -> Iterator[Stance]:
    """All stances, then all links, each as held and as not."""
    for holds in (False, True):
        yield from (Stance(i, j, False, holds) for i in POWERS for j in OTHERS[i])
    for holds in (False, True):
        yield from (Stance(i, j, True, holds) for i, j in PAIRS)
