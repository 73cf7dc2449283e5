"""All mutants of the package, and a random sample of them.

What is changed and how is cosmic-ray's: its operators on parso's trees. Its own runner is not used, since it writes
each mutant over the source and runs one command, the whole suite, for every one.

A place is drawn first, then one of the changes possible there: else most of the sample would be the eleven other signs
that each plus sign has. Changes that compile to the same program (of annotations, which are never evaluated) are no
mutants.
"""

from __future__ import annotations

import ast
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cosmic_ray.ast import Visitor, ast_nodes, get_ast
from cosmic_ray.operators.provider import OperatorProvider

ROOT = Path(__file__).parents[2]

#: The rooms whose mutants are drawn.
ROOMS = ("games", "solvers", "model", "sweeps", "batch", "questions")


@dataclass(frozen=True)
class Mutant:
    """One change of one file: which operator where, and the lines before and after."""

    file: str
    line: int
    column: int
    operator: str
    occurrence: int
    before: str
    after: str

    @property
    def name(self) -> str:
        """How it is written in lists."""
        return f"{self.file}:{self.line} {self.operator}#{self.occurrence}"

    def source(self) -> str:
        """The changed file."""
        return mutated(_source(self.file), self.operator, self.occurrence)


class _Change(Visitor):
    def __init__(self, operator: str, occurrence: int):
        self.operator, self.left = OperatorProvider()[operator](), occurrence

    def visit(self, node: object) -> object:
        for index, _ in enumerate(self.operator.mutation_positions(node)):
            if self.left == 0:
                node = self.operator.mutate(node, index)
            self.left -= 1
        return node


def mutated(source: str, operator: str, occurrence: int) -> str:
    """The source after one change."""
    return str(_Change(operator, occurrence).walk(get_ast(source)).get_code())


@cache
def _source(file: str) -> str:
    return (ROOT / file).read_text(encoding="utf-8")


def _places(file: str) -> dict[tuple[int, int], list[tuple[str, int]]]:
    """Every place of a file at which something can be changed, and what can be."""
    nodes = list(ast_nodes(get_ast(_source(file))))
    found: dict[tuple[int, int], list[tuple[str, int]]] = defaultdict(list)
    provider = OperatorProvider()
    for name in provider:
        if provider[name].arguments():
            continue
        operator = provider[name]()
        starts = (start for node in nodes for start, _ in operator.mutation_positions(node))
        for occurrence, start in enumerate(starts):
            found[start].append((name, occurrence))
    return found


class _Bare(ast.NodeTransformer):
    """Leaves out what is never evaluated: annotations outside of classes, docstrings."""

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        self.generic_visit(node)
        node.returns = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        self.generic_visit(node)
        node.annotation = ast.Constant(None)
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        for inner in node.body:  # records are read by the types of their fields
            if not isinstance(inner, ast.AnnAssign):
                self.visit(inner)
        return node


def _program(source: str) -> str:
    return ast.dump(_Bare().visit(ast.parse(source)))


def files() -> list[str]:
    """The files of the rooms."""
    return [
        path.relative_to(ROOT).as_posix() for room in ROOMS for path in sorted((ROOT / "triangle" / room).rglob("*.py"))
    ]


def sample(count: int, seed: int) -> list[Mutant]:
    """So many different mutants, drawn at random."""
    rng = random.Random(seed)
    places = {(file, place): changes for file in files() for place, changes in _places(file).items()}
    drawn = rng.sample(sorted(places), len(places))
    found: list[Mutant] = []
    for file, place in drawn:
        if len(found) == count:
            break
        mutant = _made(file, place, *rng.choice(places[file, place]))
        if mutant is not None:
            found.append(mutant)
    return found


def _made(file: str, place: tuple[int, int], operator: str, occurrence: int) -> Mutant | None:
    """The mutant, or None where it is no other program."""
    before, after = _source(file), mutated(_source(file), operator, occurrence)
    try:
        if _program(before) == _program(after):
            return None
    except SyntaxError:
        return None
    one, other = next(_differing(before, after))
    return Mutant(file, place[0], place[1], operator, occurrence, one, other)


def _differing(before: str, after: str) -> Iterator[tuple[str, str]]:
    lines, others = before.split("\n"), after.split("\n")
    yield from ((one.strip(), other.strip()) for one, other in zip(lines, others, strict=False) if one != other)
    yield lines[-1].strip(), others[-1].strip()
