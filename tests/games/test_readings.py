"""Payoffs of files far from zero: none of their digits is lost, and what may be noise of floating point stays equal."""

from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from budgets import tries
from hypothesis import given, settings
from hypothesis import strategies as st

from triangle.games.efg import parse_efg
from triangle.games.interchange import parse_nfg
from triangle.games.readings import FAR, decimal, reading, reading_remarks


def read(*texts: str):
    counts = Counter(texts)
    found = reading(counts, {text: float(Fraction(text)) for text in counts}, Fraction)
    return [found.values[text] for text in texts], found.origin, found.rounded


@pytest.mark.parametrize(
    ("texts", "values", "origin"),
    [
        ("100000000000001 99999999999999", [3, 1], "99999999999998"),
        # Two of four are not most of them; three of four are, and the fourth is where it was.
        ("1e15 1000000000000000.01 1 1", [1e15, 1e15, 1, 1], "0"),
        ("100000000000000000001 100000000000000000002 100000000000000000003 1", [1, 2, 3, -1e20], "1e20"),
        # One prohibitive payoff beside zeros hides no difference any more.
        ("0 0 0 1 -1e30", [1, 1, 1, 2, -1e30], "-1"),
        ("-1000000000000.5 -1000000000000.25", [0.1, 0.35], "-1000000000000.6"),
        # A fraction without end, and numbers with more digits than any program prints.
        ("1000000001/3 1000000002/3", [1 / 15, 0.4], "333333333.6"),
        ("1 1.00000000000000001 1 0", [1e-17, 2e-17, 1e-17, -1], "0.99999999999999999"),
        # Equal numbers, however they are written, and numbers that six digits tell apart.
        ("1e9 1000000000", [1e9, 1e9], "0"),
        ("1000001 1000002", [1000001, 1000002], "0"),
        # What a program makes of 0.1 + 0.2 is meant to be 0.3.
        ("0.3 0.30000000000000004 0.3", [0.3, 0.3, 0.3], "0"),
        # Whole numbers are never noise.
        ("9007199254740993 9007199254740992", [2, 1], "9007199254740991"),
        # Nothing is taken off where what is left could not be held.
        ("1e-400 0 0 1", [0, 0, 0, 1], "0"),
        ("1.7e308 1.7e308 1.7e308 -1.7e308", [1.7e308] * 3 + [-1.7e308], "0"),
    ],
)
def test_payoffs_most_of_which_lie_close_together_are_measured_from_a_round_number_below(texts, values, origin):
    found, at, _ = read(*texts.split())
    assert at == Fraction(origin)
    assert found == pytest.approx(values, rel=1e-12)


def test_what_cannot_be_held_from_an_origin_stays_as_it_is():
    near = "1.7000000000000000000000001e308"
    values, origin, rounded = read("1.7e308", near, "1.7e308", "-1.7e308")
    assert (values, origin, rounded) == ([1.7e308] * 3 + [-1.7e308], 0, 3)


numbers = st.fractions(min_value=-20, max_value=20, max_denominator=8)


@settings(max_examples=tries(60), deadline=None)
@given(st.lists(numbers, min_size=2, max_size=9), st.integers(-150, 150), st.integers(1, 99), st.integers(-120, 120))
def test_a_constant_of_any_size_changes_no_difference_of_payoffs(payoffs, exponent, digits, unit):
    unit = Fraction(10) ** unit
    constant = digits * Fraction(10) ** exponent * unit
    found, origin, rounded = read(*(str(u * unit + constant) for u in payoffs))
    spread = float((max(payoffs) - min(payoffs)) * unit)
    kept = np.array(found) - float(payoffs[0] * unit + constant - origin)
    assert kept == pytest.approx([float((u - payoffs[0]) * unit) for u in payoffs], rel=0, abs=spread / FAR**1.4)
    assert not rounded


SHIFTS = (Fraction(10**14), Fraction(-(10**40)), Fraction(10**150), Fraction(1, 3))
NAMES = {2: '"A" "B"', 3: '"A" "B" "C"'}


def strategic(payoffs, shape, shift):
    listed = " ".join(str(u + shift) for u in payoffs)
    return parse_nfg(f'NFG 1 R "" {{ {NAMES[len(shape)]} }} {{ {" ".join(map(str, shape))} }} {listed}')


@pytest.mark.parametrize("shape", [(2, 2), (3, 2), (2, 2, 2)], ids=str)
@pytest.mark.parametrize("shift", SHIFTS, ids=lambda shift: f"{float(shift):.3g}")
def test_the_game_of_a_shifted_file_is_the_same_but_for_a_constant_of_each_player(shape, shift):
    payoffs = np.random.default_rng(len(shape)).integers(-9, 9, len(shape) * np.prod(shape)).tolist()
    one, two = (strategic(payoffs, shape, by) for by in (Fraction(0), shift))
    apart = (two.game.payoffs - one.game.payoffs).reshape(len(shape), -1)
    assert np.ptp(apart, axis=1) == pytest.approx(0, abs=1e-9)
    for name, moved, origin in zip("ABC", apart[:, 0], two.origins, strict=False):
        assert Fraction(round(moved)) + origin == pytest.approx(shift)
        assert f"{name} {decimal(origin)}"[:8] in two.remarks[0] or f"{name} ≈" in two.remarks[0]


@pytest.mark.parametrize("shift", [10**14, -(10**40), 10**90], ids=lambda shift: f"{shift:.3g}")
def test_what_is_paid_on_the_way_through_a_tree_is_added_exactly(shift):
    first = f'p "" 1 1 "s" {{ "l" "r" }} 1 "" {{ {shift} {-shift} }}'
    found = parse_efg(f'EFG 2 R "" {{ "A" "B" }} {first} t "" 2 "" {{ 1 5 }} t "" 3 "" {{ 3 4 }}')
    assert found.tree.payoffs.tolist() == [[1, 3], [2, 1]]
    assert found.origins == (shift, 3 - shift)
    assert not found.rounded and "origin of their own" in found.remarks[0]


def test_payoffs_of_a_tree_that_count_as_equal_are_said():
    ends = 't "" 1 "" { 0.3 } t "" 2 "" { 0.30000000000000004 } t "" 3 "" { 1 }'
    found = parse_efg(f'EFG 2 R "" {{ "A" }} p "" 1 1 "s" {{ "l" "m" "r" }} 0 {ends}')
    assert found.remarks == reading_remarks(("A",), 2, ())


def test_sums_of_fractions_that_never_end_are_cut_before_they_grow_without_bound():
    ends = "".join(f'p "" 1 {k} "" {{ "l" }} {k} "" {{ 1/{10**97 + 2 * k + 1} }} ' for k in range(1, 150))
    (value,) = parse_efg(f'EFG 2 R "" {{ "A" }} {ends} t "" 0').tree.payoffs[0]
    assert value == pytest.approx(149e-97)
