"""Ternary pictures of sweeps: how probability is divided between three kinds of triangle.

Each point of the triangle is a division of the whole between its three corners: the stable marriage of Russia and
China, the romantic triangles with whatever pivot, and all else (unit veto, the marriages of the United States, the
ménage à trois, and what has no such answer). What is divided depends on the method of the sweep:

``logit``
    the probability of the configurations in the equilibrium with erring players: a point a game, or its mean over the
    draws;
``pure``
    the draws: a draw belongs to a corner where there are equilibria and all of them are of its kind, and else, with
    several kinds or none, to all else;
``mixed``
    the probability that a corner's configurations have at the least, whichever equilibrium is played, on average over
    the draws; all else is what is left.

Every scenario has a colour of Okabe and Ito's, a dash pattern and a marker of its own, so that it can be told in grey.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke
from numpy.typing import NDArray

from triangle.base.errors import BadInput, Fault
from triangle.batch.takeover import configuration_probabilities
from triangle.players.axes import CN, RU
from triangle.players.cast import Cast
from triangle.players.sets import configuration_masks
from triangle.showing.maps import axes_of, draw_legend, foot, with_legend
from triangle.showing.phrases import spoken, told
from triangle.showing.plots import (
    BLACK,
    BLUE,
    CONFIGURATION_COLOURS,
    GREEN,
    ORANGE,
    PINK,
    RED,
    columns_of,
    heading,
    pt,
    short_text,
    sign,
    styled,
    titled,
)
from triangle.showing.statements import default_text
from triangle.showing.worded import configuration_title
from triangle.study.study import Study
from triangle.sweeps.archive import players_of
from triangle.sweeps.fields import of_games

if TYPE_CHECKING:
    import xarray

    from triangle.showing.plots import Plot

Floats = NDArray[np.float64]


#: Colour, dashes and marker of each scenario.
_LOOKS: tuple[tuple[str, Any, str], ...] = (
    (BLUE, "solid", "o"),
    (RED, (0, (5, 1.5)), "s"),
    (GREEN, (0, (1, 1)), "^"),
    (PINK, (0, (4, 1, 1, 1)), "v"),
    (ORANGE, (0, (8, 1)), "P"),
    (BLACK, (0, (2, 2)), "X"),
)

#: Most points of a cloud that are drawn; of more, evenly spaced ones.
MOST_POINTS = 3000

#: About so many values of the parameter are written along a path, no two nearer than so many per cent.
_MOST_LABELS = 6
_APART = 5


def corners(cast: Cast) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What the three corners hold, counter-clockwise from the top; what is in none of the first two is in the last."""
    romantic = tuple(key for key in configuration_masks(cast) if key.startswith("romantic_triangle:"))
    # The wooed and its partner, in the shipped triad Russia and China.
    marriage = f"stable_marriage:{cast.codes[RU]}-{cast.codes[CN]}"
    pair = configuration_title(marriage, cast)
    return (told("romantic triangles"), romantic), (pair, (marriage,)), (told("all else"), ())


def divisions(games: xarray.Dataset) -> xarray.DataArray:
    """How each game, or the draws at each node, divide between the corners.

    Returns
    -------
    DataArray with dimension ``corner`` first, then ``scenario`` where there are several, the axes, and for a sweep by
    logit the samples; along ``corner`` it adds up to 1.
    """
    import xarray

    mask, cast = of_games(games["mask"]), players_of(games)
    firsts = corners(cast)[:2]
    drawn = [dim for dim in mask.dims if dim in ("sample", "point")]
    if "probability" in games:
        every = configuration_probabilities(games["probability"].values, cast)
        parts = [sum((every[key] for key in keys), np.zeros(mask.shape)) for _, keys in firsts]
    elif "low" in games:
        low = games["low"]
        parts = [low.sel(configuration=list(keys)).sum("configuration").values for _, keys in firsts]
    else:
        patterns = configuration_masks(cast)
        united = [reduce(or_, (patterns[key] for key in keys)) for _, keys in firsts]
        parts = [cast.sets.within(games["mask"].values, pattern).astype(np.float64) for pattern in united]
    first, second = (xarray.DataArray(part, dims=mask.dims, coords=mask.coords) for part in parts)
    if "probability" not in games and drawn:
        first, second = first.mean(drawn), second.mean(drawn)
    rest = (1.0 - first - second).clip(0.0, 1.0)
    return xarray.concat([first, second, rest], dim="corner", coords="minimal", compat="override")


def check_divided(dims: Sequence[str], is_logit: bool) -> None:
    """Raise BadInput where a sweep of these dimensions has no ternary picture."""
    if len(axes_of(dims)) > 1:
        raise BadInput(Fault("--ternary", "", "a path has one parameter; give one --over=NAME=LOW:HIGH:COUNT or none"))
    if not is_logit and not {"sample", "point"} & set(dims):
        message = "one game a node is wholly in one corner; add --samples, or ask for --method logit"
        raise BadInput(Fault("--ternary", "", message))


