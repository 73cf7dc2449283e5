r"""Indifference systems of three players by elimination: every profile that makes all actions of given supports tie.

Let the three players be called h, i, j, with :math:`1 + d_h, 1 + d_i, 1 + d_j` actions, all played, and mixed actions
x, y, z. Indifference of h, i and j are bilinear systems of :math:`d_h, d_i, d_j` equations,

.. math:: A(y) z = 0, \qquad B(x) z = 0, \qquad C(x) y = 0 .

Where :math:`d_j > d_h + d_i` for some naming of the players, equilibria come only in degenerate games, and then one
with smaller supports and a tie exists too: the z that keep h and i indifferent form a polytope whose vertices play at
most :math:`1 + d_h + d_i` actions. Otherwise two players are eliminated:

* :math:`d_i = d_j = k`: y and z are null vectors of :math:`C(x)` and :math:`B(x)`, polynomials of degree k in x, and
  :math:`A(y(x)) z(x) = 0` is a system of :math:`d_h` equations of degree 2k in x. With :math:`d_h = 0` it is empty.
* :math:`(d_h, d_i, d_j) = (1, k, k + 1)`: :math:`\det C(x) = 0`, of degree k + 1 in one unknown.
* :math:`(d, k, k + 1)`, d = 2 or 3: :math:`\det C(x) = 0` and :math:`\det (B(x); A_{pq}(y(x))) = 0` with two rows p, q
  of A, of degree 3k in d unknowns.
* :math:`(2, k, k + 2)`: :math:`C(x)` has one row more than it takes for full rank, so that two of its minors, of degree
  k + 1 in two unknowns, vanish.

The systems in x go to :func:`triangle.solvers.mixed.bernstein.isolate`, with the signs that y and z must have. A null
vector given by minors vanishes where its matrix loses rank; such a root is a false one unless the other players'
equations lose rank too, which is tested.

References
----------
Datta, R. S. (2010). Finding all Nash equilibria of a finite game using polynomial algebra. *Economic Theory* 42(1),
55-96.
McKelvey, R. D. and McLennan, A. (1997). The maximal number of regular totally mixed Nash equilibria. *Journal of
Economic Theory* 72(2), 411-425.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, reduce

import numpy as np
from numpy.typing import NDArray

from triangle.games.normal_form import Floats
from triangle.solvers.mixed.bernstein import ROUNDING, Polynomials, Roots, basis, interpolation, isolate, nodes

Indices = NDArray[np.intp]
Dimensions = tuple[int, int, int]

#: Length of a null vector, from rows scaled to one, below which its matrix is taken to have lost rank.
RANK_LOSS = 1e-7
#: How negative a probability may come out of the elimination before Newton's method has polished it.
ROUGH = 1e-6
#: Pieces of a line that are looked at one by one, and cells at once.
PIECES, AT_ONCE = 32, 256


@dataclass(frozen=True, eq=False)
class Candidates:
    """Solutions of indifference systems, before outsiders are asked.

    Attributes
    ----------
    system : array, shape (r,)
        To which system of the batch each belongs.
    mixed : three arrays, shape (1 + d, r)
        Mixed actions x, y, z; components may be slightly negative.
    unresolved : array of int
        Systems in which solutions may be missing.
    """

    system: Indices
    mixed: tuple[Floats, ...]
    unresolved: Indices


def elimination_order(dimensions: Dimensions) -> Dimensions | None:
    """Which player takes the part of h, i and j; None where no elimination is known or none is needed.

    Examples
    --------
    >>> elimination_order((1, 0, 1)), elimination_order((2, 1, 1)), elimination_order((0, 2, 1))
    ((1, 0, 2), (1, 2, 0), None)
    """
    d = dimensions
    if 2 * max(d) > sum(d):
        return None
    h, i, j = sorted(range(3), key=lambda p: d[p])
    more = d[j] - d[i]
    if more == 0 or (more == 1 and d[h] <= 3) or (more == 2 and d[h] == 2):
        return h, i, j
    return (j, h, i) if d[h] == d[i] else None


def solve_indifference(payoffs: Floats, allowance: int) -> Candidates:
    """All profiles of positive probabilities at which each player is indifferent between all its actions.

    Parameters
    ----------
    payoffs : array, shape (3, 1 + d_h, 1 + d_i, 1 + d_j, m)
        Players in the order given by :func:`elimination_order`; in shares of each player's range.
    allowance : int
        Cells that one system may use in the search.
    """
    a, b, c = indifference_rows(payoffs)
    d_h, d_i, d_j = (n - 1 for n in payoffs.shape[1:4])
    if d_h == 0:
        return _one_player_fixed(b, c)
    if d_i == d_j:
        return _two_null_vectors(a, b, c, allowance)
    if d_j == d_i + 2:
        return _overdetermined(a, b, c, allowance)
    if d_h == 1:
        return _one_determinant(a, b, c, allowance)
    return _two_determinants(a, b, c, allowance)


def indifference_rows(payoffs: Floats) -> tuple[Floats, Floats, Floats]:
    """Coefficients of A, B and C: shapes (d_h, i, j, m), (d_i, h, j, m), (d_j, h, i, m)."""
    a = payoffs[0, 1:] - payoffs[0, :1]
    b = np.swapaxes(payoffs[1], 0, 1)
    c = np.moveaxis(payoffs[2], 2, 0)
    return a, b[1:] - b[:1], c[1:] - c[:1]


def minors(rows: Sequence[Floats] | Floats) -> dict[tuple[int, ...], Floats]:
    """Determinants of r rows, each of shape (columns, m), restricted to every choice of r columns."""
    columns = len(rows[0])
    found = rows[0]
    for r in range(1, len(rows)):
        # By the last row, all choices of columns at once.
        each = zip(_signs(r), *_expansion(columns, r + 1), strict=True)
        found = reduce(np.add, ((sign * rows[r])[column] * found[minor] for sign, column, minor in each))
    return dict(zip(itertools.combinations(range(columns), len(rows)), found, strict=True))


def _signs(r: int) -> list[float]:
    return [1.0 if (r + place) % 2 == 0 else -1.0 for place in range(r + 1)]


@cache
def _expansion(columns: int, chosen: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """For each place in choices of columns, which column stands there, and which choice of one fewer is left of it."""
    place_of = {some: n for n, some in enumerate(itertools.combinations(range(columns), chosen - 1))}
    every = list(itertools.combinations(range(columns), chosen))
    left = [[place_of[some[:place] + some[place + 1 :]] for some in every] for place in range(chosen)]
    return np.array(every, dtype=np.intp).T, np.array(left, dtype=np.intp)


def null_vector(rows: Sequence[Floats] | Floats, m: int) -> Floats:
    """Null vector of k rows of k + 1 columns as signed minors, shape (k + 1, m); zero where the rows lose rank."""
    if len(rows) == 0:
        return np.ones((1, m))
    size = len(rows[0])
    values = minors(rows)
    everything = tuple(range(size))
    return np.stack([(-1) ** c * values[everything[:c] + everything[c + 1 :]] for c in everything])


def determinant(rows: Sequence[Floats]) -> Floats:
    """Determinant of as many rows as columns, shape (m,)."""
    return minors(rows)[tuple(range(len(rows)))]


def _unit(rows: Floats) -> Floats:
    """Rows (r, columns, m) scaled to a largest entry of one, so that the length of a null vector means something."""
    top = np.abs(rows).max(axis=1, keepdims=True, initial=0.0)
    return rows / np.where(top > ROUNDING, top, 1.0)


def _taken(kept: Indices, *arrays: Floats) -> list[Floats]:
    return [array.take(kept, axis=-1) for array in arrays]


def _at(rows: Floats, mixed: Floats) -> Floats:
    """Rows averaged over the first of their two players: (d, p, q, m) with (p, m) or (p, 1) gives (d, q, m)."""
    return sum(rows[:, p] * mixed[p] for p in range(rows.shape[1]))


def _at_all(rows: Floats, mixed: Floats) -> Floats:
    """The same at several points one after the other: (d, p, q, m) with (points, p, m) gives (d, q, points · m)."""
    found = sum(rows[:, p, :, None] * mixed[:, p] for p in range(rows.shape[1]))
    return np.reshape(found, (rows.shape[0], rows.shape[2], len(mixed) * rows.shape[3]))


def _by_point(values: Floats, points: int) -> Floats:
    """What is found at all points, (several, points · m), as (points, several, m)."""
    return np.moveaxis(values.reshape(len(values), points, values.shape[1] // points), 1, 0)


def _coefficients(values: Floats, dimension: int, degree: int) -> Polynomials:
    """Polynomials from their values at the nodes, shape (count, several, m)."""
    count, several, m = values.shape
    flat = interpolation(dimension, degree) @ values.reshape(count, several * m)
    return Polynomials(flat.reshape(values.shape), degree)


def _sampled(rows: Floats, dimension: int, degree: int) -> list[Floats]:
    """Rows that are linear in x, at each node: a list of arrays (d, q, m)."""
    return [_at(rows, node[:, None]) for node in nodes(dimension, degree).T]


def _null_polynomials(rows: Floats, dimension: int) -> Polynomials:
    """The null vector of rows linear in x, as polynomials in x."""
    k, m = rows.shape[0], rows.shape[-1]
    points = nodes(dimension, k).T[:, :, None]
    values = null_vector(_at_all(rows, points), len(points) * m)
    return _coefficients(_by_point(values, len(points)), dimension, k)


def _values(polynomials: Polynomials, dimension: int, degree: int) -> Floats:
    """Values of polynomials at the nodes of another degree, shape (nodes, several, m)."""
    count, several, m = polynomials.coefficients.shape
    weights = basis(dimension, polynomials.degree, nodes(dimension, degree)).T
    return (weights @ polynomials.coefficients.reshape(count, several * m)).reshape(len(weights), several, m)


def _one_player_fixed(b: Floats, c: Floats) -> Candidates:
    """Closed form with one player pure: y and z are null vectors of constant matrices."""
    m = b.shape[-1]
    y, z = null_vector(_unit(c[:, 0]), m), null_vector(_unit(b[:, 0]), m)
    everyone = np.arange(m)
    weak_y, weak_z = (np.abs(v).max(axis=0) <= RANK_LOSS for v in (y, z))
    # A matrix that lost rank matters only where the other player's solution is one.
    unresolved = (weak_y & (weak_z | _one_sign(z))) | (weak_z & _one_sign(y))
    return _assembled(everyone, np.ones((1, m)), y, z, everyone[unresolved])


def _two_null_vectors(a: Floats, b: Floats, c: Floats, allowance: int) -> Candidates:
    """Both others as null vectors: d_h equations of degree 2k on the simplex of x."""
    d, k = a.shape[0], b.shape[0]
    y, z = _null_polynomials(c, d), _null_polynomials(b, d)
    kept = np.flatnonzero(~(y.two_signed() | z.two_signed()))
    y, z, a_, b_, c_ = y.of(kept), z.of(kept), *_taken(kept, a, b, c)
    degree = 2 * k
    y_at, z_at = _values(y, d, degree), _values(z, d, degree)
    z_flat = np.moveaxis(z_at, 0, 1).reshape(z_at.shape[1], len(z_at) * kept.size)
    values = _by_point((_at_all(a_, y_at) * z_flat).sum(axis=1), len(z_at))
    further = [_rank_conditions(a_, b_, c_, y, z)] if d >= 3 and k >= 3 else []
    roots = isolate(_coefficients(values, d, degree), [y, z], further, allowance, _without_solution(a_, b_, c_))
    return _back(roots, kept, a, b, c)


def _rank_conditions(a: Floats, b: Floats, c: Floats, y: Polynomials, z: Polynomials) -> Polynomials:
    """Determinants of all rows of C(x) but one and two of A z(x), and the same for B(x) and A y(x); degree 3k - 1.

    They vanish at solutions but not where y(x) or z(x) does, on which the equations vanish for nothing: there a matrix
    of d rows and two columns would have to lose rank, of which each of its rows has to be asked.
    """
    d, k = a.shape[0], c.shape[0]
    degree = 3 * k - 1
    y_at, z_at = _values(y, d, degree), _values(z, d, degree)
    # Which row of C is left out, and which two of A are taken.
    choices = [(r, (r, (r + 1) % d)) for r in range(d)]
    at_nodes = nodes(d, degree).T[:, :, None]
    c_at, b_at, on_y, on_z = (
        _at_all(c, at_nodes),
        _at_all(b, at_nodes),
        _at_all(np.swapaxes(a, 1, 2), z_at),
        _at_all(a, y_at),
    )
    values = [determinant([*np.delete(c_at, r, axis=0), *on_y[list(pair)]]) for r, pair in choices]
    values += [determinant([*np.delete(b_at, r, axis=0), *on_z[list(pair)]]) for r, pair in choices]
    return _coefficients(_by_point(np.stack(values), len(at_nodes)), d, degree)


def _without_solution(a: Floats, b: Floats, c: Floats) -> Callable[[Floats, Indices], NDArray[np.bool_]]:
    r"""Whether small cells of x surely hold no solution, also where C(x) and B(x) lose rank and the equations vanish.

    With :math:`C_0` at the middle of a cell, :math:`\lVert C(x) - C_0 \rVert \le \delta` on it, and :math:`s` the last
    but two of as many singular values as C has columns, a mixed action y with :math:`C(x)\,y = 0` lies within
    :math:`\rho = \delta / s` of a plane, and so near a line :math:`y_0 + t u` of numbers that add up to one. A
    solution needs a z with :math:`B(x)\,z = 0` and :math:`A(y)\,z = 0`; there is none where the least singular value
    of both matrices at every point of that line with nearly :math:`C_0\,y = 0` is larger than what they are off by
    (Weyl's inequality), or where the last singular vector, near which z would have to be, has clearly two signs.
    """

    def rules_out(corners: Floats, system: Indices) -> NDArray[np.bool_]:
        parts = [np.arange(system.size)[first : first + AT_ONCE] for first in range(0, system.size, AT_ONCE)]
        found = [_ruled_out(corners.take(part, axis=2), *_taken(system[part], a, b, c)) for part in parts]
        return np.concatenate([*found, np.empty(0, dtype=bool)])

    return rules_out


def _ruled_out(corners: Floats, a: Floats, b: Floats, c: Floats) -> NDArray[np.bool_]:
    """The same for cells (corner, coordinate, m), each with its own A, B and C."""
    middle = corners.mean(axis=0)
    (c_0, off_c), (b_0, off_b) = (_middle_and_off(rows, middle, corners) for rows in (c, b))
    _, values, right = np.linalg.svd(np.moveaxis(c_0, -1, 0))
    columns = right.shape[-1]
    rho = off_c / values[:, columns - 3]
    # Numbers of the plane that add up to one: y_0 + t u.
    plane = right[:, -2:]
    sums = plane.sum(axis=2)
    length = np.sqrt((sums**2).sum(axis=1))
    y_0 = np.einsum("mp,mpi->mi", sums, plane) / length[:, None] ** 2
    u = (sums[:, :1] * plane[:, 1] - sums[:, 1:] * plane[:, 0]) / length[:, None]
    rho = rho * (1.0 + np.sqrt(columns) / length)
    with np.errstate(all="ignore"):
        ends = -(y_0 + rho[:, None]) / u
    low = np.where(u > 0, ends, -1.0).max(axis=1, initial=-1.0)
    high = np.where(u < 0, ends, 1.0).min(axis=1, initial=1.0)
    # There C_0 y is nearly nothing: a short part of the line where only one singular value is.
    along = np.einsum("eim,mi->me", c_0, u)
    steep = (along**2).sum(axis=1)
    near = -(along * np.einsum("eim,mi->me", c_0, y_0)).sum(axis=1) / np.maximum(steep, RANK_LOSS**4)
    width = (off_c + values[:, 0] * rho) / np.sqrt(np.maximum(steep, RANK_LOSS**4)) + RANK_LOSS
    low, high = np.maximum(low, near - width), np.minimum(high, near + width)
    half = np.maximum(high - low, 0.0) / (2 * PIECES)
    t = low[:, None] + half[:, None] * (1 + 2 * np.arange(PIECES))
    on_u = np.einsum("eijm,mi->mej", a, u)
    on_t = np.einsum("eijm,mi->mej", a, y_0)[:, None] + t[:, :, None, None] * on_u[:, None]
    rows = np.broadcast_to(np.moveaxis(b_0, -1, 0)[:, None], (*t.shape, *b_0.shape[:2]))
    _, lengths, z = np.linalg.svd(np.concatenate([rows, on_t], axis=2), full_matrices=False)
    least, next_one, last = lengths[..., -1], lengths[..., -2], z[..., -1, :]
    off = np.hypot(off_b, np.sqrt((a**2).sum(axis=(0, 1, 2))) * rho) + np.sqrt((on_u**2).sum(axis=(1, 2))) * half
    off = 1.001 * off[:, None] + RANK_LOSS
    # Where only the last one is not, z is nearly the last singular vector; of two signs, it is no mixed action.
    two_signs = np.minimum(last.max(axis=2), -last.min(axis=2)) * next_one > 2 * off
    found: NDArray[np.bool_] = ((least > off) | ((next_one > 2 * off) & two_signs)).all(axis=1)
    return found | (high < low - RANK_LOSS)


def _middle_and_off(rows: Floats, middle: Floats, corners: Floats) -> tuple[Floats, Floats]:
    """Rows at the middle of cells, and how far they are from that at most (their norm is largest at a corner)."""
    at = _at(rows, middle)
    return at, np.max([np.sqrt(((_at(rows, corner) - at) ** 2).sum(axis=(0, 1))) for corner in corners], axis=0)


def _back(roots: Roots, kept: Indices, a: Floats, b: Floats, c: Floats) -> Candidates:
    """Y and z at the roots in x, and the false roots left out."""
    system, unresolved = kept[roots.system], kept[roots.unresolved]
    x, m = roots.points, roots.system.size
    b_x, c_x = (_at(rows, x) for rows in _taken(system, b, c))
    y, z = null_vector(_unit(c_x), m), null_vector(_unit(b_x), m)
    weak_y, weak_z = (np.abs(v).max(axis=0, initial=0.0) <= RANK_LOSS for v in (y, z))
    doubtful = weak_y & weak_z
    one = np.flatnonzero(weak_y & ~weak_z)
    a_z = _at(np.swapaxes(a[..., system[one]], 1, 2), z[:, one])
    doubtful[one] = _loses_rank(np.concatenate([c_x[..., one], a_z])) & _one_sign(z[:, one])
    one = np.flatnonzero(weak_z & ~weak_y)
    a_y = _at(a[..., system[one]], y[:, one])
    doubtful[one] = _loses_rank(np.concatenate([b_x[..., one], a_y])) & _one_sign(y[:, one])
    good = np.flatnonzero(~(weak_y | weak_z))
    unresolved = np.union1d(unresolved, system[doubtful])
    return _assembled(system[good], x[:, good], y[:, good], z[:, good], unresolved)


def _loses_rank(rows: Floats) -> NDArray[np.bool_]:
    """Whether a matrix (rows, columns, m) has a null vector, up to rounding."""
    if rows.shape[-1] == 0:
        return np.zeros(0, dtype=bool)
    return np.linalg.svd(np.moveaxis(_unit(rows), -1, 0), compute_uv=False)[:, -1] < 1e-5


def _one_determinant(a: Floats, b: Floats, c: Floats, allowance: int) -> Candidates:
    """Dimensions (1, k, k + 1): det C(x) = 0 in one unknown."""
    degree, m = c.shape[0], c.shape[-1]
    if degree == 2:
        (p, r), (q, s) = (c[0, :, 0], c[1, :, 0]), (c[0, :, 1], c[1, :, 1])
        ends = p * s - q * r
        middle = 0.5 * (p[0] * s[1] + p[1] * s[0] - q[0] * r[1] - q[1] * r[0])
        quadratic = np.stack([ends[0], middle, ends[1]]).reshape(3, 1, m)
        return _back_by_parts(isolate(Polynomials(quadratic, 2)), np.arange(m), a, b, c)
    values = np.stack([determinant(list(rows))[None] for rows in _sampled(c, 1, degree)])
    roots = isolate(_coefficients(values, 1, degree), allowance=allowance)
    return _back_by_parts(roots, np.arange(c.shape[-1]), a, b, c)


def _two_determinants(a: Floats, b: Floats, c: Floats, allowance: int) -> Candidates:
    """Dimensions (d, k, k + 1): det C(x) = 0 and det (B(x); A(y(x))) = 0, y being null to all rows of C but one."""
    d, k = a.shape[0], b.shape[0]
    degree = 3 * k
    vectors, kept = _vectors_without_one_row(c, d)
    a_, b_, c_ = _taken(kept, a, b, c)
    sampled = [_values(y, d, degree) for y in vectors]
    pairs = list(itertools.combinations(range(d), 2))
    values = []
    for q, (b_q, c_q) in enumerate(zip(_sampled(b_, d, degree), _sampled(c_, d, degree), strict=True)):
        found = [determinant(list(c_q))]
        for y in sampled:
            on_z = _at(a_, y[q])
            found += [determinant([*b_q, on_z[p], on_z[r]]) for p, r in pairs]
        values.append(np.stack(found))
    system = _coefficients(np.stack(values), d, degree)
    equations = Polynomials(np.ascontiguousarray(system.coefficients[:, :d]), degree)
    further = Polynomials(np.ascontiguousarray(system.coefficients[:, d:]), degree)
    roots = isolate(equations, vectors, [further], allowance, _without_solution(a_, b_, c_))
    return _back_by_parts(roots, kept, a, b, c)


def _overdetermined(a: Floats, b: Floats, c: Floats, allowance: int) -> Candidates:
    """Dimensions (2, k, k + 2): all minors of C(x) of full size vanish, two of which serve as equations."""
    k = b.shape[0]
    degree = k + 1
    everything = range(k + 2)
    values = np.stack(
        [
            np.stack([determinant([rows[r] for r in everything if r != left_out]) for left_out in everything])
            for rows in _sampled(c, 2, degree)
        ]
    )
    system = _coefficients(values, 2, degree)
    equations = Polynomials(np.ascontiguousarray(system.coefficients[:, :2]), degree)
    further = Polynomials(np.ascontiguousarray(system.coefficients[:, 2:]), degree)
    return _back_by_parts(isolate(equations, [], [further], allowance), np.arange(c.shape[-1]), a, b, c)


def _vectors_without_one_row(c: Floats, dimension: int) -> tuple[list[Polynomials], Indices]:
    """Null vectors of C(x) without each row in turn, for the systems in which all may have one sign."""
    vectors = [_null_polynomials(np.delete(c, r, axis=0), dimension) for r in range(len(c))]
    kept = np.flatnonzero(~np.any([y.two_signed() for y in vectors], axis=0))
    return [y.of(kept) for y in vectors], kept


def _back_by_parts(roots: Roots, kept: Indices, a: Floats, b: Floats, c: Floats) -> Candidates:
    """Y as the longest null vector of enough rows of C(x), then z as that of B(x) and A(y) alike."""
    system, x = kept[roots.system], roots.points
    a_, b_, c_ = _taken(system, a, b, c)
    y = _longest_null_vector(_unit(_at(c_, x)))
    weak_y = np.abs(y).max(axis=0, initial=0.0) <= RANK_LOSS
    z = _longest_null_vector(_unit(np.concatenate([_at(b_, x), _at(a_, y)])))
    weak = weak_y | ((np.abs(z).max(axis=0, initial=0.0) <= RANK_LOSS) & _one_sign(y))
    unresolved = np.union1d(kept[roots.unresolved], system[weak])
    good = np.flatnonzero(~weak)
    return _assembled(system[good], x[:, good], y[:, good], z[:, good], unresolved)


def _longest_null_vector(rows: Floats) -> Floats:
    """Null vector of rows (r, k, m) known to lose rank: of all choices of k - 1 rows the best conditioned one."""
    r, k, m = rows.shape
    if r == k - 1:
        return null_vector(list(rows), m)
    choices = np.stack(
        [null_vector([rows[p] for p in chosen], m) for chosen in itertools.combinations(range(r), k - 1)]
    )
    best = np.abs(choices).max(axis=1).argmax(axis=0)
    return choices[best, :, np.arange(m)].T


def _one_sign(vector: Floats) -> NDArray[np.bool_]:
    """Whether all components of a vector (k, m) have one sign, up to roughness."""
    rough = ROUGH * np.abs(vector).max(axis=0, initial=0.0)
    return (vector > -rough).all(axis=0) | (vector < rough).all(axis=0)


def _assembled(system: Indices, x: Floats, y: Floats, z: Floats, unresolved: Indices) -> Candidates:
    """Candidates whose components have one sign, scaled to probabilities."""
    good = np.flatnonzero(_one_sign(y) & _one_sign(z) & (np.abs(y).max(axis=0) > 0) & (np.abs(z).max(axis=0) > 0))
    x, y, z = x[:, good], y[:, good], z[:, good]
    return Candidates(system[good], (x, y / y.sum(axis=0), z / z.sum(axis=0)), unresolved)
