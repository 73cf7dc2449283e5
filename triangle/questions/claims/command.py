"""The documents' claims against the model: ``claims``."""

from __future__ import annotations

from pathlib import Path

import click

from triangle.base.errors import BadInput, Fault
from triangle.cli.options import json_option, model_of, plot_option
from triangle.cli.places import OutputFile, command
from triangle.cli.printing import Progress, plots_module, print_json, print_page, saved, tell, write


@command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--document", metavar="KEY", help="Only what concerns this document: osthold, tdc, blue, welt, gabuev.")
@click.option(
    "--verdict",
    "verdicts",
    multiple=True,
    type=click.Choice(("holds", "partly", "contradicted", "silent")),
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
@click.option("--full", is_flag=True, help="Show each entry with its test's evidence, as with an ID.")
@click.option("--markdown", is_flag=True, help="Print the tables of the documentation.")
@click.option("--out", type=OutputFile(".json"), metavar="FILE.json", help="Write the whole ledger into this file.")
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path),
    metavar="FILE.json",
    help="Show this ledger again; nothing is computed.",
)
@plot_option("file (.png, .svg or .pdf)")
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
    full: bool,
    markdown: bool,
    out: Path | None,
    source: Path | None,
    plot: Path | None,
    as_json: bool,
) -> None:
    """The documents' claims against the model: which hold, hold partly, are contradicted, or are beyond it.

    ID is an entry (T01, C84), a claim that entries are about, or a contradiction (X03); without any, all are tested.
    Verdicts are computed over draws of the prior box, by the thresholds that stand in each entry. Each entry has its
    own scenarios; the claims that a scenario of yours names in its file stand in its report (triangle report).
    """
    from triangle.base.store import write_result
    from triangle.questions.claims import answer as analysis
    from triangle.questions.claims.document import claims_document, claims_markdown
    from triangle.questions.claims.store import load_claims
    from triangle.questions.claims.table import claims_tables

    if as_json and markdown:
        raise BadInput(Fault("--markdown", "", "found with --json; ask for one of them"))
    if source is not None:
        _check_source(bool(files), samples, seed)
        ledger = load_claims(source)
    else:
        progress = Progress("tests")
        try:
            ledger = analysis.claims(
                model_of(ctx),
                samples=analysis.SAMPLES if samples is None else samples,
                seed=seed or 0,
                files=files or None,
                only=ids,
                document=document,
                progress=progress,
            )
        finally:
            progress.end()
    ledger = ledger.chosen(ids, document, verdicts)
    if out is not None:
        write_result(out, claims_document(ledger))
        tell(f"written: {out}")
    if plot is not None:
        plots = plots_module()
        from triangle.questions.claims.plot import claims_plot

        saved(plots.save(claims_plot(ledger), plot))
    if as_json:
        print_json(claims_document(ledger))
    elif markdown:
        write(claims_markdown(ledger))
    else:
        print_page(claims_tables(ledger, full or bool(ids)))


def _check_source(has_files: bool, samples: int | None, seed: int | None) -> None:
    """Options that compute have no meaning for a ledger that is read."""
    given = [("--claims-file", has_files), ("--samples", samples is not None), ("--seed", seed is not None)]
    for option, found in given:
        if found:
            raise BadInput(Fault(option, "", "found with --from, which computes nothing; leave one of them out"))
