"""triangle: a game-theory simulator of the strategic triangle United States – Russia – China.

Sourced figures become parameters, parameters payoffs, payoffs a game, and the game an answer that can be traced back.

>>> import triangle
>>> [str(finding.configuration) for finding in triangle.solve("baseline").findings]
['stable marriage RU–CN']
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from triangle.version import __version__

if TYPE_CHECKING:
    from triangle.face import check, compare, load, read_model, solve, sweep, trace, use_triad

__all__ = ["__version__", "check", "compare", "load", "read_model", "solve", "sweep", "trace", "use_triad"]


def __getattr__(name: str) -> object:
    """Load the public functions on first use, so that importing the package costs nothing."""
    if name == "use_triad":  # before anything else is loaded: the players' names are fixed by that
        from triangle.triad import use

        return use
    if name in __all__:
        from triangle import face

        return getattr(face, name)
    raise AttributeError(f"module 'triangle' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
