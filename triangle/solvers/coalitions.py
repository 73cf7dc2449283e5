r"""Coalitions: what each group of players can secure, and how its worth may be shared; any number of players.

**Assumption, wherever these results are shown: utility is transferable.** Payoffs of different players are taken to be
in one unit, to add up, and to be handed over without loss. Multiplying one player's payoffs by a number therefore
changes every answer, unlike in the rest of the package.

The worth of a coalition :math:`S` is its security level (von Neumann and Morgenstern 1944, ch. VI; Aumann and
Peleg 1960), where :math:`u_S = \sum_{i \in S} u_i` and the complement plays to hurt it:

* **alpha**: :math:`v(S) = \max_{a_S} \min_{a_{-S}} u_S(a)`, what it can guarantee by pure actions,
* **beta**: :math:`v(S) = \min_{a_{-S}} \max_{a_S} u_S(a)`, what it cannot be kept from,
* **mixed**: the value of the zero-sum game in which both sides mix over joint actions; it lies between the two.

A complement that hurts itself in order to hurt is a pessimistic view: :math:`v(S)` is a floor, not a forecast.
:math:`v(\emptyset) = 0` and :math:`v(N) = \max_a u_N(a)`. From :math:`v` follow

* the **Shapley value** :math:`\phi_i = \sum_{S \not\ni i} \frac{|S|!\,(n-|S|-1)!}{n!} [v(S \cup i) - v(S)]`, the mean
  contribution of :math:`i` over all orders of arrival,
* the **Banzhaf value** :math:`\beta_i = 2^{1-n} \sum_{S \not\ni i} [v(S \cup i) - v(S)]` and the normalised Banzhaf
  index :math:`\beta_i / \sum_j \beta_j`,
* the **core**: :math:`x(N) = v(N)` and :math:`x(S) \ge v(S)` for all :math:`S`, so that no coalition does better by
  leaving; the **least core** value is the smallest :math:`\varepsilon` for which :math:`x(S) \ge v(S) - \varepsilon`
  has a solution. The core is empty exactly when it is positive,
* the **nucleolus**: the imputation whose excesses :math:`v(S) - x(S)`, sorted from the largest, are lexicographically
  smallest. It is one point and lies in the core if there is one (Schmeidler 1969).

Arrays of worths are ``values[coalition, ...samples]``, a coalition being the number whose bit :math:`i` is set for each
member :math:`i`: 0 is the empty one, 5 is {0, 2}, :math:`2^n - 1` is everybody.

References
----------
Aumann, R. J. and Peleg, B. (1960). Von Neumann-Morgenstern solutions to cooperative games without side payments.
*Bulletin of the American Mathematical Society* 66(3), 173-179.
Banzhaf, J. F. (1965). Weighted voting doesn't work. *Rutgers Law Review* 19(2), 317-343.
Schmeidler, D. (1969). The nucleolus of a characteristic function game. *SIAM Journal on Applied Mathematics* 17(6),
1163-1170.
Shapley, L. S. (1953). A value for n-person games. *Contributions to the Theory of Games II*, Princeton, 307-317.
von Neumann, J. and Morgenstern, O. (1944). *Theory of Games and Economic Behavior*. Princeton.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from triangle.base.linear import least_cost
from triangle.games.normal_form import Bools, Floats, NormalFormGame, typical
from triangle.games.solution import Verdict
from triangle.solvers.zero_sum import TOO_LARGE, enclosed

#: To be shown beside every result of this module.
TRANSFERABLE_UTILITY = (
    "assumes transferable utility: payoffs of different players are in one unit, add up, "
    "and can be handed over without loss"
)

#: Share of the largest gain of a coalition over its members alone that counts as none: above the rounding of a linear
#: programme on that scale, far below anything of interest.
ROUNDING = 1e-9
#: Share of a player's typical payoff from which on it is said to how much shares are good.
LOST = 1e-3
#: Smallest dual weight, as a share of a total of one, that marks a coalition whose excess cannot be lowered.
DUAL_WEIGHT = 1e-7
#: Most players for whom the extreme points of the core are sought: systems to solve grow as 27 405 for five.
MOST_PLAYERS_FOR_VERTICES = 5

Security = Literal["alpha", "beta", "mixed"]


def members(coalition: int) -> tuple[int, ...]:
    """The players of a coalition given as a number.

    Examples
    --------
    >>> members(5)
    (0, 2)
    """
    return tuple(i for i in range(coalition.bit_length()) if coalition >> i & 1)


def _membership(n_players: int) -> Floats:
    """Row for each coalition, one where a player is in it, shape (2**n, n)."""
    return ((np.arange(2**n_players)[:, None] >> np.arange(n_players)) & 1).astype(np.float64)


def _players_of(values: Floats) -> int:
    """Number of players of an array of worths, checked."""
    n = values.shape[0].bit_length() - 1 if values.ndim else 0
    if n < 1 or values.shape[0] != 2**n:
        raise ValueError(f"worths of shape {values.shape}: the first axis must count the 2**n coalitions")
    if np.any(values[0]):
        raise ValueError("the empty coalition must be worth 0")
    return n


def _one(values: ArrayLike) -> tuple[Floats, int]:
    """Worths of a single game, and its number of players."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1:
        raise ValueError(f"one game is solved at a time, not worths of shape {array.shape}")
    return array, _players_of(array)


