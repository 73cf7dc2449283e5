"""Draw the pictures of the gallery anew, each by the command under it: ``python docs/gallery_pictures.py [NAME]…``."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

DOCS = Path(__file__).parent
SHOWN = re.compile(r"!\[[^]]*\]\(pictures/(?P<name>\w+)\.png\)\n\n {4}triangle (?P<words>.+)\n")


#: What a picture is called by a command that draws several, where that is not its name.
OF_SEVERAL = {"signal": "map_prior_watch"}


def commands() -> Iterator[tuple[str, list[str]]]:
    """Every picture of the gallery with the words of its command."""
    for shown in SHOWN.finditer((DOCS / "gallery.md").read_text(encoding="utf-8")):
        yield shown["name"], shlex.split(shown["words"])


def drawn(name: str, words: list[str], folder: Path) -> Path:
    """The picture that a command draws in a folder, among several the one of this name."""
    subprocess.run([sys.executable, "-m", "triangle", *words], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    found = [*folder.rglob("*.png")]
    return found[0] if len(found) == 1 else next(folder.rglob(f"{OF_SEVERAL.get(name, name)}.png"))


def main(asked: list[str]) -> None:
    """Draw those asked for, or all."""
    for name, words in commands():
        if not asked or name in asked:
            with tempfile.TemporaryDirectory() as folder:
                shutil.copy(drawn(name, words, Path(folder)), DOCS / "pictures" / f"{name}.png")
            print(name, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
