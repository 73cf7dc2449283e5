"""What a command wrote with ``--out`` it shows again with ``--from``, and refuses of another game or a damaged file."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from budgets import LARGE, few
from click.testing import CliRunner, Result

from triangle.base.files import read_record
from triangle.base.records import from_document, to_document
from triangle.cli import main
from triangle.questions.check.answer import Report, check
from triangle.questions.solve.game_file.record import GameSolution
from triangle.questions.sweep.answer import Sweep
from triangle.scenarios.scenario import SHIPPED as SCENARIOS

#: A command line each, and what of it is given again beside ``--from``.
ASKED = {
    "pure": ("solve europe_joins", ""),
    "held": (
        "solve baseline --hold US=court_russia,CN=align --set relief=1",
        "--hold US=court_russia,CN=align --set relief=1",
    ),
    "none": ("solve rift_shock --form second --trust 1", "--form second"),
    "mixed": ("solve rift_shock --method mixed", ""),
    "logit": ("solve baseline --method logit --lambda 0.05", ""),
    "correlated": ("solve rift_shock --method correlated", ""),
    "order": ("solve rift_shock --order US,RU+CN", ""),
    "selection": ("solve rift_shock --method selection", ""),
    "repeated": ("solve baseline --method repeated", ""),
    "coalitions": ("solve courting_2025 --method coalitions", ""),
    "rationalizable": ("solve rift_shock --method rationalizable", ""),
    "compare": ("compare baseline europe_joins nixon_1972", ""),
    "trace": ("trace europe_joins --player US", ""),
}


def run(line: str) -> Result:
    result = CliRunner().invoke(main, line.split())
    assert isinstance(result.exception, SystemExit | None), repr(result.exception)
    return result


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Result, Path]]:
    """What a command line answers, and the file where it is kept; asked once for all who look at it."""

    @cache
    def once(name: str) -> tuple[Result, Path]:
        file = tmp_path_factory.mktemp(name) / "kept.json"
        return run(f"{ASKED[name][0]} --out {file}"), file

    return once


@pytest.mark.parametrize("name", ASKED)
def test_a_kept_answer_is_shown_again_as_it_was(name: str, answered):
    line, given = ASKED[name]
    first, kept = answered(name)
    again = run(f"{line.split()[0]} --from {kept} {given}")
    assert (first.exit_code, again.exit_code) == (0, 0), again.stderr
    assert again.stdout == first.stdout
    printed = run(f"{line.split()[0]} --from {kept} {given} --json").stdout
    assert json.loads(printed) == json.loads(kept.read_text(encoding="utf-8"))
    if name in ("pure", "compare") or LARGE:  # what is printed and what is kept is one document
        assert printed == run(f"{line} --json").stdout


@pytest.mark.parametrize("name", ["pure", "mixed", "compare", "trace"])
def test_a_kept_answer_of_another_world_is_refused(name: str, answered):
    line, (_, kept) = ASKED[name][0], answered(name)
    refused = run(f"{line.split()[0]} --from {kept} --set trade_ru_cn=200")
    assert refused.exit_code == 2 and "give the same --set" in refused.stderr


@pytest.mark.parametrize("name", ["pure", "order", "compare", "trace"])
def test_all_that_is_wrong_with_a_kept_answer_is_said_at_once(name: str, answered, tmp_path: Path):
    line, kept = ASKED[name][0], tmp_path / "kept.json"
    document = json.loads(answered(name)[1].read_text(encoding="utf-8"))
    several = ("verdict", "advice") if name in ("pure", "order") else tuple(list(document)[-2:])
    for key in several:
        document[key] = 3
    kept.write_text(json.dumps(document), encoding="utf-8")
    refused = run(f"{line.split()[0]} --from {kept}")
    assert refused.exit_code == 2 and all(f"{key}: found 3" in refused.stderr for key in several)


def test_an_option_that_would_compute_is_refused_beside_from(answered):
    refused = run(f"solve --from {answered('selection')[1]} --method mixed")
    assert refused.exit_code == 2 and "--method" in refused.stderr


def test_a_sweeps_answer_is_read_again(tmp_path: Path):
    for line in ("sweep baseline rift_shock --samples 16 --trust 0.5", "sweep rift_shock --samples 8 --method mixed"):
        kept = json.loads(run(f"{line} --json").stdout)
        assert to_document(from_document(Sweep, kept, "file")) == kept


def test_the_answer_of_a_game_file_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    if not LARGE:  # what is read again is what was found, however far starts were followed
        monkeypatch.setattr("triangle.solvers.dynamics.REPLICATOR_STEPS", 50)
        monkeypatch.setattr("triangle.solvers.dynamics.BEST_RESPONSE_STEPS", 50)
    assert run(f"export baseline --out {tmp_path / 'game.nfg'}").exit_code == 0
    for method in ("mixed", "correlated", "selection", "repeated", "coalitions"):
        kept = json.loads(run(f"solve {tmp_path / 'game.nfg'} --method {method} --json").stdout)
        assert to_document(from_document(GameSolution, kept, "file")) == kept


def test_an_answer_in_any_unit_of_payoff_is_read_again(tmp_path: Path):
    # λ is in one over the unit, and large where that is small.
    (tmp_path / "small.nfg").write_text('NFG 1 R "" { "A" "B" } { 2 2 } 3e-40 3e-40 0 2e-40 2e-40 0 1e-40 1e-40')
    kept = json.loads(run(f"solve {tmp_path / 'small.nfg'} --method logit --json").stdout)
    assert kept["settings"]["lam"] > 1e40
    assert to_document(from_document(GameSolution, kept, "file")) == kept


def test_a_report_of_faults_is_read_again(tmp_path: Path):
    (tmp_path / "bad.toml").write_text("title = 3\n", encoding="utf-8")
    report = check([tmp_path / "bad.toml"])
    (tmp_path / "report.json").write_text(json.dumps(to_document(report)), encoding="utf-8")
    assert report.faults and read_record(Report, tmp_path / "report.json") == report


def test_a_kept_answer_about_a_file_of_ones_own_is_shown_where_the_file_lies_and_else_asks_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "mine.toml").write_text((SCENARIOS / "siberia2.toml").read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for words in few((["solve"], ["trace"], ["compare"], ["tipping", "--over", "relief"]), 2):
        kept = str(tmp_path / f"{words[0]}.json")
        asked = CliRunner().invoke(main, [words[0], "mine.toml", *words[1:], "--out", kept])
        assert asked.exit_code == 0, asked.output
        assert CliRunner().invoke(main, [words[0], "--from", kept]).exit_code == 0
        (tmp_path / "elsewhere").mkdir(exist_ok=True)
        with monkeypatch.context() as away:
            away.chdir(tmp_path / "elsewhere")
            lost = CliRunner().invoke(main, [words[0], "--from", kept])
            assert lost.exit_code == 2 and "name its file before --from" in lost.output
            assert CliRunner().invoke(main, [words[0], "../mine.toml", "--from", kept]).exit_code == 0
