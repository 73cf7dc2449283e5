"""Order of moves: published games, brute force over strategies, and invariances."""

import itertools

import numpy as np
import pytest
from budgets import tries
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from triangle.games.normal_form import NormalFormGame, is_nash
from triangle.games.solution import Equilibrium, Solution
from triangle.solvers.sequential import (
    all_orders,
    first_mover_table,
    solve_sequential,
    stages_of,
    subgame_perfect,
)

ORDERS_OF_THREE = list(all_orders(3))
FEW = settings(max_examples=tries(40), deadline=None)
TIED_GAMES = hnp.arrays(np.float64, (3, 2, 2, 2), elements=st.integers(0, 2).map(float))
GAMES = hnp.arrays(np.float64, (3, 2, 3, 2), elements=st.integers(0, 5).map(float))
#: Who is last to pick a matching action wins; the outsider only watches, and prefers to avoid the fight.
PENNIES = np.array([[1.0, -1.0], [-1.0, 1.0]])


def brute_force(payoffs, order):
    """Outcomes of all pure subgame-perfect equilibria, by trying every strategy profile in every subgame."""
    n, actions = payoffs.shape[0], payoffs.shape[1:]
    stage_of = {player: k for k, stage in enumerate(order) for player in stage}
    histories = [
        [
            dict(zip(sum(order[:k], ()), play, strict=True))
            for play in itertools.product(*(range(actions[i]) for i in sum(order[:k], ())))
        ]
        for k in range(len(order))
    ]
    nodes = [(i, tuple(sorted(h.items()))) for i in range(n) for h in histories[stage_of[i]]]

    def play(strategy, start, deviation=None):
        done = dict(start)
        for stage in order:
            if stage[0] in done:
                continue
            known = tuple(sorted(done.items()))
            for i in stage:
                done[i] = deviation[1] if deviation and deviation[0] == i else strategy[(i, known)]
        return tuple(done[i] for i in range(n))

    outcomes = set()
    for choice in itertools.product(*(range(actions[i]) for i, _ in nodes)):
        strategy = dict(zip(nodes, choice, strict=True))
        if all(
            payoffs[(i, *play(strategy, start))] >= payoffs[(i, *play(strategy, start, (i, b)))]
            for histories_of_stage in histories
            for start in histories_of_stage
            for i in range(n)
            if i not in start
            for b in range(actions[i])
        ):
            outcomes.add(play(strategy, {}))
    return outcomes


def solve_two_by_two(game):
    """All equilibria of a generic two-player game with two actions each, in closed form."""
    u = game.payoffs
    found = [
        Equilibrium(tuple(tuple(float(b == a) for b in range(2)) for a in p), tuple(u[(slice(None), *p)]), 0.0)
        for p in map(tuple, np.argwhere(is_nash(u)).tolist())
    ]
    row = u[0, 0] - u[0, 1]
    column = u[1, :, 0] - u[1, :, 1]
    if row[0] * row[1] < 0 and column[0] * column[1] < 0:
        q, p = row[1] / (row[1] - row[0]), column[1] / (column[1] - column[0])
        mixed = (np.array([p, 1 - p]), np.array([q, 1 - q]))
        values = tuple(float(mixed[0] @ u[i] @ mixed[1]) for i in range(2))
        found.append(Equilibrium(tuple(tuple(map(float, m)) for m in mixed), values, 0.0))
    return Solution("closed form", "complete", tuple(found))


