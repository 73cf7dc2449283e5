"""How light the command line is: whole processes, as ratios to ``import click, numpy``, taken in turn in one run.

    python benchmarks/bench_startup.py [--rounds 15] [--former ../former] [--long] [--json]

Run with ``make bench``. Prints a table and, with ``--json``, one JSON document. Each round runs every command once, so
that a change in the machine's speed meets all of them; ratios are taken within a round, of processor time, the user's
and the system's, of the process and its children. With ``--former`` each command runs in a work tree of an earlier
state too (``git worktree add ../former COMMIT``), just before or just after, in turn, and the ratio to it is printed.
With ``--long`` the commands that take longest are run in place of the short ones: all claims, and a report of three
scenarios with its explorer; with ``--former`` too, the claims that the earlier state asked, word for word, since the
ledger has grown. They share their work out among processes, so that what one waits for is the clock: ratios
of clock time stand beside those of processor time. Only on a machine that does nothing else do they mean anything.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import NamedTuple

#: Name -> what Python is given; the first is what the others are measured against.
COMMANDS = {
    "import click, numpy": ["-c", "import click, numpy"],
    "triangle --help": ["-m", "triangle", "--help"],
    "triangle solve baseline": ["-m", "triangle", "solve", "baseline"],
    "triangle solve baseline --json": ["-m", "triangle", "solve", "baseline", "--json"],
    "triangle check": ["-m", "triangle", "check"],
}

#: The same of what takes longest; OUT is a file of its own each time.
LONG = {
    "import click, numpy": COMMANDS["import click, numpy"],
    "triangle claims": ["-m", "triangle", "claims", "--json"],
    "triangle report (three, explorer)": [
        *("-m", "triangle", "report", "baseline", "europe_joins", "rift_shock", "--explore", "--out", "OUT"),
    ],
}

#: Both states are asked what the former asked.
SAME = "triangle claims (the former's)"

#: What the answer of each command must contain, so that a broken command is not timed as a fast one.
EXPECTED = {
    "triangle --help": "Commands:",
    "triangle solve baseline": "stable marriage",
    "triangle solve baseline --json": "stable_marriage",
    "triangle check": "no fault",
    "triangle claims": '"T01"',
    SAME: '"T01"',
    "triangle report (three, explorer)": "report.html",
}


class Took(NamedTuple):
    """Seconds of the processors, and by the clock."""

    processor: float
    clock: float


Rounds = list[dict[str, Took]]


def seconds(name: str, words: list[str], tree: Path) -> Took:
    """How long one run of the code in ``tree`` took; the answer is checked."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    # The first round leaves the compiled modules, as an installed package has them.
    environment = {**os.environ, "PYTHONPATH": str(tree.resolve()), "PYTHONDONTWRITEBYTECODE": ""}
    with TemporaryDirectory() as folder:
        command = [sys.executable, *(f"{folder}/report.html" if word == "OUT" else word for word in words)]
        begun = perf_counter()
        done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=True)
        clock = perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert EXPECTED.get(name, "") in done.stdout + done.stderr, f"{name} answered something else:\n{done.stdout[:500]}"
    return Took(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, clock)


def long_commands(former: Path | None) -> dict[str, list[str]]:
    """What takes longest, and the claims of a former state."""
    files = sorted(former.resolve().glob("triangle/**/claims/*.toml")) if former else []
    asked = [word for file in files if file.stem != "index" for word in ("--claims-file", str(file))]
    return LONG | ({SAME: [*LONG["triangle claims"], *asked]} if asked else {})


def measured(commands: dict[str, list[str]], trees: list[Path], rounds: int) -> list[Rounds]:
    """Of each tree what every command took, round by round, the first not counted; which tree goes first changes."""
    took: list[Rounds] = [[{} for _ in range(rounds + 1)] for _ in trees]
    for number in range(rounds + 1):
        for name, words in commands.items():
            for place in range(len(trees))[:: (-1) ** number]:
                took[place][number][name] = seconds(name, words, trees[place])
    return [of_tree[1:] for of_tree in took]


def spread(values: list[float]) -> dict[str, float]:
    """Median and extremes."""
    return {"median": statistics.median(values), "lowest": min(values), "highest": max(values)}


def against_base(rounds: Rounds, name: str) -> list[float]:
    """Ratios of processor time to the first command."""
    return [taken[name].processor / taken[next(iter(COMMANDS))].processor for taken in rounds]


def table(now: Rounds, former: Rounds | None, by_clock: bool) -> dict[str, dict[str, object]]:
    """What each command took, the ratio to the first, and that of the former state and to it, also by the clock."""
    rows: dict[str, dict[str, object]] = {}
    for name in now[0]:
        rows[name] = {
            "seconds": statistics.median(taken[name].processor for taken in now),
            "ratio": spread(against_base(now, name)),
        }
        if by_clock:
            rows[name]["clock / processor"] = spread([taken[name].clock / taken[name].processor for taken in now])
        if former:
            pairs = [(ours[name], theirs[name]) for ours, theirs in zip(now, former, strict=True)]
            rows[name]["former ratio"] = spread(against_base(former, name))
            rows[name]["now / formerly"] = spread([ours.processor / theirs.processor for ours, theirs in pairs])
            if by_clock:
                rows[name]["by the clock"] = spread([ours.clock / theirs.clock for ours, theirs in pairs])
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--former", type=Path, help="a work tree of an earlier state")
    parser.add_argument("--long", action="store_true", help="all claims, and a report of three scenarios")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    trees = [Path(__file__).parents[1], *([options.former] if options.former else [])]
    now, *former = measured(long_commands(options.former) if options.long else COMMANDS, trees, options.rounds)
    rows = table(now, former[0] if former else None, options.long)
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    if options.json:
        print(json.dumps({"machine": machine, "rounds": options.rounds, "commands": rows}, indent=1))
        return
    shown: Callable[[dict[str, float]], str] = "{median:6.2f} ({lowest:.2f} to {highest:.2f})".format_map
    print(f"{machine}; {options.rounds} rounds, processor time; medians (lowest to highest)")
    for name, row in rows.items():
        ratios = "   ".join(f"{title} {shown(value)}" for title, value in row.items() if isinstance(value, dict))
        print(f"{name:32} {row['seconds'] * 1000:7.0f} ms   {ratios}")  # type: ignore[operator]


if __name__ == "__main__":
    main()
