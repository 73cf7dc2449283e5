"""What many tests would else compute again: the shipped model, the courses of claims over years, searches for flips.

All are pure functions of what they are given. The tests of the functions themselves call them directly; with large
budgets every search is made anew.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

from budgets import LARGE

import triangle.model.model as models
from triangle.questions.flip.search import Search

YEARS = "triangle.measures.years"


def install() -> None:
    """Let whoever asks for these by their module, as the commands do, share one computation in this process.

    Courses are shared once their module is loaded, which takes long and is seldom needed.
    """
    if not hasattr(models.read_model, "__wrapped__"):
        models.read_model = _read_once(models.read_model)
    if YEARS in sys.modules and not hasattr(sys.modules[YEARS].profile_probabilities, "__wrapped__"):
        sys.modules[YEARS].profile_probabilities = _course_once(sys.modules[YEARS].profile_probabilities)
    for name in () if LARGE else ("stop", "candidates"):
        if not hasattr(getattr(Search, name), "__wrapped__"):
            setattr(Search, name, _searched_once(getattr(Search, name)))


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
        if (key := (_told(study), repr((path, holds)), numbers)) not in kept:
            kept[key] = compute(study, path, values, holds)
        return kept[key].copy()

    return computing


def _searched_once(search: Callable[..., Any]) -> Callable[..., Any]:
    """A flip is hundreds of programs, and reports, answers and the question itself ask for the same ones."""
    kept: dict[object, Any] = {}

    @wraps(search)
    def searching(self: Any) -> Any:
        box = tuple(part.tobytes() for part in (self.box.origin, self.box.low, self.box.high, self.box.width))
        asked = (self.profiles, self.away, self.norm, self.starts, self.seed, self.trust)
        if (key := (_told(self.study), self.box.names, box, asked)) not in kept:
            kept[key] = search(self)
        elif self.progress is not None:
            self.progress(1, 1)
        found = kept[key]
        return list(found) if isinstance(found, list) else found

    return searching


def _told(study: Any) -> object:
    """All that a study is made of."""
    said = repr((study.model.catalogue, study.model.asked_form, study.scenario, study.hold, study.cast))
    return tuple(study.model.terms.items()), said
