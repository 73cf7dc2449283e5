"""What a sweep found: shares of games by configuration, counts, intervals, as a record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from triangle.base.intervals import wilson
from triangle.base.records import INLINE, SPARSE, FiniteOrNone, Key, form, free_text
from triangle.batch.takeover import TakeoverField
from triangle.games.bitboards import profiles_of
from triangle.measures.cautions import PairsField
from triangle.players.sets import configuration_masks
from triangle.sweeps.design import Design
from triangle.sweeps.means import Means
from triangle.sweeps.replicates import kind_of
from triangle.sweeps.run import Run
from triangle.sweeps.tally import Tally, patterns

#: A list of names, or the one name by itself.
ONE_OR_SEVERAL = form(
    lambda names: names[0] if len(names) == 1 else list(names),
    lambda found: (free_text(found),) if isinstance(found, str) else tuple(map(free_text, found)),
)

#: Intervals of 95 %, by what is counted.
Intervals = Mapping[str, tuple[float, float]]
Averages = Mapping[str, FiniteOrNone]


@dataclass(frozen=True)
class SetCount:
    """A set of equilibria, and in how many games it is the whole."""

    mask: str
    profiles: tuple[str, ...]
    games: int


@dataclass(frozen=True)
class Counted:
    """Shares and counts of games.

    Attributes
    ----------
    configurations : mapping of str to float
        Share of the games that have an equilibrium of each.
    equilibrium_counts : mapping of str to int
        Games by their number of equilibria.
    profiles : mapping of str to int
        Games in which each profile is an equilibrium.
    actions : mapping of str to mapping of str to float
        Share of the games that have an equilibrium in which the player plays this.
    sets : tuple of SetCount
        The most frequent first.
    together : mapping of str to mapping of str to int
        Games that have an equilibrium of both patterns.
    """

    games: int
    configurations: Mapping[str, float]
    equilibrium_counts: Mapping[str, int]
    profiles: Mapping[str, int]
    actions: Mapping[str, Mapping[str, float]]
    sets: tuple[SetCount, ...]
    other_sets: int
    together: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Averaged:
    """Mean probability of each configuration under ``logit``; its range over all equilibria under ``mixed``."""

    games: int
    interval_kind: str | None
    probability: Annotated[Averages | None, SPARSE] = None
    low: Annotated[Averages | None, SPARSE] = None
    high: Annotated[Averages | None, SPARSE] = None
    intervals: Annotated[Mapping[str, Intervals] | None, SPARSE] = None


@dataclass(frozen=True)
class Taken:
    """What the mixed or logit solver found where it took over."""

    verdicts: Mapping[str, int]
    means: Averaged | None


@dataclass(frozen=True)
class Proof:
    """The counts of the agreement-proof equilibria alone."""

    counts: Annotated[Counted, INLINE]
    intervals: Intervals | None


@dataclass(frozen=True)
class OfScenario:
    """One scenario of several."""

    counts: Annotated[Counted, INLINE]
    intervals: Intervals | None
    taken: Annotated[Taken | None, INLINE]
    agreement_proof: Annotated[Proof | None, SPARSE] = None


@dataclass(frozen=True, kw_only=True)
class Sweep:
    """All scenarios of a sweep together, then each where there are several.

    Attributes
    ----------
    interval_kind : str or None
        By what the intervals come about: replicates, Wilson's formula, or None where there are none.
    store : str or None
        Where the games, or the counts, are kept.
    """

    SCHEMA: ClassVar = "triangle.sweep/1"

    named: Annotated[tuple[str, ...], Key("scenario"), ONE_OR_SEVERAL]
    design: str
    dims: Mapping[str, int]
    seed: int
    replicates: int | None
    method: TakeoverField
    counts: Annotated[Counted, INLINE]
    intervals: Intervals | None
    interval_kind: str | None
    taken: Annotated[Taken | None, INLINE]
    agreement_proof: Annotated[Proof | None, SPARSE] = None
    hold: tuple[Mapping[str, str], ...]
    drawn_together: PairsField
    computed: int
    seconds: float
    games_per_second: float
    store: str | None
    scenarios: Annotated[Mapping[str, OfScenario] | None, SPARSE] = None


def sweep_answer(run: Run) -> Sweep:
    """What a finished sweep found."""
    design, store = run.job.design, run.store
    kind, each = interval_kind(design), interval_kind(design, of_one=True)
    several = {name: _of_scenario(run, tally, each) for name, tally in run.tallies.items()}
    whole = _of_scenario(run, run.tally, kind)
    kept = None if store is None else store.statistics_file if run.job.counts_only else store.dataset_file
    return Sweep(
        named=design.scenarios,
        design=design.sampling or "grid",
        dims=dict(zip(design.dims, design.shape, strict=True)),
        seed=design.seed,
        replicates=design.replicates if kind_of(design) else None,
        method=run.job.takeover,
        counts=whole.counts,
        intervals=whole.intervals,
        interval_kind=kind,
        taken=whole.taken,
        agreement_proof=whole.agreement_proof,
        hold=tuple(run.job.cast.named_some(hold) for hold in run.job.holds),
        drawn_together=design.correlation,
        computed=run.computed,
        seconds=run.seconds,
        games_per_second=run.computed / run.seconds if run.seconds > 0 else 0.0,
        store=None if kept is None else str(kept),
        scenarios=several if len(design.scenarios) > 1 else None,
    )


def _of_scenario(run: Run, tally: Tally, kind: str | None) -> OfScenario:
    proof, draws = tally.agreement_proof, run.job.design.samples
    return OfScenario(
        counted(tally),
        _intervals(tally, kind, draws),
        _taken(run, tally, kind),
        # Replicates are of all equilibria; Wilson's formula needs none.
        None if proof is None else Proof(counted(proof), _intervals(proof, "wilson", 0) if kind == "wilson" else None),
    )


def counted(tally: Tally) -> Counted:
    """Shares and counts of games, by name."""
    cast = tally.cast
    names, texts = list(patterns(cast)), cast.profile_texts
    return Counted(
        tally.games,
        {key: tally.share(key) for key in configuration_masks(cast)},
        {str(n): int(c) for n, c in enumerate(tally.numbers) if c or n < 2},
        {texts[p]: int(c) for p, c in enumerate(tally.profiles) if c},
        cast.by_code(
            {name: tally.share(cast.action_text(i, a)) for a, name in enumerate(names_of)}
            for i, names_of in enumerate(cast.actions)
        ),
        tuple(SetCount(str(mask), tuple(texts[p] for p in profiles_of(mask)), n) for mask, n in by_size(tally)),
        tally.other_sets,
        {
            a: {b: int(tally.together[i, j]) for j, b in enumerate(names) if tally.together[i, j]}
            for i, a in enumerate(names)
            if tally.together[i, i]
        },
    )


def by_size(tally: Tally) -> list[tuple[int, int]]:
    """Sets of equilibria with their games, the most frequent first."""
    return sorted(tally.sets.items(), key=lambda item: (-item[1], item[0]))


def interval_kind(design: Design, of_one: bool = False) -> str | None:
    """By what the intervals of shares come about: replicates, Wilson's formula, or None where there are none."""
    return kind_of(design) or ("wilson" if _is_sample(design, of_one) else None)


