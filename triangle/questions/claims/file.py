"""The tables of claims files as they are written: entries, contradictions, and the closed vocabulary of tests.

An entry states what a document asserts, in our words, and how it is tested; or why the model cannot say. A test is
declared by its kind, never as code: :data:`KINDS` lists all there are. ``docs/howto/claims.md`` shows the grammar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from triangle.base.errors import Fault, shorten, unknown
from triangle.base.records import Record, boolean, choice, entry, free_text, names, number, text, validate, whole

#: Most nodes of a grid or a line: a test stays a matter of a second.
MAX_NODES = 200

_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")


def _bound(value: object) -> float | str:
    """A number, or an outcome to compare with."""
    return text(value) if isinstance(value, str) else number(value)


def _fraction(value: object) -> float:
    """A share."""
    if not 0 <= number(value) <= 1:
        raise ValueError(f"found {shorten(value)}; expected a share from 0 to 1")
    return number(value)


def _table(value: object) -> dict[str, Any]:
    """A table, which the kind of its test reads further."""
    if not isinstance(value, Mapping):
        raise ValueError(f"found {shorten(value)}; expected a table")
    return dict(value)


def _settings(value: object) -> dict[str, float | str]:
    """Parameters set to a number or to an end of their range."""
    found: dict[str, float | str] = {}
    for name, given in _table(value).items():
        if given in ("low", "high"):
            found[name] = str(given)
        else:
            try:
                found[name] = number(given)
            except ValueError as error:
                raise ValueError(f"{name}: {error}, or 'low' or 'high'") from None
    return found


def _factors(value: object) -> dict[str, float]:
    """Parameters multiplied by a number."""
    found = {}
    for name, given in _table(value).items():
        try:
            found[name] = number(given)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
    return found


def _grid(value: object) -> dict[str, tuple[float, float, int]]:
    """Parameters with their ends and their number of values."""
    found = {}
    nodes = 1
    for name, given in _table(value).items():
        if not isinstance(given, list) or len(given) != 3:
            raise ValueError(f"{name}: found {shorten(given)}; expected [low, high, count]")
        try:
            low, high, count = number(given[0]), number(given[1]), whole(2, MAX_NODES)(given[2])
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
        if low >= high:
            raise ValueError(f"{name}: the low end {low:g} is not below the high end {high:g}")
        nodes *= count
        found[name] = (low, high, int(count))
    if nodes > MAX_NODES:
        raise ValueError(f"{nodes:,} nodes; at most {MAX_NODES} are computed")
    return found


@dataclass(frozen=True, kw_only=True)
class Setting(Record):
    """Where a game is played: what departs from the scenario of the test."""

    scenario: str = entry(free_text, "")
    set: dict[str, float | str] = entry(_settings, dict)
    times: dict[str, float] = entry(_factors, dict)
    hold: str = entry(free_text, "")


@dataclass(frozen=True, kw_only=True)
class Along(Record):
    """A line through the space of parameters: one parameter, in `points` steps from low to high.

    With `of` the numbers are multiples of another parameter, draw by draw.
    """

    parameter: str = entry(text)
    low: float = entry(number)
    high: float = entry(number)
    points: int = entry(whole(2, MAX_NODES), 11)
    of: str = entry(free_text, "")

    def problems(self) -> Iterator[str]:
        """A line goes upwards."""
        if self.low >= self.high:
            yield f"the low end {self.low:g} is not below the high end {self.high:g}"


@dataclass(frozen=True, kw_only=True)
class Test(Setting):
    """What all tests have: where they are played, and whether the statement is its negation."""

    kind: str = entry(text)
    negate: bool = entry(boolean, False)
    #: A condition: only draws in which it holds count.
    where: dict[str, Any] | None = entry(_table, None)


@dataclass(frozen=True, kw_only=True)
class Condition(Test):
    """A test that is true or false of one game; over a grid, of all nodes, of some, or of none."""

    over: dict[str, tuple[float, float, int]] = entry(_grid, dict)
    nodes: str = entry(choice("all", "some", "none"), "all")


@dataclass(frozen=True, kw_only=True)
class Reply(Condition):
    """``reply``: a player's best reply to what the others play is one of these actions."""

    player: str = entry(text)
    actions: tuple[str, ...] = entry(names)
    given: str = entry(text)


@dataclass(frozen=True, kw_only=True)
class Equilibrium(Condition):
    """``equilibrium``: some, every or no pure equilibrium fits a pattern; *every* asks for at least one."""

    pattern: str = entry(text)
    mode: str = entry(choice("some", "every", "none"), "some")


