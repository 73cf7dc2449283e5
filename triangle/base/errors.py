"""The errors of the package: each says what was found, where, what was expected, and what to do.

Everything that a user can get wrong ends in a :class:`TriangleError`; the command line prints its text
and leaves with its exit code, so no traceback is ever shown for a user's mistake.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache
from itertools import islice
from numbers import Real

#: Most faults that are listed for one table or one list of a file.
MAX_FAULTS = 1000

#: Longest text of an error, in characters; the faults that do not fit are counted.
MAX_TEXT = 15_000

#: Kinds of names that ``triangle list`` shows.
LISTED = ("figure", "parameter", "scenario", "term", "source", "instrument")


class TriangleError(Exception):
    """Base of every error that a user can cause; its text is the whole message."""

    exit_code = 2


@dataclass(frozen=True)
class Fault:
    """One thing wrong in one file: the file, the dotted key in it, and the message."""

    file: str
    key: str
    message: str

    def __post_init__(self) -> None:
        # What is quoted here was written by strangers: nothing of it may steer a terminal or flood it.
        for field, limit in (("file", 200), ("key", 160), ("message", 3000)):
            object.__setattr__(self, field, printable(getattr(self, field), limit))

    def __str__(self) -> str:
        place = f"{self.file}: {self.key}" if self.key else self.file
        return f"{place}: {self.message}"


class BadInput(TriangleError):
    """A file or an argument that cannot be used; carries every fault found, not only the first."""

    def __init__(self, faults: Fault | Iterable[Fault]):
        self.faults = (faults,) if isinstance(faults, Fault) else tuple(faults)
        super().__init__(_joined(self.faults))

    def __reduce__(self) -> tuple[type[BadInput], tuple[tuple[Fault, ...]]]:
        """By its faults, since worker processes send their errors."""
        return BadInput, (self.faults,)


class UnknownName(BadInput):
    """A name that nothing bears; suggests the nearest one that exists."""

    def __init__(self, kind: str, name: str, known: Iterable[str], where: str = ""):
        super().__init__(Fault(where or kind.upper(), "", unknown(kind, name, known)))


def check_probability(number: object, where: str) -> None:
    """Raise BadInput where this is no number from 0 to 1."""
    if not (isinstance(number, Real) and 0.0 <= float(number) <= 1.0):
        raise BadInput(Fault(where, "", f"found {shorten(number)}; expected a number from 0 to 1"))


def _joined(faults: Sequence[Fault]) -> str:
    """The faults one per line, as many as `MAX_TEXT` allows, then how many more there are."""
    lines: list[str] = []
    room = MAX_TEXT
    for fault in faults:
        room -= len(str(fault)) + 1
        if room < 0 and lines:
            lines.append(f"… and {len(faults) - len(lines):,} more faults; triangle check FILE --json lists them")
            break
        lines.append(str(fault))
    return "\n".join(lines)


def capped(faults: Iterable[Fault], file: str) -> list[Fault]:
    """The first `MAX_FAULTS` faults; where there are more, one further fault of the file says so."""
    found = list(islice(faults, MAX_FAULTS + 1))
    if len(found) > MAX_FAULTS:
        found[-1] = Fault(file, "", f"there are more than {MAX_FAULTS:,} faults here; the rest is not listed")
    return found


def nearest(name: str, known: Sequence[str]) -> str:
    """The question whether the nearest of the known names was meant; nothing where none is near.

    Examples
    --------
    >>> nearest("releif", ["relief", "evasion"]), nearest("x", ["relief"]), nearest("t01", ["X01", "T01"])
    ("; did you mean 'relief'?", '', "; did you mean 'T01'?")
    """
    close = _near(str(name)[:200], tuple(known))
    return f"; did you mean {close[0]!r}?" if close else ""


@lru_cache(maxsize=256)
def _near(given: str, known: tuple[str, ...]) -> list[str]:
    """Those that may have been meant; one wrong name stands in many files, and to compare it with all takes long."""
    from difflib import get_close_matches

    return [one for one in known if one.casefold() == given.casefold()] or get_close_matches(given, known, 1, 0.6)


def unknown(kind: str, name: str, known: Iterable[str]) -> str:
    """Say that `name` is not a known `kind`, with the nearest valid name and all of them when they are few.

    >>> unknown("type", "x", ["a", "b"]), unknown("type", "x", [])
    ("unknown type 'x'. Valid: a, b.", "unknown type 'x'; there are none here")
    """
    known = sorted(map(str, known))
    close = nearest(name, known)
    text = f"unknown {kind} {shorten(name)}{close}"
    if 0 < len(known) <= 20:
        text += f"{'' if close else '.'} Valid: {', '.join(known)}."
    elif not close:
        shown = f"; triangle list {kind} shows them" if kind in LISTED else ""
        text += f" (there are {len(known)} valid names{shown})" if known else "; there are none here"
    return text


def shorten(value: object, limit: int = 80) -> str:
    """The value as quoted text of at most `limit` characters, for messages about hostile input."""
    try:
        text = value.isoformat() if isinstance(value, date | time) else repr(value)
    except (RecursionError, ValueError):  # tables within tables without end; a number of thousands of digits
        text = f"{type(value).__name__} too large to be shown"
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def printable(text: str, limit: int) -> str:
    r"""The text in at most `limit` characters, whatever a terminal would obey rather than show written as an escape.

    >>> printable("\x1b[31mred", 40)
    '\\x1b[31mred'
    """
    shown = text[: limit + 1]
    if not shown.isprintable():
        shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in shown)
    return shown if len(shown) <= limit else f"{shown[: limit - 1]}…"
