"""A file for a library that does not survive a full disk: failures to write are kept, and told when it has ended.

HDF5 writes when it likes, at the closing of a file at the latest. Where that fails it leaves half-closed files behind,
and the process comes down with them. Here a write never fails. What the disk does not take any more is held in memory,
where it is read back from, until the owner of the file asks with :meth:`DeferredFile.check`.
"""

from __future__ import annotations

from io import FileIO
from typing import Any

#: Bytes of a page of what the disk did not take.
PAGE = 1 << 16


class DeferredFile:
    """A binary file, open for reading and writing, as the HDF5 library uses one.

    Parameters
    ----------
    file : FileIO
        A new file without buffer; it is closed by its owner, not by :meth:`close`.
    """

    def __init__(self, file: FileIO):
        self._file = file
        self._error: OSError | None = None
        self._place = self._size = 0
        self._pages: dict[int, bytearray] = {}

    def check(self) -> None:
        """Raise the first failure, if there was one."""
        if self._error is not None:
            raise self._error

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a place, counted from the beginning (0), from here (1) or from the end (2)."""
        self._place = offset + (0, self._place, self._size)[whence]
        return self._place

    def tell(self) -> int:
        """The place where the next byte is read or written."""
        return self._place

    def write(self, data: Any) -> int:
        """Write all, to the disk or, after a failure, to memory."""
        whole = memoryview(data).cast("B")
        done = 0
        while done < whole.nbytes and self._error is None:
            try:
                self._file.seek(self._place + done)
                done += self._file.write(whole[done:]) or 0
            except OSError as error:
                self._error = error
        for page, inside, part in _pages(self._place + done, whole.nbytes - done):
            if page not in self._pages:
                self._pages[page] = bytearray(PAGE)
                self._read_disk(page * PAGE, memoryview(self._pages[page]))
            start = done + part.start
            self._pages[page][inside] = whole[start : start + inside.stop - inside.start]
        self._place += whole.nbytes
        self._size = max(self._size, self._place)
        return whole.nbytes

    def _read_disk(self, place: int, into: memoryview) -> None:
        """What the disk holds from a place on; beyond its end nothing is changed."""
        self._file.seek(place)
        done = 0
        while done < into.nbytes:
            count = self._file.readinto(into[done:])
            if not count:
                return
            done += count

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer as far as the file goes."""
        whole = memoryview(buffer).cast("B")
        count = max(0, min(whole.nbytes, self._size - self._place))
        whole = whole[:count]
        whole[:] = bytes(count)
        self._read_disk(self._place, whole)
        for page, inside, part in _pages(self._place, count):
            if page in self._pages:
                whole[part] = self._pages[page][inside]
        self._place += count
        return count

    def read(self, size: int = -1) -> bytes:
        """The next `size` bytes, all that are left where that is negative."""
        left = max(0, self._size - self._place)
        buffer = bytearray(left if size < 0 else min(size, left))
        self.readinto(buffer)
        return bytes(buffer)

    def truncate(self, size: int | None = None) -> int:
        """Set the length; the place stays."""
        self._size = self._place if size is None else size
        if self._error is None:
            try:
                self._file.truncate(self._size)
            except OSError as error:
                self._error = error
        return self._size

    def flush(self) -> None:
        """Nothing is held back here but what the disk did not take."""

    def close(self) -> None:
        """Stay open: the library is done with the file, its owner is not."""


def _pages(place: int, count: int) -> list[tuple[int, slice, slice]]:
    """The pages that `count` bytes from a place on lie on: their number, the bytes of the page, and of the stretch.

    >>> _pages(PAGE - 1, 3)
    [(0, slice(65535, 65536, None), slice(0, 1, None)), (1, slice(0, 2, None), slice(1, 3, None))]
    """
    found = []
    at = place
    while at < place + count:
        page, inside = divmod(at, PAGE)
        length = min(PAGE - inside, place + count - at)
        found.append((page, slice(inside, inside + length), slice(at - place, at - place + length)))
        at += length
    return found
