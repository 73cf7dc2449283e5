"""The games of a sweep as tables for other programs: text in a dialect, a workbook, NetCDF.

A row a game: its coordinates, the values of its points where they are carried, and its set of equilibria twice. In the
column ``profiles`` it is text; in ``mask`` it is a number in hexadecimal with a line between its two words of 32 bits,
``0x00000000_00000020``, because programs that know no integers of 64 bits alter such numbers without a word. Which
profile a bit is, is said in the workbook, in the NetCDF file, and for text in a file beside it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from triangle.base.errors import BadInput, Fault
from triangle.base.files import shown
from triangle.base.sheets.cells import Content
from triangle.base.sheets.dialects import dialect_of, write_text
from triangle.base.sheets.files import is_headed, is_workbook
from triangle.base.sheets.workbook import check_fits, openpyxl, write_workbook
from triangle.base.writing import anything, replace_file
from triangle.batch.takeover import configuration_probabilities
from triangle.players.cast import Cast
from triangle.players.configurations import configurations
from triangle.players.sets import set_text
from triangle.sweeps.archive import netcdf_in_place, players_of

if TYPE_CHECKING:
    import xarray

Row = Sequence[Content]

#: Endings of the files that games are exported to.
ENDINGS = (".csv", ".xlsx", ".nc")


def _headings(cast: Cast) -> tuple[str, ...]:
    """Headings of the table that says which profile a bit is."""
    return ("bit", "mask", *cast.codes, "triangle")


def check_export(path: Path, games: int, dialect: str, cast: Cast) -> None:
    """Raise BadInput where a sweep of so many games cannot be exported there, before they are solved."""
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        expected = "expected a file ending in .csv, .xlsx or .nc"
        raise BadInput(Fault("--export", "", f"found {str(path)!r}; {expected}"))
    dialect_of(dialect)
    if ending == ".xlsx":
        openpyxl()
        check_fits(games + 1, 1, "--export")
    beside = legend_path(path)
    if ending == ".csv" and beside.exists() and not is_headed(beside, _headings(cast)):
        message = f"{shown(beside)} is there already and no list of profiles, which would be written beside the games"
        raise BadInput(Fault("--export", "", f"{message}; move it away, or choose another name"))


def legend_path(path: Path) -> Path:
    """Where it is said which profile a bit of the masks in a text file is.

    >>> legend_path(Path("games.csv")).name
    'games.profiles.csv'
    """
    return path.with_name(f"{path.stem}.profiles{path.suffix}")


def write_games(dataset: xarray.Dataset, path: Path, dialect: str = "plain") -> list[Path]:
    """Write the games into a file whose ending names the format; returns the files that were written.

    Parameters
    ----------
    dialect : str
        Of a .csv file, as in :data:`~triangle.base.sheets.dialects.DIALECTS`.

    Raises
    ------
    BadInput
        If the ending is not known, or a workbook cannot hold so many games.
    """
    cast = players_of(dataset)
    check_export(path, dataset["mask"].size, dialect, cast)
    if path.suffix.lower() == ".nc":
        with netcdf_in_place(path, "--export") as file:
            dataset.to_netcdf(file, engine="h5netcdf")  # type: ignore[call-overload]
        return [path]
    if is_workbook(path):
        sheets = {"games": table(dataset), "profiles": legend(cast), "about": _about(dataset)}
        replace_file(path, lambda file: write_workbook(file, sheets), "--export", may_replace=anything)
        return [path]
    _write_text(path, table(dataset), dialect)
    _write_text(legend_path(path), legend(cast), dialect)
    return [path, legend_path(path)]


def _write_text(path: Path, rows: Iterator[Row], dialect: str) -> None:
    replace_file(path, lambda file: write_text(file, rows, dialect_of(dialect)), "--export", may_replace=anything)


def mask_text(mask: int, words: int = 1) -> str:
    """A set of profiles as words of 32 bits in hexadecimal, two up to 64 profiles; Python's ``int(text, 16)`` reads it.

    >>> mask_text(32), int(mask_text(2**63), 16) == 2**63
    ('0x00000000_00000020', True)
    """
    halves = (mask >> 32 * half & 0xFFFFFFFF for half in reversed(range(2 * words)))
    return "0x" + "_".join(f"{half:08x}" for half in halves)


def legend(cast: Cast) -> Iterator[Row]:
    """Which profile each bit is, with its actions and its triangle."""
    yield _headings(cast)
    for bit, (profile, triangle) in enumerate(zip(cast.profiles, configurations(cast), strict=True)):
        yield bit, mask_text(1 << bit, cast.sets.words), *cast.named(profile).values(), triangle.key


def table(dataset: xarray.Dataset) -> Iterator[Row]:
    """Headings, then one row a game."""
    mask, cast = dataset["mask"], players_of(dataset)
    names = dataset["parameter"].values.tolist() if "inputs" in dataset else []
    inputs: Any = dataset["inputs"].values if names else np.empty(0)
    dims = mask.dims[len(cast.sets.lead) :]
    whole = cast.sets.wholes(mask.values)
    flat = whole.reshape(-1)
    further = _columns(dataset, cast)
    block = np.array(list(further.values())) if further else np.empty((0, flat.size))
    in_words = cache(partial(set_text, cast=cast))
    yield [*map(str, dims), *names, "mask", "equilibria", "profiles", *further]
    columns = [mask[dim].values.tolist() for dim in dims]
    for game, value in enumerate(flat.tolist()):
        index = np.unravel_index(game, whole.shape) if whole.shape else ()
        drawn = inputs[:, *_of(dataset, dims, index)].tolist() if names else []
        coordinates = [column[int(i)] for column, i in zip(columns, index, strict=True)]
        sets = (mask_text(value, cast.sets.words), value.bit_count(), in_words(value))
        yield [*coordinates, *drawn, *sets, *block[:, game].tolist()]


def _about(dataset: xarray.Dataset) -> Iterator[Row]:
    """What the games are of: version, scenarios, design and seed; units and meanings of the parameters."""
    yield "what", "which", "meaning"
    for name, value in dataset.attrs.items():
        if name != "manifest":
            yield str(name), value if isinstance(value, str) else str(value), ""
    described = json.loads(dataset.attrs["manifest"])
    for name, unit in described["units"].items():
        yield name, unit, described["meanings"][name]


def _columns(dataset: xarray.Dataset, cast: Cast) -> dict[str, NDArray[Any]]:
    """What a game has beside its set of equilibria, by the heading of its column: numbers along the games."""
    found: dict[str, NDArray[Any]] = {}
    dims = dataset["mask"].dims
    for name, variable in dataset.data_vars.items():
        lead = [str(dim) for dim in variable.dims if dim not in dims]
        if name in ("mask", "inputs", "computed"):
            continue
        if not lead:
            found[str(name)] = variable.values.reshape(-1)
            continue
        for label, row in zip(dataset[lead[0]].values.tolist(), variable.values, strict=True):
            found[f"{name} {label}"] = row.reshape(-1)
    if "probability" in dataset:
        shares = configuration_probabilities(dataset["probability"].values, cast)
        found |= {f"probability {key}": share.reshape(-1) for key, share in shares.items()}
    return found


def _of(dataset: xarray.Dataset, dims: Sequence[Any], index: Any) -> list[int]:
    """The index of a game's values among the carried points: those of its scenario and sample."""
    place = dict(zip(dims, index, strict=True))
    return [int(place[dim]) for dim in dataset["inputs"].dims[1:]]
