r"""Morris' screening: how much an outcome changes when one factor makes a step, from many places.

Along random walks on a grid of four levels of the unit cube each factor is moved once, by two thirds of its prior's
probability. The elementary effect is the change of the outcome per unit of the cube. Its mean absolute value
:math:`\mu^*` (Campolongo, Cariboni and Saltelli 2007) ranks factors; its standard deviation :math:`\sigma` is large
where the effect depends on where the others stand, or is bent. A coarse look at few evaluations, not a share of
anything.

References
----------
Campolongo, F., Cariboni, J. and Saltelli, A. (2007). An effective screening design for sensitivity analysis of large
models. *Environmental Modelling & Software* 22(10), 1509-1518.
Morris, M. D. (1991). Factorial sampling plans for preliminary computational experiments. *Technometrics* 33, 161-174.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triangle.measures.factors import Response
from triangle.measures.variance import RESAMPLES, Interval, Progress

Floats = NDArray[np.float64]

#: Levels of the grid.
LEVELS = 4

#: Walks that are measured between two reports of progress.
_WALKS = 64


@dataclass(frozen=True, eq=False)
class Screening:
    """Elementary effects of every factor, in units of the outcome: mean absolute value, mean, standard deviation."""

    evaluations: int
    mean_abs: Interval
    mean: Floats
    spread: Floats
    convergence: tuple[tuple[int, Floats], ...]
    outcome_mean: float
    outcome_deviation: float
    constant: bool


def screen(response: Response, walks: int, seed: int, progress: Progress | None = None) -> Screening:
    """Morris' measures from so many walks; takes ``walks · (factors + 1)`` evaluations."""
    from SALib.sample import morris as sampling

    factors, walks = len(response.factors), max(walks, 4)
    names = [str(i) for i in range(factors)]
    problem = {"num_vars": factors, "names": names, "bounds": [[0.0, 1.0]] * factors}
    points = sampling.sample(problem, walks, num_levels=LEVELS, seed=np.random.default_rng([seed, 30]))
    found = np.empty(len(points))
    for start in range(0, len(points), step := _WALKS * (factors + 1)):
        piece = slice(start, start + step)
        found[piece] = response.at(response.columns(np.ascontiguousarray(points[piece].T)))
        if progress is not None:
            progress(min(start + step, len(points)), len(points))
    steps = sorted({max(walks >> k, 4) for k in range(5)})
    answers = [(n, _salib(problem, points, found, n, seed)) for n in steps]
    whole = answers[-1][1]
    return Screening(
        len(points),
        whole[0],
        whole[1],
        whole[2],
        tuple((n, answer[0].value) for n, answer in answers),
        float(found.mean()),
        float(found.std()),
        constant=bool(np.ptp(found) <= 1e-12 * max(1.0, abs(float(found.mean())))),
    )


def _salib(
    problem: dict[str, object], points: Floats, found: Floats, walks: int, seed: int
) -> tuple[Interval, Floats, Floats]:
    from SALib.analyze import morris

    rows = slice(0, walks * (points.shape[1] + 1))
    rng = np.random.default_rng([seed, 31])
    answer = morris.analyze(
        dict(problem), points[rows], found[rows], num_resamples=RESAMPLES, num_levels=LEVELS, seed=rng
    )
    effect, half = (np.asarray(answer[key], dtype=np.float64) for key in ("mu_star", "mu_star_conf"))
    mean, spread = (np.asarray(answer[key], dtype=np.float64) for key in ("mu", "sigma"))
    return Interval(effect, effect - half, effect + half), mean, spread
