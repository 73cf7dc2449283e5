"""Results of the analysis as files: one JSON document each, with the schema that says what it holds.

A result is written beside its place and renamed into it, so that a reader finds it whole or not at all. Numbers that
JSON does not know (infinity, not a number) are refused on both sides: a result holds none, or says ``null``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from triangle.errors import BadInput, Fault, shorten
from triangle.experiments.archive import replace_file
from triangle.files import shown

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
