r"""Games in extensive form: moves in turn, chance, and what a player knows when it moves.

A finite tree of **nodes**: at a leaf every player receives its payoff, at a chance node each branch has a probability,
at any other one a player moves. Nodes that a player cannot tell apart form an **information set**: they belong to the
same player and offer the same actions. A player has **perfect recall** if all nodes of each of its sets have the same
own past: the same own sets visited and the same own actions taken there (Kuhn 1953). Only then can play be described by
**behaviour strategies**, one mixed action at each set; a tree without it is refused.

A tree is written as nested :class:`Leaf`, :class:`Chance` and :class:`Move`, and kept as a list of nodes in which
parents come before their children.

References
----------
Kuhn, H. W. (1953). Extensive games and the problem of information. In *Contributions to the Theory of Games* II,
Princeton University Press, 193-216.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from triangle.games.normal_form import Floats, rounding

#: Largest difference of the probabilities at a chance node from one.
SUM = 1e-9
#: Most nodes of a tree; what can be done with one grows much faster than it does.
MOST_NODES = 100_000

#: A set and one of its actions, by number.
Act = tuple[int, int]


@dataclass(frozen=True)
class Leaf:
    """An end of the game: the payoff of each player."""

    payoffs: tuple[float, ...]

    def __init__(self, *payoffs: float):
        object.__setattr__(self, "payoffs", tuple(map(float, payoffs)))


@dataclass(frozen=True)
class Chance:
    """A draw: the probability of each branch, and the game that follows, by the branch's name."""

    probabilities: Mapping[str, float]
    follows: Mapping[str, Branch]


@dataclass(frozen=True)
class Move:
    """A player's move at an information set; moves that name the same set cannot be told apart by the player."""

    player: str
    information: str
    follows: Mapping[str, Branch]


Branch = Leaf | Chance | Move


