"""What public functions and methods are given, held against what they say they take, before anything is computed.

The annotations of a function are the one description of its arguments; what is read from them is whether a value is
of the right kind, not whether the function can do anything with it.
"""

from __future__ import annotations

import math
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, wraps
from inspect import Parameter, Signature, signature
from itertools import chain
from numbers import Integral, Real
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, ParamSpec, TypeVar, get_args, get_origin

from triangle.base.errors import BadInput, Fault, nearest, shorten

Given = ParamSpec("Given")
Result = TypeVar("Result")


class Kind(NamedTuple):
    """What a value must be, in words, and whether one is."""

    words: str
    holds: Callable[[Any], bool]


@dataclass(frozen=True)
class Between:
    """Mark of a whole number: from which to which it goes."""

    least: int
    most: int = 2**63 - 1  # what NetCDF can hold

    @property
    def words(self) -> str:
        """As it stands after "a whole number"."""
        return f"from {self.least} to {'2**63 - 1' if self.most == 2**63 - 1 else format(self.most, ',')}"


#: What random draws start from.
Seed = Annotated[int, Between(0)]


def checked(function: Callable[Given, Result]) -> Callable[Given, Result]:
    """The function, which answers an argument of another kind than it says it takes with what was expected.

    Raises
    ------
    BadInput
        With every argument of a wrong kind. Names that the function does not have stay a TypeError, as in all Python.

    Examples
    --------
    >>> def drawn(samples: int = 16, names: Sequence[str] = ()) -> int:
    ...     return samples * len(names)
    >>> checked(drawn)(2.5, "ab")
    Traceback (most recent call last):
        ...
    triangle.base.errors.BadInput: samples: found 2.5; expected a whole number, as samples=16
    names: found the one name 'ab'; expected a list of texts, as names=['ab']
    """

    @wraps(function)
    def asked(*args: Given.args, **options: Given.kwargs) -> Result:
        if faults := list(_faults(function, args, options)):
            raise BadInput(faults)
        return function(*args, **options)

    return asked


def _faults(function: Callable[..., Any], args: tuple[Any, ...], options: Mapping[str, Any]) -> Iterator[Fault]:
    described_by, kinds = _described(function)
    try:
        given = described_by.bind_partial(*args, **options).arguments  # Python says itself what is missing
    except TypeError:  # and which name is wrong
        return
    for name, value in given.items():
        described = described_by.parameters[name]
        if described.kind is Parameter.VAR_KEYWORD:
            continue
        for each in value if described.kind is Parameter.VAR_POSITIONAL else (value,):
            for key, message in _problems(kinds.get(name, Any), each):
                yield Fault(name, key, message + _example(described, each, kinds.get(name), key))


def _problems(kind: Any, value: Any) -> Iterator[tuple[str, str]]:
    """Where in a value something is of another kind, and what."""
    if (kind is str and type(value) is str) or (kind is int and type(value) is int):  # what is asked most
        return
    fitting = [option for option in _options(kind) if _kind(option).holds(value)]
    if not fitting:
        found = f"the one name {shorten(value)}" if _listing(kind) and isinstance(value, str) else shorten(value)
        yield "", f"found {found}; expected {_words(kind)}{_nearest(kind, value)}"
    elif not any(_inside(option) for option in fitting):
        return
    elif all(any(_within(option, value)) for option in fitting):
        yield from _within(fitting[0], value)


def _nearest(kind: Any, value: Any) -> str:
    """Which of a few words was meant, where one is near."""
    words = [word for option in _options(kind) if get_origin(option) is Literal for word in get_args(option)]
    return nearest(value, words) if isinstance(value, str) else ""


def _within(kind: Any, value: Any) -> Iterator[tuple[str, str]]:
    """What is of another kind among the keys and items of a value."""
    inside = _inside(kind)
    if isinstance(value, Mapping) and inside:
        for key, item in value.items():
            place = key if isinstance(key, str) else shorten(key)
            yield from _at(place, chain(_problems(inside[0], key), _problems(inside[1], item)))
    elif inside:
        each = inside if _fixed(kind) else (inside[0],) * len(value)
        for number, (option, item) in enumerate(zip(each, value, strict=True)):
            yield from _at(str(number), _problems(option, item))


