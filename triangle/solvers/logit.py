r"""Logit quantal response equilibria: the principal branch, for any number of players and any batch of games.

With :math:`u_i(a, x_{-i})` the expected payoff of action :math:`a` against the mixed actions of the others, a mixed
profile :math:`x` is a **logit equilibrium** at rationality :math:`\lambda \ge 0` when every player errs by the logit
rule (McKelvey and Palfrey 1995):

.. math:: x_{ia} = \frac{\exp \lambda u_i(a, x_{-i})}{\sum_b \exp \lambda u_i(b, x_{-i})} .

:math:`\lambda` has the unit of one over payoff. The **normalised** :math:`\lambda` is :math:`\lambda R` with
:math:`R = \max_i (\max_a u_i(a) - \min_a u_i(a))`, a pure number that can be compared between games.

The equilibria form curves. The **principal branch** is the curve that starts from uniform play at
:math:`\lambda = 0`; in almost every game it goes on for ever and its limit as :math:`\lambda \to \infty` is one Nash
equilibrium, the **limiting logit equilibrium** (op. cit., theorem 3). In the log-odds
:math:`l_{ia} = \log(x_{ia}/x_{i0})`, with :math:`D_{ia}(l) = u_i(a, x_{-i}) - u_i(0, x_{-i})`, it is the curve

.. math:: H(l, \lambda) = l - \lambda D(l) = 0, \qquad J = \partial H / \partial l, \qquad J v = D,

followed by its arc length: its tangent is :math:`\pm(v, 1)`, with the sign of :math:`\det J` (Allgower and Georg 1990,
ch. 2; Turocy 2005). Where :math:`\det J` changes sign the branch turns back in :math:`\lambda`: a **fold**. Past a
fold the same :math:`\lambda` is crossed several times. What is returned is the **first** crossing of the wanted
:math:`\lambda` along the branch, which a path of slowly learning players would meet first, and the number of folds
passed on the way. A tangent that would reverse its orientation means that the corrector fell on another curve: such
a step is refused. In games with exact symmetries curves can meet; the branch then goes straight on, keeps the
symmetry, and the **crossing** is counted.

References
----------
McKelvey, R. D. and Palfrey, T. R. (1995). Quantal response equilibria for normal form games. *Games and Economic
Behavior* 10(1), 6-38.

Turocy, T. L. (2005). A dynamic homotopy interpretation of the logistic quantal response equilibrium correspondence.
*Games and Economic Behavior* 51(2), 243-263.

Allgower, E. L. and Georg, K. (1990). *Numerical Continuation Methods*. Springer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triangle.games.mixed import described, deviation_payoffs, mixed_regrets
from triangle.games.normal_form import Bools, Floats, NormalFormGame
from triangle.games.solution import Solution, Verdict

#: Largest difference between a probability and the logit response to the profile that it is part of.
RESIDUAL = 1e-10
#: Regret, as a share of the payoff range, up to which the end of the branch counts as an equilibrium.
LIMIT_REGRET = 1e-9
#: Where the limit is read off, in λ times the largest advantage: an action that costs more than 2e-5 of the largest
#: advantage is there played with less than LIMIT_PLAY.
LIMIT_LAMBDA = 1e6
#: A branch with ties can drown in rounding on the way there; from this scaled λ on its limit is read off all the same,
#: and judged by its regret.
LIMIT_ENOUGH = 1e4
LIMIT_PLAY = 1e-8
#: Payoffs of all the games under way together: 8192 games of 4x4x4 or fewer larger ones, 13 MB.
_UNDER_WAY = 8192 * 192
#: Most games under way; more would not be faster.
_MOST = 8192
#: Games taken up at once, in multiples of the games under way.
_CHUNK = 8

Ints = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class LogitBatch:
    """The principal-branch logit equilibrium of each game of a batch.

    Attributes
    ----------
    probabilities : tuple of arrays, shape (|A_i|, ...samples)
        Mixed action of each player; NaN where the wanted λ was not reached.
    lam : array, shape (...samples)
        λ of the equilibrium, in one over the unit of payoff.
    residual : array, shape (...samples)
        Largest difference between a probability and its logit response; at most 1e-10 where reached.
    folds : array of int, shape (...samples)
        Turning points in λ passed on the way.
    crossings : array of int, shape (...samples)
        Meetings with another curve that were crossed straight on; positive only in games with ties or symmetries.
    reached : array of bool, shape (...samples)
    """

    probabilities: tuple[Floats, ...]
    lam: Floats
    residual: Floats
    folds: Ints
    crossings: Ints
    reached: Bools


@dataclass(frozen=True, eq=False)
class LogitPath:
    """The principal branch of one game, point by point, from uniform play on.

    Attributes
    ----------
    lam : array, shape (points,)
        λ, in one over the unit of payoff; it decreases where the branch has turned back.
    probabilities : tuple of arrays, shape (|A_i|, points)
    residual : array, shape (points,)
    folds : array of int
        Indices of the first point after each turning point.
    reached : bool
        Whether the branch was followed to the wanted λ.
    """

    lam: Floats
    probabilities: tuple[Floats, ...]
    residual: Floats
    folds: Ints
    reached: bool


@dataclass(frozen=True, eq=False)
class LogitLimit:
    """The limiting logit equilibrium of each game of a batch.

    Attributes
    ----------
    probabilities : tuple of arrays, shape (|A_i|, ...samples)
        Mixed action of each player; NaN where the branch was lost.
    regret : array, shape (...samples)
        Largest gain by deviating, in units of payoff.
    folds, crossings : arrays of int, shape (...samples)
    settled : array of bool, shape (...samples)
        Whether the regret is at most 1e-9 of the payoff range. Where it is not, some advantage is so small that even
        at the largest λ the limit is not yet in sight.
    """

    probabilities: tuple[Floats, ...]
    regret: Floats
    folds: Ints
    crossings: Ints
    settled: Bools


def logit_equilibria(payoffs: Floats, lam: ArrayLike, normalised: bool = False) -> LogitBatch:
    r"""Logit equilibrium of each game of a batch, any number of players, at the first crossing of λ.

    Parameters
    ----------
    payoffs : array, shape (n, |A_1|, ..., |A_n|, ...samples)
    lam : float or array broadcastable to the samples
        Rationality :math:`\lambda \ge 0`: in one over the unit of payoff, or a pure number if `normalised`.
    normalised : bool
        Whether `lam` is :math:`\lambda` times the payoff range of the game.

    Returns
    -------
    LogitBatch

    Raises
    ------
    ValueError
        If a payoff is not finite, the axes do not fit the players, or λ is negative or not finite.

    Examples
    --------
    >>> dilemma = np.array([[[3.0, 0], [5, 1]], [[3, 5], [0, 1]]])
    >>> found = logit_equilibria(dilemma, 1.0)
    >>> found.probabilities[0].round(3).tolist(), int(found.folds), bool(found.reached)
    ([0.227, 0.773], 0, True)
    """
    flat, samples = _flat(payoffs)
    unit = _payoff_range(flat) if normalised else 1.0
    wanted = _rationality(lam, samples) / unit
    branch = _follow(flat, wanted)
    reached = branch.reached & (branch.residual <= RESIDUAL)
    mixed = tuple(np.where(reached, x, np.nan) for x in branch.mixed)
    return LogitBatch(
        probabilities=tuple(x.reshape(len(x), *samples) for x in mixed),
        lam=wanted.reshape(samples),
        residual=branch.residual.reshape(samples),
        folds=branch.folds.reshape(samples),
        crossings=branch.crossings.reshape(samples),
        reached=reached.reshape(samples),
    )


def solve_logit(game: NormalFormGame, lam: float, normalised: bool = False) -> Solution:
    """The principal-branch logit equilibrium of one game of any number of players, at the first crossing of λ.

    Its regret is positive: players err. Parameters as in :func:`logit_equilibria`.

    Returns
    -------
    Solution
        Verdict ``complete`` (the asked equilibrium is one and is given), ``degenerate`` where the branch met another
        curve, ``undecided`` where λ was not reached. `settings` holds λ, residual, folds and crossings.

    Examples
    --------
    >>> dilemma = NormalFormGame([[[3, 0], [5, 1]], [[3, 5], [0, 1]]])
    >>> solve_logit(dilemma, 10.0).equilibria[0].regret < 1e-3
    True
    """
    if game.samples:
        raise ValueError(f"one game is solved at a time, not a batch of shape {game.samples}")
    found = logit_equilibria(game.payoffs, lam, normalised)
    settings: dict[str, object] = {
        "lam": float(found.lam),
        "normalised_lam": float(found.lam * _payoff_range(game.payoffs[..., None])[0]),
        "residual": float(found.residual),
        "folds": int(found.folds),
        "crossings": int(found.crossings),
    }
    if not found.reached:
        return Solution("logit", "undecided", (), "the principal branch was lost before λ; try a smaller λ", settings)
    verdict: Verdict = "degenerate" if found.crossings else "complete"
    advice = []
    if found.folds:
        advice.append(f"the branch turned back {int(found.folds)} times; other equilibria exist at smaller λ")
    if found.crossings:
        advice.append("the branch met another one, as ties or symmetries make it; it was followed straight on")
    return Solution("logit", verdict, (described(game, found.probabilities),), "; ".join(advice), settings)


def logit_path(game: NormalFormGame, lam_max: float, normalised: bool = False, resolution: float = 0.02) -> LogitPath:
    """The principal branch of one game from λ = 0 to its first crossing of `lam_max`, folds included.

    Parameters
    ----------
    game : NormalFormGame
        One game (no sample axes).
    lam_max : float
        Where to stop; unit as in :func:`logit_equilibria`.
    normalised : bool
    resolution : float
        Largest step along the branch, relative to one plus the normalised λ; smaller gives more points.

    Returns
    -------
    LogitPath

    Examples
    --------
    >>> pennies = NormalFormGame([[[9, 0], [0, 1]], [[0, 1], [1, 0]]])
    >>> path = logit_path(pennies, 3.0)
    >>> path.lam[0].item(), path.lam[-1].item(), path.probabilities[0][:, 0].tolist()
    (0.0, 3.0, [0.5, 0.5])
    """
    if game.samples:
        raise ValueError(f"one branch is followed at a time, not those of a batch of shape {game.samples}")
    if not resolution > 0:
        raise ValueError(f"resolution must be positive, not {resolution}")
    flat, samples = _flat(game.payoffs)
    wanted = _rationality(lam_max, samples) / (_payoff_range(flat) if normalised else 1.0)
    form = _Form.of(flat)
    if not form.players:
        ends = np.array([0.0, wanted[0]])
        return LogitPath(ends, tuple(np.ones((1, 2)) for _ in game.actions), 0 * ends, np.zeros(0, dtype=np.intp), True)
    advantages, unit = form.advantages(flat)
    pace = _Pace(
        first=min(0.02, resolution), reach=0.02, settle=0.002, exact=1e-5, turn=0.995, goal=0.01, relative=resolution
    )
    visited = [np.zeros(form.size + 1)]
    walk = _trace_one(form, advantages, wanted * unit, pace, visited)
    points = np.stack(visited, axis=1)
    points = _onto_branch(form, advantages, points)
    lam, odds = points[-1] / unit, points[:-1]
    turns = np.flatnonzero(np.diff(np.sign(np.diff(lam)))) + 2
    mixed = form.all_players(form.mixed(odds))
    return LogitPath(lam, mixed, _residuals(form, advantages, odds, points[-1]), turns, bool(walk.reached[0]))


def limiting_logit(payoffs: Floats) -> LogitLimit:
    r"""The Nash equilibrium that the principal branch of each game selects as :math:`\lambda \to \infty`.

    The branch is followed to a very large λ. Actions that are hardly played there are dropped, and the indifference of
    each player between the actions left is solved by Newton's method from that point; the result is kept where its
    regret is smaller.

    Parameters
    ----------
    payoffs : array, shape (n, |A_1|, ..., |A_n|, ...samples)

    Returns
    -------
    LogitLimit

    Examples
    --------
    The stag hunt of Rousseau, where caution wins (the risk-dominant equilibrium):

    >>> hunt = np.array([[[4.0, 0], [3, 3]], [[4, 3], [0, 3]]])
    >>> limiting_logit(hunt).probabilities[0].tolist()
    [0.0, 1.0]
    """
    flat, samples = _flat(payoffs)
    branch = _follow(flat, None)
    mixed, regret = _completed(flat, branch.mixed)
    return LogitLimit(
        probabilities=tuple(np.where(branch.reached, x, np.nan).reshape(len(x), *samples) for x in mixed),
        regret=np.where(branch.reached, regret, np.nan).reshape(samples),
        folds=branch.folds.reshape(samples),
        crossings=branch.crossings.reshape(samples),
        settled=(branch.reached & (regret <= LIMIT_REGRET * _payoff_range(flat))).reshape(samples),
    )


# --- What goes in and what comes out -------------------------------------------------------------------------------


def _flat(payoffs: Floats) -> tuple[Floats, tuple[int, ...]]:
    """The batch with one sample axis, and the shape that its samples had."""
    array = np.asarray(payoffs, dtype=np.float64)
    n = array.shape[0] if array.ndim else 0
    if n == 0 or array.ndim < 1 + n or 0 in array.shape[: 1 + n]:
        raise ValueError(f"payoffs of shape {array.shape} are no game: one non-empty action axis for each player")
    if not np.isfinite(array).all():
        raise ValueError(f"{np.count_nonzero(~np.isfinite(array))} of {array.size} payoffs are not finite")
    samples = array.shape[1 + n :]
    return array.reshape(*array.shape[: 1 + n], int(np.prod(samples, dtype=int))), samples


def _rationality(lam: ArrayLike, samples: tuple[int, ...]) -> Floats:
    """λ of every game of the flat batch."""
    array = np.asarray(lam, dtype=np.float64)
    if not (np.isfinite(array) & (array >= 0)).all():
        raise ValueError("λ must be finite and not negative; for λ without bound use limiting_logit")
    return np.broadcast_to(array, samples).reshape(-1)


def _payoff_range(flat: Floats) -> Floats:
    """Largest payoff range of any player in each game; one where all payoffs are constant and λ has no effect."""
    profiles = tuple(range(1, flat.ndim - 1))
    widest = (flat.max(axis=profiles) - flat.min(axis=profiles)).max(axis=0)
    return np.where(widest > 0, widest, 1.0)


def _completed(payoffs: Floats, mixed: tuple[Floats, ...]) -> tuple[tuple[Floats, ...], Floats]:
    """The equilibria that the ends of the branches point to, and their regrets."""
    played = [x > LIMIT_PLAY for x in mixed]
    best = tuple(np.where(on, x, 0.0) / np.where(on, x, 0.0).sum(axis=0) for on, x in zip(played, mixed, strict=True))
    least = mixed_regrets(payoffs, best).max(axis=0)
    hard = np.flatnonzero(least > 0.0)
    if not len(hard):
        return best, least
    payoffs, played = payoffs[..., hard], [on[:, hard] for on in played]
    solved = _indifferent(payoffs, tuple(x[:, hard] for x in best), played)
    regret = mixed_regrets(payoffs, solved).max(axis=0)
    better = regret < least[hard]
    for x, new in zip(best, solved, strict=True):
        x[:, hard[better]] = new[:, better]
    least[hard[better]] = regret[better]
    return best, least


def _indifferent(payoffs: Floats, mixed: tuple[Floats, ...], played: list[Bools]) -> tuple[Floats, ...]:
    """Mixed actions near the given ones that make every player indifferent between the actions that it plays.

    Unknowns are all probabilities and the value of the game to each player. Steps are of least length, so that a
    singular system (a component of equilibria) leads to the nearest solution.
    """
    n, games = len(mixed), payoffs.shape[-1]
    ends = np.cumsum([0, *(len(x) for x in mixed)])
    blocks = [slice(a, b) for a, b in pairwise(ends.tolist())]
    scale = _payoff_range(payoffs)
    own = [np.moveaxis(u, i, 0) / scale for i, u in enumerate(payoffs)]
    on = np.concatenate(played)
    for _ in range(4):
        matrix = np.zeros((games, ends[-1] + n, ends[-1] + n))
        wrong = np.zeros((games, ends[-1] + n))
        deviations = deviation_payoffs(payoffs / scale, mixed)
        for i, block in enumerate(blocks):
            rivals = [j for j in range(n) if j != i]
            for j, table in _against_each(own[i], rivals, list(mixed)) if rivals else ():
                matrix[:, block, blocks[j]] = np.moveaxis(table * played[i][:, None], -1, 0)
            value = (deviations[i] * mixed[i]).sum(axis=0)
            matrix[:, block, ends[-1] + i] = -1.0 * played[i].T
            matrix[:, ends[-1] + i, block] = 1.0
            wrong[:, block] = ((deviations[i] - value) * played[i]).T
        index = np.arange(ends[-1])
        matrix[:, index, index] += ~on.T
        step = np.einsum("mij,mj->mi", np.linalg.pinv(matrix, rtol=1e-11), wrong)
        mixed = tuple(np.maximum(x - step[:, block].T, 0.0) for x, block in zip(mixed, blocks, strict=True))
        mixed = tuple(x / x.sum(axis=0) for x in mixed)
    return mixed


# --- The equations -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Form:
    """Which players have a choice, and where their log-odds stand in the vector of unknowns.

    Players are ordered by falling number of actions: the first block of the linear systems is an identity and is
    eliminated at once, so it should be the largest.
    """

    counts: tuple[int, ...]
    players: tuple[int, ...]
    blocks: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, payoffs: Floats) -> _Form:
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


def _against_each(gains: Floats, rivals: list[int], mixed: list[Floats]) -> list[tuple[int, Floats]]:
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
    return _against_each(first, rivals[:half], mixed) + _against_each(last, rivals[half:], mixed)


def _expected_advantages(form: _Form, advantages: list[Floats], mixed: list[Floats]) -> Floats:
    """D: expected gain of each action over the player's first one, shape (size, games)."""
    rows = []
    for place, expected in enumerate(advantages):
        for rival in reversed([x for i, x in enumerate(mixed) if i != place]):
            expected = np.einsum("...cm,cm->...m", expected, rival)
        rows.append(expected)
    return np.concatenate(rows)


