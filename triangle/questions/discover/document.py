"""Where an event happens, for scripts: a JSON document."""

from __future__ import annotations

from triangle.questions.discover.regions import Discovery
from triangle.study.documents import Document
from triangle.version import __version__


def discovery_document(found: Discovery) -> Document:
    """The answer of ``discover``; reading it back needs no model."""
    return {"schema": "", "version": __version__, **found.as_json()}
