r"""What an acceptance tells: tactical or genuine.

Washington makes an offer to a Russia of one of two types, and watches what follows an acceptance
(:mod:`triangle.questions.signal.offer`). All perfect Bayesian equilibria of the screening game are found
(:mod:`triangle.solvers.beliefs.screening`), and each is certified from its tree. Where there are several, the one that
the offering player likes best is shown in maps and said in sentences.

* The **posterior** is what is believed after what looks like delivery. Where a type bluffs it is the **threshold**
  :math:`\mu^* = -g_t / (g_g - g_t)`: the acceptance moves the belief exactly to where going on and snapping back are
  worth the same.
* The **offer** is worth the expected payoff with it less that without; **monitoring** that at :math:`q = 1` less
  that at the given :math:`q`; **commitment** the best that binding itself first to probabilities of going on can
  bring, types answering as the offering player would like where they are indifferent, less that without.
* How often the types **differ** is counted over draws of everything uncertain, the types' own parameters each drawn
  from the half of its range next to what the type sets: without a difference there is nothing to be told.

References
----------
Crawford, V. P. and Sobel, J. (1982). Strategic information transmission. *Econometrica* 50(6), 1431-1451.
Fearon, J. D. (1997). Signaling foreign policy interests. *Journal of Conflict Resolution* 41(1), 68-90.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from triangle.base.arguments import Seed
from triangle.base.errors import BadInput, Fault, unknown
from triangle.games.normal_form import Floats
from triangle.games.tree import Tree
from triangle.measures.types import drawn_types
from triangle.players.axes import CN, RU, US
from triangle.players.cast import Cast
from triangle.questions.signal import variants
from triangle.questions.signal.gesture.answer import gesture_measure as gesture_measure
from triangle.questions.signal.gesture.answer import gesture_tree, outside
from triangle.questions.signal.offer import ALIGN, CHINA, HEDGE, OWN, Offers, offers, offers_of
from triangle.questions.signal.record import VALUES, Alone, Axis, Found, Map, Signal
from triangle.scenarios.file import ScreeningTable
from triangle.solvers.beliefs.certificate import certify_beliefs
from triangle.solvers.beliefs.refinements import REFINEMENTS
from triangle.solvers.beliefs.screening import (
    ANSWERS,
    CONTINUE,
    DELIVER,
    KINDS,
    LOOKS,
    POCKET,
    REFUSE,
    SEEN,
    SNAP,
    Candidates,
    Screening,
    beliefs,
    equilibria,
    expected,
    kinds,
    posteriors,
)
from triangle.solvers.beliefs.supports import Assessment, vouch
from triangle.study.study import Study, check_alone

Ints = NDArray[np.intp]

#: Longest watch that is tried, in years, and how finely.
LONGEST, STEPS = 8.0, 32
#: Ends of those axes that are no parameters.
OWN_RANGES = {"prior": (0.0, 1.0), "observe": (0.0, 1.0), "watch": (1e-3, 50.0)}
#: Maps that are drawn where none are asked for.
AXES = (
    (("prior", 0.0, 1.0), ("watch", 0.25, LONGEST)),
    (("relief", 0.0, 1.0), ("conditionality", 0.0, 1.0)),
)


def signal(
    study: Study,
    *,
    types: Sequence[str] = (),
    prior: float | None = None,
    watch: float | None = None,
    observe: float | None = None,
    over: Sequence[Axis] = (),
    china: str = "aligned",
    refine: Sequence[str] = (),
    america: Mapping[str, float] | None = None,
    menu: Mapping[str, float] | None = None,
    samples: int = 1024,
    seed: Seed = 0,
) -> Signal:
    """What Russia's acceptance of an offer tells Washington; see the module.

    Parameters
    ----------
    study : Study
        Of a scenario with types of Russia and a ``[screening]``.
    types : sequence of str
        The two that are meant, the one last whose prior is asked; by default the scenario's.
    prior, watch, observe : float, optional
        Probability of the second type, years, probability of being seen; the scenario's by default.
    over : sequence of (name, low, high, count)
        Two axes of one map in place of the two maps that are drawn by default.
    china : {"aligned", "answers"}
    refine : sequence of str
        Of :data:`~triangle.solvers.beliefs.refinements.REFINEMENTS`; each says what it removes and why.
    america : mapping of str to float, optional
        Probabilities of two American types of the scenario that Russia does not tell apart; what a costly step first
        could tell (:mod:`triangle.questions.signal.variants`).
    menu : mapping of str to float, optional
        Parameters of a second contract that is offered beside the scenario's.
    samples, seed : int
        Draws for how often the types differ.

    Raises
    ------
    BadInput
        If the scenario knows no types of Russia, or a name or number is not sound.

    Examples
    --------
    >>> from triangle.study.load import load
    >>> found = signal(load("tactical_or_genuine"), samples=64, over=[("prior", 0, 1, 3), ("watch", 0.5, 8, 3)])
    >>> found.types, found.verdict
    (('tactical', 'genuine'), 'complete')
    """
    check_alone(study, "signal")
    names, table = _asked(study, types, china)
    for name in refine:
        if name not in REFINEMENTS:
            raise BadInput(Fault("--refine", "", unknown("refinement", name, REFINEMENTS)))
    own = {
        "prior": _within("--prior", table.prior if prior is None else prior, 0.0, 1.0),
        "watch": _within("--watch", table.watch if watch is None else watch, 0.0, 50.0),
        "observe": _within("--observe", table.observe if observe is None else observe, 0.0, 1.0),
    }
    believed = _american(study, america)
    second = _second(study, menu)
    planes = _axes(over, study)
    here = offers(study, names, own, {}, china, believed)
    found = tuple(_found(here.games, one, refine) for one in equilibria(here.games) if one.valid)
    if not found:
        raise RuntimeError("a finite game has an equilibrium (Kreps and Wilson 1982); none was found")
    best = max(one.payoffs[2] for one in found)
    seen = offers(study, names, {**own, "observe": 1.0}, {}, china, believed)
    values = study.scenario.values
    return Signal(
        scenario=study.scenario.name,
        form=study.model.form.name,
        player=study.cast.codes[RU],
        offering=study.cast.codes[US],
        types=names,
        because=tuple(study.scenario.types[study.cast.codes[RU]][name].because for name in names),  # type: ignore[arg-type]
        **own,
        relief=float(values["relief"]),
        conditionality=float(values["conditionality"]),
        china=china,
        samples=samples,
        seed=seed,
        differ=_differ(study, names, table, china, samples, seed),
        alone=(_alone(here, names, 0, study.cast), _alone(here, names, 1, study.cast)),
        kinds=KINDS,
        verdict=vouch(here.games.tree(), float(here.games.prior), [one.payoffs for one in found]),
        equilibria=found,
        threshold=_threshold(here.games),
        shortest=_shortest(study, names, own, china, believed),
        longest=LONGEST,
        offer=float(best - _without(here)),
        monitoring=float(_best(seen.games)[1] - best),
        commitment=float(_committed(here.games) - best),
        passed_over=sum(max(0, int(one.others)) for one in (*here.later, *here.otherwise)),
        cast=study.cast,
        maps=tuple(_map(study, names, own, axes, china, believed) for axes in planes),
        america=variants.america(study, names, own, china, believed, _receiver_best) if believed else None,
        menu=variants.menu(study, names, own, china, second, believed) if second else None,
    )


def screening_tree(
    study: Study, types: Sequence[str] = (), own: Mapping[str, float] | None = None, china: str = "aligned"
) -> Tree:
    """The screening game of an offer as a tree, after the offer."""
    names, table = _asked(study, types, china)
    numbers = {name: getattr(table, name) for name in OWN} | dict(own or {})
    return offers(study, names, numbers, {}, china).games.tree(study.cast.codes[RU], study.cast.codes[US], names)


def game_tree(study: Study) -> Tree:
    """The tree of a scenario's offer, or else of its gesture."""
    return gesture_tree(study) if study.scenario.gesture and not study.scenario.screening else screening_tree(study)