def _linearise(form: _Form, advantages: list[Floats], points: Floats, system: Floats) -> None:
    """Fill the system with J and its two right-hand sides: D for the tangent, -H for the Newton step."""
    odds, lam = points[:-1], points[-1]
    size = len(odds)
    mixed = form.mixed(odds)
    weighted = [x[1:] * lam for x in mixed]
    for place, (start, end) in enumerate(form.blocks):
        rivals = [i for i in range(len(mixed)) if i != place]
        system[start:end, start:end] = 0.0
        expected = None if rivals else advantages[place]
        for rival, gains in _against_each(advantages[place], rivals, mixed) if rivals else ():
            if expected is None:
                expected = np.einsum("aqm,qm->am", gains, mixed[rival])
            block = system[start:end, slice(*form.blocks[rival])]
            np.subtract(expected[:, None], gains[:, 1:], out=block)
            block *= weighted[rival]
        system[start:end, size] = expected
    np.einsum("iim->im", system[:, :size])[...] = 1.0
    np.multiply(system[:, size], lam, out=system[:, size + 1])
    system[:, size + 1] -= odds


def _solve(form: _Form, system: Floats) -> tuple[Floats, Floats, Bools]:
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


def _residuals(form: _Form, advantages: list[Floats], odds: Floats, lam: Floats) -> Floats:
    """Largest difference between a probability and the logit response to the profile."""
    mixed = form.mixed(odds)
    response = form.mixed(lam * _expected_advantages(form, advantages, mixed))
    worst: Floats = np.max([np.abs(x - y).max(axis=0) for x, y in zip(mixed, response, strict=True)], axis=0)
    return worst


