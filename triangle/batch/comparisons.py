r"""The payoffs that players compare, for many games at once, each part computed only as often as it differs.

To see whether a player would leave a profile, only its own four payoffs against the same actions of the others are
compared; what these four have in common cancels. What is left of the model is, for player i with the others j and k,

.. math:: U_i = T_{ij} + T_{ik} + b_i(\pi_{jk}) + \text{what } i \text{ does not move}

with :math:`T_{ij} = \alpha_{ij} \pi_{ij} + \sigma_{ij}`: the stake in the contest with j, whose worth is affine in
the share :math:`\pi_{ij}`, and the **side** :math:`\sigma_{ij}` of everything else that goes with j. Each depends on
few stances, so that it takes few values among the 64 profiles:

* the strength of i against j depends on whether i opposes both, on its link with k and, for the United States, on its
  stance towards Russia: 5 and 4 values for the United States, 3 for the others, so a share takes 15, 12 or 9,
* an addend T takes 25 to 35, and the four payoffs that a player compares are assembled from two of these and the
  balance term for 12 (United States, Russia) or 14 (China) of the 16 actions of the others; the rest repeat them.

What an addend and a balance term are made of, strengths, factors of shares, sides, is some three hundred operations on
single rows of samples: the formulas of :mod:`triangle.model.mechanisms` and :mod:`triangle.model.terms` taken down as a
straight-line program (:mod:`triangle.batch.program`), so that each distinct operation happens once. From there on
many rows undergo the same operation, and a call of numpy takes a box of them (:mod:`triangle.batch.rows`): shares,
their products with factors, addends, payoffs. Which rows those are is worked out in :mod:`triangle.batch.plan`.

Rows of one chunk of samples lie one after the other and are used again from chunk to chunk; nothing grows with the
batch. Nothing is a matrix product, whose rounding may depend on its shape.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triangle.batch.plan import ADDENDS, Run, plan
from triangle.batch.program import Program, Routine
from triangle.batch.rows import new_rows, shaped, view
from triangle.model.mechanisms import imbalance, success
from triangle.model.parameters import Values
from triangle.players.axes import CN, N_ACTIONS, OTHERS, PAIRS, RU, US

Floats = NDArray[np.float64]
Pair = tuple[int, int]

#: Two operands and where their sum or product goes, as views.
Sum = tuple[Floats, Floats, Floats]


class Comparisons:
    """The payoffs that players compare, for one chunk of samples after the other.

    Parameters
    ----------
    size : int
        Samples of a chunk.

    Notes
    -----
    :meth:`fill` takes a chunk, :meth:`turn_to` computes the rows of one player, and :meth:`assemble` puts the payoffs
    of one run of groups together: ``first[x] + second[y] + balance[z]`` with ``x, y, z = group.rows[a]`` for own
    action a, up to what is the same for all four. Players share their memory, so that it stays in the cache.
    """

    def __init__(self, size: int):
        the = self._plan = plan()
        self.size = size
        contests = {(i, j): (_count(the.impacts[i, j]), _count(the.impacts[j, i])) for i, j in PAIRS}
        # Shares first, impacts last: what is looked through for numbers that are not finite stands together.
        table = new_rows(sum(a * b for a, b in contests.values()) + len(the.results), size)
        self._shares: dict[Pair, Floats] = {}
        start = 0
        for pair, shape in contests.items():
            self._shares[pair] = shaped(table, shape, start)
            start += shape[0] * shape[1]
        self._results = table[start:]
        self._looked_at = table[: start + min(places.start for places in the.impacts.values())]
        self._routines: dict[frozenset[Any], Routine] = {}
        self._success = {pair: _success(share) for pair, share in self._shares.items()}
        rows = self._addends()
        balance = new_rows(max(a * b for a, b in contests.values()), size)
        self._imbalance = [_imbalance(shaped(balance, contests[OTHERS[k][0], OTHERS[k][1]])) for k in (US, RU, CN)]
        self._levels = [[(view(balance, a), view(balance, b)) for a, b in levels] for levels in the.levels]
        own = new_rows(N_ACTIONS * max(len(run.groups) for runs in the.runs for run in runs), size)
        self._runs = [
            [_assembly(run, rows[i, OTHERS[i][0]], rows[i, OTHERS[i][1]], balance, own) for run in the.runs[i]]
            for i in (US, RU, CN)
        ]

    def _addends(self) -> dict[Pair, Floats]:
        """The rows of the addends, the same memory for each player's, and how they are made."""
        blocks = self._plan.blocks
        most = [max(blocks[i, OTHERS[i][place]].rows for i in (US, RU, CN)) for place in (0, 1)]
        memory = new_rows(sum(most), self.size)
        rows = {(i, j): memory[most[0] * OTHERS[i].index(j) :] for i, j in ADDENDS}
        products = new_rows(max(block.products[-1].stop for block in blocks.values()), self.size)
        self._products: dict[Pair, list[Sum]] = {}
        self._sums: dict[Pair, list[Sum]] = {}
        for of, block in blocks.items():
            shares, total = self._shares[min(of), max(of)], shaped(rows[of], block.shape)
            self._products[of] = [
                (share := shares[part.box], self._results[part.factor], shaped(products, share.shape[:2], part.start))
                for part in block.products
            ]
            self._sums[of] = [
                (view(products, product), view(self._results, side), total[box]) for box, product, side in block.sums
            ]
        return rows

    def fill(self, v: Values) -> None:
        """Take these samples: as many as the chunk has, or one for all."""
        numbers = {key: v[name] for key, name in zip(_asked(), v.named(_asked()), strict=True)}
        varying = frozenset(key for key, column in numbers.items() if column.size > 1)
        if varying not in self._routines:
            while len(self._routines) > 1:
                del self._routines[next(iter(self._routines))]
            self._routines[varying] = Routine(self._plan.program, self._plan.results, varying, list(self._results))
        self._routines[varying].run(numbers)
        for (i, j), routine in self._success.items():
            mine, theirs = self._results[self._plan.impacts[i, j]], self._results[self._plan.impacts[j, i]]
            routine.run({"mine": mine[:, None], "theirs": theirs[None]})

    def is_finite(self) -> bool:
        """Whether what payoffs are made of consists of numbers."""
        # A sum of squares is not finite where one of them is not; seldom for another reason.
        squares = np.vecdot(self._looked_at, self._looked_at)
        return bool(np.isfinite(squares).all() or np.isfinite(self._looked_at).all())

    def turn_to(self, player: int) -> None:
        """Compute the rows of one player."""
        for j in OTHERS[player]:
            for share, factor, product in self._products[player, j]:
                np.multiply(share, factor, product)
            for product, side, total in self._sums[player, j]:
                np.add(product, side, total)
        share = self._shares[OTHERS[player][0], OTHERS[player][1]]
        self._imbalance[player].run({"share": share, "weight": self._results[self._plan.weights[player]]})
        for rows, first in self._levels[player]:
            np.subtract(rows, first, rows)

    def assemble(self, player: int, run: int) -> Floats:
        """The payoffs ``[own action, group, samples]`` of one run of the player that was turned to.

        Overwritten by the next call.
        """
        sums, own = self._runs[player][run]
        for one, other, total in sums:
            np.add(one, other, total)
        return own


@cache
def _asked() -> tuple[tuple[Any, ...], ...]:
    """The parameters that the results take, as formulas ask for them."""
    the = plan()
    return tuple(the.program.names(the.results))


def _count(places: slice) -> int:
    return int(places.stop - places.start)


def _success(share: Floats) -> Routine:
    program = Program()
    result = success(program.symbol("mine"), program.symbol("theirs"))
    return Routine(program, [result], {"mine", "theirs"}, [share])


def _imbalance(rows: Floats) -> Routine:
    program = Program()
    result = program.symbol("weight") * imbalance(program.symbol("share"))
    return Routine(program, [result], {"share", "weight"}, [rows])


def _assembly(run: Run, first: Floats, second: Floats, balance: Floats, own: Floats) -> tuple[list[Sum], Floats]:
    """What :meth:`Comparisons.assemble` adds, as views, and where the sum is."""
    square = shaped(own, (2, 2, len(run.groups)))
    sums = [(view(first, x), view(second, y), square[box]) for box, x, y in run.sums]
    sums += [(square[box], view(balance, z), square[box]) for box, z in run.balances]
    return sums, shaped(own, (N_ACTIONS, len(run.groups)))
