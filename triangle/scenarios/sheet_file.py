"""Sheets of parameters as files: CSV, and .xlsx through openpyxl; see :mod:`triangle.base.sheets`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import IO

from triangle.base.errors import BadInput, Fault
from triangle.base.files import shown
from triangle.base.sheets.cells import Content, Sheet, guarded
from triangle.base.sheets.dialects import dialect_of, write_text
from triangle.base.sheets.files import Limits, is_workbook
from triangle.base.sheets.files import read_sheet as _read_sheet
from triangle.base.writing import replace_file
from triangle.scenarios.sheet import COLUMNS, OPEN

#: A sheet of parameters has a row a parameter, and unpacks to under a megabyte.
LIMITS = Limits(5_000_000, 5_000_000, 2000, 60, "a sheet of parameters has one row a parameter")

_KINDS = "expected a file ending in .csv or .xlsx"


def check_ending(path: Path, option: str) -> None:
    """Raise BadInput unless the file's name says that it is a sheet."""
    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise BadInput(Fault(option, "", f"found {str(path)!r}; {_KINDS}"))


def write_sheet(path: Path, rows: Sequence[Sequence[Content]], dialect: str = "excel") -> None:
    """Write a table, headings first, as text in this dialect or as a workbook; the folder must be there."""
    if not path.parent.is_dir():
        raise BadInput(Fault("--parameters", shown(path), "cannot be written: there is no such folder"))
    if is_workbook(path):
        replace_file(path, lambda file: _write_workbook(file, rows), "--parameters")
    else:
        replace_file(path, lambda file: write_text(file, rows, dialect_of(dialect)), "--parameters")


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
    """The cells of a sheet of parameters; of a workbook the sheet *parameters*, or else the first one.

    Raises
    ------
    BadInput
        If the file is missing, too large, no sheet, or needs openpyxl where that is not installed.
    """
    check_ending(path, shown(path))
    return _read_sheet(path, LIMITS, "parameters")


def _write_workbook(file: IO[bytes], rows: Sequence[Sequence[Content]]) -> None:
    """A workbook of one sheet: headings that stay in view, columns that may be changed in colour."""
    from triangle.base.sheets.workbook import openpyxl

    book = openpyxl().Workbook()
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    sheet = book.active
    sheet.title = "parameters"
    for row in rows:
        sheet.append([guarded(content) for content in row])
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
    book.save(file)
