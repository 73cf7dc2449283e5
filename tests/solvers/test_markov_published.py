"""Staged games of the literature, with their published or closed-form solutions, and other programs as referees."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from budgets import LARGE, few
from staged_games import DILEMMA, Leapfrogging, by_state, repeated

from triangle.games.staged import Move, Policy, StagedGame
from triangle.solvers.markov.backward import solve_markov
from triangle.solvers.markov.bounds import bounds
from triangle.solvers.markov.certificate import certify, certify_stationary
from triangle.solvers.markov.directional import all_markov, search
from triangle.solvers.markov.smoothed import solve_smoothed
from triangle.solvers.markov.stationary import CERTIFIED, solve_stationary

RECORDED = json.loads((Path(__file__).parents[1] / "data" / "sgamesolver.json").read_text(encoding="utf-8"))["games"]


def zero_sum(rewards, transitions, discount):
    """A zero-sum stochastic game from the first player's rewards ``[state, a, b]``."""
    rewards = np.asarray(rewards, dtype=float)
    return by_state(np.stack([rewards, -rewards], axis=1), np.asarray(transitions, dtype=float), [discount] * 2)


def big_match(discount):
    """Gillette (1957): once the first player stops, the payoff of that moment is kept for ever."""
    rewards = [[[1, 0], [0, 1]], [[1, 1], [1, 1]], [[0, 0], [0, 0]]]
    stays = np.broadcast_to(np.eye(3)[:, None, None], (3, 2, 2, 3)).copy()
    stays[0, 0, 0], stays[0, 0, 1] = [0, 1, 0], [0, 0, 1]
    return zero_sum(rewards, stays, discount)


def absorbing(rewards, stays, discount):
    """A game that a profile leaves for good unless it stays: what the moment pays, ``[player, a, b]``, is kept then."""
    rewards = np.asarray(rewards, dtype=float)
    ended = rewards.reshape(len(rewards), -1).T
    payoffs = np.stack([rewards, *(np.broadcast_to(kept[:, None, None], rewards.shape) for kept in ended)])
    moves = np.broadcast_to(np.eye(len(payoffs))[:, None, None], (len(payoffs), *rewards[0].shape, len(payoffs))).copy()
    ends = 1 + np.arange(len(ended)).reshape(rewards[0].shape)
    moves[0] = np.eye(len(payoffs))[np.where(stays, 0, ends)]
    return by_state(payoffs, moves, [discount] * len(rewards))


