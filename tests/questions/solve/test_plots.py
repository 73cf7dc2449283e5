"""Every method of ``solve`` has a picture, whose title is what was found."""

from __future__ import annotations

from functools import cache
from typing import Any

import matplotlib as mpl
import pytest
from budgets import LARGE

import triangle
from triangle.questions.solve import plot as plots
from triangle.questions.solve.record import METHODS, Words
from triangle.showing.plots import Plot
from triangle.study.load import load
from triangle.study.study import Study


@cache
def asked_of(method: str) -> Study:
    """By default the branch of errors is that of one who is free, which is followed in half the time."""
    held = {"US": "contain_both", "CN": "align"} if method == "logit" and not LARGE else {}
    return load("rift_shock", hold=held)


@cache
def answered(method: str) -> Any:
    return METHODS[method].ask(asked_of(method), Words(order=((0,), (1, 2)), lam=0.05 if LARGE else 0.005))


@cache
def drawn(method: str) -> Plot:
    plot: Plot = getattr(plots, METHODS[method].plot)(asked_of(method), answered(method))
    if LARGE:
        plot.draw_without_rendering()
    for axes in plot.axes:  # by default it is not drawn, which would write no words but these
        axes.get_xticklabels(which="both")
        axes.get_yticklabels(which="both")
    return plot


def title(plot: Plot) -> str:
    return " ".join(plot.get_suptitle().split())


def texts(plot: Plot) -> str:
    return "\n".join(" ".join(artist.get_text().split()) for artist in plot.findobj(mpl.text.Text))


@pytest.fixture(scope="module")
def rift() -> Study:
    return load("rift_shock")


@pytest.mark.parametrize("method", METHODS)
def test_every_method_is_drawn_under_what_it_finds(rift: Study, method: str):
    plot = drawn(method)
    assert "?" not in title(plot) and title(plot).endswith(rift.scenario.title)
    assert "_" not in texts(plot).replace("rift_shock", "").replace("$_", ""), "a key is shown"
    assert "rift_shock" in texts(plot) and triangle.__version__ in texts(plot)


def test_the_picture_of_a_selection_marks_what_each_rule_picks(rift: Study):
    answer = answered("selection")
    filled = [line for line in drawn("selection").axes[0].lines if line.get_color() == plots.BLUE]
    assert len(filled) == sum(len(rule.chosen) for rule in answer.rules)  # type: ignore[union-attr]
    assert "pick the same equilibrium: US contain both, RU align, CN align" in title(drawn("selection"))


def test_the_picture_of_coalitions_has_their_worths_and_the_core(rift: Study):
    answer = answered("coalitions")
    left, right = drawn("coalitions").axes
    assert [bar.get_width() for bar in left.patches] == pytest.approx(list(answer.worth.values()))  # type: ignore[union-attr]
    vertices = answer.core_vertices  # type: ignore[union-attr]
    spans = [max(point[i] for point in vertices) - min(point[i] for point in vertices) for i in range(3)]
    assert [bar.get_width() for bar in right.patches] == pytest.approx(spans)


def test_the_picture_of_patience_has_a_row_for_each_posture_and_the_least_is_its_title(rift: Study):
    shown = plots.questions.interesting_profiles(rift)
    plot = drawn("repeated")
    assert len(plot.axes[0].get_yticklabels()) == len(shown)
    enough = answered("repeated").supports[-3]  # type: ignore[union-attr]
    present = {finding.profile for finding in rift.solve().findings}
    needs = [max(one.critical) for one in enough.profiles if one.profile in shown and one.profile not in present]
    assert f"next year counts {min(needs):.3f} of this one" in title(plot)


def test_the_picture_of_dominance_crosses_out_what_is_removed(rift: Study):
    assert "leaves 4 of 64 postures" in title(drawn("rationalizable"))
    crossed = [bar for bar in drawn("rationalizable").axes[0].patches if bar.get_hatch() == "xx"]
    assert len(crossed) == 12 - 5
