"""A study: a scenario turned into a game, held players, deviations, advice, and what a margin rests on."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from budgets import LARGE, tries
from each import of_each
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import former, points, shipped

from triangle.base.errors import BadInput, TriangleError
from triangle.games.normal_form import TOLERANCE
from triangle.model.parameters import Values
from triangle.model.payoffs import payoff_tensor
from triangle.players.axes import CN, RU, US
from triangle.players.cast import SHIPPED
from triangle.players.notation import parse_action, parse_hold, parse_profile
from triangle.scenarios.scenario import override, read_scenario
from triangle.study.study import Study, one_at_a_time, study

holds = st.dictionaries(st.integers(0, 2), st.integers(0, 3), max_size=3)
few = settings(max_examples=tries(30), deadline=None)


def baseline(*settings: str, hold: dict[int, int] | None = None) -> Study:
    model = shipped()
    return study(model, override(read_scenario("baseline", model), settings, model), hold)


def at(point: dict[str, float], hold: dict[int, int] | None = None) -> Study:
    """A study of a point of the box."""
    return baseline(*(f"{name}={number!r}" for name, number in point.items()), hold=hold)


@cache
def restless() -> Study:
    """A game without a pure equilibrium, found by a seeded search in the box of the former model, which has some."""
    generator = np.random.default_rng(3)
    model = former()
    points = {p.name: generator.uniform(p.low, p.high, 1000) for p in model.catalogue}
    payoffs = payoff_tensor(Values(points, SHIPPED), model.terms)
    best = np.stack([payoffs[i] >= payoffs[i].max(axis=i, keepdims=True) - TOLERANCE for i in range(3)])
    draw = int(np.flatnonzero(~best.all(axis=0).any(axis=(0, 1, 2)))[0])
    settings = [f"{name}={float(column[draw])!r}" for name, column in points.items()]
    return study(model, override(read_scenario("baseline", model), settings, model))


def gains(s: Study, player: int, profile: tuple[int, int, int]) -> list[float]:
    """What a player gains by each action over the one in the profile, looked up cell by cell."""
    here = s.payoffs[(player, *profile)]
    result = []
    for action in range(4):
        there = list(profile)
        there[player] = action
        result.append(float(s.payoffs[(player, *there)] - here))
    return result


# ----- equilibria and holds


def test_the_documented_world_has_two_stable_profiles_of_which_no_agreement_leaves_one():
    answer = baseline().solve()
    assert (answer.verdict, [finding.profile for finding in answer.findings]) == ("complete", [(0, 0, 0), (0, 1, 1)])
    assert [finding.profile for finding in answer.agreement_proof] == [(0, 1, 1)]
    for finding in answer.findings:
        assert finding.strict and finding.margin > 0 and finding.regret == 0
        assert finding.margin == min(finding.losses)


@few
@given(points(), holds)
def test_the_findings_are_exactly_the_profiles_that_no_free_player_wants_to_leave(point, hold):
    s = at(point, hold)
    expected = []
    for index in range(64):
        profile = SHIPPED.profiles[index]
        if all(profile[i] == a for i, a in hold.items()):
            free = [i for i in range(3) if i not in hold]
            if all(max(gains(s, i, profile)) <= TOLERANCE for i in free):
                expected.append(profile)
    assert [finding.profile for finding in s.solve().findings] == expected


@few
@given(points(), holds)
def test_a_finding_reports_the_cells_payoffs_and_each_free_players_loss(point, hold):
    s = at(point, hold)
    for finding in s.solve().findings:
        for player in range(3):
            assert finding.payoffs[player] == s.payoffs[(player, *finding.profile)]
            if player in hold:
                assert finding.losses[player] == math.inf
            else:
                others = [g for a, g in enumerate(gains(s, player, finding.profile)) if a != finding.profile[player]]
                assert finding.losses[player] == pytest.approx(-max(others), abs=1e-9)


def test_with_all_three_held_the_profile_is_the_answer_and_the_margin_infinite():
    s = baseline(hold={US: 2, RU: 3, CN: 0})
    (finding,) = s.solve().findings
    assert finding.profile == (2, 3, 0) and finding.margin == math.inf and finding.regret == 0 and finding.strict
    assert s.deviations(finding.profile) == [] and s.margin_swings(finding.profile) == {}
    assert np.isinf(s.margins).all()


def test_a_held_players_regret_does_not_count():
    free, held = baseline(), baseline(hold={US: 2})
    profile = (2, 1, 1)
    assert free.margins[profile] < 0 < held.margins[profile]
    assert free.finding(profile).regret > 0 == held.finding(profile).regret
    assert [d.player for d in held.deviations(profile)] == [RU, CN]


def test_holds_given_by_hand_are_laid_over_those_of_the_scenario():
    model = shipped()
    scenario = read_scenario("courting_2025", model)
    assert study(model, scenario).hold == {US: 2}
    assert study(model, scenario, {US: 0, CN: 1}).hold == {US: 0, CN: 1}


def test_payoffs_that_are_not_finite_are_refused_by_the_scenarios_name():
    scenario = baseline().scenario
    extreme = replace(scenario, values={**scenario.values, "stake_us_ru": 1e307})
    with np.errstate(all="ignore"), pytest.raises(TriangleError, match="baseline: some payoffs are not finite"):
        _ = Study(shipped(), extreme, {}).payoffs


# ----- deviations


@few
@given(points(), st.integers(0, 63), holds)
def test_the_terms_of_a_deviation_sum_to_its_loss_and_it_is_the_best_one(point, index, hold):
    s, profile = at(point, hold), SHIPPED.profiles[index]
    deviations = s.deviations(profile)
    assert [d.player for d in deviations] == [i for i in range(3) if i not in hold]
    scale = float(np.abs(s.payoffs).max())
    for deviation in deviations:
        options = gains(s, deviation.player, profile)
        assert deviation.to != profile[deviation.player]
        assert deviation.loss == pytest.approx(-options[deviation.to], abs=1e-9)
        assert options[deviation.to] == max(g for a, g in enumerate(options) if a != profile[deviation.player])
        assert sum(deviation.by_term.values()) == pytest.approx(deviation.loss, abs=1e-12 * scale)
        assert set(deviation.by_term) == set(s.model.terms)


@few
@given(points(), holds)
def test_margins_are_the_smallest_loss_of_the_free_players(point, hold):
    s = at(point, hold)
    free = [i for i in range(3) if i not in hold]
    for index in range(0, 64, 5):
        profile = SHIPPED.profiles[index]
        losses = [-max(g for a, g in enumerate(gains(s, i, profile)) if a != profile[i]) for i in free]
        assert s.margins[profile] == pytest.approx(min(losses, default=math.inf), abs=1e-9)


@few
@given(points(), st.integers(0, 63), st.integers(0, 2))
def test_replies_are_the_best_actions(point, index, player):
    s, profile = at(point), SHIPPED.profiles[index]
    options = gains(s, player, profile)
    assert s.replies(player, profile) == [a for a in range(4) if options[a] >= max(options) - TOLERANCE]


# ----- no pure equilibrium


def test_a_game_without_a_pure_equilibrium_says_so_and_what_to_ask_next():
    answer = restless().solve()
    assert answer.findings == () and answer.verdict == "complete"
    for words in ("No posture", "Nearest to stable", "regret", "circle", "Nash 1951", "--hold", "--set"):
        assert words in answer.advice
    nearest = restless().nearest()
    assert f"RU={SHIPPED.actions[RU][nearest[RU]]}" in answer.advice


def is_reply(s: Study, before: tuple[int, ...], after: tuple[int, ...]) -> bool:
    """Whether one free player's strictly better best reply leads from the one profile to the other."""
    movers = [i for i in range(3) if before[i] != after[i]]
    if len(movers) != 1 or movers[0] in s.hold:
        return False
    options = gains(s, movers[0], before)  # type: ignore[arg-type]
    return options[after[movers[0]]] == max(options) > TOLERANCE


