"""Outcomes: what is measured of a game, as a number for every point of a batch.

An outcome is written as a word and what it is of:

==================== ========================================================================== ===============
``margin:PATTERN``   largest stability margin of the pattern's profiles; positive where one     bn USD/yr
                     of them is a strict equilibrium (the smooth companion of ``holds``)
``payoff:RU@P``      payoff of a player at a profile                                            bn USD/yr
``advantage:RU=a@P`` what a player gains by action a over its best other one, the others        bn USD/yr
                     playing as in P
``beta_ru@P``        Russia's share in the pipeline bargain at a profile                        fraction
``gas_price@P``      what China pays for the gas of a new deal at a profile, whether or not     USD/1000 m3
                     one is signed there
``gas_surplus@P``    surplus of the gas deal that is signed at a profile, 0 without a link      bn USD/yr
``credibility``      expected life of American promises, over a permanent one                   fraction
``effective_relief`` relief that Russia can count on                                            fraction
``holds:PATTERN``    1 where some pure equilibrium fits the pattern, else 0                     indicator
``only:PATTERN``     1 where there are pure equilibria and all of them fit, else 0              indicator
``number``           number of pure equilibria                                                  count
``value:RU@RULE``    payoff of a player at the equilibrium that a rule selects                  bn USD/yr
``logit:PATTERN``    probability of the pattern in the logit equilibrium, players drawing       fraction
                     independently, at the rationality of sweeps (normalised λ)
``path:N@Y:WHAT``    what a path leads to, its state, moves and rates laid over the scenario:   as there
                     the probability of a pattern in year Y, ``state=S``, ``advantage:RU=a``,
                     or a year, as ``path:N@from:PATTERN``; see
                     :mod:`triangle.measures.courses`
==================== ========================================================================== ===============

Under a trust, only equilibria count that are agreement-proof at it (:mod:`triangle.solvers.agreements`): a margin is
then how far a profile is from being left by one player alone or by two together, ``only`` and ``value`` ask where such
equilibria are, and what is ``present`` are those of the study, if it has any.

PATTERN is one of :mod:`triangle.players.patterns`; P is a full profile. Either may be ``present``: the agreement-proof
equilibria of the study itself, or all pure ones where agreements break every one (for P, the only one). RULE is one of
:mod:`triangle.measures.selection`, ``margin`` where it is left out; in a game without a pure equilibrium the value is
the player's security level.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, reduce
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from triangle.base.errors import BadInput, Fault, check_probability, shorten, unknown
from triangle.batch.equilibria import sweep_margins, sweep_masks, sweep_mechanism, sweep_payoffs, sweep_payoffs_at
from triangle.games.bitboards import profiles_of
from triangle.measures.selection import RULES, check_rules, play
from triangle.model.mechanisms import bargaining_share_ru, credibility, effective_relief, pipeline_surplus
from triangle.model.parameters import Values
from triangle.players.axes import CN, RU
from triangle.players.notation import Profile, parse_action, parse_player, parse_profile
from triangle.players.patterns import parse_pattern
from triangle.players.stances import Stances
from triangle.study.study import Finding, Study

if TYPE_CHECKING:
    from triangle.scenarios.path import Uncertain

Floats = NDArray[np.float64]
Measure = Callable[[Study, Values], Floats]
Mechanism = Callable[[Stances, Values], Floats]

#: Words with which an outcome can begin.
WORDS = (
    "margin",
    "payoff",
    "advantage",
    "beta_ru",
    "gas_price",
    "gas_surplus",
    "credibility",
    "effective_relief",
    "holds",
    "only",
    "number",
    "value",
    "logit",
    "path",
)


@dataclass(frozen=True)
class Outcome:
    """A number that is measured of every game of a batch.

    Attributes
    ----------
    text : str
        As the user wrote it.
    unit : str
        ``bn USD/yr``, ``USD/1000 m3``, ``fraction``, ``indicator``, ``count``, ``level`` or ``calendar year``.
    smooth : bool
        Whether it is continuous in the parameters; indicators and counts are not.
    numbers : tuple of Uncertain
        Numbers of a path that it depends on beside the parameters: rates, growth, patience. Each stands at its value
        where a batch has no column of its name.
    turns_at : float or None
        Of a year of a path, the number above which its answer is yes: a pattern likelier than not, an action that
        gains.
    """

    text: str
    unit: str
    smooth: bool
    _measure: Measure
    numbers: tuple[Uncertain, ...] = ()
    turns_at: float | None = None

    def of(self, study: Study, values: Values) -> Floats:
        """The outcome at every sample: an array of the batch's shape. Players held in the study do not deviate."""
        found = np.asarray(self._measure(study, values), dtype=np.float64)
        return np.broadcast_to(found, values.samples)


#: Words of which it matters which equilibria count.
COUNTING = ("margin", "holds", "only", "number", "value")


