"""Every kind of file that the product reads: sound ones, how they are changed, what reads them, and what they say.

A reader answers with a value or raises :class:`~triangle.base.errors.TriangleError`; anything else is a fault. Where a
file is read although one of its numbers was changed, that number must be found in what was read.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import math
import random
import re
import shutil
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import xarray
from click.testing import CliRunner

import triangle
from triangle.base.errors import BadInput
from triangle.base.files import read_record
from triangle.base.records import from_document, to_document
from triangle.cli import main
from triangle.evidence import literature
from triangle.evidence.ledger import SHIPPED as EVIDENCE
from triangle.evidence.ledger import read_figures
from triangle.games.interchange import format_nfg, parse_nfg, read_nfg
from triangle.model.model import Model, read_model
from triangle.model.parameters import SHIPPED as PARAMETERS
from triangle.model.parameters import read_catalogue
from triangle.players.cast import SHIPPED, Cast
from triangle.players.triad import read_triad
from triangle.questions.answer.answer import Answers
from triangle.questions.bid.record import Auction
from triangle.questions.choose.answer import Choice
from triangle.questions.claims.answer import SHIPPED as CLAIMS
from triangle.questions.claims.answer import Ground, inspect_files, read_index
from triangle.questions.claims.ledger import Ledger
from triangle.questions.compare.answer import Comparison
from triangle.questions.concord.answer import Concord
from triangle.questions.contrast.answer import Contrast
from triangle.questions.decompose.answer import Shares
from triangle.questions.discover.regions import Discovery
from triangle.questions.flip.record import CourseFlip, Flip
from triangle.questions.path.forever.record import Forever
from triangle.questions.path.record import Commitment, Course, Waiting
from triangle.questions.sensitivity.drivers import Sensitivities, Sensitivity
from triangle.questions.signal.gesture.record import Gesture
from triangle.questions.signal.record import Signal
from triangle.questions.solve.record import Bounds, InOrder, KeptUp, MixedSolution, Rationalizable, Selected, Shared
from triangle.questions.solve.types.answer import TypedAnswer
from triangle.questions.tipping.answer import Tippings
from triangle.questions.tipping.boundary import Boundaries
from triangle.questions.veto.answer import Veto
from triangle.scenarios.path import paths_of, read_path
from triangle.scenarios.scenario import SHIPPED as SCENARIOS
from triangle.scenarios.scenario import read_scenario
from triangle.scenarios.sheet import base_of, read_changes, table
from triangle.scenarios.sheet_file import read_sheet, write_sheet
from triangle.study.load import load as load_study
from triangle.study.solution import PureSolution
from triangle.study.trace import Trace
from triangle.sweeps.archive import load, load_statistics
from triangle.sweeps.points import read_points

from . import additions, mutations

ROOT = Path(triangle.__file__).parents[1]
EXAMPLES = ROOT / "docs" / "examples"

#: What a file says and its reading does not: a sentence for each number that was passed over.
Unheard = Callable[[bytes, Any], Iterable[str]]


@dataclasses.dataclass(frozen=True)
class Kind:
    """A kind of file.

    Attributes
    ----------
    file : str
        The name of a file of this kind; a folder where the sound ones are folders.
    sound : function
        The sound files, each its content, or a folder.
    change : function of a generator and a content
        A changed content.
    read : function of a path
        What the product reads.
    line : tuple of str
        A command that reads it; {} is the file.
    unheard : function of a content and what was read
        What was passed over.
    """

    file: str
    sound: Callable[[], list[Any]]
    change: Callable[[random.Random, bytes], bytes]
    read: Callable[[Path], Any]
    line: tuple[str, ...]
    unheard: Unheard = lambda content, read: ()


@cache
def model() -> Model:
    """The shipped model, read once."""
    return read_model()


# Changes --------------------------------------------------------------------------------------------------------------


def text_change(rng: random.Random, content: bytes) -> bytes:
    """A text changed in any way; a third of the time by one plain number, which can only be obeyed or refused."""
    written = content.decode("utf-8")
    if rng.random() < 0.33:
        return mutations.plain_number(rng, written).encode()
    return mutations.encoded(rng, mutations.text(rng, written))


def json_change(rng: random.Random, content: bytes) -> bytes:
    """A document changed as a tree."""
    return mutations.written(rng, json.loads(content))


# What must be heard ---------------------------------------------------------------------------------------------------


def numbers_in(value: Any) -> Iterator[float]:
    """Every number in a value, whatever holds it."""
    if isinstance(value, bool) or value is None or isinstance(value, str | bytes):
        return
    if isinstance(value, int | float | np.number):
        yield float(value)
    elif isinstance(value, np.ndarray):
        yield from (float(number) for number in value.ravel())
    elif isinstance(value, Mapping):
        yield from (number for item in value.items() for number in numbers_in(item))
    elif dataclasses.is_dataclass(value):
        yield from numbers_in([getattr(value, field.name) for field in dataclasses.fields(value)])
    elif isinstance(value, Iterable):
        yield from (number for item in value for number in numbers_in(item))


def told(content: bytes, read: Any, aside: frozenset[str] = frozenset()) -> Iterator[str]:
    """The numbers of a TOML file that are not in what was read of it; keys `aside` are no values."""
    known = set(numbers_in(read))
    for place, number in _leaves(tomllib.loads(content.decode("utf-8")), ""):
        if number not in known and not aside & set(place.split(".")):
            yield f"{place} = {number!r} was passed over"


def _leaves(table: Any, place: str) -> Iterator[tuple[str, float]]:
    if isinstance(table, bool):
        return
    if isinstance(table, int | float):
        yield place, float(table) if abs(table) < 1e300 else math.inf if table > 0 else -math.inf
    for key, value in table.items() if isinstance(table, dict) else enumerate(table) if isinstance(table, list) else ():
        yield from _leaves(value, f"{place}.{key}".lstrip("."))


def path_said(content: bytes, read: Any) -> Iterator[str]:
    """Numbers of a path that were passed over; a start between two rungs is kept as the chances of both."""
    yield from told(content, read, frozenset({"levels", "spread", "start"}))
    tables = tomllib.loads(content.decode("utf-8")).get("state", {})
    for state in read.states if isinstance(tables, dict) else ():
        start = tables.get(state.name, {}).get("start")
        mean = float(np.dot(state.start, state.levels))
        if state.is_ladder and start is not None and not math.isclose(start, mean, rel_tol=1e-12):
            yield f"state.{state.name}.start = {start!r} became {mean!r}"


def players_of(record: type[Any]) -> Cast:
    """Who plays in the sound results of a kind: a veto is asked where Europe chooses."""
    return load_study("europe_chooses").cast if record is Veto else SHIPPED


def same_document(content: bytes, read: Any) -> Iterator[str]:
    """Where the document of what was read differs from the file in a number.

    A number that follows from the others is shown as they give it; within the last digits of a sum, the file's own is
    taken for that, also where the sum is zero.
    """
    words = players_of(type(read))
    again = json.loads(json.dumps(to_document(read, words)))
    for place, number in _leaves(json.loads(content), ""):
        for _, shown in _leaves(_at(again, place), "") if not isinstance(_at(again, place), dict | list) else ():
            if number != shown and not math.isclose(number, shown, rel_tol=1e-9, abs_tol=1e-12):
                yield f"{place} says {number!r} and is shown as {shown!r}"
    if to_document(from_document(type(read), again, "again", words)) != to_document(read, words):
        yield "read, written and read again it is another"


def _at(document: Any, place: str) -> Any:
    for key in place.split("."):
        try:
            document = document[int(key)] if isinstance(document, list) else document[key]
        except (LookupError, TypeError, ValueError):
            return None
    return document


def payoffs_said(content: bytes, read: Any) -> Iterator[str]:
    """Payoffs of a strategic form that are not those of the file, read word by word; or lost on the way back."""
    text = content.decode("utf-8-sig")
    words = re.sub(r'"(?:\\.|[^"\\])*"', " ", text).split("}")[-1].split()
    listed = np.moveaxis(read.game.payoffs, 0, -1).ravel(order="C")
    in_file = sorted(
        float(Fraction(word.rstrip(",")))
        for word in words
        if re.fullmatch(r"[-+]?[\d.]+(?:[eE][-+]?\d+)?(?:/\d+)?,?", word)
    )
    if len(in_file) == listed.size and not np.allclose(in_file, np.sort(listed), rtol=1e-15, atol=0):
        yield f"payoffs {in_file} became {np.sort(listed)}"
    if all(abs(value) < 1e6 for value in listed):
        again = parse_nfg(format_nfg(read.game, places=15)).game
        if not np.allclose(again.payoffs, read.game.payoffs, rtol=0, atol=1e-9):
            yield "written and read again it is another game"


def _rows(content: bytes) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    except (csv.Error, UnicodeDecodeError):  # in another encoding, which is read too
        return []


def cells_said(content: bytes, read: Any) -> Iterator[str]:
    """Numbers of a plain sheet of points that are not in what was read."""
    rows = list(_rows(content))
    known = set(numbers_in(read))
    for cell in (cell for row in rows[1:] for cell in row if re.fullmatch(r"\d+\.\d+|[1-9]\d?|0", cell.strip())):
        if float(cell) not in known:
            yield f"{cell} was passed over"


def changes_said(content: bytes, read: Any) -> Iterator[str]:
    """Values of a plain sheet of parameters that differ from the sound one and are not among the changes read."""
    head, *cells = _rows(content) or [[]]
    rows = [dict(zip(head, row, strict=False)) for row in cells]
    first, *others = _rows(_sheet("plain"))
    before = {row[0]: dict(zip(first, row, strict=True)) for row in others}
    known = set(numbers_in(read))
    for row in rows:
        for key in ("value", "low", "high"):
            cell, old = row.get(key) or "", (before.get(row.get("name") or "") or {}).get(key)
            is_plain = re.fullmatch(r"\d+\.\d+", cell.strip()) and not re.fullmatch(
                r"[1-9]\d{0,2}\.\d{3}", cell.strip()
            )
            if (
                old
                and is_plain
                and not math.isclose(float(cell), float(old), rel_tol=1e-9)
                and float(cell) not in known
            ):
                yield f"{row['name']}.{key} = {cell} was passed over"


# Sound files ----------------------------------------------------------------------------------------------------------


def _files(*paths: Path) -> list[bytes]:
    return [path.read_bytes() for path in paths]


@cache
def _sheet(dialect: str, ending: str = ".csv") -> bytes:
    """The baseline's sheet with one change, as the product writes it."""
    folder = scratch()
    rows = [list(row) for row in table(read_scenario("baseline", model()), model())]
    heads = [str(head) for head in rows[0]]
    row = next(row for row in rows if row[0] == "relief")
    row[heads.index("value")], row[heads.index("because_of_change")] = 0.75, "tried"
    write_sheet(folder / f"sheet{ending}", rows, dialect)
    return (folder / f"sheet{ending}").read_bytes()


