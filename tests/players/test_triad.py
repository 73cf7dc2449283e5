"""Another triad of powers: the shipped one under other names, what a file must hold, and the worked example."""

from __future__ import annotations

import contextlib
import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from budgets import LARGE, few
from click.testing import CliRunner, Result
from strategies import former

import triangle
from triangle.base.errors import BadInput
from triangle.base.records import to_document
from triangle.batch.equilibria import sweep_masks
from triangle.cli import main
from triangle.games.bitboards import equilibrium_masks
from triangle.model.model import Model
from triangle.model.parameters import SHIPPED as PARAMETERS
from triangle.model.parameters import Values
from triangle.model.payoffs import payoff_tensor
from triangle.players.cast import SHIPPED
from triangle.players.triad import read_triad
from triangle.questions.answer import answer as question_answer
from triangle.questions.bid.answer import bid
from triangle.questions.bid.auction import winners
from triangle.questions.choose.answer import choose
from triangle.questions.tipping import section
from triangle.sweeps import archive
from triangle.sweeps.run import plan

ROOT = Path(triangle.__file__).parents[1]
EXAMPLE = ROOT / "docs" / "examples" / "triad_1972" / "triad.toml"

TRIAD = """\
title = "Others"
wooer = { code = "AA", country = "Aland", adjective = "Alandic" }
wooed = { code = "BBB", country = "Beland", adjective = "Belandic", in_text = "the Beland" }
rival = { code = "US", country = "Celand", adjective = "Celandic", actions = ["w", "x", "y", "z"] }
files = { parameters = "parameters.toml", scenarios = "scenarios" }
"""

BASELINE = 'title = "T"\nquestion = "Q?"\nauthor = "A"\ndate = 2025-01-01\nnarrative = "N"\n'


def command(*arguments: str, cwd: Path) -> Result:
    """What a command answers in a folder; nothing of a triad stays in the process, as other tests show."""
    with contextlib.chdir(cwd):
        return CliRunner().invoke(main, arguments, prog_name="triangle")


def renamed(text: str) -> str:
    """The shipped parameter file with its parameters named by the codes of TRIAD."""
    codes = {"us": "aa", "ru": "bbb", "cn": "us"}
    head = re.compile(r"(?m)^\[(\w+?)((?:_(?:us|ru|cn))+)\]$")
    return head.sub(lambda m: f"[{m[1]}{''.join('_' + codes[c] for c in m[2][1:].split('_'))}]", text)


@pytest.fixture
def others(tmp_path: Path) -> Path:
    """The shipped triad played by three other powers, one of which has the code of a shipped one."""
    (tmp_path / "triad.toml").write_text(TRIAD, encoding="utf-8")
    (tmp_path / "parameters.toml").write_text(renamed(PARAMETERS.read_text(encoding="utf-8")), encoding="utf-8")
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "baseline.toml").write_text(BASELINE, encoding="utf-8")
    return tmp_path


# ----- the same powers under other names


@pytest.fixture
def model(others: Path) -> Model:
    return triangle.read_model(triad=others / "triad.toml")


def test_the_shipped_model_under_other_names_gives_the_same_payoffs_and_sweeps(model: Model):
    over = {"third_party_support": [0.2, 0.5, 0.9], "relief": np.linspace(0, 1, 5)}
    here, there = triangle.load("baseline"), triangle.load("baseline", model=model)
    assert np.array_equal(here.payoffs, there.payoffs)
    swept = [triangle.sweep("baseline", over, samples=40, margins=["5"], model=m) for m in (model, None)]
    for name in ("mask", "margin"):
        assert np.array_equal(swept[0][name].values, swept[1][name].values)
    assert swept[0].triangle.share("BBB=align") == swept[1].triangle.share("RU=align")


def test_choices_and_bids_are_the_same_under_other_names(model: Model):
    pair = [triangle.load("baseline"), triangle.load("baseline", model=model)]
    shipped, other = (bid(study, samples=8 if LARGE else 2, steps=3 if LARGE else 2) for study in pair)
    for part in ("limits", "us_offers", "cn_offers"):
        assert getattr(shipped, part) == getattr(other, part)
    assert (shipped.bids.russian, shipped.bids.price) == (other.bids.russian, other.bids.price)
    assert shipped.draws.worth_cn == other.draws.worth_cn and shipped.offers.holder == other.offers.holder
    renamed = dict(zip(winners(SHIPPED), winners(model.cast), strict=True))
    assert tuple(renamed[winner] for winner in shipped.bids.winner) == other.bids.winner
    for own, code in few([*zip(SHIPPED.codes, model.cast.codes, strict=True)], 3):
        first, second = (choose(pair[k], who, samples=16 if LARGE else 2) for k, who in enumerate((own, code)))
        assert (first.options, first.tables, first.apart) == (second.options, second.tables, second.apart)


