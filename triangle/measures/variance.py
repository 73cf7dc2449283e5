r"""Sobol' indices: the share of an outcome's variance that a factor, or a group of factors, accounts for.

With :math:`X_{-i}` all factors but the i-th,

.. math:: S_i = \frac{V[E(Y \mid X_i)]}{V(Y)}, \qquad T_i = \frac{E[V(Y \mid X_{-i})]}{V(Y)}.

The first-order index :math:`S_i` is what knowing the factor alone would take away; the total index :math:`T_i` what
would be left if everything else were known. For a group the same holds with all its factors together (closed index).
Estimators are those of Saltelli et al. (2010), to the bit as SALib has them, on two independent matrices A and B of
Sobol' points and, for each factor or group, A with its columns taken from B.

References
----------
Saltelli, A. et al. (2010). Variance based sensitivity analysis of model output. *Computer Physics Communications*
181(2), 259-270.
Sobol', I. M. (2001). Global sensitivity indices for nonlinear mathematical models. *Mathematics and Computers in
Simulation* 55, 271-280.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from triangle.base.errors import BadInput, Fault, TriangleError
from triangle.base.intervals import Z95
from triangle.measures.factors import BRIDGES, KINDS, Response, rounded_up
from triangle.sweeps.sobol import sobol_points

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]


#: Bootstrap resamples behind each interval.
RESAMPLES = 100

#: Evaluations at once.
AT_ONCE = 8192

#: Outcomes that differ by no more, over their size, are one.
_SAME = 1e-12

#: Fewest base samples of the convergence table.
FEWEST = 64


@dataclass(frozen=True, eq=False)
class Interval:
    """An index of every factor with its interval of 95 %; ends are None where there is none."""

    value: Floats
    low: Floats | None = None
    high: Floats | None = None


@dataclass(frozen=True)
class Share:
    """One number with its interval of 95 %."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Backing:
    """Variance by what stands behind the factors; every index is that of the whole group, not a sum.

    Attributes
    ----------
    first : mapping of str to Share
        Share of the variance that a kind accounts for by itself.
    total : mapping of str to Share
        The same with every interaction that it takes part in.
    between : mapping of str to Share
        What two kinds account for together beyond what each does by itself, by ``figure × judgement``.
    higher : Share
        What only three kinds or more account for together.
    """

    first: Mapping[str, Share]
    total: Mapping[str, Share]
    between: Mapping[str, Share]
    higher: Share


@dataclass(frozen=True)
class Bridged:
    """Variance by the weakest bridge that the factors cross; of the whole group, as in :class:`Backing`."""

    first: Mapping[str, Share]
    total: Mapping[str, Share]


@dataclass(frozen=True, eq=False)
class Decomposition:
    """Sobol' indices of every factor, by kind of backing and by bridge, and over growing numbers of base samples."""

    samples: int
    evaluations: int
    first: Interval
    total: Interval
    backing: Backing
    bridged: Bridged
    convergence: tuple[tuple[int, Floats], ...]
    mean: float
    deviation: float
    constant: bool


def saltelli(dimensions: int, samples: int, seed: int) -> tuple[Floats, Floats]:
    """Two independent matrices ``[dimension, sample]`` of scrambled Sobol' points (Saltelli 2002).

    `samples` is a power of two.
    """
    points = sobol_points(2 * dimensions, samples, (seed, 10))
    return points[:dimensions], points[dimensions:]


