r"""Patient rule induction: boxes of inputs in which an event is frequent (Friedman and Fisher 1999).

From all draws, a small share of those left is **peeled** off again and again: of all slices at a low or high end of an
input the one whose removal leaves the event most frequent. So a trajectory of ever smaller boxes arises, with

* **coverage**: the share of all draws with the event that the box holds,
* **density**: the share of the box's draws that have the event,
* **dimensions**: how many inputs the box restricts.

One box of the trajectory is chosen by a stated rule, restrictions that chance explains are taken off, and its ends are
**pasted** outwards again while that leaves the event more frequent. The quasi-p-value of a restriction (Bryant and
Lempert 2010) is the chance that a box without it, drawn from independently, holds so many events by luck:
:math:`P(\mathrm{Bin}(n, q) \ge k)`, with :math:`k` of :math:`n` draws inside and :math:`q` the density without it. It
is a guide, not a test: the same draws chose the restriction.

References
----------
Bryant, B. P. and Lempert, R. J. (2010). Thinking inside the box: a participatory, computer-assisted approach to
scenario discovery. *Technological Forecasting and Social Change* 77(1), 34-49.
Friedman, J. H. and Fisher, N. I. (1999). Bump hunting in high-dimensional data. *Statistics and Computing* 9, 123-143.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

#: Share of the draws left that one peel takes, and that one paste gives back.
PATIENCE = 0.05

#: Least share of all draws that a box holds.
SUPPORT = 0.02

#: A restriction stays if its quasi-p-value is below this.
MOST_LUCK = 0.05


@dataclass(frozen=True, eq=False)
class Limits:
    """Ends of a box over the inputs; infinite where it is not restricted. Both ends belong to it."""

    low: Floats
    high: Floats

    @property
    def restricted(self) -> list[int]:
        """Inputs that the box restricts."""
        return np.flatnonzero(np.isfinite(self.low) | np.isfinite(self.high)).tolist()

    def hold(self, inputs: Floats) -> Bools:
        """Which draws ``[input, draw]`` lie in the box."""
        inside = np.ones(inputs.shape[1], dtype=bool)
        for i in self.restricted:
            inside &= (inputs[i] >= self.low[i]) & (inputs[i] <= self.high[i])
        return inside

    def without(self, i: int) -> Limits:
        """The box with one input unrestricted."""
        low, high = self.low.copy(), self.high.copy()
        low[i], high[i] = -np.inf, np.inf
        return Limits(low, high)


@dataclass(frozen=True)
class Step:
    """One box of the trajectory, counted on the draws that it was found on."""

    limits: Limits
    draws: int
    events: int
    coverage: float
    density: float
    dimensions: int


def unbounded(inputs: int) -> Limits:
    """The box of everything."""
    return Limits(np.full(inputs, -np.inf), np.full(inputs, np.inf))


def peel(inputs: Floats, event: Bools, patience: float = PATIENCE, support: float = SUPPORT) -> list[Step]:
    """The trajectory of boxes, the one of all draws first.

    Parameters
    ----------
    inputs : array, shape (inputs, draws)
    event : array of bool, shape (draws,)

    Examples
    --------
    >>> x = np.random.default_rng(0).random((3, 2000))
    >>> last = peel(x, (x[0] > 0.6) & (x[1] < 0.5))[-1]
    >>> last.density, last.limits.restricted
    (1.0, [0, 1])
    """
    total, n = int(event.sum()), len(event)
    limits = unbounded(len(inputs))
    inside = np.arange(n)
    steps = [_step(limits, n, total, total)]
    while len(inside) > max(support * n, 1) and steps[-1].density < 1.0:
        found = _best_peel(inputs[:, inside], event[inside], patience)
        if found is None:
            break
        i, at_low, end, keep = found
        if keep.sum() < support * n:
            break
        low, high = limits.low.copy(), limits.high.copy()
        (low if at_low else high)[i] = end
        limits, inside = Limits(low, high), inside[keep]
        steps.append(_step(limits, len(inside), int(event[inside].sum()), total))
    return steps


def _step(limits: Limits, draws: int, events: int, total: int) -> Step:
    return Step(limits, draws, events, events / total if total else 0.0, events / max(draws, 1), len(limits.restricted))


def _best_peel(inputs: Floats, event: Bools, patience: float) -> tuple[int, bool, float, Bools] | None:
    """The slice whose removal leaves the event most frequent: input, whether its low end, the new end, what is kept.

    Of equal ones the smaller slice, then the first input: chance has no part in it.
    """
    n = inputs.shape[1]
    take = max(int(patience * n), 1)
    order = np.partition(inputs, (take, n - 1 - take), axis=1) if n > 2 * take + 1 else np.sort(inputs, axis=1)
    best: tuple[tuple[float, int], int, bool, float, Bools] | None = None
    # Where many draws share an end, the end itself is peeled off, all of it.
    low, high = inputs.min(axis=1), inputs.max(axis=1)
    above = np.where(inputs > low[:, None], inputs, np.inf).min(axis=1)
    below = np.where(inputs < high[:, None], inputs, -np.inf).max(axis=1)
    for at_low, ends in ((True, np.maximum(order[:, take], above)), (False, np.minimum(order[:, n - 1 - take], below))):
        kept = inputs >= ends[:, None] if at_low else inputs <= ends[:, None]
        sizes = kept.sum(axis=1)
        means = (kept & event).sum(axis=1) / np.maximum(sizes, 1)
        for i in np.flatnonzero((sizes < n) & (sizes > 0)).tolist():
            score = (float(means[i]), int(sizes[i]))
            if best is None or score > best[0]:
                best = (score, i, at_low, float(ends[i]), kept[i])
    return None if best is None else best[1:]


def choose(steps: list[Step], density: float) -> Step:
    """The box of most coverage among those at least so dense; where there is none, that of the best harmonic mean.

    The harmonic mean of coverage and density is the F-measure.
    """
    dense = [step for step in steps if step.density >= density]
    if dense:
        return max(dense, key=lambda step: (step.coverage, -step.dimensions))
    return max(steps, key=lambda s: 2 * s.coverage * s.density / (s.coverage + s.density) if s.events else 0.0)


def paste(limits: Limits, inputs: Floats, event: Bools, patience: float = PATIENCE) -> Limits:
    """The box with its ends moved outwards, a share of its draws at a time, while the event becomes no rarer."""
    while True:
        inside = limits.hold(inputs)
        n, mean = int(inside.sum()), float(event[inside].mean()) if inside.any() else 0.0
        best: tuple[tuple[float, int], Limits] | None = None
        for i in limits.restricted:
            beyond = limits.without(i).hold(inputs) & ~inside
            for at_low in (True, False):
                end = limits.low[i] if at_low else limits.high[i]
                if not np.isfinite(end):
                    continue
                wider = _widened(limits, i, at_low, np.sort(inputs[i][beyond]), max(int(patience * n), 1))
                grown = wider.hold(inputs)
                score = (float(event[grown].mean()) if grown.any() else 0.0, int(grown.sum()))
                if score[1] > n and score[0] >= mean and (best is None or score > best[0]):
                    best = (score, wider)
        if best is None:
            return limits
        limits = best[1]


def _widened(limits: Limits, i: int, at_low: bool, beyond: Floats, take: int) -> Limits:
    """One end moved past the next `take` draws beyond it, or away altogether where there are no more."""
    low, high = limits.low.copy(), limits.high.copy()
    if at_low:
        outer = beyond[beyond < low[i]]
        low[i] = outer[-take] if len(outer) > take else -np.inf
    else:
        outer = beyond[beyond > high[i]]
        high[i] = outer[take - 1] if len(outer) > take else np.inf
    return Limits(low, high)


def quasi_p(limits: Limits, inputs: Floats, event: Bools) -> dict[int, float]:
    """Quasi-p-value of every restricted input."""
    from scipy.stats import binom

    inside = limits.hold(inputs)
    n, k = int(inside.sum()), int(event[inside].sum())
    found = {}
    for i in limits.restricted:
        wider = limits.without(i).hold(inputs)
        found[i] = float(binom.sf(k - 1, n, event[wider].mean())) if n else 1.0
    return found


def pruned(limits: Limits, inputs: Floats, event: Bools, most: float = MOST_LUCK) -> Limits:
    """The box without the restrictions that luck explains, the weakest taken off first."""
    while limits.restricted:
        values = quasi_p(limits, inputs, event)
        weakest = max(values, key=lambda i: values[i])
        if values[weakest] < most:
            break
        limits = limits.without(weakest)
    return limits


def recounted(step: Step, inputs: Floats, event: Bools, total: int) -> Step:
    """The same box counted on other draws, of which `total` have the event anywhere."""
    inside = step.limits.hold(inputs)
    return _step(step.limits, int(inside.sum()), int(event[inside].sum()), total)
