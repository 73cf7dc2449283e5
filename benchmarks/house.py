"""How large the house is, of any checkout: ``python benchmarks/house.py [FOLDER | COMMIT]…``.

Counts the package alone. *Flat* is what lies in one folder and not below it; ``__init__.py`` and ``__main__.py`` count
as files and not among those of the fullest folder. *Imports between folders* are pairs of folders of which one imports
from the other, deepest folder on both sides.
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
    fullest, most = flat.most_common(1)[0]
    length, name = max(functions(trees))
    return {
        "files": len(files),
        "lines": sum(len(path.read_text(encoding="utf-8").splitlines()) for path in files),
        "folders": len({path.parent for path in files}),
        "imports between folders": len({arrow for path in files for arrow in arrows(root, path, trees[path])}),
        "files of the fullest folder": f"{most} ({fullest.relative_to(root)})",
        "longest function, lines": f"{length} ({name})",
    }


def functions(trees: dict[Path, ast.Module]) -> Iterator[tuple[int, str]]:
    """Lines of every function, without those above its ``def``, and where it is."""
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                yield (node.end_lineno or node.lineno) - node.lineno + 1, f"{path.name}: {node.name}"


def arrows(root: Path, path: Path, tree: ast.Module) -> Iterator[tuple[Path, Path]]:
    """From a file's folder to every other folder that it imports from."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "triangle":
            for alias in node.names:
                home = home_of(root, f"{node.module}.{alias.name}".split("."))
                if home != path.parent:
                    yield path.parent, home
        elif isinstance(node, ast.Import):
            for alias in node.names:
                home = home_of(root, alias.name.split("."))
                if alias.name.split(".")[0] == "triangle" and home != path.parent:
                    yield path.parent, home


def home_of(root: Path, parts: list[str]) -> Path:
    """The folder that holds what is imported."""
    place = root.joinpath(*parts)
    while not place.is_dir():
        place = place.parent
    return place


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
