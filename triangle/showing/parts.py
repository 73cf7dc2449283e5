"""Parts of a report that may have nothing to say: absent with the reason; nothing is put in their place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from triangle.base.errors import TriangleError
from triangle.showing.blocks import (
    Block,
    Cell,
    Column,
    Listing,
    Paragraph,
    Picture,
    Table,
    Text,
    foreign,
    plain,
    words_of,
)
from triangle.showing.drawings import triangle_svg
from triangle.showing.material import Material
from triangle.showing.origins import backing_line, origin_of, parameter_link
from triangle.showing.phrases import Phrases
from triangle.study.study import Finding, Study


def absent(say: Phrases, what: str, reason: Text) -> Block:
    """The paragraph that stands where a part could not be computed, with the reason."""
    return Paragraph(say("absent.part", what=say.word(f"part.{what}"), reason=reason), "absent")


def unless_refused(m: Material, what: str, ask: Callable[[], list[Block]]) -> list[Block]:
    """What a part of the analysis answers; where it refuses, a paragraph with the reason."""
    try:
        return ask()
    except TriangleError as error:
        refusal = m.say("absent.refused", what=m.say.word(f"part.{what}"), reason=foreign(str(error)))
        return [Paragraph(refusal, "absent")]


def triangle_picture(m: Material, finding: Finding, key: str) -> Picture:
    """The drawing of one posture with its words."""
    say = m.say
    title, told = say.triangle(finding.configuration), say.posture(finding.profile)
    actions = [say.action(i, a) for i, a in enumerate(finding.profile)]
    drawing = triangle_svg(finding.profile, actions, words_of(title), words_of(told), key, m.model.cast)
    return Picture(key, drawing, title, told, caption=title)


def flip_blocks(found: Any, study: Study, title: Text, say: Phrases) -> list[Block]:
    """The moves of a flip with what stands behind each, what is stable there, and the command."""
    if not found.found:
        reason = say("flip.missed", title=title, misses="–" if found.misses is None else say.amount(found.misses))
        return [Paragraph(reason, "absent")]
    rows = []
    for move in found.moves:
        rows.append(
            (
                Cell(parameter_link(move.parameter, say)),
                Cell(plain(say.value(move.start)), move.start, origin_of(move.parameter, study, say)),
                Cell(plain(say.value(move.value)), move.value),
                Cell(plain(say.unit(move.unit))),
                Cell(plain(say.number(move.in_ranges, 2)), move.in_ranges),
                Cell(backing_line(move.parameter, study, say)),
            )
        )
    columns = (
        Column(say("column.parameter")),
        Column(say("column.from"), True),
        Column(say("column.to"), True),
        Column(say("column.unit")),
        Column(say("column.in_ranges"), True),
        Column(say("column.because")),
    )
    distance = say.number(found.distance, 2) if found.distance is not None else "–"
    blocks: list[Block] = [
        Table(say("flip.caption", title=title, n=len(found.moves), distance=distance), columns, tuple(rows))
    ]
    stable = [say.posture(profile) for profile in found.certificate.equilibria]
    there = say.chained(stable, "list.semicolon") if stable else say("list.none")
    blocks.append(Paragraph(say("flip.certificate", stable=there), "note"))
    blocks.append(Listing((str(found.certificate.command),)))
    return blocks
