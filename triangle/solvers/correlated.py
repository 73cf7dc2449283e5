r"""Correlated and coarse correlated equilibria: bounds on any linear quantity, for any number of players.

A distribution :math:`\pi` over action profiles is a **correlated equilibrium** (Aumann 1974, 1987) when nobody who
is told its own part of a profile drawn from :math:`\pi` gains by playing another action instead:

.. math:: \sum_{a_{-i}} \pi(a_i, a_{-i}) \, [u_i(a_i, a_{-i}) - u_i(b, a_{-i})] \ge 0
          \qquad \text{for all } i, a_i, b ,

and a **coarse correlated equilibrium** (Hannan's set; Moulin and Vial 1978) when nobody gains by leaving before it
is told anything:

.. math:: \sum_a \pi(a) \, [u_i(a) - u_i(b, a_{-i})] \ge 0 \qquad \text{for all } i, b .

Both sets are polytopes; every Nash equilibrium is in the first, which is in the second, and neither is empty (Hart
and Schmeidler 1989). So the least and the largest value of a linear quantity :math:`\sum_a c(a) \pi(a)` over either
set are linear programmes, and they **bound the quantity over all equilibria**, Nash equilibria included, without any
choice between equilibria. The bounds need not be reached by a Nash equilibrium.

Each bound comes with a certificate that does not rest on the solver. For a minimum, any :math:`y \ge 0` gives

.. math:: \min_{0 \le \pi \le m} \sum_a \pi(a) \Bigl[ c(a) - \sum_k y_k A_k(a) \Bigr] \le \min_\pi \sum_a c(a) \pi(a) ,

:math:`A_k(a)` being the coefficients of the inequalities above and :math:`m(a)` the largest probability that any one of
them leaves a profile: next to none where the profile costs somebody a prohibitive payoff. The **gap** is the distance
between this number for the solver's multipliers and the value at the solver's distribution; the **residual** is by how
much that distribution breaks an inequality.

References
----------
Aumann, R. J. (1974). Subjectivity and correlation in randomized strategies. *Journal of Mathematical Economics*
1(1), 67-96.

Aumann, R. J. (1987). Correlated equilibrium as an expression of Bayesian rationality. *Econometrica* 55(1), 1-18.

Moulin, H. and Vial, J.-P. (1978). Strategically zero-sum games. *International Journal of Game Theory* 7, 201-221.

Hart, S. and Schmeidler, D. (1989). Existence of correlated equilibria. *Mathematics of Operations Research* 14(1),
18-25.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triangle.base.linear import USUAL, Way, least_cost
from triangle.base.simplex import MOST_EXACT, in_whole_numbers, maximum
from triangle.games.normal_form import Floats, NormalFormGame, rounding
from triangle.games.solution import Verdict

#: Ratio of the largest to a typical number from which on the largest must not be the unit of the others.
WIDE = 1e4
#: Largest broken inequality (share of that player's range) and largest gap (share of the quantity's typical distance
#: from its median, or of the bound's own) of a bound that is vouched for. HiGHS works to 1e-7; on games of these sizes
#: it ends at vertices, far below that.
TOLERANCE = 1e-7
#: Largest gain in units of the largest loss of the same deviation that HiGHS is given.
CLIP = 1e9
#: How a programme is tried, one way after the other: whether in units of its own for each profile, and how by HiGHS.
WAYS = (
    (False, USUAL),
    (True, Way(tolerance=1e-10)),
    (True, Way(tolerance=1e-10, presolve=False)),
    (True, Way(presolve=False)),
)


@dataclass(frozen=True, eq=False)
class Bounds:
    """Least and largest values of linear quantities over all (coarse) correlated equilibria of one game.

    Attributes
    ----------
    minimum, maximum : arrays, shape (quantities,)
        In the unit of each quantity; NaN where the linear programme failed.
    minimisers, maximisers : arrays, shape (quantities, |A_1|, ..., |A_n|)
        Equilibria that reach them: probabilities of the action profiles.
    residual : array, shape (2, quantities)
        Largest gain of anybody by deviating from the minimiser and from the maximiser, in units of payoff.
    gap : array, shape (2, quantities)
        How far the true minimum may lie below `minimum`, and the true maximum above `maximum`, by duality.
    coarse : bool
    verdict : str
        ``complete``, or ``undecided`` where a programme failed or a certificate is wider than :data:`TOLERANCE`;
        that is then a failure of the numerics, since equilibria always exist. It happens where a single payoff is
        1e9 times the others or more, its player can gain it by a deviation, and the programmes have more than
        :data:`~triangle.base.simplex.MOST_EXACT` numbers; smaller ones are then solved in whole numbers. The profiles
        from which it would gain so much have probabilities below 1e-9, as small as what HiGHS lets an inequality be
        broken by; yet times that payoff they are as large as all else, so that bounds hang on digits that it does not
        compute. Rows and columns in units of their own do not help: the large number and the small ones stand in the
        same row.
    """

    minimum: Floats
    maximum: Floats
    minimisers: Floats
    maximisers: Floats
    residual: Floats
    gap: Floats
    coarse: bool
    verdict: Verdict


@dataclass(frozen=True, eq=False)
class CorrelatedSolution:
    """Bounds on what can be an equilibrium of one game, whatever the rule of selection.

    Attributes
    ----------
    payoffs, coarse_payoffs : Bounds
        On the payoff of each player, over correlated and over coarse correlated equilibria.
    profiles, coarse_profiles : Bounds
        On the probability of each action profile, in the order of the profiles.
    verdict : str
        ``complete`` when all bounds are vouched for.
    advice : str
    """

    payoffs: Bounds
    profiles: Bounds
    coarse_payoffs: Bounds
    coarse_profiles: Bounds
    verdict: Verdict
    advice: str = ""


def correlated_bounds(payoffs: Floats, quantities: ArrayLike, coarse: bool = False) -> Bounds:
    r"""Minimum and maximum of linear quantities over all correlated equilibria of one game of any number of players.

    Parameters
    ----------
    payoffs : array, shape (n, |A_1|, ..., |A_n|)
        One game. Scaled inside by each player's payoff range, which leaves the equilibria as they are.
    quantities : array, shape (|A_1|, ..., |A_n|) or (quantities, |A_1|, ..., |A_n|)
        Value of each quantity at each profile: an indicator for a probability, a payoff for an expected payoff.
    coarse : bool
        Whether to take coarse correlated equilibria instead.

    Returns
    -------
    Bounds

    Raises
    ------
    ValueError
        If the payoffs or quantities are not finite or their shapes do not fit.

    Examples
    --------
    Aumann's game of chicken: a correlated equilibrium can give both together 10.5, more than any mixture of Nash
    equilibria (Aumann 1974).

    >>> chicken = np.array([[[6.0, 2], [7, 0]], [[6, 7], [2, 0]]])
    >>> together = correlated_bounds(chicken, chicken.sum(axis=0))
    >>> together.maximum.round(9).tolist(), together.maximisers[0].round(9).tolist()
    ([10.5], [[0.5, 0.25], [0.25, 0.0]])
    """
    game = NormalFormGame(payoffs)
    if game.samples:
        raise ValueError(f"bounds are of one game at a time, not of a batch of shape {game.samples}")
    values = np.asarray(quantities, dtype=np.float64)
    values = values[None] if values.ndim == game.n_players else values
    if values.shape[1:] != game.actions or not np.isfinite(values).all():
        raise ValueError(
            f"quantities of shape {values.shape} must be finite and have one number for each profile of {game.actions}"
        )
    scale = np.ptp(game.payoffs.reshape(game.n_players, -1), axis=1)
    scale = np.where(scale > 0, scale, 1.0)
    gains, owner = deviation_losses(game.payoffs / scale.reshape(-1, *[1] * game.n_players), coarse)
    unit = scale[owner]
    # Where a prohibitive payoff makes the others' differences too small for the solver, rows are measured by those.
    typical = np.array([_typical(row) for row in gains])
    measure = np.where(np.abs(gains).max(axis=1, initial=0.0) > WIDE * typical, typical, 1.0)
    wide = bool((measure != 1.0).any())
    with np.errstate(over="ignore"):
        gains, unit = gains / measure[:, None], unit * measure
    least = partial(_least, gains=gains, unit=unit, apart=wide)
    if wide and gains.size <= MOST_EXACT and np.isfinite(gains).all():
        least = partial(_least_exactly, losses=_whole_losses(game.payoffs, coarse), gains=gains, unit=unit)
    low, high = ([least(sign * quantity.ravel()) for quantity in values] for sign in (1.0, -1.0))
    minimum, minimisers, low_residual, low_gap, low_doubt = (np.array(part) for part in zip(*low, strict=True))
    maximum, maximisers, high_residual, high_gap, high_doubt = (np.array(part) for part in zip(*high, strict=True))
    residual, gap = np.stack([low_residual, high_residual]), np.stack([low_gap, high_gap])
    sure = np.maximum(low_doubt, high_doubt) <= TOLERANCE
    return Bounds(
        minimum,
        0.0 - maximum,
        minimisers.reshape(values.shape),
        maximisers.reshape(values.shape),
        residual,
        gap,
        coarse,
        "complete" if sure.all() else "undecided",
    )


def solve_correlated(game: NormalFormGame) -> CorrelatedSolution:
    """Bounds on every player's payoff and on every profile's probability, correlated and coarse, for one game.

    Examples
    --------
    >>> dilemma = NormalFormGame([[[3, 0], [5, 1]], [[3, 5], [0, 1]]])
    >>> solve_correlated(dilemma).profiles.maximum.round(9).tolist()
    [0.0, 0.0, 0.0, 1.0]
    """
    profiles = np.eye(int(np.prod(game.actions))).reshape(-1, *game.actions)
    payoffs, sure = game.payoffs, [correlated_bounds(game.payoffs, profiles, coarse) for coarse in (False, True)]
    value, coarse_value = (correlated_bounds(payoffs, payoffs, coarse) for coarse in (False, True))
    failed = [bounds for bounds in (value, sure[0], coarse_value, sure[1]) if bounds.verdict != "complete"]
    advice = "a linear programme lost precision; look at the gaps, or rescale or round the payoffs" if failed else ""
    verdict: Verdict = "undecided" if failed else "complete"
    return CorrelatedSolution(value, sure[0], coarse_value, sure[1], verdict, advice)


def deviation_losses(payoffs: Floats, coarse: bool = False) -> tuple[Floats, np.ndarray]:
    """The inequalities: coefficient of each profile's probability in what a deviation loses, and who would deviate.

    Parameters
    ----------
    payoffs : array, shape (n, |A_1|, ..., |A_n|)
    coarse : bool

    Returns
    -------
    losses : array, shape (deviations, profiles), in units of payoff
        One row for each player and pair of a told and a played action, or each player and action if coarse. A
        distribution is an equilibrium when the losses times it are not negative.
    owner : array of int, shape (deviations,)
    """
    rows, owner = [], []
    for player, own in enumerate(payoffs):
        told = np.arange(own.shape[player])
        for played in told:
            loss = own - own.take([played], axis=player)
            if coarse:
                rows.append(loss.ravel())
                owner.append(player)
                continue
            for action in told[told != played]:
                row = np.zeros_like(own)
                place = (slice(None),) * player + (action,)
                row[place] = loss[place]
                rows.append(row.ravel())
                owner.append(player)
    if not rows:
        return np.zeros((0, payoffs[0].size)), np.zeros(0, dtype=np.intp)
    return np.array(rows), np.array(owner)


def _typical(numbers: Floats) -> float:
    """Size of the numbers that are neither zero nor prohibitive: lower median of those other than zero, one if none."""
    sizes = np.sort(np.abs(numbers[numbers != 0.0]), axis=None)
    return float(sizes[(sizes.size - 1) // 2]) if sizes.size else 1.0


def _whole_losses(payoffs: Floats, coarse: bool) -> NDArray[Any]:
    """The inequalities in whole numbers, each player's in a unit of its own; what may be rounding alone is none."""
    losses, owner = deviation_losses(payoffs, coarse)
    whole, _ = deviation_losses(np.stack([in_whole_numbers(own)[0] for own in payoffs]), coarse)
    return np.where(np.abs(losses) > rounding(payoffs)[owner][:, None], whole, 0)


