r"""Cells of a sheet: what stands in them, where, and what number a text is.

Who writes `0,5` writes `30.000` for thirty thousand; who writes `0.5` writes `30,000`. One cell does not say which, so
the sheet is asked for its decimal mark (:func:`decimal_mark`), and a number that could be either is none
(:func:`number`) and is said to be so (:func:`found`). Thousands are parted by points, commas, apostrophes or any of the
spaces that French and German sheets use; digits are those of ASCII, as everywhere in the package.
"""

from __future__ import annotations

import contextlib
import datetime
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from triangle.base.errors import shorten
from triangle.base.files import cell
from triangle.base.records import number_in

#: What may stand in a cell that is written: a number, a text, or nothing.
Content = float | str | None

#: What a text may not begin with in a sheet: a spreadsheet would take it for a formula (or has its own use for it).
_STARTERS = ("=", "+", "-", "@", "\t", "\r", "\n", "'")

#: A number with its thousands parted or not; whether a lone group is one of thousands, the pattern cannot tell.
_NUMBER = re.compile(
    r"(?P<sign>[+-]?)"
    r"(?P<whole>(?:[1-9]\d{0,2}|0\d{1,2})(?:(?P<group>[.,'’ \u00a0\u2009\u202f])\d{3})(?:(?P=group)\d{3})*|\d*)"
    r"(?:(?P<mark>[.,])(?P<rest>\d*))?(?P<exponent>[eE][+-]?\d{1,3})?",
    re.ASCII,
)

#: Largest number that is read, in absolute value.
_LARGEST = 1e300


class Formula(str):
    """The text of a formula in a cell, which is never evaluated."""


@dataclass(frozen=True)
class Sheet:
    """The cells of a sheet by row and column, as they were read.

    Attributes
    ----------
    file : str
        As messages show it.
    title : str
        Name of the sheet; empty in a file that has only one.
    parted : str
        What parts the cells of a row; empty in a workbook.
    note : str
        What a reader should know of how the file was read; mostly empty.
    """

    file: str
    title: str
    rows: Sequence[Sequence[object]]
    parted: str = ""
    note: str = ""

    def address(self, row: int, column: int) -> str:
        """The address of a cell, counted from 0.

        >>> Sheet("f.xlsx", "Sheet1", ()).address(11, 5)
        'Sheet1!F12'
        """
        return f"{self.title}!{cell(row, column)}" if self.title else cell(row, column)

    def decimal_mark(self, columns: Iterable[int]) -> str:
        """The decimal mark of the numbers in these columns, below the headings; see :func:`decimal_mark`."""
        places = list(columns)
        return decimal_mark((row[i] for row in self.rows[1:] for i in places if i < len(row)), self.parted)


def guarded(content: Content) -> Content:
    """A cell's content as it is written: a text that looks like a formula after an apostrophe.

    >>> guarded("=1+1"), guarded(-1.0), guarded("relief")
    ("'=1+1", -1.0, 'relief')
    """
    return f"'{content}" if isinstance(content, str) and content.startswith(_STARTERS) else content


def unguarded(content: object) -> object:
    """The inverse of :func:`guarded`."""
    guards = isinstance(content, str) and content[:1] == "'" and content[1:].startswith(_STARTERS)
    return content[1:] if guards else content  # type: ignore[index]


def decimal_mark(contents: Iterable[object], parted: str) -> str:
    """The mark before decimals in these cells: a comma, a point, or nothing where they do not say or disagree.

    Cells parted by commas write decimals after a point unless a cell, in quotes, says otherwise.

    >>> decimal_mark(["0,5", "30.000"], ";"), decimal_mark(["30.000"], ";"), decimal_mark(["30.000"], ",")
    (',', '', '.')
    """
    texts = [content for content in contents if isinstance(content, str)]
    if parted == "," and not any("," in text for text in texts):
        return "."
    marks = {mark for text in texts if (mark := _mark_in(text))}
    return marks.pop() if len(marks) == 1 else "." if parted == "," and not marks else ""


def _mark_in(text: str) -> str:
    """The decimal mark that a text is proof of; empty where it is none."""
    read = _NUMBER.fullmatch(text.strip()) if "," in text or "." in text else None
    if read is None or read["mark"] == read["group"]:
        return ""
    if read["mark"] or read["exponent"]:
        return read["mark"] or (read["group"] if read["group"] in ".," else "")
    return {".": ",", ",": "."}.get(read["group"], "") if read["whole"].count(read["group"]) > 1 else ""


def _is_lone_group(read: re.Match[str]) -> bool:
    """Whether a number is one to three digits, a point or comma, and three digits: thousands or decimals."""
    group, bare = read["group"], not read["mark"] and not read["exponent"]
    return bare and group in (".", ",") and read["whole"].count(group) == 1


def number(content: object, mark: str) -> float:
    """The number in a cell of a sheet with this decimal mark; not a number where there is none, or it is in doubt.

    >>> number("2.104,9", ","), number("30.000", ","), number("30.000", "."), number("30.000", "")
    (2104.9, 30000.0, 30.0, nan)
    """
    if isinstance(content, int | float) and not isinstance(content, bool):
        return _finite(float(content)) if abs(content) <= _LARGEST else math.nan
    if not isinstance(content, str) or isinstance(content, Formula):
        return math.nan
    if mark == ".":  # a million numbers are read much faster so
        with contextlib.suppress(ValueError):
            return _finite(number_in(content))
    read = _NUMBER.fullmatch(content.strip())
    return math.nan if read is None else _value(read, mark)


def _finite(value: float) -> float:
    return value + 0.0 if abs(value) <= _LARGEST else math.nan  # zero has no sign


def _value(read: re.Match[str], mark: str) -> float:
    whole, group, rest = read["whole"], read["group"], read["rest"] or ""
    if (_is_lone_group(read) and not mark) or (read["mark"] and read["mark"] == group) or not whole + rest:
        return math.nan
    if (
        group
        and not read["mark"]
        and whole.count(group) == 1
        and (group == mark or (read["exponent"] and group in ".,"))
    ):
        whole, rest = whole.split(group)
    elif group:
        whole = whole.replace(group, "")
    return _finite(float(f"{read['sign']}{whole or 0}.{rest}{read['exponent'] or ''}"))


def found(content: object, mark: str) -> str:
    """What stands in a cell that holds no number, for messages; of a number in doubt, both readings.

    >>> found("abc", "."), found(None, ".")
    ("found 'abc'", 'empty')
    >>> found("30.000", "")
    "found '30.000', which is 30000 or 30, and no other number of the sheet says which; write 30000 or 30.0000"
    """
    if content in (None, ""):
        return "empty"
    if isinstance(content, datetime.date | datetime.time):
        return f"found the date {content.isoformat()}, which a spreadsheet may have made of a number"
    text = content.strip() if isinstance(content, str) and not mark else ""
    read = _NUMBER.fullmatch(text)
    if read is None or not _is_lone_group(read):
        return f"found {shorten(content)}"
    small, large = (f"{number(text, sign):.10g}" for sign in (read["group"], ".,".replace(read["group"], "")))
    doubt = f"which is {large} or {small}, and no other number of the sheet says which"
    return f"found {shorten(content)}, {doubt}; write {large} or {text}0"
