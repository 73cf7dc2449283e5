"""The first form of the payoffs upon the shipped parameters gives the answers recorded before both could be chosen."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from strategies import GROUNDED, grounded, shipped

from triangle.scenarios.scenario import shipped_names
from triangle.study.load import load

#: What commit 908834c answered: payoffs summed over the actions of the others, equilibria and their margins.
RECORDED: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "data" / "former_answers.json").read_text(encoding="utf-8")
)


def by_own_action(payoffs: np.ndarray) -> np.ndarray:
    """Each player's payoffs by every player's action ``[player, whose action, action]``, summed over the rest."""
    return np.stack([payoffs.sum(axis=tuple({1, 2, 3} - {axis})) for axis in (1, 2, 3)], axis=1)


@pytest.mark.parametrize("name", RECORDED)
def test_a_scenario_answers_in_the_first_form_as_it_did(name: str):
    study, recorded = load(name, model=shipped().with_form("first")), RECORDED[name]
    findings = study.solve().findings
    assert [list(finding.profile) for finding in findings] == recorded["equilibria"]
    assert [finding.margin for finding in findings] == pytest.approx(recorded["margins"], rel=1e-9, abs=1e-9)
    assert by_own_action(study.payoffs) == pytest.approx(np.array(recorded["payoffs"]), rel=1e-12, abs=1e-9)


def test_every_scenario_of_that_time_is_still_there():
    assert set(RECORDED) <= set(shipped_names())


@pytest.mark.parametrize("name", [*shipped_names()])
def test_a_scenario_is_sound_upon_the_grounded_parameters(name: str):
    beside = GROUNDED.parent / "scenarios" / f"{name}.toml"
    study = load(beside if beside.exists() else name, model=grounded())
    assert np.isfinite(study.payoffs).all() and study.solve().verdict in ("complete", "incomplete")
