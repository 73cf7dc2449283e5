"""Games drawn from the prior box: the complete solver proves all of them, and agrees with the pure one."""

from __future__ import annotations

import numpy as np
import pytest
from budgets import LARGE
from strategies import shipped

from triangle.games.normal_form import is_nash
from triangle.model.parameters import Values
from triangle.model.payoffs import payoff_tensor
from triangle.players.cast import SHIPPED
from triangle.solvers.mixed.support import COMPLETE, Equilibria, all_equilibria

DRAWS = 9600 if LARGE else 100


@pytest.fixture(scope="module", params=[False, True], ids=["levers at default", "levers drawn"])
def payoffs(request: pytest.FixtureRequest) -> np.ndarray:
    generator = np.random.default_rng(20)
    columns = {
        p.name: np.full(DRAWS, p.default)
        if p.role == "lever" and not request.param
        else generator.uniform(p.low, p.high, DRAWS)
        for p in shipped().catalogue
    }
    return payoff_tensor(Values(columns, SHIPPED))


@pytest.fixture(scope="module")
def found(payoffs: np.ndarray) -> Equilibria:
    return all_equilibria(payoffs)


def test_no_drawn_world_is_left_undecided(found: Equilibria):
    assert (found.verdict == COMPLETE).all()
    counts = np.bincount(found.game, minlength=DRAWS)
    assert (counts % 2 == 1).all()
    assert (np.bincount(found.game, weights=found.index, minlength=DRAWS) == 1).all()


def test_the_pure_ones_among_all_equilibria_are_the_pure_equilibria(payoffs: np.ndarray, found: Equilibria):
    pure = np.all([x.max(axis=0) == 1.0 for x in found.probabilities], axis=0)
    counted = np.bincount(found.game[pure], minlength=DRAWS)
    assert np.array_equal(counted, is_nash(payoffs).sum(axis=(0, 1, 2)))
