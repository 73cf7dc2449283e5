"""The question of the years: what it reports holds of what was computed."""

from __future__ import annotations

import dataclasses
import io
from dataclasses import replace

import numpy as np
import pytest
from budgets import LARGE
from rich.console import Console

from triangle.base.errors import BadInput
from triangle.base.records import from_document, to_document
from triangle.model.model import read_model
from triangle.players.cast import SHIPPED
from triangle.players.configurations import configuration_title
from triangle.questions.path.answer import (
    SELECTIONS,
    _crossed,
    commitment,
    draw_worlds,
    judged_share,
    kinds_of,
    path_course,
    waiting,
)
from triangle.questions.path.plot import course_plot
from triangle.questions.path.record import Course, interval
from triangle.questions.path.table import commitment_tables, course_notes, course_tables, course_told, waiting_tables
from triangle.scenarios.path import parse_holds, read_path, shipped_paths
from triangle.showing.phrases import spoken
from triangle.showing.runs import words_of

COURTS = SHIPPED.actions[0].index("court_russia")


@pytest.fixture(scope="module")
def path(model):
    """A small one: three rungs and seven years."""
    return read_path("path_europe", model).finer(3).until(2031)


@pytest.fixture(scope="module")
def found(path, model):
    return path_course(path, model, samples=24, seed=1, rule="bounds")


def test_probabilities_of_a_year_add_to_one_and_bands_are_in_order(found):
    for year in found.years:
        assert sum(band.mean for band in year.configurations) == pytest.approx(1.0)
        for band in year.configurations:
            assert 0 <= band.low90 <= band.low50 <= band.high50 <= band.high90 <= 1 + 1e-12
        for actions in year.actions:
            assert sum(actions) == pytest.approx(1.0)
        assert year.hazard is None or 0 <= year.hazard <= 1
        assert year.judged is None or 0 <= year.judged <= 1
        assert year.undecided is not None and 0 <= year.undecided <= 1
    assert found.years[0].hazard is None and [year.year for year in found.years] == list(range(2025, 2032))


def test_the_first_of_the_maps_names_the_rows_of_all(found):
    assert len(found.maps) > 1
    plot = course_plot(found)
    courses = zip(*([band.mean for band in year.configurations] for year in found.years), strict=True)
    likeliest, means = max(zip(found.configurations, courses, strict=True), key=lambda one: sum(one[1]))
    assert configuration_title(likeliest, found.cast) in plot.get_suptitle()
    assert f"{min(means):.2f}" in plot.get_suptitle() and f"{max(means):.2f}" in plot.get_suptitle()
    labels = [axes.get_ylabel() for axes in plot.get_axes()]
    row = spoken(SHIPPED).known("state", found.maps[0].row)
    assert labels[-len(found.maps) :] == [row, *[""] * (len(found.maps) - 1)]


def test_the_certificate_stands_beside_the_answer(found):
    assert found.certificate.largest_gain <= found.certificate.accepted + 1e-9 * found.certificate.payoff_range
    assert found.certificate.state_years == 3 * 3 * 2 * 2 * 7 * 24
    assert found.certificate.none + found.certificate.one + found.certificate.several == pytest.approx(1.0)


def test_an_answer_is_read_back_as_it_was_written(found):
    assert from_document(Course, to_document(found), "file", SHIPPED) == found


def test_tables_and_notes_say_what_the_record_holds(found):
    assert course_tables(found) is not None
    notes = " ".join(course_notes(found))
    assert f"{found.certificate.state_years:,}" in notes
    judged = any(year.judged is not None for year in found.years)
    assert ("Judged rates account for" in notes) == judged
    assert to_document(found)["schema"] == "triangle.path/1"


def test_draws_are_the_same_again_but_for_judged_rates(path, model):
    first, again = draw_worlds(path, model, 16, 3), draw_worlds(path, model, 16, 3, again=True)
    assert all(np.array_equal(first.values[name], again.values[name]) for name in first.values)
    backing = {number.name: number for number in path.uncertain}
    for name, column in first.numbers.items():
        moved = not np.array_equal(column, again.numbers[name])
        number = backing[name]
        assert moved == (number.backing == "judgement" and number.low < number.high)
        assert (number.low <= column).all() and (column <= number.high).all()


def test_the_judged_share_is_all_of_it_where_only_they_vary_and_none_where_they_do_not():
    rng = np.random.default_rng(0)
    first, again, noise = rng.random((2, 4000)), rng.random((2, 4000)), rng.random((2, 4000))
    assert judged_share(first, again) == pytest.approx(1.0, abs=0.05)
    assert judged_share(noise + first, noise + again) == pytest.approx(0.5, abs=0.05)
    assert judged_share(first, first) == 0.0 and judged_share(0 * first, again) is None


