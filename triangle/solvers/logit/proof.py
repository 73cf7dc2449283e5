r"""The proof that one step of the walk stays on the branch, for many games at once.

Notation is that of :mod:`triangle.solvers.logit.branch`, with :math:`y = (l, \lambda)` and
:math:`G(y) = l - \lambda D(l)`. A step from :math:`y_0` to :math:`y_1`, both solutions, is joined by the cubic
:math:`p(u)`, :math:`-1 \le u \le 1`, that has the tangents of the branch at both ends. With :math:`c` the direction of
the chord and :math:`A` the inverse of :math:`(G'(p(0)); c^\top)`, let matrices and vectors bound, component by
component and for every point within :math:`\rho` of :math:`p`,

.. math:: |A (G'(y) - G'(p(0)))| \le P, \qquad |A\, G(p(u))| \le d .

For weights :math:`w > 0` with :math:`P w \le \kappa w` and :math:`\rho = \varepsilon w`, the map
:math:`y \mapsto y - A\,(G(y); c^\top (y - p(u)))` contracts by :math:`\kappa`, and where :math:`\kappa < 1` and
:math:`d \le (1 - \kappa)\, \rho` it maps the box of radius :math:`\rho` about :math:`p(u)` into itself. So each box
holds exactly one solution in its hyperplane, and these form one smooth curve from :math:`y_0` to :math:`y_1`: the
step has not left the branch (the theorem of Newton and Kantorovich along a curve; Kearfott and Xing 1994).

**The bound P.** :math:`G'` is evaluated at both ends and in the middle, and :math:`P` is the largest entry of the
parabola through the three plus its error. Every entry of :math:`G'` is a sum, over profiles of play, of payoff
differences times products of probabilities. Along :math:`p` a probability :math:`x_a` satisfies
:math:`|x_a^{(k)}| \le s_a^k x_a` for a *rate* :math:`s_a` read off the change of log-odds; so a product
of probabilities has the sum of their rates as its rate, the third derivative of an entry is at most the spread of
payoffs times :math:`\sum x_b x_q (s_b + s_q + \dots)^3`, and the parabola errs by at most 0.0642 of it. The bound
:math:`d` uses the sixth derivative of :math:`G` along :math:`p` in the same way: three values and slopes are known.
Rounding is not enclosed: at moderate λ it is smaller than these margins by many orders.

References
----------
Kearfott, R. B. and Xing, Z. (1994). An interval step control for continuation methods. *SIAM Journal on Numerical
Analysis* 31(3), 892-914.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from triangle.games.normal_form import Floats
from triangle.solvers.logit.equations import Form, Ints, Tables, linearise
from triangle.solvers.logit.steps import (
    Cubic,
    Ends,
    Proof,
    apply,
    bordered_inverse,
    leading,
    ratio,
    slopes_of,
    times,
    weigh,
    with_first,
)

#: Largest value of |u(u² - 1)| / 6 on [-1, 1]: error of the parabola through three points by the third derivative.
_PARABOLA = 0.0642
#: Largest value of |u(u + 1) / 2| on [-1, 0], where the parabola leans most on the far end.
_FAR_END = 0.125
#: Largest value of u²(1 - u²)² / 720: error of the quintic through three values and slopes by the sixth derivative;
#: and how far a slope of one at one point takes that quintic.
_QUINTIC, _SLOPE = 4 / (27 * 720), 0.287
#: Rates of a probability by the range of the rates of log-odds, to the orders three and six: with r the deviations
#: from their mean, of range N and variance at most N²/4, they bound the derivatives of exp(r u) / E exp(r' u).
_BY_RANGE = {3: 1.26, 6: 1.80}
#: The same by an action's own deviation from the action played most, in multiples of the moment of these deviations.
_BY_MOMENT = {3: 4.5, 6: 10.0}
#: Loads that the next step aims at: by the variation along the curve, and in the box around it.
_AIM = (0.5, 0.2)


def prove(form: Form, tables: Tables, which: Ints, start: Ends, end: Ends) -> Proof:
    """Prove that the branch leads from `start` to `end` along the cubic between them, game by game.

    Parameters
    ----------
    form, tables
        Games, with one sample axis, and `which` of them are judged.
    which : array of int
    start, end : Ends

    Returns
    -------
    Proof
    """
    size, tables = form.size, tables.keep(which)
    curve = Cubic.through(start, end)
    system = np.empty((size, size + 2, curve.middle.shape[-1]))
    linearise(form, tables.gains, curve.middle, system)
    middle = slopes_of(system)
    inverse, slope = bordered_inverse(middle, curve)
    size_of = np.abs(inverse)
    changes = [times(inverse, leading(e.slopes - middle)) for e in (start, end)]
    rates = _Rates.along(form, tables, curve)
    variation = np.maximum(*map(np.abs, changes)) + _FAR_END * np.minimum(*map(np.abs, changes))
    variation += size_of @ leading(_PARABOLA * rates.third(form, tables))
    weights = weigh(variation, curve)
    load = ratio(variation, weights)
    stray = sum(
        np.abs(times(inverse, v.T[..., None])) * factor
        for v, factor in (
            (system[:, size + 1], 1.0),
            (apply(middle, curve.first), _SLOPE),
            (start.value, 1.0),
            (end.value, 1.0),
            (apply(start.slopes, curve.slope_before), _SLOPE),
            (apply(end.slopes, curve.slope_after), _SLOPE),
        )
    )
    stray = stray + size_of @ (_QUINTIC * rates.sixth(form, tables)).T[..., None]
    needed = (stray[..., 0] / weights).max(axis=-1)
    radius = 2 * needed / (1 - load)
    around = (radius[:, None] * weights).T
    inflated = ratio(size_of @ leading(rates.within(form, tables, around)), weights)
    inflated = np.where(load < 1, 2 * inflated, 0.0)
    # The variation grows between the first and the third power of the step; the box with the fifth and more, and it
    # grows with the variation.
    room = np.minimum(np.sqrt(_AIM[0] / load), (_AIM[1] / inflated) ** (1 / 7))
    load = load + inflated
    peak, folds, plain = curve.turns(slope)
    return Proof(np.where(np.isfinite(load), load, np.inf), np.nan_to_num(room), peak + around[-1], folds, plain)


@dataclass(frozen=True)
class _Rates:
    """Bounds along the cubic for each player with a choice: probabilities, their rates, and sums over actions.

    `most` : largest probability of each action. `rates` : s_a to the order three. `thirds`, `sixths` :
    (Σ x s^k)^(1/k) for k of three and six. `off` : largest probability of not playing the action played most in the
    middle. `lam`, `lam_rates` : largest λ and its rates to both orders.
    """

    most: list[Floats]
    rates: list[Floats]
    thirds: list[Floats]
    sixths: list[Floats]
    off: list[Floats]
    lam: Floats
    lam_rates: dict[int, Floats]

    @classmethod
    def along(cls, form: Form, tables: Tables, curve: Cubic) -> _Rates:
        mixed = form.mixed(curve.middle[:-1])
        found = [_player(x, *(with_first(c[a:b]) for c in (curve.middle, curve.first, curve.second, curve.third)))
                 for x, (a, b) in zip(mixed, form.blocks, strict=True)]  # fmt: skip
        first, second, cubic = (np.abs(c[-1]) for c in (curve.first, curve.second, curve.third))
        lam = np.abs(curve.middle[-1]) + first + second + cubic
        lam_rates = _rates(*_derivatives(first / lam, second / lam, cubic / lam))
        most, rates, thirds, sixths, off = (list(part) for part in zip(*found, strict=True))
        return cls(most, rates, thirds, sixths, off, lam, lam_rates)

    def third(self, form: Form, tables: Tables) -> Floats:
        """Bound on the third derivative of G' along the cubic, shape (size, size + 1, games)."""
        return self._bound(form, tables, 3, self.rates, self.thirds, self.lam_rates[3])

    def within(self, form: Form, tables: Tables, around: Floats) -> Floats:
        """Bound on the change of G' within the distances `around` (of log-odds and λ) from the cubic."""
        ranges = [2 * around[a:b].max(axis=0) for a, b in form.blocks]
        steady = [np.broadcast_to(r, x.shape) for r, x in zip(ranges, self.most, strict=True)]
        return self._bound(form, tables, 0, steady, ranges, around[-1] / self.lam)

    def _bound(
        self, form: Form, tables: Tables, power: int, rates: list[Floats], means: list[Floats], lam_rate: Floats
    ) -> Floats:
        """Σ x_b x_q f(s_b + s_q + ...) times the spread of payoffs; f is the cube, or exp - 1 for power zero."""
        result = np.zeros((form.size, form.size + 1, len(self.lam)))
        total = sum(means)
        for j, (start, end) in enumerate(form.blocks):
            weight = np.minimum(self.most[j][1:, None] * self.most[j], 0.25)
            np.einsum("bbm->bm", weight[:, 1:])[...] = 0.0
            both = rates[j][1:, None] + rates[j]
            for i, (top, bottom) in enumerate(form.blocks):
                if i == j:
                    continue
                rest = both + (total - means[i] - means[j] + lam_rate)
                entries = np.einsum("bqm,bqm->bm", weight, _cube(rest) if power else np.expm1(rest)) * self.lam
                np.multiply(tables.spreads[i][j][:, None], entries, out=result[top:bottom, start:end])
        for i, (top, bottom) in enumerate(form.blocks):
            others = total - means[i]
            if power:
                change = _cube(others)
            else:
                change = np.expm1(others) * np.minimum(sum(o for j, o in enumerate(self.off) if j != i), 1.0)
            result[top:bottom, form.size] = tables.widest[i] * change
        return result

    def sixth(self, form: Form, tables: Tables) -> Floats:
        """Bound on the sixth derivative of G along the cubic, shape (size, games)."""
        result = np.zeros((form.size, len(self.lam)))
        for i, (top, bottom) in enumerate(form.blocks):
            rivals = [j for j in range(len(form.blocks)) if j != i]
            if rivals:
                moved = np.minimum(sum(self.off[j] for j in rivals), 1.0)
                rate = sum(self.sixths[j] for j in rivals) + self.lam_rates[6] * np.cbrt(np.sqrt(moved))
                result[top:bottom] = tables.widest[i] * (self.lam * np.square(_cube(rate)))
        return result


