"""``triangle sweep`` as scripts and people see it: the outer contract, streams, exit codes, Ctrl-C."""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import xarray
from budgets import LARGE
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator
from strategies import FORMER

import triangle
from triangle.cli import main
from triangle.cli.printing import Progress
from triangle.players.cast import SHIPPED
from triangle.players.sets import configuration_masks
from triangle.sweeps.design import BLOCK

#: Upon the former parameters the baseline has draws with and without its marriage, and some without pure equilibrium.
ONCE = ("--parameters", str(FORMER))

SHARE = {"type": "number", "minimum": 0, "maximum": 1}
COUNT = {"type": "integer", "minimum": 0}
SCHEMA = {
    "type": "object",
    "required": ["games", "seconds", "games_per_second", "store", "configurations", "equilibrium_counts"],
    "properties": {
        "schema": {"const": "triangle.sweep/1"},
        "games": COUNT,
        "seconds": {"type": "number", "minimum": 0},
        "games_per_second": {"type": "number", "minimum": 0},
        "store": {"type": ["string", "null"]},
        "configurations": {
            "type": "object",
            "properties": dict.fromkeys(configuration_masks(SHIPPED), SHARE),
            "required": list(configuration_masks(SHIPPED)),
            "additionalProperties": False,
        },
        "equilibrium_counts": {"type": "object", "required": ["0", "1"], "additionalProperties": COUNT},
    },
}


def sweep(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["sweep", *arguments], standalone_mode=False)


def document(*arguments: str, before: tuple[str, ...] = ()) -> dict:
    result = CliRunner().invoke(main, [*before, "sweep", *arguments, "--json"], standalone_mode=False)
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)
    Draft202012Validator(SCHEMA).validate(found)
    assert sum(found["equilibrium_counts"].values()) == found["games"]
    return found


def test_a_grid_as_json_and_its_store(tmp_path: Path):
    grid = ("--over", "relief=0:1:11", "--over", "europe_joins=0:1:3", "--hold", "US=court_russia")
    found = document("baseline", *grid, "--out", str(tmp_path / "run"))
    assert found["games"] == 33 and found["dims"] == {"relief": 11, "europe_joins": 3} and found["intervals"] is None
    with xarray.open_dataset(found["store"]) as games:
        over = {"relief": np.linspace(0, 1, 11), "europe_joins": np.linspace(0, 1, 3)}
        expected = triangle.sweep("baseline", over, hold={"US": "court_russia"})
        assert games["mask"].identical(expected["mask"])
        veto = (games["mask"] & configuration_masks(SHIPPED)["unit_veto"]) != 0
        assert found["configurations"]["unit_veto"] == pytest.approx(float(veto.mean()))
        assert 0 < found["configurations"]["unit_veto"] < 1


def test_samples_several_scenarios_and_statistics():
    asked = ("--samples", "300", "--design", "lhs", "--seed", "7")
    found = document("baseline", "rift_courted", *asked, "--statistics", before=ONCE)
    assert found["games"] == 600 and set(found["scenarios"]) == {"baseline", "rift_courted"}
    assert found["seed"] == 7 and found["design"] == "lhs" and found["store"] is None
    one = document("baseline", *asked, before=ONCE)
    assert one["configurations"] == found["scenarios"]["baseline"]["configurations"]
    low, high = one["intervals"]["unit_veto"]
    assert low < one["configurations"]["unit_veto"] < high


def test_tables_points_margins_and_export(tmp_path: Path):
    points, out = tmp_path / "points.csv", tmp_path / "games.csv"
    points.write_text("relief,europe_joins\n0,0\n1,1\n")
    margin = "US=court_russia,RU=hedge,CN=align"
    result = sweep(
        "baseline", "--points", str(points), "--margin", margin, "--export", str(out), "--hold", "US=court_russia"
    )
    assert result.exit_code == 0, result.stderr
    assert "stable marriage RU–CN" in result.stdout and "2 games" in result.stdout
    header, first, second = out.read_text().splitlines()
    assert header == f'point,relief,europe_joins,mask,equilibria,profiles,"margin {margin}"'
    assert first.startswith("0,0.0,0.0,") and second.startswith("1,1.0,1.0,")
    result = sweep("baseline", "--over", "relief=0:1:3", "--export", str(tmp_path / "games.nc"))
    assert xarray.load_dataset(tmp_path / "games.nc")["mask"].shape == (3,)


