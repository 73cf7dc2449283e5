"""The answer in one place: each part is what the question it comes from finds, and every sentence is true of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from budgets import LARGE
from click.testing import CliRunner
from strategies import former, shipped

import triangle
from triangle.base.errors import BadInput
from triangle.base.records import from_document, to_document
from triangle.cli import main
from triangle.measures.asked import bonds, default_questions
from triangle.measures.standing import boxes, mask_of
from triangle.players.cast import SHIPPED
from triangle.questions.answer.answer import Answered, Answers, answer, answered
from triangle.questions.answer.plot import answer_plot
from triangle.questions.answer.section import how_sure, on_what, sentence, what_changes
from triangle.scenarios.scenario import override
from triangle.showing.drawings import triangle_text
from triangle.showing.phrases import LANGUAGES, read_phrases
from triangle.showing.runs import words_of
from triangle.study.solution import pure_solution
from triangle.study.study import Study

NAMES = ("patient_america", "conditional_relief_europe", "courting_2025")

#: What is answered whole: by default one in which Russia can still leave and one in which it has.
ASKED = NAMES if LARGE else NAMES[:2]

#: Who is held by default beside whom the scenarios hold: the nearest world in which Russia has not left is then near.
HELD = {} if LARGE else {"conditional_relief_europe": {"CN": "oppose_both"}}

#: Worlds that are drawn.
SAMPLES = 128 if LARGE else 32


@pytest.fixture(scope="module")
def studies() -> list[Study]:
    return [triangle.load(name, model=shipped(), hold=HELD.get(name)) for name in ASKED]


@pytest.fixture(scope="module")
def found(studies: list[Study]) -> Answers:
    return answer(studies, samples=SAMPLES)


def told(lines: list) -> str:
    return " ".join(map(words_of, lines))


def test_how_sure_counts_the_worlds_in_which_exactly_the_sentence_holds(studies: list[Study], found: Answers):
    run = boxes(studies, SAMPLES, 0, 0.5)
    for study, one in zip(studies, found.answers, strict=True):
        proof = run.tallies[study.scenario.name].agreement_proof
        assert proof is not None and one.sure is not None and one.sure.agreed
        own = mask_of(one.solution.answer.present)
        wanted = bonds(own, SHIPPED)
        worlds = [(mask, count) for mask, count in proof.sets.items() if bonds(mask, SHIPPED) == wanted]
        assert one.sure.stands.worlds == sum(count for _, count in worlds)
        assert one.sure.same.worlds == proof.sets.get(own, 0) <= one.sure.stands.worlds


def test_what_it_rests_on_is_asked_of_what_keeps_the_answer(studies: list[Study], found: Answers):
    for study, one in zip(studies, found.answers, strict=True):
        kept, _ = default_questions(study)
        assert one.rests is not None and (one.rests.asked, one.rests.outcome) == (kept.asked, kept.outcome)
        shares = [share for _, share in one.rests.backing]
        assert shares == sorted(shares, reverse=True) and min(shares) >= 0
        assert len(one.rests.strongest) == 3


def test_the_nearest_other_world_has_another_answer(studies: list[Study], found: Answers):
    for study, one in zip(studies, found.answers, strict=True):
        flip = one.change
        assert flip is not None and flip.found and flip.moves
        there = Study(study.model, override(study.scenario, flip.certificate.settings, study.model), study.hold)
        present = {finding.profile for finding in there.solve(0.5).agreement_proof}
        if flip.away:
            assert not present & {finding.profile for finding in one.solution.answer.present}
        else:
            assert flip.profile in present and bonds(1 << SHIPPED.index(flip.profile), SHIPPED) == {(False, True)}


def test_russia_that_has_left_already_is_not_asked_to_leave(found: Answers):
    away = dict(zip(found.scenarios, (one.change.away for one in found.answers if one.change), strict=True))
    expected = {"patient_america": False, "conditional_relief_europe": True, "courting_2025": False}
    assert away == {name: expected[name] for name in ASKED}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sentence_names_what_is_held_and_with_whom_russia_stands(language: str):
    say = read_phrases(language, SHIPPED)
    every = [triangle.load(name, model=shipped()) for name in NAMES]
    # What is said of the answer itself needs none of what it rests on.
    bare = [Answered(pure_solution(study, study.solve(0.5)), None, None, None) for study in every]
    lines = [told(sentence(study, one, say)) for study, one in zip(every, bare, strict=True)]
    expected = {
        "en": ("Given that the United States courts Russia: Russia stands with both, China and the United States.",
               "Russia stands with China, or Russia stands with the United States and not with China.",
               "Given that the United States courts Russia: Russia stands with China, in every posture that no two"),
        "de": ("Gesetzt, Washington wirbt um Russland: Russland hält zu beiden, zu China und zu den USA.",
               "Russland hält zu China, oder Russland hält zu den USA und nicht zu China.",
               "Gesetzt, Washington wirbt um Russland: Russland hält zu China, in jeder Haltung, die keine zwei"),
    }  # fmt: skip
    assert all(words in line for words, line in zip(expected[language], lines, strict=True)), lines


def test_the_words_for_how_sure_are_those_of_the_shares(found: Answers):
    say = read_phrases("en", SHIPPED)
    for one in found.answers:
        assert one.sure is not None
        first, second = how_sure(one, say)
        for line, carried in ((first, one.sure.stands), (second, one.sure.same)):
            assert say.word(f"likelihood.{carried.likelihood}") in words_of(line)
            assert say.percent(carried.share) in words_of(line)


def test_where_all_are_held_nothing_is_counted_and_nothing_changes_it():
    study = triangle.load("baseline", model=shipped(), hold={"US": "court_russia", "RU": "hedge", "CN": "align"})
    (one,) = answer([study], samples=16).answers
    assert (one.sure, one.rests, one.change) == (None, None, None)
    say = read_phrases("en", SHIPPED)
    for lines in (how_sure(one, say), on_what(one, say), what_changes(study, one, say)):
        assert told(lines) == "All are held here: nothing is chosen, and nothing could change it."


def test_where_no_posture_is_stable_that_is_the_answer_and_worlds_that_have_none_either_are_counted():
    settings = {"decisiveness": 1.875, "third_party_support": 0.2013, "order_value_ru": 1.045}
    study = triangle.load("baseline", settings, model=former())
    run = boxes([study], 64, 0, 0.5)
    tally = run.tallies["baseline"]
    if LARGE:
        (one,) = answer([study], samples=64).answers
    else:  # without the nearest world in which it is otherwise, of which nothing is asked here
        drawn = len(run.job.design.drawn)
        one = answered(study, study.solve(0.5), tally, drawn, 0, change=lambda *asked: None)
    assert one.solution.answer.findings == () and one.sure is not None
    assert one.sure.stands.worlds == one.sure.same.worlds == tally.sets.get(0, 0) > 0
    assert told(sentence(study, one, read_phrases("en", SHIPPED))).startswith("No posture is stable.")


def test_written_and_read_again_an_answer_is_the_same(found: Answers):
    document = json.loads(json.dumps(to_document(found)))
    assert to_document(from_document(Answers, document, "file", SHIPPED)) == to_document(found)


def test_an_answer_of_another_game_is_refused(tmp_path: Path):
    kept = tmp_path / "a.json"
    asked = ["answer", "patient_america", "--samples", "16"]
    assert CliRunner().invoke(main, [*asked, "--out", str(kept)]).exit_code == 0
    again = CliRunner().invoke(main, ["answer", "--from", str(kept), "--set", "relief=0.2"])
    assert again.exit_code == 2 and "relief" in again.stderr
    both = CliRunner().invoke(main, ["answer", "baseline", "europe_joins", "--from", str(kept)])
    assert both.exit_code == 2 and "holds 1 answers; expected those of the 2 scenarios" in both.stderr
    with pytest.raises(BadInput, match="name the scenarios"):
        triangle.answer()


def test_the_triangle_in_text_shows_each_pair_from_both_sides():
    drawn = {triangle_text(profile, SHIPPED) for profile in SHIPPED.profiles}
    assert len(drawn) == len(SHIPPED.profiles)
    assert triangle_text((0, 0, 0), SHIPPED).count("×") == 8
    assert triangle_text((3, 3, 3), SHIPPED).count("═") == 8


def test_all_bars_of_the_picture_are_of_one_length(found: Answers, studies: list[Study]):
    plot = answer_plot(studies, found)
    plot.draw_without_rendering()
    tracks = [
        bar.get_window_extent() for axes in plot.axes for bar in axes.patches if getattr(bar, "get_width", int)() == 1
    ]
    assert len(tracks) == len(studies) >= 2
    assert len({(round(track.x0, 6), round(track.x1, 6)) for track in tracks}) == 1
