"""Basins of attraction: games with known basins, risk dominance, cycles that must show, and invariances."""

import itertools

import numpy as np
import pytest
from budgets import LARGE, tries

from triangle.base.intervals import wilson
from triangle.games.normal_form import NormalFormGame
from triangle.games.solution import Equilibrium
from triangle.solvers.dynamics import basins, draw_starts, payoffs_against
from triangle.solvers.pure import solve_pure

DYNAMICS = ("replicator", "best response", "stability set")
PENNIES = NormalFormGame([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]])
#: Shapley (1964), Some topics in two-person games: best responses go round for ever.
SHAPLEY = NormalFormGame([[[1, 0, 0], [0, 1, 0], [0, 0, 1]], [[0, 1, 0], [0, 0, 1], [1, 0, 0]]])


def starts_for(game, draws=400, seed=0):
    return draw_starts(game.actions, draws, np.random.default_rng(seed))


def mixed(*probabilities):
    return Equilibrium(tuple(map(tuple, probabilities)), (0.0,) * len(probabilities), 0.0)


def coordination(high, low):
    """Two players who get `high` for both playing 0 and `low` for both playing 1."""
    return NormalFormGame([np.diag([high, low])] * 2)


class TestKnownBasins:
    def test_symmetric_coordination_splits_the_square_evenly(self):
        game = coordination(1.0, 1.0)
        for dynamic in DYNAMICS[:2]:
            result = basins(game, solve_pure(game).equilibria, starts_for(game, 2000), dynamic)
            assert all(low <= 0.5 <= high for low, high in result.intervals)
            assert sum(result.shares) == 1.0

    def test_replicator_basin_of_three_player_stag_hunt_is_that_of_the_symmetric_line(self):
        # All three must hunt: 4, else nothing; hare gives 1. With equal shares x the hunt wins iff 4 x^2 > 1.
        payoffs = np.ones((3, 2, 2, 2))
        for i in range(3):
            payoffs[i].swapaxes(0, i)[0] = 0.0
            payoffs[i][0, 0, 0] = 4.0
        game = NormalFormGame(payoffs)
        equilibria = solve_pure(game).equilibria
        assert [e.profile for e in equilibria] == [(0, 0, 0), (1, 1, 1)]
        shares = np.linspace(0.05, 0.95, 91)
        shares = shares[np.abs(shares - 0.5) > 0.005]
        line = [np.stack([shares, 1 - shares])] * 3
        for dynamic in DYNAMICS:
            assert basins(game, equilibria, line, dynamic).shares[0] == pytest.approx((shares > 0.5).mean())

    def test_stability_set_of_two_by_two_has_the_product_area_of_harsanyi_and_selten(self):
        # Each plays 0 against a share above 1/4: areas (3/4)^2 and (1/4)^2.
        game = coordination(3.0, 1.0)
        result = basins(game, solve_pure(game).equilibria, starts_for(game, 4000), "stability set")
        assert result.intervals[0][0] <= 9 / 16 <= result.intervals[0][1]
        assert result.intervals[1][0] <= 1 / 16 <= result.intervals[1][1]

    def test_risk_dominant_equilibrium_has_the_larger_basin(self):
        rng = np.random.default_rng(2)
        for _ in range(6):
            gains = rng.uniform(0.2, 2.0, size=(2, 2))
            if abs(np.log(gains[0].prod() / gains[1].prod())) < 0.5:
                continue
            game = NormalFormGame([np.diag(gains[:, 0]), np.diag(gains[:, 1])])
            dominant = int(gains[1].prod() > gains[0].prod())
            for dynamic in DYNAMICS:
                shares = basins(game, solve_pure(game).equilibria, starts_for(game, 1000), dynamic).shares
                assert shares[dominant] > shares[1 - dominant]

    def test_dominant_actions_catch_every_path(self):
        dilemma = NormalFormGame([[[3, 0], [5, 1]], [[3, 5], [0, 1]]])
        for dynamic in DYNAMICS:
            assert basins(dilemma, solve_pure(dilemma).equilibria, starts_for(dilemma), dynamic).shares == (1.0,)

    def test_paths_on_the_boundary_stay_on_it_under_the_replicator(self):
        dilemma = NormalFormGame([[[3, 0], [5, 1]], [[3, 5], [0, 1]]])
        corner = [np.array([[1.0], [0.0]])] * 2
        both = [mixed((1, 0), (1, 0)), *solve_pure(dilemma).equilibria]
        assert basins(dilemma, both, corner, "best response").shares == (0.0, 1.0)


