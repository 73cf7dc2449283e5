r"""What holds a profile in place, piece by piece: the loss of each free player by each of its deviations.

The margin of a profile is the least of these pieces, nine where nobody is held. Each piece is smooth in the parameters
except where a formula has a kink of its own (a maximum, a clipped share); their least is not. Root-finding and
minimising work on the pieces.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from triangle.batch.equilibria import PayoffsAgain, sweep_payoffs_at
from triangle.measures.box import Box
from triangle.players.cast import Cast
from triangle.solvers.agreements import Comparison
from triangle.study.study import Study

Floats = NDArray[np.float64]

#: Numbers ``[point, number]`` at points ``[point, n]``, and their derivatives ``[point, number, n]``.
Slopes = Callable[[Floats], tuple[Floats, Floats]]

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

    def values_at(self, points: Floats) -> Floats:
        """The values of the box's parameters at points ``[parameter, ...samples]`` given in ranges.

        At an end of the box none lies a last digit beyond it, where a root may have no value.
        """
        shape = (-1, *(1,) * (points.ndim - 1))
        box = self.box
        origin, width, low, high = (each.reshape(shape) for each in (box.origin, box.width, box.low, box.high))
        return np.clip(origin + width * points, low, high)

    def losses(self, points: Floats) -> Floats:
        """The pieces at points ``[parameter, ...samples]`` given in ranges.

        Returns
        -------
        array, shape (pieces, ...samples), in billion dollars a year; negative where the player gains.
        """
        sums = _Sums.of([self.loss(piece) for piece in self.pieces])
        values = self.box.values(self.study, self.values_at(points))
        return sums.of_payoffs(sweep_payoffs_at(values, sums.places, self.study.model.terms))

    def loss(self, piece: tuple[int, int, int]) -> Comparison:
        """A piece as a comparison of payoffs."""
        profile, player, action = piece
        return Comparison(player, ((profile, 1.0), (_moved(profile, player, action, self.study.cast), -1.0)))

    def slopes(self, point: Floats) -> tuple[Floats, Floats]:
        """The pieces at one point and their derivatives ``[piece, parameter]`` by central differences, in one batch.

        At an end of the box the difference reaches inwards only.
        """
        return _at_one(self._slopes, point)

    @cached_property
    def _slopes(self) -> Slopes:
        return self.slopes_of([self.loss(piece) for piece in self.pieces])

    def comparisons(self, asked: Sequence[Comparison], point: Floats) -> tuple[Floats, Floats]:
        """Other comparisons at one point, and their derivatives ``[comparison, parameter]``, the same way."""
        return _at_one(self.slopes_of(asked), point)

    def slopes_of(self, asked: Sequence[Comparison]) -> Slopes:
        """The same as a function of points, all in one batch, for a search that asks at many."""
        sums, n, low, high = _Sums.of(asked), len(self.box.names), self.low[:, None], self.high[:, None]
        # The point itself fills the batch up to whole vectors, which the kernel would do otherwise, one by one.
        steps = np.concatenate([np.eye(n) * STEP, -np.eye(n) * STEP, np.zeros((n, 64 - 2 * n % 64))], axis=1)
        size, each = steps.shape[1], np.arange(n)
        payoffs = cache(lambda count: self._payoffs_again(sums.places, count * size))

        def slopes(points: Floats) -> tuple[Floats, Floats]:
            # Batches come in few lengths, powers of four: one takes as long to make ready as to use ten times.
            count = 1 << 2 * (((len(points) - 1).bit_length() + 1) // 2)
            filled = points[np.minimum(np.arange(count), len(points) - 1)]
            around = np.clip(filled[:, :, None] + steps, low, high)
            values = self.values_at(around.transpose(1, 0, 2).reshape(n, -1))
            found = sums.of_payoffs(payoffs(count)(values)).reshape(-1, count, size).transpose(1, 0, 2)[: len(points)]
            across = (around[:, each, each] - around[:, each, n + each])[: len(points), None]
            return found[..., -1], (found[..., :n] - found[..., n : 2 * n]) / across

        return slopes

    def _payoffs_again(self, places: Sequence[tuple[int, int]], samples: int) -> Callable[[Floats], Floats]:
        """Payoffs at some places as a function of values ``[parameter, sample]`` of the box, of so many samples."""
        anywhere = self.values_at(np.zeros((len(self.box.names), samples)))
        again = PayoffsAgain(self.box.values(self.study, anywhere), places, self.study.model.terms)
        moving = self.box.moving(self.study, again.reads)
        return lambda values: again.at(moving(values))


def _at_one(slopes: Slopes, point: Floats) -> tuple[Floats, Floats]:
    found, tilted = slopes(point[None])
    return found[0], tilted[0]


@dataclass(frozen=True, eq=False)
class _Sums:
    """Weighted sums of payoffs: which are needed, and which of them each sum takes one after the other."""

    places: tuple[tuple[int, int], ...]
    rows: NDArray[np.intp]
    weights: Floats

    @classmethod
    def of(cls, asked: Sequence[Comparison]) -> _Sums:
        """The sums of comparisons; short ones are filled up with payoffs of no weight."""
        places = tuple(dict.fromkeys((one.player, profile) for one in asked for profile, _ in one.at))
        where = {place: row for row, place in enumerate(places)}
        shape = len(asked), max((len(one.at) for one in asked), default=0)
        rows, weights = np.zeros(shape, dtype=np.intp), np.zeros(shape)
        for number, one in enumerate(asked):
            for k, (profile, weight) in enumerate(one.at):
                rows[number, k], weights[number, k] = where[one.player, profile], weight
        return cls(places, rows, weights)

    def of_payoffs(self, payoffs: Floats) -> Floats:
        """The sums ``[sum, ...samples]`` of payoffs ``[place, ...samples]``."""
        total = np.zeros((len(self.rows), *payoffs.shape[1:]))
        for rows, weights in zip(self.rows.T, self.weights.T, strict=True):
            total += weights.reshape(-1, *(1,) * (payoffs.ndim - 1)) * payoffs[rows]
        return total


def _moved(profile: int, player: int, action: int, cast: Cast) -> int:
    actions = list(cast.profiles[profile])
    actions[player] = action
    return cast.index(actions)


def reachable(study: Study, profiles: Sequence[int]) -> tuple[int, ...]:
    """The profiles in which held players play their action."""
    return tuple(profile for profile in profiles if study.reachable(study.cast.profiles[profile]))
