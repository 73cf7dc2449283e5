"""Paths: a scenario over years, with what moves by itself, what moves by what is played, and at which rates.

A path file names the scenario that it departs from (``base``), may name a path whose tables it takes over where it
has none of the same name (``follows``), and holds, each table with its reason,

* ``[years]`` — ``first`` and ``last``;
* ``[state.NAME]`` — a state variable: a ladder of ``levels`` from ``low`` to ``high``, or ``names`` of its levels,
  where it stands at the ``start``, and which parameters it ``sets`` (to a value) or ``scales`` (by a factor);
* ``[move.NAME.RATE]`` — a rate at which that variable moves ``to`` up, down or switch: ``value`` or ``figure``, a year,
  in units of the variable for a ladder and as a probability for named levels, with ``low`` and ``high``. It holds
  ``when`` a profile fits a pattern, or ``unless`` it does, in the ``first`` year given and ``every`` so many. Rates
  add up; on a ladder those down count against those up, and ``switch`` is for named levels. ``reverses`` names the
  player whose promises the move undoes;
* ``[path.PARAMETER]`` — a parameter by year: a ``growth``, a fraction a year; ``values`` from given years on; or
  ``meets`` another parameter in a ``year``, with ``shares`` that are scaled to the larger world;
* ``[patience.PLAYER]`` — a discount factor of that player in place of the scenario's;
* ``[changes.PARAMETER]`` — a change of the scenario, as in a scenario file.

A rate is a number like every other: with a range, a reason, and a figure where one gives it. All names are fixed words
and patterns; nothing in a file is evaluated.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod
from pathlib import Path as FilePath
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from triangle.base.errors import BadInput, Fault, UnknownName, shorten, unknown
from triangle.base.files import read_toml, shown
from triangle.base.records import (
    Record,
    choice,
    date,
    entry,
    names,
    number,
    number_or_text,
    text,
    validate,
    whole,
)
from triangle.model.model import Model
from triangle.players.cast import Cast
from triangle.players.notation import parse_holding
from triangle.players.patterns import parse_pattern
from triangle.players.profiles import every
from triangle.scenarios.file import BARE_NAME, ChangeTable
from triangle.scenarios.scenario import Scenario, changed, paths_of, read_scenario, shipped_names

Floats = NDArray[np.float64]
Backing = Literal["figure", "judgement"]

#: Tables by which a path file is told from a scenario.
TABLES = frozenset({"years", "follows", "state", "move", "path", "patience"})

#: Most levels of a ladder, most states, and the years that a path may span.
MOST_LEVELS, MOST_STATES, YEARS = 25, 4096, (1900, 2200)


def _pair_or_row(value: object) -> tuple[float, ...]:
    """Numbers at the levels: one each, or two for the ends."""
    if not isinstance(value, list) or not 2 <= len(value) <= MOST_LEVELS:
        raise ValueError(f"found {shorten(value)}; expected a list of two numbers, for the ends, or one for each level")
    return tuple(number(item) for item in value)


def _rows(value: object) -> dict[str, tuple[float, ...]]:
    """Parameters with their numbers at the levels."""
    if not isinstance(value, dict):
        raise ValueError(f"found {shorten(value)}; expected a table of parameters")
    return {name: _pair_or_row(row) for name, row in value.items()}


def _by_year(value: object) -> dict[int, float]:
    """Years with the value from then on."""
    if not isinstance(value, dict) or not value:
        raise ValueError(f"found {shorten(value)}; expected a table as {{ 2025 = 0, 2030 = 60 }}")
    wrong = [year for year in value if not (year.isascii() and year.isdigit() and len(year) == 4)]
    if wrong:
        raise ValueError(f"found the year {shorten(wrong[0])}; expected four digits")
    return {int(year): number(item) for year, item in sorted(value.items())}


class _Ranged(Record):
    """What a number with a range must obey."""

    low: float | None
    high: float | None

    def _range_problems(self, given: Mapping[str, object]) -> Iterator[str]:
        found = [key for key, value in given.items() if value is not None]
        if len(found) != 1:
            yield f"found {' and '.join(found) or 'none of them'}; give one of {', '.join(given)}"
        if (self.low is None) != (self.high is None):
            yield "low and high must both be given"
        if self.low is not None and self.high is not None and self.low > self.high:
            yield f"low {self.low:g} is above high {self.high:g}"


@dataclass(frozen=True, kw_only=True)
class YearsTable(Record):
    """``[years]``: the first year and the last one, which goes on for ever."""

    first: int = entry(whole(*YEARS))
    last: int = entry(whole(*YEARS))

    def problems(self) -> Iterator[str]:
        """The last year comes after the first, and not a century later."""
        if not self.first < self.last <= self.first + 100:
            yield f"found {self.first} to {self.last}; expected a last year 1 to 100 years after the first"


@dataclass(frozen=True, kw_only=True)
class StateTable(Record):
    """``[state.NAME]``: levels of a state variable, where it starts, and what it does to parameters."""

    levels: int | None = entry(whole(2, MOST_LEVELS), None)
    low: float | None = entry(number, None)
    high: float | None = entry(number, None)
    names: tuple[str, ...] = entry(names, ())
    start: float | str = entry(number_or_text)
    sets: dict[str, tuple[float, ...]] = entry(_rows, dict)
    scales: dict[str, tuple[float, ...]] = entry(_rows, dict)
    because: str = entry(text)

    def problems(self) -> Iterator[str]:
        """A ladder with both ends, or names; a start on it; rows as long as it."""
        ladder = self.levels is not None or self.low is not None or self.high is not None
        if ladder == bool(self.names):
            yield "give either levels, low and high, or names"
        elif ladder and (self.levels is None or self.low is None or self.high is None or not self.low < self.high):
            yield "a ladder needs levels, and low below high"
        elif self.names and not 2 <= len(set(self.names)) == len(self.names) <= MOST_LEVELS:
            yield f"expected 2 to {MOST_LEVELS} different names"
        elif self.names and self.start not in self.names:
            yield f"start: {unknown('level', str(self.start), self.names)}"
        elif ladder and not (isinstance(self.start, float) and (self.low or 0) <= self.start <= (self.high or 0)):
            yield f"found the start {shorten(self.start)}; expected a number from low to high"
        count = self.levels or len(self.names)
        for name, row in {**self.sets, **self.scales}.items():
            if len(row) not in (2, count):
                yield f"{name}: found {len(row)} numbers; expected 2 or {count}"
        for name in self.sets.keys() & self.scales.keys():
            yield f"{name} is both set and scaled"


def _player(value: object, cast: Cast) -> str:
    """The code of a player."""
    return str(choice(*cast.codes)(value))


@dataclass(frozen=True, kw_only=True)
class RateTable(_Ranged):
    """``[move.NAME.RATE]``: how fast a state variable moves, in which direction, and when."""

    to: str = entry(choice("up", "down", "switch"))
    value: float | None = entry(number, None)
    figure: str | None = entry(text, None)
    low: float | None = entry(number, None)
    high: float | None = entry(number, None)
    when: str | None = entry(text, None)
    unless: str | None = entry(text, None)
    first: int | None = entry(whole(*YEARS), None)
    every: int | None = entry(whole(1, 100), None)
    reverses: str | None = entry(_player, None, worded=True)
    because: str = entry(text)

    def problems(self) -> Iterator[str]:
        """One value, a whole range, one condition, years that repeat from a first one."""
        yield from self._range_problems({"value": self.value, "figure": self.figure})
        if self.when is not None and self.unless is not None:
            yield "give when or unless, not both"
        if self.every is not None and self.first is None:
            yield "every needs the first year"


@dataclass(frozen=True, kw_only=True)
class DriftTable(_Ranged):
    """``[path.PARAMETER]``: how a parameter changes over the years by itself."""

    growth: float | None = entry(number, None)
    figure: str | None = entry(text, None)
    values: dict[int, float] | None = entry(_by_year, None)
    meets: str | None = entry(text, None)
    year: float | str | None = entry(number_or_text, None)
    own_share: str | None = entry(text, None)
    shares: tuple[str, ...] = entry(names, ())
    low: float | None = entry(number, None)
    high: float | None = entry(number, None)
    because: str = entry(text)

    def problems(self) -> Iterator[str]:
        """One way of changing; a meeting with its year."""
        yield from self._range_problems(
            {"growth": self.growth, "figure": self.figure, "values": self.values, "meets": self.meets}
        )
        if (self.meets is None) != (self.year is None):
            yield "meets and year go together"
        if (self.own_share is None) == bool(self.shares) or (self.shares and self.meets is None):
            yield "own_share and shares go together, and with meets"


@dataclass(frozen=True, kw_only=True)
class PatienceTable(_Ranged):
    """``[patience.PLAYER]``: a player's discount factor, per year."""

    value: float = entry(number)
    low: float | None = entry(number, None)
    high: float | None = entry(number, None)
    because: str = entry(text)

    def problems(self) -> Iterator[str]:
        """Factors of at least 0 and below 1."""
        yield from self._range_problems({"value": self.value})
        if any(x is not None and not 0 <= x < 1 for x in (self.value, self.low, self.high)):
            yield "expected discount factors of at least 0 and less than 1"


