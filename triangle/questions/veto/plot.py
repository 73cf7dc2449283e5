"""A picture of what can be expected of a player over two levers."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure as Plot

from triangle.base.errors import BadInput, Fault
from triangle.questions.veto.answer import Veto
from triangle.questions.veto.expectations import MAPPED, Expectations
from triangle.showing.phrases import spoken, told, word, written
from triangle.showing.plots import columns_of, new_plot, pt, sign, styled, titled


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
    columns, say = columns_of(2), spoken(found.cast)
    rows = -(-len(MAPPED) // columns)
    plot = new_plot(4.2 * columns, 3.7 * rows + 0.6)
    panels = np.ravel(plot.subplots(rows, columns, sharex=True, sharey=True))
    for axes, (name, words) in zip(panels, MAPPED.items(), strict=True):
        drawn = _panel(axes, one, name, words)
    for axes in panels[-columns:]:
        axes.set_xlabel(say.known("parameter", one.names[0]))
    for axes in panels[::columns]:
        axes.set_ylabel(say.known("parameter", one.names[1]))
    plot.colorbar(drawn, ax=list(panels), label=told("share of {n} draws of its stakes", n=one.draws), shrink=0.8)
    most = max(("stays", "both", "leaves"), key=one.share)
    places = {"share": say.percent(one.share(most)), "first": say.action(found.player, 0)}
    titled(plot, say.word(f"veto.{most}", player=say.named(found.cast.codes[found.player], "subject"), **places))
    held = "".join(
        " · " + told("{player} held at “{action}”", player=code, action=say.action_of(code, str(a)))
        for code, a in found.world.hold.items()
    )
    sign(
        plot,
        told(
            "scenario {scenario}{held} · pure equilibria of all who are free", scenario=found.world.scenario, held=held
        ),
    )
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
    if shares.min() == shares.max():
        text, colour = (
            told("{share} everywhere", share=written(shares.min(), ".0%")),
            "white" if shares.min() > 0.5 else "black",
        )
        axes.text(0.5, 0.5, text, transform=axes.transAxes, ha="center", va="center", color=colour)
    axes.set_title(f"{word(words)} ({written(one.share(name), '.0%')})", fontsize=pt(9.5))
    return drawn
