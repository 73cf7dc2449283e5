"""What tests share is what would be computed, asked for the same; and what is computed anew is computed."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import shared
from strategies import shipped

import triangle
from triangle.model.model import read_model
from triangle.scenarios.scenario import override
from triangle.study.study import Study


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> tuple[list[Any], Callable[..., Any]]:
    """A function that is shared, and what it was asked in earnest."""
    asked: list[Any] = []

    def compute(study: Study, samples: int = 1, progress: Any = None) -> int:
        asked.append((study, samples))
        return len(asked)

    monkeypatch.setattr(shared, "_kept", {})
    monkeypatch.setattr(shared, "_anew", [False])
    monkeypatch.delenv(shared.FOLDER, raising=False)
    return asked, shared._once(compute)


@pytest.mark.parametrize(("home", "name"), shared.CALLED)
def test_what_is_shared_is_called_by_this_name_from_there(home: str, name: str):
    assert callable(getattr(import_module(home), name))


def test_the_same_is_asked_once_however_it_is_written_and_whoever_hears_of_progress(counted):
    asked, compute = counted
    study = triangle.load("baseline")
    again = compute(triangle.load("baseline"), samples=2, progress=print)
    assert compute(study, 2) == compute(samples=2, study=study) == again and len(asked) == 1
    assert compute(study) == compute(study, 1) and len(asked) == 2


def test_another_question_is_another_one(counted):
    asked, compute = counted
    study = triangle.load("baseline")
    moved = Study(study.model, override(study.scenario, ["relief=0.5"], study.model), study.hold)
    others = [Study(study.model, study.scenario, {0: 1}), moved, triangle.load("rift_shock")]
    others.append(replace(study, model=study.model.with_form("first")))
    for one in (study, *others):
        compute(one)
    compute(study, 3)
    assert len(asked) == 6


def test_what_rests_on_a_term_of_a_tests_own_is_not_shared(counted):
    asked, compute = counted
    study, model = triangle.load("baseline"), read_model()
    own = replace(model, terms={**model.terms, "order": lambda s, v: model.terms["order"](s, v)})
    for _ in range(2):
        compute(Study(own, study.scenario, study.hold))
    assert len(asked) == 2


def test_what_is_to_be_computed_anew_is(counted):
    asked, compute = counted
    study = triangle.load("baseline")
    compute(study)
    with shared.anew():
        compute(study)
    compute(study)
    assert len(asked) == 2


def test_another_process_of_the_run_finds_it_in_its_folder(counted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    asked, compute = counted
    monkeypatch.setitem(os.environ, shared.FOLDER, str(tmp_path))
    found = compute(triangle.load("baseline"))
    shared._kept.clear()
    assert compute(triangle.load("baseline")) == found and len(asked) == 1
    assert sorted(path.suffix for path in tmp_path.iterdir()) == ["", ".lock"]


def test_who_asks_for_what_another_process_is_at_waits_for_it(counted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    fcntl = pytest.importorskip("fcntl", reason="this platform has no locks on files")
    monkeypatch.setitem(os.environ, shared.FOLDER, str(tmp_path))

    def compute(samples: int) -> int:
        (lock,) = tmp_path.glob("*.lock")
        with lock.open() as other, pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return samples

    assert shared._once(compute)(3) == 3


def test_a_shipped_scenario_is_read_once_of_the_shipped_model_and_by_itself_of_another():
    other = replace(shipped())
    assert triangle.load("rift_shock").scenario.all_changes is not None
    first, second = (shared.scenarios.read_scenario("rift_shock", read_model()) for _ in range(2))
    assert first is second and shared.scenarios.read_scenario("rift_shock", other) is not first
    assert shared.scenarios.read_scenario("rift_shock", other) == first
