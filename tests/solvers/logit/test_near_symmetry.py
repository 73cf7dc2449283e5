"""Nearly symmetric games, where branches run close by each other: explicit curves, and small-step continuation.

`TRIANGLE_LOGIT_GAMES=1000` compares so many near-symmetric games with the continuation (a quarter of an hour of one
processor); a few are compared by default.
"""

import itertools
import math
import os

import numpy as np
import pytest
from budgets import LARGE, few, in_turn
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from small_steps import follow

from triangle.games.normal_form import NormalFormGame
from triangle.solvers.logit.branch import limiting_logit, logit_equilibria, logit_path, solve_logit
from triangle.solvers.logit.equations import Form, Tables, linearise
from triangle.solvers.logit.limit import logit_limit
from triangle.solvers.logit.proof import prove
from triangle.solvers.logit.steps import Ends, in_blocks, measure, slopes_of

GAMES = int(os.environ.get("TRIANGLE_LOGIT_GAMES", "8" if LARGE else "3"))


# --- Explicit curves --------------------------------------------------------------------------------------------------


def meeting(players, actions, tilt):
    """All are paid one where they meet, at the first point 1 + tilt."""
    payoffs = np.zeros((players, *(actions,) * players))
    for point in range(actions):
        payoffs[(slice(None), *(point,) * players)] = 1.0 + tilt * (point == 0)
    return payoffs


def curve(players, actions, tilt, odds):
    """λ on the branch of alike players where the log-odds of the first point against each other one are `odds`."""
    rest = 1 / (actions - 1 + math.exp(odds))
    first = 1 - (actions - 1) * rest
    return odds / ((1 + tilt) * first ** (players - 1) - rest ** (players - 1))


def first_share(players, actions, tilt, lam):
    """Share of the first point beyond all folds of the curve."""
    odds = brentq(lambda x: curve(players, actions, tilt, x) - lam, 2.5, 200.0, xtol=1e-14)
    return 1 - (actions - 1) / (actions - 1 + math.exp(odds))


#: In the small budget the hardest is among them.
TILTS = few([1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1], 3)


MET = [((2, 3), 10.0), ((2, 3), 5.0), ((3, 3), 10.0), ((2, 3), 20.0), ((2, 2), 10.0), ((3, 2), 10.0)]


@pytest.mark.parametrize(("shape", "lam"), few(MET, 3))
def test_the_slightly_better_meeting_point_is_played_however_slightly_better(shape, lam):
    """diag(1.01, 1, 1) gave p = 0.330 at λ = 10 with verdict complete: two folds had been stepped over."""
    games = np.stack([meeting(*shape, tilt) for tilt in TILTS], axis=-1)
    right = [first_share(*shape, tilt, lam) for tilt in TILTS]
    together = logit_equilibria(games, lam)
    assert together.reached.all() and not together.crossings.any()
    for k in range(len(TILTS)):
        alone = solve_logit(NormalFormGame(games[..., k]), lam)
        assert alone.verdict == "complete"
        for mixed in (*alone.equilibria[0].probabilities, *(x[:, k] for x in together.probabilities)):
            assert mixed[0] == pytest.approx(right[k], abs=1e-9)
        assert alone.settings["folds"] == together.folds[k]


def test_the_values_of_the_tilted_meeting_game():
    found = logit_equilibria(np.repeat(meeting(2, 3, 0.01)[..., None], 3, axis=-1), np.array([5.0, 10.0, 20.0]))
    assert found.probabilities[0][0].round(5).tolist() == [0.98595, 0.99992, 1.0]
    assert limiting_logit(meeting(2, 3, 0.01)).probabilities[0].tolist() == [1.0, 0.0, 0.0]
    path = logit_path(NormalFormGame(meeting(2, 3, 0.01)), 5.0)
    assert path.lam[path.folds] == pytest.approx([2.766, 2.703], abs=2e-3)


