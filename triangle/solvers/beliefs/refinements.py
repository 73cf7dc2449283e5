r"""Which equilibria rest on beliefs that are not plausible: the intuitive criterion and D1.

At a set that is not reached, each node is led to by one surprise: some mover could have gone there and did not. What
it would have got is compared with what it gets, :math:`u^*`, for the answers that may be expected at the set.

* **Intuitive criterion** (Cho and Kreps 1987): a node is struck out if its mover would lose by going there whatever
  best answer, to any belief, it met. If some mover that is left would gain by every best answer to beliefs on what is
  left, the equilibrium fails.
* **D1** (Banks and Sobel 1987; Cho and Kreps 1987): a node is struck out if for some other node the mixed best
  answers that would make its mover gain at least nothing all make the other's mover gain. The equilibrium fails if no
  best answer to a belief on what is left keeps everybody. It is asked at sets of two actions.

Sets to which a node is led by two surprises or none of another player are passed over.

References
----------
Banks, J. S. and Sobel, J. (1987). Equilibrium selection in signaling games. *Econometrica* 55(3), 647-661.
Cho, I.-K. and Kreps, D. M. (1987). Signaling games and stable equilibria. *Quarterly Journal of Economics* 102(2),
179-221.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from triangle.base.linear import least_cost
from triangle.games.normal_form import Floats
from triangle.games.tree import Act, Tree
from triangle.solvers.beliefs.supports import Assessment

#: Gain, in shares of the range of a player's payoffs, that counts as one.
LEAST = 1e-9


def intuitive(tree: Tree, played: Assessment) -> str:
    """Why an equilibrium fails the intuitive criterion; empty where it does not.

    Examples
    --------
    >>> from triangle.games.tree import Leaf, Move
    >>> tree = Tree.of(("A",), Move("A", "first", {"l": Leaf(1), "r": Leaf(0)}))
    >>> intuitive(tree, Assessment(((1.0, 0.0),), ((1.0,),)))
    ''
    """
    for surprise in _surprises(tree, played):
        every = surprise.answers(range(len(surprise.nodes)))
        left = [k for k in range(len(surprise.nodes)) if surprise.gain(k, every).max() >= -LEAST]
        if not left or len(left) == len(surprise.nodes):
            continue
        expected = surprise.answers(left)
        for k in left:
            if surprise.gain(k, expected).min() > LEAST:
                return surprise.text(left, k)
    return ""


def d1(tree: Tree, played: Assessment) -> str:
    """Why an equilibrium fails D1; empty where it does not, or where D1 is not asked."""
    for surprise in _surprises(tree, played):
        if len(tree.sets[surprise.h].actions) != 2:
            continue
        low, high = surprise.mixtures(range(len(surprise.nodes)))
        gains = [surprise.gain(k, [0, 1]) for k in range(len(surprise.nodes))]
        left = [k for k, own in enumerate(gains) if not any(_within(own, other, low, high) for other in gains)]
        if not left or len(left) == len(gains):
            continue
        low, high = surprise.mixtures(left)
        for own in gains:
            low, high = _cut(own, low, high)
        if low > high + LEAST:
            return surprise.text(left, left[0])
    return ""


#: The refinements by name.
REFINEMENTS: dict[str, Callable[[Tree, Assessment], str]] = {"intuitive": intuitive, "d1": d1}


def _within(own: Floats, other: Floats, low: float, high: float) -> bool:
    """Whether mixtures at which one gains at least nothing are some, or none, of those at which the other gains."""
    if own is other:
        return False
    first, last = _cut(-own, low, high)
    if first > last:
        return bool(max(_at(other, low), _at(other, high)) > LEAST)
    return min(_at(other, first), _at(other, last)) > LEAST


def _at(ends: Floats, mixture: float) -> float:
    return float((1 - mixture) * ends[0] + mixture * ends[1])


def _cut(ends: Floats, low: float, high: float) -> tuple[float, float]:
    """The mixtures in an interval at which an affine gain is not positive."""
    slope = float(ends[1] - ends[0])
    if abs(slope) <= LEAST:
        return (low, high) if ends[0] <= LEAST else (1.0, 0.0)
    root = float(-ends[0] / slope)
    return (low, min(high, root)) if slope > 0 else (max(low, root), high)


@dataclass(frozen=True, eq=False)
class _Surprise:
    """A set that is not reached, whose nodes one surprise each leads to."""

    tree: Tree
    played: Assessment
    h: int
    nodes: tuple[int, ...]
    acts: tuple[Act, ...]

    def gain(self, k: int, answers: Sequence[int]) -> Floats:
        """Gain of a node's mover by its surprise at each answer, in shares of the range of its payoffs."""
        h, a = self.acts[k]
        mover = self.tree.sets[h].player
        found = []
        for answer in answers:
            strategies = list(self.played.strategies)
            strategies[self.h] = tuple(float(b == answer) for b in range(len(strategies[self.h])))
            found.append(self.after(strategies, h, a, mover) - self.kept(h, mover))
        return np.array(found) / _span(self.tree, mover)

    def after(self, strategies: Sequence[tuple[float, ...]], h: int, a: int, mover: int) -> float:
        held = zip(self.tree.sets[h].nodes, self.played.beliefs[h], strict=True)
        return sum(p * _value(self.tree, strategies, self.tree.nodes[x].children[a], mover) for x, p in held if p > 0)

    def kept(self, h: int, mover: int) -> float:
        held = zip(self.tree.sets[h].nodes, self.played.beliefs[h], strict=True)
        return sum(p * _value(self.tree, self.played.strategies, x, mover) for x, p in held if p > 0)

    def worth(self) -> Floats:
        """What each action is worth to the one who moves here at each node, shape (nodes, actions)."""
        player = self.tree.sets[self.h].player
        rows = [
            [_value(self.tree, self.played.strategies, child, player) for child in self.tree.nodes[x].children]
            for x in self.nodes
        ]
        return np.array(rows) / _span(self.tree, player)

    def answers(self, nodes: Sequence[int] | range) -> list[int]:
        """Actions that are best for some belief on these nodes."""
        worth = self.worth()[list(nodes)]
        return [a for a in range(worth.shape[1]) if _best_for_some(worth, a)]

    def mixtures(self, nodes: Sequence[int] | range) -> tuple[float, float]:
        """Probabilities of the second of two actions that some belief supports."""
        best = self.answers(nodes)
        return (0.0 if 0 in best else 1.0), (1.0 if 1 in best else 0.0)

    def text(self, left: Sequence[int], gaining: int) -> str:
        """What is struck out and who would gain, in words."""
        names = {k: f"{self.tree.sets[g].name}: {self.tree.sets[g].actions[a]}" for k, (g, a) in enumerate(self.acts)}
        struck = ", ".join(name for k, name in names.items() if k not in left)
        where = self.tree.sets[self.h].name
        return f"at '{where}' it rests on the belief in ({struck}), which is struck out; ({names[gaining]}) would gain"


