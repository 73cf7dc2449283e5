"""The ledger of claims as tables of the documentation, and its numbers for reading."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from triangle.measures.cautions import Cautions
from triangle.questions.claims.kinds import PARTS
from triangle.questions.claims.ledger import BY_CONSTRUCTION, COUNTED, Answer, Entry, Ledger, Measured

#: Disagreements of the model and the documents come first.
ORDER = ("contradicted", "mostly-not", "in-part", "mostly", "silent", "holds")

#: What the ids of the core tests begin with.
CORE = "T"


def hundred(share: float) -> str:
    """A share in per cent, without hiding that a few draws differ.

    >>> hundred(0.0), hundred(0.0005), hundred(0.25), hundred(1.0)
    ('0 %', '<0.1 %', '25.0 %', '100 %')
    """
    if share in (0.0, 1.0):
        return f"{100 * share:.0f} %"
    return "<0.1 %" if share < 0.001 else ">99.9 %" if share > 0.999 else f"{100 * share:.1f} %"


def interval(answer: Answer) -> str:
    """Wilson's interval for reading."""
    low, high = answer.interval
    return f"{100 * low:.1f} to {100 * high:.1f} %"


def disagreements_first(entries: Iterable[Entry]) -> list[Entry]:
    """Entries by verdict in `ORDER`, within one by share, the least first, then by the order of their file.

    What is so by construction comes last.
    """
    return sorted(
        entries,
        key=lambda e: (e.counts_as == BY_CONSTRUCTION, ORDER.index(e.verdict), e.answer.share if e.answer else 0.0),
    )


def counted_text(counted: str) -> str:
    """What entries are counted as, in words."""
    return counted.replace("-", " ")


def verdict_text(answer: Answer | None) -> str:
    """A verdict in words, by construction or not, and marked where the default says otherwise.

    >>> verdict_text(None)
    'silent'
    """
    if answer is None:
        return "silent"
    words = answer.verdict.replace("-", " ")
    marks = ["by construction"] * bool(answer.construction) + [answer.at_odds] * bool(answer.at_odds)
    return ", ".join([words, *marks])


def said(point: bool | None) -> str:
    """The answer at the default parameters for reading."""
    return "–" if point is None else "yes" if point else "no"


def claims_markdown(ledger: Ledger) -> str:
    """All tables: core tests with the disagreements on top, all other entries, contradictions."""
    parts = [
        *how_computed(ledger),
        "### The core tests, disagreements on top",
        *core_tests(ledger),
        "### Verdicts by document",
        by_document(ledger),
        "### Further claims, disagreements on top",
        entry_table(entry for entry in ledger.entries if not is_core(entry)),
        *contradictions(ledger),
    ]
    return "\n\n".join(parts) + "\n"


def is_core(entry: Entry) -> bool:
    """Whether an entry is a core test, which its id says."""
    return entry.id.startswith(CORE)


def how_computed(ledger: Ledger) -> list[str]:
    """Of which draws verdicts are, and with which cautions they are read."""
    return [
        f"{ledger.samples:,} draws of the prior box of each scenario (Sobol' points, seed {ledger.seed}); intervals of "
        "95 % (Wilson); *default* is the answer at the scenario's own parameters.",
        *Cautions(trust=ledger.trust).sentences(),
    ]


def core_tests(ledger: Ledger) -> list[str]:
    """The core tests with what the documents expect of each, and the numbers behind their answers."""
    tests = [entry for entry in ledger.entries if is_core(entry)]
    return [
        markdown_table(
            ("test", "the documents expect", "the model computes", "verdict", "share of the draws"),
            [
                (
                    f"{entry.id}: {', '.join(entry.table.claims)}",
                    entry.table.expects,
                    entry.table.computes or f"Silent: {entry.table.silent_because}.",
                    f"**{verdict_text(entry.answer)}**",
                    _share(entry.answer),
                )
                for entry in disagreements_first(tests)
            ],
        ),
        "What these answers came from: shares of the draws, and numbers as median (5 to 95 % of the draws).",
        markdown_table(("test", "evidence"), [(e.id, evidence_text(e.answer)) for e in tests if e.answer]),
    ]


