"""The Python face: the commands' words as functions, for notebooks and scripts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from triangle.checking import check
from triangle.model.model import Model, read_model
from triangle.report.tracing import Trace
from triangle.report.tracing import trace as _trace
from triangle.scenario import override, read_scenario
from triangle.study import Answer, Study
from triangle.study import study as _study
from triangle.words import parse_hold, parse_player, parse_profile

__all__ = ["check", "compare", "load", "read_model", "solve", "trace"]


def load(
    scenario: str | Path = "baseline",
    settings: Mapping[str, float | str] | None = None,
    hold: Mapping[str, str] | None = None,
    model: Model | None = None,
) -> Study:
    """A scenario turned into a game, ready to be solved or looked into.

    Parameters
    ----------
    scenario : str or Path
        Name of a shipped scenario, or the path of a file.
    settings : mapping of str to float or str, optional
        Parameters set over the scenario: a number, or the id of a figure of the same unit.
    hold : mapping of str to str, optional
        Players held at an action.
    model : Model, optional
        Another model than the shipped one.

    Raises
    ------
    BadInput
        If the scenario, a setting or a hold is not sound; the text says what and where.

    Examples
    --------
    >>> study = load("baseline", settings={"relief": 1.0}, hold={"US": "court_russia"})
    >>> study.payoffs.shape
    (3, 4, 4, 4)
    """
    model = model or read_model()
    laid = override(read_scenario(scenario, model), [f"{k}={v}" for k, v in (settings or {}).items()], model)
    return _study(model, laid, parse_hold([f"{player}={action}" for player, action in (hold or {}).items()]))


def solve(
    scenario: str | Path = "baseline",
    settings: Mapping[str, float | str] | None = None,
    hold: Mapping[str, str] | None = None,
) -> Answer:
    """All pure equilibria of a scenario; see :func:`load` for the arguments.

    >>> [finding.margin > 0 for finding in solve("baseline").findings]
    [True]
    """
    return load(scenario, settings, hold).solve()


def compare(scenarios: Sequence[str | Path], settings: Mapping[str, float | str] | None = None) -> dict[str, Answer]:
    """The pure equilibria of several scenarios on the same footing, by the name or path that was given."""
    model = read_model()
    return {str(scenario): load(scenario, settings, model=model).solve() for scenario in scenarios}


def trace(scenario: str | Path, player: str, profile: str) -> Trace:
    """A payoff cell unfolded down to figures, documents and lines.

    >>> unfolded = trace("baseline", "RU", "US=contain_both,RU=align,CN=align")
    >>> round(sum(term.value for term in unfolded.terms) - unfolded.finding.payoffs[1], 9)
    0.0
    """
    return _trace(load(scenario), parse_player(player, "player"), parse_profile(profile, "profile"))
