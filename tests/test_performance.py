"""What is said of speed is what was measured: tables of the documentation beside the results they were made from."""

from __future__ import annotations

import json
import re
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
from budgets import LARGE
from each import of_each

ROOT = Path(__file__).parents[1]
RESULTS = json.loads((ROOT / "benchmarks" / "results.json").read_text(encoding="utf-8"))
PAGES = [
    ROOT / "README.md",
    *sorted(page for at in ("", "howto", "methods") for page in (ROOT / "docs" / at).glob("*.md")),
]

#: A table that quotes ratios of speed, by its head.
OF_SPEED = re.compile(r"^\|.*(times as fast|processor time|rates, by|rate /|games/s|games a second).*\|$", re.MULTILINE)
MADE = re.compile(r"<!-- (\w+): made by benchmarks/results\.py -->\n.*?<!-- end of \1 -->", re.DOTALL)


@pytest.fixture(scope="module")
def results() -> ModuleType:
    """The script that makes the tables."""
    sys.path.insert(0, str(ROOT / "benchmarks"))
    try:
        spec = spec_from_file_location("results", ROOT / "benchmarks" / "results.py")
        assert spec and spec.loader
        module = module_from_spec(spec)
        sys.modules["results"] = module
        spec.loader.exec_module(module)
    finally:
        sys.path.pop(0)
    return module


def test_every_table_of_the_performance_page_is_the_one_in_the_results(results: ModuleType):
    page = results.PAGE.read_text(encoding="utf-8")
    assert results.page_with(RESULTS, page) == page, "renew it: python benchmarks/results.py --tables"
    assert {name for name in MADE.findall(page)} == {"machine", *RESULTS["tables"]} == {"machine", *results.TABLES}


def test_another_result_is_another_page(results: ModuleType):
    page = results.PAGE.read_text(encoding="utf-8")
    name, rows = next(iter(RESULTS["tables"].items()))
    other = {**RESULTS, "tables": {**RESULTS["tables"], name: {row: [99.0, 98.0, 100.0] for row in rows}}}
    assert results.page_with(other, page) != page


@of_each("page", PAGES, told=lambda page: page.relative_to(ROOT).as_posix())
def test_no_table_of_speed_is_typed_by_hand(page: Path):
    typed = MADE.sub("", page.read_text(encoding="utf-8"))
    assert not OF_SPEED.search(typed)


def test_the_performance_page_has_tables_of_speed(results: ModuleType):
    assert len(OF_SPEED.findall(results.PAGE.read_text(encoding="utf-8"))) >= 4


def test_medians_lie_between_their_extremes_and_the_machine_is_named():
    assert re.search(r"\d+ cores, .*Python 3\.\d+.*numpy \d", RESULTS["machine"])
    assert RESULTS["load"] > 0
    for rows in RESULTS["tables"].values():
        assert rows
        assert all(0 < low <= middle <= high for middle, low, high in rows.values())


def test_what_is_said_of_random_screening_games_is_what_they_came_to(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    import bench_screening

    kept = json.loads(bench_screening.KEPT.read_text(encoding="utf-8"))
    total = {key: sum(one[key] for one in kept) for key in kept[0]}
    if LARGE:  # by default test_screening.py asks the certificates of such games
        assert bench_screening.chunk(len(kept) - 1) == kept[-1]
    said = " ".join((ROOT / "docs" / "methods" / "signal.md").read_text(encoding="utf-8").split())
    assert (
        f"Of {total['games']:,} random screening games {total['without']} are without an equilibrium, and "
        f"{total['failed']} of their {total['equilibria']:,} equilibria fail the certificate"
    ) in said
