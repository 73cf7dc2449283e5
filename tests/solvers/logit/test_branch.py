"""Logit equilibria: closed forms first, then what must hold in every game, then another program.

The verifier is not the finder: profiles are put into the logit rule by `miss`, which averages payoffs profile by
profile.
"""

import itertools
import math

import numpy as np
import pytest
from budgets import LARGE, few, in_turn
from referees import gambit
from scipy.optimize import brentq

from triangle.games.dominance import undominated
from triangle.games.mixed import is_equilibrium
from triangle.games.normal_form import NormalFormGame, margins
from triangle.solvers.logit import branch as logit
from triangle.solvers.logit import equations as logit_equations
from triangle.solvers.logit.branch import limiting_logit, logit_equilibria, logit_path, solve_logit

#: Matching pennies where one win of the first player is worth X (Ochs 1995 played X = 1, 4 and 9).
PENNIES = {x: np.array([[[x, 0.0], [0, 1]], [[0, 1], [1, 0]]]) for x in (1.0, 4.0, 9.0)}
DILEMMA = np.array([[[3.0, 0], [5, 1]], [[3, 5], [0, 1]]])
COORDINATION = np.array([[[1.0, 0], [0, 1]], [[1, 0], [0, 1]]])
#: Three players, payoffs without meaning: the principal branch turns back at λ = 1.65 and again at 1.32.
FOLDED = np.array(
    [
        [[[6.0, 4], [7, 0]], [[0, 2], [3, 8]]],
        [[[6, 5], [4, 2]], [[4, 2], [9, 6]]],
        [[[3, 9], [6, 4]], [[7, 0], [9, 7]]],
    ]
)
SHAPES = [(2, 2), (2, 3), (3, 3, 3), (2, 4, 3), (2, 2, 2, 2), (3, 2, 2, 2, 2)]


def random_games(shape, count, seed=0, integers=False):
    rng = np.random.default_rng([seed, *shape])
    size = (len(shape), *shape, count)
    return rng.integers(0, 4, size).astype(float) if integers else rng.normal(size=size)


def miss(payoffs, mixed, lam):
    """Largest difference between a probability and the logit response, summed over profiles one by one."""
    n = payoffs.shape[0]
    worst = 0.0
    for player in range(n):
        utility = np.zeros(payoffs.shape[1 + player])
        for profile in itertools.product(*map(range, payoffs.shape[1:])):
            weight = math.prod(mixed[j][profile[j]] for j in range(n) if j != player)
            utility[profile[player]] += weight * payoffs[(player, *profile)]
        weights = np.exp(lam * (utility - utility.max()))
        worst = max(worst, np.abs(weights / weights.sum() - mixed[player]).max())
    return worst


def logistic(x):
    return 1 / (1 + math.exp(-x))


# --- Closed forms ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("x", [1.0, 4.0, 9.0])
@pytest.mark.parametrize("lam", [0.3, 2.0, 20.0])
def test_matching_pennies_solve_the_one_equation_that_is_left(x, lam):
    """Row plays p = L(λ((X+1)q - 1)) and column q = L(λ(1 - 2p)); p - L(...) rises in p, so the root is one."""

    def excess(p):
        return p - logistic(lam * ((x + 1) * logistic(lam * (1 - 2 * p)) - 1))

    p = brentq(excess, 0, 1, xtol=1e-15)
    found = logit_equilibria(PENNIES[x], lam)
    assert found.probabilities[0][0] == pytest.approx(p, abs=1e-9)
    assert found.probabilities[1][0] == pytest.approx(logistic(lam * (1 - 2 * p)), abs=1e-9)


def test_own_payoff_moves_own_play_in_matching_pennies_though_nash_play_does_not():
    """Ochs 1995, McKelvey and Palfrey 1995: more is played of the action whose payoff was raised."""
    own = [float(logit_equilibria(PENNIES[x], 1.0).probabilities[0][0]) for x in (1.0, 4.0, 9.0)]
    assert own[0] == pytest.approx(0.5, abs=1e-12)
    assert own[0] + 0.05 < own[1] and own[1] + 0.02 < own[2]


