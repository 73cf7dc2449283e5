"""Workbooks (.xlsx) through openpyxl, an optional extra.

A workbook is a ZIP of XML from strangers: one whose parts would unpack to more than the limit, or define entities, is
refused before anything parses it, and rows are read one by one. On the way out rows are written as they come, so that
memory does not grow with them.
"""

from __future__ import annotations

import io
import math
import warnings
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import IO, Any
from xml.etree.ElementTree import ParseError

from triangle.base.errors import BadInput, Fault, shorten
from triangle.base.sheets.cells import Content, Formula, Sheet, guarded
from triangle.base.sheets.files import Limits, check_size

#: Most parts of a workbook.
MAX_PARTS = 1000

#: Rows and columns of a sheet in Excel.
EXCEL_ROWS, EXCEL_COLUMNS = 1_048_576, 16_384

#: What no XML part of a workbook has: declarations that could make it grow, and another encoding that could hide them.
_REFUSED = (b"<!DOCTYPE", b"<!ENTITY", b"\0")


def openpyxl() -> Any:
    """The library, or what to do where it is missing."""
    try:
        import openpyxl as library
    except ImportError:
        message = "openpyxl is not installed; in triangle's folder: pip install '.[spreadsheet]'; or use a .csv file"
        raise BadInput(Fault(".xlsx", "", message)) from None
    return library


def check_fits(rows: int, columns: int, where: str) -> None:
    """Raise BadInput where a table, headings included, is larger than a sheet of Excel."""
    if rows > EXCEL_ROWS or columns > EXCEL_COLUMNS:
        most = f"a sheet of Excel holds {EXCEL_ROWS:,} rows and {EXCEL_COLUMNS:,} columns"
        raise BadInput(
            Fault(where, "", f"{most}, and this table has {rows:,} and {columns:,}; write .csv or .nc instead")
        )


def write_workbook(file: IO[bytes], sheets: Mapping[str, Iterable[Sequence[Content]]]) -> None:
    """Write sheets by title, row by row; the first row of each stays in view."""
    book = openpyxl().Workbook(write_only=True)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "A2"
        for row in rows:
            sheet.append([_written(content) for content in row])
    book.save(file)


def _written(content: Content) -> Content:
    """A cell's content; a number that Excel has not is nothing."""
    return None if isinstance(content, float) and not math.isfinite(content) else guarded(content)


def read_workbook(data: bytes, file: str, limits: Limits, title: str) -> Sheet:
    """The cells of the sheet of this title, or else of the first one; with a note where there are others."""
    library = openpyxl()
    _check_parts(data, file, limits)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that are not read
            book = library.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
            sheets = {sheet.title: sheet for sheet in book.worksheets}
            if not sheets:
                raise BadInput(Fault(file, "", "cannot be read as an .xlsx workbook: it holds no sheet"))
            sheet = sheets.get(title) or next(iter(sheets.values()))
            sheet.reset_dimensions()  # they are what the file says, not what it holds
            rows = _rows_of(sheet, file, limits)
    except BadInput:
        raise
    except Exception as error:  # the library raises whatever a broken file makes of it
        message = f"cannot be read as an .xlsx workbook: {_in_words(error)}"
        raise BadInput(Fault(file, "", message)) from None
    others = ", ".join(name for name in sheets if name != sheet.title)
    note = f"of this workbook the sheet {shorten(sheet.title)} was read, and not {shorten(others)}" if others else ""
    return Sheet(file, sheet.title, rows, "", note)


def _in_words(error: Exception) -> str:
    """What is wrong with a workbook that the library cannot read."""
    if isinstance(error, KeyError):
        return f"a part is missing ({shorten(str(error.args[0] if error.args else ''))})"
    if isinstance(error, ParseError):
        return f"a part is not well-formed XML ({error})"
    return "its parts are not as the format has them"


def _rows_of(sheet: Any, file: str, limits: Limits) -> list[list[object]]:
    rows: list[list[object]] = []
    for row in sheet.iter_rows():
        check_size(len(rows), len(row), limits, file)
        rows.append([Formula(c.value) if c.data_type == "f" else c.value for c in row])
    return rows


def _check_parts(data: bytes, file: str, limits: Limits) -> None:
    """Raise BadInput where a workbook would unpack to too much, or defines entities that would grow when read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > limits.unpacked:
                message = f"would unpack to over {limits.unpacked:,} bytes or {MAX_PARTS:,} parts; {limits.advice}"
                raise BadInput(Fault(file, "", message))
            for part in parts:
                content = packed.read(part)
                if part.filename.endswith((".xml", ".rels")) and any(sign in content for sign in _REFUSED):
                    raise BadInput(Fault(file, part.filename, "declares a document type or is not UTF-8; refused"))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise BadInput(Fault(file, "", f"not an .xlsx workbook: {error or 'it is cut off'}")) from None
    except Exception as error:  # zlib and lzma have errors of their own
        if isinstance(error, BadInput):
            raise
        raise BadInput(Fault(file, "", f"not an .xlsx workbook: {error}")) from None
