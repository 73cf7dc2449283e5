"""Repetition: closed forms from the literature, discounted sums added up by hand, and invariances."""

import itertools

import numpy as np
import pytest
from budgets import tries
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from triangle.games.dominance import security_levels
from triangle.games.normal_form import NormalFormGame, is_nash
from triangle.games.solution import Equilibrium
from triangle.solvers.pure import solve_pure
from triangle.solvers.repeated import (
    critical_discounts,
    is_full_dimensional,
    minmax_correlated,
    minmax_pure,
    solve_repeated,
    survival_of,
)

FEW = settings(max_examples=tries(40), deadline=None)
GAMES = hnp.arrays(np.float64, (3, 2, 3, 2), elements=st.integers(0, 9).map(float))
#: Fudenberg and Tirole (1991), Game Theory, figure 5.1: minmax 0 for both, by mixing only.
FUDENBERG_TIROLE = NormalFormGame([[[-2, 1], [1, -2], [0, 0]], [[2, -2], [-2, 2], [1, 1]]])


def dilemma(temptation, reward, punishment, sucker):
    return NormalFormGame([[[reward, sucker], [temptation, punishment]], [[reward, temptation], [sucker, punishment]]])


def discounted_gain_of_keeping(keep, deviate, punished, discount, hazard, periods=4000):
    """Expected discounted payoffs of keeping less those of deviating, period by period."""
    kept, lasting, weight, left = 0.0, 1.0, 1.0, deviate
    for period in range(periods):
        kept += weight * (lasting * keep + (1 - lasting) * punished)
        if period > 0:
            left += weight * punished
        weight *= discount
        lasting *= 1 - hazard
    return kept - left


class TestPublished:
    @pytest.mark.parametrize(("t", "r", "p", "s"), [(5, 3, 1, 0), (4, 3, 2, 1), (10, 3, 2, 0)])
    def test_prisoners_dilemma_needs_temptation_less_reward_over_temptation_less_punishment(self, t, r, p, s):
        # Friedman (1971); the closed form (T - R) / (T - P) is textbook matter, e.g. Fudenberg and Tirole (1991), 5.1.
        game = dilemma(t, r, p, s)
        result = solve_repeated(game, solve_pure(game).equilibria)
        for support in result.supports:
            assert support.of((0, 0)) == pytest.approx(((t - r) / (t - p),) * 2)
            assert support.of((1, 1)) == (0.0, 0.0)
            assert support.of((0, 1))[0] is None

    def test_cournot_duopolists_share_the_monopoly_output_from_nine_seventeenths(self):
        # Linear demand, price 24 - Q, no cost: share 6, best deviation 9, Cournot 8 (e.g. Tirole 1988, ch. 6).
        output = np.array([6.0, 8.0, 9.0])
        price = 24 - output[:, None] - output[None, :]
        game = NormalFormGame([output[:, None] * price, output[None, :] * price])
        cournot = [e for e in solve_pure(game).equilibria if e.profile == (1, 1)]
        result = solve_repeated(game, cournot)
        assert result["Nash reversion to (1, 1)"].of((0, 0)) == pytest.approx((9 / 17, 9 / 17))

    def test_minmax_of_fudenberg_and_tirole_needs_mixing(self):
        assert minmax_correlated(FUDENBERG_TIROLE) == pytest.approx([0.0, 0.0], abs=1e-9)
        assert minmax_pure(FUDENBERG_TIROLE.payoffs).tolist() == [1.0, 1.0]

    def test_common_interest_game_of_fudenberg_and_maskin_lacks_full_dimension(self):
        # Fudenberg and Maskin (1986), example 3: all get 1 if all three agree; minmax 0, yet no equilibrium below 1/4.
        payoffs = np.zeros((3, 2, 2, 2))
        payoffs[:, 0, 0, 0] = payoffs[:, 1, 1, 1] = 1.0
        result = solve_repeated(NormalFormGame(payoffs))
        assert not result.full_dimensional
        assert result["minmax in pure actions"].levels == (0.0, 0.0, 0.0)

    def test_generic_game_has_full_dimension_in_any_units(self):
        payoffs = np.random.default_rng(1).normal(size=(3, 2, 2, 2)) * np.array([1e-9, 1, 1e9])[:, None, None, None]
        assert is_full_dimensional(payoffs)
        assert is_full_dimensional(np.stack([payoffs, payoffs[[0, 1, 1]]], axis=-1)).tolist() == [True, False]


