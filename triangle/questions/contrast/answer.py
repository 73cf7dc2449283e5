r"""Two scenarios on the same draws: in how many worlds each player gains, and by how much.

World by world, everything uncertain is drawn alike in both scenarios, so that a difference is that of the scenarios. In
the prior box a parameter's draws do not depend on what else is drawn; one that a scenario sets to a value keeps it
there and is drawn in the other. The gain of a player is its payoff at the equilibrium that is played in the second,
less that in the first, under each rule of selection. Shares come with Wilson's interval, mean gains with that of the
normal law over the paired differences.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from triangle.base.arguments import Seed
from triangle.base.intervals import Z95, wilson
from triangle.batch.equilibria import sweep_masks
from triangle.games.normal_form import TOLERANCE
from triangle.measures.selection import check_rules, play, status_quo
from triangle.model.parameters import Values
from triangle.players.cast import Cast
from triangle.players.configurations import KeyField
from triangle.players.forms import CastField
from triangle.players.sets import configuration_masks
from triangle.study.study import Study, of_one_cast
from triangle.sweeps.run import plan

Floats = NDArray[np.float64]

#: Worlds played at a time.
_CHUNK = 2**16

#: Rules under which scenarios are contrasted.
CONTRAST_RULES = ("margin", "worst", "best", "mean")


@dataclass(frozen=True)
class Gain:
    """What one player gains under one rule; payoffs in billion dollars a year, shares of worlds with intervals.

    Attributes
    ----------
    gains, loses : tuple of float
        Share of worlds, low and high end of its 95 % interval.
    mean, half_width : float
        Mean gain and half the width of its interval.
    low, median, high : float
        The 5, 50 and 95 % quantiles of the gain.
    """

    player: str
    rule: str
    gains: tuple[float, float, float]
    loses: tuple[float, float, float]
    mean: float
    half_width: float
    low: float
    median: float
    high: float


@dataclass(frozen=True)
class Standing:
    """Share of worlds with an equilibrium of a configuration in the first and in the second scenario, and in both.

    Each with the low and the high end of its 95 % interval.
    """

    configuration: KeyField
    first: tuple[float, float, float]
    second: tuple[float, float, float]
    both: tuple[float, float, float]


@dataclass(frozen=True)
class Contrast:
    """What :func:`contrast` finds.

    Attributes
    ----------
    free : tuple of str
        Players who are held in neither scenario.
    yardsticks : tuple of str
        What each scenario counts in; where these differ, gains mean nothing.
    moved : tuple of float
        Share of worlds in which these do otherwise in the pure equilibria, with its interval; what a held player does
        in one of the scenarios, being a part of the question, is no part of the answer.
    triangles : tuple of float
        Share of worlds in which the configurations of the pure equilibria differ, with its interval.
    without : tuple of int
        Worlds without a pure equilibrium in each scenario; players count on their security levels there.
    """

    SCHEMA: ClassVar = "triangle.contrast/2"

    first: str
    second: str
    samples: int
    seed: int
    gains: tuple[Gain, ...]
    standings: tuple[Standing, ...]
    free: tuple[str, ...]
    yardsticks: tuple[str, str]
    moved: tuple[float, float, float]
    triangles: tuple[float, float, float]
    without: tuple[int, int]
    cast: CastField

    @property
    def is_counted_alike(self) -> bool:
        """Whether amounts of both are in the dollars of one year and by the same measures."""
        return self.yardsticks[0] == self.yardsticks[1]

    def gain(self, player: str, rule: str = "margin") -> Gain:
        """One player's gain under one rule."""
        return next(gain for gain in self.gains if gain.player == player and gain.rule == rule)


