r"""What Russia, or any of the three, brings to coalitions: the Shapley value's share of the cooperative surplus.

The worth of a coalition S is what its members can secure together in pure actions, whatever the rest does (von Neumann
and Morgenstern 1944): :math:`v(S) = \max_{a_S} \min_{a_{-S}} \sum_{i \in S} U_i`. With :math:`w(S) = v(S) - \sum_{i
\in S} v(\{i\})` the Shapley value (Shapley 1953) of player i exceeds what i secures alone by

.. math:: \phi_i - v(\{i\}) = \frac{2 w(N) + w(ij) + w(ik) - 2 w(jk)}{6},

and its share of :math:`w(N)` does not depend on where utilities have their zero. Worths add payoffs of players, so they
assume what coalition theory assumes: money that can change hands.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from triangle.players.axes import OTHERS

Floats = NDArray[np.float64]


def surplus_share(payoffs: Floats, player: int) -> Floats:
    """The player's share of the surplus that all three make together, in the Shapley value.

    Parameters
    ----------
    payoffs : array, shape (3, 4, 4, 4, ...samples)
        Billion dollars a year.
    player : int

    Returns
    -------
    array of the samples' shape: about a third where all matter alike. NaN where there is no surplus.

    Examples
    --------
    >>> payoffs = np.zeros((3, 4, 4, 4))
    >>> payoffs[:, 3, 3, 3] = 1.0
    >>> float(surplus_share(payoffs, 1))
    0.3333333333333333
    """
    alone = [_worth(payoffs, (i,)) for i in range(3)]
    together = payoffs.sum(axis=0).max(axis=(0, 1, 2)) - sum(alone)
    j, k = OTHERS[player]
    pair = {
        members: _worth(payoffs, members) - alone[members[0]] - alone[members[1]]
        for members in ((0, 1), (0, 2), (1, 2))
    }
    w_ij, w_ik, w_jk = (pair[min(a, b), max(a, b)] for a, b in ((player, j), (player, k), (j, k)))
    extra = (2 * together + w_ij + w_ik - 2 * w_jk) / 6
    share: Floats = np.divide(extra, together, out=np.full_like(extra, np.nan), where=together > 0)
    return share


def _worth(payoffs: Floats, members: tuple[int, ...]) -> Floats:
    """What members secure together in pure actions."""
    total = payoffs[list(members)].sum(axis=0)
    rest = tuple(i for i in range(3) if i not in members)
    worst = total.min(axis=rest, keepdims=True)
    worth: Floats = worst.max(axis=members, keepdims=True)[0, 0, 0]
    return worth
