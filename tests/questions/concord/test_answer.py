"""What all three forgo: published games first, then what the words say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from strategies import games, profiles

import triangle
from triangle.base.errors import BadInput
from triangle.base.records import from_document, to_document
from triangle.cli import main
from triangle.games.normal_form import allowed, is_nash
from triangle.questions.concord.answer import Concord, improvements


def test_in_the_prisoners_dilemma_both_forgo_silence_and_in_matching_pennies_nobody_anything():
    dilemma = np.array([[[-1.0, -10.0], [0.0, -8.0]], [[-1.0, 0.0], [-10.0, -8.0]]])
    cells = [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert improvements(dilemma, (1, 1), cells) == [(0, 0)]
    pennies = np.array([[[1.0, -1.0], [-1.0, 1.0]], [[-1.0, 1.0], [1.0, -1.0]]])
    assert all(improvements(pennies, cell, cells) == [] for cell in cells)


@given(games())
def test_everybody_gains_and_nothing_better_for_all_is_left_out(payoffs: np.ndarray):
    every, least = profiles(payoffs), allowed(payoffs).ravel()
    at = {p: payoffs[(slice(None), *p)] for p in every}
    for start in every[:4]:
        found = improvements(payoffs, start, every)
        better = [p for p in every if (at[p] - at[start] > least).all()]
        assert set(found) <= set(better) and bool(found) == bool(better)
        for p in better:
            assert p in found or any((at[q] - at[p] > least).all() for q in better)


@pytest.mark.parametrize("name", ["baseline", "rift_courted", "europe_joins"])
def test_somebody_would_leave_every_improvement_that_is_no_equilibrium(name: str):
    study = triangle.load(name)
    found = triangle.concord(study)
    assert found == triangle.concord(name) and found.forgone
    stable = is_nash(study.payoffs)
    for better in found.forgone:
        for one in better.improvements:
            assert bool(one.leave) != bool(stable[one.profile]) and min(one.gains) > 0
    assert from_document(Concord, to_document(found), "file", study.cast) == found


def test_the_command_shows_writes_and_shows_again_what_is_found(tmp_path: Path):
    shown = CliRunner().invoke(main, ["concord", "baseline", "--out", str(tmp_path / "kept.json")])
    assert shown.exit_code == 0 and "Over US contain both, RU align, CN align" in shown.stdout
    again = CliRunner().invoke(main, ["concord", "--from", str(tmp_path / "kept.json")])
    assert again.exit_code == 0 and again.stdout == shown.stdout
    none = CliRunner().invoke(main, ["concord", "europe_joins"])
    assert "no profile is better for all three" in none.stdout
    assert CliRunner().invoke(main, ["concord", "baselin"]).exit_code == 2


def test_a_kept_answer_whose_improvement_is_none_is_refused(tmp_path: Path):
    found = triangle.concord("baseline")
    document = to_document(found)
    document["forgone"][0]["improvements"][0]["gains"]["RU"] = -1.0
    with pytest.raises(BadInput, match="gains nothing"):
        from_document(Concord, document, "file", found.cast)
