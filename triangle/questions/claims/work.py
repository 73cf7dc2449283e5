"""The tests of a ledger of claims, in groups that share what they ask about, worked on by one process or several.

Answers do not depend on who computes them with what else: draws are the same everywhere, and each test is read by
itself. What groups decide is how often the same is computed: courses of one path, and payoffs of the same players.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from triangle.questions.claims.conditions import Evidence
from triangle.questions.claims.construction import Construction
from triangle.questions.claims.file import ContradictionTable, EntryTable, SideTable
from triangle.questions.claims.ground import Draws, Ground, Place, Spot
from triangle.questions.claims.kinds import Prepared, Reading, prepare
from triangle.questions.claims.ledger import Answer, Measured, answer_of
from triangle.sweeps import pools

Table = EntryTable | ContradictionTable

#: The answers of an entry or a contradiction, to each of its tests.
Answers = tuple[Answer, ...]

#: Quantiles that evidence is given with.
QUANTILES = (0.05, 0.5, 0.95)

#: How many other tests one over years takes as long as.
COURSE = 10

#: Another process pays where there are tests for so long, counted as tests of one year.
PAYS = 120


@dataclass(frozen=True)
class Ready:
    """An entry or a contradiction, its file, and its tests where they are prepared."""

    id: str
    file: str
    table: Table
    tests: tuple[Prepared, ...] = ()


def sides_of(name: str, table: Table) -> Mapping[str, EntryTable | SideTable]:
    """What of a table has a test of its own, by where it stands in its file."""
    if isinstance(table, EntryTable):
        return {name: table}
    return {f"{name}.first": table.first, f"{name}.second": table.second}


@dataclass(frozen=True, eq=False)
class Trial:
    """Tests at the same draws, cut into groups as chunks of :func:`triangle.sweeps.pools.answers`.

    Parameters
    ----------
    ground : Ground
        Which has read what the tests are about.
    samples : int
    seed : int
    groups : tuple of tuples of (str, str, table)
        Id, file and table of what is tested.
    """

    ground: Ground
    samples: int
    seed: int
    groups: tuple[tuple[tuple[str, str, Table], ...], ...] = ()

    @cached_property
    def _points(self) -> tuple[Draws, Construction]:
        return Draws(self.ground, self.samples, self.seed), Construction(self.ground, self.samples, self.seed)

    def compute(self, chunk: int) -> list[Answers]:
        """The answers of each that a group is made of."""
        return [self.answered(table, self._prepared(name, file, table)) for name, file, table in self.groups[chunk]]

    def answered(self, table: Table, tests: Sequence[Prepared]) -> Answers:
        """The answers of an entry or a contradiction."""
        return tuple(_tested(test, *self._points, table) for test in tests)

    def _prepared(self, name: str, file: str, table: Table) -> list[Prepared]:
        """The tests of a table that is known to be sound."""
        return [
            prepare(side.test, self.ground, Spot(file, f"{key}.test")) for key, side in sides_of(name, table).items()
        ]


# Groups ---------------------------------------------------------------------------------------------------------------


def grouped(ready: Sequence[Ready], ground: Ground, workers: int) -> list[list[int]]:
    """Places of what is tested, in groups that share courses or players, none overlong; the longest first."""
    together = defaultdict[object, list[int]](list)
    for place, item in enumerate(ready):
        if item.tests:
            together[_shares(item.table, ground)].append(place)
    most = max(PAYS // 4, sum(map(_length, ready)) // (4 * workers))
    groups = [part for places in together.values() for part in _parted(places, ready, most)]
    return sorted(groups, key=lambda places: -sum(_length(ready[place]) for place in places))


def _parted(places: Sequence[int], ready: Sequence[Ready], most: int) -> Iterator[list[int]]:
    """Consecutive places, no longer together than so many tests of one year."""
    part: list[int] = []
    for place in places:
        if part and sum(_length(ready[one]) for one in (*part, place)) > most:
            yield part
            part = []
        part.append(place)
    yield part


def _length(item: Ready) -> int:
    tests = [side.test for side in sides_of("", item.table).values() if side.test is not None]
    return sum(COURSE if "course" in _named("kind", test) else 1 for test in tests)


def _shares(table: Table, ground: Ground) -> object:
    """What tests of a table share with others: the path that they are about, or who plays."""
    tests = [side.test for side in sides_of("", table).values()]
    paths = [path for test in tests for path in _named("path", test)]
    scenarios = [name for test in tests for name in _named("scenario", test)]
    return paths[0] if paths else ground.scenario(next(iter(scenarios), Place().scenario)).players


def _named(key: str, test: Any) -> Iterator[Any]:
    """Whatever stands under a key in a test or its parts."""
    for name, value in test.items() if isinstance(test, Mapping) else ():
        if name == key:
            yield value
        yield from _named(key, value)


def processes_that_pay(ready: Sequence[Ready]) -> int:
    """As many processes as the machine has cores, and as it pays to start."""
    return max(1, min(pools.processors(), sum(map(_length, ready)) // PAYS))


# One test -------------------------------------------------------------------------------------------------------------


def _tested(test: Prepared, draws: Draws, construction: Construction, table: Table) -> Answer:
    """The answer of a test, and whether any number could have given another one where all draws agree."""
    found = _answer(test.read(draws), table)
    if not found.draws or found.share not in (0.0, 1.0) or found.point is not (found.share == 1.0):
        return found
    return replace(found, construction=construction.points_kept(test, found.share == 1.0))


def _answer(reading: Reading, table: Table) -> Answer:
    counted = reading.domain[1:]
    point = bool(reading.truth[0]) if reading.domain[0] else None
    evidence = tuple(_measured(found, reading) for found in reading.evidence)
    return answer_of(int((reading.truth[1:] & counted).sum()), int(counted.sum()), point, evidence, table)


def _measured(evidence: Evidence, reading: Reading) -> Measured:
    """Evidence over the draws that count."""
    shape, counted = reading.truth.shape, reading.domain
    if evidence.shares is not None:
        chosen = {name: np.broadcast_to(where, shape) for name, where in evidence.shares.items()}
        draws = int(counted[1:].sum())
        shares = {name: float(where[1:][counted[1:]].mean()) if draws else 0.0 for name, where in chosen.items()}
        point = ", ".join(name for name, where in chosen.items() if where[0]) or None
        return Measured(evidence.of, "", point, None, shares, draws)
    numbers = np.broadcast_to(np.asarray(evidence.numbers, dtype=np.float64), shape)
    there = numbers[1:][counted[1:] & np.isfinite(numbers[1:])]
    own = float(numbers[0]) if np.isfinite(numbers[0]) else None
    if not there.size:
        return Measured(evidence.of, evidence.unit, own, None, {}, 0)
    low, middle, high = (float(q) for q in np.quantile(there, QUANTILES))
    return Measured(evidence.of, evidence.unit, own, (low, middle, high), {}, int(there.size))
