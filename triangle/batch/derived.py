"""What players compare, where some parameters are computed from others within the program.

A program asks for parameters as formulas do. Here it is written down once more with symbols that are named as the
parameters are, and those that are computed from others are what their function makes of these: draws of the points of a
design, followers of what they follow. So a chunk of games needs no column of what is made of other columns, and none
that no comparison takes.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from triangle.batch.comparisons import Compared, Group
from triangle.batch.program import NUMBER, Node, Operation, Program, Symbol


@dataclass(frozen=True)
class Derived:
    """A parameter that is computed from others: its function, and what that takes, parameters by name and numbers."""

    name: str
    function: Callable[..., Any]
    arguments: tuple[str | float, ...]


def rewritten(
    the: Compared, names: Mapping[Hashable, str], derived: Sequence[Derived]
) -> tuple[Compared, dict[str, Node]]:
    """What players compare, in a program of its own whose symbols are named as parameters are.

    Parameters
    ----------
    names : mapping of key to str
        What the parameters are called that formulas ask for by a key.
    derived : sequence of Derived
        Each after those that it takes. What is an exponent, and what cannot be taken down, stays a symbol.

    Returns
    -------
    Compared, dict of str to node
        The same groups, and the parameters that are computed.
    """
    program, found = Program(), dict[str, Symbol]()
    exponents = _exponents(the, names)

    def symbol(name: str) -> Any:
        return found[name] if name in found else program.symbol(name)

    for one in (one for one in derived if one.name not in exponents):
        taken = [symbol(argument) if isinstance(argument, str) else argument for argument in one.arguments]
        with contextlib.suppress(Exception):  # what is no function of numbers one by one
            nodes = program.nodes_of(one.function(*taken))
            found[one.name] = Symbol(program, nodes.reshape(()), NUMBER)
    node_of = dict[Node, Node]()
    for node in the.program.needed(node for some in the.groups for group in some for node in group.payoffs):
        what, dtype = the.program.nodes[node], the.program.dtype(node)
        if isinstance(what, Operation):
            node_of[node] = program.add(what.function, dtype, *(node_of[operand] for operand in what.operands))
        else:
            is_number = isinstance(what, float | bool)
            node_of[node] = int(program.nodes_of(what if is_number else symbol(names[what]), dtype))
    groups = (
        tuple(Group(tuple(node_of[node] for node in group.payoffs), group.profiles) for group in some)
        for some in the.groups
    )
    return Compared(program, tuple(groups)), {name: int(one.nodes) for name, one in found.items()}


def _exponents(the: Compared, names: Mapping[Hashable, str]) -> set[str]:
    """Parameters that are exponents: one that is off by little makes a power off by much, so that they are given."""
    nodes = (node for some in the.groups for group in some for node in group.payoffs)
    whats = [the.program.nodes[node] for node in the.program.needed(nodes)]
    powers = (what.operands[1] for what in whats if isinstance(what, Operation) and what.function is np.power)
    return {names[the.program.nodes[node]] for node in powers if the.program.nodes[node] in names}
