"""The file that never fails to write: read back alike whether or not the disk went full, and told in the end."""

import errno
import io
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triangle.sweeps import deferred
from triangle.sweeps.deferred import DeferredFile

STEPS = st.lists(
    st.tuples(st.sampled_from(["write", "read"]), st.integers(0, 300), st.integers(0, 120)), min_size=1, max_size=12
)


class SmallDisk(io.FileIO):
    """A file that takes so many bytes in all."""

    room = 10**9

    def write(self, data) -> int:
        if self.room == 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        taken = super().write(memoryview(data)[: self.room])
        self.room -= taken
        return taken


@given(steps=STEPS, room=st.integers(0, 400))
def test_what_is_written_is_read_back_whether_or_not_the_disk_takes_it(steps, room, tmp_path_factory):
    path = tmp_path_factory.mktemp("disk") / "file"
    with pytest.MonkeyPatch.context() as patch, SmallDisk(path, "w+b") as disk:
        patch.setattr(deferred, "PAGE", 64)
        disk.room = room
        file, plain = DeferredFile(disk), io.BytesIO()
        written = 0
        for number, (what, place, count) in enumerate(steps):
            if what == "write":
                data = bytes([number + 1]) * count
                if place > len(plain.getvalue()):
                    place = len(plain.getvalue())
                assert file.seek(place) == plain.seek(place)
                assert file.write(data) == plain.write(data)
                written += count
            else:
                assert file.seek(place) == plain.seek(place)
                assert file.read(count) == plain.read(count)
            assert file.tell() == plain.tell()
        file.seek(0)
        assert file.read() == plain.getvalue() and file.seek(0, 2) == len(plain.getvalue())
        if written > room:
            with pytest.raises(OSError, match="No space left"):
                file.check()
        else:
            file.check()
    if written <= room:
        assert path.read_bytes() == plain.getvalue()