@dataclass(frozen=True, kw_only=True)
class Bound(Condition):
    """``bound``: an outcome against a number or another outcome."""

    outcome: str = entry(text)
    above: float | str | None = entry(_bound, None)
    below: float | str | None = entry(_bound, None)
    at_least: float | str | None = entry(_bound, None)
    at_most: float | str | None = entry(_bound, None)

    def problems(self) -> Iterator[str]:
        """At least one bound."""
        if all(getattr(self, key) is None for key in BOUNDS):
            yield f"expected at least one of {', '.join(BOUNDS)}"


#: The bounds that a bound can have.
BOUNDS = ("above", "below", "at_least", "at_most")


@dataclass(frozen=True, kw_only=True)
class Compare(Test):
    """``compare``: an outcome is higher, lower or the same in setting a than in b."""

    outcome: str = entry(text)
    a: Setting = entry(Setting, Setting)
    b: Setting = entry(Setting, Setting)
    sign: str = entry(choice("higher", "lower", "same"))


@dataclass(frozen=True, kw_only=True)
class Monotone(Test):
    """``monotone``: an outcome rises, falls, stays, or peaks inside, along a line."""

    outcome: str = entry(text)
    along: Along = entry(Along)
    direction: str = entry(choice("rises", "falls", "constant", "peaks"))
    strict: bool = entry(boolean, True)


@dataclass(frozen=True, kw_only=True)
class Threshold(Test):
    """``threshold``: the first point of a line at which a condition holds: whether it exists, and where it lies."""

    along: Along = entry(Along)
    condition: dict[str, Any] = entry(_table)
    exists: bool = entry(boolean, True)
    at_least: float | None = entry(number, None)
    at_most: float | None = entry(number, None)

    def problems(self) -> Iterator[str]:
        """What does not exist lies nowhere."""
        if not self.exists and (self.at_least is not None or self.at_most is not None):
            yield "a threshold that does not exist has no at_least and no at_most"


@dataclass(frozen=True, kw_only=True)
class Shift(Test):
    """``shift``: that threshold is higher or lower in setting a than in b; counts draws in which one of them exists."""

    along: Along = entry(Along)
    condition: dict[str, Any] = entry(_table)
    a: Setting = entry(Setting, Setting)
    b: Setting = entry(Setting, Setting)
    sign: str = entry(choice("higher", "lower", "same"))


@dataclass(frozen=True, kw_only=True)
class Effect(Test):
    """``effect``: one line moves an outcome more, in absolute terms, than another line moves it."""

    outcome: str = entry(text)
    along: Along = entry(Along)
    other: Along = entry(Along)
    other_outcome: str = entry(free_text, "")


@dataclass(frozen=True, kw_only=True)
class Change(Test):
    """``change``: a player's best reply changes, or does not, from setting a to b; optionally from and to what."""

    player: str = entry(text)
    given: str = entry(text)
    a: Setting = entry(Setting, Setting)
    b: Setting = entry(Setting, Setting)
    changed: bool = entry(boolean)
    start: tuple[str, ...] = entry(names, ())
    end: tuple[str, ...] = entry(names, ())


def _year_or_word(value: object) -> int | str:
    """A year, or a word for a year that is looked for."""
    return text(value) if isinstance(value, str) else int(whole(1900, 2200)(value))


def _starts(value: object) -> dict[str, str]:
    """State variables with where they start: a level by name, or a number."""
    return {name: item if isinstance(item, str) else f"{number(item):g}" for name, item in _table(value).items()}


@dataclass(frozen=True, kw_only=True)
class Moment(Record):
    """A year of a path: the probability of a pattern then, or what else is measured of a course.

    Players may be held, numbers of the path set, state variables started elsewhere, and the last year moved;
    `scenario`, `set` and `times` lay the path over another world than that of the test.
    """

    path: str = entry(text)
    year: int | str = entry(_year_or_word)
    pattern: str = entry(free_text, "")
    measure: str = entry(free_text, "")
    hold: tuple[str, ...] = entry(names, ())
    numbers: dict[str, float] = entry(_factors, dict)
    start: dict[str, str] = entry(_starts, dict)
    last: int | None = entry(whole(1900, 2200), None)
    scenario: str = entry(free_text, "")
    set: dict[str, float | str] = entry(_settings, dict)
    times: dict[str, float] = entry(_factors, dict)

    @property
    def what(self) -> str:
        """What is measured."""
        return self.pattern or self.measure

    def problems(self) -> Iterator[str]:
        """One thing is measured."""
        if bool(self.pattern) == bool(self.measure):
            yield "give one of pattern and measure"


