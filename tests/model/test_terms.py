"""Every payoff of every term against the slow second implementation in oracle.py, and points worked by hand."""

from __future__ import annotations

import inspect
import itertools

import numpy as np
import pytest
from budgets import LARGE
from model import oracle
from strategies import shipped

from triangle.model.forms import FORMS
from triangle.model.parameters import Values
from triangle.model.payoffs import payoff_terms
from triangle.model.terms import TERMS
from triangle.players.axes import CN, RU, US
from triangle.players.cast import SHIPPED

POINTS = 50 if LARGE else 20
DEFAULTS = shipped().catalogue.defaults()


def drawn() -> list[dict[str, float]]:
    """The defaults, then points of the box; every fifth has a new pipeline whose gas may cost more than it is worth."""
    generator = np.random.default_rng(20241231)
    points = [DEFAULTS]
    for place in range(POINTS):
        point = {p.name: float(generator.uniform(p.low, p.high)) for p in shipped().catalogue}
        if place % 5 == 0:
            point |= {"pipeline_seller_cost": float(generator.uniform(250, 450)), "pipeline_volume": 50.0}
        if place % 2:
            point |= {name: float(generator.uniform()) for name in ("threat_scaling", "primacy_scaling")}
        points.append(point)
    return points


@pytest.fixture(scope="module")
def ours() -> dict[str, dict[str, np.ndarray]]:
    points = drawn()
    values = Values({name: np.array([point[name] for point in points]) for name in DEFAULTS}, SHIPPED)
    return {name: payoff_terms(values, form.terms) for name, form in FORMS.items()}


def test_the_oracle_has_the_same_terms_and_nothing_of_the_package():
    assert oracle.TERMS == tuple(TERMS)
    assert "import triangle" not in inspect.getsource(oracle) and "from triangle" not in inspect.getsource(oracle)


@pytest.mark.parametrize("term", TERMS)
@pytest.mark.parametrize("form", FORMS)
def test_a_term_is_what_the_specification_says_at_every_profile_and_point(form: str, term: str, ours):
    if FORMS[form].terms[term] is TERMS[term] and form != "first":
        return  # the very same function
    points, ours = drawn(), ours[form]
    expected = np.empty_like(ours[term])
    for (place, point), index, player in itertools.product(enumerate(points), range(64), range(3)):
        actions = SHIPPED.profiles[index]
        expected[(player, *actions, place)] = oracle.payoff(term, player, actions, point, form)
    # Relative to the term's own size for the player: a difference of two equal shares may itself be next to nothing.
    scale = np.abs(expected).max(axis=(1, 2, 3), keepdims=True)
    worst = np.abs(ours[term] - expected) / np.where(scale == 0, 1, scale)
    place = np.unravel_index(worst.argmax(), worst.shape)
    assert worst.max() <= 1e-12, f"{term} at {place}: {ours[term][place]} instead of {expected[place]}"
    assert np.abs(expected).max() > 0, "the points drawn never reach this term"


@pytest.mark.parametrize("form", FORMS)
def test_the_same_holds_one_point_at_a_time(form: str):
    alone = payoff_terms(Values(DEFAULTS, SHIPPED), FORMS[form].terms)
    for term, player, index in itertools.product(TERMS, range(3), range(0, 64, 7)):
        actions = SHIPPED.profiles[index]
        expected = oracle.payoff(term, player, actions, DEFAULTS, form)
        assert alone[term][(player, *actions)] == pytest.approx(expected, rel=1e-12, abs=1e-12)


def cell(term: str, player: int, us: str, ru: str, cn: str, **changes: float) -> float:
    """A term at one profile of a small world with round numbers."""
    world = {
        **DEFAULTS,
        "gdp_us": 1000.0,
        "gdp_ru": 1000.0,
        "gdp_cn": 1000.0,
        "capability_us": 10.0,
        "capability_ru": 10.0,
        "capability_cn": 10.0,
        "ally_commitment": 0.0,
        "two_front_dilution": 0.0,
        **changes,
    }
    place = (SHIPPED.actions[US].index(us), SHIPPED.actions[RU].index(ru), SHIPPED.actions[CN].index(cn))
    return float(payoff_terms(Values(world, SHIPPED), {term: TERMS[term]})[term][(player, *place)])


def test_contest_among_equals_who_all_oppose_halves_each_stake():
    stakes = {"stake_us_ru": 2.0, "stake_us_cn": 4.0}
    assert cell("contest", US, "contain_both", "oppose_both", "oppose_both", **stakes) == pytest.approx(10 + 20)


def test_contest_one_sided_accommodation_hands_over_a_part():
    """Equals; Russia accommodates China alone and gives up y = 0.4 of its half: 0.3 of 10 is left; China: 0.7 of 20."""
    world = {"stake_ru_cn": 1.0, "stake_ru_us": 0.0, "stake_cn_ru": 2.0, "stake_cn_us": 0.0, "unilateral_yield": 0.4}
    assert cell("contest", RU, "contain_both", "align", "oppose_both", **world) == pytest.approx(3.0)
    assert cell("contest", CN, "contain_both", "align", "oppose_both", **world) == pytest.approx(14.0)


def test_contest_what_america_concedes_russia_gains():
    """Equals, both accommodate, Z·y = 0.5 · 0.4: America keeps 0.8 of its half, Russia has the rest."""
    world = {"stake_us_ru": 1.0, "stake_ru_us": 1.0, "stake_us_cn": 0.0, "stake_ru_cn": 0.0}
    world |= {"political_concession": 0.5, "unilateral_yield": 0.4}
    assert cell("contest", US, "court_russia", "distance", "oppose_both", **world) == pytest.approx(4.0)
    assert cell("contest", RU, "court_russia", "distance", "oppose_both", **world) == pytest.approx(6.0)


