"""The picture of a robust choice: what options gain under each rule, and what is worth knowing."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure as Plot

from triangle.questions.choose.answer import Choice
from triangle.questions.choose.table import TITLES, least_change, listed_options, option_text, tied
from triangle.showing.phrases import Phrases, spoken, told, word, written
from triangle.showing.plots import (
    BLACK,
    BLUE,
    GREEN,
    ORANGE,
    PINK,
    RED,
    SKY,
    UNIT,
    columns_of,
    fill_lines,
    new_plot,
    panels_of,
    sign,
    styled,
    titled,
)

_LOOKS = ((BLUE, "o"), (RED, "v"), (GREEN, "^"), (ORANGE, "s"), (PINK, "D"), (BLACK, "x"))


@styled
def choice_plot(choice: Choice, most: int = 10) -> Plot:
    """Gains of the options over the scenario's own levers, by rule; beside them the value of information."""
    say, options = spoken(choice.cast), _shown(choice)[:most]
    plot = new_plot(13.0, 2.8 + 0.62 * max(len(options), 6))
    left, right = panels_of(plot, 2, (1.7, 1.0))
    for number, table in enumerate(choice.tables):
        colour, marker = _LOOKS[number % len(_LOOKS)]
        places = [place + 0.13 * (number - (len(choice.tables) - 1) / 2) for place in range(len(options))]
        rows = [table.rows[o] for o in options]
        left.errorbar(
            [row.gain for row in rows],
            places,
            xerr=[row.gain_half_width for row in rows],
            color=colour,
            marker=marker,
            linestyle="none",
            markersize=5,
            capsize=2,
            label=say.known("rule", table.rule),
        )
    left.axvline(0.0, color="#555555", linewidth=0.9)
    left.set_yticks(range(len(options)), [_label(choice, o) for o in options])
    left.set_ylim(len(options) - 0.5, -0.5)
    left.set(
        xlabel=told("mean gain on the scenario's own levers, {money}", money=word(UNIT)),
        title=told("Options; marks: which equilibrium is played"),
    )
    left.grid(axis="x")
    handles, labels = left.get_legend_handles_labels()
    _worths(right, choice)
    more, names = right.get_legend_handles_labels()
    plot.legend(
        [*handles, *more], [*labels, *names], loc="outside lower right", ncols=columns_of(len(handles) + len(more))
    )
    titled(plot, _best(choice, say))
    template = "scenario {scenario} · {n} worlds, seed {seed} · 95 % intervals · {options} options"
    numbers = {"n": choice.samples, "seed": str(choice.seed), "options": len(choice.options)}
    sign(plot, told(template, scenario=choice.scenario, **numbers))
    return plot


def _shown(choice: Choice) -> list[int]:
    """The options worth a row, and among them the one that is best by every criterion and rule, if there is one."""
    listed, robust = listed_options(choice, choice.tables[0]), choice.robust()
    if not robust or set(robust) & set(listed):
        return listed
    return [listed[0], least_change(choice, robust), *listed[1:]]


def _best(choice: Choice, say: Phrases) -> str:
    """The option that is best by every criterion under every rule, or that there is none."""
    robust, player = choice.robust(), say.named(choice.player, "subject")
    if not robust:
        return say.word("finds.no_choice", player=player)
    if choice.reference in robust:
        return say.word("finds.choice_as_it_is", player=say.opening(choice.player))
    return say.word("finds.choice", player=player, option=tied(choice, robust))


def _label(choice: Choice, option: int) -> str:
    """The option, broken after every second lever, with the criteria by which it is the best under the first rule."""
    parts = option_text(choice, option).split(", ")
    text = "\n".join(parts)
    best = [word(TITLES[c]) for c, chosen in zip(TITLES, choice.tables[0].chosen, strict=True) if option in chosen]
    return "\n".join((text, *(f"[{', '.join(best[k : k + 2])}]" for k in range(0, len(best), 2))))


def _worths(axes: Any, choice: Choice, most: int = 12) -> None:
    axes.set_title(told("Worth looking up (all: {evpi})", evpi=written(choice.information.evpi, ".1f")))
    found, say = choice.information, spoken(choice.cast)
    if not any(worth.beyond_chance for worth in found.worths):
        key = "finds.best_everywhere" if found.evpi == 0 else "finds.nothing_to_look_up"
        text = fill_lines(say.word(key), 30)
        axes.text(0.5, 0.5, text, transform=axes.transAxes, ha="center", va="center", color="#555555")
        axes.set_axis_off()
        return
    worths = [worth for worth in choice.information.worths if worth.estimate > 0][:most]
    names = [say.known("parameter", worth.parameter) for worth in worths]
    colours = [ORANGE if worth.beyond_chance else "#BBBBBB" for worth in worths]
    axes.barh(range(len(worths)), [worth.estimate for worth in worths], color=colours, height=0.62)
    low = [worth.cross - worth.cross_low for worth in worths]
    axes.errorbar(
        [worth.cross for worth in worths],
        range(len(worths)),
        xerr=low,
        color=BLACK,
        marker="|",
        linestyle="none",
        capsize=2,
        label=told("cross-validated"),
    )
    axes.axvspan(0.0, choice.information.chance_high, color=SKY, alpha=0.35, linewidth=0, label=told("within chance"))
    axes.axvline(0.0, color="#555555", linewidth=0.9)
    axes.set_yticks(range(len(worths)), names)
    axes.set_ylim(len(worths) - 0.5, -0.5)
    axes.set(xlabel=told("value of knowing it, {unit}"))
