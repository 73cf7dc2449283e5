"""Effects shared out among changes: ``decompose``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

import click

from triangle.cli.deliver import Outputs, deliver, obtain
from triangle.cli.options import answer_options, read_one
from triangle.cli.places import command

if TYPE_CHECKING:
    from rich.console import RenderableType

    from triangle.questions.decompose.answer import Shares


@command()
@click.argument("scenarios", nargs=-1, metavar="SCENARIO...")
@click.option("--outcome", metavar="OUTCOME", help="What is decomposed  [default: value:RU].")
@answer_options()
@click.pass_context
def decompose(
    ctx: click.Context,
    scenarios: tuple[str, ...],
    outcome: str | None,
    settings: tuple[str, ...],
    holds: tuple[str, ...],
    **outputs: Unpack[Outputs],
) -> None:
    """Share out a joint effect on an outcome among the changes that make it (Shapley).

    One SCENARIO: its changes from the default world, each by itself. Two: those of the second from the first, each by
    itself. More: what each adds to the first one, laid over each other in this order. A SCENARIO may itself be stacked,
    as in siberia2+europe_joins. OUTCOME is for example value:RU@margin, margin:RU=distance,
    holds:configuration=stable_marriage or beta_ru@24.
    """
    from triangle.questions.decompose.answer import Shares
    from triangle.questions.decompose.answer import decompose as share_out

    def compute() -> Shares:
        from triangle.players.axes import RU

        studies = [read_one(ctx, text, settings, holds) for text in scenarios]
        return share_out(studies, f"value:{studies[0].cast.codes[RU]}" if outcome is None else outcome)

    shares = obtain(Shares, scenarios, compute, outputs)

    def table() -> RenderableType:
        from triangle.questions.decompose.table import shares_tables

        return shares_tables(shares)

    def draw() -> object:
        from triangle.questions.decompose.plot import shares_plot

        return shares_plot(shares)

    deliver(shares, outputs, table, draw)
