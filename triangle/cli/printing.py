"""How answers, notices and progress reach the two streams; the only place that writes to them."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import click

from triangle.base.errors import BadInput, Fault, TriangleError

if TYPE_CHECKING:
    from rich import progress
    from rich.console import RenderableType


def tell(text: str) -> None:
    """Write to standard error; where nobody can read that, the exit code has to do."""
    with contextlib.suppress(OSError, ValueError):
        click.echo(text, err=True)


def write(text: str) -> None:
    """Write to standard output, with what its encoding lacks replaced by question marks."""
    if sys.stdout is None:
        raise TriangleError("standard output: closed, so that the answer could not be printed; --out FILE keeps it")
    encoding = sys.stdout.encoding or "utf-8"
    try:
        sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
        sys.stdout.flush()
    except OSError as error:
        silence()
        if not isinstance(error, BrokenPipeError):  # that is a reader who has read enough, as `head` does
            raise TriangleError(f"standard output: cannot be written: {error.strerror}") from None


def silence() -> None:
    """Drop what is left in the buffer of standard output; Python would try to write it once more at its end."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def print_json(document: object) -> None:
    """Write one JSON document to standard output."""
    import json

    utf = (getattr(sys.stdout, "encoding", None) or "").lower().startswith("utf")
    write(json.dumps(document, ensure_ascii=not utf, allow_nan=False, indent=1) + "\n")


class _Page(io.StringIO):
    """A text to be written at once, in the encoding of standard output, which decides on how frames are drawn."""

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return getattr(sys.stdout, "encoding", None) or "utf-8"


def print_page(renderable: RenderableType) -> None:
    """Write a table or text to standard output, as wide as the terminal."""
    from shutil import get_terminal_size

    from rich.console import Console

    terminal = sys.stdout is not None and sys.stdout.isatty()
    # Piped output has no width of its own; a wide one keeps most table rows on one line. COLUMNS says another, but 0
    # is how it says nothing.
    width = get_terminal_size((80 if terminal else 160, 25)).columns
    page = _Page()
    Console(file=page, force_terminal=terminal or None, width=width, highlight=False, soft_wrap=False).print(renderable)
    write(page.getvalue())


class Progress:
    """A line on a terminal with what is done, the rate, a bar and the time left; nothing where nobody watches.

    It is redrawn when there is news, without a thread of its own: workers may be forked beside it.
    """

    def __init__(self, what: str = "games") -> None:
        import time

        self._what = what
        self._clock = time.monotonic
        self._begun = self._shown_at = self._clock()
        self._bar = _bar() if sys.stderr is not None and sys.stderr.isatty() else None

    def __call__(self, computed: int, games: int) -> None:
        """Say that so many of the games that were missing are computed."""
        now = self._clock()
        if self._bar is None or (now - self._shown_at < 0.2 and computed < games):
            return
        self._shown_at = now
        rate = computed / max(now - self._begun, 1e-9)
        said = f"{computed:,} of {games:,} {self._what} · {rate:,.0f} a second"
        with contextlib.suppress(OSError, ValueError):
            self._bar.start()
            self._bar.update(self._bar.task_ids[0], description=said, completed=computed, total=games, refresh=True)

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        """Leave the line."""
        if self._bar is not None:
            with contextlib.suppress(OSError, ValueError):
                self._bar.stop()


def _bar() -> progress.Progress:
    """The line, not yet shown, with one task that has begun."""
    from rich import progress
    from rich.console import Console

    columns = (
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.TaskProgressColumn(),
        progress.TimeRemainingColumn(),
    )
    bar = progress.Progress(
        *columns, console=Console(stderr=True), auto_refresh=False, redirect_stdout=False, redirect_stderr=False
    )
    bar.add_task("")
    return bar


def plots_module() -> ModuleType:
    """The module that draws; importing it reads matplotlib's own settings, which may be wrong."""
    try:
        from triangle.showing import plots
    except ValueError as error:
        raise BadInput(Fault("MPLBACKEND", "", f"matplotlib's settings cannot be used: {error}")) from None
    return plots


def saved(path: Path) -> None:
    """Say that a picture is drawn."""
    tell(f"drawn: {path}")
