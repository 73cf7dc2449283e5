"""The searches behind support enumeration: roots on simplices, elimination, boxes, the last resort, closed forms."""

import itertools

import numpy as np
import pytest
from budgets import LARGE, few

from triangle.games.mixed import indifference_residuals, mixed_regrets
from triangle.solvers.mixed import enumeration
from triangle.solvers.mixed.bernstein import Polynomials, basis, exponents, interpolation, isolate, nodes
from triangle.solvers.mixed.boxes import search_support
from triangle.solvers.mixed.closed_form import closed_form_222
from triangle.solvers.mixed.enumeration import list_equilibria
from triangle.solvers.mixed.indifference import (
    _loses_rank,
    _without_solution,
    elimination_order,
    null_vector,
    solve_indifference,
)
from triangle.solvers.mixed.rescue import some_equilibrium
from triangle.solvers.mixed.support import COMPLETE, all_equilibria
from triangle.solvers.mixed.table import members, support_kinds


def distinct(points, tolerance=1e-6):
    """Points without copies, each a column."""
    kept = []
    for point in points.T:
        if all(np.abs(point - k).max() > tolerance for k in kept):
            kept.append(point)
    return np.array(kept)


# Bernstein polynomials ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dimension, degree", [(1, 4), (2, 3), (3, 6), (4, 2)])
def test_bernstein_polynomials_add_to_one_and_interpolate(dimension, degree):
    rng = np.random.default_rng(1)
    points = rng.dirichlet(np.ones(dimension + 1), 5).T
    np.testing.assert_allclose(basis(dimension, degree, points).sum(axis=0), 1.0, atol=1e-12)
    coefficients = rng.normal(size=len(exponents(dimension, degree)))
    values = coefficients @ basis(dimension, degree, nodes(dimension, degree))
    np.testing.assert_allclose(interpolation(dimension, degree) @ values, coefficients, atol=1e-9)


def test_a_matrix_loses_rank_where_its_columns_depend_on_each_other_up_to_rounding():
    rng = np.random.default_rng(5)
    whole = rng.normal(size=(4, 3, 50))
    weights = rng.normal(size=(2, 50))
    lost = whole.copy()
    lost[:, 2] = weights[0] * lost[:, 0] + weights[1] * lost[:, 1]
    assert not _loses_rank(whole).any() and _loses_rank(lost).all() and _loses_rank(whole[..., :0]).shape == (0,)


@pytest.mark.parametrize("dimension", [1, 2, 3])
def test_a_constant_is_sampled_in_the_middle_of_the_simplex(dimension):
    np.testing.assert_allclose(nodes(dimension, 0), np.full((dimension + 1, 1), 1 / (dimension + 1)))


@pytest.mark.parametrize("degree", [2, 3, 5, 7])
def test_roots_of_polynomials_in_one_unknown_are_those_of_numpy(degree):
    rng = np.random.default_rng(degree)
    coefficients = rng.normal(size=(degree + 1, 1, 200))
    roots = isolate(Polynomials(coefficients, degree))
    assert roots.unresolved.size == 0
    powers = np.linalg.inv(np.vander(np.arange(degree + 1) / degree, increasing=True))
    values = basis(1, degree, nodes(1, degree)).T @ coefficients[:, 0]
    order = np.argsort(nodes(1, degree)[1])
    for system in range(200):
        expected = np.roots((powers @ values[order, system])[::-1])
        expected = np.sort(expected.real[(np.abs(expected.imag) < 1e-9) & (expected.real > 0) & (expected.real < 1)])
        found = distinct(roots.points[:, roots.system == system])
        found = np.sort([p[1] for p in found if 0 < p[1] < 1])
        np.testing.assert_allclose(found, expected, atol=1e-6)


