"""Which three powers play: the shipped triad, or another one from a file.

The model has three parts to play. The **wooer** can offer relief and concede; the **wooed** may leave its partner for
it; the **rival** is the wooer's rival and the partner of the wooed. The shipped triad casts the United States, Russia
and China. A file casts others, and brings their parameters, their evidence and their scenarios::

    title = "The opening to China"

    [wooer]
    code = "US"
    country = "United States"
    in_text = "the United States"
    adjective = "American"

    [wooed]
    code = "CN"
    country = "China"
    adjective = "Chinese"

    [rival]
    code = "SU"
    country = "Soviet Union"
    in_text = "the Soviet Union"
    adjective = "Soviet"

    [files]
    parameters = "parameters.toml"
    scenarios = "scenarios"

A process has one triad. It is chosen before the players' names are used anywhere (:func:`use`, or ``--triad FILE`` at
the command line), stands in an environment variable so that worker processes have the same, and stays.
"""

import os
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from triangle.base.errors import BadInput, Fault, shorten
from triangle.base.files import read_toml, shown
from triangle.base.records import Record, entry, names, text, validate

#: The environment variable that names the file; empty or unset for the shipped triad.
VARIABLE = "TRIANGLE_TRIAD"

#: Codes of the shipped triad, which the shipped parameters are named by.
SHIPPED_CODES = ("US", "RU", "CN")

#: The three parts, in the order of the axes.
PARTS = ("wooer", "wooed", "rival")

_SLUG = re.compile(r"[a-z][a-z0-9_]{0,39}")


def _code(value: object) -> str:
    """Two or three capital letters."""
    if not re.fullmatch("[A-Z]{2,3}", text(value)):
        raise ValueError(f"found {shorten(value)}; expected two or three capital letters, as IN")
    return str(value)


def _short(value: object) -> str:
    """A text that fits into a heading."""
    if len(text(value)) > 40 or not str(value).isprintable():
        raise ValueError(f"found {shorten(value)}; expected at most 40 characters on one line")
    return str(value)


def _actions(value: object) -> tuple[str, ...]:
    """Names of four actions."""
    found = names(value)
    if len(found) != 4 or len(set(found)) != 4 or not all(map(_SLUG.fullmatch, found)):
        raise ValueError(
            f"found {shorten(value)}; expected four different names of small letters and underscores: for opposing "
            "both others, accommodating the second only, the first only, both"
        )
    return found


@dataclass(frozen=True, kw_only=True)
class _Part(Record):
    """``[wooer]``, ``[wooed]`` or ``[rival]``: who plays the part, and how the country is called in a sentence."""

    code: str = entry(_code)
    country: str = entry(_short)
    adjective: str = entry(_short)
    in_text: str | None = entry(_short, None)
    actions: tuple[str, ...] | None = entry(_actions, None)


@dataclass(frozen=True, kw_only=True)
class _Files(Record):
    """``[files]``: where the triad's own files lie, seen from the triad file."""

    parameters: str = entry(text)
    scenarios: str = entry(text)
    evidence: str | None = entry(text, None)


@dataclass(frozen=True, kw_only=True)
class _TriadFile(Record):
    """A triad file."""

    title: str = entry(text)
    wooer: _Part = entry(_Part)
    wooed: _Part = entry(_Part)
    rival: _Part = entry(_Part)
    files: _Files = entry(_Files)

    def problems(self) -> Iterator[str]:
        """Three different powers."""
        parts = (self.wooer, self.wooed, self.rival)
        for key in ("code", "country"):
            if len({getattr(part, key) for part in parts}) < len(parts):
                yield f"two parts have the same {key}; expected three different ones"


