r"""The same payoffs with fewer operations, for where a proof says how far roundings may be apart.

Formulas are written to be read, and are run in their order. Here what was taken down of them is written once more,
equal in real numbers:

1. What is one number over the box, such as a parameter that the scenario sets, is that number; what it makes 0, or
   equal to something else, is gone.
2. A payoff is a polynomial in **quotients** :math:`q` that few payoffs take, the shares of contests, with factors that
   many take:

   .. math:: v = c_0 + \sum_k q_k (c_{k1} + c_{k2} q_k)

   Factors are added up first, once for all payoffs. Of a share :math:`x/(x+y)` and the rest :math:`y/(x+y)` the
   smaller one is taken, which is off by less.
3. What the payoffs that a player compares have in common is left out again, and what sums share is added first
   (:mod:`triangle.batch.comparisons`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from itertools import product
from typing import Any

import numpy as np

from triangle.batch.bounds import DOUBLE, Range, Unbounded, bounds
from triangle.batch.comparisons import Compared, Group, compared_again
from triangle.batch.program import NUMBER, Node, Operation, Program

#: Products of quotients, each the quotients in order, and what they are multiplied by; the empty product is 1.
Polynomial = Mapping[tuple[Node, ...], Node]

#: Quotients in a product at the most.
_DEGREE = 2

#: Part of a player's payoffs up to which few take a divisor.
_FEW = 0.3


def regrouped(
    the: Compared, derived: Mapping[str, Node], box: Mapping[Any, Range], watched: frozenset[str]
) -> tuple[Compared, dict[str, Node], float] | None:
    """What players compare with fewer operations; None where the two cannot be told to be near each other.

    Parameters
    ----------
    the : Compared
        In a program whose symbols are named as parameters are.
    derived : mapping of str to node
        Parameters that the program computes.
    box : mapping of str to (float, float)
        Ranges of the parameters.
    watched : set of str
        Parameters that need not lie in their range.

    Returns
    -------
    Compared, dict of str to node, float
        The same profiles in another program, its nodes of the parameters that it computes, and how far a payoff of
        `the` in double precision may be from what both are in real numbers.
    """
    fixed = {name: low for name, (low, high) in box.items() if low == high and name not in watched}
    known = {node: box[name] for name, node in derived.items() if name not in watched}
    given, node_of = _with_numbers(the, fixed)
    try:
        exact = bounds(the.program, the.payoffs, box, 1, _within(known), DOUBLE)
    except Unbounded:
        return None
    writer = _Writer(given, {node_of[node]: (bound.low, bound.high) for node, bound in exact.items()})
    again = compared_again(given, writer.program, [[writer.payoff(node) for node in at] for at in given.at_profiles])
    if _ties(again) != _ties(the) or not watched.intersection(the.asked) <= set(again.asked):
        return None  # best replies together in one program, two numbers in the other; or a parameter that is not seen
    nodes = {name: writer.copied(node_of[node]) for name, node in derived.items() if node in node_of}
    return again, nodes, max(exact[node].error for node in the.payoffs)


def _within(known: Mapping[Node, Range]) -> Any:
    return lambda node, bound: bound.within(*known[node]) if node in known else bound


def _ties(the: Compared) -> list[list[list[int]]]:
    """For each player and whatever the others play, which of its own actions have the payoff of which."""
    rows = [
        [[at[profile] for profile in row] for row in some] for at, some in zip(the.at_profiles, the.rows, strict=True)
    ]
    return [[[payoffs.index(one) for one in payoffs] for payoffs in some] for some in rows]


def _with_numbers(the: Compared, fixed: Mapping[Any, float]) -> tuple[Compared, dict[Node, Node]]:
    """The same with numbers in place of some symbols, and where its nodes are now."""
    old, program, place = the.program, Program(), dict[Node, Node]()
    for node in old.needed(the.payoffs):
        what = old.nodes[node]
        known = fixed.get(what, what) if not isinstance(what, Operation) else what
        place[node] = _written(program, known, old.dtype(node), place)
    groups = ((Group(tuple(place[n] for n in g.payoffs), g.profiles) for g in some) for some in the.groups)
    return Compared(program, tuple(map(tuple, groups))), place


def _written(program: Program, what: Any, dtype: Any, place: Mapping[Node, Node]) -> Node:
    """The node of a number, a symbol or an operation of a program in another one, where its operands are there."""
    if isinstance(what, Operation):
        return program.add(what.function, dtype, *(place[node] for node in what.operands))
    return int(program.nodes_of(what if isinstance(what, float | bool) else program.symbol(what), dtype))


def _quotients(the: Compared) -> set[Node]:
    """The quotients whose divisor few of a player's payoffs take."""
    program, few = the.program, set(the.program.needed(the.payoffs))
    for payoffs in map(dict.fromkeys, the.at_profiles):
        taking = dict.fromkeys(program.needed(payoffs), 0)
        taking |= {payoff: 1 << place for place, payoff in enumerate(payoffs)}
        for node in reversed(taking):
            for one in program.taken(node):
                taking[one] |= taking[node]
        few -= {node for node, those in taking.items() if those.bit_count() > _FEW * len(payoffs)}
    return {node for node in few if program.is_of(np.divide, node) and program.taken(node)[1] in few}