class TestSurvival:
    @pytest.mark.parametrize("hazard", [0.0, 0.05, 0.125, 0.3])
    def test_critical_discount_makes_player_indifferent_in_sums_over_periods(self, hazard):
        keep, deviate, punished = 3.0, 5.0, 1.0
        game = dilemma(deviate, keep, punished, 0.0)
        needed = critical_discounts(game.payoffs, [punished] * 2, survival_of([hazard, 0.0]))[0, 0, 0]
        assert needed == pytest.approx(0.5 / (1 - hazard))
        gain = [discounted_gain_of_keeping(keep, deviate, punished, needed + d, hazard) for d in (-0.01, 0.0, 0.01)]
        assert gain[0] < 0 < gain[2] and gain[1] == pytest.approx(0.0, abs=1e-9)

    def test_hazard_of_one_player_binds_that_player_only_unless_shared(self):
        game = dilemma(5.0, 3.0, 1.0, 0.0)
        own = critical_discounts(game.payoffs, [1, 1], survival_of([0.2, 0.0]))[:, 0, 0]
        shared = critical_discounts(game.payoffs, [1, 1], survival_of([0.2, 0.0], shared=True))[:, 0, 0]
        assert own.tolist() == [0.625, 0.5] and shared.tolist() == [0.625, 0.625]

    @pytest.mark.parametrize("survival", [0.5, 0.4, 0.0])
    def test_no_patience_is_enough_once_survival_falls_to_the_critical_factor(self, survival):
        game = dilemma(5.0, 3.0, 1.0, 0.0)
        critical = critical_discounts(game.payoffs, [1, 1], [survival, 1.0])
        assert critical[0, 0, 0] == np.inf and critical[0, 1, 1] == 0.0

    def test_impossible_probabilities_are_refused(self):
        with pytest.raises(ValueError, match="between 0 and 1"):
            survival_of([1.5, 0.0])
        with pytest.raises(ValueError, match="between 0 and 1"):
            critical_discounts(np.zeros((2, 2, 2)), [0, 0], survival=[-0.1, 1.0])
        with pytest.raises(ValueError, match="first axis"):
            critical_discounts(np.zeros((2, 2, 2)), [0, 0, 0])


