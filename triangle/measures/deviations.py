r"""What holds a profile in place, piece by piece: the loss of each free player by each of its deviations.

The margin of a profile is the least of these pieces, nine where nobody is held. Each piece is smooth in the parameters
except where a formula has a kink of its own (a maximum, a clipped share); their least is not. Root-finding and
minimising work on the pieces.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from triangle.batch.equilibria import sweep_payoffs, sweep_payoffs_at
from triangle.measures.box import Box
from triangle.players.cast import Cast
from triangle.solvers.agreements import Comparison, compared
from triangle.study.study import Study

Floats = NDArray[np.float64]

#: Step of central differences, in ranges: their error, a third of its square times a third derivative, stays below
#: the rounding of the differences themselves.
STEP = 1e-5


@dataclass(frozen=True, eq=False)
class Deviations:
    """The losses by deviating from some profiles, as functions of a point in ranges from where the study stands.

    A point ``u`` stands for the values ``origin + width · u`` of the box's parameters; `low` and `high` are the box's
    ends counted so.

    Attributes
    ----------
    profiles : tuple of int
        Their indices.
    """

    study: Study
    box: Box
    profiles: tuple[int, ...]

    @cached_property
    def low(self) -> Floats:
        """The low ends of the box, in ranges from the origin: none above zero."""
        return (self.box.low - self.box.origin) / self.box.width

    @cached_property
    def high(self) -> Floats:
        """The high ends of the box, in ranges from the origin: none below zero."""
        return (self.box.high - self.box.origin) / self.box.width

    @cached_property
    def pieces(self) -> tuple[tuple[int, int, int], ...]:
        """(profile, player, action deviated to) of each piece, held players left out."""
        return tuple(
            (profile, player, action)
            for profile in self.profiles
            for player, actions in enumerate(self.study.cast.shape)
            if player not in self.study.hold
            for action in range(actions)
            if action != self.study.cast.profiles[profile][player]
        )

    @cached_property
    def _places(self) -> tuple[list[tuple[int, int]], NDArray[np.intp]]:
        """Whose payoffs are needed at which profiles; for each piece where its two stand among them, ``[2, piece]``."""
        pairs = [
            ((player, profile), (player, _moved(profile, player, action, self.study.cast)))
            for profile, player, action in self.pieces
        ]
        needed = list(dict.fromkeys(chain(*pairs)))
        where = {place: number for number, place in enumerate(needed)}
        return needed, np.array([[where[place] for place in pair] for pair in pairs], np.intp).reshape(-1, 2).T

    def values_at(self, points: Floats) -> Floats:
        """The values of the box's parameters at points ``[parameter, ...samples]`` given in ranges."""
        shape = (-1, *(1,) * (points.ndim - 1))
        return self.box.origin.reshape(shape) + self.box.width.reshape(shape) * points

    def losses(self, points: Floats) -> Floats:
        """The pieces at points ``[parameter, ...samples]`` given in ranges.

        Returns
        -------
        array, shape (pieces, ...samples), in billion dollars a year; negative where the player gains.
        """
        needed, (here, there) = self._places
        payoffs = sweep_payoffs_at(self.box.values(self.study, self.values_at(points)), needed, self.study.model.terms)
        lost: Floats = payoffs[here] - payoffs[there]
        return lost

    def slopes(self, point: Floats) -> tuple[Floats, Floats]:
        """The pieces at one point and their derivatives ``[piece, parameter]`` by central differences, in one batch.

        At an end of the box the difference reaches inwards only.
        """
        return _slopes(self.losses, point, self.low, self.high)

    def comparisons(self, asked: Sequence[Comparison], point: Floats) -> tuple[Floats, Floats]:
        """Other comparisons at one point, and their derivatives ``[comparison, parameter]``, the same way."""
        needed = sorted({profile for one in asked for profile, _ in one.at})
        where = {profile: place for place, profile in enumerate(needed)}
        placed = [Comparison(one.player, tuple((where[p], weight) for p, weight in one.at)) for one in asked]

        def measured(points: Floats) -> Floats:
            values = self.box.values(self.study, self.values_at(points))
            return compared(sweep_payoffs(values, needed, self.study.model.terms), placed)

        return _slopes(measured, point, self.low, self.high)


def _slopes(function: Callable[[Floats], Floats], point: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Numbers at one point of a box and their derivatives by central differences, in one batch."""
    n = len(point)
    # The point itself fills the batch up to whole vectors, which the kernel would do otherwise, one by one.
    steps = np.concatenate([np.eye(n) * STEP, -np.eye(n) * STEP, np.zeros((n, 64 - 2 * n % 64))], axis=1)
    points = np.clip(point[:, None] + steps, low[:, None], high[:, None])
    found = function(points)
    across = np.diagonal(points[:, :n] - points[:, n : 2 * n])
    return found[:, -1], (found[:, :n] - found[:, n : 2 * n]) / across


def _moved(profile: int, player: int, action: int, cast: Cast) -> int:
    actions = list(cast.profiles[profile])
    actions[player] = action
    return cast.index(actions)


def reachable(study: Study, profiles: Sequence[int]) -> tuple[int, ...]:
    """The profiles in which held players play their action."""
    return tuple(profile for profile in profiles if study.reachable(study.cast.profiles[profile]))
