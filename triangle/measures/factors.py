r"""Factors: what varies in an analysis, each as a coordinate of the unit cube; and the response measured over them.

A factor is a parameter with its prior, or a choice among named settings, such as rival measures of strength. A point
:math:`u` of the cube becomes values by each factor's own inverse transform :math:`F^{-1}(u)`, as in
:mod:`triangle.sweeps.design`: so a loguniform or triangular prior is kept, whatever method draws the points.

A response that is not a finite number anywhere is refused with the parameters that it happened at. Estimators of
indices answer such a number quietly: SALib 1.6 turns one of them into indices of exactly zero.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triangle.base.errors import BadInput, Fault, TriangleError, shorten, unknown
from triangle.measures.box import ROLES
from triangle.measures.outcomes import parse_outcome
from triangle.model.parameters import Parameter, Values
from triangle.scenarios.path import Uncertain
from triangle.study.study import Study
from triangle.sweeps.design import Drawn
from triangle.sweeps.run import plan

Floats = NDArray[np.float64]

#: Values of parameters over a batch, by name.
Columns = Mapping[str, Floats]
Measure = Callable[[Columns], Floats]

#: What stands behind a factor: the backing of a fact or an uncertainty; a lever is somebody's choice.
KINDS = ("figure", "formula", "estimate", "bounded", "judgement", "choice")

#: The weakest bridge from what was measured to what the symbols mean that a factor crosses on its way into the payoffs,
#: from none, where it is taken as it is, to a weak one; judgements and choices were not measured.
BRIDGES = ("direct", "strong", "middle", "weak", "judgement", "choice")

#: The bridge that a strict reader does not cross.
UNCROSSED = "weak"

#: Most parameters that a message about one draw names.
MOST_NAMED = 12


@dataclass(frozen=True)
class Ranged:
    """A parameter over its range, by its prior."""

    drawn: Drawn
    unit: str = ""
    kind: str = "judgement"
    bridge: str = "judgement"

    @property
    def name(self) -> str:
        """The parameter's name."""
        return self.drawn.name

    @property
    def sets(self) -> tuple[str, ...]:
        """The parameters that the factor sets."""
        return (self.drawn.name,)

    def columns(self, u: Floats) -> dict[str, Floats]:
        """Its values at quantiles `u`."""
        return {self.drawn.name: self.drawn.at(u, 0)}


@dataclass(frozen=True)
class Categorical:
    """A choice among named settings, each equally likely, coded by its number along one coordinate of the cube.

    Attributes
    ----------
    settings : mapping of str to mapping of str to float
        For each choice the values that it gives to the same parameters.
    kind : str
        A choice among rival figures is a judgement, although each of them is documented.

    Examples
    --------
    >>> measure = Categorical("measure", {"output": {"capability_us": 15.0}, "arms": {"capability_us": 36.0}})
    >>> measure.columns(np.array([0.0, 0.49, 0.5, 1.0]))["capability_us"].tolist()
    [15.0, 15.0, 36.0, 36.0]
    """

    name: str
    settings: Mapping[str, Mapping[str, float]]
    unit: str = "choice"
    kind: str = "judgement"
    bridge: str = "judgement"

    def __post_init__(self) -> None:
        sets = {tuple(sorted(setting)) for setting in self.settings.values()}
        if len(self.settings) < 2 or len(sets) != 1 or () in sets:
            raise BadInput(
                Fault("--among", self.name, "expected at least two choices that give values to the same parameters")
            )

    @property
    def sets(self) -> tuple[str, ...]:
        """The parameters that the factor sets."""
        return tuple(next(iter(self.settings.values())))

    def columns(self, u: Floats) -> dict[str, Floats]:
        """The values of its parameters at quantiles `u`."""
        choices = list(self.settings.values())
        chosen = np.minimum((u * len(choices)).astype(np.intp), len(choices) - 1)
        return {name: np.array([choice[name] for choice in choices])[chosen] for name in self.sets}