@pytest.mark.parametrize("share", [0.45, 0.2, 0.01, 1e-6])
def test_dilemma_cooperates_by_its_closed_form(share):
    """The loss of cooperating is 1 + x, so λ = log((1 - x) / x) / (1 + x) at cooperation x."""
    lam = math.log((1 - share) / share) / (1 + share)
    found = logit_equilibria(DILEMMA, lam)
    assert found.probabilities[0][0] == pytest.approx(share, rel=1e-7)
    assert found.folds == 0 and found.residual <= 1e-10


@pytest.mark.parametrize(("players", "where"), in_turn([2, 3, 4, 5], [0.2, 0.6, 0.9]))
def test_volunteers_dilemma_by_its_closed_form(players, where):
    """Diekmann 1985: the gain of volunteering is b(1 - x)^(n - 1) - c; at x, λ is the log-odds of x over it."""
    benefit, cost = 10.0, 3.0
    grid = np.indices((2,) * players)
    someone = (grid == 0).any(axis=0)
    payoffs = np.stack([benefit * someone - cost * (grid[i] == 0) for i in range(players)])
    nash = 1 - (cost / benefit) ** (1 / (players - 1))
    share = 0.5 + where * (nash - 0.5)
    lam = math.log(share / (1 - share)) / (benefit * (1 - share) ** (players - 1) - cost)
    found = logit_equilibria(payoffs, lam)
    assert found.reached
    for x in found.probabilities:
        assert x[0] == pytest.approx(share, abs=1e-9)


def test_one_player_chooses_by_the_logit_rule():
    utilities = np.array([[0.0, 1.0, 3.0]])
    weights = np.exp(2.0 * utilities[0])
    assert logit_equilibria(utilities, 2.0).probabilities[0] == pytest.approx(weights / weights.sum(), abs=1e-12)


@pytest.mark.parametrize("lam", [0.1, 7.3, 333.3, 2999.9])
def test_where_the_equilibrium_is_the_only_one_its_lambda_is_met_exactly(lam):
    """One player, or a λ at which the response is a contraction: one step, which rounding must not part in two."""
    rng = np.random.default_rng(int(10 * lam))
    for payoffs, at in (
        (rng.random((1, 4)), lam),
        (rng.random((3, 4, 1, 1)), lam),
        (rng.random((2, 2, 2)), lam / 2000),
    ):
        found = solve_logit(NormalFormGame(payoffs), at, normalised=True)
        assert found.verdict == "complete" and found.settings["normalised_lam"] == pytest.approx(at, rel=1e-12)


def test_symmetric_coordination_goes_straight_on_where_the_curves_meet():
    """At x = 1/2 the slope of the response is λ/2: beyond λ = 2 three curves have met, and the middle one goes on."""
    before, after = logit_equilibria(COORDINATION, 1.9), logit_equilibria(COORDINATION, 2.1)
    assert before.crossings == 0 and after.crossings == 1
    assert after.reached and after.probabilities[0] == pytest.approx([0.5, 0.5], abs=1e-12)
    assert solve_logit(NormalFormGame(COORDINATION), 2.1).verdict == "degenerate"


def test_the_point_where_the_curves_meet_is_itself_reached():
    """There the Newton system is singular and the walk can only come near."""
    for games in (COORDINATION, np.repeat(COORDINATION[..., None], 6, axis=-1)):
        found = logit_equilibria(games, 2.0)
        assert found.reached.all() and (found.residual <= 1e-10).all()
        assert np.abs(found.probabilities[0] - 0.5).max() < 1e-8


@pytest.mark.parametrize("seed", range(5))
def test_symmetric_coordination_games_select_the_risk_dominant_equilibrium(seed):
    """Along the symmetric branch x leaves 1/2 towards the better answer to uniform play and λ grows without bound."""
    rng = np.random.default_rng(seed)
    a, d = rng.uniform(1, 5, 2)
    b, c = rng.uniform(0, 1, 2) * (d, a)
    own = np.array([[a, b], [c, d]])
    limit = limiting_logit(np.stack([own, own.T]))
    assert limit.settled and limit.folds == 0
    assert limit.probabilities[0].tolist() == ([1.0, 0.0] if a + b > c + d else [0.0, 1.0])


# --- In every game --------------------------------------------------------------------------------------------------


#: Payoffs drawn evenly and whole ones, which tie, with a λ.
ASKED = list(itertools.product([False, True], [0.5, 10.0, 300.0]))


