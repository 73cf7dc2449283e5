"""Selection rules: published coordination games, where they disagree, where they are silent, and invariances."""

import numpy as np
import pytest
from budgets import tries
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from triangle.games.normal_form import NormalFormGame, is_nash
from triangle.games.solution import Equilibrium
from triangle.solvers.dynamics import basins, draw_starts
from triangle.solvers.pure import solve_pure
from triangle.solvers.selection import deviation_products, risk_dominance, select

FEW = settings(max_examples=tries(40), deadline=None)
GAMES = hnp.arrays(np.float64, (3, 2, 3, 2), elements=st.integers(0, 9).map(float))
STAG_HUNT = NormalFormGame([[[4, 0], [3, 3]], [[4, 3], [0, 3]]])


def chosen(table, rule):
    return [table.equilibria[k].profile for k in table[rule].chosen]


def mixed_of_two_by_two(game):
    u = game.payoffs
    row, column = u[0, 0] - u[0, 1], u[1, :, 0] - u[1, :, 1]
    q, p = row[1] / (row[1] - row[0]), column[1] / (column[1] - column[0])
    mix = ((p, 1 - p), (q, 1 - q))
    return Equilibrium(mix, tuple(float(np.array(mix[0]) @ u[i] @ np.array(mix[1])) for i in range(2)), 0.0)


class TestPublished:
    def test_stag_hunt_pays_most_together_and_risks_least_apart(self):
        # Harsanyi and Selten (1988), section 3.9: payoff and risk dominance disagree.
        table = select(STAG_HUNT, solve_pure(STAG_HUNT).equilibria)
        assert chosen(table, "payoff dominance") == [(0, 0)]
        assert chosen(table, "risk dominance") == chosen(table, "deviation losses") == [(1, 1)]
        assert table.agreed == ()

    def test_aumanns_hunt_has_the_safe_equilibrium_risk_dominant(self):
        # Aumann (1990), Nash equilibria are not self-enforcing: (9,9), (0,8), (7,7).
        game = NormalFormGame([[[9, 0], [8, 7]], [[9, 8], [0, 7]]])
        table = select(game, solve_pure(game).equilibria)
        assert chosen(table, "payoff dominance") == [(0, 0)]
        assert chosen(table, "risk dominance") == [(1, 1)]
        assert table["deviation losses"].scores == (1.0, 49.0)

    def test_battle_of_the_sexes_leaves_payoff_and_risk_dominance_without_a_choice(self):
        game = NormalFormGame([[[2, 0], [0, 1]], [[1, 0], [0, 2]]])
        table = select(game, solve_pure(game).equilibria)
        assert set(table.silent) == {"payoff dominance", "risk dominance"}
        assert table["deviation losses"].chosen == (0, 1)
        assert "2 are not dominated" in table["payoff dominance"].note and "tie" in table["risk dominance"].note

    def test_risk_dominance_of_two_by_two_is_that_of_the_mixed_thresholds(self):
        # Harsanyi and Selten (1988), section 3.9: e dominates iff the thresholds of belief for e sum to less than one.
        rng = np.random.default_rng(8)
        for _ in range(30):
            gains = rng.uniform(0.1, 3.0, size=(2, 2))
            game = NormalFormGame([np.diag(gains[:, 0]), np.diag(gains[:, 1])])
            thresholds = gains[1] / gains.sum(axis=0)
            assert (risk_dominance(game.payoffs, (0, 0), (1, 1)) > 0) == (thresholds.sum() < 1)

    def test_mixed_equilibria_are_compared_by_payoff_only(self):
        listed = [*solve_pure(STAG_HUNT).equilibria, mixed_of_two_by_two(STAG_HUNT)]
        table = select(STAG_HUNT, listed)
        assert table["risk dominance"].scores[2] is None and table["deviation losses"].scores[2] is None
        assert "1 not judged" in table["risk dominance"].note
        assert table["payoff dominance"].chosen == (0,)


class TestGivenRules:
    def test_limiting_logit_is_matched_to_its_equilibrium(self):
        table = select(STAG_HUNT, solve_pure(STAG_HUNT).equilibria, limiting_logit=[[0.001, 0.999], [0.0, 1.0]])
        assert chosen(table, "limiting logit") == [(1, 1)]
        assert table["limiting logit"].scores == pytest.approx((1.0, 0.001))

    def test_limiting_logit_away_from_every_listed_equilibrium_is_said(self):
        table = select(STAG_HUNT, solve_pure(STAG_HUNT).equilibria, limiting_logit=[[0.7, 0.3], [0.7, 0.3]])
        assert table["limiting logit"].chosen == () and "0.3 away" in table["limiting logit"].note

    def test_basins_of_every_dynamic_stand_beside_the_other_rules(self):
        equilibria = solve_pure(STAG_HUNT).equilibria
        starts = draw_starts((2, 2), 500, np.random.default_rng(9))
        dynamics = ("replicator", "best response", "stability set")
        table = select(STAG_HUNT, equilibria, basins=[basins(STAG_HUNT, equilibria, starts, d) for d in dynamics])
        assert [chosen(table, f"basin: {d}") for d in dynamics] == [[(1, 1)]] * 3

    def test_basins_that_the_draws_do_not_separate_are_both_chosen(self):
        game = NormalFormGame([np.eye(2)] * 2)
        equilibria = solve_pure(game).equilibria
        starts = draw_starts((2, 2), 200, np.random.default_rng(10))
        table = select(game, equilibria, basins=[basins(game, equilibria, starts)])
        assert table["basin: replicator"].chosen == (0, 1)
        assert "separate" in table["basin: replicator"].note

    @pytest.mark.usefixtures("followed_shortly")
    def test_unsettled_starting_points_are_said(self):
        pennies = NormalFormGame([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]])
        listed = [mixed_of_two_by_two(pennies)]
        starts = draw_starts((2, 2), 20, np.random.default_rng(11))
        ranking = select(pennies, listed, basins=[basins(pennies, listed, starts)])["basin: replicator"]
        assert "did not settle" in ranking.note

    @pytest.mark.usefixtures("followed_shortly")
    def test_shares_for_another_list_of_equilibria_are_refused(self):
        starts = draw_starts((2, 2), 20, np.random.default_rng(12))
        with pytest.raises(ValueError, match="0 shares"):
            select(STAG_HUNT, solve_pure(STAG_HUNT).equilibria, basins=[basins(STAG_HUNT, [], starts)])


