r"""Sets of pure equilibria in single precision where that decides, at half the traffic between processor and cache.

A sweep is as fast as the cache. In single precision its rows are half as long; what remains in doubt is computed again
in double precision, so that sets are those of :func:`triangle.batch.equilibria.sweep_masks` to the bit.

A player compares payoffs :math:`v_a` of its own actions; single precision knows :math:`w_a` with
:math:`|w_a - v_a| \le e`, where :math:`e` is proven once for all games of a box (:mod:`triangle.batch.bounds`).
Whatever is a best reply is among the actions with :math:`w_a \ge \max_b w_b - 2e - \tau`, :math:`\tau` being the
tolerance. Where that is one action, it is the best reply, for there is always one. So

* a profile is no equilibrium where one of its actions is not among those of its group;
* it is one where it is among them and each of its groups has but one;
* a game is **in doubt** where a profile is neither, or where a guarded number lies outside its range.

The bound says also that every payoff is a finite number. It follows from the operations that the program has, so it
holds for whatever terms can be taken down; where there is none, :func:`proof_for` gives none, and the games are
computed in double precision.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triangle.batch.bounds import ROUNDING, Bound, Range, Unbounded, bounds
from triangle.batch.comparisons import Chosen, Compared, Comparisons, places_of
from triangle.batch.program import NUMBER, Node, Program, Routine, new_rows
from triangle.games.bitboards import Masks, pack
from triangle.players.axes import N_ACTIONS, N_PROFILES

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Places = NDArray[np.intp]

#: The lower precision.
SINGLE = np.dtype(np.float32)

#: Samples whose numbers say which results are guarded.
SAMPLED = 1024

_MOST = np.float32(np.inf)

#: How many times narrower a sample is than the range that interval arithmetic knows, for a guard to be worth its while.
_NARROWER = 8.0


@dataclass(frozen=True, eq=False)
class Proof:
    """What is proven of the comparisons of some players over a box.

    Attributes
    ----------
    gaps : tuple of array, shape (group,)
        For each player how far below the best an action may lie that is still in question.
    guards : tuple of node
        Results whose numbers have to lie in a range.
    low, high : array, shape (guard, 1)
        The ends of these ranges in single precision.
    """

    the: Compared
    chosen: Chosen
    gaps: tuple[Singles, ...]
    guards: tuple[Node, ...]
    low: Singles
    high: Singles

    @cached_property
    def groups(self) -> int:
        """Number of groups compared."""
        return sum(map(len, self.chosen))

    @cached_property
    def places(self) -> list[Places]:
        """For each player the row of every profile in ``[own action, group]``."""
        return [places_of([self.the.groups[i][n] for n in numbers]) for i, numbers in enumerate(self.chosen)]


def proof_for(
    the: Compared,
    chosen: Chosen,
    box: Mapping[Hashable, Range],
    sample: Mapping[Hashable, Floats],
    tolerance: float,
    roundings: int,
) -> Proof | None:
    """What is proven of comparisons over a box; None where a payoff has no bound.

    Parameters
    ----------
    chosen : tuple of tuples of int
        For each player the numbers of its groups; none for a player who is held.
    box : mapping of key to (float, float)
        Ranges of the parameters by the keys that formulas ask by.
    sample : mapping of key to array
        Some of the numbers that come, in double precision. They decide how many games are in doubt, not what is found.
    roundings : int
        As :func:`triangle.batch.bounds.bounds` takes it.
    """
    groups = [[the.groups[player][n] for n in numbers] for player, numbers in enumerate(chosen)]
    ends = [node for some in groups for group in some for node in group.payoffs]
    guards = _Guards(the.program, ends, sample)
    try:
        known = bounds(the.program, ends, box, roundings, guards.narrowed)
    except Unbounded:
        return None
    gaps = [[_gap([known[node] for node in group.payoffs], tolerance) for group in some] for some in groups]
    low, high = np.array(list(guards.ends.values()), dtype=SINGLE).reshape(-1, 2, 1).swapaxes(0, 1)
    return Proof(the, chosen, tuple(np.array(some, dtype=SINGLE) for some in gaps), tuple(guards.ends), low, high)


def _gap(payoffs: Sequence[Bound], tolerance: float) -> np.float32:
    """How far below the best payoff of a group one may be computed that is a best reply in double precision."""
    error = max(payoff.error for payoff in payoffs)
    largest = max(payoff.largest for payoff in payoffs) + error
    gap = 2 * error + tolerance
    # The difference that is compared with is rounded in single precision, and in double precision so is the other.
    wider = np.float32((gap + 2 * ROUNDING * (largest + gap)) * (1 + 1e-6))
    return np.float32(np.nextafter(wider, _MOST))


class _Guards:
    """Results whose range in a sample is much narrower than interval arithmetic knows.

    Attributes
    ----------
    ends : dict of node to (float32, float32)
        Where a number in single precision says that the one in double precision lies in the range taken.
    """

    def __init__(self, program: Program, ends: Sequence[Node], sample: Mapping[Hashable, Floats]):
        self.ends: dict[Node, tuple[np.float32, np.float32]] = {}
        needed = [node for node in program.needed(ends) if program.dtype(node) == NUMBER and program.taken(node)]
        nodes = [node for node in needed if program.nodes[node].function is np.divide]
        rows: Any = new_rows(len(nodes), max(map(len, sample.values())))
        if nodes:
            with np.errstate(all="ignore"):
                Routine(program, nodes, {key for key, some in sample.items() if len(some) > 1}, rows).run(sample)
        seen = {node: (float(row.min()), float(row.max())) for node, row in zip(nodes, rows, strict=True)}
        self._seen = {node: ends for node, ends in seen.items() if ends[0] < ends[1]}

    def narrowed(self, node: Node, bound: Bound) -> Bound:
        """The bound over somewhat more than the range of the sample, where that is much narrower."""
        if node not in self._seen:
            return bound
        low, high = _widened(*self._seen[node])
        narrower = bound.within(low, high)
        near_one = 1 - narrower.high >= _NARROWER * (1 - bound.high) and bound.high <= 1
        if narrower.largest * _NARROWER > bound.largest and not near_one:
            return bound
        inner = low + _off(bound, low), high - _off(bound, high)
        self.ends[node] = np.nextafter(np.float32(inner[0]), _MOST), np.nextafter(np.float32(inner[1]), -_MOST)
        return narrower


def _widened(low: float, high: float) -> Range:
    """Somewhat more than the range of a sample, of the same sign."""
    more = (high - low) / 2 + 0.05 * max(abs(low), abs(high))
    return max(low - more, low / 2) if low > 0 else low - more, min(high + more, high / 2) if high < 0 else high + more


def _off(bound: Bound, end: float) -> float:
    """How far single precision may be off at the end of a range."""
    return min(bound.error, 1.02 * bound.relative * abs(end)) if bound.relative < 0.01 else bound.error


class Filter:
    """Sets of equilibria in single precision, and the games in doubt, chunk by chunk.

    Parameters
    ----------
    proof : Proof
    size : int
        Games of a chunk.
    varying : set
        Keys of the parameters that vary within a chunk.
    """

    def __init__(self, proof: Proof, size: int, varying: frozenset[Hashable]):
        self._proof = proof
        self._comparisons = Comparisons(proof.the, proof.chosen, size, varying, SINGLE, proof.guards)
        most = max(map(len, proof.chosen), default=0)
        self._best = new_rows(most, size, SINGLE)
        self._answers = [np.empty((N_ACTIONS, len(some), size), dtype=np.bool_) for some in proof.chosen]
        self._stable = np.empty((N_PROFILES, size), dtype=np.bool_)
        self._more = np.empty_like(self._stable)
        self._count, self._counts = np.empty((2, size), dtype=np.uint16)

    def masks(self, numbers: Mapping[Hashable, Singles]) -> tuple[Masks, Places]:
        """Sets of equilibria of one chunk, and the places of those that are in doubt.

        Parameters
        ----------
        numbers : mapping of key to array
            In single precision: rows of samples, or arrays of length 1.
        """
        self._stable[:] = True
        self._count[:] = 0
        for player, own in self._comparisons.at(numbers):
            self._compare(player, own)
        return pack(self._stable), self._in_doubt()

    def _compare(self, player: int, own: Singles) -> None:
        """Leave the profiles in which a player's action is in question, and count its actions that are."""
        answers = self._answers[player]
        best = self._best[: answers.shape[1]]
        np.maximum.reduce(own, axis=0, out=best)
        np.subtract(best, self._proof.gaps[player][:, None], out=best)
        np.greater_equal(own, best, out=answers)
        rows = answers.reshape(-1, answers.shape[2])
        np.add.reduce(rows.view(np.uint8), axis=0, out=self._counts, dtype=self._counts.dtype)
        np.add(self._count, self._counts, out=self._count)
        np.take(rows, self._proof.places[player], axis=0, out=self._more, mode="clip")
        np.logical_and(self._stable, self._more, out=self._stable)

    def _in_doubt(self) -> Places:
        """Games in which a profile may or may not be an equilibrium, or a guarded number is outside its range."""
        several = np.flatnonzero(self._count != self._proof.groups)
        stable = self._stable[:, several]
        alone = np.ones_like(stable)
        for player, answers in enumerate(self._answers):
            if answers.size:
                alone &= (answers[:, :, several].sum(axis=0) == 1)[self._proof.the.group_of[player]]
        several = several[(stable & ~alone).any(axis=0)]
        return np.union1d(several, self._outside())

    def _outside(self) -> Places:
        first = self._comparisons.first
        if not len(first):
            return np.empty(0, dtype=np.intp)
        fits = (first >= self._proof.low) & (first <= self._proof.high)
        return np.flatnonzero(~fits.all(axis=0))
