r"""What becomes of exact numbers when payoffs are kept in floating point.

A file holds payoffs as exact decimals or rationals. Close together and far from zero, as :math:`10^{14} \pm 1` are,
they would lose digits and be lost among what counts as equal (:func:`~triangle.games.normal_form.rounding`). A constant
added to all payoffs of one player changes no equilibrium (von Neumann and Morgenstern 1944), so such payoffs are
measured from another **origin** than zero: a round number just below most of them, taken off in exact fractions.

References
----------
von Neumann, J. and Morgenstern, O. (1944). *Theory of Games and Economic Behavior*. Princeton University Press, 3.5.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate, pairwise, starmap
from typing import Generic, TypeVar

import numpy as np

from triangle.base.errors import printable
from triangle.games.normal_form import Floats, rounding, typical

#: Payoffs of which more than half lie this many times closer together than they are large get an origin of their own:
#: of less than that, six digits show the differences, and what rounding can make is below 1e-7 of them.
FAR = 2**20
#: Neighbours whose distance is no larger a share of them may be one number that a program added up in two ways.
NOISE = Fraction(1, 2**50)
#: Most characters of a name or an origin in a sentence.
SHOWN = 40

#: What stands in the file: a text or a number.
K = TypeVar("K", bound=Hashable)
N = TypeVar("N", float, Fraction)


@dataclass(frozen=True)
class Reading(Generic[K]):
    """One player's payoffs in floating point.

    Attributes
    ----------
    values : mapping from what stands in the file to float
        Measured from the origin.
    origin : Fraction
        In the unit of the file; 0 where nothing had to be taken off.
    rounded : int
        How many payoffs count as equal to another one of the player, although the file tells them apart.
    """

    values: Mapping[K, float]
    origin: Fraction = Fraction(0)
    rounded: int = 0


def reading(counts: Mapping[K, int], values: Mapping[K, float], exact: Callable[[K], Fraction | str]) -> Reading[K]:
    """One player's payoffs, from zero or, where they lie close together far from it, from an origin of their own.

    Payoffs that may be one number with the noise of floating point in it are left as they are: they are to be equal.

    Parameters
    ----------
    counts : mapping
        How often each payoff occurs, by what stands in the file.
    values : mapping
        The nearest float of each.
    exact : callable
        The number that is meant, as a fraction; anything else where it has too many digits.

    Examples
    --------
    >>> near = {"100000000000001": 2, "99999999999999": 2}
    >>> found = reading(near, {text: float(text) for text in near}, Fraction)
    >>> found.values, int(found.origin), found.rounded
    ({'100000000000001': 3.0, '99999999999999': 1.0}, 99999999999998, 0)
    """
    origin = _origin(counts, values, exact)
    if origin:
        try:
            values = {key: float(Fraction(exact(key)) - origin) for key in counts}
        except OverflowError:
            origin = Fraction(0)
    return Reading(values, origin, _merged(counts, values, exact))


def _origin(counts: Mapping[K, int], values: Mapping[K, float], exact: Callable[[K], Fraction | str]) -> Fraction:
    """From where the payoffs are measured; 0 where most of them do not lie close together, or may be one number."""
    size = float(typical(_listed(counts, values)[None])[0])
    nearest = {key: counts[key] for key in sorted(counts, key=values.__getitem__)}
    if _narrowest([values[key] for key in nearest], list(nearest.values()))[1] * FAR > size:
        return Fraction(0)
    numbers = {key: number for key in nearest if isinstance(number := exact(key), Fraction)}
    many: dict[Fraction, int] = {}
    for key in sorted(numbers, key=lambda key: (values[key], numbers[key])):  # by floats first, which compare faster
        many[numbers[key]] = many.get(numbers[key], 0) + counts[key]
    low, width = _narrowest(list(many), list(many.values()))
    between = [number for number in many if low <= number <= low + width]
    held = width * FAR <= size and float(width) > 0.0  # what is smaller than any float is lost from any origin
    if len(numbers) < len(counts) or not held or any(starmap(_may_be_noise, pairwise(between))):
        return Fraction(0)
    unit = _power_of_ten(width)
    # Below, not at, so that no payoff of the range becomes zero, which is not counted among what is typical.
    return (-(-low // unit) - 1) * unit


def _listed(counts: Mapping[K, int], values: Mapping[K, float]) -> Floats:
    return np.repeat([values[key] for key in counts], [*counts.values()])


def _narrowest(ordered: Sequence[N], counts: Sequence[int]) -> tuple[N | float, N | float]:
    """Where the narrowest range that holds two of the numbers, and more than half of all, begins, and its width.

    Infinite where there is one number only.
    """
    before, last = [0, *accumulate(counts)], 1
    found: tuple[N | float, N | float] = (math.inf, math.inf)
    for first in range(len(ordered) - 1):
        last = max(last, first + 1)
        while last < len(ordered) and 2 * (before[last + 1] - before[first]) <= before[-1]:
            last += 1
        if last == len(ordered):
            break
        found = min(found, (ordered[last] - ordered[first], ordered[first]))
    return found[1], found[0]


def _merged(counts: Mapping[K, int], values: Mapping[K, float], exact: Callable[[K], Fraction | str]) -> int:
    """How many payoffs are told apart in the file from another one of the same player, but not after reading.

    Those are different numbers that became one, and numbers that differ by no more than rounding can make.
    """
    ordered, place = np.unique([values[key] for key in counts], return_inverse=True)
    with np.errstate(over="ignore"):  # a difference beyond the largest number is infinite, and not close
        close = np.diff(ordered) <= float(rounding(_listed(counts, values)[None])[0])
    near = np.append(close, False) | np.insert(close, 0, False)
    meant: dict[int, set[Fraction | str]] = {}
    for key, at, shared in zip(counts, place.tolist(), (np.bincount(place) > 1)[place].tolist(), strict=True):
        if shared:
            meant.setdefault(at, set()).add(exact(key))
    near[[at for at, numbers in meant.items() if len(numbers) > 1]] = True
    return int(np.array([*counts.values()])[near[place]].sum())


def _may_be_noise(low: Fraction, high: Fraction) -> bool:
    """Whether two numbers are as near as sums of floating point leave what is equal, and written as those are."""
    if high - low > NOISE * max(abs(low), abs(high)) or low.denominator == high.denominator == 1:
        return False
    return all(Fraction(repr(float(number))) == number for number in (low, high))


def _power_of_ten(width: Fraction) -> Fraction:
    """The largest power of ten that is no larger."""
    power = len(str(width.numerator)) - len(str(width.denominator))
    return next(ten for k in (power, power - 1) if (ten := Fraction(10) ** k) <= width)


def reading_remarks(players: Sequence[str], rounded: int, origins: Sequence[Fraction]) -> tuple[str, ...]:
    """What became of payoffs that were read, in sentences; where some count as equal there are never fewer than two.

    Examples
    --------
    >>> reading_remarks(("A", "B"), 0, (Fraction(0), Fraction(10**14)))[0]
    'payoffs are measured from an origin of their own, by which their differences keep more digits: B 100000000000000'
    """
    moved = [f"{printable(name, SHOWN)} {in_short(at)}" for name, at in zip(players, origins, strict=False) if at]
    why = "payoffs are measured from an origin of their own, by which their differences keep more digits"
    alike = f"{rounded} payoffs count as equal to others of the file, from which rounding cannot tell them"
    return (*([f"{why}: {', '.join(moved)}"] if moved else []), *([alike] if rounded else []))


def in_short(number: Fraction) -> str:
    """A multiple of a power of ten in full, or about what it is where that is long."""
    full = decimal(number)
    return full if len(full) <= SHOWN else f"≈ {float(number):g}"


def decimal(number: Fraction) -> str:
    """A multiple of a power of ten in full.

    Examples
    --------
    >>> decimal(Fraction(-5, 4)), decimal(Fraction(10**20))
    ('-1.25', '100000000000000000000')
    """
    places = 0
    while (number * 10**places).denominator != 1:
        places += 1
    digits = f"{abs(int(number * 10**places)):0{places + 1}d}"
    whole, rest = digits[: len(digits) - places], digits[len(digits) - places :]
    return "-" * (number < 0) + whole + f".{rest}" * (places > 0)
