"""Rows of samples, and boxes of them as views that numpy works through in one call.

Rows of a chunk are numbered. A table of row numbers that is **affine** in its place, as ``[[3, 5], [4, 6]]`` is, stands
for rows that lie evenly spaced in memory along each axis, which is an array without copying anything. Tables that are
not are cut into boxes that are.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]
Box = tuple[slice, ...]

#: Numbers by which rows lie further apart than they are long: at a power of two they compete for lines of the cache.
_GAP = 64

#: Bytes of a line of the cache, which is also the longest vector of a processor: one that straddles two lines counts as
#: two.
_LINE = 64


def new_rows(number: int, size: int) -> Floats:
    """Rows of a chunk, zero, each beginning at a line of the cache if the chunk is a multiple of one."""
    memory = np.zeros(number * (size + _GAP) + _LINE // 8)
    first = -memory.ctypes.data % _LINE // 8
    return memory[first : first + number * (size + _GAP)].reshape(number, size + _GAP)[:, :size]


@dataclass(frozen=True)
class Even:
    """Rows that lie evenly spaced along each axis of a shape: `first` plus `steps` times the place."""

    first: int
    shape: tuple[int, ...]
    steps: tuple[int, ...]

    @property
    def last(self) -> int:
        """The row at the end of every axis."""
        return self.first + sum((n - 1) * step for n, step in zip(self.shape, self.steps, strict=True))


def even(table: Integers) -> Even:
    """The rows of an affine table."""
    found = steps(table)
    if found is None:
        raise AssertionError(f"the rows {table.tolist()} are not evenly spaced")
    return Even(int(table.flat[0]), table.shape, found)


def view(rows: Floats, places: Even) -> Floats:
    """These rows, ``[...places, samples]``, as a view."""
    strides = *(step * rows.strides[0] for step in places.steps), rows.strides[1]
    return np.lib.stride_tricks.as_strided(rows[places.first :], (*places.shape, rows.shape[1]), strides)


def shaped(rows: Floats, shape: tuple[int, ...], first: int = 0) -> Floats:
    """Consecutive rows as an array of more axes, the last of which runs fastest."""
    return view(rows, Even(first, shape, tuple(math.prod(shape[axis + 1 :]) for axis in range(len(shape)))))


def boxes(tables: Sequence[Integers], wanted: NDArray[np.bool_] | None = None) -> list[Box]:
    """Tables of one shape cut into boxes in which each of them is affine, large ones first.

    >>> boxes([np.array([[3, 5], [4, 6], [0, 1]])])
    [(slice(0, 2, None), slice(0, 2, None)), (slice(2, 3, None), slice(0, 2, None))]
    """
    left = np.ones(tables[0].shape, dtype=np.bool_) if wanted is None else wanted.copy()
    candidates = [
        tuple(slice(a, b) for a, b in sides)
        for sides in itertools.product(*(itertools.combinations(range(n + 1), 2) for n in left.shape))
    ]
    candidates.sort(key=lambda box: -left[box].size)
    found = []
    for box in candidates:
        if left[box].all() and all(steps(table[box]) is not None for table in tables):
            left[box] = False
            found.append(box)
    return found


def steps(table: Integers) -> tuple[int, ...] | None:
    """The steps of a table along its axes, or None where it is not affine."""
    first = table.flat[0]
    found = tuple(int(np.take(table, 1, axis).flat[0] - first) if n > 1 else 0 for axis, n in enumerate(table.shape))
    made = first + sum(step * place for step, place in zip(found, np.indices(table.shape), strict=True))
    return found if np.array_equal(made, table) else None
