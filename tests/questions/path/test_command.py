"""``triangle path`` as it is typed."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from triangle.cli import main
from triangle.model.model import read_model
from triangle.questions.path.answer import path_course
from triangle.questions.path.table import course_notes
from triangle.scenarios.path import read_path

SMALL = ["path", "path_baseline", "--until", "2027", "--levels", "2", "--samples", "3"]


def run(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(main, list(words))
    assert result.exit_code == code, result.output
    return result.output


def test_a_course_is_printed_as_table_and_as_json_and_shown_again(tmp_path):
    out = tmp_path / "course.json"
    assert "Certificate" in run(*SMALL, "--out", str(out))
    printed = json.loads(run(*SMALL, "--json"))
    assert printed == json.loads(out.read_text(encoding="utf-8"))
    assert printed["schema"] == "triangle.path/1" and len(printed["years"]) == 3
    assert json.loads(run("path", "--from", str(out), "--json")) == printed


@pytest.mark.usefixtures("not_laid_out")
def test_a_course_is_drawn(tmp_path):
    picture = tmp_path / "course.svg"
    run(*SMALL, "--plot", str(picture))
    assert "2025 to 2027" in picture.read_text(encoding="utf-8") or picture.stat().st_size > 10_000


def test_rates_and_parameters_are_set_and_states_started_elsewhere():
    changed = json.loads(
        run(*SMALL, "--json", "--set", "administration.election=0", "--set", "relief=1", "--start", "war=peace")
    )
    assert changed["years"][0]["levels"][2] == 0.0


@pytest.mark.parametrize(("asked", "says"), [("--commit", "promises"), ("--wait", "flexibility")])
def test_commitment_and_waiting_are_printed_and_read_back(asked, says, tmp_path):
    out, player = tmp_path / "answer.json", "US" if asked == "--commit" else "RU"
    assert says in run(*SMALL, asked, player, "--out", str(out))
    assert says in run("path", "--from", str(out))


def test_who_waits_is_named_as_a_sentence_needs_it():
    told = [run(*SMALL, "--wait", "US", "--language", language) for language in ("en", "de")]
    assert "an offer moves the United States" in told[0] and "What flexibility is worth to the United States" in told[0]
    assert "ein Angebot bewegt Washington" in told[1] and "bewegt USA" not in told[1]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["path"], "missing; expected a path, as path_baseline, or --from"),
        (["path", "path_basline"], "path_baseline"),
        (["path", "baseline"], "scenario of one year"),
        ([*SMALL, "--set", "evasion=0.3"], "set by the state of this path"),
        ([*SMALL, "--set", "administration.election=often"], "expected a number"),
        ([*SMALL, "--set", "administration.election=1_0"], "expected a number"),
        ([*SMALL, "--set", "administration.election=2"], "found 2; expected a probability, or what is taken off one"),
        ([*SMALL, "--set", "gdp_cn.year=2000"], "found 2000; expected a year after the first one, 2025"),
        (
            ["path", "path_patient", "--set", "patience.CN=1"],
            "expected a discount factor of at least 0 and less than 1",
        ),
        ([*SMALL, "--start", "war=truce"], "unknown level"),
        ([*SMALL, "--start", "wra=peace"], "did you mean"),
        ([*SMALL, "--start", "lock_in=7"], "expected 0.2 to 0.6"),
        ([*SMALL, "--commit", "US", "--wait", "RU"], "one after the other"),
        ([*SMALL, "--wait", "EU"], "unknown player"),
        ([*SMALL, "--hold", "US=court_russia@1999"], "from 2025 to 2027"),
        (["path", "path_baseline", "--until", "1999"], "expected a year"),
    ],
)
def test_mistakes_are_answered_with_what_is_valid(words, says):
    assert says in run(*words, code=2)


def test_the_rule_by_which_mixed_play_is_taken_is_named_where_there_is_any():
    model = read_model()
    found = path_course(read_path("path_baseline", model).until(2026).finer(2), model, samples=1)
    mixing = replace(found, certificate=replace(found.certificate, none=0.001))
    says = "Where a stage game has no pure equilibrium, the first mixed one found is played"
    assert found.mixed == "first" and found.certificate.none == 0.0
    assert says in " ".join(course_notes(mixing)) and says not in " ".join(course_notes(found))


@pytest.mark.parametrize("asked", [["--commit", "US"], ["--wait", "RU"], ["--forever", "2026"], []])
def test_every_answer_says_of_which_worlds_it_is_and_who_is_held(asked):
    words = [
        "path",
        "path_europe",
        "--levels",
        "2",
        "--samples",
        "2",
        "--until",
        "2027",
        "--hold",
        "CN=align@2025-2026",
    ]
    output = " ".join(CliRunner().invoke(main, [*words, *asked]).output.split())
    assert "2 worlds, seed 0, selection by largest margin, second form of the payoffs" in output
    assert "Held: CN align (2025–2026). Held players do not deviate." in output


def test_who_the_scenario_of_a_path_holds_is_said(tmp_path):
    file = tmp_path / "held.toml"
    base = read_path("path_europe", read_model()).scenario.name
    (tmp_path / "base.toml").write_text(f'''
title = "Held"
question = "?"
author = "A"
date = 2026-01-01
base = "{base}"
narrative = "China is held."
[play]
hold = {{ CN = "align" }}
''')
    file.write_text(f'''
title = "Held"
question = "?"
author = "A"
date = 2026-01-01
base = "{tmp_path / "base.toml"}"
follows = "path_europe"
narrative = "China is held."
''')
    found = CliRunner().invoke(main, ["path", str(file), "--levels", "2", "--samples", "1", "--until", "2026"])
    assert found.exit_code == 0, found.output
    assert "Held: CN align. Held players do not deviate." in " ".join(found.output.split())
