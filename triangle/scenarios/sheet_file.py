"""Sheets as files: CSV, and .xlsx through openpyxl, an optional extra.

Files come from strangers. A workbook is a ZIP of XML: one that would unpack to more than `MAX_UNPACKED` bytes, or that
defines entities, is refused before anything parses it, and rows are read one by one up to `MAX_ROWS`. Formulas are
never evaluated. On the way out a text that a spreadsheet would take for a formula gets an apostrophe before it.
"""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from triangle.base.errors import BadInput, Fault
from triangle.base.files import shown
from triangle.scenarios.sheet import COLUMNS, OPEN, Content, Formula, Sheet

#: Largest file, largest content of a workbook when unpacked, in bytes, and most parts of a workbook.
MAX_BYTES, MAX_UNPACKED, MAX_PARTS = 5_000_000, 50_000_000, 1000

#: Most rows and columns that are read.
MAX_ROWS, MAX_COLUMNS = 2000, 60

#: What a text may not begin with in a sheet: a spreadsheet would take it for a formula (or has its own use for it).
_STARTERS = ("=", "+", "-", "@", "\t", "\r", "\n", "'")

#: What no XML part of a workbook has: declarations that could make it grow, and another encoding that could hide them.
_REFUSED = (b"<!DOCTYPE", b"<!ENTITY", b"\0")

_KINDS = "expected a file ending in .csv or .xlsx"


def guarded(content: Content) -> Content:
    """A cell's content as it is written: a text that looks like a formula after an apostrophe.

    >>> guarded("=1+1"), guarded(-1.0), guarded("relief")
    ("'=1+1", -1.0, 'relief')
    """
    return f"'{content}" if isinstance(content, str) and content.startswith(_STARTERS) else content


def unguarded(content: object) -> object:
    """The inverse of :func:`guarded`."""
    guards = isinstance(content, str) and content[:1] == "'" and content[1:].startswith(_STARTERS)
    return content[1:] if guards else content  # type: ignore[index]


def check_ending(path: Path, option: str) -> None:
    """Raise BadInput unless the file's name says that it is a sheet."""
    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise BadInput(Fault(option, "", f"found {str(path)!r}; {_KINDS}"))


def write_sheet(path: Path, rows: Sequence[Sequence[Content]]) -> None:
    """Write a table, headings first; raises BadInput where that is not possible."""
    rows = [[guarded(content) for content in row] for row in rows]
    data = _csv_bytes(rows) if path.suffix.lower() == ".csv" else _xlsx_bytes(rows)
    try:
        path.write_bytes(data)
    except (OSError, ValueError) as error:
        raise BadInput(
            Fault(shown(path), "", f"cannot be written: {getattr(error, 'strerror', None) or error}")
        ) from None


def write_new(path: Path, content: str) -> None:
    """Write a text file that is not there yet; raises BadInput where it is, or cannot be written."""
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(content)
    except FileExistsError:
        raise BadInput(Fault(shown(path), "", "is there already; choose another name, or move it away")) from None
    except (OSError, ValueError) as error:
        raise BadInput(
            Fault(shown(path), "", f"cannot be written: {getattr(error, 'strerror', None) or error}")
        ) from None


def read_sheet(path: Path) -> Sheet:
    """The cells of a sheet; of a workbook the sheet *parameters*, or else the first one.

    Raises
    ------
    BadInput
        If the file is missing, too large, no sheet, or needs openpyxl where that is not installed.
    """
    check_ending(path, shown(path))
    data = _bytes_of(path)
    sheet = _read_csv(data, shown(path)) if path.suffix.lower() == ".csv" else _read_xlsx(data, shown(path))
    rows = [[unguarded(content) for content in row] for row in sheet.rows]
    return Sheet(sheet.file, sheet.title, rows)


def _bytes_of(path: Path) -> bytes:
    file = shown(path)
    try:
        if path.exists() and not path.is_file():
            raise BadInput(Fault(file, "", "this is a folder or a device; expected a sheet"))
        if path.stat().st_size > MAX_BYTES:
            raise BadInput(
                Fault(file, "", f"the file has over {MAX_BYTES:,} bytes; sheets of parameters are far smaller")
            )
        with path.open("rb") as opened:
            return opened.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise BadInput(Fault(file, "", "no such file")) from None
    except (OSError, ValueError) as error:
        raise BadInput(Fault(file, "", f"cannot be read: {getattr(error, 'strerror', None) or error}")) from None


# ----- CSV


def _csv_bytes(rows: Sequence[Sequence[Content]]) -> bytes:
    page = io.StringIO()
    csv.writer(page, lineterminator="\n").writerows(
        [repr(content) if isinstance(content, float) else content for content in row] for row in rows
    )
    return page.getvalue().encode("utf-8-sig")  # without the mark, some spreadsheets guess another encoding


