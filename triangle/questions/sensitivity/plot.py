"""Pictures of what drives an outcome."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure as Plot
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from triangle.questions.sensitivity.drivers import MAIN, Sensitivities, Sensitivity
from triangle.questions.sensitivity.table import MEANINGS
from triangle.showing.blocks import words_of
from triangle.showing.phrases import Phrases, spoken, told, word, written
from triangle.showing.plots import (
    BLACK,
    BLUE,
    GREEN,
    ORANGE,
    PINK,
    SKY,
    YELLOW,
    fill,
    new_plot,
    panels_of,
    pt,
    short_text,
    sign,
    styled,
    titled,
)
from triangle.showing.statements import asked as asked_sentence
from triangle.showing.worded import at_the_foot, cautions_in_words, event, outcome

#: Colour and hatch of each kind of backing; the last one where an archive does not say.
KIND_LOOKS = {
    "figure": (BLUE, ""),
    "formula": (SKY, "////"),
    "estimate": (PINK, "\\\\\\\\"),
    "bounded": (YELLOW, "xx"),
    "judgement": (ORANGE, ""),
    "choice": (GREEN, "...."),
    "": ("#888888", ""),
}

#: Factors that are drawn.
MOST_BARS = 15


def _kind(found: Sensitivity, i: int) -> str:
    return found.kinds[i] if found.kinds else ""


def _kind_legend(axes: Any, kinds: set[str], extra: list[Any], loc: str, say: Phrases) -> None:
    handles: list[Any] = [
        Patch(**fill(*look), label=say.word(f"backing.{kind}"))
        for kind, look in KIND_LOOKS.items()
        if kind in kinds - {""}
    ]
    if handles or extra:
        axes.legend(handles=handles + extra, loc=loc, framealpha=0.95)


@styled
def index_plot(found: Sensitivity) -> Plot:
    """The foremost factors by the method's index with intervals, and the variance by kind where there is one."""
    plot = new_plot(10.0, _index_height(found))
    _indices(plot, found)
    titled(plot, _strongest(found), short_text(word(found.title)))
    _sign(plot, found)
    return plot


@styled
def questions_plot(asked: Sensitivities) -> Plot:
    """The same for each of the default questions, below each other."""
    return _below_each_other(asked, 11.0, _index_height, _indices, _strongest)


def _below_each_other(asked: Sensitivities, width: float, height: Any, draw: Any, finding: Any) -> Plot:
    """One row for each question, under its own title."""
    found, say = [one.sensitivity for one in asked.answers], spoken(asked.cast)
    heights = [height(one) for one in found]
    plot = new_plot(width, sum(heights))
    rows = plot.subfigures(len(found), 1, height_ratios=heights, squeeze=False)[:, 0]
    for row, one, question in zip(rows, found, asked.answers, strict=True):
        draw(row, one)
        titled(row, f"{words_of(asked_sentence(question.asked, say))} {finding(one)}", short_text(word(one.title)))
    _sign(plot, found[-1])
    return plot


def _strongest(found: Sensitivity) -> str:
    """The two factors of the largest index, or that nothing drives the outcome."""
    say = spoken(found.cast)
    if found.constant or not found.ranking:
        return say.word("finds.drives_nothing")
    first, *rest = (say.known("parameter", found.names[i]) for i in found.ranking[:2])
    if found.method != "sobol":
        return (
            say.word("finds.drives", first=first, second=rest[0])
            if rest
            else say.word("finds.drives_alone", first=first)
        )
    shares = [say.percent(float(np.clip(found.main.value[i], 0.0, 1.0))) for i in found.ranking[:2]]
    parts = [
        say("finds.drives_part", parameter=name, share=share)
        for name, share in zip((first, *rest), shares, strict=True)
    ]
    return say.word("finds.drives_shares", parts=words_of(say.listed(parts)))


def _widest(found: Sensitivity) -> str:
    """The factor that alone moves the outcome furthest, and between which values."""
    say = spoken(found.cast)
    if not found.swings:
        return say.word("finds.swings_nothing")
    name = max(found.swings, key=lambda one: abs(found.swings[one][1] - found.swings[one][0]))
    low, high = sorted(found.swings[name])
    if low == high:
        return say.word("finds.swings_nothing")
    ends = {"low": say.amount(low), "high": say.amount(high), "unit": say.unit(found.unit)}
    return say.word("finds.swings", parameter=say.known("parameter", name), **ends)


def _index_height(found: Sensitivity) -> float:
    return 2.4 + 0.32 * len(found.ranking[:MOST_BARS])


def _sign(plot: Any, found: Sensitivity) -> None:
    say = spoken(found.cast)
    inside = told(" · inside: {event}", event=words_of(event(found.inside, say))) if found.inside else ""
    measured = words_of(outcome(found.outcome, say))
    index = MAIN[found.method].replace("_", " ")
    method = found.method if index == found.method else f"{found.method}, {word(index)}"
    what = told(
        "scenario {scenario}: {measured}{inside} · {method} · {n} samples, seed {seed} · lines: intervals of 95 %",
        scenario=found.scenario,
        measured=measured,
        inside=inside,
        method=method,
        n=found.samples,
        seed=str(found.seed),
    )
    sign(plot, f"{what}{at_the_foot(cautions_in_words(found.cautions, say))}")