def _tables_of_tables(value: object) -> dict[str, dict[str, Any]]:
    """Tables of tables, which are read one by one afterwards."""
    if not isinstance(value, dict) or not all(isinstance(inner, dict) for inner in value.values()):
        raise ValueError(f"found {shorten(value)}; expected tables [move.NAME.RATE]")
    return value


@dataclass(frozen=True, kw_only=True)
class PathFile(Record):
    """A whole path file."""

    title: str = entry(text)
    question: str = entry(text)
    author: str = entry(text)
    date: datetime.date = entry(date)
    base: str = entry(text)
    narrative: str = entry(text)
    figures: tuple[str, ...] = entry(names, ())
    claims: tuple[str, ...] = entry(names, ())
    follows: str | None = entry(text, None)
    years: YearsTable | None = entry(YearsTable, None)
    changes: dict[str, ChangeTable] = entry(ChangeTable, dict, many=True)
    state: dict[str, StateTable] = entry(StateTable, dict, many=True)
    move: dict[str, dict[str, Any]] = entry(_tables_of_tables, dict)
    path: dict[str, DriftTable] = entry(DriftTable, dict, many=True)
    patience: dict[str, PatienceTable] = entry(PatienceTable, dict, many=True)


# --- What a file comes to ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Uncertain:
    """A number of a path: what it is called, its value and range, and what backs it."""

    name: str
    value: float
    low: float
    high: float
    unit: str
    backing: Backing
    figure: str | None
    because: str


