"""Reading and checking TOML files that strangers may have written.

A file is read whole, never executed: too large, binary, unreadable, badly formed or too deeply nested files are
refused with a message. Records are checked by pydantic; its findings are turned into :class:`~triangle.errors.Fault`
so that a user reads what was found, where, what was expected and the nearest valid name.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from triangle.errors import BadInput, Fault, capped, printable, shorten, unknown

#: Largest file that is read; the longest evidence file is under a tenth of it.
MAX_BYTES = 1_000_000

#: A key of a hundred parts and more, `a.a.a…`: the time to read one grows with the square of its parts.
_ENDLESS_KEY = re.compile(rb"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){100}""")

#: What no text may hold: control characters but for line ends and tabs, and marks that turn the direction of writing.
_STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")

#: Largest number that is read, either side of zero; sums and products of such numbers stay finite.
LARGEST = 1e15

#: A number of sensible size: no NaN, no infinity, no text and no truth value in its place.
Number = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=-LARGEST, le=LARGEST)]


def _plain(text: str) -> str:
    found = _STEERING.search(text)
    if found:
        raise ValueError(f"found the control character {found[0]!a}; expected plain text")
    return text


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError(f"found {shorten(text)}; expected some text")
    return text


FreeText = Annotated[str, Field(strict=True, max_length=20_000), AfterValidator(_plain)]
Text = Annotated[FreeText, AfterValidator(_not_blank)]
Names = Annotated[tuple[Text, ...], Field(max_length=100)]


class Record(BaseModel):
    """A frozen record of a file's table; keys that it does not know are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


R = TypeVar("R", bound=Record)


def read_toml(path: Path) -> dict[str, Any]:
    """The content of a TOML file.

    Raises
    ------
    BadInput
        If the file is missing, a folder, unreadable, larger than `MAX_BYTES`, not UTF-8, or not TOML, or if its name
        cannot be shown.
    """
    if not path.name.isprintable():
        raise _bad(path, "this file's name holds characters that cannot be shown; rename it")
    try:
        if path.exists() and not path.is_file():
            raise _bad(path, "this is a folder or a device; expected a TOML file")
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise _bad(path, f"the file has {size:,} bytes; files over {MAX_BYTES:,} bytes are refused")
        with path.open("rb") as file:
            content = file.read(MAX_BYTES)
        if content.startswith(b"\xef\xbb\xbf"):
            raise _bad(path, "begins with a byte order mark; save it as UTF-8 without one")
        if _ENDLESS_KEY.search(content):
            raise _bad(path, "holds a key of a hundred parts or more; nested too deeply to be read")
        return tomllib.loads(content.decode("utf-8"))
    except FileNotFoundError:
        raise _bad(path, "no such file") from None
    except PermissionError:
        raise _bad(path, "no permission to read this file") from None
    except UnicodeDecodeError as error:
        raise _bad(path, f"not UTF-8 text (byte {error.start}); expected a TOML file") from None
    except tomllib.TOMLDecodeError as error:
        raise _bad(path, f"not valid TOML: {error}") from None
    except RecursionError:
        raise _bad(path, "nested too deeply to be read") from None
    except OSError as error:  # an over-long name, a loop of links
        raise _bad(path, f"cannot be read: {error.strerror}") from None
    except ValueError as error:  # a name with a NUL byte, a number of thousands of digits
        raise _bad(path, f"cannot be read: {error}") from None


def _bad(path: Path, message: str) -> BadInput:
    return BadInput(Fault(shown(path), "", message))


def shown(path: Path) -> str:
    """The path as messages show it: the last two parts, control characters escaped."""
    text = "/".join(path.parts[-2:]) if len(path.parts) > 1 else str(path)
    text = printable(text, 10_000)
    return text if len(text) <= 120 else f"…{text[-119:]}"


def validate(record: type[R], data: object, file: str, key: str) -> tuple[R | None, list[Fault]]:
    """The record made of `data`, or None and all its faults, each under its dotted key."""
    if not isinstance(data, Mapping):
        return None, [Fault(file, key, f"found {shorten(data)}; expected a table")]
    try:
        return record.model_validate(data), []
    except ValidationError as error:
        problems = error.errors(include_url=False)
        return None, capped(_faults(record, problems, data, file, key), file)


def _faults(record: type[Record], problems: Iterable[Any], data: object, file: str, key: str) -> Iterator[Fault]:
    """One fault for each place that has a problem."""
    seen = set()
    for problem in problems:
        place = ".".join(part for part in (key, *_keys(problem, data)) if part)
        if place not in seen:  # where several types are allowed, pydantic says of each that it does not fit
            seen.add(place)
            yield _fault(record, problem, file, place)


def _keys(problem: Any, data: Any) -> Iterator[str]:
    """The keys that lead to a problem, without pydantic's names of the types that it tried there."""
    for part in problem["loc"]:
        known = part in data if isinstance(data, Mapping) else isinstance(part, int) and isinstance(data, list)
        if not known and problem["type"] != "missing":
            return
        yield str(part)
        data = data[part] if known else None


def _table_at(record: type[Record], place: Sequence[object]) -> type[Record]:
    """The record that describes the table which holds the last key of a place."""
    for key in place[:-1]:
        field = record.model_fields.get(str(key))
        inner = next(_records_in(field.annotation), None) if field else None
        record = inner or record  # a key that is no field is a user's name in a table of tables
    return record


def _records_in(annotation: Any) -> Iterator[type[Record]]:
    """Records in an annotation such as ``dict[str, R]`` or ``R | None``."""
    if isinstance(annotation, type) and issubclass(annotation, Record):
        yield annotation
    for part in get_args(annotation):
        yield from _records_in(part)


def _fault(record: type[Record], problem: Any, file: str, place: str) -> Fault:
    if problem["type"] == "extra_forbidden":
        return Fault(file, place, unknown("key", problem["loc"][-1], _table_at(record, problem["loc"]).model_fields))
    if problem["type"] == "missing":
        return Fault(file, place, "missing; this key is required")
    expected = _EXPECTED.get(problem["type"])
    message = f"expected {expected}" if expected else problem["msg"].removeprefix("Value error, ")
    if problem["type"] != "value_error":
        message = f"found {shorten(problem['input'])}; {message[0].lower()}{message[1:]}"
    return Fault(file, place, message)


#: What was expected, in the words of the file rather than of pydantic, by its type of problem.
_EXPECTED = {
    "model_type": "a table",
    "dict_type": "a table",
    "tuple_type": "a list",
    "list_type": "a list",
    "string_type": "a text",
    "string_too_long": "a text of at most 20,000 characters",
    "too_long": "a list of at most 100 items",
    "float_type": "a number of at most 1e15",
    "finite_number": "a finite number",
    "date_type": "a date, as 2025-03-15 without quotation marks",
}
