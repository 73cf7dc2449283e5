"""Games from files, of any players: every method that knows no country, by the names in the file."""

import io
import json
import re
from dataclasses import replace
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from budgets import LARGE, few, in_turn
from click.testing import CliRunner
from matplotlib.text import Text
from rich.console import Console

from triangle.base.errors import BadInput, UnknownName
from triangle.base.records import to_document
from triangle.cli import main
from triangle.games.interchange import GameFile, parse_nfg, read_nfg
from triangle.games.normal_form import NormalFormGame
from triangle.questions.solve.game_file import answer as game_answers
from triangle.questions.solve.game_file import plot as plots
from triangle.questions.solve.game_file.answer import NOT_LOOKED_FOR, answer, known_equilibria, parse_order
from triangle.questions.solve.game_file.plot import plot
from triangle.questions.solve.game_file.record import game_solution
from triangle.questions.solve.game_file.table import table
from triangle.showing.phrases import noted, speaking
from triangle.solvers import rationalizable as solver_rationalizable
from triangle.solvers import zero_sum
from triangle.solvers.logit.limit import logit_limit
from triangle.solvers.zero_sum import TOO_LARGE

NAMES = 'NFG 1 R "Who meets whom" { "Ankara" "Athens" } { { "talk" "wait" } { "come" "stay away" } } "" 2 1 0 0 0 0 1 2'
FOUR = (
    'NFG 1 R "Four powers" { "N" "E" "S" "W" } { 2 2 2 2 }\n'
    "1 0 2 1  0 1 1 2  0 2 1 0  1 1 0 2  2 1 0 0  0 0 2 1  1 0 1 1  0 1 2 0\n"
    "0 2 0 1  1 0 1 0  1 1 2 2  0 0 0 1  0 1 1 2  2 0 0 0  0 2 0 2  1 0 1 1"
)
METHODS = ("pure", "mixed", "logit", "correlated", "selection", "repeated", "coalitions", "rationalizable")


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, list(arguments), prog_name="triangle")
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture(autouse=True)
def followed_briefly(monkeypatch):
    """By default starts of dynamics are followed for few steps: none of the tests here asks where they end."""
    if not LARGE:
        monkeypatch.setattr("triangle.solvers.dynamics.REPLICATOR_STEPS", 50)
        monkeypatch.setattr("triangle.solvers.dynamics.BEST_RESPONSE_STEPS", 50)


@pytest.fixture
def files(tmp_path):
    for name, text in (("names.nfg", NAMES), ("four.nfg", FOUR), ("tree.efg", 'EFG 2 R "tree" { "a" }')):
        (tmp_path / name).write_text(text)
    (tmp_path / "board.gbt").write_text('<?xml version="1.0"?>')
    return tmp_path


def valid(kept: Path) -> dict[str, Any]:
    """The document of a file, with no constant that JSON does not know."""
    return json.loads(kept.read_text(), parse_constant=lambda constant: pytest.fail(f"{constant} in JSON"))


@pytest.mark.parametrize(("method", "name"), in_turn(METHODS, ["names.nfg", "four.nfg"]))
def test_every_method_answers_a_game_file_in_tables_and_in_valid_json(files, name, method):
    code, shown, _ = run("solve", str(files / name), "--method", method, "--out", str(files / "kept.json"))
    assert code == 0
    assert ("Ankara" if name == "names.nfg" else "Four powers") in shown
    found = valid(files / "kept.json")
    assert (found["schema"], found["method"]) == ("triangle.game/1", method)
    assert found["players"] == (["Ankara", "Athens"] if name == "names.nfg" else ["N", "E", "S", "W"])


def test_equilibria_are_told_by_name(files):
    _, shown, _ = run("solve", str(files / "names.nfg"))
    assert "Ankara: talk; Athens: come" in shown
    assert "Ankara: wait; Athens: stay away" in shown
    _, text, _ = run("solve", str(files / "names.nfg"), "--json")
    assert [e["plays"] for e in json.loads(text)["equilibria"]] == [
        {"Ankara": {"talk": 1.0}, "Athens": {"come": 1.0}},
        {"Ankara": {"wait": 1.0}, "Athens": {"stay away": 1.0}},
    ]


