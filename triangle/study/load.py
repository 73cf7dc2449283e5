"""A scenario by name or path, with settings and holds laid over it, as a study."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from triangle.model.model import Model, read_model
from triangle.players.notation import parse_hold
from triangle.scenarios.scenario import override, read_scenario
from triangle.study.study import Study
from triangle.study.study import study as _study


def load(
    scenario: str | Path = "baseline",
    settings: Mapping[str, float | str] | None = None,
    hold: Mapping[str, str] | None = None,
    model: Model | None = None,
    form: str | None = None,
) -> Study:
    """A scenario turned into a game, ready to be solved or looked into.

    Parameters
    ----------
    scenario : str or Path
        Name of a shipped scenario, or the path of a file.
    settings : mapping of str to float or str, optional
        Parameters set over the scenario: a number, or the id of a figure of the same unit.
    hold : mapping of str to str, optional
        Players held at an action; ``"free"`` lets one go whom the scenario holds.
    model : Model, optional
        Another model than the shipped one; it says who plays.
    form : {"first", "second"}, optional
        Form of the payoffs; by default the model's or the scenario's.

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
    model = (model or read_model()) if form is None else (model or read_model()).with_form(form)
    laid = override(read_scenario(scenario, model), [f"{k}={v}" for k, v in (settings or {}).items()], model)
    cast = model.joined_by(laid.players).cast
    return _study(model, laid, parse_hold([f"{player}={action}" for player, action in (hold or {}).items()], cast))
