"""Reading every evidence file and checking all of it, so that all faults are reported together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from triangle.base.errors import MAX_FAULTS, BadInput, Fault, UnknownName, unknown
from triangle.base.files import read_toml, shown
from triangle.base.records import validate
from triangle.evidence.figure import Figure, Source

#: Where the shipped evidence lies: ``sources.toml`` and the folder ``figures``.
SHIPPED = Path(__file__).parent


@dataclass(frozen=True)
class Ledger:
    """All figures by id and all sources by key; reading an unknown one suggests the nearest.

    Examples
    --------
    >>> ledger = read_ledger()
    >>> print(ledger["ost_trade_ru_cn_2024"])
    244.8 bn USD/yr
    """

    figures: Mapping[str, Figure]
    sources: Mapping[str, Source]
    files: Mapping[str, str]

    def __getitem__(self, name: str) -> Figure:
        if name not in self.figures:
            raise UnknownName("figure", name, self.figures)
        return self.figures[name]

    def __iter__(self) -> Iterator[Figure]:
        return iter(self.figures.values())

    def source_of(self, figure: Figure) -> Source:
        """The source that a figure stands in."""
        return self.sources[figure.source]

    def count(self, kind: str) -> int:
        """How many figures stand in sources of this kind: ``document`` or ``external``."""
        return sum(self.source_of(figure).kind == kind for figure in self)


def read_ledger(folder: Path = SHIPPED) -> Ledger:
    """The ledger of a folder; raises :class:`~triangle.base.errors.BadInput` with every fault found."""
    ledger, faults = inspect_ledger(folder)
    if faults:
        raise BadInput(faults)
    return ledger


def inspect_ledger(folder: Path = SHIPPED, instead: Sequence[Path] = ()) -> tuple[Ledger, list[Fault]]:
    """The ledger of everything in a folder that could be read, and all faults of the rest.

    Files named in `instead` take the place of those of the folder with the same name or the same source.
    """
    faults: list[Fault] = []
    sources = _read_sources(folder / "sources.toml", faults)
    figures: dict[str, Figure] = {}
    files: dict[str, str] = {}
    try:
        paths = sorted((folder / "figures").glob("*.toml"))
    except (OSError, ValueError):  # no permission, a name with a NUL byte
        paths = []
    replaced = {key for path in instead for key in (path.name, _source_of_file(path)) if key}
    paths = [path for path in paths if not {path.name, _source_of_file(path) if instead else ""} & replaced]
    paths += instead
    if not paths:
        faults.append(Fault(shown(folder / "figures"), "", "no figure files (*.toml) here"))
    written: dict[str, _Written] = {}
    for path in paths:
        for figure in read_figures(path, sources, faults, written):
            if figure.id in figures:
                faults.append(Fault(shown(path), figure.id, f"this id is already used in {files[figure.id]}"))
                continue
            figures[figure.id], files[figure.id] = figure, shown(path)
    faults.extend(islice(_relation_faults(written), MAX_FAULTS))
    return Ledger(MappingProxyType(figures), MappingProxyType(sources), MappingProxyType(files)), faults


def _source_of_file(path: Path) -> str:
    """The source that a figure file names at its top; empty where it names none or cannot be read."""
    try:
        source = read_toml(path).get("source", "")
    except BadInput:
        return ""
    return source if isinstance(source, str) else ""


def _read_sources(path: Path, faults: list[Fault]) -> dict[str, Source]:
    try:
        tables = read_toml(path)
    except BadInput as error:
        faults.extend(error.faults)
        return {}
    sources = {}
    for key, table in tables.items():
        if len(faults) > MAX_FAULTS:
            faults.append(_too_many(path))
            break
        if isinstance(table, dict) and "key" in table:
            faults.append(Fault(shown(path), f"{key}.key", "the table's name is the key of the source; leave this out"))
        source, found = validate(Source, {"key": key, **table} if isinstance(table, dict) else table, shown(path), key)
        faults.extend(found)
        if source:
            sources[key] = source
    return sources


class _Written(NamedTuple):
    """A figure's table as it was written, sound or not, and its file."""

    table: Mapping[str, Any]
    file: str

    def names(self, relation: str) -> list[str]:
        """The figures that it names under ``conflicts_with`` or ``rivals``."""
        named = self.table.get(relation)
        return [name for name in named[:100] if isinstance(name, str)] if isinstance(named, list) else []


def read_figures(
    path: Path, sources: Mapping[str, Source], faults: list[Fault], written: dict[str, _Written] | None = None
) -> list[Figure]:
    """The sound figures of one file; what is unsound is added to `faults`, and every table to `written`."""
    try:
        tables = read_toml(path)
    except BadInput as error:
        faults.extend(error.faults)
        return []
    default = tables.pop("source", None)
    figures, file = [], shown(path)
    before = len(faults)
    for name, table in tables.items():
        if len(faults) - before > MAX_FAULTS:
            faults.append(_too_many(path))
            break
        if isinstance(table, dict) and "id" in table:
            faults.append(Fault(file, f"{name}.id", "the table's name is the id of the figure; leave this out"))
        if isinstance(table, dict):
            table = {"id": name, **({} if default is None else {"source": default}), **table}
            if written is not None:
                written.setdefault(name, _Written(table, file))
        figure, found = validate(Figure, table, file, name)
        if isinstance(table, dict):
            found += _place_faults(name, table, sources, file)
        faults.extend(found)
        if figure and not found:
            figures.append(figure)
    return figures


def _too_many(path: Path) -> Fault:
    return Fault(shown(path), "", f"over {MAX_FAULTS:,} faults; the rest of this file is not checked")


def _place_faults(name: str, table: Mapping[str, Any], sources: Mapping[str, Source], file: str) -> list[Fault]:
    """What is wrong with where a figure says it stands; judged by its table, which may have other faults."""
    key = table.get("source")
    if not isinstance(key, str):
        return []  # a fault of its own
    source = sources.get(key)
    if source is None:
        return [Fault(file, f"{name}.source", unknown("source", key, sources))]
    if source.kind == "document" and "line" not in table:
        return [Fault(file, f"{name}.line", "missing; a figure of a document names its line")]
    if source.kind == "external" and ("year" not in table or not table.get("locator")):
        return [Fault(file, name, "an external figure names its year and its locator in the series")]
    if source.kind == "external" and table.get("verified", "no") == "no":
        message = (
            "an external figure says how it was looked up: copy, report or computed; what nobody did does not enter"
        )
        return [Fault(file, f"{name}.verified", message)]
    return []


def _relation_faults(written: Mapping[str, _Written]) -> Iterator[Fault]:
    """Conflicts and rivals must exist and be answered from the other side."""
    for name, figure in written.items():
        for relation in ("conflicts_with", "rivals"):
            for other in figure.names(relation):
                key = f"{name}.{relation}"
                if other == name:
                    yield Fault(figure.file, key, "a figure cannot stand against itself")
                elif other not in written:
                    yield Fault(figure.file, key, unknown("figure", other, written))
                elif name not in written[other].names(relation):
                    message = f"{other} does not list {name} in return; the relation is symmetric"
                    yield Fault(figure.file, key, message)
