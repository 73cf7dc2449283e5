"""Worker processes: what they hear, and in which order they answer."""

import errno
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path

import pytest
from budgets import LARGE, few
from pooled import (
    Dawdles,
    Dies,
    Fails,
    Listens,
    breaks_elsewhere,
    dies_elsewhere,
    in_another,
    interrupts_here,
    refused,
    squared,
)

from triangle.base.errors import BadInput, TriangleError
from triangle.sweeps import pools


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="this platform has no signal masks")
def test_a_worker_never_hears_ctrl_c_not_even_while_it_begins():
    assert list(pools.answers(Listens(), range(4), workers=2)) == [(chunk, True) for chunk in range(4)]
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, []), "this process hears it as before"


def test_answers_come_in_the_order_of_the_chunks():
    expected = [(chunk, chunk * chunk) for chunk in (3, 0, 7, 1, 9, 2, 4, 5)]
    assert list(pools.answers(Dawdles(), [chunk for chunk, _ in expected], workers=2)) == expected


@pytest.mark.parametrize("moment", few([-1, 0, 3, 5], 2))
def test_a_worker_that_dies_at_any_moment_ends_the_work_with_one_message(moment: int):
    with pytest.raises(TriangleError, match="a worker process ended before its time"):
        list(pools.answers(Dies(moment), range(6), workers=2))


@pytest.mark.parametrize("after", [0.0, 0.02, 0.1])
def test_a_worker_that_is_killed_while_it_starts_is_noticed(after: float, monkeypatch):
    start, first = multiprocessing.context.SpawnProcess.start, []

    def start_and_kill(self) -> None:
        start(self)
        if not first:
            first.append(self)
            threading.Timer(after, self.kill).start()

    monkeypatch.setattr(multiprocessing.context.SpawnProcess, "start", start_and_kill)
    with pytest.raises(TriangleError, match="a worker process ended before its time"):
        list(pools.answers(Dawdles(), range(400), workers=3))


@pytest.mark.skipif(not LARGE, reason="a worker that is killed while it starts is noticed in the same way")
@pytest.mark.skipif(not Path("/bin/false").exists(), reason="nothing stands here for a program that does not start")
def test_workers_that_cannot_start_are_never_a_success(tmp_path: Path):
    program = (
        "import sys; sys.executable = '/bin/false'; from triangle.cli import main;"
        "main(['sweep', 'baseline', '--samples', '40000', '--workers', '2', '--out', sys.argv[1]])"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(pools.__file__).parents[2])}
    command = [sys.executable, "-c", program, str(tmp_path / "run")]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=3000)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Error: a worker process ended before its time") and done.stderr.count("\n") == 1


def test_a_process_that_the_system_refuses_is_said(monkeypatch):
    def refused(self) -> None:
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    monkeypatch.setattr(multiprocessing.context.SpawnProcess, "start", refused)
    with pytest.raises(TriangleError, match="a worker process could not be started: Resource temporarily"):
        list(pools.answers(Dawdles(), range(4), workers=2))


def test_a_workers_fault_comes_back_whole():
    with pytest.raises(BadInput) as caught:
        list(pools.answers(Fails(), range(2), workers=2))
    assert str(caught.value) == "x: a: first\nx: b: second" and len(caught.value.faults) == 2


# Calls that this process shares with others ---------------------------------------------------------------------------


@pytest.mark.parametrize("workers", few([2, 3], 2))
def test_shared_calls_are_answered_in_their_order_and_refusals_are_among_the_answers(workers: int):
    *found, refusal = pools.shared([*(partial(squared, number) for number in range(12)), refused], workers)
    assert found == [number * number for number in range(12)]
    assert isinstance(refusal, BadInput) and len(refusal.faults) == 2
    assert not multiprocessing.active_children()


def test_both_sides_take_part_of_what_is_shared():
    assert set(pools.shared([in_another] * 200, 2)) == {False, True}


def test_a_shared_call_that_ends_its_process_is_one_message():
    with pytest.raises(TriangleError, match=r"a worker process ended before its time.*try fewer --workers\.$"):
        pools.shared([dies_elsewhere] * 200, 2)
    assert not multiprocessing.active_children()


def test_a_fault_of_ours_in_another_process_is_not_hidden():
    with pytest.raises(IndexError, match="ours"):
        pools.shared([breaks_elsewhere] * 200, 2)


def test_ctrl_c_ends_what_others_are_about():
    with pytest.raises(KeyboardInterrupt):
        pools.shared([partial(time.sleep, 2), *[interrupts_here] * 5], 2)
    assert not multiprocessing.active_children()
