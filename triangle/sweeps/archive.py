"""The store of a sweep: a folder that is valid at any moment, and one NetCDF file at the end.

======================  ================================================================================================
``manifest.json``       what is computed: scenario text, digests, version, seed, design, settings; written first
``points.npz``          listed points, where the design has them
``chunks/NNNNNNNN.npz`` the games of one chunk, while the sweep is under way
``sweep.nc``            the whole, once all chunks are there; it takes the place of ``chunks/``
``sweep.nc.sha256``     its digest, as ``sha256sum --check`` reads it
``statistics.json``     counts only: the tally, and the chunks that it covers
======================  ================================================================================================

Every file is written beside its place and then renamed into it, so that a reader or a later run finds it whole or not
at all, whenever the writer was killed. Every file carries a digest and says of which sweep it is; links are not
followed. Archives from before there were digests are read as they are, their types and sums checked. Loading needs no
model: the design in the manifest gives the points back.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import typing
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from triangle.base.errors import BadInput, Fault, TriangleError, shorten
from triangle.base.files import shown
from triangle.base.records import from_document, to_document
from triangle.base.writing import anything, disk_faults, in_place, is_temporary, replace_file
from triangle.batch.takeover import read_takeover, write_takeover
from triangle.model.model import Model
from triangle.players.cast import SHIPPED, Cast
from triangle.sweeps.deferred import DeferredFile
from triangle.sweeps.design import BLOCK, Design, design_of
from triangle.sweeps.digest import code_digest, model_digest
from triangle.sweeps.fields import Field
from triangle.sweeps.job import Arrays, Job, Pieces
from triangle.sweeps.replicates import kind_of
from triangle.sweeps.tally import Tally

if TYPE_CHECKING:
    from io import FileIO

    import xarray

SCHEMA = "triangle.run/1"

#: What to do where the disk is full and a sweep is under way.
GO_ON = "what is stored stays valid: make room and go on with --resume"

#: Most numbers of the drawn or listed points that the result carries along; longer ones come from the design.
MAX_CARRIED = 5_000_000

#: Largest manifest and statistics that are read, in bytes: those of grids of millions of values are a tenth of it.
MAX_JSON = 1_000_000_000

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
    varied = set(job.design.varied)
    described = {
        "schema": SCHEMA,
        "version": version,
        "players": list(job.cast.codes),
        "cast": to_document(job.cast),
        "words": job.cast.sets.words,
        "digest": model_digest(model),
        "code": code_digest(job.takeover.method),
        "numpy": np.__version__,
        "backend": job.backend,
        "scenario_texts": dict(texts),
        "units": {name: model.catalogue[name].unit for name in sorted(varied)},
        "meanings": {name: model.catalogue[name].meaning for name in sorted(varied)},
        "design": to_document(job.design),
        "points": _digest_of_points(job.design.points) if job.design.points else None,
        "form": model.form.name,
        "holds": [{job.cast.codes[player]: action for player, action in sorted(hold.items())} for hold in job.holds],
        "margins": list(job.margins),
        "method": write_takeover(job.takeover),
        "counts_only": job.counts_only,
        "chunk": job.chunk,
        "sums": "sha256",
    }
    loaded: dict[str, Any] = json.loads(json.dumps(described))
    return loaded


def _digest_of_points(points: Mapping[str, NDArray[Any]]) -> str:
    digest = hashlib.sha256()
    for name, column in sorted(points.items()):
        digest.update(name.encode() + np.ascontiguousarray(column).tobytes())
    return digest.hexdigest()


def _digest_of(data: object) -> str:
    """Digest of what a JSON file says, however it is laid out."""
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Kind:
    """What a folder holds, and how one of it is told from others.

    Attributes
    ----------
    schema : str
    what : str
        What it is called.
    option : str
        The option that names the folder.
    identity : tuple of str
        Keys of a manifest that must agree for a run to go on; the others describe.
    sound : mapping of str to function
        What the fields of a manifest must be to be read.
    """

    schema: str
    what: str
    option: str
    identity: tuple[str, ...]
    sound: Mapping[str, Callable[[Any], bool]]


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
    def digest_file(self) -> Path:
        """The digest of the NetCDF file."""
        return self.folder / "sweep.nc.sha256"

    @property
    def statistics_file(self) -> Path:
        """The counts of a sweep that keeps no games."""
        return self.folder / "statistics.json"

    def chunk_file(self, chunk: int) -> Path:
        """Where the games of a chunk lie."""
        return self.folder / "chunks" / f"{chunk:08}.npz"

    def done(self, job: Pieces) -> set[int]:
        """Chunks of the job whose games are stored, whole and readable."""
        found = {int(path.stem): path for path in self._chunk_files()}
        return {chunk for chunk, path in found.items() if chunk < job.chunks and zipfile.is_zipfile(_itself(path))}

    def _chunk_files(self) -> list[Path]:
        folder = _itself(self.folder / "chunks", is_folder=True)
        return [path for path in folder.glob("*.npz") if path.name == f"{path.stem:0>8}.npz" and path.stem.isdecimal()]

    def write_chunk(self, chunk: int, arrays: Arrays) -> None:
        """Store the games of a chunk."""
        self._replace(self.chunk_file(chunk), lambda file: np.savez(file, **arrays, of=self._mark(chunk)))  # type: ignore[arg-type]

    def _mark(self, chunk: int) -> NDArray[Any]:
        """What a chunk's file says of itself: of which sweep it is, and which chunk."""
        return np.array([self._identity, str(chunk)])

    @cached_property
    def _identity(self) -> str:
        return _digest_of(self.manifest)

    def read_chunk(self, job: Pieces, chunk: int) -> dict[str, NDArray[Any]]:
        """The games of a chunk."""
        _, start, stop = job.place(chunk)
        with _whole(self.chunk_file(chunk)), _arrays(self.chunk_file(chunk)) as arrays:
            if "sums" in self.manifest and arrays["of"].tolist() != self._mark(chunk).tolist():
                raise ValueError("another chunk, or one of another sweep")
            found = {field.name: arrays[field.name] for field in job.fields}
            for field in job.fields:
                if found[field.name].shape != (*field.shape, stop - start) or found[field.name].dtype != field.dtype:
                    raise ValueError(f"{field.name} is no array of the games of this chunk")
        return found

    def write_statistics(self, chunks: int, tallies: Sequence[Tally]) -> None:
        """Store the counts of the first `chunks` chunks, one tally a scenario."""
        data = {"of": self._identity, "chunks": chunks, "tallies": [to_document(tally) for tally in tallies]}
        self._replace(self.statistics_file, lambda file: file.write(_sealed(data)))

    def read_statistics(self, job: Job) -> tuple[int, list[Tally]]:
        """How many chunks are counted, and the tally of each scenario."""
        if not self.statistics_file.exists():
            return 0, [Tally.empty(job.cast) for _ in job.design.scenarios]
        data = _read_json(self.statistics_file)
        with _whole(self.statistics_file):
            if "sums" in self.manifest and data["of"] != self._identity:
                raise ValueError("of another sweep")
            chunks = data["chunks"]
            if type(chunks) is not int or not 0 <= chunks <= job.chunks:
                raise ValueError(f"chunks is {shorten(chunks)}")
            tallies = [from_document(Tally, tally, "tally", job.cast) for tally in data["tallies"]]
            claimed = [0] * len(job.design.scenarios)
            for scenario, start, stop in map(job.place, range(chunks)):
                claimed[scenario] += stop - start
            if [tally.games for tally in tallies] != claimed:
                raise ValueError("the games counted are not those of the chunks that it covers")
            return chunks, tallies

    def _replace(self, path: Path, write: Callable[[IO[bytes]], object]) -> None:
        _replace_own(path, write)

    def consolidate(self, job: Job) -> Path:
        """Write the NetCDF file from the chunks, one at a time, and drop them."""
        _itself(self.dataset_file)
        with in_place(self.dataset_file, advice=GO_ON, may_replace=anything, buffering=0) as raw:
            with _deferred(raw) as file:
                skeleton(self.manifest, job).to_netcdf(file, engine="h5netcdf")  # type: ignore[call-overload]
                self._append(file, job)
            line = f"{_digest_of_file(raw)}  {self.dataset_file.name}\n"
            self._replace(self.digest_file, lambda file: file.write(line.encode()))
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

        self.check_dataset()
        with _whole(self.dataset_file), h5netcdf.File(self.dataset_file, "r") as file:
            for field in job.fields:
                if file[field.name].shape != (*field.shape, *job.design.shape) or file[field.name].dtype != field.dtype:
                    raise ValueError(f"{field.name} is no array of the games of this sweep")
            for chunk in chunks:
                scenario, start, stop = job.place(chunk)
                first = scenario * job.design.games_each + start
                parts = [box for box, _ in boxes(first, first + stop - start, job.design.shape)]
                fields = [field for field in job.fields if field.name in job.counted]
                yield chunk, {field.name: _read_boxes(file[field.name], field, parts) for field in fields}

    def check_dataset(self) -> None:
        """Raise BadInput unless the NetCDF file is the one that was written here; of old archives, one of the sweep."""
        import h5py

        path = _itself(self.dataset_file)
        if "sums" in self.manifest:
            with _whole(self.digest_file), _itself(self.digest_file).open("rb") as file:
                known = file.read(200).split()[0].decode()
            with path.open("rb") as file:
                if _digest_of_file(file) != known:
                    raise _damaged(path, "its digest is not the one in sweep.nc.sha256")
        with _whole(path), h5py.File(path, "r") as opened:
            if json.loads(opened.attrs["manifest"]) != self.manifest:
                raise ValueError("of another sweep than manifest.json")

    def drop_chunks(self) -> None:
        """Remove the chunks of a sweep whose NetCDF file is there, and what killed runs left; nothing else."""
        with contextlib.suppress(OSError):
            for path in self._chunk_files():
                path.unlink()
            _drop_temporary(self.folder / "chunks")
            (self.folder / "chunks").rmdir()

    def close(self) -> None:
        """Let another process go on with this folder."""
        if self._lock is not None:
            self._lock.close()


