"""Types of a player over what is uncertain: draws in which each keeps to its half of the ranges that it sets."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triangle.study.study import Study
from triangle.sweeps.run import plan

Floats = NDArray[np.float64]


def drawn_types(study: Study, player: str, names: Sequence[str], samples: int, seed: int) -> list[dict[str, ArrayLike]]:
    """Parameters of each type of a player in draws of everything uncertain.

    What is uncertain is drawn once for all types; the parameters that a type sets are drawn for it, from the half of
    their range next to what it sets, and what follows these moves along.

    Parameters
    ----------
    names : sequence of str
        Types of the scenario.
    samples, seed : int

    Returns
    -------
    list of dict of str to array, shape (samples,)
        One for each type: every parameter that varies.
    """
    drawn = plan([study], None, samples, seed=seed).at(0, 0, samples)
    values = {name: np.asarray(x, dtype=np.float64) for name, x in drawn.items()}
    common = {name: x for name, x in values.items() if name in study.scenario.values}
    rng = np.random.default_rng([seed, 1])
    return [study.scenario.drawn_for(_halves(study, player, name, rng, samples), common) for name in names]


def _halves(study: Study, player: str, name: str, rng: np.random.Generator, samples: int) -> dict[str, Floats]:
    found = {}
    for parameter, value in study.scenario.of_type(player, name).items():
        low, high = study.scenario.reach(parameter)
        middle = (low + high) / 2
        found[parameter] = rng.uniform(*((low, middle) if value < middle else (middle, high)), samples)
    return found
