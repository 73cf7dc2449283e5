"""How far an answer carries: counts over a box, and with whom Russia stands."""

from __future__ import annotations

import numpy as np
import pytest
from strategies import shipped

import triangle
from triangle.measures.asked import bonds
from triangle.measures.standing import alike, boxes, mask_of, standing
from triangle.players.cast import SHIPPED
from triangle.players.configurations import configurations
from triangle.sweeps.tally import Tally


def test_every_profile_has_the_bonds_of_its_triangle():
    for place, found in enumerate(configurations(SHIPPED)):
        (own,) = bonds(1 << place, SHIPPED)
        if found.name == "unit_veto" or found.key == "stable_marriage:US-CN":
            assert own == (False, False)
        if found.key == "stable_marriage:RU-CN":
            assert own == (True, False)
        if found.name == "menage_a_trois" or found.key == "romantic_triangle:RU":
            assert own == (True, True)
    assert bonds(0, SHIPPED) == frozenset()


def test_games_in_which_russia_stands_otherwise_or_nothing_is_stable_do_not_count_as_alike():
    study = triangle.load("baseline", model=shipped())
    (finding,) = study.solve().agreement_proof
    own = mask_of([finding])
    hedge = 1 << SHIPPED.index((2, 3, 1))
    also_with_china = 1 << SHIPPED.index((1, 1, 1))
    tally = Tally.of(np.array([own, own, also_with_china, own | hedge, hedge, 0], dtype=np.uint64), SHIPPED)
    assert alike(tally, [finding]) == 3


@pytest.mark.parametrize("name", ["baseline", "rift_shock"])
def test_each_scenario_is_counted_over_the_same_worlds_alone_or_beside_others(name: str):
    """So that a report and the command say the same share."""
    studies = [triangle.load(one, model=shipped()) for one in (name, "europe_joins")]
    alone, beside = (boxes(some, 64, 0, 0.5).tallies[name] for some in (studies[:1], studies))
    findings = studies[0].solve().findings
    assert standing(alone, findings) == standing(beside, findings)
