"""Coalitions: published values, indices, cores and nucleoli; axioms; an independent criterion; invariances."""

import itertools
import math

import numpy as np
import pytest
from budgets import LARGE, few, tries
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.optimize import linprog

from triangle.games.dominance import security_levels
from triangle.games.normal_form import NormalFormGame
from triangle.solvers.coalitions import (
    banzhaf_value,
    characteristic_function,
    characteristic_function_mixed,
    core_vertices,
    least_core,
    least_core_of_three,
    members,
    nucleolus,
    pivotal_in,
    shapley_value,
    solve_coalitions,
)
from triangle.solvers.repeated import minmax_correlated, minmax_pure

FEW = settings(max_examples=tries(30), deadline=None)
GAMES = hnp.arrays(np.float64, (3, 2, 3, 2), elements=st.integers(0, 9).map(float))
WORTHS = hnp.arrays(np.float64, 7, elements=st.integers(-5, 20).map(float)).map(lambda v: np.append(0.0, v))
GLOVES = np.array([0.0, 0, 0, 1, 0, 1, 0, 1])
MAJORITY = np.array([0.0, 0, 0, 1, 0, 1, 1, 1])


def worths(n, worth):
    """Array of worths from a function of the set of members."""
    return np.array([0.0] + [float(worth(set(members(s)))) for s in range(1, 2**n)])


def voting(quota, weights):
    return worths(len(weights), lambda s: sum(weights[i] for i in s) >= quota)


def bankruptcy(estate, claims):
    return worths(len(claims), lambda s: max(0, estate - sum(c for i, c in enumerate(claims) if i not in s)))


def airport(costs):
    return worths(len(costs), lambda s: -max(costs[i] for i in s))


def moved(values, seats):
    """The same game when new player k is old player seats[k]."""
    n = len(seats)
    return np.array([values[sum(1 << seats[k] for k in members(s))] for s in range(2**n)])


def excesses(values, shares):
    return np.sort([values[s] - sum(shares[i] for i in members(s)) for s in range(1, len(values) - 1)])[::-1]


def random_convex_worths(rng, n):
    """A convex game (non-empty core): sum of positive unanimity games, plus what each has alone."""
    gains = rng.uniform(0, 1, size=2**n)
    return worths(n, lambda s: sum(gains[t] for t in range(1, 2**n) if set(members(t)) <= s))


class TestPublishedValues:
    def test_glove_market_gives_the_scarce_side_two_thirds_by_shapley_and_all_by_the_core(self):
        # Shapley and Shubik (1969), On market games, Journal of Economic Theory 1, 9-25.
        assert shapley_value(GLOVES) == pytest.approx([2 / 3, 1 / 6, 1 / 6])
        assert core_vertices(GLOVES).tolist() == [[1.0, 0.0, 0.0]]
        assert nucleolus(GLOVES) == pytest.approx([1.0, 0.0, 0.0])
        assert pivotal_in(GLOVES).sum(axis=1).tolist() == [3, 1, 1]

    @pytest.mark.parametrize(
        ("quota", "weights", "shapley", "banzhaf"),
        [
            (51, (50, 49, 1), (4 / 6, 1 / 6, 1 / 6), (3 / 5, 1 / 5, 1 / 5)),
            # European Economic Community of 1958: Luxembourg is a dummy (Brams 1976, Paradoxes in Politics, ch. 7).
            (
                12,
                (4, 4, 4, 2, 2, 1),
                (14 / 60, 14 / 60, 14 / 60, 9 / 60, 9 / 60, 0),
                (5 / 21, 5 / 21, 5 / 21, 3 / 21, 3 / 21, 0),
            ),
        ],
        ids=["fifty, forty-nine, one", "European Economic Community 1958"],
    )
    def test_power_indices_of_weighted_voting_are_the_published_ones(self, quota, weights, shapley, banzhaf):
        game = voting(quota, weights)
        assert shapley_value(game) == pytest.approx(shapley)
        assert banzhaf_value(game, normalised=True) == pytest.approx(banzhaf)

    def test_swings_of_a_simple_game_are_those_the_banzhaf_value_counts(self):
        game = voting(12, (4, 4, 4, 2, 2, 1))
        assert pivotal_in(game).sum(axis=1) == pytest.approx(banzhaf_value(game) * 2**5)

    def test_airport_landing_fees_share_each_stretch_among_those_who_need_it(self):
        # Littlechild and Owen (1973), A simple expression for the Shapley value, Management Science 20, 370-372.
        costs = [1.0, 2.0, 3.0, 7.0]
        shares = np.cumsum(np.diff([0.0, *costs]) / np.arange(4, 0, -1))
        assert -shapley_value(airport(costs)) == pytest.approx(shares)


