r"""What a gesture tells: of strength, of weakness, or nothing.

A sender of one of two types makes a gesture or not, for show at a cost or as a deed
(:mod:`triangle.questions.signal.gesture.game`); another player sees it and takes its stance. All perfect Bayesian
equilibria are found (:mod:`triangle.solvers.beliefs.signalling`), and each is certified from its tree.

* A type's **gain** is what it gets more where it is taken for the second type than where it is taken for the first. A
  cost for show tells the second type from the first if it lies between their gains, less what a deed costs each by
  itself: more and the second does not make the gesture, less and the first makes it too (Spence 1973; Fearon 1997). If
  the first gains more, the gesture is rather a sign of the first.
* **Trust** is the least belief in the second type at which the receiver does what it would do if it knew that type: 0
  where it does so whatever it believes.
* Maps show the equilibrium that the receiver likes best, and of equals the one in which the gesture is made least.

References
----------
Spence, M. (1973). Job market signaling. *Quarterly Journal of Economics* 87(3), 355-374.
Fearon, J. D. (1997). Signaling foreign policy interests. *Journal of Conflict Resolution* 41(1), 68-90.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from triangle.base.arguments import Seed
from triangle.base.errors import BadInput, Fault, unknown
from triangle.games.normal_form import Floats
from triangle.games.tree import Tree
from triangle.measures.types import drawn_types
from triangle.questions.signal.gesture.game import OWN, Gestures, Ints, Roles, gestures, gestures_of, opposes
from triangle.questions.signal.gesture.record import Gesture, Gestured, Shown
from triangle.questions.signal.record import VALUES, Axis, Map, Mixture
from triangle.scenarios.file import GestureTable
from triangle.solvers.beliefs.certificate import certify_beliefs
from triangle.solvers.beliefs.refinements import REFINEMENTS
from triangle.solvers.beliefs.signalling import (
    KINDS,
    SENT,
    SILENT,
    Sent,
    Signalling,
    beliefs,
    equilibria,
    expected,
    kinds,
    least_belief,
    posteriors,
)
from triangle.solvers.beliefs.supports import Assessment, vouch
from triangle.study.study import Study, check_alone

#: What the two messages are called in trees.
MESSAGES = ("no gesture", "gesture")
#: Least and greatest prior of a map, and what its costs go up to at least, in billion dollars a year.
PRIORS, COSTS = (0.02, 0.98), 10.0
#: Priors, costs and years that may be asked for.
BOUNDS = {"prior": (1e-9, 1 - 1e-9), "cost": (0.0, 1e5), "years": (1e-3, 50.0)}


def gesture(
    study: Study,
    *,
    types: Sequence[str] = (),
    receiver: str = "",
    prior: float | None = None,
    cost: float | None = None,
    over: Sequence[Axis] = (),
    refine: Sequence[str] = (),
    samples: int = 1024,
    seed: Seed = 0,
) -> Gesture:
    """What a gesture of a player of unknown type tells another one; see the module.

    Parameters
    ----------
    study : Study
        Of a scenario with types of a player and a ``[gesture]`` of it.
    types : sequence of str
        The two that are meant, the one last whose prior is asked; by default the scenario's.
    receiver : str, optional
        Another player who sees it; the scenario's by default.
    prior, cost : float, optional
        Probability of the second type, billion dollars a year; the scenario's by default.
    over : sequence of (name, low, high, count)
        Two axes of one map in place of that of prior and cost.
    refine : sequence of str
        Of :data:`~triangle.solvers.beliefs.refinements.REFINEMENTS`; each says what it removes and why.
    samples, seed : int
        Draws for how often the types differ.

    Raises
    ------
    BadInput
        If the scenario knows no gesture, or a name or number is not sound.

    Examples
    --------
    >>> from triangle.study.load import load
    >>> found = gesture(load("parade"), samples=16, over=[("prior", 0.1, 0.9, 3), ("cost", 0, 100, 3)])
    >>> found.sender, found.receiver, found.types, found.verdict
    ('CN', 'RU', ('cool', 'firm'), 'complete')
    """
    check_alone(study, "gesture")
    names, table = _asked(study, types, receiver)
    for name in refine:
        if name not in REFINEMENTS:
            raise BadInput(Fault("--refine", "", unknown("refinement", name, REFINEMENTS)))
    own = {"prior": _within("prior", table.prior if prior is None else prior),
           "cost": _within("cost", table.cost if cost is None else cost)}  # fmt: skip
    here, roles = gestures(study, names, table, own, {}), Roles.of(study, table)
    found = tuple(_gestured(study, here.games, one, roles, refine) for one in _distinct(here.games))
    if not found:
        raise RuntimeError("a finite game has an equilibrium (Kreps and Wilson 1982); none was found")
    # What is for show is chosen; what the deed costs by itself each type bears as it is.
    first, second = (float(gain - spent + own["cost"]) for gain, spent in zip(here.gains, here.costs, strict=True))
    held = study.hold.get(roles.third)
    return Gesture(
        scenario=study.scenario.name,
        form=study.model.form.name,
        sender=table.sender,
        receiver=table.receiver,
        third=study.cast.codes[roles.third],
        held="" if held is None else study.cast.actions[roles.third][held],
        types=names,
        because=tuple(study.scenario.types[table.sender][name].because for name in names),  # type: ignore[arg-type]
        **own,
        deed=table.deed,
        instead=table.instead,
        years=table.years,
        samples=samples,
        seed=seed,
        differ=_differ(study, names, table, samples, seed),
        shown=(_shown(study, here, names, roles, 0), _shown(study, here, names, roles, 1)),
        kinds=KINDS,
        verdict=vouch(here.games.tree(), float(here.games.prior), [one.payoffs for one in found]),
        equilibria=found,
        telling=(first, second),
        trust=float(least_belief(here.games.receiver[:, SILENT])),
        passed_over=int(sum(np.maximum(0, one.others).sum() for one in here.after)),
        maps=tuple(_map(study, names, table, own, axes) for axes in [_axes(over, study, here)]),
        cast=study.cast,
    )


def gesture_tree(study: Study) -> Tree:
    """The signalling game of a gesture as a tree, what follows each reply folded into its payoffs."""
    names, table = _asked(study, (), "")
    games = gestures(study, names, table, {}, {}).games
    return games.tree(
        (table.sender, table.receiver), names, MESSAGES, study.cast.actions[Roles.of(study, table).receiver]
    )


def _asked(study: Study, types: Sequence[str], receiver: str) -> tuple[tuple[str, str], GestureTable]:
    """The two types and the gesture that are meant, or what is wrong with what was asked."""
    scenario, cast, table = study.scenario, study.cast, study.scenario.gesture
    if table is None:
        raise BadInput(Fault("SCENARIO", scenario.name, "has no gesture ([gesture]); parade has"))
    if receiver and receiver not in cast.codes:
        raise BadInput(Fault("--receiver", "", unknown("player", receiver, cast.codes)))
    if receiver == table.sender:
        raise BadInput(Fault("--receiver", "", f"{receiver} makes the gesture; expected another player"))
    table = replace(table, receiver=receiver or table.receiver)
    players = [(key, getattr(table, key)) for key in ("sender", "receiver")]
    faults = [Fault(scenario.name, f"gesture.{key}", unknown("player", code, cast.codes[:3]))
              for key, code in players if code not in cast.codes[:3]]  # fmt: skip
    if faults:
        raise BadInput(faults)
    actions, known = cast.actions[cast.player(table.sender)], scenario.types.get(table.sender, {})
    faults += [Fault(scenario.name, f"gesture.{key}", unknown(f"action of {table.sender}", action, actions))
               for key in ("deed", "instead") if (action := getattr(table, key)) and action not in actions]  # fmt: skip
    names = tuple(types) or tuple(known)[:2]
    faults += [
        Fault("--types", "", unknown(f"type of {table.sender}", name, known)) for name in names if name not in known
    ]
    if not faults and len(set(names)) != 2:
        faults.append(Fault("--types", "", f"found {', '.join(names) or 'none'}; expected two types of {table.sender}"))
    if faults:
        raise BadInput(faults)
    return (names[0], names[1]), table


def _within(name: str, value: float) -> float:
    low, high = BOUNDS[name]
    if not low <= value <= high:
        raise BadInput(Fault(f"--{name}", "", f"found {value:g}; expected a number from {low:g} to {high:.10g}"))
    return float(value)


# One game -------------------------------------------------------------------------------------------------------------


def _distinct(game: Signalling) -> list[Sent]:
    """The equilibria of one game, each outcome once."""
    found: list[Sent] = []
    seen: list[Floats] = []
    for one in equilibria(game):
        if one.valid:
            on = np.stack([1 - one.sends, one.sends], axis=1)[:, :, None] * one.replies[None]
            if all(np.abs(on - other).max() > 1e-6 for other in seen):
                found.append(one)
                seen.append(on)
    return found


def _gestured(study: Study, game: Signalling, one: Sent, roles: Roles, refine: Sequence[str]) -> Gestured:
    after, held = posteriors(game, one), beliefs(game, one)
    tree, played = _played(game, one, held)
    checked = certify_beliefs(tree, played.strategies, played.beliefs)
    removed = [(name, REFINEMENTS[name](tree, played)) for name in refine]
    actions = study.cast.actions[roles.receiver]
    return Gestured(
        kind=KINDS[int(kinds(one))],
        makes=(float(one.sends[0]), float(one.sends[1])),
        replies=(_mixture(actions, one.replies[SILENT]), _mixture(actions, one.replies[SENT])),
        posterior=tuple(None if np.isnan(x) else float(x) for x in after),  # type: ignore[arg-type]
        belief=tuple(map(float, held)),  # type: ignore[arg-type]
        payoffs=tuple(map(float, expected(game, one))),  # type: ignore[arg-type]
        largest_gain=max(checked.gains),
        residual=checked.residual,
        removed=tuple((name, why) for name, why in removed if why),
    )


def _mixture(actions: Sequence[str], odds: Floats) -> Mixture:
    return tuple((name, float(p)) for name, p in zip(actions, odds, strict=True) if p > 0)


def _played(game: Signalling, one: Sent, held: Floats) -> tuple[Tree, Assessment]:
    """The tree of a game, and an equilibrium as strategies and beliefs on it."""
    tree = game.tree(messages=MESSAGES)
    plays: dict[str, Sequence[float]] = {
        name: (1 - one.sends[t], one.sends[t]) for t, name in enumerate(("first", "second"))
    }
    plays |= {f"after {name}": tuple(one.replies[m]) for m, name in enumerate(MESSAGES)}
    trusted: dict[str, Sequence[float]] = {"first": (1.0,), "second": (1.0,)}
    trusted |= {f"after {name}": (1 - held[m], held[m]) for m, name in enumerate(MESSAGES)}
    names = [found.name for found in tree.sets]
    strategies, beliefs_ = (tuple(tuple(map(float, rows[name])) for name in names) for rows in (plays, trusted))
    return tree, Assessment(strategies, beliefs_)


def _shown(study: Study, here: Gestures, names: tuple[str, str], roles: Roles, t: int) -> Shown:
    reply = int(here.known[t])
    sender, third = (int(x) for x in here.after[t].actions[:, reply])
    actions = study.cast.actions
    return Shown(
        type=names[t],
        reply=actions[roles.receiver][reply],
        answer=actions[roles.sender][sender],
        third=actions[roles.third][third],
        gain=float(here.gains[t]),
        cost=float(here.costs[t]),
    )


# Numbers of a gesture for other questions -----------------------------------------------------------------------------

#: Numbers of a gesture that may be asked for, with their units; `gain` is followed by a type's name.
MEASURES = {"gain": "bn USD/yr", "apart": "bn USD/yr", "dearer": "bn USD/yr", "trust": "fraction", "opposed": "stances"}


@dataclass(frozen=True, eq=False)
class GestureMeasure:
    """A number of a gesture.

    ``gain:TYPE``
        What the type gains by being taken for the second rather than for the first.
    ``apart``
        The second type's gain less the first one's: above nought the gesture is rather a sign of the second.
    ``dearer``
        What the gesture costs the second type more than the first.
    ``trust``
        As in :class:`~triangle.questions.signal.gesture.record.Gesture`.
    ``opposed``
        1 where the receiver opposes the sender if it knows the first type and not if it knows the second; −1 the other
        way round, else 0.

    Attributes
    ----------
    text, unit : str
    at : function
        From parameters by name, scalars or arrays of samples, to the number.
    """

    text: str
    unit: str
    at: Callable[[Mapping[str, ArrayLike]], Floats]


def gesture_measure(study: Study, text: str, receiver: str = "") -> GestureMeasure:
    """The measure of this name.

    Raises
    ------
    BadInput
        If the scenario knows no gesture, or there is no such measure.
    """
    names, table = _asked(study, (), receiver)
    what, _, of = text.partition(":")
    if what not in MEASURES or (what == "gain") != (of in names) or (what != "gain" and ":" in text):
        known = [*(f"gain:{name}" for name in names), *list(MEASURES)[1:]]
        raise BadInput(Fault("measure", "", unknown("number of a gesture", text, known)))
    roles = Roles.of(study, table)

    def at(parameters: Mapping[str, ArrayLike]) -> Floats:
        by_type = [study.scenario.drawn_for(study.scenario.of_type(table.sender, name), parameters) for name in names]
        here = gestures_of(study, by_type, table, {})
        if what == "gain":
            return np.asarray(here.gains[names.index(of)])
        if what in ("apart", "dearer"):
            first, second = here.gains if what == "apart" else here.costs
            return np.asarray(second - first)
        if what == "trust":
            return least_belief(here.games.receiver[:, SILENT])
        first, second = (opposes(reply, roles.receiver, roles.sender) for reply in here.known)
        return np.asarray(first.astype(np.float64) - second)

    return GestureMeasure(text, MEASURES[what], at)


# Many games -----------------------------------------------------------------------------------------------------------


def _differ(study: Study, names: tuple[str, str], table: GestureTable, samples: int, seed: int) -> tuple[float, float]:
    """How often the types do different things after some reply, and the receiver replies to them differently."""
    here = gestures_of(study, drawn_types(study, table.sender, names, samples, seed), table, {})
    first, second = (one.actions[0] for one in here.after)
    replies = here.known
    return float((first != second).any(axis=0).mean()), float((replies[0] != replies[1]).mean())


def _best(games: Signalling) -> tuple[Ints, Ints, Floats]:
    """Kind, number of kinds and posterior after the gesture of the equilibrium that the receiver likes best."""
    shape = games.prior.shape
    kind, worth = np.full(shape, -1), np.full(shape, -np.inf)
    after, made = np.full(shape, np.nan), np.full(shape, np.inf)
    several = np.zeros((len(KINDS), *shape), dtype=bool)
    unit = 1e-9 * np.maximum(1.0, np.abs(games.receiver).max(axis=(0, 1, 2)))
    for one in equilibria(games):
        with np.errstate(invalid="ignore"):
            value, own, sent = expected(games, one)[2], kinds(one), one.sends.sum(axis=0)
            better = one.valid & ((value > worth + unit) | ((value >= worth - unit) & (sent < made)))
        after, kind = np.where(better, posteriors(games, one)[SENT], after), np.where(better, own, kind)
        worth, made = np.where(better, value, worth), np.where(better, sent, made)
        for k in range(len(KINDS)):
            several[k] |= one.valid & (own == k)
    return kind, several.sum(axis=0), after


def _axes(over: Sequence[Axis], study: Study, here: Gestures) -> tuple[Axis, Axis]:
    """The axes of the map."""
    if not over:
        top = max(COSTS, float(1.25 * here.gains.max()))
        return ("prior", *PRIORS, VALUES), ("cost", 0.0, top, VALUES)
    if len(over) != 2 or over[0][0] == over[1][0]:
        raise BadInput(Fault("--over", "", "a map has two different axes; give --over twice, or not at all"))
    known = (*OWN, *study.scenario.values)
    faults = []
    for name, low, high, count in over:
        if name not in known:
            faults.append(Fault("--over", name[:80], unknown("number of this game", name, known)))
        elif not (_inside(study, name, low) and _inside(study, name, high) and 2 <= count <= 400):
            faults.append(outside(study, (name, low, high, count), BOUNDS.get(name)))
    if faults:
        raise BadInput(faults)
    return over[0], over[1]


def outside(study: Study, axis: Axis, ends: tuple[float, float] | None) -> Fault:
    """That an axis of a map reaches beyond its ends, or beyond those of the parameter that it is, or is too long."""
    name, low, high, count = axis
    within = study.model.catalogue[name].hard_text if ends is None else f"from {ends[0]:g} to {ends[1]:.10g}"
    return Fault("--over", name, f"found {low:g}:{high:g}:{count}; expected 2 to 400 values {within}")


def _inside(study: Study, name: str, value: float) -> bool:
    if name in BOUNDS:
        return BOUNDS[name][0] <= value <= BOUNDS[name][1]
    return bool(study.model.catalogue[name].admits(value))


def _map(
    study: Study, names: tuple[str, str], table: GestureTable, own: Mapping[str, float], axes: tuple[Axis, Axis]
) -> Map:
    (first, low, high, count), (second, bottom, top, rows) = axes
    across, up = np.linspace(low, high, count), np.linspace(bottom, top, rows)
    grid = dict(zip((first, second), (x.ravel() for x in np.meshgrid(across, up)), strict=True))
    numbers: dict[str, ArrayLike] = {**own, **{name: x for name, x in grid.items() if name in OWN}}
    settings = {name: x for name, x in grid.items() if name not in OWN}
    games = gestures(study, names, table, numbers, settings).games
    kind, several, after = (x.reshape(rows, count) for x in _best(games))
    return Map(
        names=(first, second),
        first=tuple(map(float, across)),
        second=tuple(map(float, up)),
        kinds=tuple(tuple(map(int, row)) for row in kind),
        several=tuple(tuple(map(int, row)) for row in several),
        posterior=tuple(tuple(None if np.isnan(x) else float(x) for x in row) for row in after),
    )
