"""The store of a sweep: a folder that is valid at any moment, and one NetCDF file at the end.

======================  ================================================================================================
``manifest.json``       what is computed: scenario text, digests, version, seed, design, settings; written first
``points.npz``          listed points, where the design has them
``chunks/NNNNNNNN.npz`` the games of one chunk, while the sweep is under way
``sweep.nc``            the whole, once all chunks are there; it takes the place of ``chunks/``
``statistics.json``     counts only: the tally, and the chunks that it covers
======================  ================================================================================================

Every file is written beside its place and then renamed into it, so that a reader or a later run finds it whole or not
at all, whenever the writer was killed. Loading needs no model: the design in the manifest gives the points back.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from triangle.base.errors import BadInput, Fault, shorten
from triangle.base.files import shown
from triangle.base.writing import MAKE_ROOM, disk_faults, in_place, replace_file
from triangle.batch.takeover import Takeover, takeover_from_json
from triangle.model.model import Model
from triangle.players.axes import PLAYERS
from triangle.players.triad import SHIPPED_CODES
from triangle.sweeps.deferred import DeferredFile
from triangle.sweeps.design import Design, design_from_json
from triangle.sweeps.digest import code_digest, model_digest
from triangle.sweeps.fields import Field
from triangle.sweeps.job import Arrays, Job
from triangle.sweeps.replicates import kind_of
from triangle.sweeps.tally import Tally, tally_from_json

if TYPE_CHECKING:
    from io import FileIO

    import xarray

SCHEMA = "triangle.run/1"

#: What to do where the disk is full and a sweep is under way.
GO_ON = "what is stored stays valid: make room and go on with --resume"

#: Most numbers of the drawn or listed points that the result carries along; longer ones come from the design.
MAX_CARRIED = 5_000_000

#: Keys of a manifest that must agree for a run to go on; the others describe.
_IDENTITY = (
    "schema",
    "version",
    "digest",
    "code",
    "design",
    "points",
    "form",
    "holds",
    "margins",
    "method",
    "counts_only",
)

#: What a game is solved by, in the title of a result.
_TITLES = {"pure": "pure equilibria", "mixed": "pure and mixed equilibria", "logit": "logit equilibria"}


def text_of(path: Path) -> str:
    """The text of a scenario file, for the manifest."""
    return path.read_text(encoding="utf-8")


def manifest(job: Job, model: Model, texts: Mapping[str, str], version: str) -> dict[str, Any]:
    """All that a sweep depends on, as JSON."""
    points = hashlib.sha256()
    for name, column in sorted(job.design.points.items()):
        points.update(name.encode() + np.ascontiguousarray(column).tobytes())
    varied = {name for name, _ in job.design.axes} | {p.name for p in job.design.drawn} | set(job.design.points)
    described = {
        "schema": SCHEMA,
        "version": version,
        "players": list(PLAYERS),
        "digest": model_digest(model),
        "code": code_digest(job.takeover.method),
        "numpy": np.__version__,
        "scenario_texts": dict(texts),
        "units": {name: model.catalogue[name].unit for name in sorted(varied)},
        "meanings": {name: model.catalogue[name].meaning for name in sorted(varied)},
        "design": job.design.as_json(),
        "points": points.hexdigest() if job.design.points else None,
        "form": model.form.name,
        "holds": [{PLAYERS[player]: action for player, action in sorted(hold.items())} for hold in job.holds],
        "margins": list(job.margins),
        "method": job.takeover.as_json(),
        "counts_only": job.counts_only,
        "chunk": job.chunk,
    }
    loaded: dict[str, Any] = json.loads(json.dumps(described))
    return loaded


@dataclass(frozen=True)
class Store:
    """The folder of one sweep, held by this process until it is closed.

    Attributes
    ----------
    folder : Path
    manifest : dict
    """

    folder: Path
    manifest: dict[str, Any]
    _lock: IO[bytes] | None = None

    @property
    def dataset_file(self) -> Path:
        """The NetCDF file of a complete sweep."""
        return self.folder / "sweep.nc"

    @property
    def statistics_file(self) -> Path:
        """The counts of a sweep that keeps no games."""
        return self.folder / "statistics.json"

    def chunk_file(self, chunk: int) -> Path:
        """Where the games of a chunk lie."""
        return self.folder / "chunks" / f"{chunk:08}.npz"

    def done(self, job: Job) -> set[int]:
        """Chunks of the job whose games are stored, whole and readable."""
        found = (path for path in (self.folder / "chunks").glob("*.npz") if path.stem.isdecimal())
        return {int(path.stem) for path in found if int(path.stem) < job.chunks and zipfile.is_zipfile(path)}

    def write_chunk(self, chunk: int, arrays: Arrays) -> None:
        """Store the games of a chunk."""
        self._replace(self.chunk_file(chunk), lambda file: np.savez(file, **arrays))  # type: ignore[arg-type]

    def read_chunk(self, job: Job, chunk: int) -> dict[str, NDArray[Any]]:
        """The games of a chunk."""
        _, start, stop = job.place(chunk)
        with _whole(path := self.chunk_file(chunk)), np.load(path, allow_pickle=False) as arrays:
            found = {field.name: arrays[field.name] for field in job.fields}
            for field in job.fields:
                if found[field.name].shape != (*field.shape, stop - start) or found[field.name].dtype != field.dtype:
                    raise ValueError(f"{field.name} is no array of the games of this chunk")
        return found

    def write_statistics(self, chunks: int, tallies: Sequence[Tally]) -> None:
        """Store the counts of the first `chunks` chunks, one tally a scenario."""
        text = json.dumps({"chunks": chunks, "tallies": [tally.as_json() for tally in tallies]})
        self._replace(self.statistics_file, lambda file: file.write(text.encode()))

    def read_statistics(self) -> tuple[int, list[Tally]]:
        """How many chunks are counted, and the tally of each scenario."""
        if not self.statistics_file.exists():
            return 0, [Tally.empty() for _ in self.manifest["design"]["scenarios"]]
        data = _read_json(self.statistics_file)
        with _whole(self.statistics_file):
            return int(data["chunks"]), [tally_from_json(tally) for tally in data["tallies"]]

    def _replace(self, path: Path, write: Callable[[IO[bytes]], object]) -> None:
        replace_file(path, write, advice=GO_ON)

    def consolidate(self, job: Job) -> Path:
        """Write the NetCDF file from the chunks, one at a time, and drop them."""
        with netcdf_in_place(self.dataset_file, advice=GO_ON) as file:
            skeleton(self.manifest, job).to_netcdf(file, engine="h5netcdf")  # type: ignore[call-overload]
            self._append(file, job)
        self.drop_chunks()
        return self.dataset_file

    def _append(self, whole: DeferredFile, job: Job) -> None:
        import h5netcdf

        design = job.design
        with h5netcdf.File(whole, "r+") as file:
            variables = {}
            for field in job.fields:
                variables[field.name] = file.create_variable(field.name, (*field.dims, *design.dims), field.dtype)
                variables[field.name].attrs.update(field.attributes)
            for chunk in range(job.chunks):
                whole.check()
                scenario, start, stop = job.place(chunk)
                first = scenario * design.games_each + start
                arrays = self.read_chunk(job, chunk)
                for box, part in boxes(first, first + stop - start, design.shape):
                    shape = tuple(s.stop - s.start for s in box)
                    for field in job.fields:
                        place = (*(slice(None) for _ in field.dims), *box)
                        part_of = arrays[field.name][..., part].reshape(*field.shape, *shape)
                        variables[field.name][place if place else ...] = part_of

    def games(self, job: Job, chunks: Iterable[int]) -> Iterator[tuple[int, dict[str, NDArray[Any]]]]:
        """What is stored of the games of these chunks and counted, from the NetCDF file once that is there."""
        if not self.dataset_file.exists():
            for chunk in chunks:
                yield chunk, self.read_chunk(job, chunk)
            return
        import h5netcdf

        with _whole(self.dataset_file), h5netcdf.File(self.dataset_file, "r") as file:
            for chunk in chunks:
                scenario, start, stop = job.place(chunk)
                first = scenario * job.design.games_each + start
                parts = [box for box, _ in boxes(first, first + stop - start, job.design.shape)]
                fields = [field for field in job.fields if field.name in job.counted]
                yield chunk, {field.name: _read_boxes(file[field.name], field, parts) for field in fields}

    def drop_chunks(self) -> None:
        """Remove the chunks of a sweep whose NetCDF file is there."""
        shutil.rmtree(self.folder / "chunks", ignore_errors=True)

    def close(self) -> None:
        """Let another process go on with this folder."""
        if self._lock is not None:
            self._lock.close()


@contextlib.contextmanager
def _whole(path: Path) -> Iterator[None]:
    """Answer a file of the store that is not what was written there with what to do."""
    try:
        yield
    except (zipfile.BadZipFile, ValueError, TypeError, LookupError, AttributeError, OSError) as error:
        why = shorten(str(error), 200)
        raise BadInput(Fault(shown(path), "", f"is damaged ({why}); delete it and go on with --resume")) from None


def _read_boxes(variable: Any, field: Field, parts: Sequence[tuple[slice, ...]]) -> NDArray[Any]:
    """The games in these boxes of a variable, along one axis."""
    found = []
    for box in parts:
        place = (*(slice(None) for _ in field.dims), *box)
        found.append(np.asarray(variable[place if place else ...]).reshape(*field.shape, -1))
    return np.concatenate(found, axis=-1)


def open_store(folder: Path, described: Mapping[str, Any], points: Mapping[str, Any], resume: bool) -> Store:
    """The store for a sweep: a new folder, or with `resume` one that holds the same sweep unfinished.

    Raises
    ------
    BadInput
        If the folder holds something else, or the same and `resume` is not set, or another process writes to it.
    """
    where = shown(folder)
    path = folder / "manifest.json"
    is_new = not path.exists()
    if is_new and folder.exists() and (not folder.is_dir() or any(p.name not in _OWN for p in folder.iterdir())):
        raise BadInput(Fault("--out", where, "is there and is no sweep's folder; name a new one"))
    with disk_faults(folder, advice=GO_ON):
        if is_new:
            (folder / "chunks").mkdir(parents=True, exist_ok=True)
        lock = _locked(folder)
    with _unlocked_by_failure(lock):
        if path.exists():  # perhaps only since another process, that began at the same moment, has let go of the lock
            known = read_manifest(folder)
            if not resume:
                raise BadInput(
                    Fault("--out", where, "holds a sweep already; add --resume to go on with it, or name another")
                )
            _check_same(known, described, where)
            return Store(folder, known, lock)
        if points:
            replace_file(folder / "points.npz", lambda file: np.savez(file, **points), advice=GO_ON)
        replace_file(path, lambda file: file.write(json.dumps(described, indent=1).encode()), advice=GO_ON)
    return Store(folder, dict(described), lock)


@contextlib.contextmanager
def _unlocked_by_failure(lock: IO[bytes] | None) -> Iterator[None]:
    """Let go of a lock where the store is not opened after all."""
    try:
        yield
    except BaseException:
        if lock is not None:
            lock.close()
        raise


#: What a run that was killed before its manifest was written leaves behind.
_OWN = {"chunks", "points.npz", "points.npz.part", "manifest.json.part", "lock"}


def _check_same(known: Mapping[str, Any], described: Mapping[str, Any], where: str) -> None:
    differing = [key for key in _IDENTITY if known.get(key) != described.get(key)]
    if "design" in differing:
        before, now = known["design"], described["design"]
        differing += [f"design.{key}" for key in now if before.get(key) != now[key]]
        differing.remove("design")
    if differing:
        raise BadInput(
            Fault(
                "--resume", where, f"this folder holds another sweep; {', '.join(differing)} differ. Name a new folder"
            )
        )


def _locked(folder: Path) -> IO[bytes] | None:
    """A lock on the folder that ends with this process, however it ends; None where there is no such thing."""
    try:
        import fcntl
    except ImportError:
        return None
    lock = (folder / "lock").open("ab")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        lock.close()
        raise BadInput(Fault("--out", shown(folder), "another process is writing to this folder")) from None
    except OSError:  # a file system without locks
        lock.close()
        return None
    return lock


@contextlib.contextmanager
def netcdf_in_place(path: Path, option: str = "--out", advice: str = MAKE_ROOM) -> Iterator[DeferredFile]:
    """A file to write NetCDF into, which takes its place at the end; a failed attempt leaves nothing behind."""
    with in_place(path, option, advice, buffering=0) as file:
        deferred = DeferredFile(cast("FileIO", file))  # unbuffered
        yield deferred
        deferred.check()


def _read_json(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadInput(Fault(shown(path), "", "no such file; this is no folder of a sweep")) from None
    except (OSError, ValueError) as error:
        raise BadInput(Fault(shown(path), "", f"cannot be read: {shorten(str(error))}")) from None
    if not isinstance(data, dict):
        raise BadInput(Fault(shown(path), "", "expected one JSON object"))
    return data


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a sweep's folder; raises BadInput where it is of another triad than the one in use."""
    data = _read_json(folder / "manifest.json")
    if data.get("schema") != SCHEMA:
        raise BadInput(Fault(shown(folder), "schema", f"found {shorten(data.get('schema'))}; expected {SCHEMA}"))
    missing = [key for key in (*_IDENTITY, "chunk") if key not in data and key != "method"]
    if missing or not isinstance(data["design"], dict):
        message = f"is damaged: {', '.join(missing) or 'design'} cannot be read; name a new folder"
        raise BadInput(Fault(shown(folder / "manifest.json"), "", message))
    players = data.get("players", list(SHIPPED_CODES))
    if players != list(PLAYERS):
        message = (
            f"found {shorten(players)}; this sweep is of another triad than the one in use: name its file by --triad"
        )
        raise BadInput(Fault(shown(folder), "players", message))
    return data