def _onto_branch(form: _Form, advantages: list[Floats], points: Floats) -> Floats:
    """Points of one game pulled onto its branch, each at a right angle to it; the first and last keep their λ."""
    copies = [np.broadcast_to(gains, (*gains.shape[:-1], points.shape[1])) for gains in advantages]
    points = points.copy()
    with np.errstate(all="ignore"):
        for _ in range(4):
            system = np.empty((form.size, form.size + 2, points.shape[1]))
            _linearise(form, copies, points, system)
            slope, step, _ = _solve(form, system)
            along = (step * slope).sum(axis=0) / (1 + (slope * slope).sum(axis=0))
            along[[0, -1]] = 0.0
            points[:-1] += step - along * slope
            points[-1] -= along
    return points


# --- The walk along the branch -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Pace:
    """How boldly a branch is followed. Lengths are arc lengths in log-odds and scaled λ.

    Attributes
    ----------
    first : length of the first step.
    reach : largest first correction that is trusted, as a share of the step.
    settle : last correction after which a point is accepted, as a share of the step.
    exact : the same as a length, however long the step; a point left off the branch is a poor start for a sharp turn.
    turn : smallest cosine between the tangents at both ends of a step.
    goal : first correction that the length of the next step aims at, as a share of it.
    relative : largest step, as a share of 1 + λ, for paths that are drawn; no limit by default.
    sweeps : corrections of one game after which it is given up.
    """

    first: float = 1.0
    reach: float = 0.2
    settle: float = 0.05
    exact: float = 0.05
    turn: float = 0.95
    goal: float = 0.06
    relative: float = np.inf
    sweeps: int = 3000


