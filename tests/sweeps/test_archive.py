"""The store: killed, interrupted, on a full disk, and loaded again without a model."""

import errno
import json
import multiprocessing
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import xarray

import triangle
from triangle import api
from triangle.base.errors import BadInput, TriangleError
from triangle.base.writing import replace_file
from triangle.sweeps import archive
from triangle.sweeps import run as sweep
from triangle.sweeps.design import BLOCK

MODEL = api.read_model()


def begin(folder: Path, resume: bool = False, counts_only: bool = False, seed: int = 0, samples: int = 5 * BLOCK):
    studies = [api.load("baseline", model=MODEL)]
    design = sweep.plan(studies, samples=samples, seed=seed)
    job = sweep.job_of(studies, design, chunk=BLOCK, counts_only=counts_only)
    described = archive.manifest(job, MODEL, {"baseline": "…"}, "test")
    return job, studies, archive.open_store(folder, described, {}, resume)


class Stop(Exception):
    """What ends a run before its time."""


def stop_after(games: int):
    def progress(computed: int, _: int) -> None:
        if computed >= games:
            raise Stop

    return progress


@pytest.fixture(scope="module")
def whole() -> xarray.Dataset:
    return triangle.sweep("baseline", samples=5 * BLOCK)


def test_an_interrupted_run_goes_on_to_the_same_result(tmp_path: Path, whole):
    job, studies, store = begin(tmp_path / "run")
    with pytest.raises(Stop):
        sweep.run(job, studies, "test", store=store, progress=stop_after(2 * BLOCK))
    store.close()
    part = archive.load(tmp_path / "run")
    assert part["computed"].values.sum() == 2 * BLOCK
    assert (part["mask"].values[: 2 * BLOCK] == whole["mask"].values[: 2 * BLOCK]).all()
    job, studies, store = begin(tmp_path / "run", resume=True)
    done = sweep.run(job, studies, "test", store=store)
    store.close()
    assert done.computed == 3 * BLOCK and done.tally.games == 5 * BLOCK
    with xarray.open_dataset(tmp_path / "run" / "sweep.nc") as games:
        assert games["mask"].dtype == np.uint64 and games["mask"].dims == ("sample",)
        assert (games["mask"].values == whole["mask"].values).all()
        assert games["inputs"].identical(whole["inputs"])
    assert not (tmp_path / "run" / "chunks").exists()
    job, studies, store = begin(tmp_path / "run", resume=True)
    again = sweep.run(job, studies, "test", store=store)
    store.close()
    assert again.computed == 0 and again.tally.as_json() == done.tally.as_json()


def test_counts_go_on_too(tmp_path: Path, whole):
    job, studies, store = begin(tmp_path / "run", counts_only=True)
    with pytest.raises(Stop):
        sweep.run(job, studies, "test", store=store, progress=stop_after(2 * BLOCK))
    store.close()
    assert archive.load_statistics(tmp_path / "run")["baseline"].games == 2 * BLOCK
    job, studies, store = begin(tmp_path / "run", resume=True, counts_only=True)
    done = sweep.run(job, studies, "test", store=store)
    store.close()
    assert done.computed == 3 * BLOCK
    assert done.tally.as_json() == sweep.Tally.of(whole["mask"].values).as_json()
    with pytest.raises(BadInput, match="counts only"):
        archive.load(tmp_path / "run")


