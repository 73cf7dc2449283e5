"""The structure as a test: who may import whom, who may open files, print, or draw."""

from __future__ import annotations

import ast
import inspect
import re
from functools import cache
from pathlib import Path

import pytest
from each import of_each

import triangle
from triangle.players import axes

PACKAGE = Path(triangle.__file__).parent
ROOT = PACKAGE.parent

#: The floors, lowest first. A folder may import from those below it, never from its own floor or above.
FLOORS = (
    {"version"},
    {"base"},
    {"games", "evidence"},
    {"players", "solvers"},
    {"model"},
    {"scenarios", "batch"},
    {"study"},
    {"sweeps"},
    {"measures"},
    {"showing"},
    {"cli"},
    {"questions"},
    {"report", "api"},
    {"__init__", "__main__"},
)

#: Theory could be lifted out and published: it knows games and nothing else of this package.
THEORY = {"games", "solvers"}

#: What a file of a question may import beside the floors up to ``measures`` and its own folder, by the file's name.
MAY_IMPORT = {
    "table": {"showing"},
    "plot": {"showing"},
    "section": {"showing"},
    "command": {"showing", "cli"},
}

#: Words of file names that say that a file opens or writes files.
OPENS_FILES = {
    "files",
    "writing",
    "store",
    "archive",
    "points",
    "sheet_file",
    "interchange",
    "plots",
    "digest",
    "manifest",
}

#: Files that know the shipped cast, each with its reason; all others are told who plays.
KNOWS_THE_SHIPPED_CAST = {
    "players/cast.py": "it is made there",
    "players/triad.py": "what a triad file leaves out is as in the shipped one",
    "model/model.py": "a model that is asked of nobody else is about it",
    "model/parameters.py": "the shipped parameters are about it",
    "sweeps/archive.py": "the first archives do not say who plays, since nobody else could",
    "questions/claims/answer.py": "the documents' claims are about it",
}

MODULES = sorted(PACKAGE.rglob("*.py"))

#: Modules and packages of this package by their names.
IMPORTABLE = {
    ".".join(part.relative_to(ROOT).with_suffix("").parts) for path in MODULES for part in (path, path.parent)
}


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def room_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else path.stem


def floor_of(room: str) -> int:
    return next(number for number, rooms in enumerate(FLOORS) if room in rooms)


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Every node of a file's syntax."""
    return tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


@cache
def imported(path: Path) -> frozenset[str]:
    """Every module that a file imports, at its top or inside a function."""
    found = set()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)} imports by relative path"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                found.add(inner if inner in IMPORTABLE else str(node.module))
    return frozenset(found)


def imported_here(path: Path) -> set[tuple[str, ...]]:
    """Modules of this package that a file imports, as parts of their names."""
    parts = {
        tuple(module.split(".")[1:]) or ("__init__",) for module in imported(path) if module.startswith("triangle")
    }
    return parts - {tuple(path.relative_to(PACKAGE).with_suffix("").parts)}


@of_each("path", MODULES, told=name_of)
def test_a_file_imports_only_from_the_floors_below(path: Path):
    """A folder decides; only the package's face is loaded on first use, from wherever a public name lives."""
    room = room_of(path)
    for module in imported_here(path) if room not in {"__init__", "__main__"} else ():
        if module == ("questions",) and room == "cli":
            continue  # the list of commands, which names modules and imports none
        below = module[0] == room or floor_of(module[0]) < floor_of(room)
        assert below, f"{name_of(path)} imports {'.'.join(module)}, which is not below {room}"
        if room in THEORY:
            assert module[0] in THEORY | {"base"}, f"{name_of(path)} is theory and imports {'.'.join(module)}"


@of_each("path", [p for p in MODULES if p.parent.parent.name == "questions"], told=name_of)
def test_a_file_of_a_question_imports_what_its_name_allows(path: Path):
    question, allowed = path.parent.name, MAY_IMPORT.get(path.stem, set())
    for module in imported_here(path):
        if module[0] in {"showing", "cli"}:
            assert module[0] in allowed, f"{name_of(path)} imports {'.'.join(module)}; only {sorted(MAY_IMPORT)} may"
        if module[0] == "questions" and len(module) > 1 and module[1] != question:
            assert module[2:] in {("answer",), ()}, f"{name_of(path)} imports another question past its answer"


def test_questions_import_each_other_in_no_circle():
    below: dict[str, set[str]] = {}
    for path in MODULES:
        if path.parent.parent.name == "questions" and path.stem not in {"command", "section"}:
            found = {module[1] for module in imported_here(path) if module[0] == "questions" and len(module) > 2}
            below.setdefault(path.parent.name, set()).update(found - {path.parent.name})
    while below:
        free = {name for name, needs in below.items() if not needs & below.keys()}
        assert free, f"circle among {sorted(below)}"
        below = {name: needs for name, needs in below.items() if name not in free}


