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

from collections.abc import Hashable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property, partial, reduce
from itertools import chain, zip_longest
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triangle.batch.bounds import ROUNDING, Bound, Range, Unbounded, bounds
from triangle.batch.comparisons import Chosen, Compared, Comparisons, Group
from triangle.batch.program import NUMBER, TRUTH, Node, Program, Routine, new_row, new_rows
from triangle.games.bitboards import Masks, pack

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
Places = NDArray[np.intp]

#: The lower precision.
SINGLE = np.dtype(np.float32)

#: Bits of a word in which truths of many games are kept.
_WORD = 64

#: Samples whose numbers say which results are guarded.
SAMPLED = 1024

_MOST = np.float32(np.inf)

#: How many times narrower a sample is than the range that interval arithmetic knows, for a guard to be worth its while.
_NARROWER = 8.0

#: The same for a parameter that follows others, which many payoffs take.
_NARROWER_FOLLOWER = 1.5


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

    def groups_of(self, player: int) -> list[Group]:
        """The groups that a player compares."""
        return [self.the.groups[player][n] for n in self.chosen[player]]

    @cached_property
    def answers(self) -> list[list[Node]]:
        """For each group, those of the players one after the other, whether each action is in question."""
        each = (zip(self.groups_of(i), gaps, strict=True) for i, gaps in enumerate(self.gaps))
        return [self._in_question(group.payoffs, float(gap)) for some in each for group, gap in some]

    def _in_question(self, payoffs: Sequence[Node], gap: float) -> list[Node]:
        # Actions of one and the same payoff are best replies together, and their answer is one node.
        program, different = self.the.program, dict.fromkeys(payoffs)
        best = reduce(partial(program.add, np.maximum, NUMBER), different)
        reach = program.add(np.subtract, NUMBER, best, int(program.nodes_of(gap)))
        return [program.add(np.greater_equal, TRUTH, payoff, reach) for payoff in payoffs]

    @cached_property
    def fits(self) -> Node | None:
        """Whether every guarded number lies in its range; none where there is none."""
        program, inside = self.the.program, list[Node]()
        for node, low, high in zip(self.guards, self.low[:, 0].tolist(), self.high[:, 0].tolist(), strict=True):
            inside.append(program.add(np.greater_equal, TRUTH, node, int(program.nodes_of(low))))
            inside.append(program.add(np.less_equal, TRUTH, node, int(program.nodes_of(high))))
        return reduce(partial(program.add, np.logical_and, TRUTH), inside) if inside else None

    @property
    def payoffs(self) -> list[Node]:
        """The payoffs of all groups, one after the other."""
        return [
            node for player in range(len(self.chosen)) for group in self.groups_of(player) for node in group.payoffs
        ]

    @cached_property
    def asked(self) -> tuple[str, ...]:
        """What is computed from: parameters, and what some are derived from."""
        return tuple(self.the.program.names([*self.guards, *self.payoffs]))

    @property
    def truths(self) -> list[Node]:
        """All that is asked of a game."""
        return [*([] if self.fits is None else [self.fits]), *chain(*self.answers)]

    @cached_property
    def group_of_profiles(self) -> list[NDArray[np.intp]]:
        """For each player who compares anything the place among :attr:`answers` of every profile's group."""
        found, first = [], 0
        for some, of in zip(self.chosen, self.the.group_of, strict=True):
            if some:
                found.append(first + np.searchsorted(some, of))
            first += len(some)
        return found

    @cached_property
    def at_profiles(self) -> list[list[Node]]:
        """For each of them whether its action at every profile is in question."""
        found, answers = [], iter(self.answers)
        for player, some in enumerate(self.chosen):
            at = [0] * len(self.the.group_of[player])
            for group in self.groups_of(player):
                answer = next(answers)
                for fours in group.profiles:
                    for profile, node in zip(fours, answer, strict=True):
                        at[profile] = node
            found += [at] if some else []
        return found


