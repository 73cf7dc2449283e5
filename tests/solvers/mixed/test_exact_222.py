"""Two equilibria that all but meet: told apart exactly, or left undecided, and never at the cost of other games."""

import numpy as np
import pytest

from triangle.games.interchange import parse_nfg
from triangle.games.mixed import equilibrium_index, is_equilibrium
from triangle.games.normal_form import NormalFormGame
from triangle.games.shares import in_shares
from triangle.solvers.mixed.boxes import ATTEMPTS, search_support
from triangle.solvers.mixed.closed_form import completely_mixed_222
from triangle.solvers.mixed.exact_222 import all_mix
from triangle.solvers.mixed.support import COMPLETE, all_equilibria, solve_mixed

#: A game whose two completely mixed equilibria lie 1e-5 apart.
NEAR_FOLD = parse_nfg(
    'NFG 1 R "near fold" { "a" "b" "c" } { 2 2 2 } -1.37235990516 -1.34064093827 -1.6978177175 -1.31785030952 '
    "1.08768833975 -0.06735824086 1.05721859712 -1.4066264481 -1.15181460745 0.65707979351 1.12881396761 "
    "-0.48677847588 -0.01378512544 0.21681663653 -1.84705751834 0.36482917413 1.24065523908 -0.01091118637 "
    "-1.19146687442 0.83109418744 -0.20030961229 -1.53913795502 0.61766065043 -1.27658464381"
).game.payoffs


def test_two_equilibria_close_to_a_fold_are_both_found():
    solution = solve_mixed(NormalFormGame(NEAR_FOLD))
    assert solution.verdict == "complete"
    mixed = [np.concatenate(e.probabilities) for e in solution.equilibria if min(map(min, e.probabilities)) > 0]
    assert len(mixed) == 2
    assert np.abs(mixed[0] - mixed[1]).max() == pytest.approx(1.08304e-5, rel=1e-3)
    assert sum(e.index for e in solution.equilibria) == 1


def test_a_game_close_to_a_fold_costs_a_batch_none_of_its_other_games():
    others = np.random.default_rng(3).random((3, 2, 2, 2, 5))
    found = all_equilibria(np.concatenate([others[..., :2], NEAR_FOLD[..., None], others[..., 2:]], axis=-1))
    alone = all_equilibria(others)
    assert found.verdict[[0, 1, 3, 4, 5]].tolist() == alone.verdict.tolist()
    for place, game in enumerate([0, 1, 3, 4, 5]):
        for x, y in zip(found.probabilities, alone.probabilities, strict=True):
            assert np.array_equal(x[:, found.of(game)], y[:, alone.of(place)])
    assert found.verdict[2] == COMPLETE


@pytest.mark.parametrize("nudge", [1e-2, 1e-4, 1e-5, 1e-6, 1e-8, 1e-10, 1e-12, 0.0])
def test_on_both_sides_of_a_fold_no_verdict_is_false(nudge):
    """With a payoff moved through the fold two equilibria meet and are gone; a complete list has an odd number."""
    for sign in (-1.0, 1.0):
        payoffs = NEAR_FOLD.copy()
        payoffs[0, 1, 1, 0] += sign * nudge
        found = all_equilibria(payoffs)
        rows = found.of(0)
        assert all(is_equilibrium(payoffs, [x[:, r] for x in found.probabilities]) for r in rows)
        if found.verdict[0] == COMPLETE:
            assert rows.size % 2 == 1
            assert found.index[rows].sum() == 1


def test_a_fold_in_a_larger_game_is_decided_or_said_to_be_open_within_a_bounded_search():
    payoffs = np.random.default_rng(4).random((3, 3, 2, 2)) - 8.0
    payoffs[:, :2] = NEAR_FOLD
    payoffs[0, 2] = NEAR_FOLD[0].min() + 0.5
    found = all_equilibria(payoffs)
    assert all(is_equilibrium(payoffs, [x[:, r] for x in found.probabilities]) for r in found.of(0))
    shares = (NEAR_FOLD - NEAR_FOLD.min()) / np.ptp(NEAR_FOLD)
    searched = search_support(shares, (3, 3, 3), 20_000)
    assert len(searched.profiles) <= 2 * ATTEMPTS
    assert searched.cells_left or len(searched.profiles) >= 2


