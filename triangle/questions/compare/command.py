"""Scenarios beside each other: ``compare``."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Unpack

import click

from triangle.cli.deliver import Outputs, deliver, obtain
from triangle.cli.options import GAME, answer_options, as_kept, read_studies, say_at_once, trust_option
from triangle.cli.places import OutputFolder, command

if TYPE_CHECKING:
    from rich.console import RenderableType


@command()
@click.argument("scenarios", nargs=-1, metavar="SCENARIO...")
@trust_option("Mark the equilibria that are agreement-proof at this trust", 0.5)
@answer_options("folder, one picture per question", OutputFolder())
@click.pass_context
def compare(
    ctx: click.Context,
    scenarios: tuple[str, ...],
    trust: float,
    settings: tuple[str, ...],
    holds: tuple[str, ...],
    **outputs: Unpack[Outputs],
) -> None:
    """Compare scenarios in inputs and in equilibria, on the same footing."""
    from triangle.questions.compare.answer import Comparison, check_comparison
    from triangle.questions.compare.answer import compare as set_beside

    studies_of = cache(lambda names: read_studies(ctx, names, settings, holds))
    found = obtain(Comparison, scenarios, lambda: set_beside(studies_of(scenarios), trust), outputs, kept=GAME)
    studies = studies_of(scenarios or tuple(as_kept(ctx, name) for name in found.scenarios))
    check_comparison(found, studies, str(outputs.get("source")))
    for study in studies:
        say_at_once(study)

    def table() -> RenderableType:
        from triangle.questions.compare.table import comparison

        return comparison(studies, found)

    def draw() -> object:
        from triangle.questions.compare.plot import comparison_plots

        return comparison_plots(studies, [solution.answer for solution in found.solutions])

    deliver(found, outputs, table, draw)
