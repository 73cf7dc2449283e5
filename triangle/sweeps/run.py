"""The sweep: scenarios → design → chunks → sets of equilibria → store and counts.

    design = plan(studies, over={"relief": (0, 0.5, 1)})
    job    = job_of(studies, design)
    run(job, studies, …)  →  a Run: counts by scenario, and the Dataset

What varies: with `over`, the parameters of a grid. With samples, the parameters whose ranges are asked for; where none
are, the **prior box**: every fact and uncertainty, except those that the scenario sets to a value, since a scenario is
a departure that is taken as given (a range in the scenario's change draws the parameter all the same). Levers are
choices, not uncertainties; they stay at the scenario's values unless they are asked for. In the prior box a parameter's
draws do not depend on what else is drawn, so that scenarios and grids swept apart can be compared point by point.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triangle.base.errors import BadInput, Fault, TriangleError, shorten, unknown
from triangle.batch.compiled import is_installed
from triangle.batch.equilibria import Backend
from triangle.batch.takeover import Takeover
from triangle.model.additions import check_portable
from triangle.model.parameters import Catalogue, Follower, Parameter
from triangle.scenarios.scenario import Scenario
from triangle.study.study import Study, of_one_cast
from triangle.sweeps import archive
from triangle.sweeps.design import BLOCK, Design, Drawn, Sampling
from triangle.sweeps.job import Arrays, Job, chunk_of, goes_by_node
from triangle.sweeps.notation import numbers, whole_number
from triangle.sweeps.pools import answers
from triangle.sweeps.tally import Tally

if TYPE_CHECKING:
    import xarray

#: Most games that are kept in memory, 8 bytes each and as much again while they are put together.
MAX_IN_MEMORY = 100_000_000

#: Games from which on a sweep is worth the second or two that each process takes to load the compiler.
COMPILED = 8_000_000

#: How samples can be drawn.
DRAWINGS = ("sobol", "lhs", "random")

#: Seconds between two writings of the counts while they grow.
CHECKPOINT = 2.0

#: Told the games computed so far and those that were missing at the start.
Progress = Callable[[int, int], None]
Range = tuple[float, float]


def plan(
    studies: Sequence[Study],
    over: Mapping[str, ArrayLike] | None = None,
    samples: int | None = None,
    sampling: Sampling = "sobol",
    seed: int = 0,
    ranges: Mapping[str, Range] | None = None,
    levers: bool = False,
    correlation: Mapping[tuple[str, str], float] | None = None,
    points: Mapping[str, ArrayLike] | None = None,
    box: bool = False,
    replicates: int = 1,
) -> Design:
    """The design for these scenarios; raises :class:`~triangle.base.errors.BadInput` with every fault found.

    Parameters
    ----------
    over : mapping of str to array
        Values of the parameters of a full grid.
    samples : int, optional
        Number of draws of what is uncertain; with `over`, at every node of the grid.
    ranges : mapping of str to (float, float)
        Parameters to draw and their ranges, in place of the prior box.
    levers : bool
        Whether levers belong to the prior box too.
    correlation : mapping of (str, str) to float
        Correlations of the Gaussian copula.
    points : mapping of str to array
        Listed points, in place of samples.
    box : bool
        Whether the prior box is drawn beside the ranges given.
    replicates : int
        Independent designs that the samples are divided into, or resamples; see
        :mod:`triangle.sweeps.replicates`.
    """
    if not studies:
        raise BadInput(Fault("SCENARIO", "", "missing; name at least one"))
    studies = of_one_cast(studies)
    _check_form(studies)
    if over is not None and not isinstance(over, Mapping):
        raise BadInput(Fault("--over", "", f"found {shorten(over)}; expected the values of each parameter by its name"))
    over, ranges = dict(over or {}), dict(ranges or {})
    listed = {name: numbers(values, "--points", name) for name, values in (points or {}).items()}
    if sampling not in DRAWINGS:
        raise BadInput(Fault("--design", "", unknown("design", str(sampling), DRAWINGS)))
    samples = None if samples is None else whole_number(samples, "--samples", 1)
    seed, replicates = whole_number(seed, "--seed", 0), whole_number(replicates, "--replicates", 1)
    catalogue = studies[0].model.catalogue
    _check_names([*over, *ranges, *listed], catalogue)
    axes = tuple((name, _axis(catalogue[name], values)) for name, values in over.items())
    _check_combination(over, samples, ranges, listed, bool(correlation) or levers or box)
    base = Design(
        scenarios=tuple(study.scenario.name for study in studies),
        fixed=tuple(dict(study.scenario.values) for study in studies),
        axes=axes,
        seed=seed,
        following=_following(studies, {*over, *ranges, *listed}),
    )
    if samples is None and not listed:
        return replace(base, replicates=replicates)
    if listed:
        _check_points(listed, catalogue)
        length = len(next(iter(listed.values())))
        return replace(base, sampling="points", samples=length, points=listed, replicates=replicates)
    assert samples is not None
    scenarios = [study.scenario for study in studies]
    in_box = box or not ranges
    played = [p for p in catalogue if p.form in (None, studies[0].model.form.name)]
    if levers and not in_box:
        raise BadInput(Fault("--levers", "", "levers belong to the prior box; add --box to draw it beside the ranges"))
    drawn = tuple(
        _drawn(p, scenarios, ranges.get(p.name), levers)
        for p in played
        if p.name not in over
        and (p.name in ranges or (in_box and any(_is_drawn(p, scenario, levers) for scenario in scenarios)))
    )
    if not drawn:
        raise BadInput(Fault("--samples", "", "nothing is left to draw: every parameter is on the grid or set"))
    pairs = tuple((a, b, float(rho)) for (a, b), rho in (correlation or {}).items())
    coordinates: tuple[int, ...] = ()
    if in_box:
        places = {p.name: place for place, p in enumerate(played)}
        coordinates = tuple(places[p.name] for p in drawn)
    return replace(
        base,
        sampling=sampling,
        samples=samples,
        drawn=drawn,
        correlation=pairs,
        coordinates=coordinates,
        dimensions=len(played) if in_box else 0,
        replicates=replicates,
    )


def check_set(studies: Sequence[Study], design: Design) -> None:
    """Raise BadInput where a parameter is set by hand and varies too: the value set would be passed over."""
    by_hand = {c.parameter for study in studies for c in study.scenario.changes if c.scenario == "--set"}
    message = "is set, and varies too, which would pass over what is set; leave one of the two out"
    if faults := [Fault("--set", name, message) for name in sorted(by_hand.intersection(design.varied))]:
        raise BadInput(faults)


def _check_form(studies: Sequence[Study]) -> None:
    """Raise BadInput where scenarios that are swept together are played in different forms of the payoffs."""
    forms = {study.model.form.name: study.scenario.name for study in studies}
    if len(forms) > 1:
        found = ", ".join(f"{scenario} in the {form}" for form, scenario in forms.items())
        message = f"found {found}; scenarios swept together are played in one form of the payoffs: give --form"
        raise BadInput(Fault("--form", "", message))


def _check_names(names: Sequence[str], catalogue: Catalogue) -> None:
    faults = [
        Fault("--over", name, catalogue.unknown(name))
        for name in dict.fromkeys(names)
        if name not in catalogue.parameters
    ]
    if faults:
        raise BadInput(faults)


def _check_combination(
    over: Mapping[str, object],
    samples: int | None,
    ranges: Mapping[str, Range],
    points: Mapping[str, object],
    of_draws: bool,
) -> None:
    """Raise BadInput where parts of the design do not go together."""
    if not over and samples is None and not points:
        raise BadInput(
            Fault("--over", "", "nothing varies; give --over NAME=LOW:HIGH:COUNT, --samples N or --points FILE")
        )
    if points and (samples is not None or ranges or over):
        raise BadInput(Fault("--points", "", "a list of points stands alone; leave out --samples and --over"))
    if samples is None and (ranges or of_draws):
        raise BadInput(Fault("--samples", "", "missing; ranges, levers and correlations are those of draws"))
    if both := sorted(over.keys() & ranges.keys()):
        raise BadInput(Fault("--over", both[0], "given as a grid and as a range"))


def _following(studies: Sequence[Study], moved: Collection[str]) -> tuple[tuple[Follower, ...], ...]:
    """For each scenario the parameters that move with others and are not moved themselves; empty if none do."""
    found = tuple(
        tuple(f.left_at(moved, study.scenario.values) for f in study.scenario.following if f.name not in moved)
        for study in studies
    )
    return found if any(found) else ()


def _axis(p: Parameter, values: ArrayLike) -> tuple[float, ...]:
    """The values of an axis as numbers within the parameter's hard bounds."""
    found = np.ravel(numbers(values, "--over", p.name))
    if not found.size:
        raise BadInput(Fault("--over", p.name, "no values; expected at least one"))
    for end in (found.min(), found.max()):  # not a number if any value is none
        _check_bounds(p, float(end))
    if len(np.unique(found)) < len(found):
        raise BadInput(Fault("--over", p.name, "a value is given twice"))
    return tuple(found.tolist())


