r"""Bounds over all pure Markov-perfect equilibria, whatever is selected later.

Going back from the last period, each state has an interval :math:`[\underline V_i, \overline V_i]` that holds the value
to player :math:`i` in every equilibrium. With the least and the greatest of the continuation, a profile's value is
between :math:`\underline Q_i(a)` and :math:`\overline Q_i(a)`. It is a **candidate** when all could want to stay:

.. math:: \overline Q_i(a) \ge \underline Q_i(b, a_{-i}) \quad \text{for all } b ,

and where :math:`b` leads to the same expected continuation as :math:`a_i`, because both profiles are of one class for
every state variable, when :math:`u_i(a) \ge u_i(b, a_{-i})`. In an equilibrium that plays :math:`a` a player has
at most :math:`\overline Q_i(a)` and at least :math:`\max_b \underline Q_i(b, a_{-i})`, since it could deviate; the
interval of the state spans its candidates. The intervals are outer by construction: no equilibrium is lost,
some points in them may belong to none (the set operator of Abreu, Pearce and Stacchetti 1990, on intervals).

In a state without a candidate nobody plays a pure equilibrium. There the value is at least the security level
:math:`\max_{a_i} \min_{a_{-i}} \underline Q_i(a)`, which holds for mixed equilibria too, and at most the greatest
:math:`\overline Q_i` among profiles of actions that survive iterated strict dominance under all continuations.

Intervals can be exact or uselessly wide. Where a state has candidates of several kinds the course is **undecided**
there; no mid-point means anything.

References
----------
Abreu, D., Pearce, D. and Stacchetti, E. (1990). Toward a theory of discounted repeated games with imperfect monitoring.
*Econometrica* 58(5), 1041-1063.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

from triangle.games.normal_form import TOLERANCE, Bools, Floats
from triangle.games.staged import StagedGame
from triangle.solvers.markov.backward import lookahead
from triangle.solvers.markov.forward import reachable


@dataclass(frozen=True, eq=False)
class Bounds:
    """What holds in every pure Markov-perfect equilibrium of a staged game.

    Attributes
    ----------
    low, high : arrays, shape (n, periods, states, ...samples)
        Bounds of the normalised value to each player, in units of payoff per period; with one more row for what is
        played for ever where the game has no terminal values.
    candidates : array of bool, shape (periods, |A_1|, ..., |A_n|, states, ...samples)
        Profiles that some equilibrium may play; every pure equilibrium plays one of them.
    """

    low: Floats
    high: Floats
    candidates: Bools

    @property
    def width(self) -> Floats:
        """Width of the intervals, shape (n, periods, states, ...samples), in units of payoff per period."""
        return self.high - self.low

    def kinds(self, kinds: ArrayLike) -> Bools:
        """Which kinds of profile have a candidate, shape (kinds, periods, states, ...samples)."""
        seen = np.asarray(kinds, dtype=np.intp)
        rows = self.candidates.reshape(len(self.candidates), seen.size, *self.candidates.shape[1 + seen.ndim :])
        flat = seen.reshape(-1)
        return np.stack([rows[:, flat == kind].any(axis=1) for kind in range(flat.max() + 1)])

    def undecided(self, game: StagedGame, start: ArrayLike, kinds: ArrayLike) -> Bools:
        """Whether the kind of play depends on the selection in a state that some candidate play reaches.

        Returns
        -------
        array of bool, shape (periods, ...samples)
            True where a state that may be reached from `start` has candidates of several kinds, or none.
        """
        several = self.kinds(kinds)[:, : game.periods].sum(axis=0) != 1
        may = reachable(game, self.candidates[: game.periods], start)
        return (several & may).any(axis=1)


def bounds(game: StagedGame, tolerance: float = TOLERANCE) -> Bounds:
    """Intervals of value and candidate profiles over all pure Markov-perfect equilibria; any number of players.

    Parameters
    ----------
    game : StagedGame
    tolerance : float
        Largest gain by deviating that counts as none, in units of payoff.

    Examples
    --------
    Two players who want to meet: both equilibria may be played, in each period.

    >>> from triangle.games.staged import Move
    >>> meet = np.array([np.diag([2.0, 1.0])] * 2)[..., None]
    >>> game = StagedGame(lambda t: meet, [Move.still((2, 2))], [0.5, 0.5], periods=2, terminal=np.zeros((2, 1)))
    >>> found = bounds(game)
    >>> found.low[0, :, 0].tolist(), found.high[0, :, 0].tolist()
    ([0.75, 0.5], [1.5, 1.0])
    """
    rows: list[tuple[Floats, Floats, Bools]] = []
    if game.terminal is None:
        static = game.payoffs(game.periods - 1)
        rows.append(_bounded(game, game.periods - 1, static, static, static, tolerance))
    for period in range(game.periods - 1, -1, -1):
        low, high = rows[-1][:2] if rows else (game.terminal, game.terminal)
        assert low is not None and high is not None
        worst = lookahead(game, period, low)
        best = worst if high is low else lookahead(game, period, high)
        rows.append(_bounded(game, period, game.payoffs(period), worst, best, tolerance))
    lows, highs, candidates = (np.stack([row[k] for row in rows[::-1]]) for k in range(3))
    return Bounds(np.moveaxis(lows, 0, 1), np.moveaxis(highs, 0, 1), candidates)


def _bounded(
    game: StagedGame, period: int, stage: Floats, worst: Floats, best: Floats, tolerance: float
) -> tuple[Floats, Floats, Bools]:
    """Bounds of the values in one period, and the candidates."""
    n = game.n_players
    possible = _held(game, period, worst.shape[1:])
    candidates = possible.copy()
    for player in range(n):
        if player not in game.held.get(period, {}):
            candidates &= _content(game, player, stage[player], worst[player], best[player], tolerance)
    profiles = tuple(range(n))
    own = [own.max(axis=i, keepdims=True, where=possible, initial=-np.inf) for i, own in enumerate(worst)]
    low = np.stack([np.where(candidates, least, np.inf).min(axis=profiles) for least in own])
    high = np.where(candidates, best, -np.inf).max(axis=tuple(1 + p for p in profiles))
    none = ~candidates.any(axis=profiles)
    if none.any():
        floor, ceiling = _without_candidate(worst[..., none], best[..., none], possible[..., none])
        low[:, none], high[:, none] = floor, ceiling
    return low, high, candidates


def _held(game: StagedGame, period: int, shape: tuple[int, ...]) -> Bools:
    """Which profiles the players that are held in a period leave."""
    possible = np.ones(shape, dtype=bool)
    for player, action in game.held.get(period, {}).items():
        others = np.arange(game.actions[player]) != action
        possible[(slice(None),) * player + (others,)] = False
    return possible


def _content(game: StagedGame, player: int, stage: Floats, worst: Floats, best: Floats, tolerance: float) -> Bools:
    """At which profiles a player could want to stay, for some continuation within the bounds."""
    own, low, high = (np.moveaxis(x, player, 0) for x in (stage, worst, best))
    classes = np.moveaxis(game.classes, 1 + player, 1)
    stays = np.ones(own.shape, dtype=bool)
    weight = (1.0 - game.discounts[player])[None]
    for a, b in combinations(range(len(own)), 2):
        same = (classes[:, a] == classes[:, b]).all(axis=0).reshape(*classes.shape[2:], 1, *(1,) * len(game.samples))
        gap = weight * (own[a] - own[b])
        stays[a] &= np.where(same, gap, high[a] - low[b]) >= -tolerance
        stays[b] &= np.where(same, -gap, high[b] - low[a]) >= -tolerance
    return np.moveaxis(stays, 0, player)


def _without_candidate(worst: Floats, best: Floats, possible: Bools) -> tuple[Floats, Floats]:
    """Security levels below, and above the greatest payoff among rationalisable profiles; shape (n, k) each."""
    n = worst.shape[0]
    left = _rationalisable(worst, best, possible)
    floor, ceiling = [], []
    for player in range(n):
        rivals = tuple(i for i in range(n) if i != player)
        sure = np.where(possible, worst[player], np.inf).min(axis=rivals)
        floor.append(np.where(np.isinf(sure), -np.inf, sure).max(axis=0))
        ceiling.append(np.where(left, best[player], -np.inf).max(axis=tuple(range(n))))
    return np.stack(floor), np.stack(ceiling)


def _rationalisable(worst: Floats, best: Floats, possible: Bools) -> Bools:
    """Profiles of actions that survive iterated strict dominance whatever the continuations within the bounds."""
    n = worst.shape[0]
    left = possible
    while True:
        kept = left.copy()
        for player in range(n):
            low, high = (np.moveaxis(x[player], player, 0) for x in (worst, best))
            there = np.moveaxis(left, player, 0)
            open_ = there.any(axis=tuple(range(1, n)))
            against = there.any(axis=0)
            shape = np.moveaxis(kept, player, 0)
            for a in range(len(low)):
                for b in range(len(low)):
                    if a != b:
                        beaten = ((low[b] > high[a]) | ~against).all(axis=tuple(range(n - 1))) & open_[b]
                        shape[a] &= ~beaten
        if np.array_equal(kept, left):
            return left
        left = kept
