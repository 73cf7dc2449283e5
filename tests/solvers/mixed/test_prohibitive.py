"""Equilibria beside prohibitive payoffs: exactly known ones are found, and what nearly is one is not taken for one."""

import numpy as np
import pytest
from budgets import tries
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import round_game_beside_prohibitive

from triangle.games.mixed import has_tie, is_equilibrium, is_well_supported, mixed_regrets
from triangle.games.normal_form import NormalFormGame
from triangle.games.shares import in_shares
from triangle.solvers.mixed.prohibitive import followed, prohibits, sharpened
from triangle.solvers.mixed.support import VERDICTS, all_equilibria, solve_mixed

SIZES = [1e4, 1e6, 1e8, 3e9, 1e12]


@pytest.mark.parametrize("high", SIZES)
def test_the_exact_equilibrium_of_a_commitment_beside_ruin(high):
    """The first two must each play their second action with 2 and 3 in `high` for the other not to prefer it.

    The first loses `high` by its second action where the second plays its second; otherwise it gains 2 by it. The
    second loses `high` by its first action where the first plays its second; otherwise it gains 3 by it.
    """
    payoffs = np.zeros((3, 2, 2, 2))
    payoffs[0, 1] = np.array([2.0, -high])[:, None]
    payoffs[1, :, 1] = np.array([-3.0, high])[:, None]
    payoffs[2, :, :, 1] = -1.0
    found = solve_mixed(NormalFormGame(payoffs))
    (one,) = found.equilibria
    chance_first, chance_second = 3.0 / (3.0 + high), 2.0 / (2.0 + high)
    assert one.probabilities[0][1] == pytest.approx(chance_first, rel=1e-9)
    assert one.probabilities[1][1] == pytest.approx(chance_second, rel=1e-9)
    assert one.probabilities[2] == (1.0, 0.0)
    assert found.verdict == ("complete" if high < 1e9 else "undecided")
    assert one.index == 1


@pytest.mark.parametrize("high", [1e6, 1e7, 1e8, 3e9])
def test_what_is_an_equilibrium_but_for_a_millionth_is_neither_listed_nor_called_degenerate(high):
    """One equilibrium, all mixing, of chances of some millionths; beside it a profile of nearly no regret."""
    payoffs = np.array([
        [[[-2.0, -2.0], [-1.0, 1.0]], [[0.0, -2.0], [2.0, -high]], [[-1.0, 2.0], [1.0, -high]]],
        [[[1.0, 2.0], [-1.0, 2.0]], [[1.0, -1.0], [-1.0, -1.0]], [[-high, -1.0], [0.0, 1.0]]],
        [[[1.0, 1.0], [1.0, 0.0]], [[0.0, 2.0], [-2.0, 1.0]], [[0.0, -high], [-1.0, -high]]],
    ])  # fmt: skip
    nearly = [np.array([0.0, 1.0 - 2.0 / high, 2.0 / high]), np.array([1.0, 0.0]), np.array([0.8, 0.2])]
    assert (mixed_regrets(payoffs, nearly) <= 1e-5 + 20.0 / high).all()
    found = solve_mixed(NormalFormGame(payoffs))
    assert found.verdict == "undecided"
    (one,) = found.equilibria
    assert all(min(mixed) > 0.0 for mixed in one.probabilities)
    assert one.probabilities[2][0] == pytest.approx(0.8, abs=1e-4)


def test_a_condition_number_of_units_is_nothing_singular():
    """A regular equilibrium, 6/7 and 3/4, of a game in which the third player may gain 2e12."""
    payoffs = np.array([
        [[[3.0, 1.0], [-4.0, -4.0]], [[-4.0, -5.0], [4.0, 4.0]]],
        [[[-1.0, -4.0], [-2.0, -1.0]], [[0.0, 0.0], [1.0, 1.0]]],
        [[[1.0, 0.0], [-1.0, 5.0]], [[4.0, 2e12], [-5.0, 1.0]]],
    ])  # fmt: skip
    found = solve_mixed(NormalFormGame(payoffs))
    assert found.verdict == "undecided"
    (mixing,) = (one for one in found.equilibria if max(one.probabilities[1]) < 1.0)
    assert mixing.probabilities[1] == pytest.approx((6 / 7, 1 / 7))
    assert mixing.probabilities[2] == pytest.approx((3 / 4, 1 / 4))
    assert (mixing.index, mixing.quasi_strict) == (-1, True)


