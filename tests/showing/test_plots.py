"""Plots: each draws every kind of answer, says what it shows in which unit, and is saved whole or refused clearly."""

from __future__ import annotations

import functools
import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import matplotlib as mpl
import numpy as np
import pytest
import xarray as xr
from budgets import LARGE, in_turn
from matplotlib.figure import Figure
from matplotlib.image import imread
from strategies import shipped

import triangle
from triangle.base.errors import BadInput
from triangle.questions.compare import plot as comparisons
from triangle.scenarios.scenario import read_scenario
from triangle.showing import plots
from triangle.showing.maps import sweep_plot
from triangle.showing.plots import Plot, sized
from triangle.showing.ternary import ternary_plot
from triangle.study.study import Answer, Study, study
from triangle.version import __version__

#: What a stranger may write in a title: mathematics that is none, markup, another alphabet.
HOSTILE = r"costs $5 and \frac{ $x^{ <svg> & «треугольник» 100 %"


@functools.cache
def played(name: str, hold: tuple[tuple[int, int], ...] = ()) -> Study:
    return study(shipped(), read_scenario(name, shipped()), dict(hold))


def made(payoffs: np.ndarray, hold: dict[int, int] | None = None) -> Study:
    """The baseline with other payoffs, all in one term."""
    s = study(shipped(), read_scenario("baseline", shipped()), hold)
    terms = {name: np.zeros_like(payoffs) for name in s.terms} | {"contest": payoffs}
    s.__dict__.update(payoffs=payoffs, terms=terms)
    return s


@functools.cache
def restless() -> Study:
    """A game without a pure equilibrium: one of two wants to be like the other, who wants to differ."""
    payoffs = np.zeros((3, 4, 4, 4))
    for ru in range(4):
        for cn in range(4):
            payoffs[1, :, ru, cn] = 10 * float((ru - cn) % 4 == 1)
            payoffs[2, :, ru, cn] = 10 * float(ru == cn)
    return made(payoffs)


@functools.cache
def indifferent() -> Study:
    """A game in which all 64 profiles are equilibria."""
    return made(np.zeros((3, 4, 4, 4)))


CASES = {
    "baseline": lambda: played("baseline"),
    "one held": lambda: played("courting_2025"),
    "all held": lambda: played("baseline", ((0, 0), (1, 1), (2, 1))),
    "no equilibrium": restless,
    "many equilibria": indifferent,
}
ALONE = {
    "solution": lambda s: plots.solution_plot(s, s.solve(), most=2),
    "payoff": lambda s: plots.payoff_plot(s, (0, 1, 1)),
}


@functools.cache
def words_in(kind: str, case: str) -> str:
    """All texts of a plot of one scenario, which is drawn once for all who read them."""
    return texts(drawn(ALONE[kind](CASES[case]())))


def compared(studies: Sequence[Study]) -> dict[str, Plot]:
    return comparisons.comparison_plots(studies, [s.solve() for s in studies])


def drawn(plot: Plot) -> Plot:
    """Draw it, so that everything that fails only then fails here; by default not laid out, as all saved ones are.

    To lay a picture out takes as long as to draw it, and moves its words without changing them.
    """
    if not LARGE:
        plot.set_layout_engine("none")
    plot.draw_without_rendering()
    return plot


def texts(plot: Plot) -> str:
    """All texts of a plot, its subfigures and axes."""
    return "\n".join(artist.get_text() for artist in plot.findobj(mpl.text.Text))


#: By default those of which other tests look at the words, and the other kind of the rest.
SHOWN = [(case, kind) for kind in ALONE for case in CASES]
OF_OTHERS = [("baseline", "solution"), ("all held", "solution"), ("no equilibrium", "solution")]
SOME_SHOWN = [*OF_OTHERS, ("one held", "payoff"), ("many equilibria", "payoff")]


