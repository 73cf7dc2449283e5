"""What commands of the analysis share: results read from or written to a file, drawn, printed."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from triangle.base.errors import BadInput, Fault
from triangle.cli.options import (
    read_studies,
    refuse_beside,
    say_at_once,
)
from triangle.cli.places import OutputFile
from triangle.cli.printing import plots_module, print_json, print_page, saved, tell

if TYPE_CHECKING:
    from rich.console import RenderableType

    from triangle.study.study import Study


T = TypeVar("T")


def samples_option(default: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option ``--samples``."""
    return click.option(
        "--samples",
        type=click.IntRange(2, 2**20),
        default=default,
        show_default=True,
        help="Draws of what is uncertain.",
    )


def seed_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option ``--seed``."""
    return click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Seed of the draws.")(
        command
    )


def file_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options ``--out`` and ``--from``."""
    reading = click.option("--from", "source", type=Path, metavar="FILE.json", help="Show a result written by --out.")
    writing = click.option(
        "--out", type=OutputFile(".json"), metavar="FILE.json", help="Write the result to this file too."
    )
    return writing(reading(command))


def obtained(
    cls: type[T], schema: str, source: Path | None, scenarios: Sequence[str], least: int, compute: Callable[[], T]
) -> T:
    """A result read from a file, or computed for the scenarios given, of which there must be `least`."""
    if source is not None:
        from triangle.base.results import loaded

        if scenarios:
            raise BadInput(Fault("--from", "", "shows a result that is there; leave out the scenario"))
        refuse_beside(click.get_current_context(), source, "out")
        return loaded(cls, source, schema)
    if len(scenarios) < least:
        expected = "a scenario" if least == 1 else f"{least} scenarios"
        raise BadInput(Fault("SCENARIO", "", f"missing; expected {expected}, or --from FILE.json"))
    return compute()


def deliver(
    document: dict[str, Any],
    table: Callable[[], RenderableType],
    draw: Callable[[], Any],
    source: Path | None,
    out: Path | None,
    plot: Path | None,
    as_json: bool,
) -> None:
    """Draw, write and print a result, as far as each is asked for."""
    plots = None if plot is None else plots_module()
    try:
        shown = None if as_json else table()
        drawn = None if plot is None else draw()
    except (LookupError, ValueError, ArithmeticError):
        if source is None:
            raise
        # Every part of a stranger's file is of its type, and yet they need not fit together.
        raise BadInput(Fault(str(source), "", "the parts of this result do not fit together")) from None
    if plots is not None and plot is not None:
        saved(plots.save(drawn, plot))
    if out is not None:
        from triangle.base.store import write_result

        write_result(out, document)
        tell(f"written: {out}")
    if as_json:
        print_json(document)
    elif shown is not None:
        print_page(shown)


def _given(scenario: str | None) -> list[str]:
    return [] if scenario is None else [scenario]


def _only(ctx: click.Context, scenario: str | None, settings: tuple[str, ...], holds: tuple[str, ...]) -> Study:
    (study,) = read_studies(ctx, _given(scenario), settings, holds)
    say_at_once(study)
    return study


def _one(ctx: click.Context, text: str, settings: tuple[str, ...], holds: tuple[str, ...]) -> Study:
    """The study of one scenario; of two with the same name each keeps it."""
    (found,) = read_studies(ctx, [text], settings, holds)
    say_at_once(found)
    return found


def _scenario(given: str | None, source: Path | None) -> str:
    """The scenario that was named, or else that of a result that is shown again."""
    if given is None and source is None:
        raise BadInput(Fault("SCENARIO", "", "missing; name a scenario, or a result by --from FILE.json"))
    if given is None and source is not None:
        from triangle.measures.reading import scenario_of

        return scenario_of(source)
    assert given is not None
    return given


def _one_thread() -> None:
    """Keep linear algebra from spreading its small matrices over threads; works before numpy is there."""
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")


def _keep(document: dict[str, object], out: Path | None) -> None:
    """Write a result into a file, if it was asked for."""
    if out is not None:
        from triangle.base.store import write_result

        write_result(out, document)
        tell(f"written: {out}")
