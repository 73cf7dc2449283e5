"""Parameters: one backing each, no number typed twice, the table of the specification, how terms read them."""

from __future__ import annotations

import math
import re
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from each import of_each
from strategies import former, shipped

from triangle.base.errors import BadInput, UnknownName
from triangle.evidence.units import UNITS
from triangle.model.backing import GIVEN_BY
from triangle.model.forms import FORMS
from triangle.model.mechanisms import openness
from triangle.model.model import Model, inspect_model, read_model
from triangle.model.names import taken_apart
from triangle.model.parameter import in_order
from triangle.model.parameters import SHIPPED as PARAMETERS_FILE
from triangle.model.parameters import Values, followed, inspect_catalogue, read_catalogue
from triangle.model.payoffs import payoff_tensor
from triangle.players.axes import CN, RU, US
from triangle.players.cast import SHIPPED
from triangle.players.notation import parse_profile
from triangle.players.stances import pure_stances

TEXT = PARAMETERS_FILE.read_text(encoding="utf-8")
TABLES: dict[str, dict[str, Any]] = tomllib.loads(TEXT)
CATALOGUE = shipped().catalogue

#: The judgements and levers of the specification's table (section 3): default, low, high, unit; all as they stood
#: before the grounding, which left those of :data:`JUDGED` as they were.
SPECIFIED = {
    "decisiveness": (1, 0.5, 2, "exponent"),
    "third_party_support": (0.5, 0.2, 0.9, "fraction"),
    "two_front_dilution": (0.25, 0, 0.5, "fraction"),
    "ally_commitment": (0.6, 0.3, 0.9, "fraction"),
    "ally_erosion": (0.4, 0.1, 0.8, "fraction"),
    "unilateral_yield": (0.3, 0.15, 0.45, "fraction"),
    "stake_us_ru": (1.5, 0.5, 3, "% of GDP"),
    "stake_ru_us": (20, 10, 40, "% of GDP"),
    "stake_us_cn": (5, 2, 8, "% of GDP"),
    "stake_cn_us": (7, 3, 12, "% of GDP"),
    "stake_ru_cn": (5, 1, 12, "% of GDP"),
    "stake_cn_ru": (0.5, 0.1, 1, "% of GDP"),
    "rivalry_cost_us_ru": (0.3, 0.15, 0.6, "% of GDP"),
    "rivalry_cost_ru_us": (4, 2, 8, "% of GDP"),
    "rivalry_cost_us_cn": (0.8, 0.4, 1.6, "% of GDP"),
    "rivalry_cost_cn_us": (1.2, 0.6, 2.4, "% of GDP"),
    "rivalry_cost_ru_cn": (5, 2.5, 10, "% of GDP"),
    "rivalry_cost_cn_ru": (0.6, 0.3, 1.2, "% of GDP"),
    "burden_of_being_opposed": (0.6, 0.5, 0.8, "fraction"),
    "gain_ru_cn": (0.5, 0.2, 0.8, "USD per USD"),
    "gain_cn_ru": (0.15, 0.05, 0.3, "USD per USD"),
    "gain_us_cn": (0.3, 0.15, 0.5, "USD per USD"),
    "gain_cn_us": (0.4, 0.2, 0.6, "USD per USD"),
    "gain_us_ru": (0.2, 0.1, 0.3, "USD per USD"),
    "gain_ru_us": (0.5, 0.2, 0.8, "USD per USD"),
    "choke_us_ru": (0.9, 0.7, 1, "fraction"),
    "choke_ru_us": (0.3, 0.1, 0.5, "fraction"),
    "choke_us_cn": (0.4, 0.2, 0.7, "fraction"),
    "choke_cn_us": (0.4, 0.2, 0.7, "fraction"),
    "choke_ru_cn": (0.6, 0.3, 0.9, "fraction"),
    "choke_cn_ru": (0.6, 0.3, 0.9, "fraction"),
    "secondary_sanctions": (0.3, 0.1, 0.6, "fraction"),
    "evasion": (0.5, 0.2, 0.8, "fraction"),
    "secondary_tariff": (0, 0, 0.6, "fraction"),
    "relief": (0.3, 0, 1, "fraction"),
    "political_concession": (0.3, 0, 1, "fraction"),
    "reciprocity": (0.5, 0, 1, "fraction"),
    "conditionality": (0, 0, 1, "fraction"),
    "europe_joins": (0, 0, 1, "fraction"),
    "us_sanction_share": (0.4, 0.2, 0.6, "fraction"),
    "discount_factor": (0.9, 0.8, 0.97, "fraction/yr"),
    "asset_return": (0.05, 0.03, 0.08, "fraction/yr"),
    "alliance_value": (0.5, 0.1, 1.5, "% of GDP"),
    "order_value_us": (0.4, 0.1, 1, "% of GDP"),
    "order_value_ru": (3, 1, 6, "% of GDP"),
    "order_value_cn": (0.8, 0.2, 1.5, "% of GDP"),
    "balance_weight_us": (0.5, 0, 1.5, "% of GDP"),
    "balance_weight_ru": (3, 0, 8, "% of GDP"),
    "balance_weight_cn": (0.5, 0, 1.5, "% of GDP"),
    "autonomy_cost": (1, 0, 3, "% of GDP"),
    "dual_use_value": (5, 2.5, 10, "% of GDP"),
    "war_intensity": (1, 0, 1, "fraction"),
    "sanction_exposure": (0.2, 0.05, 0.6, "% of GDP"),
    "pipeline_volume": (0, 0, 60, "bcm/yr"),
    "pipeline_buyer_value": (300, 250, 400, "USD/1000 m3"),
    "pipeline_seller_cost": (150, 100, 200, "USD/1000 m3"),
    "outside_option_ru": (0.8, 0.2, 1, "fraction"),
    "outside_option_cn": (0.5, 0.2, 0.81, "fraction"),
}

