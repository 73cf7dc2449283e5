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
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from types import MappingProxyType
from typing import Any, Generic, Protocol, TypeVar, cast

from triangle.base.errors import BadInput, Fault, TriangleError, shorten

#: Seconds that a scheduler has to answer, and a first worker to join it.
_PATIENCE = 10

#: What is said of a worker that is no more.
_DIED = "a worker process ended before its time (killed, out of memory, or never started); try fewer --workers."

#: Where Dask and what it stands on write down that a connection was lost.
_LOGS = ("distributed", "distributed.client", "distributed.core", "distributed.comm", "tornado.application", "asyncio")

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

#: Answers with the numbers of their chunks.
Answers = Iterator[tuple[int, T]]

#: What is said of work that goes on where it was.
RESUMABLE = "What an --out folder holds stays valid: go on with --resume"

#: Variables that tell the usual linear algebra libraries how many threads to use.
_THREADS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def _mapping(items: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(items)


# Scenarios, paths and models hold read-only mappings, which do not go from process to process by themselves.
ForkingPickler.register(MappingProxyType, lambda mapping: (_mapping, (dict(mapping),)))


class Chunked(Protocol[T_co]):
    """Work that is cut into chunks, each of which a process can answer by itself."""

    def compute(self, chunk: int) -> T_co:
        """The answer to a chunk."""


def answers(job: Chunked[T], chunks: Iterable[int], workers: int = 1, scheduler: str | None = None) -> Answers[T]:
    """The answers to these chunks in their order, computed by so many processes or on the cluster at an address."""
    if scheduler is not None:
        return _on_cluster(job, chunks, scheduler)
    return _here(job, chunks) if workers == 1 else _in_processes(job, list(chunks), workers)


def _here(job: Chunked[T], chunks: Iterable[int]) -> Answers[T]:
    for chunk in chunks:
        yield chunk, job.compute(chunk)


def _in_order(chunks: Iterable[int], window: int, submit: Callable[[int], Any]) -> Answers[Any]:
    """Hand in `window` chunks ahead, and yield the oldest one's answer."""
    waiting: deque[tuple[int, Any]] = deque()
    for chunk in chunks:
        waiting.append((chunk, submit(chunk)))
        if len(waiting) >= window:
            number, future = waiting.popleft()
            yield number, future.result()
    for number, future in waiting:
        yield number, future.result()


def _work(pipe: Connection, *_: type) -> None:
    """A worker process: takes the job, then chunks, and answers each, until nobody is there to answer to."""
    import gc
    import multiprocessing

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    gc.set_threshold(200_000)  # as in triangle/__main__.py
    parent = multiprocessing.parent_process()
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    with contextlib.suppress(EOFError, OSError):
        pipe.send(None)  # ready: from now on whatever is sent is read
        job = pipe.recv()
        while True:
            chunk = pipe.recv()
            try:
                answer = job.compute(chunk)
            except Exception as error:
                answer = error
            pipe.send(answer)


def _end_with(parent: Any) -> None:
    parent.join()
    os._exit(1)


class Crew(Generic[T]):
    """Worker processes, each at the end of a pipe of its own: one that dies, whenever it does, is noticed at once.

    Queues that workers share do not do that. A process that is killed while it starts, or while it writes half an
    answer, leaves whoever shares with it waiting for ever.

    Parameters
    ----------
    workers : int
    known : class
        What they load while this process still finds out what they shall do.

    Attributes
    ----------
    job : Chunked or None
        What they compute, known before they are asked for answers.
    """

    def __init__(self, workers: int, *known: type):
        import multiprocessing

        context = multiprocessing.get_context("spawn")  # a fork would copy threads' locks in whatever state they are
        self.job: Chunked[T] | None = None
        self._processes: list[Any] = []
        #: Chunks handed to each worker and not answered; None stands for the job itself, which is not sent yet.
        self._handed: dict[Connection, deque[int | None]] = {}
        try:
            _start_tracker()
            for _ in range(workers):
                mine, theirs = context.Pipe()
                self._handed[mine] = deque([None])
                with theirs, _single_threaded(), _deaf_to_ctrl_c(), warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # of Python's own helper processes that could not start either
                    process = context.Process(target=_work, args=(theirs, *known), daemon=True)
                    process.start()
                    self._processes.append(process)
        except BaseException as error:
            self.end()
            if isinstance(error, OSError):
                raise TriangleError(f"a worker process could not be started: {error.strerror or error}") from None
            raise

    @property
    def size(self) -> int:
        """Number of workers."""
        return len(self._processes)

    def __enter__(self) -> Crew[T]:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def work(self, job: Chunked[T], chunks: Iterable[int], kept: str = RESUMABLE) -> Answers[T]:
        """The answers to these chunks in their order; what is `kept` is said where a worker is lost."""
        self.job, left, most = job, deque(chunks), 3 * self.size
        waiting: deque[int] = deque()
        found: dict[int, T] = {}
        try:
            while left or waiting:
                while left and len(waiting) < most and (pipe := self.idle()) is not None:
                    self.hand(pipe, left[0])
                    waiting.append(left.popleft())
                if waiting and waiting[0] in found:
                    chunk = waiting.popleft()
                    yield chunk, found.pop(chunk)
                else:
                    found.update(self.answers())
        except (EOFError, ConnectionError):
            raise TriangleError(f"{_DIED} {kept}".strip()) from None

    def idle(self, most: int = 2) -> Connection | None:
        """A worker that has fewer than so many chunks and is ready for one, the one with fewest first."""
        ready = [pipe for pipe, handed in self._handed.items() if None not in handed and len(handed) < most]
        return min(ready, key=lambda pipe: len(self._handed[pipe]), default=None)

    @property
    def is_busy(self) -> bool:
        """Whether a worker has a chunk."""
        return any(chunk is not None for handed in self._handed.values() for chunk in handed)

    def hand(self, pipe: Connection, chunk: int) -> None:
        """Give a worker a chunk."""
        pipe.send(chunk)
        self._handed[pipe].append(chunk)

    def answers(self) -> Answers[T]:
        """What has been answered meanwhile; waits until there is something."""
        from multiprocessing.connection import wait

        for pipe in cast("list[Connection]", wait(list(self._handed))):
            answer, chunk = pipe.recv(), self._handed[pipe].popleft()
            if chunk is None:
                pipe.send(self.job)
            elif isinstance(answer, Exception):
                raise answer
            else:
                yield chunk, answer

    def end(self) -> None:
        """End every worker; they hold nothing that is not sent."""
        with _deaf_to_ctrl_c():
            for process in self._processes:
                process.kill()
            for process in self._processes:
                process.join()
            for pipe in self._handed:
                pipe.close()


def _start_tracker() -> None:
    """Start Python's own helper process before any worker: its start would let Ctrl-C through to the first one."""
    if os.name == "posix":
        from multiprocessing import resource_tracker

        resource_tracker.ensure_running()


def _in_processes(job: Chunked[T], chunks: list[int], workers: int) -> Answers[T]:
    with Crew[T](min(workers, len(chunks))) as crew:
        yield from crew.work(job, chunks)


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True)
class _Calls:
    """Calls as the chunks of a job."""

    calls: tuple[Callable[[], Any], ...]

    def compute(self, chunk: int) -> tuple[Any]:
        """What a call answers, or the error by which it refuses."""
        try:
            return (self.calls[chunk](),)
        except TriangleError as error:
            return (error,)


