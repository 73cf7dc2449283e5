r"""Selection among equilibria: every rule side by side, none applied silently; any number of players.

The rules compare equilibria that are given; they find none. With :math:`\ell_i(e)` the loss of player :math:`i` by its
best deviation from :math:`e`,

* **payoff dominance** (Harsanyi and Selten 1988, ch. 3): :math:`e` dominates :math:`f` when
  :math:`u_i(e) > u_i(f)` for all :math:`i`; the rule selects the equilibrium that dominates every other,
* **risk dominance**, by pairs (section 3.9): :math:`e` dominates :math:`f` when
  :math:`\prod_i [u_i(e) - u_i(f_i, e_{-i})] > \prod_i [u_i(f) - u_i(e_i, f_{-i})]` over the players with
  :math:`e_i \ne f_i`, all factors positive. In 2x2 games with two strict equilibria this is their definition; elsewhere
  it is the same test in the game in which each player has only its two actions of the pair, which their general theory
  replaces by the tracing procedure. The rule selects the equilibrium that dominates every other; it may go in circles,
* **deviation losses**: the strict pure equilibrium with the largest :math:`\prod_i \ell_i(e)`, against all deviations
  of the game at once (in the spirit of the unilateral deviation stability of Güth 1992),
* **limiting logit** (McKelvey and Palfrey 1995): the end, given by the caller, of the principal branch of logit
  equilibria, and the listed equilibrium at which it lies,
* **basins**: the equilibrium with the largest share, given by the caller, of starting points under a dynamic (or of
  stability sets).

Both products are unchanged by positive affine changes of each player's payoffs. A rule that selects nothing says why.

References
----------
Güth, W. (1992). Equilibrium selection by unilateral deviation stability. In R. Selten (ed.), *Rational Interaction*,
Springer, 161-189.
Harsanyi, J. C. and Selten, R. (1988). *A General Theory of Equilibrium Selection in Games*. MIT Press.
McKelvey, R. D. and Palfrey, T. R. (1995). Quantal response equilibria for normal form games. *Games and Economic
Behavior* 10(1), 6-38.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from triangle.base.records import FiniteOrNone
from triangle.games.mixed import levels
from triangle.games.normal_form import Bools, Floats, NormalFormGame, allowed, losses
from triangle.games.solution import Equilibrium

#: Largest difference of a probability between the end of a logit path and the equilibrium it is said to select.
NEAR = 0.01
#: Difference of the logarithms of two products that counts as none: rounding of a handful of factors stays below.
LOG_TOLERANCE = 1e-9

Profile = tuple[int, ...]


class BasinShares(Protocol):
    """What a rule by basins needs: a share with its interval for each equilibrium, and the share that never settled."""

    @property
    def dynamic(self) -> str:
        """Name of the dynamic."""

    @property
    def shares(self) -> tuple[float, ...]:
        """Share of the starting points that lead to each equilibrium."""

    @property
    def intervals(self) -> tuple[tuple[float, float], ...]:
        """Interval of each share."""

    @property
    def unsettled(self) -> float:
        """Share of the starting points that led nowhere."""


@dataclass(frozen=True)
class Ranking:
    """What one rule says about the listed equilibria.

    Attributes
    ----------
    rule : str
    chosen : tuple of int
        Places, in the list, of what the rule selects. Several: the rule does not separate them. None: it is silent.
    scores : tuple of float or None
        What the rule compares; None where it does not apply to an equilibrium.
    measure : str
        What the scores are.
    note : str
        Why the rule is silent or does not separate, or what it left out.
    reference : str
    """

    rule: str
    chosen: tuple[int, ...]
    scores: tuple[FiniteOrNone, ...]
    measure: str
    note: str
    reference: str


@dataclass(frozen=True)
class SelectionTable:
    """Every selection rule beside every other, for one list of equilibria.

    Attributes
    ----------
    equilibria : tuple of Equilibrium
    rankings : tuple of Ranking
    """

    equilibria: tuple[Equilibrium, ...]
    rankings: tuple[Ranking, ...]

    def __getitem__(self, rule: str) -> Ranking:
        return next(ranking for ranking in self.rankings if ranking.rule == rule)

    @property
    def silent(self) -> tuple[str, ...]:
        """Rules that select nothing."""
        return tuple(ranking.rule for ranking in self.rankings if not ranking.chosen)

    @property
    def agreed(self) -> tuple[int, ...]:
        """Places that every rule that speaks selects or does not separate from its selection; empty: they disagree."""
        speaking = [set(ranking.chosen) for ranking in self.rankings if ranking.chosen]
        return tuple(sorted(set.intersection(*speaking))) if speaking else ()


def deviation_products(payoffs: Floats, tolerance: ArrayLike | None = None) -> Floats:
    r"""Product of the losses by deviating, :math:`\prod_i \ell_i(a)`, at each strict equilibrium of a batch of games.

    Parameters
    ----------
    payoffs : array, shape (n, |A_1|, ..., |A_n|, ...samples)
    tolerance : float or array, optional
        Loss, in units of payoff, that a strict equilibrium must exceed for every player: see
        :func:`~triangle.games.normal_form.allowed`.

    Returns
    -------
    array, shape (|A_1|, ..., |A_n|, ...samples)
        In units of payoff to the power of the number of players that have a choice; zero where the profile is no strict
        equilibrium.

    Examples
    --------
    >>> hunt = np.array([[[4.0, 0], [3, 3]], [[4, 3], [0, 3]]])
    >>> deviation_products(hunt).tolist()
    [[1.0, 0.0], [0.0, 9.0]]
    """
    loss, strict = _strict_losses(payoffs, tolerance)
    with np.errstate(over="ignore", under="ignore"):
        return np.where(strict, loss.prod(axis=0), 0.0)


def _strict_losses(payoffs: Floats, tolerance: ArrayLike | None) -> tuple[Floats, Bools]:
    """Losses of the players that have a choice, one for the others, and which profiles are strict equilibria."""
    loss = losses(payoffs)
    strict = np.asarray((loss > allowed(payoffs, tolerance)).all(axis=0))
    alone = np.array(payoffs.shape[1 : 1 + len(payoffs)]) == 1
    loss[alone] = 1.0
    return loss, strict


def risk_dominance(payoffs: Floats, first: Profile, second: Profile, tolerance: ArrayLike | None = None) -> Floats:
    r"""By how much one profile risk-dominates another in a batch of games: difference of the logs of the products.

    .. math:: \sum_{i:\, e_i \ne f_i} \log [u_i(e) - u_i(f_i, e_{-i})] - \log [u_i(f) - u_i(e_i, f_{-i})]

    Parameters
    ----------
    payoffs : array, shape (n, |A_1|, ..., |A_n|, ...samples)
    first, second : tuple of int
        Profiles :math:`e` and :math:`f`.

    Returns
    -------
    array, shape (...samples)
        Positive where `first` dominates, zero where neither does, without unit. NaN where one of the two is not
        strictly stable in the game between them, so that risk dominance does not compare them.

    References
    ----------
    Harsanyi and Selten (1988), section 3.9.

    Examples
    --------
    >>> hunt = np.array([[[4.0, 0], [3, 3]], [[4, 3], [0, 3]]])
    >>> round(float(np.exp(risk_dominance(hunt, (1, 1), (0, 0)))), 6)
    9.0
    """
    n = payoffs.shape[0]
    total = np.zeros(payoffs.shape[1 + n :])
    least = allowed(payoffs, tolerance)
    least = least.reshape(n, *least.shape[1 + n :])
    for player, (mine, other) in enumerate(zip(first, second, strict=True)):
        if mine != other:
            stay = _loss(payoffs, player, first, other)
            back = _loss(payoffs, player, second, mine)
            stable = (stay > least[player]) & (back > least[player])
            total = total + np.where(
                stable, np.log(np.where(stable, stay, 1.0)) - np.log(np.where(stable, back, 1.0)), np.nan
            )
    return total


def _loss(payoffs: Floats, player: int, profile: Profile, action: int) -> Floats:
    """Loss of `player` by moving from `profile` to `action`."""
    left = (*profile[:player], action, *profile[player + 1 :])
    return payoffs[(player, *profile)] - payoffs[(player, *left)]


def select(
    game: NormalFormGame,
    equilibria: Sequence[Equilibrium],
    limiting_logit: Sequence[ArrayLike] | None = None,
    basins: Sequence[BasinShares] = (),
    tolerance: ArrayLike | None = None,
) -> SelectionTable:
    """What each selection rule picks among the given equilibria of one game of any number of players.

    Parameters
    ----------
    game : NormalFormGame
    equilibria : sequence of Equilibrium
        Pure or mixed. The rules know only what is listed: where the list is incomplete, so is every selection.
    limiting_logit : sequence of arrays, one for each player, shape (|A_i|,), optional
        End of the principal logit branch; without it the rule is left out.
    basins : sequence of records with `dynamic`, `shares`, `intervals` and `unsettled`
        One rule for each; the shares are in the order of `equilibria`.
    tolerance : float or array, optional
        Difference of payoffs that counts as none: see :func:`~triangle.games.normal_form.allowed`.

    Examples
    --------
    The stag hunt: the two rules of Harsanyi and Selten point to different equilibria.

    >>> from triangle.solvers.pure import solve_pure
    >>> hunt = NormalFormGame([[[4, 0], [3, 3]], [[4, 3], [0, 3]]])
    >>> table = select(hunt, solve_pure(hunt).equilibria)
    >>> [(r.rule, [table.equilibria[k].profile for k in r.chosen]) for r in table.rankings]
    [('payoff dominance', [(0, 0)]), ('risk dominance', [(1, 1)]), ('deviation losses', [(1, 1)])]
    >>> table.agreed
    ()
    """
    if game.samples:
        raise ValueError(f"one game is judged at a time, not a batch of shape {game.samples}")
    listed = tuple(equilibria)
    rankings = [
        _by_payoff_dominance(game, listed, tolerance),
        _by_risk_dominance(game, listed, tolerance),
        _by_deviation_losses(game, listed, tolerance),
    ]
    if limiting_logit is not None:
        rankings.append(_by_limiting_logit(listed, limiting_logit))
    rankings += [_by_basins(listed, shares) for shares in basins]
    return SelectionTable(listed, tuple(rankings))


def _dominant(places: Sequence[int], dominates: Callable[[int, int], bool]) -> tuple[tuple[int, ...], list[int]]:
    """The place that dominates every other of `places`, if one does, and how many others dominate each."""
    beaten = [sum(dominates(f, e) for f in places if f != e) for e in places]
    chosen = tuple(e for e in places if all(dominates(e, f) for f in places if f != e))
    return chosen, beaten


def _by_payoff_dominance(
    game: NormalFormGame, equilibria: tuple[Equilibrium, ...], tolerance: ArrayLike | None
) -> Ranking:
    """The equilibrium in which every player is better off than in any other."""
    least = allowed(game.payoffs, tolerance).ravel()
    found = [levels(game.payoffs, [np.array(x) for x in e.probabilities]) for e in equilibria]

    def dominates(e: int, f: int) -> bool:
        (better, off), (worse, off_too) = found[e], found[f]
        return bool((better - worse > least + off + off_too).all())

    chosen, beaten = _dominant(range(len(equilibria)), dominates)
    undominated = [k for k, count in enumerate(beaten) if count == 0]
    return Ranking(
        rule="payoff dominance",
        chosen=chosen,
        scores=tuple(map(float, beaten)),
        measure="number of equilibria in which every player is better off",
        note=""
        if chosen
        else f"no equilibrium is better for all than every other; {len(undominated)} are not dominated",
        reference="Harsanyi and Selten (1988), ch. 3",
    )


def _by_risk_dominance(
    game: NormalFormGame, equilibria: tuple[Equilibrium, ...], tolerance: ArrayLike | None
) -> Ranking:
    """The pure equilibrium that risk-dominates every other pure one, pair by pair."""
    pure = {k: e.profile for k, e in enumerate(equilibria) if e.profile is not None}

    def advantage(e: int, f: int) -> float:
        return float(risk_dominance(game.payoffs, pure[e], pure[f], tolerance))

    chosen, beaten = _dominant(list(pure), lambda e, f: advantage(e, f) > LOG_TOLERANCE)
    count = dict(zip(pure, beaten, strict=True))
    notes = [_unlisted(len(equilibria) - len(pure), "mixed")]
    if pure and not chosen:
        notes.append(
            "no equilibrium risk-dominates every other: a tie, a circle, or a pair that is not strictly stable"
        )
    if len(pure) > 1 and game.actions != (2, 2):
        notes.append("by pairs, outside 2x2 a generalisation")
    return Ranking(
        rule="risk dominance",
        chosen=chosen,
        scores=tuple(float(count[k]) if k in count else None for k in range(len(equilibria))),
        measure="number of pure equilibria that risk-dominate it",
        note="; ".join(filter(None, notes)),
        reference="Harsanyi and Selten (1988), section 3.9",
    )


def _by_deviation_losses(
    game: NormalFormGame, equilibria: tuple[Equilibrium, ...], tolerance: ArrayLike | None
) -> Ranking:
    """The strict equilibrium with the largest product of losses."""
    loss, is_strict = _strict_losses(game.payoffs, tolerance)
    products = deviation_products(game.payoffs, tolerance)
    judged = {k: e.profile for k, e in enumerate(equilibria) if e.profile is not None and is_strict[e.profile]}
    scores = tuple(float(products[judged[k]]) if k in judged else None for k in range(len(equilibria)))
    # Logarithms are compared, since a product of very large or small losses is no number.
    strict = {k: float(np.log(loss[(slice(None), *profile)]).sum()) for k, profile in judged.items()}
    best = max(strict.values(), default=0.0)
    return Ranking(
        rule="deviation losses",
        chosen=tuple(k for k, score in strict.items() if score >= best - LOG_TOLERANCE),
        scores=scores,
        measure="product of the players' losses by deviating",
        note=_unlisted(len(equilibria) - len(strict), "not strict"),
        reference="Harsanyi and Selten (1988), section 3.9; Güth (1992)",
    )


def _unlisted(count: int, why: str) -> str:
    """How many equilibria a rule does not judge."""
    return f"{count} not judged ({why})" if count else ""


def _by_limiting_logit(equilibria: tuple[Equilibrium, ...], profile: Sequence[ArrayLike]) -> Ranking:
    """The equilibrium at which the principal logit branch ends."""
    end = [np.asarray(mixed, dtype=np.float64) for mixed in profile]
    distances = tuple(
        float(max(np.abs(np.array(p) - x).max() for p, x in zip(e.probabilities, end, strict=True))) for e in equilibria
    )
    nearest = min(distances, default=np.inf)
    chosen = tuple(k for k, d in enumerate(distances) if d == nearest) if nearest <= NEAR else ()
    return Ranking(
        rule="limiting logit",
        chosen=chosen,
        scores=distances,
        measure="largest difference of a probability from the end of the branch",
        note="" if chosen else f"the branch ends at no listed equilibrium; the nearest is {nearest:.3g} away",
        reference="McKelvey and Palfrey (1995)",
    )


def _by_basins(equilibria: tuple[Equilibrium, ...], basin: BasinShares) -> Ranking:
    """The equilibrium with the largest basin, and all that the draws do not separate from it."""
    if len(basin.shares) != len(equilibria):
        raise ValueError(f"{len(basin.shares)} shares of {basin.dynamic} for {len(equilibria)} equilibria")
    best = max(range(len(equilibria)), key=lambda k: basin.shares[k], default=0)
    chosen: tuple[int, ...] = ()
    if equilibria and basin.shares[best] > 0:
        chosen = tuple(k for k, (_, high) in enumerate(basin.intervals) if high >= basin.intervals[best][0])
    notes = [f"{basin.unsettled:.1%} of the starting points did not settle"] if basin.unsettled else []
    if len(chosen) > 1:
        notes.append("the draws do not separate the largest")
    if not chosen:
        notes.append("no starting point leads to a listed equilibrium")
    return Ranking(
        rule=f"basin: {basin.dynamic}",
        chosen=chosen,
        scores=tuple(basin.shares),
        measure="share of uniformly drawn starting points",
        note="; ".join(notes),
        reference="Harsanyi and Selten (1988); Taylor (1979); Gilboa and Matsui (1991)",
    )
