"""What an outcome depends on: ``sensitivity``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from triangle.base.errors import BadInput, Fault
from triangle.cli.options import (
    hold_option,
    json_option,
    plot_option,
    read_studies,
    refuse_beside,
    say_at_once,
    set_option,
)
from triangle.cli.printing import Progress, plots_module, print_json, print_page, saved
from triangle.cli.subject import _check_of_run, _check_of_scenario, _check_source, varying_options

if TYPE_CHECKING:
    from triangle.measures.factors import Categorical
    from triangle.questions.sensitivity.drivers import Sensitivity


@click.command()
@click.argument("subject", required=False, metavar="SCENARIO|RUN")
@click.option(
    "--outcome",
    help="What is measured: margin:PATTERN, holds:PATTERN, only:PATTERN, logit:PATTERN, payoff:RU@PROFILE, "
    "advantage:RU=hedge@PROFILE, beta_ru@PROFILE, credibility, effective_relief, number  [default: margin:present]",
)
@click.option(
    "--method",
    type=click.Choice(("sobol", "morris", "pawn", "delta")),
    help="The index  [default: sobol; pawn inside a region and on a RUN].",
)
@click.option(
    "--samples", type=click.IntRange(1), help="Base samples, walks (morris) or draws (pawn, delta)  [default: 1024]."
)
@click.option(
    "--inside", metavar="EVENT", help="Only draws in which this holds: RU=align, only:RU=align, margin:RU=hedge<0."
)
@click.option(
    "--among",
    "choices",
    multiple=True,
    metavar="NAME=SCENARIO,SCENARIO,...",
    help="Vary a choice among scenarios: they set the parameters in which they differ.",
)
@varying_options
@click.option(
    "--strict",
    is_flag=True,
    help="Count as judgement what has, or feeds what has, only a weak bridge to what was measured.",
)
@click.option("--tornado", type=Path, metavar="PATH", help="Draw the swings of each factor alone into this file.")
@set_option
@hold_option
@plot_option("file (.png, .svg or .pdf)")
@json_option
@click.pass_context
def sensitivity(
    ctx: click.Context,
    subject: str | None,
    outcome: str | None,
    method: str | None,
    samples: int | None,
    inside: str | None,
    choices: tuple[str, ...],
    strict: bool,
    names: tuple[str, ...],
    roles: str,
    without: tuple[str, ...],
    seed: int,
    scenario: str | None,
    out: Path | None,
    source: Path | None,
    tornado: Path | None,
    settings: tuple[str, ...],
    holds: tuple[str, ...],
    plot: Path | None,
    as_json: bool,
) -> None:
    """Which parameters, and which kind of knowledge, an outcome depends on.

    Of a SCENARIO over its prior box; or on the draws in the folder RUN of a sweep, without solving again.
    """
    from triangle.base.store import write_result
    from triangle.measures.draws import is_run
    from triangle.questions.sensitivity import answer as analysis
    from triangle.questions.sensitivity import document as sensitivity_documents
    from triangle.questions.sensitivity import table as sensitivity_tables

    _check_source(subject, source)
    refuse_beside(ctx, source, "out", "tornado")
    method = method or ("pawn" if inside or (subject and is_run(subject)) else "sobol")
    if source is not None:
        found = analysis.load_sensitivity(source)
    elif subject is not None and is_run(subject):
        _check_of_run(
            {
                "--over": names,
                "--without": without,
                "--among": choices,
                "--strict": strict,
                "--roles": roles != "all",
                "--set": settings,
                "--hold": holds,
                "--samples": samples,
            }
        )
        if outcome is None:
            raise BadInput(Fault("--outcome", "", "missing; on an archive name one, as in holds:RU=align"))
        progress = Progress()
        try:
            found = analysis.sensitivity_of_run(Path(subject), outcome, method, seed, inside, scenario, progress)
        finally:
            progress.end()
    else:
        _check_of_scenario(scenario)
        (study,) = read_studies(ctx, [str(subject)], settings, holds)
        say_at_once(study)
        progress = Progress()
        try:
            found = analysis.sensitivity(
                study,
                outcome or "margin:present",
                method,
                samples or 1024,
                seed,
                names or None,
                roles,
                inside,
                progress,
                without=without,
                among=_rivals(ctx, choices, settings),
                strict=strict,
            )
        finally:
            progress.end()
    document = sensitivity_documents.sensitivity_document(found)
    if out is not None:
        write_result(out, document)
        click.echo(f"written: {out}", err=True)
    _draw_sensitivity(found, plot, tornado)
    if as_json:
        print_json(document)
    else:
        print_page(sensitivity_tables.sensitivity(found))


def _draw_sensitivity(found: Sensitivity, plot: Path | None, tornado: Path | None) -> None:
    if plot is None and tornado is None:
        return
    plots = plots_module()
    from triangle.questions.sensitivity import plot as sensitivity_plots

    if plot is not None:
        saved(plots.save(sensitivity_plots.index_plot(found), plot))
    if tornado is not None:
        if not found.swings:
            raise BadInput(Fault("--tornado", "", "an archive does not say how one factor alone moves the outcome"))
        saved(plots.save(sensitivity_plots.tornado_plot(found), tornado))


def _rivals(ctx: click.Context, choices: Sequence[str], settings: Sequence[str]) -> list[Categorical]:
    """The choices among scenarios that ``--among`` asks for."""
    from triangle.measures.factors import rivals

    found = []
    for choice in choices:
        name, equals, listed = choice.partition("=")
        scenarios = [part.strip() for part in listed.split(",") if part.strip()]
        if not equals or not name.strip().isidentifier() or len(scenarios) < 2:
            raise BadInput(Fault("--among", "", "expected NAME=SCENARIO,SCENARIO,... with at least two scenarios"))
        found.append(rivals(name.strip(), read_studies(ctx, scenarios, settings, ())))
    return found
