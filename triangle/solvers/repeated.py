r"""Repetition: how patient each player must be for a profile to be kept up for ever; any number of players.

The stage game is repeated without end, payoffs discounted by :math:`\delta` a period and actions seen by all. Under
**grim-trigger** play of profile :math:`a` all play :math:`a` until somebody deviates; then the deviator :math:`i` is
held to the punishment payoff :math:`v_i` for ever. With :math:`d_i(a) = \max_b u_i(b, a_{-i})`, the payoff of its best
deviation, player :math:`i` keeps to :math:`a` when

.. math:: \frac{u_i(a)}{1 - \delta} \ge d_i(a) + \frac{\delta\, v_i}{1 - \delta}
          \iff \delta \ge \delta^*_i(a) = \frac{d_i(a) - u_i(a)}{d_i(a) - v_i} .

:math:`\delta^*_i` is 0 where nothing is gained by deviating, provided :math:`u_i(a) \ge v_i`, and infinite where
:math:`u_i(a) \le v_i` with something to gain: then no patience suffices. The profile needs :math:`\max_i \delta^*_i`.

**Which punishment** decides what the number means.

* *Nash reversion* (Friedman 1971): :math:`v` are the payoffs of a stage equilibrium. The threat is subgame perfect, so
  :math:`\delta^*` is sufficient. With several equilibria each deviator may be sent to the one that is worst for it.
* *Minmax* (Fudenberg and Maskin 1986): :math:`v_i = \min_{\sigma_{-i}} \max_{b} u_i(b, \sigma_{-i})`. No punishment
  can be harsher, so below :math:`\delta^*` no equilibrium whatever keeps up :math:`a`: the number is necessary. To
  carry it out for ever may hurt the punishers, so it is sufficient only for Nash equilibrium, not for subgame
  perfection; the folk theorem lets patient players do as well if the feasible payoffs have full dimension or there are
  two players. The minmax is over the others' pure actions, or over their joint mixed actions, a linear programme. For
  three and more players the joint mixture is correlated, which is the harshest; independent mixing lies between.

**A promise that may not last.** Let the arrangement end after each period with probability :math:`h_i` for reasons
beyond the present decision (the next government reverses the promise), after which :math:`v_i` is received in either
case, and :math:`s_i = 1 - h_i`. Keeping to :math:`a` is worth
:math:`V = u_i + \delta [s_i V + h_i v_i / (1 - \delta)]`, so
:math:`V - v_i / (1 - \delta) = (u_i - v_i) / (1 - \delta s_i)`, while deviating is worth
:math:`d_i + \delta v_i / (1 - \delta)`. Hence the condition is as above with the **effective discount factor**
:math:`\delta s_i` in the place of :math:`\delta`:

.. math:: \delta \ge \delta^*_i(a) / s_i ,

and no :math:`\delta < 1` supports :math:`a` once :math:`s_i \le \delta^*_i(a)`.

References
----------
Friedman, J. W. (1971). A non-cooperative equilibrium for supergames. *Review of Economic Studies* 38(1), 1-12.
Fudenberg, D. and Maskin, E. (1986). The folk theorem in repeated games with discounting or with incomplete information.
*Econometrica* 54(3), 533-554.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from triangle.games.mixed import levels
from triangle.games.normal_form import ASIDE, ROUNDING, Bools, Floats, NormalFormGame, allowed
from triangle.games.solution import Equilibrium, Verdict
from triangle.solvers.zero_sum import TOO_LARGE, enclosed

#: Regret, as a share of a player's range of payoffs, up to which a profile is accepted as a stage equilibrium.
REVERSION_REGRET = 1e-6
#: How far a linear programme or a mixed equilibrium may miss the level of a punishment: share of how far payoffs
#: typically lie from their median, which a constant added to all leaves as it is.
MISSED = 1e-9 * ASIDE


def critical_discounts(
    payoffs: Floats,
    punishment: ArrayLike,
    survival: ArrayLike | None = None,
    tolerance: ArrayLike | None = None,
    off: ArrayLike = 0.0,
) -> Floats:
    r"""Critical discount factor of each player for each profile of a batch of games, :math:`\delta^*_i(a) / s_i`.

    Parameters
    ----------
    payoffs : array, shape (n, |A_1|, ..., |A_n|, ...samples)
        Per period.
    punishment : array, shape (n,) or (n, ...samples)
        Payoff per period that each player is held to after its own deviation.
    survival : array, shape (n,) or (n, ...samples), optional
        Probability :math:`s_i`, per period, that the arrangement each player counts on is still there in the next; see
        :func:`survival_of`. Default 1.
    tolerance : float or array, optional
        Difference of payoffs that counts as none: see :func:`~triangle.games.normal_form.allowed`.
    off : float or array, shape (n,), optional
        How far rounding may have the punishment off: closer to it, a payoff is not told from it.

    Returns
    -------
    array, same shape as `payoffs`, per period
        In [0, 1), or ``inf`` where no discount factor below 1 suffices. Its maximum over the players is what the
        profile needs.

    References
    ----------
    Friedman (1971); Fudenberg and Maskin (1986); see the module.

    Examples
    --------
    The prisoner's dilemma needs (5 - 3) / (5 - 1); with a reversal every other period no patience is enough.

    >>> dilemma = np.array([[[3.0, 0], [5, 1]], [[3, 5], [0, 1]]])
    >>> critical_discounts(dilemma, [1, 1])[:, 0, 0].tolist()
    [0.5, 0.5]
    >>> critical_discounts(dilemma, [1, 1], survival=[0.8, 0.5])[:, 0, 0].tolist()
    [0.625, inf]
    """
    n = payoffs.shape[0]
    worst = _along_profiles(punishment, n, "punishment")
    lasts = _along_profiles(np.ones(n) if survival is None else survival, n, "survival")
    if not ((lasts >= 0) & (lasts <= 1)).all():
        raise ValueError("survival must lie between 0 and 1: it is a probability per period")
    least = allowed(payoffs, tolerance)
    missed = MISSED * allowed(payoffs - np.median(payoffs, axis=tuple(range(1, 1 + n)), keepdims=True)) / ROUNDING
    near = np.broadcast_to(np.asarray(off, dtype=np.float64), n)
    critical = np.empty(payoffs.shape)
    for player, own in enumerate(payoffs):
        # One player at a time keeps the temporaries of a large batch small.
        gain, surplus = own.max(axis=player, keepdims=True) - own, own - worst[player]
        tempted = gain > least[player]
        punishable = tempted & (surplus > np.maximum(least[player], near[player]))
        needed = np.divide(gain, gain + surplus, out=np.zeros(own.shape), where=punishable)
        patient = punishable & (needed < lasts[player])
        content = ~tempted & (surplus >= -np.maximum(least[player], np.maximum(missed[player], near[player])))
        np.divide(needed, lasts[player], out=needed, where=patient)
        critical[player] = np.where(patient | content, needed, np.inf)
    return critical


def _along_profiles(values: ArrayLike, n_players: int, name: str) -> Floats:
    """Values of each player (and sample), with one axis for each player's actions put in between."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim == 0 or array.shape[0] != n_players:
        raise ValueError(f"{name} of shape {array.shape}: its first axis must count the {n_players} players")
    return array.reshape(array.shape[:1] + (1,) * n_players + array.shape[1:])


