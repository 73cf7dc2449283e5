"""Types of a player in a scenario file: what loads, what is inherited, and what is refused."""

from itertools import product
from pathlib import Path

import numpy as np
import pytest

from triangle.base.errors import BadInput
from triangle.measures.types import drawn_types
from triangle.model.model import read_model
from triangle.scenarios.scenario import read_scenario
from triangle.study.load import load

HEAD = 'title = "T"\nquestion = "Q?"\nauthor = "A"\ndate = 2025-01-01\nbase = "baseline"\nnarrative = "N"\n'
TYPES = """
[types.RU.a]
settings = { autonomy_cost = "high", relief = 0.5 }
because = "Judged: a story."
[types.RU.b]
settings = { autonomy_cost = "low" }
because = "Judged: another."
"""
WATCH = '[screening]\nwatch = 1\nobserve = 0.5\nprior = 0.5\notherwise = "contain_both"\nbecause = "Judged."\n'


@pytest.fixture(scope="module")
def model():
    return read_model()


def read(folder: Path, text: str, model, name: str = "mine"):
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return read_scenario(path, model)


def test_types_are_read_with_ends_of_ranges_as_numbers(tmp_path: Path, model):
    scenario = read(tmp_path, HEAD + TYPES + WATCH, model)
    assert scenario.of_type("RU", "a") == {"autonomy_cost": scenario.ranges["autonomy_cost"][1], "relief": 0.5}
    assert scenario.screening is not None and scenario.screening.watch == 1.0


def test_a_scenario_inherits_types_and_watch_of_its_base(tmp_path: Path, model):
    read(tmp_path, HEAD + TYPES + WATCH, model)
    below = HEAD.replace('"baseline"', '"mine"') + '[changes.relief]\nvalue = 0.9\nbecause = "b"\n'
    scenario = read(tmp_path, below, model, "below")
    assert set(scenario.types["RU"]) == {"a", "b"} and scenario.screening is not None


def test_a_type_at_an_end_of_what_follows_others_is_at_what_they_can_make_of_it(tmp_path: Path, model):
    types = TYPES.replace("autonomy_cost", "order_value_ru").replace(", relief = 0.5", "")
    scenario = read(tmp_path, HEAD + types, model)
    high, low = (scenario.of_type("RU", name)["order_value_ru"] for name in "ab")
    assert scenario.ranges["order_value_ru"][0] == scenario.ranges["order_value_ru"][1], "it follows others"
    assert low < scenario.values["order_value_ru"] < high
    follower = next(one for one in scenario.following if one.name == "order_value_ru")
    rng = np.random.default_rng(0)
    reads = [name for name in follower.arguments if isinstance(name, str)]
    drawn = {name: rng.uniform(*scenario.ranges[name], 500) for name in reads}
    assert (follower.at(drawn) >= low).all() and (follower.at(drawn) <= high).all()
    corner = {name: scenario.ranges[name] for name in reads}
    assert high == max(follower.at(dict(zip(reads, ends, strict=True))) for ends in product(*corner.values()))


def test_in_draws_what_follows_a_parameter_of_a_type_moves_along(model):
    study = load("show_of_resolve")
    drawn = drawn_types(study, "US", ["yielding", "resolute"], 16, 0)
    follower = next(one for one in study.scenario.following if one.name == "stake_us_ru")
    for one in drawn:
        np.testing.assert_allclose(one["stake_us_ru"], follower.at(one))
    assert (drawn[0]["stake_us_ru"] != drawn[1]["stake_us_ru"]).all()


GESTURE = '[gesture]\nsender = "RU"\nreceiver = "US"\nprior = 0.5\ncost = 1\nbecause = "Judged."\n'


def test_a_scenario_inherits_the_gesture_of_its_base(tmp_path: Path, model):
    read(tmp_path, HEAD + TYPES + GESTURE, model)
    below = HEAD.replace('"baseline"', '"mine"') + '[changes.relief]\nvalue = 0.9\nbecause = "b"\n'
    scenario = read(tmp_path, below, model, "below")
    assert scenario.gesture is not None and scenario.gesture.cost == 1.0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (TYPES.replace('because = "Judged: a story."\n', ""), "RU.a.because: missing"),
        (TYPES.replace("autonomy_cost", "autonomy_costs"), "autonomy_cost"),
        (TYPES.replace('"high"', '"highest"'), "expected one of 'low', 'high'"),
        (TYPES.replace("0.5", "7"), "relief must be"),
        (TYPES.replace("types.RU", "types.RUS"), "player"),
        (TYPES[: TYPES.index("[types.RU.b]")], "from 2 to 6 types"),
        (TYPES.replace('settings = { autonomy_cost = "low" }', "settings = 3"), "expected a table of parameters"),
        (TYPES + WATCH.replace('because = "Judged."\n', ""), "screening.because: missing"),
        (TYPES + WATCH.replace("prior = 0.5", "prior = 1.5"), "prior: found 1.5"),
        (TYPES + WATCH.replace("watch = 1", "watch = 0"), "watch: found 0"),
        (TYPES.replace("autonomy_cost", "threat_scaling"), "threat_scaling is .* and has no range here"),
        (TYPES + GESTURE.replace('"US"', '"RU"'), "both RU"),
        (TYPES + GESTURE.replace("prior = 0.5", "prior = 1"), "prior: found 1"),
        (TYPES + GESTURE.replace("cost = 1", "cost = -1"), "cost: found -1"),
        (TYPES + GESTURE + 'deed = "align"\n', "a deed takes deed, instead and years"),
    ],
)
def test_types_that_are_not_sound_do_not_load(tmp_path: Path, model, text: str, message: str):
    with pytest.raises(BadInput, match=message):
        read(tmp_path, HEAD + text, model)


def test_every_judgement_of_the_shipped_types_says_why(model):
    scenario = read_scenario("tactical_or_genuine", model)
    for tables in scenario.types.values():
        assert all(table.because.startswith("Judged") for table in tables.values())
