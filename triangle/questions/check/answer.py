"""Checking everything together: evidence, parameters, scenarios and claims, all faults in one run."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from triangle.base.errors import BadInput, Fault
from triangle.base.files import read_toml, shown
from triangle.evidence.ledger import SHIPPED as SHIPPED_EVIDENCE
from triangle.model.model import Model, cast_of, inspect_model
from triangle.model.parameters import SHIPPED as SHIPPED_PARAMETERS
from triangle.model.parameters import Values
from triangle.players.cast import Cast
from triangle.scenarios.path import TABLES as PATH_TABLES
from triangle.scenarios.path import read_path
from triangle.scenarios.scenario import folder_of, paths_of, read_scenario


@dataclass(frozen=True)
class Counts:
    """How many there are of what was checked, the sound ones of scenarios and claims."""

    document_figures: int
    external_figures: int
    parameters: int
    scenarios: int
    claims: int


@dataclass(frozen=True)
class Report:
    """What was counted and every fault that was found."""

    SCHEMA: ClassVar = "triangle.check/1"

    counts: Counts
    backings: Mapping[str, int]
    faults: tuple[Fault, ...]


def check(
    paths: Sequence[Path] = (),
    evidence: Path | None = None,
    parameters: Path | None = None,
    triad: Cast | str | Path | None = None,
) -> Report:
    """Check the shipped evidence, parameters, scenarios and claims, with the given files or folders in their place.

    Parameters
    ----------
    paths : sequence of Path
        Scenario files, figure files, parameter files, claims files, or folders of them. A folder that holds
        ``sources.toml`` stands for the evidence, a file ``parameters.toml`` for the parameters; other files are
        scenarios, or paths, figures or claims where they look like those. With none, the shipped scenarios, paths and
        claims are checked.
    evidence, parameters : Path, optional
        Evidence folder and parameter file to use where `paths` names none; by default those of the triad.
    triad : Cast, str or Path, optional
        Who plays, or a triad file; by default the shipped three.
    """
    paths, cast = list(paths), cast_of(triad)
    evidence = evidence or cast.evidence or SHIPPED_EVIDENCE
    parameters = parameters or cast.parameters or SHIPPED_PARAMETERS
    files: dict[str, list[Path]] = {
        kind: [] for kind in ("sources", "parameters", "figures", "claims", "index", "scenario", "path")
    }
    for file in dict.fromkeys(inner for path in paths for inner in _files_in(path)):
        files[_kind_of(file)].append(file)
    for kind in ("sources", "parameters"):
        for file in files[kind][1:]:
            message = f"a second file of {kind} beside {files[kind][0].resolve()}; check one at a time"
            raise BadInput(Fault(shown(file), "", message))
    if files["sources"]:
        evidence = files["sources"][0].parent
    else:  # a folder of evidence may have lost its sources, which is then the fault to report
        folders = [file.parent for file in files["figures"] if file.parent.name == "figures"]
        inside = (folder for folder in folders for path in paths if path in folder.parents and path.is_dir())
        evidence = next((folder.parent for folder in inside), evidence)
    if files["parameters"]:
        parameters = files["parameters"][0]
    figure_files, scenario_files = files["figures"], files["scenario"]
    claims_files = files["claims"]
    if not paths:
        scenario_files = sorted(folder_of(cast).glob("*.toml"))
        files["path"] = sorted(paths_of(cast).glob("*.toml"))
        claims_files = _shipped_claims(cast)
    instead = [file for file in figure_files if file.parent.resolve() != (evidence / "figures").resolve()]
    model, faults = inspect_model(evidence, parameters, instead, cast)
    faults = faults or _unread(model, parameters)
    sound = 0
    for file in scenario_files:
        found = _scenario_faults(file, model)
        sound += not found
        faults += found
    faults += [fault for file in files["path"] for fault in _path_faults(file, model)]
    if claims_files and not faults:  # with faults elsewhere, names that a claim uses may be unknown for that alone
        entries, faults = _claims(claims_files, model)
    else:
        entries = 0
    faults += [fault for file in files["index"] for fault in _index_faults(file)]
    documents, external = (model.ledger.count(kind) for kind in ("document", "external"))
    return Report(
        Counts(documents, external, len(model.catalogue), sound, entries),
        model.catalogue.backings,
        tuple(dict.fromkeys(faults)),
    )


def _files_in(path: Path) -> list[Path]:
    """The file itself, or every TOML file below a folder that holds evidence, parameters or scenarios of this triad."""
    if not os.path.exists(path):  # unlike Path.exists, this answers for names of any length
        raise BadInput(Fault(shown(path), "", "no such file or folder"))
    if not path.is_dir():
        return [path]
    found = sorted(path.rglob("*.toml"))
    # A triad's files speak in other codes; they are checked with --triad.
    of_others = {file.parent for file in found if file.name == "triad.toml"}
    below = [
        file
        for file in found
        if file.name != "pyproject.toml"
        and not any(part.startswith(".") for part in file.relative_to(path).parts)
        and not of_others.intersection(file.parents)
    ]
    if not below:
        raise BadInput(Fault(shown(path), "", "no TOML files in this folder"))
    return below


def _kind_of(file: Path) -> str:
    """What a file holds, by its name or folder, or else by what its tables look like; a scenario failing all that."""
    if file.name in ("sources.toml", "parameters.toml"):
        return file.stem
    if file.parent.name == "figures":
        return "figures"
    try:
        content = read_toml(file)
    except BadInput:
        return "scenario"
    if content.keys() & PATH_TABLES:
        return "path"
    keys = {key for table in content.values() if isinstance(table, dict) for key in table}
    if {"document", "lines"} <= keys:
        return "index"
    if "computes" in keys or "silent_because" in keys or {"claims", "paraphrase"} <= keys or "question" in keys:
        return "claims"
    if "source" in content or "paraphrase" in keys:
        return "figures"
    return "parameters" if {"symbol", "meaning", "role"} <= keys else "scenario"


def _unread(model: Model, parameters: Path) -> list[Fault]:
    """Parameters that a payoff term reads and the file lacks, where nothing else is wrong with the model."""
    faults = []
    values = Values(model.catalogue.defaults(), model.cast)
    for term in model.terms.values():
        try:
            term(values.stances, values)
        except BadInput as error:
            faults += [Fault(shown(parameters), fault.key, fault.message) for fault in error.faults]
    return faults


def _shipped_claims(cast: Cast) -> list[Path]:
    from triangle.questions.claims.answer import claim_files

    return claim_files(cast)


def _claims(files: list[Path], model: Model) -> tuple[int, list[Fault]]:
    """The number of sound entries in claims files, and the faults of the others."""
    from triangle.questions.claims.answer import Ground, inspect_files

    try:
        ready, faults = inspect_files(files, Ground(model))
    except BadInput as error:  # a scenario that tests are played in
        return 0, list(error.faults)
    return len(ready), faults


def _index_faults(file: Path) -> list[Fault]:
    """What is wrong with a list of claims."""
    from triangle.questions.claims.answer import read_index

    try:
        read_index(file)
    except BadInput as error:
        return list(error.faults)
    return []


def _path_faults(path: Path, model: Model) -> list[Fault]:
    """What is wrong with a scenario over years."""
    try:
        read_path(path, model)
    except BadInput as error:
        return list(error.faults)
    return []


def _scenario_faults(path: Path, model: Model) -> list[Fault]:
    try:
        read_scenario(path, model)
    except BadInput as error:
        return list(error.faults)
    return []
