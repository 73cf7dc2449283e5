"""Scenarios: signed departures from a base, every change with its reason.

A scenario file holds only what differs from its base. Unknown keys, unknown parameters, values outside the hard
bounds, a change without a reason, a change that changes nothing and a base that leads back to itself are errors, and
all faults of a file are reported together. ``scenarios/README.md`` shows the grammar.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import Field, field_validator, model_validator

from triangle.axes import ACTIONS, PLAYERS
from triangle.errors import BadInput, Fault, UnknownName, shorten, unknown
from triangle.files import FreeText, Number, Record, Text, read_toml, shown, validate
from triangle.model.model import Model
from triangle.model.parameters import Parameter, formula_number

_PACKAGE = Path(__file__).parent

#: Where the shipped scenarios lie: inside an installed package, or beside it in a checkout.
SHIPPED = _PACKAGE / "scenarios" if (_PACKAGE / "scenarios").is_dir() else _PACKAGE.parent / "scenarios"

_BARE_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")
_CLAIM = re.compile(r"[CX](\d{2,3})")

#: How many claims (C01 …) and contradictions (X01 …) the list of the documents' claims holds.
_CLAIMS = {"C": 170, "X": 24}

#: Longest chain of bases that is followed.
_LONGEST_CHAIN = 20


class _Change(Record):
    value: Number | None = None
    figure: Text | None = None
    formula: Text | None = None
    low: Number | None = None
    high: Number | None = None
    because: Text

    @model_validator(mode="after")
    def _something(self) -> _Change:
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


class _Play(Record):
    order: list[Any] | None = None
    hold: dict[str, str] = Field(default_factory=dict)

    @field_validator("order")
    @classmethod
    def _each_player_once(cls, order: list[Any] | None) -> list[Any] | None:
        if order is not None:
            movers = [name for stage in order for name in read_stage(stage)]
            if sorted(map(str, movers)) != sorted(PLAYERS):
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


class _Expect(Record):
    statement: Text
    source: FreeText = ""


class _File(Record):
    title: Text
    question: Text
    author: Text
    date: Annotated[datetime.date, Field(strict=True)]
    base: Text | None = None
    narrative: Text
    figures: tuple[Text, ...] = ()
    claims: tuple[Text, ...] = ()
    changes: dict[str, _Change] = Field(default_factory=dict)
    play: _Play = Field(default_factory=_Play)
    expect: _Expect | None = None

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
        if base is not None and not _BARE_NAME.fullmatch(base):
            raise ValueError(f"found {shorten(base)}; expected the bare name of a scenario, without folder or ending")
        return base


@dataclass(frozen=True)
class Change:
    """One parameter's departure from the base, with its reason; `figure` or `formula` where the value is theirs."""

    parameter: str
    base: float
    value: float
    because: str
    scenario: str
    figure: str | None = None
    formula: str | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Scenario:
    """A scenario laid over its base: every parameter's value and range, and what was changed on the way and why.

    Attributes
    ----------
    changes : tuple of Change
        The departures made by this scenario itself.
    inherited : tuple of Change
        Those made by its bases, oldest first.
    values : mapping of str to float
        The value of every parameter.
    ranges : mapping of str to (float, float)
        The range of every parameter in sweeps.
    order : tuple of tuples or None
        Stages of play, each the players that move in it; None when all move at once.
    hold : mapping of str to str
        Players held at an action.
    expect : str
        What the documents expect, as text; nothing is ever computed from it.
    """

    name: str
    title: str
    question: str
    author: str
    date: datetime.date
    base: str | None
    narrative: str
    figures: tuple[str, ...]
    claims: tuple[str, ...]
    changes: tuple[Change, ...]
    inherited: tuple[Change, ...]
    values: Mapping[str, float]
    ranges: Mapping[str, tuple[float, float]]
    order: tuple[tuple[str, ...], ...] | None
    hold: Mapping[str, str]
    expect: str
    expect_source: str

    @property
    def all_changes(self) -> tuple[Change, ...]:
        """Every departure from the documented world, inherited ones first."""
        return self.inherited + self.changes


def shipped_names() -> list[str]:
    """Names of the shipped scenarios, the baseline first."""
    names = sorted(path.stem for path in SHIPPED.glob("*.toml"))
    return sorted(names, key=lambda name: name != "baseline")


