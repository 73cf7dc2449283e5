"""Texts of what is shown: runs of our own words, of strangers' words and of names, so that each stays what it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from triangle.base.errors import printable

Kind = Literal["plain", "foreign", "code", "strong", "link", "term"]

#: Longest text of a stranger that is shown whole, in characters.
LONGEST = 1500


@dataclass(frozen=True)
class Run:
    """A stretch of text of one kind; `target` is the anchor that a link leads to, or the key of a term."""

    text: str
    kind: Kind = "plain"
    target: str = ""


Text = tuple[Run, ...]


def plain(text: str) -> Text:
    """Our own words."""
    return (Run(text),)


def foreign(text: str, limit: int = LONGEST) -> Text:
    r"""What somebody else wrote, in one line of at most `limit` characters, control characters written as escapes.

    >>> foreign("a\u202eb <i>")[0].text
    'a\\u202eb <i>'
    """
    return (Run(printable(" ".join(text[: 4 * limit].split()), limit), "foreign"),)


def code(text: str, limit: int = LONGEST) -> Text:
    """A name or a command, to be typed as it stands."""
    return (Run(printable(text, limit), "code"),)


def link(text: str, target: str) -> Text:
    """A name that leads to an anchor of this page."""
    return (Run(printable(text, LONGEST), "link", target),)


def words_of(text: Text) -> str:
    """The bare words."""
    return "".join(run.text for run in text)
