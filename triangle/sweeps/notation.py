"""How users write designs: axes, ranges and correlations; a mistake is answered with what is valid."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from numbers import Real

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triangle.base.errors import BadInput, Fault, shorten
from triangle.base.records import LARGEST, number_in
from triangle.model.parameters import Catalogue
from triangle.players.cast import Cast
from triangle.players.notation import parse_profile

#: Most values of one axis.
MAX_COUNT = 1_000_000

_FORM = "expected NAME=LOW:HIGH:COUNT for an axis of a grid, NAME=LOW:HIGH or NAME for a range to draw from"

Axes = dict[str, NDArray[np.float64]]
Ranges = dict[str, tuple[float, float]]


def parse_over(texts: Sequence[str], catalogue: Catalogue) -> tuple[Axes, Ranges]:
    """Axes of the grid and ranges to draw from, by parameter; raises BadInput with every fault.

    >>> from triangle.model.model import read_model
    >>> axes, ranges = parse_over(["relief=0:1:3", "evasion=0.2:0.4"], read_model().catalogue)
    >>> axes["relief"].tolist(), ranges
    ([0.0, 0.5, 1.0], {'evasion': (0.2, 0.4)})
    """
    axes: Axes = {}
    ranges: Ranges = {}
    faults: list[Fault] = []
    for text in texts:
        name, _, rest = (part.strip() for part in text.partition("="))
        try:
            if name not in catalogue.parameters:
                raise ValueError(catalogue.unknown(name))
            if name in axes or name in ranges:
                raise ValueError(f"{name} is given twice")
            parts = rest.split(":") if rest else []
            if not parts:
                ranges[name] = (catalogue[name].low, catalogue[name].high)
            elif len(parts) == 2:
                ranges[name] = (_number(parts[0]), _number(parts[1]))
            elif len(parts) == 3:
                axes[name] = np.linspace(_number(parts[0]), _number(parts[1]), _count(parts))
            else:
                raise ValueError(f"found {shorten(text)}; {_FORM}")
        except ValueError as error:
            faults.append(Fault("--over", shorten(name) if not name.isprintable() else name[:80], str(error)))
    if faults:
        raise BadInput(faults)
    return axes, ranges


def _number(text: str) -> float:
    try:
        value = number_in(text)
    except ValueError:
        raise ValueError(f"found {shorten(text)}; {_FORM}") from None
    if not math.isfinite(value) or abs(value) > LARGEST:
        raise ValueError(f"found {shorten(text)}; expected a finite number of at most {LARGEST:g}")
    return value


def _count(parts: Sequence[str]) -> int:
    low, high, text = (part.strip() for part in parts)
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text[:12]) <= MAX_COUNT or len(text) > 12:
        raise ValueError(f"found the count {shorten(text)}; expected a whole number from 1 to {MAX_COUNT:,}")
    if int(text) == 1 and _number(low) != _number(high):
        raise ValueError("one value cannot span a range; give a count of at least 2, or the same number twice")
    if int(text) > 1 and _number(low) == _number(high):
        raise ValueError("the ends are the same; give two different ends, or a count of 1")
    return int(text)


def parse_margins(texts: Sequence[str], cast: Cast, option: str) -> list[int]:
    """The profiles whose margin is wanted, each once, in the order asked for; ``all`` stands for every one.

    >>> from triangle.players.cast import SHIPPED
    >>> parse_margins(["6", "US=contain_both,RU=align,CN=align", "6"], SHIPPED, "--margin")
    [6, 5]
    """
    found: dict[int, None] = {}
    for text in texts:
        every = range(len(cast.profiles)) if text == "all" else [cast.index(parse_profile(text, cast, option))]
        found |= dict.fromkeys(every)
    return list(found)


def whole_number(value: object, option: str, least: int, most: int = 2**63 - 1) -> int:
    """A whole number of any integer type, numpy's included; no larger than what NetCDF can hold.

    >>> whole_number(np.int64(3), "--seed", 0)
    3
    """
    try:
        number = operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        raise BadInput(Fault(option, "", f"found {shorten(value)}; expected a whole number")) from None
    if not least <= number <= most:
        expected = f"at least {least}" if number < least else f"at most {most:,}"
        raise BadInput(Fault(option, "", f"found {shorten(number)}; expected {expected}"))
    return number


def numbers(values: ArrayLike, option: str, name: str) -> NDArray[np.float64]:
    """Values as numbers in an array of one dimension; what numpy would make numbers of, or pass over, is refused."""
    try:
        found = np.atleast_1d(np.asarray(values))
        counted = found.dtype.kind in "iuf" or (found.dtype.kind == "O" and all(isinstance(x, Real) for x in found))
        if counted and found.ndim == 1 and not np.ma.is_masked(values):
            return found.astype(np.float64)
    except (TypeError, ValueError):  # rows of different lengths
        pass
    raise BadInput(Fault(option, name, f"found {shorten(values)}; expected numbers in one row"))


def parse_correlation(texts: Sequence[str]) -> dict[tuple[str, str], float]:
    """Correlations of pairs of parameters from texts such as ``stake_ru_cn,evasion=0.5``.

    >>> parse_correlation(["a,b=0.5"])
    {('a', 'b'): 0.5}
    """
    pairs: dict[tuple[str, str], float] = {}
    for text in texts:
        names, _, rho = text.partition("=")
        pair = tuple(name.strip() for name in names.split(","))
        try:
            value = number_in(rho)
        except ValueError:
            value = math.nan
        if len(pair) != 2 or math.isnan(value):
            raise BadInput(Fault("--correlation", "", f"found {shorten(text)}; expected NAME,NAME=RHO, as a,b=0.5"))
        if pair in pairs or pair[::-1] in pairs:
            raise BadInput(Fault("--correlation", ",".join(pair), "given twice"))
        pairs[pair[0], pair[1]] = value
    return pairs
