"""JSON document of a flip."""

from __future__ import annotations

from triangle.players.axes import ACTIONS, PLAYERS
from triangle.questions.flip.record import Binding, Flip, Move
from triangle.study.documents import Document, finite, profile_document, standing
from triangle.study.study import Study
from triangle.version import __version__


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
