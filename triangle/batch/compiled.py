"""The filter in single precision compiled by jax: one loop over the games, in place of a call of numpy an operation.

The loop is the same program and the same test (:mod:`triangle.batch.filter`), so that the same proof holds: fusing a
product and a sum into one operation leaves out a rounding, and constants are handed over when it runs, so that nothing
is divided by beforehand. What is in doubt is decided in double precision by numpy all the same; answers cannot depend
on whether jax is there. Compiling takes some seconds, once a process.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from functools import reduce
from importlib.util import find_spec
from operator import or_
from typing import Any

import numpy as np

from triangle.batch.filter import SINGLE, Places, Proof, Singles
from triangle.batch.program import Operation, choose, new_rows
from triangle.games.bitboards import Masks

#: Bits of the whole numbers in which sets are put together: vectors of as many lanes as of single precision.
_HALF = 32


def is_installed() -> bool:
    """Whether jax can be imported."""
    return find_spec("jax") is not None


class CompiledFilter:
    """What :class:`triangle.batch.filter.Filter` finds, by a loop that jax has compiled; nothing is kept for a grid.

    Parameters
    ----------
    proof : Proof
    size : int
        Games of a chunk.
    varying : set
        Keys of the parameters that vary within a chunk.
    """

    def __init__(self, proof: Proof, size: int, varying: frozenset[Hashable]):
        import jax

        ends = [*proof.guards, *proof.payoffs(proof.chosen)]
        keys = proof.the.program.names(ends)
        self._varying, self._single = ([key for key in keys if (key in varying) == which] for which in (True, False))
        self._rows = new_rows(len(self._varying), size, SINGLE)
        whats = [proof.the.program.nodes[node] for node in proof.the.program.needed(ends)]
        self._constants = np.array([what for what in whats if isinstance(what, float)], dtype=SINGLE)
        self._run = jax.jit(lambda rows, single, constants: self._sets(proof, rows, single, constants))

    def begin(self, numbers: Mapping[Hashable, Singles]) -> None:
        """Nothing is computed before the games themselves."""

    def masks(self, numbers: Mapping[Hashable, Singles]) -> tuple[Masks, Places]:
        """Sets of equilibria of one chunk, and the places of those in doubt, as the other filter has them."""
        for row, key in zip(self._rows, self._varying, strict=True):
            row[:] = numbers[key]
        single = np.array([numbers[key][0] for key in self._single], dtype=SINGLE)
        *halves, doubt = (np.asarray(some) for some in self._run(self._rows, single, self._constants))
        wide = [half.astype(np.uint64) << np.uint64(_HALF * (n % 2)) for n, half in enumerate(halves)]
        words = [reduce(or_, wide[first : first + 2]) for first in range(0, len(wide), 2)]
        return (words[0] if len(words) == 1 else np.stack(words)), np.flatnonzero(doubt)

    def _sets(self, proof: Proof, rows: Any, single: Any, constants: Any) -> tuple[Any, ...]:
        """The sets in halves of a word, and whether a game is in doubt."""
        known = self._carried_out(proof, rows, single, constants)
        halves = range(-(-len(proof.the.group_of[0]) // _HALF))
        stable: list[Any] = [~np.uint32(0)] * len(halves)
        alone = list(stable)
        for player in range(len(proof.chosen)):
            if proof.chosen[player]:
                some, sure = _in_question(proof, player, known)
                stable = [a & _joined(some, half) for half, a in zip(halves, stable, strict=True)]
                alone = [a & _joined(sure, half) for half, a in zip(halves, alone, strict=True)]
        doubt = reduce(or_, (some & ~sure for some, sure in zip(stable, alone, strict=True))) != 0
        for node, low, high in zip(proof.guards, proof.low[:, 0], proof.high[:, 0], strict=True):
            doubt = doubt | ~((known[node] >= low) & (known[node] <= high))
        return *stable, doubt

    def _carried_out(self, proof: Proof, rows: Any, single: Any, constants: Any) -> dict[int, Any]:
        """What the nodes of the program are, on jax's own symbols."""
        import jax.numpy as jnp

        program = proof.the.program
        numbers = {key: rows[n] for n, key in enumerate(self._varying)}
        numbers |= {key: single[n] for n, key in enumerate(self._single)}
        given, known = iter(range(len(self._constants))), dict[int, Any]()
        for node in program.needed([*proof.guards, *proof.payoffs(proof.chosen)]):
            what = program.nodes[node]
            if isinstance(what, Operation):
                function = jnp.where if what.function is choose else getattr(jnp, what.function.__name__)
                known[node] = function(*(known[operand] for operand in what.operands))
            elif isinstance(what, float):
                known[node] = constants[next(given)]
            else:
                known[node] = what if isinstance(what, bool) else numbers[what]
        return known


#: Truth values and the profiles, as bits of one integer, that stand where each is true.
Flagged = list[tuple[Any, int]]


def _in_question(proof: Proof, player: int, known: Mapping[int, Any]) -> tuple[Flagged, Flagged]:
    """The actions of a player that are in question, and the groups in which one payoff alone is."""
    import jax.numpy as jnp

    some, sure = Flagged(), Flagged()
    for group, gap in zip(proof.groups_of(player, proof.chosen[player]), proof.gaps[player], strict=True):
        payoffs = [known[node] for node in group.payoffs]
        best = reduce(jnp.maximum, payoffs) - gap
        answers = [payoff >= best for payoff in payoffs]
        profiles = [sum(1 << fours[action] for fours in group.profiles) for action in range(len(payoffs))]
        some += zip(answers, profiles, strict=True)
        # Actions of one and the same payoff are best replies together.
        apart = dict(zip(group.payoffs, answers, strict=True)).values()
        sure.append((sum(answer.astype(np.uint32) for answer in apart) == 1, sum(profiles)))
    return some, sure


def _joined(flagged: Sequence[tuple[Any, int]], half: int) -> Any:
    """The profiles of one half of a word at which something is true."""
    import jax.numpy as jnp

    bits = ((true, profiles >> _HALF * half & (1 << _HALF) - 1) for true, profiles in flagged)
    return reduce(or_, (jnp.where(true, np.uint32(some), np.uint32(0)) for true, some in bits if some))
