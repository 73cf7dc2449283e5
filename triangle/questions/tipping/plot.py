"""Pictures of where the answer turns: tipping points, boundary curves over a map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.lines import Line2D

from triangle.measures.cautions import Cautions
from triangle.questions.tipping.answer import Tipping
from triangle.questions.tipping.boundary import NODES, Boundaries
from triangle.showing.maps import (
    draw_legend,
    draw_regions,
    draw_standpoints,
    lattice,
    legend_handles,
    legend_lines,
    looks_of,
    marks_for,
    refined,
    resolved,
)
from triangle.showing.maps import with_legend as plot_with_legend
from triangle.showing.phrases import Phrases, spoken, told, written
from triangle.showing.plots import BLACK, action_text, axis, heading, of_scenario, pt, sign, styled, titled
from triangle.showing.worded import at_the_foot
from triangle.study.study import Study

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Plot
from triangle.showing.plots import MOST_ROWS


@styled
def tipping_plot(study: Study, points: Sequence[Tipping], trust: float | None = None) -> Plot:
    """The sets of equilibria along each parameter alone, one strip a parameter, the nearest change on top.

    With a trust, the points are those of the agreement-proof equilibria.
    """
    say = spoken(study.cast)
    names = list(dict.fromkeys(point.parameter for point in points))[:MOST_ROWS]
    present = sum(1 << study.cast.index(f.profile) for f in study.counting(trust))
    strips = {name: _strip(present, [point for point in points if point.parameter == name]) for name in names}
    order = [mask for strip in strips.values() for _, _, mask in strip] or [present]
    looks, numbers = looks_of(study.cast.sets.many(order), study.cast, marks=marks_for([study]))
    look_of = {mask: looks[int(number)] for mask, number in zip(order, numbers, strict=True)}
    plot, upper, lower = plot_with_legend(10.5, 1.4 + 0.4 * max(len(names), 1), legend_lines(looks))
    axes = upper.subplots()
    span = _span(points, names)
    for row, name in enumerate(names):
        for left, right, mask in strips[name]:
            look = look_of[mask]
            ends = np.clip((left, right), -span, span)
            axes.barh(
                row,
                ends[1] - ends[0],
                left=ends[0],
                height=0.5,
                color=look.fill,
                hatch=look.hatch,
                edgecolor=look.ink,
                linewidth=0,
            )
            if ends[1] - ends[0] > 0.05 * span:
                box = {"boxstyle": "round,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.85}
                axes.text(ends.mean(), row, look.letter, ha="center", va="center", fontsize=pt(7.5), bbox=box)
        own = [point for point in points if point.parameter == name]
        _ticks(axes, row, own, span)
        ends = np.clip([_in_ranges(_far(own), value) for value in study.scenario.ranges[name]], -span, span)
        axes.plot(ends, (row + 0.32, row + 0.32), color=BLACK, linewidth=1.4, solid_capstyle="butt")
    axes.axvline(0.0, color=BLACK, linewidth=1.2)
    axes.set_yticks(range(len(names)), [say.known("parameter", name) for name in names])
    axes.set(ylim=(len(names) - 0.4, -0.6), xlim=(-span, span))
    axes.set_xlabel(
        told("move from where the scenario stands, in widths of the parameter's range; underlined: the range")
    )
    draw_legend(lower, [look.patch for look in looks.values()])
    titled(plot, _nearest(study, points, say), heading(study))
    hidden = len({point.parameter for point in points}) - len(names)
    more = told(" · {n} more parameters not drawn", n=hidden) if hidden else ""
    sign(plot, f"{of_scenario(study)}{more}{at_the_foot(Cautions(trust=trust))}")
    return plot


def _nearest(study: Study, points: Sequence[Tipping], say: Phrases) -> str:
    """The nearest value of one parameter at which what is stable changes, or that there is none."""
    nearest = min(points, key=lambda point: point.distance, default=None)
    if nearest is None:
        return say.word("finds.tips_nowhere")
    return say.word(
        "finds.tips",
        parameter=say.known("parameter", nearest.parameter),
        value=say.value(nearest.value),
        origin=say.value(nearest.origin),
        unit=say.unit(nearest.unit),
    )


def _in_ranges(point: Tipping, value: float) -> float:
    """A value of a tipping point's parameter as a move in ranges."""
    width = abs(point.value - point.origin) / point.distance if point.distance else 1.0
    return (value - point.origin) / width


def _strip(present: int, own: Sequence[Tipping]) -> list[tuple[float, float, int]]:
    """Stretches of a parameter's line as moves in ranges, with the set on each."""
    cuts = sorted((point for point in own if not point.touches), key=lambda point: point.value)
    if not cuts:
        return []
    far = _far(cuts)
    edges = [far.low, *(point.value for point in cuts), far.high]
    sets = [p.after if p.side == "below" else p.before for p in cuts]
    sets.append(cuts[-1].before if cuts[-1].side == "below" else cuts[-1].after)
    return [
        (_in_ranges(far, a), _in_ranges(far, b), mask) for a, b, mask in zip(edges[:-1], edges[1:], sets, strict=True)
    ]


def _far(own: Sequence[Tipping]) -> Tipping:
    """A change away from where the parameter stands, which tells the width of its range."""
    return next((point for point in own if point.distance), own[0])


