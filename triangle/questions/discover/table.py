"""Where an event happens, for people: boxes of parameters and leaves of a tree, counted on fresh draws."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from triangle.questions.discover.regions import Count, Discovery, FoundBox, Restriction
from triangle.showing.phrases import Phrases, in_english
from triangle.showing.runs import words_of
from triangle.showing.tables import TYPED, cautions, new_table
from triangle.showing.worded import cautions_in_words, event, opened

#: Leaves that are listed; --json has all.
MOST_LEAVES = 4

#: Steps of the trajectory that are listed.
MOST_STEPS = 12


def discovery(found: Discovery) -> RenderableType:
    """Everything that ``discover`` shows."""
    say = in_english(found.cast)
    parts: list[RenderableType] = [_heading(found, say), *cautions(cautions_in_words(found.cautions, say))]
    if found.note:
        parts.append(Text(f"{found.note[:1].upper()}{found.note[1:]}.", style="yellow"))
    if found.shortfall:
        parts.append(Text(found.shortfall, style="yellow"))
    for place, box in enumerate(found.boxes, 1):
        beside = " of the draws in no box before" if place > 1 else ""
        parts.append(_box(box, f"Box {place}{beside}", say))
    if len(found.boxes) > 1:
        parts.append(Text(f"All boxes together: {counted(found.together)}"))
    if found.tree:
        parts.append(_tree(found.tree, say))
    if found.trajectory:
        parts.append(_trajectory(found))
    return Group(*parts)


def _heading(found: Discovery, say: Phrases) -> RenderableType:
    low, high = found.base.density_interval
    lines = [
        Text.assemble((found.title, "bold"), "" if found.archive else f" ({found.scenario})"),
        Text(
            f"{opened(words_of(event(found.event, say)))}: {found.base.events:,} of {found.base.draws:,} fresh draws, "
            f"{found.base.density:.1%} ({low:.1%} to {high:.1%})"
        ),
    ]
    source = "draws of an archived sweep, in three parts" if found.archive else f"{found.evaluations:,} games"
    lines.append(Text(f"{source}; seed {found.seed}; {len(found.names)} parameters vary", style="dim"))
    return Text("\n").join(lines)


def counted(count: Count) -> str:
    """Density and coverage with their intervals."""
    (a, b), (c, d) = count.density_interval, count.coverage_interval
    return (
        f"density {count.density:.1%} ({a:.1%} to {b:.1%}), coverage {count.coverage:.1%} ({c:.1%} to {d:.1%}); "
        f"{count.events:,} of {count.draws:,} fresh draws"
    )


def _limit(limit: Restriction) -> str:
    if limit.low is not None and limit.high is not None:
        return f"{limit.low:.4g} to {limit.high:.4g}"
    return f"at least {limit.low:.4g}" if limit.low is not None else f"at most {limit.high:.4g}"


def _box(box: FoundBox, title: str, say: Phrases) -> RenderableType:
    shown = new_table(
        "parameter", TYPED, ">lies", "unit", ">drawn from", ">quasi-p", title=f"{title}: {counted(box.fresh)}"
    )
    for limit in box.limits:
        luck = "" if limit.quasi_p is None else "<0.001" if limit.quasi_p < 0.001 else f"{limit.quasi_p:.3f}"
        drawn = f"{limit.range_low:.4g} to {limit.range_high:.4g}"
        shown.add_row(say.known("parameter", limit.parameter), limit.parameter, _limit(limit), limit.unit, drawn, luck)
    shown.footing = f"Where it was found: density {box.found.density:.1%}, coverage {box.found.coverage:.1%}."
    return shown


def _tree(leaves: Sequence[FoundBox], say: Phrases) -> RenderableType:
    shown = new_table("leaf", ">density", ">95 % interval", ">coverage", ">draws", title="A shallow tree, fresh draws")
    for leaf in leaves[:MOST_LEAVES]:
        low, high = leaf.fresh.density_interval
        words = (
            "\n".join(f"{say.known('parameter', limit.parameter)}: {_limit(limit)}" for limit in leaf.limits)
            or "everywhere"
        )
        shown.add_row(
            words, f"{leaf.density:.1%}", f"{low:.1%} to {high:.1%}", f"{leaf.coverage:.1%}", f"{leaf.fresh.draws:,}"
        )
        shown.add_section()
    if len(leaves) > MOST_LEAVES:
        shown.footing = f"The densest of {len(leaves)} leaves."
    return shown


def _trajectory(found: Discovery) -> RenderableType:
    shown = new_table(
        ">restricted",
        ">coverage",
        ">density",
        ">coverage, other draws",
        ">density, other draws",
        title="Trajectory of the first box: where it was peeled, and on draws that it was not",
    )
    every = max(1, -(-len(found.trajectory) // MOST_STEPS))
    for step in found.trajectory[::every]:
        shares = (step.coverage, step.density, step.checked_coverage, step.checked_density)
        shown.add_row(str(step.dimensions), *(f"{share:.1%}" for share in shares))
    return shown
