"""A picture of what can be expected of a player over two levers."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure as Plot

from triangle.base.errors import BadInput, Fault
from triangle.questions.veto.answer import Veto
from triangle.questions.veto.expectations import MAPPED, Expectations
from triangle.showing.plots import columns_of, new_plot, pt, sign, styled


@styled
def veto_plot(found: Veto) -> Plot:
    """Shares of draws of a player's stakes in which it stays, either is played as expected, or it leaves; a map each.

    Raises
    ------
    BadInput
        If nothing was mapped.
    """
    one = found.map
    if one is None:
        raise BadInput(
            Fault("--plot", "", "nothing is mapped; give --over twice, as --over relief --over conditionality")
        )
    columns = columns_of(2)
    rows = -(-len(MAPPED) // columns)
    plot = new_plot(4.2 * columns, 3.7 * rows + 0.6)
    panels = np.ravel(plot.subplots(rows, columns, sharex=True, sharey=True))
    for axes, (name, words) in zip(panels, MAPPED.items(), strict=True):
        drawn = _panel(axes, one, name, words)
    for axes in panels[-columns:]:
        axes.set_xlabel(one.names[0].replace("_", " "))
    for axes in panels[::columns]:
        axes.set_ylabel(one.names[1].replace("_", " "))
    plot.colorbar(drawn, ax=list(panels), label=f"share of {one.draws} draws of its stakes", shrink=0.8)
    first = found.cast.actions[found.player][0].replace("_", " ")
    who = found.cast.countries[found.player]
    held = "".join(f", {code} held at {str(action).replace('_', ' ')}" for code, action in found.world.hold.items())
    plot.suptitle(
        f"{who} stays at “{first}” or leaves it{held}", fontsize=pt(11.5), fontweight="bold", x=0.01, ha="left"
    )
    sign(plot, f"scenario {found.world.scenario}; pure equilibria of all who are free")
    return plot


def _panel(axes: Axes, one: Expectations, name: str, words: str) -> QuadMesh:
    """One map: shares in grey levels, with lines at a tenth, a half and nine tenths."""
    shares = np.array(getattr(one, name))
    drawn = axes.pcolormesh(
        one.first, one.second, shares, cmap="Blues", vmin=0, vmax=1, shading="nearest", rasterized=True
    )
    levels = [level for level in (0.1, 0.5, 0.9) if shares.min() < level < shares.max()]
    if levels:
        lines = axes.contour(one.first, one.second, shares, levels=levels, colors="black", linewidths=0.7)
        axes.clabel(lines, fontsize=pt(7), fmt="%.1f")
    axes.set_title(f"{words} ({one.share(name):.0%})", fontsize=pt(9.5))
    return drawn
