"""How time and memory grow: with the games of a sweep, with actions of a game, with draws and
states of a path over years.

    python benchmarks/bench_growth.py [--rounds 3] [--json]

Time is processor time of one unit (a game, a draw) beside the first of its kind, or the one of an action less, in turn
in one run; memory is the peak of a whole process, beside that of one that only imports the package. A game of five
actions a player takes some seconds, so there is one of them.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from beside import show

import triangle
from triangle.measures.years import solved_years
from triangle.model.parameters import Values
from triangle.questions.path.answer import path_course
from triangle.scenarios.path import read_path
from triangle.solvers.mixed.support import all_equilibria
from triangle.sweeps.run import job_of, plan, run
from triangle.version import __version__

GAMES = (100_000, 1_000_000, 2_000_000)
#: Actions of each of three players, and random games of that size.
ACTIONS = {2: 20_000, 3: 500, 4: 16, 5: 1}
DRAWS = (4, 16, 64)
#: Worlds of a course, and levels of each of its two ladders beside two variables of two levels.
COURSES = ((128, 5), (512, 5), (2048, 5), (128, 10), (512, 10))

Taken = dict[str, float]


def sweep(games: int) -> None:
    """A sweep of the documented world in statistics mode."""
    study = triangle.load("baseline")
    run(job_of([study], plan([study], samples=games), counts_only=True, backend="numpy"), [study], __version__)


def path(draws: int) -> None:
    """The course of years of the documented path, at so many draws of its parameters."""
    study = triangle.load("baseline")
    columns = {name: np.full(draws, value) for name, value in study.scenario.values.items()}
    for _ in solved_years(study, read_path("path_baseline", study.model), Values(columns, study.cast)):
        pass


def course(worlds: int, levels: int) -> None:
    """The answer of the documented path, in so many worlds, its ladders of so many levels."""
    study = triangle.load("baseline")
    known = read_path("path_baseline", study.model).finer(levels)
    for number in known.uncertain:  # rates that stand still leave no second pass for what is judged
        known = known.number(number.name, number.value)
    path_course(known, study.model, worlds)


def seconds(work: Callable[[], object]) -> float:
    """Processor time of some work."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def one_round() -> list[Taken]:
    """Seconds a unit, kind by kind."""
    drawn = {k: np.random.default_rng(k).uniform(size=(3, k, k, k, games)) for k, games in ACTIONS.items()}
    return [
        {f"a sweep of {games:,} games, a game": seconds(lambda n=games: sweep(n)) / games for games in GAMES},
        {
            f"all equilibria, {k}×{k}×{k}, a game": seconds(lambda k=k: all_equilibria(drawn[k])) / ACTIONS[k]
            for k in ACTIONS
        },
        {f"a path of 21 years, {draws} draws, a draw": seconds(lambda n=draws: path(n)) / draws for draws in DRAWS},
        {
            f"a course of {worlds} draws × {4 * k**2} states, a state of a draw": seconds(
                lambda n=worlds, k=k: course(n, k)
            )
            / (worlds * 4 * k**2)
            for worlds, k in COURSES
        },
    ]


def largest_memory() -> float:
    """The largest memory of this process, in megabytes."""
    status = Path("/proc/self/status")
    if status.exists():  # what the other way tells on Linux begins with that of the parent
        return float(status.read_text().partition("VmHWM:")[2].split()[0]) / 2**10
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def peak(games: int) -> float:
    """The largest memory of a process that sweeps so many games, or only imports, in megabytes."""
    asked = [sys.executable, __file__, "--sweep", str(games)]
    return float(subprocess.run(asked, stdout=subprocess.PIPE, check=True, text=True).stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--sweep", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.sweep is not None:
        if options.sweep:
            sweep(options.sweep)
        print(largest_memory())
        return
    path(1), all_equilibria(np.random.default_rng(0).uniform(size=(3, 4, 4, 4, 2)))  # what is made once does not count
    rounds = [one_round() for _ in range(options.rounds)]
    memory = [{f"memory, a sweep of {n:,} games": peak(n) for n in (0, *GAMES)} for _ in range(options.rounds)]
    table = {}
    for kind in (*zip(*rounds, strict=True), memory):
        first, *others = kind[0]
        # Games grow so fast with their actions that each size stands beside the one before.
        firsts = [first, *others] if "equilibria" in first else [first] * len(others)
        for name, base in zip(others, firsts, strict=False):
            ratios = [taken[name] / taken[base] for taken in kind]
            row = f"{name} / {'import' if kind is memory else base.rpartition(',')[0]}"
            table[row] = {"ratio": median(ratios), "lowest": min(ratios), "highest": max(ratios)}
    show(table, options.json)


if __name__ == "__main__":
    main()