def shared(calls: Sequence[Callable[[], Any]], workers: int) -> list[Any]:
    """What each call answers, or the error by which it refuses: carried out by this process and so many less one.

    Each process takes the next call when it is done with one, so that the first should take longest.
    """
    job, left = _Calls(tuple(calls)), deque(range(len(calls)))
    found, failed = dict[int, tuple[Any]](), list[Exception]()
    with Crew[tuple[Any]](workers - 1) as crew:
        crew.job = job
        others = threading.Thread(target=_handed_on, args=(crew, left, found, failed), daemon=True)
        others.start()
        while not failed and (chunk := _taken(left)) is not None:
            found[chunk] = job.compute(chunk)
        others.join()
    if failed:
        died = isinstance(failed[0], EOFError | ConnectionError)
        raise TriangleError(_DIED) if died else failed[0] from None
    return [found[chunk][0] for chunk in range(len(calls))]


def _taken(left: deque[int]) -> int | None:
    """The next number, if one is left: two threads take from here."""
    try:
        return left.popleft()
    except IndexError:
        return None


def _handed_on(crew: Crew[tuple[Any]], left: deque[int], found: dict[int, Any], failed: list[Exception]) -> None:
    """Hand what is left to workers, one call at a time, until all is answered."""
    try:
        while True:
            while (pipe := crew.idle(1)) is not None and (chunk := _taken(left)) is not None:
                crew.hand(pipe, chunk)
            if not left and not crew.is_busy:
                return
            found.update(crew.answers())
    except Exception as error:  # told by the thread that waits
        failed.append(error)


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


def _quieten() -> None:
    """Let the library's event loop keep to itself what it meets when a scheduler goes away; it is said once, here."""
    import asyncio

    asyncio.get_running_loop().set_exception_handler(lambda *_: None)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """The same for its log: what there is to say is said by the errors raised here."""
    import logging

    loggers = [logging.getLogger(name) for name in _LOGS]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


class _Watched:
    """A task on a cluster that is not waited for longer than there are workers to do it."""

    def __init__(self, client: Any, future: Any):
        self._client, self._future = client, future

    def result(self) -> Any:
        """The task's answer."""
        idle = 0
        while idle < _PATIENCE:
            with contextlib.suppress(TimeoutError):
                return self._future.result(timeout=1)
            known = self._client.sync(self._client.scheduler.ncores, workers=None, callback_timeout=_PATIENCE)
            idle = 0 if known else idle + 1
        raise TimeoutError("no worker is left")


def _compute_of(job: Chunked[T], chunk: int) -> T:
    return job.compute(chunk)


def _received(job: T) -> T:
    return job


def _on_cluster(job: Chunked[T], chunks: Iterable[int], address: str) -> Answers[T]:
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
    with _quiet():
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
                yield from _from_workers(client, job, chunks, address)
            except (CancelledError, KilledWorker, OSError) as error:  # a TimeoutError too
                raise TriangleError(
                    f"--scheduler: the cluster at {address!r} was lost ({shorten(str(error))}). {RESUMABLE}"
                ) from None


def _from_workers(client: Any, job: Chunked[T], chunks: Iterable[int], address: str) -> Answers[T]:
    client.loop.add_callback(_quieten)
    try:
        client.wait_for_workers(1, timeout=_PATIENCE)
    except TimeoutError:
        message = f"no worker has joined the scheduler at {address!r}; start one by: dask worker {address}"
        raise BadInput(Fault("--scheduler", "", message)) from None
    # The answer of a task, not data laid down at workers: what these held is lost with the last of them.
    sent = client.submit(_received, job, pure=False, retries=3)
    window = 3 * max(1, sum(client.nthreads().values()))
    yield from _in_order(
        chunks, window, lambda chunk: _Watched(client, client.submit(_compute_of, sent, chunk, pure=False, retries=3))
    )
