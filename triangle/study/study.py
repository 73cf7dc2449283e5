"""The meeting place: one scenario, its payoffs, its game, solved.

The evidence side ends in a scenario's parameters, the theory side in solvers that know no countries. A study turns
the one into a game, hands it to the other, and reads the answer back as stances of the three powers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from triangle.base.arguments import checked
from triangle.base.errors import BadInput, Fault, TriangleError, check_probability, shorten
from triangle.base.records import APART, INLINE, SPARSE, Key, Unbounded, told
from triangle.base.shown import Shown
from triangle.games.dominance import security_levels, undominated
from triangle.games.normal_form import TOLERANCE, NormalFormGame, best_responses, losses
from triangle.games.solution import Equilibrium, Verdict
from triangle.model.mechanisms import bargaining_share_ru, credibility, effective_relief, pipeline_surplus
from triangle.model.model import Model
from triangle.model.parameters import Values, followed
from triangle.model.payoffs import payoff_tensor, payoff_terms
from triangle.players.axes import CN, RU
from triangle.players.cast import Cast
from triangle.players.configurations import Configuration, configurations
from triangle.players.forms import (
    ActionField,
    CastField,
    EachPlayer,
    EachUnbounded,
    PairField,
    PlayerField,
    ProfileField,
)
from triangle.players.notation import Profile, held_over
from triangle.players.thirds import ThirdParty, laid_over, settings_text
from triangle.scenarios.scenario import Scenario, with_players
from triangle.solvers.agreements import TRUST, Agreement, agreements
from triangle.solvers.pure import solve_pure

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class JointChange(Agreement):
    """An agreement between powers: a joint change of two that both gain by and both would keep."""

    players: Annotated[tuple[PlayerField, PlayerField], Key("pair")]
    profile: Annotated[ProfileField, Key("to")]
    gains: PairField
    trusts: PairField
    cast: CastField

    @property
    @told("to")
    def index(self) -> int:
        """Number of the profile that it leads to."""
        return self.cast.index(self.profile)

    @property
    @told()
    def trust(self) -> float:
        """The trust that it needs: the larger of the two."""
        return super().trust


@dataclass(frozen=True)
class Position:
    """A profile, and which triangle it is of which cast."""

    profile: ProfileField
    cast: CastField

    @property
    @told("profile")
    def index(self) -> int:
        """Number of the profile."""
        return self.cast.index(self.profile)

    @property
    @told("index")
    def probabilities(self) -> None:
        """Nothing: nobody mixes here."""
        return None

    @property
    @told("probabilities")
    def configuration(self) -> Annotated[Configuration, INLINE]:
        """Which triangle it is."""
        return configurations(self.cast)[self.index]


@dataclass(frozen=True)
class GasDeal:
    """A new gas deal between two that are linked.

    Attributes
    ----------
    volume : float
        Billion cubic metres a year.
    price : float
        What the buyer pays, the discount taken off; dollars per 1,000 m³.
    surplus : float
        What the gas is worth to the buyer above what it costs the seller; billion dollars a year.
    """

    volume: float
    price: float
    surplus: float


@dataclass(frozen=True)
class Finding(Position):
    """One equilibrium, read back as stances.

    Attributes
    ----------
    profile : tuple of int
        Action of each player.
    payoffs : tuple of float
        Billion dollars a year.
    losses : tuple of float
        What each player loses by its best deviation, billion dollars a year; infinite for a held one.
    bargaining_share_ru : float
        Russia's share of a pipeline's surplus at this profile, whether or not there is a pipeline.
    agreements : tuple of JointChange
        Joint changes of two free players that both gain by and both would keep, those that need least trust first.
    gas : GasDeal or None
        The new gas deal that is signed here; None where no volume is planned, or Russia and China are not linked.
    """

    payoffs: EachPlayer
    losses: EachUnbounded
    bargaining_share_ru: float
    agreements: Annotated[tuple[JointChange, ...], APART] = ()
    gas: Annotated[GasDeal | None, SPARSE] = None

    @property
    @told("payoffs")
    def regret(self) -> float:
        """Largest gain of any free player by deviating, billion dollars a year."""
        return max(0.0, -self.margin)

    @property
    @told("regret")
    def strict(self) -> bool:
        """Whether every free player loses by deviating."""
        return self.margin > TOLERANCE

    @property
    @told("strict")
    def margin(self) -> Unbounded:
        """Smallest loss of any free player by deviating, billion dollars a year; infinite when all are held."""
        return min(self.losses)

    @property
    def trust_needed(self) -> float | None:
        """The least trust at which two players agree to leave; None where no agreement leads away."""
        return min((agreement.trust for agreement in self.agreements), default=None)

    @checked
    def is_agreement_proof(self, trust: float = TRUST) -> bool:
        """Whether no agreement that needs at most this trust leads away; 1: all agreements count."""
        return all(agreement.needs_more_than(trust) for agreement in self.agreements)


@dataclass(frozen=True)
class Deviation:
    """A player's best deviation from a profile: where to, what it loses by it, and how much of that by term.

    `loss` is negative where the player gains. The parts sum to the loss.
    """

    player: PlayerField
    to: ActionField
    loss: float
    by_term: Annotated[Mapping[str, float], Key("terms")]


@dataclass(frozen=True)
class Answer(Shown):
    """All pure equilibria of a study, the verdict on their completeness, and advice where there is none.

    `trust` is that up to which agreements count; `cast` says who plays.
    """

    verdict: Verdict
    findings: tuple[Finding, ...]
    advice: str
    trust: float
    cast: CastField

    @property
    def agreement_proof(self) -> tuple[Finding, ...]:
        """The equilibria that no agreement breaks."""
        return tuple(finding for finding in self.findings if finding.is_agreement_proof(self.trust))

    @property
    def present(self) -> tuple[Finding, ...]:
        """What stands as things are: the agreement-proof equilibria, or all where agreements break every one."""
        return self.agreement_proof or self.findings


@dataclass(frozen=True)
class Study(Shown):
    """A scenario turned into a game.

    Parameters
    ----------
    model : Model
    scenario : Scenario
    hold : mapping of int to int
        Players held at an action; they do not deviate.

    Examples
    --------
    >>> from triangle.model.model import read_model
    >>> from triangle.scenarios.scenario import read_scenario
    >>> model = read_model()
    >>> study = Study(model, read_scenario("baseline", model), {})
    >>> [str(finding.configuration) for finding in study.solve().findings]
    ['unit veto', 'stable marriage RU–CN']
    """

    model: Model
    scenario: Scenario
    hold: Mapping[int, int]

    @property
    def cast(self) -> Cast:
        """Who plays."""
        return self.model.cast

    @cached_property
    def values(self) -> Values:
        """The scenario's parameter values."""
        return Values(self.scenario.values, self.cast)

    @cached_property
    def payoffs(self) -> Floats:
        """Payoffs ``[player, a_US, a_RU, a_CN]``, billion dollars a year."""
        payoffs = payoff_tensor(self.values, self.model.terms)
        if not np.isfinite(payoffs).all():
            raise TriangleError(
                f"{self.scenario.name}: some payoffs are not finite numbers at these parameter values; "
                "set the most extreme of the changed parameters closer to its range"
            )
        return payoffs

    @cached_property
    def terms(self) -> dict[str, Floats]:
        """The same payoffs term by term."""
        return payoff_terms(self.values, self.model.terms)

    @cached_property
    def game(self) -> NormalFormGame:
        """The game of the free players: those held keep one action."""
        return NormalFormGame(self.payoffs).hold(self.hold)

    @cached_property
    def losses(self) -> Floats:
        """Loss of each player by its best deviation from each profile, all players free."""
        return losses(self.payoffs)

    @cached_property
    def margins(self) -> Floats:
        """Stability margin of every profile ``[a_US, a_RU, a_CN]``, counting only players that are not held."""
        free = [player for player in range(len(self.cast)) if player not in self.hold]
        if not free:
            return np.full(self.losses.shape[1:], np.inf)
        smallest: Floats = self.losses[free].min(axis=0)
        return smallest

    @checked
    def counting(self, trust: float | None) -> tuple[Finding, ...]:
        """The pure equilibria that count: all of them without a trust, else those that are agreement-proof at it."""
        return self.solve().findings if trust is None else self.solve(trust).agreement_proof

    @checked
    def solve(self, trust: float = TRUST) -> Answer:
        """All pure equilibria, in order of profile, and which of them are agreement-proof at this trust."""
        check_probability(trust, "--trust")
        solution = solve_pure(self.game)
        return Answer(
            solution.verdict,
            tuple(self._finding(equilibrium) for equilibrium in solution.equilibria),
            self._what_next() if not solution.equilibria else "",
            trust,
            self.cast,
        )

    def _finding(self, equilibrium: Equilibrium) -> Finding:
        local = equilibrium.profile
        assert local is not None and equilibrium.margin is not None
        return self.finding(tuple(self.hold.get(i, action) for i, action in enumerate(local)))

    def finding(self, profile: Profile) -> Finding:
        """A profile with its payoffs, margin and configuration, whether or not it is an equilibrium."""
        profile = self.cast.fitting(profile)
        lost = (math.inf if i in self.hold else float(own[profile]) for i, own in enumerate(self.losses))
        return Finding(
            profile,
            self.cast,
            tuple(float(own[profile]) for own in self.payoffs),
            tuple(lost),
            self.bargaining_share(profile),
            self._agreements(profile),
            self.gas_deal(profile),
        )

    def _agreements(self, profile: Profile) -> tuple[JointChange, ...]:
        """The agreements of free players from a profile, in the actions of the whole game."""
        here = {player: profile[player] for player in self.hold}
        local = [0 if player in here else action for player, action in enumerate(profile)]
        found = agreements(NormalFormGame(self.payoffs).hold(here), local)
        wholes = (tuple(here.get(player, action) for player, action in enumerate(one.profile)) for one in found)
        return tuple(
            JointChange(one.players, whole, one.gains, one.trusts, self.cast)
            for one, whole in zip(found, wholes, strict=True)
        )

    def _what_next(self) -> str:
        """Advice for a game without a pure equilibrium: the least unstable profile, the cycle, what to ask."""
        nearest = self.nearest()
        held = ", ".join(f"{player} at {action}" for player, action in self.cast.named_some(self.hold).items())
        unstable = (
            f"With {held} held, no posture is stable: whatever the free players do, one of them gains by changing."
            if held
            else "No posture of all three is stable: whatever they do, somebody gains by changing."
        )
        cycle = " → ".join(self.cast.profile_text(profile) for profile in self.best_response_cycle(nearest))
        return (
            f"{unstable} Nearest to stable is {self.cast.profile_text(nearest)} "
            f"(regret {-self.margins[nearest]:.3g} bn USD/yr). Best responses run in a circle: {cycle}. "
            "An equilibrium in mixed actions exists (Nash 1951): --method mixed lists all. Ask what follows "
            "if one player is bound (--hold) or moves first (--order), or which change makes a posture stable (--set)."
        )

    def reachable(self, profile: Profile) -> bool:
        """Whether the held players play their actions in this profile."""
        profile = self.cast.fitting(profile)
        return all(profile[player] == action for player, action in self.hold.items())

    def nearest(self) -> Profile:
        """The profile nearest to an equilibrium: that of the largest margin, held players staying where they are."""
        return max(filter(self.reachable, self.cast.profiles), key=lambda profile: float(self.margins[profile]))

    @checked
    def best_response_cycle(self, start: Sequence[int]) -> list[Profile]:
        """Where best responses lead when free players reply in turn: a circle that ends where it begins, or one
        profile where they come to rest.
        """
        profile, player = self.cast.fitting(start), 0
        path: list[tuple[Profile, int]] = []
        while (profile, player) not in path:
            path.append((profile, player))
            if player not in self.hold:
                index = [player, *profile]
                index[1 + player] = slice(None)  # type: ignore[call-overload]
                options = self.payoffs[tuple(index)]
                if options.max() > options[profile[player]] + TOLERANCE:
                    profile = (*profile[:player], int(options.argmax()), *profile[player + 1 :])
            player = (player + 1) % len(self.cast)
        circle = [profile for profile, _ in path[path.index((profile, player)) :]]
        moves = [profile for place, profile in enumerate(circle) if profile != circle[place - 1]]
        return [*moves, moves[0]] if moves else circle[:1]

    @checked
    def deviations(self, profile: Profile, of_held: bool = False) -> list[Deviation]:
        """Each free player's best deviation from a profile, and the terms that make or break it.

        With `of_held` those of the held players instead: what each would do, were it let go.
        """
        profile = self.cast.fitting(profile)
        result = []
        for player in range(len(self.cast)):
            if (player in self.hold) != of_held:
                continue
            options = [
                (self.payoffs[(player, *_moved(profile, player, b))], b)
                for b in range(self.cast.shape[player])
                if b != profile[player]
            ]
            best = max(options, key=lambda option: (option[0], -option[1]))[1]
            there = _moved(profile, player, best)
            parts = {
                name: float(term[(player, *profile)] - term[(player, *there)]) for name, term in self.terms.items()
            }
            loss = float(self.payoffs[(player, *profile)] - self.payoffs[(player, *there)])
            result.append(Deviation(player, best, loss, parts))
        return result

    def bargaining_share(self, profile: Profile) -> float:
        """β_RU at a profile."""
        share = np.broadcast_to(bargaining_share_ru(self.values.stances, self.values), self.cast.shape)
        return float(share[self.cast.fitting(profile)])

    def gas_price(self, profile: Profile) -> float:
        """What China pays for the gas of a new deal at a profile, the discount taken off, dollars per 1,000 m³."""
        price = np.broadcast_to(self.model.form.gas_price(self.values.stances, self.values), self.cast.shape)
        return float(price[self.cast.fitting(profile)])

    def gas_deal(self, profile: Profile) -> GasDeal | None:
        """The new gas deal that is signed at a profile; None where there is none."""
        profile = self.cast.fitting(profile)
        volume = float(self.values["pipeline_volume"])
        linked = np.broadcast_to(self.values.stances.link(RU, CN), self.cast.shape)
        if not (volume > 0 and linked[profile]):
            return None
        return GasDeal(volume, self.gas_price(profile), float(pipeline_surplus(self.values)))

    @cached_property
    def outcomes(self) -> dict[str, float]:
        """Named outcomes that no profile changes: the expected life of American promises, and effective relief.

        One that a third party's action changes stands once for each of its actions.
        """
        found = {"credibility": credibility(self.values), "effective_relief": effective_relief(self.values)}
        return {key: value for name, number in found.items() for key, value in self._by_action(name, number).items()}

    def _by_action(self, name: str, number: Floats) -> dict[str, float]:
        """A number by its name, or by name and the actions of the third parties that change it."""
        shape = (1,) * (len(self.cast) - np.ndim(number)) + np.shape(number)
        acting = [player for player, actions in enumerate(shape) if actions > 1]
        return {
            " ".join([name, *(self.cast.action_text(player, place[player]) for player in acting)]): float(value)
            for place, value in np.ndenumerate(np.reshape(number, shape))
        }

    @checked
    def replies(self, player: int, profile: Profile) -> list[int]:
        """Best responses of a player to the others' actions in a profile, ties included."""
        self.cast.check_player(player)
        profile = self.cast.fitting(profile)
        column = [slice(None) if i == player else action for i, action in enumerate(profile)]
        return [int(a) for a in np.flatnonzero(best_responses(self.payoffs, player)[tuple(column)])]

    @cached_property
    def surviving(self) -> list[list[int]]:
        """Actions of each player that survive iterated strict dominance in the game of the free players."""
        kept = undominated(self.game.payoffs)
        return [[self.hold.get(i, int(a)) for a in np.flatnonzero(own)] for i, own in enumerate(kept)]

    @cached_property
    def security(self) -> list[float]:
        """What each player can guarantee itself by one action, whatever the free ones among the others do; billion
        dollars a year.
        """
        return [float(level) for level in security_levels(self.game.payoffs)]

    @cached_property
    def swings(self) -> Floats:
        """Payoffs ``[player, a_US, a_RU, a_CN, parameter, end]`` with one parameter after the other at the low and the
        high end of its range, the rest unchanged: one batch, the answer to *what does this number depend on*.
        """
        return payoff_tensor(one_at_a_time(self.scenario, list(self.scenario.values), self.cast), self.model.terms)

    def margin_swings(self, profile: Profile) -> dict[str, tuple[float, float]]:
        """Margin of a profile at the low and high end of each parameter that moves it."""
        profile = self.cast.fitting(profile)
        free = [player for player in range(len(self.cast)) if player not in self.hold]
        if not free:
            return {}
        ends = losses(self.swings)[free].min(axis=0)[profile].tolist()
        names = self.scenario.values
        return {name: (low, high) for name, (low, high) in zip(names, ends, strict=True) if low != high}


