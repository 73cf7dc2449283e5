"""Sobol' points: other programs' to the bit, and even in every dimension."""

import subprocess
import sys
import warnings

import numpy as np
import pytest
from budgets import in_turn
from scipy.stats import qmc

from triangle.sweeps.sobol import MAX_DIMENSIONS, SOBOL_BITS, sobol_directions, sobol_points


@pytest.mark.parametrize(("dimensions", "count"), in_turn([1, 2, 74, MAX_DIMENSIONS], [1, 5, 2048, 2, 1023]))
def test_points_are_scipys_to_the_bit(dimensions: int, count: int):
    rng = np.random.default_rng([7, dimensions])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scipy warns of lengths that are no power of two
        theirs = qmc.Sobol(dimensions, scramble=True, bits=SOBOL_BITS, rng=rng).random(count).T
    assert (sobol_points(dimensions, count, (7, dimensions)) == theirs).all()


@pytest.mark.parametrize("count", [2, 64, 1024])
def test_each_dimension_has_one_point_in_each_stratum(count: int):
    points = sobol_points(200, count, (1,))
    assert (np.sort(np.floor(points * count), axis=1) == np.arange(count)).all()


def test_points_of_no_dimension_are_none():
    assert sobol_points(0, 8, (1,)).shape == (0, 8) and sobol_directions(0, (1,))[1].shape == (0, SOBOL_BITS)


def test_a_sweep_loads_neither_scipys_statistics_nor_dask():
    """Each takes a second to load, as long as a hundred thousand games."""
    code = "import sys, triangle; triangle.sweep('baseline', samples=100); print(*sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "xarray" in found.split() and not {"scipy.stats", "dask.array"} & {*found.split()}
