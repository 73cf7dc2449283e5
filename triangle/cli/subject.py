"""A question asked of a scenario or of the games of a sweep: SCENARIO|RUN."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from triangle.base.errors import BadInput, Fault
from triangle.cli.places import OutputFile


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
                "--out", type=OutputFile(".json"), metavar="FILE.json", help="Write the result into this file."
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
