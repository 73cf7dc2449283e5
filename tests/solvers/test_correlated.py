"""Bounds over correlated equilibria: Aumann's numbers, zero-sum games, what must hold in every game, certificates."""

import itertools
import subprocess
import sys

import numpy as np
import pytest
from budgets import LARGE, in_turn

from triangle.games.normal_form import NormalFormGame, is_nash
from triangle.solvers import correlated
from triangle.solvers.correlated import correlated_bounds, deviation_losses, solve_correlated
from triangle.solvers.logit.branch import limiting_logit

#: Aumann 1974: swerving together 6 each, daring alone 7 against 2, both daring nothing.
CHICKEN = np.array([[[6.0, 2], [7, 0]], [[6, 7], [2, 0]]])
#: Luce and Raiffa 1957, ch. 5.
SEXES = np.array([[[2.0, 0], [0, 1]], [[1, 0], [0, 2]]])
PENNIES = np.array([[[1.0, -1], [-1, 1]], [[-1, 1], [1, -1]]])
ROCK = np.array([[0.0, -1, 1], [1, 0, -1], [-1, 1, 0]])
SCISSORS = np.stack([ROCK, -ROCK])
DILEMMA = np.array([[[3.0, 0], [5, 1]], [[3, 5], [0, 1]]])
SHAPES = [(2, 2), (3, 4), (2, 2, 2), (3, 2, 3), (2, 2, 2, 2)]


def random_game(shape, seed=0, integers=False):
    rng = np.random.default_rng([seed, *shape])
    return rng.integers(0, 4, (len(shape), *shape)).astype(float) if integers else rng.normal(size=(len(shape), *shape))


def gain(payoffs, distribution, coarse):
    """Largest gain by deviating from a distribution over profiles, summed profile by profile."""
    n, worst = payoffs.shape[0], 0.0
    profiles = list(itertools.product(*map(range, payoffs.shape[1:])))
    for player in range(n):
        actions = range(payoffs.shape[1 + player])
        for told, instead in itertools.product([None] if coarse else actions, actions):
            total = 0.0
            for profile in profiles:
                if told is None or profile[player] == told:
                    other = (*profile[:player], instead, *profile[player + 1 :])
                    total += distribution[profile] * (payoffs[(player, *other)] - payoffs[(player, *profile)])
            worst = max(worst, total)
    return worst


def outer(mixed):
    result = np.ones(())
    for x in mixed:
        result = np.multiply.outer(result, x)
    return result


# --- Published answers ----------------------------------------------------------------------------------------------


def test_chicken_gives_at_most_ten_and_a_half_together():
    """Aumann 1974: swerving together half of the time and daring alone a quarter each gives 5.25 to both."""
    bounds = correlated_bounds(CHICKEN, CHICKEN.sum(axis=0))
    assert bounds.maximum[0] == pytest.approx(10.5, abs=1e-9)
    assert bounds.maximisers[0] == pytest.approx(np.array([[0.5, 0.25], [0.25, 0]]), abs=1e-9)


def test_chicken_gives_a_player_between_its_two_pure_equilibria():
    """The two pure equilibria give a player 2 and 7. No correlated equilibrium goes beyond them."""
    bounds = correlated_bounds(CHICKEN, CHICKEN)
    assert bounds.minimum == pytest.approx([2, 2], abs=1e-9) and bounds.maximum == pytest.approx([7, 7], abs=1e-9)


def test_chicken_may_send_both_to_ruin_a_fifth_of_the_time_at_most():
    """Let both dare with probability r, both swerve with t, one dare alone with s each (the same by averaging).

    Who is told to dare stays if 7s >= 6s + 2r, who is told to swerve if 6t + 2s >= 7t. So s >= 2r, and with
    r + 2s + t = 1 the largest r is 1/5, at s = 2/5 and t = 0.
    """
    both_dare = np.array([[0.0, 0], [0, 1]])
    assert correlated_bounds(CHICKEN, both_dare).maximum[0] == pytest.approx(1 / 5, abs=1e-9)


def test_battle_of_the_sexes_lies_between_its_mixed_and_its_better_pure_equilibrium():
    """The mixed equilibrium gives both 2/3; a fair coin gives both 3/2 (Aumann 1974)."""
    bounds = correlated_bounds(SEXES, np.concatenate([SEXES, SEXES.sum(axis=0)[None]]))
    assert bounds.minimum == pytest.approx([2 / 3, 2 / 3, 4 / 3], abs=1e-9)
    assert bounds.maximum == pytest.approx([2, 2, 3], abs=1e-9)


def test_matching_pennies_has_one_correlated_equilibrium():
    solution = solve_correlated(NormalFormGame(PENNIES))
    assert solution.profiles.minimum == pytest.approx([0.25] * 4, abs=1e-9)
    assert solution.profiles.maximum == pytest.approx([0.25] * 4, abs=1e-9)
    assert solution.verdict == "complete"