def find(scenario: str) -> Path:
    """The file of a scenario given by path or by the bare name of a shipped one."""
    if _BARE_NAME.fullmatch(scenario):
        path = SHIPPED / f"{scenario}.toml"
        if path.is_file():
            return path
        raise UnknownName("scenario", scenario, shipped_names(), "SCENARIO")
    return Path(scenario)


def read_scenario(scenario: str | Path, model: Model) -> Scenario:
    """A scenario with all its bases; raises :class:`~triangle.errors.BadInput` with every fault found."""
    path = scenario if isinstance(scenario, Path) else find(scenario)
    return _read(path, model, ())


def _read(path: Path, model: Model, chain: tuple[Path, ...]) -> Scenario:
    file = shown(path)
    data = read_toml(path)
    if path.resolve() in chain or len(chain) >= _LONGEST_CHAIN:
        names = " → ".join(step.stem for step in (*chain, path))
        raise BadInput(Fault(file, "base", f"the base leads back to itself: {shorten(names, 200)}"))
    content, faults = validate(_File, data, file, "")
    if content is None:
        raise BadInput(faults)
    base = None
    if content.base is not None:
        base = _read(_find_base(content.base, path), model, (*chain, path.resolve()))
    elif content.changes:
        faults.append(Fault(file, "base", "missing; a scenario with changes names the base that it departs from"))
    start = base or _documented_world(model)
    changes, found = _changes(content, start, model, file, path.stem)
    faults += found
    faults += [
        Fault(file, "figures", unknown("figure", name, model.ledger.figures))
        for name in content.figures
        if name not in model.ledger.figures
    ]
    order = start.order if content.play.order is None else tuple(read_stage(stage) for stage in content.play.order)
    hold = {**start.hold, **content.play.hold}
    if base and not faults and not changes and order == base.order and hold == base.hold:
        faults.append(Fault(file, "changes", f"nothing is changed; this repeats its base {base.name}"))
    if faults:
        raise BadInput(faults)
    return replace(
        start,
        name=path.stem,
        base=content.base,
        expect=content.expect.statement if content.expect else "",
        expect_source=content.expect.source if content.expect else "",
        changes=changes,
        inherited=start.all_changes,
        values=MappingProxyType({**start.values, **{c.parameter: c.value for c in changes}}),
        ranges=_ranges(start, changes),
        order=order,
        hold=MappingProxyType(hold),
        **{key: getattr(content, key) for key in _CARRIED},
    )


#: Keys that a scenario takes over from its file unchanged.
_CARRIED = ("title", "question", "author", "date", "narrative", "figures", "claims")


def _find_base(name: str, path: Path) -> Path:
    """The file of a base: beside the scenario that names it, or else a shipped one."""
    beside = path.parent / f"{name}.toml"
    if beside.is_file():
        return beside
    if (SHIPPED / f"{name}.toml").is_file():
        return SHIPPED / f"{name}.toml"
    raise UnknownName("scenario", name, shipped_names(), f"{shown(path)}: base")


def _documented_world(model: Model) -> Scenario:
    """The parameters as they stand, before any scenario."""
    catalogue = model.catalogue
    return Scenario(
        name="",
        title="",
        question="",
        author="",
        date=datetime.date.min,
        base=None,
        narrative="",
        figures=(),
        claims=(),
        changes=(),
        inherited=(),
        values=MappingProxyType(catalogue.defaults()),
        ranges=MappingProxyType({p.name: (p.low, p.high) for p in catalogue}),
        order=None,
        hold=MappingProxyType({}),
        expect="",
        expect_source="",
    )


