"""Tipping points: exact where margins are linear, all of them where they are not, agreed by grids and the solver."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from budgets import LARGE, few
from strategies import former
from turning_games import game

import triangle
from triangle.base.errors import BadInput
from triangle.batch.equilibria import sweep_masks
from triangle.measures.box import box_of
from triangle.model.parameters import Values
from triangle.players.cast import SHIPPED
from triangle.questions.tipping.answer import REACH, Tipping, tipping_points
from triangle.questions.tipping.plot import MOST_ROWS, tipping_plot
from triangle.study.study import Study

CONTAINS = 1 << SHIPPED.index((0, 1, 1))
COURTS = 1 << SHIPPED.index((2, 1, 1))


def values(points: list[Tipping], parameter: str) -> list[float]:
    return sorted(point.value for point in points if point.parameter == parameter)


@pytest.mark.parametrize("turn", [0.4, 1 / 3, 0.9999, 0.31])
def test_margins_linear_in_a_parameter_tip_exactly(turn: float):
    found = tipping_points(game(lambda v: v["relief"] - turn), ["relief"])
    assert [point.value for point in found] == pytest.approx([turn], abs=1e-9)
    assert (found[0].before, found[0].after) == (CONTAINS, COURTS)
    assert found[0].distance == pytest.approx(abs(turn - 0.3), abs=1e-9)
    assert (found[0].side, found[0].inside) == ("above", "range")


def test_every_parameter_of_a_linear_margin_tips_where_it_is_solved_for():
    # Zero at relief 0.5 and at conditionality 0.8, each alone; the tariff leads away.
    study = game(lambda v: 2 * v["relief"] + 0.5 * v["conditionality"] - 3 * v["secondary_tariff"] - 1.0)
    found = tipping_points(study)
    assert [point.parameter for point in found] == ["relief", "conditionality"]
    assert [point.value for point in found] == pytest.approx([0.5, 0.8], abs=1e-9)


def test_a_margin_that_turns_many_times_tips_at_every_turn():
    found = tipping_points(game(lambda v: np.sin(20 * np.pi * v["relief"] + 0.3)), ["relief"])
    expected = [(k - 0.3 / np.pi) / 20 for k in range(1, 21)]
    assert values(found, "relief") == pytest.approx(expected, abs=1e-6)
    assert [point.distance for point in found] == sorted(point.distance for point in found)


def test_a_kink_and_two_close_turns_are_not_missed():
    found = tipping_points(game(lambda v: 1e-5 - np.abs(v["relief"] - 0.7)), ["relief"])
    assert values(found, "relief") == pytest.approx([0.7 - 1e-5, 0.7 + 1e-5], abs=1e-9)


def test_a_profile_that_is_an_equilibrium_at_one_value_alone_is_told():
    # Touching from below: the US is willing to court Russia at 0.6 only, where it is indifferent.
    (point,) = tipping_points(game(lambda v: -((v["relief"] - 0.6) ** 2)), ["relief"])
    assert point.touches
    assert point.value == pytest.approx(0.6, abs=1e-6)
    assert (point.before, point.other_set) == (CONTAINS, CONTAINS | COURTS)


def test_where_two_bonds_break_at_once_the_set_changes_once():
    study = game(lambda v: v["relief"] - 0.5, leaves=lambda v: v["relief"] - 0.5)
    (point,) = tipping_points(study, ["relief"])
    assert point.value == pytest.approx(0.5, abs=1e-9)
    assert (point.before, point.after) == (CONTAINS, 1 << SHIPPED.index((2, 0, 1)))


def test_standing_on_a_turn_both_sides_are_told():
    study = game(lambda v: v["relief"] - 0.3)
    below, above = sorted(tipping_points(study, ["relief"]), key=lambda point: point.side, reverse=True)
    assert (below.side, below.before, below.after) == ("below", CONTAINS | COURTS, CONTAINS)
    assert (above.side, above.before, above.after) == ("above", CONTAINS | COURTS, COURTS)
    assert below.distance == above.distance == 0


def test_a_tie_at_the_end_of_a_range_is_told():
    (point,) = tipping_points(game(lambda v: v["relief"] - 1.0), ["relief"])
    assert (point.value, point.after) == (1.0, CONTAINS | COURTS)


def test_the_hard_bounds_are_searched_and_said_how_far_where_there_are_none():
    # stake_us_ru lies in 0.5 to 3 and has no upper bound.
    study = game(lambda v: v["stake_us_ru"] - 20.0)
    assert tipping_points(study, ["stake_us_ru"]) == []
    (point,) = tipping_points(study, ["stake_us_ru"], hard=True)
    assert (point.value, point.inside) == (pytest.approx(20.0, abs=1e-8), "bounds")
    assert point.high == 3 + REACH * 2.5
    assert point.low == 0


@cache
def to_the_bounds(scenario: str) -> list[Tipping]:
    """The tipping points of a shipped scenario up to the hard bounds; by default of a fifth of its parameters."""
    study = triangle.load(scenario)
    return tipping_points(study, few(box_of(study, hard=True).names, 5), hard=True)


def sets_along(study: Study, name: str, low: float, high: float, n: int) -> tuple[np.ndarray, np.ndarray]:
    line = np.linspace(low, high, n)
    found = sweep_masks(Values(study.scenario.set_to({name: line}), SHIPPED), study.model.terms, hold=study.hold)
    return line, found


@pytest.mark.parametrize("scenario", few(["baseline", "siberia2_relief"], 2))
def test_a_fine_grid_finds_no_change_that_was_missed(scenario: str):
    study = triangle.load(scenario)
    found = to_the_bounds(scenario)
    turning = {point.parameter: (point.low, point.high) for point in found}
    quiet = {name: study.scenario.ranges[name] for name in ("relief", "evasion", "gain_ru_cn") if name not in turning}
    for name, (low, high) in few(list({**turning, **quiet}.items()), 2):
        line, sets = sets_along(study, name, low, high, 801 if LARGE else 201)
        tips = np.array(values(found, name))
        for k in np.flatnonzero(sets[1:] != sets[:-1]):
            assert ((tips >= line[k] - 1e-9) & (tips <= line[k + 1] + 1e-9)).any(), (name, line[k])


@pytest.mark.parametrize("scenario", few(["baseline", "siberia2_relief"], 2))
def test_the_sets_before_and_after_are_those_the_solver_finds(scenario: str):
    model = triangle.read_model()
    found = to_the_bounds(scenario)[: 20 if LARGE else 8]
    assert found
    for point in found:
        step = 1e-7 * (point.high - point.low) * (1 if point.side == "above" else -1)
        for value, expected in ((point.value - step, point.before), (point.value + step, point.after)):
            moved = triangle.load(scenario, {point.parameter: value}, model=model)
            assert sum(1 << SHIPPED.index(f.profile) for f in moved.solve().findings) == expected, point


def test_a_parameter_without_a_range_or_without_existence_is_refused():
    study = triangle.load("baseline")
    with pytest.raises(BadInput, match="dependence_reference"):
        tipping_points(study, ["dependence_reference"])
    with pytest.raises(BadInput, match="did you mean 'relief'"):
        tipping_points(study, ["releif"])


def test_held_players_do_not_tip():
    study = triangle.load("baseline", hold={"US": "contain_both"}, model=former())
    assert tipping_points(triangle.load("baseline", model=former()), ["unilateral_yield"])
    assert not tipping_points(study, ["unilateral_yield"])
    assert tipping_points(triangle.load("baseline"), ["choke_cn_ru"])
    everybody = triangle.load("baseline", hold={"US": "contain_both", "RU": "align", "CN": "align"})
    assert tipping_points(everybody, ["choke_cn_ru", "relief"]) == []


# ----- under a trust


@pytest.mark.parametrize(
    ("scenario", "trust"), few([("nixon_1972", 0.5), ("nixon_1972", 1.0), ("rift_courted", 0.3)], 3)
)
def test_agreement_proof_sets_change_at_these_values_and_nowhere_else(scenario: str, trust: float):
    study = triangle.load(scenario, form="second")
    names = [
        *("relief", "unilateral_yield", "rivalry_cost_us_cn"),
        *(("order_value_ru", "two_front_dilution", "capability_cn") if LARGE else ()),
    ]
    names = [name for name in names if study.scenario.ranges[name][0] < study.scenario.ranges[name][1]]
    found = tipping_points(study, names, trust=trust)
    assert any(point.before & ~point.after for point in found)
    for name in names:
        low, high = study.scenario.ranges[name]
        grid = np.linspace(low, high, 1500 if LARGE else 150)
        lines = Values(study.scenario.set_to({name: grid}), study.cast)
        sets = sweep_masks(lines, study.model.terms, hold=study.hold, trust=trust)
        turns = values(found, name)
        for place in np.flatnonzero(sets[1:] != sets[:-1]):
            assert any(grid[place] <= turn <= grid[place + 1] for turn in turns), name
        for point in (point for point in found if point.parameter == name and not point.touches):
            step = 1e-4 * (high - low)
            beside = np.array([point.value - step, point.value + step])
            if low < beside[0] and beside[1] < high:
                near = Values(study.scenario.set_to({name: beside}), study.cast)
                pair = sweep_masks(near, study.model.terms, hold=study.hold, trust=trust).tolist()
                assert set(pair) == {point.before, point.after}


def test_without_a_profile_to_leave_nothing_more_is_asked():
    """Russia alone is free: no two can agree, so a trust changes no value."""
    study = triangle.load("baseline", hold={"US": "contain_both", "CN": "align"})
    plain, agreed = (tipping_points(study, ["relief", "dual_use_value"], trust=trust) for trust in (None, 1.0))
    assert plain == agreed


@pytest.mark.parametrize("trust", [1.5, float("nan")])
def test_tipping_refuses_a_trust_that_is_no_probability(trust: float):
    with pytest.raises(BadInput, match=r"--trust.*from 0 to 1"):
        tipping_points(triangle.load("baseline"), ["relief"], trust=trust)


@cache
def inside() -> list[Tipping]:
    """The tipping points within the ranges."""
    return tipping_points(triangle.load("baseline"))


@pytest.mark.parametrize("times", few([1.0, 40.0, 4.0], 2))
def test_the_picture_is_as_wide_as_the_nearest_changes_of_its_rows_need_up_to_five_ranges(times: float):
    study = triangle.load("baseline")
    points = [replace(point, distance=times * point.distance) for point in inside()]
    nearest = {point.parameter: point.distance for point in reversed(points)}
    farthest = max(nearest[name] for name in list(dict.fromkeys(point.parameter for point in points))[:MOST_ROWS])
    low, high = tipping_plot(study, points).axes[0].get_xlim()
    assert -low == high and 1.0 <= high <= 5.0
    assert high >= min(1.2 * farthest, 5.0) and high <= max(1.3 * farthest, 1.0)
