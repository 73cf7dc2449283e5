"""Outcomes of paths: the same numbers as the question of the years gives, for every point of a batch."""

from __future__ import annotations

import numpy as np
import pytest
from budgets import few
from strategies import first_years

from triangle.base.errors import BadInput
from triangle.measures.outcomes import parse_outcome
from triangle.measures.years import pattern_probability, solved_years
from triangle.model.model import read_model
from triangle.model.parameters import Values
from triangle.players.axes import CN, RU
from triangle.players.cast import SHIPPED
from triangle.players.profiles import by_key, links
from triangle.questions.path.answer import kinds_of, path_course
from triangle.scenarios.path import read_path
from triangle.scenarios.scenario import read_scenario
from triangle.study.study import Study


@pytest.fixture(scope="module")
def study():
    model = read_model()
    return Study(model, read_scenario("baseline", model), {})


@pytest.fixture(scope="module")
def baseline(tmp_path_factory) -> str:
    """The path by name, or the file of its first years."""
    return first_years(tmp_path_factory.mktemp("years"), "path_baseline", 2034)


def profile_probabilities(study, path, values):
    """Probability of each profile by year, [year, profile, ...samples]."""
    found = np.concatenate([one.course.profiles for one in solved_years(study, path, values)], axis=-1)
    return found.reshape(*found.shape[:2], *values.samples)


def test_probabilities_of_profiles_are_those_of_the_configurations(study):
    path = read_path("path_baseline", study.model).finer(3).until(2029)
    found = profile_probabilities(study, path, Values(study.scenario.values, SHIPPED))
    course = path_course(path, study.model, samples=1)
    assert found.shape == (5, 64) and found.sum(axis=1) == pytest.approx(1.0)
    for period, year in enumerate(course.years):
        for key, band in zip(kinds_of(SHIPPED).keys, year.configurations, strict=True):
            assert pattern_probability(found[period], by_key(SHIPPED)[key]) == pytest.approx(band.mean, abs=1e-12)


def test_payoffs_are_made_once_for_courses_that_differ_in_who_is_held_and_in_rates(study):
    path = read_path("path_baseline", study.model).until(2028)
    values = Values(dict(study.scenario.values) | {"relief": np.array([0.0, 0.5])}, SHIPPED)
    other = Values(dict(study.scenario.values) | {"relief": np.array([0.0, 0.6])}, SHIPPED)
    asked = [(path, values, None), (path, values, {2026: {0: 2}}), (path.number("lock_in.together", 0.0), values, None)]
    known: dict = {}
    for number, (asked_path, at, holds) in enumerate([*asked, (path, other, None)]):
        (kept,) = solved_years(study, asked_path, at, holds, known)
        (alone,) = solved_years(study, asked_path, at, holds)
        assert np.array_equal(kept.course.profiles, alone.course.profiles)
        assert len(known) == (1 if number < len(asked) else 2)


def test_an_outcome_of_a_path_is_measured_at_every_point_of_a_batch(study, baseline):
    text = f"path:{baseline}@2027:link=RU-CN"
    outcome = parse_outcome(text, study)
    relief = np.array([[0.0, 0.5], [0.9, 1.0]])
    values = Values(dict(study.scenario.values) | {"relief": relief}, SHIPPED)
    found = outcome.of(study, values)
    assert found.shape == (2, 2) and outcome.unit == "fraction" and not outcome.smooth
    for place in few(list(np.ndindex(2, 2)), 3):
        alone = Values(dict(study.scenario.values) | {"relief": relief[place]}, SHIPPED)
        assert outcome.of(study, alone) == pytest.approx(found[place], abs=1e-12)
    path = read_path(baseline, study.model)
    probabilities = profile_probabilities(study, path, Values(study.scenario.values, SHIPPED))[2]
    assert outcome.of(study, study.values) == pytest.approx(pattern_probability(probabilities, links(SHIPPED)[RU, CN]))


def test_years_and_levels_of_a_path_are_those_of_its_course(study, baseline):
    path = read_path(baseline, study.model)
    course = path_course(path, study.model, samples=1)
    place = [state.name for state in path.states].index("lock_in")
    level = parse_outcome(f"path:{baseline}@2033:state=lock_in", study)
    assert level.unit == "level" and level.of(study, study.values) == pytest.approx(course.years[8].levels[place])
    linked = [year.levels for year in course.years]
    war = parse_outcome(f"path:{baseline}@2030:state=war", study)
    assert war.unit == "fraction" and war.of(study, study.values) == pytest.approx(linked[5][2])
    relief = np.array([0.0, 0.5, 1.0])
    values = Values(dict(study.scenario.values) | {"relief": relief, "europe_joins": np.ones(3)}, SHIPPED)
    found = pattern_probability(profile_probabilities(study, path, values).swapaxes(0, 1), by_key(SHIPPED)["unit_veto"])
    for word, wanted in (("from", True), ("until", False)):
        outcome = parse_outcome(f"path:{baseline}@{word}:configuration=unit_veto", study)
        assert outcome.unit == "calendar year"
        for year, probabilities in zip(outcome.of(study, values), found.T, strict=True):
            so = [t for t, p in enumerate(probabilities) if (p > 0.5) == wanted]
            assert year == 2025 + (so[0] if so else len(path.years))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("path:path_baseline:link=RU-CN", "path:NAME@YEAR:PATTERN"),
        ("path:path_basline@2030:link=RU-CN", "path_baseline"),
        ("path:path_baseline@2030:state=lock_inn", "lock_in"),
        ("path:path_baseline@until:state=lock_in", "YEAR:state=NAME"),
        ("path:path_baseline@soon:link=RU-CN", "or from, or until"),
        ("path:path_baseline@1999:link=RU-CN", "goes from 2025 to 2045"),
        ("path:path_baseline@2030:link=RU-CM", "link:RU-CN"),
    ],
)
def test_a_mistake_in_an_outcome_of_a_path_is_answered(study, text, says):
    with pytest.raises(BadInput, match=says):
        parse_outcome(text, study)
