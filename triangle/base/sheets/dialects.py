"""How programs write tables as text: what parts the cells, what the decimal mark is, how the file begins."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import IO

from triangle.base.errors import BadInput, Fault, unknown
from triangle.base.sheets.cells import Content, guarded


@dataclass(frozen=True)
class Dialect:
    """One way of writing tables.

    Attributes
    ----------
    parted : str
        What stands between cells.
    decimal : str
        What stands before decimals.
    marked : bool
        Whether the file begins with a byte-order mark, without which Excel guesses another encoding.
    """

    parted: str
    decimal: str
    marked: bool


#: The dialects by name.
DIALECTS = {
    "plain": Dialect(",", ".", False),
    "excel": Dialect(",", ".", True),
    "excel-de": Dialect(";", ",", True),
    "excel-fr": Dialect(";", ",", True),
}

#: A number with three decimals that could be one with its thousands parted.
_IN_DOUBT = re.compile(r"-?[1-9]\d{0,2}\.\d{3}")


def dialect_of(name: str, where: str = "--dialect") -> Dialect:
    """A dialect by name."""
    if name not in DIALECTS:
        raise BadInput(Fault(where, "", unknown("dialect", name, DIALECTS)))
    return DIALECTS[name]


def write_text(file: IO[bytes], rows: Iterable[Sequence[Content]], dialect: Dialect) -> None:
    """Write rows as text, one after the other; texts that a spreadsheet would evaluate are written inert."""
    page = io.TextIOWrapper(file, encoding="utf-8-sig" if dialect.marked else "utf-8", newline="")
    table = csv.writer(page, delimiter=dialect.parted, lineterminator="\n")
    table.writerows([_written(content, dialect) for content in row] for row in rows)
    page.flush()
    page.detach()


def _written(content: Content, dialect: Dialect) -> Content:
    """A cell's text; what is not a finite number is nothing, and no number can be read as a thousand times itself."""
    if not isinstance(content, float):
        return guarded(content)
    if not math.isfinite(content):
        return None
    text = repr(content)
    if dialect.decimal == ".":
        return text
    return f"{text}0".replace(".", ",") if _IN_DOUBT.fullmatch(text) else text.replace(".", dialect.decimal)
