"""What a figure does: enters payoffs, bounds a range, is a rival, is cited, supports a reason; or why none.

Only what can be read off the parameter file, the scenarios and the evidence is said; the last is the figure's own
`context`, or follows from its unit, since a date and a rank are no sizes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from triangle.evidence.figure import Figure
from triangle.model.calibration import FORMULAS, lineage
from triangle.model.model import Model
from triangle.scenarios.scenario import Scenario

#: Why a figure of such a unit enters nothing.
NO_SIZE = {
    "calendar year": "a date: the game has no calendar",
    "rank": "a place in an order, and no size",
}


def uses(figure: Figure, model: Model, scenarios: Sequence[Scenario]) -> dict[str, str]:
    """What a figure does, in words and by kind; of one that does nothing the reason, under ``none``.

    Kinds are ``enters`` (parameters whose default is made of it), ``bounds`` (an end of their range), ``rival`` (they
    can be switched to it), ``scenario`` (these cite it), ``reason`` (judgements that lean on it) and ``beside`` (it
    measures, or contradicts, what one that is used measures).
    """
    told = _own(figure, model, scenarios)
    if not told:
        others = [name for name in figure.conflicts_with + figure.rivals if _own(model.ledger[name], model, scenarios)]
        told = {"beside": _named("stands beside", others)}
    told = {kind: words for kind, words in told.items() if words}
    return told or {"none": figure.context or NO_SIZE.get(figure.unit) or _idle(figure)}


def _idle(figure: Figure) -> str:
    """Of a figure without a reason of its own: that nothing here rests on it, and which formulas could."""
    could = _named("the formulas", [name for name in FORMULAS if figure.id in lineage(name)])
    return f"no parameter of this file rests on {could or 'it'}"


def _own(figure: Figure, model: Model, scenarios: Sequence[Scenario]) -> dict[str, str]:
    """What a figure does by itself."""
    of = {p.name: p for p in model.catalogue}
    found = {
        "enters": _named("enters", [n for n, p in of.items() if figure.id in p.figures]),
        "bounds": _named("bounds", [n for n, p in of.items() if figure.id in set(p.ends) - set(p.figures)]),
        "rival": _named("rival for", [n for n, p in of.items() if figure.id in _made_of(p.rivals)]),
        "scenario": _named("cited by", [s.name for s in scenarios if figure.id in s.figures]),
        "reason": _named("leant on by", [n for n, p in of.items() if figure.id in p.anchors]),
    }
    return {kind: words for kind, words in found.items() if words}


def _made_of(names: Sequence[str]) -> set[str]:
    """Figures by name, and those that formulas are made of."""
    return {part for name in names for part in (lineage(name) if name in FORMULAS else (name,))}


def _named(verb: str, names: Sequence[str]) -> str:
    return f"{verb} {', '.join(names)}" if names else ""


def count_by_kind(told: Mapping[str, Mapping[str, str]]) -> dict[str, int]:
    """How many figures do each thing first of all, in the order of the kinds."""
    kinds = ("enters", "bounds", "rival", "scenario", "reason", "beside", "none")
    return {kind: sum(next(iter(does)) == kind for does in told.values()) for kind in kinds}
