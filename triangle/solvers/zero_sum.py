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

import numpy as np

from triangle.base.linear import least_cost
from triangle.base.simplex import MOST_EXACT, in_whole_numbers, maximum
from triangle.games.normal_form import Floats

#: Largest distance of the bounds at which the value is taken for found, as a share of the payoffs that are played for.
APART = 2.0**-40


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
    whole, unit = in_whole_numbers(table)
    low = whole.min() - 1
    ones = [np.array([1] * count, dtype=object) for count in table.shape]
    return (1 / maximum(whole - low, *ones)[0] + low) / unit
