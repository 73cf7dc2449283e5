r"""Basins of attraction: how often play that adjusts gradually ends at each equilibrium, for any number of players.

Each player is a population; :math:`x_i(a)` is the share of population :math:`i` that plays :math:`a`, and
:math:`u_i(a, x_{-i})` the expected payoff of :math:`a`. From starting points drawn uniformly on the product of
simplices two dynamics are followed:

* **replicator** (Taylor 1979): :math:`\dot x_i(a) = x_i(a)\,[u_i(a, x_{-i}) - \sum_b x_i(b)\, u_i(b, x_{-i})]`, with
  the payoffs of each player divided by their range, so that no population is faster for the unit it is paid in,
* **best response** (Gilboa and Matsui 1991): :math:`\dot x_i = \beta_i(x_{-i}) - x_i`, where :math:`\beta_i` spreads
  evenly over the best responses.

A third share needs no dynamic. The **stability set** of an equilibrium :math:`e` (Harsanyi and Selten 1988) is
the set of starting points against which :math:`e_i` is a best response for every :math:`i` at once. In 2x2 games with
two strict equilibria the larger stability set is that of the risk-dominant one, so its volume carries risk
dominance over to more players and actions.

A strict pure equilibrium catches every path for good that comes near it. With :math:`\ell_i` the loss of player
:math:`i` by its best deviation, :math:`r_i` the range of its payoffs and :math:`\rho_i = \prod_{j \ne i} x_j(e_j)`,
each deviation loses at least :math:`\rho_i \ell_i - (1 - \rho_i) r_i`. While that is positive for all players every
:math:`x_i(e_i)` rises under both dynamics, so it stays positive: a path is counted from then on, with proof. All other
paths are judged where they are when time is up: at another listed equilibrium, at rest elsewhere, or **unsettled**
(cycling, or too slow), which is a share of its own and never hidden.

The shares depend on how actions are counted: a duplicated action changes the uniform draw. They are estimates, each
with its Wilson (1927) interval.

References
----------
Gilboa, I. and Matsui, A. (1991). Social stability and equilibrium. *Econometrica* 59(3), 859-867.
Harsanyi, J. C. and Selten, R. (1988). *A General Theory of Equilibrium Selection in Games*. MIT Press.
Taylor, P. D. (1979). Evolutionarily stable strategies with two types of player. *Journal of Applied Probability*
16(1), 76-83.
Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. *Journal of the American
Statistical Association* 22(158), 209-212.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from triangle.base.intervals import wilson
from triangle.games.normal_form import ROUNDING, Bools, Floats, NormalFormGame, allowed, losses
from triangle.games.solution import Equilibrium

Dynamic = Literal["replicator", "best response", "stability set"]

#: Time steps, in units in which a population at unit range of payoffs changes by at most its own size; the replicator's
#: shares in random 2x2 to 3x3x3 games came out the same with a fifth of this step.
REPLICATOR_STEP = 0.5
BEST_RESPONSE_STEP = 0.1
#: Most steps of one path.
REPLICATOR_STEPS = 2000
BEST_RESPONSE_STEPS = 500
#: Halvings by which the moment of a switch of best responses is located within a step.
HALVINGS = 14
#: Distance (largest difference of a probability) up to which a path that was not caught counts as at an equilibrium.
NEAR = 0.02
#: Regret, as a share of the range of payoffs, up to which a path that was not caught counts as at rest. Best-response
#: paths approach a mixed equilibrium only as one over the number of switches.
REPLICATOR_REST = 0.001
BEST_RESPONSE_REST = 0.01


@dataclass(frozen=True)
class Basins:
    """Share of the starting points that lead to each equilibrium.

    Attributes
    ----------
    dynamic : str
        ``replicator``, ``best response`` or ``stability set``.
    draws : int
        Number of starting points.
    shares : tuple of float
        One for each equilibrium, in the order given.
    intervals : tuple of (low, high)
        Wilson intervals of the shares, at 95 %.
    elsewhere : float
        Share that came to rest at a point that is not listed. For stability sets: no equilibrium is everyone's best
        response.
    unsettled : float
        Share that neither was caught nor came to rest: cycles, or slower than the time given.
    """

    dynamic: Dynamic
    draws: int
    shares: tuple[float, ...]
    intervals: tuple[tuple[float, float], ...]
    elsewhere: float
    unsettled: float


def draw_starts(actions: Sequence[int], draws: int, rng: np.random.Generator) -> tuple[Floats, ...]:
    """Mixed profiles drawn uniformly and independently on each player's simplex.

    Returns
    -------
    tuple of arrays, one for each player, shape (|A_i|, draws)
    """
    return tuple(rng.dirichlet(np.ones(count), size=draws).T for count in actions)


def basins(
    game: NormalFormGame,
    equilibria: Sequence[Equilibrium],
    starts: Sequence[Floats],
    dynamic: Dynamic = "replicator",
    tolerance: ArrayLike | None = None,
) -> Basins:
    """Basin sizes of the listed equilibria of one game of any number of players, from given starting points.

    Parameters
    ----------
    game : NormalFormGame
    equilibria : sequence of Equilibrium
        Pure or mixed; a path that ends at none of them is reported as `elsewhere` or `unsettled`.
    starts : sequence of arrays, one for each player, shape (|A_i|, draws)
        See :func:`draw_starts`; the same points serve every dynamic, so that differences are not noise.
    dynamic : str
        ``replicator``, ``best response`` or ``stability set``.
    tolerance : float or array, optional
        Difference of payoffs that counts as none, in units of payoff: see
        :func:`~triangle.games.normal_form.allowed`.

    References
    ----------
    Taylor (1979); Gilboa and Matsui (1991); Harsanyi and Selten (1988); see the module.

    Examples
    --------
    A stag hunt in which hunting pays only if the other hunts with probability above 3/4.

    >>> from triangle.solvers.pure import solve_pure
    >>> hunt = NormalFormGame([[[4, 0], [3, 3]], [[4, 3], [0, 3]]])
    >>> found = solve_pure(hunt).equilibria
    >>> starts = draw_starts(hunt.actions, 2000, np.random.default_rng(1))
    >>> result = basins(hunt, found, starts)
    >>> [e.profile for e in found], [round(share, 1) for share in result.shares], result.unsettled
    ([(0, 0), (1, 1)], [0.2, 0.8], 0.0)
    """
    if game.samples:
        raise ValueError(f"one game is followed at a time, not a batch of shape {game.samples}")
    if tuple(start.shape[0] for start in starts) != game.actions:
        raise ValueError(f"starts of shapes {[s.shape for s in starts]} do not fit the actions {game.actions}")
    draws = starts[0].shape[1]
    if dynamic == "stability set":
        ends = _in_stability_set(game, equilibria, starts, tolerance)
        at_rest = np.ones(draws, dtype=bool)
    elif dynamic in ("replicator", "best response"):
        follow = _follow_replicator if dynamic == "replicator" else _follow_best_response
        ends, at_rest = follow(_Field(game, equilibria, tolerance), starts)
    else:
        raise ValueError(f"unknown dynamic {dynamic!r}; one of replicator, best response, stability set")
    hits = [int(np.count_nonzero(ends == k)) for k in range(len(equilibria))]
    return Basins(
        dynamic=dynamic,
        draws=draws,
        shares=tuple(hit / draws for hit in hits),
        intervals=tuple(wilson(hit, draws) for hit in hits),
        elsewhere=float(((ends < 0) & at_rest).mean()),
        unsettled=float(((ends < 0) & ~at_rest).mean()),
    )


def payoffs_against(payoffs: Floats, player: int, mixed: Sequence[Floats]) -> Floats:
    """Payoff of each action of `player` against the mixed actions of the others.

    Parameters
    ----------
    payoffs : array, shape (n, |A_1|, ..., |A_n|)
    mixed : sequence of arrays, shape (|A_i|, points)

    Returns
    -------
    array, shape (|A_player|, points)
    """
    return _against(_own_first(payoffs, player), player, mixed)


def _own_first(payoffs: Floats, player: int) -> Floats:
    """The payoffs of a player by its own action and those of the others, beside each other in memory."""
    return np.ascontiguousarray(np.moveaxis(payoffs[player], player, 0))


def _against(own: Floats, player: int, mixed: Sequence[Floats]) -> Floats:
    rivals = [mixed[j] for j in range(len(mixed)) if j != player]
    if not rivals:
        return np.broadcast_to(own[:, None], (own.shape[0], mixed[player].shape[1]))
    result = np.dot(own.reshape(-1, own.shape[-1]), rivals[-1]).reshape(*own.shape[:-1], -1)
    for rival in reversed(rivals[:-1]):
        result = np.einsum("...ak,ak->...k", result, rival)
    return result


class _Field:
    """What both dynamics need of a game: payoffs in units of each player's range, and where paths are caught."""

    def __init__(self, game: NormalFormGame, equilibria: Sequence[Equilibrium], tolerance: ArrayLike | None):
        self.n = game.n_players
        actions = tuple(range(1, 1 + self.n))
        span = np.ptp(game.payoffs, axis=actions, keepdims=True)
        most = allowed(game.payoffs, tolerance)
        unit = np.where(span > most, span, 1.0)
        # Only differences matter: measured from the least, averages of large payoffs lose no digits.
        self.payoffs = (game.payoffs - game.payoffs.min(axis=actions, keepdims=True)) / unit
        self._own = [_own_first(self.payoffs, i) for i in range(self.n)]
        loss = losses(game.payoffs) / unit
        strict = loss > most / unit
        # Averages over the others' mixed actions are rounded by shares of the range.
        self.tolerance = np.maximum(most / unit, ROUNDING).ravel()
        self.points = [tuple(np.array(mix) for mix in e.probabilities) for e in equilibria]
        self.strict = []
        for place, equilibrium in enumerate(equilibria):
            profile = equilibrium.profile
            if profile is not None and strict[(slice(None), *profile)].all():
                # r / (r + l) with payoffs in units of r; a player of one action (infinite loss) asks for nothing.
                self.strict.append((place, profile, 1.0 / (1.0 + loss[(slice(None), *profile)])))

    def gains(self, player: int, mixed: Sequence[Floats]) -> Floats:
        """What :func:`payoffs_against` gives, of payoffs that are laid out once."""
        return _against(self._own[player], player, mixed)

    def caught(self, mixed: Sequence[Floats]) -> np.ndarray:
        """Place of the strict equilibrium that each path can no longer leave; -1 where there is none."""
        ends = np.full(mixed[0].shape[1], -1)
        for place, profile, needed in self.strict:
            played = [mixed[i][profile[i]] for i in range(self.n)]
            safe = np.ones(ends.size, dtype=bool)
            for i in range(self.n):
                others = np.ones(ends.size)
                for j in range(self.n):
                    if j != i:
                        others = others * played[j]
                safe &= others > needed[i]
            ends[safe] = place
        return ends

    def settle(self, mixed: Sequence[Floats], rest: float) -> tuple[np.ndarray, Bools]:
        """Where paths are that were not caught: the nearest listed equilibrium if near; and whether they rest."""
        distance = np.array(
            [
                np.max([np.abs(x - p[:, None]).max(axis=0) for x, p in zip(mixed, point, strict=True)], axis=0)
                for point in self.points
            ]
        ).reshape(len(self.points), mixed[0].shape[1])
        near = (distance <= NEAR).any(axis=0)
        nearest = distance.argmin(axis=0) if self.points else np.zeros(near.size, dtype=int)
        regret = np.zeros(near.size)
        for i in range(self.n):
            gains = self.gains(i, mixed)
            regret = np.maximum(regret, gains.max(axis=0) - (gains * mixed[i]).sum(axis=0))
        at_rest = regret <= rest
        return np.where(near & at_rest, nearest, -1), at_rest


