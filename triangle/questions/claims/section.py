"""The section of a report on the documents' claims that its scenarios name, and the contradictions they stand in."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from triangle.showing.blocks import Block, Cell, Column, Paragraph, Section, Table, Text, code, foreign, plain
from triangle.showing.material import Call, Material
from triangle.showing.parts import interval_cell, unless_refused
from triangle.showing.phrases import Phrases

if TYPE_CHECKING:
    from triangle.questions.claims.ledger import Ledger

#: Most draws for the claims.
CLAIM_SAMPLES = 1000


def claims(m: Material) -> Section:
    """The documents' claims that the scenarios name, with the verdicts that the model gives."""
    say = m.say
    touched = claims_named(m)
    if not touched:
        return Section("claims", say("section.claims"), (Paragraph(say("claims.nothing"), "absent"),))
    m.notice(say.word("notice.claims"))
    blocks = unless_refused(m, "claims", lambda: _claims(m))
    return Section("claims", say("section.claims"), (Paragraph(say("claims.lead", n=len(touched))), *blocks))


def claims_named(m: Material) -> list[str]:
    """The claims that the scenarios name."""
    return list(dict.fromkeys(claim for study in m.studies for claim in study.scenario.claims))


def claims_asked(m: Material) -> Call[Ledger]:
    """The verdicts on them."""
    from triangle.questions.claims.answer import claims

    asked = partial(claims, m.model, samples=min(m.samples, CLAIM_SAMPLES), seed=m.seed, about=claims_named(m))
    return "claims", asked


def _claims(m: Material) -> list[Block]:
    say = m.say
    ledger = m.once(*claims_asked(m))
    rows = []
    for entry in ledger.entries:
        answer = entry.answer
        rows.append(
            (
                Cell(code(entry.id)),
                Cell(foreign(", ".join(entry.table.claims))),
                Cell(say.translated(entry.table.paraphrase)),
                Cell(_verdict(entry, say)),
                Cell(plain(say.percent(answer.share)) if answer else plain("–"), answer.share if answer else -1.0),
                interval_cell(*answer.interval, say) if answer else Cell(plain("–")),
                Cell(_places(entry.table.claims, m)),
                Cell(_why(answer, entry.table, say) if answer else say.translated(entry.table.silent_because)),
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
    if ledger.contradictions:
        blocks.append(_contradiction_table(ledger.contradictions, say))
    tested = {claim for one in ledger.contradictions for claim in _sides(one)} | {
        claim for entry in ledger.entries for claim in entry.table.claims
    }
    untested = [claim for claim in claims_named(m) if claim not in tested]
    if untested:
        blocks.append(
            Paragraph(
                say("claims.untested", n=len(untested), claims=say.listed([foreign(c, 40) for c in untested])), "note"
            )
        )
    return blocks


def _verdict(entry: Any, say: Phrases) -> Text:
    """A verdict, by construction or not, marked where the default parameters say otherwise."""
    verdict, answer = say(f"claim.{entry.verdict}"), entry.answer
    if answer is None:
        return verdict
    if answer.construction:
        return say("claims.by_construction", verdict=verdict)
    if not answer.at_odds:
        return verdict
    return say("claims.holds_at_default" if answer.point else "claims.fails_at_default", verdict=verdict)


def _sides(contradiction: Any) -> tuple[str, ...]:
    """The claims of both sides."""
    return (*contradiction.table.first.claims, *contradiction.table.second.claims)


def _places(claims: Sequence[str], m: Material) -> Text:
    """Where claims stand in the documents."""
    from triangle.questions.claims.answer import read_index

    say, index, sources = m.say, read_index(), m.model.ledger.sources
    places = []
    for name in claims:
        document, lines = index[name].document, index[name].lines
        by = say.translated(sources[document].by if document in sources else document, 120)
        places.append(say("claims.place", claim=name, document=by, lines=lines, n=1 if lines.isdigit() else 2))
    return say.chained(places, "list.semicolon")


def _why(answer: Any, table: Any, say: Phrases) -> Text:
    """The thresholds between which a share of draws was judged, and whether its interval decides."""
    if answer.verdict == "silent":
        return say("claim_why.no_premise")
    holds, contradicted = (say.percent(float(share or 0.0)) for share in (table.holds, table.contradicted))
    return say("claim_why.firm" if answer.firm else "claim_why.open", holds=holds, contradicted=contradicted)


def _why_sides(contradiction: Any, say: Phrases) -> Text:
    """The reasons of both sides."""
    if contradiction.answers is None:
        return say.translated(contradiction.table.silent_because)
    first, second = (_why(answer, contradiction.table, say) for answer in contradiction.answers)
    return first if first == second else say("claim_why.sides", first=first, second=second)


def _contradiction_table(contradictions: Sequence[Any], say: Phrases) -> Table:
    rows = []
    for one in contradictions:
        shares = [answer.share for answer in one.answers] if one.answers else [None, None]
        rows.append(
            (
                Cell(code(one.id)),
                Cell(foreign(", ".join(_sides(one)))),
                Cell(say.translated(one.table.question)),
                Cell(say.translated(one.table.first.paraphrase)),
                Cell(plain("–" if shares[0] is None else say.percent(shares[0])), shares[0]),
                Cell(say.translated(one.table.second.paraphrase)),
                Cell(plain("–" if shares[1] is None else say.percent(shares[1])), shares[1]),
                Cell(say(f"finding.{one.finding}")),
                Cell(_why_sides(one, say)),
            )
        )
    columns = (
        Column(say("column.entry")),
        Column(say("column.claims")),
        Column(say("column.question")),
        Column(say("column.first_side")),
        Column(say("column.share"), True),
        Column(say("column.second_side")),
        Column(say("column.share"), True),
        Column(say("column.claim_verdict")),
        Column(say("column.because")),
    )
    return Table(say("contradictions.caption"), columns, tuple(rows), say("contradictions.note"))
