"""Statements that are true, or false, by construction: whatever the numbers that are drawn, within their hard bounds.

A statement that no number could have overturned is no finding, however many draws it holds in. Whether it is one is not
proven but tried to be falsified: at points just within the hard bounds, a third of them corners, a third spread evenly
and a third evenly in the logarithm from a hundredth of a range's low end to a hundred times its high end. Where there
is no upper bound, a hundred times the top of the range stands for it. Levers stay where the statement puts them, and
what a scenario sets stays set, as in the draws.
"""

from __future__ import annotations

from collections.abc import Mapping
from zlib import crc32

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triangle.model.parameter import Parameter
from triangle.players.thirds import ThirdParty
from triangle.questions.claims.ground import Draws, Ground
from triangle.questions.claims.kinds import Prepared

Floats = NDArray[np.float64]

#: Points at which a statement is tried first, and the fewest and most at which one is that was not falsified there.
FIRST, FEWEST, MOST = 48, 256, 4096

#: How far inside its hard bounds a parameter is kept, as a share of their width: at a bound a term is switched off.
INSIDE = 1e-3

#: How far beyond its range a parameter without an upper bound is taken, as a multiple of the range's top.
BEYOND = 100.0


class AtBounds(Draws):
    """Points of the hard bounds in place of the draws of the box; the first is the scenario as it stands."""

    def __init__(self, ground: Ground, samples: int, seed: int):
        super().__init__(ground, samples, seed)
        self._drawn = FIRST  # of what is drawn only counts whether it is
        self._spread: dict[tuple[ThirdParty, ...], dict[str, Floats]] = {}
        names = ground.model.catalogue.parameters
        places = np.random.default_rng(seed).random((len(names), samples))
        self._places = dict(zip(names, places, strict=True))

    def _pointed(self, scenario: str, drawn: Mapping[str, ArrayLike]) -> dict[str, Floats]:
        # What another scenario draws comes as a column too, of one number where this scenario sets it.
        set_ = {name: np.broadcast_to(np.ravel(x)[0], (self.samples,) * np.ndim(x)) for name, x in drawn.items()}
        spread = {name: self._at_bounds(scenario, name) for name, x in drawn.items() if np.ptp(x) > 0}
        return super()._pointed(scenario, set_ | spread)

    def _at_bounds(self, scenario: str, name: str) -> Floats:
        """The points of a parameter, the same in all scenarios of the same players."""
        known = self._spread.setdefault(self.ground.scenario(scenario).players, {})
        if name not in known:
            known[name] = spread_out(self._place(name), self.ground.catalogue(scenario)[name])
        return known[name]

    def _place(self, name: str) -> Floats:
        """Where a parameter lies; one that only third parties' terms read has places of its own."""
        if name not in self._places:
            self._places[name] = np.random.default_rng([self.seed, crc32(name.encode())]).random(self.samples)
        places: Floats = self._places[name]
        return places


def spread_out(places: Floats, p: Parameter) -> Floats:
    """Values of a parameter from numbers of [0, 1): the first third at its hard ends, the next even, the rest in logs.

    >>> from triangle.model.model import read_model
    >>> spread_out(np.array([0.2, 0.7, 0.0, 0.5, 0.0, 0.5]), read_model().catalogue["relief"]).round(3).tolist()[:4]
    [0.001, 0.999, 0.001, 0.5]
    """
    top = p.hard_high if np.isfinite(p.hard_high) else BEYOND * max(abs(p.high), 1.0)
    width, third = top - p.hard_low, len(places) // 3
    bottom, top = p.hard_low + INSIDE * width, top - INSIDE * width
    corners = np.where(places[:third] < 0.5, bottom, top)
    even = bottom + places[third : 2 * third] * (top - bottom)
    low, high = max(p.low / BEYOND, 1e-6 * max(p.high, 1e-6)), max(p.high * BEYOND, 1e-5)
    logs = np.clip(low * (high / low) ** places[2 * third :], bottom, top)
    return np.concatenate([corners, even, logs])


class Construction:
    """Whether statements could have come out otherwise, at one set of points for all of them: as many as are drawn.

    Courses over years, offers and gestures are not tried, nor is what rests on one of them among other things.
    """

    def __init__(self, ground: Ground, samples: int, seed: int):
        self._tries = [AtBounds(ground, n, seed) for n in (FIRST, min(max(samples, FEWEST), MOST))]

    def points_kept(self, test: Prepared, holds: bool) -> int | None:
        """The points that count at which the statement was tried and never came out otherwise; None where it did."""
        if test.kinds & {"course", "offer", "gesture"}:
            return None  # a course takes as long as all others together; the types of a game with types are set
        kept = 0
        for draws in self._tries:
            with np.errstate(all="ignore"):
                found = test.read(draws)
            if not (found.truth[found.domain] == holds).all():
                return None
            kept = int(found.domain.sum())
        return kept or None
