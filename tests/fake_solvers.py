"""Solvers that misbehave, each in its own way, for the tests of those who must survive them.

They stand in a module of their own so that a child process can import them by name.
"""

from __future__ import annotations

import os
import time

import numpy as np

from triangle.games.normal_form import NormalFormGame
from triangle.games.solution import Equilibrium, Solution


def _solution(*profiles: tuple[tuple[float, ...], ...]) -> Solution:
    equilibria = tuple(Equilibrium(probabilities=profile, payoffs=(), regret=0.0) for profile in profiles)
    return Solution("mixed", "complete", equilibria)


def hangs(game: NormalFormGame) -> Solution:
    """Never returns."""
    while True:
        time.sleep(1.0)


def is_busy_for_ever(game: NormalFormGame) -> Solution:
    """Never returns and never sleeps, deaf to polite signals."""
    import signal

    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        pass


def leaves_a_child_behind(game: NormalFormGame) -> Solution:
    """Hangs, and so does the process that it started, whose number it leaves in a file."""
    child = os.fork()
    if child:
        with open(os.environ["FAKE_SOLVER_NOTE"], "w", encoding="utf-8") as note:
            note.write(str(child))
    return hangs(game)


def raises(game: NormalFormGame) -> Solution:
    """Fails with an error."""
    raise ArithmeticError("singular")


def crashes(game: NormalFormGame) -> Solution:
    """Ends its process at once, as a fault in compiled code does."""
    os._exit(17)


def takes_three_gibibytes(game: NormalFormGame) -> Solution:
    """Reserves more memory than a limit of two gibibytes grants, without using it."""
    np.zeros(3 * 2**30, dtype=np.uint8)
    return says_first_actions(game)


def talks(game: NormalFormGame) -> Solution:
    """Prints on standard output, where its answer goes too."""
    print("Solving ...", flush=True)
    os.system("echo from below")
    return says_first_actions(game)


def says_first_actions(game: NormalFormGame) -> Solution:
    """Claims that everybody playing the first action is the only equilibrium."""
    return _solution(tuple(tuple(float(b == 0) for b in range(count)) for count in game.actions))


def says_nothing(game: NormalFormGame) -> Solution:
    """Claims that there is no equilibrium at all."""
    return _solution()


def says_nonsense(game: NormalFormGame) -> Solution:
    """Returns profiles that are no probabilities: wrong sums, wrong length, and not a number."""
    return _solution(((2.0, -1.0), (1.0, 0.0)), ((1.0,), (1.0, 0.0)), ((float("nan"), 1.0), (1.0, 0.0)))