def survival_of(hazards: ArrayLike, shared: bool = False) -> Floats:
    r"""Probability per period that the arrangement each player counts on survives, from the hazards of reversal.

    Parameters
    ----------
    hazards : array, shape (n, ...samples)
        Probability :math:`h_i` per period that the promise of player :math:`i` is reversed. If discounting is by the
        year, so is the hazard.
    shared : bool
        False: each player's own hazard shortens its own horizon only, :math:`s_i = 1 - h_i`. True: the reversal of any
        promise ends the arrangement for all, :math:`s_i = \prod_j (1 - h_j)`, if reversals are independent.

    Examples
    --------
    >>> survival_of([0.125, 0.0, 0.0]).tolist()
    [0.875, 1.0, 1.0]
    >>> survival_of([0.125, 0.0, 0.0], shared=True).tolist()
    [0.875, 0.875, 0.875]
    """
    array = np.asarray(hazards, dtype=np.float64)
    if not ((array >= 0) & (array <= 1)).all():
        raise ValueError("hazards must lie between 0 and 1: they are probabilities per period")
    lasting = 1.0 - array
    return np.broadcast_to(lasting.prod(axis=0), lasting.shape).copy() if shared else lasting


def minmax_pure(payoffs: Floats) -> Floats:
    r"""What the others can hold each player to by pure actions, :math:`\min_{a_{-i}} \max_b u_i(b, a_{-i})`.

    Parameters
    ----------
    payoffs : array, shape (n, |A_1|, ..., |A_n|, ...samples)

    Returns
    -------
    array, shape (n, ...samples), in units of payoff
    """
    n = payoffs.shape[0]
    best = [own.max(axis=i, keepdims=True) for i, own in enumerate(payoffs)]
    return np.stack([replies.min(axis=tuple(range(n))) for replies in best])