@pytest.mark.parametrize(
    ("order", "who"), [("Athens,Ankara", "stay away"), ("2,1", "stay away"), ("ankara, athens", "come")]
)
def test_an_order_of_moves_is_given_by_names_or_numbers(files, order, who):
    code, text, _ = run("solve", str(files / "names.nfg"), "--order", order, "--json")
    (only,) = json.loads(text)["outcomes"]
    assert (code, only["profiles"][0]["profile"]["Athens"]) == (0, who)


def test_a_wrong_order_is_answered_with_what_was_expected():
    file = parse_nfg(NAMES)
    with pytest.raises(UnknownName, match="did you mean 'Ankara'"):
        parse_order("Athens,Ankra", file)
    with pytest.raises(BadInput, match="each of Ankara, Athens once"):
        parse_order("Athens", file)


def test_of_four_powers_the_pure_and_the_logit_limit_are_listed_and_the_rest_said_to_be_left_out():
    file = parse_nfg(FOUR)
    found = answer(file, "mixed")
    assert found.verdict == "undecided"
    assert NOT_LOOKED_FOR in found.remarks
    assert found.equilibria[0].profile == (1, 1, 1, 1)
    (end,) = logit_limit(file.game).equilibria
    assert any(
        np.allclose(np.concatenate(e.probabilities), np.concatenate(end.probabilities)) for e in found.equilibria
    )


def test_players_without_a_choice_do_not_count_among_the_four():
    payoffs = np.random.default_rng(5).random((5, 2, 1, 2, 1, 2))
    found = known_equilibria(NormalFormGame(payoffs))
    inner = known_equilibria(NormalFormGame(payoffs[[0, 2, 4]].reshape(3, 2, 2, 2)))
    assert found.verdict == inner.verdict == "complete"
    assert len(found.equilibria) == len(inner.equilibria)
    assert all([len(mixed) for mixed in e.probabilities] == [2, 1, 2, 1, 2] for e in found.equilibria)
    assert all(len(e.payoffs) == 5 for e in found.equilibria)


def test_outcomes_of_moves_in_turn_are_shown_and_what_is_not_proven_is_called_open(files):
    code, shown, _ = run("solve", str(files / "names.nfg"), "--order", "Athens,Ankara")
    assert code == 0 and "Subgame-perfect outcomes, Athens, then Ankara" in shown
    assert "Ankara: wait; Athens: stay away" in shown and " open" not in shown
    found = answer(parse_nfg(NAMES), "order", order=[[1], [0]])
    loose = replace(found.found, outcomes=(), open_outcomes=found.found.outcomes)
    console = Console(width=160, record=True, file=io.StringIO())
    console.print(table(replace(found, found=loose)))
    assert "1 open" in console.export_text()


def test_lost_precision_is_said_where_a_bound_is_not_vouched_for_and_nowhere_else(monkeypatch):
    file = parse_nfg(NAMES)
    assert answer(file, "correlated").verdict == "complete" and answer(file, "correlated").remarks == ()
    honest = game_answers.correlated_bounds
    monkeypatch.setattr(
        game_answers, "correlated_bounds", lambda *a, **k: replace(honest(*a, **k), verdict="undecided")
    )
    assert answer(file, "correlated").verdict == "undecided"
    assert answer(file, "correlated").remarks == ("a linear programme lost precision",)


def test_a_degenerate_game_shows_which_equilibria_hang_together():
    text = 'NFG 1 R "Column indifferent" { "Row" "Column" } { 2 3 } 3 1  0 3  3 0  2 3  0 0  1 3'
    found = to_document(game_solution(answer(parse_nfg(text), "mixed")))
    assert found["components"] == found["nash_subsets"] == [[0], [1, 2, 3]]
    assert [e["probabilities"] for e in found["equilibria"]] == [
        [[1.0, 0.0], [1.0, 0.0, 0.0]],
        [[0.0, 1.0], [0.25, 0.0, 0.75]],
        [[0.0, 1.0], [0.0, 0.5, 0.5]],
        [[0.0, 1.0], [0.0, 0.0, 1.0]],
    ]


