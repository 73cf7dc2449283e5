"""All perfect Bayesian equilibria of the game of an ``.efg`` file, each with its certificate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from triangle.base.records import SPARSE
from triangle.games.efg import TreeFile
from triangle.games.readings import decimal
from triangle.games.solution import Verdict
from triangle.solvers.beliefs.certificate import certify_beliefs
from triangle.solvers.beliefs.refinements import REFINEMENTS
from triangle.solvers.beliefs.supports import solve_beliefs


@dataclass(frozen=True)
class At:
    """What is played at an information set, and what is believed there."""

    player: str
    set: str
    actions: tuple[str, ...]
    probabilities: tuple[float, ...]
    beliefs: tuple[float, ...]


@dataclass(frozen=True)
class TreeEquilibrium:
    """One outcome: play and beliefs that lead to it, payoffs, certificate, and what refinements say against it."""

    play: tuple[At, ...]
    payoffs: tuple[float, ...]
    largest_gain: float
    residual: float
    removed: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class TreeSolution:
    """The equilibria of a game tree."""

    SCHEMA: ClassVar = "triangle.tree/1"

    file: str
    players: tuple[str, ...]
    verdict: Verdict
    advice: str
    choices: int
    equilibria: tuple[TreeEquilibrium, ...]
    remarks: Annotated[tuple[str, ...], SPARSE] = ()
    origins: Annotated[tuple[str, ...], SPARSE] = ()


def tree_solution(read: TreeFile, file: str) -> TreeSolution:
    """All perfect Bayesian equilibria of the tree of a file, by outcome.

    Examples
    --------
    >>> from triangle.games.tree import Leaf, Move, Tree
    >>> tree = Tree.of(("A",), Move("A", "s", {"l": Leaf(1), "r": Leaf(0)}))
    >>> tree_solution(TreeFile(tree), "x.efg").equilibria[0].payoffs
    (1.0,)
    """
    tree = read.tree
    solution = solve_beliefs(tree)
    found = []
    for one in solution.equilibria:
        checked = certify_beliefs(tree, one.assessment.strategies, one.assessment.beliefs)
        rows = zip(tree.sets, one.assessment.strategies, one.assessment.beliefs, strict=True)
        play = tuple(At(tree.players[s.player], s.name, s.actions, mixed, held) for s, mixed, held in rows)
        said = [(name, REFINEMENTS[name](tree, one.assessment)) for name in REFINEMENTS]
        removed = tuple((name, why) for name, why in said if why)
        found.append(TreeEquilibrium(play, one.payoffs, max(checked.gains), checked.residual, removed))
    return TreeSolution(
        file,
        tree.players,
        solution.verdict,
        solution.advice,
        solution.choices,
        tuple(found),
        read.remarks,
        tuple(map(decimal, read.origins)),
    )
