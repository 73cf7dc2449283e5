"""The ledger of claims: what the documents assert, tested against the model over draws of what is uncertain.

Each entry is a table of a TOML file (:mod:`triangle.questions.claims.file`) that declares its test; the verdict is
computed from the share of the draws in which the statement holds, by thresholds that stand in the entry
(:mod:`triangle.questions.claims.ledger`).

An entry on a contradiction carries a test for each side; the finding says which side the model is nearer to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from triangle.base.arguments import Seed
from triangle.base.errors import BadInput, Fault, check_probability, shorten, unknown
from triangle.base.files import read_toml, shown
from triangle.base.records import Record, choice, entry, text, validate
from triangle.model.additions import check_portable
from triangle.model.model import Model, read_model
from triangle.players.cast import SHIPPED as SHIPPED_CAST
from triangle.players.cast import Cast
from triangle.questions.claims.file import ContradictionTable, EntryTable, Faulty, read_tables
from triangle.questions.claims.ground import Ground as Ground
from triangle.questions.claims.ground import Spot
from triangle.questions.claims.kinds import Prepared, prepare
from triangle.questions.claims.ledger import Contradiction, Entry, Ledger, asked_by, claims_of
from triangle.questions.claims.work import Answers, Ready, Trial, grouped, processes_that_pay, sides_of
from triangle.sweeps.notation import whole_number
from triangle.sweeps.pools import Crew

#: Where the shipped entries lie.
SHIPPED = Path(__file__).parent / "entries"

#: The file that lists every claim of the documents.
INDEX = "index.toml"

#: Draws by default, and the most: a grid is laid out over all of them at once.
SAMPLES, MOST_SAMPLES = 2000, 20_000


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


# Reading --------------------------------------------------------------------------------------------------------------


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


def claim_files(cast: Cast, folder: Path = SHIPPED) -> list[Path]:
    """The shipped files of entries: the core tests, then the documents in the order of the index, then the rest.

    None for another cast than the shipped one, of whom the documents claim nothing.
    """
    if cast != SHIPPED_CAST:
        return []
    first = ("core", *dict.fromkeys(claim.document for claim in read_index(folder / INDEX).values()))
    files = [path for path in folder.glob("*.toml") if path.name != INDEX]
    return sorted(files, key=lambda path: (first.index(path.stem) if path.stem in first else len(first), path.stem))


def inspect_files(files: Sequence[Path], ground: Ground, spared: bool = False) -> tuple[list[Ready], list[Fault]]:
    """The sound entries of files, and all faults of the others; if `spared`, what a model cannot be asked is silent."""
    written, faults = _written(files)
    return _prepared(written, faults, ground, spared)


def _written(files: Sequence[Path]) -> tuple[list[Ready], list[Fault]]:
    """The entries of files as they are written, their tests not prepared, and what is wrong with how."""
    written: list[Ready] = []
    faults: list[Fault] = []
    seen: dict[str, str] = {}
    for path in files:
        try:
            tables, found = read_tables(read_toml(path), shown(path))
        except BadInput as error:
            faults += error.faults
            continue
        faults += found
        for name, table in (tables.entries | tables.contradictions).items():
            if name in seen:
                faults.append(Fault(shown(path), name, f"this id stands in {seen[name]} already"))
            seen[name] = shown(path)
            written.append(Ready(name, shown(path), table))
    return written, faults


def _prepared(
    written: Sequence[Ready], faults: Sequence[Fault], ground: Ground, spared: bool
) -> tuple[list[Ready], list[Fault]]:
    """The entries with their tests prepared, and all faults of a file together."""
    ready: list[Ready] = []
    all_faults, index = list(faults), read_index()
    for item in written:
        tests: list[Prepared] = []
        lacking = ""
        for key, side in sides_of(item.id, item.table).items():
            all_faults += [
                Fault(item.file, f"{key}.claims", unknown("claim", claim, index))
                for claim in side.claims
                if claim not in index
            ]
            if side.test is not None:
                try:
                    tests.append(prepare(side.test, ground, Spot(item.file, f"{key}.test")))
                except Faulty as error:
                    all_faults += error.faults
                except BadInput as error:
                    # A shipped scenario's third party may gain by what a user's own parameters lack.
                    if not spared:
                        raise
                    lacking = str(error.faults[0])
        asked = _silenced(item.table, f"cannot be asked of these parameters: {lacking}") if lacking else item.table
        ready.append(Ready(item.id, item.file, asked, () if lacking else tuple(tests)))
    order = list(dict.fromkeys([*(item.file for item in written), *(fault.file for fault in all_faults)]))
    return ready, sorted(all_faults, key=lambda fault: order.index(fault.file))


def _silenced(table: EntryTable | ContradictionTable, why: str) -> EntryTable | ContradictionTable:
    """The same entry without its tests."""
    if isinstance(table, EntryTable):
        return replace(table, test=None, silent_because=why)
    sides = {side: replace(getattr(table, side), test=None) for side in ("first", "second")}
    return replace(table, **sides, silent_because=why)


# Evaluating -----------------------------------------------------------------------------------------------------------


def claims(
    model: Model | None = None,
    only: Sequence[str] | None = None,
    samples: int = SAMPLES,
    seed: Seed = 0,
    files: Sequence[Path] | None = None,
    document: str | None = None,
    progress: Callable[[int, int], None] | None = None,
    trust: float | None = None,
    about: Sequence[str] | None = None,
    workers: int | None = 1,
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
    trust : float, optional
        Where given, only equilibria count that are agreement-proof at it; courses over years and offers are judged as
        they are without.
    about : sequence of str, optional
        Only the entries about one of these claims, none where none is; nothing else is computed.
    workers : int, optional
        Processes to compute with; None for as many as pay on this machine. Answers are the same to the bit.

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
    if not 1 <= samples <= MOST_SAMPLES:
        raise BadInput(Fault("--samples", "", f"found {samples:,}; expected 1 to {MOST_SAMPLES:,} draws"))
    if trust is not None:
        check_probability(trust, "--trust")
    model = model or read_model()
    files, shipped = (claim_files(model.cast), True) if files is None else (files, False)
    if not files:
        names = ", ".join(model.cast.countries)
        message = f"the documents claim nothing of {names}; name a file of claims about them"
        raise BadInput(Fault("--claims-file", "", message))
    ground, index = Ground(model, trust), read_index()
    written, faults = _written(files)
    likely = _asked_for(written, only, document, about, index)
    count = processes_that_pay(likely) if workers is None else whole_number(workers, "--workers", 1)
    if count > 1:
        check_portable(model.terms)
    # Processes start while what is written is still looked through.
    with Crew[list[Answers]](min(count, len(likely)), Trial) if count > 1 and likely else nullcontext() as crew:
        # All of a user's own entries are looked through; of the shipped ones those asked for, as a test looks at all.
        ready, faults = _prepared(likely if shipped else written, faults, ground, shipped)
        if faults:
            raise BadInput(faults)
        _check_known(written, only, document, index)
        ready = _asked_for(ready, only, document, about, index)
        found = _answers(ready, Trial(ground, samples, seed), crew, progress)
    entries: list[Entry] = []
    contradictions: list[Contradiction] = []
    for item, answers in zip(ready, found, strict=True):
        if isinstance(item.table, EntryTable):
            documents, places = _sources(item.table.claims, index)
            entries.append(Entry(item.id, answers[0] if answers else None, documents, places, item.table))
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
    return Ledger(samples, seed, tuple(entries), tuple(contradictions), trust)


def _answers(
    ready: Sequence[Ready], trial: Trial, crew: Crew[list[Answers]] | None, progress: Callable[[int, int], None] | None
) -> list[Answers]:
    """The answers of each, whoever computes them."""
    found: list[Answers] = [()] * len(ready)
    parts: Iterator[list[Answers]]
    if crew is None:
        groups = [[place] for place in range(len(ready))]
        parts = ([trial.answered(item.table, item.tests)] for item in ready)
    else:
        groups = grouped(ready, trial.ground, crew.size)
        asked = tuple(tuple((ready[k].id, ready[k].file, ready[k].table) for k in group) for group in groups)
        parts = (part for _, part in crew.work(replace(trial, groups=asked), range(len(groups)), kept=""))
    done = len(ready) - sum(map(len, groups))
    for group, part in zip(groups, parts, strict=True):
        for place, answers in zip(group, part, strict=True):
            found[place] = answers
        done += len(group)
        if progress is not None:
            progress(done, len(ready))
    return found


def _check_known(
    ready: Sequence[Ready], only: Sequence[str] | None, document: str | None, index: Mapping[str, Claim]
) -> None:
    """Raise BadInput where what is asked for does not exist."""
    known = {item.id for item in ready} | {claim for item in ready for claim in claims_of(item.table)}
    if faults := [Fault("ID", "", unknown("entry or claim", name, known)) for name in only or () if name not in known]:
        raise BadInput(faults)
    documents = {claim.document for claim in index.values()}
    if document is not None and document not in documents:
        raise BadInput(Fault("--document", "", unknown("document", document, documents)))


def _asked_for(
    ready: Sequence[Ready],
    only: Sequence[str] | None,
    document: str | None,
    about: Sequence[str] | None,
    index: Mapping[str, Claim],
) -> list[Ready]:
    """The entries asked for."""

    def is_asked(item: Ready) -> bool:
        claims = claims_of(item.table)
        return (
            (not only or bool(set(only) & asked_by(item.id, item.table)))
            and (document is None or any(c in index and index[c].document == document for c in claims))
            and (about is None or not set(about).isdisjoint(claims))
        )

    return [item for item in ready if is_asked(item)]


def _sources(ids: Sequence[str], index: Mapping[str, Claim]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The documents of claims, each once, and their places for reading."""
    documents = tuple(dict.fromkeys(index[c].document for c in ids))
    return documents, tuple(f"{c}: {index[c].document}, {_lines(index[c].lines)}" for c in ids)


def _lines(lines: str) -> str:
    return f"line {lines}" if lines.isdigit() else f"lines {lines}"