def test_larger_games_say_that_they_are_too_large_for_a_method_instead_of_running_for_ever():
    wide = GameFile(
        NormalFormGame(np.random.default_rng(6).random((2, 12, 12))), ("A", "B"), (("a",) * 12, ("b",) * 12)
    )
    found = answer(wide, "mixed")
    assert found.verdict == "undecided"
    assert "12 and 12 actions have too many supports" in found.remarks[0]
    deep = np.random.default_rng(7).random((3, 7, 7, 7))
    assert "7, 7, 7 actions have too many supports" in known_equilibria(NormalFormGame(deep)).advice
    many = GameFile(NormalFormGame(np.zeros((9, *[2] * 9))), tuple("ABCDEFGHI"), (("x", "y"),) * 9)
    with pytest.raises(BadInput, match="9 players"):
        answer(many, "coalitions")


@pytest.mark.parametrize(
    "line",
    [
        ("solve", "FILE", "--set", "relief=1"),
        ("solve", "FILE", "--form", "first"),
        ("--parameters", "more.toml", "solve", "FILE"),
    ],
)
def test_options_of_scenarios_are_refused_for_a_game_file(files, line):
    code, _, told = run(*(str(files / "names.nfg") if word == "FILE" else word for word in line))
    assert code == 2
    assert next(word for word in line if word.startswith("--")) in told
    assert "game file" in told


def test_a_held_player_keeps_its_action_and_the_others_answer_it(files):
    for hold in ("Ankara=talk", "ankara=TALK", "1=1"):
        _, text, _ = run("solve", str(files / "names.nfg"), "--hold", hold, "--json")
        found = json.loads(text)
        assert found["hold"] == {"Ankara": "talk"}
        assert [e["plays"] for e in found["equilibria"]] == [{"Ankara": {"talk": 1.0}, "Athens": {"come": 1.0}}]
    _, shown, _ = run("solve", str(files / "names.nfg"), "--hold", "Ankara=talk")
    assert "Held: Ankara at talk" in shown


@pytest.mark.parametrize(("method", "name"), in_turn(METHODS, ["names.nfg", "four.nfg"]))
def test_every_method_answers_with_a_player_held(files, name, method):
    code, text, told = run("solve", str(files / name), "--method", method, "--hold", "1=2", "--json")
    assert code == 0, told
    found = json.loads(text)
    assert list(found["hold"]) == found["players"][:1]
    for e in found["equilibria"]:
        assert e["plays"][found["players"][0]] == {found["hold"][found["players"][0]]: 1.0}


@pytest.mark.parametrize(
    ("hold", "said"),
    [
        (["Ankra=talk"], "did you mean 'Ankara'"),
        (["Ankara=tlak"], "did you mean 'talk'"),
        (["Ankara"], "PLAYER=ACTION"),
        (["Ankara=talk", "1=wait"], "held twice"),
        (["3=1"], "unknown player"),
    ],
)
def test_a_wrong_hold_is_answered_with_what_was_expected(files, hold, said):
    code, _, told = run("solve", str(files / "names.nfg"), *(word for one in hold for word in ("--hold", one)))
    assert (code, "--hold" in told, said in told) == (2, True, True), told


