"""The words of the published scale, at its bounds, and never more than the interval allows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triangle.measures.likelihood import Likelihood, likelihood

#: The scale as published (Mastrandrea et al. 2010, table 1): word, least and most share.
SCALE: dict[Likelihood, tuple[float, float]] = {
    "virtually_certain": (0.99, 1),
    "very_likely": (0.9, 1),
    "likely": (0.66, 1),
    "as_likely_as_not": (0.33, 0.66),
    "unlikely": (0, 0.33),
    "very_unlikely": (0, 0.1),
    "exceptionally_unlikely": (0, 0.01),
}

SHARES = st.floats(0, 1)


@pytest.mark.parametrize(
    ("share", "word"),
    [(1, "virtually_certain"), (0.995, "virtually_certain"), (0.95, "very_likely"), (0.8, "likely"),
     (0.5, "as_likely_as_not"), (0.2, "unlikely"), (0.05, "very_unlikely"), (0, "exceptionally_unlikely")],
)  # fmt: skip
def test_a_share_that_is_known_exactly_has_the_narrowest_word_of_the_scale(share: float, word: Likelihood):
    assert likelihood(share, share) == word


@given(SHARES, SHARES)
def test_the_word_is_one_of_the_scale_for_a_share_in_the_interval(one: float, other: float):
    low, high = sorted((one, other))
    least, most = SCALE[likelihood(low, high)]
    assert least <= high and low <= most


@given(SHARES, SHARES, SHARES, SHARES)
def test_knowing_a_share_less_well_never_makes_the_claim_stronger(a: float, b: float, c: float, d: float):
    ends = sorted((a, b, c, d))
    known, unknown = likelihood(ends[1], ends[2]), likelihood(ends[0], ends[3])
    strength = {word: -abs(sum(ends) - 1) for word, ends in SCALE.items()} | {"as_likely_as_not": 1.0}
    width = {word: most - least for word, (least, most) in SCALE.items()}
    assert strength[unknown] == 1.0 or width[unknown] >= width[known]
