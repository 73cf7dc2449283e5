"""Records made of strangers' tables: each key has a check, and all that is wrong with a table is said at once.

A record is a frozen dataclass whose fields carry a check: a function that returns the value, made plain, or raises
ValueError with what was found and what was expected. A record cannot be made with a value that its check refuses.

A general library would do the same; it would also take longer to load than all the rest of the command line.
"""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any, TypeVar

from triangle.base.errors import Fault, capped, shorten, unknown

#: What no text may hold: control characters but for line ends and tabs, and marks that turn the direction of writing.
_STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")

#: Largest number that is read, either side of zero; sums and products of such numbers stay finite.
LARGEST = 1e15

#: Longest text, and longest list of names.
LONGEST_TEXT, MOST_NAMES = 20_000, 100

Check = Callable[[Any], Any]
Problem = tuple[tuple[str, ...], str]


def number(value: object) -> float:
    """A number of sensible size: no NaN, no infinity, no text and no truth value in its place."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(f"found {shorten(value)}; expected a number of at most {LARGEST:g}")
    if value != value or abs(value) == float("inf"):
        raise ValueError(f"found {shorten(value)}; expected a finite number")
    if abs(value) > LARGEST:
        raise ValueError(f"found {shorten(value)}; expected a number of at most {LARGEST:g}")
    return float(value)


def number_in(written: str) -> float:
    """The number that a text is, by the one rule for options and files: digits 0 to 9, a point, no separators.

    >>> number_in(" 1e-3 ")
    0.001
    """
    if not written.isascii() or "_" in written:
        raise ValueError(f"found {shorten(written)}; expected a number in digits 0 to 9, without separators")
    return float(written)


def free_text(value: object) -> str:
    """A text, possibly empty, without characters that a terminal would obey."""
    if not isinstance(value, str):
        raise ValueError(f"found {shorten(value)}; expected a text")
    if len(value) > LONGEST_TEXT:
        raise ValueError(f"found {shorten(value)}; expected a text of at most {LONGEST_TEXT:,} characters")
    steering = _STEERING.search(value)
    if steering:
        raise ValueError(f"found the control character {steering[0]!a}; expected plain text")
    return value


def text(value: object) -> str:
    """A text that says something."""
    if not free_text(value).strip():
        raise ValueError(f"found {shorten(value)}; expected some text")
    return str(value)


def names(value: object) -> tuple[str, ...]:
    """A list of texts."""
    if not isinstance(value, (list, tuple)):
        raise ValueError(f"found {shorten(value)}; expected a list")
    if len(value) > MOST_NAMES:
        raise ValueError(f"found {shorten(value)}; expected a list of at most {MOST_NAMES} items")
    return tuple(_item(place, item) for place, item in enumerate(value, 1))


def _item(place: int, value: object) -> str:
    try:
        return text(value)
    except ValueError as error:
        raise ValueError(f"item {place}: {error}") from None


def number_or_text(value: object) -> float | str:
    """A number, or the name of something that has one."""
    return text(value) if isinstance(value, str) else number(value)


def boolean(value: object) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise ValueError(f"found {shorten(value)}; expected true or false")
    return value


def date(value: object) -> datetime.date:
    """A date."""
    if not isinstance(value, datetime.date) or isinstance(value, datetime.datetime):
        raise ValueError(f"found {shorten(value)}; expected a date, as 2025-03-15 without quotation marks")
    return value


def choice(*words: str) -> Check:
    """One of a few words."""

    def check(value: object) -> str:
        if not isinstance(value, str) or value not in words:
            raise ValueError(f"found {shorten(value)}; expected one of {', '.join(map(repr, words))}")
        return value

    return check


def whole(low: int, high: int) -> Check:
    """A whole number within bounds."""

    def check(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ValueError(f"found {shorten(value)}; expected a whole number from {low:,} to {high:,}")
        return value

    return check


def entry(check: Check | type[Record], default: Any = dataclasses.MISSING, many: bool = False) -> Any:
    """A key of a record: its check, or the record of a table inside, or with `many` of every table inside one."""
    metadata = {"check": check, "many": many}
    if callable(default) and default is not dataclasses.MISSING:
        return dataclasses.field(default_factory=default, metadata=metadata)
    return dataclasses.field(default=default, metadata=metadata)


class Record:
    """Base of the frozen dataclasses that are made of tables; keys that a record does not know are refused."""

    __dataclass_fields__: dict[str, dataclasses.Field[Any]]

    def __post_init__(self) -> None:
        """Refuse what a field's check or a rule of the record refuses."""
        for name, described in self.__dataclass_fields__.items():
            value = getattr(self, name)
            if _is_table(described) or value is described.default:
                continue
            try:
                object.__setattr__(self, name, described.metadata["check"](value))
            except ValueError as error:
                raise ValueError(f"{name}: {error}") from None
        for message in self.problems():
            raise ValueError(message)

    def problems(self) -> Iterator[str]:
        """What is wrong with the record as a whole, where each value by itself is sound."""
        return iter(())


R = TypeVar("R", bound=Record)


def _is_table(described: dataclasses.Field[Any]) -> bool:
    return isinstance(described.metadata["check"], type)


def validate(record: type[R], data: object, file: str, key: str) -> tuple[R | None, list[Fault]]:
    """The record made of `data`, or None and all its faults, each under its dotted key."""
    problems: list[Problem] = []
    made = _read(record, data, (key,) if key else (), problems)
    faults = (Fault(file, ".".join(place), message) for place, message in problems)
    return (made, []) if not problems else (None, capped(faults, file))


def _read(record: type[R], data: object, place: tuple[str, ...], problems: list[Problem]) -> R | None:
    """The record, or None; what is wrong is added to `problems`."""
    if not isinstance(data, Mapping):
        problems.append((place, f"found {shorten(data)}; expected a table"))
        return None
    known, before = record.__dataclass_fields__, len(problems)
    problems.extend(((*place, str(name)), unknown("key", name, known)) for name in data if name not in known)
    values: dict[str, Any] = {}
    for name, described in known.items():
        if name in data:
            values[name] = _value(described, data[name], (*place, name), problems)
        elif described.default is described.default_factory is dataclasses.MISSING:
            problems.append(((*place, name), "missing; this key is required"))
        elif described.default is not dataclasses.MISSING:
            values[name] = described.default
        else:
            values[name] = described.default_factory()  # type: ignore[operator]
    if len(problems) > before:
        return None
    made = _of_checked(record, values)
    problems.extend((place, message) for message in islice(made.problems(), 1))
    return made if len(problems) == before else None


def _of_checked(record: type[R], values: dict[str, Any]) -> R:
    """A record of values that have passed their checks, which its constructor would repeat."""
    made = object.__new__(record)
    made.__dict__.update(values)
    return made


def _value(described: dataclasses.Field[Any], value: object, place: tuple[str, ...], problems: list[Problem]) -> Any:
    """A value that passed its check; what is wrong is added to `problems`."""
    check = described.metadata["check"]
    if described.metadata["many"]:
        if isinstance(value, Mapping):
            return {name: _read(check, table, (*place, str(name)), problems) for name, table in value.items()}
        problems.append((place, f"found {shorten(value)}; expected a table"))
        return None
    if isinstance(check, type):
        return _read(check, value, place, problems)
    try:
        return check(value)
    except ValueError as error:
        problems.append((place, str(error)))
        return None
