"""A documented number and the document it stands in; neither can be made without its source."""

import sys
from typing import Literal

from pydantic import Field, field_validator, model_validator

from triangle.errors import shorten, unknown
from triangle.evidence.units import UNITS
from triangle.files import FreeText, Names, Number, Record, Text

Bound = Literal["exact", "approx", "at_least", "at_most", "more_than", "less_than"]
Kind = Literal["measurement", "count", "date", "forecast", "threat", "estimate"]

#: How each bound is read before a value.
BOUND_WORDS = {
    "exact": "",
    "approx": "about ",
    "at_least": "at least ",
    "at_most": "at most ",
    "more_than": "more than ",
    "less_than": "less than ",
}


class Source(Record):
    """A document, or an external series: who says so, when, and whether the date had to be inferred."""

    key: Text
    title: Text
    author: Text
    publisher: Text
    date: Text
    date_inferred: bool = False
    inferred_from: FreeText = ""
    language: Literal["de", "en"]
    kind: Literal["document", "external"]
    file: FreeText = ""
    reference: FreeText = ""
    note: FreeText = ""

    @model_validator(mode="after")
    def _inferred_dates_say_from_what(self) -> "Source":
        if self.date_inferred and not self.inferred_from:
            raise ValueError("date_inferred is true but inferred_from does not say from what")
        return self

    def __str__(self) -> str:
        return f"{self.author}, {self.title} ({self.publisher}, {self.date})"


class Figure(Record):
    """A documented number: a value or a range, its unit, what it is about, and where it stands.

    A figure of a document names the `line`; an external one names its `year` and the `locator` in the series.
    `conflicts_with` lists figures that give another value for the same thing, `rivals` those that measure the same
    concept in another way; both relations are symmetric.
    """

    id: Text
    source: Text
    value: Number | tuple[Number, Number]
    unit: Text
    of: FreeText = ""
    bound: Bound = "exact"
    period: Text
    subject: Text
    line: int | None = Field(default=None, ge=1, le=1_000_000, strict=True)
    locator: FreeText = ""
    year: int | None = Field(default=None, ge=1900, le=2100, strict=True)
    paraphrase: Text
    kind: Kind
    conflicts_with: Names = ()
    rivals: Names = ()
    caution: FreeText = ""

    @field_validator("value", mode="before")
    @classmethod
    def _a_number_or_a_range(cls, value: object) -> object:
        parts = list(value) if isinstance(value, (list, tuple)) else [value]
        numbers = [n for n in parts if isinstance(n, (int, float)) and not isinstance(n, bool)]
        if len(numbers) != len(parts) or len(numbers) != (2 if isinstance(value, (list, tuple)) else 1):
            raise ValueError(f"found {shorten(value)}; expected a number or [low, high]")
        if not all(-sys.float_info.max <= n <= sys.float_info.max for n in numbers):
            raise ValueError(f"found {shorten(value)}; expected finite numbers")
        if numbers[0] > numbers[-1]:
            raise ValueError(f"found {shorten(value)}; expected [low, high] with low <= high")
        return tuple(numbers) if len(numbers) == 2 else numbers[0]

    @field_validator("unit")
    @classmethod
    def _a_known_unit(cls, unit: str) -> str:
        if unit not in UNITS:
            raise ValueError(unknown("unit", unit, UNITS))
        return unit

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
