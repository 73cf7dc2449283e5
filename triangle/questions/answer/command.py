"""The answer in one place: ``answer``."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Unpack

import click

from triangle.base.errors import check_probability
from triangle.cli.deliver import Outputs, deliver, obtain
from triangle.cli.options import (
    GAME,
    answer_options,
    as_kept,
    draws_options,
    group_words,
    read_studies,
    say_at_once,
    trust_option,
)
from triangle.cli.places import command
from triangle.cli.printing import Progress

if TYPE_CHECKING:
    from rich.console import RenderableType

    from triangle.questions.answer.answer import Answers


@command()
@click.argument("scenarios", nargs=-1, metavar="SCENARIO...")
@click.option("--brief", is_flag=True, help="The answer alone, how sure, and what would change it, in some lines.")
@draws_options(4096)
@trust_option("Count postures as agreement-proof at this trust", 0.5)
@answer_options()
@click.pass_context
def answer(
    ctx: click.Context,
    scenarios: tuple[str, ...],
    brief: bool,
    samples: int,
    seed: int,
    trust: float,
    settings: tuple[str, ...],
    holds: tuple[str, ...],
    **outputs: Unpack[Outputs],
) -> None:
    """Say what is stable in a scenario, how sure that is, on what it rests, and what would change it.

    The sentence that every other page begins with, given what is held; shares of the worlds drawn from what is
    uncertain, in words of a published scale; the variance by what stands behind the numbers; the nearest other world in
    few moves, and the orders of moves that lead elsewhere. Some seconds a scenario; solve says the first of it at once.
    """
    check_probability(trust, "--trust")
    from triangle.questions.answer.answer import Answers, check_answers
    from triangle.questions.answer.answer import answer as find
    from triangle.questions.flip.answer import solving_words

    studies_of = cache(lambda names: read_studies(ctx, names, settings, holds))

    def compute() -> Answers:
        studies, group = studies_of(scenarios), group_words(ctx)
        words = [solving_words(study, name, group) for study, name in zip(studies, scenarios, strict=True)]
        with Progress("scenarios") as progress:
            return find(studies, samples, seed, trust, words, progress)

    found = obtain(Answers, scenarios, compute, outputs, kept=(*GAME, "brief"))
    studies = studies_of(scenarios or tuple(as_kept(ctx, name) for name in found.scenarios))
    check_answers(found, studies, str(outputs.get("source")))
    for study in studies:
        say_at_once(study)

    def table() -> RenderableType:
        from triangle.questions.answer.table import answer_tables

        return answer_tables(studies, found, brief)

    def draw() -> object:
        from triangle.questions.answer.plot import answer_plot

        return answer_plot(studies, found)

    deliver(found, outputs, table, draw)
