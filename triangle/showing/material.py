"""What a report is made of: the studies, their answers, their boxes, and the words to say it in.

What several sections need is computed once and kept here.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from triangle.base.errors import TriangleError
from triangle.measures.standing import Standing, boxes, standing
from triangle.measures.turning import Turning, turning
from triangle.model.model import Model
from triangle.showing.phrases import Phrases
from triangle.solvers.agreements import TRUST
from triangle.study.study import Answer, Study
from triangle.sweeps.run import Run

if TYPE_CHECKING:
    from triangle.showing.maps import Marks

#: Draws in which the turning shares are counted.
TURNING_SAMPLES = 256


T = TypeVar("T")

#: What a value is kept under, and what computes it: a function that other processes find by its name, with arguments.
Call = tuple[Hashable, Callable[[], T]]


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
    kept : dict
        What :meth:`once` keeps.
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
    kept: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)

    def once(self, key: Hashable, compute: Callable[[], T]) -> T:
        """What several sections need and only a question can compute, computed when the first one asks.

        A refusal that is kept is raised again.
        """
        if key not in self.kept:
            self.kept[key] = compute()
        found: T = self.kept[key]
        if isinstance(found, TriangleError):
            raise found
        return found

    @property
    def model(self) -> Model:
        """The model that all studies share."""
        return self.studies[0].model

    def word_of(self, study: Study) -> str:
        """The word by which a command finds the scenario of a study."""
        place = next(place for place, other in enumerate(self.studies) if other is study)
        return self.words[place] if self.words else study.scenario.name

    def solving(self, study: Study) -> tuple[str, ...]:
        """The words of the command line that solves a study of the report."""
        return ("triangle", *self.group, "solve", self.word_of(study), *self.options)

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
        return boxes(self.studies, self.samples, self.seed, self.trust, self.texts)

    @cached_property
    def turnings(self) -> tuple[Turning, ...]:
        """How often each parameter alone turns the answer, in each study."""
        return tuple(turning(study, min(self.samples, TURNING_SAMPLES), self.seed) for study in self.studies)

    @cached_property
    def marks(self) -> Marks:
        """A letter and a colour for each profile, as pictures of these scenarios have them."""
        from triangle.showing.maps import marks_for

        return marks_for(self.studies)

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
