r"""The payoffs that players compare, derived from the terms, for many games at once.

To see whether a player would leave a profile, only its own payoffs against the same actions of the others are compared;
what these have in common cancels. What is to be computed is derived from the terms themselves, whichever they are:

1. Each term is taken down on symbols at all profiles (:mod:`triangle.batch.program`), so that an operation that
   several profiles, players or terms share is one.
2. A payoff is taken apart into its **addends**. Those that all own actions of a player have in common, the others'
   actions given, are left out; fours of payoffs that then have the same addends are one **group**. For the shipped
   terms 12 (United States, Russia) or 14 (China) of the 16 actions of the others remain.
3. The rest is summed. Two addends that stand together in most of the sums still to be made are added first, and count
   as one from then on (Paar 1997), so that sums that payoffs share are made once.

Nothing here knows what a term says, so a user's own term is as fast as a shipped one. A term that asks for more than
the program can take down raises an error here, and the whole payoff tensor is the way out.

Rows of one chunk of samples are used again from operation to operation and from chunk to chunk; nothing grows with the
batch. Nothing is a matrix product, whose rounding may depend on its shape.

References
----------
Paar, C. (1997). Optimized arithmetic for Reed-Solomon encoders. *IEEE International Symposium on Information Theory*.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, chain
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triangle.batch.program import NUMBER, DType, Node, Operation, Program, Routine, Symbol, key_of, new_row, new_rows
from triangle.model.parameters import Values, choices
from triangle.model.terms import Term
from triangle.players.stances import pure_stances

Floats = NDArray[np.float64]

#: Numbers of groups, for each player.
Chosen = tuple[tuple[int, ...], ...]

#: A node that is added or, with -1, taken off.
Addend = tuple[int, Node]
Addends = frozenset[Addend]


class _Asked(Values):
    """Parameter values that are symbols, named as the formulas ask for them; there is no batch to ask about.

    What third parties choose is known, and stays numbers along the axes of their actions.
    """

    def __init__(self, program: Program, named: Values):
        self._program, self.cast = program, named.cast
        self._named, self._choices = named, choices(named.cast, 0)

    def __getitem__(self, key: Any) -> Any:
        key = key if isinstance(key, tuple) else (key,)
        if self._choices and (name := self._named.named([key])[0]) in self._choices:
            return self._choices[name]
        return self._program.symbol(key)


@dataclass(frozen=True)
class Group:
    """Payoffs that a player compares, one for each of its actions, and where they stand.

    Attributes
    ----------
    payoffs : tuple of node
        Up to what is the same for all own actions.
    profiles : tuple of tuples of int
        The profiles at which these stand, one tuple for each combination of the others' actions.
    """

    payoffs: tuple[Node, ...]
    profiles: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, eq=False)
class Compared:
    """What every player compares.

    Attributes
    ----------
    program : Program
    groups : tuple of tuples of Group
        For each player. Every profile stands in one group of each.
    """

    program: Program
    groups: tuple[tuple[Group, ...], ...]

    @cached_property
    def asked(self) -> tuple[Any, ...]:
        """The parameters that the payoffs take, as formulas ask for them."""
        return tuple(self.program.names(self.payoffs))

    @property
    def payoffs(self) -> list[Node]:
        """The payoffs of all groups, one after the other."""
        return [node for some in self.groups for group in some for node in group.payoffs]

    @cached_property
    def at_profiles(self) -> tuple[tuple[Node, ...], ...]:
        """For each player the payoff at every profile."""
        at = [
            {p: n for group in some for row in group.profiles for p, n in zip(row, group.payoffs, strict=True)}
            for some in self.groups
        ]
        return tuple(tuple(of[profile] for profile in sorted(of)) for of in at)

    @cached_property
    def rows(self) -> tuple[tuple[tuple[int, ...], ...], ...]:
        """For each player the profiles that it compares with each other, one tuple for each that the others play."""
        return tuple(tuple(sorted(row for group in some for row in group.profiles)) for some in self.groups)

    @cached_property
    def all(self) -> Chosen:
        """The numbers of all groups."""
        return tuple(tuple(range(len(some))) for some in self.groups)

    @cached_property
    def group_of(self) -> tuple[NDArray[np.intp], ...]:
        """For each player the number of the group in which each profile stands."""
        numbers = [{p: n for n, group in enumerate(some) for p in chain(*group.profiles)} for some in self.groups]
        return tuple(np.array([of[profile] for profile in sorted(of)]) for of in numbers)


def places_of(groups: Sequence[Group], profiles: int) -> NDArray[np.intp]:
    """The row of every profile in the payoffs ``[own action, group]`` of a player."""
    places = np.zeros(profiles, dtype=np.intp)
    for number, group in enumerate(groups):
        for fours in group.profiles:
            places[list(fours)] = number + len(groups) * np.arange(len(fours))
    return places


# Derivation -----------------------------------------------------------------------------------------------------------

Parts = list[tuple[int, Any]]


def taken_down(terms: Iterable[Term], program: Program, named: Values) -> Parts:
    """Players and their payoffs on symbols, term by term; raises whatever a term raises that can't be taken down.

    `named` says who plays and what parameters are called; its numbers are not read.
    """
    asked, stances = _Asked(program, named), pure_stances(len(named.cast.thirds))
    with np.errstate(all="ignore"):
        return [part for term in terms for part in term(stances, asked).items()]


def fingerprint(parts: Parts) -> tuple[Hashable, ...]:
    """What tells payoffs from others that were taken down in the same program."""
    return tuple((player, key_of(payoff)) for player, payoff in parts)


def compared(program: Program, parts: Parts, shape: tuple[int, ...]) -> Compared:
    """What players with so many actions compare whose payoffs are the sums of these parts."""
    every = np.arange(prod(shape)).reshape(shape)
    together = [np.moveaxis(every, i, -1).reshape(-1, actions) for i, actions in enumerate(shape)]
    return _compared(program, parts, shape, together)


def all_payoffs(program: Program, parts: Parts, shape: tuple[int, ...]) -> Compared:
    """The payoffs at all profiles, one group a player, up to what is the same at all of them."""
    return _compared(program, parts, shape, [np.arange(prod(shape))[None]] * len(shape))


def whole_payoffs(program: Program, parts: Parts, shape: tuple[int, ...]) -> Compared:
    """The whole payoffs, every profile a group of its own: the terms added in their order, as the formulas do it."""
    groups = []
    for player in range(len(shape)):
        nodes = program.nodes_of(sum(payoff for i, payoff in parts if i == player))
        each = enumerate(np.broadcast_to(nodes, shape).ravel().tolist())
        groups.append(tuple(Group((node,), ((profile,),)) for profile, node in each))
    return Compared(program, tuple(groups))


def compared_again(the: Compared, program: Program, payoffs: Sequence[Sequence[Node]]) -> Compared:
    """The same profiles compared where a player's payoff at each of them is another node, of another program."""
    parts = [(player, Symbol(program, np.array(nodes), NUMBER)) for player, nodes in enumerate(payoffs)]
    return _compared(program, parts, (len(payoffs[0]),), [np.array(rows) for rows in the.rows])


