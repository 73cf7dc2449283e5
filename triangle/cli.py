"""The verbs of the command line: each is one call into the package plus printing.

Imports are made inside the commands, so that ``triangle --help`` answers at once.
"""

from __future__ import annotations

import contextlib
import gc
import io
import os
import shlex
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal, NoReturn

import click

from triangle.errors import BadInput, Fault, TriangleError, UnknownName, printable, unknown
from triangle.version import __version__

if TYPE_CHECKING:
    from rich.console import RenderableType

    from triangle.experiments.sweep import Run
    from triangle.model.model import Model
    from triangle.study import Study

KINDS = ("figure", "parameter", "scenario", "term", "source")


class Commands(click.Group):
    """The group of commands; turns the package's errors into one message and an exit code."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """Suggest the nearest command for an unknown one."""
        name = args[0] if args else ""
        if name and not name.startswith("-") and name not in self.commands:
            ctx.fail(unknown("command", name, self.commands))
        return super().resolve_command(ctx, args)

    def main(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Run, and leave with 0, 1, 2 or 130; never with a traceback for a user's mistake."""
        kwargs["standalone_mode"] = False
        # Starting up makes many objects and hardly a cycle; looking for cycles all the while costs a twentieth of it.
        gc.set_threshold(200_000)
        try:
            code = super().main(*args, **kwargs)
        except click.exceptions.Exit as leave:
            code = leave.exit_code
        except click.ClickException as error:
            shown = io.StringIO()
            error.show(shown)
            # Lines that quote the command line: they may hold anything, at any length.
            _tell("\n".join(printable(line, 2000) for line in shown.getvalue().rstrip().split("\n")))
            code = error.exit_code
        except TriangleError as error:
            _tell(f"Error: {error}")
            code = error.exit_code
        except (click.Abort, KeyboardInterrupt):
            _tell("interrupted")
            code = 130
        except SystemExit:  # how click answers a reader who went away while it printed the help
            code = 0
        except OSError as error:
            _silence()
            _tell(f"Error: {error.filename or 'standard output'}: {error.strerror}")
            code = 2
        sys.exit(code if isinstance(code, int) else 0)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="triangle")
@click.option("--evidence", type=Path, metavar="FOLDER", help="Read the evidence from this folder instead.")
@click.option("--parameters", type=Path, metavar="FILE", help="Read the parameters from this file instead.")
@click.pass_context
def main(ctx: click.Context, evidence: Path | None, parameters: Path | None) -> None:
    """Game-theory simulator of the strategic triangle United States - Russia - China.

    SCENARIO is the name of a shipped scenario (triangle list scenario) or the path of a file.
    """
    ctx.obj = {key: value for key, value in (("evidence", evidence), ("parameters", parameters)) if value is not None}


def _json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")(command)


def _set_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--set", "settings", multiple=True, metavar="NAME=VALUE", help="Set a parameter: a number or a figure's id."
    )(command)


def _hold_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--hold",
        "holds",
        multiple=True,
        metavar="PLAYER=ACTION",
        help="Hold a player at an action, as US=court_russia.",
    )(command)


