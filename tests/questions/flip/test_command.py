"""The answers printed in docs/methods/flip.md are those that the commands give today."""

import json
import re
import shlex
from pathlib import Path

import pytest
from budgets import LARGE
from click.testing import CliRunner

from triangle.cli import main
from triangle.players.cast import SHIPPED
from triangle.players.notation import parse_profile

PAGE = (Path(__file__).parents[3] / "docs" / "methods" / "flip.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(--[^`]+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", PAGE, flags=re.MULTILINE)
COMMANDS = re.findall(r"^\$ (triangle solve (?:.*\\\n)*.*)\n(US=\S+)$", PAGE, flags=re.MULTILINE)


def answer(*arguments: str) -> dict:
    result = CliRunner().invoke(main, [*arguments, "--json"], standalone_mode=False)
    assert result.exit_code in (0, 1), result.stderr
    return json.loads(result.stdout)


def written(profile: dict[str, str]) -> str:
    return SHIPPED.profile_text(
        parse_profile(",".join(f"{player}={action}" for player, action in profile.items()), SHIPPED)
    )


def test_the_page_answers_the_headline_with_and_without_europe():
    asked = {row[0] for row in ROWS}
    for target in ("RU=distance", '"US=court_russia,RU=distance,CN=oppose_both"'):
        assert {f"--to {target}", f"--to {target} --without europe_joins"} <= asked
    assert len(COMMANDS) == 3


@pytest.mark.parametrize("row", ROWS if LARGE else ROWS[8:10], ids=lambda row: row[0])
def test_each_answer_of_the_page_is_computed_again(row: tuple[str, str, str, str]):
    options, profile, distance, moves = row
    found = answer("flip", "baseline", *shlex.split(options))
    assert written(found["profile"]) == profile
    number = float(re.search(r"\d+\.\d+", distance)[0])
    assert found["found"] == ("misses" not in distance)
    assert (found["distance"] if found["found"] else found["misses"]) == pytest.approx(number, rel=0.01, abs=6e-4)
    assert set(re.findall(r"`(\w+)`", moves)) <= {move["parameter"] for move in found["moves"]}


@pytest.mark.parametrize(("command", "profile"), COMMANDS)
def test_each_command_of_the_page_prints_the_flipped_equilibrium(command: str, profile: str):
    words = shlex.split(command.replace("\\\n", " "))
    assert profile in {written(found["profile"]) for found in answer(*words[1:])["equilibria"]}
