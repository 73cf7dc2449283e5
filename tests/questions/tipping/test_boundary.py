"""Boundary curves: circles and polygons that are known, and margins of the shipped model that vanish along them."""

import numpy as np
import pytest
from budgets import LARGE, few
from strategies import former
from turning_games import game

import triangle
from triangle.base.errors import BadInput
from triangle.batch.equilibria import sweep_margins
from triangle.measures.box import box_of
from triangle.players.cast import SHIPPED
from triangle.players.patterns import parse_pattern
from triangle.questions.tipping.answer import tipping_points
from triangle.questions.tipping.boundary import Boundaries, boundary_curves
from triangle.study.study import Study

AXES = ["relief", "conditionality"]
COURTS = parse_pattern("US=court_russia,RU=align,CN=align", SHIPPED)


def test_a_circle_is_one_closed_curve_with_its_radius():
    study = game(lambda v: 0.09 - (v["relief"] - 0.5) ** 2 - (v["conditionality"] - 0.4) ** 2)
    (curve,) = boundary_curves(study, AXES, COURTS).curves
    assert (curve.closed, curve.complete) == (True, True)
    x, y = curve.points
    assert np.abs(np.hypot(x - 0.5, y - 0.4) - 0.3).max() < 1e-8
    turns = np.unwrap(np.arctan2(y - 0.4, x - 0.5))
    assert turns[-1] - turns[0] == pytest.approx(2 * np.pi, abs=1e-6)  # once around, the equilibrium to the left


def test_several_components_are_all_found():
    def islands(v):
        near = [
            0.15**2 - (v["relief"] - a) ** 2 - (v["conditionality"] - b) ** 2 for a, b in ((0.25, 0.25), (0.7, 0.7))
        ]
        return np.maximum(*near)

    found = boundary_curves(game(islands), AXES, COURTS).curves
    assert [curve.closed for curve in found] == [True, True]
    assert sorted(round(float(curve.points[0].mean()), 1) for curve in found) == [0.2, 0.7]


def test_corners_between_two_deviations_are_met_exactly():
    # The US courts above relief 0.4, Russia stays with China below conditionality 0.6: a corner at (0.4, 0.6).
    study = game(lambda v: v["relief"] - 0.4, leaves=lambda v: v["conditionality"] - 0.6)
    (curve,) = boundary_curves(study, AXES, COURTS).curves
    assert not curve.closed
    assert curve.complete
    assert np.abs(curve.points - np.array([[0.4], [0.6]])).max(axis=0).min() < 1e-9
    assert len(set(curve.deciding)) == 2
    ends = curve.points[:, [0, -1]].T
    assert sorted(ends.round(9).tolist()) == [[0.4, 0.0], [1.0, 0.6]]


def along(study: Study, found: Boundaries) -> float:
    """The largest margin anywhere on the curves, in absolute value."""
    box = box_of(study, found.parameters)
    return max(
        float(
            np.abs(
                sweep_margins(
                    box.values(study, curve.points), [SHIPPED.index(curve.profile)], study.model.terms, hold=study.hold
                )
            ).max()
        )
        for curve in found.curves
    )


@pytest.mark.parametrize(
    ("scenario", "axes"),
    few(
        [
            ("full_package", ["relief", "europe_joins"]),
            ("baseline", ["stake_us_cn", "unilateral_yield"]),
            ("rift_courted", ["rivalry_cost_ru_cn", "stake_ru_cn"]),
            ("baseline", ["decisiveness", "capability_cn"]),
        ],
        4,
    ),
)
def test_margins_vanish_all_along_and_curves_end_on_the_edges(scenario: str, axes: list[str]):
    study = triangle.load(scenario, model=former())
    # The postures that have some there; all of them otherwise.
    found = boundary_curves(study, axes, None if LARGE else parse_pattern("US=court_russia", SHIPPED))
    assert len(found.curves) > 1
    assert along(study, found) < 1e-6
    for curve in found.curves:
        assert curve.complete
        if not curve.closed:
            for end in curve.points[:, [0, -1]].T:
                assert min(np.abs(end - found.low).min(), np.abs(end - found.high).min()) < 1e-9


def test_curves_pass_through_the_tipping_points_of_either_parameter():
    study = triangle.load("baseline", model=former())
    axes = ["stake_us_cn", "unilateral_yield"]
    found = boundary_curves(study, axes, parse_pattern("US=contain_both,RU=align,CN=align", SHIPPED))
    (curve,) = found.curves
    size = found.high - found.low
    for point in tipping_points(study, axes):
        here = np.array([point.value if name == point.parameter else study.scenario.values[name] for name in axes])
        a, b = curve.points[:, :-1].T, curve.points[:, 1:].T
        part = np.clip((((here - a) / size**2) * (b - a)).sum(1) / (((b - a) / size) ** 2).sum(1), 0, 1)
        gaps = np.linalg.norm((a + part[:, None] * (b - a) - here) / size, axis=1)
        assert gaps.min() < 1e-3


def test_a_profile_that_holds_everywhere_has_no_curve():
    # The equilibrium and what lies around it by default, all postures otherwise.
    some = None if LARGE else parse_pattern("US=contain_both", SHIPPED)
    found = boundary_curves(triangle.load("baseline", model=former()), ["gain_ru_cn", "evasion"], some)
    assert found.curves == ()
    assert found.always == ((0, 1, 1),)


def test_two_parameters_are_needed():
    with pytest.raises(BadInput, match="found 1"):
        boundary_curves(triangle.load("baseline"), ["relief"])
