"""The table of a parameter as its file has it: which of five kinds of backing stands behind it, and how it ranges.

A **figure** is taken as it is, a **formula** is computed from figures and other parameters. An **estimate** is a value
with an interval that somebody found in data. A **bounded** value is known by two ends alone, and its middle is taken by
rule. A **judgement** is ours. How well what was measured is what the symbol means is the *bridge*.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from triangle.base.errors import shorten
from triangle.base.records import Record, boolean, choice, entry, free_text, names, number, number_or_text, text
from triangle.evidence.figure import known_unit
from triangle.model.names import FORM_NAMES

Backing = Literal["figure", "formula", "estimate", "bounded", "judgement"]
Bridge = Literal["strong", "middle", "weak"]
Role = Literal["fact", "uncertainty", "lever"]
Prior = Literal["uniform", "loguniform", "triangular"]


#: Key of the parameter file that gives each backing.
GIVEN_BY: Mapping[str, Backing] = {
    "figure": "figure",
    "formula": "formula",
    "estimate": "estimate",
    "bounded": "bounded",
    "judged": "judgement",
}

#: From which ratio of its ends on an interval spans factors, so that its middle is the geometric one.
SPANS_FACTORS = 2.0

#: Word for an end that the figures' own intervals give.
INTERVAL = "interval"


def _bounds(value: object) -> tuple[float | str, float | str]:
    """Two ends, each a number, a figure or a formula."""
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        raise ValueError(f"found {shorten(value)}; expected [low, high], each a number, a figure or a formula")
    return number_or_text(value[0]), number_or_text(value[1])


def _spread(value: object) -> float:
    """A spread to both sides."""
    if number(value) < 0:
        raise ValueError(f"found {value}; expected a number of at least 0")
    return number(value)


@dataclass(frozen=True, kw_only=True)
class Entry(Record):
    """A table of the parameter file as it is written; see :class:`Parameter` for what it becomes."""

    symbol: str = entry(text)
    meaning: str = entry(text)
    unit: str = entry(known_unit)
    role: Role = entry(choice(*get_args(Role)))
    figure: str | None = entry(text, None)
    formula: str | None = entry(text, None)
    estimate: str | None = entry(text, None)
    bounded: tuple[float | str, float | str] | None = entry(_bounds, None)
    judged: float | None = entry(number, None)
    because: str = entry(free_text, "")
    chooses: str = entry(free_text, "")
    measures: str = entry(free_text, "")
    bridge: str = entry(choice("", *get_args(Bridge)), "")
    anchors: tuple[str, ...] = entry(names, ())
    rivals: tuple[str, ...] = entry(names, ())
    auxiliary: bool = entry(boolean, False)
    anchored: bool = entry(boolean, False)
    low: float | str | None = entry(number_or_text, None)
    high: float | str | None = entry(number_or_text, None)
    spread: float | None = entry(_spread, None)
    hard_low: float | None = entry(number, None)
    hard_high: float | None = entry(number, None)
    prior: Prior = entry(choice(*get_args(Prior)), "uniform")
    prior_because: str = entry(free_text, "")
    form: str | None = entry(choice(*FORM_NAMES), None)

    @property
    def backings(self) -> list[str]:
        """The keys that give a backing."""
        return [key for key in GIVEN_BY if getattr(self, key) is not None]

    @property
    def has_range(self) -> bool:
        """Whether the table gives a range, in whichever way."""
        return not (self.spread is None and self.low is None and self.high is None)

    def problems(self) -> Iterator[str]:
        """Exactly one backing, a reason where one is due, one way of saying the range."""
        if len(self.backings) != 1:
            found = " and ".join(self.backings) if self.backings else "none"
            yield f"found {found}; exactly one of {_OR_BACKING} must stand behind a parameter"
        if self.judged is not None and not self.because.strip():
            yield "a judgement needs its because"
        if (self.estimate is not None or self.bounded is not None) and not (self.because.strip() and self.bridge):
            yield "an estimate or a bounded value needs its because and its bridge (strong, middle or weak)"
        if self.estimate is not None and not self.measures.strip():
            yield "an estimate needs measures: what its source measured"
        if self.judged is not None and self.bridge:
            yield "a judgement has no bridge; there is nothing measured that it could lead from"
        yield from self._range_problems()

    def _range_problems(self) -> Iterator[str]:
        if self.bounded is not None and (self.has_range or self.prior != "uniform"):
            yield "a bounded value has its range and its prior by rule; leave out low, high, spread and prior"
        if self.spread is not None and (self.low is not None or self.high is not None):
            yield "give either low and high, or spread"
        elif self.spread is None and (self.low is None) != (self.high is None):
            yield "low and high must both be given"
        elif self.judged is not None and not self.has_range:
            yield "give either low and high, or spread"
        if (self.prior != "uniform") != bool(self.prior_because):
            yield "a prior other than uniform, and only that, needs its prior_because"


_OR_BACKING = "figure, formula, estimate, bounded and judged"


def middle(low: float, high: float) -> float:
    """The middle of an interval by rule: geometric where it spans factors, else arithmetic.

    >>> middle(1.0, 4.0), middle(4.0, 5.0), middle(0.0, 1.0)
    (2.0, 4.5, 0.5)
    """
    return math.sqrt(low) * math.sqrt(high) if spans_factors(low, high) else 0.5 * (low + high)


def spans_factors(low: float, high: float) -> bool:
    """Whether both ends are positive and one is at least twice the other."""
    return low > 0 and high >= SPANS_FACTORS * low
