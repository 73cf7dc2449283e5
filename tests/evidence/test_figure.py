"""A figure and its source: what cannot be constructed, and how a figure reads."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triangle.evidence.figure import BOUND_WORDS, Figure, Source

#: A missing or unknown key is Python's own TypeError, an unsound value a ValueError.
Refused = (TypeError, ValueError)

SOUND = {
    "id": "doc_gas",
    "source": "doc",
    "value": 38.0,
    "unit": "bcm/yr",
    "period": "2024",
    "subject": "RU->CN",
    "line": 7,
    "paraphrase": "Gas under contract.",
    "kind": "measurement",
}
SOURCE = {
    "key": "doc",
    "title": "An essay",
    "author": "A. Author",
    "publisher": "A paper",
    "date": "2025",
    "language": "de",
    "kind": "document",
}


def figure(**changes: object) -> Figure:
    return Figure(**{**SOUND, **changes})  # type: ignore[arg-type]


def without(table: dict[str, object], key: str) -> dict[str, object]:
    return {name: value for name, value in table.items() if name != key}


@pytest.mark.parametrize("key", ["id", "source", "value", "unit", "period", "subject", "paraphrase", "kind"])
def test_a_figure_without_this_cannot_be_constructed(key: str):
    with pytest.raises(Refused, match=key):
        Figure(**without(SOUND, key))  # type: ignore[arg-type]


@pytest.mark.parametrize("key", ["source", "unit", "period", "subject", "paraphrase"])
@pytest.mark.parametrize("blank", ["", "  \n"])
def test_a_blank_is_not_an_answer(key: str, blank: str):
    with pytest.raises(Refused, match="some text"):
        figure(**{key: blank})


@pytest.mark.parametrize("key", ["title", "author", "publisher", "date", "language", "kind"])
def test_a_source_without_this_cannot_be_constructed(key: str):
    with pytest.raises(Refused, match=key):
        Source(**without(SOURCE, key))  # type: ignore[arg-type]


def test_a_source_whose_date_was_inferred_says_from_what():
    with pytest.raises(Refused, match="from what"):
        Source(**SOURCE, date_inferred=True)  # type: ignore[arg-type]
    assert Source(**SOURCE, date_inferred=True, inferred_from="its last event").date_inferred  # type: ignore[arg-type]


def test_an_unknown_unit_is_refused_with_the_nearest_one():
    with pytest.raises(Refused, match="did you mean 'bcm/yr'"):
        figure(unit="bcm/y")


def test_an_unknown_key_is_refused():
    with pytest.raises(Refused, match="opinion"):
        figure(opinion="high")


@pytest.mark.parametrize(
    "value", [math.nan, math.inf, -math.inf, True, "38", None, [1], [1, 2, 3], [2, 1], [1, "2"], {}]
)
def test_a_value_is_a_finite_number_or_an_ordered_range(value: object):
    with pytest.raises(Refused):
        figure(value=value)


@pytest.mark.parametrize("line", [0, -1, 3.0, "3", True])
def test_a_line_is_a_whole_number_from_one(line: object):
    with pytest.raises(Refused, match="line"):
        figure(line=line)


@given(st.floats(-1e12, 1e12), st.floats(-1e12, 1e12))
def test_the_number_of_a_range_is_its_middle_and_lies_within(one: float, other: float):
    low, high = sorted((one, other))
    between = figure(value=[low, high])
    assert (between.low, between.high) == (low, high)
    assert low <= between.number <= high or math.isclose(between.number, low)
    assert between.number - low == pytest.approx(high - between.number, abs=1e-3)


@given(st.floats(-1e12, 1e12))
def test_a_single_value_is_its_own_low_high_and_number(value: float):
    single = figure(value=value)
    assert single.low == single.high == value
    assert single.number == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "38 bcm/yr"),
        ({"bound": "approx"}, "about 38 bcm/yr"),
        ({"bound": "at_least"}, "at least 38 bcm/yr"),
        ({"bound": "at_most"}, "at most 38 bcm/yr"),
        ({"bound": "more_than"}, "more than 38 bcm/yr"),
        ({"bound": "less_than"}, "less than 38 bcm/yr"),
        ({"value": [30, 40.5]}, "30–40.5 bcm/yr"),
        ({"value": 1234567.5, "unit": "barrels/day"}, "1,234,567.5 barrels/day"),
        ({"value": 1972, "unit": "calendar year"}, "1972 calendar year"),
        ({"value": [1971, 1972], "unit": "calendar year"}, "1971–1972 calendar year"),
        ({"value": 1, "unit": "rank"}, "1 rank"),
    ],
)
def test_a_figure_reads_with_its_bound_its_number_and_its_unit(changes: dict[str, object], text: str):
    assert str(figure(**changes)) == text


def test_every_bound_has_words_of_its_own():
    assert len(set(BOUND_WORDS.values())) == len(BOUND_WORDS)
    for bound in BOUND_WORDS:
        figure(bound=bound)
    with pytest.raises(Refused, match="bound"):
        figure(bound="roughly")


def test_a_figure_says_where_it_stands():
    assert figure().place == "line 7"
    assert figure(line=None, locator="NY.GDP.MKTP.CD", year=2024).place == "NY.GDP.MKTP.CD"


def test_a_figure_cannot_be_changed_afterwards():
    with pytest.raises(AttributeError, match="value"):
        figure().value = 39.0


# ----- estimates

ESTIMATE = {
    **SOUND,
    "kind": "estimate",
    "value": 38.0,
    "interval": [30.0, 45.0],
    "level": 0.95,
    "sample": "twelve contracts",
    "reference": "Author 2020",
}


def test_an_estimate_carries_interval_level_sample_and_reference():
    found = Figure(**ESTIMATE)  # type: ignore[arg-type]
    assert found.interval == (30.0, 45.0) and found.level == 0.95
    assert Figure(**{**ESTIMATE, "level": "range of studies"}).level == "range of studies"  # type: ignore[arg-type]


@pytest.mark.parametrize("key", ["interval", "level", "sample", "reference"])
def test_an_estimate_that_leaves_one_out_is_refused_by_its_name(key: str):
    with pytest.raises(Refused, match=f"missing: {key}"):
        Figure(**without(ESTIMATE, key))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"interval": [40.0, 45.0]}, "outside its own interval"),
        ({"interval": [45.0, 30.0]}, "low <= high"),
        ({"interval": 30.0}, r"expected \[low, high\]"),
        ({"level": 1.5}, "a probability such as 0.95"),
        ({"verified": "perhaps"}, "'copy', 'report', 'computed', 'no'"),
    ],
)
def test_an_interval_and_its_level_make_sense(changes: dict[str, object], words: str):
    with pytest.raises(Refused, match=words):
        Figure(**{**ESTIMATE, **changes})  # type: ignore[arg-type]
