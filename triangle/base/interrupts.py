"""Ctrl-C in a process that runs one command: answered by one word, whenever it comes."""

from __future__ import annotations

import os

TYPE_CHECKING = False  # see triangle/__init__.py
if TYPE_CHECKING:
    import signal
    from types import FrameType
    from typing import NoReturn
else:
    # What `signal` hands on, without the enumerations that it makes: they take longer to load than all before.
    import _signal as signal


def listen() -> bool:
    """Leave at once from here on: nothing is under way yet. False where Ctrl-C is ignored, as in the background."""
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        return False
    signal.signal(signal.SIGINT, _leave)
    return True


def begin() -> None:
    """Raise KeyboardInterrupt from here on, so that what is under way is put in order; a second time, leave at once."""
    signal.signal(signal.SIGINT, _raise)


def end() -> None:
    """Hear nothing from here on: all is said."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def leave() -> NoReturn:
    """End as one who was interrupted; by itself Python would die by the signal that met it in an import."""
    os._exit(130)


def was_heard() -> bool:
    """Whether KeyboardInterrupt was raised here; a library may have taken it for an error of its own."""
    return _heard


_heard = False


def _raise(signum: int, frame: FrameType | None) -> NoReturn:
    global _heard
    _heard = True
    signal.signal(signal.SIGINT, _leave)
    raise KeyboardInterrupt


def _leave(signum: int, frame: FrameType | None) -> NoReturn:
    if not _heard:
        os.write(2, b"interrupted\n")
    os._exit(130)