def one_at_a_time(scenario: Scenario, names: Sequence[str], cast: Cast) -> Values:
    """Values over a batch ``[parameter, end]``: each of `names` at both ends of its range, the rest unchanged."""
    columns: dict[str, Floats] = {
        name: np.broadcast_to(np.float64(value), (len(names), 2)) for name, value in scenario.values.items()
    }
    for place, name in enumerate(names):
        columns[name] = columns[name].copy()
        columns[name][place] = scenario.ranges[name]
    return Values(followed(columns, scenario.following), cast)


def _moved(profile: Profile, player: int, action: int) -> Profile:
    """The profile with one player's action replaced."""
    return tuple(action if i == player else a for i, a in enumerate(profile))


def study(model: Model, scenario: Scenario, hold: Mapping[int, int | None] | None = None) -> Study:
    """A study of a scenario; holds given here are laid over those of its own [play] table, and None lets a player go.

    The form of the payoffs is the one that was asked of the model, or else the scenario's own, or the default; the
    scenario's third parties play.
    """
    model = model.joined_by(scenario.players)
    if model.asked_form is None and scenario.form is not None:
        model = model.with_form(scenario.form)
    return Study(model, scenario, held_over(model.cast.numbered(scenario.hold), hold or {}))


def of_one_cast(studies: Sequence[Study]) -> list[Study]:
    """The studies as games of the same players: whoever chooses in one is held in the others at what is set there.

    Raises
    ------
    BadInput
        Where others play the three parts, which are games that have nothing to do with each other, or where a
        scenario sets what is none of the actions of a third party that chooses in another.
    """
    parties = laid_over((), [party for study in studies for party in study.cast.thirds])
    joined = [_joined_by(study, parties) if study.cast.thirds != parties else study for study in studies]
    _check_cast(joined)
    return joined