@pytest.mark.parametrize(("case", "kind"), SHOWN if LARGE else SOME_SHOWN)
def test_a_plot_of_one_scenario_draws_and_names_scenario_unit_and_version(kind: str, case: str):
    s = CASES[case]()
    words = words_in(kind, case)
    assert s.scenario.name in words and s.scenario.title in words and f"triangle {__version__}" in words
    assert "billion US dollars per year" in words
    for country in ("United States", "Russia", "China"):
        assert country in words


def test_no_equilibrium_is_said_and_the_nearest_profile_drawn():
    words = words_in("solution", "no equilibrium")
    assert "no pure equilibrium; nearest:" in words and "would gain" in words


def test_all_held_has_no_margin_and_nobody_to_deviate():
    words = words_in("solution", "all held")
    assert "all players held" in words and words.count(": held") == 3 and "inf" not in words


def test_of_many_equilibria_a_few_are_drawn_and_the_rest_counted():
    plot = plots.solution_plot(indifferent(), indifferent().solve(), most=1)
    assert "63 more not drawn" in texts(plot)


def test_every_equilibrium_that_is_drawn_shows_its_margin_and_actions():
    s, words = played("baseline"), words_in("solution", "baseline")
    for finding in s.solve().findings:
        assert f"margin {finding.margin:,.1f} bn USD/yr" in words and str(finding.configuration) in words
    for action in ("contain both", "align", "oppose both"):
        assert action in words


COMPARED = {
    "all kinds": lambda: [played("baseline"), restless(), CASES["all held"](), played("courting_2025")],
    "none stable": lambda: [restless(), restless()],
    "one alone": lambda: [played("baseline")],
}


@pytest.mark.parametrize("case", COMPARED)
def test_every_comparison_draws_and_labels_its_axes(case: str):
    studies = COMPARED[case]()
    found = compared(studies)
    assert len(found) == 4
    for name, plot in found.items():
        words = texts(drawn(plot))
        assert f"triangle {__version__}" in words and f"{len(studies)} scenarios" in words, name
        for s in studies:
            assert s.scenario.name in words, name
        assert plot.get_suptitle() and "?" not in plot.get_suptitle(), f"{name} asks instead of saying what it finds"
        if name != "who_stands_how":
            labels = " ".join(axes.get_xlabel() for axes in plot.axes)
            assert "billion US dollars per year" in labels or "fraction" in labels, name


def test_the_bars_of_a_comparison_are_the_numbers_of_the_answers():
    studies = [played("baseline"), played("full_package")]
    answers: list[Answer] = [s.solve() for s in studies]
    findings = [finding for answer in answers for finding in answer.findings]
    gains = comparisons.gains_plot(studies, answers)
    for player, axes in enumerate(gains.axes):
        widths = [bar.get_width() for bar in axes.patches]
        assert widths == pytest.approx([f.payoffs[player] - findings[0].payoffs[player] for f in findings])
    shares = comparisons.bargaining_plot(studies, answers).axes[0].patches
    assert [bar.get_width() for bar in shares] == pytest.approx([f.bargaining_share_ru for f in findings])
    assert all(0.5 < bar.get_height() < 1.0 for bar in shares)  # rows are one apart, and no bar runs into the next


def test_the_stacked_bars_sum_to_the_payoff_and_to_that_of_the_deviation():
    s = played("baseline")
    panels = plots.payoff_plot(s, (0, 1, 1)).axes
    for deviation, axes in zip(s.deviations((0, 1, 1)), panels, strict=True):
        here = float(s.payoffs[(deviation.player, 0, 1, 1)])
        rows: dict[int, float] = {0: 0.0, 1: 0.0}
        for bar in axes.patches:
            rows[round(bar.get_y() + bar.get_height() / 2)] += bar.get_width()
        assert rows[0] == pytest.approx(here) and rows[1] == pytest.approx(here - deviation.loss)


def test_hostile_text_is_drawn_as_it_was_written():
    """A dollar sign is a dollar sign and not the beginning of a formula."""
    s = played("baseline")
    s = study(shipped(), replace(s.scenario, name=HOSTILE, title=HOSTILE))
    for plot in (ALONE["solution"](s), comparisons.stances_plot([s], [s.solve()])):
        assert HOSTILE in texts(drawn(plot))


