"""Where a payoff comes from: ``trace``."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Unpack

import click

from triangle.cli.deliver import Outputs, deliver, obtain
from triangle.cli.options import GAME, answer_options, as_kept, read_one
from triangle.cli.places import command
from triangle.cli.printing import plots_module

if TYPE_CHECKING:
    from rich.console import RenderableType

    from triangle.study.trace import Trace


@command()
@click.argument("scenario", required=False)
@click.option("--player", metavar="PLAYER", help="Whose payoff: US, RU or CN.  [default: the one that is wooed, RU]")
@click.option(
    "--profile",
    "profile_",
    metavar="P",
    help="As US=contain_both,RU=align,CN=align.  [default: the firmest, or nearest]",
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
    from triangle.measures.asked import firmest
    from triangle.players.axes import RU
    from triangle.players.notation import parse_player, parse_profile
    from triangle.study.trace import Trace, check_trace
    from triangle.study.trace import trace as unfold

    study_of = cache(lambda name: read_one(ctx, name, settings, holds))

    def compute() -> Trace:
        study = study_of(scenario)
        who = RU if player is None else parse_player(player, study.cast, "--player")
        profile = firmest(study) if profile_ is None else parse_profile(profile_, study.cast)
        return unfold(study, who, profile)

    unfolded = obtain(Trace, (scenario,), compute, outputs, kept=GAME)
    study = study_of(scenario or as_kept(ctx, unfolded.scenario))
    check_trace(unfolded, study, str(outputs.get("source")))

    def table() -> RenderableType:
        from triangle.questions.trace.table import tracing

        return tracing(study, unfolded)

    deliver(
        unfolded, outputs, table, lambda: plots_module().payoff_plot(study, unfolded.finding.profile, unfolded.player)
    )
