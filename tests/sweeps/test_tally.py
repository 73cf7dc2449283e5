"""Counts that are added up, whatever the parts; intervals; patterns as masks."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from triangle.base.intervals import wilson
from triangle.base.records import from_document, to_document
from triangle.games.bitboards import profiles_of
from triangle.players import sets as outcomes
from triangle.players.cast import SHIPPED
from triangle.players.configurations import configuration
from triangle.sweeps import tally as statistics
from triangle.sweeps.tally import Tally

MASKS = st.lists(st.integers(0, 2**64 - 1) | st.sampled_from([0, 32, 2**63]), min_size=1, max_size=60)


@given(MASKS, st.integers(0, 60))
def test_a_tally_counts_what_a_loop_counts(masks: list[int], cut: int):
    array = np.array(masks, dtype=np.uint64)
    tally = Tally.of(array[:cut], SHIPPED)
    tally.add(Tally.of(array[cut:], SHIPPED))
    assert to_document(from_document(Tally, to_document(tally), "tally", SHIPPED)) == to_document(tally)
    assert tally.games == len(masks)
    members = [profiles_of(mask) for mask in masks]
    assert tally.numbers.tolist() == [sum(len(m) == n for m in members) for n in range(len(SHIPPED.profiles) + 1)]
    assert tally.profiles.tolist() == [sum(p in m for m in members) for p in range(len(SHIPPED.profiles))]
    keys = [{configuration(SHIPPED.profiles[p], SHIPPED).key for p in m} for m in members]
    for key in outcomes.configuration_masks(SHIPPED):
        assert tally.count(key) == sum(key in k for k in keys)
    hedging = [any(SHIPPED.profiles[p][1] == 3 for p in m) for m in members]
    assert tally.count("RU=hedge") == sum(hedging)
    names = list(statistics.patterns(SHIPPED))
    both = tally.together[names.index("RU=hedge"), names.index("unit_veto")]
    assert both == sum(h and "unit_veto" in k for h, k in zip(hedging, keys, strict=True))
    assert {m: masks.count(m) for m in masks} == tally.sets


def test_rare_sets_are_counted_together_once_there_are_many(monkeypatch):
    monkeypatch.setattr(statistics, "MAX_SETS", 3)
    tally = Tally.of(np.arange(10, dtype=np.uint64), SHIPPED)
    tally.add(Tally.of(np.array([0, 11], dtype=np.uint64), SHIPPED))
    assert tally.sets == {0: 2, 1: 1, 2: 1} and tally.other_sets == 8


def test_counts_of_rare_sets_that_do_not_add_up_are_refused(monkeypatch):
    monkeypatch.setattr(statistics, "MAX_SETS", 3)
    tally = Tally.of(np.arange(10, dtype=np.uint64), SHIPPED)
    assert tally.other_sets and not [*tally.problems()]
    shift = np.eye(len(tally.numbers), dtype=np.int64)
    for change in (
        {"numbers": tally.numbers + shift[1]},  # a game more than there are
        {"numbers": tally.numbers + shift[2] - shift[1]},  # an equilibrium more than there are
        {"profiles": tally.profiles + shift[0, 1:] + shift[3, 1:]},
        {"together": tally.together + np.triu(np.ones_like(tally.together), 1)},
        {"together": tally.together + tally.games + 1},
        {"other_sets": tally.other_sets + 1},
    ):
        assert [*replace(tally, **change).problems()] == ["the counts do not agree with each other"]


@pytest.mark.parametrize(("k", "n"), [(0, 7), (7, 7), (1, 3), (50, 1000)])
def test_wilsons_interval_is_scipys(k: int, n: int):
    theirs = binomtest(k, n).proportion_ci(method="wilson")
    assert wilson(k, n) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


def test_no_games_no_knowledge():
    assert wilson(0, 0) == (0.0, 1.0) and Tally.empty(SHIPPED).share("unit_veto") == 0.0


def test_configurations_share_out_the_profiles():
    masks = [int(mask) for mask in outcomes.configuration_masks(SHIPPED).values()]
    assert sum(masks) == 2**64 - 1 and len(masks) == 8
    for player in ("US", "RU", "CN"):
        assert sum(int(m) for name, m in outcomes.action_masks(SHIPPED).items() if name.startswith(player)) == 2**64 - 1


def test_patterns_of_sets():
    veto = outcomes.configuration_masks(SHIPPED)["unit_veto"]
    masks = np.array([0, 1, 33, 32], dtype=np.uint64)
    assert SHIPPED.sets.meets(masks, veto).tolist() == [False, True, True, False]
    assert SHIPPED.sets.within(masks, veto).tolist() == [False, True, False, False]
    assert SHIPPED.sets.count(masks).tolist() == [0, 1, 2, 1]
    assert outcomes.set_text(0, SHIPPED) == "none" and "RU=align" in outcomes.set_text(33, SHIPPED)
    assert outcomes.set_configurations(33, SHIPPED) == ("stable_marriage:RU-CN", "unit_veto")
