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

followed by its arc length: its tangent is :math:`\pm(v, 1)` (Allgower and Georg 1990, ch. 2; Turocy 2005). Where
:math:`\det J` changes sign the branch turns back in :math:`\lambda`: a **fold**. Past a fold the same
:math:`\lambda` is crossed several times. What is returned is the **first** crossing of the wanted :math:`\lambda` along
the branch, which a path of slowly learning players would meet first, and the number of folds passed on the way.

Other curves of equilibria can run close by. A step is accepted only where it is a contraction to follow the branch from
its one end to the other: measured at its ends and between them (:mod:`triangle.solvers.logit.steps`), or proved by
bounds (:mod:`triangle.solvers.logit.proof`); else it is shortened, and a branch that cannot be followed so is said to
be lost. In games with exact symmetries curves can meet; the branch then goes straight on, keeps the symmetry, and the
**crossing** is counted, as it is where curves come nearer than rounding can tell.

Each game is first brought to a largest payoff near one, by a power of two, and each player's smallest payoff to zero.

References
----------
McKelvey, R. D. and Palfrey, T. R. (1995). Quantal response equilibria for normal form games. *Games and Economic
Behavior* 10(1), 6-38.

Turocy, T. L. (2005). A dynamic homotopy interpretation of the logistic quantal response equilibrium correspondence.
*Games and Economic Behavior* 51(2), 243-263.

Allgower, E. L. and Georg, K. (1990). *Numerical Continuation Methods*. Springer.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import prod

import numpy as np
from numpy.typing import ArrayLike

from triangle.games.mixed import described, deviation_payoffs, is_equilibrium, mixed_regrets
from triangle.games.normal_form import Bools, Floats, NormalFormGame
from triangle.games.solution import Solution, Verdict
from triangle.solvers.logit.equations import Form, Ints, against_each, linearise, onto_branch, residuals
from triangle.solvers.logit.walk import CAREFUL, LEAP, MEASURED, PROVED, Pace, trace

#: Largest difference between a probability and the logit response to the profile that it is part of.
RESIDUAL = 1e-10
#: Regret, as a share of the payoff range, up to which the end of the branch counts as an equilibrium.
LIMIT_REGRET = 1e-9
#: Largest difference between a probability at the end of the branch and in the equilibrium that it points to.
LIMIT_NEAR = 0.05
#: Where the limit is read off, in λ times the largest advantage: an action that costs more than 2e-5 of the largest
#: advantage is there played with less than LIMIT_PLAY.
LIMIT_LAMBDA = 1e6
#: A branch with ties can drown in rounding on the way there; from this scaled λ on its limit is read off all the same,
#: and judged by its regret.
LIMIT_ENOUGH = 1e4
LIMIT_PLAY = 1e-8
#: How games are walked: those that are lost at one pace again at the next.
PACES = (MEASURED, CAREFUL)
#: Games taken up at once, in multiples of the games under way.
_CHUNK = 8


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
        Whether the regret of every player is at most 1e-9 of its own payoff range, and the branch came within 0.05 of
        the equilibrium. Where not, some advantage is so small that even at the largest λ the limit is not yet in sight.
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
    return _equilibria(payoffs, lam, normalised, PACES)


def _equilibria(payoffs: Floats, lam: ArrayLike, normalised: bool, paces: tuple[Pace, ...]) -> LogitBatch:
    flat, samples, exponent = _flat(payoffs)
    wanted = _rationality(lam, samples, flat, exponent, normalised)
    branch = _follow(flat, wanted, paces)
    reached = branch.reached & (branch.residual <= RESIDUAL)
    mixed = tuple(np.where(reached, x, np.nan) for x in branch.mixed)
    with np.errstate(over="ignore"):  # λ of the smallest payoffs that there are is beyond the largest number
        lam_of = np.ldexp(wanted, -exponent)
    return LogitBatch(
        probabilities=tuple(x.reshape(len(x), *samples) for x in mixed),
        lam=lam_of.reshape(samples),
        residual=branch.residual.reshape(samples),
        folds=branch.folds.reshape(samples),
        crossings=branch.crossings.reshape(samples),
        reached=reached.reshape(samples),
    )