@cache
def scratch() -> Path:
    """A folder for what sound files are made of."""
    import atexit
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="triangle-fuzz-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def run(*words: str) -> Any:
    """A command in this process."""
    return CliRunner().invoke(main, list(words), prog_name="triangle")


def _triad(folder: Path) -> bytes:
    """The triad of an example, whose files are found from anywhere."""
    content = (folder / "triad.toml").read_text(encoding="utf-8")
    for name in ("parameters.toml", "scenarios"):
        content = content.replace(f'"{name}"', f'"{(folder / name).as_posix()}"')
    return content.encode()


@cache
def _result(name: str) -> bytes:
    """The file of a result."""
    place = scratch() / f"{name}.json"
    found = run(*_ASKED[name].split(), "--out", str(place))
    assert found.exit_code in (0, 1) and place.is_file(), found.output
    return place.read_bytes()


_YEARS = "path path_baseline --samples 2 --until 2027 --levels 2"

_ASKED = {
    "bid": "bid baseline --samples 4 --steps 2",
    "boundary": "tipping baseline --curves --over unilateral_yield --over rivalry_cost_us_cn",
    "choose": "choose baseline --samples 4 --lever relief=0,1",
    "answer": "answer patient_america --samples 16",
    "claims": "claims T01 T09 C18 X03 --samples 16",
    "commitment": f"{_YEARS} --commit US",
    "coalitions": "solve rift_shock --method coalitions",
    "compare": "compare baseline europe_joins",
    "concord": "concord baseline",
    "contrast": "contrast baseline europe_joins --samples 4",
    "correlated": "solve rift_shock --method correlated",
    "course": _YEARS,
    "decompose": "decompose siberia2_relief",
    "discover": "discover baseline --pattern US=court_china --samples 128",
    "flip": "flip baseline --away --over unilateral_yield --over relief --starts 1",
    "course_flip": "flip baseline --over relief --starts 1 --to path:path_2014@2016:link=US-RU",
    "forever": f"{_YEARS} --forever 2026",
    "gesture": "gesture show_of_resolve --receiver RU --samples 4 --over prior=0.1:0.9:3 --over cost=0:10:3",
    "mixed": "solve rift_shock --method mixed",
    "order": "solve rift_shock --order US,RU+CN",
    "rationalizable": "solve rift_shock --method rationalizable",
    "repeated": "solve rift_shock --method repeated",
    "selection": "solve rift_shock --method selection",
    "sensitivities": "sensitivity baseline --method morris --samples 2",
    "sensitivity": "sensitivity baseline --outcome margin:present --method morris --samples 2",
    "signal": "signal tactical_or_genuine --samples 4 --over prior=0:1:3 --over watch=1:8:3",
    "solve": "solve europe_joins",
    "tipping": "tipping baseline --over unilateral_yield",
    "trace": "trace europe_joins --player US",
    "types": "solve tactical_or_genuine --types RU=tactical:0.7,genuine:0.3 --method mixed",
    "veto": "veto europe_chooses --unanimity 2",
    "waiting": f"{_YEARS} --wait RU",
}

