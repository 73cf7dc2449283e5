"""A few hundred changed files and command lines; ``make fuzz`` tries many more, by the same generators."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from budgets import LARGE, few

from . import campaign, kinds, mutations, oracle

FILES, LINES = (100, 400) if LARGE else (2, 4)

RESULTS = [name for name in kinds.KINDS if name.startswith("result of ")]

#: All kinds but for results, each of which is a record that is read as the others are, and some of these.
KINDS = [name for name in kinds.KINDS if name not in RESULTS or name in few(RESULTS, 6)]

#: Kinds of which one file is read by the whole command as well.
COMMANDED = few(KINDS, 3)


@pytest.mark.parametrize("name", KINDS)
def test_a_changed_file_is_read_as_it_says_or_refused_in_one_message(name: str, tmp_path: Path):
    for seed in range(FILES):
        _, faults = campaign.try_file(name, seed, tmp_path, through_the_command=seed == 0 and name in COMMANDED)
        assert not faults, f"seed {seed}: {faults}"


@pytest.mark.parametrize("part", range(4))
def test_a_command_line_of_any_words_is_answered(part: int, tmp_path: Path):
    for seed in range(part, LINES, 4):
        _, faults = campaign.try_line(seed, tmp_path, LARGE)
        assert not faults, f"seed {seed}: {faults}"


@pytest.mark.parametrize("name", [name for name in KINDS if name != "game"])
def test_what_is_changed_was_sound_before(name: str, tmp_path: Path):
    """Or every change would be refused for what was wrong already."""
    kind = kinds.KINDS[name]
    for sound in few(kind.sound(), 4):
        place = sound if isinstance(sound, Path) else tmp_path / kind.file
        if isinstance(sound, bytes):
            place.write_bytes(sound)
        assert oracle.of_reading(kind, place) == ("read", [])


def test_the_judge_sees_a_number_that_is_passed_over_a_traceback_and_a_hang(tmp_path: Path, monkeypatch):
    kind = kinds.KINDS["scenario"]
    (tmp_path / "x.toml").write_bytes(kind.sound()[1])
    other = kind.read(tmp_path / "x.toml")
    deaf = kinds.Kind("x.toml", kind.sound, kind.change, lambda path: other.changes[:0], kind.line, kinds.told)
    assert "was passed over" in oracle.of_reading(deaf, tmp_path / "x.toml")[1][0]
    broken = kinds.Kind("x.toml", kind.sound, kind.change, lambda path: 1 / 0, kind.line)
    how, (said,) = oracle.of_reading(broken, tmp_path / "x.toml")
    assert how == "broke" and "ZeroDivisionError" in said
    monkeypatch.setattr(oracle, "HANGS", 0.05)

    def hang(path: Path) -> None:
        while True:
            pass

    how, (said,) = oracle.of_reading(kinds.Kind("x.toml", kind.sound, kind.change, hang, kind.line), tmp_path)
    assert how == "broke" and "not answered within 0.05 s" in said


def test_the_same_seed_makes_the_same_change_and_another_one_another():
    content = json.dumps({"shares": [0.5, 0.25], "name": "x"})
    made = [mutations.written(random.Random(seed), json.loads(content)) for seed in (1, 1, 2, 3)]
    assert made[0] == made[1] and len(set(made)) > 1


def test_a_start_between_two_rungs_is_heard_and_another_one_is_not(tmp_path: Path):
    kind = kinds.KINDS["path"]
    content = next(each for each in kind.sound() if b"\nstart = 0.35\n" in each)
    (tmp_path / "x.toml").write_bytes(content.replace(b"\nstart = 0.35\n", b"\nstart = 0.335\n"))
    assert oracle.of_reading(kind, tmp_path / "x.toml") == ("read", [])
    assert any("start = 0.35 became" in said for said in kind.unheard(content, kind.read(tmp_path / "x.toml")))
