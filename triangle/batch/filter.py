r"""Sets of pure equilibria in single precision where that decides, at half the traffic between processor and cache.

A sweep is as fast as the cache. In single precision its rows are half as long; what remains in doubt is computed again
in double precision, so that sets are those of :func:`triangle.batch.equilibria.sweep_masks` to the bit.

A player compares payoffs :math:`v_a` of its own actions; single precision knows :math:`w_a` with
:math:`|w_a - v_a| \le e`, where :math:`e` is proven once for all games of a box (:mod:`triangle.batch.bounds`).
Whatever is a best reply is among the actions with :math:`w_a \ge \max_b w_b - 2e - \tau`, :math:`\tau` being the
tolerance. Where that is one action, it is the best reply, for there is always one. So

* a profile is no equilibrium where one of its actions is not among those of its group;
* it is one where it is among them and each of its groups has but one, actions of one and the same payoff as one;
* a game is **in doubt** where a profile is neither, or where a guarded number lies outside its range.

The bound says also that every payoff is a finite number. It follows from the operations that the program has, so it
holds for whatever terms can be taken down; where there is none, :func:`proof_for` gives none, and the games are
computed in double precision.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triangle.batch.bounds import ROUNDING, Bound, Range, Unbounded, bounds
from triangle.batch.comparisons import Chosen, Compared, Comparisons, Group, places_of
from triangle.batch.program import NUMBER, DType, Node, Program, Routine, new_rows
from triangle.games.bitboards import Masks, pack

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

    def groups_of(self, player: int, numbers: Sequence[int]) -> list[Group]:
        """The groups of these numbers."""
        return [self.the.groups[player][n] for n in numbers]

    def twins(self, player: int, numbers: Sequence[int]) -> NDArray[np.bool_]:
        """Of some groups of a player the payoffs ``[own action, group]`` that are one with that of an earlier action.

        They are the same number in any precision, so that the two actions are best replies together or not at all.
        """
        groups = [group.payoffs for group in self.groups_of(player, numbers)]
        actions = range(len(groups[0]) if groups else 0)
        found = [[payoffs[action] in payoffs[:action] for payoffs in groups] for action in actions]
        return np.array(found, dtype=np.bool_)

    def payoffs(self, chosen: Chosen) -> list[Node]:
        """The payoffs of some groups, one after the other."""
        return [n for i, some in enumerate(chosen) for group in self.groups_of(i, some) for n in group.payoffs]

    def parted(self, moved: Set[Node], is_moved: bool) -> Chosen:
        """The groups of which some payoff is among these nodes, or those of which none is."""
        return tuple(
            tuple(n for n in some if (not moved.isdisjoint(self.the.groups[player][n].payoffs)) == is_moved)
            for player, some in enumerate(self.chosen)
        )

    def ends_of(self, guards: Sequence[Node]) -> tuple[Singles, Singles]:
        """Low and high ends of some guards, shape (guard, 1) each."""
        places = [self.guards.index(node) for node in guards]
        return self.low[places], self.high[places]


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
        low, high = widened(*self._seen[node])
        narrower = bound.within(low, high)
        near_one = 1 - narrower.high >= _NARROWER * (1 - bound.high) and bound.high <= 1
        if narrower.largest * _NARROWER > bound.largest and not near_one:
            return bound
        inner = low + _off(bound, low), high - _off(bound, high)
        self.ends[node] = np.nextafter(np.float32(inner[0]), _MOST), np.nextafter(np.float32(inner[1]), -_MOST)
        return narrower


def widened(low: float, high: float) -> Range:
    """Somewhat more than the range of a sample, of the same sign."""
    more = (high - low) / 2 + 0.05 * max(abs(low), abs(high))
    return max(low - more, low / 2) if low > 0 else low - more, min(high + more, high / 2) if high < 0 else high + more


def _off(bound: Bound, end: float) -> float:
    """How far single precision may be off at the end of a range."""
    return min(bound.error, 1.02 * bound.relative * abs(end)) if bound.relative < 0.01 else bound.error


class Filter:
    """Sets of equilibria in single precision, and the games in doubt, chunk by chunk.

    Where only some parameters change from one chunk to the next, as from node to node of a grid with the same draws,
    only what depends on them is computed again. Of the rest are kept the results that are taken again, whether guarded
    numbers fit, and which actions of other groups are in question.

    Parameters
    ----------
    proof : Proof
    size : int
        Games of a chunk.
    varying : set
        Keys of the parameters that vary within a chunk.
    changing : set, optional
        Keys of the parameters that change after :meth:`begin`; all where none are named, and nothing is to begin with.
    """

    def __init__(
        self, proof: Proof, size: int, varying: frozenset[Hashable], changing: frozenset[Hashable] | None = None
    ):
        self._proof, program = proof, proof.the.program
        needed = program.needed([*proof.guards, *proof.payoffs(proof.chosen)])
        moved = set(needed) if changing is None else program.depending(needed, changing)
        kept = _taken_again(program, needed, moved, program.depending(needed, varying))
        rows = [_row(size, program.dtype(node)) for node in kept]
        self._kept = Routine(program, kept, varying, rows, dtype=SINGLE) if kept else None
        chosen = [proof.parted(moved, is_moved) for is_moved in (False, True)]
        profiles = len(proof.the.group_of[0])
        self._answers = [
            np.empty((len(groups[0].payoffs), len(some), size), dtype=np.bool_)
            for groups, some in zip(proof.the.groups, proof.chosen, strict=True)
        ]
        firsts, given = [[len(some) for some in chosen[1]], [0] * len(proof.chosen)], dict(zip(kept, rows, strict=True))
        self._rest, self._moved = (
            _Part(proof, some, [n for n in proof.guards if (n in moved) == is_moved], size, varying, given, first)
            for is_moved, (some, first) in enumerate(zip(chosen, firsts, strict=True))
        )
        order = [(*some, *others) for some, others in zip(chosen[1], chosen[0], strict=True)]
        self._places = [places_of(proof.groups_of(player, numbers), profiles) for player, numbers in enumerate(order)]
        self._place_of = [
            np.argsort(numbers)[of] if numbers else of for numbers, of in zip(order, proof.the.group_of, strict=True)
        ]
        self._others = [~proof.twins(player, numbers) for player, numbers in enumerate(order)]
        self._compared = [
            [i for i, some in enumerate(order) if some and bool(chosen[1][i]) == is_moved] for is_moved in (False, True)
        ]
        self._stable, self._more, self._left = (np.ones((profiles, size), dtype=np.bool_) for _ in range(3))

    def begin(self, numbers: Mapping[Hashable, Singles]) -> None:
        """Compute what does not change, at numbers as :meth:`masks` takes them."""
        if self._kept is not None:
            self._kept.run(numbers)
        self._rest.compare(numbers, self._answers)
        self._left[:] = True
        self._leave(self._compared[0], self._left)

    def masks(self, numbers: Mapping[Hashable, Singles]) -> tuple[Masks, Places]:
        """Sets of equilibria of one chunk, and the places of those that are in doubt.

        Parameters
        ----------
        numbers : mapping of key to array
            In single precision: rows of samples, or arrays of length 1.
        """
        self._moved.compare(numbers, self._answers)
        np.copyto(self._stable, self._left)
        self._leave(self._compared[1], self._stable)
        return pack(self._stable), self._in_doubt()

    def _leave(self, players: Sequence[int], stable: NDArray[np.bool_]) -> None:
        """Leave the profiles in which the actions of these players are in question."""
        for player in players:
            answers = self._answers[player]
            rows = answers.reshape(-1, answers.shape[2])
            np.take(rows, self._places[player], axis=0, out=self._more, mode="clip")
            np.logical_and(stable, self._more, out=stable)

    def _in_doubt(self) -> Places:
        """Games in which a profile may or may not be an equilibrium, or a guarded number is outside its range."""
        several = np.flatnonzero(self._rest.count + self._moved.count != self._proof.groups)
        stable = self._stable[:, several]
        alone = np.ones_like(stable)
        for place_of, answers, other in zip(self._place_of, self._answers, self._others, strict=True):
            if answers.size:
                alone &= ((answers[:, :, several] & other[:, :, None]).sum(axis=0) == 1)[place_of]
        several = several[(stable & ~alone).any(axis=0)]
        return np.union1d(several, np.flatnonzero(self._rest.outside | self._moved.outside))


class RoughPayoffs:
    """Payoffs ``[player, profile, game]`` in single precision, each player's up to a number of each game.

    Parameters
    ----------
    proof : Proof
        Of the payoffs at all profiles (:func:`triangle.batch.comparisons.all_payoffs`).

    Attributes
    ----------
    slack : tuple of float
        For each player by how much a difference of two may be off, the tolerance included; none for one left out.
    """

    def __init__(self, proof: Proof, size: int, varying: frozenset[Hashable]):
        profiles = len(proof.the.group_of[0])
        self._comparisons = Comparisons(proof.the, proof.chosen, size, varying, SINGLE, proof.guards)
        self._payoffs = np.zeros((len(proof.chosen), profiles, size), dtype=SINGLE)
        self._ends = proof.low, proof.high
        self.slack = tuple(float(gaps[0]) if len(gaps) else 0.0 for gaps in proof.gaps)

    def at(self, numbers: Mapping[Hashable, Singles]) -> tuple[Singles, NDArray[np.bool_]]:
        """The payoffs, overwritten by those of the next chunk, and the games in which a guarded number does not fit."""
        for player, own in self._comparisons.at(numbers):
            self._payoffs[player] = own[:, 0]
        first, (low, high) = self._comparisons.first, self._ends
        fits = np.asarray(((first >= low) & (first <= high)).all(axis=0))
        return self._payoffs, ~fits


def _row(size: int, dtype: DType) -> NDArray[Any]:
    return new_rows(1, size, SINGLE)[0] if dtype == NUMBER else np.empty(size, dtype)


def _taken_again(program: Program, needed: Sequence[Node], moved: Set[Node], varying: Set[Node]) -> list[Node]:
    """Results that vary, do not change, and are taken by others that do."""
    taken = {node for one in needed if one in moved for node in program.taken(one)} - moved
    return [node for node in needed if node in taken and node in varying and program.taken(node)]


class _Part:
    """Some of the groups and guards: which actions are in question, how many, and where a number does not fit."""

    def __init__(
        self,
        proof: Proof,
        chosen: Chosen,
        guards: Sequence[Node],
        size: int,
        varying: frozenset[Hashable],
        given: Mapping[Node, NDArray[Any]],
        firsts: Sequence[int],
    ):
        self._comparisons = Comparisons(proof.the, chosen, size, varying, SINGLE, guards, given)
        self._gaps = [
            gaps[np.searchsorted(every, some)][:, None]
            for gaps, every, some in zip(proof.gaps, proof.chosen, chosen, strict=True)
        ]
        twins = (proof.twins(player, some) for player, some in enumerate(chosen))
        self._twins = [some if some.any() else None for some in twins]
        self._best = new_rows(max(map(len, chosen), default=0), size, SINGLE)
        self._places = [slice(first, first + len(some)) for first, some in zip(firsts, chosen, strict=True)]
        self._ends = proof.ends_of(guards)
        self.count, self._counts = np.zeros((2, size), dtype=np.uint16)
        self.outside = np.zeros(size, dtype=np.bool_)

    def compare(self, numbers: Mapping[Hashable, Singles], answers: Sequence[NDArray[np.bool_]]) -> None:
        """Say of each own action whether it is in question, and count those that are, twins as one."""
        self.count[:] = 0
        for player, own in self._comparisons.at(numbers):
            best, here = self._best[: own.shape[1]], answers[player][:, self._places[player]]
            np.maximum.reduce(own, axis=0, out=best)
            np.subtract(best, self._gaps[player], out=best)
            np.greater_equal(own, best, out=here)
            np.add.reduce(here.view(np.uint8), axis=(0, 1), out=self._counts, dtype=self._counts.dtype)
            np.add(self.count, self._counts, out=self.count)
            if (twins := self._twins[player]) is not None:
                np.subtract(self.count, here[twins].sum(axis=0, dtype=self.count.dtype), out=self.count)
        first, (low, high) = self._comparisons.first, self._ends
        if len(first):
            np.logical_not(((first >= low) & (first <= high)).all(axis=0), out=self.outside)