def characteristic_function(payoffs: Floats, security: Literal["alpha", "beta"] = "alpha") -> Floats:
    """Worth of every coalition by pure actions, for a batch of games of any number of players.

    Assumes transferable utility (see the module).

    Parameters
    ----------
    payoffs : array, shape (n, |A_1|, ..., |A_n|, ...samples)
        In one unit for all players.
    security : str
        ``alpha``: what the coalition can guarantee; ``beta``: what it cannot be kept from.

    Returns
    -------
    array, shape (2**n, ...samples), in the unit of the payoffs

    References
    ----------
    von Neumann and Morgenstern (1944); Aumann and Peleg (1960).

    Examples
    --------
    >>> dilemma = np.array([[[3.0, 0], [5, 1]], [[3, 5], [0, 1]]])
    >>> characteristic_function(dilemma).tolist()
    [0.0, 1.0, 1.0, 6.0]
    """
    if security not in ("alpha", "beta"):
        raise ValueError(f"unknown security level {security!r} of pure actions; one of alpha, beta")
    n = payoffs.shape[0]
    worth = np.zeros((2**n, *payoffs.shape[1 + n :]))
    for coalition in range(1, 2**n):
        inside = members(coalition)
        outside = tuple(i for i in range(n) if i not in inside)
        total = payoffs[list(inside)].sum(axis=0)
        if security == "alpha":
            level = total.min(axis=outside, keepdims=True).max(axis=inside, keepdims=True)
        else:
            level = total.max(axis=inside, keepdims=True).min(axis=outside, keepdims=True)
        worth[coalition] = level.reshape(worth.shape[1:])
    return worth


def characteristic_function_mixed(game: NormalFormGame) -> Floats:
    """Worth of every coalition when both sides mix over joint actions; one game of any number of players.

    One linear programme for each coalition. Assumes transferable utility (see the module).

    Returns
    -------
    array, shape (2**n,), in the unit of the payoffs

    References
    ----------
    von Neumann and Morgenstern (1944), ch. VI.
    """
    return _enclosed_worths(game)[0]


def _enclosed_worths(game: NormalFormGame) -> Floats:
    """Between what the worths of coalitions in mixed actions lie, shape (2, 2**n)."""
    if game.samples:
        raise ValueError(f"one game is solved at a time, not a batch of shape {game.samples}")
    n = game.n_players
    worth = np.zeros((2, 2**n))
    for coalition in range(1, 2**n):
        inside = members(coalition)
        total = np.moveaxis(game.payoffs[list(inside)].sum(axis=0), inside, range(len(inside)))
        rows = math.prod(game.actions[i] for i in inside)
        worth[:, coalition] = enclosed(total.reshape(rows, -1))
    return worth