def test_five_and_nine_levels_differ_by_less_than_the_printed_width(model):
    path = read_path("path_baseline", model).until(2033 if LARGE else 2029)
    five, nine = (path_course(path.finer(n), model, samples=32, seed=2) for n in (5, 9))
    for coarse, fine in zip(five.years, nine.years, strict=True):
        for a, b in zip(coarse.configurations, fine.configurations, strict=True):
            assert abs(a.mean - b.mean) <= max(a.high90 - a.low90, 0.05)


#: Paths with numbers of worlds; the one whose chances hang most on the rungs comes first, and again with many worlds.
LADDERS = [(name, 64) for name in sorted(shipped_paths(SHIPPED), key=lambda name: name != "path_tariff")]


@pytest.mark.parametrize(("name", "worlds"), [*LADDERS, ("path_tariff", 512)] if LARGE else [("path_tariff", 32)])
def test_chances_with_nine_levels_lie_in_the_intervals_that_are_printed_with_five(name, worlds, model):
    path = read_path(name, model) if LARGE else read_path(name, model).until(2030)
    five, nine = (path_course(path.finer(levels), model, worlds, seed=8) for levels in (5, 9))
    for coarse, fine in zip(five.years, nine.years, strict=True):
        for a, b in zip(coarse.configurations, fine.configurations, strict=True):
            low, high = interval(a, worlds)
            assert low <= b.mean <= high


def test_held_against_other_ladders_a_course_says_how_far_it_is_from_its_own_answer_there(path, model):
    worlds = 24 if LARGE else 8
    held = path_course(path, model, samples=worlds, seed=1, against=4)
    plain, other = (path_course(p, model, samples=worlds, seed=1) for p in (path, path.finer(4)))
    assert replace(held, against=None) == plain
    apart = {
        (one.year, key): (abs(a.mean - b.mean), not interval(a, worlds)[0] <= b.mean <= interval(a, worlds)[1])
        for one, two in zip(plain.years, other.years, strict=True)
        for key, a, b in zip(plain.configurations, one.configurations, two.configurations, strict=True)
    }
    found = held.against
    assert found.levels == 4 and found.apart == pytest.approx(max(far for far, _ in apart.values()))
    assert apart[found.year, found.configuration][0] == pytest.approx(found.apart) and found.apart > 0
    assert found.outside == sum(outside for _, outside in apart.values())
    assert "With 4 levels of every ladder" in " ".join(course_notes(held))
    far = replace(held, against=replace(found, outside=3))
    assert "3 of 56 leave their brackets" in " ".join(course_notes(far))
    still = replace(held, against=replace(found, apart=0.0004, outside=0))
    assert "the same worlds move no probability by as much as 0.001." in " ".join(course_notes(still))
    assert from_document(Course, to_document(held), "file", SHIPPED) == held


def test_only_a_ladder_is_made_finer(path, model):
    bare = replace(path, states=tuple(s for s in path.states if not s.is_ladder))
    bare = replace(bare, rates=tuple(r for r in path.rates if r.state in {s.name for s in bare.states}))
    with pytest.raises(BadInput, match="path_europe has no ladder"):
        path_course(bare, model, samples=1, against=9)
    with pytest.raises(BadInput, match="every ladder of path_europe has 3 levels"):
        path_course(path, model, samples=1, against=3)


def test_what_is_printed_beside_a_chance_holds_the_worlds_and_the_mean(found):
    chance = found.years[-1].configurations[0]
    never = replace(chance, mean=0.0, low90=0.0, low50=0.0, high50=0.0, high90=0.0)
    spread = replace(chance, mean=0.5, low90=0.0, low50=0.2, high50=0.8, high90=1.0)
    # One world of 24 more would show it: the rule of three gives 3 / 24 for its upper end.
    assert found.samples == 24 and interval(never, 24) == (0.0, pytest.approx(3 / 24, abs=0.02))
    assert interval(spread, 24) == (0.0, 1.0)
    low, high = interval(replace(never, mean=0.5, low90=0.5, low50=0.5, high50=0.5, high90=0.5), 24)
    assert low == pytest.approx(1 - high) and 0.2 < low < 0.4
    last = replace(found.years[-1], configurations=(never,) * len(found.configurations))
    printed = plain_text(course_tables(replace(found, years=(*found.years[:-1], last))))
    assert f"0.000 (0.00–{interval(never, 24)[1]:.2f})" in printed


def test_holds_are_read_with_their_years(path):
    assert parse_holds(["US=court_russia@2026-2027"], path, SHIPPED) == {2026: {0: COURTS}, 2027: {0: COURTS}}
    assert parse_holds(["US=court_russia"], path, SHIPPED).keys() == set(range(2025, 2032))
    assert parse_holds(["US=court_russia@2030,RU=hedge@2030"], path, SHIPPED)[2030].keys() == {0, 1}
    assert parse_holds(["US=free@2030"], path, SHIPPED) == {2030: {0: None}}
    for wrong, says in (("US=court_russia@2050", "from 2025 to 2031"), ("US=court_rusia", "court_russia"),
                        ("US=court_russia@2027-2026", "joined by a hyphen")):  # fmt: skip
        with pytest.raises(BadInput, match=says):
            parse_holds([wrong], path, SHIPPED)
    with pytest.raises(BadInput, match="held twice in 2026"):
        parse_holds(["US=court_russia@2026", "US=contain_both@2025-2027"], path, SHIPPED)