def test_a_disaster_that_nobody_plays_makes_no_tie_of_a_difference():
    payoffs = np.array([
        [[[1.0, 0.0], [0.0, 1.0]], [[0.9, -0.1], [-0.1, 0.9]], [[-1e13, 3.0], [3.0, 3.0]]],
        [[[0.0, 1.0], [1.0, 0.0]], [[0.0, 0.0], [0.0, 0.0]], [[0.0, 0.0], [0.0, 0.0]]],
        [[[1.0, 0.0], [0.0, 1.0]], [[0.0, 0.0], [0.0, 0.0]], [[0.0, 0.0], [0.0, 0.0]]],
    ])  # fmt: skip
    half = [np.array([1.0, 0.0, 0.0]), np.array([0.5, 0.5]), np.array([0.5, 0.5])]
    assert is_well_supported(payoffs, half, 1e-10)
    assert not has_tie(payoffs, half, 1e-10)
    worse = [np.array([0.5, 0.5, 0.0]), *half[1:]]
    assert not is_well_supported(payoffs, worse, 1e-10)
    assert is_equilibrium(payoffs, worse)  # its regret is nothing beside how far the disaster lies


@settings(max_examples=tries(300), deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_whatever_is_listed_is_an_equilibrium_of_the_payoffs_as_given_each_action_by_itself(seed):
    payoffs = round_game_beside_prohibitive(seed)
    found = all_equilibria(payoffs)
    for row in range(found.game.size):
        mixed = [x[:, row] for x in found.probabilities]
        assert all(abs(x.sum() - 1.0) < 1e-14 for x in mixed)
        assert is_well_supported(payoffs, mixed, 1e-8)


@settings(max_examples=tries(300), deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_no_equilibrium_followed_from_a_cut_game_is_missing_from_a_complete_list(seed):
    payoffs = round_game_beside_prohibitive(seed)
    found = solve_mixed(NormalFormGame(payoffs))
    if found.verdict != "complete" or not prohibits(in_shares(payoffs)):
        return
    for profile in followed(in_shares(payoffs), 1e-9):
        if is_well_supported(payoffs, profile, 1e-10):
            distances = [
                np.abs(np.concatenate(one.probabilities) - np.concatenate(profile)).max() for one in found.equilibria
            ]
            assert min(distances) < 1e-6


def test_a_profile_is_sharpened_to_the_relative_digits_of_its_rare_actions():
    high = 3e9
    payoffs = np.zeros((3, 2, 2, 1))
    payoffs[0, 1, :, 0] = 2.0, -high
    payoffs[1, :, 1, 0] = -3.0, high
    rough = (np.array([1.0 - 1.1e-9, 1.1e-9]), np.array([1.0 - 5e-10, 5e-10]), np.ones(1))
    first, second, _ = sharpened(in_shares(payoffs), rough)
    assert first[1] == pytest.approx(3.0 / (3.0 + high), rel=1e-12)
    assert second[1] == pytest.approx(2.0 / (2.0 + high), rel=1e-12)


def test_where_newton_s_method_leads_out_of_the_support_the_profile_stays():
    payoffs = np.zeros((3, 2, 2, 1))
    payoffs[0, 1, :, 0] = 2.0, 1.0  # the second action is better whatever the second player does
    payoffs[1, :, 1, 0] = -3.0, 1.0
    profile = (np.array([0.5, 0.5]), np.array([0.5, 0.5]), np.ones(1))
    assert sharpened(payoffs, profile) is profile


#: Games that an attack with exact fractions found wrong: payoffs, the right verdict or verdicts, how many equilibria.
ATTACKED = {
    "two players, a gap of 1 beside 1e10 is no tie": (
        [[[1, 0], [0, 1]], [[1, 0], [-1e10, 1]]],
        ("complete",),
        3,
    ),
    "two players, a regular one is not singular": (
        [[[-5, -17, 1e11], [-1, -2e12, -18], [21, -30, 11]], [[-19, 16, 18], [21, 22, 8], [0, -4, -9]]],
        ("complete",),
        3,
    ),
    "a chance of 4e-13 makes nothing singular": (
        [
            [[[4, -5], [1, 4]], [[-4, 5], [-4, -5]]],
            [[[-4, 0], [1, -4]], [[-5, -3], [-1, -3e11]]],
            [[[-1, 1], [-2, -5]], [[3e12, -1e5], [3, 0]]],
        ],
        ("complete", "undecided"),
        3,
    ),
    "a prohibitive payoff is gone with a dominated action": (
        [
            [[[-2, 1], [1, 0]], [[-3, 0], [0, -1]]],
            [[[1, 0], [0, -1]], [[2, 1], [-2, 0]]],
            [[[-1, 0], [0, -2]], [[-1, 0], [-1e10, -1]]],
        ],
        ("complete",),
        1,
    ),
    "what nobody plays makes no profile with a regret of 1 an equilibrium": (
        [
            [[[0, 0], [0, 0]], [[3, -1], [-1, 3]], [[-1e11, 0], [0, 0]]],
            [[[1, -1], [-1, 1]]] * 3,
            [[[-1, 1], [1, -1]]] * 3,
        ],
        ("complete", "undecided"),
        1,
    ),
    "a regular one beside 1e9 is not singular": (
        [
            [[[-1, -1], [1, -1]], [[1, 2], [0, 2]]],
            [[[2, 1], [1, 0]], [[0, -1e9], [2, 1]]],
            [[[2, 1], [1, -1]], [[-1, -1], [1, -1]]],
        ],
        ("complete", "undecided"),
        1,
    ),
}


@pytest.mark.parametrize(("payoffs", "verdicts", "count"), ATTACKED.values(), ids=ATTACKED)
def test_games_that_were_wrong_are_right(payoffs, verdicts, count):
    game = NormalFormGame(np.array(payoffs, dtype=float))
    found = solve_mixed(game)
    assert found.verdict in verdicts
    assert len(found.equilibria) == count
    for one in found.equilibria:
        assert is_well_supported(game.payoffs, [np.array(x) for x in one.probabilities], 1e-10)
        assert one.quasi_strict and one.index != 0


def test_an_action_of_no_consequence_is_not_played_one_time_in_a_hundred_thousand_billions():
    """At the first action of the first player the second is indifferent: there the first need not mix for it."""
    payoffs = np.array([
        [[[4, 4], [2, 2000]], [[-1e10, 5], [4, 2e12]]],
        [[[-4, 4], [-1, 2]], [[5, -5], [5, 3]]],
        [[[-5, -5], [1, 1]], [[-5, -2], [4, -4]]],
    ])  # fmt: skip
    found = solve_mixed(NormalFormGame(payoffs))
    assert found.verdict == "degenerate"
    (mixing,) = (one for one in found.equilibria if max(one.probabilities[1]) < 1.0)
    assert mixing.probabilities[0] == (1.0, 0.0)
    assert (mixing.index, mixing.quasi_strict) == (0, False)


def test_a_game_beside_another_one_has_the_answer_that_it_has_alone():
    alone = np.array([
        [[[0, 0], [0, 0]], [[-1, -1], [-1, 1]]],
        [[[0, -1], [0, 0]], [[1, -1e10], [-1, -1]]],
        [[[0, 1], [0, 1]], [[-1, 0], [-1, 0]]],
    ])  # fmt: skip
    other = np.array([
        [[[0, 1], [1, 0]], [[1, 0], [0, 1]]],
        [[[0, 1], [1, 0]], [[1, 0], [0, 1]]],
        [[[1, 0], [0, 1]], [[0, 1], [1, 0]]],
    ])  # fmt: skip
    both = all_equilibria(np.stack([alone, other], axis=-1).astype(float))
    assert VERDICTS[both.verdict[0]] == VERDICTS[all_equilibria(alone.astype(float)).verdict[0]] == "complete"


def test_the_largest_payoffs_raise_no_warning():
    payoffs = np.random.default_rng(1).integers(-3, 4, (3, 3, 2, 2, 3)).astype(float)
    payoffs[1, 0, 1, 0], payoffs[2, 1, 0, 0] = 1.7e308, -1.7e308
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        assert set(all_equilibria(payoffs).verdict.tolist()) <= {1, 2}
