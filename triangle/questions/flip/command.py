"""Where the answer turns: ``flip`` and ``tipping``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

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
from triangle.cli.printing import Progress, plots_module, print_json, print_page, saved
from triangle.base.errors import BadInput, Fault

if TYPE_CHECKING:
    from triangle.questions.tipping.boundary import Boundaries
    from triangle.study.study import Study


@click.command()
@click.argument("scenario", required=False)
@click.option("--to", "target", default="", metavar="PATTERN", help="What is to become an equilibrium: RU=distance.")
@click.option("--away", is_flag=True, help="Stop the equilibria that there are, or those of --to.")
@click.option("--over", "names", multiple=True, metavar="NAME", help="Only this parameter may move; repeatable.")
@click.option("--without", multiple=True, metavar="NAME", help="This parameter stays where it is; repeatable.")
@click.option("--levers", is_flag=True, help="Only what the three powers choose may move.")
@click.option("--uncertainties", is_flag=True, help="Only what is uncertain may move.")
@click.option("--hard", is_flag=True, help="Move to the hard bounds rather than inside the ranges.")
@click.option(
    "--norm", type=click.Choice(("l2", "l1")), default="l2", show_default=True, help="l1 moves few parameters, but far."
)
@click.option("--starts", type=click.IntRange(1, 1000), default=4, show_default=True, help="Starts of each search.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Seed of the starts.")
@kept_options
@set_option
@hold_option
@plot_option("file (.png, .svg or .pdf)")
@json_option
@click.pass_context
def flip(
    ctx: click.Context,
    scenario: str | None,
    target: str,
    away: bool,
    names: tuple[str, ...],
    without: tuple[str, ...],
    levers: bool,
    uncertainties: bool,
    hard: bool,
    norm: str,
    starts: int,
    seed: int,
    out: Path | None,
    source: Path | None,
    settings: tuple[str, ...],
    holds: tuple[str, ...],
    plot: Path | None,
    as_json: bool,
) -> None:
    """Find the smallest joint move of parameters after which the answer is another.

    Moves are counted in the parameters' ranges. --to names the equilibrium to be brought about, as RU=distance,
    configuration=romantic_triangle:RU or a full profile; --away stops the present ones. The answer is solved again, and
    the command that does so is printed. Leaves with 1 where nothing is found, with the best attempt.
    """
    _one_thread()
    from triangle.questions.flip.answer import flip as find
    from triangle.questions.flip.answer import solving_words
    from triangle.questions.flip.document import flip_document

    refuse_beside(ctx, source, "scenario", "settings", "holds")
    if levers and uncertainties:
        raise BadInput(Fault("--levers", "", "goes against --uncertainties; leave both out to move all"))
    if names and (levers or uncertainties):
        raise BadInput(Fault("--over", "", "names the parameters; leave --levers and --uncertainties out"))
    scenario = _scenario(scenario, source)
    (study,) = read_studies(ctx, [scenario], settings, holds)
    say_at_once(study)
    group = [word for key, value in ctx.obj.items() for word in (f"--{key}", str(value))]
    if source is not None:
        from triangle.questions.flip.reading import read_flip

        found = read_flip(source, study)
    else:
        progress = Progress("searches")
        try:
            found = find(
                study,
                target,
                away,
                names=list(names) or None,
                roles="levers" if levers else "uncertainties" if uncertainties else "all",
                without=without,
                norm=norm,
                starts=starts,
                seed=seed,
                hard=hard,
                words=solving_words(study, scenario, group),
                progress=progress,
            )
        finally:
            progress.end()
    _keep(flip_document(study, found), out)
    if plot is not None:
        plots = plots_module()
        from triangle.questions.flip import plot as flip_plots

        saved(plots.save(flip_plots.flip_plot(study, found), plot))
    if as_json:
        print_json(flip_document(study, found))
    else:
        from triangle.questions.flip.table import flip_tables

        print_page(flip_tables(study, found))
    if not found.found:
        ctx.exit(1)


@click.command()
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
            from triangle.questions.flip.reading import read_boundaries

            boundaries = read_boundaries(source, study)
        else:
            boundaries = _boundaries(study, names, pattern, hard)
        _show_curves(study, boundaries, out, plot, as_json)
        return
    from triangle.measures.box import box_of
    from triangle.questions.tipping.answer import tipping_points
    from triangle.questions.flip.document import tipping_document

    if source is not None:
        from triangle.questions.flip.reading import read_tipping

        points, names, hard = read_tipping(source, study)
    else:
        names = box_of(study, list(names) or None).names
        points = tipping_points(study, names, hard)
    _keep(tipping_document(study, points, names, hard), out)
    if plot is not None:
        plots = plots_module()
        from triangle.questions.flip import plot as flip_plots

        saved(plots.save(flip_plots.tipping_plot(study, points), plot))
    if as_json:
        print_json(tipping_document(study, points, names, hard))
    else:
        from triangle.questions.flip.table import tipping_tables

        print_page(tipping_tables(study, points, names, hard, every))


def _scenario(given: str | None, source: Path | None) -> str:
    """The scenario that was named, or else that of a result that is shown again."""
    if given is None and source is None:
        raise BadInput(Fault("SCENARIO", "", "missing; name a scenario, or a result by --from FILE.json"))
    if given is None and source is not None:
        from triangle.questions.flip.reading import scenario_of

        return scenario_of(source)
    assert given is not None
    return given


def _one_thread() -> None:
    """Keep linear algebra from spreading its small matrices over threads; works before numpy is there."""
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")


def _keep(document: dict[str, object], out: Path | None) -> None:
    """Write a result into a file, if it was asked for."""
    if out is not None:
        from triangle.base.store import write_result

        write_result(out, document)
        click.echo(f"written: {out}", err=True)


def _boundaries(study: Study, names: tuple[str, ...], pattern: str, hard: bool) -> Boundaries:
    from triangle.questions.tipping.boundary import boundary_curves
    from triangle.players.profiles import ALL
    from triangle.players.patterns import parse_pattern

    return boundary_curves(study, names, parse_pattern(pattern) if pattern else ALL, hard=hard)


def _show_curves(study: Study, boundaries: Boundaries, out: Path | None, plot: Path | None, as_json: bool) -> None:
    """The boundary curves over two parameters."""
    from triangle.questions.flip.document import boundary_document

    _keep(boundary_document(study, boundaries), out)
    if plot is not None:
        plots = plots_module()
        from triangle.questions.flip import plot as flip_plots

        saved(plots.save(flip_plots.boundary_plot(study, boundaries), plot))
    if as_json:
        print_json(boundary_document(study, boundaries))
    else:
        from triangle.questions.flip.table import boundary_tables

        print_page(boundary_tables(study, boundaries))
