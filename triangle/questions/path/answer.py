r"""How the triangle goes over the years, in many worlds: Markov-perfect play of a path.

In each world, a draw of what is uncertain in the scenario and of the path's own rates, the staged game of the path is
solved by backward induction (:mod:`triangle.solvers.markov.backward`), its policy is certified by one-shot deviations
(:mod:`triangle.solvers.markov.certificate`) and carried forward from the start. Reported are the probabilities of the
configurations by year, their mean and spread over worlds, and the **hazard of a split**: the probability that Russia
and China, linked one year, are linked no longer in the next, pooled over worlds.

The share of the variance that rests on judged rates is the total effect of these rates as a group (Jansen 1999): with
:math:`y` the probabilities in a world and :math:`y'` those in the same world with the judged rates drawn anew,

.. math:: S = \sum_k \tfrac12 \mathbb{E} (y_k - y'_k)^2 \Big/ \sum_k \operatorname{Var} y_k .

**Commitment** is worth to another player the difference of its value at the start between the path in which one
player's promises are never reversed and the path as it is. The player's own values under administrations that weigh
things differently are not comparable and are not reported.

**Waiting**: flexibility is worth to a player its value less that of the best single action in all years and states,
against the others' strategies as they are; it cannot be negative. The **window** is open in a year to the extent that
the player then does something else if its suitor courts it that year than if the suitor opposes it, all later play
being as before.

References
----------
Jansen, M. J. W. (1999). Analysis of variance designs for model output. *Computer Physics Communications* 117, 35-43.
Maskin, E. and Tirole, J. (2001). Markov perfect equilibrium, I: Observable actions. *Journal of Economic Theory*
100(2), 191-219.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from triangle.model.model import Model
from triangle.players.cast import Cast
from triangle.questions.path.offers import Commitments, Waits
from triangle.questions.path.record import (
    Against,
    Band,
    Certificate,
    Commitment,
    Course,
    PolicyMap,
    Turn,
    Waiting,
    Year,
    interval,
)
from triangle.questions.path.work import (
    SELECTIONS,
    Courses,
    Holds,
    Kinds,
    Piece,
    Progress,
    draw_worlds,
    gathered,
    kinds_of,
    map_periods,
)
from triangle.scenarios.path import Path, StateVariable
from triangle.solvers.markov.stage import MIXED
from triangle.study.course import Worlds
from triangle.study.study import study
from triangle.sweeps.archive import Store

__all__ = ["SELECTIONS", "commitment", "draw_worlds", "kinds_of", "path_course", "waiting"]

Floats = NDArray[np.float64]

#: Change of a probability that counts as moved.
_MOVED = 0.01


def held_words(path: Path, held_texts: Sequence[str]) -> tuple[str, ...]:
    """Who is held, as it is written: by the path's scenario in every year, and by who asks."""
    return (*(f"{code}={action}" for code, action in path.scenario.hold.items()), *held_texts)


def path_course(
    path: Path,
    model: Model,
    samples: int = 200,
    seed: int = 0,
    rule: str = "margin",
    holds: Holds | None = None,
    held_texts: Sequence[str] = (),
    progress: Progress | None = None,
    workers: int = 1,
    store: Store | None = None,
    against: int | None = None,
) -> Course:
    """How the triangle goes over the years of a path; see the module.

    Parameters
    ----------
    samples : int
        Worlds; 1 is the world of the given values.
    rule : str
        One of :data:`SELECTIONS`.
    holds : mapping of int to {int: int}, optional
        Players held by year.
    held_texts : sequence of str
        The same as they were written, for the record.
    workers : int
        Processes to compute with; the answer is the same to the bit.
    store : Store, optional
        A folder of :data:`triangle.questions.path.work.FOLDER`: what it holds is not computed again, what is computed
        is kept there.
    against : int, optional
        Levels of every ladder on which the same worlds are solved again, to be held against the answer.

    Examples
    --------
    >>> from triangle.model.model import read_model
    >>> from triangle.scenarios.path import read_path
    >>> model = read_model()
    >>> found = path_course(read_path("path_baseline", model), model, samples=1)
    >>> found.years[0].year, found.configurations[0], found.certificate.largest_gain < 1e-6
    (2025, 'unit_veto', True)
    """
    work = Courses(path, model, samples, seed, rule, holds or {}, against=against)
    joined = Piece(**gathered(work, progress, workers, store))
    other = None if work.redrawn is None else joined.again
    form = study(model, path.scenario).model.form.name
    course = _record(
        path, model.cast, form, work.worlds, joined, other, samples, seed, rule, held_words(path, held_texts)
    )
    return course if against is None else replace(course, against=_against(course, joined.finer, against))


