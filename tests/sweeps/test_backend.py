"""What carries out single precision changes no set, and a manifest says what did."""

from __future__ import annotations

import numpy as np
import pytest
from strategies import shipped

from triangle.base.errors import BadInput
from triangle.batch.bounds import ULP
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
    assert job_of([study], long).backend == "jax"
    assert job_of([study], long, backend="numpy").backend == "numpy"
    assert job_of([study], plan([study], samples=run.COMPILED, over={"relief": [0.0, 1.0]})).backend == "numpy"
    monkeypatch.setattr(run, "is_installed", lambda: False)
    assert job_of([study], long).backend == "numpy"


def test_a_compiler_that_is_not_there_is_refused(study: Study, monkeypatch):
    monkeypatch.setattr(run, "is_installed", lambda: False)
    with pytest.raises(
        BadInput, match=r"--backend.*jax is not installed; in triangle's folder: pip install '.\[fast\]'"
    ):
        manifest(study, backend="jax")


@pytest.mark.parametrize("hold", [{}, {1: 1, 2: 3}])
def test_compiled_or_not_no_set_differs(study: Study, hold: dict[int, int]):
    pytest.importorskip("jax")
    own = Study(study.model, study.scenario, hold)
    design = plan([own], samples=SINGLES + 77, levers=True)
    found = [job_of([own], design, backend=backend).compute(0)["mask"] for backend in ("numpy", "jax")]
    assert np.array_equal(*found)


@pytest.mark.parametrize("name", ["exp", "log", "power"])
def test_compiled_functions_are_as_right_as_is_assumed(name: str):
    jnp = pytest.importorskip("jax.numpy")
    rng = np.random.default_rng(3)
    x, y = (rng.uniform(low, high, 200_000).astype(np.float32) for low, high in ((1e-3, 40.0), (0.05, 8.0)))
    operands = (x, y) if name == "power" else (x,)
    exact = getattr(np, name)(*(operand.astype(np.float64) for operand in operands))
    found = np.asarray(getattr(jnp, name)(*operands))
    assert (np.abs(found - exact) / np.spacing(np.abs(exact).astype(np.float32))).max() <= ULP