def decompose(response: Response, samples: int, seed: int, progress: Progress | None = None) -> Decomposition:
    """Sobol' indices of a response; `samples` is rounded up to a power of two.

    Takes ``samples`` times the number of factors, of unions of kinds (14 for four kinds), of bridges and of what each
    leaves, and 2, evaluations.
    """
    n = rounded_up(samples)
    a, b = (response.columns(unit) for unit in saltelli(len(response.factors), n, seed))
    groupings = ((response.kinds, KINDS, 2), (response.bridges, BRIDGES, 1))
    labels = [[label for label in every if label in own] for own, every, _ in groupings]
    factors = len(response.factors)
    together = [
        {union: tuple(i for i in range(factors) if own[i] in union) for union in _unions(present, most)}
        for (own, _, most), present in zip(groupings, labels, strict=True)
    ]
    alone, alone_together = [(i,) for i in range(factors)], tuple(range(factors))
    blocks = list(dict.fromkeys([*alone, *(block for unions in together for block in unions.values())]))
    evaluations = n * (len(blocks) + 2)
    found = np.empty((n, len(blocks) + 2))
    matrices = [[b[i] if i in moved else a[i] for i in range(factors)] for moved in ((), *blocks, alone_together)]
    step = max(1, AT_ONCE // n)
    for first in range(0, len(matrices), step):
        some = matrices[first : first + step]
        found[:, first : first + len(some)] = _together(response, some).T
        if progress is not None:
            progress(n * (first + len(some)), evaluations)
    base = found[:, [0, -1]]
    mean, deviation = float(base.mean()), float(base.std())
    if np.ptp(base) <= _SAME * max(1.0, abs(mean)):
        others = int((np.abs(found - base[0, 0]) > _SAME * max(1.0, abs(mean))).sum())
        if others:
            raise BadInput(
                Fault(
                    "--samples",
                    "",
                    f"the outcome is {mean:.4g} at all {2 * n:,} base draws and another at {others:,} of the "
                    f"{found.size - 2 * n:,} in which single factors are exchanged: too few for a variance",
                )
            )
        return _constant(factors, labels[0], labels[1], n, evaluations, mean)
    indices = _indices(found, seed)
    kinds, bridges = (
        _Groups(present, {union: blocks.index(block) for union, block in unions.items()}, indices)
        for present, unions in zip(labels, together, strict=True)
    )
    sizes = [1 << k for k in range(FEWEST.bit_length() - 1, n.bit_length())] or [n]
    steps = tuple((size, _totals(found[:size], factors)) for size in sizes)
    return Decomposition(
        n,
        evaluations,
        _part(indices.first, factors),
        _part(indices.total, factors),
        _backing(kinds),
        Bridged(bridges.first, bridges.total),
        steps,
        mean,
        deviation,
        constant=False,
    )


def _together(response: Response, matrices: Sequence[Sequence[Mapping[str, Floats]]]) -> Floats:
    """The outcome ``[matrix, sample]`` at several matrices, at once: short batches spend their time on calls."""
    columns = [
        {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        for parts in zip(*matrices, strict=True)
    ]
    try:
        return response.at(columns).reshape(len(matrices), -1)
    except TriangleError:  # what is wrong is said of the first matrix in which it is
        return np.stack([response.at(matrix) for matrix in matrices])


Union = frozenset[str]


def _unions(kinds: Sequence[str], most: int) -> list[Union]:
    """Unions of kinds whose factors are exchanged together: up to so many kinds, and what they leave."""
    wanted = [frozenset(some) for size in range(1, most + 1) for some in combinations(kinds, size)]
    every = frozenset(kinds)
    return [
        union for union in dict.fromkeys([*wanted, *(every - union for union in wanted)]) if union and union < every
    ]


@dataclass(frozen=True, eq=False)
class _Indices:
    """Both indices of every block, and both resampled ``[resample, block]``."""

    first: Interval
    total: Interval
    first_resampled: Floats
    total_resampled: Floats


def _indices(found: Floats, seed: int) -> _Indices:
    """First and total indices of outcomes ``[sample, A and blocks and B]``; all blocks are resampled alike.

    To the bit SALib's, which resamples A and B anew for every block, and loads a statistics library for one quantile.
    """
    from scipy.special import ndtri

    a, each, b = _standardised(found)
    drawn = np.random.default_rng([seed, 11]).integers(len(a), size=(len(a), RESAMPLES))
    values = _estimates(a, each, b)
    resampled = _estimates(a[drawn], (own[drawn] for own in each), b[drawn])
    halves = [ndtri(0.975) * scattered.std(axis=1, ddof=1) for scattered in resampled]
    first, total = (Interval(v, v - half, v + half) for v, half in zip(values, halves, strict=True))
    return _Indices(first, total, resampled[0].T, resampled[1].T)


def _totals(found: Floats, factors: int) -> Floats:
    """The total indices of the first factors."""
    a, each, b = _standardised(found)
    return _estimates(a, each[:factors], b)[1]


def _standardised(found: Floats) -> tuple[Floats, Sequence[Floats], Floats]:
    """The outcomes of A, of each block and of B, less their mean and over their deviation."""
    outcomes = found.ravel()
    a, *each, b = ((outcomes - outcomes.mean()) / outcomes.std()).reshape(found.shape).T
    return a, each, b


def _estimates(a: Floats, each: Iterable[Floats], b: Floats) -> tuple[Floats, Floats]:
    """The first and the total index ``[block, ...resamples]`` by Saltelli et al. (2010); zero where A and B are one."""
    variance = np.var(np.concatenate([a, b]), axis=0)
    numerators = [(np.mean(b * (own - a), axis=0), 0.5 * np.mean((a - own) ** 2, axis=0)) for own in each]
    least = np.finfo(float).eps
    first, total = (
        np.divide(some, variance, out=np.zeros_like(some), where=variance > least)
        for some in map(np.array, zip(*numerators, strict=True))
    )
    return first, total


def _part(index: Interval, factors: int) -> Interval:
    """The index of the single factors, without the groups behind them."""
    assert index.low is not None and index.high is not None
    return Interval(index.value[:factors], index.low[:factors], index.high[:factors])


@dataclass(frozen=True, eq=False)
class _Groups:
    """Groups of factors by a label, the place of each union's block, and the indices of all blocks."""

    labels: Sequence[str]
    place: Mapping[Union, int]
    indices: _Indices

    @property
    def every(self) -> Union:
        """All labels."""
        return frozenset(self.labels)

    @property
    def one(self) -> dict[str, Union]:
        """Each label by itself."""
        return {label: frozenset([label]) for label in self.labels}

    @property
    def first(self) -> dict[str, Share]:
        """Share of the variance that each group accounts for by itself."""
        return {label: self.share({one: 1.0}) for label, one in self.one.items()}

    @property
    def total(self) -> dict[str, Share]:
        """The same with every interaction that the group takes part in."""
        return {label: self.share({self.every - one: -1.0}, 1.0) for label, one in self.one.items()}

    def share(self, weights: Mapping[Union, float], constant: float = 0.0) -> Share:
        """A weighted sum of the shares of unions, with an interval from resamples that all of them share."""
        value, resampled = constant, np.zeros(len(self.indices.first_resampled))
        for union, weight in weights.items():
            estimate, scattered = self._closed(union) if union else (0.0, resampled * 0)
            value, resampled = value + weight * estimate, resampled + weight * scattered
        half = Z95 * float(resampled.std(ddof=1))
        return Share(value, value - half, value + half)

    def _closed(self, union: Union) -> tuple[float, Floats]:
        """The share of the variance that some groups account for together, and the same resampled.

        There are two estimates: the first-order index, and what the total index of all others leaves. The one that
        scatters less is taken: the former is good where the share is small, the latter where it is large.
        """
        indices = self.indices
        if union == self.every:
            return 1.0, np.ones(len(indices.first_resampled))
        at, others = self.place[union], self.place[self.every - union]
        both = [
            (float(indices.first.value[at]), indices.first_resampled[:, at]),
            (1.0 - float(indices.total.value[others]), 1.0 - indices.total_resampled[:, others]),
        ]
        return min(both, key=lambda estimate: float(estimate[1].std()))


def _backing(groups: _Groups) -> Backing:
    """Indices of the kinds, and interactions of two and of more."""
    kinds, one, pairs = groups.labels, groups.one, list(combinations(groups.labels, 2))
    # One less all singles and all pairs' interactions; each single is taken off once by every pair it is in.
    left = {one[kind]: len(kinds) - 2.0 for kind in kinds} | {one[a] | one[b]: -1.0 for a, b in pairs}
    return Backing(
        groups.first,
        groups.total,
        {f"{a} × {b}": groups.share({one[a] | one[b]: 1.0, one[a]: -1.0, one[b]: -1.0}) for a, b in pairs},
        groups.share(left, 1.0) if len(kinds) > 2 else Share(0.0, 0.0, 0.0),
    )


def _constant(
    factors: int, kinds: Sequence[str], bridges: Sequence[str], n: int, evaluations: int, mean: float
) -> Decomposition:
    """The decomposition of no variance: every index is zero."""
    zeros = Interval(np.zeros(factors), np.zeros(factors), np.zeros(factors))
    none = Share(0.0, 0.0, 0.0)
    single, bridged = dict.fromkeys(kinds, none), dict.fromkeys(bridges, none)
    backing = Backing(single, single, {f"{a} × {b}": none for a, b in combinations(kinds, 2)}, none)
    steps = ((n, np.zeros(factors)),)
    return Decomposition(
        n, evaluations, zeros, zeros, backing, Bridged(bridged, bridged), steps, mean, 0.0, constant=True
    )