def full_disk(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_leaves_a_store_that_goes_on(tmp_path: Path, whole, monkeypatch):
    job, studies, store = begin(tmp_path / "run")
    write, calls = np.savez, []

    def third_fails(file, **arrays) -> None:
        calls.append(file)
        if len(calls) == 3:
            file.write(b"half of it")
            full_disk()
        write(file, **arrays)

    monkeypatch.setattr(archive.np, "savez", third_fails)
    with pytest.raises(TriangleError, match=r"no space is left on the disk.*--resume"):
        sweep.run(job, studies, "test", store=store)
    store.close()
    assert archive.load(tmp_path / "run")["computed"].values.sum() == 2 * BLOCK
    monkeypatch.undo()
    monkeypatch.setattr(os, "replace", lambda a, b: full_disk() if str(b).endswith(".nc") else os.rename(a, b))
    job, studies, store = begin(tmp_path / "run", resume=True)
    with pytest.raises(TriangleError, match="no space is left on the disk"):
        sweep.run(job, studies, "test", store=store)
    store.close()
    monkeypatch.undo()
    job, studies, store = begin(tmp_path / "run", resume=True)
    done = sweep.run(job, studies, "test", store=store)
    store.close()
    assert done.computed == 0 and (done.dataset()["mask"].values == whole["mask"].values).all()


def test_a_disk_with_room_for_the_chunks_and_not_for_the_whole_leaves_a_store_that_goes_on(tmp_path: Path, whole):
    """In earnest, by a limit on the length of files: the HDF5 library comes down where its own writing fails."""
    resource = pytest.importorskip("resource", reason="this platform has no limits on files")
    run = tmp_path / "run"
    words = ["sweep", "baseline", "--samples", str(5 * BLOCK), "--chunk", str(BLOCK), "--out", str(run)]
    command = [sys.executable, "-m", "triangle", *words, "--method", "logit"]
    environment = {**os.environ, "PYTHONPATH": str(Path(triangle.__file__).parents[1])}

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))

    ended = subprocess.run(command, env=environment, capture_output=True, text=True, preexec_fn=limited)
    assert ended.returncode == 2 and ended.stderr.count("\n") == 1, ended.stderr
    assert "File too large" in ended.stderr and "Traceback" not in ended.stderr
    assert sorted(path.name for path in run.iterdir()) == ["chunks", "lock", "manifest.json"]
    assert archive.load(run)["computed"].values.all()
    again = subprocess.run([*command, "--resume"], env=environment, capture_output=True, text=True)
    assert again.returncode == 0, again.stderr
    with xarray.open_dataset(run / "sweep.nc") as games:
        assert (games["mask"].values == whole["mask"].values).all()


def test_a_damaged_chunk_is_computed_again(tmp_path: Path, whole):
    job, studies, store = begin(tmp_path / "run")
    with pytest.raises(Stop):
        sweep.run(job, studies, "test", store=store, progress=stop_after(2 * BLOCK))
    store.close()
    chunk = store.chunk_file(0)
    chunk.write_bytes(chunk.read_bytes()[:1000])
    job, studies, store = begin(tmp_path / "run", resume=True)
    done = sweep.run(job, studies, "test", store=store)
    store.close()
    assert done.computed == 4 * BLOCK and (done.dataset()["mask"].values == whole["mask"].values).all()


def test_a_chunk_whose_bytes_changed_is_named(tmp_path: Path):
    job, studies, store = begin(tmp_path / "run")
    with pytest.raises(Stop):
        sweep.run(job, studies, "test", store=store, progress=stop_after(BLOCK))
    store.close()
    content = bytearray(store.chunk_file(0).read_bytes())
    content[2000] ^= 1
    store.chunk_file(0).write_bytes(content)
    with pytest.raises(BadInput, match=r"00000000\.npz: is damaged .*delete it"):
        archive.load(tmp_path / "run")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("sweep.nc", b"", r"sweep\.nc: is damaged .*delete it and go on"),
        ("sweep.nc", b"\x89HDF\r\n\x1a\n" + bytes(2000), r"sweep\.nc: is damaged"),
        ("manifest.json", b"[1]", "expected one JSON object"),
        ("manifest.json", b'{"schema": "triangle.run/1"}', "is damaged: version, digest.*name a new folder"),
    ],
)
def test_a_damaged_store_is_named_whoever_reads_it(tmp_path: Path, name: str, content: bytes, message: str):
    job, studies, store = begin(tmp_path / "run")
    sweep.run(job, studies, "test", store=store)
    store.close()
    (tmp_path / "run" / name).write_bytes(content)
    with pytest.raises(BadInput, match=message):
        archive.load(tmp_path / "run")

    def go_on() -> None:
        job, studies, store = begin(tmp_path / "run", resume=True)
        try:
            sweep.run(job, studies, "test", store=store)
        finally:
            store.close()

    with pytest.raises(BadInput, match=message):
        go_on()
    if name == "sweep.nc":
        (tmp_path / "run" / name).unlink()
        go_on()
        assert archive.load(tmp_path / "run")["mask"].size == 5 * BLOCK


