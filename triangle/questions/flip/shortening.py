"""Short answers: as few moves and as few digits as still do what was asked, so that people can read and type them."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from triangle.measures.box import Box

Floats = NDArray[np.float64]

#: Whether points ``[parameter, ...samples]``, given in ranges from the origin, do what was asked.
Does = Callable[[Floats], NDArray[np.bool_]]

#: How many times longer fewer moves, and again fewer digits, may make the way.
PRICE = 1.01

#: Most digits behind the first one of a parameter's range.
MOST_DIGITS = 12

#: Moves below these parts of the largest one are tried to be left out, the boldest first.
NEGLIGIBLE = (0.2, 0.1, 0.05, 0.02, 0.01, 1e-3, 1e-6)


def rounded(box: Box, point: Floats, length: Callable[[Floats], float], does: Does) -> tuple[Floats, tuple[str, ...]]:
    """Values near a point in ranges, with few digits, away from the origin where the box allows.

    All moved parameters get one number of digits, the smallest that does; then each is tried with fewer. Values are
    exact numbers of the box's parameters, beside the texts that read as them.

    Returns
    -------
    values ``[parameter]`` of the box, and the texts; where nothing shorter does, those of the point itself.

    Examples
    --------
    >>> box = Box(("a",), np.array([0.0]), np.array([0.0]), np.array([1.0]), np.array([1.0]))
    >>> rounded(box, np.array([1 / 3]), lambda u: float(np.abs(u).sum()), lambda u: u[0] >= 1 / 3)
    (array([0.334]), ('0.334',))
    """
    exact = np.where(point == 0, box.origin, np.clip(box.origin + box.width * point, box.low, box.high))
    moved = np.flatnonzero(point)
    limit = PRICE * length(point) + 1e-12

    def fits(values: Floats) -> bool:
        moves = (values - box.origin) / box.width
        return length(moves) <= limit and bool(does(moves))

    texts = [_text(value) for value in exact]
    chosen, digits = exact, MOST_DIGITS
    for digits in range(MOST_DIGITS):
        trial = exact.copy()
        for place in moved:
            trial[place] = _rounded(box, int(place), exact[place], digits)
        if fits(trial):
            chosen = trial
            break
    for place in moved:
        for fewer in range(digits):
            trial = chosen.copy()
            trial[place] = _rounded(box, int(place), exact[place], fewer)
            if fits(trial):
                chosen = trial
                break
    texts = [_text(value) for value in chosen]
    return chosen, tuple(texts)


def _rounded(box: Box, place: int, value: float, digits: int) -> float:
    """A value with so many digits behind the first of its range, away from the origin unless that leaves the box."""
    decimals = digits - math.floor(math.log10(box.width[place]))
    step = 10.0**-decimals
    up = value > box.origin[place]
    for outward in (up, not up):
        near = (math.ceil(value / step - 1e-9) if outward else math.floor(value / step + 1e-9)) * step
        near = round(near, decimals)
        if box.low[place] <= near <= box.high[place]:
            return near
    return value


def _text(value: float) -> str:
    """The shortest text that reads as this number."""
    return (
        np.format_float_positional(value, trim="-") if 1e-4 <= abs(value) < 1e12 or value == 0 else repr(float(value))
    )


def fewer(box: Box, point: Floats) -> list[list[str]]:
    """Names of the parameters with the largest moves: few, then more, up to all that move at all.

    >>> box = Box(("a", "b", "c"), np.zeros(3), -np.ones(3), np.ones(3), np.ones(3))
    >>> fewer(box, np.array([1.0, 0.15, 0.0]))
    [['a'], ['a', 'b']]
    """
    sizes = np.abs(point)
    sets = [[name for name, size in zip(box.names, sizes, strict=True) if size > p * sizes.max()] for p in NEGLIGIBLE]
    sets.append([name for name, size in zip(box.names, sizes, strict=True) if size > 0])
    return [names for place, names in enumerate(sets) if place == 0 or names != sets[place - 1]]


def needed_moves(point: Floats, score: Callable[[Floats], Floats]) -> Floats:
    """The point without the moves that its score does not need, the smallest ones left out first."""
    point = point.copy()
    floor = float(score(point)) - 1e-6
    for place in np.argsort(np.abs(point)):
        if point[place]:
            trial = point.copy()
            trial[place] = 0.0
            if float(score(trial)) >= floor:
                point = trial
    return point
