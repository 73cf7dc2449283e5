"""What to cite: ``cite``."""

from __future__ import annotations

import click

from triangle.base.errors import BadInput, Fault
from triangle.cli.options import json_option, model_of, read_studies, set_option
from triangle.cli.places import command
from triangle.cli.printing import print_json, print_page, write


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
    ctx: click.Context, scenario: str | None, method: str | None, format_: str, settings: tuple[str, ...], as_json: bool
) -> None:
    """Print the literature behind a run, and the documents and series whose figures it uses.

    Without SCENARIO: the whole literature of the model and its methods.
    """
    from triangle.questions.cite import answer as citations

    if scenario is None and (method is not None or settings):
        option = "--set" if method is None else "--method"
        raise BadInput(Fault(option, "", "goes with a SCENARIO; without one the whole literature is printed"))
    if as_json and format_ != "text":
        raise BadInput(Fault("--format", "", "a JSON document holds everything already; leave --format or --json out"))
    if scenario is None:
        found = citations.cite_all(model_of(ctx))
    else:
        (study,) = read_studies(ctx, [scenario], settings, [])
        found = citations.cite_run(study, method or "pure")
    if as_json:
        print_json(citations.citation_document(found))
    elif format_ == "bibtex":
        write(citations.citation_bibtex(found))
    else:
        from triangle.questions.cite.table import citation_text

        print_page(citation_text(found))