@dataclass(frozen=True)
class StateVariable:
    """A state variable: its levels, the chance of each at the start, and what it does to parameters at its levels.

    Attributes
    ----------
    levels : tuple of float
        Values of a ladder; 0, 1, … of named levels.
    labels : tuple of str
    start : tuple of float
        A start between two rungs is shared out so that its mean is right.
    sets, scales : mapping of str to tuple of float
    """

    name: str
    levels: tuple[float, ...]
    labels: tuple[str, ...]
    start: tuple[float, ...]
    sets: Mapping[str, tuple[float, ...]]
    scales: Mapping[str, tuple[float, ...]]
    is_ladder: bool
    because: str

    @property
    def step(self) -> float:
        """Distance of two rungs; 1 of named levels, whose rates are probabilities."""
        return self.levels[1] - self.levels[0]


@dataclass(frozen=True)
class Rate:
    """A rate at which a state variable moves: in which direction, at which profiles (a mask), in which years."""

    number: Uncertain
    state: str
    to: str
    mask: int
    first: int | None
    every: int | None
    reverses: str | None

    def holds(self, year: int) -> bool:
        """Whether the rate changes what is there in a year, coming from the year before."""
        if self.first is None:
            return True
        return (
            year == self.first if self.every is None else year >= self.first and (year - self.first) % self.every == 0
        )


@dataclass(frozen=True)
class Drift:
    """How a parameter changes over the years: by a rate of growth, by values from years on, or to meet another.

    It stays within its hard `bounds`.
    """

    parameter: str
    bounds: tuple[float | None, float | None]
    number: Uncertain | None
    values: tuple[tuple[int, float], ...]
    meets: str | None
    own_share: str | None
    shares: tuple[str, ...]
    because: str


