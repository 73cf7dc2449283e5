"""Reports and the explorer where a third party chooses; the answer without it stands beside."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from budgets import LARGE, few
from report.pages import SLOW

from triangle.questions.answer import answer as question_answer
from triangle.report.answer import answer, differs
from triangle.report.build import build
from triangle.report.explorer import explorer
from triangle.report.html import html_of
from triangle.showing.blocks import Bullets, Page, Paragraph, Table, plain, words_of
from triangle.showing.material import Material
from triangle.showing.phrases import read_phrases
from triangle.showing.statements import orders, stability
from triangle.study.load import load
from triangle.study.study import alone_of, of_one_cast

STUDY = load("europe_chooses", settings={"relief": 1.0, "reversal_hazard": 0.0})


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The nearest other world and what an answer rests on take longer than all else, and have tests of their own."""
    for name, found in () if LARGE else (("nearest_change", None), ("_rests", [])):
        monkeypatch.setattr(question_answer, name, lambda *_, found=found: found)


def material(language: str = "en") -> Material:
    return Material((STUDY,), read_phrases(language, STUDY.cast), 16, 0, words=("europe_chooses",))


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_answer_without_third_parties_stands_beside_the_one_with_them(language: str):
    said = [words_of(block.text) for block in answer(material(language)).blocks if isinstance(block, Paragraph)]
    alone = alone_of(STUDY)
    assert alone.cast.codes == ("US", "RU", "CN") and alone.scenario.values["europe_joins"] == 0.0
    sentences = [words_of(one) for one in stability(alone, alone.solve(), read_phrases(language, alone.cast))]
    joins = read_phrases(language, alone.cast).known("parameter", "europe_joins")
    (without,) = [text for text in said if joins in text]
    assert all(sentence in without for sentence in sentences)
    europe = {"en": "Europe keeps its sanctions", "de": "Europa behält seine Sanktionen"}[language]
    assert any(europe in text for text in said) and europe not in without


def made(name: str, language: str) -> Material:
    study = load(name)
    return Material((study,), read_phrases(language, study.cast), 16, 0, words=(name,))


@pytest.mark.parametrize("name", few(["courted_europe", "war_decides", "allies_decide", "india_decides"], 2))
def test_of_each_third_party_it_is_said_what_is_stable_where_its_levers_stand_and_it_chooses_nothing(name: str):
    said = [words_of(block.text) for block in answer(made(name, "de")).blocks if isinstance(block, Paragraph)]
    (party,) = load(name).cast.thirds
    (without,) = [text for text in said if text.startswith("Ohne eine Wahl von ")]
    stands = load(name).model.alone.catalogue.parameters  # type: ignore[union-attr]
    say = read_phrases("de", load(name).cast)
    named = {lever: say.known("parameter", lever) in without for lever in party.chosen}
    assert named == {lever: lever in stands for lever in party.chosen}


def test_beside_a_scenario_in_which_a_third_party_chooses_stands_one_that_sets_what_it_would_choose():
    names = ("europe_joins", "europe_chooses")
    studies = tuple(of_one_cast([load(name) for name in names]))
    say = read_phrases("en", studies[0].cast)
    blocks = differs(Material(studies, say, 16, 0, words=names)).blocks
    rows = [words_of(row[0].text) for table in blocks if isinstance(table, Table) for row in table.rows]
    assert any("relief" in row for row in rows) and not any("Europe joins" in row for row in rows)
    held = " ".join(words_of(item) for bullets in blocks if isinstance(bullets, Bullets) for item in bullets.items)
    assert "Europe at “join relief”" in held


def test_a_whole_report_says_who_chooses_beside_the_three(monkeypatch: pytest.MonkeyPatch):
    for module, part in () if LARGE else SLOW:
        monkeypatch.setattr(module, part, lambda *_: [])
    page = build(made("iran_decides", "en"))
    assert words_of(page.subtitle).endswith("United States, Russia and China, and of who chooses beside them: Iran.")
    texts = [words_of(b.text) for section in page.sections for b in section.blocks if isinstance(b, Paragraph)]
    assert len(texts) > (20 if LARGE else 10) and not [text for text in texts if "all three do" in text]


def test_a_sentence_names_some_orders_of_moves_where_many_players_have_hundreds():
    study = of_one_cast([load("india_decides"), load("allies_decide")])[0]
    for language, more in (("en", r"; and \d+ more\)"), ("de", r"; und \d+ weitere\)")):
        (said,) = (words_of(text) for text in orders(study, read_phrases(language, study.cast)))
        assert re.search(more, said) and len(said) < 1000


def test_the_explorer_of_four_long_actions_fits_a_phone(browser: Any, tmp_path: Path):
    study = load("courted_europe")
    m = Material((study,), read_phrases("de", study.cast), 16, 0, words=("courted_europe",))
    labels = dict.fromkeys(("skip", "contents", "sort", "origin", "over", "picture", "no_script"), "–")
    page = Page("de", plain("Explorer"), plain(""), (explorer(m),), plain(""), labels)
    (tmp_path / "explorer.html").write_text(html_of(page), encoding="utf-8")
    opened = browser.new_page(viewport={"width": 390, "height": 800})
    opened.goto((tmp_path / "explorer.html").as_uri())
    assert opened.evaluate("document.documentElement.scrollWidth") <= 390
    opened.close()


def test_the_explorer_finds_what_solve_finds_also_where_europe_chooses(browser: Any, tmp_path: Path):
    m = material()
    labels = dict.fromkeys(("skip", "contents", "sort", "origin", "over", "picture", "no_script"), "–")
    page = Page("en", plain("Explorer"), plain(""), (explorer(m),), plain(""), labels)
    (tmp_path / "explorer.html").write_text(html_of(page), encoding="utf-8")
    opened = browser.new_page()
    opened.goto((tmp_path / "explorer.html").as_uri())
    shown = str(opened.locator(".explorer").get_attribute("data-stable"))
    assert [int(index) for index in shown.split(",")] == [finding.index for finding in STUDY.solve().findings]
    assert opened.locator(".slider[data-parameter='europe_joins']").count() == 0
    assert opened.locator(".slider[data-parameter='effort_eu']").count() == 1
    opened.locator("[id$='hold-3']").select_option("1")
    held = [
        f.index
        for f in load("europe_chooses", settings={"relief": 1.0, "reversal_hazard": 0.0}, hold={"EU": "join"})
        .solve()
        .findings
    ]
    shown = str(opened.locator(".explorer").get_attribute("data-stable"))
    assert [int(index) for index in shown.split(",")] == held
    assert opened.said == []
    opened.close()
