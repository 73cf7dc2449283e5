r"""How the triangle goes over the years, in many worlds: Markov-perfect play of a path.

In each world, a draw of what is uncertain in the scenario and of the path's own rates, the staged game of the path is
solved by backward induction (:mod:`triangle.solvers.markov.backward`), its policy is certified by one-shot deviations
(:mod:`triangle.solvers.markov.certificate`) and carried forward from the start. Reported are the probabilities of the
configurations by year, their mean and spread over worlds, and the **hazard of a split**: the probability that Russia
and China, linked one year, are linked no longer in the next, pooled over worlds.

The share of the variance that rests on judged rates is the total effect of these rates as a group (Jansen 1999): with
:math:`y` the probabilities in a world and :math:`y'` those in the same world with the judged rates drawn anew,

.. math:: S = \sum_k \tfrac12 \mathbb{E} (y_k - y'_k)^2 \Big/ \sum_k \operatorname{Var} y_k .

**Commitment** is worth to another player the difference of its value at the start between the path in which one
player's promises are never reversed and the path as it is. The player's own values under administrations that weigh
things differently are not comparable and are not reported.

**Waiting**: flexibility is worth to a player its value less that of the best single action in all years and states,
against the others' strategies as they are; it cannot be negative. The **window** is open in a year to the extent that
the player then does something else if its suitor courts it that year than if the suitor opposes it, all later play
being as before.

References
----------
Jansen, M. J. W. (1999). Analysis of variance designs for model output. *Computer Physics Communications* 117, 35-43.
Maskin, E. and Tirole, J. (2001). Markov perfect equilibrium, I: Observable actions. *Journal of Economic Theory*
100(2), 191-219.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from triangle.base.errors import BadInput, Fault, shorten, unknown
from triangle.base.records import LARGEST
from triangle.games.staged import Policy, StagedGame, remembering
from triangle.model.model import Model
from triangle.players.axes import CN, POWERS, RU, US
from triangle.players.cast import Cast
from triangle.players.configurations import configurations, stance
from triangle.questions.path.record import Band, Certificate, Commitment, Course, PolicyMap, Turn, Waiting, Year
from triangle.scenarios.path import Path, StateVariable
from triangle.scenarios.scenario import override
from triangle.solvers.markov import forward
from triangle.solvers.markov.backward import MarkovSolution, lookahead, solve_markov
from triangle.solvers.markov.bounds import bounds
from triangle.solvers.markov.certificate import certify
from triangle.solvers.markov.stage import RULES, Rule, choose, status_quo
from triangle.study.course import Worlds, one_world, staged_game, start_of
from triangle.study.study import study
from triangle.sweeps.run import plan

Floats = NDArray[np.float64]
Holds = Mapping[int, Mapping[int, int | None]]
Progress = Callable[[int, int], None]

#: How one of several equilibria may be picked; ``bounds`` is ``margin`` with what no selection decides.
SELECTIONS = (*RULES, "status_quo", "bounds")
#: State-worlds solved at a time.
_AT_ONCE = 25_600
#: Years of which maps of play are kept, as shares of the horizon.
_MAPS = (0.0, 0.25, 0.75, 1.0)
#: Change of a probability that counts as moved.
_MOVED = 0.01


@dataclass(frozen=True, eq=False)
class Kinds:
    """Configurations in order of profile, and the place of each profile's among them.

    Attributes
    ----------
    keys : tuple of str
    of : array of int, one axis a player
        The place of each profile's configuration.
    linked : tuple of bool
        Whether Russia and China are linked in a configuration.
    no_link, pivot : int
        The places of no link at all, and of the romantic triangle with Russia as pivot.
    """

    cast: Cast
    keys: tuple[str, ...]
    of: NDArray[np.int64]
    linked: tuple[bool, ...]
    no_link: int
    pivot: int


@cache
def kinds_of(cast: Cast) -> Kinds:
    """The configurations of a cast's game."""
    found = configurations(cast)
    keys = tuple(dict.fromkeys(one.key for one in found))
    places = np.array([keys.index(one.key) for one in found]).reshape(cast.shape)
    places.setflags(write=False)
    linked = tuple(any(one.key == key and (RU, CN) in one.links for one in found) for key in keys)
    return Kinds(cast, keys, places, linked, keys.index("unit_veto"), keys.index(f"romantic_triangle:{cast.codes[RU]}"))


