"""What a path leads to, as a number for every point of a batch: probabilities of profiles by year.

The state, moves and rates of the path are laid over the parameters of the batch; rates stand at their values. In each
state and year the equilibrium of the largest margin is played (:mod:`triangle.solvers.markov.stage`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from triangle.model.parameters import Values
from triangle.players.notation import held_over
from triangle.scenarios.path import Path
from triangle.solvers.markov import forward
from triangle.solvers.markov.backward import solve_markov
from triangle.study.course import Worlds, staged_game, start_of
from triangle.study.study import Study

Floats = NDArray[np.float64]

#: State-worlds solved at a time.
AT_ONCE = 25_600


def profile_probabilities(
    study: Study, path: Path, values: Values, holds: Mapping[int, Mapping[int, int | None]] | None = None
) -> Floats:
    """Probability of each profile in each year of a path, at every point of a batch.

    Parameters
    ----------
    study : Study
        Whose scenario the parameters belong to; players held there are held in every year.
    path : Path
        Its state, moves and rates; its own scenario is not used.
    values : Values
        Over samples of any shape.
    holds : mapping of int to {int: int}, optional
        Players held by year, beside those of the study.

    Returns
    -------
    array, shape (years, profiles, ...samples)
    """
    laid = replace(path, scenario=study.scenario)
    size = int(np.prod(values.samples, dtype=np.int64))
    columns = {
        name: np.broadcast_to(column, values.samples).reshape(-1)
        for name, column in values.numbers.items()
        if name in study.scenario.values
    }
    numbers = {number.name: np.full(size, number.value) for number in path.uncertain}
    held = {year: held_over(study.hold, (holds or {}).get(year, {})) for year in path.years}
    start = start_of(path)
    step = max(1, AT_ONCE // len(start))
    found = np.empty((len(path.years), len(study.cast.profiles), size))
    for first in range(0, size, step):
        piece = slice(first, min(first + step, size))
        some = Worlds({n: x[piece] for n, x in columns.items()}, {n: x[piece] for n, x in numbers.items()})
        game = staged_game(laid, study.model, some, held)
        policy = solve_markov(game).policy
        found[..., piece] = forward.course(game, policy, start, np.zeros(study.cast.shape, dtype=np.int64)).profiles
    return found.reshape(*found.shape[:2], *values.samples)


def pattern_probability(probabilities: Floats, mask: int) -> Floats:
    """Probability of the profiles in a mask, from those of each profile (first axis)."""
    inside = np.array([mask >> profile & 1 for profile in range(len(probabilities))], dtype=bool)
    return np.asarray(probabilities[inside].sum(axis=0))
