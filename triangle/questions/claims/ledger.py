"""What a ledger of claims holds: entries and contradictions with their answers, and how verdicts follow from shares.

============ ==========================================================================================
holds        the share is at least `holds`
contradicted the share is at most `contradicted`
partly       the share lies between
silent       the model lacks the mechanism (the entry says which), or the premise holds in no draw
============ ==========================================================================================
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from triangle.base.intervals import wilson
from triangle.questions.claims.file import ContradictionTable, EntryTable

VERDICTS = ("holds", "partly", "contradicted", "silent")
FINDINGS = ("first", "second", "both", "neither", "between", "silent")


@dataclass(frozen=True)
class Measured:
    """Evidence in numbers: at the scenario's own point, and quantiles over the draws; or shares of the draws.

    Attributes
    ----------
    point : float, str or None
        The number, or what happens, at the scenario's own parameters.
    quantiles : tuple of float, or None
        At 5, 50 and 95 % of the draws in which there is a number.
    shares : mapping of str to float
        What happens in which share of the draws.
    draws : int
        Draws in which there is something.
    """

    of: str
    unit: str
    point: float | str | None
    quantiles: tuple[float, float, float] | None
    shares: Mapping[str, float]
    draws: int


@dataclass(frozen=True)
class Answer:
    """What a test says over the draws.

    Attributes
    ----------
    verdict : str
        One of `VERDICTS`.
    share, interval : float, (float, float)
        Share of the counted draws in which the statement holds, with Wilson's interval of 95 %.
    draws : int
        Draws that count: all, or those in which the premise holds.
    firm : bool
        Whether the whole interval gives the same verdict.
    point : bool or None
        The answer at the scenario's own parameters; None where they do not count.
    """

    verdict: str
    share: float
    interval: tuple[float, float]
    draws: int
    firm: bool
    point: bool | None
    evidence: tuple[Measured, ...]


@dataclass(frozen=True)
class Entry:
    """One claim with its verdict; `answer` is None where the model is silent by its making."""

    id: str
    table: EntryTable
    documents: tuple[str, ...]
    places: tuple[str, ...]
    answer: Answer | None

    @property
    def verdict(self) -> str:
        """One of `VERDICTS`."""
        return self.answer.verdict if self.answer else "silent"

    @property
    def why(self) -> str:
        """The verdict's reason in one sentence."""
        if self.answer is None:
            return self.table.silent_because
        return _why(self.answer, self.table)


@dataclass(frozen=True)
class Contradiction:
    """A contradiction of the documents with the answers to both sides; both None where the model is silent."""

    id: str
    table: ContradictionTable
    documents: tuple[tuple[str, ...], tuple[str, ...]]
    places: tuple[tuple[str, ...], tuple[str, ...]]
    answers: tuple[Answer, Answer] | None

    @property
    def finding(self) -> str:
        """One of `FINDINGS`: which side the model is nearer to, by the thresholds of the entry."""
        if self.answers is None or "silent" in (self.answers[0].verdict, self.answers[1].verdict):
            return "silent"
        first, second = self.answers
        if first.verdict == second.verdict and first.verdict in ("holds", "contradicted"):
            return "both" if first.verdict == "holds" else "neither"
        lead = first.share - second.share
        assert self.table.nearer is not None
        return "first" if lead >= self.table.nearer else "second" if -lead >= self.table.nearer else "between"

    @property
    def why(self) -> str:
        """The finding's reason in one sentence."""
        if self.answers is None:
            return self.table.silent_because
        return "; ".join(
            f"{side} side: {_why(answer, self.table)}"
            for side, answer in zip(("first", "second"), self.answers, strict=True)
        )


@dataclass(frozen=True)
class Ledger:
    """All entries and contradictions with their verdicts, the draws and the seed."""

    entries: tuple[Entry, ...]
    contradictions: tuple[Contradiction, ...]
    samples: int
    seed: int

    def chosen(self, only: Sequence[str] = (), document: str | None = None, verdicts: Sequence[str] = ()) -> Ledger:
        """The same draws, with some entries only: of these ids or claims, about this document, of these verdicts.

        With verdicts, contradictions are left out, since a finding is none.
        """
        ids = set(only)
        entries = tuple(
            e
            for e in self.entries
            if (not ids or e.id in ids or ids & set(e.table.claims))
            and (document is None or document in e.documents)
            and (not verdicts or e.verdict in verdicts)
        )
        contradictions = tuple(
            c
            for c in self.contradictions
            if not verdicts
            and (not ids or c.id in ids or ids & set(claims_of(c.table)))
            and (document is None or any(document in side for side in c.documents))
        )
        return replace(self, entries=entries, contradictions=contradictions)

    def of_verdict(self, verdict: str) -> tuple[Entry, ...]:
        """The entries of one verdict."""
        return tuple(e for e in self.entries if e.verdict == verdict)

    def by_finding(self) -> dict[str, int]:
        """Number of contradictions of each finding."""
        return {finding: sum(found.finding == finding for found in self.contradictions) for finding in FINDINGS}

    def by_document(self) -> dict[str, dict[str, int]]:
        """Number of entries of each verdict for each document; an entry counts for every document it is about."""
        documents = sorted({document for e in self.entries for document in e.documents})
        return {
            document: {v: sum(document in e.documents for e in self.of_verdict(v)) for v in VERDICTS}
            for document in documents
        }


def _why(answer: Answer, table: EntryTable | ContradictionTable) -> str:
    if answer.verdict == "silent":
        return "its premise holds in no draw"
    low, high = answer.interval
    where = f"of {answer.draws:,} draws"
    if answer.share in (0.0, 1.0):
        much = f"it holds in {'every one' if answer.share else 'none'} {where} (interval {_hundred(low, high)})"
    else:
        much = f"it holds in {100 * answer.share:.1f} % {where} (interval {_hundred(low, high)})"
    bounds = (
        f"holds from {100 * float(table.holds or 0):g} %, contradicted up to {100 * float(table.contradicted or 0):g} %"
    )
    return f"{much}; {bounds}" + ("" if answer.firm else "; the interval reaches across a threshold")


def _hundred(low: float, high: float) -> str:
    return f"{100 * low:.1f} to {100 * high:.1f} %"


def answer_of(
    yes: int,
    draws: int,
    point: bool | None,
    evidence: tuple[Measured, ...],
    table: EntryTable | ContradictionTable,
) -> Answer:
    """The answer of a statement that holds in so many of the draws that count, by the thresholds of its entry."""
    share = yes / draws if draws else 0.0
    low, high = wilson(yes, draws)
    verdict = _verdict(share, table) if draws else "silent"
    firm = draws > 0 and {_verdict(low, table), _verdict(high, table)} == {verdict}
    return Answer(verdict, share, (low, high), draws, firm, point, evidence)


def _verdict(share: float, table: EntryTable | ContradictionTable) -> str:
    assert table.holds is not None and table.contradicted is not None
    return "holds" if share >= table.holds else "contradicted" if share <= table.contradicted else "partly"


def claims_of(table: EntryTable | ContradictionTable) -> tuple[str, ...]:
    """The claims that an entry or a contradiction is about."""
    return table.claims if isinstance(table, EntryTable) else (*table.first.claims, *table.second.claims)
