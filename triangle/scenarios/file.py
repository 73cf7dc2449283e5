"""The tables of a scenario file, as they are written; :mod:`triangle.scenarios.scenario` lays them over a base."""

import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from triangle.base.errors import shorten, unknown
from triangle.base.records import Record, choice, date, entry, free_text, names, number, text, validate
from triangle.players.cast import Cast
from triangle.players.notation import FREE
from triangle.players.thirds import PlayerTable

#: What a scenario may be called: no folder, no ending.
BARE_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")

_CLAIM = re.compile(r"[CX]([0-9]{2,3})")

#: How many claims (C01 …) and contradictions (X01 …) the list of the documents' claims holds.
_CLAIMS = {"C": 170, "X": 24}


@dataclass(frozen=True, kw_only=True)
class ChangeTable(Record):
    """``[changes.NAME]``: what a parameter becomes, or its range, and why."""

    value: float | None = entry(number, None)
    figure: str | None = entry(text, None)
    formula: str | None = entry(text, None)
    low: float | None = entry(number, None)
    high: float | None = entry(number, None)
    because: str = entry(text)

    def problems(self) -> Iterator[str]:
        """One value at most, both ends of a range or none, and something at all."""
        given = [key for key in ("value", "figure", "formula") if getattr(self, key) is not None]
        if len(given) > 1:
            yield f"found {' and '.join(given)}; give one of them"
        if (self.low is None) != (self.high is None):
            yield "low and high must both be given"
        if not given and self.low is None:
            yield "expected a value, a figure, a formula, or low and high"
        if self.low is not None and self.high is not None and self.low > self.high:
            yield f"low {self.low:g} is above high {self.high:g}"


def read_stage(stage: object) -> tuple[str, ...]:
    """The players of one stage of an order of moves: one name, or a list of names that move at once."""
    return (stage,) if isinstance(stage, str) else tuple(stage) if isinstance(stage, (list, tuple)) else ()


def _order(order: object, cast: Cast) -> list[Any]:
    """Stages in which each player moves once."""
    if not isinstance(order, list):
        raise ValueError(f"found {shorten(order)}; expected a list")
    movers = [name for stage in order for name in read_stage(stage)]
    if sorted(map(str, movers)) != sorted(cast.codes) or not all(map(read_stage, order)):
        raise ValueError(f"found {shorten(order)}; expected each of {', '.join(cast.codes)} once")
    return order


def _hold(hold: object, cast: Cast) -> dict[str, str]:
    """Known players at known actions."""
    if not isinstance(hold, dict):
        raise ValueError(f"found {shorten(hold)}; expected a table")
    wrong = [message for player, action in hold.items() if (message := _hold_problem(player, action, cast))]
    if wrong:
        raise ValueError("; ".join(wrong[:4]))
    return hold


def _hold_problem(player: str, action: object, cast: Cast) -> str:
    """What is wrong with one held player; nothing if it is sound."""
    if player not in cast.codes:
        return unknown("player", player, cast.codes)
    known = cast.actions[cast.player(player)]
    if not isinstance(action, str):
        return f"{player}: found {shorten(action)}; expected a text"
    return "" if action in (*known, FREE) else unknown(f"action of {player}", action, (*known, FREE))


def _claims(value: object) -> tuple[str, ...]:
    """Ids of claims or contradictions that are in the list."""
    for claim in names(value):
        found = _CLAIM.fullmatch(claim)
        if not found or not 1 <= int(found[1]) <= _CLAIMS[claim[0]]:
            last = ", ".join(f"{letter}01 to {letter}{count}" for letter, count in _CLAIMS.items())
            raise ValueError(f"found {shorten(claim)}; expected ids of claims or contradictions, {last}")
    return names(value)


def _bare_name(base: object) -> str:
    """A name without folder or ending, so that it leads nowhere else."""
    if not BARE_NAME.fullmatch(text(base)):
        raise ValueError(f"found {shorten(base)}; expected the bare name of a scenario, without folder or ending")
    return str(base)


@dataclass(frozen=True, kw_only=True)
class PlayTable(Record):
    """``[play]``: the order of moves, players held at an action or let go, and the form of the payoffs."""

    order: list[Any] | None = entry(_order, None, worded=True)
    hold: dict[str, str] | None = entry(_hold, None, worded=True)
    form: str | None = entry(text, None)


def _joined(value: object) -> tuple[str, ...] | float:
    """Instruments, or a share."""
    if isinstance(value, (list, tuple)):
        return names(value)
    if not 0 <= number(value) <= 1:
        raise ValueError(f"found {value}; expected instruments, or a share from 0 to 1")
    return number(value)


@dataclass(frozen=True, kw_only=True)
class InstrumentsTable(Record):
    """``[instruments]``: the sanctions that Washington lifts, and of these what Europe lifts too, by name or share."""

    relief: tuple[str, ...] = entry(names)
    europe: tuple[str, ...] | float | None = entry(_joined, None)
    because: str = entry(text)


@dataclass(frozen=True, kw_only=True)
class ExpectTable(Record):
    """``[expect]``: what the documents expect, as text."""

    statement: str = entry(text)
    source: str = entry(free_text, "")


#: What a type may say of a parameter in place of a number: the end of its range.
ENDS = ("low", "high")

#: Most types of a player, and most players with types.
MOST_TYPES = 6


def _settings(value: object) -> dict[str, float | str]:
    """Parameters with a number, or the end of their range, each."""
    if not isinstance(value, dict) or not value:
        raise ValueError(f'found {shorten(value)}; expected a table of parameters, as {{ autonomy_cost = "high" }}')
    return {str(name): choice(*ENDS)(one) if isinstance(one, str) else number(one) for name, one in value.items()}


