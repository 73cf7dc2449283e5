"""Scenarios beside each other: ``compare``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

import click

from triangle.cli.deliver import Outputs, deliver
from triangle.cli.options import (
    hold_option,
    json_option,
    plot_option,
    read_studies,
    say_at_once,
    set_option,
    trust_option,
)
from triangle.cli.places import OutputFolder, command

if TYPE_CHECKING:
    from rich.console import RenderableType


@command()
@click.argument("scenarios", nargs=-1, required=True)
@set_option
@hold_option
@trust_option
@plot_option("folder, one picture per question", OutputFolder())
@json_option
@click.pass_context
def compare(
    ctx: click.Context,
    scenarios: tuple[str, ...],
    settings: tuple[str, ...],
    holds: tuple[str, ...],
    trust: float,
    **outputs: Unpack[Outputs],
) -> None:
    """Compare scenarios in inputs and in equilibria, on the same footing."""
    studies = read_studies(ctx, scenarios, settings, holds)
    for study in studies:
        say_at_once(study)
    answers = [study.solve(trust) for study in studies]

    def document() -> dict[str, Any]:
        from triangle.questions.compare.document import comparison_document

        return comparison_document(studies, answers)

    def table() -> RenderableType:
        from triangle.questions.compare.table import comparison

        return comparison(studies, answers)

    def draw() -> object:
        from triangle.questions.compare.plot import comparison_plots

        return comparison_plots(studies, answers)

    deliver(document, outputs, table, draw)
