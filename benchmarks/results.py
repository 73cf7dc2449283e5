"""What `make bench` measured, as one document with the machine, and the tables of the documentation made from it.

    python benchmarks/results.py [--only TABLE]   run the benchmarks, keep their ratios and write the tables
    python benchmarks/results.py --tables         write the tables again from results.json, and measure nothing

Every ratio was taken side by side in one run of one script: its median over the rounds, the smallest and the largest.
Peers that are not installed leave no row.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from machine import machine

HERE = Path(__file__).parent
RESULTS, PAGE = HERE / "results.json", HERE.parent / "docs" / "performance.md"

#: Median, smallest, largest.
Spread = list[float]


def spread(values: Sequence[float]) -> Spread:
    """The median of some ratios and their extremes, to three digits that mean something."""
    ordered = sorted(values)
    middle = (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2
    return [float(f"{value:.3g}") for value in (middle, ordered[0], ordered[-1])]


def _ends(row: Mapping[str, float], middle: str = "median") -> Spread:
    return spread([row["lowest"], row[middle], row["highest"]])


def _startup(found: Any) -> dict[str, Spread]:
    return {name: _ends(row["ratio"]) for name, row in found["commands"].items() if row["ratio"]["highest"] != 1}


def _sweep(found: Any) -> dict[str, Spread]:
    return {name: spread(row["all"]) for name, row in found["ratios"].items()}


def _support(found: Any) -> dict[str, Spread]:
    """Over the kinds of payoffs."""
    by_shape: dict[str, list[float]] = {}
    for batch in found:
        if "times as fast" in batch:
            by_shape.setdefault("×".join(map(str, batch["shape"])), []).append(batch["times as fast"])
    return {shape: spread(values) for shape, values in by_shape.items()}


def _beside(found: Any) -> dict[str, Spread]:
    return {name: _ends(row, "ratio") for name, row in found.items() if row["lowest"] != 1 or row["highest"] != 1}


@dataclass(frozen=True)
class Table:
    """A script, what its ratios say, and how they are read from its document: printed, or where a file is asked for."""

    says: str
    script: str
    read: Callable[[Any], dict[str, Spread]]
    options: tuple[str, ...] = ()
    into_file: bool = False

    @property
    def command(self) -> str:
        """How a reader runs it."""
        return " ".join(["python", f"benchmarks/{self.script}", *self.options])

    def measured(self) -> dict[str, Spread]:
        """Run the script."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "found.json"
            asked = [*self.options, "--json", *([str(file)] if self.into_file else [])]
            done = subprocess.run([sys.executable, str(HERE / self.script), *asked], stdout=subprocess.PIPE, check=True)
            return self.read(json.loads(file.read_bytes() if self.into_file else done.stdout))


TABLES = {
    "startup": Table("processor time of a whole process / of `import click, numpy`", "bench_startup.py", _startup),
    "sweep": Table("rates, by processor time", "bench_sweep.py", _sweep, ("--quick",), into_file=True),
    "limit": Table("rate / that of the same program as one loop in C, double precision", "bench_limit.py", _beside),
    "agreements": Table(
        "processor time of a sweep with agreement-proof equilibria / without", "bench_agreements.py", _beside
    ),
    "growth": Table(
        "processor time of one, or memory of a process / the first of its kind", "bench_growth.py", _beside
    ),
    "support": Table(
        "all equilibria, times as fast as Gambit's `enumpoly`, conversion included; over three kinds of payoffs",
        "bench_support.py",
        _support,
        ("--quick",),
        into_file=True,
    ),
    "screening": Table(
        "all perfect Bayesian equilibria of screening games, rate by processor time / that of Gambit's `enumpoly`, "
        "which lists Nash equilibria, on the same trees",
        "bench_screening.py",
        _beside,
    ),
}


def text_of(name: str, rows: Mapping[str, Spread]) -> str:
    """A table as the page has it."""
    table = TABLES[name]
    lines = [f"| {table.says} | median | smallest to largest |", "|---|---|---|"]
    lines += [f"| {row} | {middle:g} | {low:g} to {high:g} |" for row, (middle, low, high) in rows.items()]
    return "\n".join([f"`{table.command}`:", "", *lines])


def page_with(results: Mapping[str, Any], page: str) -> str:
    """The page with its tables as the results have them, and the machine."""
    made = {name: text_of(name, rows) for name, rows in results["tables"].items()}
    on = f"Measured on: {results['machine']}; load averages up to {results['load']:g}."
    for name, text in {"machine": on, **made}.items():
        begin, end = f"<!-- {name}: made by benchmarks/results.py -->", f"<!-- end of {name} -->"
        block = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
        page = block.sub(lambda _, made=f"{begin}\n{text}\n\n{end}": made, page)
    return page


def main() -> None:
    """Measure, and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tables", action="store_true", help="measure nothing")
    parser.add_argument("--only", action="append", choices=TABLES, help="this table alone, beside those that are kept")
    asked = parser.parse_args()
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {"tables": {}}
    if not asked.tables:
        if results.get("machine", machine()) != machine():
            results = {"tables": {}}  # ratios of two machines do not stand side by side
        kept, load = dict(results["tables"]), float(results.get("load", 0.0))
        for name in asked.only or TABLES:
            kept[name] = TABLES[name].measured()
            load = max(load, round(os.getloadavg()[0], 1))
        tables = {name: kept[name] for name in TABLES if name in kept}
        results = {"machine": machine(), "load": load, "tables": tables}
        RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    PAGE.write_text(page_with(results, PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