def test_scissors_may_always_tie_in_the_coarse_sense_but_only_a_third_of_the_time_in_aumanns():
    """Nobody gains by leaving a sure tie before it knows its own part, everybody does after (Moulin and Vial 1978)."""
    fine, coarse = (correlated_bounds(SCISSORS, np.eye(3), coarse=coarse) for coarse in (False, True))
    assert (fine.minimum[0], fine.maximum[0]) == pytest.approx((1 / 3, 1 / 3), abs=1e-9)
    assert coarse.maximum[0] == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_a_zero_sum_game_gives_its_value_and_nothing_else(seed):
    own = random_game((3, 4), seed)[0]
    for coarse in (False, True):
        bounds = correlated_bounds(np.stack([own, -own]), own, coarse)
        assert bounds.minimum[0] == pytest.approx(bounds.maximum[0], abs=1e-7)


def test_dominated_actions_are_never_played():
    assert solve_correlated(NormalFormGame(DILEMMA)).coarse_profiles.maximum == pytest.approx([0, 0, 0, 1], abs=1e-9)


# --- In every game --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("shape", "integers"), in_turn(SHAPES, [False, True]))
def test_bounds_hold_for_every_nash_equilibrium_and_coarse_ones_are_wider(shape, integers):
    for seed in range(4 if LARGE else 1):
        payoffs = random_game(shape, seed, integers)
        quantities = np.concatenate([payoffs, random_game(shape, seed + 50)])
        quantities = quantities if LARGE else quantities[len(shape) - 1 :][:2]
        fine, coarse = (correlated_bounds(payoffs, quantities, c) for c in (False, True))
        assert fine.verdict == coarse.verdict == "complete"
        assert (coarse.minimum <= fine.minimum + 1e-7).all() and (coarse.maximum >= fine.maximum - 1e-7).all()
        limit = limiting_logit(payoffs)
        points = [outer(limit.probabilities)] if limit.settled else []
        for profile in np.argwhere(is_nash(payoffs)):
            points.append(np.zeros(shape))
            points[-1][tuple(profile)] = 1.0
        assert points or integers
        for point in points:
            values = (quantities * point).reshape(len(quantities), -1).sum(axis=1)
            assert (values >= fine.minimum - 1e-7).all() and (values <= fine.maximum + 1e-7).all()


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("coarse", [False, True])
def test_every_bound_is_reached_by_an_equilibrium(shape, coarse):
    payoffs = random_game(shape, 7)
    bounds = correlated_bounds(payoffs, payoffs, coarse)
    for values, points in ((bounds.minimum, bounds.minimisers), (bounds.maximum, bounds.maximisers)):
        for own, value, point in zip(payoffs, values, points, strict=True):
            assert point.min() >= 0 and point.sum() == pytest.approx(1, abs=1e-12)
            assert gain(payoffs, point, coarse) <= 1e-7
            assert (own * point).sum() == pytest.approx(value, abs=1e-9)
    assert (bounds.gap <= 1e-9).all()


def test_two_actions_each_make_both_kinds_the_same():
    """Leaving for good to action b only matters where one was told the other action."""
    for seed in range(5):
        payoffs = random_game((2, 2, 2), seed)
        fine, coarse = (correlated_bounds(payoffs, payoffs, c) for c in (False, True))
        assert fine.minimum == pytest.approx(coarse.minimum, abs=1e-8)
        assert fine.maximum == pytest.approx(coarse.maximum, abs=1e-8)


@pytest.mark.parametrize("scale", [1e-4, 1.0, 1e6])
def test_affine_changes_of_payoff_leave_the_equilibria_as_they_are(scale):
    payoffs = random_game((3, 2, 3), 8)
    moved = scale * payoffs * np.array([1.0, 3, 10]).reshape(3, 1, 1, 1) + 1e3 * scale
    quantity = random_game((3, 2, 3), 9)[0]
    plain, other = (correlated_bounds(u, quantity) for u in (payoffs, moved))
    assert plain.minimum == pytest.approx(other.minimum, abs=1e-7)
    assert plain.maximum == pytest.approx(other.maximum, abs=1e-7)


def test_relabelled_actions_and_permuted_players_move_the_bounds_along():
    payoffs = random_game((3, 2, 3), 10)
    order, rng = (2, 0, 1), np.random.default_rng(0)
    moved = payoffs[list(order)].transpose(0, *(1 + i for i in order))
    moved = moved.take(rng.permutation(moved.shape[1]), axis=1)
    plain, other = correlated_bounds(payoffs, payoffs), correlated_bounds(moved, moved)
    assert other.minimum == pytest.approx(plain.minimum[list(order)], abs=1e-8)
    assert other.maximum == pytest.approx(plain.maximum[list(order)], abs=1e-8)


