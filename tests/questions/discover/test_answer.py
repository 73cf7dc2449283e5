"""Boxes: planted ones are recovered, luck is not taken for a finding, fresh draws say what holds."""

import io
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from budgets import LARGE
from rich.console import Console

import triangle
from triangle.base.errors import BadInput
from triangle.base.files import read_record
from triangle.base.intervals import wilson
from triangle.base.records import from_document, to_document
from triangle.base.writing import write_document
from triangle.measures.draws import draws_of
from triangle.measures.events import contrary, event_parts
from triangle.players.cast import SHIPPED
from triangle.questions.discover.answer import Count, Discovery, Sets, discover, discovered
from triangle.questions.discover.prim import Limits, choose, paste, peel, pruned, quasi_p, unbounded
from triangle.questions.discover.table import discovery
from triangle.study.study import Study


@pytest.fixture(scope="module")
def study() -> Study:
    """Once Europe joins Russia hedges in some draws, and in others not."""
    return triangle.load("europe_joins")


def planted(x: np.ndarray) -> np.ndarray:
    """Inside 0.6 to 1 of the first input, 0 to 0.5 of the second, 0.3 to 0.8 of the third."""
    return (x[0] > 0.6) & (x[1] < 0.5) & (x[2] > 0.3) & (x[2] < 0.8)


def sets_of(event, inputs: int = 12, draws: int = 3000, seed: int = 0) -> Sets:  # type: ignore[no-untyped-def]
    rng = np.random.default_rng(seed)
    tables = tuple(rng.random((inputs, draws)) for _ in range(3))
    names = tuple(f"x{i}" for i in range(inputs))
    low, high = np.zeros(inputs), np.ones(inputs)
    return Sets(names, ("",) * inputs, low, high, tables, tuple(event(t, rng) for t in tables))  # type: ignore[arg-type]


def found_in(sets: Sets, density: float = 0.9, boxes: int = 3):  # type: ignore[no-untyped-def]
    common = {
        "scenario": "planted",
        "title": "planted",
        "event": "planted",
        "seed": 0,
        "samples": len(sets.event[0]),
        "evaluations": 0,
        "names": sets.names,
        "wanted_density": density,
        "cast": SHIPPED,
    }
    return discovered(sets, common, boxes)


# Known answers --------------------------------------------------------------------------------------------------------


def test_a_planted_box_is_peeled_out_and_pasted_back():
    x = np.random.default_rng(0).random((20 if LARGE else 5, 4000))
    event = planted(x)
    box = choose(peel(x, event), 0.95)
    limits = paste(pruned(box.limits, x, event), x, event)
    assert limits.restricted == [0, 1, 2] and box.density >= 0.95 and box.coverage > 0.95
    ends = [limits.low[0], limits.high[1], limits.low[2], limits.high[2]]
    np.testing.assert_allclose(ends, [0.6, 0.5, 0.3, 0.8], atol=0.02)


def test_a_planted_box_is_recovered_with_noise_about_it():
    noisy = found_in(sets_of(lambda x, rng: np.where(planted(x), rng.random(3000) < 0.9, rng.random(3000) < 0.05)), 0.8)
    box = noisy.boxes[0]
    assert {limit.parameter for limit in box.limits} == {"x0", "x1", "x2"}
    by_name = {limit.parameter: limit for limit in box.limits}
    assert by_name["x0"].low == pytest.approx(0.6, abs=0.05) and by_name["x0"].high is None
    assert by_name["x2"].low == pytest.approx(0.3, abs=0.05) and by_name["x2"].high == pytest.approx(0.8, abs=0.05)
    assert box.fresh.density_interval[0] < 0.9 * 0.97 + 0.03 and box.density > 0.75


def test_two_planted_boxes_are_found_one_after_the_other():
    two = found_in(sets_of(lambda x, rng: planted(x) | ((x[3] < 0.2) & (x[4] > 0.5)), draws=6000), 0.85)
    restricted = [{limit.parameter for limit in box.limits} for box in two.boxes]
    assert {"x0", "x1", "x2"} in restricted and {"x3", "x4"} in restricted
    assert two.together.coverage > 0.9 and two.together.density > 0.8