def test_what_players_compare_and_the_payoff_tensor_agree_under_other_names(model: Model):
    rng = np.random.default_rng(1)
    v = Values({p.name: rng.uniform(p.low, p.high, 2000) for p in model.catalogue}, model.cast)
    assert (sweep_masks(v, model.terms) == equilibrium_masks(payoff_tensor(v, model.terms))).all()


def test_the_commands_speak_of_the_powers_of_the_file(others: Path):
    done = command("--triad", "triad.toml", "solve", "baseline", cwd=others)
    assert done.exit_code == 0, done.stderr
    assert "stable marriage BBB–US" in done.stdout and "β_BBB" in done.stdout and "Alandic promises" in done.stdout
    for stranger in ("RU", "CN", "Russia", "China", "American"):
        assert stranger not in done.stdout.split("What its margin rests on")[0]
    traced = command(
        *(
            "--triad",
            "triad.toml",
            "trace",
            "baseline",
            "--player",
            "BBB",
            "--profile",
            "AA=court_celand,BBB=align,US=z",
        ),
        cwd=others,
    )
    assert "Beland at AA court Celand, BBB align, US z" in traced.stdout, traced.stderr


def test_bidding_speaks_of_the_powers_of_the_file(others: Path):
    done = command("--triad", "triad.toml", "bid", "baseline", "--samples", "2", "--steps", "2", cwd=others)
    assert done.exit_code == 0 and "Bidding for" in done.stdout
    assert not any(word in done.stdout for word in ("Russia", "China", "United States", "RU", "CN"))


def test_holds_and_orders_are_said_in_the_codes_of_the_file(others: Path):
    held = command("--triad", "triad.toml", "solve", "baseline", "--hold", "AA=court_beland", "--json", cwd=others)
    assert json.loads(held.stdout)["hold"] == {"AA": "court_beland"}
    wrong = command("--triad", "triad.toml", "solve", "baseline", "--hold", "RU=align", cwd=others)
    assert wrong.exit_code == 2 and "unknown player 'RU'. Valid: AA, BBB, US." in wrong.stderr
    order = command("--triad", "triad.toml", "solve", "baseline", "--order", "US,AA,BBB", "--json", cwd=others)
    assert order.exit_code == 0 and json.loads(order.stdout)["scenario"] == "baseline"


def test_a_stored_sweep_says_whose_it_is(others: Path, model: Model):
    swept = triangle.sweep("baseline", {"relief": [0.0, 0.5, 1.0]}, model=model, out=others / "run")
    stored = archive.load(others / "run")
    assert to_document(archive.players_of(stored)) == to_document(model.cast)
    assert stored.triangle.holds("BBB=align").values.tolist() == swept.triangle.holds("BBB=align").values.tolist()
    with pytest.raises(BadInput, match=r"found \['AA', 'BBB', 'US'\]; this sweep is of another triad: name its file"):
        archive.load(others / "run", SHIPPED)


def test_a_sweep_stored_before_archives_named_the_players_actions_is_read_with_its_triad(others: Path, model: Model):
    """Such an archive holds the codes alone; of the shipped triad not even these."""
    described = {"players": list(model.cast.codes), "margins": []}
    assert archive.cast_of(described, model.cast) == model.cast
    with pytest.raises(BadInput, match="name its file by --triad"):
        archive.cast_of(described)
    assert archive.cast_of({"margins": []}) == SHIPPED


def test_a_sweep_of_other_names_under_the_same_codes_is_refused(model: Model):
    described = {"players": list(model.cast.codes), "cast": to_document(model.cast), "margins": []}
    other = replace(model.cast, actions=SHIPPED.actions)
    with pytest.raises(BadInput, match="of another triad"):
        archive.cast_of(described, other)