def _indices(plot: Any, found: Sensitivity) -> None:
    """The panels of one outcome."""
    top = found.ranking[:MOST_BARS]
    panels = panels_of(plot, 2, (3.2, 1.0)) if found.backing is not None else [plot.subplots()]
    axes = panels[0]
    main, is_sobol, say = found.main, found.method == "sobol", spoken(found.cast)
    for place, i in enumerate(top):
        colour, hatch = KIND_LOOKS[_kind(found, i)]
        axes.barh(place, main.value[i], **fill(colour, hatch), height=0.7)
        if main.low is not None and main.high is not None:
            axes.plot([main.low[i], main.high[i]], [place + 0.12] * 2, color=BLACK, linewidth=1.1)
        if is_sobol:
            first = found.indices["first"]
            assert first.low is not None and first.high is not None
            axes.plot([first.low[i], first.high[i]], [place - 0.15] * 2, color=BLACK, linewidth=0.8)
            axes.plot(first.value[i], place - 0.15, "D", color="white", markeredgecolor=BLACK, markersize=4.5)
    if found.floor is not None:
        axes.axvline(found.floor, color=BLACK, linestyle=":", linewidth=1.0)
        axes.text(found.floor, len(top) - 0.45, told(" chance"), fontsize=pt(8), va="bottom")
    axes.set_yticks(range(len(top)), [say.known("parameter", found.names[i]) for i in top])
    axes.set_ylim(len(top) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x")
    axes.axvline(0, color=BLACK, linewidth=0.8)
    unit = f", {say.unit(found.unit)}" if found.method == "morris" else ""
    axes.set_xlabel(f"{word(MEANINGS[found.method]).split('(')[0].strip()}{unit}", fontsize=pt(8.5))
    extra = []
    if is_sobol:
        extra = [
            Line2D([], [], marker="D", color="white", markeredgecolor=BLACK, linestyle="", label=told("first order"))
        ]
        _backing_panel(panels[1], found)
    _kind_legend(axes, {_kind(found, i) for i in range(len(found.names))}, extra, "lower right", say)


def _backing_panel(axes: Any, found: Sensitivity) -> None:
    """One column: what each kind accounts for by itself, the rest being interactions between kinds."""
    shares = found.by_backing
    below = 0.0
    for kind, share in shares.items():
        colour, hatch = KIND_LOOKS[kind]
        axes.bar(0, share, bottom=below, **fill(colour, hatch), width=0.6)
        if share >= 0.04:
            axes.text(0, below + share / 2, written(share, ".0%"), ha="center", va="center", fontsize=pt(8.5))
        below += share
    if below < 1:
        axes.bar(0, 1 - below, bottom=below, color="white", edgecolor=BLACK, width=0.6, linewidth=0.8)
    if 1 - below >= 0.08:  # there is room for it
        text = told("{share}\nbetween\nkinds", share=written(1 - below, ".0%"))
        axes.text(0, below + (1 - below) / 2, text, ha="center", va="center", fontsize=pt(8))
    axes.set(xlim=(-0.5, 0.5), ylim=(0, max(1.0, below)), xticks=[])
    axes.set_title(told("variance by what\nit rests on"), fontsize=pt(9))


@styled
def tornado_plot(found: Sensitivity) -> Plot:
    """The outcome with one factor alone at the ends of its range, the widest swing on top."""
    plot = new_plot(9.5, _index_height(found) - 0.2)
    _tornado(plot, found)
    titled(plot, _widest(found), short_text(word(found.title)))
    said = at_the_foot(cautions_in_words(found.cautions, spoken(found.cast)))
    template = "scenario {scenario}; one factor alone moves, all others where the scenario has them"
    sign(plot, f"{told(template, scenario=found.scenario)}{said}")
    return plot


@styled
def tornadoes_plot(asked: Sensitivities) -> Plot:
    """The same for each of the default questions, below each other."""
    return _below_each_other(asked, 10.5, _index_height, _tornado, _widest)


def _tornado(plot: Any, found: Sensitivity) -> None:
    """The bars of one outcome."""
    spans = sorted(found.swings.items(), key=lambda item: -abs(item[1][1] - item[1][0]))[:MOST_BARS]
    kinds = dict(zip(found.names, found.kinds or [""] * len(found.names), strict=True))
    axes, say = plot.subplots(), spoken(found.cast)
    base = found.base if found.base is not None else 0.0
    for place, (name, (low, high)) in enumerate(spans):
        colour, hatch = KIND_LOOKS[kinds[name]]
        left, right = min(base, low, high), max(base, low, high)
        axes.barh(place, right - left, left=left, **fill(colour, hatch), height=0.7)
        if low == high:
            text = told(" no change") if low == base else told(" {value} at both", value=written(low, ",.3g"))
            axes.text(low, place, text, va="center", fontsize=pt(7.5))
            continue
        for end, name in ((low, told("low")), (high, told("high"))):
            # An end on the same side as the other one and nearer lies inside the bar.
            inner = left < end < right
            side = "left" if (end >= base) != inner else "right"
            axes.text(end, place, f" {name} ", ha=side, va="center", fontsize=pt(7.5))
    axes.axvline(base, color=BLACK, linewidth=1.0)
    axes.set_yticks(range(len(spans)), [say.known("parameter", name) for name, _ in spans])
    axes.set_ylim(len(spans) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x")
    axes.use_sticky_edges = False
    axes.margins(x=0.1)
    axes.set_xlabel(
        told(
            "{measured}, {unit}; the line is the scenario's own, {base}",
            measured=words_of(outcome(found.outcome, say)),
            unit=say.unit(found.unit),
            base=written(base, ",.3g"),
        )
    )
    _kind_legend(axes, {kinds[name] for name, _ in spans}, [], "best", say)
