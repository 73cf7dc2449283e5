"""Where an event happens, as a result: boxes and leaves counted on fresh draws, the trajectory; and its file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from triangle.base.errors import BadInput, Fault, shorten
from triangle.base.intervals import wilson
from triangle.base.store import fields, read_result, texts
from triangle.measures.cautions import NONE, Cautions, cautions_from_json

SCHEMA = "triangle.discovery/1"


@dataclass(frozen=True)
class Count:
    """How many draws a box holds, how many of them have the event, and how many have it anywhere."""

    draws: int
    events: int
    all_events: int

    @property
    def coverage(self) -> float:
        """Share of the draws with the event that the box holds."""
        return self.events / self.all_events if self.all_events else 0.0

    @property
    def density(self) -> float:
        """Share of the box's draws that have the event."""
        return self.events / self.draws if self.draws else 0.0

    @property
    def coverage_interval(self) -> tuple[float, float]:
        """Wilson's interval of the coverage, 95 %."""
        return wilson(self.events, self.all_events)

    @property
    def density_interval(self) -> tuple[float, float]:
        """Wilson's interval of the density, 95 %."""
        return wilson(self.events, self.draws)

    def as_json(self) -> dict[str, Any]:
        """Counts, shares and intervals."""
        return {
            "draws": self.draws,
            "events": self.events,
            "all_events": self.all_events,
            "coverage": self.coverage,
            "coverage_interval": list(self.coverage_interval),
            "density": self.density,
            "density_interval": list(self.density_interval),
        }


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


@dataclass(frozen=True)
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

    scenario: str
    title: str
    event: str
    seed: int
    samples: int
    evaluations: int
    names: tuple[str, ...]
    wanted_density: float
    base: Count
    boxes: tuple[FoundBox, ...]
    together: Count
    tree: tuple[FoundBox, ...]
    trajectory: tuple[TrajectoryStep, ...]
    note: str = ""
    archive: bool = False
    cautions: Cautions = NONE

    @property
    def reaches_density(self) -> bool:
        """Whether some box is, on fresh draws, as dense as was asked for."""
        return any(box.density >= self.wanted_density for box in self.boxes)

    @property
    def shortfall(self) -> str:
        """That no box is as dense as was asked for, where there are boxes and this is so; else an empty text."""
        if not self.boxes or self.reaches_density:
            return ""
        best = max(box.density for box in self.boxes)
        lacking = "" if best > 0.5 else "; in all of them most draws lack the event"
        return (
            f"No box reaches the density asked for: {self.wanted_density:.1%} was wanted, the densest has {best:.1%} "
            f"on fresh draws, against {self.base.density:.1%} everywhere{lacking}."
        )

    def as_json(self) -> dict[str, Any]:
        """Everything, for a file; see :func:`discovery_from_json`."""
        return {
            "schema": SCHEMA,
            **{name: getattr(self, name) for name in _PLAIN},
            "names": list(self.names),
            "base": self.base.as_json(),
            "together": self.together.as_json(),
            "boxes": [_box_json(box) for box in self.boxes],
            "tree": [_box_json(box) for box in self.tree],
            "trajectory": [vars(step).copy() for step in self.trajectory],
            "reaches_density": self.reaches_density,
            **self.cautions.as_json(),
        }


#: Fields that JSON holds as they are.
_PLAIN: dict[str, Any] = {
    "scenario": str,
    "title": str,
    "event": str,
    "seed": int,
    "samples": int,
    "evaluations": int,
    "wanted_density": float,
    "note": str,
    "archive": bool,
}

_COUNT: dict[str, Any] = {"draws": int, "events": int, "all_events": int}
_RESTRICTION: dict[str, Any] = {
    "parameter": str,
    "unit": str,
    "low": float | None,
    "high": float | None,
    "range_low": float,
    "range_high": float,
    "quasi_p": float | None,
}
_STEP: dict[str, Any] = {
    "dimensions": int,
    "coverage": float,
    "density": float,
    "checked_coverage": float,
    "checked_density": float,
}


def _box_json(box: FoundBox) -> dict[str, Any]:
    return {
        "limits": [vars(limit).copy() for limit in box.limits],
        "found": box.found.as_json(),
        "fresh": box.fresh.as_json(),
    }


def load_discovery(path: Path) -> Discovery:
    """A result that was written to a file."""
    try:
        return discovery_from_json(read_result(path, SCHEMA))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadInput(Fault(path.name, "", f"this result is damaged: {shorten(str(error))}")) from None


def discovery_from_json(data: Mapping[str, Any]) -> Discovery:
    """The inverse of :meth:`Discovery.as_json`."""
    return Discovery(
        **fields(data, _PLAIN),
        names=texts(data["names"]),
        base=_count(data["base"]),
        together=_count(data["together"]),
        boxes=tuple(map(_box, data["boxes"])),
        tree=tuple(map(_box, data["tree"])),
        trajectory=tuple(TrajectoryStep(**fields(step, _STEP)) for step in data["trajectory"]),
        cautions=cautions_from_json(data),
    )


def _count(data: Mapping[str, Any]) -> Count:
    count = Count(**fields(data, _COUNT))
    if not 0 <= count.events <= min(count.draws, count.all_events):
        raise ValueError("more events than draws")
    return count


def _box(data: Mapping[str, Any]) -> FoundBox:
    limits = tuple(Restriction(**fields(limit, _RESTRICTION)) for limit in data["limits"])
    return FoundBox(limits, _count(data["found"]), _count(data["fresh"]))