def proof_for(
    the: Compared,
    chosen: Chosen,
    box: Mapping[str, Range],
    sample: Mapping[str, Floats],
    tolerance: float,
    roundings: int,
    derived: Mapping[str, Node],
    watched: Iterable[str],
    off: float = 0.0,
) -> Proof | None:
    """What is proven of comparisons over a box; None where a payoff has no bound.

    Parameters
    ----------
    the : Compared
        In a program whose symbols are named as parameters are (:mod:`triangle.batch.derived`).
    chosen : tuple of tuples of int
        For each player the numbers of its groups; none for a player who is held.
    box : mapping of str to (float, float)
        Ranges of the parameters.
    sample : mapping of str to array
        Some of the numbers that come, in double precision. They decide how many games are in doubt, not what is found.
    roundings : int
        As :func:`triangle.batch.bounds.bounds` takes it.
    derived : mapping of str to node
        Parameters that the program computes; those that are not watched are known to lie in their range.
    watched : iterable of str
        Parameters that need not lie in their range: games in which one does not are in doubt.
    off : float
        How far a payoff may be from what is compared in double precision (:mod:`triangle.batch.regrouped`).
    """
    groups = [[the.groups[player][n] for n in numbers] for player, numbers in enumerate(chosen)]
    ends = [node for some in groups for group in some for node in group.payoffs]
    watched = set(watched)
    known = {node: box[name] for name, node in derived.items() if name not in watched}
    guards = _Guards(the.program, ends, sample, known, {node for name, node in derived.items() if name in watched})
    try:
        found = bounds(the.program, ends, box, roundings, guards.narrowed)
    except Unbounded:
        return None
    guards.watch({name: box[name] for name in the.program.names(ends) if name in watched})
    gaps = [[_gap([found[node] for node in group.payoffs], tolerance + 2 * off) for group in some] for some in groups]
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

    def __init__(
        self,
        program: Program,
        ends: Sequence[Node],
        sample: Mapping[str, Floats],
        known: Mapping[Node, Range],
        followers: Set[Node],
    ):
        self.ends: dict[Node, tuple[np.float32, np.float32]] = {}
        self._program, self._known, self._followers = program, known, followers
        needed = [node for node in program.needed(ends) if program.dtype(node) == NUMBER and program.taken(node)]
        nodes = [node for node in needed if program.nodes[node].function is np.divide or node in followers]
        rows: Any = new_rows(len(nodes), max(map(len, sample.values())))
        if nodes:
            with np.errstate(all="ignore"):
                Routine(program, nodes, {key for key, some in sample.items() if len(some) > 1}, rows).run(sample)
        seen = {node: (float(row.min()), float(row.max())) for node, row in zip(nodes, rows, strict=True)}
        self._seen = {node: ends for node, ends in seen.items() if ends[0] < ends[1]}

    def narrowed(self, node: Node, bound: Bound) -> Bound:
        """The bound over what is known, or somewhat more than the range of the sample where that is much narrower."""
        if node in self._known:
            return bound.within(*self._known[node])
        if node not in self._seen:
            return bound
        low, high = widened(*self._seen[node])
        if node in self._followers:  # near zero, where single precision says little, the range has to be wider
            low = min(low, self._seen[node][0] - 2 * bound.error)
        narrower = bound.within(low, high)
        near_one = 1 - narrower.high >= _NARROWER * (1 - bound.high) and bound.high <= 1
        enough = _NARROWER_FOLLOWER if node in self._followers else _NARROWER
        if narrower.largest * enough > bound.largest and not near_one:
            return bound
        inner = low + _off(bound, low) if low > bound.low else -np.inf, high - _off(bound, high)
        self.ends[node] = np.nextafter(np.float32(inner[0]), _MOST), np.nextafter(np.float32(inner[1]), -_MOST)
        return narrower

    def watch(self, ranges: Mapping[str, Range]) -> None:
        """Look at parameters, of which single precision knows the nearest number."""
        for name, (low, high) in ranges.items():
            off = 4 * ROUNDING * max(abs(low), abs(high))
            self.ends[int(self._program.symbol(name).nodes)] = np.float32(low + off), np.float32(high - off)


def widened(low: float, high: float) -> Range:
    """Somewhat more than the range of a sample, of the same sign."""
    more = (high - low) / 2 + 0.05 * max(abs(low), abs(high))
    return max(low - more, low / 2) if low > 0 else low - more, min(high + more, high / 2) if high < 0 else high + more


def _off(bound: Bound, end: float) -> float:
    """How far single precision may be off at the end of a range."""
    return min(bound.error, 1.02 * bound.relative * abs(end)) if bound.relative < 0.01 else bound.error


