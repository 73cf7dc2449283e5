"""The section of a report on where the answer tips: one parameter alone, and the nearest joint move."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from triangle.measures.asked import default_questions
from triangle.showing.blocks import (
    Block,
    Cell,
    Column,
    Heading,
    Paragraph,
    Section,
    Table,
    plain,
)
from triangle.showing.inline import set_words
from triangle.showing.material import Call, Material
from triangle.showing.origins import origin_of, parameter_link, rests_on
from triangle.showing.parts import absent, flip_blocks, set_cell, unless_refused
from triangle.showing.statements import nearest_turn, turns
from triangle.study.study import Study

if TYPE_CHECKING:
    from triangle.questions.flip.answer import Flip

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
                set_cell(m, int(point.other_set), set_words(int(point.other_set), say)),
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


def _flips(m: Material, place: int) -> list[Block]:
    """The nearest world without the present equilibria; that in which Russia leaves China stands with the answer."""
    study = m.studies[place]
    if not m.answers[place].findings:
        return []
    found = m.once(*away_asked(m, place))
    return [*flip_blocks(found, study, m.say("flip.away"), m.say), Paragraph(m.say("flip.note"), "note")]


def away_asked(m: Material, place: int) -> Call[Flip]:
    """The nearest world without what is present in one scenario."""
    from triangle.questions.flip.answer import flip

    study = m.studies[place]
    # Few parameters that move much are easier to talk about than many that move a little: hence the sum of moves.
    asked = partial(flip, study, "", away=True, norm="l1", starts=1, seed=m.seed, words=m.solving(study))
    return ("away", place), asked
