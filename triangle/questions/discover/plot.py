"""The picture of where an event happens."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure as Plot

from triangle.questions.discover.regions import Discovery
from triangle.showing.plots import (
    BLACK,
    BLUE,
    ORANGE,
    new_plot,
    panels_of,
    pt,
    question_title,
    short_text,
    sign,
    styled,
)


@styled
def discovery_plot(found: Discovery) -> Plot:
    """The first box against the ranges that were drawn, and the trajectory of coverage and density."""
    limits = found.boxes[0].limits if found.boxes else ()
    plot = new_plot(11.0, max(4.2, 2.2 + 0.4 * len(limits)))
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
    left.set_yticks(range(len(limits)), [limit.parameter for limit in limits])
    left.set(xlim=(0, 1), ylim=(max(len(limits), 1) - 0.4, -0.7))
    left.set_xticks([0, 1], ["low end", "high end"])
    left.tick_params(axis="y", length=0)
    fresh = found.boxes[0].fresh if found.boxes else found.base
    word = "First box" if found.boxes else "No box found; all draws"
    left.set_title(
        f"{word}: density {fresh.density:.0%}, coverage {fresh.coverage:.0%} on fresh draws", fontsize=pt(9.5)
    )
    _trajectory_panel(right, found)
    question_title(plot, found.title, f"Where does {short_text(found.event)} hold?")
    what = f"scenario {found.scenario} · three sets of {found.samples:,} draws, seed {found.seed}"
    sign(plot, f"{what}{found.cautions.at_the_foot}{f' · {found.shortfall}' if found.shortfall else ''}")
    return plot


def _trajectory_panel(axes: Any, found: Discovery) -> None:
    steps = found.trajectory
    axes.plot(
        [s.coverage for s in steps],
        [s.density for s in steps],
        "o",
        color="white",
        markeredgecolor=BLACK,
        markersize=4,
        label="where it was peeled",
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
    axes.set(xlabel="coverage: share of the event in the box", ylabel="density: share of the box with the event")
    axes.set(xlim=(-0.02, 1.05), ylim=(-0.02, float(np.clip(1.08 * top, 0.1, 1.08))))
    axes.set_title("Trajectory of the first box", fontsize=pt(9.5))
    axes.grid()
    axes.legend(loc="best")