#: What is still judged; all but five are somebody's choice.
JUDGED = {
    "stake_ru_cn",
    "stake_cn_ru",
    "burden_of_being_opposed",
    "order_value_cn",
    "outside_option_cn",
    "secondary_tariff",
    "relief",
    "political_concession",
    "reciprocity",
    "conditionality",
    "europe_joins",
    "war_intensity",
    "pipeline_volume",
}

#: Parameters that no payoff reads: what others are computed from.
AUXILIARY = {
    "gain_per_dollar",
    "gain_per_dollar_ru",
    "trade_elasticity",
    "output_shortfall_ru",
    "primacy_blame_ru",
    "sanctions_held_us",
    "cumulation",
}

#: The table's parameters that rest on figures: default to within three per cent, as the table rounds.
MEASURED = {
    "gdp_us": 29_200,
    "gdp_ru": 2_170,
    "gdp_cn": 18_700,
    "capability_us": 15,
    "capability_ru": 3.5,
    "capability_cn": 19,
    "capability_allies": 15,
    "trade_ru_cn": 244.8,
    "trade_us_cn": 582,
    "trade_us_ru": 20,
    "reversal_hazard": 0.125,
    "sanction_cost": 0.167,
    "frozen_assets": 500,
    "dependence_ru_cn": 0.35,
    "dependence_reference": 0.35,
    "dual_use_dependence": 0.8,
}

#: Postures of the documented world.
TODAY = "US=contain_both,RU=align,CN=align"

LEVERS = {
    "relief",
    "political_concession",
    "reciprocity",
    "conditionality",
    "europe_joins",
    "war_intensity",
    "pipeline_volume",
    "secondary_tariff",
}


def test_the_specification_and_the_file_name_the_same_parameters():
    """Those of the second form and those of the grounding came later."""
    of_form = {p.name for p in CATALOGUE if p.form == "second"}
    assert of_form == {
        "threat_scaling",
        "primacy_scaling",
        "primacy_reference",
        "relief_to_strength",
        "gas_discount",
        "evasion_cost",
        "link_hazard",
        "capability_partners",
        "partners_commitment",
    }
    assert set(SPECIFIED) | set(MEASURED) | of_form == set(former().catalogue.parameters)
    assert set(former().catalogue.parameters) | AUXILIARY == set(CATALOGUE.parameters)
    assert not set(SPECIFIED) & set(MEASURED)


@of_each("name", SPECIFIED)
def test_a_judgement_had_the_specifications_default_range_and_unit(name: str):
    p = former().catalogue[name]
    assert p.backing == "judgement"
    assert (p.default, p.low, p.high, p.unit) == SPECIFIED[name]


def test_what_is_judged_is_known_by_name_and_lies_where_it_lay():
    assert {p.name for p in CATALOGUE if p.backing == "judgement" and p.form is None} == JUDGED
    for name in JUDGED - {"secondary_tariff"}:  # its upper end is now computed from the tariff that was threatened
        p = CATALOGUE[name]
        assert (p.default, p.low, p.high, p.unit) == SPECIFIED[name]


