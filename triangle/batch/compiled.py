"""The filter in single precision by a loop that is compiled, in place of a call of numpy an operation.

The operations and the test are those of :class:`triangle.batch.filter.Filter`, so that the same proof holds. What is in
doubt is decided in double precision by numpy all the same; answers cannot depend on whether there is a compiler.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import accumulate, chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triangle.batch.filter import SINGLE, Places, Proof
from triangle.batch.program import Node, Operation, Program, new_rows
from triangle.games.bitboards import BITS, Masks


def is_installed() -> bool:
    """Whether there is a compiler."""
    return find_spec("numba") is not None


@dataclass(frozen=True, eq=False)
class Moved:
    """Points of blocks one after the other, each made of those of the first one by an exclusive or.

    Attributes
    ----------
    points : array, shape (coordinate, block)
        Numbers between 1 and 2 in single precision, as bits.
    place : int
        The coordinate.
    by : array, shape (blocks,)
    size : int
        Points in all.
    """

    points: NDArray[np.uint32]
    place: int
    by: NDArray[np.uint32]
    size: int

    def __len__(self) -> int:
        return self.size


class Code:
    """Results of a program as :mod:`triangle.batch.tiles` makes them.

    Attributes
    ----------
    steps : array, shape (operation, 5)
    work : array
        The rows of a tile one after the other.
    symbols : dict
        The place of every symbol.
    """

    def __init__(self, program: Program, results: Sequence[Node]):
        from triangle.batch.tiles import TILE

        self._program, self._tile = program, TILE
        order = program.needed(results)
        self._place = {node: TILE * n for n, node in enumerate(node for node in order if not program.taken(node))}
        self.symbols = {program.nodes[node]: place for node, place in self._place.items() if not self._is_number(node)}
        self.steps = self._coded([node for node in order if program.taken(node)], set(results))
        self.work = new_rows(1, TILE + max(self._place.values()), SINGLE)[0]
        for node, place in self._place.items():
            if self._is_number(node):
                self.row(place)[:] = program.nodes[node]

    def _is_number(self, node: Node) -> bool:
        return self._program.number(node) is not None

    def _coded(self, order: Sequence[Node], kept: set[Node]) -> NDArray[np.uint64]:
        """The operations; a row is used again when nobody needs its numbers any more, but not for its last taker."""
        steps = self._steps(order, kept)
        last = {one: node for node, (_, taken) in steps.items() for one in taken}
        free, code, place, rows = list[int](), list[list[int]](), self._place, len(self._place)
        for node, (number, taken) in steps.items():
            if not free:
                free.append(self._tile * rows)
                rows += 1
            place[node] = free.pop()
            code.append([number, *(place[one] for one in (*taken, *taken[:1] * 2)[:3]), place[node]])
            spent = {one for one in taken if last[one] == node and one in steps} - kept
            free += sorted(place[one] for one in spent)
        return np.array(code, dtype=np.uint64).reshape(-1, 5)

    def _steps(self, order: Sequence[Node], kept: set[Node]) -> dict[Node, tuple[int, tuple[Node, ...]]]:
        """The number and the operands of each operation; a product that one sum alone takes is made along with it."""
        from triangle.batch.tiles import MULTIPLY_ADD, OPERATIONS

        program, steps = self._program, dict[Node, tuple[int, tuple[Node, ...]]]()
        times = Counter(one for node in order for one in program.taken(node))
        for node in order:
            what: Operation = program.nodes[node]
            number, is_turned = OPERATIONS[what.function]
            steps[node] = number, what.operands[::-1] if is_turned else what.operands
            for factor, other in (what.operands, what.operands[::-1]) if what.function is np.add else ():
                if program.is_of(np.multiply, factor) and times[factor] == 1 and factor in steps and factor not in kept:
                    steps[node] = MULTIPLY_ADD, (*steps.pop(factor)[1], other)
                    break
        return steps

    def places(self, nodes: Iterable[Node]) -> NDArray[np.uint64]:
        """Where the rows of results begin."""
        return np.array([self._place[node] for node in nodes], dtype=np.uint64)

    def row(self, place: int) -> NDArray[np.float32]:
        """The row that begins at a place."""
        found: NDArray[np.float32] = self.work[place : place + self._tile]
        return found


class CompiledFilter:
    """What :class:`triangle.batch.filter.Filter` finds; nothing is kept for a grid.

    Parameters
    ----------
    proof : Proof
    size : int
        Games of a chunk.
    """

    def __init__(self, proof: Proof, size: int):
        from triangle.batch.tiles import TILE

        self._size, whole = size, TILE * -(-size // TILE)
        self._code = Code(proof.the.program, list(dict.fromkeys(proof.truths)))
        self._answers = _answers(proof, self._code)
        self._sets = np.empty((self._answers.bits.shape[1], whole), np.uint64)
        self._doubt, self._columns = np.empty(whole, np.uint8), np.empty((0, whole), SINGLE)

    def begin(self, numbers: Mapping[Any, Any]) -> None:
        """Nothing is computed before the games themselves."""

    def masks(self, numbers: Mapping[Any, Any]) -> tuple[Masks, Places]:
        """Sets of equilibria of one chunk, and the places of those in doubt, as the other filter has them."""
        from triangle.batch.tiles import carry_out

        work = self._code.work
        carry_out(
            self._code.steps, work, work.view(np.int32), self._given(numbers), self._answers, self._sets, self._doubt
        )
        sets = self._sets[:, : self._size].copy()
        return (sets[0] if len(sets) == 1 else sets), np.flatnonzero(self._doubt[: self._size])

    def _given(self, numbers: Mapping[Any, Any]) -> Any:
        """What varies, laid out for tiles; what does not goes into its row."""
        from triangle.batch.tiles import Given

        symbols = self._code.symbols
        moved = {key: some for key in symbols if isinstance(some := numbers[key], Moved)}
        varying = [key for key in symbols if key not in moved and len(numbers[key]) > 1]
        if len(self._columns) != len(varying):
            self._columns = np.zeros((len(varying), len(self._doubt)), SINGLE)
        for column, key in zip(self._columns, varying, strict=True):
            column[: self._size] = numbers[key]
        for key in symbols.keys() - moved.keys() - set(varying):
            self._code.row(symbols[key])[:] = numbers[key]
        points = next((some.points for some in moved.values()), np.empty((0, 0), np.uint32))
        moves = np.stack([some.by for some in moved.values()]) if moved else points
        places = np.array([some.place for some in moved.values()], np.uint64)
        into = [np.array([symbols[key] for key in keys], np.uint64) for keys in (varying, moved)]
        return Given(self._columns, into[0], points, places, moves, into[1])


def _answers(proof: Proof, code: Code) -> Any:
    """Where the truths are of which sets are put together."""
    from triangle.batch.tiles import Answers

    words = -(-len(proof.the.group_of[0]) // BITS)
    players = [_profiles_of(at) for at in proof.at_profiles]
    truths = code.places(chain.from_iterable(players))
    bits = _words(chain.from_iterable(some.values() for some in players), words)
    groups = [list(dict.fromkeys(some)) for some in proof.answers]
    profiles = [
        sum(1 << p for row in g.profiles for p in row) for i in range(len(proof.chosen)) for g in proof.groups_of(i)
    ]
    last = np.array(list(accumulate(map(len, players))), dtype=np.intp)
    bounds = np.array([0, *accumulate(map(len, groups))], dtype=np.intp)
    fits = code.places([] if proof.fits is None else [proof.fits])
    return Answers(truths, bits, last, code.places(chain(*groups)), bounds, _words(profiles, words), fits)


def _profiles_of(truths: Sequence[Node]) -> dict[Node, int]:
    """The set of profiles at which each truth stands."""
    found = defaultdict[Node, int](int)
    for profile, node in enumerate(truths):
        found[node] |= 1 << profile
    return found


def _words(sets: Iterable[int], words: int) -> NDArray[np.uint64]:
    """Sets in words ``[set, word]``."""
    each = [[one >> BITS * word & (1 << BITS) - 1 for word in range(words)] for one in sets]
    return np.array(each, dtype=np.uint64).reshape(-1, words)
