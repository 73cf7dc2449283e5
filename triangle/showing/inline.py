"""Matplotlib's pictures of the report, as SVG that lives inside a page.

Text stays text, ink and paper follow the page's colours (so that a dark page has light ink), identifiers are unique in
the page and the same in every run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import matplotlib as mpl
import numpy as np
from numpy.typing import NDArray

from triangle.games.bitboards import profiles_of
from triangle.players.configurations import configurations
from triangle.showing.blocks import (
    Text,
    words_of,
)
from triangle.showing.maps import Look, draw_regions, draw_standpoints
from triangle.showing.phrases import Phrases
from triangle.showing.plots import BLACK, BLUE, ORANGE, Plot, as_svg, new_plot, pt, styled
from triangle.study.study import Deviation, Study

#: Matplotlib's greys, and what stands for them in the page.
_INKS = {
    "#000000": "currentColor",
    "#ffffff": "var(--paper)",
    "#555555": "var(--muted)",
    "#d8d8d8": "var(--rule)",
}

_REFERRED = re.compile(r'(?:url\(#|href="#)([\w.:-]+)')
_ID = re.compile(r' id="([^"]*)"')
_FONT = re.compile(r"font: ([^;\"]*?)'DejaVu Sans'[^;\"]*")


def inline(plot: Plot, key: str, title: Text, description: Text) -> str:
    """A plot as an SVG element for a page, with a title and a description for those who do not see it.

    Parameters
    ----------
    key : str
        Beginning of all identifiers, unique in the page.
    """
    drawing = as_svg(plot, key)
    drawing = drawing[drawing.index("<svg") :]
    drawing = re.sub(r"<metadata>.*?</metadata>", "", drawing, flags=re.DOTALL)
    drawing = re.sub(r"<!--.*?-->", "", drawing, flags=re.DOTALL)
    referred = set(_REFERRED.findall(drawing))
    drawing = _ID.sub(lambda found: f' id="{key}-{found[1]}"' if found[1] in referred else "", drawing)
    drawing = _REFERRED.sub(lambda found: found[0].replace(found[1], f"{key}-{found[1]}"), drawing)
    for colour, word in _INKS.items():
        drawing = drawing.replace(colour, word)
    drawing = _FONT.sub(r"font: \1system-ui, sans-serif", drawing)
    drawing = re.sub(r"\n\s*", "\n", drawing)
    head, _, body = drawing.partition(">")
    view = re.search(r'viewBox="([^"]*)"', head)
    width = float(view[1].split()[2]) if view else 0.0
    opened = (
        f'<svg class="plot" viewBox="{view[1] if view else ""}" style="--width: {width:.0f}px" '
        'fill="currentColor" role="img" '
        f"aria-labelledby={quoteattr(f'{key}-t {key}-d')}>"
        f"<title id={quoteattr(f'{key}-t')}>{escape(words_of(title))}</title>"
        f"<desc id={quoteattr(f'{key}-d')}>{escape(words_of(description))}</desc>"
    )
    return opened + body.strip()


@styled
def terms_plot(deviations: Sequence[Deviation], say: Phrases) -> Plot:
    """What each term adds to each player's loss by its best deviation: right of zero it holds, left it tempts."""
    names = [n for n in deviations[0].by_term if any(abs(d.by_term[n]) >= 0.05 for d in deviations)]
    plot = new_plot(8.6, 1.25 + 0.27 * (len(names) + 1))
    panels = plot.subplots(1, len(deviations), sharey=True, squeeze=False)[0]
    for axes, deviation in zip(panels, deviations, strict=True):
        parts = [deviation.by_term[name] for name in names]
        everything = [*parts, deviation.loss]
        colours = [BLUE if part >= 0 else ORANGE for part in parts]
        hatches = ["" if part >= 0 else "////" for part in parts]
        axes.barh(range(len(parts)), parts, color=colours, hatch=hatches, edgecolor="white", height=0.66)
        axes.barh(len(parts), deviation.loss, color=BLACK, height=0.5)
        for place, part in enumerate(everything):
            side = {"ha": "left", "text": " "} if part >= 0 else {"ha": "right", "text": ""}
            label = say.signed(part) if abs(part) >= 0.05 or place == len(parts) else ""
            axes.text(part, place, f"{side['text']}{label} ", va="center", ha=side["ha"], fontsize=pt(7.5))
        axes.axvline(0, color=BLACK, linewidth=0.8)
        axes.grid(axis="x")
        axes.margins(x=0.3)
        axes.tick_params(axis="y", length=0)
        axes.xaxis.set_major_locator(mpl.ticker.MaxNLocator(3))
        axes.xaxis.set_major_formatter(lambda value, _: say.number(value, 0))
        axes.set_title(
            say.word(
                "plot.instead",
                player=say.country(say.cast.codes[deviation.player]),
                action=say.action(deviation.player, deviation.to),
            ),
            fontsize=pt(9),
        )
    panels[0].set_yticks(range(len(names) + 1), [*(say.known("term", n) for n in names), say.word("plot.sum")])
    panels[0].invert_yaxis()
    plot.supxlabel(say.word("plot.terms", unit=say.unit("bn USD/yr")), fontsize=pt(8.5))
    return plot


