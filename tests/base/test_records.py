"""Records made of tables: everything wrong with a table is said at once, each thing under its key."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triangle.base.records import Record, boolean, choice, entry, names, number, number_or_text, text, validate, whole


@dataclass(frozen=True, kw_only=True)
class Inner(Record):
    size: float = entry(number)
    label: str = entry(text, "none")


@dataclass(frozen=True, kw_only=True)
class Outer(Record):
    title: str = entry(text)
    kind: str = entry(choice("red", "blue"), "red")
    parts: dict[str, Inner] = entry(Inner, dict, many=True)
    one: Inner | None = entry(Inner, None)


def faults(table: object) -> dict[str, str]:
    made, found = validate(Outer, table, "file", "here")
    assert (made is None) == bool(found)
    return {fault.key: fault.message for fault in found}


def test_a_sound_table_becomes_a_frozen_record():
    made, found = validate(Outer, {"title": "a", "parts": {"x": {"size": 1}}, "one": {"size": 2.5}}, "file", "")
    assert not found and made is not None
    assert made.parts["x"] == Inner(size=1.0) and made.one == Inner(size=2.5) and made.kind == "red"
    with pytest.raises(AttributeError):
        made.title = "b"  # type: ignore[misc]


def test_all_faults_of_nested_tables_are_said_together():
    found = faults(
        {"kinde": "red", "kind": "green", "parts": {"x": {"size": "1"}, "y": {}, "z": 3}, "one": {"szie": 1}}
    )
    assert set(found) == {
        *("here.kinde", "here.title", "here.kind", "here.parts.x.size", "here.parts.y.size", "here.parts.z"),
        *("here.one.szie", "here.one.size"),
    }
    assert "did you mean 'kind'" in found["here.kinde"]
    assert "did you mean 'size'" in found["here.one.szie"]
    assert "'red', 'blue'" in found["here.kind"]


@pytest.mark.parametrize("value", [None, 3, "table", [1], True])
def test_what_is_no_table_is_said_to_be_none(value: object):
    assert "expected a table" in faults(value)["here"]


@given(st.one_of(st.none(), st.text(), st.booleans(), st.lists(st.integers()), st.just(float("nan")), st.just(1e16)))
def test_a_number_is_a_finite_number_of_sensible_size(value: object):
    with pytest.raises(ValueError, match="found"):
        number(value)


@given(st.floats(-1e15, 1e15))
def test_a_number_stays_what_it_is(value: float):
    assert number(value) == value == number_or_text(value)


@pytest.mark.parametrize("value", ["", " \n", "\x1b[31m", "\u202eabc", 3, None, "x" * 20_001])
def test_a_text_says_something_and_steers_no_terminal(value: object):
    with pytest.raises(ValueError, match="found"):
        text(value)


@pytest.mark.parametrize(
    ("check", "value"),
    [(boolean, 1), (whole(1, 3), 4), (whole(1, 3), True), (whole(1, 3), 2.0), (names, "abc"), (names, ["a"] * 101)],
)
def test_other_checks_refuse_what_they_should(check, value):
    with pytest.raises(ValueError, match="expected"):
        check(value)


def test_a_record_cannot_be_made_with_what_its_check_refuses():
    with pytest.raises(ValueError, match="size"):
        Inner(size=float("nan"))
