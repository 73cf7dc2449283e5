"""Records: tables of strangers → frozen records, and records → documents → records; all that is wrong is said at once.

A record is a frozen dataclass. Its fields say what a table may hold, in one of two ways:

- a **check** (:func:`entry`), a function that returns the value, made plain, or raises ValueError with what was found
  and what was expected. Records of files that people write are made so (:class:`Record`, :func:`validate`); they
  refuse keys that they do not know;
- the **type** of the field: numbers, texts, truth values, ``Literal``, records, ``None``, arrays, and tuples and
  mappings of all these. Answers are made so. :func:`to_document` writes them as JSON knows them, under the schema and
  the version of this package; :func:`from_document` reads them again. Where a document names or writes a field
  otherwise, ``Annotated`` says so: :class:`Key`, :class:`Form`, :class:`ByName`, :data:`INLINE`, :data:`SPARSE`,
  :data:`APART`. A property of a record marked :func:`told` stands in its document too, and is not read.

Either way a rule of the record as a whole is its method ``problems``.

A general library would do the same; it would also take longer to load than all the rest of the command line.
"""

from __future__ import annotations

import dataclasses
import datetime
import math
import re
import types
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, cast, get_args, get_origin

from triangle.base.errors import MAX_FAULTS, BadInput, Fault, capped, shorten, unknown
from triangle.version import __version__

#: What no text may hold: control characters but for line ends and tabs, and marks that turn the direction of writing.
_STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")

#: Largest number that is read, either side of zero; sums and products of such numbers stay finite.
LARGEST = 1e15

#: Longest text, and longest list of names.
LONGEST_TEXT, MOST_NAMES = 20_000, 100

Check = Callable[[Any], Any]
Problem = tuple[tuple[str, ...], str]


def number(value: object) -> float:
    """A number of sensible size: no NaN, no infinity, no text and no truth value in its place."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(f"found {shorten(value)}; expected a number of at most {LARGEST:g}")
    if value != value or abs(value) == float("inf"):
        raise ValueError(f"found {shorten(value)}; expected a finite number")
    if abs(value) > LARGEST:
        raise ValueError(f"found {shorten(value)}; expected a number of at most {LARGEST:g}")
    return float(value) + 0.0  # zero has no sign


def number_in(written: str) -> float:
    """The number that a text is, by the one rule for options and files: digits 0 to 9, a point, no separators.

    >>> number_in(" 1e-3 ")
    0.001
    """
    if not written.isascii() or "_" in written:
        raise ValueError(f"found {shorten(written)}; expected a number in digits 0 to 9, without separators")
    return float(written) + 0.0  # zero has no sign


def free_text(value: object) -> str:
    """A text, possibly empty, without characters that a terminal would obey."""
    if not isinstance(value, str):
        raise ValueError(f"found {shorten(value)}; expected a text")
    if len(value) > LONGEST_TEXT:
        raise ValueError(f"found {shorten(value)}; expected a text of at most {LONGEST_TEXT:,} characters")
    if not value.isprintable() and (steering := _STEERING.search(value)):  # what is printable holds none
        raise ValueError(f"found the control character {steering[0]!a}; expected a text that can be shown")
    return value


def text(value: object) -> str:
    """A text that says something, which blanks that nobody sees do not."""
    if not any(sign.isprintable() and not sign.isspace() for sign in free_text(value)):
        raise ValueError(f"found {shorten(value)}; expected some text")
    return str(value)


def names(value: object) -> tuple[str, ...]:
    """A list of texts."""
    if not isinstance(value, (list, tuple)):
        raise ValueError(f"found {shorten(value)}; expected a list")
    if len(value) > MOST_NAMES:
        raise ValueError(f"found {shorten(value)}; expected a list of at most {MOST_NAMES} items")
    return tuple(_item(place, item) for place, item in enumerate(value, 1))


def _item(place: int, value: object) -> str:
    try:
        return text(value)
    except ValueError as error:
        raise ValueError(f"item {place}: {error}") from None


def number_or_text(value: object) -> float | str:
    """A number, or the name of something that has one."""
    return text(value) if isinstance(value, str) else number(value)


def boolean(value: object) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise ValueError(f"found {shorten(value)}; expected true or false")
    return value


def date(value: object) -> datetime.date:
    """A date."""
    if not isinstance(value, datetime.date) or isinstance(value, datetime.datetime):
        raise ValueError(f"found {shorten(value)}; expected a date, as 2025-03-15 without quotation marks")
    return value


def choice(*words: str) -> Check:
    """One of a few words."""

    def check(value: object) -> str:
        if not isinstance(value, str) or value not in words:
            raise ValueError(f"found {shorten(value)}; expected one of {', '.join(map(repr, words))}")
        return value

    return check


def whole(low: int, high: int) -> Check:
    """A whole number within bounds."""

    def check(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ValueError(f"found {shorten(value)}; expected a whole number from {low:,} to {high:,}")
        return value

    return check


def entry(
    check: Callable[..., Any] | type[Record],
    default: Any = dataclasses.MISSING,
    many: bool = False,
    worded: bool = False,
) -> Any:
    """A key of a record: its check, or the record of a table inside, or with `many` of every table inside one.

    A `worded` check is told, beside the value, the words by which the reader of the table calls things.
    """
    metadata = {"check": check, "many": many, "worded": worded}
    if callable(default) and default is not dataclasses.MISSING:
        return dataclasses.field(default_factory=default, metadata=metadata)
    return dataclasses.field(default=default, metadata=metadata)


class Record:
    """Base of the frozen dataclasses that are made of tables; keys that a record does not know are refused."""

    __dataclass_fields__: dict[str, dataclasses.Field[Any]]

    def __post_init__(self) -> None:
        """Refuse what a field's check or a rule of the record refuses."""
        for name, described in self.__dataclass_fields__.items():
            value = getattr(self, name)
            if _is_table(described) or described.metadata["worded"] or value is described.default:
                continue
            try:
                object.__setattr__(self, name, described.metadata["check"](value))
            except ValueError as error:
                raise ValueError(f"{name}: {error}") from None
        for message in self.problems():
            raise ValueError(message)

    def problems(self) -> Iterator[str]:
        """What is wrong with the record as a whole, where each value by itself is sound."""
        return iter(())


