"""Which game an answer is of, so that a kept answer is shown of this game only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from triangle.base.errors import BadInput, Fault, shorten
from triangle.study.study import Study


@dataclass(frozen=True)
class World:
    """The scenario, what differs in it from the default world, and who is held at which action."""

    scenario: str
    departs: Mapping[str, float]
    hold: Mapping[str, str]


def world_of(study: Study) -> World:
    """The game of a study."""
    documented, values = study.model.catalogue.defaults(), study.scenario.values
    return World(
        study.scenario.name,
        {name: value for name, value in values.items() if value != documented[name]},
        study.cast.named_some(study.hold),
    )


def check_world(world: World, study: Study, file: str) -> None:
    """Refuse an answer of another game than the study's: of another scenario, other values, or others held."""
    if world.scenario != study.scenario.name:
        found = f"found {shorten(world.scenario)}; this is a result of another scenario"
        raise BadInput(Fault(file, "scenario", found))
    faults = [Fault(file, key, message) for key, message in _differences(world, world_of(study))]
    if faults:
        raise BadInput(faults)


def _differences(then: World, now: World) -> Iterator[tuple[str, str]]:
    for key, usual, option in (("departs", "at its default", "--set"), ("hold", "free", "--hold")):
        was, stands = getattr(then, key), getattr(now, key)
        for name in {**was, **stands}:
            if was.get(name) != stands.get(name):
                words = (shorten(part[name]) if name in part else usual for part in (was, stands))
                yield f"{key}.{name}", "{} was {} and is {} now; give the same {}".format(name, *words, option)


def check_parameters(found: Mapping[str, tuple[str, str, float | None]], study: Study, file: str) -> None:
    """Refuse what is said of parameters that the study's are not.

    Parameters
    ----------
    found : mapping of str to (str, str, float or None)
        By the place in the file: a parameter, its unit, and where it stood.
    """
    faults: list[Fault] = []
    for place, (name, unit, value) in found.items():
        if name not in study.model.catalogue.parameters:
            faults.append(Fault(file, place, f"{shorten(name)} is no parameter"))
        elif unit != study.model.catalogue[name].unit:
            faults.append(Fault(file, place, f"found the unit {shorten(unit)} of {name}"))
        elif value is not None and value != study.scenario.values[name]:
            moved = f"{name} stood at {value:g} and stands at {study.scenario.values[name]:g} now"
            faults.append(Fault(file, place, f"{moved}; give the same --set"))
    if faults:
        raise BadInput(faults)