@contextlib.contextmanager
def _whole(path: Path) -> Iterator[None]:
    """Answer a file of the store that is not what was written there with what to do."""
    _itself(path)
    try:
        yield
    except BadInput as error:  # of a record in the file; those of a file inside say themselves what to do
        if any(advice in fault.message for fault in error.faults for advice in ("is damaged", "is a link")):
            raise
        raise _damaged(path, "; ".join(f"{f.file}.{f.key} {f.message}" for f in error.faults)) from None
    except Exception as error:  # libraries raise whatever a broken file makes of them
        if isinstance(error, TriangleError) or (isinstance(error, MemoryError) and path.suffix != ".npz"):
            raise
        raise _damaged(path, str(error) or type(error).__name__) from None


def _damaged(path: Path, why: str) -> BadInput:
    advice = "name a new folder" if path.name == "manifest.json" else "delete it and go on with --resume"
    return BadInput(Fault(shown(path), "", f"is damaged ({shorten(why, 200)}); {advice}"))


def _itself(path: Path, is_folder: bool = False) -> Path:
    """A path in a sweep's folder; raises BadInput where it is a link or a device, which nothing here writes."""
    if path.is_symlink() or (path.exists() and not (path.is_dir() if is_folder else path.is_file())):
        message = (
            f"is a link, or no {'folder' if is_folder else 'file'}; the folder of a sweep holds its files themselves"
        )
        raise BadInput(Fault(shown(path), "", message))
    return path


