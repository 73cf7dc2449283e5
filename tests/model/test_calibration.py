"""Every formula once more by hand, from the numbers in the documents; its arguments are its lineage."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from each import of_each
from strategies import former, shipped

from triangle.model.calibration import FORMULAS, lineage, meaning
from triangle.model.instruments import read_instruments
from triangle.model.parameters import SHIPPED as PARAMETERS_FILE
from triangle.model.parameters import formula_number
from triangle.model.thirds import SHIPPED as THIRD_PARAMETERS
from triangle.players.cast import SHIPPED
from triangle.scenarios.scenario import read_scenario, shipped_names

# Numbers that several formulas share, worked by hand as well.
M = 0.365  # decisiveness
US_RU = 1 / (1 + (149 / 997) ** M)  # American share of a contest by what the two spend
US_CN = 1 / (1 + (314 / 997) ** M)
EUROPE = 100 * (36 + 115 * 1.082 / 3) / 29_180  # American spending on Europe and Ukraine
AMERICA_CN = ((99_700 / 29_180 - 3.086) * (99_700 / 29_180 - 2)) ** 0.5 * 314 / 463  # over factors: geometric middle
CHINA = ((31_400 / 18_740 - 1) * 31_400 / 18_740) ** 0.5 * 997 / 1154.9
CRIMEA = 1 - (18.7 / 38.2) ** 0.5
CRUDE = 0.5 * (240 - 110) / 240  # crude in the trade of Russia and China
REACH = CRUDE * 0.42 + (1 - CRUDE) * 0.7 * 0.98
#: Cost of each million dollars more a voyage, as a part of what evades: over what a cargo is worth, for crude alone.
FREIGHT = (1 / 0.75) / (62.42e3 / (2.17 * 365.25)) * CRUDE * 0.42 / REACH
KEPT = 1 - ((1 - 1.019 / 1.2) / (0.7 * 0.98) + (1 - 860 / 920) / 0.42) / 2
#: Gains from the trade with China that sanctions take from Russia, for each part of that trade that they stop.
TAKEN = (1 - KEPT) * 244.8 / (1 - REACH * (1 - KEPT)) * (1.87 / 1.09 - 1) / 2
#: American part of the sanctions: the geometric middle of its part in the lost trade and in the coalition's output.
AMERICAN_PART = (36.1 / (36.1 + 248.4 * 1.082) * 0.458) ** 0.5

#: Formula -> its value, worked by hand from the figures' numbers as typed here a second time on purpose.
BY_HAND = {
    "capability_allies": 100 * 0.30 - 14.9,  # G7 share of world output less the American one
    "trade_us_ru_between": (36.1 + 3.5) / 2,
    "reversal_hazard": 1 / 8,  # one reversal in two terms of four years
    "reversal_hazard_congress": 1 / 4,  # one in two terms of two years
    "sanction_cost": 0.2 / 1.2,
    "dependence_ru_cn": (0.30 + 0.40) / 2,
    "dual_use_dependence": (0.80 + 0.90 + 0.70) / 3,
    "pipeline_ceiling": 98 - 38,
    "outside_option_cn_ceiling": 1 - 0.19,
    "trade_us_cn_1972": None,
    "trade_us_ru_1972": None,
    "trade_ru_cn_1972": None,
    "two_front_shortfall": 1 - (291 / 400 + 0.667) / 2,
    "allied_effort": (13.2 / 15.1) / (36.7 / 14.9),
    "european_part": 454 / (1506 - 997),
    "stake_us_ru_of_effort": EUROPE / (M * US_RU * (1 - US_RU)),
    "stake_ru_us_of_effort": (7.1 - 3.576) / (M * US_RU * (1 - US_RU)),
    "stake_ru_us_of_loss": 20.0,
    "stake_ru_us_of_both": (20 * (7.1 - 3.576) / (M * US_RU * (1 - US_RU))) ** 0.5,
    "stake_us_cn_of_both": (5.0 * AMERICA_CN / (M * US_CN * (1 - US_CN))) ** 0.5,  # 5.0: between 3.3 and 6.7
    "stake_cn_us_of_both": (12.8 * CHINA / (M * US_CN * (1 - US_CN))) ** 0.5,  # 12.8: between 8.9 and 16.7
    "hostility_us_ru": EUROPE,
    "us_above_trough_ru": (99_700 / 29_180 - 3.086) * 149 / 463,
    "us_above_guideline_ru": (99_700 / 29_180 - 2) * 149 / 463,
    "us_above_trough_cn": (99_700 / 29_180 - 3.086) * 314 / 463,
    "us_above_guideline_cn": (99_700 / 29_180 - 2) * 314 / 463,
    "ru_above_2021": 7.1 - 3.576,
    "ru_above_2016": 7.1 - 5.425,
    "ru_above_guideline": 7.1 - 2,
    "ru_2023_above_2021": 5.402 - 3.576,
    "cn_above_floor": (31_400 / 18_740 - 1) * 997 / 1154.9,
    "cn_burden": 31_400 / 18_740 * 997 / 1154.9,
    "ru_second_front": 7.1 * 314 / 1820,
    "ru_second_front_2021": 3.576 * 314 / 1820,
    "ru_second_front_us": 7.1 * 314 / 1311,
    "cn_second_front": 31_400 / 18_740 * 149 / 1146,
    "cn_burden_fall": 2.447 - 1.686,
    "trade_ru_cn_unhindered": 244.8 / (1 - REACH * (1 - KEPT)),
    "trade_us_cn_unhindered": 582 / ((1 - 438.9 / 582 * (1 - 1.193**-2)) * (1 - 143.1 / 582 * (1 - 1.211**-2))),
    "choke_us_ru_of_fall": 1 - 3.5 / 36.1 / (1 - CRIMEA / 2),
    "gain_of_us_trade": 4 / 8 / 2,
    "gain_as_of_us_trade": 0.25,
    "gain_ru_by_prices": (1.87 / 1.09 - 1) / 2,
    "gain_at_price_elasticity": 1 / 8,
    "gain_at_long_elasticity": 1 / 4,
    "gain_at_tenfold_price": (1 - 10**-0.76) / (2 * 0.76),
    "gain_as_by_prices": (1.87 / 1.09 - 1) / 2,
    "gas_discount": 38 * 0.1532 / 244.8,
    "gas_discount_shown": 1 - 248.7 / 401.9,
    "choke_us_cn_of_tariff": 438.9 / 582 * (1 - 1.193**-2),
    "choke_cn_us_of_tariff": 143.1 / 582 * (1 - 1.211**-2),
    "tariff_threatened": 1 - 1 / 2**2,
    "choke_of_crimea": CRIMEA,
    "choke_of_invasion": 1 - (67.5 / 248.4) ** 0.5,
    "capability_partners": 12.0,
    "link_hazard_of_votes": 0.05,
    "freight_of_evasion": FREIGHT * (4.25 - 1.5),
    "freight_of_evasion_by_april": FREIGHT * (2.5 - 1.5),
    "freight_of_evasion_since_peace": FREIGHT * (4.25 - 0.56),
    "cost_of_payments": (1 - CRUDE) * 0.7 * 0.98 * TAKEN,
    "cost_of_tankers": CRUDE * 0.42 * TAKEN,
    "cost_of_technology": 110 * 0.5 * (1 - 1.09 / 1.87),
    "yield_of_assets": 500 * 6.9 / 183,
    "sanction_reach": REACH,
    "sanction_reach_big_banks": 0.5 * 130 / 240 * 0.42 + (1 - 0.5 * 130 / 240) * 0.7 * 0.75,
    "evasion_shown": KEPT,
    "evasion_of_big_banks": 1 - (1 - 1.019 / 1.2) / (0.7 * 0.75),
    "us_part_of_lost_trade": 36.1 / (36.1 + 248.4 * 1.082),
    "american_part_of_sanctions": 0.23287874354994062,
    "shortfall_of_potential": 0.2 / 0.8,
    "output_lost": 1 / 6,
    "discount_real": 1.0952 / 1.21,
    "discount_nominal": 1 / 1.21,
    "return_2024": 6.9 / 183,
    "return_2023": 4.4 / 191,
    "american_primacy": (AMERICA := 14.9 + (13.2 / 15.1) / (36.7 / 14.9) * (100 * 0.30 - 14.9)) / (AMERICA + 19.5),
    "europe_to_america": 3600 / 29_180,
    "europe_replaced": 45_400 / 29_180,
    "primacy_cost_ru": 100 * (500 * 6.9 / 183 / 2170 + 0.5 * AMERICAN_PART * 0.2),
    "balance_us": None,
    "balance_ru": None,
    "balance_cn": None,
    "autonomy_of_gas": 3.8 * 153.2 / 2170,
    "autonomy_of_gas_and_goods": (3.8 * 153.2 + 5500 * (1 - 1.09 / 1.87)) / 2170,
    "exposure_shown": 0.125 * (0.2 - 0.019) * 24_000 / 18_740,
    "exposure_borne": 0.125 * 24_480 / (1 - KEPT) / 18_740,
    "west_left": 37 / 155,
    "trade_closed_eu": 180.9 * 1.082,
    "effort_eu_of_2023": 65 * 1.082,
    "effort_eu_of_2024": 129 * 1.082,
    "effort_eu_of_2025": 167 * 1.082,
    "defence_alone": 270.5,
    "assets_eu_of_all": 227.22,
    "assets_eu_of_euroclear": 183 * 1.082,
    "trade_eu_cn_of_2024": 731.1 * 1.082,
    "rift_of_tariff": 0.25 * 531.6 * 1.082 * (1 - 1 / 1.69),
    "damage_a_year": 176 / 3,
    "aid_us_a_year": 115 * 1.082 / 3,
    "aid_europe_a_year": 138 * 1.082 / 3,
    "stake_ua_of_effort": (EFFORT := 64.7 * (1 + (ODDS := (149 / 64.7) ** 0.365)) ** 2 / (0.365 * ODDS)),
    "stake_ua_of_both": (EFFORT * 199.8) ** 0.5,
    "stake_ua_of_occupied": 39.96,
    "oil_to_cn_ir": 31.862,
    "trade_gain_ir": 50 * (1.87 / 1.09 - 1) * 4.5 / 401.5,
    "forces_ir": 790 / 401.5,
    "tariff_loss_of_oil": 0.25 * 87.4 * 0.55 * (1 - 1 / 1.5625),
    "sent_a_year_kp": 3.85,
    "paid_a_year_kp": 0.6,
}


#: Where a parameter's table names a formula.
KEYS, LISTS = ("formula", "estimate", "low", "high"), ("bounded", "rivals")


def test_every_formula_is_worked_by_hand_here():
    assert set(BY_HAND) == set(FORMULAS)


@of_each("formula", [name for name, value in BY_HAND.items() if value is not None])
def test_a_formula_gives_what_a_hand_calculation_gives(formula: str):
    model = shipped()
    found = formula_number(formula, model.ledger, SHIPPED, model.catalogue.defaults())
    assert found == pytest.approx(BY_HAND[formula], rel=1e-9)


@pytest.mark.parametrize("who", ["us", "ru", "cn"])
def test_the_weight_of_balance_is_what_the_winner_of_the_others_contest_would_take(who: str):
    """S (π against one − π against one with part of the other's strength), mean over who wins; worked step by step."""
    v = shipped().catalogue.defaults()
    one, other = (name for name in ("us", "ru", "cn") if name != who)
    lost = []
    for winner, loser in ((one, other), (other, one)):
        mine, theirs = v[f"capability_{who}"] ** v["decisiveness"], v[f"capability_{winner}"]
        alone = mine / (mine + theirs ** v["decisiveness"])
        grown = mine / (mine + (theirs + v["cumulation"] * v[f"capability_{loser}"]) ** v["decisiveness"])
        lost.append(v[f"stake_{who}_{winner}"] * (alone - grown))
    assert v[f"balance_weight_{who}"] == pytest.approx(sum(lost) / 2, rel=1e-9)
    assert v[f"balance_weight_{who}"] > 0


@pytest.mark.parametrize("formula", ["trade_us_cn_1972", "trade_us_ru_1972", "trade_ru_cn_1972"])
def test_trade_of_1972_is_carried_to_the_dollars_of_2011_by_two_price_multiples(formula: str):
    """A dollar of 1972 is m(1972→2024) dollars of 2024, each of which is 1/m(2011→2024) dollars of 2011."""
    trade, since_1972, since_2011 = (shipped().ledger[name].number for name in lineage(formula))
    in_2024 = trade * since_1972
    assert formula_number(formula, shipped().ledger, SHIPPED) == pytest.approx(in_2024 / since_2011, rel=1e-12)
    assert since_1972 > since_2011 > 1


@of_each("formula", FORMULAS)
def test_the_lineage_is_the_argument_names_and_they_are_figures_or_parameters(formula: str):
    names = tuple(inspect.signature(FORMULAS[formula]).parameters)
    assert lineage(formula) == names
    assert names and set(names) <= {*shipped().ledger.figures, *shipped().catalogue.parameters}


@of_each("formula", FORMULAS)
def test_a_formula_reads_all_its_figures(formula: str):
    """Each argument moves the result, so the lineage names nothing that is not used."""
    figures, values = shipped().ledger.figures, shipped().catalogue.defaults()
    numbers = [figures[name].number if name in figures else values[name] for name in lineage(formula)]
    value = FORMULAS[formula](*numbers)
    for place in range(len(numbers)):
        moved = [1.1 * number if i == place else number for i, number in enumerate(numbers)]
        assert FORMULAS[formula](*moved) != value


def test_every_formula_is_used_by_a_parameter_an_instrument_or_a_scenario(parameter_tables: dict[str, dict[str, Any]]):
    model = shipped()
    used = {table[key] for table in parameter_tables.values() for key in KEYS if isinstance(table.get(key), str)}
    used |= {name for table in parameter_tables.values() for key in LISTS for name in table.get(key, ())}
    used |= {p.formula for p in former().catalogue}
    instruments = read_instruments(model.ledger, SHIPPED, model.catalogue.defaults()).values()
    used |= {number.formula for it in instruments for number in (it.table.cost, it.table.us)}
    used |= {change.formula for name in shipped_names(SHIPPED) for change in read_scenario(name, model).changes}
    assert set(FORMULAS) <= used, f"used by nothing: {set(FORMULAS) - used}"


@of_each("formula", FORMULAS)
def test_every_formula_says_what_it_means_in_one_line(formula: str):
    assert meaning(formula).endswith(".") and len(meaning(formula).split()) > 5


@pytest.fixture
def parameter_tables() -> dict[str, dict[str, Any]]:
    import tomllib

    files = (PARAMETERS_FILE, THIRD_PARAMETERS)
    return {name: table for file in files for name, table in tomllib.loads(file.read_text(encoding="utf-8")).items()}
