"""The structure as a test: who may import whom, who may open files, print, or draw."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

import pytest

import triangle

PACKAGE = Path(triangle.__file__).parent
ROOT = PACKAGE.parent

#: Room -> rooms that it may import from. A module directly under the package is a room of its own.
FLOORS: dict[str, set[str]] = {
    room: set(below.split())
    for room, below in {
        "errors": "",
        "axes": "triad",
        "triad": "errors files records",
        "version": "",
        "shown": "",
        "intervals": "",
        "files": "errors",
        "writing": "errors files",
        "records": "errors",
        "words": "errors axes",
        "evidence": "shown errors files records",
        "model": "triad shown errors axes files records evidence",
        "scenario_file": "errors axes records",
        "scenario": "triad shown errors files records model scenario_file",
        "games": "errors",
        "solvers": "intervals errors games",
        "study": "shown errors axes words model scenario games solvers",
        "questions": "axes words model games solvers study",
        "experiments": "writing intervals triad errors records axes words files model scenario games solvers study "
        "sheets",
        "patterns": "errors axes words model",
        "analysis": "writing intervals triad errors records axes words files patterns model scenario games study "
        "experiments",
        "checking": "errors files model scenario analysis",
        "report": "intervals literature shown version errors axes words files patterns evidence model scenario "
        "checking games solvers study questions experiments analysis",
        "face": "triad errors axes words patterns version checking model report scenario study experiments analysis",
        "inquiry": "errors analysis face study",
        "__init__": "triad face inquiry model version",
        "cli": "writing triad version errors records axes words patterns checking model games solvers report scenario "
        "study experiments analysis spreadsheet sheets",
        "literature": "errors files records",
        "sheets": "errors files records",
        "spreadsheet": "errors files writing records model scenario sheets",
        "__main__": "cli",
    }.items()
}

#: The only modules that may read or write files.
OPEN_FILES = {
    "files.py",
    "writing.py",
    "report/plots.py",
    "games/interchange.py",
    "experiments/archive.py",
    "analysis/store.py",
    "sheets/reading.py",
    "sheets/dialects.py",
    "spreadsheet/files.py",
}

MODULES = sorted(PACKAGE.rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def room_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else path.stem


def imported(path: Path) -> set[str]:
    """Every module that a file imports, at its top or inside a function."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)} imports by relative path"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                is_module = (ROOT / (inner.replace(".", "/") + ".py")).is_file() or (
                    ROOT / inner.replace(".", "/")
                ).is_dir()
                found.add(inner if is_module else str(node.module))
    return found


def rooms_imported(path: Path) -> set[str]:
    rooms = set()
    for module in imported(path):
        parts = module.split(".")
        if parts[0] == "triangle":
            rooms.add(parts[1] if len(parts) > 1 else "__init__")
    return rooms - {room_of(path)}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_file_imports_only_from_the_floors_below(path: Path):
    room = room_of(path)
    assert room in FLOORS, f"{name_of(path)} belongs to no floor; add its room to the table"
    above = rooms_imported(path) - FLOORS[room]
    assert not above, f"{name_of(path)} imports {', '.join(sorted(above))}, which its floor may not"


def test_the_floors_have_no_circle():
    below: dict[str, set[str]] = {}

    def reach(room: str, path: tuple[str, ...]) -> set[str]:
        assert room not in path, f"circle: {' → '.join((*path, room))}"
        if room not in below:
            # The package's own face is loaded on first use only, so that edge closes no circle at import.
            under = FLOORS[room] - {"face", "inquiry", "__init__"}
            below[room] = under.union(*(reach(r, (*path, room)) for r in under)) if under else set()
        return below[room]

    for room in FLOORS:
        reach(room, ())
    for theory in ("games", "solvers"):
        assert not below[theory] & {"axes", "evidence", "model", "scenario", "study"}
    assert "games" not in below["model"]


@pytest.mark.parametrize("path", [p for p in MODULES if room_of(p) in ("games", "solvers")], ids=name_of)
def test_theory_knows_no_country(path: Path):
    words = re.findall(r"\b(US|RU|CN|Russia\w*|China|Chinese|America|Washington|Moscow|Beijing)\b", path.read_text())
    assert not words, f"{name_of(path)} speaks of {set(words)}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_only_report_draws_and_only_the_command_line_prints(path: Path):
    modules = imported(path)
    if room_of(path) != "report":
        assert not any(m.split(".")[0] == "matplotlib" for m in modules)
    if room_of(path) != "cli" and name_of(path) != "solvers/_peer_child.py":
        assert not any(m.split(".")[0] == "click" for m in modules)
        calls = [n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Call)]
        assert not any(isinstance(n.func, ast.Name) and n.func.id == "print" for n in calls)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_only_the_readers_open_files(path: Path):
    text = path.read_text(encoding="utf-8")
    opens = re.findall(
        r"(?<![\w.])open\(|\.read_text\(|\.read_bytes\(|\.write_text\(|\.write_bytes\(|\.savefig\(", text
    )
    if name_of(path) not in OPEN_FILES:
        assert not opens, f"{name_of(path)} opens files: {opens}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_gambit_is_imported_in_a_child_process_only(path: Path):
    """Its licence allows no more; the one file that does runs as a program of its own and is imported by nothing."""
    if name_of(path) == "solvers/_peer_child.py":
        assert not any("_peer_child" in module for other in MODULES for module in imported(other))
        return
    assert not any(module.split(".")[0] == "pygambit" for module in imported(path))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_nothing_evaluates_or_unpickles(path: Path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = {n.func.id for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
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
