r"""Mixed profiles of a game: expected payoffs, regret, the indifference system and the index of an equilibrium.

A mixed action of player :math:`i` is a probability vector :math:`x_i` over its actions; its **support** is the set of
actions of positive probability. With :math:`v_i(a) = \mathbb{E}\,u_i(a, x_{-i})` the payoff of the pure action
:math:`a` against the others' mixed actions,

* the **regret** of player :math:`i` is :math:`\max_a v_i(a) - \sum_a x_i(a) v_i(a)`; a profile in which nobody has
  any is an equilibrium (Nash 1951); where each action that is played is a best reply by itself, it is **well
  supported** (Daskalakis, Goldberg and Papadimitriou 2009),
* a profile is a **quasi-strict** equilibrium when every best reply is in the support (Harsanyi 1973), and **strict**
  when moreover each support has one action,
* the **indifference system** of supports :math:`S_i = \{s_{i0}, s_{i1}, \dots\}` is
  :math:`f_{im} = v_i(s_{im}) - v_i(s_{i0}) = 0` in the unknowns :math:`x_i(s_{im})`, :math:`m \ge 1`. An equilibrium
  is **regular** when it is quasi-strict and the Jacobian :math:`J` of that system is not singular; it is then
  isolated, and its **index** is :math:`\operatorname{sign}\det(-J)`. A strict equilibrium has index +1, and where all
  equilibria are regular their indices add to +1, so that their number is odd (Wilson 1971; Harsanyi 1973;
  Ritzberger 1994).

Probabilities are given as one array a player, shape ``(|A_i|, ...samples)``, over the payoffs' own sample axes.

References
----------
Daskalakis, C., Goldberg, P. W. and Papadimitriou, C. H. (2009). The complexity of computing a Nash equilibrium. *SIAM
Journal on Computing* 39(1), 195-259.
Harsanyi, J. C. (1973). Oddness of the number of equilibrium points: a new proof. *International Journal of Game
Theory* 2, 235-250.
Ritzberger, K. (1994). The theory of normal form games from the differentiable viewpoint. *International Journal of
Game Theory* 23, 207-236.
Wilson, R. (1971). Computing equilibria of n-person games. *SIAM Journal on Applied Mathematics* 21(1), 80-87.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triangle.games.normal_form import ROUNDING, Bools, Floats, NormalFormGame, allowed, losses
from triangle.games.solution import Equilibrium

#: Excess regret up to which a profile found by approximate means is an equilibrium: share of the spread of payoffs.
SOUND = 1e-6


def deviation_payoffs(payoffs: Floats, probabilities: Sequence[Floats]) -> tuple[Floats, ...]:
    r"""Payoff of each pure action against the others' mixed actions, :math:`v_i(a)`.

    Parameters
    ----------
    payoffs : array, shape (n, |A_1|, ..., |A_n|, ...samples)
    probabilities : one array a player, shape (|A_i|, ...samples)

    Returns
    -------
    tuple of arrays
        One for each player, shape (|A_i|, ...samples), in units of payoff.

    Examples
    --------
    >>> pennies = np.array([[[1., -1.], [-1., 1.]], [[-1., 1.], [1., -1.]]])
    >>> [v.tolist() for v in deviation_payoffs(pennies, (np.array([1., 0.]), np.array([.5, .5])))]
    [[0.0, 0.0], [-1.0, 1.0]]
    """
    return tuple(_averaged(own, probabilities, (player,)) for player, own in enumerate(payoffs))


def expected_payoffs(payoffs: Floats, probabilities: Sequence[Floats]) -> Floats:
    """Expected payoff of each player, shape (n, ...samples), in units of payoff."""
    values = deviation_payoffs(payoffs, probabilities)
    return np.stack([(x * v).sum(axis=0) for x, v in zip(probabilities, values, strict=True)])


def mixed_regrets(payoffs: Floats, probabilities: Sequence[Floats]) -> Floats:
    """Regret of each player at a mixed profile, shape (n, ...samples), in units of payoff, never negative.

    Examples
    --------
    >>> pennies = np.array([[[1., -1.], [-1., 1.]], [[-1., 1.], [1., -1.]]])
    >>> mixed_regrets(pennies, (np.array([1., 0.]), np.array([.5, .5]))).tolist()
    [0.0, 1.0]
    """
    short = zip(probabilities, shortfalls(payoffs, probabilities), strict=True)
    return np.stack([(x * np.where(x > 0.0, gap, 0.0)).sum(axis=0) for x, gap in short])


def shortfalls(payoffs: Floats, probabilities: Sequence[Floats]) -> list[Floats]:
    """How much worse each action of a player is than its best against the others' mixed actions, shape (|A_i|, ...).

    A regret is their mean, so that no rounding comes in where actions tie.
    """
    with np.errstate(over="ignore"):  # a shortfall beyond the largest number is infinite
        return [v.max(axis=0) - v for v in deviation_payoffs(payoffs, probabilities)]


def spreads(payoffs: Floats, probabilities: Sequence[Floats]) -> Floats:
    r"""How far each player's payoffs lie apart where play can lead: what a regret at a mixed profile is measured by.

    .. math:: \max_b \sum_{a_{-i}} x_{-i}(a_{-i}) \, \lvert u_i(b, a_{-i}) - v_i \rvert

    with :math:`v_i` the player's expected payoff. Payoffs that the others' play excludes have no say in it, and those
    that it makes unlikely have little.

    Returns
    -------
    array, shape (n, ...samples), in units of payoff
    """
    return np.stack([spread.max(axis=0) for spread in _spreads_of_actions(payoffs, probabilities)])


def _spreads_of_actions(payoffs: Floats, probabilities: Sequence[Floats]) -> tuple[Floats, ...]:
    """How far each action's payoffs lie from what its player expects, shape (|A_i|, ...samples) for each player."""
    n = payoffs.shape[0]
    expected = expected_payoffs(payoffs, probabilities)
    apart = np.abs(payoffs - expected.reshape(n, *(1,) * n, *payoffs.shape[1 + n :]))
    return deviation_payoffs(apart, probabilities)


