"""Options that several commands share, and what they are read into."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from triangle.errors import BadInput, Fault, printable

if TYPE_CHECKING:
    from triangle.model.model import Model
    from triangle.study import Study


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")(command)


def set_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option ``--set``, read by :func:`read_studies`."""
    return click.option(
        "--set", "settings", multiple=True, metavar="NAME=VALUE", help="Set a parameter: a number or a figure's id."
    )(command)


def hold_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option ``--hold``, read by :func:`read_studies`."""
    return click.option(
        "--hold",
        "holds",
        multiple=True,
        metavar="PLAYER=ACTION",
        help="Hold a player at an action, as US=court_russia.",
    )(command)


def plot_option(what: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option ``--plot``."""
    return click.option("--plot", type=Path, metavar="PATH", help=f"Draw into this {what}.")


def kept_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options ``--out`` and ``--from`` of commands whose result is one JSON document."""
    path = click.Path(path_type=Path)
    shown = click.option(
        "--from", "source", type=path, metavar="FILE.json", help="Show this result again; nothing is computed."
    )
    return click.option("--out", type=path, metavar="FILE.json", help="Write the result into this file.")(
        shown(command)
    )


def model_of(ctx: click.Context) -> Model:
    """The model that the group's options ask for."""
    from triangle.model.model import read_model

    return read_model(**ctx.obj)


def read_studies(
    ctx: click.Context, names: Sequence[str], settings: Sequence[str], holds: Sequence[str]
) -> list[Study]:
    """A study of each scenario, with settings and holds laid over; all faults of all scenarios together."""
    from triangle.scenario import override, read_scenario
    from triangle.study import study
    from triangle.words import parse_hold

    model, held = model_of(ctx), parse_hold(holds)
    studies: list[Study] = []
    faults: list[Fault] = []
    for name in names:
        try:
            scenario = override(read_scenario(name, model), settings, model)
            if any(scenario.name == other.scenario.name for other in studies):
                scenario = replace(scenario, name=printable(name, 60))
            studies.append(study(model, scenario, held))
        except BadInput as error:
            faults.extend(error.faults)
    if faults:
        raise BadInput(dict.fromkeys(faults))
    return studies


def say_at_once(study: Study) -> None:
    """Say of a scenario with an order of moves that this question leaves it out."""
    if study.scenario.order is not None and len(study.scenario.order) > 1:
        click.echo(f"{study.scenario.name} plays in an order of moves; here all move at once", err=True)
