"""The ledger of claims as tables of the documentation, and its numbers for reading."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from triangle.measures.cautions import Cautions
from triangle.questions.claims.kinds import PARTS
from triangle.questions.claims.ledger import BY_CONSTRUCTION, COUNTED, Answer, Entry, Ledger, Measured

#: Disagreements of the model and the documents come first.
ORDER = ("contradicted", "mostly-not", "in-part", "mostly", "silent", "holds")


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


def claims_markdown(ledger: Ledger, core: str = "T") -> str:
    """The tables of the documentation: core tests with the disagreements on top, all other entries, contradictions.

    Parameters
    ----------
    core : str
        What the ids of the core tests begin with.
    """
    tests = [entry for entry in ledger.entries if entry.id.startswith(core)]
    others = [entry for entry in ledger.entries if not entry.id.startswith(core)]
    parts = [
        f"{ledger.samples:,} draws of the prior box of each scenario (Sobol' points, seed {ledger.seed}); intervals of "
        "95 % (Wilson); *default* is the answer at the scenario's own parameters.",
        *Cautions(trust=ledger.trust).sentences(),
        "### The core tests, disagreements on top",
        _markdown(
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
        _markdown(("test", "evidence"), [(entry.id, evidence_text(entry.answer)) for entry in tests if entry.answer]),
        "### Verdicts by document",
        _markdown(
            ("document", *map(counted_text, COUNTED)),
            [(name, *(str(count[c]) for c in COUNTED)) for name, count in ledger.by_document().items()],
        ),
        "### Further claims, disagreements on top",
        _markdown(
            ("entry", "claim, in our words", "verdict", "share of the draws"),
            [
                (
                    entry.id,
                    entry.table.paraphrase + (f" *Silent: {entry.why}.*" if entry.verdict == "silent" else ""),
                    f"**{verdict_text(entry.answer)}**",
                    _share(entry.answer),
                )
                for entry in disagreements_first(others)
            ],
        ),
        "### Who said what",
        "Each question on which the documents contradict each other or themselves: which of them takes which side, at "
        "which claims, and which side the model is nearer to.",
        _markdown(("no.", "question", *at_odds(ledger), "the model"), who_said_what(ledger)),
        "### Contradictions",
        _markdown(
            (
                "no.",
                "question",
                "first side",
                "share of draws",
                "second side",
                "share of draws",
                "the model is nearer to",
            ),
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
    return "\n\n".join(parts) + "\n"


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


def _markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)
