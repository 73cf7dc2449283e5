"""Games of known turning points: terms of a model of one's own over the former parameters, where none follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from strategies import former

import triangle
from triangle.players.axes import CN, RU, US
from triangle.study.study import Study

Number = Callable[[Any], Any]


def game(courts: Number, leaves: Number | None = None) -> Study:
    """A study in which the US gains ``courts(values)`` by accommodating Russia, Russia ``leaves`` by opposing China.

    Everything else costs 1, so that nobody does anything else: the US contains both or courts Russia, Russia aligns
    with China or opposes both, China aligns with Russia.
    """

    def own(s: Any, v: Any) -> dict[int, Any]:
        gain = 1.0 if leaves is None else -leaves(v)
        return {
            US: courts(v) * s[US, RU] - 1.0 * s[US, CN],
            RU: gain * s[RU, CN] - 1.0 * s[RU, US],
            CN: 1.0 * s[CN, RU] - 1.0 * s[CN, US],
        }

    study = triangle.load("baseline", model=former())
    return Study(replace(study.model, terms={"own": own}), study.scenario, {})
