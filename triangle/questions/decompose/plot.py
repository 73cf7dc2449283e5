"""Pictures of the scenario calculus: shares of a joint effect, and gains on the same draws."""

from __future__ import annotations

from matplotlib.figure import Figure as Plot
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from triangle.questions.decompose.answer import Shares
from triangle.questions.contrast.answer import Contrast
from triangle.players.axes import COUNTRIES
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


@styled
def contrast_plot(contrast: Contrast) -> Plot:
    """Who gains and who loses in what share of the draws, and how much, by rule of selection."""
    players = list(dict.fromkeys(gain.player for gain in contrast.gains))
    plot = new_plot(12.0, 2.2 + 0.34 * len(contrast.gains))
    left, right = plot.subplots(1, 2)
    labels = []
    for place, gain in enumerate(g for p in players for g in contrast.gains if g.player == p):
        left.barh(place, gain.gains[0], color=GREEN, height=0.66, label="gains" if not place else None)
        left.barh(
            place,
            -gain.loses[0],
            color=ORANGE,
            hatch="////",
            edgecolor="white",
            height=0.66,
            label="loses" if not place else None,
        )
        left.plot([gain.gains[1], gain.gains[2]], [place] * 2, color=BLACK, linewidth=1.6)
        left.plot([-gain.loses[1], -gain.loses[2]], [place] * 2, color=BLACK, linewidth=1.6)
        right.plot(
            [gain.low, gain.high],
            [place] * 2,
            color="#999999",
            linewidth=2,
            label="5 to 95 % of draws" if not place else None,
        )
        right.plot(gain.median, place, "|", color=BLACK, markersize=11, label="median" if not place else None)
        right.errorbar(
            gain.mean,
            place,
            xerr=gain.half_width,
            fmt="D",
            color=BLUE,
            markersize=4.5,
            capsize=2,
            label="mean" if not place else None,
        )
        labels.append(f"{COUNTRIES[gain.player]}, {gain.rule}")
    for axes in (left, right):
        axes.axvline(0.0, color="#555555", linewidth=0.9)
        axes.set_ylim(len(labels) - 0.5, -0.5)
        axes.grid(axis="x")
    left.set_yticks(range(len(labels)), labels)
    left.set_xlim(-1.02, 1.02)
    left.set_xticks((-1, -0.5, 0, 0.5, 1), ("1", "0.5", "0", "0.5", "1"))
    left.set_xlabel("share of draws")
    right.set_yticks([])
    right.set_xlabel(f"gain, {UNIT}")
    handles = [h for axes in (left, right) for h in zip(*axes.get_legend_handles_labels(), strict=True)]
    plot.legend(*zip(*handles, strict=True), loc="outside lower right", ncols=5)
    title = f"Who gains by {contrast.second} over {contrast.first}"
    plot.suptitle(title if len(title) < 100 else title[:99] + "…", fontsize=11.5, fontweight="bold", x=0.01, ha="left")
    sign(plot, f"{contrast.samples:,} draws, seed {contrast.seed}, the same in both")
    return plot
