r"""Formulas taken down once on symbols and then run on rows of numbers, each distinct operation once.

A formula of the model is Python that works on whatever it is given. Given **symbols** in place of parameters, it leaves
behind a **straight-line program**: a list of additions, products and the like, in which equal operations are one and
those with 0 and 1 are gone. A symbol stands for an array of such results: stances remain arrays of zeros and ones over
the profiles, and what they are multiplied by becomes an array of nodes that broadcasts as numbers do. Run on a chunk of
samples, the program makes one call of numpy for each operation and writes into rows that are there already, where the
formula itself would make every intermediate array anew and multiply by zeros.

What can be taken down are numpy's functions of numbers one by one: arithmetic, powers, exponentials, minima and maxima,
comparisons, ``np.where`` and ``np.clip``. Anything else, such as a sum over an axis, a question of a symbol's shape or
an ``if`` on its value, raises an error at once, so that nothing is taken down wrongly.

Operations are those of the formula in its order, so that results have the same bits but for the sign of a zero; one
exception is a number that is not finite times zero, which is zero here. Who runs a program must look for such numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Hashable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Nodes = NDArray[np.intp]
Node = int
DType = np.dtype[Any]

NUMBER, TRUTH = np.dtype(np.float64), np.dtype(np.bool_)

_COMMUTATIVE = frozenset({np.add, np.multiply, np.maximum, np.minimum})

#: Orders of nodes that a program keeps at most: searches ask for the same results of ever other numbers of samples.
_MOST_ORDERS = 512

#: Bytes by which rows lie further apart than they are long: at a power of two they compete for lines of the cache.
_GAP = 512

#: Bytes of a line of the cache, which is also the longest vector of a processor: one that straddles two lines counts as
#: two.
_LINE = 64


def new_rows(number: int, size: int, dtype: DType = NUMBER) -> NDArray[Any]:
    """Rows of a chunk, zero, each beginning at a line of the cache if the chunk is a multiple of one."""
    gap, line = _GAP // dtype.itemsize, _LINE // dtype.itemsize
    memory = np.zeros(number * (size + gap) + line, dtype)
    first = -memory.ctypes.data % _LINE // dtype.itemsize
    return memory[first : first + number * (size + gap)].reshape(number, size + gap)[:, :size]


def new_row(size: int, kind: DType, dtype: DType = NUMBER) -> NDArray[Any]:
    """A row for numbers, which are of this type, or for truth values."""
    return new_rows(1, size, dtype)[0] if kind == NUMBER else np.empty(size, kind)


def choose(condition: Any, one: Any, other: Any, out: Any) -> None:
    """What ``np.where`` does, into an array that is there already."""
    np.copyto(out, other)
    np.copyto(out, one, where=condition)


class Operation(NamedTuple):
    """A function of numpy, or :func:`choose`, and the nodes that it takes."""

    function: Callable[..., Any]
    operands: tuple[Node, ...]


class Symbol(NDArrayOperatorsMixin):
    """An array of numbers that are not known yet; arithmetic with it is written down in its program."""

    __slots__ = ("dtype", "nodes", "program")

    def __init__(self, program: Program, nodes: Nodes, dtype: DType):
        self.program, self.nodes, self.dtype = program, nodes, dtype

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **settings: Any) -> Any:
        if method != "__call__" or settings:
            return NotImplemented
        return self.program.note(ufunc, *inputs)

    def __array_function__(self, function: Any, types: Any, inputs: Any, settings: Any) -> Any:
        if function is np.where and len(inputs) == 3:
            return self.program.note(choose, *inputs)
        if function is np.clip and len(inputs) == 3 and not settings:
            return np.minimum(np.maximum(inputs[0], inputs[1]), inputs[2])
        return NotImplemented

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise TypeError("a symbol is not an array of numbers")

    def __bool__(self) -> bool:
        raise TypeError("a symbol is neither true nor false; use np.where in place of if")

    def clip(self, low: Any, high: Any) -> Any:
        """The method of the same name of an array."""
        return np.minimum(np.maximum(self, low), high)


class Program:
    """Operations in the order in which they were written down.

    Examples
    --------
    >>> program = Program()
    >>> x, y = program.symbol("x"), program.symbol("y")
    >>> square = (1.0 * x + np.array([0.0, 1.0]) * y) ** 2
    >>> rows = np.empty((2, 3))
    >>> routine = Routine(program, program.nodes_of(square).tolist(), {"x"}, rows)
    >>> routine.run({"x": np.array([1.0, 2.0, 3.0]), "y": np.array([0.5])})
    >>> rows.tolist(), routine.operations
    ([[1.0, 4.0, 9.0], [2.25, 6.25, 12.25]], 3)
    """

    def __init__(self) -> None:
        #: An operation, a number, or the name of a symbol.
        self.nodes: list[Any] = []
        #: Whether each is a number or a truth value.
        self.dtypes: list[DType] = []
        self._taken: list[tuple[Node, ...]] = []
        self._known: dict[Hashable, Node] = {}
        self._orders: dict[tuple[Node, ...], tuple[Node, ...]] = {}
        #: What was written down, with its operands.
        self._noted: dict[Hashable, tuple[Any, tuple[Any, ...]]] = {}

    def copied(self) -> Program:
        """A program of the same nodes, to which others may be added."""
        copy = Program()
        copy.nodes, copy.dtypes, copy._taken = self.nodes.copy(), self.dtypes.copy(), self._taken.copy()
        copy._known = self._known.copy()
        return copy

    def symbol(self, name: Hashable) -> Any:
        """The symbol of this name, which stands where a formula expects an array."""
        if name not in self._noted:
            self._noted[name] = Symbol(self, np.array(self._node(name, NUMBER)), NUMBER), ()
        return self._noted[name][0]

    def nodes_of(self, value: Any, dtype: DType = NUMBER) -> Nodes:
        """The nodes of a symbol or of numbers, of the same shape."""
        if isinstance(value, Symbol):
            return value.nodes
        array = np.asarray(value).astype(dtype)
        each = array.ravel().tolist()
        node_of = {number: self._number(number, dtype) for number in dict.fromkeys(each)}
        return np.array([node_of[number] for number in each], np.intp).reshape(array.shape)

    def _node(self, what: Hashable, dtype: DType) -> Node:
        key = (dtype, what)  # True and 1.0 are the same key otherwise
        if key not in self._known:
            self._known[key] = len(self.nodes)
            self.nodes.append(what)
            self.dtypes.append(dtype)
            self._taken.append(what.operands if isinstance(what, Operation) else ())
        return self._known[key]

    def _number(self, value: float, dtype: DType = NUMBER) -> Node:
        return self._node(value if dtype == TRUTH else float(value), dtype)

    def note(self, function: Callable[..., Any], *operands: Any) -> Any:
        """The result of a function of numpy or of :func:`choose`: a symbol, or numbers where it depends on none.

        Raises
        ------
        TypeError
            If it is not a function of numbers one by one, with a number or a truth value as the result.
        """
        key = (function, *map(key_of, operands))
        if key not in self._noted:
            # Operands are kept with it: where one that is gone has lain, another may come to lie.
            self._noted[key] = self._taken_down(function, operands), operands
        return self._noted[key][0]

    def _taken_down(self, function: Callable[..., Any], operands: Sequence[Any]) -> Any:
        *takes, dtype = _dtypes(function, operands)
        spread = np.broadcast_arrays(*map(self.nodes_of, operands, takes))
        taken = list(zip(*(n.ravel().tolist() for n in spread), strict=True))
        # Profiles at which a formula takes the same are most of them.
        found = {nodes: self.add(function, dtype, *nodes) for nodes in dict.fromkeys(taken)}
        each = [found[nodes] for nodes in taken]
        if None not in (known := [self.number(node) for node in each]):
            numbers = np.array(known, dtype).reshape(spread[0].shape)
            numbers.setflags(write=False)
            return numbers
        return Symbol(self, np.array(each, np.intp).reshape(spread[0].shape), dtype)

    def add(self, function: Callable[..., Any], dtype: DType, *operands: Node) -> Node:
        """The node of an operation, which is one of its operands or a number where it can be."""
        values = [self.nodes[node] for node in operands]
        if function is choose:
            return self._chosen(dtype, *operands)
        if all(isinstance(value, float | bool) for value in values):
            return self._number(function(*values).item(), dtype)
        if dtype == NUMBER:
            simpler = self._simpler(function, operands, values)
            if simpler is not None and self.dtypes[simpler] == NUMBER:
                return simpler
        ordered = tuple(sorted(operands)) if function in _COMMUTATIVE else operands
        return self._node(Operation(function, ordered), dtype)

    def _chosen(self, dtype: DType, condition: Node, one: Node, other: Node) -> Node:
        known = self.nodes[condition]
        if one == other or isinstance(known, float | bool):
            return one if known else other
        return self._node(Operation(choose, (condition, one, other)), dtype)

    def _simpler(self, function: Callable[..., Any], operands: tuple[Node, ...], values: Sequence[Any]) -> Node | None:
        """A node that is there already and equal to an operation, or one of a cheaper operation."""
        if function is np.negative:
            return self.add(np.multiply, NUMBER, self._number(-1.0), *operands)
        if function is np.square:
            return self.add(np.multiply, NUMBER, *operands, *operands)
        if len(operands) != 2:
            return None
        (a, b), (x, y) = operands, values
        if function is np.multiply and 0.0 in (x, y):
            return self._number(0.0)
        if function in (np.multiply, np.divide, np.power) and y == 1.0:
            return a
        if function in (np.add, np.subtract) and y == 0.0:
            return a
        if (function is np.multiply and x == 1.0) or (function is np.add and x == 0.0):
            return b
        if function is np.power and y == 2.0:
            return self.add(np.multiply, NUMBER, a, a)
        return None

    def needed(self, results: Iterable[Node], given: Collection[Node] = ()) -> tuple[Node, ...]:
        """The nodes that some results take, each after those that it takes itself; what is given takes nothing."""
        ends = tuple(results)
        if given:
            return self._in_order(ends, given)
        found = self._orders.get(ends)  # what is there once never takes anything else
        if found is None:
            if len(self._orders) >= _MOST_ORDERS:
                self._orders.clear()
            found = self._orders[ends] = self._in_order(ends)
        return found

    def _in_order(self, results: tuple[Node, ...], given: Container[Node] = ()) -> tuple[Node, ...]:
        order: dict[Node, None] = {}
        waiting, operands = list(results[::-1]), self._taken
        while waiting:
            node = waiting.pop()
            if node < 0:  # what it takes comes before it by now
                order[~node] = None
            elif node not in order:
                waiting.append(~node)
                if node not in given:
                    waiting += operands[node][::-1]
        return tuple(order)

    def depending(self, nodes: Iterable[Node], names: Container[Hashable]) -> set[Node]:
        """Those of some nodes, in the order of :meth:`needed`, that depend on symbols of these names."""
        found: set[Node] = set()
        for node in nodes:
            if not found.isdisjoint(self.taken(node)) or (not self.taken(node) and self.nodes[node] in names):
                found.add(node)
        return found

    def taken_again(
        self, needed: Sequence[Node], moved: Container[Node], varying: Iterable[Hashable], results: Iterable[Node] = ()
    ) -> list[Node]:
        """Of nodes in the order of :meth:`needed` those that do not move, vary, and are results or taken by a mover."""
        varies = self.depending(needed, frozenset(varying))
        taken = {*results, *(node for one in needed if one in moved for node in self.taken(one))}
        return [node for node in needed if node in taken and node in varies and node not in moved and self.taken(node)]

    def names(self, results: Iterable[Node]) -> list[Any]:
        """Names of the symbols that some results take."""
        whats = [self.nodes[node] for node in self.needed(results)]
        return [what for what in whats if not isinstance(what, Operation | float | bool)]

    def taken(self, node: Node) -> tuple[Node, ...]:
        """The nodes that a node is made of."""
        return self._taken[node]

    def taken_unless(self, given: Collection[Node]) -> Sequence[tuple[Node, ...]]:
        """The same for every node, none where it is given."""
        taken = list(self._taken) if given else self._taken
        for node in given:
            taken[node] = ()
        return taken

    def is_of(self, function: Callable[..., Any], node: Node) -> bool:
        """Whether a node is an operation of this function."""
        what = self.nodes[node]
        return isinstance(what, Operation) and what.function is function

    def number(self, node: Node) -> float | None:
        """The number that a node is, if it is one."""
        what = self.nodes[node]
        return float(what) if isinstance(what, float | bool) else None

    def dtype(self, node: Node) -> DType:
        """Whether a node is a number or a truth value."""
        return self.dtypes[node]


def key_of(operand: Any) -> Hashable:
    """What tells an operand from others; a program keeps the symbols that it has noted, so that their identity does."""
    if isinstance(operand, Symbol):
        return id(operand)
    array = np.asarray(operand)
    return type(operand), array.dtype, array.shape, array.tobytes()


def _dtypes(function: Callable[..., Any], operands: Sequence[Any]) -> list[DType]:
    """Types that a function takes and gives, all of them numbers or truth values; raises TypeError otherwise."""
    kinds = [_kind(operand) for operand in operands]
    if function is choose:
        result = np.result_type(*(np.dtype(kind) for kind in kinds[1:]))
        found = [TRUTH, result, result]
        fits = all(not isinstance(x, Symbol) or x.dtype == kind for x, kind in zip(operands, found, strict=True))
        found = [*found, result] if fits else []
    elif isinstance(function, np.ufunc) and function.nout == 1 and function.signature is None:
        found = list(function.resolve_dtypes((*kinds, None)))
    else:
        found = []
    if not found or not {NUMBER, TRUTH}.issuperset(found):
        raise TypeError(f"{function.__name__} of these operands is not among the operations of a straight-line program")
    return found


def _kind(operand: Any) -> Any:
    """The type of an operand as numpy's promotion takes it, where Python's own numbers are weak."""
    if isinstance(operand, Symbol):
        return operand.dtype
    return type(operand) if type(operand) in (int, float) else np.asarray(operand).dtype


Call = Callable[[Any, Any, Any], object]
Step = tuple[Call, int, int, int]


@cache
def _called(function: Callable[..., Any], operands: int) -> Call:
    """A function of one or two numbers as a function of two and of where its result is written."""
    if operands == 1:
        return lambda a, b, result: function(a, out=result)
    if function in (np.maximum, np.minimum):  # they take their place of writing by name alone
        return lambda a, b, result: function(a, b, out=result)
    return function  # the others take it sooner by position


class Routine:
    """A program made ready for symbols of which some vary from sample to sample and the others are one number.

    Parameters
    ----------
    program : Program
    results : sequence of node
    varying : set
        Names of the symbols that are given as rows of samples; the others are arrays of length 1.
    rows : sequence of array
        Where the results are written, one for each, all of one length.
    stops : sequence of int, optional
        Numbers of results after which a run pauses, ascending. Rows may be used again after a pause.
    dtype : dtype
        In which numbers are computed; rows and the numbers of a run are of this type.
    given : mapping of node to array
        Rows that hold the numbers of some nodes already.

    Attributes
    ----------
    operations : int
        Calls of numpy on rows of samples.
    nbytes : int
        Of the rows of samples that are neither results nor given.
    """

    def __init__(
        self,
        program: Program,
        results: Sequence[Node],
        varying: Iterable[Hashable],
        rows: Sequence[NDArray[Any]],
        stops: Sequence[int] = (),
        dtype: DType = NUMBER,
        given: Mapping[Node, NDArray[Any]] | None = None,
    ):
        self._given = given or {}
        self._taken = program.taken_unless(self._given)
        self._program, self._cells, self._size = program, list[Any](), rows[0].shape[-1]
        self._dtype, self.nbytes = dtype, 0
        self._inputs: list[tuple[Hashable, int]] = []
        self._parts: list[tuple[list[Step], list[tuple[Floats, int]]]] = []
        parts = [range(a, b) for a, b in zip((0, *stops), (*stops, len(results)), strict=True)]
        orders, part_of = self._orders([[results[k] for k in part] for part in parts])
        self._order = [node for order in orders for node in order]
        self._varies = self._which_vary(frozenset(varying))
        cells = self._allot(orders, [{results[k]: rows[k] for k in reversed(part)} for part in parts], part_of)
        for order, part in zip(orders, parts, strict=True):
            steps = [self._step(node, cells) for node in order if self._taken[node]]
            copies = [(rows[k], cells[results[k]]) for k in part if self._cells[cells[results[k]]] is not rows[k]]
            self._parts.append((steps, copies))
        self.operations = sum(self._varies[node] and bool(self._taken[node]) for node in self._order)

    def _orders(self, parts: Sequence[Sequence[Node]]) -> tuple[list[list[Node]], dict[Node, int]]:
        """The nodes that each part computes, and the last part that needs a node."""
        orders, last_part = [], {}
        done: set[Node] = set()
        for number, ends in enumerate(parts):
            needed = self._program.needed(ends, self._given)
            orders.append([node for node in needed if node not in done])
            last_part.update(dict.fromkeys(needed, number))
            done.update(needed)
        return orders, last_part

    def _which_vary(self, varying: frozenset[Hashable]) -> dict[Node, bool]:
        varies: dict[Node, bool] = {}
        nodes, given = self._program.nodes, self._given
        for node in self._order:
            if taken := self._taken[node]:
                varies[node] = varies[taken[0]] or varies[taken[-1]] or (len(taken) > 2 and varies[taken[1]])
            else:
                varies[node] = node in given or nodes[node] in varying
        return varies

    def _allot(
        self, orders: Sequence[Sequence[Node]], ends: Sequence[Mapping[Node, Floats]], last_part: Mapping[Node, int]
    ) -> dict[Node, int]:
        """A cell for each node: a row of the results, or one that is used again when nobody needs it any more."""
        taken_by, dtype_of = self._taken, self._program.dtypes
        last = {n: node for node in self._order for n in taken_by[node]}
        rows = {n for n, varies in self._varies.items() if varies and taken_by[n]}
        spent_by: dict[Node, list[Node]] = {}
        for n in sorted(rows.difference(*ends)):
            spent_by.setdefault(last[n], []).append(n)
        free: dict[DType, list[int]] = {NUMBER: [], TRUTH: []}
        cells: dict[Node, int] = {}
        for number, order in enumerate(orders):
            for node in order:
                taken, dtype = taken_by[node], dtype_of[node]
                if not taken:
                    cells[node] = self._leaf(node)
                    continue
                spent = spent_by.get(node, ())
                if spent and len(taken) < 3:  # one of numpy's own may write over what it takes, choose may not
                    self._release(spent, cells, free)
                if node not in rows:
                    cells[node] = self._cell(np.empty(1, self._dtype if dtype == NUMBER else dtype))
                elif (
                    node in ends[number]
                    and last_part[node] == number
                    and (ends[number][node].dtype == TRUTH) == (dtype == TRUTH)
                ):
                    cells[node] = self._cell(ends[number][node])
                else:
                    cells[node] = free[dtype].pop() if free[dtype] else self._cell(self._new_row(dtype))
                if spent and len(taken) > 2:
                    self._release(spent, cells, free)
        return cells

    def _release(self, spent: Iterable[Node], cells: Mapping[Node, int], free: Mapping[DType, list[int]]) -> None:
        for node in spent:
            free[self._program.dtypes[node]].append(cells[node])

    def _leaf(self, node: Node) -> int:
        """The cell of a number, of what is given, or of a symbol, whose numbers come with each run."""
        if node in self._given:
            return self._cell(self._given[node])
        what = self._program.nodes[node]
        if isinstance(what, float | bool):
            return self._cell(np.array([what], self._dtype if isinstance(what, float) else TRUTH))
        self._inputs.append((what, self._cell(None)))
        return self._inputs[-1][1]

    def _new_row(self, dtype: DType) -> NDArray[Any]:
        row = new_row(self._size, dtype, self._dtype)
        self.nbytes += row.nbytes
        return row

    def _cell(self, content: NDArray[Any] | None) -> int:
        self._cells.append(content)
        return len(self._cells) - 1

    def _step(self, node: Node, cell_of: Mapping[Node, int]) -> Step:
        function, operands = self._program.nodes[node]
        first, second = cell_of[operands[0]], cell_of[operands[min(1, len(operands) - 1)]]
        if len(operands) < 3:
            return _called(function, len(operands)), first, second, cell_of[node]
        third, cells = cell_of[operands[2]], self._cells

        def call(a: Any, b: Any, result: Any) -> object:
            return function(a, b, cells[third], out=result)

        return call, first, second, cell_of[node]

    def run(self, numbers: Mapping[Any, NDArray[Any]]) -> None:
        """Write the results at these numbers into their rows."""
        for _ in self.parts(numbers):
            pass

    def parts(self, numbers: Mapping[Any, NDArray[Any]]) -> Iterable[None]:
        """The same with a pause after each part of the results."""
        cells = self._cells
        for name, cell in self._inputs:
            cells[cell] = numbers[name]
        for steps, copies in self._parts:
            for call, a, b, result in steps:
                call(cells[a], cells[b], cells[result])
            for row, cell in copies:
                row[...] = cells[cell]
            yield