def _asked(study: Study, types: Sequence[str], china: str) -> tuple[tuple[str, str], ScreeningTable]:
    scenario = study.scenario
    cast, known = study.cast, scenario.types.get(study.cast.codes[RU], {})
    if not known or scenario.screening is None:
        sender = f"types of {cast.in_text[RU]} ([types.{cast.codes[RU]}.NAME])"
        missing = sender if not known else "a watch ([screening])"
        raise BadInput(Fault("SCENARIO", scenario.name, f"has no {missing}; tactical_or_genuine has"))
    if scenario.screening.otherwise not in cast.actions[US]:
        message = unknown(f"action of {cast.in_text[US]}", scenario.screening.otherwise, cast.actions[US])
        raise BadInput(Fault(scenario.name, "screening.otherwise", message))
    names = tuple(types) or tuple(known)[:2]
    whose = f"type of {cast.in_text[RU]}"
    faults = [Fault("--types", "", unknown(whose, name, known)) for name in names if name not in known]
    if china not in CHINA:
        faults.append(Fault("--china", "", unknown(f"answer of {cast.in_text[CN]}", china, CHINA)))
    if len(set(names)) != 2:
        faults.append(Fault("--types", "", f"found {', '.join(names)}; expected two different types"))
    if faults:
        raise BadInput(faults)
    return (names[0], names[1]), scenario.screening


