"""Tables for people of contrasts on the same draws."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from triangle.players.configurations import configuration_title
from triangle.questions.contrast.answer import Contrast
from triangle.showing.phrases import in_english
from triangle.showing.tables import UNIT, amount, new_table


def contrast_tables(contrast: Contrast) -> RenderableType:
    """What ``contrast`` shows."""
    rows = new_table(
        "player",
        "selection",
        ">gains",
        ">loses",
        ">mean gain",
        ">5 %",
        ">median",
        ">95 %",
        title=f"Who gains by {contrast.second} over {contrast.first} ({UNIT})",
    )
    for player in dict.fromkeys(gain.player for gain in contrast.gains):
        for gain in (g for g in contrast.gains if g.player == player):
            rows.add_row(
                player,
                in_english(contrast.cast).known("rule", gain.rule),
                _share(gain.gains),
                _share(gain.loses),
                f"{gain.mean:+,.1f} ± {amount(gain.half_width)}",
                *(f"{x:+,.1f}" for x in (gain.low, gain.median, gain.high)),
            )
        rows.add_section()
    rows.footing = "selection: which of several equilibria is played; gains, loses: share of draws with 95 % interval"
    standings = new_table(
        "has a pure equilibrium of",
        f">{contrast.first}",
        f">{contrast.second}",
        ">in both",
        title="Share of the same draws, with 95 % interval",
    )
    for s in contrast.standings:
        standings.add_row(
            configuration_title(s.configuration, contrast.cast), *(_share(x) for x in (s.first, s.second, s.both))
        )
    without = " and ".join(map(str, contrast.without))
    conduct = (
        f"What {', '.join(contrast.free)} do in the pure equilibria differs in {_share(contrast.moved)} of them"
        if contrast.free
        else "Nobody is free in both"
    )
    lead = Text(
        f"{contrast.samples:,} Sobol' draws, seed {contrast.seed}, the same in both. {conduct}, and which triangles "
        f"these are in {_share(contrast.triangles)}. Without a pure equilibrium: {without} draws; there the security "
        "level counts."
    )
    return Group(lead, rows if contrast.is_counted_alike else Text(not_alike(contrast), style="yellow"), standings)


def not_alike(contrast: Contrast) -> str:
    """Why gains are not shown."""
    first, second = (counted or "something else" for counted in contrast.yardsticks)
    return f"Gains are not shown: {contrast.first} is counted in {first}, {contrast.second} in {second}."


def _share(share: tuple[float, float, float]) -> str:
    return f"{share[0]:.1%} ({share[1]:.1%}–{share[2]:.1%})"