def _check_points(points: Mapping[str, NDArray[np.float64]], catalogue: Catalogue) -> None:
    """Raise BadInput unless every column has the same number of admissible values."""
    shapes = {np.shape(column) for column in points.values()}
    if len(shapes) > 1 or len(next(iter(shapes))) != 1 or 0 in next(iter(shapes)):
        raise BadInput(
            Fault("--points", "", "expected one value of each parameter for every point, and at least one point")
        )
    for name, column in points.items():
        for end in (np.min(column), np.max(column)):  # not a number if any value is none
            _check_bounds(catalogue[name], float(end))


def _check_bounds(p: Parameter, number: float) -> None:
    if not (math.isfinite(number) and p.admits(number)):
        raise BadInput(Fault("--over", p.name, f"found {number:g}; {p.name} must be {p.hard_text} ({p.unit})"))


def _is_drawn(p: Parameter, scenario: Scenario, levers: bool) -> bool:
    """Whether a parameter belongs to a scenario's prior box."""
    if any(follower.name == p.name for follower in scenario.following):
        return False
    last = next((c for c in reversed(scenario.all_changes) if c.parameter == p.name), None)
    if last is not None:
        return last.low is not None
    return levers or p.role != "lever"


def _drawn(p: Parameter, scenarios: Sequence[Scenario], asked: Range | None, levers: bool) -> Drawn:
    """How a parameter is drawn in each scenario; where it is not drawn there, its range is its value alone."""
    if asked is not None:
        for number in asked:
            _check_bounds(p, number)
        if asked[0] > asked[1]:
            raise BadInput(Fault("--over", p.name, f"the low end {asked[0]:g} lies above the high end {asked[1]:g}"))
    low, high, mode = [], [], []
    for scenario in scenarios:
        value = scenario.values[p.name]
        its = asked or (scenario.ranges[p.name] if _is_drawn(p, scenario, levers) else (value, value))
        low.append(its[0])
        high.append(its[1])
        mode.append(min(max(value, its[0]), its[1]))
    return Drawn(p.name, p.prior, tuple(low), tuple(high), tuple(mode))