def _is_sample(design: Design, of_one: bool) -> bool:
    """Whether the games, or those `of_one` scenario, are draws of their own: nodes of a grid share theirs."""
    return design.sampling not in (None, "points") and not design.axes and (of_one or len(design.scenarios) == 1)


def _intervals(tally: Tally, kind: str | None, draws: int) -> Intervals | None:
    """Interval of each configuration's share."""
    if kind is None:
        return None
    return {key: share_interval(tally, key, tally.count(key), kind, draws) for key in configuration_masks(tally.cast)}


def share_interval(tally: Tally, pattern: str, count: int, kind: str, draws: int) -> tuple[float, float]:
    """Interval of the share of games with a pattern, by Wilson's formula or by the replicates."""
    if kind == "wilson" or tally.means is None:
        return wilson(count, tally.games)
    return tally.means.interval(("share", pattern), draws)


def _taken(run: Run, tally: Tally, kind: str | None) -> Taken | None:
    if run.job.takeover.method == "pure":
        return None
    return Taken(tally.notes, _averaged(tally.means, kind, run.job.design.samples) if tally.means else None)


def _averaged(means: Means, kind: str | None, draws: int) -> Averaged:
    groups = {group: keys for group, keys in means.groups().items() if group != "share"}
    found: dict[str, Any] = {group: {key: means.mean((group, key)) for key in keys} for group, keys in groups.items()}
    if kind is not None:
        found["intervals"] = {
            group: {key: means.interval((group, key), draws) for key in keys} for group, keys in groups.items()
        }
    return Averaged(means.games, "normal" if kind == "wilson" else kind, **found)
