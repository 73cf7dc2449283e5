"""Path files: what is accepted, what is refused and how it is said, and what the shipped ones hold."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

import triangle
from triangle.base.errors import BadInput
from triangle.base.files import read_toml
from triangle.model.model import read_model
from triangle.players.cast import SHIPPED
from triangle.scenarios.path import classes_of, read_path, shipped_paths
from triangle.study.course import one_world, year_values

HEAD = """
title = "T"
question = "Q?"
author = "A"
date = 2025-08-15
base = "baseline"
narrative = "N"
"""
YEARS = "[years]\nfirst = 2025\nlast = 2030\n"
WAR = '[state.war]\nnames = ["peace", "war"]\nstart = "war"\nbecause = "B"\n[state.war.sets]\nwar_intensity = [0, 1]\n'
LADDER = '[state.lock]\nlevels = 3\nlow = 0.2\nhigh = 0.6\nstart = 0.35\nbecause = "B"\n'


@pytest.fixture(scope="module")
def model():
    return read_model()


def read(tmp_path: Path, model, text: str, name: str = "mine"):
    file = tmp_path / f"{name}.toml"
    file.write_text(HEAD + text, encoding="utf-8")
    return read_path(file, model)


@pytest.mark.parametrize("name", shipped_paths(SHIPPED))
def test_a_shipped_path_is_sound_and_every_number_of_it_has_a_reason_and_lies_in_its_range(name, model):
    path = read_path(name, model)
    first = {"path_2014": 2014, "path_1972": 1972}.get(name, 2025)
    assert path.states and path.rates and (path.first, path.last) == (first, first + 20)
    assert path.figures and path.claims
    for number in path.uncertain:
        assert number.low <= number.value <= number.high and number.because
        assert (number.backing == "figure") == (number.figure is not None)
    for state in path.states:
        assert sum(state.start) == pytest.approx(1.0)


def test_a_start_between_two_rungs_keeps_its_mean(tmp_path, model):
    state = read(tmp_path, model, YEARS + LADDER).state("lock")
    assert state.levels == pytest.approx((0.2, 0.4, 0.6)) and state.step == pytest.approx(0.2)
    assert np.dot(state.start, state.levels) == pytest.approx(0.35)
    assert state.start == pytest.approx((0.25, 0.75, 0.0))


def test_rates_that_are_figures_are_named_as_backed_by_them(model):
    path = read_path("path_baseline", model)
    numbers = {number.name: number for number in path.uncertain}
    assert numbers["trade_ru_cn.growth"].figure == "wel_trade_growth_2024"
    assert numbers["gdp_cn.year"].value == 2040
    assert {n.backing for name, n in numbers.items() if name.startswith("lock_in")} == {"judgement"}


def test_dated_rates_hold_in_their_years_only(model):
    election = next(rate for rate in read_path("path_baseline", model).rates if rate.reverses)
    assert [year for year in range(2025, 2046) if election.holds(year)] == [2029, 2033, 2037, 2041, 2045]


def test_a_path_takes_over_the_tables_of_the_one_it_follows_but_its_own(model):
    europe, democrat = read_path("path_europe", model), read_path("a_democrat_in_2029", model)
    assert democrat.scenario.values["europe_joins"] == europe.scenario.values["europe_joins"] == 1.0
    assert [rate.number.name for rate in democrat.rates if rate.state == "administration"] == [
        "administration.reversal"
    ]
    assert {rate.state for rate in europe.rates} == {"lock_in", "evasion", "war", "administration"}


def test_finer_ladders_have_the_same_ends_and_the_same_mean_start(model):
    path = read_path("path_baseline", model)
    finer = path.finer(9)
    for state, other in zip(path.states, finer.states, strict=True):
        assert (state.levels[0], state.levels[-1]) == (other.levels[0], other.levels[-1])
        assert np.dot(state.start, state.levels) == pytest.approx(np.dot(other.start, other.levels))
    assert len(finer.state("lock_in").levels) == 9 and len(finer.state("war").levels) == 2


def test_classes_tell_profiles_apart_by_the_masks_they_are_in():
    assert classes_of([], 64).tolist() == [0] * 64
    seen = classes_of([0b11, 0b10], 64)
    assert len({seen[0], seen[1], seen[2]}) == 3 and (seen[2:] == seen[2]).all()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "years: missing"),
        ("[years]\nfirst = 2025\nlast = 2024\n", "expected a last year"),
        (YEARS + WAR.replace('start = "war"', 'start = "wra"'), "did you mean 'war'"),
        (YEARS + WAR.replace("war_intensity = [0, 1]", "war_intensty = [0, 1]"), "war_intensity"),
        (YEARS + WAR.replace("war_intensity = [0, 1]", "evasion = [0, 2]"), "evasion must be"),
        (YEARS + WAR.replace("[0, 1]", "[0, 1, 1]"), "expected 2"),
        (YEARS + WAR + WAR.replace("state.war", "state.other"), "set by war already"),
        (YEARS + LADDER.replace("start = 0.35", "start = 0.7"), "expected a number from low to high"),
        (YEARS + LADDER.replace("levels = 3", 'names = ["a", "b"]'), "give either"),
        (YEARS + WAR + '[move.wra.ends]\nto = "down"\nvalue = 0.1\nbecause = "B"\n', "did you mean 'war'"),
        (
            YEARS + LADDER + '[move.lock.turns]\nto = "switch"\nvalue = 0.1\nbecause = "B"\n',
            "move.lock.turns.to: found switch, which is for named levels; a ladder moves up or down",
        ),
        (
            YEARS + WAR + '[move.war.ends]\nto = "down"\nvalue = 0.5\nlow = 0.1\nhigh = 1.5\nbecause = "B"\n',
            "war.ends: expected a probability, or what is taken off one, from -1 to 1",
        ),
        (YEARS + WAR + '[move.war.ends]\nto = "off"\nvalue = 0.1\nbecause = "B"\n', "expected one of"),
        (YEARS + WAR + '[move.war.ends]\nto = "down"\nvalue = 0.1\n', "because: missing"),
        (YEARS + WAR + '[move.war.ends]\nto = "down"\nbecause = "B"\n', "give one of value, figure"),
        (YEARS + WAR + '[move.war.ends]\nto = "down"\nvalue = 0.3\nlow = 0.0\nhigh = 0.2\nbecause = "B"\n',
         "lies outside low 0 to high 0.2"),
        (YEARS + WAR + '[move.war.ends]\nto = "down"\nvalue = 0.1\nwhen = "RU=algn"\nbecause = "B"\n', "align"),
        (YEARS + WAR + '[move.war.ends]\nto = "down"\nfigure = "wel_trade_grwth"\nbecause = "B"\n', "wel_trade_growth"),
        (YEARS + '[path.trade_ru_cn]\nbecause = "B"\n', "give one of growth"),
        (YEARS + '[path.gdp_cn]\nmeets = "gdp_us"\nbecause = "B"\n', "meets and year go together"),
        (YEARS + '[path.gdp_cn]\nmeets = "gdp_us"\nyear = 2020\nbecause = "B"\n', "not after the first year"),
        (YEARS + '[path.pipeline_volume]\nvalues = { soon = 60 }\nbecause = "B"\n', "four digits"),
        (YEARS + '[patience.EU]\nvalue = 0.9\nbecause = "B"\n', "unknown player"),
        (YEARS + '[patience.RU]\nvalue = 1.0\nbecause = "B"\n', "less than 1"),
        (YEARS + '[changes.releif]\nvalue = 1.0\nbecause = "B"\n', "relief"),
        ('follows = "path_basline"\n', "path_baseline"),
        ('follows = "mine"\n', "lead back"),
        (YEARS + "[surprise]\n", "unknown key"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_path_is_said_with_what_was_expected(tmp_path, model, text, says):
    with pytest.raises(BadInput, match=says.replace("(", r"\(")):
        read(tmp_path, model, text)


def test_all_faults_of_a_file_are_reported_together(tmp_path, model):
    with pytest.raises(BadInput) as caught:
        read(
            tmp_path,
            model,
            YEARS + '[path.nothing]\ngrowth = 0.1\nbecause = "B"\n[patience.EU]\nvalue = 0.9\nbecause = "B"\n',
        )
    assert len(caught.value.faults) == 2


def test_a_scenario_is_no_path_and_says_which_are(model):
    with pytest.raises(BadInput, match="scenario of one year; the shipped paths are path_baseline"):
        read_path("baseline", model)


def test_what_grows_stays_within_its_hard_bounds(tmp_path, model):
    grows = YEARS + WAR + '[path.outside_option_cn]\ngrowth = 0.5\nbecause = "B"\n'
    path = read(tmp_path, model, grows)
    shares = [year_values(path, model, one_world(path), year)["outside_option_cn"].item() for year in path.years]
    assert shares == sorted(shares) and shares[0] < 1.0 and shares[-1] == 1.0
    with pytest.raises(BadInput, match="outside_option_cn must be"):
        read(tmp_path, model, YEARS + WAR + '[path.outside_option_cn]\nvalues = { 2027 = 2.0 }\nbecause = "B"\n')


@pytest.mark.parametrize("name", shipped_paths(SHIPPED))
def test_nobody_is_held_in_a_shipped_path(name, model):
    assert not read_path(name, model).scenario.hold


def test_every_situation_that_is_about_time_has_its_path_and_the_claims_asked_of_it_read_that_path():
    text = (Path(__file__).parents[2] / "docs" / "years.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (S\d\d) [^|]*\|[^|]*\| `(\w+)` \|([^|]*)\|$", text, re.MULTILINE)
    about_time = "S07 S08 S09 S12 S13 S14 S19 S21 S22 S27 S28 S29 S30 S33 S34"
    assert [situation for situation, _, _ in rows] == about_time.split()
    assert {name for _, name, _ in rows} <= set(shipped_paths(SHIPPED))
    reads: dict[str, set[str]] = {}
    for file in sorted((Path(triangle.__file__).parent / "questions" / "claims" / "entries").glob("*.toml")):
        for claim, table in read_toml(file).items():
            for name in re.findall(r"'path': '(\w+)'", str(table)):
                reads.setdefault(name, set()).add(claim)
    for _, name, asked in rows:
        assert set(asked.replace(",", " ").split()) == reads.get(name, set())