def _replace_own(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    replace_file(_itself(path), write, advice=GO_ON, may_replace=anything)


def _sealed(data: Mapping[str, Any], indent: int | None = None) -> bytes:
    """A JSON document with the digest of what it says."""
    return json.dumps({**data, "sum": _digest_of(data)}, indent=indent).encode()


def _digest_of_file(file: IO[bytes]) -> str:
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]


def _drop_temporary(folder: Path) -> None:
    """Remove what a killed run left half-written."""
    for path in folder.glob(".*"):
        if is_temporary(path.name):
            path.unlink()


def _read_boxes(variable: Any, field: Field, parts: Sequence[tuple[slice, ...]]) -> NDArray[Any]:
    """The games in these boxes of a variable, along one axis."""
    found = []
    for box in parts:
        place = (*(slice(None) for _ in field.dims), *box)
        found.append(np.asarray(variable[place if place else ...]).reshape(*field.shape, -1))
    return np.concatenate(found, axis=-1)


def open_store(
    folder: Path, described: Mapping[str, Any], points: Mapping[str, Any], resume: bool, kind: Kind | None = None
) -> Store:
    """The store for a sweep: a new folder, or with `resume` one that holds the same sweep unfinished.

    With a `kind`, the store of what that says in place of a sweep.

    Raises
    ------
    BadInput
        If the folder holds something else, or the same and `resume` is not set, or another process writes to it.
    """
    kind = kind or SWEEP
    where = shown(folder)
    path = folder / "manifest.json"
    is_new = not path.exists()
    if is_new and folder.exists() and (not folder.is_dir() or not _is_begun(folder, described)):
        raise BadInput(Fault(kind.option, where, f"is there and is no {kind.what}'s folder; name a new one"))
    with disk_faults(folder, advice=GO_ON):
        if is_new:
            (folder / "chunks").mkdir(parents=True, exist_ok=True)
        lock = _locked(folder, kind.option)
    with _unlocked_by_failure(lock):
        if path.exists():  # perhaps only since another process, that began at the same moment, has let go of the lock
            known = read_manifest(folder, kind)
            if not resume:
                message = f"holds a {kind.what} already; add --resume to go on with it, or name another"
                raise BadInput(Fault(kind.option, where, message))
            _check_same(known, described, where, kind)
            for place in (folder, folder / "chunks"):
                _drop_temporary(place)
            return Store(folder, known, lock)
        if points:
            _replace_own(folder / "points.npz", lambda file: np.savez(file, **points))
        _replace_own(path, lambda file: file.write(_sealed(described, 1)))
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


