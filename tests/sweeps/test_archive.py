"""The store: killed, interrupted, on a full disk, and loaded again without a model."""

import contextlib
import errno
import json
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import zipfile
from itertools import product
from pathlib import Path

import h5py
import numpy as np
import pytest
import xarray
from budgets import LARGE, few, tries
from click.testing import CliRunner

import triangle
from triangle import api
from triangle.base.errors import BadInput, TriangleError
from triangle.base.records import to_document
from triangle.base.writing import replace_file
from triangle.cli import main
from triangle.games.bitboards import Sets
from triangle.players.cast import SHIPPED
from triangle.sweeps import archive
from triangle.sweeps import run as sweep
from triangle.sweeps.design import BLOCK
from triangle.sweeps.fields import mask_field

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
    assert again.computed == 0 and to_document(again.tally) == to_document(done.tally)


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
    assert to_document(done.tally) == to_document(sweep.Tally.of(whole["mask"].values, SHIPPED))
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


def test_a_disk_with_room_for_the_chunks_and_not_for_the_whole_leaves_a_store_that_goes_on(tmp_path: Path):
    """In earnest, by a limit on the length of files: the HDF5 library comes down where its own writing fails."""
    resource = pytest.importorskip("resource", reason="this platform has no limits on files")
    run = tmp_path / "run"
    words = ["baseline", "--samples", str(2 * BLOCK), "--chunk", str(BLOCK), "--out", str(run)]
    words += ["--margin", "all"]  # 64 numbers a game: one chunk fits

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000, 3_000_000))

    ended = command(*words, preexec_fn=limited)
    _, err = ended.communicate()
    assert ended.returncode == 2 and err.count("\n") == 1, err
    assert "File too large" in err and "Traceback" not in err
    assert sorted(path.name for path in run.iterdir()) == ["chunks", "lock", "manifest.json"]
    assert archive.load(run)["computed"].values.all()
    again = CliRunner().invoke(main, ["sweep", *words, "--resume"])
    assert again.exit_code == 0, again.output
    expected = triangle.sweep("baseline", samples=2 * BLOCK)
    with xarray.open_dataset(run / "sweep.nc") as games:
        assert (games["mask"].values == expected["mask"].values).all()


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
def test_a_damaged_store_is_named_whoever_reads_it(archives, tmp_path: Path, name: str, content: bytes, message: str):
    copy_of(archives, "whole", tmp_path)
    (tmp_path / "run" / name).write_bytes(content)
    with pytest.raises(BadInput, match=message):
        archive.load(tmp_path / "run")

    def go_on() -> None:
        job, studies, store = begin(tmp_path / "run", resume=True, samples=2 * BLOCK)
        try:
            sweep.run(job, studies, "test", store=store)
        finally:
            store.close()

    with pytest.raises(BadInput, match=message):
        go_on()
    if name == "sweep.nc":
        (tmp_path / "run" / name).unlink()
        go_on()
        assert archive.load(tmp_path / "run")["mask"].size == 2 * BLOCK


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
    with pytest.raises(BadInput, match=r"design\.seed is 0 there, 1 here"):
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

    def beaten(folder: Path, option: str):
        monkeypatch.setattr(archive, "_locked", locked)
        job, studies, store = begin(folder, seed=1)
        sweep.run(job, studies, "test", store=store)
        store.close()
        return locked(folder, option)

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


#: Blocks of the sweep that is killed, and its seed: by default it is the one that others look at.
BLOCKS, SEED = (20, 5) if LARGE else (5, 0)

SWEEP = ("baseline", "--samples", str(BLOCKS * BLOCK), "--chunk", str(BLOCK), "--seed", str(SEED), "--json")


#: The command where Dask is not installed, which otherwise is loaded whole to see that no array is one of its own.
COMMAND = "import sys; sys.modules['dask'] = None; from triangle.cli import main; main()"


def command(*arguments: str, program: tuple[str, ...] = (COMMAND,), **options):
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(Path(triangle.__file__).parents[1])}
    return subprocess.Popen(
        [sys.executable, "-c", *program, "sweep", *arguments],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options,
    )  # fmt: skip


