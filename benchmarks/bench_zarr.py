"""Would the store of a sweep be better kept by zarr 3, written region by region, than by chunks and one NetCDF file?

Run by hand where zarr is installed beside: ``python benchmarks/bench_zarr.py``. Three things are measured: what has to
be loaded before a result can be read, what writing the same games costs, and whether a process killed while it writes
leaves a store whose finished regions are whole. Ratios are taken in turn in one run, of processor time.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

GAMES, CHUNK = 2**18, 2**12
#: What a sweep keeps of a game by default, and the margin and payoffs it may keep.
FIELDS = {"mask": "u8", "margin": "f8", "payoff_us": "f8", "payoff_ru": "f8", "payoff_cn": "f8"}

LOADED = {
    "h5netcdf": "import h5netcdf, xarray",
    "zarr": "import zarr, xarray",
    "neither": "import numpy, xarray",
}


def loading() -> float:
    """Processor time of a process that loads a library, zarr beside h5netcdf."""
    taken = {name: _processor([sys.executable, "-c", line]) for name, line in LOADED.items()}
    return (taken["zarr"] - taken["neither"]) / max(taken["h5netcdf"] - taken["neither"], 1e-3)


def _processor(command: list[str]) -> float:
    before = os.times()
    subprocess.run(command, check=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def games(chunk: int) -> dict[str, np.ndarray]:
    """The games of a chunk; each number says which chunk it is of."""
    rng = np.random.default_rng(chunk)
    return {name: (rng.random(CHUNK) + chunk).astype(kind) for name, kind in FIELDS.items()}


def as_netcdf(folder: Path, arrays: list[dict[str, np.ndarray]]) -> None:
    """As it is done: one file a chunk, renamed into its place, and one NetCDF file of them all at the end."""
    import h5netcdf

    from triangle.base.writing import replace_file

    for chunk, found in enumerate(arrays):
        replace_file(folder / f"{chunk:08}.npz", lambda file, found=found: np.savez(file, **found))
    with h5netcdf.File(folder / "sweep.nc", "w") as file:
        file.dimensions = {"sample": GAMES}
        for name, kind in FIELDS.items():
            file.create_variable(name, ("sample",), kind)
        for chunk in range(len(arrays)):
            with np.load(folder / f"{chunk:08}.npz") as found:
                for name in FIELDS:
                    file[name][chunk * CHUNK : (chunk + 1) * CHUNK] = found[name]


def as_zarr(folder: Path, arrays: list[dict[str, np.ndarray]]) -> None:
    """By regions: every field its array, one more for which chunks are done, written last."""
    group = zarr_group(folder)
    for chunk, found in enumerate(arrays):
        write_region(group, chunk, found)


def zarr_group(folder: Path):  # type: ignore[no-untyped-def]
    """A new group of arrays, or the one that is there."""
    import zarr

    group = zarr.open_group(folder / "sweep.zarr", mode="a")
    for name, kind in FIELDS.items():
        group.require_array(name, shape=(GAMES,), chunks=(CHUNK,), dtype=kind, compressors=None)
    group.require_array("done", shape=(GAMES // CHUNK,), chunks=(1,), dtype="u1", compressors=None)
    return group


def write_region(group, chunk: int, found: dict[str, np.ndarray]) -> None:  # type: ignore[no-untyped-def]
    """The games of one chunk, then that they are there."""
    for name, values in found.items():
        group[name][chunk * CHUNK : (chunk + 1) * CHUNK] = values
    group["done"][chunk : chunk + 1] = 1


def killed(rng: random.Random) -> tuple[int, int, int]:
    """Regions done, those of them that are not whole, and files left behind, after a kill while they are written."""
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen([sys.executable, __file__, "--write", folder])
        while process.poll() is None and not list(Path(folder).glob("sweep.zarr/done/c/*")):
            time.sleep(0.01)
        time.sleep(rng.random() * 0.5)
        process.send_signal(signal.SIGKILL)
        process.wait()
        group = zarr_group(Path(folder))
        done = np.flatnonzero(group["done"][:])
        torn = sum(
            not all((group[name][c * CHUNK : (c + 1) * CHUNK] == games(c)[name]).all() for name in FIELDS) for c in done
        )
        left = sum(".partial" in path.name for path in Path(folder).rglob("*"))
        return len(done), torn, left


def main() -> None:
    """Print what is measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--write", type=Path, help="write regions until killed")
    options = parser.parse_args()
    if options.write:
        group = zarr_group(options.write)
        for chunk in range(GAMES // CHUNK):
            write_region(group, chunk, games(chunk))
        return
    ratios = [loading() for _ in range(options.rounds)]
    print(f"loading zarr beside h5netcdf, both without xarray: {statistics.median(ratios):.1f} times")
    arrays = [games(chunk) for chunk in range(GAMES // CHUNK)]
    taken: dict[str, list[float]] = {"netcdf": [], "zarr": []}
    for number in range(options.rounds + 1):
        for name, write in (("netcdf", as_netcdf), ("zarr", as_zarr)):
            with tempfile.TemporaryDirectory() as folder:
                begun = time.process_time()
                write(Path(folder), arrays)
                if number:  # the first one loads the libraries
                    taken[name].append(time.process_time() - begun)
                files = sum(path.is_file() for path in Path(folder).glob("sweep.*" if name == "netcdf" else "**/*"))
        if not number:
            print(f"files of the finished result: {files if name == 'zarr' else 1} beside 1")
    beside = [zarr / netcdf for zarr, netcdf in zip(taken["zarr"], taken["netcdf"], strict=True)]
    print(f"writing {GAMES:,} games in {len(arrays)} chunks: {statistics.median(beside):.1f} times the processor time")
    found = [killed(random.Random(seed)) for seed in range(options.kills)]
    done, torn, left = (sum(column) for column in zip(*found, strict=True))
    print(f"{options.kills} kills: {done:,} regions done, {torn} of them not whole, {left} files left behind")


if __name__ == "__main__":
    main()
