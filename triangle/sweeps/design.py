r"""Designs: points in the space of parameters, each a pure function of the design, its seed and the point's index.

A design is the product of up to three parts, in this order:

* **scenarios**, each with its values and ranges;
* **axes**: a full grid over named parameters;
* **samples**: points in the box of the parameters that are not on an axis, drawn by a scrambled Sobol' sequence
  (:mod:`triangle.sweeps.sobol`), a Latin hypercube (McKay, Beckman and Conover 1979) or independently; or points that
  the user lists.

The samples are the same at every node of the grid and in every scenario (common random numbers), so that differences
between nodes and scenarios are not those of the draws. A sample is a point :math:`u` of the unit cube; the
parameter's value is :math:`F^{-1}(u)` with :math:`F` its prior: uniform, loguniform or triangular (with the
scenario's value as mode) between its low and its high. A Gaussian copula may correlate them: :math:`u` is turned into
:math:`\Phi(L\,\Phi^{-1}(u))`, :math:`L L^T` being the correlation of the normals.

Because a point depends on nothing but its index, chunks of a design can be computed anywhere, in any order, and again
after an interruption. No generator can be handed in, therefore: its state would be such a dependence. Points come in
blocks of `BLOCK`, and a block is always computed whole, so that not even the length of a loop differs.

References
----------
Kensler, A. (2013). Correlated multi-jittered sampling. Pixar Technical Memo 13-01 (the permutation by hashing).
McKay, M. D., Beckman, R. J. and Conover, W. J. (1979). *Technometrics* 21(2), 239-245.
Owen, A. B. (1998). Scrambling Sobol' and Niederreiter-Xing points. *Journal of Complexity* 14(4), 466-489.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triangle.base.errors import BadInput, Fault, shorten
from triangle.base.records import APART, SPARSE, finite, form, free_text, from_document, to_document, told
from triangle.batch.compiled import Moved
from triangle.batch.derived import Derived
from triangle.batch.filter import widened
from triangle.model.calibration import FORMULAS
from triangle.model.parameters import Follower, Prior, followed
from triangle.sweeps.sobol import MAX_DIMENSIONS, SOBOL_BITS, sobol_directions, sobol_integers

#: Points that are computed together; fixed, so that results do not depend on how work is divided.
BLOCK = 4096

#: Points that are given in single precision together: calls for longer rows take a smaller part of the time.
SINGLES = 4 * BLOCK

#: Points of a block up to which it is not worth while to compute all of it.
_FEW = BLOCK // 4

#: Games by which the range of a parameter is told that moves with others.
_LOOKED_AT = 1024

#: Bits of a point that do not fit behind the point of a number between 1 and 2 in single precision.
_DROPPED = np.uint32(SOBOL_BITS - 23)

#: What such a number stands for at a quantile of 0: the middle of what is dropped is half of the last bit.
_POINT_LOW = 1.0 - 2.0**-24

#: Most samples of a design.
MAX_SAMPLES = 2**SOBOL_BITS

#: Most games of a design: a mask of each would fill eight terabytes.
MAX_GAMES = 10**12

Sampling = Literal["sobol", "lhs", "random", "points"]
Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Range = tuple[float, float]
Integers = NDArray[np.uint64]
Bits = NDArray[np.uint32]


@dataclass(frozen=True)
class Drawn:
    """A parameter that is drawn: its prior, and its range and mode in each scenario; a range of no width holds it."""

    name: str
    prior: Prior
    low: tuple[float, ...]
    high: tuple[float, ...]
    mode: tuple[float, ...]

    def is_drawn(self, scenario: int) -> bool:
        """Whether the range has a width."""
        return self.low[scenario] < self.high[scenario]

    def is_uniform(self, scenario: int) -> bool:
        """Whether values are spread evenly over the range."""
        return self.prior == "uniform" and self.is_drawn(scenario)

    def at(self, u: Floats, scenario: int) -> Floats:
        """The values at quantiles `u` of the prior, never outside the range."""
        low, high = self.low[scenario], self.high[scenario]
        if low == high:
            return np.full_like(u, low)
        values = _quantile(self.prior, u, low, self.mode[scenario], high)
        return np.clip(values, low, high, out=values)


def point_of(name: str) -> str:
    """What the coordinate is called that a parameter is drawn by."""
    return f"point of {name}"


def _scaled(p: Drawn, scenario: int) -> Derived | None:
    """How a parameter is made of a number that is nearly 1 more than its quantile; none where it is not so simple."""
    function, low, high = _affine, p.low[scenario], p.high[scenario]
    if not p.is_drawn(scenario) or p.prior == "triangular":
        return None
    if p.prior == "loguniform":
        function, low, high = _exponential, math.log(low), math.log(high)
    return Derived(p.name, function, (point_of(p.name), high - low, low - (high - low) * _POINT_LOW))


def _affine(point: Any, width: float, start: float) -> Any:
    return point * width + start


def _exponential(point: Any, width: float, start: float) -> Any:
    return np.exp(_affine(point, width, start))


def _quantile(prior: Prior, u: Floats, low: float, mode: float, high: float) -> Floats:
    if prior == "loguniform":
        return np.exp(math.log(low) + u * (math.log(high) - math.log(low)))
    if prior == "triangular":
        width, left = high - low, mode - low
        rising = low + np.sqrt(u * width * left)
        falling = high - np.sqrt((1 - u) * width * (width - left))
        return np.where(u * width < left, rising, falling)
    return low + u * (high - low)


def _spread(drawn: Sequence[Drawn], unit: Floats, scenario: int, out: Floats | None) -> Floats:
    """Values ``[drawn parameter, sample]`` at quantiles `unit` of the priors, never outside the ranges.

    Uniform priors, which most are, are taken all at once.
    """
    low = np.array([p.low[scenario] for p in drawn])[:, None]
    high = np.array([p.high[scenario] for p in drawn])[:, None]
    values: Floats = np.multiply(unit, high - low, out=out)
    values += low
    for place, p in enumerate(drawn):
        if not p.is_uniform(scenario):
            values[place] = p.at(unit[place], scenario)
    return np.clip(values, low, high, out=values)


Axes = tuple[tuple[str, tuple[float, ...]], ...]
Followers = tuple[tuple[Follower, ...], ...]


@dataclass(frozen=True)
class _Axis:
    """A parameter of the grid, in documents."""

    name: str
    values: tuple[float, ...]


def _write_axes(axes: Axes) -> list[dict[str, Any]]:
    return [to_document(_Axis(*axis)) for axis in axes]


def _read_axes(data: list[object]) -> Axes:
    found = (from_document(_Axis, axis, "") for axis in data)
    return tuple((axis.name, axis.values) for axis in found)


def _write_following(following: Followers) -> list[list[list[object]]]:
    return [[[f.name, f.formula, list(f.arguments)] for f in own] for own in following]


def _read_following(data: list[list[tuple[str, str, list[object]]]]) -> Followers:
    return tuple(tuple(_follower(*parts) for parts in own) for own in data)


def _follower(name: str, formula: str, arguments: Sequence[object]) -> Follower:
    if formula not in FORMULAS:
        raise ValueError(f"found the formula {shorten(formula)}, which is not known here")
    read = tuple(part if isinstance(part, str) else finite(part) for part in arguments)
    return Follower(free_text(name), formula, read)


@dataclass(frozen=True)
class Design:
    """Points in parameter space; see the module for what they are.

    Parameters
    ----------
    scenarios : tuple of str
        Names, each once.
    fixed : tuple of mapping of str to float
        For each scenario the value of every parameter.
    axes : tuple of (str, tuple of float)
        Parameters of the grid and their values, in order; the last one varies fastest.
    sampling : str or None
        How samples are drawn; None for a grid alone.
    samples : int
        Number of samples; 1 where there is no sampling.
    seed : int
    drawn : tuple of Drawn
        Parameters that are drawn, none of them on an axis.
    correlation : tuple of (str, str, float)
        Correlations of pairs of drawn parameters in the Gaussian copula.
    points : mapping of str to array, shape (samples,)
        Values of the listed points.
    coordinates, dimensions : tuple of int, int
        Which coordinate of the unit cube each drawn parameter takes, and of how many; by default the first ones. With
        a parameter's place in the catalogue as coordinate it is drawn alike whatever else is.
    replicates : int
        Independently randomised designs that Sobol' points and Latin hypercubes consist of, one after the other; of
        other samples the number of resamples, which changes no point (:mod:`triangle.sweeps.replicates`).
    following : tuple of tuples of Follower
        For each scenario the parameters that move with others; none where empty.

    Examples
    --------
    >>> design = grid({"relief": 0.3, "evasion": 0.5}, {"relief": [0.0, 0.5, 1.0]})
    >>> design.shape, design.at(0, 1, 3)["relief"].tolist(), design.at(0, 0, 3)["evasion"]
    ((3,), [0.5, 1.0], 0.5)
    """

    scenarios: tuple[str, ...]
    fixed: tuple[Mapping[str, float], ...]
    axes: Annotated[Axes, form(_write_axes, _read_axes)] = ()
    sampling: Sampling | None = None
    samples: int = 1
    seed: int = 0
    drawn: tuple[Drawn, ...] = ()
    correlation: tuple[tuple[str, str, float], ...] = ()
    points: Annotated[Mapping[str, Floats], APART] = field(default_factory=dict)
    coordinates: tuple[int, ...] = ()
    dimensions: int = 0
    replicates: int = 1
    following: Annotated[Followers, SPARSE, form(_write_following, _read_following)] = ()

    def __post_init__(self) -> None:
        faults = list(_faults(self))
        if faults:
            raise BadInput(faults)

    @property
    @told()
    def dims(self) -> tuple[str, ...]:
        """Names of the dimensions of the results: ``scenario`` where there are several, axes, ``sample``/``point``."""
        scenario = ("scenario",) if len(self.scenarios) > 1 else ()
        sample = () if self.sampling is None else ("point" if self.sampling == "points" else "sample",)
        return (*scenario, *(name for name, _ in self.axes), *sample)

    @property
    @told()
    def shape(self) -> tuple[int, ...]:
        """Lengths of these dimensions."""
        scenario = (len(self.scenarios),) if len(self.scenarios) > 1 else ()
        sample = () if self.sampling is None else (self.samples,)
        return (*scenario, *(len(values) for _, values in self.axes), *sample)

    @property
    def games_each(self) -> int:
        """Number of games of one scenario."""
        return math.prod(len(values) for _, values in self.axes) * self.samples

    @property
    def games(self) -> int:
        """Number of games."""
        return len(self.scenarios) * self.games_each

    def at(self, scenario: int, start: int, stop: int, memory: Floats | None = None) -> dict[str, Any]:
        """Every parameter's value over the games `start` to `stop` of a scenario: an array where it varies.

        Values that are drawn are written into `memory` ``[drawn parameter, at least so many games]`` if it is given.
        """
        values = self._given_at(scenario, start, stop, memory)
        return followed(values, self.following[scenario]) if self.following else values

    def _given_at(self, scenario: int, start: int, stop: int, memory: Floats | None) -> dict[str, Any]:
        """The values before those follow that are computed from others."""
        if self.drawn and not (self.axes or self._parts):
            return {**self.fixed[scenario], **self._drawn_at(self._units(start, stop), scenario, memory)}
        return self._given(scenario, np.arange(start, stop), memory)

    def _given(self, scenario: int, index: NDArray[np.intp], memory: Floats | None) -> dict[str, Any]:
        """The same of games of any numbers."""
        values: dict[str, Any] = dict(self.fixed[scenario])
        node, sample = np.divmod(index, self.samples)
        for name, along in reversed(self._along):
            node, place = np.divmod(node, len(along))
            values[name] = along[place]
        if self.points:
            values |= {name: column[sample] for name, column in self.points.items()}
        elif self.drawn:
            values |= self._drawn_at(self._unit(sample), scenario, memory)
        return values

    @cached_property
    def _along(self) -> list[tuple[str, Floats]]:
        """The axes as arrays; made anew for each block, long ones would take longer than its games."""
        return [(name, np.asarray(values)) for name, values in self.axes]

    def _drawn_at(self, unit: Floats, scenario: int, memory: Floats | None) -> dict[str, Floats]:
        """Values of the drawn parameters at points of the unit cube."""
        place = None if memory is None else memory[:, : unit.shape[1]]
        values = _spread(self.drawn, self._correlated(unit), scenario, place)
        return {p.name: row for p, row in zip(self.drawn, values, strict=True)}

    def numbers_at(self, scenario: int, index: NDArray[np.intp]) -> dict[str, Floats]:
        """Every parameter's value in the games of these numbers of a scenario."""
        values = self._given(scenario, index, None)
        if self.following:
            values = followed(values, self.following[scenario])
        return {name: np.asarray(value, dtype=np.float64) for name, value in values.items()}

    def followers(self, scenario: int) -> tuple[Follower, ...]:
        """The parameters that move with others."""
        return self.following[scenario] if self.following else ()

    def box(self, scenario: int) -> dict[str, Range]:
        """In which range each parameter lies; of those that move with others, somewhat more than in some games."""
        if self.following:
            return self._boxes[scenario]
        return self._given_box(scenario)

    @cached_property
    def _boxes(self) -> list[dict[str, Range]]:
        return [self._given_box(n) | self._followed_box(n) for n in range(len(self.scenarios))]

    def _followed_box(self, scenario: int) -> dict[str, Range]:
        some = self.some(scenario, _LOOKED_AT)
        return {f.name: widened(float(some[f.name].min()), float(some[f.name].max())) for f in self.followers(scenario)}

    def _given_box(self, scenario: int) -> dict[str, Range]:
        box = {name: (value, value) for name, value in self.fixed[scenario].items()}
        box |= {name: (min(values), max(values)) for name, values in self.axes}
        box |= {name: (float(column.min()), float(column.max())) for name, column in self.points.items()}
        box |= {p.name: (p.low[scenario], p.high[scenario]) for p in self.drawn}
        return box | {point_of(p.name): (_POINT_LOW, 2.0) for p in self.drawn}

    def some(self, scenario: int, count: int) -> dict[str, Floats]:
        """So many games of a scenario at the most: the first samples, at nodes from all over the grid."""
        count = min(count, self.games_each)
        nodes = self.games_each // self.samples
        return self.numbers_at(
            scenario, np.arange(count) * nodes // count * self.samples + np.arange(count) % self.samples
        )

    def some_points(self, count: int) -> dict[str, Floats]:
        """The points that the drawn parameters of these games are derived from (:meth:`derived`), where any are."""
        if not self.draws._is_plain:
            return {}
        count = min(count, self.games_each)
        unit = self._unit(np.arange(count) % self.samples)
        return {point_of(p.name): row + _POINT_LOW for p, row in zip(self.drawn, unit, strict=True)}

    @cached_property
    def _on_axes(self) -> set[str]:
        return {name for name, _ in self.axes}

    @cached_property
    def draws(self) -> Design:
        """The samples alone, without the axes."""
        return replace(self, axes=())

    def node(self, number: int) -> dict[str, float]:
        """The values of the axes at a node of the grid."""
        places = np.unravel_index(number, [len(values) for _, values in self.axes])
        return {name: values[place] for (name, values), place in zip(self.axes, places, strict=True)}

    @cached_property
    def _is_plain(self) -> bool:
        """Whether all that varies are Sobol' points, each coordinate by itself."""
        return self.sampling == "sobol" and not (self.axes or self._parts or self.correlation)

    def derived(self, scenario: int) -> tuple[Derived, ...]:
        """The parameters that need not be given: followers, and where points are plain the draws of a scaled point."""
        following = (Derived(f.name, FORMULAS[f.formula], f.arguments) for f in self.followers(scenario))
        return *self._scaled[scenario], *following

    @cached_property
    def _scaled(self) -> list[tuple[Derived, ...]]:
        if not self._is_plain:
            return [()] * len(self.scenarios)
        each = ([_scaled(p, scenario) for p in self.drawn] for scenario in range(len(self.scenarios)))
        return [tuple(one for one in some if one is not None) for some in each]

    def singles(
        self, scenario: int, start: int, stop: int, asked: Iterable[str], are_moved: bool = False
    ) -> Iterator[tuple[slice, dict[str, Any]]]:
        """The games `start` to `stop` of a scenario in single precision, block by block, as :meth:`blocks` has them.

        Of what is asked for, parameters and points that these are derived from, the nearest number. Values last until
        the next block. Points may also be given as what they are made of.
        """
        names = dict.fromkeys(asked)
        places = [n for n, p in enumerate(self.drawn) if point_of(p.name) in names]
        known = {**self.fixed[scenario], **{p.name: p.low[scenario] for p in self.drawn if not p.is_drawn(scenario)}}
        fixed = {name: np.array([known[name]], np.float32) for name in names if name in known}
        moved = {f.name for f in self.followers(scenario)} | {p.name for p in self.drawn if p.is_drawn(scenario)}
        varying = [name for name in names if name in moved or name in self.points or name in self._on_axes]
        points = np.empty((0 if are_moved else len(places), SINGLES), dtype=np.uint32)
        for first in range(start, stop, SINGLES):
            last = min(first + SINGLES, stop)
            blocks = [number // BLOCK for number in range(first, last, BLOCK)]
            if are_moved:
                rows = [Moved(self._single_points, *each, last - first) for each in self._moves(blocks, places)]
            else:
                for n, number in enumerate(blocks):
                    self._write_points(number, places, points[:, n * BLOCK :][:, :BLOCK])
                rows = list(points.view(np.float32)[:, : last - first])
            given: dict[str, Any] = {point_of(self.drawn[n].name): row for n, row in zip(places, rows, strict=True)}
            if varying:
                values = (
                    self._only(varying, scenario, first, last) if self._is_plain else self.at(scenario, first, last)
                )
                given |= {name: np.atleast_1d(np.asarray(values[name], dtype=np.float32)) for name in varying}
            yield slice(first - start, last - start), fixed | given

    def _only(self, names: Iterable[str], scenario: int, start: int, stop: int) -> dict[str, Any]:
        """Some parameters of games one after the other, and what those take that follow others."""
        needed, followers = set(names), list[Follower]()
        for follower in reversed(self.followers(scenario)):
            if follower.name in needed:
                needed.update(argument for argument in follower.arguments if isinstance(argument, str))
                followers.insert(0, follower)
        values: dict[str, Any] = dict(self.fixed[scenario])
        blocks = [number // BLOCK for number in range(start, stop, BLOCK)]
        moved = [self._moved(number) for number in blocks]
        for place, p in enumerate(self.drawn):
            if p.name in needed:
                integers = np.concatenate([self._sobol_parts[2][place] ^ by[place] for by in moved])[: stop - start]
                values[p.name] = p.at((integers + 0.5) * 2.0**-SOBOL_BITS, scenario)
        return followed(values, followers)

    def _write_points(self, number: int, places: Sequence[int], out: Bits) -> None:
        """Write a block of the points ``[drawn parameter, sample]`` as numbers between 1 and 2 in single precision.

        A point's leading bits become those behind the point of such a number, which is off by half of its last one.
        """
        for row, (place, by) in zip(out, self._moves([number], places), strict=True):
            np.bitwise_xor(self._single_points[place], by, out=row)

    def _moves(self, blocks: Sequence[int], places: Sequence[int]) -> list[tuple[int, Bits]]:
        """Some parameters' places, and what moves the first block to others."""
        if not places:
            return []
        moved = np.concatenate([self._moved(number)[places] for number in blocks], axis=1) >> _DROPPED
        return list(zip(places, moved, strict=True))

    @cached_property
    def _single_points(self) -> Bits:
        """The first block of points as numbers between 1 and 2 in single precision."""
        return self._sobol_parts[2] >> _DROPPED | np.float32(1.0).view(np.uint32)

    def blocks(
        self, scenario: int, start: int, stop: int, memory: Floats | None = None
    ) -> Iterator[tuple[slice, dict[str, Floats]]]:
        """The games `start` to `stop` of a scenario, block by block: their places after `start`, and their values.

        `start` is a multiple of `BLOCK`. With `memory` as :meth:`at` takes it, values last until the next block: new
        memory for each would take longer than the drawing.
        """
        for first in range(start, stop, BLOCK):
            last = min(first + BLOCK, stop)
            values = self.at(scenario, first, last, memory)
            if not (self.axes or self.drawn or self.points):
                values = {name: np.full(last - first, value) for name, value in values.items()}
            numbers = {name: np.asarray(value, dtype=np.float64) for name, value in values.items()}
            yield slice(first - start, last - start), numbers

    @property
    def varied(self) -> tuple[str, ...]:
        """Every parameter that is on an axis, drawn or listed."""
        return (*(name for name, _ in self.axes), *(p.name for p in self.drawn), *self.points)

    @property
    def names(self) -> tuple[str, ...]:
        """Every parameter that has a value."""
        return tuple(dict.fromkeys((*self.fixed[0], *self.varied)))

    def prepared(self) -> Design:
        """The same design with its direction numbers computed, which workers are then sent."""
        if self.sampling == "sobol":
            for part in self._parts or [self]:
                _ = part._sobol_parts
        return self

    @cached_property
    def _parts(self) -> list[Design]:
        """The designs that the samples are divided into, each with a seed of its own; none where there is but one."""
        if self.replicates == 1 or self.sampling not in ("sobol", "lhs"):
            return []
        seeds = np.random.SeedSequence([self.seed, 5]).generate_state(self.replicates, np.uint64)
        each = self.samples // self.replicates
        return [replace(self, samples=each, seed=int(seed), replicates=1) for seed in seeds]

    def _unit(self, sample: NDArray[np.intp]) -> Floats:
        """Points of the unit cube ``[drawn parameter, sample]``."""
        unit = np.empty((len(self.drawn), len(sample)))
        if self._parts:
            number, place = np.divmod(sample, self.samples // self.replicates)
            for part in np.unique(number).tolist():
                here = np.flatnonzero(number == part)
                unit[:, here] = self._parts[part]._unit(place[here])
                self._parts[part]._recent.clear()
            return unit
        block, place = np.divmod(sample, BLOCK)
        for number in np.unique(block).tolist():
            here = np.flatnonzero(block == number)
            if self.sampling == "sobol" and len(here) < _FEW and number not in self._recent:
                unit[:, here] = self._sobol(number, place[here])
                continue
            points = self._unit_block(number)
            if len(here) == len(sample) and place[-1] - place[0] == len(sample) - 1:
                return points[:, place[0] : place[-1] + 1]
            unit[:, here] = points[:, place[here]]
        return unit

    def _units(self, start: int, stop: int) -> Floats:
        """Points `start` to `stop` of the unit cube."""
        first, last = start // BLOCK, max(start, stop - 1) // BLOCK
        blocks = [self._unit_block(number) for number in range(first, last + 1)]
        points = blocks[0] if len(blocks) == 1 else np.concatenate(blocks, axis=1)
        return points[:, start - first * BLOCK : stop - first * BLOCK]

    def _unit_block(self, number: int) -> Floats:
        points = self._recent.get(number)
        if points is None:
            make = {"sobol": self._sobol_block, "lhs": self._latin, "random": self._random}[str(self.sampling)]
            points = make(number)
            while len(self._recent) >= SINGLES // BLOCK:
                del self._recent[next(iter(self._recent))]
            self._recent[number] = points
        return points

    @cached_property
    def _recent(self) -> dict[int, Floats]:
        """The last blocks that were computed; grids with few samples ask for the same ones again and again."""
        return {}

    def _sobol_block(self, number: int) -> Floats:
        """The points of a block as far as there are samples."""
        return self._sobol(number, slice(min(BLOCK, self.samples - number * BLOCK)))

    def _sobol(self, number: int, places: slice | NDArray[np.intp] = slice(None)) -> Floats:
        """Points of the unit cube, each in the middle of its cell.

        Point n is the exclusive or of the direction numbers at the bits of n's Gray code, and of the scramble.
        """
        _, _, table = self._sobol_parts
        unit: Floats = (table[:, places] ^ self._moved(number)).astype(np.float64)
        unit += 0.5
        unit *= 2.0**-SOBOL_BITS
        return unit

    def _moved(self, number: int) -> Bits:
        """What a block's own number contributes ``[drawn parameter, 1]``: a block is the first one, moved by it."""
        first = number * BLOCK
        found: Bits = np.bitwise_xor.reduce(self._sobol_parts[1][:, _bits(first ^ first >> 1)], axis=1)[:, None]
        return found

    @cached_property
    def _sobol_parts(self) -> tuple[Bits, Bits, Bits]:
        every = sobol_directions(self._dimensions, (self.seed, 0))
        shift, directions = (part[self._coordinates] for part in every)
        return shift, directions, sobol_integers(shift, directions, BLOCK)

    @property
    def _dimensions(self) -> int:
        return self.dimensions or len(self.drawn)

    @property
    def _coordinates(self) -> list[int]:
        return list(self.coordinates or range(len(self.drawn)))

    def _latin(self, number: int) -> Floats:
        """Stratum by a permutation keyed by the seed, place in the stratum by the block's own generator."""
        index = np.arange(number * BLOCK, min((number + 1) * BLOCK, self.samples), dtype=np.uint64)
        keys = np.random.default_rng([self.seed, 1]).integers(0, 2**63, (self._dimensions, 4), dtype=np.uint64)
        strata = permuted(index, self.samples, keys[self._coordinates])
        within = np.random.default_rng([self.seed, 2, number]).random((self._dimensions, BLOCK))
        return (strata + within[self._coordinates, : len(index)]) / self.samples

    def _random(self, number: int) -> Floats:
        return np.random.default_rng([self.seed, 3, number]).random((self._dimensions, BLOCK))[self._coordinates]

    def _correlated(self, unit: Floats) -> Floats:
        if not self.correlation:
            return unit
        from scipy.special import ndtr, ndtri

        places, factor = self._factor
        tiny = np.finfo(float).eps / 4
        normal = ndtri(np.clip(unit[places], tiny, 1 - 2 * tiny))
        result = unit.copy()
        for row, place in enumerate(places):
            # A sum in a fixed order, not a matrix product: that may round differently from machine to machine.
            result[place] = ndtr(sum(factor[row, k] * normal[k] for k in range(row + 1)))
        return result

    @cached_property
    def _factor(self) -> tuple[list[int], Floats]:
        """Places of the correlated parameters among those drawn, and the Cholesky factor of their correlation."""
        names = list(dict.fromkeys(name for a, b, _ in self.correlation for name in (a, b)))
        matrix = np.eye(len(names))
        for a, b, rho in self.correlation:
            matrix[names.index(a), names.index(b)] = matrix[names.index(b), names.index(a)] = rho
        drawn = [p.name for p in self.drawn]
        factor: Floats = np.linalg.cholesky(matrix).astype(np.float64)
        return [drawn.index(name) for name in names], factor

    def problems(self) -> Iterator[str]:
        """What no design says that was written by :func:`~triangle.base.records.to_document`."""
        each = len(self.scenarios)
        ends = [end for p in self.drawn for end in (p.low, p.high, p.mode)]
        if not each or len(self.fixed) != each or any(len(end) != each for end in ends):
            yield "not one world, or not one range, for each scenario"
        if min(self.samples, self.replicates) < 1 or min(self.seed, self.dimensions) < 0:
            yield "samples and replicates are at least 1, seed and dimensions at least 0"
        if self.coordinates and (
            len(self.coordinates) != len(self.drawn)
            or not all(0 <= place < self.dimensions for place in self.coordinates)
        ):
            yield "coordinates are not those of the parameters drawn"


def design_of(document: Mapping[str, Any], points: Mapping[str, Floats] | None = None) -> Design:
    """A design out of its document, and the listed points, which are arrays of their own; it needs no model.

    Raises
    ------
    BadInput
        With all that is missing or is not what a design says: files may have changed.
    """
    design = replace(from_document(Design, document, "design"), points=dict(points or {}))
    if any(len(column) != design.samples for column in design.points.values()):
        raise BadInput(Fault("design", "points", "not one value for each point"))
    if [list(design.dims), list(design.shape)] != [document.get("dims"), document.get("shape")]:
        raise BadInput(Fault("design", "shape", "dims and shape are not those of the other parts"))
    return design


def grid(fixed: Mapping[str, float], over: Mapping[str, ArrayLike], scenario: str = "scenario") -> Design:
    """The full grid over named parameters, the others fixed."""
    axes = tuple((name, tuple(np.asarray(values, dtype=float).tolist())) for name, values in over.items())
    return Design((scenario,), (dict(fixed),), axes)


def _bits(number: int) -> list[int]:
    return [bit for bit in range(number.bit_length()) if number >> bit & 1]


def permuted(index: Integers, length: int, keys: Integers) -> Integers:
    """The images of `index` under permutations of 0 … `length` − 1, each keyed by four numbers.

    Bijections of the numbers below the next power of two (odd multiples, shifted exclusive ors, sums) are composed and
    repeated until the image lies below `length`.

    Parameters
    ----------
    index : array of uint64, shape (n,)
    keys : array of uint64, shape (..., 4)

    Returns
    -------
    array of uint64, shape (..., n)
    """
    bits = max(length - 1, 1).bit_length()
    # Only the lowest bits of sums and products count: shorter integers give the same ones sooner.
    kind = np.uint32 if bits <= 32 else np.uint64
    lead = keys.shape[:-1]
    keys = keys.reshape(-1, 4).astype(kind)
    result = np.repeat(index.astype(kind)[None], len(keys), axis=0)
    _mix(result, bits, keys.T[:, :, None])
    flat = result.reshape(-1)
    outside = np.flatnonzero(flat >= length)
    while outside.size:
        again = flat[outside]
        _mix(again, bits, keys.T[:, outside // len(index)])
        flat[outside] = again
        outside = outside[again >= length]
    return result.reshape(*lead, len(index)).astype(np.uint64)


#: Odd multipliers of splitmix64 and of Knuth's linear congruential generator.
_ODD = (0xBF58476D1CE4E5B9, 0x94D049BB133111EB, 0x9E3779B97F4A7C15, 0x5851F42D4C957F2D)


def _mix(x: NDArray[Any], bits: int, keys: NDArray[Any]) -> None:
    """Map numbers below 2^bits onto such, in place."""
    kind = x.dtype.type
    last, half = kind(2**bits - 1), kind(max(bits // 2, 1))
    shifted = np.empty_like(x)
    for odd, key in zip(_ODD, keys, strict=True):
        x += key
        x *= np.uint64(odd).astype(kind)
        x &= last
        np.right_shift(x, half, out=shifted)
        x ^= shifted


def _faults(design: Design) -> Iterator[Fault]:
    """What is wrong with a design that no single option can know."""
    if design.games > MAX_GAMES:
        yield Fault("design", "", f"{design.games:,} games; expected at most {MAX_GAMES:,}")
    if design.sampling == "sobol" and design.samples > MAX_SAMPLES:
        yield Fault("--samples", "", f"{design.samples:,} samples; a Sobol' sequence has at most {MAX_SAMPLES:,}")
    if design.sampling == "sobol" and design._dimensions > MAX_DIMENSIONS:
        drawn = f"{design._dimensions:,} parameters to draw"
        yield Fault("--design", "", f"{drawn}; a Sobol' sequence has at most {MAX_DIMENSIONS:,}: take lhs or random")
    if len(set(design.scenarios)) < len(design.scenarios):
        yield Fault("SCENARIO", "", f"a scenario is named twice: {', '.join(design.scenarios)}")
    for p in design.drawn:
        for scenario, low, high in zip(design.scenarios, p.low, p.high, strict=True):
            if p.prior == "loguniform" and low <= 0 and low < high:
                yield Fault(scenario, p.name, f"low is {low:g}; the loguniform prior needs a range above 0")
    yield from _replicate_faults(design)
    yield from _correlation_faults(design)


#: Fewest and most replicates: of independent designs, whose means a t interval is for, and of resamples, whose outer
#: fortieths are read off.
_REPLICATES = {"scrambles": (5, 64), "resamples": (40, 10_000)}


def _replicate_faults(design: Design) -> Iterator[Fault]:
    if design.replicates == 1:
        return
    if design.sampling is None:
        yield Fault("--replicates", "", "a grid has no draws that could be repeated; add --samples")
        return
    divided = design.sampling in ("sobol", "lhs")
    least, most = _REPLICATES["scrambles" if divided else "resamples"]
    if not least <= design.replicates <= most:
        yield Fault(
            "--replicates",
            "",
            f"found {design.replicates}; expected {least} to {most:,} for --design {design.sampling}",
        )
    elif divided and design.samples % design.replicates:
        whole = design.replicates * max(1, round(design.samples / design.replicates))
        yield Fault(
            "--replicates",
            "",
            f"{design.samples:,} samples cannot be divided into {design.replicates} equal designs; "
            f"take {whole:,} samples",
        )


def _correlation_faults(design: Design) -> Iterator[Fault]:
    names = {p.name for p in design.drawn}
    sound = True
    for a, b, rho in design.correlation:
        for name in (a, b):
            if name not in names:
                sound = False
                yield Fault("--correlation", name, "this parameter is not drawn, so it cannot be correlated")
        if a == b or not -1 < rho < 1:
            sound = False
            yield Fault(
                "--correlation", f"{a},{b}", f"found {rho:g}; expected a number between −1 and 1 of two parameters"
            )
    if design.correlation and sound:
        try:
            _ = design._factor
        except np.linalg.LinAlgError:
            yield Fault("--correlation", "", "no joint distribution has these correlations; make some of them smaller")
