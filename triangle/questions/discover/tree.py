"""A shallow classification tree (Breiman et al. 1984): its leaves share out the space of the parameters.

At each node the cut is taken, of all inputs and all places between two neighbouring values, after which the two parts
are purest: with n draws in a part, k of them with the event, Gini's impurity of the part is 2 (k/n)(1 − k/n), and
the sum of n times that over both parts is smallest. Of equal cuts the first input's lowest is taken.

References
----------
Breiman, L., Friedman, J. H., Olshen, R. A. and Stone, C. J. (1984). *Classification and Regression Trees*. Wadsworth.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from triangle.questions.discover.prim import Limits, unbounded

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def leaves(inputs: Floats, event: Bools, depth: int, fewest: int) -> Iterator[Limits]:
    """The leaves of the tree as boxes, from left to right.

    Parameters
    ----------
    inputs : ndarray of float, shape [input, draw]
    event : ndarray of bool, shape [draw]
    depth : int
        Most cuts between the root and a leaf.
    fewest : int
        Fewest draws in a leaf.

    Examples
    --------
    >>> x = np.array([[0.0, 1.0, 2.0, 3.0], [5.0, 3.0, 4.0, 6.0]])
    >>> [leaf.hold(x).tolist() for leaf in leaves(x, x[0] > 1, depth=3, fewest=1)]
    [[True, True, False, False], [False, False, True, True]]
    """
    return _below(inputs, event, unbounded(len(inputs)), depth, fewest)


def _below(inputs: Floats, event: Bools, box: Limits, depth: int, fewest: int) -> Iterator[Limits]:
    """The leaves below a node that holds these draws."""
    found = _cut(inputs, event, fewest) if depth and event.any() and not event.all() else None
    if found is None:
        yield box
        return
    i, place = found
    left = inputs[i] <= place
    low, high = box.low.copy(), box.high.copy()
    low[i], high[i] = np.nextafter(place, np.inf), place
    yield from _below(inputs[:, left], event[left], Limits(box.low, high), depth - 1, fewest)
    yield from _below(inputs[:, ~left], event[~left], Limits(low, box.high), depth - 1, fewest)


def _cut(inputs: Floats, event: Bools, fewest: int) -> tuple[int, float] | None:
    """The input and the place after which both parts are purest, or None where no cut leaves enough on both sides."""
    cuts = [_cut_of(values, event, fewest) for values in inputs]
    best = int(np.argmax([purity for purity, _ in cuts]))
    return (best, cuts[best][1]) if np.isfinite(cuts[best][0]) else None


def _cut_of(values: Floats, event: Bools, fewest: int) -> tuple[float, float]:
    """The purity of the best cut of one input, n less n times the impurity over both parts, and its place."""
    n, order = len(event), np.argsort(values, kind="stable")
    sizes, ranked = np.arange(1, n), values[order]
    events = np.cumsum(event[order])
    k, rest = events[:-1], events[-1] - events[:-1]
    purity = (k**2 + (sizes - k) ** 2) / sizes + (rest**2 + (n - sizes - rest) ** 2) / (n - sizes)
    allowed = (ranked[1:] > ranked[:-1]) & (sizes >= fewest) & (n - sizes >= fewest)
    if not allowed.any():
        return -np.inf, np.nan
    best = int(np.argmax(np.where(allowed, purity, -np.inf)))
    return float(purity[best]), float(ranked[best] / 2 + ranked[best + 1] / 2)
