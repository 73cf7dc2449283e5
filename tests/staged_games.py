"""Staged games that tests share: published ones, and random ones of the shape of the product's."""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

from triangle.games.staged import Move, StagedGame, ladder

Floats = NDArray[np.float64]
DILEMMA = np.array([[[3.0, 0], [5, 1]], [[3, 5], [0, 1]]])


def repeated(stage: Floats, periods: int, discounts, terminal=0.0) -> StagedGame:
    """One stage game again and again, in one state; afterwards nothing, or what is given."""
    actions = stage.shape[1:]
    ends = None if terminal is None else np.full((len(actions), 1), terminal)
    return StagedGame(lambda _: stage[..., None], [Move.still(actions)], discounts, periods, terminal=ends)


def by_state(payoffs: Floats, transitions: Floats, discounts, periods: int = 1, terminal=None) -> StagedGame:
    """A stochastic game in the literature's form.

    Parameters are payoffs ``[state, player, a_1, ..., a_n]`` and transitions ``[state, a_1, ..., a_n, next state]``.
    """
    n, actions = payoffs.shape[1], payoffs.shape[2:]
    stage = np.moveaxis(payoffs, 0, -1)
    chances = np.moveaxis(transitions.reshape(len(transitions), -1, len(transitions)), 1, 0)
    move = Move(np.arange(np.prod(actions)).reshape(actions), chances[None])
    ends = None if terminal is None else np.broadcast_to(terminal, (n, len(payoffs)))
    return StagedGame(lambda _: stage, [move], discounts, periods, terminal=ends)


def triads(
    seed: int, samples: int, levels=(3, 3, 2), periods: int = 5, noise: float = 0.3, actions=(4, 4, 4), common=0.0
):
    """Random three-player games whose state variables are ladders moved by single bits of the profile.

    Payoffs are a part of each player's own action, `noise` of the whole profile, and `common` interests, which make
    several equilibria likely.
    """
    rng = np.random.default_rng(seed)
    number = np.arange(np.prod(actions)).reshape(actions)
    rates = rng.uniform(0.05, 0.45, size=(len(levels), samples))
    still = np.zeros(samples)
    moves = [
        Move(number >> bit & 1, np.stack([ladder(count, still, rate), ladder(count, rate, still)])[None])
        for bit, (count, rate) in enumerate(zip(levels, rates, strict=True))
    ]
    states = int(np.prod(levels))
    payoffs = noise * rng.normal(size=(periods, 3, *actions, states, samples))
    payoffs += common * rng.normal(size=(periods, 1, *actions, states, samples))
    for i, count in enumerate(actions):
        shape = [1, 1, 1, states, samples]
        shape[i] = count
        payoffs[:, i] += rng.normal(size=(periods, *shape))
    return StagedGame.of(payoffs, moves, rng.uniform(0.5, 0.95, size=(3, samples)))


def sample_of(game: StagedGame, sample: int) -> StagedGame:
    """One game of a batch, for itself."""
    return StagedGame(
        lambda t: game.payoffs(t)[..., sample],
        [Move(m.classes, m.chances[..., sample] if m.chances.ndim > 4 else m.chances) for m in game.moves],
        game.discounts[:, sample],
        game.periods,
        terminal=None if game.terminal is None else game.terminal[..., sample],
        held=game.held,
    )


