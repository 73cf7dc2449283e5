"""A parameter with its backing, its range and what it is computed from; and how those follow that move with others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any

import numpy as np

from triangle.base.records import SPARSE, Unbounded
from triangle.base.shown import Shown
from triangle.model.backing import Backing, Prior, Role
from triangle.model.calibration import FORMULAS


@dataclass(frozen=True)
class Parameter(Shown):
    """A symbol of the model with its default, its ranges and exactly one backing.

    Attributes
    ----------
    backing : str
        ``figure``, ``formula``, ``estimate`` (a published or computed value with its interval), ``bounded`` (two ends,
        the middle taken by rule) or ``judgement``.
    bridge : str
        How well what is measured is what the symbol means: ``strong``, ``middle`` or ``weak``; empty where nothing is
        said of it.
    measures : str
        What the source of an estimate measured.
    figures : tuple of str
        Figures that the default is made of (empty for a judgement).
    reads : tuple of str
        Parameters that the default is computed from.
    arguments : tuple of str or float
        What its formula reads, parameters by name and figures as numbers; empty where it reads no parameter.
    follows : bool
        Whether it moves with these wherever they are moved, having no doubt of its own; its range is its value then.
    rivals : tuple of str
        Figures and formulas that give other values for the same, each of which it can be set to.
    auxiliary : bool
        Whether only formulas read it, and no payoff term.
    anchored : bool
        Whether it was measured in today's world: it moves with what is uncertain of that, and not with what a scenario
        or a user sets otherwise.
    anchors : tuple of str
        Figures that a judgement leans on without being computed from them.
    ends : tuple of str
        Figures that the low or high end of the range is taken or computed from.
    low, high : float
        Prior range of sweeps.
    hard_low, hard_high : float
        What the formulas allow; infinite where there is no bound.
    form : str or None
        The form of the payoffs that alone reads it; None where every form does.
    """

    name: str
    symbol: str
    meaning: str
    unit: str
    role: Role
    backing: Backing
    formula: str | None
    figures: tuple[str, ...]
    anchors: tuple[str, ...]
    ends: tuple[str, ...]
    because: str
    chooses: str
    default: float
    low: float
    high: float
    hard_low: Unbounded
    hard_high: Unbounded
    prior: Prior
    bridge: Annotated[str, SPARSE] = ""
    measures: Annotated[str, SPARSE] = ""
    reads: Annotated[tuple[str, ...], SPARSE] = ()
    arguments: Annotated[tuple[str | float, ...], SPARSE] = ()
    follows: Annotated[bool, SPARSE] = False
    rivals: Annotated[tuple[str, ...], SPARSE] = ()
    auxiliary: Annotated[bool, SPARSE] = False
    anchored: bool = False
    form: str | None = None

    def admits(self, value: float) -> bool:
        """Whether a value lies within the hard bounds."""
        return self.hard_low <= value <= self.hard_high

    @property
    def hard_text(self) -> str:
        """The hard bounds in words."""
        infinite = float("inf")
        if self.hard_low == -infinite and self.hard_high == infinite:
            return "any finite number"
        if self.hard_high == infinite:
            return f"at least {self.hard_low:g}"
        if self.hard_low == -infinite:
            return f"at most {self.hard_high:g}"
        return f"between {self.hard_low:g} and {self.hard_high:g}"


@dataclass(frozen=True)
class Follower:
    """A parameter that moves with others: its formula, and what that reads, parameters by name and figures as numbers.

    Examples
    --------
    >>> Follower("c", "dependence_ru_cn", ("a", 0.4)).at({"a": 0.3})
    0.35
    """

    name: str
    formula: str
    arguments: tuple[str | float, ...]
    anchored: bool = False

    def left_at(self, given: Collection[str], values: Mapping[str, Any]) -> Follower:
        """The follower once some parameters are given other values: an anchored one keeps to those of before."""
        if not self.anchored:
            return self
        return replace(self, arguments=tuple(values[a] if a in given else a for a in self.arguments))  # type: ignore[index]

    @property
    def reads(self) -> list[str]:
        """The parameters that it moves with."""
        return [a for a in self.arguments if isinstance(a, str)]

    def at(self, values: Mapping[str, Any]) -> Any:
        """Its value at values of the parameters that it reads, scalars and arrays alike."""
        found = FORMULAS[self.formula](*(values[a] if isinstance(a, str) else a for a in self.arguments))
        return float(found) if np.ndim(found) == 0 else found


def followed(
    values: Mapping[str, Any],
    following: Iterable[Follower],
    at: Collection[str] = (),
    moved: Collection[str] | None = None,
) -> dict[str, Any]:
    """The values with those that follow others computed anew; those named in `at` stay where they are.

    With `moved` only what follows these: all others are known to be where they follow to.
    """
    found, changed = dict(values), None if moved is None else set(moved)
    for follower in following:
        if follower.name in at or (changed is not None and changed.isdisjoint(follower.reads)):
            continue
        found[follower.name] = follower.at(found)
        if changed is not None:
            changed.add(follower.name)
    return found


def in_order(parameters: Mapping[str, Parameter]) -> list[Parameter]:
    """The parameters, each after those that it reads."""
    ordered: dict[str, Parameter] = {}

    def place(p: Parameter) -> None:
        for name in p.reads:
            if name in parameters:
                place(parameters[name])
        ordered.setdefault(p.name, p)

    for p in parameters.values():
        place(p)
    return list(ordered.values())
