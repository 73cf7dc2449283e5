"""From parameters to sets of equilibria, beside an earlier state of this code, in pairs.

    git worktree add ../former COMMIT
    python benchmarks/bench_former.py ../former [--rounds 9] [--draws 40960]

Each of the two states runs in a child process that stays; they are asked in turn, who goes first changes from round to
round, and every answer comes with the processor time that it took. Printed is the time of this state over that of the
earlier one, median [smallest..largest] over the rounds, for

* batches of games under the shipped terms, free and with one player held;
* the same with a payoff term of a user's own;
* margins of one profile and of all; and a small batch, where calls count;
* a sweep as a user runs it, draws and counts included; the same with a compiler, beside a state that knows none as it
  is; and with agreements, which a state that knows none sweeps without.

Then the sets of equilibria of both states are compared game by game, drawn over the ranges of several scenarios. A
parameter is drawn from a seed of its own name, so that both states draw the same whatever else they draw.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import json
import os
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

SCENARIOS = ("baseline", "europe_joins", "nixon_1972", "rift_shock", "full_package")
#: Modules that have had the functions asked for here.
HOMES = ("triangle.batch.equilibria", "triangle.experiments.kernel")
#: Modules that have had :func:`sweep`.
SWEEPS = ("triangle.sweeps.run", "triangle.experiments.sweep")
#: Modules that have had what a sweep solves beside pure equilibria.
TAKEOVERS = ("triangle.batch.takeover", "triangle.experiments.takeover")
#: Games of a timed sweep.
SWEPT = 64 * 4096
#: Levers on a grid, at each node of which the same samples are drawn.
GRID = {"relief": np.linspace(0, 1, 8), "reversal_hazard": (0.05, 0.1, 0.2)}
#: The former parameters, of a state whose shipped ones are others; it runs in its own folder.
FORMER = Path("docs/examples/former/parameters.toml")
#: Games of a timed batch: some chunks, so that what is made once a call does not count.
GAMES = 8 * 4096

# One state, in a process of its own -----------------------------------------------------------------------------------


def found(homes: tuple[str, ...]) -> Any:
    """The first of these modules that there is."""
    for home in homes:
        try:
            return importlib.import_module(home)
        except ModuleNotFoundError:
            continue
    raise SystemExit(f"none of {', '.join(homes)} in {os.environ['PYTHONPATH']}")


def drawn(ranges: Mapping[str, tuple[float, float]], games: int) -> dict[str, Any]:
    """Numbers for parameters, each uniform over its range from a seed of its name."""
    seeds = {name: zlib.crc32(name.encode()) for name in ranges}
    return {name: np.random.default_rng(seeds[name]).uniform(*span, games) for name, span in ranges.items()}


def prestige(s: Any, v: Any) -> dict[int, Any]:
    """A user's own term: prestige that Russia loses by leaving China, the more the less the others offer it."""
    return {1: -v["relief"] * v.dollars("stake", 1, 2) * (1 - s[1, 2]) * np.where(s[0, 1] == 1, 0.5, 1.0)}


def valued(numbers: Mapping[str, Any], model: Any) -> Any:
    """Values of the parameters, which today know who plays."""
    from triangle.model.parameters import Values

    return Values(numbers, model.cast) if hasattr(model, "cast") else Values(numbers)


def asked_model() -> Any:
    """The model whose terms and parameters both states have: the first form upon the former parameters."""
    import triangle

    if not FORMER.is_file():  # a state in which these were the shipped ones
        return triangle.read_model()
    return triangle.read_model(parameters=FORMER, form="first")


def swept(trust: float | None, backend: str = "numpy", **design: Any) -> Callable[[], Any]:
    """A sweep of the documented world in statistics mode, made ready; with agreements, and by a backend, where the
    state knows them.
    """
    import triangle
    from triangle.version import __version__

    home, study = found(SWEEPS), triangle.load("baseline", model=asked_model())
    takeover = found(TAKEOVERS).Takeover
    knows = "trust" in inspect.signature(takeover).parameters
    takeover = takeover(trust=trust) if knows else takeover()
    asked = {"backend": backend} if "backend" in inspect.signature(home.job_of).parameters else {}
    plan = home.plan([study], **{"samples": SWEPT, **design})
    job = home.job_of([study], plan, counts_only=True, takeover=takeover, **asked)
    return lambda: home.run(job, [study], __version__)


