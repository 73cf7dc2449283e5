"""The section of a report on where the answer tips: one parameter alone, and the nearest joint move."""

from __future__ import annotations

from functools import partial
from typing import Any

from triangle.measures.asked import default_questions
from triangle.players.axes import RU
from triangle.showing.blocks import (
    Block,
    Cell,
    Column,
    Heading,
    Listing,
    Paragraph,
    Section,
    Table,
    Text,
    plain,
)
from triangle.showing.inline import set_words
from triangle.showing.material import Material
from triangle.showing.origins import backing_line, origin_of, parameter_link, rests_on
from triangle.showing.parts import absent, unless_refused
from triangle.showing.statements import nearest_turn, turns
from triangle.study.study import Study

#: Most tipping points of a scenario that are listed.
MOST_POINTS = 8


def tipping(m: Material) -> Section:
    """Where one parameter alone turns the answer, and the nearest joint move that does."""
    say = m.say
    blocks: list[Block] = [Paragraph(say("tipping.lead"))]
    for place, study in enumerate(m.studies):
        m.notice(say.word("notice.tipping", scenario=study.scenario.name))
        if len(m.studies) > 1:
            blocks.append(Heading(say.translated(study.scenario.title, 300)))
        blocks += unless_refused(m, "tipping", partial(_points, m, study))
        if m.is_all_held(place):
            blocks.append(absent(say, "flip", say("absent.all_held")))
            continue
        blocks += unless_refused(m, "flip", partial(_flips, m, place))
    return Section("tipping", say("section.tipping"), tuple(blocks))


def _points(m: Material, study: Study) -> list[Block]:
    from triangle.questions.tipping.answer import tipping_points

    say = m.say
    points = sorted(
        (point for point in tipping_points(study) if point.inside == "range"), key=lambda point: point.distance
    )
    answers = [Paragraph(nearest_turn(question.asked, study, points, say)) for question in default_questions(study)]
    if not points:
        return [*answers, Paragraph(say("tipping.none"))]
    rows = []
    for point in points[:MOST_POINTS]:
        rows.append(
            (
                Cell(parameter_link(point.parameter, say)),
                Cell(plain(say.value(point.origin)), point.origin, origin_of(point.parameter, study, say)),
                Cell(plain(say.value(point.value)), point.value),
                Cell(plain(say.unit(point.unit))),
                Cell(plain(say.number(point.distance, 2)), point.distance),
                Cell(turns(point.turns, say)),
                Cell(set_words(int(point.other_set), say)),
                Cell(rests_on(point.parameter, study, say)),
            )
        )
    columns = (
        Column(say("column.parameter")),
        Column(say("column.stands_at"), True),
        Column(say("column.tips_at"), True),
        Column(say("column.unit")),
        Column(say("column.distance"), True),
        Column(say("column.turns")),
        Column(say("column.then_stable")),
        Column(say("column.backing")),
    )
    if len(points) > MOST_POINTS:
        caption = say("tipping.nearest", n=len(points), shown=MOST_POINTS)
    else:
        caption = say("tipping.all", n=len(points))
    return [*answers, Table(caption, columns, tuple(rows), say("tipping.note"))]


#: The question behind all documents: whether the wooed power accommodates the wooer and no longer its partner.
DISTANCE = 2


def _flips(m: Material, place: int) -> list[Block]:
    """The nearest world without the present equilibria, and the nearest one in which Russia leaves China."""
    from triangle.questions.flip.answer import flip

    study, findings = m.studies[place], m.answers[place].findings
    # Few parameters that move much are easier to talk about than many that move a little: hence the sum of moves.
    asked: dict[str, Any] = {
        "norm": "l1",
        "starts": 1,
        "seed": m.seed,
        "words": ("triangle", *m.group, "solve", m.word_of(study), *m.options),
    }
    blocks: list[Block] = []
    if findings:
        blocks += _flip(flip(study, "", away=True, **asked), study, m.say("flip.away"), m)
    reverse = study.cast.action_text(RU, DISTANCE)
    if RU not in study.hold and not any(finding.profile[RU] == DISTANCE for finding in findings):
        blocks += _flip(flip(study, reverse, **asked), study, m.say("flip.to", target=m.say.doing(RU, DISTANCE)), m)
    return [*blocks, Paragraph(m.say("flip.note"), "note")] if blocks else []


def _flip(found: Any, study: Study, title: Text, m: Material) -> list[Block]:
    say = m.say
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
    stable = [say.posture(profile) for profile in getattr(found.certificate, "equilibria", ())]
    there = say.chained(stable, "list.semicolon") if stable else say("list.none")
    blocks.append(Paragraph(say("flip.certificate", stable=there), "note"))
    blocks.append(Listing((str(found.certificate.command),)))
    return blocks
