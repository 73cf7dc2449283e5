"""What can be guaranteed by mixing, also where one prohibitive payoff hides the others from a linear programme."""

from functools import cache

import numpy as np
import pytest
from budgets import LARGE, tries
from hypothesis import given, settings
from hypothesis import strategies as st

from triangle.games.normal_form import NormalFormGame
from triangle.solvers.coalitions import characteristic_function_mixed
from triangle.solvers.rationalizable import rationalizable
from triangle.solvers.repeated import minmax_correlated
from triangle.solvers.zero_sum import guaranteed

HUGE = [1.0, 1e6, 1e9, 1e15, 1e30, 1e150]


def tables(huge):
    payoffs = st.integers(-3, 3) | st.sampled_from([-huge, huge, 1.0, -1.0])
    shapes = st.tuples(st.integers(1, 4), st.integers(1, 4))
    return shapes.flatmap(
        lambda shape: st.lists(payoffs, min_size=shape[0] * shape[1], max_size=shape[0] * shape[1]).map(
            lambda listed: np.array(listed, dtype=float).reshape(shape)
        )
    )


@pytest.mark.parametrize("huge", HUGE)
@settings(max_examples=tries(40), deadline=None)
@given(data=st.data())
def test_what_one_side_guarantees_is_what_the_other_can_hold_it_to(huge, data):
    # The minimax theorem: a mixture of either side that is not the best one leaves a gap.
    table = data.draw(tables(huge))
    value, held = guaranteed(table), -guaranteed(-table.T)
    assert value == pytest.approx(held, rel=1e-9, abs=1e-9)
    assert table.min(axis=1).max() - 1e-9 <= value <= table.max(axis=0).min() + 1e-9


@pytest.mark.parametrize(
    ("table", "value"),
    [
        ([[0, 2, 3], [-2, 1, 1]], 0),
        ([[3, 1, 0], [-2, -2, 0], [1e9, 1, 2]], 1),
        ([[-3, 2, -3, -2], [-1, -1, -1, 3], [-2, -1e15, -2, -2]], -1),
        # The second row loses all where it is answered: it is played as seldom as that is worth it.
        ([[0, 1], [1, -1e9]], 1 / (1e9 + 2)),
        # Rock, scissors, paper, in which a fourth action is prohibitive.
        ([[0, 1, -1, 1e30], [-1, 0, 1, 1], [1, -1, 0, 1], [-1e30, 1, 1, 1e-30]], 0),
    ],
)
def test_tables_of_known_value(table, value):
    assert guaranteed(np.array(table, dtype=float)) == pytest.approx(value, rel=1e-9, abs=1e-15)


@cache
def large() -> tuple[np.ndarray, float]:
    """A large table with prohibitive payoffs, and its value."""
    size = 40 if LARGE else 20
    table = np.random.default_rng(0).integers(0, 50, (size, size)).astype(float)
    table[3, 4], table[5, 9] = -1e12, 1e15
    return table, guaranteed(table)


@pytest.mark.parametrize(("factor", "shift"), [(1.0, 0.0), (3.7, 0.0), (1.0, -64.0), (1e150, 0.0), (1e-150, 0.0)])
def test_a_large_table_beside_prohibitive_payoffs_has_one_value_for_both_sides_in_every_unit(factor, shift):
    table, expected = large()
    other = (table + shift) * factor
    value = guaranteed(other)
    assert value == pytest.approx(-guaranteed(-other.T), rel=1e-9)
    assert value / factor - shift == pytest.approx(expected, rel=1e-9)


PROHIBITIVE = NormalFormGame([[[3, -1e30], [5, 1]], [[3, 5], [-1e30, 1]]])


def test_a_prohibitive_payoff_keeps_no_dominated_action():
    assert [left.tolist() for left in rationalizable(PROHIBITIVE)] == [[False, True]] * 2


@pytest.mark.parametrize("huge", HUGE[2:-1])
def test_a_prohibitive_payoff_changes_no_level_that_does_not_rest_on_it(huge):
    own = np.array([[3.0, 1, 0], [-2, -2, 0], [huge, 1, 2]])
    game = NormalFormGame([own, np.zeros((3, 3))])
    assert minmax_correlated(game)[0] == pytest.approx(1)
    assert characteristic_function_mixed(game)[1] == pytest.approx(1)
