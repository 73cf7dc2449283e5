r"""The logit path of a staged game in the frozen conditions of one period, and the stationary equilibrium at its end.

A **Markov logit equilibrium** at rationality :math:`\lambda` is a stationary policy in which every player errs by the
logit rule in every state, given the values of the policy itself (Breitmoser, Tan and Zizzo 2010 for the concept in
stochastic games; McKelvey and Palfrey 1995 for static games). In log-odds
:math:`l_{ia}(s) = \log x_{ia}(s)/x_{i0}(s)`:

.. math:: H(l, \lambda) = l - \lambda D(l) = 0, \qquad
          D_{ia}(s) = Q_i(a, x_{-i}; s) - Q_i(0, x_{-i}; s), \qquad V_i = (I - \delta_i P_x)^{-1} (1 - \delta_i) u_i(x),

with :math:`P_x` the transitions under the policy. The curve that starts from uniform play at :math:`\lambda = 0` is
followed by its arc length (Allgower and Georg 1990), folds included; it does not need value iteration to converge,
and its limit is a stationary equilibrium. Actions hardly played at the end are dropped, and the indifference of each
player between what is left is solved by Newton's method.

References
----------
Allgower, E. L. and Georg, K. (1990). *Numerical Continuation Methods*. Springer.
Breitmoser, Y., Tan, J. H. W. and Zizzo, D. J. (2010). Understanding perpetual R&D races. *Economic Theory* 44(3),
445-467.
McKelvey, R. D. and Palfrey, T. R. (1995). Quantal response equilibria for normal form games. *Games and Economic
Behavior* 10(1), 6-38.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np

from triangle.games.normal_form import Floats
from triangle.games.staged import Ints, Move, Policy, StagedGame
from triangle.solvers.markov.certificate import certify_stationary
from triangle.solvers.markov.stationary import Stationary, judged

#: Where the limit is read off, in λ times the range of payoffs; and from where on it may be.
LIMIT, ENOUGH = 1e6, 1e3
#: Probability, at the end of the path, below which an action is taken as not played: tried one after the other.
PLAYED = (1e-8, 1e-5, 1e-3, 1e-2)
#: First and least step along the path, and most steps.
_FIRST, _LEAST, _STEPS = 0.02, 1e-10, 1500
#: Length of a Newton correction, relative to one plus the point, that ends correction.
_CLOSE = 1e-10
_CORRECTIONS = 8
#: Longest Newton correction, as a share of the step.
_NEAR = 0.2


def solve_smoothed(game: StagedGame, period: int = 0) -> Stationary:
    """The stationary equilibrium at the end of the logit path, game by game of a batch; any number of players.

    Parameters
    ----------
    game : StagedGame
        Its terminal values and other periods are not used.
    period : int

    Returns
    -------
    Stationary
        Verdict ``certified`` or ``epsilon``; `rounds` is the largest number of steps along a path.

    Examples
    --------
    >>> from triangle.games.staged import Move
    >>> pennies = np.array([[[3.0, 0], [0, 1]], [[0, 1], [1, 0]]])[..., None]
    >>> found = solve_smoothed(StagedGame(lambda t: pennies, [Move.still((2, 2))], [0.5, 0.5], periods=1))
    >>> [x[:, 0].round(6).tolist() for x in found.policy.mixed]
    [[0.5, 0.5], [0.25, 0.75]]
    """
    mixed, steps = [], 0
    for sample in range(prod(game.samples)):
        one = _one(game, period, sample)
        equations = _Equations.of(one)
        path, taken = _followed(equations)
        mixed.append(_end(one, equations, path))
        steps = max(steps, taken)
    return judged(game, _policy(game, mixed), period, np.ones(game.samples, dtype=bool), steps)


def _one(game: StagedGame, period: int, sample: int) -> StagedGame:
    """The frozen game of one sample of the batch."""
    batch = prod(game.samples)
    moves = []
    for move in game.moves:
        chances = move.at(period).reshape(*move.at(period).shape[:3], -1)
        moves.append(Move(move.classes, chances[None, ..., sample if chances.shape[3] > 1 else 0]))
    stage = game.payoffs(period).reshape(game.n_players, *game.actions, game.states, batch)[..., sample]
    held = {0: game.held[period]} if period in game.held else {}
    discounts = game.discounts.reshape(game.n_players, batch)[:, sample]
    return StagedGame(lambda _: stage, moves, discounts, periods=1, held=held)


def _policy(game: StagedGame, mixed: list[list[Floats]]) -> Policy:
    """The policies of all samples as one; pure play is written as profiles."""
    joined = [np.stack([one[i] for one in mixed], axis=-1) for i in range(game.n_players)]
    pure = np.all([x.max(axis=0) == 1.0 for x in joined], axis=0)
    number = np.ravel_multi_index([x.argmax(axis=0) for x in joined], game.actions)
    flat = np.where(pure, number, -1)
    places = np.flatnonzero(flat < 0)
    rows = tuple(x.reshape(len(x), -1)[:, places] for x in joined)
    return Policy(flat.reshape(1, game.states, *game.samples), places, rows)


@dataclass(eq=False)
class _Equations:
    """One game in units of its payoff range: what expected payoffs are at a policy, and how they move with it.

    `payoffs` are ``[player, a_1, ..., a_n, state]`` with the weight one minus δ, `next` the chances
    ``[a_1, ..., a_n, state, next state]``, `free` what each player may play, `starts` where each player's block of
    unknowns ``(action, state)`` begins.
    """

    payoffs: Floats
    next: Floats
    discounts: Floats
    free: list[Ints]
    starts: list[int]

    @classmethod
    def of(cls, game: StagedGame) -> _Equations:
        """The equations of a single game of one period."""
        stage = game.payoffs(0)
        span = max(float(np.ptp(own)) for own in stage) or 1.0
        weight = ((1 - game.discounts) / span).reshape(-1, *(1,) * (stage.ndim - 1))
        held = game.held.get(0, {})
        free = [np.array([held[i]]) if i in held else np.arange(count) for i, count in enumerate(game.actions)]
        classes, class_of = game.kinds
        by_kind = np.concatenate([game.chances(0, column) for column in classes.T])
        chances = by_kind[class_of].reshape(*game.actions, game.states, game.states)
        cut = np.ix_(*free)
        starts = np.cumsum([0, *(len(f) * game.states for f in free)]).tolist()
        return cls((stage * weight)[(slice(None), *cut)], chances[cut], game.discounts, free, starts)

    @property
    def states(self) -> int:
        return self.payoffs.shape[-1]

    def blocks(self, flat: Floats) -> list[Floats]:
        """A vector over all players, actions and states as one array (action, state) for each player."""
        return [flat[a:b].reshape(-1, self.states) for a, b in zip(self.starts[:-1], self.starts[1:], strict=True)]

    def worth(self, mixed: list[Floats]) -> tuple[Floats, Floats]:
        """Expected Q of every action of every player in every state, and its derivative by all probabilities."""
        n, states = len(mixed), self.states
        odds = self._odds(mixed, ())
        moves = (odds[..., None] * self.next).sum(axis=tuple(range(n)))
        value, slope = np.empty(self.starts[-1]), np.zeros((self.starts[-1], self.starts[-1]))
        diagonal = np.arange(states)
        for i in range(n):
            rows = slice(self.starts[i], self.starts[i + 1])
            resolvent = np.linalg.inv(np.eye(states) - self.discounts[i] * moves)
            values = resolvent @ (odds * self.payoffs[i]).reshape(-1, states).sum(axis=0)
            quality = self.payoffs[i] + self.discounts[i] * (self.next @ values)
            value[rows] = self._averaged(quality, mixed, (i,)).reshape(-1)
            # How the expected Q of player i moves with the values: by the transitions after each of its actions.
            ahead = self.discounts[i] * self._averaged_moves(mixed, i) @ resolvent
            for j in range(n):
                columns = slice(self.starts[j], self.starts[j + 1])
                push = self._averaged(quality, mixed, (j,))
                block = np.einsum("ast,bt->asbt", ahead, push)
                if j != i:
                    both = self._averaged(quality, mixed, (i, j))
                    block[:, diagonal, :, diagonal] += np.moveaxis(both if i < j else both.swapaxes(0, 1), 2, 0)
                slope[rows, columns] = block.reshape(rows.stop - rows.start, -1)
        return value, slope

    def _odds(self, mixed: list[Floats], left_out: tuple[int, ...]) -> Floats:
        """Product of the players' probabilities, with an axis of length one for those left out."""
        odds = np.ones((1,) * (len(mixed) + 1))
        for i, x in enumerate(mixed):
            if i not in left_out:
                view = [1] * (len(mixed) + 1)
                view[i], view[-1] = x.shape
                odds = odds * x.reshape(view)
        return odds

    def _averaged(self, quality: Floats, mixed: list[Floats], kept: tuple[int, ...]) -> Floats:
        """Q averaged over all players but those kept, shape (actions of the kept..., states)."""
        others = tuple(i for i in range(len(mixed)) if i not in kept)
        return (quality * self._odds(mixed, kept)).sum(axis=others)

    def _averaged_moves(self, mixed: list[Floats], kept: int) -> Floats:
        """Transitions after each action of one player, shape (actions, states, states)."""
        others = tuple(i for i in range(len(mixed)) if i != kept)
        return (self.next * self._odds(mixed, (kept,))[..., None]).sum(axis=others)

    def mixed(self, odds: Floats) -> list[Floats]:
        """Mixed actions from log-odds over the first action; the unknowns leave first actions out."""
        result, start = [], 0
        for f in self.free:
            own = np.zeros((len(f), self.states))
            own[1:] = odds[start : start + (len(f) - 1) * self.states].reshape(-1, self.states)
            start += (len(f) - 1) * self.states
            own = np.exp(own - own.max(axis=0))
            result.append(own / own.sum(axis=0))
        return result

    @property
    def size(self) -> int:
        """Number of unknown log-odds."""
        return sum((len(f) - 1) * self.states for f in self.free)

    def advantages(self, point: Floats) -> tuple[Floats, Floats]:
        """D at a point of log-odds, and its derivative by them."""
        mixed = self.mixed(point)
        value, slope = self.worth(mixed)
        gains, rows, by_odds = [], [], []
        for i, x in enumerate(mixed):
            own = self.blocks(value)[i]
            gains.append((own[1:] - own[:1]).reshape(-1))
            part = slope[self.starts[i] : self.starts[i + 1]].reshape(len(x), self.states, -1)
            rows.append((part[1:] - part[:1]).reshape(-1, slope.shape[1]))
        differences = np.concatenate(rows)
        for j, x in enumerate(mixed):
            part = differences[:, self.starts[j] : self.starts[j + 1]].reshape(-1, *x.shape)
            mean = (part * x).sum(axis=1, keepdims=True)
            by_odds.append((x * (part - mean))[:, 1:].reshape(len(differences), -1))
        return np.concatenate(gains), np.concatenate(by_odds, axis=1)


