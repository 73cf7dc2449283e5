"""Sensitivity: which parameter, and which kind of knowledge, an outcome depends on.

======== ===================================================================== ===================== =================
method   main index                                                            also                  needs
======== ===================================================================== ===================== =================
sobol    total share of the variance (:mod:`triangle.analysis.variance`)       first, backing        its own draws
morris   mean absolute effect of a step (:mod:`triangle.analysis.screening`)   mean, spread          its own draws
pawn     how far the distribution moves (:mod:`triangle.analysis.given_data`)  first                 any draws
delta    the same by densities                                                 first                 any draws
======== ===================================================================== ===================== =================

The last two answer inside a region, as "given that Russia stays aligned", and on the archive of a sweep. There factors
depend on each other, and the first two, which move one alone, would leave the region: they are refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from triangle.analysis import archived
from triangle.analysis.events import event_parts, holds_at
from triangle.analysis.factors import KINDS, Categorical, Response, factors_of, response_of, rounded_up, swings
from triangle.analysis.given_data import GivenData, given_data
from triangle.analysis.screening import screen
from triangle.analysis.store import fields, numbers, read_result, texts
from triangle.analysis.variance import Backing, Interval, Progress, Share, decompose
from triangle.errors import BadInput, Fault, shorten, unknown
from triangle.experiments.design import SOBOL_BITS
from triangle.intervals import wilson
from triangle.study import Study

if TYPE_CHECKING:
    import xarray

Floats = NDArray[np.float64]

SCHEMA = "triangle.sensitivity/1"

#: The index by which each method ranks.
MAIN = {"sobol": "total", "morris": "mean_abs", "pawn": "pawn", "delta": "delta"}

#: Methods that need no design of their own.
GIVEN = ("pawn", "delta")

#: Most draws among which those of a region are looked for.
MOST_DRAWS = 2**20

#: Most samples of each method: a few hundred megabytes. Of a longer archive the first draws are taken.
MOST_SAMPLES = {"sobol": 2**17, "morris": 2**12, "pawn": 2**17, "delta": 2**17}


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

    @property
    def main(self) -> Interval:
        """The index by which the method ranks."""
        return self.indices[MAIN[self.method]]

    @property
    def ranking(self) -> list[int]:
        """Places of the factors, the most influential first; ties in the order of the parameter file."""
        return [int(i) for i in np.argsort(-self.main.value, kind="stable")]

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


def sensitivity(
    study: Study,
    outcome: str,
    method: str = "sobol",
    samples: int = 1024,
    seed: int = 0,
    names: Sequence[str] | None = None,
    roles: str = "all",
    inside: str | None = None,
    progress: Progress | None = None,
    *,
    without: Sequence[str] = (),
    among: Sequence[Categorical] = (),
) -> Sensitivity:
    """What an outcome of a study depends on over its prior box.

    Parameters
    ----------
    outcome : str
        As in :mod:`triangle.analysis.outcomes`.
    samples : int
        Base samples (sobol; rounded up to a power of two), walks (morris) or draws (pawn, delta; inside the region).
    names, roles, without, among
        What varies; see :func:`~triangle.analysis.factors.factors_of`.
    inside : str, optional
        A region, as in :mod:`triangle.analysis.events`; for pawn and delta.

    Raises
    ------
    BadInput
        If a name is not known, or the method does not go with a region.
    TriangleError
        If the outcome is not a finite number somewhere, with the parameters.

    Examples
    --------
    >>> from triangle.model.model import read_model
    >>> from triangle.scenario import read_scenario
    >>> model = read_model()
    >>> study = Study(model, read_scenario("baseline", model), {})
    >>> found = sensitivity(study, "credibility", samples=256)
    >>> found.names[found.ranking[0]], bool(found.total[found.ranking[0]] > 0.4)
    ('reversal_hazard', True)
    """
    _check_method(method, inside, samples)
    response = response_of(study, outcome, factors_of(study, names, roles, without, among))
    common: dict[str, Any] = {
        "scenario": study.scenario.name,
        "title": study.scenario.title,
        "outcome": outcome,
        "unit": response.unit,
        "method": method,
        "seed": seed,
        "names": response.names,
        "kinds": response.kinds,
        "base": float(response.at([{name: np.array([v]) for name, v in study.scenario.values.items()}])[0]),
        "swings": swings(response, study.scenario.values),
    }
    if method == "sobol":
        return _by_variance(response, samples, seed, progress, common)
    if method == "morris":
        return _by_screening(response, samples, seed, progress, common)
    unit, found, drawn = _draws(study, response, samples, seed, inside)
    answer = given_data(method, unit, found, seed, progress)
    return _of_data(answer, method, len(found), drawn, inside, common)


def sensitivity_of_run(
    run: xarray.Dataset | Path,
    outcome: str,
    method: str = "pawn",
    seed: int = 0,
    inside: str | None = None,
    scenario: str | None = None,
    progress: Progress | None = None,
) -> Sensitivity:
    """The same on the draws of an archived sweep, without solving anything.

    Parameters
    ----------
    run : Dataset or Path
        Results of a sweep with samples, or its folder.
    outcome : str
        ``holds:PATTERN``, ``only:PATTERN``, ``number``, or ``margin:PROFILE`` of the profiles kept.
    method : {"pawn", "delta"}
    scenario : str, optional
        Which one, where the sweep has several.
    """
    if method not in GIVEN:
        expected = " or ".join(GIVEN)
        raise BadInput(Fault("--method", "", f"{method} needs draws of its own; on an archive ask for {expected}"))
    draws = archived.read_draws(run, scenario) if isinstance(run, Path) else archived.draws_of(run, scenario)
    found, unit, _ = draws.outcome(outcome)
    keep = np.arange(len(found)) < MOST_SAMPLES[method]
    if inside is not None:
        text, sign, bound = event_parts(inside, "--inside")
        keep &= holds_at(draws.outcome(text, "--inside")[0], sign, bound)
    common: dict[str, Any] = {
        "scenario": draws.scenario,
        "title": draws.scenario,
        "outcome": outcome,
        "unit": unit,
        "method": method,
        "seed": seed,
        "names": draws.names,
        "kinds": (),
        "archive": True,
    }
    finite = np.flatnonzero(~np.isfinite(found))
    if finite.size:
        raise BadInput(Fault("--outcome", "", f"{shorten(outcome)} is not a finite number at draw {finite[0]}"))
    answer = given_data(method, draws.inputs[:, keep], found[keep], seed, progress)
    return _of_data(
        answer, method, int(keep.sum()), min(len(found), MOST_SAMPLES[method]), inside, common, evaluations=0
    )


def _check_method(method: str, inside: str | None, samples: int) -> None:
    if method not in MAIN:
        raise BadInput(Fault("--method", "", unknown("method", method, MAIN)))
    if not 1 <= samples <= MOST_SAMPLES[method]:
        expected = f"1 to {MOST_SAMPLES[method]:,} of method {method}"
        raise BadInput(Fault("--samples", "", f"found {samples:,}; expected {expected}"))
    if inside is not None and method not in GIVEN:
        raise BadInput(
            Fault(
                "--inside",
                "",
                f"{method} moves one parameter while the others stay, which leads out of a region, and inside one "
                f"parameters depend on each other; ask for --method {' or '.join(GIVEN)}",
            )
        )


def _by_variance(
    response: Response, samples: int, seed: int, progress: Progress | None, common: dict[str, Any]
) -> Sensitivity:
    answer = decompose(response, samples, seed, progress)
    return Sensitivity(
        **common,
        samples=answer.samples,
        evaluations=answer.evaluations,
        indices={"first": answer.first, "total": answer.total},
        backing=answer.backing,
        convergence=answer.convergence,
        mean=answer.mean,
        deviation=answer.deviation,
        constant=answer.constant,
    )


def _by_screening(
    response: Response, walks: int, seed: int, progress: Progress | None, common: dict[str, Any]
) -> Sensitivity:
    answer = screen(response, walks, seed, progress)
    return Sensitivity(
        **common,
        samples=max(n for n, _ in answer.convergence),
        evaluations=answer.evaluations,
        indices={"mean_abs": answer.mean_abs, "mean": Interval(answer.mean), "spread": Interval(answer.spread)},
        backing=None,
        convergence=answer.convergence,
        mean=answer.outcome_mean,
        deviation=answer.outcome_deviation,
        constant=answer.constant,
    )


def _draws(study: Study, response: Response, samples: int, seed: int, inside: str | None) -> tuple[Floats, Floats, int]:
    """Points of the cube and the outcome there, of so many draws in the region; and how many were drawn in all."""
    from scipy.stats import qmc

    engine = qmc.Sobol(len(response.factors), scramble=True, bits=SOBOL_BITS, rng=np.random.default_rng([seed, 12]))
    n = rounded_up(samples)
    if inside is None:
        unit = engine.random(n).T
        return unit, response.at(response.columns(unit)), n
    text, sign, bound = event_parts(inside, "--inside")
    region = response_of(study, text, response.factors, "--inside")
    kept, count, drawn = [], 0, 0
    while count < samples and drawn < max(MOST_DRAWS, n):
        unit = engine.random(n if drawn == 0 else drawn).T
        unit = unit[:, : max(MOST_DRAWS, n) - drawn]
        fits = holds_at(region.at(region.columns(unit)), sign, bound)
        kept.append(unit[:, fits])
        count, drawn = count + int(fits.sum()), drawn + unit.shape[1]
    if count < 64:
        share = wilson(count, drawn)[1]
        raise BadInput(
            Fault(
                "--inside",
                "",
                f"only {count} of {drawn:,} draws lie in {shorten(inside)} (at most {share:.2g} of all): too few to "
                "say anything inside it",
            )
        )
    unit = np.concatenate(kept, axis=1)
    return unit, response.at(response.columns(unit)), drawn


def _of_data(
    answer: GivenData,
    method: str,
    samples: int,
    drawn: int,
    inside: str | None,
    common: dict[str, Any],
    evaluations: int | None = None,
) -> Sensitivity:
    return Sensitivity(
        **common,
        samples=samples,
        evaluations=drawn if evaluations is None else evaluations,
        indices={method: answer.index, "first": answer.first},
        backing=None,
        convergence=answer.convergence,
        mean=answer.mean,
        deviation=answer.deviation,
        constant=answer.constant,
        inside=inside,
        inside_draws=samples if inside is not None else 0,
        all_draws=drawn if inside is not None else 0,
        floor=answer.floor,
    )


# Files ----------------------------------------------------------------------------------------------------------------


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
