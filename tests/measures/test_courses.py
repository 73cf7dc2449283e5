"""What is measured of the years of a path: against sums by hand, the static game, and the question of the years."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from budgets import LARGE

from triangle.base.errors import BadInput
from triangle.games.staged import StagedGame
from triangle.measures.courses import measured, parse_course
from triangle.measures.factors import factors_of
from triangle.measures.outcomes import parse_outcome
from triangle.measures.years import solved_years
from triangle.model.mechanisms import trade_flow
from triangle.model.parameters import Values
from triangle.players.axes import CN, RU
from triangle.players.cast import SHIPPED
from triangle.players.patterns import parse_pattern
from triangle.questions.path.answer import path_course
from triangle.questions.sensitivity.answer import sensitivity
from triangle.scenarios.path import parse_holds, read_path
from triangle.solvers.markov.certificate import certify
from triangle.study.course import year_payoffs, year_values
from triangle.study.load import load
from triangle.study.study import Study


@pytest.fixture(scope="module")
def study():
    return load("siberia2_relief")


@pytest.fixture(scope="module")
def path(study):
    return read_path("path_diversification", study.model).finer(3).until(2030)


@pytest.fixture(scope="module")
def solved(study, path):
    """Three worlds, one of them without any pure equilibrium somewhere."""
    values = Values({**study.scenario.values, "relief": np.array([0.0, 0.6, 1.0])}, SHIPPED)
    [one] = solved_years(study, path, values)
    return one


def measure(solved, moment, what):
    study, path = solved.study, solved.path
    return measured([solved], parse_course(moment, what, study, path, lambda text: parse_pattern(text, SHIPPED)))


def played(one, period, state, world):
    """The probability of each profile in one cell."""
    policy, size = one.solution.policy, one.game.states * one.game.samples[0]
    profile = policy.profiles[period, state, world]
    if profile >= 0:
        return np.eye(64)[profile]
    [row] = np.flatnonzero(policy.places == period * size + state * one.game.samples[0] + world)
    return np.einsum("a,b,c->abc", *(mixed[:, row] for mixed in policy.mixed)).reshape(-1)


def by_hand(one, period, table):
    """The mean of a table of profiles, states and worlds, cell by cell."""
    full = np.broadcast_to(table, (4, 4, 4, *one.game.levels, *one.game.samples)).reshape(64, one.game.states, -1)
    mass = one.course.states[period]
    return [
        sum(mass[s, w] * (played(one, period, s, w) @ full[:, s, w]) for s in range(one.game.states))
        for w in range(one.game.samples[0])
    ]


def test_means_over_play_are_sums_over_states_and_profiles(solved):
    values = year_values(solved.path, solved.study.model, solved.worlds, 2028)
    flow = trade_flow(values.stances, values, RU, CN)
    assert measure(solved, 2028, "trade:RU-CN") == pytest.approx(by_hand(solved, 3, flow), rel=1e-12)
    assert measure(solved, 2028, "trade:CN-RU") == pytest.approx(by_hand(solved, 3, flow), rel=1e-12)
    first = measure(solved, 2025, "trade:RU-CN")
    growth = 100 * ((measure(solved, 2028, "trade:RU-CN") / first) ** (1 / 3) - 1)
    assert measure(solved, 2028, "growth:RU-CN") == pytest.approx(growth)
    assert (measure(solved, 2025, "growth:RU-CN") == 0).all()
    terms = [measure(solved, 2028, f"term:{name}:CN") for name in solved.study.model.terms]
    payoffs = year_payoffs(solved.path, solved.study.model, solved.worlds, 2028)[CN]
    shape = (4, 4, 4, *solved.game.levels, *solved.game.samples)
    assert sum(terms) == pytest.approx(by_hand(solved, 3, payoffs.reshape(shape)), rel=1e-9)


def test_a_mean_counts_each_profile_where_somebody_mixes(solved):
    """Hand-made odds in one cell that is reached for sure: the mean is theirs."""
    policy, game = solved.solution.policy, solved.game
    [start] = np.unique(np.flatnonzero(solved.course.states[0][:, 0] == solved.course.states[0][:, 0].max()))[:1]
    profiles = policy.profiles.copy()
    profiles[0, start, 0] = -1
    odds = (np.array([0.5, 0.5, 0, 0]), np.array([0.25, 0, 0.75, 0]), np.array([0, 1.0, 0, 0]))
    place = start * game.samples[0]
    at = np.searchsorted(policy.places, place)
    mixed = tuple(np.insert(x, at, own, axis=1) for x, own in zip(policy.mixed, odds, strict=True))
    changed = replace(policy, profiles=profiles, places=np.insert(policy.places, at, place), mixed=mixed)
    one = replace(solved, solution=replace(solved.solution, policy=changed))
    values = year_values(one.path, one.study.model, one.worlds, 2025)
    flow = trade_flow(values.stances, values, RU, CN)
    found = measure(one, 2025, "trade:RU-CN")
    assert found == pytest.approx(by_hand(one, 0, flow), rel=1e-12)
    assert found[0] != measure(solved, 2025, "trade:RU-CN")[0]


def test_values_are_those_of_the_question_of_the_years_and_of_the_certificate():
    study = load("baseline")
    path = read_path("path_baseline", study.model)
    path = path if LARGE else path.until(2034)
    course = path_course(path, study.model, samples=1)
    [one] = solved_years(study, path, study.values)
    checked = certify(one.game, one.solution.policy)
    for player, code in enumerate(SHIPPED.codes):
        assert measure(one, 2025, f"value:{code}") == pytest.approx(course.values[player].mean)
        mean = (one.course.states[9] * checked.values[player, 9]).sum(axis=0)
        assert measure(one, 2034, f"value:{code}") == pytest.approx(mean)


def test_without_a_future_an_advantage_is_that_of_the_static_game(study, path):
    """Discount factors of zero: an action gains what it gains in the year's game, at what the others play."""
    values = Values({**study.scenario.values, "discount_factor": 0.0}, SHIPPED)
    [one] = solved_years(study, path.until(2026), values)
    game = one.game
    assert isinstance(game, StagedGame) and (game.discounts == 0).all()
    payoffs = game.payoffs(0).reshape(3, 4, 4, 4, -1)
    expected = {"RU": 0.0, "CN": 0.0}
    for state, mass in enumerate(one.course.states[0][:, 0]):
        us, ru, cn = np.unravel_index(one.solution.policy.profiles[0, state, 0], (4, 4, 4))
        own = payoffs[RU, us, :, cn, state]
        expected["RU"] += mass * (own[2] - np.delete(own, 2).max())
        own = payoffs[CN, us, ru, :, state]
        expected["CN"] += mass * (own[1] - np.delete(own, 1).max())
    assert measure(one, 2025, "advantage:RU=distance") == pytest.approx([expected["RU"]])
    assert measure(one, 2025, "advantage:CN=align") == pytest.approx([expected["CN"]])


