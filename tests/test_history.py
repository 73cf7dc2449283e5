"""What the model says of history, whether it is right or not; nothing is tuned to it."""

from __future__ import annotations

from functools import cache, reduce
from operator import or_

import numpy as np
import pytest

import triangle
from triangle.players.cast import SHIPPED
from triangle.players.sets import configuration_masks


def keys(scenario: str, hold: dict[str, str] | None = None, form: str | None = None) -> set[str]:
    return {finding.configuration.key for finding in triangle.load(scenario, hold=hold, form=form).solve().findings}


def proof(scenario: str, hold: dict[str, str] | None = None) -> set[str]:
    return {finding.configuration.key for finding in triangle.load(scenario, hold=hold).solve().agreement_proof}


def test_in_1972_the_opening_is_among_the_postures_that_no_agreement_leaves():
    assert {"stable_marriage:US-CN", "romantic_triangle:US"} <= proof("nixon_1972")


def test_in_1972_the_opening_is_not_the_only_such_posture():
    """What the model does not say: a restored Sino-Soviet link stands too."""
    assert "stable_marriage:RU-CN" in proof("nixon_1972")


def test_in_1972_the_first_form_has_no_opening():
    """Costly hostility makes a player yield there, so Moscow accommodates both: docs/model.md says why."""
    assert not keys("nixon_1972", form="first") & {"stable_marriage:US-CN", "romantic_triangle:US"}


def test_in_1972_the_opening_alone_stands_once_soviet_hostility_is_given():
    assert proof("nixon_1972", {"RU": "oppose_both"}) == {"stable_marriage:US-CN"}


def test_without_the_quarrel_of_moscow_and_beijing_the_marriage_of_the_two_alone_stands():
    """The documents' argument that the rift came first: with the quarrel taken away, there is nothing to exploit."""
    assert proof("bloc_1972") == {"stable_marriage:RU-CN"}


# ----- the same of the whole of each world's box, in both forms: frozen, whether right or not

#: Configurations in which Washington and Beijing are linked and Moscow and Beijing are not, and in which these two are.
OPENING = ("stable_marriage:US-CN", "romantic_triangle:US")
MARRIAGE = ("stable_marriage:RU-CN", "romantic_triangle:RU", "romantic_triangle:CN", "menage_a_trois")

#: For each posture of its time the shares of the box in which the second form has it as an equilibrium, as one that is
#: agreement-proof at trust ½, and at trust 1; and the first form as an equilibrium.
HISTORY = {
    "the opening of 1972": ("nixon_1972", OPENING, (0.74, 0.64, 0.15), 0.11),
    "no opening without the split": ("bloc_1972", OPENING, (0.55, 0.11, 0.0), 0.0),
    "the bloc without the split": ("bloc_1972", MARRIAGE, (1.0, 1.0, 1.0), 1.0),
    "before Crimea": ("before_2014", MARRIAGE, (1.0, 1.0, 1.0), 1.0),
    "the pivot of 2014": ("pivot_2014", MARRIAGE, (1.0, 1.0, 1.0), 1.0),
    "today": ("baseline", MARRIAGE, (1.0, 1.0, 1.0), 1.0),
}

#: What a form misses: a posture of its time in less than half of the box, or one that should have gone in more.
MISSED = {
    ("first", "Nash"): {"the opening of 1972"},
    ("second", "Nash"): {"no opening without the split"},
    ("second", "agreement-proof at 0.5"): set(),
    ("second", "agreement-proof at 1"): {"the opening of 1972"},
}


@pytest.fixture(scope="module")
def shares() -> dict[str, dict[tuple[str, str], float]]:
    return {name: shares_of(world, kinds) for name, (world, kinds, _, _) in HISTORY.items()}


def shares_of(world: str, kinds: tuple[str, ...]) -> dict[tuple[str, str], float]:
    those = reduce(or_, (configuration_masks(SHIPPED)[kind] for kind in kinds))
    found = {}
    for form, trust in (("first", 0.5), ("second", 0.5), ("second", 1.0)):
        nash, proof = swept(world, form, trust)
        found[form, "Nash"] = float(SHIPPED.sets.meets(nash, those).mean())
        found[form, f"agreement-proof at {trust:g}"] = float(SHIPPED.sets.meets(proof, those).mean())
    return found


@cache
def swept(world: str, form: str, trust: float) -> tuple[np.ndarray, np.ndarray]:
    games = triangle.sweep(world, samples=512, form=form, trust=trust)
    return games["mask"].values, games["agreement_proof"].values


@pytest.mark.parametrize("name", HISTORY)
def test_a_posture_of_its_time_has_the_share_that_was_measured(name: str, shares):
    _, _, second, first = HISTORY[name]
    kinds = ("Nash", "agreement-proof at 0.5", "agreement-proof at 1")
    assert [shares[name]["second", kind] for kind in kinds] == pytest.approx(second, abs=0.03)
    assert shares[name]["first", "Nash"] == pytest.approx(first, abs=0.03)


@pytest.mark.parametrize(("form", "kind"), MISSED)
def test_a_form_misses_the_history_that_it_is_known_to_miss(form: str, kind: str, shares):
    missed = {name for name in HISTORY if (shares[name][form, kind] > 0.5) == name.startswith("no ")}
    assert missed == MISSED[form, kind]
