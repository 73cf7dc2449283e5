"""Hypothesis generators of the project's objects, and the plain definitions that array formulas are held against.

Games with many ties; points and batches of parameters drawn from the prior box.
"""

from __future__ import annotations

import itertools
from functools import cache

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from triangle.model.model import Model, read_model
from triangle.model.parameters import Values

#: Small whole payoffs, the simplest first: ties are common, and every sum and difference in a test is exact.
WHOLE = np.array([0.0, 1.0, -1.0, 2.0, -2.0, 3.0, -3.0])


@st.composite
def shapes(draw: st.DrawFn, players: int = 4, actions: int = 4) -> tuple[int, ...]:
    """Numbers of actions of 1 to `players` players, at most 64 profiles."""
    shape = draw(st.lists(st.integers(1, actions), min_size=1, max_size=players).map(tuple))
    while np.prod(shape) > 64:
        shape = tuple(max(1, count - 1) for count in shape)
    return shape


@st.composite
def games(draw: st.DrawFn, samples: tuple[int, ...] = (), players: int = 4) -> NDArray[np.float64]:
    """Payoffs of a game, or of a batch of games of one shape, with many ties; frozen, so that no test changes them."""
    shape = draw(shapes(players))
    full = (len(shape), *shape, *samples)
    # Drawn as bytes, because that is ten times quicker than number by number.
    raw = draw(st.binary(min_size=int(np.prod(full)), max_size=int(np.prod(full))))
    payoffs = WHOLE[np.frombuffer(raw, dtype=np.uint8) % len(WHOLE)].reshape(full)
    payoffs.setflags(write=False)
    return payoffs


def profiles(payoffs: NDArray[np.float64]) -> list[tuple[int, ...]]:
    """All action profiles of one game."""
    return list(itertools.product(*map(range, payoffs.shape[1 : 1 + payoffs.shape[0]])))


def loss_by_definition(payoffs: NDArray[np.float64], player: int, profile: tuple[int, ...]) -> float:
    """What `player` loses by its best other action, one profile at a time; infinite where it has none."""
    others = [
        payoffs[(player, *profile[:player], b, *profile[player + 1 :])]
        for b in range(payoffs.shape[1 + player])
        if b != profile[player]
    ]
    return float(payoffs[(player, *profile)] - max(others, default=-np.inf))


def pure_by_definition(payoffs: NDArray[np.float64]) -> list[tuple[int, ...]]:
    """All pure equilibria of one game, one profile and one deviation at a time."""
    return [
        profile
        for profile in profiles(payoffs)
        if all(loss_by_definition(payoffs, i, profile) >= -1e-12 for i in range(payoffs.shape[0]))
    ]


@cache
def shipped() -> Model:
    """The shipped model, read once."""
    return read_model()


@st.composite
def points(draw: st.DrawFn, **fixed: float) -> dict[str, float]:
    """A value for every parameter: uniform in its range, a few of them moved to an end; `fixed` ones as given."""
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    catalogue = shipped().catalogue
    numbers = {p.name: float(generator.uniform(p.low, p.high)) for p in catalogue}
    for name in draw(st.lists(st.sampled_from(sorted(numbers)), max_size=6, unique=True)):
        numbers[name] = draw(st.sampled_from((catalogue[name].low, catalogue[name].high)))
    return numbers | fixed


def batch(points_: list[dict[str, float]]) -> Values:
    """Several points as one batch."""
    return Values({name: np.array([point[name] for point in points_]) for name in points_[0]})