@pytest.mark.parametrize(("shape", "asked"), in_turn(SHAPES, ASKED))
def test_every_profile_answers_itself_by_the_logit_rule(shape, asked):
    (integers, lam), count = asked, 12 if LARGE else 4
    games = random_games(shape, count, integers=integers)
    unit = np.ptp(games.reshape(len(shape), -1, count), axis=1).max(axis=0)
    found = logit_equilibria(games, lam, normalised=True)
    assert found.reached.all() and (found.residual <= 1e-10).all()
    for k in range(count):
        mixed = [x[:, k] for x in found.probabilities]
        assert miss(games[..., k], mixed, lam / unit[k]) <= 3e-10
        assert all(x.sum() == pytest.approx(1, abs=1e-12) and (x >= 0).all() for x in mixed)


def test_large_payoffs_and_offsets_do_no_harm():
    games = 1e4 * random_games((3, 3, 3), 50) + np.array([5e4, -3e3, 0]).reshape(3, 1, 1, 1, 1)
    plain = logit_equilibria(random_games((3, 3, 3), 50), 3.0)
    scaled = logit_equilibria(games, 3e-4)
    assert scaled.reached.all()
    for x, y in zip(plain.probabilities, scaled.probabilities, strict=True):
        assert np.abs(x - y).max() < 1e-8


@pytest.mark.parametrize("shape", few(SHAPES, 3))
def test_affine_changes_of_payoff_rescale_lambda_and_nothing_else(shape):
    games = random_games(shape, 20 if LARGE else 4, seed=1)
    shift = np.arange(len(shape)).reshape(-1, *[1] * (len(shape) + 1)) * 7.0
    plain, moved = logit_equilibria(games, 4.0), logit_equilibria(5.0 * games + shift, 0.8)
    normalised = logit_equilibria(games, 30.0, True), logit_equilibria(5.0 * games + shift, 30.0, True)
    for one, other in ((plain, moved), normalised):
        for x, y in zip(one.probabilities, other.probabilities, strict=True):
            assert np.abs(x - y).max() < 1e-8


@pytest.mark.parametrize("shape", few([(2, 4, 3), (2, 3), (2, 2, 2, 2), (3, 3, 3)], 2))
def test_relabelled_actions_relabel_the_equilibrium(shape):
    games = random_games(shape, 20 if LARGE else 6, seed=2)
    rng = np.random.default_rng(5)
    orders = [rng.permutation(count) for count in shape]
    relabelled = games
    for player, order in enumerate(orders):
        relabelled = relabelled.take(order, axis=1 + player)
    plain, other = logit_equilibria(games, 8.0), logit_equilibria(relabelled, 8.0)
    assert np.array_equal(plain.folds, other.folds)
    for x, y, order in zip(plain.probabilities, other.probabilities, orders, strict=True):
        assert np.abs(x[order] - y).max() < 1e-8


@pytest.mark.parametrize("order", few(list(itertools.permutations(range(3)))[::-1], 3))
def test_permuted_players_permute_the_equilibrium(order):
    games = random_games((2, 3, 4), 20 if LARGE else 6, seed=3)
    permuted = games[list(order)].transpose(0, *(1 + i for i in order), 4)
    plain, other = logit_equilibria(games, 8.0), logit_equilibria(permuted, 8.0)
    for place, player in enumerate(order):
        assert np.abs(plain.probabilities[player] - other.probabilities[place]).max() < 1e-8


def test_a_player_without_choice_changes_nothing():
    games = random_games((3, 2), 10, seed=4)
    third = np.stack([games[0], np.ones_like(games[0]), games[1]])[:, :, None]
    plain, held = logit_equilibria(games, 5.0), logit_equilibria(third, 5.0)
    assert held.probabilities[1].tolist() == [[1.0] * 10]
    assert np.abs(plain.probabilities[0] - held.probabilities[0]).max() < 1e-9
    assert np.abs(plain.probabilities[1] - held.probabilities[2]).max() < 1e-9


def test_nobody_with_a_choice_is_no_trouble():
    found = logit_equilibria(np.zeros((2, 1, 1, 3)), 5.0)
    assert found.reached.all() and found.probabilities[0].tolist() == [[1.0, 1.0, 1.0]]
    path = logit_path(NormalFormGame(np.zeros((2, 1, 1))), 5.0)
    assert path.reached and path.lam.tolist() == [0.0, 5.0] and path.probabilities[1].tolist() == [[1.0, 1.0]]
    assert limiting_logit(np.zeros((2, 1, 1))).settled


