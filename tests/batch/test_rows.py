"""Boxes of rows as views, and the plan that is made of them."""

from __future__ import annotations

import numpy as np
import pytest

from triangle.batch.plan import plan
from triangle.batch.rows import boxes, even, new_rows, shaped, steps, view
from triangle.players.axes import OTHERS


def test_a_view_has_the_rows_of_its_table():
    rows = new_rows(20, 5)
    rows[:] = np.arange(20)[:, None]
    table = np.array([[9, 4], [11, 6], [13, 8]])
    found = view(rows, even(table))
    assert np.array_equal(found[..., 0], table) and np.shares_memory(found, rows) and even(table).last == 8
    assert np.array_equal(view(rows, even(np.array([3, 3, 3])))[:, 4], [3, 3, 3])
    assert np.array_equal(shaped(rows, (2, 3), 7)[..., 1], [[7, 8, 9], [10, 11, 12]])
    with pytest.raises(AssertionError, match="not evenly spaced"):
        even(np.array([0, 1, 3]))


def test_new_rows_begin_at_a_line_of_the_cache():
    rows = new_rows(3, 128)
    assert rows.shape == (3, 128) and not rows.any() and all(row.ctypes.data % 64 == 0 for row in rows)
    assert new_rows(0, 128).shape == (0, 128)


def test_boxes_cover_every_cell_once_and_are_affine():
    generator = np.random.default_rng(0)
    for _ in range(20):
        tables = [generator.integers(0, 3, (3, 4)) for _ in range(2)]
        wanted = generator.random((3, 4)) < 0.8
        times = np.zeros((3, 4), dtype=int)
        for box in boxes(tables, wanted):
            times[box] += 1
            assert all(steps(table[box]) is not None for table in tables)
        assert np.array_equal(times, wanted)


def test_the_plan_makes_every_row_and_every_payoff_once():
    for block in plan().blocks.values():
        made = np.zeros(block.shape, dtype=int)
        for box, product, side in block.sums:
            made[box] += 1
            assert product.shape == side.shape == made[box].shape
        assert (made == 1).all()
    for player, runs in enumerate(plan().runs):
        for run in runs:
            put = np.zeros((2, 2, len(run.groups)), dtype=int)
            for box, first, second in run.sums:
                put[box] += 1
                assert first.last < plan().blocks[player, OTHERS[player][0]].rows
                assert second.last < plan().blocks[player, OTHERS[player][1]].rows
            assert (put == 1).all()
