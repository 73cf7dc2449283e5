"""What a ledger of claims holds: entries and contradictions with their answers, and how verdicts follow from shares.

============ ==========================================================================================
holds        the share is at least `holds`
mostly       the share lies between and is at least two thirds
in-part      the share lies between one third and two thirds
mostly-not   the share lies between and is at most one third
contradicted the share is at most `contradicted`
silent       the model lacks the mechanism (the entry says which), or the premise holds in no draw
============ ==========================================================================================

What holds or is contradicted **by construction**, whatever the numbers, is counted apart from what could have come out
otherwise (:mod:`triangle.questions.claims.construction`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, ClassVar

from triangle.base.errors import BadInput, Fault, unknown
from triangle.base.intervals import wilson
from triangle.base.records import INLINE, SPARSE, Form, Key, from_document, names, to_document, told, validate
from triangle.questions.claims.file import ContradictionTable, EntryTable

VERDICTS = ("holds", "mostly", "in-part", "mostly-not", "contradicted", "silent")

#: As what an entry counts: by its verdict, or apart where no number could have given another one.
BY_CONSTRUCTION = "by-construction"
COUNTED = (*VERDICTS, BY_CONSTRUCTION)

#: Shares from which a statement that neither holds nor is contradicted is mostly so, and up to which mostly not.
MOSTLY, MOSTLY_NOT = 2 / 3, 1 / 3

#: Ends the id of an entry that asks as somebody's conduct what the entry of the id before it asks of a lever.
CONDUCT = "-conduct"
#: The same of one that asks over years what that entry asks of a stand-in for time.
YEARS = "-years"

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
    point: Annotated[float | str | None, Key("default")]
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
    construction : int or None
        Points of the hard bounds at which it was tried and never came out otherwise, where all draws and the default
        agree; None where one point overturned it.
    """

    verdict: str
    share: float
    interval: tuple[float, float]
    draws: int
    firm: bool
    point: bool | None
    evidence: tuple[Measured, ...]
    construction: int | None = None

    @property
    def at_odds(self) -> str:
        """What the default parameters say where that is not what the share says; nothing otherwise."""
        if self.point is False and self.verdict in ("holds", "mostly", "in-part"):
            return "fails at the default"
        return "holds at the default" if self.point and self.verdict in ("mostly-not", "contradicted") else ""


# In documents: verdicts are told, but not read; they follow from the share and the entry's thresholds, also in a file.


@dataclass(frozen=True)
class _Shares:
    """What a document holds of an answer; nothing where the model is silent by the entry's making."""

    share: float | None = None
    interval: tuple[float, float] | None = None
    draws: int = 0
    firm: bool | None = None
    default: bool | None = None
    construction: int | None = None
    evidence: tuple[Measured, ...] = ()


def _write_answer(answer: Answer | None) -> dict[str, Any]:
    if answer is None:
        return to_document(_Shares())
    a = answer
    return to_document(_Shares(a.share, a.interval, a.draws, a.firm, a.point, a.construction, a.evidence))


def _read_answer(data: Mapping[str, Any], table: EntryTable | ContradictionTable) -> Answer | None:
    found = from_document(_Shares, data, "")
    if found.share is None:
        return None
    made = answer_of(round(found.share * found.draws), found.draws, found.default, found.evidence, table)
    return replace(made, construction=found.construction)


def _told_of(table: object, keys: Sequence[str]) -> dict[str, Any]:
    values = {key: getattr(table, key) for key in keys}
    return {key: list(value) if isinstance(value, tuple) else value for key, value in values.items()}


def _table(record: Any, data: Mapping[str, Any]) -> Any:
    made, faults = validate(record, {key: value for key, value in data.items() if value is not None}, "", "")
    if made is None:
        raise BadInput(faults)
    return made


_ENTRY = ("claims", "paraphrase", "computes", "expects", "holds", "contradicted", "note", "silent_because", "test")
_CONTRADICTION = ("question", "computes", "holds", "contradicted", "nearer", "note", "silent_because")
_SIDES = ("first", "second")


def _read_entry(data: Mapping[str, Any], _: object = None) -> EntryTable:
    found: EntryTable = _table(EntryTable, {key: data[key] for key in _ENTRY})
    return found


def _read_contradiction(data: Mapping[str, Any], _: object = None) -> ContradictionTable:
    sides = {
        name: {key: data[name][key] for key in ("claims", "paraphrase", "test") if data[name][key] is not None}
        for name in _SIDES
    }
    found: ContradictionTable = _table(ContradictionTable, {key: data[key] for key in _CONTRADICTION} | sides)
    return found