class Filter:
    """Sets of equilibria in single precision, and the games in doubt, chunk by chunk.

    What is in question is a truth value of each game, which the program computes beside payoffs; rows of them are put
    together eight games to a byte, so that what follows costs little.

    Where only some parameters change from one chunk to the next, as from node to node of a grid with the same draws,
    only what depends on them is computed again. Of the rest are kept the results that are taken again, and what is in
    question.

    Parameters
    ----------
    proof : Proof
    size : int
        Games of a chunk.
    varying : set
        Names of the parameters that vary within a chunk.
    changing : set, optional
        Names of the parameters that change after :meth:`begin`; all where none are named, and nothing is to begin with.
    """

    def __init__(
        self,
        proof: Proof,
        size: int,
        varying: frozenset[Hashable],
        changing: frozenset[Hashable] | None = None,
    ):
        program, truths = proof.the.program, list(dict.fromkeys(proof.truths))
        needed = program.needed(truths)
        moved = set(needed) if changing is None else program.depending(needed, changing)
        parts = [node for node in truths if node not in moved], [node for node in truths if node in moved]
        kept = program.taken_again(needed, moved, varying)
        given = {node: new_row(size, program.dtype(node), SINGLE) for node in kept}
        self._size, self._true = size, np.empty((len(truths), size), dtype=np.bool_)
        #: Truths in the order of the parts, and one that never holds.
        self._bits = np.zeros((len(truths) + 1, -(-size // _WORD)), dtype=np.uint64)
        self._parts, first = list[tuple[Routine | None, slice]](), 0
        for part, others in zip(parts, ([*given], []), strict=True):
            here = slice(first, first := first + len(part))
            rows, known = [*(given[node] for node in others), *self._true[here]], {} if others else given
            routine = Routine(program, [*others, *part], varying, rows, dtype=SINGLE, given=known) if rows else None
            self._parts.append((routine, here))
        place = {node: n for n, node in enumerate((*parts[0], *parts[1]))}
        self._fits = place[proof.fits] if proof.fits is not None else None
        self._of_profiles = [np.array([place[node] for node in nodes]) for nodes in proof.at_profiles]
        #: For each action of a group where its truth is; the one that never holds where it is that of an earlier one.
        self._of_groups = _in_rows(
            [[place[node] for node in dict.fromkeys(some)] for some in proof.answers], len(truths)
        )
        self._groups = proof.group_of_profiles

    def begin(self, numbers: Mapping[Any, Singles]) -> None:
        """Compute what does not change, at numbers as :meth:`masks` takes them."""
        self._compute(0, numbers)

    def masks(self, numbers: Mapping[Any, Singles]) -> tuple[Masks, Places]:
        """Sets of equilibria of one chunk, and the places of those that are in doubt.

        Parameters
        ----------
        numbers : mapping of str to array
            In single precision: rows of samples, or arrays of length 1.
        """
        self._compute(1, numbers)
        stable = reduce(np.bitwise_and, (self._bits[places] for places in self._of_profiles))
        several = self._several()
        doubt = np.bitwise_or.reduce(stable & reduce(np.bitwise_or, (several[some] for some in self._groups)), axis=0)
        if self._fits is not None:
            doubt |= ~self._bits[self._fits]
        return pack(self._flags(stable)), np.flatnonzero(self._flags(doubt))

    def _compute(self, part: int, numbers: Mapping[Any, Singles]) -> None:
        """Write what is true of a part of what is in question."""
        routine, here = self._parts[part]
        if routine is not None:
            routine.run(numbers)
            found = np.packbits(self._true[here], axis=-1, bitorder="little")
            self._bits.view(np.uint8)[here, : found.shape[1]] = found

    def _several(self) -> NDArray[np.uint64]:
        """Whether more than one action of each group is in question."""
        first, *others = self._of_groups
        some: NDArray[np.uint64] = self._bits[first]
        several = np.zeros_like(some)
        for places in others:
            more = self._bits[places]
            several |= some & more
            some |= more
        return several

    def _flags(self, bits: NDArray[np.uint64]) -> NDArray[np.bool_]:
        return np.unpackbits(bits.view(np.uint8), axis=-1, count=self._size, bitorder="little").view(np.bool_)


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

    def at(self, numbers: Mapping[Any, Singles]) -> tuple[Singles, NDArray[np.bool_]]:
        """The payoffs, overwritten by those of the next chunk, and the games in which a guarded number does not fit."""
        for player, own in self._comparisons.at(numbers):
            self._payoffs[player] = own[:, 0]
        first, (low, high) = self._comparisons.first, self._ends
        fits = np.asarray(((first >= low) & (first <= high)).all(axis=0))
        return self._payoffs, ~fits


def _in_rows(groups: Sequence[Sequence[int]], missing: int) -> NDArray[np.intp]:
    """The n-th number of every group in row n, and another number where it has none."""
    return np.array(list(zip_longest(*groups, fillvalue=missing)), dtype=np.intp)
