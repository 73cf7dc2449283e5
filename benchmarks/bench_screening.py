"""Screening games: existence and certificates over many random ones, and the time beside Gambit's, in one run.

    python benchmarks/bench_screening.py [CHUNKS]   go on with the campaign, kept in benchmarks/screening.json
    python benchmarks/bench_screening.py --json     rates beside Gambit's alone

Every game is solved for all its equilibria; of every equilibrium the certificate is computed from the game's tree.
What a chunk of games came to is kept as soon as it is there, so that a run that was stopped goes on where it was.
Gambit (`enumpoly` on the same trees, in a process of its own) is asked of a few, in turn with our search over all
supports and our closed form; the times are processor times of the solving alone.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from beside import rates, show

from triangle.games.efg import format_efg
from triangle.solvers.beliefs.certificate import certify_beliefs
from triangle.solvers.beliefs.screening import LOOKS, SEEN, Candidates, Screening, beliefs, equilibria
from triangle.solvers.beliefs.supports import solve_beliefs

KEPT = Path(__file__).parent / "screening.json"
#: Chunks of the campaign, games in each, trees that Gambit is asked of, and rounds.
CHUNKS, CHUNK, ASKED, ROUNDS = 100, 1_000, 20, 5

GAMBIT = """
import io, json, sys, time
import pygambit
games = [pygambit.read_efg(io.StringIO(text)) for text in json.load(sys.stdin)]
begun = time.process_time()
found = [len(pygambit.nash.enumpoly_solve(game, use_strategic=False).equilibria) for game in games]
json.dump([time.process_time() - begun, sum(found)], sys.stdout)
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


def chunk(seed: int) -> dict[str, int]:
    """What the games of one chunk come to."""
    games = drawn(CHUNK, seed)
    found = list(equilibria(games))
    valid = np.stack([one.valid for one in found])
    held = [certified(games, found[place], int(k)) for place, k in np.argwhere(valid)]
    without = int((~valid.any(axis=0)).sum())
    return {"games": CHUNK, "equilibria": len(held), "without": without, "failed": held.count(False)}


def campaign(chunks: int) -> None:
    """Existence and certificates, chunk by chunk; what is kept is not computed again."""
    kept = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else []
    for seed in range(len(kept), chunks):
        kept.append(chunk(seed))
        lines = ",\n".join(json.dumps(one) for one in kept)
        KEPT.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    total = {key: sum(one[key] for one in kept) for key in kept[0]}
    print("{games:,} games: {without} without an equilibrium, {equilibria:,} equilibria, {failed} certificates failed"
          .format_map(total))  # fmt: skip


def beside() -> dict[str, dict[str, float]]:
    """Processor time of the same trees by Gambit, by all supports, and in closed form, in turn."""
    games = drawn(ASKED, 999)
    trees = [games.at(k).tree() for k in range(ASKED)]
    asked = json.dumps([format_efg(tree, places=12) for tree in trees])
    taken = []
    for _ in range(ROUNDS):
        done = subprocess.run([sys.executable, "-c", GAMBIT], input=asked, capture_output=True, text=True, check=True)
        theirs, _ = json.loads(done.stdout)
        begun = time.process_time()
        for tree in trees:
            solve_beliefs(tree)
        between = time.process_time()
        list(equilibria(games))
        ended = time.process_time()
        seconds = {"Gambit's enumpoly": theirs, "all supports": between - begun, "closed form": ended - between}
        taken.append({name: time_of / ASKED for name, time_of in seconds.items()})
    return rates(taken)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("chunks", nargs="?", type=int, default=CHUNKS)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    show(beside(), options.json)
    if not options.json:
        campaign(options.chunks)
