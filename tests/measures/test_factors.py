"""Factors and responses: priors kept, choices coded, numbers that are none refused with the parameters named."""

import math
from dataclasses import replace

import numpy as np
import pytest

import triangle
from triangle.base.errors import BadInput, TriangleError
from triangle.measures.factors import Categorical, Ranged, Response, factors_of, response_of, rivals, swings
from triangle.study.study import Study
from triangle.sweeps.design import Drawn
from triangle.sweeps.run import plan


@pytest.fixture(scope="module")
def study() -> Study:
    return triangle.load("baseline")


def ranged(name: str, low: float, high: float, kind: str = "judgement", prior: str = "uniform") -> Ranged:
    return Ranged(Drawn(name, prior, (low,), (high,), (0.5 * (low + high),)), "", kind)  # type: ignore[arg-type]


def test_the_factors_are_what_a_sweep_of_the_prior_box_draws(study: Study):
    for roles, levers in (("uncertainties", False), ("all", True)):
        swept = {p.name for p in plan([study], samples=1, levers=levers).drawn if p.low[0] < p.high[0]}
        assert {factor.name for factor in factors_of(study, roles=roles)} == swept
    assert {factor.kind for factor in factors_of(study, roles="levers")} == {"choice"}


def test_counted_strictly_judgement_is_also_what_feeds_a_parameter_over_a_weak_bridge(study: Study):
    plain, strict = ({f.name: f.kind for f in factors_of(study, strict=strictly)} for strictly in (False, True))
    assert (plain["output_shortfall_ru"], strict["output_shortfall_ru"]) == ("figure", "judgement")  # by the stake
    assert (plain["cumulation"], strict["cumulation"]) == ("bounded", "judgement")  # by its own bridge
    assert plain["third_party_support"] == strict["third_party_support"] == "estimate"  # feeds no other parameter
    changed = {name for name in plain if plain[name] != strict[name]}
    assert all(strict[name] == "judgement" and plain[name] != "choice" for name in changed)
    still = Study(study.model, replace(study.scenario, following=()), {})
    kept = {f.name: f.kind for f in factors_of(still, ["output_shortfall_ru"], strict=True)}
    assert kept == {"output_shortfall_ru": "figure"}  # nothing follows it where a scenario sets all that would


def test_what_a_scenario_sets_does_not_vary_unless_it_is_named():
    study = triangle.load("baseline", settings={"decisiveness": 1.7})
    assert "decisiveness" not in {factor.name for factor in factors_of(study)}
    assert [factor.name for factor in factors_of(study, ["decisiveness"])] == ["decisiveness"]


def test_every_prior_keeps_its_shape():
    u = np.linspace(0, 1, 4001)
    assert ranged("x", 1.0, 100.0, prior="loguniform").columns(u)["x"][2000] == pytest.approx(10.0)
    triangular = Ranged(Drawn("x", "triangular", (0.0,), (1.0,), (0.2,)))
    assert triangular.columns(u)["x"].mean() == pytest.approx((0.0 + 0.2 + 1.0) / 3, abs=1e-3)


def test_rival_scenarios_make_one_factor_that_sets_what_they_differ_in(study: Study):
    names = ["baseline", "capability_cinc", "capability_military"]
    measure = rivals("measure", [triangle.load(name) for name in names])
    assert set(measure.sets) == {"capability_us", "capability_ru", "capability_cn", "capability_allies"}
    columns = measure.columns(np.array([0.1, 0.5, 0.9]))
    for place, name in enumerate(names):
        for parameter in measure.sets:
            assert columns[parameter][place] == triangle.load(name).scenario.values[parameter]
    factors = factors_of(study, among=[measure])
    assert not {"capability_us"} & {factor.name for factor in factors} and factors[-1] is measure


def test_a_choice_sets_the_outcome_as_its_scenario_would(study: Study):
    measure = rivals("measure", [study, triangle.load("capability_military")])
    response = response_of(study, "margin:present", [measure])
    expected = triangle.load("capability_military").margins[0, 1, 1]
    assert response.at(response.columns(np.array([[0.9]])))[0] == pytest.approx(float(expected))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"names": ["relif"]}, "relief"),
        ({"without": ["relif"]}, "relief"),
        ({"roles": "lever"}, "levers"),
        ({"names": ["relief"], "without": ["relief"]}, "no parameter is left"),
        ({"among": [Categorical("relief", {"a": {"evasion": 0.1}, "b": {"evasion": 0.2}})]}, "name the choice"),
        ({"among": [Categorical("choice", {"a": {"evasoin": 0.1}, "b": {"evasoin": 0.2}})]}, "evasion"),
    ],
)
def test_a_factor_that_cannot_be_is_answered(study: Study, arguments: dict[str, object], said: str):
    with pytest.raises(BadInput, match=said):
        factors_of(study, **arguments)  # type: ignore[arg-type]


def test_choices_that_set_different_parameters_are_refused():
    with pytest.raises(BadInput, match="the same parameters"):
        Categorical("choice", {"a": {"x": 1.0}, "b": {"y": 1.0}})


def test_an_outcome_that_is_not_finite_somewhere_is_refused_with_its_parameters():
    factors = (ranged("depth", 0, 1), ranged("width", 0, 2))
    response = Response("f", "m", True, factors, lambda c: np.where(c["depth"] > 0.9, np.nan, c["width"]))
    with pytest.raises(TriangleError, match=r"nan at 1 of 3 draws.*depth = 0\.95, width = 1"):
        response.at(response.columns(np.array([[0.5, 0.95, 0.2], [0.5, 0.5, 0.1]])))


def test_a_solve_that_fails_is_refused_with_the_parameters_of_the_first_failure():
    def measure(columns: dict[str, np.ndarray]) -> np.ndarray:
        if (columns["depth"] > 0.9).any():
            raise TriangleError("no equilibrium was found")
        return columns["depth"]

    response = Response("f", "m", True, (ranged("depth", 0, 1),), measure)  # type: ignore[arg-type]
    unit = np.linspace(0, 0.8, 100)[None, :].copy()
    unit[0, 37], unit[0, 71] = 0.93, 0.99
    with pytest.raises(TriangleError, match=r"no equilibrium was found\n.*depth = 0\.93"):
        response.at(response.columns(unit))


def test_a_profile_out_of_the_held_players_reach_is_refused(study: Study):
    held = triangle.load("baseline", hold={"RU": "align"})
    response = response_of(held, "margin:RU=hedge", factors_of(held, ["relief"]))
    with pytest.raises(TriangleError, match="-inf whatever the parameters: players who are held"):
        response.at(response.columns(np.array([[0.1, 0.2]])))


def test_where_all_are_held_no_margin_has_a_cause():
    held = triangle.load("baseline", hold={"US": "court_russia", "RU": "hedge", "CN": "align"})
    response = response_of(held, "margin:present", factors_of(held, ["relief"]))
    with pytest.raises(TriangleError, match="is inf whatever the parameters"):
        response.at(response.columns(np.array([[0.1, 0.2]])))


def test_swings_are_those_of_the_study(study: Study):
    response = response_of(study, "margin:present", factors_of(study))
    known = study.margin_swings((0, 1, 1))
    for name, ends in swings(response, study.scenario.values).items():
        assert ends == pytest.approx(known.get(name, (study.margins[0, 1, 1],) * 2), abs=1e-9), name
    assert math.isfinite(sum(map(sum, known.values())))
