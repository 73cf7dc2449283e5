"""Logit equilibria beside pygambit's `logit_solve_lambda`: the same games, one run, rounds of both in turn.

    python benchmarks/bench_logit.py [--games 20000] [--rounds 5] [--seed 0]

λ times the payoff range is 10. The peer runs in a child process that is killed when one game takes longer than
`--limit` seconds; its time includes making its game object from the arrays, and not the start of the process. Ours
includes everything from the payoff array on. Times are processor seconds of one thread, so that other work on the
machine does not count (set OPENBLAS_NUM_THREADS=1); figures are medians over the rounds [smallest..largest]. Every
profile of the peer is compared with ours; a game counts as different beyond 1e-4. Where pygambit is not installed
only our own figures are printed.
"""

from __future__ import annotations

import argparse
import importlib.util
import multiprocessing
import time
from multiprocessing.connection import Connection

import numpy as np
from peers import gambit_game, gambit_probabilities

from triangle.games.normal_form import Floats
from triangle.solvers.logit.branch import limiting_logit, logit_equilibria

LAMBDA = 10.0
SHAPES = ((2, 2, 2), (3, 3, 3), (4, 3, 3), (4, 4, 4))


def peer(pipe: Connection) -> None:
    """Answer each list of (payoffs, λ) with a list of (seconds, probabilities), one game after the other."""
    import pygambit

    while True:
        tasks = pipe.recv()
        for payoffs, lam in tasks:
            start = time.process_time()
            game = gambit_game(payoffs)
            found = pygambit.qre.logit_solve_lambda(game, [lam])[0].profile
            seconds = time.process_time() - start
            pipe.send((seconds, np.concatenate(gambit_probabilities(game, found))))


class Peer:
    """A child process that solves games and is replaced by a fresh one when it does not answer in time."""

    def __init__(self, limit: float):
        self.limit = limit
        self.start()

    def start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=peer, args=(theirs,), daemon=True)
        self.process.start()
        theirs.close()

    def stop(self) -> None:
        self.process.kill()
        self.process.join()

    def solve(self, games: Floats, lam: Floats) -> list[tuple[float, Floats | None]]:
        """Seconds and profile of each game; the profile is None where the peer failed or was killed."""
        self.pipe.send([(games[..., k], float(lam[k])) for k in range(len(lam))])
        answers: list[tuple[float, Floats | None]] = []
        while len(answers) < len(lam):
            # The first game of a new process waits for its imports.
            if self.pipe.poll(self.limit if answers else self.limit + 60):
                try:
                    answers.append(self.pipe.recv())
                    continue
                except EOFError:
                    pass
            answers.append((self.limit, None))
            self.stop()
            self.start()
            self.pipe.send([(games[..., k], float(lam[k])) for k in range(len(answers), len(lam))])
        return answers


def rate(games: Floats) -> tuple[float, Floats]:
    """Games per second of ours in one call, and the profiles."""
    start = time.process_time()
    found = logit_equilibria(games, LAMBDA, normalised=True)
    seconds = time.process_time() - start
    if not (found.reached.all() and (found.residual <= 1e-10).all()):
        raise AssertionError(f"{np.count_nonzero(~found.reached)} games not reached")
    return games.shape[-1] / seconds, np.concatenate(found.probabilities)


def rate_one_by_one(games: Floats) -> float:
    """Games per second of ours at one game a call."""
    start = time.process_time()
    for k in range(games.shape[-1]):
        logit_equilibria(games[..., k], LAMBDA, normalised=True)
    return games.shape[-1] / (time.process_time() - start)


def middle(values: list[float]) -> str:
    return f"{np.median(values):,.0f} [{min(values):,.0f}..{max(values):,.0f}]"


def compare(shape: tuple[int, ...], arguments: argparse.Namespace, beside: Peer | None) -> None:
    """Rounds of ours over the batch, ours one by one, and the peer over a few of the same games."""
    rng = np.random.default_rng([arguments.seed, *shape])
    games = rng.random((len(shape), *shape, arguments.games))
    lam = LAMBDA / np.max(np.ptp(games.reshape(len(shape), -1, games.shape[-1]), axis=1), axis=0)
    few = arguments.few
    if beside is not None:
        beside.solve(games[..., :1], lam[:1])
    batch, single, theirs, different, failed = [], [], [], 0, 0
    for round_ in range(arguments.rounds):
        chosen = slice(round_ * few, (round_ + 1) * few)
        speed, profiles = rate(games)
        batch.append(speed)
        single.append(rate_one_by_one(games[..., chosen]))
        if beside is not None:
            answers = beside.solve(games[..., chosen], lam[chosen])
            theirs.append(few / sum(seconds for seconds, _ in answers))
            for (_, profile), mine in zip(answers, profiles[:, chosen].T, strict=True):
                failed += profile is None
                different += profile is not None and np.abs(profile - mine).max() > 1e-4
    name = "x".join(map(str, shape))
    print(f"{name}  ours {middle(batch)}/s  ours, one a call {middle(single)}/s", flush=True)
    if theirs:
        ratios = [a / b for a, b in zip(batch, theirs, strict=True)]
        ones = [a / b for a, b in zip(single, theirs, strict=True)]
        print(f"       peer {middle(theirs)}/s  ratio {middle(ratios)}  one a call {np.median(ones):.2f} "
              f"[{min(ones):.2f}..{max(ones):.2f}]  different {different}, failed {failed} "
              f"of {few * arguments.rounds}", flush=True)  # fmt: skip
    sample = games[..., : max(1, arguments.games // 10)]
    start = time.process_time()
    limit = limiting_logit(sample)
    seconds = time.process_time() - start
    print(f"       limit {sample.shape[-1] / seconds:,.0f}/s, settled {limit.settled.mean():.4f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--games", type=int, default=65_536)
    parser.add_argument("--few", type=int, default=100, help="games of one round that the peer solves")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--limit", type=float, default=20.0, help="seconds after which the peer is killed")
    arguments = parser.parse_args()
    beside = Peer(arguments.limit) if importlib.util.find_spec("pygambit") else None
    try:
        for shape in SHAPES:
            compare(shape, arguments, beside)
    finally:
        if beside is not None:
            beside.stop()


if __name__ == "__main__":
    main()
