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
from functools import lru_cache
from math import prod

import numpy as np

from triangle.games.bitboards import BITS, Masks, pack
from triangle.games.normal_form import Bools, Floats
from triangle.games.staged import Addend, Cells, Ints
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

    def within(self, cells: Cells) -> Within:
        """Some cells, or all, in which profiles are looked up."""
        places = tuple(tuple(part.places(cells) for part in own) for own in self.parts)
        return Within(self, np.arange(prod(self.shape))[cells], places)


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

    def of(self, places: Ints) -> Within:
        """Some of the cells."""
        return Within(self.stages, self.cells[places], tuple(tuple(x[places] for x in own) for own in self.places))

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
    values : list of arrays, shape (cells,)
        What it is worth to each player; without meaning where there is none.
    """

    profiles: Ints
    count: Ints
    values: list[Floats]


def largest_margin(stages: Stages, tolerance: float) -> Largest:
    """The pure equilibrium of largest margin in every cell, the first in order of profile where margins tie.

    Parameters
    ----------
    tolerance : float
        Largest gain by deviating that counts as none, in units of payoff.
    """
    sets, doubt, rough = _candidates(stages, tolerance)
    count = np.bitwise_count(sets).astype(np.intp)
    profiles = np.where(count > 0, _lowest(sets), -1)
    several = np.flatnonzero((count > 1) & ~doubt)
    profiles[several], close = _foremost(rough, sets[several], several)
    doubt[several[close]] = True
    unsure = np.flatnonzero(doubt)
    if unsure.size:
        profiles[unsure], count[unsure] = _exactly(stages.within(unsure), sets[unsure], tolerance)
    everywhere, played = stages.within(slice(None)), np.maximum(profiles, 0)
    return Largest(profiles, count, [everywhere.at(player, played) for player in range(len(stages.actions))])


def _foremost(rough: tuple[Leads, ...], sets: Masks, cells: Ints) -> tuple[Ints, Bools]:
    """Of each set of equilibria the one of largest margin, and whether another one's may be as large."""
    profiles, most, second = _lowest(sets), np.full(cells.shape, -np.inf), np.full(cells.shape, -np.inf)
    places, left = np.arange(cells.size), sets
    while places.size:
        found = _lowest(left)
        margin, before = np.min([lead.at(found, cells[places]) for lead in rough], axis=0), most[places]
        profiles[places] = np.where(margin > before, found, profiles[places])
        most[places] = np.maximum(before, margin)
        second[places] = np.maximum(second[places], np.minimum(before, margin))
        left = left & (left - np.uint64(1))
        places, left = places[left != 0], left[left != 0]
    return profiles, most - second <= 3.0 * max((lead.error for lead in rough), default=0.0)


def _exactly(games: Within, sets: Masks, tolerance: float) -> tuple[Ints, Ints]:
    """Of sets that hold all equilibria the equilibrium of largest margin, −1 where there is none, and their number."""
    turns, size = _turns(games.stages.actions, games.stages.free), sets.size
    profiles, count = np.full(size, -1, dtype=np.intp), np.zeros(size, dtype=np.intp)
    most, places, left = np.full(size, -np.inf), np.flatnonzero(sets), sets[sets != 0]
    while places.size:
        found = _lowest(left)
        margin, stable = _judged(games.of(places), turns, found, tolerance)
        count[places] += stable
        better = stable & (margin > most[places])
        most[places[better]], profiles[places[better]] = margin[better], found[better]
        left = left & (left - np.uint64(1))
        places, left = places[left != 0], left[left != 0]
    return profiles, count


def _lowest(sets: Masks) -> Ints:
    """The first profile of each set; the first of all where there is none."""
    found = np.bitwise_count((sets & -sets) - np.uint64(1))
    return (found & np.uint8(BITS - 1)).astype(np.intp)


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


def _candidates(stages: Stages, tolerance: float) -> tuple[Masks, Bools, tuple[Leads, ...]]:
    """Sets of profiles, a cell, that hold every equilibrium; where they may hold others; and what leads how far."""
    possible = np.zeros((prod(stages.actions), *stages.shape), dtype=bool)
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
    possible[list(alive)] = True
    doubt, found = np.zeros(stages.shape, dtype=bool), []
    for one in compared:
        found.append(one.across(alive, possible, doubt))
        alive = {profile for profile in alive if possible[profile].any()}
    return pack(possible.reshape(len(possible), -1)), doubt.reshape(-1), tuple(found)