def _is_begun(folder: Path, described: Mapping[str, Any]) -> bool:
    """Whether a folder without a manifest holds no more than a run leaves that was killed before it wrote one."""
    for path in folder.iterdir():
        begun = path.name == "lock" or is_temporary(path.name)
        begun |= path.name == "chunks" and path.is_dir() and not any(path.iterdir())
        begun |= path.name == "points.npz" and described.get("points") == _digest_of_points(_read_points(path))
        if not begun:
            return False
    return True


def _check_same(known: Mapping[str, Any], described: Mapping[str, Any], where: str, kind: Kind) -> None:
    differing = [_difference(key, known.get(key), described.get(key)) for key in kind.identity if key != "design"
                 and known.get(key) != described.get(key)]  # fmt: skip
    before, now = known.get("design", {}), described.get("design", {})
    differing += [_difference(f"design.{key}", before.get(key), now[key]) for key in now if before.get(key) != now[key]]
    if differing:
        message = f"this folder holds another {kind.what}; {', '.join(differing)}. Name a new folder"
        raise BadInput(Fault("--resume", where, message))


def _difference(key: str, before: object, now: object) -> str:
    """What differs, and how where both are short enough to be read."""
    told = all(isinstance(x, int | float | str) and len(str(x)) <= 32 for x in (before, now))
    return f"{key} is {shorten(before)} there, {shorten(now)} here" if told else f"{key} differs"


def _locked(folder: Path, option: str) -> IO[bytes] | None:
    """A lock on the folder that ends with this process, however it ends; None where there is no such thing."""
    try:
        import fcntl
    except ImportError:
        return None
    lock = _itself(folder / "lock").open("ab")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        lock.close()
        raise BadInput(Fault(option, shown(folder), "another process is writing to this folder")) from None
    except OSError:  # a file system without locks
        lock.close()
        return None
    return lock


@contextlib.contextmanager
def netcdf_in_place(path: Path, option: str) -> Iterator[DeferredFile]:
    """A file to write NetCDF into, which takes its place at the end; a failed attempt leaves nothing behind."""
    with in_place(path, option, buffering=0) as raw, _deferred(raw) as file:
        yield file


@contextlib.contextmanager
def _deferred(file: IO[bytes]) -> Iterator[DeferredFile]:
    """An unbuffered file as the HDF5 library writes one; what it could not write is raised at the end."""
    deferred = DeferredFile(typing.cast("FileIO", file))
    yield deferred
    deferred.check()


#: What the fields of a manifest must be to be read; those of the design are checked where it is made.
_SOUND: dict[str, Callable[[Any], bool]] = {
    **dict.fromkeys(("version", "digest", "code"), lambda value: isinstance(value, str)),
    **dict.fromkeys(("design", "units", "meanings", "scenario_texts"), lambda value: isinstance(value, dict)),
    "points": lambda value: value is None or isinstance(value, str),
    "holds": lambda value: isinstance(value, list) and all(isinstance(hold, dict) for hold in value),
    "margins": lambda value: isinstance(value, list) and all(type(p) is int for p in value),
    "counts_only": lambda value: isinstance(value, bool),
    "chunk": lambda value: type(value) is int and value >= BLOCK and value % BLOCK == 0,
    "method": lambda value: value is None or isinstance(value, dict),
    "sums": lambda value: value in (None, "sha256"),
}


