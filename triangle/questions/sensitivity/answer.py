"""Sensitivity: which parameter, and which kind of knowledge, an outcome depends on.

======== ===================================================================== ===================== =================
method   main index                                                            also                  needs
======== ===================================================================== ===================== =================
sobol    total share of the variance (:mod:`triangle.measures.variance`)       first, backing        its own draws
morris   mean absolute effect of a step (:mod:`triangle.questions.sensitivity.screening`)   mean, spread          its
own draws pawn     how far the distribution moves (:mod:`triangle.questions.sensitivity.given_data`)  first
    any draws delta    the same by densities                                                 first                 any
    draws
======== ===================================================================== ===================== =================

The last two answer inside a region, as "given that Russia stays aligned", and on the archive of a sweep. There factors
depend on each other, and the first two, which move one alone, would leave the region: they are refused.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from triangle.base.arguments import Seed
from triangle.base.errors import BadInput, Fault, shorten, unknown
from triangle.base.intervals import wilson
from triangle.measures import draws as archived
from triangle.measures.asked import default_questions
from triangle.measures.cautions import Cautions
from triangle.measures.events import event_parts, holds_at
from triangle.measures.factors import Categorical, Response, factors_of, response_of, rounded_up, swings
from triangle.measures.outcomes import parse_outcome
from triangle.measures.variance import Interval, Progress, decompose
from triangle.players.cast import Cast
from triangle.questions.sensitivity.drivers import MAIN as MAIN
from triangle.questions.sensitivity.drivers import Answered, Sensitivities
from triangle.questions.sensitivity.drivers import Sensitivity as Sensitivity
from triangle.questions.sensitivity.given_data import GivenData, given_data
from triangle.questions.sensitivity.screening import screen
from triangle.study.study import Study
from triangle.sweeps.sobol import sobol_points

if TYPE_CHECKING:
    import xarray

Floats = NDArray[np.float64]

#: Methods that need no design of their own.
GIVEN = ("pawn", "delta")

#: Most draws among which those of a region are looked for.
MOST_DRAWS = 2**20

#: Most samples of each method: a few hundred megabytes. Of a longer archive the first draws are taken.
MOST_SAMPLES = {"sobol": 2**17, "morris": 2**12, "pawn": 2**17, "delta": 2**17}


def sensitivity(
    study: Study,
    outcome: str,
    method: str = "sobol",
    samples: int = 1024,
    seed: Seed = 0,
    names: Sequence[str] | None = None,
    roles: str = "all",
    inside: str | None = None,
    progress: Progress | None = None,
    *,
    without: Sequence[str] = (),
    among: Sequence[Categorical] = (),
    strict: bool = False,
    trust: float | None = None,
) -> Sensitivity:
    """What an outcome of a study depends on over its prior box.

    Parameters
    ----------
    outcome : str
        As in :mod:`triangle.measures.outcomes`.
    samples : int
        Base samples (sobol; rounded up to a power of two), walks (morris) or draws (pawn, delta; inside the region).
    names, roles, without, among, strict
        What varies, and what it rests on; see :func:`~triangle.measures.factors.factors_of`. Of an outcome of a path
        its own numbers, such as ``lock_in.together``, vary too.
    inside : str, optional
        A region, as in :mod:`triangle.measures.events`; for pawn and delta.
    trust : float, optional
        Where given, only equilibria count that are agreement-proof at it, in the outcome and in the region.

    Raises
    ------
    BadInput
        If a name is not known, or the method does not go with a region.
    TriangleError
        If the outcome is not a finite number somewhere, with the parameters.

    Examples
    --------
    >>> from triangle.model.model import read_model
    >>> from triangle.scenarios.scenario import read_scenario
    >>> model = read_model()
    >>> study = Study(model, read_scenario("baseline", model), {})
    >>> found = sensitivity(study, "credibility", samples=256)
    >>> found.names[found.ranking[0]], bool(found.total[found.ranking[0]] > 0.4)
    ('reversal_hazard', True)
    """
    _check_method(method, inside, samples)
    own = parse_outcome(outcome, study, trust=trust).numbers
    factors = factors_of(study, names, roles, without, among, strict=strict, own=own)
    response = response_of(study, outcome, factors, trust=trust)
    common: dict[str, Any] = {
        "scenario": study.scenario.name,
        "title": study.scenario.title,
        "outcome": outcome,
        "unit": response.unit,
        "method": method,
        "seed": seed,
        "names": response.names,
        "kinds": response.kinds,
        "bridges": response.bridges,
        "base": float(response.at([{name: np.array([v]) for name, v in study.scenario.values.items()}])[0]),
        "swings": swings(response, study.scenario.values),
        "cautions": Cautions(study.cast.named_some(study.hold), trust=trust),
        "cast": study.cast,
    }
    if method == "sobol":
        return _by_variance(response, samples, seed, progress, common)
    if method == "morris":
        return _by_screening(response, samples, seed, progress, common)
    unit, found, drawn = _draws(study, response, samples, seed, inside, trust)
    answer = given_data(method, unit, found, seed, progress)
    return _of_data(answer, method, len(found), drawn, inside, common)


def sensitivities(study: Study, *args: Any, trust: float | None = None, **options: Any) -> Sensitivities:
    """What the answers to the default questions depend on; options are those of :func:`sensitivity`.

    With `trust` the questions are asked at the firmest equilibrium that is agreement-proof at it.
    """
    questions = default_questions(study) if trust is None else default_questions(study, trust)
    return Sensitivities(
        cast=study.cast,
        answers=tuple(
            Answered(asked=question.asked, sensitivity=sensitivity(study, question.outcome, *args, **options))
            for question in questions
        ),
    )


def sensitivity_of_run(
    run: xarray.Dataset | Path,
    outcome: str,
    method: str = "pawn",
    seed: Seed = 0,
    inside: str | None = None,
    scenario: str | None = None,
    progress: Progress | None = None,
    cast: Cast | None = None,
    trust: float | None = None,
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
    cast : Cast, optional
        Who plays in the sweep; one of others is refused.
    trust : float, optional
        Where given, only equilibria count that are agreement-proof at it, as the sweep has kept them.
    """
    if method not in GIVEN:
        expected = " or ".join(GIVEN)
        raise BadInput(Fault("--method", "", f"{method} needs draws of its own; on an archive ask for {expected}"))
    draws = (
        archived.read_draws(run, scenario, cast, trust)
        if isinstance(run, Path)
        else archived.draws_of(run, scenario, cast=cast, trust=trust)
    )
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
        "cautions": draws.cautions,
        "cast": draws.cast,
    }
    finite = np.flatnonzero(~np.isfinite(found))
    if finite.size:
        raise BadInput(Fault("--outcome", "", f"{shorten(outcome)} is not a finite number at draw {finite[0]}"))
    answer = given_data(method, draws.inputs[:, keep], found[keep], seed, progress)
    return _of_data(
        answer, method, int(keep.sum()), min(len(found), MOST_SAMPLES[method]), inside, common, evaluations=0
    )


