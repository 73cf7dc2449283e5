"""Results of the analysis as files: one JSON document each, with the schema that says what it holds.

A result is written beside its place and renamed into it, so that a reader finds it whole or not at all. Numbers that
JSON does not know (infinity, not a number) are refused on both sides: a result holds none, or says ``null``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from triangle.base.errors import BadInput, Fault, printable, shorten
from triangle.base.files import shown
from triangle.base.writing import replace_file

#: Largest file that is read, in bytes.
MAX_BYTES = 100_000_000


def write_result(path: Path, document: Mapping[str, Any]) -> None:
    """Write a result, whose ``schema`` says what it is, as one JSON document.

    Raises
    ------
    TriangleError
        If the file cannot be written.
    ValueError
        If the document holds a number that JSON does not know; that is a fault of whoever made it.
    """
    if not isinstance(document.get("schema"), str):
        raise ValueError("a result needs a schema, as 'triangle.sensitivity/1'")
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1) + "\n"
    replace_file(path, lambda file: file.write(text.encode()))


def read_result(path: Path, schema: str) -> dict[str, Any]:
    """The document of a result's file.

    Raises
    ------
    BadInput
        If the file is missing, unreadable, too large, no JSON object, or one of another schema.
    """
    data = _read(path)
    if data.get("schema") != schema:
        raise _bad(path, f"found schema {shorten(data.get('schema'))}; expected {schema!r}")
    return data


def schema_of(path: Path) -> str:
    """The schema of a result's file, or an empty text where it names none."""
    found = _read(path).get("schema")
    return found if isinstance(found, str) else ""


def fields(data: Mapping[str, Any], kinds: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of a document, each of the type that it must have; a field may be null where its type is optional.

    Texts may come from strangers: whatever a terminal would obey is shown written as an escape.

    >>> fields({"samples": 8, "inside": None}, {"samples": int, "inside": str | None})
    {'samples': 8, 'inside': None}

    Raises
    ------
    KeyError, ValueError
        If a field is missing, or is something else.
    """
    found: dict[str, Any] = {}
    for name, kind in kinds.items():
        value = data[name]
        allowed = get_args(kind) or (kind,)
        whole = isinstance(value, int) and not isinstance(value, bool)
        if whole and float in allowed and int not in allowed:
            value = float(value)
        if not isinstance(value, allowed) or (isinstance(value, bool) and bool not in allowed):
            raise ValueError(f"{name} is {shorten(value)}")
        found[name] = printable(value, 2000) if isinstance(value, str) else value
    return found


def texts(values: Any) -> tuple[str, ...]:
    """A list of texts."""
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise ValueError(f"found {shorten(values)}; expected texts")
    return tuple(printable(value, 2000) for value in values)


def numbers(values: Any, count: int) -> NDArray[np.float64]:
    """A list of so many finite numbers."""
    found = np.array(values, dtype=np.float64)
    if found.shape != (count,) or not np.isfinite(found).all():
        raise ValueError(f"found {shorten(values)}; expected {count} numbers")
    return found


def _read(path: Path) -> dict[str, Any]:
    try:
        if path.exists() and not path.is_file():
            raise _bad(path, "this is a folder or a device; expected the file of a result")
        if path.stat().st_size > MAX_BYTES:
            raise _bad(path, f"has more than {MAX_BYTES:,} bytes, which no result has")
        data = json.loads(path.read_text(encoding="utf-8"), parse_constant=_refuse)
    except FileNotFoundError:
        raise _bad(path, "no such file") from None
    except RecursionError:
        raise _bad(path, "nested too deeply to be read") from None
    except OSError as error:
        raise _bad(path, f"cannot be read: {error.strerror or error}") from None
    except ValueError as error:  # not UTF-8, not JSON, a name with a NUL byte
        raise _bad(path, f"cannot be read as JSON: {shorten(str(error))}") from None
    if not isinstance(data, dict):
        raise _bad(path, "expected one JSON object")
    return data


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is no number of JSON")


def _bad(path: Path, message: str) -> BadInput:
    return BadInput(Fault(shown(path), "", message))
