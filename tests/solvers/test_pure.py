"""All pure equilibria: named games, laws, the definition, and two programs of other people."""

from importlib.util import find_spec

import numpy as np
import pytest
from budgets import LARGE, few
from hypothesis import given
from hypothesis import strategies as st
from named_games import GAMES
from referees import gambit
from strategies import games, pure_by_definition

from triangle.games.normal_form import NormalFormGame, is_nash
from triangle.solvers.pure import solve_pure

#: Shapes on which the referees are asked, with uneven ones to catch a swapped axis.
SHAPES = [(2, 2, 2), (3, 3, 3), (4, 4, 4), (4, 3, 2)]
GAMES_A_SHAPE = 200

every_shape = pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: "x".join(map(str, shape)))


def found(payoffs: np.ndarray) -> list[tuple[int, ...]]:
    return [equilibrium.profile for equilibrium in solve_pure(NormalFormGame(payoffs)).equilibria]


def random_games(shape: tuple[int, ...]) -> np.ndarray:
    """Games with whole payoffs from 0 to 4, so that ties and weak equilibria abound; samples first."""
    rng = np.random.default_rng([20240229, *shape])
    return rng.integers(0, 5, (GAMES_A_SHAPE, 3, *shape)).astype(float)


# --- named games ---


@pytest.mark.parametrize("game", GAMES, ids=lambda game: game.name)
def test_the_pure_equilibria_of_a_named_game_are_found_and_vouched_for(game):
    solution = solve_pure(NormalFormGame(game.payoffs))
    assert solution.verdict == "complete"
    assert [e.profile for e in solution.equilibria] == sorted(game.pure)
    for equilibrium in solution.equilibria:
        assert equilibrium.probabilities == game.as_mixed(equilibrium.profile)
        assert equilibrium.payoffs == tuple(game.payoffs[(slice(None), *equilibrium.profile)])
        assert equilibrium.regret == 0.0
        assert equilibrium.margin >= 0.0
    assert bool(solution.advice) == (not game.pure), "an empty answer says what to ask next, a full one nothing"


def test_a_batch_is_refused_because_a_solution_speaks_of_one_game():
    with pytest.raises(ValueError, match="not a batch"):
        solve_pure(NormalFormGame(np.zeros((2, 2, 2, 5))))


# --- laws ---


@given(games())
def test_the_list_is_that_of_a_loop_over_all_profiles(payoffs):
    assert found(payoffs) == pure_by_definition(payoffs)


@given(games(samples=(3,), players=3))
def test_one_game_at_a_time_agrees_with_the_batch(payoffs):
    nash = is_nash(payoffs)
    for sample in range(3):
        alone = found(np.ascontiguousarray(payoffs[..., sample]))
        assert alone == [tuple(p) for p in np.argwhere(nash[..., sample]).tolist()]


@given(games(), st.data())
def test_relabelling_actions_and_permuting_players_relabels_the_equilibria(payoffs, data):
    order = data.draw(st.permutations(range(payoffs.shape[0])))
    actions = [data.draw(st.permutations(range(count))) for count in payoffs.shape[1:]]
    changed = np.stack([payoffs[i][np.ix_(*actions)].transpose(order) for i in order])
    back = [[0] * payoffs.shape[0] for _ in found(changed)]
    for profile, original in zip(found(changed), back, strict=True):
        for place, i in enumerate(order):
            original[i] = actions[i][profile[place]]
    assert sorted(map(tuple, back)) == found(payoffs)


@given(games(), st.sampled_from([0.5, 2.0, 8.0]), st.integers(-9, 9))
def test_a_positive_scale_and_a_shift_change_no_equilibrium(payoffs, scale, shift):
    assert found(scale * payoffs + shift) == found(payoffs)


@given(games(), st.data())
def test_a_held_player_turns_the_game_into_that_of_the_others(payoffs, data):
    player = data.draw(st.integers(0, payoffs.shape[0] - 1))
    action = data.draw(st.integers(0, payoffs.shape[1 + player] - 1))
    held = solve_pure(NormalFormGame(payoffs).hold({player: action}))
    others = [i for i in range(payoffs.shape[0]) if i != player]
    if others:
        rest = np.take(payoffs[others], action, axis=1 + player)
        expected = [(*p[:player], 0, *p[player:]) for p in pure_by_definition(rest)]
        assert [e.profile for e in held.equilibria] == expected


@given(games())
def test_the_payoffs_given_are_left_as_they_were(payoffs):
    writable = payoffs.copy()
    found(writable)
    assert np.array_equal(writable, payoffs)


# --- other people's programs ---


@every_shape
def test_random_games_agree_with_the_definition(shape):
    for payoffs in few(random_games(shape), 4):
        assert found(payoffs) == pure_by_definition(payoffs)


@pytest.mark.skipif(not LARGE, reason="QuantEcon is compiled for two seconds; Gambit is asked about the same games")
@every_shape
def test_random_games_agree_with_quantecon(shape):
    # Whether or not it is installed is asked without importing it: its import alone takes seconds.
    if find_spec("quantecon") is None:
        pytest.skip("quantecon is not installed; it referees this test where it is")
    import quantecon.game_theory as qe

    for payoffs in random_games(shape):
        # Its payoff arrays have the player's own action first, then the others' in turn: i, i+1, ..., i-1.
        players = [
            qe.Player(np.ascontiguousarray(own.transpose([(i + k) % 3 for k in range(3)])))
            for i, own in enumerate(payoffs)
        ]
        assert sorted(qe.pure_nash_brute(qe.NormalFormGame(players))) == found(payoffs)


def test_random_games_of_every_shape_agree_with_gambit():
    games = [payoffs for shape in SHAPES for payoffs in random_games(shape)]
    theirs = gambit("pure", [payoffs.tolist() for payoffs in games], "pure_random")
    for payoffs, answer in few([*zip(games, theirs, strict=True)], 3):
        assert [tuple(profile) for profile in answer] == found(payoffs)
