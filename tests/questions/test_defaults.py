"""What a command asks of a scenario when nothing else is said."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from triangle.cli import main
from triangle.measures.asked import firmest, leaving
from triangle.players.cast import SHIPPED
from triangle.players.patterns import parse_pattern
from triangle.study.load import load


def document(*words: str) -> dict[str, object]:
    """What a command answers."""
    result = CliRunner().invoke(main, [*words, "--json"])
    assert result.exit_code == 0, result.output
    found: dict[str, object] = json.loads(result.stdout)
    return found


@pytest.mark.parametrize("scenario", ["baseline", "nixon_1972", "europe_chooses"])
def test_a_bare_trace_unfolds_what_russia_has_at_the_firmest_posture(scenario: str):
    study = load(scenario)
    found = document("trace", scenario)
    assert found["player"] == "RU"
    profile = firmest(study)
    assert found["profile"] == study.cast.named_some(dict(enumerate(profile)))


def test_a_bare_flip_asks_when_russia_leaves_china_for_america():
    few = ("--over", "relief", "--over", "europe_joins", "--over", "reversal_hazard", "--over", "conditionality")
    assert document("flip", "europe_joins", *few) == document("flip", "europe_joins", *few, "--to", leaving(SHIPPED))
    assert parse_pattern(leaving(SHIPPED), SHIPPED).bit_count() == 8


def test_a_bare_discovery_looks_where_russia_and_america_come_to_terms():
    few = ("--over", "relief", "--over", "reversal_hazard", "--samples", "256")
    assert document("discover", "patient_america", *few)["event"] == "link=US-RU"