@pytest.mark.parametrize("broken", [None, {"title": "T"}, {"codes": ["A", "B"]}, {"actions": [["a"], [], ["b"]]}])
def test_a_damaged_cast_of_an_archive_is_refused(broken: object):
    told = {**to_document(SHIPPED), **broken} if isinstance(broken, dict) and "title" not in broken else broken
    with pytest.raises(BadInput, match=r"expected|missing"):
        archive.cast_of({"players": list(SHIPPED.codes), "cast": told, "margins": []})


def test_scenarios_of_two_triads_are_not_swept_or_contrasted_together(model: Model):
    pair = [triangle.load("baseline"), triangle.load("baseline", model=model)]
    with pytest.raises(
        BadInput, match=r"baseline of US, RU, CN; baseline of AA, BBB, US.*expected scenarios of one triad"
    ):
        plan(pair, samples=8)
    with pytest.raises(BadInput, match="of one triad"):
        triangle.contrast(*pair, samples=8)


# ----- what a file must hold


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"AA"', '"Aa"', "wooer.code: found 'Aa'; expected two or three capital letters"),
        ('"AA"', '"US"', "two parts have the same code"),
        ("Aland", "Beland", "two parts have the same country"),
        ("Aland", "A\\nB", "expected at most 40 characters on one line"),
        ("wooer =", "woer =", "woer: unknown key 'woer'; did you mean 'wooer'?"),
        ('["w", "x", "y", "z"]', '["w", "x", "y"]', "rival.actions: found ['w', 'x', 'y']; expected four different"),
        ('"w"', '"W=1,"', "expected four different names"),
        ('"parameters.toml"', '"params.toml"', "files.parameters: no such file"),
        ('"scenarios"', '"."', "files.scenarios: no baseline.toml in this folder"),
        ('"scenarios"', '"nowhere"', "files.scenarios: no such folder"),
        ('"scenarios" }', '"scenarios", evidence = "e" }', "files.evidence: no such folder"),
    ],
)
def test_a_file_that_breaks_a_rule_is_refused(others: Path, old: str, new: str, words: str):
    assert old in TRIAD
    (others / "triad.toml").write_text(TRIAD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadInput) as error:
        read_triad(others / "triad.toml")
    assert words in str(error.value)


def test_countries_whose_names_make_no_slug_are_courted_by_code(others: Path):
    text = TRIAD.replace("Beland", "白国").replace("Celand", "Österreich")
    (others / "triad.toml").write_text(text, encoding="utf-8")
    assert read_triad(others / "triad.toml").actions[0] == ("contain_both", "court_us", "court_bbb", "engage_both")


def test_a_faulty_triad_is_one_message_and_leaves_with_two(others: Path):
    done = command("--triad", "nowhere.toml", "solve", "baseline", cwd=others)
    assert done.exit_code == 2 and "nowhere.toml: no such file" in done.stderr and "Traceback" not in done.stderr


# ----- a parameter file upon the shipped one


def test_values_of_replaced_powers_and_values_on_figures_are_never_taken_over(others: Path):
    (others / "parameters.toml").write_text('base = "shipped"\n', encoding="utf-8")
    done = command("--triad", "triad.toml", "check", "--json", cwd=others)
    assert done.exit_code == 1
    faults = {fault["key"]: fault["message"] for fault in json.loads(done.stdout)["faults"]}
    missing = {key for key, message in faults.items() if message.startswith("missing;")}
    assert {"stake_bbb_us", "gdp_aa", "sanction_cost", "frozen_assets", "pipeline_volume", "decisiveness"} <= missing
    assert not {"relief", "war_intensity", "burden_of_being_opposed"} & missing
    assert (
        "speaks of Beland" in faults["gdp_bbb"]
        and "rests on figures about the shipped triad" in faults["sanction_cost"]
    )


def test_a_short_parameter_file_of_the_shipped_triad_changes_what_it_names(tmp_path: Path):
    file = tmp_path / "mine.toml"
    file.write_text(
        'base = "shipped"\n[stake_ru_cn]\njudged = 7.0\nlow = 2.0\nhigh = 9.0\nbecause = "b"\n', encoding="utf-8"
    )
    model, shipped = triangle.read_model(parameters=file), triangle.read_model()
    assert [p.name for p in model.catalogue] == [p.name for p in shipped.catalogue]
    changed = [p for p in model.catalogue if p != shipped.catalogue[p.name]]
    assert [(p.name, p.default, p.symbol) for p in changed if not p.follows] == [("stake_ru_cn", 7.0, "S_RU,CN")]
    assert [p.name for p in changed if p.follows] == ["balance_weight_ru"]  # which is computed from that stake


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('base = "elsewhere"\n', "base: found 'elsewhere'; expected base = \"shipped\""),
        ('base = "shipped"\n[releif]\n', "releif: unknown parameter 'releif'; did you mean 'relief'?"),
        ('base = "shipped"\nrelief = 1\n', "relief: found 1; expected a table"),
        ('base = "shipped"\n[relief]\njudged = 9.0\nspread = 0.1\nbecause = "b"\n', "leaves the hard bounds"),
    ],
)
def test_a_faulty_short_file_is_refused(tmp_path: Path, text: str, words: str):
    file = tmp_path / "mine.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as error:
        triangle.read_model(parameters=file)
    assert words in str(error.value)


