"""Screening games: existence, the certificate on the tree, the general solver, limits, closed forms."""

import numpy as np
import pytest
from budgets import LARGE

from triangle.solvers.beliefs.certificate import BayesianCertificate, certify_beliefs
from triangle.solvers.beliefs.screening import (
    DELIVER,
    KINDS,
    LOOKS,
    POCKET,
    REFUSE,
    SEEN,
    Candidates,
    Screening,
    beliefs,
    equilibria,
    expected,
    kinds,
    posteriors,
)
from triangle.solvers.beliefs.supports import solve_beliefs


def drawn(count: int, seed: int, **given) -> Screening:
    rng = np.random.default_rng(seed)
    parts = {
        "prior": rng.uniform(0.02, 0.98, count),
        "seen": rng.uniform(0.02, 0.98, count),
        "refused": rng.uniform(-5, 5, (2, 2, count)),
        "pocketed": rng.uniform(-5, 5, (2, 2, 2, count)),
        "delivered": rng.uniform(-5, 5, (2, 2, 2, count)),
    }
    return Screening.of(**{**parts, **given})


def single(found: Candidates, k: int) -> Candidates:
    return Candidates(found.valid[k], found.answers[..., k], found.goes_on[..., k])


def certificate(game: Screening, found: Candidates) -> tuple[BayesianCertificate, bool]:
    """The tree's own certificate of one solution."""
    tree = game.tree()
    seen, looks = beliefs(game, found)
    at = {"t": found.answers[0], "g": found.answers[1]}
    at |= {"seen pocketing": (1 - found.goes_on[SEEN], found.goes_on[SEEN])}
    at |= {"looks delivered": (1 - found.goes_on[LOOKS], found.goes_on[LOOKS])}
    held = {"t": (1.0,), "g": (1.0,), "seen pocketing": seen, "looks delivered": looks.ravel()}
    names = [one.name for one in tree.sets]
    counts = [len(one.nodes) for one in tree.sets]
    checked = certify_beliefs(
        tree,
        [tuple(map(float, at[name])) for name in names],
        [tuple(map(float, held[name][:count])) for name, count in zip(names, counts, strict=True)],
    )
    return checked, checked.holds(tree)


def payoffs(games: Screening) -> list[set[tuple[float, ...]]]:
    """What the two types and the receiver get in each equilibrium, by game."""
    found: list[set[tuple[float, ...]]] = [set() for _ in games.prior]
    for one in equilibria(games):
        with np.errstate(invalid="ignore"):
            worth = expected(games, one)
        for k in np.flatnonzero(one.valid):
            found[k].add(tuple((np.round(worth[:, k], 5) + 0.0).tolist()))
    return found


@pytest.fixture(scope="module")
def batch() -> tuple[Screening, list[Candidates]]:
    games = drawn(4000, 7)
    return games, list(equilibria(games))


def test_every_game_has_an_equilibrium(batch):
    games, found = batch
    count = sum(one.valid.astype(int) for one in found)
    assert (count > 0).all() and count.shape == games.prior.shape


def test_every_equilibrium_passes_the_certificate_of_its_tree(batch):
    games, found = batch
    checked = 0
    for k in range(tried := 400 if LARGE else 100):
        for one in found:
            if one.valid[k]:
                result, holds = certificate(games.at(k), single(one, k))
                assert holds, (k, result)
                checked += 1
    assert checked > tried


def test_the_posterior_is_on_average_the_prior(batch):
    """Over refusal, seen pocketing and what looks like delivery; a martingale."""
    games, found = batch
    weight = np.stack([1 - games.prior, games.prior])
    for one in found:
        one = Candidates(one.valid, np.where(one.valid, one.answers, 0.0), one.goes_on)
        after = np.nan_to_num(posteriors(games, one))
        pocket, deliver, refuse = (weight * one.answers[:, a] for a in (POCKET, DELIVER, REFUSE))
        seen, looks = games.seen * pocket, (1 - games.seen) * pocket + deliver
        mean = seen.sum(axis=0) * after[SEEN] + looks.sum(axis=0) * after[LOOKS] + refuse[1]
        np.testing.assert_allclose(mean[one.valid], games.prior[one.valid], atol=1e-9)


