"""Ledgers of claims as documents, and back: everything that a table or a picture shows is read again, not computed.

Verdicts are not among what is read: they follow from the share and the entry's thresholds, also in a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from triangle.base.errors import BadInput, Fault, printable, shorten
from triangle.base.files import shown
from triangle.base.records import names, validate
from triangle.base.store import fields, read_result
from triangle.questions.claims.file import ContradictionTable, EntryTable
from triangle.questions.claims.ledger import VERDICTS, Answer, Contradiction, Entry, Ledger, Measured, answer_of

SCHEMA = "triangle.claims/1"

Document = dict[str, Any]

_ENTRY_KEYS = ("claims", "paraphrase", "computes", "expects", "holds", "contradicted", "note", "silent_because")
_CONTRADICTION_KEYS = ("question", "computes", "holds", "contradicted", "nearer", "note", "silent_because")


def ledger_document(ledger: Ledger) -> Document:
    """The whole ledger as a document of schema `SCHEMA`."""
    return {
        "schema": SCHEMA,
        "samples": ledger.samples,
        "seed": ledger.seed,
        "design": "sobol",
        "entries": [_entry_document(entry) for entry in ledger.entries],
        "contradictions": [_contradiction_document(found) for found in ledger.contradictions],
        "summary": {
            "entries": {verdict: len(ledger.of_verdict(verdict)) for verdict in VERDICTS},
            "documents": ledger.by_document(),
            "claims": len({claim for entry in ledger.entries for claim in entry.table.claims}),
            "contradictions": ledger.by_finding(),
        },
    }


def _entry_document(entry: Entry) -> Document:
    return {
        "id": entry.id,
        "verdict": entry.verdict,
        **_answer_document(entry.answer),
        "why": entry.why,
        "documents": list(entry.documents),
        "places": list(entry.places),
        **{key: _plain(getattr(entry.table, key)) for key in _ENTRY_KEYS},
        "test": entry.table.test,
    }


def _answer_document(answer: Answer | None) -> Document:
    if answer is None:
        return {"share": None, "interval": None, "draws": 0, "firm": None, "default": None, "evidence": []}
    return {
        "share": answer.share,
        "interval": list(answer.interval),
        "draws": answer.draws,
        "firm": answer.firm,
        "default": answer.point,
        "evidence": [
            {
                "of": measured.of,
                "unit": measured.unit,
                "default": measured.point,
                "quantiles": _plain(measured.quantiles),
                "shares": dict(measured.shares),
                "draws": measured.draws,
            }
            for measured in answer.evidence
        ],
    }


def _contradiction_document(found: Contradiction) -> Document:
    sides = {}
    for number, (key, side) in enumerate((("first", found.table.first), ("second", found.table.second))):
        answer = found.answers[number] if found.answers else None
        sides[key] = {
            "claims": list(side.claims),
            "documents": list(found.documents[number]),
            "places": list(found.places[number]),
            "paraphrase": side.paraphrase,
            "verdict": answer.verdict if answer else "silent",
            **_answer_document(answer),
            "test": side.test,
        }
    return {
        "id": found.id,
        "finding": found.finding,
        "why": found.why,
        **{key: _plain(getattr(found.table, key)) for key in _CONTRADICTION_KEYS},
        **sides,
    }


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def load_claims(path: Path) -> Ledger:
    """A ledger from the file of its document; raises BadInput where the file holds something else."""
    data = read_result(path, SCHEMA)
    try:
        return ledger_of(data)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        message = f"is no ledger of claims: {printable(shorten(str(error), 200), 200)}"
        raise BadInput(Fault(shown(path), "", message)) from None


def ledger_of(data: Mapping[str, Any]) -> Ledger:
    """The inverse of :func:`ledger_document`; raises ValueError, KeyError or TypeError where it is none."""
    numbers = fields(data, {"samples": int, "seed": int, "entries": list, "contradictions": list})
    return Ledger(
        tuple(_entry(entry) for entry in numbers["entries"]),
        tuple(_contradiction(found) for found in numbers["contradictions"]),
        numbers["samples"],
        numbers["seed"],
    )


def _entry(data: Mapping[str, Any]) -> Entry:
    table = _table(EntryTable, {key: data[key] for key in (*_ENTRY_KEYS, "test")})
    return Entry(_text(data, "id"), table, names(data["documents"]), names(data["places"]), _answer(data, table))


def _contradiction(data: Mapping[str, Any]) -> Contradiction:
    sides = [data[key] for key in ("first", "second")]
    written = [{key: side[key] for key in ("claims", "paraphrase", "test") if side[key] is not None} for side in sides]
    table = _table(
        ContradictionTable,
        {key: data[key] for key in _CONTRADICTION_KEYS} | {"first": written[0], "second": written[1]},
    )
    answers = [_answer(side, table) for side in sides]
    return Contradiction(
        _text(data, "id"),
        table,
        (names(sides[0]["documents"]), names(sides[1]["documents"])),
        (names(sides[0]["places"]), names(sides[1]["places"])),
        (answers[0], answers[1]) if answers[0] is not None and answers[1] is not None else None,
    )


def _table(record: Any, data: Mapping[str, Any]) -> Any:
    made, faults = validate(record, {key: value for key, value in data.items() if value is not None}, "", "")
    if made is None:
        raise ValueError(faults[0].message)
    return made


def _text(data: Mapping[str, Any], key: str) -> str:
    found: str = fields(data, {key: str})[key]
    return found


def _answer(data: Mapping[str, Any], table: EntryTable | ContradictionTable) -> Answer | None:
    """The answer of a document; None where the model is silent by the entry's making."""
    if data["share"] is None:
        return None
    found = fields(data, {"share": float, "draws": int, "default": bool | None, "evidence": list})
    yes = round(found["share"] * found["draws"])
    evidence = tuple(_evidence(measured) for measured in found["evidence"])
    return answer_of(yes, found["draws"], found["default"], evidence, table)


def _evidence(data: Mapping[str, Any]) -> Measured:
    found = fields(data, {"of": str, "unit": str, "draws": int})
    point = data["default"]
    quantiles = data["quantiles"]
    return Measured(
        found["of"],
        found["unit"],
        point if point is None else float(point) if isinstance(point, (int, float)) else printable(str(point), 200),
        None if quantiles is None else (float(quantiles[0]), float(quantiles[1]), float(quantiles[2])),
        {printable(str(name), 200): float(share) for name, share in dict(data["shares"]).items()},
        found["draws"],
    )