def _write_contradiction(table: ContradictionTable, found: Contradiction) -> dict[str, Any]:
    sides = {}
    for k, name in enumerate(_SIDES):
        side, answer = getattr(table, name), found.answers[k] if found.answers else None
        sides[name] = {
            "claims": list(side.claims),
            "documents": list(found.documents[k]),
            "places": list(found.places[k]),
            "paraphrase": side.paraphrase,
            "verdict": answer.verdict if answer else "silent",
            **_write_answer(answer),
            "test": side.test,
        }
    return {**_told_of(table, _CONTRADICTION), **sides}


def _read_answers(data: Mapping[str, Any], _: object) -> tuple[Answer, Answer] | None:
    table = _read_contradiction(data)
    first, second = (_read_answer(data[side], table) for side in _SIDES)
    return None if first is None or second is None else (first, second)


def _of_sides(key: str) -> Form:
    """What stands in both sides of a contradiction, where :func:`_write_contradiction` puts it."""
    return Form(lambda value, _: {}, lambda data, _: tuple(names(data[side][key]) for side in _SIDES))


_ANSWER = Form(lambda answer, _: _write_answer(answer), lambda data, _: _read_answer(data, _read_entry(data)))
_TABLE = Form(lambda table, _: _told_of(table, _ENTRY), _read_entry)
_ANSWERS = Form(lambda answers, _: {}, _read_answers)


@dataclass(frozen=True)
class Entry:
    """One claim with its verdict; `answer` is None where the model is silent by its making."""

    id: str
    answer: Annotated[Answer | None, INLINE, _ANSWER]
    documents: tuple[str, ...]
    places: tuple[str, ...]
    table: Annotated[EntryTable, INLINE, _TABLE]

    @property
    @told(after="id")
    def verdict(self) -> str:
        """One of `VERDICTS`."""
        return self.answer.verdict if self.answer else "silent"

    @property
    def counts_as(self) -> str:
        """One of `COUNTED`."""
        return BY_CONSTRUCTION if self.answer and self.answer.construction else self.verdict

    @property
    @told(after="answer")
    def why(self) -> str:
        """The verdict's reason in one sentence."""
        return self.reason()

    def reason(self, told: Callable[..., str] = str.format, digits: Callable[[str], str] = str) -> str:
        """The same; `told` fills a template, and `digits` writes a number, as in :mod:`triangle.showing.phrases`."""
        if self.answer is None:
            return self.table.silent_because
        return _why(self.answer, self.table, told, digits)


@dataclass(frozen=True)
class Contradiction:
    """A contradiction of the documents with the answers to both sides; both None where the model is silent."""

    id: str
    table: Annotated[ContradictionTable, INLINE, Form(_write_contradiction, _read_contradiction)]
    documents: Annotated[tuple[tuple[str, ...], tuple[str, ...]], INLINE, _of_sides("documents")]
    places: Annotated[tuple[tuple[str, ...], tuple[str, ...]], INLINE, _of_sides("places")]
    answers: Annotated[tuple[Answer, Answer] | None, INLINE, _ANSWERS]

    @property
    @told(after="id")
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
    @told(after="finding")
    def why(self) -> str:
        """The finding's reason in one sentence."""
        return self.reason()

    def reason(self, told: Callable[..., str] = str.format, digits: Callable[[str], str] = str) -> str:
        """The same; `told` fills a template, and `digits` writes a number, as in :mod:`triangle.showing.phrases`."""
        if self.answers is None:
            return self.table.silent_because
        first, second = (_why(answer, self.table, told, digits) for answer in self.answers)
        return told("first side: {first}; second side: {second}", first=first, second=second)