def _against(course: Course, finer: Floats, levels: int) -> Against:
    """What the probabilities in the same worlds on other ladders, shape (years, configurations, worlds), come to."""
    means = finer.mean(axis=-1)
    own = np.array([[band.mean for band in year.configurations] for year in course.years])
    ends = np.array([[interval(band, course.samples) for band in year.configurations] for year in course.years])
    apart = np.abs(means - own)
    period, kind = np.unravel_index(apart.argmax(), apart.shape)
    outside = (means < ends[..., 0] - SAME) | (means > ends[..., 1] + SAME)
    return Against(
        levels, float(apart.max()), course.configurations[kind], course.first + int(period), int(outside.sum())
    )


def _record(
    path: Path, cast: Cast, form: str, worlds: Worlds, part: Piece, other: Floats | None, samples: int, seed: int,
    rule: str, held: tuple[str, ...],
) -> Course:  # fmt: skip
    kinds = kinds_of(cast)
    split = part.kinds[:, kinds.no_link] > 0.5
    some = split.any(axis=0)
    return Course(
        cast=cast,
        path=path.name,
        title=path.title,
        question=path.question,
        scenario=path.scenario.name,
        form=form,
        first=path.first,
        last=path.last,
        samples=samples,
        seed=seed,
        rule=rule,
        mixed=MIXED,
        holds=held,
        configurations=kinds.keys,
        states=tuple(state.name for state in path.states),
        years=tuple(_year(year, period, part, other, kinds) for period, year in enumerate(path.years)),
        turns=tuple(_turns(path, worlds, part, kinds)),
        maps=tuple(_maps(path, part)),
        values=Band.each(part.values),
        split=float(some.mean()),
        split_year=float(np.median(path.first + split.argmax(axis=0)[some])) if some.any() else None,
        certificate=Certificate(
            largest_gain=float(part.gain.max()),
            accepted=float(part.accepted.max()),
            payoff_range=float(part.span.max()),
            state_years=part.open_.shape[1] * len(path.years) * samples,
            **{name: float(row.mean()) for name, row in zip(("none", "one", "several", "silent"), part.counts,
                                                            strict=True)},
        ),
    )  # fmt: skip


def _year(year: int, period: int, part: Piece, other: Floats | None, kinds: Kinds) -> Year:
    is_linked = np.array(kinds.linked)
    linked = part.kinds[period - 1, is_linked].sum() if period else 0.0
    turned = part.changes[period - 1][is_linked][:, ~is_linked].sum() if period else 0.0
    undecided = part.undecided[period]
    return Year(
        year=year,
        # What is certain has the probability one, and not what is left of it by adding up.
        configurations=Band.each(part.kinds[period].round(12)),
        actions=tuple(tuple(map(float, row.mean(axis=-1).round(12))) for row in part.actions[period]),
        hazard=float(turned / linked) if linked > 0 else None,
        undecided=None if np.isnan(undecided).any() else float(undecided.mean()),
        judged=None if other is None else judged_share(part.kinds[period], other[period]),
        levels=tuple(map(float, part.levels[period].mean(axis=-1))),
    )


#: Probabilities that differ by less are the same but for rounding.
SAME = 1e-12


def judged_share(first: Floats, again: Floats) -> float | None:
    """Total effect of what was drawn anew on several outcomes together, shape (outcomes, worlds); None if none vary.

    >>> judged_share(np.array([[0.0, 1.0]]), np.array([[0.0, 1.0]]))
    0.0
    >>> judged_share(np.array([[1.0, 1.0 - 1e-16]]), np.array([[1.0, 1.0]])) is None
    True
    """
    variance = first.var(axis=-1, ddof=1).sum()
    if variance <= SAME**2:
        return None
    return float(min(1.0, 0.5 * ((first - again) ** 2).mean(axis=-1).sum() / variance))


def _turns(path: Path, worlds: Worlds, part: Piece, kinds: Kinds) -> Iterator[Turn]:
    """Years in which something happens by itself: elections, the likely end of a named state, a meeting."""
    events: list[tuple[int, str]] = []
    for rate in path.rates:
        if rate.reverses:
            events += [(year, rate.number.name.replace(".", ": ")) for year in path.years
                       if rate.holds(year)]  # fmt: skip
    elected = {rate.state for rate in path.rates if rate.reverses}
    for place, state in enumerate(path.states):
        if not state.is_ladder and len(state.labels) == 2 and state.name not in elected:
            events += _crossed(path, state, part.levels[:, place].mean(axis=-1))
    for drift in path.drifts:
        if drift.meets is not None and drift.number is not None:
            year = round(float(np.median(worlds.numbers[drift.number.name])))
            events.append((year, f"{drift.parameter} meets {drift.meets} (median)"))
    means = part.kinds.mean(axis=-1)
    for year, what in sorted(events):
        period = year - path.first
        if 0 < period < len(path.years):
            moved = int(np.abs(means[period] - means[period - 1]).argmax())
            yield Turn(year, what, kinds.keys[moved], float(means[period - 1, moved]), float(means[period, moved]))


