"""Games and parameters in files of other programs: ``export`` and ``import``."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from triangle.base.errors import BadInput, Fault
from triangle.base.writing import replace_file
from triangle.cli.deliver import deliver
from triangle.cli.options import (
    dialect_for,
    dialect_option,
    hold_option,
    json_option,
    model_of,
    read_studies,
    say_at_once,
    set_option,
)
from triangle.cli.places import OutputFile, command
from triangle.cli.printing import tell
from triangle.version import __version__

if TYPE_CHECKING:
    from triangle.study.study import Study


@command()
@click.argument("scenario")
@click.option(
    "--out",
    type=OutputFile(".nfg", ".efg"),
    help="File for the game, ending in .nfg, or .efg for the tree of an offer.",
)
@click.option(
    "--parameters",
    type=OutputFile(".csv", ".xlsx"),
    metavar="FILE",
    help="File for the parameters, ending in .xlsx or .csv.",
)
@dialect_option
@click.option("--places", type=click.IntRange(0, 15), default=6, show_default=True, help="Decimal places of payoffs.")
@set_option
@hold_option
@click.pass_context
def export(
    ctx: click.Context,
    scenario: str,
    out: Path | None,
    parameters: Path | None,
    dialect: str | None,
    places: int,
    settings: tuple[str, ...],
    holds: tuple[str, ...],
) -> None:
    """Write a scenario's game as a Gambit .nfg file (--out), or its parameters as a sheet (--parameters).

    With FILE.efg it is the tree of the offer that triangle signal asks of, or of the gesture of triangle gesture.
    Payoffs in the .nfg file are rounded, and the file says so. A changed sheet comes back with triangle import.
    """
    if out is None and parameters is None:
        raise BadInput(Fault("--out", "", "missing; name a file for the game (--out) or the parameters (--parameters)"))
    if out is not None and out.suffix.lower() not in (".nfg", ".efg"):
        raise BadInput(Fault("--out", "", f"found {str(out)!r}; expected a file ending in .nfg or .efg"))
    written = dialect_for(parameters, dialect, "excel", "--parameters")
    if parameters is not None:
        from triangle.scenarios.sheet_file import check_ending

        check_ending(parameters, "--parameters")
    (study,) = read_studies(ctx, [scenario], settings, holds)

    def files() -> Iterable[str]:
        if parameters is not None:
            from triangle.scenarios.sheet import table
            from triangle.scenarios.sheet_file import write_sheet

            write_sheet(parameters, table(study.scenario, study.model), written)
            yield str(parameters)
        if out is not None:
            from triangle.games.interchange import write_nfg

            tree = out.suffix.lower() == ".efg"
            if not tree:
                say_at_once(study)
            write_nfg(out, _tree_text(study, places) if tree else _game_text(study, places))
            yield str(out)

    deliver(None, {}, files=files)


def _tree_text(study: Study, places: int) -> str:
    """The tree of the offer of a study, or else of its gesture, as Gambit writes it."""
    from triangle.games.efg import format_efg
    from triangle.questions.signal.answer import game_tree

    title = f"{study.scenario.title} (triangle {__version__}, {study.scenario.name}, billion USD a year)"
    return format_efg(game_tree(study), title, places)


def _game_text(study: Study, places: int) -> str:
    """A study's game as Gambit writes it."""
    from triangle.games.interchange import format_nfg

    actions = [[own[study.hold[i]]] if i in study.hold else own for i, own in enumerate(study.cast.actions)]
    title = study.scenario.title.encode("ascii", "replace").decode()
    comment = f"triangle {__version__}, scenario {study.scenario.name}, billion USD a year."
    return format_nfg(study.game, study.cast.codes, actions, title, comment, places)


@command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--out", type=OutputFile(".toml"), required=True, help="Scenario file to write, ending in .toml.")
@click.option("--author", required=True, help="Who signs the scenario.")
@click.option("--title", default="", help="Its title [default: the base's, changed].")
@click.option("--question", default="", help="What it asks [default: what its base asks].")
@json_option
@click.pass_context
def import_(
    ctx: click.Context,
    file: Path,
    out: Path,
    author: str,
    title: str,
    question: str,
    as_json: bool,
) -> None:
    """Turn what was changed in a sheet of parameters (.xlsx or .csv) into a scenario file.

    The sheet comes from triangle export SCENARIO --parameters FILE. Only value, low and high may be changed, and every
    changed row says why in because_of_change. All faults are reported together, by cell; nothing is written then.
    """
    import datetime

    from triangle.base.records import text
    from triangle.questions.exchange.answer import imported
    from triangle.scenarios.scenario import find_base, read_scenario
    from triangle.scenarios.sheet import base_of, read_changes, scenario_text
    from triangle.scenarios.sheet_file import read_sheet

    if out.suffix.lower() != ".toml":
        raise BadInput(Fault("--out", "", f"found {str(out)!r}; expected a file ending in .toml"))
    for option, given in (("--author", author), ("--title", title or "-"), ("--question", question or "-")):
        try:
            text(given)
        except ValueError as error:
            raise BadInput(Fault(option, "", str(error))) from None
    sheet, model = read_sheet(file), model_of(ctx)
    if sheet.note:
        tell(f"{sheet.file}: {sheet.note}")
    if out.stem == base_of(sheet):
        message = f"{out.name} would depart from a base of its own name, and so from itself; name another file"
        raise BadInput(Fault("--out", "", message))
    base = read_scenario(find_base(base_of(sheet), out, model.cast), model)
    changes = read_changes(sheet, base, model)
    scenario = scenario_text(changes, base, author, datetime.date.today(), title, question, file.name).encode()

    def write() -> Iterable[str]:
        replace_file(out, lambda opened: opened.write(scenario))
        yield f"{out} ({len(changes)} change{'s' * (len(changes) != 1)} to {base.name})"

    deliver(imported(out, base, changes), {"as_json": as_json}, files=write)
