r"""What an assessment is worth, recomputed from the tree alone; nothing is shared with the search that found it.

Two numbers. The **largest gain**: at each information set, given the belief there, the best the player can reach by
changing any of its actions at this set and at later ones of its own, less what it reaches by its strategy. It is
found by carrying the belief forward and choosing from the last of the player's sets backwards; one-shot deviations
are among these changes. The **Bayes residual**: the largest difference between a belief and what the strategies make
of it. Each act of probability zero is given a symbol of its own that is small beyond comparison; a node's probability
is then a number times a product of symbols. Where the product of a node lacks a symbol that another node of the set
has, and has none that the other lacks, the other's probability is zero beside it; nodes with the same product are
compared by their numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from triangle.games.tree import Tree


@dataclass(frozen=True)
class BayesianCertificate:
    """The largest gain of each player at any of its sets, in units of its payoff, and the Bayes residual."""

    gains: tuple[float, ...]
    residual: float

    def holds(self, tree: Tree, most: float = 1e-7) -> bool:
        """Whether gains are at most this share of the range of each player's payoffs, and the residual at most it."""
        spans = [max(own) - min(own) for own in tree.payoffs.tolist()]
        return self.residual <= most and all(g <= most * span for g, span in zip(self.gains, spans, strict=True))


def certify_beliefs(
    tree: Tree, strategies: Sequence[Sequence[float]], beliefs: Sequence[Sequence[float]]
) -> BayesianCertificate:
    """Check an assessment of a tree.

    Parameters
    ----------
    strategies : sequence of sequences of float
        Probability of each action at each set.
    beliefs : sequence of sequences of float
        Probability of each node of each set.

    Examples
    --------
    >>> from triangle.games.tree import Leaf, Move
    >>> fight = Move("incumbent", "entered", {"yield": Leaf(1, 1), "fight": Leaf(-1, -1)})
    >>> entry = Tree.of(("entrant", "incumbent"), Move("entrant", "first", {"out": Leaf(0, 2), "in": fight}))
    >>> certify_beliefs(entry, [(1, 0), (0, 1)], [(1,), (1,)]).gains
    (0.0, 2.0)
    """
    gains = [0.0] * len(tree.players)
    for h, found in enumerate(tree.sets):
        carried = dict(zip(found.nodes, beliefs[h], strict=True))
        plays = _followed(tree, strategies, carried, found.player)
        best = _best(tree, strategies, carried, found.player)
        gains[found.player] = max(gains[found.player], best - plays)
    return BayesianCertificate(tuple(gains), _residual(tree, strategies, beliefs))


def _after(tree: Tree, node: int) -> list[int]:
    """A node and all after it, parents first."""
    found = [node]
    for k in found:
        found += tree.nodes[k].children
    return found


def _followed(tree: Tree, strategies: Sequence[Sequence[float]], carried: dict[int, float], player: int) -> float:
    """What a player expects from weighted nodes on if everybody follows the strategies."""
    total = 0.0
    for start, weight in carried.items():
        reach = {start: weight}
        for k in _after(tree, start):
            node = tree.nodes[k]
            if not node.children:
                total += reach[k] * node.payoffs[player]
            odds = node.probabilities if node.information < 0 else strategies[node.information]
            for p, child in zip(odds, node.children, strict=False):
                reach[child] = reach[k] * p
    return total


def _best(tree: Tree, strategies: Sequence[Sequence[float]], carried: dict[int, float], player: int) -> float:
    """What it can reach from weighted nodes on by any plan of its own, the others following theirs."""
    weights: dict[int, float] = {}
    for start, weight in carried.items():
        weights[start] = weight
        for k in _after(tree, start):
            node = tree.nodes[k]
            own = node.information >= 0 and tree.sets[node.information].player == player
            odds = node.probabilities if node.information < 0 else strategies[node.information]
            for place, child in enumerate(node.children):
                weights[child] = weights[k] * (1.0 if own else odds[place])
    worth: dict[int, float] = {}
    met = {tree.nodes[k].information for k in weights if tree.nodes[k].information >= 0}
    mine = [h for h in met if tree.sets[h].player == player]
    choice: dict[int, int] = {}
    for h in sorted(mine, key=lambda h: -len(tree.own_past(tree.sets[h].nodes[0], player))):
        nodes = [k for k in tree.sets[h].nodes if k in weights]
        by_action = [
            sum(_worth(tree, tree.nodes[k].children[a], weights, choice, player, worth) for k in nodes)
            for a in range(len(tree.sets[h].actions))
        ]
        choice[h] = by_action.index(max(by_action))
    return sum(_worth(tree, start, weights, choice, player, worth) for start in carried)


def _worth(
    tree: Tree, node: int, weights: dict[int, float], choice: dict[int, int], player: int, known: dict[int, float]
) -> float:
    """Weighted payoff below a node, own later actions as chosen."""
    if node not in known:
        here = tree.nodes[node]
        if not here.children:
            known[node] = weights[node] * here.payoffs[player]
        elif here.information >= 0 and tree.sets[here.information].player == player:
            known[node] = _worth(tree, here.children[choice[here.information]], weights, choice, player, known)
        else:
            known[node] = sum(_worth(tree, child, weights, choice, player, known) for child in here.children)
    return known[node]


def _residual(tree: Tree, strategies: Sequence[Sequence[float]], beliefs: Sequence[Sequence[float]]) -> float:
    """Largest difference of a belief from what Bayes' rule says of it, as far as it says anything."""
    size: dict[int, tuple[float, frozenset[tuple[int, int]]]] = {0: (1.0, frozenset())}
    for k in _after(tree, 0):
        node, (number, symbols) = tree.nodes[k], size[k]
        odds = node.probabilities if node.information < 0 else strategies[node.information]
        for place, child in enumerate(node.children):
            p = odds[place]
            if node.information < 0 or p > 0:
                size[child] = (number * p, symbols)
            else:
                size[child] = (number, symbols | {(node.information, place)})
    return max((_off(found.nodes, beliefs[h], size) for h, found in enumerate(tree.sets)), default=0.0)


def _off(
    nodes: Sequence[int], belief: Sequence[float], size: dict[int, tuple[float, frozenset[tuple[int, int]]]]
) -> float:
    worst = abs(sum(belief) - 1.0)
    for x, p in zip(nodes, belief, strict=True):
        number, symbols = size[x]
        if number == 0.0 or any(size[y][1] < symbols and size[y][0] > 0.0 for y in nodes):
            worst = max(worst, p)
            continue
        like = [y for y in nodes if size[y][1] == symbols]
        total = sum(belief[nodes.index(y)] for y in like)
        worst = max(worst, abs(p - total * number / sum(size[y][0] for y in like)))
    return worst