def _follow(
    field: _Field,
    state: list[Floats],
    steps: int,
    rest: float,
    move: Callable[[list[Floats], list[Floats]], list[Floats]],
    shares: Callable[[Sequence[Floats]], list[Floats]],
) -> tuple[np.ndarray, Bools]:
    """Move all paths until they are caught or time is up; caught paths leave the computation."""
    draws = state[0].shape[1]
    mixed = shares(state)
    ends = field.caught(mixed)
    at_rest = np.ones(draws, dtype=bool)
    alive = np.flatnonzero(ends < 0)
    state, mixed = ([x[:, alive] for x in own] for own in (state, mixed))
    for _ in range(steps):
        if alive.size == 0:
            return ends, at_rest
        state = move(state, mixed)
        mixed = shares(state)
        caught = field.caught(mixed)
        if (caught >= 0).any():
            ends[alive] = caught
            state, mixed = ([x[:, caught < 0] for x in own] for own in (state, mixed))
            alive = alive[caught < 0]
    ends[alive], at_rest[alive] = field.settle(mixed, rest)
    return ends, at_rest


def _softmax(logs: Sequence[Floats]) -> list[Floats]:
    """Shares from their logarithms up to a constant."""
    weights = [np.exp(y - y.max(axis=0)) for y in logs]
    return [w / w.sum(axis=0) for w in weights]


