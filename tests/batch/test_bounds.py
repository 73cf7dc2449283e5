"""Bounds of single precision: no program is further off than it is said to be, and what has no bound is refused."""

import numpy as np
import pytest
from budgets import tries
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from triangle.batch.bounds import ULP, Unbounded, bounds
from triangle.batch.program import NUMBER, Program, Routine

SINGLE = np.dtype(np.float32)
NAMES = ("a", "b", "c")

pieces = st.sampled_from(
    [
        lambda x, y: x + y,
        lambda x, y: x - y,
        lambda x, y: x * y,
        lambda x, y: x / y,
        lambda x, y: x / (x + y),
        lambda x, y: 1.0 - x / (x + y),
        lambda x, y: x**y,
        lambda x, y: x * x - 0.3,
        lambda x, y: np.exp(x / 8.0),
        lambda x, y: np.log(x),
        lambda x, y: np.sqrt(x),
        lambda x, y: abs(x),
        lambda x, y: np.minimum(x, np.maximum(y, 0.7)),
        lambda x, y: np.where(x > y, x, 2.0 * y),
        lambda x, y: np.where(np.logical_and(x <= y, np.logical_not(y > 2.0)), 0.1, x),
    ]
)
ends = st.tuples(st.floats(-8, 8), st.floats(0, 4)).map(lambda t: (t[0], t[0] + t[1]))
positive = st.tuples(st.floats(0.01, 8), st.floats(0, 4)).map(lambda t: (t[0], t[0] + t[1]))


@given(
    st.lists(st.tuples(pieces, st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=8),
    st.tuples(positive, positive, st.one_of(ends, positive)),
    st.integers(0, 2**32 - 1),
)
@settings(max_examples=tries(300), deadline=None)
def test_single_precision_is_within_its_bound_and_double_precision_in_its_range(steps, boxes, seed):
    program = Program()
    known = [program.symbol(name) for name in NAMES]
    for piece, one, other in steps:
        known.append(piece(known[one % len(known)], known[other % len(known)]))
    assume(not isinstance(known[-1], np.ndarray | float))
    node, box = int(known[-1].nodes), dict(zip(NAMES, boxes, strict=True))
    try:
        bound = bounds(program, [node], box)[node]
    except Unbounded:
        assume(False)
    rng = np.random.default_rng(seed)
    numbers = {name: rng.uniform(*box[name], 256) for name in NAMES}
    for name, (low, high) in box.items():
        numbers[name][:2] = low, high
    exact, single = np.empty((1, 256)), np.empty((1, 256), SINGLE)
    Routine(program, [node], NAMES, exact).run(numbers)
    Routine(program, [node], NAMES, single, dtype=SINGLE).run({n: x.astype(SINGLE) for n, x in numbers.items()})
    assert exact.min() >= bound.low and exact.max() <= bound.high
    assert np.abs(exact - single).max() <= bound.error
    if np.isfinite(bound.relative):
        assert (np.abs(exact - single) <= bound.relative * np.abs(exact)).all()


@pytest.mark.parametrize(
    "formula",
    [
        lambda x, y: x / y,
        lambda x, y: y**x,
        lambda x, y: np.log(y),
        lambda x, y: np.sqrt(y),
        lambda x, y: np.exp(500.0 * x),
        lambda x, y: x * 1e30 * 1e30,
        lambda x, y: np.tan(x),
    ],
)
def test_what_may_not_be_finite_or_is_not_known_has_no_bound(formula):
    program = Program()
    node = int(formula(program.symbol("x"), program.symbol("y")).nodes)
    with pytest.raises(Unbounded):
        bounds(program, [node], {"x": (1.0, 2.0), "y": (-1.0, 1.0)})


def test_a_choice_that_the_precisions_may_make_otherwise_is_as_uncertain_as_it_is_wide():
    program = Program()
    x = program.symbol("x")
    near = int(np.where(x > 1.0, 5.0, 1.0).nodes)
    assert bounds(program, [near], {"x": (0.0, 2.0)})[near].error >= 4.0
    assert bounds(program, [near], {"x": (1.5, 2.0)})[near].error < 1e-6


@pytest.mark.parametrize("function", [np.exp, np.log, np.power])
def test_functions_of_single_precision_are_as_right_as_is_assumed(function):
    rng = np.random.default_rng(3)
    x, y = rng.uniform(1e-3, 40.0, 200_000).astype(SINGLE), rng.uniform(0.05, 8.0, 200_000).astype(SINGLE)
    operands = (x, y) if function is np.power else (x,)
    exact = function(*(operand.astype(np.float64) for operand in operands))
    found = function(*operands)
    assert found.dtype == SINGLE and NUMBER == exact.dtype
    assert (np.abs(found - exact) / np.spacing(np.abs(exact).astype(SINGLE))).max() <= ULP
