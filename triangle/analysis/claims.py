"""The ledger of claims: what the documents assert, tested against the model over draws of what is uncertain.

Each entry is a table of a TOML file (:mod:`triangle.analysis.claim_file`) that declares its test; the verdict is
computed from the share of the draws in which the statement holds, by thresholds that stand in the entry:

============ ==========================================================================================
holds        the share is at least `holds`
contradicted the share is at most `contradicted`
partly       the share lies between
silent       the model lacks the mechanism (the entry says which), or the premise holds in no draw
============ ==========================================================================================

An entry on a contradiction carries a test for each side; the finding says which side the model is nearer to.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from triangle.analysis.claim_file import ContradictionTable, EntryTable, Faulty, Written, read_tables
from triangle.analysis.claim_ground import Draws, Ground, Spot
from triangle.analysis.claim_tests import Evidence, Prepared, Reading, prepare
from triangle.errors import BadInput, Fault, shorten, unknown
from triangle.experiments.statistics import wilson
from triangle.files import read_toml, shown
from triangle.model.model import Model, read_model
from triangle.records import Record, choice, entry, text, validate

#: Where the shipped entries lie.
SHIPPED = Path(__file__).parent.parent / "claims"

#: The file that lists every claim of the documents.
INDEX = "index.toml"

VERDICTS = ("holds", "partly", "contradicted", "silent")
FINDINGS = ("first", "second", "both", "neither", "between", "silent")

#: Draws by default.
SAMPLES = 2000

#: Quantiles that evidence is given with.
QUANTILES = (0.05, 0.5, 0.95)


@dataclass(frozen=True, kw_only=True)
class Claim(Record):
    """Where a claim stands: its document, and the lines, counted by newline."""

    document: str = entry(text)
    lines: str = entry(text)
    type: str = entry(choice("K", "M", "P", "F"))

    def problems(self) -> Any:
        """Lines are numbers and stretches of numbers."""
        if not re.fullmatch(r"\d+(-\d+)?(, \d+(-\d+)?)*", self.lines):
            yield f"lines: found {shorten(self.lines)}; expected numbers, as '10, 35-37'"


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
            and (not ids or c.id in ids or ids & set(_claims_of(c.table)))
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


# Reading --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Ready:
    """An entry or a contradiction whose tests are prepared."""

    id: str
    table: EntryTable | ContradictionTable
    tests: tuple[Prepared, ...]


def read_index(file: Path = SHIPPED / INDEX) -> dict[str, Claim]:
    """Every claim of the documents by id, with its document and lines."""
    found: dict[str, Claim] = {}
    faults: list[Fault] = []
    for name, table in read_toml(file).items():
        claim, wrong = validate(Claim, table, shown(file), name)
        faults += wrong
        if claim is not None:
            found[name] = claim
    if faults:
        raise BadInput(faults)
    return found


def claim_files(folder: Path = SHIPPED) -> list[Path]:
    """The shipped files of entries: the core tests, then the documents in the order of the index, then the rest."""
    first = ("core", *dict.fromkeys(claim.document for claim in read_index(folder / INDEX).values()))
    files = [path for path in folder.glob("*.toml") if path.name != INDEX]
    return sorted(files, key=lambda path: (first.index(path.stem) if path.stem in first else len(first), path.stem))


def inspect_files(files: Sequence[Path], ground: Ground) -> tuple[list[_Ready], list[Fault]]:
    """The sound entries of files, and all faults of the others."""
    index = read_index()
    ready: list[_Ready] = []
    faults: list[Fault] = []
    seen: dict[str, str] = {}
    for path in files:
        try:
            tables, found = read_tables(read_toml(path), shown(path))
        except BadInput as error:
            faults += error.faults
            continue
        faults += found
        for name in (*tables.entries, *tables.contradictions):
            if name in seen:
                faults.append(Fault(shown(path), name, f"this id stands in {seen[name]} already"))
            seen[name] = shown(path)
        found_ready, wrong = _prepared(tables, ground, index, shown(path))
        ready += found_ready
        faults += wrong
    return ready, faults


def _prepared(
    tables: Written, ground: Ground, index: Mapping[str, Claim], file: str
) -> tuple[list[_Ready], list[Fault]]:
    ready: list[_Ready] = []
    faults: list[Fault] = []
    for name, table in (tables.entries | tables.contradictions).items():
        sides = (
            {name: table}
            if isinstance(table, EntryTable)
            else {f"{name}.first": table.first, f"{name}.second": table.second}
        )
        tests: list[Prepared] = []
        for key, side in sides.items():
            faults += [
                Fault(file, f"{key}.claims", unknown("claim", claim, index))
                for claim in side.claims
                if claim not in index
            ]
            if side.test is not None:
                try:
                    tests.append(prepare(side.test, ground, Spot(file, f"{key}.test")))
                except Faulty as error:
                    faults += error.faults
        ready.append(_Ready(name, table, tuple(tests)))
    return ready, faults


def _read(files: Sequence[Path], ground: Ground) -> list[_Ready]:
    """The entries of files; raises BadInput with every fault found."""
    ready, faults = inspect_files(files, ground)
    if faults:
        raise BadInput(faults)
    return ready


# Evaluating -----------------------------------------------------------------------------------------------------------


def claims(
    model: Model | None = None,
    only: Sequence[str] | None = None,
    samples: int = SAMPLES,
    seed: int = 0,
    files: Sequence[Path] | None = None,
    document: str | None = None,
    progress: Any = None,
) -> Ledger:
    """The ledger of the documents' claims, or of a user's own.

    Parameters
    ----------
    model : Model, optional
        Another model than the shipped one.
    only : sequence of str, optional
        Ids of entries or contradictions, or of claims: C84 takes every entry about it.
    samples : int
        Draws of the prior box, the same for all tests.
    seed : int
    files : sequence of Path, optional
        Claims files in place of the shipped ones.
    document : str, optional
        Only what concerns this document, as ``osthold``.
    progress : callable, optional
        Told the entries done and their number.

    Raises
    ------
    BadInput
        With every fault of the files, or the nearest valid id or document.

    Examples
    --------
    >>> ledger = claims(only=["T01"], samples=64)
    >>> [(entry.id, entry.answer.draws) for entry in ledger.entries]
    [('T01', 64)]
    """
    ground, index = Ground(model or read_model()), read_index()
    ready = _chosen(_read(claim_files() if files is None else files, ground), only, document, index)
    draws = Draws(ground, samples, seed)
    entries: list[Entry] = []
    contradictions: list[Contradiction] = []
    for place, item in enumerate(ready):
        answers = tuple(_answer(test.read(draws), item.table) for test in item.tests)
        if isinstance(item.table, EntryTable):
            documents, places = _sources(item.table.claims, index)
            entries.append(Entry(item.id, item.table, documents, places, answers[0] if answers else None))
        else:
            sources = [_sources(side.claims, index) for side in (item.table.first, item.table.second)]
            contradictions.append(
                Contradiction(
                    item.id,
                    item.table,
                    (sources[0][0], sources[1][0]),
                    (sources[0][1], sources[1][1]),
                    (answers[0], answers[1]) if answers else None,
                )
            )
        if progress is not None:
            progress(place + 1, len(ready))
    return Ledger(tuple(entries), tuple(contradictions), samples, seed)


def _chosen(
    ready: list[_Ready], only: Sequence[str] | None, document: str | None, index: Mapping[str, Claim]
) -> list[_Ready]:
    """The entries asked for."""
    if only:
        known = {item.id for item in ready} | {claim for item in ready for claim in _claims_of(item.table)}
        faults = [Fault("ID", "", unknown("entry or claim", name, known)) for name in only if name not in known]
        if faults:
            raise BadInput(faults)
        ready = [item for item in ready if item.id in only or set(only) & set(_claims_of(item.table))]
    if document is not None:
        documents = {claim.document for claim in index.values()}
        if document not in documents:
            raise BadInput(Fault("--document", "", unknown("document", document, documents)))
        ready = [item for item in ready if any(index[c].document == document for c in _claims_of(item.table))]
    return ready


def _claims_of(table: EntryTable | ContradictionTable) -> tuple[str, ...]:
    return table.claims if isinstance(table, EntryTable) else (*table.first.claims, *table.second.claims)


def _sources(ids: Sequence[str], index: Mapping[str, Claim]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The documents of claims, each once, and their places for reading."""
    documents = tuple(dict.fromkeys(index[c].document for c in ids))
    return documents, tuple(f"{c}: {index[c].document}, {_lines(index[c].lines)}" for c in ids)