def test_drawing_leaves_the_users_style_alone():
    before = dict(mpl.rcParams)
    drawn(ALONE["payoff"](played("baseline")))
    assert dict(mpl.rcParams) == before


@functools.cache
def swept(picture: str) -> xr.Dataset:
    """The games of a picture, which is drawn twice."""
    if picture == "map":
        return triangle.sweep("baseline", over={"relief": [0.0, 0.5, 1.0], "europe_joins": [0.0, 1.0]})
    return triangle.sweep("baseline", samples=16, method="logit")


def a_map() -> Plot:
    return sweep_plot(swept("map"), [played("baseline")])


def a_ternary() -> Plot:
    return ternary_plot(swept("ternary"), [played("baseline")])


def a_comparison() -> Plot:
    studies = COMPARED["all kinds" if LARGE else "one alone"]()
    return comparisons.margins_plot(studies, [s.solve() for s in studies])


PICTURES = {
    "solution": lambda: plots.solution_plot(indifferent(), indifferent().solve(), most=2 if LARGE else 1),
    "payoff": lambda: ALONE["payoff"](played("baseline")),
    "comparison": a_comparison,
    "map": a_map,
    "ternary": a_ternary,
}


LAID_OUT = in_turn(list(PICTURES), [None, "one-column"])


@pytest.mark.parametrize(("picture", "size"), LAID_OUT if LARGE else LAID_OUT[3:4])
def test_a_picture_laid_out_before_it_is_drawn_is_that_drawn_twice(picture: str, size: str | None, monkeypatch):
    def saved() -> bytes:
        with sized(size), plots.style(), mpl.rc_context({"svg.hashsalt": "same"}):
            file = io.BytesIO()
            PICTURES[picture]().savefig(file, format="svg", metadata={"Date": None})
        return file.getvalue()

    once = saved()
    monkeypatch.setattr(Plot, "draw", Figure.draw)
    assert once == saved()


@functools.cache
def kept_plot() -> Plot:
    """A plot that is saved more than once; by default a small one, as it matters only how it is written."""
    if LARGE:
        return plots.payoff_plot(played("baseline"), (0, 1, 1))
    plot = plots.new_plot(6.0, 3.0)
    plot.subplots().set_xlabel("billion US dollars per year")
    return plot


@pytest.mark.parametrize("ending", ["svg", "pdf", "PNG", *(["png"] if LARGE else [])])
def test_a_saved_file_is_whole(tmp_path: Path, ending: str):
    path = plots.save(kept_plot(), tmp_path / "new" / f"plot.{ending}")
    content = path.read_bytes()
    match ending.lower():
        case "png":
            height, width, _ = imread(io.BytesIO(content)).shape
            assert width > height > 300
        case "svg":
            assert ElementTree.fromstring(content).tag.endswith("svg")
            assert b"billion US dollars per year" in content, "texts stay texts"
            assert b"<dc:date>" not in content, "the same plot would differ from day to day"
        case "pdf":
            assert content.startswith(b"%PDF-") and content.rstrip().endswith(b"%%EOF")


@pytest.mark.parametrize("name", ["plot", "plot.txt", "plot.", ".png", "plot.png.exe"])
def test_another_ending_is_refused_with_those_that_are_known(tmp_path: Path, name: str):
    with pytest.raises(BadInput, match=r"--plot.*expected a file ending in one of \.png, \.svg, \.pdf"):
        plots.save(kept_plot(), tmp_path / name)


def test_a_place_that_cannot_be_written_is_answered_clearly(tmp_path: Path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(BadInput, match="cannot be written"):
        plots.save(kept_plot(), tmp_path / "file" / "plot.png")


@pytest.mark.skipif(not LARGE, reason="a table of any shipped scenario takes other numbers, its picture the same words")
@pytest.mark.parametrize("name", ["nixon_1972", "chinese_reaction"])
def test_shipped_scenarios_draw(name: str):
    drawn(ALONE["solution"](played(name)))
