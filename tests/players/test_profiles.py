"""Named sets of profiles against the configuration of each profile."""

from __future__ import annotations

import pytest

from triangle.players.axes import CN, PAIRS, RU, US
from triangle.players.cast import SHIPPED
from triangle.players.configurations import NAMES, configuration, stance
from triangle.players.profiles import actions, balanced, by_key, by_name, every, links, patterns, profiles_where


def members(mask: int) -> list[int]:
    return [index for index in range(len(SHIPPED.profiles)) if mask >> index & 1]


@pytest.mark.parametrize(
    "sets", [by_name(SHIPPED), by_key(SHIPPED), *(dict(enumerate(own)) for own in actions(SHIPPED))], ids=str
)
def test_sets_of_one_kind_hold_every_profile_once(sets: dict):
    assert sum(sets.values()) == every(SHIPPED) and sum(mask.bit_count() for mask in sets.values()) == len(
        SHIPPED.profiles
    )


def test_configurations_are_those_of_the_profiles():
    assert list(by_name(SHIPPED)) == list(NAMES) and len(by_key(SHIPPED)) == 8
    for key, mask in by_key(SHIPPED).items():
        assert all(configuration(SHIPPED.profiles[index], SHIPPED).key == key for index in members(mask)), key
    assert {name: mask.bit_count() for name, mask in by_name(SHIPPED).items()} == {
        "unit_veto": 27, "stable_marriage": 27, "romantic_triangle": 9, "menage_a_trois": 1,
    }  # fmt: skip


def test_links_are_mutual():
    for (i, j), mask in links(SHIPPED).items():
        for index in range(len(SHIPPED.profiles)):
            chosen = SHIPPED.profiles[index]
            assert (mask >> index & 1) == stance(chosen[i], i, j) * stance(chosen[j], j, i)
    assert set(links(SHIPPED)) == set(PAIRS)
    assert (
        links(SHIPPED)[US, RU] & links(SHIPPED)[US, CN] & links(SHIPPED)[RU, CN] == by_name(SHIPPED)["menage_a_trois"]
    )


def test_balance_is_one_link_or_three():
    assert balanced(SHIPPED) == by_name(SHIPPED)["stable_marriage"] | by_name(SHIPPED)["menage_a_trois"]


def test_actions_meet_in_one_profile():
    for chosen in ((0, 1, 1), (3, 2, 0), (1, 1, 2)):
        sets = actions(SHIPPED)
        assert sets[US][chosen[0]] & sets[RU][chosen[1]] & sets[CN][chosen[2]] == 1 << SHIPPED.index(chosen)


def test_patterns_go_by_name():
    assert patterns(SHIPPED)["US=court_russia"] == actions(SHIPPED)[US][SHIPPED.actions[US].index("court_russia")]
    assert (
        patterns(SHIPPED)["link:RU-CN"]
        == links(SHIPPED)[RU, CN]
        == profiles_where(lambda _, found: (RU, CN) in found.links, SHIPPED)
    )
    assert patterns(SHIPPED)["CN=hedge"] == actions(SHIPPED)[CN][3]
    assert all(0 < mask < every(SHIPPED) for mask in patterns(SHIPPED).values())
    assert sum(name.partition("=")[0] in SHIPPED.codes for name in patterns(SHIPPED)) == 12