@of_each("path", MODULES, told=name_of)
def test_a_heavy_library_is_imported_where_its_work_is_done(path: Path):
    """Who computes draws nothing and prints nothing; typing and printing are the command line's."""
    modules = {module.split(".")[0] for module in imported(path)}
    draws = room_of(path) in {"showing", "report"} or path.stem in {"plot", "section"}
    assert draws or "matplotlib" not in modules, f"{name_of(path)} draws"
    prints = room_of(path) == "cli" or path.stem == "command"
    assert prints or "click" not in modules, f"{name_of(path)} knows the command line"
    calls = [n for n in nodes(path) if isinstance(n, ast.Call)]
    assert path.stem.startswith("_child") or not any(
        isinstance(n.func, ast.Name) and n.func.id == "print" for n in calls
    )
    tables = draws or prints or path.stem == "table"
    assert tables or "rich" not in modules, f"{name_of(path)} lays out tables"


def test_no_folder_is_too_full_to_be_read():
    for folder in {path.parent for path in MODULES}:
        files = [path for path in folder.glob("*.py") if path.stem != "__init__"]
        assert len(files) <= 20, f"{name_of(folder)} holds {len(files)} files"


@of_each("path", [p for p in MODULES if room_of(p) in ("games", "solvers")], told=name_of)
def test_theory_knows_no_country(path: Path):
    words = re.findall(r"\b(US|RU|CN|Russia\w*|China|Chinese|America|Washington|Moscow|Beijing)\b", path.read_text())
    assert not words, f"{name_of(path)} speaks of {set(words)}"


@of_each("path", MODULES, told=name_of)
def test_no_module_keeps_who_plays(path: Path):
    """A model, and what is made of it, carries its cast, so that several stand side by side in one process."""
    tree, *inner = nodes(path)
    imports = [n for n in inner if isinstance(n, ast.ImportFrom) and n.module == "triangle.players.cast"]
    shipped = {alias.asname or alias.name for n in imports for alias in n.names if alias.name == "SHIPPED"}
    assert not shipped or name_of(path) in KNOWS_THE_SHIPPED_CAST, f"{name_of(path)} decides by itself who plays"
    for node in kept_by_the_module(tree) if shipped else ():
        names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
        assert not names & shipped, f"{name_of(path)} keeps who plays (line {node.lineno})"
    if room_of(path) in {"players", "model", "scenarios", "study", "batch"}:
        assert "environ" not in {n.attr for n in inner if isinstance(n, ast.Attribute)}, name_of(path)


def kept_by_the_module(tree: ast.AST) -> list[ast.Assign | ast.AnnAssign]:
    """What a module or a class of it sets when it is imported, and keeps."""
    assert isinstance(tree, ast.Module)
    classes = [node.body for node in tree.body if isinstance(node, ast.ClassDef)]
    lines = [line for body in (tree.body, *classes) for line in body]
    return [line for line in lines if isinstance(line, ast.Assign | ast.AnnAssign)]


def test_the_axes_number_the_parts_and_name_nobody():
    kept = {name: value for name, value in vars(axes).items() if name.isupper()}
    assert {"US", "RU", "CN", "PAIRS", "OTHERS"} <= kept.keys()
    assert not re.search("[A-Za-z]", repr(list(kept.values())))


@of_each("path", MODULES, told=name_of)
def test_only_the_readers_open_files(path: Path):
    text = path.read_text(encoding="utf-8")
    opens = re.findall(
        r"(?<![\w.])open\(|\.read_text\(|\.read_bytes\(|\.write_text\(|\.write_bytes\(|\.savefig\(", text
    )
    if not OPENS_FILES & {path.stem, path.parent.name}:
        assert not opens, f"{name_of(path)} opens files: {opens}"


@of_each("path", MODULES, told=name_of)
def test_gambit_is_imported_in_a_child_process_only(path: Path):
    """Its licence allows no more; the one file that does runs as a program of its own and is imported by nothing."""
    if name_of(path) == "solvers/peers/_child.py":
        assert not any("peers._child" in module for other in MODULES for module in imported(other))
        return
    assert not any(module.split(".")[0] == "pygambit" for module in imported(path))


@of_each("path", MODULES, told=name_of)
def test_nothing_evaluates_or_unpickles(path: Path):
    calls = {n.func.id for n in nodes(path) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
    assert not calls & {"eval", "exec", "compile", "__import__"}
    assert not {m.split(".")[0] for m in imported(path)} & {"pickle", "marshal", "shelve", "dill", "yaml"}


def test_every_public_name_of_the_package_is_documented():
    for name in triangle.__all__:
        if name != "__version__":
            assert inspect.getdoc(getattr(triangle, name)), name


def test_the_top_level_holds_what_was_agreed():
    for name in ("pyproject.toml", "README.md", "triangle", "scenarios", "notebooks", "tests", "benchmarks", "LICENSE"):
        assert (ROOT / name).exists(), name


@pytest.mark.parametrize("folder", ["evidence", "model"])
def test_every_module_of_a_floor_is_tested_by_name(folder: str):
    """A new file on these floors comes with tests that name it."""
    tests = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "tests").rglob("*.py"))
    for path in (PACKAGE / folder).glob("*.py"):
        if path.stem != "__init__":
            assert f"triangle.{folder}.{path.stem}" in tests, f"no test imports triangle.{folder}.{path.stem}"
