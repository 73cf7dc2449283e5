"""Shares of time under play for ever: chains whose shares are known, and means of the forward distribution."""

from __future__ import annotations

import numpy as np
import pytest
from budgets import LARGE
from staged_games import sample_of, triads

from triangle.games.staged import Move, Policy, StagedGame, replace_game
from triangle.solvers.markov.certificate import certify_stationary
from triangle.solvers.markov.forward import course, long_run
from triangle.solvers.markov.smoothed import solve_smoothed
from triangle.solvers.markov.stationary import CYCLES, solve_stationary


def chain(chances, reward=None):
    """One player with one action; states move by these chances."""
    size = len(chances)
    payoffs = np.zeros(size) if reward is None else np.asarray(reward, dtype=float)
    return StagedGame(
        lambda _: payoffs.reshape(1, 1, size), [Move(np.zeros(1, dtype=int), np.array(chances)[None, None])], [0.9], 1
    )


def still(size):
    return Policy(np.zeros((1, size), dtype=int), np.zeros(0, dtype=int), (np.zeros((1, 0)),))


def shares(chances, start):
    found = long_run(chain(chances), still(len(chances)), start, [0])
    assert found.settled and found.kinds.tolist() == pytest.approx([1.0])
    return found.states


def test_ehrenfests_urn_is_in_each_state_as_often_as_a_coin_says():
    # Ehrenfest and Ehrenfest (1907): one of n balls changes its urn. Shares are binomial, the period is 2.
    n = 6
    chances = np.zeros((n + 1, n + 1))
    for k in range(n + 1):
        if k:
            chances[k, k - 1] = k / n
        if k < n:
            chances[k, k + 1] = (n - k) / n
    binomial = np.array([1, 6, 15, 20, 15, 6, 1]) / 64
    assert shares(chances, 0) == pytest.approx(binomial, abs=1e-12)
    assert shares(chances, 3) == pytest.approx(binomial, abs=1e-12)


def test_a_gamblers_ruin_depends_on_where_he_starts():
    # Feller (1968, XIV.2): from k of n, with p to win a round, ruin has probability (r^k - r^n) / (1 - r^n), r = q / p.
    n, p = 5, 0.6
    chances = np.eye(n + 1)
    for k in range(1, n):
        chances[k] = 0
        chances[k, k + 1], chances[k, k - 1] = p, 1 - p
    r = (1 - p) / p
    for k in range(n + 1):
        ruin = (r**k - r**n) / (1 - r**n)
        assert shares(chances, k)[[0, n]] == pytest.approx([ruin, 1 - ruin], abs=1e-12)


@pytest.mark.parametrize("least", [1e-3, 1e-9, 1e-14])
def test_what_hardly_ever_happens_is_given_its_time(least):
    assert shares([[1 - least, least], [2 * least, 1 - 2 * least]], 0) == pytest.approx([2 / 3, 1 / 3], rel=1e-4)


def test_what_is_too_slow_even_for_that_is_said():
    slow = 2.0**-70
    found = long_run(chain([[1.0, slow], [0.0, 1.0]]), still(2), 0, [0])
    assert not found.settled


def test_shares_are_the_mean_of_the_forward_distribution_and_the_same_in_a_batch_and_alone():
    game = triads(41, 3, levels=(2, 2), periods=1, common=0.6)
    found = solve_stationary(game)
    kinds = np.arange(64).reshape(4, 4, 4) % 3
    ahead = long_run(game, found.policy, 1, kinds)
    years = 200
    longer = replace_game(game, stage=lambda _: game.stage(0), periods=years, terminal=np.zeros((3, 4, 3)))
    where = np.concatenate([found.policy.places + 12 * year for year in range(years)])
    policy = Policy(
        np.repeat(found.policy.profiles, years, axis=0), where, tuple(np.tile(x, years) for x in found.policy.mixed)
    )
    means = course(longer, policy, 1, kinds, changes=False)
    # By then what was at first is forgotten.
    assert ahead.kinds == pytest.approx(means.kinds[100:].mean(axis=0), abs=1e-4)
    assert ahead.states == pytest.approx(means.states[100:].mean(axis=0), abs=1e-4)
    for sample in range(3):
        moves = [Move(m.classes, m.chances[..., sample : sample + 1]) for m in game.moves]
        one = replace_game(
            game, stage=lambda _, s=sample: game.payoffs(0)[..., s : s + 1], moves=moves, samples=(1,),
            discounts=game.discounts[:, sample : sample + 1],
        )  # fmt: skip
        alone = solve_stationary(one)
        assert np.array_equal(long_run(one, alone.policy, 1, kinds).kinds[:, 0], ahead.kinds[:, sample])


def test_the_logit_path_ends_in_an_equilibrium_where_value_iteration_cycles():
    count = 12 if LARGE else 3  # of which one cycles
    game = triads(31, count, levels=(2, 2), periods=1, noise=0.6)
    cycling = solve_stationary(game, rounds=80).verdict == CYCLES
    assert cycling.any()
    if not LARGE:  # of the others nothing is asked
        game, count, cycling = sample_of(game, int(cycling.argmax())), 1, np.array([True])
    found = solve_smoothed(game)
    span = np.ptp(game.payoffs(0).reshape(3, -1, count), axis=1).max(axis=0)
    assert (certify_stationary(game, found.policy).gains.max(axis=(0, 1, 2)) <= 1e-6 * span)[cycling].mean() >= 0.5
