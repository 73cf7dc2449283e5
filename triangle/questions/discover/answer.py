"""Scenario discovery: boxes of parameters in which an event is frequent, found on some draws and tested on others.

Three sets of draws, each with its own part:

* on the first, boxes are peeled (:mod:`triangle.questions.discover.prim`);
* on the second, one box of the trajectory is chosen and restrictions that luck explains are taken off. With seventy
  parameters the densest boxes of the first set are largely luck, as the fresh draws would show;
* on the third, drawn with another seed and seen by no step before, coverage and density are counted and given
  intervals (Wilson 1927). Only these are results.

After the first box its draws are set aside and a second one is looked for. Beside the boxes stands a shallow decision
tree (Breiman et al. 1984) on the first two sets: its leaves share out the whole space, where boxes pick parts of it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from numpy.typing import NDArray

from triangle.base.arguments import Between, Seed
from triangle.base.errors import BadInput, Fault, shorten
from triangle.base.intervals import wilson
from triangle.measures import draws as archived
from triangle.measures.cautions import Cautions
from triangle.measures.events import contrary, event_parts, holds_at
from triangle.measures.factors import Response, factors_of, response_of, rounded_up
from triangle.measures.variance import Progress
from triangle.players.cast import Cast
from triangle.questions.discover.prim import Limits, choose, paste, peel, pruned, quasi_p, recounted
from triangle.questions.discover.regions import Count as Count
from triangle.questions.discover.regions import Discovery as Discovery
from triangle.questions.discover.regions import FoundBox as FoundBox
from triangle.questions.discover.regions import Restriction as Restriction
from triangle.questions.discover.regions import TrajectoryStep as TrajectoryStep
from triangle.questions.discover.tree import leaves
from triangle.study.study import Study
from triangle.sweeps.sobol import sobol_points

if TYPE_CHECKING:
    import xarray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

#: Fewest draws with the event, and without it, in the first and in the second set.
FEWEST_EVENTS = 20

#: Most draws of each set of a study.
MOST_SAMPLES = 2**18

#: Depth of the tree, and the least share of draws in a leaf.
DEPTH, LEAF = 3, 0.02


@dataclass(frozen=True, eq=False)
class Sets:
    """The three sets of draws: inputs ``[parameter, draw]`` and where the event holds; what the inputs are."""

    names: tuple[str, ...]
    units: tuple[str, ...]
    low: Floats
    high: Floats
    inputs: tuple[Floats, Floats, Floats]
    event: tuple[Bools, Bools, Bools]


def discover(
    subject: Study | xarray.Dataset | Path,
    pattern: str,
    samples: int = 16384,
    seed: Seed = 0,
    names: Sequence[str] | None = None,
    roles: str = "all",
    progress: Progress | None = None,
    *,
    without: Sequence[str] = (),
    density: float = 0.8,
    boxes: Annotated[int, Between(1, 20)] = 3,
    scenario: str | None = None,
    cast: Cast | None = None,
    trust: float | None = None,
) -> Discovery:
    """Boxes of parameters in which an event is frequent.

    Parameters
    ----------
    subject : Study, Dataset or Path
        A study, whose prior box is drawn; or a sweep with samples, whose draws are shared out among the three sets.
    pattern : str
        The event, as in :mod:`triangle.measures.events`.
    samples : int
        Draws of each of the three sets of a study, rounded up to a power of two.
    names, roles, without
        What varies in a study; see :func:`~triangle.measures.factors.factors_of`.
    density : float
        The box of most coverage is chosen among those at least so dense; where there is none, that of the best
        harmonic mean of both.
    boxes : int
        Most boxes that are looked for.
    scenario : str, optional
        Which scenario of a sweep of several.
    cast : Cast, optional
        Who plays in the sweep; one of others is refused.
    trust : float, optional
        Where given, only equilibria count that are agreement-proof at it.

    Examples
    --------
    >>> from triangle.model.model import read_model
    >>> from triangle.scenarios.scenario import read_scenario
    >>> model = read_model()
    >>> study = Study(model, read_scenario("baseline", model), {})
    >>> found = discover(study, "credibility>0.6", samples=512, names=["reversal_hazard", "relief"])
    >>> [limit.parameter for limit in found.boxes[0].limits], found.boxes[0].density > 0.75
    (['reversal_hazard'], True)
    """
    if not 0 < density <= 1:
        raise BadInput(Fault("--density", "", f"found {density:g}; expected a share above 0, at most 1"))
    if not 1 <= samples <= MOST_SAMPLES:
        raise BadInput(Fault("--samples", "", f"found {samples:,}; expected 1 to {MOST_SAMPLES:,}"))
    if isinstance(subject, Study):
        if scenario is not None:
            message = f"found {shorten(scenario)}; only games of a sweep are told apart by it; leave it out"
            raise BadInput(Fault("--scenario", "", message))
        response = _event_response(subject, pattern, names, roles, without, trust)
        sets = _drawn(response, pattern, rounded_up(samples), seed, progress)
        where, title, who = subject.scenario.name, subject.scenario.title, subject.cast
        cautions = Cautions(subject.cast.named_some(subject.hold), trust=trust)
    else:
        draws = archived.read_draws(subject, scenario, cast, trust) if isinstance(subject, Path) else None
        draws = draws or archived.draws_of(subject, scenario, cast=cast, trust=trust)  # type: ignore[arg-type]
        sets, seed = _shared_out(draws, pattern), draws.seed
        where = title = draws.scenario
        cautions, who = draws.cautions, draws.cast
    return discovered(
        sets,
        {
            "scenario": where,
            "title": title,
            "event": pattern,
            "seed": seed,
            "samples": len(sets.event[0]),
            "evaluations": sum(map(len, sets.event)) if isinstance(subject, Study) else 0,
            "names": sets.names,
            "wanted_density": density,
            "archive": not isinstance(subject, Study),
            "cautions": cautions,
            "cast": who,
        },
        boxes,
    )


def _event_response(
    study: Study,
    pattern: str,
    names: Sequence[str] | None,
    roles: str,
    without: Sequence[str],
    trust: float | None,
) -> Response:
    text, _, _ = event_parts(pattern)
    return response_of(study, text, factors_of(study, names, roles, without), "--pattern", trust)


def _drawn(response: Response, pattern: str, n: int, seed: int, progress: Progress | None) -> Sets:
    """Three independent sets of Sobol' points in the prior box."""
    _, sign, bound = event_parts(pattern)
    inputs, events = [], []
    for part in range(3):
        unit = sobol_points(len(response.factors), n, (seed, 40 + part))
        columns = response.columns(unit)
        inputs.append(np.stack([column for part in columns for column in part.values()]))
        events.append(holds_at(response.at(columns), sign, bound))
        if progress is not None:
            progress(n * (part + 1), 3 * n)
    ends = [(f.drawn.low[0], f.drawn.high[0]) for f in response.factors]  # type: ignore[union-attr]
    low, high = np.array(ends).T
    units = tuple(factor.unit for factor in response.factors)
    return Sets(response.names, units, low, high, tuple(inputs), tuple(events))  # type: ignore[arg-type]