@dataclass(frozen=True, kw_only=True)
class TypeTable(Record):
    """``[types.PLAYER.NAME]``: the parameters of a type of a player, and why it is held possible."""

    settings: dict[str, float | str] = entry(_settings)
    because: str = entry(text)


def _tables(value: object, record: type[Record], what: str, cast: Cast) -> dict[str, dict[str, Any]]:
    """Tables by player and name, each a record."""
    if not isinstance(value, dict):
        raise ValueError(f"found {shorten(value)}; expected tables [{what}.PLAYER.NAME]")
    found: dict[str, dict[str, Any]] = {}
    for player, tables in value.items():
        if player not in cast.codes:
            raise ValueError(unknown("player", str(player), cast.codes))
        if not isinstance(tables, dict) or not 2 <= len(tables) <= MOST_TYPES:
            raise ValueError(f"{player}: expected from 2 to {MOST_TYPES} types")
        found[player] = {}
        for name, table in tables.items():
            made, faults = validate(record, table, "", f"{player}.{name}")
            if made is None or not BARE_NAME.fullmatch(str(name)):
                reason = "; ".join(f"{fault.key}: {fault.message}" for fault in faults[:4])
                raise ValueError(reason or f"{shorten(name)} is no name of a type: letters, digits, - and _")
            found[player][str(name)] = made
    return found


def _types(value: object, cast: Cast) -> dict[str, dict[str, TypeTable]]:
    return _tables(value, TypeTable, "types", cast)


@dataclass(frozen=True, kw_only=True)
class ScreeningTable(Record):
    """``[screening]``: how long an accepted offer is watched (years), how likely evasion is seen, the prior, and why.

    The prior is that of the second type of the player who answers.
    """

    watch: float = entry(number)
    observe: float = entry(number)
    prior: float = entry(number)
    otherwise: str = entry(text)
    because: str = entry(text)

    def problems(self) -> Iterator[str]:
        """A watch of some time, and probabilities."""
        if not 0 < self.watch <= 50:
            yield f"watch: found {self.watch:g}; expected years, above 0 and at most 50"
        for name in ("observe", "prior"):
            if not 0 <= getattr(self, name) <= 1:
                yield f"{name}: found {getattr(self, name):g}; expected a probability"


@dataclass(frozen=True, kw_only=True)
class GestureTable(Record):
    """``[gesture]``: who makes it and who sees it, what it costs, the prior of the sender's second type, and why.

    A gesture is for show, at a cost in billion dollars a year; or it is a deed: the sender takes an action for some
    years in place of another, and it costs what the payoffs say.
    """

    sender: str = entry(text)
    receiver: str = entry(text)
    prior: float = entry(number)
    cost: float = entry(number, 0.0)
    deed: str = entry(free_text, "")
    instead: str = entry(free_text, "")
    years: float = entry(number, 0.0)
    because: str = entry(text)

    def problems(self) -> Iterator[str]:
        """Two players, a prior of two types that are possible, and a deed with what it replaces and how long."""
        if self.sender == self.receiver:
            yield f"sender and receiver are both {self.sender}; expected two players"
        if not 0 < self.prior < 1:
            yield f"prior: found {self.prior:g}; expected a probability above 0 and below 1"
        if self.cost < 0:
            yield f"cost: found {self.cost:g}; expected billion dollars a year, none negative"
        if bool(self.deed) != bool(self.instead) or bool(self.deed) != (0 < self.years <= 50):
            yield "a deed takes deed, instead and years (above 0 and at most 50); what is for show takes none of them"


@dataclass(frozen=True, kw_only=True)
class ScenarioFile(Record):
    """A whole scenario file."""

    title: str = entry(text)
    question: str = entry(text)
    author: str = entry(text)
    date: datetime.date = entry(date)
    base: str | None = entry(_bare_name, None)
    narrative: str = entry(text)
    figures: tuple[str, ...] = entry(names, ())
    claims: tuple[str, ...] = entry(_claims, ())
    yardstick: str = entry(free_text, "")
    changes: dict[str, ChangeTable] = entry(ChangeTable, dict, many=True)
    types: dict[str, dict[str, TypeTable]] = entry(_types, dict, worded=True)
    screening: ScreeningTable | None = entry(ScreeningTable, None)
    gesture: GestureTable | None = entry(GestureTable, None)
    instruments: InstrumentsTable | None = entry(InstrumentsTable, None)
    player: dict[str, PlayerTable] = entry(PlayerTable, dict, many=True)
    play: PlayTable = entry(PlayTable, PlayTable)
    expect: ExpectTable | None = entry(ExpectTable, None)


@dataclass(frozen=True)
class SoundParts:
    """What can be judged by itself in a file that has faults elsewhere, so that all of them are reported together."""

    base: str | None
    changes: dict[str, ChangeTable]
    figures: tuple[str, ...]
    instruments: InstrumentsTable | None


def base_of(data: Mapping[str, Any]) -> str | None:
    """The base that a file names, where it is a sound name."""
    base = data.get("base")
    return base if isinstance(base, str) and BARE_NAME.fullmatch(base) else None


def sound_parts(data: Mapping[str, Any]) -> SoundParts:
    """The base, changes, figures and instruments of a faulty file, as far as they are well formed."""
    changes, figures = data.get("changes"), data.get("figures")
    tables = changes.items() if isinstance(changes, dict) else ()
    sound = {name: validate(ChangeTable, table, "", "")[0] for name, table in tables}
    return SoundParts(
        base_of(data),
        {name: table for name, table in sound.items() if table is not None},
        tuple(name for name in figures[:100] if isinstance(name, str)) if isinstance(figures, list) else (),
        validate(InstrumentsTable, data["instruments"], "", "")[0] if "instruments" in data else None,
    )
