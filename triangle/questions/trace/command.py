"""Where a payoff comes from: ``trace``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from triangle.base.errors import BadInput, Fault
from triangle.cli.options import hold_option, json_option, plot_option, read_studies, say_at_once, set_option
from triangle.cli.places import command
from triangle.cli.printing import plots_module, print_json, print_page, saved

if TYPE_CHECKING:
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
    plot: Path | None,
    as_json: bool,
) -> None:
    """Unfold a payoff cell: terms, parameters, formulas, figures, documents and lines."""
    from triangle.players.notation import parse_player, parse_profile
    from triangle.study.trace import trace as unfold

    who = parse_player(player, "--player")
    (study,) = read_studies(ctx, [scenario], settings, holds)
    say_at_once(study)
    profile = parse_profile(profile_) if profile_ is not None else _only_equilibrium(study)
    unfolded = unfold(study, who, profile)
    if plot is not None:
        plots = plots_module()
        saved(plots.save(plots.payoff_plot(study, profile), plot))
    if as_json:
        from triangle.questions.trace.document import trace_document

        print_json(trace_document(unfolded))
    else:
        from triangle.questions.trace.table import tracing

        print_page(tracing(unfolded))


def _only_equilibrium(study: Study) -> tuple[int, int, int]:
    from triangle.players.axes import profile_text

    findings = study.solve().findings
    if len(findings) == 1:
        return findings[0].profile
    found = "; ".join(profile_text(finding.profile) for finding in findings) or "none"
    message = f"missing; the scenario has not one pure equilibrium but {len(findings)} ({found}), so name the profile"
    raise BadInput(Fault("--profile", "", message))