Factor = Ranged | Categorical


@dataclass(frozen=True)
class Response:
    """An outcome as a function of factors.

    Attributes
    ----------
    text, unit : str
    smooth : bool
        Whether the outcome is continuous in the parameters.
    factors : tuple of Factor
    measure : callable
        The outcome over a batch, from the columns of the parameters that the factors set.
    """

    text: str
    unit: str
    smooth: bool
    factors: tuple[Factor, ...]
    measure: Measure

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the factors."""
        return tuple(factor.name for factor in self.factors)

    @property
    def kinds(self) -> tuple[str, ...]:
        """What stands behind each factor."""
        return tuple(factor.kind for factor in self.factors)

    @property
    def bridges(self) -> tuple[str, ...]:
        """The weakest bridge that each factor crosses."""
        return tuple(factor.bridge for factor in self.factors)

    def columns(self, unit: Floats) -> list[dict[str, Floats]]:
        """Values of each factor's parameters at points ``[factor, sample]`` of the unit cube."""
        return [factor.columns(u) for factor, u in zip(self.factors, unit, strict=True)]

    def at(self, columns: Sequence[Columns]) -> Floats:
        """The outcome where the factors' parameters have these values; every number of it is finite.

        Raises
        ------
        TriangleError
            If it is not, or cannot be computed, with the draw's parameters.
        """
        together = {name: column for part in columns for name, column in part.items()}
        try:
            found = np.asarray(self.measure(together), dtype=np.float64)
        except BadInput:
            raise
        except TriangleError as error:
            raise TriangleError(f"{error}\n{self._place(together, self._first_failing(together))}") from None
        if found.size and np.isinf(found).all():
            raise TriangleError(
                f"--outcome: {shorten(self.text)} is {found.flat[0]:g} whatever the parameters: players who are held "
                "leave nobody to deviate, or put it out of reach. Ask for another outcome, or hold fewer players"
            )
        wrong = np.flatnonzero(~np.isfinite(found))
        if wrong.size:
            raise TriangleError(
                f"--outcome: {shorten(self.text)} is {found[wrong[0]]:g} at {wrong.size:,} of {found.size:,} draws, so "
                f"nothing can be said of what drives it. {self._place(together, int(wrong[0]))}"
            )
        return found

    def _first_failing(self, columns: Columns) -> int:
        """The first draw at which the outcome cannot be computed, by halving."""
        low, high = 0, len(next(iter(columns.values())))
        while high - low > 1:
            middle = (low + high) // 2
            try:
                self.measure({name: column[low:middle] for name, column in columns.items()})
                low = middle
            except TriangleError:
                high = middle
        return low

    def _place(self, columns: Columns, draw: int) -> str:
        """A draw in words: its parameters, those nearest to the ends of their ranges first."""
        ranked = sorted(self.factors, key=lambda factor: -_extremity(factor, columns, draw))
        named = [f"{name} = {columns[name][draw]:.6g}" for factor in ranked for name in factor.sets]
        more = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
        return (
            f"The first has {', '.join(named[:MOST_NAMED])}{more}; leave such a parameter out with --without, "
            "or narrow its range in a scenario"
        )


def _extremity(factor: Factor, columns: Columns, draw: int) -> float:
    """How far a value lies from the middle of its range, in half ranges; 0 for a choice."""
    if isinstance(factor, Categorical):
        return 0.0
    low, high = factor.drawn.low[0], factor.drawn.high[0]
    return abs(2 * float(columns[factor.name][draw]) - low - high) / (high - low) if high > low else 0.0


