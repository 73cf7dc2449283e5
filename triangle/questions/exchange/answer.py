"""What an imported sheet changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import ClassVar

from triangle.scenarios.scenario import Change, Scenario


@dataclass(frozen=True)
class Changed:
    """A change, with null for what it does not say."""

    parameter: str
    base: float
    value: float
    because: str
    scenario: str
    figure: str | None
    formula: str | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Imported:
    """The scenario file that was written, its base, and the changes in it."""

    SCHEMA: ClassVar = "triangle.import/1"

    out: str
    base: str
    changes: tuple[Changed, ...]


def imported(out: Path, base: Scenario, changes: Sequence[Change]) -> Imported:
    """What was imported into a file."""
    return Imported(str(out), base.name, tuple(Changed(**asdict(change)) for change in changes))