class TestPublished:
    def test_incumbent_of_the_chain_store_stage_cannot_deter_entry(self):
        # Selten (1978), The chain store paradox, Theory and Decision 9, p. 127-159, figure 1.
        game = NormalFormGame([[[1, 1], [2, 0]], [[5, 5], [2, 0]]])
        solution = solve_sequential(game, [0, 1])
        assert solution.profiles == ((1, 0),)
        assert solution.verdict == "complete" and solution.low == solution.high == (2.0, 2.0)

    def test_incumbent_deters_entry_when_it_commits_first(self):
        game = NormalFormGame([[[1, 1], [2, 0]], [[5, 5], [2, 0]]])
        assert solve_sequential(game, [1, 0]).profiles == ((0, 1),)

    def test_stackelberg_leader_makes_half_the_monopoly_output_and_gains_over_cournot(self):
        # von Stackelberg (1934): price 12 - Q, no cost. Cournot 4 and 4 (16 each); leader 6, follower 3 (18 and 9).
        leader, follower = np.arange(13.0)[:, None], np.arange(0, 12.5, 0.5)[None, :]
        price = 12 - leader - follower
        game = NormalFormGame(np.stack([leader * price, follower * price]))
        simultaneous = solve_sequential(game, [(0, 1)])
        assert (4, 8) in simultaneous.profiles
        assert solve_sequential(game, [0, 1]).profiles == ((6, 6),)
        assert solve_sequential(game, [0, 1]).high == (18.0, 9.0)

    def test_matching_pennies_favours_the_second_mover(self):
        game = NormalFormGame(np.stack([PENNIES, -PENNIES]))
        table = first_mover_table(game, mixed=solve_two_by_two)
        assert table.simultaneous.low == pytest.approx((0.0, 0.0))
        assert [table.effect(table.led_by(0)[0], i) for i in (0, 1)] == ["loses", "gains"]
        assert [table.effect(table.led_by(1)[0], i) for i in (0, 1)] == ["gains", "loses"]


class TestTies:
    def test_indifferent_follower_gives_leader_an_optimistic_and_a_pessimistic_value(self):
        # After 0 the follower is indifferent: the leader gets 3 or 0; action 1 is worth 1 for sure.
        game = NormalFormGame([[[3, 0], [1, 1]], [[0, 0], [1, 0]]])
        solution = solve_sequential(game, [0, 1])
        assert solution.profiles == ((0, 0), (1, 0))
        assert (solution.low[0], solution.high[0]) == (1.0, 3.0)

    @FEW
    @given(TIED_GAMES, st.sampled_from(ORDERS_OF_THREE))
    def test_outcomes_are_those_of_brute_force_over_all_strategies(self, payoffs, order):
        solution = solve_sequential(NormalFormGame(payoffs), order)
        expected = brute_force(payoffs, order)
        if solution.gaps:
            assert expected == set()
        else:
            assert solution.verdict == "complete"
            assert set(solution.profiles) == expected

    @FEW
    @given(GAMES, st.permutations(range(3)))
    def test_sole_leader_gets_between_its_weak_and_strong_stackelberg_value(self, payoffs, order):
        solution = solve_sequential(NormalFormGame(payoffs), order)
        leader = order[0]
        after = [
            solve_sequential(NormalFormGame(payoffs).hold({leader: a}), order) for a in range(payoffs.shape[1 + leader])
        ]
        assert solution.low[leader] == max(s.low[leader] for s in after)
        assert solution.high[leader] == max(s.high[leader] for s in after)

    @FEW
    @given(GAMES)
    def test_best_leader_value_is_no_worse_than_any_pure_equilibrium(self, payoffs):
        for leader in range(3):
            others = tuple(i for i in range(3) if i != leader)
            solution = solve_sequential(NormalFormGame(payoffs), [leader, others])
            stable = payoffs[leader][is_nash(payoffs)]
            assert stable.size == 0 or solution.high[leader] >= stable.max()


def with_outsider(stay):
    """Player 0 stays out (the others then have nothing at stake, payoff `stay` for 0) or starts their pennies."""
    payoffs = np.zeros((3, 2, 2, 2))
    payoffs[0, 0] = stay
    payoffs[0, 1] = [[2.0, 0.0], [0.0, 2.0]]
    payoffs[1, 1], payoffs[2, 1] = PENNIES, -PENNIES
    payoffs[1, 0], payoffs[2, 0] = [[1, 1], [0, 0]], [[1, 0], [1, 0]]
    return NormalFormGame(payoffs)


