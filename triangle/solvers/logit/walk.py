"""The walk along the principal logit branch: predict, correct, prove, for many games at once.

Notation is that of :mod:`triangle.solvers.logit.branch`. A step that :mod:`triangle.solvers.logit.steps` does
not find to stay on the branch is tried again at a shorter length.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import partial

import numpy as np

from triangle.games.normal_form import Bools, Floats
from triangle.solvers.logit.equations import (
    Form,
    Ints,
    Tables,
    expected_advantages,
    linearise,
    solve_linear,
)
from triangle.solvers.logit.proof import prove
from triangle.solvers.logit.steps import Ends, Judge, in_blocks, measure, slopes_of


@dataclass(frozen=True)
class Pace:
    """How boldly a branch is followed. Lengths are arc lengths in log-odds and scaled λ.

    Attributes
    ----------
    relative : largest step, as a share of 1 + λ, for paths that are drawn; no limit by default.
    turn : smallest cosine between the tangents at both ends of a step, for the same.
    sweeps : corrections of one game after which it is given up.
    judge : what a step is accepted by.
    settle : length of the next Newton step up to which a point is good enough, as a share of the step and as a length;
        that step is still made, but G and its derivative are those of before it.
    """

    relative: float = np.inf
    turn: float = -1.0
    sweeps: int = 3000
    judge: Judge = measure
    settle: float = 1e-7


#: For all games; for those that are lost; and where a proof is asked for.
MEASURED, CAREFUL, PROVED = Pace(settle=1e-2), Pace(), Pace(judge=prove)
#: Component of the tangent along λ below which a fold may be near, so that the tangent must be exact.
_STEEP = 0.1
#: Largest growth of a step over the one before.
_GROWTH = 2.5
#: Largest first correction that is trusted, as a share of the step.
_REACH = 0.5
#: The last point must be exact: expected length of one more correction, times one plus the scaled λ, by which an
#: error in log-odds is multiplied in the residual.
_FINAL = 1e-11
#: Corrections that no longer shrink below this, and below this share of the step, are rounding: the proof, and at the
#: target the residual, judge what it has done.
_STALL, _REACH_STALLED = 1e-6, 1e-2
#: Corrections of one point after which the step is refused.
_TRIES = 8
#: Where steps shorter than this are refused, the branch meets another one or comes so near to it that rounding could
#: hide it: a leap straight on is counted as a crossing.
CROSSING = 1e-5
LEAP = 4 * CROSSING
#: Turn of the tangent over such a leap beyond which it has not gone straight on.
_STRAIGHT = 1e-3
_SHORTEST = 1e-9
#: Keeps a step of length zero, which ends where it began, from dividing by zero.
_TINY = 1e-300
#: Share of the λ up to which the equilibrium is the only one that is gone to at once.
_SAFE = 0.9


@dataclass(eq=False)
class _Lanes:
    """Working state of the games under way; the last axis of every array is the game.

    `base` is the last accepted point (log-odds and λ), `tangent`, `bend` and `jerk` the derivatives of the branch
    there, `slopes` and `value` G' and G. `point` is the point under correction, after `tries` corrections of which the
    last had length `latest`, predicted by a step of length `step`; `held` where its λ is fixed, `last` where it should
    end at the target; `leaping` where a leap is tried. `alone` is the λ up to which there is no other equilibrium.
    """

    game: Ints
    target: Floats
    alone: Floats
    base: Floats
    tangent: Floats
    bend: Floats
    jerk: Floats
    slopes: Floats
    value: Floats
    stride: Floats
    age: Ints
    point: Floats
    step: Floats
    held: Bools
    last: Bools
    tries: Ints
    latest: Floats
    folds: Ints
    crossings: Ints
    arrived: Bools
    leaping: Bools

    @classmethod
    def start(cls, form: Form, tables: Tables, target: Floats, first_game: int) -> _Lanes:
        games, size = len(target), form.size
        uniform = form.mixed(np.zeros((size, games)))
        tangent = np.concatenate([expected_advantages(form, tables.gains, uniform), np.ones((1, games))])
        norm = np.sqrt(np.einsum("im,im->m", tangent, tangent))
        slopes = np.zeros((size, size + 1, games))
        np.einsum("iim->im", slopes[:, :size])[...] = 1.0
        slopes[:, size] = -tangent[:-1]
        alone = _SAFE * tables.contracting(form)
        vector, number = partial(np.zeros, (size + 1, games)), partial(np.zeros, games)
        count, never = partial(np.zeros, games, dtype=np.intp), partial(np.zeros, games, dtype=bool)
        return cls(
            game=np.arange(first_game, first_game + games), target=target, alone=alone, base=vector(),
            tangent=tangent / norm, bend=vector(), jerk=vector(), slopes=slopes, value=vector()[1:],
            stride=np.where(alone < target, alone * norm, np.inf), age=count(), point=vector(), step=number(),
            held=never(), last=never(), tries=count(), latest=number(), folds=count(), crossings=count(),
            arrived=never(), leaping=never(),
        )  # fmt: skip

    def keep(self, which: Ints | Bools) -> _Lanes:
        return _Lanes(*(getattr(self, name)[..., which] for name in _NAMES))

    def join(self, other: _Lanes) -> _Lanes:
        pairs = ((getattr(self, name), getattr(other, name)) for name in _NAMES)
        return _Lanes(*(np.concatenate(pair, axis=-1) for pair in pairs))

    def predict(self, which: Ints, pace: Pace) -> None:
        """Set out from the base of the lanes in `which`, by the cubic that fits the last two points and tangents."""
        base, tangent, bend, jerk, target = (
            a[..., which] for a in (self.base, self.tangent, self.bend, self.jerk, self.target)
        )
        slope, gap = tangent[-1], target - base[-1]
        root = np.sqrt(slope * slope + 2 * bend[-1] * gap)
        room = np.where(slope + root > 1e-6, 2 * gap / (slope + root), np.inf)
        step = np.minimum(np.minimum(self.stride[which], pace.relative * (1 + np.abs(base[-1]))), room)
        last = step >= room
        point = base + step * (tangent + step * (bend / 2 + step * jerk / 6))
        point[-1] = np.where(last, target, point[-1])
        self.point[:, which], self.step[which], self.last[which] = point, step, last
        self.held[which] = last | (base[-1] == 0.0)
        self.tries[which] = 0

    def correct(self, form: Form, tables: Tables, system: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """The next Newton step, at a right angle to the branch or at fixed λ where it is held, and the tangent."""
        linearise(form, tables.gains, self.point, system)
        slopes = slopes_of(system)
        value = -system[:, form.size + 1]
        slope, newton = solve_linear(form, system)
        norm = 1 + np.einsum("im,im->m", slope, slope)
        along = np.where(self.held, 0.0, np.einsum("im,im->m", newton, slope) / norm)
        move = np.empty_like(self.point)
        np.subtract(newton, slope * along, out=move[:-1])
        move[-1] = -along
        tangent = np.empty_like(self.point)
        tangent[:-1], tangent[-1] = slope, 1.0
        tangent /= np.sqrt(norm)
        return move, tangent, slopes, value

    def judge(self, length: Floats, tangent: Floats, pace: Pace) -> tuple[Bools, Bools]:
        """Whether each point is good enough, and whether it is given up, by the length of the next Newton step.

        Newton's method squares its error: after the next step, of length d, the one after it would be about d²/step.
        """
        converging = length <= np.where(self.tries == 0, _REACH * self.step + _SHORTEST, 0.5 * self.latest)
        stalled = (self.tries > 0) & (length <= np.minimum(_STALL, _REACH_STALLED * self.step)) & ~converging
        # The tangent is that of before the last correction: where λ hardly moves, its direction could be mistaken.
        settle = np.where(np.abs(tangent[-1]) > _STEEP, pace.settle, CAREFUL.settle)
        close = converging & (length <= settle * np.minimum(1.0, self.step) + _SHORTEST)
        if self.last.any():
            exact = close & (length * length <= _FINAL / (1 + self.target) * np.minimum(self.step, 1.0) + _SHORTEST**2)
            close = np.where(self.last, exact, close)
        settled = close | stalled
        return settled, ~settled & (~converging | (self.tries >= _TRIES))

    def accept(self, which: Ints, ends: Ends) -> None:
        """Take the ends of the steps in `which` as new bases."""
        chord = self.base[:, which] - ends.point
        step = np.maximum(np.sqrt(np.einsum("im,im->m", chord, chord)), _TINY)
        back = chord / step
        before = self.tangent[:, which]
        self.bend[:, which] = (6 * back + 2 * before + 4 * ends.tangent) / step
        self.jerk[:, which] = (12 * back + 6 * (before + ends.tangent)) / step**2
        self.base[:, which] = ends.point
        self.tangent[:, which], self.slopes[..., which], self.value[:, which] = ends.tangent, ends.slopes, ends.value
        self.arrived[which] = self.last[which]

    def refuse(self, which: Ints, factor: Floats | float) -> None:
        """Shorten the next step; where it gets too short to be proved, leap once, and then give up."""
        stride = self.step[which] * factor
        leap = (stride < CROSSING) & ~self.leaping[which]
        lost = self.leaping[which]
        self.stride[which] = np.where(leap, LEAP, np.where(lost, 0.0, stride))
        self.leaping[which] = leap

    def finish(self, form: Form, tables: Tables, settled: Ints, found: Ends, pace: Pace) -> None:
        """Accept or refuse the steps that have settled.

        A step from uniform play to a λ at which the equilibrium is the only one needs no proof.
        """
        alone = (self.base[-1, settled] == 0.0) & (found.point[-1] <= self.alone[settled])
        if alone.any():
            self.stride[settled[alone]] = _GROWTH * self.step[settled[alone]]
            self.accept(settled[alone], found.keep(alone))
            if alone.all():
                return
            settled, found = settled[~alone], found.keep(~alone)
        start = Ends(self.base, self.tangent, self.slopes, self.value).keep(settled)
        chord = found.point - start.point
        along = np.einsum("im,im->m", chord, found.tangent)
        end = Ends(found.point, found.tangent * np.where(along < 0, -1.0, 1.0), found.slopes, found.value)
        proof = in_blocks(pace.judge, form, tables, settled, start, end)
        target, last, leaping = self.target[settled], self.last[settled], self.leaping[settled]
        forward = np.einsum("im,im->m", chord, start.tangent) > 0
        straight = np.einsum("im,im->m", start.tangent, end.tangent) > 1 - 0.5 * _STRAIGHT**2
        short = (proof.peak < target) & ((end.point[-1] < target) | last)
        turned = np.einsum("im,im->m", start.tangent, end.tangent) < pace.turn
        plain = proof.plain | (self.step[settled] < CROSSING)
        proved = (proof.load < 1) & forward & short & plain & ~turned
        crossed = ~proved & leaping & forward & straight & (end.point[-1] < target)
        good = proved | crossed
        yes, no = settled[good], settled[~good]
        self.folds[yes] += np.where(crossed, 0, proof.folds)[good]
        self.crossings[yes] += crossed[good]
        room = np.where(crossed, 1.0, proof.room)
        self.stride[yes] = self.step[yes] * np.clip(room[good], 0.3, _GROWTH)
        self.leaping[yes] = False
        if len(yes):
            self.accept(yes, end.keep(good))
        if len(no):
            self.refuse(no, np.clip(0.9 * room[~good], 0.1, 0.7))


_NAMES = tuple(f.name for f in fields(_Lanes))


@dataclass(eq=False)
class Walked:
    """Where the walks ended, by game."""

    odds: Floats
    lam: Floats
    reached: Bools
    folds: Ints
    crossings: Ints


def trace(form: Form, gains: list[Floats], target: Floats, pace: Pace, visited: list[Floats] | None = None) -> Walked:
    """Follow the branch of every game to its first crossing of the target (in scaled λ).

    A fixed number of games is under way at any time and each keeps its own step: one that ends makes room for the
    next, so that a few long branches do not hold up the others. Of a single game the accepted points are appended to
    `visited`.
    """
    games, tables = len(target), Tables.of(gains)
    walked = Walked(
        np.full((form.size, games), np.nan),
        np.zeros(games),
        np.zeros(games, dtype=bool),
        *np.zeros((2, games), dtype=np.intp),
    )
    lanes, under_way = _Lanes.start(form, tables.keep(slice(0, 0)), target[:0], 0), tables.keep(slice(0, 0))
    entered = 0
    with np.errstate(all="ignore"):
        while True:
            if entered < games and len(lanes.game) <= 0.75 * form.width:
                chosen = slice(entered, min(games, entered + form.width - len(lanes.game)))
                fresh = _Lanes.start(form, tables.keep(chosen), target[chosen], entered)
                fresh.predict(np.arange(len(fresh.game)), pace)
                entered = chosen.stop
                lanes, under_way = lanes.join(fresh), under_way.join(tables.keep(chosen))
                system = np.empty((form.size, form.size + 2, len(lanes.game)))
            if not len(lanes.game):
                return walked
            _sweep(form, under_way, lanes, system, pace, visited)
            leaving = lanes.arrived | (lanes.age > pace.sweeps) | (lanes.stride < _SHORTEST)
            if 8 * np.count_nonzero(leaving) > len(leaving):
                out = lanes.game[leaving]
                walked.reached[out] = lanes.arrived[leaving]
                walked.folds[out], walked.crossings[out] = lanes.folds[leaving], lanes.crossings[leaving]
                walked.odds[:, out], walked.lam[out] = lanes.base[:-1, leaving], lanes.base[-1, leaving]
                staying = np.flatnonzero(~leaving)
                lanes, under_way = lanes.keep(staying), under_way.keep(staying)
                system = np.empty((form.size, form.size + 2, len(staying)))


def _sweep(form: Form, tables: Tables, lanes: _Lanes, system: Floats, pace: Pace, visited: list[Floats] | None) -> None:
    """One Newton step of every game; those that have settled are judged, and they and the refused set out again."""
    move, tangent, slopes, value = lanes.correct(form, tables, system)
    length = np.sqrt(np.einsum("im,im->m", move, move))
    settled, refused = lanes.judge(length, tangent, pace)
    settled &= ~lanes.arrived
    ready, failed = np.flatnonzero(settled), np.flatnonzero(refused & ~lanes.arrived)
    if len(failed):
        lanes.refuse(failed, 0.4)
    if len(ready):
        before = lanes.base[:, ready[0]].copy()
        ends = Ends(lanes.point + move, tangent, slopes, value).keep(ready)
        lanes.finish(form, tables, ready, ends, pace)
        if visited is not None and not np.array_equal(lanes.base[:, ready[0]], before):
            visited.append(lanes.base[:, ready[0]].copy())
    lanes.latest, lanes.age, lanes.tries = length, lanes.age + 1, lanes.tries + 1
    lanes.point = lanes.point + move
    set_out = np.flatnonzero((settled | refused) & ~lanes.arrived)
    if len(set_out):
        lanes.predict(set_out, pace)