def contrast(
    first: Study,
    second: Study,
    samples: int = 4096,
    seed: Seed = 0,
    rules: Sequence[str] = CONTRAST_RULES,
    progress: Callable[[int, int], None] | None = None,
) -> Contrast:
    """Contrast two scenarios on the same Sobol' draws of the prior box.

    Examples
    --------
    >>> from triangle.model.model import read_model
    >>> from triangle.scenarios.scenario import read_scenario
    >>> model = read_model()
    >>> study = Study(model, read_scenario("baseline", model), {})
    >>> contrast(study, study, samples=32).gain("US").gains[0]
    0.0
    """
    rules = tuple(dict.fromkeys(rules))
    check_rules(rules)
    first, second = studies = of_one_cast((first, second))
    cast = first.cast
    designs = [plan([study], None, samples, seed=seed) for study in studies]
    quos = [status_quo(study) if "status_quo" in rules else None for study in studies]
    ahead = {rule: np.empty((len(cast), samples)) for rule in rules}
    masks = [cast.sets.new((samples,)) for _ in studies]
    without = [0, 0]
    for start in range(0, samples, _CHUNK):
        stop = min(start + _CHUNK, samples)
        played = []
        for place, (study, design, quo) in enumerate(zip(studies, designs, quos, strict=True)):
            values = Values(design.at(0, start, stop), cast)
            played.append(play(study, values, rules, quo=quo))
            masks[place][..., start:stop] = sweep_masks(values, study.model.terms, hold=study.hold)
            without[place] += int(played[place].without.sum())
        for rule in rules:
            ahead[rule][:, start:stop] = played[1].payoffs[rule] - played[0].payoffs[rule]
        if progress is not None:
            progress(2 * stop, 2 * samples)
    free = [i for i in range(len(cast)) if not any(i in study.hold for study in studies)]
    standings = []
    for key, pattern in configuration_masks(cast).items():
        fits = [cast.sets.meets(mask, pattern) for mask in masks]
        standings.append(Standing(key, *(_share(int(f.sum()), samples) for f in (fits[0], fits[1], fits[0] & fits[1]))))
    return Contrast(
        first.scenario.name,
        second.scenario.name,
        samples,
        seed,
        tuple(_gain(ahead[rule][player], cast.codes[player], rule) for rule in rules for player in range(len(cast))),
        tuple(standings),
        tuple(cast.codes[i] for i in free),
        (first.scenario.yardstick, second.scenario.yardstick),
        _share(int(_differ(masks, conduct(free, cast), cast).sum()), samples),
        _share(int(_differ(masks, list(configuration_masks(cast).values()), cast).sum()), samples),
        (without[0], without[1]),
        cast,
    )


def conduct(free: Sequence[int], cast: Cast) -> list[int]:
    """The profiles in which some players do the same, one set for each thing that they can do together."""
    classes: dict[tuple[int, ...], int] = {}
    for index, profile in enumerate(cast.profiles):
        own = tuple(profile[i] for i in free)
        classes[own] = classes.get(own, 0) | 1 << index
    return list(classes.values())


def _differ(masks: Sequence[NDArray[np.uint64]], patterns: Sequence[int], cast: Cast) -> NDArray[np.bool_]:
    """In which games two sets of equilibria do not meet the same of some patterns."""
    first, second = masks
    sets = cast.sets
    found: NDArray[np.bool_] = np.any([sets.meets(first, p) != sets.meets(second, p) for p in patterns], axis=0)
    return found


def _gain(ahead: Floats, player: str, rule: str) -> Gain:
    samples = len(ahead)
    low, median, high = np.quantile(ahead, (0.05, 0.5, 0.95)).tolist()
    return Gain(
        player,
        rule,
        _share(int((ahead > TOLERANCE).sum()), samples),
        _share(int((ahead < -TOLERANCE).sum()), samples),
        float(ahead.mean()),
        float(Z95 * ahead.std(ddof=1) / np.sqrt(samples)) if samples > 1 else 0.0,
        low,
        median,
        high,
    )


def _share(count: int, samples: int) -> tuple[float, float, float]:
    return (count / samples, *wilson(count, samples))
