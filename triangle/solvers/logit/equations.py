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
#: Games up to which LAPACK is faster.
_FEW = 8


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


@dataclass(frozen=True)
class Tables:
    """Advantages of a batch of games, and how much the play of the rivals changes them; the last axis is the game.

    Attributes
    ----------
    gains : list of arrays, shape (|A_i| - 1, |A_q|, |A_r|, ..., games), as :meth:`Form.advantages` gives them
    spreads : list of dicts of arrays, shape (|A_i| - 1, games)
        For each player and each rival: largest change of each advantage as this rival alone changes its action.
    widest : list of arrays, shape (|A_i| - 1, games)
        The same as all rivals change theirs.
    """

    gains: list[Floats]
    spreads: list[dict[int, Floats]]
    widest: list[Floats]

    @classmethod
    def of(cls, gains: list[Floats]) -> Tables:
        """The tables of games with these advantages."""
        spreads, widest = [], []
        for place, own in enumerate(gains):
            rivals = [j for j in range(len(gains)) if j != place]
            changes = [own.max(axis=1 + k) - own.min(axis=1 + k) for k in range(len(rivals))]
            spreads.append({j: c.max(axis=tuple(range(1, c.ndim - 1))) for j, c in zip(rivals, changes, strict=True)})
            axes = tuple(range(1, own.ndim - 1))
            widest.append(own.max(axis=axes) - own.min(axis=axes))
        return cls(gains, spreads, widest)

    def keep(self, which: Bools | Ints | slice) -> Tables:
        """Those of some of the games."""
        return Tables(
            [g[..., which] for g in self.gains],
            [{j: s[..., which] for j, s in own.items()} for own in self.spreads],
            [w[..., which] for w in self.widest],
        )

    def gains_of(self, which: Ints) -> list[Floats]:
        """The advantages of some of the games, themselves where these are all."""
        if len(which) == self.gains[0].shape[-1]:
            return self.gains
        return [np.take(g, which, axis=-1, mode="clip") for g in self.gains]

    def join(self, other: Tables) -> Tables:
        """With those of other games behind."""

        def both(a: Floats, b: Floats) -> Floats:
            return np.concatenate([a, b], axis=-1)

        return Tables(
            [both(a, b) for a, b in zip(self.gains, other.gains, strict=True)],
            [{j: both(a[j], b[j]) for j in a} for a, b in zip(self.spreads, other.spreads, strict=True)],
            [both(a, b) for a, b in zip(self.widest, other.widest, strict=True)],
        )

    def contracting(self, form: Form) -> Floats:
        """λ below which the logit response is a contraction, so that its equilibrium is the only one.

        Where the log-odds of a player's actions change within a range of ω its mixed action changes by at most ω/2 in
        the sum of absolute values, and an advantage of spread s by at most s ω / 4.
        """
        games = self.widest[0].shape[-1]
        weights = np.ones((len(self.gains), games))
        for _ in range(3):
            response = np.zeros_like(weights)
            for i, spreads in enumerate(self.spreads):
                for j, spread in spreads.items():
                    within = 1 if form.blocks[j][1] - form.blocks[j][0] == 1 else 2
                    response[i] += 0.25 * within * spread.max(axis=0) * weights[j]
            factor = (response / weights).max(axis=0)
            weights = response + 1e-3 * response.max(axis=0) + 1e-300
        return np.asarray(1 / factor)


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


def solve_linear(form: Form, system: Floats) -> tuple[Floats, Floats]:
    """Solve for both right-hand sides across the batch, in place; see :func:`eliminate`."""
    size = len(system)
    eliminate(form, system)
    return system[:, size], system[:, size + 1]


def eliminate(form: Form, system: Floats) -> Floats:
    """Solve for all right-hand sides across the batch, in place; returns the smallest pivot of each game.

    Elimination without pivoting: a pivot that happens to be near zero spoils one Newton step, which is then refused
    and tried again at another point; LAPACK called game by game takes four to ten times as long, but where games are
    few the calls count.
    """
    if system.shape[-1] <= _FEW:
        return _eliminate_few(system)
    size, known = len(system), form.blocks[0][1]
    least = np.ones(system.shape[-1])
    if known < size:
        system[known:, known:] -= np.einsum("icm,cjm->ijm", system[known:, :known], system[:known, known:])
    for c in range(known, size):
        np.minimum(least, np.abs(system[c, c]), out=least)
        system[c, c + 1 :] /= system[c, c]
        if c + 1 < size:
            system[c + 1 :, c + 1 :] -= system[c + 1 :, c, None] * system[c, c + 1 :]
    for c in range(size - 1, known, -1):
        system[known:c, size:] -= system[known:c, c, None] * system[c, size:]
    if known < size:
        system[:known, size:] -= np.einsum("icm,cjm->ijm", system[:known, known:size], system[known:, size:])
    return least


def _eliminate_few(system: Floats) -> Floats:
    """The same by LAPACK, game by game: a pivot of one stands for a system that was solved, of zero for a singular."""
    size, least = len(system), np.ones(system.shape[-1])
    for game in range(system.shape[-1]):
        try:
            system[:, size:, game] = np.linalg.solve(system[:, :size, game], system[:, size:, game])
        except np.linalg.LinAlgError:
            system[:, size:, game], least[game] = np.nan, 0.0
    return least


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
            slope, step = solve_linear(form, system)
            along = (step * slope).sum(axis=0) / (1 + (slope * slope).sum(axis=0))
            along[[0, -1]] = 0.0
            points[:-1] += step - along * slope
            points[-1] -= along
    return points
