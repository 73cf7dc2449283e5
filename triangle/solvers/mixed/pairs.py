r"""The first equilibrium in which two players mix two actions each and the others play one, over a batch of games.

Most games that have no pure equilibrium have one of these, and it costs next to nothing: with the others' actions
given, each of the two makes the other indifferent, which is one division. So supports are walked in a fixed order, and
the first profile from which no deviation of any player gains is taken, without asking what else there is (Porter,
Nudelman and Shoham 2008). **The order** is that of sizes, then of actions: players 2 and 3 mix before 1 and 3, those
before 1 and 2, and supports of the same players come in lexicographic order of all players' actions.

The games of a batch are computed number by number, without sums over the batch: a game has the same bits alone.

References
----------
Porter, R., Nudelman, E. and Shoham, Y. (2008). Simple search methods for finding a Nash equilibrium. *Games and
Economic Behavior* 63(2), 642-662.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations, product
from math import comb, prod

import numpy as np
from numpy.typing import NDArray

from triangle.games.normal_form import Floats

Indices = NDArray[np.intp]

#: Supports of two players that are walked; of larger games none are.
MOST_SUPPORTS = 1 << 16
#: Supports times games tested at once; bounds the memory.
AT_ONCE = 1 << 17


def first_pair(payoffs: Floats, most: Floats) -> tuple[Floats, ...]:
    """The first profile of two who mix two actions each that is an equilibrium; any number of players from two on.

    Parameters
    ----------
    payoffs : array, shape (n, |A_1|, ..., |A_n|, k)
    most : array, shape (k,)
        Largest gain by deviating that counts as none, in units of payoff.

    Returns
    -------
    tuple of arrays, shape (|A_i|, k)
        Mixed action of each player; NaN where a game has no such equilibrium.

    Examples
    --------
    >>> pennies = np.array([[[3.0, -1], [-1, 1]], [[-1, 1], [1, -1]]])[..., None]
    >>> [x[:, 0].round(3).tolist() for x in first_pair(pennies, np.zeros(1) + 1e-12)]
    [[0.5, 0.5], [0.333, 0.667]]
    """
    shape, games = payoffs.shape[1:-1], payoffs.shape[-1]
    mixed = tuple(np.full((size, games), np.nan) for size in shape)
    flat, left = payoffs.reshape(len(shape), -1, games), np.arange(games)
    # The last players first: sizes (1, 2, 2) come before (2, 1, 2), and that before (2, 2, 1).
    for pair in reversed(list(combinations(range(len(shape)), 2))):
        if _count(shape, pair) <= MOST_SUPPORTS:
            for some in _parts(left, _count(shape, pair)):
                _settle(flat[..., some], shape, pair, most[some], mixed, some)
            left = left[np.isnan(mixed[0][0, left])]
    return mixed


def _count(shape: tuple[int, ...], pair: tuple[int, int]) -> int:
    """How many supports there are in which these two mix."""
    return prod(comb(size, 2) if player in pair else size for player, size in enumerate(shape))


def _parts(games: Indices, supports: int) -> Iterator[Indices]:
    """The games, as many at once as memory allows; none where there is nothing to walk."""
    size = max(1, AT_ONCE // max(1, supports))
    yield from (games[first : first + size] for first in range(0, games.size if supports else 0, size))


@lru_cache(maxsize=64)
def _cells(shape: tuple[int, ...], pair: tuple[int, int]) -> Indices:
    """Numbers of the four profiles of each support in order, shape (4, supports): the second player's action first."""
    options = [list(combinations(range(size), 2 if k in pair else 1)) for k, size in enumerate(shape)]
    numbers = [np.ravel_multi_index(list(zip(*product(*own), strict=True)), shape) for own in product(*options)]
    return np.array(numbers, dtype=np.intp).reshape(-1, 4).T.copy()


def _settle(
    flat: Floats,
    shape: tuple[int, ...],
    pair: tuple[int, int],
    most: Floats,
    mixed: tuple[Floats, ...],
    places: Indices,
) -> None:
    """Write into `mixed`, at `places`, the first of these supports that holds an equilibrium of each game."""
    cells = _cells(shape, pair)
    one, other = (flat[player][cells] for player in pair)
    # What each gains by its first action over its second, at the other's first and second, shape (supports, k).
    gains = (one[0] - one[2], one[1] - one[3]), (other[0] - other[1], other[2] - other[3])
    turns = [np.sign(at_first) * np.sign(at_second) < 0 for at_first, at_second in gains]
    # Game by game, the first support first.
    game, support = np.nonzero((turns[0] & turns[1]).T)
    # Each mixes so that the other gains nothing; weights are those of first actions.
    weights = [_even(*(gain[support, game] for gain in gains[rival])) for rival in (1, 0)]
    gain = _gain(flat, shape, cells[:, support], weights, game)
    stays = np.flatnonzero(gain <= most[game])
    chosen = stays[np.flatnonzero(np.diff(game[stays], prepend=-1))]
    there = places[game[chosen]]
    for player, (size, x) in enumerate(zip(shape, mixed, strict=True)):
        own = cells[:, support[chosen]] // prod(shape[player + 1 :]) % size
        weight = weights[pair.index(player)][chosen] if player in pair else np.ones(len(chosen))
        x[:, there] = 0.0
        x[own[3], there] = 1.0 - weight
        x[own[0], there] = weight


def _even(at_first: Floats, at_second: Floats) -> Floats:
    """Weight of the first at which two gains of opposite signs are nothing on average."""
    return at_second / (at_second - at_first)


def _gain(flat: Floats, shape: tuple[int, ...], cells: Indices, weights: list[Floats], game: Indices) -> Floats:
    """Largest gain of any player by another action, where two mix over these profiles, shape (4, r), by weights."""
    (p, q), most = weights, np.zeros(game.size)
    odds = np.array([p * q, p * (1 - q), (1 - p) * q, (1 - p) * (1 - q)])
    for player, size in enumerate(shape):
        stride = prod(shape[player + 1 :])
        without = cells - cells // stride % size * stride
        kept = (odds * flat[player][cells, game]).sum(axis=0)
        for action in range(size):
            np.maximum(most, (odds * flat[player][without + action * stride, game]).sum(axis=0) - kept, out=most)
    return most
