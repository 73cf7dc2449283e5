"""What an outcome depends on, as a result: indices with intervals, variance by backing, convergence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from triangle.base.errors import shorten
from triangle.base.intervals import wilson
from triangle.base.records import INLINE, SPARSE, Form, numbers, told
from triangle.measures.asked import Asked
from triangle.measures.cautions import NONE, Cautions
from triangle.measures.factors import BRIDGES, KINDS
from triangle.measures.variance import Backing, Bridged, Interval, Share
from triangle.players.forms import CastField

Floats = NDArray[np.float64]

#: The index by which each method ranks.
MAIN = {"sobol": "total", "morris": "mean_abs", "pawn": "pawn", "delta": "delta"}


def _write_steps(steps: tuple[tuple[int, Floats], ...], found: Sensitivity) -> list[dict[str, Any]]:
    return [{"samples": samples, MAIN[found.method]: values.tolist()} for samples, values in steps]


def _read_steps(steps: list[dict[str, Any]], found: Mapping[str, Any]) -> tuple[tuple[int, Floats], ...]:
    return tuple((int(step["samples"]), numbers(step[MAIN[found["method"]]])) for step in steps)


@dataclass(frozen=True, eq=False, kw_only=True)
class Sensitivity:
    """What an outcome depends on; arrays run over `names`.

    Attributes
    ----------
    outcome, unit : str
    method : str
        ``sobol``, ``morris``, ``pawn`` or ``delta``.
    samples : int
        Base samples, walks or draws.
    evaluations : int
        Games that were computed; 0 on an archive.
    kinds : tuple of str
        What stands behind each factor: ``figure``, ``formula``, ``judgement``, or ``choice`` for a lever; empty where
        an archive does not say.
    bridges : tuple of str
        The weakest bridge that each factor crosses, one of :data:`~triangle.measures.factors.BRIDGES`; empty where an
        archive does not say.
    indices : mapping of str to Interval
        All indices of the method.
    backing : Backing or None
        Variance by kind, of the method ``sobol``.
    bridged : Bridged or None
        The same by bridge.
    convergence : tuple of (int, array)
        The main index over growing numbers of samples.
    inside : str or None
        The region that the draws lie in, with `inside_draws` of `all_draws` in it.
    floor : float or None
        What pure chance gives the main index.
    base : float or None
        The outcome of the scenario itself.
    swings : mapping of str to (float, float)
        The outcome with one factor alone at the low and the high end of its range.
    constant : bool
        Whether the outcome was the same everywhere; all indices are zero then.
    cautions : Cautions
        Who is held, and which draws depend on each other.
    """

    SCHEMA: ClassVar = "triangle.sensitivity/1"

    scenario: str
    title: str
    outcome: str
    unit: str
    method: Literal["sobol", "morris", "pawn", "delta"]
    samples: int
    evaluations: int
    seed: int
    mean: float
    deviation: float
    constant: bool
    inside: str | None = None
    inside_draws: int = 0
    all_draws: int = 0
    floor: float | None = None
    base: float | None = None
    archive: bool = False
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    bridges: Annotated[tuple[str, ...], SPARSE] = ()
    indices: Mapping[str, Interval]
    backing: Backing | None
    bridged: Annotated[Bridged | None, SPARSE] = None
    convergence: Annotated[tuple[tuple[int, Floats], ...], Form(_write_steps, _read_steps)]
    swings: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    cautions: Annotated[Cautions, INLINE] = NONE
    cast: CastField

    def problems(self) -> Iterator[str]:
        """What does not fit together."""
        backing = self.backing
        pairs = {f"{a} × {b}" for a in KINDS for b in KINDS}
        of_backing = set() if backing is None else {*backing.first, *backing.total, *(set(backing.between) - pairs)}
        arrays = [end for index in self.indices.values() for end in (index.value, index.low, index.high)]
        arrays += [values for _, values in self.convergence]
        if MAIN[self.method] not in self.indices:
            yield f"the index {MAIN[self.method]!r} of method {self.method} is missing"
        if self.method == "sobol" and (backing is None or "first" not in self.indices):
            yield "the variance by backing, or the index 'first', of method sobol is missing"
        if any(array is not None and array.shape != (len(self.names),) for array in arrays):
            yield f"an index is not of {len(self.names)} numbers, one for each of the names"
        if len(self.kinds) not in (0, len(self.names)) or not {*self.kinds, *of_backing} <= set(KINDS):
            found = shorten([*self.kinds, *of_backing])
            yield f"found the kinds {found}; expected one of {', '.join(KINDS)} for each name"
        of_bridges = set() if self.bridged is None else {*self.bridged.first, *self.bridged.total}
        if len(self.bridges) not in (0, len(self.names)) or not {*self.bridges, *of_bridges} <= set(BRIDGES):
            found = shorten([*self.bridges, *of_bridges])
            yield f"found the bridges {found}; expected one of {', '.join(BRIDGES)} for each name"
        if not set(self.swings) <= set(self.names):
            yield f"found the swings {shorten([*self.swings])}, which are not all of the names"

    @property
    def main(self) -> Interval:
        """The index by which the method ranks."""
        return self.indices[MAIN[self.method]]

    @property
    def ranking(self) -> list[int]:
        """Places of the factors, the most influential first; ties in the order of the parameter file."""
        value = self.main.value
        # What is apart by rounding only is a tie: factors that move nothing are not ranked by the order of sums.
        size = np.nanmax(np.abs(value), initial=0.0) or 1.0
        return [int(i) for i in np.argsort(-np.round(value / size, 12), kind="stable")]

    @property
    @told(name="ranking")
    def ranked(self) -> list[str]:
        """The factors, the most influential first."""
        return [self.names[i] for i in self.ranking]

    @property
    def by_backing(self) -> dict[str, float]:
        """Share of the variance that each kind accounts for by itself, not below 0; empty for other methods than sobol.

        What is left to 1 are interactions between kinds.
        """
        return {} if self.backing is None else {k: max(0.0, share.value) for k, share in self.backing.first.items()}

    @property
    @told()
    def inside_share(self) -> Share | None:
        """Share of the draws that lie in the region, with Wilson's interval."""
        if self.inside is None:
            return None
        return Share(self.inside_draws / self.all_draws, *wilson(self.inside_draws, self.all_draws))

    def _value(self, name: str, end: str) -> Floats | None:
        index = self.indices.get(name)
        found: Floats | None = None if index is None else getattr(index, end)
        return found

    @property
    def first(self) -> Floats | None:
        """First-order index, or None where the method has none."""
        return self._value("first", "value")

    @property
    def first_low(self) -> Floats | None:
        """Lower end of its interval."""
        return self._value("first", "low")

    @property
    def first_high(self) -> Floats | None:
        """Upper end of its interval."""
        return self._value("first", "high")

    @property
    def total(self) -> Floats | None:
        """Total index, or None where the method has none."""
        return self._value("total", "value")

    @property
    def total_low(self) -> Floats | None:
        """Lower end of its interval."""
        return self._value("total", "low")

    @property
    def total_high(self) -> Floats | None:
        """Upper end of its interval."""
        return self._value("total", "high")

    @property
    def mean_abs(self) -> Floats | None:
        """Mean absolute elementary effect, or None where the method has none."""
        return self._value("mean_abs", "value")


@dataclass(frozen=True, kw_only=True)
class Answered:
    """One of the questions that are asked where none is named, with what it depends on."""

    asked: Asked
    sensitivity: Sensitivity


@dataclass(frozen=True, kw_only=True)
class Sensitivities:
    """What the answers to the default questions depend on."""

    SCHEMA: ClassVar = "triangle.sensitivities/1"

    cast: CastField
    answers: tuple[Answered, ...]
