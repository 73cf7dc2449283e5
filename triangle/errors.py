"""The errors of the package: each says what was found, where, what was expected, and what to do.

Everything that a user can get wrong ends in a :class:`TriangleError`; the command line prints its text
and leaves with its exit code, so no traceback is ever shown for a user's mistake.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


class TriangleError(Exception):
    """Base of every error that a user can cause; its text is the whole message."""

    exit_code = 2


@dataclass(frozen=True)
class Fault:
    """One thing wrong in one file: the file, the dotted key in it, and the message."""

    file: str
    key: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}: {self.key}" if self.key else self.file
        return f"{place}: {self.message}"


class BadInput(TriangleError):
    """A file or an argument that cannot be used; carries every fault found, not only the first."""

    def __init__(self, faults: Fault | Iterable[Fault]):
        self.faults = (faults,) if isinstance(faults, Fault) else tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class UnknownName(BadInput):
    """A name that nothing bears; suggests the nearest one that exists."""

    def __init__(self, kind: str, name: str, known: Iterable[str], where: str = ""):
        super().__init__(Fault(where or "argument", kind, unknown(kind, name, known)))


def unknown(kind: str, name: str, known: Iterable[str]) -> str:
    """Say that `name` is not a known `kind`, with the nearest valid name and all of them when they are few."""
    known = sorted(map(str, known))
    text = f"unknown {kind} {shorten(name)}"
    close = difflib.get_close_matches(str(name)[:200], known, n=1, cutoff=0.5)
    if close:
        text += f"; did you mean {close[0]!r}?"
    if 0 < len(known) <= 12:
        text += f" Valid: {', '.join(known)}."
    elif not close:
        text += f" (there are {len(known)} valid names)"
    return text


def shorten(value: object, limit: int = 80) -> str:
    """The value as quoted text of at most `limit` characters, for messages about hostile input."""
    text = repr(value)
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
