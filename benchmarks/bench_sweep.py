"""From parameters to outcome counts, beside other people's solvers and beside what the machine can do, in one run.

    python benchmarks/bench_sweep.py [--quick] [--rounds 5] [--processes 2] [--largest 10000000] [--json FILE]

All work on the same stance games, those of a sweep of the prior box, levers too, rounds of all of them in turn:

* ours, end to end: draws -> payoffs -> sets of pure equilibria -> games by configuration and by number of equilibria,
  as a sweep computes its chunks, in one process and in several at once; peers are given their parameters;
* the same with a compiler, where there is one (`--backend numba`);
* ours in double precision throughout, parameters given;
* the equilibrium test of ours alone, on ready random payoffs that sit in the cache and that come from memory;
* numpy written the obvious way, samples first, on ready payoffs;
* a plain Python loop over profiles and deviations;
* QuantEcon's `pure_nash_brute` and pygambit's `enumpure_solve`, with and without making their game objects, in one
  process, which is how they are used: a call of theirs takes one game;
* nashpy on the bilateral games (China held at *align*), beside ours on the same;
* copying an array much larger than the cache (bytes read plus written).

Then the cost of a sweep as a user runs it, draws included, in statistics mode, at growing numbers of games, sizes in
turn, each in a process of its own that has swept two chunks of games before; with the largest memory of that process.

Every answer is checked against is_nash within the call that asked for it. Work is built inside the timed call, apart
from ready payoffs where "ready" is the point. Figures are medians over the rounds [smallest..largest]. Rates are by
processor time, which other work on the machine does not stop (though it takes away cache and bandwidth); those by the
clock stand beside them. Only ratios taken in one run mean anything. Gambit is only ever loaded in a child process,
which is killed when a batch takes longer than `--limit` seconds; the other peers run there too. A peer that is not
installed is left out.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import multiprocessing
import os
import resource
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from machine import machine
from peers import NEEDS, PEERS, Peer

from triangle import api as face
from triangle.batch import equilibria as kernel
from triangle.batch.compiled import is_installed
from triangle.batch.equilibria import Backend
from triangle.games.bitboards import Masks, equilibrium_masks, pack, unpack
from triangle.games.normal_form import TOLERANCE, is_nash
from triangle.model.parameters import Values
from triangle.model.payoffs import payoff_tensor
from triangle.players.axes import CN
from triangle.players.cast import SHIPPED
from triangle.players.profiles import by_key
from triangle.sweeps import run as sweep
from triangle.sweeps.job import CHUNK, Job
from triangle.sweeps.tally import Tally, patterns

#: Games of a chunk in double precision.
CHUNKS = (2112, 4096, 8256)
#: Games of the sweeps whose cost should be linear.
SIZES = (10**5, 10**6, 10**7, 10**8)
#: Games of the test alone: 3 MB of payoffs, within the last cache of any recent machine.
CACHED = 2048
ALIGN = SHIPPED.actions[CN].index("align")


def swept(games: int, backend: Backend = "numpy") -> Job:
    """A sweep of so many games of the prior box of the documented world, levers too."""
    study = face.load("baseline", model=face.read_model())
    return sweep.job_of([study], sweep.plan([study], samples=games, levers=True), counts_only=True, backend=backend)


def drawn(job: Job) -> dict[str, np.ndarray]:
    """Parameters of the games of a sweep."""
    numbers = job.design.numbers_at(0, np.arange(job.design.games))
    return {name: np.broadcast_to(column, (job.design.games,)) for name, column in numbers.items()}


# What is measured -----------------------------------------------------------------------------------------------------


def outcomes(masks: Masks) -> dict[str, int]:
    """Games by configuration that some equilibrium has, and by number of equilibria."""
    found = {key: int(np.count_nonzero(SHIPPED.sets.meets(masks, mask))) for key, mask in by_key(SHIPPED).items()}
    numbers = enumerate(np.bincount(SHIPPED.sets.count(masks)).tolist())
    return found | {f"{n} equilibria": games for n, games in numbers if games}


def ours(job: Job) -> dict[str, int]:
    """The same counts as the sweep itself makes them."""
    total = Tally.empty(job.cast)
    for chunk in range(job.chunks):
        total.add(job.compute(chunk))
    found = dict(zip(patterns(job.cast), total.together.diagonal().tolist(), strict=True))
    numbers = enumerate(total.numbers.tolist())
    return {key: found[key] for key in by_key(SHIPPED)} | {f"{n} equilibria": games for n, games in numbers if games}


def in_double_precision(columns: dict[str, np.ndarray], chunk: int = kernel.CHUNK) -> dict[str, int]:
    return outcomes(kernel.sweep_masks(Values(columns, SHIPPED), chunk=chunk))


@dataclass
class Seconds:
    """Time that some work took, by the processor and by the clock."""

    busy: float
    elapsed: float

    @classmethod
    def of(cls, work: Callable[[], object]) -> Seconds:
        """The time of this work in this process."""
        begun, start = time.perf_counter(), time.process_time()
        work()
        return cls(time.process_time() - start, time.perf_counter() - begun)


def one_worker(task: tuple[int, int, Backend]) -> Seconds:
    """Rounds of `games` games in this process; the work itself."""
    games, rounds, backend = task
    job = swept(games, backend)
    job.compute(0)
    return Seconds.of(lambda: [ours(job) for _ in range(rounds)])


def multiply(task: tuple[int, int]) -> Seconds:
    """The control for several processes: independent products of matrices."""
    size, rounds = task
    a = np.random.default_rng(0).random((size, size))
    a @ a
    return Seconds.of(lambda: [a @ a for _ in range(rounds)])


def sweep_of(games: int) -> tuple[Seconds, Seconds, int]:
    """A sweep of the baseline's prior box in statistics mode: time of its preparation and of itself, memory.

    Preparation is that of the design, once for a sweep; memory is the largest of this process so far, in bytes.
    """
    study = face.load("baseline", model=face.read_model())
    jobs: list[Job] = []

    def prepare_for(samples: int) -> None:
        jobs.append(sweep.job_of([study], sweep.plan([study], samples=samples), counts_only=True))

    def swept() -> None:
        run = sweep.run(jobs[-1], [study], "benchmark")
        sure(run.tally.games == run.games, "games of the sweep")

    prepare_for(2 * CHUNK)  # a process that has worked before: its memory is there, its code is loaded
    swept()
    prepared = Seconds.of(lambda: prepare_for(games))
    return prepared, Seconds.of(swept), largest_memory()


def largest_memory() -> int:
    """The largest memory of this process so far, in bytes."""
    status = Path("/proc/self/status")
    if status.exists():
        # What getrusage says begins with the memory of the process that began this one.
        return next(1024 * int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def obvious(payoffs: np.ndarray) -> np.ndarray:
    """Whether each profile is an equilibrium, ``payoffs[sample, player, ...]``: what one writes first."""
    stable = np.ones((len(payoffs), *payoffs.shape[2:]), dtype=bool)
    for player in range(payoffs.shape[1]):
        own = payoffs[:, player]
        stable &= own >= own.max(axis=1 + player, keepdims=True) - TOLERANCE
    return stable


# Measuring ------------------------------------------------------------------------------------------------------------


class Table:
    """Rates of each row over the rounds, by the processor and by the clock."""

    def __init__(self) -> None:
        self.rates: dict[str, list[float]] = {}
        self.by_clock: dict[str, list[float]] = {}

    def add(self, row: str, amount: float, seconds: Seconds) -> None:
        """Note the rate of a row in this round."""
        self.rates.setdefault(row, []).append(amount / seconds.busy)
        self.by_clock.setdefault(row, []).append(amount / seconds.elapsed)

    def timed(self, row: str, work: Callable[[], object], amount: float) -> object:
        """Do the work, note its rate, and return its result."""
        results: list[object] = []
        self.add(row, amount, Seconds.of(lambda: results.append(work())))
        return results[0]

    def ratio(self, one: str, other: str, clock: bool = False) -> list[float]:
        """Ratios round by round."""
        rates = self.by_clock if clock else self.rates
        return [a / b for a, b in zip(rates[one], rates[other], strict=False)]


def spread(values: list[float]) -> str:
    digits = 0 if np.median(values) >= 100 else 3
    return f"{np.median(values):>14,.{digits}f}  [{min(values):,.{digits}f}..{max(values):,.{digits}f}]"


def sure(holds: object, what: str) -> None:
    if not holds:
        raise AssertionError(what)


def one_round(options: argparse.Namespace, table: Table, peers: list[Peer], number: int) -> None:
    """Everything once, side by side."""
    columns, expected = options.columns, options.expected
    for chunk in CHUNKS:
        row = f"ours, double precision, chunk {chunk}"
        found = table.timed(row, lambda chunk=chunk: in_double_precision(columns, chunk), options.games)
        sure(found == expected, f"outcome counts at chunk {chunk}")
    for kind, job in options.jobs.items():
        found = table.timed(f"{kind}, end to end", lambda job=job: ours(job), options.games)
        sure(found == expected, f"outcome counts of {kind}")

    # As often as fills a tenth of a second, so that the clock's grain does not matter.
    ready, repeats = options.ready, 200
    masks = table.timed(
        "test alone, in cache",
        lambda: [equilibrium_masks(ready, TOLERANCE) for _ in range(repeats)][-1],
        CACHED * repeats,
    )
    sure(np.array_equal(masks, options.ready_masks), "test alone, in cache")
    masks = table.timed(
        "test alone, from memory", lambda: equilibrium_masks(options.large, TOLERANCE), options.large.shape[-1]
    )
    sure(
        np.array_equal(unpack(masks[:100], (4, 4, 4)), is_nash(options.large[..., :100], TOLERANCE)),
        "test alone, from memory",
    )
    some = options.payoffs
    stable = table.timed("numpy, samples first", lambda: obvious(options.first), len(options.first))
    sure(np.array_equal(np.moveaxis(stable, 0, -1), options.stable), "numpy, samples first")
    made = table.timed("payoff tensor, no test", lambda: payoff_tensor(options.few_values), some.shape[-1])
    sure(np.array_equal(made, some), "payoff tensor")
    bilateral = np.ascontiguousarray(some[:2, :, :, ALIGN])
    masks = table.timed(
        "ours, bilateral test",
        lambda: [equilibrium_masks(bilateral, TOLERANCE) for _ in range(50)][-1],
        50 * some.shape[-1],
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
        sure(answer.profiles == right, f"{peer.name}: equilibria that are not ours")
        table.add(f"{peer.name}, with its game", len(games), Seconds(answer.busy, answer.elapsed))
        table.add(f"{peer.name}, solver alone", len(games), Seconds(answer.solving, answer.solving))

    for processes in sorted({1, options.processes}):
        for row, work, task, amount in (
            *(
                (kind, one_worker, (options.games, 3, job.backend), 3 * options.games)
                for kind, job in options.jobs.items()
            ),
            ("control", multiply, (600, 20), 20),
        ):
            took = list(options.pool.map(work, [task] * processes))
            # All at once: together as fast as the slowest by the clock, and by the processor as fast as each is.
            seconds = Seconds(float(np.mean([s.busy for s in took])), max(s.elapsed for s in took))
            table.add(f"{row}, {processes} processes", processes * amount, seconds)


def linearity(options: argparse.Namespace) -> dict[str, dict[str, object]]:
    """Time of a sweep per game at growing numbers of games, sizes in turn, and memory."""
    sizes = [size for size in SIZES if size <= options.largest]
    took: dict[int, list[tuple[Seconds, Seconds, int]]] = {size: [] for size in sizes}
    for number in range(options.rounds):
        for size in sizes:
            if size <= 10**7 or number == 0:
                with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
                    took[size].append(pool.submit(sweep_of, size).result())
    found: dict[str, dict[str, object]] = {}
    medians = []
    print("\nA sweep in statistics mode, draws included, one process: ns a game by the processor, by the clock")
    for size, runs in took.items():
        busy = [1e9 * run.busy / size for _, run, _ in runs]
        elapsed = [1e9 * run.elapsed / size for _, run, _ in runs]
        begun = float(np.median([prepared.busy for prepared, _, _ in runs]))
        memory = max(peak for _, _, peak in runs)
        medians.append(float(np.median(busy)))
        found[str(size)] = {"ns": busy, "ns by the clock": elapsed, "preparation s": begun, "peak bytes": memory}
        print(
            f"{size:>14,} games {spread(busy)} {spread(elapsed)}   prepared in {1e3 * begun:,.0f} ms, "
            f"peak {memory / 1e6:,.0f} MB"
        )
    print(f"the largest of these medians is {max(medians) / min(medians) - 1:.0%} above the smallest")
    start, each, off = line(np.array(list(took), dtype=float), np.array(medians))
    print(f"the line {1e3 * start:.1f} ms + {1e9 * each:.0f} ns a game misses none of them by more than {off:.0%}")
    return found


def line(games: np.ndarray, ns: np.ndarray) -> tuple[float, float, float]:
    """The straight line through times of sweeps, nearest in relative terms, and the largest share it misses by."""
    seconds = ns * games * 1e-9
    weighted = np.stack([1 / seconds, games / seconds], axis=1)
    (start, each), *_ = np.linalg.lstsq(weighted, np.ones(len(games)), rcond=None)
    return start, each, float(np.abs(weighted @ (start, each) - 1).max())


def report(options: argparse.Namespace, table: Table) -> dict[str, object]:
    """The table and the ratios, printed and as one document."""
    print(f"\n{options.machine}; load {options.load:.1f} at the start, {os.getloadavg()[0]:.1f} now")
    print(
        f"{options.games:,} games a round, {options.rounds} rounds; rates in games/s by the processor, by the clock\n"
    )
    for row, rates in table.rates.items():
        print(f"{row:<44}{spread(rates)} {np.median(table.by_clock[row]):>14,.0f}")
    kinds = list(options.jobs)
    ratios = {
        f"{kind} / test alone in cache": table.ratio(f"{kind}, end to end", "test alone, in cache") for kind in kinds
    }
    peers = [row for row in table.rates if row.endswith("with its game") and "bilateral" not in row]
    peers = [row for row in peers if not row.startswith("plain")]
    if peers:
        best = max(peers, key=lambda row: np.median(table.rates[row]))
        for kind in kinds:
            several = f"{kind}, {options.processes} processes"
            ratios[f"{kind} / best peer in one process ({best})"] = table.ratio(f"{kind}, end to end", best)
            ratios[f"{several} / best peer in one process"] = table.ratio(several, best)
            ratios[f"{several} / best peer in one process, by the clock"] = table.ratio(several, best, clock=True)
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
        for row in (*kinds, "control"):
            for clock in (False, True):
                ratios[f"{row}, {options.processes} processes / 1{', by the clock' if clock else ''}"] = table.ratio(
                    f"{row}, {options.processes} processes", f"{row}, 1 processes", clock
                )
    print()
    for name, values in ratios.items():
        print(f"{name:<80}{spread(values)}")
    return {
        "machine": options.machine,
        "games": options.games,
        "outcomes": options.expected,
        "rates": {row: {"median": float(np.median(r)), "all": r} for row, r in table.rates.items()},
        "rates by the clock": {row: {"median": float(np.median(r)), "all": r} for row, r in table.by_clock.items()},
        "ratios": {row: {"median": float(np.median(r)), "all": r} for row, r in ratios.items()},
    }


def prepare(options: argparse.Namespace) -> None:
    """Everything that is ready before the clock starts, and the right answers."""
    generator = np.random.default_rng(1)
    options.machine, options.load = machine(), os.getloadavg()[0]
    few = options.few * options.rounds
    options.jobs = {"ours": swept(options.games)}
    if is_installed():
        options.jobs["ours, compiled"] = swept(options.games, "numba")
    options.columns = columns = drawn(options.jobs["ours"])
    options.few_values = Values({name: column[:few] for name, column in columns.items()}, SHIPPED)
    options.payoffs = payoff_tensor(options.few_values)
    options.stable = is_nash(options.payoffs)
    options.first = np.ascontiguousarray(np.moveaxis(options.payoffs, -1, 0))
    options.ready = generator.random((3, 4, 4, 4, CACHED))
    options.ready_masks = pack(is_nash(options.ready, TOLERANCE).reshape(64, -1))
    options.large = generator.random((3, 4, 4, 4, options.large_games))
    options.copied = generator.random(2**24), np.empty(2**24)
    options.copied[1][:] = 0.0
    slow = [
        pack(is_nash(payoff_tensor(Values({n: c[a : a + 2000] for n, c in columns.items()}, SHIPPED))).reshape(64, -1))
        for a in range(0, options.games, 2000)
    ]
    options.expected = outcomes(np.concatenate(slow))
    for job in options.jobs.values():
        job.compute(0)  # what is prepared once a sweep, the growth of sweeps below tells of


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a short run with fewer games")
    parser.add_argument("--games", type=int, default=None, help="games that ours solves in a round")
    parser.add_argument("--few", type=int, default=None, help="games that a peer solves in a round")
    parser.add_argument("--rounds", type=int, default=None)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--largest", type=int, default=None, help="games of the largest sweep, up to 100000000")
    parser.add_argument("--limit", type=float, default=120.0, help="seconds after which a peer is killed")
    parser.add_argument("--json", metavar="FILE", help="write the figures here")
    options = parser.parse_args()
    options.rounds = options.rounds or (3 if options.quick else 5)
    options.games = options.games or (300_000 if options.quick else 500_000)
    options.few = options.few or (100 if options.quick else 400)
    options.largest = options.largest or (10**6 if options.quick else 10**7)
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
        with ProcessPoolExecutor(options.processes, mp_context=multiprocessing.get_context("spawn")) as options.pool:
            for number in range(options.rounds):
                one_round(options, table, peers, number)
    finally:
        for peer in peers:
            peer.stop()
    document = report(options, table)
    document["sweeps"] = linearity(options)
    if options.json:
        Path(options.json).write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