def test_agreements_of_two_are_told_of_a_game_file_with_the_trust_that_they_need(tmp_path):
    """The stag hunt: two who chase hares leave together where they trust each other with 3/4."""
    path = tmp_path / "hunt.nfg"
    path.write_text('NFG 1 R "Stag hunt" { "A" "B" } { { "stag" "hare" } { "stag" "hare" } } 4 4  3 0  0 3  3 3')
    _, text, _ = run("solve", str(path), "--json")
    stag, hare = json.loads(text)["equilibria"]
    assert (stag["agreement_proof"], stag["trust_needed"], stag["agreements"]) == (True, None, [])
    assert (hare["agreement_proof"], hare["trust_needed"]) == (True, 0.75)
    assert hare["agreements"][0]["to"] == {"A": "stag", "B": "stag"}
    assert hare["agreements"][0]["gains"] == {"A": 1.0, "B": 1.0}
    _, text, _ = run("solve", str(path), "--trust", "0.8", "--json")
    assert [e["agreement_proof"] for e in json.loads(text)["equilibria"]] == [True, False]
    code, shown, _ = run("solve", str(path), "--trust", "0.8")
    assert (code, "no, left at 0.75" in shown, "A: stag; B: stag" in shown) == (0, True, True)
    for wrong in (["--trust", "2"], ["--trust", "nan"], ["--trust", "0.5", "--order", "A,B"]):
        assert run("solve", str(path), *wrong)[0] == 2


@pytest.mark.parametrize("scale", [1e-300, 1.0, 1e307])
def test_agreements_are_the_same_in_every_unit_and_always_valid_json(scale):
    hunt = np.array([[[4.0, 0], [3, 3]], [[4, 3], [0, 3]]])
    file = GameFile(NormalFormGame(scale * hunt), ("A", "B"), (("s", "h"),) * 2)
    found = json.loads(json.dumps(to_document(game_solution(answer(file, "pure"))), allow_nan=False))
    assert found["equilibria"][1]["trust_needed"] == pytest.approx(0.75)


def test_four_powers_are_told_what_no_method_looks_for(files):
    _, shown, _ = run("solve", str(files / "four.nfg"))
    assert "not looked for" in " ".join(shown.split())


@pytest.mark.usefixtures("not_laid_out")
@pytest.mark.parametrize(
    ("method", "name"), few(in_turn(["pure", "mixed", "logit", "correlated"], ["names.nfg", "four.nfg"]), 3)
)
def test_a_game_file_has_pictures(files, method, name):
    code, _, told = run("solve", str(files / name), "--method", method, "--plot", str(files / f"{name}.png"))
    assert (code, (files / f"{name}.png").read_bytes()[:4]) == (0, b"\x89PNG"), told


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["--method", "selection"], "no picture of --method selection"),
        (["--order", "1,2"], "no picture of an order"),
        (["--method", "logit", "--lambda", "0"], "single point"),
    ],
)
def test_where_there_is_no_picture_it_is_said(files, line, said):
    code, _, told = run("solve", str(files / "names.nfg"), *line, "--plot", str(files / "p.png"))
    assert (code, said in told, (files / "p.png").exists()) == (2, True, False), told


def test_a_game_too_wide_for_a_picture_and_one_without_equilibrium_are_said(tmp_path):
    wide = tmp_path / "wide.nfg"
    wide.write_text('NFG 1 R "Wide" { "A" "B" } { 9 1 } ' + "1 2 " * 9)
    pennies = tmp_path / "pennies.nfg"
    pennies.write_text('NFG 1 R "Pennies" { "A" "B" } { 2 2 } 1 0 0 1 0 1 1 0')
    for path, said in ((wide, "at most 6 players with 8 actions"), (pennies, "no equilibrium to be drawn")):
        code, _, told = run("solve", str(path), "--plot", str(tmp_path / "p.png"))
        assert (code, said in told) == (2, True), told


@pytest.mark.parametrize("command", ["solve", "verify"])
@pytest.mark.parametrize(("name", "what"), [("tree.efg", "extensive form"), ("board.gbt", "workbook")])
def test_other_forms_are_named_by_solve_and_by_verify(files, command, name, what):
    code, _, told = run(command, str(files / name))
    assert code == 2
    assert what in told
    assert "Traceback" not in told


@pytest.mark.parametrize("command", ["solve", "path"])
@pytest.mark.parametrize(
    ("text", "what"),
    [
        (
            NAMES,
            "this is a game in strategic form, which triangle solve and triangle verify read, named .nfg; not valid",
        ),
        ('EFG 2 R "t" { "A" }', "this is a game tree, which triangle solve reads, named .efg"),
        ('{"schema": "triangle.solution/1"}', "this is JSON; a result is shown again by --from"),
        ("sep=;\nname;value", "this is a sheet, which triangle import turns into a scenario"),
    ],
)
def test_what_is_given_for_a_scenario_and_is_none_is_named(tmp_path, command, text, what):
    path = tmp_path / "given.txt"
    path.write_text(text)
    code, _, told = run(command, str(path))
    assert (code, what in told) == (2, True), told


