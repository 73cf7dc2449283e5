r"""One support of one three-player game, searched over the mixed actions of all three players at once.

The last resort for supports that elimination leaves open: slower, but without the false solutions that elimination
brings along, and able to use that no action outside the support may be better. On a product of three simplices the
indifference equations are affine in each player's barycentric coordinates, so that their values lie between those at
the products of corners. A product cell is

1. excluded when some equation has one sign at all corners, or some outside action is better at all of them,
2. excluded when that holds for an equation of :math:`P F`, P the inverse Jacobian at the centre,
3. finished when :math:`\lVert P J - I \rVert_\infty < 1` all over the cell, so that it holds at most one solution,
   and Newton's method finds that inside,
4. cut in the middle of the edge along which the equations change most.

Cells left when the allowance is spent are counted; around them, and from a few other starting points, the
Gauss-Newton method looks for equilibria at which the Jacobian is singular.

References
----------
Neumaier, A. (1990). *Interval Methods for Systems of Equations*. Cambridge University Press, ch. 5.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from triangle.games.mixed import indifference_jacobian, indifference_residuals, mixed_regrets, restricted
from triangle.games.normal_form import Bools, Floats
from triangle.solvers.mixed.bernstein import OVERLAP, ROUNDING, UNIQUE
from triangle.solvers.mixed.table import members

#: Cells treated at once.
BLOCK = 256
#: Times that Newton's method is started in one support; near a fold there is no end of cells to start it from.
ATTEMPTS = 300
#: Middles of undecided cells that are handed on, about.
CENTRES = 20
#: Condition number of the Jacobian from which on a solution that resisted the searches counts as singular.
ILL = 1e6

Profile = tuple[Floats, ...]


@dataclass(frozen=True, eq=False)
class BoxSearch:
    """What the search of one support gave: regular solutions found, centres of cells left, and how many were left."""

    profiles: tuple[Profile, ...]
    centres: tuple[Profile, ...]
    cells_left: int


def search_support(payoffs: Floats, supports: Sequence[int], allowance: int) -> BoxSearch:
    """All regular equilibria of one game with given supports; complete where no cell is left.

    Parameters
    ----------
    payoffs : array, shape (3, |A_1|, |A_2|, |A_3|)
        Scaled to ranges of order one.
    supports : three bit masks
    allowance : int
        Number of cells that may be used.
    """
    actions = [members(s) for s in supports]
    inside, outside = _differences(payoffs, actions)
    dims = [len(a) - 1 for a in actions]
    waiting = [[np.eye(d + 1)[None] for d in dims]]
    profiles: list[Profile] = []
    left: list[list[Floats]] = []
    spent = tried = 0
    while waiting:
        cells = waiting.pop()
        spent += len(cells[0])
        if spent > allowance or tried > ATTEMPTS:
            left.append(cells)
            continue
        cells = _of(cells, ~_excluded(cells, inside, outside))
        if len(cells[0]) == 0:
            continue
        values = _corner_values(cells, inside, dims)
        kept, found, attempts = _contracted(cells, values, payoffs, actions)
        tried += attempts
        profiles += found
        cells, values = _of(cells, kept), values[kept]
        if len(cells[0]):
            cells = _halved(cells, values)
            waiting += [[c[i : i + BLOCK] for c in cells] for i in range(0, len(cells[0]), BLOCK)]
    total = sum(len(c[0]) for c in left)
    every = [(cells, m) for cells in left for m in range(len(cells[0]))][:: max(1, total // CENTRES)]
    centres = [_embedded(payoffs, actions, [c[m].mean(axis=0) for c in cells]) for cells, m in every]
    return BoxSearch(tuple(profiles), tuple(centres), total)


def equilibria_nearby(
    payoffs: Floats, supports: Sequence[int], tolerance: float, starts: Sequence[Profile] = ()
) -> Iterator[tuple[Profile, bool]]:
    """Equilibria of the given supports that the Gauss-Newton method meets, and whether each is a singular solution.

    It is started at `starts`, at the middle of the supports and near their corners. Profiles may come several times.
    """
    actions = [members(s) for s in supports]
    sizes = [len(a) for a in actions]
    inside = restricted(payoffs, actions)
    tries = [[x[list(a)] for x, a in zip(start, actions, strict=True)] for start in starts]
    middle = [np.full(s, 1.0 / s) for s in sizes]
    tries.append(middle)
    for corner in itertools.islice(itertools.product(*(np.eye(s) for s in sizes)), 3):
        tries.append([0.6 * c + 0.4 * m for c, m in zip(corner, middle, strict=True)])
    for start in tries:
        mixed = gauss_newton(inside, start)
        if mixed is None:
            continue
        profile = _embedded(payoffs, actions, mixed)
        jacobian = indifference_jacobian(inside, mixed)
        if mixed_regrets(payoffs, profile).max() <= tolerance:
            yield profile, jacobian.size == 0 or not np.linalg.cond(jacobian) < ILL


def gauss_newton(payoffs: Floats, start: Sequence[Floats], steps: int = 20) -> list[Floats] | None:
    """A solution of the indifference system near a start, all actions in the support; None where none is reached.

    Steps are of least length, so that a start near a continuum of solutions ends on it.
    """
    mixed = [np.array(x) for x in start]
    splits = np.cumsum([len(x) - 1 for x in mixed])[:-1]
    for _ in range(steps):
        residual = indifference_residuals(payoffs, mixed)
        if np.abs(residual).max(initial=0.0) < 1e-14:
            break
        step = np.linalg.lstsq(indifference_jacobian(payoffs, mixed), residual, rcond=1e-9)[0]
        for x, s in zip(mixed, np.split(step, splits), strict=True):
            x[1:] -= s
            x[0] = 1.0 - x[1:].sum()
        if max(np.abs(x).max() for x in mixed) > 10.0:
            return None
    if min(x.min() for x in mixed) < -ROUNDING or np.abs(residual).max(initial=0.0) > 1e-10:
        return None
    mixed = [np.where(x > ROUNDING, x, 0.0) for x in mixed]
    return [x / x.sum() for x in mixed]


def _embedded(payoffs: Floats, actions: Sequence[Sequence[int]], mixed: Sequence[Floats]) -> Profile:
    """Mixed actions over all actions from those over the supports."""
    result = []
    for player in range(3):
        x = np.zeros(payoffs.shape[1 + player])
        x[list(actions[player])] = mixed[player]
        result.append(x)
    return result[0], result[1], result[2]


def _differences(payoffs: Floats, actions: Sequence[Sequence[int]]) -> tuple[list[Floats], list[Floats]]:
    """For each player, payoffs of inside and of outside actions less that of the first inside, over the supports."""
    inside, outside = [], []
    for player in range(3):
        others = [actions[p] for p in range(3) if p != player]
        own = np.moveaxis(payoffs[player], player, 0)[np.ix_(range(payoffs.shape[1 + player]), *others)]
        first, *rest = actions[player]
        rows = own[rest] - own[first]
        top = np.abs(rows).max(axis=(1, 2), keepdims=True, initial=0.0)
        inside.append(rows / np.where(top > ROUNDING, top, 1.0))
        outside.append(own[[a for a in range(len(own)) if a not in actions[player]]] - own[first])
    return inside, outside


def _of(cells: list[Floats], kept: Bools) -> list[Floats]:
    return [c[kept] for c in cells]


def _on_corners(rows: Floats, first: Floats, second: Floats) -> Floats:
    """Rows (r, j, k) at all pairs of corners of two simplices (m, corner, coordinate): (m, r, corner, corner)."""
    half = np.einsum("rjk,mbk->mrjb", rows, second)
    return np.einsum("mrjb,maj->mrab", half, first)


def _excluded(cells: list[Floats], inside: list[Floats], outside: list[Floats]) -> Bools:
    result = np.zeros(len(cells[0]), dtype=bool)
    for player in range(3):
        first, second = (cells[p] for p in range(3) if p != player)
        for rows, two_sided in ((inside[player], True), (outside[player], False)):
            if len(rows):
                at = _on_corners(rows, first, second)
                result |= (at.min(axis=(2, 3)) > ROUNDING).any(axis=1)
                if two_sided:
                    result |= (at.max(axis=(2, 3)) < -ROUNDING).any(axis=1)
    return result


def _corner_values(cells: list[Floats], inside: list[Floats], dims: Sequence[int]) -> Floats:
    """Every equation at every product of corners: (m, N, 1 + d_1, 1 + d_2, 1 + d_3)."""
    m = len(cells[0])
    blocks = []
    for player in range(3):
        first, second = (cells[p] for p in range(3) if p != player)
        at = np.expand_dims(_on_corners(inside[player], first, second), 2 + player)
        blocks.append(np.broadcast_to(at, (m, dims[player], *(d + 1 for d in dims))))
    return np.concatenate(blocks, axis=1)


def _slopes(values: Floats) -> list[Floats]:
    """Derivatives of the equations in each coordinate but the first of each player, at the corners of the others."""
    result = []
    for player in range(3):
        along = np.moveaxis(values, 2 + player, 2)
        change = along[:, :, 1:] - along[:, :, :1]
        result += [change[:, :, c].reshape(*change.shape[:2], -1) for c in range(change.shape[2])]
    return result


def _contracted(
    cells: list[Floats], values: Floats, payoffs: Floats, actions: Sequence[Sequence[int]]
) -> tuple[Bools, list[Profile], int]:
    """Which cells must be cut further, the profiles found in finished ones, and how many were looked for."""
    m, count = values.shape[:2]
    if count == 0:
        return np.ones(m, dtype=bool), [], 0
    slopes = _slopes(values)
    jacobian = np.stack([s.mean(axis=2) for s in slopes], axis=2)
    kept = np.ones(m, dtype=bool)
    found: list[Profile] = []
    sound = np.flatnonzero(np.isfinite(np.linalg.slogdet(jacobian)[1]))
    if sound.size == 0:
        return kept, [], 0
    inverse = np.linalg.inv(jacobian[sound])
    pulled = inverse @ values[sound].reshape(len(sound), count, -1)
    margin = ROUNDING * np.abs(inverse).sum(axis=2)
    away = ((pulled.min(axis=2) > margin) | (pulled.max(axis=2) < -margin)).any(axis=1)
    spread = np.zeros((len(sound), count))
    for c, slope in enumerate(slopes):
        spread += np.abs(inverse @ slope[sound] - np.eye(count)[c][:, None]).max(axis=2)
    kept[sound[away]] = False
    inner = restricted(payoffs, actions)
    single = sound[~away & (spread.max(axis=1) < UNIQUE)][:ATTEMPTS]
    for cell in single:
        corners = [c[cell] for c in cells]
        mixed = gauss_newton(inner, [c.mean(axis=0) for c in corners], 8)
        if mixed is not None and _holds(corners, mixed):
            kept[cell] = False
            found.append(_embedded(payoffs, actions, mixed))
    return kept, found, len(single)


def _holds(corners: Sequence[Floats], mixed: Sequence[Floats]) -> bool:
    """Whether a profile lies in a product cell, up to the overlap of neighbours; a cell too small to say holds none."""
    try:
        return all(np.linalg.solve(c.T, x).min() > -OVERLAP for c, x in zip(corners, mixed, strict=True))
    except np.linalg.LinAlgError:
        return False


def _halved(cells: list[Floats], values: Floats) -> list[Floats]:
    """Each cell cut in the middle of the edge along which some equation changes most."""
    m = len(cells[0])
    edges = [(p, a, b) for p in range(3) for a, b in itertools.combinations(range(cells[p].shape[1]), 2)]
    changes = []
    for p, a, b in edges:
        along = np.moveaxis(values, 2 + p, 2)
        change = np.abs(along[:, :, a] - along[:, :, b]).reshape(m, -1).max(axis=1, initial=0.0)
        # The length decides where the equations say nothing.
        changes.append(change + 0.01 * np.abs(cells[p][:, a] - cells[p][:, b]).max(axis=1))
    best = np.argmax(changes, axis=0)
    first, second = [c.copy() for c in cells], [c.copy() for c in cells]
    for e, (p, a, b) in enumerate(edges):
        chosen = np.flatnonzero(best == e)
        middle = (cells[p][chosen, a] + cells[p][chosen, b]) / 2
        first[p][chosen, a] = middle
        second[p][chosen, b] = middle
    return [np.concatenate(pair) for pair in zip(first, second, strict=True)]
