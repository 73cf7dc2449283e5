r"""Indices from draws that are already there: how far the law of an outcome moves when one factor is known.

Both cut the draws into slices by the rank of the factor and compare the outcome's law in each slice with that of all
draws. They need no design, keep their meaning where factors depend on each other, and so serve inside a region and on
the archive of a sweep.

* **PAWN** (Pianosi and Wagener 2018): the median over ten slices of the Kolmogorov–Smirnov distance.
* **delta** (Borgonovo 2007; Plischke et al. 2013): half the mean L1 distance of the densities, by Gaussian kernels with
  Silverman's width and reduced bias; for an outcome of few values, of their frequencies.
* **first**: the share of the variance that lies between the slices (the correlation ratio). Where factors are
  independent it is Sobol's first-order index; where they are not, it includes what goes with the factor.

SALib's own versions are rewritten here over arrays: they draw from numpy's global generator and seed it, change the
filters of warnings for good, leave out slices in which the outcome is constant, which for an indicator are the ones
that matter, and lose every factor of few values. Where none of this bites, the two agree, which the tests hold.

A factor of no influence has positive indices all the same. The **floor** says how large: it is the 95 % quantile of
the indices of columns of pure chance (Khorashadi Zadeh et al. 2017).

References
----------
Borgonovo, E. (2007). A new uncertainty importance measure. *Reliability Engineering & System Safety* 92(6), 771-784.
Khorashadi Zadeh, F. et al. (2017). Comparison of variance-based and moment-independent global sensitivity analysis
approaches. *Environmental Modelling & Software* 91, 210-222.
Pianosi, F. and Wagener, T. (2018). Distribution-based sensitivity analysis from a generic input-output sample.
*Environmental Modelling & Software* 108, 197-207.
Plischke, E., Borgonovo, E. and Smith, C. L. (2013). Global sensitivity measures from given data. *European Journal of
Operational Research* 226(3), 536-550.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triangle.base.errors import BadInput, Fault
from triangle.base.intervals import Z95
from triangle.measures.variance import RESAMPLES, Interval, Progress

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]

#: Slices of PAWN.
SLICES = 10

#: An outcome of at most so many values is taken by frequencies rather than by densities.
FEW_VALUES = 20

#: Columns of pure chance behind the floor.
DUMMIES = 40

#: Fewest draws from which indices are estimated.
FEWEST = 64

#: Points of the grid on which densities are smoothed, twice the span of the outcome.
_GRID = 512


@dataclass(frozen=True, eq=False)
class GivenData:
    """Indices of every factor from draws; `index` is that of the method, `floor` what chance alone gives it."""

    index: Interval
    first: Interval
    floor: float
    convergence: tuple[tuple[int, Floats], ...]
    mean: float
    deviation: float
    constant: bool


def given_data(
    method: str, inputs: Floats, outcome: Floats, seed: int = 0, progress: Progress | None = None
) -> GivenData:
    """PAWN or delta, and the first-order index, with bootstrap intervals.

    Parameters
    ----------
    method : {"pawn", "delta"}
    inputs : array, shape (factors, draws)
    outcome : array, shape (draws,)
        Finite numbers.

    Raises
    ------
    BadInput
        If there are too few draws.
    """
    factors, n = inputs.shape
    if n < FEWEST:
        raise BadInput(Fault("--samples", "", f"only {n} draws are left; expected at least {FEWEST}"))
    if not np.isfinite(outcome).all():
        raise ValueError("the outcome holds numbers that are not finite")
    rng = np.random.default_rng([seed, 20])
    mean, deviation = float(outcome.mean()), float(outcome.std())
    if np.ptp(outcome) <= 1e-12 * max(1.0, abs(mean)):
        zeros = Interval(np.zeros(factors), np.zeros(factors), np.zeros(factors))
        return GivenData(zeros, zeros, 0.0, ((n, np.zeros(factors)),), mean, 0.0, constant=True)
    estimate, slices = _METHODS[method], SLICES if method == "pawn" else None
    chance = rng.random((DUMMIES, n))
    index, first = _both(estimate, inputs, outcome, slices)
    dummies, _ = _both(estimate, chance, outcome, slices)
    resampled = np.empty((2, RESAMPLES, factors))
    corrected = np.empty((RESAMPLES, DUMMIES))
    for r in range(RESAMPLES):
        draw = rng.integers(n, size=n)
        resampled[:, r] = _both(estimate, inputs[:, draw], outcome[draw], slices)
        if method == "delta":
            corrected[r] = estimate(_sliced(_ranks(chance[:, draw]), _slices_of(n)), outcome[draw])
        if progress is not None:
            progress((r + 1) * n, RESAMPLES * n)
    if method == "delta":  # Plischke et al. (2013), eq. 30
        index = 2 * index - resampled[0].mean(axis=0)
        dummies = 2 * dummies - corrected.mean(axis=0)
    sizes = [n >> k for k in range(20) if n >> k >= FEWEST][::-1]
    steps = tuple((size, _both(estimate, inputs[:, :size], outcome[:size], slices)[0]) for size in sizes)
    return GivenData(
        _with_ends(index, resampled[0]),
        _with_ends(first, resampled[1]),
        float(np.quantile(dummies, 0.95)),
        steps,
        mean,
        deviation,
        constant=False,
    )


def _with_ends(value: Floats, resampled: Floats) -> Interval:
    half = Z95 * resampled.std(axis=0, ddof=1)
    return Interval(value, value - half, value + half)


def _both(estimate: Estimate, inputs: Floats, outcome: Floats, slices: int | None) -> tuple[Floats, Floats]:
    """The method's index and the first-order index."""
    ranks = _ranks(inputs)
    by_fine = _sliced(ranks, _slices_of(len(outcome)))
    sliced = by_fine if slices is None else _sliced(ranks, slices)
    return estimate(sliced, outcome), _first(by_fine, outcome)