def test_two_lines_meet_once_or_not_at_all():
    rng = np.random.default_rng(3)
    lines = rng.normal(size=(3, 2, 300))
    roots = isolate(Polynomials(lines, 1))
    for system in range(300):
        meeting = np.cross(lines[:, 0, system], lines[:, 1, system])
        inside = (meeting > 0).all() or (meeting < 0).all()
        found = roots.points[:, roots.system == system]
        assert (found.size > 0) == inside
        if inside:
            np.testing.assert_allclose(found[:, 0], meeting / meeting.sum(), atol=1e-9)


def test_a_circle_and_a_line_that_touch_are_unresolved_and_not_dropped():
    # In t = second, u = third coordinate: (t - 1/4)^2 + (u - 1/4)^2 = 1/50 and t + u = 7/10, which touch at 7/20.
    points = nodes(2, 2)
    t, u = points[1], points[2]
    values = np.stack([(t - 0.25) ** 2 + (u - 0.25) ** 2 - 0.02, t + u - 0.7], axis=1)
    equations = Polynomials((interpolation(2, 2) @ values)[:, :, None], 2)
    roots = isolate(equations)
    assert roots.unresolved.tolist() == [0]


def test_an_equation_that_says_nothing_is_unresolved():
    coefficients = np.zeros((6, 2, 1))
    coefficients[:, 0] = np.random.default_rng(4).normal(size=(6, 1))
    assert isolate(Polynomials(coefficients, 2)).unresolved.tolist() == [0]


# Elimination ----------------------------------------------------------------------------------------------------------


def test_a_null_vector_is_orthogonal_to_its_rows():
    rows = np.random.default_rng(5).normal(size=(4, 5, 7))
    vector = null_vector(list(rows), 7)
    np.testing.assert_allclose(np.einsum("kcm,cm->km", rows, vector), 0.0, atol=1e-12)


def test_every_balanced_support_of_up_to_six_actions_has_an_elimination():
    for dimensions in itertools.product(range(6), repeat=3):
        balanced = 2 * max(dimensions) <= sum(dimensions)
        assert (elimination_order(dimensions) is not None) == balanced


@pytest.mark.parametrize("shape", [(4, 5, 7), (2, 9, 9)], ids=str)
def test_a_game_too_large_is_refused_and_no_support_is_passed_over(shape):
    with pytest.raises(ValueError, match=r"too large|up to 64"):
        all_equilibria(np.random.default_rng(12).random((3, *shape)))


DIMENSIONS = [(0, 2, 2), (1, 1, 1), (1, 1, 2), (1, 2, 2), (1, 2, 3), (1, 3, 4)]
DIMENSIONS += [(2, 2, 2), (2, 2, 3), (2, 2, 4), (2, 3, 3)]


def planted(rng, dimensions, games):
    """Payoffs of full-support games each of which has a given totally mixed profile that makes all actions tie."""
    actions = [d + 1 for d in dimensions]
    payoffs = rng.normal(size=(3, *actions, games))
    mixed = [np.moveaxis(rng.dirichlet(3 * np.ones(a), games), -1, 0) for a in actions]
    for player in range(3):
        q, r = (p for p in range(3) if p != player)
        own = np.moveaxis(payoffs[player], player, 0)
        value = np.einsum("aqrm,qm,rm->am", own, mixed[q], mixed[r])
        own -= value[:, None, None]
    return payoffs / (2 * np.abs(payoffs).max()), mixed


@pytest.mark.parametrize("dimensions", DIMENSIONS, ids=str)
def test_elimination_finds_a_planted_solution(dimensions):
    order = elimination_order(dimensions)
    payoffs, mixed = planted(np.random.default_rng(6), dimensions, 12)
    turned = payoffs[list(order)].transpose(0, *(1 + p for p in order), 4)
    candidates = solve_indifference(turned, 4000)
    for system in set(range(12)) - set(candidates.unresolved.tolist()):
        rows = np.flatnonzero(candidates.system == system)
        found = np.concatenate([x[:, rows] for x in candidates.mixed])
        wanted = np.concatenate([mixed[p][:, system] for p in order])
        assert rows.size and np.abs(found - wanted[:, None]).max(axis=0).min() < 1e-4
    assert candidates.unresolved.size <= 2


