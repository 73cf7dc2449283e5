"""JSON documents of tipping points and boundary curves."""

from __future__ import annotations

from collections.abc import Sequence

from triangle.games.bitboards import profiles_of
from triangle.players.axes import ACTIONS, PLAYERS, profile_actions, profile_text
from triangle.questions.tipping.answer import REACH, Tipping
from triangle.questions.tipping.boundary import Boundaries, Curve
from triangle.study.documents import Document, profile_document, standing
from triangle.study.study import Study
from triangle.version import __version__


def tipping_document(study: Study, points: list[Tipping], names: Sequence[str], hard: bool) -> Document:
    """The answer of ``tipping``: every value at which the set changes, the nearest first; `names` were asked about."""
    return {
        "schema": "triangle.tipping/1",
        "version": __version__,
        **standing(study),
        "parameters": list(names),
        "searched": "bounds" if hard else "ranges",
        "reach": REACH if hard else None,
        "points": [
            {
                "parameter": point.parameter,
                "unit": point.unit,
                "from": point.origin,
                "value": point.value,
                "distance": point.distance,
                "side": point.side,
                "inside": point.inside,
                "before": _set(point.before),
                "after": _set(point.after),
                "at": _set(point.at),
                "touches": point.touches,
                "searched": [point.low, point.high],
            }
            for point in points
        ],
    }


def _set(mask: int) -> list[Document]:
    return [profile_document(profile_actions(profile)) for profile in profiles_of(mask)]


def boundary_document(study: Study, boundaries: Boundaries) -> Document:
    """The answer of ``tipping`` over two parameters: every curve as its points."""
    x, y = boundaries.parameters
    return {
        "schema": "triangle.boundary/1",
        "version": __version__,
        **standing(study),
        "parameters": [x, y],
        "units": list(boundaries.units),
        "range": {
            name: [float(low), float(high)]
            for name, low, high in zip(boundaries.parameters, boundaries.low, boundaries.high, strict=True)
        },
        "curves": [_curve(curve) for curve in boundaries.curves],
        "everywhere": [profile_document(profile) for profile in boundaries.always],
    }


def _curve(curve: Curve) -> Document:
    return {
        "profile": profile_document(curve.profile),
        "text": profile_text(curve.profile),
        "closed": curve.closed,
        "complete": curve.complete,
        "x": curve.points[0].tolist(),
        "y": curve.points[1].tolist(),
        "deciding": [f"{PLAYERS[player]}={ACTIONS[player][action]}" for player, action in curve.deciding],
    }