def read_design(folder: Path) -> Design:
    """The design of a sweep's folder; no model is needed for its points."""
    data = read_manifest(folder)
    points = {}
    if data["points"] is not None:
        with _whole(path := folder / "points.npz"), np.load(path, allow_pickle=False) as arrays:
            points = {name: arrays[name] for name in arrays.files}
    with _whole(folder / "manifest.json"):
        return design_from_json(data["design"], points)


def load(folder: Path) -> xarray.Dataset:
    """The results in a sweep's folder, complete or not; they need no model.

    Of an unfinished sweep, games that are not yet computed have ``mask`` 0 and ``computed`` false.
    """
    import xarray

    store = Store(folder, read_manifest(folder))
    if store.manifest["counts_only"]:
        raise BadInput(Fault(shown(folder), "", "this sweep kept counts only; see its statistics.json"))
    if store.dataset_file.exists():
        with _whole(store.dataset_file):
            return xarray.load_dataset(store.dataset_file, engine="h5netcdf")
    design = read_design(folder)
    job = Job(
        design,
        {},
        ({},) * len(design.scenarios),
        tuple(store.manifest["margins"]),
        chunk=store.manifest["chunk"],
        takeover=_takeover_of(store.manifest),
    )
    found = {chunk: store.read_chunk(job, chunk) for chunk in sorted(store.done(job))}
    dataset = assemble(store.manifest, job, found)
    computed = np.zeros(design.games, dtype=bool)
    for chunk in found:
        scenario, start, stop = job.place(chunk)
        computed[scenario * design.games_each + start : scenario * design.games_each + stop] = True
    dataset["computed"] = (design.dims, computed.reshape(design.shape), {"long_name": "whether the game is computed"})
    return dataset


