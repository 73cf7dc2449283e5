"""What drives an outcome, for scripts: a JSON document."""

from __future__ import annotations

from typing import Any

from triangle.questions.sensitivity.drivers import Sensitivity
from triangle.version import __version__

Document = dict[str, Any]


def sensitivity_document(found: Sensitivity) -> Document:
    """The answer of ``sensitivity``; reading it back needs no model."""
    share = found.inside_share
    return {
        "schema": "",
        "version": __version__,
        **found.as_json(),
        "ranking": [found.names[i] for i in found.ranking],
        "inside_share": None if share is None else {"value": share[0], "low": share[1], "high": share[2]},
    }