def test_the_tree_cuts_where_the_box_was_planted():
    found = found_in(sets_of(lambda x, rng: (x[0] > 0.6) & (x[1] < 0.5)))
    leaf = found.tree[0]
    assert {limit.parameter for limit in leaf.limits} == {"x0", "x1"} and leaf.density > 0.98
    assert {limit.parameter: limit.low or limit.high for limit in leaf.limits} == pytest.approx(
        {"x0": 0.6, "x1": 0.5}, abs=0.02
    )
    assert sum(leaf.fresh.draws for leaf in found.tree) == 3000
    assert sum(leaf.fresh.events for leaf in found.tree) == found.base.events


def test_a_quasi_p_value_is_the_tail_of_the_binomial_law():
    x = np.array([[0.1, 0.2, 0.3, 0.6, 0.7, 0.8, 0.9, 1.0]])
    event = np.array([1, 1, 1, 0, 0, 0, 0, 1], dtype=bool)
    limits = Limits(np.array([-np.inf]), np.array([0.5]))
    assert quasi_p(limits, x, event) == {0: pytest.approx(0.5**3)}


# Laws -----------------------------------------------------------------------------------------------------------------


def test_luck_alone_makes_no_box():
    """The peeled boxes look dense where they were found; the fresh draws and the pruning tell them from findings."""
    boxes = 0
    for seed in range(10 if LARGE else 2):
        found = found_in(sets_of(lambda x, rng: rng.random(x.shape[1]) < 0.1, inputs=40, draws=2000, seed=seed), 0.5)
        assert max(step.density for step in found.trajectory) > 0.2
        for box in found.boxes:
            boxes += 1
            assert box.density < 0.16
    assert boxes <= (3 if LARGE else 1)


def test_each_peel_makes_the_event_no_rarer_and_the_box_smaller():
    x = np.random.default_rng(1).random((5, 1000))
    steps = peel(x, planted(x))
    assert steps[0].coverage == 1.0 and not steps[0].limits.restricted
    for before, after in pairwise(steps):
        assert after.draws < before.draws and after.coverage <= before.coverage
        assert after.density >= before.density - 1e-12
        held = after.limits.hold(x)
        assert held.sum() == after.draws and (held <= before.limits.hold(x)).all()


def test_pasting_never_makes_the_event_rarer():
    x = np.random.default_rng(2).random((3, 2000))
    event = planted(x)
    small = Limits(np.array([0.75, -np.inf, 0.4]), np.array([np.inf, 0.3, 0.6]))
    grown = paste(small, x, event)
    assert (small.hold(x) <= grown.hold(x)).all()
    assert event[grown.hold(x)].mean() >= event[small.hold(x)].mean() and grown.hold(x).sum() > small.hold(x).sum()


def test_inputs_of_few_values_are_peeled_too():
    x = np.random.default_rng(3).integers(0, 3, (2, 900)).astype(float)
    steps = peel(x, x[0] == 2)
    assert steps[-1].density == 1.0 and steps[-1].limits.restricted == [0]
    constant = np.ones((1, 50))
    assert len(peel(constant, np.arange(50) < 10)) == 1
    assert unbounded(1).hold(constant).all()


def test_shares_carry_wilsons_intervals():
    count = Count(40, 10, 25)
    assert count.density == 0.25 and count.density_interval == wilson(10, 40)
    assert count.coverage == 0.4 and count.coverage_interval == wilson(10, 25)


# In the model ---------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not LARGE, reason="boxes that were planted hold so above, and the command asks the model for some")
def test_a_box_of_the_model_holds_on_games_drawn_afresh(study: Study):
    names = ["primacy_blame_ru", "output_shortfall_ru", "unilateral_yield", "relief", "evasion"]
    samples = 2048
    found = discover(study, "RU=hedge", samples=samples, names=names)
    box = found.boxes[0]
    ranges = {
        limit.parameter: (
            limit.range_low if limit.low is None else limit.low,
            limit.range_high if limit.high is None else limit.high,
        )
        for limit in box.limits
    }
    games = triangle.sweep(
        "europe_joins",
        samples=2000,
        design="random",
        seed=99,
        ranges=study_ranges(study, names) | ranges,
    )
    share = float(draws_of(games).outcome("holds:RU=hedge")[0].mean())
    low, high = box.fresh.density_interval
    assert low - 0.04 < share < high + 0.04 and share > 1.5 * found.base.density
    assert found.evaluations == 3 * samples


def study_ranges(study: Study, names: list[str]) -> dict[str, tuple[float, float]]:
    return {name: study.scenario.ranges[name] for name in names}