@pytest.mark.parametrize("payoffs", [5.0, [], [[1.0, 2.0]] * 2, np.zeros((2, 0, 2))], ids=str)
def test_what_is_no_game_is_refused(payoffs):
    with pytest.raises(ValueError, match="are no game: one non-empty action axis for each player"):
        logit_equilibria(np.asarray(payoffs), 1.0)


@pytest.mark.parametrize("huge", [1e3, 1e15, 1e18, 1e30])
def test_next_to_a_prohibitive_payoff_the_others_keep_their_digits(huge):
    # The second action is better by one whatever the column does, and the third is never played.
    game = NormalFormGame([[[1, 1], [2, 2], [-huge, -huge]], [[0, 1], [0, 1], [0, 1]]])
    found = solve_logit(game, 1.0)
    likely = 1 / (1 + math.exp(-1.0))
    assert found.verdict == "complete"
    assert found.equilibria[0].probabilities[0] == pytest.approx((1 - likely, likely, 0.0))


@pytest.mark.parametrize("huge", [1e6, 2e9, 1e15, 1e30])
def test_an_end_of_the_branch_that_a_player_would_leave_is_none_however_small_a_share_of_a_prohibitive_payoff(huge):
    payoffs = np.array([[[-4.0, -huge, 0], [-6, -6, 2]], [[3e100, -3e100, 0], [0, 1e100, 2e100]]])
    limit = limiting_logit(payoffs)
    assert not limit.settled or is_equilibrium(payoffs, limit.probabilities)


def test_a_batch_of_no_games_has_no_equilibria():
    found, limit = logit_equilibria(np.zeros((2, 2, 3, 0)), 1.0), limiting_logit(np.zeros((2, 2, 3, 0)))
    assert found.probabilities[1].shape == limit.probabilities[1].shape == (3, 0) and found.reached.shape == (0,)


def test_constant_payoffs_leave_play_uniform_for_ever():
    flat = np.full((2, 2, 3), 7.0)
    assert logit_equilibria(flat, 5.0, normalised=True).probabilities[1] == pytest.approx([1 / 3] * 3, abs=1e-15)
    assert limiting_logit(flat).probabilities[1] == pytest.approx([1 / 3] * 3, abs=1e-15)
    assert logit_path(NormalFormGame(flat), 5.0).lam[-1] == 5.0


def test_a_duplicated_action_is_counted_twice():
    """The blue bus beside the red one: a known trait of the logit rule, unlike Nash play."""
    doubled = DILEMMA[:, [0, 0, 1], :]
    once, twice = logit_equilibria(DILEMMA, 1.0), logit_equilibria(doubled, 1.0)
    assert twice.probabilities[0][0] == pytest.approx(float(twice.probabilities[0][1]), abs=1e-12)
    assert twice.probabilities[0][:2].sum() > once.probabilities[0][0] + 0.05


@pytest.mark.parametrize("shape", SHAPES)
def test_without_rationality_play_is_uniform(shape):
    found = logit_equilibria(random_games(shape, 6), 0.0)
    for x, count in zip(found.probabilities, shape, strict=True):
        assert np.allclose(x, 1 / count, atol=1e-15)


@pytest.mark.parametrize("lam", [1.0, 30.0, 1000.0])
def test_regret_is_at_most_the_entropy_of_uniform_play_over_lambda(lam):
    """max u <= (1/λ) log Σ exp λu = x·u + H(x)/λ <= x·u + log|A| / λ."""
    count = 30 if LARGE else 2
    games = random_games((3, 3, 3), count, seed=6)
    for k in range(count):
        [equilibrium] = solve_logit(NormalFormGame(games[..., k]), lam).equilibria
        assert equilibrium.regret <= math.log(3) / lam * (1 + 1e-9)


def test_games_solved_by_dominance_end_there():
    games = random_games((2, 3, 2), 4000 if LARGE else 800, seed=7)
    left = undominated(games)
    solved = np.flatnonzero(np.all([x.sum(axis=0) == 1 for x in left], axis=0))
    assert len(solved) > 20
    limit = limiting_logit(games[..., solved])
    for x, on in zip(limit.probabilities, left, strict=True):
        assert np.array_equal(x, on[:, solved])


