"""Other people's solvers, each in a child process that is killed at its time limit; none is ever imported here.

Solvers of general games can run for ever on games with ties, crash, or take all memory, and some cannot be interrupted
from within. So each runs alone in a process of its own, with a limit on time and, where the platform has it, on memory;
whatever it had found when it was killed is kept. Games travel as text. Before they do, all payoffs are divided by the
power of two next to their range: that is exact, changes no equilibrium, and makes a peer's absolute tolerance the same
share of every game's payoffs.

A peer that is not installed is reported as absent. What the peers are known to do, and not to do:

* ``pygambit.gnm`` finds some equilibria, more with more rays, and may not return,
* ``pygambit.enumpoly`` looks for all, but misses some in generic games and may not return where payoffs are tied,
* ``pygambit.logit`` finds the one at the end of the principal logit branch, ``pygambit.ipa`` one,
* ``quantecon.pure_nash_brute`` finds all pure ones, ``quantecon.mclennan_tourky`` one, approximately,
  ``quantecon.support_enumeration`` (two players) all of a nondegenerate game.

References
----------
Govindan, S. and Wilson, R. (2003). A global Newton method to compute Nash equilibria. *Journal of Economic Theory* 110.
Govindan, S. and Wilson, R. (2004). Computing Nash equilibria by iterated polymatrix approximation. *Journal of Economic
Dynamics and Control* 28.
McLennan, A. and Tourky, R. (2006). From imitation games to Kakutani. Unpublished.
Turocy, T. L. (2005). A dynamic homotopy interpretation of the logistic quantal response equilibrium correspondence.
*Games and Economic Behavior* 51.
"""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import numpy as np

from triangle.games.normal_form import NormalFormGame
from triangle.games.solution import Solution

Status = Literal["ok", "timeout", "failed", "absent"]
Probabilities = tuple[tuple[float, ...], ...]

#: Most memory of a child, in mebibytes: address space, of which numerical libraries reserve far more than they use.
MEGABYTES = 4096
#: Processor seconds over the limit after which the operating system ends a child that nobody was left to kill.
ORPHAN_SECONDS = 30
#: Seconds to wait for the output of a child already killed.
GRACE_SECONDS = 5.0

_CHILD = Path(__file__).with_name("_child.py")


@dataclass(frozen=True)
class Peer:
    """A solver of somebody else's: its name, the package it is in, and what it sets out to find.

    Attributes
    ----------
    name : str
    package : str
        What must be installed.
    aim : {"all", "all pure", "some", "one"}
    players : int or None
        The only number of players it takes; None for any.
    """

    name: str
    package: str
    aim: Literal["all", "all pure", "some", "one"]
    players: int | None = None

    @property
    def installed(self) -> bool:
        """Whether the package is there; it is looked for, not imported."""
        return find_spec(self.package) is not None


PEERS = (
    Peer("pygambit.gnm", "pygambit", "some"),
    Peer("pygambit.enumpoly", "pygambit", "all"),
    Peer("pygambit.logit", "pygambit", "one"),
    Peer("pygambit.ipa", "pygambit", "one"),
    Peer("quantecon.pure_nash_brute", "quantecon", "all pure"),
    Peer("quantecon.mclennan_tourky", "quantecon", "one"),
    Peer("quantecon.support_enumeration", "quantecon", "all", players=2),
)


@dataclass(frozen=True)
class Answer:
    """What came back from one solver on one game.

    Attributes
    ----------
    status : {"ok", "timeout", "failed", "absent"}
    seconds : float
        Time to solve, import included for a peer; the whole time until the kill after a timeout.
    profiles : tuple
        Mixed profiles in the order found, as the solver gave them; also those found before a timeout or a failure.
    verdict : str or None
        What a solver of ours says of its answer; peers say nothing.
    message : str
        Why it failed, or a solver's advice.
    method : str
        The method that a solution of ours names; empty for peers.
    """

    status: Status
    seconds: float = 0.0
    profiles: tuple[Probabilities, ...] = ()
    verdict: str | None = None
    message: str = ""
    method: str = ""


def ask_peer(peer: Peer, game: NormalFormGame, time_limit: float, seed: int = 0, megabytes: int = MEGABYTES) -> Answer:
    """One peer's equilibria of one game of any number of players, within `time_limit` seconds, its start included.

    Parameters
    ----------
    seed : int
        For the random rays of the global Newton method.
    megabytes : int
        Most memory of the child, in mebibytes.
    """
    if not peer.installed:
        return Answer("absent", message=f"{peer.package} is not installed")
    widest = max(float(np.ptp(own / 2.0)) for own in game.payoffs)
    scaled = NormalFormGame(np.ldexp(game.payoffs, -1 - math.frexp(widest)[1]))
    request = {"solver": peer.name, "payoffs": _payoff_text(scaled), "seed": seed}
    return _run(request, game, time_limit, megabytes)