def test_what_is_played_has_no_disadvantage_and_all_else_no_advantage(solved):
    """Where a free player takes an action for sure in a year, it gains or ties, and every other loses or ties."""
    free = [code for place, code in enumerate(SHIPPED.codes) if place not in solved.study.hold]
    assert len(free) >= 2
    for player in free:
        for action in SHIPPED.actions[SHIPPED.codes.index(player)]:
            sure = measure(solved, 2027, f"{player}={action}") > 1 - 1e-12
            never = measure(solved, 2027, f"{player}={action}") < 1e-12
            gain = measure(solved, 2027, f"advantage:{player}={action}")
            assert (gain[sure] >= -1e-6).all() and (gain[never] <= 1e-6).all()


def test_an_action_of_another_is_worth_the_change_that_it_makes(solved):
    """One's own action is worth its advantage where it is played else, and what is held for sure is worth nothing."""
    assert measure(solved, 2027, "worth:RU@US=court_russia") == pytest.approx(np.zeros(3), abs=1e-6)
    for action in SHIPPED.actions[RU]:
        own = measure(solved, 2027, f"worth:RU@RU={action}")
        assert (own <= 1e-6).all()
        loses = own < -1e-6
        assert own[loses] == pytest.approx(measure(solved, 2027, f"advantage:RU={action}")[loses])
    # Without a future it is the difference of two payoffs.
    study = solved.study
    values = Values({**study.scenario.values, "discount_factor": 0.0}, SHIPPED)
    [one] = solved_years(study, solved.path.until(2026), values)
    payoffs, expected = one.game.payoffs(0).reshape(3, 4, 4, 4, -1)[RU], 0.0
    for state, mass in enumerate(one.course.states[0][:, 0]):
        us, ru, cn = np.unravel_index(one.solution.policy.profiles[0, state, 0], (4, 4, 4))
        expected += mass * (payoffs[us, ru, 0, state] - payoffs[us, ru, cn, state])
    assert measure(one, 2025, "worth:RU@CN=oppose_both") == pytest.approx([expected])


def test_the_best_year_to_fix_terms_is_found_by_trying_them_all(solved):
    discount = solved.game.discounts[CN][0]
    means = np.stack([measure(solved, year, "term:pipeline:CN") for year in solved.path.years])
    worth = means * discount ** np.arange(len(means))[:, None]
    assert means.max() > 0
    assert measure(solved, "best", "term:pipeline:CN").tolist() == [2025 + int(k) for k in worth.argmax(axis=0)]
    assert measure(solved, "wait", "term:pipeline:CN") == pytest.approx(worth.max(axis=0) - worth[0])