class TestPublishedNucleoli:
    @pytest.mark.parametrize(
        ("estate", "awards"), [(100, (100 / 3,) * 3), (200, (50, 75, 75)), (300, (50, 100, 150))], ids=str
    )
    def test_bankruptcy_of_the_talmud_is_shared_by_the_nucleolus(self, estate, awards):
        # Aumann and Maschler (1985), Game theoretic analysis of a bankruptcy problem from the Talmud, JET 36, 195-213.
        assert nucleolus(bankruptcy(estate, (100, 200, 300))) == pytest.approx(awards)

    @pytest.mark.parametrize("costs", [(1, 2, 3), (1, 1, 5, 6), (2, 3, 4, 9, 10)], ids=str)
    def test_airport_nucleolus_is_littlechilds(self, costs):
        # Littlechild (1974), A simple expression for the nucleolus in a special case, IJGT 3, 21-29.
        n, fees, start, fee, base = len(costs), [], 0, 0.0, 0.0
        while start < n:
            options = [((costs[i - 1] - base + fee) / (i - start + 1), i) for i in range(start + 1, n)]
            options.append(((costs[-1] - base + fee) / (n - start), n))
            fee, end = min(options, key=lambda option: (option[0], -option[1]))
            fees += [fee] * (end - start)
            start, base = end, costs[end - 1]
        assert -nucleolus(airport(costs)) == pytest.approx(fees)

    def test_majority_of_three_has_an_empty_core_and_an_even_nucleolus(self):
        # von Neumann and Morgenstern (1944), section 21.
        assert least_core(MAJORITY) == pytest.approx(1 / 3)
        assert core_vertices(MAJORITY).shape == (0, 3)
        assert nucleolus(MAJORITY) == pytest.approx([1 / 3] * 3)
        assert np.isclose(least_core_of_three(MAJORITY), 1 / 3)

    def test_two_players_split_the_surplus_evenly_by_every_rule(self):
        game = [0.0, 2.0, 5.0, 13.0]
        assert nucleolus(game) == pytest.approx([5.0, 8.0])
        assert shapley_value(np.array(game)) == pytest.approx([5.0, 8.0])
        assert core_vertices(game).tolist() == [[2.0, 11.0], [8.0, 5.0]]

    def test_additive_game_leaves_everyone_with_its_own(self):
        game = worths(4, lambda s: sum(10.0**i for i in s))
        assert nucleolus(game) == pytest.approx([1, 10, 100, 1000])
        assert core_vertices(game) == pytest.approx(np.array([[1, 10, 100, 1000]]))
        assert not pivotal_in(game).any()

    def test_nucleolus_gives_nobody_less_than_alone_even_where_a_pair_claims_more_than_there_is(self):
        # Without that bound (the prenucleolus) player 2 would pay 2.5 so that the pair's complaint is smaller.
        assert nucleolus([0.0, 0, 0, 6, 0, 0, 0, 1]) == pytest.approx([0.5, 0.5, 0.0])

    def test_single_player_keeps_what_it_has(self):
        assert nucleolus([0.0, 4.0]).tolist() == [4.0] and core_vertices([0.0, 4.0]).tolist() == [[4.0]]
        assert least_core([0.0, 4.0]) == -math.inf


