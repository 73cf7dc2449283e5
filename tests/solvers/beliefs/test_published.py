"""Games of the literature, with their published equilibria, and what the certificate says of them."""

import re

import pytest
from budgets import LARGE
from named_trees import (
    bagwell,
    beer_quiche,
    card_game,
    chain_store,
    cheap_talk,
    kuhn_poker,
    selten_horse,
    spence,
)

from triangle.games.efg import format_efg, parse_efg
from triangle.games.tree import Leaf, Move, Tree
from triangle.solvers.beliefs.certificate import certify_beliefs
from triangle.solvers.beliefs.supports import BayesianEquilibrium, BayesianSolution, solve_beliefs


def play(tree: Tree, found: BayesianEquilibrium, name: str) -> tuple[float, ...]:
    return found.assessment.strategies[tree.set_named(name)]


def belief(tree: Tree, found: BayesianEquilibrium, name: str) -> tuple[float, ...]:
    return found.assessment.beliefs[tree.set_named(name)]


def certified(tree: Tree, solution: BayesianSolution) -> BayesianSolution:
    for found in solution.equilibria:
        checked = certify_beliefs(tree, found.assessment.strategies, found.assessment.beliefs)
        assert checked.holds(tree), checked
    return solution


def test_beer_and_quiche_has_two_pooling_outcomes():
    tree = beer_quiche()
    solution = certified(tree, solve_beliefs(tree))
    assert solution.verdict == "complete"
    meals = sorted(play(tree, found, "weak")[0] for found in solution.equilibria)
    assert meals == [0.0, 1.0]
    assert all(play(tree, found, "weak") == play(tree, found, "strong") for found in solution.equilibria)


@pytest.mark.parametrize("unit", ["e-290", "e16", "e150", "e289"])
def test_a_tree_of_a_file_in_other_units_has_the_same_equilibria(unit: str):
    text = format_efg(beer_quiche(weak=0.7))
    other = parse_efg(re.sub(r"(\d)(, | \}\n)", rf"\1{unit}\2", text)).tree
    one, two = (solve_beliefs(tree) for tree in (parse_efg(text).tree, other))
    assert abs(other.payoffs).max() == pytest.approx(3 * float(f"1{unit}"))
    assert one.verdict == two.verdict == "complete"
    for before, after in zip(one.equilibria, two.equilibria, strict=True):
        for x, y in zip(before.assessment.strategies, after.assessment.strategies, strict=True):
            assert y == pytest.approx(x, abs=1e-9)


def test_where_the_weak_are_many_they_mix_and_the_bully_is_left_indifferent():
    tree = beer_quiche(weak=0.7)
    solution = certified(tree, solve_beliefs(tree))
    assert solution.verdict == "complete"
    mixed = [found for found in solution.equilibria if not found.pure]
    # Beer after which the bully is indifferent: 0.7 x = 0.3; half the duels make the weak indifferent.
    assert any(play(tree, found, "weak")[0] == pytest.approx(3 / 7) for found in mixed)
    assert any(play(tree, found, "beer")[0] == pytest.approx(0.5) for found in mixed)


def test_only_the_credible_equilibrium_of_seltens_horse_is_left():
    tree = selten_horse()
    solution = certified(tree, solve_beliefs(tree))
    assert [found.payoffs for found in solution.equilibria] == [(1.0, 1.0, 1.0)]
    both = solve_beliefs(tree, nash=True)
    assert sorted(found.payoffs for found in both.equilibria) == [(1.0, 1.0, 1.0), (3.0, 3.0, 2.0)]
    assert solution.verdict == both.verdict == "complete"


def test_myersons_card_game_bluffs_a_third_and_meets_two_thirds():
    tree = card_game()
    (found,) = certified(tree, solve_beliefs(tree)).equilibria
    assert play(tree, found, "red") == (1.0, 0.0)
    assert play(tree, found, "black")[0] == pytest.approx(1 / 3)
    assert play(tree, found, "raised")[0] == pytest.approx(2 / 3)
    assert belief(tree, found, "raised")[0] == pytest.approx(3 / 4)
    assert found.payoffs[0] == pytest.approx(1 / 3)


