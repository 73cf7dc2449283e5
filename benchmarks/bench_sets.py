"""How fast the sets of pure equilibria of batches are found, payoffs ready: games of more profiles beside 4x4x4.

Each round finds the sets of every size once, one after the other, so that a change in the machine's speed meets all of
them; the ratio of processor times is taken within a round. Sets are checked against is_nash. Prints a table and, with
``--json``, one JSON document.
"""

from __future__ import annotations

import argparse
import time

import numpy as np
from beside import rates, show

from triangle.games.bitboards import equilibrium_masks, unpack
from triangle.games.normal_form import is_nash

#: Actions by player; the first is what the others are measured against.
SHAPES = ((4, 4, 4), (4, 4, 4, 2), (4, 4, 4, 2, 2), (4, 4, 4, 4), (8, 8, 8), (4, 4, 4, 4, 4), (8, 8, 8, 8))


def batch(shape: tuple[int, ...], megabytes: float) -> np.ndarray:
    """As many games of a shape as fit, payoffs drawn."""
    games = max(1, int(megabytes * 1e6 / 8 / len(shape) / np.prod(shape)))
    return np.random.default_rng(len(shape)).normal(size=(len(shape), *shape, games))


def seconds_per_game(payoffs: np.ndarray) -> float:
    """Processor time of a game."""
    start = time.process_time()
    equilibrium_masks(payoffs, 1e-9)
    return (time.process_time() - start) / payoffs.shape[-1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--megabytes", type=float, default=60.0, help="payoffs of each size; more than caches hold")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    batches = {shape: batch(shape, options.megabytes) for shape in SHAPES}
    for shape, payoffs in batches.items():
        some = payoffs[..., :200]
        assert np.array_equal(unpack(equilibrium_masks(some, 1e-9), shape), is_nash(some, 1e-9)), shape
    rounds = [
        {"x".join(map(str, shape)): seconds_per_game(payoffs) for shape, payoffs in batches.items()}
        for _ in range(options.rounds)
    ]
    show(rates(rounds), options.json)


if __name__ == "__main__":
    main()
