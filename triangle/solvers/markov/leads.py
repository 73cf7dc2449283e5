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
profile is struck out where it falls short by more than the error and the tolerance, rounded up, so that whatever is an
equilibrium is kept; where two actions of a player are closer than that, the game is in **doubt**. Of a game that is not
in doubt the equilibria are kept and nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from itertools import combinations
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triangle.games.normal_form import Bools, Floats
from triangle.games.staged import Addend, Ints

#: What rounding to single precision makes of a number, as a share of it.
_ROUNDING = 2.0**-24
#: Payoffs between which single precision compares; beyond, double precision does.
_SMALLEST, _LARGEST = 2.0**-100, 2.0**100


@dataclass(frozen=True)
class _Kind:
    """Profiles of one kind within a group, and the row of the lead of the best of them, 0 where there is but one."""

    number: int
    profiles: tuple[int, ...]
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


@dataclass
class _Rows:
    """Of one profile the row of its kind's lead, 0 where there is none, and those of its kind over others or below."""

    among: int
    over: list[int]
    below: list[int]


@dataclass(frozen=True, eq=False)
class _Plan:
    """What a player compares, which is the same in most periods: groups, the rows of each profile, and their number."""

    groups: tuple[_Group, ...]
    rows: dict[int, _Rows]
    among: int
    over: int


@lru_cache(maxsize=64)
def _plan(playable: bytes, shape: tuple[int, ...], player: int, kind_of: bytes, rows: tuple[bytes, ...]) -> _Plan:
    """The plan of a player; profiles that may be played, kinds and rows of parts are the bytes of their numbers."""
    numbers = np.moveaxis(np.frombuffer(playable, dtype=np.intp).reshape(shape), player, -1)
    kinds_of, *rows_of = (np.frombuffer(some, dtype=np.intp).tolist() for some in (kind_of, *rows))
    groups, found, alike, several = list[_Group](), dict[int, _Rows](), 0, 0
    for profiles in numbers.reshape(-1, shape[player]).tolist():
        kinds = list[_Kind]()
        for number in sorted({kinds_of[profile] for profile in profiles}):
            some = tuple(profile for profile in profiles if kinds_of[profile] == number)
            alike += len(some) > 1
            kinds.append(_Kind(number, some, alike if len(some) > 1 else 0))
            found |= {profile: _Rows(kinds[-1].row, [], []) for profile in some}
        pairs = tuple((several + n, *two) for n, two in enumerate(combinations(kinds, 2)))
        several += len(pairs)
        for row, one, other in pairs:
            for profile in one.profiles:
                found[profile].over.append(row)
            for profile in other.profiles:
                found[profile].below.append(row)
        parts = tuple(n for n, row_of in enumerate(rows_of) if len({row_of[profile] for profile in profiles}) > 1)
        groups.append(_Group(tuple(profiles), parts, tuple(kinds), pairs))
    return _Plan(tuple(groups), found, 1 + alike, several)