def _contributions(values: Floats) -> Floats:
    """What each player adds to each coalition, v(S with i) - v(S without i), shape (n, 2**n, ...samples)."""
    n = _players_of(values)
    numbers = np.arange(2**n)
    return np.stack([values[numbers | 1 << i] - values[numbers & ~(1 << i)] for i in range(n)])


def shapley_value(values: Floats) -> Floats:
    r"""Shapley value of a batch of games with transferable utility.

    .. math:: \phi_i = \sum_{S \not\ni i} \frac{|S|!\,(n-|S|-1)!}{n!} [v(S \cup i) - v(S)]

    Parameters
    ----------
    values : array, shape (2**n, ...samples)

    Returns
    -------
    array, shape (n, ...samples); sums to v(N)

    References
    ----------
    Shapley (1953).

    Examples
    --------
    The glove market: one left glove (player 0) and two right ones.

    >>> glove = np.array([0.0, 0, 0, 1, 0, 1, 0, 1])
    >>> shapley_value(glove).round(4).tolist()
    [0.6667, 0.1667, 0.1667]
    """
    n = _players_of(values)
    weights = [math.factorial(s) * math.factorial(n - s - 1) / math.factorial(n) for s in range(n)]
    return _weighted(values, np.array(weights))


def banzhaf_value(values: Floats, normalised: bool = False) -> Floats:
    r"""Banzhaf value of a batch of games with transferable utility, absolute or normalised to sum to one.

    .. math:: \beta_i = 2^{1-n} \sum_{S \not\ni i} [v(S \cup i) - v(S)]

    Parameters
    ----------
    values : array, shape (2**n, ...samples)
    normalised : bool
        True: the index :math:`\beta_i / \sum_j \beta_j`, NaN where that sum is zero. Meant for games in which nobody
        does harm; negative contributions make shares of a total that says little.

    Returns
    -------
    array, shape (n, ...samples)

    References
    ----------
    Banzhaf (1965); Dubey, P. and Shapley, L. S. (1979), *Mathematics of Operations Research* 4(2), 99-131.
    """
    n = _players_of(values)
    absolute = _weighted(values, np.full(n, 0.5 ** (n - 1)))
    if not normalised:
        return absolute
    total = absolute.sum(axis=0)
    return np.where(total == 0, np.nan, absolute / np.where(total == 0, 1.0, total))


def _weighted(values: Floats, weights: Floats) -> Floats:
    """Sum of each player's contributions to the coalitions without it, weighted by the coalitions' sizes."""
    sizes = _membership(_players_of(values)).sum(axis=1).astype(int)
    numbers = np.arange(values.shape[0])
    sums = []
    for player, own in enumerate(_contributions(values)):
        without = numbers[numbers >> player & 1 == 0]
        sums.append(np.tensordot(weights[sizes[without]], own[without], axes=(0, 0)))
    return np.stack(sums)


def pivotal_in(values: Floats, rounding: float = ROUNDING) -> Bools:
    r"""Whether each coalition of two or more loses more by a member's leaving than that member is worth alone.

    .. math:: i \in S, \quad v(S) - v(S \setminus i) > v(\{i\})

    In a simple game in which nobody wins alone these are the swings that the Banzhaf index counts.

    Parameters
    ----------
    values : array, shape (2**n, ...samples)
    rounding : float
        Difference that counts as none, as a share of the largest gain of a coalition over its members alone.

    Returns
    -------
    array of bool, shape (n, 2**n, ...samples)
    """
    n = _players_of(values)
    alone = np.stack([values[1 << i] for i in range(n)])
    joined = _membership(n)
    gains = values - np.tensordot(joined, alone, axes=(1, 0))
    least = rounding * np.abs(gains).max(axis=0)
    inside = (joined.T > 0) & (joined.sum(axis=1) > 1)
    inside = inside.reshape(inside.shape + (1,) * (values.ndim - 1))
    return inside & (_contributions(values) > alone[:, None] + least)


