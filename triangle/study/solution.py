"""What ``solve`` answers, as records that can be kept: which game was solved, how, and its pure equilibria."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, ClassVar

from triangle.base.errors import BadInput, Fault, shorten
from triangle.base.records import INLINE, SPARSE
from triangle.games.solution import Verdict
from triangle.players.forms import ActionsField, CastField, EachPlayer, HeldField, OrderField
from triangle.scenarios.scenario import Change
from triangle.study.inert import Inert, inert_changes
from triangle.study.study import Answer, Finding, JointChange, Study
from triangle.study.world import World, check_world

#: The schema of every answer of ``solve``; its key ``method`` says which.
SCHEMA = "triangle.solution/1"


@dataclass(frozen=True)
class Played:
    """Which game was solved, and how: what every answer of ``solve`` begins with.

    Attributes
    ----------
    order : tuple of tuples of int or None
        Stages of play; None where all move at once.
    hold : mapping of int to int
        Players held at an action.
    parameters : mapping of str to float
        The value of every parameter.
    """

    cast: CastField
    scenario: str
    method: str
    order: OrderField | None
    hold: HeldField
    form: str
    parameters: Mapping[str, float]
    changes: tuple[Change, ...]


def played(study: Study, method: str, order: tuple[tuple[int, ...], ...] | None = None) -> Played:
    """The game of a study, to be solved by a method."""
    scenario = study.scenario
    values = dict(scenario.values)
    form = study.model.form.name
    return Played(study.cast, scenario.name, method, order, study.hold, form, values, scenario.all_changes)


def check_played(found: Played, study: Study, file: str) -> None:
    """Refuse a kept answer of another game than the study's."""
    if found.form != study.model.form.name:
        was = f"found the form {shorten(found.form)}, and {study.model.form.name} now; give the same --form"
        raise BadInput(Fault(file, "form", was))
    documented = study.model.catalogue.defaults()
    departs = {name: value for name, value in found.parameters.items() if value != documented.get(name)}
    check_world(World(found.scenario, departs, found.cast.named_some(found.hold)), study, file)


@dataclass(frozen=True)
class Held:
    """What a held player would lose by its best deviation, were it let go."""

    to: str
    loss: float


@dataclass(frozen=True)
class Standing:
    """A pure equilibrium with what stands against it: joint changes of two, and what held players would do.

    Attributes
    ----------
    agreement_proof : bool
        Whether no agreement leads away at the trust of the answer.
    trust_needed : float or None
        The least trust at which two leave it.
    held : mapping of str to Held
        By player; empty where nobody is held.
    """

    finding: Annotated[Finding, INLINE]
    agreement_proof: bool
    trust_needed: float | None
    agreements: tuple[JointChange, ...]
    held: Annotated[Mapping[str, Held], SPARSE] = field(default_factory=dict)

    @property
    def whole(self) -> Finding:
        """The equilibrium with the agreements that lead away."""
        return replace(self.finding, agreements=self.agreements)


@dataclass(frozen=True)
class PureSolution:
    """All pure equilibria of a game, with what holds whatever is played.

    Attributes
    ----------
    outcomes : mapping of str to float
        Named outcomes that no profile changes.
    security : tuple of float
        What each player can guarantee itself, billion dollars a year.
    surviving : tuple of tuples of int
        Actions of each player that survive iterated strict dominance.
    trust : float
        Trust up to which agreements count.
    inert : tuple of Inert
        Changes that enter no comparison.
    """

    SCHEMA: ClassVar = SCHEMA

    played: Annotated[Played, INLINE]
    verdict: Verdict
    advice: str
    outcomes: Mapping[str, float]
    security: EachPlayer
    surviving: ActionsField
    trust: float
    inert: tuple[Inert, ...]
    equilibria: tuple[Standing, ...]

    @property
    def answer(self) -> Answer:
        """The equilibria alone."""
        findings = tuple(one.whole for one in self.equilibria)
        return Answer(self.verdict, findings, self.advice, self.trust, self.played.cast)


def pure_solution(study: Study, answer: Answer) -> PureSolution:
    """The answer of a study as a record that can be kept."""
    return PureSolution(
        played(study, "pure"),
        answer.verdict,
        answer.advice,
        study.outcomes,
        tuple(study.security),
        tuple(map(tuple, study.surviving)),
        answer.trust,
        inert_changes(study),
        tuple(_standing(study, finding, answer.trust) for finding in answer.findings),
    )


def _standing(study: Study, finding: Finding, trust: float) -> Standing:
    cast, freely = study.cast, study.deviations(finding.profile, of_held=True)
    return Standing(
        finding,
        finding.is_agreement_proof(trust),
        finding.trust_needed,
        finding.agreements,
        {cast.codes[d.player]: Held(cast.actions[d.player][d.to], d.loss) for d in freely},
    )