@dataclass(frozen=True, kw_only=True)
class Course(Test):
    """``course``: what is measured in a moment of a path, against another moment or bounds; at the first draws only.

    With `by` the first is to be higher, or lower, by at least so much, or the same, or another, within it.
    """

    of: Moment = entry(Moment)
    than: Moment | None = entry(Moment, None)
    sign: str = entry(choice("higher", "lower", "same", "other", ""), "")
    by: float = entry(number, 0.0)
    above: float | None = entry(number, None)
    below: float | None = entry(number, None)
    at_least: float | None = entry(number, None)
    at_most: float | None = entry(number, None)

    def problems(self) -> Iterator[str]:
        """Another moment with a sign, or bounds."""
        bounded = any(getattr(self, key) is not None for key in BOUNDS)
        if (self.than is None) != (not self.sign) or (self.than is None) != bounded:
            yield f"give than and sign, or at least one of {', '.join(BOUNDS)}"
        if self.by < 0 or (self.by and self.than is None):
            yield f"by: found {self.by:g}; expected how much higher or lower than the other moment"


@dataclass(frozen=True, kw_only=True)
class Offered(Test):
    """``offer``: a number of an offer to a Russia of unknown type against bounds, in America's best equilibrium."""

    measure: str = entry(text)
    prior: float | None = entry(number, None)
    watch: float | None = entry(number, None)
    observe: float | None = entry(number, None)
    above: float | None = entry(number, None)
    below: float | None = entry(number, None)
    at_least: float | None = entry(number, None)
    at_most: float | None = entry(number, None)

    def problems(self) -> Iterator[str]:
        """At least one bound, and probabilities."""
        if all(getattr(self, key) is None for key in BOUNDS):
            yield f"expected at least one of {', '.join(BOUNDS)}"
        for key in ("prior", "observe"):
            if not 0 <= (getattr(self, key) or 0.0) <= 1:
                yield f"{key}: found {getattr(self, key):g}; expected a probability"
        if self.watch is not None and not 0 < self.watch <= 50:
            yield f"watch: found {self.watch:g}; expected years, above 0 and at most 50"


@dataclass(frozen=True, kw_only=True)
class Shown(Test):
    """``gesture``: a number of a gesture of a player of unknown type against bounds."""

    measure: str = entry(text)
    receiver: str = entry(free_text, "")
    above: float | None = entry(number, None)
    below: float | None = entry(number, None)
    at_least: float | None = entry(number, None)
    at_most: float | None = entry(number, None)

    def problems(self) -> Iterator[str]:
        """At least one bound."""
        if all(getattr(self, key) is None for key in BOUNDS):
            yield f"expected at least one of {', '.join(BOUNDS)}"


@dataclass(frozen=True, kw_only=True)
class Joint(Test):
    """``all`` or ``any``: several tests together, draw by draw; each part is played where it says itself."""

    parts: dict[str, Any] = entry(_table)

    def problems(self) -> Iterator[str]:
        """One part is no company, parts have plain names, and places are given by the parts."""
        if not all(_ID.fullmatch(name) for name in self.parts):
            yield "expected short names of parts, of letters, digits, - and _"
        if len(self.parts) < 2:
            yield "expected at least two parts"
        if self.scenario or self.set or self.times or self.hold:
            yield "scenario, set, times and hold are said by the parts"


#: Every kind of test.
KINDS: dict[str, type[Test]] = {
    "reply": Reply,
    "equilibrium": Equilibrium,
    "bound": Bound,
    "compare": Compare,
    "monotone": Monotone,
    "threshold": Threshold,
    "shift": Shift,
    "effect": Effect,
    "change": Change,
    "course": Course,
    "offer": Offered,
    "gesture": Shown,
    "all": Joint,
    "any": Joint,
}

#: Kinds that are true or false of one game, and so can be a condition.
CONDITIONS = ("reply", "equilibrium", "bound")

#: Deepest nesting of tests within tests.
_DEEPEST = 4


