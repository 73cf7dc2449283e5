"""Where the answer turns: ``tipping``."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Unpack

import click

from triangle.base.errors import BadInput, Fault
from triangle.cli.deliver import Outputs, deliver, obtain
from triangle.cli.options import GAME, answer_options, as_kept, read_one, trust_option
from triangle.cli.places import command

if TYPE_CHECKING:
    from rich.console import RenderableType


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
@trust_option()
@answer_options()
@click.pass_context
def tipping(
    ctx: click.Context,
    scenario: str | None,
    names: tuple[str, ...],
    curves: bool,
    pattern: str,
    hard: bool,
    every: bool,
    trust: float | None,
    settings: tuple[str, ...],
    holds: tuple[str, ...],
    **outputs: Unpack[Outputs],
) -> None:
    """Find the values of each parameter alone at which the set of pure equilibria changes, nearest first.

    With --curves and two --over, the curves over both on which an equilibrium begins or ends.
    """
    from triangle.questions.tipping.answer import Tippings, check_tippings, tippings
    from triangle.questions.tipping.boundary import Boundaries, boundary_curves, check_boundaries

    if pattern and not curves:
        raise BadInput(
            Fault("--to", "", "belongs to --curves; values of one parameter are listed for every equilibrium")
        )
    if every and curves:
        raise BadInput(Fault("--all", "", "does not go with --curves, which lists every curve"))
    if trust is not None and curves:
        raise BadInput(
            Fault(
                "--trust",
                "",
                "does not go with --curves, which are those of leaving alone; ask for values of each alone",
            )
        )
    kept = (*GAME, "curves", "every")
    study_of = cache(lambda name: read_one(ctx, name, settings, holds))

    def compute_points() -> Tippings:
        return tippings(study_of(scenario), list(names) or None, hard, trust)

    def compute_curves() -> Boundaries:
        from triangle.players.patterns import parse_pattern

        study = study_of(scenario)
        return boundary_curves(study, names, parse_pattern(pattern, study.cast) if pattern else None, hard=hard)

    found: Tippings | Boundaries
    if curves:
        found = obtain(Boundaries, (scenario,), compute_curves, outputs, kept=kept)
    else:
        found = obtain(Tippings, (scenario,), compute_points, outputs, kept=kept)
    study, file = study_of(scenario or as_kept(ctx, found.world.scenario)), str(outputs.get("source"))
    if isinstance(found, Boundaries):
        check_boundaries(found, study, file)
    else:
        check_tippings(found, study, file)

    def table() -> RenderableType:
        from triangle.questions.tipping.table import boundary_tables, tipping_tables

        return boundary_tables(study, found) if isinstance(found, Boundaries) else tipping_tables(study, found, every)

    def draw() -> object:
        from triangle.questions.tipping.plot import boundary_plot, tipping_plot

        return (
            boundary_plot(study, found)
            if isinstance(found, Boundaries)
            else tipping_plot(study, found.points, found.trust)
        )

    deliver(found, outputs, table, draw)
