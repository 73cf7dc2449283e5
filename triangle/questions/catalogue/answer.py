"""What the package knows, card by card: figures, parameters, scenarios, terms and sources."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from triangle.base.errors import UnknownName
from triangle.base.records import INLINE
from triangle.evidence.figure import Source
from triangle.model.instruments import Instrument, read_instruments
from triangle.model.model import Model
from triangle.model.parameters import Parameter, Values
from triangle.scenarios.scenario import override, read_scenario, shipped_names
from triangle.study.trace import FigureCard, figure_card


@dataclass(frozen=True)
class ParameterCard:
    """A parameter with the figures behind its default."""

    parameter: Annotated[Parameter, INLINE]
    sources: tuple[FigureCard, ...]


@dataclass(frozen=True)
class TermCard:
    """A payoff term: its docstring, and the parameters that it reads."""

    name: str
    definition: str | None
    parameters: tuple[str, ...]


@dataclass(frozen=True)
class InstrumentCard:
    """An instrument of the sanctions with the figures behind what it costs."""

    instrument: Annotated[Instrument, INLINE]
    sources: tuple[FigureCard, ...]


@dataclass(frozen=True)
class Card:
    """One thing that the package knows: a figure, a parameter, a scenario, a term, a source or an instrument."""

    SCHEMA: ClassVar = "triangle.card/1"

    kind: str
    item: Any


@dataclass(frozen=True)
class Listing:
    """Everything of a kind."""

    SCHEMA: ClassVar = "triangle.list/1"

    kind: str
    items: tuple[Any, ...]


@dataclass(frozen=True)
class Uses:
    """What each figure of the documents does, in words and by kind."""

    SCHEMA: ClassVar = "triangle.uses/1"

    figures: Mapping[str, Mapping[str, str]]


def card(kind: str, name: str, model: Model, settings: Sequence[str] = ()) -> Card:
    """The card of one thing by name; a scenario may be set otherwise."""
    return Card(kind, _item(kind, name, model, settings))


def listing(kind: str, model: Model) -> Listing:
    """The cards of all things of a kind."""
    names: dict[str, Callable[[], Iterable[str]]] = {
        "figure": lambda: model.ledger.figures,
        "parameter": lambda: model.catalogue.parameters,
        "scenario": lambda: shipped_names(model.cast),
        "term": lambda: model.terms,
        "source": lambda: model.ledger.sources,
        # Of these only the shipped powers know.
        "instrument": lambda: read_instruments(model.ledger, model.cast, model.catalogue.defaults()),
    }
    return Listing(kind, tuple(_item(kind, name, model) for name in names[kind]()))


def _item(kind: str, name: str, model: Model, settings: Sequence[str] = ()) -> Any:
    if kind == "figure":
        return figure_card(model.ledger[name], model.ledger)
    if kind == "parameter":
        behind = (figure_card(figure, model.ledger) for figure in model.figures_behind(name))
        return ParameterCard(model.catalogue[name], tuple(behind))
    if kind == "scenario":
        return override(read_scenario(name, model), settings, model)
    if kind == "instrument":
        return instrument_card(name, model)
    return source(name, model) if kind == "source" else term_card(name, model)


def source(name: str, model: Model) -> Source:
    """A source by its key."""
    if name not in model.ledger.sources:
        raise UnknownName("source", name, model.ledger.sources)
    return model.ledger.sources[name]


def instrument_card(name: str, model: Model) -> InstrumentCard:
    """An instrument by name, at the default values of the parameters."""
    known = read_instruments(model.ledger, model.cast, model.catalogue.defaults())
    if name not in known:
        raise UnknownName("instrument", name, known)
    read = (*known[name].table.cost.figures, *known[name].table.us.figures)
    behind = (model.ledger[figure] for figure in read if figure in model.ledger.figures)
    return InstrumentCard(known[name], tuple(figure_card(figure, model.ledger) for figure in behind))


def term_card(name: str, model: Model) -> TermCard:
    """A term by name."""
    if name not in model.terms:
        raise UnknownName("term", name, model.terms)
    values, read = Values(model.catalogue.defaults(), model.cast).recording()
    model.terms[name](values.stances, values)
    return TermCard(name, model.terms[name].__doc__, tuple(p.name for p in model.catalogue if p.name in read))