def test_logit_says_how_probable_configurations_are():
    found = document("baseline", "--samples", "256", "--method", "logit", "--lambda", "20", "--normalised")
    assert found["method"] == {"name": "logit", "lambda": 20.0, "normalised": True}
    assert found["verdicts"] == {
        "complete": 256,
        "degenerate": 0,
        "undecided": 0,
        "folded": found["verdicts"]["folded"],
    }
    means = found["means"]
    assert sum(means["probability"][key] for key in configuration_masks(SHIPPED)) == pytest.approx(1.0)
    assert means["interval_kind"] == "normal" and found["interval_kind"] == "wilson"
    low, high = means["intervals"]["probability"]["stable_marriage:RU-CN"]
    assert 0 < low < means["probability"]["stable_marriage:RU-CN"] < high < 1
    shown = sweep("baseline", "--samples", "256", "--method", "logit").stdout
    assert "λ = 10 over the payoff range (256 complete)" in shown and "mean probability" in shown


def test_mixed_says_between_what_probabilities_lie():
    asked = ("--samples", "1024", "--method", "mixed", "--statistics", "--form", "first")
    found = document("baseline", "rift_courted", *asked, before=ONCE)
    one = found["scenarios"]["baseline"]
    assert one["verdicts"]["complete"] == one["equilibrium_counts"]["0"] > 0
    low, high = one["means"]["low"], one["means"]["high"]
    assert all(low[key] <= high[key] for key in configuration_masks(SHIPPED))
    assert sum(low.values()) <= 1 <= sum(high.values())
    assert found["means"]["interval_kind"] is None and "intervals" not in found["means"], "scenarios share their draws"
    assert one["means"]["intervals"]["low"].keys() == low.keys()


def test_the_range_of_probabilities_fits_a_terminal_of_80_columns(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    lines = sweep("baseline", "--samples", "64", "--method", "mixed").stdout.splitlines()
    assert max(map(len, lines)) <= 80
    ((head, row),) = [(lines[i], lines[i + 2]) for i, line in enumerate(lines) if "at least" in line]
    assert "mean probability of" in head and "ménage à trois" in row and "…" not in head + row


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        (("--design", "random", "--samples", "512", "--replicates", "200"), "bootstrap"),
        (("--samples", "512", "--replicates", "16"), "scrambles"),
        (("--samples", "128", "--over", "stake_ru_cn=1:12:4", "--replicates", "8"), "scrambles"),
    ],
)
def test_replicates_give_intervals_where_wilson_cannot(arguments, kind: str):
    found = document("rift_courted", *arguments)
    assert found["interval_kind"] == kind and found["replicates"] == int(arguments[-1])
    low, high = found["intervals"]["stable_marriage:RU-CN"]
    assert 0 <= low < found["configurations"]["stable_marriage:RU-CN"] < high <= 1
    assert found["intervals"]["menage_a_trois"][1] > 0, "nothing met in some draws is no proof that there is nothing"


