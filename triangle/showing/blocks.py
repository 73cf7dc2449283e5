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
from triangle.showing.runs import LONGEST as LONGEST
from triangle.showing.runs import Run as Run
from triangle.showing.runs import Text as Text
from triangle.showing.runs import code as code
from triangle.showing.runs import foreign as foreign
from triangle.showing.runs import link as link
from triangle.showing.runs import plain as plain
from triangle.showing.runs import words_of as words_of


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
    ends : tuple of float or None
        The ends of an interval that the text writes, for who takes the numbers away.
    """

    text: Text
    order: float | None = None
    origin: tuple[Text, ...] = ()
    anchor: str = ""
    swatch: str = ""
    ends: tuple[float, float] | None = None


@dataclass(frozen=True)
class Table:
    """A table; the first cell of each row names it. Pictures of its numbers find it by its key.

    A hint says what can be done with it on a screen, and is written nowhere else.
    """

    caption: Text
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: Text = ()
    key: str = ""
    hint: Text = ()


@dataclass(frozen=True)
class Grid:
    """What a map shows, for who takes it away: panels of nodes, each of one of some sets.

    Attributes
    ----------
    columns : tuple of str
        Heads of a table of the nodes: panel, first and second axis, name of the set, the set in words.
    across, along : tuple
        First and last node of an axis, and their number; they are evenly apart.
    sets : tuple
        Name and words of each set.
    panels : tuple
        Name of a panel, and in which stretches its sets follow, the second axis moving first: how many nodes, of which.
    """

    columns: tuple[str, ...]
    across: tuple[float, float, int]
    along: tuple[float, float, int]
    sets: tuple[tuple[str, str], ...]
    panels: tuple[tuple[str, tuple[tuple[int, int], ...]], ...]


@dataclass(frozen=True)
class Picture:
    """A drawing as SVG; title and description are what a reader who does not see it is told.

    Attributes
    ----------
    source : Text
        Of what it is and what made it, which goes with it wherever it is taken.
    data : str or Grid
        The key of the table that holds its numbers, or these where no table does.
    """

    key: str
    svg: str
    title: Text
    description: Text
    caption: Text = ()
    source: Text = ()
    data: str | Grid = ""


@dataclass(frozen=True)
class Gallery:
    """Small pictures side by side, each a card under a heading with a line below."""

    cards: tuple[tuple[Text, tuple[Picture, ...], Text], ...]


@dataclass(frozen=True)
class Verdict:
    """The answer of one scenario as a card.

    Attributes
    ----------
    given, finding : Text
        What is held, and the answer in one clause.
    sure : Text
        How sure that is, in a sentence.
    gauge : str
        The same as an SVG; nothing where it is not counted.
    change : tuple of Text
        What would change it, under a heading that is the first.
    """

    heading: Text
    pictures: tuple[Picture, ...]
    given: Text
    finding: Text
    sure: Text
    gauge: str
    change: tuple[Text, ...]


@dataclass(frozen=True)
class Verdicts:
    """Answers side by side."""

    cards: tuple[Verdict, ...]


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


Block = Paragraph | Heading | Bullets | Glossary | Listing | Table | Picture | Gallery | Verdicts | Details | Explorer


@dataclass(frozen=True)
class Section:
    """A part of the report under its own heading and anchor."""

    anchor: str
    title: Text
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Term:
    """A word of the glossary with its meaning, and the forms in which sentences have it."""

    key: str
    word: Text
    meaning: Text
    forms: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """A whole report.

    Attributes
    ----------
    labels : mapping of str to str
        Words of the frame: the skip link, the table of contents, the sort buttons.
    brief : bool
        Whether it is to fill two pages: no contents, one part a page.
    terms : tuple of Term
        Words that are explained where they stand.
    """

    language: str
    title: Text
    subtitle: Text
    sections: tuple[Section, ...]
    foot: Text
    labels: Mapping[str, str] = field(default_factory=dict)
    brief: bool = False
    terms: tuple[Term, ...] = ()
