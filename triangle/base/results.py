"""Results as JSON and back: frozen dataclasses of plain numbers, texts and tuples, nested as deep as one likes.

What is read back was written by this package, or by a stranger: every field is checked against its type.
"""

from __future__ import annotations

import dataclasses
import math
import types
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from triangle.base.errors import BadInput, Fault, shorten
from triangle.base.files import shown
from triangle.base.store import read_result

T = TypeVar("T")


def plain(result: Any) -> Any:
    """A result as JSON knows it: tables, lists, numbers, texts."""
    if dataclasses.is_dataclass(result) and not isinstance(result, type):
        return {field.name: plain(getattr(result, field.name)) for field in dataclasses.fields(result)}
    if isinstance(result, tuple | list):
        return [plain(item) for item in result]
    if isinstance(result, Mapping):
        return {str(key): plain(value) for key, value in result.items()}
    return result


def restored(cls: type[T], data: object, file: str) -> T:
    """The inverse of :func:`plain`.

    Raises
    ------
    BadInput
        If a field is missing or of another type; keys that are no fields are passed over.

    Examples
    --------
    >>> from triangle.questions.choose.information import Worth
    >>> worth = Worth("relief", 1.0, 0.5, 0.25, 0.75, True)
    >>> restored(Worth, plain(worth), "file") == worth
    True
    """
    found: T = _read(cls, data, file, "")
    return found


def loaded(cls: type[T], path: Path, schema: str) -> T:
    """A result from a file that a command wrote with ``--out``; raises BadInput where it is none of this schema."""
    return restored(cls, read_result(path, schema), shown(path))


def _read(kind: Any, data: object, file: str, key: str) -> Any:
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        if data is None and type(None) in inner:
            return None
        return _read(next(part for part in inner if part is not type(None)), data, file, key)
    if dataclasses.is_dataclass(kind):
        _expect(isinstance(data, dict), "a table", data, file, key)
        assert isinstance(data, dict)
        hints = typing.get_type_hints(kind)
        names = [field.name for field in dataclasses.fields(kind)]
        for name in names:
            if name not in data:
                raise BadInput(Fault(file, _inner(key, name), "missing; this file holds no such result"))
        made: Any = kind
        return made(**{name: _read(hints[name], data[name], file, _inner(key, name)) for name in names})
    if origin is tuple:
        _expect(isinstance(data, list), "a list", data, file, key)
        assert isinstance(data, list)
        if len(inner) == 2 and inner[1] is Ellipsis:
            return tuple(_read(inner[0], item, file, key) for item in data)
        _expect(len(data) == len(inner), f"a list of {len(inner)}", data, file, key)
        return tuple(_read(part, item, file, key) for part, item in zip(inner, data, strict=True))
    return _read_simple(kind, data, file, key)


def _read_simple(kind: Any, data: object, file: str, key: str) -> Any:
    if kind is float:
        fits = isinstance(data, int | float) and not isinstance(data, bool) and abs(data) < 1e300
        _expect(fits and math.isfinite(float(typing.cast(float, data))), "a finite number", data, file, key)
        return float(typing.cast(float, data))
    _expect(not isinstance(data, str) or data.isprintable(), "a text that can be shown", data, file, key)
    _expect(type(data) is kind, {int: "an integer", str: "a text", bool: "true or false"}[kind], data, file, key)
    return data


def _inner(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name


def _expect(fits: bool, what: str, data: object, file: str, key: str) -> None:
    if not fits:
        raise BadInput(Fault(file, key, f"found {shorten(data)}; expected {what}"))