def _takeover_of(described: Mapping[str, Any]) -> Takeover:
    return takeover_from_json(described.get("method", {"name": "pure"}))


def load_statistics(folder: Path) -> dict[str, Tally]:
    """The tally of each scenario of a sweep that kept counts only."""
    store = Store(folder, read_manifest(folder))
    _, tallies = store.read_statistics()
    return dict(zip(store.manifest["design"]["scenarios"], tallies, strict=True))


def assemble(
    described: Mapping[str, Any], job: Job, chunks: Mapping[int, Mapping[str, NDArray[Any]]]
) -> xarray.Dataset:
    """The Dataset of these chunks, all in memory; games of chunks that are missing have mask 0, others NaN or 0."""
    design = job.design
    whole = {
        field.name: np.full((*field.shape, design.games), field.missing, dtype=field.dtype) for field in job.fields
    }
    for chunk, arrays in chunks.items():
        scenario, start, stop = job.place(chunk)
        here = slice(scenario * design.games_each + start, scenario * design.games_each + stop)
        for name, array in whole.items():
            array[..., here] = arrays[name]
    dataset = skeleton(described, job)
    for field in job.fields:
        array = whole[field.name].reshape(*field.shape, *design.shape)
        dataset[field.name] = ((*field.dims, *design.dims), array, dict(field.attributes))
    return dataset