def _zero_normalised(values: Floats, n: int) -> tuple[Floats, Floats, float]:
    """Gains of coalitions over their members alone, in units of the largest; the worths alone; and that unit."""
    alone = values[1 << np.arange(n)]
    gains = values - _membership(n) @ alone
    unit = float(np.abs(gains).max())
    # Worths of a million and gains of a rounding error are a game without gains.
    if unit <= 1e-14 * np.abs(values).max():
        return np.zeros_like(gains), alone, 1.0
    return gains / unit, alone, unit


def least_core(values: ArrayLike) -> float:
    r"""Least core value of one game with transferable utility: smallest :math:`\varepsilon` with a solution of
    :math:`x(N) = v(N)`, :math:`x(S) \ge v(S) - \varepsilon` for all other non-empty :math:`S`.

    Positive: the core is empty, and each coalition would have to give up as much to stay. Negative: the core has room.
    Minus infinity for a single player.

    Parameters
    ----------
    values : array, shape (2**n,)

    References
    ----------
    Maschler, M., Peleg, B. and Shapley, L. S. (1979). Geometric properties of the kernel, nucleolus, and related
    solution concepts. *Mathematics of Operations Research* 4(4), 303-338.

    Examples
    --------
    Three players of whom any two win: a third too much is claimed.

    >>> round(least_core([0, 0, 0, 1, 0, 1, 1, 1]), 6)
    0.333333
    """
    array, n = _one(values)
    if n == 1:
        return -math.inf
    gains, _, unit = _zero_normalised(array, n)
    proper = np.arange(1, 2**n - 1)
    rows = _membership(n)
    epsilon, _ = _lower_excesses(rows[proper], gains[proper], np.ones((1, n)), gains[-1:], bounded=False)
    return epsilon * unit


def least_core_of_three(values: Floats) -> Floats:
    r"""Least core value of a batch of games of three players, in closed form.

    The largest of what the balanced families of coalitions claim too much (Bondareva 1963, Shapley 1967), spread over
    their members: with :math:`v_{ij}` the worth of a pair,
    :math:`(v_1 + v_2 + v_3 - v_N)/3`, :math:`(v_{ij} + v_k - v_N)/2`,
    :math:`(\tfrac12 (v_{12} + v_{13} + v_{23}) - v_N)/\tfrac32`.

    Parameters
    ----------
    values : array, shape (8, ...samples)

    Returns
    -------
    array, shape (...samples); the core is empty where positive
    """
    if _players_of(values) != 3:
        raise ValueError(f"worths of shape {values.shape} are not of three players")
    singles, pairs, everybody = values[[1, 2, 4]], values[[6, 5, 3]], values[7]
    claims = [
        (singles.sum(axis=0) - everybody) / 3,
        *((singles + pairs - everybody) / 2),
        (pairs.sum(axis=0) / 2 - everybody) / 1.5,
    ]
    return np.max(claims, axis=0)


def _lower_excesses(rows: Floats, gains: Floats, fixed: Floats, levels: Floats, bounded: bool) -> tuple[float, Bools]:
    """Smallest possible largest excess of the coalitions in `rows`, and which of them carry weight in its proof.

    The shares meet ``fixed @ x = levels``; `bounded`: nobody gets less than alone.
    """
    n = rows.shape[1]
    found = least_cost(
        np.append(np.zeros(n), 1.0),
        np.hstack([-rows, -np.ones((len(rows), 1))]),
        -gains,
        (np.append(np.full(n, 0.0 if bounded else -np.inf), -np.inf), np.inf),
        equal=(np.hstack([fixed, np.zeros((len(fixed), 1))]), levels),
    )
    if found is None:
        raise RuntimeError("the linear programme for the excesses failed")
    return found.cost, -found.prices > DUAL_WEIGHT


