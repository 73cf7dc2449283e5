"""Bidding for the pivot: ``bid``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from triangle.cli.deliver import deliver, file_options, obtained, samples_option, seed_option
from triangle.cli.options import hold_option, json_option, plot_option, set_option
from triangle.cli.places import command
from triangle.cli.printing import Progress

if TYPE_CHECKING:
    from triangle.questions.bid.record import Auction
from triangle.cli.deliver import _given, _only


@command()
@click.argument("scenario", required=False)
@click.option(
    "--rule", default="margin", show_default=True, help="Which equilibrium is played: margin, status_quo, pivot."
)
@click.option(
    "--steps", type=click.IntRange(2, 21), default=5, show_default=True, help="Values of each coordinate of an offer."
)
@samples_option(256)
@seed_option
@file_options
@set_option
@hold_option
@plot_option("file (.png, .svg or .pdf)")
@json_option
@click.pass_context
def bid(
    ctx: click.Context,
    scenario: str | None,
    rule: str,
    steps: int,
    samples: int,
    seed: int,
    source: Path | None,
    out: Path | None,
    settings: tuple[str, ...],
    holds: tuple[str, ...],
    plot: Path | None,
    as_json: bool,
) -> None:
    """Let the United States and China bid for Russia: who wins, at what price, and what moves that.

    In kind: relief and concessions against a pipeline's volume and price, offered at once or in turn. In money: what
    Russia is worth to each, what each can credibly promise, and who can pay more.
    """
    from triangle.questions.bid.answer import bid as auction_off
    from triangle.questions.bid.record import Auction

    def compute() -> Auction:
        study = _only(ctx, scenario, settings, holds)
        progress = Progress()
        try:
            return auction_off(study, rule, samples, seed, steps, progress)
        finally:
            progress.end()

    auction = obtained(Auction, "triangle.bidding/1", source, _given(scenario), 1, compute)
    from triangle.questions.bid import table as bidding_tables

    def draw() -> object:
        from triangle.questions.bid.plot import bidding_plot

        return bidding_plot(auction)

    deliver(
        bidding_tables.bidding_document(auction),
        lambda: bidding_tables.bidding_tables(auction),
        draw,
        source,
        out,
        plot,
        as_json,
    )