def parse_outcome(text: str, study: Study, where: str = "--outcome", trust: float | None = None) -> Outcome:
    """The outcome that a user wrote; `study` says what ``present`` is.

    Parameters
    ----------
    trust : float, optional
        Where given, only equilibria count that are agreement-proof at it.

    Raises
    ------
    BadInput
        With the nearest valid word; or if a trust would have no say.

    Examples
    --------
    >>> from triangle.model.model import read_model
    >>> from triangle.scenarios.scenario import read_scenario
    >>> model = read_model()
    >>> study = Study(model, read_scenario("baseline", model), {})
    >>> outcome = parse_outcome("margin:present", study)
    >>> bool(abs(float(outcome.of(study, study.values)) - study.solve().present[0].margin) < 1e-9)
    True
    """
    head, colon, rest = (part.strip() for part in text.strip().partition(":"))
    word, at, profile = (part.strip() for part in head.partition("@"))
    if word not in WORDS:
        raise BadInput(Fault(where, "", unknown("outcome", word, WORDS)))
    if trust is not None:
        check_probability(trust, "--trust")
        if word not in COUNTING and "present" not in text and text.strip() != "beta_ru":
            raise BadInput(
                Fault("--trust", "", f"has no say: {shorten(text)} does not depend on which equilibria count")
            )
    if word in ("margin", "holds", "only", "logit"):
        _shaped(text, where, bool(colon) and not at, f"{word}:PATTERN, as in {word}:RU=hedge")
        return _of_pattern(text, word, _pattern(rest, study, where, trust), trust)
    if word in ("payoff", "advantage"):
        _shaped(text, where, bool(colon) and "@" in rest and not at, f"{word}:{_EXAMPLES[word]}@PROFILE")
        what, _, place = (part.strip() for part in rest.partition("@"))
        return _of_player(text, word, what, study, _profile(place, study, where, trust), where)
    if word == "path":
        return _of_path(text, rest, study, where, trust)
    if word == "value":
        _shaped(text, where, bool(colon) and not at, "value:PLAYER@RULE, as in value:RU@margin")
        return _of_rule(text, rest, study, where, trust)
    if word in _OF_THE_BARGAIN:
        _shaped(text, where, not colon, f"{word}@PROFILE")
        index = study.cast.index(_profile(profile or "present", study, where, trust))
        unit, mechanism = _OF_THE_BARGAIN[word]
        return Outcome(text, unit, True, lambda study, v: sweep_mechanism(mechanism(study), v, [index])[0])
    _shaped(text, where, not colon and not at, word)
    if word == "number":
        return Outcome(text, "count", False, lambda study, v: study.cast.sets.count(_masks(study, v, trust)))
    measure = credibility if word == "credibility" else effective_relief
    return Outcome(text, "fraction", True, lambda _, v: measure(v))


def _signed_surplus(s: Stances, v: Values) -> Floats:
    """Surplus of the gas deal that is signed."""
    surplus: Floats = s.link(RU, CN) * pipeline_surplus(v)
    return surplus


#: Outcomes of the bargain over gas at a profile: the word, its unit, and which mechanism it is in a study's form.
_OF_THE_BARGAIN: dict[str, tuple[str, Callable[[Study], Mechanism]]] = {
    "beta_ru": ("fraction", lambda _: bargaining_share_ru),
    "gas_price": ("USD/1000 m3", lambda study: study.model.form.gas_price),
    "gas_surplus": ("bn USD/yr", lambda _: _signed_surplus),
}

_EXAMPLES = {"payoff": "RU", "advantage": "RU=hedge"}


def _shaped(text: str, where: str, fits: bool, expected: str) -> None:
    if not fits:
        raise BadInput(Fault(where, "", f"found {shorten(text)}; expected {expected}"))


def present(study: Study, where: str = "--outcome", trust: float | None = None) -> int:
    """The mask of the pure equilibria that are present; BadInput where there is none."""
    mask = sum(1 << study.cast.index(finding.profile) for finding in _present(study, where, trust))
    if not mask:
        nearest = study.cast.profile_text(study.nearest())
        raise BadInput(
            Fault(
                where,
                "",
                f"{study.scenario.name} has no pure equilibrium, so nothing is 'present'; name a profile or pattern; "
                f"nearest to being one is {nearest}",
            )
        )
    return mask


def _present(study: Study, where: str, trust: float | None) -> tuple[Finding, ...]:
    """The equilibria that stand; with a trust, those that are agreement-proof at it."""
    if trust is None:
        return study.solve().present
    found = study.solve(trust)
    if found.findings and not found.agreement_proof:
        without = f"{study.scenario.name} has no equilibrium that is agreement-proof at trust {trust:g}"
        raise BadInput(Fault(where, "", f"{without}, so nothing is 'present'; name a profile or pattern"))
    return found.agreement_proof


def _pattern(text: str, study: Study, where: str, trust: float | None) -> int:
    return present(study, where, trust) if text == "present" else parse_pattern(text, study.cast, where)


def _profile(text: str, study: Study, where: str, trust: float | None) -> Profile:
    return parse_profile(text, study.cast, where) if text != "present" else only_present(study, where, trust)


