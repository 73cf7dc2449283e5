"""What an acceptance tells: ``signal``; what a gesture tells: ``gesture``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

import click

from triangle.base.errors import BadInput, Fault, shorten
from triangle.cli.deliver import Outputs, deliver, obtain
from triangle.cli.options import (
    draws_options,
    json_option,
    kept_options,
    plot_option,
    read_one,
    set_option,
)
from triangle.cli.places import OutputFolder, command

if TYPE_CHECKING:
    from rich.console import RenderableType

    from triangle.questions.signal.gesture.record import Gesture
    from triangle.questions.signal.record import Signal


@command()
@click.argument("scenario", required=False)
@click.option("--types", "types_text", metavar="FIRST,SECOND", help="Which types [default: the scenario's first two].")
@click.option("--prior", type=float, help="Probability of the second type [default: the scenario's].")
@click.option("--watch", type=float, help="Years for which an acceptance is watched [default: the scenario's].")
@click.option("--observe", type=float, help="Probability that pocketing is seen [default: the scenario's].")
@click.option("--over", "overs", multiple=True, metavar="NAME=LOW:HIGH:COUNT", help="An axis of the map; give two.")
@click.option(
    "--china",
    type=click.Choice(("aligned", "answers")),
    default="aligned",
    show_default=True,
    help="What China does during the watch.",
)
@click.option(
    "--refine", type=click.Choice(("intuitive", "d1")), multiple=True, help="Say what this refinement removes."
)
@click.option("--america", "american", metavar="TYPE:P,TYPE:P", help="American types that Russia does not tell apart.")
@click.option("--menu", "menu_text", metavar="NAME=VALUE,...", help="A second contract offered beside the first.")
@draws_options(1024)
@set_option
@kept_options
@plot_option("folder, one picture per map and the tree", OutputFolder())
@json_option
@click.pass_context
def signal(
    ctx: click.Context,
    scenario: str | None,
    types_text: str | None,
    prior: float | None,
    watch: float | None,
    observe: float | None,
    overs: tuple[str, ...],
    china: str,
    refine: tuple[str, ...],
    american: str | None,
    menu_text: str | None,
    samples: int,
    seed: int,
    settings: tuple[str, ...],
    **outputs: Unpack[Outputs],
) -> None:
    """What Russia's acceptance of an offer tells: tactical or genuine.

    SCENARIO names types of Russia and a watch, as tactical_or_genuine does. All perfect Bayesian equilibria of the
    screening game, certified from its tree; maps of prior by watch and relief by conditionality, or of two --over.
    """
    from triangle.questions.signal.answer import signal as ask
    from triangle.questions.signal.record import Signal

    def compute() -> Signal:
        study = read_one(ctx, str(scenario), settings, ())
        return ask(
            study,
            types=_names(types_text),
            prior=prior,
            watch=watch,
            observe=observe,
            over=[_axis(text) for text in overs],
            china=china,
            refine=refine,
            america=_numbers("--america", american, ":"),
            menu=_numbers("--menu", menu_text, "="),
            samples=samples,
            seed=seed,
        )

    found = obtain(Signal, (scenario,), compute, outputs, "a scenario with types, as tactical_or_genuine")

    def table() -> RenderableType:
        from triangle.questions.signal.table import signal_tables

        return signal_tables(found)

    def draw() -> object:
        from triangle.questions.signal.plot import signal_plots

        return signal_plots(found)

    deliver(found, outputs, table, draw)


@command()
@click.argument("scenario", required=False)
@click.option("--types", "types_text", metavar="FIRST,SECOND", help="Which types [default: the scenario's first two].")
@click.option("--receiver", metavar="PLAYER", help="Who sees the gesture [default: the scenario's].")
@click.option("--prior", type=float, help="Probability of the second type [default: the scenario's].")
@click.option("--cost", type=float, help="What the gesture costs for show, bn USD/yr [default: the scenario's].")
@click.option("--over", "overs", multiple=True, metavar="NAME=LOW:HIGH:COUNT", help="An axis of the map; give two.")
@click.option(
    "--refine", type=click.Choice(("intuitive", "d1")), multiple=True, help="Say what this refinement removes."
)
@draws_options(1024)
@set_option
@kept_options
@plot_option("folder, one picture per map", OutputFolder())
@json_option
@click.pass_context
def gesture(
    ctx: click.Context,
    scenario: str | None,
    types_text: str | None,
    receiver: str | None,
    prior: float | None,
    cost: float | None,
    overs: tuple[str, ...],
    refine: tuple[str, ...],
    samples: int,
    seed: int,
    settings: tuple[str, ...],
    **outputs: Unpack[Outputs],
) -> None:
    """What a gesture of a player of unknown type tells: strength, weakness or nothing.

    SCENARIO names types of a player and its gesture, as parade and show_of_resolve do. All perfect Bayesian equilibria,
    certified from the game's tree; a map of prior by cost, or of two --over.
    """
    from triangle.questions.signal.gesture.answer import gesture as ask
    from triangle.questions.signal.gesture.record import Gesture

    def compute() -> Gesture:
        return ask(
            read_one(ctx, str(scenario), settings, ()),
            types=_names(types_text),
            receiver=receiver or "",
            prior=prior,
            cost=cost,
            over=[_axis(text) for text in overs],
            refine=refine,
            samples=samples,
            seed=seed,
        )

    found = obtain(Gesture, (scenario,), compute, outputs, "a scenario with a gesture, as parade")

    def table() -> RenderableType:
        from triangle.questions.signal.gesture.table import gesture_tables

        return gesture_tables(found)

    def draw() -> object:
        from triangle.questions.signal.gesture.plot import gesture_plots

        return gesture_plots(found)

    deliver(found, outputs, table, draw)


def _names(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",")) if text else ()


def _numbers(option: str, text: str | None, mark: str) -> dict[str, float]:
    """Names with a number each."""
    from triangle.base.records import number_in

    found: dict[str, float] = {}
    for part in text.split(",") if text else ():
        name, _, value = (piece.strip() for piece in part.partition(mark))
        if name in found:
            raise BadInput(Fault(option, name[:80], "given twice"))
        try:
            found[name] = number_in(value)
        except ValueError:
            raise BadInput(Fault(option, "", f"found {shorten(part)}; expected NAME{mark}NUMBER")) from None
    return found


def _axis(text: str) -> tuple[str, float, float, int]:
    """NAME=LOW:HIGH:COUNT."""
    from triangle.base.records import number_in

    name, _, rest = (part.strip() for part in text.partition("="))
    parts = rest.split(":")
    try:
        low, high, count = number_in(parts[0]), number_in(parts[1]), int(number_in(parts[2]))
        if len(parts) != 3 or not low < high:
            raise ValueError
    except (ValueError, IndexError, OverflowError):
        expected = "expected NAME=LOW:HIGH:COUNT, as prior=0:1:41"
        raise BadInput(Fault("--over", "", f"found {shorten(text)}; {expected}")) from None
    return name, low, high, count
