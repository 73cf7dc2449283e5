r"""Means of probabilities over many games, in memory that does not grow, and their intervals.

A probability is counted in units of :math:`2^{-36}`, a whole number. Sums of whole numbers are exact: they do not
depend on the order in which chunks, workers and interruptions bring the games, where sums of rounded fractions would.
What a mean loses by it is less than 1e-11.

Of n independent draws, a mean :math:`\bar x` with standard deviation s has the normal interval
:math:`\bar x \pm 1.96\, s / \sqrt n`; for others see :mod:`triangle.sweeps.replicates`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from triangle.base.intervals import Z95, wilson
from triangle.base.records import Form, form
from triangle.sweeps.replicates import Kind

Floats = NDArray[np.float64]
#: Whole numbers without bound: numpy's arrays of Python's integers.
Wholes = NDArray[np.object_]

#: Units to one. 4096 games of weights up to some hundreds stay exact whole numbers in float64.
_UNITS = 2.0**36
_AT_ONCE = 4096

#: What a mean is of: a group, as ``probability``, and a pattern, as ``unit_veto``.
Name = tuple[str, str]


def whole_numbers(values: Any, shape: tuple[int, ...]) -> Wholes:
    """Whole numbers of at least 0 in an array of this shape, as Python's integers."""
    found = np.array(values, dtype=object)
    if found.shape != shape and not (found.size == 0 and 0 in shape):
        raise ValueError(f"found an array of shape {found.shape}; expected {shape}")
    if not all(type(number) is int and number >= 0 for number in found.ravel()):
        raise ValueError("found something else among counts; expected whole numbers of at least 0")
    return found.reshape(shape)


def whole_field(*lengths: str) -> Form:
    """The form of an array of whole numbers whose shape is that of other lists of its table."""

    def read(data: object, table: Mapping[str, Any]) -> Wholes:
        return whole_numbers(data, tuple(len(table[key]) for key in lengths))

    return Form(lambda array, _: array.tolist(), read)


#: A number of games.
Count = Annotated[int, form(int, lambda data: whole_numbers(data, ()).item())]


@dataclass(eq=False)
class Means:
    """Sums over games: an accumulator, changed in place.

    Attributes
    ----------
    names : tuple of (str, str)
        Group and pattern of each series.
    kind : str or None
        How the replicates came about.
    games : int
        Games counted; those without an answer are left out.
    sums, squares : arrays of int, shape (series,)
        In units of ``2 ** -36``.
    weights : array of int, shape (replicates,)
        Games counted in each replicate.
    weighted : array of int, shape (replicates, series)
    """

    names: tuple[Name, ...]
    kind: Kind | None
    games: Count
    sums: Annotated[Wholes, whole_field("names")]
    squares: Annotated[Wholes, whole_field("names")]
    weights: Annotated[Wholes, whole_field("weights")]
    weighted: Annotated[Wholes, whole_field("weights", "names")]

    @classmethod
    def of(
        cls, names: Sequence[Name], series: Floats, kind: Kind | None = None, weights: Floats | None = None
    ) -> Means:
        """The sums of some games.

        Parameters
        ----------
        series : array, shape (series, games)
            Numbers from 0 to 1; a game of which any is not a number is left out.
        weights : array, shape (replicates, games)
        """
        known = ~np.isnan(series).any(axis=0)
        series, games = series[:, known], int(known.sum())
        weights = np.empty((0, games)) if weights is None else weights[:, known]
        means = cls.empty(names, kind, len(weights))
        means.games = games
        for start in range(0, games, _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            units, square = np.rint(series[:, part] * _UNITS), np.rint(series[:, part] ** 2 * _UNITS)
            means.sums = means.sums + _whole(units.sum(axis=1))
            means.squares = means.squares + _whole(square.sum(axis=1))
            if kind is not None:
                # Products and sums of whole numbers below 2^53: exact in whatever order they are added.
                means.weighted = means.weighted + _whole(weights[:, part] @ units.T)
                means.weights = means.weights + _whole(weights[:, part].sum(axis=1))
        return means

    @classmethod
    def empty(cls, names: Sequence[Name], kind: Kind | None = None, replicates: int = 0) -> Means:
        """No games."""
        k = len(names)
        zeros = [_whole(np.zeros(shape)) for shape in ((k,), (k,), (replicates,), (replicates, k))]
        return cls(tuple(names), kind, 0, *zeros)

    def add(self, other: Means) -> None:
        """Count the games of others too."""
        self.games += other.games
        for name in ("sums", "squares", "weights", "weighted"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def mean(self, name: Name) -> float:
        """Mean of a series; not a number where no game has an answer."""
        return float(self.sums[self.names.index(name)]) / (_UNITS * self.games) if self.games else math.nan

    def interval(self, name: Name, draws: int) -> tuple[float, float]:
        """Interval of 95 % for the mean of a series: by the replicates, or the normal one where there are none.

        Where all games have 0, or all have 1, neither says anything. The mean then differs from that by no more than
        the share of draws that have something else, of which none among `draws` was met: Wilson's bound.
        """
        place, mean = self.names.index(name), self.mean(name)
        if self.games < 2:
            return 0.0, 1.0
        if mean in (0.0, 1.0):
            return wilson(round(mean) * draws, draws)
        if self.kind is None:
            square = float(self.squares[place]) / (_UNITS * self.games)
            half = Z95 * math.sqrt(max(0.0, square - mean * mean) / (self.games - 1))
            return max(0.0, mean - half), min(1.0, mean + half)
        counted = self.weights > 0
        every = (self.weighted[counted, place] / self.weights[counted]).astype(np.float64) / _UNITS
        if len(every) < 2:
            return 0.0, 1.0
        if self.kind == "bootstrap":
            low, high = np.quantile(every, [0.025, 0.975]).tolist()
            return min(low, mean), max(high, mean)
        from scipy.special import stdtrit

        half = float(stdtrit(len(every) - 1, 0.975)) * float(every.std(ddof=1)) / math.sqrt(len(every))
        return max(0.0, mean - half), min(1.0, mean + half)

    def groups(self) -> dict[str, list[str]]:
        """The patterns of each group, in order."""
        found: dict[str, list[str]] = {}
        for group, pattern in self.names:
            found.setdefault(group, []).append(pattern)
        return found

    def problems(self) -> Iterator[str]:
        """What no sums of numbers from 0 to 1 are."""
        most = int(_UNITS) * self.games
        if any((array > most).any() for array in (self.sums, self.squares)):
            yield "sums of numbers that are at most 1 exceed the games counted"


def _whole(numbers: Floats) -> Wholes:
    """Floats that are whole numbers as Python's integers."""
    return numbers.astype(np.int64).astype(object)
