"""What all three forgo: ``concord``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

import click

from triangle.cli.deliver import Outputs, deliver, obtain
from triangle.cli.options import answer_options, read_one
from triangle.cli.places import command

if TYPE_CHECKING:
    from rich.console import RenderableType


@command()
@click.argument("scenario", required=False)
@answer_options()
@click.pass_context
def concord(
    ctx: click.Context,
    scenario: str | None,
    settings: tuple[str, ...],
    holds: tuple[str, ...],
    **outputs: Unpack[Outputs],
) -> None:
    """Find what all three forgo: profiles that everybody prefers to an equilibrium, and who would leave them."""
    from triangle.questions.concord.answer import Concord
    from triangle.questions.concord.answer import concord as forgone

    found = obtain(Concord, (scenario,), lambda: forgone(read_one(ctx, str(scenario), settings, holds)), outputs)

    def table() -> RenderableType:
        from triangle.questions.concord.table import concord_tables

        return concord_tables(found)

    def draw() -> object:
        from triangle.questions.concord.plot import concord_plot

        return concord_plot(found)

    deliver(found, outputs, table, draw)