def job_of(
    studies: Sequence[Study],
    design: Design,
    margins: Sequence[int] = (),
    counts_only: bool = False,
    chunk: int | None = None,
    takeover: Takeover | None = None,
    backend: Backend | None = None,
) -> Job:
    """The work of a sweep; the chunk is rounded up to whole blocks, and the backend is the best there is."""
    chunk = chunk_of(design) if chunk is None else chunk
    return Job(
        design=design.prepared(),
        terms=dict(studies[0].model.terms),
        cast=studies[0].cast,
        holds=tuple(dict(study.hold) for study in studies),
        margins=tuple(margins),
        counts_only=counts_only,
        chunk=-(-max(chunk, 1) // BLOCK) * BLOCK,
        takeover=takeover or Takeover(),
        backend=_backend(backend, design),
    )


def _backend(asked: Backend | None, design: Design) -> Backend:
    """What decides games in single precision: numba where it is there and the sweep outlasts its loading."""
    if asked == "numba" and not is_installed():
        raise BadInput(
            Fault("--backend", "", "numba is not installed; in triangle's folder: pip install '.[fast]'; or take numpy")
        )
    if asked is not None or goes_by_node(design) or design.games < COMPILED:
        return asked or "numpy"
    return "numba" if is_installed() else "numpy"


@dataclass(frozen=True, eq=False)
class Run:
    """A sweep that is done.

    Attributes
    ----------
    manifest : mapping, optional
        What the run depends on; none of counts that are stored nowhere.
    tallies : dict of str to Tally
        Counts of each scenario.
    computed : int
        Games that this run computed; fewer than the design's where it went on with a store.
    seconds : float
        Time that computing, storing and counting took; not that of reading scenarios and preparing the design.
    """

    job: Job
    manifest: Mapping[str, object] | None
    tallies: Mapping[str, Tally]
    computed: int
    seconds: float
    store: archive.Store | None
    _chunks: Mapping[int, Arrays]

    @property
    def games(self) -> int:
        """Number of games of the design."""
        return self.job.design.games

    @property
    def tally(self) -> Tally:
        """Counts over all scenarios."""
        total = Tally.empty(self.job.cast)
        for tally in self.tallies.values():
            total.add(tally)
        return total

    def dataset(self) -> xarray.Dataset:
        """The games one by one."""
        if self.job.counts_only:
            raise BadInput(Fault("--statistics", "", "this sweep kept counts only, no games"))
        if self.store is not None:
            return archive.load(self.store.folder, self.job.cast)
        assert self.manifest is not None
        return archive.assemble(self.manifest, self.job, self._chunks)


def run(
    job: Job,
    studies: Sequence[Study],
    version: str,
    texts: Mapping[str, str] | None = None,
    store: archive.Store | None = None,
    workers: int = 1,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> Run:
    """Compute every chunk that the store lacks, keep it there or in memory, and count.

    Whatever ends this early, a key or a full disk, the store stays valid and a later run goes on with it.
    """
    described: Mapping[str, object] | None = None  # taking digests is half as long as a hundred thousand games
    if store is not None or not job.counts_only:
        described = store.manifest if store else archive.manifest(job, studies[0].model, texts or {}, version)
    if store is not None:
        job = replace(job, chunk=int(store.manifest["chunk"]))
    elif not job.counts_only and job.design.games > MAX_IN_MEMORY:
        raise TriangleError(
            f"--out: missing; {job.design.games:,} games are too many to keep in memory (at most {MAX_IN_MEMORY:,}): "
            "name a folder, or ask for --statistics"
        )
    workers = whole_number(workers, "--workers", 1)
    if workers > 1 or scheduler is not None:
        check_portable(job.terms)
    begun = time.perf_counter()
    work = _Counts(job, store) if job.counts_only else _Games(job, store)
    pending = work.pending()
    missing = sum(stop - start for _, start, stop in map(job.place, pending))
    computed = 0
    with _kept(work):
        for chunk, answer in answers(job, pending, workers, scheduler):
            work.take(chunk, answer)
            _, start, stop = job.place(chunk)
            computed += stop - start
            if progress is not None:
                progress(computed, missing)
    work.finish()
    tallies = dict(zip(job.design.scenarios, work.tallies, strict=True))
    if any(tally.games != job.design.games_each for tally in tallies.values()):
        counted = sum(tally.games for tally in tallies.values())
        raise TriangleError(f"only {counted:,} of {job.design.games:,} games were computed; go on with --resume")
    seconds = time.perf_counter() - begun
    return Run(job, described, tallies, computed, seconds, store, getattr(work, "chunks", {}))


class _kept:
    """Save the counts on the way out, whatever the way."""

    def __init__(self, work: _Counts | _Games):
        self._work = work

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        self._work.save()


class _Counts:
    """Counts of the chunks so far, saved now and then."""

    def __init__(self, job: Job, store: archive.Store | None):
        self.job, self.store = job, store
        self.done, self.tallies = (
            store.read_statistics(job) if store else (0, [Tally.empty(job.cast) for _ in job.holds])
        )
        self._saved_at = time.monotonic()

    def pending(self) -> range:
        return range(self.done, self.job.chunks)

    def take(self, chunk: int, answer: Arrays | Tally) -> None:
        assert isinstance(answer, Tally) and chunk == self.done
        self.tallies[self.job.place(chunk)[0]].add(answer)
        self.done = chunk + 1
        if time.monotonic() - self._saved_at > CHECKPOINT:
            self.save()

    def save(self) -> None:
        if self.store is not None:
            self.store.write_statistics(self.done, self.tallies)
            self._saved_at = time.monotonic()

    def finish(self) -> None:
        """Nothing is left to do: the counts are saved."""


class _Games:
    """Chunks in a store or in memory, and their counts."""

    def __init__(self, job: Job, store: archive.Store | None):
        self.job, self.store = job, store
        self.chunks: dict[int, Arrays] = {}
        self.tallies = [Tally.empty(job.cast) for _ in job.holds]
        self._is_whole = store is not None and store.dataset_file.exists()
        self._known = sorted(store.done(job)) if store and not self._is_whole else []

    def pending(self) -> list[int]:
        if self._is_whole:
            return []
        known = set(self._known)
        return [chunk for chunk in range(self.job.chunks) if chunk not in known]

    def take(self, chunk: int, answer: Arrays | Tally) -> None:
        assert isinstance(answer, dict)
        if self.store is not None:
            self.store.write_chunk(chunk, answer)
        else:
            self.chunks[chunk] = answer
        self._count(chunk, answer)

    def _count(self, chunk: int, games: Arrays) -> None:
        self.tallies[self.job.place(chunk)[0]].add(self.job.tally(chunk, games))

    def save(self) -> None:
        """Nothing is left to do: every chunk is stored as it comes."""

    def finish(self) -> None:
        if self.store is None:
            return
        for chunk, games in self.store.games(self.job, range(self.job.chunks) if self._is_whole else self._known):
            self._count(chunk, games)
        if self._is_whole:
            self.store.drop_chunks()
        else:
            self.store.consolidate(self.job)
