"""Straight-line programs: the same numbers as the formula, each operation once."""

from __future__ import annotations

import numpy as np
import pytest
from strategies import shipped

from triangle.batch.program import Operation, Program, Routine
from triangle.model.mechanisms import bargaining_share_ru, contest_share
from triangle.model.parameters import Values
from triangle.model.terms import TERMS
from triangle.players.stances import Stances

ORDERED = [(0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1)]


class Asked(Values):
    """Symbols in place of numbers."""

    def __init__(self, program: Program):
        self._program = program

    def __getitem__(self, key):
        return self._program.symbol(key if isinstance(key, tuple) else (key,))


def drawn(size: int) -> Values:
    generator = np.random.default_rng(0)
    return Values({p.name: generator.uniform(p.low, p.high, size) for p in shipped().catalogue})


def run(results: list, program: Program, values: Values, fixed: tuple = ()) -> tuple[np.ndarray, Routine]:
    numbers = {key: values[key if len(key) > 1 else key[0]] for key in program.names(results)}
    numbers |= {key: numbers[key][:1] for key in fixed}
    rows = np.empty((len(results), values.samples[0]))
    routine = Routine(program, results, set(numbers) - set(fixed), list(rows))
    routine.run(numbers)
    return rows, routine


@pytest.mark.parametrize("stances", range(0, 64, 9))
@pytest.mark.parametrize("name", TERMS)
def test_a_term_taken_down_has_the_bits_of_the_term(name: str, stances: int):
    s = Stances({pair: float(stances >> bit & 1) for bit, pair in enumerate(ORDERED)})
    values, program = drawn(100), Program()
    symbols = TERMS[name](s, Asked(program))
    rows, _ = run(list(symbols.values()), program, values)
    for row, numbers in zip(rows, TERMS[name](s, values).values(), strict=True):
        assert np.array_equal(row, np.broadcast_to(numbers, row.shape))


def test_what_does_not_vary_is_computed_once_for_all():
    s = Stances(dict.fromkeys(ORDERED, 0.0))
    values, program = drawn(50), Program()
    results = [contest_share(s, Asked(program), 0, 1), bargaining_share_ru(s, Asked(program))]
    fixed = {("two_front_dilution",): "two_front_dilution", ("outside_option", 2): "outside_option_cn"}
    rows, routine = run(results, program, values, tuple(fixed))
    single = Values({**values.numbers, **{name: values[name][:1] for name in fixed.values()}})
    assert np.array_equal(rows[0], contest_share(s, single, 0, 1))
    assert np.array_equal(rows[1], np.broadcast_to(bargaining_share_ru(s, single), 50))
    assert routine.operations < len(program.needed(program.node_of(result) for result in results))
    assert run(results, program, values)[1].operations > routine.operations


def test_equal_operations_are_one_and_those_with_zero_and_one_are_gone():
    program = Program()
    x, y = program.symbol("x"), program.symbol("y")
    assert program.node_of(x * y) == program.node_of(y * x) != program.node_of(x - y) != program.node_of(y - x)
    for same in (x * 1.0, 1.0 * x, x + 0.0, 0.0 + x, x - 0.0, x / 1.0, x**1.0):
        assert program.node_of(same) == program.node_of(x)
    assert x * 0.0 == 0.0 and np.array(2.0) * np.float64(3.0) * (x * 0.0) == 0.0
    assert program.nodes[program.node_of(-x)] == Operation(np.multiply, *sorted((program.node_of(-1.0), x.node)))


def test_results_may_be_equal_or_plain_numbers_or_parts_of_each_other():
    program = Program()
    x, y = program.symbol("x"), program.symbol("y")
    rows = np.empty((5, 3))
    Routine(program, [x + y, (x + y) * x, x + y, 7.0, x], {"x", "y"}, list(rows)).run(
        {"x": np.array([1.0, 2.0, 3.0]), "y": np.array([4.0, 5.0, 6.0])}
    )
    assert rows.tolist() == [[5, 7, 9], [5, 14, 27], [5, 7, 9], [7, 7, 7], [1, 2, 3]]


def test_other_functions_are_refused():
    with pytest.raises(TypeError, match="sin is not among the operations"):
        np.sin(Program().symbol("x"))
    with pytest.raises(TypeError):
        np.add.reduce(Program().symbol("x"))
