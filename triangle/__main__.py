"""``python -m triangle`` and the command ``triangle``: what a process does before and after its command.

Ctrl-C is answered from here on, also while the libraries are still being read. What libraries say to developers,
warnings and errors in their destructors, is not for readers of a command's answer.
"""

from __future__ import annotations

from triangle.base import interrupts

TYPE_CHECKING = False  # see triangle/__init__.py
if TYPE_CHECKING:
    from typing import NoReturn


def run() -> NoReturn:
    """Run the command line in a process of its own."""
    listening = interrupts.listen()
    import gc
    import sys
    import warnings

    # Starting up makes many objects and hardly a cycle; looking for cycles all the while costs a twentieth of it.
    gc.set_threshold(200_000)
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    sys.unraisablehook = lambda _: None
    from triangle.cli import main

    code: object = 130
    try:
        if listening:
            interrupts.begin()
        main()
    except SystemExit as leave:
        code = leave.code
    except KeyboardInterrupt:  # just before or after the command
        sys.stderr.write("interrupted\n")
    finally:
        if listening:
            interrupts.end()
        gc.freeze()  # all ends; what is in cycles is not looked for a last time
    if code == 130:
        interrupts.leave()
    sys.exit(code)  # type: ignore[arg-type]


if __name__ == "__main__":
    run()
