"""Steps along the logit branch: the curve through both ends, and how well it is known to be the branch.

Notation is that of :mod:`triangle.solvers.logit.branch`, with y = (l, λ) and G(y) = l - λ D(l). A step is judged by the
contraction that is measured along it here, or by what :mod:`triangle.solvers.logit.proof` proves of it by bounds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np

from triangle.games.normal_form import Bools, Floats
from triangle.solvers.logit.equations import Form, Ints, Tables, eliminate, linearise

#: Largest contraction measured at the points of a step, and largest distance of its curve from the branch as a share of
#: half its length, that are accepted.
_CONTRACTION, _DISTANCE = 0.8, 0.03
#: Where, between -1 and 1, a step is measured beside its ends, on both sides.
_INNER = 0.4
#: A slope of λ in the middle of a step below this share of those at its ends may hide two folds.
_SHALLOW = 0.25
#: Load that the next step aims at.
_AIM = 0.6
#: Smallest pivot, between rows of the size of one, that is told from rounding.
_PIVOT = 1e-9
#: Entries of G' of the games at once: small enough for the processor's cache.
_BLOCK = 60_000


@dataclass(frozen=True)
class Ends:
    """Points of the branch: log-odds and λ, unit tangent, G' and G; the last axis is the game."""

    point: Floats
    tangent: Floats
    slopes: Floats
    value: Floats

    def keep(self, which: Bools | Ints | slice) -> Ends:
        """Those of some of the games."""
        parts = (self.point, self.tangent, self.slopes, self.value)
        if isinstance(which, np.ndarray) and which.dtype == np.intp:
            return Ends(*(np.take(a, which, axis=-1, mode="clip") for a in parts))
        return Ends(*(a[..., which] for a in parts))


@dataclass(frozen=True)
class Proof:
    """What is known of each step.

    Attributes
    ----------
    load : how much of what the proof allows the step uses up; the step is proved where it is below one.
    room : by how much the step could be longer, or has to be shorter, for a load of about two thirds.
    peak : λ at its highest strictly inside the step, or minus infinity where it has no peak there.
    folds : turning points of λ strictly inside the step.
    plain : whether their number is beyond doubt: λ turns once and its slope changes sign once between both ends and the
        middle, or it does not turn and its slope in the middle is no small part of those at the ends.
    """

    load: Floats
    room: Floats
    peak: Floats
    folds: Ints
    plain: Bools

    @classmethod
    def join(cls, proofs: list[Proof]) -> Proof:
        """One after the other."""
        return cls(*(np.concatenate([getattr(p, f.name) for p in proofs]) for f in fields(cls)))


def in_blocks(judge: Judge, form: Form, tables: Tables, which: Ints, start: Ends, end: Ends) -> Proof:
    """Judge the steps of the games `which` of the tables, in blocks of games that fit the cache."""
    games, at_once = len(which), 1 + _BLOCK // (form.size * (form.size + 1))
    parts = [slice(k, min(games, k + at_once)) for k in range(0, games, at_once)]
    with np.errstate(all="ignore"):
        proofs = [judge(form, tables, which[part], start.keep(part), end.keep(part)) for part in parts]
    return proofs[0] if len(proofs) == 1 else Proof.join(proofs)


def measure(form: Form, tables: Tables, which: Ints, start: Ends, end: Ends) -> Proof:
    """The contraction that would prove a step, measured at four points of its curve, and its distance from the branch.

    With A the inverse of (M; cᵀ), M the mean of G' at two inner points and c the chord, the branch follows the curve
    where A (G' - M) stays below one in a weighted norm (see :mod:`triangle.solvers.logit.proof`). G' is a polynomial of
    λ and of the probabilities, so that its values at the ends and at the inner points tell its course.
    """
    size, curve = form.size, Cubic.through(start, end)
    games, gains = len(which), tables.gains_of(which)
    systems = np.empty((2, size, size + 2, games))
    for u, system in zip((-_INNER, _INNER), systems, strict=True):
        linearise(form, gains, curve.at(u), system)
    before, after = (slopes_of(system) for system in systems)
    middle = 0.5 * (before + after)
    changes = (start.slopes - middle, end.slopes - middle, after - middle)
    solved, slope = _solved(form, middle, curve, [*changes, *systems[:, :, size + 1 :]])
    np.abs(solved, out=solved)
    variation = solved[:, : 3 * (size + 1)].reshape(size + 1, 3, size + 1, games).max(axis=1)
    weights = _weights(variation, np.abs(curve.first))
    contraction = (apply(variation, weights) / weights).max(axis=0)
    reach = (np.abs(curve.first) / weights).max(axis=0)
    away = (solved[:, 3 * (size + 1) :].max(axis=1) / weights).max(axis=0) / reach
    room = np.minimum(_AIM * _CONTRACTION / contraction, np.cbrt(_AIM * _DISTANCE / away))
    load = contraction / _CONTRACTION + away / _DISTANCE
    peak, folds, plain = curve.turns(slope)
    peak = peak + away * np.abs(curve.first[-1])
    return Proof(np.where(np.isfinite(load), load, np.inf), np.fmax(room, 0.0), peak, folds, plain)


def _solved(form: Form, slopes: Floats, curve: Cubic, wanted: list[Floats]) -> tuple[Floats, Floats]:
    """What (G'; cᵀ) takes to each of the wanted columns and zero, and the slope of λ where it leads to zero and one.

    J is eliminated without pivoting; where a pivot is so small that the result could be rounding it is not a number.
    """
    size, chord = form.size, curve.chord
    system = np.concatenate([slopes, *wanted], axis=1)
    least = eliminate(form, system)
    found = np.empty((size + 1, system.shape[1] - size - 1, system.shape[2]))
    across, along = np.einsum("im,ijm->jm", chord[:-1], system[:, size + 1 :]), system[:, size]
    steady = chord[-1] - np.einsum("im,im->m", chord[:-1], along)
    steady[least < _PIVOT] = np.nan
    np.divide(across, -steady, out=found[-1])
    np.multiply(along[:, None], found[-1], out=found[:-1])
    np.subtract(system[:, size + 1 :], found[:-1], out=found[:-1])
    return found, np.einsum("im,im->m", chord, curve.first) / steady


