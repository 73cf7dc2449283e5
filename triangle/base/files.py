"""Reading TOML, JSON and other texts that strangers may have written.

A file is read whole, never executed: too large, binary, unreadable, badly formed or too deeply nested files are
refused with a message. What the tables may hold is said in :mod:`triangle.base.records` and by those who use it.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from triangle.base.errors import BadInput, Fault, printable, shorten

T = TypeVar("T")

#: Largest TOML file that is read; the longest evidence file is under a tenth of it.
MAX_BYTES = 1_000_000

#: Largest file of a result that is read, in bytes.
MAX_RESULT_BYTES = 100_000_000

#: Parts of a key, `a.a.a…`, from which on it is refused: the time to read one grows with the square of its parts.
_MOST_PARTS = 100
_ENDLESS_KEY = rf"""(?a)(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){{{_MOST_PARTS}}}"""

#: What else people have in hand, by how its text begins: what it is, and what reads it.
_OTHERS = {
    "NFG ": "a game in strategic form, which triangle solve and triangle verify read, named .nfg",
    "EFG ": "a game tree, which triangle solve reads, named .efg",
    "{": "JSON; a result is shown again by --from",
    "name,": "a sheet, which triangle import turns into a scenario",
    "name;": "a sheet, which triangle import turns into a scenario",
    "sep=": "a sheet, which triangle import turns into a scenario",
}

#: The same of files that are no texts, by their first bytes.
_BINARY = {
    b"\x89HDF": "games of a sweep, which are read as RUN by the name of their folder",
    b"PK\x03\x04": "a packed file, as workbooks are; triangle import turns a sheet of parameters into a scenario",
}


def read_toml(path: Path) -> dict[str, Any]:
    """The content of a TOML file.

    Raises
    ------
    BadInput
        If it cannot be read as a text (:func:`read_text`), or is not TOML.
    """
    import tomli

    content = read_text(path)
    lines = content.split("\n") if content.count(".") >= _MOST_PARTS else ()
    if any(line.count(".") >= _MOST_PARTS and re.search(_ENDLESS_KEY, line) for line in lines):
        raise _bad(path, "holds a key of a hundred parts or more; nested too deeply to be read")
    try:
        return tomli.loads(content)
    except tomli.TOMLDecodeError as error:
        known = (f"this is {what}; " for opening, what in _OTHERS.items() if content.startswith(opening))
        raise _bad(path, f"{next(known, '')}not valid TOML: {error}{_line_of(content, str(error))}") from None
    except RecursionError:
        raise _bad(path, "nested too deeply to be read") from None
    except ValueError:
        raise _bad(path, "cannot be read: it holds a number of thousands of digits") from None


def _line_of(content: str, error: str) -> str:
    r"""The line that an error of the parser names, and what to write where it holds a number with a decimal comma.

    >>> _line_of("a = 1\nb = 0,5", "Expected newline (at line 2, column 6)")
    ": 'b = 0,5'; decimals stand after a point: 0.5"
    """
    at = re.search(r"at line (\d+)", error)
    if at is None:
        return ""
    line = content.split("\n")[int(at[1]) - 1].strip()
    comma = re.search(r"=\s*([+-]?\d+),(\d+)", line, re.ASCII)
    advice = f"; decimals stand after a point: {comma[1]}.{comma[2]}" if comma else ""
    return f": {shorten(line)}{advice}"


def read_text(path: Path, kind: str = "TOML") -> str:
    """The content of a text file of this kind.

    Raises
    ------
    BadInput
        If the file is missing, a folder, unreadable, larger than `MAX_BYTES` or not UTF-8, or if its name cannot be
        shown.
    """
    if not path.name.isprintable():
        raise _bad(path, "this file's name holds characters that cannot be shown; rename it")
    try:
        if path.exists() and not path.is_file():
            raise _bad(path, f"this is a folder or a device; expected a {kind} file")
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise _bad(path, f"the file has {size:,} bytes; files over {MAX_BYTES:,} bytes are refused")
        with path.open("rb") as file:
            content = file.read(MAX_BYTES)
        if content.startswith(b"\xef\xbb\xbf"):
            raise _bad(path, "begins with a byte order mark; save it as UTF-8 without one")
        return content.decode("utf-8")
    except FileNotFoundError:
        raise _bad(path, "no such file") from None
    except PermissionError:
        raise _bad(path, "no permission to read this file") from None
    except UnicodeDecodeError as error:
        known = (f"this is {what}; " for opening, what in _BINARY.items() if content.startswith(opening))
        message = f"{next(known, '')}not UTF-8 text (byte {error.start}); expected a {kind} file, saved as UTF-8"
        raise _bad(path, message) from None
    except OSError as error:  # an over-long name, a loop of links
        raise _bad(path, f"cannot be read: {error.strerror}") from None
    except ValueError as error:  # a name with a NUL byte
        raise _bad(path, f"cannot be read: {error}") from None


def read_record(record: type[T], path: Path, words: Any = None) -> T:
    """An answer from the file that a command wrote with ``--out``.

    Parameters
    ----------
    record : type
        One that has a ``SCHEMA``.
    words
        By which the record names things, where it needs to be told.

    Raises
    ------
    BadInput
        If the file is missing, unreadable, too large, no JSON object, or one of another schema, or with all that is
        wrong with its fields, or with every number that is computed from others and is not what they give.
    """
    from triangle.base.records import contradictions, faults_of, from_document, to_document

    document = read_json(path)
    expected = record.SCHEMA  # type: ignore[attr-defined]
    if document.get("schema") != expected:
        raise _bad(path, _of_another_schema(document.get("schema"), expected))
    made = from_document(record, document, shown(path), words)
    try:
        problems = list(contradictions(document, to_document(made, words)))
    except (LookupError, ValueError, ArithmeticError):
        raise _bad(path, "the parts of this result do not fit together") from None
    if problems:
        raise BadInput(faults_of(problems, shown(path)))
    return made


def _of_another_schema(found: object, expected: str) -> str:
    message = f"found schema {shorten(found)}; expected {expected!r}"
    if not isinstance(found, str) or not found.startswith("triangle."):
        return f"{message}: this is no answer that --out wrote"
    if found.partition("/")[0] == expected.partition("/")[0]:
        return f"{message}: another version of triangle wrote it; ask again with this one"
    return f"{message}: this is an answer of another kind"


def read_json(path: Path) -> dict[str, Any]:
    """The object of a JSON file; numbers that JSON does not know (infinity, not a number) are refused.

    Raises
    ------
    BadInput
        If the file is missing, unreadable, too large, or no JSON object.
    """
    import json

    try:
        if path.exists() and not path.is_file():
            raise _bad(path, "this is a folder or a device; expected the file of a result")
        if path.stat().st_size > MAX_RESULT_BYTES:
            raise _bad(path, f"has more than {MAX_RESULT_BYTES:,} bytes, which no result has")
        data = json.loads(path.read_text(encoding="utf-8-sig"), parse_constant=_refuse)
    except FileNotFoundError:
        raise _bad(path, "no such file") from None
    except RecursionError:
        raise _bad(path, "nested too deeply to be read") from None
    except OSError as error:
        raise _bad(path, f"cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise _bad(path, f"not UTF-8 text (byte {error.start}); expected JSON, saved as UTF-8") from None
    except ValueError as error:  # not JSON, a name with a NUL byte
        raise _bad(path, f"cannot be read as JSON: {shorten(str(error))}") from None
    if not isinstance(data, dict):
        raise _bad(path, "expected one JSON object")
    return data


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is no number of JSON")


def _bad(path: Path, message: str) -> BadInput:
    return BadInput(Fault(shown(path), "", message))


@cache
def shown(path: Path) -> str:
    """The path as messages show it: the last two parts, control characters escaped."""
    text = str(Path(*path.parts[-2:]))
    text = printable(text, 10_000)
    return text if len(text) <= 120 else f"…{text[-119:]}"


def cell(row: int, column: int) -> str:
    """A cell's address, row and column counted from 0.

    >>> cell(0, 0), cell(9, 27)
    ('A1', 'AB10')
    """
    letters = ""
    column += 1
    while column:
        column, place = divmod(column - 1, 26)
        letters = chr(ord("A") + place) + letters
    return f"{letters}{row + 1}"
