"""The equations of the principal logit branch, over batches and for one game, and their linear systems.

Notation is that of :mod:`triangle.solvers.logit.branch`: log-odds l, advantages D, the residual H and its derivative J.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from triangle.games.normal_form import Bools, Floats

Ints = NDArray[np.intp]
#: Payoffs of all the games under way together: 8192 games of 4x4x4 or fewer larger ones, 13 MB.
_UNDER_WAY = 8192 * 192
#: Most games under way; more would not be faster.
_MOST = 8192


@dataclass(frozen=True)
class Form:
    """Which players have a choice, and where their log-odds stand in the vector of unknowns.

    Players are ordered by falling number of actions: the first block of the linear systems is an identity and is
    eliminated at once, so it should be the largest.
    """

    counts: tuple[int, ...]
    players: tuple[int, ...]
    blocks: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, payoffs: Floats) -> Form:
        """The form of every game of a flat batch of payoffs, shape (n, |A_1|, ..., |A_n|, games)."""
        counts = payoffs.shape[1 : 1 + payoffs.shape[0]]
        players = sorted((i for i, count in enumerate(counts) if count > 1), key=lambda i: -counts[i])
        ends = np.cumsum([0, *(counts[i] - 1 for i in players)]).tolist()
        return cls(counts, tuple(players), tuple(pairwise(ends)))

    @property
    def size(self) -> int:
        """Number of unknown log-odds."""
        return sum(count - 1 for count in self.counts)

    @property
    def width(self) -> int:
        """How many games to follow at once: fewer pay for the calls, more for memory."""
        return max(1, min(_MOST, _UNDER_WAY // (len(self.counts) * math.prod(self.counts))))

    def advantages(self, payoffs: Floats) -> tuple[list[Floats], Floats]:
        """What each action gains over the player's first one, per profile of the rivals; and the unit it is in.

        Returns
        -------
        list of arrays, shape (|A_i| - 1, |A_q|, |A_r|, ..., games), axes in the order of `players`; the unit is the
        largest advantage of the game, so that λ times the unit is what the branch is followed in.
        """
        fixed = tuple(slice(None) if count > 1 else 0 for count in self.counts)
        kept = [i for i, count in enumerate(self.counts) if count > 1]
        order = [kept.index(i) for i in self.players]
        result = []
        for place, player in enumerate(self.players):
            own = payoffs[(player, *fixed)].transpose(*order, len(order))
            own = np.moveaxis(own, place, 0)
            result.append(own[1:] - own[:1])
        games = payoffs.shape[-1]
        largest = np.zeros(games)
        for gains in result:
            largest = np.maximum(largest, np.abs(gains).reshape(-1, games).max(axis=0))
        unit = np.where(largest > 0, largest, 1.0)
        return [gains / unit for gains in result], unit

    def mixed(self, odds: Floats) -> list[Floats]:
        """Probabilities from log-odds, one array (|A_i|, games) for each player with a choice."""
        result = []
        for start, end in self.blocks:
            own = odds[start:end]
            x = np.empty((end - start + 1, odds.shape[1]))
            if len(own) == 1:
                # exp(500) is still a number, and its logistic already differs from one by less than any rounding.
                np.exp(np.minimum(own[0], 500.0), out=x[1])
                np.divide(1.0, 1.0 + x[1], out=x[0])
                x[1] *= x[0]
            else:
                top = np.maximum(own.max(axis=0), 0.0)
                np.exp(-top, out=x[0])
                np.exp(own - top, out=x[1:])
                x /= x.sum(axis=0)
            result.append(x)
        return result

    def all_players(self, mixed: list[Floats]) -> tuple[Floats, ...]:
        """The mixed actions in the order of the game; a player without choice plays its action for sure."""
        games = mixed[0].shape[-1]
        return tuple(
            mixed[self.players.index(i)] if i in self.players else np.ones((1, games)) for i in range(len(self.counts))
        )


def against_each(gains: Floats, rivals: list[int], mixed: list[Floats]) -> list[tuple[int, Floats]]:
    """The gains with all rivals but one averaged out, for each rival in turn: pairs of rival and (a, |A_q|, games).

    The rivals are halved again and again, so that averages over half of them are shared.
    """
    if len(rivals) == 1:
        return [(rivals[0], gains)]
    half = len(rivals) // 2
    first = last = gains
    for rival in reversed(rivals[half:]):
        first = np.einsum("...cm,cm->...m", first, mixed[rival])
    for rival in rivals[:half]:
        last = np.einsum("ac...m,cm->a...m", last, mixed[rival])
    return against_each(first, rivals[:half], mixed) + against_each(last, rivals[half:], mixed)


def expected_advantages(form: Form, advantages: list[Floats], mixed: list[Floats]) -> Floats:
    """D: expected gain of each action over the player's first one, shape (size, games)."""
    rows = []
    for place, expected in enumerate(advantages):
        for rival in reversed([x for i, x in enumerate(mixed) if i != place]):
            expected = np.einsum("...cm,cm->...m", expected, rival)
        rows.append(expected)
    return np.concatenate(rows)


