"""The lectures as pages: each notebook with the outputs that are stored in it, pictures in files of their own.

Nothing is run here: that a stored output is what a fresh run gives is asked by ``tests/test_notebooks.py``.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat


def write_lectures(notebooks: Path, folder: Path) -> None:
    """Write a page and the pictures of each notebook into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in sorted(notebooks.glob("*.ipynb")):
        page = Lecture(file, folder)
        write_changed(folder / f"{file.stem}.md", "\n".join(page.lines()).encode())


def write_changed(path: Path, content: bytes) -> None:
    """Write a file unless it holds that already: an unchanged page is not built again."""
    if not path.exists() or path.read_bytes() != content:
        path.write_bytes(content)


class Lecture:
    """A notebook on its way to a page of a folder."""

    def __init__(self, file: Path, folder: Path):
        self.file, self.folder = file, folder
        self.cells = nbformat.read(file, as_version=4).cells

    def lines(self) -> Iterator[str]:
        """The page, cell by cell."""
        for place, cell in enumerate(self.cells):
            if cell.cell_type == "markdown":
                yield from (cell.source, "")
                continue
            yield from ("```python", cell.source, "```", "")
            for number, output in enumerate(cell.outputs):
                yield from (self.shown(output, f"{self.file.stem}_{place}_{number}.png"), "")

    def shown(self, output: Any, name: str) -> str:
        """An output as Markdown: a table, text that is Markdown, a picture, or plain text."""
        data = output.get("data", {})
        if "text/html" in data:
            return f"```{{raw}} html\n{data['text/html']}\n```"
        if "text/markdown" in data:
            return str(data["text/markdown"])
        if "image/png" in data:
            write_changed(self.folder / name, base64.b64decode(data["image/png"]))
            return f"![What the cell above draws]({name})"
        return f"```text\n{data.get('text/plain', output.get('text', '')).rstrip()}\n```"
