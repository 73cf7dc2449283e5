"""Where an event happens, as a result: boxes and leaves counted on fresh draws, the trajectory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

from triangle.base.intervals import wilson
from triangle.base.records import INLINE, told
from triangle.measures.cautions import NONE, Cautions
from triangle.players.forms import CastField


@dataclass(frozen=True)
class Count:
    """How many draws a box holds, how many of them have the event, and how many have it anywhere."""

    draws: int
    events: int
    all_events: int

    def problems(self) -> Iterator[str]:
        """What cannot be counted so."""
        if not 0 <= self.events <= min(self.draws, self.all_events):
            yield f"found {self.events} events in {self.draws} draws and {self.all_events} events in all"

    @property
    @told()
    def coverage(self) -> float:
        """Share of the draws with the event that the box holds."""
        return self.events / self.all_events if self.all_events else 0.0

    @property
    @told()
    def coverage_interval(self) -> tuple[float, float]:
        """Wilson's interval of the coverage, 95 %."""
        return wilson(self.events, self.all_events)

    @property
    @told()
    def density(self) -> float:
        """Share of the box's draws that have the event."""
        return self.events / self.draws if self.draws else 0.0

    @property
    @told()
    def density_interval(self) -> tuple[float, float]:
        """Wilson's interval of the density, 95 %."""
        return wilson(self.events, self.draws)


@dataclass(frozen=True)
class Restriction:
    """A parameter's part of a box, within the range that was drawn; an end that is None is not restricted.

    `quasi_p` is the chance of so many events without the restriction, on the second set; None in a tree.
    """

    parameter: str
    unit: str
    low: float | None
    high: float | None
    range_low: float
    range_high: float
    quasi_p: float | None = None


@dataclass(frozen=True)
class FoundBox:
    """A box or a leaf: its restrictions, counted where it was found and on fresh draws."""

    limits: tuple[Restriction, ...]
    found: Count
    fresh: Count

    @property
    def coverage(self) -> float:
        """Coverage on fresh draws."""
        return self.fresh.coverage

    @property
    def density(self) -> float:
        """Density on fresh draws."""
        return self.fresh.density


@dataclass(frozen=True)
class TrajectoryStep:
    """One box of the first trajectory: where it was peeled, and on the second set."""

    dimensions: int
    coverage: float
    density: float
    checked_coverage: float
    checked_density: float


@dataclass(frozen=True, kw_only=True)
class Discovery:
    """Where in the space of parameters an event happens.

    Attributes
    ----------
    event : str
    samples : int
        Draws of each set.
    base : Count
        All fresh draws.
    boxes : tuple of FoundBox
        In the order in which they were found; draws of earlier ones do not count in later ones.
    together : Count
        All boxes together, on fresh draws.
    tree : tuple of FoundBox
        Leaves, the densest first.
    trajectory : tuple of TrajectoryStep
        Of the first box.
    note : str
        Why there is no box, where there is none.
    cautions : Cautions
        Who is held, and which draws depend on each other.
    """

    SCHEMA: ClassVar = "triangle.discovery/1"

    scenario: str
    title: str
    event: str
    seed: int
    samples: int
    evaluations: int
    wanted_density: float
    note: str = ""
    archive: bool = False
    names: tuple[str, ...]
    base: Count
    together: Count
    boxes: tuple[FoundBox, ...]
    tree: tuple[FoundBox, ...]
    trajectory: tuple[TrajectoryStep, ...]
    cautions: Annotated[Cautions, INLINE] = NONE
    cast: CastField

    @property
    @told(after="trajectory")
    def reaches_density(self) -> bool:
        """Whether some box is, on fresh draws, as dense as was asked for."""
        return any(box.density >= self.wanted_density for box in self.boxes)

    def shortfall(self, told: Callable[..., str] = str.format, digits: Callable[[str], str] = str) -> str:
        """That no box is as dense as was asked for, where there are boxes and this is so; else an empty text.

        `told` fills a template, and `digits` writes a number, as in :mod:`triangle.showing.phrases`.
        """
        if not self.boxes or self.reaches_density:
            return ""
        best = max(box.density for box in self.boxes)
        lacking = told("" if best > 0.5 else "; in all of them most draws lack the event")
        return told(
            "No box reaches the density asked for: {wanted} was wanted, the densest has {best} on fresh draws, against "
            "{everywhere} everywhere{lacking}.",
            wanted=digits(f"{self.wanted_density:.1%}"),
            best=digits(f"{best:.1%}"),
            everywhere=digits(f"{self.base.density:.1%}"),
            lacking=lacking,
        )
