"""All mutants of the package, and a random sample of them.

What is changed and how is cosmic-ray's: its operators on parso's trees. Its own runner is not used, since it writes
each mutant over the source and runs one command, the whole suite, for every one.

A place is drawn first, then one of the changes possible there: else most of the sample would be the eleven other signs
that each plus sign has. Changes that compile to the same program (of annotations, which are never evaluated) are no
mutants.
"""

from __future__ import annotations

import ast
import json
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from cosmic_ray.ast import Visitor, ast_nodes, get_ast
from cosmic_ray.operators.provider import OperatorProvider

ROOT = Path(__file__).parents[2]

#: A draw, one mutant a line, with the commit on which it was drawn; lines have moved since, and some are gone.
DRAWN = Path(__file__).parent / "drawn.jsonl"

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

    def today(self) -> Mutant | None:
        """The same change of the file as it is now, the nearest of several; None where its line is no longer there."""
        if not (ROOT / self.file).is_file():
            return None
        text = _source(self.file)
        lines = {number for number, line in enumerate(text.split("\n"), 1) if line.strip() == self.before}
        near = sorted(_of_operator(self.file, self.operator), key=lambda found: abs(found[1][0] - self.line))
        for occurrence, (line, column) in near:
            # Without a decorator, the first line that differs may be a few lines from where that stood.
            if lines & set(range(line - 3, line + 4)):
                same = replace(self, line=line, column=column, occurrence=occurrence)
                if next(_differing(text, same.source())) == (self.before, self.after):
                    return same
        return None


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
    found: dict[tuple[int, int], list[tuple[str, int]]] = defaultdict(list)
    provider = OperatorProvider()
    for name in provider:
        if not provider[name].arguments():
            for occurrence, start in _of_operator(file, name):
                found[start].append((name, occurrence))
    return found


def _of_operator(file: str, name: str) -> Iterator[tuple[int, tuple[int, int]]]:
    """Every occurrence of an operator in a file, by its number, and where it begins."""
    operator = OperatorProvider()[name]()
    yield from enumerate(start for node in _nodes(file) for start, _ in operator.mutation_positions(node))


@cache
def _nodes(file: str) -> list[object]:
    return list(ast_nodes(get_ast(_source(file))))


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


def kept() -> list[Mutant]:
    """The draw that is kept, whose survivors are answered: by seed 1 on the commit that its first line names."""
    _, *lines = DRAWN.read_text(encoding="utf-8").splitlines()
    return [Mutant(**json.loads(line)) for line in lines]


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
