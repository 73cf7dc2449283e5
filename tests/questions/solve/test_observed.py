"""Rationality estimated from observed play at the command line: counts in every form that users have them in."""

import json

import numpy as np
import pytest
from budgets import LARGE
from click.testing import CliRunner

from triangle.base.errors import BadInput
from triangle.cli import main
from triangle.games.normal_form import NormalFormGame
from triangle.questions.solve.observed import read_observed
from triangle.solvers.logit.estimate import estimate_logit

PENNIES = (
    'NFG 1 R "Pennies" { "Row" "Column" } { { "up" "down" } { "left" "right" } } 1.1141 0 0 1.1141 0 1.1141 0.2785 0'
)
PLAYERS, ACTIONS = ("Row", "Column"), (("up", "down"), ("left", "right"))
#: Ochs (1995): 128 rounds, as McKelvey and Palfrey (1995) report them.
TYPED = ("Row=up:67.456,down:60.544", "Column=left:46.848,right:81.152")
SHEETS = {
    "plain.csv": "player,action,count\nRow,up,67.456\nRow,down,60.544\nColumn,left,46.848\nColumn,right,81.152\n",
    "german.csv": "Count;Player;Action\n67,456;Row;up\n60,5440;Row;down\n46,8480;Column;left\n81,1520;Column;right\n",
    "french.csv": "sep=\t\nplayer\taction\tcount\nRow\tup\t60,0\nRow\tup\t7,456\nRow\tdown\t60,544\n"
    "Column\tleft\t46,848\nColumn\tright\t81,152\n",
    "numbers.csv": "player,action,count\n1,1,67.456\n1,2,60.544\n2,1,46.848\n2,2,81.152\n",
}


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, list(arguments), prog_name="triangle")
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def pennies(tmp_path):
    path = tmp_path / "pennies.nfg"
    path.write_text(PENNIES)
    return str(path)


@pytest.mark.parametrize("name", ["typed", *SHEETS])
def test_the_published_estimate_however_the_counts_are_written(pennies, tmp_path, name):
    """McKelvey and Palfrey 1995: λ = 1.84; Gambit's manual: 1.845610 and a log-likelihood of -174.764532."""
    texts = TYPED
    if name in SHEETS:
        texts = (str(tmp_path / name),)
        (tmp_path / name).write_text(SHEETS[name])
    read = read_observed(texts, PLAYERS, ACTIONS)
    assert read.named() == read_observed(TYPED, PLAYERS, ACTIONS).named()
    if name not in ("typed", "german.csv") and not LARGE:
        return  # the estimate is of the counts, which are the same
    asked = [word for text in texts for word in ("--observed", text)]
    code, text, told = run("solve", pennies, "--method", "logit", *asked, "--json")
    assert code == 0, told
    found = json.loads(text)
    assert found["estimate"]["lam"] == found["settings"]["lam"] == pytest.approx(1.845610, abs=2e-6)
    assert found["estimate"]["log_likelihood"] == pytest.approx(-174.764532, abs=1e-6)
    assert found["equilibria"][0]["plays"]["Row"]["up"] == pytest.approx(0.615651, abs=2e-6)
    assert (found["verdict"], found["estimate"]["place"]) == ("complete", "inside")
    assert found["estimate"]["observed"]["Column"] == pytest.approx({"left": 46.848, "right": 81.152})


def test_the_estimate_is_that_of_the_solver_for_a_scenario_too():
    held = {} if LARGE else {"US": "contain_both"}
    code, text, told = run(
        "solve",
        "baseline",
        *(word for player, action in held.items() for word in ("--hold", f"{player}={action}")),
        "--method",
        "logit",
        "--observed",
        "RU=align:31,hedge:9",
        "--observed",
        "CN=align:38",
        "--json",
    )
    assert code == 0, told
    import triangle

    counts = [np.zeros(1 if held else 4), np.array([0, 31, 0, 9.0]), np.array([0, 38.0, 0, 0])]
    expected = estimate_logit(triangle.load("baseline", hold=held).game, counts)
    found = json.loads(text)["estimate"]
    assert found["lam"] == pytest.approx(expected.lam, rel=1e-9)
    assert found["intervals"] == [list(ends) for ends in expected.intervals]


def test_a_sheet_without_counts_has_a_row_for_each_observation(tmp_path):
    (tmp_path / "rows.csv").write_text("action,player,day\nup,Row,1\nup,Row,2\n\nleft,column,2\n")
    found = read_observed([str(tmp_path / "rows.csv")], PLAYERS, ACTIONS)
    assert found.named() == {"Row": {"up": 2.0}, "Column": {"left": 1.0}}
    assert found.notes == ()


def test_counts_of_one_action_are_added_up_and_that_is_said(pennies, tmp_path):
    (tmp_path / "years.csv").write_text("player,action,count\nRow,up,3\nrow,up,4\nColumn,left,1\n")
    sheet = read_observed([str(tmp_path / "years.csv")], PLAYERS, ACTIONS)
    assert sheet.named() == {"Row": {"up": 7.0}, "Column": {"left": 1.0}}
    assert sheet.notes == ("2 counts of Row=up were added up",)
    assert read_observed(["Row=up:3,up:4"], PLAYERS, ACTIONS).notes == sheet.notes
    line = ("solve", str(pennies), "--method", "logit", "--observed", str(tmp_path / "years.csv"))
    assert "2 counts of Row=up were added up" in run(*line)[1]
    assert "2 Zählungen von Row=up wurden zusammengezählt" in run(*line, "--language", "de")[1]