def _weights(variation: Floats, start: Floats) -> Floats:
    """As :func:`weigh`, the game as last axis."""
    weights = start + 1e-6 * start.max(axis=0)
    for _ in range(3):
        weights = apply(variation, weights) + 0.05 * weights
    return weights


def slopes_of(system: Floats) -> Floats:
    """G' = (J, -D) out of a filled system."""
    size = len(system)
    slopes = system[:, : size + 1].copy()
    slopes[:, size] *= -1.0
    return slopes


def leading(matrix: Floats) -> Floats:
    """The game as first axis, for LAPACK and stacked products."""
    return np.ascontiguousarray(np.moveaxis(matrix, -1, 0))


def times(left: Floats, right: Floats) -> Floats:
    """Products of stacked matrices."""
    return np.asarray(left @ right)


def apply(matrix: Floats, vector: Floats) -> Floats:
    """Products of matrices with vectors, the game as last axis."""
    return np.asarray(np.einsum("ijm,jm->im", matrix, vector))


def bordered_inverse(slopes: Floats, curve: Cubic) -> tuple[Floats, Floats]:
    """Inverse of (G'; cᵀ) but for its last column, the game as first axis, and the slope of λ that this column gives.

    Not a number where singular.
    """
    bordered = leading(np.concatenate([slopes, curve.chord[None]]))
    try:
        inverse = np.linalg.inv(bordered)
    except np.linalg.LinAlgError:
        bad = ~(np.abs(np.linalg.det(bordered)) > 0)
        bordered[bad] = np.eye(bordered.shape[-1])
        inverse = np.linalg.inv(bordered)
        inverse[bad] = np.nan
    return inverse[..., :-1], inverse[:, -1, -1] * np.einsum("im,im->m", curve.chord, curve.first)


def weigh(variation: Floats, curve: Cubic) -> Floats:
    """Weights for which the bound on the contraction is small: near the leading eigenvector of the variation."""
    start = np.abs(curve.first).T
    weights = start + 1e-6 * start.max(axis=-1, keepdims=True)
    for _ in range(3):
        weights = (variation @ weights[..., None])[..., 0] + 0.05 * weights
    return weights


def ratio(variation: Floats, weights: Floats) -> Floats:
    """Bound on the contraction in the norm with these weights."""
    bound: Floats = ((variation @ weights[..., None])[..., 0] / weights).max(axis=-1)
    return bound


@dataclass(frozen=True)
class Cubic:
    """p(u) = middle + first u + second u² + third u³, with its slopes at both ends and the direction of the chord."""

    middle: Floats
    first: Floats
    second: Floats
    third: Floats
    slope_before: Floats
    slope_after: Floats
    chord: Floats

    @classmethod
    def through(cls, start: Ends, end: Ends) -> Cubic:
        """The cubic with the tangents of both ends; along it the advance in the direction of the chord is steady."""
        half = 0.5 * (end.point - start.point)
        square = np.einsum("im,im->m", half, half)
        before = start.tangent * (square / np.einsum("im,im->m", half, start.tangent))
        after = end.tangent * (square / np.einsum("im,im->m", half, end.tangent))
        second = 0.25 * (after - before)
        third = 0.25 * (before + after) - 0.5 * half
        middle = 0.5 * (start.point + end.point) - second
        return cls(middle, half - third, second, third, before, after, half / np.sqrt(square))

    def at(self, u: float) -> Floats:
        """Its point at u."""
        return self.middle + u * (self.first + u * (self.second + u * self.third))

    def turns(self, slope: Floats) -> tuple[Floats, Ints, Bools]:
        """Largest λ at a turning point strictly inside the step (minus infinity without one), how many there are, and
        whether that is beyond doubt, with the `slope` of λ on the branch in the middle.

        The roots of 3 third u² + 2 second u + first, in the form that loses no digits where the cubic is nearly flat.
        """
        root = np.sqrt(self.second[-1] ** 2 - 3 * self.third[-1] * self.first[-1])
        sum_ = -(self.second[-1] + np.copysign(root, self.second[-1]))
        peak, folds = np.full(root.shape, -np.inf), np.zeros(root.shape, dtype=np.intp)
        for u in (self.first[-1] / sum_, sum_ / (3 * self.third[-1])):
            height = self.middle[-1] + u * (self.first[-1] + u * (self.second[-1] + u * self.third[-1]))
            inside = np.abs(u) < 1
            peak, folds = np.where(inside, np.maximum(peak, height), peak), folds + inside
        before, after = self.slope_before[-1], self.slope_after[-1]
        steady = (
            (before * slope > 0) & (slope * after > 0) & (np.abs(slope) > _SHALLOW * np.fmin(abs(before), abs(after)))
        )
        return peak, folds, np.where(folds == 0, steady, (folds == 1) & (before * after < 0))


def with_first(block: Floats) -> Floats:
    """Log-odds, or their changes, of all actions: those of the first are zero."""
    return np.concatenate([np.zeros((1, block.shape[-1])), block])


#: What judges a step: :func:`measure`, or :func:`triangle.solvers.logit.proof.prove`.
Judge = Callable[[Form, Tables, Ints, Ends, Ends], Proof]