R = TypeVar("R", bound=Record)
T = TypeVar("T")
M = TypeVar("M")


def _is_table(described: dataclasses.Field[Any]) -> bool:
    return isinstance(described.metadata["check"], type)


class _Problems(list[Problem]):
    """What is wrong with a table, as it is found, and the words by which its reader calls things."""

    def __init__(self, words: Any):
        super().__init__()
        self.words = words


def validate(record: type[R], data: object, file: str, key: str, words: Any = None) -> tuple[R | None, list[Fault]]:
    """The record made of `data`, or None and all its faults, each under its dotted key.

    `words` are those by which the reader calls things; checks that need them are told (:func:`entry`).
    """
    problems = _Problems(words)
    made = _read(record, data, (key,) if key else (), problems)
    return (made, []) if not problems else (None, faults_of(problems, file))


# Answers --------------------------------------------------------------------------------------------------------------


class Key(NamedTuple):
    """In ``Annotated``: the key of a field in documents; with a place, the field is that item of the list there."""

    name: str
    place: int | None = None


class Form(NamedTuple):
    """In ``Annotated``: how a value is written in documents, and read again.

    Attributes
    ----------
    write : function of the value and its record
    read : function of what was written and of the table around it
        Raises ValueError with what was found and what was expected.
    worded : bool
        Whether both are told, last, by which words things are called: the field marked :data:`WORDS`.
    """

    write: Callable[..., Any]
    read: Callable[..., Any]
    worded: bool = False


def form(write: Callable[[Any], Any], read: Callable[[Any], Any]) -> Form:
    """A form that needs to know the value only."""
    return Form(lambda value, _: write(value), lambda data, _: read(data))


class ByName(NamedTuple):
    """In ``Annotated``: a tuple that documents write as a table, each item under its name among the words."""

    names: Callable[[Any], Sequence[str]]


def worded(write: Callable[[Any, Any], Any], read: Callable[[Any, Any], Any]) -> Form:
    """A form that needs to know the value, and by which words things are called."""
    return Form(lambda value, _, words: write(value, words), lambda data, _, words: read(data, words), worded=True)


#: In ``Annotated``: by which words the record, and all records in it, write and read what they name; in no document.
WORDS = "words"

#: In ``Annotated``: the keys of this record stand among those of the record around it.
INLINE = "inline"

#: In ``Annotated``: the key is left out where the value is the field's default.
SPARSE = "sparse"

