"""Where a payoff comes from: ``trace``."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Unpack

import click

from triangle.base.errors import BadInput, Fault
from triangle.cli.deliver import Outputs, deliver, obtain
from triangle.cli.options import GAME, answer_options, read_one
from triangle.cli.places import command
from triangle.cli.printing import plots_module

if TYPE_CHECKING:
    from rich.console import RenderableType

    from triangle.study.trace import Trace


@command()
@click.argument("scenario", required=False)
@click.option("--player", metavar="PLAYER", help="Whose payoff: US, RU or CN.")
@click.option(
    "--profile", "profile_", metavar="P", help="As US=contain_both,RU=align,CN=align; default: the one that stands."
)
@answer_options()
@click.pass_context
def trace(
    ctx: click.Context,
    scenario: str | None,
    player: str | None,
    profile_: str | None,
    settings: tuple[str, ...],
    holds: tuple[str, ...],
    **outputs: Unpack[Outputs],
) -> None:
    """Unfold a payoff cell: terms, parameters, formulas, figures, documents and lines."""
    from triangle.measures.outcomes import only_present
    from triangle.players.notation import parse_player, parse_profile
    from triangle.study.trace import Trace, check_trace
    from triangle.study.trace import trace as unfold

    study_of = cache(lambda name: read_one(ctx, name, settings, holds))

    def compute() -> Trace:
        if player is None:
            raise BadInput(Fault("--player", "", "missing; expected whose payoff is to be unfolded"))
        study = study_of(scenario)
        who = parse_player(player, study.cast, "--player")
        profile = only_present(study, "--profile") if profile_ is None else parse_profile(profile_, study.cast)
        return unfold(study, who, profile)

    unfolded = obtain(Trace, (scenario,), compute, outputs, kept=GAME)
    study = study_of(scenario or unfolded.scenario)
    check_trace(unfolded, study, str(outputs.get("source")))

    def table() -> RenderableType:
        from triangle.questions.trace.table import tracing

        return tracing(study, unfolded)

    deliver(unfolded, outputs, table, lambda: plots_module().payoff_plot(study, unfolded.finding.profile))