def _joined_by(study: Study, parties: Sequence[ThirdParty]) -> Study:
    """The same game with further players, each held at the action that sets what the scenario has."""
    model, hold = study.model.joined_by(parties), study.cast.named_some(study.hold)
    for party in parties:
        if party.code not in study.cast.codes:
            hold[party.code] = _action_of(study, party)
    return Study(model, with_players(study.scenario, model), model.cast.numbered(hold))


def _action_of(study: Study, party: ThirdParty) -> str:
    """The action of a third party that sets what the scenario, in which it does not choose, has."""
    values = study.scenario.values
    known = [setting for setting in party.settings if setting.parameter in values]  # the rest pays the party alone
    for place, action in enumerate(party.actions):
        if all(values[setting.parameter] == setting.values[place] for setting in known):
            return action
    here = ", ".join(f"{name} {values[name]:g}" for name in party.chosen if name in values)
    able = " or ".join(f"{action} ({sets})" for action, sets in settings_text(party).items())
    message = f"{party.code} chooses in another scenario, by {able}; here it does not, and {here} is none of these"
    message += "; take one of them with --set or in the file, or ask about each scenario by itself"
    raise BadInput(Fault(study.scenario.name, f"player.{party.code}", message))


def _check_cast(studies: Sequence[Study]) -> None:
    """Raise BadInput where others play in one study than in another."""
    if len({study.cast for study in studies}) > 1:
        found = "; ".join(f"{study.scenario.name} of {', '.join(study.cast.codes)}" for study in studies)
        raise BadInput(Fault("SCENARIO", "", f"found {shorten(found)}; expected scenarios of one triad"))


