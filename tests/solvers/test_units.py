"""Other units of payoff change no answer: every solver on a game multiplied by a number and shifted by another."""

import json
from fractions import Fraction

import numpy as np
import pytest
from budgets import LARGE, few, tries
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import changed, factors, games, pure_by_definition, round_game_beside_prohibitive

from triangle.base.errors import BadInput
from triangle.base.records import to_document
from triangle.games.bitboards import equilibrium_masks, pack
from triangle.games.dominance import undominated
from triangle.games.interchange import GameFile, parse_nfg
from triangle.games.mixed import is_equilibrium
from triangle.games.normal_form import NormalFormGame, best_responses, is_nash, rounding
from triangle.questions.solve.game_file.answer import answer, known_equilibria
from triangle.questions.solve.game_file.record import game_solution
from triangle.solvers.coalitions import solve_coalitions
from triangle.solvers.correlated import solve_correlated
from triangle.solvers.dynamics import basins, draw_starts
from triangle.solvers.mixed.bilateral import solve_bilateral
from triangle.solvers.mixed.support import VERDICTS, all_equilibria, solve_mixed
from triangle.solvers.pure import solve_pure
from triangle.solvers.repeated import solve_repeated
from triangle.solvers.selection import select
from triangle.solvers.sequential import first_mover_table, solve_sequential, subgame_perfect

#: Constants that are added beforehand, in units of the payoffs drawn, which range up to six.
shifts = st.sampled_from([0.0, 1.0, -1e3, 1 / 3, 1e5, -1e6])


def pure(payoffs):
    return [e.profile for e in solve_pure(NormalFormGame(payoffs)).equilibria]


def points(solution):
    return sorted(tuple(round(p, 6) + 0.0 for mixed in e.probabilities for p in mixed) for e in solution.equilibria)


law = settings(max_examples=tries(25), deadline=None)


@given(games(), factors, shifts)
def test_units_change_no_pure_equilibrium_no_best_reply_and_no_dominated_action(payoffs, factor, shift):
    other = changed(payoffs, factor, shift)
    assert pure(other) == pure_by_definition(payoffs)
    assert np.array_equal(is_nash(other), is_nash(payoffs))
    for player in range(len(payoffs)):
        assert np.array_equal(best_responses(other, player), best_responses(payoffs, player))
    for one, two in zip(undominated(other), undominated(payoffs), strict=True):
        assert np.array_equal(one, two)


@given(games(samples=(3,)), factors, shifts)
def test_units_change_no_mask_of_a_batch_and_each_game_of_it_may_have_its_own(payoffs, factor, shift):
    other = payoffs.copy()
    other[..., 1] = changed(payoffs[..., 1], factor, shift)
    assert equilibrium_masks(other).tolist() == equilibrium_masks(payoffs).tolist()
    assert equilibrium_masks(other).tolist() == pack(is_nash(other).reshape(-1, 3)).tolist()


@law
@given(
    st.integers(2, 3).flatmap(lambda n: st.lists(st.integers(0, 3), min_size=4 * n, max_size=4 * n)), factors, shifts
)
def test_units_change_no_equilibrium_of_two_players_nor_its_component(whole, factor, shift):
    payoffs = np.array(whole, dtype=float).reshape(2, 2, -1)
    one, two = (solve_bilateral(NormalFormGame(u)) for u in (payoffs, changed(payoffs, factor, shift)))
    assert (points(one), one.verdict, one.components, one.subsets) == (
        points(two),
        two.verdict,
        two.components,
        two.subsets,
    )


@pytest.mark.parametrize("shape", few([(2, 2, 2), (3, 3, 2), (3, 2, 2)], 2), ids=str)
@law
@given(st.integers(0, 2**32 - 1), factors, shifts)
def test_units_change_no_mixed_equilibrium_of_a_batch_of_three_player_games(shape, seed, factor, shift):
    payoffs = np.random.default_rng(seed).random((3, *shape, 4))
    one, two = all_equilibria(payoffs), all_equilibria(changed(payoffs, factor, shift))
    assert one.game.tolist() == two.game.tolist()
    assert one.verdict.tolist() == two.verdict.tolist()
    assert one.index.tolist() == two.index.tolist()
    for x, y in zip(one.probabilities, two.probabilities, strict=True):
        assert np.allclose(x, y, atol=1e-5 if abs(shift) > 1e4 else 1e-7)


