"""Rationality from observed play: published estimates, closed forms, the likelihood put in again, another program."""

import math

import numpy as np
import pytest
from budgets import LARGE, few
from referees import gambit

from triangle.games.normal_form import NormalFormGame
from triangle.solvers.logit.branch import logit_equilibria
from triangle.solvers.logit.estimate import estimate_logit

#: Ochs (1995), asymmetric matching pennies, in the payoffs and with the play of McKelvey and Palfrey (1995).
OCHS = np.array([[[1.1141, 0], [0, 0.2785]], [[0, 1.1141], [1.1141, 0]]])
SEEN = ([128 * 0.527, 128 * 0.473], [128 * 0.366, 128 * 0.634])
DILEMMA = np.array([[[3.0, 0], [5, 1]], [[3, 5], [0, 1]]])
#: χ² with one degree of freedom, 95 per cent, halved.
HALF = 1.920729


def log_likelihood(payoffs, counts, lam):
    """From the solver for one λ: the first crossing only."""
    mixed = logit_equilibria(payoffs, lam).probabilities
    return sum(float(np.asarray(n) @ np.log(x)) for n, x in zip(counts, mixed, strict=True))


def test_the_published_estimate_for_asymmetric_matching_pennies():
    """McKelvey and Palfrey 1995: λ = 1.84; Gambit's manual: 1.845610 and a log-likelihood of -174.764532."""
    found = estimate_logit(NormalFormGame(OCHS), SEEN)
    assert found.lam == pytest.approx(1.845610, abs=2e-6)
    assert found.log_likelihood == pytest.approx(-174.764532, abs=1e-6)
    assert found.probabilities[0] == pytest.approx([0.615651, 0.384349], abs=2e-6)
    assert (found.verdict, found.place, found.advice) == ("complete", "inside", "")


@pytest.mark.parametrize("share", few([0.4, 0.2, 0.05], 2))
def test_the_dilemma_by_its_closed_form(share):
    """Alike players cooperate with x where λ = log((1 - x) / x) / (1 + x), so that x is matched exactly."""
    counts = [[200 * share, 200 * (1 - share)]] * 2
    found = estimate_logit(NormalFormGame(DILEMMA), counts)
    assert found.lam == pytest.approx(math.log((1 - share) / share) / (1 + share), rel=1e-5)
    assert found.probabilities[0][0] == pytest.approx(share, abs=1e-6)
    assert found.log_likelihood == pytest.approx(found.saturated, abs=1e-8)
    assert found.normalised_lam == pytest.approx(5 * found.lam, rel=1e-12)


@pytest.mark.parametrize("shape", few([(2, 2, 2), (2, 3)], 2))
def test_the_ends_of_the_interval_are_where_the_likelihood_ratio_is_the_quantile(shape):
    rng = np.random.default_rng([1, *shape])
    payoffs = rng.normal(size=(len(shape), *shape))
    true = logit_equilibria(payoffs, 1.5).probabilities
    counts = [rng.multinomial(400, x / x.sum()) for x in true]
    found = estimate_logit(NormalFormGame(payoffs), counts)
    [(low, high)] = found.intervals
    assert low < found.lam < high
    for lam in (low, high):
        assert found.log_likelihood - log_likelihood(payoffs, counts, lam) == pytest.approx(HALF, abs=1e-4)
    for lam in np.linspace(0.5 * low, 1.5 * high, 30 if LARGE else 5):
        assert log_likelihood(payoffs, counts, lam) <= found.log_likelihood + 1e-9
    [(narrow, wide)] = estimate_logit(NormalFormGame(payoffs), counts, level=0.5).intervals
    assert low < narrow < found.lam < wide < high


def test_a_player_that_was_not_watched_and_one_without_choice_say_nothing():
    third = np.stack([DILEMMA[0], DILEMMA[1], np.zeros((2, 2))])[..., None]
    alone = estimate_logit(NormalFormGame(DILEMMA), [[30, 70], [0, 0]])
    other = estimate_logit(NormalFormGame(third), [[30, 70], [0, 0], [100]])
    assert other.lam == pytest.approx(alone.lam, rel=1e-6) and other.probabilities[2].tolist() == [1.0]
    assert alone.lam == pytest.approx(math.log(7 / 3) / 1.3, rel=1e-5)


