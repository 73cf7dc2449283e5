"""Two scenarios on the same draws: ``contrast``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from triangle.base.errors import BadInput, Fault
from triangle.cli.deliver import deliver, file_options, obtained, samples_option, seed_option
from triangle.cli.options import hold_option, json_option, plot_option, set_option
from triangle.cli.places import command
from triangle.cli.printing import Progress

if TYPE_CHECKING:
    from triangle.questions.contrast.answer import Contrast
from triangle.cli.deliver import _one


@command()
@click.argument("scenarios", nargs=-1, metavar="FIRST SECOND")
@click.option(
    "--rule", "rules", multiple=True, metavar="RULE", help="Which equilibrium is played [default: four rules]."
)
@samples_option(4096)
@seed_option
@file_options
@set_option
@hold_option
@plot_option("file (.png, .svg or .pdf)")
@json_option
@click.pass_context
def contrast(
    ctx: click.Context,
    scenarios: tuple[str, ...],
    rules: tuple[str, ...],
    samples: int,
    seed: int,
    source: Path | None,
    out: Path | None,
    settings: tuple[str, ...],
    holds: tuple[str, ...],
    plot: Path | None,
    as_json: bool,
) -> None:
    """Contrast two scenarios on the same draws of what is uncertain: in how many worlds each player gains.

    Either may be stacked, as in siberia2+europe_joins: changes laid over each other, later ones over earlier ones.
    """
    from triangle.questions.contrast.answer import CONTRAST_RULES, Contrast
    from triangle.questions.contrast.answer import contrast as set_against

    if len(scenarios) > 2:
        raise BadInput(Fault("SCENARIO", "", f"found {len(scenarios)}; two scenarios are contrasted"))

    def compute() -> Contrast:
        first, second = (_one(ctx, text, settings, holds) for text in scenarios)
        progress = Progress()
        try:
            return set_against(first, second, samples, seed, rules or CONTRAST_RULES, progress)
        finally:
            progress.end()

    found = obtained(Contrast, "triangle.contrast/1", source, scenarios, 2, compute)
    from triangle.questions.contrast import table as tables

    def draw() -> object:
        from triangle.questions.contrast.plot import contrast_plot

        return contrast_plot(found)

    deliver(
        tables.contrast_document(found),
        lambda: tables.contrast_tables(found),
        draw,
        source,
        out,
        plot,
        as_json,
    )