def _followed(equations: _Equations) -> tuple[Floats, int]:
    """The last point of the path, log-odds and λ, and the number of steps taken."""
    size = equations.size
    point = np.zeros(size + 1)
    if not size:
        return point, 0
    gains, _ = equations.advantages(point[:-1])
    tangent = np.append(gains, 1.0)
    tangent /= np.linalg.norm(tangent)
    step, sign = _FIRST, 0.0
    taken = 0
    while taken < _STEPS and point[-1] < LIMIT and step >= _LEAST * (1 + np.linalg.norm(point)):
        taken += 1
        corrected = _corrected(equations, point + step * tangent, tangent, step)
        # A tangent that turns sharply, or an orientation that changes, belongs to another curve.
        if corrected is None or corrected[1] @ tangent < 0.9 or corrected[2] == -sign:
            step *= 0.5
            continue
        point, tangent, sign, easy = corrected
        step *= 2.0 if easy else 1.0
    return point, taken


def _corrected(
    equations: _Equations, point: Floats, tangent: Floats, step: float
) -> tuple[Floats, Floats, float, bool] | None:
    """The path's point in the plane at a right angle to the tangent; its tangent, orientation, and whether easy."""
    anchor, system = point, np.empty((len(point), len(point)))
    for turn in range(_CORRECTIONS):
        gains, slope = equations.advantages(point[:-1])
        system[:-1, :-1] = np.eye(len(gains)) - point[-1] * slope
        system[:-1, -1] = -gains
        system[-1] = tangent
        wrong = np.append(point[:-1] - point[-1] * gains, tangent @ (point - anchor))
        try:
            move, new = np.linalg.solve(system, np.stack([wrong, np.eye(len(point))[-1]], axis=1)).T
        except np.linalg.LinAlgError:
            return None
        length = np.linalg.norm(move)
        if not length <= _NEAR * step:
            return None
        point = point - move
        if length < _CLOSE * (1 + np.linalg.norm(point)):
            return point, new / np.linalg.norm(new), float(np.linalg.slogdet(system)[0]), turn <= 3
    return None