@pytest.mark.parametrize("tilt", TILTS)
def test_the_limit_is_the_slightly_better_meeting_point(tilt):
    limit = limiting_logit(meeting(2, 3, tilt))
    assert limit.settled and not limit.crossings and limit.probabilities[0].tolist() == [1.0, 0.0, 0.0]


ROUNDING = few([0.0, 1e-9, 1e-11, 1e-10, 1e-13, 1e-12, 1e-15, 1e-14], 3)


@pytest.mark.parametrize(("shape", "tilt"), in_turn([(2, 3), (2, 2), (3, 2)], ROUNDING))
def test_symmetry_up_to_rounding_is_never_called_complete_falsely(shape, tilt):
    found = solve_logit(NormalFormGame(meeting(*shape, tilt)), 10.0)
    if found.verdict == "complete":
        assert found.equilibria[0].probabilities[0][0] == pytest.approx(first_share(*shape, tilt, 10.0), abs=1e-9)
    if tilt == 0.0:
        assert found.verdict == "degenerate" and found.settings["crossings"] >= 1


@pytest.mark.parametrize("tilt", few([0.0, 1e-8, 1e-10, 1e-12, 1e-14], 3))
def test_the_limit_of_a_branch_that_met_another_is_not_called_complete(tilt):
    found = logit_limit(NormalFormGame(meeting(2, 3, tilt)))
    if found.verdict == "complete":
        assert tilt > 0 and found.equilibria[0].probabilities[0] == pytest.approx([1, 0, 0])
    if tilt == 0:
        assert found.verdict == "degenerate" and "met another" in found.advice


def near_symmetric(number):
    """Two or three players with two or three actions, exactly alike but for noise of 0.1 down to 1e-7."""
    rng = np.random.default_rng([11, number])
    players, actions = 2 + number % 2, 2 + number // 2 % 2
    noise = 10.0 ** -rng.integers(1, 8)
    if rng.random() < 0.5:
        payoffs = meeting(players, actions, 0.0) * rng.uniform(1, 2) + 0.3 * rng.random()
    else:
        own = rng.random((actions,) * players)
        own = sum(own.transpose(0, *order) for order in itertools.permutations(range(1, players)))
        payoffs = np.stack([np.moveaxis(own, 0, i) for i in range(players)])
    return payoffs + noise * rng.random(payoffs.shape)


@pytest.mark.parametrize("first", range(0, GAMES, 4))
def test_near_symmetric_games_end_where_small_steps_end(first):
    for number in range(first, min(first + 4, GAMES)):
        game = near_symmetric(number)
        found = logit_equilibria(game, 12.0, normalised=True)
        assert found.reached, number
        if found.crossings:
            continue
        right, folds = follow(game, 12.0)
        for x, y in zip(found.probabilities, right, strict=True):
            assert np.abs(x - y).max() < 1e-6, number
        assert int(found.folds) >= folds and (int(found.folds) - folds) % 2 == 0, number


@pytest.mark.parametrize("shape", few([(2, 3), (3, 3, 3), (2, 2, 2)], 2))
def test_what_is_proved_step_by_step_is_what_is_measured(shape):
    rng = np.random.default_rng([5, *shape])
    for payoffs in (rng.normal(size=(len(shape), *shape)), meeting(len(shape), shape[0], 0.01)):
        if payoffs.shape[1:] != shape:
            continue
        game = NormalFormGame(payoffs)
        quick, proved = solve_logit(game, 12.0, True), solve_logit(game, 12.0, True, proof=True)
        assert quick.verdict == proved.verdict == "complete" and proved.settings["proof"]
        assert quick.settings["folds"] == proved.settings["folds"]
        for x, y in zip(quick.equilibria[0].probabilities, proved.equilibria[0].probabilities, strict=True):
            assert x == pytest.approx(y, abs=1e-9)


# --- Scale ----------------------------------------------------------------------------------------------------------


