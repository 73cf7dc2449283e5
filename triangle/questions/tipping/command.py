"""Where the answer turns: ``tipping``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from triangle.base.errors import BadInput, Fault
from triangle.cli.options import (
    hold_option,
    json_option,
    kept_options,
    plot_option,
    read_studies,
    refuse_beside,
    say_at_once,
    set_option,
)
from triangle.cli.places import command
from triangle.cli.printing import plots_module, print_json, print_page, saved

if TYPE_CHECKING:
    from triangle.questions.tipping.boundary import Boundaries
    from triangle.study.study import Study
from triangle.cli.deliver import _keep, _one_thread, _scenario


@command()
@click.argument("scenario", required=False)
@click.option(
    "--over",
    "names",
    multiple=True,
    metavar="NAME",
    help="Only this parameter; repeatable. Exactly two with --curves: the axes.",
)
@click.option(
    "--curves", is_flag=True, help="The boundary curves over two parameters, rather than values of each alone."
)
@click.option("--to", "pattern", default="", metavar="PATTERN", help="With --curves: only profiles that fit this.")
@click.option("--hard", is_flag=True, help="Search to the hard bounds, not only inside the ranges.")
@click.option("--all", "every", is_flag=True, help="List every value, not only the nearest on each side.")
@kept_options
@set_option
@hold_option
@plot_option("file (.png, .svg or .pdf)")
@json_option
@click.pass_context
def tipping(
    ctx: click.Context,
    scenario: str | None,
    names: tuple[str, ...],
    curves: bool,
    pattern: str,
    hard: bool,
    every: bool,
    out: Path | None,
    source: Path | None,
    settings: tuple[str, ...],
    holds: tuple[str, ...],
    plot: Path | None,
    as_json: bool,
) -> None:
    """Find the values of each parameter alone at which the set of pure equilibria changes, nearest first.

    With --curves and two --over, the curves over both on which an equilibrium begins or ends.
    """
    _one_thread()
    refuse_beside(ctx, source, "scenario", "settings", "holds", "curves", "every")
    if pattern and not curves:
        raise BadInput(
            Fault("--to", "", "belongs to --curves; values of one parameter are listed for every equilibrium")
        )
    if every and curves:
        raise BadInput(Fault("--all", "", "does not go with --curves, which lists every curve"))
    (study,) = read_studies(ctx, [_scenario(scenario, source)], settings, holds)
    say_at_once(study)
    if curves:
        if source is not None:
            from triangle.questions.tipping.reading import read_boundaries

            boundaries = read_boundaries(source, study)
        else:
            boundaries = _boundaries(study, names, pattern, hard)
        _show_curves(study, boundaries, out, plot, as_json)
        return
    from triangle.measures.box import box_of
    from triangle.questions.tipping.answer import tipping_points
    from triangle.questions.tipping.document import tipping_document

    if source is not None:
        from triangle.questions.tipping.reading import read_tipping

        points, names, hard = read_tipping(source, study)
    else:
        names = box_of(study, list(names) or None).names
        points = tipping_points(study, names, hard)
    _keep(tipping_document(study, points, names, hard), out)
    if plot is not None:
        plots = plots_module()
        from triangle.questions.tipping import plot as tipping_plots

        saved(plots.save(tipping_plots.tipping_plot(study, points), plot))
    if as_json:
        print_json(tipping_document(study, points, names, hard))
    else:
        from triangle.questions.tipping.table import tipping_tables

        print_page(tipping_tables(study, points, names, hard, every))


def _boundaries(study: Study, names: tuple[str, ...], pattern: str, hard: bool) -> Boundaries:
    from triangle.players.patterns import parse_pattern
    from triangle.players.profiles import ALL
    from triangle.questions.tipping.boundary import boundary_curves

    return boundary_curves(study, names, parse_pattern(pattern) if pattern else ALL, hard=hard)


def _show_curves(study: Study, boundaries: Boundaries, out: Path | None, plot: Path | None, as_json: bool) -> None:
    """The boundary curves over two parameters."""
    from triangle.questions.tipping.document import boundary_document

    _keep(boundary_document(study, boundaries), out)
    if plot is not None:
        plots = plots_module()
        from triangle.questions.tipping import plot as tipping_plots

        saved(plots.save(tipping_plots.boundary_plot(study, boundaries), plot))
    if as_json:
        print_json(boundary_document(study, boundaries))
    else:
        from triangle.questions.tipping.table import boundary_tables

        print_page(boundary_tables(study, boundaries))