def solve_logit(game: NormalFormGame, lam: float, normalised: bool = False, proof: bool = False) -> Solution:
    """The principal-branch logit equilibrium of one game of any number of players, at the first crossing of λ.

    Its regret is positive: players err.

    Parameters
    ----------
    game : NormalFormGame
        One game (no sample axes).
    lam, normalised
        As in :func:`logit_equilibria`.
    proof : bool
        Whether every step is proved by bounds (:mod:`triangle.solvers.logit.proof`) and not by measurement. It takes
        some ten times as long and gets stuck in rounding at large λ.

    Returns
    -------
    Solution
        Verdict ``complete`` (the asked equilibrium is one and is given), ``degenerate`` where the branch met another
        curve or came too near to one to be told from it, ``undecided`` where λ was not reached by steps that are known
        to stay on the branch. `settings` holds λ, residual, folds, crossings and proof.

    Examples
    --------
    >>> dilemma = NormalFormGame([[[3, 0], [5, 1]], [[3, 5], [0, 1]]])
    >>> solve_logit(dilemma, 10.0).equilibria[0].regret < 1e-3
    True
    """
    if game.samples:
        raise ValueError(f"one game is solved at a time, not a batch of shape {game.samples}")
    found = _equilibria(game.payoffs, lam, normalised, (PROVED,) if proof else PACES)
    settings: dict[str, object] = {
        "lam": float(found.lam),
        "normalised_lam": float(found.lam * _payoff_range(game.payoffs[..., None])[0]),
        "residual": float(found.residual),
        "folds": int(found.folds),
        "crossings": int(found.crossings),
        "proof": proof,
    }
    if not found.reached:
        advice = "before λ no step was short enough to be sure of the principal branch; try a smaller λ"
        return Solution("logit", "undecided", (), advice, settings)
    verdict: Verdict = "degenerate" if found.crossings else "complete"
    notes = []
    if found.folds:
        notes.append(f"the branch turned back {int(found.folds)} times; other equilibria exist at smaller λ")
    if found.crossings:
        notes.append(
            "the branch met another one, as ties or symmetries make it, or came so near to one that rounding hides it; "
            "it was followed straight on"
        )
    return Solution("logit", verdict, (described(game, found.probabilities),), "; ".join(notes), settings)


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
    branch = branch_points(game, lam_max, normalised, Pace(relative=resolution, turn=0.995))
    odds, lam = branch.points[:-1], branch.points[-1]
    if not branch.form.players:
        mixed: tuple[Floats, ...] = tuple(np.ones((1, len(lam))) for _ in game.actions)
        return LogitPath(branch.lam_of(lam), mixed, 0 * lam, np.zeros(0, dtype=np.intp), True)
    turns = np.flatnonzero(np.diff(np.sign(np.diff(lam)))) + 2
    mixed = branch.form.all_players(branch.form.mixed(odds))
    return LogitPath(branch.lam_of(lam), mixed, residuals(branch.form, branch.gains, odds, lam), turns, branch.reached)


@dataclass(frozen=True, eq=False)
class BranchPoints:
    """Points of the principal branch of one game, as the walk has them.

    Attributes
    ----------
    form : Form
    gains : list of arrays
        Advantages of the game in the unit that λ is scaled to.
    points : array, shape (size + 1, points)
        Log-odds and scaled λ.
    unit, exponent : what scaled λ is divided by, and the power of two beside, for λ in one over the unit of payoff.
    normalised : what scaled λ is multiplied by for λ times the payoff range.
    reached : bool
    crossings : int
    """

    form: Form
    gains: list[Floats]
    points: Floats
    unit: float
    exponent: int
    normalised: float
    reached: bool
    crossings: int

    def lam_of(self, scaled: Floats) -> Floats:
        """λ in one over the unit of payoff."""
        with np.errstate(over="ignore"):
            return np.asarray(np.ldexp(scaled / self.unit, -self.exponent))


