"""All mixed equilibria of three-player games: named games, counts and indices, ties, invariance."""

import itertools

import numpy as np
import pytest
from budgets import LARGE, in_turn, tries

from triangle.games.mixed import deviation_payoffs, equilibrium_index, mixed_regrets
from triangle.games.normal_form import NormalFormGame, is_nash
from triangle.solvers.mixed.support import (
    COMPLETE,
    DEGENERATE,
    SINGULARITY,
    TIE,
    UNDECIDED,
    VERDICTS,
    all_equilibria,
    solve_mixed,
)


def drawn(rng, shape, games, kind="uniform"):
    """Payoffs of random games; correlated ones share half of their variance between the players."""
    size = (3, *shape, games)
    if kind == "uniform":
        return rng.random(size)
    if kind == "normal":
        return rng.normal(size=size)
    return np.sqrt(0.5) * (rng.normal(size=size) + rng.normal(size=size[1:]))


def profiles(found, game):
    """The equilibria of one game, all players' probabilities in a row, in a fixed order."""
    rows = found.of(game)
    stacked = np.concatenate([x[:, rows] for x in found.probabilities]).T
    return sorted(stacked.round(7).tolist())


def check_each_point(payoffs, found, tolerance=1e-9):
    """Every reported point is an equilibrium of the game it belongs to, judged on the payoffs as given."""
    games = payoffs[..., found.game]
    span = np.ptp(payoffs.reshape(3, -1, payoffs.shape[-1]), axis=1)
    allowed = tolerance * span[:, found.game]
    assert (mixed_regrets(games, found.probabilities) <= allowed + 1e-15).all()
    for x in found.probabilities:
        assert (x >= 0).all()
        np.testing.assert_allclose(x.sum(axis=0), 1.0, atol=1e-12)
    assert (np.bincount(found.game, minlength=payoffs.shape[-1]) > 0).all(), "Nash (1951): an equilibrium exists"


def check_complete_ones(payoffs, found):
    """A game called complete has an odd number of equilibria whose indices, computed anew, add to one."""
    for game in np.flatnonzero(found.verdict == COMPLETE)[:40]:
        rows = found.of(game)
        index = [equilibrium_index(payoffs[..., game], [x[:, r] for x in found.probabilities]) for r in rows]
        assert index == found.index[rows].tolist()
    complete = found.verdict == COMPLETE
    counts = np.bincount(found.game, minlength=complete.size)
    sums = np.bincount(found.game, found.index, complete.size)
    assert (counts[complete] % 2 == 1).all()
    assert (sums[complete] == 1).all()
    assert (found.reason[complete] == 0).all()
    assert (found.reason[~complete] > 0).all()


# Named games ----------------------------------------------------------------------------------------------------------


def same_place(weights):
    """Three players get the weight of a place if all choose it, and nothing else."""
    payoffs = np.zeros((3, *[len(weights)] * 3))
    for place, weight in enumerate(weights):
        payoffs[:, place, place, place] = weight
    return payoffs


def volunteers(cost):
    """Volunteer's dilemma of three (Diekmann 1985, J. Conflict Resolution 29, 605): action 1 volunteers at a cost."""
    payoffs = np.zeros((3, 2, 2, 2))
    for profile in np.ndindex(2, 2, 2):
        for i in range(3):
            payoffs[(i, *profile)] = (1.0 if any(profile) else 0.0) - cost * profile[i]
    return payoffs


def pennies_in_a_ring():
    """Jordan (1993, Games and Economic Behavior 5, 368): 1 wants to match 2, 2 to match 3, 3 to differ from 1."""
    payoffs = np.zeros((3, 2, 2, 2))
    for i, j, k in np.ndindex(2, 2, 2):
        payoffs[:, i, j, k] = (i == j), (j == k), (k != i)
    return payoffs


def nine_equilibria():
    """McKelvey and McLennan (1996), Handbook of Computational Economics 1: a 2x2x2 game with nine equilibria."""
    payoffs = np.zeros((3, 2, 2, 2))
    payoffs[:, 0, 0, 0] = 9, 8, 12
    payoffs[:, 1, 1, 0] = 9, 8, 2
    payoffs[:, 1, 0, 1] = 3, 4, 6
    payoffs[:, 0, 1, 1] = 3, 4, 6
    return payoffs


