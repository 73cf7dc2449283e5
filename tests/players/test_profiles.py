"""Named sets of profiles against the configuration of each profile."""

from __future__ import annotations

import pytest

from triangle.players.axes import ACTIONS, CN, N_PROFILES, PAIRS, PLAYERS, RU, US, profile_actions, profile_index
from triangle.players.configurations import NAMES, configuration, stance
from triangle.players.profiles import ALL, actions, balanced, by_key, by_name, links, patterns, profiles_where


def members(mask: int) -> list[int]:
    return [index for index in range(N_PROFILES) if mask >> index & 1]


@pytest.mark.parametrize("sets", [by_name(), by_key(), *(dict(enumerate(own)) for own in actions())], ids=str)
def test_sets_of_one_kind_hold_every_profile_once(sets: dict):
    assert sum(sets.values()) == ALL and sum(mask.bit_count() for mask in sets.values()) == N_PROFILES


def test_configurations_are_those_of_the_profiles():
    assert list(by_name()) == list(NAMES) and len(by_key()) == 8
    for key, mask in by_key().items():
        assert all(configuration(profile_actions(index)).key == key for index in members(mask)), key
    assert {name: mask.bit_count() for name, mask in by_name().items()} == {
        "unit_veto": 27, "stable_marriage": 27, "romantic_triangle": 9, "menage_a_trois": 1,
    }  # fmt: skip


def test_links_are_mutual():
    for (i, j), mask in links().items():
        for index in range(N_PROFILES):
            chosen = profile_actions(index)
            assert (mask >> index & 1) == stance(chosen[i], i, j) * stance(chosen[j], j, i)
    assert set(links()) == set(PAIRS)
    assert links()[US, RU] & links()[US, CN] & links()[RU, CN] == by_name()["menage_a_trois"]


def test_balance_is_one_link_or_three():
    assert balanced() == by_name()["stable_marriage"] | by_name()["menage_a_trois"]


def test_actions_meet_in_one_profile():
    for chosen in ((0, 1, 1), (3, 2, 0), (1, 1, 2)):
        sets = actions()
        assert sets[US][chosen[0]] & sets[RU][chosen[1]] & sets[CN][chosen[2]] == 1 << profile_index(chosen)


def test_patterns_go_by_name():
    assert patterns()["US=court_russia"] == actions()[US][ACTIONS[US].index("court_russia")]
    assert patterns()["link:RU-CN"] == links()[RU, CN] == profiles_where(lambda _, found: (RU, CN) in found.links)
    assert patterns()["CN=hedge"] == actions()[CN][3]
    assert all(0 < mask < ALL for mask in patterns().values())
    assert sum(name.partition("=")[0] in PLAYERS for name in patterns()) == 12