def small_cells(rng, x, size):
    """A cell around each of some points (coordinate, m): corners (corner, coordinate, m)."""
    corners = size * (rng.dirichlet(np.ones(len(x)), (len(x), x.shape[1])).transpose(0, 2, 1) - x)
    return x + corners - corners.mean(axis=0)


def without(rows, *mixed):
    """Rows (d, p, q, m) less what they are at mixed actions (p, m) and (q, m), so that they vanish there."""
    first, second = mixed
    return rows - np.einsum("dpqm,pm,qm->dm", rows, first, second)[:, None, None]


@pytest.mark.parametrize("dimensions", [(2, 3, 3), (3, 3, 3), (3, 3, 4), (4, 4, 4)], ids=str)
def test_no_cell_with_a_solution_is_ruled_out(dimensions):
    rng, cells = np.random.default_rng(7), 200
    h, i, j = (n + 1 for n in dimensions)
    x, y, z = (rng.dirichlet(np.ones(n), cells).T for n in (h, i, j))
    a, b, c = (rng.normal(size=shape) for shape in ((h - 1, i, j, cells), (i - 1, h, j, cells), (j - 1, h, i, cells)))
    rows = without(a, y, z), without(b, x, z), without(c, x, y)
    for size in few((1e-2, 1e-7, 0.3, 1e-4), 2):
        assert not _without_solution(*rows)(small_cells(rng, x, size), np.arange(cells)).any()


def test_a_cell_in_which_both_matrices_lose_rank_and_nothing_is_solved_is_ruled_out():
    rng, cells = np.random.default_rng(8), 50
    x = rng.dirichlet(np.ones(5), cells).T
    a, b, c = rng.normal(size=(3, 4, 5, 5, cells))
    for rows in (b, c):  # at x the last row is the sum of the others
        rows[-1] += (rows[:-1].sum(axis=0) - rows[-1]) * np.ones((5, 1, 1))
        moved = rng.normal(size=(5, 5, cells))
        rows[-1] += moved - np.einsum("hqm,hm->qm", moved, x)
    singular = np.linalg.svd(np.einsum("dhqm,hm->mdq", c, x), compute_uv=False)[:, -1]
    assert singular.max() < 1e-12
    assert _without_solution(a, b, c)(small_cells(rng, x, 1e-6), np.arange(cells)).all()


@pytest.mark.parametrize("actions", [4, 5] if LARGE else [4])
def test_the_support_of_all_of_so_many_actions_each_is_decided(actions):
    payoffs = np.random.default_rng(1).uniform(size=(3, actions, actions, actions))
    found = solve_indifference(payoffs[..., None], 30_000)
    assert found.unresolved.size == 0
    # Equilibria in the game's other supports have indices that add to one, so that there is none in these.
    assert found.system.size == 0


def test_kinds_hold_the_payoffs_of_their_supports():
    shape = (3, 2, 3)
    payoffs = np.random.default_rng(7).normal(size=(3, *shape))
    flat = payoffs.ravel()
    total = 0
    for kind in support_kinds(shape):
        for s, order, entries in zip(kind.supports, kind.order, kind.entries, strict=True):
            actions = [list(members(int(mask))) for mask in s]
            inner = payoffs[np.ix_(range(3), *actions)]
            turned = inner[order].transpose(0, *(1 + p for p in order))
            np.testing.assert_array_equal(flat[entries], turned)
            total += 1
    balanced = [
        m
        for m in itertools.product(*(range(1, 1 << n) for n in shape))
        if 0 < 2 * max(k.bit_count() - 1 for k in m) <= sum(k.bit_count() - 1 for k in m)
    ]
    assert total == len(balanced)