class _Writer:
    """Writes payoffs into a program of its own.

    Parameters
    ----------
    the : Compared
    ranges : mapping of node to (float, float)
        Of all that its payoffs take.
    """

    def __init__(self, the: Compared, ranges: Mapping[Node, Range]):
        self.program = Program()
        self._old, self._ranges, self._quotients = the.program, ranges, _quotients(the)
        self._copied, self._taken_apart = dict[Node, Node](), dict[Node, Polynomial]()
        #: Quotients as they are written: of a share its smaller part.
        self._written = dict[Node, Node]()

    def copied(self, node: Node) -> Node:
        """A node as it is."""
        for one in self._old.needed([node], self._copied):
            if one not in self._copied:
                self._copied[one] = _written(self.program, self._old.nodes[one], self._old.dtype(one), self._copied)
        return self._copied[node]

    def payoff(self, node: Node) -> Node:
        """A payoff as the sum of its products."""
        for one in self._old.needed([node], self._taken_apart):
            if one not in self._taken_apart:
                self._taken_apart[one] = self._polynomial(one)
        return self._sum(self._taken_apart[node])

    def _sum(self, polynomial: Polynomial) -> Node:
        """The node of a polynomial, by Horner's rule."""
        factors = defaultdict[Node, dict[tuple[Node, ...], Node]](dict)
        for (*first, last), factor in ((q, f) for q, f in polynomial.items() if q):
            factors[last][tuple(first)] = factor
        total = polynomial.get((), self._number(0.0))
        for quotient, rest in factors.items():
            total = self._add(np.add, total, self._add(np.multiply, self._sum(rest), self._written[quotient]))
        return total

    def _polynomial(self, node: Node) -> Polynomial:
        """A node as a polynomial, those that it takes being ones already; what is none is a constant."""
        if node in self._quotients:
            return self._of_quotient(node)
        what, taken = self._old.nodes[node], [self._taken_apart[one] for one in self._old.taken(node)]
        if all(some.keys() <= {()} for some in taken):
            return {(): self.copied(node)}
        if what.function in (np.add, np.subtract):
            return self._added(what.function, *taken)
        if what.function is np.multiply and sum(max(map(len, some), default=0) for some in taken) <= _DEGREE:
            return self._multiplied(*taken)
        if what.function is np.divide and taken[1].keys() == {()}:
            return self._multiplied(taken[0], {(): self._add(np.divide, self._number(1.0), taken[1][()])})
        return {(): self.copied(node)}

    def _of_quotient(self, node: Node) -> Polynomial:
        """The smaller part of a share, and any other quotient as it is."""
        _, divisor = self._old.taken(node)
        rest = self._rest_of(node)
        if rest is None or sum(self._ranges[node]) <= 1:
            self._written[node] = self.copied(node)
            return {(node,): self._number(1.0)}
        self._written[node] = self._add(np.divide, self.copied(rest), self.copied(divisor))
        return {(node,): self._number(-1.0), (): self._number(1.0)}

    def _rest_of(self, node: Node) -> Node | None:
        """What makes up the divisor of a quotient beside its dividend; None where it is no share."""
        dividend, divisor = self._old.taken(node)
        if not self._old.is_of(np.add, divisor) or dividend not in self._old.taken(divisor):
            return None
        one, other = self._old.taken(divisor)
        return other if one == dividend else one

    def _added(self, function: Any, one: Polynomial, other: Polynomial) -> Polynomial:
        zero = self._number(0.0)
        keys = dict.fromkeys((*one, *other))
        return {key: self._add(function, one.get(key, zero), other.get(key, zero)) for key in keys}

    def _multiplied(self, one: Polynomial, other: Polynomial) -> Polynomial:
        found = dict[tuple[Node, ...], Node]()
        for (a, x), (b, y) in product(one.items(), other.items()):
            key, factor = tuple(sorted(a + b)), self._add(np.multiply, x, y)
            found[key] = self._add(np.add, found[key], factor) if key in found else factor
        return found

    def _number(self, number: float) -> Node:
        return int(self.program.nodes_of(number))

    def _add(self, function: Any, *operands: Node) -> Node:
        return self.program.add(function, NUMBER, *operands)