@of_each("start", range(64), told=lambda index: SHIPPED.profiles[index])
def test_best_responses_run_in_a_closed_circle_from_any_start(start: int):
    s = restless()
    cycle = s.best_response_cycle(SHIPPED.profiles[start])
    assert cycle[0] == cycle[-1] and len(cycle) >= 5, "two players must each move at least twice to return"
    for profile, following in itertools.pairwise(cycle):
        assert is_reply(s, profile, following), f"no reply leads from {profile} to {following} in {cycle}"


def test_where_there_is_an_equilibrium_replies_may_come_to_rest_in_it():
    assert baseline().best_response_cycle((0, 1, 1)) == [(0, 1, 1)]
    assert baseline().best_response_cycle((3, 3, 3)) == [(0, 1, 1)]


def test_a_held_player_does_not_move_in_the_circle():
    held = Study(former(), restless().scenario, {US: 2})
    assert {profile[US] for profile in held.best_response_cycle((2, 0, 0))} == {2}


@few
@given(points(), holds)
def test_the_nearest_profile_can_be_reached_and_none_that_can_is_nearer(point, hold):
    s = at(point, hold)
    nearest = s.nearest()
    assert s.reachable(nearest)
    margins = [s.margins[p] for p in SHIPPED.profiles if all(p[i] == a for i, a in hold.items())]
    assert s.margins[nearest] == max(margins)


