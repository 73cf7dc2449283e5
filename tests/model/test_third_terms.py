"""The payoffs of those who decide from the side, held against what their docstrings promise."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from payoff_laws import drawn as box
from strategies import shipped

from triangle.games.normal_form import is_nash
from triangle.model.model import Model
from triangle.model.parameter import followed
from triangle.model.parameters import Values
from triangle.model.payoffs import payoff_tensor
from triangle.model.terms import QUESTIONS, answers
from triangle.model.third_terms import THIRD_TERMS, terms_of
from triangle.model.thirds import joined
from triangle.players.axes import CN, RU, US
from triangle.players.thirds import Setting, ThirdParty

Floats = NDArray[np.float64]

#: Who can choose what, with every term that there is of it.
SETTINGS: dict[str, tuple[tuple[str, ...], tuple[Setting, ...]]] = {
    "EU": (
        ("keep_trade", "keep_follow", "join_trade", "join_follow"),
        (Setting("europe_joins", (0.0, 0.0, 1.0, 1.0)), Setting("follows_eu", (0.0, 1.0, 0.0, 1.0))),
    ),
    "UA": (("fight", "settle"), (Setting("war_intensity", (1.0, 0.0)),)),
    "IR": (("sell", "out"), (Setting("sells_ir", (1.0, 0.0)), Setting("outside_option_cn", (0.5, 0.3)))),
    "AL": (("trust", "restrict"), (Setting("trusts_al", (1.0, 0.0)), Setting("ally_commitment", (0.35, 0.22)))),
    "IN": (("buy", "stop"), (Setting("buys_in", (1.0, 0.0)), Setting("evasion", (0.8, 0.7)))),
    "KP": (("arm", "abstain"), (Setting("arms_kp", (1.0, 0.0)), Setting("dual_use_dependence", (0.8, 0.9)))),
}


def party(code: str, terms: tuple[str, ...] | None = None) -> ThirdParty:
    actions, settings = SETTINGS[code]
    return ThirdParty(code, code, code, code, actions, settings, terms or tuple(terms_of(code)))


def drawn(model: Model, n: int = 200, seed: int = 3, **fixed: float) -> Values:
    """Points of the box with some parameters fixed; what is computed is computed from them."""
    columns = box(model.catalogue, n, seed) | {name: np.full(n, value) for name, value in fixed.items()}
    return Values(followed(columns, model.catalogue.following, fixed), model.catalogue.cast)


def worth(name: str, **fixed: float) -> Floats:
    """What a term pays its player over the box: the axes of the three, of the player's actions, and of the points."""
    code = name.split("_")[0].upper()
    model = joined(shipped(), [party(code, (name,))])
    values = drawn(model, **fixed)
    paid = THIRD_TERMS[name](values.stances, values)
    assert set(paid) == {3}, "pays its own player alone"
    return np.broadcast_to(paid[3], (*model.catalogue.cast.shape, 200))


# The axes: the three powers' actions in the order of their stances towards the two others (oppose both first), the
# player's own, the points. American actions: contain both, court Russia, court China, engage both.
CONTAIN, COURT_RU, COURT_CN, ENGAGE = 0, 2, 1, 3


def american(towards: int) -> list[bool]:
    """Whether each American action accommodates this power."""
    stance = Values({"x": 0.0}, shipped().catalogue.cast).stances[US, towards]
    return [bool(x) for x in np.ravel(stance)]


def russian(towards: int) -> list[bool]:
    stance = Values({"x": 0.0}, shipped().catalogue.cast).stances[RU, towards]
    return [bool(x) for x in np.ravel(stance)]


@pytest.mark.parametrize("name", THIRD_TERMS)
def test_a_term_answers_the_five_questions_and_names_its_player(name: str):
    assert set(answers(THIRD_TERMS[name])) == set(QUESTIONS)
    assert name.split("_")[0].upper() in SETTINGS


@pytest.mark.parametrize("name", THIRD_TERMS)
def test_what_a_term_pays_is_finite_and_no_more_than_an_economy_could(name: str):
    paid = worth(name)
    assert np.isfinite(paid).all() and np.abs(paid).max() < 2000


# ----- Europe


@pytest.mark.parametrize("name", ["eu_reopening", "eu_assets"])
def test_europe_lifts_nothing_alone_nor_where_it_keeps(name: str):
    paid = worth(name)
    accommodates = np.array(american(RU))
    assert not paid[~accommodates].any() and not paid[:, :, :, :2].any()


def test_reopened_trade_never_makes_europe_keep_and_released_assets_never_make_it_join():
    trade, assets = worth("eu_reopening"), worth("eu_assets")
    assert (trade[:, :, :, 2] >= trade[:, :, :, 0]).all() and (assets[:, :, :, 2] <= assets[:, :, :, 0]).all()
    assert (trade[:, :, :, 2] > trade[:, :, :, 0]).any() and (assets[:, :, :, 2] < assets[:, :, :, 0]).any()