def branch_points(game: NormalFormGame, lam_max: float, normalised: bool, pace: Pace) -> BranchPoints:
    """The points at which a walk along the branch of one game stops, first and last included."""
    flat, samples, exponents = _flat(game.payoffs)
    wanted = _rationality(lam_max, samples, flat, exponents, normalised)
    form, exponent = Form.of(flat), int(exponents[0])
    if not form.players:
        return BranchPoints(form, [], np.array([[0.0, wanted[0]]]), 1.0, exponent, 1.0, True, 0)
    gains, unit = form.advantages(flat)
    visited = [np.zeros(form.size + 1)]
    walk = trace(form, gains, wanted * unit, pace, visited)
    points = onto_branch(form, gains, np.stack(visited, axis=1))
    normal = float(_payoff_range(flat)[0] / unit[0])
    return BranchPoints(
        form, gains, points, float(unit[0]), exponent, normal, bool(walk.reached[0]), int(walk.crossings[0])
    )


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
    flat, samples, exponent = _flat(payoffs)
    branch = _follow(flat, None, PACES)
    mixed, regrets = _completed(flat, branch.mixed)
    near = (
        np.max([np.abs(x - end).max(axis=0) for x, end in zip(mixed, branch.mixed, strict=True)], axis=0) <= LIMIT_NEAR
    )
    # Judged by what can be reached too: next to a prohibitive payoff any regret is a small share of the range.
    small = (regrets <= LIMIT_REGRET * _ranges(flat)).all(axis=0)
    small &= is_equilibrium(np.asarray(payoffs, dtype=np.float64).reshape(flat.shape), mixed)
    return LogitLimit(
        probabilities=tuple(np.where(branch.reached, x, np.nan).reshape(len(x), *samples) for x in mixed),
        regret=np.where(branch.reached, np.ldexp(regrets.max(axis=0), exponent), np.nan).reshape(samples),
        folds=branch.folds.reshape(samples),
        crossings=branch.crossings.reshape(samples),
        settled=(branch.reached & small & near).reshape(samples),
    )


# --- What goes in and what comes out -------------------------------------------------------------------------------


