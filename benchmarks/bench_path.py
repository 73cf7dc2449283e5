"""A path over years beside the sweep: stage games per second of the processor, all in, rounds of both in turn.

    python benchmarks/bench_path.py [--rounds 5] [--worlds 512] [--path path_baseline] [--linear]

The sweep is that of the path's scenario in statistics mode, draws and counting included, as a user runs it, and, for
comparison, the same games in double precision throughout (`sweep_masks`). The path is what `triangle path` does with
as many draws: terms of every year and state, backward induction, certificate and forward course; a stage game is one
state of one year of one world, and what is played for ever afterwards comes on top. Figures are medians over the
rounds [smallest..largest]; only ratios taken in one run mean anything.

--linear doubles draws, states and years in turn and prints how many times the time it takes.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from statistics import median

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from triangle import api as face
from triangle.batch.equilibria import sweep_masks
from triangle.model.model import read_model
from triangle.model.parameters import Values
from triangle.players.cast import SHIPPED
from triangle.questions.path.answer import path_course
from triangle.scenarios.path import Path, read_path
from triangle.sweeps import run as sweep


def seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def states_of(path: Path) -> int:
    return int(np.prod([len(state.levels) for state in path.states]))


def spread(values: list[float], shown: str = "{:.3f}") -> str:
    return " ".join([shown.format(median(values)), f"[{shown.format(min(values))}..{shown.format(max(values))}]"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--worlds", type=int, default=512)
    parser.add_argument("--path", default="path_baseline")
    parser.add_argument("--linear", action="store_true")
    asked = parser.parse_args()
    model = read_model()
    path = read_path(asked.path, model)
    study = face.load(path.scenario.name, model=model)
    games = asked.worlds * states_of(path) * len(path.years)
    design = sweep.plan([study], samples=games)
    drawn = design.at(0, 0, games)
    columns = {name: np.broadcast_to(np.asarray(x, dtype=np.float64), (games,)) for name, x in drawn.items()}

    def swept() -> None:
        sweep.run(sweep.job_of([study], design, counts_only=True), [study], "benchmark")

    def in_double() -> None:
        sweep_masks(Values(columns, SHIPPED), study.model.terms)

    # Rates that stand still leave no second pass for what is judged: the same number of draws on both sides.
    still = path
    for number in path.uncertain:
        still = still.number(number.name, number.value)

    def walked(of: Path = still, worlds: int = asked.worlds) -> None:
        path_course(of, model, worlds)

    for work in (swept, in_double):
        work()
    walked(worlds=16)
    found: dict[str, list[float]] = {name: [] for name in ("sweep", "double", "path")}
    for _ in range(asked.rounds):
        for name, work in (("sweep", swept), ("double", in_double), ("path", walked)):
            found[name].append(seconds(work))
    print(f"{asked.path}: {games:,} stage games ({asked.worlds} worlds)")
    for name, times in found.items():
        print(f"{name:>8} {spread([games / t / 1e3 for t in times], '{:.0f}')} thousand a second")
    for name in ("sweep", "double"):
        print(f"path over {name}: {spread([s / p for s, p in zip(found[name], found['path'], strict=True)])}")
    if asked.linear:
        finer = path.finer(7).until(path.last)
        base = median(seconds(walked) for _ in range(asked.rounds))
        for name, work, more in (
            ("draws", lambda: walked(worlds=2 * asked.worlds), 2.0),
            ("years", lambda: walked(still.until(path.first + 2 * len(path.years) - 1)), 2.0),
            ("states", lambda: walked(still.finer(7)), states_of(finer) / states_of(path)),
        ):
            grown = median(seconds(work) for _ in range(asked.rounds))
            print(f"{name} x{more:.2f}: time x{grown / base:.2f}")


if __name__ == "__main__":
    main()
