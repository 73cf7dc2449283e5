"""The triangle over the years: ``path``."""

from __future__ import annotations

import contextlib
import shlex
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path as FolderPath
from typing import TYPE_CHECKING, Unpack

import click

from triangle.base.errors import BadInput, Fault, shorten
from triangle.cli.deliver import Outputs, deliver, obtain
from triangle.cli.options import cast_of, json_option, kept_options, model_of, plot_option, seed_option, set_option
from triangle.cli.places import OutputFolder, command
from triangle.cli.printing import Progress, tell
from triangle.version import __version__

if TYPE_CHECKING:
    from rich.console import RenderableType

    from triangle.players.cast import Cast
    from triangle.questions.path.question import Answer, Question
    from triangle.questions.path.work import Work
    from triangle.scenarios.path import Path as Years
    from triangle.sweeps.archive import Store


@command()
@click.argument("name", required=False, metavar="PATH")
@click.option("--until", type=int, metavar="YEAR", help="Another last year, which goes on for ever.")
@click.option("--start", "starts", multiple=True, metavar="STATE=LEVEL", help="Start a state variable elsewhere.")
@click.option("--levels", type=click.IntRange(2, 25), help="Another number of levels on every ladder.")
@click.option("--against", type=click.IntRange(2, 25), metavar="LEVELS", help="Hold the course against the same worlds "
              "with so many levels on every ladder.")  # fmt: skip
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
@click.option("--forever", type=int, metavar="YEAR", help="What the conditions of this year would lead to for ever: "
              "stationary play.")  # fmt: skip
@click.option("--follow", is_flag=True, help="With --forever, follow the logit path of worlds whose play cycles.")
@click.option(
    "--samples",
    type=click.IntRange(1, 2**17),
    default=200,
    show_default=True,
    help="Worlds: draws of what is uncertain; 1 for the given values.",
)
@seed_option("the draws")
@click.option("--archive", type=OutputFolder("path's folder"), metavar="RUN", help="Keep worlds in this folder as they "
              "are computed.")  # fmt: skip
@click.option("--resume", is_flag=True, help="Go on with what --archive holds of this same path.")
@click.option(
    "--workers", type=click.IntRange(1, 1024), default=1, show_default=True, help="Processes to compute with."
)
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
    against: int | None,
    rule: str,
    settings: tuple[str, ...],
    holds: tuple[str, ...],
    commit: str | None,
    wait: str | None,
    forever: int | None,
    follow: bool,
    samples: int,
    seed: int,
    archive: FolderPath | None,
    resume: bool,
    workers: int,
    **outputs: Unpack[Outputs],
) -> None:
    """How the triangle goes over the years: Markov-perfect play of PATH, with its certificate.

    PATH is a shipped one, as path_baseline, or a file. Every year is a game of the same terms; what is played moves the
    state; everybody foresees it. --set also takes the rates of the path, as administration.election=0. With --archive
    an interrupted course goes on with --resume.
    """
    from triangle.questions.path.question import Question, changed

    kept, question = Keeping(archive, resume, workers), Question(commit, wait, forever, follow, against)
    kept.check()

    def compute() -> Answer:
        laid = changed(str(name), model_of(ctx), settings, _starts(starts), until, levels)
        return _asked(ctx, laid, rule, holds, question, samples, seed, kept)

    found = obtain(partial(_read, cast=cast_of(ctx)), (name,), compute, outputs, "a path, as path_baseline")
    _shown(found, outputs)


@dataclass(frozen=True)
class Keeping:
    """Where worlds are kept as they are computed, and by how many processes they are."""

    archive: FolderPath | None
    resume: bool
    workers: int

    def check(self) -> None:
        """Raise BadInput where the options do not go together."""
        if self.resume and self.archive is None:
            raise BadInput(Fault("--archive", "", "missing; --resume needs the folder to go on with"))

    @contextlib.contextmanager
    def folder(self, work: Work, held: Sequence[str]) -> Iterator[Store | None]:
        """The folder, until the answer is there."""
        from triangle.questions.path.work import FOLDER
        from triangle.sweeps.archive import open_store

        if self.archive is None:
            yield None
            return
        store = open_store(self.archive, work.manifest(__version__, held), {}, self.resume, FOLDER)
        try:
            yield store
        finally:
            store.close()

    def how_to_go_on(self) -> str:
        """What is said to who interrupts it."""
        if self.archive is None:
            return "nothing is kept, since there was no --archive"
        command = " ".join(shlex.quote(word) for word in ["triangle", *(w for w in sys.argv[1:] if w != "--resume")])
        return f"what is computed is stored in {self.archive}; go on with: {command} --resume"


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
    question: Question,
    samples: int,
    seed: int,
    kept: Keeping,
) -> Answer:
    """The answer, computed."""
    from triangle.scenarios.path import parse_holds

    model, progress = model_of(ctx), Progress("worlds")
    held = parse_holds(holds, path, model.cast)
    work, answer = question.laid(path, model, samples, seed, rule, held, holds)
    try:
        with kept.folder(work, holds) as store:
            return answer(progress=progress, workers=kept.workers, store=store)
    except KeyboardInterrupt:
        progress.end()
        tell(kept.how_to_go_on())
        raise
    finally:
        progress.end()


def _read(source: FolderPath, cast: Cast) -> Answer:
    """A result of any of the kinds from a file."""
    from triangle.base.files import read_json, read_record
    from triangle.questions.path.forever.record import Forever
    from triangle.questions.path.record import Commitment, Course, Waiting

    kinds: dict[str, type[Answer]] = {kind.SCHEMA: kind for kind in (Commitment, Waiting, Forever)}
    return read_record(kinds.get(str(read_json(source).get("schema")), Course), source, cast)


def _shown(found: Answer, outputs: Outputs) -> None:
    """Draw, write and print an answer."""
    from triangle.questions.path.record import Course

    if outputs.get("plot") is not None and not isinstance(found, Course):
        raise BadInput(Fault("--plot", "", "draws the course; leave out --commit, --wait and --forever"))

    def draw() -> object:
        from triangle.questions.path.plot import course_plot

        assert isinstance(found, Course)
        return course_plot(found)

    deliver(found, outputs, partial(_tables, found), draw)


def _tables(found: Answer) -> RenderableType:
    """What is printed."""
    from triangle.questions.path import table
    from triangle.questions.path.forever.record import Forever
    from triangle.questions.path.forever.table import forever_tables
    from triangle.questions.path.record import Commitment, Waiting

    if isinstance(found, Forever):
        return forever_tables(found)
    if isinstance(found, Commitment):
        return table.commitment_tables(found)
    return table.waiting_tables(found) if isinstance(found, Waiting) else table.course_tables(found)
