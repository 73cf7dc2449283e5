r"""Completely mixed profiles of a 2x2x2 game in exact arithmetic: two equilibria as close as payoffs can tell apart.

With :math:`D_1(j, k)` the gain of the first player by its second action, :math:`D_2(i, k)` and :math:`D_3(i, j)` alike,
the probability z of the third player's second action is a root of the quadratic of
:mod:`triangle.solvers.mixed.closed_form`,

.. math:: D_3(0,0) p_1 q_1 - D_3(0,1) p_1 q_0 - D_3(1,0) p_0 q_1 + D_3(1,1) p_0 q_0 = 0 ,

and :math:`x = p_0 / (p_0 - p_1)`, :math:`y = q_0 / (q_0 - q_1)`. In floating-point numbers two roots closer than about
1e-5 cannot be told from none; with fractions the sign of the discriminant is what it is, down to the rounding of the
payoffs themselves, which beside a prohibitive payoff is no small share of what the others differ by.

References
----------
McKelvey, R. D. and McLennan, A. (1996). Computation of equilibria in finite games. In *Handbook of Computational
Economics* 1, Elsevier, 87-142.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import isqrt

from triangle.games.normal_form import Floats

#: Discriminant, as a share of its terms, that the rounding of the payoffs may have made.
DOUBT = Fraction(1, 10**12)
#: What a difference of two payoffs may be off, as a share of the player's largest one, in which both were measured.
ROUNDED = Fraction(1, 2**51)
#: Binary digits of a square root.
DIGITS = 160

Point = tuple[float, float, float]


@dataclass(frozen=True)
class AllMix:
    """The profiles at which all three players mix and nobody gains: second probabilities and index of each.

    `decided` is False where rounding of the payoffs, or a continuum, leaves open how many there are.
    """

    points: tuple[Point, ...]
    index: tuple[int, ...]
    decided: bool


def all_mix(payoffs: Floats) -> AllMix:
    """The completely mixed equilibria of one game of two actions for each of three players.

    Parameters
    ----------
    payoffs : array, shape (3, 2, 2, 2)

    Examples
    --------
    >>> import numpy as np
    >>> minority = np.array([[[[0, 0], [0, 1]], [[1, 0], [0, 0]]]] * 3, dtype=float)
    >>> minority[1] = minority[0].transpose(1, 0, 2)
    >>> minority[2] = minority[0].transpose(1, 2, 0)
    >>> all_mix(minority)
    AllMix(points=((0.5, 0.5, 0.5),), index=(1,), decided=True)
    """
    u = [[[[Fraction(value) for value in row] for row in square] for square in own] for own in payoffs.tolist()]
    both = (0, 1)
    a = [[u[0][1][j][k] - u[0][0][j][k] for k in both] for j in both]
    b = [[u[1][i][1][k] - u[1][i][0][k] for k in both] for i in both]
    c = [[u[2][i][j][1] - u[2][i][j][0] for j in both] for i in both]
    # p_i and q_j are linear in z: value at 0, and slope.
    p = [(b[i][0], b[i][1] - b[i][0]) for i in both]
    q = [(a[j][0], a[j][1] - a[j][0]) for j in both]
    quadratic, off = [Fraction(0)] * 3, [Fraction(0)] * 3
    of_q, of_p, of_c = (ROUNDED * Fraction(float(abs(own).max())) for own in payoffs)
    for i, j, m, n in product(both, repeat=4):  # m and n: the value at 0, or the slope, which is off by twice as much
        weight, of_i, of_j = (c[i][j] if i == j else -c[i][j]), p[1 - i][m], q[1 - j][n]
        term = weight * of_i * of_j
        most = (abs(weight) + of_c) * (abs(of_i) + (1 + m) * of_p) * (abs(of_j) + (1 + n) * of_q)
        quadratic[m + n] += term
        off[m + n] += most - abs(term)
    roots = _roots(*quadratic, *off)
    points, index = [], []
    for z in roots or ():
        # How far rounding may have moved the root, and with it what p_i and q_j are there.
        moved = 2 * (off[0] + abs(z) * off[1] + z * z * off[2]) / abs(quadratic[1] + 2 * z * quadratic[2])
        if z < -moved or z > 1 + moved:
            continue
        (p_0, p_1), (q_0, q_1) = ([low + slope * z for low, slope in pair] for pair in (p, q))
        signs = [(p_0, p[0], of_p), (p_1, p[1], of_p), (q_0, q[0], of_q), (q_1, q[1], of_q)]
        unclear = any(abs(value) <= off_own + abs(slope) * moved for value, (_, slope), off_own in signs)
        if unclear or z <= moved or z >= 1 - moved:
            return AllMix((), (), False)  # on the boundary but for rounding, or one of a continuum
        if p_0 * p_1 < 0 and q_0 * q_1 < 0:
            x, y = p_0 / (p_0 - p_1), q_0 / (q_0 - q_1)
            forward = (q_1 - q_0) * _mean(p[0][1], p[1][1], x) * _mean(c[1][0] - c[0][0], c[1][1] - c[0][1], y)
            backward = _mean(q[0][1], q[1][1], y) * (p_1 - p_0) * _mean(c[0][1] - c[0][0], c[1][1] - c[1][0], x)
            points.append((float(x), float(y), float(z)))
            index.append((forward + backward < 0) - (forward + backward > 0))
    return AllMix(tuple(points), tuple(index), roots is not None)


def _mean(first: Fraction, second: Fraction, chance: Fraction) -> Fraction:
    return first * (1 - chance) + second * chance


def _roots(
    c0: Fraction, c1: Fraction, c2: Fraction, off_0: Fraction, off_1: Fraction, off_2: Fraction
) -> list[Fraction] | None:
    """Real roots of ``c0 + c1 z + c2 z**2``; None where rounding leaves open whether there are two."""
    if c2 == 0:
        return None if abs(c1) <= off_1 else [-c0 / c1]
    discriminant, size = c1 * c1 - 4 * c0 * c2, c1 * c1 + abs(4 * c0 * c2)
    rounded = (abs(c1) + off_1) ** 2 + 4 * (abs(c0) + off_0) * (abs(c2) + off_2) - size
    if abs(discriminant) <= max(DOUBT * size, rounded):
        return None
    if discriminant < 0:
        return []
    shift = max(0, 2 * DIGITS - discriminant.numerator.bit_length() + discriminant.denominator.bit_length())
    shift += shift % 2
    root = Fraction(isqrt((discriminant.numerator << shift) // discriminant.denominator), 1 << shift // 2)
    return [(-c1 - root) / (2 * c2), (-c1 + root) / (2 * c2)]