def _american(study: Study, prior: Mapping[str, float] | None) -> dict[str, float]:
    """The American types that Russia believes in."""
    if not prior:
        return {}
    known, whose = study.scenario.types.get(study.cast.codes[US], {}), f"type of {study.cast.in_text[US]}"
    faults = [Fault("--america", "", unknown(whose, name, known)) for name in prior if name not in known]
    if not faults and (len(prior) != 2 or abs(sum(prior.values()) - 1) > 1e-9 or min(prior.values()) < 0):
        faults = [Fault("--america", "", "expected the probabilities of two types, which add to one")]
    if faults:
        raise BadInput(faults)
    return dict(prior)


def _second(study: Study, menu: Mapping[str, float] | None) -> dict[str, float]:
    """The parameters of a second contract."""
    faults = []
    for name, value in (menu or {}).items():
        if name not in study.scenario.values:
            faults.append(Fault("--menu", name[:80], unknown("parameter", name, study.scenario.values)))
        elif not study.model.catalogue[name].admits(value):
            p = study.model.catalogue[name]
            faults.append(Fault("--menu", name, f"found {value:g}; {name} must be {p.hard_text} ({p.unit})"))
    if faults:
        raise BadInput(faults)
    return dict(menu or {})


def _receiver_best(game: Screening) -> float:
    """What the receiver gets in the equilibrium that it likes best."""
    return float(_best(game)[1])


def _within(option: str, value: float, low: float, high: float) -> float:
    if not low <= value <= high or (option == "--watch" and value == 0.0):
        least = f"above {low:g} and at most" if option == "--watch" else f"from {low:g} to"
        raise BadInput(Fault(option, "", f"found {value:g}; expected a number {least} {high:g}"))
    return float(value)


# One game -------------------------------------------------------------------------------------------------------------


def _found(game: Screening, one: Candidates, refine: Sequence[str]) -> Found:
    after = posteriors(game, one)
    seen, looks = beliefs(game, one)
    worth = expected(game, one)
    tree, played = _played(game, one)
    checked = certify_beliefs(tree, played.strategies, played.beliefs)
    removed = [(name, REFINEMENTS[name](tree, played)) for name in refine]
    return Found(
        kind=KINDS[int(kinds(game, one))],
        answers=tuple(tuple(map(float, own)) for own in one.answers),
        goes_on=tuple(map(float, one.goes_on)),
        posterior=tuple(None if np.isnan(x) else float(x) for x in after),
        belief=(float(seen[1]), float(looks[:, 1].sum())),
        payoffs=tuple(map(float, worth)),
        offered=bool(worth[2] >= (1 - game.prior) * game.refused[1, 0] + game.prior * game.refused[1, 1] - 1e-9),
        largest_gain=max(checked.gains),
        residual=checked.residual,
        removed=tuple((name, why) for name, why in removed if why),
    )


def _played(game: Screening, one: Candidates) -> tuple[Tree, Assessment]:
    """The tree of a game, and an equilibrium as strategies and beliefs on it."""
    tree = game.tree(types=("first", "second"))
    seen, looks = beliefs(game, one)
    kept = [t for t in (0, 1) if (1 - game.prior, game.prior)[t] > 0]
    plays = {("first", "second")[t]: one.answers[t] for t in kept}
    held = {("first", "second")[t]: np.ones(1) for t in kept}
    for name, at, belief in (("seen pocketing", SEEN, seen), ("looks delivered", LOOKS, looks)):
        plays[name] = np.array([1 - one.goes_on[at], one.goes_on[at]])
        rows = belief if belief.ndim == 1 else np.concatenate([row for row in belief[: 1 + (game.seen < 1)]])
        held[name] = rows.reshape(-1, 2)[:, kept].ravel()
    names = [found.name for found in tree.sets]
    strategies, trusted = (tuple(tuple(map(float, rows[name])) for name in names) for rows in (plays, held))
    return tree, Assessment(strategies, trusted)


def _without(here: Offers) -> float:
    p = float(here.games.prior)
    return float((1 - p) * here.none[0] + p * here.none[1])


