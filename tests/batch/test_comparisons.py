"""The payoffs that players compare, held against the payoff tensor at every profile."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from strategies import batch, points, shipped

from triangle.batch.comparisons import Comparisons
from triangle.batch.plan import plan
from triangle.model.parameters import Values
from triangle.model.payoffs import payoff_tensor
from triangle.players.axes import N_PROFILES, OTHERS, PLAYERS


def drawn(size: int, seed: int = 0) -> Values:
    generator = np.random.default_rng(seed)
    return Values({p.name: generator.uniform(p.low, p.high, size) for p in shipped().catalogue})


def largest_difference(values: Values) -> float:
    """Between gains by deviating from the comparisons and from the tensor, over all players and profiles."""
    size = values.samples[0]
    comparisons = Comparisons(size)
    comparisons.fill(values)
    assert comparisons.is_finite()
    payoffs = payoff_tensor(values).reshape(len(PLAYERS), N_PROFILES, size)
    worst = 0.0
    for player in range(len(PLAYERS)):
        comparisons.turn_to(player)
        for number, run in enumerate(plan().runs[player]):
            together = comparisons.assemble(player, number)
            for place, group in enumerate(run.groups):
                own = together[:, place]
                for four in group.profiles:
                    there = payoffs[player, list(four)]
                    worst = max(worst, float(np.abs((own - own[:1]) - (there - there[:1])).max()))
    return worst


@pytest.mark.parametrize("size", [1, 3, 500])
def test_what_players_compare_is_what_the_tensor_says(size: int):
    assert largest_difference(drawn(size)) < 1e-10


@settings(max_examples=30)
@given(points(), points())
def test_at_the_ends_of_the_ranges_too(one: dict[str, float], other: dict[str, float]):
    assert largest_difference(batch([one, other])) < 1e-10


@pytest.mark.parametrize("player", range(3))
def test_every_profile_is_compared_once_by_each_player(player: int):
    fours = [four for group in plan().groups[player] for four in group.profiles]
    assert sorted(index for four in fours for index in four) == list(range(N_PROFILES))
    stride = 4 ** (2 - player)
    assert all([b - a for a, b in pairwise(four)] == [stride] * 3 for four in fours)


def test_nothing_is_computed_twice():
    counts = {pair: block.shape[0] * block.shape[1] for pair, block in plan().blocks.items()}
    assert max(counts.values()) <= 35 and [len(groups) for groups in plan().groups] == [12, 12, 14]
    for player in range(len(PLAYERS)):
        used = [{row[addend] for group in plan().groups[player] for row in group.rows} for addend in range(2)]
        assert [len(u) for u in used] == [counts[player, other] for other in OTHERS[player]]


def test_parameters_that_do_not_vary_stay_single():
    defaults = shipped().catalogue.defaults()
    few = Values({name: np.array([number]) for name, number in defaults.items()} | {"relief": np.linspace(0, 1, 9)})
    assert largest_difference(few) < 1e-10
