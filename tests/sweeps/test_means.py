"""Means that are added up exactly, and intervals that hold what they say: normal, bootstrap, scrambles."""

import json

import numpy as np
import pytest
from budgets import LARGE
from hypothesis import given
from hypothesis import strategies as st

from triangle import api
from triangle.base.errors import BadInput
from triangle.base.intervals import wilson
from triangle.base.records import from_document, to_document
from triangle.sweeps import run as sweep
from triangle.sweeps.design import BLOCK, Design, Drawn, design_of
from triangle.sweeps.means import Means
from triangle.sweeps.replicates import kind_of, weights

NAME = ("share", "x")


def drawn(sampling: str, samples: int, replicates: int, dimensions: int = 2, seed: int = 1) -> Design:
    names = [f"p{d}" for d in range(dimensions)]
    fixed = dict.fromkeys(names, 0.5)
    box = tuple(Drawn(name, "uniform", (0.0,), (1.0,), (0.5,)) for name in names)
    return Design(("s",), (fixed,), sampling=sampling, samples=samples, seed=seed, drawn=box, replicates=replicates)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=50), st.integers(0, 50), st.randoms())
def test_a_mean_does_not_depend_on_the_order_of_its_parts(values, cut, chance):
    series = np.array([values])
    whole = Means.of([NAME], series)
    assert whole.mean(NAME) == pytest.approx(np.mean(values), abs=1e-11)
    chance.shuffle(values)
    parts = Means.empty([NAME])
    for piece in (values[:cut], values[cut:]):
        parts.add(Means.of([NAME], np.array([piece]).reshape(1, -1)))
    assert to_document(parts) == to_document(whole)
    assert to_document(from_document(Means, json.loads(json.dumps(to_document(whole))), "means")) == to_document(whole)


def test_weighted_sums_are_exact():
    draw = np.random.default_rng(0)
    series, counts = draw.random((3, 9000)), draw.poisson(1.0, (7, 9000)).astype(float)
    names = [("p", str(i)) for i in range(3)]
    one = Means.of(names, series, "bootstrap", counts)
    units = np.rint(series * 2.0**36).astype(np.int64)
    assert one.weighted.tolist() == (counts.astype(np.int64) @ units.T).tolist()
    assert one.weights.tolist() == counts.sum(axis=1).astype(int).tolist()


def test_games_without_an_answer_are_left_out():
    means = Means.of([NAME], np.array([[0.5, np.nan, 0.7]]))
    assert means.games == 2 and means.mean(NAME) == pytest.approx(0.6)


def test_where_nothing_else_was_met_the_interval_is_wilsons():
    for value in (0.0, 1.0):
        means = Means.of([NAME], np.full((1, 100), value), "bootstrap", np.ones((40, 100)))
        assert means.interval(NAME, 100) == wilson(int(value) * 100, 100)
        # A hundred games of ten draws say as much as the ten.
        assert means.interval(NAME, 10) == wilson(int(value) * 10, 10)


def covered(intervals, truth: float) -> float:
    return float(np.mean([low <= truth <= high for low, high in intervals]))


def test_normal_and_bootstrap_intervals_hold_the_mean_in_95_of_100():
    normal, bootstrap = [], []
    for seed in range(300 if LARGE else 60):
        design = drawn("random", 400, 200 if LARGE else 100, dimensions=1, seed=seed)
        series = design.at(0, 0, 400)["p0"][None] ** 2
        normal.append(Means.of([NAME], series).interval(NAME, 400))
        bootstrap.append(Means.of([NAME], series, "bootstrap", weights(design, 0, 400)).interval(NAME, 400))
    assert 0.91 <= covered(normal, 1 / 3) <= 0.98
    assert 0.91 <= covered(bootstrap, 1 / 3) <= 0.98
    assert np.ptp(normal, axis=1).mean() == pytest.approx(np.ptp(bootstrap, axis=1).mean(), rel=0.1)


def test_the_bootstrap_counts_games_that_share_a_draw_as_one():
    """Ten nodes with the same answer are no ten times as many draws; independent games would say so."""
    widths = []
    for axes in ((), (("a", tuple(range(10))),)):
        base = drawn("random", 500, 300)
        design = Design(("s",), base.fixed, axes, "random", 500, 1, base.drawn, replicates=300)
        games = design.games
        series = np.tile(design.at(0, 0, 500)["p0"], games // 500)[None]
        means = Means.of([NAME], series, kind_of(design), weights(design, 0, games))
        widths.append(np.ptp(means.interval(NAME, 500)))
    assert widths[1] == pytest.approx(widths[0], rel=1e-9)


@pytest.mark.parametrize("sampling", ["sobol", "lhs"])
def test_scrambles_hold_the_mean_in_95_of_100_and_are_narrower(sampling: str):
    intervals = []
    for seed in range(150 if LARGE else 60):
        design = drawn(sampling, 16 * 64, 16, seed=seed)
        values = design.at(0, 0, design.samples)
        series = (values["p0"] * values["p1"])[None]
        intervals.append(Means.of([NAME], series, "scrambles", weights(design, 0, design.samples)).interval(NAME, 1024))
    assert 0.89 <= covered(intervals, 0.25) <= 0.99
    independent = 2 * 1.96 * np.sqrt(7 / 144 / 1024)  # the variance of a product of two uniform numbers is 7/144
    assert np.ptp(intervals, axis=1).mean() < 0.6 * independent


@pytest.mark.parametrize("sampling", ["sobol", "lhs"])
def test_every_scramble_is_a_design_of_its_own(sampling: str):
    design = drawn(sampling, 8 * 32, 8)
    points = design.at(0, 0, design.samples)["p0"].reshape(8, 32)
    assert (np.sort(np.floor(points * 32), axis=1) == np.arange(32)).all(), "one point in each of 32 strata"
    assert len(np.unique(points[:, 0])) == 8
    again = design_of(json.loads(json.dumps(to_document(design))))
    assert (again.at(0, 100, 200)["p0"] == points.reshape(-1)[100:200]).all()


def test_weights_are_those_of_the_draw_whatever_the_stretch():
    design = drawn("random", BLOCK + 100, 40)
    whole = weights(design, 0, design.games)
    assert (weights(design, 4000, 4150) == whole[:, 4000:4150]).all()
    assert whole.mean() == pytest.approx(1.0, abs=0.01) and whole.var() == pytest.approx(1.0, abs=0.02)
    assert (whole == 0).mean() == pytest.approx(np.exp(-1), abs=0.005)


def test_points_are_as_before_where_there_are_no_scrambles():
    one, resampled = drawn("random", 300, 1), drawn("random", 300, 40)
    assert (one.at(0, 0, 300)["p1"] == resampled.at(0, 0, 300)["p1"]).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"over": {"relief": [0.0, 1.0]}}, "a grid has no draws"),
        ({"samples": 1000, "replicates": 16}, "1,000 samples cannot be divided into 16 equal designs; take 992"),
        ({"samples": 1000, "replicates": 2}, "found 2; expected 5 to 64 for --design sobol"),
        ({"samples": 1000, "sampling": "random", "replicates": 16}, "found 16; expected 40 to 10,000"),
    ],
)
def test_replicates_that_cannot_be(arguments, message: str):
    with pytest.raises(BadInput, match=message):
        sweep.plan([api.load("baseline")], **{"replicates": 8, **arguments})