class TestProperties:
    @FEW
    @given(GAMES)
    def test_products_are_positive_exactly_at_strict_equilibria(self, payoffs):
        products = deviation_products(payoffs)
        strict = is_nash(payoffs)
        for i in range(3):
            ties = payoffs[i] == payoffs[i].max(axis=i, keepdims=True)
            strict &= (ties.sum(axis=i, keepdims=True) == 1) & ties
        assert np.array_equal(products > 0, strict)

    @FEW
    @given(GAMES)
    def test_risk_dominance_is_antisymmetric(self, payoffs):
        payoffs = payoffs.copy()
        payoffs[:, [0, 1], [0, 2], [0, 1]] += 8.0
        there, back = risk_dominance(payoffs, (0, 0, 0), (1, 2, 1)), risk_dominance(payoffs, (1, 2, 1), (0, 0, 0))
        assert np.isnan(there) == np.isnan(back) and (np.isnan(there) or there == pytest.approx(-back))

    def test_batch_agrees_with_the_single_game(self):
        payoffs = np.random.default_rng(13).normal(size=(3, 2, 2, 2, 40))
        payoffs[:, [0, 1], [0, 1], [0, 1]] += 2.0
        batch, products = risk_dominance(payoffs, (0, 0, 0), (1, 1, 1)), deviation_products(payoffs)
        for k in range(40):
            one = payoffs[..., k]
            assert np.array_equal(batch[k], risk_dominance(one, (0, 0, 0), (1, 1, 1)), equal_nan=True)
            assert np.array_equal(products[..., k], deviation_products(one))
        assert np.isfinite(batch).any() and np.isnan(batch).any()

    def test_player_without_a_choice_does_not_change_the_products(self):
        held = np.concatenate([STAG_HUNT.payoffs, [[[1.0, 2], [3, 4]]]])[..., None]
        assert np.array_equal(deviation_products(held)[..., 0], deviation_products(STAG_HUNT.payoffs))


class TestInvariance:
    @staticmethod
    def verdicts(payoffs):
        game = NormalFormGame(payoffs)
        table = select(game, solve_pure(game).equilibria)
        return {r.rule: sorted(chosen(table, r.rule)) for r in table.rankings}

    @FEW
    @given(GAMES, st.data())
    def test_positive_affine_changes_change_no_selection(self, payoffs, data):
        scale = np.array(data.draw(st.lists(st.sampled_from([0.25, 1.0, 8.0]), min_size=3, max_size=3)))
        shift = np.array(data.draw(st.lists(st.integers(-9, 9), min_size=3, max_size=3)))
        changed = payoffs * scale[:, None, None, None] + shift[:, None, None, None]
        assert self.verdicts(payoffs) == self.verdicts(changed)

    @FEW
    @given(GAMES, st.permutations(range(3)), st.data())
    def test_permuted_players_and_relabelled_actions_carry_selections_along(self, payoffs, seats, data):
        names = [data.draw(st.permutations(range(k))) for k in payoffs.shape[1:]]
        renamed = payoffs[np.ix_(range(3), *names)]
        moved = renamed.transpose(0, *(1 + i for i in seats))[list(seats)]
        expected = {
            rule: sorted(tuple(names[i].index(profile[i]) for i in seats) for profile in profiles)
            for rule, profiles in self.verdicts(payoffs).items()
        }
        assert self.verdicts(moved) == expected

    def test_duplicated_action_silences_the_rules_by_losses_but_not_payoff_dominance(self):
        doubled = NormalFormGame(STAG_HUNT.payoffs[:, [0, 1, 1]][:, :, [0, 1, 1]])
        equilibria = [e for e in solve_pure(doubled).equilibria if e.profile in [(0, 0), (1, 1)]]
        table = select(doubled, equilibria)
        assert chosen(table, "payoff dominance") == [(0, 0)]
        assert table["deviation losses"].scores == (1.0, None) and "not strict" in table["deviation losses"].note

    @FEW
    @given(GAMES)
    def test_selection_is_always_among_the_listed_equilibria_and_dominant_ones_are_undominated(self, payoffs):
        game = NormalFormGame(payoffs)
        table = select(game, solve_pure(game).equilibria)
        for ranking in table.rankings:
            assert len(ranking.scores) == len(table.equilibria)
            assert set(ranking.chosen) <= set(range(len(table.equilibria)))
        for rule in ("payoff dominance", "risk dominance"):
            assert all(table[rule].scores[k] == 0 for k in table[rule].chosen)
            assert len(table[rule].chosen) <= 1
