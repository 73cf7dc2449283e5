"""Parts of a report that several sections have: pictures with their source, intervals, flips, and what is absent.

A part that has nothing to say is absent with the reason; nothing is put in its place.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

from triangle.base.errors import TriangleError
from triangle.showing.blocks import (
    Block,
    Cell,
    Column,
    Listing,
    Paragraph,
    Picture,
    Run,
    Table,
    Text,
    foreign,
    plain,
    words_of,
)
from triangle.showing.drawings import swatch_svg, triangle_svg
from triangle.showing.material import Material
from triangle.showing.origins import backing_line, origin_of, parameter_link
from triangle.showing.phrases import Phrases, name_of
from triangle.study.study import Finding, Study
from triangle.sweeps.digest import model_digest
from triangle.version import __version__

#: Digits of a digest that a source line gives; the manifest gives them all.
DIGITS = 12


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


def digest_of(text: str) -> str:
    """The digest of a file's text, by which the file is known again."""
    return hashlib.sha256(text.encode()).hexdigest()


def source_of(m: Material, studies: Sequence[Study]) -> Text:
    """Of which scenarios a picture is, and what made it: with it, a picture that was taken away is found again."""
    say = m.say
    names = [name_of(study.scenario.name) for study in studies]
    texts = [m.texts.get(study.scenario.name) for study in studies]
    files = [
        name if text is None else say("source.file", name=name, digest=digest_of(text)[:DIGITS])
        for name, text in zip(names, texts, strict=True)
    ]
    digest = m.once("model digest", lambda: model_digest(m.model))[:DIGITS]
    return say("source.line", scenarios=say.listed(files), n=len(files), version=__version__, digest=digest)


def interval_cell(low: float, high: float, say: Phrases) -> Cell:
    """An interval of shares: sorted by its low end."""
    return Cell(say.interval(low, high), low, ends=(low, high))


def set_cell(m: Material, mask: int, words: Text) -> Cell:
    """A set of equilibria in words, behind its colour and its letters."""
    return Cell(marked(m, mask, words), swatch=swatch(m, mask))


def marked(m: Material, mask: int, words: Text) -> Text:
    """A set of equilibria in words, behind its letters."""
    return m.say("set.marked", letters=(Run(m.marks.letters(mask), "strong"),), words=words)


def swatch(m: Material, mask: int) -> str:
    """A field in the colours of a set of equilibria."""
    fill, stripes = m.marks.colours(mask)
    return swatch_svg(fill, "" if fill == stripes else "/" if mask else "x", stripes)


def equilibria_key(place: int) -> str:
    """The key of the table of a scenario's equilibria."""
    return f"equilibria-{place}"


def triangle_picture(m: Material, finding: Finding, key: str, source: Text = (), data: str = "") -> Picture:
    """The drawing of one posture with its words."""
    say = m.say
    title, told = say.triangle(finding.configuration), say.posture(finding.profile)
    actions = [say.action(i, a) for i, a in enumerate(finding.profile)]
    drawing = triangle_svg(finding.profile, actions, words_of(title), words_of(told), key, m.model.cast)
    return Picture(key, drawing, title, told, marked(m, 1 << finding.index, title), source, data)


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
