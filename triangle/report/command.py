"""A report for people who will never install anything: ``report``."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import IO

import click

from triangle.base.errors import BadInput, Fault, check_probability
from triangle.cli.deliver import deliver
from triangle.cli.options import hold_option, read_studies, seed_option, set_option, trust_option
from triangle.cli.places import OutputFile, command
from triangle.cli.printing import plots_module, tell

FORMATS = {"html": ".html", "md": ".md", "pdf": ".pdf"}

#: Most scenarios of one report: more make a page that nobody reads, over the size that travels by mail.
MOST_SCENARIOS = 12


#: Most scenarios of a brief, for which two pages are enough.
MOST_OF_BRIEF = 3


@command()
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...")
@click.option(
    "--out",
    type=OutputFile(*FORMATS.values(), ".htm", ".markdown"),
    required=True,
    metavar="FILE",
    help="File to write.",
)
@click.option(
    "--format", "format_", type=click.Choice(tuple(FORMATS)), help="What to write [default: by the ending of --out]."
)
@click.option(
    "--tables",
    type=OutputFile(".docx", ".tex"),
    metavar="FILE",
    help="Write all tables of the report to this .docx or .tex too.",
)
@click.option("--explore", is_flag=True, help="Put an explorer with sliders into the page (html).")
@click.option(
    "--brief", is_flag=True, help="Two A4 pages: the answers, on what they rest, and where the model is wrong."
)
@click.option(
    "--samples",
    type=click.IntRange(16, 2**20),
    default=4096,
    show_default=True,
    help="Draws of what is uncertain, for the standing of the answer.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 1024),
    help="Processes to compute with [default: 2 where there are two processors and enough to do].",
)
@seed_option("all draws")
@trust_option("Count as agreement-proof what is so at this trust", 0.5)
@set_option
@hold_option
@click.pass_context
def report(
    ctx: click.Context,
    scenarios: tuple[str, ...],
    out: Path,
    format_: str | None,
    tables: Path | None,
    explore: bool,
    brief: bool,
    samples: int,
    workers: int | None,
    seed: int,
    trust: float,
    settings: tuple[str, ...],
    holds: tuple[str, ...],
) -> None:
    """Write one self-contained file: the answer, its standing, what it rests on, and how to make it again.

    The HTML opens offline, prints to A4, and works by keyboard, in the dark and on a phone. In triangle's folder,
    pip install '.[pdf]' brings what PDF needs, '.[tables]' what --tables needs. An interrupted run leaves no
    half-written file.
    """
    kind = _format(format_, out)
    if explore and kind != "html":
        raise BadInput(Fault("--explore", "", f"goes with --format html; a {kind} file runs no script"))
    if tables is not None and brief:
        raise BadInput(
            Fault("--tables", "", "goes with the whole report, for a brief has no tables; leave --brief out")
        )
    if explore and brief:
        raise BadInput(Fault("--explore", "", "goes with the whole report; leave --brief out"))
    most = MOST_OF_BRIEF if brief else MOST_SCENARIOS
    if len(scenarios) > most:
        message = f"found {len(scenarios)} scenarios; at most {most} go into one report, so write several"
        raise BadInput(Fault("SCENARIO", "", message))
    check_probability(trust, "--trust")
    studies = read_studies(ctx, scenarios, settings, holds)
    names = [study.scenario.name for study in studies]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise BadInput(Fault("SCENARIO", "", f"named twice: {', '.join(twice)}; expected each scenario once"))
    plots_module()
    if kind == "pdf":
        from triangle.report.pdf import weasyprint_module

        weasyprint_module()
    from triangle.report.tables import writer_of

    write_tables = writer_of(tables) if tables is not None else None
    from triangle.base.writing import replace_file
    from triangle.report.build import build
    from triangle.scenarios.scenario import find
    from triangle.showing.material import Material
    from triangle.showing.phrases import language, spoken
    from triangle.sweeps.archive import text_of

    texts = {
        study.scenario.name: text_of(find(name, study.cast)) for study, name in zip(studies, scenarios, strict=True)
    }
    material = Material(
        tuple(studies),
        spoken(studies[0].cast),
        samples,
        seed,
        texts=texts,
        words=scenarios,
        group=_group(ctx),
        settings=settings,
        holds=holds,
        notice=tell,
        trust=trust,
    )
    flags = [*(["--explore"] if explore else []), *(["--brief"] if brief else [])]
    asked = [
        "--format",
        kind,
        "--language",
        language(),
        *flags,
        "--samples",
        str(samples),
        "--seed",
        str(seed),
        "--trust",
        repr(trust),
    ]
    line = ["triangle", *material.group, "report", *scenarios, "--out", out.name, *asked, *material.options]
    material = replace(material, command=shlex.join(line))

    def page() -> Iterable[str]:
        made = build(material, explore, brief, workers)
        for place, write in ((out, partial(_written, kind)), (tables, write_tables)):
            if place is not None and write is not None:
                written = write(made)
                replace_file(place, partial(_write, written))
                yield f"{place} ({len(written) / 1e6:,.2f} MB)"

    deliver(None, {}, files=page)


def _write(content: bytes, file: IO[bytes]) -> None:
    file.write(content)


def _group(ctx: click.Context) -> tuple[str, ...]:
    """The options that stood before the command."""
    given = ctx.parent.params if ctx.parent is not None else {}
    return tuple(word for name, value in given.items() if value is not None for word in (f"--{name}", str(value)))


def _format(asked: str | None, out: Path) -> str:
    """The format that was asked for, or that the file's ending names."""
    by_ending = {ending: name for name, ending in FORMATS.items()} | {".htm": "html", ".markdown": "md"}
    named = by_ending.get(out.suffix.lower())
    if asked is None and named is None:
        expected = ", ".join(FORMATS.values())
        raise BadInput(Fault("--out", "", f"found {str(out)!r}; expected a file ending in one of {expected}"))
    if asked is not None and named is not None and asked != named:
        raise BadInput(Fault("--format", "", f"{asked} does not go with a file ending in {out.suffix}"))
    return asked or str(named)


def _written(kind: str, page: object) -> bytes:
    """The page in a format."""
    from triangle.showing.blocks import Page

    assert isinstance(page, Page)
    if kind == "md":
        from triangle.report.markdown import markdown_of

        return markdown_of(page).encode()
    if kind == "pdf":
        from triangle.report.pdf import pdf_of

        return pdf_of(page)
    from triangle.report.html import html_of

    return html_of(page).encode()