# ----- the worked example


def as_once_judged(name: str, default: float, because: str) -> bool:
    """Whether a value and its reason are a judgement of the former parameters, which figures of today replaced."""
    once = former().catalogue.parameters.get(name)
    return once is not None and once.default == default and because.endswith(once.because)


def test_the_example_is_sound_and_says_of_every_value_taken_over_that_it_is():
    done = command("--triad", str(EXAMPLE), "check", "--json", cwd=ROOT)
    assert json.loads(done.stdout)["faults"] == []
    listed = json.loads(command("--triad", str(EXAMPLE), "list", "parameter", "--json", cwd=ROOT).stdout)["items"]
    own = set(re.findall(r"(?m)^\[(\w+)\]$", (EXAMPLE.parent / "parameters.toml").read_text(encoding="utf-8")))
    for item in listed:
        says = "taken over" in item["because"]
        once = says and as_once_judged(item["name"], item["default"], item["because"])
        assert says == (item["name"] not in own or once), item["name"]
        assert "Russia" not in item["meaning"], item["name"]


def test_the_example_has_the_values_of_the_scenario_that_tells_the_same_year():
    """What the countries of 1972 dispute, trade and weigh is one number in both, whatever part they play.

    Upon the former parameters: what neither sets was judged then, and rests on figures of today since.
    """
    nixon = triangle.load("nixon_1972", model=former()).scenario.values
    listed = json.loads(command("--triad", str(EXAMPLE), "list", "parameter", "--json", cwd=ROOT).stdout)["items"]
    values = {item["name"]: item["default"] for item in listed}
    compared = 0
    for name, value in nixon.items():
        quantity, *codes = re.match(r"(\w+?)((?:_(?:us|ru|cn))*)$", name).groups()  # type: ignore[union-attr]
        pair = [code.replace("ru", "su") for code in codes[0].split("_")[1:]]
        if pair and quantity not in ("dependence", "outside_option"):
            there = [n for order in (pair, pair[::-1]) if (n := "_".join([quantity, *order])) in values]
            assert values[there[0]] == value, name
            compared += 1
    assert compared == 5 * 3 + 4 * 6


@pytest.mark.usefixtures("not_laid_out")
def test_the_pictures_of_sweeps_have_the_powers_of_the_example(tmp_path: Path):
    sweep = ("--triad", str(EXAMPLE), "sweep", "baseline", "--samples", "4", "--over", "relief=0:1:2")
    done = command(*sweep, "--plot", "curves.svg", "--ternary", "division.svg", cwd=tmp_path)
    assert done.exit_code == 0, done.stderr
    assert "CN–SU" in done.stdout and (tmp_path / "curves.svg").exists() and (tmp_path / "division.svg").exists()


def test_a_report_about_other_powers_is_written_in_sentences_of_its_language(tmp_path: Path, monkeypatch):
    if not LARGE:  # the flips of a report take longer than all of the rest
        monkeypatch.setattr(section, "_flips", lambda *_: [])
        monkeypatch.setattr(question_answer, "nearest_change", lambda *_: None)
    brief = () if LARGE else ("--brief",)
    for language, said in (
        ("en", "the United States plays “court the Soviet Union”, China plays “align” and the Soviet Union plays"),
        ("de", "Washington spielt „um Soviet Union werben“, China spielt „sich anlehnen“"),
    ):
        words = ("report", "no_split", "--samples", "16", "--language", language, "--out", f"{language}.md", *brief)
        done = command("--triad", str(EXAMPLE), *words, cwd=tmp_path)
        assert done.exit_code == 0, done.stderr
        assert said in (tmp_path / f"{language}.md").read_text(encoding="utf-8")