def _surprises(tree: Tree, played: Assessment) -> Iterator[_Surprise]:
    unplayed = {(h, a) for h, mixed in enumerate(played.strategies) for a, p in enumerate(mixed) if p == 0.0}
    for h, found in enumerate(tree.sets):
        nodes = [x for x in found.nodes if tree.chances[x] > 0]
        ways = [[act for act in tree.pasts[x] if act in unplayed] for x in nodes]
        single = all(len(way) == 1 and tree.sets[way[0][0]].player != found.player for way in ways)
        if nodes and single:
            yield _Surprise(tree, played, h, tuple(nodes), tuple(way[0] for way in ways))


def _value(tree: Tree, strategies: Sequence[tuple[float, ...]], node: int, player: int) -> float:
    """What a player expects after a node."""
    here = tree.nodes[node]
    if not here.children:
        return here.payoffs[player]
    odds = here.probabilities if here.information < 0 else strategies[here.information]
    return sum(p * _value(tree, strategies, c, player) for p, c in zip(odds, here.children, strict=True) if p > 0)


def _span(tree: Tree, player: int) -> float:
    return float(np.ptp(tree.payoffs[player])) or 1.0


def _best_for_some(worth: Floats, action: int) -> bool:
    """Whether an action is best for some belief over the rows."""
    ahead = worth[:, [action]] - np.delete(worth, action, axis=1)
    if ahead.shape[1] == 1:
        return bool(ahead.max() >= -LEAST)
    belief = np.ones((1, len(worth)))
    most = np.full(ahead.shape[1], LEAST)
    return least_cost(np.zeros(len(worth)), -ahead.T, most, (0.0, np.inf), equal=(belief, [1.0])) is not None
