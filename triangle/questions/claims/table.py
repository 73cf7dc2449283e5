"""The ledger of claims for reading: verdicts by document, entries with their shares, and one entry in full."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from triangle.measures.cautions import Cautions
from triangle.model.model import Model
from triangle.questions.claims.ledger import COUNTED, Answer, Contradiction, Entry, Ledger, Measured
from triangle.questions.claims.markdown import counted_text, disagreements_first, hundred, interval, said, verdict_text
from triangle.showing.phrases import Phrases, in_english
from triangle.showing.tables import cautions, new_table
from triangle.showing.worded import in_words

#: Colours of the verdicts on a terminal; the word is always beside them.
STYLES = {
    "holds": "green",
    "mostly": "green",
    "in-part": "yellow",
    "mostly-not": "yellow",
    "contradicted": "red",
    "silent": "dim",
}


def claims_tables(ledger: Ledger, model: Model, in_full: bool = False) -> RenderableType:
    """What ``claims`` shows: the summary, then every entry, disagreements on top; in full with all evidence."""
    parts: list[RenderableType] = []
    if in_full:
        say = in_english(model.cast)
        parts += [part for entry in ledger.entries for part in _entry_in_full(entry, say)]
        parts += [part for found in ledger.contradictions for part in _contradiction_in_full(found, say)]
    else:
        if ledger.entries:
            parts += [_entries(ledger), _documents(ledger, model)]
        if ledger.contradictions:
            parts.append(_contradictions(ledger))
    if ledger.trust is not None:
        parts += cautions(Cautions(trust=ledger.trust))
        parts.append(Text("Courses over years and offers are judged as they are without agreements."))
    if not ledger.entries and not ledger.contradictions:
        parts.append(Text("No entry is of this kind."))
    parts.append(
        Text(
            f"{ledger.samples:,} draws of the prior box of each scenario, Sobol' points, seed {ledger.seed}; intervals "
            "of 95 % (Wilson). Verdicts follow from the share and the thresholds of each entry. By construction: "
            "whatever the numbers, as far as trying corners and points of their hard bounds can tell; counted apart.",
            style="dim",
        )
    )
    return Group(*parts)


def _verdict(entry: Entry) -> Text:
    return Text(verdict_text(entry.answer), style=STYLES[entry.verdict])


def _entries(ledger: Ledger) -> RenderableType:
    rows = new_table("=entry", "claim", "verdict", ">share", ">interval", ">draws", "=default", title="Claims")
    for entry in disagreements_first(ledger.entries):
        answer = entry.answer
        numbers = ("–", "–", "–", "–")
        if answer is not None and answer.draws:
            numbers = (hundred(answer.share), interval(answer), f"{answer.draws:,}", said(answer.point))
        claim = entry.table.paraphrase
        if entry.verdict == "silent":
            claim += f" Silent: {entry.why}."
        rows.add_row(entry.id, claim, _verdict(entry), *numbers)
    return rows


def document_name(key: str, model: Model) -> str:
    """Who wrote a document."""
    return model.ledger.sources[key].by if key in model.ledger.sources else key


def _documents(ledger: Ledger, model: Model) -> RenderableType:
    rows = new_table("document", *(f">{counted_text(c)}" for c in COUNTED), title="Entries by document and verdict")
    for document, counts in ledger.by_document().items():
        rows.add_row(document_name(document, model), *(str(counts[counted]) for counted in COUNTED))
    rows.add_section()
    rows.add_row("all, each once", *(str(len(ledger.counting_as(counted))) for counted in COUNTED))
    return rows


def _contradictions(ledger: Ledger) -> RenderableType:
    rows = new_table(
        "=no.", "question", "first side", ">share", "second side", ">share", "=nearer to", title="Contradictions"
    )
    for found in ledger.contradictions:
        shares = [hundred(answer.share) for answer in found.answers] if found.answers else ["–", "–"]
        question = found.table.question + ("" if found.answers else f" Silent: {found.why}.")
        first, second = found.table.first.paraphrase, found.table.second.paraphrase
        rows.add_row(found.id, question, first, shares[0], second, shares[1], found.finding)
    return rows


def _entry_in_full(entry: Entry, say: Phrases) -> list[RenderableType]:
    table = entry.table
    title = Text(f"\n{entry.id}  ", style="bold")
    title.append_text(_verdict(entry))
    lines = [table.paraphrase]
    lines += [f"Stands in: {'; '.join(entry.places)}"] if entry.places else []
    lines += [f"The documents expect: {table.expects}"] if table.expects else []
    lines += [f"Computed: {table.computes}"] if table.computes else []
    lines += [f"Why: {entry.why}"]
    lines += [f"Note: {table.note}"] if table.note else []
    parts: list[RenderableType] = [title, Text("\n".join(lines))]
    return [*parts, *_evidence(entry.answer, say)]


def _contradiction_in_full(found: Contradiction, say: Phrases) -> list[RenderableType]:
    table = found.table
    title = Text(f"\n{found.id}  {table.question}  nearer to: {found.finding}", style="bold")
    lines = [f"Computed: {table.computes}"] if table.computes else []
    lines += [f"Why: {found.why}"]
    lines += [f"Note: {table.note}"] if table.note else []
    parts: list[RenderableType] = [title, Text("\n".join(lines))]
    for number, (name, side) in enumerate((("First", table.first), ("Second", table.second))):
        places = f" ({'; '.join(found.places[number])})" if found.places[number] else ""
        parts.append(Text(f"{name} side: {side.paraphrase}{places}"))
        parts += _evidence(found.answers[number] if found.answers else None, say)
    return parts


def _evidence(answer: Answer | None, say: Phrases) -> list[RenderableType]:
    if answer is None:
        return []
    rows = new_table("evidence", "unit", "default", ">5 %", ">median", ">95 %", "shares", ">draws")
    for measured in answer.evidence:
        rows.add_row(in_words(measured.of, say), measured.unit, *_measured(measured), f"{measured.draws:,}")
    return [Text(f"At the default parameters: {said(answer.point)}"), rows]


def _measured(measured: Measured) -> tuple[str, str, str, str, str]:
    point = measured.point
    own = "–" if point is None else point if isinstance(point, str) else f"{point:.4g}"
    low, middle, high = ("–",) * 3 if measured.quantiles is None else (f"{q:.4g}" for q in measured.quantiles)
    return own, low, middle, high, ", ".join(f"{name} {hundred(share)}" for name, share in measured.shares.items())