#: Beside a careful walk, over 190 000 random games at λR = 10 and 50: another equilibrium in one of 95 000 games with
#: ties and in none of the others; another number of folds in ten, all turning back by less than 0.002 in λR.
_QUICK = _Pace()
#: For the games that the quick walk loses.
_CAREFUL = _Pace(first=0.02, reach=0.02, settle=0.002, exact=1e-5, turn=0.995, goal=0.01, sweeps=10_000)
#: First correction never trusted beyond this, however long the step.
_REACH_CAP = 1.0
#: The last point must be exact: expected length of one more correction, times one plus the scaled λ, by which an
#: error in log-odds is multiplied in the residual.
_FINAL = 1e-11
#: Corrections of the last point that no longer shrink below this are rounding; the residual then judges.
_STALL = 1e-6
#: Corrections of one point after which the step is refused.
_TRIES = 8
#: A step shorter than this that reverses the orientation crosses another curve: no fold is that narrow. So does a
#: longer one along a straight line, which is what exact symmetry makes of the branch.
_CROSSING = 1e-4
_SHORTEST = 1e-9
#: A walk that ends so near to the target, as a share of one plus it, is as good as there if the residual allows.
_NEAR = 1e-7
#: Up to so many games, one after the other is faster than all at once.
_FEW = 4
#: Keeps a step of length zero, which ends where it began, from dividing by zero.
_TINY = 1e-300