def excess_regrets(payoffs: Floats, probabilities: Sequence[Floats]) -> Floats:
    """Regret of each player beyond what rounding makes, in shares of its spread at the profile, shape (n, ...samples).

    Zero where nobody gains. A pure profile that is no equilibrium has an excess of up to 1, however little is gained.

    Examples
    --------
    >>> prohibitive = np.array([[[3.0, 0.0], [5.0, -1e11]], [[3.0, 5.0], [0.0, -1e11]]])
    >>> excess_regrets(prohibitive, (np.array([1.0, 0.0]), np.array([1.0, 0.0]))).tolist()
    [1.0, 1.0]
    """
    scaled = _bounded(payoffs)
    gains = mixed_regrets(scaled, probabilities)
    gains = np.where(gains > allowed(scaled).reshape(gains.shape), gains, 0.0)
    spread = spreads(scaled, probabilities)
    return np.divide(gains, spread, out=np.zeros_like(gains), where=spread > 0.0)


def _bounded(payoffs: Floats) -> Floats:
    """Payoffs in units in which no sum overflows; a power of two changes no digit."""
    _, power = np.frexp(np.abs(payoffs).max(axis=tuple(range(1, len(payoffs) + 1)), keepdims=True))
    return np.ldexp(payoffs, 8 - power)


def is_well_supported(payoffs: Floats, probabilities: Sequence[Floats], share: float | Floats = SOUND) -> Bools:
    """Whether each action that is played is a best reply by itself, however rarely it is played, shape (...samples).

    Parameters
    ----------
    payoffs : array, shape (n, |A_1|, ..., |A_n|, ...samples)
    probabilities : one array a player, shape (|A_i|, ...samples)
    share : float or array, shape (...samples)
        Largest shortfall at a mixed profile, whose probabilities are rounded, as a share of the spread of the action
        itself or of one that is played; a pure profile is judged without.
    """
    ties = _ties(payoffs, probabilities, share)
    return np.all([(tie | (x == 0.0)).all(axis=0) for x, tie in zip(probabilities, ties, strict=True)], axis=0)


def has_tie(payoffs: Floats, probabilities: Sequence[Floats], share: float | Floats = SOUND) -> Bools:
    """Whether somebody has an unplayed action as good as the best, shape (...samples).

    Judged as by :func:`is_well_supported`.
    """
    ties = _ties(payoffs, probabilities, share)
    return np.any([(tie & (x == 0.0)).any(axis=0) for x, tie in zip(probabilities, ties, strict=True)], axis=0)


