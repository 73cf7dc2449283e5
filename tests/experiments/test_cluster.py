"""The same chunks on a Dask cluster: same bits with 1, 2 and 4 workers, and with one killed on the way."""

import time
import warnings

import numpy as np
import pytest

import triangle
from triangle import face
from triangle.errors import BadInput
from triangle.experiments import sweep
from triangle.experiments.design import BLOCK

distributed = pytest.importorskip("distributed", reason="dask.distributed, the [cluster] extra, is not installed")
pytestmark = pytest.mark.filterwarnings("ignore")  # of bokeh that is missing, of sockets at the end

SAMPLES = 12 * BLOCK


@pytest.fixture(scope="module")
def expected() -> np.ndarray:
    return triangle.sweep("baseline", samples=SAMPLES)["mask"].values


def cluster(workers: int, processes: bool):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return distributed.LocalCluster(
            n_workers=workers, threads_per_worker=1, processes=processes, dashboard_address=None
        )


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_the_number_of_workers_changes_nothing(workers: int, expected):
    with cluster(workers, processes=False) as local:
        games = triangle.sweep("baseline", samples=SAMPLES, scheduler=local.scheduler_address)
    assert (games["mask"].values == expected).all()


def test_a_worker_that_is_killed_changes_nothing(expected):
    studies = [face.load("baseline")]
    job = sweep.job_of(studies, sweep.plan(studies, samples=SAMPLES), chunk=BLOCK)
    killed = []
    with cluster(2, processes=True) as local:

        def kill_once(computed: int, games: int) -> None:
            if not killed:
                nanny = next(iter(local.workers.values()))
                nanny.process.process.kill()
                killed.append((computed, games))
                time.sleep(0.2)

        done = sweep.run(job, studies, "test", scheduler=local.scheduler_address, progress=kill_once)
    assert killed and killed[0][0] < killed[0][1]
    assert (done.dataset()["mask"].values == expected).all()


def test_nobody_at_the_address():
    with pytest.raises(BadInput, match="no Dask scheduler answers"):
        triangle.sweep("baseline", samples=4, scheduler="nowhere:at:all")