def ask_solver(
    solve: Callable[[NormalFormGame], Solution], game: NormalFormGame, time_limit: float, megabytes: int = MEGABYTES
) -> Answer:
    """The solution of one game by a solver of ours, within `time_limit` seconds where it can be killed.

    A solver that a module gives under its own name runs in a child process; any other, such as a lambda or a partial
    application, can only run here, where nothing ends it, and its errors are its answer all the same.
    """
    where = _importable(solve)
    if where is not None:
        return _run({"callable": where, "payoffs": _payoff_text(game)}, game, time_limit, megabytes)
    start = time.perf_counter()
    try:
        solution = solve(game)
    except Exception as error:
        return Answer("failed", time.perf_counter() - start, message=f"{type(error).__name__}: {error}")
    seconds = time.perf_counter() - start
    profiles = tuple(e.probabilities for e in solution.equilibria)
    return Answer("ok", seconds, profiles, solution.verdict, solution.advice, solution.method)


def _importable(solve: object) -> tuple[str, str] | None:
    """Module and name under which another process finds this very object; None where it does not."""
    module, name = getattr(solve, "__module__", None), getattr(solve, "__qualname__", None)
    if not module or not name or module == "__main__":
        return None
    found: Any = sys.modules.get(module)
    for part in name.split("."):
        found = getattr(found, part, None)
    return (module, name) if found is solve else None


def _payoff_text(game: NormalFormGame) -> list[str]:
    """Payoffs exactly as text in the order of Gambit's files."""
    listed = np.moveaxis(game.payoffs, 0, -1)
    # Gambit reads no plus sign, neither before a number nor in its exponent.
    return [repr(u).replace("+", "") for u in listed.reshape((-1, game.n_players), order="F").ravel().tolist()]


def _run(request: dict[str, Any], game: NormalFormGame, time_limit: float, megabytes: int) -> Answer:
    """Run a child on a request, kill it at its limit, and read the lines it wrote."""
    if game.samples:
        raise ValueError(f"one game is solved at a time, not a batch of shape {game.samples}")
    if not time_limit > 0:
        raise ValueError(f"a time limit is a positive number of seconds, not {time_limit}")
    request |= {
        "actions": list(game.actions),
        "path": [os.path.abspath(entry) for entry in sys.path],
        "megabytes": megabytes,
        "time_limit": time_limit,
        "deadline": time.time() + time_limit,
        "seconds": math.ceil(time_limit) + ORPHAN_SECONDS,
    }
    start = time.perf_counter()
    # -P: the folder of the child's file is no place to import from, its neighbours have common names.
    child = subprocess.Popen(
        [sys.executable, "-P", str(_CHILD)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        start_new_session=True,
    )
    try:
        output, _ = child.communicate(json.dumps(request), timeout=time_limit)
        killed = False
    except subprocess.TimeoutExpired:
        _kill(child)
        output, killed = _rest(child), True
    except BaseException:
        _kill(child)
        _rest(child)
        raise
    return _read(output, time.perf_counter() - start, killed, child.returncode)


def _kill(child: subprocess.Popen[str]) -> None:
    """End the child and whatever it started, at once."""
    if hasattr(os, "killpg"):
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
    else:
        child.kill()


def _rest(child: subprocess.Popen[str]) -> str:
    """What a killed child had written; nothing where some process that left its group still holds the pipe."""
    try:
        return child.communicate(timeout=GRACE_SECONDS)[0]
    except subprocess.TimeoutExpired:
        return ""


def _read(output: str, seconds: float, killed: bool, code: int) -> Answer:
    """The answer in the lines that a child wrote; a line cut short by the kill is dropped."""
    profiles: list[Probabilities] = []
    for text in output.splitlines():
        try:
            line = json.loads(text)
        except ValueError:
            break
        if "found" in line:
            profiles.append(tuple(tuple(map(float, player)) for player in line["found"]))
        else:
            return Answer(
                line["end"], line["seconds"], tuple(profiles), line["verdict"], line["message"], line["method"]
            )
    if killed:
        return Answer("timeout", seconds, tuple(profiles), message=f"killed after {seconds:.1f} s")
    return Answer("failed", seconds, tuple(profiles), message=f"the process ended with code {code}")
