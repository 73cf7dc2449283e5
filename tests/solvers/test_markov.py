"""Markov-perfect equilibrium: limits, laws, bounds, rules, and the certificate over many states and years."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from budgets import LARGE, tries
from hypothesis import given, settings
from hypothesis import strategies as st
from staged_games import DILEMMA, by_state, repeated, sample_of, triads

from triangle.games.normal_form import is_nash, margins
from triangle.games.staged import Move, Policy, StagedGame, remembering, replace_game
from triangle.solvers.agreements import agreement_proof
from triangle.solvers.markov.backward import solve_markov
from triangle.solvers.markov.bounds import bounds
from triangle.solvers.markov.certificate import certify
from triangle.solvers.markov.directional import all_markov
from triangle.solvers.markov.forward import course
from triangle.solvers.markov.stage import RULES, choose, kept_by, status_quo, unlisted
from triangle.solvers.markov.stationary import CYCLES, VERDICTS, solve_stationary

FEW = settings(max_examples=tries(15), deadline=None)
HUNT = np.array([[[9.0, 0], [8, 7]], [[9, 8], [0, 7]]])


@pytest.fixture(scope="module")
def batch():
    """Forty games of 18 states over five years, with their solution."""
    game = triads(1, 40)
    return game, solve_markov(game)


class TestLimits:
    def test_without_a_future_every_state_plays_its_static_equilibrium(self):
        game = triads(2, 10)
        blind = replace_game(game, discounts=0 * game.discounts)
        solution = solve_markov(blind)
        for period in range(game.periods):
            payoffs = game.payoffs(period).reshape(3, 4, 4, 4, -1)
            static = choose(payoffs, RULES["margin"], np.zeros(payoffs.shape[-1], dtype=int))
            assert np.array_equal(solution.policy.profiles[period].ravel(), static.profiles)

    def test_where_nothing_moves_and_nothing_grows_every_year_is_the_static_game(self):
        game = triads(3, 10, levels=(2,), periods=1)
        frozen = StagedGame(lambda _: game.payoffs(0), [Move.still((4, 4, 4), 2)], game.discounts, 4, samples=(10,))
        solution = solve_markov(frozen)
        assert (solution.policy.profiles == solution.policy.profiles[0]).all()
        assert (np.abs(solution.values - solution.values[:, :1]) <= 1e-12).all()

    def test_a_point_is_the_same_point_in_a_batch(self, batch):
        game, solution = batch
        for sample in (0, 7, 39):
            alone = solve_markov(sample_of(game, sample))
            assert np.array_equal(alone.policy.profiles, solution.policy.profiles[..., sample])
            assert np.abs(alone.values - solution.values[..., sample]).max() <= 1e-12

    def test_a_long_horizon_approaches_stationary_play_at_the_rate_of_the_discount_factor(self):
        rng = np.random.default_rng(6)
        rewards, moves = rng.normal(size=(4, 1, 3)), rng.dirichlet(np.ones(4), size=(4, 3))
        for_ever = solve_stationary(by_state(rewards, moves, [0.8])).values
        gaps = [
            np.abs(solve_markov(by_state(rewards, moves, [0.8], periods, terminal=0.0)).values[:, 0] - for_ever).max()
            for periods in (5, 10, 20, 40)
        ]
        first = np.abs(for_ever).max()
        assert all(gap <= first * 0.8**periods + 1e-12 for gap, periods in zip(gaps, (5, 10, 20, 40), strict=True))


class TestCertificate:
    def test_no_deviation_gains_in_many_thousand_states_and_years(self):
        # 18 states, 6 years and what is played for ever, 850 games: 107 100 stage games.
        game = triads(11, 850 if LARGE else 100, periods=6, noise=0.12)
        solution = solve_markov(game)
        certificate = certify(game, solution.policy)
        assert certificate.gains[0].size > (100_000 if LARGE else 10_000)
        assert certificate.epsilon <= solution.epsilon + 1e-9 * certificate.span
        assert np.abs(certificate.values - solution.values).max() <= 1e-9 * certificate.span
        assert 0 < solution.shares["none"] < 0.1 < solution.shares["one"]

    def test_a_policy_that_is_no_equilibrium_is_found_out_where_it_fails(self, batch):
        game, solution = batch
        profiles = solution.policy.profiles.copy()
        period, state, sample = (int(k[0]) for k in np.nonzero(solution.count == 1))
        profiles[period, state, sample] ^= 1  # the third player does something else
        broken = certify(game, Policy(profiles, solution.policy.places, solution.policy.mixed))
        assert broken.gains[2, period, state, sample] > 1e-6

    def test_a_policy_of_another_shape_is_refused(self, batch):
        game, solution = batch
        with pytest.raises(ValueError, match="is none of this game"):
            certify(game, Policy(solution.policy.profiles[1:], solution.policy.places, solution.policy.mixed))


class TestBounds:
    def test_they_contain_every_equilibrium_that_the_search_lists(self):
        game = triads(21, 8, levels=(2,), periods=2, noise=0.05, common=0.7)
        several = 0
        for sample in range(8 if LARGE else 3):
            one = sample_of(game, sample)
            found, outer = all_markov(one, cap=100, budget=400), bounds(one)
            several += found.count > 1
            for policy, values in zip(found.policies, found.values, strict=True):
                assert (outer.low[:, 0] - 1e-9 <= values).all() and (values <= outer.high[:, 0] + 1e-9).all()
                flat = outer.candidates.reshape(len(outer.candidates), 64, -1)
                assert np.take_along_axis(flat, policy.profiles[:, None], axis=1).all()
        assert several >= 3

    def test_they_contain_the_solution_and_are_often_exact(self):
        game = triads(22, 40, noise=0.02, common=0.15)
        solution = solve_markov(game)
        outer = bounds(game)
        assert (outer.low <= outer.high + 1e-12).all()
        inside = (outer.low - 1e-9 <= solution.values) & (solution.values <= outer.high + 1e-9)
        # A state that mixes although some selection would give it a pure equilibrium is outside what they cover.
        pure = (solution.policy.profiles >= 0).all(axis=(0, 1))
        assert pure.sum() >= 5 and inside[..., pure].all()
        # In what is played for ever there is nothing ahead: one equilibrium, one value.
        assert (outer.width[:, -1][:, solution.count[-1] == 1] == 0).all()
        assert (outer.width[:, -1][:, solution.count[-1] > 1] > 0).any()

    def test_play_is_undecided_only_where_kinds_differ(self):
        meet = repeated(np.array([np.diag([2.0, 1.0])] * 2), 3, [0.5, 0.5])
        assert bounds(meet).undecided(meet, 0, [[0, 1], [2, 3]]).all()
        assert not bounds(meet).undecided(meet, 0, [[0, 0], [0, 0]]).any()
        dilemma = repeated(DILEMMA, 3, [0.5, 0.5])
        assert not bounds(dilemma).undecided(dilemma, 0, [[0, 1], [2, 3]]).any()


class TestRules:
    def test_each_rule_picks_its_equilibrium_of_the_stag_hunt(self):
        hunt = repeated(HUNT, 1, [0.5, 0.5])
        picked = {name: int(solve_markov(hunt, rule).policy.profiles[0, 0]) for name, rule in RULES.items()}
        largest = 0 if margins(HUNT)[0, 0] > margins(HUNT)[1, 1] else 3
        # To hunt together asks for more trust than counts, so that no agreement breaks either of the two.
        assert agreement_proof(HUNT)[[0, 1], [0, 1]].all()
        assert picked == {"margin": largest, "risk": 3, "payoff": 0, "agreements": largest}

    def test_the_status_quo_stays_where_it_is_an_equilibrium(self):
        kinds = np.array([[0, 1], [2, 3]])
        hunt = remembering(repeated(HUNT, 3, [0.5, 0.5]), kinds)
        solution = solve_markov(hunt, status_quo(hunt.levels, kinds))
        # Started from (0, 0) they go on hunting; from (1, 1) they go on alone; else the largest margin decides.
        assert solution.policy.profiles[:, 0].tolist() == [0, 0, 0]
        assert solution.policy.profiles[:, 3].tolist() == [3, 3, 3]
        assert solution.silent[:, [1, 2]].all() and not solution.silent[:, [0, 3]].any()
        assert certify(hunt, solution.policy).epsilon == 0.0

    def test_a_set_given_by_the_caller_is_kept_and_silence_is_counted(self):
        hunt = repeated(HUNT, 2, [0.5, 0.5])
        only = np.array([[False, False], [False, True]])[..., None]
        kept = solve_markov(hunt, kept_by(lambda payoffs: np.broadcast_to(only, payoffs.shape[1:])))
        assert kept.policy.profiles.ravel().tolist() == [3, 3] and not kept.silent.any()
        nothing = solve_markov(hunt, kept_by(lambda payoffs: np.zeros(payoffs.shape[1:], dtype=bool)))
        assert nothing.silent.all() and (nothing.policy.profiles == solve_markov(hunt).policy.profiles).all()

    @pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
    def test_whatever_the_rule_what_is_played_is_an_equilibrium(self, rule):
        game = triads(5, 12)
        solution = solve_markov(game, rule)
        assert certify(game, solution.policy).epsilon <= solution.epsilon + 1e-8

    def test_every_choice_is_one_of_the_pure_equilibria(self):
        payoffs = np.random.default_rng(0).normal(size=(2, 3, 3, 60))
        for rule in RULES.values():
            chosen = choose(payoffs, rule, np.zeros(60, dtype=int))
            stable = is_nash(payoffs).reshape(9, -1)
            pure = np.flatnonzero(chosen.profiles >= 0)
            assert stable[chosen.profiles[pure], pure].all()
            assert np.array_equal(chosen.count, stable.sum(axis=0))
            assert (chosen.regret <= 1e-8).all()

    def test_games_of_more_profiles_than_a_mask_holds_are_solved_alike(self):
        rng = np.random.default_rng(1)
        wide = 0.3 * rng.normal(size=(3, 5, 5, 5, 20))
        for player in range(3):
            wide[player] += np.moveaxis(rng.normal(size=(5, 1, 1, 20)), 0, player)
        wide = wide[..., is_nash(wide).any(axis=(0, 1, 2))]
        chosen = choose(wide, RULES["margin"], np.zeros(wide.shape[-1], dtype=int))
        best = np.where(is_nash(wide), margins(wide), -np.inf).reshape(125, -1)
        assert wide.shape[-1] >= 10 and np.array_equal(chosen.profiles, best.argmax(axis=0))

    def test_shares_count_the_stage_games_by_their_pure_equilibria(self):
        pennies = np.array([[[1.0, -1], [-1, 1]], [[-1, 1], [1, -1]]])
        stages = np.stack([HUNT, HUNT, HUNT, DILEMMA, DILEMMA, pennies])
        stay = np.broadcast_to(np.eye(6)[:, None, None], (6, 2, 2, 6))
        solution = solve_markov(by_state(stages, stay, [0.0, 0.0]))
        assert solution.shares == pytest.approx({"none": 1 / 6, "one": 2 / 6, "several": 3 / 6})


class TestUnlisted:
    @pytest.mark.parametrize("seats", [*permutations(range(4))], ids=str)
    def test_two_who_mix_beside_two_with_a_dominant_action_mix_as_if_alone(self, seats):
        # The second fears to be matched at the first's first place: 3 or 1 against 2 or 1, as 2/3 and 1/4 solve it.
        seeker, hider, second, first = seats
        payoffs = np.zeros((4, 2, 2, 2, 2))
        for profile in np.ndindex(2, 2, 2, 2):
            places = [profile[seat] for seat in seats]
            same = places[0] == places[1]
            payoffs[(seeker, *profile)] = same * (1.0 + 2 * (places[0] == 0))
            payoffs[(hider, *profile)] = (not same) * (1.0 + (places[1] == 0))
            payoffs[(second, *profile)] = places[2] + 0.3 * places[0]
            payoffs[(first, *profile)] = -places[3] + 0.2 * places[1]
        mixed, regret = unlisted(payoffs[..., None])
        assert [mixed[seat][0, 0] for seat in (second, first)] == [0.0, 1.0]
        assert mixed[seeker][0, 0] == pytest.approx(2 / 3) and mixed[hider][0, 0] == pytest.approx(1 / 4)
        assert regret[0] <= 1e-12


class TestCourse:
    def test_shares_of_states_and_kinds_are_probabilities_and_changes_add_up(self, batch):
        game, solution = batch
        kinds = np.arange(64).reshape(4, 4, 4) % 5
        found = course(game, solution.policy, 3, kinds)
        assert found.states.sum(axis=1) == pytest.approx(1.0)
        assert found.kinds.sum(axis=1) == pytest.approx(1.0)
        assert found.changes.sum(axis=2) == pytest.approx(found.kinds[:-1])
        assert found.changes.sum(axis=1) == pytest.approx(found.kinds[1:])

    def test_it_agrees_with_drawing_the_course_many_times(self):
        game = triads(8, 1, levels=(3, 2))
        solution = solve_markov(game)
        kinds = np.arange(64).reshape(4, 4, 4) % 3
        found = course(game, solution.policy, 0, kinds)
        rng, draws = np.random.default_rng(0), 4000 if LARGE else 1000
        state = np.zeros(draws, dtype=int)
        for period in range(game.periods):
            mixed = [solution.policy.at(period, s, (0,)) for s in range(game.states)]
            odds = [np.einsum("a,b,c->abc", *x).ravel() for x in mixed]
            profile = np.array([rng.choice(64, p=odds[s] / odds[s].sum()) for s in state])
            share = np.bincount(kinds.ravel()[profile], minlength=3) / draws
            assert np.abs(share - found.kinds[period, :, 0]).max() <= 5 * 0.5 / np.sqrt(draws)
            levels = np.array(np.unravel_index(state, game.levels))
            for v, move in enumerate(game.moves):
                rows = move.at(period)[move.classes.ravel()[profile], levels[v], :, 0]
                levels[v] = (rng.random(draws)[:, None] > rows.cumsum(axis=1)).sum(axis=1)
            state = np.ravel_multi_index(levels, game.levels)

    def test_the_hazard_is_the_chance_of_turning_given_that_it_has_not(self):
        # One player, who always plays 0 in state 0 and 1 in state 1; the state rises with probability 1/4.
        payoffs = np.eye(2)[None]
        move = Move([0, 0], [[[[0.75, 0.25], [0.0, 1.0]]]])
        game = StagedGame(lambda _: payoffs, [move], [0.5], periods=4, terminal=np.zeros((1, 2)))
        found = course(game, solve_markov(game).policy, 0, [0, 1])
        assert found.hazard(1) == pytest.approx([0.25] * 3)
        assert np.isnan(course(game, solve_markov(game).policy, 1, [0, 1]).hazard(1)).all()


class TestHolds:
    def test_a_held_player_plays_its_action_in_the_years_it_is_held(self, batch):
        game, _ = batch
        held = game.hold({1: 2}, periods=[0, 1])
        solution = solve_markov(held)
        for period, state, sample in ((0, 0, 0), (1, 5, 3), (1, 17, 39)):
            assert solution.policy.at(period, state, (sample,))[1].tolist() == [0, 0, 1, 0]
        assert certify(held, solution.policy).epsilon <= solution.epsilon + 1e-8
        assert (certify(held, solution.policy).gains[1, :2] == 0).all()
        free = solve_markov(game)
        assert np.array_equal(solution.policy.profiles[2:], free.policy.profiles[2:])

    def test_holding_a_player_to_what_it_plays_anyway_changes_nothing(self):
        game = repeated(DILEMMA, 4, [0.9, 0.9])
        assert np.array_equal(solve_markov(game.hold({0: 1})).values, solve_markov(game).values)


class TestStationary:
    def test_verdicts_are_what_the_certificate_says(self):
        count = 12 if LARGE else 5
        game = triads(31, count, levels=(2, 2), periods=1, noise=0.25)
        found = solve_stationary(game, rounds=60)
        span = np.ptp(game.payoffs(0).reshape(3, -1, count), axis=1).max(axis=0)
        named = np.array(VERDICTS)[found.verdict]
        assert ((found.epsilon <= 1e-9 * span) == (named == "certified")).all()
        assert (named == "certified").mean() > 0.5

    def test_value_iteration_that_goes_round_is_called_cycling(self):
        # What is best today depends on whether the future is good, and the future is good only if it is not done.
        payoffs = np.array([[[[0.0, 0.0], [0.4, 0.0]]]])[0]
        both = np.array([[[[0.0, 1.0], [1.0, 0.0]], [[1.0, 0.0], [1.0, 0.0]]]])
        game = StagedGame(lambda _: payoffs, [Move([0, 1], both)], [0.9], periods=1)
        found = solve_stationary(game)
        assert VERDICTS[int(found.verdict)] == "certified"  # one decision maker never cycles
        cut_short = solve_stationary(triads(31, 12, levels=(2, 2), periods=1, noise=0.25), rounds=1)
        assert (cut_short.verdict[cut_short.epsilon > 1e-3] == CYCLES).all()


class TestLaws:
    @FEW
    @given(st.integers(0, 10**6), st.permutations(range(3)))
    def test_renamed_players_play_the_same_under_their_new_names(self, seed, seats):
        game = triads(seed, 2, levels=(2, 2), periods=3, noise=0.2, actions=(2, 3, 2))
        axes = [1 + i for i in seats]
        actions = [game.actions[i] for i in seats]
        renamed = StagedGame(
            lambda t: game.payoffs(t)[list(seats)].transpose(0, *axes, 4, 5),
            [Move(m.classes.transpose(seats), m.chances) for m in game.moves],
            game.discounts[list(seats)],
            game.periods,
            samples=(2,),
        )
        before, after = solve_markov(game), solve_markov(renamed)
        unique = (before.count == 1).all(axis=(0, 1))
        assert after.values[..., unique] == pytest.approx(before.values[list(seats)][..., unique], abs=1e-12)
        profiles = before.policy.profiles[..., unique]
        moved = np.ravel_multi_index([np.unravel_index(profiles, game.actions)[i] for i in seats], actions)
        assert np.array_equal(after.policy.profiles[..., unique], moved)

    @FEW
    @given(st.integers(0, 10**6))
    def test_renamed_states_change_nothing(self, seed):
        rng = np.random.default_rng(seed)
        payoffs, moves = rng.normal(size=(4, 2, 2, 3)), rng.dirichlet(np.ones(4), size=(4, 2, 3))
        order = rng.permutation(4)
        plain = solve_markov(by_state(payoffs, moves, [0.9, 0.5], periods=3))
        named = solve_markov(by_state(payoffs[order], moves[order][..., order], [0.9, 0.5], periods=3))
        assert named.values == pytest.approx(plain.values[:, :, order], abs=1e-9)

    @FEW
    @given(st.integers(0, 10**6), st.sampled_from([0.5, 2.0, 1024.0]))
    def test_payoffs_in_another_unit_change_values_only(self, seed, unit):
        game = triads(seed, 2, levels=(2,), periods=3, noise=0.2)
        scaled = replace_game(game, stage=lambda t: unit * game.payoffs(t))
        before, after = solve_markov(game), solve_markov(scaled)
        assert np.array_equal(before.policy.profiles, after.policy.profiles)
        assert after.values == pytest.approx(unit * before.values, rel=1e-9)
