"""Robust choices: ``choose``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

import click

from triangle.cli.deliver import Outputs, deliver, obtain
from triangle.cli.options import answer_options, draws_options, read_one, rules_option
from triangle.cli.places import command
from triangle.cli.printing import Progress

if TYPE_CHECKING:
    from rich.console import RenderableType

    from triangle.questions.choose.answer import Choice


@command()
@click.argument("scenario", required=False)
@click.option("--player", metavar="PLAYER", help="Who chooses: US, RU or CN  [default: US].")
@click.option(
    "--lever", "levers", multiple=True, metavar="NAME=V1,V2,...", help="A lever and its values [default: the player's]."
)
@rules_option("five rules")
@click.option("--threshold", type=float, help="What satisfices, bn USD/yr [default: the payoff in the scenario].")
@draws_options(1024)
@answer_options()
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
    settings: tuple[str, ...],
    holds: tuple[str, ...],
    **outputs: Unpack[Outputs],
) -> None:
    """Weigh a player's options over its levers in many uncertain worlds: which choice is robust.

    Expected outcome, maximin, minimax policy regret and satisficing under several rules of selection, the Pareto set,
    what is left if only rankings are believed, and which parameter is worth looking up first.
    """
    from triangle.questions.choose.answer import CHOICE_RULES, Choice, parse_levers
    from triangle.questions.choose.answer import choose as weigh

    def compute() -> Choice:
        study = read_one(ctx, str(scenario), settings, holds)
        with Progress() as progress:
            laid = parse_levers(levers) or None
            return weigh(
                study,
                player,
                laid,
                samples,
                seed,
                rules or CHOICE_RULES,
                threshold,
                progress,
            )

    choice = obtain(Choice, (scenario,), compute, outputs)

    def table() -> RenderableType:
        from triangle.questions.choose.table import choice_tables

        return choice_tables(choice)

    def draw() -> object:
        from triangle.questions.choose.plot import choice_plot

        return choice_plot(choice)

    deliver(choice, outputs, table, draw)