@law
@given(st.lists(st.integers(0, 3), min_size=24, max_size=24), factors, shifts)
def test_with_ties_the_verdict_and_the_pure_equilibria_stay_and_pure_and_mixed_lists_agree(whole, factor, shift):
    payoffs = np.array(whole, dtype=float).reshape(3, 2, 2, 2)
    other = changed(payoffs, factor, shift)
    one, two = (solve_mixed(NormalFormGame(u)) for u in (payoffs, other))
    assert one.verdict == two.verdict
    for solution, game in ((one, payoffs), (two, other)):
        assert {e.profile for e in solution.equilibria} - {None} <= set(pure(game))
        if solution.verdict == "complete":
            assert {e.profile for e in solution.equilibria} - {None} == set(pure(game))


@settings(max_examples=tries(160), deadline=None)
@given(st.integers(0, 2**32 - 1), factors, st.sampled_from([0.0, 1.0, 0.1, 1 / 3, -1e3]))
def test_beside_prohibitive_payoffs_units_change_no_mixed_equilibrium_and_no_verdict(seed, factor, shift):
    payoffs = round_game_beside_prohibitive(seed)
    one, two = (solve_mixed(NormalFormGame(u)) for u in (payoffs, changed(payoffs, factor, shift)))
    assert one.verdict == two.verdict
    assert points(one) == points(two)


@law
@given(games(players=3), factors, shifts)
def test_units_change_no_bound_over_correlated_equilibria(payoffs, factor, shift):
    one, two = (solve_correlated(NormalFormGame(u)) for u in (payoffs, changed(payoffs, factor, shift)))
    assert one.verdict == two.verdict == "complete"
    for ours, theirs in ((one.profiles, two.profiles), (one.coarse_profiles, two.coarse_profiles)):
        assert np.allclose(ours.minimum, theirs.minimum, atol=1e-6)
        assert np.allclose(ours.maximum, theirs.maximum, atol=1e-6)


@law
@given(games(players=3), factors, shifts)
def test_units_change_no_order_of_moves(payoffs, factor, shift):
    other = changed(payoffs, factor, shift)
    order = list(range(len(payoffs)))
    assert (
        solve_sequential(NormalFormGame(payoffs), order).profiles
        == solve_sequential(NormalFormGame(other), order).profiles
    )
    assert np.array_equal(subgame_perfect(payoffs, order).sure, subgame_perfect(other, order).sure)
    one, two = first_mover_table(NormalFormGame(payoffs)), first_mover_table(NormalFormGame(other))
    for row, same in zip(one.rows, two.rows, strict=True):
        assert [one.effect(row, i) for i in order] == [two.effect(same, i) for i in order]


@law
@given(games(players=3), factors, shifts)
def test_units_change_no_critical_discount_factor(payoffs, factor, shift):
    one, two = NormalFormGame(payoffs), NormalFormGame(changed(payoffs, factor, shift))
    kept, same = (solve_repeated(g, solve_pure(g).equilibria) for g in (one, two))
    for ours, theirs in zip(kept.supports, same.supports, strict=True):
        assert np.allclose(ours.critical, theirs.critical, atol=1e-6)


@law
@given(games(players=3), factors, shifts, st.integers(0, 2**32 - 1))
def test_units_change_no_basin_and_no_rule_of_selection(payoffs, factor, shift, seed):
    one, two = NormalFormGame(payoffs), NormalFormGame(changed(payoffs, factor, shift))
    starts = draw_starts(one.actions, 20, np.random.default_rng(seed))
    ours, theirs = solve_pure(one).equilibria, solve_pure(two).equilibria
    stable, same = (basins(g, e, starts, "stability set") for g, e in ((one, ours), (two, theirs)))
    assert stable.shares == same.shares
    for rule, other in zip(select(one, ours).rankings, select(two, theirs).rankings, strict=True):
        assert rule.chosen == other.chosen, rule.rule