RECORDS = {
    "bid": (Auction, "bid"),
    "boundary": (Boundaries, "tipping"),
    "choose": (Choice, "choose"),
    "answer": (Answers, "answer"),
    "claims": (Ledger, "claims"),
    "commitment": (Commitment, "path"),
    "coalitions": (Shared, "solve"),
    "compare": (Comparison, "compare"),
    "concord": (Concord, "concord"),
    "contrast": (Contrast, "contrast"),
    "correlated": (Bounds, "solve"),
    "course": (Course, "path"),
    "decompose": (Shares, "decompose"),
    "discover": (Discovery, "discover"),
    "flip": (Flip, "flip"),
    "course_flip": (CourseFlip, "flip"),
    "forever": (Forever, "path"),
    "gesture": (Gesture, "gesture"),
    "mixed": (MixedSolution, "solve"),
    "order": (InOrder, "solve"),
    "rationalizable": (Rationalizable, "solve"),
    "repeated": (KeptUp, "solve"),
    "selection": (Selected, "solve"),
    "sensitivities": (Sensitivities, "sensitivity"),
    "sensitivity": (Sensitivity, "sensitivity"),
    "signal": (Signal, "signal"),
    "solve": (PureSolution, "solve"),
    "tipping": (Tippings, "tipping"),
    "trace": (Trace, "trace"),
    "types": (TypedAnswer, "solve"),
    "veto": (Veto, "veto"),
    "waiting": (Waiting, "path"),
}