def _at(place: str, problems: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    return ((f"{place}.{deeper}" if deeper else place, message) for deeper, message in problems)


def _example(described: Parameter, value: Any, kind: Any, key: str) -> str:
    """What could be written instead, where the value or the default shows it."""
    if key or _nearest(kind, value):
        return ""
    if isinstance(value, str) and _listing(kind):
        return f", as {described.name}=[{shorten(value)}]"
    if isinstance(value, str) and Path in _options(kind):
        return f", as {described.name}=Path({shorten(value)})"
    plain = isinstance(described.default, str | int | float) and not isinstance(described.default, bool)
    return f", as {described.name}={described.default!r}" if plain and described.default != "" else ""


# Kinds ----------------------------------------------------------------------------------------------------------------


@cache
def _kind(option: Any) -> Kind:
    origin = get_origin(option) or option
    if option in _PLAIN:
        return _PLAIN[option]
    if origin is Annotated:
        _, limits = get_args(option)
        return Kind(
            f"a whole number {limits.words}", lambda value: _is_whole(value) and limits.least <= value <= limits.most
        )
    if origin is Literal:
        return Kind(
            " or ".join(map(repr, get_args(option))), lambda value: isinstance(value, str) and value in get_args(option)
        )
    if origin is Callable:
        return Kind("a function", callable)
    inside = _inside(option)
    words = [_words(part, many=True) for part in inside]
    if _fixed(option):
        return Kind(f"{len(inside)} values", lambda value: _is_list(value) and len(value) == len(inside))
    if origin is Mapping:
        return Kind(f"a table of {' to '.join(words)}", lambda value: isinstance(value, Mapping))
    if origin in (Sequence, tuple):
        arrays = {int, float} & set(_options(inside[0]))
        return Kind(
            f"a list of {words[0]}", lambda value: _is_list(value) or bool(arrays and getattr(value, "shape", ()))
        )
    return Kind(f"a {option.__name__}", lambda value: isinstance(value, option))


def _is_list(value: Any) -> bool:
    return type(value) is tuple or (isinstance(value, Sequence) and not isinstance(value, str | bytes))


def _is_whole(value: Any) -> bool:
    return type(value) is int or (isinstance(value, Integral) and not isinstance(value, bool))


def _is_number(value: Any) -> bool:
    """A number that can be counted with: neither infinite nor NaN, no truth value in its place."""
    try:
        return isinstance(value, Real) and not isinstance(value, bool) and math.isfinite(value)
    except OverflowError:  # a whole number that no floating-point number comes near
        return False


class _Numbers:
    """In place of numpy's ArrayLike, whose numbers are looked at where they are read."""


#: What is said of a kind by itself: of one value in `words`, of several in `_MANY`.
_PLAIN: dict[Any, Kind] = {
    Any: Kind("anything", lambda value: True),
    types.NoneType: Kind("None", lambda value: value is None),
    str: Kind("a text", lambda value: isinstance(value, str)),
    bool: Kind("True or False", lambda value: isinstance(value, bool) or type(value).__name__ == "bool_"),
    int: Kind("a whole number", _is_whole),
    float: Kind("a finite number", _is_number),
    _Numbers: Kind("numbers", lambda value: value is not None),
    Path: Kind("a path", lambda value: isinstance(value, Path)),
}
_MANY = {str: "texts", int: "whole numbers", float: "numbers", Path: "paths"}


def _words(kind: Any, many: bool = False) -> str:
    said = [_MANY.get(option, _kind(option).words) if many else _kind(option).words for option in _options(kind)]
    return " or ".join(dict.fromkeys(said))


@cache
def _options(kind: Any) -> tuple[Any, ...]:
    return get_args(kind) if get_origin(kind) in (typing.Union, types.UnionType) else (kind,)


@cache
def _inside(kind: Any) -> tuple[Any, ...]:
    """The kinds of what a list, a table or a pair holds."""
    origin = get_origin(kind)
    parts = tuple(part for part in get_args(kind) if part is not ...)
    return parts if origin in (Mapping, Sequence, tuple) else ()


@cache
def _fixed(kind: Any) -> bool:
    return get_origin(kind) is tuple and ... not in get_args(kind)


def _listing(kind: Any) -> bool:
    return str not in _options(kind) and any(get_origin(option) is Sequence for option in _options(kind))


class _Unloaded(type):
    """In place of a class that is loaded by those who need it: its instances are known by the name of their class."""

    def __getattr__(cls, name: str) -> type:
        if name.startswith("_"):
            raise AttributeError(name)
        return _Unloaded(name, (), {})

    def __instancecheck__(cls, value: Any) -> bool:
        return any(each.__name__ == cls.__name__ for each in type(value).__mro__)


@cache
def _described(function: Callable[..., Any]) -> tuple[Signature, Mapping[str, Any]]:
    """The parameters of a function and their kinds."""
    unloaded: dict[str, Any] = {}
    while True:
        try:
            return signature(function), typing.get_type_hints(function, localns=unloaded, include_extras=True)
        except NameError as missing:
            name = str(missing.name)
            unloaded[name] = _Numbers if name == "ArrayLike" else _Unloaded(name, (), {})