#: In ``Annotated``: the field stands in no document of this record; it has a default.
APART = "apart"

#: A number that may be infinite, which JSON does not know: null stands for it.
Unbounded = Annotated[
    float, form(lambda x: x if math.isfinite(x) else None, lambda x: math.inf if x is None else finite(x))
]

#: A number that may be missing or no number at all; null stands for both.
FiniteOrNone = Annotated[
    float | None,
    form(
        lambda x: x if x is not None and math.isfinite(x) else None,
        lambda x: None if x is None else finite(x),
    ),
]


def told(after: str = "", name: str = "") -> Callable[[Callable[[Any], T]], Callable[[Any], T]]:
    """Mark what a property computes as part of the document: after this key, or at the end; under another name."""

    def mark(compute: Callable[[Any], T]) -> Callable[[Any], T]:
        compute.__told__ = (after, name)  # type: ignore[attr-defined]
        return compute

    return mark


def to_document(record: Any, words: Any = None) -> dict[str, Any]:
    """A record as JSON knows it: schema and version where it has a ``SCHEMA``, then its fields in their order.

    `words` are those by which it names things, where no field of it says so.

    Examples
    --------
    >>> @dataclasses.dataclass(frozen=True)
    ... class Share:
    ...     value: float
    ...     ends: tuple[float, float]
    ...     margin: Unbounded
    >>> to_document(Share(0.5, (0.25, 0.75), math.inf))
    {'value': 0.5, 'ends': [0.25, 0.75], 'margin': None}
    >>> from_document(Share, {"value": 1, "ends": [0, 1], "margin": None}, "file")
    Share(value=1.0, ends=(0.0, 1.0), margin=inf)
    """
    schema = getattr(type(record), "SCHEMA", None)
    fields = _fields(type(record))  # type: ignore[arg-type]
    words = _words_of(record, words)
    document: dict[str, Any] = {} if schema is None else {"schema": schema, "version": __version__}
    for field in fields:
        raw = getattr(record, field.name)
        if {APART, WORDS} & {*field.marks} or (SPARSE in field.marks and raw == _default(field.described)):
            continue
        value = _plain(field.kind, raw, record, words)
        if INLINE in field.marks:
            document |= value or {}
        elif field.place is None:
            document[field.key] = value
        else:
            document.setdefault(field.key, []).append(value)
    return document


def _words_of(record: Any, others: Any) -> Any:
    """The words of a record: its own, those of one whose keys stand among its own, or else `others`."""
    fields = [field for field in _fields(type(record)) if field.described is not None]  # type: ignore[arg-type]
    own = [getattr(record, field.name) for field in fields if WORDS in field.marks]
    inline = (getattr(record, field.name) for field in fields if INLINE in field.marks)
    found = (_words_of(inner, None) for inner in inline if dataclasses.is_dataclass(inner))
    return own[0] if own else next((words for words in found if words is not None), others)


def from_document(record: type[T], document: object, file: str, words: Any = None) -> T:
    """The inverse of :func:`to_document`; keys that are no fields are passed over.

    `words` are those by which the reader calls things.

    Raises
    ------
    BadInput
        With every field that is missing or is something else, under its dotted key; items of lists count from 1.
    """
    problems = _Problems(words)
    made = _read(record, document, (), problems)
    if made is None or problems:
        raise BadInput(faults_of(problems, file))
    return made


def contradictions(document: object, again: object, place: tuple[str, ...] = ()) -> Iterator[Problem]:
    """Numbers of a document that are others in the one made `again` of what was read of it, as what was computed is.

    Examples
    --------
    >>> list(contradictions({"shares": [0.5, 0.75]}, {"shares": [0.5, 0.5]}))
    [(('shares', '2'), 'found 0.75; the rest of this result gives 0.5')]
    """
    if isinstance(document, dict) and isinstance(again, dict):
        for key in document.keys() & again.keys():
            yield from contradictions(document[key], again[key], (*place, key))
    elif isinstance(document, list) and isinstance(again, list):
        for number, (one, other) in enumerate(zip(document, again, strict=False), 1):
            yield from contradictions(one, other, (*place, str(number)))
    elif type(document) in (int, float) and type(again) in (int, float) and not _same_number(document, again):
        yield place, f"found {shorten(document)}; the rest of this result gives {shorten(again)}"


