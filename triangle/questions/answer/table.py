"""The answer for reading in a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.columns import Columns
from rich.console import Group, RenderableType
from rich.text import Text

from triangle.questions.answer.answer import Answered, Answers
from triangle.questions.answer.section import (
    carried,
    how_counted,
    how_sure,
    joined,
    on_what,
    sentence,
    what_changes,
)
from triangle.showing.drawings import triangle_text
from triangle.showing.layout import command_lines
from triangle.showing.phrases import Phrases, spoken
from triangle.showing.runs import words_of
from triangle.showing.statements import MOST_FINDINGS
from triangle.showing.tables import said
from triangle.study.study import Study


def answer_tables(studies: Sequence[Study], found: Answers, brief: bool = False) -> RenderableType:
    """What ``answer`` shows: the answer of each scenario, one under the other."""
    say = spoken(found.cast)
    parts: list[RenderableType] = []
    for study, one in zip(studies, found.answers, strict=True):
        parts += [*([Text("")] if parts else []), _brief(study, one, say) if brief else _one(study, one, say)]
    return Group(*parts)


def _brief(study: Study, found: Answered, say: Phrases) -> RenderableType:
    """The answer of one scenario in some lines."""
    title, *_ = sentence(study, found, say)
    lines = [carried(found, say), *([joined(say("told.change"), found, say)] if found.change else [])]
    heading = Text(words_of(say.translated(study.scenario.title, 300)))
    return Group(heading, Text(words_of(title), style="bold"), said(lines))


def _one(study: Study, found: Answered, say: Phrases) -> RenderableType:
    title, *stable = sentence(study, found, say)
    parts: list[RenderableType] = [
        Text(f"{words_of(say.translated(study.scenario.title, 300))} ({study.scenario.name})"),
        Text(words_of(say.translated(study.scenario.question)), style="italic"),
        Text(words_of(title), style="bold"),
        said(stable),
        _pictures(found, say),
    ]
    for head, lines in (
        ("told.sure", how_sure(found, say)),
        ("told.rests", on_what(found, say)),
        ("told.change", what_changes(study, found, say)),
    ):
        parts += [Text(say.word(head), style="bold"), said(lines)]
    if found.change is not None and found.change.found:
        parts.append(Text(command_lines(found.change.certificate.command), style="cyan"))
    if found.sure is not None:
        parts.append(Text(words_of(how_counted(found.sure, found.solution.trust, say)), style="dim"))
    return Group(*parts)


def _pictures(found: Answered, say: Phrases) -> RenderableType:
    """The triangles of the postures that are present, side by side."""
    present = found.solution.answer.present[:MOST_FINDINGS]
    drawn = [Text(triangle_text(finding.profile, say.cast)) for finding in present]
    return Group(Columns(drawn, padding=(0, 4)), Text(say.word("told.key"), style="dim")) if drawn else Text("")