def test_play_against_one_s_interest_is_estimated_at_zero():
    found = estimate_logit(NormalFormGame(DILEMMA), [[60, 40], [55, 45]])
    assert (found.lam, found.place, found.verdict) == (0.0, "zero", "complete")
    assert found.log_likelihood == found.uniform
    [(low, high)] = found.intervals
    assert low == 0.0 and 0 < high < 0.5 and "no better" in found.advice


def test_play_without_errors_bounds_rationality_from_below_only():
    found = estimate_logit(NormalFormGame(DILEMMA), [[0, 100], [0, 100]])
    assert found.place == "largest" and found.lam == found.largest_lam and "lower bound" in found.advice
    assert found.verdict == "undecided"
    [(low, high)] = found.intervals
    assert high is None
    assert -log_likelihood(DILEMMA, [[0, 100], [0, 100]], low) == pytest.approx(HALF, abs=1e-4)


def test_payoffs_that_do_not_matter_leave_rationality_open():
    found = estimate_logit(NormalFormGame(np.ones((2, 2, 2))), [[7, 3], [5, 5]])
    assert found.place == "flat" and found.intervals == ((0.0, None),)
    assert found.verdict == "degenerate"


def test_beyond_a_fold_the_other_equilibria_at_the_same_lambda_count_too():
    """Of two meeting points the first is a little better; play near it fits a part of the branch past two folds."""
    game = NormalFormGame(np.stack([np.diag([1.01, 1, 1])] * 2))
    found = estimate_logit(game, [[60, 20, 20], [60, 20, 20]])
    x = math.log(3)
    assert found.lam == pytest.approx(x / (1.01 * 0.6 - 0.2), rel=1e-5)
    assert found.probabilities[0] == pytest.approx([0.6, 0.2, 0.2], abs=1e-5)
    first = logit_equilibria(game.payoffs, found.lam).probabilities[0]
    assert np.abs(first - found.probabilities[0]).max() > 0.05


@pytest.mark.parametrize("scale", few([1e-150, 1e-9, 1e150, 1e9], 2))
def test_the_scale_of_payoffs_is_the_scale_of_lambda_and_nothing_else(scale):
    found = estimate_logit(NormalFormGame(scale * OCHS), SEEN)
    assert found.lam * scale == pytest.approx(1.845610, abs=2e-6)
    assert found.log_likelihood == pytest.approx(-174.764532, abs=1e-6)


def test_a_branch_that_met_another_is_called_degenerate():
    found = estimate_logit(NormalFormGame(np.stack([np.eye(2)] * 2)), [[50, 50], [50, 50]])
    assert found.verdict == "degenerate" and "met another" in found.advice


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ([[1, 2]], "counts of 1 players for a game of 2"),
        ([[1, 2], [1, 2, 3]], "counts of player 1 have shape"),
        ([[1, -2], [1, 2]], "player 0 must be finite and not negative"),
        ([[0, 0], [0, 0]], "nothing tells λ"),
    ],
)
def test_counts_that_fit_no_game_are_refused(counts, message):
    with pytest.raises(ValueError, match=message):
        estimate_logit(NormalFormGame(DILEMMA), counts)


def test_a_level_or_a_largest_lambda_that_is_none_is_refused():
    for more in ({"level": 1.0}, {"largest": 0.0}, {"largest": math.inf}):
        with pytest.raises(ValueError, match="must"):
            estimate_logit(NormalFormGame(DILEMMA), [[1, 2], [1, 2]], **more)


def test_gambit_estimates_the_same():
    rng = np.random.default_rng(3)
    games = [OCHS, *rng.random((4, 2, 2, 3))]
    counts = [SEEN, *([rng.multinomial(60, x / x.sum()).tolist() for x in logit_equilibria(g, 3.0).probabilities]
                      for g in games[1:])]  # fmt: skip
    tasks = [{"payoffs": p.tolist(), "counts": own} for p, own in zip(games, counts, strict=True)]
    answered = zip(games, counts, gambit("fit", tasks, "logit_estimate"), strict=True)
    for payoffs, own, (lam, value) in few([*answered], 3):
        found = estimate_logit(NormalFormGame(payoffs), own)
        assert found.place == "inside"
        assert found.lam == pytest.approx(lam, rel=1e-3)
        assert found.log_likelihood == pytest.approx(value, abs=1e-4)
