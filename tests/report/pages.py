"""Reports that several files of tests read: each is made once in a run, whichever process asks for it first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
import shared
from budgets import LARGE, few
from strategies import shipped

from triangle.questions.answer import answer as question_answer
from triangle.questions.claims import section as page_claims
from triangle.questions.path import section as page_course
from triangle.questions.sensitivity import section as page_analysis
from triangle.questions.tipping import section as page_tipping
from triangle.report import answer as page_answer
from triangle.report.build import build
from triangle.scenarios.scenario import read_scenario
from triangle.showing.blocks import Page
from triangle.showing.material import Material
from triangle.showing.phrases import read_phrases
from triangle.study.study import study

#: Parts of the analysis that have tests of their own and take longer than all of the rest of a page.
SLOW = (
    (page_tipping, "_flips"),
    (page_course, "_course"),
    (question_answer, "_rests"),
    (question_answer, "nearest_change"),
    (page_analysis, "_variance"),
    (page_claims, "_claims"),
    (page_answer, "contrasts"),
)

#: The scenarios of the report that is read by many tests.
EXPLORED = tuple(few(("baseline", "rift_shock", "europe_joins", "conditional_relief_europe", "full_package"), 2))

#: All of them as they are, whatever a test has put in their place.
_AS_THEY_ARE = {(module, name): getattr(module, name) for module, name in SLOW}


@contextmanager
def whole(*left_out: str) -> Iterator[pytest.MonkeyPatch]:
    """Nothing of a page is left out meanwhile but parts of these names."""
    with pytest.MonkeyPatch.context() as patch:
        for (module, name), own in _AS_THEY_ARE.items():
            patch.setattr(module, name, (lambda *_: []) if name in left_out else own)
        yield patch


def material(language: str, *names: str, samples: int = 16, **changes: Any) -> Material:
    """What a report of shipped scenarios is made of."""
    studies = tuple(study(shipped(), replace(read_scenario(name, shipped()), **changes)) for name in names)
    return Material(studies, read_phrases(language, studies[0].cast), samples, 0, words=names)


def _of_the_first(m: Material, place: int, question: Any) -> Any:
    return [] if place else _AS_THEY_ARE[page_analysis, "_variance"](m, place, question)


@cache
def explored(*names: str) -> Page:
    """A report of several scenarios with the explorer; of what is slow it has which parameters matter in the first."""
    kept = {"_variance", "_course", "_claims"} if LARGE else {"_variance"}

    def made() -> Page:
        with whole(*{name for _, name in SLOW} - kept) as patch:
            if not LARGE:
                patch.setattr(page_analysis, "_variance", _of_the_first)
            return build(material("en", *names), explore=True)

    return shared.once(f"explored {names}", made)
