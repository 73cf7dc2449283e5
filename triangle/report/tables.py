"""The tables of a report in the order in which they stand, for files that hold nothing else (Word, LaTeX)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from triangle.base.errors import BadInput, Fault
from triangle.showing.blocks import Block, Details, Heading, Page, Table, Text

#: What writes tables, by the ending of the file: the module of this folder, and the library that it needs.
ENDINGS = {".docx": ("word", "docx"), ".tex": ("latex", "pylatexenc")}


@dataclass(frozen=True)
class Listed:
    """A table, its label, and what stands above it where that is new: the title of its section, and its heading."""

    heads: tuple[Text, Text]
    label: str
    table: Table


def tables_of(page: Page) -> list[Listed]:
    """All tables of a page, those that are folded away included."""
    found = []
    for section in page.sections:
        before: Text = ()
        for number, (heading, table) in enumerate(_tables(section.blocks, ()), 1):
            heads = section.title if number == 1 else (), heading if heading != before else ()
            found.append(Listed(heads, f"{section.anchor}-{number}", table))
            before = heading
    return found


def _tables(blocks: Sequence[Block], heading: Text) -> Iterator[tuple[Text, Table]]:
    for block in blocks:
        if isinstance(block, Heading):
            heading = block.text
        elif isinstance(block, Table):
            yield heading, block
        elif isinstance(block, Details):
            yield from _tables(block.blocks, heading)


def writer_of(path: Path) -> Callable[[Page], bytes]:
    """What writes the tables of a page into such a file; asked for before a report is computed.

    Raises
    ------
    BadInput
        If the name ends otherwise, or the library that is needed is not installed.
    """
    from importlib import import_module

    ending = path.suffix.lower()
    if ending not in ENDINGS:
        message = f"found {str(path)!r}; expected a file ending in {' or '.join(ENDINGS)}"
        raise BadInput(Fault("--tables", "", message))
    name, library = ENDINGS[ending]
    try:
        import_module(library)
    except ImportError as error:
        message = f"the library for it cannot be used ({error}); in triangle's folder: pip install '.[tables]'"
        raise BadInput(Fault("--tables", ending, message)) from None
    module: Any = import_module(f"triangle.report.{name}")
    written: Callable[[Page], bytes] = module.tables_in
    return written
