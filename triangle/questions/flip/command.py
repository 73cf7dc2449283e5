"""The nearest world with another answer: ``flip``."""

from __future__ import annotations

from pathlib import Path

import click

from triangle.base.errors import BadInput, Fault
from triangle.cli.deliver import _keep, _one_thread, _scenario
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
from triangle.cli.printing import Progress, plots_module, print_json, print_page, saved


@command()
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
