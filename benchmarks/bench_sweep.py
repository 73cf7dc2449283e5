"""From parameters to outcome counts, beside other people's solvers and beside what the machine can do, in one run.

    python benchmarks/bench_sweep.py [--quick] [--rounds 5] [--processes 2] [--json FILE]

All work on the same stance games, drawn uniformly from the prior box with a fixed seed, rounds of all of them in turn:

* ours, end to end: parameters -> payoffs -> sets of pure equilibria -> games by configuration and by number of
  equilibria, in one process and in several;
* the equilibrium test of ours alone, on ready random payoffs that sit in the cache and that come from memory;
* numpy written the obvious way, samples first, on ready payoffs;
* a plain Python loop over profiles and deviations;
* QuantEcon's `pure_nash_brute` and pygambit's `enumpure_solve`, with and without making their game objects;
* nashpy on the bilateral games (China held at *align*), beside ours on the same;
* copying an array much larger than the cache (bytes read plus written).

Every answer is checked against is_nash within the call that asked for it. Work is built inside the timed call, apart
from ready payoffs where "ready" is the point. Figures are medians over the rounds [smallest..largest]; rates are taken
by the clock, so other work on the machine lowers them, and only ratios taken in one run mean anything. Gambit is only
ever loaded in a child process, which is killed when a batch takes longer than `--limit` seconds; the other peers run
there too. A peer that is not installed is left out.
"""

from __future__ import annotations

import argparse
import importlib.util
import itertools
import json
import multiprocessing
import os
import platform
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from triangle.axes import ACTIONS, CN
from triangle.experiments import kernel
from triangle.games.bitboards import Masks, count, equilibrium_masks, meets, pack, unpack
from triangle.games.normal_form import TOLERANCE, is_nash
from triangle.model.masks import by_key
from triangle.model.model import read_model
from triangle.model.parameters import Values
from triangle.model.payoffs import payoff_tensor

CHUNKS = (1088, 2112, 4096, 4160, 8256, 16448)
#: Games of the test alone: 3 MB of payoffs, within the last cache of any recent machine.
CACHED = 2048
ALIGN = ACTIONS[CN].index("align")


def drawn(games: int, seed: int = 0) -> dict[str, np.ndarray]:
    """Parameters of games, uniform over the prior box, levers too."""
    generator = np.random.default_rng(seed)
    return {p.name: generator.uniform(p.low, p.high, games) for p in read_model().catalogue}


# What is measured -----------------------------------------------------------------------------------------------------


def outcomes(masks: Masks) -> dict[str, int]:
    """Games by configuration that some equilibrium has, and by number of equilibria."""
    found = {key: int(np.count_nonzero(meets(masks, mask))) for key, mask in by_key().items()}
    numbers = np.bincount(count(masks), minlength=4)
    return found | {f"{n} equilibria": int(number) for n, number in enumerate(numbers)}


def ours(columns: dict[str, np.ndarray], chunk: int = kernel.CHUNK) -> dict[str, int]:
    return outcomes(kernel.sweep_masks(Values(columns), chunk=chunk))


def one_worker(task: tuple[int, int, int]) -> float:
    """Rounds of `games` games in this process; seconds of the work itself."""
    games, rounds, seed = task
    columns = drawn(games, seed)
    ours({name: column[:5000] for name, column in columns.items()})
    start = time.perf_counter()
    for _ in range(rounds):
        ours(columns)
    return time.perf_counter() - start


def multiply(task: tuple[int, int]) -> float:
    """The control for several processes: independent products of matrices."""
    size, rounds = task
    a = np.random.default_rng(0).random((size, size))
    a @ a
    start = time.perf_counter()
    for _ in range(rounds):
        a @ a
    return time.perf_counter() - start


def obvious(payoffs: np.ndarray) -> np.ndarray:
    """Whether each profile is an equilibrium, ``payoffs[sample, player, ...]``: what one writes first."""
    stable = np.ones((len(payoffs), *payoffs.shape[2:]), dtype=bool)
    for player in range(payoffs.shape[1]):
        own = payoffs[:, player]
        stable &= own >= own.max(axis=1 + player, keepdims=True) - TOLERANCE
    return stable


# Peers, in a child process --------------------------------------------------------------------------------------------


