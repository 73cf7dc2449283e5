"""Staged games: what their parts accept and how states, classes and memory are numbered."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from triangle.games.staged import Move, Part, Policy, StagedGame, Sums, ladder, picked, remembering

DILEMMA = np.array([[[3.0, 0], [5, 1]], [[3, 5], [0, 1]]])[..., None]


def game(**changes):
    parts = {"stage": lambda _: DILEMMA, "moves": [Move.still((2, 2))], "discounts": [0.9, 0.9], "periods": 2}
    return StagedGame(**(parts | changes))


@given(st.integers(1, 9), st.floats(0, 0.5), st.floats(0, 0.5))
def test_a_ladder_climbs_falls_or_stays_and_its_ends_absorb(levels, up, down):
    chances = ladder(levels, up, down)
    assert chances.sum(axis=1) == pytest.approx(1.0)
    steps = np.subtract.outer(np.arange(levels), np.arange(levels))
    assert (chances[np.abs(steps) > 1] == 0).all()
    assert (np.diag(chances, 1) == up).all() and (np.diag(chances, -1) == down).all()
    if levels > 1:
        assert chances[0, 0] == pytest.approx(1 - up) and chances[-1, -1] == pytest.approx(1 - down)


@pytest.mark.parametrize(
    ("build", "says"),
    [
        (lambda: ladder(3, 0.7, 0.6), "at most one"),
        (lambda: ladder(3, -0.1, 0.0), "at most one"),
        (lambda: Move([0, 1], np.eye(2)[None, None]), "numbers from 0 to 0"),
        (lambda: Move([0, 0], np.eye(2)), "expected"),
        (lambda: Move([0, 0], [[[[0.5, 0.6], [0.0, 1.0]]]]), "add to one"),
        (lambda: game(discounts=[0.9, 1.0]), "less than 1"),
        (lambda: game(discounts=[0.9]), "expected"),
        (lambda: game(moves=[]), "at least one state variable"),
        (lambda: game(moves=[Move.still((2, 2)), Move.still((2, 3))]), "sees actions"),
        (lambda: game(moves=[Move(np.zeros((2, 2)), np.ones((3, 1, 1, 1)))]), "3 periods"),
        (lambda: game(terminal=np.zeros((2, 2))), "terminal values"),
        (lambda: game(terminal=np.full((2, 1), np.inf)), "finite"),
        (lambda: game(held={2: {0: 0}}), "period 2"),
        (lambda: game(held={0: {0: 2}}), "period 0"),
        (lambda: game(samples=(3,)).payoffs(0), "expected"),
        (lambda: game(stage=lambda _: np.where(DILEMMA == 5, np.nan, DILEMMA)).payoffs(1), "period 1"),
        (lambda: game(moves=[Move([[0, 0], [0, 0]], np.ones((1, 1, 1, 1, 4)))]), "samples"),
        (lambda: StagedGame.of(np.zeros(3), [Move.still((2, 2))], [0.9, 0.9]), "no staged game"),
    ],
)
def test_parts_that_do_not_fit_are_refused_with_what_was_expected(build, says):
    with pytest.raises(ValueError, match=says):
        build()


@pytest.mark.parametrize("samples", [(), (3,)])
def test_one_game_and_a_batch_are_made_of_all_their_payoffs(samples):
    payoffs = np.broadcast_to(DILEMMA.reshape(1, 2, 2, 2, 1, *(1 for _ in samples)), (4, 2, 2, 2, 1, *samples))
    built = StagedGame.of(payoffs, [Move.still((2, 2))], [0.9, 0.9])
    assert built.samples == samples and built.periods == 4 and np.array_equal(built.payoffs(3), payoffs[3])
    with pytest.raises(ValueError, match="no staged game"):
        StagedGame.of(payoffs[0, ..., 0] if not samples else payoffs[0, ..., 0, 0], [Move.still((2, 2))], [0.9, 0.9])


def test_states_are_numbered_in_the_order_of_their_variables():
    moves = [Move.still((2, 2), 3), Move.still((2, 2), 2)]
    built = game(stage=lambda _: np.repeat(DILEMMA, 6, axis=3), moves=moves)
    assert built.levels == (3, 2) and built.states == 6 and built.classes.shape == (2, 2, 2)


def test_memory_lands_on_the_kind_that_was_played():
    kinds = np.array([[0, 1], [1, 2]])
    built = remembering(game(), kinds)
    assert built.levels == (1, 3) and built.payoffs(0).shape == (2, 2, 2, 3)
    for profile in np.ndindex(2, 2):
        move = built.moves[1]
        lands = move.at(0)[move.classes[profile]]
        assert (lands == np.eye(3)[kinds[profile]]).all()


def test_a_policy_reads_back_pure_and_mixed_play():
    plan = Policy(np.array([[2, -1]]), np.array([1]), (np.array([[0.25], [0.75]]), np.array([[1.0], [0.0]])))
    assert [x.tolist() for x in plan.at(0, 0)] == [[0.0, 1.0], [1.0, 0.0]]
    assert [x.tolist() for x in plan.at(0, 1)] == [[0.25, 0.75], [1.0, 0.0]]


def test_a_move_cannot_be_changed_after_it_was_checked():
    move = Move.still((2, 2), 2)
    for array in (move.classes, move.chances):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 7


@pytest.mark.parametrize(("samples", "places"), [((), [0]), ((5,), [3, 1]), ((2, 3), [4, 0, 5])])
def test_games_picked_from_a_batch_are_the_same_games(samples, places):
    rng = np.random.default_rng(7)
    moves = [
        Move([[0, 1], [1, 0]], np.stack([ladder(2, *rng.uniform(0, 0.5, (2, *samples))) for _ in "ab"])[None]),
        Move([[0, 1], [0, 1]], np.stack([ladder(3, 0.25, 0.5), ladder(3, 0.0, 0.75)])[None]),
    ]
    payoffs, ends = rng.normal(size=(4, 2, 2, 2, 6, *samples)), rng.normal(size=(2, 6, *samples))
    game = StagedGame.of(payoffs, moves, rng.uniform(0, 1, (2, *samples)), terminal=ends, held={1: {0: 1}})
    some = picked(game, np.array(places))
    assert some.samples == (len(places),) and some.held == game.held and some.levels == game.levels
    assert np.array_equal(some.payoffs(2), payoffs[2].reshape(2, 2, 2, 6, -1)[..., places])
    assert np.array_equal(some.discounts, game.discounts.reshape(2, -1)[:, places])
    assert np.array_equal(some.terminal, ends.reshape(2, 6, -1)[..., places])
    assert np.array_equal(
        some.moves[0].chances.reshape(1, 2, 2, 2, -1), moves[0].chances.reshape(1, 2, 2, 2, -1)[..., places]
    )
    assert some.moves[1].chances.shape == (1, 2, 3, 3)


def test_a_part_that_is_the_same_in_all_games_stays_one_row():
    rows = np.arange(8.0).reshape(2, 4, 1)
    part = Part([*rows], [0, 1, 1, 0])
    game = StagedGame(
        lambda _: Sums(((part,), (part,))), [Move.still((2, 2), 4)], [0.5, 0.5], 1, (3,), np.zeros((2, 4))
    )
    some = picked(game, np.array([2, 0]))
    assert {row.shape for own in some.parts(0) for one in own for row in one.rows} == {(4, 1)}
    assert np.array_equal(some.payoffs(0), game.payoffs(0)[..., [2, 0]])