@cache
def _archives() -> list[Path]:
    """Finished sweeps: games of one and of two scenarios, points from a sheet, counts only."""
    points = scratch() / "points.csv"
    points.write_bytes(_POINTS[0])
    lines = {
        "games": ["baseline", "europe_joins", "--samples", "32", "--levers"],
        "grid": ["baseline", "--over", "relief=0:1:5", "--margin", "US=contain_both,RU=align,CN=align"],
        "listed": ["baseline", "--points", str(points)],
        "counts": ["baseline", "--samples", "64", "--statistics"],
    }
    for name, words in lines.items():
        found = run("sweep", *words, "--out", str(scratch() / name))
        assert found.exit_code == 0, found.output
    return [scratch() / name for name in lines]


_POINTS = (b"relief,europe_joins,stake_ru_cn\n0.5,1,4.25\n0.3,0,5.5\n0.125,1,6\n",)

_POINTS_DE = ("sep=;\nrelief;europe_joins\n0,5;1\n0,3;0\n", "relief\teurope_joins\n0,5\t1\n0,25\t0\n")

_GAMES = (
    'NFG 1 R "Who meets whom" { "Ankara" "Athens" } { { "talk" "wait" } { "come" "stay away" } } "" 2 1 0 0 0 0 1 2\n',
    'NFG 1 R "asymmetric" { "Row" "Column" } { 3 2 } 1 1 0 2 0 2 1.5 1 0 3/2 2e0 0\n',
    'NFG 1 R "three" { "a" "b" "c" } { 2 2 2 } 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24\n',
    'NFG 1 R "by outcome" { "a" "b" } { { "l" "r" } { "u" "d" } } "" { { "x" 1, 2 } { "y" 0.5, -3 } } 1 2 2 0\n',
    'EFG 2 R "tree" { "a" "b" }\np "" 1 1 "" { "l" "r" } 0\nt "" 1 "" { 1, 2 }\nt "" 2 "" { 3, 4 }\n',
    '<?xml version="1.0"?>\n<gambit:document version="0.1"><game>NFG 1 R "" { "a" } { 2 }</game></gambit:document>\n',
)


