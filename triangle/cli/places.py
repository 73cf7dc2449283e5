"""Where commands write, and how every command begins: nothing that is there is lost, and no word is passed over.

Before a command runs, each of its output options is checked: it is no input of the same line, no two are the same, it
can be written, and what stands there already is a result that may be replaced (:mod:`triangle.base.writing`).
"""

from __future__ import annotations

import mmap
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from triangle.base.errors import BadInput, Fault, TriangleError, shorten
from triangle.base.files import shown
from triangle.base.writing import check_place

#: Address space that the numerical libraries take when they are loaded, in bytes.
LIBRARIES = 320 * 2**20

PICTURES = (".png", ".svg", ".pdf")

#: Endings that say what a file holds, so that nothing else goes into a file or a folder of such a name.
_KNOWN = (*PICTURES, ".json", ".csv", ".xlsx", ".nc", ".nfg", ".toml", ".html", ".htm", ".md", ".markdown", ".txt")


class OutputFile(click.ParamType):  # type: ignore[type-arg]
    """A file that a command writes; its ending is one of these, or, unless it is `only` they, none that is known."""

    name = "file"

    def __init__(self, *endings: str, only: bool = False):
        self.endings, self.only = endings, only

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The path."""
        return Path(value)

    def check(self, path: Path, option: str) -> None:
        """Refuse a place that cannot be written, or must not be."""
        if str(path) == "-":
            raise BadInput(Fault(option, "", "found '-'; expected the name of a file: --json prints the answer"))
        ending = path.suffix.lower()
        if ending not in self.endings and (self.only or ending in _KNOWN):
            expected = " or ".join(self.endings)
            raise BadInput(Fault(option, "", f"found {str(path)!r}; expected a file ending in {expected}"))
        check_place(path, option)


#: A file for a picture.
PICTURE = OutputFile(*PICTURES, only=True)


class OutputFolder(OutputFile):
    """A folder that a command writes files into; `what` it is where it is there already."""

    name = "folder"

    def __init__(self, what: str = "folder"):
        super().__init__()
        self.what = what

    def check(self, path: Path, option: str) -> None:
        """Refuse what is no folder, or is named like a file."""
        if path.suffix.lower() in _KNOWN and not path.is_dir():
            message = f"found {shorten(str(path))}, which is named like a file; expected the name of a folder"
            raise BadInput(Fault(option, "", f"{message}, as {shorten(path.stem)}"))
        if os.path.lexists(path) and not path.is_dir():
            raise BadInput(
                Fault(option, shown(path), f"cannot be written: is there and is no {self.what}; name another")
            )


class Command(click.Command):
    """A command that refuses a second value where one counts, and checks where it writes before it begins."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the command line."""
        refuse_repeated(self, ctx, args)
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run, where there is room: in memory for the libraries, and where the results go."""
        _check_memory()
        _check_date()
        _check_outputs(ctx)
        _check_size(ctx)
        try:
            return super().invoke(ctx)
        except (
            BrokenPipeError
        ) as error:  # click would take it for a reader who left; standard output is written elsewhere
            raise TriangleError(f"another process went away: {error.strerror}") from None


def command(name: str | None = None) -> Callable[[Callable[..., Any]], Command]:
    """Declare a command; in place of ``click.command``."""
    return click.command(name, cls=Command)


def refuse_repeated(command: click.Command, ctx: click.Context, args: list[str]) -> None:
    """Refuse an option that takes one value and is given twice: the last would win, and the first be passed over.

    A value that is empty, as a variable of the shell that is not set, is refused likewise: it would be taken for none.
    """
    values, _, order = command.make_parser(ctx).parse_args(list(args))
    for param in dict.fromkeys(order):
        given = values.get(str(param.name))
        texts = given if isinstance(given, list | tuple) else [given]
        for text in (text for text in texts if isinstance(text, str) and not text.strip()):
            name = param.opts[0] if isinstance(param, click.Option) else str(param.metavar or param.name).upper()
            raise BadInput(Fault(name, "", f"found {text!r}; expected {param.metavar or param.type.name.upper()}"))
    for param in dict.fromkeys(order):
        takes_one = isinstance(param, click.Option) and not (param.multiple or param.is_flag or param.count)
        if takes_one and order.count(param) > 1:
            raise BadInput(Fault(param.opts[0], "", "given twice; expected it once"))


def _check_memory() -> None:
    """Refuse to load libraries into memory that does not hold them: some of these wait for ever until it does."""
    try:
        mmap.mmap(-1, LIBRARIES).close()
    except (OSError, ValueError):
        needed = f"{LIBRARIES / 2**20:.0f} MB are needed to begin with"
        raise TriangleError(f"there is too little memory for this; {needed}") from None


def _check_date() -> None:
    """Refuse a date in the environment that is none: numpy, matplotlib and weasyprint would stumble over it."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "0")
    if not re.fullmatch("[0-9]{1,11}", given):
        expected = "expected seconds since 1970, a whole number of at most 11 digits; or unset it"
        raise BadInput(Fault("SOURCE_DATE_EPOCH", "", f"found {shorten(given)}; {expected}"))


def _check_outputs(ctx: click.Context) -> None:
    """Refuse the outputs of a command that are its inputs, or each other, or cannot be written."""
    outputs = [
        (param.opts[0], path, param.type)
        for param in ctx.command.params
        if isinstance(param.type, OutputFile) and (path := ctx.params.get(str(param.name))) is not None
    ]
    read = dict(_inputs(ctx)) if outputs else {}
    for place, (option, path, kind) in enumerate(outputs):
        for reader, file in read.items():
            if _same(path, file):
                raise BadInput(Fault(option, shown(path), f"is what {reader} is read from; name another file"))
        for other, its, _ in outputs[:place]:
            if _same(path, its):
                raise BadInput(Fault(option, shown(path), f"is the same as {other}; name another file"))
        kind.check(path, option)


def _check_size(ctx: click.Context) -> None:
    """Refuse the size of a picture that nobody asked for."""
    drawn = any(ctx.params.get(name) is not None for name in ("plot", "ternary"))
    if not drawn and ctx.get_parameter_source("size") == click.core.ParameterSource.COMMANDLINE:
        raise BadInput(Fault("--size", "", "is that of a picture; --plot names none"))


def _inputs(ctx: click.Context) -> Iterator[tuple[str, Path]]:
    """What a command line names that is a file, by the words for it."""
    for known in filter(None, (ctx, ctx.parent)):
        for param in known.command.params:
            value = known.params.get(str(param.name))
            if isinstance(param.type, OutputFile) or not isinstance(value, str | Path | tuple):
                continue
            said = (
                param.opts[0]
                if isinstance(param, click.Option)
                else str(param.metavar or param.name).upper().rstrip(".")
            )
            for text in map(str, value if isinstance(value, tuple) else (value,)):
                for part in (text, *text.split("+"), *text.partition("=")[2].split(",")):
                    if part and _is_file(Path(part)):
                        yield f"{said} {shorten(part)}", Path(part)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # an over-long name, a NUL byte
        return False


def _same(path: Path, other: Path) -> bool:
    """Whether two names lead to the same place, whatever links lie between."""
    try:
        return os.path.realpath(path) == os.path.realpath(other) or path.samefile(other)
    except (OSError, ValueError):
        return False