def only_present(study: Study, where: str, trust: float | None = None) -> Profile:
    """The one equilibrium that stands; BadInput where there is none or another beside it."""
    found = _present(study, where, trust)
    if len(found) == 1:
        return found[0].profile
    named = "; ".join(study.cast.profile_text(finding.profile) for finding in found) or "none"
    there = f"not one equilibrium that stands but {len(found)} ({named})"
    raise BadInput(Fault(where, "", f"{study.scenario.name} has {there}; name the profile"))


def _masks(study: Study, values: Values, trust: float | None) -> NDArray[np.uint64]:
    return sweep_masks(values, study.model.terms, hold=study.hold, trust=trust)


def _of_pattern(text: str, word: str, mask: int, trust: float | None) -> Outcome:
    if word == "margin":
        return Outcome(text, "bn USD/yr", True, partial(_pattern_margin, mask, trust))
    if word == "logit":
        return Outcome(text, "fraction", True, partial(_pattern_probability, mask))
    return Outcome(text, "indicator", False, partial(_fits, word, mask, trust))


def _fits(word: str, mask: int, trust: float | None, study: Study, values: Values) -> Floats:
    """Whether some equilibrium, or every one, is of a pattern."""
    sets = study.cast.sets
    found: Floats = (sets.meets if word == "holds" else sets.within)(_masks(study, values, trust), mask)
    return found


def _of_path(text: str, rest: str, study: Study, where: str, trust: float | None) -> Outcome:
    """What a path leads to; see :mod:`triangle.measures.courses`."""
    from triangle.measures.courses import MOMENTS, measured, parse_course
    from triangle.measures.years import solved_years
    from triangle.scenarios.path import read_path

    when, colon, what = (part.strip() for part in rest.partition(":"))
    name, at, moment = (part.strip() for part in when.partition("@"))
    is_year = moment.isascii() and moment.isdigit() and len(moment) == 4
    expected = "path:NAME@YEAR:PATTERN, as in path:path_baseline@2045:link=RU-CN, or from, or until, as the YEAR"
    _shaped(text, where, bool(colon and at and name) and (is_year or moment in MOMENTS), expected)
    path = read_path(name, study.model)
    course = parse_course(moment, what, study, path, lambda some: _pattern(some, study, where, trust), where)

    def measure(asked: Study, values: Values) -> Floats:
        found = measured(list(solved_years(asked, path, values)), course)
        return found.reshape(values.samples)

    return Outcome(text, course.unit, False, measure, path.uncertain, course.turns_at)


def _pattern_margin(mask: int, trust: float | None, study: Study, values: Values) -> Floats:
    """Largest margin of the profiles of a pattern that the held players allow."""
    profiles = [profile for profile in profiles_of(mask) if study.reachable(study.cast.profiles[profile])]
    if not profiles:
        return np.full(values.samples, -np.inf)
    largest: Floats = sweep_margins(values, profiles, study.model.terms, hold=study.hold, trust=trust).max(axis=0)
    return largest


def _pattern_probability(mask: int, study: Study, values: Values) -> Floats:
    """Probability of a pattern's profiles in the logit equilibrium; not a number where its branch was lost."""
    from triangle.batch.takeover import logit_probabilities

    each = logit_probabilities(values, study.model.terms, hold=study.hold)
    found = np.zeros(values.samples)
    for profile in profiles_of(mask):
        found += reduce(np.multiply, (own[a] for own, a in zip(each, study.cast.profiles[profile], strict=True)))
    return found


def _of_player(text: str, word: str, what: str, study: Study, profile: Profile, where: str) -> Outcome:
    if word == "payoff":
        player = parse_player(what, study.cast, where)
        index = study.cast.index(profile)
        return Outcome(
            text, "bn USD/yr", True, lambda study, v: sweep_payoffs_at(v, [(player, index)], study.model.terms)[0]
        )
    player, action = parse_action(what, study.cast, where)
    return Outcome(text, "bn USD/yr", True, partial(_advantage, player, action, profile))


def _of_rule(text: str, rest: str, study: Study, where: str, trust: float | None) -> Outcome:
    """Payoff of a player at what a rule of selection picks."""
    who, at, rule = (part.strip() for part in rest.partition("@"))
    player, rule = parse_player(who, study.cast, where), rule if at else RULES[0]
    check_rules([rule], where=where)

    def measure(study: Study, values: Values) -> Floats:
        # The rules work on batches of one axis.
        size = int(np.prod(values.samples, dtype=np.int64))
        flat = {name: np.broadcast_to(column, values.samples).reshape(-1) for name, column in values.numbers.items()}
        earned: Floats = play(study, values.of_samples(flat, (size,)), (rule,), trust=trust).payoffs[rule][player]
        return earned.reshape(values.samples)

    return Outcome(text, "bn USD/yr", False, measure)


def _advantage(player: int, action: int, profile: Profile, study: Study, values: Values) -> Floats:
    """Payoff of an action less that of the player's best other one, the others as in a profile."""
    options = study.cast.options(player, profile)
    (own,) = sweep_payoffs(values, options, study.model.terms, players=[player])
    advantage: Floats = own[action] - np.delete(own, action, axis=0).max(axis=0)
    return advantage