@settings(max_examples=10 if LARGE else 2, deadline=None)
@given(st.integers(0, 2**32 - 1), factors, shifts)
def test_units_change_no_path_of_the_replicator_and_of_best_responses(seed, factor, shift):
    payoffs = np.random.default_rng(seed).integers(0, 7, (2, 2, 2)).astype(float)
    one, two = NormalFormGame(payoffs), NormalFormGame(changed(payoffs, factor, shift))
    starts = draw_starts(one.actions, 10, np.random.default_rng(seed))
    for dynamic in ("replicator", "best response"):
        ours, theirs = (basins(g, solve_pure(g).equilibria, starts, dynamic) for g in (one, two))
        assert np.allclose(ours.shares, theirs.shares, atol=0.11), "at most one path that sits on a boundary parts"


@law
@given(games(players=3), factors, st.sampled_from([0.0, 1.0, -1e3, 1e5]))
def test_one_unit_for_all_changes_no_share_of_what_coalitions_secure(payoffs, factor, shift):
    one, two = (solve_coalitions(NormalFormGame(u), "mixed") for u in (payoffs, (payoffs + shift) * factor))
    size = np.abs(payoffs).max() + abs(shift) + 1.0
    assert np.allclose(np.array(two.shapley) / factor - shift, one.shapley, atol=1e-8 * size)
    assert one.core_empty == two.core_empty
    assert one.pivotal == two.pivotal
    if one.nucleolus is not None and two.nucleolus is not None:
        assert np.allclose(np.array(two.nucleolus) / factor - shift, one.nucleolus, atol=1e-6 * size)


# --- ties made by rounding, and payoffs that are prohibitive ---


def test_a_tie_made_by_rounding_is_a_tie_for_the_pure_list_and_for_the_mixed_one():
    payoffs = np.array([[[0.1 + 0.2, 1.0], [0.3, 0.0]], [[1.0, 0.0], [1.0, 0.0]]])
    assert payoffs[0, 0, 0] != payoffs[0, 1, 0]
    assert pure(payoffs) == [(0, 0), (1, 0)]
    mixed = solve_mixed(NormalFormGame(payoffs))
    assert {e.profile for e in mixed.equilibria} == {(0, 0), (1, 0)}
    assert mixed.components == ((0, 1),)


@pytest.mark.parametrize("size", [1e3, 1e11, 1e15, 1e30, 1e150, 1e300])
def test_a_prohibitive_payoff_hides_no_difference_between_the_others(size):
    chicken = np.array([[[3.0, 2.0], [4.0, -size]], [[3.0, 4.0], [2.0, -size]]])
    assert pure(chicken) == [(0, 1), (1, 0)]
    found = solve_mixed(NormalFormGame(chicken))
    assert {e.profile for e in found.equilibria} - {None} == {(0, 1), (1, 0)}
    third = np.stack([np.stack([own, own - 1.0], axis=-1) for own in (*chicken, np.ones((2, 2)))])
    for e in solve_mixed(NormalFormGame(third)).equilibria:
        assert is_equilibrium(third, [np.array(x) for x in e.probabilities])


#: Units of files: what payoffs are multiplied by, after something was added.
UNITS = [(1, 0), *few([(1, 10**14), (1, -(10**9)), ("37/10", 0), ("1e150", 0), ("1e-150", 0)], 2)]
#: Each with one payoff of a billion beside small ones: what three and two may choose was decided by rounding.
PROHIBITIVE = {
    "complete in one unit": [
        [[[0, 2], [0, 2]], [[0, 0], [1, 2]]],
        [[[1, 2], [2, 1]], [[1, 3], [3, 1]]],
        [[[0, 2], [3, -(10**9)]], [[0, 0], [1, 2]]],
    ],
    "one mixed more": [
        [[[0, 1], [2, 2]], [[2, -(10**9)], [0, 2]]],
        [[[1, 1], [1, 3]], [[2, 2], [2, 2]]],
        [[[3, 2], [3, 1]], [[3, 3], [0, 2]]],
    ],
    "degenerate in one unit": [
        [[[2, 2, 3], [3, 0, 0]], [[2, 2, 2], [2, 3, 3]]],
        [[[1, 1, 0], [2, 1, 2]], [[3, -(10**9), 2], [3, 3, 3]]],
        [[[2, 1, 1], [1, 3, 0]], [[0, 1, 0], [0, 0, 1]]],
    ],
    "complete in another unit": [
        [[[2, 3, -(10**9)], [2, 1, 1]], [[0, 1, 1], [0, 2, 2]]],
        [[[3, 0, 1], [0, 0, 2]], [[0, 1, 0], [2, 2, 3]]],
        [[[3, 0, 2], [1, 0, 3]], [[2, 1, 3], [1, 3, 1]]],
    ],
    "two players": [[[2, 1, 0], [3, 2, -(10**9)]], [[3, 2, 2], [1, 1, 3]]],
}