@dataclass(frozen=True, kw_only=True)
class EntryTable(Record):
    """One table of a claims file: a claim, what is computed, and the test or the reason for silence."""

    claims: tuple[str, ...] = entry(names, ())
    paraphrase: str = entry(text)
    computes: str = entry(free_text, "")
    expects: str = entry(free_text, "")
    holds: float | None = entry(_fraction, None)
    contradicted: float | None = entry(_fraction, None)
    note: str = entry(free_text, "")
    silent_because: str = entry(free_text, "")
    test: dict[str, Any] | None = entry(_table, None)

    def problems(self) -> Iterator[str]:
        """A test with its thresholds, or a reason for silence."""
        yield from _test_or_silence(self, ("computes", "holds", "contradicted"))


@dataclass(frozen=True, kw_only=True)
class SideTable(Record):
    """One side of a contradiction."""

    claims: tuple[str, ...] = entry(names, ())
    paraphrase: str = entry(text)
    test: dict[str, Any] | None = entry(_table, None)


@dataclass(frozen=True, kw_only=True)
class ContradictionTable(Record):
    """A contradiction between or within documents: two sides, each with a test, or a reason for silence."""

    question: str = entry(text)
    first: SideTable = entry(SideTable)
    second: SideTable = entry(SideTable)
    computes: str = entry(free_text, "")
    holds: float | None = entry(_fraction, None)
    contradicted: float | None = entry(_fraction, None)
    nearer: float | None = entry(_fraction, None)
    note: str = entry(free_text, "")
    silent_because: str = entry(free_text, "")

    def problems(self) -> Iterator[str]:
        """Two tests with their thresholds, or a reason for silence."""
        for side in ("first", "second"):
            has = getattr(self, side).test is not None
            if has and self.silent_because.strip():
                yield f"{side} has a test and the table silent_because; give one of them"
            if not has and not self.silent_because.strip():
                yield f"{side} has no test; give one, or silent_because for both sides"
        if not self.silent_because.strip():
            yield from _missing(self, ("computes", "holds", "contradicted", "nearer"))


def _test_or_silence(table: EntryTable, needed: tuple[str, ...]) -> Iterator[str]:
    silent = bool(table.silent_because.strip())
    if silent == (table.test is not None):
        yield "expected a test or silent_because, " + ("not both" if silent else "found neither")
    elif not silent:
        yield from _missing(table, needed)


def _missing(table: EntryTable | ContradictionTable, needed: tuple[str, ...]) -> Iterator[str]:
    for key in needed:
        if getattr(table, key) in (None, ""):
            yield f"{key} is missing; a test needs it"
    if table.holds is not None and table.contradicted is not None and table.holds <= table.contradicted:
        yield f"holds {table.holds:g} is not above contradicted {table.contradicted:g}"


@dataclass(frozen=True)
class Written:
    """The sound tables of one file."""

    entries: dict[str, EntryTable]
    contradictions: dict[str, ContradictionTable]


def read_tables(data: Mapping[str, Any], file: str) -> tuple[Written, list[Fault]]:
    """The entries and contradictions of a file, as far as they are sound, and all faults of the others."""
    entries: dict[str, EntryTable] = {}
    contradictions: dict[str, ContradictionTable] = {}
    faults = [] if data else [Fault(file, "", "holds no entry; each is a table of its own, as [C84]")]
    for name, table in data.items():
        if not _ID.fullmatch(name):
            faults.append(Fault(file, name, "expected a short id of letters, digits, - and _, as C84"))
            continue
        record = ContradictionTable if isinstance(table, Mapping) and "question" in table else EntryTable
        made, found = validate(record, table, file, name)
        faults += found
        if isinstance(made, ContradictionTable):
            contradictions[name] = made
        elif isinstance(made, EntryTable):
            entries[name] = made
    return Written(entries, contradictions), faults


def read_test(data: object, file: str, key: str, kinds: tuple[str, ...] | None = None, depth: int = 0) -> Test:
    """The test of a table, or ValueError's stand-in: a `Faulty` with every fault under its dotted key."""
    allowed = kinds or tuple(KINDS)
    kind = data.get("kind") if isinstance(data, Mapping) else None
    if not isinstance(kind, str) or kind not in allowed:
        raise Faulty([Fault(file, f"{key}.kind", unknown("kind of test", str(kind), allowed))])
    if depth > _DEEPEST:
        raise Faulty([Fault(file, key, f"tests within tests, more than {_DEEPEST} deep")])
    made, faults = validate(KINDS[kind], data, file, key)
    if made is None:
        raise Faulty(faults)
    return made


class Faulty(Exception):
    """Faults of a test, on their way to the others of its file."""

    def __init__(self, faults: list[Fault]):
        super().__init__()
        self.faults = faults