def factors_of(
    study: Study,
    names: Sequence[str] | None = None,
    roles: str = "all",
    without: Sequence[str] = (),
    among: Sequence[Categorical] = (),
    where: str = "--over",
    strict: bool = False,
    own: Sequence[Uncertain] = (),
) -> tuple[Factor, ...]:
    """The factors of a study: its prior box, as a sweep draws it, with or without levers; or named parameters.

    Parameters
    ----------
    names : sequence of str, optional
        The parameters that vary, also those that the scenario sets.
    roles : {"levers", "uncertainties", "all"}
        Without names: which of the parameters vary. What the scenario sets to a value stays there.
    without : sequence of str
        Parameters that stay where they are.
    among : sequence of Categorical
        Choices that vary beside them; their parameters have no range of their own then.
    strict : bool
        Count as judgement what has only a weak bridge from what was measured to what the symbol means, and what
        feeds, among other things, a parameter that has: an upper bound, for an influence may take another way.
    own : sequence of Uncertain
        Numbers of a path, which vary over their ranges as uncertainties do, each as likely as any other.

    Examples
    --------
    >>> from triangle.model.model import read_model
    >>> from triangle.scenarios.scenario import read_scenario
    >>> model = read_model()
    >>> study = Study(model, read_scenario("baseline", model), {})
    >>> {factor.kind for factor in factors_of(study, roles="levers")}
    {'choice'}
    """
    numbers = [number for number in own if number.name not in without]
    if names is not None:
        numbers = [number for number in numbers if number.name in names]
    elif "uncertainty" not in ROLES.get(roles, ()):
        numbers = []
    names, without = _beside(names, own), _beside(without, own) or ()
    _check(study, names, roles, without, among, where)
    catalogue, scenario = study.model.catalogue, study.scenario
    taken = {*without, *(name for choice in among for name in choice.sets)}
    drawn: tuple[Drawn, ...] = ()
    if names is not None:
        ranges = {name: scenario.ranges[name] for name in names if name not in taken}
        if ranges:
            drawn = plan([study], samples=1, ranges=ranges).drawn
    else:
        wanted = ROLES[roles]
        everything = plan([study], samples=1, levers="lever" in wanted).drawn
        drawn = tuple(d for d in everything if d.name not in taken and catalogue[d.name].role in wanted)
    bridges = _bridges(study)
    ranged = [
        Ranged(d, p.unit, _kind(p, bridges[p.name], strict), bridges[p.name])
        for d, p in ((d, catalogue[d.name]) for d in drawn if d.low[0] < d.high[0])
    ]
    ranged += [_of_number(number) for number in numbers if number.low < number.high]
    if not ranged and not among:
        raise BadInput(Fault(where, "", "no parameter is left that may vary"))
    return (*ranged, *among)


def _beside(names: Sequence[str] | None, own: Sequence[Uncertain]) -> list[str] | None:
    """The names that are not of a path's own numbers."""
    of_path = {number.name for number in own}
    return None if names is None else [name for name in names if name not in of_path]


def _of_number(number: Uncertain) -> Ranged:
    """A number of a path over its range."""
    drawn = Drawn(number.name, "uniform", (number.low,), (number.high,), (number.value,))
    bridge = "direct" if number.backing == "figure" else "judgement"
    return Ranged(drawn, number.unit, number.backing, bridge)


def _kind(p: Parameter, bridge: str, strict: bool) -> str:
    if p.role == "lever":
        return "choice"
    return "judgement" if strict and bridge == UNCROSSED else p.backing


def _bridges(study: Study) -> dict[str, str]:
    """The weakest bridge of each parameter: its own, or that of one which follows it, whichever is weaker."""
    found = {p.name: p.bridge or BRIDGES[0] for p in study.model.catalogue}
    for follower in reversed(study.scenario.following):  # each stands after those that it reads
        for read in (a for a in follower.arguments if isinstance(a, str)):
            found[read] = max(found[read], found[follower.name], key=BRIDGES.index)
    unmeasured = {p.name: "choice" if p.role == "lever" else p.backing for p in study.model.catalogue}
    return found | {name: kind for name, kind in unmeasured.items() if kind in BRIDGES}