def listed_first_player_fastest(rows, shape):
    """Payoffs from a list of profiles in which the first player's action changes fastest."""
    return np.array(rows, dtype=float).T.reshape(3, *shape[::-1]).transpose(0, 3, 2, 1)


#: Nau, Gomez Canovas and Hansen (2004), On the geometry of Nash equilibria and correlated equilibria, International
#: Journal of Game Theory 32, 443-453: sections 4, 5 and 6.
NAU_IRRATIONAL = listed_first_player_fastest(
    [(3, 0, 2), (0, 1, 0), (0, 2, 0), (1, 0, 0), (1, 0, 0), (0, 3, 0), (0, 1, 0), (2, 0, 3)], (2, 2, 2)
)
NAU_CONTINUUM = listed_first_player_fastest(
    [(0, 0, 2), (3, 0, 0), (0, 3, 0), (0, 0, 0), (1, 1, 0), (0, 0, 0), (0, 0, 0), (0, 0, 3)], (2, 2, 2)
)
NAU_SEGMENT = listed_first_player_fastest(
    [
        *[(2, 0, 0), (0, 2, 1), (0, 1, 1), (1, 0, 2), (1, 0, 2), (0, 1, 1), (0, 2, 1), (2, 0, 0)],
        *[(1, 0, 1), (0, 2, 0), (0, 1, 2), (2, 0, 1), (2, 0, 1), (0, 1, 2), (0, 2, 0), (1, 0, 1)],
    ],
    (2, 2, 4),
)


def odd_one_out():
    """Who is alone at one of two places gets one: the pure equilibria leave the two others indifferent."""
    payoffs = np.zeros((3, 2, 2, 2))
    for profile in np.ndindex(2, 2, 2):
        for i in range(3):
            payoffs[(i, *profile)] = profile.count(profile[i]) == 1
    return payoffs


def solved(payoffs):
    """Verdict and the set of equilibria of one game."""
    found = all_equilibria(payoffs, search_degenerate=True)
    check_each_point(payoffs[..., None], found)
    return VERDICTS[found.verdict[0]], profiles(found, 0)


def test_three_who_want_the_same_place_mix_at_irrational_odds():
    # With weights 2 and 1 a mixer of odds o for the first place is indifferent where 2 o^2 = 1.
    verdict, found = solved(same_place([2.0, 1.0]))
    first = 1 / (1 + np.sqrt(2))
    assert verdict == "complete"
    np.testing.assert_allclose(found, sorted([[1, 0] * 3, [0, 1] * 3, [first, 1 - first] * 3]), atol=1e-7)


def test_the_volunteers_dilemma_has_seven_equilibria():
    verdict, found = solved(volunteers(0.25))
    idle, pair, all_three = [1, 0], [0.25, 0.75], [0.5, 0.5]
    expected = [*all_orders([0, 1], idle, idle), *all_orders(idle, pair, pair), all_three * 3]
    assert verdict == "complete"
    np.testing.assert_allclose(found, sorted(expected), atol=1e-7)


def all_orders(*mixed):
    """All different ways to give three mixed actions to the players, probabilities in a row."""
    different = set(itertools.permutations(map(tuple, mixed)))
    return [list(itertools.chain(*order)) for order in different]


def test_pennies_in_a_ring_have_only_the_even_mixture():
    assert solved(pennies_in_a_ring()) == ("complete", [[0.5] * 6])


def test_the_game_of_mckelvey_and_mclennan_has_nine_equilibria_two_of_them_totally_mixed():
    verdict, found = solved(nine_equilibria())
    assert verdict == "complete"
    assert len(found) == 9
    assert sum(min(profile) > 0 for profile in found) == 2


def test_a_game_of_nau_and_others_has_one_equilibrium_and_that_is_irrational():
    verdict, found = solved(NAU_IRRATIONAL)
    assert verdict == "complete"
    assert len(found) == 1
    assert min(found[0]) > 0


def test_a_continuum_of_totally_mixed_equilibria_is_degenerate_and_the_isolated_ones_are_listed():
    verdict, found = solved(NAU_CONTINUUM)
    assert verdict == "degenerate"
    assert sum(max(p[:2]) == max(p[2:4]) == max(p[4:]) == 1 for p in found) == 3
    assert sum(0 < sum(q in (0.0, 1.0) for q in p) < 6 for p in found) >= 2


