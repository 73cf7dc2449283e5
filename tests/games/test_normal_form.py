"""Margins, regrets and best responses: named games, then laws, then plain loops over the definition."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from named_games import GAMES, PRISONERS_DILEMMA, STAG_HUNT, THREE_PRISONERS
from strategies import games, loss_by_definition, profiles

from triangle.games.normal_form import (
    NormalFormGame,
    best_responses,
    is_nash,
    losses,
    margins,
    regrets,
)

# --- named games ---


def test_the_prisoners_margin_is_what_the_first_to_leave_defection_loses():
    assert margins(PRISONERS_DILEMMA.payoffs)[1, 1] == 1.0
    assert margins(PRISONERS_DILEMMA.payoffs)[0, 0] == -2.0
    assert regrets(PRISONERS_DILEMMA.payoffs)[0, 0] == 2.0


def test_both_stag_hunt_equilibria_are_strict_and_hunting_hares_is_the_safer_one():
    margin = margins(STAG_HUNT.payoffs)
    assert margin[0, 0] == 1.0
    assert margin[1, 1] == 7.0


def test_three_prisoners_lose_one_by_leaving_defection_alone():
    assert losses(THREE_PRISONERS.payoffs)[:, 1, 1, 1].tolist() == [1.0, 1.0, 1.0]


@pytest.mark.parametrize("game", GAMES, ids=lambda game: game.name)
def test_the_pure_equilibria_of_a_named_game_are_the_profiles_without_regret(game):
    assert sorted(game.pure) == [tuple(p) for p in np.argwhere(is_nash(game.payoffs)).tolist()]


# --- the record ---


def test_a_game_counts_its_players_actions_and_samples():
    game = NormalFormGame(np.zeros((3, 4, 2, 3, 5, 7)))
    assert (game.n_players, game.actions, game.samples) == (3, (4, 2, 3), (5, 7))


@pytest.mark.parametrize(
    "payoffs",
    [3.0, [1.0, 2.0], np.zeros((3, 2, 2)), np.zeros((2, 0, 2)), np.zeros((0, 2))],
    ids=["a number", "a list", "an action axis too few", "a player without actions", "no players"],
)
def test_what_is_no_game_is_refused(payoffs):
    with pytest.raises(ValueError, match="are no game"):
        NormalFormGame(payoffs)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_payoffs_that_are_not_finite_are_refused_because_every_comparison_with_them_lies(bad):
    payoffs = np.zeros((2, 2, 2))
    payoffs[1, 0, 1] = bad
    with pytest.raises(ValueError, match="1 of 8 payoffs are not finite"):
        NormalFormGame(payoffs)


def test_a_game_is_frozen_and_does_not_follow_the_array_it_came_from():
    source = np.arange(8.0).reshape(2, 2, 2)
    game = NormalFormGame(source)
    source[0, 0, 0] = 99.0
    assert game.payoffs[0, 0, 0] == 0.0
    with pytest.raises(ValueError, match="read-only"):
        game.payoffs[0, 0, 0] = 1.0
    with pytest.raises(AttributeError):
        game.payoffs = source


# --- against the definition ---


@given(games())
def test_losses_are_those_of_a_loop_over_profiles_and_deviations(payoffs):
    fast = losses(payoffs)
    for profile in profiles(payoffs):
        for player in range(payoffs.shape[0]):
            assert fast[(player, *profile)] == loss_by_definition(payoffs, player, profile)


@given(games())
def test_margin_regret_and_equilibrium_are_three_views_of_one_number(payoffs):
    margin, regret = margins(payoffs), regrets(payoffs)
    assert np.array_equal(margin, losses(payoffs).min(axis=0))
    assert np.array_equal(regret, np.where(margin < 0, -margin, 0.0))
    assert np.array_equal(is_nash(payoffs), regret == 0.0)


@given(games())
def test_a_profile_is_an_equilibrium_where_every_action_is_a_best_response(payoffs):
    all_best = np.ones(payoffs.shape[1:], dtype=bool)
    for player in range(payoffs.shape[0]):
        all_best &= best_responses(payoffs, player)
    assert np.array_equal(all_best, is_nash(payoffs))


@given(games())
def test_every_player_has_a_best_response_to_everything(payoffs):
    for player in range(payoffs.shape[0]):
        assert best_responses(payoffs, player).any(axis=player).all()


# --- laws ---


@given(games(), st.data())
def test_a_positive_scale_and_a_shift_by_the_others_actions_change_no_decision(payoffs, data):
    n = payoffs.shape[0]
    changed = payoffs.copy()
    scales = np.array(data.draw(st.lists(st.sampled_from([0.5, 1.0, 2.0, 8.0]), min_size=n, max_size=n)))
    for player in range(n):
        others = [1 if axis == player else count for axis, count in enumerate(payoffs.shape[1:])]
        shift = np.random.default_rng(data.draw(st.integers(0, 999))).integers(-5, 6, others)
        changed[player] = scales[player] * payoffs[player] + shift
    assert np.array_equal(is_nash(changed), is_nash(payoffs))
    view = (n,) + (1,) * n
    assert np.array_equal(losses(changed), scales.reshape(view) * losses(payoffs))


@given(games(), st.data())
def test_relabelling_actions_relabels_margins(payoffs, data):
    orders = [data.draw(st.permutations(range(count))) for count in payoffs.shape[1:]]
    places = np.ix_(*orders)
    relabelled = np.stack([own[places] for own in payoffs])
    assert np.array_equal(margins(relabelled), margins(payoffs)[places])


@given(games(), st.data())
def test_permuting_the_players_permutes_the_axes_of_margins_and_nothing_else(payoffs, data):
    order = data.draw(st.permutations(range(payoffs.shape[0])))
    permuted = np.stack([payoffs[i].transpose(order) for i in order])
    assert np.array_equal(margins(permuted), margins(payoffs).transpose(order))


@given(games(samples=(2, 2), players=3))
def test_a_batch_gives_what_each_game_gives_alone(payoffs):
    margin, nash = margins(payoffs), is_nash(payoffs)
    for sample in np.ndindex(2, 2):
        alone = np.ascontiguousarray(payoffs[(..., *sample)])
        assert np.array_equal(margin[(..., *sample)], margins(alone))
        assert np.array_equal(nash[(..., *sample)], is_nash(alone))


@given(games(), st.data())
def test_a_duplicated_action_takes_no_equilibrium_away_and_shares_its_own(payoffs, data):
    player = data.draw(st.integers(0, payoffs.shape[0] - 1))
    action = data.draw(st.integers(0, payoffs.shape[1 + player] - 1))
    copy = np.take(payoffs, [action], axis=1 + player)
    nash = is_nash(np.concatenate([payoffs, copy], axis=1 + player))
    kept, added = np.split(nash, [payoffs.shape[1 + player]], axis=player)
    assert np.array_equal(kept, is_nash(payoffs))
    assert np.array_equal(added, np.take(kept, [action], axis=player))


@given(games(), st.floats(0.0, 7.0))
def test_a_larger_tolerance_only_adds_equilibria(payoffs, tolerance):
    assert not (is_nash(payoffs) & ~is_nash(payoffs, tolerance)).any()


# --- held players ---


@given(games(), st.data())
def test_a_held_player_keeps_its_payoffs_and_cannot_deviate(payoffs, data):
    n = payoffs.shape[0]
    players = data.draw(st.sets(st.integers(0, n - 1)))
    held = {i: data.draw(st.integers(0, payoffs.shape[1 + i] - 1)) for i in players}
    game = NormalFormGame(payoffs).hold(held)
    assert game.actions == tuple(1 if i in held else count for i, count in enumerate(payoffs.shape[1:]))
    loss = losses(game.payoffs)
    for profile in profiles(game.payoffs):
        full = tuple(held.get(i, a) for i, a in enumerate(profile))
        for i in range(n):
            assert game.payoffs[(i, *profile)] == payoffs[(i, *full)]
            assert loss[(i, *profile)] == (np.inf if i in held else loss_by_definition(payoffs, i, full))


@pytest.mark.parametrize("action", [2, -1])
def test_holding_a_player_at_an_action_it_does_not_have_is_refused(action):
    with pytest.raises(ValueError, match="are no game"):
        NormalFormGame(PRISONERS_DILEMMA.payoffs).hold({0: action})
