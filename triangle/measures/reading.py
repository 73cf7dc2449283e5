"""What documents of where the answer turns share when they are read back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from triangle.base.errors import BadInput, Fault, shorten
from triangle.base.files import shown
from triangle.base.store import read_result, schema_of
from triangle.players.axes import ACTIONS, PLAYERS
from triangle.players.notation import Profile
from triangle.study.documents import standing
from triangle.study.study import Study

Result = TypeVar("Result")


def _read(path: Path, schema: str, study: Study, made: Callable[[Mapping[str, Any], Study], Result]) -> Result:
    document = read_result(path, schema)
    if document.get("scenario") != study.scenario.name:
        found = shorten(document.get("scenario"))
        raise BadInput(Fault(shown(path), "scenario", f"found {found}; this is a result of another scenario"))
    try:
        _check_standing(document, study)
        return made(document, study)
    except (KeyError, ValueError, TypeError, AttributeError, IndexError, OverflowError) as error:
        raise BadInput(Fault(shown(path), "", f"does not hold what {schema} holds: {shorten(str(error))}")) from None


def scenario_of(path: Path) -> str:
    """The name of the scenario that a file holds a result of."""
    name = read_result(path, schema_of(path)).get("scenario")
    if not isinstance(name, str):
        raise BadInput(Fault(shown(path), "scenario", f"found {shorten(name)}; name the scenario of this result"))
    return name


def _check_standing(document: Mapping[str, Any], study: Study) -> None:
    """Raise ValueError where a result is of another game than the study's: other values, or other players held."""
    here = standing(study)
    for key, usual, option in (("departs", "as documented", "--set"), ("hold", "free", "--hold")):
        then, now = document[key], here[key]
        for name in {**then, **now}:
            if then.get(name) != now.get(name):
                was, stands = (shorten(part[name]) if name in part else usual for part in (then, now))
                raise ValueError(f"{name} was {was} and is {stands} now; give the same {option}")


def _profile(found: Any) -> Profile:
    us, ru, cn = (ACTIONS[i].index(found[player]) for i, player in enumerate(PLAYERS))
    return us, ru, cn


def _known(name: Any, study: Study) -> str:
    if name not in study.model.catalogue.parameters:
        raise ValueError(f"{shorten(name)} is no parameter")
    return str(name)


def _standing(name: str, value: float, study: Study) -> float:
    """Where a parameter stood, which must be where the study has it."""
    if value != study.scenario.values[name]:
        here = study.scenario.values[name]
        raise ValueError(f"{name} stood at {value:g} and stands at {here:g} now; give the same --set")
    return value
