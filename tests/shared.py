"""What many tests would else compute again: the shipped model, and the courses of claims over years.

Both are pure functions of what they are given. The tests of the functions themselves call them directly.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

import triangle.model.model as models

YEARS = "triangle.measures.years"


def install() -> None:
    """Let whoever asks for these by their module, as the commands do, share one computation in this process.

    Courses are shared once their module is loaded, which takes long and is seldom needed.
    """
    if not hasattr(models.read_model, "__wrapped__"):
        models.read_model = _read_once(models.read_model)
    if YEARS in sys.modules and not hasattr(sys.modules[YEARS].profile_probabilities, "__wrapped__"):
        sys.modules[YEARS].profile_probabilities = _course_once(sys.modules[YEARS].profile_probabilities)


def _read_once(read: Callable[..., Any]) -> Callable[..., Any]:
    """The shipped model is frozen, its files do not change while tests run, and it is half of a short command."""
    kept: dict[str | None, Any] = {}

    @wraps(read)
    def reading(*args: Any, **options: Any) -> Any:
        asked = {name: value for name, value in options.items() if value is not None}
        if args or asked.keys() - {"form"}:
            return read(*args, **options)
        form = asked.get("form")
        if form not in kept:
            kept[form] = read(form=form)
        return kept[form]

    return reading


def _course_once(compute: Callable[..., Any]) -> Callable[..., Any]:
    """A course over years is thousands of games at every draw: nine tenths of all claims, a report, or a ledger."""
    kept: dict[object, Any] = {}

    @wraps(compute)
    def computing(study: Any, path: Any, values: Any, holds: Any = None) -> Any:
        numbers = tuple((name, column.shape, column.tobytes()) for name, column in values.numbers.items())
        terms = tuple(study.model.terms.items())
        said = repr((study.model.catalogue, study.model.asked_form, study.scenario, study.hold, path, holds))
        if (key := (terms, said, numbers)) not in kept:
            kept[key] = compute(study, path, values, holds)
        return kept[key].copy()

    return computing