@dataclass(frozen=True)
class Path:
    """A scenario over years, read and checked; see the module."""

    name: str
    title: str
    question: str
    narrative: str
    figures: tuple[str, ...]
    claims: tuple[str, ...]
    scenario: Scenario
    first: int
    last: int
    states: tuple[StateVariable, ...]
    rates: tuple[Rate, ...]
    drifts: tuple[Drift, ...]
    patience: Mapping[str, Uncertain]

    @property
    def years(self) -> range:
        """All years, the first to the last."""
        return range(self.first, self.last + 1)

    @property
    def uncertain(self) -> tuple[Uncertain, ...]:
        """All numbers of the path itself: rates, growth, meeting years, discount factors."""
        drifts = [drift.number for drift in self.drifts if drift.number is not None]
        return (*(rate.number for rate in self.rates), *drifts, *self.patience.values())

    @property
    def moved(self) -> frozenset[str]:
        """Parameters that a state variable or the years move."""
        by_state = {name for state in self.states for name in (*state.sets, *state.scales)}
        by_year = {name for drift in self.drifts for name in (drift.parameter, *drift.shares)}
        return frozenset(by_state | by_year) | self.governed

    @property
    def governed(self) -> frozenset[str]:
        """Parameters that a state variable sets, and the hazard of reversal where reversals are moves of the state."""
        sets = {name for state in self.states for name in state.sets}
        return frozenset(sets | ({"reversal_hazard"} if any(rate.reverses for rate in self.rates) else set()))

    def state(self, name: str) -> StateVariable:
        """The state variable of a name."""
        return next(state for state in self.states if state.name == name)

    def expected(self, name: str, value: float) -> str:
        """What one of its own numbers must be, where this value is none; else nothing."""
        for rate in (rate for rate in self.rates if rate.number.name == name):
            if self.state(rate.state).is_ladder or -1 <= value <= 1:
                return ""
            return "a probability, or what is taken off one, from -1 to 1"
        for drift in (drift for drift in self.drifts if drift.number is not None and drift.number.name == name):
            if drift.meets is not None:
                return "" if value > self.first else f"a year after the first one, {self.first}"
            return "" if -1 <= value <= 10 else "a growth per year from -1 to 10"
        return "" if 0 <= value < 1 else "a discount factor of at least 0 and less than 1"

    def number(self, name: str, value: float) -> Path:
        """The path with one of its own numbers fixed at a value."""
        if expected := self.expected(name, value):
            raise BadInput(Fault("--set", name, f"found {value:g}; expected {expected}"))

        def fixed(old: Uncertain | None) -> Any:
            return replace(old, value=value, low=value, high=value) if old is not None and old.name == name else old

        return replace(
            self,
            rates=tuple(replace(rate, number=fixed(rate.number)) for rate in self.rates),
            drifts=tuple(replace(drift, number=fixed(drift.number)) for drift in self.drifts),
            patience=MappingProxyType({who: fixed(old) for who, old in self.patience.items()}),
        )

    def until(self, last: int) -> Path:
        """The path to another last year."""
        if not self.first < last <= self.first + 100:
            raise BadInput(Fault("--until", "", f"found {last}; expected a year from {self.first + 1} to "
                                 f"{self.first + 100}"))  # fmt: skip
        return replace(self, last=last)

    def starting(self, settings: Mapping[str, str]) -> Path:
        """The path with state variables started elsewhere: a level by name, or a number on a ladder."""
        faults, states = [], []
        for name in settings.keys() - {state.name for state in self.states}:
            faults.append(Fault("--start", name, unknown("state variable", name, [s.name for s in self.states])))
        for state in self.states:
            try:
                at = settings.get(state.name)
                states.append(state if at is None else replace(state, start=_start_at(state, at)))
            except ValueError as error:
                faults.append(Fault("--start", state.name, str(error)))
        if faults:
            raise BadInput(faults)
        return replace(self, states=tuple(states))

    @property
    def count(self) -> int:
        """Number of states."""
        return prod(len(state.levels) for state in self.states)

    def finer(self, levels: int) -> Path:
        """The path with another number of levels on every ladder, the ends and all else as they are."""
        return replace(self, states=tuple(_refined(state, levels) for state in self.states))


def _start_at(state: StateVariable, text_: str) -> tuple[float, ...]:
    if not state.is_ladder:
        if text_ not in state.labels:
            raise ValueError(unknown("level", text_, state.labels))
        return tuple(float(label == text_) for label in state.labels)
    try:
        value = float(text_)
    except ValueError:
        raise ValueError(f"found {shorten(text_)}; expected a number") from None
    if not state.levels[0] <= value <= state.levels[-1]:
        raise ValueError(f"found {value:g}; expected {state.levels[0]:g} to {state.levels[-1]:g}")
    return _shared_out(state.levels, value)


def _shared_out(levels: Sequence[float], value: float) -> tuple[float, ...]:
    """Chances of the two rungs next to a value, so that the mean is the value."""
    return tuple(float(np.interp(value, levels, row)) for row in np.eye(len(levels)))