class TestFiniteHorizon:
    @pytest.mark.parametrize("periods", [1, 2, 10])
    def test_prisoners_defect_in_every_period_and_in_no_other_equilibrium(self, periods):
        game = repeated(DILEMMA, periods, [0.95, 0.95])
        assert (solve_markov(game).policy.profiles == 3).all()
        assert all_markov(game).count == 1
        found = bounds(game)
        assert np.array_equal(found.low, found.high) and (found.candidates.sum(axis=(1, 2)) == 1).all()

    @pytest.mark.parametrize("towns", [1, 3, 20])
    def test_chain_store_gives_in_to_every_entrant(self, towns):
        # Selten (1978), Theory and Decision 9: out 1 and 5, in and yielding 2 and 2, in and fighting 0 and 0. In each
        # town the entrant moves first and the store answers, so a town is two periods and the state is who is in.
        payoffs = np.zeros((2, 2, 2, 2, 2))
        payoffs[0, 0, 0], payoffs[0, 1, 0] = 1.0, 5.0
        payoffs[1, :, :, 0, 1] = 2.0
        entry = np.stack([np.broadcast_to([1.0, 0.0], (2, 2)), np.broadcast_to([0.0, 1.0], (2, 2))])
        clears = np.broadcast_to([1.0, 0.0], (2, 2, 2))
        chances = np.stack([entry, clears] * towns)
        game = StagedGame(
            lambda t: payoffs[t % 2],
            [Move(np.array([[0, 0], [1, 1]]), chances)],
            [0.9, 0.9],
            periods=2 * towns,
            terminal=np.zeros((2, 2)),
            held={t: {1 - t % 2: 0} for t in range(2 * towns)},
        )
        # In the entrant's period an entrant who stays out earns its 1 at once; one who comes in waits for the answer.
        solution = solve_markov(game)
        assert (solution.policy.profiles[0::2, 0] // 2 == 1).all()
        assert (solution.policy.profiles[1::2, 1] % 2 == 0).all()
        assert certify(game, solution.policy).epsilon == 0.0

    def test_two_state_game_by_hand(self):
        # One player pays 1 today to be in the good state, worth 3, tomorrow: with a last period to come it pays while
        # the discount factor exceeds 1/3; in the last period it never pays.
        payoffs = np.array([[0.0, 3.0], [-1.0, 2.0]])[None]
        move = Move([0, 1], [[[[1.0, 0.0], [1.0, 0.0]], [[0.0, 1.0], [0.0, 1.0]]]])
        for discount, pays in ((0.3, False), (0.4, True)):
            game = StagedGame(lambda _: payoffs, [move], [discount], periods=2, terminal=np.zeros((1, 2)))
            solution = solve_markov(game)
            assert (solution.policy.profiles == np.array([[pays] * 2, [0, 0]])).all()
            worth = (1 - discount) * np.array([0.0, 3.0])
            first = worth + ((1 - discount) * -1 + discount * (1 - discount) * 3 if pays else 0)
            assert solution.values[0] == pytest.approx(np.stack([first, worth]))


def of_two_rows(table):
    """What the row player of a zero-sum table of two rows guarantees: where two of the lines that columns draw meet."""
    shares = [0.0, 1.0]
    for one, other in combinations(table.T, 2):
        slopes = (other[0] - other[1]) - (one[0] - one[1])
        shares += [share for share in [(one[1] - other[1]) / slopes] if 0 < share < 1]
    return max((share * table[0] + (1 - share) * table[1]).min() for share in shares)


@pytest.mark.skipif(not LARGE, reason="a linear programme is solved for a second; two rows are solved by hand above")
def test_two_rows_are_worth_what_a_linear_programme_says():
    from scipy.optimize import linprog

    for m in np.random.default_rng(5).normal(size=(180, 2, 3)):
        bounds = [(0, None)] * 2 + [(None, None)]
        found = linprog([0, 0, -1], np.c_[-m.T, np.ones(3)], np.zeros(3), [[1, 1, 0]], [1], bounds).x[-1]
        assert of_two_rows(m) == pytest.approx(found, abs=1e-9)


class TestZeroSum:
    @pytest.mark.parametrize("discount", [0.2, 0.5, 0.9])
    def test_big_match_is_worth_one_half_at_every_discount_factor(self, discount):
        # Blackwell and Ferguson (1968); Filar and Vrieze (1997), example 5.1.2: the value is 1/2, the second player
        # mixes evenly, the first stops with probability (1 - δ) / (2 - δ).
        found = solve_stationary(big_match(discount))
        assert found.verdict == CERTIFIED
        assert found.values[:, 0] == pytest.approx([0.5, -0.5])
        row = int(np.flatnonzero(found.policy.places == 0)[0])
        first, second = (x[:, row] for x in found.policy.mixed)
        assert first == pytest.approx([(1 - discount) / (2 - discount), 1 / (2 - discount)])
        assert second == pytest.approx([0.5, 0.5])

    @pytest.mark.parametrize("discount", few([0.5, 0.3, 0.95], 2))
    def test_herings_example_has_the_value_that_no_rational_number_is(self, discount):
        # exm1.m, "Example in Herings's paper", of the data to Dang, Herings and Li (2022), INFORMS Journal on Computing
        # 34(3), 1403-1418, who compute it beside the procedure of Herings and Peeters (2004): 1 or 3 where both do the
        # same, which goes on; nothing, for ever, where they do not. Not normalised, the value v is that of the matrix
        # game of 1 + δv and 3 + δv on the diagonal, so that (2 - δ) δ v² + 4 (1 - δ) v = 3; (2√13 - 4) / 3 for 1/2.
        rewards, stays = [[[1, 0], [0, 3]], [[0, 0], [0, 0]]], np.zeros((2, 2, 2, 2))
        stays[0, :, :, 0], stays[0, :, :, 1], stays[1, :, :, 1] = np.eye(2), 1 - np.eye(2), 1.0
        value = max(np.roots([(2 - discount) * discount, 4 * (1 - discount), -3]))
        assert discount != 0.5 or value == pytest.approx((2 * np.sqrt(13) - 4) / 3)
        game = zero_sum(rewards, stays, discount)
        for found in (solve_stationary(game), solve_smoothed(game)):
            assert found.verdict == CERTIFIED
            assert found.values[:, 0] == pytest.approx([(1 - discount) * value, -(1 - discount) * value])
            odds = found.policy.at(0, 0)[0]
            assert odds[0] == pytest.approx((3 + discount * value) / (4 + 2 * discount * value))

    def test_every_zero_sum_game_has_shapleys_one_value(self):
        # Shapley (1953): the value is the one fixed point of the operator that solves each state's matrix game.
        rng = np.random.default_rng(5)
        for _ in range(2 if LARGE else 1):
            rewards, moves = rng.normal(size=(3, 2, 3)), rng.dirichlet(np.ones(3), size=(3, 2, 3))
            value = np.zeros(3)
            for _ in range(60):
                matrices = 0.3 * rewards + 0.7 * moves @ value
                value = np.array([of_two_rows(m) for m in matrices])
            game = zero_sum(rewards, moves, 0.7)
            for found in (solve_stationary(game), solve_smoothed(game)):
                assert found.verdict == CERTIFIED
                assert found.values == pytest.approx(np.stack([value, -value]), abs=1e-7)


class TestSorin:
    @pytest.mark.parametrize("discount", few([0.1, 0.5, 0.9], 2))
    def test_one_half_and_two_thirds_are_the_only_equilibrium_payoffs_at_every_discount_factor(self, discount):
        # Sorin (1986), Asymptotic properties of a non-zero sum stochastic game, International Journal of Game Theory
        # 15(2), 101-107: the first player ends the game by its second action. The game is exm4.m of the data to Dang,
        # Herings and Li (2022). The first is indifferent where the second mixes evenly, the second where the first
        # ends it with a probability p for which (1 - δ) (1 - p) + δ (1 - p) w = 2p + δ (1 - p) w, with w its value.
        game = absorbing([[[1, 0], [0, 1]], [[0, 1], [2, 0]]], [[True, True], [False, False]], discount)
        for found in (solve_stationary(game), solve_smoothed(game)):
            assert found.verdict == CERTIFIED
            assert found.values[:, 0] == pytest.approx([1 / 2, 2 / 3])
            first, second = found.policy.at(0, 0)
            assert second == pytest.approx([0.5, 0.5])
            assert first[1] == pytest.approx((1 - discount) / (3 - discount))


class TestDirectional:
    @pytest.mark.parametrize(("places", "count"), [(2, 3), (3, 127)])
    def test_leapfrogging_has_as_many_equilibria_as_were_published(self, places, count):
        # Iskhakov, Rust and Schjerning (2016): simultaneous moves, 127 equilibria with three costs.
        game = Leapfrogging(places)
        found = search(len(game.rows), game.solve, cap=5)
        assert (found.count, found.complete, len(found.equilibria)) == (count, True, min(5, count))
        assert found.left_out == max(0, count - 5)

    @pytest.mark.skipif(not LARGE, reason="takes two seconds; with two and with three costs the same is asked")
    def test_leapfrogging_with_four_costs_has_46707_equilibria(self):
        game = Leapfrogging(4)
        found = search(len(game.rows), game.solve, cap=0, budget=10**6)
        assert (found.count, found.complete) == (46_707, True)

    def test_a_budget_that_is_too_small_is_said(self):
        game = Leapfrogging(3)
        found = search(len(game.rows), game.solve, budget=40)
        assert not found.complete and 0 < found.count < 127


def planned(rewards, moves, beta, periods, ends):
    """Values and best actions of every period by Bellman's equation, backwards from what the ends are worth."""
    values, best = [ends], []
    for _ in range(periods):
        worth = rewards + beta * moves @ values[0]
        values, best = [worth.max(axis=1), *values], [worth.argmax(axis=1), *best]
    return np.array(values), np.array(best)


def improved(rewards, moves, beta):
    """Values and actions at which Howard's improvement of policies (1960) ends."""
    states = np.arange(len(rewards))
    best = rewards.argmax(axis=1)
    while True:
        value = np.linalg.solve(np.eye(len(rewards)) - beta * moves[states, best], rewards[states, best])
        better = (rewards + beta * moves @ value).argmax(axis=1)
        if (better == best).all():
            return value, best
        best = better


@pytest.mark.skipif(not LARGE, reason="QuantEcon loads for two seconds; its answers are asked of what is written out")
def test_what_is_written_out_here_is_what_quantecon_finds():
    from quantecon.markov import DiscreteDP
    from quantecon.markov.ddp import backward_induction

    rng = np.random.default_rng(3)
    rewards, moves, ends = rng.normal(size=(5, 4)), rng.dirichlet(np.ones(5), size=(5, 4)), rng.normal(size=5)
    for own, theirs in zip(
        planned(rewards, moves, 0.8, 6, ends), backward_induction(DiscreteDP(rewards, moves, 0.8), 6, ends), strict=True
    ):
        assert own == pytest.approx(theirs)
    rng = np.random.default_rng(4)
    rewards, moves = rng.normal(size=(6, 3)), rng.dirichlet(np.ones(6), size=(6, 3))
    best = DiscreteDP(rewards, moves, 0.9).solve(method="policy_iteration")
    value, policy = improved(rewards, moves, 0.9)
    assert value == pytest.approx(best.v) and np.array_equal(policy, best.sigma)


class TestOneDecisionMaker:
    def test_finite_horizon_is_plain_dynamic_programming(self):
        rng = np.random.default_rng(3)
        rewards, moves = rng.normal(size=(5, 4)), rng.dirichlet(np.ones(5), size=(5, 4))
        ends, beta = rng.normal(size=5), 0.8
        # Two more players are there, and held.
        payoffs = np.zeros((5, 3, 4, 2, 2))
        payoffs[:, 0] = rewards[:, :, None, None]
        full = np.broadcast_to(moves[:, :, None, None], (5, 4, 2, 2, 5))
        game = by_state(payoffs, full, [beta] * 3, periods=6, terminal=0.0).hold({1: 1, 2: 0})
        ended = StagedGame(
            game.stage, game.moves, game.discounts, 6, terminal=(1 - beta) * np.stack([ends] * 3), held=game.held
        )
        solution = solve_markov(ended)
        values, policy = planned(rewards, moves, beta, 6, ends)
        assert solution.values[0] == pytest.approx((1 - beta) * values[:6])
        assert np.array_equal(solution.policy.profiles, policy * 4 + 2)
        assert certify(ended, solution.policy).epsilon <= 1e-12

    def test_stationary_play_is_policy_iteration(self):
        rng = np.random.default_rng(4)
        rewards, moves = rng.normal(size=(6, 3)), rng.dirichlet(np.ones(6), size=(6, 3))
        found = solve_stationary(by_state(rewards[:, None], moves, [0.9]))
        value, policy = improved(rewards, moves, 0.9)
        assert found.verdict == CERTIFIED
        assert np.array_equal(found.policy.profiles[0], policy)
        assert found.values[0] == pytest.approx(0.1 * value)


class TestAgainstSgamesolver:
    """With one discount factor for all, both follow the same logit curve, so they must end at the same equilibrium."""

    @pytest.mark.parametrize("record", few(RECORDED, 3), ids=lambda r: f"{r['states']}x{r['shape']}")
    def test_its_strategies_are_certified_and_our_path_ends_at_them(self, record):
        discounts = np.array(record["discounts"])
        game = by_state(np.array(record["payoffs"]), np.array(record["transitions"]), discounts)
        odds = np.array(record["strategies"])
        mixed = tuple(odds[:, i, :count].T / odds[:, i, :count].sum(axis=1) for i, count in enumerate(record["shape"]))
        theirs = Policy(np.full((1, record["states"]), -1), np.arange(record["states"]), mixed)
        judged = certify_stationary(game, theirs)
        assert judged.share <= 1e-5
        assert judged.values[:, 0].T == pytest.approx(np.array(record["values"]) * (1 - discounts), abs=1e-5)
        ours = solve_smoothed(game)
        assert ours.verdict == CERTIFIED
        # It stops at a finite rationality, where a probability can still be some hundredths from the limit.
        assert ours.values == pytest.approx(judged.values[:, 0], abs=1e-3)
        for state in range(record["states"]):
            for x, y in zip(ours.policy.at(0, state), mixed, strict=True):
                assert np.array_equal(x > 0, y[:, state] > 1e-3)
                assert x == pytest.approx(y[:, state], abs=0.06)
