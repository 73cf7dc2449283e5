"""One scenario: ``solve``."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

import click

from triangle.base.errors import BadInput, Fault
from triangle.cli.deliver import Outputs, deliver, obtain, scenarios_of
from triangle.cli.options import (
    GAME,
    answer_options,
    as_kept,
    kept_cast,
    rationality_options,
    read_studies,
    say_at_once,
    seed_option,
    trust_option,
)
from triangle.cli.places import command
from triangle.cli.printing import plots_module

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import RenderableType

    from triangle.questions.solve.record import Further
    from triangle.study.solution import PureSolution
    from triangle.study.study import Study

#: Endings of the files of games, of which the first two are read; the reader says what the others are.
GAME_FILES = (".nfg", ".efg", ".gbt", ".agg", ".bagg")
#: Methods of ``solve``; the first is the default.
METHODS = ("pure", "mixed", "logit", "correlated", "selection", "repeated", "coalitions", "rationalizable")


@command()
@click.argument("scenario", required=False)
@click.option("--method", type=click.Choice(METHODS), default="pure", show_default=True, help="What is looked for.")
@click.option("--order", "order_text", metavar="ORDER", help="Players in order of moves: US,CN,RU, or US,RU+CN.")
@click.option(
    "--types", "types_texts", multiple=True, metavar="PLAYER=TYPE:P,...", help="As RU=tactical:0.7,genuine:0.3."
)
@rationality_options
@click.option(
    "--observed",
    multiple=True,
    metavar="PLAYER=ACTION:COUNT,…|FILE",
    help="Play that λ is estimated from, for logit: counts, or a sheet with the headings player, action and count.",
)
@seed_option("the starts for selection")
@trust_option("Mark the equilibria that are agreement-proof at this trust", 0.5)
@answer_options()
@click.pass_context
def solve(
    ctx: click.Context,
    scenario: str | None,
    method: str,
    order_text: str | None,
    types_texts: tuple[str, ...],
    lam: float | None,
    normalised: bool,
    observed: tuple[str, ...],
    seed: int,
    trust: float,
    settings: tuple[str, ...],
    holds: tuple[str, ...],
    **outputs: Unpack[Outputs],
) -> None:
    """Find the equilibria of a scenario: who stands how, which triangle that is, and why it holds.

    All pure equilibria by default; --method mixed lists all, logit answers with erring players, correlated bounds what
    holds in every equilibrium, mixed ones too; selection, repeated, coalitions and rationalizable ask further. --order:
    in turn. Pure equilibria that two can agree to leave are marked, with the trust it takes (--trust).
    With --observed, logit estimates how rationally play that was seen is, and answers there.
    --types lets a player be of several types of the scenario: Bayesian equilibria, and what is learnt from each action.
    A game file (.nfg) in the place of SCENARIO is solved by the same methods, whoever plays it; of a game tree (.efg)
    all perfect Bayesian equilibria are listed.
    """
    _check_options(ctx, method)
    words: dict[str, Any] = {"seed": seed, "observed": observed, **_rationality(lam, normalised)}
    if scenario is not None and Path(scenario).suffix.lower() in GAME_FILES:
        _solve_file(ctx, Path(scenario), method, order_text, holds, {"trust": trust, **words}, outputs)
        return
    study_of = cache(lambda name: read_studies(ctx, [name], settings, holds)[0])
    if types_texts or _is_typed(outputs.get("source")):
        _solve_types(ctx, scenario, study_of, types_texts, method, order_text, lam, normalised, outputs)
        return

    def compute() -> PureSolution | Further:
        study = study_of(scenario)
        order = _order(study, method, order_text)
        if order is not None:
            _refuse_trust(ctx)
        if method == "pure" and order is None:
            from triangle.study.solution import pure_solution

            return pure_solution(study, study.solve(trust))
        from triangle.questions.solve.asking import ask

        return ask(study, "order" if order else method, order=order, **words)

    def read(path: Path) -> PureSolution | Further:
        from triangle.questions.solve.asking import read_solution

        return read_solution(path, kept_cast(ctx, scenarios_of(path, [scenario] if scenario else [])))

    found = obtain(read, (scenario,), compute, outputs, kept=GAME)
    study = study_of(scenario or as_kept(ctx, found.played.scenario))
    if found.played.order is None:
        say_at_once(study)
    if (source := outputs.get("source")) is not None:
        from triangle.questions.solve.asking import check_solution

        check_solution(found, study, str(source))
    table, draw = _showing(study, found)
    if outputs.get("plot") is not None and draw is None:
        raise _without_picture(f"--method {found.played.method}")
    deliver(found, outputs, table, draw)


def _is_typed(source: Path | None) -> bool:
    """Whether a file holds Bayesian equilibria."""
    if source is None:
        return False
    from triangle.base.files import read_json
    from triangle.questions.solve.types.answer import TypedAnswer

    return read_json(source).get("schema") == TypedAnswer.SCHEMA


def _solve_types(
    ctx: click.Context,
    scenario: str | None,
    study_of: Callable[[str], Study],
    texts: tuple[str, ...],
    method: str,
    order_text: str | None,
    lam: float | None,
    normalised: bool,
    outputs: Outputs,
) -> None:
    """Solve a scenario in which a player is of one of several types."""
    from triangle.questions.solve.types.answer import METHODS as TYPED
    from triangle.questions.solve.types.answer import TypedAnswer, parse_types, typed

    if method not in TYPED:
        raise BadInput(Fault("--types", "", f"goes with --method {', '.join(TYPED)}, not with {method}"))
    if order_text is not None or _is_given(ctx, "trust"):
        raise BadInput(Fault("--types", "", "all move at once and nobody agrees; leave out --order and --trust"))

    def compute() -> TypedAnswer:
        study = study_of(str(scenario))
        return typed(study, parse_types(texts, study), method, **_rationality(lam, normalised))

    found = obtain(TypedAnswer, (scenario,), compute, outputs)

    def table() -> RenderableType:
        from triangle.questions.solve.types.table import types_tables

        return types_tables(found)

    def draw() -> object:
        from triangle.questions.solve.types.plot import types_plot

        return types_plot(found)

    deliver(found, outputs, table, draw)


def _showing(
    study: Study, found: PureSolution | Further
) -> tuple[Callable[[], RenderableType], Callable[[], object] | None]:
    from triangle.study.solution import PureSolution

    if not isinstance(found, PureSolution):
        from triangle.questions.solve.asking import showing

        return showing(study, found)

    def table() -> RenderableType:
        from triangle.showing import tables

        return tables.solution(study, found.answer)

    return table, lambda: plots_module().solution_plot(study, found.answer)


def _rationality(lam: float | None, normalised: bool) -> dict[str, Any]:
    """λ as it was asked for, or ten over the payoff range."""
    if lam is not None and not 0 <= lam <= 1e9:
        raise BadInput(Fault("--lambda", "", f"found {lam}; expected a number from 0 to 1e9"))
    return {"lam": 10.0, "normalised": True} if lam is None else {"lam": lam, "normalised": normalised}


def _without_picture(what: str) -> BadInput:
    return BadInput(Fault("--plot", "", f"there is no picture of {what}; leave --plot out"))


def _refuse_trust(ctx: click.Context) -> None:
    if _is_given(ctx, "trust"):
        raise BadInput(
            Fault("--trust", "", "agreements are looked for where all move at once, not in an order of moves")
        )


def _solve_file(
    ctx: click.Context,
    path: Path,
    method: str,
    order_text: str | None,
    holds: tuple[str, ...],
    words: dict[str, Any],
    outputs: Outputs,
) -> None:
    """Solve the game of a file, of any players; options that belong to scenarios are refused."""
    _refuse_of_scenarios(ctx, path)
    if order_text is not None and method != "pure":
        raise BadInput(Fault("--order", "", f"an order of moves goes with --method pure, not with {method}"))
    if path.suffix.lower() == ".efg":
        _refuse_of_games(ctx, path)
        _solve_tree(path, method, order_text, outputs)
        return
    from triangle.games.interchange import read_nfg
    from triangle.questions.solve.game_file.answer import PICTURED, answer, parse_hold, parse_order
    from triangle.questions.solve.game_file.record import game_solution
    from triangle.questions.solve.game_file.table import table

    if order_text is not None:
        _refuse_trust(ctx)
        method = "order"
    if outputs.get("plot") is not None and method not in PICTURED:
        raise _without_picture("an order of moves in a game file" if method == "order" else f"--method {method}")
    file = read_nfg(path)
    order = parse_order(order_text, file) if order_text is not None else None
    found = answer(file, method, order=order, hold=parse_hold(holds, file), **words)

    def draw() -> Any:
        from triangle.questions.solve.game_file.plot import plot

        return plot(found)

    deliver(lambda: game_solution(found), outputs, lambda: table(found), draw)


def _refuse_of_scenarios(ctx: click.Context, path: Path) -> None:
    """Refuse what changes a scenario, also where it stands before the command."""
    asked = {"settings": "--set", "source": "--from", "types_texts": "--types"}
    given = [name for option, name in asked.items() if _is_given(ctx, option)]
    for name in (*given, *(f"--{name}" for name in ctx.obj)):
        raise BadInput(Fault(name, "", f"goes with a scenario; {path.name} is a game file, solved as it is"))


def _refuse_of_games(ctx: click.Context, path: Path) -> None:
    """Refuse what a game in strategic form takes and a tree does not."""
    for option, name in (("holds", "--hold"), ("plot", "--plot"), ("trust", "--trust"), ("observed", "--observed")):
        if _is_given(ctx, option):
            raise BadInput(Fault(name, "", f"is for games in strategic form (.nfg); {path.name} is a game tree"))


def _solve_tree(path: Path, method: str, order_text: str | None, outputs: Outputs) -> None:
    """Solve the game tree of a file: all perfect Bayesian equilibria."""
    from triangle.base.files import read_text
    from triangle.games.efg import parse_efg
    from triangle.questions.solve.tree_file.answer import tree_solution
    from triangle.questions.solve.tree_file.table import tree_tables

    if method != "pure" or order_text is not None:
        name = "--order" if order_text is not None else "--method"
        raise BadInput(Fault(name, "", f"{path.name} is a game tree: all its perfect Bayesian equilibria are listed"))
    found = tree_solution(parse_efg(read_text(path, "text"), path.name), path.name)
    deliver(found, outputs, lambda: tree_tables(found))


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
    for option, name in (("lam", "--lambda"), ("normalised", "--normalised"), ("types_texts", "--types")):
        if _is_given(ctx, "observed") and _is_given(ctx, option):
            raise BadInput(Fault(name, "", "goes against --observed, from which λ is estimated"))


def _is_given(ctx: click.Context, option: str) -> bool:
    return ctx.get_parameter_source(option) == click.core.ParameterSource.COMMANDLINE


def _order(study: Study, method: str, text: str | None) -> tuple[tuple[int, ...], ...] | None:
    """The order of moves that was asked for, or that the scenario plays; None where all move at once."""
    from triangle.players.notation import parse_order

    if text is not None and method != "pure":
        raise BadInput(Fault("--order", "", f"an order of moves goes with --method pure, not with {method}"))
    if text is not None:
        stages = parse_order(text, study.cast)
    elif study.scenario.order is not None and method == "pure":
        stages = tuple(tuple(sorted(map(study.cast.player, stage))) for stage in study.scenario.order)
    else:
        return None
    return stages if len(stages) > 1 else None