def _threshold(game: Screening) -> float | None:
    """The belief at which going on and snapping back are worth the same after an acceptance."""
    first, second = (float(x) for x in game.delivered[1, :, CONTINUE] - game.delivered[1, :, SNAP])
    if (first < 0) == (second < 0):
        return None
    return -first / (second - first)


def _alone(here: Offers, names: tuple[str, str], t: int, cast: Cast) -> Alone:
    game = here.games
    known = Screening(np.float64(t), game.seen, game.refused, game.pocketed, game.delivered)  # type: ignore[arg-type]
    found = [one for one in equilibria(known) if one.valid]
    best = max(found, key=lambda one: float(expected(known, one)[2]))
    answer = ANSWERS[int(best.answers[t].argmax())]
    later, stops = here.later[t], here.otherwise[t]
    value = float(later.payoffs[US] - stops.payoffs[US])
    actions = cast.actions[RU]
    return Alone(names[t], actions[int(later.russia)], actions[int(stops.russia)], answer, value)


def _committed(game: Screening) -> float:
    """What the offering player gets at most if it binds itself first to going on with some probability at each set.

    Its payoff is affine where the types' best answers stay, so that it is greatest where lines of their indifference
    and the ends of the probabilities cross; there they answer as it likes.
    """
    p, q, best = float(game.prior), float(game.seen), float("-inf")
    ways = np.zeros((3, 2, 2, 3))
    # What each player gets from each answer of each type: steady, and rising with the two probabilities.
    rise, gain = (x[..., CONTINUE] - x[..., SNAP] for x in (game.pocketed, game.delivered))
    ways[0] = np.stack([game.refused, game.pocketed[..., SNAP], game.delivered[..., SNAP]], axis=2)
    ways[1, :, :, POCKET], ways[2, :, :, POCKET], ways[2, :, :, DELIVER] = q * rise, (1 - q) * rise, gain
    for point in _crossings(ways[:, 0]):
        sender, receiver = np.tensordot(np.array([1.0, *point]), ways, axes=1)
        even = sender >= sender.max(axis=1, keepdims=True) - 1e-9 * max(1.0, float(np.abs(sender).max()))
        own = np.where(even, receiver, -np.inf).max(axis=1)
        best = max(best, float((1 - p) * own[0] + p * own[1]))
    return best


def _crossings(ways: Floats) -> list[tuple[float, float]]:
    """Points of the unit square at which two lines cross: its edges, and indifference between two answers."""
    lines = [(1.0, 0.0, 0.0), (1.0, 0.0, 1.0), (0.0, 1.0, 0.0), (0.0, 1.0, 1.0)]
    for t in (0, 1):
        for a, b in combinations(range(3), 2):
            steady, seen, looks = ways[:, t, a] - ways[:, t, b]
            lines.append((float(seen), float(looks), float(-steady)))
    found = []
    for (p, q, e), (r, s, f) in combinations(lines, 2):
        determinant = p * s - q * r
        if determinant:
            x, y = (e * s - q * f) / determinant, (p * f - e * r) / determinant
            if -1e-12 <= x <= 1 + 1e-12 and -1e-12 <= y <= 1 + 1e-12:
                found.append((min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)))
    return found


# Numbers of an offer for other questions ------------------------------------------------------------------------------

#: Numbers of an offer that may be asked for, with their units; those of a type are followed by its name.
OF_TYPE = {"accepts": "fraction", "pockets": "fraction", "delivers": "fraction", "keeps": "fraction",
           "secrecy": "bn USD/yr"}  # fmt: skip
OF_GAME = {"posterior": "fraction", "threshold": "fraction", "offer": "bn USD/yr", "monitoring": "bn USD/yr"}


@dataclass(frozen=True, eq=False)
class OfferMeasure:
    """A number of an offer in the equilibrium that the offering player likes best.

    ``accepts:TYPE``, ``pockets:TYPE``, ``delivers:TYPE``
        Probability that a type does so.
    ``keeps:TYPE``
        1 where the type accommodates China later, while the offer stands, else 0.
    ``secrecy:TYPE``
        What the type gains if evasion is seen with the scenario's probability rather than always.
    ``posterior``, ``threshold``
        Belief in the second type after what looks like delivery; belief that going on takes.
    ``offer``, ``monitoring``
        As in :class:`~triangle.questions.signal.record.Signal`.

    Attributes
    ----------
    text, unit : str
    solved : function
        From parameters by name, scalars or arrays of samples, to the offers there, the same of every measure.
    read : function
        From the offers to the number.
    """

    text: str
    unit: str
    solved: Callable[[Mapping[str, ArrayLike]], SolvedOffers]
    read: Callable[[SolvedOffers], Floats]

    def at(self, parameters: Mapping[str, ArrayLike]) -> Floats:
        """The number at parameters by name."""
        return self.read(self.solved(parameters))