@pytest.mark.parametrize("shape", few(SHAPES, 3))
def test_the_limit_is_an_equilibrium_and_the_branch_tends_to_it(shape):
    count = 40 if LARGE else 8
    games = random_games(shape, count, seed=8)
    limit, near = limiting_logit(games), logit_equilibria(games, 1e4, normalised=True)
    assert limit.settled.all() and near.reached.all()
    assert np.array_equal(limit.folds, near.folds)
    far = np.max([np.abs(x - y).max(axis=0) for x, y in zip(limit.probabilities, near.probabilities, strict=True)], 0)
    assert np.mean(far < 0.02) >= 0.9
    for k in range(count):
        mixed = [x[:, k] for x in limit.probabilities]
        if all(x.max() == 1 for x in mixed):
            assert margins(games[..., k])[tuple(int(x.argmax()) for x in mixed)] >= -1e-9


def test_ties_are_never_called_settled_falsely():
    games = random_games((3, 3, 3), 300 if LARGE else 12, seed=9, integers=True)[..., : 300 if LARGE else 5]
    limit = limiting_logit(games)
    assert limit.settled.mean() > 0.97
    assert (limit.regret[limit.settled] <= 3e-9).all()


# --- Folds, paths, batches ------------------------------------------------------------------------------------------


def test_beyond_a_fold_the_first_crossing_is_given_and_the_fold_is_counted():
    path = logit_path(NormalFormGame(FOLDED), 50 if LARGE else 16, normalised=True)
    first, second = path.lam[path.folds]
    assert first == pytest.approx(1.65, abs=0.01) and second == pytest.approx(1.32, abs=0.01)
    lower, upper = min(second, first), max(second, first)
    assert (np.diff(path.lam[: path.folds[0] - 1]) > 0).all()
    inside = (lower + upper) / 2
    before, after = logit_equilibria(FOLDED, inside), logit_equilibria(FOLDED, upper * 1.01)
    assert before.folds == 0 and after.folds == 2
    rising = slice(0, path.folds[0] - 1)
    expected = np.interp(inside, path.lam[rising], path.probabilities[0][0, rising])
    assert before.probabilities[0][0] == pytest.approx(expected, abs=1e-3)


def test_a_path_lies_on_the_branch_from_uniform_play_to_its_target():
    count, lam = (3, 40.0) if LARGE else (1, 12.0)
    drawn = few([random_games(shape, count, seed=10) for shape in ((2, 3), (3, 3, 3))], 2)
    for games in (*drawn, FOLDED[..., None]):
        for k in range(games.shape[-1]):
            path = logit_path(NormalFormGame(games[..., k]), lam, normalised=True)
            assert path.reached and (path.residual <= 1e-10).all()
            assert all(x[:, 0] == pytest.approx(1 / len(x), abs=1e-14) for x in path.probabilities)
            steps = [np.abs(np.diff(x, axis=1)).max() for x in path.probabilities]
            assert max(steps) < 0.1
            end = logit_equilibria(games[..., k], lam, normalised=True)
            assert path.lam[-1] == pytest.approx(float(end.lam), rel=1e-12)
            assert len(path.folds) == end.folds
            for x, y in zip(path.probabilities, end.probabilities, strict=True):
                assert np.abs(x[:, -1] - y).max() < 1e-8


def test_a_careful_walk_finds_the_same_branch(monkeypatch):
    games = random_games((3, 3, 3), 400, seed=11) if LARGE else random_games((3, 3, 3), 12, seed=11)[..., :2]
    quick = logit_equilibria(games, 40.0, normalised=True)
    monkeypatch.setattr(logit, "PACES", (logit.Pace(relative=0.02, turn=0.995),))
    careful = logit_equilibria(games, 40.0, normalised=True)
    assert np.array_equal(quick.folds > 0, careful.folds > 0) and (quick.folds > 0).any()
    for x, y in zip(quick.probabilities, careful.probabilities, strict=True):
        assert np.abs(x - y).max() < 1e-7


WALKED = [*((shape, 30) for shape in SHAPES), ((4, 3, 3), 12), ((4, 4, 4), 12)]