def _ties(payoffs: Floats, probabilities: Sequence[Floats], share: float | Floats) -> list[Bools]:
    """Which actions of each player are as good as its best one, shape (|A_i|, ...samples).

    Each is measured by its own spread and by those that are played: one that nobody plays may face whatever is feared.
    """
    scaled = _bounded(payoffs)
    slack = np.where(all_pure(probabilities), 0.0, share)
    least = allowed(scaled).reshape(len(scaled), *scaled.shape[1 + len(scaled) :])
    ties = []
    each = zip(
        probabilities, shortfalls(scaled, probabilities), _spreads_of_actions(scaled, probabilities), least, strict=True
    )
    for x, short, spread, most in each:
        of_played = np.where(x > 0.0, spread, 0.0).max(axis=0)
        ties.append(short <= np.maximum(slack * np.maximum(spread, of_played), most))
    return ties


def all_pure(probabilities: Sequence[Floats]) -> Bools:
    """Whether nobody mixes, shape (...samples)."""
    return np.all([np.count_nonzero(x, axis=0) == 1 for x in probabilities], axis=0)


def levels(payoffs: Floats, probabilities: Sequence[Floats]) -> tuple[Floats, Floats]:
    """What each player gets at an equilibrium of one game, and how far rounding of the probabilities may be off there.

    All actions that a player plays get the same. It is read off the one against which the others' play leads to the
    nearest payoffs, so that a prohibitive payoff of another one costs no digits.

    Returns
    -------
    arrays, shape (n,), in units of payoff

    Examples
    --------
    >>> pennies = np.array([[[1.0, -1e15], [0.0, 1.0]], [[-1.0, 1.0], [1.0, -1.0]]])
    >>> [part.round(12).tolist() for part in levels(pennies, ([0.5, 0.5], [1.0 - 1e-15, 1e-15]))]
    [[0.0, 0.0], [0.0, 0.0]]
    """
    found, off = np.empty(len(payoffs)), np.empty(len(payoffs))
    played = [np.flatnonzero(x) for x in probabilities]
    inside = restricted(payoffs, played)
    mixed = [np.asarray(x, dtype=np.float64)[kept] for x, kept in zip(probabilities, played, strict=True)]
    for player, (own, values) in enumerate(zip(inside, deviation_payoffs(inside, mixed), strict=True)):
        rows = np.moveaxis(own, player, 0).reshape(len(values), -1)
        width = np.ptp(rows, axis=1)
        nearest = int(np.argmin(width))
        found[player], off[player] = values[nearest], ROUNDING * width[nearest]
    return found, off


def is_equilibrium(payoffs: Floats, probabilities: Sequence[Floats], share: float = SOUND) -> Bools:
    """Whether mixed profiles are equilibria, shape (...samples), each judged by the deviations from it.

    Parameters
    ----------
    payoffs : array, shape (n, |A_1|, ..., |A_n|, ...samples)
    probabilities : one array a player, shape (|A_i|, ...samples)
    share : float
        Largest excess regret (see :func:`excess_regrets`) of a mixed profile, whose probabilities are rounded. A pure
        profile is judged without: what rounding cannot make is a gain.
    """
    excess = excess_regrets(payoffs, probabilities).max(axis=0)
    return np.asarray(excess <= np.where(all_pure(probabilities), 0.0, share))


def indifference_residuals(payoffs: Floats, probabilities: Sequence[Floats]) -> Floats:
    r"""How far each action's payoff is from that of the player's first, :math:`v_i(a_m) - v_i(a_0)`, all stacked.

    Returns
    -------
    array, shape (sum of |A_i| - 1, ...samples), in units of payoff.
    """
    return np.concatenate([v[1:] - v[:1] for v in deviation_payoffs(payoffs, probabilities)])