def read_in(payoffs, factor, shift):
    """The game of a file, with all payoffs multiplied and shifted in exact numbers."""
    whole = np.array(payoffs, dtype=object)
    numbers = [(Fraction(u) + shift) * Fraction(factor) for u in whole.reshape(len(whole), -1, order="F").T.ravel()]
    names, counts = (" ".join(map(str, part)) for part in (['"P"'] * len(whole), whole.shape[1:]))
    return parse_nfg(f'NFG 1 R "" {{ {names} }} {{ {counts} }}\n{" ".join(map(str, numbers))}')


@pytest.mark.parametrize("payoffs", PROHIBITIVE.values(), ids=PROHIBITIVE)
def test_beside_a_prohibitive_payoff_a_file_in_other_units_has_the_same_mixed_equilibria_and_the_same_verdict(payoffs):
    plain, *others = (known_equilibria(read_in(payoffs, factor, shift).game) for factor, shift in UNITS)
    for other in others:
        assert (other.verdict, other.components, other.subsets) == (plain.verdict, plain.components, plain.subsets)
        assert points(other) == points(plain)


#: Each with a mixed equilibrium in whose payoffs a prohibitive one has a part: rounding decided what ties with it.
TIED_WITH_A_MIXED_ONE = [
    [[[2, 1], [0, 2]], [[0, 2], [1, -(10**9)]]],
    [[[0, 3], [3, 2]], [[0, -(10**6)], [0, 1]]],
    [[[3, 0, 0], [-(10**9), 0, 1]], [[2, 1, 3], [3, 1, 1]]],
    [[[3, 2], [3, 2]], [[0, 2], [10**15, 3]]],
]


@pytest.mark.parametrize("payoffs", TIED_WITH_A_MIXED_ONE, ids=repr)
def test_beside_a_prohibitive_payoff_neither_patience_nor_payoff_dominance_hangs_on_the_unit(payoffs):
    answers = []
    for factor, shift in UNITS:
        game = read_in(payoffs, factor, shift).game
        listed = sorted(known_equilibria(game).equilibria, key=lambda e: np.round(e.probabilities[0], 3).tolist())
        critical = [support.critical for support in solve_repeated(game, listed).supports]
        answers.append((np.array(critical), select(game, listed)["payoff dominance"].scores))
    for critical, scores in answers[1:]:
        assert np.allclose(critical, answers[0][0], atol=1e-6)
        assert scores == answers[0][1]


@pytest.mark.parametrize("size", [10.0, 1e6, 1e9, 1e11, 1e15, 1e30, 1e100])
def test_bounds_over_correlated_equilibria_are_right_where_a_payoff_is_prohibitive(size):
    dilemma = np.array([[[3.0, -size], [4.0, 1.0]], [[3.0, 4.0], [-size, 1.0]]])
    chicken = np.array([[[3.0, 2.0], [4.0, -size]], [[3.0, 4.0], [2.0, -size]]])
    one, two = (solve_correlated(NormalFormGame(u)) for u in (dilemma, chicken))
    assert one.verdict == two.verdict == "complete"
    for bounds, least, most in (
        (one.profiles, [0, 0, 0, 1], [0, 0, 0, 1]),
        (two.payoffs, [2, 2], [4, 4]),
    ):
        assert np.allclose(bounds.minimum, least, atol=1e-6)
        assert np.allclose(bounds.maximum, most, atol=1e-6)


