"""A question asked of a scenario or of the games of a sweep: SCENARIO|RUN."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from triangle.base.errors import BadInput, Fault
from triangle.cli.options import moving_options, read_one, seed_option

if TYPE_CHECKING:
    from triangle.study.study import Study


#: What such a question is asked of.
SUBJECT = "a scenario or the folder of a sweep"


def varying_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say what varies, and how it is drawn."""
    roles = click.option(
        "--roles",
        type=click.Choice(("all", "uncertainties", "levers")),
        default="all",
        show_default=True,
        help="Which of the parameters vary that the scenario does not set.",
    )
    scenario = click.option("--scenario", metavar="NAME", help="Which scenario of a sweep of several.")
    return moving_options(roles(seed_option("the draws")(scenario(command))))


def read_subject(
    ctx: click.Context,
    subject: str,
    scenario: str | None,
    settings: Sequence[str],
    holds: Sequence[str],
    solving: Mapping[str, object],
) -> Study | Path:
    """The study of a scenario, or the folder of a sweep.

    Parameters
    ----------
    scenario : str or None
        Which of a sweep of several.
    solving : mapping of str to object
        Options that would need games to be solved, beside ``--set`` and ``--hold``, with what was given.
    """
    from triangle.measures.draws import is_run

    if not is_run(subject):
        if scenario is not None:
            raise BadInput(Fault("--scenario", "", "picks a scenario of a RUN; name the scenario itself instead"))
        return read_one(ctx, subject, settings, holds)
    given = [name for name, value in {**solving, "--set": settings, "--hold": holds}.items() if value]
    if given:
        raise BadInput(Fault(name, "", "does not go with a RUN, whose draws are there already") for name in given)
    return Path(subject)
