"""The tree beside the boxes: each cut is the purest of all there are, and the leaves share out every draw."""

from fractions import Fraction

import numpy as np
import pytest
from budgets import tries
from hypothesis import given, settings
from hypothesis import strategies as st

from triangle.questions.discover.tree import leaves


def impurity(event: np.ndarray) -> Fraction:
    """Draws times Gini's impurity, by its definition and without rounding."""
    n, k = len(event), int(event.sum())
    return n * 2 * Fraction(k, n) * (1 - Fraction(k, n))


def purest(inputs: np.ndarray, event: np.ndarray, fewest: int) -> Fraction | None:
    """The least impurity that any one cut leaves, all of them tried."""
    lefts = (row <= value for row in inputs for value in row)
    parts = [(event[left], event[~left]) for left in lefts if min(left.sum(), (~left).sum()) >= fewest]
    return min((impurity(a) + impurity(b) for a, b in parts), default=None)


@settings(max_examples=tries(60), deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 30), st.integers(1, 4), st.integers(1, 5))
def test_no_other_cut_leaves_purer_parts(seed: int, draws: int, rows: int, fewest: int):
    rng = np.random.default_rng(seed)
    inputs = rng.integers(0, 6, (rows, draws)).astype(float)  # many equal values
    event = rng.random(draws) < 0.4
    found = [event[leaf.hold(inputs)] for leaf in leaves(inputs, event, 1, fewest)]
    best = purest(inputs, event, fewest)
    if len(found) == 1:
        assert best is None or event.all() or not event.any()
    else:
        assert sum(map(impurity, found)) == best and min(map(len, found)) >= fewest


@settings(max_examples=tries(30), deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 4), st.integers(1, 40))
def test_every_draw_lies_in_one_leaf_and_no_leaf_is_too_small(seed: int, depth: int, fewest: int):
    rng = np.random.default_rng(seed)
    inputs = rng.normal(size=(5, 200))
    held = [leaf.hold(inputs) for leaf in leaves(inputs, inputs[0] * inputs[1] > 0, depth, fewest)]
    assert len(held) <= 2**depth and (np.sum(held, axis=0) == 1).all() and min(h.sum() for h in held) >= fewest


@pytest.mark.parametrize("depth", [2, 3])
def test_a_planted_corner_is_a_leaf_of_its_own(depth: int):
    """Above 0.7 of the third input, below 0.4 of the first: two cuts, and further ones find nothing to part."""
    x = np.random.default_rng(3).random((8, 2000))
    event = (x[2] > 0.7) & (x[0] < 0.4)
    found = list(leaves(x, event, depth, 20))
    (corner,) = [leaf for leaf in found if event[leaf.hold(x)].all()]
    assert len(found) == 3 and (corner.hold(x) == event).all()
    assert set(corner.restricted) == {0, 2}
    assert abs(corner.low[2] - 0.7) < 0.002 and abs(corner.high[0] - 0.4) < 0.002


def test_an_event_that_is_everywhere_or_nowhere_is_not_cut():
    x = np.random.default_rng(0).random((3, 50))
    assert all(len(list(leaves(x, np.full(50, event), 3, 1))) == 1 for event in (True, False))
