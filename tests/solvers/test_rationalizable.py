"""Rationalizable actions: published games, then what must hold beside pure dominance and equilibria."""

from __future__ import annotations

import numpy as np
import pytest
from budgets import tries
from hypothesis import given, settings
from strategies import games

from triangle.games.dominance import undominated
from triangle.games.normal_form import NormalFormGame, is_nash
from triangle.solvers.rationalizable import rationalizable


def left(*payoffs: object) -> list[list[int]]:
    return [np.flatnonzero(mask).tolist() for mask in rationalizable(NormalFormGame(np.array(payoffs, dtype=float)))]


def test_a_mixed_action_removes_what_no_pure_one_does_and_that_removes_more():
    """Once the middle row is gone, the right column is worse than the left one at both rows that are left."""
    mine = [[3, 0], [1, 1], [0, 3]]
    other = [[2, 1], [0, 9], [2, 1]]
    assert left(mine, other) == [[0], [0]]
    assert [mask.all() for mask in undominated(np.array([mine, other], dtype=float))] == [True, True]


def test_the_dilemma_leaves_one_profile_and_matching_pennies_all():
    assert left([[3, 0], [5, 1]], [[3, 5], [0, 1]]) == [[1], [1]]
    assert left([[1, -1], [-1, 1]], [[-1, 1], [1, -1]]) == [[0, 1], [0, 1]]


def test_guessing_two_thirds_of_the_average_leaves_the_lowest_number():
    numbers = np.arange(1, 8)
    target = (numbers[:, None] + numbers) / 3
    mine = -np.abs(numbers[:, None] - target)
    assert left(mine, mine.T)[0][0] == 0 and len(left(mine, mine.T)[0]) <= 2


@settings(deadline=None, max_examples=tries(40))
@given(games())
def test_less_is_left_than_by_pure_dominance_and_every_equilibrium_is(payoffs: np.ndarray):
    found, pure = rationalizable(NormalFormGame(payoffs)), undominated(payoffs)
    assert all(mask.any() and not (mask & ~other).any() for mask, other in zip(found, pure, strict=True))
    for profile in np.argwhere(is_nash(payoffs)):
        assert all(mask[a] for mask, a in zip(found, profile, strict=True))


@settings(deadline=None, max_examples=tries(20))
@given(games())
def test_units_of_payoff_do_not_matter(payoffs: np.ndarray):
    one, other = (rationalizable(NormalFormGame(payoffs * unit)) for unit in (1.0, 2.0**20))
    assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_a_batch_is_refused():
    with pytest.raises(ValueError, match="one game is solved at a time"):
        rationalizable(NormalFormGame(np.zeros((2, 2, 2, 3))))