def test_an_action_graph_game_is_named_by_its_ending_too(tmp_path):
    (tmp_path / "a.agg").write_text("#AGG\n2\n2 2")
    assert "action graph game" in run("solve", str(tmp_path / "a.agg"))[2]


def test_a_game_of_the_model_solved_from_its_file_has_the_equilibria_of_the_scenario(tmp_path):
    assert run("export", "baseline", "--out", str(tmp_path / "baseline.nfg"), "--places", "9")[0] == 0
    _, text, _ = run("solve", str(tmp_path / "baseline.nfg"), "--json")
    _, same, _ = run("solve", "baseline", "--json")
    ours = [
        {player: next(iter(actions)) for player, actions in e["plays"].items()} for e in json.loads(text)["equilibria"]
    ]
    assert ours == [e["profile"] for e in json.loads(same)["equilibria"]]


def test_verify_leaves_with_1_and_says_so_last_when_a_solver_of_ours_broke(files, monkeypatch):
    from triangle.solvers.mixed import support
    from triangle.solvers.peers import verification

    def broken(game):
        raise RuntimeError("no luck")

    monkeypatch.setattr(support, "solve_mixed", broken)
    monkeypatch.setattr(verification, "PEERS", ())
    monkeypatch.setattr(verification.verify, "__defaults__", ((), 0, None, None))
    code, shown, _ = run("verify", str(files / "names.nfg"))
    assert code == 1
    assert shown.rstrip().split("\n")[-1].startswith("triangle.support failed on this game")
    assert "No answer contradicts" not in shown


@pytest.fixture
def without_peers(monkeypatch):
    """Games are solved by our own solvers, by default in this process: ``tests/solvers/peers`` has those of its own."""
    from triangle.solvers.peers import verification

    monkeypatch.setattr(verification.verify, "__defaults__", ((), 0, None, None))
    if not LARGE:
        monkeypatch.setattr("triangle.solvers.peers.run._importable", lambda solve: None)


def test_an_answer_of_verify_is_shown_again_as_it_was(files, without_peers):
    kept = files / "kept.json"
    code, shown, _ = run("verify", str(files / "names.nfg"), "--out", str(kept))
    assert code == 0 and run("verify", "--from", str(kept))[:2] == (code, shown)
    assert json.loads(run("verify", "--from", str(kept), "--json")[1]) == json.loads(kept.read_text())
    code, _, said = run("verify", str(files / "names.nfg"), "--from", str(kept))
    assert code == 2 and "leave out the game file" in said
    code, _, said = run("verify")
    assert code == 2 and "expected a game file (.nfg)" in said


def test_of_payoffs_far_from_zero_solvers_agree_and_what_was_taken_off_is_kept_in_text_and_json(
    tmp_path, without_peers
):
    path, kept, said = tmp_path / "far.nfg", tmp_path / "far.json", "keep more digits: A 99999999999998"
    far = ("100000000000001 5", "99999999999999 0", "99999999999999 0", "100000000000000 1")
    path.write_text(f'NFG 1 R "far" {{ "A" "B" }} {{ 2 2 }} {" ".join(far)}')
    code, shown, _ = run("verify", str(path), "--out", str(kept))
    found = json.loads(kept.read_text())
    assert code == 0 and said in shown
    assert found["game"]["origins"] == ["99999999999998", "0"]
    assert found["contradictions"] == [] and len(found["equilibria"]) == 3
    assert all(one["regret"] < 1e-9 for one in found["equilibria"])
    code, shown, _ = run("solve", str(path), "--out", str(kept))
    assert code == 0 and said in shown
    assert json.loads(kept.read_text())["origins"] == {"A": "99999999999998", "B": "0"}
    (axes,) = plot(answer(read_nfg(path), "correlated")).axes
    assert [name.get_text() for name in axes.get_yticklabels()] == ["A\nfrom 99999999999998", "B"]
    tree, ends = tmp_path / "far.efg", 't "" 1 "" { 100000000000001 } t "" 2 "" { 99999999999999 }'
    tree.write_text(f'EFG 2 R "far" {{ "A" }} p "" 1 1 "s" {{ "l" "r" }} 0 {ends}')
    code, shown, _ = run("solve", str(tree), "--out", str(kept))
    found = json.loads(kept.read_text())
    assert code == 0 and said in shown
    assert (found["origins"], [e["payoffs"] for e in found["equilibria"]]) == (["99999999999998"], [[3.0]])