@dataclass(frozen=True)
class Ledger:
    """All entries and contradictions with their verdicts, the draws and the seed.

    Where a trust is given, only equilibria counted that are agreement-proof at it.
    """

    SCHEMA: ClassVar = "triangle.claims/2"

    samples: int
    seed: int
    entries: tuple[Entry, ...]
    contradictions: tuple[Contradiction, ...]
    trust: Annotated[float | None, SPARSE] = None

    @property
    @told(after="seed")
    def design(self) -> str:
        """How the draws are laid."""
        return "sobol"

    @property
    @told()
    def summary(self) -> dict[str, Any]:
        """Counts of verdicts and findings."""
        return {
            "entries": {counted: len(self.counting_as(counted)) for counted in COUNTED},
            "documents": self.by_document(),
            "claims": len({claim for entry in self.entries for claim in entry.table.claims}),
            "contradictions": self.by_finding(),
        }

    def check_tested(self, only: Sequence[str]) -> None:
        """Raise BadInput for an id or claim of which nothing was tested here, as where a file keeps some entries."""
        sets = [asked_by(e.id, e.table) for e in self.entries] + [asked_by(c.id, c.table) for c in self.contradictions]
        tested = frozenset().union(*sets)
        if faults := [Fault("ID", "", unknown("tested entry or claim", x, tested)) for x in only if x not in tested]:
            raise BadInput(faults)

    def chosen(self, only: Sequence[str] = (), document: str | None = None, verdicts: Sequence[str] = ()) -> Ledger:
        """The same draws, with some entries only: of these ids or claims, about this document, of these verdicts.

        With verdicts, contradictions are left out, since a finding is none.
        """
        ids = set(only)
        entries = tuple(
            e
            for e in self.entries
            if (not ids or ids & asked_by(e.id, e.table))
            and (document is None or document in e.documents)
            and (not verdicts or e.verdict in verdicts)
        )
        contradictions = tuple(
            c
            for c in self.contradictions
            if not verdicts
            and (not ids or ids & asked_by(c.id, c.table))
            and (document is None or any(document in side for side in c.documents))
        )
        return replace(self, entries=entries, contradictions=contradictions)

    def counting_as(self, counted: str) -> tuple[Entry, ...]:
        """The entries of one verdict that could have come out otherwise, or those by construction."""
        return tuple(e for e in self.entries if e.counts_as == counted)

    def by_finding(self) -> dict[str, int]:
        """Number of contradictions of each finding."""
        return {finding: sum(found.finding == finding for found in self.contradictions) for finding in FINDINGS}

    def by_document(self) -> dict[str, dict[str, int]]:
        """Number of entries of each verdict for each document, those by construction apart.

        An entry counts for every document it is about.
        """
        documents = sorted({document for e in self.entries for document in e.documents})
        return {
            document: {c: sum(document in e.documents for e in self.counting_as(c)) for c in COUNTED}
            for document in documents
        }


def _why(
    answer: Answer,
    table: EntryTable | ContradictionTable,
    told: Callable[..., str],
    digits: Callable[[str], str],
) -> str:
    if answer.verdict == "silent":
        return told("its premise holds in no draw")
    much = "it holds in {share} % of {draws} draws (interval {low} to {high} %)"
    if answer.share in (0.0, 1.0):
        all_of_them = "it holds in every one of {draws} draws (interval {low} to {high} %)"
        much = all_of_them if answer.share else "it holds in none of {draws} draws (interval {low} to {high} %)"
    low, high = (digits(f"{100 * end:.1f}") for end in answer.interval)
    holds, contradicted = (digits(f"{100 * float(share or 0):g}") for share in (table.holds, table.contradicted))
    draws, share = digits(f"{answer.draws:,}"), digits(f"{100 * answer.share:.1f}")
    parts = [
        told(much, share=share, draws=draws, low=low, high=high),
        told("holds from {holds} %, contradicted up to {contradicted} %", holds=holds, contradicted=contradicted),
        *([] if answer.firm else [told("the interval reaches across a threshold")]),
        *([told(answer.at_odds)] if answer.at_odds else []),
    ]
    if answer.construction:
        tried = "by construction: no number overturned it at {points} points of the hard bounds"
        parts.append(told(tried, points=digits(f"{answer.construction:,}")))
    return "; ".join(parts)


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
    if share >= table.holds or share <= table.contradicted:
        return "holds" if share >= table.holds else "contradicted"
    return "mostly" if share >= MOSTLY else "mostly-not" if share <= MOSTLY_NOT else "in-part"


def asked_by(id: str, table: EntryTable | ContradictionTable) -> set[str]:
    """What an entry or a contradiction is asked for by: its id, that of the entry that it is beside, its claims."""
    return {id, id.removesuffix(CONDUCT).removesuffix(YEARS), *claims_of(table)}


def claims_of(table: EntryTable | ContradictionTable) -> tuple[str, ...]:
    """The claims that an entry or a contradiction is about."""
    return table.claims if isinstance(table, EntryTable) else (*table.first.claims, *table.second.claims)