def test_the_seed_decides_and_a_result_comes_back_from_its_file(study: Study, tmp_path: Path):
    names = ["primacy_blame_ru", "output_shortfall_ru"]
    a, b, c = (discover(study, "RU=hedge", samples=512, seed=seed, names=names) for seed in (0, 0, 1))
    assert a == b != c
    document = to_document(a)
    write_document(tmp_path / "d.json", document)
    assert (
        read_record(Discovery, tmp_path / "d.json", SHIPPED) == a == from_document(Discovery, document, "file", SHIPPED)
    )
    for damage, said in (
        ({"boxes": 3}, "boxes: found 3; expected a list"),
        ({"base": {"draws": 1, "events": 2, "all_events": 2}}, "base: found 2 events in 1 draws"),
        ({"tree": [{}]}, "tree.1.limits: missing"),
        ({"samples": "x"}, "samples: found 'x'; expected an integer"),
    ):
        write_document(tmp_path / "d.json", {**document, **damage})
        with pytest.raises(BadInput, match=re.escape(said)):
            read_record(Discovery, tmp_path / "d.json", SHIPPED)


def test_the_chance_of_a_restriction_by_luck_is_shown_beside_it():
    noisy = found_in(sets_of(lambda x, rng: np.where(planted(x), rng.random(3000) < 0.9, rng.random(3000) < 0.05)), 0.8)
    (box, *_) = noisy.boxes
    limits = [replace(limit, quasi_p=p) for limit, p in zip(box.limits, (None, 0.0004, 0.25), strict=False)]
    console = Console(width=200, record=True, file=io.StringIO())
    console.print(discovery(replace(noisy, boxes=(replace(box, limits=tuple(limits)),), tree=())))
    rows = {
        line.split("│")[1].strip(): line.split("│")[-2].strip()
        for line in console.export_text().splitlines()
        if "│" in line
    }
    assert [rows[limit.parameter] for limit in limits] == ["", "<0.001", "0.250"]


@pytest.mark.parametrize(
    ("pattern", "said"),
    [("credibility<2", "every one of 128"), ("credibility>2", "none of 128"), ("credibility>0.7", "only")],
)
def test_an_event_that_tells_nothing_is_said_to(study: Study, pattern: str, said: str):
    found = discover(study, pattern, samples=64, names=["reversal_hazard"])
    assert not found.boxes and said in found.note


def test_an_archive_is_shared_out_among_the_three_sets():
    samples = 9000 if LARGE else 3000
    games = triangle.sweep("europe_joins", samples=samples, levers=True)
    found = discover(games, "RU=hedge", density=0.3)
    assert found.archive and found.evaluations == 0 and found.base.draws == samples // 3
    held = draws_of(games).outcome("holds:RU=hedge")[0]
    assert found.base.events == held[2::3].sum()
    assert found.boxes[0].found.all_events == held[0::3].sum() + held[1::3].sum()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"pattern": "RU=hedg"}, "hedge"),
        ({"pattern": "margin:present"}, "compares it"),
        ({"pattern": "credibility>many"}, "NUMBER"),
        ({"pattern": "RU=hedge", "density": 0.0}, "above 0"),
        ({"pattern": "RU=hedge", "names": ["relif"]}, "relief"),
    ],
)
def test_a_question_that_is_not_understood_is_answered(study: Study, arguments: dict[str, object], said: str):
    with pytest.raises(BadInput, match=said):
        discover(study, **({"samples": 64} | arguments))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ("RU=hedge<0.5", "'holds:RU=hedge<0.5'"),
        ("credibility>0.5>0.3", "--pattern: unknown outcome"),
        ("holds:RU=hedg<0.5", "--pattern: RU"),
    ],
)
def test_a_faulty_event_is_said_to_stand_in_the_pattern(study: Study, event: str, said: str):
    with pytest.raises(BadInput, match=r"^--pattern") as raised:
        discover(study, event, samples=64)
    assert said in str(raised.value)


def test_events_are_read_as_they_are_written():
    assert event_parts("only:RU=align") == ("only:RU=align", ">", 0.5)
    assert event_parts("configuration=romantic_triangle:RU") == ("holds:configuration=romantic_triangle:RU", ">", 0.5)
    assert event_parts("advantage:RU=hedge@5>-1e1") == ("advantage:RU=hedge@5", ">", -10.0)
    assert event_parts(contrary("RU=align")) == ("holds:RU=align", "<", 0.5)