def _compared(program: Program, parts: Parts, shape: tuple[int, ...], together: Sequence[NDArray[np.intp]]) -> Compared:
    """What stands at the profiles ``[group, number]`` that are compared with each other, for each player."""
    apart = _Apart(program)
    fours: list[dict[tuple[Addends, ...], list[tuple[int, ...]]]] = []
    for player, groups_of in enumerate(together):
        nodes = [np.broadcast_to(program.nodes_of(payoff), shape) for i, payoff in parts if i == player]
        payoffs = [apart.of_all(at) for at in zip(*(n.ravel().tolist() for n in nodes), strict=True)]
        payoffs = payoffs or [{}] * prod(shape)
        fours.append({})
        for profiles in groups_of:
            key = apart.moved([payoffs[profile] for profile in profiles])
            fours[-1].setdefault(key, []).append(tuple(profiles.tolist()))
    node_of = summed(program, dict.fromkeys(some for found in fours for key in found for some in key))
    groups = (
        (Group(tuple(node_of[some] for some in key), tuple(where)) for key, where in found.items()) for found in fours
    )
    return Compared(program, tuple(map(tuple, groups)))


class _Apart:
    """Payoffs taken apart into addends: how many times each node is added, less than zero where it is taken off."""

    def __init__(self, program: Program):
        self._program = program
        self._known: dict[Node, Mapping[Node, float]] = {}

    def of_all(self, nodes: Iterable[Node]) -> dict[Node, float]:
        """The addends of a sum of nodes."""
        total: Counter[Node] = Counter()
        for node in nodes:
            total.update(self._of(node))
        return {node: times for node, times in total.items() if times}

    def _of(self, node: Node) -> Mapping[Node, float]:
        if node not in self._known:
            self._known[node] = self._found(node)
        return self._known[node]

    def _found(self, node: Node) -> Mapping[Node, float]:
        what, number = self._program.nodes[node], self._program.number(node)
        if number is not None:
            return {self._one: number}
        if isinstance(what, Operation) and self._program.dtype(node) == NUMBER:
            if what.function in (np.add, np.subtract):
                found = Counter(self._of(what.operands[0]))
                (found.update if what.function is np.add else found.subtract)(self._of(what.operands[1]))
                return found
            if what.function is np.multiply:
                return self._multiplied(node, *what.operands)
        return {node: 1.0}

    def _multiplied(self, node: Node, a: Node, b: Node) -> Mapping[Node, float]:
        """A sum is not multiplied out, but for its sign; a single addend is, so that equal ones are found."""
        for factor, rest in ((self._program.number(a), b), (self._program.number(b), a)):
            if factor is not None and (factor == -1.0 or len(self._of(rest)) == 1):
                return {addend: factor * times for addend, times in self._of(rest).items()}
        return {node: 1.0}

    @property
    def _one(self) -> Node:
        return int(self._program.nodes_of(1.0))

    def moved(self, payoffs: Sequence[Mapping[Node, float]]) -> tuple[Addends, ...]:
        """Of payoffs that a player compares what they do not have in common."""
        common = set.intersection(*(set(payoff.items()) for payoff in payoffs))
        return tuple(frozenset(map(self._addend, payoff.items() - common)) for payoff in payoffs)

    def _addend(self, times_of: tuple[Node, float]) -> Addend:
        node, times = times_of
        factor = int(self._program.nodes_of(abs(times)))
        return (1 if times > 0 else -1), self._program.add(np.multiply, NUMBER, factor, node)


