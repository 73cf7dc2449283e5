r"""Sobol' indices: the share of an outcome's variance that a factor, or a group of factors, accounts for.

With :math:`X_{-i}` all factors but the i-th,

.. math:: S_i = \frac{V[E(Y \mid X_i)]}{V(Y)}, \qquad T_i = \frac{E[V(Y \mid X_{-i})]}{V(Y)}.

The first-order index :math:`S_i` is what knowing the factor alone would take away; the total index :math:`T_i` what
would be left if everything else were known. For a group the same holds with all its factors together (closed index).
Estimators are those of Saltelli et al. (2010) as SALib has them, on two independent matrices A and B of Sobol' points
and, for each factor or group, A with its columns taken from B.

References
----------
Saltelli, A. et al. (2010). Variance based sensitivity analysis of model output. *Computer Physics Communications*
181(2), 259-270.
Sobol', I. M. (2001). Global sensitivity indices for nonlinear mathematical models. *Mathematics and Computers in
Simulation* 55, 271-280.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from triangle.analysis.factors import KINDS, Response, rounded_up
from triangle.experiments.design import SOBOL_BITS
from triangle.experiments.statistics import Z95

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]

#: Bootstrap resamples behind each interval.
RESAMPLES = 100

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


@dataclass(frozen=True, eq=False)
class Decomposition:
    """Sobol' indices of every factor, by kind of backing, and over growing numbers of base samples."""

    samples: int
    evaluations: int
    first: Interval
    total: Interval
    backing: Backing
    convergence: tuple[tuple[int, Floats], ...]
    mean: float
    deviation: float
    constant: bool


def saltelli(dimensions: int, samples: int, seed: int) -> tuple[Floats, Floats]:
    """Two independent matrices ``[dimension, sample]`` of scrambled Sobol' points (Saltelli 2002).

    `samples` is a power of two.
    """
    from scipy.stats import qmc

    engine = qmc.Sobol(2 * dimensions, scramble=True, bits=SOBOL_BITS, rng=np.random.default_rng([seed, 10]))
    points = engine.random(samples).T
    return points[:dimensions], points[dimensions:]


def decompose(response: Response, samples: int, seed: int, progress: Progress | None = None) -> Decomposition:
    """Sobol' indices of a response; `samples` is rounded up to a power of two.

    Takes ``samples · (factors + kinds + pairs of kinds + 2)`` evaluations.
    """
    n = rounded_up(samples)
    a, b = (response.columns(unit) for unit in saltelli(len(response.factors), n, seed))
    kinds = [kind for kind in KINDS if kind in response.kinds]
    blocks = _blocks(response.kinds, kinds)
    evaluations = n * (len(blocks) + 2)
    found = np.empty((n, len(blocks) + 2))
    for place, moved in enumerate([(), *blocks, tuple(range(len(response.factors)))]):
        found[:, place] = response.at([b[i] if i in moved else a[i] for i in range(len(a))])
        if progress is not None:
            progress(n * (place + 1), evaluations)
    base = found[:, [0, -1]]
    mean, deviation = float(base.mean()), float(base.std())
    factors = len(response.factors)
    if np.ptp(base) <= 1e-12 * max(1.0, abs(mean)):
        return _constant(factors, kinds, n, evaluations, mean)
    first, total, resampled = _salib(found, seed)
    sizes = [1 << k for k in range(FEWEST.bit_length() - 1, n.bit_length())] or [n]
    steps = tuple((size, _salib(found[:size], seed, 2)[1].value[:factors]) for size in sizes)
    return Decomposition(
        n,
        evaluations,
        _part(first, factors),
        _part(total, factors),
        _backing(kinds, factors, first, total, resampled),
        steps,
        mean,
        deviation,
        constant=False,
    )


def _blocks(of: Sequence[str], kinds: Sequence[str]) -> list[tuple[int, ...]]:
    """Factors whose columns are exchanged together: each alone, each kind, each pair of kinds."""
    groups = [tuple(i for i, kind in enumerate(of) if kind in some) for some in [*_single(kinds), *_pairs(kinds)]]
    return [*((i,) for i in range(len(of))), *groups]


