"""Straight-line programs: the same numbers as the formula, each operation once."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from each import of_each
from strategies import shipped

from triangle.batch import program as program_module
from triangle.batch.program import NUMBER, Operation, Program, Routine, Symbol, new_rows
from triangle.model.mechanisms import bargaining_share_ru, contest_share
from triangle.model.parameters import Values
from triangle.model.terms import TERMS
from triangle.players.cast import SHIPPED
from triangle.players.stances import Stances, pure_stances

ORDERED = [(0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1)]


class Asked(Values):
    """Symbols in place of numbers."""

    def __init__(self, program: Program):
        self._program = program

    def __getitem__(self, key):
        return self._program.symbol(key if isinstance(key, tuple) else (key,))


def drawn(size: int) -> Values:
    generator = np.random.default_rng(0)
    return Values({p.name: generator.uniform(p.low, p.high, size) for p in shipped().catalogue}, SHIPPED)


def run(results: list, program: Program, values: Values, fixed: tuple = ()) -> tuple[np.ndarray, Routine]:
    nodes = [node for result in results for node in program.nodes_of(result).ravel().tolist()]
    numbers = {key: values[key if len(key) > 1 else key[0]] for key in program.names(nodes)}
    numbers |= {key: numbers[key][:1] for key in fixed}
    rows = np.empty((len(nodes), values.samples[0]))
    routine = Routine(program, nodes, set(numbers) - set(fixed), list(rows))
    routine.run(numbers)
    return rows, routine


def of(formula: Callable, **numbers: list[float]) -> np.ndarray:
    """What a formula of x and y gives when it is taken down and run."""
    program = Program()
    result = formula(*(program.symbol(name) for name in numbers))
    nodes = program.nodes_of(result).ravel().tolist()
    rows = np.empty((len(nodes), 3))
    Routine(program, nodes, set(numbers), list(rows)).run({k: np.array(v) for k, v in numbers.items()})
    return rows


@of_each(("name", "stances"), [(name, stances) for name in TERMS for stances in range(0, 64, 9)])
def test_a_term_taken_down_has_the_bits_of_the_term(name: str, stances: int):
    s = Stances({pair: float(stances >> bit & 1) for bit, pair in enumerate(ORDERED)})
    values, program = drawn(100), Program()
    symbols = TERMS[name](s, Asked(program))
    rows, _ = run(list(symbols.values()), program, values)
    for row, numbers in zip(rows, TERMS[name](s, values).values(), strict=True):
        assert np.array_equal(row, np.broadcast_to(numbers, row.shape))


@pytest.mark.parametrize("name", TERMS)
def test_a_term_taken_down_at_all_profiles_at_once_has_the_bits_of_the_term(name: str):
    values, program = drawn(64), Program()
    symbols = TERMS[name](pure_stances(), Asked(program))
    numbers = TERMS[name](pure_stances(1), values)
    for player, symbol in symbols.items():
        rows, _ = run([symbol], program, values)
        assert np.array_equal(
            rows.reshape(*symbol.nodes.shape, 64), np.broadcast_to(numbers[player], (*symbol.nodes.shape, 64))
        )


def test_what_does_not_vary_is_computed_once_for_all():
    s = Stances(dict.fromkeys(ORDERED, 0.0))
    values, program = drawn(50), Program()
    results = [contest_share(s, Asked(program), 0, 1), bargaining_share_ru(s, Asked(program))]
    fixed = {("two_front_dilution",): "two_front_dilution", ("outside_option", 2): "outside_option_cn"}
    rows, routine = run(results, program, values, tuple(fixed))
    single = Values({**values.numbers, **{name: values[name][:1] for name in fixed.values()}}, SHIPPED)
    assert np.array_equal(rows[0], contest_share(s, single, 0, 1))
    assert np.array_equal(rows[1], np.broadcast_to(bargaining_share_ru(s, single), 50))
    assert routine.operations < len(program.needed(int(program.nodes_of(result)) for result in results))
    assert run(results, program, values)[1].operations > routine.operations


def test_equal_operations_are_one_and_those_with_zero_and_one_are_gone():
    program = Program()
    x, y = program.symbol("x"), program.symbol("y")

    def node(result: object) -> int:
        return int(program.nodes_of(result))

    assert node(x * y) == node(y * x) != node(x - y) != node(y - x)
    for same in (x * 1.0, 1.0 * x, x + 0.0, 0.0 + x, x - 0.0, x / 1.0, x**1.0):
        assert node(same) == node(x)
    assert x * 0.0 == 0.0 and np.array(2.0) * np.float64(3.0) * (x * 0.0) == 0.0
    assert program.nodes[node(-x)] == Operation(np.multiply, tuple(sorted((node(-1.0), node(x)))))


def test_a_formula_taken_down_again_is_the_same_symbol():
    program = Program()
    x = program.symbol("x")
    assert np.array([0.0, 1.0]) * x + 2.0 is np.array([0.0, 1.0]) * x + 2.0
    assert np.array([0.0, 1.0]) * x + 2.0 is not np.array([0.0, 1.0]) * x + 3.0
    assert np.array([0.0, 1.0]) * x is not np.array([[0.0], [1.0]]) * x


def test_results_may_be_equal_or_plain_numbers_or_parts_of_each_other():
    rows = of(lambda x, y: _stacked(x, y), x=[1.0, 2.0, 3.0], y=[4.0, 5.0, 6.0])
    assert rows.tolist() == [[5, 7, 9], [5, 14, 27], [5, 7, 9], [7, 7, 7], [1, 2, 3]]


def _stacked(x, y):
    """Five results as one symbol."""
    unit = np.eye(5)
    return unit[0] * (x + y) + unit[1] * ((x + y) * x) + unit[2] * (x + y) + unit[3] * 7.0 + unit[4] * x


def test_rows_may_be_used_again_after_a_pause():
    program = Program()
    x, y = program.symbol("x"), program.symbol("y")
    nodes = [int(program.nodes_of(result)) for result in (x + y, (x + y) * x, (x + y) * x - y, x + y)]
    rows = np.empty((2, 3))
    routine = Routine(program, nodes, {"x", "y"}, [*rows, *rows], stops=[2])
    seen = [rows.copy() for _ in routine.parts({"x": np.array([1.0, 2.0, 3.0]), "y": np.array([4.0, 5.0, 6.0])})]
    assert [part.tolist() for part in seen] == [[[5, 7, 9], [5, 14, 27]], [[1, 9, 21], [5, 7, 9]]]


@pytest.mark.parametrize(
    "formula",
    [
        lambda x, y: np.where(x > y, x, y * 2.0),
        lambda x, y: np.where((x > 2.0) & ~(y > 3.0), np.exp(x), np.sqrt(y)),
        lambda x, y: (x > y) * x + np.abs(x - y) ** 0.5,
        lambda x, y: np.clip(x, 1.5, y) + np.clip(x / y, 0.2, 0.9).clip(0.3, 0.8),
        lambda x, y: np.where(np.array([True, False]), x, y) * np.array([[1.0], [2.0]]),
        lambda x, y: np.where(x > 1.0, 1.0, y) - np.where(x != 5.0, 3.0, y),
        lambda x, y: np.where(np.logical_or(x > y, y > x) == True, np.maximum(x, y), np.hypot(x, 1)),  # noqa: E712
    ],
)
def test_choices_and_functions_of_numbers_are_what_numpy_makes_of_them(formula: Callable):
    x, y = [1.0, 2.0, 5.0], [2.0, 2.0, 3.0]
    each = [np.asarray(formula(*map(np.float64, point))).ravel() for point in zip(x, y, strict=True)]
    np.testing.assert_allclose(of(formula, x=x, y=y), np.stack(each, axis=-1), rtol=1e-15)


@pytest.mark.parametrize(
    "formula",
    [
        lambda x: np.add.reduce(x),
        lambda x: np.sum(x),
        lambda x: np.sum([x, x], axis=0),
        lambda x: np.stack([x, x]),
        lambda x: np.asarray(x) + 1.0,
        lambda x: x.mean(),
        lambda x: x if x > 1 else -x,
        lambda x: max(x, 2.0),
        lambda x: float(x),
        lambda x: np.modf(x),
        lambda x: np.matmul(np.ones(1), x),
        lambda x: 1j * x,
        lambda x: 2 * (x > 1.0),
        lambda x: np.add(x, 1.0, out=np.zeros(3)),
        lambda x: np.zeros_like(x),
        lambda x: np.where(x > 1.0, x > 2.0, 3.0),
        lambda x: np.where(x, 1.0, 2.0),
    ],
)
def test_what_is_no_function_of_numbers_one_by_one_is_refused(formula: Callable):
    with pytest.raises((TypeError, AttributeError)):
        formula(Program().symbol("x"))


def test_new_rows_begin_at_a_line_of_the_cache():
    rows = new_rows(3, 128)
    assert rows.shape == (3, 128) and not rows.any() and all(row.ctypes.data % 64 == 0 for row in rows)
    assert new_rows(0, 128).shape == (0, 128)


def test_a_symbol_that_is_gone_is_not_taken_for_another():
    program = Program()
    names = [program.symbol(name).nodes for name in "abcdef"]
    # Each of these is gone after its sum, and the next one lies where it lay.
    sums = [Symbol(program, one, NUMBER) + Symbol(program, other, NUMBER) for one, other in pairwise(names)]
    assert len({int(found.nodes) for found in sums}) == len(sums)


def test_nodes_come_once_each_after_what_it_takes_whatever_was_asked_before(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(program_module, "_MOST_ORDERS", 2)
    program = Program()
    x, y = program.symbol("x"), program.symbol("y")
    ends = [int(program.nodes_of(value)) for value in ((x * y + x) * 2.0 - y, np.exp(x * y), x * y + x)]
    asked = [program.needed(ends[:k]) for k in (1, 2, 3, 1, 2, 3)]
    assert asked[:3] == asked[3:]
    for order in asked:
        assert len(set(order)) == len(order) and set(ends[:1]) <= set(order)
        assert all(order.index(taken) < order.index(node) for node in order for taken in program.taken(node))
    assert program.needed(ends[2:], {ends[2]}) == (ends[2],), "what is given takes nothing"