def _flat(payoffs: Floats) -> tuple[Floats, tuple[int, ...], Ints]:
    """The batch with one sample axis, the shape that its samples had, and the exponent of two taken out of each game.

    Each player's payoff in the middle is taken off: like the exponent it changes no answer, and next to a prohibitive
    one the others keep their digits.
    """
    array = np.asarray(payoffs, dtype=np.float64)
    n = array.shape[0] if array.ndim else 0
    if n == 0 or array.ndim < 1 + n or 0 in array.shape[: 1 + n]:
        raise ValueError(f"payoffs of shape {array.shape} are no game: one non-empty action axis for each player")
    if not np.isfinite(array).all():
        raise ValueError(f"{np.count_nonzero(~np.isfinite(array))} of {array.size} payoffs are not finite")
    samples, profiles = array.shape[1 + n :], tuple(range(1, 1 + n))
    flat = array.reshape(*array.shape[: 1 + n], int(np.prod(samples, dtype=int)))
    exponent = np.frexp(np.abs(flat).max(axis=(0, *profiles)))[1].astype(np.intp)
    flat = np.ldexp(flat, -exponent)
    count = prod(array.shape[1 : 1 + n])
    middle = np.sort(flat.reshape(n, count, flat.shape[-1]), axis=1)[:, count // 2]
    return flat - middle.reshape(n, *(1,) * n, flat.shape[-1]), samples, exponent


def _rationality(lam: ArrayLike, samples: tuple[int, ...], flat: Floats, exponent: Ints, normalised: bool) -> Floats:
    """λ of every game of the flat batch, in one over its own unit."""
    array = np.asarray(lam, dtype=np.float64)
    if not (np.isfinite(array) & (array >= 0)).all():
        raise ValueError("λ must be finite and not negative; for λ without bound use limiting_logit")
    wanted = np.broadcast_to(array, samples).reshape(-1)
    if normalised:
        return np.asarray(wanted / _payoff_range(flat))
    with np.errstate(over="ignore"):
        return np.asarray(np.ldexp(wanted, exponent))


def _ranges(flat: Floats) -> Floats:
    """Payoff range of each player in each game."""
    profiles = tuple(range(1, flat.ndim - 1))
    return np.asarray(flat.max(axis=profiles) - flat.min(axis=profiles))


def _payoff_range(flat: Floats) -> Floats:
    """Largest payoff range of any player in each game; one where all payoffs are constant and λ has no effect."""
    widest = _ranges(flat).max(axis=0)
    return np.where(widest > 0, widest, 1.0)


def _completed(payoffs: Floats, mixed: tuple[Floats, ...]) -> tuple[tuple[Floats, ...], Floats]:
    """The equilibria that the ends of the branches point to, and each player's regret in them."""
    played = [x > LIMIT_PLAY for x in mixed]
    best = tuple(np.where(on, x, 0.0) / np.where(on, x, 0.0).sum(axis=0) for on, x in zip(played, mixed, strict=True))
    least = mixed_regrets(payoffs, best)
    hard = np.flatnonzero(least.max(axis=0) > 0.0)
    if not len(hard):
        return best, least
    payoffs, played = payoffs[..., hard], [on[:, hard] for on in played]
    solved = _indifferent(payoffs, tuple(x[:, hard] for x in best), played)
    regrets = mixed_regrets(payoffs, solved)
    better = regrets.max(axis=0) < least[:, hard].max(axis=0)
    for x, new in zip(best, solved, strict=True):
        x[:, hard[better]] = new[:, better]
    least[:, hard[better]] = regrets[:, better]
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
            for j, table in against_each(own[i], rivals, list(mixed)) if rivals else ():
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


# --- Quick, then careful -------------------------------------------------------------------------------------------


@dataclass(eq=False)
class _Branch:
    """What is found at the wanted λ (or in the limit) for a flat batch; mixed actions in the order of the game."""

    mixed: tuple[Floats, ...]
    residual: Floats
    folds: Ints
    crossings: Ints
    reached: Bools


def _follow(flat: Floats, wanted: Floats | None, paces: tuple[Pace, ...]) -> _Branch:
    """The branch of every game at the wanted λ, or its limit; games lost at one pace are walked at the next."""
    games = flat.shape[-1]
    form = Form.of(flat)
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
        for pace in paces:
            if len(chunk):
                chunk = chunk[~_follow_chunk(form, flat, wanted, chunk, pace, branch)]
    return branch


def _follow_chunk(form: Form, flat: Floats, wanted: Floats | None, chunk: Ints, pace: Pace, branch: _Branch) -> Bools:
    """Follow the games of one chunk and write what is found into the branch; says which walks reached their end."""
    whole = slice(chunk[0], chunk[-1] + 1) if len(chunk) == chunk[-1] + 1 - chunk[0] else chunk
    advantages, unit = form.advantages(flat[..., whole])
    target = np.full(len(chunk), LIMIT_LAMBDA) if wanted is None else wanted[whole] * unit
    walked = trace(form, advantages, target, pace)
    # Where λ is exactly that of a crossing the system is singular there, and the walk ends just before it.
    near = ~walked.reached & (np.abs(walked.lam - target) <= LEAP)
    reached = walked.reached | (near if wanted is not None else walked.lam >= LIMIT_ENOUGH)
    mixed = form.mixed(walked.odds)
    residual = residuals(form, advantages, walked.odds, target)
    coarse = np.flatnonzero(reached & (residual > RESIDUAL))
    if len(coarse) and wanted is not None:
        games = chunk[coarse]
        _polish(form, flat[..., games], wanted[games], walked.odds[:, coarse], coarse, mixed, residual)
    for x, found in zip(branch.mixed, form.all_players(mixed), strict=True):
        x[:, whole] = found
    branch.residual[whole], branch.reached[whole] = residual, reached
    branch.folds[whole], branch.crossings[whole] = walked.folds, walked.crossings + (near & reached)
    return reached


def _polish(
    form: Form, payoffs: Floats, lam: Floats, odds: Floats, games: Ints, mixed: list[Floats], residual: Floats
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
        found = residuals(form, advantages, odds, scaled)
        better = np.flatnonzero(found < residual[games])
        residual[games[better]] = found[better]
        for x, new, order in zip(mixed, form.mixed(odds), orders, strict=True):
            x[:, games[better]] = np.take_along_axis(new, order, axis=0)[:, better]
        system = np.empty((form.size, form.size + 2, len(lam)))
        linearise(form, advantages, np.concatenate([odds, scaled[None]]), system)
        system = np.moveaxis(system, -1, 0)
        try:
            odds = odds + np.linalg.solve(system[..., : form.size], system[..., form.size + 1 :])[..., 0].T
        except np.linalg.LinAlgError:
            return
