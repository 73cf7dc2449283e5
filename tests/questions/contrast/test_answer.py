"""Contrasts compare what free players do and the triangle, and amounts only where both count in the same."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from budgets import few

from triangle.base.errors import BadInput
from triangle.batch.equilibria import sweep_masks
from triangle.games.bitboards import profiles_of
from triangle.model.parameters import Values
from triangle.players.cast import SHIPPED
from triangle.players.configurations import configuration
from triangle.questions.compare.plot import comparison_plots
from triangle.questions.contrast.answer import contrast
from triangle.questions.contrast.plot import contrast_plot
from triangle.questions.contrast.table import contrast_tables, not_alike
from triangle.scenarios.scenario import shipped_names
from triangle.study.load import load
from triangle.study.study import Study, of_one_cast
from triangle.sweeps.run import plan

#: Worlds that set what is none of the actions of a third party that chooses in the other scenario.
ELSEWHERE = (("trade_war", "allies_decide"), ("ceasefire_instruments", "courted_europe"))
NAMES = shipped_names(SHIPPED)


@cache
def played(name: str, form: str = "first") -> Study:
    return load(name, form=form)


def worlds(study: Study, samples: int, seed: int) -> list[set[tuple[int, ...]]]:
    """The set of equilibria of each draw."""
    cast = study.cast
    values = Values(plan([study], samples=samples, seed=seed).at(0, 0, samples), cast)
    masks = sweep_masks(values, study.model.terms, hold=study.hold)
    return [{cast.profiles[k] for k in profiles_of(mask)} for mask in cast.sets.wholes(masks)]


@pytest.mark.parametrize(("name", "form"), few([(name, form) for name in NAMES for form in ("first", "second")], 33))
def test_what_is_said_to_differ_is_what_the_free_do_and_the_triangle_world_by_world(name: str, form: str):
    first, second = of_one_cast([played("baseline", form), played(name, form)])
    cast = first.cast
    found = contrast(first, second, samples=64, seed=2, rules=("margin",))
    free = [i for i in range(len(cast)) if i not in first.hold and i not in second.hold]
    assert found.free == tuple(cast.codes[i] for i in free)
    pairs = list(zip(worlds(first, 64, 2), worlds(second, 64, 2), strict=True))
    conduct = [{tuple(p[i] for i in free) for p in a} != {tuple(p[i] for i in free) for p in b} for a, b in pairs]
    triangles = [{configuration(p, cast) for p in a} != {configuration(p, cast) for p in b} for a, b in pairs]
    assert (found.moved[0], found.triangles[0]) == (np.mean(conduct), np.mean(triangles))


@pytest.mark.parametrize(("world", "chosen"), ELSEWHERE)
def test_a_world_that_is_none_of_a_third_partys_actions_is_not_put_beside_one_in_which_it_chooses(
    world: str, chosen: str
):
    with pytest.raises(BadInput, match=r"chooses in another scenario.* is none of these"):
        contrast(played(world), played(chosen), samples=64)


def test_holding_a_player_where_it_stands_anyway_changes_no_answer():
    study = load("baseline")
    held = load("baseline", hold={"US": "court_russia"})
    found = contrast(study, held, samples=64, rules=("margin",))
    # The American action differs in most worlds; the answer of the other two and the triangle far less often.
    american = np.mean(
        [{p[0] for p in a} != {p[0] for p in b} for a, b in zip(worlds(study, 64, 0), worlds(held, 64, 0), strict=True)]
    )
    assert found.moved[0] < 0.5 < american and found.free == ("RU", "CN")


def test_a_scenario_with_sizes_of_another_time_or_measure_says_what_it_counts_in():
    usual = played("baseline").scenario.yardstick
    assert "2024" in usual
    for name in NAMES:
        scenario = played(name).scenario
        by_figure = {c.parameter for c in scenario.all_changes if c.figure}
        is_other = {"capability_us", "capability_ru", "capability_cn"} <= by_figure or "gdp_us" in by_figure
        assert (scenario.yardstick != usual) == is_other, name


@pytest.mark.parametrize(
    "name", few([n for n in NAMES if played(n).scenario.yardstick != played("baseline").scenario.yardstick], 2)
)
def test_amounts_in_other_dollars_or_measures_are_set_side_by_side_nowhere(name: str):
    studies = [played("baseline"), played("courting_2025"), played(name)]
    here, other = (study.scenario.title for study in studies[1:])
    pictures = comparison_plots(studies, [study.solve() for study in studies])
    for key in ("who_gains", "how_firmly"):
        labels = [" ".join(t.get_text().split()) for axes in pictures[key].axes for t in axes.get_yticklabels()]
        assert here in labels and not any(label.startswith((name, other)) for label in labels)
        foot = " ".join(text.get_text() for text in pictures[key].texts)
        assert f"{name} ({studies[2].scenario.yardstick})" in foot.replace("\n", " ")
    found = contrast(studies[0], studies[2], samples=16)
    assert not found.is_counted_alike
    with pytest.raises(BadInput, match="cannot be drawn"):
        contrast_plot(found)
    assert not_alike(found) in [str(part) for part in contrast_tables(found).renderables]  # type: ignore[attr-defined]


def test_gains_are_drawn_to_the_right_and_losses_to_the_left():
    found = contrast(played("baseline"), played("rift_shock"), samples=64)
    left = contrast_plot(found).axes[0]
    widths = [bar.get_width() for bar in left.patches]
    ordered = [gain for player in ("US", "RU", "CN") for gain in found.gains if gain.player == player]
    assert widths == [width for gain in ordered for width in (gain.gains[0], -gain.loses[0])]
    assert min(widths) < 0 < max(widths)
