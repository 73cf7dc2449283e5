"""More than three players: what dominance leaves is solved completely, the rest under conditions that are said."""

from __future__ import annotations

import numpy as np
import pytest
from budgets import tries
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import games, pure_by_definition

from triangle.games.mixed import is_equilibrium
from triangle.games.normal_form import NormalFormGame
from triangle.solvers.mixed.several import MOST_PLAYERS, solve_several
from triangle.solvers.mixed.support import solve_mixed


def volunteers(players: int, cost: float = 1.0, worth: float = 2.0) -> NormalFormGame:
    """Diekmann's volunteer's dilemma: one volunteer is enough, and volunteering costs; action 0 volunteers."""
    payoffs = np.zeros((players, *(2,) * players))
    for profile in np.ndindex(*(2,) * players):
        for i, action in enumerate(profile):
            payoffs[(i, *profile)] = worth * (0 in profile) - cost * (action == 0)
    return NormalFormGame(payoffs)


def stag_hunt(players: int) -> NormalFormGame:
    """All hunt the stag (action 1) for 4 each, or whoever does alone has nothing; the hare (action 0) is worth 3."""
    payoffs = np.zeros((players, *(2,) * players))
    for profile in np.ndindex(*(2,) * players):
        for i, action in enumerate(profile):
            payoffs[(i, *profile)] = 4.0 * all(profile) if action else 3.0
    return NormalFormGame(payoffs)


def sound(game: NormalFormGame, equilibria: object) -> bool:
    return all(is_equilibrium(game.payoffs, [np.array(x) for x in one.probabilities]) for one in equilibria)  # type: ignore[attr-defined]


@settings(max_examples=tries(15), deadline=None)
@given(games(players=3), st.integers(0, 3), st.integers(1, 3))
def test_a_fourth_player_with_a_best_action_of_its_own_changes_no_equilibrium_of_the_others(
    payoffs: np.ndarray, place: int, actions: int
):
    alone = NormalFormGame(payoffs)
    if alone.n_players != 3:
        return
    with_fourth = np.repeat(payoffs[:, None], actions, axis=1)
    own = np.broadcast_to(-np.arange(actions, dtype=float).reshape(-1, 1, 1, 1), with_fourth.shape[1:])
    whole = np.concatenate([own[None], with_fourth])
    # The fourth player stands first; it takes its place among the others.
    turned = np.moveaxis(whole, 1, 1 + place)
    order = [*range(1, 1 + place), 0, *range(1 + place, 4)]
    found, three = solve_mixed(NormalFormGame(turned[order])), solve_mixed(alone)
    assert found.verdict == three.verdict
    rest = [tuple(x for i, x in enumerate(one.probabilities) if i != place) for one in found.equilibria]
    assert rest == [one.probabilities for one in three.equilibria]
    assert all(one.probabilities[place][0] == 1.0 for one in found.equilibria)


@pytest.mark.parametrize("players", [4, 5])
def test_every_pure_equilibrium_is_listed_and_the_verdict_says_what_was_not_looked_for(players: int):
    for game in (volunteers(players), stag_hunt(players)):
        found = solve_mixed(game)
        assert {one.profile for one in found.equilibria if one.profile} == set(pure_by_definition(game.payoffs))
        assert found.verdict == "undecided" and "was held at each action in turn" in found.advice
        assert sound(game, found.equilibria)


def test_of_four_volunteers_those_who_mix_while_one_stays_aside_are_listed():
    """Three volunteer with the probability at which each is indifferent, 1 − (c/w)^(1/2); the fourth stays at home."""
    found = solve_mixed(volunteers(4, cost=1.0, worth=2.0))
    mixed = [one for one in found.equilibria if one.profile is None]
    shares = 1 - 0.5**0.5
    # The one who stays at home would volunteer for certain only if the others did not; it is content here.
    assert any(
        np.allclose(sorted(x[0] for x in one.probabilities), [0.0, shares, shares, shares], atol=1e-7) for one in mixed
    )


@settings(max_examples=tries(10), deadline=None)
@given(st.integers(0, 10_000))
def test_what_is_listed_is_an_equilibrium_of_the_whole_game(seed: int):
    game = NormalFormGame(np.random.default_rng(seed).normal(size=(4, 2, 2, 2, 2)))
    found = solve_mixed(game)
    assert sound(game, found.equilibria)
    assert {one.profile for one in found.equilibria if one.profile} == set(pure_by_definition(game.payoffs))


def test_players_with_one_action_cost_nothing_in_completeness():
    game = NormalFormGame(np.random.default_rng(5).normal(size=(5, 2, 2, 2, 2, 2))).hold({1: 0, 4: 1})
    found = solve_several(game, solve_mixed, 1e-9)
    assert found.verdict == "complete" and len(found.equilibria) % 2 == 1
    assert all(len(one.probabilities) == 5 for one in found.equilibria) and MOST_PLAYERS == 3
