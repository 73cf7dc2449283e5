"""The sections of a report on what the answer depends on: scenarios on the same draws, and sensitivity."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from triangle.measures.asked import Question, default_questions
from triangle.measures.variance import Backing, Bridged
from triangle.players.axes import RU, US
from triangle.showing.blocks import (
    Block,
    Cell,
    Column,
    Details,
    Heading,
    Paragraph,
    Picture,
    Section,
    Table,
    code,
    plain,
)
from triangle.showing.material import Call, Material
from triangle.showing.origins import meaning_of, origin_of, parameter_link
from triangle.showing.parts import absent, interval_cell, source_of, unless_refused
from triangle.showing.phrases import Phrases, name_of
from triangle.showing.statements import asked
from triangle.study.study import Study
from triangle.study.trace import value_change

if TYPE_CHECKING:
    from triangle.questions.sensitivity.answer import Sensitivity

#: Most parameters that are listed, and most that are drawn.
MOST_PARAMETERS, MOST_DRAWN = 15, 10

#: Base samples of Sobol' indices; games are about eighty times as many.
BASE_SAMPLES = 256


# Sensitivity ----------------------------------------------------------------------------------------------------------


def sensitivity(m: Material) -> Section:
    """How often each parameter alone turns the answer; what the variance of the margin rests on."""
    say = m.say
    blocks: list[Block] = [_lead(m), _turning_table(m)]
    for place, study in enumerate(m.studies):
        m.notice(say.word("notice.sensitivity", scenario=study.scenario.name))
        if len(m.studies) > 1:
            blocks.append(Heading(say.translated(study.scenario.title, 300)))
        if m.is_all_held(place):
            blocks.append(absent(say, "sensitivity", say("absent.all_held")))
            continue
        for question in default_questions(study):
            blocks.append(Heading(asked(question.asked, say)))
            blocks += unless_refused(m, "sensitivity", partial(_variance, m, place, question))
    return Section("sensitivity", say("section.sensitivity"), tuple(blocks))


def variances_asked(m: Material, study: Study, question: Question) -> Call[Sensitivity]:
    """The indices of a question's outcome."""
    from triangle.questions.sensitivity.answer import variance_asked

    return variance_asked(study, question.outcome, max(64, min(BASE_SAMPLES, m.samples // 8)), m.seed)


def _lead(m: Material) -> Paragraph:
    wooer, wooed, rival = m.say.cast.codes[:3]
    named = {"wooer": m.say.whose(wooer)} | {
        place: m.say.named(player, "within") for place, player in (("wooed", wooed), ("rival", rival))
    }
    return Paragraph(m.say("sensitivity.lead", n=m.turnings[0].samples, **named))


def _turning_table(m: Material) -> Table:
    say = m.say
    names = m.strongest(("lever", "uncertainty", "fact"))[:MOST_PARAMETERS]
    rows = []
    for name in names:
        p = m.model.catalogue[name]
        shares = [turned.share(name) for turned in m.turnings]
        rows.append(
            (
                Cell(parameter_link(name, say)),
                Cell(meaning_of(name, m.studies[0], say)),
                Cell(say(f"role.{p.role}")),
                Cell(say(f"backing.{p.backing}")),
                *(Cell(plain(say.percent(share)), share) for share in shares),
            )
        )
    columns = (
        Column(say("column.parameter")),
        Column(say("column.meaning")),
        Column(say("column.role")),
        Column(say("column.backing")),
        *(Column(name_of(study.scenario.name), True) for study in m.studies),
    )
    return Table(say("turning.caption"), columns, tuple(rows), say("turning.note"))


def _variance(m: Material, place: int, question: Question) -> list[Block]:
    """Sobol' indices of a question's outcome, by parameter, by what stands behind it, and by bridge."""
    from triangle.showing.inline import bars_plot, inline

    say, study = m.say, m.studies[place]
    found = m.once(*variances_asked(m, study, question))
    player = say.named(say.cast.codes[US if question.asked == "posture" else RU], "subject")
    measured = Paragraph(say("asked.measured", player=player, outcome=code(f"--outcome {question.outcome}")))
    if found.constant:
        return [measured, Paragraph(say("sensitivity.constant"))]
    ranking = found.ranking[:MOST_DRAWN]
    labels = [say.known("parameter", found.names[i]) for i in ranking]
    series = [
        (say.word("sensitivity.total"), *_rows_of(found, "total", ranking)),
        (say.word("sensitivity.first"), *_rows_of(found, "first", ranking)),
    ]
    title = say("sensitivity.picture", question=asked(question.asked, say), scenario=name_of(study.scenario.name))
    told = say(
        "sensitivity.told",
        parameters=say.listed(
            [
                say("sensitivity.part", name=name, share=say.percent(max(0.0, total)))
                for name, total in zip(labels, series[0][1], strict=True)
            ]
        ),
    )
    plot = bars_plot(labels, series, say.word("sensitivity.axis"), say)
    key = f"sensitivity-{place}-{question.asked}"
    sentence = say(
        "sensitivity.draws",
        games=int(found.evaluations),
        base=int(found.samples),
        seed=str(found.seed),
        mean=say.amount(found.mean),
        deviation=say.amount(found.deviation),
    )
    return [
        measured,
        Paragraph(sentence, "note"),
        Picture(
            key,
            inline(plot, key, title, told),
            title,
            told,
            say("sensitivity.caption"),
            source_of(m, [study]),
            f"{key}-data",
        ),
        *_backing_blocks(found, say),
        *_bridge_blocks(found, say),
        Details(say("sensitivity.summary"), (_index_table(found, study, m, f"{key}-data"),)),
    ]


def _rows_of(
    found: Any, index: str, ranking: Sequence[int]
) -> tuple[list[float], list[float] | None, list[float] | None]:
    ends = [getattr(found, f"{index}{end}") for end in ("", "_low", "_high")]
    values, low, high = ([float(end[i]) for i in ranking] if end is not None else None for end in ends)
    return values or [], low, high


def _index_table(found: Any, study: Study, m: Material, key: str) -> Table:
    say = m.say
    rows = []
    for i in found.ranking[:MOST_PARAMETERS]:
        name = found.names[i]
        ends = found.swings.get(name) if found.swings else None
        rows.append(
            (
                Cell(parameter_link(name, say)),
                Cell(say(f"backing.{_kind(study, name)}")),
                Cell(
                    plain(say.value(study.scenario.values[name])),
                    study.scenario.values[name],
                    origin_of(name, study, say),
                ),
                Cell(plain(say.percent(max(0.0, float(found.total[i])))), float(found.total[i])),
                _ends(found.total_low, found.total_high, i, say),
                Cell(plain(say.percent(max(0.0, float(found.first[i])))), float(found.first[i])),
                _ends(found.first_low, found.first_high, i, say),
                *(Cell(plain(say.amount(end)), end) for end in (ends or ())),
            )
        )
    columns = [
        Column(say("column.parameter")),
        Column(say("column.backing")),
        Column(say("column.value"), True),
        Column(say("column.total"), True),
        Column(say("column.interval"), True),
        Column(say("column.first"), True),
        Column(say("column.interval"), True),
    ]
    if found.swings:
        columns += [Column(say("column.at_low"), True), Column(say("column.at_high"), True)]
    return Table(say("sensitivity.table"), tuple(columns), tuple(rows), say("sensitivity.note"), key)


def _kind(study: Study, name: str) -> str:
    """What a value rests on: the scenario, or what stands behind the default."""
    return "scenario" if value_change(study, name) else study.model.catalogue[name].backing


def _ends(low: Any, high: Any, place: int, say: Phrases) -> Cell:
    if low is None or high is None:
        return Cell(plain("–"))
    return interval_cell(max(0.0, float(low[place])), min(1.0, max(0.0, float(high[place]))), say)


def _backing_blocks(found: Any, say: Phrases) -> list[Block]:
    """How much of the variance rests on documents, on formulas, on judgement, and on choices."""
    if found.backing is None:
        return []
    rows = [
        (Cell(say(f"backing.{kind}")), *_group_cells(found.backing, kind, say))
        for kind, _ in sorted(found.by_backing.items(), key=lambda item: -item[1])
    ]
    columns = (Column(say("column.backing")), *_group_columns(say))
    return [Table(say("backing.caption"), columns, tuple(rows), say("backing.note"))]


def _bridge_blocks(found: Any, say: Phrases) -> list[Block]:
    """How much of the variance crosses which bridge from what was measured to what the symbols mean."""
    if found.bridged is None:
        return []
    rows = [
        (Cell(say(f"bridge.{bridge}")), *_group_cells(found.bridged, bridge, say)) for bridge in found.bridged.first
    ]
    columns = (Column(say("column.bridge")), *_group_columns(say))
    return [Table(say("bridge.caption"), columns, tuple(rows), say("bridge.note"))]


def _group_cells(of: Backing | Bridged, group: str, say: Phrases) -> tuple[Cell, ...]:
    """Share of the variance of a group of parameters, by itself and with all its interactions."""
    cells = []
    for share in (of.first[group], of.total[group]):
        cells.append(Cell(plain(say.percent(max(0.0, share.value))), max(0.0, share.value)))
        cells.append(interval_cell(max(0.0, share.low), min(1.0, max(0.0, share.high)), say))
    return tuple(cells)


def _group_columns(say: Phrases) -> tuple[Column, ...]:
    return (
        Column(say("column.alone"), True),
        Column(say("column.interval"), True),
        Column(say("column.with_others"), True),
        Column(say("column.interval"), True),
    )
