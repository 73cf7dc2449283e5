"""The report in a browser: nothing is fetched, nothing fails, everybody can use it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from budgets import in_turn
from exploring import opened_at
from report.accessible import violations
from report.pages import EXPLORED, explored, material
from strategies import shipped

from triangle.measures.factors import KINDS
from triangle.players.cast import SHIPPED
from triangle.questions.answer import answer as question_answer
from triangle.questions.answer.answer import Named, Rests
from triangle.questions.flip.answer import Move, flip
from triangle.report import map as page_map
from triangle.report.build import FRAME, build
from triangle.report.html import html_of
from triangle.report.map import chosen_axes
from triangle.report.words import glossary
from triangle.scenarios.scenario import read_scenario
from triangle.showing.blocks import Cell, Column, Page, Picture, Section, Table, foreign, plain, words_of
from triangle.showing.drawings import triangle_svg
from triangle.showing.inline import set_words
from triangle.showing.phrases import read_phrases
from triangle.study.study import study
from triangle.sweeps.digest import model_digest

NAMES = EXPLORED


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
    patch.setattr(question_answer, "nearest_change", lambda *_: replace(nearest, moves=moves, found=True))


@pytest.fixture(scope="module")
def verdict(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of three scenarios whose answers are whole, in the rest of which nothing slow stands."""
    path = tmp_path_factory.mktemp("verdict") / "report.html"
    with pytest.MonkeyPatch.context() as patch:
        not_computed(patch, *MOVED)
        page = build(material("en", *VERDICTS, samples=64), brief=True)
    path.write_text(html_of(replace(page, brief=False)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of several scenarios with the explorer; what has slow tests of its own is left out."""
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(html_of(explored(*NAMES)), encoding="utf-8")
    assert path.stat().st_size < 5_000_000
    return path


@pytest.fixture(scope="module")
def page(browser: Any, report: Path) -> Iterator[Any]:
    """The report, opened; what the console says and what is asked for is noted on the page object."""
    opened = opened_at(browser, report.as_uri())
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
    page.evaluate("document.querySelectorAll('details').forEach((one, i) => { if (i % 7 === 0) one.open = true; })")
    assert [one for one in violations(page, scheme) if one[1] in ("serious", "critical")] == []


PLANTED = """
<style>ul { background: #fff } .faint { color: #888 } li { color: #222 } .two a { color: #224; text-decoration: none }
@media (prefers-color-scheme: dark) { .dark { background: #444 } }</style>
<ul><li>one<li>two<li class="faint">three<li class="dark">four
<li class="two">words around <a href="#s">a link</a> and after it</ul>
<input></main>
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_accessibility_checker_finds_what_is_planted(browser: Any, scheme: str):
    opened = browser.new_page()
    page = Page("en", plain("T"), (), (Section("s", plain("S"), ()),), (), dict.fromkeys(FRAME, "x"))
    opened.set_content(html_of(page).replace("</main>", PLANTED))
    found = {(rule, place.partition(">")[0]) for rule, _, place in violations(opened, scheme)}
    always = {("color-contrast", '<li class="faint"'), ("link-in-text-block", '<a href="#s"')}
    one_only = {"light": {("label", "<input")}, "dark": {("color-contrast", '<li class="dark"')}}
    assert found - one_only["light"] - one_only["dark"] == always and found >= one_only[scheme]
    opened.close()


def taken(page: Any, figure: str, kind: str) -> tuple[str, bytes]:
    """The name and content of what a button under a picture gives."""
    with page.expect_download() as given:
        page.locator(f"{figure} .take button", has_text=kind).click()
    return given.value.suggested_filename, Path(given.value.path()).read_bytes()


def numbers(page: Any, figure: str) -> tuple[str, list[dict[str, str]]]:
    """The source and the rows of what a picture gives as CSV."""
    name, content = taken(page, figure, "CSV")
    assert name == f"{figure.removeprefix('#')}.csv"
    source, table = content.decode("utf-8-sig").split("\r\n", 1)
    return source, list(csv.DictReader(io.StringIO(table, newline="")))


def test_every_picture_can_be_taken_away_with_its_numbers(page: Any):
    ways = "all => all.map((one) => [...one.querySelectorAll('.take button')].map((way) => way.textContent).join(' '))"
    kinds = page.locator("main > section:not(#explorer) figure").evaluate_all(ways)
    assert page.locator("#answer figure").count() >= len(NAMES) and {*kinds} == {"SVG PNG CSV"}
    page.emulate_media(media="print")
    assert not any(one.is_visible() for one in page.locator(".take").all())
    assert page.locator("#map-drawing .source").is_visible()
    page.emulate_media(media="screen")


def test_the_numbers_of_a_map_are_the_sets_at_its_nodes(page: Any):
    source, rows = numbers(page, "#map-drawing")
    m = material("en", *NAMES)
    assert source.startswith(f"# Scenarios {', '.join(NAMES[:2])}")
    assert model_digest(m.model)[:12] in source
    names = chosen_axes(m)
    assert names is not None and len(rows) == len(NAMES) * page_map.NODES**2
    nodes = page_map.axis_nodes(m, names[0]), page_map.axis_nodes(m, names[1])
    for place in {1, len(NAMES) - 1}:
        own = [row for row in rows if row["scenario"] == NAMES[place]]
        for axis, name in enumerate(names):
            given = np.reshape([float(row[m.say.known("parameter", name)]) for row in own], (page_map.NODES,) * 2)
            assert np.allclose(given, np.expand_dims(nodes[axis], 1 - axis), rtol=1e-11)
        masks = page_map.masks_over(m, place, names, nodes).ravel()
        words = [row["what is stable there"] for row in own]
        assert len(set(words)) == len(set(masks.tolist())) > 1
        assert all(words_of(set_words(int(masks[k]), m.say)) == words[k] for k in range(0, len(own), 97))


def test_a_profile_has_one_letter_and_one_colour_in_table_map_and_explorer(page: Any):
    """What the report's own sections say of a profile, beside what the explorer draws it with."""
    told = page.evaluate(
        "JSON.parse(document.querySelector('.explorer-data').textContent).data.profiles"
        ".map(({ letter, fill, posture }) => [letter, fill, posture])"
    )
    letters = [letter for letter, *_ in told]
    assert len(set(letters)) == 64
    shown = "all => all.map((cell) => [cell.querySelector('rect').getAttribute('fill'), cell.textContent])"
    regions = page.locator("#map table tbody th").evaluate_all(shown)
    words = page.locator("#map table tbody tr td:nth-child(2)").all_text_contents()
    single = [
        (fill, letter.strip(), said) for (fill, letter), said in zip(regions, words, strict=True) if ";" not in said
    ]
    assert len(single) > 2
    for fill, letter, said in single:
        colour, posture = next((colour, posture) for own, colour, posture in told if own == letter)
        assert fill == colour and f"({posture})" in said
    stable = page.locator("#equilibria table[id] tbody tr td:nth-child(4)").all_text_contents()
    firsts = list(dict.fromkeys(text.strip().split(":")[0] for text in stable))
    assert firsts == [chr(65 + k) for k in range(len(firsts))]
    assert {text.split(":")[0] for text in page.locator("#picture figcaption").all_text_contents()} == {*firsts}


def test_the_numbers_of_a_picture_are_those_of_its_table_unrounded(page: Any):
    one = study(shipped(), read_scenario("baseline", shipped()))
    finding = one.solve().findings[0]
    source, rows = numbers(page, "#terms-0-0")
    assert source.startswith("# Scenario baseline; triangle ")
    assert [float(row["Russia: has"]) for row in rows[:-1]] == pytest.approx(
        [float(term[(1, *finding.profile)]) for term in one.terms.values()], abs=1e-9
    )
    _, ends = numbers(page, "#sensitivity-0-kept")
    shares = [float(row["total share"]) for row in ends]
    assert shares == sorted(shares, reverse=True)
    spans = [head for head in ends[0] if head.endswith((": from", ": to"))]
    assert [head.split(",")[0] for head in spans] == ["total share", "total share", "alone", "alone"]
    for low, high in (spans[:2], spans[2:]):
        assert all(0 <= float(row[low]) <= float(row[high]) <= 1 for row in ends)


def test_a_picture_taken_away_needs_no_page(page: Any):
    name, drawn = taken(page, "#map-drawing", "SVG")
    text = drawn.decode()
    assert name == "map-drawing.svg" and ElementTree.fromstring(text).tag == "{http://www.w3.org/2000/svg}svg"
    assert "var(--" not in text and "currentColor" not in text and "evidence and parameters" in text
    name, drawn = taken(page, "#answer .verdict:first-child figure", "SVG")
    words = " ".join(
        "".join(one.itertext()) for one in ElementTree.fromstring(drawn).iter() if one.tag.endswith("text")
    )
    assert name == "verdict-0-0.svg" and "stable marriage of Russia and China" in words and "Scenario baseline" in words
    assert "the United States contains both, Russia aligns with China and China aligns with Russia" in words
    name, points = taken(page, "#map-drawing", "PNG")
    assert name == "map-drawing.png" and points.startswith(b"\x89PNG")
    assert int.from_bytes(points[16:20], "big") > 1500


def test_a_text_that_a_spreadsheet_would_take_for_a_formula_is_taken_away_as_a_text(browser: Any):
    rows = tuple((Cell(foreign(text)), Cell(plain("−1"), -1.5)) for text in ("=1+1", '@a,"b"', "plain"))
    table = Table(plain("Numbers"), (Column(plain("name")), Column(plain("value"), True)), rows, key="numbers")
    drawing = '<svg viewBox="0 0 9 9"><title>T</title><desc>D</desc></svg>'
    picture = Picture("drawn", drawing, plain("T"), plain("D"), source=plain("S."), data="numbers")
    page = Page("en", plain("T"), (), (Section("s", plain("S"), (picture, table)),), (), dict.fromkeys(FRAME, "x"))
    opened = browser.new_page()
    opened.set_content(html_of(page))
    _, content = taken(opened, "#drawn", "CSV")
    assert content.decode("utf-8-sig") == '# S.\r\nname,value\r\n\'=1+1,-1.5\r\n"\'@a,""b""",-1.5\r\nplain,-1.5\r\n'
    opened.close()


def test_a_word_says_what_it_means_by_keyboard_and_by_touch(browser: Any, verdict: Path):
    opened = browser.touched(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    opened.goto(verdict.as_uri())
    term = opened.locator("button.term[popovertarget='word-stable'], button.term[popovertarget='word-world']").first
    meaning = opened.locator(f"#{term.get_attribute('popovertarget')}")
    assert term.get_attribute("aria-describedby") == term.get_attribute("popovertarget") and not meaning.is_visible()
    before = opened.locator(".verdict button.term").first
    before.focus()
    opened.keyboard.press("Shift+Tab")
    opened.keyboard.press("Tab")
    assert before.evaluate("one => one.matches(':focus-visible')")
    shown = opened.locator(f"#{before.get_attribute('popovertarget')}")
    assert shown.is_visible()
    box = shown.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390 and box["y"] >= 0 and box["y"] + box["height"] <= 844
    opened.keyboard.press("Escape")
    assert not shown.is_visible()
    before.evaluate("one => one.blur()")
    term.tap()
    assert meaning.is_visible()
    opened.locator("h1").tap()
    assert not meaning.is_visible()
    opened.close()


def test_a_word_in_the_head_of_a_column_is_explained_by_the_button_that_sorts(browser: Any, verdict: Path):
    text = verdict.read_text(encoding="utf-8")
    opened = browser.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    rows = ((Cell(plain("a")), Cell(plain("1"), 1.0)),)
    columns = (Column(plain("name")), Column(plain("margin"), True))
    table = Table(plain("Numbers"), columns, rows, key="numbers")
    terms = glossary(read_phrases("en", SHIPPED), 0.5)
    page = Page("en", plain("T"), (), (Section("s", plain("S"), (table,)),), (), dict.fromkeys(FRAME, "x"), terms=terms)
    opened.set_content(html_of(page))
    button, meaning = opened.locator("th button[data-word]"), opened.locator("#word-margin")
    assert button.count() == 1 and not opened.locator("th button button").count() and "word-margin" in text
    button.hover()
    assert meaning.is_visible()
    opened.keyboard.press("Escape")
    button.click()
    assert opened.locator("th[aria-sort]").count() == 1
    opened.close()


def test_a_word_in_a_table_of_the_explorer_is_explained_there(page: Any):
    page.locator("[data-keep]").click()
    word = page.locator("[data-compared] th button.term[popovertarget='word-stable']")
    word.scroll_into_view_if_needed()
    word.focus()
    word.press("Enter")
    assert page.locator("#word-stable").is_visible()
    assert word.evaluate("one => getComputedStyle(one, '::after').content") == "none", "nothing is sorted there"
    page.keyboard.press("Escape")
    page.locator("[data-reset]").click()
    page.locator("[data-compared] .choice button").last.click()


def test_a_word_stays_as_long_as_the_pointer_is_on_it(browser: Any, verdict: Path):
    opened = browser.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    opened.goto(verdict.as_uri())
    term = opened.locator("button.term").first
    meaning = opened.locator(f"#{term.get_attribute('popovertarget')}")
    term.hover()
    assert meaning.is_visible()
    meaning.hover()
    opened.wait_for_timeout(300)
    assert meaning.is_visible(), "whoever reads it with the pointer on it goes on reading"
    opened.locator("h1").hover()
    opened.wait_for_timeout(300)
    assert not meaning.is_visible()
    opened.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_open_word_has_no_finding_of_the_accessibility_checker(browser: Any, verdict: Path, scheme: str):
    opened = browser.new_page()
    opened.goto(verdict.as_uri())
    opened.locator("button.term").first.click()
    assert opened.locator(".word:popover-open").count() == 1
    assert violations(opened, scheme, whole=True) == []
    opened.emulate_media(media="print")
    assert opened.locator(".word:visible").count() == 0
    opened.close()


@pytest.mark.parametrize("language", ["en", "de"])
def test_no_action_below_a_triangle_is_cut_off(browser: Any, language: str):
    say = read_phrases(language, SHIPPED)
    drawn = [
        triangle_svg(profile, [say.action(i, a) for i, a in enumerate(profile)], "", "", f"t{k}", SHIPPED)
        for k, profile in enumerate(SHIPPED.profiles)
    ]
    opened = browser.new_page()
    opened.set_content(f"<style>svg {{ font-family: 'DejaVu Sans', sans-serif }}</style>{''.join(drawn)}")
    outside = """[...document.querySelectorAll("svg text")].filter((text) => {
        const [box, { x, width }] = [text.getBBox(), text.ownerSVGElement.viewBox.baseVal];
        return box.x < x || box.x + box.width > x + width; }).map((text) => text.textContent)"""
    assert opened.locator("svg text").count() == 64 * 6 and set(opened.evaluate(outside)) == set()
    opened.close()


def test_a_long_table_of_the_documentation_shows_only_rows_with_the_words_asked_for(browser: Any):
    script = (Path(__file__).parents[2] / "docs" / "_static" / "filter.js").read_text(encoding="utf-8")
    rows = "".join(f"<tr><td>C{k}</td><td>{'contradicted' if k % 3 else 'holds'}</td></tr>" for k in range(30))
    tables = f"<table class=docutils><tbody>{rows}</tbody></table><table class=docutils><tbody><tr><td>x</table>"
    opened = browser.new_page()
    opened.set_content(f"<script>{script}</script><article>{tables}</article>")
    field = opened.get_by_label("Only rows with")
    assert field.count() == 1
    field.fill("C1 CONTRA")
    assert opened.locator("tr:visible td:first-child").all_text_contents() == [
        *(f"C{k}" for k in (1, 10, 11, 13, 14, 16, 17, 19)), "x",
    ]  # fmt: skip
    assert opened.locator("[role=status]").text_content() == "8 of 30"
    field.fill("")
    assert opened.locator("tr:visible").count() == 31 and opened.locator("[role=status]").text_content() == ""
    opened.close()


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


BRIEFS = (("nixon_1972",), ("baseline", "rift_courted"), VERDICTS)


@pytest.mark.parametrize(("names", "language"), in_turn(BRIEFS, ("en", "de")))
def test_a_brief_fills_two_pages_of_a4(
    browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, names: tuple[str, ...]
):
    not_computed(monkeypatch)
    brief = html_of(build(material(language, *names, samples=64), brief=True))
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
