"""The answer of ``check`` for scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triangle.study.documents import Document
from triangle.version import __version__

if TYPE_CHECKING:
    from triangle.questions.check.answer import Report


def check_document(report: Report) -> Document:
    """The answer of ``check``."""
    return {
        "schema": "triangle.check/1",
        "version": __version__,
        "counts": {
            "document_figures": report.document_figures,
            "external_figures": report.external_figures,
            "parameters": report.parameters,
            "scenarios": report.scenarios,
            "claims": report.claims,
        },
        "backings": report.backings,
        "faults": [{"file": f.file, "key": f.key, "message": f.message} for f in report.faults],
    }