def alone_of(study: Study) -> Study:
    """The same without third parties: what they choose is a parameter again, where it stands by default."""
    if study.model.alone is None:
        return study
    alone, hold = study.model.alone, {i: action for i, action in study.hold.items() if i < len(study.model.alone.cast)}
    return Study(alone, with_players(study.scenario, alone), hold)


def check_alone(study: Study, what: str) -> None:
    """Raise BadInput where a third party plays in a study, for a question that is about the three powers alone."""
    for party in study.cast.thirds:
        instead = f"leave [player.{party.code}] out and set {' and '.join(party.chosen)} with --set"
        raise BadInput(
            Fault(
                study.scenario.name or "SCENARIO",
                f"player.{party.code}",
                f"chooses here, and {what} is asked of the three powers alone; {instead}",
            )
        )


def margin_at(study: Study, profile: Profile) -> float | None:
    """Margin of a profile in a study; None where a player held elsewhere puts it out of reach."""
    margin = float(study.margins[profile])
    return margin if study.reachable(profile) and math.isfinite(margin) else None


def differing_parameters(studies: Sequence[Study]) -> list[str]:
    """Parameters that do not have one value in all studies, in catalogue order."""
    first = studies[0].scenario.values
    return [name for name in first if any(study.scenario.values[name] != first[name] for study in studies)]