def skeleton(described: Mapping[str, Any], job: Job) -> xarray.Dataset:
    """The Dataset without the games: coordinates with units, the points where they are few, the manifest."""
    import xarray

    design = job.design
    coordinates: dict[str, Any] = {}
    if len(design.scenarios) > 1:
        coordinates["scenario"] = list(design.scenarios)
    for name, values in design.axes:
        about = {"units": described["units"][name], "long_name": described["meanings"][name]}
        coordinates[name] = (name, np.asarray(values), about)
    if design.sampling is not None:
        coordinates[design.dims[-1]] = np.arange(design.samples)
    if kind_of(design) == "scrambles":
        own = np.arange(design.samples) // (design.samples // design.replicates)
        coordinates["replicate"] = (design.dims[-1], own, {"long_name": "which independently randomised design"})
    coordinates |= {field.lead: list(field.labels) for field in job.fields if field.lead}
    dataset = xarray.Dataset(coords=coordinates)
    _carry_points(dataset, described, design)
    dataset.attrs = {
        "title": f"triangle sweep: {_TITLES[job.takeover.method]} of {design.games:,} games",
        "method": job.takeover.method,
        "triangle_version": described["version"],
        "scenarios": ", ".join(design.scenarios),
        "seed": design.seed,
        "design": design.sampling or "grid",
        "digest": described["digest"],
        "manifest": json.dumps(described),
    }
    return dataset