def _refined(state: StateVariable, count: int) -> StateVariable:
    if not state.is_ladder:
        return state
    if not 2 <= count <= MOST_LEVELS:
        raise BadInput(Fault("--levels", "", f"found {count}; expected 2 to {MOST_LEVELS}"))
    levels = tuple(map(float, np.linspace(state.levels[0], state.levels[-1], count)))
    start = float(np.dot(state.start, state.levels))

    def rows(old: Mapping[str, tuple[float, ...]]) -> Mapping[str, tuple[float, ...]]:
        return MappingProxyType({n: tuple(map(float, np.interp(levels, state.levels, row))) for n, row in old.items()})

    labels = tuple(f"{level:.3g}" for level in levels)
    return replace(
        state, levels=levels, labels=labels, start=_shared_out(levels, start), sets=rows(state.sets),
        scales=rows(state.scales),
    )  # fmt: skip


# --- Reading -------------------------------------------------------------------------------------------------------


def shipped_paths(cast: Cast) -> list[str]:
    """Names of the paths that come with a cast, the baseline first."""
    found = sorted(file.stem for file in paths_of(cast).glob("*.toml"))
    return sorted(found, key=lambda name: name != "path_baseline")


def read_path(name: str | FilePath, model: Model) -> Path:
    """A path by the name of a shipped one or by its file; raises BadInput with every fault found."""
    file = name if isinstance(name, FilePath) else _find(name, model.cast)
    where = shown(file)
    content, faults = validate(PathFile, _laid(file, (), model.cast), where, "", model.cast)
    if content is not None and content.years is None:
        faults.append(Fault(where, "years", "missing; give first and last, or a path that it follows"))
    if content is None or content.years is None:
        raise BadInput(faults)
    reader = _Reader(content, model, where)
    scenario = reader.base()
    states = tuple(reader.state(name, table) for name, table in content.state.items())
    rates = tuple(
        rate
        for name, tables in content.move.items()
        for label, table in tables.items()
        if (rate := reader.rate(name, label, table)) is not None
    )
    drifts = tuple(reader.drift(name, table) for name, table in content.path.items())
    patience = {who: reader.patience(who, table) for who, table in content.patience.items()}
    reader.sense(states)
    if reader.faults or scenario is None:
        raise BadInput(reader.faults)
    path = Path(
        name=file.stem,
        scenario=scenario,
        first=content.years.first,
        last=content.years.last,
        states=states,
        rates=rates,
        drifts=drifts,
        patience=MappingProxyType(patience),
        **{key: getattr(content, key) for key in ("title", "question", "narrative", "figures", "claims")},
    )
    beyond = [(n.name, next(filter(None, (path.expected(n.name, x) for x in (n.value, n.low, n.high))), "")) for n in
              path.uncertain]  # fmt: skip
    if any(expected for _, expected in beyond):
        raise BadInput(Fault(where, name, f"expected {expected}") for name, expected in beyond if expected)
    return path


#: Tables that a path takes over from the one it follows, where it has none of the same name.
_FOLLOWED = ("changes", "state", "move", "path", "patience")


def _laid(file: FilePath, chain: tuple[FilePath, ...], cast: Cast) -> dict[str, Any]:
    """The tables of a path file over those of the paths that it follows."""
    data = dict(read_toml(file))
    follows = data.get("follows")
    if follows is None:
        return data
    if not isinstance(follows, str) or not BARE_NAME.fullmatch(follows):
        raise BadInput(Fault(shown(file), "follows", f"found {shorten(follows)}; expected the bare name of a path"))
    if file.resolve() in chain or len(chain) > 20:
        raise BadInput(Fault(shown(file), "follows", "the paths that are followed lead back to this one"))
    beside = file.parent / f"{follows}.toml"
    under = _laid(beside if beside.is_file() else _find(follows, cast), (*chain, file.resolve()), cast)
    for key in _FOLLOWED:
        below, own = under.get(key, {}), data.get(key, {})
        if isinstance(below, dict) and isinstance(own, dict):
            data[key] = {**below, **own}
    return {"years": under.get("years"), **data} if "years" in under else data