class TestCyclesShow:
    @pytest.mark.usefixtures("followed_shortly")
    def test_replicator_paths_of_matching_pennies_circle_for_ever(self):
        # Hofbauer and Sigmund (1998), Evolutionary Games and Population Dynamics, section 10.3.
        result = basins(PENNIES, [mixed((0.5, 0.5), (0.5, 0.5))], starts_for(PENNIES, 100), "replicator")
        assert result.unsettled > 0.9 and sum(result.shares) + result.elsewhere + result.unsettled == pytest.approx(1)

    @pytest.mark.usefixtures("followed_shortly")
    def test_path_that_circles_close_to_an_equilibrium_is_not_counted_as_at_it(self):
        start = [np.array([[0.51], [0.49]]), np.array([[0.5], [0.5]])]
        assert basins(PENNIES, [mixed((0.5, 0.5), (0.5, 0.5))], start, "replicator").unsettled == 1.0

    def test_best_response_paths_of_a_zero_sum_game_reach_its_equilibrium(self):
        # Hofbauer and Sorin (2006), Best response dynamics for continuous zero-sum games, DCDS-B 6(1), 215-224.
        result = basins(
            PENNIES, [mixed((0.5, 0.5), (0.5, 0.5))], starts_for(PENNIES, 100 if LARGE else 8), "best response"
        )
        assert result.shares == (1.0,)

    @pytest.mark.usefixtures("followed_shortly")
    def test_best_responses_in_shapleys_game_never_settle(self):
        centre = mixed((1 / 3,) * 3, (1 / 3,) * 3)
        result = basins(SHAPLEY, [centre], starts_for(SHAPLEY, 100 if LARGE else 20), "best response")
        assert result.unsettled == 1.0 and result.shares == (0.0,)

    @pytest.mark.usefixtures("followed_shortly")
    def test_rest_at_an_unlisted_equilibrium_is_reported_as_elsewhere(self):
        result = basins(PENNIES, [], starts_for(PENNIES, 50 if LARGE else 4), "best response")
        assert result.shares == () and result.elsewhere == 1.0

    @pytest.mark.usefixtures("followed_shortly")
    def test_game_without_stakes_rests_everywhere(self):
        game = NormalFormGame(np.full((2, 2, 2), 7.0))
        result = basins(game, solve_pure(game).equilibria, starts_for(game, 50), "replicator")
        assert result.unsettled == 0.0


class TestInvariance:
    games = tuple(np.random.default_rng(5).normal(size=(3, 3, *shape)) for shape in [(2, 3, 2), (2, 2, 2)])

    @staticmethod
    def shares(payoffs, starts, dynamic):
        game = NormalFormGame(payoffs)
        result = basins(game, solve_pure(game).equilibria, starts, dynamic)
        by_profile = {e.profile: s for e, s in zip(solve_pure(game).equilibria, result.shares, strict=True)}
        return by_profile, result.unsettled

    #: In these every path settles, which takes a twentieth of the time that those take of which some circle for ever.
    PLACES = ((1, 1), (0, 2))

    @pytest.mark.parametrize("dynamic", DYNAMICS)
    @pytest.mark.parametrize("place", (*PLACES, (0, 0), (1, 0)) if LARGE else PLACES)
    def test_affine_changes_relabelling_and_permutation_carry_the_shares_along(self, place, dynamic):
        payoffs = self.games[place[0]][place[1]]
        starts = starts_for(NormalFormGame(payoffs), tries(60))
        shares, unsettled = self.shares(payoffs, starts, dynamic)

        scaled = payoffs * np.array([0.25, 1.0, 64.0])[:, None, None, None] + 3.0
        after, after_unsettled = self.shares(scaled, starts, dynamic)
        assert after == pytest.approx(shares, abs=0.02) and after_unsettled == pytest.approx(unsettled, abs=0.02)

        names = [np.arange(k)[::-1] for k in payoffs.shape[1:]]
        after, _ = self.shares(payoffs[np.ix_(range(3), *names)], [x[::-1] for x in starts], dynamic)
        mirrored = {tuple(k - 1 - a for a, k in zip(p, payoffs.shape[1:], strict=True)): s for p, s in shares.items()}
        assert after == pytest.approx(mirrored, abs=0.02)

        seats = [2, 0, 1]
        moved = payoffs.transpose(0, *(1 + i for i in seats))[seats]
        after, _ = self.shares(moved, [starts[i] for i in seats], dynamic)
        assert after == pytest.approx({tuple(p[i] for i in seats): s for p, s in shares.items()}, abs=0.02)

    def test_same_generator_state_gives_the_same_shares(self):
        payoffs = self.games[0][0] if LARGE else self.games[1][1]
        first, second = (
            self.shares(payoffs, starts_for(NormalFormGame(payoffs), tries(50)), "replicator") for _ in range(2)
        )
        assert first == second


class TestPieces:
    @pytest.mark.parametrize("shape", [(3,), (2, 3), (2, 3, 4), (2, 2, 3, 2)], ids=str)
    def test_payoffs_against_agree_with_the_sum_over_profiles(self, shape):
        rng = np.random.default_rng(6)
        payoffs = rng.normal(size=(len(shape), *shape))
        starts = draw_starts(shape, 5, rng)
        for player, point in itertools.product(range(len(shape)), range(5)):
            expected = np.zeros(shape[player])
            for profile in itertools.product(*map(range, shape)):
                weight = np.prod([starts[j][a, point] for j, a in enumerate(profile) if j != player])
                expected[profile[player]] += weight * payoffs[(player, *profile)]
            assert payoffs_against(payoffs, player, starts)[:, point] == pytest.approx(expected)

    def test_wilson_interval_is_that_of_the_published_example(self):
        # Newcombe (1998), Statistics in Medicine 17, 857-872, table I: 81 of 263 gives 0.2553 to 0.3662.
        assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
        assert wilson(10, 10)[1] == 1.0

    def test_starts_are_uniform_on_the_simplex(self):
        (start,) = draw_starts([3], 4000, np.random.default_rng(7))
        assert start.sum(axis=0) == pytest.approx(1.0)
        assert (start[0] > 0.5).mean() == pytest.approx(0.25, abs=0.03)

    def test_wrong_arguments_are_refused(self):
        starts = starts_for(PENNIES, 5)
        with pytest.raises(ValueError, match="dynamic"):
            basins(PENNIES, [], starts, "gradient")
        with pytest.raises(ValueError, match="fit"):
            basins(SHAPLEY, [], starts)
        with pytest.raises(ValueError, match="one game"):
            basins(NormalFormGame(np.zeros((2, 2, 2, 3))), [], starts)