def minmax_correlated(game: NormalFormGame) -> Floats:
    r"""What the others can hold each player to by correlated mixed actions; one game of any number of players.

    .. math:: v_i = \min_{\sigma \in \Delta(A_{-i})} \max_b \sum_{a_{-i}} \sigma(a_{-i})\, u_i(b, a_{-i})

    by linear programming (:mod:`~triangle.solvers.zero_sum`). For two players this is the minmax in mixed actions; for
    more, the others mix jointly, which holds a player to no more than independent mixing does.

    Returns
    -------
    array, shape (n,), in units of payoff
    """
    return _enclosed_minmax(game)[1]


def _enclosed_minmax(game: NormalFormGame) -> Floats:
    """Between what the minmax of each player in correlated mixed actions lies, shape (2, n)."""
    if game.samples:
        raise ValueError(f"one game is solved at a time, not a batch of shape {game.samples}")
    tables = (np.moveaxis(own, player, -1).reshape(-1, own.shape[player]) for player, own in enumerate(game.payoffs))
    return 0.0 - np.array([enclosed(-table)[::-1] for table in tables]).T


def is_full_dimensional(payoffs: Floats) -> Bools:
    """Whether the feasible payoffs of each game of a batch have as many dimensions as there are players.

    A condition of the folk theorem for three and more players (Fudenberg and Maskin 1986, theorem 2).

    Returns
    -------
    array of bool, shape (...samples)
    """
    n = payoffs.shape[0]
    points = payoffs.reshape(n, -1, *payoffs.shape[1 + n :])
    steps = np.moveaxis(points - points[:, :1], (0, 1), (-2, -1))
    # Without a common unit a player paid in cents would look like a player who is never paid.
    unit = np.abs(steps).max(axis=-1, keepdims=True)
    return np.linalg.matrix_rank(steps / np.where(unit > 0, unit, 1.0)) == n


@dataclass(frozen=True, eq=False)
class Support:
    """Which profiles are kept up for ever under one punishment, and how patient each player must be.

    Attributes
    ----------
    punishment : str
        What follows a deviation.
    means : str
        What the critical discount factor says under this punishment.
    levels : tuple of float
        Payoff per period that each player is held to.
    critical : array, shape (n, |A_1|, ..., |A_n|)
        Critical discount factor of each player; ``inf`` where none below 1 suffices.
    """

    punishment: str
    means: str
    levels: tuple[float, ...]
    critical: Floats

    @property
    def needed(self) -> Floats:
        """Discount factor, common to all players, that each profile needs, shape (|A_1|, ..., |A_n|)."""
        return self.critical.max(axis=0)

    def of(self, profile: Sequence[int]) -> tuple[float | None, ...]:
        """Critical discount factor of each player for one profile; None where no patience is enough."""
        return tuple(float(d) if np.isfinite(d) else None for d in self.critical[(slice(None), *profile)])

    def supported(self, discount: ArrayLike) -> Bools:
        """Whether each profile is kept up at the given discount factor, one for all players or one for each."""
        factors = np.broadcast_to(np.asarray(discount, dtype=np.float64), self.critical.shape[:1])
        return (self.critical <= factors.reshape(-1, *(1,) * (self.critical.ndim - 1))).all(axis=0)


@dataclass(frozen=True, eq=False)
class RepeatedSolution:
    """What repetition supports in one game: one :class:`Support` for each punishment.

    Attributes
    ----------
    supports : tuple of Support
        Nash reversion to each given equilibrium (and, if several, to the worst for each deviator), minmax in pure
        actions, minmax in correlated mixed actions.
    survival : tuple of float
        Probability per period that the arrangement each player counts on survives.
    full_dimensional : bool
        Whether the folk theorem's condition on the dimension of feasible payoffs holds. Two players do not need it.
    verdict : str
        ``undecided`` where the minmax in correlated mixed actions is only a bound from above.
    advice : str
        Which levels are bounds only; empty where there is nothing to say.
    """

    supports: tuple[Support, ...]
    survival: tuple[float, ...]
    full_dimensional: bool
    verdict: Verdict = "complete"
    advice: str = ""

    def __getitem__(self, punishment: str) -> Support:
        return next(support for support in self.supports if support.punishment == punishment)