def _find(name: str, cast: Cast) -> FilePath:
    """The file of a shipped path, or a path in the file system."""
    if not BARE_NAME.fullmatch(name):
        return FilePath(name)
    file = paths_of(cast) / f"{name}.toml"
    if not file.is_file():
        if name in shipped_names(cast):
            message = f"{name} is a scenario of one year; the shipped paths are {', '.join(shipped_paths(cast))}"
            raise BadInput(Fault("PATH", "", message))
        raise UnknownName("path", name, shipped_paths(cast), "PATH")
    return file


class _Reader:
    """Turns the tables of one file into a path, and collects what is wrong with them."""

    def __init__(self, content: PathFile, model: Model, file: str):
        self.content, self.model, self.file = content, model, file
        self.faults: list[Fault] = []
        for name in content.figures:
            if name not in model.ledger.figures:
                self._fault("figures", unknown("figure", name, model.ledger.figures))

    def _fault(self, key: str, message: str) -> None:
        self.faults.append(Fault(self.file, key, message))

    def base(self) -> Scenario | None:
        """The scenario that the path departs from: beside it or a shipped one."""
        try:
            base = read_scenario(self.content.base, self.model)
        except BadInput as error:
            self.faults += error.faults
            return None
        for party in base.players:
            message = f"{party.code} chooses in {base.name}; a path over years is of the three powers alone"
            self._fault("base", f"{message}: take a base without [player.{party.code}]")
            return None
        scenario, faults = changed(base, self.content.changes, self.model, self.file, "changes")
        self.faults += faults
        return scenario

    def _figure(self, key: str, name: str) -> float:
        if name not in self.model.ledger.figures:
            self._fault(key, unknown("figure", name, self.model.ledger.figures))
            return 0.0
        return self.model.ledger[name].number

    def number(
        self, key: str, name: str, value: float | str | None, figure: str | None, table: Any, unit: str
    ) -> Uncertain:
        """A number with its range and what backs it."""
        figure = value if isinstance(value, str) else figure
        found = self._figure(key, figure) if figure is not None else float(value or 0.0)
        low, high = (found, found) if table.low is None else (table.low, table.high)
        if not low <= found <= high:
            self._fault(key, f"the value {found:g} lies outside low {low:g} to high {high:g}")
        return Uncertain(
            name, found, low, high, unit, "judgement" if figure is None else "figure", figure, table.because
        )

    def _parameters(self, key: str, names_: Sequence[str]) -> None:
        known = self.model.catalogue.parameters
        for name in names_:
            if name not in known:
                self._fault(key, unknown("parameter", name, known))

    def state(self, name: str, table: StateTable) -> StateVariable:
        """A state variable with numbers at all of its levels."""
        key = f"state.{name}"
        self._parameters(key, [*table.sets, *table.scales])
        if table.names:
            levels = tuple(map(float, range(len(table.names))))
            labels, start = table.names, tuple(float(label == table.start) for label in table.names)
        else:
            levels = tuple(map(float, np.linspace(table.low or 0.0, table.high or 0.0, table.levels or 2)))
            labels, start = tuple(f"{x:.3g}" for x in levels), _shared_out(levels, float(table.start))

        def rows(given: Mapping[str, tuple[float, ...]]) -> Mapping[str, tuple[float, ...]]:
            return MappingProxyType({parameter: _spread(row, len(levels)) for parameter, row in given.items()})

        for parameter, row in rows(table.sets).items():
            if parameter in self.model.catalogue.parameters:
                p = self.model.catalogue[parameter]
                if not all(map(p.admits, row)):
                    self._fault(f"{key}.sets", f"{parameter} must be {p.hard_text} ({p.unit}) at every level")
        return StateVariable(
            name, levels, labels, start, rows(table.sets), rows(table.scales), not table.names, table.because
        )

    def rate(self, state: str, label: str, table: object) -> Rate | None:
        """A rate of a move."""
        key = f"move.{state}.{label}"
        if state not in self.content.state:
            self._fault(key, unknown("state variable", state, self.content.state))
            return None
        record, faults = validate(RateTable, table, self.file, key, self.model.cast)
        self.faults += faults
        if record is None:
            return None
        if record.to == "switch" and not self.content.state[state].names:
            self._fault(f"{key}.to", "found switch, which is for named levels; a ladder moves up or down")
        everywhere = mask = every(self.model.cast)
        try:
            if record.when is not None:
                mask = parse_pattern(record.when, self.model.cast, self.file)
            if record.unless is not None:
                mask = everywhere & ~parse_pattern(record.unless, self.model.cast, self.file)
        except BadInput as error:
            self.faults += [Fault(self.file, key, fault.message) for fault in error.faults]
        unit = "per year" if self.content.state[state].names else f"{state} per year"
        found = self.number(key, f"{state}.{label}", record.value, record.figure, record, unit)
        return Rate(found, state, record.to, mask, record.first, record.every, record.reverses)

    def drift(self, parameter: str, table: DriftTable) -> Drift:
        """How a parameter changes over the years."""
        key = f"path.{parameter}"
        others = [name for name in (table.meets, table.own_share) if name is not None]
        self._parameters(key, [parameter, *others, *table.shares])
        found = None
        if table.meets is not None:
            found = self.number(key, f"{parameter}.year", table.year, None, table, "calendar year")
            if self.content.years is not None and found.low <= self.content.years.first:
                self._fault(key, f"the year {found.low:g} is not after the first year {self.content.years.first}")
        elif table.values is None:
            found = self.number(key, f"{parameter}.growth", table.growth, table.figure, table, "fraction/yr")
        bounds: tuple[float | None, float | None] = (None, None)
        values = tuple((table.values or {}).items())
        if parameter in self.model.catalogue.parameters:
            bounds = self.model.catalogue[parameter].hard_low, self.model.catalogue[parameter].hard_high
            if not all(self.model.catalogue[parameter].admits(value) for _, value in values):
                self._fault(key, f"{parameter} must be {self.model.catalogue[parameter].hard_text} in every year")
        return Drift(parameter, bounds, found, values, table.meets, table.own_share, table.shares, table.because)

    def patience(self, player: str, table: PatienceTable) -> Uncertain:
        """A player's discount factor."""
        if player not in self.model.cast.codes:
            self._fault(f"patience.{player}", unknown("player", player, self.model.cast.codes))
        return self.number(f"patience.{player}", f"patience.{player}", table.value, None, table, "per year")

    def sense(self, states: Sequence[StateVariable]) -> None:
        """What the tables must obey together."""
        count = int(np.prod([len(state.levels) for state in states]))
        if count > MOST_STATES:
            self._fault("state", f"{count:,} states; expected at most {MOST_STATES:,}")
        set_by: dict[str, str] = {}
        for state in states:
            for parameter in state.sets:
                if parameter in set_by:
                    self._fault(f"state.{state.name}", f"{parameter} is set by {set_by[parameter]} already")
                set_by[parameter] = state.name
        for parameter in self.content.path:
            if parameter in set_by:
                self._fault(f"path.{parameter}", f"is set by the state variable {set_by[parameter]}")


