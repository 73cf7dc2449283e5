r"""A player's choice: options over its levers, worlds drawn from everything uncertain, the payoff at equilibrium.

An option is a value for each of the player's levers; the options are a grid. A world is a draw of the prior box
(:mod:`triangle.sweeps.run`), the same for every option, so that options differ by themselves and not by the
draws. The outcome is what the player gets at the equilibrium that is then played, under each rule of selection
(:mod:`triangle.measures.selection`); the criteria are those of :mod:`triangle.questions.choose.robustness`.

The levers stay what the model says they are: American relief and concessions are carried out only if the United States
accommodates Russia in the equilibrium, a pipeline is built only where Russia and China are linked. An option is a
standing offer or measure, not a move.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from triangle.base.arguments import Seed
from triangle.base.errors import BadInput, Fault, shorten, unknown
from triangle.base.intervals import Z95, wilson
from triangle.base.records import number_in
from triangle.games.normal_form import TOLERANCE
from triangle.measures.selection import Played, check_rules, play, status_quo
from triangle.model.parameters import Values, followed
from triangle.players.axes import CN, RU, US
from triangle.players.cast import Cast
from triangle.players.forms import CastField
from triangle.players.profiles import links
from triangle.questions.choose.information import Information, value_of_information
from triangle.questions.choose.ordinal import ChoiceStress, GameStress, stress_choice, stress_game
from triangle.questions.choose.robustness import CRITERIA, Assessment, assess
from triangle.study.study import Study, check_alone
from triangle.sweeps.run import plan

Floats = NDArray[np.float64]

#: Parameters that are choices of each player, where none are named, as the shipped triad calls them. For China, how
#: hard it bargains for the surplus (its other suppliers) stands for the price: the model has no price of its own.
LEVERS = {
    US: ("relief", "political_concession", "conditionality", "secondary_sanctions"),
    RU: ("war_intensity",),
    CN: ("pipeline_volume", "outside_option_cn", "evasion"),
}

#: Rules under which a choice is assessed; the first one's table is that of the ordinal test and of information.
CHOICE_RULES = ("margin", "worst", "best", "mean", "status_quo")

#: Most options, and most numbers in a table of options and worlds.
MAX_OPTIONS, MAX_CELLS = 5_000, 5_000_000


@dataclass(frozen=True)
class OptionRow:
    """One option under one rule; payoffs in billion dollars a year, shares of worlds with 95 % intervals."""

    expected: float
    half_width: float
    low: float
    worst: float
    policy_regret: float
    satisficing: float
    satisficing_low: float
    satisficing_high: float
    gain: float
    gain_half_width: float
    better: float
    worse: float
    pareto: bool


@dataclass(frozen=True)
class RuleTable:
    """All options under one rule of selection.

    Attributes
    ----------
    threshold : float
        What satisfices: asked for, or what the player has in the scenario as it stands under this rule.
    rows : tuple of OptionRow
        In the order of the options; `gain` is against the scenario's own levers, world by world.
    chosen : tuple of tuples of int
        The best options by each of :data:`~triangle.questions.choose.robustness.CRITERIA`, all that tie.
    """

    rule: str
    threshold: float
    rows: tuple[OptionRow, ...]
    chosen: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Choice:
    """What :func:`choose` finds.

    Attributes
    ----------
    options : tuple of tuples of float
        A value for each of `levers`.
    reference : int
        The option of the scenario's own levers.
    apart : tuple of float
        Share of worlds in which Russia and China are not linked in the most stable equilibrium, by option; worlds
        without a pure equilibrium count as not apart.
    without : tuple of int
        Worlds without a pure equilibrium, by option; there the player counts on its security level.
    drawn : int
        Number of parameters that differ between worlds.
    """

    SCHEMA: ClassVar = "triangle.choice/1"

    scenario: str
    player: str
    levers: tuple[str, ...]
    options: tuple[tuple[float, ...], ...]
    reference: int
    samples: int
    seed: int
    drawn: int
    tables: tuple[RuleTable, ...]
    apart: tuple[float, ...]
    without: tuple[int, ...]
    information: Information
    ordinal: ChoiceStress
    game: GameStress
    cast: CastField

    def table(self, rule: str) -> RuleTable:
        """The table of a rule."""
        return next(table for table in self.tables if table.rule == rule)

    def robust(self) -> tuple[int, ...]:
        """Options that are best by every criterion under every rule; often none."""
        sets = [set(chosen) for table in self.tables for chosen in table.chosen]
        return tuple(sorted(set.intersection(*sets)))


def default_levers(study: Study, player: str) -> dict[str, tuple[float, ...]]:
    """The levers of a player with the low end, the scenario's value and the high end of each; the middle where two
    coincide.
    """
    found = {}
    for name in map(study.cast.renamed, LEVERS[study.cast.player(player)]):
        (low, high), value = study.scenario.ranges[name], study.scenario.values[name]
        inner = value if low < value < high else (low + high) / 2
        found[name] = tuple(sorted({low, inner, high}))
    return found


def choose(
    study: Study,
    player: str | None = None,
    levers: Mapping[str, Sequence[float]] | None = None,
    samples: int = 1024,
    seed: Seed = 0,
    rules: Sequence[str] = CHOICE_RULES,
    threshold: float | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Choice:
    """Assess a player's options over its levers, on the same worlds for all.

    Parameters
    ----------
    player : str, optional
        The code of a player; that of the wooer, in the shipped triad the United States, where absent.
    levers : mapping of str to sequence of float, optional
        Values of each lever; the options are all combinations, and the scenario's own values if they are not among
        them. :func:`default_levers` where absent.
    samples, seed : int
        Sobol' draws of the prior box.
    rules : sequence of str
        The first one is that of the ordinal test and of the value of information.
    threshold : float, optional
        What satisfices, billion dollars a year.
    progress : callable, optional
        Told the games done and all of them.

    Raises
    ------
    BadInput
        For unknown names, values outside the hard bounds, or too many options.

    Examples
    --------
    >>> from triangle.model.model import read_model
    >>> from triangle.scenarios.scenario import read_scenario
    >>> model = read_model()
    >>> baseline = Study(model, read_scenario("baseline", model), {})
    >>> choice = choose(baseline, "US", {"relief": [0.0, 1.0]}, samples=64)
    >>> choice.options, choice.options[choice.reference]
    (((0.0,), (1.0,), (0.3,)), (0.3,))
    """
    check_alone(study, "choose")
    player = study.cast.codes[US] if player is None else player
    if player not in study.cast.codes:
        raise BadInput(Fault("--player", "", unknown("player", player, study.cast.codes)))
    check_rules(rules)
    rules = tuple(dict.fromkeys(rules))
    if threshold is not None and not math.isfinite(threshold):
        raise BadInput(Fault("--threshold", "", f"found {threshold:g}; expected a finite number of bn USD/yr"))
    laid = {name: tuple(map(float, values)) for name, values in (levers or default_levers(study, player)).items()}
    options, reference = _options(study, laid, samples)
    worlds = _worlds(study, tuple(laid), samples, seed)
    who = study.cast.player(player)
    outcomes = {rule: np.empty((len(options), samples)) for rule in rules}
    apart, without = [], []
    quo = status_quo(study)
    for place, option in enumerate(options):
        numbers = followed(worlds | dict(zip(laid, option, strict=True)), study.scenario.following, laid)
        played = play(study, Values(numbers, study.cast), _with_margin(rules), quo=quo)
        for rule in rules:
            outcomes[rule][place] = played.payoffs[rule][who]
        apart.append(_apart(played, study.cast))
        without.append(int(played.without.sum()))
        if progress is not None:
            progress((place + 1) * samples, len(options) * samples)
    own = play(study, _single(study), rules, quo=quo)
    tables = tuple(
        _table(rule, outcomes[rule], reference, float(own.payoffs[rule][who, 0]) if threshold is None else threshold)
        for rule in rules
    )
    inputs = {name: column for name, column in worlds.items() if np.ndim(column) == 1 and np.ptp(column) > 0}
    first = outcomes[rules[0]]
    return Choice(
        study.scenario.name,
        player,
        tuple(laid),
        options,
        reference,
        samples,
        seed,
        len(inputs),
        tables,
        tuple(apart),
        tuple(without),
        value_of_information(first, inputs, seed, {name: study.model.catalogue[name].backing for name in inputs}),
        stress_choice(first, seed=seed),
        stress_game(study, seed=seed),
        study.cast,
    )


def _with_margin(rules: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*rules, "margin")))


def _single(study: Study) -> Values:
    """The scenario's own values as a batch of one."""
    return Values({name: [value] for name, value in study.scenario.values.items()}, study.cast)


