"""Random small trees: the certificate, existence, and Gambit's list of equilibria in behaviour strategies."""

import numpy as np
import pytest
from budgets import LARGE
from named_trees import preorder, random_tree
from referees import gambit

from triangle.games.efg import format_efg
from triangle.games.tree import Tree
from triangle.solvers.beliefs.certificate import certify_beliefs
from triangle.solvers.beliefs.supports import BayesianSolution, solve_beliefs

#: How many trees Gambit was asked about, and how many of them, of every kind, are solved here.
TREES, SOLVED = 200, 200 if LARGE else 8


@pytest.fixture(scope="module")
def trees() -> list[Tree]:
    return [random_tree(seed) for seed in range(TREES)]


@pytest.fixture(scope="module")
def solved(trees) -> list[tuple[Tree, BayesianSolution, BayesianSolution]]:
    return [(tree, solve_beliefs(tree), solve_beliefs(tree, nash=True)) for tree in trees[:SOLVED]]


def test_every_tree_has_an_equilibrium_that_the_certificate_accepts(solved):
    # Degenerate are those in which a range of answers off the path does, and those where nobody delivers: pocketing
    # leads to both sets then, and the receiver is indifferent at both at once.
    assert {found.verdict for _, found, _ in solved} <= {"complete", "degenerate"}
    assert sum(found.verdict == "degenerate" for seed, (_, found, _) in enumerate(solved) if seed % 4 != 1) <= 3
    for tree, found, _ in solved:
        assert found.equilibria
        for one in found.equilibria:
            assert certify_beliefs(tree, one.assessment.strategies, one.assessment.beliefs).holds(tree)


def test_equilibria_with_beliefs_are_among_the_nash_equilibria(solved):
    fewer = 0
    for _, found, nash in solved:
        outcomes = np.array([one.outcome for one in nash.equilibria])
        for one in found.equilibria:
            assert np.abs(outcomes - one.outcome).max(axis=1).min() < 1e-6
        fewer += len(found.equilibria) < len(nash.equilibria)
    assert fewer > SOLVED // 20, "beliefs rule something out in a good part of the trees"


def test_every_outcome_that_gambit_lists_is_among_ours(trees, solved):
    listed = gambit("behaviour", [format_efg(tree) for tree in trees], "enumpoly_trees")
    assert len(listed) == TREES and sum(map(len, listed)) > TREES
    for (tree, _, nash), theirs in zip(solved, listed, strict=False):
        order = preorder(tree)
        outcomes = np.array([one.outcome for one in nash.equilibria])
        for probabilities in theirs:
            at = dict(zip(order, probabilities, strict=True))
            outcome = np.array([at[z] for z in tree.leaves])
            assert np.abs(outcomes - outcome).max(axis=1).min() < 1e-4
