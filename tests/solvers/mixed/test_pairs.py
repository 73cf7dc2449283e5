"""The first mixed equilibrium: two who mix two actions each, and the order in which supports are walked."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
from budgets import tries
from hypothesis import given, settings
from hypothesis import strategies as st

from triangle.games.mixed import mixed_regrets
from triangle.games.normal_form import is_nash
from triangle.solvers.markov.stage import unlisted
from triangle.solvers.mixed import pairs
from triangle.solvers.mixed.pairs import first_pair
from triangle.solvers.mixed.support import all_equilibria

PENNIES = np.array([[[1.0, -1], [-1, 1]], [[-1, 1], [1, -1]]])


def without_pure(seed, shape, count=40):
    """Random games of a shape that have no pure equilibrium, flat."""
    games = np.random.default_rng(seed).normal(size=(len(shape), *shape, count))
    return games[..., ~is_nash(games).reshape(-1, count).any(axis=0)]


def jordan():
    """Three players: the first wants to match the second, the second the third, and the third not the first."""
    payoffs = np.zeros((3, 2, 2, 2, 1))
    for a, b, c in np.ndindex(2, 2, 2):
        payoffs[:, a, b, c, 0] = a == b, b == c, c != a
    return payoffs


def size_then_actions(mixed):
    supports = [np.flatnonzero(x > 1e-9).tolist() for x in mixed]
    sizes = [len(own) for own in supports]
    return sum(sizes), max(sizes) - min(sizes), sizes, supports


class TestOrder:
    @settings(max_examples=tries(8))
    @given(st.integers(0, 2**31), st.sampled_from([(2, 3, 3), (3, 3, 2), (3, 2, 4), (3, 3, 3)]))
    def test_what_is_played_is_the_first_of_all_mixed_equilibria(self, seed, shape):
        games = without_pure(seed, shape, 12)
        played, _ = unlisted(games)
        found = all_equilibria(games)
        for game in np.flatnonzero(found.verdict == 0):
            listed = [[x[:, row] for x in found.probabilities] for row in found.of(game)]
            first = min(listed, key=size_then_actions)
            for mine, theirs in zip(played, first, strict=True):
                np.testing.assert_allclose(mine[:, game], theirs, atol=1e-8)

    def test_the_earlier_of_two_actions_of_a_bystander_is_taken(self):
        # The third player does not care; beside its second action the first two play for other stakes.
        payoffs = np.zeros((3, 2, 2, 2, 1))
        payoffs[:2, :, :, 0, 0] = PENNIES
        payoffs[:2, :, :, 1, 0] = PENNIES * [[[3.0, 1.0], [1.0, 1.0]]]
        mixed = first_pair(payoffs, np.array([1e-12]))
        assert [x[:, 0].tolist() for x in mixed] == [[0.5, 0.5], [0.5, 0.5], [1.0, 0.0]]

    def test_the_last_players_mix_before_the_first(self):
        # Everybody but one plays pennies with the next; the one left over does not care.
        payoffs = np.zeros((3, 2, 2, 2, 2))
        payoffs[:2, ..., 0] = PENNIES[:, :, :, None]
        payoffs[1:, ..., 1] = PENNIES[:, None]
        mixed = first_pair(payoffs, np.full(2, 1e-12))
        assert [x[0].tolist() for x in mixed] == [[0.5, 1.0], [0.5, 0.5], [1.0, 0.5]]


class TestFirstPair:
    @pytest.mark.parametrize("shape", [(2, 2), (3, 4), (4, 4, 4), (2, 3, 1), (2, 3, 2, 2)], ids=str)
    def test_whatever_is_found_is_an_equilibrium_in_which_two_mix_two_actions_each(self, shape):
        games = without_pure(5, shape)
        mixed = first_pair(games, np.full(games.shape[-1], 1e-12))
        found = ~np.isnan(mixed[0][0])
        assert found.any()
        played = np.sort([np.count_nonzero(x[:, found], axis=0) for x in mixed], axis=0)
        assert (played[-2:] == 2).all() and (played[:-2] == 1).all()
        assert mixed_regrets(games[..., found], [x[:, found] for x in mixed]).max() <= 2e-12
        for x in mixed:
            np.testing.assert_allclose(x[:, found].sum(axis=0), 1.0, atol=1e-15)

    def test_no_equilibrium_of_this_kind_is_overlooked(self):
        games = without_pure(11, (3, 3, 3))
        mixed = first_pair(games, np.full(games.shape[-1], 1e-12))
        found = all_equilibria(games)
        sizes = np.array([[int(mask).bit_count() for mask in row] for row in found.supports.T])
        pairs_there = {int(g) for g, own in zip(found.game, sizes, strict=True) if sorted(own) == [1, 2, 2]}
        assert set(np.flatnonzero(~np.isnan(mixed[0][0])).tolist()) == pairs_there and pairs_there

    def test_a_game_has_the_same_bits_alone_and_in_any_batch(self, monkeypatch):
        games = without_pure(3, (4, 4, 4))
        together, regret = unlisted(games)
        monkeypatch.setattr(pairs, "AT_ONCE", 500)
        in_parts, _ = unlisted(games)
        for game in range(games.shape[-1]):
            alone, its_regret = unlisted(games[..., [game]])
            assert its_regret[0] == regret[game]
            for one, many, parts in zip(alone, together, in_parts, strict=True):
                assert one[:, 0].tolist() == many[:, game].tolist() == parts[:, game].tolist()

    def test_games_with_too_many_supports_are_left_to_the_complete_solver(self, monkeypatch):
        games = without_pure(7, (3, 3, 3), 20)
        walked, _ = unlisted(games)
        monkeypatch.setattr(pairs, "MOST_SUPPORTS", 0)
        assert np.isnan(first_pair(games, np.full(games.shape[-1], 1e-12))[0]).all()
        listed, _ = unlisted(games)
        for one, other in zip(walked, listed, strict=True):
            np.testing.assert_allclose(one, other, atol=1e-8)

    def test_three_who_all_have_to_mix_are_not_found_here_but_are_played(self):
        # Jordan (1993): the only equilibrium is in even chances.
        assert all(np.isnan(x).all() for x in first_pair(jordan(), np.array([1e-12])))
        mixed, regret = unlisted(jordan())
        assert [x[:, 0].round(12).tolist() for x in mixed] == [[0.5, 0.5]] * 3 and regret[0] <= 1e-12

    def test_every_pair_of_actions_of_every_pair_of_players_is_walked(self):
        # Pennies hidden among bad actions, at each place where they can be.
        for (i, j), first, second, third in product(
            combinations(range(3), 2), combinations(range(3), 2), combinations(range(3), 2), range(3)
        ):
            other = 3 - i - j
            payoffs = np.full((3, 3, 3, 3, 1), -9.0)
            for (a, own), (b, theirs) in product(enumerate(first), enumerate(second)):
                profile = [third] * 3
                profile[i], profile[j] = own, theirs
                payoffs[(i, *profile)], payoffs[(j, *profile)] = PENNIES[:, a, b]
            # Who does not mix has one action that is best whatever the others do, and off it nobody wants to go.
            payoffs[other] = np.moveaxis(np.where(np.arange(3) == third, 1.0, 0.0)[:, None, None, None], 0, other)
            mixed = first_pair(payoffs, np.array([1e-12]))
            assert np.flatnonzero(mixed[i][:, 0]).tolist() == list(first)
            assert np.flatnonzero(mixed[j][:, 0]).tolist() == list(second)
            assert mixed[other][third, 0] == 1.0
