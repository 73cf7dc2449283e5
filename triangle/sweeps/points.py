"""Points that a user lists in a CSV file: one column a parameter, one row a point.

The first row names parameters of the model; every other cell is a number within that parameter's hard bounds. Faults
are reported all together, each under its cell's address as a spreadsheet shows it.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from triangle.base.errors import BadInput, Fault, capped, shorten, unknown
from triangle.base.files import cell, shown
from triangle.base.records import LARGEST
from triangle.model.parameters import Catalogue, Parameter

#: Largest file that is read, in bytes: a million points of a few parameters.
MAX_BYTES = 50_000_000


def read_points(path: Path, catalogue: Catalogue) -> dict[str, NDArray[np.float64]]:
    """Values of the points by parameter; raises :class:`~triangle.base.errors.BadInput` with every fault found."""
    file = shown(path)
    rows = _rows(path, file)
    header = [name.strip() for name in rows[0]]
    faults = list(_header_faults(header, catalogue, file))
    if faults:
        raise BadInput(capped(faults, file))
    parameters = [catalogue[name] for name in header]
    table = np.empty((len(rows) - 1, len(header)))
    faults = capped(_fill(table, rows[1:], parameters, file), file)
    if faults:
        raise BadInput(faults)
    return {name: np.ascontiguousarray(column) for name, column in zip(header, table.T, strict=True)}


def _rows(path: Path, file: str) -> list[list[str]]:
    try:
        if path.exists() and not path.is_file():
            raise BadInput(Fault(file, "", "this is a folder or a device; expected a CSV file"))
        if path.stat().st_size > MAX_BYTES:
            raise BadInput(Fault(file, "", f"the file has over {MAX_BYTES:,} bytes; list fewer points, or draw them"))
        text = path.read_bytes().decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except FileNotFoundError:
        raise BadInput(Fault(file, "", "no such file")) from None
    except UnicodeDecodeError as error:
        raise BadInput(Fault(file, "", f"not UTF-8 text (byte {error.start}); expected a CSV file")) from None
    except csv.Error as error:
        raise BadInput(Fault(file, "", f"not a CSV file: {error}")) from None
    except (OSError, ValueError) as error:
        raise BadInput(Fault(file, "", f"cannot be read: {getattr(error, 'strerror', None) or error}")) from None
    while rows and not any(text.strip() for text in rows[-1]):
        rows.pop()
    if len(rows) < 2:
        raise BadInput(Fault(file, "", "expected a first row with names of parameters and at least one row of numbers"))
    return rows


def _header_faults(header: Sequence[str], catalogue: Catalogue, file: str) -> Iterator[Fault]:
    for column, name in enumerate(header):
        if name not in catalogue.parameters:
            yield Fault(file, cell(0, column), unknown("parameter", name, catalogue.parameters))
        elif header.index(name) < column:
            yield Fault(file, cell(0, column), f"{name} stands in {cell(0, header.index(name))} already")


def _fill(
    table: NDArray[np.float64], rows: Sequence[Sequence[str]], parameters: Sequence[Parameter], file: str
) -> Iterator[Fault]:
    """Write the numbers of the rows into the table; what is no admissible number becomes a fault."""
    for number, row in enumerate(rows, start=1):
        if len(row) != len(parameters):
            yield Fault(file, f"row {number + 1}", f"found {len(row)} cells; expected {len(parameters)}")
            continue
        for column, (text, p) in enumerate(zip(row, parameters, strict=True)):
            value = _number(text)
            if math.isnan(value):
                yield Fault(file, cell(number, column), f"found {shorten(text)}; expected a number for {p.name}")
            elif not p.admits(value) or abs(value) > LARGEST:
                message = f"found {value:g}; {p.name} must be {p.hard_text} ({p.unit})"
                yield Fault(file, cell(number, column), message)
            table[number - 1, column] = value


def _number(text: str) -> float:
    """The number that a text is; not a number where it is none, and no infinity either."""
    try:
        value = float(text if text.isascii() and "_" not in text else "")
    except ValueError:
        return math.nan
    return value if math.isfinite(value) else math.nan