@dataclass(frozen=True, eq=False)
class Leads:
    """How far each profile leads over what one player could play instead, where it is the best of its kind.

    Attributes
    ----------
    error : float
        How far a lead may be off.
    """

    error: float
    _rows: dict[int, _Rows]
    _among: NDArray[Any]
    _over: NDArray[Any]

    def of(self, profile: int) -> NDArray[Any]:
        """The least lead of a profile in all cells, on axes that broadcast to theirs."""
        rows = self._rows[profile]
        over, below = (self._over[row] for row in rows.over), (-self._over[row] for row in rows.below)
        return reduce(np.minimum, (*over, *below), self._among[rows.among])


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
        # Python's own numbers, for one of numpy's would have everything that is compared with it computed in double.
        size = float(most + sum(max(part.rows.max(), -part.rows.min()) for part in parts))
        dtype = np.float32 if _SMALLEST < size < _LARGEST else np.float64
        kinds = kind_of if later is not None else np.zeros_like(kind_of)
        rows = tuple(part.row_of.tobytes() for part in parts)
        self._plan = _plan(playable.tobytes(), playable.shape, player, kinds.tobytes(), rows)
        self._row_of = [part.row_of for part in parts]
        self._rows = [part.rows.astype(dtype, copy=False) for part in parts]
        compared = sorted({n for group in self._plan.groups for n in group.parts})
        flat = (1,) * len(parts[0].shape)
        self._shape = parts[0].shape
        self._axes = np.broadcast_shapes(flat, *(self._rows[n].shape[1:] for n in compared))
        self._error = (2 * len(parts) + 5) * _ROUNDING * size
        self._later, self._slack = later, float(np.nextafter(dtype(tolerance + self._error), dtype(np.inf)))
        self._among = np.empty((self._plan.among, *self._axes), dtype)
        self._over = np.empty((self._plan.over, *self._shape), dtype)
        self._among[0] = np.inf
        self._best: dict[tuple[int, ...], NDArray[Any]] = {}
        self._stays: dict[int, Bools] = {}
        self._close = np.zeros(self._axes, dtype=bool)
        self._gaps: dict[tuple[int, int], NDArray[Any]] = {}

    @property
    def cost(self) -> int:
        """Numbers on the axes along which payoffs of now vary."""
        return prod(self._axes)

    def alike(self, alive: set[int]) -> None:
        """Compare profiles of one kind; those that fall short everywhere are taken out of `alive`."""
        together = defaultdict[tuple[tuple[int, ...], int], list[_Kind]](list)
        for group in self._plan.groups:
            if not alive.isdisjoint(group.profiles):
                for kind in group.kinds:
                    together[group.parts, len(kind.profiles)].append(kind)
        for (parts, _), kinds in together.items():
            # What is compared alike is compared at once, in one array.
            self._compare(parts, kinds, alive)

    def across(self, alive: set[int], possible: dict[int, Bools], doubt: Bools) -> Leads:
        """Compare kinds; strikes out of `possible` what of `alive` is not played, and notes what is in `doubt`."""
        stays, others = np.empty((2, *self._shape), dtype=bool)
        for group in self._plan.groups:
            for row, one, other in () if alive.isdisjoint(group.profiles) else group.pairs:
                gap, best = self._gap(one.number, other.number), self._best[one.profiles] - self._best[other.profiles]
                lead = np.subtract(best, gap, out=self._over[row])
                np.greater_equal(lead, -self._slack, out=stays)
                np.less_equal(lead, self._slack, out=others)
                for kind, left in ((one, stays), (other, others)):
                    for profile in alive.intersection(kind.profiles):
                        possible[profile] &= left
                stays &= others
                doubt |= stays
        for profile in alive.intersection(self._stays):
            possible[profile] &= self._stays[profile]
        doubt |= self._close
        return Leads(self._error, self._plan.rows, self._among, self._over)

    def _now(self, parts: tuple[int, ...], profiles: Ints) -> NDArray[Any]:
        """What some profiles are worth now, but for what is the same at all of their group."""
        rows = [self._rows[n][self._row_of[n][profiles]] for n in parts]
        rows = rows or [np.zeros((len(profiles), *(1,) * len(self._axes)), self._over.dtype)]
        return sum(rows[1:], rows[0])

    def _compare(self, parts: tuple[int, ...], kinds: Sequence[_Kind], alive: set[int]) -> None:
        """The best of each of some kinds of as many profiles; notes what does not fall short of it."""
        profiles = np.array([kind.profiles for kind in kinds]).T
        now = [self._now(parts, some) for some in profiles]
        best, *others = now
        if others:
            best, second = np.maximum(best, others[0]), np.minimum(best, others[0])
            for worth in others[1:]:
                best, second = np.maximum(best, worth), np.maximum(second, np.minimum(best, worth))
            lead = best - second
            self._among[[kind.row for kind in kinds]] = lead
            self._close |= (lead <= self._slack).any(axis=0)
            least = best - self._slack
            for some, worth in zip(profiles.tolist(), now, strict=True):
                stays = worth >= least
                self._stays |= zip(some, stays, strict=True)
                short = ~stays.reshape(len(stays), -1).any(axis=1)
                alive.difference_update(profile for profile, falls in zip(some, short, strict=True) if falls)
        self._best |= zip((kind.profiles for kind in kinds), best, strict=True)

    def _gap(self, kind: int, other: int) -> NDArray[Any]:
        """By how much later makes up for what a profile of one kind falls short of one of another now, by cell."""
        if (kind, other) not in self._gaps:
            assert self._later is not None
            gap = self._later[other] - self._later[kind]
            self._gaps[kind, other] = gap.astype(self._over.dtype, copy=False)
        return self._gaps[kind, other]
