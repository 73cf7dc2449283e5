"""The headline answers that the model page quotes are those of the model as it stands."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def tables() -> ModuleType:
    """The script that writes them."""
    spec = importlib.util.spec_from_file_location("model_tables", ROOT / "benchmarks" / "model_tables.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("place", range(4))
def test_each_quoted_answer_is_what_the_model_gives(tables: ModuleType, place: int):
    written = (
        (ROOT / "docs" / "model.md")
        .read_text(encoding="utf-8")
        .partition("<!-- headlines:")[2]
        .partition("<!-- end")[0]
    )
    rows = [
        [cell.strip() for cell in line.strip("|").split(" | ")] for line in written.splitlines() if line[:2] == "| "
    ]
    world = list(tables.worlds())[place]
    asked = {name: tables.answers(name, *world) for name in tables.HEADLINES}
    assert asked == {row[0]: row[place + 1] for row in rows if row[0] in asked}
    offers = [tables.replies(settings, *world) for _, settings in tables.OFFERS]
    assert offers == [row[place + 1] for row in rows[-len(offers) :]]
