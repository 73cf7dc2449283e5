"""`triangle claims`: the command, its tables and its picture, and claims among what `triangle check` checks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from triangle.base.records import to_document
from triangle.cli import main
from triangle.model.model import read_model
from triangle.questions.claims.ledger import Ledger
from triangle.questions.claims.markdown import disagreements_first, hundred
from triangle.questions.claims.plot import claims_plot

ROOT = Path(__file__).parents[3]
NONSENSE = ROOT / "tests" / "data" / "nonsense.toml"


def run(*args: str) -> tuple[int, str, str]:
    result = CliRunner(env={"COLUMNS": "200"}).invoke(main, args)
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    return result.exit_code, result.stdout, result.stderr


def test_planted_nonsense_comes_out_contradicted():
    code, out, err = run("claims", "--claims-file", str(NONSENSE), "--samples", "500", "--json")
    assert (code, err) == (0, "")
    entries = json.loads(out)["entries"]
    assert len(entries) == 5 and {entry["verdict"] for entry in entries} == {"contradicted"}


def test_all_entries_stand_in_tables_with_disagreements_on_top(kept: tuple[str, Path]):
    out, _ = kept
    for word in ("T15", "C170", "X24", "Alexander Gabuev", "2,000 draws", "seed 0", "contradicted", "Wilson"):
        assert word in out
    shown = [line.split("│")[1].strip() for line in out.splitlines() if line.startswith("│")]
    assert shown.index("T05") < shown.index("T01")


def test_one_entry_is_shown_in_full():
    code, out, _ = run("claims", "T09", "X03", "--samples", "30")
    assert code == 0
    for word in ("gabuev, line 9", "The documents expect", "Computed", "holds from 95 %", "firmer_bond", "trade_war"):
        assert word in out
    assert "First side" in out and "When does China react" in out


def test_a_ledger_is_kept_and_shown_again_without_computing(kept: tuple[str, Path], monkeypatch: pytest.MonkeyPatch):
    first, file = kept
    monkeypatch.setattr("triangle.questions.claims.answer.claims", lambda *a, **k: pytest.fail("computed"))
    assert run("claims", "--from", str(file))[:2] == (0, first)
    code, one, _ = run("claims", "T03", "--from", str(file), "--json")
    assert code == 0 and [entry["id"] for entry in json.loads(one)["entries"]] == ["T03"]


def test_an_entry_that_a_file_does_not_keep_is_refused(ledger: Ledger, tmp_path: Path):
    """It was answered with "No entry is of this kind" and code 0."""
    (tmp_path / "some.json").write_text(json.dumps(to_document(ledger.chosen(["T03"]))))
    assert run("claims", "T03", "--from", str(tmp_path / "some.json"), "--json")[0] == 0
    code, out, told = run("claims", "T02", "--from", str(tmp_path / "some.json"))
    assert (code, out) == (2, "") and "ID: unknown tested entry or claim 'T02'" in told


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["claims", "T99"], "unknown entry or claim 'T99'"),
        (["claims", "--document", "osthod"], "did you mean 'osthold'"),
        (["claims", "--claims-file", "nowhere.toml"], "no such file"),
        (["claims", "--from", "nowhere.json"], "no such file"),
        (["claims", "--from", "nowhere.json", "--seed", "3"], "--seed"),
        (["claims", "--json", "--markdown"], "--markdown"),
        (["claims", "--verdict", "maybe"], "maybe"),
        (["claims", "T01", "--samples", "20", "--plot", "claims.gif"], ".png"),
    ],
)
def test_a_mistake_is_answered_with_what_is_valid(args: list[str], words: str):
    code, out, err = run(*args)
    assert code == 2 and words in err and not out


def test_check_covers_claims_files(tmp_path: Path):
    bad = tmp_path / "bad.toml"
    text = NONSENSE.read_text(encoding="utf-8").replace("[gift_hurts]", '[gift_hurts]\nclaims = ["C500"]')
    bad.write_text(text.replace('"monotone"', '"magic"'), encoding="utf-8")
    code, out, _ = run("check", str(bad), "--json")
    assert code == 1
    assert {fault["key"] for fault in json.loads(out)["faults"]} == {"gift_hurts.claims", "gift_hurts.test.kind"}
    code, out, _ = run("check", str(NONSENSE), "--json")
    assert code == 0 and json.loads(out)["counts"]["claims"] == 5


def test_check_reads_a_list_of_claims_too(tmp_path: Path):
    index = tmp_path / "index.toml"
    index.write_text('C01 = { document = "osthold", lines = "one", type = "K" }\n', encoding="utf-8")
    code, out, _ = run("check", str(index), "--json")
    assert code == 1 and "expected numbers" in json.loads(out)["faults"][0]["message"]


OF_ANOTHER_TRIAD = """
[opening_is_taken]
paraphrase = "China takes what America opens."
computes = "Accommodating America is China's best reply to its opening, Moscow opposing both."
holds = 0.9
contradicted = 0.1
[opening_is_taken.test]
kind = "reply"
player = "CN"
actions = ["distance", "hedge"]
given = "US=court_china,SU=oppose_both"
"""


def test_claims_about_another_triad_come_from_a_file_of_their_own(tmp_path: Path):
    triad = ROOT / "docs" / "examples" / "triad_1972" / "triad.toml"
    own = tmp_path / "own.toml"
    own.write_text(OF_ANOTHER_TRIAD, encoding="utf-8")

    def ask(*args: str) -> Result:
        return CliRunner().invoke(main, ["--triad", str(triad), "claims", *args])

    refused = ask()
    assert refused.exit_code == 2 and "--claims-file" in refused.stderr and "Soviet Union" in refused.stderr
    answered = ask("--claims-file", str(own), "--samples", "50", "--json")
    assert answered.exit_code == 0, answered.stderr
    (entry,) = json.loads(answered.stdout)["entries"]
    assert (entry["id"], entry["claims"], entry["draws"]) == ("opening_is_taken", [], 50)


def test_the_picture_counts_every_entry_by_document(ledger: Ledger):
    (axes,) = claims_plot(ledger, read_model()).axes
    drawn = sum(int(text.get_text()) for text in axes.texts)
    assert drawn == sum(sum(counts.values()) for counts in ledger.by_document().values())
    names = [" ".join(label.get_text().split()) for label in axes.get_yticklabels()]
    assert names == [read_model().ledger.sources[key].by for key in ledger.by_document()]


def test_disagreements_come_first(ledger: Ledger):
    entries = disagreements_first(ledger.entries)
    apart = [entry.counts_as == "by-construction" for entry in entries]
    assert apart == sorted(apart), "what is so by construction comes last"
    words = ("contradicted", "mostly-not", "in-part", "mostly", "silent", "holds")
    ordered = [(words.index(e.verdict), e.answer.share if e.answer else 0.0) for e in entries[: apart.index(True)]]
    assert ordered == sorted(ordered)
    assert hundred(0.9999) == ">99.9 %"


def test_a_picture_of_no_entry_is_refused_not_drawn(tmp_path: Path):
    result = CliRunner().invoke(
        main, ["claims", "C84", "--verdict", "silent", "--samples", "8", "--plot", f"{tmp_path}/p.png"]
    )
    assert result.exit_code == 2 and "there is nothing to draw" in result.stderr and not list(tmp_path.iterdir())
