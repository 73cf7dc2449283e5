"""The report in a browser: nothing is fetched, nothing fails, everybody can use it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from budgets import LARGE
from strategies import shipped

from triangle.measures.factors import KINDS
from triangle.players.cast import SHIPPED
from triangle.questions.answer import answer as question_answer
from triangle.questions.answer.answer import Named, Rests
from triangle.questions.claims import section as page_claims
from triangle.questions.flip.answer import Move, flip
from triangle.questions.tipping import section as page_tipping
from triangle.report import answer as page_answer
from triangle.report.build import FRAME, build
from triangle.report.html import html_of
from triangle.scenarios.scenario import read_scenario
from triangle.showing.blocks import Cell, Column, Page, Section, Table, plain
from triangle.showing.material import Material
from triangle.showing.phrases import read_phrases
from triangle.study.study import study

NAMES = ("baseline", "europe_joins", "rift_shock", "full_package", "conditional_relief_europe")

#: Parts of the analysis that have tests of their own and take their time.
LEFT_OUT = ((page_tipping, "_points"), (page_tipping, "_flips"), (page_answer, "contrasts"))
LEFT_OUT += ((question_answer, "_rests"), (question_answer, "_change"))
LEFT_OUT += () if LARGE else ((page_claims, "_claims"),)


#: Scenarios with different answers, one of them held and one with two postures.
VERDICTS = ("baseline", "patient_america", "conditional_relief_europe")


#: What moves in the nearest other world of the default world.
MOVED = ("output_shortfall_ru", "stake_ru_cn", "decisiveness", "gain_per_dollar_ru")


def not_computed(patch: pytest.MonkeyPatch, *names: str) -> None:
    """What an answer rests on and what would change it, of these parameters, or of those with the longest meanings."""
    meant = [shipped().catalogue[name] for name in names]
    longest = meant or sorted(shipped().catalogue, key=lambda p: -len(p.meaning))[:4]
    named = tuple(Named(p.name, 0.2) for p in longest[:3])
    backing = tuple((kind, 0.1) for kind in KINDS)
    patch.setattr(question_answer, "_rests", lambda *_: Rests("kept", "", backing, 0.9, named))
    moves = tuple(Move(p.name, p.unit, p.role, 0.12345, 0.54321, 0.0, 1.0, 0.4) for p in longest)
    nearest = flip(study(shipped(), read_scenario("patient_america", shipped())), away=True, names=["reciprocity"])
    patch.setattr(question_answer, "_change", lambda *_: replace(nearest, moves=moves, found=True))


def answered(names: tuple[str, ...], language: str = "en") -> Material:
    """What a report of some scenarios is made of."""
    studies = tuple(study(shipped(), read_scenario(name, shipped())) for name in names)
    return Material(studies, read_phrases(language, SHIPPED), 64, 0, words=names)


@pytest.fixture(scope="module")
def verdict(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of three scenarios whose answers are whole, in the rest of which nothing slow stands."""
    path = tmp_path_factory.mktemp("verdict") / "report.html"
    with pytest.MonkeyPatch.context() as patch:
        not_computed(patch, *MOVED)
        page = build(answered(VERDICTS), brief=True)
    path.write_text(html_of(replace(page, brief=False)), encoding="utf-8")
    return path


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
    table = page.locator("#standing table")
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


def test_the_first_screen_holds_the_answer_its_triangle_how_sure_it_is_and_what_would_change_it(
    browser: Any, verdict: Path
):
    opened = browser.new_page(viewport={"width": 1280, "height": 800})
    opened.goto(verdict.as_uri())
    for part in ("svg.triangle", ".finding", "svg.gauge", ".sure", ".change"):
        boxes = [one.bounding_box() for one in opened.locator(f"#answer .verdict {part}").all()]
        assert len(boxes) >= 2 and all(box["y"] + box["height"] <= 800 for box in boxes), part
    opened.set_viewport_size({"width": 390, "height": 844})
    assert opened.locator("#answer .finding").first.bounding_box()["y"] < 844
    assert opened.evaluate("document.documentElement.scrollWidth") <= 390
    opened.close()


def pages_of(printed: bytes) -> list[tuple[int, int]]:
    """The size of each page of a PDF that Chromium wrote, in millimetres."""
    boxes = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", printed)
    return [tuple(round(float(points) / 72 * 25.4) for points in box) for box in boxes]  # type: ignore[misc]


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("names", [("nixon_1972",), ("baseline", "rift_courted"), VERDICTS])
def test_a_brief_fills_two_pages_of_a4(
    browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, names: tuple[str, ...]
):
    not_computed(monkeypatch)
    brief = html_of(build(answered(names, language), brief=True))
    (tmp_path / "brief.html").write_text(brief, encoding="utf-8")
    opened = browser.new_page()
    opened.goto((tmp_path / "brief.html").as_uri())
    assert pages_of(opened.pdf(prefer_css_page_size=True)) == [(210, 297)] * 2
    opened.close()


def test_the_head_of_a_table_is_printed_again_on_its_next_page(browser: Any):
    """A head that holds a button is not: the buttons go for as long as is printed, and come back."""
    rows = tuple((Cell(plain(f"row {k}")), Cell(plain("x"))) for k in range(200))
    table = Table(plain("Long"), (Column(plain("name")), Column(plain("HEADER"))), rows)
    page = Page("en", plain("T"), (), (Section("s", plain("S"), (table,)),), (), dict.fromkeys(FRAME, "x"))
    opened = browser.new_page()
    opened.set_content(html_of(page))
    assert opened.locator("th button").count() == 2
    opened.emulate_media(media="print")
    opened.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert opened.locator("th button").count() == 0 and opened.locator("thead").inner_text().split() == [
        "name",
        "HEADER",
    ]
    assert opened.evaluate("getComputedStyle(document.querySelector('thead')).display") == "table-header-group"
    opened.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert opened.locator("th button").count() == 2
    opened.close()
