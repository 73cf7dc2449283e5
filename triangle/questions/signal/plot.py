"""Pictures of what an acceptance tells: maps by kind with the posterior as lines, and the tree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure as Plot
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from triangle.questions.signal.record import Map, Signal
from triangle.questions.signal.table import most_of_map, notes, odds
from triangle.showing.blocks import words_of
from triangle.showing.phrases import Phrases, spoken, told, word, written
from triangle.showing.plots import BLUE, fill, new_plot, pt, sign, styled

#: Colour and hatch of each kind, told apart by people who see colours differently and in grey.
_LOOKS = (("#009E73", "//"), ("#E69F00", ""), ("#56B4E9", ".."), ("#999999", "\\\\"), ("#555555", ""))
_TITLES = {
    "prior": "prior of the {type} type", "watch": "watch, years", "observe": "pocketing is seen with probability",
    "relief": "relief", "conditionality": "conditionality",
}  # fmt: skip


def _axis(name: str, found: Signal) -> str:
    """What an axis of a map is called."""
    return told(_TITLES.get(name, name.replace("_", " ")), type=word(found.types[1]))


def signal_plots(found: Signal) -> dict[str, Plot]:
    """Every map and the tree, by name."""
    plots = {f"map_{one.names[0]}_{one.names[1]}": map_plot(found, one) for one in found.maps}
    return {**plots, "tree": tree_plot(found)}


def titled(plot: Plot, text: str) -> None:
    """A title over the whole picture."""
    plot.suptitle(text, fontsize=pt(11.5), fontweight="bold", x=0.01, ha="left")


@styled
def map_plot(found: Signal, one: Map) -> Plot:
    """One map: kinds as areas, the posterior after what looks like delivery as lines, the judged point as a cross."""
    plot = new_plot(7.6, 6.0)
    axes = plot.subplots()
    draw_map(axes, found, one, spoken(found.cast), [_axis(name, found) for name in one.names])
    titled(plot, most_of_map(found.scenario, found.kinds, one))
    sign(plot, notes(found))
    return plot


def draw_map(axes: Axes, found: Signal, one: Map, say: Phrases, labels: Sequence[str]) -> None:
    """Kinds, posterior and the judged point on given axes, in the words of a language."""
    numbers = {name: getattr(found, name) for name in ("prior", "watch", "observe", "relief", "conditionality")}
    second = words_of(say.translated(found.types[1], 80))
    kinds = [say.word(f"signal.kind.{place}") for place in range(len(found.kinds))]
    handles = areas(axes, one, kinds, numbers, labels, say.word("signal.picture.posterior", type=second))
    if found.threshold is not None and one.names[0] == "prior":
        axes.axvline(found.threshold, color="black", linewidth=2.4)
        text = say.word("signal.picture.indifferent", code=found.offering, p=odds(say, found.threshold))
        handles.append(Line2D([], [], color="black", linewidth=2.4, label=text))
    explain(axes, handles)


def areas(
    axes: Axes, one: Map, kinds: Sequence[str], numbers: Mapping[str, float], labels: Sequence[str], belief: str
) -> list[Any]:
    """Kinds as areas with the posterior as lines, and a cross at the numbers that were asked; what a legend shows."""
    placed = np.array(one.kinds)
    across, up = np.array(one.first), np.array(one.second)
    axes.pcolormesh(
        across, up, placed, cmap=ListedColormap([look[0] for look in _LOOKS]), vmin=-0.5, vmax=len(_LOOKS) - 0.5,
        shading="nearest", rasterized=True, alpha=0.75,
    )  # fmt: skip
    for place, (_, hatch) in enumerate(_LOOKS):
        if hatch and (placed == place).any():
            axes.contourf(
                across, up, (placed == place).astype(float), levels=[0.5, 1.5], colors="none", hatches=[hatch]
            )
    if set(one.names) <= set(numbers):
        axes.plot(*(numbers[name] for name in one.names), marker="X", markersize=pt(11), color="black",
                  markeredgecolor="white", clip_on=False, zorder=5)  # fmt: skip
    axes.set_xlim(across[0], across[-1])
    axes.set_ylim(up[0], up[-1])
    axes.set_xlabel(labels[0])
    axes.set_ylabel(labels[1])
    believed = np.array([[np.nan if x is None else x for x in row] for row in one.posterior], dtype=np.float64)
    handles: list[Any] = []
    for place, kind in enumerate(kinds):
        if one.share(place):
            _posterior(axes, one, np.ma.masked_where((placed != place) | np.isnan(believed), believed))
            handles.append(Patch(label=f"{kind} ({written(one.share(place), '.0%')})", **fill(*_LOOKS[place])))
    if np.isfinite(believed).any():
        handles.append(Line2D([], [], color="black", linewidth=0.7, label=belief))
    return handles


def explain(axes: Axes, handles: Sequence[Any]) -> None:
    """The legend below a map."""
    axes.legend(
        handles=handles, loc="upper center", bbox_to_anchor=(0.5, -0.13), ncols=2, fontsize=pt(8), frameon=False
    )


def _posterior(axes: Axes, one: Map, after: Any) -> None:
    """Lines of equal posterior within the area of one kind; its number where it is the same throughout."""
    known = after.compressed()
    if not known.size:
        return
    if np.ptp(known) < 1e-3:
        rows, columns = np.nonzero(~np.ma.getmaskarray(after))
        where = int(np.hypot(rows - rows.mean(), columns - columns.mean()).argmin())
        text = written(known[0], ".2f")
        axes.text(one.first[columns[where]], one.second[rows[where]], text, fontsize=pt(8), ha="center",
                  bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1})  # fmt: skip
        return
    drawn = axes.contour(one.first, one.second, after, levels=np.arange(0.1, 1.0, 0.1), colors="black", linewidths=0.7)
    axes.clabel(drawn, fontsize=pt(7), fmt="%.1f")


@styled
def tree_plot(found: Signal) -> Plot:
    """The game after the offer, with the probabilities and beliefs of the equilibrium that the offerer likes best."""
    plot = new_plot(9.0, 6.6)
    draw_tree(plot.subplots(), found, spoken(found.cast))
    titled(
        plot, told("{scenario}: the game after the offer, {kind}", scenario=found.scenario, kind=word(found.best.kind))
    )
    sign(plot, notes(found))
    return plot


def draw_tree(axes: Axes, found: Signal, say: Phrases) -> None:
    """The tree with its probabilities and beliefs on given axes, in the words of a language."""
    axes.set_axis_off()
    axes.set_xlim(-0.2, 4.35)
    axes.set_ylim(-0.6, 7.4)
    best, chances = found.best, (1 - found.prior, found.prior)
    for t, name in enumerate(found.types):
        middle = 5.5 - 4.0 * t
        _edge(
            axes, (0.0, 3.5), (1.0, middle), f"{words_of(say.translated(name, 80))} {odds(say, chances[t])}", chances[t]
        )
        for a, answer in enumerate(("refuse", "pocket", "deliver")):
            height, p = middle + 1.3 - 1.3 * a, best.answers[t][a]
            _edge(axes, (1.0, middle), (2.3, height), say.word(f"signal.tree.{answer}", p=odds(say, p)), chances[t] * p)
            _after(axes, found, a, height, chances[t] * p, say)
        axes.plot(1.0, middle, "o", color=BLUE, markersize=pt(7), zorder=4)
    axes.plot(0.0, 3.5, "o", color="white", markeredgecolor="black", markersize=pt(8), zorder=4)
    axes.text(0.0, 3.1, say.word("signal.tree.chance"), ha="center", va="top", fontsize=pt(8))
    axes.text(1.0, -0.3, found.player, ha="center", fontsize=pt(9), color=BLUE)
    axes.text(2.8, -0.3, say.word("signal.tree.watched"), ha="center", fontsize=pt(9))
    axes.text(3.36, -0.3, found.offering, ha="left", fontsize=pt(9))
    axes.text(-0.15, 7.3, "\n".join(believed(found, say)), fontsize=pt(8.5), va="top", ha="left",
              bbox={"facecolor": "#F2F2F2", "edgecolor": "#888888", "pad": 4})  # fmt: skip


def believed(found: Signal, say: Phrases) -> list[str]:
    """What is believed and done at each of the two sets, in words."""
    best, second = found.best, words_of(say.translated(found.types[1], 80))
    return [
        say.word(
            "signal.tree.belief" if best.posterior[place] is None else "signal.tree.posterior",
            where=say.word(f"signal.tree.{where}"), type=second, belief=odds(say, best.belief[place]),
            goes=odds(say, best.goes_on[place]),
        )
        for place, where in enumerate(("at_seen", "at_looks"))
    ]  # fmt: skip


def _after(axes: Axes, found: Signal, a: int, height: float, reach: float, say: Phrases) -> None:
    """What follows an answer."""
    if a == 0:
        axes.text(2.36, height, say.word("signal.tree.withdrawn"), fontsize=pt(8), va="center")
        return
    ways = [("looks", 1.0)] if a == 2 else [("seen", found.observe), ("looks", 1 - found.observe)]
    for place, (way, q) in enumerate(ways):
        end = height + (0.28 - 0.56 * place if len(ways) > 1 else 0.0)
        label = say.word(f"signal.tree.{way}", p=odds(say, q)) if a == 1 else say.word("signal.tree.delivered")
        _edge(axes, (2.3, height), (3.3, end), label, reach * q)
        goes = say.word("signal.tree.goes", p=odds(say, found.best.goes_on[0 if way == "seen" else 1]))
        axes.text(3.36, end, goes, fontsize=pt(8), va="center", color="#B35900" if way == "seen" else "black")


def _edge(axes: Axes, start: tuple[float, float], end: tuple[float, float], text: str, reach: float) -> None:
    """A branch, the heavier the likelier play comes by."""
    axes.plot(*zip(start, end, strict=True), color="black" if reach > 0 else "#BBBBBB", linewidth=0.8 + 3.0 * reach,
              solid_capstyle="round", zorder=2)  # fmt: skip
    x, y = (a + 0.62 * (b - a) for a, b in zip(start, end, strict=True))
    box = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
    axes.text(x, y, text, fontsize=pt(7.5), ha="center", va="center", zorder=3, bbox=box)
