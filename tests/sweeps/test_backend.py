"""What carries out single precision changes no set, and a manifest says what did."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from budgets import few
from strategies import shipped

from triangle.base.errors import BadInput
from triangle.batch.bounds import _RULES, ULP
from triangle.batch.compiled import CompiledRoutine
from triangle.batch.program import Program
from triangle.scenarios.scenario import read_scenario
from triangle.study.study import Study
from triangle.sweeps import archive, run
from triangle.sweeps.design import SINGLES
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


def terms_of_all_functions(x, y):
    """A number and a truth that take every function which has a bound."""
    bounded = np.minimum(np.maximum(abs(x - y), 0.5), 8.0) - np.sqrt(x) / y + np.log(y) * np.exp(x / 40.0)
    chosen = np.where(np.logical_and(x >= y, np.logical_not(y > 2.0)), bounded**2.0, 0.25 * y**x)
    return chosen, np.logical_or(x <= 0.7 * y, np.logical_and(y < 0.3, chosen > 1.0))


@pytest.mark.parametrize("size", [1, 5, 700, 1024])
def test_a_compiled_program_gives_what_numpy_gives(size: int):
    pytest.importorskip("numba")
    program = Program()
    nodes = [int(one.nodes) for one in terms_of_all_functions(program.symbol("x"), program.symbol("y"))]
    rng = np.random.default_rng(4)
    numbers = {"x": rng.uniform(0.1, 4.0, size).astype(np.float32), "y": rng.uniform(0.1, 4.0, size).astype(np.float32)}
    rows = np.empty(size, np.float32), np.empty(size, np.bool_)
    CompiledRoutine(program, nodes, rows, {}).run(numbers)
    with np.errstate(all="ignore"):
        number, truth = terms_of_all_functions(*(column.astype(np.float64) for column in numbers.values()))
    assert rows[0] == pytest.approx(number, rel=2e-5, abs=1e-5) and (rows[1] == truth).mean() > 0.99
    one = {"x": numbers["x"], "y": np.array([1.5], np.float32)}
    CompiledRoutine(program, nodes, rows, {}).run(one)
    assert rows[0] == pytest.approx(
        terms_of_all_functions(one["x"].astype(np.float64), np.array([1.5]))[0], rel=2e-5, abs=1e-5
    )


@pytest.mark.parametrize("name", ["exp", "log", "power", "sqrt"])
def test_compiled_functions_are_as_right_as_is_assumed(name: str):
    pytest.importorskip("numba")
    rng, program = np.random.default_rng(3), Program()
    x, y = (rng.uniform(low, high, 200_000).astype(np.float32) for low, high in ((1e-3, 40.0), (0.05, 8.0)))
    operands = {"x": x, "y": y} if name == "power" else {"x": x}
    function, found = getattr(np, name), np.empty(200_000, np.float32)
    node = int(function(*map(program.symbol, operands)).nodes)
    CompiledRoutine(program, [node], [found], {}).run(operands)
    exact = function(*(operand.astype(np.float64) for operand in operands.values()))
    assert (np.abs(found - exact) / np.spacing(np.abs(exact).astype(np.float32))).max() <= ULP


def test_every_function_that_has_a_bound_can_be_compiled():
    tiles = pytest.importorskip("triangle.batch.tiles")
    assert set(_RULES) == set(tiles.OPERATIONS)