def _span(points: Sequence[Tipping], names: Sequence[str]) -> float:
    """Half the width of the picture: one range, or what the nearest changes of its rows take, at most five."""
    nearest: dict[str, float] = {}
    for point in points:
        nearest.setdefault(point.parameter, point.distance)
    return float(np.clip(1.25 * max((nearest[name] for name in names), default=1.0), 1.0, 5.0))


def _ticks(axes: Any, row: int, own: Sequence[Tipping], span: float) -> None:
    """The value at each change, where there is room for it."""
    last = -np.inf
    for point in sorted(own, key=lambda p: p.value):
        place = _in_ranges(point, point.value)
        if abs(place) <= span:
            axes.plot((place, place), (row - 0.25, row + 0.25), color=BLACK, linewidth=1.4)
            if place - last > 0.12 * span:
                axes.text(place, row - 0.26, written(point.value, ".3g"), ha="center", va="bottom", fontsize=pt(6.5))
                last = place


@styled
def boundary_plot(study: Study, boundaries: Boundaries) -> Plot:
    """Boundary curves over the map of the sets of equilibria that they separate."""
    x, y = boundaries.parameters
    ends = [(float(a), float(b)) for a, b in zip(boundaries.low, boundaries.high, strict=True)]
    looks, numbers = looks_of(refined(study, (x, y), ends, NODES), study.cast, marks=marks_for([study]))
    plot, upper, lower = plot_with_legend(8.5, 5.6, legend_lines(looks) + 1)
    axes = upper.subplots()
    letters = draw_regions(axes, lattice(*ends[0]), lattice(*ends[1]), numbers, looks)
    for curve in boundaries.curves:
        axes.plot(*curve.points, color="white", linewidth=4.0, zorder=4, solid_capstyle="round")
        axes.plot(*curve.points, color=BLACK, linewidth=2.0, zorder=4.5, solid_capstyle="round")
    for text, place in _deciders(boundaries, letters):
        box_style = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": BLACK, "linewidth": 0.5}
        axes.text(*place, text, fontsize=pt(7), ha="center", va="center", bbox=box_style, zorder=5.5, clip_on=True)
    draw_standpoints(axes, x, y, study)
    say = spoken(study.cast)
    axes.set_xlabel(axis(x, boundaries.units[0], say))
    axes.set_ylabel(axis(y, boundaries.units[1], say))
    ends_here = told("an equilibrium begins or ends; on it: whose deviation")
    line = Line2D([], [], color=BLACK, linewidth=2.0, label=ends_here)
    draw_legend(lower, [*legend_handles(looks, [study.model.catalogue[name] for name in (x, y)], study.cast), line])
    titled(plot, _nearest_end(study, boundaries, say), heading(study))
    count = len(boundaries.curves)
    curves = told("{n} curve by continuation" if count == 1 else "{n} curves by continuation", n=count)
    sign(plot, f"{of_scenario(study)} · {curves} · {told('areas: {how}', how=resolved())}")
    return plot


def _nearest_end(study: Study, boundaries: Boundaries, say: Phrases) -> str:
    """The boundary nearest to where the scenario stands, in widths of the box: what ends there, and by whom."""
    if not boundaries.curves:
        return say.word("finds.ends_nowhere")
    size = boundaries.high - boundaries.low
    here = np.array([study.scenario.values[name] for name in boundaries.parameters])
    gaps = [np.hypot(*((curve.points - here[:, None]) / size[:, None])) for curve in boundaries.curves]
    curve, gap = min(zip(boundaries.curves, gaps, strict=True), key=lambda one: float(one[1].min()))
    player, action = curve.deciding[int(gap.argmin())]
    return say.word(
        "finds.ends",
        posture=say.profile(curve.profile),
        player=say.named(say.cast.codes[player], "subject"),
        action=say.action(player, action),
    )


def _is_clear(place: Any, letters: Sequence[tuple[float, float]], size: Any) -> bool:
    """Whether a label there would cover no letter: it is wide and low."""
    apart = (np.abs(place - np.array(letter)) / size for letter in letters)
    return all(across > 0.12 or up > 0.05 for across, up in apart)


def _deciders(boundaries: Boundaries, letters: Sequence[tuple[float, float]]) -> list[tuple[str, Any]]:
    """What decides on the longest arc of each curve, and where to write it, clear of the letters of the regions.

    Curves that coincide are named once.
    """
    size = (boundaries.high - boundaries.low)[:, None]
    found: list[tuple[str, Any]] = []
    for curve in boundaries.curves:
        longest = max(dict.fromkeys(curve.deciding), key=curve.deciding.count)
        places = [k for k, deciding in enumerate(curve.deciding) if deciding == longest]
        middle = sorted(places, key=lambda k: abs(k - places[len(places) // 2]))
        free = (k for k in middle if _is_clear(curve.points[:, k], letters, size[:, 0]))
        place = curve.points[:, next(free, middle[0])]
        player, action = longest
        text = f"{boundaries.cast.codes[player]}: {action_text(boundaries.cast, player, action)}"
        if all(np.hypot(*((place - other) / size[:, 0])) > 0.08 for _, other in found):
            found.append((text, place))
    return found
