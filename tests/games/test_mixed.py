"""Expected payoffs, regret, the indifference system and the index of mixed profiles."""

import numpy as np
import pytest

from triangle.games.mixed import (
    deviation_payoffs,
    equilibrium_index,
    expected_payoffs,
    indifference_jacobian,
    indifference_residuals,
    mixed_regrets,
)


def random_profile(rng, actions, samples=()):
    """Mixed actions drawn evenly from the simplices, samples last."""
    return tuple(np.moveaxis(rng.dirichlet(np.ones(n), samples), -1, 0) for n in actions)


@pytest.mark.parametrize("actions", [(2, 3), (3, 2, 4), (2, 2, 3, 2)], ids=str)
def test_deviation_payoffs_are_the_sum_over_profiles_of_the_others(actions):
    rng = np.random.default_rng(1)
    payoffs = rng.normal(size=(len(actions), *actions))
    mixed = random_profile(rng, actions)
    values = deviation_payoffs(payoffs, mixed)
    for player, own in enumerate(payoffs):
        expected = np.zeros(actions[player])
        for profile in np.ndindex(*actions):
            weight = np.prod([mixed[q][a] for q, a in enumerate(profile) if q != player])
            expected[profile[player]] += weight * own[profile]
        np.testing.assert_allclose(values[player], expected, atol=1e-12)
    np.testing.assert_allclose(
        expected_payoffs(payoffs, mixed), [x @ v for x, v in zip(mixed, values, strict=True)], atol=1e-12
    )


def test_a_batch_gives_what_its_games_give_one_by_one():
    rng = np.random.default_rng(2)
    payoffs = rng.normal(size=(3, 2, 3, 2, 4, 5))
    mixed = random_profile(rng, (2, 3, 2), (4, 5))
    together = mixed_regrets(payoffs, mixed)
    jacobians = indifference_jacobian(payoffs, mixed)
    for sample in np.ndindex(4, 5):
        alone = payoffs[(..., *sample)], tuple(x[(..., *sample)] for x in mixed)
        np.testing.assert_allclose(together[(..., *sample)], mixed_regrets(*alone), atol=1e-12)
        np.testing.assert_allclose(jacobians[(..., *sample)], indifference_jacobian(*alone), atol=1e-12)


def test_the_regret_of_a_pure_profile_is_its_best_deviation_gain():
    payoffs = np.random.default_rng(3).normal(size=(3, 2, 3, 4))
    profile = (1, 2, 0)
    mixed = tuple(np.eye(n)[a] for n, a in zip((2, 3, 4), profile, strict=True))
    gains = [
        payoffs[0][:, 2, 0].max() - payoffs[0][profile],
        payoffs[1][1, :, 0].max() - payoffs[1][profile],
        payoffs[2][1, 2, :].max() - payoffs[2][profile],
    ]
    np.testing.assert_allclose(mixed_regrets(payoffs, mixed), gains, atol=1e-12)


def test_the_jacobian_is_the_derivative_of_the_residuals():
    rng = np.random.default_rng(4)
    actions = (3, 2, 4)
    payoffs = rng.normal(size=(3, *actions))
    mixed = random_profile(rng, actions)
    jacobian = indifference_jacobian(payoffs, mixed)
    column = 0
    for player, count in enumerate(actions):
        for action in range(1, count):
            step = np.zeros(count)
            step[action], step[0] = 1e-6, -1e-6
            there = [x + step if p == player else x for p, x in enumerate(mixed)]
            back = [x - step if p == player else x for p, x in enumerate(mixed)]
            slope = (indifference_residuals(payoffs, there) - indifference_residuals(payoffs, back)) / 2e-6
            np.testing.assert_allclose(jacobian[:, column], slope, atol=1e-7)
            column += 1


def test_the_index_does_not_depend_on_which_action_comes_first():
    coordination = np.stack([np.diag([3.0, 2.0, 1.0])] * 2)
    mixed = np.array([2.0, 3.0, 6.0]) / 11
    for order in ([0, 1, 2], [2, 0, 1], [1, 0, 2]):
        turned = coordination[:, order][:, :, order]
        assert equilibrium_index(turned, (mixed[order], mixed[order])) == 1
    pair = np.array([2.0, 3.0, 0.0]) / 5
    assert equilibrium_index(coordination, (pair, pair)) == -1
