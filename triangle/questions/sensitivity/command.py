"""What an outcome depends on: ``sensitivity``."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

import click

from triangle.base.errors import BadInput, Fault
from triangle.cli.deliver import Outputs, deliver, obtain
from triangle.cli.options import answer_options, asked_cast, cast_of, read_studies, trust_option
from triangle.cli.places import PICTURE, command
from triangle.cli.printing import Progress
from triangle.cli.subject import SUBJECT, read_subject, varying_options

if TYPE_CHECKING:
    from rich.console import RenderableType

    from triangle.measures.factors import Categorical
    from triangle.questions.sensitivity.drivers import Sensitivity

#: Refused before anything is computed, and for an answer that was kept when it is to be drawn.
_NO_SWINGS = Fault("--tornado", "", "an archive does not say how one factor alone moves the outcome")


@command()
@click.argument("subject", required=False, metavar="SCENARIO|RUN")
@click.option(
    "--outcome",
    help="What is measured: margin:PATTERN, holds:PATTERN, only:PATTERN, logit:PATTERN, payoff:RU@PROFILE, "
    "advantage:RU=hedge@PROFILE, beta_ru@PROFILE, gas_price@PROFILE, gas_surplus@PROFILE, credibility, "
    "effective_relief, number  [default: what keeps Russia with China, and what decides Washington's posture]",
)
@click.option(
    "--method",
    type=click.Choice(("sobol", "morris", "pawn", "delta")),
    help="The index  [default: sobol; pawn inside a region and on a RUN].",
)
@click.option(
    "--samples", type=click.IntRange(1), help="Base samples, walks (morris) or draws (pawn, delta)  [default: 1024]."
)
@click.option(
    "--inside", metavar="EVENT", help="Only draws in which this holds: RU=align, only:RU=align, margin:RU=hedge<0."
)
@click.option(
    "--among",
    "choices",
    multiple=True,
    metavar="NAME=SCENARIO,SCENARIO,...",
    help="Vary a choice among scenarios: they set the parameters in which they differ.",
)
@varying_options
@click.option(
    "--strict",
    is_flag=True,
    help="Count as judgement what has, or feeds what has, only a weak bridge to what was measured.",
)
@trust_option()
@click.option("--tornado", type=PICTURE, metavar="PATH", help="Draw the swings of each factor alone into this file.")
@answer_options()
@click.pass_context
def sensitivity(
    ctx: click.Context,
    subject: str | None,
    outcome: str | None,
    method: str | None,
    samples: int | None,
    inside: str | None,
    choices: tuple[str, ...],
    strict: bool,
    trust: float | None,
    names: tuple[str, ...],
    roles: str,
    without: tuple[str, ...],
    seed: int,
    scenario: str | None,
    tornado: Path | None,
    settings: tuple[str, ...],
    holds: tuple[str, ...],
    **outputs: Unpack[Outputs],
) -> None:
    """Which parameters, and which kind of knowledge, an outcome depends on.

    Of a SCENARIO over its prior box: where no --outcome is named, what keeps Russia with China, and what decides
    Washington's posture. Or on the draws in the folder RUN of a sweep, without solving again.
    """
    from triangle.questions.sensitivity import answer as analysis
    from triangle.questions.sensitivity.drivers import Sensitivities, Sensitivity

    def compute() -> Sensitivity | Sensitivities:
        solving = {
            "--over": names,
            "--without": without,
            "--among": choices,
            "--roles": roles != "all",
            "--samples": samples,
            "--strict": strict,
        }
        of = read_subject(ctx, str(subject), scenario, settings, holds, solving)
        if isinstance(of, Path):
            if outcome is None:
                raise BadInput(Fault("--outcome", "", "missing; on an archive name one, as in holds:RU=align"))
            if tornado is not None:
                raise BadInput(_NO_SWINGS)
            with Progress() as progress:
                asked = (outcome, method or "pawn", seed, inside, scenario)
                return analysis.sensitivity_of_run(of, *asked, progress, asked_cast(ctx), trust)
        with Progress() as progress:
            ask: Any = partial(analysis.sensitivity, of, outcome) if outcome else partial(analysis.sensitivities, of)
            answer: Sensitivity | Sensitivities = ask(
                method or ("pawn" if inside else "sobol"),
                samples or 1024,
                seed,
                names or None,
                roles,
                inside,
                progress,
                without=without,
                among=_rivals(ctx, choices, settings),
                strict=strict,
                trust=trust,
            )
            return answer

    def read(path: Path) -> Sensitivity | Sensitivities:
        from triangle.base.files import read_json, read_record

        if read_json(path).get("schema") == Sensitivities.SCHEMA:
            return read_record(Sensitivities, path, cast_of(ctx))
        return read_record(Sensitivity, path, cast_of(ctx))

    found = obtain(read, (subject,), compute, outputs, SUBJECT)

    def table() -> RenderableType:
        from triangle.questions.sensitivity import table as tables

        return tables.sensitivities(found) if isinstance(found, Sensitivities) else tables.sensitivity(found)

    def draw() -> object:
        from triangle.questions.sensitivity.plot import index_plot, questions_plot

        return questions_plot(found) if isinstance(found, Sensitivities) else index_plot(found)

    def draw_swings() -> object:
        from triangle.questions.sensitivity.plot import tornado_plot, tornadoes_plot

        if isinstance(found, Sensitivities):
            return tornadoes_plot(found)
        if not found.swings:
            raise BadInput(_NO_SWINGS)
        return tornado_plot(found)

    deliver(found, outputs, table, draw, {} if tornado is None else {tornado: draw_swings})


def _rivals(ctx: click.Context, choices: Sequence[str], settings: Sequence[str]) -> list[Categorical]:
    """The choices among scenarios that ``--among`` asks for."""
    from triangle.measures.factors import rivals

    found = []
    for choice in choices:
        name, equals, listed = choice.partition("=")
        scenarios = [part.strip() for part in listed.split(",") if part.strip()]
        if not equals or not name.strip().isidentifier() or len(scenarios) < 2:
            raise BadInput(Fault("--among", "", "expected NAME=SCENARIO,SCENARIO,... with at least two scenarios"))
        found.append(rivals(name.strip(), read_studies(ctx, scenarios, settings, ())))
    return found
