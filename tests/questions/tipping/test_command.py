"""``triangle flip`` and ``triangle tipping`` as people and scripts see them: tables, documents, pictures, refusals."""

import copy
import json
from pathlib import Path

import pytest
from budgets import LARGE
from click.testing import CliRunner, Result
from strategies import FORMER

from triangle.cli import main

#: Curves that are computed once, of the one equilibrium that has some within the ranges.
CURVES = ("--over", "choke_cn_ru", "--over", "decisiveness", "--curves", "--to", "US=contain_both")
#: Curves of several, and up to the hard bounds.
FURTHER = ("--curves", "--over", "rivalry_cost_us_cn", "--over", "unilateral_yield")
#: What a flip may move by default where all parameters would do.
OF_TWO = ("rivalry_cost_us_ru", "secondary_tariff")
#: A search is started once by default: what is kept of it is the same.
ONCE = () if LARGE else ("--starts", "1")
HARD = ("tipping", "full_package", "--over", "relief", "--over", "europe_joins", "--curves", "--hard")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, standalone_mode=False)


def test_the_table_of_a_flip_says_what_moves_who_binds_and_how_to_see_it():
    over = [] if LARGE else [word for name in OF_TWO for word in ("--over", name)]
    result = run("flip", "baseline", "--away", "--norm", "l1", "--starts", "1", *over)
    assert result.exit_code == 0
    assert "stops being an equilibrium" in result.stdout
    assert "What breaks it" in result.stdout
    assert "triangle solve baseline --set rivalry_cost_us_ru=" in result.stdout


def test_the_table_of_a_failure_says_by_how_much_and_leaves_with_one():
    result = run("flip", "baseline", "--to", "RU=distance", "--levers", "--without", "europe_joins")
    assert result.exit_code == 1
    assert "Not found inside the ranges (8 free parameters)" in result.stdout
    assert "misses by" in result.stdout


def test_a_long_command_is_broken_as_a_shell_reads_it():
    lines = run("flip", "baseline", "--to", "US=court_russia,RU=distance", "--starts", "1").stdout.splitlines()
    start = next(k for k, line in enumerate(lines) if line.startswith("triangle solve"))
    assert all(line.endswith("\\") for line in lines[start:-1])
    assert not lines[-1].endswith("\\")


def test_tipping_lists_the_nearest_first_and_all_on_request():
    upon = ("--parameters", str(FORMER), "tipping", "baseline", "--form", "first")
    some = (*upon, "--over", "unilateral_yield", "--over", "stake_us_ru")
    short, long = run(*some, "--hard").stdout, run(*some, "--hard", "--all").stdout
    assert "further values beyond these" in short
    assert "further values beyond these" not in long
    assert len(long.splitlines()) > len(short.splitlines())
    assert "10 ranges beyond" in short
    assert "10 ranges beyond" not in run(*some).stdout


def test_the_document_of_tipping_is_sorted_and_says_what_changes():
    document = json.loads(run("tipping", "baseline", "--json").stdout)
    assert document["schema"] == "triangle.tipping/1"
    points = document["points"]
    assert points
    assert [p["distance"] for p in points] == sorted(p["distance"] for p in points)
    stable = [
        {"US": "contain_both", "RU": "oppose_both", "CN": "oppose_both"},
        {"US": "contain_both", "RU": "align", "CN": "align"},
    ]
    for point in points:
        assert point["before"] == stable
        assert point["after"] != point["before"]
        assert point["searched"][0] <= point["value"] <= point["searched"][1]


def test_curves_over_two_parameters(tmp_path: Path):
    shown = run("tipping", "baseline", *CURVES, "--out", str(tmp_path / "curves.json")).stdout
    assert "edge to edge" in shown
    document = json.loads((tmp_path / "curves.json").read_text())
    assert [curve["text"] for curve in document["curves"]] == ["US=contain_both,RU=oppose_both,CN=oppose_both"]
    curve = document["curves"][0]
    assert len(curve["x"]) == len(curve["y"]) == len(curve["deciding"])


@pytest.mark.parametrize(
    "arguments",
    [
        ("flip", "baseline", "--away", "--starts", "1", *([] if LARGE else ["--levers"])),
        *([("flip", "baseline", "--to", "RU=distance", "--levers")] if LARGE else []),
        *([("flip", "baseline", "--to", "RU=align")] if LARGE else []),
        ("tipping", "baseline", "--hard", "--over", "unilateral_yield", "--over", "decisiveness"),
        ("tipping", "baseline", "--over", "gain_per_dollar_ru"),
        HARD if LARGE else ("tipping", "baseline", *CURVES),
    ],
)
@pytest.mark.usefixtures("not_laid_out")
def test_every_answer_has_its_picture(arguments: tuple[str, ...], tmp_path: Path):
    result = run(*arguments, "--plot", str(tmp_path / "picture.png"))
    assert result.exit_code in (0, 1), result.stderr
    assert (tmp_path / "picture.png").stat().st_size > 10_000


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--to", "RU=hedge"), "--curves"),
        (("--curves",), "found 0 parameters"),
        (("--curves", "--over", "relief"), "found 1 parameters"),
        (("--curves", "--all", "--over", "relief", "--over", "evasion"), "--all"),
        (("--over", "releif"), "relief"),
        (("--curves", "--over", "relief", "--over", "evasion", "--to", "RU=x"), "RU"),
    ],
)
def test_bad_input_is_refused(arguments: tuple[str, ...], said: str):
    result = CliRunner().invoke(main, ["tipping", "baseline", *arguments])
    assert result.exit_code == 2
    assert said in result.stderr


