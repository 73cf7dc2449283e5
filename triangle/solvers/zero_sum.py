r"""What a player can guarantee itself by mixing, in a table of payoffs that another player wants to be small.

With :math:`p` over the rows and :math:`q` over the columns of a table :math:`A`, the value of the zero-sum game is
(von Neumann and Morgenstern 1944, 17.6)

.. math:: v = \max_p \min_j (p A)_j = \min_q \max_i (A q)_i.

A linear programme gives both mixtures, and each of them bounds the value, whatever the solver's tolerance. Where the
two bounds lie apart, as they do where one prohibitive payoff makes the others too small for the solver, the game is
solved in whole numbers by the simplex method, without any rounding.

References
----------
von Neumann, J. and Morgenstern, O. (1944). *Theory of Games and Economic Behavior*. Princeton.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triangle.base.linear import least_cost
from triangle.games.normal_form import Floats

#: Largest distance of the bounds at which the value is taken for found, as a share of the payoffs that are played for.
APART = 2.0**-40
#: Most payoffs of a table that is solved in whole numbers; about a second.
MOST_EXACT = 1024


def guaranteed(table: Floats) -> float:
    """What the chooser of rows can guarantee by mixing, in units of payoff.

    Of a table of more than :data:`MOST_EXACT` payoffs, what the mixture found guarantees, which may be less.

    Parameters
    ----------
    table : array, shape (rows, columns)

    Examples
    --------
    >>> guaranteed(np.array([[1.0, -1.0], [-1.0, 1.0]]))
    0.0
    >>> guaranteed(np.array([[2.0, -1e30], [-3.0, 2.0]]))
    -3.0
    """
    if table.shape[1] == 1 or np.ptp(table) == 0:
        return float(table.min(axis=1).max())
    rows, columns = _mixtures(table)
    least, most = float((rows @ table).min()), float((table @ columns).max())
    if most - least <= APART * float(rows @ np.abs(table) @ columns) or table.size > MOST_EXACT:
        return least
    return float(_exact_value(table))


def _mixtures(table: Floats) -> tuple[Floats, Floats]:
    """Optimal mixtures of both sides, as far as the tolerance of a linear programme goes."""
    rows, columns = table.shape
    low, unit = table.min(), np.ptp(table)
    found = least_cost(
        np.append(np.zeros(rows), -1.0),
        np.hstack([-(table.T - low) / unit, np.ones((columns, 1))]),
        np.zeros(columns),
        (np.append(np.zeros(rows), -np.inf), np.inf),
        equal=(np.append(np.ones(rows), 0.0)[None], [1.0]),
    )
    if found is None:
        raise RuntimeError("the linear programme for a security level failed")
    first, second = (np.maximum(part, 0.0) for part in (found.point[:-1], -found.prices))
    return first / first.sum(), second / second.sum()


def _exact_value(table: Floats) -> Fraction:
    """The value in fractions: the columns' simplex method for the table moved above zero, in whole numbers."""
    numbers = [[Fraction(float(payoff)) for payoff in row] for row in table]
    unit = max(payoff.denominator for row in numbers for payoff in row)  # powers of two, of which this is a multiple
    whole = np.array([[int(payoff * unit) for payoff in row] for row in numbers], dtype=object)
    low = whole.min() - 1
    rows, columns = whole.shape
    tableau = np.zeros((rows + 1, columns + rows + 1), dtype=object)
    tableau[:rows, :columns] = whole - low
    tableau[range(rows), range(columns, columns + rows)] = 1
    tableau[:rows, -1], tableau[rows, :columns] = 1, -1
    return (1 / _maximum(tableau) + low) / unit


def _maximum(tableau: NDArray[Any]) -> Fraction:
    """The largest value of the last row of a simplex tableau of whole numbers, which begins with the slacks."""
    rows, width = tableau.shape[0] - 1, tableau.shape[1] - 1
    basis, divisor, pivots = list(range(width - rows, width)), 1, 0
    while min(tableau[rows, :width]) < 0:
        costs = tableau[rows, :width]
        # The steepest column, and after many pivots the first one, by which the method cannot go in circles (Bland).
        column = int(np.argmin(costs)) if pivots < 4 * width else next(j for j in range(width) if costs[j] < 0)
        open_rows = [i for i in range(rows) if tableau[i, column] > 0]
        row = min(open_rows, key=lambda i: (Fraction(tableau[i, -1], tableau[i, column]), basis[i]))
        pivot, kept = tableau[row, column], tableau[row].copy()
        tableau = (tableau * pivot - np.outer(tableau[:, column], kept)) // divisor
        tableau[row] = kept
        basis[row], divisor, pivots = column, pivot, pivots + 1
    return Fraction(tableau[rows, -1], divisor)
