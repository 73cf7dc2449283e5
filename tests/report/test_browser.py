"""The report in a browser: nothing is fetched, nothing fails, everybody can use it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from budgets import LARGE
from strategies import shipped

from triangle.players.cast import SHIPPED
from triangle.questions.claims import section as page_claims
from triangle.questions.tipping import section as page_tipping
from triangle.report import answer as page_answer
from triangle.report.build import build
from triangle.report.html import html_of
from triangle.scenarios.scenario import read_scenario
from triangle.showing.material import Material
from triangle.showing.phrases import read_phrases
from triangle.study.study import study

NAMES = ("baseline", "europe_joins", "rift_shock", "full_package", "conditional_relief_europe")

#: Parts of the analysis that have tests of their own and take their time.
LEFT_OUT = ((page_tipping, "_points"), (page_tipping, "_flips"), (page_answer, "contrasts"))
LEFT_OUT += () if LARGE else ((page_claims, "_claims"),)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of five scenarios with the explorer; what has slow tests of its own is left out."""
    path = tmp_path_factory.mktemp("report") / "report.html"
    with pytest.MonkeyPatch.context() as patch:
        for module, name in LEFT_OUT:
            patch.setattr(module, name, lambda *_: [])
        studies = tuple(study(shipped(), read_scenario(name, shipped())) for name in NAMES)
        page = build(Material(studies, read_phrases("en", SHIPPED), 16, 0, words=NAMES), explore=True)
    path.write_text(html_of(page), encoding="utf-8")
    assert path.stat().st_size < 5_000_000
    return path


@pytest.fixture(scope="module")
def page(browser: Any, report: Path) -> Iterator[Any]:
    """The report, opened; what the console says and what is asked for is noted on the page object."""
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    opened.said, opened.asked = [], []
    opened.on("console", lambda message: opened.said.append(message.text))
    opened.on("pageerror", lambda error: opened.said.append(str(error)))
    opened.on("request", lambda request: opened.asked.append(request.url))
    opened.goto(report.as_uri())
    yield opened
    assert opened.said == []
    opened.close()


def test_the_report_asks_for_nothing_and_says_nothing_on_the_console(page: Any, report: Path):
    assert page.title().startswith("The default world of 2024")
    assert page.asked == [report.as_uri()]
    assert page.said == []


def test_no_screen_is_too_narrow_for_the_page(page: Any):
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_viewport_size({"width": 1280, "height": 900})


def test_on_a_phone_no_table_with_long_texts_is_wider_than_the_screen(page: Any):
    wide = """[...document.querySelectorAll("table.stacks")].map(
        (table) => table.parentElement.scrollWidth > table.parentElement.clientWidth + 1)"""
    page.set_viewport_size({"width": 390, "height": 900})
    found = page.evaluate(wide)
    page.set_viewport_size({"width": 1280, "height": 900})
    assert len(found) > 5 and not any(found)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_accessibility_checker_finds_nothing_serious(page: Any, scheme: str):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    page.emulate_media(color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((one, i) => { if (i % 7 === 0) one.open = true; })")
    found = axe.Axe().run(page).response["violations"]
    page.emulate_media(color_scheme="light")
    serious = [(one["id"], one["nodes"][0]["html"][:120]) for one in found if one["impact"] in ("serious", "critical")]
    assert serious == []


def test_tables_sort_by_keyboard(page: Any):
    table = page.locator("#answer table")
    button = table.locator("thead th").nth(3).locator("button")
    orders = "cells => cells.map(cell => Number(cell.dataset.order))"
    for direction in ("ascending", "descending"):
        button.focus()
        page.keyboard.press("Enter")
        assert table.locator("thead th").nth(3).get_attribute("aria-sort") == direction
        shares = table.locator("tbody td:nth-child(4)").evaluate_all(orders)
        assert shares == sorted(shares, reverse=direction == "descending") and len(shares) == 2 * len(NAMES)


def test_a_number_unfolds_down_to_document_and_line(page: Any):
    number = page.locator("#differs details.origin").first
    number.locator("summary").click()
    link = number.locator("a").first
    assert link.is_visible()
    target = str(link.get_attribute("href"))
    link.click()
    cell = page.locator(target)
    assert cell.is_visible() and page.evaluate("location.hash") == target
