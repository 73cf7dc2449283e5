"""The triangle over the years: ``path``."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import click

from triangle.base.errors import BadInput, Fault, shorten
from triangle.cli.deliver import Outputs, deliver, obtain
from triangle.cli.options import cast_of, json_option, kept_options, model_of, plot_option, seed_option, set_option
from triangle.cli.places import command
from triangle.cli.printing import Progress

if TYPE_CHECKING:
    from rich.console import RenderableType

    from triangle.players.cast import Cast
    from triangle.questions.path.record import Commitment, Course, Waiting
    from triangle.scenarios.path import Path as Years


@command()
@click.argument("name", required=False, metavar="PATH")
@click.option("--until", type=int, metavar="YEAR", help="Another last year, which goes on for ever.")
@click.option("--start", "starts", multiple=True, metavar="STATE=LEVEL", help="Start a state variable elsewhere.")
@click.option("--levels", type=click.IntRange(2, 25), help="Another number of levels on every ladder.")
@click.option(
    "--select",
    "rule",
    type=click.Choice(("margin", "risk", "payoff", "agreements", "status_quo", "bounds")),
    default="margin",
    show_default=True,
    help="Which of several equilibria is played; bounds: as margin, with what no selection decides.",
)
@set_option
@click.option("--hold", "holds", multiple=True, metavar="PLAYER=ACTION[@YEARS]", help="As US=court_russia@2025-2028.")
@click.option("--commit", metavar="PLAYER", help="What it is worth that this player's promises are never reversed.")
@click.option("--wait", metavar="PLAYER", help="What flexibility is worth, and until when an offer moves this player.")
@click.option(
    "--samples",
    type=click.IntRange(1, 2**17),
    default=200,
    show_default=True,
    help="Worlds: draws of what is uncertain; 1 for the given values.",
)
@seed_option("the draws")
@kept_options
@plot_option()
@json_option
@click.pass_context
def path(
    ctx: click.Context,
    name: str | None,
    until: int | None,
    starts: tuple[str, ...],
    levels: int | None,
    rule: str,
    settings: tuple[str, ...],
    holds: tuple[str, ...],
    commit: str | None,
    wait: str | None,
    samples: int,
    seed: int,
    **outputs: Unpack[Outputs],
) -> None:
    """How the triangle goes over the years: Markov-perfect play of PATH, with its certificate.

    PATH is a shipped one, as path_baseline, or a file. Every year is a game of the same terms; what is played moves the
    state; everybody foresees it. --set also takes the rates of the path, as administration.election=0.
    """
    if commit is not None and wait is not None:
        raise BadInput(Fault("--wait", "", "goes against --commit; ask one after the other"))

    def compute() -> Course | Commitment | Waiting:
        laid = _laid(ctx, str(name), until, starts, levels, settings)
        return _asked(ctx, laid, rule, holds, commit, wait, samples, seed)

    found = obtain(partial(_read, cast=cast_of(ctx)), (name,), compute, outputs, "a path, as path_baseline")
    _shown(found, outputs)


def _laid(
    ctx: click.Context,
    name: str,
    until: int | None,
    starts: Sequence[str],
    levels: int | None,
    settings: Sequence[str],
) -> Years:
    """The path with what the options change."""
    from triangle.questions.path.answer import with_settings
    from triangle.scenarios.path import read_path

    model = model_of(ctx)
    path = with_settings(read_path(name, model), settings, model)
    path = path.until(until) if until is not None else path
    path = path.finer(levels) if levels is not None else path
    return path.starting(_starts(starts)) if starts else path


def _starts(texts: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in (part for given in texts for part in given.split(",")):
        state, equals, level = (piece.strip() for piece in text.partition("="))
        if not equals or state in found:
            raise BadInput(Fault("--start", "", f"found {shorten(text)}; expected each STATE=LEVEL once"))
        found[state] = level
    return found


def _asked(
    ctx: click.Context,
    path: Years,
    rule: str,
    holds: Sequence[str],
    commit: str | None,
    wait: str | None,
    samples: int,
    seed: int,
) -> Course | Commitment | Waiting:
    """The answer, computed."""
    from triangle.questions.path import answer
    from triangle.scenarios.path import parse_holds

    model, progress = model_of(ctx), Progress("worlds")
    held = parse_holds(holds, path, model.cast)
    try:
        if commit is not None:
            return answer.commitment(path, model, commit, samples, seed, rule, held, progress)
        if wait is not None:
            return answer.waiting(path, model, wait, samples, seed, rule, held, progress)
        return answer.path_course(path, model, samples, seed, rule, held, holds, progress)
    finally:
        progress.end()


def _read(source: Path, cast: Cast) -> Course | Commitment | Waiting:
    """A result of any of the three kinds from a file."""
    from triangle.base.files import read_json, read_record
    from triangle.questions.path.record import Commitment, Course, Waiting

    schema = read_json(source).get("schema")
    if schema == Commitment.SCHEMA:
        return read_record(Commitment, source, cast)
    return read_record(Waiting, source, cast) if schema == Waiting.SCHEMA else read_record(Course, source, cast)


def _shown(found: Course | Commitment | Waiting, outputs: Outputs) -> None:
    """Draw, write and print an answer."""
    from triangle.questions.path import table as tables
    from triangle.questions.path.record import Commitment, Course

    if outputs.get("plot") is not None and not isinstance(found, Course):
        raise BadInput(Fault("--plot", "", "draws the course; leave out --commit and --wait"))

    def table() -> RenderableType:
        if isinstance(found, Course):
            return tables.course_tables(found)
        return tables.commitment_tables(found) if isinstance(found, Commitment) else tables.waiting_tables(found)

    def draw() -> object:
        from triangle.questions.path.plot import course_plot

        assert isinstance(found, Course)
        return course_plot(found)

    deliver(found, outputs, table, draw)