class TestGaps:
    def test_gap_that_matters_is_listed_and_leaves_the_outcome_undecided(self):
        solution = solve_sequential(with_outsider(0.5), [0, (1, 2)])
        assert [(g.history, g.movers, g.filled) for g in solution.gaps] == [(((0, 1),), (1, 2), False)]
        assert solution.verdict == "undecided" and solution.outcomes == ()
        assert [o.profile for o in solution.open_outcomes] == [(0, 0, 0)]
        assert (solution.low[0], solution.high[0]) == (0.0, 2.0)
        assert "1 subgames" in solution.advice and "mixed" in solution.advice

    def test_gap_that_leader_never_enters_leaves_the_outcome_proven(self):
        solution = solve_sequential(with_outsider(2.5), [0, (1, 2)])
        assert len(solution.gaps) == 1
        assert solution.verdict == "complete" and solution.profiles == ((0, 0, 0),)

    @pytest.mark.parametrize(("stay", "expected"), [(0.5, 1.0), (1.5, 1.5)])
    def test_mixed_continuation_decides_what_the_leader_does(self, stay, expected):
        solution = solve_sequential(with_outsider(stay), [0, (1, 2)], mixed=solve_two_by_two)
        assert solution.verdict == "complete" and solution.gaps[0].filled
        assert solution.low[0] == solution.high[0] == pytest.approx(expected)
        entered = solution.outcomes[0]
        if stay < 1.0:
            assert entered.profile is None
            assert dict(entered.lottery) == pytest.approx({(1, a, b): 0.25 for a in (0, 1) for b in (0, 1)})

    def test_solution_vouches_for_no_more_than_the_mixed_solver_does(self):
        def doubtful(game):
            return Solution("closed form", "degenerate", solve_two_by_two(game).equilibria)

        def empty(game):
            return Solution("none", "undecided", ())

        assert solve_sequential(with_outsider(0.5), [0, (1, 2)], mixed=doubtful).verdict == "degenerate"
        without = solve_sequential(with_outsider(0.5), [0, (1, 2)], mixed=empty)
        assert without.verdict == "undecided" and not without.gaps[0].filled and without.outcomes == ()

    def test_first_stage_without_pure_equilibrium_is_filled_for_every_choice_of_the_follower(self):
        # Players 0 and 1 play pennies; the indifferent player 2 doubles the stakes of both or not.
        stakes = np.array([1.0, 2.0])
        payoffs = np.stack([PENNIES[..., None] * stakes, -PENNIES[..., None] * stakes, np.zeros((2, 2, 2))])
        unfilled = solve_sequential(NormalFormGame(payoffs), [(0, 1), 2])
        assert unfilled.verdict == "undecided" and unfilled.gaps[0].history == ()
        filled = solve_sequential(NormalFormGame(payoffs), [(0, 1), 2], mixed=solve_two_by_two)
        assert filled.verdict == "complete" and len(filled.outcomes) == 16
        assert all(o.profile is None for o in filled.outcomes)

    @pytest.mark.parametrize("order", [o for o in ORDERS_OF_THREE if len(o) == 2], ids=str)
    def test_what_is_proven_without_mixed_play_holds_with_it(self, order):
        rng = np.random.default_rng(7)
        verdicts = [self.compare_with_and_without_mixed_play(rng.normal(size=(3, 2, 2, 2)), order) for _ in range(60)]
        assert {"complete", "undecided"} == set(verdicts)

    @staticmethod
    def compare_with_and_without_mixed_play(payoffs, order):
        game = NormalFormGame(payoffs)
        without, within = solve_sequential(game, order), solve_sequential(game, order, mixed=solve_two_by_two)
        assert all(gap.filled for gap in within.gaps)
        assert set(without.profiles) <= set(within.profiles)
        assert set(within.profiles) <= {o.profile for o in (*without.outcomes, *without.open_outcomes)}
        for i in range(3):
            assert without.low[i] <= within.low[i] + 1e-12 and within.high[i] <= without.high[i] + 1e-12
        if without.verdict == "complete":
            assert set(without.profiles) == set(within.profiles)
        return without.verdict


class TestBatch:
    @FEW
    @given(hnp.arrays(np.float64, (3, 2, 3, 2, 4), elements=st.integers(0, 4).map(float)))
    def test_masks_agree_with_the_single_game(self, payoffs):
        for order in ORDERS_OF_THREE:
            batch = subgame_perfect(payoffs, order)
            for k in range(4):
                one = solve_sequential(NormalFormGame(payoffs[..., k]), order)
                assert set(one.profiles) == set(map(tuple, np.argwhere(batch.sure[..., k]).tolist()))
                possible = {o.profile for o in (*one.outcomes, *one.open_outcomes)}
                assert possible == set(map(tuple, np.argwhere(batch.maybe[..., k]).tolist()))
                assert batch.undecided[k] == (one.verdict == "undecided")
                assert tuple(batch.low[:, k]) == one.low and tuple(batch.high[:, k]) == one.high

    def test_one_stage_of_all_players_is_the_simultaneous_game(self):
        payoffs = np.random.default_rng(3).normal(size=(3, 3, 4, 2, 50))
        assert np.array_equal(subgame_perfect(payoffs, [(0, 1, 2)]).sure, is_nash(payoffs))

    def test_perfect_information_without_ties_has_exactly_one_outcome(self):
        # Kuhn (1953): backward induction always ends; without ties its outcome is unique.
        payoffs = np.random.default_rng(4).normal(size=(4, 2, 3, 2, 2, 100))
        for order in itertools.permutations(range(4)):
            found = subgame_perfect(payoffs, order)
            assert (found.sure.sum(axis=(0, 1, 2, 3)) == 1).all()
            assert not found.undecided.any()