# ----- outcomes


@few
@given(points())
def test_what_survives_dominance_contains_every_equilibrium(point):
    s = at(point)
    for finding in s.solve().findings:
        assert all(finding.profile[i] in s.surviving[i] for i in range(3))


def test_held_players_survive_with_their_action_only():
    assert baseline(hold={US: 2}).surviving[US] == [2]


@few
@given(points())
def test_the_security_level_is_what_the_best_action_gives_in_its_worst_case(point):
    s = at(point)
    for player in range(3):
        worst = [min(float(u) for u in np.take(s.payoffs[player], a, axis=player).ravel()) for a in range(4)]
        assert s.security[player] == max(worst)


def test_a_held_player_threatens_nobody_with_what_it_will_not_do():
    """With America bound to court Russia, Moscow can count on more than in the worst case of all American actions."""
    held = baseline(hold={US: 2})
    worst = held.payoffs[RU][2].min(axis=1)
    assert held.security[RU] == worst.max() > baseline().security[RU]
    assert held.security[US] == held.payoffs[US][2].min()


def test_relief_is_paid_only_where_america_accommodates():
    s = baseline("relief=1", "reciprocity=0", "europe_joins=1", "reversal_hazard=0")
    assert s.outcomes == {"credibility": 1.0, "effective_relief": 1.0}
    paid = s.terms["relief"][RU]
    assert paid[2, 1, 1] > 0 and paid[1, 1, 1] == 0.0


def test_the_bargaining_share_of_a_finding_is_that_of_its_profile():
    refuses = 0.5 * (1 - baseline().scenario.values["outside_option_cn"])
    assert baseline().bargaining_share((0, 1, 1)) == refuses == 0.25
    more = baseline("relief=1", "reciprocity=0", "europe_joins=1", "reversal_hazard=0")
    assert more.bargaining_share((2, 1, 1)) == pytest.approx(
        0.5 + 0.5 * (more.scenario.values["outside_option_ru"] - 0.5)
    )
    assert more.bargaining_share((0, 1, 1)) == 0.25


# ----- one parameter after the other


def test_swings_are_the_payoffs_with_one_parameter_moved_to_its_ends():
    s = baseline()
    names = list(s.scenario.values)
    assert s.swings.shape == (3, 4, 4, 4, len(names), 2)
    for name in ("relief", "stake_ru_us", "gdp_cn", "decisiveness"):
        for end in range(2):
            moved = payoff_tensor(Values(s.scenario.moved({name: s.scenario.ranges[name][end]}), SHIPPED))
            found = s.swings[..., names.index(name), end]
            assert np.allclose(found, moved, rtol=1e-12, atol=1e-9)


@pytest.mark.parametrize("hold", [{}, {US: 2}, {RU: 1, CN: 1}], ids=["free", "US held", "US free"])
def test_margin_swings_are_margins_of_the_moved_games_and_leave_out_what_does_not_move_it(hold):
    s = baseline(hold=hold)
    profile = s.solve().findings[0].profile
    swings = s.margin_swings(profile)
    for name in [*s.scenario.values][:: 1 if LARGE else 7]:
        ends = []
        for value in s.scenario.ranges[name]:
            moved = replace(s.scenario, values=s.scenario.moved({name: value}))  # as a draw does: all that follows
            ends.append(float(Study(s.model, moved, dict(s.hold)).margins[profile]))
        if ends[0] != pytest.approx(ends[1], abs=1e-9):
            assert swings[name] == pytest.approx(tuple(ends), abs=1e-9), name
        elif name in swings:
            assert swings[name][0] == pytest.approx(swings[name][1], abs=1e-9)