def _end(game: StagedGame, equations: _Equations, point: Floats) -> list[Floats]:
    """The mixed actions, over all actions and states, that the path's last point leads to: the best of several."""
    found = equations.mixed(point[:-1])
    tried = [found]
    for least in PLAYED if point[-1] >= ENOUGH else ():
        support = [x >= np.minimum(least, x.max(axis=0)) for x in found]
        start = [np.where(on, x, 0.0) / np.where(on, x, 0.0).sum(axis=0) for on, x in zip(support, found, strict=True)]
        tried += [start, _indifferent(equations, start, support)]
    full = [_over_all(game, equations, mixed) for mixed in tried]
    gains = [_gain(game, mixed) for mixed in full]
    return full[int(np.argmin(gains))]


def _indifferent(equations: _Equations, mixed: list[Floats], support: list[np.ndarray]) -> list[Floats]:
    """Mixed actions near the given ones that make every player indifferent, in every state, between what it plays."""
    on = np.concatenate([s.reshape(-1) for s in support])
    # Who plays one action only in a state has nothing to be made indifferent between, and plays it for sure.
    mixes = np.concatenate([np.broadcast_to(s.sum(axis=0) > 1, s.shape).reshape(-1) for s in support])
    free = np.flatnonzero(on & mixes)
    if not free.size:
        return mixed
    state = np.concatenate([np.tile(np.arange(equations.states), len(s)) for s in support])
    player = np.repeat(np.arange(len(support)), [s.size for s in support])
    lead = np.concatenate([a + s.argmax(axis=0) * equations.states + np.arange(equations.states)
                           for a, s in zip(equations.starts, support, strict=False)])  # fmt: skip
    lead = lead.reshape(len(support), -1)[player, state]
    together = (state[free, None] == state[free]) & (player[free, None] == player[free])
    first = lead[free] == free
    for _ in range(8):
        value, slope = equations.worth(mixed)
        wrong = value[free] - value[lead[free]]
        system = slope[np.ix_(free, free)] - slope[np.ix_(lead[free], free)]
        # In place of the leading action's own row stands that the probabilities of its state add to one.
        system[first], wrong[first] = together[first], 0.0
        flat = np.concatenate([x.reshape(-1) for x in mixed])
        flat[free] = np.maximum(flat[free] - np.linalg.lstsq(system, wrong, rcond=1e-12)[0], 0.0)
        mixed = [x / np.maximum(x.sum(axis=0), 1e-300) for x in equations.blocks(np.where(on, flat, 0.0))]
    return mixed


def _over_all(game: StagedGame, equations: _Equations, mixed: list[Floats]) -> list[Floats]:
    """With zeros for what a held player may not play."""
    result = []
    for count, free, x in zip(game.actions, equations.free, mixed, strict=True):
        own = np.zeros((count, game.states))
        own[free] = x
        result.append(own)
    return result


def _gain(game: StagedGame, mixed: list[Floats]) -> float:
    """Largest gain by one deviation; infinite for what is no policy."""
    if not all(np.isfinite(x).all() and (np.abs(x.sum(axis=0) - 1) < 1e-6).all() for x in mixed):
        return np.inf
    return certify_stationary(game, _policy(game, [mixed])).epsilon