ODD = (
    '{ "A" } { 3 } 1 2 2',
    '{ "A" } { 1 } 1',
    '{ "A" "B" } { 1 1 } 1 2',
    '{ "A" "B" } { 2 2 } 5e-324 0 0 5e-324 0 0 1e-323 0',
    '{ "A" "B" } { 2 2 } 1e-20 2e-20 1e299 0 2e-20 1e-20 0 3e-20',
)


@pytest.mark.parametrize(("text", "method"), few(list(product(ODD, METHODS)), 5))
def test_games_of_one_player_and_of_numbers_at_the_ends_of_floating_point_are_answered(tmp_path, text, method):
    path, kept = tmp_path / "odd.nfg", tmp_path / "kept.json"
    path.write_text(f'NFG 1 R "Odd" {text}')
    code, shown, told = run("solve", str(path), "--method", method, "--out", str(kept))
    assert code == 0 and "Odd" in shown, told
    valid(kept)


def test_one_player_alone_has_the_equilibria_of_its_best_actions(tmp_path):
    found = known_equilibria(NormalFormGame(np.array([[1.0, 2.0, 2.0]])))
    assert [e.probabilities for e in found.equilibria] == [((0.0, 1.0, 0.0),), ((0.0, 0.0, 1.0),)]
    assert found.verdict == "degenerate"


TIED = 'NFG 1 R "" { "A" "B" } { 2 3 } 1 1 1 1 0 1 0 0 1 0 1 1'
NEAR = 'NFG 1 R "" { "A" "B" } { 2 2 } 1 1 1.00000000000000001 1 0.5 1 0 0'
FAR = 'NFG 1 R "" { "A" "B" } { 2 2 } 1 1 1.00000000000000001 1 1 1 0 0'


@pytest.mark.parametrize(
    ("text", "method"),
    [*((text, "pure") for text in (FOUR, NEAR, FAR)), (FOUR, "mixed"), (TIED, "mixed"), (TIED, "rationalizable")],
)
def test_what_is_said_of_a_game_file_in_german_is_german(text, method):
    parts = [part for line in answer(parse_nfg(text), method).remarks for part in line.split("; ")]
    with speaking("de"):
        assert parts and all(noted(part) != part for part in parts), [part for part in parts if noted(part) == part]


@pytest.mark.parametrize("method", ["coalitions", "repeated", "rationalizable"])
def test_a_value_that_is_only_enclosed_is_said_to_be_in_both_languages_and_nowhere_else(method, monkeypatch):
    file = parse_nfg(NAMES)
    assert not any(TOO_LARGE in line for line in answer(file, method).remarks)
    for module in (zero_sum, solver_rationalizable):
        monkeypatch.setattr(module, "MOST_PLAYED", 0)
    # Mixtures that are not the best ones guarantee less than the value, and leave it open.
    monkeypatch.setattr(zero_sum, "_mixtures", lambda table: tuple(np.full(size, 1 / size) for size in table.shape))
    found = answer(file, method)
    said = [line for line in found.remarks if TOO_LARGE in line]
    assert said and found.verdict == "undecided"
    with speaking("de"):
        assert all("zu groß" in noted(line) for line in said)


