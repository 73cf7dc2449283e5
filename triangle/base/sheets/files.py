"""Sheets of strangers as cells: delimited text and .xlsx workbooks, within limits.

Text may come from any program: cells parted by commas, semicolons, tabs or bars, as a line ``sep=;`` says or the
headings show; in UTF-8, in UTF-16 with its mark, or in Windows-1252, which Excel writes in the West. Formulas are never
evaluated.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from triangle.base.errors import BadInput, Fault
from triangle.base.files import shown
from triangle.base.sheets.cells import Formula, Sheet, unguarded
from triangle.base.sheets.dialects import DIALECTS


@dataclass(frozen=True)
class Limits:
    """How much of a sheet is read, and what a larger one is told.

    Attributes
    ----------
    bytes : int
        Of the file.
    unpacked : int
        Of all parts of a workbook together, in bytes: a few seconds of reading.
    rows, columns : int
        Below and beside the first.
    advice : str
        What sheets of this kind are.
    """

    bytes: int
    unpacked: int
    rows: int
    columns: int
    advice: str


_DELIMITERS = (";", "\t", ",", "|")

#: The first line by which a file tells Excel what parts its cells.
_SEP = re.compile(r'"?sep=(.)"?\r?(?:\n|\Z)', re.IGNORECASE)


def is_workbook(path: Path) -> bool:
    """Whether a file's name says that it is an .xlsx workbook."""
    return path.suffix.lower() == ".xlsx"


def read_sheet(path: Path, limits: Limits, title: str) -> Sheet:
    """The cells of a sheet; of a workbook the sheet of this title, or else the first one.

    Raises
    ------
    BadInput
        If the file is missing, too large, no sheet, or needs openpyxl where that is not installed.
    """
    data, file = _bytes_of(path, limits), shown(path)
    if is_workbook(path):
        from triangle.base.sheets.workbook import read_workbook

        sheet = read_workbook(data, file, limits, title)
    else:
        sheet = _read_text(data, file, limits)
    rows = [[unguarded(content) for content in row] for row in sheet.rows]
    return Sheet(sheet.file, sheet.title, rows, sheet.parted, sheet.note)


def _bytes_of(path: Path, limits: Limits) -> bytes:
    file = shown(path)
    try:
        if path.exists() and not path.is_file():
            raise BadInput(Fault(file, "", "this is a folder or a device; expected a sheet"))
        if path.stat().st_size > limits.bytes:
            raise BadInput(Fault(file, "", f"the file has over {limits.bytes:,} bytes; {limits.advice}"))
        with path.open("rb") as opened:
            return opened.read(limits.bytes + 1)
    except FileNotFoundError:
        raise BadInput(Fault(file, "", "no such file")) from None
    except (OSError, ValueError) as error:
        raise BadInput(Fault(file, "", f"cannot be read: {getattr(error, 'strerror', None) or error}")) from None


def _read_text(data: bytes, file: str, limits: Limits) -> Sheet:
    page, note = _decoded(data, file)
    page, parted = _parted(page, file)
    rows: list[list[object]] = []
    try:
        for row in csv.reader(io.StringIO(page, newline=""), delimiter=parted or ",", strict=True):
            check_size(len(rows), len(row), limits, file)
            rows.append([Formula(content) if content.startswith("=") else content for content in row])
    except csv.Error as error:
        raise BadInput(Fault(file, "", f"not a CSV file: {error}")) from None
    return Sheet(file, "", rows, parted, note)


def check_size(row: int, columns: int, limits: Limits, file: str) -> None:
    """Raise BadInput where a row, counted from 0, is one too many or too long."""
    if row > limits.rows:
        raise BadInput(Fault(file, "", f"more than {limits.rows:,} rows; {limits.advice}"))
    if columns > limits.columns:
        raise BadInput(Fault(file, f"row {row + 1}", f"more than {limits.columns:,} columns; {limits.advice}"))


def _decoded(data: bytes, file: str) -> tuple[str, str]:
    """The text of a file, and a note where its encoding is a guess."""
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16"), ""
        if b"\0" in data:
            message = f"holds a zero byte (byte {data.index(0)}); save it as CSV in UTF-8, or as .xlsx"
            raise BadInput(Fault(file, "", message))
        try:
            return data.decode("utf-8-sig"), ""
        except UnicodeDecodeError as error:
            note = (
                f"not UTF-8 text (byte {error.start}); read as Windows-1252, in which Excel saves CSV in the West, and "
                "which has no Greek letters: save it as CSV UTF-8, or as .xlsx"
            )
            return data.decode("cp1252"), note
    except UnicodeDecodeError as error:
        kind = "UTF-16" if error.encoding.startswith("utf-16") else "UTF-8 or Windows-1252"
        message = f"not {kind} text (byte {error.start}); save it as CSV in UTF-8, or as .xlsx"
        raise BadInput(Fault(file, "", message)) from None


def _parted(page: str, file: str) -> tuple[str, str]:
    """The text below a line ``sep=``, and what parts its cells; empty where there is one column and nothing says."""
    told = _SEP.match(page)
    if told is not None:
        if told[1] not in _DELIMITERS:
            raise BadInput(Fault(file, "sep=", f"found {told[1]!r}; expected a semicolon, tab, comma or bar"))
        return page[told.end() :], told[1]
    head = re.sub(r'"[^"]*"', "", re.split("[\r\n]", page.lstrip("\r\n"), maxsplit=1)[0])
    parted = max(_DELIMITERS, key=lambda sign: (head.count(sign), sign == ","))
    return page, parted if parted in head else ""


def is_headed(path: Path, headings: Sequence[str]) -> bool:
    """Whether a file begins with these headings in one of the dialects, as one does that was written here."""
    try:
        with path.open("rb") as file:
            head = file.readline(1000).decode("utf-8-sig").rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        return False
    return any(head == dialect.parted.join(headings) for dialect in DIALECTS.values())
