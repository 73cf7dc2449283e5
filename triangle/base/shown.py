"""How records are shown in notebooks: they ask here, and the floor that formats for people answers.

A record of a lower floor inherits from :class:`Shown`; the report registers a format for it with :func:`shows`. Where
none is registered, a notebook prints the record's plain text.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

Format = TypeVar("Format", bound=Callable[[Any], str])

_FORMATS: dict[type, Callable[[Any], str]] = {}


class Shown:
    """A record that notebooks show as a table, once somebody has said how."""

    def _repr_html_(self) -> str | None:
        for kind in type(self).__mro__:
            if kind in _FORMATS:
                return _FORMATS[kind](self)
        return None


def shows(kind: type) -> Callable[[Format], Format]:
    """Register the decorated function as the format of a kind of record: from the record to safe HTML."""

    def register(form: Format) -> Format:
        _FORMATS[kind] = form
        return form

    return register
