"""The model as a whole: what is documented, the parameters that rest on it, and the payoff terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from triangle.errors import Fault
from triangle.evidence.figure import Figure
from triangle.evidence.ledger import SHIPPED as SHIPPED_EVIDENCE
from triangle.evidence.ledger import Ledger, inspect_ledger, read_ledger
from triangle.model.parameters import SHIPPED as SHIPPED_PARAMETERS
from triangle.model.parameters import Catalogue, inspect_catalogue, read_catalogue
from triangle.model.terms import TERMS, Term


@dataclass(frozen=True)
class Model:
    """Ledger of figures, catalogue of parameters and payoff terms; everything a scenario departs from."""

    ledger: Ledger
    catalogue: Catalogue
    terms: Mapping[str, Term]

    def figures_behind(self, parameter: str) -> tuple[Figure, ...]:
        """The figures that a parameter is made of, then those that its judgement leans on."""
        p = self.catalogue[parameter]
        return tuple(self.ledger[name] for name in p.figures + p.anchors)


def read_model(evidence: Path = SHIPPED_EVIDENCE, parameters: Path = SHIPPED_PARAMETERS) -> Model:
    """The model read from files; raises :class:`~triangle.errors.BadInput` with every fault found."""
    ledger = read_ledger(evidence)
    return Model(ledger, read_catalogue(ledger, parameters), TERMS)


def inspect_model(
    evidence: Path = SHIPPED_EVIDENCE, parameters: Path = SHIPPED_PARAMETERS, figures: Sequence[Path] = ()
) -> tuple[Model, list[Fault]]:
    """The model made of everything that could be read, and all faults of the rest.

    Figure files named in `figures` take the place of those of the evidence with the same name or source.
    """
    ledger, faults = inspect_ledger(evidence, figures)
    catalogue, more = inspect_catalogue(ledger, parameters)
    return Model(ledger, catalogue, TERMS), faults + more
