r"""All extreme equilibria of a two-player game, degenerate ones included, and how they hang together; exact arithmetic.

With payoffs :math:`A, B > 0` the *best-response polytopes* are

.. math:: P = \{x \ge 0 : B^\top x \le 1\}, \qquad Q = \{y \ge 0 : A y \le 1\} ,

and a point has the *labels* of the own actions that it does not play and of the other player's that are best replies to
it. A pair of vertices other than 0 that together have all labels is, scaled to sum one, an **extreme equilibrium**, and
all equilibria are convex combinations of these: with :math:`X, Y` sets of vertices every two of which are such pairs,
each point of :math:`\operatorname{conv} X \times \operatorname{conv} Y` is an equilibrium. The largest such products
are the **maximal Nash subsets**, the cliques of the graph of extreme equilibria; the connected parts of that graph are
the **components** of the set of equilibria (Winkels 1979; Avis et al. 2010). A game is degenerate in what matters here
when a pair has a label twice: a best reply is unplayed, or the point is not alone.

Payoffs are taken as the simplest fractions that rounding cannot tell from them, in shares of each player's range. So
0.1 + 0.2 and 0.3 tie, thirds are thirds, and everything after that is exact.

References
----------
Avis, D., Rosenberg, G. D., Savani, R. and von Stengel, B. (2010). Enumeration of Nash equilibria for two-player games.
*Economic Theory* 42(1), 9-37.
Winkels, H.-M. (1979). An algorithm to determine all equilibrium points of a bimatrix game. In *Game Theory and Related
Topics*, North-Holland, 137-148.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb

import numpy as np

from triangle.games.normal_form import Floats, rounding

Exact = tuple[Fraction, ...]
Matrix = list[list[Fraction]]

#: Most systems of equations solved for one polytope: games of six actions a player are within, longer ones if narrow.
MOST_SYSTEMS = 1000
#: Most maximal Nash subsets listed.
MOST_SUBSETS = 200


@dataclass(frozen=True)
class Extreme:
    """All extreme equilibria of one two-player game.

    Attributes
    ----------
    equilibria : tuple of (x, y)
        Exact probabilities of both players; first actions first.
    alone : tuple of bool
        Whether each leaves no best reply unplayed and no label is there twice.
    subsets : tuple of (places of x, places of y)
        Maximal Nash subsets as places of equilibria: every pairing of their first and second halves is one.
    components : tuple of tuple of int
        Places of the equilibria of each connected part of the set of all equilibria.
    """

    equilibria: tuple[tuple[Exact, Exact], ...]
    alone: tuple[bool, ...]
    subsets: tuple[tuple[int, ...], ...]
    components: tuple[tuple[int, ...], ...]


def within_reach(shape: Sequence[int]) -> bool:
    """Whether a game of this shape is small enough to be enumerated exactly."""
    return comb(shape[0] + shape[1], shape[0]) <= MOST_SYSTEMS


def extreme_equilibria(payoffs: Floats) -> Extreme:
    """All extreme equilibria of one two-player game, their maximal Nash subsets and components.

    Parameters
    ----------
    payoffs : array, shape (2, |A_1|, |A_2|)
        In any unit.

    Raises
    ------
    ValueError
        For games larger than :func:`within_reach` allows.

    Examples
    --------
    The second player does not care once the first plays its second action (three corners of one component):

    >>> game = np.array([[[3.0, 3, 0], [0, 2, 1]], [[1.0, 0, 0], [3, 3, 3]]])
    >>> found = extreme_equilibria(game)
    >>> [tuple(map(str, y)) for x, y in found.equilibria if x[1] == 1]
    [('1/4', '0', '3/4'), ('0', '1/2', '1/2'), ('0', '0', '1')]
    >>> found.components
    ((0,), (1, 2, 3))
    """
    m, n = payoffs.shape[1:]
    if not within_reach((m, n)):
        raise ValueError(f"a game of {m} x {n} actions is too large for exact enumeration")
    first, second = _simple(payoffs)
    columns = [list(row) for row in zip(*second, strict=True)]
    # Labels: 0 .. m - 1 for the actions of the first player, m .. m + n - 1 for those of the second.
    of_x = [(x, frozenset(a for a in zeros) | {m + b for b in tight}) for x, zeros, tight in _vertices(columns)]
    of_y = [(y, frozenset(tight) | {m + b for b in zeros}) for y, zeros, tight in _vertices(first)]
    everything = frozenset(range(m + n))
    pairs = sorted(
        ((i, j) for i, (_, one) in enumerate(of_x) for j, (_, other) in enumerate(of_y) if one | other == everything),
        key=lambda pair: ([-p for p in of_x[pair[0]][0]], [-p for p in of_y[pair[1]][0]]),
    )
    return Extreme(
        tuple((of_x[i][0], of_y[j][0]) for i, j in pairs),
        tuple(not of_x[i][1] & of_y[j][1] for i, j in pairs),
        tuple(_subsets(pairs)),
        tuple(_components(pairs)),
    )


def _simple(payoffs: Floats) -> list[Matrix]:
    """Payoffs of both players as simple fractions from 1 to 2 that rounding cannot tell from shares of the range."""
    result = []
    for own, most in zip(payoffs, rounding(payoffs).tolist(), strict=True):
        known: dict[float, Fraction] = {}
        values = sorted(set(own.ravel().tolist()))
        least, span = Fraction(values[0]), Fraction(values[-1]) - Fraction(values[0]) or Fraction(1)
        slack, before = Fraction(most) / span, -np.inf
        for value in values:
            share = (Fraction(value) - least) / span
            known[value] = (
                known[before] if value - before <= most else simplest(max(share - slack, Fraction(0)), share + slack)
            )
            before = value
        result.append([[1 + known[u] for u in row] for row in own.tolist()])
    return result


def simplest(low: Fraction, high: Fraction) -> Fraction:
    """The fraction of the smallest denominator between two numbers, both included.

    >>> simplest(Fraction("0.3332"), Fraction("0.3334"))
    Fraction(1, 3)
    """
    whole = -(-low.numerator // low.denominator)
    if whole <= high:
        return Fraction(whole)
    return whole - 1 + 1 / simplest(1 / (high - whole + 1), 1 / (low - whole + 1))


def _vertices(rows: Matrix) -> Iterator[tuple[Exact, list[int], list[int]]]:
    """Vertices other than 0 of ``{z >= 0 : rows z <= 1}``, scaled to sum one, with their zeros and their tight rows."""
    width = len(rows[0])
    seen = set()
    for size in range(1, min(width, len(rows)) + 1):
        for support in itertools.combinations(range(width), size):
            for tight in itertools.combinations(range(len(rows)), size):
                inside = _solved([[rows[r][c] for c in support] for r in tight])
                if inside is None or min(inside) < 0:
                    continue
                z = [Fraction(0)] * width
                for c, value in zip(support, inside, strict=True):
                    z[c] = value
                if tuple(z) in seen:
                    continue
                levels = [sum(row[c] * z[c] for c in support) for row in rows]
                if max(levels) <= 1:
                    seen.add(tuple(z))
                    total = sum(z)
                    zeros = [c for c in range(width) if z[c] == 0]
                    yield tuple(p / total for p in z), zeros, [r for r, level in enumerate(levels) if level == 1]


def _solved(matrix: Matrix) -> list[Fraction] | None:
    """The solution of ``matrix z = 1``; None where there is not exactly one."""
    system = [[*row, Fraction(1)] for row in matrix]
    for column in range(len(system)):
        pivot = next((r for r in range(column, len(system)) if system[r][column]), None)
        if pivot is None:
            return None
        system[column], system[pivot] = system[pivot], system[column]
        top = system[column] = [value / system[column][column] for value in system[column]]
        for r, row in enumerate(system):
            if r != column and row[column]:
                system[r] = [value - row[column] * above for value, above in zip(row, top, strict=True)]
    return [row[-1] for row in system]


def _subsets(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, ...]]:
    """The maximal complete bipartite parts of the graph of pairs, as places of pairs; at most :data:`MOST_SUBSETS`."""
    replies: dict[int, frozenset[int]] = {}
    for i, j in pairs:
        replies[i] = replies.get(i, frozenset()) | {j}
    closed = set(replies.values())
    fresh = closed
    while fresh and len(closed) <= MOST_SUBSETS:
        fresh = {one & other for one in fresh for other in replies.values() if one & other} - closed
        closed |= fresh
    found = [tuple(k for k, (i, j) in enumerate(pairs) if j in those and those <= replies[i]) for those in closed]
    return sorted(found)[:MOST_SUBSETS]


def _components(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, ...]]:
    """Places of pairs that hang together by a common first or second half."""
    groups: list[set[int]] = []
    for k, (i, j) in enumerate(pairs):
        touching = [g for g in groups if any(pairs[other][0] == i or pairs[other][1] == j for other in g)]
        groups = [g for g in groups if g not in touching] + [set().union({k}, *touching)]
    return sorted(tuple(sorted(g)) for g in groups)
