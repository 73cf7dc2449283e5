"""Hypothesis generators of the project's objects, and the plain definitions that array formulas are held against.

Games with many ties; points and batches of parameters drawn from the prior box; random payoff terms.
"""

from __future__ import annotations

import itertools
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from budgets import LARGE
from hypothesis import strategies as st
from numpy.typing import NDArray

from triangle.model.mechanisms import contest_share, stake_share
from triangle.model.model import Model, read_model
from triangle.model.parameters import Values
from triangle.model.terms import Payoffs, Term
from triangle.players.cast import SHIPPED
from triangle.players.stances import Stances

FORMER = Path(__file__).parents[1] / "docs" / "examples" / "former" / "parameters.toml"

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


#: Numbers that payoffs are multiplied by, the plain ones first.
factors = st.builds(
    lambda digits, exponent: digits * 10.0**exponent, st.floats(1.0, 9.99), st.integers(-150, 150)
) | st.sampled_from([1e-150, 1e-10, 3.0, 1e10, 1e150])


def changed(payoffs, factor, shift):
    """The game in other units: shifted in its own unit, then multiplied; each player by a number of its own."""
    n = len(payoffs)
    own = np.array([1.0, 3.0, 0.7, 1.9, 11.0][:n]).reshape(n, *(1,) * (payoffs.ndim - 1))
    return (payoffs + shift) * own * factor


def round_game_beside_prohibitive(seed: int) -> NDArray[np.float64]:
    """A game of three with many ties, payoffs being round numbers of which an eighth are of 10 to 7e12 in size."""
    random = np.random.default_rng(seed)
    shape = (3, *[(2, 2, 2), (2, 2, 3), (3, 2, 2), (3, 3, 2), (2, 3, 3)][random.integers(5)])
    payoffs = [random.integers(-2, 3, shape) + 0.0, random.integers(-9, 10, shape) / 10.0][random.integers(2)]
    prohibitive = random.choice([-7.0, -3.0, -1.0, 1.0], shape) * 10.0 ** random.integers(1, 13, shape)
    return np.where(random.random(shape) < 0.125, prohibitive, payoffs)


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


@cache
def former() -> Model:
    """The model with the parameters as they stood before the grounding; numbers worked by hand are made of these."""
    return read_model(parameters=FORMER, form="first")


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
    return Values({name: np.array([point[name] for point in points_]) for name in points_[0]}, SHIPPED)


# Terms of anybody -----------------------------------------------------------------------------------------------------

#: What a random formula is made of: quantities of a size, and pairs of players.
_READ = ("relief", "reversal_hazard", "two_front_dilution", "unilateral_yield", "burden_of_being_opposed", "evasion")
_ORDERED = ((0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1))


def random_terms(seed: int) -> dict[str, Term]:
    """One to three payoff terms, each a random formula of stances and values for some of the players.

    The formula is drawn when it is called, always the same one for a seed: arithmetic, powers, minima and maxima,
    choices and shares of contests.
    """
    generator = np.random.default_rng(seed)
    return {f"term_{n}": _random_term(int(generator.integers(2**60))) for n in range(int(generator.integers(1, 4)))}


def _random_term(seed: int) -> Term:
    def term(s: Stances, v: Values) -> Payoffs:
        generator = np.random.default_rng(seed)
        players = generator.permutation(3)[: generator.integers(1, 4)].tolist()
        return {player: _random_formula(s, v, generator, depth=4) for player in players}

    return term


def _random_formula(s: Stances, v: Values, generator: np.random.Generator, depth: int) -> Any:
    """A formula whose values are between some thousandths and some thousands in size."""
    if depth == 0 or generator.random() < 0.15:
        return _random_leaf(s, v, generator)
    kind = generator.integers(11)
    a = _random_formula(s, v, generator, depth - 1)
    if kind == 0:
        return -a
    if kind == 1:
        return np.abs(a) ** (0.5 + 1.5 * v["evasion"])
    if kind == 2:
        return np.clip(a, -1.0, 50.0) ** 2
    b = _random_formula(s, v, generator, depth - 1)
    if kind == 3:
        return np.minimum(a, b)
    if kind == 4:
        return np.maximum(a, b)
    if kind == 5:
        return a / (1.0 + np.abs(b))
    if kind == 6:
        return np.where(a > b, a, 0.5 * b)
    if kind == 7:
        return np.where(s[_ORDERED[generator.integers(6)]] == 1, a, b)
    if kind == 8:
        return np.tanh(a) * b
    return a + b if generator.random() < 0.5 else a - b


def _random_leaf(s: Stances, v: Values, generator: np.random.Generator) -> Any:
    i, j = _ORDERED[generator.integers(6)]
    kind = generator.integers(7)
    if kind == 0:
        return s[i, j]
    if kind == 1:
        return s.link(i, j) * v["trade", i, j] / 100.0
    if kind == 2:
        return contest_share(s, v, i, j)
    if kind == 3:
        return stake_share(s, v, i, j) * v["stake", i, j]
    if kind == 4:
        return v["rivalry_cost", i, j] * (1 - s[j, i])
    if kind == 5:
        return float(generator.integers(-3, 4))
    return v[_READ[generator.integers(len(_READ))]] * (1 - s[i, j])


def first_years(folder: Path, follows: str, last: int) -> str:
    """A file of a shipped path to an earlier end, for a path is solved to its end whatever year is asked about.

    With large budgets it is the path itself, by its name.
    """
    if LARGE:
        return follows
    file = folder / "short.toml"
    file.write_text(
        f"""
title = "The first years of {follows}"
question = "?"
author = "A"
date = 2026-01-01
base = "baseline"
follows = "{follows}"
narrative = "As {follows}, to an earlier end."
[years]
first = 2025
last = {last}
""",
        encoding="utf-8",
    )
    return str(file)