@pytest.mark.parametrize(
    "arrays", [{"mask": np.zeros(3, np.uint64)}, {"mask": np.zeros(BLOCK)}, {"other": np.zeros(BLOCK)}]
)
def test_a_chunk_that_holds_something_else_is_named(tmp_path: Path, arrays):
    job, studies, store = begin(tmp_path / "run")
    np.savez(store.chunk_file(99), mask=np.zeros(BLOCK, np.uint64))  # of no game of this design
    assert store.done(job) == set() and not archive.load(tmp_path / "run")["computed"].values.any()
    np.savez(store.chunk_file(1), **arrays)
    with pytest.raises(BadInput, match=r"00000001\.npz: is damaged"):
        archive.load(tmp_path / "run")
    with pytest.raises(BadInput, match=r"00000001\.npz: is damaged"):
        sweep.run(job, studies, "test", store=store)
    store.close()


@pytest.mark.parametrize("text", ["{", "[]", '{"chunks": 1}', '{"chunks": 1, "tallies": [{}]}'])
def test_damaged_counts_are_named(tmp_path: Path, text: str):
    job, studies, store = begin(tmp_path / "run", counts_only=True)
    store.statistics_file.write_text(text)
    with pytest.raises(BadInput, match=r"statistics\.json"):
        sweep.run(job, studies, "test", store=store)
    store.close()


def test_a_folder_is_not_overwritten(tmp_path: Path):
    _, _, store = begin(tmp_path / "run")
    with pytest.raises(BadInput, match="another process is writing"):
        begin(tmp_path / "run", resume=True)
    store.close()
    with pytest.raises(BadInput, match="add --resume"):
        begin(tmp_path / "run")
    with pytest.raises(BadInput, match=r"design\.seed differ"):
        begin(tmp_path / "run", resume=True, seed=1)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").write_text("dear")
    with pytest.raises(BadInput, match="no sweep's folder"):
        begin(tmp_path / "other")
    with pytest.raises(BadInput, match="no folder of a sweep"):
        archive.load(tmp_path / "other")
    (tmp_path / "other" / "manifest.json").write_text('{"schema": "else"}')
    with pytest.raises(BadInput, match=r"expected triangle\.run/1"):
        archive.load(tmp_path / "other")


def test_of_two_sweeps_that_begin_at_once_the_second_one_finds_the_first(tmp_path: Path, monkeypatch):
    run = tmp_path / "run"
    locked = archive._locked

    def beaten(folder: Path):
        monkeypatch.setattr(archive, "_locked", locked)
        job, studies, store = begin(folder, seed=1)
        sweep.run(job, studies, "test", store=store)
        store.close()
        return locked(folder)

    monkeypatch.setattr(archive, "_locked", beaten)
    with pytest.raises(BadInput, match="holds a sweep already"):
        begin(run)
    assert archive.load(run).attrs["seed"] == 1
    begin(run, resume=True, seed=1)[2].close()


def test_a_file_system_without_locks_is_written_to_all_the_same(tmp_path: Path, monkeypatch):
    fcntl = pytest.importorskip("fcntl", reason="this platform has no locks on files")

    def refuse(*_):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    _, _, store = begin(tmp_path / "run")
    store.close()
    _, _, again = begin(tmp_path / "run", resume=True)
    assert again.manifest == store.manifest