def plain_python(payoffs: np.ndarray) -> tuple[float, list[int]]:
    own = payoffs.tolist()
    start = time.perf_counter()
    found = []
    for a, b, c in itertools.product(range(4), repeat=3):
        if (
            own[0][a][b][c] >= max(own[0][k][b][c] for k in range(4)) - TOLERANCE
            and own[1][a][b][c] >= max(own[1][a][k][c] for k in range(4)) - TOLERANCE
            and own[2][a][b][c] >= max(own[2][a][b][k] for k in range(4)) - TOLERANCE
        ):
            found.append(16 * a + 4 * b + c)
    return time.perf_counter() - start, found


def quantecon(payoffs: np.ndarray) -> tuple[float, list[int]]:
    from quantecon.game_theory import NormalFormGame, Player, pure_nash_brute

    # Its arrays have the player's own action first, then those of the players after it, in turn.
    turned = [own.transpose([(i + k) % 3 for k in range(3)]) for i, own in enumerate(payoffs)]
    game = NormalFormGame([Player(np.ascontiguousarray(own)) for own in turned])
    start = time.perf_counter()
    found = pure_nash_brute(game, tol=TOLERANCE)
    return time.perf_counter() - start, [int(16 * a + 4 * b + c) for a, b, c in found]


def pygambit(payoffs: np.ndarray) -> tuple[float, list[int]]:
    import pygambit as gambit

    game = gambit.Game.from_arrays(*payoffs)
    start = time.perf_counter()
    found = gambit.nash.enumpure_solve(game).equilibria
    seconds = time.perf_counter() - start
    profiles = [[[float(e[s]) for s in player.strategies].index(1.0) for player in game.players] for e in found]
    return seconds, [16 * a + 4 * b + c for a, b, c in profiles]


def nashpy(payoffs: np.ndarray) -> tuple[float, list[int]]:
    """Pure equilibria of the game of the first two players: those of its support enumeration that are pure."""
    import warnings

    import nashpy as nash

    game = nash.Game(payoffs[0], payoffs[1])
    start = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = list(game.support_enumeration())
    seconds = time.perf_counter() - start
    pure = [(row, column) for row, column in found if row.max() > 1 - 1e-9 and column.max() > 1 - 1e-9]
    return seconds, [int(4 * row.argmax() + column.argmax()) for row, column in pure]


PEERS: dict[str, Callable[[np.ndarray], tuple[float, list[int]]]] = {
    "plain Python": plain_python,
    "quantecon pure_nash_brute": quantecon,
    "pygambit enumpure_solve": pygambit,
    "nashpy, bilateral": nashpy,
}
NEEDS = {"quantecon pure_nash_brute": "quantecon", "pygambit enumpure_solve": "pygambit", "nashpy, bilateral": "nashpy"}


def serve(name: str, pipe: Connection) -> None:
    """Answer every batch of games with (seconds in all, seconds of the solver alone, profiles of each game)."""
    solve = PEERS[name]
    while True:
        games = pipe.recv()
        start = time.perf_counter()
        answers = [solve(payoffs) for payoffs in games]
        pipe.send((time.perf_counter() - start, sum(s for s, _ in answers), [sorted(found) for _, found in answers]))


class Peer:
    """A solver in a child process that is killed when it does not answer in time."""

    def __init__(self, name: str, limit: float):
        self.name, self.limit = name, limit
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=serve, args=(name, theirs), daemon=True)
        self.process.start()
        theirs.close()

    def ask(self, games: np.ndarray) -> tuple[float, float, list[list[int]]] | None:
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


# Measuring ------------------------------------------------------------------------------------------------------------


class Table:
    """Rates of each row over the rounds."""

    def __init__(self) -> None:
        self.rates: dict[str, list[float]] = {}

    def add(self, row: str, rate: float) -> None:
        """Note the rate of a row in this round."""
        self.rates.setdefault(row, []).append(rate)

    def timed(self, row: str, work: Callable[[], object], amount: float) -> object:
        """Do the work, note its rate, and return its result."""
        start = time.perf_counter()
        result = work()
        self.add(row, amount / (time.perf_counter() - start))
        return result

    def ratio(self, one: str, other: str) -> list[float]:
        """Ratios round by round."""
        return [a / b for a, b in zip(self.rates[one], self.rates[other], strict=False)]


