"""What any answer must be: a known exit code, one message, no traceback, no hang, nothing passed over in silence."""

from __future__ import annotations

import contextlib
import random
import shutil
import signal
import traceback
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

from click.testing import CliRunner

from triangle.base.errors import TriangleError
from triangle.cli import main

from .kinds import Kind, change_archive

#: Processor seconds, and seconds of the clock on however busy a machine, after which an input counts as one that hangs.
HANGS, WAITS = 20, 300

#: Longest answer to what is refused, in bytes.
LONGEST = 20_000


class Hang(BaseException):
    """An input that is not answered."""


@contextlib.contextmanager
def hanging_is_a_fault() -> Iterator[None]:
    """End what computes for `HANGS` seconds or waits for `WAITS`, where the platform can."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def give_up(number: int, _: object) -> None:
        raise Hang(f"not answered within {HANGS if number == signal.SIGPROF else WAITS} s")

    timers = ((signal.SIGPROF, signal.ITIMER_PROF, HANGS), (signal.SIGALRM, signal.ITIMER_REAL, WAITS))
    before = [signal.signal(number, give_up) for number, _, _ in timers]
    for _, timer, seconds in timers:
        signal.setitimer(timer, seconds)
    try:
        yield
    finally:
        for (number, timer, _), handler in zip(timers, before, strict=True):
            signal.setitimer(timer, 0)
            signal.signal(number, handler)


def lay(kind: Kind, rng: random.Random, folder: Path) -> Path:
    """A changed file of this kind in a folder."""
    sound = rng.choice(kind.sound())
    place = folder / kind.file
    if isinstance(sound, Path):
        change_archive(rng, sound, place)
    else:
        place.write_bytes(kind.change(rng, sound))
    return place


def of_reading(kind: Kind, place: Path) -> tuple[str, list[str]]:
    """Whether the product reads a file, and what is wrong with how it does."""
    try:
        with hanging_is_a_fault(), warnings.catch_warnings():
            warnings.simplefilter("error")
            read = kind.read(place)
    except TriangleError as error:
        return "refused", _faults_of_message(str(error))
    except (Exception, Hang):
        return "broke", [traceback.format_exc()]
    return "read", list(kind.unheard(place.read_bytes() if place.is_file() else b"", read))


def of_line(words: Sequence[str]) -> tuple[str, list[str]]:
    """The exit code of a command line, and what is wrong with how the product answers it."""
    with hanging_is_a_fault(), warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            found = CliRunner().invoke(main, list(words), prog_name="triangle")
        except Hang as hang:
            return "hung", [str(hang)]
    if not isinstance(found.exception, SystemExit | None):
        return "broke", ["".join(traceback.format_exception(found.exception))]
    faults = [f"left with {found.exit_code}"] if found.exit_code not in (0, 1, 2) else []
    if "Traceback" in found.stderr or "Traceback" in found.stdout:
        faults.append(f"shows a traceback: {found.stderr or found.stdout}")
    if found.exit_code == 2:
        faults += _faults_of_message(found.stderr)
    return f"code {found.exit_code}", faults


def _faults_of_message(message: str) -> list[str]:
    faults = [] if message.strip() else ["refused without a word"]
    if len(message.encode("utf-8", "surrogateescape")) > LONGEST:
        faults.append(f"a message of {len(message):,} characters")
    if not all(character.isprintable() for character in message.replace("\n", "")):
        faults.append(f"the message steers a terminal: {message!a}")
    return faults


def keep(place: Path, folder: Path, name: str) -> Path:
    """Save what was found to be answered wrongly."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{name}-{place.name}"
    (shutil.copytree if place.is_dir() else shutil.copy)(place, target)  # type: ignore[operator]
    return target
