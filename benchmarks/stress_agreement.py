"""Compare the sweep's sets of equilibria with the scalar solver, game by game, on draws of every shipped scenario.

    python benchmarks/stress_agreement.py [--draws 10000] [--seed 5]

Payoffs come from the whole tensor, the sum of the terms, and each game is solved by itself. A game may differ only
where a profile's margin is within rounding of the tolerance. Leaves with 1 where another one does.
"""

from __future__ import annotations

import argparse
import sys

import numpy as np

from triangle import api as face
from triangle.games.normal_form import TOLERANCE, NormalFormGame
from triangle.model.payoffs import payoff_tensor
from triangle.players.cast import SHIPPED
from triangle.scenarios.scenario import shipped_names
from triangle.solvers.pure import solve_pure
from triangle.study.study import Study
from triangle.sweeps import run as sweep

#: Rounding of payoffs, billion dollars a year.
ROUNDING = 1e-10


def scalar_mask(study: Study, payoffs: np.ndarray) -> tuple[int, float]:
    """The set of equilibria of one game, and how far the nearest decision was from the tolerance."""
    game = NormalFormGame(payoffs).hold(study.hold)
    mask, nearest = 0, np.inf
    for equilibrium in solve_pure(game, tolerance=2 * TOLERANCE).equilibria:
        profile = [study.hold.get(i, a) for i, a in enumerate(equilibrium.profile)]
        if equilibrium.margin >= -TOLERANCE:
            mask |= 1 << SHIPPED.index(tuple(profile))
        nearest = min(nearest, abs(equilibrium.margin + TOLERANCE))
    return mask, nearest


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=5)
    options = parser.parse_args()
    model = face.read_model()
    games = differing = unexplained = 0
    for name in shipped_names(SHIPPED):
        study = face.load(name, model=model)
        design = sweep.plan([study], samples=options.draws, levers=True, seed=options.seed)
        job = sweep.job_of([study], design)
        masks = np.concatenate([job.compute(chunk)["mask"] for chunk in range(job.chunks)])
        for here, values in design.blocks(0, 0, options.draws):
            payoffs = payoff_tensor(values, model.terms)
            for game, found in enumerate(masks[here].tolist()):
                expected, distance = scalar_mask(study, payoffs[..., game])
                games += 1
                if found != expected:
                    differing += 1
                    unexplained += distance > ROUNDING
        print(f"{name}: {options.draws:,} draws", file=sys.stderr)
    print(
        f"{games:,} games of {len(shipped_names(SHIPPED))} scenarios; "
        f"{differing} differ, {unexplained} without rounding"
    )
    return int(unexplained > 0)


if __name__ == "__main__":
    sys.exit(main())
