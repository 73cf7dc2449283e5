"""Parameters that move with others: at a point, over a batch, in scenarios, sweeps and the questions that move one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from strategies import shipped

from triangle.base.errors import BadInput
from triangle.base.records import to_document
from triangle.measures.box import box_of
from triangle.measures.factors import factors_of, response_of
from triangle.model.parameter import Follower, followed, in_order
from triangle.players.cast import SHIPPED
from triangle.questions.tipping.answer import _Lines
from triangle.scenarios.scenario import override, read_scenario
from triangle.study.study import Study, one_at_a_time
from triangle.sweeps.design import design_of
from triangle.sweeps.run import plan

#: Evasion as the mean of relief and 0.4, and the secondary sanctions as half of evasion's complement to that.
EVASION = Follower("evasion", "dependence_ru_cn", ("relief", 0.4))
SANCTIONS = Follower("secondary_sanctions", "dependence_ru_cn", ("evasion", 0.0))


@pytest.fixture
def study() -> Study:
    scenario = read_scenario("baseline", shipped())
    ranges = {**scenario.ranges, "evasion": (0.35, 0.35), "secondary_sanctions": (0.175, 0.175)}
    values = {**scenario.values, "evasion": 0.35, "secondary_sanctions": 0.175}
    return Study(shipped(), replace(scenario, values=values, ranges=ranges, following=(EVASION, SANCTIONS)), {})


def test_one_parameter_follows_another_through_a_third():
    found = followed({"relief": np.array([0.0, 1.0]), "evasion": 9.0}, (EVASION, SANCTIONS))
    assert found["evasion"].tolist() == [0.2, 0.7]
    assert found["secondary_sanctions"].tolist() == [0.1, 0.35]


def test_what_is_moved_itself_does_not_follow():
    found = followed({"relief": 1.0, "evasion": 0.5}, (EVASION, SANCTIONS), ["evasion"])
    assert found["evasion"] == 0.5 and found["secondary_sanctions"] == 0.25


def test_only_what_follows_the_moved_is_computed_again():
    where = {"relief": 1.0, "evasion": 0.9, "secondary_sanctions": 0.8}
    assert followed(where, (EVASION, SANCTIONS), moved=["gdp_ru"]) == where
    assert followed(where, (EVASION, SANCTIONS), moved=["relief"]) == followed(where, (EVASION, SANCTIONS))
    evasion = followed(where, (EVASION, SANCTIONS), ["evasion"], ["evasion"])
    assert evasion["evasion"] == 0.9 and evasion["secondary_sanctions"] == 0.45


def test_parameters_come_after_those_that_they_read():
    first, later = (replace(shipped().catalogue["relief"], name=name, reads=reads) for name, reads in
                    (("later", ("first",)), ("first", ())))  # fmt: skip
    assert [p.name for p in in_order({"later": first, "first": later})] == ["first", "later"]


def test_a_setting_moves_what_follows_until_that_is_set_too(study: Study):
    moved = override(study.scenario, ["relief=1"], shipped())
    assert moved.values["evasion"] == 0.7 and moved.ranges["evasion"] == (0.7, 0.7)
    held = override(study.scenario, ["relief=1", "evasion=0.6"], shipped())
    assert held.values["evasion"] == 0.6 and [f.name for f in held.following] == ["secondary_sanctions"]
    assert held.values["secondary_sanctions"] == 0.3
    assert override(held, ["relief=0"], shipped()).values["evasion"] == 0.6


def test_draws_move_what_follows_and_do_not_draw_it(study: Study):
    design = plan([study], samples=64, levers=True)
    assert not {"evasion", "secondary_sanctions"} & {p.name for p in design.drawn}
    values = design.at(0, 0, 64)
    assert np.ptp(values["relief"]) > 0.5
    np.testing.assert_array_equal(values["evasion"], 0.5 * (values["relief"] + 0.4))
    again = design_of(to_document(design)).at(0, 0, 64)
    np.testing.assert_array_equal(again["secondary_sanctions"], values["secondary_sanctions"])


@pytest.mark.parametrize("how", ["over", "ranges", "points"])
def test_what_a_design_moves_itself_does_not_follow_there(study: Study, how: str):
    given = {
        "over": {"over": {"evasion": [0.1, 0.9]}},
        "ranges": {"ranges": {"evasion": (0.1, 0.9), "relief": (0.0, 1.0)}, "samples": 2},
        "points": {"points": {"evasion": [0.1, 0.9], "relief": [0.0, 1.0]}},
    }[how]
    values = plan([study], **given).at(0, 0, 2)  # type: ignore[arg-type]
    assert not np.array_equal(values["evasion"], 0.5 * (values["relief"] + 0.4))
    np.testing.assert_array_equal(values["secondary_sanctions"], 0.5 * np.asarray(values["evasion"]))


def test_a_design_whose_formula_is_not_known_here_is_refused(study: Study):
    data = to_document(plan([study], samples=8, levers=True))
    data["following"][0][0][1] = "no_such_formula"
    with pytest.raises(BadInput, match="not known here"):
        design_of(data)


def test_the_shipped_archives_say_nothing_of_followers_where_there_are_none():
    bare = Study(shipped(), replace(read_scenario("baseline", shipped()), following=()), {})
    assert "following" not in to_document(plan([bare], samples=8))


def test_boxes_lines_and_ends_move_what_follows(study: Study):
    box = box_of(study, ["relief"])
    np.testing.assert_allclose(box.values(study, [[0.0, 1.0]]).numbers["evasion"], [0.2, 0.7])
    lines = _Lines(study, ("relief", "stake_ru_cn"), None).values(np.array([0, 0, 1]), np.array([0.0, 1.0, 7.0]))
    np.testing.assert_allclose(lines.numbers["evasion"], [0.2, 0.7, 0.35])
    ends = one_at_a_time(study.scenario, ["relief", "evasion"], SHIPPED).numbers["evasion"]
    np.testing.assert_allclose(ends, [[0.2, 0.7], [0.35, 0.35]])


def test_a_factor_moves_what_follows_and_followers_are_no_factors(study: Study):
    factors = factors_of(study)
    assert not {"evasion", "secondary_sanctions"} & {factor.name for factor in factors}
    response = response_of(study, "payoff:RU@24", factors_of(study, ["relief"]))
    found = response.at([{"relief": np.array([0.0, 1.0])}])
    still = replace(study, scenario=replace(study.scenario, following=()))
    held = response_of(still, "payoff:RU@24", factors_of(still, ["relief"])).at([{"relief": np.array([0.0, 1.0])}])
    assert not np.allclose(found, held)