@dataclass(frozen=True)
class Triad:
    """Three powers in the order of their parts: wooer, wooed, rival.

    Attributes
    ----------
    actions : tuple of four names for each
        In the order of :data:`triangle.players.axes.ACTIONS`.
    in_text : tuple of str
        The countries as they stand in a sentence, with their article.
    parameters, scenarios, evidence : Path or None
        The triad's own files; None for the shipped ones.
    """

    title: str
    codes: tuple[str, str, str]
    countries: tuple[str, str, str]
    in_text: tuple[str, str, str]
    adjectives: tuple[str, str, str]
    actions: tuple[tuple[str, ...], ...]
    parameters: Path | None = None
    scenarios: Path | None = None
    evidence: Path | None = None

    @property
    def newcomers(self) -> frozenset[str]:
        """Codes of the players who play another's part than in the shipped triad."""
        return frozenset(own for own, shipped in zip(self.codes, SHIPPED_CODES, strict=True) if own != shipped)

    def renamed(self, parameter: str) -> str:
        """The name of a shipped parameter under this triad's codes.

        >>> current().renamed("stake_ru_cn")
        'stake_ru_cn'
        """
        words = parameter.split("_")
        place = len(words)
        while place > 1 and words[place - 1].upper() in SHIPPED_CODES:
            place -= 1
            words[place] = self.codes[SHIPPED_CODES.index(words[place].upper())].lower()
        return "_".join(words)

    def retold(self, table: Mapping[str, Any]) -> dict[str, Any]:
        """A shipped parameter's table with symbol and meaning told of this triad's powers."""
        if not self.newcomers:
            return dict(table)
        codes = dict(zip(SHIPPED_CODES, self.codes, strict=True))
        symbol = re.sub("(?<![A-Z])(US|RU|CN)(?![A-Z])", lambda found: codes[found[0]], table["symbol"])
        own, shipped = self.in_text + self.adjectives, SHIPPED.in_text + SHIPPED.adjectives
        words = dict(zip(shipped, own, strict=True))
        meaning = re.sub(rf"\b({'|'.join(shipped)})\b", lambda found: words[found[0]], table["meaning"])
        return {**table, "symbol": symbol, "meaning": meaning}


#: The shipped triad.
SHIPPED = Triad(
    "The strategic triangle",
    SHIPPED_CODES,
    ("United States", "Russia", "China"),
    ("the United States", "Russia", "China"),
    ("American", "Russian", "Chinese"),
    (
        ("contain_both", "court_china", "court_russia", "engage_both"),
        ("oppose_both", "align", "distance", "hedge"),
        ("oppose_both", "align", "distance", "hedge"),
    ),
)


def _usual_actions(wooed: _Part, rival: _Part) -> tuple[tuple[str, ...], ...]:
    """The names of the actions where the file gives none: the wooer courts the others by name, or else by code."""
    called = [re.sub("[^a-z0-9]+", "_", part.country.lower()).strip("_") for part in (wooed, rival)]
    if not all(called) or called[0] == called[1]:
        called = [part.code.lower() for part in (wooed, rival)]
    return (("contain_both", f"court_{called[1]}", f"court_{called[0]}", "engage_both"), *SHIPPED.actions[1:])


def read_triad(path: Path) -> Triad:
    """The triad of a file; raises :class:`~triangle.base.errors.BadInput` with every fault found."""
    file = shown(path)
    written, faults = validate(_TriadFile, read_toml(path), file, "")
    if written is None:
        raise BadInput(faults)
    wooer, wooed, rival = parts = (written.wooer, written.wooed, written.rival)
    places = {key: path.resolve().parent / named for key, named in vars(written.files).items() if named is not None}
    faults += _missing(places, file)
    if faults:
        raise BadInput(faults)
    usual = _usual_actions(wooed, rival)
    return Triad(
        written.title,
        (wooer.code, wooed.code, rival.code),
        (wooer.country, wooed.country, rival.country),
        (wooer.in_text or wooer.country, wooed.in_text or wooed.country, rival.in_text or rival.country),
        (wooer.adjective, wooed.adjective, rival.adjective),
        tuple(part.actions or actions for part, actions in zip(parts, usual, strict=True)),
        **places,
    )


def _missing(places: Mapping[str, Path], file: str) -> list[Fault]:
    """Files and folders of a triad that are not there."""
    faults = []
    for key, place in places.items():
        kind, is_there = ("file", os.path.isfile) if key == "parameters" else ("folder", os.path.isdir)
        if not is_there(place):
            faults.append(Fault(file, f"files.{key}", f"no such {kind}: {shown(place)}"))
        elif key == "scenarios" and not os.path.isfile(place / "baseline.toml"):
            faults.append(Fault(file, "files.scenarios", "no baseline.toml in this folder; the others depart from it"))
    return faults


@cache
def current() -> Triad:
    """The triad of this process."""
    path = os.environ.get(VARIABLE, "")
    if path:
        return read_triad(Path(path))
    return SHIPPED


def use(path: str | Path) -> Triad:
    """Let the powers of a triad file play in this process, and in the worker processes that it begins.

    Call it before anything else of the package, once in a process: the names of players are fixed on first use.

    Raises
    ------
    BadInput
        If the file is not sound, or another triad is in use already.
    """
    triad = read_triad(Path(path))
    if "triangle.players.axes" in sys.modules and triad != current():
        message = (
            f"the triad {', '.join(current().codes)} is in use in this process already; call triangle.use_triad before "
            "anything else of the package, in a new process"
        )
        raise BadInput(Fault(shown(Path(path)), "", message))
    os.environ[VARIABLE] = str(Path(path).resolve())
    current.cache_clear()
    return current()
