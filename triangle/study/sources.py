"""What the values of a study rest on: the change that gave one, and the figures behind it."""

from __future__ import annotations

from triangle.evidence.figure import Figure
from triangle.model.calibration import lineage
from triangle.scenarios.scenario import Change
from triangle.study.study import Study


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
