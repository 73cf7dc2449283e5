"""The picture of a flip: its moves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.lines import Line2D

from triangle.questions.flip.record import NORMS, Flip, Move
from triangle.showing.plots import (
    BLACK,
    BLUE,
    GREEN,
    MOST_ROWS,
    ORANGE,
    columns_of,
    heading,
    held,
    new_plot,
    pt,
    sign,
    styled,
)
from triangle.study.study import Study

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Plot


#: Colour of a move by the parameter's role.
_ROLES = {"lever": (ORANGE, "lever: somebody's choice"), "uncertainty": (BLUE, "uncertain"), "fact": (GREEN, "fact")}


@styled
def flip_plot(study: Study, flip: Flip) -> Plot:
    """The moves of a flip in ranges, each within the ends of its box, the farthest on top."""
    moves = flip.moves[:MOST_ROWS]
    plot = new_plot(10.5, 2.2 + 0.34 * max(len(moves), 1))
    axes = plot.subplots()
    for row, move in enumerate(moves):
        _move(axes, row, move)
    axes.axvline(0.0, color=BLACK, linewidth=1.0)
    beside = columns_of(2) > 1
    axes.set_yticks(
        range(len(moves)), [move.parameter if beside else f"{move.parameter}\n{_change(move)}" for move in moves]
    )
    axes.set_ylim(len(moves) - 0.4, -0.6)
    axes.set_xlabel("move, in widths of the parameter's range; grey: how far it may move")
    axes.grid(True, axis="x")
    roles = dict.fromkeys(move.role for move in moves)
    handles = [Line2D([], [], color=_ROLES[role][0], linewidth=5, label=_ROLES[role][1]) for role in roles]
    if handles:
        above = {} if beside else {"bbox_to_anchor": (0.0, 1.0), "ncols": 3}
        axes.legend(handles=handles, loc="best" if beside else "lower left", **above)
    plot.suptitle(f"{heading(study)}\n{_sentence(flip)}", fontsize=pt(11.5), fontweight="bold", x=0.01, ha="left")
    more = f" · {len(flip.moves) - len(moves)} more moves not drawn" if len(flip.moves) > len(moves) else ""
    norm = f" · distance: {NORMS[flip.norm]}"
    sign(plot, f"scenario {study.scenario.name}{held(study)}{norm} · {flip.starts} starts, seed {flip.seed}{more}")
    return plot


def _move(axes: Any, row: int, move: Move) -> None:
    width = (move.value - move.start) / move.in_ranges
    ends = ((move.low - move.start) / width, (move.high - move.start) / width)
    axes.plot(ends, (row, row), color="#CCCCCC", linewidth=9, solid_capstyle="butt", zorder=1)
    colour = _ROLES[move.role][0]
    arrow = {"arrowstyle": "-|>,head_width=0.35,head_length=0.6", "linewidth": 3.5, "color": colour}
    axes.annotate("", (move.in_ranges, row), (0, row), arrowprops={**arrow, "shrinkA": 0, "shrinkB": 0}, zorder=3)
    if columns_of(2) == 1:
        return  # a column is too narrow for texts on both sides of the arrows
    right = move.in_ranges < 0
    axes.annotate(
        _change(move),
        (0, row),
        xytext=(6 if right else -6, 0),
        textcoords="offset points",
        ha="left" if right else "right",
        va="center",
        fontsize=pt(8),
        bbox={"boxstyle": "round,pad=0.12", "facecolor": "white", "edgecolor": "none", "alpha": 0.8},
        zorder=4,
    )


def _change(move: Move) -> str:
    return f"{move.start:.4g} → {move.value:.4g} {move.unit}"


def _sentence(flip: Flip) -> str:
    if not flip.found:
        return f"Nearest attempt at {flip.target}: misses by {flip.misses:,.3g} bn USD/yr"
    verb = "no longer an equilibrium" if flip.away else "an equilibrium"
    return f"{flip.cast.profile_text(flip.profile)}: {verb} after {flip.distance:.3f} ranges"
