r"""Games in normal form: payoffs, deviations, margins, regret.

A game of :math:`n` players is a tensor :math:`u_i(a_1, \dots, a_n)`. With :math:`a_{-i}` the actions of all but
player :math:`i`,

* the **loss** of player :math:`i` by leaving profile :math:`a` is
  :math:`\ell_i(a) = u_i(a) - \max_{b \ne a_i} u_i(b, a_{-i})`,
* the **margin** of a profile is :math:`\min_i \ell_i(a)`: the smallest loss that any player suffers by its best
  deviation; positive for a strict equilibrium, negative where somebody gains by leaving,
* the **regret** is :math:`\max(0, -\min_i \ell_i(a))`: the largest gain that any player has by deviating,
* a profile is an :math:`\varepsilon`-**equilibrium** when its regret is at most :math:`\varepsilon` (Nash 1951).

What counts as no gain is relative to the game and to the player (:func:`rounding`), so that the same game in other
units has the same equilibria.

Arrays are ``payoffs[player, a_1, ..., a_n, ...samples]``; sample axes trail, and one game is a batch of shape ``()``.

References
----------
Nash, J. (1951). Non-cooperative games. *Annals of Mathematics* 54(2), 286-295.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import ArrayLike, NDArray

#: Differences of payoffs up to this share of a player's typical payoff may be rounding alone (see :func:`rounding`):
#: a thousand units in the last place, room for sums of some hundred terms.
ROUNDING = 2.0**-43
#: By what bounds in round numbers are multiplied: at a bound rounding decides, otherwise in every unit of payoff, and
#: payoffs in round numbers would lie there, as a difference of 1 does beside a payoff of a billion.
ASIDE = 0.98765432
#: A tolerance for callers whose payoffs have a unit, in that unit. In the stance game that is a billion dollars a year,
#: so this is one dollar; rounding of payoffs up to 1e4 stays below it.
TOLERANCE = 1e-9

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class NormalFormGame:
    """A finite game of any number of players, or a batch of such games of one shape.

    Parameters
    ----------
    payoffs : array, shape (n, |A_1|, ..., |A_n|, ...samples)
        Payoff of each player at each action profile, in any unit. Copied and frozen.

    Raises
    ------
    ValueError
        If the number of action axes does not fit the number of players, or a payoff is not finite.

    Examples
    --------
    >>> dilemma = NormalFormGame([[[3, 0], [5, 1]], [[3, 5], [0, 1]]])
    >>> dilemma.n_players, dilemma.actions, dilemma.samples
    (2, (2, 2), ())
    """

    payoffs: Floats

    def __init__(self, payoffs: ArrayLike):
        array = np.array(payoffs, dtype=np.float64)
        if array.ndim < 2 or array.ndim < 1 + array.shape[0] or 0 in array.shape[: 1 + array.shape[0]]:
            raise ValueError(
                f"payoffs of shape {array.shape} are no game: the first axis counts the players and as many "
                "non-empty action axes must follow"
            )
        if not np.isfinite(array).all():
            raise ValueError(f"{np.count_nonzero(~np.isfinite(array))} of {array.size} payoffs are not finite")
        array.setflags(write=False)
        object.__setattr__(self, "payoffs", array)

    @property
    def n_players(self) -> int:
        """Number of players."""
        return int(self.payoffs.shape[0])

    @property
    def actions(self) -> tuple[int, ...]:
        """Number of actions of each player."""
        return self.payoffs.shape[1 : 1 + self.n_players]

    @property
    def samples(self) -> tuple[int, ...]:
        """Shape of the batch; ``()`` for one game."""
        return self.payoffs.shape[1 + self.n_players :]

    def hold(self, held: Mapping[int, int]) -> NormalFormGame:
        """The game in which each player of `held` has only the given action left.

        A held player keeps its place and its payoffs but cannot deviate.
        """
        index: list[slice] = [slice(None)] * (1 + self.n_players)
        for player, action in held.items():
            index[1 + player] = slice(action, action + 1)
        return NormalFormGame(self.payoffs[tuple(index)])


def rounding(payoffs: Floats) -> Floats:
    r"""Difference of each player's payoffs that rounding alone can make: what counts as no gain in any solver.

    :math:`2^{-43}` of the player's typical payoff, which is the upper median of the sizes of those that are not zero.
    So it is relative to the game: it is multiplied where payoffs are, grows with a constant added to all of them by as
    much as digits are lost, and does not see a few payoffs that are prohibitive.

    Parameters
    ----------
    payoffs : array, shape (n, |A_1|, ..., |A_n|, ...samples)

    Returns
    -------
    array, shape (n, ...samples), in units of payoff

    Examples
    --------
    >>> rounding(np.array([[[3.0, 0.0], [5.0, -1e30]], [[3e-200, 5e-200], [0.0, 1e-200]]])) * 2.0**43
    array([5.e+000, 3.e-200])
    """
    return ROUNDING * typical(payoffs)


def typical(payoffs: Floats, smaller: float = 0.5) -> Floats:
    """Upper median of the sizes of each player's payoffs that are not zero; see :func:`rounding`.

    Parameters
    ----------
    payoffs : array, shape (n, |A_1|, ..., |A_n|, ...samples)
    smaller : float
        Another share than half of them that are smaller.

    Returns
    -------
    array, shape (n, ...samples), in units of payoff
    """
    n = payoffs.shape[0]
    sizes = np.sort(np.abs(payoffs.reshape(n, prod(payoffs.shape[1 : 1 + n]), *payoffs.shape[1 + n :])), axis=1)
    zeros = np.count_nonzero(sizes == 0.0, axis=1, keepdims=True)
    place = zeros + np.floor((sizes.shape[1] - zeros) * smaller).astype(np.intp)
    middle = np.minimum(place, sizes.shape[1] - 1)
    return np.take_along_axis(sizes, middle, axis=1)[:, 0]


def allowed(payoffs: Floats, tolerance: ArrayLike | None = None) -> Floats:
    """The largest gain that counts as none, for each player, shaped to broadcast against the payoffs.

    Parameters
    ----------
    payoffs : array, shape (n, |A_1|, ..., |A_n|, ...samples)
    tolerance : float or array, shape (n,) or (n, ...samples), optional
        In units of payoff; what :func:`rounding` says where none is given.

    Returns
    -------
    array, shape (n, 1, ..., 1, ...samples) or (n, 1, ..., 1, 1, ...)
    """
    n = payoffs.shape[0]
    most = rounding(payoffs) if tolerance is None else np.asarray(tolerance, dtype=np.float64)
    if most.ndim < 2:
        most = np.broadcast_to(most, n).reshape(n, *(1,) * (payoffs.ndim - 1 - n))
    return most.reshape(n, *(1,) * n, *most.shape[1:])


def losses(payoffs: Floats) -> Floats:
    r"""Loss of each player by its best deviation from each profile, :math:`\ell_i(a)`.

    Negative where the player gains by deviating; ``+inf`` for a player with a single action.

    Parameters
    ----------
    payoffs : array, shape (n, |A_1|, ..., |A_n|, ...samples)

    Returns
    -------
    array, same shape, same unit.
    """
    result = np.empty_like(payoffs)
    with np.errstate(over="ignore"):  # a loss beyond the largest number is infinite, and of the right sign
        for player, own in enumerate(payoffs):
            result[player] = own - _best_other(own, player)
    return result


def _best_other(own: Floats, axis: int) -> Floats:
    """For each action along `axis`, the largest payoff among the other actions."""
    found = np.full(own.shape, -np.inf)
    each, others = np.moveaxis(own, axis, 0), np.moveaxis(found, axis, 0)
    for action in range(1, len(each)):  # the best of those before
        np.maximum(others[action - 1], each[action - 1], out=others[action, ...])
    best = np.full(each.shape[1:], -np.inf)
    for action in range(len(each) - 1, 0, -1):  # and of those after
        best = np.maximum(best, each[action])
        np.maximum(others[action - 1], best, out=others[action - 1, ...])
    return found


def margins(payoffs: Floats) -> Floats:
    """Stability margin of every profile: the smallest loss that any player suffers by deviating from it.

    Returns
    -------
    array, shape (|A_1|, ..., |A_n|, ...samples), in units of payoff. Positive: strict equilibrium.
    """
    smallest: Floats = losses(payoffs).min(axis=0)
    return smallest


def margins_at(payoffs: Floats, profiles: NDArray[np.intp], games: NDArray[np.intp]) -> Floats:
    """Stability margin of single profiles of a flat batch, with the bits that :func:`margins` gives them.

    Parameters
    ----------
    payoffs : array, shape (n, |A_1|, ..., |A_n|, k)
    profiles, games : arrays of int, shape (r,)
        Which profile, in C order of the actions, of which game.

    Returns
    -------
    array, shape (r,), in units of payoff.

    Examples
    --------
    >>> dilemma = np.array([[[3.0, 0], [5, 1]], [[3, 5], [0, 1]]])[..., None]
    >>> margins_at(dilemma, np.array([0, 3]), np.array([0, 0])).tolist()
    [-2.0, 1.0]
    """
    actions = payoffs.shape[1:-1]
    flat, smallest = payoffs.reshape(len(actions), -1), np.full(profiles.shape, np.inf)
    for player, (own, count) in enumerate(zip(flat, actions, strict=True)):
        stride = prod(actions[player + 1 :])
        first = profiles - profiles // stride % count * stride
        best = np.full(profiles.shape, -np.inf)
        for action in range(count):
            other = first + action * stride
            worth = own[other * payoffs.shape[-1] + games]
            np.maximum(best, worth, out=best, where=other != profiles)
        np.minimum(smallest, own[profiles * payoffs.shape[-1] + games] - best, out=smallest)
    return smallest


def regrets(payoffs: Floats) -> Floats:
    """Regret of every profile: the largest gain that any player has by deviating from it, never negative."""
    return np.maximum(0.0, -margins(payoffs))


def is_nash(payoffs: Floats, tolerance: ArrayLike | None = None) -> Bools:
    """Whether each profile is a pure equilibrium: nobody gains more than counts as none, see :func:`allowed`."""
    return np.asarray((losses(payoffs) >= -allowed(payoffs, tolerance)).all(axis=0))


def best_responses(payoffs: Floats, player: int, tolerance: ArrayLike | None = None) -> Bools:
    """Whether each action of `player` is a best response to the others' actions, ties included."""
    own = payoffs[player]
    best: Floats = own.max(axis=player, keepdims=True)
    answers: Bools = own >= best - allowed(payoffs, tolerance)[player]
    return answers
