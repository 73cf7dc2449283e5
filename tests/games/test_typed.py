"""Games of incomplete information: agents, Bayesian equilibria, published answers, laws."""

import numpy as np
import pytest

from triangle.games.normal_form import is_nash
from triangle.games.typed import TypedGame


def drawn(seed: int, actions=(2, 3, 2), types=(2, 1, 2), samples=()) -> TypedGame:
    rng = np.random.default_rng(seed)
    prior = [rng.dirichlet(np.ones(count)) for count in types]
    return TypedGame(rng.uniform(-1, 1, (len(types), *types, *actions, *samples)), prior)


def test_entry_against_an_incumbent_of_unknown_cost_is_as_fudenberg_and_tirole_say():
    """*Game Theory* (1991), section 6.2: build iff the cost is low, enter iff high cost is likelier than a half."""
    high, low = [[[0, 2], [2, 3]], [[-1, 0], [1, 0]]], [[[3, 5], [2, 3]], [[-1, 0], [1, 0]]]
    for p in (0.3, 0.7):
        game = TypedGame(np.stack([np.array(high), np.array(low)], axis=1)[:, :, None], [[p, 1 - p], [1.0]])
        # Agents: incumbent of high cost, of low cost, entrant; actions build or not, enter or not.
        assert np.argwhere(game.pure()).tolist() == [[1, 0, 0 if p > 0.5 else 1]]


def test_the_pure_equilibria_are_those_of_the_game_of_the_agents():
    for seed in range(20):
        game = drawn(seed)
        np.testing.assert_array_equal(game.pure(), is_nash(game.agent_form().payoffs))


def test_a_batch_has_the_equilibria_of_its_games():
    batch = drawn(3, samples=(6,))
    for k in range(6):
        np.testing.assert_array_equal(batch.pure()[..., k], TypedGame(batch.payoffs[..., k], batch.prior).pure())


def test_with_one_type_each_it_is_the_ordinary_game():
    game = drawn(5, types=(1, 1, 1))
    np.testing.assert_array_equal(game.pure(), is_nash(game.payoffs[:, 0, 0, 0]))


def test_a_type_that_is_certain_leaves_its_own_game_to_the_others():
    rng = np.random.default_rng(8)
    payoffs = rng.uniform(-1, 1, (2, 1, 2, 3, 3))
    game = TypedGame(payoffs, [[1.0], [0.0, 1.0]])
    certain = is_nash(payoffs[:, 0, 1])
    np.testing.assert_array_equal(game.pure().any(axis=1), certain)


def test_types_in_another_order_play_the_same():
    game = drawn(9)
    turned = TypedGame(game.payoffs[:, ::-1], [game.prior[0][::-1], *game.prior[1:]])
    np.testing.assert_array_equal(game.pure(), np.swapaxes(turned.pure(), 0, 1))


def test_expected_payoffs_are_the_mean_over_types():
    game = drawn(11)
    rng = np.random.default_rng(1)
    mixed = [rng.dirichlet(np.ones(game.actions[i])) for i, _ in game.agents]
    total = np.zeros(3)
    for s in range(2):
        for t in range(2):
            play = (mixed[s], mixed[2], mixed[3 + t])
            value = np.einsum("iabc,a,b,c->i", game.payoffs[:, s, 0, t], *play)
            total += game.prior[0][s] * game.prior[2][t] * value
    np.testing.assert_allclose(game.expected(mixed), total)


@pytest.mark.parametrize("prior", [[[0.5, 0.6], [1.0]], [[-0.5, 1.5], [1.0]], [[1.0], [1.0]]])
def test_probabilities_that_are_none_are_refused(prior):
    with pytest.raises(ValueError, match=r"add to one|do not fit"):
        TypedGame(np.zeros((2, 2, 1, 2, 2)), prior)
