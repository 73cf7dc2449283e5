"""Settings shared by all tests.

Property tests repeat exactly from run to run and have no deadline of their own; how many examples they draw is said in
``budgets.py``. Tables are as wide as where output is piped, whatever the terminal or the test runner's workers say.
"""

import gc
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Generator, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from _pytest.doctest import DoctestModule
from budgets import LARGE, tries
from hypothesis import settings

# Threads of linear algebra wait for each other by spinning, and matrices here are small; before numpy is there.
for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")
os.environ["COLUMNS"] = "160"
if sys.dont_write_bytecode and sys.prefix != sys.base_prefix:
    # As `make` does: tests start hundreds of processes, each of which would compile everything again.
    sys.dont_write_bytecode = False
    sys.pycache_prefix = os.environ.setdefault("PYTHONPYCACHEPREFIX", str(Path(sys.prefix) / "bytecode"))
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
gc.disable()  # until all tests are collected, which keeps everything that it makes

import shared  # noqa: E402

settings.register_profile("triangle", derandomize=True, deadline=None, max_examples=tries(200))
settings.load_profile("triangle")


class Collecting:
    """How tests are found: by each of the processes that run them side by side, each of them in all files."""

    @pytest.hookimpl(wrapper=True)
    def pytest_collect_file(self, file_path: Path) -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
        """Examples are looked for where there are some, which takes as long as to find the tests."""
        found = yield
        some = b">>>" in file_path.read_bytes()
        return [one for one in found if some or not isinstance(one, DoctestModule)]

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self, collector: pytest.Collector) -> Generator[None, Any, Any]:
        """One process compiles a file and what it imports, and the others read what was compiled."""
        with shared.held(collector.nodeid) if isinstance(collector, pytest.Module) else nullcontext():
            return (yield)


def pytest_configure(config: pytest.Config) -> None:
    """Share what many tests would compute again, and hear Ctrl-C also where the tests run in the background.

    Dask, which takes longer to load than the whole package, is by default there for those alone that are about it.
    """
    config.pluginmanager.register(Collecting())
    if not hasattr(config, "workerinput"):  # in the process that starts the others, which hear of it
        os.environ[shared.FOLDER] = tempfile.mkdtemp(prefix="triangle-tests-")
    shared.install()
    if not LARGE:  # xarray would load it whole, and all of its schedulers, to see that no array is one of its own
        sys.modules.setdefault("dask", None)  # type: ignore[arg-type]
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:  # the processes that tests start would not hear it either
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_unconfigure(config: pytest.Config) -> None:
    """What was shared is of this run alone."""
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ.pop(shared.FOLDER))


def pytest_runtest_setup() -> None:
    """Share what has been loaded since."""
    shared.install()


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What is there when all tests are collected stays, so it is not looked through again and again for garbage.

    What of it is garbage stays too: it is a twentieth of all, and to find it takes as long as to import numpy thrice.
    What tests make is looked through seldom: circles of objects are few, and looking takes a twentieth of all the time.
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    gc.enable()


@pytest.fixture(autouse=True, scope="session")
def one_processor() -> Iterator[None]:
    """A report starts another process only for a test that asks for it: what tests put in place is in this one."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("triangle.sweeps.pools.processors", lambda: 1)
        yield


@pytest.fixture
def filtered_however_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Short sweeps are tried in single precision too, as only long ones are otherwise."""
    monkeypatch.setattr("triangle.sweeps.job.FILTERED", 0)


@pytest.fixture
def not_laid_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """What this test draws is looked at for being there, not for where it stands."""
    from plainly import drawn_plainly

    drawn_plainly(monkeypatch)


@pytest.fixture
def few_resamples(monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind the ends of intervals and the bias of delta, where neither is what is looked at."""
    if not LARGE:
        monkeypatch.setattr("triangle.questions.sensitivity.given_data.RESAMPLES", 25)


@pytest.fixture
def followed_shortly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths that never come to an end are followed for a part of their time."""
    if not LARGE:
        monkeypatch.setattr("triangle.solvers.dynamics.REPLICATOR_STEPS", 400)
        monkeypatch.setattr("triangle.solvers.dynamics.BEST_RESPONSE_STEPS", 120)


@pytest.fixture
def computed_anew() -> Iterator[None]:
    """What this test asks twice is computed twice, whatever other tests share."""
    with shared.anew():
        yield
