"""Other people's solvers of pure equilibria, one game a call, each in a child process that is killed when it hangs.

A solver takes payoffs ``[player, ...actions]`` and returns the seconds that it took without making its game object, and
the profiles that it found as indices.
"""

from __future__ import annotations

import itertools
import multiprocessing
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection

import numpy as np

from triangle.games.normal_form import TOLERANCE


def plain_python(payoffs: np.ndarray) -> tuple[float, list[int]]:
    own = payoffs.tolist()
    start = time.process_time()
    found = []
    for a, b, c in itertools.product(range(4), repeat=3):
        if (
            own[0][a][b][c] >= max(own[0][k][b][c] for k in range(4)) - TOLERANCE
            and own[1][a][b][c] >= max(own[1][a][k][c] for k in range(4)) - TOLERANCE
            and own[2][a][b][c] >= max(own[2][a][b][k] for k in range(4)) - TOLERANCE
        ):
            found.append(16 * a + 4 * b + c)
    return time.process_time() - start, found


def quantecon(payoffs: np.ndarray) -> tuple[float, list[int]]:
    from quantecon.game_theory import NormalFormGame, Player, pure_nash_brute

    # Its arrays have the player's own action first, then those of the players after it, in turn.
    turned = [own.transpose([(i + k) % 3 for k in range(3)]) for i, own in enumerate(payoffs)]
    game = NormalFormGame([Player(np.ascontiguousarray(own)) for own in turned])
    start = time.process_time()
    found = pure_nash_brute(game, tol=TOLERANCE)
    return time.process_time() - start, [int(16 * a + 4 * b + c) for a, b, c in found]


def gambit_game(payoffs: np.ndarray):
    """Gambit's game of payoffs ``[player, ...actions]``, by way of its file format."""
    import io

    import pygambit

    players = " ".join(f'"{i}"' for i in range(len(payoffs)))
    counts = " ".join(map(str, payoffs.shape[1:]))
    listed = np.moveaxis(payoffs, 0, -1).reshape(-1, len(payoffs), order="F")
    numbers = " ".join(repr(float(u)) for u in listed.ravel())
    return pygambit.read_nfg(io.StringIO(f'NFG 1 R "" {{ {players} }} {{ {counts} }} {numbers}'))


def gambit_probabilities(game, profile) -> list[list[float]]:
    """A profile of Gambit's as lists, in the order of players and actions."""
    return [[float(probability) for _, probability in profile[player]] for player in game.players]


def pygambit(payoffs: np.ndarray) -> tuple[float, list[int]]:
    import pygambit as gambit

    game = gambit_game(payoffs)
    start = time.process_time()
    found = gambit.nash.enumpure_solve(game).equilibria
    seconds = time.process_time() - start
    profiles = [[own.index(1.0) for own in gambit_probabilities(game, e)] for e in found]
    return seconds, [16 * a + 4 * b + c for a, b, c in profiles]


def nashpy(payoffs: np.ndarray) -> tuple[float, list[int]]:
    """Pure equilibria of the game of the first two players: those of its support enumeration that are pure."""
    import warnings

    import nashpy as nash

    game = nash.Game(payoffs[0], payoffs[1])
    start = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = list(game.support_enumeration())
    seconds = time.process_time() - start
    pure = [(row, column) for row, column in found if row.max() > 1 - 1e-9 and column.max() > 1 - 1e-9]
    return seconds, [int(4 * row.argmax() + column.argmax()) for row, column in pure]


@dataclass
class Answer:
    """What a peer did with a batch of games.

    Attributes
    ----------
    busy, elapsed : float
        Seconds by the processor and by the clock, making its game objects included.
    solving : float
        Seconds by the processor of the solver alone.
    profiles : list of list of int
        Of each game.
    """

    busy: float
    elapsed: float
    solving: float
    profiles: list[list[int]]


PEERS: dict[str, Callable[[np.ndarray], tuple[float, list[int]]]] = {
    "plain Python": plain_python,
    "quantecon pure_nash_brute": quantecon,
    "pygambit enumpure_solve": pygambit,
    "nashpy, bilateral": nashpy,
}
NEEDS = {"quantecon pure_nash_brute": "quantecon", "pygambit enumpure_solve": "pygambit", "nashpy, bilateral": "nashpy"}


def serve(name: str, pipe: Connection) -> None:
    """Answer every batch of games with seconds (see :class:`Answer`) and profiles of each game."""
    solve = PEERS[name]
    while True:
        games = pipe.recv()
        begun, start = time.perf_counter(), time.process_time()
        answers = [solve(payoffs) for payoffs in games]
        busy, elapsed = time.process_time() - start, time.perf_counter() - begun
        pipe.send(Answer(busy, elapsed, sum(s for s, _ in answers), [sorted(found) for _, found in answers]))


class Peer:
    """A solver in a child process that is killed when it does not answer in time."""

    def __init__(self, name: str, limit: float):
        self.name, self.limit = name, limit
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=serve, args=(name, theirs), daemon=True)
        self.process.start()
        theirs.close()

    def ask(self, games: np.ndarray) -> Answer | None:
        """Its answer to games ``[sample, player, ...]``, or None where there is none in time."""
        try:
            self.pipe.send(games)
            return self.pipe.recv() if self.pipe.poll(self.limit) else None
        except (EOFError, BrokenPipeError):
            return None

    def stop(self) -> None:
        """End the process, whatever it does."""
        self.process.kill()
        self.process.join()