def _follow_replicator(field: _Field, starts: Sequence[Floats]) -> tuple[np.ndarray, Bools]:
    """Replicator paths by Runge-Kutta steps in the logarithms of the shares, where none can leave the simplex.

    In logarithms up to a constant the replicator equation reads dy_i(a)/dt = u_i(a, x_-i).
    """

    def slope(mixed: Sequence[Floats]) -> list[Floats]:
        return [field.gains(i, mixed) for i in range(field.n)]

    def move(logs: list[Floats], mixed: list[Floats]) -> list[Floats]:
        h = REPLICATOR_STEP
        first = slope(mixed)
        second = slope(_softmax([y + h / 2 * k for y, k in zip(logs, first, strict=True)]))
        third = slope(_softmax([y + h / 2 * k for y, k in zip(logs, second, strict=True)]))
        fourth = slope(_softmax([y + h * k for y, k in zip(logs, third, strict=True)]))
        moved = [
            y + h / 6 * (a + 2 * b + 2 * c + d)
            for y, a, b, c, d in zip(logs, first, second, third, fourth, strict=True)
        ]
        return [y - y.max(axis=0) for y in moved]

    # The smallest normal number stands in for a share of zero, whose logarithm would be infinite.
    tiny = np.finfo(np.float64).tiny
    return _follow(
        field, [np.log(np.maximum(x, tiny)) for x in starts], REPLICATOR_STEPS, REPLICATOR_REST, move, _softmax
    )