def _read_json(path: Path) -> dict[str, Any]:
    try:
        if _itself(path).stat().st_size > MAX_JSON:
            raise _damaged(path, f"over {MAX_JSON:,} bytes")
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadInput(Fault(shown(path), "", "no such file; this is no folder of a sweep")) from None
    except (OSError, ValueError, RecursionError) as error:
        raise BadInput(Fault(shown(path), "", f"cannot be read: {shorten(str(error))}")) from None
    if not isinstance(data, dict):
        raise BadInput(Fault(shown(path), "", "expected one JSON object"))
    said = data.pop("sum", None)
    # What was written before there were digests has none of what came with them.
    if (said is not None or not data.keys().isdisjoint(("sums", "of"))) and said != _digest_of(data):
        raise _damaged(path, "its digest is not that of what it says")
    return data


#: The folder of a sweep.
SWEEP = Kind(SCHEMA, "sweep", "--out", _IDENTITY, _SOUND)


def read_manifest(folder: Path, kind: Kind = SWEEP) -> dict[str, Any]:
    """The manifest of a folder."""
    data = _read_json(folder / "manifest.json")
    if data.get("schema") != kind.schema:
        raise BadInput(Fault(shown(folder), "schema", f"found {shorten(data.get('schema'))}; expected {kind.schema}"))
    damaged = [key for key, is_sound in kind.sound.items() if not is_sound(data.get(key))]
    if damaged:
        message = f"is damaged: {', '.join(damaged)} cannot be read; name a new folder"
        raise BadInput(Fault(shown(folder / "manifest.json"), "", message))
    return data


def cast_of(described: Mapping[str, Any], cast: Cast | None = None, file: str = "") -> Cast:
    """Who plays in a sweep, by its manifest; older ones name the players only.

    Parameters
    ----------
    cast : Cast, optional
        Who is expected to.

    Raises
    ------
    BadInput
        If others play than are expected, or if nothing says what they are called.
    """
    codes = described.get("players", list(SHIPPED.codes))
    written = from_document(Cast, described["cast"], f"{file}: cast") if "cast" in described else None
    found = next((one for one in (cast, written, SHIPPED) if one is not None and list(one.codes) == codes), None)
    if found is None or (cast is not None and to_document(written or found) != to_document(cast)):
        message = f"found {shorten(codes)}; this sweep is of another triad: name its file by --triad"
        raise BadInput(Fault(file, "players", message))
    # Older sweeps do not say it: their sets have one word.
    if described.get("words", 1) != found.sets.words:
        message = f"found {shorten(described['words'])}; expected {found.sets.words}"
        raise BadInput(Fault(file, "words", f"{message} for sets of {found.sets.profiles} profiles"))
    if not all(0 <= profile < len(found.profiles) for profile in described["margins"]):
        raise BadInput(Fault(file, "margins", f"expected profiles 0 to {len(found.profiles) - 1}"))
    return found


def players_of(dataset: xarray.Dataset, cast: Cast | None = None) -> Cast:
    """Who plays in the games of a sweep; see :func:`cast_of`."""
    return cast_of(json.loads(dataset.attrs["manifest"]), cast)


def read_design(folder: Path) -> Design:
    """The design of a sweep's folder; no model is needed for its points."""
    return _design_of(folder, read_manifest(folder))


def _design_of(folder: Path, described: Mapping[str, Any]) -> Design:
    points = {}
    if described["points"] is not None:
        points = _read_points(path := folder / "points.npz")
        if _digest_of_points(points) != described["points"]:
            raise _damaged(path, "these are not the points of manifest.json")
    with _whole(folder / "manifest.json"):
        return design_of(described["design"], points)


@contextlib.contextmanager
def _arrays(path: Path) -> Iterator[Any]:
    """The arrays of a file; numpy by itself leaves one open that it cannot read."""
    with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
        yield arrays


def _read_points(path: Path) -> dict[str, NDArray[Any]]:
    with _whole(path), _arrays(path) as arrays:
        return {name: arrays[name] for name in arrays.files}


def _job_of(folder: Path, described: Mapping[str, Any], cast: Cast | None) -> Job:
    """The work of a sweep's folder, which can be read from it and not computed: it has no terms."""
    design = _design_of(folder, described)
    who = cast_of(described, cast, shown(folder))
    with _whole(folder / "manifest.json"):
        varied = [*dict(design.axes), *(p.name for p in design.drawn), *design.points]
        if not all(isinstance(described[about].get(name), str) for about in ("units", "meanings") for name in varied):
            raise ValueError("units or meanings of what varies are missing")
        takeover = read_takeover(described.get("method", {"name": "pure"}))
        empty: tuple[dict[int, int], ...] = ({},) * len(design.scenarios)
        margins = tuple(described["margins"])
        return Job(design, {}, who, empty, margins, bool(described["counts_only"]), described["chunk"], takeover)


