r"""All equilibria of generic three-player games with two actions each, in closed form over a batch.

With x, y, z the probabilities of the players' second actions and :math:`D_1(j, k) = u_1(1, j, k) - u_1(0, j, k)`, and
:math:`D_2(i, k), D_3(i, j)` alike, a generic game has three kinds of equilibria:

* pure ones (8 profiles), where each played action is the better one,
* those in which one player is pure and two mix (6 pairs of supports): each mixer makes the other indifferent, which is
  linear, and the pure player must do as well as it can,
* those in which all mix: y makes player 3 indifferent given x and so on; eliminating x and y leaves a quadratic in z,

  .. math:: D_3(0,0) p_1 q_1 - D_3(0,1) p_1 q_0 - D_3(1,0) p_0 q_1 + D_3(1,1) p_0 q_0 = 0,

  where :math:`p_i(z) = D_2(i, \cdot)` and :math:`q_j(z) = D_1(j, \cdot)` are averaged over player 3.

Only games that the closed forms settle beyond doubt are answered here: no difference, expected difference,
discriminant or probability near zero, an odd number of equilibria, indices that add to +1. All others are handed back.

References
----------
McKelvey, R. D. and McLennan, A. (1996). Computation of equilibria in finite games. In *Handbook of Computational
Economics* 1, Elsevier, 87-142.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triangle.games.normal_form import Bools, Floats

Indices = NDArray[np.intp]

#: Games treated at once; keeps the intermediate arrays in the processor's cache.
CHUNK = 1 << 14
#: Discriminant and Jacobian, relative to the size of their terms, below which a solution is left to the general method.
DOUBT = 1e-9


@dataclass(frozen=True, eq=False)
class Rows:
    """Equilibria as flat arrays: game, probabilities of the second actions (3, r), regret in shares of range, index."""

    game: Indices
    second: Floats
    regret: Floats
    index: NDArray[np.int8]

    def of(self, kept: Bools) -> Rows:
        """Some of the equilibria."""
        return Rows(self.game[kept], self.second[:, kept], self.regret[kept], self.index[kept])


NONE = Rows(np.empty(0, np.intp), np.empty((3, 0)), np.empty(0), np.empty(0, np.int8))


def closed_form_222(payoffs: Floats, tolerance: float) -> tuple[Rows, Bools]:
    """All equilibria of those games of a batch that are clearly generic, and which games these are.

    Parameters
    ----------
    payoffs : array, shape (3, 2, 2, 2, n)
        In any unit.
    tolerance : float
        Share of a player's payoff range up to which a difference counts as none.

    Returns
    -------
    Rows
        In ascending order of game.
    array of bool, shape (n,)
        Whether the game is settled; a game that is not has no rows.
    """
    n = payoffs.shape[-1]
    settled = np.empty(n, dtype=bool)
    parts = []
    for start in range(0, n, CHUNK):
        rows, settled[start : start + CHUNK] = _settle(payoffs[..., start : start + CHUNK], tolerance)
        parts.append(Rows(rows.game + start, rows.second, rows.regret, rows.index))
    return _joined(parts), settled


def completely_mixed_222(payoffs: Floats, tolerance: float) -> tuple[Rows, Bools]:
    """The equilibria in which all three mix, of those games of a batch in which they are beyond doubt.

    Parameters are those of :func:`closed_form_222`, and so is what is returned. Where somebody does not care what a
    second player does, the quadratic in a third one's probability can say nothing; so each player's is asked in turn.
    """
    rows, settled = _completely_mixed(payoffs, tolerance)
    for turn in ((1, 2, 0), (2, 0, 1)):
        left = np.flatnonzero(~settled)
        if left.size:
            turned = payoffs.take(left, axis=-1)[list(turn)].transpose(0, *(1 + player for player in turn), 4)
            found, sure = _completely_mixed(turned, tolerance)
            second = found.second[[turn.index(player) for player in range(3)]]
            rows = _joined([rows, Rows(left[found.game], second, found.regret, found.index)])
            settled[left[sure]] = True
    order = np.argsort(rows.game, kind="stable")
    return Rows(rows.game[order], rows.second[:, order], rows.regret[order], rows.index[order]), settled


def _completely_mixed(payoffs: Floats, tolerance: float) -> tuple[Rows, Bools]:
    """The same by the quadratic in the last player's probability."""
    n = payoffs.shape[-1]
    settled = np.empty(n, dtype=bool)
    parts = []
    for start in range(0, n, CHUNK):
        d, sure = _differences(payoffs[..., start : start + CHUNK], tolerance)
        rows = _all_mix(d, d > 0, sure, tolerance)
        sure[rows.game[rows.regret > tolerance]] = False
        settled[start : start + CHUNK] = sure
        parts.append(Rows(rows.game + start, rows.second, rows.regret, rows.index).of(sure[rows.game]))
    return _joined(parts), settled


