"""Counts over many games in memory that does not grow; intervals are those of :mod:`triangle.sweeps.means`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from triangle.base.errors import shorten
from triangle.base.intervals import wilson
from triangle.base.records import SPARSE, Form, form, worded
from triangle.players.cast import Cast
from triangle.players.forms import CastField
from triangle.players.sets import action_masks, configuration_masks
from triangle.sweeps.means import Count, Means, whole_numbers

__all__ = ["MAX_SETS", "Tally", "patterns", "wilson"]

#: Most different sets of equilibria that are counted apart; further ones are counted together.
MAX_SETS = 20_000

Counts = NDArray[np.int64]


def patterns(cast: Cast) -> dict[str, int]:
    """Everything that is counted against everything: configurations, then actions."""
    return {**configuration_masks(cast), **action_masks(cast)}


def _counts(shape: Callable[[Cast], tuple[int, ...]]) -> Form:
    """The form of an array of counts of the shape that it has for a cast."""
    return worded(lambda array, _: array.tolist(), lambda data, cast: whole_numbers(data, shape(cast)).astype(np.int64))


def _pairs(cast: Cast) -> tuple[int, ...]:
    # By a name of the module: within an annotation of a class, a lambda finds those of the class alone.
    return (len(patterns(cast)),) * 2


def _write_sets(sets: Mapping[int, int]) -> dict[str, int]:
    return {str(mask): count for mask, count in sets.items()}


def _read_sets(data: Mapping[str, object]) -> dict[int, int]:
    if strange := [mask for mask in data if not (mask.isascii() and mask.isdecimal())]:
        raise ValueError(f"found the set {shorten(strange[0])}; expected a whole number")
    counts = whole_numbers(list(data.values()), (len(data),)).tolist()
    return {int(mask): count for mask, count in zip(data, counts, strict=True)}


@dataclass(eq=False)
class Tally:
    """Counts of games: an accumulator, the one thing here that is changed in place.

    Attributes
    ----------
    games : int
    cast : Cast
        Who plays.
    numbers : array, shape (profiles + 1,)
        Games by their number of pure equilibria.
    profiles : array, shape (profiles,)
        Games in which a profile is an equilibrium.
    together : array, shape (patterns, patterns)
        Games that have an equilibrium of the one and an equilibrium of the other of :func:`patterns`; on the diagonal,
        games that have one of this pattern.
    sets : dict of int to int
        Games by their set of equilibria, the first `MAX_SETS` sets met.
    other_sets : int
        Games of further sets.
    notes : dict of str to int
        Games by the verdict of the mixed or logit solver, and games whose logit branch turned back (``folded``).
    means : Means or None
        Means of probabilities, and replicates, where the sweep has them.
    agreement_proof : Tally or None
        The same counts of the agreement-proof equilibria alone, where the sweep has them.
    """

    games: Count
    cast: CastField
    numbers: Annotated[Counts, _counts(lambda cast: (len(cast.profiles) + 1,))]
    profiles: Annotated[Counts, _counts(lambda cast: (len(cast.profiles),))]
    together: Annotated[Counts, _counts(_pairs)]
    sets: Annotated[dict[int, int], form(_write_sets, _read_sets)]
    other_sets: Count
    notes: dict[str, Count] = field(default_factory=dict)
    means: Means | None = None
    agreement_proof: Annotated[Tally | None, SPARSE] = None

    @classmethod
    def empty(cls, cast: Cast) -> Tally:
        """No games."""
        n, count = len(patterns(cast)), len(cast.profiles)
        numbers, profiles = (np.zeros(length, dtype=np.int64) for length in (count + 1, count))
        return cls(0, cast, numbers, profiles, np.zeros((n, n), dtype=np.int64), {}, 0)

    @classmethod
    def of(cls, masks: NDArray[np.uint64], cast: Cast) -> Tally:
        """The counts of these sets."""
        return cls._counted(*cast.sets.counted(masks), cast)

    @classmethod
    def _counted(cls, sets: NDArray[np.uint64], counts: Counts, cast: Cast) -> Tally:
        """The counts of games by their sets."""
        tally = cls.empty(cast)
        tally.games = int(counts.sum())
        np.add.at(tally.numbers, cast.sets.count(sets), counts)
        tally.profiles += cast.sets.flags(sets).astype(np.int64) @ counts
        met = np.stack([cast.sets.meets(sets, pattern) for pattern in patterns(cast).values()]).astype(np.int64)
        tally.together += (met * counts) @ met.T
        tally._count_sets(dict(zip(cast.sets.wholes(sets).tolist(), counts.tolist(), strict=True)))
        return tally

    def add(self, other: Tally) -> None:
        """Count the games of another tally too."""
        self.games += other.games
        self.numbers += other.numbers
        self.profiles += other.profiles
        self.together += other.together
        self.other_sets += other.other_sets
        self._count_sets(other.sets)
        for note, count in other.notes.items():
            self.notes[note] = self.notes.get(note, 0) + count
        if other.agreement_proof is not None:
            self.agreement_proof = self.agreement_proof or Tally.empty(self.cast)
            self.agreement_proof.add(other.agreement_proof)
        if other.means is not None:
            if self.means is None:
                self.means = Means.empty(other.means.names, other.means.kind, len(other.means.weights))
            self.means.add(other.means)

    def _count_sets(self, counts: Mapping[int, int]) -> None:
        for mask, count in counts.items():
            if mask in self.sets or len(self.sets) < MAX_SETS:
                self.sets[mask] = self.sets.get(mask, 0) + count
            else:
                self.other_sets += count

    def _agrees(self) -> bool:
        """Whether the counts could be those of some games; where every set was counted apart they follow from these."""
        if self.other_sets == 0:
            masks = self.cast.sets.many(list(self.sets))
            expected = Tally._counted(masks, np.array(list(self.sets.values()), dtype=np.int64), self.cast)
            agree = all(
                np.array_equal(getattr(self, name), getattr(expected, name))
                for name in ("games", "numbers", "profiles", "together")
            )
        else:
            agree = (
                sum(self.sets.values()) + self.other_sets == self.numbers.sum() == self.games
                and self.numbers @ np.arange(len(self.numbers)) == self.profiles.sum()
                and bool((self.together == self.together.T).all() and (self.together <= self.games).all())
            )
        games = [*self.notes.values(), self.means.games if self.means else 0]
        return agree and all(number <= self.games for number in games)

    def count(self, pattern: str) -> int:
        """Games with an equilibrium of a pattern, as ``stable_marriage:RU-CN`` or ``RU=hedge``."""
        place = list(patterns(self.cast)).index(pattern)
        return int(self.together[place, place])

    def share(self, pattern: str) -> float:
        """Share of the games with an equilibrium of a pattern."""
        return self.count(pattern) / self.games if self.games else 0.0

    def problems(self) -> Iterator[str]:
        """What no counts of the same games are."""
        proof = self.agreement_proof
        if proof is not None and proof.agreement_proof is not None:
            yield "counts of agreement-proof equilibria hold no further such counts"
        if not self._agrees() or (proof is not None and proof.games != self.games):
            yield "the counts do not agree with each other"
