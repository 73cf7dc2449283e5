"""Events: what either holds in a game or does not, as users write it.

===================== ========================================================
``RU=hedge``          some pure equilibrium fits the pattern
``only:RU=hedge``     there are pure equilibria and all of them fit it
``margin:RU=hedge>0`` an outcome above, or with ``<`` below, a number
===================== ========================================================

Patterns are those of :mod:`triangle.players.patterns`, outcomes those of :mod:`triangle.measures.outcomes`.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from triangle.base.errors import BadInput, Fault, shorten
from triangle.base.records import number_in
from triangle.measures.outcomes import WORDS


def event_parts(text: str, where: str = "--pattern") -> tuple[str, str, float]:
    """The outcome, the sign and the number of an event: where the outcome lies on that side, the event holds.

    >>> event_parts("RU=hedge"), event_parts("margin:present < -5")
    (('holds:RU=hedge', '>', 0.5), ('margin:present', '<', -5.0))
    """
    place = max(text.rfind(">"), text.rfind("<"))
    if place >= 0:
        outcome, sign, number = text[:place].strip(), text[place], text[place + 1 :].strip()
        try:
            bound = number_in(number)
        except ValueError:
            bound = math.nan
        if not math.isfinite(bound):
            raise BadInput(Fault(where, "", f"found {shorten(text)}; expected OUTCOME>NUMBER or OUTCOME<NUMBER"))
        if "=" in outcome.partition(":")[0].partition("@")[0]:
            said = (
                f"found {shorten(text)}; a pattern either holds or not: 'holds:{shorten(outcome, 60)[1:-1]}{sign}0.5'"
            )
            raise BadInput(Fault(where, "", said))
        return outcome, sign, bound
    text = text.strip()
    word = text.partition(":")[0].partition("@")[0].strip()
    if word in ("holds", "only"):
        return text, ">", 0.5
    if word in WORDS:
        raise BadInput(
            Fault(where, "", f"found {shorten(text)}, an outcome; an event compares it, as in {shorten(text + '>0')}")
        )
    return f"holds:{text}", ">", 0.5


def holds_at(values: NDArray[np.float64], sign: str, bound: float) -> NDArray[np.bool_]:
    """Where numbers lie above, or below, a bound."""
    return values > bound if sign == ">" else values < bound


def contrary(text: str) -> str:
    """The event that the other does not hold, up to equality with the bound.

    >>> contrary("RU=hedge"), contrary("margin:present>0")
    ('holds:RU=hedge<0.5', 'margin:present<0')
    """
    outcome, sign, bound = event_parts(text)
    return f"{outcome}{'<' if sign == '>' else '>'}{bound:g}"
