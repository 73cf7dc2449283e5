"""Every notebook runs from top to bottom and says what is stored in it; the first one by default.

All in one kernel, which forgets every name before the next one; with large budgets each in a kernel of its own. The
libraries that run them take long to load, and are loaded by the process alone that runs these tests.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from budgets import LARGE, few

HERE = Path(__file__).parent
SCRIPTS = sorted((HERE.parent / "notebooks").glob("*.py"))


@pytest.fixture(scope="module")
def kernel() -> Iterator[Any]:
    """One kernel for all notebooks, or None for one of each notebook's own."""
    if LARGE:
        yield None
        return
    from jupyter_client.manager import KernelManager

    manager = KernelManager(kernel_name="python3")
    yield manager
    if manager.has_kernel:
        manager.shutdown_kernel(now=True)


def stored(script: Path) -> Any:
    import nbformat

    return nbformat.read(script.with_suffix(".ipynb"), as_version=4)


@pytest.mark.parametrize("script", few(SCRIPTS, len(SCRIPTS)), ids=lambda path: path.stem)
def test_the_notebook_says_what_is_stored_in_it(script: Path, kernel: Any):
    from notebook_runs import check

    assert check(script, kernel) == ""


def test_a_notebook_knows_no_name_of_another(kernel: Any, tmp_path: Path):
    if kernel is None:
        pytest.skip("each has a kernel of its own")
    from notebook_runs import run, texts

    for number, words in enumerate(("left_behind = 1", 'print("left_behind" in globals())')):
        (tmp_path / f"{number}.py").write_text(f"# %%\n{words}\n", encoding="utf-8")
        ran = run(tmp_path / f"{number}.py", kernel)
    assert texts(ran) == ["False\n"]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_the_first_cell_asks_a_question_and_the_notebook_defines_nothing(script: Path):
    notebook = stored(script)
    assert notebook.cells[0].cell_type == "markdown" and "**Question.**" in notebook.cells[0].source
    assert any("**Answer.**" in cell.source for cell in notebook.cells[1:4])
    tree = ast.parse(script.read_text(encoding="utf-8"))
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    assert script.with_suffix(".ipynb").stat().st_size < 300_000


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_lecture_has_definitions_pictures_exercises_with_solutions_and_references(script: Path):
    cells = stored(script).cells
    prose = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    for heading in ("Definitions", "Exercises", "Solutions", "What was learnt", "References"):
        assert f"\n## {heading}\n" in f"{prose}\n", f"no {heading}"
    assert "$$" in prose
    drawn = [
        place
        for place, cell in enumerate(cells)
        if any("image/png" in o.get("data", {}) for o in cell.get("outputs", []))
    ]
    assert len(drawn) >= 4 and drawn[0] <= 5
    solved = next(place for place, cell in enumerate(cells) if "## Solutions" in cell.source)
    assert any("assert " in cell.source for cell in cells[solved:])


def test_there_are_notebooks_and_none_without_its_script():
    assert SCRIPTS
    assert {path.stem for path in SCRIPTS} == {path.stem for path in SCRIPTS[0].parent.glob("*.ipynb")}