@dataclass(frozen=True)
class MapPanel:
    """One scenario on the map: its sets of equilibria by number ``[x, y]``."""

    study: Study
    name: str
    numbers: NDArray[np.int64]


@styled
def map_plot(
    panels: Sequence[MapPanel],
    axes_names: tuple[str, str],
    nodes: tuple[NDArray[np.float64], NDArray[np.float64]],
    looks: Mapping[int, Look],
    say: Phrases,
) -> Plot:
    """The set of equilibria over two parameters, one panel a scenario, with where the scenario and the documents stand.

    Letters stand in the regions; the legend is a table below, so that it can be read aloud and translated.
    """
    columns = min(3, len(panels))
    rows = -(-len(panels) // columns)
    plot = new_plot(max(5.2, 2.9 * columns), 2.9 * rows + 0.5)
    grid = plot.subplots(rows, columns, squeeze=False, sharex=True, sharey=True).ravel()
    x, y = axes_names
    for axes, panel in zip(grid, panels, strict=False):
        draw_regions(axes, *nodes, panel.numbers, looks)
        draw_standpoints(axes, x, y, panel.study)
        axes.set_title(panel.name, fontsize=pt(9), fontweight="normal")
        _write_numbers(axes, say)
    for axes in grid[len(panels) :]:
        axes.axis("off")
    units = [panels[0].study.model.catalogue[name].unit for name in axes_names]
    plot.supxlabel(say.word("plot.axis", name=say.known("parameter", x), unit=say.unit(units[0])), fontsize=pt(9))
    plot.supylabel(
        fill(say.word("plot.axis", name=say.known("parameter", y), unit=say.unit(units[1])), 44), fontsize=pt(9)
    )
    return plot


def _write_numbers(axes: Any, say: Phrases) -> None:
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(mpl.ticker.MaxNLocator(5))
        axis.set_major_formatter(lambda value, _: say.value(round(value, 10)))


@styled
def bars_plot(
    labels: Sequence[str],
    series: Sequence[tuple[str, Sequence[float], Sequence[float] | None, Sequence[float] | None]],
    axis: str,
    say: Phrases,
) -> Plot:
    """Horizontal bars with whiskers, one group a label: name, values, low and high ends of each series."""
    plot = new_plot(8.0, 1.0 + len(labels) * (0.2 + 0.17 * len(series)))
    axes = plot.subplots()
    height = 0.8 / len(series)
    looks = [(BLUE, ""), (ORANGE, "////"), ("#888888", ""), ("#009E73", "....")]
    for number, (name, values, low, high) in enumerate(series):
        places = np.arange(len(labels)) + (number - (len(series) - 1) / 2) * height
        colour, hatch = looks[number % len(looks)]
        drawn = np.asarray(values, dtype=np.float64)
        axes.barh(places, drawn, height * 0.9, color=colour, hatch=hatch, edgecolor="white", linewidth=0, label=name)
        if low is not None and high is not None:
            whiskers = np.abs(np.stack([drawn - np.asarray(low), np.asarray(high) - drawn]))
            axes.errorbar(drawn, places, xerr=whiskers, fmt="none", ecolor=BLACK, elinewidth=1.0, capsize=2)
    axes.set_yticks(range(len(labels)), [fill(label, 30) for label in labels])
    axes.invert_yaxis()
    axes.axvline(0, color=BLACK, linewidth=0.8)
    axes.grid(axis="x")
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel(axis)
    axes.xaxis.set_major_formatter(lambda value, _: say.value(round(value, 10)))
    if len(series) > 1:
        axes.legend(loc="lower right")
    return plot


def set_words(mask: int, say: Phrases) -> Text:
    """A set of equilibria in words: each triangle with who does what."""
    profiles = profiles_of(mask)
    if not profiles:
        return say("no_equilibrium")
    listed = [
        say("map.entry", triangle=say.triangle(configurations(say.cast)[p]), posture=say.posture(say.cast.profiles[p]))
        for p in profiles
    ]
    return say.chained(listed, "list.semicolon")
