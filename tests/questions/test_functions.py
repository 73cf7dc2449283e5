"""The questions as functions: the commands' words, of a name, a path or a study, with the same answers."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from budgets import LARGE
from click.testing import CliRunner

import triangle
from triangle.base.errors import BadInput, TriangleError
from triangle.base.records import to_document
from triangle.cli import COMMANDS, main
from triangle.model.forms import form_of
from triangle.questions.flip import answer as flips


def test_every_question_of_the_command_line_is_a_function_of_the_package():
    missing = set(COMMANDS) - set(triangle.__all__) - {"list", "show", "export", "import", "verify", "cite", "report"}
    assert not missing


def test_a_question_takes_a_name_a_path_and_a_study():
    study = triangle.load("baseline")
    free = {} if LARGE else {"names": ["rivalry_cost_us_cn", "relief"]}
    asked = [triangle.flip(subject, away=True, starts=1, **free) for subject in ("baseline", study)]
    assert asked[0] == asked[1] == flips.flip(study, away=True, starts=1, **free)
    assert [p.parameter for p in triangle.tipping("baseline", ["relief", "decisiveness"])]


def test_questions_of_several_scenarios():
    contrast = triangle.contrast("baseline", "siberia2", samples=64)
    shares = triangle.decompose("siberia2_relief", outcome="value:RU@mean")
    assert contrast and shares


def test_the_other_questions_answer():
    assert triangle.sensitivity("baseline", "margin:present", method="morris", samples=8 if LARGE else 2).names
    assert triangle.discover("baseline", "RU=hedge", samples=256)
    assert triangle.choose("baseline", levers={"relief": [0.0, 1.0]}, samples=8 if LARGE else 2)
    assert triangle.claims(only=["T01"], samples=64 if LARGE else 8)
    assert triangle.bid("baseline", samples=4 if LARGE else 2, steps=2)


@pytest.mark.parametrize(
    ("asked", "schema"),
    [
        ({}, "triangle.path/1"),
        ({"commit": "US"}, "triangle.path_commitment/1"),
        ({"wait": "RU"}, "triangle.path_waiting/1"),
        ({"forever": 2026}, "triangle.path_forever/1"),
    ],
)
def test_a_path_is_asked_what_the_command_asks(asked, schema):
    found = triangle.path("path_baseline", 2, 1, until=2027, levels=2, **asked)
    line = ["path", "path_baseline", "--samples", "2", "--seed", "1", "--until", "2027", "--levels", "2", "--json"]
    words = [word for name, value in asked.items() for word in (f"--{name}", str(value))]
    printed = json.loads(CliRunner().invoke(main, [*line, *words]).output)
    assert found.SCHEMA == schema == printed["schema"]
    assert {name: printed[name] for name in ("path", "samples", "seed", "rule")} == {
        "path": found.path, "samples": 2, "seed": 1, "rule": "margin",
    }  # fmt: skip
    assert json.loads(json.dumps(to_document(found))).items() <= printed.items()


def test_a_path_is_asked_one_thing_at_a_time():
    with pytest.raises(BadInput, match="--wait: goes against --commit"):
        triangle.path("path_baseline", 1, commit="US", wait="RU")


def test_a_decomposition_of_nothing_is_refused():
    with pytest.raises(BadInput, match="SCENARIO: missing"):
        triangle.decompose(outcome="payoff:US")


def test_the_games_of_a_sweep_are_asked_without_solving_them_again(monkeypatch: pytest.MonkeyPatch):
    if not LARGE:  # behind the ends of intervals
        monkeypatch.setattr("triangle.questions.sensitivity.given_data.RESAMPLES", 25)
    games = triangle.sweep("baseline", samples=1024, seed=1)
    asked = triangle.sensitivity(games, "holds:RU=hedge")
    assert asked.method == "pawn" and asked.samples == 1024
    found = triangle.discover(games, "RU=hedge")
    assert abs(found.base.density - games.triangle.share("RU=hedge")) < 0.02


@pytest.mark.parametrize("name", [["relief"], {"relief": 1}, 3, b"l2"], ids=str)
@pytest.mark.parametrize(
    "ask",
    [
        lambda name: form_of(name),
        lambda name: triangle.flip("baseline", away=True, names=["relief"], norm=name),
        lambda name: triangle.sensitivity("baseline", "number", method=name),
        lambda name: triangle.bid("baseline", rule=name),
    ],
    ids=["form", "norm", "method", "rule"],
)
def test_what_is_no_name_is_answered_like_an_unknown_one(ask: Callable[[object], object], name: object):
    with pytest.raises(TriangleError, match=r"unknown|expected"):
        ask(name)
