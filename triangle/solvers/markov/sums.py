r"""The equilibrium of largest margin in every stage game of a period, without writing down its payoffs.

What a profile is worth is a sum: payoffs of now in parts that vary along few axes, and the value of later, which is the
same for all profiles of one **kind**, those by which the state moves alike:

.. math:: Q_i(a; s) = (1 - \delta_i) \sum_p u_{i,p}(a; s) + L_i(k(a); s).

A player compares its own actions. Those of one kind differ by their parts alone, on the axes of these; of two kinds the
best are compared, by a row for each pair of kinds that all of the others' profiles share:

.. math:: \max_{k(a) = k} u_i(a) - \max_{k(a) = l} u_i(a) \ge L_i(l) - L_i(k) - \text{slack}.

The slack is the tolerance and more than what rounding makes of any of these sums. So whatever is an equilibrium is
kept, and of what is kept, a few profiles a game, payoffs are added up one by one in the order in which they are
elsewhere: equilibria, margins and values are those of :func:`triangle.solvers.markov.stage.choose` to the bit.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import prod

import numpy as np

from triangle.games.bitboards import BITS, Masks, pack
from triangle.games.normal_form import Bools, Floats
from triangle.games.staged import Addend, Cells, Ints

#: What rounding makes of a comparison of two sums at most, as a share of the largest that addends can come to.
ROUNDING = 2.0**-44


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
    kind_of : array of int, shape (profiles,)
    free : tuple of tuples of int
        Actions that each player may take; one where it is held.
    """

    actions: tuple[int, ...]
    shape: tuple[int, ...]
    parts: tuple[tuple[Addend, ...], ...]
    later: tuple[Floats, ...]
    kind_of: Ints
    free: tuple[tuple[int, ...], ...]

    @property
    def numbers(self) -> Ints:
        """Numbers of all profiles, shaped as the actions."""
        return np.arange(prod(self.actions)).reshape(self.actions)

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
            total += later.reshape(-1)[(self.stages.kind_of * later[0].size)[profiles] + self.cells]
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
    left, turns = _candidates(stages, tolerance), _turns(stages)
    profiles = _lowest(left)
    margins, stable, values = _judged(stages.within(slice(None)), turns, profiles, tolerance)
    stable &= left != 0
    margins[~stable] = -np.inf
    found = Largest(np.where(stable, profiles, -1), stable.astype(np.intp), values)
    left &= left - np.uint64(left != 0)
    cells = np.flatnonzero(left)
    while cells.size:
        sets = left[cells]
        profiles = _lowest(sets)
        margin, stable, worth = _judged(stages.within(cells), turns, profiles, tolerance)
        found.count[cells] += stable
        better = np.flatnonzero(stable & (margin > margins[cells]))
        there = cells[better]
        margins[there], found.profiles[there] = margin[better], profiles[better]
        for own, new in zip(values, worth, strict=True):
            own[there] = new[better]
        sets &= sets - np.uint64(1)
        left[cells] = sets
        cells = cells[sets != 0]
    return found


def _lowest(sets: Masks) -> Ints:
    """The first profile of each set; the first of all where there is none."""
    found = np.bitwise_count((sets & -sets) - np.uint64(1))
    return (found % BITS).astype(np.intp)


def _turns(stages: Stages) -> list[list[Ints]]:
    """For each player and each step round its free actions, the profile that it turns each profile into."""
    turns: list[list[Ints]] = []
    for player, own in enumerate(stages.free):
        rows = np.moveaxis(stages.numbers, player, 0)
        turns.append([])
        for step in range(1, len(own)):
            turned = rows.copy()
            turned[list(own)] = rows[np.roll(own, -step)]
            turns[-1].append(np.moveaxis(turned, 0, player).reshape(-1))
    return turns


def _judged(
    games: Within, turns: list[list[Ints]], profiles: Ints, tolerance: float
) -> tuple[Floats, Bools, list[Floats]]:
    """Margin of a profile a cell, whether it is an equilibrium, and what it is worth to each player."""
    margin, stable, values = np.full(profiles.shape, np.inf), np.ones(profiles.shape, dtype=bool), []
    for player, steps in enumerate(turns):
        kept = games.at(player, profiles)
        values.append(kept)
        if steps:
            other = games.at(player, steps[0][profiles])
            for step in steps[1:]:
                np.maximum(other, games.at(player, step[profiles]), out=other)
            np.minimum(margin, kept - other, out=margin)
            stable &= kept >= np.maximum(kept, other) - tolerance
    return margin, stable, values


# --- What may be an equilibrium ------------------------------------------------------------------------------------


def _candidates(stages: Stages, tolerance: float) -> Masks:
    """Sets of profiles, a cell, that hold every equilibrium and little else."""
    possible = np.zeros((prod(stages.actions), *stages.shape), dtype=bool)
    possible[stages.playable.reshape(-1)] = True
    for player, own in enumerate(stages.free):
        if len(own) > 1:
            slack = tolerance + ROUNDING * _size(stages, player)
            gaps = _Gaps(stages.later[player] if stages.later else None, slack)
            for group in np.moveaxis(stages.playable, player, -1).reshape(-1, len(own)):
                _compare(stages, player, group, gaps, slack, possible)
    return pack(possible.reshape(len(possible), -1))


def _size(stages: Stages, player: int) -> float:
    """The largest number that addends of a player's payoffs can come to."""
    rows = [np.abs(part.rows).max() for part in stages.parts[player]]
    return float(sum(rows) + (max(np.abs(row).max() for row in stages.later[player]) if stages.later else 0.0))


class _Gaps:
    """What a profile of one kind may fall short of one of another kind now, as later makes up for it, by cell."""

    def __init__(self, later: Floats | None, slack: float):
        self._later, self._slack = later, slack
        self._known: dict[tuple[int, int], tuple[Floats, Floats]] = {}
        self.scratch = None if later is None else np.empty((2, *later.shape[1:]), dtype=bool)

    def of(self, kind: int, other: int) -> tuple[Floats, Floats]:
        """The least difference of now at which the first kind may be played, and the largest at which the other may."""
        if (kind, other) not in self._known:
            assert self._later is not None
            gap = self._later[other] - self._later[kind]
            self._known[kind, other] = gap - self._slack, gap + self._slack
        return self._known[kind, other]


def _compare(stages: Stages, player: int, group: Ints, gaps: _Gaps, slack: float, possible: Bools) -> None:
    """Strike out of `possible` what a player does not play among profiles that differ by its own action alone."""
    parts = [part for part in stages.parts[player] if len(set(part.row_of[group].tolist())) > 1]
    worth = [sum((part.row(profile) for part in parts), np.zeros(1)) for profile in group]
    best: dict[int, Floats] = {}
    kinds = stages.kind_of[group].tolist() if stages.later else [0] * len(group)
    for kind in dict.fromkeys(kinds):
        same = [x for x, own in zip(worth, kinds, strict=True) if own == kind]
        best[kind] = same[0]
        for x in same[1:]:
            best[kind] = np.maximum(best[kind], x)
        if len(same) > 1:
            for profile, x, own in zip(group, worth, kinds, strict=True):
                if own == kind:
                    possible[profile] &= x >= best[kind] - slack
    for kind, other in combinations(sorted(best), 2):
        low, high = gaps.of(kind, other)
        now = best[kind] - best[other]
        stays, others = np.greater_equal(now, low, out=gaps.scratch[0]), np.less_equal(now, high, out=gaps.scratch[1])
        for profile, own in zip(group, kinds, strict=True):
            if own in (kind, other):
                possible[profile] &= stays if own == kind else others
