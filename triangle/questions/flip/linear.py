"""Linear programs, of which a search solves a thousand small ones: by HiGHS as scipy brings it, without the way there.

`scipy.optimize.milp` spends three quarters of its time beside the solver, for it looks at each column in Python.
"""

from __future__ import annotations

import contextlib
import threading
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class _Solvers(threading.local):
    """A solver for each thread, for it holds one program at a time; None where a scipy binds it otherwise."""

    @cached_property
    def highs(self) -> Any:
        """HiGHS by scipy's own binding, which says nothing by itself, once it has solved a program of one number."""
        # The binding is scipy's own affair: whatever a later one does otherwise is a reason to go by the front door.
        with contextlib.suppress(Exception):
            from scipy.optimize._highspy._core import _Highs

            solver = _Highs()
            solver.setOptionValue("output_flag", False)
            one = np.ones(1)
            if _run(solver, one, one[:, None], one, 0 * one, 2 * one) == (one, 1.0):
                return solver
        return None


_solvers = _Solvers()


def solved(cost: Floats, rows: Floats, least: Floats, low: Floats, high: Floats) -> tuple[Floats, float] | None:
    """The point of a box of least cost at which rows times it are not below a least, and its cost; None where none is.

    Examples
    --------
    >>> solved(np.ones(2), np.array([[1.0, 2.0]]), np.ones(1), np.zeros(2), np.ones(2))
    (array([0. , 0.5]), 0.5)
    """
    if (solver := _solvers.highs) is None:
        return by_milp(cost, rows, least, low, high)
    return _run(solver, cost, rows, least, low, high)


def _run(
    solver: Any, cost: Floats, rows: Floats, least: Floats, low: Floats, high: Floats
) -> tuple[Floats, float] | None:
    (count, n), entries = rows.shape, rows.T.ravel()
    kept = np.flatnonzero(entries)
    begins, at = np.searchsorted(kept, np.arange(n + 1) * count), kept % count
    # Column by column, to be minimised from a cost of zero; no row ends above, and no number is to be whole.
    solver.passModel(
        n, count, len(kept), 1, 1, 0.0, cost, low, high, least, np.full(count, np.inf), begins, at, entries[kept],
        np.zeros(n),
    )  # fmt: skip
    solver.run()
    if solver.modelStatusToString(solver.getModelStatus()) != "Optimal":
        return None
    return np.array(solver.getSolution().col_value), solver.getInfo().objective_function_value


def by_milp(cost: Floats, rows: Floats, least: Floats, low: Floats, high: Floats) -> tuple[Floats, float] | None:
    """The same by scipy's public function, to the bit."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    done = milp(cost, constraints=LinearConstraint(rows, least, np.inf), bounds=Bounds(low, high))
    return (done.x, float(done.fun)) if done.success else None
