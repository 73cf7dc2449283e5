"""Screening games: existence and certificates over many random ones, and the time beside Gambit's, in one run.

    python benchmarks/bench_screening.py [GAMES]

Every game is solved for all its equilibria; of every equilibrium the certificate is computed from the game's tree.
Gambit (`enumpoly` on the same trees, in a process of its own) is asked of a few, in turn with our search over all
supports and our closed form; the times are processor times of the solving alone, the least of three rounds.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time

import numpy as np

from triangle.games.efg import format_efg
from triangle.solvers.beliefs.certificate import certify_beliefs
from triangle.solvers.beliefs.screening import LOOKS, SEEN, Candidates, Screening, beliefs, equilibria
from triangle.solvers.beliefs.supports import solve_beliefs

GAMES, CHUNK, ASKED = 100_000, 5_000, 40

GAMBIT = """
import io, json, sys, time
import pygambit
games = [pygambit.read_efg(io.StringIO(text)) for text in json.load(sys.stdin)]
times = []
for _ in range(3):
    begun = time.process_time()
    found = [len(pygambit.nash.enumpoly_solve(game, use_strategic=False).equilibria) for game in games]
    times.append(time.process_time() - begun)
json.dump([min(times), sum(found)], sys.stdout)
"""


def drawn(count: int, seed: int) -> Screening:
    """Random games; payoffs from −5 to 5."""
    rng = np.random.default_rng(seed)
    return Screening.of(
        rng.uniform(0.02, 0.98, count),
        rng.uniform(0.02, 0.98, count),
        rng.uniform(-5, 5, (2, 2, count)),
        rng.uniform(-5, 5, (2, 2, 2, count)),
        rng.uniform(-5, 5, (2, 2, 2, count)),
    )


def certified(games: Screening, found: Candidates, k: int) -> bool:
    """Whether one equilibrium of one game passes the certificate of its tree."""
    game = games.at(k)
    one = Candidates(found.valid[k], found.answers[..., k], found.goes_on[..., k])
    seen, looks = beliefs(game, one)
    tree = game.tree()
    plays = {"t": one.answers[0], "g": one.answers[1]}
    plays |= {"seen pocketing": (1 - one.goes_on[SEEN], one.goes_on[SEEN])}
    plays |= {"looks delivered": (1 - one.goes_on[LOOKS], one.goes_on[LOOKS])}
    held = {"t": (1.0,), "g": (1.0,), "seen pocketing": seen, "looks delivered": looks.ravel()}
    names = [s.name for s in tree.sets]
    strategies, trusted = ([tuple(map(float, rows[name])) for name in names] for rows in (plays, held))
    return certify_beliefs(tree, strategies, trusted).holds(tree)


def campaign(count: int) -> None:
    """Existence and certificates."""
    without = failed = checked = 0
    solving = 0.0
    for seed, begin in enumerate(range(0, count, CHUNK)):
        games = drawn(min(CHUNK, count - begin), seed)
        begun = time.process_time()
        found = list(equilibria(games))
        solving += time.process_time() - begun
        valid = np.stack([one.valid for one in found])
        without += int((~valid.any(axis=0)).sum())
        for place, k in np.argwhere(valid):
            checked += 1
            failed += not certified(games, found[place], int(k))
    print(f"{count:,} games: {without} without an equilibrium, {checked:,} equilibria, {failed} certificates failed")
    print(f"closed form: {count / solving:,.0f} games a second")


def beside() -> None:
    """The same trees by Gambit, by all supports, and in closed form."""
    games = drawn(ASKED, 999)
    trees = [games.at(k).tree() for k in range(ASKED)]
    asked = json.dumps([format_efg(tree, places=12) for tree in trees])
    done = subprocess.run([sys.executable, "-c", GAMBIT], input=asked, capture_output=True, text=True, check=True)
    theirs, listed = json.loads(done.stdout)
    ours, closed = [], []
    for _ in range(3):
        begun = time.process_time()
        outcomes = sum(len(solve_beliefs(tree).equilibria) for tree in trees)
        ours.append(time.process_time() - begun)
        begun = time.process_time()
        list(equilibria(games))
        closed.append(time.process_time() - begun)
    print(f"{ASKED} trees: Gambit {theirs:.2f} s ({listed} Nash equilibria), all supports {min(ours):.2f} s "
          f"({outcomes} perfect Bayesian outcomes), closed form {min(closed):.3f} s")  # fmt: skip


if __name__ == "__main__":
    beside()
    campaign(int(sys.argv[1]) if len(sys.argv) > 1 else GAMES)