def test_auxiliaries_are_known_by_name():
    assert {p.name for p in CATALOGUE if p.auxiliary} == AUXILIARY


@of_each("name", MEASURED)
def test_a_measured_parameter_lay_where_the_specification_has_it(name: str):
    p = former().catalogue[name]
    assert p.backing in ("figure", "formula") and p.figures
    assert p.default == pytest.approx(MEASURED[name], rel=0.03)


def test_the_levers_are_those_of_the_specification():
    """And the discount on the gas, of the second form."""
    assert {p.name for p in CATALOGUE if p.role == "lever"} == LEVERS | {"gas_discount"}


@of_each("name", TABLES)
def test_exactly_one_thing_stands_behind_a_parameter(name: str):
    assert sum(key in TABLES[name] for key in GIVEN_BY) == 1


@of_each("name", TABLES)
def test_no_number_that_a_figure_holds_is_typed_again(name: str):
    """A figure or formula carries no literal default, and no literal end repeats a figure that is named beside it."""
    table, p = TABLES[name], CATALOGUE[name]
    if "judged" not in table:
        assert not {"default", "value", "judged"} & set(table)
    literals = {key: table[key] for key in ("judged", "low", "high") if isinstance(table.get(key), (int, float))}
    named = set(p.figures + p.anchors) | {table[key] for key in ("low", "high") if isinstance(table.get(key), str)}
    named &= set(shipped().ledger.figures)
    named |= {other for figure in list(named) for other in shipped().ledger[figure].conflicts_with}
    for figure in map(shipped().ledger.__getitem__, sorted(named)):
        held = {figure.low, figure.high} if figure.unit == p.unit else set()
        assert not held & set(literals.values()), f"{name} types a number that {figure.id} holds"


def test_ranges_are_in_order_within_the_hard_bounds_and_units_known():
    for p in CATALOGUE:
        assert p.unit in UNITS
        assert p.hard_low <= p.low <= p.default <= p.high <= p.hard_high, p.name
        assert p.admits(p.low) and p.admits(p.high)
        assert p.prior != "loguniform" or p.low > 0


def test_what_would_flow_gives_back_the_trade_that_is_reported_at_every_draw():
    """Rule 6: trade times what today's stances leave open is the document's number, whatever the barriers are."""
    model, generator = shipped(), np.random.default_rng(4)
    drawn = {
        p.name: generator.uniform(p.low, p.high, 50) for p in model.catalogue if not p.follows and p.role != "lever"
    }
    values = Values(followed(model.catalogue.defaults() | drawn, model.catalogue.following), SHIPPED)
    stances = pure_stances(1)
    for pair, figure in (((RU, CN), "ost_trade_ru_cn_2024"), ((US, CN), "ext_trade_us_cn_2024")):
        flow = values["trade", *pair] * openness(stances, values, *pair)
        today = np.broadcast_to(flow, (4, 4, 4, 50))[tuple(parse_profile(TODAY, SHIPPED, "profile"))]
        assert today == pytest.approx(np.full(50, model.ledger[figure].number), rel=1e-12)


def test_the_figures_at_the_ends_of_a_range_are_known_whether_taken_or_computed():
    assert former().catalogue["trade_ru_cn"].ends == ("tdc_trade_ru_cn_record_2022_2023", "wel_trade_ru_cn_2024")
    assert CATALOGUE["choke_cn_ru"].ends == ("ext_eu_ru_trade_2021", "ext_eu_ru_trade_2024")
    assert CATALOGUE["reversal_hazard"].ends == ("tdc_us_senate_cycle",)
    assert CATALOGUE["relief"].ends == ()


# ----- files that do not load


def changed(tmp_path: Path, name: str, **changes: str | None) -> Path:
    """The shipped file with keys of one table replaced, added, or (None) left out."""
    before, rest = TEXT.split(f"[{name}]\n", 1)
    table, after = re.split(r"\n\n(?=\[|#)", rest + "\n\n[", maxsplit=1)
    for key, value in changes.items():
        table = re.sub(rf"(?m)^{key} = .*\n?", "", table + "\n").strip()
        if value is not None:
            table += f"\n{key} = {value}"
    path = tmp_path / "parameters.toml"
    path.write_text(f"{before}[{name}]\n{table}\n\n{after.removesuffix('[').rstrip()}\n", encoding="utf-8")
    return path