#: The command, killed without warning when a file is about to get its name, half of it on the disk, or when it has it.
KILLED = """
import os, signal, sys
sys.modules["dask"] = None
ending, left, torn = sys.argv.pop(1), int(sys.argv.pop(1)), sys.argv.pop(1) == "torn"
replace = os.replace
def replacing(source, target):
    global left
    left -= str(target).endswith(ending)
    if left:
        return replace(source, target)
    os.truncate(source, os.path.getsize(source) // 2) if torn else replace(source, target)
    os.kill(os.getpid(), signal.SIGKILL)
os.replace = replacing
from triangle.cli import main
main()
"""

#: The ending of the file at which the sweep is killed, how many of these it writes before, and the chunks then there.
MOMENTS = [(".npz", 2, "torn", 1), (".npz", 6, "named", 7), (".npz", 9, "torn", 15), ("sweep.nc", 1, "torn", BLOCKS)]
if not LARGE:  # the dearest file to lose, half of it on the disk; of chunks that are cut short there are tests below
    MOMENTS = [("sweep.nc", 1, "torn", BLOCKS)]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kill -9 is a signal of Unix")
def test_kill_9_and_resume_give_the_same_result(tmp_path: Path, whole):
    run = tmp_path / "run"
    for ending, place, how, chunks in MOMENTS:
        process = command(*SWEEP, "--out", str(run), "--resume", program=(KILLED, ending, str(place), how))
        out, err = process.communicate()
        assert process.returncode == -signal.SIGKILL, (out, err)
        part = archive.load(run)
        assert part["mask"].shape == (BLOCKS * BLOCK,) and part["computed"].values.sum() == chunks * BLOCK
    done = CliRunner().invoke(main, ["sweep", *SWEEP, "--out", str(run), "--resume"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["computed"] == 0
    expected = triangle.sweep("baseline", samples=BLOCKS * BLOCK, seed=SEED) if LARGE else whole
    with xarray.open_dataset(json.loads(done.stdout)["store"]) as games:
        assert (games["mask"].values == expected["mask"].values).all()


def test_a_pipe_or_a_folder_is_not_replaced_by_a_file(tmp_path: Path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for place in (pipe, tmp_path):
        with pytest.raises(BadInput, match="is a folder or a device"):
            replace_file(place, lambda file: file.write(b"x"))
    assert not pipe.is_file() and pipe.exists()


# ----- files that are not what was written there


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Small archives of each kind: whole, unfinished, counts, points; and others of the same shape."""
    top, found = tmp_path_factory.mktemp("archives"), {}
    for name, seed, options in (
        ("whole", 0, {}),
        ("whole other", 1, {}),
        ("part", 0, {"stop": True}),
        ("part other", 1, {"stop": True}),
        ("counts", 0, {"counts_only": True}),
        ("counts other", 1, {"counts_only": True}),
    ):
        found[name] = top / name
        stop = options.pop("stop", False)
        job, studies, store = begin(found[name], seed=seed, samples=2 * BLOCK, **options)
        with contextlib.suppress(Stop):
            sweep.run(job, studies, "test", store=store, progress=stop_after(BLOCK) if stop else None)
        store.close()
    found["points"] = top / "points"
    triangle.sweep("baseline", points={"relief": [0.25, 0.75]}, out=found["points"])
    return found


def copy_of(archives: dict[str, Path], name: str, tmp_path: Path, old: bool = False) -> Path:
    """An archive to spoil; an old one is from before there were digests."""
    run = Path(shutil.copytree(archives[name], tmp_path / "run", dirs_exist_ok=True))
    if old:
        for path in run.glob("*.json"):
            kept = {k: v for k, v in json.loads(path.read_text()).items() if k not in ("sum", "sums", "of")}
            path.write_text(json.dumps(kept))
        (run / "sweep.nc.sha256").unlink(missing_ok=True)
        if (run / "sweep.nc").exists():
            with h5py.File(run / "sweep.nc", "r+") as file:
                described = json.loads(file.attrs["manifest"])
                del described["sums"], file.attrs["manifest"]
                file.attrs["manifest"] = json.dumps(described)
    return run


def read_and_go_on(run: Path, counts_only: bool) -> list[object]:
    """What everyone who reads an archive makes of it: the loaded one, and one who goes on."""

    def go_on() -> object:
        job, studies, store = begin(run, resume=True, samples=2 * BLOCK, counts_only=counts_only)
        try:
            return to_document(sweep.run(job, studies, "test", store=store).tally)
        finally:
            store.close()

    def loaded() -> object:
        if counts_only:
            return [to_document(tally) for tally in archive.load_statistics(run).values()]
        return archive.load(run)["mask"].values.tobytes()

    answers: list[object] = []
    for read in (loaded, go_on):
        try:
            answers.append(read())
        except BadInput as error:
            answers.append(error)
    return answers


def is_refused(answers: list[object], *words: str) -> bool:
    return all(isinstance(a, BadInput) and "\n" not in str(a) and any(w in str(a) for w in words) for a in answers)


@pytest.mark.parametrize("name", ["whole", "part", "counts"])
def test_old_archives_without_digests_stay_readable(archives, tmp_path: Path, name: str):
    new = read_and_go_on(copy_of(archives, name, tmp_path / "new"), name == "counts")
    old = read_and_go_on(copy_of(archives, name, tmp_path / "old", old=True), name == "counts")
    assert old[0] == new[0] and not isinstance(new[1], BadInput)
    # What was computed under another manifest is not gone on with, unless all of it is there.
    assert old[1] == new[1]


def test_bits_that_change_in_the_games_are_noticed(archives, tmp_path: Path):
    run, draw = copy_of(archives, "whole", tmp_path), random.Random(4)
    with h5py.File(run / "sweep.nc") as file:
        start, count = file["mask"].id.get_offset(), file["mask"].size
    content = bytearray((run / "sweep.nc").read_bytes())
    for game in draw.sample(range(count), 200):
        content[start + 8 * game + draw.randrange(8)] ^= 1 << draw.randrange(8)
    (run / "sweep.nc").write_bytes(content)
    assert is_refused(read_and_go_on(run, False), "is damaged")
    (run / "sweep.nc").unlink()
    assert "sweep.nc" not in str(read_and_go_on(run, False)[1])


@pytest.mark.parametrize(("name", "seed"), [("whole", 1), ("part", 2), ("counts", 3), ("points", 4)])
def test_a_byte_that_changes_anywhere_in_any_file_is_noticed_or_changes_nothing(archives, tmp_path: Path, name, seed):
    draw, is_counts = random.Random(seed), name == "counts"
    sound = read_and_go_on(copy_of(archives, name, tmp_path / "sound"), is_counts)
    files = [path.relative_to(archives[name]) for path in archives[name].rglob("*") if path.is_file()]
    for round_ in range(tries(60)):
        run = copy_of(archives, name, tmp_path / f"{round_}")
        spoilt = run / draw.choice(files)
        content = bytearray(spoilt.read_bytes())
        if content and draw.random() < 0.3:
            content = content[: draw.randrange(len(content))]
        elif content:
            content[draw.randrange(len(content))] ^= 1 << draw.randrange(8)
        spoilt.write_bytes(content)
        again = spoilt.suffix == ".npz" and not zipfile.is_zipfile(spoilt)  # a chunk that is none is computed again
        for answer, expected in zip(read_and_go_on(run, is_counts)[again:], sound[again:], strict=True):
            assert (
                is_refused([answer], "damaged", "cannot be read", "expected", "holds another") or answer == expected
            ), spoilt
        shutil.rmtree(run)


WRONG = ["", "x", 0, -1, 1.5, None, True, [], {}, [[]], [None], {"a": None}, 10**30, "1" * 50]


def leaves(data: object, place: tuple = ()) -> list[tuple]:
    """Every place in a JSON document, from the top."""
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [place, *(found for key, value in inner for found in leaves(value, (*place, key)))]


def put(data: object, place: tuple, value: object) -> object:
    if not place:
        return value
    data[place[0]] = put(data[place[0]], place[1:], value)  # type: ignore[index]
    return data


@pytest.mark.parametrize("old", [False, True], ids=["with digests", "without"])
@pytest.mark.parametrize(("name", "file"), [("part", "manifest.json"), ("counts", "statistics.json")])
def test_a_field_of_another_type_is_never_a_traceback(archives, tmp_path: Path, name: str, file: str, old: bool):
    draw = random.Random(7)
    run = copy_of(archives, name, tmp_path, old)
    text = (run / file).read_text()
    places = leaves(json.loads(text))
    top = [place for place in places if len(place) <= 1]
    for place in [*few(top, 6), *draw.sample(places, tries(125))]:
        data = put(json.loads(text), place, draw.choice(WRONG))
        if data == json.loads(text):
            continue
        (run / file).write_text(json.dumps(data))
        answers = read_and_go_on(run, name == "counts")
        described = place[:1] in (
            ("scenario_texts",),
            ("units",),
            ("meanings",),
            ("numpy",),
            ("version",),
            ("players",),
        )
        if not old and place[:1] != ("sum",) and not described:
            assert is_refused(answers, "damaged", "expected", "cannot be read"), (place, data)


@pytest.mark.parametrize(("name", "file"), [("part", "manifest.json"), ("counts", "statistics.json")])
def test_a_digest_cannot_be_left_out(archives, tmp_path: Path, name: str, file: str):
    run = copy_of(archives, name, tmp_path)
    data = json.loads((run / file).read_text())
    del data["sum"]
    (run / file).write_text(json.dumps(data))
    assert is_refused(read_and_go_on(run, name == "counts"), "digest")


@pytest.mark.parametrize("old", [False, True], ids=["with digests", "without"])
def test_counts_that_do_not_agree_are_noticed(archives, tmp_path: Path, old: bool):
    run = copy_of(archives, "counts", tmp_path, old)
    data = json.loads((run / "statistics.json").read_text())
    for spoilt in (
        {"chunks": 0},
        {"chunks": 1},
        {"chunks": 3},
        {"chunks": True},
        {"tallies": []},
        {"tallies": data["tallies"] * 2},
        *({"tallies": [{**data["tallies"][0], key: 7}]} for key in ("games", "other_sets")),
        {"tallies": [{**data["tallies"][0], "numbers": data["tallies"][0]["numbers"][::-1]}]},
        {"tallies": [{**data["tallies"][0], "profiles": data["tallies"][0]["profiles"][::-1]}]},
        {"tallies": [{**data["tallies"][0], "notes": {"complete": 10**9}}]},
    ):
        (run / "statistics.json").write_text(json.dumps({**data, **spoilt}))
        assert is_refused(read_and_go_on(run, True), "is damaged"), spoilt


#: What an archive of each kind is made of, and what may stand there instead.
PARTS = (
    *(("whole", "sweep.nc"), ("whole", "manifest.json"), ("whole", "sweep.nc.sha256"), ("part", "chunks/00000000.npz")),
    *(("part", "manifest.json"), ("counts", "statistics.json"), ("points", "points.npz")),
)
INSTEAD = ("of another sweep", "link", "pipe", "folder", "empty")


@pytest.mark.parametrize(("part", "kind"), few([*product(PARTS, INSTEAD)], 2))
def test_what_stands_in_for_a_file_of_an_archive_is_refused(archives, tmp_path: Path, part, kind: str):
    name, file = part
    run = copy_of(archives, name, tmp_path)
    own = tmp_path / "own"
    shutil.move(run / file, own)
    if kind == "of another sweep" and name == "points":
        np.savez(run / file, relief=np.array([0.1, 0.2]))
    elif kind == "of another sweep":
        shutil.copy(archives[f"{name} other"] / file, run / file)
    elif kind == "link":
        (run / file).symlink_to(own)
    elif kind == "pipe":
        os.mkfifo(run / file)
    elif kind == "folder":
        (run / file).mkdir()
    else:
        (run / file).touch()
    answers = read_and_go_on(run, name == "counts")
    words = ("damaged", "is a link", "cannot be read", "holds another sweep", "expected")
    if file.startswith("chunks") and kind == "empty":  # what is no archive of arrays at all is computed again
        assert not any(isinstance(answer, BadInput) for answer in answers)
    elif name == "points":
        assert is_refused(answers[:1], *words)
    else:
        assert is_refused(answers, *words), answers


def test_both_files_of_another_sweep_are_noticed_too(archives, tmp_path: Path):
    run = copy_of(archives, "whole", tmp_path)
    for file in ("sweep.nc", "sweep.nc.sha256"):
        shutil.copy(archives["whole other"] / file, run / file)
    assert is_refused(read_and_go_on(run, False), "of another sweep than manifest.json")


def test_a_chunk_under_the_name_of_another_is_noticed(archives, tmp_path: Path):
    run = copy_of(archives, "part", tmp_path)
    shutil.copy(run / "chunks" / "00000000.npz", run / "chunks" / "00000001.npz")
    assert is_refused(read_and_go_on(run, False), "another chunk")


def test_what_the_user_puts_into_an_archive_stays(archives, tmp_path: Path):
    run = copy_of(archives, "part", tmp_path)
    (run / "notes.txt").write_text("mine")
    (run / "chunks" / "notes.npz").write_text("mine")
    (run / "chunks" / ".triangle-0123456789abcdef.part").write_text("of a run that was killed")
    assert not any(isinstance(answer, BadInput) for answer in read_and_go_on(run, False))
    assert (run / "notes.txt").read_text() == (run / "chunks" / "notes.npz").read_text() == "mine"
    assert [path.name for path in (run / "chunks").iterdir()] == ["notes.npz"]
    (run / "chunks").rename(run / "far")
    (run / "chunks").symlink_to(run / "far")
    assert archive.load(run)["mask"].size == 2 * BLOCK and (run / "far" / "notes.npz").exists()


def test_a_folder_that_holds_something_of_the_users_is_no_place_for_a_sweep(tmp_path: Path):
    for name, content in (("chunks/00000000.npz", "mine"), ("points.npz", "mine"), ("lock/x", "mine")):
        run = tmp_path / name.replace("/", "-")
        (run / name).parent.mkdir(parents=True)
        (run / name).write_text(content)
        with pytest.raises(BadInput):
            begin(run)
        assert (run / name).read_text() == content


#: The command asked of one archive after the other, which says how each asking ended.
READING = """
import sys
sys.modules["dask"] = None
from triangle.cli import main
for run in sys.argv[1:]:
    try:
        main(["sensitivity", run, "--outcome", "number"])
    except SystemExit as end:
        print(end.code)
"""


def test_a_damaged_file_is_named_and_the_librarys_destructors_stay_silent(archives, tmp_path: Path):
    run = copy_of(archives, "whole", tmp_path, old=True)
    content = (run / "sweep.nc").read_bytes()
    for cut in (600, 3000, len(content) - 1000):
        (shutil.copytree(run, tmp_path / f"run_{cut}") / "sweep.nc").write_bytes(content[:cut])
    runs = sorted(map(str, tmp_path.glob("run_*")))
    environment = {**os.environ, "PYTHONPATH": str(Path(triangle.__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, "-c", READING, *runs], capture_output=True, text=True, env=environment, timeout=3000
    )
    assert (done.returncode, done.stdout) == (0, "2\n" * len(runs)), done.stderr
    for folder, line in zip(runs, done.stderr.splitlines(), strict=True):
        assert f"{Path(folder).name}/sweep.nc: is damaged" in line


def test_a_manifest_says_how_many_words_a_set_has_and_one_that_does_not_has_one(archives, tmp_path: Path):
    run = copy_of(archives, "part", tmp_path, old=True)
    described = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    assert described.pop("words") == 1
    (run / "manifest.json").write_text(json.dumps(described), encoding="utf-8")
    assert (archive.load(run)["mask"].values == archive.load(archives["part"])["mask"].values).all()
    (run / "manifest.json").write_text(json.dumps(described | {"words": 4}), encoding="utf-8")
    with pytest.raises(BadInput, match="words: found 4; expected 1 for sets of 64 profiles"):
        archive.load(run)


def test_sets_of_more_than_64_profiles_have_a_dimension_of_words():
    board = Sets(256)
    field = mask_field(board, "mask", "set of equilibria", [str(profile) for profile in range(256)])
    assert (field.dims, field.shape, field.dtype) == (("word",), (4,), np.uint64)
    assert mask_field(Sets(64), "mask", "set of equilibria", list(map(str, range(64)))).dims == ()
