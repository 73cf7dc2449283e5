"""Scenarios as changes: ``decompose`` and ``contrast``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from triangle.cli.deliver import deliver, file_options, obtained, samples_option, seed_option
from triangle.cli.options import hold_option, json_option, plot_option, read_studies, say_at_once, set_option
from triangle.cli.printing import Progress
from triangle.base.errors import BadInput, Fault

if TYPE_CHECKING:
    from triangle.questions.decompose.answer import Shares
    from triangle.questions.contrast.answer import Contrast
    from triangle.study.study import Study


@click.command()
@click.argument("scenarios", nargs=-1, metavar="SCENARIO...")
@click.option("--outcome", metavar="OUTCOME", help="What is decomposed  [default: value:RU].")
@file_options
@set_option
@hold_option
@plot_option("file (.png, .svg or .pdf)")
@json_option
@click.pass_context
def decompose(
    ctx: click.Context,
    scenarios: tuple[str, ...],
    outcome: str | None,
    source: Path | None,
    out: Path | None,
    settings: tuple[str, ...],
    holds: tuple[str, ...],
    plot: Path | None,
    as_json: bool,
) -> None:
    """Share out a joint effect on an outcome among the changes that make it (Shapley).

    One SCENARIO: its changes from the documented world, each by itself. Several: what each adds to the first one, laid
    over each other in this order. A SCENARIO may itself be stacked, as in siberia2+europe_joins. OUTCOME is for example
    value:RU@margin, margin:RU=distance, holds:configuration=stable_marriage or beta_ru@24.
    """
    from triangle.questions.decompose.answer import Shares
    from triangle.questions.decompose.answer import decompose as share_out

    def compute() -> Shares:
        from triangle.players.axes import PLAYERS, RU

        asked = f"value:{PLAYERS[RU]}" if outcome is None else outcome
        return share_out([_one(ctx, text, settings, holds) for text in scenarios], asked)

    shares = obtained(Shares, "triangle.shares/1", source, scenarios, 1, compute)
    from triangle.questions.decompose import table as calculus_tables

    def draw() -> object:
        from triangle.questions.decompose.plot import shares_plot

        return shares_plot(shares)

    deliver(
        calculus_tables.shares_document(shares),
        lambda: calculus_tables.shares_tables(shares),
        draw,
        source,
        out,
        plot,
        as_json,
    )


@click.command()
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
    from triangle.questions.decompose import table as calculus_tables

    def draw() -> object:
        from triangle.questions.decompose.plot import contrast_plot

        return contrast_plot(found)

    deliver(
        calculus_tables.contrast_document(found),
        lambda: calculus_tables.contrast_tables(found),
        draw,
        source,
        out,
        plot,
        as_json,
    )


def _one(ctx: click.Context, text: str, settings: tuple[str, ...], holds: tuple[str, ...]) -> Study:
    """The study of one scenario; of two with the same name each keeps it."""
    (found,) = read_studies(ctx, [text], settings, holds)
    say_at_once(found)
    return found