def _same_number(one: Any, other: Any) -> bool:
    """Whether two numbers differ by no more than the last digits of a sum, on whatever machine it was made."""
    return one == other or (abs(one) <= LARGEST and math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12))


def faults_of(problems: list[Problem], file: str) -> list[Fault]:
    """Each problem once, under its dotted key in this file."""
    return capped((Fault(file, ".".join(place), message) for place, message in dict.fromkeys(problems)), file)


class _Field(NamedTuple):
    """How documents hold a field, or what a property computes."""

    name: str
    key: str
    place: int | None
    kind: Any
    marks: tuple[Any, ...]
    described: dataclasses.Field[Any] | None


@cache
def _fields(record: Any) -> tuple[_Field, ...]:
    """The fields of a record in the order of its documents, the computed ones among them."""
    hints = typing.get_type_hints(record, include_extras=True)
    found = [_field(f.name, hints[f.name], f) for f in dataclasses.fields(record)]
    for name, value in ((n, v) for cls in reversed(record.__mro__) for n, v in vars(cls).items()):
        mark = getattr(getattr(value, "fget", None), "__told__", None)
        if mark is not None:
            kind = typing.get_type_hints(value.fget, include_extras=True)["return"]
            computed = _field(name, Annotated[kind, Key(mark[1])] if mark[1] else kind, None)
            places = [place for place, field in enumerate(found, 1) if field.key == mark[0]]
            found.insert(places[-1] if places else len(found), computed)
    return tuple(found)


def _field(name: str, kind: Any, described: dataclasses.Field[Any] | None) -> _Field:
    marks = kind.__metadata__ if get_origin(kind) is Annotated else ()
    key = next((mark for mark in marks if isinstance(mark, Key)), Key(name))
    return _Field(name, key.name, key.place, kind, marks, described)


def _plain(kind: Any, value: Any, record: Any, words: Any) -> Any:
    """A value as JSON knows it; `record` is the one that holds it."""
    kind = _present(kind) if value is not None else kind
    written = _mark(Form, kind)
    if written is not None:
        return written.write(value, record, *((words,) if written.worded else ()))
    if get_origin(kind) is Annotated:
        items = _plain(get_args(kind)[0], value, record, words)
        named = _mark(ByName, kind)
        return items if named is None or value is None else dict(zip(named.names(words), items, strict=True))
    if dataclasses.is_dataclass(value):
        return to_document(value, words)
    inner = get_args(kind)
    if isinstance(value, Mapping):
        return {str(key): _plain(inner[1] if inner else Any, item, record, words) for key, item in value.items()}
    if isinstance(value, tuple | list):
        kinds = inner if len(inner) == len(value) and Ellipsis not in inner else (inner or (Any,))[:1] * len(value)
        return [_plain(part, item, record, words) for part, item in zip(kinds, value, strict=True)]
    return value.tolist() if hasattr(value, "tolist") else value


def _mark(sort: type[M], kind: Any) -> M | None:
    """The mark of this sort in ``Annotated``, if there is one."""
    marks = kind.__metadata__ if get_origin(kind) is Annotated else ()
    return next((mark for mark in marks if isinstance(mark, sort)), None)


def _present(kind: Any) -> Any:
    """What a value is that may be None, where it is not."""
    if get_origin(kind) not in (types.UnionType, typing.Union):
        return kind
    return next(part for part in get_args(kind) if part is not type(None))


# Reading --------------------------------------------------------------------------------------------------------------


def _read(record: type[T], data: object, place: tuple[str, ...], problems: _Problems) -> T | None:
    """The record, or None; what is wrong is added to `problems`."""
    if not isinstance(data, Mapping):
        problems.append((place, f"found {shorten(data)}; expected a table"))
        return None
    before = len(problems)
    values = _of_checks(record, data, place, problems) if issubclass(record, Record) else None
    if values is None:
        values = _of_types(record, data, place, problems)
    if len(problems) > before:
        return None
    made = _of_checked(record, values)
    rules: Iterator[str] = getattr(made, "problems", lambda: iter(()))()
    problems.extend((place, message) for message in islice(rules, 1))
    return made if len(problems) == before else None


def _of_checked(record: type[T], values: dict[str, Any]) -> T:
    """A record of values that have passed their checks, which its constructor would repeat."""
    made = object.__new__(record)
    made.__dict__.update(values)
    return made


