r"""What may be an equilibrium of the stage games of a period, and how far it leads, in single precision with a bound.

A player compares its own actions while the others' stand. Profiles of one kind, by which the state moves alike, differ
by their parts alone, on the axes of these; of two kinds the best are compared, by a row of later for each pair that all
of the others' profiles share:

.. math:: \max_{k(a) = k} u_i(a) - \max_{k(a) = l} u_i(a) \ge L_i(l) - L_i(k) .

All this is done in single precision, which halves the memory that goes through the processor. With :math:`M` the
largest number that a player's :math:`p` addends of now and its value of later can come to, a sum of now is off by
:math:`p M\,2^{-24}` at most, and the difference of two sums, that of later and the **lead** of one kind over the other,
which is the difference of these, come to :math:`2M` each or :math:`4M` in all; so that a lead is off by no more than
:math:`(2 p + 4) M\,2^{-24}`, and by one more of these units with what double precision and products of errors make. A
profile is struck out where it falls short by more than the error and the tolerance, so that whatever is an equilibrium
is kept; where two actions of a player are closer than that, the game is in **doubt**. Of a game that is not in doubt
the equilibria are kept and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triangle.games.normal_form import Bools, Floats
from triangle.games.staged import Addend, Ints, places_of

#: What rounding to single precision makes of a number, as a share of it.
_ROUNDING = 2.0**-24
#: Payoffs between which single precision compares; beyond, double precision does.
_SMALLEST, _LARGEST = 2.0**-100, 2.0**100


@dataclass(frozen=True)
class _Kind:
    """Profiles of one kind within a group: their places there, and the row of the lead of the best of them."""

    number: int
    places: tuple[int, ...]
    row: int


@dataclass(frozen=True)
class _Group:
    """Profiles that differ by one player's own action alone.

    Attributes
    ----------
    profiles : tuple of int
    parts : tuple of int
        The parts of the player's payoffs that are not the same at all of them.
    kinds : tuple of _Kind
    pairs : tuple of (row, _Kind, _Kind)
        Kinds two by two, and the row of the lead of the first over the second.
    """

    profiles: tuple[int, ...]
    parts: tuple[int, ...]
    kinds: tuple[_Kind, ...]
    pairs: tuple[tuple[int, _Kind, _Kind], ...]


@dataclass(frozen=True, eq=False)
class _Plan:
    """What a player compares, which is the same in most periods.

    Attributes
    ----------
    groups : tuple of _Group
    among : array of int, shape (profiles,)
        The row of each profile's lead over others of its kind; the first row is of those that have none.
    over, sign : arrays, shape (kinds beside one's own, profiles)
        The rows of its kind's leads over others, and whether the lead is its own (1) or the other's (−1).
    """

    groups: tuple[_Group, ...]
    among: Ints
    over: Ints
    sign: NDArray[np.float32]


@lru_cache(maxsize=64)
def _plan(
    playable: bytes, shape: tuple[int, ...], player: int, kind_of: tuple[int, ...], rows: tuple[tuple[int, ...], ...]
) -> _Plan:
    """The plan of a player; `playable` are the numbers of the profiles that may be played, as bytes of a shape."""
    numbers = np.moveaxis(np.frombuffer(playable, dtype=np.intp).reshape(shape), player, -1)
    groups, alike, several = list[_Group](), 0, 0
    for profiles in numbers.reshape(-1, shape[player]).tolist():
        kinds = list[_Kind]()
        for kind in sorted({kind_of[profile] for profile in profiles}):
            places = tuple(n for n, profile in enumerate(profiles) if kind_of[profile] == kind)
            alike += len(places) > 1
            kinds.append(_Kind(kind, places, alike if len(places) > 1 else 0))
        pairs = tuple((several + n, *two) for n, two in enumerate(combinations(kinds, 2), start=1))
        several += len(pairs)
        parts = tuple(n for n, row_of in enumerate(rows) if len({row_of[profile] for profile in profiles}) > 1)
        groups.append(_Group(tuple(profiles), parts, tuple(kinds), pairs))
    return _tabled(tuple(groups), len(kind_of))


def _tabled(groups: tuple[_Group, ...], profiles: int) -> _Plan:
    """The plan with the rows of each profile."""
    others = max(len(group.kinds) for group in groups) - 1
    among, over = np.zeros(profiles, dtype=np.intp), np.zeros((others, profiles), dtype=np.intp)
    sign = np.ones((others, profiles), dtype=np.float32)
    for group in groups:
        numbers = np.array(group.profiles)
        for kind in group.kinds:
            among[numbers[list(kind.places)]] = kind.row
        for row, one, other in group.pairs:
            first, second = group.kinds.index(one), group.kinds.index(other)
            over[second - 1, numbers[list(one.places)]] = over[first, numbers[list(other.places)]] = row
            sign[first, numbers[list(other.places)]] = -1
    return _Plan(groups, among, over, sign)


@dataclass(frozen=True, eq=False)
class Leads:
    """How far each profile leads over what one player could play instead, where it is the best of its kind.

    Attributes
    ----------
    error : float
        How far a lead may be off.
    """

    error: float
    _plan: _Plan
    _places: Ints
    _among: NDArray[Any]
    _over: NDArray[Any]

    def at(self, profiles: Ints, cells: Ints) -> NDArray[Any]:
        """The least lead of a profile, one a cell."""
        plan, size = self._plan, self._among[0].size
        least = self._among.reshape(-1).take((plan.among * size).take(profiles) + self._places.take(cells))
        for rows, signs in zip(plan.over * self._over[0].size, plan.sign, strict=True):
            lead = self._over.reshape(-1).take(rows.take(profiles) + cells)
            lead *= signs.take(profiles)
            np.minimum(least, lead, out=least)
        return least


class Comparison:
    """A player's comparisons of its own actions in the stage games of a period.

    Parameters
    ----------
    player : int
    parts : tuple of Addend
        Its payoffs of now.
    later : array, shape (kinds, *shape), or None
        Its value of later by kind.
    most : float
        No number of `later` is larger.
    kind_of : array of int, shape (profiles,)
    playable : array of int
        Numbers of the profiles that may be played, shaped as the actions that are free.
    tolerance : float
        Largest gain by deviating that counts as none.
    """

    def __init__(
        self,
        player: int,
        parts: tuple[Addend, ...],
        later: Floats | None,
        most: float,
        kind_of: Ints,
        playable: Ints,
        tolerance: float,
    ):
        size = most + float(sum(max(part.rows.max(), -part.rows.min()) for part in parts))
        dtype = np.float32 if _SMALLEST < size < _LARGEST else np.float64
        kinds = tuple(kind_of.tolist()) if later is not None else (0,) * len(kind_of)
        rows = tuple(tuple(part.row_of.tolist()) for part in parts)
        self._plan = _plan(playable.tobytes(), playable.shape, player, kinds, rows)
        self._row_of, self._rows = rows, [part.rows.astype(dtype, copy=False) for part in parts]
        self._shape, self._axes = parts[0].shape, np.broadcast_shapes(*(part.rows.shape[1:] for part in parts))
        self._error = (2 * len(parts) + 5) * _ROUNDING * size
        self._later, self._slack = later, tolerance + self._error
        self._among = np.empty((1 + int(self._plan.among.max()), *self._axes), dtype)
        self._over = np.empty((1 + int(self._plan.over.max(initial=0)), *self._shape), dtype)
        self._among[0] = self._over[0] = np.inf
        self._best: dict[int, list[NDArray[Any]]] = {}
        self._stays: dict[int, Bools] = {}
        self._close = np.zeros(self._axes, dtype=bool)
        self._gaps: dict[tuple[int, int], NDArray[Any]] = {}

    @property
    def cost(self) -> int:
        """Numbers on the axes along which payoffs of now vary."""
        return prod(self._axes)

    def alike(self, alive: set[int]) -> None:
        """Compare profiles of one kind; those that fall short everywhere are taken out of `alive`."""
        for place, group in enumerate(self._plan.groups):
            if not alive.isdisjoint(group.profiles):
                now = [self._now(group, profile) for profile in group.profiles]
                self._best[place] = [self._best_of(group, kind, now) for kind in group.kinds]
        alive -= {profile for profile, stays in self._stays.items() if not stays.any()}

    def across(self, alive: set[int], possible: Bools, doubt: Bools) -> Leads:
        """Compare kinds; strikes out of `possible` what of `alive` is not played, and notes what is in `doubt`."""
        stays, others = np.empty((2, *self._shape), dtype=bool)
        for place, group in enumerate(self._plan.groups):
            if alive.isdisjoint(group.profiles):
                continue
            best = dict(zip(group.kinds, self._best[place], strict=True))
            for row, one, other in group.pairs:
                gap = self._gap(one.number, other.number)
                lead = np.subtract(best[one] - best[other], gap, out=self._over[row])
                np.greater_equal(lead, -self._slack, out=stays)
                np.less_equal(lead, self._slack, out=others)
                for kind, left in ((one, stays), (other, others)):
                    for profile in alive.intersection(group.profiles[n] for n in kind.places):
                        possible[profile] &= left
                stays &= others
                doubt |= stays
        for profile in alive.intersection(self._stays):
            possible[profile] &= self._stays[profile]
        doubt |= self._close
        return Leads(self._error, self._plan, places_of(self._axes, self._shape), self._among, self._over)

    def _now(self, group: _Group, profile: int) -> NDArray[Any]:
        """What a profile is worth now, but for what is the same at all of its group."""
        rows = [self._rows[n][self._row_of[n][profile]] for n in group.parts] or [np.zeros(1, self._over.dtype)]
        return sum(rows[1:], rows[0])

    def _best_of(self, group: _Group, kind: _Kind, now: list[NDArray[Any]]) -> NDArray[Any]:
        """The best of a kind; notes what does not fall short of it."""
        best, *others = (now[place] for place in kind.places)
        if not others:
            return best
        second = np.minimum(best, others[0])
        best = np.maximum(best, others[0])
        for worth in others[1:]:
            best, second = np.maximum(best, worth), np.maximum(second, np.minimum(best, worth))
        self._among[kind.row] = lead = best - second
        self._close |= lead <= self._slack
        least = best - self._slack
        self._stays |= {group.profiles[place]: now[place] >= least for place in kind.places}
        return best

    def _gap(self, kind: int, other: int) -> NDArray[Any]:
        """By how much later makes up for what a profile of one kind falls short of one of another now, by cell."""
        if (kind, other) not in self._gaps:
            assert self._later is not None
            gap = self._later[other] - self._later[kind]
            self._gaps[kind, other] = gap.astype(self._over.dtype, copy=False)
        return self._gaps[kind, other]
