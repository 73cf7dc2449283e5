"""The picture of the shares of a joint effect."""

from __future__ import annotations

from matplotlib.figure import Figure as Plot
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from triangle.questions.decompose.answer import Shares
from triangle.showing.plots import BLACK, BLUE, GREEN, ORANGE, RED, UNIT, new_plot, sign, styled


@styled
def shares_plot(shares: Shares) -> Plot:
    """A waterfall of the shares from start to end, with what each change does alone and last."""
    plot = new_plot(10.5, 2.4 + 0.42 * (len(shares.shares) + 2))
    axes = plot.subplots()
    names = ["start", *(share.name.replace("_", " ") for share in shares.shares), "end"]
    at = shares.start
    axes.plot([at, at], [-0.36, 0.36], color=BLACK, linewidth=3)
    for place, share in enumerate(shares.shares, 1):
        colour = GREEN if share.shapley >= 0 else RED
        axes.barh(place, share.shapley, left=at, color=colour, height=0.6)
        for value, marker, look in ((share.alone, "^", ORANGE), (share.last, "v", BLUE)):
            axes.plot(at + value, place, marker, color=look, markersize=6, markeredgecolor="white", zorder=3)
        axes.plot([at + share.shapley] * 2, [place - 0.3, place + 1.3], color="#777777", linewidth=0.8, linestyle=":")
        at += share.shapley
    axes.plot([shares.end] * 2, [len(names) - 1.36, len(names) - 0.64], color=BLACK, linewidth=3)
    axes.use_sticky_edges = False
    axes.margins(x=0.05)
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_xlabel(f"{shares.outcome}, {UNIT if shares.unit == 'bn USD/yr' else shares.unit}")
    axes.grid(axis="x")
    handles = [
        Line2D([], [], marker="^", linestyle="none", color=ORANGE, label="the change alone, made first"),
        Line2D([], [], marker="v", linestyle="none", color=BLUE, label="after all others"),
        Patch(color=GREEN, label="Shapley share, up"),
        Patch(color=RED, label="down"),
    ]
    plot.legend(handles=handles, loc="outside lower right", ncols=4)
    title = f"{shares.scenario}: what makes the difference to {shares.base}"
    plot.suptitle(title if len(title) < 100 else title[:99] + "…", fontsize=11.5, fontweight="bold", x=0.01, ha="left")
    sign(plot, f"all {shares.subsets:,} subsets of the changes")
    return plot
