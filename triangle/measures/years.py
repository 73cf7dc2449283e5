"""What a path leads to, as a number for every point of a batch: probabilities of profiles and of levels by year.

The state, moves and rates of the path are laid over the parameters of the batch. A number of the path itself, such as a
rate, stands at its value unless the batch has a column of its name. In each state and year the equilibrium of the
largest margin is played (:mod:`triangle.solvers.markov.stage`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from triangle.games.staged import StagedGame
from triangle.model.model import Model
from triangle.model.parameters import Values
from triangle.players.notation import held_over
from triangle.scenarios.path import Path
from triangle.study.course import Known, Worlds, staged_game, start_of
from triangle.study.study import Study
from triangle.study.study import study as study_of

if TYPE_CHECKING:
    from triangle.solvers.markov.backward import MarkovSolution
    from triangle.solvers.markov.forward import Course

Floats = NDArray[np.float64]
Holds = Mapping[int, Mapping[int, int | None]]

#: State-worlds solved at a time.
AT_ONCE = 25_600


@dataclass(frozen=True, eq=False)
class Solved:
    """A path laid over some points of a batch: its worlds and game, what is played, and where that leads."""

    study: Study
    path: Path
    worlds: Worlds
    game: StagedGame
    solution: MarkovSolution
    course: Course


def solved_years(
    study: Study, path: Path, values: Values, holds: Holds | None = None, known: Known | None = None
) -> Iterator[Solved]:
    """A path solved at the points of a batch, some at a time.

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
    known : Known, optional
        That of :func:`~triangle.study.course.staged_game`, for who asks about several paths at the same points.
    """
    # Solvers take longer to load than it takes to say what is measured.
    from triangle.solvers.markov.backward import solve_markov
    from triangle.solvers.markov.forward import course

    laid = replace(path, scenario=study.scenario)
    size = int(np.prod(values.samples, dtype=np.int64))
    columns = {
        name: np.broadcast_to(column, values.samples).reshape(-1)
        for name, column in values.numbers.items()
        if name in study.scenario.values
    }
    numbers = {
        number.name: np.broadcast_to(values.numbers.get(number.name, number.value), values.samples).reshape(-1)
        for number in path.uncertain
    }
    held = {year: held_over(study.hold, (holds or {}).get(year, {})) for year in path.years}
    start = start_of(path)
    step = max(1, AT_ONCE // len(start))
    for first in range(0, size, step):
        piece = slice(first, min(first + step, size))
        some = Worlds({n: x[piece] for n, x in columns.items()}, {n: x[piece] for n, x in numbers.items()})
        game = staged_game(laid, study.model, some, held, known)
        one_kind = np.zeros(study.cast.shape, dtype=np.int64)
        solution = solve_markov(game)
        ahead = course(game, solution.policy, start, one_kind, changes=False)
        yield Solved(study, laid, some, game, solution, ahead)


def own_course(path: Path, model: Model) -> Course:
    """Where a path leads in the world that its own scenario describes."""
    (solved,) = solved_years(study_of(model, path.scenario), path, Values(path.scenario.values, model.cast))
    return solved.course


def pattern_probability(probabilities: Floats, mask: int) -> Floats:
    """Probability of the profiles in a mask, from those of each profile (first axis)."""
    inside = np.array([mask >> profile & 1 for profile in range(len(probabilities))], dtype=bool)
    return np.asarray(probabilities[inside].sum(axis=0))


def first_year(path: Path, is_so: NDArray[np.bool_]) -> Floats:
    """The first year in which something is so, the one after the last where it never is; from ``[year, ...samples]``.

    >>> from triangle.model.model import read_model
    >>> from triangle.scenarios.path import read_path
    >>> path = read_path("path_baseline", read_model()).until(2027)
    >>> first_year(path, np.array([[False, False], [True, False], [True, False]])).tolist()
    [2026.0, 2028.0]
    """
    later = np.concatenate([is_so, np.ones((1, *is_so.shape[1:]), dtype=bool)])
    return np.asarray(path.first + later.argmax(axis=0), dtype=np.float64)
