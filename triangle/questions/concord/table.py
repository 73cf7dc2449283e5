"""Tables for people of what all three forgo."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from triangle.questions.concord.answer import Concord
from triangle.showing.phrases import in_english
from triangle.showing.tables import UNIT, amount, new_table


def concord_tables(found: Concord) -> RenderableType:
    """What ``concord`` shows."""
    parts: list[RenderableType] = []
    cast, say = found.cast, in_english(found.cast)
    for forgone in found.forgone:
        equilibrium = say.profile(forgone.equilibrium)
        if not forgone.improvements:
            parts.append(Text(f"{equilibrium}: no profile is better for all three."))
            continue
        rows = new_table(
            "everybody prefers", *(f">{p}" for p in cast.codes), "who would leave it", title=f"Over {equilibrium}"
        )
        for one in forgone.improvements:
            leave = ", ".join(f"{player} ({amount(gain)})" for player, gain in one.leave.items())
            rows.add_row(say.profile(one.profile), *(f"{gain:+,.1f}" for gain in one.gains), leave or "nobody")
        rows.footing = f"gains over the equilibrium and, in brackets, by leaving; {UNIT}"
        parts.append(rows)
    title = Text(f"{found.title} ({found.world.scenario})", style="bold")
    return Group(title, *(parts or [Text("There is no pure equilibrium to improve on.")]))
