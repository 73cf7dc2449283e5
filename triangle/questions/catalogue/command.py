"""What the package knows: ``list`` and ``show``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Unpack

import click

from triangle.base.errors import LISTED, BadInput, Fault, UnknownName
from triangle.cli.deliver import Outputs, deliver
from triangle.cli.options import form_option, json_option, model_of, set_option
from triangle.cli.places import command

if TYPE_CHECKING:
    from rich.console import RenderableType

    from triangle.model.model import Model
    from triangle.questions.catalogue.answer import Card, Listing


#: How a missing or an unknown kind is asked for.
KIND = "|".join(LISTED)


def _kind(text: str) -> str:
    kind = text.lower().removesuffix("s")
    if kind not in LISTED:
        raise UnknownName("kind", text, LISTED)
    return kind


@command("list")
@click.argument("kind", metavar=KIND)
@click.option("--unused", is_flag=True, help="Of each figure of the documents what it does, or why nothing.")
@form_option
@json_option
@click.pass_context
def list_(ctx: click.Context, kind: str, unused: bool, **outputs: Unpack[Outputs]) -> None:
    """List every figure, parameter, scenario, term, source or instrument of the sanctions."""
    kind = _kind(kind)
    model = model_of(ctx)
    if unused:
        _uses(kind, model, outputs)
        return

    def cards() -> Listing:
        from triangle.questions.catalogue.answer import listing

        return listing(kind, model)

    def table() -> RenderableType:
        from triangle.questions.catalogue import table as tables
        from triangle.scenarios.scenario import read_scenario, shipped_names

        if kind == "scenario":
            return tables.scenario_list(read_scenario(name, model) for name in shipped_names(model.cast))
        page: RenderableType = getattr(tables, f"{kind}_list")(model)
        return page

    deliver(cards, outputs, table)


def _uses(kind: str, model: Model, outputs: Outputs) -> None:
    """What each figure of the documents does."""
    from triangle.questions.catalogue.answer import Uses
    from triangle.questions.catalogue.uses import uses_of_documents

    if kind != "figure":
        raise BadInput(Fault("--unused", "", f"goes with figures alone, and not with {kind}"))
    told = uses_of_documents(model)

    def table() -> RenderableType:
        from triangle.questions.catalogue.table import use_list

        return use_list(told, model)

    deliver(Uses(told), outputs, table)


@command()
@click.argument("kind", metavar=KIND)
@click.argument("name")
@set_option
@json_option
@click.pass_context
def show(ctx: click.Context, kind: str, name: str, settings: tuple[str, ...], **outputs: Unpack[Outputs]) -> None:
    """Show the card of one figure, parameter, scenario, term, source or instrument of the sanctions."""
    kind = _kind(kind)
    if settings and kind != "scenario":
        raise BadInput(Fault("--set", "", f"goes with a scenario; a {kind} has nothing to set"))
    model = model_of(ctx)
    if kind in ("parameter", "term") and name not in {**model.catalogue.parameters, **model.terms}:
        from triangle.model.thirds import with_all

        model = with_all(model)

    def read() -> Card:
        from triangle.questions.catalogue.answer import card

        return card(kind, name, model, settings)

    deliver(read, outputs, lambda: _card(kind, name, model, settings))


def _card(kind: str, name: str, model: Model, settings: Sequence[str]) -> RenderableType:
    from triangle.questions.catalogue import table as tables
    from triangle.questions.catalogue.answer import instrument_card, source, term_card
    from triangle.scenarios.scenario import override, read_scenario

    if kind == "figure":
        return tables.figure_card(model.ledger[name], model)
    if kind == "parameter":
        return tables.parameter_card(model.catalogue[name], model)
    if kind == "scenario":
        return tables.scenario_card(override(read_scenario(name, model), settings, model), model)
    if kind == "instrument":
        return tables.instrument_card(instrument_card(name, model), model)
    if kind == "source":
        return tables.source_card(source(name, model).key, model)
    return tables.term_card(name, model, term_card(name, model).parameters)