class TestInvariance:
    @FEW
    @given(GAMES, st.sampled_from(ORDERS_OF_THREE), st.data())
    def test_relabelled_actions_give_relabelled_outcomes(self, payoffs, order, data):
        names = [np.array(data.draw(st.permutations(range(k)))) for k in payoffs.shape[1:]]
        renamed = payoffs[np.ix_(range(3), *names)]
        before, after = subgame_perfect(payoffs, order), subgame_perfect(renamed, order)
        for mask in ("sure", "maybe", "gap"):
            assert np.array_equal(getattr(before, mask)[np.ix_(*names)], getattr(after, mask))

    @FEW
    @given(GAMES, st.sampled_from(ORDERS_OF_THREE), st.permutations(range(3)))
    def test_permuted_players_give_permuted_outcomes(self, payoffs, order, seats):
        moved = payoffs.transpose(0, *(1 + i for i in seats))[list(seats)]
        new_order = [tuple(seats.index(i) for i in stage) for stage in order]
        before, after = subgame_perfect(payoffs, order), subgame_perfect(moved, new_order)
        for mask in ("sure", "maybe", "gap"):
            assert np.array_equal(getattr(before, mask).transpose(seats), getattr(after, mask))
        assert np.array_equal(before.low[list(seats)], after.low)

    @FEW
    @given(GAMES, st.sampled_from(ORDERS_OF_THREE), st.data())
    def test_positive_affine_changes_of_payoffs_change_no_outcome(self, payoffs, order, data):
        scale = np.array(data.draw(st.lists(st.sampled_from([0.25, 1.0, 8.0]), min_size=3, max_size=3)))
        shift = np.array(data.draw(st.lists(st.integers(-9, 9), min_size=3, max_size=3)))
        changed = payoffs * scale[:, None, None, None] + shift[:, None, None, None]
        before, after = subgame_perfect(payoffs, order), subgame_perfect(changed, order)
        for mask in ("sure", "maybe", "gap"):
            assert np.array_equal(getattr(before, mask), getattr(after, mask))

    @FEW
    @given(GAMES, st.sampled_from(ORDERS_OF_THREE))
    def test_duplicated_action_adds_only_copies_of_outcomes(self, payoffs, order):
        doubled = np.concatenate([payoffs, payoffs[:, -1:]], axis=1)
        before, after = subgame_perfect(payoffs, order), subgame_perfect(doubled, order)
        assert np.array_equal(after.sure[-1], after.sure[-2])
        assert not (before.sure & ~after.sure[:-1]).any()


class TestMisuse:
    @pytest.mark.parametrize("order", [[0, 1], [0, 1, 1], [0, 1, 2, 3], [0, (1, 2), ()]], ids=str)
    def test_order_in_which_a_player_does_not_move_once_is_refused(self, order):
        with pytest.raises(ValueError, match="exactly once"):
            stages_of(order, 3)

    def test_batch_is_refused_by_the_single_game(self):
        with pytest.raises(ValueError, match="one game"):
            solve_sequential(NormalFormGame(np.zeros((2, 2, 2, 5))), [0, 1])

    def test_there_are_thirteen_orders_of_three_players_and_each_occurs_once(self):
        assert len(ORDERS_OF_THREE) == len(set(ORDERS_OF_THREE)) == 13
        assert [len(list(all_orders(n))) for n in (1, 2, 4, 5)] == [1, 3, 75, 541]
        assert [sum(len(o) == k for o in ORDERS_OF_THREE) for k in (1, 2, 3)] == [1, 6, 6]
