"""Parts of the analysis that a report asks: each answers, or is absent and says why; nothing is put in its place."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from types import ModuleType
from typing import Any

from triangle.errors import TriangleError
from triangle.report.material import Material
from triangle.report.page import Block, Paragraph, Text, code, foreign
from triangle.report.phrases import Phrases


def absent(say: Phrases, what: str, reason: Text) -> Block:
    """The paragraph that stands where a part could not be computed, with the reason."""
    return Paragraph(say("absent.part", what=say.word(f"part.{what}"), reason=reason), "absent")


def part_of(name: str) -> ModuleType | None:
    """A part of the analysis, or None where this installation lacks it."""
    try:
        return importlib.import_module(f"triangle.analysis.{name}")
    except ModuleNotFoundError:
        return None


def tried(m: Material, what: str, name: str, ask: Callable[[Any], list[Block]]) -> list[Block]:
    """What a part of the analysis answers; a paragraph with the reason where it is missing or refuses."""
    module = part_of(name)
    if module is None:
        return [absent(m.say, what, m.say("absent.missing", module=code(f"triangle.analysis.{name}")))]
    try:
        return ask(module)
    except TriangleError as error:
        return [
            Paragraph(m.say("absent.refused", what=m.say.word(f"part.{what}"), reason=foreign(str(error))), "absent")
        ]