def _shared_out(draws: archived.Draws, pattern: str) -> Sets:
    """An archive's draws, every third one to each set."""
    text, sign, bound = event_parts(pattern)
    event = holds_at(draws.outcome(text, "--pattern")[0], sign, bound)
    low, high = draws.inputs.min(axis=1), draws.inputs.max(axis=1)
    inputs = tuple(draws.inputs[:, part::3] for part in range(3))
    events = tuple(event[part::3] for part in range(3))
    return Sets(draws.names, draws.units, low, high, inputs, events)  # type: ignore[arg-type]


def discovered(sets: Sets, common: dict[str, Any], most: int) -> Discovery:
    """The discovery in three sets of draws; `common` holds the fields that say what they are."""
    fresh_event = sets.event[2]
    total = int(fresh_event.sum())
    base = Count(len(fresh_event), total, total)
    note = _too_few(sets.event[:2])
    if note:
        return Discovery(**common, base=base, boxes=(), together=Count(0, 0, total), tree=(), trajectory=(), note=note)
    limits, trajectory = _boxes(sets, common["wanted_density"], most)
    left = [np.ones(len(event), dtype=bool) for event in sets.event]
    found: list[FoundBox] = []
    for box in limits:
        found.append(_found_box(sets, box, left))
        for part in range(3):
            left[part] &= ~box.hold(sets.inputs[part])
    taken = ~left[2]
    together = Count(int(taken.sum()), int(fresh_event[taken].sum()), total)
    if not found:
        note = "no box was found in which the event is clearly more frequent than everywhere"
        if base.density >= common["wanted_density"]:
            note = (
                "the event is as frequent everywhere as was asked for; ask for more by --density, or where it fails: "
                f"'{contrary(common['event'])}'"
            )
    tree = tuple(_found_box(sets, leaf, None) for leaf in _leaves(sets))
    return Discovery(
        **common,
        base=base,
        boxes=tuple(found),
        together=together,
        tree=tuple(sorted(tree, key=lambda leaf: -leaf.density)),
        trajectory=trajectory,
        note=note,
    )


