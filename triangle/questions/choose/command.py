"""Robust choices: ``choose``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from triangle.cli.deliver import _given, _only, deliver, file_options, obtained, samples_option, seed_option
from triangle.cli.options import hold_option, json_option, plot_option, set_option
from triangle.cli.places import command
from triangle.cli.printing import Progress

if TYPE_CHECKING:
    from triangle.questions.choose.answer import Choice


@command()
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
    from triangle.players.axes import PLAYERS, US
    from triangle.questions.choose.answer import CHOICE_RULES, Choice, parse_levers
    from triangle.questions.choose.answer import choose as weigh

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