@dataclass(eq=False)
class _Lanes:
    """Working state of the games under way; the last axis of every array is the game.

    `base` is the last accepted point (log-odds and λ), `tangent` and `bend` the first and second derivative of the
    branch there, `error` how far `base` may lie off it; `point` is the point under correction, after `tries`
    corrections of which the first had length `opening` and the last `latest`, predicted by a step of length `step`
    (`last`: the step that should end at the target). `orientation` changes sign when another curve is crossed.
    """

    game: Ints
    target: Floats
    base: Floats
    tangent: Floats
    bend: Floats
    error: Floats
    stride: Floats
    orientation: Floats
    age: Ints
    point: Floats
    step: Floats
    last: Bools
    tries: Ints
    opening: Floats
    latest: Floats
    folds: Ints
    crossings: Ints
    arrived: Bools

    @classmethod
    def start(cls, form: _Form, advantages: list[Floats], target: Floats, first_game: int, pace: _Pace) -> _Lanes:
        games, size = len(target), form.size
        uniform = form.mixed(np.zeros((size, games)))
        tangent = np.concatenate([_expected_advantages(form, advantages, uniform), np.ones((1, games))])
        tangent /= np.sqrt(np.einsum("im,im->m", tangent, tangent))
        zeros, counts, vectors = np.zeros(games), np.zeros(games, dtype=np.intp), np.zeros((size + 1, games))
        return cls(
            game=np.arange(first_game, first_game + games), target=target, base=vectors, tangent=tangent, bend=vectors,
            error=zeros, stride=np.full(games, pace.first), orientation=np.ones(games), age=counts, point=vectors,
            step=zeros, last=np.zeros(games, dtype=bool), tries=counts, opening=zeros, latest=zeros, folds=counts,
            crossings=counts, arrived=np.zeros(games, dtype=bool),
        )  # fmt: skip

    def keep(self, which: Ints) -> _Lanes:
        return _Lanes(*(getattr(self, f.name)[..., which] for f in fields(self)))

    def join(self, other: _Lanes) -> _Lanes:
        pairs = ((getattr(self, f.name), getattr(other, f.name)) for f in fields(self))
        return _Lanes(*(np.concatenate(pair, axis=-1) for pair in pairs))

    def predict(self, which: Bools) -> None:
        """Set out from the base of the lanes in `which`, by the quadratic that fits the last two tangents."""
        if not which.any():
            return
        slope, gap = self.tangent[-1], self.target - self.base[-1]
        root = np.sqrt(slope * slope + 2 * self.bend[-1] * gap)
        room = np.where(slope + root > 1e-6, 2 * gap / (slope + root), np.inf)
        step = np.minimum(self.stride, room)
        last = step >= room
        point = self.base + step * (self.tangent + (0.5 * step) * self.bend)
        point[-1] = np.where(last, self.target, point[-1])
        if which.all():
            self.point, self.step, self.last, self.tries = point, step, last, np.zeros_like(self.tries)
        else:
            self.point, self.step = np.where(which, point, self.point), np.where(which, step, self.step)
            self.last, self.tries = np.where(which, last, self.last), np.where(which, 0, self.tries)

    def correct(self, form: _Form, advantages: list[Floats], system: Floats) -> tuple[Floats, Floats]:
        """One Newton step at a right angle to the branch, at fixed λ in the last step: its length, and the tangent."""
        _linearise(form, advantages, self.point, system)
        slope, newton, positive = _solve(form, system)
        norm = 1 + np.einsum("im,im->m", slope, slope)
        along = np.einsum("im,im->m", newton, slope) / norm
        along[self.last] = 0.0
        move = np.empty_like(self.point)
        np.multiply(slope, along, out=move[:-1])
        np.subtract(newton, move[:-1], out=move[:-1])
        np.negative(along, out=move[-1])
        self.point = self.point + move
        tangent = np.empty_like(self.point)
        tangent[:-1], tangent[-1] = slope, 1.0
        tangent *= np.where(positive, self.orientation, -self.orientation) / np.sqrt(norm)
        return np.sqrt(np.einsum("im,im->m", move, move)), tangent

    def overshot(self, tangent: Floats) -> Bools:
        """Whether the step may have passed the target, or a pair of folds, without stopping.

        Judged by λ along the cubic that fits both ends of the step: its peak, and its slope half way, which must
        not fall below half of the smaller slope at the ends.
        """
        before, after, step = self.tangent[-1], tangent[-1], self.step
        beyond = (self.point[-1] > self.target) & ~self.last
        if (after > 0).all() and (before > 0).all():
            peaked = np.False_
        else:
            height = step * before * before / (2 * (before - after))
            peaked = (before > 0) & (after < 0) & (self.base[-1] + height > self.target)
        halfway = 6 * (self.point[-1] - self.base[-1]) - step * (before + after)
        shallow = 2 * step * np.minimum(before * before, before * after)
        hidden = (halfway * before < shallow) & (before * after > 0)
        passed: Bools = beyond | ((peaked | hidden) & (step > 1e-6))
        return passed

    def settled(self, length: Floats, pace: _Pace) -> tuple[Bools, Bools]:
        """Whether the corrections converge, and whether the point is good enough.

        Newton's method squares its error: after corrections of lengths c and d the next would be about d³/c².
        """
        trusted = np.minimum(pace.reach * self.step, _REACH_CAP) + 4 * self.error + _SHORTEST
        halved = 0.5 * self.latest
        converging = length <= np.where(self.tries == 0, trusted, halved)
        enough = converging & (length <= np.minimum(pace.settle * self.step, pace.exact) + _SHORTEST)
        if self.last.any():
            once = self.tries == 0
            ratio = np.where(once | (self.latest == 0), 1.0, length / self.latest)
            exact = length * np.minimum(ratio * ratio, 1.0) <= _FINAL / (1 + self.target)
            stalled = (length <= _STALL) & (length > halved) & ~once
            enough = np.where(self.last, (exact & converging) | stalled, enough)
        return converging | enough, enough

    def judge(self, length: Floats, tangent: Floats, pace: _Pace) -> tuple[Bools, Bools]:
        """Accept, refuse or go on correcting each point, and set the next stride: the lanes accepted and refused."""
        self.opening = np.where(self.tries == 0, length, self.opening)
        converging, settled = self.settled(length, pace)
        cosine = np.einsum("im,im->m", tangent, self.tangent)
        aligned = cosine > pace.turn
        reversed_ = settled & (cosine < -0.9)
        if reversed_.any():
            straight = (self.opening <= 1e-9 * self.step) & (cosine < -1 + 1e-9)
            crossed = reversed_ & (straight | (self.step < _CROSSING)) & ~self.overshot(-tangent)
            self.orientation = np.where(crossed, -self.orientation, self.orientation)
            tangent = np.where(crossed, -tangent, tangent)
            self.crossings = self.crossings + crossed
            aligned |= crossed
        accepted = settled & aligned & ~self.overshot(tangent)
        refused = (settled | ~converging | (self.tries >= _TRIES)) & ~accepted
        self.pace(accepted, refused, cosine, pace)
        if (accepted & (tangent[-1] < 0)).any() or (self.tangent[-1] < 0).any():
            self.folds = self.folds + (accepted & (tangent[-1] * self.tangent[-1] < 0))
        bend = (tangent - self.tangent) / np.maximum(self.step, _TINY)
        if accepted.all():
            self.bend, self.base, self.tangent, self.error = bend, self.point, tangent, length
        elif accepted.any():
            self.bend, self.base = np.where(accepted, bend, self.bend), np.where(accepted, self.point, self.base)
            self.tangent = np.where(accepted, tangent, self.tangent)
            self.error = np.where(accepted, length, self.error)
        self.latest, self.tries, self.age = length, self.tries + 1, self.age + 1
        return accepted, refused

    def pace(self, accepted: Bools, refused: Bools, cosine: Floats, pace: _Pace) -> None:
        """The next stride: from the first correction, which grows with the square of the step, and from the turn."""
        square_of_angle = 2 * (1 - cosine) + 1e-12
        room = np.minimum(
            pace.goal * self.step / (self.opening + 1e-12 * self.step), 1.28 * (1 - pace.turn) / square_of_angle
        )
        factor = np.sqrt(np.minimum(np.maximum(room, 0.09), 9.0))
        step = np.where(self.step > 0, self.step, self.stride)
        self.stride = np.where(accepted, step * factor, np.where(refused, step * np.fmin(factor, 0.5), self.stride))