def _crossed(path: Path, state: StateVariable, mean: Floats) -> list[tuple[int, str]]:
    """The first year in which another level of two is the likelier one than at the start."""
    begins = mean[0] > 0.5
    later = np.flatnonzero((mean > 0.5) != begins)
    label = state.labels[0 if begins else -1]
    return [(path.first + int(later[0]), f"{state.name}: {label} is likelier than not")] if later.size else []


def _maps(path: Path, part: Piece) -> Iterator[PolicyMap]:
    """Russia's openness to the United States over the first two ladders, the other variables where they start."""
    ladders = [place for place, state in enumerate(path.states) if state.is_ladder][:2]
    if len(ladders) < 2:
        return
    first, second = (path.states[place] for place in ladders)
    shape = tuple(len(state.levels) for state in path.states)
    for number, period in enumerate(map_periods(path)):
        # A state that remembers has one more variable at the end, over which the mean is taken.
        at = part.open_[number].mean(axis=-1).reshape(*shape, -1).mean(axis=-1)
        for place in reversed(range(len(shape))):
            if place not in ladders:
                at = np.tensordot(at, np.array(path.states[place].start), axes=(place, 0))
        rows = tuple(tuple(map(float, row)) for row in at)
        yield PolicyMap(path.first + period, first.name, second.name, first.labels, second.labels, rows)


# --- Commitment and waiting ----------------------------------------------------------------------------------------


def commitment(
    path: Path, model: Model, player: str, samples: int = 200, seed: int = 0, rule: str = "margin",
    holds: Holds | None = None, held_texts: Sequence[str] = (), progress: Progress | None = None, workers: int = 1,
    store: Store | None = None,
) -> Commitment:  # fmt: skip
    """What it is worth to the others that a player's promises are never reversed; see the module.

    Parameters are those of :func:`path_course`.

    Raises
    ------
    BadInput
        If nothing in the path reverses that player's promises.
    """
    work = Commitments(path, model, samples, seed, rule, holds or {}, player=player)
    found = gathered(work, progress, workers, store)
    (free, tied), (before, after) = found["values"], found["kinds"]
    cast, pivot = model.cast, kinds_of(model.cast).pivot
    others = [i for i, code in enumerate(cast.codes) if code != player]
    return Commitment(
        cast=cast,
        path=path.name,
        player=player,
        samples=samples,
        seed=seed,
        rule=rule,
        gains=tuple((cast.codes[i], Band.of(tied[i] - free[i])) for i in others),
        moved=float((np.abs(after - before).max(axis=(0, 1)) > _MOVED).mean()),
        years=tuple(
            (year, float(before[t, pivot].mean()), float(after[t, pivot].mean())) for t, year in enumerate(path.years)
        ),
        largest_gain=float(found["gain"].max()),
        form=study(model, path.scenario).model.form.name,
        horizon=path.last,
        holds=held_words(path, held_texts),
    )


def waiting(
    path: Path, model: Model, player: str, samples: int = 200, seed: int = 0, rule: str = "margin",
    holds: Holds | None = None, held_texts: Sequence[str] = (), progress: Progress | None = None, workers: int = 1,
    store: Store | None = None,
) -> Waiting:  # fmt: skip
    """What flexibility is worth to a player, and until when an offer moves it; see the module.

    Parameters are those of :func:`path_course`.

    The suitor is the United States for Russia and China, Russia for the United States.
    """
    work, cast = Waits(path, model, samples, seed, rule, holds or {}, player=player), model.cast
    found = gathered(work, progress, workers, store)
    open_, best = found["window"], found["constant"]
    gain = found["free"] - best.max(axis=0)
    there = open_ > 0.5
    some_year = there.any(axis=0)
    last = path.first + len(path.years) - 1 - there[::-1].argmax(axis=0)
    return Waiting(
        cast=cast,
        path=path.name,
        player=player,
        suitor=cast.codes[work.suitor],
        samples=samples,
        seed=seed,
        rule=rule,
        gain=Band.of(gain),
        above_one=float((gain > 1.0).mean()),
        constant=tuple(float((best.argmax(axis=0) == action).mean()) for action in range(cast.shape[work.who])),
        window=tuple((year, float(open_[t].mean())) for t, year in enumerate(path.years)),
        last=Band.of(last[some_year].astype(np.float64)) if some_year.any() else None,
        never=float(1.0 - some_year.mean()),
        largest_gain=float(found["gain"].max()),
        form=study(model, path.scenario).model.form.name,
        horizon=path.last,
        holds=held_words(path, held_texts),
    )
