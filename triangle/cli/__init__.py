"""The verbs of the command line: each is one call into the package plus printing.

A command's file is imported when the command is asked for, and imports inside it are made when it runs; the list of
all commands is taken from the text of their files. So ``triangle --help`` answers at once.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

import click

from triangle.base import interrupts
from triangle.base.errors import TriangleError, printable, unknown
from triangle.base.files import read_text
from triangle.cli.options import with_language, with_plain_digits
from triangle.cli.places import refuse_repeated
from triangle.cli.printing import silence, tell
from triangle.questions import COMMANDS, module_of
from triangle.version import __version__

#: Commands that write files for other programs and answer nothing.
WRITES_FILES = ("export", "import")


@cache
def _command(name: str) -> click.Command:
    module = importlib.import_module(module_of(name))
    command = with_plain_digits(getattr(module, f"{name}_" if name in ("list", "import") else name))
    return command if name in WRITES_FILES else with_language(command)


def _sentence(name: str) -> str:
    """What a command is for: the first sentence of its function, whose file is read and not imported."""
    path = Path(__file__).parents[1].joinpath(*module_of(name).split(".")[1:]).with_suffix(".py")
    head = re.search(rf'^def {name}_?\(.*?"""(.+?)(\n\n|""")', read_text(path, "Python"), re.DOTALL | re.MULTILINE)
    return click.Command(name, help=head and head[1]).get_short_help_str(limit=200)


def _one_thread() -> None:
    """Keep linear algebra from spreading its small matrices over threads, which wait for each other by spinning.

    Works before numpy is there; answers then have the same digits on any number of cores.
    """
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")


class _Interrupted(BaseException):
    """Ctrl-C, as click does not know it: it would write an empty line."""


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """Tell Ctrl-C apart from faults, also where a library took it for an error of its own."""
    try:
        yield
    except KeyboardInterrupt:
        raise _Interrupted from None
    except Exception:
        if interrupts.was_heard():
            raise _Interrupted from None
        raise


class Commands(click.Group):
    """The group of commands; turns the package's errors into one message and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, whose file is imported now."""
        return _command(cmd_name) if cmd_name in COMMANDS else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands with their whole first sentence, in as many lines as it takes."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, _sentence(name)) for name in self.list_commands(ctx)])

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """Suggest the nearest command for an unknown one."""
        name = args[0] if args else ""
        if name and not name.startswith("-") and name not in COMMANDS:
            ctx.fail(unknown("command", name, COMMANDS))
        return super().resolve_command(ctx, args)

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Read the command line."""
        with _interruptible():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        with _interruptible():
            return super().invoke(ctx)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the options that stand before the command."""
        refuse_repeated(self, ctx, args)
        return super().parse_args(ctx, args)

    def main(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Run, and leave with 0, 1, 2 or 130; never with a traceback for a user's mistake."""
        kwargs["standalone_mode"] = False
        _one_thread()
        try:
            code = super().main(*args, **kwargs)
        except click.exceptions.Exit as leave:
            code = leave.exit_code
        except click.ClickException as error:
            shown = io.StringIO()
            error.show(shown)
            # Lines that quote the command line: they may hold anything, at any length.
            tell("\n".join(printable(line, 2000) for line in shown.getvalue().rstrip().split("\n")))
            code = error.exit_code
        except TriangleError as error:
            tell(f"Error: {error}")
            code = error.exit_code
        except (click.Abort, KeyboardInterrupt, _Interrupted):
            tell("interrupted")
            code = 130
        except SystemExit:  # how click answers a reader who went away while it printed the help; commands end otherwise
            code = 0
        except MemoryError:
            tell("Error: there is too little memory for this")
            code = 2
        except ImportError as error:  # of a library that did not fit into memory, or is not whole
            why = (str(error).strip().splitlines() or ["no reason given"])[-1]
            tell(f"Error: a part of the installation cannot be loaded, or memory is too small: {printable(why, 300)}")
            code = 2
        except OSError as error:
            silence()
            tell(f"Error: {error.filename or 'standard output'}: {error.strerror or error}")
            code = 2
        sys.exit(code if isinstance(code, int) else 0)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="triangle")
@click.option("--evidence", type=Path, metavar="FOLDER", help="Read the evidence from this folder instead.")
@click.option("--parameters", type=Path, metavar="FILE", help="Read the parameters from this file instead.")
@click.option("--triad", type=Path, metavar="FILE", help="Let the three powers of this file play instead.")
@click.pass_context
def main(ctx: click.Context, evidence: Path | None, parameters: Path | None, triad: Path | None) -> None:
    """Game-theory simulator of the strategic triangle United States - Russia - China.

    Begin with: triangle solve baseline. SCENARIO is the name of a shipped scenario (triangle list scenario) or the
    path of a file of your own, as my_scenario.toml. Options below stand before the command.
    """
    given = {"evidence": evidence, "parameters": parameters, "triad": triad}
    ctx.obj = {key: value for key, value in given.items() if value is not None}