def test_the_groups_own_options_are_part_of_the_printed_command(tmp_path: Path):
    import shutil

    from triangle.evidence.ledger import SHIPPED as EVIDENCE

    folder = tmp_path / "evidence folder"
    shutil.copytree(EVIDENCE, folder)
    result = run("--evidence", str(folder), "flip", "baseline", "--away", "--over", "rivalry_cost_us_cn", "--json")
    command = json.loads(result.stdout)["certificate"]["command"]
    assert command.startswith(f"triangle --evidence '{folder}' solve baseline")


@pytest.mark.parametrize(
    "arguments",
    [
        ("flip", "--to", "RU=distance", "--levers", *ONCE),
        ("tipping", "--over", "relief"),
        ("flip", "--to", "RU=hedge", "--hold", "US=court_russia", "--set", "relief=0.5", "--over", "primacy_blame_ru"),
        ("flip", "--away", "--over", "rivalry_cost_us_cn", "--over", "relief"),
        ("tipping", "--hard", "--over", "unilateral_yield", "--over", "decisiveness"),
        ("tipping", *(FURTHER if LARGE else CURVES)),
    ],
)
def test_a_result_that_was_kept_is_shown_again_as_it_was(arguments: tuple[str, ...], tmp_path: Path):
    file = tmp_path / "result.json"
    command, *options = arguments
    first = run(command, "baseline", *options, "--out", str(file))
    curves = ("--curves",) if "--curves" in options else ()
    laid = [word for k, word in enumerate(options) if {"--set", "--hold"} & {*options[max(k - 1, 0) : k + 1]}]
    for scenario in (["baseline"], []):
        again = run(command, *scenario, *laid, *curves, "--from", str(file))
        assert again.exit_code == first.exit_code and again.stdout == first.stdout
        if scenario and not LARGE:
            continue  # the document is that of the file, whether its scenario is named or not
        printed = run(command, *scenario, *laid, *curves, "--from", str(file), "--json").stdout
        assert json.loads(printed) == json.loads(file.read_text())


def test_a_kept_result_is_not_shown_over_other_settings_or_with_options_of_the_search(tmp_path: Path):
    file = tmp_path / "result.json"
    run("flip", "baseline", "--away", "--over", "rivalry_cost_us_cn", "--out", str(file))
    for arguments, said in (
        (("--set", "stake_us_cn=6"), "give the same --set"),
        (("--set", "relief=0.6"), "give the same --set"),
        (("--hold", "RU=align"), "give the same --hold"),
        (("--norm", "l1"), "--norm"),
        (("--to", "RU=hedge"), "--to"),
    ):
        result = CliRunner().invoke(main, ["flip", "baseline", "--from", str(file), *arguments])
        assert result.exit_code == 2
        assert said in result.stderr


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> dict:
    file = tmp_path_factory.mktemp("flip") / "result.json"
    over = [word for name in (*OF_TWO, "political_concession") for word in ("--over", name)]
    run("flip", "baseline", "--away", *over, "--out", str(file))
    return json.loads(file.read_text())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"scenario": "nixon_1972"}, "another scenario"),
        ({"norm": "l9"}, "l9"),
        ({"moves": [{"parameter": "nothing"}]}, "moves.1.from: missing"),
        ({"moves": lambda moves: [{**moves[0], "parameter": "nothing"}]}, "moves.1: 'nothing' is no parameter"),
        ({"moves": lambda moves: [{**moves[0], "unit": "ells"}]}, "moves.1: found the unit 'ells'"),
        ({"moves": lambda moves: [{**moves[0], "from": 0.125}]}, "stood at 0.125"),
        ({"moves": lambda moves: [{**moves[0], "in_ranges": 0}]}, "does not move"),
        ({"free": ["relief", "nothing"]}, "free.2: 'nothing' is no parameter"),
        ({"binding": lambda found: [{**found[0], "by_term": {}}]}, "binding.1.by_term"),
        ({"profile": {"US": "dance"}}, "profile: found {'US': 'dance'}; expected an action of each"),
        ({"distance": "far"}, "distance"),
        ({"schema": "triangle.claims/1"}, "schema"),
        ({"departs": {"relief": 0.9}}, "relief was 0.9 and is at its default now"),
        ({"hold": {"US": "court_russia"}}, "US was 'court_russia' and is free now"),
        ({"certificate": {"holds": True, "regret": 0.0, "margin": 1.0, "command": "triangle x; rm -rf /"}}, "command"),
        ({"certificate": {"holds": True, "regret": 0.0, "margin": 1.0, "command": "rm -rf /"}}, "command"),
    ],
)
def test_a_result_that_was_tampered_with_is_refused(change: dict, said: str, sound: dict, tmp_path: Path):
    file, document = tmp_path / "result.json", copy.deepcopy(sound)
    changed = {key: new(document[key]) if callable(new) else new for key, new in change.items()}
    file.write_text(json.dumps({**document, **changed}))
    result = CliRunner().invoke(main, ["flip", "baseline", "--from", str(file)])
    assert result.exit_code == 2
    assert said in result.stderr
