"""The commands choose, bid, decompose and contrast: JSON, files and back, pictures, bad input."""

import json
from pathlib import Path

import pytest
from budgets import LARGE
from click.testing import CliRunner, Result

from triangle.cli import main

#: Each command as short as it can be, with the keys that its document must have.
RUNS = {
    "choose": (
        ["baseline", "--lever", "relief=0,1", "--samples", "32"],
        {"options", "tables", "information", "ordinal"},
    ),
    "bid": (["baseline", "--samples", "4", "--steps", "2"], {"bids", "offers", "lines", "draws", "limits"}),
    "decompose": (
        ["baseline", "siberia2", "europe_joins", "--outcome", "value:CN"],
        {"shares", "conflicts", "residual"},
    ),
    "contrast": (["baseline", "siberia2+europe_joins", "--samples", "32"], {"gains", "standings", "moved"}),
}
SCHEMAS = {"choose": "choice/1", "bid": "bidding/1", "decompose": "shares/1", "contrast": "contrast/2"}


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments), env={"COLUMNS": "160"})


@pytest.mark.usefixtures("not_laid_out")
@pytest.mark.parametrize("command", RUNS)
def test_a_result_is_one_document_that_reads_back_as_the_same_tables(command: str, tmp_path: Path):
    arguments, keys = RUNS[command]
    file, picture = tmp_path / "result.json", tmp_path / "result.png"
    shown = run(command, *arguments, "--out", str(file), "--plot", str(picture))
    assert shown.exit_code == 0, shown.output
    assert picture.stat().st_size > 10_000
    if LARGE:  # by default what is printed is that of the file, below
        printed = run(command, *arguments, "--json")
        assert json.loads(printed.stdout) == json.loads(file.read_text(encoding="utf-8"))
    document = json.loads(file.read_text(encoding="utf-8"))
    assert document["schema"] == f"triangle.{SCHEMAS[command]}" and keys <= document.keys()
    again = run(command, "--from", str(file))
    assert again.exit_code == 0 and again.stdout == shown.stdout
    assert json.loads(run(command, "--from", str(file), "--json").stdout) == document


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["choose"], "missing; expected a scenario, or --from"),
        (["choose", "baselin"], "baseline"),
        (["choose", "baseline", "--lever", "relif=0,1"], "relief"),
        (["choose", "baseline", "--lever", "relief=0,x"], "NAME=V1"),
        (["choose", "baseline", "--player", "EU"], "US"),
        (["choose", "baseline", "--rule", "wurst"], "worst"),
        (["choose", "baseline", "--threshold", "nan"], "finite"),
        (["choose", "baseline", "--threshold", "inf", "--json"], "finite"),
        (["choose", "--from", "no.json"], "no such file"),
        (["choose", "--from", "no.json", "--samples", "8"], "goes against --from"),
        (["contrast", "--from", "no.json", "--hold", "RU=align"], "goes against --from"),
        (["contrast", "baseline", "+europe_joins"], "both sides"),
        (["bid", "baseline", "--rule", "best"], "rule of selection"),
        (["bid", "baseline", "--hold", "RU=align"], "bid for"),
        (["decompose", "baseline", "--outcome", "value:RU"], "changes nothing"),
        (["decompose", "siberia2", "--outcome", "valeu:RU"], "value"),
        (["decompose", "nixon_1972"], "at most 12"),
        (["contrast", "baseline"], "expected 2 scenarios"),
        (["contrast", "baseline", "siberia2", "trade_war"], "two scenarios"),
        (["contrast", "baseline", "siberia2+europ_joins"], "europe_joins"),
    ],
)
def test_bad_input_is_answered_with_what_is_valid(arguments: list[str], said: str):
    found = run(*arguments)
    assert found.exit_code == 2, found.output
    assert said in found.stderr and "Traceback" not in found.output


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda document: document | {"schema": "triangle.bidding/1"}, "schema"),
        (lambda document: document | {"levers": "relief"}, "expected a list"),
        (lambda document: document | {"reference": 99}, "do not fit together"),
        (lambda document: document | {"scenario": "\x1b[2Jx"}, "shown"),
        (lambda document: {k: v for k, v in document.items() if k != "game"}, "missing"),
    ],
)
def test_a_file_that_is_no_such_result_is_refused(change, said: str, tmp_path: Path):
    arguments, _ = RUNS["choose"]
    document = json.loads(run("choose", *arguments, "--json").stdout)
    file = tmp_path / "broken.json"
    file.write_text(json.dumps(change(document)), encoding="utf-8")
    found = run("choose", "--from", str(file))
    assert found.exit_code == 2 and said in found.stderr, found.output


def test_where_a_lever_stands_before_it_is_chosen_may_be_set():
    shown = run("choose", "baseline", "--set", "relief=0.4", "--lever", "relief=0,0.5", "--samples", "16")
    assert shown.exit_code == 0 and "3 options; as it is:" in shown.stdout and "(relief) 0.4." in shown.stdout


def test_conflicts_of_a_stack_are_told_and_the_last_counts():
    found = run("contrast", "baseline", "siberia2+europe_joins", "--samples", "8")
    assert "conflict in relief: siberia2 says 0, europe_joins says 1" in found.stderr
    both = json.loads(run("decompose", "siberia2+europe_joins", "--outcome", "effective_relief", "--json").stdout)
    assert {"relief", "europe_joins", "pipeline_volume"} <= {share["name"] for share in both["shares"]}


def test_a_stack_is_compared_with_its_parts_as_a_table():
    found = run("compare", "siberia2", "siberia2+europe_joins")
    assert found.exit_code == 0 and "conflict in relief" in found.stderr
    (row,) = (line for line in found.stdout.splitlines() if "europe_joins" in line and "│" in line and "+" not in line)
    assert [cell.strip() for cell in row.strip("│").split("│")] == ["Europe joins the relief", "europe_joins", "0", "1"]
    differing = json.loads(run("compare", "siberia2", "siberia2+europe_joins", "--json").stdout)["differing"]
    assert set(differing) == {"relief", "political_concession", "europe_joins"}
