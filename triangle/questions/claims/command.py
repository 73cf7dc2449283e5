"""The documents' claims against the model: ``claims``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import click

from triangle.base.errors import BadInput, Fault
from triangle.cli.deliver import Outputs, deliver, obtain
from triangle.cli.options import json_option, kept_options, model_of, plot_option, trust_option
from triangle.cli.places import command
from triangle.cli.printing import Progress

if TYPE_CHECKING:
    from rich.console import RenderableType


@command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--document", metavar="KEY", help="Only what concerns this document: osthold, tdc, blue, welt, gabuev.")
@click.option(
    "--verdict",
    "verdicts",
    multiple=True,
    type=click.Choice(("holds", "mostly", "in-part", "mostly-not", "contradicted", "silent")),
    help="Only entries of this verdict; can be repeated.",
)
@click.option(
    "--claims-file",
    "files",
    multiple=True,
    type=Path,
    metavar="FILE",
    help="Test the entries of this file in place of the shipped ones; can be repeated.",
)
@click.option("--samples", type=click.IntRange(1, 20_000), help="Draws of the prior box  [default: 2000].")
@click.option("--seed", type=click.IntRange(0), help="Seed of the draws  [default: 0].")
@trust_option()
@click.option(
    "--workers", type=click.IntRange(1, 1024), help="Processes to compute with  [default: as many as pay here]."
)
@click.option("--full", is_flag=True, help="Show each entry with its test's evidence, as with an ID.")
@click.option("--markdown", is_flag=True, help="Print the tables of the documentation.")
@kept_options
@plot_option()
@json_option
@click.pass_context
def claims(
    ctx: click.Context,
    ids: tuple[str, ...],
    document: str | None,
    verdicts: tuple[str, ...],
    files: tuple[Path, ...],
    samples: int | None,
    seed: int | None,
    trust: float | None,
    workers: int | None,
    full: bool,
    markdown: bool,
    **outputs: Unpack[Outputs],
) -> None:
    """The documents' claims against the model: which hold, mostly, in part or not, or are beyond it.

    ID is an entry (T01, C84), a claim that entries are about, or a contradiction (X03); without any, all are tested.
    Verdicts are computed over draws of the prior box, by the thresholds that stand in each entry. Each entry has its
    own scenarios; the claims that a scenario of yours names in its file stand in its report (triangle report).
    """
    from triangle.questions.claims import answer as analysis
    from triangle.questions.claims.ledger import Ledger

    if outputs.get("as_json") and markdown:
        raise BadInput(Fault("--markdown", "", "found with --json; ask for one of them"))

    def compute() -> Ledger:
        with Progress("tests") as progress:
            return analysis.claims(
                model_of(ctx),
                samples=analysis.SAMPLES if samples is None else samples,
                seed=seed or 0,
                files=files or None,
                only=ids,
                document=document,
                progress=progress,
                trust=trust,
                workers=workers,
            )

    kept = ("ids", "document", "verdicts", "full", "markdown")
    found = obtain(Ledger, (), compute, outputs, least=0, kept=kept)
    if outputs.get("source") is not None:
        found.check_tested(ids)
    ledger = found.chosen(ids, document, verdicts)

    def table() -> RenderableType | str:
        from triangle.questions.claims.markdown import claims_markdown
        from triangle.questions.claims.table import claims_tables

        return claims_markdown(ledger) if markdown else claims_tables(ledger, model_of(ctx), full or bool(ids))

    def draw() -> object:
        from triangle.questions.claims.plot import claims_plot

        return claims_plot(ledger, model_of(ctx))

    deliver(ledger, outputs, table, draw)