def test_a_segment_of_equilibria_is_degenerate_and_some_of_its_points_are_listed():
    verdict, found = solved(NAU_SEGMENT)
    assert verdict == "degenerate"
    assert found


def test_a_double_root_is_degenerate_though_nothing_ties():
    # All mix: the first is indifferent where y + 2 z = 3/2, the second where x + 2 z = 3/2, the third where
    # x (1 - y) = 1/4. So x = y, and x (1 - x) = 1/4 has the double root x = 1/2. No difference at a corner is 0.
    payoffs = np.zeros((3, 2, 2, 2))
    for i, j, k in np.ndindex(2, 2, 2):
        payoffs[0, i, j, k] = i * (j + 2 * k - 1.5)
        payoffs[1, i, j, k] = j * (i + 2 * k - 1.5)
        payoffs[2, i, j, k] = k * (i * (1 - j) - 0.25)
    found = all_equilibria(payoffs)
    check_each_point(payoffs[..., None], found)
    assert found.verdict[0] == DEGENERATE
    assert found.reason[0] & SINGULARITY
    assert not found.reason[0] & TIE
    advice = solve_mixed(NormalFormGame(payoffs)).advice
    assert "singular" in advice and "tie" not in advice
    assert np.abs(np.array(profiles(found, 0)) - 0.5).max(axis=1).min() < 1e-4


def test_a_dilemma_of_three_is_solved_by_dominance():
    payoffs = np.zeros((3, 2, 2, 2))
    for profile in np.ndindex(2, 2, 2):
        for i in range(3):
            payoffs[(i, *profile)] = 2 * (3 - sum(profile)) + 3 * profile[i]
    assert solved(payoffs) == ("complete", [[0, 1] * 3])


def test_the_odd_one_out_is_degenerate_because_the_pair_does_not_care():
    verdict, found = solved(odd_one_out())
    assert verdict == "degenerate"
    assert [0.5] * 6 in found
    assert [1, 0, 1, 0, 0, 1] in found


def test_three_places_of_one_weight_are_degenerate_because_of_missed_meetings():
    # Where all three choose different places nobody gains by moving, and nobody loses.
    verdict, found = solved(same_place([1.0, 1.0, 1.0]))
    assert verdict == "degenerate"
    assert np.abs(np.array(found) - 1 / 3).max(axis=1).min() < 1e-6
    assert [1, 0, 0] * 3 in found


def test_a_game_of_one_payoff_is_degenerate_and_every_pure_profile_is_listed():
    verdict, found = solved(np.full((3, 2, 2, 2), 7.0))
    assert verdict == "degenerate"
    assert len(found) == 8


# Random games ---------------------------------------------------------------------------------------------------------