def spread(values: list[float]) -> str:
    digits = 0 if np.median(values) >= 100 else 3
    return f"{np.median(values):>14,.{digits}f}  [{min(values):,.{digits}f}..{max(values):,.{digits}f}]"


def sure(holds: object, what: str) -> None:
    if not holds:
        raise AssertionError(what)


def one_round(options: argparse.Namespace, table: Table, peers: list[Peer], number: int) -> None:
    """Everything once, side by side."""
    columns = drawn(options.games)
    expected = options.expected
    for chunk in CHUNKS:
        found = table.timed(f"ours, chunk {chunk}", lambda chunk=chunk: ours(columns, chunk), options.games)
        sure(found == expected, f"outcome counts at chunk {chunk}")
    found = table.timed("ours, end to end", lambda: ours(columns), options.games)
    sure(found == expected, "outcome counts")

    # As often as fills a tenth of a second, so that the clock's grain does not matter.
    ready, repeats = options.ready, 200
    masks = table.timed(
        "test alone, in cache", lambda: [equilibrium_masks(ready) for _ in range(repeats)][-1], CACHED * repeats
    )
    sure(np.array_equal(masks, options.ready_masks), "test alone, in cache")
    masks = table.timed("test alone, from memory", lambda: equilibrium_masks(options.large), options.large.shape[-1])
    sure(np.array_equal(unpack(masks[:100], (4, 4, 4)), is_nash(options.large[..., :100])), "test alone, from memory")
    some = options.payoffs
    stable = table.timed("numpy, samples first", lambda: obvious(options.first), len(options.first))
    sure(np.array_equal(np.moveaxis(stable, 0, -1), options.stable), "numpy, samples first")
    made = table.timed("payoff tensor, no test", lambda: payoff_tensor(options.few_values), some.shape[-1])
    sure(np.array_equal(made, some), "payoff tensor")
    bilateral = np.ascontiguousarray(some[:2, :, :, ALIGN])
    masks = table.timed(
        "ours, bilateral test", lambda: [equilibrium_masks(bilateral) for _ in range(50)][-1], 50 * some.shape[-1]
    )

    source, target = options.copied
    table.timed("copy, GB/s", lambda: np.copyto(target, source), 2 * source.nbytes / 1e9)
    sure(np.array_equal(target[::4097], source[::4097]), "copy")
    for peer in list(peers):
        few = options.few if peer.name != "nashpy, bilateral" else max(1, options.few // 10)
        places = slice(number * few, (number + 1) * few)
        two = peer.name == "nashpy, bilateral"
        games = np.ascontiguousarray(np.moveaxis((bilateral if two else some)[..., places], -1, 0))
        right = [np.flatnonzero(is_nash(game)).tolist() for game in games]
        answer = peer.ask(games)
        if answer is None:
            print(f"{peer.name} gave no answer in {peer.limit:g} s: left out", flush=True)
            peer.stop()
            peers.remove(peer)
            continue
        sure(answer[2] == right, f"{peer.name}: equilibria that are not ours")
        table.add(f"{peer.name}, with its game", len(games) / answer[0])
        table.add(f"{peer.name}, solver alone", len(games) / answer[1])

    for processes in sorted({1, options.processes}):
        with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
            slowest = max(pool.map(one_worker, [(options.games, 3, 0)] * processes))
            table.add(f"ours, {processes} processes", processes * 3 * options.games / slowest)
            slowest = max(pool.map(multiply, [(600, 20)] * processes))
            table.add(f"control, {processes} processes", processes * 20 / slowest)


def report(options: argparse.Namespace, table: Table) -> dict[str, object]:
    """The table and the ratios, printed and as one document."""
    print(f"\n{options.machine}\n{options.games:,} games a round, {options.rounds} rounds; rates in games/s\n")
    for row, rates in table.rates.items():
        print(f"{row:<44}{spread(rates)}")
    ratios = {"ours / test alone in cache": table.ratio("ours, end to end", "test alone, in cache")}
    peers = [row for row in table.rates if row.endswith("with its game") and "bilateral" not in row]
    peers = [row for row in peers if not row.startswith("plain")]
    if peers:
        best = max(peers, key=lambda row: np.median(table.rates[row]))
        ratios[f"ours / best peer ({best})"] = table.ratio("ours, end to end", best)
        ratios["ours / best peer's solver alone"] = table.ratio(
            "ours, end to end", max((row.replace("with its game", "solver alone") for row in peers),
                                    key=lambda row: np.median(table.rates[row]))
        )  # fmt: skip
    if "plain Python, with its game" in table.rates:
        ratios["ours / plain Python"] = table.ratio("ours, end to end", "plain Python, with its game")
    ratios["ours / numpy, samples first (its payoffs given)"] = table.ratio("ours, end to end", "numpy, samples first")
    if "nashpy, bilateral, with its game" in table.rates:
        ratios["ours / nashpy, bilateral"] = table.ratio("ours, bilateral test", "nashpy, bilateral, with its game")
    if options.processes > 1:
        for row in ("ours", "control"):
            ratios[f"{row}, {options.processes} processes / 1"] = table.ratio(
                f"{row}, {options.processes} processes", f"{row}, 1 processes"
            )
    print()
    for name, values in ratios.items():
        print(f"{name:<60}{spread(values)}")
    return {
        "machine": options.machine,
        "games": options.games,
        "outcomes": options.expected,
        "rates": {row: {"median": float(np.median(r)), "all": r} for row, r in table.rates.items()},
        "ratios": {row: {"median": float(np.median(r)), "all": r} for row, r in ratios.items()},
    }


def machine() -> str:
    """Processor, cores, system and versions."""
    model = platform.processor() or platform.machine()
    information = Path("/proc/cpuinfo")
    if information.exists():
        names = [
            line.partition(":")[2].strip() for line in information.read_text().splitlines() if "model name" in line
        ]
        model = names[0] if names else model
    versions = f"Python {platform.python_version()}, numpy {np.__version__}"
    return f"{model}, {os.cpu_count()} cores, {platform.system()}, {versions}"


def prepare(options: argparse.Namespace) -> None:
    """Everything that is ready before the clock starts, and the right answers."""
    generator = np.random.default_rng(1)
    options.machine = machine()
    few = options.few * options.rounds
    columns = drawn(options.games)
    options.few_values = Values({name: column[:few] for name, column in columns.items()})
    options.payoffs = payoff_tensor(options.few_values)
    options.stable = is_nash(options.payoffs)
    options.first = np.ascontiguousarray(np.moveaxis(options.payoffs, -1, 0))
    options.ready = generator.random((3, 4, 4, 4, CACHED))
    options.ready_masks = pack(is_nash(options.ready).reshape(64, -1))
    options.large = generator.random((3, 4, 4, 4, options.large_games))
    options.copied = generator.random(2**24), np.empty(2**24)
    options.copied[1][:] = 0.0
    slow = [
        pack(is_nash(payoff_tensor(Values({n: c[a : a + 2000] for n, c in columns.items()}))).reshape(64, -1))
        for a in range(0, options.games, 2000)
    ]
    options.expected = outcomes(np.concatenate(slow))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a short run with fewer games")
    parser.add_argument("--games", type=int, default=None, help="games that ours solves in a round")
    parser.add_argument("--few", type=int, default=None, help="games that a peer solves in a round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--limit", type=float, default=120.0, help="seconds after which a peer is killed")
    parser.add_argument("--json", metavar="FILE", help="write the figures here")
    options = parser.parse_args()
    options.games = options.games or (100_000 if options.quick else 500_000)
    options.few = options.few or (100 if options.quick else 400)
    options.large_games = 50_000 if options.quick else 200_000
    prepare(options)
    peers = [Peer(name, options.limit) for name in PEERS if name not in NEEDS or importlib.util.find_spec(NEEDS[name])]
    table = Table()
    try:
        for peer in peers:
            # The first call waits for imports and compilation, and is not counted.
            two = peer.name == "nashpy, bilateral"
            peer.ask(
                np.moveaxis(options.payoffs[:2, :, :, ALIGN, :2] if two else options.payoffs[..., :2], -1, 0).copy()
            )
        for number in range(options.rounds):
            one_round(options, table, peers, number)
    finally:
        for peer in peers:
            peer.stop()
    document = report(options, table)
    if options.json:
        Path(options.json).write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