def _spread(row: tuple[float, ...], count: int) -> tuple[float, ...]:
    """Numbers at all levels: as given, or evenly between two ends."""
    return row if len(row) == count else tuple(map(float, np.linspace(row[0], row[-1], count)))


def parse_holds(texts: Sequence[str], path: Path, cast: Cast) -> dict[int, dict[int, int | None]]:
    """Players held by year, from ``US=court_russia@2025-2028``, ``US=court_russia@2030`` or ``US=court_russia``."""
    held: dict[int, dict[int, int | None]] = {}
    for setting in (part for given in texts for part in given.split(",")):
        what, at, when = setting.partition("@")
        player, action = parse_holding(what, cast)
        for year in _years(when, path) if at else path.years:
            if player in held.setdefault(year, {}):
                raise BadInput(Fault("--hold", cast.codes[player], f"held twice in {year}"))
            held[year][player] = action
    return held


def _years(text: str, path: Path) -> range:
    low, _, high = text.strip().partition("-")
    years = [year for year in (low.strip(), (high or low).strip()) if year.isascii() and year.isdigit()]
    if len(years) != 2 or not path.first <= int(years[0]) <= int(years[1]) <= path.last:
        raise BadInput(
            Fault("--hold", text, f"expected a year, or two joined by a hyphen, from {path.first} to {path.last}")
        )
    return range(int(years[0]), int(years[1]) + 1)


def classes_of(masks: Sequence[int], profiles: int) -> NDArray[np.intp]:
    """What a variable sees of a profile: which of some masks it is in, as one number a profile, shape (profiles,)."""
    bits = np.array([[mask >> profile & 1 for profile in range(profiles)] for mask in masks]).reshape(-1, profiles)
    return np.unique(bits, axis=1, return_inverse=True)[1].reshape(-1)
