"""Flips under a trust: against grids of the whole box, certified by the solver, refused where nothing can be asked."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from budgets import LARGE
from click.testing import CliRunner, Result

import triangle
from triangle.base.errors import BadInput
from triangle.batch.equilibria import sweep_masks
from triangle.cli import main
from triangle.model.parameters import Values
from triangle.players.patterns import parse_pattern
from triangle.questions.flip.answer import flip
from triangle.questions.flip.record import Flip

NODES = 121 if LARGE else 31


def nearest_on_a_grid(scenario: str, names: list[str], pattern: str, away: bool, trust: float) -> tuple[float, float]:
    """Shortest way to a node at which the answer is the one asked for, and the length of a step of the grid."""
    study = triangle.load(scenario, form="second")
    ends = np.array([study.scenario.ranges[name] for name in names])
    origin = np.array([study.scenario.values[name] for name in names])
    width = ends[:, 1] - ends[:, 0]
    grid = np.stack(np.meshgrid(*(np.linspace(*own, NODES) for own in ends), indexing="ij")).reshape(len(names), -1)
    values = study.scenario.set_to(dict(zip(names, grid, strict=True)))
    masks = sweep_masks(Values(values, study.cast), study.model.terms, hold=study.hold, trust=trust)
    there = study.cast.sets.meets(masks, parse_pattern(pattern, study.cast)) != away
    far = np.linalg.norm((grid - origin[:, None]) / width[:, None], axis=0)
    return float(far[there].min(initial=np.inf)), float(np.sqrt(len(names)) / (NODES - 1))


ASKED = [
    ("conditional_relief_europe", ["relief", "reversal_hazard"], "RU=distance", True, 0.5),
    ("conditional_relief_europe", ["relief", "conditionality"], "RU=distance", True, 0.3),
    ("rift_courted", ["unilateral_yield", "decisiveness"], "US=court_russia,RU=distance,CN=oppose_both", True, 0.5),
    ("baseline", ["unilateral_yield", "rivalry_cost_ru_cn"], "unit_veto", False, 0.5),
    ("nixon_1972", ["unilateral_yield", "order_value_ru"], "link=US-CN", True, 1.0),
]


@pytest.mark.parametrize(("scenario", "names", "pattern", "away", "trust"), ASKED if LARGE else ASKED[1:4:2])
def test_no_node_of_a_grid_is_nearer_and_none_that_is_near_is_missed(scenario, names, pattern, away, trust):
    study = triangle.load(scenario, form="second")
    found = flip(study, pattern, away, names, trust=trust)
    expected, step = nearest_on_a_grid(scenario, names, pattern, away, trust)
    assert found.found == (expected < np.inf)
    if found.found:
        assert found.distance <= 1.011 * expected + 1e-9 and expected <= found.distance + 1.5 * step


@pytest.mark.skipif(not LARGE, reason="a flip to what was not there is compared with a grid above")
def test_what_is_brought_about_is_agreement_proof_where_it_would_not_have_been():
    """Without agreements Russia's leaving is nearer; there Moscow and Beijing would leave it together."""
    study = triangle.load("baseline")
    pattern = "US=court_russia,RU=distance,CN=oppose_both"
    names = ["relief", "unilateral_yield", "decisiveness", "rivalry_cost_us_ru", "rivalry_cost_ru_us", "conditionality"]
    names += [
        "stake_ru_cn",
        "europe_joins",
        "sanctions_held_us",
        "reversal_hazard",
        "choke_ru_cn",
        "two_front_dilution",
    ]
    plain, agreed = (flip(study, pattern, names=names, starts=1, trust=trust) for trust in (None, 0.5))
    assert plain.found and agreed.found and plain.distance < agreed.distance
    settings = dict(setting.split("=") for setting in agreed.certificate.settings)
    there = triangle.solve("baseline", {name: float(value) for name, value in settings.items()}, trust=0.5)
    assert agreed.profile in {finding.profile for finding in there.agreement_proof}
    assert set(agreed.certificate.agreement_proof) == {finding.profile for finding in there.agreement_proof}
    nash = triangle.solve("baseline", dict(map(_pair, plain.certificate.settings)), trust=0.5)
    assert plain.profile not in {finding.profile for finding in nash.agreement_proof}
    assert all(one.margin < 0 for one in agreed.joint) and agreed.joint


