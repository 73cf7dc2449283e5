r"""Scrambled Sobol' points, to the bit those of ``scipy.stats.qmc.Sobol``, without the second that scipy takes to load.

In Gray-code order point :math:`n` is the exclusive or of the **direction numbers** at the bits of the Gray code of
:math:`n`, and of a random shift. Direction numbers follow from a primitive polynomial and a few first numbers for each
dimension, which Joe and Kuo (2008) chose; they are scrambled by a random lower triangular matrix of bits for each
dimension (Matoušek 1998), drawn as scipy draws it, so that whoever has scipy finds the same points.

References
----------
Antonov, I. A. and Saleev, V. M. (1979). An economic method of computing LP-tau sequences. *USSR Computational
Mathematics and Mathematical Physics* 19(1), 252-256.
Joe, S. and Kuo, F. Y. (2008). Constructing Sobol sequences with better two-dimensional projections. *SIAM Journal on
Scientific Computing* 30(5), 2635-2654.
Matoušek, J. (1998). On the L2-discrepancy for anchored boxes. *Journal of Complexity* 14(4), 527-556.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache, reduce
from operator import xor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from triangle.base.files import read_text

#: Bits of a coordinate, and so the logarithm of the longest sequence.
SOBOL_BITS = 30

#: Most dimensions of a point.
MAX_DIMENSIONS = 1024

#: Dimensions from the second on: the degree of each polynomial, its inner coefficients, and the first numbers.
_TABLE = Path(__file__).parent / "joe_kuo.txt"

Floats = NDArray[np.float64]
Bits = NDArray[np.uint32]


def sobol_directions(dimensions: int, key: Sequence[int]) -> tuple[Bits, Bits]:
    """Shift ``[d]`` and scrambled direction numbers ``[d, bit]``.

    Parameters
    ----------
    dimensions : int
        At most `MAX_DIMENSIONS`.
    key : sequence of int
        The seed of the generator.

    Examples
    --------
    >>> shift, directions = sobol_directions(3, (0,))
    >>> shift.shape, directions.shape
    ((3,), (3, 30))
    """
    return _directions(dimensions, tuple(key))


@lru_cache(maxsize=16)
def _directions(dimensions: int, key: tuple[int, ...]) -> tuple[Bits, Bits]:
    """What is asked for again by every sweep of the same parameters and seed; not to be written to."""
    generator = np.random.default_rng(list(key)).spawn(1)[0]  # scipy draws from a child, too
    size = (dimensions, SOBOL_BITS)
    shift = generator.integers(2, size=size, dtype=np.uint32) @ (np.uint32(1) << np.arange(SOBOL_BITS, dtype=np.uint32))
    matrices = np.tril(generator.integers(2, size=(*size, SOBOL_BITS), dtype=np.uint32))
    matrices[:, np.arange(SOBOL_BITS), np.arange(SOBOL_BITS)] = 1
    directions = _scrambled(_unscrambled(dimensions), matrices)
    for kept in (shift, directions):
        kept.flags.writeable = False
    return shift, directions


def sobol_integers(shift: Bits, directions: Bits, count: int) -> Bits:
    """The first points ``[d, point]`` in units of ``2**-SOBOL_BITS``."""
    points = np.empty((len(shift), count), dtype=np.uint32)
    points[:, :1] = shift[:, None]
    for bit in range(max(count - 1, 0).bit_length()):
        # The Gray code of the second half of 2^(bit + 1) numbers is that of the first half, mirrored, and one bit more.
        half, some = 1 << bit, min(1 << bit, count - (1 << bit))
        np.bitwise_xor(points[:, half - some : half][:, ::-1], directions[:, bit, None], out=points[:, half:][:, :some])
    return points


def sobol_points(dimensions: int, count: int, key: Sequence[int]) -> Floats:
    """The first points ``[d, point]`` of the sequence of this key, at least 0 and below 1.

    Examples
    --------
    >>> points = sobol_points(2, 4, (0,))
    >>> (np.sort(points, axis=1) * 4).astype(int).tolist()
    [[0, 1, 2, 3], [0, 1, 2, 3]]
    """
    return np.multiply(sobol_integers(*sobol_directions(dimensions, key), count), 2.0**-SOBOL_BITS, dtype=np.float64)


def _scrambled(directions: Bits, matrices: Bits) -> Bits:
    """Direction numbers times triangular matrices of bits, the most significant bit first."""
    places = np.arange(SOBOL_BITS - 1, -1, -1, dtype=np.uint32)
    # As numbers that a processor multiplies at once; sums of thirty bits are exact in them.
    bits, ones = ((directions[:, :, None] >> places) & 1).astype(np.float32), matrices.astype(np.float32)
    found: Bits = (((bits @ ones.swapaxes(1, 2)).astype(np.uint32) & 1) << places).sum(axis=2, dtype=np.uint32)
    return found


def _unscrambled(dimensions: int) -> Bits:
    """Direction numbers ``[d, bit]`` by the recurrence of each dimension's polynomial."""
    rows = [_recurred(*row) for row in _table()[: max(dimensions - 1, 0)]]
    found: Bits = np.array([[1] * SOBOL_BITS, *rows][:dimensions], dtype=np.uint32).reshape(dimensions, SOBOL_BITS)
    found <<= np.arange(SOBOL_BITS - 1, -1, -1, dtype=np.uint32)
    return found


@cache  # every set of draws asks for those of the first dimensions again
def _recurred(degree: int, inner: int, *first: int) -> tuple[int, ...]:
    """The odd numbers m of a polynomial, each from as many before it as the polynomial's degree."""
    coefficients, found = inner << 1 | 1, list(first)
    for place in range(degree, SOBOL_BITS):
        shifted = (found[place - k] << k for k in range(1, degree + 1) if coefficients >> degree - k & 1)
        found.append(reduce(xor, shifted, found[place - degree]))
    return tuple(found)


@cache
def _table() -> list[list[int]]:
    lines = read_text(_TABLE, "table").splitlines()
    return [[int(number) for number in line.split()[1:]] for line in lines if not line.startswith("#")]