def _apart(played: Played, cast: Cast) -> float:
    """Share of games in which the most stable equilibrium has no link of Russia and China."""
    profiles = played.profiles["margin"]
    known = profiles >= 0
    is_linked = np.array([links(cast)[RU, CN] >> profile & 1 for profile in range(len(cast.profiles))], dtype=np.bool_)
    return float((known & ~is_linked[np.where(known, profiles, 0)]).mean())


def _options(
    study: Study, levers: Mapping[str, tuple[float, ...]], samples: int
) -> tuple[tuple[tuple[float, ...], ...], int]:
    """All combinations, with the scenario's own among them, and its place."""
    try:
        plan([study], levers)  # names, bounds, repeated values
    except BadInput as error:
        raise BadInput([Fault("--lever", fault.key, fault.message) for fault in error.faults]) from None
    count = int(np.prod([len(values) for values in levers.values()]))
    if count > MAX_OPTIONS or count * samples > MAX_CELLS:
        raise BadInput(
            Fault(
                "--lever",
                "",
                f"{count:,} options in {samples:,} worlds; expected at most {MAX_OPTIONS:,} options "
                f"and {MAX_CELLS:,} games, so give fewer values or --samples",
            )
        )
    options = tuple(itertools.product(*levers.values()))
    own = tuple(study.scenario.values[name] for name in levers)
    if own not in options:
        options = (*options, own)
    return options, options.index(own)