def _follow_best_response(field: _Field, starts: Sequence[Floats]) -> tuple[np.ndarray, Bools]:
    """Best-response paths: straight towards the present best responses, until one of them is best no longer.

    The moment of each switch is located, since a step across it would let two populations switch at once that
    really switch one after the other, and keep them out of step for ever.
    """

    def move(_same: list[Floats], mixed: list[Floats]) -> list[Floats]:
        targets = []
        for i in range(field.n):
            gains = field.gains(i, mixed)
            best = gains >= gains.max(axis=0) - field.tolerance[i]
            targets.append(best / best.sum(axis=0))
        moved = _towards(mixed, targets, BEST_RESPONSE_STEP)
        switching = np.flatnonzero(~_still_best(field, moved, targets))
        if switching.size:
            near = [x[:, switching] for x in mixed]
            goals = [target[:, switching] for target in targets]
            before, after = np.zeros(switching.size), np.full(switching.size, BEST_RESPONSE_STEP)
            for _ in range(HALVINGS):
                middle = (before + after) / 2
                holds = _still_best(field, _towards(near, goals, middle), goals)
                before, after = np.where(holds, middle, before), np.where(holds, after, middle)
            for x, y in zip(moved, _towards(near, goals, after), strict=True):
                x[:, switching] = y
        return moved

    return _follow(field, list(starts), BEST_RESPONSE_STEPS, BEST_RESPONSE_REST, move, list)


def _towards(mixed: Sequence[Floats], targets: Sequence[Floats], share: float | Floats) -> list[Floats]:
    """The points that lie the given share of the way towards the targets."""
    return [x + share * (target - x) for x, target in zip(mixed, targets, strict=True)]


def _still_best(field: _Field, mixed: Sequence[Floats], targets: Sequence[Floats]) -> Bools:
    """Whether every action in the targets is a best response to the point."""
    holds = np.ones(mixed[0].shape[1], dtype=bool)
    for i in range(field.n):
        gains = field.gains(i, mixed)
        worst = np.where(targets[i] > 0, gains, np.inf).min(axis=0)
        holds &= worst >= gains.max(axis=0) - field.tolerance[i]
    return holds


def _in_stability_set(
    game: NormalFormGame, equilibria: Sequence[Equilibrium], starts: Sequence[Floats], tolerance: ArrayLike | None
) -> np.ndarray:
    """Place of the pure equilibrium whose actions are all best responses to each starting point; -1 where none is."""
    field = _Field(game, equilibria, tolerance)
    best = []
    for i in range(game.n_players):
        gains = field.gains(i, starts)
        best.append(gains >= gains.max(axis=0) - field.tolerance[i])
    ends = np.full(starts[0].shape[1], -1)
    for place, equilibrium in enumerate(equilibria):
        if equilibrium.profile is not None:
            inside = np.logical_and.reduce([best[i][a] for i, a in enumerate(equilibrium.profile)])
            ends[inside & (ends < 0)] = place
    return ends
