"""``signal``, ``solve --types`` and ``solve FILE.efg`` as they are typed: files, pictures, and what is refused."""

import json
from pathlib import Path

import pytest
from budgets import LARGE
from click.testing import CliRunner

from triangle.cli import main
from triangle.games.efg import parse_efg


@pytest.fixture
def few_priors(monkeypatch: pytest.MonkeyPatch) -> None:
    """By default Bayesian equilibria are swept over three priors."""
    if not LARGE:
        monkeypatch.setattr("triangle.questions.solve.types.answer.STEPS", 3)


SMALL = ("--samples", "8", "--over", "prior=0:1:3", "--over", "watch=1:8:3")


def run(*words: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, list(words))
    assert isinstance(result.exception, SystemExit | None), repr(result.exception)
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.usefixtures("not_laid_out")
def test_a_result_is_shown_again_as_it_was_and_drawn_from_its_file(tmp_path: Path):
    kept = tmp_path / "s.json"
    code, first, _ = run("signal", "tactical_or_genuine", *SMALL, "--out", str(kept))
    assert code == 0
    assert run("signal", "--from", str(kept), "--plot", str(tmp_path / "p"))[1] == first
    assert {path.name for path in (tmp_path / "p").iterdir()} == {"map_prior_watch.png", "tree.png"}
    assert json.loads(kept.read_text())["schema"] == "triangle.signal/1"


@pytest.mark.usefixtures("few_priors")
def test_how_often_types_differ_is_said_first():
    _, text, _ = run("signal", "tactical_or_genuine", *SMALL)
    assert "different things later" in text.splitlines()[0]
    _, text, _ = run("solve", "tactical_or_genuine", "--types", "RU=tactical:0.7,genuine:0.3")
    assert "do different things in" in text.splitlines()[0]


def test_the_tree_of_an_offer_goes_out_and_comes_in(tmp_path: Path):
    path = tmp_path / "offer.efg"
    assert run("export", "tactical_or_genuine", "--out", str(path))[0] == 0
    assert len(parse_efg(path.read_text()).tree.sets) == 4
    code, text, _ = run("solve", str(path), "--json")
    document = json.loads(text)
    assert code == 0 and document["verdict"] == "complete" and document["players"] == ["RU", "US"]
    assert run("solve", str(path))[0] == 0


@pytest.mark.usefixtures("not_laid_out", "few_priors")
def test_bayesian_equilibria_are_kept_and_shown_again(tmp_path: Path):
    kept = tmp_path / "t.json"
    asked = ("solve", "tactical_or_genuine", "--types", "RU=tactical:0.7,genuine:0.3")
    code, first, _ = run(*asked, "--out", str(kept), "--plot", str(tmp_path / "t.png"))
    assert code == 0 and (tmp_path / "t.png").exists()
    assert run("solve", "--from", str(kept))[1] == first


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("signal", "tactical_or_genuine", "--over", "prior=0:1"), "expected NAME=LOW:HIGH:COUNT"),
        (("signal", "tactical_or_genuine", "--over", "prior=1:0:3"), "expected NAME=LOW:HIGH:COUNT"),
        (("signal", "tactical_or_genuine", "--over", "prior=0:1:5"), "two different axes"),
        (("signal", "tactical_or_genuine", "--menu", "relief"), "expected NAME=NUMBER"),
        (("signal", "tactical_or_genuine", "--america", "constant=1"), "expected NAME:NUMBER"),
        (("signal", "tactical_or_genuine", "--types", "tactical"), "two different types"),
        (("signal",), "missing"),
        (("signal", "baseline"), "tactical_or_genuine has"),
        (("solve", "tactical_or_genuine", "--types", "RU=tactical:1", "--method", "repeated"), "goes with --method"),
        (("solve", "tactical_or_genuine", "--types", "RU=tactical:1", "--order", "US,RU,CN"), "--types"),
    ],
)
def test_what_is_not_sound_is_answered_with_what_was_expected(words: tuple[str, ...], message: str):
    code, _, told = run(*words)
    assert code == 2 and message in told and "Traceback" not in told


def test_a_tree_is_asked_for_nothing_else(tmp_path: Path):
    path = tmp_path / "t.efg"
    path.write_text('EFG 2 R "t" { "A" } t "" 1 "" { 1 }')
    assert run("solve", str(path))[0] == 0
    code, _, told = run("solve", str(path), "--method", "mixed")
    assert code == 2 and "game tree" in told