def _carry_points(dataset: xarray.Dataset, described: Mapping[str, Any], design: Design) -> None:
    """Add ``inputs[parameter, (scenario,) sample]``, what the samples are, where that is no large table."""
    names = list(design.points) or [p.name for p in design.drawn]
    if not names or len(names) * design.samples * len(design.scenarios) > MAX_CARRIED:
        return
    table = np.stack([design_values(design, scenario, names) for scenario in range(len(design.scenarios))], axis=1)
    dims = ("parameter", "scenario", design.dims[-1])
    units = [described["units"][name] for name in names]
    dataset.coords["parameter"] = names
    dataset.coords["unit"] = ("parameter", units)
    if len(design.scenarios) > 1:
        dataset["inputs"] = (dims, table, {"long_name": "value of each drawn parameter, in its unit"})
    else:
        dataset["inputs"] = (dims[::2], table[:, 0], {"long_name": "value of each drawn parameter, in its unit"})


def design_values(design: Design, scenario: int, names: Sequence[str]) -> NDArray[np.float64]:
    """Values of the drawn or listed parameters ``[parameter, sample]`` in a scenario."""
    table = np.empty((len(names), design.samples))
    for here, values in design.blocks(scenario, 0, design.samples):
        for row, name in enumerate(names):
            table[row, here] = values.numbers[name]
    return table


def boxes(start: int, stop: int, shape: Sequence[int]) -> Iterator[tuple[tuple[slice, ...], slice]]:
    """The places `start` to `stop` of an array in C order as boxes of it, each with its part of the places.

    >>> [tuple((s.start, s.stop) for s in box) for box, _ in boxes(2, 9, (3, 4))]
    [((0, 1), (2, 4)), ((1, 2), (0, 4)), ((2, 3), (0, 1))]
    """
    first = start
    while start < stop or (not shape and start == first):
        if not shape:
            yield (), slice(0, 1)
            return
        axis, size = len(shape) - 1, 1
        while axis > 0 and start % (size * shape[axis]) == 0 and start + size * shape[axis] <= stop:
            size *= shape[axis]
            axis -= 1
        row, place = divmod(start // size, shape[axis])
        count = min((stop - start) // size, shape[axis] - place)
        lead = np.unravel_index(row, shape[:axis]) if axis else ()
        box = (
            *(slice(int(i), int(i) + 1) for i in lead),
            slice(place, place + count),
            *(slice(0, n) for n in shape[axis + 1 :]),
        )
        yield box, slice(start - first, start - first + count * size)
        start += count * size
