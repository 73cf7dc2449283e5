"""Signalling games of two types and two messages: published ones, existence, certificates, all supports."""

import numpy as np
import pytest
from budgets import LARGE
from named_trees import beer_quiche

from triangle.solvers.beliefs.certificate import certify_beliefs
from triangle.solvers.beliefs.signalling import (
    KINDS,
    SENT,
    SILENT,
    Sent,
    Signalling,
    beliefs,
    equilibria,
    expected,
    kinds,
    posteriors,
)
from triangle.solvers.beliefs.supports import solve_beliefs


def drawn(count: int, seed: int, replies: int = 3) -> Signalling:
    rng = np.random.default_rng(seed)
    sender, receiver = rng.uniform(-5, 5, (2, 2, 2, replies, count))
    return Signalling.of(rng.uniform(0.02, 0.98, count), sender, receiver)


def costly(count: int, seed: int, replies: int = 4) -> Signalling:
    """Games in which the message does nothing but cost: what is told is told by the cost."""
    rng = np.random.default_rng(seed)
    sender = np.repeat(rng.uniform(-5, 5, (2, 1, replies, count)), 2, axis=1)
    sender[:, SENT] -= rng.uniform(0, 4, (2, 1, count))
    receiver = np.repeat(rng.uniform(-5, 5, (2, 1, replies, count)), 2, axis=1)
    return Signalling.of(rng.uniform(0.02, 0.98, count), sender, receiver)


def single(found: Sent, k: int) -> Sent:
    return Sent(found.valid[k], found.sends[..., k], found.replies[..., k])


def holds(game: Signalling, found: Sent) -> bool:
    """Whether the certificate of the game's tree accepts a solution."""
    tree, held = game.tree(), beliefs(game, found)
    plays = {name: (1 - found.sends[t], found.sends[t]) for t, name in enumerate(("first", "second"))}
    plays |= {f"after {name}": found.replies[m] for m, name in enumerate(("silent", "sent"))}
    trusted = {"first": (1.0,), "second": (1.0,)}
    trusted |= {f"after {name}": (1 - held[m], held[m]) for m, name in enumerate(("silent", "sent"))}
    names = [one.name for one in tree.sets]
    strategies, beliefs_ = ([tuple(map(float, rows[name])) for name in names] for rows in (plays, trusted))
    return certify_beliefs(tree, strategies, beliefs_).holds(tree)


@pytest.mark.parametrize("make", [drawn, costly])
def test_every_game_has_an_equilibrium_and_every_equilibrium_its_certificate(make):
    games = make(3000, 5)
    found = list(equilibria(games))
    valid = np.stack([one.valid for one in found])
    assert valid.any(axis=0).all()
    for place, k in np.argwhere(valid[:, : 150 if LARGE else 16]):
        assert holds(games.at(int(k)), single(found[place], int(k))), (place, k)


@pytest.mark.parametrize("make", [drawn, costly])
def test_the_payoffs_are_those_that_the_search_over_all_supports_of_the_tree_finds(make):
    games = make(40, 3)
    found = list(equilibria(games))
    for k in range(0, 40, 1 if LARGE else 8):
        solution = solve_beliefs(games.at(k).tree())
        theirs = {tuple(np.round(one.payoffs, 6) + 0.0) for one in solution.equilibria}
        p, ours = games.prior[k], set()
        for one in found:
            if one.valid[k]:
                first, second, receiver = expected(games.at(k), single(one, k))
                ours.add((round(float((1 - p) * first + p * second), 6) + 0.0, round(float(receiver), 6) + 0.0))
        assert ours == theirs, k


def test_the_posterior_is_on_average_the_prior():
    games = costly(500, 9)
    for one in equilibria(games):
        p, after = games.prior, np.nan_to_num(posteriors(games, one))
        sent = (1 - p) * one.sends[0] + p * one.sends[1]
        mean = (1 - sent) * after[SILENT] + sent * after[SENT]
        np.testing.assert_allclose(mean[one.valid], p[one.valid], atol=1e-9)


def test_types_in_the_other_order_give_the_same_games_the_other_way_round():
    games = costly(60, 13)
    turned = Signalling.of(1 - games.prior, games.sender[::-1], games.receiver[::-1])

    def payoffs(batch: Signalling, order: list[int]) -> list[set[tuple[float, ...]]]:
        sets: list[set[tuple[float, ...]]] = [set() for _ in batch.prior]
        for one in equilibria(batch):
            worth = expected(batch, one)[order]
            for k in np.flatnonzero(one.valid):
                sets[k].add(tuple(np.round(worth[:, k], 5) + 0.0))
        return sets

    assert payoffs(games, [0, 1, 2]) == payoffs(turned, [1, 0, 2])


def test_beer_and_quiche_has_the_two_breakfasts_of_cho_and_kreps():
    """The weak are the first type, beer the message; the bully duels or not."""
    taste = np.array([[1.0, 0.0], [0.0, 1.0]])
    sender = taste[:, :, None] + np.array([0.0, 2.0])
    receiver = np.array([[1.0, 0.0], [0.0, 1.0]])[:, None] * np.ones((1, 2, 1))
    games = Signalling.of(0.9, sender, receiver)
    found = [one for one in equilibria(games) if one.valid]
    assert [KINDS[int(kinds(one))] for one in found] == ["pooling on silence", "pooling on the message"]
    theirs = sorted(one.payoffs for one in solve_beliefs(beer_quiche()).equilibria)
    ours = sorted((0.1 * u[0] + 0.9 * u[1], u[2]) for u in (expected(games, one) for one in found))
    np.testing.assert_allclose(ours, theirs)


@pytest.mark.parametrize(("cost", "kind"), [(0.5, False), (1.5, True), (3.5, False)])
def test_a_message_separates_at_costs_between_what_it_brings_the_two(cost: float, kind: bool):
    """To be taken for the second brings the first type 1 and the second 3."""
    sender = np.array([[0.0, 1.0], [0.0, 3.0]])[:, None] - cost * np.array([0.0, 1.0])[None, :, None]
    receiver = np.array([[1.0, 0.0], [0.0, 1.0]])[:, None] * np.ones((1, 2, 1))
    found = {KINDS[int(kinds(one))] for one in equilibria(Signalling.of(0.3, sender, receiver)) if one.valid}
    assert ("separating" in found) == kind


@pytest.mark.parametrize("prior", [0.0, 1.0])
def test_a_type_that_is_not_there_is_refused(prior: float):
    with pytest.raises(ValueError, match="above 0 and below 1"):
        Signalling.of(prior, np.zeros((2, 2, 2)), np.zeros((2, 2, 2)))