def draw_worlds(path: Path, model: Model, samples: int, seed: int, again: bool = False) -> Worlds:
    """Worlds of a path: the scenario's uncertain parameters from its prior box, the path's numbers from their ranges.

    Parameters
    ----------
    samples : int
        1 is the world of the given values.
    again : bool
        Whether the judged numbers of the path are drawn anew, all else being the same.
    """
    if samples == 1:
        return one_world(path)
    design = plan([study(model, path.scenario)], None, samples, seed=seed)
    values = {name: np.atleast_1d(np.asarray(x, dtype=np.float64)) for name, x in design.at(0, 0, samples).items()}
    first, second = (np.random.default_rng([seed, turn]) for turn in (1, 2))
    numbers = {}
    for number in path.uncertain:
        units = first.random(samples), second.random(samples)
        unit = units[again and number.backing == "judgement"]
        numbers[number.name] = number.low + unit * (number.high - number.low)
    return Worlds({name: x for name, x in values.items() if name in path.scenario.values}, numbers)


def with_settings(path: Path, settings: Sequence[str], model: Model) -> Path:
    """The path with parameters of its scenario, or numbers of its own, set as ``NAME=VALUE``."""
    own = {number.name for number in path.uncertain}
    others = []
    for setting in settings:
        name, _, text = (part.strip() for part in setting.partition("="))
        if name in path.governed:
            raise BadInput(Fault("--set", name, "is set by the state of this path; use --start, or set a rate"))
        if name in own:
            path = path.number(name, _number(name, text))
        else:
            others.append(setting)
    return replace(path, scenario=override(path.scenario, others, model))


def _number(name: str, text: str) -> float:
    try:
        value = float(text if text.isascii() else "")
    except ValueError:
        value = float("nan")
    if not abs(value) <= LARGEST:
        raise BadInput(Fault("--set", name, f"found {shorten(text)}; expected a number"))
    return value


@dataclass(frozen=True, eq=False)
class _Solved:
    """The game of some worlds, with its solution, what it leads to, and its certificate."""

    game: StagedGame
    solution: MarkovSolution
    ahead: forward.Course
    start: Floats
    largest_gain: float
    span: float
    kinds: Kinds


def _solved(path: Path, model: Model, worlds: Worlds, rule: str, holds: Holds) -> _Solved:
    game, start, kinds = staged_game(path, model, worlds, holds), start_of(path), kinds_of(model.cast)
    picked: Rule = RULES["margin" if rule in ("bounds", "status_quo") else rule]
    if rule == "status_quo":
        game = remembering(game, kinds.of)
        picked = status_quo(game.levels, kinds.of)
        # What was played before the first year is what the scenario plays today, by the largest margin.
        quo = study(model, path.scenario).solve().present
        last = kinds.keys.index(max(quo, key=lambda f: f.margin).configuration.key) if quo else 0
        start = (start[:, None] * np.eye(len(kinds.keys))[last]).reshape(-1)
    solution = solve_markov(game, picked)
    checked = certify(game, solution.policy)
    ahead = forward.course(game, solution.policy, start, kinds.of)
    return _Solved(game, solution, ahead, start, checked.epsilon, checked.span, kinds)