def linearise(form: Form, advantages: list[Floats], points: Floats, system: Floats) -> None:
    """Fill the system with J and its two right-hand sides: D for the tangent, -H for the Newton step."""
    odds, lam = points[:-1], points[-1]
    size = len(odds)
    mixed = form.mixed(odds)
    weighted = [x[1:] * lam for x in mixed]
    for place, (start, end) in enumerate(form.blocks):
        rivals = [i for i in range(len(mixed)) if i != place]
        system[start:end, start:end] = 0.0
        expected = None if rivals else advantages[place]
        for rival, gains in against_each(advantages[place], rivals, mixed) if rivals else ():
            if expected is None:
                expected = np.einsum("aqm,qm->am", gains, mixed[rival])
            block = system[start:end, slice(*form.blocks[rival])]
            np.subtract(expected[:, None], gains[:, 1:], out=block)
            block *= weighted[rival]
        system[start:end, size] = expected
    np.einsum("iim->im", system[:, :size])[...] = 1.0
    np.multiply(system[:, size], lam, out=system[:, size + 1])
    system[:, size + 1] -= odds


def solve_linear(form: Form, system: Floats) -> tuple[Floats, Floats, Bools]:
    """Solve for both right-hand sides across the batch, in place; also whether the determinant is positive.

    Elimination without pivoting: a pivot that happens to be near zero spoils one Newton step, which is then refused
    and tried again at another point; LAPACK called game by game takes four to ten times as long.
    """
    size, known = len(system), form.blocks[0][1]
    if known < size:
        system[known:, known:] -= np.einsum("icm,cjm->ijm", system[known:, :known], system[:known, known:])
    for c in range(known, size):
        system[c, c + 1 :] /= system[c, c]
        if c + 1 < size:
            system[c + 1 :, c + 1 :] -= system[c + 1 :, c, None] * system[c, c + 1 :]
    negative = (np.einsum("iim->im", system[known:, known:size]) < 0).sum(axis=0)
    for c in range(size - 1, known, -1):
        system[known:c, size:] -= system[known:c, c, None] * system[c, size:]
    if known < size:
        system[:known, size:] -= np.einsum("icm,cjm->ijm", system[:known, known:size], system[known:, size:])
    return system[:, size], system[:, size + 1], negative % 2 == 0


def residuals(form: Form, advantages: list[Floats], odds: Floats, lam: Floats) -> Floats:
    """Largest difference between a probability and the logit response to the profile."""
    mixed = form.mixed(odds)
    response = form.mixed(lam * expected_advantages(form, advantages, mixed))
    worst: Floats = np.max([np.abs(x - y).max(axis=0) for x, y in zip(mixed, response, strict=True)], axis=0)
    return worst