GENERIC = [((2, 2, 2), 2000), ((2, 3, 2), 200), ((3, 3, 3), 100), ((4, 3, 3), 40), ((1, 4, 4), 60), ((4, 4, 4), 6)]
GENERIC = GENERIC if LARGE else [(shape, max(2, games // 4)) for shape, games in GENERIC]


@pytest.mark.parametrize(("drawing", "kind"), in_turn(GENERIC, ["uniform", "normal", "correlated"]), ids=str)
def test_generic_games_are_solved_completely(drawing, kind):
    shape, games = drawing
    payoffs = drawn(np.random.default_rng(11), shape, games, kind)
    found = all_equilibria(payoffs)
    check_each_point(payoffs, found)
    check_complete_ones(payoffs, found)
    assert (found.verdict == COMPLETE).mean() >= (0.8 if shape == (4, 4, 4) else 0.99)


TIED = [((2, 2, 2), 400), ((3, 3, 3), 60), ((2, 4, 3), 60), ((4, 4, 4), 8)]


@pytest.mark.parametrize(("drawing", "most"), in_turn(TIED, [1, 3]), ids=str)
def test_games_full_of_ties_are_never_called_complete_falsely(drawing, most):
    shape, games = drawing
    games = games if LARGE else 1 if shape == (4, 4, 4) else tries(games)
    payoffs = np.random.default_rng(12).integers(0, most + 1, (3, *shape, games)).astype(float)
    found = all_equilibria(payoffs)
    check_each_point(payoffs, found)
    check_complete_ones(payoffs, found)
    pure = is_nash(payoffs)
    for game in np.flatnonzero(found.verdict == COMPLETE):
        rows = found.of(game)
        strict = found.strict[rows].sum()
        assert strict == pure[..., game].sum(), "a pure equilibrium with a tie is no part of a complete list"
        for r in rows:
            mixed = [x[:, r] for x in found.probabilities]
            values = deviation_payoffs(payoffs[..., game], mixed)
            losses = [v.max() - v[x == 0].max(initial=-np.inf) for v, x in zip(values, mixed, strict=True)]
            assert min(losses) > 1e-9


def test_a_tie_in_the_face_of_random_payoffs_is_seen():
    payoffs = drawn(np.random.default_rng(13), (3, 3, 3), 40)
    found = all_equilibria(payoffs)
    strict = np.flatnonzero(found.strict)
    rows = strict[np.unique(found.game[strict], return_index=True)[1]]
    games = found.game[rows]
    tied = payoffs[..., games].copy()
    for place, r in enumerate(rows):
        i, j, k = (int(x[:, r].argmax()) for x in found.probabilities)
        tied[0, (i + 1) % 3, j, k, place] = tied[0, i, j, k, place]
    assert (all_equilibria(tied).verdict == DEGENERATE).all()


def test_one_missing_player_leaves_the_bilateral_game():
    payoffs = drawn(np.random.default_rng(14), (3, 1, 3), 20)
    swapped = np.swapaxes(payoffs, 2, 3)[[0, 2, 1]]
    one, other = all_equilibria(payoffs), all_equilibria(swapped)
    for game in range(20):
        expected = sorted([*p[:3], *p[6:], *p[3:6]] for p in profiles(other, game))
        assert len(profiles(one, game)) == len(expected)


def test_samples_of_any_shape_are_flattened():
    payoffs = drawn(np.random.default_rng(15), (2, 2, 2), 6)
    square = all_equilibria(payoffs.reshape(3, 2, 2, 2, 2, 3))
    np.testing.assert_array_equal(square.game, all_equilibria(payoffs).game)


@pytest.mark.parametrize("wrong", [np.zeros((2, 2, 2)), np.zeros((3, 2, 0, 2)), np.full((3, 2, 2, 2), np.nan)])
def test_what_is_no_three_player_game_is_refused(wrong):
    with pytest.raises(ValueError):
        all_equilibria(wrong)


# Invariance -----------------------------------------------------------------------------------------------------------

SHAPES = (
    [((2, 2, 2), 100), ((3, 2, 3), 40), ((3, 3, 3), 30)] if LARGE else [((2, 2, 2), 16), ((3, 2, 3), 5), ((3, 3, 3), 3)]
)


def same_equilibria(one, other, change=lambda x, y, z: (x, y, z)):
    """Whether the second record is the first with each profile changed, game by game."""
    for game in range(one.verdict.size):
        rows = one.of(game)
        changed = np.concatenate(change(*(x[:, rows] for x in one.probabilities))).T
        found = np.concatenate([x[:, other.of(game)] for x in other.probabilities]).T
        if changed.shape != found.shape:
            return False
        distance = np.abs(changed[:, None] - found[None]).max(axis=2)
        if distance.min(axis=1).max(initial=0.0) > 1e-7:
            return False
    return True


@pytest.mark.parametrize("shape, games", SHAPES, ids=str)
def test_affine_changes_of_payoffs_change_nothing(shape, games):
    rng = np.random.default_rng(21)
    payoffs = drawn(rng, shape, games)
    # Adding what depends on the others' actions only leaves every difference between own actions as it was.
    changed = payoffs * np.array([3.0, 1e4, 1e-3]).reshape(3, 1, 1, 1, 1)
    changed[0] += rng.normal(size=(1, *shape[1:], games))
    changed[2] += 500.0
    assert same_equilibria(all_equilibria(payoffs), all_equilibria(changed))


@pytest.mark.parametrize("shape, games", SHAPES, ids=str)
def test_relabelled_actions_give_relabelled_equilibria(shape, games):
    rng = np.random.default_rng(22)
    payoffs = drawn(rng, shape, games)
    orders = [rng.permutation(n) for n in shape]
    turned = payoffs[:, orders[0]][:, :, orders[1]][:, :, :, orders[2]]
    one, other = all_equilibria(payoffs), all_equilibria(turned)
    assert same_equilibria(one, other, lambda *xs: [x[o] for x, o in zip(xs, orders, strict=True)])


@pytest.mark.parametrize("shape, games", SHAPES, ids=str)
@pytest.mark.parametrize("turn", [(1, 2, 0), (1, 0, 2)], ids=str)
def test_permuted_players_give_permuted_equilibria(shape, games, turn):
    payoffs = drawn(np.random.default_rng(23), shape, games)
    turned = payoffs[list(turn)].transpose(0, *(1 + p for p in turn), 4)
    assert same_equilibria(all_equilibria(payoffs), all_equilibria(turned), lambda *xs: [xs[p] for p in turn])


def test_permuted_players_give_permuted_equilibria_at_four_actions_each():
    count = 4 if LARGE else 1
    payoffs = drawn(np.random.default_rng(24), (4, 4, 4), count)
    turned = payoffs[[1, 2, 0]].transpose(0, 2, 3, 1, 4)
    one, other = all_equilibria(payoffs), all_equilibria(turned)
    both = (one.verdict == COMPLETE) & (other.verdict == COMPLETE)
    assert both.any()
    counts = [np.bincount(found.game, minlength=count)[both] for found in (one, other)]
    np.testing.assert_array_equal(*counts)


def test_a_duplicated_action_makes_the_game_degenerate_exactly_where_it_is_played():
    payoffs = drawn(np.random.default_rng(25), (3, 2, 3), 40)
    doubled = np.concatenate([payoffs, payoffs[:, :1]], axis=1)
    one, other = all_equilibria(payoffs), all_equilibria(doubled)
    for game in range(40):
        played = one.probabilities[0][0, one.of(game)].max() > 0
        assert other.verdict[game] == (DEGENERATE if played else COMPLETE)
        # Playing the copy is playing the original.
        merged = {(p[0] + p[3], *p[1:3], *p[4:]) for p in profiles(other, game)}
        assert merged == set(map(tuple, profiles(one, game)))


def test_a_strictly_dominated_action_changes_nothing():
    payoffs = drawn(np.random.default_rng(26), (2, 3, 3), 30)
    worse = payoffs[:, :1].copy()
    worse[0] = payoffs[0, :1] - 0.1
    one, other = all_equilibria(payoffs), all_equilibria(np.concatenate([payoffs, worse], axis=1))
    for game in range(30):
        assert profiles(one, game) == sorted([*p[:2], *p[3:]] for p in profiles(other, game))


# One game -------------------------------------------------------------------------------------------------------------


def test_one_game_comes_with_verdict_index_and_margins():
    solution = solve_mixed(NormalFormGame(volunteers(0.25)))
    assert solution.verdict == "complete"
    assert solution.advice == ""
    assert sum(e.index for e in solution.equilibria) == 1
    pure = [e for e in solution.equilibria if e.profile is not None]
    assert {e.profile for e in pure} == {(1, 0, 0), (0, 1, 0), (0, 0, 1)}
    assert all(e.margin == pytest.approx(0.25) for e in pure)
    assert all(e.quasi_strict for e in solution.equilibria)
    assert sorted(e.support for e in solution.equilibria)[-1] == ((1,), (0,), (0,))


def test_a_degenerate_game_says_why():
    solution = solve_mixed(NormalFormGame(odd_one_out()))
    assert solution.verdict == "degenerate"
    assert "tie" in solution.advice


def test_a_player_held_to_an_action_leaves_a_bilateral_game():
    payoffs = drawn(np.random.default_rng(31), (2, 3, 3), 1)[..., 0]
    held = NormalFormGame(payoffs).hold({0: 1})
    solution = solve_mixed(held)
    assert solution.settings["through"] == "nashpy"
    found = all_equilibria(held.payoffs)
    assert len(solution.equilibria) == found.game.size
    assert all(e.regret < 1e-9 for e in solution.equilibria)


def test_a_game_of_one_player_is_refused():
    with pytest.raises(ValueError, match="two players and more, not for 1"):
        solve_mixed(NormalFormGame(np.zeros((1, 2))))


def test_a_batch_of_four_players_is_refused():
    with pytest.raises(ValueError, match="no three-player games"):
        all_equilibria(np.zeros((4, 2, 2, 2, 2, 1)))


def test_the_verdicts_have_their_names():
    assert (VERDICTS[COMPLETE], VERDICTS[DEGENERATE], VERDICTS[UNDECIDED]) == ("complete", "degenerate", "undecided")
