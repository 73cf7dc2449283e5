"""The parameters as they stood before the grounding give the answers of that time, to the last bits of sums."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from each import of_each
from strategies import FORMER, former

from triangle.players.cast import SHIPPED
from triangle.scenarios.scenario import shipped_names
from triangle.study.load import load

#: What commit 908834c answered: payoffs summed over the actions of the others, equilibria and their margins.
RECORDED: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "data" / "former_answers.json").read_text(encoding="utf-8")
)


@cache
def asked(name: str) -> str | Path:
    """The scenario as it stood then: beside the former parameters where it was set anew since."""
    path = FORMER.parent / "scenarios" / f"{name}.toml"
    return path if path.exists() else name


def by_own_action(payoffs: np.ndarray) -> np.ndarray:
    """Each player's payoffs by every player's action ``[player, whose action, action]``, summed over the rest."""
    return np.stack([payoffs.sum(axis=tuple({1, 2, 3} - {axis})) for axis in (1, 2, 3)], axis=1)


@of_each("name", RECORDED)
def test_a_scenario_answers_upon_the_former_parameters_as_it_did(name: str):
    study, recorded = load(asked(name), model=former()), RECORDED[name]
    findings = study.solve().findings
    assert [list(finding.profile) for finding in findings] == recorded["equilibria"]
    assert [finding.margin for finding in findings] == pytest.approx(recorded["margins"], rel=1e-9, abs=1e-9)
    assert by_own_action(study.payoffs) == pytest.approx(np.array(recorded["payoffs"]), rel=1e-12, abs=1e-9)


def test_every_scenario_of_that_time_is_still_there():
    assert set(RECORDED) <= set(shipped_names(SHIPPED))