def test_one_at_a_time_moves_one_parameter_and_only_that():
    scenario = read_scenario("baseline", shipped())
    values = one_at_a_time(scenario, ["relief", "evasion"], SHIPPED)
    assert values.samples == (2, 2)
    assert values["relief"].tolist() == [[0.0, 1.0], [0.3, 0.3]]
    low, high = scenario.ranges["evasion"]
    assert values["evasion"].tolist() == [[scenario.values["evasion"]] * 2, [low, high]]
    assert (values["trade_ru_cn"][1] != values["trade_ru_cn"][0]).any(), "what is computed from it follows"
    assert values["relief"].base is None, "a column of its own, not a view of another's"


# ----- words of the command line


@of_each("index", range(64))
def test_a_profile_is_read_back_from_its_index_and_its_words_in_any_order(index: int):
    profile = SHIPPED.profiles[index]
    words = [f"{name}={SHIPPED.actions[i][profile[i]]}" for i, name in enumerate(("US", "RU", "CN"))]
    assert SHIPPED.index(profile) == index
    assert (
        parse_profile(str(index), SHIPPED)
        == parse_profile(",".join(words), SHIPPED)
        == parse_profile(" , ".join(words[::-1]), SHIPPED)
        == profile
    )


@pytest.mark.parametrize(
    "text",
    ["", "64", "-1", "5.0", "٣", "US=contain_both", "US=contain_both,RU=align,CN=align,US=contain_both", "US,RU,CN"],
)
def test_what_is_no_profile_is_refused(text: str):
    with pytest.raises(BadInput, match="--profile"):
        parse_profile(text, SHIPPED)


def test_holds_may_be_joined_by_commas_but_no_player_held_twice():
    assert parse_hold(["US=court_russia,RU=hedge", "CN=align"], SHIPPED) == {US: 2, RU: 3, CN: 1}
    assert parse_hold([], SHIPPED) == {}
    with pytest.raises(BadInput, match="held twice"):
        parse_hold(["US=court_russia", "US=contain_both"], SHIPPED)


def test_unknown_players_and_actions_are_answered_with_the_nearest():
    with pytest.raises(BadInput, match="did you mean 'court_russia'"):
        parse_action("US=court_rusia", SHIPPED, "--hold")
    with pytest.raises(BadInput, match="unknown player 'EU'"):
        parse_action("EU=align", SHIPPED, "--hold")
    with pytest.raises(BadInput, match="unknown action of RU 'court_china'"):
        parse_action("RU=court_china", SHIPPED, "--hold")


@few
@given(
    volume=st.floats(1, 60), discount=st.floats(0, 1), relief=st.floats(0, 1), form=st.sampled_from(("first", "second"))
)
def test_the_price_of_new_gas_says_what_each_side_has_of_it(volume: float, discount: float, relief: float, form: str):
    """What the seller gets above its cost, and the buyer below the gas's worth, is what the payoffs count, as long as
    their bond is expected to last.
    """
    model = shipped().with_form(form)
    given_ = [f"pipeline_volume={volume!r}", f"gas_discount={discount!r}", f"relief={relief!r}"]
    played = study(model, override(read_scenario("baseline", model), given_, model))
    for profile in ((0, 1, 1), (2, 3, 1), (3, 3, 3), (0, 0, 0), (2, 2, 1)):
        deal, term = played.gas_deal(profile), played.terms["pipeline"] / form_life(played)
        assert (deal is None) == (term[RU][profile] == term[CN][profile] == 0.0)
        if deal is not None:
            paid = (
                played.values["pipeline_buyer_value"] - deal.price,
                deal.price - played.values["pipeline_seller_cost"],
            )
            assert deal.volume * paid[1] / 1000 == pytest.approx(term[RU][profile], abs=1e-12)
            assert deal.volume * paid[0] / 1000 == pytest.approx(term[CN][profile], abs=1e-12)
            assert deal.surplus == pytest.approx(term[RU][profile] + term[CN][profile], abs=1e-12)


def form_life(played: Study) -> float:
    """What a contract is worth beside one that lasts for ever."""
    kept = 0.975 if played.model.form.name == "second" else 1.0
    patience = played.scenario.values["discount_factor"]
    return (1 - patience) / (1 - patience * kept)


def test_no_gas_is_sold_where_none_is_planned():
    assert all(finding.gas is None for finding in baseline().solve().findings)
