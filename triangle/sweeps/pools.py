"""Where chunks are computed: in this process, in worker processes, or on a Dask cluster; always the same bits.

Each pool yields the answers in the order of the chunks, with a bounded number of them under way, so that memory does
not grow with the number of games. Workers are processes: between numpy's short calls the interpreter's lock lets two
threads run no faster than one.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from triangle.base.errors import BadInput, Fault, TriangleError, shorten
from triangle.sweeps.job import Arrays, Job
from triangle.sweeps.tally import Tally

#: Seconds that a scheduler has to answer, and a first worker to join it.
_PATIENCE = 10

Answers = Iterator[tuple[int, Arrays | Tally]]

#: Variables that tell the usual linear algebra libraries how many threads to use.
_THREADS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def answers(job: Job, chunks: Iterable[int], workers: int = 1, scheduler: str | None = None) -> Answers:
    """The answers to these chunks in their order, computed by so many processes or on the cluster at an address."""
    if scheduler is not None:
        return _on_cluster(job, chunks, scheduler)
    return _here(job, chunks) if workers == 1 else _in_processes(job, chunks, workers)


def _here(job: Job, chunks: Iterable[int]) -> Answers:
    for chunk in chunks:
        yield chunk, job.compute(chunk)


def _in_order(chunks: Iterable[int], window: int, submit: Callable[[int], Any]) -> Answers:
    """Hand in `window` chunks ahead, and yield the oldest one's answer."""
    waiting: deque[tuple[int, Any]] = deque()
    for chunk in chunks:
        waiting.append((chunk, submit(chunk)))
        if len(waiting) >= window:
            number, future = waiting.popleft()
            yield number, future.result()
    for number, future in waiting:
        yield number, future.result()


_job: Job | None = None


def _begin(job: Job) -> None:
    """Make a new worker ready: Ctrl-C is the parent's to answer, and without a parent there is nothing to do."""
    import multiprocessing

    global _job
    _job = job
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: Any) -> None:
    parent.join()
    os._exit(1)


def _compute(chunk: int) -> Arrays | Tally:
    assert _job is not None
    return _job.compute(chunk)


def _in_processes(job: Job, chunks: Iterable[int], workers: int) -> Answers:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    context = multiprocessing.get_context("spawn")  # a fork would copy the threads' locks in whatever state they are
    with _single_threaded():
        pool = ProcessPoolExecutor(workers, context, _begin, (job,))

        def submit(chunk: int) -> Any:
            with _deaf_to_ctrl_c():  # handing in work is what begins a process
                return pool.submit(_compute, chunk)

        try:
            yield from _in_order(chunks, 3 * workers, submit)
        except BrokenProcessPool:
            raise TriangleError(
                "a worker process ended before its time (killed, or out of memory); try fewer --workers. What an --out "
                "folder holds stays valid: go on with --resume"
            ) from None
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


@contextlib.contextmanager
def _single_threaded() -> Iterator[None]:
    """Processes that begin in here run linear algebra on one thread each."""
    before = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextlib.contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Processes that begin in here never hear Ctrl-C, not even before :func:`_begin`; this one hears it afterwards."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _compute_of(job: Job, chunk: int) -> Arrays | Tally:
    return job.compute(chunk)


def _received(job: Job) -> Job:
    return job


def _on_cluster(job: Job, chunks: Iterable[int], address: str) -> Answers:
    try:
        from distributed import CancelledError, Client, KilledWorker
        from distributed.comm.addressing import parse_address, parse_host_port
    except ImportError:
        raise BadInput(
            Fault(
                "--scheduler",
                "",
                "dask.distributed is not installed; in triangle's folder: pip install '.[cluster]'",
            )
        ) from None
    try:
        # A client that cannot even read the address would come apart later, somewhere else.
        transport, place = parse_address(address)
        if transport in ("tcp", "tls"):
            parse_host_port(place)
        client: Any = Client(address, timeout=_PATIENCE)
    except (OSError, ValueError, TimeoutError) as error:
        raise BadInput(Fault("--scheduler", "", f"no Dask scheduler answers at {address!r}: {error}")) from None
    with client:
        try:
            client.wait_for_workers(1, timeout=_PATIENCE)
        except TimeoutError:
            message = f"no worker has joined the scheduler at {address!r}; start one by: dask worker {address}"
            raise BadInput(Fault("--scheduler", "", message)) from None
        # The answer of a task, not data laid down at workers: what these held is lost with the last of them.
        sent = client.submit(_received, job, pure=False, retries=3)
        window = 3 * max(1, sum(client.nthreads().values()))
        try:
            yield from _in_order(
                chunks, window, lambda chunk: client.submit(_compute_of, sent, chunk, pure=False, retries=3)
            )
        except (CancelledError, KilledWorker, OSError) as error:
            raise TriangleError(
                f"--scheduler: the cluster at {address!r} was lost ({shorten(str(error))}). What an --out folder holds "
                "stays valid: go on with --resume"
            ) from None
