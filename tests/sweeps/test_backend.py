"""What carries out single precision changes no set, and a manifest says what did."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from budgets import few
from strategies import shipped

from triangle.base.errors import BadInput
from triangle.batch.bounds import _RULES, ULP
from triangle.batch.compiled import Code, Moved
from triangle.batch.program import Program
from triangle.scenarios.scenario import read_scenario
from triangle.study.study import Study
from triangle.sweeps import archive, run
from triangle.sweeps.design import BLOCK, SINGLES
from triangle.sweeps.run import job_of, plan

pytestmark = pytest.mark.usefixtures("filtered_however_few")


@pytest.fixture(scope="module")
def study() -> Study:
    return Study(shipped(), read_scenario("baseline", shipped()), {})


def manifest(study: Study, **asked) -> dict:
    return archive.manifest(job_of([study], plan([study], samples=8), **asked), study.model, {}, "test")


def test_the_manifest_names_the_backend_and_does_without_a_compiler_by_default(study: Study):
    assert manifest(study)["backend"] == "numpy"
    assert manifest(study, backend="numpy")["backend"] == "numpy"


def test_long_sweeps_are_compiled_where_that_is_possible_and_grids_with_draws_are_not(study: Study, monkeypatch):
    monkeypatch.setattr(run, "is_installed", lambda: True)
    long = plan([study], samples=run.COMPILED)
    assert job_of([study], long).backend == "numba"
    assert job_of([study], long, backend="numpy").backend == "numpy"
    assert job_of([study], plan([study], samples=run.COMPILED, over={"relief": [0.0, 1.0]})).backend == "numpy"
    assert job_of([study], plan([study], samples=run.COMPILED - 1)).backend == "numpy"
    monkeypatch.setattr(run, "is_installed", lambda: False)
    assert job_of([study], long).backend == "numpy"


def test_a_compiler_that_is_not_there_is_refused(study: Study, monkeypatch):
    monkeypatch.setattr(run, "is_installed", lambda: False)
    with pytest.raises(
        BadInput, match=r"--backend.*numba is not installed; in triangle's folder: pip install '.\[fast\]'"
    ):
        manifest(study, backend="numba")


DESIGNS = {
    "draws": {"samples": SINGLES + 77, "levers": True},
    "a grid with draws": {"samples": SINGLES + 77, "over": {"relief": [0.0, 0.4, 1.0], "decisiveness": [0.8, 1.5]}},
    "points": {"points": {"relief": np.linspace(0.0, 1.0, 5000)}},
}


@pytest.mark.parametrize(("asked", "hold"), few([*product(DESIGNS, ({}, {1: 1, 2: 3}))], 2))
def test_compiled_or_not_no_set_differs(study: Study, asked: str, hold: dict[int, int]):
    pytest.importorskip("numba")
    own = Study(study.model, study.scenario, hold)
    design = plan([own], **DESIGNS[asked])
    numpy, numba = (job_of([own], design, backend=backend) for backend in ("numpy", "numba"))
    assert all(np.array_equal(numpy.compute(n)["mask"], numba.compute(n)["mask"]) for n in range(numpy.chunks))


def of_all_functions(x, y):
    """A number and a truth that take every function which has a bound."""
    bounded = np.minimum(np.maximum(abs(x - y), 0.5), 8.0) - np.sqrt(x) / y + np.log(y) * np.exp(x / 40.0)
    chosen = np.where(np.logical_and(x >= y, np.logical_not(y > 2.0)), bounded**2.0, 0.25 * y**x)
    return chosen, np.logical_or(x <= 0.7 * y, np.logical_and(y < 0.3, chosen > 1.0))


def compiled(function, *columns: np.ndarray) -> list[np.ndarray]:
    """What a function gives of columns of whole tiles, by the compiled loop."""
    tiles, program = pytest.importorskip("triangle.batch.tiles"), Program()
    named = dict(zip("xy", columns, strict=False))
    found = function(*map(program.symbol, named))
    nodes = [int(one.nodes) for one in (found if isinstance(found, tuple) else (found,))]
    code = Code(program, nodes)
    none, rows = np.empty(0, np.uint64), [code.row(int(place)) for place in code.places(nodes)]
    empty = none.reshape(0, 0)
    answers = tiles.Answers(none, empty, np.empty(0, np.intp), none, np.zeros(1, np.intp), empty, none)
    pieces = []
    for n in range(0, len(columns[0]), tiles.TILE):
        for place, column in zip(code.symbols.values(), (named[key] for key in code.symbols), strict=True):
            code.row(place)[:] = column[n : n + tiles.TILE]
        points = np.empty((0, 0), np.uint32)
        given = tiles.Given(np.empty((0, tiles.TILE), np.float32), none, points, none, points, none)
        sets, doubt = np.empty((0, tiles.TILE), np.uint64), np.empty(tiles.TILE, np.uint8)
        tiles.carry_out(code.steps, code.work, code.work.view(np.int32), given, answers, sets, doubt)
        pieces.append([row.copy() for row in rows])
    return [np.concatenate(some) for some in zip(*pieces, strict=True)]


def test_a_compiled_program_gives_what_numpy_gives():
    rng = np.random.default_rng(4)
    x, y = (rng.uniform(0.1, 4.0, 1024).astype(np.float32) for _ in "xy")
    found, true = compiled(of_all_functions, x, y)
    number, truth = of_all_functions(x.astype(np.float64), y.astype(np.float64))
    assert found == pytest.approx(number, rel=2e-5, abs=1e-5) and ((true == 1) == truth).mean() > 0.99


@pytest.mark.parametrize("name", ["exp", "log", "power", "sqrt"])
def test_compiled_functions_are_as_right_as_is_assumed(name: str):
    rng, function = np.random.default_rng(3), getattr(np, name)
    columns = [rng.uniform(*ends, 2**17).astype(np.float32) for ends in ((1e-3, 40.0), (0.05, 8.0))]
    columns = columns[: 2 if name == "power" else 1]
    (found,) = compiled(function, *columns)
    exact = function(*(column.astype(np.float64) for column in columns))
    assert (np.abs(found - exact) / np.spacing(np.abs(exact).astype(np.float32))).max() <= ULP


def test_points_are_moved_within_the_loop_as_they_are_before_it(study: Study):
    """In the last piece, which is no whole block, and where a parameter is given beside them."""
    pytest.importorskip("numba")
    job = job_of([study], plan([study], samples=SINGLES + BLOCK + 300, seed=4), backend="numba")
    screen = job._filtered(0, 0, job.design.games).all
    pieces = (job.design.singles(0, 0, job.design.games, screen.asked, are_moved) for are_moved in (True, False))
    for (here, moved), (place, rows) in zip(*pieces, strict=True):
        assert here == place and any(isinstance(some, Moved) for some in moved.values())
        (masks, doubt), (expected, expected_doubt) = (screen.masks(some) for some in (moved, rows))
        assert np.array_equal(masks, expected) and np.array_equal(doubt, expected_doubt) and len(doubt)


@pytest.mark.parametrize("name", ["baseline", "nixon_1972"])
def test_the_compiled_filter_doubts_nearly_the_same_games(name: str):
    pytest.importorskip("numba")
    own = Study(shipped(), read_scenario(name, shipped()), {})
    design = plan([own], samples=SINGLES)
    doubts = []
    for backend in ("numpy", "numba"):
        screen = job_of([own], design, backend=backend)._filtered(0, 0, SINGLES).all
        (_, singles), *_ = design.singles(0, 0, SINGLES, screen.asked)
        doubts.append(set(screen.masks(singles)[1].tolist()))
    assert len(doubts[0] ^ doubts[1]) < 0.05 * len(doubts[0])


def test_every_function_that_has_a_bound_can_be_compiled():
    tiles = pytest.importorskip("triangle.batch.tiles")
    assert set(_RULES) == set(tiles.OPERATIONS)