def _single(kinds: Sequence[str]) -> list[tuple[str, ...]]:
    return [(kind,) for kind in kinds]


def _pairs(kinds: Sequence[str]) -> list[tuple[str, ...]]:
    """Pairs of kinds whose index has to be estimated: where there are two kinds, theirs is 1."""
    return list(combinations(kinds, 2)) if len(kinds) > 2 else []


def _salib(found: Floats, seed: int, resamples: int = RESAMPLES) -> tuple[Interval, Interval, Floats]:
    """SALib's first and total indices of outcomes ``[sample, A and blocks and B]``, and the first ones resampled.

    SALib takes the global generator where the seed is 0, so it is handed a generator; the same one each time, so that
    all blocks are resampled alike.
    """
    from SALib.analyze import sobol

    count = found.shape[1] - 2
    problem = {"num_vars": count, "names": [str(i) for i in range(count)], "bounds": [[0.0, 1.0]] * count}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that some resample of a rare outcome is constant
        answer = sobol.analyze(
            problem,
            found.ravel(),
            calc_second_order=False,
            num_resamples=resamples,
            keep_resamples=True,
            seed=np.random.default_rng([seed, 11]),
        )
    first, total = (
        Interval(value, value - half, value + half)
        for value, half in ((answer["S1"], answer["S1_conf"]), (answer["ST"], answer["ST_conf"]))
    )
    return first, total, np.asarray(answer["S1_conf_all"])


def _part(index: Interval, factors: int) -> Interval:
    """The index of the single factors, without the groups behind them."""
    assert index.low is not None and index.high is not None
    return Interval(index.value[:factors], index.low[:factors], index.high[:factors])


def _backing(kinds: Sequence[str], factors: int, first: Interval, total: Interval, resampled: Floats) -> Backing:
    """Groups' indices and interactions, with intervals from resamples shared by all of them."""
    place = {kind: factors + k for k, kind in enumerate(kinds)}

    def share(weights: Mapping[int, float], constant: float = 0.0) -> Share:
        at, by = list(weights), np.array(list(weights.values()))
        value = float(constant + first.value[at] @ by)
        half = Z95 * float((resampled[:, at] @ by).std(ddof=1))
        return Share(value, value - half, value + half)

    assert total.low is not None and total.high is not None
    pairs = {pair: factors + len(kinds) + k for k, pair in enumerate(_pairs(kinds))}
    between = {f"{a} × {b}": share({at: 1.0, place[a]: -1.0, place[b]: -1.0}) for (a, b), at in pairs.items()}
    # One less all singles and all pairs' interactions; each single is taken off once by every pair it is in.
    left = {place[kind]: float(len(kinds) - 2) for kind in kinds} | dict.fromkeys(pairs.values(), -1.0)
    higher = share(left, 1.0) if len(kinds) > 2 else Share(0.0, 0.0, 0.0)
    if len(kinds) == 2:
        between = {" × ".join(kinds): share(dict.fromkeys(place.values(), -1.0), 1.0)}
    return Backing(
        {kind: share({at: 1.0}) for kind, at in place.items()},
        {k: Share(float(total.value[at]), float(total.low[at]), float(total.high[at])) for k, at in place.items()},
        between,
        higher,
    )


def _constant(factors: int, kinds: Sequence[str], n: int, evaluations: int, mean: float) -> Decomposition:
    """The decomposition of no variance: every index is zero."""
    zeros = Interval(np.zeros(factors), np.zeros(factors), np.zeros(factors))
    none = Share(0.0, 0.0, 0.0)
    single = dict.fromkeys(kinds, none)
    backing = Backing(single, single, {f"{a} × {b}": none for a, b in combinations(kinds, 2)}, none)
    return Decomposition(n, evaluations, zeros, zeros, backing, ((n, np.zeros(factors)),), mean, 0.0, constant=True)
