"""The report as plain data: sections of paragraphs, tables and pictures, in no format yet.

:mod:`triangle.report.html`, :mod:`triangle.report.markdown` and :mod:`triangle.report.pdf` turn one and
the same page into files. A text is a sequence of runs, so that what strangers wrote stays apart from our own words: it
is never read as markup, and its direction of writing does not spill over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from triangle.base.errors import printable

Kind = Literal["plain", "foreign", "code", "strong", "link"]

#: Longest text of a stranger that is shown whole, in characters.
LONGEST = 1500


@dataclass(frozen=True)
class Run:
    """A stretch of text of one kind; `target` is the anchor that a link leads to."""

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


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; `role` says what kind: the lead, a note in small print, or why something is absent."""

    text: Text
    role: Literal["", "lead", "note", "absent"] = ""


@dataclass(frozen=True)
class Heading:
    """A heading within a section."""

    text: Text
    anchor: str = ""


@dataclass(frozen=True)
class Bullets:
    """A list."""

    items: tuple[Text, ...]


@dataclass(frozen=True)
class Glossary:
    """Words with what they stand for."""

    items: tuple[tuple[Text, Text], ...]


@dataclass(frozen=True)
class Listing:
    """Lines to be typed or kept as they are, but for control characters, which are written as escapes."""

    lines: tuple[str, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "lines", tuple(printable(line, 4 * LONGEST) for line in self.lines))


@dataclass(frozen=True)
class Column:
    """The head of a column; numbers stand at its right."""

    text: Text
    is_number: bool = False


@dataclass(frozen=True)
class Cell:
    """A cell of a table.

    Attributes
    ----------
    order : float or None
        What a number is sorted by; texts are sorted as they read.
    origin : tuple of Text
        Where the content comes from, line by line.
    anchor : str
        Name under which links find this cell.
    swatch : str
        An SVG that stands before the text.
    """

    text: Text
    order: float | None = None
    origin: tuple[Text, ...] = ()
    anchor: str = ""
    swatch: str = ""


@dataclass(frozen=True)
class Table:
    """A table; the first cell of each row names it."""

    caption: Text
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: Text = ()


@dataclass(frozen=True)
class Picture:
    """A drawing as SVG; title and description are what a reader who does not see it is told."""

    key: str
    svg: str
    title: Text
    description: Text
    caption: Text = ()


@dataclass(frozen=True)
class Gallery:
    """Small pictures side by side, each a card under a heading with a line below."""

    cards: tuple[tuple[Text, tuple[Picture, ...], Text], ...]


@dataclass(frozen=True)
class Details:
    """Blocks that are folded away under a line that says what they are."""

    summary: Text
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Explorer:
    """The model in a browser; `scripts` are its programs. See :mod:`triangle.report.explorer`."""

    data: Mapping[str, Any]
    labels: Mapping[str, str]
    triangle: str
    scripts: tuple[str, ...]


Block = Paragraph | Heading | Bullets | Glossary | Listing | Table | Picture | Gallery | Details | Explorer


@dataclass(frozen=True)
class Section:
    """A part of the report under its own heading and anchor."""

    anchor: str
    title: Text
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Page:
    """A whole report.

    Attributes
    ----------
    labels : mapping of str to str
        Words of the frame: the skip link, the table of contents, the sort buttons.
    """

    language: str
    title: Text
    subtitle: Text
    sections: tuple[Section, ...]
    foot: Text
    labels: Mapping[str, str] = field(default_factory=dict)