@pytest.mark.parametrize(
    ("observed", "verdict", "place", "said"),
    [
        ("A=c:60,d:40", "complete", "zero", "λ = 0, chance"),
        ("A=d:100", "undecided", "largest", "λ → ∞"),
    ],
)
def test_at_the_ends_of_the_branch_the_verdict_says_so(tmp_path, observed, verdict, place, said):
    path = tmp_path / "dilemma.nfg"
    path.write_text('NFG 1 R "Dilemma" { "A" "B" } { { "c" "d" } { "c" "d" } } 3 3 5 0 0 5 1 1')
    kept = tmp_path / "kept.json"
    code, text, _ = run("solve", str(path), "--method", "logit", "--observed", observed, "--out", str(kept))
    found = json.loads(kept.read_text(encoding="utf-8"))
    assert (code, found["verdict"], found["estimate"]["place"]) == (0, verdict, place)
    assert said in " ".join(text.split())


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["Row=up:x"], "found 'x'; expected how often up was seen"),
        (["Row=up:-1"], "found '-1'"),
        (["Row=up:inf"], "found 'inf'"),
        (["Row=up:nan"], "found 'nan'"),
        (["Row=up:\u0661"], "expected how often"),
        (["Row=up"], "PLAYER=ACTION:COUNT"),
        (["Row=upp:3"], "did you mean 'up'"),
        (["Rowe=up:3"], "did you mean 'Row'"),
        (["Row=up:0.5,down:0.5"], "shares"),
        (["none.csv"], "no such file"),
        (["none.csv", "Row=up:3"], "goes alone"),
        (["."], "folder"),
        (["x" * 5000], "cannot be read"),
    ],
)
def test_wrong_counts_are_answered_with_what_was_expected(texts, said):
    with pytest.raises(BadInput) as caught:
        read_observed(texts, PLAYERS, ACTIONS)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("sheet", "said"),
    [
        ("who,what\nRow,up\n", "player and action missing"),
        ("", "player and action missing"),
        ("player,action,count\nRow,up,x\nRowe,up,1\nRow,in,1\n", "C4"),
        ("player;action;count\nRow;up;30.000\n", "30000 or 30"),
        ("player,action,count\nRow,up,=1+1\n", "=1+1"),
        ("player,action,count\nRow,up,\n", "empty"),
    ],
)
def test_faults_of_a_sheet_are_told_by_cell(tmp_path, sheet, said):
    (tmp_path / "play.csv").write_text(sheet)
    with pytest.raises(BadInput) as caught:
        read_observed([str(tmp_path / "play.csv")], PLAYERS, ACTIONS)
    assert said in str(caught.value)


def test_options_that_an_estimate_would_not_use_are_refused(pennies):
    for more in (["--lambda", "1"], ["--normalised"]):
        code, _, told = run("solve", pennies, "--method", "logit", "--observed", TYPED[0], *more)
        assert (code, "estimated" in told) == (2, True)
    code, _, told = run("solve", pennies, "--method", "mixed", "--observed", TYPED[0])
    assert (code, "belongs to --method logit" in told) == (2, True)
    code, _, told = run("solve", pennies, "--method", "logit", "--observed", "Row=up:0")
    assert (code, "nothing tells λ" in told) == (2, True)


def test_a_held_player_has_one_action_to_be_seen_at(pennies):
    line = ("solve", pennies, "--method", "logit", "--hold", "Row=up", "--observed", "Column=left:10,right:30")
    assert run(*line)[0] == 0
    code, _, told = run(*line, "--observed", "Row=down:3")
    assert (code, "unknown action of Row" in told) == (2, True)


def test_the_scale_of_payoffs_moves_lambda_and_nothing_else():
    payoffs = np.array([[[1.1141, 0], [0, 0.2785]], [[0, 1.1141], [1.1141, 0]]])
    found = read_observed(TYPED, PLAYERS, ACTIONS)
    for scale in (1e-150, 1e150):
        assert estimate_logit(NormalFormGame(scale * payoffs), found.counts).lam * scale == pytest.approx(
            1.84561, abs=1e-5
        )


def test_the_picture_may_not_be_written_over_the_sheet_that_is_read(pennies, tmp_path):
    sheet = tmp_path / "play.svg"
    sheet.write_text(SHEETS["plain.csv"])
    code, _, told = run("solve", pennies, "--method", "logit", "--observed", str(sheet), "--plot", str(sheet))
    assert (code, "is read from" in told, sheet.read_text()) == (2, True, SHEETS["plain.csv"])


def test_an_estimate_that_was_kept_comes_back_with_its_picture_and_in_the_same_words(tmp_path):
    kept, picture = str(tmp_path / "kept.json"), tmp_path / "branch.png"
    hold = [] if LARGE else ["--hold", "CN=align,US=contain_both"]
    asked = run("solve", "baseline", *hold, "--method", "logit", "--observed", "RU=align:3,hedge:1", "--out", kept)
    # By default the branch is drawn in ``test_plots.py`` alone.
    again = run("solve", "--from", kept, *hold, *(["--plot", str(picture)] if LARGE else []))
    assert (asked[0], again[0], again[1]) == (0, 0, asked[1])
    assert "Estimated from 4 observations" in " ".join(again[1].split())
    assert not LARGE or picture.stat().st_size > 1000
