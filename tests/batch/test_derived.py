"""Parameters that a program computes from others, in place of columns of their numbers."""

from __future__ import annotations

import numpy as np
import pytest

from triangle.batch.comparisons import Compared, compared
from triangle.batch.derived import Derived, rewritten
from triangle.batch.program import Program, Routine

SIZE = 64


def the(formula) -> Compared:
    """What one player with two actions compares: nothing, and what a formula says of two parameters."""
    program = Program()
    payoff = formula(program.symbol("first key"), program.symbol("second key"))
    return compared(program, [(0, np.array([0.0, 1.0]) * payoff)], (2,))


def computed(the: Compared, numbers: dict[str, np.ndarray]) -> np.ndarray:
    rows = np.empty((2, SIZE))
    Routine(the.program, the.groups[0][0].payoffs, set(numbers), rows).run(numbers)
    return rows[1] - rows[0]


NAMES = {"first key": "a", "second key": "b"}


def test_a_parameter_is_made_of_what_it_is_derived_from_and_of_what_others_are_made_of():
    derived = [Derived("a", lambda x, n: x * n, ("x", 3.0)), Derived("b", lambda a, x: a + x, ("a", "x"))]
    found, nodes = rewritten(the(lambda a, b: np.exp(a) - b), NAMES, derived)
    x = np.linspace(0.0, 1.0, SIZE)
    assert found.program.names(found.groups[0][0].payoffs) == ["x"] and nodes.keys() == {"a", "b"}
    assert computed(found, {"x": x}) == pytest.approx(np.exp(3 * x) - 4 * x)


@pytest.mark.parametrize(
    ("formula", "function"),
    [
        (lambda a, b: b**a, lambda x: x * 3.0),
        (lambda a, b: a * b, lambda x: 1.0 if x > 0.5 else 0.0),
        (lambda a, b: a * b, lambda x: np.cumsum(x)),
    ],
    ids=["an exponent", "an if", "no function of numbers one by one"],
)
def test_what_needs_its_own_numbers_stays_a_parameter(formula, function):
    found, nodes = rewritten(the(formula), NAMES, [Derived("a", function, ("x",))])
    a, b = np.linspace(0.5, 2.0, SIZE), np.linspace(1.0, 3.0, SIZE)
    assert set(found.program.names(found.groups[0][0].payoffs)) == {"a", "b"} and not nodes
    assert computed(found, {"a": a, "b": b}) == pytest.approx(formula(a, b))


def test_a_parameter_that_is_asked_for_in_two_ways_is_one():
    found, _ = rewritten(the(lambda a, b: a + 2.0 * b), dict.fromkeys(NAMES, "a"), [])
    assert found.program.names(found.groups[0][0].payoffs) == ["a"]
    assert computed(found, {"a": np.linspace(0.0, 1.0, SIZE)}) == pytest.approx(np.linspace(0.0, 3.0, SIZE))
