r"""Agreements: joint changes of two players that both gain by and both would keep; any number of players and actions.

Nash equilibrium counts profiles that nobody leaves *alone*. Where it takes two to change anything, as with a link by
consent (Jackson and Wolinsky 1996), two who oppose each other never do. So beside each equilibrium stand its
**agreements**: from profile :math:`a`, players :math:`i, j` and actions :math:`b_i \ne a_i`, :math:`b_j \ne a_j` with

* both gain: :math:`u_i(b_i, b_j, a_{-ij}) > u_i(a)`, and the same for j,
* both would keep it: :math:`(b_i, b_j)` is an equilibrium of the game of the two with all others at :math:`a`.

The **trust** that an agreement needs is the least probability of the other's keeping it at which a player joins, the
larger of the two. With :math:`G_1` and :math:`G_0` the gain of i by playing :math:`b_i` in place of :math:`a_i` when j
plays :math:`b_j` and :math:`a_j`,

.. math:: p_i = \frac{-G_0}{G_1 - G_0} \quad (G_0 < 0), \qquad p_i = 0 \quad (G_0 \ge 0)

a pure number: payoffs of two players are never compared. It is the p of p-dominance (Morris, Rob and Shin 1995) in the
game of the two; an agreement that needs less than ½ of both is the one that risk dominance selects (Harsanyi and
Selten 1988), and what it means between powers is the subject of Kydd (2005).

An equilibrium is **agreement-proof** at trust t when no agreement from it needs at most t. At t = 1 every agreement
counts: coalition-proofness (Bernheim, Peleg and Whinston 1987) for coalitions of one and two. Agreements of three and
more are left out.

References
----------
Bernheim, B. D., Peleg, B. and Whinston, M. D. (1987). Coalition-proof Nash equilibria I. Concepts. *Journal of Economic
Theory* 42(1), 1-12.
Harsanyi, J. C. and Selten, R. (1988). *A General Theory of Equilibrium Selection in Games*. MIT Press.
Jackson, M. O. and Wolinsky, A. (1996). A strategic model of social and economic networks. *Journal of Economic Theory*
71(1), 44-74.
Kydd, A. H. (2005). *Trust and Mistrust in International Relations*. Princeton University Press.
Morris, S., Rob, R. and Shin, H. S. (1995). p-Dominance and belief potential. *Econometrica* 63(1), 145-157.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from triangle.games.bitboards import Masks, pack, unpack
from triangle.games.normal_form import TOLERANCE, Bools, Floats, NormalFormGame, is_nash

#: Trust up to which an agreement counts unless something else is asked: that of risk dominance.
TRUST = 0.5

#: By how much rounding may move a trust.
_ROUNDING = 1e-12

#: Equilibria that are looked at together in a batch: their blocks stay in the cache.
_TOGETHER = 4096

Integers = NDArray[np.intp]


@dataclass(frozen=True)
class Agreement:
    """A joint change of two players that both gain by and both would keep.

    Attributes
    ----------
    players : (int, int)
    profile : tuple of int
        Where it leads.
    gains : (float, float)
        What each of the two gains by it, in units of payoff.
    trusts : (float, float)
        The least probability of the other's keeping it at which each of the two joins.
    """

    players: tuple[int, int]
    profile: tuple[int, ...]
    gains: tuple[float, float]
    trusts: tuple[float, float]

    @property
    def trust(self) -> float:
        """The trust that it needs: the larger of the two."""
        return max(self.trusts)


def agreements(game: NormalFormGame, profile: Sequence[int], tolerance: float = TOLERANCE) -> tuple[Agreement, ...]:
    """The agreements from a profile of one game, those that need least trust first.

    Parameters
    ----------
    game : NormalFormGame
        One game of any number of players; a player with a single action joins none.
    profile : sequence of int
        Where the players stand, whether or not it is an equilibrium.
    tolerance : float
        Largest gain that counts as none, in units of payoff.

    Examples
    --------
    In a stag hunt two who chase hares would both gain by hunting the stag, if they trusted each other enough.

    >>> stag_hunt = NormalFormGame([[[4, 0], [3, 3]], [[4, 3], [0, 3]]])
    >>> [(found.profile, found.gains, found.trust) for found in agreements(stag_hunt, (1, 1))]
    [((0, 0), (1.0, 1.0), 0.75)]
    """
    if game.samples:
        raise ValueError(f"one game is looked at at a time, not a batch of shape {game.samples}")
    here = tuple(int(action) for action in profile)
    found = []
    for i, j in itertools.combinations(range(game.n_players), 2):
        index = tuple(slice(None) if player in (i, j) else action for player, action in enumerate(here))
        block = np.stack([game.payoffs[(i, *index)], game.payoffs[(j, *index)]])[:, None]
        change = _JointChange(block, np.array([here[i]]), np.array([here[j]]), tolerance)
        for _, b, c in np.argwhere(change.agreed):
            to = tuple(int({i: b, j: c}.get(player, action)) for player, action in enumerate(here))
            gains, trusts = ([float(part[0, b, c]) for part in both] for both in (change.gains, change.trusts))
            found.append(Agreement((i, j), to, (gains[0], gains[1]), (trusts[0], trusts[1])))
    return tuple(sorted(found, key=lambda agreement: (agreement.trust, agreement.profile)))


def agreement_proof(payoffs: Floats, trust: float = TRUST, tolerance: float = TOLERANCE) -> Bools:
    """Whether each profile is a pure equilibrium that no agreement breaks; for a batch, any number of players.

    Parameters
    ----------
    payoffs : array, shape (n, |A_1|, ..., |A_n|, ...samples)
    trust : float
        Agreements that need more do not count; 1: all count.
    tolerance : float
        Largest gain that counts as none, in units of payoff.

    Returns
    -------
    array of bool, shape (|A_1|, ..., |A_n|, ...samples)

    Examples
    --------
    >>> stag_hunt = np.array([[[4.0, 0], [3, 3]], [[4, 3], [0, 3]]])
    >>> agreement_proof(stag_hunt).tolist(), agreement_proof(stag_hunt, trust=1).tolist()
    ([[True, False], [False, True]], [[True, False], [False, False]])
    """
    _check(trust)
    n = payoffs.shape[0]
    actions, samples = payoffs.shape[1 : 1 + n], payoffs.shape[1 + n :]
    flat = payoffs.reshape(n, int(np.prod(actions)), -1)
    proof = is_nash(payoffs, tolerance).reshape(flat.shape[1:])
    profiles, games = np.nonzero(proof)
    proof[profiles, games] = _survives(flat, actions, profiles, games, trust, tolerance)
    whole: Bools = proof.reshape(*actions, *samples)
    return whole


def agreement_proof_masks(payoffs: Floats, masks: Masks, trust: float = TRUST, tolerance: float = TOLERANCE) -> Masks:
    """The agreement-proof ones of given equilibria, as sets in 64 bits; for a batch of games of up to 64 profiles.

    Parameters
    ----------
    payoffs : array, shape (n, |A_1|, ..., |A_n|, ...samples)
    masks : array of uint64, shape (...samples)
        The equilibria of each game, bit by profile, as of :func:`~triangle.games.bitboards.equilibrium_masks`.

    Returns
    -------
    array of uint64, shape (...samples), each a subset of the set given.
    """
    _check(trust)
    n = payoffs.shape[0]
    actions = payoffs.shape[1 : 1 + n]
    flat = payoffs.reshape(n, int(np.prod(actions)), -1)
    stable = unpack(masks.reshape(-1), (flat.shape[1],))
    profiles, games = np.nonzero(stable)
    stable[profiles, games] = _survives(flat, actions, profiles, games, trust, tolerance)
    return pack(stable).reshape(masks.shape)


def _check(trust: float) -> None:
    if not 0.0 <= trust <= 1.0:
        raise ValueError(f"trust {trust} is no probability; expected a number from 0 to 1")


def _survives(
    flat: Floats, actions: tuple[int, ...], profiles: Integers, games: Integers, trust: float, tolerance: float
) -> Bools:
    """Whether no agreement that needs at most `trust` leads away from each of some profiles of some games."""
    kept = np.ones(len(profiles), dtype=np.bool_)
    for start in range(0, len(profiles), _TOGETHER):
        part = slice(start, start + _TOGETHER)
        here, game = profiles[part], games[part]
        for i, j in itertools.combinations(range(len(actions)), 2):
            if min(actions[i], actions[j]) < 2:
                continue
            places = _blocks(actions, i, j)[here]
            block = np.stack([flat[player][places, game[:, None, None]] for player in (i, j)])
            change = _JointChange(block, _action(here, actions, i), _action(here, actions, j), tolerance)
            kept[part] &= ~(change.agreed & (change.trusts.max(axis=0) <= trust + _ROUNDING)).any(axis=(1, 2))
    return kept


@cache
def _blocks(actions: tuple[int, ...], i: int, j: int) -> Integers:
    """The profiles ``[profile, action of i, action of j]`` that i and j reach together from each profile."""
    index = np.arange(int(np.prod(actions))).reshape(actions)
    block = np.moveaxis(index, (i, j), (-2, -1))
    spread = np.broadcast_to(block[..., None, None, :, :], (*block.shape, *block.shape[-2:]))
    back = np.moveaxis(spread, (-4, -3), (i, j))
    return back.reshape(index.size, *block.shape[-2:])


def _action(profiles: Integers, actions: tuple[int, ...], player: int) -> Integers:
    """The action of a player in profiles given by index."""
    taken: Integers = np.unravel_index(profiles, actions)[player]
    return taken


class _JointChange:
    """All joint changes of two players at several places.

    Parameters
    ----------
    block : array, shape (2, place, actions of the first, actions of the second)
        Payoffs of the two with all others fixed.
    a, b : arrays of int, shape (place,)
        Where the two stand.

    Attributes
    ----------
    agreed : array of bool, shape (place, ...)
        Whether both change, gain, and would keep it.
    gains, trusts : arrays, shape (2, place, ...)
    """

    def __init__(self, block: Floats, a: Integers, b: Integers, tolerance: float):
        own, other = block
        place = np.arange(len(a))
        here = block[:, place, a, b][:, :, None, None]
        # What each gains by changing over, whatever the other does; then where the other changes and where it stays.
        changing = np.stack([own - own[place, a][:, None, :], other - other[place, :, b][:, :, None]])
        staying = changing[0][place, :, b][:, :, None], changing[1][place, a][:, None, :]
        risk = np.maximum(0.0, -np.stack(np.broadcast_arrays(*staying)))
        reward = np.maximum(0.0, changing)
        self.trusts: Floats = np.divide(risk, risk + reward, out=np.zeros_like(risk), where=risk > 0.0)
        self.gains: Floats = block - here
        self.agreed: Bools = (own >= own.max(axis=1, keepdims=True) - tolerance) & (
            other >= other.max(axis=2, keepdims=True) - tolerance
        )
        self.agreed &= (self.gains > tolerance).all(axis=0)
        self.agreed[place, a] = False
        self.agreed[place, :, b] = False