def _slices_of(n: int) -> int:
    """Number of slices for n draws (Plischke et al. 2013, as SALib has it)."""
    power = 2.0 / (7.0 + math.tanh((1500.0 - n) / 500.0))
    return min(math.ceil(math.pow(n, power)), 48)


def _ranks(inputs: Floats) -> Integers:
    """The rank of every draw by each factor; ties in the order of the draws, so that none is lost."""
    found = np.empty(inputs.shape, dtype=np.intp)
    np.put_along_axis(found, np.argsort(inputs, axis=1, kind="stable"), np.arange(inputs.shape[1])[None], axis=1)
    return found


def _sliced(ranks: Integers, slices: int) -> Integers:
    """The slice of every draw by its rank."""
    n = ranks.shape[1]
    return np.asarray((np.arange(n) * slices // n)[ranks])


Estimate = Callable[[Integers, Floats], Floats]


def _first(sliced: Integers, outcome: Floats) -> Floats:
    """Share of the variance between slices."""
    slices, centred = int(sliced.max()) + 1, outcome - outcome.mean()
    variance = centred @ centred
    found = np.empty(len(sliced))
    for row, places in enumerate(sliced):
        sizes = np.bincount(places, minlength=slices)
        found[row] = (np.bincount(places, centred, slices) ** 2 / np.maximum(sizes, 1)).sum()
    return np.asarray(found / variance) if variance > 0 else np.zeros(len(sliced))


def _pawn(sliced: Integers, outcome: Floats) -> Floats:
    """Median over slices of the largest distance between the distribution functions."""
    values, code, counts = np.unique(outcome, return_inverse=True, return_counts=True)
    slices, n = int(sliced.max()) + 1, len(outcome)
    whole = np.cumsum(counts) / n
    apart = np.empty((len(sliced), slices))
    for row, places in enumerate(sliced):
        table = np.bincount(places * len(values) + code, minlength=slices * len(values)).reshape(slices, -1)
        table = np.cumsum(table, axis=1)
        np.abs(table / table[:, -1:] - whole).max(axis=1, out=apart[row])
    return np.asarray(np.median(apart, axis=1))


def _delta(sliced: Integers, outcome: Floats) -> Floats:
    """Half the mean L1 distance between the laws in the slices and that of all draws."""
    values, code = np.unique(outcome, return_inverse=True)
    slices, n = int(sliced.max()) + 1, len(outcome)
    if len(values) > FEW_VALUES:
        return _delta_of_densities(sliced, outcome)
    whole = np.bincount(code) / n
    found = np.empty(len(sliced))
    for row, places in enumerate(sliced):
        table = np.bincount(places * len(values) + code, minlength=slices * len(values)).reshape(slices, -1)
        found[row] = 0.5 * np.abs(table / n - table.sum(axis=1, keepdims=True) / n * whole).sum()
    return found


def _delta_of_densities(sliced: Integers, outcome: Floats) -> Floats:
    """The same by kernel densities, smoothed on a grid by Fourier transforms."""
    n, slices = len(outcome), int(sliced.max()) + 1
    low, high = float(outcome.min()), float(outcome.max())
    step = (high - low) / (_GRID // 2 - 1)
    position = (outcome - low) / step
    cell = np.minimum(position.astype(np.intp), _GRID // 2 - 2)
    weight = position - cell
    frequency = 2 * np.pi * np.fft.rfftfreq(_GRID, step)

    def densities(table: Floats, sizes: Floats, deviations: Floats) -> Floats:
        """Rows of binned counts as densities over the span of the outcome."""
        width = np.maximum(deviations * (0.75 * sizes) ** -0.2, 0.5 * step)
        smooth = np.exp(-0.5 * (width[:, None] * frequency) ** 2)
        rows = np.fft.irfft(np.fft.rfft(table, axis=1) * smooth, _GRID, axis=1)[:, : _GRID // 2]
        found: Floats = rows / (sizes[:, None] * step)
        return found

    def binned(rows: Integers, count: int) -> Floats:
        at = rows * _GRID + cell
        size = count * _GRID
        counts = np.bincount(at, 1 - weight, size) + np.bincount(at + 1, weight, size)
        return np.asarray(counts, dtype=np.float64).reshape(count, _GRID)

    whole = densities(binned(np.zeros(n, dtype=np.intp), 1), np.array([float(n)]), outcome.std(ddof=1, keepdims=True))
    found = np.empty(len(sliced))
    centred = outcome - outcome.mean()
    for row, places in enumerate(sliced):
        sizes = np.bincount(places, minlength=slices).astype(np.float64)
        means = np.bincount(places, centred, slices) / sizes
        squares = np.bincount(places, centred**2, slices) - sizes * means**2
        deviations = np.sqrt(np.maximum(squares, 0.0) / np.maximum(sizes - 1, 1))
        apart = np.abs(densities(binned(places, slices), sizes, deviations) - whole)
        found[row] = 0.5 * (sizes / n) @ (np.trapezoid(apart, axis=1) * step)
    return found


_METHODS: Mapping[str, Estimate] = {"pawn": _pawn, "delta": _delta}
