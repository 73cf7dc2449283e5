"""Bidding for the pivot: ``bid``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

import click

from triangle.cli.deliver import Outputs, deliver, obtain
from triangle.cli.options import answer_options, draws_options, read_one
from triangle.cli.places import command
from triangle.cli.printing import Progress

if TYPE_CHECKING:
    from rich.console import RenderableType

    from triangle.questions.bid.record import Auction


@command()
@click.argument("scenario", required=False)
@click.option(
    "--rule", default="margin", show_default=True, help="Which equilibrium is played: margin, status_quo, pivot."
)
@click.option(
    "--steps", type=click.IntRange(2, 21), default=5, show_default=True, help="Values of each coordinate of an offer."
)
@draws_options(256)
@answer_options()
@click.pass_context
def bid(
    ctx: click.Context,
    scenario: str | None,
    rule: str,
    steps: int,
    samples: int,
    seed: int,
    settings: tuple[str, ...],
    holds: tuple[str, ...],
    **outputs: Unpack[Outputs],
) -> None:
    """Let the United States and China bid for Russia: who wins, at what price, and what moves that.

    In kind: relief and concessions against a pipeline's volume and price, offered at once or in turn. In money: what
    Russia is worth to each, what each can credibly promise, and who can pay more.
    """
    from triangle.questions.bid.answer import bid as auction_off
    from triangle.questions.bid.record import Auction

    def compute() -> Auction:
        study = read_one(ctx, str(scenario), settings, holds)
        with Progress() as progress:
            return auction_off(study, rule, samples, seed, steps, progress)

    auction = obtain(Auction, (scenario,), compute, outputs)

    def table() -> RenderableType:
        from triangle.questions.bid.table import bidding_tables

        return bidding_tables(auction)

    def draw() -> object:
        from triangle.questions.bid.plot import bidding_plot

        return bidding_plot(auction)

    deliver(auction, outputs, table, draw)
