"""Programs carried out by a loop that is compiled, in place of a call of numpy an operation.

The operations are those of :class:`triangle.batch.program.Routine`, so that the same proof holds
(:mod:`triangle.batch.bounds`). What is in doubt is decided in double precision by numpy all the same; answers cannot
depend on whether there is a compiler.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triangle.batch.program import NUMBER, TRUTH, Node, Operation, Program, new_rows

SINGLE = np.dtype(np.float32)


def is_installed() -> bool:
    """Whether there is a compiler."""
    return find_spec("numba") is not None


class CompiledRoutine:
    """What :class:`triangle.batch.program.Routine` is, in single precision, run by :mod:`triangle.batch.tiles`.

    Parameters
    ----------
    program : Program
    results : sequence of node
    rows : sequence of array
        Where the results are written, one for each, all of one length.
    given : mapping of node to array
        Rows that hold the numbers of some nodes already.
    """

    def __init__(
        self,
        program: Program,
        results: Sequence[Node],
        rows: Sequence[NDArray[Any]],
        given: Mapping[Node, NDArray[Any]],
    ):
        from triangle.batch.tiles import TILE

        self._program, self._given, self._tile, self._rows_of = program, given, TILE, dict[Node, int]()
        self._size = rows[0].shape[-1]
        order = program.needed(results, given)
        leaves = [node for node in order if not self._is_computed(node)]
        self._code = self._coded(order, leaves, set(results))
        self._work = new_rows(1, TILE * (1 + max(self._rows_of.values())), SINGLE)[0]
        for node in leaves:
            if (number := program.number(node)) is not None:
                self._row(node)[:] = number
        self._inputs = [node for node in leaves if program.number(node) is None]
        self._varying, self._staged = list[Node](), np.empty((0, 0), SINGLE)
        whole = TILE * -(-self._size // TILE)
        kinds = [[n for n, node in enumerate(results) if program.dtype(node) == kind] for kind in (NUMBER, TRUTH)]
        self._results = [
            (np.zeros((len(some), whole), dtype), self._places([results[n] for n in some]), [rows[n] for n in some])
            for some, dtype in zip(kinds, (SINGLE, TRUTH), strict=True)
        ]

    def _is_computed(self, node: Node) -> bool:
        return node not in self._given and bool(self._program.taken(node))

    def _coded(self, order: Sequence[Node], leaves: Sequence[Node], kept: set[Node]) -> NDArray[np.uint64]:
        """The operations; a row is used again when nobody needs its numbers any more, but not for its last taker."""
        from triangle.batch.tiles import OPERATIONS

        computed = [node for node in order if self._is_computed(node)]
        last = {one: node for node in computed for one in self._program.taken(node)}
        free, code = list[int](), list[list[int]]()
        self._rows_of = {node: n for n, node in enumerate(leaves)}
        rows = len(leaves)
        for node in computed:
            what: Operation = self._program.nodes[node]
            self._rows_of[node] = free.pop() if free else rows
            rows = max(rows, self._rows_of[node] + 1)
            number, is_turned = OPERATIONS[what.function]
            taken = what.operands[::-1] if is_turned else what.operands
            operands = [self._rows_of[one] for one in (*taken, *taken[:1] * 3)[:3]]
            code.append([number, *(self._tile * row for row in (*operands, self._rows_of[node]))])
            spent = {one for one in taken if last[one] == node and self._is_computed(one)} - kept
            free += sorted(self._rows_of[one] for one in spent)
        return np.array(code, dtype=np.uint64).reshape(-1, 5)

    def _places(self, nodes: Iterable[Node]) -> NDArray[np.uint64]:
        return np.array([self._tile * self._rows_of[node] for node in nodes], dtype=np.uint64)

    def _row(self, node: Node) -> NDArray[np.float32]:
        first = self._tile * self._rows_of[node]
        row: NDArray[np.float32] = self._work[first : first + self._tile]
        return row

    def run(self, numbers: Mapping[Any, NDArray[Any]]) -> None:
        """Write the results at these numbers into their rows."""
        from triangle.batch.tiles import carry_out

        self._take({n: self._given[n] if n in self._given else numbers[self._program.nodes[n]] for n in self._inputs})
        (some, from_some, _), (truths, from_truths, _) = self._results
        work, given, places = self._work, self._staged, self._places(self._varying)
        carry_out(
            self._code, work, work.view(np.int32), given, places, some, from_some, truths.view(np.uint8), from_truths
        )
        for staged, _, rows in self._results:
            for row, some in zip(rows, staged, strict=True):
                row[...] = some[: self._size]

    def _take(self, columns: Mapping[Node, NDArray[Any]]) -> None:
        """Lay out what is given: numbers that are the same for all games once, rows where tiles are read from."""
        self._varying = [node for node, column in columns.items() if len(column) > 1]
        if len(self._staged) != len(self._varying):
            self._staged = np.zeros((len(self._varying), self._results[0][0].shape[1]), SINGLE)
        for staged, node in zip(self._staged, self._varying, strict=True):
            staged[: self._size] = columns[node]
        for node, column in columns.items():
            if len(column) == 1:
                self._row(node)[:] = column
