"""The mechanisms behind the terms, at points worked by hand and against the second implementation."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from model import oracle
from strategies import former, shipped

from triangle.model import mechanisms
from triangle.model.parameters import Values
from triangle.players.axes import CN, RU, US
from triangle.players.cast import SHIPPED
from triangle.players.stances import pure_stances

DEFAULTS = former().catalogue.defaults()
NAMES = ("us", "ru", "cn")


def whole(array: np.ndarray) -> np.ndarray:
    return np.broadcast_to(array, (4, 4, 4))


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("strength", "strength"), ("contest_share", "odds"), ("stake_share", "share"), ("openness", "open")],
)
def test_a_mechanism_of_a_pair_is_what_the_specification_says(ours: str, theirs: str):
    generator = np.random.default_rng(7)
    for _ in range(4):
        point = {p.name: float(generator.uniform(p.low, p.high)) for p in shipped().catalogue}
        for i, j in itertools.permutations(range(3), 2):
            found = whole(getattr(mechanisms, ours)(pure_stances(), Values(point, SHIPPED), i, j))
            for index in range(64):
                world = oracle.World(SHIPPED.profiles[index], point)
                expected = getattr(world, theirs)(NAMES[i], NAMES[j])
                assert found[SHIPPED.profiles[index]] == pytest.approx(expected, rel=1e-12), (i, j, index)


def test_opposing_both_at_once_dilutes_strength_by_a_quarter():
    """With 15 for America and 15 for its allies, 0.6 of which stand behind it: 0.75 · 15 + 9 against 15 + 9."""
    v = Values({**DEFAULTS, "capability_us": 15.0, "capability_allies": 15.0}, SHIPPED)
    x = whole(mechanisms.strength(pure_stances(), v, US, RU))
    assert x[0, 0, 0] == pytest.approx(0.75 * 15 + 0.6 * 15)
    assert x[1, 0, 0] == pytest.approx(15 + 0.6 * 15)
    assert x[2, 0, 0] == pytest.approx(15 + 0.6 * 15 * (1 - 0.4 * 0.3))


def test_a_linked_third_player_lends_half_its_strength():
    v = Values({**DEFAULTS, "capability_ru": 4.0, "capability_cn": 20.0}, SHIPPED)
    x = whole(mechanisms.strength(pure_stances(), v, RU, US))
    assert x[0, 1, 1] - x[0, 1, 0] == pytest.approx(10.0)
    assert x[0, 1, 2] == x[0, 1, 0]


@pytest.mark.parametrize(
    ("patience", "hazard", "expected"),
    [(0.9, 0.0, 1.0), (0.9, 0.125, 0.1 / 0.2125), (0.9, 1.0, 0.1), (0.5, 0.5, 0.5 / 0.75), (0.0, 0.3, 1.0)],
)
def test_credibility_is_the_part_of_a_promise_that_survives_elections(patience, hazard, expected):
    v = Values({"discount_factor": patience, "reversal_hazard": hazard}, SHIPPED)
    assert mechanisms.credibility(v) == pytest.approx(expected, rel=1e-14)


def test_effective_relief_without_europe_is_the_american_share_times_credibility():
    """At the defaults 0.3 · 0.4 · 0.4706 = 0.0565; with Europe 0.3 · 0.4706 = 0.1412."""
    assert mechanisms.effective_relief(Values(DEFAULTS, SHIPPED)) == pytest.approx(0.3 * 0.4 * 0.1 / 0.2125)
    assert mechanisms.effective_relief(Values(DEFAULTS | {"europe_joins": 1.0}, SHIPPED)) == pytest.approx(
        0.3 * 0.1 / 0.2125
    )


@pytest.mark.parametrize(
    ("us", "ru", "expected"),
    [(0, 2, 0.0), (1, 3, 0.0), (2, 0, 0.5), (2, 1, 0.5 * 0.2), (2, 2, 1.0), (2, 3, 0.2), (3, 3, 0.2)],
)
def test_the_gate_withholds_what_was_not_earned(us, ru, expected):
    """Reciprocity ½, conditionality 0.8: distance earns all, hedging a fifth, aligning half of a fifth."""
    v = Values({"reciprocity": 0.5, "conditionality": 0.8}, SHIPPED)
    assert whole(mechanisms.gate(pure_stances(), v))[us, ru, 0] == pytest.approx(expected)


def test_the_surplus_of_a_deal_that_loses_money_is_nothing():
    prices = {"pipeline_volume": 50.0, "pipeline_buyer_value": 100.0, "pipeline_seller_cost": [50.0, 100.0, 200.0]}
    assert mechanisms.pipeline_surplus(Values(prices, SHIPPED)).tolist() == [2.5, 0.0, 0.0]


def test_the_bargaining_share_stays_between_nothing_and_all():
    v = Values(
        DEFAULTS
        | {"relief": 1.0, "europe_joins": 1.0, "reversal_hazard": 0.0, "reciprocity": 0.0, "conditionality": 0.0}
        | {"outside_option_ru": 3.0, "outside_option_cn": 0.0},
        SHIPPED,
    )
    assert whole(mechanisms.bargaining_share_ru(pure_stances(), v))[2, 1, 1] == 1.0
    v = Values(DEFAULTS | {"outside_option_cn": 3.0}, SHIPPED)
    assert whole(mechanisms.bargaining_share_ru(pure_stances(), v))[0, 1, 1] == 0.0


def test_at_the_defaults_china_gets_three_quarters_of_a_pipelines_surplus():
    share = whole(mechanisms.bargaining_share_ru(pure_stances(), Values(DEFAULTS, SHIPPED)))
    assert share[0, 1, 1] == 0.25


def test_secondary_sanctions_reach_russian_chinese_trade_whatever_the_two_want():
    flow = whole(mechanisms.openness(pure_stances(), Values(DEFAULTS, SHIPPED), RU, CN))
    assert flow[0, 1, 1] == pytest.approx(1 - 0.3 * 0.5)
    assert flow[2, 1, 1] == 1.0


def test_the_tariff_hits_american_chinese_trade_only_while_russia_and_china_are_linked():
    flow = whole(mechanisms.openness(pure_stances(), Values(DEFAULTS | {"secondary_tariff": 0.5}, SHIPPED), US, CN))
    assert flow[1, 1, 3] == pytest.approx(0.5)
    assert flow[1, 0, 3] == flow[3, 1, 3] == 1.0
