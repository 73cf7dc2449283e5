"""What was checked, for reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from triangle.showing.layout import new_table as new_table

if TYPE_CHECKING:
    from triangle.questions.check.answer import Report


def check_report(report: Report) -> RenderableType:
    """What ``check`` shows."""
    backings = ", ".join(f"{count} by {kind}" for kind, count in sorted(report.backings.items()))
    counts = report.counts
    sound = f"{counts.scenarios} sound scenario{'s' * (counts.scenarios != 1)}"
    counted = (
        f"{counts.document_figures} figures of the documents, {counts.external_figures} external figures, "
        f"{counts.parameters} parameters ({backings}), {sound}, "
        f"{counts.claims} claims"
    )
    if not report.faults:
        return Text(f"{counted}: no fault", style="green")
    table = new_table("file", "key", "fault", title=f"{len(report.faults)} fault{'s' * (len(report.faults) != 1)}")
    for fault in report.faults:
        table.add_row(fault.file, fault.key, fault.message)
    return Group(Text(counted), table)
