r"""Which supports of a three-player game an equilibrium can have: balance and conditional dominance, over a batch.

A *support* of a game is a set of actions for each player, here a bit mask a player (bit a for action a). Two tests
leave out most of them before any equation is solved:

* **balance**: with :math:`d_i + 1` the number of actions in a support, no :math:`d_i` may exceed the sum of the other
  two; equilibria with other supports come with smaller ones that have a tie (see
  :mod:`triangle.solvers.mixed.indifference`),
* **conditional dominance**: no action in the support of a player may be strictly worse than some other action against
  every profile of the others' supports (Porter, Nudelman and Shoham 2008).

References
----------
Porter, R., Nudelman, E. and Shoham, Y. (2008). Simple search methods for finding a Nash equilibrium. *Games and
Economic Behavior* 63(2), 642-662.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triangle.games.normal_form import Floats
from triangle.solvers.mixed.indifference import Dimensions, elimination_order

Shape = tuple[int, int, int]
Indices = NDArray[np.intp]

#: Supports by players tested at once, times games; bounds the memory of the table of survivors.
TABLE = 1 << 23


@dataclass(frozen=True, eq=False)
class SupportKind:
    """All supports of a game whose indifference systems have one shape once the players are put in order.

    Attributes
    ----------
    dimensions : (d_h, d_i, d_j)
        Actions beyond the first of the players in order.
    supports : array, shape (s, 3)
        Bit masks by player of the game.
    order : array, shape (s, 3)
        Which player of the game takes each place.
    entries : array, shape (s, 3, 1 + d_h, 1 + d_i, 1 + d_j)
        Places of the restricted payoffs in the flattened payoffs of one game, players in order.
    rows : three arrays, shape (s, 1 + d)
        Places of each place's actions in the stacked probabilities of all players.
    replies : three arrays, shape (s, n, 1 + d_q, 1 + d_r)
        Places in the flattened payoffs of each place's payoffs by all its actions, those in the support first,
        against the other two places' supports. A player with fewer actions has its first repeated at the end.
    own_actions : three arrays, shape (s,)
        How many actions each place's player has.
    """

    dimensions: Dimensions
    supports: NDArray[np.int64]
    order: NDArray[np.int64]
    entries: Indices
    rows: tuple[Indices, Indices, Indices]
    replies: tuple[Indices, Indices, Indices]
    own_actions: tuple[Indices, Indices, Indices]


@cache
def members(mask: int) -> tuple[int, ...]:
    """The actions in a bit mask."""
    return tuple(a for a in range(mask.bit_length()) if mask >> a & 1)


@cache
def _inside_first(mask: int, actions: int, length: int) -> tuple[int, ...]:
    """The actions in a mask, then the others, then the first repeated up to a length."""
    inside = members(mask)
    outside = tuple(a for a in range(actions) if a not in inside)
    return (*inside, *outside, *(inside[:1] * (length - actions)))


@cache
def support_kinds(shape: Shape) -> tuple[SupportKind, ...]:
    """Balanced supports in which somebody mixes, by kind, the cheapest to solve first.

    Raises
    ------
    ValueError
        If the game is so large that some balanced support has no elimination: never up to six actions a player; or
        that what two players do does not fit into 64 bits, which is looked at before the supports are laid out.
    """
    for actions in shape:
        others = prod(shape) // actions
        if actions > 1 and others > 64:
            raise ValueError(f"two players have {others} profiles of undominated actions; up to 64 are handled")
    found: dict[Dimensions, list[tuple[tuple[int, int, int], Dimensions]]] = {}
    first, second, third = (range(1, 1 << n) for n in shape)
    for supports in itertools.product(first, second, third):
        d = (supports[0].bit_count() - 1, supports[1].bit_count() - 1, supports[2].bit_count() - 1)
        order = elimination_order(d)
        if order is None and 2 * max(d) <= sum(d):
            sizes = " x ".join(str(n + 1) for n in d)
            raise ValueError(f"games of {shape} actions are too large: no method for supports of {sizes} actions")
        if order is not None and max(d) > 0:
            found.setdefault((d[order[0]], d[order[1]], d[order[2]]), []).append((supports, order))
    kinds = sorted(found, key=lambda d: (d[0], sum(d)))
    return tuple(_kind(shape, d, found[d]) for d in kinds)


def _kind(shape: Shape, dimensions: Dimensions, found: list[Any]) -> SupportKind:
    size, length = int(np.prod(shape)), max(shape)
    supports = np.array([masks for masks, _ in found])
    order = np.array([ordered for _, ordered in found])
    steps = np.array((shape[1] * shape[2], shape[2], 1))[order]
    offsets = np.array((0, shape[0], shape[0] + shape[1]))[order]
    # For each place in the order: the player's actions, those in the support first.
    actions = [
        np.array([_inside_first(masks[ordered[place]], shape[ordered[place]], length) for masks, ordered in found])
        for place in range(3)
    ]
    inside = [a[:, : d + 1] for a, d in zip(actions, dimensions, strict=True)]
    h, i, j = (a * steps[:, place, None] for place, a in enumerate(inside))
    profile = h[:, :, None, None] + i[:, None, :, None] + j[:, None, None, :]
    entries = order[:, :, None, None, None] * size + profile[:, None]
    replies = []
    for place, (first, second) in enumerate(((i, j), (h, j), (h, i))):
        own = actions[place] * steps[:, place, None] + order[:, place, None] * size
        replies.append(own[:, :, None, None] + first[:, None, :, None] + second[:, None, None, :])
    return SupportKind(
        dimensions,
        supports,
        order,
        entries,
        tuple(a + offsets[:, place, None] for place, a in enumerate(inside)),
        tuple(replies),
        tuple(np.array(shape)[order[:, place]] for place in range(3)),
    )


def survivors(payoffs: Floats, kinds: tuple[SupportKind, ...], tolerance: float) -> Iterator[tuple[Indices, Indices]]:
    """For each kind the supports that conditional dominance leaves: games and places in the kind, as flat arrays.

    Parameters
    ----------
    payoffs : array, shape (3, |A_1|, |A_2|, |A_3|, n)
    kinds : supports to test
    tolerance : float
        How much better, in units of payoff, the dominating action must be everywhere.
    """
    playable = [_playable(payoffs, player, tolerance) for player in range(3)]
    n = payoffs.shape[-1]
    step = max(1, TABLE // n)
    for kind in kinds:
        games, places = [], []
        for start in range(0, len(kind.supports), step):
            s = kind.supports[start : start + step]
            left = np.ones((len(s), n), dtype=bool)
            for player in range(3):
                q, r = (p for p in range(3) if p != player)
                own = s[:, player, None].astype(playable[player].dtype)
                left &= (playable[player][s[:, q], s[:, r]] & own) == own
            place, game = np.nonzero(left)
            games.append(game)
            places.append(place + start)
        yield np.concatenate(games), np.concatenate(places)


def _playable(payoffs: Floats, player: int, tolerance: float) -> NDArray[np.unsignedinteger]:
    """Bit mask of the actions not conditionally dominated, by the others' supports: shape (2**q, 2**r, n)."""
    own = np.moveaxis(payoffs[player], player, 0)
    actions, q, r, n = own.shape
    if actions == 1:
        return np.ones((1 << q, 1 << r, n), dtype=np.uint8)
    # A profile of the others is one bit of `worse`; a support of theirs is the set of its profiles.
    bits = np.uint64(1) << np.arange(q * r, dtype=np.uint64).reshape(q, r, 1)
    faced = np.zeros((1 << q, 1 << r), dtype=np.uint64)
    for sq in range(1, 1 << q):
        for sr in range(1, 1 << r):
            faced[sq, sr] = bits[np.ix_(members(sq), members(sr))].sum()
    small = np.uint16 if q * r <= 16 else np.uint64
    faced = faced.astype(small)[:, :, None]
    result = np.zeros((1 << q, 1 << r, n), dtype=np.uint8 if actions <= 8 else np.uint32)
    for action in range(actions):
        beaten = np.zeros((1 << q, 1 << r, n), dtype=bool)
        for better in range(actions):
            if better != action:
                worse = np.where(own[better] > own[action] + tolerance, bits, np.uint64(0)).sum(axis=(0, 1))
                beaten |= (worse.astype(small) & faced) == faced
        result |= np.where(beaten, 0, 1 << action).astype(result.dtype)
    return result
