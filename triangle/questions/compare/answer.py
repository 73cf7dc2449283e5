"""Scenarios on the same footing: inputs that differ, equilibria, and every equilibrium's margin everywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from triangle.base.errors import BadInput, Fault
from triangle.base.records import told
from triangle.players.forms import CastField, ProfileField
from triangle.study.solution import PureSolution, check_played, pure_solution
from triangle.study.study import Study, differing_parameters, margin_at, of_one_cast


@dataclass(frozen=True)
class Margins:
    """A profile that is an equilibrium somewhere: its margin in each scenario, None where it is out of reach there."""

    profile: ProfileField
    margins: tuple[float | None, ...]
    cast: CastField

    @property
    @told("profile")
    def index(self) -> int:
        """Number of the profile."""
        return self.cast.index(self.profile)


@dataclass(frozen=True)
class Comparison:
    """Scenarios beside each other.

    Attributes
    ----------
    differing : mapping of str to tuple of float
        Parameters that do not have one value in all of them, with the value in each.
    """

    SCHEMA: ClassVar = "triangle.comparison/1"

    scenarios: tuple[str, ...]
    differing: Mapping[str, tuple[float, ...]]
    solutions: tuple[PureSolution, ...]
    margins: tuple[Margins, ...]
    cast: CastField


def compare(studies: Sequence[Study], trust: float) -> Comparison:
    """The pure equilibria of several studies beside each other; agreements count up to this trust."""
    studies = of_one_cast(studies)
    answers, cast = [study.solve(trust) for study in studies], studies[0].cast
    profiles = sorted({finding.profile for answer in answers for finding in answer.findings})
    names = differing_parameters(studies)
    return Comparison(
        tuple(study.scenario.name for study in studies),
        {name: tuple(study.scenario.values[name] for study in studies) for name in names},
        tuple(pure_solution(study, answer) for study, answer in zip(studies, answers, strict=True)),
        tuple(Margins(profile, tuple(margin_at(study, profile) for study in studies), cast) for profile in profiles),
        cast,
    )


def check_comparison(found: Comparison, studies: Sequence[Study], file: str) -> None:
    """Refuse a kept comparison of other games than the studies'."""
    if len(found.solutions) != len(studies):
        counted = f"holds {len(found.solutions)} scenarios; expected the {len(studies)} that are named"
        raise BadInput(Fault(file, "solutions", counted))
    for solution, study in zip(found.solutions, studies, strict=True):
        check_played(solution.played, study, file)