class TestWorth:
    def test_three_person_game_of_von_neumann_and_morgenstern(self):
        # (1944), section 21: each names a partner; two who name each other take half a unit each from the third.
        payoffs = np.zeros((3, 2, 2, 2))
        named = [(1, 2), (0, 2), (0, 1)]
        for choice in itertools.product(range(2), repeat=3):
            for pair in itertools.combinations(range(3), 2):
                if all(named[i][choice[i]] in pair for i in pair):
                    for i in range(3):
                        payoffs[(i, *choice)] = 0.5 if i in pair else -1.0
        for security in ("alpha", "beta", "mixed"):
            result = solve_coalitions(NormalFormGame(payoffs), security)
            assert result.worth == pytest.approx(
                {(0,): -1, (1,): -1, (2,): -1, (0, 1): 1, (0, 2): 1, (1, 2): 1, (0, 1, 2): 0}
            )
            assert result.core_empty and result.shapley == pytest.approx((0, 0, 0))

    def test_matching_pennies_separates_what_is_guaranteed_from_what_cannot_be_denied(self):
        game = NormalFormGame([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]])
        levels = [solve_coalitions(game, security).worth[(0,)] for security in ("alpha", "mixed", "beta")]
        assert levels == pytest.approx([-1, 0, 1])

    def test_claims_that_cannot_all_be_met_leave_no_nucleolus(self):
        game = NormalFormGame([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]])
        result = solve_coalitions(game, "beta")
        assert result.nucleolus is None and result.core_empty and len(result.core_vertices) == 0
        assert result.least_core == pytest.approx(1.0)

    @FEW
    @given(GAMES)
    def test_security_levels_are_ordered_and_agree_with_other_ways_to_find_them(self, payoffs):
        game = NormalFormGame(payoffs)
        alpha, beta = characteristic_function(payoffs), characteristic_function(payoffs, "beta")
        mixed = characteristic_function_mixed(game)
        assert (alpha <= mixed + 1e-9).all() and (mixed <= beta + 1e-9).all()
        single = [1, 2, 4]
        assert np.array_equal(alpha[single], security_levels(payoffs))
        assert np.array_equal(beta[single], minmax_pure(payoffs))
        assert mixed[single] == pytest.approx(minmax_correlated(game))
        assert alpha[7] == beta[7] == mixed[7] == payoffs.sum(axis=0).max()

    @FEW
    @given(GAMES)
    def test_guaranteed_worth_is_superadditive(self, payoffs):
        for values in (characteristic_function(payoffs), characteristic_function_mixed(NormalFormGame(payoffs))):
            for s, t in itertools.combinations(range(1, 8), 2):
                if s & t == 0:
                    assert values[s | t] >= values[s] + values[t] - 1e-9

    def test_batch_agrees_with_the_single_game(self):
        payoffs = np.random.default_rng(1).normal(size=(3, 2, 3, 2, 20))
        values = characteristic_function(payoffs)
        shapley, banzhaf, bound = shapley_value(values), banzhaf_value(values), least_core_of_three(values)
        pivots = pivotal_in(values)
        for k in range(20):
            one = characteristic_function(payoffs[..., k])
            assert np.array_equal(values[:, k], one)
            assert shapley[:, k] == pytest.approx(shapley_value(one))
            assert banzhaf[:, k] == pytest.approx(banzhaf_value(one))
            assert bound[k] == pytest.approx(least_core(one))
            assert np.array_equal(pivots[..., k], pivotal_in(one))


class TestShapleyAxioms:
    @FEW
    @given(WORTHS)
    def test_value_is_the_mean_contribution_over_orders_of_arrival(self, values):
        mean = np.zeros(3)
        for order in itertools.permutations(range(3)):
            arrived = 0
            for i in order:
                mean[i] += (values[arrived | 1 << i] - values[arrived]) / 6
                arrived |= 1 << i
        assert shapley_value(values) == pytest.approx(mean)

    @FEW
    @given(WORTHS, WORTHS, st.permutations(range(3)))
    def test_value_is_efficient_additive_and_symmetric(self, first, second, seats):
        value = shapley_value(first)
        assert value.sum() == pytest.approx(first[-1])
        assert shapley_value(first + second) == pytest.approx(value + shapley_value(second))
        assert shapley_value(moved(first, seats)) == pytest.approx(value[list(seats)])

    @FEW
    @given(st.lists(st.integers(-5, 20), min_size=3, max_size=3), st.integers(-5, 20))
    def test_dummy_gets_what_it_has_alone(self, gains, own):
        without = [0, *gains]
        values = np.array([without[s & 3] + own * (s >> 2) for s in range(8)], dtype=float)
        assert [shapley_value(values)[2], banzhaf_value(values)[2]] == pytest.approx([own, own])
        assert not pivotal_in(values)[2].any()