def nucleolus(values: ArrayLike) -> Floats:
    """Nucleolus of one game with transferable utility, by a sequence of linear programmes.

    Each programme lowers the largest excess that is still free; the coalitions that carry weight in its dual cannot be
    lowered further and are fixed. Each round fixes at least one direction, so there are fewer rounds than players.

    Parameters
    ----------
    values : array, shape (2**n,)

    Returns
    -------
    array, shape (n,); sums to v(N)

    Raises
    ------
    ValueError
        If the players are together worth less than apart: then there is no imputation.

    References
    ----------
    Schmeidler (1969); Maschler, Peleg and Shapley (1979).

    Examples
    --------
    The bankruptcy of the Talmud, claims of 100, 200 and 300 on an estate of 200 (Aumann and Maschler 1985).

    >>> nucleolus([0, 0, 0, 0, 0, 0, 100, 200]).round(6).tolist()
    [50.0, 75.0, 75.0]
    """
    array, n = _one(values)
    gains, alone, unit = _zero_normalised(array, n)
    if gains[-1] < -ROUNDING:
        raise ValueError("everybody together is worth less than each alone: no imputation, so no nucleolus")
    rows = _membership(n)
    fixed, levels = np.ones((1, n)), np.maximum(gains[-1:], 0.0)
    free = np.arange(1, 2**n - 1)
    while len(fixed) < n:
        free = free[[np.linalg.matrix_rank(np.vstack([fixed, rows[s]])) > len(fixed) for s in free]]
        epsilon, binding = _lower_excesses(rows[free], gains[free], fixed, levels, bounded=True)
        for coalition in free[binding]:
            longer = np.vstack([fixed, rows[coalition]])
            if np.linalg.matrix_rank(longer) == len(longer):
                fixed, levels = longer, np.append(levels, gains[coalition] - epsilon)
    return np.linalg.solve(fixed, levels) * unit + alone


def core_vertices(values: ArrayLike) -> Floats:
    """Extreme points of the core of one game with transferable utility of up to five players.

    Every system of n - 1 coalitions at their worth, and everybody at theirs, is solved and tested.

    Parameters
    ----------
    values : array, shape (2**n,)

    Returns
    -------
    array, shape (points, n), in lexicographic order; no points where the core is empty

    Examples
    --------
    >>> core_vertices([0, 0, 0, 1, 0, 1, 0, 1]).tolist()
    [[1.0, 0.0, 0.0]]
    """
    array, n = _one(values)
    if n > MOST_PLAYERS_FOR_VERTICES:
        raise ValueError(f"extreme points are sought for at most {MOST_PLAYERS_FOR_VERTICES} players, not {n}")
    gains, alone, unit = _zero_normalised(array, n)
    rows = _membership(n)
    chosen = np.array(list(itertools.combinations(range(1, 2**n - 1), n - 1)), dtype=int)
    chosen = np.hstack([chosen, np.full((len(chosen), 1), 2**n - 1)])
    # Determinants of 0-1 matrices are whole numbers.
    chosen = chosen[np.abs(np.linalg.det(rows[chosen])) > 0.5]
    points = np.linalg.solve(rows[chosen], gains[chosen][..., None])[..., 0]
    stable = (points @ rows.T >= gains - ROUNDING).all(axis=1)
    # Adding zero turns minus zero into zero, which would otherwise be listed twice.
    _, first = np.unique(points[stable].round(9) + 0.0, axis=0, return_index=True)
    return points[stable][first] * unit + alone


@dataclass(frozen=True, eq=False)
class CoalitionSolution:
    """What coalitions can secure in one game and how their worth may be shared; assumes transferable utility.

    Attributes
    ----------
    assumption : str
        To be shown with every number here.
    security : str
        How the worth was found: ``alpha``, ``beta`` or ``mixed``.
    worth : dict
        From each non-empty coalition, as a tuple of players, to its worth.
    shapley, banzhaf, banzhaf_index : tuple of float
        One for each player.
    least_core : float
        The core is empty where positive (beyond rounding).
    core_empty : bool
    core_vertices : array, shape (points, n), or None
        None for more players than :func:`core_vertices` takes.
    nucleolus : tuple of float, or None
        None where everybody together is worth less than each alone (possible for ``beta`` only).
    pivotal : dict
        From each player to the coalitions that lose more by its leaving than it is worth alone.
    verdict : str
        ``undecided`` where the worth of a coalition is only a bound from below, and with it all that rests on it.
    advice : str
        What of these numbers is not exact, and to how much they are good; empty where there is nothing to say.
    """

    assumption: str
    security: Security
    worth: dict[tuple[int, ...], float]
    shapley: tuple[float, ...]
    banzhaf: tuple[float, ...]
    banzhaf_index: tuple[float, ...]
    least_core: float
    core_empty: bool
    core_vertices: Floats | None
    nucleolus: tuple[float, ...] | None
    pivotal: dict[int, tuple[tuple[int, ...], ...]]
    verdict: Verdict = "complete"
    advice: str = ""


