"""What a scenario changes, in sentences: each says what was computed, and no more than the draws can tell."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from budgets import few

from triangle.questions.contrast.answer import Contrast, contrast
from triangle.questions.contrast.section import told
from triangle.showing.phrases import read_phrases
from triangle.showing.runs import words_of
from triangle.study.load import load
from triangle.study.study import Answer, of_one_cast


@cache
def found(first: str, second: str) -> tuple[Contrast, Answer, Answer]:
    one, other = of_one_cast([load(first), load(second)])
    return contrast(one, other, samples=64), one.solve(0.5), other.solve(0.5)


def sentences(contrasted: Contrast, before: Answer, after: Answer) -> list[str]:
    return [words_of(line) for line in told(contrasted, before, after, read_phrases("en", contrasted.cast))]


def with_gain(contrasted: Contrast, player: str, **changes: Any) -> Contrast:
    """The same, but for what one player gains."""
    own = replace(contrasted.gain(player), **changes)
    return replace(
        contrasted, gains=tuple(own if gain == contrasted.gain(player) else gain for gain in contrasted.gains)
    )


def linked(answer: Answer) -> set[frozenset[tuple[int, int]]]:
    """The links of Russia in the postures that count."""
    return {frozenset(finding.configuration.links) & {(0, 1), (1, 2)} for finding in answer.present}


@pytest.mark.parametrize(
    "second", few(["patient_america", "europe_joins", "courted_europe", "conditional_relief_europe"], 2)
)
def test_the_answer_is_said_to_change_where_russia_is_linked_otherwise(second: str):
    contrasted, before, after = found("baseline", second)
    first, *_ = sentences(contrasted, before, after)
    stays = linked(before) == linked(after)
    assert first.startswith("The answer stays the same: " if stays else "The answer becomes another.")


def test_the_triangle_that_is_named_is_one_whose_share_moves_most():
    contrasted, *answers = found("baseline", "patient_america")
    most = max(abs(one.second[0] - one.first[0]) for one in contrasted.standings)
    pivot = next(one for one in contrasted.standings if one.configuration == "romantic_triangle:RU")
    assert pivot.second[0] - pivot.first[0] == most > 0 == pivot.first[0]
    _, second, *_ = sentences(contrasted, *answers)
    assert second == (
        "No triangle changes more than “romantic triangle with Russia as pivot”: it is stable in "
        f"{100 * pivot.second[0]:.1f}\u202f% of 64 worlds drawn instead of 0\u202f%."
    )


def test_a_scenario_beside_itself_changes_nothing():
    contrasted, *answers = found("baseline", "baseline")
    first, triangles, conduct, *gains = sentences(contrasted, *answers)
    assert first.startswith("The answer stays the same: ") and conduct.startswith("In 0\u202f% of these worlds")
    assert triangles == "No triangle is stable in more or fewer of 64 worlds drawn."
    players = ("the United States", "Russia", "China")
    assert gains == [f"For {player} nothing changes in any of the worlds." for player in players]


@pytest.mark.parametrize(
    ("mean", "half", "said"),
    [
        (12.3, 1.2, "a gain of 12.3 ± 1.2 bn"),
        (-12.3, 1.2, "a loss of 12.3 ± 1.2 bn"),
        (-1.0, 1.2, "cannot be told from none (−1.0 ± 1.2 bn"),
    ],
)
def test_a_mean_is_a_gain_or_a_loss_where_its_interval_leaves_nothing_out(mean: float, half: float, said: str):
    contrasted, *answers = found("baseline", "patient_america")
    moved = with_gain(contrasted, "RU", mean=mean, half_width=half, gains=(0.5, 0.4, 0.6), loses=(0.25, 0.2, 0.3))
    line = next(text for text in sentences(moved, *answers) if text.startswith("For Russia"))
    assert said in line and line.endswith("better in 50.0\u202f% of the worlds, worse in 25.0\u202f%.")


def test_what_is_counted_differently_is_not_set_beside_each_other():
    lines = sentences(*found("baseline", "nixon_1972"))
    assert lines[-1].startswith("Who gains is not said") and not any(line.startswith("For ") for line in lines)


def test_where_nobody_is_free_in_both_nothing_is_said_of_what_is_done():
    contrasted, *answers = found("baseline", "patient_america")
    assert any("actions of" in line for line in sentences(contrasted, *answers))
    assert not any("actions of" in line for line in sentences(replace(contrasted, free=()), *answers))
