"""Nearly symmetric games, where branches run close by each other: explicit curves, and small-step continuation.

The continuation is plain, slow and shares no formula with the solver: log-odds of all actions (not differences to the
first), the derivative by differences, the tangent by singular value decomposition. A step is a tenth of the smallest
singular value of the derivative, which is small wherever curves come near each other.

`TRIANGLE_LOGIT_GAMES=1000` compares so many near-symmetric games with it (a quarter of an hour of one processor); a few
are compared by default.
"""

import itertools
import math
import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from triangle.games.normal_form import NormalFormGame
from triangle.solvers.logit.branch import limiting_logit, logit_equilibria, logit_path, solve_logit

GAMES = int(os.environ.get("TRIANGLE_LOGIT_GAMES", "8"))


# --- An independent continuation --------------------------------------------------------------------------------------


class Game:
    """The logit equations of one game, for many points at once: y holds the log-odds of all actions, then λ."""

    def __init__(self, payoffs):
        payoffs = np.asarray(payoffs, dtype=float)
        self.payoffs = payoffs / max(np.ptp(own) for own in payoffs)
        counts = payoffs.shape[1:]
        ends = np.cumsum([0, *counts])
        self.size = int(ends[-1])
        self.parts = [slice(a, b) for a, b in itertools.pairwise(ends.tolist())]
        names = "abcdefgh"[: len(counts)]
        self.terms = [
            f"{names},{','.join(n + 'm' for n in names if n != own)}->{own}m"
            if len(counts) > 1
            else f"{names}->{names}m"
            for own in names
        ]

    def play(self, y):
        weights = [np.exp(y[part] - y[part].max(axis=0)) for part in self.parts]
        return [w / w.sum(axis=0) for w in weights]

    def wrong(self, y):
        """z - λ u with each player's mean taken off; its own mean of z is kept at zero."""
        mixed = self.play(y)
        result = np.empty((self.size, y.shape[1]))
        for i, (part, term) in enumerate(zip(self.parts, self.terms, strict=True)):
            rivals = [x for j, x in enumerate(mixed) if j != i]
            away = y[part] - y[-1] * np.einsum(term, self.payoffs[i], *rivals)
            result[part] = away - away.mean(axis=0) + y[part].mean(axis=0)
        return result

    def slope(self, y, width=1e-5):
        steps = width * np.eye(len(y))
        both = self.wrong(np.concatenate([y[:, None] + steps, y[:, None] - steps], axis=1))
        return (both[:, : len(y)] - both[:, len(y) :]) / (2 * width)


def follow(payoffs, target, longest=0.2, share=0.1):
    """Mixed actions where λ times the payoff range first is `target`, None where lost; and the turns of λ passed."""
    game = Game(payoffs)
    y = np.zeros(game.size + 1)
    tangent = np.eye(len(y))[-1]
    folds = 0
    for _ in range(100_000):
        _, singular, rows = np.linalg.svd(game.slope(y))
        new = rows[-1] * (1.0 if rows[-1] @ tangent > 0 else -1.0)
        folds += int(new[-1] * tangent[-1] < 0)
        tangent = new
        step = min(longest, share * singular[-1])
        if step < 1e-7:
            return None, folds
        ahead = y + step * tangent
        last = ahead[-1] >= target
        if last:
            ahead = y + (target - y[-1]) / tangent[-1] * tangent
        normal = np.eye(len(y))[-1] if last else tangent
        for _ in range(4 if last else 2):
            bordered = np.vstack([game.slope(ahead), normal])
            ahead = ahead - np.linalg.solve(bordered, np.append(game.wrong(ahead[:, None])[:, 0], 0.0))
        y = ahead
        if last:
            return [x[:, 0] for x in game.play(y[:, None])], folds
    return None, folds


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


TILTS = [0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8]


@pytest.mark.parametrize(
    ("shape", "lam"), [((2, 3), 5.0), ((2, 3), 10.0), ((2, 3), 20.0), ((2, 2), 10.0), ((3, 2), 10.0), ((3, 3), 10.0)]
)
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


@pytest.mark.parametrize("tilt", [1e-9, 1e-10, 1e-11, 1e-12, 1e-13, 1e-14, 1e-15, 0.0])
@pytest.mark.parametrize("shape", [(2, 3), (2, 2), (3, 2)])
def test_symmetry_up_to_rounding_is_never_called_complete_falsely(shape, tilt):
    found = solve_logit(NormalFormGame(meeting(*shape, tilt)), 10.0)
    if found.verdict == "complete":
        assert found.equilibria[0].probabilities[0][0] == pytest.approx(first_share(*shape, tilt, 10.0), abs=1e-9)
    if tilt == 0.0:
        assert found.verdict == "degenerate" and found.settings["crossings"] >= 1


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


@pytest.mark.parametrize("shape", [(2, 3), (2, 2, 2), (3, 3, 3)])
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
@settings(max_examples=8, deadline=None)
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