def summed(program: Program, sums: Iterable[Addends]) -> dict[Addends, Node]:
    """The nodes of sums: pairs of addends that stand together in most of what is left of them are added first."""
    left = {some: set(some) for some in sums}
    together: defaultdict[tuple[Addend, Addend], set[Addends]] = defaultdict(set)

    def note(some: Addends, one: Addend, others: Iterable[Addend]) -> set[tuple[Addend, Addend]]:
        pairs = {(min(one, other), max(one, other)) for other in others}
        for pair in pairs:
            together[pair].add(some)
        return pairs

    for some, addends in left.items():
        for place, one in enumerate(ordered := sorted(addends)):
            note(some, one, ordered[:place])
    queue = [(-len(those), pair) for pair, those in together.items()]
    heapq.heapify(queue)
    while queue:
        number, pair = heapq.heappop(queue)
        those = together[pair]
        if len(those) < -number:  # sums have lost one of the two since
            if those:
                heapq.heappush(queue, (-len(those), pair))
            continue
        both, fresh = _both(program, *pair), set()
        for some in list(those):
            left[some].difference_update(pair)
            for other in left[some]:
                for one in pair:
                    together[min(one, other), max(one, other)].discard(some)
            fresh |= note(some, both, left[some])
            left[some].add(both)
        those.clear()
        for new in fresh:
            heapq.heappush(queue, (-len(together[new]), new))
    return {some: _total(program, addends) for some, addends in left.items()}


def _both(program: Program, one: Addend, other: Addend) -> Addend:
    """Two addends as one."""
    (sign, a), (other_sign, b) = one, other
    if sign == other_sign:
        return sign, program.add(np.add, NUMBER, a, b)
    return 1, program.add(np.subtract, NUMBER, *((a, b) if sign > 0 else (b, a)))


def _total(program: Program, addends: Iterable[Addend]) -> Node:
    """The node of what is left of a sum: nothing, or one addend."""
    for sign, node in addends:
        return node if sign > 0 else program.add(np.negative, NUMBER, node)
    return int(program.nodes_of(0.0))


