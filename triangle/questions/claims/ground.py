"""Where tests of claims are played: settings laid over scenarios, at the default parameters and over the same draws.

Sample 0 is the scenario as it stands, the point answer; the others are draws of its prior box by Sobol' points
(:mod:`triangle.sweeps.design`). Each parameter takes its own coordinate of the points, so that it is drawn alike
in every scenario of the same players and every test, and differences between two settings are not those of the draws.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from zlib import crc32

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triangle.base.errors import BadInput, Fault, unknown
from triangle.model.model import Model
from triangle.model.parameters import Catalogue, Values, followed
from triangle.players.cast import Cast
from triangle.players.notation import parse_hold
from triangle.players.thirds import ThirdParty
from triangle.questions.claims.file import Along, Faulty, Setting
from triangle.scenarios.path import Path, Uncertain, read_path
from triangle.scenarios.scenario import Scenario, read_scenario, shipped_names
from triangle.study.study import Study
from triangle.study.study import study as study_of
from triangle.sweeps.run import plan

Floats = NDArray[np.float64]
Columns = Mapping[str, Floats]


@dataclass(frozen=True)
class Place:
    """One setting: a scenario with what is set, multiplied and held over it."""

    scenario: str = "baseline"
    set: Mapping[str, float | str] = field(default_factory=dict)
    times: Mapping[str, float] = field(default_factory=dict)
    hold: Mapping[int, int | None] = field(default_factory=dict)


#: What is said of a setting that departs from nothing.
AS_IT_STANDS = "as it stands"


def said(setting: Setting) -> str:
    """A setting in words, as ``trade_war, relief 1``; ``as it stands`` where it departs from nothing."""
    parts = [setting.scenario] if setting.scenario else []
    parts += [f"{name} {given if isinstance(given, str) else f'{given:g}'}" for name, given in setting.set.items()]
    parts += [f"{name} times {factor:g}" for name, factor in setting.times.items()]
    parts += [f"{setting.hold} held"] if setting.hold else []
    return ", ".join(parts) or AS_IT_STANDS


@dataclass(frozen=True)
class Spot:
    """Where in a claims file something is written; faults are raised with it."""

    file: str
    key: str

    def at(self, key: str) -> Spot:
        """A key further in."""
        return replace(self, key=f"{self.key}.{key}")

    @property
    def text(self) -> str:
        """The spot in one text, as readers of words take it."""
        return f"{self.file}: {self.key}"

    def fault(self, message: str) -> Faulty:
        """A fault that stands here."""
        return Faulty([Fault(self.file, self.key, message)])


class Ground:
    """The scenarios and paths of a model, read once each.

    Parameters
    ----------
    model : Model
    trust : float, optional
        Where given, only equilibria count that are agreement-proof at it.
    """

    def __init__(self, model: Model, trust: float | None = None):
        self.model, self.trust = model, trust
        self._scenarios: dict[str, Scenario] = {}
        self._models: dict[tuple[ThirdParty, ...], Model] = {}
        self._studies: dict[tuple[str, frozenset[tuple[int, int | None]]], Study] = {}
        self._paths: dict[tuple[str, str], Path] = {}

    @property
    def cast(self) -> Cast:
        """Who plays where no scenario names a third party."""
        return self.model.cast

    def catalogue(self, scenario: str) -> Catalogue:
        """The parameters of a scenario: those of its third parties too, and not what these choose."""
        return self._joined(scenario).catalogue

    def _joined(self, scenario: str) -> Model:
        players = self.scenario(scenario).players
        if players not in self._models:
            self._models[players] = self.model.joined_by(players)
        return self._models[players]

    def path(self, name: str, scenario: str) -> Path:
        """A path among the parameters of a scenario."""
        if (name, scenario) not in self._paths:
            self._paths[name, scenario] = read_path(name, self.study(Place(scenario)).model)
        return self._paths[name, scenario]

    @cached_property
    def _shipped(self) -> frozenset[str]:
        return frozenset(shipped_names(self.cast))

    @property
    def read(self) -> tuple[str, ...]:
        """Names of the scenarios read so far."""
        return tuple(self._scenarios)

    def scenario(self, name: str) -> Scenario:
        """A shipped scenario."""
        if name not in self._scenarios:
            self._scenarios[name] = read_scenario(name, self.model)
        return self._scenarios[name]

    def study(self, place: Place) -> Study:
        """The study of a place: its scenario, with the players held there."""
        key = place.scenario, frozenset(place.hold.items())
        if key not in self._studies:
            self._studies[key] = study_of(self._joined(place.scenario), self.scenario(place.scenario), place.hold)
        return self._studies[key]

    def place(self, setting: Setting, spot: Spot, base: Place | None = None) -> Place:
        """The place of a setting over a base, or Faulty with every unknown name."""
        base = base or Place()
        faults = []
        if setting.scenario and setting.scenario not in self._shipped:
            message = unknown("scenario", setting.scenario, self._shipped)
            faults.append(Fault(spot.file, f"{spot.key}.scenario", message))
        scenario = base.scenario if faults else setting.scenario or base.scenario
        catalogue = self.catalogue(scenario)
        faults[:0] = [
            Fault(spot.file, f"{spot.key}.{table}.{name}", message)
            for table in ("set", "times")
            for name, given in getattr(setting, table).items()
            if (message := _problem(catalogue, name, given if table == "set" else None))
        ]
        hold: Mapping[int, int | None] = {}
        try:
            hold = parse_hold([setting.hold], catalogue.cast) if setting.hold else {}
        except BadInput as error:
            faults += [Fault(spot.file, f"{spot.key}.hold", fault.message) for fault in error.faults]
        if faults:
            raise Faulty(faults)
        return Place(
            setting.scenario or base.scenario,
            {**base.set, **setting.set},
            {**base.times, **setting.times},
            {**base.hold, **hold},
        )

    def line(self, along: Along, spot: Spot) -> Along:
        """The line, or Faulty where a name is unknown or an end beyond the hard bounds."""
        names = [along.parameter, along.of] if along.of else [along.parameter]
        ends = [] if along.of else [along.low, along.high]
        known = self.model.catalogue
        problems = [message for name in names if (message := _problem(known, name, None))]
        problems += [message for end in ends if not problems and (message := _problem(known, along.parameter, end))]
        if problems:
            raise Faulty([Fault(spot.file, spot.key, message) for message in problems])
        return along

    def grid(self, over: Mapping[str, tuple[float, float, int]], spot: Spot) -> Columns:
        """Columns ``[node, 1]`` of a grid; of one node where nothing is laid out."""
        faults = [
            Fault(spot.file, f"{spot.key}.over.{name}", message)
            for name, (low, high, _) in over.items()
            for end in (low, high)
            if (message := _problem(self.model.catalogue, name, end))
        ]
        if faults:
            raise Faulty(list(dict.fromkeys(faults)))
        axes = [np.linspace(*ends).tolist() for ends in over.values()]
        nodes = np.array(list(itertools.product(*axes)), dtype=np.float64)
        return {name: nodes[:, place, None] for place, name in enumerate(over)}


class Draws:
    """The samples at which tests are read: the scenario's own point first, then its draws.

    Parameters
    ----------
    ground : Ground
    samples : int
        Number of draws.
    seed : int
    """

    def __init__(self, ground: Ground, samples: int, seed: int):
        self.ground, self.samples, self.seed = ground, samples, seed
        self._drawn = samples
        self._columns: dict[str, dict[str, Floats]] = {}
        self._bare: dict[str, Values] = {}

    def columns(self, scenario: str) -> dict[str, Floats]:
        """Every parameter of a scenario: one number, or the point and the draws."""
        if scenario not in self._columns:
            players = self.ground.scenario(scenario).players
            of_these = [name for name in self.ground.read if self.ground.scenario(name).players == players]
            missing = [name for name in of_these if name not in self._columns]
            # All in one design, which computes the points once.
            design = plan([self.ground.study(Place(name)) for name in missing], samples=self._drawn, seed=self.seed)
            for number, name in enumerate(missing):
                pointed = self._pointed(name, design.at(number, 0, self._drawn))
                self._columns[name] = followed(pointed, self.ground.scenario(name).following)
        return self._columns[scenario]

    def _pointed(self, scenario: str, drawn: Mapping[str, ArrayLike]) -> dict[str, Floats]:
        """The drawn columns with the scenario's own point before them."""
        values = self.ground.scenario(scenario).values
        return {
            name: np.concatenate(([values[name]], np.asarray(drawn[name])))
            if np.ndim(drawn[name])
            else np.asarray(drawn[name], dtype=np.float64)
            for name in values
        }

    def numbers(self, place: Place, laid: Columns | None = None) -> dict[str, Floats]:
        """The columns of a place, others laid over; what is multiplied stays within its hard bounds."""
        scenario = self.ground.scenario(place.scenario)
        before = self.columns(place.scenario)
        numbers = dict(before)
        for name, given in place.set.items():
            ends = dict(zip(("low", "high"), scenario.reach(name), strict=True))
            numbers[name] = np.float64(ends[given] if isinstance(given, str) else given)  # type: ignore[assignment]
        for name, factor in place.times.items():
            numbers[name] = self._bounded(name, numbers[name] * factor)
        fixed = {**place.set, **place.times, **(laid or {})}
        # An anchored follower keeps to what each draw had before it was given other values.
        following = [follower.left_at(fixed, before) for follower in scenario.following]
        return followed({**numbers, **(laid or {})}, following, fixed, fixed)

    def values(self, place: Place, laid: Columns) -> Values:
        """The values of a place with columns laid over; those of a place as it is are kept."""
        if not laid:
            key = str(place)
            if key not in self._bare:
                self._bare[key] = self._laid(place, {})
            return self._bare[key]
        return self._laid(place, laid)

    def _laid(self, place: Place, laid: Columns) -> Values:
        return Values(self.numbers(place, laid), self.ground.study(place).cast)

    def number(self, number: Uncertain) -> Floats:
        """A number of a path: its value, then draws from its range, the same of every path that has it."""
        places = np.random.default_rng([self.seed, crc32(number.name.encode())]).random(self.samples)
        return np.concatenate(([number.value], number.low + places * (number.high - number.low)))

    def along(self, place: Place, along: Along) -> Columns:
        """The column of a line, ``[point, 1]`` or ``[point, sample]``."""
        points = np.linspace(along.low, along.high, along.points)[:, None]
        if along.of:
            points = self._bounded(along.parameter, points * self.numbers(place)[along.of])
        return {along.parameter: points}

    def _bounded(self, name: str, numbers: Floats) -> Floats:
        p = self.ground.model.catalogue[name]
        return np.clip(numbers, p.hard_low, p.hard_high)


def _problem(catalogue: Catalogue, name: str, given: float | str | None) -> str:
    """What is wrong with a parameter's name or the number it is set to; nothing if both are sound."""
    if name not in catalogue.parameters:
        return catalogue.unknown(name)
    p = catalogue[name]
    if isinstance(given, float) and not p.admits(given):
        return f"found {given:g}; {name} must be {p.hard_text} ({p.unit})"
    return ""
