"""The tests of a ledger shared out: whoever computes them, what they answer; what is lost with a worker is said."""

from __future__ import annotations

import multiprocessing

import pytest
from budgets import LARGE, few

from triangle.base.errors import BadInput, TriangleError
from triangle.model.model import Model, read_model
from triangle.questions.claims import work
from triangle.questions.claims.answer import claim_files, claims, inspect_files
from triangle.questions.claims.ground import Ground
from triangle.questions.claims.work import COURSE, PAYS, Ready, grouped, processes_that_pay

#: Tests of one game, over years, of types and of two sides, one is silent; in the large budget of those who choose.
SOME = ["T01", "C96", "C155", "X03", "C38"]
SOME += ["C52-conduct", "T02", "T09", "C59", "C46", "C86", "C52"] if LARGE else []
SAMPLES = 24 if LARGE else 4


@pytest.fixture(scope="module")
def model() -> Model:
    return read_model()


@pytest.fixture(scope="module")
def every(model: Model) -> tuple[list[Ready], Ground]:
    ground = Ground(model)
    ready, faults = inspect_files(claim_files(model.cast), ground)
    assert not faults
    return ready, ground


@pytest.mark.parametrize("trust", few([0.5, None], 2))
def test_any_number_of_processes_gives_the_same_ledger(computed_anew, trust: float | None):
    alone = claims(only=SOME, samples=SAMPLES, seed=5, trust=trust)
    told: list[tuple[int, int]] = []
    shared = claims(
        only=SOME, samples=SAMPLES, seed=5, trust=trust, workers=2, progress=lambda *done: told.append(done)
    )
    assert shared == alone
    assert told == sorted(told) and told[-1] == (len(alone.entries) + len(alone.contradictions),) * 2


def test_groups_hold_every_test_once_and_none_is_much_longer_than_others(every):
    ready, ground = every
    groups = grouped(ready, ground, 2)
    assert sorted(place for group in groups for place in group) == [k for k, item in enumerate(ready) if item.tests]
    lengths = [sum(map(work._length, (ready[place] for place in group))) for group in groups]
    assert lengths == sorted(lengths, reverse=True) and lengths[0] <= sum(lengths) / 4


def test_courses_of_one_path_stand_beside_each_other(every):
    ready, ground = every
    paths = [{work._shares(ready[place].table, ground) for place in group} for group in grouped(ready, ground, 2)]
    assert all(len(some) == 1 for some in paths)


def test_processes_are_started_where_there_is_enough_to_do(every, monkeypatch: pytest.MonkeyPatch):
    ready, _ = every
    monkeypatch.setattr("triangle.sweeps.pools.processors", lambda: 64)
    assert processes_that_pay(ready[:5]) == 1
    assert processes_that_pay(ready) == sum(map(work._length, ready)) // PAYS >= 2
    monkeypatch.setattr("triangle.sweeps.pools.processors", lambda: 1)
    assert processes_that_pay(ready) == 1
    assert COURSE > 1


def test_a_worker_that_ends_is_told_without_a_folder_to_go_on_with(monkeypatch: pytest.MonkeyPatch):
    start = multiprocessing.context.SpawnProcess.start

    def start_and_kill(self) -> None:
        start(self)
        self.kill()

    monkeypatch.setattr(multiprocessing.context.SpawnProcess, "start", start_and_kill)
    with pytest.raises(TriangleError) as caught:
        claims(only=SOME, samples=8, workers=2)
    assert str(caught.value).startswith("a worker process ended before its time")
    assert str(caught.value).endswith("try fewer --workers.")


def test_no_process_is_refused_and_a_fault_of_a_file_leaves_none_behind(tmp_path):
    with pytest.raises(BadInput, match="--workers: found 0; expected at least 1"):
        claims(only=["T01"], samples=8, workers=0)
    wrong = tmp_path / "mine.toml"
    entry = 'paraphrase = "x"\ncomputes = "y"\nholds = 0.9\ncontradicted = 0.1\ntest = {kind = "nope"}\n'
    wrong.write_text(f"[M1]\n{entry}[M2]\n{entry}")
    before = multiprocessing.active_children()
    with pytest.raises(BadInput, match="unknown kind of test 'nope'"):
        claims(files=[wrong], samples=8, workers=2)
    assert multiprocessing.active_children() == before


def test_faults_of_a_file_stand_together(tmp_path, model: Model):
    silent = 'paraphrase = "x"\nsilent_because = "y"\nclaims = ["nowhere"]\n'
    files = [tmp_path / "one.toml", tmp_path / "two.toml"]
    for file in files:
        file.write_text(f'["bad id"]\n[M1]\n{silent}[M2]\nodd = 1\n')
    _, faults = inspect_files(files, Ground(model))
    found = [fault.file for fault in faults]
    assert found == sorted(found) and len(set(found)) == 2 and found.count(found[0]) >= 3