def test_the_payoffs_are_those_that_the_search_over_all_supports_of_the_tree_finds():
    games = drawn(60, 3)
    found = list(equilibria(games))
    for k in range(0, 60, 1 if LARGE else 4):
        solution = solve_beliefs(games.at(k).tree())
        theirs = {tuple(np.round(one.payoffs, 6)) for one in solution.equilibria}
        p, ours = games.prior[k], set()
        for one in found:
            if one.valid[k]:
                first, second, receiver = expected(games.at(k), single(one, k))
                ours.add((round((1 - p) * first + p * second, 6), round(float(receiver), 6)))
        assert ours == theirs, k


@pytest.mark.parametrize("prior", [0.0, 1.0])
def test_with_a_certain_type_it_is_the_game_of_complete_information(prior: float):
    games, t = drawn(40, 5, prior=prior), int(prior)
    for k, found in enumerate(payoffs(games)):
        solution = solve_beliefs(games.at(k).tree())
        theirs = {tuple(np.round(one.payoffs, 5) + 0.0) for one in solution.equilibria}
        assert {(one[t], one[2]) for one in found} == theirs


def test_pocketing_that_is_always_seen_leaves_no_hidden_node():
    games = drawn(300, 11, seen=1.0)
    tree = games.at(0).tree()
    assert len(tree.sets[tree.set_named("looks delivered")].nodes) == 2
    for one in equilibria(games):
        after = posteriors(games, one)
        delivered = one.valid & (one.answers[:, DELIVER].sum(axis=0) == 0)
        assert np.isnan(after[LOOKS][delivered]).all()


def test_types_that_are_equal_and_answer_alike_leave_the_prior():
    rng = np.random.default_rng(2)
    same = {
        name: np.repeat(rng.uniform(-5, 5, (2, 1, *rest, 300)), 2, axis=1)
        for name, rest in (("refused", ()), ("pocketed", (2,)), ("delivered", (2,)))
    }
    games = drawn(300, 2, **same)
    found = 0
    for one in equilibria(games):
        alike = one.valid & (np.abs(one.answers[0] - one.answers[1]).max(axis=0) < 1e-12)
        after = posteriors(games, one)
        for at in (SEEN, LOOKS):
            there = alike & np.isfinite(after[at])
            np.testing.assert_allclose(after[at][there], games.prior[there], atol=1e-12)
        found += int(alike.sum())
    assert found >= 300


def test_types_in_the_other_order_give_the_same_games_the_other_way_round():
    games = drawn(200, 13)
    turned = Screening.of(
        1 - games.prior, games.seen, games.refused[:, ::-1], games.pocketed[:, ::-1], games.delivered[:, ::-1]
    )
    for mine, theirs in zip(payoffs(games), payoffs(turned), strict=True):
        assert mine == {(b, a, c) for a, b, c in theirs}


def test_other_units_change_nothing():
    games = drawn(200, 17)
    parts = (1e6 * part - 3 for part in (games.refused, games.pocketed, games.delivered))
    shifted = Screening.of(games.prior, games.seen, *parts)
    for mine, theirs in zip(payoffs(games), payoffs(shifted), strict=True):
        assert mine == {tuple(round((u + 3) / 1e6, 5) + 0.0 for u in one) for one in theirs}


def test_a_bluff_raises_the_belief_to_indifference_and_no_further():
    """Tactical mixes and genuine delivers: μ* = −g_t / (g_g − g_t), σ = p (1 − μ*) / ((1 − p) μ*)."""
    game = Screening.of(
        0.3, 0.0, [[0, 0], [0, 0]], [[[-9, -9], [-9, -9]], [[0, -3], [0, 4]]], [[[-1, 2], [-1, 3]], [[0, -3], [0, 4]]]
    )
    bluffs = [one for one in equilibria(game) if one.valid and KINDS[int(kinds(game, one))] == "bluffing"]
    (bluff,) = bluffs
    belief = 3 / 7
    assert bluff.answers[0, DELIVER] == pytest.approx(0.3 * (1 - belief) / (0.7 * belief))
    assert posteriors(game, bluff)[LOOKS] == pytest.approx(belief)
    assert bluff.goes_on[LOOKS] == pytest.approx(1 / 3)
