"""Points that a user lists in a sheet: one column a parameter, one row a point.

The first row names parameters of the model; every other cell is a number within that parameter's hard bounds. Sheets
are read as :mod:`triangle.base.sheets` reads them. Faults are reported all together, each under its cell's address as a
spreadsheet shows it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from triangle.base.errors import BadInput, Fault, capped
from triangle.base.records import LARGEST
from triangle.base.sheets.cells import Sheet, found, number
from triangle.base.sheets.files import Limits, read_sheet
from triangle.model.parameters import Catalogue, Parameter

#: A million points of a few parameters as text; a workbook of a fifth of a million numbers is read in seconds.
LIMITS = Limits(50_000_000, 10_000_000, 1_100_000, 300, "list fewer points, or draw them")


def read_points(
    path: Path, catalogue: Catalogue, tell: Callable[[str], None] | None = None
) -> dict[str, NDArray[np.float64]]:
    """Values of the points by parameter; raises :class:`~triangle.base.errors.BadInput` with every fault found.

    What a reader should know of how the file was read is handed to `tell`.
    """
    sheet = _trimmed(read_sheet(path, LIMITS, "points"))
    if tell is not None and sheet.note:
        tell(f"{sheet.file}: {sheet.note}")
    header = [str(name or "").strip() for name in sheet.rows[0]]
    faults = list(_header_faults(header, catalogue, sheet))
    if faults:
        raise BadInput(capped(faults, sheet.file))
    parameters = [catalogue[name] for name in header]
    table = np.empty((len(sheet.rows) - 1, len(header)))
    faults = capped(_fill(table, sheet, parameters), sheet.file)
    if faults:
        raise BadInput(faults)
    return {name: np.ascontiguousarray(column) for name, column in zip(header, table.T, strict=True)}


def _trimmed(sheet: Sheet) -> Sheet:
    """The sheet without empty rows at its end, and without empty cells beside its headings."""
    rows = list(sheet.rows)
    while rows and not any(map(_is_filled, rows[-1])):
        rows.pop()
    if len(rows) < 2:
        expected = "expected a first row with names of parameters and at least one row of numbers"
        raise BadInput(Fault(sheet.file, "", expected))
    if not any(map(_is_filled, rows[0])):
        raise BadInput(Fault(sheet.file, "row 1", "empty; expected names of parameters there"))
    width = max((i + 1 for i, content in enumerate(rows[0]) if _is_filled(content)), default=1)
    rows = [row if len(row) <= width or any(map(_is_filled, row[width:])) else row[:width] for row in rows]
    return Sheet(sheet.file, sheet.title, rows, sheet.parted, sheet.note)


def _is_filled(content: object) -> bool:
    return content is not None and str(content).strip() != ""


def _header_faults(header: Sequence[str], catalogue: Catalogue, sheet: Sheet) -> Iterator[Fault]:
    for column, name in enumerate(header):
        if name not in catalogue.parameters:
            yield Fault(sheet.file, sheet.address(0, column), catalogue.unknown(name))
        elif header.index(name) < column:
            first = sheet.address(0, header.index(name))
            yield Fault(sheet.file, sheet.address(0, column), f"{name} stands in {first} already")


def _fill(table: NDArray[np.float64], sheet: Sheet, parameters: Sequence[Parameter]) -> Iterator[Fault]:
    """Write the numbers of the rows into the table; what is no admissible number becomes a fault."""
    mark = sheet.decimal_mark(range(len(parameters)))
    for place, row in enumerate(sheet.rows[1:], start=1):
        if len(row) != len(parameters):
            commas = not sheet.title and sheet.parted in ("", ",") and len(row) == 2 * len(parameters)
            advice = "; are the commas decimal ones? Then part the cells by semicolons, under a line sep=;"
            message = f"found {len(row)} cells; expected {len(parameters)}{advice if commas else ''}"
            yield Fault(sheet.file, f"row {place + 1}", message)
            continue
        for column, (content, p) in enumerate(zip(row, parameters, strict=True)):
            value = number(content, mark)
            if math.isnan(value):
                message = f"{found(content, mark)}; expected a number for {p.name}"
                yield Fault(sheet.file, sheet.address(place, column), message)
            elif not p.admits(value) or abs(value) > LARGEST:
                message = f"found {value:g}; {p.name} must be {p.hard_text} ({p.unit})"
                yield Fault(sheet.file, sheet.address(place, column), message)
            table[place - 1, column] = value
