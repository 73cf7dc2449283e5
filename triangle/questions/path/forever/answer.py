r"""What the conditions of one year would lead to if they went on for ever.

In each world the game of one year is repeated with its moves of the state; a **stationary** Markov-perfect equilibrium
is looked for by value iteration (:mod:`triangle.solvers.markov.stationary`) and certified by one-shot deviations. It
owes nothing to a last year. Reported are the configurations in the first year, from the path's start, and their shares
of time in the long run (:func:`triangle.solvers.markov.forward.long_run`), over the worlds in which play settles.

Where play cycles, the logit path of the whole stochastic game may be followed to the equilibrium at its end
(:mod:`triangle.solvers.markov.smoothed`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from triangle.model.model import Model
from triangle.questions.path.answer import held_words
from triangle.questions.path.forever.record import Forever
from triangle.questions.path.forever.work import Forevers
from triangle.questions.path.record import Band
from triangle.questions.path.work import Holds, Progress, gathered, kinds_of
from triangle.scenarios.path import Path
from triangle.solvers.markov.stationary import CERTIFIED, CYCLES, EPSILON
from triangle.study.study import study
from triangle.sweeps.archive import Store

Floats = NDArray[np.float64]


def for_ever(
    path: Path,
    model: Model,
    year: int,
    samples: int = 200,
    seed: int = 0,
    rule: str = "margin",
    holds: Holds | None = None,
    held_texts: Sequence[str] = (),
    follow: bool = False,
    progress: Progress | None = None,
    workers: int = 1,
    store: Store | None = None,
) -> Forever:
    """Stationary play of a path in which the conditions of one year go on for ever; see the module.

    Parameters
    ----------
    year : int
    follow : bool
        Whether the logit path is followed in worlds whose play cycles, which takes long where there are many states.

    Other parameters are those of :func:`triangle.questions.path.answer.path_course`.

    Examples
    --------
    >>> from triangle.model.model import read_model
    >>> from triangle.scenarios.path import read_path
    >>> model = read_model()
    >>> found = for_ever(read_path("path_baseline", model).finer(2), model, 2040, samples=1)
    >>> found.certified, round(sum(band.mean for band in found.long_run), 9)
    (1.0, 1.0)
    """
    work = Forevers(path, model, samples, seed, rule, holds or {}, year=year, follow=follow)
    found = gathered(work, progress, workers, store)
    verdict = found["verdict"].astype(np.intp)
    there = verdict != CYCLES
    shares = np.bincount(verdict, minlength=CYCLES + 1) / samples

    def bands(rows: Floats) -> tuple[Band, ...]:
        # What is certain has the probability one, and not what is left of it by adding up.
        return Band.each(rows[:, there].round(12)) if there.any() else ()

    return Forever(
        cast=model.cast,
        path=path.name,
        title=path.title,
        question=path.question,
        scenario=path.scenario.name,
        form=study(model, path.scenario).model.form.name,
        year=year,
        samples=samples,
        seed=seed,
        rule=rule,
        holds=held_words(path, held_texts),
        followed=int(found["followed"].sum()) if follow else None,
        certified=float(shares[CERTIFIED]),
        epsilon=float(shares[EPSILON]),
        cycles=float(shares[CYCLES]),
        configurations=kinds_of(model.cast).keys,
        at_first=bands(found["at_first"]),
        long_run=bands(found["long_run"]),
        unsettled=float(1 - found["settled"][there].mean()) if there.any() else 0.0,
        states=tuple(state.name for state in path.states),
        named=tuple("" if state.is_ladder else state.labels[-1] for state in path.states),
        starts=tuple(float(np.dot(state.start, state.levels)) for state in path.states),
        levels=bands(found["levels"]),
        values=bands(found["values"]),
        largest_gain=float(found["gain"][there].max(initial=0.0)),
        payoff_range=float(found["span"].max()),
        state_worlds=int(there.sum()) * work.states,
    )