def test_to_how_much_shares_are_good_is_said_where_digits_are_lost_and_nowhere_else():
    assert answer(parse_nfg(NAMES), "coalitions").remarks == ()
    (said,) = answer(parse_nfg('NFG 1 R "" { "A" "B" } { 2 2 } 3 3 5 0 0 5 1 1e9'), "coalitions").remarks
    assert said.startswith("shares are good to about 1: a coalition is worth")
    with speaking("de"):
        assert noted(said).startswith("Anteile stimmen auf etwa 1: ")


@pytest.mark.parametrize("method", [*METHODS, "order"])
def test_a_constant_added_to_all_payoffs_of_a_file_changes_no_answer(method):
    battle = (3, 1, 0, 0, 0, 0, 1, 2)

    def found(constant):
        listed = " ".join(str(u + constant) for u in battle)
        file = parse_nfg(f'NFG 1 R "" {{ "A" "B" }} {{ 2 2 }} {listed}')
        answered = to_document(game_solution(answer(file, method, order=[[0], [1]])))
        return answered, answered.pop("origins", None), answered.pop("remarks")

    plain, near, far = found(0), found(10**14), found(-(10**90))
    assert near[1] == dict.fromkeys("AB", str(10**14 - 1)) and far[1] == dict.fromkeys("AB", str(-(10**90) - 1))
    assert near[0] == far[0] and not plain[1]
    assert near[0]["verdict"] == plain[0]["verdict"]
    for one, two in zip(plain[0]["equilibria"], near[0]["equilibria"], strict=True):
        assert np.array(two["probabilities"]) == pytest.approx(np.array(one["probabilities"]), abs=1e-9)
        assert two["payoffs"] == pytest.approx({name: u + 1 for name, u in one["payoffs"].items()}, abs=1e-9)
        assert two["regret"] == pytest.approx(one["regret"], abs=1e-9)


@pytest.mark.parametrize("method", ["pure", "mixed", "logit", "correlated"])
def test_no_word_of_a_picture_of_a_game_file_is_english_in_german(method, monkeypatch):
    monkeypatch.setattr(plots, "logit_path", cache(plots.logit_path))  # one branch for both languages
    file = parse_nfg('NFG 1 R "" { "Row" "Column" } { { "up" "down" } { "left" "right" } } 3 1 0 0 0 0 1 2')
    found = answer(file, method)

    def words(language):
        with speaking(language):
            drawn = plot(found)
            if LARGE:
                drawn.draw_without_rendering()
            for axes in drawn.axes:  # by default it is not drawn, which would write no words but these
                axes.get_xticklabels(which="both")
                axes.get_yticklabels(which="both")
            shown = " ".join(text.get_text() for text in drawn.findobj(Text) if text.get_visible())
        return set(re.findall(r"[a-zäöüß]{3,}", shown, re.IGNORECASE))

    common = words("de") & words("en") - {"Row", "Column", "up", "down", "left", "right", "triangle"}
    assert common <= {"Logit", "logit", "quantal", "response"}


def test_text_of_strangers_cannot_steer_the_terminal(tmp_path):
    path = tmp_path / "odd.nfg"
    path.write_text('NFG 1 R "\x1b[31mred" { "\x1b[2J" "[bold]B" } { { "\x07" "y" } { "z" "w" } } 1 1 0 0 0 0 1 1')
    for command in (("solve", str(path)), ("solve", str(path), "--method", "selection")):
        _, shown, _ = run(*command)
        assert "\x1b[31m" not in shown
        assert "\x1b[2J" not in shown
        assert "\x07" not in shown
        assert "[bold]B" in shown


def test_text_of_strangers_in_a_tree_cannot_steer_the_terminal(tmp_path):
    path = tmp_path / "odd.efg"
    path.write_text(
        'EFG 2 R "\x1b[31m" { "\x1b[2J" "\u202eB" } p "" 1 1 "[bold]I" { "\x07" "y" } 0 '
        't "" 1 "" { 1 0 } t "" 2 "" { 0 1 }'
    )
    code, shown, _ = run("solve", str(path))
    assert code == 0 and "[bold]I" in shown
    assert not {"\x1b", "\x07", "\u202e"} & set(shown)
