"""The nearest point under constraints: known solutions in both norms, and the best attempt where there is none."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from triangle.questions.flip.nearest import (
    PENALTY,
    Program,
    _shortest_over_one,
    approach,
    best_attempt,
    carried_out,
    nearest,
    side_by_side,
)

TILT = np.array([[3.0, 4.0, 0.0], [0.0, 1.0, 2.0]])


def linear(offsets: list[float], reach: float = 10.0) -> Program:
    """The program TILT · u ≥ offsets in a cube."""
    return Program(lambda u: (TILT @ u - offsets, TILT), np.full(3, -reach), np.full(3, reach), slack=1e-7)


def test_one_plane_is_met_at_its_foot_or_on_the_steepest_axis():
    program = linear([5.0, -100.0])
    assert nearest(program, np.zeros(3), "l2") == pytest.approx([0.6, 0.8, 0.0], abs=1e-6)
    assert nearest(program, np.zeros(3), "l1") == pytest.approx([0.0, 1.25, 0.0], abs=1e-6)


def test_two_planes_are_met_where_their_multipliers_say():
    # The foot on both: u = TILT' (TILT TILT')^-1 b.
    offsets = np.array([5.0, 4.0])
    foot = TILT.T @ np.linalg.solve(TILT @ TILT.T, offsets)
    assert nearest(linear(offsets.tolist()), np.ones(3), "l2") == pytest.approx(foot, abs=1e-6)
    # In the sum of moves: (0, 1.25, 1.375), of length 2.625, is the best of the vertices.
    assert np.abs(nearest(linear(offsets.tolist()), np.ones(3), "l1")).sum() == pytest.approx(2.625, abs=1e-6)


def test_the_box_bounds_the_way():
    assert nearest(linear([5.0, -100.0], reach=0.75), np.zeros(3), "l2") == pytest.approx([2 / 3, 0.75, 0], abs=1e-6)
    assert nearest(linear([5.0, -100.0], reach=0.5), np.zeros(3), "l2") is None
    assert nearest(linear([5.0, -100.0], reach=0.5), np.zeros(3), "l1") is None


def curved(u: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Outside the unit circle around (2, 0), and above the parabola."""
    values = np.array([(u[0] - 2) ** 2 + u[1] ** 2 - 1, u[1] - 0.25 * u[0] ** 2 - 1])
    return values, np.array([[2 * (u[0] - 2), 2 * u[1]], [-0.5 * u[0], 1.0]])


@pytest.mark.parametrize("norm", ["l2", "l1"])
@pytest.mark.parametrize("start", [(0.0, 0.0), (2.0, 0.1), (4.0, 4.0), (-3.0, 2.0)])
def test_curved_constraints_are_met_from_any_start(norm: str, start: tuple[float, float]):
    program = Program(curved, np.full(2, -5.0), np.full(2, 5.0), slack=1e-7)
    assert nearest(program, np.array(start), norm) == pytest.approx([0.0, 1.0], abs=1e-4)


def test_the_best_attempt_balances_what_cannot_all_be_kept():
    program = Program(
        lambda u: (np.array([u[0] - 1, -2 * u[0] - 1]), np.array([[1.0], [-2.0]])),
        np.full(1, -9.0),
        np.full(1, 9.0),
        0.0,
    )
    point, least = best_attempt(program, np.array([5.0]))
    assert point == pytest.approx([0.0], abs=1e-9)
    assert least == pytest.approx(-1.0, abs=1e-9)


def test_an_attempt_that_suffices_stops():
    program = linear([5.0, -100.0])
    _, least = best_attempt(program, np.zeros(3), enough=0.0)
    assert 0 <= least < 1e3


@given(seed=st.integers(0, 10_000), wanted=st.floats(-3, 8), inside=st.booleans())
def test_over_one_half_space_no_linear_program_finds_a_shorter_point(seed: int, wanted: float, inside: bool):
    """Coordinates too flat to be worth the price stay, and the origin may lie outside the box."""
    from scipy.optimize import linprog

    rng = np.random.default_rng(seed)
    row, middle = rng.normal(size=6) * rng.choice([0.0, 1e-3, 1.0], size=6), rng.normal(size=6) * (not inside)
    low, high = middle - rng.random(6), middle + rng.random(6)
    point, cost = _shortest_over_one(row, wanted, low, high)
    assert (low <= point).all() and (point <= high).all()
    assert cost == pytest.approx(np.abs(point).sum() + PENALTY * max(0.0, wanted - row @ point))
    lengths = [(0.0, None)] * 6  # of the coordinates, above their absolute values
    ways = np.concatenate([np.eye(6), -np.eye(6)])
    least = linprog(
        [0.0] * 6 + [1.0] * 6 + [PENALTY],
        A_ub=np.block([[ways, np.tile(-np.eye(6), (2, 1)), np.zeros((12, 1))], [-row, np.zeros(6), -1.0]]),
        b_ub=[0.0] * 12 + [-wanted],
        bounds=[*zip(low, high, strict=True), *lengths, (0.0, None)],
    )
    assert cost == pytest.approx(least.fun, abs=1e-6)


@pytest.mark.parametrize("norm", ["l2", "l1"])
def test_searches_side_by_side_find_what_each_finds_by_itself(norm: str):
    """Also where one of them ends sooner than the others, or finds nothing."""
    programs = [linear([5.0, 4.0]), linear([5.0, -100.0]), linear([5.0, -100.0], reach=0.5), linear([-1.0, 4.0])]
    starts = [np.zeros(3), np.ones(3), np.zeros(3), np.array([3.0, -2.0, 1.0])]
    alone = [nearest(program, start, norm) for program, start in zip(programs, starts, strict=True)]
    runs = [approach(program, start, norm) for program, start in zip(programs, starts, strict=True)]
    together = carried_out(side_by_side(runs))
    assert [found is None for found in together] == [found is None for found in alone] == [False, False, True, False]
    for one, other in zip(alone, together, strict=True):
        assert one is None or one == pytest.approx(other, abs=1e-9)


def test_programs_that_look_at_the_same_numbers_are_looked_at_together():
    looked = []

    def several(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        looked.append(len(points))
        return points @ TILT.T, np.tile(TILT, (len(points), 1, 1))

    def program(*rows: int) -> Program:
        def made(found: np.ndarray, tilted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            return found[list(rows)] - 4.0, tilted[list(rows)]

        return Program(
            lambda u: pytest.fail("looked at alone"), np.full(3, -10.0), np.full(3, 10.0), 1e-7, several, made
        )

    runs = [approach(one, np.zeros(3), "l1") for one in (program(0, 1), program(1, 0))]
    one, other = carried_out(side_by_side(runs))
    assert one == pytest.approx(other) and (TILT @ one >= 4.0 - 1e-6).all()
    assert set(looked) == {2}
