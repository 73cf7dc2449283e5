"""A triad file: who plays the three parts instead of the shipped powers.

It names the powers, and brings their parameters, their evidence and their scenarios::

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

A third party ``[player.CODE]`` (:mod:`triangle.players.thirds`) plays in every scenario of such a file.
"""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from triangle.base.errors import BadInput, Fault, shorten
from triangle.base.files import read_toml, shown
from triangle.base.records import Record, entry, names, text, validate
from triangle.players.cast import SHIPPED, Cast
from triangle.players.thirds import PlayerTable, parties_of

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
    player: dict[str, PlayerTable] = entry(PlayerTable, dict, many=True)

    def problems(self) -> Iterator[str]:
        """Three different powers."""
        parts = (self.wooer, self.wooed, self.rival)
        for key in ("code", "country"):
            if len({getattr(part, key) for part in parts}) < len(parts):
                yield f"two parts have the same {key}; expected three different ones"


def _usual_actions(wooed: _Part, rival: _Part) -> tuple[tuple[str, ...], ...]:
    """The names of the actions where the file gives none: the wooer courts the others by name, or else by code."""
    called = [re.sub("[^a-z0-9]+", "_", part.country.lower()).strip("_") for part in (wooed, rival)]
    if not all(called) or called[0] == called[1]:
        called = [part.code.lower() for part in (wooed, rival)]
    return (("contain_both", f"court_{called[1]}", f"court_{called[0]}", "engage_both"), *SHIPPED.actions[1:])


def read_triad(path: Path) -> Cast:
    """The cast of a file; raises :class:`~triangle.base.errors.BadInput` with every fault found."""
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
    three = Cast(
        written.title,
        (wooer.code, wooed.code, rival.code),
        (wooer.country, wooed.country, rival.country),
        (wooer.in_text or wooer.country, wooed.in_text or wooed.country, rival.in_text or rival.country),
        (wooer.adjective, wooed.adjective, rival.adjective),
        tuple(part.actions or actions for part, actions in zip(parts, usual, strict=True)),
        **places,
    )
    return three.joined_by(parties_of(written.player))


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
