"""The filter in single precision compiled by jax: one loop over the games, in place of a call of numpy an operation.

The loop is the same program and the same test (:mod:`triangle.batch.filter`), so that the same proof holds: fusing a
product and a sum into one operation leaves out a rounding, and constants are handed over when it runs, so that nothing
is divided by beforehand. What is in doubt is decided in double precision by numpy all the same; answers cannot depend
on whether jax is there. Compiling takes some seconds, once a process.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from functools import reduce
from importlib.util import find_spec
from operator import add, and_, or_
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

        program = proof.the.program
        keys = dict.fromkeys(program.names(proof.truths))
        self._varying, self._single = ([key for key in keys if (key in varying) == which] for which in (True, False))
        self._rows = new_rows(len(self._varying), size, SINGLE)
        whats = [program.nodes[node] for node in program.needed(proof.truths)]
        self._constants = np.array([what for what in whats if isinstance(what, float)], dtype=SINGLE)
        self._run = jax.jit(lambda rows, single, constants: self._sets(proof, rows, single, constants))

    def begin(self, numbers: Mapping[Any, Singles]) -> None:
        """Nothing is computed before the games themselves."""

    def masks(self, numbers: Mapping[Any, Singles]) -> tuple[Masks, Places]:
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
        # Actions of one and the same payoff have one answer, and are best replies together.
        different = [[known[node].astype(np.uint32) for node in dict.fromkeys(some)] for some in proof.answers]
        sure = [reduce(add, some) == 1 for some in different]
        profiles = len(proof.group_of_profiles[0])
        halves = [range(first, min(first + _HALF, profiles)) for first in range(0, profiles, _HALF)]
        stable, alone = list[Any](), list[Any]()
        for half in halves:
            players = zip(proof.at_profiles, proof.group_of_profiles, strict=True)
            both = [
                (
                    _joined((known[answers[profile]], profile - half.start) for profile in half),
                    _joined((sure[groups[profile]], profile - half.start) for profile in half),
                )
                for answers, groups in players
            ]
            stable.append(reduce(and_, (some for some, _ in both)))
            alone.append(reduce(and_, (others for _, others in both)))
        doubt = reduce(or_, (some & ~sure for some, sure in zip(stable, alone, strict=True))) != 0
        return *stable, doubt if proof.fits is None else doubt | ~known[proof.fits]

    def _carried_out(self, proof: Proof, rows: Any, single: Any, constants: Any) -> dict[int, Any]:
        """What the nodes of the program are, on jax's own symbols."""
        import jax.numpy as jnp

        program = proof.the.program
        numbers = {key: rows[n] for n, key in enumerate(self._varying)}
        numbers |= {key: single[n] for n, key in enumerate(self._single)}
        given, known = iter(range(len(self._constants))), dict[int, Any]()
        for node in program.needed(proof.truths):
            what = program.nodes[node]
            if isinstance(what, Operation):
                function = jnp.where if what.function is choose else getattr(jnp, what.function.__name__)
                known[node] = function(*(known[operand] for operand in what.operands))
            elif isinstance(what, float):
                known[node] = constants[next(given)]
            else:
                known[node] = jnp.asarray(what) if isinstance(what, bool) else numbers[what]
        return known


def _joined(flagged: Iterable[tuple[Any, int]]) -> Any:
    """Truths as the bits of one number; those that are one stand at several."""
    import jax.numpy as jnp

    bits, each = defaultdict[int, int](int), dict[int, Any]()
    for true, bit in flagged:
        each[id(true)] = true
        bits[id(true)] |= 1 << bit
    return reduce(or_, (jnp.where(true, np.uint32(bits[key]), np.uint32(0)) for key, true in each.items()))
