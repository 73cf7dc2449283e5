"""Types of a player in a scenario file: what loads, what is inherited, and what is refused."""

from pathlib import Path

import pytest

from triangle.base.errors import BadInput
from triangle.model.model import read_model
from triangle.scenarios.scenario import read_scenario

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
    ],
)
def test_types_that_are_not_sound_do_not_load(tmp_path: Path, model, text: str, message: str):
    with pytest.raises(BadInput, match=message):
        read(tmp_path, HEAD + text, model)


def test_every_judgement_of_the_shipped_types_says_why(model):
    scenario = read_scenario("tactical_or_genuine", model)
    for tables in scenario.types.values():
        assert all(table.because.startswith("Judged") for table in tables.values())
