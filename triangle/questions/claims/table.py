"""The ledger of claims for reading: verdicts by document, entries with their shares, and one entry in full."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from triangle.measures.cautions import Cautions
from triangle.model.model import Model
from triangle.players.profiles import by_key
from triangle.questions.claims.kinds import PARTS
from triangle.questions.claims.ledger import COUNTED, Answer, Contradiction, Entry, Ledger, Measured
from triangle.questions.claims.markdown import counted_text, disagreements_first
from triangle.questions.claims.markdown import hundred as in_hundred
from triangle.questions.claims.markdown import said as in_word
from triangle.showing.phrases import Phrases, digits, noted, shipped, spoken, told, word, written
from triangle.showing.tables import cautions, new_table
from triangle.showing.translations import places_in
from triangle.showing.worded import configuration_title, in_words, parameter_named, pattern, quoted

#: Colours of the verdicts on a terminal; the word is always beside them.
STYLES = {
    "holds": "green",
    "mostly": "green",
    "in-part": "yellow",
    "mostly-not": "yellow",
    "contradicted": "red",
    "silent": "dim",
}


#: What evidence is of, beside an outcome as it is typed: the first of which a label is made tells it.
LABELS = (
    PARTS,
    "part of the nodes at which it is so",
    "configurations in equilibrium",
    "best reply of {player} to {given} at {where}",
    "best reply of {player} to {given} ({where})",
    "best reply of {player} to {given}",
    "threshold of {name} ({where}) exists",
    "threshold of {name} exists",
    "threshold of {name} ({where})",
    "threshold of {name}",
    "change of {outcome} along {name}",
    "probability of {pattern} in {year} ({where})",
    "{outcome} in {year} ({where})",
    "{outcome} of {action} ({where})",
    "{outcome} ({where})",
)

#: Who is held, in which years.
HELD = ("{hold} held {years}", "{hold} held")

#: The two sides, as a finding names them.
SIDES = {"first": "first side", "second": "second side"}


def claims_tables(ledger: Ledger, model: Model, in_full: bool = False) -> RenderableType:
    """What ``claims`` shows: the summary, then every entry, disagreements on top; in full with all evidence."""
    parts: list[RenderableType] = []
    if in_full:
        say = spoken(model.cast)
        parts += [part for entry in ledger.entries for part in _entry_in_full(entry, say)]
        parts += [part for found in ledger.contradictions for part in _contradiction_in_full(found, say)]
    else:
        if ledger.entries:
            parts += [_entries(ledger), _documents(ledger, model)]
        if ledger.contradictions:
            parts.append(_contradictions(ledger))
    if ledger.trust is not None:
        parts += cautions(Cautions(trust=ledger.trust))
        parts.append(Text(told("Courses over years and offers are judged as they are without agreements.")))
    if not ledger.entries and not ledger.contradictions:
        parts.append(Text(told("No entry is of this kind.")))
    parts.append(
        Text(
            told(
                "{n} draws of the prior box of each scenario, Sobol' points, seed {seed}; intervals of 95 % (Wilson's, "
                "for independent draws; Sobol' points spread more evenly). Verdicts follow from the share and the "
                "thresholds of each entry. By construction: whatever the numbers, as far as trying corners and points "
                "of their hard bounds can tell; counted apart.",
                n=ledger.samples,
                seed=str(ledger.seed),
            ),
            style="dim",
        )
    )
    return Group(*parts)


def _verdict(entry: Entry) -> Text:
    return Text(verdict_words(entry.answer), style=STYLES[entry.verdict])


def verdict_words(answer: Answer | None) -> str:
    """A verdict, by construction or not, and marked where the default says otherwise."""
    if answer is None:
        return word("silent")
    marks = ["by construction"] * bool(answer.construction) + [answer.at_odds] * bool(answer.at_odds)
    return ", ".join(map(word, (counted_text(answer.verdict), *marks)))


def hundred(share: float) -> str:
    """A share in per cent, without hiding that a few draws differ."""
    return digits(in_hundred(share))


def _entries(ledger: Ledger) -> RenderableType:
    rows = new_table("=entry", "claim", "verdict", ">share", ">interval", ">draws", "=default", title=told("Claims"))
    for entry in disagreements_first(ledger.entries):
        answer = entry.answer
        numbers = ("–", "–", "–", "–")
        if answer is not None and answer.draws:
            numbers = (
                hundred(answer.share),
                _interval(answer),
                written(answer.draws, ","),
                word(in_word(answer.point)),
            )
        claim = word(entry.table.paraphrase)
        if entry.verdict == "silent":
            claim += told(" Silent: {why}.", why=_reason(entry))
        rows.add_row(entry.id, claim, _verdict(entry), *numbers)
    return rows


def _reason(found: Entry | Contradiction) -> str:
    """Why a verdict or finding is what it is."""
    return word(found.reason(told, digits))


def document_name(key: str, model: Model) -> str:
    """Who wrote a document."""
    return shipped(model.ledger.sources[key].by) if key in model.ledger.sources else key


def _documents(ledger: Ledger, model: Model) -> RenderableType:
    title = told("Entries by document and verdict")
    rows = new_table("document", *(f">{counted_text(c)}" for c in COUNTED), title=title)
    for document, counts in ledger.by_document().items():
        rows.add_row(document_name(document, model), *(str(counts[counted]) for counted in COUNTED))
    rows.add_section()
    rows.add_row(told("all, each once"), *(str(len(ledger.counting_as(counted))) for counted in COUNTED))
    return rows


def _contradictions(ledger: Ledger) -> RenderableType:
    rows = new_table(
        "=no.", "question", "first side", ">share", "second side", ">share", "=nearer to", title=told("Contradictions")
    )
    for found in ledger.contradictions:
        shares = [hundred(answer.share) for answer in found.answers] if found.answers else ["–", "–"]
        silent = "" if found.answers else told(" Silent: {why}.", why=_reason(found))
        question = word(found.table.question) + silent
        first, second = word(found.table.first.paraphrase), word(found.table.second.paraphrase)
        rows.add_row(
            found.id, question, first, shares[0], second, shares[1], word(SIDES.get(found.finding, found.finding))
        )
    return rows


def _entry_in_full(entry: Entry, say: Phrases) -> list[RenderableType]:
    table = entry.table
    title = Text(f"\n{entry.id}  ", style="bold")
    title.append_text(_verdict(entry))
    lines = [word(table.paraphrase)]
    lines += [told("Stands in: {places}", places="; ".join(map(noted, entry.places)))] if entry.places else []
    lines += [told("The documents expect: {expected}", expected=word(table.expects))] if table.expects else []
    lines += [told("Computed: {computed}", computed=word(table.computes))] if table.computes else []
    lines += [told("Why: {why}", why=_reason(entry))]
    lines += [told("Note: {note}", note=word(table.note))] if table.note else []
    parts: list[RenderableType] = [title, Text("\n".join(lines))]
    return [*parts, *_evidence(entry.answer, say)]


def _contradiction_in_full(found: Contradiction, say: Phrases) -> list[RenderableType]:
    table = found.table
    nearer = told("nearer to: {finding}", finding=word(SIDES.get(found.finding, found.finding)))
    title = Text(f"\n{found.id}  {word(table.question)}  {nearer}", style="bold")
    lines = [told("Computed: {computed}", computed=word(table.computes))] if table.computes else []
    lines += [told("Why: {why}", why=_reason(found))]
    lines += [told("Note: {note}", note=word(table.note))] if table.note else []
    parts: list[RenderableType] = [title, Text("\n".join(lines))]
    for number, side in enumerate((table.first, table.second)):
        places = f" ({'; '.join(map(noted, found.places[number]))})" if found.places[number] else ""
        template = "Second side: {claim}{places}" if number else "First side: {claim}{places}"
        parts.append(Text(told(template, claim=word(side.paraphrase), places=places)))
        parts += _evidence(found.answers[number] if found.answers else None, say)
    return parts


def _evidence(answer: Answer | None, say: Phrases) -> list[RenderableType]:
    if answer is None:
        return []
    rows = new_table("evidence", "unit", "default", ">5 %", ">median", ">95 %", "shares", ">draws")
    for measured in answer.evidence:
        cells = (say.unit(measured.unit), *_measured(measured, say), written(measured.draws, ","))
        rows.add_row(_label(measured.of, say), *cells)
    return [Text(told("At the default parameters: {answer}", answer=word(in_word(answer.point)))), rows]


def _label(text: str, say: Phrases) -> str:
    """What evidence is of, in the language that is spoken; names of parts and measures stand as they are typed."""
    part, colon, rest = text.partition(": ")
    if colon:
        return f"{part}: {_label(rest, say)}"
    for template in LABELS:
        if (places := places_in(text, template)) is not None:
            where = [_circumstance(one, say) for one in places.pop("where", "").split(", ")]
            places = {key: _place(key, value, say) for key, value in places.items()}
            return told(template, **places, where=", ".join(where))
    return in_words(text, say)


def _place(kind: str, text: str, say: Phrases) -> str:
    return quoted(pattern(text, say)) if kind == "pattern" else parameter_named(text, say) or in_words(text, say)


def _circumstance(text: str, say: Phrases) -> str:
    """A parameter with its value, or who is held; a scenario, a path and its numbers stand as they are typed."""
    for template in HELD:
        if places := places_in(text, template):
            return told(template, **{key: in_words(value, say) for key, value in places.items()})
    if (found := word(text)) != text:
        return found
    name, *value = text.split(" ")
    return " ".join((parameter_named(name, say) or name, *(word(digits(one)) for one in value)))


def _measured(measured: Measured, say: Phrases) -> tuple[str, str, str, str, str]:
    point = measured.point
    own = "–" if point is None else _happening(point, say) if isinstance(point, str) else written(point, ".4g")
    quantiles = measured.quantiles
    low, middle, high = ("–",) * 3 if quantiles is None else (written(q, ".4g") for q in quantiles)
    shares = ", ".join(f"{_happening(name, say)} {hundred(share)}" for name, share in measured.shares.items())
    return own, low, middle, high, shares


def _happening(names: str, say: Phrases) -> str:
    """Configurations, yes or no; an action or a part stands as it is typed."""
    known = by_key(say.cast)
    return ", ".join(configuration_title(n, say.cast) if n in known else word(n) for n in names.split(", "))


def _interval(answer: Answer) -> str:
    """Wilson's interval for reading."""
    low, high = (written(100 * end, ".1f") for end in answer.interval)
    return told("{low} to {high} %", low=low, high=high)