@dataclass(eq=False)
class _Walked:
    """Where the walks ended, by game."""

    odds: Floats
    lam: Floats
    reached: Bools
    folds: Ints
    crossings: Ints


def _trace(form: _Form, advantages: list[Floats], target: Floats, pace: _Pace) -> _Walked:
    """Follow the branch of every game to its first crossing of the target (in scaled λ).

    A fixed number of games is under way at any time and each keeps its own step: one that ends makes room for the
    next, so that a few long branches do not hold up the others.
    """
    games = len(target)
    walked = _Walked(
        np.full((form.size, games), np.nan),
        np.zeros(games),
        np.zeros(games, dtype=bool),
        *np.zeros((2, games), dtype=np.intp),
    )
    lanes: _Lanes | None = None
    under_way: list[Floats] = []
    entered = 0
    with np.errstate(all="ignore"):
        while True:
            if entered < games and (lanes is None or len(lanes.game) <= 0.75 * form.width):
                free = form.width - (0 if lanes is None else len(lanes.game))
                chosen = slice(entered, min(games, entered + free))
                gains = [g[..., chosen] for g in advantages]
                fresh = _Lanes.start(form, gains, target[chosen], entered, pace)
                fresh.predict(np.ones(len(fresh.game), dtype=bool))
                entered = chosen.stop
                if lanes is None:
                    lanes, under_way = fresh, gains
                else:
                    lanes = lanes.join(fresh)
                    under_way = [np.concatenate(pair, axis=-1) for pair in zip(under_way, gains, strict=True)]
                system = np.empty((form.size, form.size + 2, len(lanes.game)))
            if lanes is None or not len(lanes.game):
                return walked
            length, tangent = lanes.correct(form, under_way, system)
            accepted, refused = lanes.judge(length, tangent, pace)
            ended = accepted | refused
            lanes.arrived = lanes.arrived | (accepted & lanes.last)
            leaving = lanes.arrived | (lanes.age > pace.sweeps) | (lanes.stride < _SHORTEST)
            if 8 * np.count_nonzero(leaving) > len(leaving):
                out = lanes.game[leaving]
                walked.reached[out] = lanes.arrived[leaving]
                walked.folds[out], walked.crossings[out] = lanes.folds[leaving], lanes.crossings[leaving]
                walked.odds[:, out], walked.lam[out] = lanes.base[:-1, leaving], lanes.base[-1, leaving]
                staying = np.flatnonzero(~leaving)
                lanes, ended = lanes.keep(staying), ended[staying]
                under_way = [g[..., staying] for g in under_way]
                system = np.empty((form.size, form.size + 2, len(staying)))
            lanes.predict(ended & ~lanes.arrived)


