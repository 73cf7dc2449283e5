"""Which tests reach which mutants: a plugin of pytest that notes it while all tests run once.

``pytest -p mutants.probes`` with ``MUTANTS_SAMPLE`` (a file of the sample) and ``MUTANTS_REACHED`` (where it writes).
A probe stands before the statement that a mutant changes; where that is evaluated when its file is imported, every
function of the file has one. That costs next to nothing, unlike tracing every line.
"""

from __future__ import annotations

import ast
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import resource
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from .swapping import compiled

ROOT = Path(__file__).parents[2]

#: The mutants that were reached since it was emptied, by their number in the sample.
REACHED: set[int] = set()

Code = Callable[[str], ast.Module | str]


class Importer(importlib.abc.MetaPathFinder):
    """Imports some files of the package as something else than what they are."""

    def __init__(self, instead: Mapping[str, Code]):
        self.instead = {_module(file): (str(ROOT / file), code) for file, code in instead.items()}

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """The file of a module that is changed."""
        if name not in self.instead:
            return None
        file, code = self.instead[name]
        places = [str(Path(file).parent)] if file.endswith("__init__.py") else None
        return importlib.util.spec_from_file_location(
            name, file, loader=_Loader(name, file, code), submodule_search_locations=places
        )


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, name: str, file: str, code: Code):
        super().__init__(name, file)
        self.code = code

    def get_code(self, fullname: str) -> Any:
        """Compiled here and kept nowhere."""
        source = Path(self.path).read_text(encoding="utf-8")
        return compiled(self.code(source), self.path)


def _module(file: str) -> str:
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def probed(source: str, places: Mapping[int, tuple[int, int]]) -> ast.Module:
    """The program with a probe before the statement at each of these places, a line and a column by number."""
    tree = ast.parse(source)
    for number, place in places.items():
        bodies = _bodies_at(tree, place)
        for body, at in bodies:
            body.insert(at, _probe(number))
    return ast.fix_missing_locations(tree)


def _probe(number: int) -> ast.stmt:
    return ast.parse(f"__import__('mutants.probes', fromlist=['x']).REACHED.add({number})").body[0]


def _bodies_at(tree: ast.Module, place: tuple[int, int]) -> list[tuple[list[ast.stmt], int]]:
    """The list of statements and the position in it before which a probe belongs; several where it is anywhere."""
    inside = [node for node in ast.walk(tree) if isinstance(node, ast.stmt) and _holds(node, place)]
    functions = [node for node in inside if isinstance(node, ast.FunctionDef)]
    innermost = max(functions, key=lambda node: node.lineno, default=None)
    if innermost is None:
        return [(node.body, _after_docstring(node)) for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    if not any(_holds(inner, place) for inner in innermost.body):  # a decorator, a default
        return [(innermost.body, _after_docstring(innermost))]
    lists = [
        (body, at)
        for node in ast.walk(innermost)
        for body in (getattr(node, name, None) for name in ("body", "orelse", "finalbody"))
        if isinstance(body, list)
        for at, inner in enumerate(body)
        if isinstance(inner, ast.stmt) and _holds(inner, place)
    ]
    body, at = max(lists, key=lambda found: (found[0][found[1]].lineno, -_length(found[0][found[1]])))
    return [(body, max(at, _after_docstring(innermost) if body is innermost.body else 0))]


def _length(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno


def _after_docstring(node: ast.FunctionDef) -> int:
    return int(ast.get_docstring(node, clean=False) is not None)


def _holds(node: ast.AST, place: tuple[int, int]) -> bool:
    first = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", ()))])  # type: ignore[attr-defined]
    start = (first, node.col_offset if first == node.lineno else 0)  # type: ignore[attr-defined]
    return start <= place <= (node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]


# The plugin -----------------------------------------------------------------------------------------------------------


class Noting:
    """Writes a line for each test: its processor time and the mutants that it reached."""

    def __init__(self, place: Path):
        self.file = place.open("w", encoding="utf-8")

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: object) -> Iterator[None]:
        """Note what one test reached."""
        REACHED.clear()
        before = _spent()
        result = yield
        line = {"test": item.nodeid, "seconds": round(_spent() - before, 4), "reached": sorted(REACHED)}
        self.file.write(json.dumps(line) + "\n")
        self.file.flush()
        return result


def _spent() -> float:
    """Processor seconds of this process and of those that it waited for."""
    return sum(
        used.ru_utime + used.ru_stime
        for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def pytest_configure(config: pytest.Config) -> None:
    """Note in whoever runs tests, which is not the one that hands them out."""
    hands_out = config.getoption("numprocesses", None) and "PYTEST_XDIST_WORKER" not in os.environ
    if "MUTANTS_REACHED" in os.environ and not hands_out:
        name = os.environ.get("PYTEST_XDIST_WORKER", "here")
        config.pluginmanager.register(Noting(Path(f"{os.environ['MUTANTS_REACHED']}.{name}")))


if "MUTANTS_SAMPLE" in os.environ and not any(isinstance(finder, Importer) for finder in sys.meta_path):
    drawn = json.loads(Path(os.environ["MUTANTS_SAMPLE"]).read_text(encoding="utf-8"))
    by_file: dict[str, dict[int, tuple[int, int]]] = {}
    for number, mutant in enumerate(drawn):
        by_file.setdefault(mutant["file"], {})[number] = (mutant["line"], mutant["column"])
    sys.meta_path.insert(
        0, Importer({file: lambda source, places=places: probed(source, places) for file, places in by_file.items()})
    )
