r"""All perfect Bayesian equilibria of a game in extensive form, by supports.

An **assessment** is a behaviour strategy :math:`\sigma` and at each information set a belief :math:`\mu`, a probability
of each of its nodes. It is a **perfect Bayesian equilibrium** here when

* at every set, on the path of play or off it, no action gains over one that is played, given the belief there and what
  is played afterwards (sequential rationality; with perfect recall and such beliefs one-shot deviations are enough),
* the belief follows from the strategies by Bayes' rule as far as their **surprises** allow. The surprises of a node are
  the acts of probability zero on the way to it. A node whose surprises include all those of another node of the set and
  more has probability zero, and nodes with the same surprises are as likely to each other as the rest of their ways.
  On the path there is no surprise, and this is Bayes' rule; off it, beliefs are free between nodes that different
  surprises lead to. That is what consistency in the sense of Kreps and Wilson (1982) asks at one set by itself; what it
  asks across sets is not. In games with one mover who knows something that others do not, such as signalling games of
  one signal, the two are the same (Fudenberg and Tirole 1991).

For each choice of the actions that are played at each set the conditions are equations and inequalities between
products of probabilities (:mod:`triangle.solvers.beliefs.system`); choices that bounds on what may follow rule out
are passed over. A set off the path whose belief is free enters with its beliefs as unknowns. The answer lists every
**outcome**, a probability of each leaf, with one assessment that has it: what is done off the path is mostly not
unique.

With `nash` sets that others' strategies do not lead to are left out, which gives all Nash equilibria.

References
----------
Fudenberg, D. and Tirole, J. (1991). Perfect Bayesian equilibrium and sequential equilibrium. *Journal of Economic
Theory* 53(2), 236-260.
Kreps, D. M. and Wilson, R. (1982). Sequential equilibria. *Econometrica* 50(4), 863-894.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from triangle.games.solution import Verdict
from triangle.games.tree import Act, Tree
from triangle.solvers.beliefs.polynomials import Polynomial, add, constant, product, times, unknown, value
from triangle.solvers.beliefs.system import System, solutions

#: Most choices of supports that are looked at.
MOST_CHOICES = 200_000
#: Largest difference between outcomes that are one.
SAME = 1e-6

Supports = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Assessment:
    """Strategies and beliefs.

    Attributes
    ----------
    strategies : tuple of tuples of float
        Probability of each action at each set.
    beliefs : tuple of tuples of float
        Probability of each node of each set.
    """

    strategies: tuple[tuple[float, ...], ...]
    beliefs: tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class BayesianEquilibrium:
    """An outcome with one assessment that has it.

    Attributes
    ----------
    outcome : tuple of float
        Probability of each leaf, in their order in the tree.
    payoffs : tuple of float
        Expected payoff of each player.
    """

    assessment: Assessment
    outcome: tuple[float, ...]
    payoffs: tuple[float, ...]

    @property
    def pure(self) -> bool:
        """Whether nobody mixes."""
        return all(max(mixed) == 1.0 for mixed in self.assessment.strategies)


@dataclass(frozen=True)
class BayesianSolution:
    """All outcomes of perfect Bayesian equilibria, and how far the list can be vouched for.

    ``complete``: every outcome is listed. ``degenerate``: some support has more outcomes than can be listed; the
    extreme ones are. ``undecided``: `open` choices of supports could not be decided.
    """

    verdict: Verdict
    equilibria: tuple[BayesianEquilibrium, ...]
    choices: int
    open: int = 0
    advice: str = ""


def vouch(tree: Tree, prior: float, payoffs: Sequence[tuple[float, ...]]) -> Verdict:
    """What the search over all supports says of equilibria found otherwise, where a tree begins with one of two types.

    Parameters
    ----------
    tree : Tree
    prior : float
        Probability of the second type.
    payoffs : sequence of (float, float, float)
        Of each equilibrium, those of the first type, of the second, and of the other player.

    Returns
    -------
    str
        The verdict of the search where each outcome that it finds is among these, to a millionth of their size; else
        ``undecided``.
    """
    solution = solve_beliefs(tree)
    ours = np.array([((1 - prior) * first + prior * second, other) for first, second, other in payoffs])
    unit = 1e-6 * max(1.0, float(np.abs(ours).max()))
    same = all(np.abs(ours - one.payoffs).max(axis=1).min() < unit for one in solution.equilibria)
    return solution.verdict if same else "undecided"


def solve_beliefs(tree: Tree, pure: bool = False, nash: bool = False, most: int = MOST_CHOICES) -> BayesianSolution:
    """All perfect Bayesian equilibria of one game in extensive form, of any number of players, by outcome.

    Parameters
    ----------
    tree : Tree
    pure : bool
        Only those in which nobody mixes.
    nash : bool
        All Nash equilibria instead.
    most : int
        Choices of supports after which the search ends, undecided.

    Returns
    -------
    BayesianSolution

    Examples
    --------
    >>> from triangle.games.tree import Leaf, Move
    >>> fight = Move("incumbent", "entered", {"yield": Leaf(1, 1), "fight": Leaf(-1, -1)})
    >>> entry = Tree.of(("entrant", "incumbent"), Move("entrant", "first", {"out": Leaf(0, 2), "in": fight}))
    >>> [found.payoffs for found in solve_beliefs(entry).equilibria]
    [(1.0, 1.0)]
    >>> [found.payoffs for found in solve_beliefs(entry, nash=True).equilibria]
    [(1.0, 1.0), (0.0, 2.0)]
    """
    search = _Search(tree, pure, nash)
    found: list[BayesianEquilibrium] = []
    looked = undecided = 0
    isolated = True
    for supports in search.choices():
        looked += 1
        if looked > most:
            undecided += 1
            break
        posed = _Posed(search, supports)
        points = solutions(posed.system())
        undecided += not points.decided
        there = _distinct([], [posed.equilibrium(point) for point in points.found])
        isolated = isolated and points.isolated and len(there) < 2
        found = _distinct(found, there)
    verdict: Verdict = "undecided" if undecided else "complete" if isolated else "degenerate"
    advice = f"{undecided} of {looked} choices of supports could not be decided" if undecided else ""
    return BayesianSolution(verdict, tuple(found), looked, undecided, advice)


def _distinct(known: list[BayesianEquilibrium], found: Iterable[BayesianEquilibrium]) -> list[BayesianEquilibrium]:
    """Those known, all of different outcomes, and the first that is found of each other outcome."""
    kept = list(known)
    for equilibrium in found:
        if not any(_same(equilibrium, other) for other in kept):
            kept.append(equilibrium)
    return kept


def _same(one: BayesianEquilibrium, other: BayesianEquilibrium) -> bool:
    return bool(np.abs(np.array(one.outcome) - np.array(other.outcome)).max() < SAME)


@dataclass
class _Search:
    """Choices of supports that bounds on what may follow do not rule out."""

    tree: Tree
    pure: bool
    nash: bool
    scale: tuple[float, ...] = ()
    order: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        spans = np.ptp(self.tree.payoffs, axis=1)
        self.scale = tuple(float(span) if span > 0 else 1.0 for span in spans)
        depth = [max(len(self.tree.pasts[node]) for node in found.nodes) for found in self.tree.sets]
        self.order = sorted(range(len(depth)), key=lambda h: -depth[h])

    def choices(self) -> Iterator[Supports]:
        """Supports of all sets, the last movers' chosen first."""
        full = [tuple(range(count)) for count in self.tree.actions]
        yield from self._below(full, 0)

    def _below(self, chosen: list[tuple[int, ...]], place: int) -> Iterator[Supports]:
        if place == len(self.order):
            yield tuple(chosen)
            return
        h = self.order[place]
        player = self.tree.sets[h].player
        low, high = self._bounds(chosen, player)
        # Chosen among those that can be played at all: of thirty actions there are a billion supports.
        every = range(self.tree.actions[h])
        able = [a for a in every if self.nash or self._may(h, a, low, high)]
        for support in self._supports(able):
            kept, chosen[h] = chosen[h], support
            yield from self._below(chosen, place + 1)
            chosen[h] = kept

    def _supports(self, able: Sequence[int]) -> Iterator[tuple[int, ...]]:
        for size in range(1, 2 if self.pure else len(able) + 1):
            yield from combinations(able, size)

    def _may(self, h: int, a: int, low: list[float], high: list[float]) -> bool:
        """Whether for each other action there is a node at which an action may be no worse."""
        nodes, most = self.tree.sets[h].nodes, self.tree.tolerance[self.tree.sets[h].player]
        for b in range(self.tree.actions[h]):
            ahead = max(high[self.tree.nodes[x].children[a]] - low[self.tree.nodes[x].children[b]] for x in nodes)
            if b != a and ahead < -most:
                return False
        return True

    def _bounds(self, chosen: Sequence[tuple[int, ...]], player: int) -> tuple[list[float], list[float]]:
        """Least and greatest of what may follow for a player after each node, within the supports."""
        low = [0.0] * len(self.tree.nodes)
        high = list(low)
        for k in reversed(range(len(self.tree.nodes))):
            node = self.tree.nodes[k]
            if not node.children:
                low[k] = high[k] = node.payoffs[player]
            elif node.information < 0:
                low[k] = sum(p * low[c] for p, c in zip(node.probabilities, node.children, strict=True))
                high[k] = sum(p * high[c] for p, c in zip(node.probabilities, node.children, strict=True))
            else:
                after = [node.children[a] for a in chosen[node.information]]
                low[k], high[k] = min(low[c] for c in after), max(high[c] for c in after)
        return low, high


