"""Scenarios beside each other: ``compare``."""

from __future__ import annotations

from pathlib import Path

import click

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
from triangle.cli.printing import plots_module, print_json, print_page, saved


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
    plot: Path | None,
    as_json: bool,
) -> None:
    """Compare scenarios in inputs and in equilibria, on the same footing."""
    studies = read_studies(ctx, scenarios, settings, holds)
    for study in studies:
        say_at_once(study)
    answers = [study.solve(trust) for study in studies]
    if plot is not None:
        plots = plots_module()
        from triangle.questions.compare.plot import comparison_plots

        for name, figure in comparison_plots(studies, answers).items():
            saved(plots.save(figure, plot / f"{name}.png"))
    if as_json:
        from triangle.questions.compare.document import comparison_document

        print_json(comparison_document(studies, answers))
    else:
        from triangle.questions.compare.table import comparison

        print_page(comparison(studies, answers))
