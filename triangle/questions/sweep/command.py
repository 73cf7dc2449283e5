"""Many games: ``sweep``."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypedDict, Unpack

import click

from triangle.base.errors import BadInput, Fault
from triangle.cli.deliver import deliver
from triangle.cli.options import (
    dialect_for,
    dialect_option,
    hold_option,
    json_option,
    plot_option,
    rationality_options,
    read_studies,
    seed_option,
    set_option,
    trust_option,
)
from triangle.cli.places import PICTURE, OutputFile, OutputFolder, command
from triangle.cli.printing import Progress, plots_module, tell
from triangle.version import __version__

if TYPE_CHECKING:
    from rich.console import RenderableType

    from triangle.batch.takeover import Takeover
    from triangle.questions.sweep.answer import Sweep
    from triangle.study.study import Study
    from triangle.sweeps.design import Design
    from triangle.sweeps.job import Job
    from triangle.sweeps.run import Run

#: What games are solved by; the first is the default.
METHODS = ("pure", "mixed", "logit")

#: Which equilibria a picture can show; the first is the default.
STABLE = ("nash", "agreement-proof")


class Asked(TypedDict):
    """The options of ``sweep``, but for the scenarios and what is laid over them."""

    over_texts: tuple[str, ...]
    samples: int | None
    design: Literal["grid", "sobol", "lhs", "random"] | None
    points: Path | None
    box: bool
    levers: bool
    pairs: tuple[str, ...]
    seed: int
    replicates: int | None
    method: Literal["pure", "mixed", "logit"]
    lam: float | None
    normalised: bool
    trust: float | None
    stable: str
    margins: tuple[str, ...]
    out: Path | None
    resume: bool
    workers: int
    scheduler: str | None
    backend: Literal["numpy", "numba"] | None
    chunk: int | None
    statistics: bool
    export_: Path | None
    dialect: str | None
    ternary: Path | None
    plot: Path | None
    as_json: bool


@command()
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
    "--points", type=Path, metavar="FILE", help="A list of points, .csv or .xlsx: a column a parameter, a row a point."
)
@click.option("--box", is_flag=True, help="Draw all that is uncertain beside the ranges given by --over.")
@click.option("--levers", is_flag=True, help="Draw the levers too, from their whole ranges.")
@click.option(
    "--correlation", "pairs", multiple=True, metavar="A,B=RHO", help="Correlate two drawn parameters (Gaussian copula)."
)
@seed_option("the draws")
@click.option(
    "--replicates",
    type=click.IntRange(2),
    metavar="R",
    help="Intervals by replicates: R resamples of random draws, or R designs of Sobol' or Latin points.",
)
@click.option(
    "--method",
    type=click.Choice(METHODS),
    default="pure",
    show_default=True,
    help="mixed: all equilibria where none is pure; logit: with erring players, everywhere.",
)
@rationality_options
@trust_option("Keep the equilibria that are agreement-proof at this trust too")
@click.option(
    "--stable",
    type=click.Choice(STABLE),
    default=STABLE[0],
    show_default=True,
    help="Which equilibria the pictures show; agreement-proof ones at --trust, or else at 0.5.",
)
@click.option(
    "--margin", "margins", multiple=True, metavar="P", help="Keep the stability margin of this profile too, or of all."
)
@click.option("--out", type=OutputFolder("sweep's folder"), metavar="RUN", help="Folder for the games, one by one.")
@click.option("--resume", is_flag=True, help="Go on with what --out holds of this same sweep.")
@click.option(
    "--workers", type=click.IntRange(1, 1024), default=1, show_default=True, help="Processes to compute with."
)
@click.option("--scheduler", metavar="ADDRESS", help="Compute on the Dask cluster at this address.")
@click.option(
    "--backend",
    type=click.Choice(("numpy", "numba")),
    help="What decides games where single precision can  [default: numba in long sweeps, if installed].",
)
@click.option("--chunk", type=click.IntRange(1, 2**24), help="Games computed and stored at a time.")
@click.option("--statistics", is_flag=True, help="Keep counts only, in memory that does not grow.")
@click.option(
    "--export",
    "export_",
    type=OutputFile(".csv", ".xlsx", ".nc"),
    metavar="FILE",
    help="Write the games to this .csv, .xlsx or .nc too.",
)
@dialect_option
@click.option(
    "--ternary",
    type=PICTURE,
    metavar="PATH",
    help="Draw how three kinds of triangle share the whole into this file.",
)
@set_option
@hold_option
@plot_option()
@json_option
@click.pass_context
def sweep(
    ctx: click.Context,
    scenarios: tuple[str, ...],
    settings: tuple[str, ...],
    holds: tuple[str, ...],
    **asked: Unpack[Asked],
) -> None:
    """Solve many games: a grid over parameters, draws of what is uncertain, or both.

    Without --out only counts are kept. With it the games are archived in a folder that stays valid whatever happens;
    an interrupted sweep goes on with --resume. Several scenarios are swept at the same points.
    """
    from triangle.sweeps import run as experiment
    from triangle.sweeps.notation import parse_margins, parse_over

    _check_options(asked)
    takeover = _takeover(asked)
    studies = read_studies(ctx, scenarios, settings, holds)
    over, ranges = parse_over(asked["over_texts"], studies[0].model.catalogue)
    listed = _listed(asked["points"], studies[0])
    laid = _laid(studies, over, ranges, listed, asked)
    _check_drawings(asked["plot"], asked["ternary"], laid.dims, asked["method"])
    written = _export_dialect(asked, laid.games, studies[0])
    profiles = parse_margins(asked["margins"], studies[0].cast, "--margin")
    counts_only = asked["statistics"] or not any(asked[place] for place in ("out", "export_", "plot", "ternary"))
    job = experiment.job_of(studies, laid, profiles, counts_only, asked["chunk"], takeover, asked["backend"])
    _answer(_run(job, studies, scenarios, listed, asked), studies, written, asked)
    if asked["out"] is not None and not asked["as_json"]:
        tell(f"stored: {asked['out']}")


def _check_options(asked: Asked) -> None:
    """Options that do not go together."""
    design, samples = asked["design"], asked["samples"]
    if design == "grid" and samples is not None:
        raise BadInput(Fault("--design", "", "a grid has no samples; leave out --samples, or name another design"))
    if design not in (None, "grid") and samples is None:
        raise BadInput(Fault("--samples", "", f"missing; --design {design} needs the number of draws"))
    if asked["resume"] and asked["out"] is None:
        raise BadInput(Fault("--out", "", "missing; --resume needs the folder to go on with"))
    if asked["statistics"] and any(asked[place] for place in ("export_", "plot", "ternary")):
        message = "keeps no games, so there is nothing for --plot, --ternary or --export"
        raise BadInput(Fault("--statistics", "", message))


def _takeover(asked: Asked) -> Takeover:
    """How games are solved, and at which trust agreements count; pictures of what is agreement-proof need one."""
    from triangle.batch.takeover import Takeover
    from triangle.solvers.agreements import TRUST

    trust = TRUST if asked["trust"] is None and asked["stable"] != STABLE[0] else asked["trust"]
    return Takeover.asked(asked["method"], asked["lam"], asked["normalised"], trust)


def _listed(points: Path | None, study: Study) -> Mapping[str, Any]:
    """The points of a list, by parameter."""
    from triangle.sweeps.points import read_points

    return read_points(points, study.model.catalogue, tell) if points else {}


def _laid(
    studies: Sequence[Study],
    over: Mapping[str, Any],
    ranges: Mapping[str, tuple[float, float]],
    listed: Mapping[str, Any],
    asked: Asked,
) -> Design:
    """Which games are solved."""
    from triangle.sweeps.notation import parse_correlation
    from triangle.sweeps.run import check_set, plan

    sampling = asked["design"]
    laid = plan(
        studies,
        over,
        asked["samples"],
        "sobol" if sampling is None or sampling == "grid" else sampling,
        asked["seed"],
        ranges,
        asked["levers"],
        parse_correlation(asked["pairs"]),
        listed,
        asked["box"],
        asked["replicates"] or 1,
    )
    check_set(studies, laid)
    return laid


def _export_dialect(asked: Asked, games: int, study: Study) -> str:
    """How the file of ``--export`` is written, once it is sure that it can hold the games."""
    written = dialect_for(asked["export_"], asked["dialect"], "plain", "--export")
    if asked["export_"] is not None:
        from triangle.sweeps.export import check_export

        check_export(asked["export_"], games, written, study.cast)
    return written


def _run(job: Job, studies: Sequence[Study], scenarios: Sequence[str], listed: Mapping[str, Any], asked: Asked) -> Run:
    """Solve the games, and keep them where ``--out`` says; who interrupts it is told how to go on."""
    from triangle.scenarios.scenario import find
    from triangle.sweeps import archive
    from triangle.sweeps.run import run

    named = zip(studies, scenarios, strict=True)
    texts = {study.scenario.name: archive.text_of(find(name, study.cast)) for study, name in named}
    out, progress, store = asked["out"], Progress(), None
    if out:
        described = archive.manifest(job, studies[0].model, texts, __version__)
        store = archive.open_store(out, described, listed, asked["resume"])
    try:
        return run(job, studies, __version__, texts, store, asked["workers"], asked["scheduler"], progress)
    except KeyboardInterrupt:
        progress.end()
        tell(_how_to_go_on(out))
        raise
    finally:
        progress.end()
        if store is not None:
            store.close()


def _answer(done: Run, studies: Sequence[Study], written: str, asked: Asked) -> None:
    """Write, draw and print what came of it."""
    games = cache(done.dataset)

    def shown() -> Any:
        """The games, with the sets that the pictures are to show."""
        from triangle.showing import accessor as accessor  # registers games.triangle

        return games() if asked["stable"] == STABLE[0] else games().triangle.agreement_proof

    def export() -> Iterable[str]:
        if asked["export_"] is not None:
            from triangle.sweeps.export import write_games

            yield from map(str, write_games(games(), asked["export_"], written))

    def answer() -> Sweep:
        from triangle.questions.sweep.answer import sweep_answer

        return sweep_answer(done)

    def table() -> RenderableType:
        from triangle.questions.sweep.table import sweep_tables

        return sweep_tables(done)

    def draw() -> object:
        from triangle.showing import maps

        return maps.sweep_plot(shown(), studies)

    def draw_shares() -> object:
        from triangle.showing.ternary import ternary_plot

        return ternary_plot(shown(), studies)

    shares = {} if asked["ternary"] is None else {asked["ternary"]: draw_shares}
    deliver(answer, {"plot": asked["plot"], "as_json": asked["as_json"]}, table, draw, shares, export)


def _check_drawings(plot: Path | None, ternary: Path | None, dims: Sequence[str], method: str) -> None:
    """Whether the pictures can be drawn, before the games are solved that may be kept nowhere else."""
    if plot is not None:
        plots_module().check_ending(plot)
        from triangle.showing import maps

        maps.check_dims(dims)
    if ternary is not None:
        plots_module().check_ending(ternary, "--ternary")
        from triangle.showing.ternary import check_divided

        check_divided(dims, method == "logit")


def _how_to_go_on(out: Path | None) -> str:
    if out is None:
        return "nothing is kept of this sweep, since it had no --out"
    command = " ".join(shlex.quote(word) for word in ["triangle", *(w for w in sys.argv[1:] if w != "--resume")])
    return f"what is computed is stored in {out}; go on with: {command} --resume"
