"""Claims over years: read on paths, at the first draws only, with faults said like those of every other test."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from budgets import LARGE, few

from triangle.base.errors import BadInput
from triangle.measures.outcomes import parse_outcome
from triangle.model.model import read_model
from triangle.players.cast import SHIPPED
from triangle.players.profiles import by_key
from triangle.questions.claims.answer import claims
from triangle.questions.claims.file import Faulty
from triangle.questions.claims.ground import Draws, Ground, Place, Spot
from triangle.questions.claims.kinds import COURSES, _signs, prepare
from triangle.questions.path.answer import path_course
from triangle.scenarios.path import read_path, shipped_paths
from triangle.scenarios.scenario import read_scenario

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
    ledger = claims(only=["C46", "C78", "C129"], samples=20 if LARGE else 4)
    assert len(ledger.entries) == 3 and all(entry.answer is not None for entry in ledger.entries)


def test_what_is_measured_of_a_course_is_the_outcome_of_that_path(ground):
    place = Place()
    study = ground.study(place)
    asked = (("value:RU", "bn USD/yr"), ("state=lock_in", "level"), ("advantage:RU=distance", "bn USD"))
    for what, unit in few(asked, 2):
        test = {"kind": "course", "of": {"path": "path_baseline", "year": 2030, "measure": what}, "at_least": 0.3}
        reading = prepare(test, ground, spot()).read(Draws(ground, 4, 0))
        [evidence] = reading.evidence
        assert evidence.numbers is not None and evidence.unit == unit
        own = parse_outcome(f"path:path_baseline@2030:{what}", study).of(study, study.values)
        assert evidence.numbers[0] == pytest.approx(float(own))
        assert reading.truth.tolist() == [bool(x >= 0.3) for x in evidence.numbers]


def test_a_moment_may_start_elsewhere_end_later_and_lie_in_another_world(ground):
    draws = Draws(ground, 3, 0)
    war = {"path": "path_baseline", "year": 2025, "measure": "state=war", **({} if LARGE else {"last": 2028})}
    read = {
        name: prepare({"kind": "course", "of": war | change, "at_least": 0}, ground, spot()).read(draws).evidence[0]
        for name, change in {
            "own": {}, "peace": {"start": {"war": "peace"}}, "later": {"year": 2049, "last": 2050},
            "other": {"measure": "term:relief:RU", "scenario": "courting_2025", "hold": ["US=court_russia@2025"]},
            "set": {"measure": "term:relief:RU", "set": {"relief": 0}, "hold": ["US=court_russia@2025"]},
        }.items()
    }  # fmt: skip
    numbers = {name: evidence.numbers for name, evidence in read.items()}
    assert (numbers["own"] == 1).all() and (numbers["peace"] == 0).all()
    assert ((numbers["later"] > 0) & (numbers["later"] < 1)).all()
    assert (numbers["set"] == 0).all() and (numbers["other"] > 0).all()


def test_numbers_of_a_path_are_drawn_from_their_ranges_alike_in_every_path(ground):
    draws = Draws(ground, 8, 3)
    for name in ("path_baseline", "path_crossing"):
        path = read_path(name, ground.model)
        number = next(number for number in path.uncertain if number.name == "evasion.detours")
        drawn = draws.number(number)
        assert drawn[0] == number.value and len(set(drawn.tolist())) == 9
        assert ((drawn >= number.low) & (drawn <= number.high)).all()
        fixed = path.number("evasion.detours", 0.03)
        assert (draws.number(next(n for n in fixed.uncertain if n.name == "evasion.detours")) == 0.03).all()
    assert drawn == pytest.approx(draws.number(number))
    rates = {"kind": "course", "of": {"path": "path_baseline", "year": 2030, "measure": "state=evasion"}, "above": 0}
    [evidence] = prepare(rates, ground, spot()).read(draws).evidence
    assert len({round(float(x), 9) for x in evidence.numbers}) == 9


@pytest.mark.parametrize(("sign", "by", "holds"), [
    ("higher", 0.0, [True, False, False]), ("lower", 0.0, [False, False, True]), ("same", 0.0, [False, True, False]),
    ("other", 0.0, [True, False, True]), ("higher", 0.3, [False, False, False]), ("higher", 0.2, [True, False, False]),
    ("lower", 0.2, [False, False, True]), ("same", 0.2, [True, True, True]), ("other", 0.1, [True, False, True]),
])  # fmt: skip
def test_one_number_is_higher_lower_the_same_or_another_by_so_much(sign, by, holds):
    assert _signs(np.array([0.7, 0.5, 0.3]), np.full(3, 0.5), sign, by).tolist() == holds


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"of": MOMENT | {"measure": "value:RU"}}, "one of pattern and measure"),
        ({"sign": ""}, "give than and sign"),
        ({"above": 0.5}, "give than and sign"),
        ({"by": -0.1}, "how much higher or lower"),
        ({"of": {**MOMENT, "pattern": "", "measure": "valu:RU"}}, "value:RU"),
        ({"of": {**MOMENT, "pattern": "", "measure": "value:RU"}}, "is in fraction, of is in bn USD/yr"),
        ({"of": MOMENT | {"year": "sooner"}}, "best"),
        ({"of": MOMENT | {"start": {"war": "truce"}}}, "peace"),
        ({"of": MOMENT | {"last": 2024}}, "2026"),
        ({"of": MOMENT | {"scenario": "baselin"}}, "baseline"),
    ],
)
def test_what_is_wrong_with_a_course_is_said(ground, change, says):
    test = {"kind": "course", "of": MOMENT, "than": MOMENT, "sign": "lower"} | change
    with pytest.raises((Faulty, BadInput)) as caught:
        prepare(test, ground, spot())
    assert says in " ".join(fault.message for fault in caught.value.faults)


def test_no_rate_and_no_play_moves_the_year_in_which_outputs_meet_as_c08_says(ground):
    assert ground.model.catalogue["gain_cn_ru"].hard_low == 0.0
    for path in (read_path(name, ground.model) for name in shipped_paths(SHIPPED)):
        moved = {name for state in path.states for name in (*state.sets, *state.scales)}
        assert not moved & {"gdp_us", "gdp_cn"}
        meeting = [drift for drift in path.drifts if drift.parameter == "gdp_cn"]
        assert all(
            drift.meets == "gdp_us" and 2040 <= drift.number.low <= drift.number.high <= 2060 for drift in meeting
        )


def test_help_to_iran_is_no_choice_of_russias_as_c37_says(ground, tmp_path):
    assert {action.partition("_")[0] for action in SHIPPED.actions[1]} == {"align", "distance", "hedge", "oppose"}
    iran = read_scenario("iran_decides", ground.model).players[0]
    assert (iran.code, list(iran.actions)) == ("IR", ["sell", "out"])
    file = tmp_path / "path_iran.toml"
    text = (Path(__file__).parents[3] / "scenarios" / "paths" / "path_baseline.toml").read_text(encoding="utf-8")
    file.write_text(text.replace('base = "baseline"', 'base = "iran_decides"'), encoding="utf-8")
    with pytest.raises(BadInput, match="a path over years is of the three powers alone"):
        read_path(file, ground.model)
