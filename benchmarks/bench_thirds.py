"""How fast games with third parties are swept beside those of the three powers, end to end, from draws to counts.

Each round sweeps every game once, one after the other, so that a change in the machine's speed meets all of them; the
ratio of processor times is taken within a round. The players choose levers of the shipped model; payoffs of their own
are those of the terms that they have. Some games of each are checked against the payoff tensor. Prints a table and,
with ``--json``, one JSON document.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace

import numpy as np
from beside import rates, show

from triangle.batch.equilibria import sweep_masks
from triangle.games.bitboards import equilibrium_masks
from triangle.model.model import read_model
from triangle.model.parameters import Values
from triangle.model.payoffs import payoff_tensor
from triangle.players.thirds import Setting, ThirdParty
from triangle.scenarios.scenario import read_scenario, with_players
from triangle.study.study import Study, study
from triangle.sweeps.run import job_of, plan

TERMS = ("eu_reopening", "eu_security")


def europe(settings: dict[str, tuple[float, ...]]) -> ThirdParty:
    """Europe with an action for each value."""
    actions = tuple(f"action_{k}" for k in range(len(next(iter(settings.values())))))
    chosen = tuple(Setting(name, values) for name, values in settings.items())
    return ThirdParty("EU", "Europe", "Europe", "European", actions, chosen, TERMS)


#: A second player, whom nothing pays: it ends the war or not.
WAR = ThirdParty(
    "UA", "Ukraine", "Ukraine", "Ukrainian", ("fight", "settle"), (Setting("war_intensity", (1.0, 0.0)),), ()
)

#: Whether Europe joins relief, and whether it stands by America.
FOUR = {"europe_joins": (0.0, 0.0, 1.0, 1.0), "ally_commitment": (0.6, 0.3, 0.6, 0.3)}

#: Who plays beside the three, by the game's shape; the first is what the others are measured against.
GAMES: dict[str, tuple[ThirdParty, ...]] = {
    "4x4x4": (),
    "4x4x4x2": (europe({"europe_joins": (0.0, 1.0)}),),
    "4x4x4x2x2": (europe({"europe_joins": (0.0, 1.0)}), WAR),
    "4x4x4x4": (europe(FOUR),),
}


def played(parties: tuple[ThirdParty, ...]) -> Study:
    """The baseline with these players."""
    model = read_model().joined_by(parties)
    return study(model, replace(with_players(read_scenario("baseline", read_model()), model)))


def check(one: Study) -> None:
    """Some games against their payoffs."""
    values = Values(plan([one], samples=256).at(0, 0, 256), one.cast)
    assert np.array_equal(
        sweep_masks(values, one.model.terms), equilibrium_masks(payoff_tensor(values, one.model.terms))
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--samples", type=int, default=2**18)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    jobs = {}
    for name, parties in GAMES.items():
        one = played(parties)
        check(one)
        jobs[name] = job_of([one], plan([one], samples=options.samples), counts_only=True, backend="numpy")
        jobs[name].compute(0)  # derived and made ready
    rounds = []
    for _ in range(options.rounds):
        taken = {}
        for name, job in jobs.items():
            begun = time.process_time()
            for chunk in range(job.chunks):
                job.compute(chunk)
            taken[name] = (time.process_time() - begun) / options.samples
        rounds.append(taken)
    show(rates(rounds), options.json)


if __name__ == "__main__":
    main()
