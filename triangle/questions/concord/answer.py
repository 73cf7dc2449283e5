r"""What all three forgo: profiles that everybody prefers to an equilibrium, and who would leave them.

Profile :math:`b` is an improvement over equilibrium :math:`a` where :math:`u_i(b) > u_i(a)` for every player i. Of the
improvements those are kept over which there is no further one: :math:`c` is left out of the list when everybody has
more at another improvement. Each stands with the gain of every player and with those who would leave it, for else it
would be an equilibrium itself. Gains of two players are never compared. Held players keep to what they are held to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from triangle.base.records import INLINE
from triangle.base.shown import Shown
from triangle.games.normal_form import Floats, allowed, losses
from triangle.players.forms import CastField, EachPlayer, ProfileField
from triangle.players.notation import Profile
from triangle.study.study import Study
from triangle.study.world import World, world_of


@dataclass(frozen=True)
class Improvement:
    """A profile that everybody prefers to an equilibrium.

    Attributes
    ----------
    gains : tuple of float
        Of every player, billion dollars a year.
    leave : mapping of str to float
        Who would leave the profile, and what its best deviation brings it, billion dollars a year.
    """

    profile: ProfileField
    gains: EachPlayer
    leave: Mapping[str, float]


@dataclass(frozen=True)
class Forgone:
    """The improvements over one pure equilibrium; none where no profile is better for all."""

    equilibrium: ProfileField
    improvements: tuple[Improvement, ...]


@dataclass(frozen=True)
class Concord(Shown):
    """What all three forgo at each pure equilibrium of a scenario."""

    SCHEMA: ClassVar = "triangle.concord/1"

    world: Annotated[World, INLINE]
    title: str
    forgone: tuple[Forgone, ...]
    cast: CastField

    def problems(self) -> Iterator[str]:
        """What is no improvement."""
        if any(min(one.gains) <= 0 for found in self.forgone for one in found.improvements):
            yield "an improvement from which somebody gains nothing"


def concord(study: Study) -> Concord:
    """What all three forgo at each pure equilibrium of a scenario.

    Examples
    --------
    >>> from triangle.study.load import load
    >>> [len(found.improvements) for found in concord(load("baseline")).forgone]
    [7, 2]
    """
    reachable = [p for p in study.cast.profiles if study.reachable(p)]
    return Concord(
        world_of(study),
        study.scenario.title,
        tuple(
            Forgone(
                finding.profile,
                tuple(
                    _improvement(study, finding.profile, better)
                    for better in improvements(study.payoffs, finding.profile, reachable)
                ),
            )
            for finding in study.solve().findings
        ),
        study.cast,
    )


def improvements(payoffs: Floats, start: Profile, among: Sequence[Profile]) -> list[Profile]:
    """Those of some profiles that everybody prefers to `start`, without those that everybody prefers another one to.

    >>> import numpy as np
    >>> dilemma = np.array([[[3.0, 0.0], [5.0, 1.0]], [[3.0, 5.0], [0.0, 1.0]]])
    >>> improvements(dilemma, (1, 1), [(0, 0), (0, 1), (1, 0)])
    [(0, 0)]
    """
    least = allowed(payoffs).ravel()

    def beats(one: Profile, other: Profile) -> bool:
        return bool((payoffs[_at(one)] - payoffs[_at(other)] > least).all())

    better = [profile for profile in among if beats(profile, start)]
    return [profile for profile in better if not any(beats(other, profile) for other in better)]


def _at(profile: Profile) -> tuple[Any, ...]:
    """The place of a profile in arrays by player."""
    return (slice(None), *profile)


def _improvement(study: Study, start: Profile, profile: Profile) -> Improvement:
    gains = study.payoffs[_at(profile)] - study.payoffs[_at(start)]
    lost, least = losses(study.payoffs)[_at(profile)], allowed(study.payoffs).ravel()
    leaving = [i for i in range(len(study.cast)) if i not in study.hold and lost[i] < -least[i]]
    return Improvement(profile, tuple(gains.tolist()), {study.cast.codes[i]: -float(lost[i]) for i in leaving})