def only_fault(path: Path) -> tuple[str, str]:
    catalogue, faults = inspect_catalogue(shipped().ledger, path)
    assert len(faults) == 1, faults
    missing = {faults[0].key.split(".")[0]}
    for p in in_order(CATALOGUE.parameters):
        missing |= {p.name} if missing & set(p.reads) else set()
    assert set(catalogue.parameters) == set(CATALOGUE.parameters) - missing
    with pytest.raises(BadInput):
        read_catalogue(shipped().ledger, path)
    return faults[0].key, faults[0].message


def test_the_unchanged_text_loads_from_elsewhere(tmp_path: Path):
    assert read_catalogue(shipped().ledger, changed(tmp_path, "relief")).defaults() == CATALOGUE.defaults()


@pytest.mark.parametrize(
    ("name", "changes", "words"),
    [
        ("relief", {"because": None}, "a judgement needs its because"),
        ("relief", {"judged": None}, "found none; exactly one"),
        ("relief", {"figure": '"ost_crimea_gdp_shortfall"'}, "found figure and judged; exactly one"),
        ("sanction_cost", {"figure": '"ost_crimea_gdp_shortfall"'}, "found figure and formula; exactly one"),
        ("relief", {"low": None}, "low and high must both be given"),
        ("relief", {"spread": "0.1"}, "give either low and high, or spread"),
        ("relief", {"low": None, "high": None}, "give either low and high, or spread"),
        ("relief", {"low": "0.5"}, "lies outside low 0.5"),
        ("relief", {"high": "2.0"}, "leaves the hard bounds"),
        ("relief", {"prior": '"loguniform"'}, "needs its prior_because"),
        ("relief", {"prior": '"loguniform"', "prior_because": '"why"'}, "loguniform needs low > 0"),
        ("relief", {"unit": '"fractions"'}, "did you mean 'fraction'"),
        ("relief", {"low": "nan"}, "finite number"),
        ("relief", {"anchors": '["ost_trade_ru_cn_2042"]'}, "did you mean 'ost_trade_ru_cn_2024'"),
        ("relief", {"high": '"ost_trade_ru_cn_2024"'}, "is in bn USD/yr, the parameter in fraction"),
        ("capability_us", {"chooses": None}, "stands against"),
        ("trade_us_ru", {"figure": '"ext_trade_us_ru_2012"'}, "did you mean 'ext_trade_us_ru_20"),
        ("sanction_cost", {"formula": '"sanctions_cost"'}, "did you mean 'sanction_cost'"),
        ("relief", {"becuase": '"typo"'}, "did you mean 'because'"),
        ("relief", {"role": '"hope"'}, "found 'hope'"),
    ],
)
def test_a_parameter_like_this_does_not_load(tmp_path: Path, name: str, changes: dict[str, str | None], words: str):
    key, message = only_fault(changed(tmp_path, name, **changes))
    assert key.split(".")[0] == name
    assert words in message


# ----- reading values


def test_an_unknown_parameter_is_answered_with_the_nearest():
    with pytest.raises(UnknownName, match="did you mean 'relief'"):
        CATALOGUE["releif"]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("relief", ("relief",)),
        ("gdp_us", ("gdp", "US")),
        ("stake_ru_cn", ("stake", "RU", "CN")),
        ("us_sanction_share", ("us_sanction_share",)),
        ("rivalry_cost_cn_us", ("rivalry_cost", "CN", "US")),
    ],
)
def test_a_name_is_taken_apart_into_quantity_and_players(name: str, key: tuple[str, ...]):
    assert taken_apart(name, SHIPPED) == key and name in CATALOGUE.parameters
    assert all(player in SHIPPED.codes for player in key[1:])


def test_terms_read_a_holders_quantity_by_player_numbers():
    v = Values(former().catalogue.defaults(), SHIPPED)
    assert v["gdp", RU] == v["gdp_ru"]
    assert v["stake", RU, CN] == 5.0 and v["stake", CN, RU] == 0.5
    assert v["gain", RU, US] == 0.5 and v["gain", US, RU] == 0.2


def test_a_quantity_of_the_pair_is_read_under_either_order():
    v = Values(former().catalogue.defaults(), SHIPPED)
    assert v["trade", RU, CN] == v["trade", CN, RU] == 244.8
    assert v["trade", CN, US] == v["trade_us_cn"]


