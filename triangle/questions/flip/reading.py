"""A flip read back from its document, to be shown without being computed."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from triangle.base.errors import shorten
from triangle.base.store import fields, numbers, texts
from triangle.measures.reading import _known, _profile, _read, _standing
from triangle.players.axes import ACTIONS, PLAYERS
from triangle.questions.flip.record import NORMS, Binding, Certificate, Flip, Move, Reach
from triangle.study.study import Study


def read_flip(path: Path, study: Study) -> Flip:
    """A flip from its file; `study` is the scenario that it must be of."""
    return _read(path, "triangle.flip/1", study, _flip)


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
