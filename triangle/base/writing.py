"""Writing files so that whoever reads finds the old one whole or the new one whole, whatever ends the process.

A file is written beside its place, brought to the disk, and renamed into its place.
"""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from triangle.base.errors import BadInput, Fault, TriangleError
from triangle.base.files import shown

#: What to do where the disk is full and nothing else is known.
MAKE_ROOM = "make room, or name another place"


def replace_file(
    path: Path, write: Callable[[IO[bytes]], object], option: str = "--out", advice: str = MAKE_ROOM
) -> None:
    """Write a file in one piece; see :func:`in_place`."""
    with in_place(path, option, advice) as file:
        write(file)


@contextlib.contextmanager
def in_place(path: Path, option: str = "--out", advice: str = MAKE_ROOM, *, buffering: int = -1) -> Iterator[IO[bytes]]:
    """A file to write into, which takes its place at the end; a failed attempt leaves nothing behind.

    Parameters
    ----------
    option : str
        What faults are said to stand in.
    advice : str
        What to do where the disk is full.

    Raises
    ------
    BadInput
        If a folder or a device stands there: where the user may, a rename would replace a device by a file.
    TriangleError
        If the disk is full or the file cannot be written.
    """
    _check_replaceable(path, option)
    temporary = path.with_name(f"{path.name}.part")
    with disk_faults(path.parent, option, advice):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with temporary.open("w+b", buffering=buffering) as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        except BaseException:  # a full disk, or Ctrl-C
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise


def check_place(path: Path, option: str = "--out") -> None:
    """Refuse a place where no file can be written, before the work whose result goes there is begun."""
    _check_replaceable(path, option)
    with disk_faults(path.parent, option):
        path.parent.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=path.parent).close()


def _check_replaceable(path: Path, option: str) -> None:
    if os.path.lexists(path) and not path.is_file():
        raise BadInput(Fault(option, shown(path), "is a folder or a device; expected the name of a file"))


@contextlib.contextmanager
def disk_faults(folder: Path, option: str = "--out", advice: str = MAKE_ROOM) -> Iterator[None]:
    """Answer a full or unwritable disk with what to do."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT) or "No space left" in str(error)
        reason = "no space is left on the disk" if full else f"cannot be written: {error.strerror or error}"
        raise TriangleError(f"{option}: {shown(folder)}: {reason}{f'; {advice}' if full else ''}") from None
