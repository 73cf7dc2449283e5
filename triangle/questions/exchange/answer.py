"""What an imported sheet changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from triangle.scenarios.scenario import Scenario
from triangle.scenarios.sheet import SheetChange


@dataclass(frozen=True)
class Imported:
    """The scenario file that was written, its base, and the changes in it."""

    SCHEMA: ClassVar = "triangle.import/1"

    out: str
    base: str
    changes: tuple[SheetChange, ...]


def imported(out: Path, base: Scenario, changes: Sequence[SheetChange]) -> Imported:
    """What was imported into a file."""
    return Imported(str(out), base.name, tuple(changes))
