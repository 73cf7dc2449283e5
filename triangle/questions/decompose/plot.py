"""The picture of the shares of a joint effect."""

from __future__ import annotations

from matplotlib.figure import Figure as Plot
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from triangle.questions.decompose.answer import Shares
from triangle.questions.decompose.table import change_text, number
from triangle.showing.phrases import Phrases, spoken, told, word
from triangle.showing.plots import (
    BLACK,
    BLUE,
    GREEN,
    ORANGE,
    RED,
    UNIT,
    columns_of,
    fill,
    new_plot,
    sign,
    styled,
    titled,
)
from triangle.showing.runs import words_of
from triangle.showing.worded import opened, outcome

#: Colour and hatch of shares that push up and down.
UP, DOWN = (GREEN, ""), (RED, "////")


@styled
def shares_plot(shares: Shares) -> Plot:
    """A waterfall of the shares from start to end, with what each change does alone and last."""
    plot = new_plot(10.5, 2.4 + 0.42 * (len(shares.shares) + 2))
    axes = plot.subplots()
    say = spoken(shares.cast)
    names = [told("start"), *(change_text(share.name, say) for share in shares.shares), told("end")]
    at = shares.start
    axes.plot([at, at], [-0.36, 0.36], color=BLACK, linewidth=3)
    for place, share in enumerate(shares.shares, 1):
        look = UP if share.shapley >= 0 else DOWN
        axes.barh(place, share.shapley, left=at, **fill(*look), height=0.6)
        for value, marker, colour in ((share.alone, "^", ORANGE), (share.last, "v", BLUE)):
            axes.plot(at + value, place, marker, color=colour, markersize=6, markeredgecolor="white", zorder=3)
        axes.plot([at + share.shapley] * 2, [place - 0.3, place + 1.3], color="#777777", linewidth=0.8, linestyle=":")
        at += share.shapley
    axes.plot([shares.end] * 2, [len(names) - 1.36, len(names) - 0.64], color=BLACK, linewidth=3)
    axes.use_sticky_edges = False
    axes.margins(x=0.05)
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.4, -0.6)
    unit = word(UNIT) if shares.unit == "bn USD/yr" else say.unit(shares.unit)
    axes.set_xlabel(f"{words_of(outcome(shares.outcome, say))}, {unit}")
    axes.grid(axis="x")
    handles = [
        Line2D([], [], marker="^", linestyle="none", color=ORANGE, label=told("the change alone, made first")),
        Line2D([], [], marker="v", linestyle="none", color=BLUE, label=told("after all others")),
        Patch(**fill(*UP), label=told("Shapley share, up")),
        Patch(**fill(*DOWN), label=told("down")),
    ]
    plot.legend(handles=handles, loc="outside lower right", ncols=2 * columns_of(2))
    titled(plot, _largest(shares, say))
    template = "{scenario} against {base} · all {n} subsets of the changes"
    sign(plot, told(template, scenario=shares.scenario, base=word(shares.base), n=shares.subsets), 0.4)
    return plot


def _largest(shares: Shares, say: Phrases) -> str:
    """How far the changes take the outcome, and which of them has the largest share."""
    what = {"outcome": opened(words_of(outcome(shares.outcome, say))), "unit": say.unit(shares.unit)}
    if shares.start == shares.end:
        return say.word("finds.no_effect", outcome=what["outcome"], value=number(shares.start, shares.unit))
    largest = max(shares.shares, key=lambda share: abs(share.shapley))
    ends = {"start": number(shares.start, shares.unit), "end": number(shares.end, shares.unit)}
    part = {"change": change_text(largest.name, say), "share": number(largest.shapley, shares.unit)}
    return say.word("finds.effect", **what, **ends, **part)
