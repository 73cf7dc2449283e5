"""Whether everything is sound: ``check``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import click

from triangle.cli.deliver import Outputs, deliver
from triangle.cli.options import json_option
from triangle.cli.places import command

if TYPE_CHECKING:
    from rich.console import RenderableType


@command()
@click.argument("files", nargs=-1, type=Path)
@json_option
@click.pass_context
def check(ctx: click.Context, files: tuple[Path, ...], **outputs: Unpack[Outputs]) -> None:
    """Validate evidence, parameters, scenarios and claims; report all faults together.

    With FILES (scenarios, figure files, parameter files, claims files or folders of them) these are checked in place
    of the shipped ones. Leaves with 1 when there are faults.
    """
    from triangle.questions.check.answer import check as run

    report = run(files, **ctx.obj)

    def table() -> RenderableType:
        from triangle.questions.check.table import check_report

        return check_report(report)

    deliver(report, outputs, table)
    ctx.exit(1 if report.faults else 0)