def _plot_option(what: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return click.option("--plot", type=Path, metavar="PATH", help=f"Draw into this {what}.")


def _model(ctx: click.Context) -> Model:
    from triangle.model.model import read_model

    return read_model(**ctx.obj)


def _studies(ctx: click.Context, names: Sequence[str], settings: Sequence[str], holds: Sequence[str]) -> list[Study]:
    from triangle.scenario import override, read_scenario
    from triangle.study import study
    from triangle.words import parse_hold

    model, held = _model(ctx), parse_hold(holds)
    studies: list[Study] = []
    faults: list[Fault] = []
    for name in names:
        try:
            scenario = override(read_scenario(name, model), settings, model)
            if any(scenario.name == other.scenario.name for other in studies):
                scenario = replace(scenario, name=printable(name, 60))
            studies.append(study(model, scenario, held))
        except BadInput as error:
            faults.extend(error.faults)
    if faults:
        raise BadInput(dict.fromkeys(faults))
    return studies


def _tell(text: str) -> None:
    """Write to standard error; where nobody can read that, the exit code has to do."""
    with contextlib.suppress(OSError, ValueError):
        click.echo(text, err=True)


def _write(text: str) -> None:
    """Write to standard output, with what its encoding lacks replaced by question marks."""
    if sys.stdout is None:
        return
    encoding = sys.stdout.encoding or "utf-8"
    try:
        sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
        sys.stdout.flush()
    except OSError as error:
        _silence()
        if not isinstance(error, BrokenPipeError):  # that is a reader who has read enough, as `head` does
            raise TriangleError(f"standard output: cannot be written: {error.strerror}") from None


def _silence() -> None:
    """Drop what is left in the buffer of standard output; Python would try to write it once more at its end."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _print_json(document: object) -> None:
    import json

    utf = (getattr(sys.stdout, "encoding", None) or "").lower().startswith("utf")
    _write(json.dumps(document, ensure_ascii=not utf, allow_nan=False, indent=1) + "\n")


class _Page(io.StringIO):
    """A text to be written at once, in the encoding of standard output, which decides on how frames are drawn."""

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return getattr(sys.stdout, "encoding", None) or "utf-8"


def _print(renderable: RenderableType) -> None:
    from rich.console import Console

    # Piped output has no width of its own; a wide one keeps most table rows on one line.
    terminal = sys.stdout is not None and sys.stdout.isatty()
    sized = terminal or os.environ.get("COLUMNS", "").isdecimal()
    page = _Page()
    Console(
        file=page, force_terminal=terminal or None, width=None if sized else 160, highlight=False, soft_wrap=False
    ).print(renderable)
    _write(page.getvalue())


@main.command()
@click.argument("files", nargs=-1, type=Path)
@_json_option
@click.pass_context
def check(ctx: click.Context, files: tuple[Path, ...], as_json: bool) -> None:
    """Validate evidence, parameters and scenarios; report all faults together.

    With FILES (scenarios, figure files, parameter files or folders of them) these are checked in place of the shipped
    ones. Leaves with 1 when there are faults.
    """
    from triangle.checking import check as run

    report = run(files, **ctx.obj)
    if as_json:
        from triangle.report.documents import check_document

        _print_json(check_document(report))
    else:
        from triangle.report import tables

        _print(tables.check_report(report))
    ctx.exit(1 if report.faults else 0)


def _kind(text: str) -> str:
    kind = text.lower().removesuffix("s")
    if kind not in KINDS:
        raise UnknownName("kind", text, KINDS, "KIND")
    return kind


@main.command("list")
@click.argument("kind")
@_json_option
@click.pass_context
def list_(ctx: click.Context, kind: str, as_json: bool) -> None:
    """List every figure, parameter, scenario, term or source."""
    kind = _kind(kind)
    model = _model(ctx)
    if as_json:
        _print_json({"schema": "triangle.list/1", "kind": kind, "items": _items(kind, model)})
        return
    from triangle.report import tables
    from triangle.scenario import read_scenario, shipped_names

    if kind == "scenario":
        _print(tables.scenario_list(read_scenario(name, model) for name in shipped_names()))
    else:
        _print(getattr(tables, f"{kind}_list")(model))


def _items(kind: str, model: Model) -> list[dict[str, Any]]:
    from triangle.scenario import shipped_names

    names = {
        "figure": model.ledger.figures,
        "parameter": model.catalogue.parameters,
        "scenario": shipped_names(),
        "term": model.terms,
        "source": model.ledger.sources,
    }[kind]
    return [_item(kind, name, model) for name in names]


def _item(kind: str, name: str, model: Model, settings: Sequence[str] = ()) -> dict[str, Any]:
    from triangle.report import documents
    from triangle.scenario import override, read_scenario

    if kind == "figure":
        return documents.figure_document(model.ledger[name], model.ledger)
    if kind == "parameter":
        return documents.parameter_document(model.catalogue[name], model)
    if kind == "scenario":
        return documents.scenario_document(override(read_scenario(name, model), settings, model))
    if kind == "source":
        return documents.source_document(_source(name, model))
    return {"name": name, "definition": _term(name, model).__doc__, "parameters": _parameters_of(name, model)}


def _source(name: str, model: Model) -> Any:
    if name not in model.ledger.sources:
        raise UnknownName("source", name, model.ledger.sources)
    return model.ledger.sources[name]


def _term(name: str, model: Model) -> Any:
    if name not in model.terms:
        raise UnknownName("term", name, model.terms)
    return model.terms[name]


def _parameters_of(term: str, model: Model) -> list[str]:
    from triangle.model.parameters import Values
    from triangle.model.stances import pure_stances

    values, read = Values(model.catalogue.defaults()).recording()
    model.terms[term](pure_stances(), values)
    return [p.name for p in model.catalogue if p.name in read]


@main.command()
@click.argument("kind")
@click.argument("name")
@_set_option
@_json_option
@click.pass_context
def show(ctx: click.Context, kind: str, name: str, settings: tuple[str, ...], as_json: bool) -> None:
    """Show the card of one figure, parameter, scenario, term or source."""
    kind = _kind(kind)
    if settings and kind != "scenario":
        raise BadInput(Fault("--set", "", f"goes with a scenario; a {kind} has nothing to set"))
    model = _model(ctx)
    if as_json:
        _print_json({"schema": "triangle.card/1", "kind": kind, "item": _item(kind, name, model, settings)})
        return
    from triangle.report import tables
    from triangle.scenario import override, read_scenario

    if kind == "figure":
        _print(tables.figure_card(model.ledger[name], model))
    elif kind == "parameter":
        _print(tables.parameter_card(model.catalogue[name], model))
    elif kind == "scenario":
        _print(tables.scenario_card(override(read_scenario(name, model), settings, model), model))
    elif kind == "source":
        _source(name, model)
        _print(tables.source_card(name, model))
    else:
        _term(name, model)
        _print(tables.term_card(name, model, _parameters_of(name, model)))


#: Methods of ``solve``; the first is the default.
METHODS = ("pure", "mixed", "logit", "correlated", "selection", "repeated", "coalitions")


@main.command()
@click.argument("scenario")
@click.option("--method", type=click.Choice(METHODS), default="pure", show_default=True, help="What is looked for.")
@click.option("--order", "order_text", metavar="ORDER", help="Players in order of moves: US,CN,RU, or US,RU+CN.")
@click.option(
    "--lambda", "lam", type=float, help="Rationality for logit, per bn USD/yr [default: 10 per payoff range]."
)
@click.option("--normalised", is_flag=True, help="Take --lambda per payoff range, not per bn USD/yr.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Seed of the starts for selection.")
@_set_option
@_hold_option
@_plot_option("file (.png, .svg or .pdf)")
@_json_option
@click.pass_context
def solve(
    ctx: click.Context,
    scenario: str,
    method: str,
    order_text: str | None,
    lam: float | None,
    normalised: bool,
    seed: int,
    settings: tuple[str, ...],
    holds: tuple[str, ...],
    plot: Path | None,
    as_json: bool,
) -> None:
    """Find the equilibria of a scenario: who stands how, which triangle that is, and why it holds.

    All pure equilibria by default; --method mixed lists all, logit answers with erring players, correlated bounds what
    holds in every equilibrium, selection, repeated and coalitions ask further. --order lets the players move in turn.
    """
    _check_options(ctx, method)
    (study,) = _studies(ctx, [scenario], settings, holds)
    order = _order(study, method, order_text)
    if order is None:
        _say_at_once(study)
    if method == "pure" and order is None:
        _solve_pure(study, plot, as_json)
        return
    from triangle.report.asking import ask

    rationality = {"lam": 10.0, "normalised": True} if lam is None else {"lam": lam, "normalised": normalised}
    _check_rationality(rationality["lam"])
    asked = ask(study, "order" if order else method, order=order, seed=seed, **rationality)  # type: ignore[arg-type]
    if plot is not None:
        if asked.plot is None:
            raise BadInput(Fault("--plot", "", f"there is no picture of --method {method}; leave --plot out"))
        plots = _plots()
        _saved(plots.save(asked.plot(), plot))
    if as_json:
        _print_json(asked.document())
    else:
        _print(asked.table())


def _check_rationality(lam: float) -> None:
    if not 0 <= lam <= 1e9:
        raise BadInput(Fault("--lambda", "", f"found {lam}; expected a number from 0 to 1e9"))


def _check_options(ctx: click.Context, method: str) -> None:
    """Refuse options that the method would ignore."""
    for option, name, owner in (
        ("lam", "--lambda", "logit"),
        ("normalised", "--normalised", "logit"),
        ("seed", "--seed", "selection"),
    ):
        given = ctx.get_parameter_source(option) == click.core.ParameterSource.COMMANDLINE
        if given and method != owner:
            raise BadInput(Fault(name, "", f"belongs to --method {owner}; --method {method} does not use it"))


def _say_at_once(study: Study) -> None:
    """Say of a scenario with an order of moves that this question leaves it out."""
    if study.scenario.order is not None and len(study.scenario.order) > 1:
        click.echo(f"{study.scenario.name} plays in an order of moves; here all move at once", err=True)


def _order(study: Study, method: str, text: str | None) -> tuple[tuple[int, ...], ...] | None:
    """The order of moves that was asked for, or that the scenario plays; None where all move at once."""
    from triangle.axes import PLAYERS
    from triangle.words import parse_order

    if text is not None and method != "pure":
        raise BadInput(Fault("--order", "", f"an order of moves goes with --method pure, not with {method}"))
    if text is not None:
        stages = parse_order(text)
    elif study.scenario.order is not None and method == "pure":
        stages = tuple(tuple(sorted(PLAYERS.index(p) for p in stage)) for stage in study.scenario.order)
    else:
        return None
    return stages if len(stages) > 1 else None


def _solve_pure(study: Study, plot: Path | None, as_json: bool) -> None:
    answer = study.solve()
    if plot is not None:
        plots = _plots()
        _saved(plots.save(plots.solution_plot(study, answer), plot))
    if as_json:
        from triangle.report.documents import solution_document

        _print_json(solution_document(study, answer))
    else:
        from triangle.report import tables

        _print(tables.solution(study, answer))


@main.command()
@click.argument("scenarios", nargs=-1, required=True)
@_set_option
@_hold_option
@_plot_option("folder, one picture per question")
@_json_option
@click.pass_context
def compare(
    ctx: click.Context,
    scenarios: tuple[str, ...],
    settings: tuple[str, ...],
    holds: tuple[str, ...],
    plot: Path | None,
    as_json: bool,
) -> None:
    """Compare scenarios in inputs and in equilibria, on the same footing."""
    studies = _studies(ctx, scenarios, settings, holds)
    for study in studies:
        _say_at_once(study)
    answers = [study.solve() for study in studies]
    if plot is not None:
        plots = _plots()
        for name, figure in plots.comparison_plots(studies, answers).items():
            _saved(plots.save(figure, plot / f"{name}.png"))
    if as_json:
        from triangle.report.documents import comparison_document

        _print_json(comparison_document(studies, answers))
    else:
        from triangle.report import tables

        _print(tables.comparison(studies, answers))


@main.command()
@click.argument("scenario")
@click.option("--player", metavar="PLAYER", required=True, help="Whose payoff: US, RU or CN.")
@click.option(
    "--profile", "profile_", metavar="P", help="As US=contain_both,RU=align,CN=align; default: the equilibrium."
)
@_set_option
@_hold_option
@_plot_option("file (.png, .svg or .pdf)")
@_json_option
@click.pass_context
def trace(
    ctx: click.Context,
    scenario: str,
    player: str,
    profile_: str | None,
    settings: tuple[str, ...],
    holds: tuple[str, ...],
    plot: Path | None,
    as_json: bool,
) -> None:
    """Unfold a payoff cell: terms, parameters, formulas, figures, documents and lines."""
    from triangle.report.tracing import trace as unfold
    from triangle.words import parse_player, parse_profile

    who = parse_player(player, "--player")
    (study,) = _studies(ctx, [scenario], settings, holds)
    _say_at_once(study)
    profile = parse_profile(profile_) if profile_ is not None else _only_equilibrium(study)
    unfolded = unfold(study, who, profile)
    if plot is not None:
        plots = _plots()
        _saved(plots.save(plots.payoff_plot(study, profile), plot))
    if as_json:
        from triangle.report.documents import trace_document

        _print_json(trace_document(unfolded))
    else:
        from triangle.report import tables

        _print(tables.tracing(unfolded))


def _only_equilibrium(study: Study) -> tuple[int, int, int]:
    from triangle.axes import profile_text

    findings = study.solve().findings
    if len(findings) == 1:
        return findings[0].profile
    found = "; ".join(profile_text(finding.profile) for finding in findings) or "none"
    message = f"missing; the scenario has not one pure equilibrium but {len(findings)} ({found}), so name the profile"
    raise BadInput(Fault("--profile", "", message))


@main.command()
@click.argument("scenario")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="File to write, ending in .nfg.")
@click.option("--places", type=click.IntRange(0, 15), default=6, show_default=True, help="Decimal places of payoffs.")
@_set_option
@_hold_option
@click.pass_context
def export(
    ctx: click.Context, scenario: str, out: Path, places: int, settings: tuple[str, ...], holds: tuple[str, ...]
) -> None:
    """Write a scenario's game as a Gambit .nfg file; payoffs are rounded, and the file says so."""
    from triangle.axes import ACTIONS, PLAYERS
    from triangle.games.interchange import format_nfg, write_nfg

    if out.suffix.lower() != ".nfg":
        raise BadInput(Fault("--out", "", f"found {str(out)!r}; expected a file ending in .nfg"))
    (study,) = _studies(ctx, [scenario], settings, holds)
    _say_at_once(study)
    actions = [[ACTIONS[i][study.hold[i]]] if i in study.hold else ACTIONS[i] for i in range(len(PLAYERS))]
    title = study.scenario.title.encode("ascii", "replace").decode()
    comment = f"triangle {__version__}, scenario {study.scenario.name}, billion USD a year."
    write_nfg(out, format_nfg(study.game, PLAYERS, actions, title, comment, places))
    click.echo(f"written: {out}", err=True)


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--limit",
    type=click.FloatRange(0, 3600, min_open=True),
    default=30.0,
    show_default=True,
    help="Seconds for each solver.",
)
@_json_option
@click.pass_context
def verify(ctx: click.Context, file: Path, limit: float, as_json: bool) -> None:
    """Solve a .nfg file with our solvers and with other people's, and say who found and who missed what.

    Other programs (Gambit, QuantEcon) run where they are installed, each in a process of its own that is ended at the
    limit. Leaves with 1 when an answer contradicts another.
    """
    if limit != limit:
        raise BadInput(Fault("--limit", "", "found nan; expected a number of seconds"))
    from triangle.games.interchange import read_nfg
    from triangle.solvers.pure import solve_pure
    from triangle.solvers.support import solve_mixed
    from triangle.solvers.verification import verify as run

    game = read_nfg(file).game
    ours = {"triangle.pure": solve_pure, **({"triangle.support": solve_mixed} if game.n_players in (2, 3) else {})}
    checked = run(game, limit, ours, notice=lambda name: click.echo(f"asking {name}", err=True))
    if as_json:
        _print_json(checked.as_json())
    else:
        from triangle.report.verification import verification

        _print(verification(checked))
    ctx.exit(1 if checked.contradictions else 0)


