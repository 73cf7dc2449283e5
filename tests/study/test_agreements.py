"""Agreements of a study: which equilibria two leave together, in every face of the answer."""

from __future__ import annotations

import json

import numpy as np
import pytest
from budgets import LARGE, few
from click.testing import CliRunner

import triangle
from triangle.base.errors import BadInput
from triangle.cli import main
from triangle.players.cast import SHIPPED
from triangle.scenarios.scenario import shipped_names
from triangle.solvers.agreements import agreement_proof
from triangle.study.study import Study

TRUSTS = (0.0, 0.5, 1.0)


@pytest.fixture(scope="module")
def studies() -> list[Study]:
    return [
        triangle.load(name, form=form) for name in few(shipped_names(SHIPPED)[::3], 3) for form in ("first", "second")
    ]


def test_marked_equilibria_are_those_of_the_solver_with_holds_respected(studies: list[Study]):
    for study in studies:
        for trust in TRUSTS:
            found = {finding.profile for finding in study.solve(trust).agreement_proof}
            local = np.argwhere(agreement_proof(study.game.payoffs, trust)).tolist()
            assert found == {tuple(study.hold.get(i, a) for i, a in enumerate(profile)) for profile in local}


def test_an_agreement_leads_two_free_players_where_both_gain_what_it_says(studies: list[Study]):
    seen = 0
    for study in studies:
        for finding in study.solve().findings:
            for agreement in finding.agreements:
                moved = tuple(i for i in range(3) if agreement.profile[i] != finding.profile[i])
                assert moved == agreement.players and not set(moved) & set(study.hold)
                there = study.finding(agreement.profile)
                gains = [there.payoffs[i] - finding.payoffs[i] for i in moved]
                assert gains == pytest.approx(agreement.gains) and min(gains) > 0
                seen += 1
    assert seen > (10 if LARGE else 5)


def test_with_everybody_held_nothing_is_agreed():
    study = triangle.load("baseline", form="second", hold={"US": "contain_both", "RU": "oppose_both", "CN": "align"})
    (finding,) = study.solve(1.0).agreement_proof
    assert finding.trust_needed is None and not finding.agreements


@pytest.mark.parametrize(
    ("trust", "expected"),
    [(-0.1, "a number from 0 to 1"), (1.1, "a number from 0 to 1"), (float("nan"), "a finite"), ("half", "a finite")],
)
def test_what_is_no_probability_is_refused(trust: object, expected: str):
    with pytest.raises(BadInput, match=f"trust: found .*expected {expected}"):
        triangle.solve("baseline", trust=trust)  # type: ignore[arg-type]


def test_the_document_says_what_the_record_says():
    out = CliRunner().invoke(main, ["solve", "rift_shock", "--form", "second", "--trust", "1", "--json"]).stdout
    said = json.loads(out)
    answer = triangle.solve("rift_shock", form="second", trust=1.0)
    assert said["trust"] == 1.0 and len(answer.findings) > len(answer.agreement_proof) > 0
    for one, finding in zip(said["equilibria"], answer.findings, strict=True):
        assert one["agreement_proof"] == finding.is_agreement_proof(1.0)
        assert one["trust_needed"] == finding.trust_needed
        assert [a["trust"] for a in one["agreements"]] == [a.trust for a in finding.agreements]


def test_a_trust_goes_with_pure_equilibria_of_moves_at_once_only():
    for words in (["--method", "mixed"], ["--order", "US,RU+CN"]):
        result = CliRunner().invoke(main, ["solve", "baseline", "--trust", "1", *words])
        assert result.exit_code == 2 and "--trust" in result.stderr