def _joined(parts: list[Rows]) -> Rows:
    parts = [p for p in parts if p.game.size]
    if len(parts) <= 1:
        return parts[0] if parts else NONE
    return Rows(
        np.concatenate([p.game for p in parts]),
        np.concatenate([p.second for p in parts], axis=1),
        np.concatenate([p.regret for p in parts]),
        np.concatenate([p.index for p in parts]),
    )


def _settle(payoffs: Floats, tolerance: float) -> tuple[Rows, Bools]:
    """One chunk of games."""
    d, settled = _differences(payoffs, tolerance)
    up = d > 0
    parts = [_pure(up)]
    for pure in range(3):
        parts += [_two_mix(d, up, pure, action, settled, tolerance) for action in range(2)]
    parts.append(_all_mix(d, up, settled, tolerance))
    rows = _joined(parts)
    n = payoffs.shape[-1]
    # Terms of +1 and -1 that add to +1 are odd in number.
    settled &= np.bincount(rows.game, rows.index, n) == 1.0
    settled[rows.game[rows.regret > tolerance]] = False
    order = np.argsort(rows.game, kind="stable")
    if not settled.all():
        order = order[settled[rows.game[order]]]
    return Rows(rows.game[order], rows.second.take(order, axis=1), rows.regret[order], rows.index[order]), settled