def _changes(
    content: _File, base: Scenario, model: Model, file: str, name: str
) -> tuple[tuple[Change, ...], list[Fault]]:
    """The changes of a file against its base, and what is wrong with them."""
    changes, faults = [], []
    for parameter, change in content.changes.items():
        key = f"changes.{parameter}"
        if parameter not in model.catalogue.parameters:
            faults.append(Fault(file, key, unknown("parameter", parameter, model.catalogue.parameters)))
            continue
        p = model.catalogue[parameter]
        try:
            value = base.values[parameter] if change.value is None else change.value
            if change.figure is not None:
                value = _figure_value(change.figure, p, model)
            if change.formula is not None:
                value = formula_number(change.formula, model.ledger)
            _check_bounds(p, value, change.low, change.high)
        except ValueError as error:
            faults.append(Fault(file, key, str(error)))
            continue
        same_range = change.low is None or (change.low, change.high) == base.ranges[parameter]
        if value == base.values[parameter] and same_range:
            faults.append(
                Fault(file, key, f"changes nothing: {base.name or 'the parameter file'} has {value:g} already")
            )
            continue
        changes.append(
            Change(
                parameter=parameter,
                base=base.values[parameter],
                value=value,
                because=change.because,
                scenario=name,
                figure=change.figure,
                formula=change.formula,
                low=change.low,
                high=change.high,
            )
        )
    return tuple(changes), faults


def _figure_value(name: str, p: Parameter, model: Model) -> float:
    """The number of a figure for a parameter of the same unit."""
    if name not in model.ledger.figures:
        raise ValueError(unknown("figure", name, model.ledger.figures))
    figure = model.ledger[name]
    if figure.unit != p.unit:
        raise ValueError(f"{name} is in {figure.unit}; {p.name} is in {p.unit}")
    return figure.number


def _check_bounds(p: Parameter, value: float, low: float | None = None, high: float | None = None) -> None:
    """Raise ValueError unless the value and the range lie within the hard bounds and the value in the range."""
    for number in (value, low, high):
        if number is not None and not p.admits(number):
            raise ValueError(f"found {number:g}; {p.name} must be {p.hard_text} ({p.unit})")
    if low is not None and high is not None and not low <= value <= high:
        raise ValueError(f"the value {value:g} lies outside low {low:g} to high {high:g}")


def _ranges(base: Scenario, changes: Iterable[Change]) -> Mapping[str, tuple[float, float]]:
    """The base's ranges with those of the changes; a bare value outside the range widens it."""
    ranges = dict(base.ranges)
    for change in changes:
        low, high = ranges[change.parameter]
        if change.low is not None and change.high is not None:
            ranges[change.parameter] = (change.low, change.high)
        else:
            ranges[change.parameter] = (min(low, change.value), max(high, change.value))
    return MappingProxyType(ranges)


def override(scenario: Scenario, settings: Sequence[str], model: Model) -> Scenario:
    """The scenario with parameters set as ``NAME=VALUE``, a number or the id of a figure of the same unit.

    Examples
    --------
    >>> from triangle.model.model import read_model
    >>> model = read_model()
    >>> override(read_scenario("baseline", model), ["relief=1"], model).values["relief"]
    1.0
    """
    faults: list[Fault] = []
    changes: dict[str, Change] = {}
    for setting in settings:
        name, equals, text = setting.partition("=")
        name, text = name.strip(), text.strip()
        try:
            if not equals or not name or not text:
                raise ValueError(f"found {shorten(setting)}; expected NAME=VALUE")
            if name not in model.catalogue.parameters:
                raise ValueError(unknown("parameter", name, model.catalogue.parameters))
            if name in changes:
                raise ValueError(f"{name} is set twice")
            value, figure = _parse_value(text, model.catalogue[name], model)
            _check_bounds(model.catalogue[name], value)
        except ValueError as error:
            faults.append(Fault("--set", shorten(name) if not name.isprintable() else name[:80], str(error)))
            continue
        changes[name] = Change(name, scenario.values[name], value, "set by hand, over the scenario", "--set", figure)
    if faults:
        raise BadInput(faults)
    own = tuple(changes.values())
    return replace(
        scenario,
        changes=scenario.changes + own,
        values=MappingProxyType({**scenario.values, **{c.parameter: c.value for c in own}}),
        ranges=_ranges(scenario, own),
    )


def _parse_value(text: str, p: Parameter, model: Model) -> tuple[float, str | None]:
    """A number, or that of a figure, with the figure's id."""
    try:
        value = float(text)
    except ValueError:
        if text in model.ledger.figures:
            return _figure_value(text, p, model), text
        raise ValueError(f"found {shorten(text)}; expected a number or a figure in {p.unit}, {p.hard_text}") from None
    if value != value or abs(value) == float("inf"):
        raise ValueError(f"found {shorten(text)}; expected a finite number")
    return value, None