def solve_coalitions(game: NormalFormGame, security: Security = "alpha") -> CoalitionSolution:
    """Worth of every coalition of one game, its values, core, nucleolus and pivotal players.

    Assumes transferable utility (see the module).

    Parameters
    ----------
    game : NormalFormGame
        Payoffs in one unit for all players.
    security : str
        ``alpha`` or ``beta`` in pure actions, or ``mixed``.

    Examples
    --------
    >>> dilemma = NormalFormGame([[[3, 0], [5, 1]], [[3, 5], [0, 1]]])
    >>> result = solve_coalitions(dilemma)
    >>> result.worth, result.shapley, result.core_empty
    ({(0,): 1.0, (1,): 1.0, (0, 1): 6.0}, (3.0, 3.0), False)
    >>> result.core_vertices.tolist()
    [[1.0, 5.0], [5.0, 1.0]]
    """
    if game.samples:
        raise ValueError(f"one game is solved at a time, not a batch of shape {game.samples}")
    sure = _sure_payoffs(game.payoffs)
    rest = game.payoffs - sure.reshape(-1, *(1,) * game.n_players)
    values, most = (
        _enclosed_worths(NormalFormGame(rest)) if security == "mixed" else [characteristic_function(rest, security)] * 2
    )
    n = game.n_players
    worth = values + _membership(n) @ sure
    gains, _, unit = _zero_normalised(values, n)
    excess = least_core(values)
    pivots = pivotal_in(values)
    return CoalitionSolution(
        assumption=TRANSFERABLE_UTILITY,
        security=security,
        worth={members(s): float(worth[s]) for s in range(1, 2**n)},
        shapley=tuple(map(float, shapley_value(values) + sure)),
        banzhaf=tuple(map(float, banzhaf_value(values) + sure)),
        banzhaf_index=tuple(map(float, banzhaf_value(worth, normalised=True))),
        least_core=excess,
        core_empty=bool(excess > ROUNDING * unit),
        core_vertices=core_vertices(values) + sure if n <= MOST_PLAYERS_FOR_VERTICES else None,
        nucleolus=tuple(map(float, nucleolus(values) + sure)) if gains[-1] >= -ROUNDING else None,
        pivotal={i: tuple(members(int(s)) for s in np.flatnonzero(pivots[i])) for i in range(n)},
        verdict="undecided" if (most > values).any() else "complete",
        advice=_advice(rest, values, most, unit),
    )


def _advice(payoffs: Floats, values: Floats, most: Floats, unit: float) -> str:
    """Which worths are bounds, and to how much shares are good where those of small payoffs lose digits."""
    words = []
    if open_ends := int((most > values).sum()):
        words.append(f"{open_ends} of {len(values) - 1} coalitions may be worth more than is shown: {TOO_LARGE}")
    usual = typical(payoffs)
    good = max(ROUNDING * unit, float(np.spacing(np.abs(values).max())))
    if (usual > 0.0).any() and good > LOST * usual[usual > 0.0].min():
        words.append(
            f"shares are good to about {good:.1g}: a coalition is worth {unit:.3g} more than its members alone, beside "
            "which smaller payoffs lose digits"
        )
    return "; ".join(words)


def _sure_payoffs(payoffs: Floats) -> Floats:
    """What each player gets whatever is played; 0 where that depends.

    It is shared last: among what others play for it may be so large that sums would lose their digits.
    """
    flat = payoffs.reshape(len(payoffs), -1)
    return np.where(np.ptp(flat, axis=1) == 0.0, flat[:, 0], 0.0)
