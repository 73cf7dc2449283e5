"""A course that is computed piece by piece: interrupted, gone on with, by several processes, from a damaged folder."""

from __future__ import annotations

from dataclasses import replace

import pytest
from budgets import LARGE
from click.testing import CliRunner

from triangle.base.errors import BadInput
from triangle.cli import main
from triangle.questions.path import work as work_of_paths
from triangle.questions.path.answer import commitment, path_course, waiting
from triangle.questions.path.offers import Commitments, Waits
from triangle.questions.path.work import FOLDER, Courses
from triangle.scenarios.path import read_path
from triangle.sweeps.archive import open_store

SAMPLES = 7 if LARGE else 5

#: Two worlds at a time; interrupted when four are done, the others are left.
PIECES, LEFT = (SAMPLES + 1) // 2, SAMPLES - 4


@pytest.fixture(scope="module")
def path(model):
    return read_path("path_europe", model).finer(2).until(2027 if LARGE else 2026)


@pytest.fixture
def in_pieces(monkeypatch):
    """Two worlds of the sixteen states at a time."""
    monkeypatch.setattr(work_of_paths, "AT_ONCE", 32)


@pytest.fixture(scope="module")
def whole(path, model):
    return path_course(path, model, SAMPLES, seed=5)


def stored(path, model, folder, resume):
    asked = Courses(path, model, SAMPLES, 5, "margin", {})
    return asked, open_store(folder, asked.manifest("1", ()), {}, resume, FOLDER)


def test_pieces_put_together_are_the_course(path, model, whole, in_pieces, same_when_sent):
    assert Courses(path, model, SAMPLES, 5, "margin", {}).chunks == PIECES
    assert path_course(path, model, SAMPLES, seed=5) == whole
    assert same_when_sent(Courses(path, model, SAMPLES, 5, "margin", {}), 1)
    if LARGE:  # by default work is sent as to workers, here and below; other ladders are asked in ``test_answer.py``
        against = path_course(path, model, SAMPLES, seed=5, against=3)
        assert against.against is not None and replace(against, against=None) == whole
        assert path_course(path, model, SAMPLES, seed=5, workers=2) == whole
        assert path_course(path, model, SAMPLES, seed=5, workers=2, against=3) == against


def test_an_interrupted_course_goes_on_with_what_is_kept(path, model, whole, in_pieces, tmp_path):
    asked, store = stored(path, model, tmp_path / "run", resume=False)

    def interrupted(done, of):
        if done >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        path_course(path, model, SAMPLES, seed=5, progress=interrupted, store=store)
    assert store.done(asked) == {0, 1}
    store.close()
    _, again = stored(path, model, tmp_path / "run", resume=True)
    told = []
    assert path_course(path, model, SAMPLES, seed=5, progress=lambda *x: told.append(x), store=again) == whole
    assert told[-1] == (LEFT, LEFT) and again.done(asked) == {*range(PIECES)}
    again.close()


OFFERS = [(commitment, Commitments, "US"), (waiting, Waits, "RU")]


@pytest.mark.parametrize(("answer", "work", "player"), OFFERS)
def test_a_commitment_and_a_wait_in_pieces_interrupted_or_by_two_processes_are_the_whole(
    answer, work, player, path, model, tmp_path, monkeypatch, same_when_sent
):
    whole = answer(path, model, player, SAMPLES, seed=5)
    monkeypatch.setattr(work_of_paths, "AT_ONCE", 32)
    asked = work(path, model, SAMPLES, 5, "margin", {}, player=player)
    if LARGE:
        assert answer(path, model, player, SAMPLES, seed=5, workers=2) == whole
    assert same_when_sent(asked, 1)
    folder, manifest = tmp_path / "run", asked.manifest("1", ())

    def interrupted(done, of):
        if done >= 4:
            raise KeyboardInterrupt

    store = open_store(folder, manifest, {}, False, FOLDER)
    with pytest.raises(KeyboardInterrupt):
        answer(path, model, player, SAMPLES, seed=5, progress=interrupted, store=store)
    assert store.done(asked) == {0, 1}
    store.close()
    again, told = open_store(folder, manifest, {}, True, FOLDER), []
    assert answer(path, model, player, SAMPLES, seed=5, progress=lambda *x: told.append(x), store=again) == whole
    assert told[-1] == (LEFT, LEFT) and again.done(asked) == {*range(PIECES)}
    content = bytearray(again.chunk_file(2).read_bytes())
    content[content.index(b"\x93NUMPY") + 128] ^= 1  # the first number, behind its array's head
    again.chunk_file(2).write_bytes(content)
    with pytest.raises(BadInput, match=r"00000002\.npz.*is damaged"):
        answer(path, model, player, SAMPLES, seed=5, store=again)
    again.close()


