"""Where an event happens: ``discover``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

import click

from triangle.cli.deliver import Outputs, deliver, obtain
from triangle.cli.options import answer_options, asked_cast, cast_of, trust_option
from triangle.cli.places import command
from triangle.cli.printing import Progress
from triangle.cli.subject import SUBJECT, read_subject, varying_options

if TYPE_CHECKING:
    from rich.console import RenderableType


@command()
@click.argument("subject", required=False, metavar="SCENARIO|RUN")
@click.option(
    "--pattern",
    metavar="EVENT",
    help="What happens: RU=hedge, only:RU=align, margin:present<0.  [default: Russia and America come to terms]",
)
@click.option(
    "--samples", type=click.IntRange(1), help="Draws of each of the three sets of a SCENARIO  [default: 16384]."
)
@click.option(
    "--density",
    type=click.FloatRange(0, 1, min_open=True),
    default=0.8,
    show_default=True,
    help="Of boxes at least so dense the one of most coverage is taken.",
)
@click.option(
    "--boxes", type=click.IntRange(1, 20), default=3, show_default=True, help="Most boxes that are looked for."
)
@trust_option()
@varying_options
@answer_options()
@click.pass_context
def discover(
    ctx: click.Context,
    subject: str | None,
    pattern: str | None,
    samples: int | None,
    density: float,
    boxes: int,
    trust: float | None,
    names: tuple[str, ...],
    roles: str,
    without: tuple[str, ...],
    seed: int,
    scenario: str | None,
    settings: tuple[str, ...],
    holds: tuple[str, ...],
    **outputs: Unpack[Outputs],
) -> None:
    """Boxes of parameters in which an event is frequent, tested on fresh draws.

    Of a SCENARIO over its prior box; or on the draws in the folder RUN of a sweep, without solving again.
    """
    from triangle.measures.asked import coming
    from triangle.questions.discover.answer import Discovery
    from triangle.questions.discover.answer import discover as find

    def compute() -> Discovery:
        solving = {"--over": names, "--without": without, "--roles": roles != "all", "--samples": samples}
        of = read_subject(ctx, str(subject), scenario, settings, holds, solving)
        with Progress() as progress:
            return find(
                of,
                pattern or coming(cast_of(ctx)),
                samples or 16384,
                seed,
                names or None,
                roles,
                progress,
                without=without,
                density=density,
                boxes=boxes,
                scenario=scenario,
                cast=asked_cast(ctx),
                trust=trust,
            )

    found = obtain(Discovery, (subject,), compute, outputs, SUBJECT)

    def table() -> RenderableType:
        from triangle.questions.discover import table as tables

        return tables.discovery(found)

    def draw() -> object:
        from triangle.questions.discover.plot import discovery_plot

        return discovery_plot(found)

    deliver(found, outputs, table, draw)
