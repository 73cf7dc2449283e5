"""A flip of a year of a path: it does what it says by the certificate, needs every move, and says when nothing does."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from budgets import LARGE
from click.testing import CliRunner
from strategies import first_years

from triangle.base.errors import BadInput
from triangle.base.records import from_document, to_document
from triangle.cli import main
from triangle.measures.box import box_of
from triangle.measures.outcomes import parse_outcome
from triangle.measures.years import pattern_probability, solved_years
from triangle.players.cast import SHIPPED
from triangle.players.patterns import parse_pattern
from triangle.questions.flip import course
from triangle.questions.flip.course import course_flip
from triangle.questions.flip.record import CourseFlip, Move, check_course_flip
from triangle.scenarios.path import read_path
from triangle.scenarios.scenario import override
from triangle.study.load import load
from triangle.study.study import Study

HALF = 0.5
ALONE = "path:path_europe@2040:configuration=unit_veto"

FREE = ("reciprocity", "relief", *(("autonomy_cost", "conditionality") if LARGE else ()))


@pytest.fixture(scope="module")
def study():
    return load("conditional_relief_europe")


@pytest.fixture(scope="module")
def europe(tmp_path_factory) -> str:
    """The path by name, or the file of its first years."""
    return first_years(tmp_path_factory.mktemp("years"), "path_europe", 2028)


@pytest.fixture(scope="module")
def alone(europe) -> str:
    return ALONE if LARGE else f"path:{europe}@2027:configuration=unit_veto"


@pytest.fixture(scope="module")
def found(study, alone):
    return course.course_flip(study, alone, names=list(FREE), starts=1)  # by its module: the command asks the same


def probability(study, target, settings):
    changed = Study(study.model, override(study.scenario, settings, study.model), study.hold)
    return float(parse_outcome(target, study).of(changed, changed.values))


def test_the_moves_turn_the_year_and_the_probability_is_that_of_the_settings(study, alone, found):
    assert found.found and found.before <= HALF < found.after
    assert probability(study, alone, ()) == found.before
    assert probability(study, alone, found.settings) == found.after
    assert found.distance == pytest.approx(np.linalg.norm([move.in_ranges for move in found.moves]))
    assert [setting.split("=")[0] for setting in sorted(found.settings)] == sorted(m.parameter for m in found.moves)


def test_no_move_can_be_left_out_or_halved(study, alone, found):
    for move in found.moves:
        for kept in (move.start, (move.start + move.value) / 2):
            others = [s for s in found.settings if s.split("=")[0] != move.parameter]
            again = probability(study, alone, others + [f"{move.parameter}={kept!r}"] * (kept != move.start))
            length = np.linalg.norm([m.in_ranges for m in found.moves if m is not move])
            assert again <= HALF or length > 0.999 * found.distance


def test_what_is_so_already_needs_no_move(study, alone):
    nothing = course_flip(study, alone, away=True, names=FREE, starts=1)
    assert nothing.found and nothing.moves == () and nothing.distance == 0 and nothing.before == nothing.after <= HALF


def test_where_nothing_turns_it_the_nearest_attempt_is_told(study, alone):
    missed = course_flip(study, alone, names=["frozen_assets"], starts=1)
    assert not missed.found and missed.distance is None and missed.after <= HALF


def test_it_is_read_back_as_it_was_written(found):
    assert from_document(CourseFlip, to_document(found), "file", SHIPPED) == found


def test_an_action_is_made_to_gain_in_a_year(study, europe):
    """What is asked is then above zero; the command line says so, and the answer is read back."""
    target = f"path:{europe}@2025:advantage:RU=distance"
    turned = course_flip(study, target, names=FREE if LARGE else FREE[:1], starts=1, away=True)
    outcome = parse_outcome(target, study)
    changed = Study(study.model, override(study.scenario, turned.settings, study.model), study.hold)
    assert turned.unit == "bn USD" and turned.before == float(outcome.of(study, study.values))
    assert turned.after == float(outcome.of(changed, changed.values))
    assert turned.found == (turned.after <= 0) and (turned.moves == ()) == (turned.before <= 0)
    assert from_document(CourseFlip, to_document(turned), "file", SHIPPED) == turned


def test_rates_of_the_path_may_move_and_the_course_is_computed_anew_with_them():
    """Before 2014: whether the war has ended by 2017 is likelier than not hangs on the rate at which it ends."""
    study = load("before_2014")
    target = "path:path_2014@2034:link=RU-CN"
    rates = ["war.ends", "war.relapse", "lock_in.together", "lock_in.apart"]
    own = parse_outcome(target, study).numbers
    assert set(rates) <= set(box_of(study, own=own).names) and set(rates) == {number.name for number in own}
    assert not set(rates) & set(box_of(study, roles="levers", own=own).names)
    alone = course_flip(study, target, away=True, names=rates, starts=1)
    assert alone.free == tuple(rates)
    path = read_path("path_2014", study.model)
    for setting in alone.settings:
        name, _, text = setting.partition("=")
        path = path.number(name, float(text))
    [one] = solved_years(study, path, study.values)
    mask = parse_pattern("link=RU-CN", SHIPPED)
    assert alone.after == pytest.approx(float(pattern_probability(one.course.profiles[20], mask)[0]))


def test_a_kept_flip_by_another_rate_than_the_path_has_is_refused():
    study = load("before_2014")
    target = "path:path_2014@2034:link=RU-CN"
    move = Move("war.ends", "per year", "uncertainty", 0.05, 0.1, 0.02, 0.10, 0.625)
    number = next(n for n in read_path("path_2014", study.model).uncertain if n.name == "war.ends")
    kept = course_flip(study, target, names=["war.ends"], starts=1)
    sound = replace(kept, moves=(replace(move, unit=number.unit),))
    check_course_flip(sound, study, "file")
    with pytest.raises(BadInput, match=r"war.ends is 0.05"):
        check_course_flip(replace(kept, moves=(replace(move, unit=number.unit, start=0.06),)), study, "file")


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"target": "path:path_2014@from:link=RU-CN"}, "expected the probability of a pattern"),
        ({"target": "path:path_2014@2017:state=war"}, "expected the probability of a pattern"),
        ({"target": "path:path_2014@1999:link=RU-CN"}, "goes from 2014 to 2034"),
        ({"target": ALONE, "norm": "l3"}, "unknown norm"),
        ({"target": ALONE, "names": ["reliev"]}, "relief"),
    ],
)
def test_a_mistake_is_answered(study, asked, says):
    with pytest.raises(BadInput, match=says):
        course_flip(study, **asked)


def test_the_command_finds_prints_keeps_and_shows_it_again(tmp_path, alone):
    def run(*words):
        return CliRunner().invoke(main, ["flip", *words])

    over = [word for name in FREE for word in ("--over", name)]
    out = str(tmp_path / "flip.json")
    asked = ("conditional_relief_europe", "--to", alone, "--starts", "1", *over)
    first = run(*asked, "--out", out)
    assert first.exit_code == 0 and "is likelier than not after a joint move" in first.output
    kept = json.loads((tmp_path / "flip.json").read_text(encoding="utf-8"))
    assert kept["schema"] == CourseFlip.SCHEMA
    assert json.loads(run("--from", out, "--json").output) == kept
    for more, says in ((("--trust", "0.5"), "--trust"), (("--plot", str(tmp_path / "a.png")), "has no picture")):
        refused = run(*asked, *more)
        assert refused.exit_code == 2 and says in refused.output
