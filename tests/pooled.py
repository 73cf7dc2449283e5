"""Jobs and calls for worker processes, which load this file, and neither the tests nor what these need."""

import multiprocessing
import os
import signal
import time

from triangle.base.errors import BadInput, Fault


class Listens:
    """A job that says whether its process is deaf to Ctrl-C, by a mask that it was born with."""

    def compute(self, chunk: int) -> bool:
        return signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, [])


class Dawdles:
    """A job whose first chunks take longest."""

    def compute(self, chunk: int) -> int:
        time.sleep(0.02 * max(0, 5 - chunk))
        return chunk * chunk


class Dies:
    """A job whose worker is killed: while it is sent, or at a chunk."""

    def __init__(self, when: int):
        self.when = when
        self.ballast = bytes(1_000_000)  # more than a pipe holds, so that sending it waits for a reader

    def __setstate__(self, state: dict) -> None:
        self.__dict__.update(state)
        self.die_at(-1)

    def die_at(self, moment: int) -> None:
        if self.when == moment and multiprocessing.parent_process() is not None:
            os.kill(os.getpid(), signal.SIGKILL)

    def compute(self, chunk: int) -> bytes:
        self.die_at(chunk)
        return bytes(1_000_000)


class Fails:
    """A job that meets a fault of the user's."""

    def compute(self, chunk: int) -> int:
        raise BadInput([Fault("x", "a", "first"), Fault("x", "b", "second")])


def squared(number: int) -> int:
    """A call, which takes the longer the smaller its number is."""
    time.sleep(0.02 * max(0, 5 - number))
    return number * number


def refused() -> None:
    """A call that meets a fault of the user's."""
    raise BadInput([Fault("x", "a", "first"), Fault("x", "b", "second")])


def in_another() -> bool:
    """Whether this is not the process that asks; it takes its time, so that others get something to do."""
    time.sleep(0.05)
    return multiprocessing.parent_process() is not None


def dies_elsewhere() -> None:
    """A call that only the asking process survives."""
    time.sleep(0.05)
    if multiprocessing.parent_process() is not None:
        os.kill(os.getpid(), signal.SIGKILL)


def interrupts_here() -> None:
    """A call at which a user loses patience."""
    if multiprocessing.parent_process() is None:
        raise KeyboardInterrupt
    time.sleep(60)


def breaks_elsewhere() -> None:
    """A call with a fault of ours, where another process carries it out."""
    time.sleep(0.05)
    if multiprocessing.parent_process() is not None:
        raise IndexError("ours")
