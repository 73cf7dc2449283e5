"""Stances: the table of the twelve actions, written out by hand, and the shapes that make formulas cheap."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from triangle.players.axes import CN, PAIRS, RU, US
from triangle.players.cast import SHIPPED
from triangle.players.configurations import stance
from triangle.players.stances import Stances, pure_stances, stance_array

#: What each action means: (player, action slug) -> accommodates (the US, Russia, China); None for oneself.
TABLE = {
    (US, "contain_both"): (None, 0, 0),
    (US, "court_china"): (None, 0, 1),
    (US, "court_russia"): (None, 1, 0),
    (US, "engage_both"): (None, 1, 1),
    (RU, "oppose_both"): (0, None, 0),
    (RU, "align"): (0, None, 1),
    (RU, "distance"): (1, None, 0),
    (RU, "hedge"): (1, None, 1),
    (CN, "oppose_both"): (0, 0, None),
    (CN, "align"): (0, 1, None),
    (CN, "distance"): (1, 0, None),
    (CN, "hedge"): (1, 1, None),
}


def test_the_table_names_every_action():
    assert set(TABLE) == {(player, action) for player in range(3) for action in SHIPPED.actions[player]}


@pytest.mark.parametrize(("player", "action"), TABLE, ids=lambda part: str(part))
def test_an_action_means_these_stances(player: int, action: str):
    number = SHIPPED.actions[player].index(action)
    for other, expected in enumerate(TABLE[player, action]):
        if expected is None:
            continue
        assert pure_stances()[player, other].ravel()[number] == expected
        assert stance(number, player, other) == expected
        taken = [0, 0, 0]
        taken[player] = number
        assert stance_array()[(player, other, *taken)] == expected


def test_a_player_has_no_stance_towards_itself():
    for player in range(3):
        assert not stance_array()[player, player].any()
        with pytest.raises(KeyError):
            pure_stances()[player, player]


@pytest.mark.parametrize("sample_axes", [0, 1, 3])
def test_a_stance_lies_along_its_players_axis_only(sample_axes: int):
    s = pure_stances(sample_axes)
    for i, j in itertools.permutations(range(3), 2):
        expected = [1] * (3 + sample_axes)
        expected[i] = 4
        assert s[i, j].shape == tuple(expected)
    for i, j in PAIRS:
        expected = [1] * (3 + sample_axes)
        expected[i] = expected[j] = 4
        assert s.link(i, j).shape == tuple(expected)


def test_a_link_is_accommodation_from_both_sides_at_every_profile():
    for index in range(64):
        actions = SHIPPED.profiles[index]
        for i, j in PAIRS:
            link = np.broadcast_to(pure_stances().link(i, j), (4, 4, 4))[actions]
            assert link == (stance(actions[i], i, j) and stance(actions[j], j, i))


def test_the_stance_table_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        stance_array()[0, 1] = 0.5


def test_graded_stances_broadcast_over_a_batch():
    graded = {pair: np.linspace(0, 1, 5) for pair in itertools.permutations(range(3), 2)}
    assert np.allclose(Stances(graded).link(RU, CN), np.linspace(0, 1, 5) ** 2)