def tasks() -> dict[str, Callable[[], Any]]:
    """What is timed, by name."""
    module, model = found(HOMES), asked_model()
    columns = drawn({p.name: (p.low, p.high) for p in model.catalogue}, GAMES)
    values, few = valued(columns, model), valued({name: column[:50] for name, column in columns.items()}, model)
    own = {**model.terms, "prestige": prestige}
    return {
        "shipped terms": lambda: module.sweep_masks(values, model.terms),
        "shipped terms, one player held": lambda: module.sweep_masks(values, model.terms, hold={0: 2}),
        "with a user's term": lambda: module.sweep_masks(values, own),
        "margins of one profile": lambda: module.sweep_margins(values, [5], model.terms),
        "margins of all profiles": lambda: module.sweep_margins(values, range(64), model.terms),
        "50 games, again and again": lambda: all(module.sweep_masks(few, model.terms).size for _ in range(20)),
        "a sweep, draws and counts": swept(None),
        "the same with a compiler": swept(None, "numba"),
        "a sweep, with agreements": swept(0.5),
        "levers on a grid, with draws": swept(None, samples=16384, over=GRID),
    }


def masks_of(scenario: str, draws: int) -> list[int]:
    """Sets of equilibria over the ranges of a scenario."""
    import triangle

    model = asked_model()
    loaded = triangle.load(scenario, model=model).scenario
    values = valued({**loaded.values, **drawn(loaded.ranges, draws)}, model)
    return [int(mask) for mask in found(HOMES).sweep_masks(values, model.terms)]


def answer() -> None:
    """Do what is asked on standard input, a line of JSON each, and say what came of it."""
    known = tasks()
    print(json.dumps(list(known)), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        if "masks" in asked:
            reply: object = masks_of(asked["masks"], asked["draws"])
        else:
            start = time.process_time()
            known[asked["time"]]()
            reply = time.process_time() - start
        print(json.dumps(reply), flush=True)


# The two in turn ------------------------------------------------------------------------------------------------------


class State:
    """One state of the code in a child process."""

    def __init__(self, tree: Path):
        self._child = subprocess.Popen(
            [sys.executable, str(Path(__file__).resolve()), "--answer"],
            cwd=tree,
            env={**os.environ, "PYTHONPATH": str(tree.resolve())},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.tasks = self._read()

    def _read(self) -> Any:
        line = self._child.stdout.readline()  # type: ignore[union-attr]
        if not line:
            raise SystemExit("a child has ended early; what it said is above")
        return json.loads(line)

    def ask(self, **asked: object) -> Any:
        """The answer to one request."""
        print(json.dumps(asked), file=self._child.stdin, flush=True)
        return self._read()


def spread(values: list[float]) -> str:
    return f"{np.median(values):6.2f}  [{min(values):.2f}..{max(values):.2f}]"


def main() -> None:
    if "--answer" in sys.argv:
        answer()
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("former", type=Path, help="a work tree of the earlier state")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--only", action="append", metavar="TASK", help="this task alone; repeatable")
    parser.add_argument("--draws", type=int, default=40_960, help="games of each scenario that are compared")
    options = parser.parse_args()
    former, now = State(options.former), State(Path(__file__).parents[1])
    took: dict[str, list[tuple[float, float]]] = {name: [] for name in options.only or now.tasks}
    for name in took:  # code is loaded, work spaces are made
        former.ask(time=name), now.ask(time=name)
    for number in range(options.rounds):
        for name, pairs in took.items():
            first, second = (former, now) if number % 2 else (now, former)
            one, other = first.ask(time=name), second.ask(time=name)
            pairs.append((one, other) if first is now else (other, one))
    print(f"{GAMES:,} games a batch, {options.rounds} rounds, processor time: now / formerly\n")
    for name, pairs in took.items():
        print(f"{name:<34}{spread([ours / theirs for ours, theirs in pairs])}")
    if options.only:
        return
    term = [a / b for (a, _), (b, _) in zip(took["with a user's term"], took["shipped terms"], strict=True)]
    print(f"{'with a user_s term / without, now':<34}{spread(term)}\n".replace("_", "'"))
    for scenario in SCENARIOS:
        one, other = (state.ask(masks=scenario, draws=options.draws) for state in (former, now))
        print(f"{scenario}: {sum(map(int.__ne__, one, other))} of {len(one):,} games have other equilibria")


if __name__ == "__main__":
    main()
