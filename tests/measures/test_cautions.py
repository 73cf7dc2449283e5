"""What an answer rests on is said with it: held players, draws made together, boxes less dense than asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from budgets import LARGE, few
from click.testing import CliRunner
from strategies import shipped

import triangle
from triangle.base.files import read_record
from triangle.base.records import from_document, to_document
from triangle.cli import main
from triangle.measures.cautions import Cautions, going_together
from triangle.players.cast import SHIPPED
from triangle.questions.discover.answer import Discovery
from triangle.questions.sensitivity.drivers import Sensitivity
from triangle.scenarios.scenario import read_scenario
from triangle.study.study import study


def run(*arguments: object) -> str:
    done = CliRunner().invoke(main, [str(a) for a in arguments])
    assert done.exit_code == 0, done.stderr
    return " ".join(done.stdout.split())


def document(*arguments: object) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(CliRunner().invoke(main, [*(str(a) for a in arguments), "--json"]).stdout)
    return found


TOGETHER = "Drawn together: “Russian stake against China” and “Common cause against primacy: worth to China” (0.9)."


@pytest.fixture(scope="module")
def correlated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "run"
    said = run(
        *("sweep", "baseline", "--samples", 512, "--correlation", "stake_ru_cn,order_value_cn=0.9", "--out", folder)
    )
    assert TOGETHER in said
    return folder


@pytest.mark.usefixtures("few_resamples")
@pytest.mark.parametrize("method", few(["pawn", "delta"], 2))
def test_draws_made_together_are_said_to_be_so_by_sensitivity(correlated: Path, tmp_path: Path, method: str):
    out = tmp_path / "s.json"
    asked = ("sensitivity", correlated, "--outcome", "holds:RU=hedge", "--method", method)
    assert TOGETHER in run(*asked, "--out", out)
    pair = {"parameters": ["stake_ru_cn", "order_value_cn"], "correlation": 0.9}
    assert document(*asked)["drawn_together"] == [pair] == json.loads(out.read_text())["drawn_together"]
    assert read_record(Sensitivity, out, SHIPPED).cautions == Cautions({}, (("stake_ru_cn", "order_value_cn", 0.9),))
    assert TOGETHER in run("sensitivity", "--from", out)


def test_draws_made_together_are_said_to_be_so_by_discovery(correlated: Path, tmp_path: Path):
    out = tmp_path / "d.json"
    assert TOGETHER in run("discover", correlated, "--pattern", "RU=align", "--out", out)
    assert read_record(Discovery, out, SHIPPED).cautions.together == (("stake_ru_cn", "order_value_cn", 0.9),)


def test_listed_points_that_go_together_are_found_out(tmp_path: Path):
    rng = np.random.default_rng(1)
    relief, evasion = rng.random(200), rng.random(200)
    listed = {"relief": relief, "evasion": evasion, "decisiveness": 0.6 + 0.1 * relief + 0.01 * evasion}
    triangle.sweep("baseline", points=listed, out=tmp_path / "run")
    found = document("sensitivity", tmp_path / "run", "--outcome", "number", "--method", "pawn")["drawn_together"]
    assert [entry["parameters"] for entry in found] == [["relief", "decisiveness"]]
    assert found[0]["correlation"] > 0.9


def test_independent_draws_and_free_players_are_no_caution():
    found = document("sensitivity", "baseline", "--samples", 64, "--outcome", "credibility", "--method", "pawn")
    assert found["drawn_together"] == [] and found["hold"] == {}
    assert Cautions().sentences() == []
    assert going_together(["a"], np.ones((1, 9))) == () == going_together(["a", "b"], np.ones((2, 2)))


def test_a_held_player_is_said_of_sensitivity_discovery_and_sweeps(tmp_path: Path):
    words = "Held: US at “court Russia”."
    hold = ("--hold", "US=court_russia")
    few = ("--over", "reversal_hazard", "--over", "relief")
    sensitivity = ("sensitivity", "baseline", *hold, *few, "--samples", 64, "--method", "pawn")
    assert words in run(*sensitivity)
    assert [a["sensitivity"]["hold"] for a in document(*sensitivity)["answers"]] == [{"US": "court_russia"}] * 2
    discover = ("discover", "baseline", *hold, *few, "--pattern", "credibility>0.5", "--samples", 256)
    assert words in run(*discover) and document(*discover)["hold"] == {"US": "court_russia"}
    folder = tmp_path / "run"
    assert f"baseline: {words}" in run("sweep", "baseline", *hold, "--samples", 128, "--out", folder)
    assert words in run("sensitivity", folder, "--outcome", "holds:RU=align")


def test_what_a_held_player_would_gain_is_said_by_solve_and_compare():
    held = study(shipped(), read_scenario("perceived_weakness", shipped()))
    finding = held.solve().findings[0]
    (deviation,) = held.deviations(finding.profile, of_held=True)
    own = held.payoffs[deviation.player][:, finding.profile[1], finding.profile[2]]
    assert deviation.loss == finding.payoffs[deviation.player] - own.max() < 0
    amount = f"{-deviation.loss:,.1f}"
    assert f"held; would gain {amount} by {['contain both', 'court Russia', 'court China'][own.argmax()]}" in run(
        "solve", "perceived_weakness"
    )
    equilibrium = document("solve", "perceived_weakness")["equilibria"][0]
    assert equilibrium["held"]["US"]["loss"] == deviation.loss
    assert f"(-{amount})" in run("compare", "baseline", "perceived_weakness")
    assert "held" not in document("solve", "baseline")["equilibria"][0]


def test_a_region_less_dense_than_was_asked_for_is_said_to_be_so(tmp_path: Path):
    out = tmp_path / "d.json"
    asked = (
        "discover",
        "patient_america",
        "--pattern",
        "RU=hedge",
        "--samples",
        2048 if LARGE else 1024,
        "--density",
        0.99,
    )
    said, found = run(*asked, "--out", out), json.loads(out.read_text())
    densest = max(box["fresh"]["density"] for box in found["boxes"])
    assert densest < 0.99 and not found["reaches_density"]
    assert f"No box reaches the density asked for: 99.0% was wanted, the densest has {densest:.1%} on fresh" in said
    assert read_record(Discovery, out, SHIPPED).shortfall() in run("discover", "--from", out)
    reached = ("discover", "baseline", "--pattern", "credibility>0.6", "--samples", 512, "--over", "reversal_hazard")
    assert "No box reaches" not in run(*reached, "--over", "relief") and document(*reached)["reaches_density"]


@pytest.mark.parametrize("cautions", [Cautions(), Cautions({"US": "court_russia"}, (("a", "b", -0.5),))])
def test_cautions_come_back_from_a_document(cautions: Cautions):
    assert from_document(Cautions, json.loads(json.dumps(to_document(cautions))), "file") == cautions


def test_a_document_of_an_earlier_version_has_none():
    assert from_document(Cautions, {}, "file") == Cautions()