def load(folder: Path, cast: Cast | None = None) -> xarray.Dataset:
    """The results in a sweep's folder, complete or not; they need no model.

    They say who plays; with `cast`, others than these are refused.

    Of an unfinished sweep, games that are not yet computed have ``mask`` 0 and ``computed`` false.
    """
    import xarray

    store = Store(folder, read_manifest(folder))
    if store.manifest["counts_only"]:
        raise BadInput(Fault(shown(folder), "", "this sweep kept counts only; see its statistics.json"))
    job = _job_of(folder, store.manifest, cast)
    design = job.design
    if _itself(store.dataset_file).exists():
        store.check_dataset()
        with _whole(store.dataset_file):
            loaded = xarray.load_dataset(store.dataset_file, engine="h5netcdf")
            for field in job.fields:
                if loaded[field.name].shape != (*field.shape, *design.shape) or loaded[field.name].dtype != field.dtype:
                    raise ValueError(f"{field.name} is no array of the games of this sweep")
            loaded.attrs["manifest"] = json.dumps(_saying_who(store.manifest, job.cast))
            return loaded
    found = {chunk: store.read_chunk(job, chunk) for chunk in sorted(store.done(job))}
    dataset = assemble(_saying_who(store.manifest, job.cast), job, found)
    computed = np.zeros(design.games, dtype=bool)
    for chunk in found:
        scenario, start, stop = job.place(chunk)
        computed[scenario * design.games_each + start : scenario * design.games_each + stop] = True
    about = {"long_name": "whether the game is computed"}
    dataset["computed"] = _variable(design.dims, computed.reshape(design.shape), about)
    return dataset


def _saying_who(described: Mapping[str, Any], cast: Cast) -> dict[str, Any]:
    """The manifest with what the players are called, which that of an older sweep does not say."""
    return {**described, "players": list(cast.codes), "cast": to_document(cast)}


def load_statistics(folder: Path, cast: Cast | None = None) -> dict[str, Tally]:
    """The tally of each scenario of a sweep that kept counts only."""
    store = Store(folder, read_manifest(folder))
    _, tallies = store.read_statistics(_job_of(folder, store.manifest, cast))
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
        dataset[field.name] = _variable((*field.dims, *design.dims), array, dict(field.attributes))
    return dataset


def _variable(dims: Any, values: Any, about: Mapping[str, str] | None = None) -> xarray.Variable:
    """An array with names of dimensions, taken as it is: or all of Dask is loaded to see that it is none of its."""
    import xarray

    return xarray.Variable(dims, np.asarray(values), about, fastpath=True)


def skeleton(described: Mapping[str, Any], job: Job) -> xarray.Dataset:
    """The Dataset without the games: coordinates with units, the points where they are few, the manifest."""
    import xarray

    design = job.design
    coordinates: dict[str, Any] = {}
    if len(design.scenarios) > 1:
        coordinates["scenario"] = _variable("scenario", design.scenarios)
    for name, values in design.axes:
        about = {"units": described["units"][name], "long_name": described["meanings"][name]}
        coordinates[name] = _variable(name, values, about)
    if design.sampling is not None:
        coordinates[design.dims[-1]] = _variable(design.dims[-1], np.arange(design.samples))
    if kind_of(design) == "scrambles":
        own = np.arange(design.samples) // (design.samples // design.replicates)
        about = {"long_name": "which independently randomised design"}
        coordinates["replicate"] = _variable(design.dims[-1], own, about)
    coordinates |= {field.lead: _variable(field.lead, field.labels) for field in job.fields if field.lead}
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
    about = {"long_name": "value of each drawn parameter, in its unit"}
    dataset.coords["parameter"] = _variable("parameter", names)
    dataset.coords["unit"] = _variable("parameter", [described["units"][name] for name in names])
    if len(design.scenarios) > 1:
        dataset["inputs"] = _variable(dims, table, about)
    else:
        dataset["inputs"] = _variable(dims[::2], table[:, 0], about)


def design_values(design: Design, scenario: int, names: Sequence[str]) -> NDArray[np.float64]:
    """Values of the drawn or listed parameters ``[parameter, sample]`` in a scenario."""
    table = np.empty((len(names), design.samples))
    for here, numbers in design.blocks(scenario, 0, design.samples):
        for row, name in enumerate(names):
            table[row, here] = numbers[name]
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