@pytest.mark.skipif(not LARGE, reason="a sweep of another triad is so drawn, and showing/test_ternary.py asks the rest")
def test_the_ternary_picture_of_a_sweep(tmp_path: Path):
    picture = tmp_path / "division.png"
    result = sweep(
        "baseline", "--over", "relief=0:1:3", "--samples", "8", "--method", "logit", "--ternary", str(picture)
    )
    assert result.exit_code == 0 and picture.exists() and f"drawn: {picture}" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--over", "relif=0:1:3"], "did you mean 'relief'?"),
        (["--over", "relief=0:1"], "--samples"),
        (["--over", "relief=0:x:3"], "found 'x'"),
        (["--over", "relief=0:1:1"], "cannot span a range"),
        (["--over", "relief=0:1:3:4"], "expected NAME=LOW:HIGH:COUNT"),
        (["--over", "relief=0:1:99999999999999999999"], "whole number from 1"),
        (["--over", "relief=0:1:1000001"], "from 1 to 1,000,000"),
        (["--over", "relief=0:2:3"], "found 2; relief must be"),
        (["--over", "relief=0:1:3", "--over", "relief=0:1:5"], "given twice"),
        ([], "nothing varies"),
        (["--samples", "5", "--design", "grid"], "a grid has no samples"),
        (["--over", "relief=0:1:3", "--design", "lhs"], "needs the number of draws"),
        (["--samples", "5", "--resume"], "--out"),
        (["--samples", "5", "--statistics", "--plot", "x.png"], "keeps no games"),
        (["--samples", "5", "--export", "x.xls"], ".csv, .xlsx or .nc"),
        (["--samples", "5", "--statistics", "--ternary", "x.png"], "keeps no games"),
        (["--samples", "5", "--ternary", "x.jpg"], "--ternary: found 'x.jpg'; expected a file ending in .png or .svg"),
        (["--samples", "5", "--lambda", "3"], "belongs to --method logit"),
        (["--samples", "5", "--method", "logit", "--lambda", "-3"], "found -3.0; expected a number from 0"),
        (["--samples", "512", "--replicates", "3"], "expected 5 to 64"),
        (["--over", "relief=0:1:3", "--replicates", "8"], "a grid has no draws"),
        (["--over", "relief=0:1:3", "--ternary", "x.png"], "wholly in one corner"),
        (["--samples", "5", "--correlation", "evasion,relief=0.5"], "relief: this parameter is not drawn"),
        (["--samples", "5", "--correlation", "evasion=0.5"], "expected NAME,NAME=RHO"),
        (["--points", "nowhere.csv"], "no such file"),
        (["--samples", "5", "--out", __file__], "no sweep's folder"),
    ],
)
def test_bad_input_is_one_message(arguments: list[str], message: str):
    result = sweep("baseline", *arguments)
    assert result.exit_code == 2 and message in result.stderr
    assert result.stdout == "" and "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["--plot", "x.jpg"],
        ["--ternary", "x"],
        ["--plot", "x.png", "--over", "relief=0:1:3", "--over", "europe_joins=0:1:3"],
        ["--ternary", "x.png", "--over", "relief=0:1:3", "--over", "europe_joins=0:1:3"],
    ],
)
def test_what_cannot_be_drawn_is_said_before_the_games_are_solved(monkeypatch, arguments: list[str]):
    def no_run(*_: object) -> None:
        raise AssertionError("solved")

    monkeypatch.setattr("triangle.sweeps.run.run", no_run)
    assert sweep("baseline", "--samples", "64", *arguments).exit_code == 2


def test_nothing_is_said_where_nobody_watches_and_progress_where_somebody_does(monkeypatch, capsys):
    assert sweep("baseline", "--samples", "5", "--json").stderr == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("TERM", "xterm")
    progress = Progress()
    for done in (25, 50):
        progress._shown_at -= 1
        time.sleep(0.01)
        progress(done, 100)
    progress.end()
    shown = capsys.readouterr().err
    assert "25 of 100 games" in shown and "50 of 100 games" in shown and " a second" in shown
    assert "50%" in shown and re.search(r"0:00:\d\d", shown) and "\n" in shown


#: The command, whose whole group hears Ctrl-C, as from a terminal, when its third chunk is written.
INTERRUPTED = """
import os, signal
replace, written = os.replace, []
def replacing(source, target):
    replace(source, target)
    written.extend([target] * str(target).endswith(".npz"))
    if len(written) == 3:
        os.killpg(os.getpgrp(), signal.SIGINT)
os.replace = replacing
if __name__ == "__main__":
    from triangle.cli import main
    main()
"""


def test_ctrl_c_leaves_a_store_and_says_how_to_go_on(tmp_path: Path):
    run = tmp_path / "run"
    words = ["sweep", "baseline", "--samples", str(40 * BLOCK), "--chunk", str(BLOCK), "--out", str(run)]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(Path(triangle.__file__).parents[1])}
    process = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, *words, "--workers", "2"],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    out, err = process.communicate(timeout=3000)
    assert process.returncode == 130 and out == "", err
    assert f"go on with: triangle {' '.join(words)} --workers 2 --resume" in err and "Traceback" not in err
    assert not list((run / "chunks").glob("*.part"))
    assert len(list((run / "chunks").glob("*.npz"))) == 3
