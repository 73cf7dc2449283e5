r"""All zeros of a square system of multilinear equations in the unit cube.

The cube is cut until every piece either has no zero, because some equation keeps its sign over the corners of the
piece, or is proved to hold exactly one by the operator of Krawczyk (1969),

.. math:: K(X) = m - Y f(m) + (I - Y J(X)) (X - m), \qquad Y \approx J(m)^{-1},

which maps a piece into itself only if there is one zero in it, and whose image misses a piece that has none. The
entries of the Jacobian :math:`J` are multilinear themselves and bounded by their corners. Pieces that end smaller than
:data:`SMALLEST` without a proof are returned as open.

References
----------
Krawczyk, R. (1969). Newton-Algorithmen zur Bestimmung von Nullstellen mit Fehlerschranken. *Computing* 4, 187-201.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from triangle.games.normal_form import Floats
from triangle.solvers.beliefs.polynomials import Polynomial, corners, derivative, value

#: Width at which a piece is no longer cut, and how many pieces are looked at.
SMALLEST, MOST_PIECES = 1e-4, 4_000


#: What an inequality may miss by rounding.
ROUNDING = 1e-9


def zeros(
    system: Sequence[Polynomial], places: list[int], least: Sequence[Polynomial] = ()
) -> tuple[list[dict[int, float]], bool]:
    """All zeros in the unit cube at which some polynomials are not negative, and whether no piece is left open.

    Parameters
    ----------
    system : sequence of Polynomial
        As many as unknowns.
    places : list of int
        The unknowns.
    least : sequence of Polynomial
        Pieces in which one of them is negative throughout are passed over.

    Examples
    --------
    >>> quarter = {frozenset((0, 1)): 1.0, frozenset(): -0.25}
    >>> found, whole = zeros([quarter, {frozenset((0,)): 1.0, frozenset((1,)): -1.0}], [0, 1])
    >>> found, whole
    ([{0: 0.5, 1: 0.5}], True)
    """
    slopes = [[derivative(f, k) for k in places] for f in system]
    waiting = [np.tile([0.0, 1.0], (len(places), 1))]
    found: list[Floats] = []
    whole, looked = True, 0
    while waiting:
        box, looked = waiting.pop(), looked + 1
        if looked > MOST_PIECES:
            return _points(found, places), False
        if any(low > 0.0 or high < 0.0 for low, high in (corners(f, places, box) for f in system)):
            continue
        if any(corners(f, places, box)[1] < -ROUNDING for f in least):
            continue
        state, box = _contracted(system, slopes, places, box)
        if state == "one":
            _keep(found, box.mean(axis=1))
        elif state == "some" and np.ptp(box, axis=1).max() < SMALLEST:
            whole = False
        elif state == "some":
            waiting += _halves(box)
    return _points(found, places), whole


def _contracted(
    system: Sequence[Polynomial], slopes: list[list[Polynomial]], places: list[int], box: Floats
) -> tuple[str, Floats]:
    """What Krawczyk's operator says of a piece: ``none``, ``one`` with the zero, or ``some``."""
    for _ in range(60):
        middle = box.mean(axis=1)
        at = dict(zip(places, middle, strict=True))
        here = np.array([[value(slope, at) for slope in row] for row in slopes])
        if abs(np.linalg.det(here)) < 1e-12 * max(1.0, float(np.abs(here).max())) ** len(places):
            return "some", box
        inverse = np.linalg.inv(here)
        ends = np.array([[corners(slope, places, box) for slope in row] for row in slopes])
        centre, radius = ends.mean(axis=2), np.ptp(ends, axis=2) / 2
        spread = np.abs(np.eye(len(places)) - inverse @ centre) + np.abs(inverse) @ radius
        image = middle - inverse @ np.array([value(f, at) for f in system])
        reach = spread @ (np.ptp(box, axis=1) / 2)
        mapped = np.stack([image - reach, image + reach], axis=1)
        if (mapped[:, 0] > box[:, 1] + 1e-13).any() or (mapped[:, 1] < box[:, 0] - 1e-13).any():
            return "none", box
        inside = (mapped[:, 0] > box[:, 0]).all() and (mapped[:, 1] < box[:, 1]).all()
        if inside or (reach < 1e-13).all():
            return "one", np.stack([image, image], axis=1) if (reach < 1e-13).all() else _polished(
                system, slopes, places, image
            )
        smaller = np.stack([np.maximum(mapped[:, 0], box[:, 0]), np.minimum(mapped[:, 1], box[:, 1])], axis=1)
        if np.ptp(smaller, axis=1).sum() > 0.7 * np.ptp(box, axis=1).sum():
            return "some", smaller
        box = smaller
    return "some", box


def _polished(system: Sequence[Polynomial], slopes: list[list[Polynomial]], places: list[int], point: Floats) -> Floats:
    """The zero by Newton's method, as a piece without width."""
    for _ in range(30):
        at = dict(zip(places, point, strict=True))
        step = np.linalg.solve(
            np.array([[value(slope, at) for slope in row] for row in slopes]), [value(f, at) for f in system]
        )
        point = point - step
        if np.abs(step).max() < 1e-15:
            break
    return np.stack([point, point], axis=1)


def _halves(box: Floats) -> list[Floats]:
    widest = int(np.ptp(box, axis=1).argmax())
    lower, upper = box.copy(), box.copy()
    # A cut off the middle, so that zeros at simple fractions do not lie on it.
    cut = box[widest, 0] + 0.5137 * (box[widest, 1] - box[widest, 0])
    lower[widest, 1] = upper[widest, 0] = cut
    return [lower, upper]


def _keep(found: list[Floats], point: Floats) -> None:
    if (point > -1e-12).all() and (point < 1 + 1e-12).all() and all(np.abs(point - p).max() > 1e-9 for p in found):
        found.append(point)


def _points(found: list[Floats], places: list[int]) -> list[dict[int, float]]:
    return [dict(zip(places, np.clip(point, 0.0, 1.0).tolist(), strict=True)) for point in found]
