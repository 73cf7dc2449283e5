"""How far an answer carries: draws of a box that answer as the study itself does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from triangle.batch.takeover import Takeover
from triangle.measures.asked import bonds
from triangle.players.profiles import by_key
from triangle.study.study import Finding, Study
from triangle.sweeps.run import Run, job_of, plan, run
from triangle.sweeps.tally import Tally, wilson
from triangle.version import __version__


def boxes(
    studies: Sequence[Study], samples: int, seed: int, trust: float, texts: Mapping[str, str] | None = None
) -> Run:
    """The draws of each scenario's prior box, counted; agreement-proof equilibria at this trust apart.

    Sobol' points, the same for all scenarios.
    """
    design = plan(studies, samples=samples, sampling="sobol", seed=seed)
    job = job_of(studies, design, counts_only=True, takeover=Takeover(trust=trust))
    return run(job, studies, __version__, texts or {})


@dataclass(frozen=True)
class Standing:
    """Draws of a box that answer as the study itself does; without an equilibrium, those that have none either.

    Of all pure equilibria, or of the agreement-proof ones alone.

    Attributes
    ----------
    every : int
        Draws that have equilibria, all of them with the study's configurations.
    some : int
        Draws with at least one such equilibrium.
    same : int
        Draws with exactly the study's set of equilibria.
    actions : mapping of (int, int) to int
        For each action that a player has in all of the study's equilibria: draws that have equilibria, in all of which
        it has it.
    """

    games: int
    every: int
    some: int
    same: int
    actions: Mapping[tuple[int, int], int] = field(default_factory=dict)

    @property
    def share(self) -> float:
        """Share in which it holds in every equilibrium that counts."""
        return self.every / self.games

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval of that share."""
        return wilson(self.every, self.games)


def standing(tally: Tally, findings: Sequence[Finding]) -> Standing:
    """Count in how many games of a tally the answer is that of the study.

    Sets beyond those that a tally tells apart count as other answers.
    """
    if not findings:
        none = tally.sets.get(0, 0)
        return Standing(tally.games, none, none, none)
    wanted = 0
    for finding in findings:
        wanted |= by_key(tally.cast)[finding.configuration.key]
    own = mask_of(findings)
    every = sum(count for mask, count in tally.sets.items() if mask and not mask & ~wanted)
    some = sum(count for mask, count in tally.sets.items() if mask & wanted)
    return Standing(tally.games, every, some, tally.sets.get(own, 0), _actions(tally, findings))


def _actions(tally: Tally, findings: Sequence[Finding]) -> dict[tuple[int, int], int]:
    """In how many games all equilibria have a player at the action that it has in all of the findings."""
    first, found = findings[0].profile, {}
    for player, action in enumerate(first):
        if all(finding.profile[player] == action for finding in findings):
            kept = sum(1 << k for k, own in enumerate(tally.cast.profiles) if own[player] == action)
            found[player, action] = sum(count for mask, count in tally.sets.items() if mask and not mask & ~kept)
    return found


def alike(tally: Tally, findings: Sequence[Finding]) -> int:
    """In how many games of a tally Russia stands with whom it stands with in the findings, in no other way."""
    wanted = bonds(mask_of(findings), tally.cast)
    return sum(count for mask, count in tally.sets.items() if bonds(mask, tally.cast) == wanted)


def mask_of(findings: Sequence[Finding]) -> int:
    """The findings as a set of profiles."""
    return sum(1 << finding.index for finding in findings)