def _pieces(
    path: Path, model: Model, worlds: Worlds, rule: str, progress: Progress | None
) -> Iterator[tuple[slice, Worlds]]:
    remembered = len(kinds_of(model.cast).keys) if rule == "status_quo" else 1
    states = int(np.prod([len(state.levels) for state in path.states])) * remembered
    step = max(1, _AT_ONCE // states)
    for begin in range(0, worlds.count, step):
        piece = slice(begin, min(begin + step, worlds.count))
        yield piece, worlds.part(piece)
        if progress is not None:
            progress(piece.stop, worlds.count)


def _check_rule(rule: str) -> None:
    if rule not in SELECTIONS:
        raise BadInput(Fault("--select", "", unknown("rule of selection", rule, SELECTIONS)))


def path_course(
    path: Path,
    model: Model,
    samples: int = 200,
    seed: int = 0,
    rule: str = "margin",
    holds: Holds | None = None,
    held_texts: Sequence[str] = (),
    progress: Progress | None = None,
) -> Course:
    """How the triangle goes over the years of a path; see the module.

    Parameters
    ----------
    samples : int
        Worlds; 1 is the world of the given values.
    rule : str
        One of :data:`SELECTIONS`.
    holds : mapping of int to {int: int}, optional
        Players held by year.
    held_texts : sequence of str
        The same as they were written, for the record.

    Examples
    --------
    >>> from triangle.model.model import read_model
    >>> from triangle.scenarios.path import read_path
    >>> model = read_model()
    >>> found = path_course(read_path("path_baseline", model), model, samples=1)
    >>> found.years[0].year, found.configurations[0], found.certificate.largest_gain < 1e-6
    (2025, 'unit_veto', True)
    """
    _check_rule(rule)
    holds = holds or {}
    worlds = draw_worlds(path, model, samples, seed)
    parts = []
    for _, some in _pieces(path, model, worlds, rule, progress):
        solved = _solved(path, model, some, rule, holds)
        parts.append(_Part.of(path, solved, rule))
    joined = _Part.joined(parts)
    other = None
    if samples > 1 and any(number.backing == "judgement" and number.low < number.high for number in path.uncertain):
        redrawn = draw_worlds(path, model, samples, seed, again=True)
        other = np.concatenate(
            [_kinds(path, model, some, rule, holds) for _, some in _pieces(path, model, redrawn, rule, progress)],
            axis=-1,
        )
    form = study(model, path.scenario).model.form.name
    return _record(path, model.cast, form, worlds, joined, other, samples, seed, rule, tuple(held_texts))


def _kinds(path: Path, model: Model, worlds: Worlds, rule: str, holds: Holds) -> Floats:
    return _solved(path, model, worlds, rule, holds).ahead.kinds


@dataclass(frozen=True, eq=False)
class _Part:
    """What is kept of some worlds; the last axis of every array is the world."""

    kinds: Floats
    changes: Floats
    levels: Floats
    actions: Floats
    values: Floats
    undecided: Floats
    open_: Floats
    gain: Floats
    accepted: Floats
    span: Floats
    counts: Floats

    @classmethod
    def of(cls, path: Path, solved: _Solved, rule: str) -> _Part:
        game, solution, ahead = solved.game, solved.solution, solved.ahead
        worlds = game.samples[0]
        undecided = np.full((len(path.years), worlds), np.nan)
        if rule == "bounds":
            undecided = bounds(game).undecided(game, solved.start, solved.kinds.of).astype(np.float64)
        values = np.einsum("s,isw->iw", solved.start, solution.values[:, 0])
        actions, open_ = _play(path, solved)
        counts = np.array([(solution.count == 0).mean((0, 1)), (solution.count == 1).mean((0, 1)),
                           (solution.count > 1).mean((0, 1)), solution.silent.mean((0, 1))])  # fmt: skip
        return cls(
            ahead.kinds, ahead.changes, _mean_levels(path, ahead.states), actions, values, undecided, open_,
            np.full(worlds, solved.largest_gain), np.full(worlds, solution.epsilon), np.full(worlds, solved.span),
            counts,
        )  # fmt: skip

    @staticmethod
    def joined(parts: Sequence[_Part]) -> _Part:
        names = _Part.__dataclass_fields__
        return _Part(*(np.concatenate([getattr(part, name) for part in parts], axis=-1) for name in names))


def _mean_levels(path: Path, states: Floats) -> Floats:
    """Mean of each state variable by year, shape (years, variables, worlds)."""
    shape = tuple(len(state.levels) for state in path.states)
    spread = states.reshape(len(states), *shape, -1, states.shape[-1]).sum(axis=1 + len(shape))
    rows = []
    for place, state in enumerate(path.states):
        others = tuple(1 + k for k in range(len(shape)) if k != place)
        rows.append(np.einsum("tlw,l->tw", spread.sum(axis=others), np.array(state.levels)))
    return np.stack(rows, axis=1) if rows else np.empty((len(states), 0, states.shape[-1]))


def _play(path: Path, solved: _Solved) -> tuple[Floats, Floats]:
    """Probability of each player's actions by year, and by state that Russia accommodates the United States."""
    game, cast = solved.game, solved.kinds.cast
    numbers = np.array(cast.profiles)
    friendly = np.array([stance(a, RU, US) for a in numbers[:, RU]], dtype=bool)
    actions = np.zeros((len(path.years), len(cast), max(cast.shape), game.samples[0]))
    for player, count in enumerate(cast.shape):
        for action in range(count):
            actions[:, player, action] = solved.ahead.profiles[:, numbers[:, player] == action].sum(axis=1)
    policy = solved.solution.policy
    return actions, np.stack([forward.within(game, policy, t, friendly) for t in range(len(path.years))])


def _band(values: Floats) -> Band:
    low90, low50, high50, high90 = map(float, np.quantile(values, (0.05, 0.25, 0.75, 0.95)))
    return Band(float(values.mean()), low90, low50, high50, high90)


def _record(
    path: Path, cast: Cast, form: str, worlds: Worlds, part: _Part, other: Floats | None, samples: int, seed: int,
    rule: str, held: tuple[str, ...],
) -> Course:  # fmt: skip
    kinds = kinds_of(cast)
    split = part.kinds[:, kinds.no_link] > 0.5
    some = split.any(axis=0)
    return Course(
        cast=cast,
        path=path.name,
        scenario=path.scenario.name,
        form=form,
        first=path.first,
        last=path.last,
        samples=samples,
        seed=seed,
        rule=rule,
        holds=held,
        configurations=kinds.keys,
        states=tuple(state.name for state in path.states),
        years=tuple(_year(year, period, part, other, kinds) for period, year in enumerate(path.years)),
        turns=tuple(_turns(path, worlds, part, kinds)),
        maps=tuple(_maps(path, part)),
        values=tuple(_band(own) for own in part.values),
        split=float(some.mean()),
        split_year=float(np.median(path.first + split.argmax(axis=0)[some])) if some.any() else None,
        certificate=Certificate(
            largest_gain=float(part.gain.max()),
            accepted=float(part.accepted.max()),
            payoff_range=float(part.span.max()),
            state_years=part.open_.shape[1] * len(path.years) * samples,
            **{name: float(row.mean()) for name, row in zip(("none", "one", "several", "silent"), part.counts,
                                                            strict=True)},
        ),
    )  # fmt: skip


def _year(year: int, period: int, part: _Part, other: Floats | None, kinds: Kinds) -> Year:
    is_linked = np.array(kinds.linked)
    linked = part.kinds[period - 1, is_linked].sum() if period else 0.0
    turned = part.changes[period - 1][is_linked][:, ~is_linked].sum() if period else 0.0
    undecided = part.undecided[period]
    return Year(
        year=year,
        configurations=tuple(_band(row) for row in part.kinds[period]),
        actions=tuple(tuple(map(float, row.mean(axis=-1))) for row in part.actions[period]),
        hazard=float(turned / linked) if linked > 0 else None,
        undecided=None if np.isnan(undecided).any() else float(undecided.mean()),
        judged=None if other is None else judged_share(part.kinds[period], other[period]),
        levels=tuple(map(float, part.levels[period].mean(axis=-1))),
    )


#: Probabilities that differ by less are the same but for rounding.
SAME = 1e-12


def judged_share(first: Floats, again: Floats) -> float | None:
    """Total effect of what was drawn anew on several outcomes together, shape (outcomes, worlds); None if none vary.

    >>> judged_share(np.array([[0.0, 1.0]]), np.array([[0.0, 1.0]]))
    0.0
    >>> judged_share(np.array([[1.0, 1.0 - 1e-16]]), np.array([[1.0, 1.0]])) is None
    True
    """
    variance = first.var(axis=-1, ddof=1).sum()
    if variance <= SAME**2:
        return None
    return float(min(1.0, 0.5 * ((first - again) ** 2).mean(axis=-1).sum() / variance))


def _turns(path: Path, worlds: Worlds, part: _Part, kinds: Kinds) -> Iterator[Turn]:
    """Years in which something happens by itself: elections, the likely end of a named state, a meeting."""
    events: list[tuple[int, str]] = []
    for rate in path.rates:
        if rate.reverses:
            events += [(year, rate.number.name.replace(".", ": ")) for year in path.years
                       if rate.holds(year)]  # fmt: skip
    elected = {rate.state for rate in path.rates if rate.reverses}
    for place, state in enumerate(path.states):
        if not state.is_ladder and len(state.labels) == 2 and state.name not in elected:
            events += _crossed(path, state, part.levels[:, place].mean(axis=-1))
    for drift in path.drifts:
        if drift.meets is not None and drift.number is not None:
            year = round(float(np.median(worlds.numbers[drift.number.name])))
            events.append((year, f"{drift.parameter} meets {drift.meets} (median)"))
    means = part.kinds.mean(axis=-1)
    for year, what in sorted(events):
        period = year - path.first
        if 0 < period < len(path.years):
            moved = int(np.abs(means[period] - means[period - 1]).argmax())
            yield Turn(year, what, kinds.keys[moved], float(means[period - 1, moved]), float(means[period, moved]))


def _crossed(path: Path, state: StateVariable, mean: Floats) -> list[tuple[int, str]]:
    """The first year in which another level of two is the likelier one than at the start."""
    begins = mean[0] > 0.5
    later = np.flatnonzero((mean > 0.5) != begins)
    label = state.labels[0 if begins else -1]
    return [(path.first + int(later[0]), f"{state.name}: {label} is likelier than not")] if later.size else []


def _maps(path: Path, part: _Part) -> Iterator[PolicyMap]:
    """Russia's openness to the United States over the first two ladders, the other variables where they start."""
    ladders = [place for place, state in enumerate(path.states) if state.is_ladder][:2]
    if len(ladders) < 2:
        return
    first, second = (path.states[place] for place in ladders)
    shape = tuple(len(state.levels) for state in path.states)
    for share in _MAPS:
        period = round(share * (len(path.years) - 1))
        # A state that remembers has one more variable at the end, over which the mean is taken.
        at = part.open_[period].mean(axis=-1).reshape(*shape, -1).mean(axis=-1)
        for place in reversed(range(len(shape))):
            if place not in ladders:
                at = np.tensordot(at, np.array(path.states[place].start), axes=(place, 0))
        rows = tuple(tuple(map(float, row)) for row in at)
        yield PolicyMap(path.first + period, first.name, second.name, first.labels, second.labels, rows)


# --- Commitment and waiting ----------------------------------------------------------------------------------------


def commitment(
    path: Path, model: Model, player: str, samples: int = 200, seed: int = 0, rule: str = "margin",
    holds: Holds | None = None, progress: Progress | None = None,
) -> Commitment:  # fmt: skip
    """What it is worth to the others that a player's promises are never reversed; see the module.

    Raises
    ------
    BadInput
        If nothing in the path reverses that player's promises.
    """
    _check_rule(rule)
    reversing = [rate for rate in path.rates if rate.reverses == player]
    if not reversing:
        players = sorted({rate.reverses for rate in path.rates if rate.reverses})
        where = f"only those of {', '.join(players)}" if players else "nobody's"
        raise BadInput(Fault("--commit", player, f"nothing in {path.name} reverses its promises, {where}"))
    worlds = draw_worlds(path, model, samples, seed)
    bound = Worlds(
        worlds.values, {**worlds.numbers, **{rate.number.name: np.zeros(worlds.count) for rate in reversing}}
    )
    values, kinds, gains = [], [], [0.0]
    for piece, some in _pieces(path, model, worlds, rule, progress):
        pair = [_solved(path, model, w, rule, holds or {}) for w in (some, bound.part(piece))]
        values.append([np.einsum("s,isw->iw", s.start, s.solution.values[:, 0]) for s in pair])
        kinds.append([s.ahead.kinds for s in pair])
        gains += [s.largest_gain for s in pair]
    free, tied = (np.concatenate([pair[k] for pair in values], axis=-1) for k in (0, 1))
    before, after = (np.concatenate([pair[k] for pair in kinds], axis=-1) for k in (0, 1))
    cast, pivot = model.cast, kinds_of(model.cast).pivot
    others = [i for i, code in enumerate(cast.codes) if code != player]
    return Commitment(
        cast=cast,
        path=path.name,
        player=player,
        samples=samples,
        seed=seed,
        rule=rule,
        gains=tuple((cast.codes[i], _band(tied[i] - free[i])) for i in others),
        moved=float((np.abs(after - before).max(axis=(0, 1)) > _MOVED).mean()),
        years=tuple(
            (year, float(before[t, pivot].mean()), float(after[t, pivot].mean())) for t, year in enumerate(path.years)
        ),
        largest_gain=max(gains),
    )


def waiting(
    path: Path, model: Model, player: str, samples: int = 200, seed: int = 0, rule: str = "margin",
    holds: Holds | None = None, progress: Progress | None = None,
) -> Waiting:  # fmt: skip
    """What flexibility is worth to a player, and until when an offer moves it; see the module.

    The suitor is the United States for Russia and China, Russia for the United States.
    """
    _check_rule(rule)
    cast = model.cast
    if player not in cast.codes:
        raise BadInput(Fault("--wait", "", unknown("player", player, cast.codes)))
    who = cast.player(player)
    suitor = RU if who == US else US
    held = holds or {}
    if any(who in players for players in held.values()):
        raise BadInput(Fault("--hold", player, "goes against --wait, which asks what this player's freedom is worth"))
    worlds = draw_worlds(path, model, samples, seed)
    free, constant, window, gains = [], [], [], [0.0]
    for _, some in _pieces(path, model, worlds, rule, progress):
        solved = _solved(path, model, some, rule, held)
        free.append(np.einsum("s,sw->w", solved.start, solved.solution.values[who, 0]))
        window.append(_window(path, solved, who, suitor))
        rows = [_constant(solved, who, action) for action in range(cast.shape[who])]
        constant.append(np.stack(rows))
        gains.append(solved.largest_gain)
    worth, best = np.concatenate(free), np.concatenate(constant, axis=-1)
    gain = worth - best.max(axis=0)
    open_ = np.concatenate(window, axis=-1)
    there = open_ > 0.5
    some_year = there.any(axis=0)
    last = path.first + len(path.years) - 1 - there[::-1].argmax(axis=0)
    return Waiting(
        cast=cast,
        path=path.name,
        player=player,
        suitor=cast.codes[suitor],
        samples=samples,
        seed=seed,
        rule=rule,
        gain=_band(gain),
        above_one=float((gain > 1.0).mean()),
        constant=tuple(float((best.argmax(axis=0) == action).mean()) for action in range(cast.shape[who])),
        window=tuple((year, float(open_[t].mean())) for t, year in enumerate(path.years)),
        last=_band(last[some_year].astype(np.float64)) if some_year.any() else None,
        never=float(1.0 - some_year.mean()),
        largest_gain=max(gains),
    )


def _constant(solved: _Solved, who: int, action: int) -> Floats:
    """Value to a player, in each world, of one action for ever against the others' strategies as they are."""
    policy, size = solved.solution.policy, solved.game.actions
    stride = int(np.prod(size[who + 1 :]))
    others = policy.profiles - policy.profiles // stride % size[who] * stride
    mixed = list(policy.mixed)
    mixed[who] = np.zeros_like(mixed[who])
    mixed[who][action] = 1.0
    profiles = np.where(policy.profiles < 0, -1, others + action * stride)
    changed = certify(solved.game, Policy(profiles, policy.places, tuple(mixed)))
    return np.asarray(np.einsum("s,sw->w", solved.start, changed.values[who, 0]))


def _window(path: Path, solved: _Solved, who: int, suitor: int) -> Floats:
    """By year and world, the probability that a player's action differs between being courted and being opposed."""
    game, later = solved.game, solved.solution.values
    actions = range(solved.kinds.cast.shape[suitor])
    courting = next(a for a in actions if stance(a, suitor, who) and not _other_stance(a, suitor, who))
    opposing = next(a for a in actions if not stance(a, suitor, who) and not _other_stance(a, suitor, who))
    states = np.repeat(np.arange(game.states), game.samples[0])
    result = np.empty((len(path.years), game.samples[0]))
    for period in range(len(path.years)):
        worth = lookahead(game, period, later[:, period + 1])
        replies = [_reply(game, worth, who, suitor, action, states) for action in (courting, opposing)]
        differs = (replies[0] != replies[1]).reshape(game.states, -1)
        result[period] = (solved.ahead.states[period] * differs).sum(axis=0)
    return result


def _other_stance(action: int, player: int, target: int) -> int:
    other = next(i for i in POWERS if i not in (player, target))
    return stance(action, player, other)


def _reply(
    game: StagedGame, worth: Floats, who: int, suitor: int, action: int, states: NDArray[np.intp]
) -> NDArray[np.intp]:
    """A player's likeliest action in each state and world, its suitor held for one year."""
    keep = tuple(slice(action, action + 1) if i == suitor else slice(None) for i in range(len(game.actions)))
    left = (1 if i == suitor else count for i, count in enumerate(game.actions))
    flat = worth[(slice(None), *keep)].reshape(len(game.actions), *left, -1)
    chosen = choose(flat, RULES["margin"], states)
    actions = np.array(np.unravel_index(np.maximum(chosen.profiles, 0), flat.shape[1:-1])[who])
    actions[chosen.places] = chosen.mixed[who].argmax(axis=0)
    return actions
