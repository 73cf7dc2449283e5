r"""How far a program run in one precision is at most from the same program in double precision, over a box.

Every operation is looked at once. A result :math:`x` has a **range**, of the numbers that double precision gives
anywhere in the box, and a bound :math:`e` on how far it may be off in the lower precision, whose rounding is at most
:math:`u` of a result. For example

.. math:: e_{xy} \le |x|\,e_y + |y|\,e_x + e_x e_y + u\,(|xy| + \ldots), \qquad |x|, |y| \text{ at their largest,}

and bounds on relative errors :math:`r` are kept beside, of which products and powers make less (Higham 2002, chapters 2
and 3). Ranges need no rounding outward: rounding is monotone, so that the ends of an interval are computed as the
numbers within. A share :math:`x/(x+y)` of positive numbers is off by at most :math:`s(1-s)(r_x+r_y)` and three
roundings, a quarter of what its parts would give, and the rest :math:`1-s` relatively by no more than that over
:math:`1-s`.

Interval arithmetic does not see that two numbers move together: the range of a quotient may be hundreds of times that
of its values. Such a result is **guarded**: its range is taken as somewhat more than that of a sample, and whoever uses
the bounds looks at every number whether it lies there. Where it does not, nothing is claimed.

What has no bound here, such as a division by a range around zero, raises `Unbounded`; so does whatever need not be
finite. Assumed of the processor and of numpy is that powers, exponentials and logarithms are right to `ULP` units in
the last place, which a test measures.

References
----------
Higham, N. J. (2002). *Accuracy and Stability of Numerical Algorithms*, 2nd edition. SIAM.
Moore, R. E., Kearfott, R. B. and Cloud, M. J. (2009). *Introduction to Interval Analysis*. SIAM.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from triangle.batch.program import Node, Operation, Program, choose

#: Units in the last place by which functions that are not arithmetic may be off.
ULP = 4

#: A rounding to the nearest in single precision, and a little for that of double precision beside it.
ROUNDING = 2.0**-24 * (1 + 2.0**-20)

#: A rounding to the nearest in double precision.
DOUBLE = 2.0**-53

#: What is lost where a number falls below the normal ones of single precision, or is set to zero there.
_SUBNORMAL = 2.0**-125

#: Roundings of a number that the program has made of others.
_MADE = 16

#: Numbers from here on lose nothing there.
_NORMAL = 2.0**-100

#: Largest number that has room to be added to and multiplied in single precision.
_LARGEST = 1e37

#: For what these bounds themselves are off, computed in double precision.
_SAFE = 1 + 1e-9


class Unbounded(Exception):
    """A result has no bound over the box."""


@dataclass(frozen=True)
class Bound:
    """The range of a result, and bounds on its absolute and on its relative error; a truth is 0 or 1 or open."""

    low: float
    high: float
    error: float
    relative: float = math.inf

    def __post_init__(self) -> None:
        if not (self.largest + self.error < _LARGEST and self.low <= self.high):
            raise Unbounded

    @property
    def largest(self) -> float:
        """The largest absolute value."""
        return max(abs(self.low), abs(self.high))

    @property
    def smallest(self) -> float:
        """The smallest absolute value."""
        return min(abs(self.low), abs(self.high)) if self.low * self.high > 0 else 0.0

    def within(self, low: float, high: float) -> Bound:
        """The bound where the range is known to be narrower."""
        return _rounded(max(self.low, low), min(self.high, high), self.error, self.relative)

    @property
    def is_certain(self) -> bool:
        """Whether a truth is known."""
        return self.low == self.high


Range = tuple[float, float]


def bounds(
    program: Program,
    results: Iterable[Node],
    box: Mapping[Any, Range],
    roundings: int = 1,
    narrowed: Callable[[Node, Bound], Bound] = lambda node, bound: bound,
    rounding: float = ROUNDING,
) -> dict[Node, Bound]:
    """Bounds of every node that some results take.

    Parameters
    ----------
    box : mapping of key to (float, float)
        The range of every symbol.
    roundings : int
        How many roundings of its largest number a symbol's value may be off.
    narrowed : function of a node and its bound
        The bound where more is known of an operation's range.
    rounding : float
        Largest relative error of a rounding: with `DOUBLE`, how far double precision may be from real numbers.

    Raises
    ------
    Unbounded
        If a result, or what it is made of, has no bound.

    Examples
    --------
    >>> program = Program()
    >>> x, y = program.symbol("x"), program.symbol("y")
    >>> node = int((x * y).nodes)
    >>> found = bounds(program, [node], {"x": (1.0, 2.0), "y": (-3.0, 3.0)})[node]
    >>> found.low, found.high, f"{found.error:.1e}"
    (-6.0, 6.0, '1.1e-06')
    """
    found: dict[Node, Bound] = {}
    try:
        for node in program.needed(results):
            what = program.nodes[node]
            if isinstance(what, Operation):
                found[node] = narrowed(node, _of_share(rounding, program, node, found) or _of(rounding, what, found))
            elif isinstance(what, float | bool):
                found[node] = _rounded(float(what), float(what), _off(rounding, float(what)))
            else:
                found[node] = _rounded(*box[what], roundings * rounding * max(map(abs, box[what])) + _SUBNORMAL)
    except (ArithmeticError, ValueError):
        raise Unbounded from None
    return found


def _off(u: float, number: float) -> float:
    """How far a number is from the nearest in this precision, and may be itself, made of others in double precision."""
    with np.errstate(all="ignore"):
        nearest = float(np.float32(number)) if u > DOUBLE else number
    return abs(number - nearest) + _MADE * DOUBLE * abs(number)


def _rounded(low: float, high: float, error: float, relative: float = math.inf) -> Bound:
    """A bound whose two errors are each made as small as the other allows."""
    smallest, largest = min(abs(low), abs(high)) if low * high > 0 else 0.0, max(abs(low), abs(high))
    if smallest < _NORMAL:  # a relative error says nothing of numbers that may be cut off
        return Bound(low, high, error * _SAFE)
    error = min(error, relative * largest) * _SAFE
    return Bound(low, high, error, min(relative * _SAFE, error / smallest))


def _of(u: float, what: Operation, found: Mapping[Node, Bound]) -> Bound:
    """The bound of an operation."""
    operands = [found[node] for node in what.operands]
    rule = _RULES.get(what.function)
    if rule is None:
        raise Unbounded
    if what.function is np.multiply and what.operands[0] == what.operands[1]:
        return _squared(u, operands[0])
    return rule(u, *operands)


def _odds(program: Program, node: Node, found: Mapping[Node, Bound]) -> tuple[Bound, Bound] | None:
    """The bounds of x and y where a node is x / (x + y), both positive and nearly right; else None."""
    what = program.nodes[node]
    if not isinstance(what, Operation) or what.function is not np.divide:
        return None
    mine, total = what.operands
    summed = program.nodes[total]
    if not isinstance(summed, Operation) or summed.function is not np.add or mine not in summed.operands:
        return None
    theirs = summed.operands[1] if summed.operands[0] == mine else summed.operands[0]
    x, y = found[mine], found[theirs]
    return (x, y) if min(x.low, y.low) > 0 and max(x.relative, y.relative) < 0.005 else None


def _of_share(u: float, program: Program, node: Node, found: Mapping[Node, Bound]) -> Bound | None:
    """The bound of a share, or of 1 less a share; None where an operation is neither."""
    what = program.nodes[node]
    if (odds := _odds(program, node, found)) is not None:
        return _share(u, *odds)
    if what.function is np.subtract and program.number(what.operands[0]) == 1.0:
        odds = _odds(program, what.operands[1], found)
        return None if odds is None else _complement(u, *odds, found[what.operands[1]])
    return None


def _share(u: float, x: Bound, y: Bound) -> Bound:
    low, high = x.low / (x.low + y.high) * (1 - 1e-15), min(1.0, x.high / (x.high + y.low) * (1 + 1e-15))
    spread = low * (1 - low) if low > 0.5 else high * (1 - high) if high < 0.5 else 0.25
    off = 1.02 * (x.relative + y.relative)
    return _rounded(low, high, off * spread + 3 * u * high, off + 3 * u)


def _complement(u: float, x: Bound, y: Bound, share: Bound) -> Bound:
    off = 1.02 * (x.relative + y.relative)
    low, high = 1.0 - share.high, 1.0 - share.low
    relative = off + 3 * u * share.high / low + u if low > 0 else math.inf
    return _rounded(low, high, share.error + u * (high + share.error), relative * (1 + 2 * u))


def _added(u: float, a: Bound, b: Bound) -> Bound:
    low, high, error = a.low + b.low, a.high + b.high, a.error + b.error
    return _rounded(low, high, error + _rounding(u, low, high, error), _sum_relative(u, a, b))


def _sum_relative(u: float, a: Bound, b: Bound) -> float:
    """Of numbers of one sign a sum is relatively no worse than the worse of them."""
    same = min(a.low, b.low) >= 0 or max(a.high, b.high) <= 0
    return (max(a.relative, b.relative) + u) * (1 + 2 * u) if same else math.inf


def _subtracted(u: float, a: Bound, b: Bound) -> Bound:
    return _added(u, a, Bound(-b.high, -b.low, b.error, b.relative))


def _rounding(u: float, low: float, high: float, error: float) -> float:
    return u * (max(abs(low), abs(high)) + error) + _SUBNORMAL


def _multiplied(u: float, a: Bound, b: Bound) -> Bound:
    ends = [x * y for x, y in product((a.low, a.high), (b.low, b.high))]
    error = a.largest * b.error + b.largest * a.error + a.error * b.error
    return _rounded(min(ends), max(ends), error + _rounding(u, min(ends), max(ends), error), _both(u, a, b))


def _both(u: float, a: Bound, b: Bound) -> float:
    """The relative error of a product."""
    return (1 + a.relative) * (1 + b.relative) * (1 + u) - 1 if max(a.relative, b.relative) < 1 else math.inf


def _squared(u: float, a: Bound) -> Bound:
    low, high, error = a.smallest**2, a.largest**2, a.error * (2 * a.largest + a.error)
    return _rounded(low, high, error + _rounding(u, low, high, error), _both(u, a, a))


def _divided(u: float, a: Bound, b: Bound) -> Bound:
    if b.smallest <= 2 * b.error:
        raise Unbounded
    ends = [x / y for x, y in product((a.low, a.high), (b.low, b.high))]
    low, high = min(ends), max(ends)
    error = (a.error + max(abs(low), abs(high)) * b.error) / (b.smallest - b.error)
    relative = math.inf
    if max(a.relative, b.relative) < 0.5:
        relative = (1 + a.relative) / (1 - b.relative) * (1 + u) - 1
    return _rounded(low, high, error + _rounding(u, low, high, error), relative)


def _raised(u: float, a: Bound, b: Bound) -> Bound:
    if a.low <= 0 or a.relative > 0.01:
        raise Unbounded
    ends = [x**y for x, y in product((a.low, a.high), (b.low, b.high))]
    steepest = max(abs(math.log(a.low)), abs(math.log(a.high)))
    relative = math.expm1((b.largest + b.error) * 1.02 * a.relative + steepest * b.error) + 2 * ULP * u
    low, high = min(ends) * (1 - 1e-14), max(ends) * (1 + 1e-14)
    return _rounded(low, high, math.inf, relative)


def _of_exp(u: float, a: Bound) -> Bound:
    low, high = math.exp(a.low) * (1 - 1e-14), math.exp(a.high) * (1 + 1e-14)
    return _rounded(low, high, math.inf, math.expm1(a.error) + 2 * ULP * u)


def _of_log(u: float, a: Bound) -> Bound:
    if a.low <= 2 * a.error:
        raise Unbounded
    low, high = math.log(a.low) - 1e-14, math.log(a.high) + 1e-14
    error = a.error / (a.low - a.error)
    return _rounded(low, high, error + 2 * ULP * _rounding(u, low, high, error))


def _of_root(u: float, a: Bound) -> Bound:
    if a.low - a.error < 0:
        raise Unbounded
    low, high = math.sqrt(a.low), math.sqrt(a.high)
    error = a.error / max(math.sqrt(a.low), math.sqrt(a.error), 1e-300)
    relative = 0.51 * a.relative + 1.01 * u if a.relative < 0.01 else math.inf
    return _rounded(low, high, error + _rounding(u, low, high, error), relative)


def _larger(u: float, a: Bound, b: Bound) -> Bound:
    return _rounded(max(a.low, b.low), max(a.high, b.high), max(a.error, b.error), max(a.relative, b.relative))


def _smaller(u: float, a: Bound, b: Bound) -> Bound:
    return _rounded(min(a.low, b.low), min(a.high, b.high), max(a.error, b.error), max(a.relative, b.relative))


def _absolute(u: float, a: Bound) -> Bound:
    return _rounded(a.smallest, a.largest, a.error, a.relative)


def _truth(low: float, high: float) -> Bound:
    """A truth that is known, or that each precision may see otherwise."""
    return Bound(low, high, 0.0 if low == high else 1.0)


def _less(u: float, a: Bound, b: Bound) -> Bound:
    """Whether a is below b in both precisions."""
    surely, possibly = a.high + a.error < b.low - b.error, a.low - a.error <= b.high + b.error
    return _truth(float(surely), float(possibly))


def _chosen(u: float, condition: Bound, one: Bound, other: Bound) -> Bound:
    """One of two; where the precisions may choose otherwise, the error is the whole width."""
    if condition.is_certain:
        return one if condition.low else other
    low, high = min(one.low, other.low), max(one.high, other.high)
    return Bound(low, high, high - low + max(one.error, other.error))


_RULES: dict[Any, Callable[..., Bound]] = {
    np.add: _added,
    np.subtract: _subtracted,
    np.multiply: _multiplied,
    np.divide: _divided,
    np.power: _raised,
    np.exp: _of_exp,
    np.log: _of_log,
    np.sqrt: _of_root,
    np.maximum: _larger,
    np.minimum: _smaller,
    np.absolute: _absolute,
    np.less: _less,
    np.less_equal: _less,
    np.greater: lambda u, a, b: _less(u, b, a),
    np.greater_equal: lambda u, a, b: _less(u, b, a),
    np.logical_not: lambda u, a: _truth(1.0 - a.high, 1.0 - a.low),
    np.logical_and: lambda u, a, b: _truth(min(a.low, b.low), min(a.high, b.high)),
    np.logical_or: lambda u, a, b: _truth(max(a.low, b.low), max(a.high, b.high)),
    choose: _chosen,
}
