"""A payoff cell unfolded: terms, parameters, what stands behind them, figures with document and line.

The parameters of a term are those that the term reads or that these are computed from; those that move the cell are
told apart by moving each over its range and looking.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from triangle.base.shown import Shown
from triangle.evidence.figure import Figure
from triangle.model.calibration import lineage
from triangle.model.parameters import Parameter
from triangle.players.notation import Profile
from triangle.players.stances import pure_stances
from triangle.scenarios.scenario import Change
from triangle.study.study import Deviation, Finding, Study, one_at_a_time


@dataclass(frozen=True)
class ParameterTrace:
    """A parameter in one term of a cell: its value, and the term's value at both ends of its range."""

    parameter: Parameter
    value: float
    changed_by: str
    at_low: float
    at_high: float
    figures: tuple[Figure, ...]

    @property
    def swing(self) -> float:
        """How far the term moves over the parameter's range."""
        return abs(self.at_high - self.at_low)


@dataclass(frozen=True)
class TermTrace:
    """One term of a cell: its value and the parameters that move it, the strongest first."""

    name: str
    value: float
    parameters: tuple[ParameterTrace, ...]


@dataclass(frozen=True)
class Trace(Shown):
    """A payoff cell unfolded, with each free player's best deviation from the profile."""

    study: Study
    player: int
    finding: Finding
    terms: tuple[TermTrace, ...]
    deviations: tuple[Deviation, ...]
    is_equilibrium: bool

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Every figure behind the cell, once each, in order of appearance."""
        found = (figure for term in self.terms for p in term.parameters for figure in p.figures)
        return tuple({figure.id: figure for figure in found}.values())


def trace(study: Study, player: int, profile: Profile) -> Trace:
    """Unfold the payoff of `player` at `profile`."""
    equilibria = {finding.profile for finding in study.solve().findings}
    return Trace(
        study,
        player,
        study.finding(profile),
        tuple(_term_trace(study, name, player, profile) for name in study.model.terms),
        tuple(study.deviations(profile)),
        profile in equilibria,
    )


def _term_trace(study: Study, name: str, player: int, profile: Profile) -> TermTrace:
    """A term's value in the cell and the parameters it reads that move it."""
    value = float(study.terms[name][(player, *profile)])
    read = _parameters_read(study, name)
    ends = _ends(study, name, player, profile, read)
    traces = [_parameter_trace(study, p, ends[p]) for p in read if ends[p][0] != ends[p][1]]
    return TermTrace(name, value, tuple(sorted(traces, key=lambda t: -t.swing)))


def _parameters_read(study: Study, name: str) -> list[str]:
    """The parameters that a term reads, and those that these are computed from, in catalogue order."""
    values, read = study.values.recording()
    study.model.terms[name](pure_stances(), values)
    for follower in reversed(study.scenario.following):  # each stands after those that it reads
        read |= {a for a in follower.arguments if isinstance(a, str)} if follower.name in read else set()
    return [parameter for parameter in study.scenario.values if parameter in read]


def _ends(
    study: Study, name: str, player: int, profile: Profile, parameters: list[str]
) -> dict[str, tuple[float, float]]:
    """The term's value in the cell at the low and high end of each parameter, in one batch."""
    part = study.model.terms[name](pure_stances(2), one_at_a_time(study.scenario, parameters)).get(player)
    if part is None:
        return dict.fromkeys(parameters, (0.0, 0.0))
    cells = np.broadcast_to(part, (4, 4, 4, len(parameters), 2))[profile].tolist()
    return {p: (low, high) for p, (low, high) in zip(parameters, cells, strict=True)}


def value_change(study: Study, parameter: str) -> Change | None:
    """The scenario's change that gave a parameter its value; None where it has the documented one.

    A change of the range alone leaves the value resting on what it rested on before.
    """
    moves = (c for c in study.scenario.all_changes if c.value != c.base)
    return {change.parameter: change for change in moves}.get(parameter)


def figures_behind(study: Study, parameter: str) -> tuple[Figure, ...]:
    """The figures behind the value that a parameter has in a scenario: those of the change that gave it, if any."""
    changed = value_change(study, parameter)
    if changed is None:
        return study.model.figures_behind(parameter)
    names = (changed.figure,) if changed.figure else lineage(changed.formula) if changed.formula else ()
    return tuple(study.model.ledger[name] for name in names)


def _parameter_trace(study: Study, name: str, ends: tuple[float, float]) -> ParameterTrace:
    changed = value_change(study, name)
    return ParameterTrace(
        study.model.catalogue[name],
        study.scenario.values[name],
        f"{changed.scenario}: {changed.because}" if changed else "",
        *ends,
        figures_behind(study, name),
    )
