"""Two-player games through nashpy, and what our tests add to it."""

import warnings

import nashpy
import numpy as np
import pytest
from budgets import LARGE

from triangle.games.mixed import mixed_regrets
from triangle.games.normal_form import NormalFormGame
from triangle.solvers.mixed.bilateral import solve_bilateral
from triangle.solvers.mixed.support import all_equilibria, solve_mixed


def rounded(solution):
    return sorted(tuple(round(p, 6) + 0.0 for mixed in e.probabilities for p in mixed) for e in solution.equilibria)


def game(rows, columns):
    return NormalFormGame(np.array([rows, columns], dtype=float))


NAMED = {
    "matching pennies": (game([[1, -1], [-1, 1]], [[-1, 1], [1, -1]]), [(0.5, 0.5, 0.5, 0.5)]),
    "prisoners' dilemma": (game([[3, 0], [5, 1]], [[3, 5], [0, 1]]), [(0, 1, 0, 1)]),
    "battle of the sexes": (
        game([[2, 0], [0, 1]], [[1, 0], [0, 2]]),
        [(0, 1, 0, 1), (0.666667, 0.333333, 0.333333, 0.666667), (1, 0, 1, 0)],
    ),
    "rock, paper, scissors": (
        game([[0, -1, 1], [1, 0, -1], [-1, 1, 0]], [[0, 1, -1], [-1, 0, 1], [1, -1, 0]]),
        [(0.333333,) * 6],
    ),
}


@pytest.mark.parametrize("name", NAMED)
def test_named_games_have_their_equilibria(name):
    solution = solve_bilateral(NAMED[name][0])
    assert solution.verdict == "complete"
    assert rounded(solution) == sorted(NAMED[name][1])


@pytest.mark.parametrize("shape", [(2, 2), (3, 3), (2, 4), (4, 4)], ids=str)
def test_generic_games_agree_with_nashpy(shape):
    rng = np.random.default_rng(1)
    for _ in range(8 if LARGE else 3):
        payoffs = rng.normal(size=(2, *shape))
        solution = solve_bilateral(NormalFormGame(payoffs))
        assert solution.verdict == "complete"
        assert len(solution.equilibria) % 2 == 1
        assert sum(e.index for e in solution.equilibria) == 1
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for x, y in nashpy.Game(*payoffs).support_enumeration():
                assert tuple((np.concatenate([x, y]).round(6) + 0.0).tolist()) in rounded(solution)


def test_two_players_and_three_of_whom_one_has_no_choice_agree():
    rng = np.random.default_rng(2)
    for _ in range(10):
        payoffs = rng.normal(size=(2, 3, 3))
        third = np.concatenate([payoffs, rng.normal(size=(1, 3, 3))])[..., None]
        found = all_equilibria(third)
        stacked = np.concatenate(found.probabilities[:2]).T
        expected = sorted(tuple((row + 0.0).tolist()) for row in stacked.round(6))
        assert rounded(solve_mixed(NormalFormGame(payoffs))) == expected


def test_games_full_of_ties_are_never_called_complete_falsely():
    rng = np.random.default_rng(3)
    for _ in range(40 if LARGE else 15):
        payoffs = rng.integers(0, 4, (2, 3, 3)).astype(float)
        solution = solve_bilateral(NormalFormGame(payoffs))
        assert solution.equilibria
        for e in solution.equilibria:
            mixed = [np.array(x) for x in e.probabilities]
            assert mixed_regrets(payoffs, mixed).max() <= 3e-9
        if solution.verdict == "complete":
            assert sum(e.index for e in solution.equilibria) == 1
            assert all(e.quasi_strict for e in solution.equilibria)


def test_a_continuum_is_degenerate_and_nashpys_warning_is_passed_on():
    # The second player does not care once the first plays its first action.
    solution = solve_bilateral(game([[1, 1], [0, 2]], [[1, 1], [0, 1]]))
    assert solution.verdict == "degenerate"
    assert "tie" in solution.advice
    even = solve_bilateral(game([[1, 0], [0, 0]], [[1, 0], [0, 0]]))
    assert even.verdict == "degenerate"
    assert "nashpy" in even.advice


def test_all_payoffs_alike_are_degenerate_with_an_equilibrium():
    solution = solve_bilateral(game(np.zeros((3, 2)), np.zeros((3, 2))))
    assert solution.verdict == "degenerate"
    assert solution.equilibria


def test_a_held_player_keeps_its_place():
    payoffs = np.random.default_rng(4).normal(size=(3, 2, 3, 2))
    solution = solve_bilateral(NormalFormGame(payoffs).hold({1: 2}))
    for e in solution.equilibria:
        assert [len(mixed) for mixed in e.probabilities] == [2, 1, 2]
        mixed = [np.array(x) for x in e.probabilities]
        assert mixed_regrets(payoffs[:, :, 2:3], mixed)[[0, 2]].max() < 1e-9


def test_one_player_with_a_choice_takes_the_best():
    solution = solve_bilateral(NormalFormGame(np.array([[[1.0], [3.0]], [[0.0], [0.0]]])))
    assert [e.probabilities for e in solution.equilibria] == [((0.0, 1.0), (1.0,))]
    assert solution.verdict == "complete"


def test_two_players_may_have_many_actions_where_few_matter():
    payoffs = np.random.default_rng(5).normal(size=(2, 9, 9))
    payoffs[:, 3:] -= 10
    payoffs[:, :, 3:] -= 10
    solution = solve_bilateral(NormalFormGame(payoffs))
    small = solve_bilateral(NormalFormGame(payoffs[:, :3, :3]))
    assert solution.verdict == small.verdict == "complete"
    assert len(solution.equilibria) == len(small.equilibria)


def test_three_players_with_a_choice_are_refused():
    with pytest.raises(ValueError, match="hold all but two"):
        solve_bilateral(NormalFormGame(np.zeros((3, 2, 2, 2))))


@pytest.mark.parametrize("error", [ValueError, IndexError, RuntimeError, np.linalg.LinAlgError])
def test_what_nashpy_found_before_it_broke_is_kept_and_said(monkeypatch, error):
    def broken(self):
        yield np.array([1.0, 0.0]), np.array([1.0, 0.0])
        raise error("midway")

    monkeypatch.setattr(nashpy.Game, "support_enumeration", broken)
    solution = solve_bilateral(NAMED["battle of the sexes"][0])
    assert (1, 0, 1, 0) in rounded(solution)
    assert f"nashpy: broken stopped: {error.__name__}" in solution.advice
