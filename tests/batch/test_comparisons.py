"""The payoffs that players compare, held against the payoff tensor at every profile."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import pytest
from budgets import LARGE, few, tries
from hypothesis import given, settings
from strategies import batch, points, random_terms, shipped

from triangle.batch.comparisons import Compared, Comparisons, compared, is_finite, summed, taken_down
from triangle.batch.program import NUMBER, Program, Routine
from triangle.model.parameters import Values
from triangle.model.payoffs import payoff_tensor, payoff_terms
from triangle.model.terms import TERMS, Term
from triangle.model.third_terms import THIRD_TERMS
from triangle.players.cast import SHIPPED, Cast
from triangle.scenarios.scenario import read_scenario, shipped_names
from triangle.study.study import study

#: Drawn once; what a term of these sets reads stands in ranges that a payoff may have.
SETS = 200 if LARGE else 6


def drawn(size: int, seed: int = 0) -> Values:
    generator = np.random.default_rng(seed)
    return Values({p.name: generator.uniform(p.low, p.high, size) for p in shipped().catalogue}, SHIPPED)


def derived(terms: Mapping[str, Term] = TERMS, cast: Cast = SHIPPED) -> Compared:
    program = Program()
    return compared(program, taken_down(terms.values(), program, Values({}, cast)), cast.shape)


@pytest.fixture(scope="module")
def of_shipped() -> Compared:
    return derived()


def largest_difference(the: Compared, values: Values, terms: Mapping[str, Term] = TERMS) -> float:
    """Between gains by deviating from the comparisons and from the tensor, in parts of the largest payoff of a term."""
    size = values.samples[0]
    varying = {key for key, name in zip(the.asked, values.named(the.asked), strict=True) if values[name].size > 1}
    comparisons = Comparisons(the, the.all, size, varying)
    cast = values.cast
    payoffs = payoff_tensor(values, terms).reshape(len(cast), len(cast.profiles), size)
    scale = max(float(np.abs(part).max()) for part in payoff_terms(values, terms).values()) or 1.0
    worst, seen = 0.0, []
    for player, own in comparisons.each(values):
        assert is_finite(own)
        seen.append(player)
        for number, group in enumerate(the.groups[player]):
            for fours in group.profiles:
                gains = own[:, number] - own[0, number], payoffs[player, list(fours)] - payoffs[player, fours[0]]
                worst = max(worst, float(np.abs(gains[0] - gains[1]).max()) / scale)
    assert seen == list(range(len(cast)))
    return worst


@pytest.mark.parametrize("size", [1, 3, 500])
def test_what_players_compare_is_what_the_tensor_says(of_shipped: Compared, size: int):
    assert largest_difference(of_shipped, drawn(size)) < 1e-14


@settings(max_examples=tries(30))
@given(points(), points())
def test_at_the_ends_of_the_ranges_too(of_shipped: Compared, one: dict[str, float], other: dict[str, float]):
    assert largest_difference(of_shipped, batch([one, other])) < 1e-13


@pytest.mark.parametrize("name", few(shipped_names(SHIPPED), 14))
def test_in_every_shipped_scenario(of_shipped: Compared, name: str):
    played, generator = study(shipped(), read_scenario(name, shipped())), np.random.default_rng(len(name))
    scenario, terms = played.scenario, TERMS | THIRD_TERMS if played.cast.thirds else TERMS
    ranges = {key: generator.uniform(*span, 100) for key, span in scenario.ranges.items()}
    the = derived({name: terms[name] for name in played.model.terms}, played.cast) if played.cast.thirds else of_shipped
    terms = {name: terms[name] for name in played.model.terms}
    assert largest_difference(the, Values({**scenario.values, **ranges}, played.cast), terms) < 1e-13


@pytest.mark.parametrize("seed", range(SETS))
def test_terms_of_anybody_are_compared_as_the_tensor_says(seed: int):
    """Random formulas of stances and values: arithmetic, powers, minima and maxima, choices, shares of contests."""
    terms = random_terms(seed)
    assert largest_difference(derived(terms), drawn(20, seed), terms) < 1e-12


@pytest.mark.parametrize("player", range(3))
def test_every_profile_is_compared_once_by_each_player(of_shipped: Compared, player: int):
    fours = [four for group in of_shipped.groups[player] for four in group.profiles]
    assert sorted(index for four in fours for index in four) == list(range(len(SHIPPED.profiles)))
    stride = 4 ** (2 - player)
    assert all([b - a for a, b in pairwise(four)] == [stride] * 3 for four in fours)
    for number, group in enumerate(of_shipped.groups[player]):
        assert all((of_shipped.group_of[player][list(four)] == number).all() for four in group.profiles)


def test_what_a_player_does_not_move_is_left_out_and_nothing_is_computed_twice(of_shipped: Compared):
    assert [len(groups) for groups in of_shipped.groups] == [12, 12, 14]
    asked = {key[0] for key in of_shipped.asked}
    assert not asked & {"dual_use_value", "dual_use_dependence", "war_intensity"}
    assert ("order_value", 0) not in of_shipped.asked and ("order_value", 1) in of_shipped.asked
    order = of_shipped.program.needed(n for some in of_shipped.groups for group in some for n in group.payoffs)
    assert sum(bool(of_shipped.program.taken(node)) for node in order) < 1200


def test_parameters_that_do_not_vary_stay_single(of_shipped: Compared):
    defaults = shipped().catalogue.defaults()
    few = Values(
        {name: np.array([number]) for name, number in defaults.items()} | {"relief": np.linspace(0, 1, 9)}, SHIPPED
    )
    assert largest_difference(of_shipped, few) < 1e-14


def test_players_who_compare_nothing_are_left_out_and_groups_may_be_chosen(of_shipped: Compared):
    values = drawn(5)
    varying = set(of_shipped.asked)
    whole = dict((p, own.copy()) for p, own in Comparisons(of_shipped, of_shipped.all, 5, varying).each(values))
    some = dict((p, own.copy()) for p, own in Comparisons(of_shipped, ((3,), (), (0, 7)), 5, varying).each(values))
    assert some.keys() == {0, 2}
    assert np.array_equal(some[0], whole[0][:, [3]]) and np.array_equal(some[2], whole[2][:, [0, 7]])
    assert list(Comparisons(of_shipped, ((), (), ()), 5, varying).each(values)) == []


def test_terms_that_move_nobody_and_no_terms_at_all_leave_all_payoffs_equal():
    for terms in ({}, {"constant": lambda s, v: {0: v["relief"], 1: 3.0 * s[0, 2]}}):
        the = derived(terms)
        assert [len(groups) for groups in the.groups] == [1, 1, 1]
        for _, own in Comparisons(the, the.all, 4, set(the.asked)).each(drawn(4)):
            assert not own.any()


def test_sums_that_share_addends_share_sums():
    program = Program()
    names = "abcdef"
    node = {name: int(program.nodes_of(program.symbol(name))) for name in names}

    def addends(text: str) -> frozenset[tuple[int, int]]:
        return frozenset((-1 if letter.isupper() else 1, node[letter.lower()]) for letter in text)

    texts = ["abc", "abd", "abcE", "Ab", "BA", "F", "", "d"]
    found = summed(program, [addends(text) for text in texts])
    rows = np.empty((len(texts), 2))
    numbers = {name: np.array([1.0, 10.0]) * 2.0**place for place, name in enumerate(names)}
    routine = Routine(program, [found[addends(text)] for text in texts], set(names), list(rows))
    routine.run(numbers)
    expected = [sum((numbers[x.lower()] * (-1 if x.isupper() else 1) for x in text), np.zeros(2)) for text in texts]
    assert np.array_equal(rows, expected)
    assert routine.operations == 7  # a + b, + c, + d, - e, b - a, the sign of -(a + b), that of f


def test_what_is_added_and_taken_off_again_is_gone():
    def term(s, v):
        both = v["relief"] * s[0, 1] + v["europe_joins"] * s[0, 2]
        return {0: both - v["relief"] * s[0, 1] + 2.0 * (s[0, 2] * v["europe_joins"])}

    the = derived({"term": term, "again": term})
    assert the.asked == (("europe_joins",),)
    values = drawn(3)
    _, own = next(Comparisons(the, the.all, 3, set(the.asked)).each(values))
    gained = own[1, 0] - own[0, 0]
    np.testing.assert_allclose(gained, 2 * 3 * values["europe_joins"], rtol=1e-15)
    assert the.program.dtype(the.groups[0][0].payoffs[0]) == NUMBER


def test_multiples_of_one_addend_are_one_addend():
    def term(s, v):
        x = v["relief"] * s[0, 1]
        return {0: x + x + 2.0 * x - 0.5 * (3.0 * x) + 3.0 * (x + s[0, 2]) - 4.0}

    the = derived({"term": term})
    values = drawn(3)
    _, own = next(Comparisons(the, the.all, 3, set(the.asked)).each(values))
    np.testing.assert_allclose(own[2, 0] - own[0, 0], 5.5 * values["relief"], rtol=1e-14)
    np.testing.assert_allclose(own[1, 0] - own[0, 0], 3.0, rtol=1e-15)
