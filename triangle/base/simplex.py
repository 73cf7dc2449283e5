"""The simplex method in whole numbers, without any rounding: for small linear programs that floats cannot hold."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

#: Most numbers of the inequalities of a program that is solved so; about a second.
MOST_EXACT = 1024


class Optimum(NamedTuple):
    """The largest value of a program, where it is, and the price of each inequality."""

    most: Fraction
    point: list[Fraction]
    prices: list[Fraction]


def maximum(rows: NDArray[Any], limits: NDArray[Any], worth: NDArray[Any]) -> Optimum:
    r"""The largest :math:`w x` over :math:`x \ge 0` with :math:`A x \le b`, which must be bounded.

    Parameters
    ----------
    rows : array of whole numbers, shape (inequalities, unknowns)
    limits : array of whole numbers, shape (inequalities,)
        Not negative: zero is where the method begins.
    worth : array of whole numbers, shape (unknowns,)

    Examples
    --------
    >>> found = maximum(np.array([[1, 2], [3, 1]]), np.array([4, 6]), np.array([1, 1]))
    >>> str(found.most), [str(part) for part in found.point], [str(price) for price in found.prices]
    ('14/5', ['8/5', '6/5'], ['2/5', '1/5'])
    """
    count, columns = rows.shape
    width = columns + count
    tableau = np.zeros((count + 1, width + 1), dtype=object)
    tableau[:count, :columns], tableau[:count, -1], tableau[count, :columns] = rows, limits, -worth
    tableau[range(count), range(columns, width)] = 1
    basis, divisor, pivots = list(range(columns, width)), 1, 0
    while min(tableau[count, :width]) < 0:
        costs = tableau[count, :width]
        # The steepest column, and after many pivots the first one, by which the method cannot go in circles (Bland).
        column = int(np.argmin(costs)) if pivots < 4 * width else next(j for j in range(width) if costs[j] < 0)
        open_rows = [i for i in range(count) if tableau[i, column] > 0]
        row = min(open_rows, key=lambda i: (Fraction(tableau[i, -1], tableau[i, column]), basis[i]))
        pivot, kept = tableau[row, column], tableau[row].copy()
        tableau = (tableau * pivot - np.outer(tableau[:, column], kept)) // divisor
        tableau[row] = kept
        basis[row], divisor, pivots = column, pivot, pivots + 1
    reached = dict(zip(basis, tableau[:count, -1], strict=True))
    return Optimum(
        Fraction(tableau[count, -1], divisor),
        [Fraction(reached.get(j, 0), divisor) for j in range(columns)],
        [Fraction(price, divisor) for price in tableau[count, columns:width]],
    )


def in_whole_numbers(numbers: NDArray[Any]) -> tuple[NDArray[Any], Fraction]:
    """Floats as whole numbers without a common divisor, and what they were multiplied by for it.

    Of the numbers that a float may stand for the shortest decimal is taken: what is in proportion in a file, as 3.7 and
    7.4, is so here, whatever binary digits make of it.

    Examples
    --------
    >>> whole, unit = in_whole_numbers(np.array([3.7, -7.4]))
    >>> whole.tolist(), str(unit)
    ([1, -2], '10/37')
    """
    exact = [Fraction(repr(number)) for number in numbers.ravel().tolist()]
    most = math.gcd(*(number.numerator for number in exact)) or 1
    unit = Fraction(math.lcm(*(number.denominator for number in exact)), most)
    whole = np.empty(numbers.size, dtype=object)
    whole[:] = [int(number * unit) for number in exact]
    return whole.reshape(numbers.shape), unit
