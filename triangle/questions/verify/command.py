"""Who finds what in a game file: ``verify``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import click

from triangle.base.errors import BadInput, Fault
from triangle.cli.deliver import Outputs, deliver, obtain
from triangle.cli.options import json_option, kept_options
from triangle.cli.places import command
from triangle.cli.printing import tell

if TYPE_CHECKING:
    from rich.console import RenderableType

    from triangle.solvers.peers.verification import Verification


@command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option(
    "--limit",
    type=click.FloatRange(0, 3600, min_open=True),
    default=30.0,
    show_default=True,
    help="Seconds for each solver.",
)
@kept_options
@json_option
@click.pass_context
def verify(ctx: click.Context, file: Path | None, limit: float, **outputs: Unpack[Outputs]) -> None:
    """Solve a .nfg file with our solvers and with other people's, and say who found and who missed what.

    Other programs (Gambit, QuantEcon) run where they are installed, each in a process of its own that is ended at the
    limit. Leaves with 1 when an answer contradicts another, or when a solver of ours broke on the game.
    """
    if limit != limit:
        raise BadInput(Fault("--limit", "", "found nan; expected a number of seconds"))
    from triangle.solvers.peers.verification import Verification

    given = None if file is None else str(file)
    words = ("a game file (.nfg)", "the game file")
    checked = obtain(Verification, (given,), lambda: _verified(Path(str(file)), limit), outputs, *words)

    def table() -> RenderableType:
        from triangle.questions.verify.table import verification

        return verification(checked)

    deliver(checked, outputs, table)
    ctx.exit(1 if checked.contradictions or checked.failed else 0)


def _verified(file: Path, limit: float) -> Verification:
    """The game of a file, solved by all who can."""
    if not file.suffix and not file.exists():
        advice = f"triangle export {file.name} --out {file.name}.nfg writes the game of a scenario into one"
        raise BadInput(Fault(str(file), "", f"no such file; {advice}"))
    from triangle.games.interchange import read_nfg
    from triangle.solvers.logit.limit import logit_limit
    from triangle.solvers.mixed.support import solve_mixed
    from triangle.solvers.peers.verification import verify as run
    from triangle.solvers.pure import solve_pure

    named = read_nfg(file)
    game = named.game
    ours = {
        "triangle.pure": solve_pure,
        **({"triangle.support": solve_mixed} if game.n_players in (2, 3) else {"triangle.logit": logit_limit}),
    }
    return run(game, limit, ours, notice=lambda name: tell(f"asking {name}"), named=named)
