"""The sections of a report on what the answer depends on: sensitivity, tipping points and flips, the claims touched.

A part that cannot be computed is absent and says why; nothing is put in its place.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from functools import partial
from types import ModuleType
from typing import Any

from triangle.axes import ACTIONS, PLAYERS, RU, profile_text
from triangle.errors import TriangleError
from triangle.report.material import Material, absent
from triangle.report.origins import backing_line, meaning_of, origin_of, parameter_link
from triangle.report.page import (
    Block,
    Cell,
    Column,
    Details,
    Heading,
    Listing,
    Paragraph,
    Picture,
    Section,
    Table,
    Text,
    code,
    foreign,
    plain,
)
from triangle.report.page_map import set_words
from triangle.report.phrases import Phrases, name_of
from triangle.report.tracing import value_change
from triangle.study import Study

#: Most parameters that are listed and drawn, and most tipping points of a scenario.
MOST_PARAMETERS, MOST_DRAWN, MOST_POINTS = 15, 10, 8

#: Base samples of Sobol' indices; games are about eighty times as many.
BASE_SAMPLES = 256

#: Most draws for the claims, and for the contrast of two scenarios.
CLAIM_SAMPLES, CONTRAST_SAMPLES = 1000, 2048


def part_of(name: str) -> ModuleType | None:
    """A part of the analysis, or None where this installation lacks it."""
    try:
        return importlib.import_module(f"triangle.analysis.{name}")
    except ModuleNotFoundError:
        return None


def tried(m: Material, what: str, name: str, ask: Callable[[Any], list[Block]]) -> list[Block]:
    """What a part of the analysis answers; a paragraph with the reason where it is missing or refuses."""
    module = part_of(name)
    if module is None:
        return [absent(m.say, what, m.say("absent.missing", module=code(f"triangle.analysis.{name}")))]
    try:
        return ask(module)
    except TriangleError as error:
        return [
            Paragraph(m.say("absent.refused", what=m.say.word(f"part.{what}"), reason=foreign(str(error))), "absent")
        ]


def contrasts(m: Material) -> list[Block]:
    """Each further scenario against the first: in how many worlds the answer differs and who gains."""
    first, *others = m.studies
    if not others:
        return []
    return tried(m, "contrast", "contrast", lambda module: [_contrast_table(module, m, first, others)])


def _contrast_table(module: Any, m: Material, first: Study, others: Sequence[Study]) -> Table:
    say = m.say
    samples = min(m.samples, CONTRAST_SAMPLES)
    rows = []
    for other in others:
        found = module.contrast(first, other, samples=samples, seed=m.seed)
        for player in PLAYERS:
            gain = found.gain(player)
            rows.append(
                (
                    Cell(name_of(other.scenario.name)),
                    Cell(plain(say.country(player))),
                    _share_cell(gain.gains, say),
                    _share_cell(gain.loses, say),
                    Cell(plain(say.signed(gain.mean)), gain.mean),
                    _share_cell(found.moved, say),
                )
            )
    columns = (
        Column(say("column.scenario")),
        Column(say("column.player")),
        Column(say("column.gains"), True),
        Column(say("column.loses_in"), True),
        Column(say("column.mean_gain"), True),
        Column(say("column.moved"), True),
    )
    caption = say("contrast.caption", scenario=name_of(first.scenario.name))
    return Table(caption, columns, tuple(rows), say("contrast.note", samples=samples))


def _share_cell(share: tuple[float, float, float], say: Phrases) -> Cell:
    value, low, high = share
    return Cell(say("contrast.share", share=say.percent(value), interval=say.interval(low, high)), value)


# Sensitivity ----------------------------------------------------------------------------------------------------------


def sensitivity(m: Material) -> Section:
    """How often each parameter alone turns the answer; what the variance of the margin rests on."""
    say = m.say
    blocks: list[Block] = [Paragraph(say("sensitivity.lead", n=m.turnings[0].samples)), _turning_table(m)]
    for place, study in enumerate(m.studies):
        m.notice(say.word("notice.sensitivity", scenario=study.scenario.name))
        if len(m.studies) > 1:
            blocks.append(Heading(foreign(study.scenario.title, 300)))
        if not m.answers[place].findings:
            blocks.append(absent(say, "sensitivity", say("absent.no_margin")))
            continue
        blocks += tried(m, "sensitivity", "sensitivity", partial(_variance, m=m, place=place))
    return Section("sensitivity", say("section.sensitivity"), tuple(blocks))


def _turning_table(m: Material) -> Table:
    say = m.say
    names = m.strongest(("lever", "uncertainty", "fact"))[:MOST_PARAMETERS]
    rows = []
    for name in names:
        p = m.model.catalogue[name]
        shares = [turned.share(name) for turned in m.turnings]
        rows.append(
            (
                Cell(parameter_link(name)),
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


def _variance(module: Any, m: Material, place: int) -> list[Block]:
    """Sobol' indices of the margin of what is stable, by parameter and by what stands behind it."""
    from triangle.report.page_plots import bars_plot, inline

    say, study = m.say, m.studies[place]
    base = max(64, min(BASE_SAMPLES, m.samples // 8))
    found = module.sensitivity(study, "margin:present", method="sobol", samples=base, seed=m.seed)
    if found.constant:
        return [Paragraph(say("sensitivity.constant"))]
    ranking = found.ranking[:MOST_DRAWN]
    labels = [found.names[i] for i in ranking]
    series = [
        (say.word("sensitivity.total"), *_rows_of(found, "total", ranking)),
        (say.word("sensitivity.first"), *_rows_of(found, "first", ranking)),
    ]
    title = say("sensitivity.picture", scenario=name_of(study.scenario.name))
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
    key = f"sensitivity-{place}"
    sentence = say(
        "sensitivity.draws",
        games=int(found.evaluations),
        base=int(found.samples),
        seed=str(found.seed),
        mean=say.amount(found.mean),
        deviation=say.amount(found.deviation),
    )
    return [
        Paragraph(sentence, "note"),
        Picture(key, inline(plot, key, title, told), title, told, say("sensitivity.caption")),
        *_backing_blocks(found, say),
        Details(say("sensitivity.summary"), (_index_table(found, study, m),)),
    ]


def _rows_of(
    found: Any, index: str, ranking: Sequence[int]
) -> tuple[list[float], list[float] | None, list[float] | None]:
    ends = [getattr(found, f"{index}{end}") for end in ("", "_low", "_high")]
    values, low, high = ([float(end[i]) for i in ranking] if end is not None else None for end in ends)
    return values or [], low, high


def _index_table(found: Any, study: Study, m: Material) -> Table:
    say = m.say
    rows = []
    for i in found.ranking[:MOST_PARAMETERS]:
        name = found.names[i]
        ends = found.swings.get(name) if found.swings else None
        rows.append(
            (
                Cell(parameter_link(name)),
                Cell(say(f"backing.{_kind(study, name)}")),
                Cell(
                    plain(say.value(study.scenario.values[name])),
                    study.scenario.values[name],
                    origin_of(name, study, say),
                ),
                Cell(plain(say.percent(max(0.0, float(found.total[i])))), float(found.total[i])),
                Cell(_ends(found.total_low, found.total_high, i, say)),
                Cell(plain(say.percent(max(0.0, float(found.first[i])))), float(found.first[i])),
                Cell(_ends(found.first_low, found.first_high, i, say)),
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
    return Table(say("sensitivity.table"), tuple(columns), tuple(rows), say("sensitivity.note"))


def _kind(study: Study, name: str) -> str:
    """What a value rests on: the scenario, or what stands behind the documented value."""
    return "scenario" if value_change(study, name) else study.model.catalogue[name].backing


def _ends(low: Any, high: Any, place: int, say: Phrases) -> Text:
    if low is None or high is None:
        return plain("–")
    return say.interval(max(0.0, float(low[place])), min(1.0, max(0.0, float(high[place]))))


def _backing_blocks(found: Any, say: Phrases) -> list[Block]:
    """How much of the variance rests on documents, on formulas, on judgement, and on choices."""
    shares = dict(found.by_backing)
    if not shares:
        return []
    backing = getattr(found, "backing", None)
    rows = []
    for kind, share in sorted(shares.items(), key=lambda item: -item[1]):
        whole = backing.total.get(kind) if backing is not None else None
        own = backing.first.get(kind) if backing is not None else None
        rows.append(
            (
                Cell(say(f"backing.{kind}")),
                Cell(plain(say.percent(share)), share),
                Cell(say.interval(max(0.0, own.low), max(0.0, own.high)) if own else plain("–")),
                Cell(
                    plain(say.percent(max(0.0, whole.value))) if whole else plain("–"), whole.value if whole else None
                ),
                Cell(say.interval(max(0.0, whole.low), max(0.0, whole.high)) if whole else plain("–")),
            )
        )
    columns = (
        Column(say("column.backing")),
        Column(say("column.alone"), True),
        Column(say("column.interval"), True),
        Column(say("column.with_others"), True),
        Column(say("column.interval"), True),
    )
    return [Table(say("backing.caption"), columns, tuple(rows), say("backing.note"))]


# Tipping points and flips ---------------------------------------------------------------------------------------------


def tipping(m: Material) -> Section:
    """Where one parameter alone turns the answer, and the nearest joint move that does."""
    say = m.say
    blocks: list[Block] = [Paragraph(say("tipping.lead"))]
    for place, study in enumerate(m.studies):
        m.notice(say.word("notice.tipping", scenario=study.scenario.name))
        if len(m.studies) > 1:
            blocks.append(Heading(foreign(study.scenario.title, 300)))
        blocks += tried(m, "tipping", "tipping", partial(_points, m=m, study=study))
        blocks += tried(m, "flip", "flip", partial(_flips, m=m, place=place))
    return Section("tipping", say("section.tipping"), tuple(blocks))


def _points(module: Any, m: Material, study: Study) -> list[Block]:
    say = m.say
    points = sorted(
        (point for point in module.tipping_points(study) if point.inside == "range"), key=lambda point: point.distance
    )
    if not points:
        return [Paragraph(say("tipping.none"))]
    rows = []
    for point in points[:MOST_POINTS]:
        rows.append(
            (
                Cell(parameter_link(point.parameter)),
                Cell(plain(say.value(point.origin)), point.origin, origin_of(point.parameter, study, say)),
                Cell(plain(say.value(point.value)), point.value),
                Cell(plain(say.unit(point.unit))),
                Cell(plain(say.number(point.distance, 2)), point.distance),
                Cell(set_words(int(point.other_set), say)),
            )
        )
    columns = (
        Column(say("column.parameter")),
        Column(say("column.stands_at"), True),
        Column(say("column.tips_at"), True),
        Column(say("column.unit")),
        Column(say("column.distance"), True),
        Column(say("column.then_stable")),
    )
    caption = say("tipping.caption", n=len(points), shown=min(MOST_POINTS, len(points)))
    return [Table(caption, columns, tuple(rows), say("tipping.note"))]


#: The question behind all documents: whether the wooed power accommodates the wooer and no longer its partner.
DISTANCE = 2
REVERSE = f"{PLAYERS[RU]}={ACTIONS[RU][DISTANCE]}"


def _flips(module: Any, m: Material, place: int) -> list[Block]:
    """The nearest world without the present equilibria, and the nearest one in which Russia leaves China."""
    study, findings = m.studies[place], m.answers[place].findings
    # Few parameters that move much are easier to talk about than many that move a little: hence the sum of moves.
    asked = {
        "norm": "l1",
        "starts": 1,
        "seed": m.seed,
        "words": ("triangle", *m.group, "solve", m.word_of(study), *m.options),
    }
    blocks: list[Block] = []
    if findings:
        blocks += _flip(module.flip(study, "", away=True, **asked), study, m.say("flip.away"), m)
    if RU not in study.hold and not any(finding.profile[RU] == DISTANCE for finding in findings):
        blocks += _flip(module.flip(study, REVERSE, **asked), study, m.say("flip.to", target=code(REVERSE)), m)
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
                Cell(parameter_link(move.parameter)),
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
    stable = [code(profile_text(profile)) for profile in getattr(found.certificate, "equilibria", ())]
    blocks.append(Paragraph(say("flip.certificate", stable=say.listed(stable)), "note"))
    blocks.append(Listing((str(found.certificate.command),)))
    return blocks


# Claims ---------------------------------------------------------------------------------------------------------------


def claims(m: Material) -> Section:
    """The documents' claims that the scenarios name, with the verdicts that the model gives."""
    say = m.say
    touched = list(dict.fromkeys(claim for study in m.studies for claim in study.scenario.claims))
    if not touched:
        return Section("claims", say("section.claims"), (Paragraph(say("claims.nothing"), "absent"),))
    m.notice(say.word("notice.claims"))
    blocks = tried(m, "claims", "claims", lambda module: _claims(module, m, touched))
    return Section("claims", say("section.claims"), (Paragraph(say("claims.lead", n=len(touched))), *blocks))


def _claims(module: Any, m: Material, touched: list[str]) -> list[Block]:
    say = m.say
    ledger = module.claims(m.model, samples=min(m.samples, CLAIM_SAMPLES), seed=m.seed)
    entries = [entry for entry in ledger.entries if set(entry.table.claims) & set(touched)]
    rows = []
    for entry in entries:
        answer = entry.answer
        rows.append(
            (
                Cell(code(entry.id)),
                Cell(foreign(", ".join(entry.table.claims))),
                Cell(foreign(entry.table.paraphrase)),
                Cell(say(f"claim.{entry.verdict}")),
                Cell(plain(say.percent(answer.share)) if answer else plain("–"), answer.share if answer else -1.0),
                Cell(say.interval(*answer.interval) if answer else plain("–")),
                Cell(foreign("; ".join(entry.places))),
                Cell(foreign(entry.why)),
            )
        )
    columns = (
        Column(say("column.entry")),
        Column(say("column.claims")),
        Column(say("column.says")),
        Column(say("column.claim_verdict")),
        Column(say("column.share"), True),
        Column(say("column.interval"), True),
        Column(say("column.place")),
        Column(say("column.because")),
    )
    blocks: list[Block] = []
    if rows:
        caption = say("claims.caption", n=len(rows), samples=int(ledger.samples), seed=str(ledger.seed))
        blocks.append(Table(caption, columns, tuple(rows), say("claims.note")))
    contradictions = [one for one in ledger.contradictions if set(_sides(one)) & set(touched)]
    if contradictions:
        blocks.append(_contradiction_table(contradictions, say))
    tested = {claim for one in contradictions for claim in _sides(one)} | {
        claim for entry in entries for claim in entry.table.claims
    }
    untested = [claim for claim in touched if claim not in tested]
    if untested:
        blocks.append(
            Paragraph(
                say("claims.untested", n=len(untested), claims=say.listed([foreign(c, 40) for c in untested])), "note"
            )
        )
    return blocks


def _sides(contradiction: Any) -> tuple[str, ...]:
    """The claims of both sides."""
    return (*contradiction.table.first.claims, *contradiction.table.second.claims)


def _contradiction_table(contradictions: Sequence[Any], say: Phrases) -> Table:
    rows = []
    for one in contradictions:
        shares = [answer.share for answer in one.answers] if one.answers else [None, None]
        rows.append(
            (
                Cell(code(one.id)),
                Cell(foreign(one.table.question)),
                Cell(foreign(one.table.first.paraphrase)),
                Cell(plain("–" if shares[0] is None else say.percent(shares[0])), shares[0]),
                Cell(foreign(one.table.second.paraphrase)),
                Cell(plain("–" if shares[1] is None else say.percent(shares[1])), shares[1]),
                Cell(say(f"finding.{one.finding}")),
                Cell(foreign(one.why)),
            )
        )
    columns = (
        Column(say("column.entry")),
        Column(say("column.question")),
        Column(say("column.first_side")),
        Column(say("column.share"), True),
        Column(say("column.second_side")),
        Column(say("column.share"), True),
        Column(say("column.claim_verdict")),
        Column(say("column.because")),
    )
    return Table(say("contradictions.caption"), columns, tuple(rows), say("contradictions.note"))