def _of_checks(
    record: type[Any], data: Mapping[str, Any], place: tuple[str, ...], problems: _Problems
) -> dict[str, Any]:
    known = record.__dataclass_fields__
    strange = (name for name in data if name not in known)
    # To find the nearest name takes its time, and no more of them are listed.
    problems.extend(((*place, str(name)), unknown("key", name, known)) for name in islice(strange, MAX_FAULTS + 1))
    values: dict[str, Any] = {}
    for name, described in known.items():
        if name in data:
            values[name] = _checked(described, data[name], (*place, name), problems)
        elif described.default is not dataclasses.MISSING:
            values[name] = described.default
        else:
            values[name] = _absent(described, (*place, name), problems)
    return values


def _checked(described: dataclasses.Field[Any], value: object, place: tuple[str, ...], problems: _Problems) -> Any:
    """A value that passed its check; what is wrong is added to `problems`."""
    check = described.metadata["check"]
    if value is None and described.default is None:  # JSON's null; TOML has none
        return None
    if described.metadata["many"]:
        if isinstance(value, Mapping):
            return {name: _read(check, table, (*place, str(name)), problems) for name, table in value.items()}
        problems.append((place, f"found {shorten(value)}; expected a table"))
        return None
    if isinstance(check, type):
        return _read(check, value, place, problems)
    return _tried(check, value, place, problems, *_told(described.metadata["worded"], problems))


def _told(worded: bool, problems: _Problems) -> tuple[Any, ...]:
    """What a form or a check is told beside the value."""
    return (problems.words,) if worded else ()


def _tried(
    read: Callable[..., Any], value: object, place: tuple[str, ...], problems: _Problems, *beside: object
) -> Any:
    """What is read of a value and what stands beside it; what is wrong is added to `problems`."""
    try:
        return read(value, *beside)
    except ValueError as error:
        problems.append((place, str(error)))
    except BadInput as error:  # of a record inside
        problems.extend(((*place, fault.key) if fault.key else place, fault.message) for fault in error.faults)
    except KeyError as error:
        problems.append((place, f"found {shorten(value)}, where {error} is missing"))
    except (LookupError, TypeError, AttributeError, OverflowError):
        problems.append((place, f"found {shorten(value)}; this is nothing that a result holds here"))
    return None


def _default(described: dataclasses.Field[Any] | None) -> Any:
    """The default of a field, or ``MISSING``."""
    if described is None or described.default_factory is dataclasses.MISSING:
        return dataclasses.MISSING if described is None else described.default
    return described.default_factory()


def _absent(described: dataclasses.Field[Any], place: tuple[str, ...], problems: _Problems) -> Any:
    """The value of a key that is absent: documents of earlier versions lack what has a default."""
    value = _default(described)
    if value is dataclasses.MISSING:
        problems.append((place, "missing; this key is required"))
        return None
    return value