def _differences(payoffs: Floats, tolerance: float) -> tuple[Floats, Bools]:
    """Gains of each player by its second action, in shares of range, (3, 2, 2, n), and whether none is near zero."""
    d = np.empty((3, 2, 2, payoffs.shape[-1]))
    np.subtract(payoffs[0, 1], payoffs[0, 0], out=d[0])
    np.subtract(payoffs[1, :, 1], payoffs[1, :, 0], out=d[1])
    np.subtract(payoffs[2, :, :, 1], payoffs[2, :, :, 0], out=d[2])
    flat = payoffs.reshape(3, 8, -1)
    span = flat.max(axis=1) - flat.min(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        d /= span[:, None, None]
    # A player without any range gives nan here, which is not greater than anything. Differences above twice the
    # tolerance, and at most one, also keep the probabilities of two mixers away from 0 and 1 by the tolerance.
    return d, np.abs(d).reshape(12, -1).min(axis=0) > 2.0 * tolerance


def _pure(up: Bools) -> Rows:
    """Profiles in which each player's action is the better one."""
    likes = (~up, up)
    masks = np.stack(
        [likes[i][0, j, k] & likes[j][1, i, k] & likes[k][2, i, j] for i in (0, 1) for j in (0, 1) for k in (0, 1)]
    )
    profile, game = np.nonzero(masks)
    second = np.stack([profile >> 2, profile >> 1 & 1, profile & 1]).astype(np.float64)
    return Rows(game, second, np.zeros(game.size), np.ones(game.size, dtype=np.int8))


def _two_mix(d: Floats, up: Bools, pure: int, action: int, settled: Bools, tolerance: float) -> Rows:
    """One player plays one action, the other two mix."""
    q, r = (p for p in range(3) if p != pure)
    of_q, of_r = _given(d[q], q, pure, action), _given(d[r], r, pure, action)
    up_q, up_r = _given(up[q], q, pure, action), _given(up[r], r, pure, action)
    game = np.flatnonzero((up_q[0] ^ up_q[1]) & (up_r[0] ^ up_r[1]))
    if game.size == 0:
        return NONE
    q0, q1, r0, r1 = of_q[0][game], of_q[1][game], of_r[0][game], of_r[1][game]
    mix_r = q0 / (q0 - q1)
    mix_q = r0 / (r0 - r1)
    own = d[pure]
    gain = (own[0, 0][game] * (1 - mix_r) + own[0, 1][game] * mix_r) * (1 - mix_q)
    gain += (own[1, 0][game] * (1 - mix_r) + own[1, 1][game] * mix_r) * mix_q
    settled[game[np.abs(gain) <= tolerance]] = False
    good = np.flatnonzero(gain > 0 if action else gain < 0)
    if good.size == 0:
        return NONE
    game, mix_q, mix_r = game[good], mix_q[good], mix_r[good]
    q0, q1, r0, r1 = q0[good], q1[good], r0[good], r1[good]
    second = np.empty((3, game.size))
    second[pure], second[q], second[r] = action, mix_q, mix_r
    regret = np.maximum(
        _gain(q0 + (q1 - q0) * mix_r, mix_q),
        _gain(r0 + (r1 - r0) * mix_q, mix_r),
    )
    index = np.where((q1 > q0) == (r1 > r0), -1, 1).astype(np.int8)
    return Rows(game, second, regret, index)


def _given(array: NDArray[Any], player: int, pure: int, action: int) -> NDArray[Any]:
    """What belongs to a player's difference given the pure player's action, by the action of the third."""
    return array[action] if pure == (1 if player == 0 else 0) else array[:, action]


def _gain(difference: Floats, mixed: Floats) -> Floats:
    """What a player gains by its better action, with the expected difference and the probability of the second."""
    return np.maximum(difference * (1 - mixed), -difference * mixed)


def _unsettle_near_pure(mixed: Floats, game: Indices, settled: Bools, tolerance: float) -> None:
    """Leave games with a probability near 0 or 1 to the general method; changes `settled`."""
    near = (mixed.min(axis=0, initial=1.0) <= tolerance) | (mixed.max(axis=0, initial=0.0) >= 1 - tolerance)
    settled[game[near]] = False


def _all_mix(d: Floats, up: Bools, settled: Bools, tolerance: float) -> Rows:
    """All three mix: the roots of the quadratic in z, and x and y at them."""
    flat = up.reshape(3, 4, -1)
    game = np.flatnonzero((flat.any(axis=1) & ~flat.all(axis=1)).all(axis=0))
    if game.size == 0:
        return NONE
    a, b, c = d.take(game, axis=-1)
    p0, p1, q0, q1 = b[0], b[1], a[0], a[1]

    def coefficient(u: int, v: int) -> Floats:
        return p1[u] * (c[0, 0] * q1[v] - c[0, 1] * q0[v]) - p0[u] * (c[1, 0] * q1[v] - c[1, 1] * q0[v])

    c0, c2 = coefficient(0, 0), coefficient(1, 1)
    c1 = 0.5 * (coefficient(0, 1) + coefficient(1, 0))
    discriminant = c1 * c1 - c0 * c2
    doubt = DOUBT * (c1 * c1 + np.abs(c0 * c2))
    settled[game[np.abs(discriminant) <= doubt]] = False
    one_sign = ((c0 > 0) & (c1 >= 0) & (c2 > 0)) | ((c0 < 0) & (c1 <= 0) & (c2 < 0))
    some = np.flatnonzero((discriminant > doubt) & ~one_sign)
    if some.size == 0:
        return NONE
    c0, c1, c2 = c0[some], c1[some], c2[some]
    big = -(c1 + np.copysign(np.sqrt(discriminant[some]), c1))
    game = game[some]
    p0, p1, q0, q1, c = (rows.take(some, axis=-1) for rows in (p0, p1, q0, q1, c))
    return _joined(
        [_with_third(game, z, p0, p1, q0, q1, c, settled, tolerance) for z in (_ratio(big, c2), _ratio(c0, big))]
    )


def _ratio(above: Floats, below: Floats) -> Floats:
    """The probability whose odds are above : below."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return above / (above + below)


def _with_third(
    game: Indices,
    z: Floats,
    p0: Floats,
    p1: Floats,
    q0: Floats,
    q1: Floats,
    c: Floats,
    settled: Bools,
    tolerance: float,
) -> Rows:
    """Complete the roots z to profiles in which all mix."""
    rough_z = (z > -tolerance) & (z < 1 + tolerance)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        p_0, p_1 = p0[0] + (p0[1] - p0[0]) * z, p1[0] + (p1[1] - p1[0]) * z
        q_0, q_1 = q0[0] + (q0[1] - q0[0]) * z, q1[0] + (q1[1] - q1[0]) * z
        x, y = p_0 / (p_0 - p_1), q_0 / (q_0 - q_1)
        # Where both p or both q vanish, x or y is open; a game so close to that is left to the general method.
        weak = rough_z & ((np.abs(p_0 - p_1) <= DOUBT) | (np.abs(q_0 - q_1) <= DOUBT))
    settled[game[weak]] = False
    good = np.flatnonzero(rough_z & (x > -tolerance) & (x < 1 + tolerance) & (y > -tolerance) & (y < 1 + tolerance))
    if good.size == 0:
        return NONE
    game, second = game[good], np.stack([x[good], y[good], z[good]])
    x, y, z = second
    p0, p1, q0, q1, c = (rows.take(good, axis=-1) for rows in (p0, p1, q0, q1, c))
    p_0, p_1, q_0, q_1 = p_0[good], p_1[good], q_0[good], q_1[good]
    c_0, c_1 = c[0, 0] + (c[0, 1] - c[0, 0]) * y, c[1, 0] + (c[1, 1] - c[1, 0]) * y
    _unsettle_near_pure(second, game, settled, tolerance)
    regret = np.maximum(_gain(q_0 + (q_1 - q_0) * y, x), _gain(p_0 + (p_1 - p_0) * x, y))
    regret = np.maximum(regret, _gain(c_0 + (c_1 - c_0) * x, z))
    # The Jacobian has a zero diagonal, so that its determinant is the sum of the two cyclic products.
    by_z = (q0[1] - q0[0]) * (1 - y) + (q1[1] - q1[0]) * y
    by_x_z = (p0[1] - p0[0]) * (1 - x) + (p1[1] - p1[0]) * x
    by_y = (c[0, 1] - c[0, 0]) * (1 - x) + (c[1, 1] - c[1, 0]) * x
    forward = (q_1 - q_0) * by_x_z * (c_1 - c_0)
    backward = by_z * (p_1 - p_0) * by_y
    determinant = forward + backward
    settled[game[np.abs(determinant) <= DOUBT * (np.abs(forward) + np.abs(backward))]] = False
    return Rows(game, second, regret, np.where(determinant < 0, 1, -1).astype(np.int8))
