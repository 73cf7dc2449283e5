"""How large the house is, of any checkout: ``python benchmarks/house.py [FOLDER | COMMIT]…``.

Counts the package alone. *Flat* is what lies in one folder and not below it; ``__init__.py`` and ``__main__.py`` count
as files and not among those of the fullest folder. *Rooms* are the folders and the loose files of the top, with all
that lies below. *Imports between* are pairs of which one imports from the other.
"""

from __future__ import annotations

import ast
import io
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]


def counts(root: Path) -> dict[str, object]:
    """The counts of the package in a checkout."""
    files = sorted((root / "triangle").rglob("*.py"))
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in files}
    flat = Counter(path.parent for path in files if not path.stem.startswith("__"))
    pairs = [(path, home) for path in files for home in homes(root, trees[path])]
    between = {(path.parent, home.parent) for path, home in pairs if path.parent != home.parent}
    rooms = {(room(root / "triangle", path), room(root / "triangle", home)) for path, home in pairs}
    rooms = {(one, other) for one, other in rooms if one != other}
    fullest, most = flat.most_common(1)[0]
    length, name = max(functions(trees))
    return {
        "files": len(files),
        "lines": sum(len(path.read_text(encoding="utf-8").splitlines()) for path in files),
        "folders": len({path.parent for path in files}),
        "imports between folders": len(between),
        "rooms": len({room(root / "triangle", path) for path in files}),
        "imports between rooms": len(rooms),
        "files of the fullest folder": f"{most} ({fullest.relative_to(root)})",
        "longest function, lines": f"{length} ({name})",
    }


def functions(trees: dict[Path, ast.Module]) -> Iterator[tuple[int, str]]:
    """Lines of every function, without those above its ``def``, and where it is."""
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                yield (node.end_lineno or node.lineno) - node.lineno + 1, f"{path.name}: {node.name}"


def homes(root: Path, tree: ast.Module) -> Iterator[Path]:
    """The file that holds each thing of this package that is imported."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "triangle":
            yield from (home_of(root, f"{node.module}.{alias.name}".split(".")) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (home_of(root, a.name.split(".")) for a in node.names if a.name.split(".")[0] == "triangle")


def home_of(root: Path, parts: list[str]) -> Path:
    """The file of a module or of a name in it."""
    for end in range(len(parts), 0, -1):
        place = root.joinpath(*parts[:end])
        if place.with_suffix(".py").is_file():
            return place.with_suffix(".py")
        if place.is_dir():
            return place / "__init__.py"
    raise LookupError(".".join(parts))


def room(package: Path, path: Path) -> str:
    """The folder of the top, or the loose file there."""
    return path.relative_to(package).parts[0]


def checkout(commit: str) -> Path:
    """The tree of a commit, in a folder of its own."""
    archive = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=True).stdout
    folder = Path(tempfile.mkdtemp())
    tarfile.open(fileobj=io.BytesIO(archive)).extractall(folder, filter="data")
    return folder


def main() -> None:
    """Print a column for every checkout."""
    asked = sys.argv[1:] or [str(ROOT)]
    columns = [counts(Path(name) if Path(name).is_dir() else checkout(name)) for name in asked]
    print(" · ".join(["", *asked]))
    for row in columns[0]:
        print(" · ".join([row, *(str(column[row]) for column in columns)]))


if __name__ == "__main__":
    main()
