"""The picture of the floors, drawn from the structure test, so that it says what is tested.

Renew it after a change of the floors: ``python docs/floors.py``.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator
from html import escape
from pathlib import Path

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "pictures" / "floors.svg"

WIDTH, HEIGHT, GAP, EDGE = 960, 74, 10, 16
#: Rooms that know no country, and those that do.
FILLS = {True: "#dcebf7", False: "#f6ecd9"}


def constant(name: str) -> object:
    """A constant of the structure test, read and not run."""
    tree = ast.parse((ROOT / "tests" / "test_architecture.py").read_text(encoding="utf-8"))
    (value,) = (
        node.value for node in tree.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name
    )
    return ast.literal_eval(value)


def says(room: str) -> str:
    """What a room holds: the first sentence of it."""
    package = ROOT / "triangle"
    path = package / room / "__init__.py" if (package / room).is_dir() else package / f"{room}.py"
    return (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split("\n\n")[0].rstrip(".")


def drawing() -> str:
    """The picture as SVG, the lowest floor below."""
    floors, theory = list(constant("FLOORS")), constant("THEORY")  # type: ignore[call-overload]
    shown = [sorted(room for room in floor if not room.startswith("__")) for floor in reversed(floors)]
    shown = [floor for floor in shown if floor]
    height = 2 * EDGE + len(shown) * (HEIGHT + GAP) - GAP
    boxes = "\n".join(
        part for row, floor in enumerate(shown) for part in boxes_of(floor, EDGE + row * (HEIGHT + GAP), theory)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'font-family="sans-serif" role="img">\n<title>The floors of the package; a room imports only from those '
        f'below</title>\n<rect width="{WIDTH}" height="{height}" fill="white"/>\n{boxes}\n</svg>\n'
    )


def boxes_of(floor: list[str], top: int, theory: object) -> Iterator[str]:
    """The rooms of one floor, side by side."""
    width = (WIDTH - 2 * EDGE - GAP * (len(floor) - 1)) / len(floor)
    for place, room in enumerate(floor):
        left = EDGE + place * (width + GAP)
        fill = FILLS[room in theory]  # type: ignore[operator]
        yield f'<rect x="{left:g}" y="{top}" width="{width:g}" height="{HEIGHT}" rx="6" fill="{fill}" stroke="#555"/>'
        yield f'<text x="{left + 12:g}" y="{top + 23}" font-size="16" font-weight="bold">{room}</text>'
        for number, line in enumerate(textwrap.wrap(says(room), int((width - 24) / 6.9))):
            yield f'<text x="{left + 12:g}" y="{top + 42 + 17 * number}" font-size="13">{escape(line)}</text>'


if __name__ == "__main__":
    PICTURE.write_text(drawing(), encoding="utf-8")
