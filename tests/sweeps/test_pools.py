"""Worker processes: what they hear, and in which order they answer."""

import signal
import time

import pytest

from triangle.sweeps import pools


class Listens:
    """A job that says whether its process is deaf to Ctrl-C, by a mask that it was born with."""

    def compute(self, chunk: int) -> bool:
        return signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, [])


class Dawdles:
    """A job whose first chunks take longest."""

    def compute(self, chunk: int) -> int:
        time.sleep(0.02 * max(0, 5 - chunk))
        return chunk * chunk


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="this platform has no signal masks")
def test_a_worker_never_hears_ctrl_c_not_even_while_it_begins():
    assert list(pools.answers(Listens(), range(4), workers=2)) == [(chunk, True) for chunk in range(4)]
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, []), "this process hears it as before"


def test_answers_come_in_the_order_of_the_chunks():
    expected = [(chunk, chunk * chunk) for chunk in (3, 0, 7, 1, 9, 2, 4, 5)]
    assert list(pools.answers(Dawdles(), [chunk for chunk, _ in expected], workers=2)) == expected