def _player(
    x: Floats, odds: Floats, first: Floats, second: Floats, third: Floats
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Largest probabilities, rates, their moments, and the probability off the main action, of one player.

    All is counted from the action played most in the middle. With m the moment of the rates so counted, centring adds
    at most 1.71 m to a rate and the denominator of the logit rule at most 2.71 m, to the order three, and 2.34 m and
    7.61 m to the order six; or all of it is bounded by the range.
    """
    top = x.argmax(axis=0)[None]
    ranges = [c.max(axis=0) - c.min(axis=0) for c in (first, second, third)]
    first, second, third = (np.abs(c - np.take_along_axis(c, top, axis=0)) for c in (first, second, third))
    growth = first + second + third
    below = odds - np.take_along_axis(odds, top, axis=0)
    rest = np.maximum(1.0 - x, 0.0) * np.exp(-np.minimum(growth + growth.max(axis=0), 700.0))
    most = np.minimum(np.exp(np.minimum(below + growth, 0.0)), x / (x + rest))
    off = np.minimum(most.sum(axis=0) - np.take_along_axis(most, top, axis=0)[0], 1.0)
    own, whole = _rates(*_derivatives(first, second, third)), _rates(*_derivatives(*ranges))
    rates, moments = {}, {}
    for order in (3, 6):
        moment = _moment(most, own[order], order)
        rates[order] = np.minimum(own[order] + _BY_MOMENT[order] * moment, _BY_RANGE[order] * whole[order])
        moments[order] = _moment(most, rates[order], order)
    return most, rates[3], moments[3], moments[6], off


def _moment(x: Floats, rates: Floats, order: int) -> Floats:
    """(Σ x s^k)^(1/k) for k of three or six."""
    cubes = _cube(rates)
    total = np.cbrt(np.einsum("am,am->m", x, cubes if order == 3 else cubes * cubes))
    return total if order == 3 else np.sqrt(total)


def _derivatives(first: Floats, second: Floats, third: Floats) -> tuple[Floats, Floats, Floats]:
    """Bounds on the derivatives of first u + second u² + third u³ for |u| at most one."""
    return first + 2 * second + 3 * third, 2 * second + 6 * third, 6 * third


def _rates(a: Floats, b: Floats, c: Floats) -> dict[int, Floats]:
    """For k of three and six, an s with s^j at least the j-th derivative at zero of exp(a u + b u²/2 + c u³/6), j <= k.

    These derivatives are sums over the partitions of j things; the root of the last is the largest but for the first.
    """
    square, both = a * a, b * b
    third = a * (square + 3 * b) + c
    fourth = square * (square + 6 * b) + 4 * a * c + 3 * both
    sixth = square * (square * (square + 15 * b) + 45 * both + 20 * a * c) + 15 * b * both + (60 * a * b + 10 * c) * c
    low = np.maximum(np.sqrt(square + b), np.cbrt(third))
    return {3: low, 6: np.maximum(np.maximum(low, np.sqrt(np.sqrt(fourth))), np.sqrt(np.cbrt(sixth)))}


def _cube(a: Floats) -> Floats:
    return a * a * a
