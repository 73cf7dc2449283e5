"""The picture of a flip: its moves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.lines import Line2D

from triangle.questions.flip.record import NORMS, Flip, Move
from triangle.showing.phrases import Phrases, spoken, told, word, written
from triangle.showing.plots import (
    BLACK,
    BLUE,
    GREEN,
    MOST_ROWS,
    ORANGE,
    columns_of,
    heading,
    new_plot,
    of_scenario,
    sign,
    styled,
    titled,
)
from triangle.showing.worded import pattern
from triangle.study.study import Study

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Plot


#: Colour of a move by the parameter's role.
_ROLES = {"lever": (ORANGE, "lever: somebody's choice"), "uncertainty": (BLUE, "uncertain"), "fact": (GREEN, "fact")}


@styled
def flip_plot(study: Study, flip: Flip) -> Plot:
    """The moves of a flip in ranges, each within the ends of its box, the farthest on top."""
    moves = flip.moves[:MOST_ROWS]
    plot = new_plot(10.5, 2.2 + 0.44 * max(len(moves), 1))
    axes = plot.subplots()
    for row, move in enumerate(moves):
        _move(axes, row, move)
    axes.axvline(0.0, color=BLACK, linewidth=1.0)
    say, beside = spoken(flip.cast), columns_of(2) > 1
    axes.set_yticks(
        range(len(moves)), [f"{say.known('parameter', move.parameter)}\n{_change(move, say)}" for move in moves]
    )
    axes.set_ylim(len(moves) - 0.4, -0.6)
    axes.set_xlabel(told("move, in widths of the parameter's range; grey: how far it may move"))
    axes.grid(True, axis="x")
    roles = dict.fromkeys(move.role for move in moves)
    handles = [Line2D([], [], color=_ROLES[role][0], linewidth=5, label=word(_ROLES[role][1])) for role in roles]
    if handles:
        above = {} if beside else {"bbox_to_anchor": (0.0, 1.0), "ncols": 3}
        axes.legend(handles=handles, loc="best" if beside else "lower left", **above)
    titled(plot, _sentence(flip, say), heading(study))
    hidden = len(flip.moves) - len(moves)
    more = told(" · {n} more moves not drawn", n=hidden) if hidden else ""
    template = " · distance: {norm} · {n} starts, seed {seed}"
    found = told(template, norm=word(NORMS[flip.norm]), n=flip.starts, seed=str(flip.seed))
    sign(plot, f"{of_scenario(study)}{found}{more}")
    return plot


def _move(axes: Any, row: int, move: Move) -> None:
    width = (move.value - move.start) / move.in_ranges
    ends = ((move.low - move.start) / width, (move.high - move.start) / width)
    axes.plot(ends, (row, row), color="#CCCCCC", linewidth=9, solid_capstyle="butt", zorder=1)
    colour = _ROLES[move.role][0]
    arrow = {"arrowstyle": "-|>,head_width=0.35,head_length=0.6", "linewidth": 3.5, "color": colour}
    axes.annotate("", (move.in_ranges, row), (0, row), arrowprops={**arrow, "shrinkA": 0, "shrinkB": 0}, zorder=3)


def _change(move: Move, say: Phrases) -> str:
    """From where to where, in the unit."""
    return f"{written(move.start, '.4g')} → {say.measured(written(move.value, '.4g'), move.unit)}"


def _sentence(flip: Flip, say: Phrases) -> str:
    if not flip.found:
        misses = "–" if flip.misses is None else say.amount(flip.misses)
        return say.word("finds.flip_missed", target=pattern(flip.target, say), misses=misses)
    if not flip.moves:
        return say.word("finds.flip_away_here" if flip.away else "finds.flip_here", target=pattern(flip.target, say))
    key = "finds.flip_away" if flip.away else "finds.flip"
    return say.word(
        key, posture=say.profile(flip.profile), n=len(flip.moves), distance=say.number(flip.distance or 0.0, 2)
    )