# Readers --------------------------------------------------------------------------------------------------------------


def _figures(path: Path) -> Any:
    faults: list[Any] = []
    read = read_figures(path, model().ledger.sources, faults, {})
    if faults:
        raise BadInput(faults)
    return read


def _claims(path: Path) -> Any:
    ready, faults = inspect_files([path], _ground())
    if faults:
        raise BadInput(faults)
    return ready


@cache
def _ground() -> Ground:
    return Ground(model())


def _changes(path: Path) -> Any:
    sheet = read_sheet(path)
    return read_changes(sheet, read_scenario(base_of(sheet), model()), model())


def _works(path: Path) -> Any:
    """The literature of a file in the place of the shipped one."""
    shipped = literature.SHIPPED
    literature.SHIPPED = path
    try:
        return dict(literature.literature.__wrapped__())
    finally:
        literature.SHIPPED = shipped


def _kept(record: type[Any]) -> Callable[[Path], Any]:
    return lambda path: read_record(record, path, players_of(record))


def _archive(folder: Path) -> Any:
    try:
        return load(folder)
    except BadInput as error:
        if "counts only" not in str(error):
            raise
        return {name: to_document(tally) for name, tally in load_statistics(folder).items()}


@cache
def _sound_archives() -> tuple[Any, ...]:
    return tuple(map(_archive, _archives()))


def one_of_the_sound(_: bytes, read: Any) -> Iterator[str]:
    """A changed archive that was read must be as if nothing had been changed, or say that it is unfinished."""
    unfinished = isinstance(read, xarray.Dataset) and "computed" in read and not read["computed"].values.all()
    if unfinished or (isinstance(read, dict) and not all(tally["games"] for tally in read.values())):
        return
    same = read.identical if isinstance(read, xarray.Dataset) else read.__eq__
    if not any(type(read) is type(sound) and same(sound) for sound in _sound_archives()):
        yield "what was changed was read as sound"


_THIRD = """title = "t"
question = "q?"
author = "a"
date = 2025-01-01
base = "baseline"
narrative = "n"
"""

#: Scenarios in which a third party chooses: two or three actions, of one or two parameters, free or held.
_THIRD_PARTIES = (
    f"""{_THIRD}
[player.EU]
name = "Europe"
actions = {{ keep = {{ europe_joins = 0 }}, half = {{ europe_joins = 0.5 }}, join = {{ europe_joins = 1 }} }}
terms = ["eu_reopening", "eu_security"]
because = "b"
[changes.relief]
value = 0.4
because = "c"
""",
    f"""{_THIRD}
[player.EU]
name = "Europe"
in_text = "the Union"
adjective = "European"
terms = ["eu_security"]
because = "b"
[player.EU.actions]
keep = {{ europe_joins = 0, third_party_support = 0.1 }}
join = {{ europe_joins = 1, third_party_support = 0.3 }}
[play]
hold = {{ EU = "join", US = "court_russia" }}
""",
)

# All kinds ------------------------------------------------------------------------------------------------------------

_by_text = partial(Kind, change=text_change)

