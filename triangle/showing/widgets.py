"""Sliders over a study, for notebooks: parameters move, the equilibria follow.

Without `ipywidgets` (extra `notebooks`) the study itself is shown, standing still.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from triangle.base.errors import BadInput, Fault, unknown
from triangle.scenarios.scenario import override
from triangle.showing.notebook import study_html
from triangle.study.study import Study


def explore(
    study: Study, parameters: Sequence[str] = ("relief", "europe_joins", "reversal_hazard"), steps: int = 50
) -> Any:
    """Sliders for some parameters over their ranges, with the study's equilibria below them.

    Parameters
    ----------
    study : Study
        Where the sliders begin; players held in it stay held.
    parameters : sequence of str
        Which parameters move.
    steps : int
        Steps of a slider.

    Returns
    -------
    A widget, or the study itself where ipywidgets is not installed.

    Raises
    ------
    BadInput
        If a parameter does not exist or has no range.
    """
    faults = []
    for name in parameters:
        if name not in study.scenario.values:
            faults.append(Fault("parameters", name, unknown("parameter", name, study.scenario.values)))
        elif not study.scenario.ranges[name][0] < study.scenario.ranges[name][1]:
            faults.append(Fault("parameters", name, "has no range to move in"))
    if faults:
        raise BadInput(faults)
    try:
        import ipywidgets
    except ImportError:
        return study
    shown = ipywidgets.HTML(study_html(study))
    sliders = {name: _slider(ipywidgets, study, name, steps) for name in parameters}

    def follow(_: object) -> None:
        shown.value = study_html(moved(study, {name: slider.value for name, slider in sliders.items()}))

    for slider in sliders.values():
        slider.observe(follow, names="value")
    return ipywidgets.VBox([*sliders.values(), shown])


def _slider(ipywidgets: Any, study: Study, name: str, steps: int) -> Any:
    low, high = study.scenario.ranges[name]
    return ipywidgets.FloatSlider(
        value=study.scenario.values[name],
        min=low,
        max=high,
        step=(high - low) / steps,
        description=name,
        readout_format=".3g",
        continuous_update=False,
        style={"description_width": "14em"},
        layout={"width": "40em"},
    )


def moved(study: Study, values: Mapping[str, float]) -> Study:
    """The study with parameters set over it; those that are where they were are left alone."""
    settings = [f"{name}={value!r}" for name, value in values.items() if value != study.scenario.values[name]]
    return Study(study.model, override(study.scenario, settings, study.model), study.hold)
