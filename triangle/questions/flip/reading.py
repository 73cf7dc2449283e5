"""Flips, tipping points and boundary curves read back from their documents, to be shown without being computed."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from triangle.questions.tipping.boundary import Boundaries, Curve
from triangle.questions.flip.record import NORMS, Binding, Certificate, Flip, Move, Reach
from triangle.base.store import fields, numbers, read_result, schema_of, texts
from triangle.questions.tipping.answer import Tipping
from triangle.players.axes import ACTIONS, PLAYERS, profile_index
from triangle.base.errors import BadInput, Fault, shorten
from triangle.base.files import shown
from triangle.questions.flip.document import standing
from triangle.study.study import Study
from triangle.players.notation import Profile

Result = TypeVar("Result")


def read_flip(path: Path, study: Study) -> Flip:
    """A flip from its file; `study` is the scenario that it must be of."""
    return _read(path, "triangle.flip/1", study, _flip)


def read_tipping(path: Path, study: Study) -> tuple[list[Tipping], tuple[str, ...], bool]:
    """Tipping points from their file, the parameters asked about, and whether up to the hard bounds."""
    return _read(path, "triangle.tipping/1", study, _tipping)


def read_boundaries(path: Path, study: Study) -> Boundaries:
    """Boundary curves from their file."""
    return _read(path, "triangle.boundary/1", study, _boundaries)


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


def _flip(document: Mapping[str, Any], study: Study) -> Flip:
    optional = dict.fromkeys(("distance", "nearest", "misses"), float | None)
    kinds: dict[str, Any] = {"target": str, "away": bool, "found": bool, "norm": str, **optional}
    kinds |= {"strictness": float, "starts": int, "seed": int, "certificate": dict}
    own = fields(document, kinds)
    if own["norm"] not in NORMS:
        raise ValueError(f"norm {own['norm']}")
    held = own.pop("certificate")
    return Flip(
        **own,
        profile=_profile(document["profile"]),
        moves=tuple(_move(move, study) for move in document["moves"]),
        binding=tuple(_binding(binding, study) for binding in document["binding"]),
        certificate=Certificate(
            **_command(fields(held, {"holds": bool, "regret": float, "margin": float, "command": str})),
            equilibria=tuple(_profile(profile) for profile in held["equilibria"]),
            settings=texts(held["settings"]),
        ),
        tried=tuple(
            Reach(_profile(reach["profile"]), *fields(reach, dict.fromkeys(_REACH, float | None)).values())
            for reach in document["tried"]
        ),
        free=tuple(_known(name, study) for name in document["free"]),
        hard=document["box"] == "bounds",
    )


def _command(certificate: dict[str, Any]) -> dict[str, Any]:
    """A certificate whose command is one of this package, and a single one: people copy it into a shell."""
    words = shlex.split(certificate["command"])
    if words[:1] != ["triangle"] or shlex.join(words) != certificate["command"]:
        raise ValueError(f"command {shorten(certificate['command'])}")
    return certificate


_REACH = ("distance", "largest_margin")


def _move(document: Mapping[str, Any], study: Study) -> Move:
    name = _known(document["parameter"], study)
    p = study.model.catalogue[name]
    own = fields(document, {"from": float, "to": float, "in_ranges": float})
    low, high = (float(end) for end in numbers(document["range"], 2))
    if not own["in_ranges"]:
        raise ValueError(f"{name} does not move")
    start = _standing(name, own["from"], study)
    return Move(name, p.unit, p.role, start, own["to"], low, high, own["in_ranges"])


def _binding(document: Mapping[str, Any], study: Study) -> Binding:
    player = PLAYERS.index(document["player"])
    parts = fields(document["by_term"], dict.fromkeys(study.model.terms, float))
    margin = fields(document, {"margin": float})["margin"]
    return Binding(player, _profile(document["profile"]), ACTIONS[player].index(document["deviation"]), margin, parts)


def _tipping(document: Mapping[str, Any], study: Study) -> tuple[list[Tipping], tuple[str, ...], bool]:
    found = []
    for point in document["points"]:
        own = fields(point, {"from": float, "value": float, "distance": float})
        if point["inside"] not in ("range", "bounds") or point["side"] not in ("below", "above"):
            raise ValueError(f"{shorten(point['inside'])}, {shorten(point['side'])}")
        low, high = (float(end) for end in numbers(point["searched"], 2))
        name = _known(point["parameter"], study)
        before, after, at = (_mask(point[key]) for key in ("before", "after", "at"))
        found.append(
            Tipping(
                parameter=name,
                unit=study.model.catalogue[name].unit,
                origin=_standing(name, own["from"], study),
                value=own["value"],
                before=before,
                after=after,
                at=at,
                distance=own["distance"],
                inside=point["inside"],
                side=point["side"],
                low=low,
                high=high,
            )
        )
    names = tuple(_known(name, study) for name in texts(document["parameters"]))
    if not {point.parameter for point in found} <= set(names):
        raise ValueError("points of parameters that were not asked about")
    return found, names, document["searched"] == "bounds"


def _mask(profiles: Any) -> int:
    return sum(1 << profile_index(_profile(profile)) for profile in profiles)


def _boundaries(document: Mapping[str, Any], study: Study) -> Boundaries:
    x, y = (_known(name, study) for name in document["parameters"])
    ends = np.array([numbers(document["range"][name], 2) for name in (x, y)])
    units = (study.model.catalogue[x].unit, study.model.catalogue[y].unit)
    curves = tuple(_curve(curve) for curve in document["curves"])
    always = tuple(_profile(profile) for profile in document["everywhere"])
    return Boundaries((x, y), units, ends[:, 0], ends[:, 1], curves, always)


def _curve(document: Mapping[str, Any]) -> Curve:
    own = fields(document, {"closed": bool, "complete": bool})
    count = len(document["x"])
    points = np.array([numbers(document[axis], count) for axis in ("x", "y")])
    deciding = []
    for text in texts(document["deciding"]):
        player, _, action = text.partition("=")
        deciding.append((PLAYERS.index(player), ACTIONS[PLAYERS.index(player)].index(action)))
    if len(deciding) != count or count < 2:
        raise ValueError(f"{count} points, {len(deciding)} decisions")
    return Curve(_profile(document["profile"]), points, tuple(deciding), own["closed"], own["complete"])