class _Posed:
    """The conditions of one choice of supports, with the probabilities and beliefs that are unknown."""

    def __init__(self, search: _Search, supports: Supports):
        self.search, self.tree, self.supports = search, search.tree, supports
        self.probabilities: dict[Act, Polynomial] = {}
        self.positive: list[Polynomial] = []
        self.bounded: list[Polynomial] = []
        self.count = 0
        for h, support in enumerate(supports):
            for a, p in zip(support, self.shares(len(support)), strict=True):
                self.probabilities[h, a] = p
                if len(support) > 1:
                    self.positive.append(p)
        self.chosen = frozenset(range(self.count))
        self.surprises = [frozenset(act for act in past if act[1] not in supports[act[0]]) for past in self.tree.pasts]
        self.weights = [self.weigh(h) for h in range(len(supports))]

    def shares(self, count: int) -> list[Polynomial]:
        """Probabilities of so many alternatives; the last one is what the others leave."""
        own = [unknown(self.count + k) for k in range(count - 1)]
        self.count += count - 1
        last = constant(1.0)
        for p in own:
            last = add(last, p, -1.0)
        return [*own, last]

    def reach(self, node: int, player: int) -> Polynomial:
        """Probability of chance and of the others' acts on the way to a node, surprises left out."""
        acts = [act for act in self.tree.pasts[node] if self.tree.sets[act[0]].player != player]
        known = [self.probabilities[act] for act in acts if act in self.probabilities]
        return times(constant(self.tree.chances[node]), product(known))

    def weigh(self, h: int) -> dict[int, Polynomial] | None:
        """The weight of each node of a set that may have been reached; None where nothing is asked there."""
        found = self.tree.sets[h]
        drawn = [x for x in found.nodes if self.tree.chances[x] > 0]
        if self.search.nash and not any(self.by_own(self.surprises[x], found.player) for x in drawn):
            return None
        least = [x for x in drawn if not any(self.surprises[y] < self.surprises[x] for y in drawn)]
        groups = list(dict.fromkeys(self.surprises[x] for x in least))
        shares = self.shares(len(groups))
        if len(groups) > 1:
            self.bounded += shares
        return {x: times(shares[groups.index(self.surprises[x])], self.reach(x, found.player)) for x in least}

    def by_own(self, surprises: frozenset[Act], player: int) -> bool:
        return all(self.tree.sets[h].player == player for h, _ in surprises)

    def follow(self, player: int) -> list[Polynomial]:
        """What a player expects after each node, in shares of the range of its payoffs."""
        values: list[Polynomial] = [{}] * len(self.tree.nodes)
        for k in reversed(range(len(self.tree.nodes))):
            node = self.tree.nodes[k]
            if not node.children:
                values[k] = constant(node.payoffs[player] / self.search.scale[player])
            elif node.information < 0:
                for chance, c in zip(node.probabilities, node.children, strict=True):
                    values[k] = add(values[k], values[c], chance)
            else:
                for a in self.supports[node.information]:
                    played = self.probabilities[node.information, a]
                    values[k] = add(values[k], times(played, values[node.children[a]]))
        return values

    def system(self) -> System:
        """The conditions: indifference between what is played, no gain by anything else."""
        equal: list[Polynomial] = []
        least: list[Polynomial] = []
        values = {player: self.follow(player) for player in {found.player for found in self.tree.sets}}
        for h, weights in enumerate(self.weights):
            if weights is None:
                continue
            after = values[self.tree.sets[h].player]
            first, *others = self.supports[h]
            equal += [self.ahead(h, first, b, weights, after) for b in others]
            outside = (b for b in range(self.tree.actions[h]) if b not in self.supports[h])
            least += [self.ahead(h, first, b, weights, after) for b in outside]
        return System(tuple(equal), (*least, *self.bounded), tuple(self.positive), self.chosen)

    def ahead(self, h: int, a: int, b: int, weights: dict[int, Polynomial], after: list[Polynomial]) -> Polynomial:
        """By how much one action is better than another at a set."""
        total: Polynomial = {}
        for x, weight in weights.items():
            children = self.tree.nodes[x].children
            total = add(total, times(weight, add(after[children[a]], after[children[b]], -1.0)))
        return total

    def equilibrium(self, point: dict[int, float]) -> BayesianEquilibrium:
        """The assessment at a point, and what it leads to."""
        at = {k: point.get(k, 0.0) for k in range(self.count)}
        strategies = tuple(
            _shares(
                [value(self.probabilities[h, a], at) if (h, a) in self.probabilities else 0.0 for a in range(count)]
            )
            for h, count in enumerate(self.tree.actions)
        )
        beliefs = []
        for found, weights in zip(self.tree.sets, self.weights, strict=True):
            known = weights or {}
            beliefs.append(_shares([value(known[x], at) if x in known else 0.0 for x in found.nodes]))
        outcome = tuple(
            self.tree.chances[z] * float(np.prod([strategies[h][a] for h, a in self.tree.pasts[z]]))
            for z in self.tree.leaves
        )
        payoffs = tuple(map(float, self.tree.payoffs @ np.array(outcome)))
        return BayesianEquilibrium(Assessment(strategies, tuple(beliefs)), outcome, payoffs)


def _shares(weights: list[float]) -> tuple[float, ...]:
    """Weights as shares of their sum; all alike where there is none."""
    kept = [max(0.0, w) for w in weights]
    total = sum(kept)
    return tuple(w / total if total > 0 else 1.0 / len(kept) for w in kept)