def _least_exactly(
    cost: Floats, losses: NDArray[Any], gains: Floats, unit: Floats
) -> tuple[float, Floats, float, float, float]:
    """What :func:`_least` gives, without rounding: nobody's gain is too small to be one."""
    whole, parts = in_whole_numbers(cost)
    # Every profile is worth something, so that the probabilities add up to one where the worth is largest.
    worth = whole.max() - whole + 1
    rows = np.vstack([-losses, np.array([[1] * cost.size], dtype=object)])
    most, point, _ = maximum(rows, np.array([0] * len(losses) + [1], dtype=object), worth)
    distribution = np.array([float(share) for share in point])
    residual = float(np.max(-(gains @ distribution) * unit, initial=0.0))
    return float((whole.max() - most + 1) / parts), distribution, residual, 0.0, 0.0


def _least(cost: Floats, gains: Floats, unit: Floats, apart: bool = False) -> tuple[float, Floats, float, float, float]:
    """One linear programme: value, distribution, largest gain by deviating, duality gap, the larger of them in shares.

    In the units given, then, where that is not vouched for, in units of its own for every row and column. Where payoffs
    lie `apart`, a gain is held against what the player told so may win and lose: it may be told so next to never.
    """
    failed = np.nan, np.full(cost.size, np.nan), np.inf, np.inf, np.inf
    if not np.isfinite(gains).all():  # one payoff is beyond the largest number in units of the others
        return failed
    middle = np.median(cost)
    width = _typical(cost - middle)
    shifted, most, best = (cost - middle) / width, _most(gains), failed
    for wide, way in WAYS:
        found = _solved(shifted, gains, most if wide else np.ones_like(most), way)
        if found is None:
            continue
        distribution, multipliers = found
        gained = -(gains @ distribution)
        value, bound = float(shifted @ distribution), _cheapest(shifted - multipliers @ gains, most)
        gap, residual = max(0.0, value - bound), float(np.max(gained * unit, initial=0.0))
        if apart:
            played_for = np.abs(gains) @ distribution
            gained = np.divide(gained, played_for, out=np.zeros_like(gained), where=played_for > 0.0)
        doubt = max(gap / max(1.0, abs(value)), float(np.max(gained, initial=0.0)))
        if doubt < best[-1]:
            best = float(cost @ distribution), distribution, residual, gap * width, doubt
        if doubt <= TOLERANCE:
            break
    return best