def _too_few(events: Sequence[Bools]) -> str:
    """Why nothing can be learnt from so few draws of either kind, or an empty text."""
    k, n = sum(int(event.sum()) for event in events), sum(map(len, events))
    if k in (0, n):
        word = "none" if k == 0 else "every one"
        return f"the event holds at {word} of {n:,} draws, so no box tells where"
    if min(min(int(event.sum()), int((~event).sum())) for event in events) < FEWEST_EVENTS:
        which = "holds" if k < n - k else "fails"
        return f"the event {which} at only {min(k, n - k)} of {n:,} draws; take more samples"
    return ""


def _boxes(sets: Sets, density: float, most: int) -> tuple[list[Limits], tuple[TrajectoryStep, ...]]:
    """Boxes one after the other, and the trajectory of the first."""
    (a, b, _), (event_a, event_b, _) = sets.inputs, sets.event
    all_b, everywhere = int(event_b.sum()), float(event_b.mean())
    found: list[Limits] = []
    trajectory: tuple[TrajectoryStep, ...] = ()
    for _ in range(most):
        if _too_few([event_a, event_b]):
            break
        steps = peel(a, event_a)
        checked = [recounted(step, b, event_b, all_b) for step in steps]
        if not trajectory:
            trajectory = tuple(
                TrajectoryStep(s.dimensions, s.coverage, s.density, c.coverage, c.density)
                for s, c in zip(steps, checked, strict=True)
            )
        box = pruned(choose(checked, density).limits, b, event_b)
        if not box.restricted:
            break
        box = paste(box, np.hstack([a, b]), np.concatenate([event_a, event_b]))
        inside = box.hold(b)
        if wilson(int(event_b[inside].sum()), int(inside.sum()))[0] <= everywhere:
            break
        found.append(box)
        out_a, out_b = ~box.hold(a), ~inside
        a, event_a, b, event_b = a[:, out_a], event_a[out_a], b[:, out_b], event_b[out_b]
    return found, trajectory


def _found_box(sets: Sets, box: Limits, left: Sequence[Bools] | None) -> FoundBox:
    """A box in words and counted; with `left`, only draws that no earlier box holds count."""
    masks = left or [np.ones(len(event), dtype=bool) for event in sets.event]
    inside = [box.hold(inputs) & mask for inputs, mask in zip(sets.inputs, masks, strict=True)]
    luck = quasi_p(box, sets.inputs[1][:, masks[1]], sets.event[1][masks[1]]) if left else {}
    limits = tuple(
        Restriction(
            sets.names[i],
            sets.units[i],
            float(box.low[i]) if np.isfinite(box.low[i]) else None,
            float(box.high[i]) if np.isfinite(box.high[i]) else None,
            float(sets.low[i]),
            float(sets.high[i]),
            luck.get(i),
        )
        for i in sorted(box.restricted, key=lambda i: luck.get(i, 0.0))
    )
    events = [int((sets.event[part] & inside[part]).sum()) for part in range(3)]
    sizes = [int(inside[part].sum()) for part in range(3)]
    totals = [int(event.sum()) for event in sets.event]
    return FoundBox(
        limits,
        Count(sizes[0] + sizes[1], events[0] + events[1], totals[0] + totals[1]),
        Count(sizes[2], events[2], totals[2]),
    )


def _leaves(sets: Sets) -> Iterator[Limits]:
    """Leaves of a shallow tree on the first two sets, as boxes."""
    inputs, event = np.hstack(sets.inputs[:2]), np.concatenate(sets.event[:2])
    return leaves(inputs, event, DEPTH, math.ceil(LEAF * len(event)))
