r"""Games in normal form: payoffs, deviations, margins, regret.

A game of :math:`n` players is a tensor :math:`u_i(a_1, \dots, a_n)`. With :math:`a_{-i}` the actions of all but
player :math:`i`,

* the **loss** of player :math:`i` by leaving profile :math:`a` is
  :math:`\ell_i(a) = u_i(a) - \max_{b \ne a_i} u_i(b, a_{-i})`,
* the **margin** of a profile is :math:`\min_i \ell_i(a)`: the smallest loss that any player suffers by its best
  deviation; positive for a strict equilibrium, negative where somebody gains by leaving,
* the **regret** is :math:`\max(0, -\min_i \ell_i(a))`: the largest gain that any player has by deviating,
* a profile is an :math:`\varepsilon`-**equilibrium** when its regret is at most :math:`\varepsilon` (Nash 1951).

Arrays are ``payoffs[player, a_1, ..., a_n, ...samples]``; sample axes trail, and one game is a batch of shape ``()``.

References
----------
Nash, J. (1951). Non-cooperative games. *Annals of Mathematics* 54(2), 286-295.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

#: Largest gain by deviating, in units of payoff, that still counts as none. In the stance game the unit is
#: a billion dollars a year, so this is one dollar; rounding of payoffs up to 1e5 stays a hundred times below it.
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
    for player, own in enumerate(payoffs):
        result[player] = own - _best_other(own, player)
    return result


def _best_other(own: Floats, axis: int) -> Floats:
    """For each action along `axis`, the largest payoff among the other actions."""
    if own.shape[axis] == 1:
        return np.full_like(own, -np.inf)
    top_two = -np.partition(-own, 1, axis=axis).take((0, 1), axis=axis)
    best, second = np.split(top_two, 2, axis=axis)
    # Only the place of the maximum compares with the runner-up; under a tie both are equal and either serves.
    is_first_best = own.argmax(axis=axis, keepdims=True) == _places(own.shape, axis)
    return np.where(is_first_best, second, best)


def _places(shape: tuple[int, ...], axis: int) -> NDArray[np.intp]:
    """The position along `axis`, shaped to broadcast against an array of `shape`."""
    view = [1] * len(shape)
    view[axis] = shape[axis]
    return np.arange(shape[axis]).reshape(view)


def margins(payoffs: Floats) -> Floats:
    """Stability margin of every profile: the smallest loss that any player suffers by deviating from it.

    Returns
    -------
    array, shape (|A_1|, ..., |A_n|, ...samples), in units of payoff. Positive: strict equilibrium.
    """
    smallest: Floats = losses(payoffs).min(axis=0)
    return smallest


def regrets(payoffs: Floats) -> Floats:
    """Regret of every profile: the largest gain that any player has by deviating from it, never negative."""
    return np.maximum(0.0, -margins(payoffs))


def is_nash(payoffs: Floats, tolerance: float = TOLERANCE) -> Bools:
    """Whether each profile is a pure equilibrium: regret at most `tolerance`, in units of payoff."""
    return margins(payoffs) >= -tolerance


def best_responses(payoffs: Floats, player: int, tolerance: float = TOLERANCE) -> Bools:
    """Whether each action of `player` is a best response to the others' actions, ties included."""
    own = payoffs[player]
    best: Floats = own.max(axis=player, keepdims=True)
    answers: Bools = own >= best - tolerance
    return answers
