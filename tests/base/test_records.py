"""Records, made of tables and of their own documents: all that is wrong is said at once, each thing under its key."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triangle.base.errors import BadInput
from triangle.base.records import (
    INLINE,
    Key,
    Record,
    Unbounded,
    boolean,
    choice,
    entry,
    form,
    from_document,
    names,
    number,
    number_or_text,
    text,
    to_document,
    told,
    validate,
    whole,
)


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


# Answers as documents, and back ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Span:
    """Two ends under one key, and what follows from them."""

    low: Annotated[float, Key("ends", 0)]
    high: Annotated[float, Key("ends", 1)]

    def problems(self) -> Iterator[str]:
        """Ends the wrong way round."""
        if self.low > self.high:
            yield f"found {self.low:g} above {self.high:g}"

    @property
    @told(name="width")
    def how_wide(self) -> float:
        """From end to end."""
        return self.high - self.low


@dataclass(frozen=True)
class Head:
    """Stands among the keys of the record around it."""

    scenario: str
    hold: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A record with a field of every kind."""

    SCHEMA: ClassVar = "triangle.kept/1"

    head: Annotated[Head, INLINE]
    count: int
    share: Annotated[float | None, Key("of")]
    firm: bool
    side: Literal["below", "above"]
    margin: Unbounded
    letter: Annotated[int, form(lambda k: "ab"[k], lambda text: "ab".index(text))]
    spans: tuple[Span, ...]
    pair: tuple[int, str]
    parts: Mapping[str, Span]
    point: float | str | None = None

    @property
    @told(after="count")
    def double(self) -> int:
        """Twice as many."""
        return 2 * self.count


TEXTS = st.text(st.characters(categories=["L", "N", "P", "S"]), max_size=8)
NUMBERS = st.floats(-1e9, 1e9)
SPANS = st.tuples(NUMBERS, NUMBERS).map(lambda ends: Span(min(ends), max(ends)))
KEPT = st.builds(
    Kept,
    head=st.builds(Head, scenario=TEXTS, hold=st.dictionaries(TEXTS, TEXTS, max_size=2)),
    count=st.integers(),
    share=st.none() | NUMBERS,
    firm=st.booleans(),
    side=st.sampled_from(["below", "above"]),
    margin=NUMBERS | st.just(math.inf),
    letter=st.integers(0, 1),
    spans=st.lists(SPANS, max_size=3).map(tuple),
    pair=st.tuples(st.integers(), TEXTS),
    parts=st.dictionaries(TEXTS, SPANS, max_size=2),
    point=st.none() | NUMBERS | TEXTS,
)


@given(KEPT)
def test_a_record_comes_back_from_its_document_through_strict_json(kept: Kept):
    document = json.loads(json.dumps(to_document(kept), allow_nan=False))
    assert from_document(Kept, document, "file") == kept
    assert list(document)[:5] == ["schema", "version", "scenario", "hold", "count"]
    assert document["double"] == 2 * kept.count and list(document).index("double") == 5
    assert document["of"] == kept.share and document["letter"] in "ab"
    assert all(span["width"] == span["ends"][1] - span["ends"][0] for span in document["spans"])


def kept(**changes: object) -> Kept:
    found = Kept(
        head=Head("baseline"),
        count=1,
        share=0.5,
        firm=True,
        side="below",
        margin=math.inf,
        letter=0,
        spans=(Span(0.0, 1.0),),
        pair=(1, "x"),
        parts={"a": Span(0.0, 2.0)},
    )
    return from_document(Kept, {**to_document(found), **changes}, "file")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"scenario": 3}, "scenario: found 3; expected a text"),
        ({"count": 1.0}, "count: found 1.0; expected an integer"),
        ({"of": "half"}, "of: found 'half'; expected a finite number"),
        ({"of": 1e301}, "of: found 1e+301; expected a finite number"),
        ({"firm": 1}, "firm: found 1; expected true or false"),
        ({"side": "beside"}, "side: found 'beside'; expected one of 'below', 'above'"),
        ({"letter": "c"}, "letter: substring not found"),
        ({"letter": 3}, "letter: found 3; this is nothing that a result holds here"),
        ({"spans": {}}, "spans: found {}; expected a list"),
        ({"spans": [{"ends": [0]}]}, "spans.1.ends: found [0]; expected a list of more than 1"),
        ({"spans": [{"ends": [0, 1]}, {}]}, "spans.2.ends: missing"),
        ({"spans": [{"ends": [2, 1]}]}, "spans.1: found 2 above 1"),
        ({"pair": [1]}, "pair: found [1]; expected a list of 2"),
        ({"parts": {"a": {"ends": [0, None]}}}, "parts.a.ends.2: found None; expected a finite number"),
        ({"point": "\x1b[2J"}, "point: found the control character"),
        ({"hold": {"\x1b": "x"}}, "expected a text that can be shown"),
    ],
)
def test_what_is_wrong_with_a_document_is_said_with_its_place(changes: dict[str, object], said: str):
    with pytest.raises(BadInput, match=re.escape(said)):
        kept(**changes)


def test_all_that_is_wrong_with_a_document_is_said_at_once():
    with pytest.raises(BadInput) as refused:
        kept(count="many", side="beside", spans=[{"ends": ["x", 1]}])
    assert [fault.key for fault in refused.value.faults] == ["count", "side", "spans.1.ends.1"]


def test_keys_that_a_document_has_beyond_its_record_are_passed_over_and_defaults_may_be_absent():
    assert kept(more=3, double=17) == kept()
    document = to_document(kept())
    del document["hold"], document["point"]
    assert from_document(Kept, document, "file") == kept()
