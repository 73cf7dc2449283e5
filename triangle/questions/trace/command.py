"""Where a payoff comes from: ``trace``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

import click

from triangle.base.errors import BadInput, Fault
from triangle.cli.deliver import Outputs, deliver
from triangle.cli.options import hold_option, json_option, plot_option, read_one, set_option
from triangle.cli.places import command
from triangle.cli.printing import plots_module

if TYPE_CHECKING:
    from rich.console import RenderableType

    from triangle.study.study import Study


@command()
@click.argument("scenario")
@click.option("--player", metavar="PLAYER", required=True, help="Whose payoff: US, RU or CN.")
@click.option(
    "--profile", "profile_", metavar="P", help="As US=contain_both,RU=align,CN=align; default: the equilibrium."
)
@set_option
@hold_option
@plot_option("file (.png, .svg or .pdf)")
@json_option
@click.pass_context
def trace(
    ctx: click.Context,
    scenario: str,
    player: str,
    profile_: str | None,
    settings: tuple[str, ...],
    holds: tuple[str, ...],
    **outputs: Unpack[Outputs],
) -> None:
    """Unfold a payoff cell: terms, parameters, formulas, figures, documents and lines."""
    from triangle.players.notation import parse_player, parse_profile
    from triangle.study.trace import trace as unfold

    who = parse_player(player, "--player")
    study = read_one(ctx, scenario, settings, holds)
    profile = parse_profile(profile_) if profile_ is not None else _only_equilibrium(study)
    unfolded = unfold(study, who, profile)

    def document() -> dict[str, Any]:
        from triangle.questions.trace.document import trace_document

        return trace_document(unfolded)

    def table() -> RenderableType:
        from triangle.questions.trace.table import tracing

        return tracing(unfolded)

    deliver(document, outputs, table, lambda: plots_module().payoff_plot(study, profile))


def _only_equilibrium(study: Study) -> tuple[int, int, int]:
    from triangle.players.axes import profile_text

    findings = study.solve().findings
    if len(findings) == 1:
        return findings[0].profile
    found = "; ".join(profile_text(finding.profile) for finding in findings) or "none"
    message = f"missing; the scenario has not one pure equilibrium but {len(findings)} ({found}), so name the profile"
    raise BadInput(Fault("--profile", "", message))