def _of_types(
    record: type[Any], data: Mapping[str, Any], place: tuple[str, ...], problems: _Problems
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for field in _fields(record):  # type: ignore[arg-type]
        where = (*place, field.key)
        if field.described is None:
            continue
        if WORDS in field.marks:
            values[field.name] = problems.words
        elif INLINE in field.marks:
            values[field.name] = _inline(field.kind, data, place, problems)
        elif APART in field.marks or field.key not in data:
            values[field.name] = _absent(field.described, where, problems)
        elif field.place is None:
            values[field.name] = _typed(field.kind, data[field.key], where, problems, data)
        elif not isinstance(data[field.key], list) or len(data[field.key]) <= field.place:
            problems.append((where, f"found {shorten(data[field.key])}; expected a list of more than {field.place}"))
        else:
            item = (*where, str(field.place + 1))
            values[field.name] = _typed(field.kind, data[field.key][field.place], item, problems, data)
    return values


def _inline(kind: Any, data: Mapping[str, Any], place: tuple[str, ...], problems: _Problems) -> Any:
    """An inner record whose keys stand among those around it; one that may be None is so where its first is absent."""
    inner = get_args(kind)[0]
    record = _present(inner)
    if _mark(Form, kind) is not None:
        return _typed(kind, data, place, problems, data)
    if record is not inner and _fields(record)[0].key not in data:
        return None
    if issubclass(record, Record):  # which refuses keys that it does not know
        data = {key: value for key, value in data.items() if key in record.__dataclass_fields__}
    return _read(record, data, place, problems)


def _typed(kind: Any, data: Any, place: tuple[str, ...], problems: _Problems, table: Mapping[str, Any]) -> Any:
    """A value of this type out of a document; `table` is what stands around it."""
    if get_origin(kind) in (types.UnionType, typing.Union):
        if data is None and type(None) in get_args(kind):
            return None
        texts = [part for part in get_args(kind) if part is str and isinstance(data, str)]
        kind = (texts or [_present(kind)])[0]
    if kind is type(None):
        return None if data is None else problems.append((place, f"found {shorten(data)}; expected null"))
    written = _mark(Form, kind)
    if written is not None:
        return _tried(written.read, data, place, problems, table, *_told(written.worded, problems))
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Annotated:
        named = _mark(ByName, kind)
        return (
            _typed(inner[0], data, place, problems, table)
            if named is None
            else _named(named, inner[0], data, place, problems)
        )
    if dataclasses.is_dataclass(kind):
        return _read(cast("type[Any]", kind), data, place, problems)
    if origin is tuple:
        return _items(inner, data, place, problems, table)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        if not isinstance(data, Mapping):
            problems.append((place, f"found {shorten(data)}; expected a table"))
            return None
        keys = [_tried(free_text, key, (*place, str(key)), problems) for key in data]
        values = [_typed(inner[1], item, (*place, str(key)), problems, table) for key, item in data.items()]
        return dict(zip(keys, values, strict=True))
    return _tried(_simple, data, place, problems, kind)


def _named(named: ByName, kind: Any, data: Any, place: tuple[str, ...], problems: _Problems) -> Any:
    """A tuple out of a table of its items."""
    names = named.names(problems.words)
    if not isinstance(data, Mapping) or set(data) != set(names):
        problems.append((place, f"found {shorten(data)}; expected a table of {', '.join(names)}"))
        return None
    inner = get_args(kind)
    kinds = inner[:1] * len(names) if inner[1:] == (Ellipsis,) else inner
    pairs = zip(names, kinds, strict=True)
    return tuple(_typed(part, data[name], (*place, name), problems, data) for name, part in pairs)


def _items(
    inner: tuple[Any, ...], data: Any, place: tuple[str, ...], problems: _Problems, table: Mapping[str, Any]
) -> Any:
    many = inner[1:] == (Ellipsis,)
    if not isinstance(data, list) or (not many and len(data) != len(inner)):
        problems.append((place, f"found {shorten(data)}; expected a list{'' if many else f' of {len(inner)}'}"))
        return None
    kinds = inner[:1] * len(data) if many else inner
    pairs = enumerate(zip(kinds, data, strict=True), 1)
    return tuple(_typed(kind, item, (*place, str(number)), problems, table) for number, (kind, item) in pairs)


def _simple(data: Any, kind: Any) -> Any:
    """A number, a text, a truth value, one of a few words, any of these, or an array of numbers."""
    origin = get_origin(kind)
    if kind is object:
        return _any(data)
    if origin is Literal:
        return choice(*get_args(kind))(data)
    if kind is float:
        return finite(data)
    if kind is str:
        return free_text(data)
    if kind is bool:
        return boolean(data)
    if kind is int:
        if type(data) is not int:
            raise ValueError(f"found {shorten(data)}; expected an integer")
        return data
    return numbers(data)


def _any(data: object) -> object:
    """Any of what JSON has that is no list and no table."""
    if data is None or isinstance(data, bool):
        return data
    (free_text if isinstance(data, str) else finite)(data)
    return data


def finite(data: object) -> float:
    """A number that is finite, however large a result may be."""
    is_number = isinstance(data, int | float) and not isinstance(data, bool) and abs(data) < 1e300
    if not is_number:
        raise ValueError(f"found {shorten(data)}; expected a finite number")
    return float(cast(float, data))


def numbers(data: object) -> Any:
    """An array of finite numbers, from lists of numbers or lists of such lists."""
    if not isinstance(data, list):
        raise ValueError(f"found {shorten(data)}; expected a list of numbers")
    import numpy as np

    rows = [numbers(item) if isinstance(item, list) else finite(item) for item in data]
    if len({np.shape(row) for row in rows}) > 1:
        raise ValueError(f"found {shorten(data)}; expected lists of the same length")
    return np.array(rows, dtype=np.float64)
