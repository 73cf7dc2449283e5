"""Two scenarios on the same draws: ``contrast``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

import click

from triangle.base.errors import BadInput, Fault
from triangle.cli.deliver import Outputs, deliver, obtain
from triangle.cli.options import answer_options, draws_options, read_one, rules_option, titles_of
from triangle.cli.places import command
from triangle.cli.printing import Progress

if TYPE_CHECKING:
    from rich.console import RenderableType

    from triangle.questions.contrast.answer import Contrast


@command()
@click.argument("scenarios", nargs=-1, metavar="FIRST SECOND")
@rules_option("four rules")
@draws_options(4096)
@answer_options()
@click.pass_context
def contrast(
    ctx: click.Context,
    scenarios: tuple[str, ...],
    rules: tuple[str, ...],
    samples: int,
    seed: int,
    settings: tuple[str, ...],
    holds: tuple[str, ...],
    **outputs: Unpack[Outputs],
) -> None:
    """Contrast two scenarios on the same draws of what is uncertain: in how many worlds each player gains.

    Either may be stacked, as in siberia2+europe_joins: changes laid over each other, later ones over earlier ones.
    """
    from triangle.questions.contrast.answer import CONTRAST_RULES, Contrast
    from triangle.questions.contrast.answer import contrast as set_against

    if len(scenarios) > 2:
        raise BadInput(Fault("SCENARIO", "", f"found {len(scenarios)}; two scenarios are contrasted"))

    def compute() -> Contrast:
        first, second = (read_one(ctx, text, settings, holds) for text in scenarios)
        with Progress() as progress:
            return set_against(first, second, samples, seed, rules or CONTRAST_RULES, progress)

    found = obtain(Contrast, scenarios, compute, outputs, "2 scenarios", least=2)

    def table() -> RenderableType:
        from triangle.questions.contrast.table import contrast_tables

        return contrast_tables(found, titles_of(ctx, (found.first, found.second)))

    def draw() -> object:
        from triangle.questions.contrast.plot import contrast_plot

        return contrast_plot(found, titles_of(ctx, (found.first, found.second)))

    deliver(found, outputs, table, draw)
