"""What the model says of history, whether it is right or not; nothing is tuned to it."""

from __future__ import annotations

import pytest

import triangle


def keys(scenario: str, hold: dict[str, str] | None = None) -> set[str]:
    return {finding.configuration.key for finding in triangle.load(scenario, hold=hold).solve().findings}


@pytest.mark.xfail(
    strict=True,
    reason="costly hostility makes a player yield, so Moscow accommodates both: docs/model.md says why",
)
def test_in_1972_washington_is_linked_to_beijing_and_moscow_is_not():
    assert keys("nixon_1972") & {"stable_marriage:US-CN", "romantic_triangle:US"}


def test_in_1972_the_opening_is_an_equilibrium_once_soviet_hostility_is_given():
    assert keys("nixon_1972", {"RU": "oppose_both"}) == {"stable_marriage:US-CN"}


def test_without_the_quarrel_of_moscow_and_beijing_the_marriage_of_the_two_stands():
    """The documents' argument that the rift came first: with the quarrel taken away, there is nothing to exploit."""
    assert keys("bloc_1972") == {"stable_marriage:RU-CN"}