class TestCoreAndNucleolus:
    @FEW
    @given(WORTHS)
    def test_closed_form_for_three_agrees_with_the_linear_programme(self, values):
        assert least_core_of_three(values) == pytest.approx(least_core(values), abs=1e-7)

    @FEW
    @given(WORTHS)
    def test_vertices_exist_exactly_where_the_core_is_not_empty_and_bound_every_share(self, values):
        vertices = core_vertices(values)
        assert (len(vertices) > 0) == (least_core(values) <= 1e-9)
        if len(vertices):
            rows = np.array([[s >> i & 1 for i in range(3)] for s in range(1, 8)])
            assert (vertices @ rows.T >= values[1:] - 1e-7).all()
            assert vertices.sum(axis=1) == pytest.approx(np.full(len(vertices), values[-1]))
            for i in range(3):
                shares = linprog(
                    np.eye(3)[i], -rows[:-1], -values[1:-1], np.ones((1, 3)), values[-1:], bounds=(None, None)
                )
                assert shares.fun == pytest.approx(vertices[:, i].min(), abs=1e-6)

    @pytest.mark.parametrize("n", [3, 4, 5])
    def test_core_of_a_convex_game_has_the_marginal_vectors_for_vertices_and_holds_values(self, n):
        # Shapley (1971), Cores of convex games, IJGT 1, 11-26.
        rng = np.random.default_rng(n)
        values = random_convex_worths(rng, n)
        marginal = set()
        for order in itertools.permutations(range(n)):
            arrived, vector = 0, [0.0] * n
            for i in order:
                vector[i] = values[arrived | 1 << i] - values[arrived]
                arrived |= 1 << i
            marginal.add(tuple(np.round(vector, 6)))
        assert {tuple(v) for v in core_vertices(values).round(6)} == marginal
        for shares in (shapley_value(values), nucleolus(values)):
            assert excesses(values, shares).max() <= 1e-9 and shares.sum() == pytest.approx(values[-1])

    @pytest.mark.parametrize("n", [3, 4, 5] if LARGE else [3, 4])
    def test_nucleolus_meets_kohlbergs_criterion(self, n):
        # Kohlberg (1971), On the nucleolus of a characteristic function game, SIAM J. Appl. Math. 20, 62-66: for each
        # level, the coalitions with at least that excess, with some of the players held at their own worth, balance.
        rng = np.random.default_rng(10 + n)
        for _ in range({3: 8, 4: 5, 5: 2}[n] if LARGE else 6 - n):
            values = worths(n, lambda s: 0.0 if len(s) == 1 else rng.uniform(0, len(s)))
            values[-1] = n
            shares = nucleolus(values)
            assert shares.sum() == pytest.approx(n) and (shares >= -1e-9).all()
            rows = np.array([[s >> i & 1 for i in range(n)] for s in range(1, 2**n - 1)], dtype=float)
            excess = values[1:-1] - rows @ shares
            held = np.eye(n)[np.abs(shares) < 1e-9]
            for level in np.unique(excess.round(8)):
                family = rows[excess >= level - 1e-7]
                for row in few(family, 3):
                    # A balanced family can give weight to each of its members.
                    columns = np.vstack([family, held])
                    weigh = linprog(
                        np.zeros(len(columns)), A_eq=columns.T, b_eq=np.ones(n) * 1.0 - 1e-3 * row, bounds=(0, None)
                    )
                    assert weigh.status == 0

    @FEW
    @given(WORTHS, st.integers(0, 2**32 - 1))
    def test_no_other_imputation_has_lexicographically_smaller_excesses(self, values, seed):
        values[-1] = max(values[-1], values[[1, 2, 4]].sum())
        best = excesses(values, nucleolus(values))
        rng = np.random.default_rng(seed)
        alone = values[[1, 2, 4]]
        for weights in rng.dirichlet(np.ones(3), size=20):
            other = excesses(values, alone + weights * (values[-1] - alone.sum()))
            differing = np.flatnonzero(np.abs(other - best) > 1e-7)
            assert differing.size == 0 or other[differing[0]] > best[differing[0]]

    def test_game_without_imputations_is_refused(self):
        with pytest.raises(ValueError, match="imputation"):
            nucleolus([0.0, 2.0, 2.0, 3.0])