def _pair(setting: str) -> tuple[str, float]:
    name, _, value = setting.partition("=")
    return name, float(value)


def test_what_is_stopped_by_an_agreement_stays_an_equilibrium_of_each_alone():
    study = triangle.load("conditional_relief_europe", form="second")
    found = flip(study, "RU=distance", True, starts=1, trust=0.5)
    assert found.found and found.profile in found.certificate.equilibria
    assert found.profile not in found.certificate.agreement_proof
    assert found.joint and all(one.margin > 0 for one in found.joint)


def test_with_two_held_a_trust_changes_nothing():
    study = triangle.load("baseline", hold={"US": "contain_both", "CN": "align"})
    names = ["relief", "decisiveness", "choke_ru_cn"]
    plain, agreed = (flip(study, away=True, names=names, starts=1, trust=trust) for trust in (None, 1.0))
    assert (plain.distance, plain.moves) == (agreed.distance, agreed.moves)


def run(*words: str) -> Result:
    return CliRunner().invoke(main, words)


def test_the_command_says_it_and_its_answer_is_kept(tmp_path: Path):
    out = tmp_path / "flip.json"
    words = ("flip", "conditional_relief_europe", "--away", "--to", "RU=distance", "--starts", "1", "--trust", "0.5")
    first = run(*words, "--out", str(out))
    assert first.exit_code == 0, first.output
    text = " ".join(first.stdout.split())
    assert "stops being an agreement-proof equilibrium" in text and "What two have that leave it" in text
    assert "agreement-proof of them:" in text and "triangle solve conditional_relief_europe --trust 0.5" in text
    assert "of at most 0.5 do not count" in text
    kept = json.loads(out.read_text())
    assert kept["trust"] == 0.5 and kept["joint"][0]["takes"] in ("gain", "keep", "join")
    assert run("flip", "--from", str(out)).stdout == first.stdout


def test_what_was_not_asked_under_a_trust_is_kept_as_before():
    names = None if LARGE else ["rivalry_cost_us_cn", "relief"]
    found = flip(triangle.load("baseline"), away=True, names=names, starts=1)
    assert found.trust is None and found.joint == () and found.certificate.agreement_proof is None
    assert isinstance(found, Flip) and "--trust" not in found.certificate.command


@pytest.mark.parametrize("trust", ["1.5", "-1", "nan"])
def test_a_trust_that_is_no_probability_is_refused(trust: str):
    result = run("flip", "baseline", "--away", "--trust", trust)
    assert result.exit_code == 2 and "--trust" in result.stderr and "from 0 to 1" in result.stderr


def test_curves_refuse_a_trust():
    result = run("tipping", "baseline", "--curves", "--over", "relief", "--over", "decisiveness", "--trust", "0.5")
    assert result.exit_code == 2 and "--trust" in result.stderr and "--curves" in result.stderr


def test_where_nothing_is_agreement_proof_there_is_nothing_to_stop():
    games = triangle.sweep("nixon_1972", samples=512 if LARGE else 64, form="second", trust=1.0)
    (place, *_) = np.flatnonzero((games["mask"].values != 0) & (games["agreement_proof"].values == 0))
    names = [str(name) for name in games["parameter"].values]
    settings = dict(zip(names, games["inputs"].values[:, place].tolist(), strict=True))
    study = triangle.load("nixon_1972", settings, form="second")
    with pytest.raises(BadInput, match="no equilibrium that is agreement-proof at trust 1 to stop"):
        flip(study, away=True, trust=1.0)
