"""The closed list of units: every unit says what it means and is in use, and no other unit gets in."""

from __future__ import annotations

import pytest
from strategies import shipped

from triangle.evidence.units import UNITS


def in_use() -> dict[str, int]:
    """How many figures and parameters carry each unit."""
    model = shipped()
    return {
        unit: sum(figure.unit == unit for figure in model.ledger) + sum(p.unit == unit for p in model.catalogue)
        for unit in UNITS
    }


@pytest.mark.parametrize("unit", UNITS)
def test_every_unit_of_the_list_is_used_by_a_figure_or_a_parameter(unit: str):
    assert in_use()[unit] > 0, f"{unit} is carried by nothing; take it off the list"


def test_nothing_carries_a_unit_that_is_not_on_the_list():
    model = shipped()
    assert sum(in_use().values()) == len(model.ledger.figures) + len(model.catalogue)


@pytest.mark.parametrize("unit", UNITS)
def test_every_unit_says_what_it_means_in_words_of_its_own(unit: str):
    assert len(UNITS[unit].split()) >= 2
    assert list(UNITS.values()).count(UNITS[unit]) == 1 or UNITS[unit] == "a length of time"


def test_fractions_and_probabilities_are_written_as_fractions_of_one():
    """A share typed in per cent by mistake would stand out: 19 instead of 0.19."""
    for figure in shipped().ledger:
        if figure.unit == "probability":
            assert 0 <= figure.low <= figure.high <= 1, figure.id
        if figure.unit == "fraction" and "share" in figure.id:
            assert 0 <= figure.low <= figure.high <= 1, figure.id
        if figure.unit == "percent":
            assert 0 <= figure.low <= figure.high <= 100, figure.id


def test_calendar_years_are_whole_years_of_modern_times():
    for figure in shipped().ledger:
        if figure.unit == "calendar year":
            assert figure.low == int(figure.low) and 1800 <= figure.low <= figure.high <= 2100, figure.id
