"""What a figure does: enters payoffs or years, bounds a range, is a rival, is cited, supports a reason; or why none.

Only what can be read off the parameters, the scenarios, the paths and the evidence is said; the last is the figure's
own `context`, or follows from its unit, since a date and a rank are no sizes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from triangle.evidence.figure import Figure
from triangle.model.calibration import FORMULAS, lineage
from triangle.model.model import Model
from triangle.model.parameter import Parameter
from triangle.scenarios.path import Path, read_path, shipped_paths
from triangle.scenarios.scenario import Scenario, read_scenario, shipped_names

#: Why a figure of such a unit enters nothing.
NO_SIZE = {
    "calendar year": "a date: no payoff and no rate over the years rests on it",
    "rank": "a place in an order, and no size",
}


#: What a figure does by itself, as it is told before the names of what rests on it; and beside which others it stands.
VERBS = {
    "enters": "enters",
    "bounds": "bounds",
    "rival": "rival for",
    "years": "sets the pace of",
    "scenario": "cited by",
    "reason": "leant on by",
    "beside": "stands beside",
}


@dataclass(frozen=True)
class Users:
    """All that can rest on a figure: parameters, those of third parties too, scenarios, and paths over years."""

    parameters: Mapping[str, Parameter]
    scenarios: tuple[Scenario, ...]
    paths: tuple[Path, ...]


def users(model: Model) -> Users:
    """What the shipped files of a model's cast hold."""
    scenarios = tuple(read_scenario(name, model) for name in shipped_names(model.cast))
    catalogues = [model.joined_by(players).catalogue for players in {scenario.players for scenario in scenarios}]
    parameters = {p.name: p for catalogue in (model.catalogue, *catalogues) for p in catalogue}
    return Users(parameters, scenarios, tuple(read_path(name, model) for name in shipped_paths(model.cast)))


def uses_of_documents(model: Model) -> dict[str, dict[str, str]]:
    """What every figure of the documents does."""
    of = users(model)
    return {f.id: uses(f, model, of) for f in model.ledger if model.ledger.source_of(f).kind == "document"}


def uses(figure: Figure, model: Model, of: Users) -> dict[str, str]:
    """What a figure does, in words and by kind; of one that does nothing the reason, under ``none``.

    Kinds are ``enters`` (parameters whose default is made of it), ``bounds`` (an end of their range), ``rival`` (they
    can be switched to it), ``years`` (a rate, growth or meeting year of these paths), ``scenario`` (these cite it),
    ``reason`` (judgements that lean on it) and ``beside`` (it measures, or contradicts, what a used one measures).
    """
    told = _own(figure, of)
    if not told:
        others = [name for name in figure.conflicts_with + figure.rivals if _own(model.ledger[name], of)]
        told = {"beside": _named(VERBS["beside"], others)}
    told = {kind: words for kind, words in told.items() if words}
    return told or {"none": figure.context or NO_SIZE.get(figure.unit) or _idle(figure)}


def _idle(figure: Figure) -> str:
    """Of a figure without a reason of its own: that nothing here rests on it, and which formulas could."""
    could = _named("the formulas", [name for name in FORMULAS if figure.id in lineage(name)])
    return f"no parameter of this file rests on {could or 'it'}"


def _own(figure: Figure, users: Users) -> dict[str, str]:
    """What a figure does by itself."""
    of = users.parameters
    citing = [(world.name, world.figures) for world in users.scenarios] + [(p.name, p.figures) for p in users.paths]
    found = {
        "enters": [n for n, p in of.items() if figure.id in p.figures],
        "bounds": [n for n, p in of.items() if figure.id in set(p.ends) - set(p.figures)],
        "rival": [n for n, p in of.items() if figure.id in _made_of(p.rivals)],
        "years": [p.name for p in users.paths if figure.id in _of_years(p)],
        "scenario": [name for name, cited in citing if figure.id in cited],
        "reason": [n for n, p in of.items() if figure.id in p.anchors],
    }
    return {kind: _named(VERBS[kind], names) for kind, names in found.items() if names}


def _of_years(path: Path) -> set[str | None]:
    """Figures that the numbers of a path are."""
    return {number.figure for number in path.uncertain}


def _made_of(names: Sequence[str]) -> set[str]:
    """Figures by name, and those that formulas are made of."""
    return {part for name in names for part in (lineage(name) if name in FORMULAS else (name,))}


def _named(verb: str, names: Sequence[str]) -> str:
    return f"{verb} {', '.join(names)}" if names else ""


def count_by_kind(told: Mapping[str, Mapping[str, str]]) -> dict[str, int]:
    """How many figures do each thing first of all, in the order of the kinds."""
    kinds = ("enters", "bounds", "rival", "years", "scenario", "reason", "beside", "none")
    return {kind: sum(next(iter(does)) == kind for does in told.values()) for kind in kinds}
