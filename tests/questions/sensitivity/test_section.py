"""The sections of a report that ask the analysis: what they print is what it found, and solves as they say."""

from __future__ import annotations

import re
import shlex

import pytest
from budgets import few
from strategies import shipped

from triangle.measures.asked import default_questions
from triangle.players.cast import SHIPPED
from triangle.questions.claims import section as page_claims
from triangle.questions.claims.ledger import VERDICTS
from triangle.questions.contrast.answer import contrast
from triangle.questions.contrast.section import contrasts
from triangle.questions.sensitivity import section as page_analysis
from triangle.questions.sensitivity.answer import sensitivity
from triangle.questions.tipping import section as page_tipping
from triangle.questions.tipping.answer import tipping_points
from triangle.scenarios.scenario import override, read_scenario
from triangle.showing import parts
from triangle.showing.blocks import Block, Details, Heading, Listing, Paragraph, Section, Table, words_of
from triangle.showing.inline import set_words
from triangle.showing.material import Material
from triangle.showing.phrases import read_phrases
from triangle.showing.statements import asked, turns
from triangle.study.study import Study, study

SAY = read_phrases("en", SHIPPED)


def played(name: str, *settings: str) -> Study:
    return study(shipped(), override(read_scenario(name, shipped()), settings, shipped()))


def material(*names: str, settings: tuple[str, ...] = (), samples: int = 128) -> Material:
    studies = tuple(played(name, *settings) for name in names)
    return Material(studies, SAY, samples, 0, words=names, settings=settings)


def tables(section: Section | list[Block]) -> list[Table]:
    blocks = section.blocks if isinstance(section, Section) else section
    inner = [b for block in blocks if isinstance(block, Details) for b in block.blocks]
    return [block for block in (*blocks, *inner) if isinstance(block, Table)]


@pytest.mark.usefixtures("not_laid_out")
def test_tipping_points_are_the_nearest_ones_and_flips_solve_as_they_say():
    m = material("europe_joins", settings=("evasion=0.4",))
    section = page_tipping.tipping(m)
    first, *flips = tables(section)
    inside = [point for point in tipping_points(m.studies[0]) if point.inside == "range"]
    nearest = sorted(inside, key=lambda point: point.distance)[: page_tipping.MOST_POINTS]
    assert [words_of(row[0].text) for row in first.rows] == [
        SAY.word(f"parameter.{point.parameter}") for point in nearest
    ]
    for row, point in zip(first.rows, nearest, strict=True):
        letters, words = m.marks.letters(point.other_set), words_of(set_words(point.other_set, SAY))
        assert row[2].order == point.value and words_of(row[6].text) == f"{letters}: {words}"
        assert row[5].text == turns(point.turns, SAY)
    commands = [line for block in section.blocks if isinstance(block, Listing) for line in block.lines]
    assert len(commands) == len(flips) >= 1
    said = [words_of(b.text) for b in section.blocks if isinstance(b, Paragraph) and "Solved again" in words_of(b.text)]
    for command, sentence, table in zip(commands, said, flips, strict=True):
        words = shlex.split(command)
        assert words[:3] == ["triangle", "solve", "europe_joins"]
        settings = words[4::2]
        moved = {SAY.word(f"parameter.{text.partition('=')[0]}") for text in settings}
        assert {words_of(row[0].text) for row in table.rows} <= moved
        found = played("europe_joins", *settings).solve().findings
        stable = SAY.chained([SAY.posture(finding.profile) for finding in found], "list.semicolon")
        assert sentence == words_of(SAY("flip.certificate", stable=stable))
        assert {f.profile for f in found} != {f.profile for f in m.answers[0].findings}


def test_a_contrast_is_that_of_the_first_scenario_on_the_same_draws():
    m = material("baseline", "rift_shock")
    (table,) = tables(contrasts(m))
    found = contrast(*m.studies, samples=128, seed=0)
    assert [row[4].order for row in table.rows] == [found.gain(player).mean for player in ("US", "RU", "CN")]
    assert all(row[5].order == found.moved[0] for row in table.rows)
    assert contrasts(material("baseline")) == []


@pytest.mark.usefixtures("not_laid_out")
def test_both_questions_are_answered_as_sobol_ranks_them_by_backing_and_by_bridge():
    m = material("baseline")
    section = page_analysis.sensitivity(m)
    every = tables(section)
    ranked, backings, bridges = (
        [t for t in every if words in words_of(t.caption)]
        for words in ("Sobol' indices", "what stands behind", "weakest bridge")
    )
    for table in every:
        # Numbers are sorted as numbers, and stand at the right of their column, as its head does.
        assert all(row[k].order is None or c.is_number for row in table.rows for k, c in enumerate(table.columns))
    questions = default_questions(m.studies[0])
    headings = [words_of(block.text) for block in section.blocks if isinstance(block, Heading)]
    assert headings == [words_of(asked(question.asked, SAY)) for question in questions]
    for place, question in few(list(enumerate(questions)), 2):
        found = sensitivity(m.studies[0], question.outcome, samples=64, seed=0)
        names = [found.names[i] for i in found.ranking[: page_analysis.MOST_PARAMETERS]]
        assert [words_of(row[0].text) for row in ranked[place].rows] == [SAY.word(f"parameter.{n}") for n in names]
        rows, total = backings[place].rows, found.backing.total
        assert {words_of(row[0].text) for row in rows} == set(found.by_backing)
        alone = [found.by_backing[words_of(row[0].text)] for row in rows]
        assert [row[1].order for row in rows] == alone == sorted(alone, reverse=True)
        assert [row[3].order for row in rows] == [max(0.0, total[words_of(row[0].text)].value) for row in rows]
        shares = [row[1].order for row in bridges[place].rows]
        assert shares == [max(0.0, share.value) for share in found.bridged.first.values()]


def test_a_part_that_refuses_is_absent_with_what_it_said():
    m = material("baseline", settings=("relief=0.5",))
    said = "nothing like this"

    def refuse() -> list[Block]:
        from triangle.base.errors import TriangleError

        raise TriangleError(said)

    (block,) = parts.unless_refused(m, "flip", refuse)
    assert isinstance(block, Paragraph) and block.role == "absent"
    assert words_of(block.text) == f"The nearest flip is absent here. It was refused with: {said}"


def test_every_claim_that_the_scenarios_name_is_tested_or_said_not_to_be():
    m = material("baseline", "rift_shock", samples=16)
    section = page_claims.claims(m)
    touched = {claim for one in m.studies for claim in one.scenario.claims}
    texts = [words_of(cell.text) for table in tables(section) for row in table.rows for cell in row[:2]]
    texts += [words_of(block.text) for block in section.blocks if isinstance(block, Paragraph)]
    verdicts = {words_of(row[3].text) for row in tables(section)[0].rows}
    words = [SAY.word(f"claim.{verdict}") for verdict in VERDICTS]
    marks = ("by_construction", "fails_at_default", "holds_at_default")
    assert verdicts <= {*words, *(SAY.word(f"claims.{mark}", verdict=word) for mark in marks for word in words)}
    missing = [claim for claim in touched if not any(re.search(rf"\b{claim}\b", text) for text in texts)]
    assert missing == []