@dataclass(frozen=True)
class Node:
    """One node.

    Attributes
    ----------
    parent : int
        Number of the node before; −1 for the first.
    branch : int
        Which of its parent's branches leads here.
    children : tuple of int
    information : int
        Number of the information set; −1 where nobody moves.
    probabilities : tuple of float
        At a chance node the probability of each branch; else none.
    payoffs : tuple of float
        At a leaf the payoff of each player; else none.
    names : tuple of str
        Names of the branches of a chance node.
    """

    parent: int
    branch: int
    children: tuple[int, ...]
    information: int = -1
    probabilities: tuple[float, ...] = ()
    payoffs: tuple[float, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class InformationSet:
    """Nodes that a player cannot tell apart: whose move, what the set is called, its actions and its nodes."""

    player: int
    name: str
    actions: tuple[str, ...]
    nodes: tuple[int, ...]


@dataclass(frozen=True)
class Tree:
    """A finite game in extensive form with perfect recall, of any number of players.

    Attributes
    ----------
    players : tuple of str
    nodes : tuple of Node
        Parents before children; the first one is where play begins.
    sets : tuple of InformationSet
        In the order in which they are first met.

    Examples
    --------
    >>> fight = Move("incumbent", "entered", {"yield": Leaf(1, 1), "fight": Leaf(-1, -1)})
    >>> entry = Tree.of(("entrant", "incumbent"), Move("entrant", "first", {"out": Leaf(0, 2), "in": fight}))
    >>> len(entry.nodes), [found.name for found in entry.sets], entry.leaves
    (5, ['first', 'entered'], (1, 3, 4))
    """

    players: tuple[str, ...]
    nodes: tuple[Node, ...]
    sets: tuple[InformationSet, ...]

    @classmethod
    def of(cls, players: Sequence[str], first: Branch) -> Tree:
        """The game that begins with `first`.

        Raises
        ------
        ValueError
            If nodes of one set differ in player or actions, chances do not add to one, a payoff is missing or not
            finite, or a player does not recall what it knew or did.
        """
        return _Builder(tuple(players)).build(first)

    @cached_property
    def leaves(self) -> tuple[int, ...]:
        """Numbers of the leaves."""
        return tuple(k for k, node in enumerate(self.nodes) if not node.children)

    @cached_property
    def payoffs(self) -> Floats:
        """Payoffs at the leaves, shape (players, leaves)."""
        import numpy as np

        return np.array([self.nodes[k].payoffs for k in self.leaves], dtype=np.float64).T

    @cached_property
    def tolerance(self) -> tuple[float, ...]:
        """Difference of each player's payoffs that rounding alone can make; see :func:`rounding`."""
        return tuple(map(float, rounding(self.payoffs.reshape(len(self.players), -1, *(1,) * (len(self.players) - 1)))))

    @cached_property
    def pasts(self) -> tuple[tuple[Act, ...], ...]:
        """The acts on the way to each node, in order: pairs of set and action; chance is not among them."""
        found: list[tuple[Act, ...]] = []
        for node in self.nodes:
            parent = self.nodes[node.parent] if node.parent >= 0 else None
            before = found[node.parent] if parent else ()
            moved = parent is not None and parent.information >= 0
            found.append((*before, (parent.information, node.branch)) if moved else before)  # type: ignore[union-attr]
        return tuple(found)

    @cached_property
    def chances(self) -> tuple[float, ...]:
        """Product of the probabilities of chance on the way to each node."""
        found: list[float] = []
        for node in self.nodes:
            drawn = self.nodes[node.parent].probabilities if node.parent >= 0 else ()
            found.append((found[node.parent] if node.parent >= 0 else 1.0) * (drawn[node.branch] if drawn else 1.0))
        return tuple(found)

    @property
    def actions(self) -> tuple[int, ...]:
        """Number of actions at each set."""
        return tuple(len(found.actions) for found in self.sets)

    def own_past(self, node: int, player: int) -> tuple[Act, ...]:
        """What a player did on the way to a node."""
        return tuple(act for act in self.pasts[node] if self.sets[act[0]].player == player)

    def set_named(self, name: str) -> int:
        """Number of the set of this name."""
        return next(k for k, found in enumerate(self.sets) if found.name == name)

    def with_payoffs(self, payoffs: Floats) -> Tree:
        """The same tree with other payoffs, shape (players, leaves)."""
        nodes = list(self.nodes)
        for place, k in enumerate(self.leaves):
            old = nodes[k]
            nodes[k] = Node(old.parent, old.branch, (), payoffs=tuple(map(float, payoffs[:, place])))
        return Tree(self.players, tuple(nodes), self.sets)


class _Builder:
    """Nested branches turned into a list of nodes, with all that is checked."""

    def __init__(self, players: tuple[str, ...]):
        if not players or len(set(players)) < len(players):
            raise ValueError(f"players {players}: expected at least one, each named once")
        self.players = players
        self.nodes: list[Node | None] = []
        self.known: dict[str, tuple[int, str, tuple[str, ...], list[int]]] = {}

    def build(self, first: Branch) -> Tree:
        waiting: list[tuple[Branch, int, int]] = [(first, -1, 0)]
        children: dict[int, list[int]] = {}
        made: list[tuple[Branch, int, int]] = []
        while waiting:
            branch, parent, place = waiting.pop(0)
            if len(made) >= MOST_NODES:
                raise ValueError(f"more than {MOST_NODES:,} nodes")
            children.setdefault(parent, []).append(len(made))
            follows = () if isinstance(branch, Leaf) else tuple(branch.follows.values())
            waiting += [(after, len(made), k) for k, after in enumerate(follows)]
            made.append((branch, parent, place))
        nodes = tuple(self.node(k, *found, tuple(children.get(k, ()))) for k, found in enumerate(made))
        sets = tuple(InformationSet(p, name, acts, tuple(at)) for p, name, acts, at in self.known.values())
        tree = Tree(self.players, nodes, sets)
        for message in forgets(tree):
            raise ValueError(message)
        return tree

    def node(self, k: int, branch: Branch, parent: int, place: int, children: tuple[int, ...]) -> Node:
        if isinstance(branch, Leaf):
            if len(branch.payoffs) != len(self.players) or not all(map(math.isfinite, branch.payoffs)):
                raise ValueError(f"payoffs {branch.payoffs}: expected {len(self.players)} finite numbers")
            return Node(parent, place, (), payoffs=branch.payoffs)
        if not branch.follows:
            raise ValueError("a move or a draw has no branch")
        if isinstance(branch, Chance):
            return Node(parent, place, children, probabilities=_chances(branch), names=tuple(branch.follows))
        return Node(parent, place, children, information=self.information(k, branch))

    def information(self, k: int, move: Move) -> int:
        if move.player not in self.players:
            raise ValueError(f"{move.player!r} moves at {move.information!r} and is none of the players {self.players}")
        player, actions = self.players.index(move.player), tuple(move.follows)
        found = self.known.setdefault(move.information, (player, move.information, actions, []))
        if (player, actions) != (found[0], found[2]):
            raise ValueError(f"nodes of {move.information!r} differ in player or actions, so they can be told apart")
        found[3].append(k)
        return list(self.known).index(move.information)


def _chances(branch: Chance) -> tuple[float, ...]:
    """The probabilities of a draw in the order of its branches."""
    if set(branch.probabilities) != set(branch.follows):
        raise ValueError(f"probabilities of {list(branch.probabilities)}, but branches {list(branch.follows)}")
    chances = tuple(float(branch.probabilities[name]) for name in branch.follows)
    if not (all(p >= 0 for p in chances) and abs(sum(chances) - 1) <= SUM):
        raise ValueError(f"probabilities {chances}: expected none negative and a sum of one")
    return chances


def forgets(tree: Tree) -> Iterator[str]:
    """The sets at which a player does not recall what it knew or did before, in words."""
    for found in tree.sets:
        pasts = {tree.own_past(node, found.player) for node in found.nodes}
        if len(pasts) > 1:
            yield f"{tree.players[found.player]} forgets at {found.name!r} what it knew or did before"
