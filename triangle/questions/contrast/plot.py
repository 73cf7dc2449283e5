"""The picture of gains on the same draws."""

from __future__ import annotations

from collections.abc import Mapping

from matplotlib.figure import Figure as Plot

from triangle.base.errors import BadInput, Fault
from triangle.players.axes import RU
from triangle.questions.contrast.answer import Contrast
from triangle.questions.contrast.table import NAMES
from triangle.showing.phrases import digits, spoken, told
from triangle.showing.plots import (
    BLACK,
    BLUE,
    GREEN,
    ORANGE,
    columns_of,
    fill,
    new_plot,
    panels_of,
    sign,
    styled,
    titled,
)

#: Colour and hatch of gains and losses.
GAIN, LOSS = (GREEN, ""), (ORANGE, "////")


@styled
def contrast_plot(contrast: Contrast, titles: Mapping[str, str] = NAMES) -> Plot:
    """Who gains and who loses in what share of the draws, and how much, by rule of selection."""
    if not contrast.is_counted_alike:
        first, second = (counted or "something else" for counted in contrast.yardsticks)
        message = f"{contrast.first} is counted in {first}, {contrast.second} in {second}; gains cannot be drawn"
        raise BadInput(Fault("--plot", "", message))
    players = list(dict.fromkeys(gain.player for gain in contrast.gains))
    plot = new_plot(12.0, 2.2 + 0.34 * len(contrast.gains))
    left, right = panels_of(plot, 2)
    labels, say = [], spoken(contrast.cast)
    for place, gain in enumerate(g for p in players for g in contrast.gains if g.player == p):
        left.barh(place, gain.gains[0], **fill(*GAIN), height=0.66, label=told("gains") if not place else None)
        left.barh(
            place,
            -gain.loses[0],
            **fill(*LOSS),
            height=0.66,
            label=told("loses") if not place else None,
        )
        left.plot([gain.gains[1], gain.gains[2]], [place] * 2, color=BLACK, linewidth=1.6)
        left.plot([-gain.loses[1], -gain.loses[2]], [place] * 2, color=BLACK, linewidth=1.6)
        right.plot(
            [gain.low, gain.high],
            [place] * 2,
            color="#999999",
            linewidth=2,
            label=told("5 to 95 % of draws") if not place else None,
        )
        right.plot(gain.median, place, "|", color=BLACK, markersize=11, label=told("median") if not place else None)
        right.errorbar(
            gain.mean,
            place,
            xerr=gain.half_width,
            fmt="D",
            color=BLUE,
            markersize=4.5,
            capsize=2,
            label=told("mean") if not place else None,
        )
        labels.append(f"{say.country(gain.player)}, {say.known('rule', gain.rule)}")
    for axes in (left, right):
        axes.axvline(0.0, color="#555555", linewidth=0.9)
        axes.set_ylim(len(labels) - 0.5, -0.5)
        axes.grid(axis="x")
    left.set_yticks(range(len(labels)), labels)
    left.set_xlim(-1.02, 1.02)
    left.set_xticks((-1, -0.5, 0, 0.5, 1), tuple(map(digits, ("1", "0.5", "0", "0.5", "1"))))
    left.set_xlabel(told("share of draws"))
    right.set_yticks(*(([],) if columns_of(2) > 1 else (range(len(labels)), labels)))
    right.set_xlabel(told("gain, billion US dollars per year"))
    handles = [h for axes in (left, right) for h in zip(*axes.get_legend_handles_labels(), strict=True)]
    plot.legend(*zip(*handles, strict=True), loc="outside lower right", ncols=5 if columns_of(5) == 5 else 3)
    titled(plot, _gains(contrast, titles))
    seed = str(contrast.seed)
    drawn = told("{n} draws, seed {seed}, the same in both", n=contrast.samples, seed=seed)
    sign(plot, f"{contrast.first}, {contrast.second} · {drawn}")
    return plot


def _gains(contrast: Contrast, titles: Mapping[str, str]) -> str:
    """In what share of the draws Russia gains and loses, under the first rule of selection."""
    say = spoken(contrast.cast)
    code = contrast.cast.codes[RU]
    own = next((gain for gain in contrast.gains if gain.player == code), contrast.gains[0])
    return say.word(
        "finds.contrast",
        player=say.opening(own.player),
        second=titles.get(contrast.second, contrast.second),
        first=titles.get(contrast.first, contrast.first),
        gains=say.percent(own.gains[0]),
        loses=say.percent(own.loses[0]),
    )
