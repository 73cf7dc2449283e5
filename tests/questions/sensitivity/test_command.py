"""The commands ``sensitivity`` and ``discover``, and what they print and draw."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from budgets import LARGE
from click.testing import CliRunner, Result
from rich.console import Console

import triangle
from triangle.cli import main
from triangle.questions.discover import table as discovery_tables
from triangle.questions.discover.answer import discover
from triangle.questions.discover.plot import discovery_plot
from triangle.questions.sensitivity import plot as sensitivity_plots
from triangle.questions.sensitivity import table as sensitivity_tables
from triangle.questions.sensitivity.answer import sensitivity
from triangle.showing.phrases import spoken, written


def ask(*words: str) -> Result:
    return CliRunner().invoke(main, words)


def answer(*words: str) -> Any:
    result = ask(*words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


FEW = ["--over", "primacy_blame_ru", "--over", "output_shortfall_ru", "--over", "relief", "--samples", "64"]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("driving") / "run"
    triangle.sweep("baseline", samples=600, out=folder)
    return str(folder)


def test_sensitivity_prints_one_document_that_is_shown_again_without_computing(tmp_path: Path):
    file = str(tmp_path / "s.json")
    document = answer("sensitivity", "baseline", "--outcome", "margin:RU=hedge", *FEW, "--out", file)
    assert document["schema"] == "triangle.sensitivity/1" and document["version"] == triangle.__version__
    assert (
        sorted(document["ranking"])
        == sorted(document["names"])
        == ["output_shortfall_ru", "primacy_blame_ru", "relief"]
    )
    kinds = dict(zip(document["names"], document["kinds"], strict=True))
    assert kinds == {"primacy_blame_ru": "bounded", "output_shortfall_ru": "figure", "relief": "choice"}
    assert set(document["backing"]["first"]) == {"bounded", "figure", "choice"}
    assert answer("sensitivity", "--from", file) == document
    shown = ask("sensitivity", "--from", file).stdout
    assert shown == ask("sensitivity", "baseline", "--outcome", "margin:RU=hedge", *FEW).stdout
    assert "primacy_blame_ru" in shown and all(f"│{kind} " in shown for kind in ("figure", "bounded", "choice"))


@pytest.mark.usefixtures("not_laid_out")
def test_without_an_outcome_both_default_questions_are_asked_and_shown_again(tmp_path: Path):
    asked = {"--plot": str(tmp_path / "s.png"), "--tornado": str(tmp_path / "t.png")}
    if not LARGE:  # the other one is drawn below
        del asked["--plot"]
    file, pictures = str(tmp_path / "s.json"), list(asked.values())
    drawn = [word for option in asked.items() for word in option]
    document = answer("sensitivity", "europe_joins", *FEW, "--out", file, *drawn)
    assert document["schema"] == "triangle.sensitivities/1"
    assert [one["asked"] for one in document["answers"]] == ["kept", "posture"]
    assert [one["sensitivity"]["outcome"].partition("@")[0] for one in document["answers"]] == [
        "advantage:RU=align",
        "advantage:US=court_russia",
    ]
    assert answer("sensitivity", "--from", file) == document
    shown = ask("sensitivity", "--from", file).stdout
    assert shown == ask("sensitivity", "europe_joins", *FEW).stdout
    assert shown.index("What keeps Russia with China?") < shown.index("What decides the posture of the United States?")
    assert all(Path(picture).stat().st_size > 5000 for picture in pictures)


def test_discover_prints_one_document_that_is_shown_again_without_computing(tmp_path: Path):
    file, few = str(tmp_path / "d.json"), [*FEW[:-1], "1024"]
    document = answer("discover", "europe_joins", "--pattern", "RU=hedge", *few, "--out", file)
    assert document["schema"] == "triangle.discovery/1" and document["boxes"]
    fresh = document["boxes"][0]["fresh"]
    assert fresh["density_interval"][0] <= fresh["density"] <= fresh["density_interval"][1]
    assert answer("discover", "--from", file) == document
    assert (
        ask("discover", "--from", file).stdout == ask("discover", "europe_joins", "--pattern", "RU=hedge", *few).stdout
    )


@pytest.mark.usefixtures("few_resamples")
@pytest.mark.parametrize("method", ["sobol", "morris", "pawn", "delta"])
def test_every_method_prints_its_table(method: str):
    result = ask("sensitivity", "baseline", "--outcome", "margin:RU=hedge", "--method", method, *FEW[:-1], "128")
    assert result.exit_code == 0 and "What drives it" in result.stdout and "Convergence" in result.stdout


def test_a_choice_among_scenarios_is_a_factor():
    among = "measure=baseline,capability_cinc,capability_military"
    document = answer("sensitivity", "baseline", "--outcome", "margin:present", *FEW, "--among", among)
    assert document["names"][-1] == "measure" and document["outcome"] == "margin:present"


@pytest.mark.usefixtures("few_resamples")
def test_an_archive_is_read_and_pawn_is_its_method(run: str):
    document = answer("sensitivity", run, "--outcome", "holds:RU=align")
    assert document["method"] == "pawn" and document["evaluations"] == 0 and document["archive"]
    assert answer("discover", run, "--pattern", "RU=align", "--density", "0.99")["archive"]
    assert ask("sensitivity", run, "--outcome", "holds:RU=align", "--inside", "RU=align").exit_code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["sensitivity"], "expected a scenario or the folder of a sweep, or --from"),
        (["sensitivity", "baselin"], "baseline"),
        (["sensitivity", "baseline", "--from", "x.json"], "leave out the scenario"),
        (["sensitivity", "--from", "nowhere.json"], "no such file"),
        (["sensitivity", "baseline", "--inside", "RU=align", "--method", "sobol"], "pawn or delta"),
        (["sensitivity", "baseline", "--among", "measure"], "NAME=SCENARIO"),
        (["sensitivity", "baseline", "--among", "m=baseline,capability_cink"], "capability_cinc"),
        (["sensitivity", "baseline", "--over", "relif"], "relief"),
        (["sensitivity", "baseline", "--scenario", "x"], "RUN"),
        (["sensitivity", "baseline", "--hold", "RU=align", "--outcome", "margin:RU=hedge", "--samples", "64"], "-inf"),
        (["discover", "baseline", "--pattern", "RU=hedg"], "hedge"),
        (["discover", "baseline", "--pattern", "RU=hedge", "--plot", "x.bmp", "--samples", "64"], ".png"),
    ],
)
def test_what_cannot_be_asked_is_answered_in_one_message(words: list[str], said: str):
    result = ask(*words)
    assert result.exit_code == 2 and said in result.stderr and "Traceback" not in result.output
    assert not result.stdout


@pytest.mark.parametrize(
    "words",
    [
        ["sensitivity", "RUN", "--outcome", "number", "--samples", "9"],
        ["sensitivity", "RUN"],
        ["sensitivity", "RUN", "--outcome", "number", "--method", "sobol"],
        ["sensitivity", "RUN", "--outcome", "number", "--tornado", "x.png"],
        ["discover", "RUN", "--pattern", "number>1", "--set", "relief=1"],
    ],
)
def test_what_an_archive_cannot_answer_is_said(run: str, words: list[str]):
    result = ask(*(run if word == "RUN" else word for word in words))
    assert result.exit_code == 2 and result.stderr.startswith("Error: --")


@pytest.mark.usefixtures("not_laid_out")
def test_pictures_are_drawn(tmp_path: Path):
    pictures = [str(tmp_path / name) for name in (("s.png", "d.pdf", "t.svg") if LARGE else ("s.png", "d.svg"))]
    swings = ["--tornado", pictures[2]] if LARGE else []  # drawn above
    # Both default questions are drawn where they are asked without an outcome.
    asked = [] if LARGE else ["--outcome", "margin:RU=hedge"]
    assert ask("sensitivity", "baseline", *asked, *FEW, "--plot", pictures[0], *swings).exit_code == 0
    assert (
        ask("discover", "europe_joins", "--pattern", "RU=hedge", *FEW[:-1], "512", "--plot", pictures[1]).exit_code == 0
    )
    assert all(Path(picture).stat().st_size > 5000 for picture in pictures)


def test_the_index_plot_shows_each_factor_with_its_interval_and_the_kinds():
    study = triangle.load("baseline")
    # By default of a few more than are shown.
    few = [name for name, (low, high) in study.scenario.ranges.items() if low < high][:20]
    found = sensitivity(study, "margin:present", samples=64, names=None if LARGE else few)
    assert len(found.names) > 15
    plot = sensitivity_plots.index_plot(found)
    bars, column = plot.axes
    assert [text.get_text() for text in bars.get_yticklabels()] == [
        spoken(found.cast).known("parameter", found.names[i]) for i in found.ranking[:15]
    ]
    widths = [bar.get_width() for bar in bars.patches]
    assert widths == pytest.approx([found.main.value[i] for i in found.ranking[:15]])
    assert sum(bar.get_height() for bar in column.patches) == pytest.approx(max(1.0, sum(found.by_backing.values())))


def test_the_tornado_plot_spans_each_factors_swing():
    found = sensitivity(triangle.load("baseline"), "margin:present", samples=64, names=["relief", "decisiveness"])
    axes = sensitivity_plots.tornado_plot(found).axes[0]
    assert axes.get_yticklabels()[0].get_text() == "How much strength decides"
    low, high = found.swings["decisiveness"]
    assert found.base is not None
    assert axes.patches[0].get_width() == pytest.approx(max(low, high, found.base) - min(low, high, found.base))


def test_the_picture_of_a_discovery_says_every_end_of_its_first_box_and_of_the_ranges():
    names = ["primacy_blame_ru", "output_shortfall_ru", "unilateral_yield", "relief", "evasion"]
    found = discover(triangle.load("europe_joins"), "RU=hedge", samples=1024, names=names, density=0.5)
    limits = found.boxes[0].limits
    assert {one.low is None for one in limits} | {one.high is None for one in limits} == {True, False}
    ends = [end for one in limits for end in (one.low, one.high, one.range_low, one.range_high) if end is not None]
    said = [text.get_text().strip() for text in discovery_plot(found).axes[0].texts]
    assert sorted(said) == sorted(written(end, ".3g") for end in ends)


def test_a_constant_outcome_and_an_empty_discovery_are_printed_and_drawn():
    study = triangle.load("baseline")
    constant = sensitivity(study, "holds:63", samples=64, names=["relief"])
    console = Console(width=120, record=True, file=io.StringIO())
    console.print(sensitivity_tables.sensitivity(constant))
    nothing = discover(study, "63", samples=64, names=["relief"])
    console.print(discovery_tables.discovery(nothing))
    text = console.export_text()
    assert "nothing drives it" in text and "holds at none of 128 draws" in text
    assert sensitivity_plots.index_plot(constant) and sensitivity_plots.tornado_plot(constant)
    assert "No box found" in discovery_plot(nothing).axes[0].get_title("left")
