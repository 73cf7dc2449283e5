"""Paths as staged games: limits in which a year must be the static game, and what moves when."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from budgets import LARGE
from hypothesis import given
from hypothesis import strategies as st

from triangle.model.model import read_model
from triangle.model.parameters import Values
from triangle.model.payoffs import payoff_tensor
from triangle.players.cast import SHIPPED
from triangle.questions.path.work import draw_worlds
from triangle.scenarios.path import read_path
from triangle.solvers.markov.backward import solve_markov
from triangle.solvers.markov.certificate import certify
from triangle.study.course import Worlds, moved, one_world, staged_game, start_of, year_payoffs, year_values
from triangle.study.study import Study


@pytest.fixture(scope="module")
def model():
    return read_model()


@pytest.fixture(scope="module")
def path(model):
    return read_path("path_baseline", model)


def test_without_state_drift_and_reversal_every_year_is_the_scenarios_own_game(model, path):
    bare = dataclasses.replace(path, states=(), rates=(), drifts=())
    game = staged_game(bare, model, one_world(bare))
    static = Study(model, path.scenario, {}).payoffs
    for period in (0, 7, 20):
        assert np.array_equal(game.payoffs(period)[..., 0, 0], static)
    findings = Study(model, path.scenario, {}).solve().findings
    played = solve_markov(game).policy.profiles
    best = max(findings, key=lambda f: f.margin).profile
    assert (played == np.ravel_multi_index(best, (4, 4, 4))).all()


def test_every_state_has_the_payoffs_of_its_parameters(model, path):
    worlds = one_world(path)
    payoffs = year_payoffs(path, model, worlds, 2033)
    values = year_values(path, model, worlds, 2033)
    rng = np.random.default_rng(0)
    for state in rng.integers(0, 100, size=6):
        place = (*np.unravel_index(state, (5, 5, 2, 2)), 0)
        numbers = {name: np.broadcast_to(x, values.samples)[place] for name, x in values.numbers.items()}
        alone = payoff_tensor(Values(numbers, SHIPPED), model.terms)
        assert payoffs[..., state, 0] == pytest.approx(alone, rel=1e-12, abs=1e-9)


def test_elections_are_not_counted_twice(model, path):
    values = year_values(path, model, one_world(path), 2025)
    assert (values["reversal_hazard"] == 0).all() and path.scenario.values["reversal_hazard"] > 0
    assert "reversal_hazard" in path.governed
    calm = dataclasses.replace(path, rates=tuple(rate for rate in path.rates if not rate.reverses))
    assert (year_values(calm, model, one_world(path), 2025)["reversal_hazard"] > 0).all()


def test_the_administration_changes_at_inaugurations_only(model, path):
    game = staged_game(path, model, one_world(path))
    move = game.moves[3]
    changes = [2025 + t + 1 for t in range(game.periods) if move.at(t)[0, 0, 1, 0] > 0]
    assert changes == [2029, 2033, 2037, 2041, 2045]
    assert move.at(3)[0, :, :, 0].tolist() == [[0.5, 0.5], [0.5, 0.5]]


def test_rates_are_in_units_of_the_variable_and_add_up(model, path):
    game = staged_game(path, model, one_world(path))
    together = game.moves[0].classes[0, 1, 1], game.moves[0].classes[0, 0, 0]
    # 0.02 a year on rungs of 0.1, upward when Russia and China are linked and downward when they are not.
    assert game.moves[0].at(0)[together[0], 2, :, 0] == pytest.approx([0, 0, 0.8, 0.2, 0])
    assert game.moves[0].at(0)[together[1], 2, :, 0] == pytest.approx([0, 0.2, 0.8, 0, 0])
    # The war ends with 0.10, more by an American offer, less by Chinese supply.
    ends = {kind: game.moves[2].at(0)[kind, 1, 0, 0] for kind in range(4)}
    classes = game.moves[2].classes
    assert ends[classes[0, 0, 0]] == pytest.approx(0.10) and ends[classes[0, 1, 1]] == pytest.approx(0.05)
    assert ends[classes[2, 0, 0]] == pytest.approx(0.20) and ends[classes[2, 1, 1]] == pytest.approx(0.15)
    finer = staged_game(path.finer(9), model, one_world(path))
    assert finer.moves[0].at(0)[together[0], 4, 5, 0] == pytest.approx(0.4)


@pytest.mark.parametrize("levels", [2, 5, 9, 25] if LARGE else [2, 9])
def test_a_rate_moves_a_ladder_by_as_much_however_fine_it_is(model, path, levels):
    worlds = draw_worlds(path, model, 8, 0)
    finer = staged_game(path.finer(levels), model, worlds)
    for place, rate in ((0, "lock_in.together"), (1, "evasion.detours")):
        rungs, rise = np.array(path.finer(levels).states[place].levels), worlds.numbers[rate]
        # America opposes both, Russia and China accommodate each other.
        chances = finer.moves[place].at(0)[finer.moves[place].classes[0, 1, 1]]
        assert np.einsum("fnw,n->fw", chances, rungs) == pytest.approx(np.minimum(rungs[:, None] + rise, rungs[-1]))
    assert worlds.numbers["evasion.detours"].max() > 0.6 / 8  # more than a rung of nine a year


def test_rates_up_and_down_a_ladder_count_against_each_other(model, path):
    always = tuple(dataclasses.replace(rate, mask=2**64 - 1) for rate in path.rates)
    both = dataclasses.replace(path, rates=always).number("evasion.detours", 0.10).number("evasion.fading", 0.04)
    chances = staged_game(both, model, one_world(both)).moves[1].at(0)
    assert chances[:, 1, :, 0] == pytest.approx(np.array([[0, 0.6, 0.4, 0, 0]]))


@given(st.integers(2, 9), st.lists(st.floats(-12, 12), min_size=1, max_size=4))
def test_a_move_of_any_number_of_rungs_has_the_right_mean_and_stops_at_the_ends(count, rungs):
    chances = moved(count, np.array(rungs))
    assert (chances >= 0).all() and chances.sum(axis=1) == pytest.approx(1.0)
    for world, by in enumerate(rungs):
        for level in range(count):
            reached = chances[level, :, world] @ np.arange(count)
            if 0 <= level + by <= count - 1:
                assert reached == pytest.approx(level + by, abs=1e-9)
                assert np.ptp(np.flatnonzero(chances[level, :, world])) <= 1
            assert -1e-9 <= reached <= count - 1 + 1e-9


def test_economies_meet_in_the_crossing_year_and_shares_keep_their_world(model, path):
    worlds = one_world(path)
    before, then = (year_values(path, model, worlds, year) for year in (2025, 2040))
    assert then["gdp_cn"].item() == pytest.approx(then["gdp_us"].item())
    assert before["gdp_cn"].item() == path.scenario.values["gdp_cn"]
    shares = ("capability_us", "capability_ru", "capability_cn", "capability_allies")
    rest = [100 - sum(v[name].item() for name in shares) for v in (before, then)]
    growth = then["gdp_cn"].item() / before["gdp_cn"].item()
    world = 100 + before["capability_cn"].item() * (growth - 1)
    assert rest[1] == pytest.approx(rest[0] * 100 / world)
    assert then["capability_cn"].item() == pytest.approx(before["capability_cn"].item() * growth * 100 / world)


def test_a_point_is_the_same_point_in_a_batch(model, path):
    path = path if LARGE else path.until(2031)
    rng = np.random.default_rng(2)
    values = {n: np.full(3, x) for n, x in path.scenario.values.items()} | {"relief": np.array([0.2, 0.6, 1.0])}
    numbers = {u.name: rng.uniform(u.low, u.high, size=3) for u in path.uncertain}
    together = solve_markov(staged_game(path, model, Worlds(values, numbers)))
    for k in range(3):
        alone = Worlds({n: x[k : k + 1] for n, x in values.items()}, {n: x[k : k + 1] for n, x in numbers.items()})
        found = solve_markov(staged_game(path, model, alone))
        assert np.array_equal(found.policy.profiles[..., 0], together.policy.profiles[..., k])
        assert found.values[..., 0] == pytest.approx(together.values[..., k], rel=1e-12, abs=1e-9)


def test_patience_is_each_players_own(model):
    path = read_path("path_patient", model)
    game = staged_game(path, model, one_world(path))
    assert game.discounts[:, 0].tolist() == [path.scenario.values["discount_factor"], 0.8, 0.97]


def test_a_player_held_for_some_years_is_free_afterwards(model, path):
    game = staged_game(path, model, one_world(path), {2025: {0: 2}, 2026: {0: 2}})
    assert game.held == {0: {0: 2}, 1: {0: 2}}
    solution = solve_markov(game)
    assert (solution.policy.profiles[:2] // 16 == 2).all()
    assert certify(game, solution.policy).epsilon <= 1e-8


def test_the_start_is_where_the_states_start(path):
    start = start_of(path)
    assert start.shape == (100,) and start.sum() == pytest.approx(1.0)
    assert np.flatnonzero(start).size == 2
    assert len(SHIPPED.codes) == 3