@given(
    exponent=st.floats(-150, 150),
    shifts=st.tuples(st.floats(-3, 3), st.floats(-3, 3)),
    seed=st.integers(0, 10**6),
    normalised=st.booleans(),
)
@settings(max_examples=8 if LARGE else 2, deadline=None)
def test_no_scale_and_no_shift_of_payoffs_changes_an_answer(exponent, shifts, seed, normalised):
    games = np.random.default_rng(seed).normal(size=(2, 2, 3, 2))
    scale, offset = 10.0**exponent, np.array(shifts).reshape(2, 1, 1, 1)
    lam = 7.0 if normalised else 7.0 / scale
    plain, moved = logit_equilibria(games, 7.0, normalised), logit_equilibria(scale * (games + offset), lam, normalised)
    assert moved.reached.all() and np.isfinite(moved.lam).all()
    assert moved.lam * scale == pytest.approx(plain.lam, rel=1e-9)
    limits = limiting_logit(games), limiting_logit(scale * (games + offset))
    assert np.isfinite(limits[1].regret).all() and np.array_equal(limits[0].settled, limits[1].settled)
    for one, other in ((plain, moved), limits):
        for x, y in zip(one.probabilities, other.probabilities, strict=True):
            assert np.abs(x - y).max() < 1e-8


@pytest.mark.parametrize("small", [1e-2, 1e-6, 1e-8, 1e-12])
def test_the_player_with_tiny_payoffs_is_not_forgotten(small):
    """The regret of each player counts in its own range: coordination with one player's payoffs shrunk."""
    payoffs = np.array([[[2.0, 0], [0, 1]], [[2, 0], [0, 1]]])
    payoffs[1] *= small
    limit = limiting_logit(payoffs)
    if limit.settled:
        assert limit.probabilities[1].tolist() == [1.0, 0.0]
    assert limit.settled == (small >= 1e-2)


# --- Steps that must be refused -------------------------------------------------------------------------------------


def ends(payoffs, points):
    """Points of curves of equilibria with their tangents along the first two points, in the unit of the walk."""
    form = Form.of(payoffs[..., None])
    gains, unit = form.advantages(payoffs[..., None])
    result = []
    for shares, lam in points:
        odds = np.concatenate([np.log(x[1:] / x[0]) for x in (np.array(shares),) * 2])
        point = np.append(odds, lam * unit[0])[:, None]
        system = np.empty((form.size, form.size + 2, 1))
        linearise(form, gains, point, system)
        slopes, value = slopes_of(system), -system[:, -1]
        tangent = np.linalg.svd(slopes[..., 0])[2][-1]
        result.append(Ends(point, (tangent * np.sign(tangent[-1]))[:, None], slopes, value))
    return form, Tables.of(gains), result


def alike(tilt, odds):
    """Shares and λ on a curve of alike players of the meeting game."""
    rest = 1 / (2 + math.exp(odds))
    return (1 - 2 * rest, rest, rest), curve(2, 3, tilt, odds)


@pytest.mark.parametrize("judge", [measure, prove])
@pytest.mark.parametrize("tilt", [1e-2, 1e-4, 1e-6])
def test_a_step_onto_the_curve_beyond_is_refused_and_one_along_the_branch_is_not(judge, tilt):
    """Before λ = 3 the branch has odds above zero; the curve beyond it, with odds below zero, is another one."""
    width = math.sqrt(tilt)
    before, after = alike(tilt, width / 10), alike(tilt, -10 * width)
    assert before[1] < 3 < after[1]
    form, tables, (start, end) = ends(meeting(2, 3, tilt), (before, after))
    assert not in_blocks(judge, form, tables, np.arange(1), start, end).load[0] < 1
    form, tables, (start, end) = ends(meeting(2, 3, tilt), (alike(tilt, width / 50), alike(tilt, width / 40)))
    assert in_blocks(judge, form, tables, np.arange(1), start, end).load[0] < 1
