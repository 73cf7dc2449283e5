"""Tipping points and boundary curves read back from their documents."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from triangle.base.errors import shorten
from triangle.base.store import fields, numbers, texts
from triangle.measures.reading import _known, _profile, _read, _standing
from triangle.players.axes import ACTIONS, PLAYERS, profile_index
from triangle.questions.tipping.answer import Tipping
from triangle.questions.tipping.boundary import Boundaries, Curve
from triangle.study.study import Study


def read_tipping(path: Path, study: Study) -> tuple[list[Tipping], tuple[str, ...], bool]:
    """Tipping points from their file, the parameters asked about, and whether up to the hard bounds."""
    return _read(path, "triangle.tipping/1", study, _tipping)


def read_boundaries(path: Path, study: Study) -> Boundaries:
    """Boundary curves from their file."""
    return _read(path, "triangle.boundary/1", study, _boundaries)


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
