r"""Formulas taken down once on symbols and then run on rows of numbers, each distinct operation once.

A formula of the model is Python that works on whatever it is given. Given **symbols** in place of parameters and the
numbers 0 and 1 as stances, it leaves behind a **straight-line program**: a list of additions, products and the like,
in which equal operations are one and those with 0 and 1 are gone. Run on a chunk of samples, the program makes one call
of numpy for each operation and writes into rows that are there already, where the formula itself would make every
intermediate array anew and multiply by zeros.

Operations are those of the formula in its order, so that results have the same bits but for the sign of a zero; one
exception is a number that is not finite times zero, which is zero here. Who runs a program must look for such numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import NDArray

from triangle.batch.rows import new_rows, shaped

Floats = NDArray[np.float64]
Node = int

_COMMUTATIVE = frozenset({np.add, np.multiply, np.maximum, np.minimum})
#: Functions that take their place of writing by name alone; the others take it sooner by position.
_KEYWORD: Mapping[np.ufunc, Callable[[Any, Any, Any], object]] = {
    np.maximum: lambda a, b, result: np.maximum(a, b, out=result),
    np.minimum: lambda a, b, result: np.minimum(a, b, out=result),
}
_OPERATIONS = _COMMUTATIVE | {np.subtract, np.divide, np.power}


class Operation(NamedTuple):
    """A function of numpy and the two nodes it takes."""

    ufunc: np.ufunc
    a: Node
    b: Node


class Symbol(NDArrayOperatorsMixin):
    """A number that is not known yet; arithmetic with it is written down in its program."""

    __slots__ = ("node", "program")

    def __init__(self, program: Program, node: Node):
        self.program, self.node = program, node

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **settings: Any) -> Any:
        if method != "__call__" or settings:
            return NotImplemented
        return self.program.note(ufunc, *inputs)

    def clip(self, low: float, high: float, out: None = None) -> Any:
        """What ``np.clip`` asks of an object."""
        return self.program.note(np.minimum, self.program.note(np.maximum, self, low), high)


class Program:
    """Operations in the order in which they were written down.

    Examples
    --------
    >>> program = Program()
    >>> x, y = program.symbol("x"), program.symbol("y")
    >>> square = (1.0 * x + 0.0) ** 2
    >>> rows = np.empty((2, 3))
    >>> routine = Routine(program, [square, square + y], {"x"}, rows)
    >>> routine.run({"x": np.array([1.0, 2.0, 3.0]), "y": np.array([0.5])})
    >>> rows.tolist(), routine.operations
    ([[1.0, 4.0, 9.0], [1.5, 4.5, 9.5]], 2)
    """

    def __init__(self) -> None:
        #: An operation, a number, or the name of a symbol.
        self.nodes: list[Any] = []
        self._known: dict[Hashable, Node] = {}

    def symbol(self, name: Hashable) -> Any:
        """The symbol of this name, which stands where a formula expects an array."""
        return Symbol(self, self._node(name))

    def node_of(self, value: Any) -> Node:
        """The node of a symbol or of a number, which may be an array of one element."""
        return value.node if isinstance(value, Symbol) else self._node(float(np.asarray(value).item()))

    def _node(self, what: Hashable) -> Node:
        if what not in self._known:
            self._known[what] = len(self.nodes)
            self.nodes.append(what)
        return self._known[what]

    def note(self, ufunc: np.ufunc, *operands: Any) -> Symbol | float:
        """The result of an operation, which is a number where it does not depend on a symbol."""
        if ufunc is np.negative:
            ufunc, operands = np.multiply, (-1.0, *operands)
        if ufunc is np.square:
            ufunc, operands = np.multiply, (*operands, *operands)
        if ufunc not in _OPERATIONS:
            raise TypeError(f"{ufunc.__name__} is not among the operations of a straight-line program")
        node = self._simplest(ufunc, *(self.node_of(operand) for operand in operands))
        return float(self.nodes[node]) if isinstance(self.nodes[node], float) else Symbol(self, node)

    def _simplest(self, ufunc: np.ufunc, a: Node, b: Node) -> Node:
        """The node of an operation, which is one of its operands or a number where it can be."""
        x, y = self.nodes[a], self.nodes[b]
        if isinstance(x, float) and isinstance(y, float):
            return self._node(float(ufunc(x, y)))
        if ufunc is np.multiply and 0.0 in (x, y):
            return self._node(0.0)
        if (ufunc in (np.multiply, np.divide, np.power) and y == 1.0) or (ufunc in (np.add, np.subtract) and y == 0.0):
            return a
        if (ufunc is np.multiply and x == 1.0) or (ufunc is np.add and x == 0.0):
            return b
        if ufunc is np.power and y == 2.0:
            return self._node(Operation(np.multiply, a, a))
        return self._node(Operation(ufunc, *(sorted((a, b)) if ufunc in _COMMUTATIVE else (a, b))))

    def needed(self, results: Iterable[Node]) -> list[Node]:
        """The nodes that some results take, each after those that it takes itself."""
        order: dict[Node, None] = {}
        waiting = list(results)[::-1]
        while waiting:
            missing = [node for node in self.taken(waiting[-1]) if node not in order]
            if missing:
                waiting += reversed(missing)
            else:
                order[waiting.pop()] = None
        return list(order)

    def names(self, results: Iterable[Any]) -> list[Any]:
        """Names of the symbols that some results take."""
        whats = [self.nodes[node] for node in self.needed(self.node_of(result) for result in results)]
        return [what for what in whats if not isinstance(what, Operation | float)]

    def taken(self, node: Node) -> tuple[Node, ...]:
        """The nodes that a node is made of."""
        what = self.nodes[node]
        return (what.a, what.b) if isinstance(what, Operation) else ()


class Routine:
    """A program made ready for symbols of which some vary from sample to sample and the others are one number.

    Parameters
    ----------
    program : Program
    results : sequence of Symbol or float
    varying : set
        Names of the symbols that are given as rows of samples; the others are arrays of length 1.
    rows : sequence of array
        Where the results are written, one for each, all of one shape.

    Attributes
    ----------
    operations : int
        Calls of numpy on rows of samples.
    """

    def __init__(self, program: Program, results: Sequence[Any], varying: Iterable[Hashable], rows: Sequence[Floats]):
        self._cells: list[Any] = []
        self._inputs: list[tuple[Hashable, int]] = []
        self._steps: list[tuple[Callable[[Any, Any, Any], object], int, int, int]] = []
        ends = [program.node_of(result) for result in results]
        row_of = {node: row for node, row in reversed(list(zip(ends, rows, strict=True)))}
        order = program.needed(row_of)
        varies = self._varies(program, order, frozenset(varying))
        cell_of = self._allot(program, order, varies, row_of)
        for node in order:
            what = program.nodes[node]
            if isinstance(what, Operation):
                call = _KEYWORD.get(what.ufunc, what.ufunc)
                self._steps.append((call, cell_of[what.a], cell_of[what.b], cell_of[node]))
            elif not isinstance(what, float):
                self._inputs.append((what, cell_of[node]))
        copied = zip(rows, (cell_of[node] for node in ends), strict=True)
        self._copies = [(row, cell) for row, cell in copied if self._cells[cell] is not row]
        self.operations = sum(varies[node] and bool(program.taken(node)) for node in order)

    @staticmethod
    def _varies(program: Program, order: Sequence[Node], varying: frozenset[Hashable]) -> dict[Node, bool]:
        varies: dict[Node, bool] = {}
        for node in order:
            taken = program.taken(node)
            varies[node] = any(varies[n] for n in taken) if taken else program.nodes[node] in varying
        return varies

    def _allot(
        self, program: Program, order: Sequence[Node], varies: Mapping[Node, bool], row_of: Mapping[Node, Floats]
    ) -> dict[Node, int]:
        """A cell for each node: a row of the results, or one that is used again when nobody needs it any more."""
        last = {n: node for node in order for n in program.taken(node)}
        free: list[int] = []
        cell_of: dict[Node, int] = {}
        for node in order:
            taken = program.taken(node)
            if not taken:
                what = program.nodes[node]
                cell_of[node] = self._cell(np.array([what]) if isinstance(what, float) else None)
            elif not varies[node]:
                cell_of[node] = self._cell(np.empty(1))
            else:
                spent = {n for n in taken if last[n] == node and varies[n] and program.taken(n) and n not in row_of}
                free += [cell_of[n] for n in sorted(spent)]
                if node in row_of:
                    cell_of[node] = self._cell(row_of[node])
                else:
                    cell_of[node] = free.pop() if free else self._cell(_like(next(iter(row_of.values()))))
        return cell_of

    def _cell(self, content: Floats | None) -> int:
        self._cells.append(content)
        return len(self._cells) - 1

    def run(self, numbers: Mapping[Any, Floats]) -> None:
        """Write the results at these numbers into their rows."""
        cells = self._cells
        for name, cell in self._inputs:
            cells[cell] = numbers[name]
        for call, a, b, result in self._steps:
            call(cells[a], cells[b], cells[result])
        for row, cell in self._copies:
            row[...] = cells[cell]


def _like(row: Floats) -> Floats:
    """An array of this shape in rows of its own."""
    return shaped(new_rows(math.prod(row.shape[:-1]), row.shape[-1]), row.shape[:-1])