def _solved(cost: Floats, gains: Floats, most: Floats, way: Way) -> tuple[Floats, Floats] | None:
    """A distribution of least cost and the multipliers of the inequalities; each profile in units of `most`.

    Rows are measured by the largest loss in them. A gain beyond :data:`CLIP` times that is cut there: it is enough that
    its profile has a probability of next to nothing.
    """
    rows = gains * most
    loss, gain = (np.maximum(sign * rows, 0.0).max(axis=1, initial=0.0) for sign in (-1.0, 1.0))
    size = np.where(loss > 0.0, loss, np.where(gain > 0.0, gain, 1.0))
    found = least_cost(
        cost * most,
        -np.minimum(rows / size[:, None], CLIP),
        np.zeros(len(gains)),
        (0.0, np.inf),
        equal=(most[None], [1.0]),
        way=way,
    )
    if found is None:
        return None
    distribution = np.maximum(found.point, 0.0) * most
    multipliers = np.maximum(-found.prices, 0.0) / size
    return distribution / distribution.sum(), multipliers / np.maximum(gain / size / CLIP, 1.0)


def _most(gains: Floats) -> Floats:
    """The largest probability that each profile can have: what it loses by a deviation, the others must make good."""
    good = gains.max(axis=1, initial=0.0)[:, None]
    share = np.divide(good, good - gains, out=np.ones_like(gains), where=gains < 0.0)
    return share.min(axis=0, initial=1.0)


def _cheapest(costs: Floats, most: Floats) -> float:
    """The least expected cost of a distribution that gives no profile more than `most`."""
    order = np.argsort(costs)
    before = np.minimum(np.cumsum(most[order]) - most[order], 1.0)
    return float(costs[order] @ np.minimum(most[order], 1.0 - before))
