"""What an outcome depends on, and where an event happens: ``sensitivity``, ``discover``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

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
from triangle.base.errors import BadInput, Fault

if TYPE_CHECKING:
    from triangle.questions.sensitivity.drivers import Sensitivity
    from triangle.measures.factors import Categorical
    from triangle.questions.discover.regions import Discovery
    from triangle.study.study import Study


def varying_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say what varies, and where results come from and go to."""
    for option in reversed(
        (
            click.option("--over", "names", multiple=True, metavar="NAME", help="Vary these parameters only."),
            click.option(
                "--roles",
                type=click.Choice(("all", "uncertainties", "levers")),
                default="all",
                show_default=True,
                help="Which of the parameters vary that the scenario does not set.",
            ),
            click.option("--without", multiple=True, metavar="NAME", help="Leave this parameter where it is."),
            click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Seed of the draws."),
            click.option("--scenario", metavar="NAME", help="Which scenario of a sweep of several."),
            click.option(
                "--out", type=click.Path(path_type=Path), metavar="FILE.json", help="Write the result into this file."
            ),
            click.option(
                "--from",
                "source",
                type=click.Path(path_type=Path),
                metavar="FILE.json",
                help="Show this result again; nothing is computed.",
            ),
        )
    ):
        command = option(command)
    return command


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
    from triangle.questions.sensitivity import answer as analysis
    from triangle.measures.draws import is_run
    from triangle.base.store import write_result
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


@click.command()
@click.argument("subject", required=False, metavar="SCENARIO|RUN")
@click.option("--pattern", metavar="EVENT", help="What happens: RU=hedge, only:RU=align, margin:present<0.")
@click.option(
    "--samples", type=click.IntRange(1), help="Draws of each of the three sets of a SCENARIO  [default: 16384]."
)
@click.option(
    "--density",
    type=click.FloatRange(0, 1, min_open=True),
    default=0.8,
    show_default=True,
    help="Of boxes at least so dense the one of most coverage is taken.",
)
@click.option(
    "--boxes", type=click.IntRange(1, 20), default=3, show_default=True, help="Most boxes that are looked for."
)
@varying_options
@set_option
@hold_option
@plot_option("file (.png, .svg or .pdf)")
@json_option
@click.pass_context
def discover(
    ctx: click.Context,
    subject: str | None,
    pattern: str | None,
    samples: int | None,
    density: float,
    boxes: int,
    names: tuple[str, ...],
    roles: str,
    without: tuple[str, ...],
    seed: int,
    scenario: str | None,
    out: Path | None,
    source: Path | None,
    settings: tuple[str, ...],
    holds: tuple[str, ...],
    plot: Path | None,
    as_json: bool,
) -> None:
    """Boxes of parameters in which an event is frequent, tested on fresh draws.

    Of a SCENARIO over its prior box; or on the draws in the folder RUN of a sweep, without solving again.
    """
    from triangle.questions.discover import answer as analysis
    from triangle.measures.draws import is_run
    from triangle.base.store import write_result
    from triangle.questions.discover import table as discovery_tables
    from triangle.questions.sensitivity import document as sensitivity_documents

    _check_source(subject, source)
    refuse_beside(ctx, source, "out")
    if source is not None:
        found = analysis.load_discovery(source)
    else:
        if pattern is None:
            raise BadInput(Fault("--pattern", "", "missing; say what happens, as in RU=hedge"))
        of: Study | Path
        if subject is not None and is_run(subject):
            _check_of_run(
                {
                    "--over": names,
                    "--without": without,
                    "--roles": roles != "all",
                    "--set": settings,
                    "--hold": holds,
                    "--samples": samples,
                }
            )
            of = Path(subject)
        else:
            _check_of_scenario(scenario)
            (of,) = read_studies(ctx, [str(subject)], settings, holds)
            say_at_once(of)
        progress = Progress()
        try:
            found = analysis.discover(
                of,
                pattern,
                samples or 16384,
                seed,
                names or None,
                roles,
                progress,
                without=without,
                density=density,
                boxes=boxes,
                scenario=scenario,
            )
        finally:
            progress.end()
    document = sensitivity_documents.discovery_document(found)
    if out is not None:
        write_result(out, document)
        click.echo(f"written: {out}", err=True)
    if plot is not None:
        _draw_discovery(found, plot)
    if as_json:
        print_json(document)
    else:
        print_page(discovery_tables.discovery(found))


def _draw_discovery(found: Discovery, plot: Path) -> None:
    plots = plots_module()
    from triangle.questions.sensitivity import plot as sensitivity_plots

    saved(plots.save(sensitivity_plots.discovery_plot(found), plot))


def _check_source(subject: str | None, source: Path | None) -> None:
    """Exactly one of a scenario or run, and a result to show again."""
    if subject is None and source is None:
        raise BadInput(
            Fault("SCENARIO", "", "missing; name a scenario or the folder of a sweep, or a result by --from")
        )
    if subject is not None and source is not None:
        raise BadInput(Fault("--from", "", "shows a result again; leave out the scenario"))


def _check_of_run(given: dict[str, object]) -> None:
    """Options that would need games to be solved."""
    faults = [Fault(name, "", "does not go with a RUN, whose draws are there already") for name in given if given[name]]
    if faults:
        raise BadInput(faults)


def _check_of_scenario(scenario: str | None) -> None:
    if scenario is not None:
        raise BadInput(Fault("--scenario", "", "picks a scenario of a RUN; name the scenario itself instead"))


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
