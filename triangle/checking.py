"""Checking everything together: evidence, parameters and scenarios, all faults in one run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from triangle.errors import BadInput, Fault
from triangle.evidence.ledger import SHIPPED as SHIPPED_EVIDENCE
from triangle.evidence.ledger import read_figures
from triangle.files import read_toml, shown
from triangle.model.model import Model, inspect_model
from triangle.model.parameters import SHIPPED as SHIPPED_PARAMETERS
from triangle.scenario import SHIPPED as SHIPPED_SCENARIOS
from triangle.scenario import read_scenario


@dataclass(frozen=True)
class Report:
    """What was counted and every fault that was found."""

    document_figures: int
    external_figures: int
    parameters: int
    backings: dict[str, int]
    scenarios: int
    faults: tuple[Fault, ...]


def check(
    paths: Iterable[Path] = (), evidence: Path = SHIPPED_EVIDENCE, parameters: Path = SHIPPED_PARAMETERS
) -> Report:
    """Check the shipped evidence, parameters and scenarios, with the given files or folders in their place.

    Parameters
    ----------
    paths : iterable of Path
        Scenario files, figure files, parameter files, or folders of them. A folder that holds ``sources.toml`` stands
        for the evidence, a file ``parameters.toml`` for the parameters; other files are scenarios, or figures where
        they look like figures. With none, the shipped scenarios are checked.
    evidence, parameters : Path
        Evidence folder and parameter file to use where `paths` names none.
    """
    paths = list(paths)
    scenario_files, figure_files = [], []
    for file in [inner for path in paths for inner in _files_in(path)]:
        if file.name == "sources.toml":
            evidence = file.parent
        elif file.name == "parameters.toml":
            parameters = file
        elif file.parent.name == "figures" or _looks_like_figures(file):
            figure_files.append(file)
        else:
            scenario_files.append(file)
    if not paths:
        scenario_files = sorted(SHIPPED_SCENARIOS.glob("*.toml"))
    model, faults = inspect_model(evidence, parameters)
    for file in figure_files:
        if file.parent != evidence / "figures":
            read_figures(file, model.ledger.sources, faults)
    sound = 0
    for file in scenario_files:
        found = _scenario_faults(file, model)
        sound += not found
        faults += found
    return Report(
        model.ledger.count("document"),
        model.ledger.count("external"),
        len(model.catalogue),
        dict(Counter(parameter.backing for parameter in model.catalogue)),
        sound,
        tuple(dict.fromkeys(faults)),
    )


def _files_in(path: Path) -> list[Path]:
    """The file itself, or every TOML file below a folder that is part of the product."""
    if not path.exists():
        raise BadInput(Fault(shown(path), "", "no such file or folder"))
    if not path.is_dir():
        return [path]
    below = (file for file in sorted(path.rglob("*.toml")) if not any(part.startswith(".") for part in file.parts))
    return [file for file in below if file.name != "pyproject.toml"]


def _looks_like_figures(path: Path) -> bool:
    """Whether a file names a source at its top or holds tables with paraphrases, as figure files do."""
    try:
        content = read_toml(path)
    except BadInput:
        return False
    return "source" in content or any(isinstance(table, dict) and "paraphrase" in table for table in content.values())


def _scenario_faults(path: Path, model: Model) -> list[Fault]:
    try:
        read_scenario(path, model)
    except BadInput as error:
        return list(error.faults)
    return []
