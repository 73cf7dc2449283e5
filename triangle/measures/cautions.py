"""What an answer rests on and does not show by itself: players who are held, draws that depend on each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from triangle.base.store import fields, texts
from triangle.players.axes import ACTIONS, PLAYERS

#: From which absolute rank correlation on the columns of listed points are said to go together.
NOTABLE = 0.3


@dataclass(frozen=True)
class Cautions:
    """What draws share beyond their ranges.

    Attributes
    ----------
    hold : mapping of str to str
        Action of each player who is held, by name.
    together : tuple of (str, str, float)
        Pairs of parameters that were not drawn independently, with their correlation.
    """

    hold: Mapping[str, str] = field(default_factory=dict)
    together: tuple[tuple[str, str, float], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """For a document; see :func:`cautions_from_json`."""
        pairs = [{"parameters": [a, b], "correlation": rho} for a, b, rho in self.together]
        return {"hold": dict(self.hold), "drawn_together": pairs}

    @property
    def at_the_foot(self) -> str:
        """The sentences behind dots, for the line at the foot of a picture."""
        return "".join(f" · {sentence}" for sentence in self.sentences())

    def sentences(self) -> list[str]:
        """One sentence each; none where nobody is held and all draws are independent."""
        said = []
        if self.hold:
            held = ", ".join(f"{player} at {action.replace('_', ' ')}" for player, action in self.hold.items())
            said.append(f"Held: {held}. All of this is said of games in which held players do not deviate.")
        if self.together:
            pairs = ", ".join(f"{a} and {b} ({rho:.2g})" for a, b, rho in self.together)
            said.append(f"Drawn together: {pairs}. What one of a pair does cannot be told apart from the other.")
        return said


def held(hold: Mapping[int, int]) -> dict[str, str]:
    """Who is held at what, by name."""
    return {PLAYERS[player]: ACTIONS[player][action] for player, action in sorted(hold.items())}


def going_together(names: Sequence[str], inputs: NDArray[np.float64]) -> tuple[tuple[str, str, float], ...]:
    """Pairs of listed columns ``[parameter, point]`` whose rank correlation (Spearman 1904) is notable.

    >>> going_together(["a", "b", "c"], np.array([[1, 2, 3, 4.0], [1, 4, 9, 16], [1, 2, 2, 1]]))
    (('a', 'b', 1.0),)
    """
    from scipy.stats import rankdata

    if inputs.shape[0] < 2 or inputs.shape[1] < 3:
        return ()
    matrix = np.corrcoef(rankdata(inputs, axis=1))
    pairs = ((a, b, float(matrix[a, b])) for a, b in combinations(range(len(names)), 2))
    return tuple((names[a], names[b], rho) for a, b, rho in pairs if abs(rho) >= NOTABLE)


def cautions_from_json(data: Mapping[str, Any]) -> Cautions:
    """The inverse of :meth:`Cautions.as_json`; documents of earlier versions have none."""
    hold = data.get("hold", {})
    players = texts(list(hold))
    actions = texts([hold[player] for player in hold])
    pairs = tuple(
        (*_pair(entry["parameters"]), fields(entry, {"correlation": float})["correlation"])
        for entry in data.get("drawn_together", [])
    )
    return Cautions(dict(zip(players, actions, strict=True)), pairs)


def _pair(names: Any) -> tuple[str, str]:
    first, second = texts(names)
    return first, second


#: Nobody is held, and all draws are independent.
NONE = Cautions()