def test_relief_wholly_conditional_reopens_no_trade_with_a_russia_that_stays_with_china():
    paid, stays = worth("eu_reopening", conditionality=1.0, relief=1.0), np.array(russian(CN))
    joins = paid[american(RU).index(True), :, :, 2]
    assert not joins[stays].any()
    assert (joins[~stays & np.array(russian(US))] > 0).all()


def test_a_hostile_russia_costs_europe_more_than_one_that_accommodates_whatever_europe_does():
    paid, friendly = worth("eu_security"), np.array(russian(US))
    assert (paid[:, ~friendly].max(axis=1) < paid[:, friendly].min(axis=1)).all()


def test_joining_costs_security_only_where_relief_reaches_a_russia_that_opposes_the_west():
    paid, friendly = worth("eu_security", relief=1.0, reciprocity=0.0, conditionality=0.0), np.array(russian(US))
    loss = paid[:, :, :, 0] - paid[:, :, :, 2]
    assert (loss >= 0).all()
    assert not loss[:, friendly].any() and (loss[american(RU)][:, ~friendly] > 0).all()
    assert not loss[~np.array(american(RU))].any()


def test_lifting_costs_in_itself_what_is_lifted_for_a_russia_that_opposes_and_nothing_for_another():
    paid = worth("eu_principle", principle_eu=80.0, relief=0.5, reciprocity=0.0, conditionality=0.0)
    friendly, courted = np.array(russian(US)), np.array(american(RU))
    assert not paid[:, :, :, :2].any() and not paid[~courted].any() and not paid[:, friendly].any()
    assert np.allclose(paid[courted][:, ~friendly][:, :, :, 2:], -40.0)


def test_europe_alone_with_its_unity_mirrors_washington_in_every_equilibrium():
    model = joined(shipped(), [party("EU", ("eu_unity", "eu_front"))])
    stable = is_nash(payoff_tensor(drawn(model, 60, rift_eu=10.0), model.terms))
    assert stable.any()
    for us, *_, eu, _ in np.argwhere(stable):
        assert bool(eu >= 2) == american(RU)[us] and bool(eu % 2) != american(CN)[us]


def test_departing_costs_the_same_in_either_direction_and_nothing_on_the_line():
    paid = worth("eu_unity", rift_eu=10.0)
    for us, accommodates in enumerate(american(RU)):
        keep, join = paid[us, :, :, 0], paid[us, :, :, 2]
        assert (keep == (-10.0 if accommodates else 0.0)).all() and (join == (0.0 if accommodates else -10.0)).all()


def test_following_washington_costs_the_market_and_more_so_where_china_courts():
    alone, courted = worth("eu_market", courtship_eu=0.0), worth("eu_market", courtship_eu=1.0)
    follow = [paid[:, :, :, 1] - paid[:, :, :, 0] for paid in (alone, courted)]
    assert (follow[0] < 0).all() and np.allclose(follow[1], 2 * follow[0], rtol=1e-12)


def test_whether_europe_joins_does_not_bear_on_what_china_is_worth_to_it():
    for name in ("eu_market", "eu_front"):
        paid = worth(name)
        assert (paid[:, :, :, :2] == paid[:, :, :, 2:]).all()


# ----- Ukraine


def test_a_ukraine_that_settles_bears_no_cost_of_war_and_gets_no_aid_for_it():
    assert not worth("ua_war")[:, :, :, 1].any()


def test_fighting_is_worth_less_the_more_is_destroyed_and_the_more_washington_concedes():
    fight = [worth("ua_war", damage_ua=d)[:, :, :, 0] for d in (40.0, 60.0)]
    assert np.allclose(fight[0] - fight[1], 20.0)
    none, all_ = (worth("ua_war", political_concession=z, aid_us_ua=30.0)[:, :, :, 0] for z in (0.0, 1.0))
    lost = none - all_
    accommodates = np.array(american(RU))
    assert np.allclose(lost[accommodates], 30.0) and not lost[~accommodates].any()


def test_settling_gives_up_a_place_at_the_table_only_towards_a_russia_that_opposes():
    paid, friendly = worth("ua_table", unilateral_yield=0.2), np.array(russian(US))
    fight, settle = paid[:, :, :, 0], paid[:, :, :, 1]
    assert (fight[:, friendly] == settle[:, friendly]).all()
    assert np.allclose(settle[:, ~friendly], 0.8 * fight[:, ~friendly])


def test_ukraine_holds_no_more_than_all_that_it_has_at_stake():
    paid = worth("ua_table", stake_ua=100.0)
    assert (paid > 0).all() and (paid < 100.0).all()


