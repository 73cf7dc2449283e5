"""The table of a parameter: five kinds of backing, what each must say, and the middle of an interval by rule."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triangle.model.backing import GIVEN_BY, SPANS_FACTORS, Entry, middle, spans_factors

DESCRIBED = {"symbol": "x", "meaning": "A quantity", "unit": "fraction", "role": "uncertainty"}
SOUND: dict[str, dict[str, Any]] = {
    "figure": {"figure": "some_figure", "low": 0.0, "high": 1.0},
    "formula": {"formula": "some_formula"},
    "estimate": {"estimate": "some_figure", "because": "why", "bridge": "middle", "measures": "what"},
    "bounded": {"bounded": [0.0, 1.0], "because": "why", "bridge": "weak"},
    "judged": {"judged": 0.5, "low": 0.0, "high": 1.0, "because": "why"},
}


def entry(kind: str, **changes: object) -> Entry:
    table = {**DESCRIBED, **SOUND[kind], **changes}
    return Entry(**{key: value for key, value in table.items() if value is not None})  # type: ignore[arg-type]


def test_there_are_five_kinds_of_backing_and_each_has_its_key():
    assert set(GIVEN_BY) == set(SOUND)
    assert sorted(GIVEN_BY.values()) == ["bounded", "estimate", "figure", "formula", "judgement"]


@pytest.mark.parametrize("kind", SOUND)
def test_a_table_of_each_kind_is_made_and_says_its_kind(kind: str):
    assert entry(kind).backings == [kind]


@pytest.mark.parametrize(
    ("kind", "changes", "words"),
    [
        ("estimate", {"because": None}, "its because and its bridge"),
        ("estimate", {"bridge": None}, "its because and its bridge"),
        ("estimate", {"measures": None}, "what its source measured"),
        ("estimate", {"bridge": "stone"}, "expected one of '', 'strong', 'middle', 'weak'"),
        ("estimate", {"judged": 0.5}, "found estimate and judged; exactly one"),
        ("bounded", {"because": " "}, "its because and its bridge"),
        ("bounded", {"bridge": None}, "its because and its bridge"),
        ("bounded", {"bounded": [0.0]}, r"expected \[low, high\]"),
        ("bounded", {"bounded": [0.0, math.nan]}, "finite number"),
        ("bounded", {"low": 0.0, "high": 1.0}, "by rule; leave out"),
        ("bounded", {"spread": 0.1}, "by rule; leave out"),
        ("bounded", {"prior": "loguniform", "prior_because": "why"}, "by rule; leave out"),
        ("judged", {"bridge": "weak"}, "a judgement has no bridge"),
        ("judged", {"low": None, "high": None}, "give either low and high, or spread"),
        ("formula", {"low": 0.0}, "low and high must both be given"),
    ],
)
def test_a_table_that_leaves_out_what_its_kind_must_say_is_refused(kind: str, changes: dict[str, Any], words: str):
    with pytest.raises(ValueError, match=words):
        entry(kind, **changes)


def test_what_rests_on_figures_may_leave_its_range_to_them():
    assert not entry("formula").has_range and not entry("estimate").has_range
    assert not entry("figure", low=None, high=None).has_range


ends = st.floats(-1e6, 1e6)


@given(ends, ends)
def test_the_middle_lies_inside_and_is_geometric_exactly_where_the_interval_spans_factors(a: float, b: float):
    low, high = min(a, b), max(a, b)
    found = middle(low, high)
    assert low <= found <= high or math.isclose(found, low) or math.isclose(found, high)
    if spans_factors(low, high):
        assert low > 0 and high >= SPANS_FACTORS * low
        assert found == pytest.approx(math.sqrt(low) * math.sqrt(high))
    else:
        assert found == pytest.approx((low + high) / 2)


@pytest.mark.parametrize(("low", "high", "factors"), [(1, 2, True), (1, 1.9, False), (0, 5, False), (-1, 4, False)])
def test_only_positive_ends_of_which_one_is_twice_the_other_span_factors(low: float, high: float, factors: bool):
    assert spans_factors(low, high) is factors