KINDS: dict[str, Kind] = {
    "scenario": _by_text(
        "x.toml",
        lambda: _files(*sorted(set(SCENARIOS.glob("*.toml")) - {SCENARIOS / "baseline.toml"})),
        read=lambda path: read_scenario(path, model()),
        line=("solve", "{}"),
        unheard=told,
    ),
    "third party": _by_text(
        "x.toml",
        lambda: [text.encode() for text in _THIRD_PARTIES],
        read=lambda path: load_study(str(path), model=model()).solve(),
        line=("solve", "{}"),
    ),
    "path": _by_text(
        "x.toml",
        lambda: _files(*sorted(paths_of(SHIPPED).glob("*.toml"))),
        read=lambda path: read_path(path, model()),
        line=("check", "{}"),
        unheard=path_said,
    ),
    "triad": _by_text(
        "x.toml",
        lambda: [_triad(EXAMPLES / "triad_1972")],
        read=read_triad,
        line=("--triad", "{}", "list", "term"),
    ),
    "parameters": _by_text(
        "parameters.toml",
        lambda: [
            *_files(PARAMETERS, EXAMPLES / "former" / "parameters.toml"),
            b'base = "shipped"\n[relief]\njudged = 0.4\nlow = 0.1\nhigh = 0.7\nbecause = "b"\n',
        ],
        read=lambda path: read_catalogue(model().ledger, path),
        line=("--parameters", "{}", "solve", "baseline"),
        unheard=partial(told, aside=frozenset({"spread", "arguments"})),
    ),
    "figures": _by_text(
        "x.toml",
        lambda: _files(*sorted((EVIDENCE / "figures").glob("*.toml"))),
        read=_figures,
        line=("check", "{}"),
        unheard=partial(told, aside=frozenset({"line"})),
    ),
    "claims": _by_text(
        "x.toml",
        lambda: _files(*sorted(path for path in CLAIMS.glob("*.toml") if path.name != "index.toml")),
        read=_claims,
        line=("check", "{}"),
    ),
    "claims index": _by_text(
        "index.toml", lambda: _files(CLAIMS / "index.toml"), read=read_index, line=("check", "{}")
    ),
    "sheet": _by_text(
        "x.csv",
        lambda: [_sheet("plain")],
        read=_changes,
        line=("import", "{}", "--author", "A", "--out", "{}.toml"),
        unheard=changes_said,
    ),
    "sheet of a spreadsheet": _by_text(
        "x.csv",
        lambda: [_sheet(name) for name in ("excel", "excel-de", "excel-fr")],
        read=_changes,
        line=("import", "{}", "--author", "A", "--out", "{}.toml"),
    ),
    "workbook": Kind(
        "x.xlsx",
        lambda: [_sheet("excel", ".xlsx")],
        lambda rng, content: mutations.archive(rng, content, mutations.markup),
        _changes,
        ("import", "{}", "--author", "A", "--out", "{}.toml"),
    ),
    "points": _by_text(
        "x.csv",
        lambda: list(_POINTS),
        read=lambda path: read_points(path, model().catalogue),
        line=("sweep", "baseline", "--points", "{}"),
        unheard=cells_said,
    ),
    "points of a spreadsheet": _by_text(
        "x.csv",
        lambda: [sheet.encode() for sheet in _POINTS_DE],
        read=lambda path: read_points(path, model().catalogue),
        line=("sweep", "baseline", "--points", "{}"),
    ),
    "game": _by_text(
        "x.nfg", lambda: [game.encode() for game in _GAMES], read=read_nfg, line=("solve", "{}"), unheard=payoffs_said
    ),
    "own parameter": Kind(
        "x.json",
        lambda: additions.sounds(additions.JUDGED, additions.SPREAD),
        json_change,
        additions.own_parameter,
        (),
        additions.parameter_said,
    ),
    "own term": Kind("x.json", lambda: additions.sounds(*additions.TERMS), json_change, additions.own_term, ()),
    "literature": _by_text("x.bib", lambda: _files(literature.SHIPPED), read=_works, line=()),
    **{
        f"result of {name}": Kind(
            "x.json",
            lambda name=name: [_result(name)],
            json_change,
            _kept(record),
            (command, "--from", "{}"),
            same_document,
        )
        for name, (record, command) in RECORDS.items()
    },
    "archive": Kind(
        "run",
        _archives,
        mutations.data,
        _archive,
        ("sensitivity", "{}", "--scenario", "baseline", "--outcome", "holds:RU=align"),
        one_of_the_sound,
    ),
}


def change_archive(rng: random.Random, sound: Path, place: Path) -> None:
    """A copy of a sweep's folder with one file changed, gone, or that of another sweep."""
    shutil.copytree(sound, place)
    file = rng.choice(sorted(path for path in place.rglob("*") if path.is_file() and path.name != "lock"))
    how = rng.random()
    if how < 0.1:
        file.unlink()
    elif how < 0.2:
        other = rng.choice(_archives()) / file.name
        file.write_bytes(other.read_bytes() if other.is_file() else b"")
    elif file.suffix == ".json":
        file.write_bytes(json_change(rng, file.read_bytes()))
    else:
        file.write_bytes(mutations.data(rng, file.read_bytes()))
