"""Where an event happens, for people: boxes of parameters and leaves of a tree, counted on fresh draws."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from triangle.questions.discover.regions import Count, Discovery, FoundBox, Restriction
from triangle.showing.phrases import Phrases, digits, noted, spoken, told, word, written
from triangle.showing.runs import words_of
from triangle.showing.tables import TYPED, cautions, new_table
from triangle.showing.worded import cautions_in_words, event, opened

#: Leaves that are listed; --json has all.
MOST_LEAVES = 4

#: Steps of the trajectory that are listed.
MOST_STEPS = 12


def discovery(found: Discovery) -> RenderableType:
    """Everything that ``discover`` shows."""
    say = spoken(found.cast)
    parts: list[RenderableType] = [_heading(found, say), *cautions(cautions_in_words(found.cautions, say))]
    if found.note:
        parts.append(Text(f"{opened(noted(found.note))}.", style="yellow"))
    if short := found.shortfall(told, digits):
        parts.append(Text(short, style="yellow"))
    for place, box in enumerate(found.boxes, 1):
        title = told("Box {place} of the draws in no box before" if place > 1 else "Box {place}", place=place)
        parts.append(_box(box, title, say))
    if len(found.boxes) > 1:
        parts.append(Text(told("All boxes together: {counted}", counted=counted(found.together))))
    if found.tree:
        parts.append(_tree(found.tree, say))
    if found.trajectory:
        parts.append(_trajectory(found))
    return Group(*parts)


def _heading(found: Discovery, say: Phrases) -> RenderableType:
    low, high = found.base.density_interval
    lines = [
        Text.assemble((word(found.title), "bold"), "" if found.archive else f" ({found.scenario})"),
        Text(
            told(
                "{event}: {events} of {draws} fresh draws, {share} ({low} to {high})",
                event=opened(words_of(event(found.event, say))),
                events=found.base.events,
                draws=found.base.draws,
                share=written(found.base.density, ".1%"),
                low=written(low, ".1%"),
                high=written(high, ".1%"),
            )
        ),
    ]
    archive = "draws of an archived sweep, in three parts; seed {seed}; {varying} parameters vary"
    template = archive if found.archive else "{games} games; seed {seed}; {varying} parameters vary"
    numbers = {"games": found.evaluations, "seed": str(found.seed), "varying": len(found.names)}
    lines.append(Text(told(template, **numbers), style="dim"))
    return Text("\n").join(lines)


def counted(count: Count) -> str:
    """Density and coverage with their intervals."""
    (a, b), (c, d) = count.density_interval, count.coverage_interval
    shares = {"density": count.density, "a": a, "b": b, "coverage": count.coverage, "c": c, "d": d}
    return told(
        "density {density} ({a} to {b}), coverage {coverage} ({c} to {d}); {events} of {draws} fresh draws",
        events=count.events,
        draws=count.draws,
        **{name: written(share, ".1%") for name, share in shares.items()},
    )


def _limit(limit: Restriction) -> str:
    if limit.low is not None and limit.high is not None:
        return _span(limit.low, limit.high)
    if limit.low is not None:
        return told("at least {low}", low=written(limit.low, ".4g"))
    return told("at most {high}", high=written(limit.high or 0.0, ".4g"))


def _span(low: float, high: float) -> str:
    return told("{low} to {high}", low=written(low, ".4g"), high=written(high, ".4g"))


def _box(box: FoundBox, title: str, say: Phrases) -> RenderableType:
    shown = new_table(
        "parameter", TYPED, ">lies", "unit", ">drawn from", ">quasi-p", title=f"{title}: {counted(box.fresh)}"
    )
    for limit in box.limits:
        luck = (
            ""
            if limit.quasi_p is None
            else digits("<0.001")
            if limit.quasi_p < 0.001
            else written(limit.quasi_p, ".3f")
        )
        drawn, unit = _span(limit.range_low, limit.range_high), say.unit(limit.unit)
        shown.add_row(say.known("parameter", limit.parameter), limit.parameter, _limit(limit), unit, drawn, luck)
    shown.footing = told(
        "Where it was found: density {density}, coverage {coverage}.",
        density=written(box.found.density, ".1%"),
        coverage=written(box.found.coverage, ".1%"),
    )
    return shown


def _tree(leaves: Sequence[FoundBox], say: Phrases) -> RenderableType:
    shown = new_table(
        "leaf", ">density", ">95 % interval", ">coverage", ">draws", title=told("A shallow tree, fresh draws")
    )
    for leaf in leaves[:MOST_LEAVES]:
        low, high = leaf.fresh.density_interval
        words = "\n".join(
            f"{say.known('parameter', limit.parameter)}: {_limit(limit)}" for limit in leaf.limits
        ) or told("everywhere")
        shown.add_row(
            words,
            written(leaf.density, ".1%"),
            told("{low} to {high}", low=written(low, ".1%"), high=written(high, ".1%")),
            written(leaf.coverage, ".1%"),
            written(leaf.fresh.draws, ","),
        )
        shown.add_section()
    if len(leaves) > MOST_LEAVES:
        shown.footing = told("The densest of {n} leaves.", n=len(leaves))
    return shown


def _trajectory(found: Discovery) -> RenderableType:
    shown = new_table(
        ">restricted",
        ">coverage",
        ">density",
        ">coverage, other draws",
        ">density, other draws",
        title=told("Trajectory of the first box: where it was peeled, and on draws that it was not"),
    )
    every = max(1, -(-len(found.trajectory) // MOST_STEPS))
    for step in found.trajectory[::every]:
        shares = (step.coverage, step.density, step.checked_coverage, step.checked_density)
        shown.add_row(str(step.dimensions), *(written(share, ".1%") for share in shares))
    return shown
