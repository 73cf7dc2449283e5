"""Claims over years: read on paths, at the first draws only, with faults said like those of every other test."""

from __future__ import annotations

import numpy as np
import pytest

from triangle.base.errors import BadInput
from triangle.model.model import read_model
from triangle.players.cast import SHIPPED
from triangle.players.profiles import by_key
from triangle.questions.claims.answer import claims
from triangle.questions.claims.file import Faulty
from triangle.questions.claims.ground import Draws, Ground, Spot
from triangle.questions.claims.kinds import COURSES, prepare
from triangle.questions.path.answer import path_course
from triangle.scenarios.path import read_path

MOMENT = {"path": "path_baseline", "year": 2045, "pattern": "configuration=stable_marriage:RU-CN"}


@pytest.fixture(scope="module")
def ground():
    return Ground(read_model())


def spot() -> Spot:
    return Spot("file", "mine.test")


def test_a_course_is_the_probability_that_the_question_of_the_years_gives(ground):
    test = {"kind": "course", "of": MOMENT, "than": MOMENT | {"year": 2025}, "sign": "higher"}
    reading = prepare(test, ground, spot()).read(Draws(ground, 80, 0))
    course = path_course(read_path("path_baseline", ground.model), ground.model, samples=1)
    place = course.configurations.index("stable_marriage:RU-CN")
    for evidence, year in zip(reading.evidence, (course.years[-1], course.years[0]), strict=True):
        assert evidence.numbers is not None
        assert evidence.numbers[0] == pytest.approx(year.configurations[place].mean)
        assert np.isnan(evidence.numbers[COURSES:]).all() and np.isfinite(evidence.numbers[:COURSES]).all()
    assert reading.domain.sum() == COURSES and not reading.domain[COURSES:].any()
    assert by_key(SHIPPED)["stable_marriage:RU-CN"]


def test_the_same_moment_is_the_same_and_never_higher(ground):
    draws = Draws(ground, 10, 0)
    same = {"kind": "course", "of": MOMENT, "than": MOMENT, "sign": "same"}
    assert prepare(same, ground, spot()).read(draws).truth.all()
    assert not prepare(same | {"sign": "higher"}, ground, spot()).read(draws).truth.any()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"path": "path_basline"}, "path_baseline"),
        ({"year": 2055}, "goes from 2025 to 2045"),
        ({"pattern": "RU=algn"}, "align"),
        ({"hold": ["CN=align@1999"]}, "from 2025 to 2045"),
        ({"numbers": {"lock_in.togeter": 0}}, "lock_in.together"),
    ],
)
def test_what_is_wrong_with_a_moment_is_said(ground, change, says):
    with pytest.raises((Faulty, BadInput)) as caught:
        prepare({"kind": "course", "of": MOMENT | change, "than": MOMENT, "sign": "lower"}, ground, spot())
    assert says in " ".join(fault.message for fault in caught.value.faults)


def test_claims_of_ties_that_wither_build_up_and_peak_are_no_longer_silent():
    ledger = claims(only=["C46", "C78", "C129"], samples=20)
    assert len(ledger.entries) == 3 and all(entry.answer is not None for entry in ledger.entries)