def _read_csv(data: bytes, file: str) -> Sheet:
    try:
        page = data.decode("utf-8-sig")
        head = page.split("\n", 1)[0]
        delimiter = max(",;\t", key=head.count)
        rows: list[list[object]] = []
        for row in csv.reader(io.StringIO(page, newline=""), delimiter=delimiter, strict=True):
            if len(rows) >= MAX_ROWS:
                raise BadInput(_too_long(file))
            rows.append([_of_text(content, delimiter) for content in row[:MAX_COLUMNS]])
    except UnicodeDecodeError as error:
        message = f"not UTF-8 text (byte {error.start}); save it as CSV in UTF-8, or as .xlsx"
        raise BadInput(Fault(file, "", message)) from None
    except csv.Error as error:
        raise BadInput(Fault(file, "", f"not a CSV file: {error}")) from None
    return Sheet(file, "", rows)


def _of_text(content: str, delimiter: str) -> object:
    """What a cell of text holds; where semicolons part the cells, a comma may stand for the decimal point."""
    if content.startswith("="):
        return Formula(content)
    digits = content.strip().lstrip("+-").replace(",", "", 1)
    if delimiter == ";" and "," in content and digits.replace("E", "").replace("-", "").replace("+", "").isdigit():
        return content.strip().replace(",", ".")
    return content


# ----- .xlsx


def _openpyxl() -> Any:
    try:
        import openpyxl
    except ImportError:
        message = "openpyxl is not installed; in triangle's folder: pip install '.[spreadsheet]'; or use a .csv file"
        raise BadInput(Fault(".xlsx", "", message)) from None
    return openpyxl


def _xlsx_bytes(rows: Sequence[Sequence[Content]]) -> bytes:
    """A workbook of one sheet: headings that stay in view, columns that may be changed in colour."""
    openpyxl = _openpyxl()
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "parameters"
    for row in rows:
        sheet.append(list(row))
    marked = PatternFill("solid", fgColor="FFF2CC")
    for place, name in enumerate(COLUMNS, 1):
        letter = get_column_letter(place)
        is_long = name in ("meaning", "because", "because_of_change", "figures")
        sheet.column_dimensions[letter].width = 48 if is_long else 24 if name == "name" else 12
        sheet.cell(1, place).font = Font(bold=True)
        for number in range(1, len(rows) + 1):
            at = sheet.cell(number, place)
            at.alignment = Alignment(vertical="top", wrap_text=is_long)
            if name in OPEN:
                at.fill = marked
    sheet.freeze_panes = "B2"
    page = io.BytesIO()
    book.save(page)
    return page.getvalue()


def _read_xlsx(data: bytes, file: str) -> Sheet:
    openpyxl = _openpyxl()
    _check_parts(data, file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that are not read
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
            sheets = {sheet.title: sheet for sheet in book.worksheets}
            sheet = sheets.get("parameters") or next(iter(sheets.values()))
            sheet.reset_dimensions()  # they are what the file says, not what it holds
            rows = _rows_of(sheet, file)
    except BadInput:
        raise
    except Exception as error:  # the library raises whatever a broken file makes of it
        message = f"cannot be read as an .xlsx workbook: {type(error).__name__}: {error}"
        raise BadInput(Fault(file, "", message)) from None
    return Sheet(file, sheet.title, rows)


def _rows_of(sheet: Any, file: str) -> list[list[object]]:
    rows: list[list[object]] = []
    for row in sheet.iter_rows(max_col=MAX_COLUMNS):
        if len(rows) >= MAX_ROWS:
            raise BadInput(_too_long(file))
        rows.append([Formula(c.value) if c.data_type == "f" else c.value for c in row])
    return rows


def _check_parts(data: bytes, file: str) -> None:
    """Raise BadInput where a workbook would unpack to too much, or defines entities that would grow when read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
                message = f"would unpack to over {MAX_UNPACKED:,} bytes or {MAX_PARTS:,} parts; refused"
                raise BadInput(Fault(file, "", message))
            for part in parts:
                content = packed.read(part)
                if part.filename.endswith((".xml", ".rels")) and any(sign in content for sign in _REFUSED):
                    raise BadInput(Fault(file, part.filename, "declares a document type or is not UTF-8; refused"))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise BadInput(Fault(file, "", f"not an .xlsx workbook: {error or type(error).__name__}")) from None
    except Exception as error:  # zlib and lzma have errors of their own
        if isinstance(error, BadInput):
            raise
        raise BadInput(Fault(file, "", f"not an .xlsx workbook: {error}")) from None


def _too_long(file: str) -> Fault:
    return Fault(file, "", f"more than {MAX_ROWS:,} rows; a sheet of parameters has one row a parameter")