class Leapfrogging:
    """Duopolists who may buy the state of the art: Iskhakov, Rust and Schjerning (2016), section 4, moves at once.

    A state is the places on the cost grid of firm 1, firm 2 and the best technology, the highest cost first. Price
    competition earns the cheaper firm the difference of the costs. Whoever invests has the best technology of today
    from tomorrow on. The best technology improves by one place each period until it costs nothing.
    """

    def __init__(self, places: int, top: float = 5.0, k1: float = 8.3, k2: float = 1.0, rate: float = 0.05):
        self.cost, self.places, self.beta = np.linspace(top, 0, places), places, float(np.exp(-rate))
        self.price = k1 / (1 + k2 * self.cost)
        self.known: dict = {}
        end = places - 1
        self.rows = [[(end, end, end)], [(i, end, end) for i in range(end)] + [(end, j, end) for j in range(end)]]
        self.rows.append([(i, j, end) for i in range(end) for j in range(end)])
        # Before the end every state is left for sure, so that those of one technology do not lead to each other.
        self.rows += [[(i, j, c) for i in range(c + 1) for j in range(c + 1)] for c in range(end - 1, -1, -1)]
        self.where = {state: (b, k) for b, row in enumerate(self.rows) for k, state in enumerate(row)}

    def solve(self, chosen):
        """The equilibria, as pairs of values, of each state of the next block."""
        return [self._stage(state, chosen) for state in self.rows[len(chosen)]]

    def _stage(self, state, chosen):
        i, j, c = state
        last = c == self.places - 1
        profit = (max(self.cost[j] - self.cost[i], 0.0), max(self.cost[i] - self.cost[j], 0.0))
        ahead = []
        for x, y in product((0, 1), repeat=2):
            block, place = self.where[(c if x else i, c if y else j, c if last else c + 1)]
            ahead.append(chosen[block][place] if block < len(chosen) else None)
        key = (state, *ahead)
        if key not in self.known:
            worth = {
                move: [profit[f] - self.price[c] * move[f] + self.beta * after[f] for f in (0, 1)]
                for move, after in zip(product((0, 1), repeat=2), ahead, strict=True)
                if after is not None
            }
            self.known[key] = self._lasting(state, profit, worth) if last else self._passing(worth)
        return self.known[key]

    @staticmethod
    def _passing(v):
        """Equilibria of a state that is left for sure: a game of 2 x 2."""
        found = [
            tuple(v[x, y])
            for x, y in product((0, 1), repeat=2)
            if v[x, y][0] >= v[1 - x, y][0] and v[x, y][1] >= v[x, 1 - y][1]
        ]
        first = v[1, 0][0] - v[0, 0][0], v[1, 1][0] - v[0, 1][0]
        second = v[0, 1][1] - v[0, 0][1], v[1, 1][1] - v[1, 0][1]
        if first[0] * first[1] < 0 and second[0] * second[1] < 0:
            q, p = first[0] / (first[0] - first[1]), second[0] / (second[0] - second[1])
            found.append(((1 - q) * v[1, 0][0] + q * v[1, 1][0], (1 - p) * v[0, 1][1] + p * v[1, 1][1]))
        return found

    def _lasting(self, state, profit, v):
        """Equilibria of a state that lasts until somebody invests."""
        i, j, c = state
        b, stay = self.beta, [profit[0] / (1 - self.beta), profit[1] / (1 - self.beta)]
        if c in (i, j):
            mover = 0 if j == c else 1
            move = (1 - mover, mover)
            moves = i != j and v[move][mover] > stay[mover]
            return [tuple(v[move]) if moves else tuple(stay)]
        found = []
        if stay[0] >= v[1, 0][0] and stay[1] >= v[0, 1][1]:
            found.append(tuple(stay))
        if v[1, 0][0] >= profit[0] + b * v[1, 0][0] and v[1, 0][1] >= v[1, 1][1]:
            found.append(tuple(v[1, 0]))
        if v[0, 1][1] >= profit[1] + b * v[0, 1][1] and v[0, 1][0] >= v[1, 1][0]:
            found.append(tuple(v[0, 1]))
        if v[1, 1][0] >= v[0, 1][0] and v[1, 1][1] >= v[1, 0][1]:
            found.append(tuple(v[1, 1]))
        mixed = [self._indifferent(profit[f], v[1 - f, f][f], v[f, 1 - f][f], v[1, 1][f]) for f in (0, 1)]
        return found + list(product(*mixed))

    def _indifferent(self, profit, alone, rival, both):
        """Values of a firm at the rival's probabilities of investing that make it indifferent.

        With q that probability, investing is worth w(q) = (1 - q) alone + q both, and waiting
        (1 - q) (profit + beta w(q)) + q rival.
        """
        b, slope = self.beta, both - alone
        roots = np.roots([-b * slope, b * slope - profit - b * alone + rival - slope, profit + b * alone - alone])
        return [alone + slope * q for q in roots[np.isreal(roots)].real if 0 < q < 1]