# ----- Iran and the allies


def test_a_deal_costs_iran_its_backing_whether_it_sells_or_not():
    paid, friendly = worth("ir_backing", backing_ir=1.0, gdp_ir=400.0), np.array(russian(US))
    assert np.allclose(paid[:, friendly], -4.0) and not paid[:, ~friendly].any()


def test_iran_earns_with_its_oil_what_it_sells():
    paid = worth("ir_oil", oil_ir=30.0)
    assert (paid[:, :, :, 0] == 30.0).all() and not paid[:, :, :, 1].any()


def test_allies_trust_as_long_as_they_are_protected_for_more_than_their_bases_cost():
    """By itself the term makes them restrict once the conceded part passes 1 − H/D, and only where America concedes."""
    for conceded, trusts in ((0.0, True), (0.89, True), (0.91, False), (1.0, False)):
        paid = worth("al_cover", political_concession=conceded, cover_al=100.0, hosting_al=10.0)
        better = paid[:, :, :, 0] > paid[:, :, :, 1]
        accommodates = np.array(american(RU))
        assert (better[accommodates] == trusts).all() and better[~accommodates].all()


# ----- India and North Korea


def test_india_saves_by_russian_crude_whatever_the_others_do_and_only_while_it_buys():
    paid = worth("in_oil", saving_in=3.0)
    assert (paid[:, :, :, 0] == 3.0).all() and not paid[:, :, :, 1].any()


def test_the_tariff_meets_an_india_that_buys_and_only_where_washington_opposes_russia():
    paid, courted = worth("in_tariff", tariff_loss_in=5.0), np.array(american(RU))
    assert not paid[:, :, :, 1].any() and not paid[courted].any()
    assert (paid[~courted][:, :, :, 0] == -5.0).all()


def test_by_its_terms_india_buys_where_washington_courts_and_else_as_far_as_it_saves_more_than_the_tariff_takes():
    for saving, loss in ((3.0, 2.0), (3.0, 4.0)):
        model = joined(shipped(), [party("IN")])
        values = drawn(model, saving_in=saving, tariff_loss_in=loss)
        buys = payoff_tensor(values, model.terms)[3]
        better = buys[:, :, :, 0] > buys[:, :, :, 1]
        courted = np.array(american(RU))
        assert better[courted].all() and (better[~courted] == (saving > loss)).all()


def test_north_korea_is_paid_in_what_is_not_seen_by_a_russia_that_opposes_the_west_alone():
    numbers = {"sent_kp": 4.0, "unseen_kp": 0.5, "paid_kp": 0.6, "war_intensity": 1.0}
    paid, friendly = worth("kp_return", **numbers), np.array(russian(US))
    assert np.allclose(paid[:, friendly][:, :, :, 0], 0.6) and np.allclose(paid[:, ~friendly][:, :, :, 0], 2.6)
    assert not paid[:, :, :, 1].any()


def test_arms_cost_north_korea_what_it_sends_and_nothing_where_there_is_no_war():
    cost = worth("kp_cost", sent_kp=4.0, cost_kp=0.25, war_intensity=1.0)
    assert np.allclose(cost[:, :, :, 0], -1.0) and not cost[:, :, :, 1].any()
    for name in ("kp_return", "kp_cost"):
        assert not worth(name, war_intensity=0.0).any()


def test_a_follower_of_what_a_player_chooses_keeps_to_what_was_measured():
    """Trade before sanctions is inferred from the evasion that was seen, whatever India does about it since."""
    model = joined(shipped(), [party("IN")])
    trade = model.catalogue["trade_ru_cn"]
    assert trade.follows and trade.reads == ("secondary_sanctions",)
    assert trade.default == shipped().catalogue["trade_ru_cn"].default
    values = drawn(model, 20)
    assert values["trade_ru_cn"].shape == (20,) and np.ptp(values["trade_ru_cn"]) > 0


# ----- what is the same with third parties as without


@pytest.mark.parametrize("code", SETTINGS)
def test_a_third_party_adds_no_payoff_to_the_three(code: str):
    """Held at each action, the three are paid as in the game in which the same parameters are set to the same."""
    model = joined(shipped(), [party(code)])
    values = drawn(model, 20)
    tensor = payoff_tensor(values, model.terms)
    for action in range(len(SETTINGS[code][0])):
        chosen = {s.parameter: np.full(20, s.values[action]) for s in SETTINGS[code][1]}
        known = {p.name for p in shipped().catalogue}
        numbers = {name: column for name, column in (values.numbers | chosen).items() if name in known}
        alone = payoff_tensor(Values(numbers, shipped().catalogue.cast), shipped().terms)
        assert (tensor[:3, :, :, :, action] == alone).all()
