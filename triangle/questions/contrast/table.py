"""Tables for people of contrasts on the same draws."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from rich.console import Group, RenderableType
from rich.text import Text

from triangle.questions.contrast.answer import Contrast
from triangle.showing.layout import headed
from triangle.showing.phrases import spoken, told, word, written
from triangle.showing.tables import amount, new_table
from triangle.showing.worded import configuration_title

#: Titles of no scenario: each is called by its name.
NAMES: Mapping[str, str] = MappingProxyType({})


def contrast_tables(contrast: Contrast, titles: Mapping[str, str] = NAMES) -> RenderableType:
    """What ``contrast`` shows, of scenarios with these titles by their names."""
    first, second = (titles.get(name, name) for name in (contrast.first, contrast.second))
    rows = new_table(
        "player",
        "selection",
        ">gains",
        ">loses",
        ">mean gain",
        ">5 %",
        ">median",
        ">95 %",
        title=told("Who gains by “{second}” over “{first}” ({unit})", first=first, second=second),
    )
    for player in dict.fromkeys(gain.player for gain in contrast.gains):
        for gain in (g for g in contrast.gains if g.player == player):
            rows.add_row(
                player,
                spoken(contrast.cast).known("rule", gain.rule),
                _share(gain.gains),
                _share(gain.loses),
                f"{written(gain.mean, '+,.1f')} ± {amount(gain.half_width)}",
                *(written(x, "+,.1f") for x in (gain.low, gain.median, gain.high)),
            )
        rows.add_section()
    rows.footing = told(
        "selection: which of several equilibria is played; gains, loses: share of draws with Wilson's 95 % interval, "
        "which is for independent draws; Sobol' points spread more evenly"
    )
    standings = new_table(
        "has a pure equilibrium of",
        f">{headed(first)}",
        f">{headed(second)}",
        ">in both",
        title=told("Share of the same draws, with 95 % interval"),
    )
    for s in contrast.standings:
        standings.add_row(
            configuration_title(s.configuration, contrast.cast), *(_share(x) for x in (s.first, s.second, s.both))
        )
    against = told(
        "“{second}” ({second_name}) against “{first}” ({first_name})",
        **{"first": first, "second": second, "first_name": contrast.first, "second_name": contrast.second},
    )
    conduct = (
        told(
            "What {players} do in the pure equilibria differs in {moved} of them, and which triangles these are in "
            "{triangles}.",
            players=", ".join(contrast.free),
            moved=_share(contrast.moved),
            triangles=_share(contrast.triangles),
        )
        if contrast.free
        else told(
            "Nobody is free in both. Which triangles there are differs in {share}.", share=_share(contrast.triangles)
        )
    )
    drawn = told("{n} Sobol' draws, seed {seed}, the same in both.", n=contrast.samples, seed=str(contrast.seed))
    without = told(
        "Without a pure equilibrium: {without} draws; there the security level counts.",
        without=told(" and ").join(written(count, ",") for count in contrast.without),
    )
    gains = rows if contrast.is_counted_alike else Text(not_alike(contrast, titles), style="yellow")
    return Group(Text(against, style="bold"), Text(f"{drawn} {conduct} {without}"), gains, standings)


def not_alike(contrast: Contrast, titles: Mapping[str, str] = NAMES) -> str:
    """Why gains are not shown."""
    first, second = (titles.get(name, name) for name in (contrast.first, contrast.second))
    of_first, of_second = (word(counted or "something else") for counted in contrast.yardsticks)
    template = "Gains are not shown: “{first}” is counted in {of_first}, “{second}” in {of_second}."
    return told(template, first=first, second=second, of_first=of_first, of_second=of_second)


def _share(share: tuple[float, float, float]) -> str:
    return f"{written(share[0], '.1%')} ({written(share[1], '.1%')}–{written(share[2], '.1%')})"
