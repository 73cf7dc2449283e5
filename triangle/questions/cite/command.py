"""What to cite: ``cite``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

import click

from triangle.base.errors import BadInput, Fault
from triangle.cli.deliver import Outputs, deliver
from triangle.cli.options import json_option, model_of, read_studies, set_option
from triangle.cli.places import command

if TYPE_CHECKING:
    from rich.console import RenderableType


@command()
@click.argument("scenario", required=False)
@click.option(
    "--method", metavar="METHOD", help="What was asked: a method of solve or sensitivity, order, sweep, … [pure]."
)
@click.option("--format", "format_", type=click.Choice(("text", "bibtex")), default="text", show_default=True)
@set_option
@json_option
@click.pass_context
def cite(
    ctx: click.Context,
    scenario: str | None,
    method: str | None,
    format_: str,
    settings: tuple[str, ...],
    **outputs: Unpack[Outputs],
) -> None:
    """Print the literature behind a run, and the documents and series whose figures it uses.

    Without SCENARIO: the whole literature of the model and its methods.
    """
    from triangle.questions.cite import answer as citations

    if scenario is None and (method is not None or settings):
        option = "--set" if method is None else "--method"
        raise BadInput(Fault(option, "", "goes with a SCENARIO; without one the whole literature is printed"))
    if outputs.get("as_json") and format_ != "text":
        raise BadInput(Fault("--format", "", "a JSON document holds everything already; leave --format or --json out"))
    if scenario is None:
        found = citations.cite_all(model_of(ctx))
    else:
        (study,) = read_studies(ctx, [scenario], settings, [])
        found = citations.cite_run(study, method or "pure")

    def table() -> RenderableType | str:
        from triangle.questions.cite.table import citation_text

        return citations.citation_bibtex(found) if format_ == "bibtex" else citation_text(found)

    deliver(found, outputs, table)
