"""What an answer rests on and does not show by itself: who is held, draws that depend on each other, agreements."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from triangle.base.records import SPARSE, Key, form, from_document

#: From which absolute rank correlation on the columns of listed points are said to go together.
NOTABLE = 0.3


Pairs = tuple[tuple[str, str, float], ...]


@dataclass(frozen=True)
class _Pair:
    parameters: tuple[str, str]
    correlation: float


def _write_pairs(pairs: Pairs) -> list[dict[str, object]]:
    return [{"parameters": [a, b], "correlation": rho} for a, b, rho in pairs]


def _read_pairs(data: list[object]) -> Pairs:
    found = (from_document(_Pair, entry, "") for entry in data)
    return tuple((*pair.parameters, pair.correlation) for pair in found)


_PAIRS = form(_write_pairs, _read_pairs)

#: Pairs of parameters with their correlation.
PairsField = Annotated[Pairs, _PAIRS]


@dataclass(frozen=True)
class Cautions:
    """What draws share beyond their ranges.

    Attributes
    ----------
    hold : mapping of str to str
        Action of each player who is held, by name.
    together : tuple of (str, str, float)
        Pairs of parameters that were not drawn independently, with their correlation.
    trust : float or None
        Where only agreement-proof equilibria count, at which trust they are.
    """

    hold: Mapping[str, str] = field(default_factory=dict)
    together: Annotated[Pairs, Key("drawn_together"), _PAIRS] = ()
    trust: Annotated[float | None, SPARSE] = None

    def sentences(self, told: Callable[..., str] = str.format, digits: Callable[[str], str] = str) -> list[str]:
        """One sentence each; none where nobody is held, all draws are independent and all equilibria count.

        `told` fills a template, and `digits` writes a number, as in :mod:`triangle.showing.phrases`.
        """
        said = []
        if self.hold:
            each = (told("{player} at {action}", player=code, action=name) for code, name in self.hold.items())
            said.append(
                told(
                    "Held: {held}. All of this is said of games in which held players do not deviate.",
                    held=", ".join(each).replace("_", " "),
                )
            )
        if self.together:
            pairs = (told("{a} and {b} ({rho})", a=a, b=b, rho=digits(f"{rho:.2g}")) for a, b, rho in self.together)
            said.append(
                told(
                    "Drawn together: {pairs}. What one of a pair does cannot be told apart from the other.",
                    pairs=", ".join(pairs),
                )
            )
        if self.trust is not None and self.trust >= 1:
            said.append(told("Equilibria that two would leave by an agreement do not count."))
        elif self.trust is not None:
            template = (
                "Equilibria that two would leave by an agreement that needs trust of at most {trust} do not count."
            )
            said.append(told(template, trust=digits(f"{self.trust:g}")))
        return said


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


#: Nobody is held, all draws are independent, and all equilibria count.
NONE = Cautions()
