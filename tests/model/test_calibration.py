"""Every formula once more by hand, from the numbers in the documents; its arguments are its lineage."""

from __future__ import annotations

import inspect

import pytest
from strategies import shipped

from triangle.model.calibration import FORMULAS, lineage, meaning
from triangle.model.parameters import formula_number
from triangle.scenarios.scenario import read_scenario, shipped_names

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
}


def test_every_formula_is_worked_by_hand_here():
    assert set(BY_HAND) == set(FORMULAS)


@pytest.mark.parametrize("formula", [name for name, value in BY_HAND.items() if value is not None])
def test_a_formula_gives_what_a_hand_calculation_gives(formula: str):
    assert formula_number(formula, shipped().ledger) == pytest.approx(BY_HAND[formula], rel=1e-12)


@pytest.mark.parametrize("formula", ["trade_us_cn_1972", "trade_us_ru_1972", "trade_ru_cn_1972"])
def test_trade_of_1972_is_carried_to_the_dollars_of_2011_by_two_price_multiples(formula: str):
    """A dollar of 1972 is m(1972→2024) dollars of 2024, each of which is 1/m(2011→2024) dollars of 2011."""
    trade, since_1972, since_2011 = (shipped().ledger[name].number for name in lineage(formula))
    in_2024 = trade * since_1972
    assert formula_number(formula, shipped().ledger) == pytest.approx(in_2024 / since_2011, rel=1e-12)
    assert since_1972 > since_2011 > 1


@pytest.mark.parametrize("formula", FORMULAS)
def test_the_lineage_is_the_argument_names_and_they_are_figures(formula: str):
    names = tuple(inspect.signature(FORMULAS[formula]).parameters)
    assert lineage(formula) == names
    assert names and set(names) <= set(shipped().ledger.figures)


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_reads_all_its_figures(formula: str):
    """Each argument moves the result, so the lineage names nothing that is not used."""
    numbers = [shipped().ledger[name].number for name in lineage(formula)]
    value = FORMULAS[formula](*numbers)
    for place in range(len(numbers)):
        moved = [1.1 * number if i == place else number for i, number in enumerate(numbers)]
        assert FORMULAS[formula](*moved) != value


def test_every_formula_is_used_by_a_parameter_or_a_scenario(parameter_tables: dict[str, dict[str, object]]):
    model = shipped()
    used = {table[key] for table in parameter_tables.values() for key in ("formula", "low", "high") if key in table}
    used |= {change.formula for name in shipped_names() for change in read_scenario(name, model).changes}
    assert set(FORMULAS) <= used, f"used by nothing: {set(FORMULAS) - used}"


@pytest.mark.parametrize("formula", FORMULAS)
def test_every_formula_says_what_it_means_in_one_line(formula: str):
    assert meaning(formula).endswith(".") and len(meaning(formula).split()) > 5


@pytest.fixture
def parameter_tables() -> dict[str, dict[str, object]]:
    import tomllib

    from triangle.model.parameters import SHIPPED

    return tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
