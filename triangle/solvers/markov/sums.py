r"""The equilibrium of largest margin in every stage game of a period, without writing down its payoffs.

What a profile is worth is a sum: payoffs of now in parts that vary along few axes, and the value of later, which is the
same for all profiles of one **kind**, those by which the state moves alike:

.. math:: Q_i(a; s) = (1 - \delta_i) \sum_p u_{i,p}(a; s) + L_i(k(a); s).

What are the equilibria of nearly all games, and which of them has the largest margin, is found in single precision
(:mod:`triangle.solvers.markov.leads`). Where a bound on its errors leaves that open, payoffs of the few profiles in
question are added up one by one, in the order in which they are elsewhere, and so they are of what is played:
equilibria, choices and values are those of :func:`triangle.solvers.markov.stage.choose` to the bit.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, reduce
from math import prod

import numpy as np

from triangle.games.normal_form import Bools, Floats
from triangle.games.staged import Addend, Ints
from triangle.solvers.markov.leads import Comparison, Leads


@dataclass(frozen=True, eq=False)
class Stages:
    """The stage games of one period as sums.

    Attributes
    ----------
    actions : tuple of int
    shape : tuple of int
        Levels of the state variables, then the samples; a **cell** is a place in the flattened shape.
    parts : tuple of tuples of Addend
        Of each player, in the order in which they are added up.
    later : tuple of arrays, shape (kinds, *shape)
        Of each player the value of later by kind; empty where nothing comes later.
    most : tuple of float
        No number of each player's later is larger; empty where nothing comes later.
    kind_of : array of int, shape (profiles,)
    free : tuple of tuples of int
        Actions that each player may take; one where it is held.
    """

    actions: tuple[int, ...]
    shape: tuple[int, ...]
    parts: tuple[tuple[Addend, ...], ...]
    later: tuple[Floats, ...]
    most: tuple[float, ...]
    kind_of: Ints
    free: tuple[tuple[int, ...], ...]

    @property
    def numbers(self) -> Ints:
        """Numbers of all profiles, shaped as the actions."""
        return np.arange(prod(self.actions)).reshape(self.actions)

    @property
    def ahead(self) -> list[tuple[Floats | None, float]]:
        """Of each player the value of later, and a number that is no smaller."""
        return list(zip(self.later, self.most, strict=True)) if self.later else [(None, 0.0)] * len(self.actions)

    @property
    def playable(self) -> Ints:
        """Numbers of the profiles that may be played, shaped as the actions that are free."""
        return self.numbers[np.ix_(*self.free)]

    def everywhere(self, player: int, profile: int) -> Floats:
        """What a profile is worth to a player in all cells, on axes that broadcast to theirs."""
        first, *others = (part.row(profile) for part in self.parts[player])
        return sum(others, first + self.later[player][self.kind_of[profile]] if self.later else first)

    def within(self, cells: Ints) -> Within:
        """Some cells, in which profiles are looked up."""
        return Within(self, cells, tuple(tuple(part.places(cells) for part in own) for own in self.parts))


@dataclass(frozen=True, eq=False)
class Within:
    """Stage games in some cells, and where these are in the rows of each part of each player."""

    stages: Stages
    cells: Ints
    places: tuple[tuple[Ints, ...], ...]

    def at(self, player: int, profiles: Ints) -> Floats:
        """What profiles are worth to a player; they broadcast with the cells."""
        parts, places = self.stages.parts[player], self.places[player]
        total = parts[0].at(profiles, places[0])
        if self.stages.later:
            later = self.stages.later[player]
            total += later.reshape(-1).take((self.stages.kind_of * later[0].size).take(profiles) + self.cells)
        for part, there in zip(parts[1:], places[1:], strict=True):
            total += part.at(profiles, there)
        return total

    def games(self) -> Floats:
        """Payoffs, shape (n, ...free actions, cells)."""
        some = self.stages.playable[..., None]
        return np.stack([self.at(player, some) for player in range(len(self.places))])


@dataclass(frozen=True, eq=False)
class Largest:
    """The equilibrium of largest margin in each cell.

    Attributes
    ----------
    profiles : array of int, shape (cells,)
        −1 where there is no pure equilibrium.
    count : array of int, shape (cells,)
        Number of pure equilibria.
    values : array, shape (n, cells)
        What it is worth to each player; without meaning where there is none.
    """

    profiles: Ints
    count: Ints
    values: Floats


def largest_margin(stages: Stages, tolerance: float) -> Largest:
    """The pure equilibrium of largest margin in every cell, the first in order of profile where margins tie.

    Parameters
    ----------
    tolerance : float
        Largest gain by deviating that counts as none, in units of payoff.
    """
    possible, doubt, rough = _candidates(stages, tolerance)
    profiles, count, close = _foremost(possible, rough, stages.shape)
    unsure = np.flatnonzero(doubt | close)
    if unsure.size:
        profiles[unsure], count[unsure] = _exactly(stages, possible, unsure, tolerance)
    return Largest(profiles, count, _worth(stages, np.maximum(profiles, 0)))


def _worth(stages: Stages, profiles: Ints) -> Floats:
    """What a profile a cell is worth to each player, shape (n, cells)."""
    # What most cells play is looked up everywhere, in whole rows, and the others' one by one.
    most = int(np.bincount(profiles).argmax())
    others = np.flatnonzero(profiles != most)
    values, apart = np.empty((len(stages.actions), *stages.shape)), stages.within(others)
    for player, value in enumerate(values):
        value[...] = stages.everywhere(player, most)
        value.reshape(-1)[others] = apart.at(player, profiles[others])
    return values.reshape(len(values), -1)


def _foremost(possible: dict[int, Bools], rough: tuple[Leads, ...], shape: tuple[int, ...]) -> tuple[Ints, Ints, Bools]:
    """The possible profile of largest margin in each cell, how many there are, and whether another's may be as large.

    It is -1 where none is possible.
    """
    profiles, count = np.full(shape, -1, dtype=np.int8), np.zeros(shape, dtype=np.int8)
    most = second = np.full(shape, -np.inf, dtype=np.float32)
    for profile, there in possible.items():
        least = reduce(np.minimum, (lead.of(profile) for lead in rough), np.float32(np.inf))
        margin = np.where(there, least, np.float32(-np.inf))
        np.copyto(profiles, profile, where=margin > most)
        most, second = np.maximum(most, margin), np.maximum(second, np.minimum(most, margin))
        count += there
    close = (count > 1) & (most <= second + 3.0 * max((lead.error for lead in rough), default=0.0))
    return profiles.reshape(-1).astype(np.intp), count.reshape(-1).astype(np.intp), close.reshape(-1)


def _exactly(stages: Stages, possible: dict[int, Bools], cells: Ints, tolerance: float) -> tuple[Ints, Ints]:
    """The equilibrium of largest margin in some cells, −1 where there is none, and their number; all are possible."""
    there = np.array([there.reshape(-1)[cells] for there in possible.values()]).reshape(len(possible), cells.size)
    games, place = np.nonzero(there.T)
    profiles = np.array(list(possible), dtype=np.intp)[place]
    margin, stable = _judged(stages.within(cells[games]), _turns(stages.actions, stages.free), profiles, tolerance)
    games, profiles, margin = games[stable], profiles[stable], margin[stable]
    most, found = np.full(cells.size, -np.inf), np.full(cells.size, -1)
    np.maximum.at(most, games, margin)
    # Of those that tie the first is written last.
    best = np.flatnonzero(margin == most[games])[::-1]
    found[games[best]] = profiles[best]
    return found, np.bincount(games, minlength=cells.size)


@lru_cache(maxsize=16)
def _turns(actions: tuple[int, ...], free: tuple[tuple[int, ...], ...]) -> list[list[Ints]]:
    """For each player and each step round its free actions, the profile that it turns each profile into."""
    numbers = np.arange(prod(actions)).reshape(actions)
    turns: list[list[Ints]] = []
    for player, own in enumerate(free):
        rows = np.moveaxis(numbers, player, 0)
        turns.append([])
        for step in range(1, len(own)):
            turned = rows.copy()
            turned[list(own)] = rows[np.roll(own, -step)]
            turns[-1].append(np.moveaxis(turned, 0, player).reshape(-1))
    return turns


def _judged(games: Within, turns: list[list[Ints]], profiles: Ints, tolerance: float) -> tuple[Floats, Bools]:
    """Margin of a profile a cell, and whether it is an equilibrium."""
    margin, stable = np.full(profiles.shape, np.inf), np.ones(profiles.shape, dtype=bool)
    for player, steps in enumerate(turns):
        if steps:
            kept = games.at(player, profiles)
            other = games.at(player, steps[0][profiles])
            for step in steps[1:]:
                np.maximum(other, games.at(player, step[profiles]), out=other)
            np.minimum(margin, kept - other, out=margin)
            stable &= kept >= np.maximum(kept, other) - tolerance
    return margin, stable


def _candidates(stages: Stages, tolerance: float) -> tuple[dict[int, Bools], Bools, tuple[Leads, ...]]:
    """Where each profile may be an equilibrium; cells where it may be none all the same; and what leads how far."""
    compared = [
        Comparison(player, stages.parts[player], *later, stages.kind_of, stages.playable, tolerance)
        for player, (own, later) in enumerate(zip(stages.free, stages.ahead, strict=True))
        if len(own) > 1
    ]
    # What varies little comes first: what it strikes out everywhere is not asked about any more.
    compared.sort(key=lambda one: one.cost)
    alive = set(stages.playable.reshape(-1).tolist())
    for one in compared:
        one.alike(alive)
    possible = {profile: np.ones(stages.shape, dtype=bool) for profile in sorted(alive)}
    doubt, found = np.zeros(stages.shape, dtype=bool), []
    for one in compared:
        found.append(one.across(set(possible), possible, doubt))
        possible = {profile: there for profile, there in possible.items() if there.any()}
    return possible, doubt.reshape(-1), tuple(found)
