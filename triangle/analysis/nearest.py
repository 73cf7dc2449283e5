r"""The nearest point at which smooth constraints hold: sequential quadratic and linear programs in a box.

A program looks for the smallest :math:`\lVert u \rVert` with :math:`g_k(u) \ge 0` for all k and
:math:`l \le u \le h`, where the origin lies in the box. In the Euclidean norm it is solved by sequential quadratic
programming (Kraft 1988), in the sum of absolute moves by sequential linear programs in a shrinking trust region
(Griffith and Stewart 1961), whose solutions lie on few axes. Both find local minima; callers start them from several
points. Constraints are functions of a batch of points, and of one point with derivatives.

References
----------
Griffith, R. E. and Stewart, R. A. (1961). A nonlinear programming technique for the optimization of continuous
processing systems. *Management Science* 7(4), 379-392.

Kraft, D. (1988). *A software package for sequential quadratic programming*. DFVLR-FB 88-28.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: The constraints at a point ``[n]``, and their derivatives ``[k, n]``.
Slopes = Callable[[Floats], tuple[Floats, Floats]]

#: Most steps of one program.
MOST_STEPS = 60


@dataclass(frozen=True, eq=False)
class Program:
    """Constraints in a box; arrays run over the coordinates.

    Attributes
    ----------
    slopes : callable
        The constraints, to be at least zero, with their derivatives.
    low, high : array
        Ends of the box; the origin lies in it.
    slack : float
        How far below zero still counts as kept.
    """

    slopes: Slopes
    low: Floats
    high: Floats
    slack: float

    def kept(self, point: Floats) -> bool:
        """Whether a point keeps all constraints."""
        return bool(self.slopes(point)[0].min() >= -self.slack)


def nearest_l2(program: Program, start: Floats) -> Floats | None:
    """A local minimum of the Euclidean norm from a start; None where none was reached."""
    from scipy.optimize import minimize

    memory: dict[bytes, tuple[Floats, Floats]] = {}

    def at(u: Floats) -> tuple[Floats, Floats]:
        key = u.tobytes()
        if key not in memory:
            memory.clear()
            memory[key] = program.slopes(np.clip(u, program.low, program.high))
        return memory[key]

    # Constraints of one size: the slope of each is one where the search begins.
    size = 1.0 / np.maximum(np.linalg.norm(at(start)[1], axis=1), 1e-9)
    done = minimize(
        lambda u: 0.5 * float(u @ u),
        start,
        jac=lambda u: u,
        bounds=list(zip(program.low, program.high, strict=True)),
        constraints=[
            {"type": "ineq", "fun": lambda u: at(u)[0] * size, "jac": lambda u: at(u)[1] * size[:, None]},
        ],
        method="SLSQP",
        options={"maxiter": MOST_STEPS, "ftol": 1e-12},
    )
    point = np.clip(np.asarray(done.x, dtype=np.float64), program.low, program.high)
    return point if np.isfinite(point).all() and program.kept(point) else None
