"""A German report of shipped scenarios is German to the last word, and no report shows keys where names are."""

from __future__ import annotations

import re
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from budgets import LARGE, few
from report.pages import material
from report.reading import texts, written
from showing.translated import KEPT
from strategies import shipped

from triangle.players.cast import SHIPPED
from triangle.questions.answer import answer as question_answer
from triangle.questions.claims.answer import read_index
from triangle.questions.contrast.section import contrasts
from triangle.questions.flip.answer import flip
from triangle.questions.signal.section import signals
from triangle.report import answer, evidence
from triangle.report.build import build
from triangle.scenarios.scenario import shipped_names
from triangle.showing.blocks import Page

GOLDEN = Path(__file__).parents[1] / "golden" / "kept"

#: Words that English sentences are made with, and German ones are not.
ENGLISH = re.compile(
    r"\b(the|of|and|is|are|with|that|from|which|not|by|for|its|this|has|have|been|to|than|their|would|between|on|at)\b"
)

#: What is English in a German report: names of works, houses and series, and of a manoeuvre.
NAMES = sorted((*KEPT, "World Development Indicators", "Military Expenditure Database"), key=len, reverse=True)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The nearest other world is told alike whatever moves to it, and takes long where everything may."""
    if not LARGE:
        some = ["reciprocity", "reversal_hazard", "stake_ru_cn", "unilateral_yield"]
        monkeypatch.setattr(question_answer, "flip", partial(flip, names=some))


def english(part: Any) -> list[str]:
    """Texts of a part in which English is found, but for names and for what is typed."""
    return [text for text in map(written, texts(part)) if has_english(text)]


@cache
def has_english(text: str) -> bool:
    """Whether there is English in a text beside the names; most of them stand in the reports of all scenarios."""
    for name in NAMES if ENGLISH.search(text) else ():
        text = text.replace(name, "")
    return bool(ENGLISH.search(text))


@cache
def page_of(language: str) -> Page:
    """A page with all of its sections, that of the claims in German with every one of the documents, or one in ten."""
    claims = {"claims": tuple(few(sorted(read_index()), 10))} if language == "de" else {"claims": ()}
    return build(material(language, "europe_joins", **claims), explore=True)


def test_the_eye_that_looks_for_english_finds_it_where_it_is():
    assert len(english(answer.question(material("en", "baseline")))) > 5
    assert english(evidence.figures(material("en", "baseline")))


@pytest.mark.parametrize("name", few(shipped_names(SHIPPED), 3))
def test_no_english_is_left_in_what_a_german_report_says_of_a_shipped_scenario(name: str):
    m = material("de", name)
    for section in (answer.question(m), answer.differs(m), evidence.figures(m), evidence.wrong(m)):
        assert english(section) == [], section.anchor


def test_no_english_is_left_in_a_whole_german_report():
    page = page_of("de")
    assert {section.anchor for section in page.sections} >= {"claims", "tipping", "sensitivity", "map", "explorer"}
    assert english(page) == []


def test_no_english_is_left_in_what_one_scenario_changes_of_another():
    told = contrasts(material("de", "baseline", "conditional_relief_europe", "nixon_1972"))
    assert len(told) == 5 and english(told) == []


def test_no_english_is_left_of_types_and_of_third_parties():
    typed = signals(material("de", "tactical_or_genuine"))
    names = few(("iran_decides", "india_decides", "courted_europe"), 3)
    chosen = [answer.answer(material("de", name)) for name in names]
    assert english([typed, *chosen]) == []


def test_no_english_is_left_in_the_german_answer_of_a_terminal():
    _, _, *lines = (GOLDEN / "answer.german.txt").read_text(encoding="utf-8").splitlines()
    said = [line for line in lines if not line.startswith("triangle ")]
    assert len(said) > 40 and [line for line in said if ENGLISH.search(line)] == []


# ----- names instead of keys

#: Postures and outcomes as they are typed.
KEY = re.compile(r"\b[A-Z]{2}=\w|\b[a-z]+(?:_[a-z0-9]+)+\b")


@pytest.mark.parametrize("language", few(["de", "en"], 2))
def test_a_report_shows_names_where_there_are_names(language: str):
    """What is to be typed stands as such: identifiers of figures, names of scenarios, and what a reason refers to."""
    page = page_of(language)
    typed = {
        "europe_joins",
        "european_veto",
        "courting_2025",
        "us_sanction_share",
        "news_112461",
        *shipped().ledger.figures,
    }
    shown = [found for text in texts(page) for found in KEY.findall(written(text)) if found not in typed]
    assert shown == []


@pytest.mark.parametrize("method", ["mixed", "logit", "correlated", "observed"])
def test_a_terminal_shows_the_titles_of_triangles_and_actions(method: str):
    text = (GOLDEN / f"solve.{method}.txt").read_text(encoding="utf-8")
    assert "RU–CN" in text and re.findall(r"[a-z]+_(?:marriage|triangle|veto|trois|both|russia|china)\b", text) == []
