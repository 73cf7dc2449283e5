"""What an outcome depends on, as a result: indices with intervals, variance by backing, convergence; and its file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triangle.base.errors import BadInput, Fault, shorten
from triangle.base.intervals import wilson
from triangle.base.store import fields, numbers, read_result, texts
from triangle.measures.cautions import NONE, Cautions, cautions_from_json
from triangle.measures.factors import KINDS
from triangle.measures.variance import Backing, Interval, Share

Floats = NDArray[np.float64]

SCHEMA = "triangle.sensitivity/1"

#: The index by which each method ranks.
MAIN = {"sobol": "total", "morris": "mean_abs", "pawn": "pawn", "delta": "delta"}


@dataclass(frozen=True, eq=False)
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
    indices : mapping of str to Interval
        All indices of the method.
    backing : Backing or None
        Variance by kind, of the method ``sobol``.
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

    scenario: str
    title: str
    outcome: str
    unit: str
    method: str
    samples: int
    evaluations: int
    seed: int
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    indices: Mapping[str, Interval]
    backing: Backing | None
    convergence: tuple[tuple[int, Floats], ...]
    mean: float
    deviation: float
    constant: bool
    inside: str | None = None
    inside_draws: int = 0
    all_draws: int = 0
    floor: float | None = None
    base: float | None = None
    swings: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    archive: bool = False
    cautions: Cautions = NONE

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
    def by_backing(self) -> dict[str, float]:
        """Share of the variance that each kind accounts for by itself, not below 0; empty for other methods than sobol.

        What is left to 1 are interactions between kinds.
        """
        return {} if self.backing is None else {k: max(0.0, share.value) for k, share in self.backing.first.items()}

    @property
    def inside_share(self) -> tuple[float, float, float] | None:
        """Share of the draws that lie in the region, with Wilson's interval."""
        if self.inside is None:
            return None
        return (self.inside_draws / self.all_draws, *wilson(self.inside_draws, self.all_draws))

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

    @property
    def mean_abs_low(self) -> Floats | None:
        """Lower end of its interval."""
        return self._value("mean_abs", "low")

    @property
    def mean_abs_high(self) -> Floats | None:
        """Upper end of its interval."""
        return self._value("mean_abs", "high")

    def as_json(self) -> dict[str, Any]:
        """Everything, for a file; see :func:`sensitivity_from_json`."""
        plain = {name: getattr(self, name) for name in _PLAIN}
        return {
            "schema": SCHEMA,
            **plain,
            "names": list(self.names),
            "kinds": list(self.kinds),
            "indices": {name: _interval_json(index) for name, index in self.indices.items()},
            "backing": None if self.backing is None else _backing_json(self.backing),
            "convergence": [{"samples": n, MAIN[self.method]: values.tolist()} for n, values in self.convergence],
            "swings": {name: list(ends) for name, ends in self.swings.items()},
            **self.cautions.as_json(),
        }


#: Fields that JSON holds as they are.
_PLAIN: dict[str, Any] = {
    "scenario": str,
    "title": str,
    "outcome": str,
    "unit": str,
    "method": str,
    "samples": int,
    "evaluations": int,
    "seed": int,
    "mean": float,
    "deviation": float,
    "constant": bool,
    "inside": str | None,
    "inside_draws": int,
    "all_draws": int,
    "floor": float | None,
    "base": float | None,
    "archive": bool,
}


def _interval_json(index: Interval) -> dict[str, list[float] | None]:
    return {
        "value": index.value.tolist(),
        "low": None if index.low is None else index.low.tolist(),
        "high": None if index.high is None else index.high.tolist(),
    }


def _share_json(share: Share) -> dict[str, float]:
    return {"value": share.value, "low": share.low, "high": share.high}


def _backing_json(backing: Backing) -> dict[str, Any]:
    tables = ((name, getattr(backing, name)) for name in ("first", "total", "between"))
    return {
        **{name: {kind: _share_json(share) for kind, share in table.items()} for name, table in tables},
        "higher": _share_json(backing.higher),
    }


def load_sensitivity(path: Path) -> Sensitivity:
    """A result that was written to a file."""
    try:
        return sensitivity_from_json(read_result(path, SCHEMA))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadInput(Fault(path.name, "", f"this result is damaged: {shorten(str(error))}")) from None


def sensitivity_from_json(data: Mapping[str, Any]) -> Sensitivity:
    """The inverse of :meth:`Sensitivity.as_json`."""
    plain, names, kinds = fields(data, _PLAIN), texts(data["names"]), texts(data["kinds"])
    n, main = len(names), MAIN[plain["method"]]
    if len(kinds) not in (0, n) or not set(kinds) <= set(KINDS) or not set(data["swings"]) <= set(names):
        raise ValueError("kinds and swings are not those of the names")
    backing = data["backing"]
    shares = {} if backing is None else {part: _shares(backing[part]) for part in ("first", "total", "between")}
    indices = {str(name): _interval(index, n) for name, index in data["indices"].items()}
    if main not in indices or (plain["method"] == "sobol" and (backing is None or "first" not in indices)):
        raise ValueError("the indices are not those of the method")
    return Sensitivity(
        **plain,
        names=names,
        kinds=kinds,
        indices=indices,
        backing=None if backing is None else Backing(**shares, higher=_share(backing["higher"])),
        convergence=tuple((int(step["samples"]), numbers(step[main], n)) for step in data["convergence"]),
        swings={name: (float(low), float(high)) for name, (low, high) in data["swings"].items()},
        cautions=cautions_from_json(data),
    )


def _interval(index: Mapping[str, Any], n: int) -> Interval:
    low, high = (None if index[end] is None else numbers(index[end], n) for end in ("low", "high"))
    return Interval(numbers(index["value"], n), low, high)


def _share(data: Mapping[str, Any]) -> Share:
    return Share(**fields(data, {"value": float, "low": float, "high": float}))


def _shares(table: Mapping[str, Mapping[str, Any]]) -> dict[str, Share]:
    known = {*KINDS, *(f"{a} × {b}" for a in KINDS for b in KINDS)}
    if not set(table) <= known:
        raise ValueError(f"found the kinds {shorten(sorted(table))}")
    return {kind: _share(share) for kind, share in table.items()}
