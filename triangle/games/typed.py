r"""Games of incomplete information: players of several types, and the game that their agents play.

Player :math:`i` is of type :math:`\theta_i` with probability :math:`p_i(\theta_i)`, independently of the others;
payoffs :math:`u_i(a; \theta)` depend on the types of all. Every player knows its own type only, and all move at once.
Each pair of a player and a type is an **agent**, which plays an action of its own; its payoff is

.. math:: U_{i\theta_i} = \sum_{\theta_{-i}} p_{-i}(\theta_{-i})\,
          u_i(a_{i\theta_i}, a_{-i,\theta_{-i}};\ \theta_i, \theta_{-i}) .

The equilibria of the game of the agents, an ordinary one, are the **Bayesian equilibria** (Harsanyi 1967). What an
agent gets does not depend on the other types of its own player, so that its table has an axis of length one for each
of them.

References
----------
Harsanyi, J. C. (1967). Games with incomplete information played by "Bayesian" players, I-III. *Management Science*
14(3, 5, 7), 159-182, 320-334, 486-502.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import ArrayLike

from triangle.games.normal_form import Bools, Floats, NormalFormGame, rounding

#: Most profiles of agents of a game that is laid out whole.
MOST_PROFILES = 200_000


@dataclass(frozen=True, eq=False)
class TypedGame:
    """A game of incomplete information, or a batch of such games; any number of players and types.

    Parameters
    ----------
    payoffs : array, shape (n, |T_1|, ..., |T_n|, |A_1|, ..., |A_n|, ...samples)
        Payoff of each player for each profile of types and of actions.
    prior : sequence of arrays, shape (|T_i|,) or (|T_i|, ...samples)
        Probabilities of each player's types.

    Raises
    ------
    ValueError
        If axes do not fit, a payoff is not finite, or probabilities do not add to one.

    Examples
    --------
    A row player who is sure, against a column player of two minds:

    >>> both = np.array([[[3.0, 0], [0, 1]], [[1, 0], [0, 3]]]), np.array([[[3.0, 0], [0, 1]], [[0, 2], [2, 0]]])
    >>> game = TypedGame(np.stack(both, axis=1)[:, None], [[1.0], [0.8, 0.2]])
    >>> game.agents, game.table(0).shape, game.table(1).shape
    (((0, 0), (1, 0), (1, 1)), (2, 2, 2), (2, 2, 1))
    >>> [tuple(map(int, profile)) for profile in np.argwhere(game.pure())]
    [(0, 0, 1), (1, 1, 0)]
    """

    payoffs: Floats
    prior: tuple[Floats, ...]

    def __init__(self, payoffs: ArrayLike, prior: Sequence[ArrayLike]):
        array = np.asarray(payoffs, dtype=np.float64)
        odds = tuple(np.asarray(p, dtype=np.float64) for p in prior)
        n = len(odds)
        if array.ndim < 1 + 2 * n or array.shape[0] != n or array.shape[1 : 1 + n] != tuple(len(p) for p in odds):
            raise ValueError(f"payoffs of shape {array.shape} do not fit {n} players of {[len(p) for p in odds]} types")
        if not np.isfinite(array).all():
            raise ValueError("some payoffs are not finite")
        if any((p < 0).any() or (np.abs(p.sum(axis=0) - 1) > 1e-9).any() for p in odds):
            raise ValueError("the probabilities of a player's types must not be negative and must add to one")
        object.__setattr__(self, "payoffs", array)
        object.__setattr__(self, "prior", odds)

    @property
    def n_players(self) -> int:
        """Number of players."""
        return len(self.prior)

    @property
    def actions(self) -> tuple[int, ...]:
        """Number of actions of each player."""
        return self.payoffs.shape[1 + self.n_players : 1 + 2 * self.n_players]

    @property
    def samples(self) -> tuple[int, ...]:
        """Shape of the batch."""
        return self.payoffs.shape[1 + 2 * self.n_players :]

    @property
    def agents(self) -> tuple[tuple[int, int], ...]:
        """Player and type of each agent, in order."""
        return tuple((i, t) for i, p in enumerate(self.prior) for t in range(len(p)))

    def table(self, agent: int) -> Floats:
        """Payoff of an agent: one axis for each agent's action, of length one for other types of its own player."""
        player, own = self.agents[agent]
        others = [i for i in range(self.n_players) if i != player]
        total = np.zeros(())
        for types in product(*(range(len(self.prior[i])) for i in others)):
            profile = dict(zip(others, types, strict=True)) | {player: own}
            weight = np.prod([self.prior[i][t] for i, t in zip(others, types, strict=True)], axis=0)
            total = total + weight * self._spread(player, profile)
        return np.asarray(total)

    def _spread(self, player: int, types: dict[int, int]) -> Floats:
        """Payoffs of a player at a profile of types, the axes laid where the agents' are."""
        part = self.payoffs[(player, *(types[i] for i in range(self.n_players)))]
        shape = tuple(self.actions[i] if types[i] == t else 1 for i, t in self.agents)
        return part.reshape(*shape, *self.samples)

    def pure(self) -> Bools:
        """Whether each profile of the agents is a pure Bayesian equilibrium, shape (agents' actions, samples)."""
        stable: Bools = np.ones((), dtype=bool)
        most = rounding(self.payoffs.reshape(self.n_players, -1, *(1,) * (self.n_players - 1), *self.samples))
        for agent, (player, _) in enumerate(self.agents):
            table = self.table(agent)
            stable = stable & (table >= table.max(axis=agent, keepdims=True) - most[player])
        return np.asarray(stable)

    def agent_form(self) -> NormalFormGame:
        """The game of the agents, laid out whole.

        Raises
        ------
        ValueError
            If it has too many profiles.
        """
        shape = tuple(self.actions[i] for i, _ in self.agents)
        if np.prod(shape) > MOST_PROFILES:
            raise ValueError(f"the agents have {np.prod(shape):,} profiles; at most {MOST_PROFILES:,} are laid out")
        tables = [np.broadcast_to(self.table(k), (*shape, *self.samples)) for k in range(len(shape))]
        return NormalFormGame(np.stack(tables))

    def known(self) -> list[tuple[float, NormalFormGame]]:
        """Every profile of types with its probability, and the game in which it is known to all."""
        found = []
        for types in product(*(range(len(p)) for p in self.prior)):
            weight = float(np.prod([self.prior[i][t] for i, t in enumerate(types)]))
            found.append((weight, NormalFormGame(self.payoffs[(slice(None), *types)])))
        return found

    def expected(self, strategies: Sequence[Floats]) -> Floats:
        """Expected payoff of each player where agent k mixes as ``strategies[k]``, before types are known; one game."""
        total = np.zeros(self.n_players)
        for agent, (player, own) in enumerate(self.agents):
            value = self.table(agent)
            for mixed in strategies:
                value = np.tensordot(mixed if value.shape[0] > 1 else np.ones(1), value, axes=(0, 0))
            total[player] += float(self.prior[player][own]) * float(value)
        return total
