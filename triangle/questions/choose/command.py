"""Robust choices and bidding: ``choose`` and ``bid``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from triangle.cli.deliver import deliver, file_options, obtained, samples_option, seed_option
from triangle.cli.options import hold_option, json_option, plot_option, read_studies, say_at_once, set_option
from triangle.cli.printing import Progress

if TYPE_CHECKING:
    from triangle.questions.bid.record import Auction
    from triangle.questions.choose.answer import Choice
    from triangle.study.study import Study


@click.command()
@click.argument("scenario", required=False)
@click.option("--player", metavar="PLAYER", help="Who chooses: US, RU or CN  [default: US].")
@click.option(
    "--lever", "levers", multiple=True, metavar="NAME=V1,V2,...", help="A lever and its values [default: the player's]."
)
@click.option(
    "--rule", "rules", multiple=True, metavar="RULE", help="Which equilibrium is played [default: five rules]."
)
@click.option("--threshold", type=float, help="What satisfices, bn USD/yr [default: the payoff in the scenario].")
@samples_option(1024)
@seed_option
@file_options
@set_option
@hold_option
@plot_option("file (.png, .svg or .pdf)")
@json_option
@click.pass_context
def choose(
    ctx: click.Context,
    scenario: str | None,
    player: str | None,
    levers: tuple[str, ...],
    rules: tuple[str, ...],
    threshold: float | None,
    samples: int,
    seed: int,
    source: Path | None,
    out: Path | None,
    settings: tuple[str, ...],
    holds: tuple[str, ...],
    plot: Path | None,
    as_json: bool,
) -> None:
    """Weigh a player's options over its levers in many uncertain worlds: which choice is robust.

    Expected outcome, maximin, minimax policy regret and satisficing under several rules of selection, the Pareto set,
    what is left if only rankings are believed, and which parameter is worth looking up first.
    """
    from triangle.questions.choose.answer import CHOICE_RULES, Choice, parse_levers
    from triangle.questions.choose.answer import choose as weigh
    from triangle.players.axes import PLAYERS, US

    def compute() -> Choice:
        study = _only(ctx, scenario, settings, holds)
        progress = Progress()
        try:
            laid = parse_levers(levers) or None
            return weigh(
                study,
                PLAYERS[US] if player is None else player,
                laid,
                samples,
                seed,
                rules or CHOICE_RULES,
                threshold,
                progress,
            )
        finally:
            progress.end()

    choice = obtained(Choice, "triangle.choice/1", source, _given(scenario), 1, compute)
    from triangle.questions.choose import table as choice_tables

    def draw() -> object:
        from triangle.questions.choose.plot import choice_plot

        return choice_plot(choice)

    deliver(
        choice_tables.choice_document(choice),
        lambda: choice_tables.choice_tables(choice),
        draw,
        source,
        out,
        plot,
        as_json,
    )


@click.command()
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


def _given(scenario: str | None) -> list[str]:
    return [] if scenario is None else [scenario]


def _only(ctx: click.Context, scenario: str | None, settings: tuple[str, ...], holds: tuple[str, ...]) -> Study:
    (study,) = read_studies(ctx, _given(scenario), settings, holds)
    say_at_once(study)
    return study
