"""Payoffs written with fewer operations: the same in real numbers, and how far double precision may be from these."""

from __future__ import annotations

from math import prod

import numpy as np
import pytest
from budgets import in_turn, tries
from hypothesis import given, settings
from hypothesis import strategies as st

from triangle.batch.comparisons import Compared, compared, taken_down
from triangle.batch.derived import rewritten
from triangle.batch.program import Program, Routine
from triangle.batch.regrouped import regrouped
from triangle.model.forms import FORMS
from triangle.model.model import read_model
from triangle.model.parameters import Values

SIZE = 64
NOBODY = frozenset[str]()


def of_actions(payoffs) -> Compared:
    """What a player alone compares whose payoffs are those of functions of the symbols x, y and z."""
    program = Program()
    symbols = [program.symbol(name) for name in "xyz"]
    parts = [(0, np.eye(len(payoffs))[n] * payoff(*symbols)) for n, payoff in enumerate(payoffs)]
    return compared(program, parts, (len(payoffs),))


def of_form(form: str) -> tuple[Compared, dict[str, tuple[float, float]]]:
    """What the powers compare in a form of the payoffs, and the ranges of its parameters."""
    model = read_model(form=form)
    values, program = Values(model.catalogue.defaults(), model.cast), Program()
    the = compared(program, taken_down(model.terms.values(), program, values), model.cast.shape)
    names = dict(zip(the.asked, values.named(the.asked), strict=True))
    return rewritten(the, names, [])[0], {p.name: (p.low, p.high) for p in model.catalogue}


def advantages(the: Compared, numbers: dict[str, np.ndarray]) -> np.ndarray:
    """By how much each payoff is above that of the first own action: ``[player and row, action]``."""
    ends = list(dict.fromkeys(the.payoffs))
    rows = np.empty((len(ends), SIZE))
    Routine(the.program, ends, set(numbers), rows).run(numbers)
    at = dict(zip(ends, rows, strict=True))
    every = [[at[of[p]] for p in row] for of, some in zip(the.at_profiles, the.rows, strict=True) for row in some]
    return np.array([np.stack(row) - row[0] for row in every])


def drawn(box: dict[str, tuple[float, float]], seed: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    return {name: rng.uniform(*ends, SIZE) for name, ends in box.items()}


HELD = ({}, {"threat_scaling": 1.0, "relief": 0.0, "political_concession": 0.3})


@pytest.mark.parametrize(("form", "held"), in_turn([*FORMS], HELD))
def test_shipped_payoffs_are_the_same_within_what_is_said_and_take_fewer_operations(form, held):
    the, box = of_form(form)
    box |= {name: (value, value) for name, value in held.items()}
    again, _, off = regrouped(the, {}, box, NOBODY)
    numbers = drawn(box, 1)
    first, second = advantages(the, numbers), advantages(again, {n: numbers[n] for n in again.asked})
    assert np.abs(first - second).max() < 4 * off < 1e-7
    assert len(again.program.needed(again.payoffs)) < 0.93 * len(the.program.needed(the.payoffs))
    assert not set(held) & set(again.asked)


FACTORS = st.sampled_from(
    [
        lambda x, y, z: x / (x + y),
        lambda x, y, z: y / (x + y),
        lambda x, y, z: 1.0 - z / (z + x),
        lambda x, y, z: z,
        lambda x, y, z: 2.0 * x - y,
        lambda x, y, z: np.exp(z / 4.0),
        lambda x, y, z: np.maximum(x, z) / y,
        lambda x, y, z: 0.5,
    ]
)
SUMS = st.lists(st.lists(FACTORS, min_size=1, max_size=3), min_size=1, max_size=3)


def sum_of(products):
    """The function that is a sum of products."""

    def payoff(x, y, z):
        return sum(prod(factor(x, y, z) for factor in factors) for factors in products)

    return payoff


@given(st.lists(SUMS, min_size=2, max_size=8), st.integers(0, 2**32 - 1))
@settings(max_examples=tries(60), deadline=None)
def test_sums_of_products_are_the_same_within_what_is_said(payoffs, seed):
    the = of_actions([sum_of(products) for products in payoffs])
    box = {"x": (0.5, 2.0), "y": (1.0, 4.0), "z": (0.25, 1.0)}
    found = regrouped(the, {}, box, NOBODY)
    if found is None:  # two that are the same in real numbers alone
        return
    again, _, off = found
    numbers = drawn(box, seed)
    assert np.abs(advantages(the, numbers) - advantages(again, numbers)).max() <= 4 * off


def test_a_factor_of_a_share_is_added_up_once_and_its_square_is_no_further_power():
    shares = [lambda x, y, z, k=k: x**k / (x**k + y**k) for k in (1.0, 1.5, 2.5, 3.0, 3.5)]
    the = of_actions([lambda x, y, z, q=q: z * (2.0 * q(x, y, z) - 1.0) ** 2 + (y - z) * q(x, y, z) for q in shares])
    box = {"x": (0.5, 2.0), "y": (1.0, 4.0), "z": (0.25, 1.0)}
    again, _, off = regrouped(the, {}, box, NOBODY)
    numbers = drawn(box, 3)
    assert np.abs(advantages(the, numbers) - advantages(again, numbers)).max() <= 4 * off
    products = [n for n in again.program.needed(again.payoffs) if again.program.is_of(np.multiply, n)]
    assert len(products) <= 2 * len(shares) + 4


def test_payoffs_that_only_a_number_makes_equal_are_not_written_anew():
    """To the last bit they may differ, and then only one of them is a best reply."""
    the = of_actions([lambda x, y, z: x * y, lambda x, y, z: x + 0.0 * y])
    assert regrouped(the, {}, {"x": (0.5, 2.0), "y": (1.0, 1.0)}, NOBODY) is None
    assert regrouped(the, {}, {"x": (0.5, 2.0), "y": (1.0, 1.5)}, NOBODY) is not None


def test_a_parameter_that_need_not_lie_in_its_range_stays_one():
    the = of_actions([lambda x, y, z: x * y, lambda x, y, z: x * x])
    box = {"x": (0.5, 2.0), "y": (1.5, 1.5)}
    assert set(regrouped(the, {}, box, NOBODY)[0].asked) == {"x"}
    assert set(regrouped(the, {}, box, frozenset({"y"}))[0].asked) == {"x", "y"}
    assert regrouped(the, {}, {"x": (0.0, 0.0), "y": (1.5, 2.0)}, frozenset({"y"})) is None


def test_what_has_no_bound_is_not_written_anew():
    the = of_actions([lambda x, y, z: y / x, lambda x, y, z: y])
    assert regrouped(the, {}, {"x": (-1.0, 1.0), "y": (1.0, 2.0)}, NOBODY) is None
