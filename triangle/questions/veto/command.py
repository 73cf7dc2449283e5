"""What a player's choice is worth to each: ``veto``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

import click

from triangle.cli.deliver import Outputs, deliver, obtain
from triangle.cli.options import hold_option, json_option, kept_options, plot_option, read_one, set_option
from triangle.cli.places import command

if TYPE_CHECKING:
    from rich.console import RenderableType


@command()
@click.argument("scenario", required=False)
@click.option("--player", default="EU", show_default=True, metavar="CODE", help="Whose choice.")
@click.option(
    "--unanimity",
    type=click.IntRange(1, 100),
    default=1,
    show_default=True,
    metavar="N",
    help="How many states it is a union of, each with a veto against leaving its first action.",
)
@click.option(
    "--over", multiple=True, metavar="NAME", help="Twice: map what can be expected of it over two parameters."
)
@plot_option("the map of two --over, into a file (.png, .svg or .pdf)")
@kept_options
@set_option
@hold_option
@json_option
@click.pass_context
def veto(
    ctx: click.Context,
    scenario: str | None,
    player: str,
    unanimity: int,
    over: tuple[str, ...],
    settings: tuple[str, ...],
    holds: tuple[str, ...],
    **outputs: Unpack[Outputs],
) -> None:
    """Find what a player's choice is worth to each: held at each action, free, moving first and moving last."""
    from triangle.questions.veto.answer import Veto
    from triangle.questions.veto.answer import veto as worth

    def asked() -> Veto:
        return worth(read_one(ctx, str(scenario), settings, holds), player, unanimity, over)

    found = obtain(Veto, (scenario,), asked, outputs)

    def table() -> RenderableType:
        from triangle.questions.veto.table import veto_tables

        return veto_tables(found)

    def draw() -> object:
        from triangle.questions.veto.plot import veto_plot

        return veto_plot(found)

    deliver(found, outputs, table, draw)