def test_rivalry_most_of_the_cost_comes_from_being_opposed():
    world = {"rivalry_cost_ru_us": 1.0, "rivalry_cost_ru_cn": 0.0, "burden_of_being_opposed": 0.6}
    assert cell("rivalry", RU, "contain_both", "distance", "align", **world) == pytest.approx(-6.0)
    assert cell("rivalry", RU, "court_russia", "align", "align", **world) == pytest.approx(-4.0)
    assert cell("rivalry", RU, "contain_both", "align", "align", **world) == pytest.approx(-10.0)


def test_exchange_is_choked_from_both_sides():
    world = {"trade_us_ru": 100.0, "gain_us_ru": 0.1, "gain_us_cn": 0.0, "choke_us_ru": 0.5, "choke_ru_us": 0.2}
    assert cell("exchange", US, "court_russia", "distance", "align", **world) == pytest.approx(10.0)
    assert cell("exchange", US, "contain_both", "distance", "align", **world) == pytest.approx(5.0)
    assert cell("exchange", US, "contain_both", "align", "align", **world) == pytest.approx(4.0)


def test_relief_is_paid_in_full_only_for_what_was_asked():
    world = {"relief": 1.0, "us_sanction_share": 0.5, "europe_joins": 1.0, "reversal_hazard": 0.0}
    # A loss of an eleventh of what would be is a tenth of what is: 100 of 1000.
    world |= {"sanction_cost": 1 / 11, "frozen_assets": 100.0, "asset_return": 0.1}
    world |= {"reciprocity": 0.5, "conditionality": 0.2}
    assert cell("relief", RU, "court_russia", "distance", "align", **world) == pytest.approx(110.0)
    assert cell("relief", RU, "court_russia", "hedge", "align", **world) == pytest.approx(88.0)
    assert cell("relief", RU, "court_russia", "align", "align", **world) == pytest.approx(44.0)
    assert cell("relief", RU, "contain_both", "distance", "align", **world) == 0.0


def test_alliance_costs_the_conceded_part():
    world = {"alliance_value": 1.0, "political_concession": 0.3}
    assert cell("alliance", US, "court_russia", "align", "align", **world) == pytest.approx(-3.0)
    assert cell("alliance", US, "court_china", "align", "align", **world) == 0.0


def test_order_pays_those_who_are_linked_and_oppose_america():
    world = {"order_value_us": 1.0, "order_value_ru": 2.0, "order_value_cn": 3.0}
    at = ("contain_both", "align", "hedge")
    assert [cell("order", player, *at, **world) for player in (US, RU, CN)] == pytest.approx([-5.0, 20.0, 0.0])
    assert cell("order", RU, "contain_both", "align", "oppose_both", **world) == 0.0


def test_balance_costs_nothing_where_the_other_two_are_even():
    assert cell("balance", US, "contain_both", "oppose_both", "oppose_both") == 0.0
    strong = {"capability_cn": 30.0, "decisiveness": 1.0, "balance_weight_us": 1.0}
    assert cell("balance", US, "contain_both", "oppose_both", "oppose_both", **strong) == pytest.approx(-2.5)


def test_autonomy_is_half_as_dear_when_russia_hedges():
    world = {"autonomy_cost": 1.0, "dependence_ru_cn": 0.7, "dependence_reference": 0.35}
    assert cell("autonomy", RU, "contain_both", "align", "align", **world) == pytest.approx(-20.0)
    assert cell("autonomy", RU, "contain_both", "hedge", "align", **world) == pytest.approx(-10.0)
    assert cell("autonomy", RU, "contain_both", "distance", "align", **world) == 0.0


def test_dual_use_helps_russia_and_exposes_china():
    world = {"dual_use_value": 5.0, "dual_use_dependence": 0.8, "war_intensity": 0.5}
    world |= {"sanction_exposure": 0.2, "evasion": 0.5}
    assert cell("dual_use", RU, "contain_both", "align", "align", **world) == pytest.approx(20.0)
    assert cell("dual_use", CN, "contain_both", "align", "align", **world) == pytest.approx(-1.0)
    assert cell("dual_use", CN, "court_russia", "align", "align", **world) == 0.0


def test_pipeline_bcm_times_dollars_per_thousand_cubic_metres_are_million_dollars():
    """50 bcm a year at a spread of 150 dollars are 7.5 billion dollars; without relief Russia gets ¼ at d_CN = ½."""
    world = {"pipeline_volume": 50.0, "pipeline_buyer_value": 300.0, "pipeline_seller_cost": 150.0}
    world |= {"outside_option_cn": 0.5}
    assert cell("pipeline", RU, "contain_both", "align", "align", **world) == pytest.approx(1.875)
    assert cell("pipeline", CN, "contain_both", "align", "align", **world) == pytest.approx(5.625)
    assert cell("pipeline", RU, "contain_both", "align", "oppose_both", **world) == 0.0


def test_every_term_says_its_formula_its_literature_and_what_it_leaves_out():
    """Habit 6: who gains or loses, by which mechanism, what is left out, which literature."""
    for name, term in ((name, term) for form in FORMS.values() for name, term in form.terms.items()):
        text = inspect.getdoc(term) or ""
        assert "**Left out**" in text and "**Literature**" in text, name
        assert "**Who " in text, name
