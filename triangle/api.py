"""The Python face: the commands' words as functions, for notebooks and scripts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from triangle.base.arguments import Seed
from triangle.base.errors import BadInput, Fault
from triangle.model.model import Model, read_model
from triangle.players.notation import parse_player, parse_profile
from triangle.questions.check.answer import check
from triangle.showing import notebook as notebook  # registers how the records below are shown
from triangle.study.load import load
from triangle.study.study import Answer, of_one_cast
from triangle.study.trace import Trace
from triangle.study.trace import trace as _trace

if TYPE_CHECKING:
    import xarray
    from numpy.typing import ArrayLike

__all__ = ["check", "compare", "load", "read_model", "solve", "sweep", "trace"]


def solve(
    scenario: str | Path = "baseline",
    settings: Mapping[str, float | str] | None = None,
    hold: Mapping[str, str] | None = None,
    model: Model | None = None,
    form: str | None = None,
    trust: float = 0.5,
) -> Answer:
    """All pure equilibria of a scenario; see :func:`load` for the arguments.

    Agreements of two that need at most `trust` make an equilibrium not agreement-proof; 1: all do.

    >>> [finding.margin > 0 for finding in solve("baseline").findings]
    [True, True]
    """
    return load(scenario, settings, hold, model, form).solve(trust)


def compare(
    scenarios: Sequence[str | Path],
    settings: Mapping[str, float | str] | None = None,
    model: Model | None = None,
    form: str | None = None,
    trust: float = 0.5,
) -> dict[str, Answer]:
    """The pure equilibria of several scenarios on the same footing, by the name or path that was given."""
    if not scenarios:
        raise BadInput(Fault("scenarios", "", "missing; name at least one"))
    model = model or read_model()
    studies = of_one_cast([load(scenario, settings, model=model, form=form) for scenario in scenarios])
    return {str(name): study.solve(trust) for name, study in zip(scenarios, studies, strict=True)}


def trace(
    scenario: str | Path, player: str, profile: str, model: Model | None = None, form: str | None = None
) -> Trace:
    """A payoff cell unfolded down to figures, documents and lines.

    >>> unfolded = trace("baseline", "RU", "US=contain_both,RU=align,CN=align")
    >>> abs(sum(term.value for term in unfolded.terms) - unfolded.finding.payoffs[1]) < 1e-9
    True
    """
    study = load(scenario, model=model, form=form)
    return _trace(study, parse_player(player, study.cast, "player"), parse_profile(profile, study.cast, "profile"))


def sweep(
    scenario: str | Path | Sequence[str | Path] = "baseline",
    over: Mapping[str, ArrayLike] | None = None,
    *,
    samples: int | None = None,
    design: Literal["sobol", "lhs", "random"] = "sobol",
    seed: Seed = 0,
    ranges: Mapping[str, tuple[float, float]] | None = None,
    box: bool = False,
    levers: bool = False,
    correlation: Mapping[tuple[str, str], float] | None = None,
    points: str | Path | Mapping[str, ArrayLike] | None = None,
    settings: Mapping[str, float | str] | None = None,
    hold: Mapping[str, str] | None = None,
    margins: Sequence[str] = (),
    method: Literal["pure", "mixed", "logit"] = "pure",
    lam: float | None = None,
    normalised: bool = False,
    trust: float | None = None,
    replicates: int = 1,
    out: str | Path | None = None,
    resume: bool = False,
    workers: int = 1,
    scheduler: str | None = None,
    backend: Literal["numpy", "numba"] | None = None,
    model: Model | None = None,
    form: str | None = None,
) -> xarray.Dataset:
    """The pure equilibria of many games: a grid over parameters, draws of what is uncertain, or both.

    Parameters
    ----------
    scenario : str, Path or sequence of them
        Several scenarios are swept at the same points and become the first dimension.
    over : mapping of str to array
        The values of each parameter of a full grid.
    samples : int, optional
        Number of draws of the facts and uncertainties that the scenario does not set; at each node of the grid.
    design : {"sobol", "lhs", "random"}
        How they are drawn: scrambled Sobol' points, a Latin hypercube, or independently.
    ranges : mapping of str to (float, float)
        Parameters to draw and their ranges, in place of all that is uncertain.
    box : bool
        Whether what is uncertain is drawn beside the ranges given.
    levers : bool
        Whether levers are drawn too, over their whole ranges.
    correlation : mapping of (str, str) to float
        Correlation of pairs of parameters in a Gaussian copula.
    points : path of a CSV file, or mapping of str to array
        A list of points in place of draws.
    settings, hold
        As in :func:`load`.
    margins : sequence of str
        Profiles whose stability margin is wanted too, as ``US=contain_both,RU=align,CN=align``, or ``all``.
    method : {"pure", "mixed", "logit"}
        What is solved beside pure equilibria: all mixed ones where there is no pure one, or everywhere the logit
        equilibrium, in which players err.
    lam : float, optional
        Rationality for ``logit``, in one over billion dollars a year; by default 10 over the payoff range.
    normalised : bool
        Whether `lam` is in one over the payoff range.
    trust : float, optional
        Trust up to which agreements of two count; where given, the result has ``agreement_proof`` too.
    replicates : int
        Independently randomised designs that Sobol' points and Latin hypercubes are divided into.
    out, resume
        Folder of the results; with `resume` one that holds the same sweep unfinished.
    workers : int
        Processes to compute with. A script that asks for more than one guards its main part by ``if __name__ ==
        "__main__"``, as all of multiprocessing does.
    scheduler : str, optional
        Address of a Dask scheduler to compute on instead.
    backend : {"numpy", "numba"}, optional
        What decides games where single precision can; changes no result. By default numba in long sweeps, if installed.
    model : Model, optional
        Another model than the shipped one; it says who plays. Terms of your own that several workers compute stand in
        a module that they can import, not in a notebook.
    form : {"first", "second"}, optional
        Form of the payoffs; by default the model's or the scenarios'.

    Returns
    -------
    xarray.Dataset
        ``mask[(scenario,) grid…, (sample)]``: bit ``16 a_US + 4 a_RU + a_CN`` is set where that profile is an
        equilibrium; ``inputs`` holds the draws. With `trust` also ``agreement_proof``, the set of those of them that no
        agreement breaks. :mod:`triangle.players.sets` reads the masks. For ``logit``
        also ``probability[action, …]``, which
        :func:`~triangle.batch.takeover.configuration_probabilities` reads; for ``mixed``
        ``low`` and ``high[configuration, …]``, the range of each configuration's probability over the equilibria.

    Examples
    --------
    >>> results = sweep("baseline", over={"relief": [0.0, 0.5, 1.0]})
    >>> results["mask"].dims, results["mask"].dtype.name
    (('relief',), 'uint64')
    >>> erring = sweep("baseline", over={"relief": [0.0, 0.5, 1.0]}, method="logit")
    >>> erring["probability"].sel(action="CN=align").round(2).values.tolist()
    [0.84, 0.84, 0.84]
    """
    from triangle.batch.takeover import Takeover
    from triangle.scenarios.scenario import find
    from triangle.showing import accessor  # noqa: F401  registers games.triangle
    from triangle.sweeps import archive
    from triangle.sweeps.notation import parse_margins
    from triangle.sweeps.points import read_points
    from triangle.sweeps.run import check_set, job_of, plan, run
    from triangle.version import __version__

    names = [scenario] if isinstance(scenario, str | Path) else list(scenario)
    model = model or read_model()
    studies = of_one_cast([load(name, settings, hold, model, form) for name in names])
    listed = read_points(Path(points), studies[0].model.catalogue) if isinstance(points, str | Path) else points
    takeover = Takeover.asked(method, lam, normalised, trust)
    laid = plan(studies, over, samples, design, seed, ranges, levers, correlation, listed, box, replicates)
    check_set(studies, laid)
    job = job_of(studies, laid, parse_margins(margins, studies[0].cast, "margins"), takeover=takeover, backend=backend)
    texts = {
        study.scenario.name: archive.text_of(name if isinstance(name, Path) else find(name, model.cast))
        for study, name in zip(studies, names, strict=True)
    }
    if out is None and resume:
        raise BadInput(Fault("resume", "", "needs the folder to go on with, as out"))
    if out is None:
        return run(job, studies, __version__, texts, None, workers, scheduler).dataset()
    described = archive.manifest(job, studies[0].model, texts, __version__)
    store = archive.open_store(Path(out), described, laid.points, resume)
    try:
        return run(job, studies, __version__, texts, store, workers, scheduler).dataset()
    finally:
        store.close()
