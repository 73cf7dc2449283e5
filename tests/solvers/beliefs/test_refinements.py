"""The intuitive criterion and D1 on the games for which they were made."""

import pytest
from named_trees import beer_quiche, random_tree, spence

from triangle.solvers.beliefs.refinements import REFINEMENTS, d1, intuitive
from triangle.solvers.beliefs.supports import solve_beliefs


def test_the_intuitive_criterion_strikes_out_the_quiche_of_cho_and_kreps():
    tree = beer_quiche()
    meals = {one.assessment.strategies[tree.set_named("weak")]: one for one in solve_beliefs(tree).equilibria}
    beer, quiche = meals[(1.0, 0.0)], meals[(0.0, 1.0)]
    assert intuitive(tree, beer.assessment) == "" == d1(tree, beer.assessment)
    assert "weak: beer" in intuitive(tree, quiche.assessment)
    assert "strong: beer" in d1(tree, quiche.assessment)


def test_only_spences_least_costly_separation_is_left():
    tree = spence()
    left = [one for one in solve_beliefs(tree, pure=True).equilibria if not intuitive(tree, one.assessment)]
    (one,) = left
    assert one.assessment.strategies[tree.set_named("type 2")] == (0.0, 0.0, 1.0)


def test_what_the_intuitive_criterion_strikes_out_d1_strikes_out_too():
    """D1 is the stronger test (Cho and Kreps 1987, section IV)."""
    struck = 0
    for seed in range(0, 160, 4):
        tree = random_tree(seed)
        for one in solve_beliefs(tree).equilibria:
            if intuitive(tree, one.assessment):
                assert d1(tree, one.assessment), seed
                struck += 1
    assert struck >= 1


@pytest.mark.parametrize("name", REFINEMENTS)
def test_some_equilibrium_of_each_game_of_two_signals_survives(name: str):
    for seed in range(0, 160, 4):
        tree = random_tree(seed)
        assert any(not REFINEMENTS[name](tree, one.assessment) for one in solve_beliefs(tree).equilibria), seed
