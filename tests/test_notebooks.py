"""Every notebook runs from top to bottom in a kernel of its own and says what is stored in it."""

from __future__ import annotations

import ast
from pathlib import Path

import nbformat
import pytest
from notebook_runs import check

HERE = Path(__file__).parent
SCRIPTS = sorted((HERE.parent / "notebooks").glob("*.py"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_the_notebook_says_what_is_stored_in_it(script: Path):
    assert check(script) == ""


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_the_first_cell_asks_a_question_and_the_notebook_defines_nothing(script: Path):
    notebook = nbformat.read(script.with_suffix(".ipynb"), as_version=4)
    assert notebook.cells[0].cell_type == "markdown" and "**Question.**" in notebook.cells[0].source
    assert any("**Answer.**" in cell.source for cell in notebook.cells[1:4])
    tree = ast.parse(script.read_text(encoding="utf-8"))
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    assert script.with_suffix(".ipynb").stat().st_size < 300_000


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_lecture_has_definitions_pictures_exercises_with_solutions_and_references(script: Path):
    cells = nbformat.read(script.with_suffix(".ipynb"), as_version=4).cells
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