@styled
def ternary_plot(games: xarray.Dataset, studies: Sequence[Study]) -> Plot:
    """Divisions between the three corners: a path along one parameter, a cloud over the draws, or a point a scenario.

    Raises
    ------
    BadInput
        If there is more than one axis, or one game a node and no probabilities, so that all points lie in corners.
    """
    dims = [str(dim) for dim in of_games(games["mask"]).dims]
    check_divided(dims, "probability" in games)
    axes, drawn = axes_of(dims), [dim for dim in dims if dim in ("sample", "point")]
    found = divisions(games)
    is_cloud = bool(drawn) and "probability" in games and not axes
    if "probability" in games and drawn and axes:
        found = found.mean(drawn)  # games whose branch was lost are left out
    values = found.values if "scenario" in dims else found.values[:, None]
    columns = columns_of(min(3, len(studies))) if is_cloud else 1
    rows = -(-len(studies) // columns) if is_cloud else 1
    lines = 2 if is_cloud else 1 + len(studies) + (2 if axes else 0)
    plot, upper, lower = with_legend(max(8.0, 5.0 * columns), (4.6 if columns > 1 else 5.4) * rows, lines)
    panels = _panels(upper, rows, columns, studies if is_cloud else [], players_of(games))
    for number, study in enumerate(studies):
        panel, look = panels[number if is_cloud else 0], _LOOKS[number % len(_LOOKS)]
        if is_cloud:
            _cloud(panel, values[:, number], look)
        else:
            nodes = games[axes[0]].values if axes else np.zeros(1)
            path = values[:, number].reshape(3, -1)
            _path(panel, path, nodes, look, short_text(study.scenario.title), is_named=bool(axes))
            if axes:
                _standpoints(panel, path, nodes, axes[0], study)
    draw_legend(lower, _cloud_handles(games) if is_cloud else _path_handles(games, studies, axes))
    titled(plot, _division(games, values[:, 0], axes, studies))
    sign(plot, foot(games, studies))
    return plot


def _division(games: xarray.Dataset, values: Floats, axes: Sequence[str], studies: Sequence[Study]) -> str:
    """How the largest corner of the first scenario changes along the parameter, or how large it is over the draws."""
    cast = players_of(games)
    say, means = spoken(cast), np.nanmean(values.reshape(3, -1), axis=1)
    if axes:
        nodes = games[axes[0]].values
        first, last = int(nodes.argmin()), int(nodes.argmax())
        moved = np.abs(values[:, last] - values[:, first])
        corner = int(moved.argmax())
        ends = {"start": say.percent(float(values[corner, first])), "end": say.percent(float(values[corner, last]))}
        span = {"low": say.value(float(nodes[first])), "high": say.value(float(nodes[last]))}
        places = {"parameter": say.known("parameter", axes[0]), "corner": corners(cast)[corner][0]}
        found = say.word("finds.divided", **places, **span, **ends)
    else:
        corner = int(means.argmax())
        share = say.percent(float(means[corner]))
        found = say.word("finds.divided_draws", corner=corners(cast)[corner][0], share=share)
    if len(studies) == 1:
        return found
    return say.word("told.first", scenario=short_text(studies[0].scenario.title), claim=found)


def _measure(games: xarray.Dataset) -> str:
    if "probability" in games:
        return told("probability of each kind of triangle where players err, per cent")
    if "low" in games:
        return told("least probability over all equilibria, mean of the draws, per cent")
    return told("draws whose equilibria are all of that kind, per cent")


def _panels(upper: Any, rows: int, columns: int, studies: Sequence[Study], cast: Cast) -> list[Any]:
    """Empty triangles with their corners, grid and titles."""
    import mpltern  # noqa: F401  registers the projection

    panels = []
    for place in range(max(1, len(studies))):
        axes = upper.add_subplot(rows, columns, place + 1, projection="ternary", ternary_sum=100.0)
        axes.grid(True, linewidth=0.5, color="#cccccc")
        for axis, (name, keys) in zip((axes.taxis, axes.laxis, axes.raxis), corners(cast), strict=True):
            axis.set_label_position("corner")
            axis.set_label_rotation_mode("horizontal")
            colour = CONFIGURATION_COLOURS[keys[0].partition(":")[0]] if keys else CONFIGURATION_COLOURS["unit_veto"]
            axis.set_label_text(
                fill(name, 20),
                fontsize=pt(9),
                bbox={"boxstyle": "round,pad=0.25", "facecolor": colour, "edgecolor": "none"},
            )
        axes.tick_params(labelsize=7.5)
        # Above the corner's label wherever that is; looking for a place at each drawing takes most of the time.
        axes.set_title(heading(studies[place]) if studies else "", y=1.0, wrap=True, fontsize=pt(10), pad=34)
        panels.append(axes)
    return panels


def _path(axes: Any, path: Floats, nodes: Floats, look: tuple[str, Any, str], name: str, is_named: bool) -> None:
    """A line through the nodes in order of the parameter, with its name and at some nodes the parameter's value."""
    colour, dashes, marker = look
    order = np.argsort(nodes)
    every = max(1, (len(nodes) - 1) // (_MOST_LABELS - 1))
    style = {"color": colour, "marker": marker, "markersize": 7, "markeredgecolor": "white", "markeredgewidth": 0.5}
    style["clip_on"] = False  # in a corner
    axes.plot(*(100 * path[:, order]), linestyle=dashes, linewidth=2, markevery=every, **style)
    if not is_named:
        return
    points, ends = 100 * path[:, order].T, nodes[order]
    _write(axes, points[points[:, 0].argmin()], f"\n{name}", colour)
    if np.abs(points[0] - points[-1]).max() < _APART:
        _write(axes, points[0], f"{ends[0]:.3g} … {ends[-1]:.3g}\n", colour)
        return
    written: list[Floats] = []
    for place in [0, len(nodes) - 1, *range(every, len(nodes) - 1, every)]:
        if all(np.abs(points[place] - other).max() >= _APART for other in written):
            _write(axes, points[place], f"{ends[place]:.3g}\n", colour)
            written.append(points[place])


def _write(axes: Any, point: Floats, text: str, colour: str) -> None:
    """A word above a point of the triangle, or below it where the text begins with an empty line."""
    halo = [withStroke(linewidth=2.5, foreground="white")]
    side = "top" if text.startswith("\n") else "bottom"
    axes.text(*point, text, fontsize=pt(8), color=colour, path_effects=halo, zorder=1.5, ha="center", va=side)


def _standpoints(axes: Any, path: Floats, nodes: Floats, name: str, study: Study) -> None:
    """The default and the scenario's value on the path, where the axis reaches them; between nodes straight on."""
    order = np.argsort(nodes)
    default, here = study.model.catalogue[name].default, study.scenario.values[name]
    for value, size, inside in ((default, 7, "white"), (here, 3.5 if here == default else 5, BLACK)):
        if nodes.min() <= value <= nodes.max():
            point = [[100 * np.interp(value, nodes[order], row[order])] for row in path]
            marker = "D" if inside == "white" else "o"
            axes.plot(*point, marker, color=BLACK, markerfacecolor=inside, markersize=size, zorder=9, clip_on=False)


def _cloud(axes: Any, points: Floats, look: tuple[str, Any, str]) -> None:
    """The games one by one, and their mean."""
    known = points[:, ~np.isnan(points).any(axis=0)]
    some = known[:, :: _spacing(points.shape[1])]
    # What lies in a corner, as of players who are held, is seen only where it is not clipped.
    dots = {"markersize": 4, "markeredgewidth": 0, "alpha": 0.4, "rasterized": True, "clip_on": False}
    axes.plot(*(100 * some), ".", color=look[0], **dots)
    mean = [[100 * part] for part in known.mean(axis=1)]
    ring = {"markerfacecolor": "white", "markersize": 9, "markeredgewidth": 1.6, "zorder": 9, "clip_on": False}
    axes.plot(*mean, "o", color=BLACK, **ring)


def _spacing(count: int) -> int:
    """Every how many draws one is drawn."""
    return max(1, -(-count // MOST_POINTS))


def _mark(marker: str, label: str, size: float = 8, **look: Any) -> Line2D:
    return Line2D([], [], marker=marker, linestyle="none", markersize=size, label=label, **look)


def _cloud_handles(games: xarray.Dataset) -> list[Any]:
    spacing = _spacing(games["mask"].sizes[games["mask"].dims[-1]])
    which = told("a draw") if spacing == 1 else told("a draw (one in {spacing} is shown)", spacing=spacing)
    return [
        _mark("o", f"{which}: {_measure(games)}", 4, color="#555555"),
        _mark("o", told("mean of all draws"), color=BLACK, markerfacecolor="white"),
    ]


def _path_handles(games: xarray.Dataset, studies: Sequence[Study], axes: Sequence[str]) -> list[Any]:
    handles: list[Any] = [_mark("", _measure(games))]
    for number, study in enumerate(studies):
        colour, dashes, marker = _LOOKS[number % len(_LOOKS)]
        handle = _mark(marker, heading(study), 6, color=colour, linewidth=2)
        handle.set_linestyle(dashes if axes else "none")
        handles.append(handle)
    if axes:
        parameter = studies[0].model.catalogue[axes[0]]
        handles.append(_mark("D", default_text([parameter], studies[0].cast), 7, color=BLACK, markerfacecolor="white"))
        handles.append(_mark("o", told("value in this scenario"), 5, color=BLACK))
    return handles
