"""Effects shared out among changes: ``decompose``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from triangle.cli.deliver import _one, deliver, file_options, obtained
from triangle.cli.options import hold_option, json_option, plot_option, set_option
from triangle.cli.places import command

if TYPE_CHECKING:
    from triangle.questions.decompose.answer import Shares


@command()
@click.argument("scenarios", nargs=-1, metavar="SCENARIO...")
@click.option("--outcome", metavar="OUTCOME", help="What is decomposed  [default: value:RU].")
@file_options
@set_option
@hold_option
@plot_option("file (.png, .svg or .pdf)")
@json_option
@click.pass_context
def decompose(
    ctx: click.Context,
    scenarios: tuple[str, ...],
    outcome: str | None,
    source: Path | None,
    out: Path | None,
    settings: tuple[str, ...],
    holds: tuple[str, ...],
    plot: Path | None,
    as_json: bool,
) -> None:
    """Share out a joint effect on an outcome among the changes that make it (Shapley).

    One SCENARIO: its changes from the documented world, each by itself. Several: what each adds to the first one, laid
    over each other in this order. A SCENARIO may itself be stacked, as in siberia2+europe_joins. OUTCOME is for example
    value:RU@margin, margin:RU=distance, holds:configuration=stable_marriage or beta_ru@24.
    """
    from triangle.questions.decompose.answer import Shares
    from triangle.questions.decompose.answer import decompose as share_out

    def compute() -> Shares:
        from triangle.players.axes import PLAYERS, RU

        asked = f"value:{PLAYERS[RU]}" if outcome is None else outcome
        return share_out([_one(ctx, text, settings, holds) for text in scenarios], asked)

    shares = obtained(Shares, "triangle.shares/1", source, scenarios, 1, compute)
    from triangle.questions.decompose import table as tables

    def draw() -> object:
        from triangle.questions.decompose.plot import shares_plot

        return shares_plot(shares)

    deliver(
        tables.shares_document(shares),
        lambda: tables.shares_tables(shares),
        draw,
        source,
        out,
        plot,
        as_json,
    )
