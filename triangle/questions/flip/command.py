"""The nearest world with another answer: ``flip``."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Unpack

import click

from triangle.base.errors import BadInput, Fault
from triangle.cli.deliver import Outputs, deliver, obtain
from triangle.cli.options import (
    GAME,
    answer_options,
    as_kept,
    group_words,
    moving_options,
    read_one,
    seed_option,
    trust_option,
)
from triangle.cli.places import command
from triangle.cli.printing import Progress

if TYPE_CHECKING:
    from rich.console import RenderableType


@command()
@click.argument("scenario", required=False)
@click.option(
    "--to",
    "target",
    default="",
    metavar="PATTERN",
    help="What is to become an equilibrium: RU=distance; or likelier than not in a year of a path: "
    "path:path_baseline@2035:link=US-RU; or to gain in it: "
    "path:path_baseline@2025:advantage:RU=distance.  [default: Russia leaves China for America]",
)
@click.option("--away", is_flag=True, help="Stop the equilibria that there are, or those of --to.")
@moving_options
@click.option("--levers", is_flag=True, help="Only what the three powers choose may move.")
@click.option("--uncertainties", is_flag=True, help="Only what is uncertain may move.")
@click.option("--hard", is_flag=True, help="Move to the hard bounds rather than inside the ranges.")
@click.option(
    "--norm", type=click.Choice(("l2", "l1")), default="l2", show_default=True, help="l1 moves few parameters, but far."
)
@click.option("--starts", type=click.IntRange(1, 1000), default=4, show_default=True, help="Starts of each search.")
@seed_option("the starts")
@trust_option()
@answer_options()
@click.pass_context
def flip(
    ctx: click.Context,
    scenario: str | None,
    target: str,
    away: bool,
    names: tuple[str, ...],
    without: tuple[str, ...],
    levers: bool,
    uncertainties: bool,
    hard: bool,
    norm: Literal["l2", "l1"],
    starts: int,
    seed: int,
    trust: float | None,
    settings: tuple[str, ...],
    holds: tuple[str, ...],
    **outputs: Unpack[Outputs],
) -> None:
    """Find the smallest joint move of parameters after which the answer is another.

    Moves are counted in the parameters' ranges. --to names the equilibrium to be brought about, as RU=distance,
    configuration=romantic_triangle:RU or a full profile; --away stops the present ones; without either, Russia leaves
    China for America. The answer is solved again, and
    the command that does so is printed. Leaves with 1 where nothing is found, with the best attempt.
    """
    from triangle.measures.asked import leaving
    from triangle.questions.flip.answer import flip as find
    from triangle.questions.flip.answer import solving_words
    from triangle.questions.flip.course import course_flip
    from triangle.questions.flip.record import CourseFlip, Flip, check_course_flip, check_flip

    if levers and uncertainties:
        raise BadInput(Fault("--levers", "", "goes against --uncertainties; leave both out to move all"))
    if names and (levers or uncertainties):
        raise BadInput(Fault("--over", "", "names the parameters; leave --levers and --uncertainties out"))
    study_of = cache(lambda name: read_one(ctx, name, settings, holds))

    def compute() -> Flip | CourseFlip:
        study = study_of(scenario)
        asked = target if target or away else leaving(study.cast)
        if _is_course(asked):
            if trust is not None:
                raise BadInput(Fault("--trust", "", "has no say in a course, in which the largest margin is played"))
            with Progress("courses") as progress:
                return course_flip(
                    study, asked, away, list(names) or None,
                    "levers" if levers else "uncertainties" if uncertainties else "all", without, norm, starts, seed,
                    hard=hard, progress=progress,
                )  # fmt: skip
        with Progress("searches") as progress:
            return find(
                study,
                asked,
                away,
                names=list(names) or None,
                roles="levers" if levers else "uncertainties" if uncertainties else "all",
                without=without,
                norm=norm,
                starts=starts,
                seed=seed,
                hard=hard,
                words=solving_words(study, str(scenario), group_words(ctx)),
                progress=progress,
                trust=trust,
            )

    kind = CourseFlip if _is_course(target) or _keeps_course(outputs.get("source")) else Flip
    if kind is CourseFlip and outputs.get("plot") is not None:
        raise BadInput(Fault("--plot", "", "draws a flip of equilibria; a flip of a course has no picture"))
    found: Flip | CourseFlip = obtain(kind, (scenario,), compute, outputs, kept=GAME)
    study = study_of(scenario or as_kept(ctx, found.world.scenario))
    if isinstance(found, CourseFlip):
        check_course_flip(found, study, str(outputs.get("source")))
    else:
        check_flip(found, study, str(outputs.get("source")))

    def table() -> RenderableType:
        from triangle.questions.flip.table import course_flip_tables, flip_tables

        return course_flip_tables(study, found) if isinstance(found, CourseFlip) else flip_tables(study, found)

    def draw() -> object:
        from triangle.questions.flip.plot import flip_plot

        assert isinstance(found, Flip)
        return flip_plot(study, found)

    deliver(found, outputs, table, draw)
    if not found.found:
        ctx.exit(1)


def _is_course(target: str) -> bool:
    """Whether what is asked for is a year of a path rather than an equilibrium."""
    return target.strip().startswith("path:")


def _keeps_course(source: Path | None) -> bool:
    """Whether a kept answer is one of a course."""
    from triangle.base.files import read_json
    from triangle.questions.flip.record import CourseFlip

    return source is not None and read_json(source).get("schema") == CourseFlip.SCHEMA
