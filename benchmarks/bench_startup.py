"""How light the command line is: whole processes, as ratios to ``import click, numpy``, taken in turn in one run.

Run with ``make bench``. Prints a table and, with ``--json``, one JSON document. Each round runs every command once, so
that a change in the machine's speed meets all of them; the ratio is taken within a round.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time

#: Name -> command line; the first is what the others are measured against.
COMMANDS = {
    "import click, numpy": [sys.executable, "-c", "import click, numpy"],
    "triangle --help": [sys.executable, "-m", "triangle", "--help"],
    "triangle solve baseline": [sys.executable, "-m", "triangle", "solve", "baseline"],
    "triangle solve baseline --json": [sys.executable, "-m", "triangle", "solve", "baseline", "--json"],
    "triangle check": [sys.executable, "-m", "triangle", "check"],
}

#: What the answer of each command must contain, so that a broken command is not timed as a fast one.
EXPECTED = {
    "triangle --help": "Commands:",
    "triangle solve baseline": "stable marriage",
    "triangle solve baseline --json": "stable_marriage",
    "triangle check": "no fault",
}


def seconds(name: str) -> float:
    """Wall time of one run; the answer is checked."""
    start = time.perf_counter()
    done = subprocess.run(COMMANDS[name], capture_output=True, text=True, check=True)
    elapsed = time.perf_counter() - start
    assert EXPECTED.get(name, "") in done.stdout, f"{name} answered something else:\n{done.stdout[:500]}"
    return elapsed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    rounds = [{name: seconds(name) for name in COMMANDS} for _ in range(options.rounds + 1)][1:]
    base = next(iter(COMMANDS))
    table = {}
    for name in COMMANDS:
        ratios = [taken[name] / taken[base] for taken in rounds]
        table[name] = {
            "seconds": statistics.median(taken[name] for taken in rounds),
            "ratio": statistics.median(ratios),
            "lowest": min(ratios),
            "highest": max(ratios),
        }
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    if options.json:
        print(json.dumps({"machine": machine, "rounds": options.rounds, "commands": table}, indent=1))
        return
    print(f"{machine}; {options.rounds} rounds; median, and ratio to the first row (lowest to highest)")
    for name, row in table.items():
        span = f"({row['lowest']:.2f} to {row['highest']:.2f})"
        print(f"{name:32} {row['seconds'] * 1000:7.0f} ms   {row['ratio']:5.2f}  {span}")


if __name__ == "__main__":
    main()
