"""Is every course over years certified, and do finer ladders tell another story?

    python benchmarks/stress_path.py [--state-years 100000] [--worlds 64]

Every shipped path is solved in as many worlds as make so many state-years; what a player gains by deviating once is
compared with the range of payoffs, beyond what was accepted where a stage game has no equilibrium that was found. Then
each path is solved with five and with nine levels of every ladder, in the same worlds: the mean probability of each
configuration in each year must with nine lie in the interval that is printed beside it with five. Ends with status 1
where anything is not so.
"""

from __future__ import annotations

import argparse
import os
import sys

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from triangle.model.model import Model, read_model
from triangle.players.cast import SHIPPED
from triangle.questions.path.answer import path_course
from triangle.questions.path.record import interval
from triangle.scenarios.path import Path, read_path, shipped_paths

#: Largest gain beyond the accepted one, as a share of the range of payoffs.
ALLOWED = 1e-9


def certified(path: Path, model: Model, state_years: int) -> tuple[int, float]:
    """State-years solved, and the largest gain beyond what was accepted, as a share of the range of payoffs."""
    states = int(np.prod([len(state.levels) for state in path.states]))
    found = path_course(path, model, -(-state_years // (states * len(path.years))), seed=7).certificate
    return found.state_years, max(0.0, found.largest_gain - found.accepted) / found.payoff_range


def levels_differ(path: Path, model: Model, worlds: int) -> tuple[float, float]:
    """Largest difference of a mean between five and nine levels, and how far one lies outside its interval."""
    five, nine = (path_course(path.finer(count), model, worlds, seed=8) for count in (5, 9))
    most = beyond = 0.0
    for coarse, fine in zip(five.years, nine.years, strict=True):
        for a, b in zip(coarse.configurations, fine.configurations, strict=True):
            low, high = interval(a, worlds)
            most, beyond = max(most, abs(a.mean - b.mean)), max(beyond, low - b.mean, b.mean - high)
    return most, beyond


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--state-years", type=int, default=100_000)
    parser.add_argument("--worlds", type=int, default=64)
    options = parser.parse_args()
    model = read_model()
    total, worst, farthest, wrong = 0, 0.0, 0.0, 0
    for name in shipped_paths(SHIPPED):
        path = read_path(name, model)
        solved, gain = certified(path, model, options.state_years)
        apart, beyond = levels_differ(path, model, options.worlds)
        wrong += (gain > ALLOWED) + (beyond > 0)
        total, worst, farthest = total + solved, max(worst, gain), max(farthest, apart)
        print(f"{name:<22}{solved:>9,} state-years  gain {gain:.1e}  five against nine levels {apart:.4f}", flush=True)
    print(
        f"{total:,} state-years: largest gain {worst:.1e} of the range; levels differ by at most {farthest:.4f}; "
        f"{wrong} not as they should be"
    )
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