def test_a_folder_of_another_question_is_not_gone_on_with(path, model, tmp_path):
    stored(path, model, tmp_path / "run", resume=False)[1].close()
    for kind, player in ((Commitments, "US"), (Waits, "RU"), (Waits, "CN")):
        asked = kind(path, model, SAMPLES, 5, "margin", {}, player=player)
        with pytest.raises(BadInput, match="holds another path; asked is "):
            open_store(tmp_path / "run", asked.manifest("1", ()), {}, True, FOLDER)


def test_a_damaged_piece_is_refused_and_half_a_one_is_computed_again(path, model, whole, in_pieces, tmp_path):
    asked, store = stored(path, model, tmp_path / "run", resume=False)
    path_course(path, model, SAMPLES, seed=5, store=store)
    file = store.chunk_file(1)
    content = bytearray(file.read_bytes())
    file.write_bytes(content[: len(content) // 2])
    assert (
        store.done(asked) == {*range(PIECES)} - {1} and path_course(path, model, SAMPLES, seed=5, store=store) == whole
    )
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises(BadInput, match=r"00000001\.npz.*is damaged"):
        path_course(path, model, SAMPLES, seed=5, store=store)
    file.write_bytes(store.chunk_file(2).read_bytes())
    with pytest.raises(BadInput, match="another chunk"):
        path_course(path, model, SAMPLES, seed=5, store=store)
    store.close()


def test_a_folder_of_another_path_is_not_gone_on_with(path, model, tmp_path):
    stored(path, model, tmp_path / "run", resume=False)[1].close()
    with pytest.raises(BadInput, match="holds a path already; add --resume"):
        stored(path, model, tmp_path / "run", resume=False)
    with pytest.raises(BadInput, match="this folder holds another path; path differs"):
        stored(path.number("administration.election", 0.0), model, tmp_path / "run", resume=True)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "note").write_text("mine")
    with pytest.raises(BadInput, match="is there and is no path's folder"):
        stored(path, model, tmp_path / "other", resume=False)


def test_the_command_keeps_and_goes_on(tmp_path):
    def run(*more, samples="3"):
        words = ["path", "path_baseline", "--until", "2026", "--levels", "2", "--samples", samples, "--json", *more]
        return CliRunner().invoke(main, words)

    kept = ("--archive", str(tmp_path / "run"))
    first, again = run(*kept), run(*kept, "--resume")
    assert first.exit_code == again.exit_code == 0 and first.output == again.output
    for found, says in (
        (run(*kept, "--resume", samples="4"), "samples is 3 there, 4 here"),
        (run(*kept, "--resume", "--commit", "US"), "this folder holds another path; asked is "),
        (run("--commit", "RU", "--archive", str(tmp_path / "none")), "nothing in path_baseline reverses its promises"),
        (run("--resume"), "--resume needs the folder"),
    ):
        assert found.exit_code == 2 and says in found.output
    assert not (tmp_path / "none").exists()
    for asked in (("--commit", "US"), ("--wait", "RU")):
        folder = ("--archive", str(tmp_path / asked[0]))
        plain, first, again = run(*asked), run(*asked, *folder), run(*asked, *folder, "--resume")
        assert plain.exit_code == 0 and plain.output == first.output == again.output
