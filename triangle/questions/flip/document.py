"""JSON documents of flips, tipping points and boundary curves."""

from __future__ import annotations

from collections.abc import Sequence

from triangle.questions.tipping.boundary import Boundaries, Curve
from triangle.questions.flip.record import Binding, Flip, Move
from triangle.questions.tipping.answer import REACH, Tipping
from triangle.players.axes import ACTIONS, PLAYERS, profile_actions, profile_text
from triangle.games.bitboards import profiles_of
from triangle.showing.documents import Document, finite, profile_document
from triangle.study.study import Study
from triangle.version import __version__


def standing(study: Study) -> Document:
    """Which game a result is of: the scenario, what differs in it from the documented world, and who is held."""
    documented = study.model.catalogue.defaults()
    values = study.scenario.values
    return {
        "scenario": study.scenario.name,
        "departs": {name: value for name, value in values.items() if value != documented[name]},
        "hold": {PLAYERS[i]: ACTIONS[i][action] for i, action in sorted(study.hold.items())},
    }


def flip_document(study: Study, flip: Flip) -> Document:
    """The answer of ``flip``; where nothing was found, moves, binding and certificate are those of the best attempt."""
    return {
        "schema": "triangle.flip/1",
        "version": __version__,
        **standing(study),
        "target": flip.target,
        "away": flip.away,
        "found": flip.found,
        "distance": flip.distance,
        "nearest": flip.nearest,
        "norm": flip.norm,
        "profile": profile_document(flip.profile),
        "moves": [_move(move) for move in flip.moves],
        "binding": [_binding(binding) for binding in flip.binding],
        "certificate": {
            "holds": flip.certificate.holds,
            "regret": flip.certificate.regret,
            "margin": finite(flip.certificate.margin),
            "equilibria": [profile_document(profile) for profile in flip.certificate.equilibria],
            "settings": list(flip.certificate.settings),
            "command": flip.certificate.command,
        },
        "misses": flip.misses,
        "tried": [
            {"profile": profile_document(r.profile), "distance": r.distance, "largest_margin": r.margin}
            for r in flip.tried
        ],
        "free": list(flip.free),
        "box": "bounds" if flip.hard else "ranges",
        "strictness": flip.strictness,
        "starts": flip.starts,
        "seed": flip.seed,
    }


def _move(move: Move) -> Document:
    return {
        "parameter": move.parameter,
        "unit": move.unit,
        "role": move.role,
        "from": move.start,
        "to": move.value,
        "range": [move.low, move.high],
        "in_ranges": move.in_ranges,
        "at_end": move.at_end,
    }


def _binding(binding: Binding) -> Document:
    return {
        "player": PLAYERS[binding.player],
        "profile": profile_document(binding.profile),
        "deviation": ACTIONS[binding.player][binding.deviation],
        "margin": binding.margin,
        "by_term": dict(binding.by_term),
    }


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
