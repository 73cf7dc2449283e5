"""Reports and the explorer where a third party chooses; the answer without it stands beside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from triangle.report.answer import answer
from triangle.report.explorer import explorer
from triangle.report.html import html_of
from triangle.showing.blocks import Page, Paragraph, plain, words_of
from triangle.showing.material import Material
from triangle.showing.phrases import read_phrases
from triangle.showing.statements import stability
from triangle.study.load import load
from triangle.study.study import alone_of

STUDY = load("europe_chooses", settings={"relief": 1.0, "reversal_hazard": 0.0})


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


def test_the_explorer_finds_what_solve_finds_also_where_europe_chooses(browser: Any, tmp_path: Path):
    m = material()
    labels = dict.fromkeys(("skip", "contents", "sort", "origin", "over", "picture", "no_script"), "–")
    page = Page("en", plain("Explorer"), plain(""), (explorer(m),), plain(""), labels)
    (tmp_path / "explorer.html").write_text(html_of(page), encoding="utf-8")
    opened = browser.new_page()
    said: list[str] = []
    opened.on("pageerror", lambda error: said.append(str(error)))
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
    assert said == []
    opened.close()
