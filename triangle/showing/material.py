"""What a report is made of: the studies, their answers, their boxes, and the words to say it in.

What several sections need is computed once and kept here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from triangle.batch.takeover import Takeover
from triangle.measures.turning import Turning, turning
from triangle.model.model import Model
from triangle.players.profiles import by_key
from triangle.showing.phrases import Phrases
from triangle.solvers.agreements import TRUST
from triangle.study.study import Answer, Finding, Study
from triangle.sweeps.run import Run, job_of, plan, run
from triangle.sweeps.tally import Tally, wilson
from triangle.version import __version__

#: Draws in which the turning shares are counted.
TURNING_SAMPLES = 256


def _quiet(_: str) -> None:
    """Nobody watches."""


@dataclass(frozen=True)
class Material:
    """Everything that sections of a report draw upon.

    Parameters
    ----------
    samples, seed : int
        Draws of the prior box of each scenario, and their seed.
    command : str
        The command that makes the same report, for the manifest.
    texts : mapping of str to str
        Text of each scenario's file, for the manifest.
    words : tuple of str
        How the user named each scenario; their own names where absent.
    group : tuple of str
        Options that stand before a command: other evidence, parameters, powers.
    settings, holds : tuple of str
        What the user set and held over all scenarios, as written.
    notice : function
        Told which section is being made.
    trust : float
        Trust up to which agreements of two count.
    """

    studies: tuple[Study, ...]
    say: Phrases
    samples: int
    seed: int
    command: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    group: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()
    notice: Callable[[str], None] = _quiet
    trust: float = TRUST

    @property
    def model(self) -> Model:
        """The model that all studies share."""
        return self.studies[0].model

    def word_of(self, study: Study) -> str:
        """The word by which a command finds the scenario of a study."""
        place = next(place for place, other in enumerate(self.studies) if other is study)
        return self.words[place] if self.words else study.scenario.name

    @property
    def options(self) -> list[str]:
        """The options that lay settings and holds over scenarios again."""
        set_, hold = ([word for text in texts for word in (option, text)] for option, texts in self._laid)
        return [*set_, *hold]

    @property
    def _laid(self) -> tuple[tuple[str, tuple[str, ...]], tuple[str, tuple[str, ...]]]:
        return ("--set", self.settings), ("--hold", self.holds)

    @cached_property
    def answers(self) -> tuple[Answer, ...]:
        """The pure equilibria of each study, and which of them are agreement-proof."""
        return tuple(study.solve(self.trust) for study in self.studies)

    @cached_property
    def sweep(self) -> Run:
        """The draws of each scenario's prior box, counted; agreement-proof equilibria apart."""
        design = plan(self.studies, samples=self.samples, sampling="sobol", seed=self.seed)
        job = job_of(self.studies, design, counts_only=True, takeover=Takeover(trust=self.trust))
        return run(job, self.studies, __version__, self.texts)

    @cached_property
    def turnings(self) -> tuple[Turning, ...]:
        """How often each parameter alone turns the answer, in each study."""
        return tuple(turning(study, min(self.samples, TURNING_SAMPLES), self.seed) for study in self.studies)

    def strongest(self, roles: Sequence[str]) -> list[str]:
        """Parameters of these roles, those that turn the answer most often in any of the studies first."""
        names = [p.name for p in self.model.catalogue if p.role in roles]
        most = {name: max(turned.share(name) for turned in self.turnings) for name in names}
        return sorted((name for name in names if most[name] > 0), key=lambda name: -most[name])

    def is_all_held(self, place: int) -> bool:
        """Whether a study holds all three powers, so that nobody could deviate and no margin is finite."""
        return len(self.studies[place].hold) == len(self.model.cast)

    def standing(self, place: int) -> Standing:
        """How far the answer of a study carries over its box."""
        return standing(self.sweep.tallies[self.studies[place].scenario.name], self.answers[place].findings)

    def agreed(self, place: int) -> Standing:
        """The same of its agreement-proof equilibria, where only such count in each draw."""
        counted = self.sweep.tallies[self.studies[place].scenario.name].agreement_proof
        assert counted is not None
        return standing(counted, self.answers[place].agreement_proof)


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
    own = sum(1 << tally.cast.index(finding.profile) for finding in findings)
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
