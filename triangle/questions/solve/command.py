"""One scenario: ``solve``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

import click

from triangle.base.errors import BadInput, Fault
from triangle.cli.deliver import Outputs, deliver
from triangle.cli.options import (
    hold_option,
    json_option,
    plot_option,
    read_studies,
    say_at_once,
    set_option,
    trust_option,
)
from triangle.cli.places import command
from triangle.cli.printing import plots_module

if TYPE_CHECKING:
    from rich.console import RenderableType

    from triangle.study.study import Study

#: Endings of the files of games, of which the first is read; the reader says what the others are.
GAME_FILES = (".nfg", ".efg", ".gbt")
#: Methods of ``solve``; the first is the default.
METHODS = ("pure", "mixed", "logit", "correlated", "selection", "repeated", "coalitions")


@command()
@click.argument("scenario")
@click.option("--method", type=click.Choice(METHODS), default="pure", show_default=True, help="What is looked for.")
@click.option("--order", "order_text", metavar="ORDER", help="Players in order of moves: US,CN,RU, or US,RU+CN.")
@click.option(
    "--lambda", "lam", type=float, help="Rationality for logit, per bn USD/yr [default: 10 per payoff range]."
)
@click.option("--normalised", is_flag=True, help="Take --lambda per payoff range, not per bn USD/yr.")
@click.option(
    "--observed",
    multiple=True,
    metavar="PLAYER=ACTION:COUNT,…|FILE",
    help="Play that λ is estimated from, for logit: counts, or a sheet with the headings player, action and count.",
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Seed of the starts for selection.")
@set_option
@hold_option
@trust_option
@plot_option("file (.png, .svg or .pdf)")
@json_option
@click.pass_context
def solve(
    ctx: click.Context,
    scenario: str,
    method: str,
    order_text: str | None,
    lam: float | None,
    normalised: bool,
    observed: tuple[str, ...],
    seed: int,
    settings: tuple[str, ...],
    holds: tuple[str, ...],
    trust: float,
    **outputs: Unpack[Outputs],
) -> None:
    """Find the equilibria of a scenario: who stands how, which triangle that is, and why it holds.

    All pure equilibria by default; --method mixed lists all, logit answers with erring players, correlated bounds what
    holds in every equilibrium, selection, repeated and coalitions ask further. --order lets the players move in turn.
    Pure equilibria that two can agree to leave are marked, with the trust it takes (--trust).
    With --observed, logit estimates how rationally play that was seen is, and answers there.
    A game file (.nfg) in the place of SCENARIO is solved by the same methods, whoever plays it.
    """
    _check_options(ctx, method)
    _check_rationality(lam)
    if order_text is not None and method != "pure":
        raise BadInput(Fault("--order", "", f"an order of moves goes with --method pure, not with {method}"))
    rationality = {"lam": 10.0, "normalised": True} if lam is None else {"lam": lam, "normalised": normalised}
    asked_for: dict[str, Any] = {"seed": seed, "observed": observed, **rationality}
    if Path(scenario).suffix.lower() in GAME_FILES:
        _solve_file(ctx, Path(scenario), method, order_text, holds, {"trust": trust, **asked_for}, outputs)
        return
    (study,) = read_studies(ctx, [scenario], settings, holds)
    order = _order(study, method, order_text)
    if order is None:
        say_at_once(study)
    else:
        _refuse_trust(ctx)
    if method == "pure" and order is None:
        _solve_pure(study, trust, outputs)
        return
    from triangle.questions.solve.asking import ask

    asked = ask(study, "order" if order else method, order=order, **asked_for)
    if outputs.get("plot") is not None and asked.plot is None:
        raise _without_picture(f"--method {method}")
    deliver(asked.document, outputs, asked.table, asked.plot)


def _without_picture(what: str) -> BadInput:
    return BadInput(Fault("--plot", "", f"there is no picture of {what}; leave --plot out"))


def _solve_file(
    ctx: click.Context,
    path: Path,
    method: str,
    order_text: str | None,
    holds: tuple[str, ...],
    asked_for: dict[str, Any],
    outputs: Outputs,
) -> None:
    """Solve the game of a file, of any players; options that belong to scenarios are refused."""
    from triangle.games.interchange import read_nfg
    from triangle.questions.solve.game_file.answer import PICTURED, answer, parse_hold, parse_order
    from triangle.questions.solve.game_file.table import document, table

    for name in (*(["set"] if _is_given(ctx, "settings") else []), *ctx.obj):
        raise BadInput(Fault(f"--{name}", "", f"goes with a scenario; {path.name} is a game file, solved as it is"))
    if order_text is not None:
        _refuse_trust(ctx)
        method = "order"
    if outputs.get("plot") is not None and method not in PICTURED:
        raise _without_picture("an order of moves in a game file" if method == "order" else f"--method {method}")
    file = read_nfg(path)
    order = parse_order(order_text, file) if order_text is not None else None
    found = answer(file, method, order=order, hold=parse_hold(holds, file), **asked_for)

    def drawn() -> Any:
        from triangle.questions.solve.game_file.plot import plot

        return plot(found)

    deliver(lambda: document(found), outputs, lambda: table(found), drawn)


def _refuse_trust(ctx: click.Context) -> None:
    if _is_given(ctx, "trust"):
        raise BadInput(
            Fault("--trust", "", "agreements are looked for where all move at once, not in an order of moves")
        )


def _check_rationality(lam: float | None) -> None:
    if lam is not None and not 0 <= lam <= 1e9:
        raise BadInput(Fault("--lambda", "", f"found {lam}; expected a number from 0 to 1e9"))


def _check_options(ctx: click.Context, method: str) -> None:
    """Refuse options that the method would ignore."""
    for option, name, owner in (
        ("lam", "--lambda", "logit"),
        ("normalised", "--normalised", "logit"),
        ("observed", "--observed", "logit"),
        ("seed", "--seed", "selection"),
        ("trust", "--trust", "pure"),
    ):
        if _is_given(ctx, option) and method != owner:
            raise BadInput(Fault(name, "", f"belongs to --method {owner}; --method {method} does not use it"))
    for option, name in (("lam", "--lambda"), ("normalised", "--normalised")):
        if _is_given(ctx, "observed") and _is_given(ctx, option):
            raise BadInput(Fault(name, "", "goes against --observed, from which λ is estimated"))


def _is_given(ctx: click.Context, option: str) -> bool:
    return ctx.get_parameter_source(option) == click.core.ParameterSource.COMMANDLINE


def _order(study: Study, method: str, text: str | None) -> tuple[tuple[int, ...], ...] | None:
    """The order of moves that was asked for, or that the scenario plays; None where all move at once."""
    from triangle.players.axes import PLAYERS
    from triangle.players.notation import parse_order

    if text is not None:
        stages = parse_order(text)
    elif study.scenario.order is not None and method == "pure":
        stages = tuple(tuple(sorted(PLAYERS.index(p) for p in stage)) for stage in study.scenario.order)
    else:
        return None
    return stages if len(stages) > 1 else None


def _solve_pure(study: Study, trust: float, outputs: Outputs) -> None:
    answer = study.solve(trust)

    def document() -> dict[str, Any]:
        from triangle.study.documents import solution_document

        return solution_document(study, answer)

    def table() -> RenderableType:
        from triangle.showing import tables

        return tables.solution(study, answer)

    deliver(document, outputs, table, lambda: plots_module().solution_plot(study, answer))
