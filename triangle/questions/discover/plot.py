"""The picture of where an event happens."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure as Plot

from triangle.questions.discover.regions import Discovery
from triangle.showing.phrases import Phrases, digits, noted, spoken, told, word, written
from triangle.showing.plots import (
    BLACK,
    BLUE,
    ORANGE,
    axis,
    fill_lines,
    new_plot,
    panels_of,
    pt,
    short_text,
    sign,
    styled,
    titled,
)
from triangle.showing.runs import plain, words_of
from triangle.showing.worded import at_the_foot, cautions_in_words, event, opened


@styled
def discovery_plot(found: Discovery) -> Plot:
    """The first box against the ranges that were drawn, and the trajectory of coverage and density."""
    say, limits = spoken(found.cast), found.boxes[0].limits if found.boxes else ()
    plot = new_plot(11.5, max(4.4, 2.4 + 0.5 * len(limits)))
    left, right = panels_of(plot, 2, (1.25, 1.0))
    for place, limit in enumerate(limits):
        span = limit.range_high - limit.range_low
        low = 0.0 if limit.low is None else (limit.low - limit.range_low) / span
        high = 1.0 if limit.high is None else (limit.high - limit.range_low) / span
        left.barh(place, 1.0, color="#DDDDDD", edgecolor="white", height=0.6)
        left.barh(place, high - low, left=low, color=ORANGE, edgecolor=BLACK, linewidth=0.6, height=0.6)
        for at, end, side in ((low, limit.low, "left"), (high, limit.high, "right")):
            if end is not None:
                left.text(at, place - 0.33, f" {written(end, '.3g')} ", ha=side, va="bottom", fontsize=pt(7.5))
        for at, end, side in ((0.0, limit.range_low, "left"), (1.0, limit.range_high, "right")):
            left.text(at, place + 0.32, written(end, ".3g"), ha=side, va="top", fontsize=pt(7), color="#777777")
    left.set_yticks(range(len(limits)), [axis(one.parameter, one.unit, say) for one in limits])
    left.set(xlim=(0, 1), ylim=(max(len(limits), 1) - 0.4, -0.7))
    left.set_xticks([0, 1], [told("low end of the range"), told("high end")])
    for text, side in zip(left.get_xticklabels(), ("left", "right"), strict=True):
        text.set_ha(side)
    left.tick_params(axis="y", length=0)
    fresh = found.boxes[0].fresh if found.boxes else found.base
    template = (
        "Inside the first box {density} of fresh draws have it; these are {coverage} of all that have it"
        if found.boxes
        else "No box found; over all draws {density} of fresh draws have it; these are {coverage} of all that have it"
    )
    shares = {"density": written(fresh.density, ".0%"), "coverage": written(fresh.coverage, ".0%")}
    left.set_title(fill_lines(told(template, **shares), 62), fontsize=pt(9.5))
    if not found.boxes:
        text = fill_lines(f"{opened(noted(found.note))}." if found.note else told("No box."), 46)
        left.text(0.5, 0.5, text, transform=left.transAxes, ha="center", va="center", color="#555555")
        left.set_axis_off()
    _trajectory_panel(right, found)
    titled(plot, _where(found, say), short_text(word(found.title)))
    template = "scenario {scenario} · three sets of {n} draws, seed {seed}"
    what = told(template, scenario=found.scenario, n=found.samples, seed=str(found.seed))
    short = found.shortfall(told, digits)
    sign(plot, f"{what}{at_the_foot(cautions_in_words(found.cautions, say))}{f' · {short}' if short else ''}")
    return plot


def _where(found: Discovery, say: Phrases) -> str:
    """The densest box on fresh draws against all draws, or that no box is as dense as was asked for."""
    places = {"event": opened(words_of(event(found.event, say))), "all": say.percent(found.base.density)}
    if not found.boxes:
        return say.word("finds.no_box", **places)
    best = max(found.boxes, key=lambda box: box.density)
    places["share"] = say.percent(best.density)
    if not found.reaches_density:
        return say.word("finds.thin_box", wanted=say.percent(found.wanted_density), **places)
    names = say.listed([plain(say.known("parameter", limit.parameter)) for limit in best.limits])
    return say.word("finds.box", parameters=words_of(names), **places)


def _trajectory_panel(axes: Any, found: Discovery) -> None:
    steps = found.trajectory
    axes.plot(
        [s.coverage for s in steps],
        [s.density for s in steps],
        "o",
        color="white",
        markeredgecolor=BLACK,
        markersize=4,
        label=told("on the draws that it was cut on"),
    )
    axes.plot(
        [s.checked_coverage for s in steps],
        [s.checked_density for s in steps],
        "o-",
        color=BLUE,
        markersize=4,
        linewidth=1.2,
        label=told("on other draws"),
    )
    for place, box in enumerate(found.boxes, 1):
        axes.plot(box.coverage, box.density, "*", color=ORANGE, markeredgecolor=BLACK, markersize=13)
        axes.annotate(
            str(place), (box.coverage, box.density), xytext=(7, 5), textcoords="offset points", fontsize=pt(9)
        )
    axes.axhline(found.base.density, color=BLACK, linestyle=":", linewidth=1.0, label=told("all draws"))
    if found.boxes:
        star = {"color": ORANGE, "markeredgecolor": BLACK, "markersize": 11, "linestyle": ""}
        axes.plot([], [], "*", label=told("boxes, fresh"), **star)
    top = max([s.density for s in steps] + [s.checked_density for s in steps] + [found.base.density], default=1.0)
    axes.set(
        xlabel=told("share of the event that the box holds (coverage)"),
        ylabel=told("share of the box with the event (density)"),
    )
    axes.set(xlim=(-0.02, 1.05), ylim=(-0.02, float(np.clip(1.08 * top, 0.1, 1.08))))
    axes.set_title(told("The first box, cut ever smaller"), fontsize=pt(9.5))
    axes.grid()
    axes.legend(loc="best")