def test_a_level_is_reached_in_the_first_year_whose_mean_lies_beyond_it(solved):
    means = np.stack([measure(solved, year, "state=lock_in") for year in solved.path.years])
    bound = float(means[2, 0])
    found = measure(solved, "from", f"state=lock_in>{bound - 1e-9}")
    assert found[0] == 2027 or (means[:2, 0] > bound - 1e-9).any()
    for word, wanted in (("from", True), ("until", False)):
        for sign, beyond in ((">", means > bound), ("<", means < bound)):
            so = [[t for t, b in enumerate(own) if b == wanted] for own in beyond.T]
            years = [2025 + (own[0] if own else 6) for own in so]
            assert measure(solved, word, f"state=lock_in{sign}{bound!r}").tolist() == years


def test_a_number_of_a_path_that_the_batch_holds_takes_the_place_of_its_value(study, path):
    rate = np.array([0.005, 0.04])
    both = Values({**study.scenario.values, "lock_in.together": rate}, SHIPPED)
    [one] = solved_years(study, path, both)
    for world, value in enumerate(rate):
        [alone] = solved_years(study, path.number("lock_in.together", value), study.values)
        assert one.course.states[..., world] == pytest.approx(alone.course.states[..., 0])
    assert measure(one, 2030, "state=lock_in")[0] != measure(one, 2030, "state=lock_in")[1]


def test_a_player_who_is_held_is_measured_at_what_it_is_held_at(study, path):
    holds = parse_holds(["US=court_russia@2025-2030"], path, SHIPPED)
    [one] = solved_years(study, path, study.values, holds)
    assert measure(one, 2029, "US=court_russia") == pytest.approx([1.0])
    assert measure(one, 2029, "advantage:US=court_russia").shape == (1,)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("path:path_baseline@2030:trade:RU", "trade:RU-CN"),
        ("path:path_baseline@2030:trade:RU-RU", "two players"),
        ("path:path_baseline@2030:value:RUS", "RU"),
        ("path:path_baseline@2030:advantage:RU=hegde", "hedge"),
        ("path:path_baseline@2030:term:releif:RU", "relief"),
        ("path:path_baseline@2030:worth:RU", "worth:PLAYER@PLAYER=ACTION"),
        ("path:path_baseline@2030:terms:relief:RU", "term:NAME:RU"),
        ("path:path_baseline@from:value:RU", "a pattern"),
        ("path:path_baseline@best:link=RU-CN", "best:term:NAME:PLAYER"),
        ("path:path_baseline@from:state=lock_in>x", "lock_in|number|convert"),
    ],
)
def test_a_mistake_in_what_is_measured_of_a_path_is_answered(text, says):
    with pytest.raises(BadInput, match=says):
        parse_outcome(text, load("baseline"))


def test_units_of_outcomes_of_paths_are_those_of_what_is_measured():
    study = load("baseline")
    wanted = {
        "2030:trade:RU-CN": "bn USD/yr", "2030:openness:RU-CN": "fraction", "2030:growth:RU-CN": "percent",
        "2030:beta_ru": "fraction", "2030:value:US": "bn USD/yr", "2030:advantage:US=court_russia": "bn USD",
        "best:term:pipeline:CN": "calendar year", "wait:term:relief:RU": "bn USD/yr",
        "until:state=evasion<0.7": "calendar year",
    }  # fmt: skip
    assert {what: parse_outcome(f"path:path_baseline@{what}", study).unit for what in wanted} == wanted


def test_what_drives_an_outcome_of_a_path_are_its_own_numbers_too():
    """Lock-in grows by one rate alone where Russia and China stay linked: both ends of its range are told."""
    study = Study(load("baseline").model, load("baseline").scenario, {0: 0})
    outcome = "path:path_2014@2016:state=lock_in"
    own = parse_outcome(outcome, study).numbers
    everything = factors_of(study, own=own)
    assert {number.name for number in own} < {factor.name for factor in everything}
    rates = ["lock_in.together", "lock_in.apart", "war.ends"]
    found = sensitivity(study, outcome, method="morris", samples=2, names=[*rates, "relief"], without=["war.ends"])
    assert found.names == ("relief", "lock_in.together", "lock_in.apart")
    assert found.names[found.ranking[0]] == "lock_in.together" and found.kinds[1] == found.bridges[1] == "judgement"
    low, high = found.swings["lock_in.together"]
    assert (low, high) == pytest.approx((0.12 + 2 * 0.005, 0.12 + 2 * 0.04)) and found.base == pytest.approx(0.16)
    crossing = parse_outcome("path:path_baseline@2026:state=evasion", study).numbers
    year = next(factor for factor in factors_of(study, own=crossing) if factor.name == "gdp_cn.year")
    assert (year.kind, year.bridge, year.unit) == ("figure", "direct", "calendar year")
    levers = factors_of(study, roles="levers", own=own)
    assert not {number.name for number in own} & {factor.name for factor in levers}
    for asked in (outcome, "number"):  # a name that is wrong, and one that an outcome without a path knows nothing of
        with pytest.raises(BadInput, match=r"lock_in\.|relief"):
            sensitivity(study, asked, method="morris", samples=2, names=["lock_in.togeter"])
