r"""Payoffs in shares of each player's range: the same numbers, to the last bit, whatever the units they are given in.

Multiplying a player's payoffs by a number, or adding one to them, changes no equilibrium, but it changes last digits,
and what hangs on a tie may hang on them. So payoffs are measured from each player's middle one, where no digits are
lost beside a prohibitive payoff, and as multiples of the least distance from it; what then is a round number but for
rounding becomes one: a whole multiple of the least distance or of a part of it, from halves to tenths. A game whose
payoffs are such numbers comes out the same from every unit, as far as the digits go that a large constant leaves.
Payoffs that are not round stay as they are, but for at most what rounding makes.
"""

from __future__ import annotations

import numpy as np

from triangle.games.normal_form import ROUNDING, Bools, Floats, rounding

#: Parts of a payoff of which others are taken to be multiples where rounding allows: halves, thirds, ... and tenths.
PARTS = 2520.0
#: Share of a payoff that may be the rounding of this payoff alone: some units in its last place.
LAST_PLACES = 2.0**-50
#: Share of what rounding can make that it makes of a typical payoff: some units in the last place.
UNITS = LAST_PLACES / ROUNDING
#: Binary digits of a multiple so large that its parts are lost, and of a range, fewer than rounding leaves right.
ROUND_DIGITS, SPAN_DIGITS = 47, 30
#: Share of the largest payoff by which others may be divided without overflow.
TINY = 2.0**-900


def in_shares(payoffs: Floats) -> Floats:
    """Payoffs measured from each player's middle one in shares of its range; all 0 where that is no more than rounding.

    Equilibria stay as they are. A power of two is divided out first, so that no difference overflows.

    Parameters
    ----------
    payoffs : array, shape (n, |A_1|, ..., |A_n|, ...samples)

    Returns
    -------
    array, same shape, with a range of 1 to nine digits
    """
    multiples, _, varies = _measured(payoffs)
    span = _leading(np.ptp(multiples, axis=1, keepdims=True), SPAN_DIGITS)
    return np.asarray(np.where(varies, multiples, 0.0) / np.where(varies, span, 1.0)).reshape(payoffs.shape)


def roughness(payoffs: Floats) -> Floats:
    """What rounding may have made of the shares, shape (n, ...samples), as a share of the range; 0 where all are round.

    A constant added to payoffs costs digits, and leaves a difference of two of them to chance unless they are round.
    """
    multiples, off, varies = _measured(payoffs)
    span = np.where(varies, np.ptp(multiples, axis=1, keepdims=True), 1.0)
    return np.asarray(np.where(varies, off, 0.0) / span)[:, 0]


def _measured(payoffs: Floats) -> tuple[Floats, Floats, Bools]:
    """Distances in multiples, what rounding may have made of them, and of whom they are more than that.

    Returns
    -------
    arrays, shapes (n, profiles, ...samples), (n, 1, ...samples) and (n, 1, ...samples)
    """
    n = payoffs.shape[0]
    flat = payoffs.reshape(n, -1, *payoffs.shape[1 + n :])
    _, power = np.frexp(np.abs(flat).max(axis=1, keepdims=True))
    flat = np.ldexp(flat, -power)
    most = np.ldexp(rounding(payoffs)[:, None], -power)
    return *_multiples(flat, most), np.ptp(flat, axis=1, keepdims=True) > most


def _multiples(payoffs: Floats, most: Floats) -> tuple[Floats, Floats]:
    """Distances from each player's middle payoff in multiples of the least, round ones where rounding allows.

    With them what rounding may have made of one of them: nothing where all are round.

    Parameters
    ----------
    payoffs : array, shape (n, profiles, ...samples)
    most : array, shape (n, 1, ...samples)
        Differences that rounding can make.
    """
    half = payoffs.shape[1] // 2
    apart = payoffs - np.partition(payoffs, half, axis=1)[:, half, None]
    size = np.abs(apart)
    last = most * UNITS
    off = np.maximum(last, LAST_PLACES * np.abs(payoffs))
    unit = np.where(size > most, size, np.inf).min(axis=1, keepdims=True)
    unit = np.where(np.isfinite(unit), np.maximum(unit, TINY), 1.0)
    doubt = last / unit
    near, is_near = _round(apart / unit, off / unit, doubt)
    for known in (1.0, PARTS):
        # The least distance is known to few digits; from all that are multiples of it for sure it is known better.
        larger = (np.abs(near) > known).any(axis=1, keepdims=True)
        if not larger.any():
            break
        sure = is_near & (np.abs(near) <= known * PARTS)
        times, in_all = (np.where(sure, some, 0.0).sum(axis=1, keepdims=True) for some in (np.abs(near), size))
        better = larger & (times > 0.0)
        unit = np.divide(in_all, times, out=unit, where=better)
        doubt = np.divide(last, in_all, out=doubt, where=better)
        near, is_near = _round(apart / unit, off / unit, doubt)
    off = np.where(is_near.all(axis=1, keepdims=True), 0.0, most / unit)
    return np.where(is_near, near, apart / unit), off


def _round(multiples: Floats, off: Floats, doubt: Floats) -> tuple[Floats, Bools]:
    """The nearest round numbers, and whether they are near enough: of large numbers the first binary digits are."""
    near = np.rint(multiples * PARTS) / PARTS
    sizes = np.abs(multiples)
    large = sizes > 2.0 ** (ROUND_DIGITS - 11)
    if large.any():
        near[large] = _leading(multiples[large], ROUND_DIGITS)
    return near, large | (np.abs(multiples - near) <= off + sizes * (doubt + LAST_PLACES))


def _leading(numbers: Floats, digits: int) -> Floats:
    """Numbers rounded to so many binary digits."""
    mantissa, exponent = np.frexp(numbers)
    return np.ldexp(np.rint(np.ldexp(mantissa, digits)), exponent - digits)