class TestProperties:
    @FEW
    @given(GAMES, st.floats(0.02, 0.98))
    def test_support_agrees_with_the_one_shot_deviation_test(self, payoffs, discount):
        levels = minmax_pure(payoffs)
        critical = critical_discounts(payoffs, levels)
        for profile in itertools.product(*map(range, payoffs.shape[1:])):
            for i in range(3):
                best = max(payoffs[(i, *profile[:i], b, *profile[i + 1 :])] for b in range(payoffs.shape[1 + i]))
                worth = payoffs[(i, *profile)] - (1 - discount) * best - discount * levels[i]
                if abs(worth) > 1e-6:
                    assert (worth > 0) == (critical[(i, *profile)] <= discount)

    @FEW
    @given(GAMES)
    def test_stage_equilibria_need_no_patience_and_only_they_do(self, payoffs):
        needed = critical_discounts(payoffs, minmax_pure(payoffs)).max(axis=0)
        assert np.array_equal(needed == 0.0, is_nash(payoffs))
        assert ((needed < 1) | np.isinf(needed)).all()

    @FEW
    @given(GAMES)
    def test_punishments_are_ordered_and_harsher_ones_support_more(self, payoffs):
        game = NormalFormGame(payoffs)
        equilibria = solve_pure(game).equilibria
        result = solve_repeated(game, equilibria)
        correlated, pure = result.supports[-1], result.supports[-2]
        assert (security_levels(payoffs) <= np.array(correlated.levels) + 1e-9).all()
        assert (np.array(correlated.levels) <= np.array(pure.levels) + 1e-9).all()
        assert (correlated.needed <= pure.needed + 1e-9).all()
        for support in result.supports[:-2]:
            assert (np.array(pure.levels) <= np.array(support.levels) + 1e-9).all()
            assert (pure.needed <= support.needed + 1e-9).all()
        if len(equilibria) > 1:
            worst = result["Nash reversion to the worst for each deviator"]
            assert (worst.needed <= np.min([s.needed for s in result.supports[: len(equilibria)]], axis=0)).all()

    def test_batch_agrees_with_the_single_game(self):
        rng = np.random.default_rng(2)
        payoffs, survival = rng.normal(size=(3, 2, 3, 2, 30)), rng.uniform(0.5, 1, size=(3, 30))
        levels = minmax_pure(payoffs)
        batch, full = critical_discounts(payoffs, levels, survival), is_full_dimensional(payoffs)
        for k in range(30):
            one = critical_discounts(payoffs[..., k], minmax_pure(payoffs[..., k]), survival[:, k])
            assert np.array_equal(batch[..., k], one) and full[k] == is_full_dimensional(payoffs[..., k])
        assert (np.isfinite(batch) & (batch > 0)).any()

    def test_mixed_reversion_is_checked_and_used(self):
        pennies = NormalFormGame([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]])
        half = Equilibrium(((0.5, 0.5), (0.5, 0.5)), (0.0, 0.0), 0.0)
        assert solve_repeated(pennies, [half]).supports[0].levels == (0.0, 0.0)
        with pytest.raises(ValueError, match="no stage equilibrium"):
            solve_repeated(pennies, [Equilibrium(((0.6, 0.4), (0.5, 0.5)), (0.0, 0.0), 0.0)])

    def test_threat_of_something_better_supports_nothing_not_even_an_equilibrium(self):
        game = NormalFormGame([np.diag([2.0, 1.0])] * 2)
        high = [e for e in solve_pure(game).equilibria if e.profile == (0, 0)]
        assert solve_repeated(game, high).supports[0].of((1, 1)) == (None, None)
        assert solve_repeated(game, high).supports[0].of((0, 0)) == (0.0, 0.0)

    def test_supported_reads_one_discount_factor_or_one_for_each_player(self):
        game = dilemma(5.0, 3.0, 1.0, 0.0)
        support = solve_repeated(game, survival=[0.8, 1.0]).supports[0]
        assert support.supported(0.7)[0, 0] and not support.supported(0.6)[0, 0]
        assert support.supported([0.63, 0.5])[0, 0] and not support.supported([0.5, 0.63])[0, 0]


class TestInvariance:
    @FEW
    @given(GAMES, st.permutations(range(3)), st.data())
    def test_permuted_players_and_relabelled_actions_carry_critical_discounts_along(self, payoffs, seats, data):
        names = [data.draw(st.permutations(range(k))) for k in payoffs.shape[1:]]
        axes = [1 + i for i in seats]
        survival = np.array([0.9, 1.0, 0.6])

        def solve(array, lasts):
            return critical_discounts(array, minmax_pure(array), lasts)

        moved = payoffs[np.ix_(range(3), *names)].transpose(0, *axes)[list(seats)]
        expected = solve(payoffs, survival)[np.ix_(range(3), *names)].transpose(0, *axes)[list(seats)]
        assert np.array_equal(solve(moved, survival[list(seats)]), expected)

    @FEW
    @given(GAMES, st.data())
    def test_positive_affine_changes_change_no_critical_discount(self, payoffs, data):
        scale = np.array(data.draw(st.lists(st.sampled_from([0.25, 1.0, 8.0]), min_size=3, max_size=3)))
        shift = np.array(data.draw(st.lists(st.integers(-9, 9), min_size=3, max_size=3)))
        changed = payoffs * scale[:, None, None, None] + shift[:, None, None, None]
        before = critical_discounts(payoffs, minmax_pure(payoffs))
        assert np.array_equal(before, critical_discounts(changed, minmax_pure(changed)))
        levels = minmax_correlated(NormalFormGame(payoffs))
        assert minmax_correlated(NormalFormGame(changed)) == pytest.approx(levels * scale + shift, abs=1e-7)

    @FEW
    @given(GAMES)
    def test_duplicated_action_changes_no_critical_discount(self, payoffs):
        doubled = np.concatenate([payoffs, payoffs[:, -1:]], axis=1)
        before = critical_discounts(payoffs, minmax_pure(payoffs))
        after = critical_discounts(doubled, minmax_pure(doubled))
        assert np.array_equal(after[:, :-1], before) and np.array_equal(after[:, -1], before[:, -1])