def test_the_exact_index_is_that_of_the_jacobian_and_the_exact_points_are_equilibria():
    rng = np.random.default_rng(1)
    count = 0
    for _ in range(400):
        payoffs = rng.normal(size=(3, 2, 2, 2))
        found = all_mix(payoffs)
        assert found.decided
        for point, index in zip(found.points, found.index, strict=True):
            mixed = [np.array([1.0 - second, second]) for second in point]
            assert is_equilibrium(payoffs, mixed)
            assert equilibrium_index(payoffs, mixed) == index
            count += 1
    assert count > 40


def test_a_continuum_of_completely_mixed_profiles_is_left_undecided():
    assert not all_mix(np.zeros((3, 2, 2, 2))).decided


def test_two_equilibria_that_nearly_meet_are_left_to_the_complete_list():
    rows, settled = completely_mixed_222(NEAR_FOLD[..., None], 1e-7)
    assert not settled[0] and rows.game.size == 0


@pytest.mark.parametrize("seed", range(3))
def test_completely_mixed_equilibria_in_closed_form_are_those_of_exact_arithmetic(seed):
    games = np.random.default_rng(seed).normal(size=(3, 2, 2, 2, 30))
    rows, settled = completely_mixed_222(games, 1e-7)
    assert settled.sum() > 25
    for game in np.flatnonzero(settled):
        exact = all_mix(games[..., game])
        mine = sorted(map(tuple, rows.second[:, rows.game == game].T))
        np.testing.assert_allclose(mine, sorted(exact.points), atol=1e-9)


def test_who_does_not_care_what_another_does_leaves_completely_mixed_equilibria_in_closed_form():
    games = np.random.default_rng(5).normal(size=(3, 2, 2, 2, 400))
    for player, careless in ((1, 0), (2, 1), (0, 2)):
        some = games.copy()
        some[player] = some[player].mean(axis=careless, keepdims=True) + np.zeros_like(some[player])
        rows, settled = completely_mixed_222(some, 1e-7)
        assert settled.mean() > 0.99 and rows.game.size > 20
        for game, point in zip(rows.game, rows.second.T, strict=True):
            assert is_equilibrium(some[..., game], [np.array([1.0 - second, second]) for second in point])


@pytest.mark.parametrize("unit", [1.0, 0.1, 3.0, 1e-150])
@pytest.mark.parametrize("prohibitive", [10.0, 1e6, 1e7, 1e12])
def test_a_double_root_beside_a_prohibitive_payoff_is_never_no_root(prohibitive: float, unit: float):
    """All mix at (3/7, 2/3, 2/3), a double root that rounding beside the payoff made none of.

    The second player has the same, prohibitive payoff by both actions where the first plays its second one.
    """
    high = prohibitive
    payoffs = np.array([
        [[[0, 1], [2, -2]], [[2, -1], [-1, 0]]],
        [[[-1, -1], [0, 0]], [[-high, 2], [-high, 0]]],
        [[[2, 0], [1, -1]], [[-2, 2], [-2, 0]]],
    ])  # fmt: skip
    game = NormalFormGame(unit * payoffs)
    assert is_equilibrium(game.payoffs, [np.array([4, 3]) / 7, np.array([1, 2]) / 3, np.array([1, 2]) / 3])
    assert not all_mix(in_shares(game.payoffs)).decided
    solution = solve_mixed(game)
    assert solution.verdict in ("degenerate", "undecided")
    some_mix = any(all(max(x) < 1 for x in one.probabilities) for one in solution.equilibria)
    assert some_mix or prohibitive > 1e9