def test_a_duplicated_action_changes_no_payoff_bound():
    payoffs = random_game((2, 3), 11)
    doubled = payoffs[:, [0, 0, 1]]
    plain, other = correlated_bounds(payoffs, payoffs), correlated_bounds(doubled, doubled)
    assert plain.minimum == pytest.approx(other.minimum, abs=1e-8)
    assert plain.maximum == pytest.approx(other.maximum, abs=1e-8)


def test_nobody_with_a_choice_leaves_everything_possible():
    bounds = correlated_bounds(np.array([[[4.0]], [[5.0]]]), np.array([[4.0]]))
    assert bounds.minimum[0] == bounds.maximum[0] == 4.0 and bounds.verdict == "complete"


def test_constant_payoffs_leave_every_distribution_possible():
    bounds = correlated_bounds(np.ones((2, 2, 2)), np.arange(4.0).reshape(2, 2))
    assert (bounds.minimum[0], bounds.maximum[0]) == pytest.approx((0, 3), abs=1e-12)


def test_losses_are_what_a_deviation_costs():
    losses, owner = deviation_losses(DILEMMA)
    told_defect, told_cooperate = losses[owner == 0].tolist()
    assert told_defect == [0.0, 0.0, 2.0, 1.0] and told_cooperate == [-2.0, -1.0, 0.0, 0.0]
    assert len(deviation_losses(random_game((3, 4)))[0]) == 3 * 2 + 4 * 3
    assert len(deviation_losses(random_game((3, 4)), coarse=True)[0]) == 3 + 4


# --- Certificates and refusals --------------------------------------------------------------------------------------


def test_a_wrong_answer_of_the_solver_is_found_out(monkeypatch):
    """The certificate is computed from the game: a distribution or multipliers that are off widen it."""
    honest = correlated.least_cost

    def uniform(*arguments, **options):
        found = honest(*arguments, **options)
        return found._replace(point=np.full_like(found.point, 1 / len(found.point)))

    monkeypatch.setattr(correlated, "least_cost", uniform)
    bounds = correlated_bounds(CHICKEN, CHICKEN)
    assert bounds.verdict == "undecided" and bounds.residual.max() > 0.1 and bounds.gap.max() > 0.1


def test_a_quantity_that_is_the_same_everywhere_is_its_own_bound():
    bounds = correlated_bounds(CHICKEN, np.full((2, 2), 7.0))
    assert bounds.verdict == "complete"
    assert bounds.minimum == pytest.approx([7.0]) and bounds.maximum == pytest.approx([7.0])


def test_a_solver_that_fails_leaves_the_question_undecided(monkeypatch):
    monkeypatch.setattr(correlated, "least_cost", lambda *arguments, **options: None)
    solution = solve_correlated(NormalFormGame(DILEMMA))
    assert solution.verdict == "undecided" and solution.advice
    assert np.isnan(solution.payoffs.minimum).all() and np.isinf(solution.payoffs.gap).all()


def test_batches_and_misfits_are_refused():
    with pytest.raises(ValueError, match="one game"):
        correlated_bounds(np.zeros((2, 2, 2, 5)), np.zeros((2, 2)))
    with pytest.raises(ValueError, match="quantities"):
        correlated_bounds(DILEMMA, np.zeros((3, 2)))
    with pytest.raises(ValueError, match="quantities"):
        correlated_bounds(DILEMMA, np.full((2, 2), np.inf))


def test_the_linear_solver_is_only_loaded_when_it_is_used():
    code = "import sys, triangle.solvers.correlated; sys.exit('scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=3000).returncode == 0


#: The columns' last action is dominated; the rest has one equilibrium, in which a billion is all but never played for.
BILLION = np.array([[[3.0, 0, 2], [2, 3, 1]], [[2, 3, 1], [1e9, 0, 2]]])


@pytest.mark.parametrize("factor", [1.0, 3.7, 1e150, 1e-150])
@pytest.mark.parametrize("shift", [0.0, 1.0])
def test_beside_a_prohibitive_payoff_bounds_are_those_of_the_one_equilibrium_in_every_unit(factor, shift):
    found = solve_correlated(NormalFormGame((BILLION + shift) * factor))
    assert found.verdict == "complete"
    for bounds in (found.profiles, found.coarse_profiles):
        assert np.allclose(bounds.minimum, bounds.maximum, rtol=1e-6, atol=1e-15)
        assert bounds.minimum[0] == pytest.approx(0.75 * (1 - 1e-9), abs=1e-12)
        assert bounds.minimum[3] == pytest.approx(0.75e-9, rel=1e-6)


def test_a_gain_is_held_against_what_is_played_for_where_whole_numbers_are_out_of_reach(monkeypatch):
    monkeypatch.setattr(correlated, "MOST_EXACT", 1)
    for game in (BILLION * 3.7, BILLION + 1, (BILLION + 1) * 1e150):
        found = solve_correlated(NormalFormGame(game)).profiles
        tight = np.allclose(found.minimum, found.maximum, rtol=1e-6, atol=1e-15)
        assert tight or found.verdict == "undecided"