def indifference_jacobian(payoffs: Floats, probabilities: Sequence[Floats]) -> Floats:
    r"""Jacobian :math:`J` of the indifference system in which every action is in the support.

    The unknowns are the probabilities of all but the first action of each player, that of the first being what is
    left to one.

    Returns
    -------
    array, shape (N, N, ...samples) with N the sum of |A_i| - 1, in units of payoff.
    """
    n = payoffs.shape[0]
    starts = np.cumsum([0] + [payoffs.shape[1 + i] - 1 for i in range(n)])
    result = np.zeros((starts[-1], starts[-1], *payoffs.shape[1 + n :]))
    for player, own in enumerate(payoffs):
        for rival in range(n):
            if rival == player:
                continue
            both = _averaged(own, probabilities, (player, rival))
            if rival < player:
                both = np.swapaxes(both, 0, 1)
            change = both[1:] - both[:1]
            block = slice(starts[player], starts[player + 1]), slice(starts[rival], starts[rival + 1])
            result[block] = change[:, 1:] - change[:, :1]
    return result


def restricted(payoffs: Floats, actions: Sequence[ArrayLike]) -> Floats:
    """The payoffs of one game in which each player has only some of its actions, in the order given."""
    chosen = [np.asarray(a, dtype=np.intp) for a in actions]
    return payoffs[np.ix_(np.arange(payoffs.shape[0]), *chosen)]


def jacobian_sign(jacobian: Floats) -> NDArray[np.int8]:
    r"""Index from the Jacobian of the indifference system on the support: :math:`\operatorname{sign}\det(-J)`.

    Parameters
    ----------
    jacobian : array, shape (N, N, ...samples); N = 0 stands for a pure profile.
    """
    with np.errstate(divide="ignore"):  # of a determinant smaller than any number
        sign, _ = np.linalg.slogdet(-np.moveaxis(jacobian, (0, 1), (-2, -1)))
    return np.sign(sign).astype(np.int8)


def equilibrium_index(payoffs: Floats, probabilities: Sequence[Floats], least: float = 1e-9) -> int:
    """Index of one regular equilibrium of one game of any number of players.

    Parameters
    ----------
    payoffs : array, shape (n, |A_1|, ..., |A_n|)
    probabilities : one vector a player
    least : float
        Probability from which on an action counts as played.

    Returns
    -------
    int
        +1 or -1; 0 where the Jacobian is exactly singular. Only the index of a regular equilibrium means anything.

    Examples
    --------
    >>> stag_hunt = np.array([[[4., 1.], [3., 3.]], [[4., 3.], [1., 3.]]])
    >>> equilibrium_index(stag_hunt, (np.array([2/3, 1/3]), np.array([2/3, 1/3])))
    -1
    >>> equilibrium_index(stag_hunt, (np.array([1., 0.]), np.array([1., 0.])))
    1
    """
    played = [np.flatnonzero(np.asarray(x) > least) for x in probabilities]
    inside = restricted(payoffs, played)
    mixed = [np.asarray(x, dtype=np.float64)[s] for x, s in zip(probabilities, played, strict=True)]
    return int(jacobian_sign(indifference_jacobian(inside, mixed)))


def described(
    game: NormalFormGame, mixed: Sequence[Floats], index: int | None = None, quasi_strict: bool | None = None
) -> Equilibrium:
    """A mixed profile of one game as a record of plain numbers, with its payoffs, regret and, if pure, its margin."""
    pure = all(np.count_nonzero(x) == 1 for x in mixed)
    margin = float(losses(game.payoffs).min(axis=0)[tuple(int(x.argmax()) for x in mixed)]) if pure else None
    return Equilibrium(
        probabilities=tuple(tuple(float(p) for p in x) for x in mixed),
        payoffs=tuple(float(u) for u in expected_payoffs(game.payoffs, mixed)),
        regret=float(mixed_regrets(game.payoffs, mixed).max()),
        margin=margin,
        index=index,
        quasi_strict=quasi_strict,
    )


def _averaged(own: Floats, probabilities: Sequence[Floats], kept: tuple[int, ...]) -> Floats:
    """One player's payoffs averaged over the mixed actions of all players but those in `kept`."""
    result = own
    for rival in reversed(range(len(probabilities))):
        if rival not in kept:
            mixed = np.asarray(probabilities[rival])
            front = np.moveaxis(result, rival, 0)
            gap = (1,) * (front.ndim - mixed.ndim)
            result = (front * mixed.reshape(mixed.shape[0], *gap, *mixed.shape[1:])).sum(axis=0)
    return result