@dataclass(frozen=True, eq=False)
class SolvedOffers:
    """Offers at some parameters, and the equilibrium of each that the offering player likes best."""

    study: Study
    names: tuple[str, str]
    parameters: Mapping[str, ArrayLike]
    own: Mapping[str, float]

    @cached_property
    def played(self) -> tuple[Offers, Candidates]:
        """With the scenario's own chance of seeing evasion."""
        return _at(self.study, self.names, self.parameters, self.own)

    @cached_property
    def all_seen(self) -> tuple[Offers, Candidates]:
        """If all evasion is seen."""
        return _at(self.study, self.names, self.parameters, {**self.own, "observe": 1.0})


def offer_measure(study: Study, text: str, own: Mapping[str, float]) -> OfferMeasure:
    """The measure of this name; `own` gives prior, watch and observe where the scenario's are not meant.

    Raises
    ------
    BadInput
        If the scenario knows no types of Russia, or there is no such measure.
    """
    names, table = _asked(study, (), "aligned")
    what, _, of = text.partition(":")
    if (what not in OF_TYPE or of not in names) and (text not in OF_GAME):
        known = [*OF_GAME, *(f"{name}:{one}" for name in OF_TYPE for one in names)]
        raise BadInput(Fault("measure", "", unknown("number of an offer", text, known)))
    numbers = {name: getattr(table, name) for name in OWN} | dict(own)
    t = names.index(of) if of else 0

    def read(solved: SolvedOffers) -> Floats:
        here, play = solved.played
        if what in ("accepts", "pockets", "delivers"):
            answers = play.answers[t]
            wanted = {"accepts": 1.0 - answers[REFUSE], "pockets": answers[POCKET], "delivers": answers[DELIVER]}
            return np.asarray(wanted[what])
        if what == "keeps":
            return np.isin(here.later[t].russia, (ALIGN, HEDGE)).astype(np.float64)
        if what == "posterior":
            return np.asarray(posteriors(here.games, play)[LOOKS])
        if what == "threshold":
            return _thresholds(here.games)
        worth = expected(here.games, play)
        if what == "offer":
            p = here.games.prior
            return np.asarray(worth[2] - (1 - p) * here.none[0] - p * here.none[1])
        all_seen, seen = solved.all_seen
        with_all = expected(all_seen.games, seen)
        return np.asarray(with_all[2] - worth[2] if what == "monitoring" else worth[t] - with_all[t])

    unit = OF_TYPE.get(what) or OF_GAME[what]
    return OfferMeasure(text, unit, lambda parameters: SolvedOffers(study, names, parameters, numbers), read)


def _at(
    study: Study, names: tuple[str, str], parameters: Mapping[str, ArrayLike], own: Mapping[str, float]
) -> tuple[Offers, Candidates]:
    """The offers at given parameters, and the equilibrium of each that the offering player likes best."""
    scenario, player = study.scenario, study.cast.codes[RU]
    by_type = [scenario.drawn_for(scenario.of_type(player, name), parameters) for name in names]
    here = offers_of(study, by_type, own, "aligned")
    best: Candidates | None = None
    worth: Floats = np.full(here.games.prior.shape, -np.inf)
    for one in equilibria(here.games):
        if best is not None and not one.valid.any():
            continue
        with np.errstate(invalid="ignore"):
            value = np.where(one.valid, expected(here.games, one)[2], -np.inf)
        better = value > worth
        kept = one if best is None else best
        best = Candidates(
            one.valid | kept.valid,
            np.where(better, one.answers, kept.answers),
            np.where(better, one.goes_on, kept.goes_on),
        )
        worth = np.asarray(np.maximum(worth, value))
    assert best is not None
    return here, best


def _thresholds(games: Screening) -> Floats:
    first, second = games.delivered[1, :, CONTINUE] - games.delivered[1, :, SNAP]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((first < 0) == (second < 0), np.nan, -first / (second - first))


# Many games -----------------------------------------------------------------------------------------------------------