def onto_branch(form: Form, advantages: list[Floats], points: Floats) -> Floats:
    """Points of one game pulled onto its branch, each at a right angle to it; the first and last keep their λ."""
    copies = [np.broadcast_to(gains, (*gains.shape[:-1], points.shape[1])) for gains in advantages]
    points = points.copy()
    with np.errstate(all="ignore"):
        for _ in range(4):
            system = np.empty((form.size, form.size + 2, points.shape[1]))
            linearise(form, copies, points, system)
            slope, step, _ = solve_linear(form, system)
            along = (step * slope).sum(axis=0) / (1 + (slope * slope).sum(axis=0))
            along[[0, -1]] = 0.0
            points[:-1] += step - along * slope
            points[-1] -= along
    return points


class OneGame:
    """The equations of a single game in few calls on small matrices, which a batch of one would pay for dearly.

    `gains` is linear in each rival's mixed action: for three players it is one matrix times the stacked mixed
    actions.
    """

    def __init__(self, form: Form, advantages: list[Floats]):
        self.form = form
        self.tables = [gains[..., 0] for gains in advantages]
        self.rows = [slice(*block) for block in form.blocks]
        counts = [end - start + 1 for start, end in form.blocks]
        ends = np.cumsum([0, *counts])
        self.columns = [slice(a, b) for a, b in pairwise(ends.tolist())]
        self.firsts = ends[:-1]
        self.owner = np.repeat(np.arange(len(counts)), counts)
        self.others = np.setdiff1d(np.arange(ends[-1]), self.firsts)
        rows = self.owner[self.others]
        self.rival = (rows[:, None] != rows).astype(float)
        self.diagonal = np.eye(form.size)
        self.full = np.zeros(ends[-1])
        self.right = np.empty((form.size, 2))
        self.fixed = self._three() if len(counts) == 3 else None

    def _three(self) -> Floats:
        size, total = self.form.size, len(self.full)
        result = np.zeros((size, total, total))
        for place, (rows, table) in enumerate(zip(self.rows, self.tables, strict=True)):
            q, r = (self.columns[i] for i in range(3) if i != place)
            result[rows, q, r] = table
            result[rows, r, q] = table.transpose(0, 2, 1)
        return result.reshape(size * total, total)

    def gains(self, x: Floats) -> Floats:
        """Expected advantage of each action (rows) per action of each rival (columns), zero for the own actions."""
        shape = (self.form.size, len(x))
        if self.fixed is not None:
            return (self.fixed @ x).reshape(shape)
        result = np.zeros(shape)
        mixed = [x[columns, None] for columns in self.columns]
        for place, table in enumerate(self.tables):
            rivals = [i for i in range(len(mixed)) if i != place]
            for rival, gains in against_each(table[..., None], rivals, mixed) if rivals else ():
                result[self.rows[place], self.columns[rival]] = gains[..., 0]
        return result

    def mixed(self, odds: Floats) -> Floats:
        """Mixed actions of all players in one vector."""
        self.full[self.others] = odds
        weights = np.exp(self.full - np.maximum.reduceat(self.full, self.firsts)[self.owner])
        mixed: Floats = weights / np.add.reduceat(weights, self.firsts)[self.owner]
        return mixed

    def advantages(self, gains: Floats, x: Floats) -> Floats:
        """D, from the gains against any one rival; they are equal."""
        return gains @ x / (len(self.rows) - 1) if len(self.rows) > 1 else self.tables[0]

    def correction(self, point: Floats) -> tuple[Floats, Floats, bool]:
        """Solve J v = D for v, the Newton step at fixed λ, and whether det J is positive."""
        odds, lam = point[:-1], point[-1]
        x = self.mixed(odds)
        gains = self.gains(x)
        expected = self.advantages(gains, x)
        jacobian = expected[:, None] - gains[:, self.others]
        jacobian *= lam * x[self.others]
        jacobian *= self.rival
        jacobian += self.diagonal
        self.right[:, 0] = expected
        self.right[:, 1] = lam * expected - odds
        solved = np.asarray(np.linalg.solve(jacobian, self.right), dtype=np.float64)
        return solved[:, 0], solved[:, 1], bool(np.linalg.det(jacobian) > 0)
