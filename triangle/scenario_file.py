"""The tables of a scenario file, as they are written; :mod:`triangle.scenario` lays them over a base."""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field, field_validator, model_validator

from triangle.axes import ACTIONS, PLAYERS
from triangle.errors import shorten, unknown
from triangle.files import FreeText, Names, Number, Record, Text, validate

#: What a scenario may be called: no folder, no ending.
BARE_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")

_CLAIM = re.compile(r"[CX]([0-9]{2,3})")

#: How many claims (C01 …) and contradictions (X01 …) the list of the documents' claims holds.
_CLAIMS = {"C": 170, "X": 24}


class ChangeTable(Record):
    """``[changes.NAME]``: what a parameter becomes, or its range, and why."""

    value: Number | None = None
    figure: Text | None = None
    formula: Text | None = None
    low: Number | None = None
    high: Number | None = None
    because: Text

    @model_validator(mode="after")
    def _something(self) -> "ChangeTable":
        given = [key for key in ("value", "figure", "formula") if getattr(self, key) is not None]
        if len(given) > 1:
            raise ValueError(f"found {' and '.join(given)}; give one of them")
        if (self.low is None) != (self.high is None):
            raise ValueError("low and high must both be given")
        if not given and self.low is None:
            raise ValueError("expected a value, a figure, a formula, or low and high")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"low {self.low:g} is above high {self.high:g}")
        return self


def read_stage(stage: object) -> tuple[str, ...]:
    """The players of one stage of an order of moves: one name, or a list of names that move at once."""
    return (stage,) if isinstance(stage, str) else tuple(stage) if isinstance(stage, (list, tuple)) else ()


class PlayTable(Record):
    """``[play]``: the order of moves, and players held at an action."""

    order: list[Any] | None = None
    hold: dict[str, str] = Field(default_factory=dict)

    @field_validator("order")
    @classmethod
    def _each_player_once(cls, order: list[Any] | None) -> list[Any] | None:
        if order is not None:
            movers = [name for stage in order for name in read_stage(stage)]
            if sorted(map(str, movers)) != sorted(PLAYERS) or not all(map(read_stage, order)):
                raise ValueError(f"found {shorten(order)}; expected each of {', '.join(PLAYERS)} once")
        return order

    @field_validator("hold")
    @classmethod
    def _known_actions(cls, hold: dict[str, str]) -> dict[str, str]:
        for player, action in hold.items():
            if player not in PLAYERS:
                raise ValueError(unknown("player", player, PLAYERS))
            known = ACTIONS[PLAYERS.index(player)]
            if action not in known:
                raise ValueError(unknown(f"action of {player}", action, known))
        return hold


class ExpectTable(Record):
    """``[expect]``: what the documents expect, as text."""

    statement: Text
    source: FreeText = ""


class ScenarioFile(Record):
    """A whole scenario file."""

    title: Text
    question: Text
    author: Text
    date: Annotated[datetime.date, Field(strict=True)]
    base: Text | None = None
    narrative: Text
    figures: Names = ()
    claims: Names = ()
    changes: dict[str, ChangeTable] = Field(default_factory=dict)
    play: PlayTable = Field(default_factory=PlayTable)
    expect: ExpectTable | None = None

    @field_validator("claims")
    @classmethod
    def _in_the_list(cls, claims: tuple[str, ...]) -> tuple[str, ...]:
        for claim in claims:
            found = _CLAIM.fullmatch(claim)
            if not found or not 1 <= int(found[1]) <= _CLAIMS[claim[0]]:
                last = ", ".join(f"{letter}01 to {letter}{number}" for letter, number in _CLAIMS.items())
                raise ValueError(f"found {shorten(claim)}; expected ids of claims or contradictions, {last}")
        return claims

    @field_validator("base")
    @classmethod
    def _a_bare_name(cls, base: str | None) -> str | None:
        if base is not None and not BARE_NAME.fullmatch(base):
            raise ValueError(f"found {shorten(base)}; expected the bare name of a scenario, without folder or ending")
        return base


@dataclass(frozen=True)
class SoundParts:
    """What can be judged by itself in a file that has faults elsewhere, so that all of them are reported together."""

    base: str | None
    changes: dict[str, ChangeTable]
    figures: tuple[str, ...]


def sound_parts(data: Mapping[str, Any]) -> SoundParts:
    """The base, changes and figures of a faulty file, as far as they are well formed."""
    base, changes, figures = data.get("base"), data.get("changes"), data.get("figures")
    tables = changes.items() if isinstance(changes, dict) else ()
    sound = {name: validate(ChangeTable, table, "", "")[0] for name, table in tables}
    return SoundParts(
        base if isinstance(base, str) and BARE_NAME.fullmatch(base) else None,
        {name: table for name, table in sound.items() if table is not None},
        tuple(name for name in figures[:100] if isinstance(name, str)) if isinstance(figures, list) else (),
    )