# Carrying out ---------------------------------------------------------------------------------------------------------


class Comparisons:
    """The payoffs that players compare, for one chunk of samples after the other.

    Parameters
    ----------
    the : Compared
    chosen : tuple of tuples of int
        For each player the numbers of the groups to be computed; none for a player who compares nothing.
    size : int
        Samples of a chunk.
    varying : set
        Names of the parameters that vary within a chunk; the others are one number for all.
    dtype : dtype
        In which numbers are computed.
    first : sequence of node
        What else is computed, before the payoffs.
    changing : set, optional
        Names of the parameters that may change where what they do not move is not computed again; none is otherwise.

    Attributes
    ----------
    first : array, shape (number of these, samples)
    nbytes : int
        Of the rows of samples.
    """

    def __init__(
        self,
        the: Compared,
        chosen: Chosen,
        size: int,
        varying: Iterable[Hashable],
        dtype: DType = NUMBER,
        first: Sequence[Node] = (),
        changing: Iterable[Hashable] | None = None,
    ):
        self._asked = the.asked
        some = {player: [the.groups[player][n] for n in numbers] for player, numbers in enumerate(chosen) if numbers}
        shapes = {player: (len(groups[0].payoffs), len(groups)) for player, groups in some.items()}
        # Players share their memory, so that it stays in the cache.
        rows = new_rows(max(map(prod, shapes.values()), default=0), size, dtype)
        self._own = {player: rows[: prod(shape)].reshape(*shape, size) for player, shape in shapes.items()}
        results = [node for groups in some.values() for group in groups for node in group.payoffs]
        places = [row for own in self._own.values() for group in range(own.shape[1]) for row in own[:, group]]
        self.first = new_rows(len(first), size, dtype)
        lengths = [len(first), *map(prod, shapes.values())] if first else list(map(prod, shapes.values()))
        results, places = [*first, *results], [*self.first, *places]
        stops, varying = list(accumulate(lengths))[:-1], frozenset(varying)
        still = {} if changing is None else _unmoved(the.program, results, varying, frozenset(changing), size, dtype)
        self._still = Routine(the.program, list(still), varying, list(still.values()), dtype=dtype) if still else None
        self._routine = Routine(the.program, results, varying, places, stops, dtype, still) if results else None
        made = [self._still, self._routine]
        self.nbytes = rows.nbytes + sum(row.nbytes for row in still.values()) + sum(r.nbytes for r in made if r)

    def each(self, values: Values, again: bool = False) -> Iterator[tuple[int, Floats]]:
        """The players one after the other with their payoffs ``[own action, group, samples]``.

        Payoffs are overwritten by those of the next player. With `again` nothing but what may change has changed since
        the last time.
        """
        numbers = {key: values[name] for key, name in zip(self._asked, values.named(self._asked), strict=True)}
        yield from self.at(numbers, again)

    def at(self, numbers: Mapping[Any, NDArray[Any]], again: bool = False) -> Iterator[tuple[int, NDArray[Any]]]:
        """The same at numbers by the keys that formulas ask by, of the type in which they are computed."""
        if self._routine is None:
            return
        if self._still is not None and not again:
            self._still.run(numbers)
        parts = iter(self._routine.parts(numbers))
        if len(self.first):
            next(parts)
        for (player, own), _ in zip(self._own.items(), parts, strict=True):
            yield player, own


def _unmoved(
    program: Program,
    results: Sequence[Node],
    varying: frozenset[Hashable],
    changing: frozenset[Hashable],
    size: int,
    dtype: DType,
) -> dict[Node, NDArray[Any]]:
    """Rows for what is taken again where some parameters change."""
    needed = program.needed(results)
    kept = program.taken_again(needed, program.depending(needed, changing), varying, results)
    return {node: new_row(size, program.dtype(node), dtype) for node in kept}


def is_finite(own: Floats) -> bool:
    """Whether payoffs are numbers all of them."""
    # A sum of squares is not finite where one of them is not; seldom for another reason.
    squares = np.vecdot(own, own)
    return bool(np.isfinite(squares).all() or np.isfinite(own).all())