def _best(games: Screening) -> tuple[Ints, Floats, Ints, Floats]:
    """Kind, payoff of the receiver, number of kinds and posterior of the equilibrium that the receiver likes best."""
    shape = games.prior.shape
    kind, worth, after = np.full(shape, -1), np.full(shape, -np.inf), np.full(shape, np.nan)
    several = np.zeros((len(KINDS), *shape), dtype=bool)
    for one in equilibria(games):
        if not one.valid.any():
            continue
        with np.errstate(invalid="ignore"):
            value = np.where(one.valid, expected(games, one)[2], -np.inf)
            own = kinds(games, one)
        better = value > worth
        after = np.where(better, posteriors(games, one)[LOOKS], after)
        kind, worth = np.where(better, own, kind), np.where(better, value, worth)
        for k in range(len(KINDS)):
            several[k] |= one.valid & (own == k)
    return kind, worth, several.sum(axis=0), after


def _shortest(
    study: Study, names: tuple[str, str], own: Mapping[str, float], china: str, believed: Mapping[str, float]
) -> float | None:
    """The shortest watch at which the best equilibrium separates."""
    watches = np.linspace(LONGEST / STEPS, LONGEST, STEPS)
    kind, *_ = _best(offers(study, names, {**own, "watch": watches}, {}, china, believed).games)
    apart = np.flatnonzero(kind == KINDS.index("separating"))
    return float(watches[apart[0]]) if apart.size else None


def _differ(
    study: Study, names: tuple[str, str], table: ScreeningTable, china: str, samples: int, seed: int
) -> tuple[float, float]:
    """How often the types act differently, later under the offer and in their answer if they were known."""
    by_type = drawn_types(study, study.cast.codes[RU], names, samples, seed)
    own = {"watch": table.watch, "observe": table.observe}
    answers = []
    for t in (0, 1):
        here = offers_of(study, by_type, {**own, "prior": float(t)}, china)
        chosen: Ints = np.zeros(samples, dtype=np.intp)
        worth: Floats = np.full(samples, -np.inf)
        for one in equilibria(here.games):
            if not one.valid.any():
                continue
            with np.errstate(invalid="ignore"):
                value = np.where(one.valid, expected(here.games, one)[2], -np.inf)
            chosen = np.where(value > worth, one.answers[t].argmax(axis=0), chosen)
            worth = np.asarray(np.maximum(worth, value))
        answers.append(chosen)
    first, second = here.later
    return float((first.russia != second.russia).mean()), float((answers[0] != answers[1]).mean())


def _axes(over: Sequence[Axis], study: Study) -> list[tuple[Axis, Axis]]:
    """The axes of each map."""
    if not over:
        return [((*first, VALUES), (*second, VALUES)) for first, second in AXES]
    if len(over) != 2 or over[0][0] == over[1][0]:
        raise BadInput(Fault("--over", "", "a map has two different axes; give --over twice, or not at all"))
    known = (*OWN, *study.scenario.values)
    faults = []
    for name, low, high, count in over:
        if name not in known:
            faults.append(Fault("--over", name[:80], unknown("number of this game", name, known)))
            continue
        bounds = OWN_RANGES.get(name)
        inside = all(study.model.catalogue[name].admits(x) for x in (low, high)) if bounds is None else (
            bounds[0] <= low <= bounds[1] and bounds[0] <= high <= bounds[1]
        )  # fmt: skip
        if not inside or not 2 <= count <= 400:
            faults.append(outside(study, (name, low, high, count), bounds))
    if faults:
        raise BadInput(faults)
    return [(over[0], over[1])]


def _map(
    study: Study,
    names: tuple[str, str],
    own: Mapping[str, float],
    axes: tuple[Axis, Axis],
    china: str,
    believed: Mapping[str, float],
) -> Map:
    (first, low, high, count), (second, bottom, top, rows) = axes
    across, up = np.linspace(low, high, count), np.linspace(bottom, top, rows)
    grid = dict(zip((first, second), (x.ravel() for x in np.meshgrid(across, up)), strict=True))
    numbers = {name: grid.get(name, value) for name, value in own.items()}
    settings = {name: x for name, x in grid.items() if name not in OWN}
    games = offers(study, names, numbers, settings, china, believed).games
    kind, _, several, after = (x.reshape(rows, count) for x in _best(games))
    return Map(
        names=(first, second),
        first=tuple(map(float, across)),
        second=tuple(map(float, up)),
        kinds=tuple(tuple(map(int, row)) for row in kind),
        several=tuple(tuple(map(int, row)) for row in several),
        posterior=tuple(tuple(None if np.isnan(x) else float(x) for x in row) for row in after),
    )
