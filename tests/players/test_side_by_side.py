"""Two triads in one process: every question answers of each as a process of its own does, to the bit."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
from budgets import LARGE
from side_by_side import answers

import triangle

ROOT = Path(triangle.__file__).parents[1]
PROGRAM = ROOT / "tests" / "side_by_side.py"
TRIADS = (None, str(ROOT / "docs" / "examples" / "triad_1972" / "triad.toml"))
#: In the small budget the sweep of the one whose powers are not the shipped ones is computed by workers.
WORKERS = (2, 2) if LARGE else (1, 2)
#: Those that are asked alone as well: in the small budget the one that is asked after the other each time; what the
#: shipped one answers after questions to others is what is frozen of it all over the tests.
PLACES = (0, 1) if LARGE else (1,)


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The answers of both triads in this process, asked in turn: the same question of one, then of the other."""
    asked = [answers(tmp_path_factory.mktemp("run"), triad, own) for triad, own in zip(TRIADS, WORKERS, strict=True)]
    found: list[dict[str, Any]] = [{}, {}]
    for turn in zip_longest(*asked):
        for own, (name, answer) in zip(found, turn, strict=True):
            own[name] = json.loads(json.dumps(answer))
    return found


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[int, dict[str, Any]]:
    """The answers of each triad in a process of its own."""
    folders = [tmp_path_factory.mktemp("alone") for _ in PLACES]
    for folder, place in zip(folders, PLACES, strict=True):
        (folder / "triad").write_text(TRIADS[place] or "", encoding="utf-8")
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(PROGRAM), *map(str, folders)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=3000, env=env)
    assert done.returncode == 0, done.stderr
    answered = [json.loads((folder / "answers.json").read_text(encoding="utf-8")) for folder in folders]
    return dict(zip(PLACES, answered, strict=True))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a platform on which a process can fork")
@pytest.mark.parametrize("place", PLACES)
def test_two_triads_in_one_process_answer_as_two_processes_do(
    place: int, together: list[dict[str, Any]], alone: dict[int, dict[str, Any]]
):
    assert alone[place].keys() == together[place].keys()
    for name, answer in alone[place].items():
        assert together[place][name] == answer, name


def test_the_answers_of_two_triads_are_not_the_same(together: list[dict[str, Any]]):
    assert [name for name, shipped in together[0].items() if shipped == together[1][name]] == []


@pytest.mark.parametrize("name", ["correlated", "compared", "looks", "flip", "flipped", "tipping", "choose"])
def test_an_answer_speaks_of_its_own_powers_alone(name: str, together: list[dict[str, Any]]):
    words = [set(re.findall("[A-Za-z]+", json.dumps(found[name]))) for found in together]
    if name != "choose":
        assert {"US", "CN"} <= words[0] & words[1]
        assert {"RU", "Russia"} & words[0] and not {"SU", "Soviet"} & words[0]
    assert not {"RU", "Russia"} & words[1]
