"""How the commands answer: a result read or computed, then drawn, written and printed, as far as each is asked for."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar

import click

from triangle.base.errors import BadInput, Fault
from triangle.cli.options import kept_cast, refuse_beside
from triangle.cli.printing import plots_module, print_json, print_page, saved, tell, write

if TYPE_CHECKING:
    from rich.console import RenderableType

T = TypeVar("T")


class Outputs(TypedDict, total=False):
    """The options that say where an answer goes: ``--from``, ``--out``, ``--plot``, ``--json``."""

    source: Path | None
    out: Path | None
    plot: Path | None
    as_json: bool


def obtain(
    record: type[T] | Callable[[Path], T],
    scenarios: Sequence[str | None],
    compute: Callable[[], T],
    outputs: Outputs,
    expected: str = "a scenario",
    asked_of: str = "the scenario",
    least: int = 1,
    kept: Sequence[str] = (),
) -> T:
    """An answer read from the file of ``--from``, or computed for the scenarios given, of which there must be `least`.

    The record has a ``SCHEMA``, or is a function that reads the file; whatever would have a say in what is computed is
    refused beside ``--from``, but for the parameters `kept`.
    """
    source, given = outputs.get("source"), [name for name in scenarios if name is not None]
    if source is not None:
        from triangle.base.files import read_record

        if given and not {"scenario", "scenarios"} & set(kept):
            raise BadInput(Fault("--from", "", f"shows a result that is there; leave out {asked_of}"))
        refuse_beside(click.get_current_context(), *kept)
        if not isinstance(record, type):
            return record(source)
        return read_record(record, source, kept_cast(click.get_current_context(), scenarios_of(source, given)))
    if len(given) < least:
        raise BadInput(Fault("SCENARIO", "", f"missing; expected {expected}, or --from FILE.json"))
    return compute()


def scenarios_of(source: Path, given: Sequence[str]) -> list[object]:
    """The scenarios that a kept answer is of: those that are given, or those that it names itself."""
    from triangle.base.files import read_json

    document = read_json(source)
    named = document.get("scenarios")
    return [*given] or [*(named if isinstance(named, list) else []), document.get("scenario")]


def deliver(
    answer: Any,
    outputs: Outputs,
    table: Callable[[], RenderableType | str] | None = None,
    draw: Callable[[], Any] | None = None,
    pictures: Mapping[Path, Callable[[], Any]] | None = None,
    files: Callable[[], Iterable[str]] | None = None,
) -> None:
    """Write, draw and print an answer, as far as each is asked for.

    Parameters
    ----------
    answer
        A record with a ``SCHEMA``, or a function that makes it, asked only where it is to be written.
    table, draw : function
        The answer for people, a text where every character counts, and its picture: a figure, or several by name,
        which go into a folder. Without a table nothing is printed.
    pictures : mapping of path to function
        Further pictures.
    files : function
        Writes further files and gives the names of what it wrote. They come first, since what follows may fail.
    """
    for name in files() if files is not None else ():
        tell(f"written: {name}")
    plot, out, as_json = outputs.get("plot"), outputs.get("out"), outputs.get("as_json")
    asked = {**({plot: draw} if plot is not None and draw is not None else {}), **(pictures or {})}
    plots = plots_module() if asked else None
    with _fitting(outputs.get("source")):
        page = None if as_json or table is None else table()
        drawn = {path: make() for path, make in asked.items()}
    for path, figure in drawn.items():
        for place, one in _places(path, figure):
            saved(plots.save(one, place))  # type: ignore[union-attr]
    from triangle.base.records import to_document

    document = None if out is None and not as_json else to_document(answer() if callable(answer) else answer)
    if out is not None and document is not None:
        _write(out, document)
    if as_json:
        print_json(document)
    elif isinstance(page, str):
        write(page)
    elif page is not None:
        print_page(page)


@contextlib.contextmanager
def _fitting(source: Path | None) -> Iterator[None]:
    """Every part of a stranger's file is of its type, and yet they need not fit together."""
    try:
        yield
    except (LookupError, ValueError, ArithmeticError):
        if source is None:
            raise
        raise BadInput(Fault(str(source), "", "the parts of this result do not fit together")) from None


def _places(path: Path, figure: Any) -> list[tuple[Path, Any]]:
    """Where a figure goes; several go into a folder."""
    if not isinstance(figure, Mapping):
        return [(path, figure)]
    return [(path / f"{name}.png", one) for name, one in figure.items()]


def _write(out: Path, document: Mapping[str, Any]) -> None:
    from triangle.base.writing import write_document

    write_document(out, document)
    tell(f"written: {out}")
