"""The first equilibrium of three who mix two actions each: what the complete list begins with, or no answer."""

from __future__ import annotations

import numpy as np
import pytest
from budgets import tries
from hypothesis import given, settings
from hypothesis import strategies as st

from triangle.games.mixed import mixed_regrets
from triangle.games.normal_form import is_nash
from triangle.model.model import read_model
from triangle.questions.path.work import draw_worlds
from triangle.scenarios.path import read_path
from triangle.solvers.markov.stage import unlisted
from triangle.solvers.mixed import pairs, triples
from triangle.solvers.mixed.closed_form import Rows
from triangle.solvers.mixed.pairs import first_pair
from triangle.solvers.mixed.support import all_equilibria
from triangle.solvers.mixed.triples import first_triple
from triangle.study.course import year_payoffs


def least(games):
    return 1e-9 * np.ptp(games.reshape(3, -1, games.shape[-1]), axis=1).max(axis=0)


def all_have_to_mix(seed, shape, count):
    """Random games of a shape that have no pure equilibrium, and none of two who mix two actions each."""
    games = np.random.default_rng(seed).normal(size=(3, *shape, count))
    games = games[..., ~is_nash(games).reshape(-1, count).any(axis=0)]
    return games[..., np.isnan(first_pair(games, least(games))[0][0])]


def order(mixed):
    supports = [np.flatnonzero(x > 1e-9).tolist() for x in mixed]
    sizes = [len(own) for own in supports]
    return sum(sizes), max(sizes) - min(sizes), sizes, supports, np.round(np.concatenate(mixed), 9).tolist()


def first_of_all(games):
    """The first of the complete list of each game."""
    found = all_equilibria(games)
    listed = ([[x[:, row] for x in found.probabilities] for row in found.of(game)] for game in range(games.shape[-1]))
    return [min(some, key=order) for some in listed]


@settings(max_examples=tries(6))
@given(st.integers(0, 2**31), st.sampled_from([(2, 2, 2), (2, 3, 3), (3, 3, 2), (3, 2, 4)]))
def test_it_is_what_the_complete_list_begins_with_whenever_three_mix_two_each_there(seed, shape):
    games = all_have_to_mix(seed, shape, 120)[..., :12]
    mixed = first_triple(games, least(games))
    for game, first in enumerate(first_of_all(games)):
        if [np.count_nonzero(x) for x in first] == [2, 2, 2]:
            for mine, theirs in zip(mixed, first, strict=True):
                np.testing.assert_allclose(mine[:, game], theirs, atol=1e-9)
        else:
            assert all(np.isnan(x[:, game]).all() for x in mixed)


def test_of_two_on_one_support_the_one_in_which_the_first_player_plays_its_first_action_less_is_taken():
    rows = Rows(np.array([3, 3, 5, 5, 8]), np.array([[0.2, 0.7, 0.4, 0.4 + 1e-9, 0.1]] * 3), np.zeros(5), np.ones(5))
    # Of the second two it is in doubt which is the first.
    assert triples._earlier(np.arange(5), rows).tolist() == [1, 4]


def test_nobody_gains_and_rounding_is_all_that_is_left():
    games = all_have_to_mix(9, (4, 4, 4), 800)
    mixed = first_triple(games, least(games))
    found = ~np.isnan(mixed[0][0])
    assert found.sum() > 5
    assert mixed_regrets(games[..., found], [x[:, found] for x in mixed]).max() <= 1e-12
    for x in mixed:
        assert (np.count_nonzero(x[:, found], axis=0) == 2).all()


@pytest.mark.parametrize("gap", [0.0, 1e-12, 1e-9])
def test_games_with_ties_are_left_to_the_complete_list(gap):
    games = all_have_to_mix(2, (3, 3, 3), 600)
    games = games[..., ~np.isnan(first_triple(games, least(games))[0][0])]
    tied = games.copy()
    tied[0, 1, 2, 2] = tied[0, 0, 2, 2] + gap
    assert np.isnan(first_triple(tied, least(tied))[0]).all() and games.shape[-1] > 0


def test_a_game_has_the_same_bits_alone_and_in_any_batch(monkeypatch):
    games = all_have_to_mix(3, (3, 4, 3), 600)
    together = first_triple(games, least(games))
    monkeypatch.setattr(pairs, "AT_ONCE", 500)
    in_parts = first_triple(games, least(games))
    assert (~np.isnan(together[0][0])).any()
    for game in range(games.shape[-1]):
        alone = first_triple(games[..., [game]], least(games)[[game]])
        for one, many, parts in zip(alone, together, in_parts, strict=True):
            np.testing.assert_array_equal(one[:, 0], many[:, game])
            np.testing.assert_array_equal(one[:, 0], parts[:, game])


def test_the_models_own_games_without_a_pure_equilibrium_are_played_as_the_complete_list_begins():
    model = read_model()
    path = read_path("path_tariff", model)
    games = year_payoffs(path, model, draw_worlds(path, model, 120, 1), 2026).reshape(3, 4, 4, 4, -1)
    games = games[..., ~is_nash(games, 1e-9).reshape(64, -1).any(axis=0)][..., :4]
    played, regret = unlisted(games)
    assert games.shape[-1] == 4 and (regret <= least(games)).all()
    for game, first in enumerate(first_of_all(games)):
        for mine, theirs in zip(played, first, strict=True):
            np.testing.assert_allclose(mine[:, game], theirs, atol=1e-8)
