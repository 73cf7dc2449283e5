"""The answer to every shipped scenario as a golden table, so that a change of any number is seen and meant.

Renew it after a change that is meant, and say in the commit why the answers moved::

    python tests/questions/solve/test_expected.py --renew
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from typing import Any

import pytest
from each import of_each

from triangle.model.model import read_model
from triangle.players.cast import SHIPPED
from triangle.scenarios.scenario import read_scenario, shipped_names
from triangle.study.study import study

FOLDER = Path(__file__).with_name("expected")
NAMES = shipped_names(SHIPPED)


def rounded(number: float) -> float | None:
    """Six significant digits, far above what another machine's rounding can move; None where infinite."""
    return float(f"{number:.6g}") if math.isfinite(number) else None


def answers() -> dict[str, Any]:
    """For each shipped scenario its held players and each equilibrium's index, triangle, margin, payoffs and share."""
    model = read_model()
    result = {}
    for name in NAMES:
        played = study(model, read_scenario(name, model))
        answer = played.solve()
        result[name] = {
            "hold": {played.cast.codes[i]: action for i, action in sorted(played.hold.items())},
            "verdict": answer.verdict,
            "equilibria": [
                {
                    "index": played.cast.index(finding.profile),
                    "profile": played.cast.profile_text(finding.profile),
                    "configuration": finding.configuration.key,
                    "margin": rounded(finding.margin),
                    "payoffs": {p: rounded(u) for p, u in zip(played.cast.codes, finding.payoffs, strict=True)},
                    "bargaining_share_ru": rounded(finding.bargaining_share_ru),
                }
                for finding in answer.findings
            ],
        }
    return result


def golden() -> dict[str, Any]:
    """The table as it was last renewed."""
    table: dict[str, Any] = json.loads((FOLDER / "solve.json").read_text(encoding="utf-8"))
    return table


@pytest.fixture(scope="module")
def now() -> dict[str, Any]:
    return answers()


def test_the_table_has_every_shipped_scenario_and_no_other():
    assert sorted(golden()) == sorted(NAMES)


@of_each("name", NAMES)
def test_the_answer_is_the_expected_one(name: str, now: dict[str, Any]):
    found, expected = now[name], golden()[name]
    shape = [{k: v for k, v in e.items() if not isinstance(v, (float, dict))} for e in found["equilibria"]]
    wanted = [{k: v for k, v in e.items() if not isinstance(v, (float, dict))} for e in expected["equilibria"]]
    assert (found["hold"], found["verdict"], shape) == (expected["hold"], expected["verdict"], wanted)
    for one, other in zip(found["equilibria"], expected["equilibria"], strict=True):
        assert one["margin"] == pytest.approx(other["margin"], rel=2e-6)
        assert one["payoffs"] == pytest.approx(other["payoffs"], rel=2e-6)
        assert one["bargaining_share_ru"] == pytest.approx(other["bargaining_share_ru"], rel=2e-6)


if __name__ == "__main__":
    if sys.argv[1:] != ["--renew"]:
        sys.exit(__doc__)
    FOLDER.mkdir(exist_ok=True)
    text = json.dumps(answers(), indent=1, ensure_ascii=False, allow_nan=False)
    (FOLDER / "solve.json").write_text(text + "\n", encoding="utf-8")
    print(f"renewed {FOLDER / 'solve.json'}: {len(NAMES)} scenarios")
