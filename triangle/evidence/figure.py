"""A documented number and the document it stands in; neither can be made without its source."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal, get_args

from triangle.base.errors import shorten, unknown
from triangle.base.records import (
    SPARSE,
    Record,
    boolean,
    choice,
    entry,
    free_text,
    names,
    number,
    number_or_text,
    text,
    whole,
)
from triangle.base.shown import Shown
from triangle.evidence.units import UNITS

Bound = Literal["exact", "approx", "at_least", "at_most", "more_than", "less_than"]
Kind = Literal["measurement", "count", "date", "forecast", "threat", "estimate"]

#: How an external figure was checked: read in the source or a copy of it, read in a report of it, computed by us from a
#: public data set, or not at all; what was not checked is refused.
Verified = Literal["copy", "report", "computed", "no"]

#: What stands for the author or publisher of a text that does not name one.
UNNAMED = "not named in the text"

#: How each bound is read before a value.
BOUND_WORDS = {
    "exact": "",
    "approx": "about ",
    "at_least": "at least ",
    "at_most": "at most ",
    "more_than": "more than ",
    "less_than": "less than ",
}


def _value(value: object) -> float | tuple[float, float]:
    """A number, or a range of two."""
    if not isinstance(value, (list, tuple)):
        return number(value)
    if len(value) != 2:
        raise ValueError(f"found {shorten(value)}; expected a number or [low, high]")
    low, high = number(value[0]), number(value[1])
    if low > high:
        raise ValueError(f"found {shorten(value)}; expected [low, high] with low <= high")
    return low, high


def _interval(value: object) -> tuple[float, float]:
    """Two ends in order."""
    ends = _value(value)
    if not isinstance(ends, tuple):
        raise ValueError(f"found {shorten(value)}; expected [low, high]")
    return ends


def _level(value: object) -> float | str:
    """The probability that an interval claims to hold, or in words what spans it."""
    found = number_or_text(value)
    if not isinstance(found, str) and not 0.5 <= found < 1:
        raise ValueError(f"found {found:g}; expected a probability such as 0.95, or in words what spans the interval")
    return found


def known_unit(value: object) -> str:
    """A unit of the closed list."""
    if text(value) not in UNITS:
        raise ValueError(unknown("unit", str(value), UNITS))
    return str(value)


@dataclass(frozen=True, kw_only=True)
class Source(Record):
    """A document, or an external series: who says so, when, and whether the date had to be inferred."""

    key: str = entry(text)
    title: str = entry(text)
    author: str = entry(text)
    publisher: str = entry(text)
    date: str = entry(text)
    date_inferred: bool = entry(boolean, False)
    inferred_from: str = entry(free_text, "")
    language: str = entry(choice("de", "en"))
    kind: str = entry(choice("document", "external"))
    file: str = entry(free_text, "")
    reference: str = entry(free_text, "")
    note: str = entry(free_text, "")

    def problems(self) -> Iterator[str]:
        """An inferred date says from what."""
        if self.date_inferred and not self.inferred_from:
            yield "date_inferred is true but inferred_from does not say from what"

    @property
    def by(self) -> str:
        """Who says so: the author, or the publisher of a text that names none."""
        return self.publisher if self.author == UNNAMED else self.author

    def __str__(self) -> str:
        return f"{self.by}, {self.title} ({self.publisher}, {self.date})"


@dataclass(frozen=True, kw_only=True)
class Figure(Record, Shown):
    """A documented number: a value or a range, its unit, what it is about, and where it stands.

    A figure of a document names the `line`; an external one names its `year` and the `locator` in the series.
    `conflicts_with` lists figures that give another value for the same thing, `rivals` those that measure the same
    concept in another way; both relations are symmetric. An estimate carries its `interval`, the `level` of it (a
    probability, or what it spans), the `sample` that it was made from and the `reference` that it stands in. `context`
    says of a figure that enters nothing why.
    """

    id: str = entry(text)
    source: str = entry(text)
    value: float | tuple[float, float] = entry(_value)
    unit: str = entry(known_unit)
    of: str = entry(free_text, "")
    bound: str = entry(choice(*get_args(Bound)), "exact")
    period: str = entry(text)
    subject: str = entry(text)
    line: int | None = entry(whole(1, 1_000_000), None)
    locator: str = entry(free_text, "")
    year: int | None = entry(whole(1900, 2100), None)
    paraphrase: str = entry(text)
    kind: str = entry(choice(*get_args(Kind)))
    conflicts_with: tuple[str, ...] = entry(names, ())
    rivals: tuple[str, ...] = entry(names, ())
    caution: str = entry(free_text, "")
    interval: Annotated[tuple[float, float] | None, SPARSE] = entry(_interval, None)
    level: Annotated[float | str | None, SPARSE] = entry(_level, None)
    sample: Annotated[str, SPARSE] = entry(free_text, "")
    reference: Annotated[str, SPARSE] = entry(free_text, "")
    verified: Annotated[str, SPARSE] = entry(choice("", *get_args(Verified)), "")
    context: str = entry(free_text, "")

    def problems(self) -> Iterator[str]:
        """An estimate says how sure it is, of how much, and where it stands."""
        told = {"interval": self.interval, "level": self.level, "sample": self.sample, "reference": self.reference}
        missing = [name for name, value in told.items() if not value]
        if self.kind == "estimate" and missing:
            yield f"an estimate needs {', '.join(told)}; missing: {', '.join(missing)}"
        if self.interval is not None and not self.interval[0] <= self.low <= self.high <= self.interval[1]:
            low, high = self.interval
            yield f"the value lies outside its own interval {low:g} to {high:g}"

    @property
    def low(self) -> float:
        """The value, or the lower end of the range."""
        return self.value[0] if isinstance(self.value, tuple) else self.value

    @property
    def high(self) -> float:
        """The value, or the upper end of the range."""
        return self.value[1] if isinstance(self.value, tuple) else self.value

    @property
    def number(self) -> float:
        """The value, or the middle of the range."""
        return 0.5 * (self.low + self.high)

    @property
    def place(self) -> str:
        """Where in its source the figure stands."""
        return f"line {self.line}" if self.line is not None else self.locator

    def __str__(self) -> str:
        number = f"{self.low:,.10g}"
        if self.unit in ("calendar year", "rank"):
            number = f"{self.low:.10g}"
        if self.high != self.low:
            number += f"–{self.high:,.10g}" if self.unit != "calendar year" else f"–{self.high:.10g}"
        return f"{BOUND_WORDS[self.bound]}{number} {self.unit}"
