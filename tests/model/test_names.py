"""Names of parameters: quantity and players, and how terms find them."""

from __future__ import annotations

from triangle.model.names import names_by_key, taken_apart
from triangle.players.cast import SHIPPED


def test_players_are_read_from_the_end_only_and_a_quantity_is_always_left():
    assert taken_apart("rivalry_cost_us_ru", SHIPPED) == ("rivalry_cost", "US", "RU")
    assert taken_apart("us_sanction_share", SHIPPED) == ("us_sanction_share",)
    assert taken_apart("us", SHIPPED) == ("us",) and taken_apart("us_ru", SHIPPED) == ("us", "RU")


def test_what_a_pair_shares_is_found_in_both_orders_unless_both_are_named():
    keys = names_by_key(["trade_ru_cn", "stake_ru_cn", "stake_cn_ru"], SHIPPED)
    assert keys["trade", "CN", "RU"] == keys["trade", "RU", "CN"] == "trade_ru_cn"
    assert keys["stake", "CN", "RU"] == "stake_cn_ru"
