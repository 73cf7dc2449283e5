"""What agreement-proof equilibria cost a sweep: the same games with and without them, in turn, by processor time.

    python benchmarks/bench_agreements.py [--games 262144] [--rounds 7] [--json]

Each round sweeps the prior box of the documented world in statistics mode, draws included, once without and once with
agreements, in both forms of the payoffs; printed are the median of the rounds' ratios [smallest..largest], and what
either takes a game. Only the ratios mean anything beyond the machine.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time

import triangle
from triangle.batch.takeover import Takeover
from triangle.sweeps.run import job_of, plan, run
from triangle.version import __version__


def main() -> None:
    """Print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--games", type=int, default=262144)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    table: dict[str, dict[str, float]] = {}
    for form in ("first", "second"):
        study = triangle.load("baseline", form=form)
        design = plan([study], samples=asked.games)
        jobs = [
            job_of([study], design, counts_only=True, takeover=takeover)
            for takeover in (Takeover(), Takeover(trust=0.5))
        ]

        def seconds(number: int, study=study, jobs=jobs) -> float:
            start = time.process_time()
            run(jobs[number], [study], __version__)
            return time.process_time() - start

        seconds(0), seconds(1)  # what is derived once
        rounds = [(seconds(0), seconds(1)) for _ in range(asked.rounds)]
        ratios = sorted(with_ / without for without, with_ in rounds)
        table[f"{form} form"] = {"ratio": statistics.median(ratios), "lowest": ratios[0], "highest": ratios[-1]}
        if asked.json:
            continue
        each = [1e6 * statistics.median(column) / asked.games for column in zip(*rounds, strict=True)]
        print(
            f"{form} form: {statistics.median(ratios):.2f} times [{ratios[0]:.2f}..{ratios[-1]:.2f}]; "
            f"{each[0]:.2f} and {each[1]:.2f} microseconds a game"
        )
    if asked.json:
        print(json.dumps(table, indent=1))


if __name__ == "__main__":
    main()