@pytest.mark.parametrize(("shape", "count"), few(WALKED, 3))
def test_one_game_and_a_batch_walk_alike(shape, count):
    count = count if LARGE else 3
    games = random_games(shape, count, seed=12)
    together = logit_equilibria(games, 60.0, normalised=True)
    assert together.reached.all()
    for k in range(count):
        alone = logit_equilibria(games[..., k], 60.0, normalised=True)
        assert (alone.folds, alone.crossings) == (together.folds[k], together.crossings[k])
        for x, y in zip(alone.probabilities, together.probabilities, strict=True):
            assert np.abs(x - y[:, k]).max() < 1e-8


def test_games_wait_their_turn_when_few_fit_at_once(monkeypatch):
    games = random_games((2, 2, 2), 100 if LARGE else 16, seed=13)
    plain = logit_equilibria(games, 10.0)
    monkeypatch.setattr(logit_equations, "_MOST", 7)
    crowded = logit_equilibria(games, 10.0)
    for x, y in zip(plain.probabilities, crowded.probabilities, strict=True):
        assert np.abs(x - y).max() < 1e-9


def test_samples_keep_their_shape_and_lambda_may_vary_over_them():
    games = random_games((2, 3), 6).reshape(2, 2, 3, 2, 3)
    before = games.copy()
    lam = np.array([[1.0], [5.0]])
    found = logit_equilibria(games, lam)
    assert found.probabilities[1].shape == (3, 2, 3) and found.residual.shape == found.lam.shape == (2, 3)
    one = logit_equilibria(games[..., 1, 2], 5.0)
    assert np.abs(one.probabilities[1] - found.probabilities[1][:, 1, 2]).max() < 1e-9
    assert np.array_equal(games, before)


def test_a_branch_that_is_lost_is_said_to_be_lost(monkeypatch):
    monkeypatch.setattr(logit, "PACES", (logit.Pace(sweeps=3),))
    found = logit_equilibria(random_games((3, 3, 3), 8), 100.0)
    assert not found.reached.any() and np.isnan(found.probabilities[0]).all()
    solution = solve_logit(NormalFormGame(FOLDED), 100.0)
    assert solution.verdict == "undecided" and solution.equilibria == () and solution.advice


@pytest.mark.parametrize(
    ("payoffs", "lam"),
    [
        (np.zeros((3, 2, 2)), 1.0),
        (np.full((2, 2, 2), np.nan), 1.0),
        (np.zeros((2, 0, 2)), 1.0),
        (DILEMMA, -1.0),
        (DILEMMA, np.inf),
    ],
    ids=["too few axes", "not finite", "no action", "negative lambda", "infinite lambda"],
)
def test_what_is_no_question_is_refused(payoffs, lam):
    with pytest.raises(ValueError):
        logit_equilibria(payoffs, lam)


def test_single_game_fronts_refuse_batches():
    batch = NormalFormGame(random_games((2, 2), 3))
    with pytest.raises(ValueError, match="one game"):
        solve_logit(batch, 1.0)
    with pytest.raises(ValueError, match="one branch"):
        logit_path(batch, 1.0)


# --- Another program ------------------------------------------------------------------------------------------------


def theirs(games, lam, name):
    """Gambit's profiles; lam None asks for the limit."""
    tasks = [{"payoffs": games[..., k].tolist(), "lam": lam} for k in range(games.shape[-1])]
    return np.array(gambit("logit", tasks, name)).T


@pytest.mark.parametrize("shape", [(2, 2, 2), (3, 3, 3), (2, 3)])
def test_gambit_finds_the_same_point_of_the_branch(shape):
    games = random_games(shape, 25, seed=14)
    found = logit_equilibria(games, 3.0)
    assert (
        np.abs(np.concatenate(found.probabilities) - theirs(games, 3.0, f"logit_{'x'.join(map(str, shape))}")).max()
        < 1e-5
    )


@pytest.mark.parametrize("shape", [(2, 2, 2), (3, 3, 3)])
def test_gambit_selects_the_same_limit(shape):
    games, tried = random_games(shape, 25, seed=15), 25 if LARGE else 4
    limit = limiting_logit(games[..., :tried])
    assert limit.settled.all()
    expected = theirs(games, None, f"limit_{'x'.join(map(str, shape))}")[:, :tried]
    assert np.abs(np.concatenate(limit.probabilities) - expected).max() < 1e-2
