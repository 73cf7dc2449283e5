"""Whether everything is sound: ``check``."""

from __future__ import annotations

from pathlib import Path

import click

from triangle.cli.options import json_option
from triangle.cli.places import command
from triangle.cli.printing import print_json, print_page


@command()
@click.argument("files", nargs=-1, type=Path)
@json_option
@click.pass_context
def check(ctx: click.Context, files: tuple[Path, ...], as_json: bool) -> None:
    """Validate evidence, parameters, scenarios and claims; report all faults together.

    With FILES (scenarios, figure files, parameter files, claims files or folders of them) these are checked in place
    of the shipped ones. Leaves with 1 when there are faults.
    """
    from triangle.questions.check.answer import check as run

    report = run(files, **ctx.obj)
    if as_json:
        from triangle.questions.check.document import check_document

        print_json(check_document(report))
    else:
        from triangle.questions.check.table import check_report

        print_page(check_report(report))
    ctx.exit(1 if report.faults else 0)