class _OneGame:
    """The equations of a single game in few calls on small matrices, which a batch of one would pay for dearly.

    `gains` is linear in each rival's mixed action: for three players it is one matrix times the stacked mixed
    actions.
    """

    def __init__(self, form: _Form, advantages: list[Floats]):
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
            for rival, gains in _against_each(table[..., None], rivals, mixed) if rivals else ():
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


def _trace_few(form: _Form, advantages: list[Floats], target: Floats, pace: _Pace) -> _Walked:
    """The same as :func:`_trace`, game by game."""
    walks = [
        _trace_one(form, [g[..., k : k + 1] for g in advantages], target[k : k + 1], pace) for k in range(len(target))
    ]
    return _Walked(
        np.concatenate([w.odds for w in walks], axis=1),
        np.concatenate([w.lam for w in walks]),
        np.concatenate([w.reached for w in walks]),
        np.concatenate([w.folds for w in walks]),
        np.concatenate([w.crossings for w in walks]),
    )


def _trace_one(
    form: _Form, advantages: list[Floats], target: Floats, pace: _Pace, visited: list[Floats] | None = None
) -> _Walked:
    """Follow the branch of one game by the rules of :class:`_Lanes`; accepted points are appended to `visited`."""
    walk = _Walk(_OneGame(form, advantages), float(target[0]), pace)
    with np.errstate(all="ignore"):
        while not walk.arrived and walk.age <= pace.sweeps and walk.stride >= _SHORTEST:
            if walk.try_step() and visited is not None:
                visited.append(walk.base)
    return _Walked(
        walk.base[:-1, None].copy(),
        walk.base[-1:].copy(),
        np.array([walk.arrived]),
        np.array([walk.folds]),
        np.array([walk.crossings]),
    )


class _Walk:
    """One game under way; the attributes are those of :class:`_Lanes`, as numbers."""

    def __init__(self, game: _OneGame, target: float, pace: _Pace):
        self.game, self.target, self.pace = game, target, pace
        size = game.form.size
        self.base = np.zeros(size + 1)
        uniform = game.mixed(self.base[:-1])
        self.tangent = np.append(game.advantages(game.gains(uniform), uniform), 1.0)
        self.tangent /= math.sqrt(self.tangent @ self.tangent)
        self.bend = np.zeros(size + 1)
        self.error, self.stride, self.orientation = 0.0, pace.first, 1.0
        self.age = self.folds = self.crossings = 0
        self.arrived = False

    def predicted(self) -> tuple[Floats, float, bool]:
        """Where the next point should lie, the step to it, and whether it should end at the target."""
        slope, gap = float(self.tangent[-1]), self.target - float(self.base[-1])
        square = slope * slope + 2 * float(self.bend[-1]) * gap
        ahead = slope + math.sqrt(square) if square >= 0 else 0.0
        room = 2 * gap / ahead if ahead > 1e-6 else math.inf
        step = min(self.stride, self.pace.relative * (1 + abs(float(self.base[-1]))), room)
        last = step >= room
        point = self.base + step * (self.tangent + (0.5 * step) * self.bend)
        if last:
            point[-1] = self.target
        return point, step, last

    def corrected(self, point: Floats, last: bool) -> tuple[float, Floats]:
        """One Newton step, made in place: its length, and the tangent."""
        self.age += 1
        slope, move, positive = self.game.correction(point)
        norm = 1 + float(slope @ slope)
        along = 0.0 if last else float(move @ slope) / norm
        move = move - along * slope
        point[:-1] += move
        point[-1] -= along
        scale = (self.orientation if positive else -self.orientation) / math.sqrt(norm)
        return math.sqrt(float(move @ move) + along * along), np.append(slope, 1.0) * scale

    def try_step(self) -> bool:
        """Predict, correct, judge; whether the step was accepted."""
        point, step, last = self.predicted()
        opening = latest = math.inf
        settled, tangent = False, self.tangent
        for tries in range(_TRIES + 1):
            try:
                length, tangent = self.corrected(point, last)
            except np.linalg.LinAlgError:
                break
            opening = length if tries == 0 else opening
            settled, converging = self.judged(length, latest, step, last, tries)
            if settled or not converging:
                break
            latest = length
        cosine = float(tangent @ self.tangent)
        if settled and cosine < -0.9:
            straight = opening <= 1e-9 * step and cosine < -1 + 1e-9
            if (straight or step < _CROSSING) and not self.overshot(point, -tangent, step, last):
                self.orientation, self.crossings = -self.orientation, self.crossings + 1
                tangent, cosine = -tangent, -cosine
        accepted = settled and cosine > self.pace.turn and not self.overshot(point, tangent, step, last)
        room = (
            min(
                self.pace.goal * step / (opening + 1e-12 * step),
                1.28 * (1 - self.pace.turn) / (2 * (1 - cosine) + 1e-12),
            )
            if step > 0
            else 1.0
        )
        factor = math.sqrt(min(max(room, 0.09), 9.0))
        if not accepted:
            self.stride = (step if step > 0 else self.stride) * min(0.5, factor)
            return False
        self.stride = (step if step > 0 else self.stride) * factor
        self.folds += bool(tangent[-1] * self.tangent[-1] < 0)
        self.bend = (tangent - self.tangent) / max(step, _TINY)
        self.base, self.tangent, self.error, self.arrived = point, tangent, length, last
        return True

    def judged(self, length: float, latest: float, step: float, last: bool, tries: int) -> tuple[bool, bool]:
        """Whether the point is good enough, and whether the corrections converge; see :meth:`_Lanes.settled`."""
        if tries == 0:
            converging = length <= min(self.pace.reach * step, _REACH_CAP) + 4 * self.error + _SHORTEST
        else:
            converging = length <= 0.5 * latest
        if not last:
            close = length <= min(self.pace.settle * step, self.pace.exact) + _SHORTEST
            return converging and close, converging
        ratio = length / latest if tries and latest > 0 else 1.0
        exact = converging and length * min(ratio * ratio, 1.0) <= _FINAL / (1 + self.target)
        stalled = tries > 0 and length <= _STALL and length > 0.5 * latest
        return exact or stalled, converging

    def overshot(self, point: Floats, tangent: Floats, step: float, last: bool) -> bool:
        """See :meth:`_Lanes.overshot`."""
        before, after, start, end = (float(a) for a in (self.tangent[-1], tangent[-1], self.base[-1], point[-1]))
        if end > self.target and not last:
            return True
        if step <= 1e-6:
            return False
        if before > 0 > after:
            return start + step * before * before / (2 * (before - after)) > self.target
        halfway = 6 * (end - start) - step * (before + after)
        return before * after > 0 and halfway * before < 2 * step * min(before * before, before * after)


