r"""Replicates: how far a mean over a sweep's games would move if other points had been drawn.

Wilson's interval and the normal one hold for independent draws, each of one game. Elsewhere a mean is computed R times
over, and its interval is read off these **replicates**:

``bootstrap`` (independent draws, listed points)
    Each replicate counts every *draw* a number of times of its own, independent and Poisson distributed with mean 1:
    the bootstrap of Efron (1979) in the form that needs no second pass (Hanley and MacGibbon 2006; Chamandy et al.
    2012). All games of a draw, at the nodes of a grid and in several scenarios, count alike, since they share it. The
    interval lies between the quantiles of 2.5 and 97.5 %.
``scrambles`` (Sobol' points, Latin hypercubes)
    Points of one such design depend on each other, on purpose: to resample them would give back the error of
    independent draws, which the design avoids. The samples are divided into R designs of equal size, each randomised
    by itself, and the interval is Student's over their R means (Owen 1997; L'Ecuyer et al. 2023 find it more reliable
    than a bootstrap over the same means). Each design should have a power of two of points.

A replicate's weights are a function of the seed and of a draw's index, and so the same for every chunk and worker.

References
----------
Chamandy, N., Muralidharan, O., Najmi, A. and Naidu, S. (2012). *Estimating uncertainty for massive data streams*.
Google technical report.
Efron, B. (1979). Bootstrap methods: another look at the jackknife. *Annals of Statistics* 7(1), 1-26.
Hanley, J. A. and MacGibbon, B. (2006). Creating non-parametric bootstrap samples using Poisson frequencies. *Computer
Methods and Programs in Biomedicine* 83(1), 57-62.
L'Ecuyer, P., Nakayama, M. K., Owen, A. B. and Tuffin, B. (2023). Confidence intervals for randomized quasi-Monte Carlo
estimators. *Proceedings of the 2023 Winter Simulation Conference*, 445-456.
Owen, A. B. (1997). Monte Carlo variance of scrambled net quadrature. *SIAM Journal on Numerical Analysis* 34(5),
1884-1910.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from triangle.sweeps.design import BLOCK, Design

Floats = NDArray[np.float64]
Kind = Literal["bootstrap", "scrambles"]

#: Poisson's distribution function with mean 1 at 0, 1, 2, …, as far as 53 bits reach.
_POISSON = np.cumsum([math.exp(-1) / math.factorial(k) for k in range(19)])


def kind_of(design: Design) -> Kind | None:
    """How replicates of this design come about; None where it has none."""
    if design.replicates == 1:
        return None
    return "scrambles" if design.sampling in ("sobol", "lhs") else "bootstrap"


def weights(design: Design, start: int, stop: int) -> Floats:
    """How often each replicate counts the games `start` to `stop` of a scenario: whole numbers ``[replicate, game]``.

    Scenarios share their draws, and so their weights.
    """
    sample = np.arange(start, stop) % design.samples
    if kind_of(design) == "scrambles":
        own = sample // (design.samples // design.replicates)
        return np.equal(own, np.arange(design.replicates)[:, None]).astype(np.float64)
    found = np.empty((design.replicates, sample.size))
    block, place = np.divmod(sample, BLOCK)
    for number in np.unique(block).tolist():
        here = np.flatnonzero(block == number)
        found[:, here] = _poisson(design.seed, design.replicates, number)[:, place[here]]
    return found


@lru_cache(maxsize=2)
def _poisson(seed: int, replicates: int, block: int) -> NDArray[np.int8]:
    """Poisson numbers ``[replicate, draw]`` of a block of draws, by the inverse of the distribution function."""
    uniform = np.random.default_rng([seed, 4, block]).random((replicates, BLOCK))
    return np.searchsorted(_POISSON, uniform, side="right").astype(np.int8)
