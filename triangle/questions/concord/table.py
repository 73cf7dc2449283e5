"""Tables for people of what all three forgo."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from triangle.questions.concord.answer import Concord
from triangle.showing.phrases import spoken, told, word, written
from triangle.showing.tables import amount, new_table


def forgone_text(found: Concord) -> str:
    """How many equilibria leave something that all would prefer, and whether that could last."""
    some = [one for one in found.forgone if one.improvements]
    last = [one for forgone in some for one in forgone.improvements if not one.leave]
    if not some:
        template = "No pure equilibrium leaves anything that everybody would prefer."
    elif last:
        template = "{some} of {n} pure equilibria leave something that everybody would prefer, and that lasts in part."
    else:
        template = (
            "{some} of {n} pure equilibria leave what everybody would prefer, and what somebody would leave again."
        )
    return told(template, some=len(some), n=len(found.forgone))


def concord_tables(found: Concord) -> RenderableType:
    """What ``concord`` shows."""
    parts: list[RenderableType] = []
    cast, say = found.cast, spoken(found.cast)
    for forgone in found.forgone:
        equilibrium = say.profile(forgone.equilibrium)
        if not forgone.improvements:
            parts.append(Text(told("{equilibrium}: no profile is better for all three.", equilibrium=equilibrium)))
            continue
        columns = ("everybody prefers", *(f">{p}" for p in cast.codes), "who would leave it")
        rows = new_table(*columns, title=told("Over {equilibrium}", equilibrium=equilibrium))
        for one in forgone.improvements:
            leave = ", ".join(f"{player} ({amount(gain)})" for player, gain in one.leave.items())
            rows.add_row(
                say.profile(one.profile), *(written(gain, "+,.1f") for gain in one.gains), leave or told("nobody")
            )
        rows.footing = told("gains over the equilibrium and, in brackets, by leaving; {unit}")
        parts.append(rows)
    title = Text(f"{word(found.title)} ({found.world.scenario})", style="bold")
    if parts:
        parts.insert(0, Text(forgone_text(found), style="bold"))
    return Group(title, *(parts or [Text(told("There is no pure equilibrium to improve on."))]))
