"""A payoff cell unfolded: terms, parameters, what stands behind them, figures with document and line.

The parameters of a term are those that the term reads or that these are computed from; those that move the cell are
told apart by moving each over its range and looking.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np

from triangle.base.errors import BadInput, Fault, shorten
from triangle.base.records import INLINE, Key, told
from triangle.base.shown import Shown
from triangle.evidence.figure import Figure
from triangle.evidence.ledger import Ledger
from triangle.players.forms import PlayerField
from triangle.players.notation import Profile
from triangle.study.sources import figures_behind as figures_behind
from triangle.study.sources import value_change as value_change
from triangle.study.study import Deviation, Finding, Study, one_at_a_time
from triangle.study.world import check_parameters


@dataclass(frozen=True)
class FigureCard:
    """A figure with what its source is."""

    figure: Annotated[Figure, INLINE]
    document: str | None
    documented: bool


def figure_card(figure: Figure, ledger: Ledger) -> FigureCard:
    """The card of a figure: with the file of its document, and whether it stands in one of the documents."""
    source = ledger.source_of(figure)
    return FigureCard(figure, source.file or None, source.kind == "document")


@dataclass(frozen=True)
class ParameterTrace:
    """A parameter in one term of a cell: its value, what that rests on, and the term's value at both ends of its range.

    Attributes
    ----------
    backing : str
        That of the parameter, or ``scenario`` where a scenario changed the value.
    because : str
        The reason given for the value; empty for a figure or formula that needs none.
    """

    name: str
    value: float
    unit: str
    backing: str
    formula: str | None
    because: str
    at_low: float
    at_high: float
    cards: Annotated[tuple[FigureCard, ...], Key("figures")]

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The figures behind the value."""
        return tuple(card.figure for card in self.cards)

    @property
    def swing(self) -> float:
        """How far the term moves over the parameter's range."""
        return abs(self.at_high - self.at_low)


@dataclass(frozen=True)
class TermTrace:
    """One term of a cell: its value and the parameters that move it, the strongest first."""

    name: Annotated[str, Key("term")]
    value: float
    parameters: tuple[ParameterTrace, ...]


@dataclass(frozen=True)
class Trace(Shown):
    """A payoff cell unfolded, with each free player's best deviation from the profile."""

    SCHEMA: ClassVar = "triangle.trace/1"

    scenario: str
    player: PlayerField
    is_equilibrium: Annotated[bool, Key("equilibrium")]
    finding: Annotated[Finding, INLINE]
    terms: tuple[TermTrace, ...]
    deviations: tuple[Deviation, ...]

    @property
    @told("finding")
    def payoff(self) -> float:
        """What the cell holds, billion dollars a year."""
        return self.finding.payoffs[self.player]

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Every figure behind the cell, once each, in order of appearance."""
        found = (figure for term in self.terms for p in term.parameters for figure in p.figures)
        return tuple({figure.id: figure for figure in found}.values())


def trace(study: Study, player: int, profile: Profile) -> Trace:
    """Unfold the payoff of `player` at `profile`."""
    equilibria = {finding.profile for finding in study.solve().findings}
    return Trace(
        study.scenario.name,
        player,
        profile in equilibria,
        study.finding(profile),
        tuple(_term_trace(study, name, player, profile) for name in study.model.terms),
        tuple(study.deviations(profile)),
    )


def check_trace(found: Trace, study: Study, file: str) -> None:
    """Refuse a kept trace of another game than the study's."""
    if found.scenario != study.scenario.name:
        raise BadInput(Fault(file, "scenario", f"found {shorten(found.scenario)}; this is a trace of another scenario"))
    places = [
        (f"terms.{k}.parameters.{n}", p)
        for k, term in enumerate(found.terms, 1)
        for n, p in enumerate(term.parameters, 1)
    ]
    check_parameters({place: (p.name, p.unit, p.value) for place, p in places}, study, file)
    now = study.finding(found.finding.profile)
    if (found.finding.payoffs, found.finding.losses) != (now.payoffs, now.losses):
        message = "are not those of this scenario; give the same --set, --hold and --form"
        raise BadInput(Fault(file, "payoffs", message))


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
    study.model.terms[name](values.stances, values)
    for follower in reversed(study.scenario.following):  # each stands after those that it reads
        read |= {a for a in follower.arguments if isinstance(a, str)} if follower.name in read else set()
    return [parameter for parameter in study.scenario.values if parameter in read]


def _ends(
    study: Study, name: str, player: int, profile: Profile, parameters: list[str]
) -> dict[str, tuple[float, float]]:
    """The term's value in the cell at the low and high end of each parameter, in one batch."""
    ends = one_at_a_time(study.scenario, parameters, study.cast)
    part = study.model.terms[name](ends.stances, ends).get(player)
    if part is None:
        return dict.fromkeys(parameters, (0.0, 0.0))
    cells = np.broadcast_to(part, (*study.cast.shape, len(parameters), 2))[profile].tolist()
    return {p: (low, high) for p, (low, high) in zip(parameters, cells, strict=True)}


def _parameter_trace(study: Study, name: str, ends: tuple[float, float]) -> ParameterTrace:
    changed, parameter = value_change(study, name), study.model.catalogue[name]
    return ParameterTrace(
        name,
        study.scenario.values[name],
        parameter.unit,
        "scenario" if changed else parameter.backing,
        parameter.formula,
        f"{changed.scenario}: {changed.because}" if changed else parameter.because or parameter.chooses,
        *ends,
        tuple(figure_card(figure, study.model.ledger) for figure in figures_behind(study, name)),
    )