def _check(
    study: Study,
    names: Sequence[str] | None,
    roles: str,
    without: Sequence[str],
    among: Sequence[Categorical],
    where: str,
) -> None:
    """Raise BadInput with every name that does not exist, and every parameter that cannot vary."""
    catalogue, ranges = study.model.catalogue, study.scenario.ranges
    known = catalogue.parameters
    set_by_choices = [name for choice in among for name in choice.sets]
    faults = [
        Fault(at, name, catalogue.unknown(name))
        for at, given in ((where, names or ()), ("--without", without), ("--among", set_by_choices))
        for name in given
        if name not in known
    ]
    if roles not in ROLES:
        faults.append(Fault("--roles", "", unknown("kind of parameters", roles, ROLES)))
    faults += [
        Fault(where, name, "has no range to vary in; leave it out, or give it one in a scenario")
        for name in names or ()
        if name in known and not ranges[name][0] < ranges[name][1]
    ]
    twice = sorted({name for name in set_by_choices if set_by_choices.count(name) > 1})
    faults += [Fault("--among", name, "is set by two choices") for name in twice]
    clashing = [choice.name for choice in among if choice.name in known]
    faults += [Fault("--among", name, "is the name of a parameter; name the choice otherwise") for name in clashing]
    if faults:
        raise BadInput(faults)


def rivals(name: str, studies: Sequence[Study]) -> Categorical:
    """A choice among scenarios: each sets the parameters in which they differ to its own values.

    Raises
    ------
    BadInput
        If they do not differ.
    """
    first = studies[0].scenario.values
    follow = set.intersection(*({f.name for f in study.scenario.following} for study in studies))
    differing = [p for p in first if p not in follow and any(study.scenario.values[p] != first[p] for study in studies)]
    if not differing:
        raise BadInput(Fault("--among", name, "these scenarios do not differ in any parameter"))
    return Categorical(name, {s.scenario.name: {p: s.scenario.values[p] for p in differing} for s in studies})


def response_of(
    study: Study, outcome: str, factors: Sequence[Factor], where: str = "--outcome", trust: float | None = None
) -> Response:
    """The response of a study's outcome; every parameter that no factor sets stays where the study has it.

    With a trust, only equilibria count that are agreement-proof at it.
    """
    parsed = parse_outcome(outcome, study, where, trust)

    def measure(columns: Columns) -> Floats:
        moved = {name: column for name, column in columns.items() if name in study.scenario.values}
        of_path = {name: column for name, column in columns.items() if name not in moved}
        return parsed.of(study, Values({**study.scenario.moved(moved), **of_path}, study.cast))

    return Response(outcome, parsed.unit, parsed.smooth, tuple(factors), measure)


def swings(response: Response, origin: Mapping[str, float]) -> dict[str, tuple[float, float]]:
    """The outcome with one factor after another at the low and the high end of its range, the rest at `origin`.

    For a choice: the least and the largest outcome that any of its settings gives. A number of a path that `origin`
    lacks stands at its value.
    """
    origin = {**{f.name: f.drawn.mode[0] for f in response.factors if isinstance(f, Ranged)}, **origin}
    found: dict[str, tuple[float, float]] = {}
    for factor in response.factors:
        if isinstance(factor, Ranged):
            moved: Mapping[str, Sequence[float]] = {factor.name: (factor.drawn.low[0], factor.drawn.high[0])}
        else:
            moved = {name: [setting[name] for setting in factor.settings.values()] for name in factor.sets}
        count = len(next(iter(moved.values())))
        columns = {name: np.full(count, origin[name]) for f in response.factors for name in f.sets}
        ends = response.at([columns | {name: np.array(values) for name, values in moved.items()}])
        low, high = (ends[0], ends[1]) if isinstance(factor, Ranged) else (ends.min(), ends.max())
        found[factor.name] = (float(low), float(high))
    return found


def rounded_up(samples: int) -> int:
    """The next power of two, at which Sobol' points are balanced.

    >>> rounded_up(1000), rounded_up(1024)
    (1024, 1024)
    """
    return 1 << math.ceil(math.log2(max(samples, 2)))