def _worlds(study: Study, levers: Sequence[str], samples: int, seed: int) -> dict[str, NDArray[np.float64]]:
    """Every parameter in each world; levers are laid over afterwards and not drawn."""
    design = plan([study], {name: [study.scenario.values[name]] for name in levers}, samples, seed=seed)
    return design.at(0, 0, samples)


def _table(rule: str, outcomes: Floats, reference: int, threshold: float) -> RuleTable:
    found = assess(outcomes, threshold)
    ahead = outcomes - outcomes[reference]
    spread = Z95 * ahead.std(axis=1) / np.sqrt(max(outcomes.shape[1] - 1, 1))
    rows = tuple(_row(found, o, ahead[o], float(spread[o])) for o in range(len(outcomes)))
    return RuleTable(rule, threshold, rows, tuple(found.chosen(criterion) for criterion in CRITERIA))


def _row(found: Assessment, o: int, ahead: Floats, spread: float) -> OptionRow:
    share, low, high = found.satisficing(o)
    return OptionRow(
        expected=float(found.expected[o]),
        half_width=float(found.half_width[o]),
        low=float(found.low[o]),
        worst=float(found.worst[o]),
        policy_regret=float(found.policy_regret[o]),
        satisficing=share,
        satisficing_low=low,
        satisficing_high=high,
        gain=float(ahead.mean()),
        gain_half_width=spread,
        better=float((ahead > TOLERANCE).mean()),
        worse=float((ahead < -TOLERANCE).mean()),
        pareto=bool(found.pareto[o]),
    )


def share_interval(share: float, samples: int) -> tuple[float, float]:
    """Wilson's interval of a share of the worlds."""
    return wilson(round(share * samples), samples)


def parse_levers(texts: Sequence[str], where: str = "--lever") -> dict[str, tuple[float, ...]]:
    """Levers and their values from texts such as ``relief=0,0.5,1``; names and bounds are checked by :func:`choose`.

    >>> parse_levers(["relief=0,1"])
    {'relief': (0.0, 1.0)}
    """
    found: dict[str, tuple[float, ...]] = {}
    for text in texts:
        name, equals, values = (part.strip() for part in text.partition("="))
        try:
            numbers = tuple(number_in(value) for value in values.split(","))
        except ValueError:
            numbers = ()
        if not name or not equals or not numbers:
            raise BadInput(Fault(where, "", f"found {shorten(text)}; expected NAME=V1,V2,..., as in relief=0,0.5,1"))
        if name in found:
            raise BadInput(Fault(where, name, "given twice"))
        found[name] = numbers
    return found
