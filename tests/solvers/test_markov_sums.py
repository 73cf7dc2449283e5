"""The largest margin from sums: what is played is what the payoffs, written down, say; to the bit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from budgets import LARGE, few, tries
from hypothesis import given, settings
from hypothesis import strategies as st
from staged_games import triads

from triangle.games.bitboards import equilibrium_masks, pack
from triangle.games.staged import Addend, Move, Part, StagedGame, Sums
from triangle.model.model import read_model
from triangle.scenarios.path import read_path
from triangle.solvers.markov.backward import _stages, lookahead, solve_markov
from triangle.solvers.markov.certificate import certify
from triangle.solvers.markov.stage import by_margin
from triangle.solvers.markov.sums import _candidates
from triangle.study.course import Worlds, one_world, staged_game


def dense(payoffs, stable, states):
    """The same rule under another name, by which all payoffs are written down."""
    return by_margin(payoffs, stable, states)


def assert_same(game, tolerance=1e-9):
    quick, slow = solve_markov(game, tolerance=tolerance), solve_markov(game, dense, tolerance)
    for one, other in (
        (quick.policy.profiles, slow.policy.profiles), (quick.policy.places, slow.policy.places),
        (quick.values, slow.values), (quick.count, slow.count), (quick.silent, slow.silent),
        (quick.regret, slow.regret), *zip(quick.policy.mixed, slow.policy.mixed, strict=True),
    ):  # fmt: skip
        assert one.shape == other.shape and one.tolist() == other.tolist()
    return quick


def in_parts(seed, actions=(3, 2, 4), levels=(3, 2), samples=4, periods=3, whole_numbers=False):
    """A game whose payoffs are sums of a part of one variable, one of the other, and one of the world alone."""
    rng = np.random.default_rng(seed)
    profiles = int(np.prod(actions))

    def draw(shape):
        return rng.integers(0, 3, shape).astype(float) if whole_numbers else rng.normal(size=shape)

    def part(axes, count):
        return Part([draw(axes) for _ in range(count)], rng.integers(0, count, profiles).tolist())

    years = [
        Sums(tuple(
            (part((levels[0], 1, samples), 5), part((1, levels[1], 1), 3), part((1, 1, samples), 7)) for _ in actions
        )) for _ in range(periods)
    ]  # fmt: skip
    triad = triads(seed, samples, levels, 1, actions=actions)
    return StagedGame(years.__getitem__, triad.moves, triad.discounts, periods, (samples,))


class TestSameAsWrittenDown:
    @settings(max_examples=tries(15))
    @given(
        st.integers(0, 2**31), st.sampled_from([0.0, 0.6]), st.sampled_from([(4, 4, 4), (2, 3, 4), (3, 3, 1), (2, 5)])
    )
    def test_random_games_with_payoffs_of_every_state(self, seed, common, actions):
        if len(actions) == 3:
            assert_same(triads(seed, 3, (3, 2), 3, noise=0.8, actions=actions, common=common))
        else:
            rng = np.random.default_rng(seed)
            move = Move(rng.integers(0, 3, actions), rng.dirichlet(np.ones(4), size=(1, 3, 4)))
            assert_same(StagedGame.of(rng.normal(size=(4, 2, *actions, 4)), [move], [0.7, 0.9]))

    @settings(max_examples=15 if LARGE else 2)
    @given(st.integers(0, 2**31), st.booleans())
    def test_random_games_in_parts_also_with_ties(self, seed, whole_numbers):
        assert_same(in_parts(seed, whole_numbers=whole_numbers))

    @pytest.mark.parametrize("held", [{0: 2}, {1: 0, 2: 3}, {0: 1, 1: 1, 2: 1}], ids=str)
    def test_players_held_in_some_years(self, held):
        found = assert_same(in_parts(8).hold(held, [0, 2]))
        profiles = np.array(np.unravel_index(np.maximum(found.policy.profiles[[0, 2]], 0), (3, 2, 4)))
        pure = found.policy.profiles[[0, 2]] >= 0
        assert all((profiles[player][pure] == action).all() for player, action in held.items())

    @pytest.mark.parametrize("gap", [0.0, 1e-9, 1e-9 + 1e-15, 1e-9 - 1e-15, -1e-9, 2e-9])
    def test_gains_of_the_tolerance_itself(self, gap):
        stage = np.zeros((2, 2, 2, 2))
        stage[0, 1, :, 1] = gap
        stage[1, :, 1, 1] = -gap
        assert_same(StagedGame(lambda _: stage, [Move.still((2, 2), 2)], [0.0, 0.0], 1))

    @pytest.mark.parametrize("gap", [1e-12, 1e-9, 1e-7, 1e-6, 1e-5])
    def test_payoffs_and_margins_that_single_precision_cannot_tell_apart(self, gap):
        # Two equilibria of a game of coordination, whose margins part by the gap, beside actions that nearly tie.
        stage = np.zeros((2, 3, 3, 3))
        stage[:, 0, 0], stage[:, 1, 1], stage[:, 2, 2] = 1000.0, [1000.0 - gap, 1000.0, 1000.0 + gap], -gap
        stage[:, 2, 0] = stage[:, 0, 2] = 1000.0 - gap
        assert_same(StagedGame(lambda _: stage, [Move.still((3, 3), 3)], [0.0, 0.0], 1))
        later = StagedGame(lambda _: stage, [Move.still((3, 3), 3)], [0.9, 0.3], 4, terminal=stage[:, 0, 0] * gap)
        assert_same(later)

    @settings(max_examples=3 if LARGE else 1)
    @given(st.integers(0, 2**31), st.sampled_from([(3, 4, 3), (2, 5, 3)]))
    def test_leads_are_off_by_no_more_than_they_say_and_sets_hold_every_equilibrium(self, seed, actions):
        # Where all payoffs differ hardly a game is in doubt; where parts have rows in common many are.
        self.assert_leads(in_parts(seed, actions), 1.0)
        self.assert_leads(triads(seed, 20, (3, 2), 3, noise=0.8, actions=actions, common=0.6), 0.1)

    @staticmethod
    def assert_leads(game, most):
        actions = game.actions
        found = solve_markov(game)
        stages = _stages(game, 1, found.values[:, 2])
        possible, doubt, rough = _candidates(stages, 1e-9)
        none = np.zeros(doubt.size, dtype=bool)
        sets = pack(np.stack([possible.get(k, none).reshape(-1) for k in range(int(np.prod(actions)))]))
        payoffs = lookahead(game, 1, found.values[:, 2]).reshape(3, *actions, -1)
        exact = equilibrium_masks(payoffs, 1e-9)
        assert ((sets | exact) == sets).all() and (sets == exact)[~doubt].all() and doubt.mean() <= most
        for profile in range(int(np.prod(actions))):
            cells = np.flatnonzero((exact >> np.uint64(profile) & np.uint64(1) != 0) & ~doubt)
            place = np.unravel_index(profile, actions)
            for player, lead in enumerate(rough):
                own = np.delete(np.moveaxis(payoffs[player][..., cells], player, 0), place[player], axis=0)
                others = own[(slice(None), *(a for i, a in enumerate(place) if i != player))]
                gap = payoffs[(player, *place)][cells] - others.max(axis=0)
                said = np.broadcast_to(lead.of(profile), stages.shape).reshape(-1)[cells]
                assert (np.abs(said - gap) <= lead.error).all()

    @pytest.mark.parametrize("scale", few([1e-40, 1e-9, 1.0, 1e45, 1e12], 3))
    def test_in_any_unit(self, scale):
        game = in_parts(3)
        scaled = replace_stage(game, scale)
        assert_same(scaled, tolerance=1e-9 * scale)

    @pytest.mark.parametrize("name", ["path_baseline", "path_europe"])
    def test_shipped_paths(self, name):
        model = read_model()
        path = read_path(name, model).finer(3).until(2030)
        values = one_world(path)
        rng = np.random.default_rng(1)
        worlds = Worlds({n: np.repeat(x, 6) for n, x in values.values.items()},
                        {u.name: rng.uniform(u.low, u.high, 6) for u in path.uncertain})  # fmt: skip
        found = assert_same(staged_game(path, model, worlds))
        assert (found.count > 1).any()

    def test_more_profiles_than_a_mask_holds_are_written_down(self):
        game = triads(2, 2, (2, 2), 2, actions=(5, 4, 4))
        assert_same(game)
        assert certify(game, solve_markov(game).policy).share <= 1e-9


def replace_stage(game, scale):
    def stage(period):
        own = [[Part([row * scale for row in part.rows], part.row_of) for part in some] for some in game.parts(period)]
        return Sums(tuple(map(tuple, own)))

    return replace(game, stage=stage)


class TestParts:
    def test_payoffs_looked_up_are_those_written_down(self):
        game = in_parts(4)
        shape = (*game.levels, *game.samples)
        whole = game.payoffs(1).reshape(3, -1, int(np.prod(shape)))
        for own, parts in zip(whole, game.parts(1), strict=True):
            laid = [Addend.of(part, shape) for part in parts]
            profiles, cells = (np.arange(size) for size in own.shape)
            total = laid[0].at(profiles[:, None], laid[0].places(cells))
            for addend in laid[1:]:
                total += addend.at(profiles[:, None], addend.places(cells))
            assert total.tolist() == own.tolist()

    def test_a_certificate_from_parts_is_the_one_from_payoffs(self):
        game = in_parts(6)
        written = StagedGame.of([game.payoffs(t) for t in range(game.periods)], game.moves, game.discounts)
        policy = solve_markov(game).policy
        one, other = certify(game, policy), certify(written, policy)
        assert one.gains.tolist() == other.gains.tolist() and one.values.tolist() == other.values.tolist()
        ranges = [np.ptp(game.payoffs(t).reshape(3, -1, *game.samples), axis=1).max() for t in range(game.periods)]
        assert one.span == other.span == max(ranges)
