"""What was checked, for reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from triangle.showing.layout import new_table as new_table
from triangle.showing.phrases import told, word

if TYPE_CHECKING:
    from triangle.questions.check.answer import Report


def check_report(report: Report) -> RenderableType:
    """What ``check`` shows."""
    counts = report.counts
    kinds = sorted(report.backings.items())
    counted = told(
        "{documents} figures of the documents, {external} external figures, {parameters} parameters ({backings}), "
        "{sound}, {claims} claims",
        documents=counts.document_figures,
        external=counts.external_figures,
        parameters=counts.parameters,
        backings=", ".join(told("{n} by {kind}", n=count, kind=word(kind)) for kind, count in kinds),
        sound=told("{n} sound scenario" if counts.scenarios == 1 else "{n} sound scenarios", n=counts.scenarios),
        claims=counts.claims,
    )
    if not report.faults:
        return Text(told("{counted}: no fault", counted=counted), style="green")
    title = told("{n} fault" if len(report.faults) == 1 else "{n} faults", n=len(report.faults))
    table = new_table("file", "key", "fault", title=title)
    for fault in report.faults:
        table.add_row(fault.file, fault.key, fault.message)
    return Group(Text(counted), table)