def test_a_quantity_that_only_one_player_can_hold_needs_no_holder_in_its_name():
    v = Values(CATALOGUE.defaults(), SHIPPED)
    assert v["alliance_value", US] == v["alliance_value"]


def test_a_missing_parameter_is_named():
    with pytest.raises(BadInput, match="stake_ru_cn: missing"):
        Values({"gdp_ru": 1.0}, SHIPPED)["stake", RU, CN]


def test_per_cent_of_gdp_becomes_dollars_of_the_holder():
    v = Values({"gdp_us": 30_000.0, "gdp_ru": 2_000.0, "stake_ru_us": 20.0, "stake_us_ru": 1.5}, SHIPPED)
    assert v.dollars("stake", RU, US) == 400.0
    assert v.dollars("stake", US, RU) == 450.0


def test_recording_notes_what_is_read_by_whichever_name_and_leaves_the_original_alone():
    original = Values(CATALOGUE.defaults(), SHIPPED)
    v, read = original.recording()
    v["trade", CN, RU], v.dollars("stake", RU, CN), v["relief"]
    original["evasion"]
    assert read == {"trade_ru_cn", "stake_ru_cn", "gdp_ru", "relief"}


@pytest.mark.parametrize(
    ("shapes", "samples"),
    [(((), ()), ()), (((5,), ()), (5,)), (((5,), (5,)), (5,)), (((2, 1), (3,)), (2, 3)), (((0,), ()), (0,))],
)
def test_values_broadcast_to_the_shape_of_the_batch(shapes, samples):
    names = ("relief", "evasion")
    assert Values({name: np.ones(shape) for name, shape in zip(names, shapes, strict=True)}, SHIPPED).samples == samples


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="broadcast"):
        Values({"relief": np.ones(2), "evasion": np.ones(3)}, SHIPPED)


def test_values_cannot_be_replaced():
    with pytest.raises(TypeError):
        Values({"relief": 1.0}, SHIPPED).numbers["relief"] = 2.0  # type: ignore[index]


def test_hard_bounds_in_words():
    assert CATALOGUE["relief"].hard_text == "between 0 and 1"
    assert CATALOGUE["stake_us_ru"].hard_text == "at least 0"
    assert not CATALOGUE["relief"].admits(1.0001) and not CATALOGUE["relief"].admits(math.nan)


# ----- the model as a whole


def test_every_parameter_moves_some_payoff_somewhere():
    """A parameter that moves nothing anywhere in the box would be a decoration."""
    base = CATALOGUE.defaults() | {
        "relief": 0.7,
        "pipeline_volume": 50.0,
        "conditionality": 0.5,
        "secondary_tariff": 0.3,
        "primacy_scaling": 0.5,
        "capability_cn": 25.0,  # away from the world in which the common cause was valued, where its fading is none
    }
    second = FORMS["second"].terms
    payoffs = payoff_tensor(Values(base, SHIPPED), second)
    for p in CATALOGUE:
        low, high = (p.low, p.high) if p.low < p.high else (0.9 * p.low, 1.1 * p.high)
        ends = Values(followed(base | {p.name: np.array([low, high])}, CATALOGUE.following, {p.name}), SHIPPED)
        assert (payoff_tensor(ends, second) != payoffs[..., None]).any(), f"{p.name} moves no payoff"


def test_the_figures_behind_a_parameter_are_its_own_then_its_anchors():
    model = shipped()
    p = model.catalogue["secondary_sanctions"]
    assert [figure.id for figure in model.figures_behind("secondary_sanctions")] == list(p.figures + p.anchors)
    assert [figure.id for figure in former().figures_behind("sanction_cost")] == ["ost_crimea_gdp_shortfall"]


def test_the_shipped_model_reads_without_a_fault_and_anew_each_time():
    model, faults = inspect_model()
    assert faults == [] and isinstance(model, Model)
    assert read_model().catalogue.defaults() == model.catalogue.defaults()


def test_a_broken_parameter_file_keeps_its_sound_parameters_and_its_fault(tmp_path: Path):
    model, faults = inspect_model(parameters=changed(tmp_path, "relief", because=None))
    assert [fault.key for fault in faults] == ["relief"]
    assert len(model.catalogue) == len(CATALOGUE) - 1
    assert model.ledger.figures.keys() == shipped().ledger.figures.keys()