def solve_repeated(
    game: NormalFormGame,
    reversions: Sequence[Equilibrium] = (),
    survival: ArrayLike | None = None,
    tolerance: ArrayLike | None = None,
) -> RepeatedSolution:
    """Critical discount factors of all profiles of one game under Nash reversion and both minmax punishments.

    Parameters
    ----------
    game : NormalFormGame
        The stage game, payoffs per period.
    reversions : sequence of Equilibrium
        Stage equilibria, pure or mixed, that deviators may be sent to.
    survival : array, shape (n,), optional
        See :func:`critical_discounts`.
    tolerance : float or array, optional
        Difference of payoffs that counts as none: see :func:`~triangle.games.normal_form.allowed`.

    Raises
    ------
    ValueError
        If a reversion is no equilibrium of the stage game: the threat would not be credible.

    Examples
    --------
    >>> from triangle.solvers.pure import solve_pure
    >>> dilemma = NormalFormGame([[[3, 0], [5, 1]], [[3, 5], [0, 1]]])
    >>> result = solve_repeated(dilemma, solve_pure(dilemma).equilibria, survival=survival_of([0.2, 0]))
    >>> [(s.punishment, s.of((0, 0))) for s in result.supports][0]
    ('Nash reversion to (1, 1)', (0.625, 0.5))
    """
    if game.samples:
        raise ValueError(f"one game is solved at a time, not a batch of shape {game.samples}")
    lasts = np.ones(game.n_players) if survival is None else np.asarray(survival, dtype=np.float64)
    enough = "sufficient: the threat is subgame perfect"
    threats = [(_name(e), enough, *_checked_payoffs(game, e)) for e in reversions]
    if len(threats) > 1:
        found, near = np.array([(held, off) for _, _, held, off in threats]).swapaxes(0, 1)
        worst, players = found.argmin(axis=0), np.arange(game.n_players)
        threats.append(
            ("Nash reversion to the worst for each deviator", enough, found[worst, players], near[worst, players])
        )
    least, most = _enclosed_minmax(game)
    exact = np.zeros(game.n_players)
    open_ends = int((least < most).sum())
    threats += [
        ("minmax in pure actions", "necessary if punishers do not mix", minmax_pure(game.payoffs), exact),
        ("minmax in correlated mixed actions", "necessary in every equilibrium", most, exact),
    ]
    supports = tuple(
        Support(name, means, tuple(map(float, held)), critical_discounts(game.payoffs, held, lasts, tolerance, off))
        for name, means, held, off in threats
    )
    full = bool(is_full_dimensional(game.payoffs))
    sure = RepeatedSolution(supports, tuple(map(float, lasts)), full)
    if not open_ends:
        return sure
    lower = f"{open_ends} of {len(least)} players may be held to less by correlated mixed actions than is shown"
    return replace(sure, verdict="undecided", advice=f"{lower}: {TOO_LARGE}")


def _name(equilibrium: Equilibrium) -> str:
    """How a reversion is called in the results."""
    if equilibrium.profile is not None:
        return f"Nash reversion to {equilibrium.profile}"
    return f"Nash reversion to {tuple(tuple(round(p, 4) for p in mixed) for mixed in equilibrium.probabilities)}"


def _checked_payoffs(game: NormalFormGame, equilibrium: Equilibrium) -> tuple[Floats, Floats]:
    """Payoffs of a stage equilibrium by its probabilities, and how far off; refused if somebody would leave it."""
    mixed = [np.array(p) for p in equilibrium.probabilities]
    if tuple(m.size for m in mixed) != game.actions:
        raise ValueError(f"{_name(equilibrium)}: probabilities do not fit the actions {game.actions}")
    most = allowed(game.payoffs).ravel()
    for player, own in enumerate(game.payoffs):
        gains = np.moveaxis(own, player, 0)
        for rival in reversed([m for j, m in enumerate(mixed) if j != player]):
            gains = gains @ rival
        regret = gains.max() - mixed[player] @ gains
        if regret > max(REVERSION_REGRET * np.ptp(own), most[player]):
            raise ValueError(
                f"{_name(equilibrium)} is no stage equilibrium: player {player} gains {regret:.3g} by leaving"
            )
    return levels(game.payoffs, mixed)
