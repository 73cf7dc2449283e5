"""Does the filter in single precision change any set of equilibria, and how many games does it leave in doubt?

    python benchmarks/bench_filter.py [--draws 204800] [--backend numba]

For five scenarios and both forms of the payoffs, all players free with levers drawn and one player held, the sets of
equilibria of the prior box, and of those that are agreement-proof, are computed as a sweep computes them and in double
precision throughout, and compared game by game. Ends with status 1 where any differs.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping
from dataclasses import replace

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from triangle import api as face
from triangle.batch.equilibria import sweep_masks
from triangle.batch.takeover import Takeover
from triangle.model.forms import FORMS
from triangle.model.parameters import Values
from triangle.sweeps import job as jobs
from triangle.sweeps.job import Job
from triangle.sweeps.run import job_of, plan

SCENARIOS = ("baseline", "europe_joins", "nixon_1972", "rift_shock", "full_package")
CASES = {"as it is": {}, "levers drawn": {"levers": True}, "RU held": {"hold": {1: 1}}, "US held": {"hold": {0: 0}}}
TRUST = 0.5


def job(
    scenario: str, form: str, draws: int, backend: str, hold: dict[int, int] | None = None, levers: bool = False
) -> Job:
    study = face.load(scenario, model=face.read_model(form=form))
    study = study if hold is None else replace(study, hold=hold)
    design = plan([study], samples=draws, levers=levers)
    return job_of([study], design, takeover=Takeover(trust=TRUST), backend=backend)


def _values(numbers: Mapping[str, np.ndarray], here: slice, work: Job) -> Values:
    size = (here.stop - here.start,)
    return Values({name: np.broadcast_to(column, size) for name, column in numbers.items()}, work.cast)


def differing(work: Job) -> tuple[int, int]:
    """Games with another set in double precision, and games in doubt."""
    differ = doubtful = 0
    for chunk in range(work.chunks):
        scenario, start, stop = work.place(chunk)
        screens = work._filtered(scenario, start, stop)
        assert screens is not None, "these games are not filtered"
        for _, some in work.design.singles(scenario, start, stop, screens.asked):
            doubtful += len(screens.of(some, *screens.all.masks(some))[1])
        found = work.compute(chunk)
        for here, numbers in work.design.blocks(scenario, start, stop):
            values, hold = _values(numbers, here, work), work.holds[scenario]
            masks = sweep_masks(values, work.terms, hold=hold)
            proof = work.takeover.solve(values, masks, work.terms, hold)["agreement_proof"]
            differ += int(((found["mask"][here] != masks) | (found["agreement_proof"][here] != proof)).sum())
    return differ, doubtful


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=204_800)
    parser.add_argument("--backend", choices=("numpy", "numba"), default="numpy")
    options = parser.parse_args()
    jobs.FILTERED = 0  # however few are asked for
    games = wrong = 0
    for form in FORMS:
        for scenario in SCENARIOS:
            for case, asked in CASES.items():
                differ, doubtful = differing(job(scenario, form, options.draws, options.backend, **asked))
                games, wrong = games + options.draws, wrong + differ
                share = doubtful / options.draws
                print(f"{form:>7} {scenario:<14}{case:<14}{differ:>4} differ  {share:8.3%} in doubt", flush=True)
    print(f"{games:,} games: {wrong} differ")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
