"""Parts of a report that may have nothing to say: absent with the reason; nothing is put in their place."""

from __future__ import annotations

from collections.abc import Callable

from triangle.base.errors import TriangleError
from triangle.showing.blocks import Block, Paragraph, Text, foreign
from triangle.showing.material import Material
from triangle.showing.phrases import Phrases


def absent(say: Phrases, what: str, reason: Text) -> Block:
    """The paragraph that stands where a part could not be computed, with the reason."""
    return Paragraph(say("absent.part", what=say.word(f"part.{what}"), reason=reason), "absent")


def unless_refused(m: Material, what: str, ask: Callable[[], list[Block]]) -> list[Block]:
    """What a part of the analysis answers; where it refuses, a paragraph with the reason."""
    try:
        return ask()
    except TriangleError as error:
        refusal = m.say("absent.refused", what=m.say.word(f"part.{what}"), reason=foreign(str(error)))
        return [Paragraph(refusal, "absent")]