def test_a_held_player_does_what_it_is_held_to_in_those_years(path, model):
    holds = parse_holds(["US=court_russia@2025-2027"], path, SHIPPED)
    held = path_course(path, model, samples=4, holds=holds, held_texts=("US=court_russia@2025-2027",))
    assert [year.actions[0][COURTS] for year in held.years[:3]] == pytest.approx([1.0] * 3)
    assert held.holds == ("US=court_russia@2025-2027",)


@pytest.mark.parametrize("rule", SELECTIONS)
def test_every_rule_gives_a_certified_course(rule, model):
    path = read_path("path_europe", model).finer(2).until(2028)
    course = path_course(path, model, samples=3 if LARGE else 1, rule=rule)
    assert course.certificate.largest_gain <= course.certificate.accepted + 1e-9 * course.certificate.payoff_range


def test_an_unknown_rule_is_answered_with_the_nearest(path, model):
    with pytest.raises(BadInput, match="margin"):
        path_course(path, model, samples=1, rule="margn")


def test_a_promise_that_nobody_reverses_is_worth_nothing_more(path, model):
    calm = dataclasses.replace(path, rates=tuple(r for r in path.rates if not r.reverses))
    with pytest.raises(BadInput, match="nothing in path_europe reverses its promises, nobody's"):
        commitment(calm, model, "US", samples=2)
    with pytest.raises(BadInput, match="only those of US"):
        commitment(path, model, "RU", samples=2)
    never = path.number("administration.election", 0.0)
    found = commitment(never, model, "US", samples=3)
    assert all(band.mean == 0.0 for _, band in found.gains) and found.moved == 0.0
    assert commitment_tables(found) is not None


def test_a_binding_promise_keeps_the_first_administration(path, model):
    found = commitment(path, model, "US", samples=6)
    assert [player for player, _ in found.gains] == ["RU", "CN"]
    assert found.years[0][0] == 2025 and found.largest_gain <= 1e-6


def test_flexibility_is_never_worth_less_than_nothing(path, model):
    found = waiting(path, model, "RU", samples=8)
    assert found.gain.low90 >= -1e-9 and found.suitor == "US"
    assert sum(found.constant) == pytest.approx(1.0)
    assert all(0 <= share <= 1 for _, share in found.window) and 0 <= found.never <= 1
    assert waiting_tables(found) is not None
    with pytest.raises(BadInput, match="goes against --wait"):
        waiting(path, model, "RU", samples=2, holds={2025: {1: 0}})


def test_configurations_are_the_eight_of_the_triangle():
    assert len(kinds_of(SHIPPED).keys) == 8


def test_a_level_that_becomes_the_likelier_one_is_told_with_its_year():
    path = read_path("path_baseline", read_model())
    state = next(state for state in path.states if len(state.labels) == 2)
    rising = np.array([0.2, 0.4, 0.6, 0.9])
    (year, said) = _crossed(path, state, rising)[0]
    assert year == path.first + 2 and said == f"{state.name}: {state.labels[-1]} is likelier than not"
    (_, said) = _crossed(path, state, 1 - rising)[0]
    assert said == f"{state.name}: {state.labels[0]} is likelier than not"
    assert _crossed(path, state, np.full(4, 0.3)) == []


def plain_text(table):
    out = io.StringIO()
    Console(file=out, width=200, color_system=None).print(table)
    return out.getvalue()


def test_the_answer_comes_first_by_title_question_and_the_likeliest_of_both_ends(found):
    shown = plain_text(course_tables(found))
    assert shown.index(found.title) < shown.index(found.question) < shown.index("Over 24 worlds, 2025: ")
    assert shown.index("Over 24 worlds, 2025: ") < shown.index("Probability of each configuration")
    assert "In one world, 2025: " in words_of(course_told(replace(found, samples=1), spoken(SHIPPED)))


def test_a_year_in_which_nothing_moves_shows_no_chances(found):
    still = replace(found.turns[0], before=0.25, after=0.25)
    assert "0.250" not in plain_text(course_tables(replace(found, turns=(still,))))


def test_a_configuration_that_is_certain_is_told_as_certain(path, model):
    certain = path_course(path, model, samples=1)
    told = words_of(course_told(certain, spoken(SHIPPED)))
    assert max(band.mean for band in certain.years[-1].configurations) == 1.0
    assert "99.9" not in told and "100.0" not in told and "100\u202f%" in told