@given(seed=st.integers(0, 2**32 - 1), exponent=st.integers(3, 14))
@settings(max_examples=tries(50), deadline=None)
def test_bounds_that_are_vouched_for_hold_every_pure_equilibrium_beside_a_prohibitive_payoff(seed, exponent):
    rng = np.random.default_rng(seed)
    payoffs = rng.integers(-9, 10, size=(3, 2, 3, 2)).astype(float)
    for own in payoffs:
        own[tuple(rng.integers(own.shape))] = rng.choice([-1, 1]) * 10.0**exponent
    solution = solve_correlated(NormalFormGame(payoffs))
    for bounds in (solution.payoffs, solution.coarse_payoffs):
        if bounds.verdict == "complete":
            slack = 1e-6 * (1 + np.abs(np.stack([bounds.minimum, bounds.maximum])).max(axis=0))
            for profile in pure(payoffs):
                value = payoffs[(slice(None), *profile)]
                assert (bounds.minimum - slack <= value).all() and (value <= bounds.maximum + slack).all()


@pytest.mark.parametrize("factor", [1e-300, 1e-150, 1e-20, 1e20, 1e150, 1e307])
def test_the_dilemma_is_one_in_every_unit_of_floating_point_numbers(factor):
    dilemma = np.array([[[3.0, 0], [5, 1]], [[3, 5], [0, 1]]]) * factor
    assert pure(dilemma) == [(1, 1)]
    solution = solve_mixed(NormalFormGame(dilemma))
    assert solution.verdict == "complete"
    assert [e.profile for e in solution.equilibria] == [(1, 1)]


@pytest.mark.parametrize("size", few([1e-320, 1e-150, 1e300, 1e150], 2))
@pytest.mark.parametrize("method", ["pure", "mixed", "correlated", "selection", "repeated", "coalitions", "order"])
def test_json_is_valid_for_payoffs_of_any_size(method, size):
    payoffs = np.array([[[0.5, -1.0], [1.0, 0.25]], [[0.5, 1.0], [-1.0, 0.25]]]) * size
    file = GameFile(NormalFormGame(payoffs), ("A", "B"), (("1", "2"), ("1", "2")))
    json.dumps(to_document(game_solution(answer(file, method, order=[[0], [1]]))), allow_nan=False)


@pytest.mark.parametrize("method", ["pure", "mixed"])
def test_the_largest_numbers_there_are_have_equilibria_and_valid_json(method):
    payoffs = np.array([[[0.5, -1.0], [1.0, 0.25]], [[0.5, 1.0], [-1.0, 0.25]]]) * 1.7e308
    found = to_document(
        game_solution(answer(GameFile(NormalFormGame(payoffs), ("A", "B"), (("1", "2"), ("1", "2"))), method))
    )
    assert json.loads(json.dumps(found, allow_nan=False))["equilibria"][0]["plays"] == {
        "A": {"2": 1.0},
        "B": {"2": 1.0},
    }


def test_methods_that_add_payoffs_up_say_so_of_the_largest_numbers_there_are():
    file = GameFile(NormalFormGame([[1.7e308, -1.7e308]]), ("A",), (("1", "2"),))
    with pytest.raises(BadInput, match=r"beyond 1e\+300.*divide all by one number"):
        answer(file, "coalitions")


@given(games(), st.integers(-1000, 1000))
def test_what_rounding_makes_is_multiplied_with_the_payoffs(payoffs, exponent):
    assert np.array_equal(rounding(np.ldexp(payoffs, exponent)), np.ldexp(rounding(payoffs), exponent))


@pytest.mark.parametrize("close", [1e-10, 1e-11, 3e-10])
def test_what_is_closer_than_the_search_can_tell_is_never_called_complete_falsely(close):
    payoffs = np.random.default_rng(8).random((3, 3, 2, 2))
    payoffs[0, 1] = payoffs[0, 0] + close
    solution = solve_mixed(NormalFormGame(payoffs))
    listed = {e.profile for e in solution.equilibria} - {None}
    assert listed <= set(pure(payoffs))
    if solution.verdict == "complete":
        assert listed == set(pure(payoffs))
    assert VERDICTS.index(solution.verdict) >= 0
