r"""The first equilibrium in which three players mix two actions each, over a batch of games that have no smaller one.

Where all three have to mix, two actions each is what comes first: who mixes more than two needs others who do. On such
a support equilibria are the roots of one quadratic (:mod:`triangle.solvers.mixed.closed_form`), and supports are walked
in the order of :mod:`triangle.solvers.mixed.pairs`, until from one of them nobody gains by an action outside. Of two on
the same support the one comes first in which the first player plays its first action less.

An answer is given only where the complete list (:mod:`triangle.solvers.mixed.support`) could not begin with another
equilibrium: no two actions of a player tie or nearly do, no profile of two who mix is nearly an equilibrium, and none
on the supports before is; what is near is within :data:`CLEAR`. Other games are left to the complete list.

The games of a batch are computed number by number, without sums over the batch: a game has the same bits alone.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations, product
from math import comb, prod

import numpy as np

from triangle.games.mixed import mixed_regrets
from triangle.games.normal_form import Bools, Floats
from triangle.solvers.mixed import pairs
from triangle.solvers.mixed.closed_form import Rows, completely_mixed_222
from triangle.solvers.mixed.enumeration import SHARE
from triangle.solvers.mixed.pairs import Indices

#: Size from which on differences of payoffs and gains, in shares of a player's range, and probabilities are sure.
CLEAR = 1e-7


def first_triple(payoffs: Floats, most: Floats) -> tuple[Floats, ...]:
    """The first profile of three who mix two actions each that is an equilibrium, in games that have none of two.

    Parameters
    ----------
    payoffs : array, shape (3, |A_1|, |A_2|, |A_3|, k)
        Games without pure equilibria.
    most : array, shape (k,)
        Largest gain by deviating that counts as none, in units of payoff.

    Returns
    -------
    tuple of arrays, shape (|A_i|, k)
        Mixed action of each player; NaN where a game has no such equilibrium, or it is in doubt which is the first.

    Examples
    --------
    The first wants to match the second above all, the second the third, and the third not the first:

    >>> payoffs = np.zeros((3, 2, 2, 2, 1))
    >>> for a, b, c in np.ndindex(2, 2, 2):
    ...     payoffs[:, a, b, c, 0] = 5 * (a == b) + (a == c), 5 * (b == c) + (b == a), 5 * (c != a) + (c != b)
    >>> [x[:, 0].round(9).tolist() for x in first_triple(payoffs, np.full(1, 1e-9))]
    [[0.5, 0.5], [0.5, 0.5], [0.5, 0.5]]
    """
    shape, games = payoffs.shape[1:4], payoffs.shape[-1]
    mixed = tuple(np.full((size, games), np.nan) for size in shape)
    supports = prod(comb(size, 2) for size in shape)
    # Of two who mix there are at most twice as many, which have to be walked before.
    if not 0 < 2 * supports <= pairs.MOST_SUPPORTS:
        return mixed
    span = np.ptp(payoffs.reshape(3, -1, games), axis=1)
    left = np.flatnonzero(_without_ties(payoffs, span))
    if not left.size:
        return mixed
    nearly = pairs.first_pair(payoffs[..., left], CLEAR * span[:, left].max(axis=0))
    left = left[np.isnan(nearly[0][0])]
    step = max(1, pairs.AT_ONCE // supports)
    for some in (left[first : first + step] for first in range(0, left.size, step)):
        _settle(payoffs[..., some], most[some], span[:, some], mixed, some)
    return mixed


def _without_ties(payoffs: Floats, span: Floats) -> Bools:
    """Whether any two actions of any player differ clearly, whatever the others play."""
    clear = np.ones(payoffs.shape[-1], dtype=bool)
    for player, own in enumerate(payoffs):
        rows = np.moveaxis(own, player, 0)
        for one, other in combinations(rows, 2):
            clear &= (np.abs(one - other) > CLEAR * span[player]).all(axis=(0, 1))
    return clear


@lru_cache(maxsize=16)
def _supports(shape: tuple[int, ...]) -> Indices:
    """The actions of each player on each support in order, shape (supports, 3, 2)."""
    return np.array(list(product(*(combinations(range(size), 2) for size in shape))), dtype=np.intp)


def _settle(payoffs: Floats, most: Floats, span: Floats, mixed: tuple[Floats, ...], places: Indices) -> None:
    """Write into `mixed`, at `places`, the first equilibrium of each game where it is beyond doubt."""
    supports = _supports(payoffs.shape[1:4])
    game, support = np.nonzero(_may_mix(payoffs, supports).T)
    first, second, third = np.moveaxis(supports[support], 0, -1)
    inside = payoffs[:, first[:, None, None], second[None, :, None], third[None, None], game]
    rows, settled = completely_mixed_222(inside, CLEAR)
    found = _in_full(payoffs.shape[1:4], supports[support[rows.game]], rows.second)
    gain = mixed_regrets(payoffs[..., game[rows.game]], found)
    share, here = (gain / span[:, game[rows.game]]).max(axis=0), game[rows.game]
    stays = (share <= SHARE) & (gain.max(axis=0) <= most[here])
    settled[rows.game[~stays & (share <= CLEAR)]] = False
    # Places in the walk of each game: of the first support in doubt, and of the first that holds an equilibrium.
    doubt, begins = (np.full(payoffs.shape[-1], game.size) for _ in range(2))
    np.minimum.at(doubt, game[~settled], np.flatnonzero(~settled))
    np.minimum.at(begins, here[stays], rows.game[stays])
    chosen = np.flatnonzero(stays & (rows.game == begins[here]) & (begins < doubt)[here])
    chosen = _earlier(chosen, rows)
    for x, own in zip(mixed, found, strict=True):
        x[:, places[here[chosen]]] = own[:, chosen]


def _may_mix(payoffs: Floats, supports: Indices) -> Bools:
    """On which supports each player likes its second action better in some case and worse in another, (supports, k)."""
    open_ = np.ones((len(supports), payoffs.shape[-1]), dtype=bool)
    for player, own in enumerate(payoffs):
        rows = np.moveaxis(own, player, 0)
        mine, one, other = (supports[:, p, :] for p in (player, *(p for p in range(3) if p != player)))
        cells = one[:, :, None], other[:, None, :]
        up = rows[(mine[:, 1, None, None], *cells)] > rows[(mine[:, 0, None, None], *cells)]
        open_ &= up.any(axis=(1, 2)) & ~up.all(axis=(1, 2))
    return open_


def _in_full(shape: tuple[int, ...], actions: Indices, second: Floats) -> tuple[Floats, ...]:
    """Mixed actions over all actions, shape (|A_i|, r), from probabilities of second actions."""
    mixed, everywhere = tuple(np.zeros((size, len(actions))) for size in shape), np.arange(len(actions))
    for player, x in enumerate(mixed):
        x[actions[:, player, 0], everywhere] = 1.0 - second[player]
        x[actions[:, player, 1], everywhere] = second[player]
    return mixed


def _earlier(chosen: Indices, rows: Rows) -> Indices:
    """Of two on one support the one that comes first; none where that is in doubt."""
    chosen = chosen[np.lexsort((-rows.second[0, chosen], rows.game[chosen]))]
    support, x = rows.game[chosen], rows.second[0, chosen]
    again = np.flatnonzero(np.diff(support) == 0)
    kept = np.ones(chosen.size, dtype=bool)
    kept[again + 1] = False
    kept[again[x[again] - x[again + 1] <= CLEAR]] = False
    return chosen[kept]
