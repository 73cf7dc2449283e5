"""Where an event happens: ``discover``."""

from __future__ import annotations

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
from triangle.cli.places import command
from triangle.cli.printing import Progress, plots_module, print_json, print_page, saved, tell

if TYPE_CHECKING:
    from triangle.questions.discover.regions import Discovery
    from triangle.study.study import Study
from triangle.cli.subject import _check_of_run, _check_of_scenario, _check_source, varying_options


@command()
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
    from triangle.base.store import write_result
    from triangle.measures.draws import is_run
    from triangle.questions.discover import answer as analysis
    from triangle.questions.discover import table as discovery_tables
    from triangle.questions.discover.document import discovery_document

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
    document = discovery_document(found)
    if out is not None:
        write_result(out, document)
        tell(f"written: {out}")
    if plot is not None:
        _draw_discovery(found, plot)
    if as_json:
        print_json(document)
    else:
        print_page(discovery_tables.discovery(found))


def _draw_discovery(found: Discovery, plot: Path) -> None:
    plots = plots_module()
    from triangle.questions.discover.plot import discovery_plot

    saved(plots.save(discovery_plot(found), plot))
