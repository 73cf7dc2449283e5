"""The years in a report: which scenarios have them, and that it says what the course says, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from budgets import LARGE
from plainly import drawn_plainly

from triangle.players.cast import SHIPPED
from triangle.questions.path import answer, section
from triangle.scenarios.path import read_path, shipped_paths
from triangle.showing.blocks import Bullets, Picture, Section, Table, words_of
from triangle.showing.material import Material
from triangle.showing.phrases import read_phrases
from triangle.study.load import load

WORLDS = 6 if LARGE else 2

#: The first has no path, the others have; by default the one that has several.
NAMES = ("europe_joins", *(["attrition"] if LARGE else []), "baseline")


def material(language: str, *names: str) -> Material:
    return Material(tuple(map(load, names)), read_phrases(language, SHIPPED), WORLDS, 3, words=names)


@pytest.fixture(scope="module")
def asked():
    return material("en", *NAMES)


@pytest.fixture(scope="module", autouse=True)
def undrawn() -> Iterator[None]:
    """By default a picture is drawn and not laid out: what is read here is what stands beside it."""
    with pytest.MonkeyPatch.context() as patched:
        drawn_plainly(patched)
        yield


@pytest.fixture(scope="module")
def page(asked) -> Section:
    return section.years(asked)


def test_only_a_scenario_that_a_path_departs_from_has_years():
    assert not section.has_paths(material("en", "europe_joins", "courting_2025"))
    assert section.has_paths(material("en", "europe_joins", "attrition"))


def test_a_course_is_said_as_it_is_computed(page, asked):
    study = load(NAMES[1])
    # By its module: the section asks the same.
    course = answer.path_course(read_path(f"path_{NAMES[1]}", study.model), study.model, WORLDS, 3)
    tables = [block for block in page.blocks if isinstance(block, Table)]
    assert len(tables) == len(NAMES) - 1
    for row in tables[0].rows:
        year = next(year for year in course.years if words_of(row[0].text) == str(year.year))
        assert row[-3].order == year.actions[1][section.ALIGN]
        assert (row[-2].order, row[-1].order) == (year.hazard, year.judged)
    assert words_of(tables[0].rows[-1][0].text) == "2045"


def test_the_part_of_judged_rates_stands_under_every_picture(page):
    pictures = [block for block in page.blocks if isinstance(block, Picture)]
    assert len(pictures) == 2 * (len(NAMES) - 1)
    for picture in pictures:
        assert re.search(r"[Jj]udged rates", words_of(picture.caption)) and words_of(picture.source)
        assert picture.svg.startswith("<svg") and words_of(picture.description)


def test_other_paths_from_a_scenario_are_named_with_their_commands(page):
    (bullets,) = (block for block in page.blocks if isinstance(block, Bullets))
    study = load("baseline")
    paths = [read_path(name, study.model) for name in shipped_paths(SHIPPED)]
    others = [path.name for path in paths if path.scenario.name == "baseline"][1:]
    said = [words_of(item) for item in bullets.items]
    assert len(said) == len(others) and all(f"triangle path {n}" in item for n, item in zip(others, said, strict=True))


@pytest.mark.skipif(not LARGE, reason="no English is left in a whole German report, says report/test_languages.py")
def test_both_languages_have_the_same_blocks_and_other_words(page):
    german = section.years(material("de", NAMES[1]))
    kinds = [type(block) for block in german.blocks]
    assert kinds == [type(block) for block in page.blocks][: len(kinds)]
    assert "geschätzte" in words_of(next(b for b in german.blocks if isinstance(b, Picture)).caption)