@pytest.mark.skipif(not LARGE, reason="takes three seconds; the other games of the literature are asked the same")
def test_kuhn_poker_is_worth_a_loss_of_an_eighteenth_and_its_family_of_strategies_is_certified():
    tree = kuhn_poker()
    solution = certified(tree, solve_beliefs(tree))
    assert solution.equilibria
    for found in solution.equilibria:
        alpha = play(tree, found, "1 J")[1]
        assert found.payoffs[0] == pytest.approx(-1 / 18)
        assert -1e-9 <= alpha <= 1 / 3 + 1e-9
        assert play(tree, found, "1 K")[1] == pytest.approx(3 * alpha)
        assert play(tree, found, "1 Q facing a bet")[1] == pytest.approx(alpha + 1 / 3)
    alphas = [play(tree, found, "1 J")[1] for found in solution.equilibria]
    assert min(alphas) == pytest.approx(0.0) and max(alphas) == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("tough", "entry", "fights"),
    [(0.1, True, 0.1 / 0.9), (0.2, True, 0.2 / 0.8), (0.4, False, 0.4 / 0.6)],
)
def test_the_chain_store_of_kreps_and_wilson_fights_to_be_thought_tough(tough: float, entry: bool, fights: float):
    """With b = ½ the weak fight so often that a fight leaves the second entrant indifferent: belief b (δ < b)."""
    tree = chain_store(tough)
    solution = certified(tree, solve_beliefs(tree))
    theirs = [
        found
        for found in solution.equilibria
        if play(tree, found, "weak")[0] == pytest.approx(fights) and play(tree, found, "tough")[0] == 1.0
    ]
    assert theirs and play(tree, theirs[0], "first")[1] == float(entry)
    assert belief(tree, theirs[0], "after fight")[0] == pytest.approx(0.5)
    assert play(tree, theirs[0], "after fight")[0] == pytest.approx(1 / 1.5)
    assert belief(tree, theirs[0], "after yield")[0] == 0.0
    # Nobody who stayed out has taught anything about the incumbent.
    assert all(belief(tree, found, "after out")[0] == pytest.approx(tough) for found in solution.equilibria)


def test_spences_workers_separate_by_just_enough_effort_or_pool_at_none():
    tree = spence()
    solution = certified(tree, solve_beliefs(tree, pure=True))
    efforts = {
        (play(tree, found, "type 1").index(1.0), play(tree, found, "type 2").index(1.0))
        for found in solution.equilibria
    }
    assert efforts == {(0, 2), (0, 0)}
    separating = next(found for found in solution.equilibria if play(tree, found, "type 2")[2] == 1.0)
    assert separating.payoffs[0] == pytest.approx(0.5 * 1.0 + 0.5 * (2.0 - 1.25 / 2))


@pytest.mark.parametrize("error", [0.01, 0.1])
def test_commitment_that_is_seen_with_noise_is_worth_nothing_in_pure_strategies(error: float):
    """Bagwell (1995): with any noise the only pure equilibrium is that of simultaneous moves."""
    tree = bagwell(error)
    (found,) = certified(tree, solve_beliefs(tree, pure=True)).equilibria
    assert found.payoffs == pytest.approx((4.0, 4.0))
    (perfect,) = certified(bagwell(0.0), solve_beliefs(bagwell(0.0))).equilibria
    assert perfect.payoffs == pytest.approx((5.0, 2.0))


def test_a_mixed_equilibrium_of_noisy_leadership_comes_near_to_commitment():
    """van Damme and Hurkens (1997): as the noise vanishes, one mixed outcome tends to Stackelberg's."""
    tree = bagwell(0.01)
    solution = certified(tree, solve_beliefs(tree))
    assert solution.verdict == "complete" and len(solution.equilibria) == 3
    assert max(found.payoffs[0] for found in solution.equilibria) == pytest.approx(5.0, abs=0.1)


def test_talk_is_believed_only_where_interests_are_near():
    near, far = (certified(cheap_talk(b), solve_beliefs(cheap_talk(b))) for b in (0.3, 0.8))
    assert max(found.payoffs[1] for found in near.equilibria) == 0.0
    assert {round(found.payoffs[1], 9) for found in far.equilibria} == {-0.25}
    assert any(round(found.payoffs[1], 9) == -0.25 for found in near.equilibria), "babbling is always one"


def reached(tree: Tree, found: BayesianEquilibrium, place: int) -> bool:
    """Whether play leads to a set."""
    ends = [tree.pasts[z] for z, p in zip(tree.leaves, found.outcome, strict=True) if p > 0]
    return any(act[0] == place for past in ends for act in past)


@pytest.mark.parametrize("make", [beer_quiche, card_game, selten_horse])
def test_an_assessment_that_is_moved_is_refused_by_the_certificate(make):
    tree = make()
    for found in solve_beliefs(tree).equilibria:
        for place in range(len(tree.sets)):
            strategies, beliefs = list(found.assessment.strategies), list(found.assessment.beliefs)
            strategies[place] = tuple(reversed(strategies[place]))
            if strategies[place] != found.assessment.strategies[place]:
                assert not certify_beliefs(tree, strategies, found.assessment.beliefs).holds(tree)
            if reached(tree, found, place) and abs(beliefs[place][0] - beliefs[place][-1]) > 0.01:
                beliefs[place] = tuple(reversed(beliefs[place]))
                assert certify_beliefs(tree, found.assessment.strategies, beliefs).residual > 1e-3


def test_of_many_actions_only_those_that_may_be_best_are_put_into_supports():
    # An ultimatum in forty steps: a billion supports of the first move, and more, of which one is played.
    offers = {
        str(k): Move("B", f"offered {k}", {"accept": Leaf(40 - k, k), "reject": Leaf(0, 0)}) for k in range(1, 41)
    }
    found = solve_beliefs(Tree.of(("A", "B"), Move("A", "offer", offers)))
    assert (found.verdict, found.choices, [one.payoffs for one in found.equilibria]) == ("complete", 1, [(39, 1)])
