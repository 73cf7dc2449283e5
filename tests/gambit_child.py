"""What Gambit answers, as JSON on standard output; a program of its own, since its licence wants it apart.

It is imported where it is asked, so that whoever looks at this file needs none.
"""

import io
import json
import sys
from typing import Any

import numpy as np


def game_of(payoffs: Any) -> Any:
    """Gambit's game of payoffs ``[player, ...actions]``, by way of its file format."""
    import pygambit

    array = np.array(payoffs, dtype=float)
    players = " ".join(f'"{i}"' for i in range(len(array)))
    counts = " ".join(map(str, array.shape[1:]))
    listed = np.moveaxis(array, 0, -1).reshape(-1, len(array), order="F")
    numbers = " ".join(repr(float(u)) for u in listed.ravel())
    return pygambit.read_nfg(io.StringIO(f'NFG 1 R "" {{ {players} }} {{ {counts} }} {numbers}'))


def listed(game: Any, profile: Any) -> list[list[float]]:
    return [[float(probability) for _, probability in profile[player]] for player in game.players]


def pure(payoffs: Any) -> Any:
    import pygambit

    game = game_of(payoffs)
    found = pygambit.nash.enumpure_solve(game).equilibria
    return sorted([own.index(1.0) for own in listed(game, profile)] for profile in found)


def logit(task: Any) -> Any:
    """The branch at λ, or its limit where λ is None."""
    import pygambit

    game = game_of(task["payoffs"])
    if task["lam"] is None:
        profile = pygambit.nash.logit_solve(game).equilibrium
    else:
        profile = pygambit.qre.logit_solve_lambda(game, [task["lam"]])[0].profile
    return [probability for own in listed(game, profile) for probability in own]


def fit(task: Any) -> Any:
    """λ estimated from counts of actions, and the log-likelihood there."""
    import pygambit

    found = pygambit.qre.logit_estimate(game_of(task["payoffs"]).mixed_strategy_profile(task["counts"]))
    return [found.lam, found.log_like]


def file(text: str) -> Any:
    """What it reads in a file: players, actions, payoffs by cell, and the file as it writes it."""
    import pygambit

    game = pygambit.read_nfg(io.StringIO(text))
    players = list(game.players)
    names = [list(game.get_strategies(player)) for player in players]
    cells = {}
    for contingency in game.contingencies:
        place = " ".join(str(names[i].index(contingency[player])) for i, player in enumerate(players))
        payoffs = game.get_payoffs(contingency)
        cells[place] = [float(payoffs[player]) for player in players]
    return [players, names, cells, game.to_nfg()]


def behaviour(text: str) -> list[list[float]]:
    """The probability of every node, each before those below it, in the equilibria that it lists of a game tree."""
    import pygambit

    game = pygambit.read_efg(io.StringIO(text))
    found = pygambit.nash.enumpoly_solve(game, use_strategic=False).equilibria
    return [[float(p) for _, p in profile.realiz_probs] for profile in found]


if __name__ == "__main__":
    work = {"pure": pure, "logit": logit, "fit": fit, "file": file, "behaviour": behaviour}[sys.argv[1]]
    json.dump([work(task) for task in json.load(sys.stdin)], sys.stdout)