def by_document(ledger: Ledger) -> str:
    """How many entries of each document have which verdict."""
    rows = [(name, *(str(count[c]) for c in COUNTED)) for name, count in ledger.by_document().items()]
    return markdown_table(("document", *map(counted_text, COUNTED)), rows)


def entry_table(entries: Iterable[Entry]) -> str:
    """Entries with their claim and their verdict, disagreements on top."""
    return markdown_table(
        ("entry", "claim, in our words", "verdict", "share of the draws"),
        [
            (
                entry.id,
                entry.table.paraphrase + (f" *Silent: {entry.why}.*" if entry.verdict == "silent" else ""),
                f"**{verdict_text(entry.answer)}**",
                _share(entry.answer),
            )
            for entry in disagreements_first(entries)
        ],
    )


def contradictions(ledger: Ledger) -> list[str]:
    """Who takes which side where documents contradict each other, and which side the model is nearer to."""
    heads = ("no.", "question", "first side", "share of draws", "second side", "share of draws")
    return [
        "### Who said what",
        "Each question on which the documents contradict each other or themselves: which of them takes which side, at "
        "which claims, and which side the model is nearer to.",
        markdown_table(("no.", "question", *at_odds(ledger), "the model"), who_said_what(ledger)),
        "### Contradictions",
        markdown_table(
            (*heads, "the model is nearer to"),
            [
                (
                    found.id,
                    found.table.question + (f" *Silent: {found.why}.*" if found.answers is None else ""),
                    found.table.first.paraphrase,
                    _side(found.answers[0] if found.answers else None),
                    found.table.second.paraphrase,
                    _side(found.answers[1] if found.answers else None),
                    f"**{found.finding}**",
                )
                for found in ledger.contradictions
            ],
        ),
    ]


def who_said_what(ledger: Ledger) -> list[tuple[str, ...]]:
    """A row for each contradiction: its question, the sides that the documents take, with claims, and the finding."""
    documents = at_odds(ledger)
    rows = []
    for found in ledger.contradictions:
        sides = (found.table.first, found.table.second)
        said = [
            "; ".join(
                f"{side}: {', '.join(claims)}"
                for side, table, places in zip(("first", "second"), sides, found.places, strict=True)
                if (claims := [c for c, place in zip(table.claims, places, strict=True) if _is_of(place, document)])
            )
            for document in documents
        ]
        rows.append((found.id, found.table.question, *(text or "–" for text in said), f"**{found.finding}**"))
    return rows


def at_odds(ledger: Ledger) -> tuple[str, ...]:
    """The documents that contradict another or themselves."""
    return tuple(sorted({name for found in ledger.contradictions for side in found.documents for name in side}))


def _is_of(place: str, document: str) -> bool:
    """Whether a claim's place, as ``C84: osthold, line 12``, lies in a document."""
    return place.partition(": ")[2].partition(",")[0] == document


def evidence_text(answer: Answer | None) -> str:
    """The first pieces of evidence in one line: what happens in which share of the draws, and numbers' quantiles."""
    if answer is None:
        return "–"
    joint = [measured for measured in answer.evidence if measured.of == PARTS]
    return "; ".join(f"{m.of}: {_measured_text(m)}" for m in joint[:1] or answer.evidence[:2])


def _measured_text(measured: Measured) -> str:
    if measured.quantiles is None:
        return ", ".join(f"{name} {hundred(share)}" for name, share in measured.shares.items()) or "none"
    low, middle, high = measured.quantiles
    return f"{middle:.3g} ({low:.3g} to {high:.3g}) {measured.unit}"


def _share(answer: Answer | None) -> str:
    if answer is None or not answer.draws:
        return "–"
    return f"{hundred(answer.share)} ({interval(answer)}) of {answer.draws:,}; default: {said(answer.point)}"


def _side(answer: Answer | None) -> str:
    return "–" if answer is None else f"{hundred(answer.share)} ({interval(answer)})"


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)
