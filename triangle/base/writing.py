"""Writing files so that whoever reads finds the old one whole or the new one whole, whatever ends the process.

A file is written beside its place under a name that nobody has, brought to the disk, and renamed into its place. What
stands there already is replaced only where it says itself that it is a result of this package; a file that people edit
(a sheet, a scenario, a game, a note) is never replaced.
"""

from __future__ import annotations

import contextlib
import errno
import mmap
import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from triangle.base.errors import BadInput, Fault
from triangle.base.files import shown

#: What to do where the disk is full and nothing else is known.
MAKE_ROOM = "make room, or name another place"

#: How each kind of result begins, and what in it says that it is ours.
_RESULTS = (
    (rb"\{", rb"\A\{\s*\"schema\": \"triangle\.(?!run/)"),  # a sweep's manifest is no result that stands alone
    (rb"\x89PNG", rb"Software\0triangle\b"),
    (rb"<\?xml", rb"<dc:title>triangle\b"),
    (rb"%PDF", rb"/Creator ?\(triangle\b|%%EOF\s+% triangle\b"),
    (rb"<!doctype html", rb"<meta name=\"generator\" content=\"triangle\b"),
    (rb"\x89HDF", rb"triangle_version"),
)

#: What the folder of a sweep keeps for itself.
ARCHIVED = ("manifest.json", "points.npz", "sweep.nc", "sweep.nc.sha256", "statistics.json", "lock", "chunks")

#: Folders whose links lead to devices and to what is open already.
_DEVICES = (("dev",), ("proc",))

_TEMPORARY = r"\.triangle-[0-9a-f]{16}\.part"


def is_result(path: Path) -> bool:
    """Whether a file says of itself that this package wrote it; an empty file counts, since nothing of it is lost."""
    if path.stat().st_size == 0:
        return True
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return any(re.match(begins, content, re.IGNORECASE) and re.search(says, content) for begins, says in _RESULTS)


def anything(path: Path) -> bool:
    """What may be replaced where a name is not the user's to choose, or was checked before."""
    return True


def is_temporary(name: str) -> bool:
    """Whether a file's name is one of those under which files are written before they take their place."""
    return re.fullmatch(_TEMPORARY, name) is not None


def write_document(path: Path, document: Mapping[str, Any]) -> None:
    """Write the document of an answer, whose ``schema`` says what it is, as JSON.

    Raises
    ------
    TriangleError
        If the file cannot be written.
    ValueError
        If the document holds a number that JSON does not know; that is a fault of whoever made it.
    """
    import json

    if not isinstance(document.get("schema"), str):
        raise ValueError("a result needs a schema, as 'triangle.sensitivity/1'")
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1) + "\n"
    replace_file(path, lambda file: file.write(text.encode()))


def replace_file(
    path: Path,
    write: Callable[[IO[bytes]], object],
    option: str = "--out",
    advice: str = MAKE_ROOM,
    *,
    may_replace: Callable[[Path], bool] = is_result,
    new_folders: bool = True,
) -> None:
    """Write a file in one piece; see :func:`in_place`."""
    with in_place(path, option, advice, may_replace=may_replace, new_folders=new_folders) as file:
        write(file)


@contextlib.contextmanager
def in_place(
    path: Path,
    option: str = "--out",
    advice: str = MAKE_ROOM,
    *,
    may_replace: Callable[[Path], bool] = is_result,
    new_folders: bool = True,
    buffering: int = -1,
) -> Iterator[IO[bytes]]:
    """A file to write into, which takes its place at the end; a failed attempt leaves nothing behind.

    Parameters
    ----------
    option : str
        What faults are said to stand in.
    advice : str
        What to do where the disk is full.
    may_replace : function of a path
        Whether the file that stands there may be replaced.
    new_folders : bool
        Whether folders on the way that are not there are made.

    Raises
    ------
    BadInput
        If what stands there is a folder, a device, or a file that may not be replaced; if the disk is full, or the
        file cannot be written.
    """
    place = _place(path, option, may_replace)
    with disk_faults(place.parent, option, advice):
        if new_folders:
            place.parent.mkdir(parents=True, exist_ok=True)
        temporary = place.with_name(f".triangle-{os.urandom(8).hex()}.part")
        file: IO[bytes] = temporary.open("x+b", buffering=buffering)
        try:
            with file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            if _place(path, option, may_replace).exists():  # perhaps only since this began
                os.chmod(temporary, stat.S_IMODE(place.stat().st_mode))
            os.replace(temporary, place)
        except BaseException:  # a full disk, or Ctrl-C
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise


def check_place(path: Path, option: str = "--out") -> None:
    """Refuse a place where no file can be written, before the work whose result goes there is begun."""
    folder = _place(path, option, is_result).parent
    with disk_faults(folder, option):
        while not os.path.lexists(folder) and folder != folder.parent:
            folder = folder.parent
        import tempfile  # which is long in loading

        tempfile.TemporaryFile(dir=folder).close()


def _place(path: Path, option: str, may_replace: Callable[[Path], bool]) -> Path:
    """Where a file goes, beyond links; raises BadInput where what stands there is not to be replaced."""

    def refused(why: str) -> BadInput:
        return BadInput(Fault(option, shown(path), why))

    try:
        place = Path(os.path.realpath(path))
        named = Path(os.path.abspath(path)).parts[1:2]  # /dev/stdout leads to the file that the answer is printed into
        if (os.path.lexists(place) and not place.is_file()) or (named in _DEVICES and named != place.parts[1:2]):
            raise refused("is a folder or a device; expected the name of a file")
        if not place.name or (may_replace is is_result and _is_archived(place)):
            raise refused("belongs to the folder of a sweep; name another file")
        if place.exists() and not may_replace(place):
            raise refused("is there already, and may hold work of yours; choose another name, or move it away")
        if place.exists() and not os.access(place, os.W_OK):
            raise refused("is there already, and is protected from writing")
    except (OSError, ValueError) as error:  # a loop of links, an over-long name, a NUL byte
        raise refused(f"cannot be written: {getattr(error, 'strerror', None) or error}") from None
    return place


def _is_archived(place: Path) -> bool:
    """Whether a place belongs to a sweep's folder: its files, and all below its folder of chunks."""
    folder = place.parent.parent if place.parent.name == "chunks" else place.parent
    own = place.name in ARCHIVED or folder != place.parent
    manifest = folder / "manifest.json"
    if not own or not manifest.is_file():
        return False
    with manifest.open("rb") as file:
        return b'"triangle.run/' in file.read(200)


@contextlib.contextmanager
def disk_faults(folder: Path, option: str = "--out", advice: str = MAKE_ROOM) -> Iterator[None]:
    """Answer a full or unwritable disk with what to do."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT) or "No space left" in str(error)
        reason = "no space is left on the disk" if full else f"cannot be written: {error.strerror or error}"
        raise BadInput(Fault(option, shown(folder), f"{reason}{f'; {advice}' if full else ''}")) from None