def _lines(lines: str) -> str:
    return f"line {lines}" if lines.isdigit() else f"lines {lines}"


def _answer(reading: Reading, table: EntryTable | ContradictionTable) -> Answer:
    counted = reading.domain[1:]
    point = bool(reading.truth[0]) if reading.domain[0] else None
    evidence = tuple(_measured(found, reading) for found in reading.evidence)
    return answer_of(int((reading.truth[1:] & counted).sum()), int(counted.sum()), point, evidence, table)


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


def _measured(evidence: Evidence, reading: Reading) -> Measured:
    """Evidence over the draws that count."""
    shape, counted = reading.truth.shape, reading.domain
    if evidence.shares is not None:
        chosen = {name: np.broadcast_to(where, shape) for name, where in evidence.shares.items()}
        draws = int(counted[1:].sum())
        shares = {name: float(where[1:][counted[1:]].mean()) if draws else 0.0 for name, where in chosen.items()}
        point = ", ".join(name for name, where in chosen.items() if where[0]) or None
        return Measured(evidence.of, "", point, None, shares, draws)
    numbers = np.broadcast_to(np.asarray(evidence.numbers, dtype=np.float64), shape)
    there = numbers[1:][counted[1:] & np.isfinite(numbers[1:])]
    own = float(numbers[0]) if np.isfinite(numbers[0]) else None
    if not there.size:
        return Measured(evidence.of, evidence.unit, own, None, {}, 0)
    low, middle, high = (float(q) for q in np.quantile(there, QUANTILES))
    return Measured(evidence.of, evidence.unit, own, (low, middle, high), {}, int(there.size))