class TestInvariance:
    @FEW
    @given(GAMES, st.permutations(range(3)), st.data())
    def test_permuted_players_and_relabelled_actions_carry_everything_along(self, payoffs, seats, data):
        names = [data.draw(st.permutations(range(k))) for k in payoffs.shape[1:]]
        other = payoffs[np.ix_(range(3), *names)].transpose(0, *(1 + i for i in seats))[list(seats)]
        before, after = (solve_coalitions(NormalFormGame(p)) for p in (payoffs, other))
        renamed = {tuple(sorted(seats.index(i) for i in s)): w for s, w in before.worth.items()}
        assert after.worth == renamed
        for name in ("shapley", "banzhaf", "nucleolus"):
            assert getattr(after, name) == pytest.approx([getattr(before, name)[i] for i in seats], abs=1e-7)
        assert after.core_empty == before.core_empty and len(after.core_vertices) == len(before.core_vertices)
        assert [len(after.pivotal[k]) for k in range(3)] == [len(before.pivotal[i]) for i in seats]

    @FEW
    @given(GAMES, st.sampled_from([0.25, 1.0, 64.0]), st.lists(st.integers(-9, 9), min_size=3, max_size=3))
    def test_common_unit_and_own_constants_carry_everything_along(self, payoffs, scale, shift):
        changed = payoffs * scale + np.array(shift, dtype=float)[:, None, None, None]
        before, after = (solve_coalitions(NormalFormGame(p)) for p in (payoffs, changed))
        for name in ("shapley", "banzhaf", "nucleolus"):
            expected = np.array(getattr(before, name)) * scale + shift
            assert getattr(after, name) == pytest.approx(expected, abs=1e-6)
        assert after.core_empty == before.core_empty and after.pivotal == before.pivotal
        assert after.least_core == pytest.approx(before.least_core * scale, abs=1e-6)

    @pytest.mark.parametrize("sure", [1e14, -1e30])
    @pytest.mark.parametrize("security", ["alpha", "mixed"])
    def test_what_a_player_gets_whatever_is_played_hides_nothing_however_much_it_is(self, security, sure):
        payoffs = np.array([[[0.0, 0], [0, 0]], [[2, 1], [1, 2]]])
        before, after = (
            solve_coalitions(NormalFormGame(np.add(payoffs, [[[own]], [[0]]])), security) for own in (0.0, sure)
        )
        constants = np.array([sure, 0.0])
        assert len(before.core_vertices) == 2 and before.least_core < 0
        assert after.core_vertices == pytest.approx(before.core_vertices + constants)
        for name in ("shapley", "banzhaf", "nucleolus"):
            assert getattr(after, name) == pytest.approx(np.array(getattr(before, name)) + constants)
        assert (after.least_core, after.core_empty) == (before.least_core, before.core_empty)

    @FEW
    @given(GAMES)
    def test_duplicated_action_changes_no_worth(self, payoffs):
        doubled = np.concatenate([payoffs, payoffs[:, -1:]], axis=1)
        for security in ("alpha", "beta"):
            assert np.array_equal(
                characteristic_function(payoffs, security), characteristic_function(doubled, security)
            )
        mixed = [characteristic_function_mixed(NormalFormGame(p)) for p in (payoffs, doubled)]
        assert mixed[0] == pytest.approx(mixed[1])


class TestResult:
    def test_solution_says_that_utility_is_assumed_transferable_and_who_is_pivotal(self):
        # Player 0 doubles what either other makes with it; the others can do nothing without it.
        payoffs = np.zeros((3, 2, 2, 2))
        for a in itertools.product(range(2), repeat=3):
            for i in (1, 2):
                payoffs[(i, *a)] = 4.0 * a[0] * a[i]
            payoffs[(0, *a)] = -1.0 * a[0]
        result = solve_coalitions(NormalFormGame(payoffs))
        assert "transferable utility" in result.assumption
        assert result.worth[(0, 1, 2)] == 7.0 and result.worth[(1, 2)] == 0.0
        assert len(result.pivotal[0]) > max(len(result.pivotal[1]), len(result.pivotal[2]))
        assert (1, 2) not in result.pivotal[1]

    def test_wrong_arguments_are_refused(self):
        with pytest.raises(ValueError, match="2\\*\\*n"):
            shapley_value(np.zeros(6))
        with pytest.raises(ValueError, match="empty coalition"):
            shapley_value(np.ones(8))
        with pytest.raises(ValueError, match="one game"):
            nucleolus(np.zeros((8, 2)))
        with pytest.raises(ValueError, match="three players"):
            least_core_of_three(np.zeros(4))
        with pytest.raises(ValueError, match="at most 5"):
            core_vertices(np.zeros(64))
        with pytest.raises(ValueError, match="security"):
            solve_coalitions(NormalFormGame(np.zeros((2, 2, 2))), "gamma")
