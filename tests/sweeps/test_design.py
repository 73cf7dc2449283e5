"""Designs: each point a function of its index; priors, correlations, and what is wrong with a design."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import qmc

from triangle.base.errors import BadInput
from triangle.base.records import to_document
from triangle.sweeps.design import BLOCK, Design, Drawn, design_of, grid, permuted

SAMPLINGS = ("sobol", "lhs", "random")


def box(samples: int, sampling: str = "sobol", dimensions: int = 3, seed: int = 3, **more) -> Design:
    drawn = tuple(Drawn(f"p{i}", "uniform", (0.0,), (1.0,), (0.5,)) for i in range(dimensions))
    return Design(("a",), ({},), sampling=sampling, samples=samples, seed=seed, drawn=drawn, **more)


def points(design: Design, start: int = 0, stop: int | None = None) -> np.ndarray:
    found = [v for _, v in design.blocks(0, start, design.games_each if stop is None else stop)]
    return np.concatenate([np.stack([v[p.name] for p in design.drawn]) for v in found], axis=1)


@pytest.mark.parametrize("samples", [1, 2, 5, 1024, 1025, BLOCK + 1, 3 * BLOCK])
def test_sobol_points_are_scipys(samples: int):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scipy warns of lengths that are no power of two
        theirs = qmc.Sobol(5, scramble=True, rng=np.random.default_rng([3, 0])).random(samples)
    ours = points(box(samples, dimensions=5))
    assert np.allclose(ours.T, theirs, atol=2.0**-30, rtol=0)


@pytest.mark.parametrize("sampling, dimensions", [("lhs", 1025), ("sobol", 1024)])
def test_a_design_may_have_many_dimensions(sampling: str, dimensions: int):
    assert points(box(4, sampling, dimensions)).shape == (dimensions, 4)


def test_more_parameters_than_a_sobol_sequence_has_dimensions_are_refused():
    with pytest.raises(BadInput, match="1,025 parameters to draw; a Sobol' sequence has at most 1,024: take lhs or"):
        box(4, "sobol", 1025)


@pytest.mark.parametrize("samples", [1, 2, 7, 1000, BLOCK + 5])
def test_a_latin_hypercube_has_one_point_in_each_stratum(samples: int):
    found = points(box(samples, "lhs"))
    assert (np.sort(np.floor(found * samples), axis=1) == np.arange(samples)).all()
    if samples >= 1000:
        assert np.abs(np.corrcoef(found) - np.eye(3)).max() < 0.1


@given(length=st.integers(1, 5000), key=st.lists(st.integers(0, 2**63 - 1), min_size=4, max_size=4))
def test_hashing_permutes(length: int, key: list[int]):
    image = permuted(np.arange(length, dtype=np.uint64), length, np.array(key, dtype=np.uint64))
    assert (np.sort(image) == np.arange(length)).all()


@pytest.mark.parametrize("sampling", SAMPLINGS)
def test_a_point_depends_on_its_index_alone(sampling: str):
    design = box(2 * BLOCK + 10, sampling)
    whole = points(design)
    assert (points(design, BLOCK, BLOCK + 7) == whole[:, BLOCK : BLOCK + 7]).all()
    assert (points(design_of(to_document(design))) == whole).all()
    assert not (points(box(design.samples, sampling, seed=4)) == whole).any()


@pytest.mark.parametrize("sampling", SAMPLINGS)
def test_every_node_of_a_grid_has_the_same_draws(sampling: str):
    design = box(1500, sampling, axes=(("x", (0.0, 1.0, 2.0)), ("y", (5.0, 6.0))))
    assert design.dims == ("x", "y", "sample") and design.shape == (3, 2, 1500)
    values = [v for _, v in design.blocks(0, 0, design.games)]
    found = {n: np.concatenate([v[n] for v in values]).reshape(design.shape) for n in ("x", "y", "p0", "p2")}
    assert (found["x"] == np.array([0, 1, 2])[:, None, None]).all()
    assert (found["y"] == np.array([5, 6])[:, None]).all()
    alone = points(box(1500, sampling))
    assert (found["p0"] == alone[0]).all() and (found["p2"] == alone[2]).all()


def test_priors():
    shapes = {
        "flat": Drawn("flat", "uniform", (2.0,), (4.0,), (2.5,)),
        "log": Drawn("log", "loguniform", (0.5,), (2.0,), (1.0,)),
        "peak": Drawn("peak", "triangular", (0.0,), (10.0,), (2.0,)),
        "still": Drawn("still", "uniform", (7.0,), (7.0,), (7.0,)),
    }
    design = Design(("a",), ({},), sampling="sobol", samples=BLOCK, seed=0, drawn=tuple(shapes.values()))
    found = dict(zip(shapes, points(design), strict=True))
    for name, p in shapes.items():
        assert p.low[0] <= found[name].min() and found[name].max() <= p.high[0]
    assert found["flat"].mean() == pytest.approx(3, abs=0.01)
    assert np.median(found["log"]) == pytest.approx(1, abs=0.01)
    assert found["peak"].mean() == pytest.approx(4, abs=0.02)  # (low + mode + high) / 3
    assert (found["peak"] < 2).mean() == pytest.approx(0.2, abs=0.005)
    assert (found["still"] == 7).all()


def test_a_copula_correlates_ranks_and_keeps_the_margins():
    design = box(BLOCK, correlation=(("p0", "p2", 0.8),))
    a, b, c = points(design)
    assert (a == points(box(BLOCK))[0]).all() or np.allclose(a, points(box(BLOCK))[0], atol=1e-12)
    # Spearman's rank correlation of a Gaussian copula: (6/π) asin(ρ/2)
    assert np.corrcoef(a, c)[0, 1] == pytest.approx(6 / np.pi * np.arcsin(0.4), abs=0.02)
    assert abs(np.corrcoef(a, b)[0, 1]) < 0.03
    assert np.abs(np.sort(c) - (np.arange(BLOCK) + 0.5) / BLOCK).max() < 0.03


@pytest.mark.parametrize(
    ("correlation", "message"),
    [
        ((("p0", "nobody", 0.5),), "nobody: this parameter is not drawn"),
        ((("p0", "p0", 0.5),), "of two parameters"),
        ((("p0", "p1", 1.0),), "between −1 and 1"),
        ((("p0", "p1", 0.9), ("p1", "p2", 0.9), ("p0", "p2", -0.9)), "no joint distribution"),
    ],
)
def test_impossible_correlations(correlation, message: str):
    with pytest.raises(BadInput, match=message):
        box(10, correlation=correlation)


def test_impossible_designs():
    with pytest.raises(BadInput, match="at most 1,073,741,824"):
        box(2**30 + 1)
    with pytest.raises(BadInput, match="needs a range above 0"):
        Design(("a",), ({},), sampling="random", samples=3, drawn=(Drawn("p", "loguniform", (0.0,), (1.0,), (0.5,)),))
    held = Drawn("p", "loguniform", (0.0, 1.0), (0.0, 2.0), (0.0, 1.0))
    design = Design(("a", "b"), ({}, {}), sampling="random", samples=3, drawn=(held,))
    assert design.at(0, 0, 3)["p"].tolist() == [0, 0, 0] and (design.at(1, 0, 3)["p"] >= 1).all()
    with pytest.raises(BadInput, match="named twice"):
        Design(("a", "a"), ({}, {}))
    with pytest.raises(BadInput, match="expected at most"):
        grid({}, {name: np.arange(10**5) for name in "abc"})
