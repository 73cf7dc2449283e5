"""The picture of what all three forgo: what each would gain, and who would leave."""

from __future__ import annotations

from typing import Any

from triangle.questions.concord.answer import Concord, Forgone
from triangle.showing.phrases import Phrases, spoken, told, word, written
from triangle.showing.plots import (
    BLACK,
    BLUE,
    ORANGE,
    UNIT,
    Plot,
    columns_of,
    common_label,
    fill,
    fill_lines,
    new_plot,
    panels_of,
    pt,
    sign,
    styled,
    titled,
)

#: Most profiles that are drawn over one equilibrium.
MOST = 8


@styled
def concord_plot(found: Concord) -> Plot:
    """What each player gains in the profiles that everybody prefers to an equilibrium, a part an equilibrium."""
    say = spoken(found.cast)
    with_some = [one for one in found.forgone if one.improvements]
    rows = [min(MOST, len(one.improvements)) + 1.6 for one in with_some]
    plot = new_plot(12.5, 1.6 + 0.5 * sum(rows))
    if with_some:
        parts = plot.subfigures(len(with_some), 1, height_ratios=rows, squeeze=False)[:, 0]
        for part, forgone in zip(parts, with_some, strict=True):
            _over(part, forgone, say)
    else:
        axes = plot.subplots()
        axes.axis("off")
        axes.text(0.0, 0.5, say.word("finds.concord_none"), va="center")
    titled(plot, _finding(found, say), word(found.title))
    template = "scenario {scenario} · blue: keeps to it; orange, hatched: it would leave all the same, alone"
    sign(plot, told(template, scenario=found.world.scenario))
    return plot


def _finding(found: Concord, say: Phrases) -> str:
    """How many profiles all prefer to some equilibrium, and that none of them is kept to, or how many are."""
    better = {one.profile: one for forgone in found.forgone for one in forgone.improvements}
    if not better:
        return say.word("finds.concord_none")
    kept = sum(not one.leave for one in better.values())
    return (
        say.word("finds.concord", n=len(better), kept=kept) if kept else say.word("finds.concord_left", n=len(better))
    )


def _over(part: Any, forgone: Forgone, say: Phrases) -> None:
    """One equilibrium: a panel a player, a bar a profile."""
    shown = forgone.improvements[:MOST]
    panels = panels_of(part, len(say.cast), sharey=True)
    for player, axes in enumerate(panels):
        for row, one in enumerate(shown):
            leaves = say.cast.codes[player] in one.leave
            axes.barh(row, one.gains[player], height=0.62, **fill(ORANGE if leaves else BLUE, "////" if leaves else ""))
            axes.text(one.gains[player], row, f" {written(one.gains[player], '+,.0f')}", va="center", fontsize=pt(7.5))
        axes.axvline(0, color=BLACK, linewidth=0.8)
        axes.margins(x=0.2)
        axes.grid(axis="x")
        axes.tick_params(axis="y", length=0)
        axes.set_title(say.country(say.cast.codes[player]), fontsize=pt(9.5))
    panels[0].set_yticks(range(len(shown)), [fill_lines(say.profile(one.profile), 40) for one in shown])
    panels[0].set_ylim(len(shown) - 0.5, -0.5)
    more = len(forgone.improvements) - len(shown)
    template = "gain over {equilibrium}; {n} more not drawn, {money}" if more else "gain over {equilibrium}, {money}"
    over = told(template, equilibrium=say.profile(forgone.equilibrium), n=more, money=word(UNIT))
    common_label(panels, fill_lines(over, 60 * columns_of(2)))