@dataclass(eq=False)
class _Branch:
    """What is found at the wanted λ (or in the limit) for a flat batch; mixed actions in the order of the game."""

    mixed: tuple[Floats, ...]
    residual: Floats
    folds: Ints
    crossings: Ints
    reached: Bools


def _follow(flat: Floats, wanted: Floats | None) -> _Branch:
    """The branch of every game at the wanted λ, or its limit; games lost by the quick walk are walked carefully."""
    games = flat.shape[-1]
    form = _Form.of(flat)
    branch = _Branch(
        tuple(np.ones((count, games)) for count in form.counts),
        np.zeros(games),
        np.zeros(games, dtype=np.intp),
        np.zeros(games, dtype=np.intp),
        np.ones(games, dtype=bool),
    )
    if not form.players:
        return branch
    at_once = _CHUNK * form.width
    for start in range(0, games, at_once):
        chunk = np.arange(start, min(games, start + at_once))
        for pace in (_QUICK, _CAREFUL):
            if len(chunk):
                walked = _follow_chunk(form, flat, wanted, chunk, pace, branch)
                chunk = chunk[~walked]
    return branch


def _follow_chunk(form: _Form, flat: Floats, wanted: Floats | None, chunk: Ints, pace: _Pace, branch: _Branch) -> Bools:
    """Follow the games of one chunk and write what is found into the branch; says which walks reached their end."""
    whole = slice(chunk[0], chunk[-1] + 1) if len(chunk) == chunk[-1] + 1 - chunk[0] else chunk
    advantages, unit = form.advantages(flat[..., whole])
    target = np.full(len(chunk), LIMIT_LAMBDA) if wanted is None else wanted[whole] * unit
    walk = _trace_few if len(chunk) <= _FEW else _trace
    walked = walk(form, advantages, target, pace)
    # Where λ is exactly that of a crossing the system is singular there, and the walk ends just before it.
    near = np.abs(walked.lam - target) <= _NEAR * (1 + target)
    reached = walked.reached | (near if wanted is not None else walked.lam >= LIMIT_ENOUGH)
    mixed = form.mixed(walked.odds)
    residual = _residuals(form, advantages, walked.odds, target)
    coarse = np.flatnonzero(reached & (residual > RESIDUAL))
    if len(coarse) and wanted is not None:
        games = chunk[coarse]
        _polish(form, flat[..., games], wanted[games], walked.odds[:, coarse], coarse, mixed, residual)
    for x, found in zip(branch.mixed, form.all_players(mixed), strict=True):
        x[:, whole] = found
    branch.residual[whole], branch.reached[whole] = residual, reached
    branch.folds[whole], branch.crossings[whole] = walked.folds, walked.crossings
    return reached


def _polish(
    form: _Form, payoffs: Floats, lam: Floats, odds: Floats, games: Ints, mixed: list[Floats], residual: Floats
) -> None:
    """Newton's method once more for large λ, counting log-odds from the action that is played most.

    Counted from an action that is hardly played, log-odds are as large as λ, and the differences that matter drown in
    their rounding. Elimination is with pivoting here. Writes into `mixed` and `residual` at `games`.
    """
    orders, rebased = [], []
    for place, player in enumerate(form.players):
        start, end = form.blocks[place]
        full = np.concatenate([np.zeros((1, len(lam))), odds[start:end]])
        top = full.argmax(axis=0)
        order = np.broadcast_to(np.arange(len(full))[:, None], full.shape).copy()
        order[0], order[top, np.arange(len(lam))] = top, 0
        full = np.take_along_axis(full, order, axis=0)
        rebased.append(full[1:] - full[0])
        orders.append(order)
        view = [1] * payoffs.ndim
        view[1 + player], view[-1] = order.shape
        payoffs = np.take_along_axis(payoffs, order.reshape(view), axis=1 + player)
    advantages, unit = form.advantages(payoffs)
    odds, scaled = np.concatenate(rebased), lam * unit
    for _ in range(6):
        found = _residuals(form, advantages, odds, scaled)
        better = np.flatnonzero(found < residual[games])
        residual[games[better]] = found[better]
        for x, new, order in zip(mixed, form.mixed(odds), orders, strict=True):
            x[:, games[better]] = np.take_along_axis(new, order, axis=0)[:, better]
        system = np.empty((form.size, form.size + 2, len(lam)))
        _linearise(form, advantages, np.concatenate([odds, scaled[None]]), system)
        system = np.moveaxis(system, -1, 0)
        try:
            odds = odds + np.linalg.solve(system[..., : form.size], system[..., form.size + 1 :])[..., 0].T
        except np.linalg.LinAlgError:
            return
