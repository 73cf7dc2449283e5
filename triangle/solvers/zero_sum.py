r"""What a player can guarantee itself by mixing, in a table of payoffs that another player wants to be small.

With :math:`p` over the rows and :math:`q` over the columns of a table :math:`A`, the value of the zero-sum game is
(von Neumann and Morgenstern 1944, 17.6)

.. math:: v = \max_p \min_j (p A)_j = \min_q \max_i (A q)_i.

A linear programme gives both mixtures, and each of them bounds the value, whatever the solver's tolerance. Where the
two bounds lie apart, as they do where one prohibitive payoff makes the others too small for the solver, the game is
solved in whole numbers by the simplex method, without any rounding.

References
----------
McMahan, H. B., Gordon, G. J. and Blum, A. (2003). Planning in the presence of cost functions controlled by an
adversary. *Proceedings of the 20th International Conference on Machine Learning*, 536-543.
von Neumann, J. and Morgenstern, O. (1944). *Theory of Games and Economic Behavior*. Princeton.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triangle.base.linear import least_cost
from triangle.base.simplex import in_whole_numbers, maximum
from triangle.games.normal_form import Floats

#: Largest distance of the bounds at which the value is taken for found, as a share of the payoffs that are played for.
APART = 2.0**-40
#: Most payoffs that the mixtures may have in common where the value is found in whole numbers; some seconds.
MOST_PLAYED = 2048
#: Why a value is only enclosed, to be said beside it.
TOO_LARGE = "beside a prohibitive payoff a game is too large to be solved exactly"
#: Times the typical distance from the middle from which on a payoff is prohibitive.
WIDE = 1e4


def guaranteed(table: Floats) -> float:
    """What the chooser of rows can guarantee by mixing, in units of payoff: the lower end of :func:`enclosed`.

    Examples
    --------
    >>> guaranteed(np.array([[1.0, -1.0], [-1.0, 1.0]]))
    0.0
    >>> guaranteed(np.array([[2.0, -1e30], [-3.0, 2.0]]))
    -3.0
    """
    return enclosed(table)[0]


def enclosed(table: Floats) -> tuple[float, float]:
    """Between what the value lies, in units of payoff: one number twice where it is found.

    Where the mixtures found leave it open, and play for more than :data:`MOST_PLAYED` payoffs, what they guarantee.

    Parameters
    ----------
    table : array, shape (rows, columns)
    """
    least, most = -np.inf, np.inf
    if table.shape[1] == 1 or np.ptp(table) == 0:
        least = float(table.min(axis=1).max())
        return least, least
    for seen in (table, _clipped(table)):
        rows, columns = _mixtures(seen)
        least, most = max(least, float((rows @ table).min())), min(most, float((table @ columns).max()))
        if most - least <= APART * float(rows @ np.abs(table) @ columns):
            return least, least
    played = [np.flatnonzero(mixture).tolist() for mixture in (rows, columns)]
    if len(played[0]) * len(played[1]) > MOST_PLAYED:
        return least, most
    value = float(_exact_value(table, *played))
    return value, value


def _clipped(table: Floats) -> Floats:
    """The table with prohibitive payoffs cut off, of which a linear programme sees all: mostly the same is played."""
    middle = np.median(table)
    width = WIDE * np.median(np.abs(table - middle))
    return np.clip(table, middle - width, middle + width) if width > 0.0 else table


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


def _exact_value(table: Floats, rows: list[int], columns: list[int]) -> Fraction:
    """The value in fractions: of the table moved above zero, in whole numbers.

    Few rows and columns are enough. Those that are better against the mixtures of these join them, until there are none
    (McMahan et al. 2003).
    """
    whole, unit = in_whole_numbers(table)
    low = whole.min() - 1
    whole -= low
    while True:
        ones = [np.array([1] * len(part), dtype=object) for part in (rows, columns)]
        most, second, first = maximum(whole[np.ix_(rows, columns)], *ones)
        received, paid = _in_proportion(first) @ whole[rows], whole[:, columns] @ _in_proportion(second)
        column, row = int(np.argmin(received)), int(np.argmax(paid))
        if column in columns and row in rows:
            return (1 / most + low) / unit
        columns = [*columns, *{column}.difference(columns)]
        rows = [*rows, *{row}.difference(rows)]


def _in_proportion(shares: Sequence[Fraction]) -> NDArray[Any]:
    """Whole numbers in the proportion of fractions."""
    unit = math.lcm(*(share.denominator for share in shares))
    return np.array([int(share * unit) for share in shares], dtype=object)