# The searches of the last turn ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(2, 2, 2), (2, 3, 2), (3, 3, 3)], ids=str)
def test_boxes_and_elimination_find_the_same(shape):
    games = 4 if LARGE else 2
    payoffs = np.random.default_rng(8).random((3, *shape, games))
    found = all_equilibria(payoffs)
    for game in range(games):
        rows = found.of(game)
        for r in rows:
            support = [int(s[r]) for s in found.supports]
            if max(s.bit_count() for s in support) == 1:
                continue
            result = search_support(payoffs[..., game], support, 20_000)
            assert result.cells_left == 0
            wanted = np.concatenate([x[:, r] for x in found.probabilities])
            assert min(np.abs(np.concatenate(p) - wanted).max() for p in result.profiles) < 1e-7
        full = [(1 << n) - 1 for n in shape]
        if not any((found.supports[:, r] == full).all() for r in rows):
            assert search_support(payoffs[..., game], full, 20_000).profiles == ()


def test_the_last_resort_ends_in_an_equilibrium():
    rng = np.random.default_rng(9)
    for number, shape in enumerate(((2, 2, 2), (3, 3, 3), (2, 4, 3))[: 3 if LARGE else 2]):
        drawn = rng.random((3, *shape)), rng.integers(0, 3, (3, *shape)) / 2
        for payoffs in drawn if LARGE else drawn[number:][:1]:
            assert mixed_regrets(payoffs, some_equilibrium(payoffs, 1e-9)).max() <= 1e-9


# Closed forms ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["uniform", "near ties"])
def test_closed_forms_agree_with_the_general_method(kind):
    rng = np.random.default_rng(10)
    payoffs = rng.random((3, 2, 2, 2, 500))
    if kind == "near ties":
        payoffs = rng.integers(0, 4, payoffs.shape) + 1e-6 * payoffs
    rows, settled = closed_form_222(payoffs, 1e-9)
    assert settled.mean() > 0.9
    span = np.ptp(payoffs, axis=(1, 2, 3), keepdims=True)
    listed = list_equilibria((payoffs - payoffs.min(axis=(1, 2, 3), keepdims=True)) / span, 1e-9)
    for game in np.flatnonzero(settled):
        one = np.sort(rows.second[:, rows.game == game].T.round(6).tolist(), axis=0)
        other = np.sort(listed.stacked[[1, 3, 5]][:, listed.game == game].T.round(6).tolist(), axis=0)
        np.testing.assert_allclose(one, other, atol=2e-6)
        assert rows.index[rows.game == game].sum() == 1


def test_solutions_tie_all_their_actions():
    payoffs = np.random.default_rng(11).random((3, 3, 3, 3, 30))
    found = all_equilibria(payoffs)
    assert (found.verdict == COMPLETE).all()
    for r in range(found.game.size):
        played = [np.flatnonzero(x[:, r]) for x in found.probabilities]
        inner = payoffs[..., found.game[r]][np.ix_(range(3), *played)]
        residuals = indifference_residuals(inner, [x[p, r] for x, p in zip(found.probabilities, played, strict=True)])
        assert np.abs(residuals).max(initial=0.0) < 1e-12


def test_only_open_supports_are_taken_up_again_and_nothing_is_missed(monkeypatch):
    """With less allowance supports stay open; what other labellings of the players find does not depend on the rest."""
    payoffs = np.random.default_rng(3).uniform(size=(3, 3, 3, 3, 30))[..., : 30 if LARGE else 12]
    expected, narrowed = all_equilibria(payoffs), []
    monkeypatch.setitem(enumeration.ALLOWANCE, 2, 40)
    asked = enumeration._Case.asked
    monkeypatch.setattr(
        enumeration._Case, "asked", lambda case, turn: narrowed.append(asked(case, turn)) or narrowed[-1]
    )
    found = all_equilibria(payoffs)
    assert len(narrowed) > 5 and all(narrowed)  # some supports each time, never none
    assert np.array_equal(found.game, expected.game) and np.array_equal(found.verdict, expected.verdict)
    for own, right in zip(found.probabilities, expected.probabilities, strict=True):
        assert np.abs(np.sort(own) - np.sort(right)).max() < 1e-9
