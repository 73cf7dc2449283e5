"""Games in files of other programs: ``export`` and ``verify``."""

from __future__ import annotations

from pathlib import Path

import click

from triangle.cli.options import hold_option, json_option, read_studies, say_at_once, set_option
from triangle.cli.printing import print_json, print_page
from triangle.errors import BadInput, Fault
from triangle.version import __version__


@click.command()
@click.argument("scenario")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="File to write, ending in .nfg.")
@click.option("--places", type=click.IntRange(0, 15), default=6, show_default=True, help="Decimal places of payoffs.")
@set_option
@hold_option
@click.pass_context
def export(
    ctx: click.Context, scenario: str, out: Path, places: int, settings: tuple[str, ...], holds: tuple[str, ...]
) -> None:
    """Write a scenario's game as a Gambit .nfg file; payoffs are rounded, and the file says so."""
    from triangle.axes import ACTIONS, PLAYERS
    from triangle.games.interchange import format_nfg, write_nfg

    if out.suffix.lower() != ".nfg":
        raise BadInput(Fault("--out", "", f"found {str(out)!r}; expected a file ending in .nfg"))
    (study,) = read_studies(ctx, [scenario], settings, holds)
    say_at_once(study)
    actions = [[ACTIONS[i][study.hold[i]]] if i in study.hold else ACTIONS[i] for i in range(len(PLAYERS))]
    title = study.scenario.title.encode("ascii", "replace").decode()
    comment = f"triangle {__version__}, scenario {study.scenario.name}, billion USD a year."
    write_nfg(out, format_nfg(study.game, PLAYERS, actions, title, comment, places))
    click.echo(f"written: {out}", err=True)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--limit",
    type=click.FloatRange(0, 3600, min_open=True),
    default=30.0,
    show_default=True,
    help="Seconds for each solver.",
)
@json_option
@click.pass_context
def verify(ctx: click.Context, file: Path, limit: float, as_json: bool) -> None:
    """Solve a .nfg file with our solvers and with other people's, and say who found and who missed what.

    Other programs (Gambit, QuantEcon) run where they are installed, each in a process of its own that is ended at the
    limit. Leaves with 1 when an answer contradicts another.
    """
    if limit != limit:
        raise BadInput(Fault("--limit", "", "found nan; expected a number of seconds"))
    from triangle.games.interchange import read_nfg
    from triangle.solvers.pure import solve_pure
    from triangle.solvers.support import solve_mixed
    from triangle.solvers.verification import verify as run

    game = read_nfg(file).game
    ours = {"triangle.pure": solve_pure, **({"triangle.support": solve_mixed} if game.n_players in (2, 3) else {})}
    checked = run(game, limit, ours, notice=lambda name: click.echo(f"asking {name}", err=True))
    if as_json:
        print_json(checked.as_json())
    else:
        from triangle.report.verification import verification

        print_page(verification(checked))
    ctx.exit(1 if checked.contradictions else 0)
