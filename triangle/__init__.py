"""triangle: a game-theory simulator of the strategic triangle United States – Russia – China.

Sourced figures become parameters, parameters payoffs, payoffs a game, and the game an answer that can be traced back.

>>> import triangle
>>> [str(finding.configuration) for finding in triangle.solve("baseline").findings]
['unit veto', 'stable marriage RU–CN']
"""

from __future__ import annotations

from triangle.version import __version__

#: What checkers of types take for true. Not that of `typing`: it takes longer to load than all that stands here, and
#: Ctrl-C is not heard before.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from triangle.api import check, compare, load, read_model, solve, sweep, trace
    from triangle.model.model import Model
    from triangle.questions.functions import (
        answer,
        bid,
        choose,
        claims,
        concord,
        contrast,
        decompose,
        discover,
        flip,
        gesture,
        path,
        sensitivity,
        signal,
        tipping,
        veto,
    )

#: The module that holds each public name; loaded on first use, so that importing the package costs nothing.
_HOMES = {
    **dict.fromkeys(("check", "compare", "load", "read_model", "solve", "sweep", "trace"), "api"),
    "Model": "model.model",
    **dict.fromkeys(
        (
            "answer",
            "bid",
            "choose",
            "claims",
            "concord",
            "contrast",
            "decompose",
            "discover",
            "flip",
            "gesture",
            "path",
            "sensitivity",
            "signal",
            "tipping",
            "veto",
        ),
        "questions.functions",
    ),
}

__all__ = [
    "Model",
    "__version__",
    "answer",
    "bid",
    "check",
    "choose",
    "claims",
    "compare",
    "concord",
    "contrast",
    "decompose",
    "discover",
    "flip",
    "gesture",
    "load",
    "path",
    "read_model",
    "sensitivity",
    "signal",
    "solve",
    "sweep",
    "tipping",
    "trace",
    "veto",
]


def __getattr__(name: str) -> object:
    """Load the public functions on first use; what they are given is checked."""
    if name not in _HOMES:
        raise AttributeError(f"module 'triangle' has no attribute {name!r}")
    from importlib import import_module

    from triangle.base.arguments import checked

    public = getattr(import_module(f"triangle.{_HOMES[name]}"), name)
    return public if isinstance(public, type) else checked(public)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
