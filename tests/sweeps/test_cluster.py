"""The same chunks on a Dask cluster: same bits with 1, 2 and 4 workers, and with one killed on the way."""

import subprocess
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import pytest
from budgets import LARGE

import triangle
from triangle import api
from triangle.base.errors import BadInput, TriangleError
from triangle.batch.takeover import Takeover
from triangle.sweeps import archive, pools
from triangle.sweeps import run as sweep
from triangle.sweeps.design import BLOCK

pytestmark = pytest.mark.filterwarnings("ignore")  # of bokeh that is missing, of sockets at the end

SAMPLES = (12 if LARGE else 6) * BLOCK

#: Of the methods that take longer.
FEW = 4 * BLOCK if LARGE else BLOCK + 4


#: Who is held where it matters only who computes: logit equilibria of the two who are left take less.
HELD = {"logit": {} if LARGE else {"RU": "hedge"}}


#: What is compared bit for bit, by method.
FIELDS = {"pure": "mask", "mixed": "high", "logit": "probability"}


@pytest.fixture(scope="module", autouse=True)
def _installed() -> None:
    """The library takes long to load: it is loaded by the process alone that runs these tests."""
    if sys.modules.get("dask", sys) is None:
        del sys.modules["dask"]
    pytest.importorskip("distributed", reason="dask.distributed, the [cluster] extra, is not installed")


#: A scheduler and a worker in a process of their own.
SCHEDULER = """
import sys, warnings, distributed
if __name__ == "__main__":
    warnings.simplefilter("ignore")
    place = {"host": "127.0.0.1", "protocol": "tcp://", "dashboard_address": None}
    local = distributed.LocalCluster(n_workers=1, threads_per_worker=1, processes=False, **place)
    print(local.scheduler_address, flush=True)
    sys.stdin.read()
"""

#: The command, which kills that process when it comes to a method of the client, or has the answer of a task.
KILLING = """
import os, signal, sys, distributed
from triangle.cli import main
from triangle.sweeps import pools
pools._PATIENCE = 120
scheduler, name = int(sys.argv.pop(1)), sys.argv.pop(1)
kind = distributed.Future if name == "result" else distributed.Client
method = getattr(kind, name)
def killing(self, *args, **options):
    answer = method(self, *args, **options) if name == "result" else None
    os.kill(scheduler, signal.SIGKILL)
    return answer if name == "result" else method(self, *args, **options)
setattr(kind, name, killing)
main()
"""


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine takes longer to start a worker than a user would wait for one."""
    monkeypatch.setattr(pools, "_PATIENCE", 120)


def samples_of(method: str) -> int:
    return SAMPLES if method == "pure" else FEW


@pytest.fixture(scope="module")
def expected() -> dict[str, np.ndarray]:
    found = {}
    for method, name in FIELDS.items():
        games = triangle.sweep("baseline", samples=samples_of(method), method=method, hold=HELD.get(method, {}))
        found[method] = games[name].values
    return found


def work(method: str):
    """The same games in chunks of a block, so that there is something to hand out."""
    studies = [api.load("baseline", hold=HELD.get(method, {}))]
    design = sweep.plan(studies, samples=samples_of(method))
    return sweep.job_of(studies, design, chunk=BLOCK, takeover=Takeover(method)), studies


def cluster(workers: int, processes: bool):
    import distributed

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return distributed.LocalCluster(
            n_workers=workers, threads_per_worker=1, processes=processes, dashboard_address=None
        )


@pytest.mark.parametrize("workers", [1, 2, 4] if LARGE else [2])
def test_the_number_of_workers_changes_nothing(workers: int, expected):
    with cluster(workers, processes=False) as local:
        for method, name in FIELDS.items():
            job, studies = work(method)
            done = sweep.run(job, studies, "test", scheduler=local.scheduler_address)
            assert np.array_equal(done.dataset()[name].values, expected[method])


@pytest.mark.parametrize(("method", "workers"), [("pure", 1), *[("pure", 2), ("logit", 2)] * LARGE])
def test_a_worker_that_is_killed_changes_nothing(method: str, workers: int, expected):
    job, studies = work(method)
    killed = []
    with cluster(workers, processes=True) as local:

        def kill_once(computed: int, games: int) -> None:
            if not killed:
                nanny = next(iter(local.workers.values()))
                nanny.process.process.kill()
                killed.append((computed, games))
                time.sleep(0.2)

        done = sweep.run(job, studies, "test", scheduler=local.scheduler_address, progress=kill_once)
    assert killed and killed[0][0] < killed[0][1]
    assert np.array_equal(done.dataset()[FIELDS[method]].values, expected[method])


def test_a_scheduler_that_goes_away_is_an_error_and_leaves_a_store(tmp_path):
    with cluster(1, processes=False) as local, pytest.raises(TriangleError, match=r"the cluster at .* was lost"):
        studies = [api.load("baseline")]
        job = sweep.job_of(studies, sweep.plan(studies, samples=SAMPLES), chunk=BLOCK)
        store = archive.open_store(tmp_path / "run", archive.manifest(job, studies[0].model, {}, "test"), {}, False)
        sweep.run(
            job, studies, "test", store=store, scheduler=local.scheduler_address, progress=lambda *_: local.close()
        )
    store.close()
    assert 0 < archive.load(tmp_path / "run")["computed"].values.sum() < SAMPLES


@pytest.mark.skipif(not LARGE, reason="a scheduler that goes away in this process is told in the same line")
@pytest.mark.parametrize("moment", ["result", "wait_for_workers", "nthreads", "submit"])
def test_a_scheduler_that_is_killed_at_any_moment_is_told_in_one_line(moment: str, tmp_path: Path):
    with subprocess.Popen(
        [sys.executable, "-c", SCHEDULER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as scheduler:
        address = scheduler.stdout.readline().strip()
        sweeping = ["sweep", "baseline", "--samples", str(SAMPLES), "--chunk", str(BLOCK), "--scheduler", address]
        done = subprocess.run(
            [sys.executable, "-c", KILLING, str(scheduler.pid), moment, *sweeping, "--out", str(tmp_path / "run")],
            capture_output=True,
            encoding="utf-8",
            timeout=3000,
        )
        scheduler.kill()
    (message,) = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (2, "")
    assert message.startswith(f"Error: --scheduler: the cluster at '{address}' was lost (")
    assert message.endswith("What an --out folder holds stays valid: go on with --resume")


def test_a_cluster_that_loses_its_last_worker_is_not_waited_for(monkeypatch):
    studies = [api.load("baseline")]
    job = sweep.job_of(studies, sweep.plan(studies, samples=SAMPLES), chunk=BLOCK)
    with cluster(1, processes=False) as local, pytest.raises(TriangleError, match="no worker is left"):

        def lose_it(*_: int) -> None:
            monkeypatch.setattr(pools, "_PATIENCE", 2)
            local.scale(0)

        sweep.run(job, studies, "test", scheduler=local.scheduler_address, progress=lose_it)


def test_a_scheduler_without_workers(monkeypatch):
    monkeypatch.setattr(pools, "_PATIENCE", 10)  # within which its scheduler must answer
    with cluster(0, processes=False) as local, pytest.raises(BadInput, match="no worker has joined"):
        triangle.sweep("baseline", samples=4, scheduler=local.scheduler_address)


def test_nobody_at_the_address():
    with pytest.raises(BadInput, match="no Dask scheduler answers"):
        triangle.sweep("baseline", samples=4, scheduler="nowhere:at:all")