def _check_method(method: str, inside: str | None, samples: int) -> None:
    if not isinstance(method, str) or method not in MAIN:
        raise BadInput(Fault("--method", "", unknown("method", str(method), MAIN)))
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


def variance_once(
    once: Callable[[Hashable, Callable[[], Sensitivity]], Sensitivity],
    study: Study,
    outcome: str,
    samples: int,
    seed: Seed,
) -> Sensitivity:
    """Sobol' indices of an outcome; `once` computes what is asked under a key only if it was not yet."""
    return once(*variance_asked(study, outcome, samples, seed))


def variance_asked(study: Study, outcome: str, samples: int, seed: Seed) -> tuple[Hashable, Callable[[], Sensitivity]]:
    """The key of Sobol' indices of an outcome, and what computes them."""
    asked = partial(sensitivity, study, outcome, samples=samples, seed=seed)
    return ("variance", id(study), outcome, samples, seed), asked


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
        bridged=answer.bridged,
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


def _draws(
    study: Study, response: Response, samples: int, seed: int, inside: str | None, trust: float | None
) -> tuple[Floats, Floats, int]:
    """Points of the cube and the outcome there, of so many draws in the region; and how many were drawn in all."""
    factors, key, n = len(response.factors), (seed, 12), rounded_up(samples)
    if inside is None:
        unit = sobol_points(factors, n, key)
        return unit, response.at(response.columns(unit)), n
    text, sign, bound = event_parts(inside, "--inside")
    region = response_of(study, text, response.factors, "--inside", trust)
    kept, count, drawn = [], 0, 0
    while count < samples and drawn < max(MOST_DRAWS, n):
        unit = sobol_points(factors, min(max(2 * drawn, n), max(MOST_DRAWS, n)), key)[:, drawn:]
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
