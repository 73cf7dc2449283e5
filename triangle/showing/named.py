"""Profiles of a game from a file, by the names in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from triangle.base.errors import printable
from triangle.games.interchange import GameFile
from triangle.showing.phrases import digits

#: Longest name shown in a table.
LONGEST = 40


def chance(probability: float) -> str:
    """A probability for reading."""
    some = probability >= 5e-5 or probability == 0
    return digits(f"{probability:.4f}".rstrip("0").rstrip(".") if some else "<0.0001")


def label(name: str) -> str:
    """A name out of a file, as a terminal may show it."""
    return printable(name, LONGEST)


def plays(file: GameFile, probabilities: Sequence[Sequence[float]]) -> str:
    """A profile by name: ``Ankara: talk; Athens: come 0.6667, stay away 0.3333``."""
    return plays_text(file.plays(probabilities))


def plays_text(plays: Mapping[str, Mapping[str, float]]) -> str:
    """The same of actions and their probabilities by name."""
    parts = []
    for player, mixed in plays.items():
        actions = [label(name) if p == 1.0 else f"{label(name)} {chance(p)}" for name, p in mixed.items()]
        parts.append(f"{label(player)}: {', '.join(actions)}")
    return "; ".join(parts)