@main.command()
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...")
@click.option(
    "--over",
    "over_texts",
    multiple=True,
    metavar="NAME=LOW:HIGH:COUNT",
    help="An axis of a grid; with --samples, NAME=LOW:HIGH or NAME alone is drawn.",
)
@click.option("--samples", type=click.IntRange(1), help="Draws of what is uncertain, at each node of the grid.")
@click.option(
    "--design",
    type=click.Choice(("grid", "sobol", "lhs", "random")),
    help="How samples are drawn [default: sobol with --samples, else grid].",
)
@click.option(
    "--points", type=Path, metavar="FILE.csv", help="A list of points: one column a parameter, one row a point."
)
@click.option("--box", is_flag=True, help="Draw all that is uncertain beside the ranges given by --over.")
@click.option("--levers", is_flag=True, help="Draw the levers too, from their whole ranges.")
@click.option(
    "--correlation", "pairs", multiple=True, metavar="A,B=RHO", help="Correlate two drawn parameters (Gaussian copula)."
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Seed of the draws.")
@click.option("--margin", "margins", multiple=True, metavar="P", help="Keep the stability margin of this profile too.")
@click.option("--out", type=click.Path(path_type=Path), metavar="RUN", help="Folder for the games, one by one.")
@click.option("--resume", is_flag=True, help="Go on with what --out holds of this same sweep.")
@click.option(
    "--workers", type=click.IntRange(1, 1024), default=1, show_default=True, help="Processes to compute with."
)
@click.option("--scheduler", metavar="ADDRESS", help="Compute on the Dask cluster at this address.")
@click.option("--chunk", type=click.IntRange(1, 2**24), help="Games computed and stored at a time.")
@click.option("--statistics", is_flag=True, help="Keep counts only, in memory that does not grow.")
@click.option("--export", "export_", type=Path, metavar="FILE", help="Write the games to this .csv or .nc too.")
@_set_option
@_hold_option
@_plot_option("file (.png, .svg or .pdf)")
@_json_option
@click.pass_context
def sweep(
    ctx: click.Context,
    scenarios: tuple[str, ...],
    over_texts: tuple[str, ...],
    samples: int | None,
    design: Literal["grid", "sobol", "lhs", "random"] | None,
    points: Path | None,
    box: bool,
    levers: bool,
    pairs: tuple[str, ...],
    seed: int,
    margins: tuple[str, ...],
    out: Path | None,
    resume: bool,
    workers: int,
    scheduler: str | None,
    chunk: int | None,
    statistics: bool,
    export_: Path | None,
    settings: tuple[str, ...],
    holds: tuple[str, ...],
    plot: Path | None,
    as_json: bool,
) -> None:
    """Solve many games: a grid over parameters, draws of what is uncertain, or both.

    Without --out only counts are kept. With it the games are archived in a folder that stays valid whatever happens;
    an interrupted sweep goes on with --resume. Several scenarios are swept at the same points.
    """
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")  # before numpy is there: more threads only get into the workers' way
    from triangle.axes import profile_index
    from triangle.experiments import archive
    from triangle.experiments import sweep as experiment
    from triangle.experiments.asked import parse_correlation, parse_over
    from triangle.experiments.job import CHUNK
    from triangle.experiments.points import read_points
    from triangle.scenario import find
    from triangle.words import parse_profile

    _check_sweep_options(design, samples, statistics, out, resume, plot, export_)
    over, ranges = parse_over(over_texts, _model(ctx).catalogue)
    studies = _studies(ctx, scenarios, settings, holds)
    listed = read_points(points, studies[0].model.catalogue) if points else {}
    laid = experiment.plan(
        studies,
        over,
        samples,
        "sobol" if design is None or design == "grid" else design,
        seed,
        ranges,
        levers,
        parse_correlation(pairs),
        listed,
        box,
    )
    profiles = [profile_index(parse_profile(text, "--margin")) for text in margins]
    counts_only = statistics or (out is None and plot is None and export_ is None)
    job = experiment.job_of(studies, laid, profiles, counts_only, chunk or CHUNK)
    texts = {study.scenario.name: archive.text_of(find(name)) for study, name in zip(studies, scenarios, strict=True)}
    described = archive.manifest(job, studies[0].model, texts, __version__)
    store = archive.open_store(out, described, listed, resume) if out else None
    progress = _Progress()
    try:
        done = experiment.run(job, studies, __version__, texts, store, workers, scheduler, progress)
    except KeyboardInterrupt:
        progress.end()
        _tell(_how_to_go_on(out))
        raise
    finally:
        progress.end()
        if store is not None:
            store.close()
    _sweep_results(done, studies, plot, export_)
    from triangle.report import sweeps

    if as_json:
        _print_json(sweeps.sweep_document(done))
    else:
        _print(sweeps.sweep_tables(done))
        if out is not None:
            click.echo(f"stored: {out}", err=True)


def _check_sweep_options(
    design: str | None,
    samples: int | None,
    statistics: bool,
    out: Path | None,
    resume: bool,
    plot: Path | None,
    export_: Path | None,
) -> None:
    """Options of ``sweep`` that do not go together."""
    if design == "grid" and samples is not None:
        raise BadInput(Fault("--design", "", "a grid has no samples; leave out --samples, or name another design"))
    if design not in (None, "grid") and samples is None:
        raise BadInput(Fault("--samples", "", f"missing; --design {design} needs the number of draws"))
    if resume and out is None:
        raise BadInput(Fault("--out", "", "missing; --resume needs the folder to go on with"))
    if statistics and (plot or export_):
        raise BadInput(Fault("--statistics", "", "keeps no games, so there is nothing for --plot or --export"))
    if export_ is not None and export_.suffix.lower() not in (".csv", ".nc"):
        raise BadInput(Fault("--export", "", f"found {str(export_)!r}; expected a file ending in .csv or .nc"))


def _sweep_results(done: Run, studies: Sequence[Study], plot: Path | None, export_: Path | None) -> None:
    """Draw and export the games of a sweep."""
    if plot is None and export_ is None:
        return
    from triangle.experiments import archive

    games = done.dataset()
    if plot is not None:
        plots = _plots()
        from triangle.report import maps

        _saved(plots.save(maps.sweep_plot(games, studies), plot))
    if export_ is not None:
        (archive.write_csv if export_.suffix.lower() == ".csv" else archive.write_netcdf)(games, export_)
        click.echo(f"written: {export_}", err=True)


def _how_to_go_on(out: Path | None) -> str:
    if out is None:
        return "nothing is kept of this sweep, since it had no --out"
    command = " ".join(shlex.quote(word) for word in ["triangle", *(w for w in sys.argv[1:] if w != "--resume")])
    return f"what is computed is stored in {out}; go on with: {command} --resume"


class _Progress:
    """One line on a terminal with what is done, the rate, and the time left; nothing where nobody watches."""

    def __init__(self) -> None:
        import time

        self._clock = time.monotonic
        self._begun = self._shown_at = self._clock()
        self._watched = sys.stderr is not None and sys.stderr.isatty()
        self._is_open = False

    def __call__(self, computed: int, games: int) -> None:
        """Say that so many of the games that were missing are computed."""
        now = self._clock()
        if not self._watched or (now - self._shown_at < 0.2 and computed < games):
            return
        self._shown_at, self._is_open = now, True
        rate = computed / max(now - self._begun, 1e-9)
        left = (games - computed) / max(rate, 1e-9)
        line = f"{computed:,} of {games:,} games · {rate:,.0f} a second · {left:,.0f} s left"
        _tell_here(f"\r{line[:100]:<100}")

    def end(self) -> None:
        """Leave the line."""
        if self._is_open:
            _tell_here("\n")
            self._is_open = False


def _tell_here(text: str) -> None:
    with contextlib.suppress(OSError, ValueError):
        click.echo(text, err=True, nl=False)


def _plots() -> ModuleType:
    """The module that draws; importing it reads matplotlib's own settings, which may be wrong."""
    try:
        from triangle.report import plots
    except ValueError as error:
        raise BadInput(Fault("MPLBACKEND", "", f"matplotlib's settings cannot be used: {error}")) from None
    return plots


def _saved(path: Path) -> None:
    click.echo(f"drawn: {path}", err=True)
