"""The picture of where an event happens."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure as Plot

from triangle.questions.discover.regions import Discovery
from triangle.showing.phrases import Phrases, in_english
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
from triangle.showing.worded import cautions_in_words, event, opened


@styled
def discovery_plot(found: Discovery) -> Plot:
    """The first box against the ranges that were drawn, and the trajectory of coverage and density."""
    say, limits = in_english(found.cast), found.boxes[0].limits if found.boxes else ()
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
                left.text(at, place - 0.33, f" {end:.3g} ", ha=side, va="bottom", fontsize=pt(7.5))
        for at, end, side in ((0.0, limit.range_low, "left"), (1.0, limit.range_high, "right")):
            left.text(at, place + 0.32, f"{end:.3g}", ha=side, va="top", fontsize=pt(7), color="#777777")
    left.set_yticks(range(len(limits)), [axis(one.parameter, one.unit, say) for one in limits])
    left.set(xlim=(0, 1), ylim=(max(len(limits), 1) - 0.4, -0.7))
    left.set_xticks([0, 1], ["low end of the range", "high end"])
    for text, side in zip(left.get_xticklabels(), ("left", "right"), strict=True):
        text.set_ha(side)
    left.tick_params(axis="y", length=0)
    fresh = found.boxes[0].fresh if found.boxes else found.base
    word = "Inside the first box" if found.boxes else "No box found; over all draws"
    told = f"{word} {fresh.density:.0%} of fresh draws have it; these are {fresh.coverage:.0%} of all that have it"
    left.set_title(fill_lines(told, 62), fontsize=pt(9.5))
    if not found.boxes:
        text = fill_lines(f"{found.note[:1].upper()}{found.note[1:]}." if found.note else "No box.", 46)
        left.text(0.5, 0.5, text, transform=left.transAxes, ha="center", va="center", color="#555555")
        left.set_axis_off()
    _trajectory_panel(right, found)
    titled(plot, _where(found, say), short_text(found.title))
    what = f"scenario {found.scenario} · three sets of {found.samples:,} draws, seed {found.seed}"
    more = f" · {found.shortfall}" if found.shortfall else ""
    sign(plot, f"{what}{cautions_in_words(found.cautions, say).at_the_foot}{more}")
    return plot


def _where(found: Discovery, say: Phrases) -> str:
    """The densest box on fresh draws against all draws, or that no box is as dense as was asked for."""
    told = {"event": opened(words_of(event(found.event, say))), "all": say.percent(found.base.density)}
    if not found.boxes:
        return say.word("finds.no_box", **told)
    best = max(found.boxes, key=lambda box: box.density)
    told["share"] = say.percent(best.density)
    if not found.reaches_density:
        return say.word("finds.thin_box", wanted=say.percent(found.wanted_density), **told)
    names = say.listed([plain(say.known("parameter", limit.parameter)) for limit in best.limits])
    return say.word("finds.box", parameters=words_of(names), **told)


def _trajectory_panel(axes: Any, found: Discovery) -> None:
    steps = found.trajectory
    axes.plot(
        [s.coverage for s in steps],
        [s.density for s in steps],
        "o",
        color="white",
        markeredgecolor=BLACK,
        markersize=4,
        label="on the draws that it was cut on",
    )
    axes.plot(
        [s.checked_coverage for s in steps],
        [s.checked_density for s in steps],
        "o-",
        color=BLUE,
        markersize=4,
        linewidth=1.2,
        label="on other draws",
    )
    for place, box in enumerate(found.boxes, 1):
        axes.plot(box.coverage, box.density, "*", color=ORANGE, markeredgecolor=BLACK, markersize=13)
        axes.annotate(
            str(place), (box.coverage, box.density), xytext=(7, 5), textcoords="offset points", fontsize=pt(9)
        )
    axes.axhline(found.base.density, color=BLACK, linestyle=":", linewidth=1.0, label="all draws")
    if found.boxes:
        axes.plot([], [], "*", color=ORANGE, markeredgecolor=BLACK, markersize=11, linestyle="", label="boxes, fresh")
    top = max([s.density for s in steps] + [s.checked_density for s in steps] + [found.base.density], default=1.0)
    axes.set(
        xlabel="share of the event that the box holds (coverage)", ylabel="share of the box with the event (density)"
    )
    axes.set(xlim=(-0.02, 1.05), ylim=(-0.02, float(np.clip(1.08 * top, 0.1, 1.08))))
    axes.set_title("The first box, cut ever smaller", fontsize=pt(9.5))
    axes.grid()
    axes.legend(loc="best")