@pytest.mark.parametrize("shape", [(), (7,), (3, 4), (2, 3, 4), (1, 5, 1, 2)])
def test_boxes_cover_a_stretch_once_and_in_order(shape):
    places = np.arange(int(np.prod(shape))).reshape(shape)
    for start in range(places.size):
        for stop in range(start + 1, places.size + 1):
            found = [(np.ravel(places[box if box else ...]), part) for box, part in archive.boxes(start, stop, shape)]
            assert np.concatenate([box for box, _ in found]).tolist() == list(range(start, stop))
            assert np.concatenate([np.arange(start, stop)[part] for _, part in found]).tolist() == list(
                range(start, stop)
            )


def test_grids_and_margins_through_the_store(tmp_path: Path):
    arguments = {
        "over": {"relief": np.linspace(0, 1, 5), "stake_ru_cn": np.linspace(1, 12, 7)},
        "samples": 300,
        "margins": ["US=contain_both,RU=align,CN=align", "22"],
    }
    here = triangle.sweep(["baseline", "rift_courted"], **arguments)
    stored = triangle.sweep(["baseline", "rift_courted"], out=tmp_path / "run", **arguments)
    assert stored["mask"].shape == (2, 5, 7, 300)
    for name in ("mask", "margin", "inputs"):
        assert (stored[name].values == here[name].values).all()
    design = archive.read_design(tmp_path / "run")
    assert (design.at(0, 0, 300)["gdp_ru"] == here["inputs"].sel(parameter="gdp_ru", scenario="baseline").values).all()


def test_points_come_back_from_the_store(tmp_path: Path):
    triangle.sweep("baseline", points={"relief": [0.25, 0.75]}, out=tmp_path / "run")
    assert archive.read_design(tmp_path / "run").points["relief"].tolist() == [0.25, 0.75]


def test_a_worker_that_dies_leaves_a_store_that_goes_on(tmp_path: Path):
    samples = 60 * BLOCK
    job, studies, store = begin(tmp_path / "run", samples=samples)

    def kill_one(computed: int, games: int) -> None:
        assert games == samples
        for worker in multiprocessing.active_children()[:1]:
            worker.kill()

    with pytest.raises(TriangleError, match=r"a worker process ended .*--resume"):
        sweep.run(job, studies, "test", store=store, workers=2, progress=kill_one)
    store.close()
    computed = archive.load(tmp_path / "run")["computed"].values
    assert 0 < computed.sum() < samples


SWEEP = ("baseline", "--samples", str(20 * BLOCK), "--chunk", str(BLOCK), "--seed", "5", "--json")


def command(*arguments: str, **options):
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(Path(triangle.__file__).parents[1])}
    return subprocess.Popen(
        [sys.executable, "-m", "triangle", "sweep", *arguments],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options,
    )  # fmt: skip


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kill -9 is a signal of Unix")
def test_kill_9_and_resume_give_the_same_result(tmp_path: Path):
    run, draw, cut_short = tmp_path / "run", random.Random(3), 0
    for wanted in (1, 6, 12):
        process = command(*SWEEP, "--out", str(run), "--resume")
        while process.poll() is None and len(list((run / "chunks").glob("*.npz"))) < wanted:
            time.sleep(0.002)
        time.sleep(draw.uniform(0, 0.05))
        cut_short += process.poll() is None
        process.kill()
        process.communicate()
        part = archive.load(run)
        assert part["mask"].shape == (20 * BLOCK,)
    assert cut_short > 0, "no run was cut short, so nothing was shown"
    process = command(*SWEEP, "--out", str(run), "--resume")
    out, err = process.communicate()
    assert process.returncode == 0, err
    assert json.loads(out)["computed"] < 20 * BLOCK
    expected = triangle.sweep("baseline", samples=20 * BLOCK, seed=5)
    with xarray.open_dataset(json.loads(out)["store"]) as games:
        assert (games["mask"].values == expected["mask"].values).all()


def test_a_pipe_or_a_folder_is_not_replaced_by_a_file(tmp_path: Path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for place in (pipe, tmp_path):
        with pytest.raises(BadInput, match="is a folder or a device"):
            replace_file(place, lambda file: file.write(b"x"))
    assert not pipe.is_file() and pipe.exists()
