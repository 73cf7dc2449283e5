"""What of a report takes long, found before its sections are made: by several processes at once, to the bit the same.

A section asks for what it needs, and computes it if nobody has: a report is the same without any of this.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from triangle.base.errors import BadInput
from triangle.measures.asked import default_questions
from triangle.model.additions import check_portable
from triangle.questions.answer.section import change_asked
from triangle.questions.claims.section import claims_asked, claims_named
from triangle.questions.path.section import course_asked, departing
from triangle.questions.sensitivity.section import variances_asked
from triangle.questions.tipping.section import away_asked
from triangle.report import panels
from triangle.showing.material import Call, Material
from triangle.sweeps import pools
from triangle.sweeps.notation import whole_number

#: Calls from which on another process makes up for the second that it takes to start.
FEWEST = 3


def find_ahead(m: Material, explore: bool, brief: bool, workers: int | None) -> None:
    """Keep what the sections will ask for, found by so many processes; by two where none are named and that pays."""
    if workers is not None and whole_number(workers, "--workers", 1) > 1:
        _check_portable(m)
    calls = dict(_calls(m, explore, brief)) if workers is None or workers > 1 else {}
    most = workers or _worth_it(m, len(calls))
    if most > 1 and len(calls) > 1:
        m.kept.update(zip(calls, pools.shared(list(calls.values()), min(most, len(calls))), strict=True))


def _worth_it(m: Material, calls: int) -> int:
    """Two processes where there are two processors, enough to do, and no term that another process would not find."""
    try:
        _check_portable(m)
    except BadInput:
        return 1
    return 2 if pools.processors() > 1 and calls >= FEWEST else 1


def _check_portable(m: Material) -> None:
    for study in m.studies:
        check_portable(study.model.terms)


def _calls(m: Material, explore: bool, brief: bool) -> Iterator[Call[Any]]:
    """What the sections will ask for, what takes longest first."""
    free = [place for place in range(len(m.studies)) if not m.is_all_held(place)]
    for place in free:
        yield change_asked(m, place)
    if brief:
        return
    if claims_named(m):
        yield claims_asked(m)
    for place in free:
        if m.answers[place].findings:
            yield away_asked(m, place)
    for study in m.studies:
        for path in departing(m, study)[:1]:
            yield course_asked(m, path, study)
        for path in departing(m, study) if explore else ():
            yield panels.course_asked(path, study)
    for place in free:
        for question in default_questions(m.studies[place]):
            yield variances_asked(m, m.studies[place], question)
