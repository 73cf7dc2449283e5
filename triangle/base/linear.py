"""Linear programs, of which a search or a set of beliefs asks for a thousand small ones: by HiGHS as scipy brings it.

`scipy.optimize.linprog` spends four fifths of its time beside the solver, on the many ways in which it may be asked.
"""

from __future__ import annotations

import contextlib
import threading
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

#: Rows, and what each times the point is.
Rows = tuple[Floats, ArrayLike]


class Found(NamedTuple):
    """The point of least cost, its cost, and by how much that rises with what each row is at most."""

    point: Floats
    cost: float
    prices: Floats


class Way(NamedTuple):
    """How nearly constraints are met, on both sides of the duality, and whether a program is made simpler first."""

    tolerance: float = 1e-7
    presolve: bool = True


#: As HiGHS does it by itself.
USUAL = Way()


class _Solvers(threading.local):
    """Solvers of a thread, for each holds one program at a time; None where a scipy binds it otherwise."""

    def __init__(self) -> None:
        self.made: dict[Way, Any] = {}

    def by(self, way: Way) -> Any:
        """HiGHS by scipy's own binding, which says nothing by itself."""
        if way not in self.made:
            self.made[way] = _solver(way)
        return self.made[way]


def _solver(way: Way) -> Any:
    """A solver that has solved a program of one number."""
    # The binding is scipy's own affair: whatever a later one does otherwise is a reason to go by the front door.
    with contextlib.suppress(Exception):
        from scipy.optimize._highspy._core import _Highs

        solver = _Highs()
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("presolve", "on" if way.presolve else "off")
        for side in ("primal", "dual"):
            solver.setOptionValue(f"{side}_feasibility_tolerance", way.tolerance)
        one = np.ones(1)
        if _run(solver, one, -one[:, None], -one, one[:0, None], one[:0], 0 * one, 2 * one) == (one, 1.0, -one):
            return solver
    return None


_solvers = _Solvers()


def least_cost(
    cost: ArrayLike,
    rows: Floats,
    most: ArrayLike,
    box: tuple[ArrayLike, ArrayLike],
    equal: Rows | None = None,
    way: Way = USUAL,
) -> Found | None:
    """The point of a box of least cost at which rows times it are at most, and others equal to, what is given.

    None where there is no such point, or no least cost.

    Examples
    --------
    >>> least_cost([1.0, 1.0], np.array([[-1.0, -2.0]]), [-1.0], (0.0, 1.0))
    Found(point=array([0. , 0.5]), cost=0.5, prices=array([-0.5]))
    """
    costs = np.asarray(cost, dtype=np.float64)
    low, high = (np.broadcast_to(np.asarray(side, dtype=np.float64), costs.shape) for side in box)
    same, to = equal or (np.zeros((0, len(costs))), np.zeros(0))
    asked = costs, rows, np.asarray(most, dtype=np.float64), same, np.asarray(to, dtype=np.float64), low, high
    solver = _solvers.by(way)
    return by_linprog(*asked, way) if solver is None else _run(solver, *asked)


def _run(
    solver: Any, cost: Floats, rows: Floats, most: Floats, same: Floats, to: Floats, low: Floats, high: Floats
) -> Found | None:
    entries = np.vstack([rows, same])
    (count, n), column_by_column = entries.shape, entries.T.ravel()
    kept = np.flatnonzero(column_by_column)
    begins, at = np.searchsorted(kept, np.arange(n + 1) * count), kept % max(count, 1)
    floor, ceiling = np.concatenate([np.full(len(most), -np.inf), to]), np.concatenate([most, to])
    if np.isnan(np.concatenate([cost, column_by_column, ceiling])).any():
        raise ValueError("a linear program has an entry that is not a number")
    # To be minimised from a cost of zero, and no number is to be whole.
    solver.passModel(
        n, count, len(kept), 1, 1, 0.0, cost, low, high, floor, ceiling, begins, at, column_by_column[kept], np.zeros(n)
    )
    solver.run()
    if solver.modelStatusToString(solver.getModelStatus()) != "Optimal":
        return None
    found = solver.getSolution()
    prices = np.array(found.row_dual)[: len(most)]
    return Found(np.array(found.col_value), solver.getInfo().objective_function_value, prices)


def by_linprog(
    cost: Floats, rows: Floats, most: Floats, same: Floats, to: Floats, low: Floats, high: Floats, way: Way = USUAL
) -> Found | None:
    """The same by scipy's public function, to the bit."""
    from scipy.optimize import linprog

    near = dict.fromkeys(("primal_feasibility_tolerance", "dual_feasibility_tolerance"), way.tolerance)
    options = {"presolve": way.presolve, **near}
    done = linprog(cost, rows, most, same, to, np.stack([low, high], axis=1), method="highs", options=options)
    return Found(done.x, float(done.fun), done.ineqlin.marginals) if done.success else None
