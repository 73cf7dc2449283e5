"""Extreme equilibria of two-player games by exact arithmetic, held against Gambit's list of them."""

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from budgets import tries
from hypothesis import given, settings
from hypothesis import strategies as st

from triangle.games.mixed import is_equilibrium
from triangle.games.normal_form import NormalFormGame
from triangle.solvers.mixed.bilateral import solve_bilateral
from triangle.solvers.mixed.extreme import extreme_equilibria, simplest, within_reach

#: 42 games with whole payoffs from 0 to 3, and the equilibria that Gambit's enummixed (17.0.0b2, rational) listed.
RECORDED = json.loads(Path(__file__).with_name("extreme_equilibria.json").read_text())

games_full_of_ties = st.sampled_from([(2, 2), (2, 3), (3, 3)]).flatmap(
    lambda shape: st.lists(st.integers(0, 2), min_size=2 * shape[0] * shape[1], max_size=2 * shape[0] * shape[1]).map(
        lambda whole: np.array(whole, dtype=float).reshape(2, *shape)
    )
)


@pytest.mark.parametrize("record", RECORDED, ids=lambda record: f"{np.shape(record['payoffs'])[1:]}")
def test_the_extreme_equilibria_are_those_that_gambit_lists(record):
    found = extreme_equilibria(np.array(record["payoffs"], dtype=float))
    assert sorted([[*map(str, x)], [*map(str, y)]] for x, y in found.equilibria) == record["equilibria"]


def test_the_record_holds_degenerate_games_with_and_without_continua():
    found = [extreme_equilibria(np.array(record["payoffs"], dtype=float)) for record in RECORDED]
    assert sum(any(len(part) > 1 for part in one.components) for one in found) >= 10
    assert sum(all(one.alone) for one in found) >= 5


@settings(max_examples=tries(60), deadline=None)
@given(games_full_of_ties, st.integers(0, 2**32 - 1))
def test_every_mixture_within_a_maximal_nash_subset_is_an_equilibrium(payoffs, seed):
    found = extreme_equilibria(payoffs)
    rng = np.random.default_rng(seed)
    for subset in found.subsets:
        weights = rng.dirichlet(np.ones(len(subset))), rng.dirichlet(np.ones(len(subset)))
        halves = [
            sum(
                w * np.array(found.equilibria[k][side], dtype=float) for w, k in zip(weights[side], subset, strict=True)
            )
            for side in (0, 1)
        ]
        assert is_equilibrium(payoffs, halves)
    assert sorted(k for part in found.components for k in part) == list(range(len(found.equilibria)))
    assert all(any(set(subset) <= set(part) for part in found.components) for subset in found.subsets)


@settings(max_examples=tries(60), deadline=None)
@given(games_full_of_ties)
def test_every_pure_equilibrium_is_among_the_extreme_ones(payoffs):
    pure = {
        (a, b)
        for a, b in np.ndindex(payoffs.shape[1:])
        if payoffs[0, a, b] == payoffs[0, :, b].max() and payoffs[1, a, b] == payoffs[1, a].max()
    }
    found = {(x.index(1), y.index(1)) for x, y in extreme_equilibria(payoffs).equilibria if 1 in x and 1 in y}
    assert found == pure


def test_the_game_with_an_indifferent_column_player_is_listed_with_its_component():
    payoffs = np.array([[[3.0, 3, 0], [0, 2, 1]], [[1.0, 0, 0], [3, 3, 3]]])
    solution = solve_bilateral(NormalFormGame(payoffs))
    assert solution.verdict == "degenerate"
    assert [e.probabilities for e in solution.equilibria] == [
        ((1.0, 0.0), (1.0, 0.0, 0.0)),
        ((0.0, 1.0), (0.25, 0.0, 0.75)),
        ((0.0, 1.0), (0.0, 0.5, 0.5)),
        ((0.0, 1.0), (0.0, 0.0, 1.0)),
    ]
    assert solution.components == solution.subsets == ((0,), (1, 2, 3))
    assert "all 4 extreme equilibria are listed" in solution.advice
    assert "{2, 3, 4}" in solution.advice


def test_a_generic_game_has_the_same_list_by_both_ways():
    rng = np.random.default_rng(7)
    for shape in ((2, 2), (3, 3), (4, 3)):
        payoffs = rng.random((2, *shape))
        exact = extreme_equilibria(payoffs)
        assert all(exact.alone)
        assert all(len(part) == 1 for part in exact.components)
        ours = np.array(
            sorted(
                np.concatenate(e.probabilities).tolist() for e in solve_bilateral(NormalFormGame(payoffs)).equilibria
            )
        )
        theirs = np.array(sorted([*map(float, x), *map(float, y)] for x, y in exact.equilibria))
        assert np.allclose(ours, theirs, atol=1e-9)


def test_a_game_too_large_is_refused_and_says_so_beforehand():
    assert not within_reach((9, 9))
    with pytest.raises(ValueError, match="9 x 9"):
        extreme_equilibria(np.zeros((2, 9, 9)))


@given(st.fractions(-5, 5), st.fractions(0, 1))
def test_the_simplest_fraction_lies_between_the_ends_and_none_simpler_does(low, width):
    found = simplest(low, low + width)
    assert low <= found <= low + width
    for denominator in range(1, min(found.denominator, 60)):
        assert Fraction(-(-low * denominator // 1), denominator) > low + width
