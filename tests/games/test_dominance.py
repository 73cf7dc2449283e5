"""Iterated strict dominance and security levels: named games, then laws, then plain loops over the definition."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from named_games import (
    CHICKEN,
    DEADLOCK,
    GAMES,
    ITERATED_ELIMINATION,
    MATCHING_PENNIES,
    PRISONERS_DILEMMA,
    STAG_HUNT,
    THREE_PRISONERS,
)
from strategies import games, pure_by_definition

from triangle.games.dominance import security_levels, undominated
from triangle.games.normal_form import is_nash


def survivors(payoffs: np.ndarray) -> list[list[int]]:
    return [np.flatnonzero(left).tolist() for left in undominated(payoffs)]


def eliminate_one_at_a_time(payoffs: np.ndarray, rng: np.random.Generator) -> list[list[int]]:
    """Iterated removal by the definition, one action at a time, in an order drawn by `rng`."""
    n = payoffs.shape[0]
    left = [list(range(count)) for count in payoffs.shape[1:]]

    def dominated(i: int, action: int) -> bool:
        rivals = list(itertools.product(*(left[j] for j in range(n) if j != i)))
        return any(
            all(payoffs[(i, *r[:i], better, *r[i:])] > payoffs[(i, *r[:i], action, *r[i:])] for r in rivals)
            for better in left[i]
            if better != action
        )

    while True:
        removable = [(i, a) for i in range(n) for a in left[i] if dominated(i, a)]
        if not removable:
            return left
        player, action = removable[rng.integers(len(removable))]
        left[player].remove(action)


# --- named games ---


@pytest.mark.parametrize(
    ("game", "left"),
    [
        (PRISONERS_DILEMMA, [[1], [1]]),
        (DEADLOCK, [[1], [1]]),
        (THREE_PRISONERS, [[1], [1], [1]]),
        (ITERATED_ELIMINATION, [[0], [1]]),
        (STAG_HUNT, [[0, 1], [0, 1]]),
        (CHICKEN, [[0, 1], [0, 1]]),
    ],
    ids=lambda case: getattr(case, "name", ""),
)
def test_iterated_dominance_leaves_what_the_literature_says(game, left):
    assert survivors(game.payoffs) == left


@pytest.mark.parametrize("game", GAMES, ids=lambda game: game.name)
def test_no_published_equilibrium_uses_an_action_that_iterated_dominance_removes(game):
    left = undominated(game.payoffs)
    points = list(game.equilibria) + [end for segment in game.segments for end in segment]
    for point in points:
        for survives, player in zip(left, point, strict=True):
            assert survives[np.array(player) > 0].all()


def test_an_action_dominated_only_by_a_mixture_stays_because_mixtures_are_not_looked_for():
    # Gibbons (1992), figure 1.3.1, player 1: half top, half middle beats bottom; the others' payoffs are matching
    # pennies here.
    own = [[3.0, 0.0], [0.0, 3.0], [1.0, 1.0]]
    assert survivors(np.array([own, [[1.0, -1.0], [-1.0, 1.0], [0.0, 0.0]]])) == [[0, 1, 2], [0, 1]]


def test_weakly_dominated_actions_stay_because_an_equilibrium_may_use_them():
    weak = np.array([[[1.0, 0.0], [1.0, 1.0]], [[1.0, 1.0], [1.0, 1.0]]])
    assert survivors(weak) == [[0, 1], [0, 1]]


def test_a_difference_within_the_tolerance_does_not_dominate():
    payoffs = np.array([[[1.0], [1.0 + 1e-14]], [[0.0], [0.0]]])
    assert survivors(payoffs) == [[0, 1], [0]]
    assert [left.tolist() for left in undominated(payoffs, tolerance=0.0)] == [[False, True], [True]]


# --- against the definition ---


@given(games(), st.integers(0, 2**32 - 1))
def test_no_order_of_removal_leaves_other_actions(payoffs, seed):
    assert survivors(payoffs) == eliminate_one_at_a_time(payoffs, np.random.default_rng(seed))


@given(games())
def test_security_levels_are_those_of_a_loop(payoffs):
    n = payoffs.shape[0]
    for player in range(n):
        worst = [
            min(payoffs[player][profile] for profile in np.ndindex(*payoffs.shape[1:]) if profile[player] == action)
            for action in range(payoffs.shape[1 + player])
        ]
        assert security_levels(payoffs)[player] == max(worst)


# --- laws ---


@given(games())
def test_every_pure_equilibrium_survives_and_the_reduced_game_has_no_other(payoffs):
    left = undominated(payoffs)
    places = np.ix_(*(np.flatnonzero(survives) for survives in left))
    reduced = np.stack([own[places] for own in payoffs])
    names = [np.flatnonzero(survives).tolist() for survives in left]
    of_reduced = [
        tuple(names[i][a] for i, a in enumerate(profile)) for profile in np.argwhere(is_nash(reduced)).tolist()
    ]
    assert of_reduced == pure_by_definition(payoffs)


@given(games(samples=(3,), players=3))
def test_a_batch_gives_what_each_game_gives_alone(payoffs):
    left, levels = undominated(payoffs), security_levels(payoffs)
    for sample in range(3):
        alone = np.ascontiguousarray(payoffs[..., sample])
        assert all(np.array_equal(batch[:, sample], one) for batch, one in zip(left, undominated(alone), strict=True))
        assert np.array_equal(levels[:, sample], security_levels(alone))


@given(games(), st.data())
def test_relabelling_actions_relabels_the_survivors(payoffs, data):
    orders = [data.draw(st.permutations(range(count))) for count in payoffs.shape[1:]]
    relabelled = np.stack([own[np.ix_(*orders)] for own in payoffs])
    for order, before, after in zip(orders, undominated(payoffs), undominated(relabelled), strict=True):
        assert np.array_equal(after, before[list(order)])


@given(games(), st.data())
def test_permuting_the_players_permutes_survivors_and_levels(payoffs, data):
    order = data.draw(st.permutations(range(payoffs.shape[0])))
    permuted = np.stack([payoffs[i].transpose(order) for i in order])
    before, after = undominated(payoffs), undominated(permuted)
    assert all(np.array_equal(after[place], before[i]) for place, i in enumerate(order))
    assert np.array_equal(security_levels(permuted), security_levels(payoffs)[list(order)])


@given(games(), st.sampled_from([0.5, 2.0, 8.0]), st.integers(-9, 9))
def test_a_positive_scale_and_a_shift_keep_the_survivors_and_move_the_levels_along(payoffs, scale, shift):
    changed = scale * payoffs + shift
    assert survivors(changed) == survivors(payoffs)
    assert np.array_equal(security_levels(changed), scale * security_levels(payoffs) + shift)


@given(games())
def test_nobody_gets_less_than_its_security_level_in_an_equilibrium(payoffs):
    levels = security_levels(payoffs)
    for profile in pure_by_definition(payoffs):
        assert (payoffs[(slice(None), *profile)] >= levels).all()


def test_matching_pennies_guarantees_nothing_to_a_player_who_does_not_mix():
    assert security_levels(MATCHING_PENNIES.payoffs).tolist() == [-1.0, -1.0]
