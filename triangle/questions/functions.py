"""The questions of the command line as functions: of a scenario by name or path, or of a study that is loaded.

Each is the function of the question's ``answer.py``, whose first argument may be a scenario here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from triangle.base.arguments import Seed, checked
from triangle.base.errors import BadInput, Fault
from triangle.model.model import Model, read_model
from triangle.questions.answer.answer import Answers
from triangle.questions.answer.answer import answer as _answer
from triangle.questions.bid.answer import bid as _bid
from triangle.questions.choose.answer import choose as _choose
from triangle.questions.claims.answer import claims as claims
from triangle.questions.concord.answer import concord as _concord
from triangle.questions.contrast.answer import Contrast
from triangle.questions.contrast.answer import contrast as _contrast
from triangle.questions.decompose.answer import Shares
from triangle.questions.decompose.answer import decompose as _decompose
from triangle.questions.discover.answer import Discovery
from triangle.questions.discover.answer import discover as _discover
from triangle.questions.flip.answer import flip as _flip
from triangle.questions.path.question import Answer, Question, changed
from triangle.questions.sensitivity.answer import Sensitivity
from triangle.questions.sensitivity.answer import sensitivity as _sensitivity
from triangle.questions.sensitivity.answer import sensitivity_of_run as _sensitivity_of_run
from triangle.questions.signal.answer import signal as _signal
from triangle.questions.signal.gesture.answer import gesture as _gesture
from triangle.questions.tipping.answer import tipping_points as _tipping_points
from triangle.questions.veto.answer import veto as _veto
from triangle.scenarios.path import parse_holds
from triangle.study.load import load
from triangle.study.study import Study

if TYPE_CHECKING:
    from xarray import Dataset

Options = ParamSpec("Options")
Result = TypeVar("Result")

#: A scenario by the name of a shipped one or the path of a file, or a study.
Subject = Study | str | Path


def _study(subject: Subject) -> Study:
    return subject if isinstance(subject, Study) else load(subject)


def _of_scenario(
    question: Callable[Concatenate[Study, Options], Result],
) -> Callable[Concatenate[Subject, Options], Result]:
    """The question with a scenario in place of a study."""

    @wraps(question)
    def asked(subject: Subject, /, *args: Options.args, **options: Options.kwargs) -> Result:
        return question(_study(subject), *args, **options)

    first, *others = signature(question).parameters.values()
    asked.__signature__ = signature(question).replace(  # type: ignore[attr-defined]
        parameters=[first.replace(name="subject", kind=first.POSITIONAL_ONLY, annotation="Subject"), *others]
    )
    asked.__annotations__ = {"subject": Subject} | question.__annotations__
    return asked


tipping = _of_scenario(_tipping_points)
flip = _of_scenario(_flip)
choose = _of_scenario(_choose)
bid = _of_scenario(_bid)
signal = _of_scenario(_signal)
gesture = _of_scenario(_gesture)
concord = _of_scenario(_concord)
veto = _of_scenario(_veto)


def answer(*scenarios: Subject, **options: Any) -> Answers:
    """The answers of some scenarios; options are those of :func:`triangle.questions.answer.answer.answer`."""
    if not scenarios:
        raise BadInput(Fault("SCENARIO", "", "missing; name the scenarios to be answered"))
    return checked(_answer)([_study(scenario) for scenario in scenarios], **options)


def sensitivity(subject: Subject | Dataset, outcome: str, method: str | None = None, **options: Any) -> Sensitivity:
    """Which parameter drives an outcome: of a scenario, or of the games of a sweep, which are not solved again.

    Parameters
    ----------
    subject : str, Path, Study or xarray.Dataset
    outcome : str
        As in :mod:`triangle.measures.outcomes`.
    method : str, optional
        ``sobol`` for a scenario and ``pawn`` for a sweep where absent.
    **options
        Those of :func:`triangle.questions.sensitivity.answer.sensitivity`, or of ``sensitivity_of_run`` there.
    """
    if isinstance(subject, Study | str | Path):
        return checked(_sensitivity)(_study(subject), outcome, method or "sobol", **options)
    return checked(_sensitivity_of_run)(subject, outcome, method or "pawn", **options)


def discover(subject: Subject | Dataset, pattern: str, **options: Any) -> Discovery:
    """Boxes of parameters in which a pattern holds: of a scenario, or of the games of a sweep.

    Options are those of :func:`triangle.questions.discover.answer.discover`.
    """
    return checked(_discover)(_study(subject) if isinstance(subject, str | Path) else subject, pattern, **options)


def contrast(first: Subject, second: Subject, samples: int = 4096, seed: Seed = 0, **options: Any) -> Contrast:
    """Two scenarios on the same draws; options are those of :func:`triangle.questions.contrast.answer.contrast`."""
    return checked(_contrast)(_study(first), _study(second), samples, seed, **options)


def path(
    name: str | Path,
    samples: int = 200,
    seed: Seed = 0,
    *,
    select: str = "margin",
    settings: Mapping[str, float | str] | None = None,
    hold: Sequence[str] = (),
    start: Mapping[str, str] | None = None,
    until: int | None = None,
    levels: int | None = None,
    against: int | None = None,
    commit: str | None = None,
    wait: str | None = None,
    forever: int | None = None,
    follow: bool = False,
    workers: int = 1,
    model: Model | None = None,
) -> Answer:
    """How the triangle goes over the years of a path, by the name of a shipped one or its file.

    Parameters
    ----------
    samples : int
        Worlds; 1 is the world of the given values.
    select : str
        One of :data:`triangle.questions.path.work.SELECTIONS`.
    settings : mapping of str to float or str, optional
        Parameters, and rates of the path as ``administration.election``.
    hold : sequence of str
        As ``US=court_russia@2025-2028``.
    start : mapping of str to str, optional
        Where state variables start, as ``{"war": "peace"}``.
    until, levels : int, optional
        Another last year, and another number of levels on every ladder.
    against : int, optional
        Levels of every ladder in a course of the same worlds that this one is held against.
    commit, wait : str, optional
        A player: what it is worth that its promises are never reversed, or what its flexibility is worth.
    forever : int, optional
        What the conditions of this year would lead to if they went on for ever; with `follow`, also where play cycles.
    workers : int
        Processes to compute with.

    Returns
    -------
    Course, Commitment, Waiting or Forever
        By what is asked.
    """
    question, model = Question(commit, wait, forever, follow, against), model or read_model()
    laid = changed(name, model, [f"{k}={v}" for k, v in (settings or {}).items()], start or {}, until, levels)
    _, ask = question.laid(laid, model, samples, seed, select, parse_holds(hold, laid, model.cast), hold)
    return ask(workers=workers)


def decompose(*scenarios: Subject, outcome: str) -> Shares:
    """Shapley shares of changes in an effect; see :func:`triangle.questions.decompose.answer.decompose`."""
    if not scenarios:
        raise BadInput(Fault("SCENARIO", "", "missing; name the scenarios whose changes share the effect"))
    return _decompose([_study(scenario) for scenario in scenarios], outcome)
