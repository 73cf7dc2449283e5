"""The walk along the principal logit branch: predict, correct, judge, for many games at once and for one.

Notation is that of :mod:`triangle.solvers.logit.branch`. A step that is refused is tried again at a shorter length.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

import numpy as np

from triangle.games.normal_form import Bools, Floats
from triangle.solvers.logit.equations import Form, Ints, OneGame, expected_advantages, linearise, solve_linear


@dataclass(frozen=True)
class Pace:
    """How boldly a branch is followed. Lengths are arc lengths in log-odds and scaled λ.

    Attributes
    ----------
    first : length of the first step.
    reach : largest first correction that is trusted, as a share of the step.
    settle : last correction after which a point is accepted, as a share of the step.
    exact : the same as a length, however long the step; a point left off the branch is a poor start for a sharp turn.
    turn : smallest cosine between the tangents at both ends of a step.
    goal : first correction that the length of the next step aims at, as a share of it.
    relative : largest step, as a share of 1 + λ, for paths that are drawn; no limit by default.
    sweeps : corrections of one game after which it is given up.
    """

    first: float = 1.0
    reach: float = 0.2
    settle: float = 0.05
    exact: float = 0.05
    turn: float = 0.95
    goal: float = 0.06
    relative: float = np.inf
    sweeps: int = 3000


#: Beside a careful walk, over 190 000 random games at λR = 10 and 50: another equilibrium in one of 95 000 games with
#: ties and in none of the others; another number of folds in ten, all turning back by less than 0.002 in λR.
QUICK = Pace()
#: For the games that the quick walk loses.
CAREFUL = Pace(first=0.02, reach=0.02, settle=0.002, exact=1e-5, turn=0.995, goal=0.01, sweeps=10_000)
#: First correction never trusted beyond this, however long the step.
_REACH_CAP = 1.0
#: The last point must be exact: expected length of one more correction, times one plus the scaled λ, by which an
#: error in log-odds is multiplied in the residual.
_FINAL = 1e-11
#: Corrections of the last point that no longer shrink below this are rounding; the residual then judges.
_STALL = 1e-6
#: Corrections of one point after which the step is refused.
_TRIES = 8
#: A step shorter than this that reverses the orientation crosses another curve: no fold is that narrow. So does a
#: longer one along a straight line, which is what exact symmetry makes of the branch.
_CROSSING = 1e-4
_SHORTEST = 1e-9
#: Up to so many games, one after the other is faster than all at once.
_FEW = 4
#: Keeps a step of length zero, which ends where it began, from dividing by zero.
_TINY = 1e-300


@dataclass(eq=False)
class _Lanes:
    """Working state of the games under way; the last axis of every array is the game.

    `base` is the last accepted point (log-odds and λ), `tangent` and `bend` the first and second derivative of the
    branch there, `error` how far `base` may lie off it; `point` is the point under correction, after `tries`
    corrections of which the first had length `opening` and the last `latest`, predicted by a step of length `step`
    (`last`: the step that should end at the target). `orientation` changes sign when another curve is crossed.
    """

    game: Ints
    target: Floats
    base: Floats
    tangent: Floats
    bend: Floats
    error: Floats
    stride: Floats
    orientation: Floats
    age: Ints
    point: Floats
    step: Floats
    last: Bools
    tries: Ints
    opening: Floats
    latest: Floats
    folds: Ints
    crossings: Ints
    arrived: Bools

    @classmethod
    def start(cls, form: Form, advantages: list[Floats], target: Floats, first_game: int, pace: Pace) -> _Lanes:
        games, size = len(target), form.size
        uniform = form.mixed(np.zeros((size, games)))
        tangent = np.concatenate([expected_advantages(form, advantages, uniform), np.ones((1, games))])
        tangent /= np.sqrt(np.einsum("im,im->m", tangent, tangent))
        zeros, counts, vectors = np.zeros(games), np.zeros(games, dtype=np.intp), np.zeros((size + 1, games))
        return cls(
            game=np.arange(first_game, first_game + games), target=target, base=vectors, tangent=tangent, bend=vectors,
            error=zeros, stride=np.full(games, pace.first), orientation=np.ones(games), age=counts, point=vectors,
            step=zeros, last=np.zeros(games, dtype=bool), tries=counts, opening=zeros, latest=zeros, folds=counts,
            crossings=counts, arrived=np.zeros(games, dtype=bool),
        )  # fmt: skip

    def keep(self, which: Ints) -> _Lanes:
        return _Lanes(*(getattr(self, f.name)[..., which] for f in fields(self)))

    def join(self, other: _Lanes) -> _Lanes:
        pairs = ((getattr(self, f.name), getattr(other, f.name)) for f in fields(self))
        return _Lanes(*(np.concatenate(pair, axis=-1) for pair in pairs))

    def predict(self, which: Bools) -> None:
        """Set out from the base of the lanes in `which`, by the quadratic that fits the last two tangents."""
        if not which.any():
            return
        slope, gap = self.tangent[-1], self.target - self.base[-1]
        root = np.sqrt(slope * slope + 2 * self.bend[-1] * gap)
        room = np.where(slope + root > 1e-6, 2 * gap / (slope + root), np.inf)
        step = np.minimum(self.stride, room)
        last = step >= room
        point = self.base + step * (self.tangent + (0.5 * step) * self.bend)
        point[-1] = np.where(last, self.target, point[-1])
        if which.all():
            self.point, self.step, self.last, self.tries = point, step, last, np.zeros_like(self.tries)
        else:
            self.point, self.step = np.where(which, point, self.point), np.where(which, step, self.step)
            self.last, self.tries = np.where(which, last, self.last), np.where(which, 0, self.tries)

    def correct(self, form: Form, advantages: list[Floats], system: Floats) -> tuple[Floats, Floats]:
        """One Newton step at a right angle to the branch, at fixed λ in the last step: its length, and the tangent."""
        linearise(form, advantages, self.point, system)
        slope, newton, positive = solve_linear(form, system)
        norm = 1 + np.einsum("im,im->m", slope, slope)
        along = np.einsum("im,im->m", newton, slope) / norm
        along[self.last] = 0.0
        move = np.empty_like(self.point)
        np.multiply(slope, along, out=move[:-1])
        np.subtract(newton, move[:-1], out=move[:-1])
        np.negative(along, out=move[-1])
        self.point = self.point + move
        tangent = np.empty_like(self.point)
        tangent[:-1], tangent[-1] = slope, 1.0
        tangent *= np.where(positive, self.orientation, -self.orientation) / np.sqrt(norm)
        return np.sqrt(np.einsum("im,im->m", move, move)), tangent

    def overshot(self, tangent: Floats) -> Bools:
        """Whether the step may have passed the target, or a pair of folds, without stopping.

        Judged by λ along the cubic that fits both ends of the step: its peak, and its slope half way, which must
        not fall below half of the smaller slope at the ends.
        """
        before, after, step = self.tangent[-1], tangent[-1], self.step
        beyond = (self.point[-1] > self.target) & ~self.last
        if (after > 0).all() and (before > 0).all():
            peaked = np.False_
        else:
            height = step * before * before / (2 * (before - after))
            peaked = (before > 0) & (after < 0) & (self.base[-1] + height > self.target)
        halfway = 6 * (self.point[-1] - self.base[-1]) - step * (before + after)
        shallow = 2 * step * np.minimum(before * before, before * after)
        hidden = (halfway * before < shallow) & (before * after > 0)
        passed: Bools = beyond | ((peaked | hidden) & (step > 1e-6))
        return passed

    def settled(self, length: Floats, pace: Pace) -> tuple[Bools, Bools]:
        """Whether the corrections converge, and whether the point is good enough.

        Newton's method squares its error: after corrections of lengths c and d the next would be about d³/c².
        """
        trusted = np.minimum(pace.reach * self.step, _REACH_CAP) + 4 * self.error + _SHORTEST
        halved = 0.5 * self.latest
        converging = length <= np.where(self.tries == 0, trusted, halved)
        enough = converging & (length <= np.minimum(pace.settle * self.step, pace.exact) + _SHORTEST)
        if self.last.any():
            once = self.tries == 0
            ratio = np.where(once | (self.latest == 0), 1.0, length / self.latest)
            exact = length * np.minimum(ratio * ratio, 1.0) <= _FINAL / (1 + self.target)
            stalled = (length <= _STALL) & (length > halved) & ~once
            enough = np.where(self.last, (exact & converging) | stalled, enough)
        return converging | enough, enough

    def judge(self, length: Floats, tangent: Floats, pace: Pace) -> tuple[Bools, Bools]:
        """Accept, refuse or go on correcting each point, and set the next stride: the lanes accepted and refused."""
        self.opening = np.where(self.tries == 0, length, self.opening)
        converging, settled = self.settled(length, pace)
        cosine = np.einsum("im,im->m", tangent, self.tangent)
        aligned = cosine > pace.turn
        reversed_ = settled & (cosine < -0.9)
        if reversed_.any():
            straight = (self.opening <= 1e-9 * self.step) & (cosine < -1 + 1e-9)
            crossed = reversed_ & (straight | (self.step < _CROSSING)) & ~self.overshot(-tangent)
            self.orientation = np.where(crossed, -self.orientation, self.orientation)
            tangent = np.where(crossed, -tangent, tangent)
            self.crossings = self.crossings + crossed
            aligned |= crossed
        accepted = settled & aligned & ~self.overshot(tangent)
        refused = (settled | ~converging | (self.tries >= _TRIES)) & ~accepted
        self.pace(accepted, refused, cosine, pace)
        if (accepted & (tangent[-1] < 0)).any() or (self.tangent[-1] < 0).any():
            self.folds = self.folds + (accepted & (tangent[-1] * self.tangent[-1] < 0))
        bend = (tangent - self.tangent) / np.maximum(self.step, _TINY)
        if accepted.all():
            self.bend, self.base, self.tangent, self.error = bend, self.point, tangent, length
        elif accepted.any():
            self.bend, self.base = np.where(accepted, bend, self.bend), np.where(accepted, self.point, self.base)
            self.tangent = np.where(accepted, tangent, self.tangent)
            self.error = np.where(accepted, length, self.error)
        self.latest, self.tries, self.age = length, self.tries + 1, self.age + 1
        return accepted, refused

    def pace(self, accepted: Bools, refused: Bools, cosine: Floats, pace: Pace) -> None:
        """The next stride: from the first correction, which grows with the square of the step, and from the turn."""
        square_of_angle = 2 * (1 - cosine) + 1e-12
        room = np.minimum(
            pace.goal * self.step / (self.opening + 1e-12 * self.step), 1.28 * (1 - pace.turn) / square_of_angle
        )
        factor = np.sqrt(np.minimum(np.maximum(room, 0.09), 9.0))
        step = np.where(self.step > 0, self.step, self.stride)
        self.stride = np.where(accepted, step * factor, np.where(refused, step * np.fmin(factor, 0.5), self.stride))


@dataclass(eq=False)
class Walked:
    """Where the walks ended, by game."""

    odds: Floats
    lam: Floats
    reached: Bools
    folds: Ints
    crossings: Ints


def trace(form: Form, advantages: list[Floats], target: Floats, pace: Pace) -> Walked:
    """Follow the branch of every game to its target, all at once or, where they are few, one after the other."""
    follow = _trace_few if len(target) <= _FEW else _trace_batch
    return follow(form, advantages, target, pace)


def _trace_batch(form: Form, advantages: list[Floats], target: Floats, pace: Pace) -> Walked:
    """Follow the branch of every game to its first crossing of the target (in scaled λ).

    A fixed number of games is under way at any time and each keeps its own step: one that ends makes room for the
    next, so that a few long branches do not hold up the others.
    """
    games = len(target)
    walked = Walked(
        np.full((form.size, games), np.nan),
        np.zeros(games),
        np.zeros(games, dtype=bool),
        *np.zeros((2, games), dtype=np.intp),
    )
    lanes: _Lanes | None = None
    under_way: list[Floats] = []
    entered = 0
    with np.errstate(all="ignore"):
        while True:
            if entered < games and (lanes is None or len(lanes.game) <= 0.75 * form.width):
                free = form.width - (0 if lanes is None else len(lanes.game))
                chosen = slice(entered, min(games, entered + free))
                gains = [g[..., chosen] for g in advantages]
                fresh = _Lanes.start(form, gains, target[chosen], entered, pace)
                fresh.predict(np.ones(len(fresh.game), dtype=bool))
                entered = chosen.stop
                if lanes is None:
                    lanes, under_way = fresh, gains
                else:
                    lanes = lanes.join(fresh)
                    under_way = [np.concatenate(pair, axis=-1) for pair in zip(under_way, gains, strict=True)]
                system = np.empty((form.size, form.size + 2, len(lanes.game)))
            if lanes is None or not len(lanes.game):
                return walked
            length, tangent = lanes.correct(form, under_way, system)
            accepted, refused = lanes.judge(length, tangent, pace)
            ended = accepted | refused
            lanes.arrived = lanes.arrived | (accepted & lanes.last)
            leaving = lanes.arrived | (lanes.age > pace.sweeps) | (lanes.stride < _SHORTEST)
            if 8 * np.count_nonzero(leaving) > len(leaving):
                out = lanes.game[leaving]
                walked.reached[out] = lanes.arrived[leaving]
                walked.folds[out], walked.crossings[out] = lanes.folds[leaving], lanes.crossings[leaving]
                walked.odds[:, out], walked.lam[out] = lanes.base[:-1, leaving], lanes.base[-1, leaving]
                staying = np.flatnonzero(~leaving)
                lanes, ended = lanes.keep(staying), ended[staying]
                under_way = [g[..., staying] for g in under_way]
                system = np.empty((form.size, form.size + 2, len(staying)))
            lanes.predict(ended & ~lanes.arrived)


def _trace_few(form: Form, advantages: list[Floats], target: Floats, pace: Pace) -> Walked:
    """The same as :func:`_trace_batch`, game by game."""
    walks = [
        trace_one(form, [g[..., k : k + 1] for g in advantages], target[k : k + 1], pace) for k in range(len(target))
    ]
    return Walked(
        np.concatenate([w.odds for w in walks], axis=1),
        np.concatenate([w.lam for w in walks]),
        np.concatenate([w.reached for w in walks]),
        np.concatenate([w.folds for w in walks]),
        np.concatenate([w.crossings for w in walks]),
    )


def trace_one(
    form: Form, advantages: list[Floats], target: Floats, pace: Pace, visited: list[Floats] | None = None
) -> Walked:
    """Follow the branch of one game by the rules of :class:`_Lanes`; accepted points are appended to `visited`."""
    walk = _Walk(OneGame(form, advantages), float(target[0]), pace)
    with np.errstate(all="ignore"):
        while not walk.arrived and walk.age <= pace.sweeps and walk.stride >= _SHORTEST:
            if walk.try_step() and visited is not None:
                visited.append(walk.base)
    return Walked(
        walk.base[:-1, None].copy(),
        walk.base[-1:].copy(),
        np.array([walk.arrived]),
        np.array([walk.folds]),
        np.array([walk.crossings]),
    )


class _Walk:
    """One game under way; the attributes are those of :class:`_Lanes`, as numbers."""

    def __init__(self, game: OneGame, target: float, pace: Pace):
        self.game, self.target, self.pace = game, target, pace
        size = game.form.size
        self.base = np.zeros(size + 1)
        uniform = game.mixed(self.base[:-1])
        self.tangent = np.append(game.advantages(game.gains(uniform), uniform), 1.0)
        self.tangent /= math.sqrt(self.tangent @ self.tangent)
        self.bend = np.zeros(size + 1)
        self.error, self.stride, self.orientation = 0.0, pace.first, 1.0
        self.age = self.folds = self.crossings = 0
        self.arrived = False

    def predicted(self) -> tuple[Floats, float, bool]:
        """Where the next point should lie, the step to it, and whether it should end at the target."""
        slope, gap = float(self.tangent[-1]), self.target - float(self.base[-1])
        square = slope * slope + 2 * float(self.bend[-1]) * gap
        ahead = slope + math.sqrt(square) if square >= 0 else 0.0
        room = 2 * gap / ahead if ahead > 1e-6 else math.inf
        step = min(self.stride, self.pace.relative * (1 + abs(float(self.base[-1]))), room)
        last = step >= room
        point = self.base + step * (self.tangent + (0.5 * step) * self.bend)
        if last:
            point[-1] = self.target
        return point, step, last

    def corrected(self, point: Floats, last: bool) -> tuple[float, Floats]:
        """One Newton step, made in place: its length, and the tangent."""
        self.age += 1
        slope, move, positive = self.game.correction(point)
        norm = 1 + float(slope @ slope)
        along = 0.0 if last else float(move @ slope) / norm
        move = move - along * slope
        point[:-1] += move
        point[-1] -= along
        scale = (self.orientation if positive else -self.orientation) / math.sqrt(norm)
        return math.sqrt(float(move @ move) + along * along), np.append(slope, 1.0) * scale

    def try_step(self) -> bool:
        """Predict, correct, judge; whether the step was accepted."""
        point, step, last = self.predicted()
        opening = latest = math.inf
        settled, tangent = False, self.tangent
        for tries in range(_TRIES + 1):
            try:
                length, tangent = self.corrected(point, last)
            except np.linalg.LinAlgError:
                break
            opening = length if tries == 0 else opening
            settled, converging = self.judged(length, latest, step, last, tries)
            if settled or not converging:
                break
            latest = length
        cosine = float(tangent @ self.tangent)
        if settled and cosine < -0.9:
            straight = opening <= 1e-9 * step and cosine < -1 + 1e-9
            if (straight or step < _CROSSING) and not self.overshot(point, -tangent, step, last):
                self.orientation, self.crossings = -self.orientation, self.crossings + 1
                tangent, cosine = -tangent, -cosine
        accepted = settled and cosine > self.pace.turn and not self.overshot(point, tangent, step, last)
        room = (
            min(
                self.pace.goal * step / (opening + 1e-12 * step),
                1.28 * (1 - self.pace.turn) / (2 * (1 - cosine) + 1e-12),
            )
            if step > 0
            else 1.0
        )
        factor = math.sqrt(min(max(room, 0.09), 9.0))
        if not accepted:
            self.stride = (step if step > 0 else self.stride) * min(0.5, factor)
            return False
        self.stride = (step if step > 0 else self.stride) * factor
        self.folds += bool(tangent[-1] * self.tangent[-1] < 0)
        self.bend = (tangent - self.tangent) / max(step, _TINY)
        self.base, self.tangent, self.error, self.arrived = point, tangent, length, last
        return True

    def judged(self, length: float, latest: float, step: float, last: bool, tries: int) -> tuple[bool, bool]:
        """Whether the point is good enough, and whether the corrections converge; see :meth:`_Lanes.settled`."""
        if tries == 0:
            converging = length <= min(self.pace.reach * step, _REACH_CAP) + 4 * self.error + _SHORTEST
        else:
            converging = length <= 0.5 * latest
        if not last:
            close = length <= min(self.pace.settle * step, self.pace.exact) + _SHORTEST
            return converging and close, converging
        ratio = length / latest if tries and latest > 0 else 1.0
        exact = converging and length * min(ratio * ratio, 1.0) <= _FINAL / (1 + self.target)
        stalled = tries > 0 and length <= _STALL and length > 0.5 * latest
        return exact or stalled, converging

    def overshot(self, point: Floats, tangent: Floats, step: float, last: bool) -> bool:
        """See :meth:`_Lanes.overshot`."""
        before, after, start, end = (float(a) for a in (self.tangent[-1], tangent[-1], self.base[-1], point[-1]))
        if end > self.target and not last:
            return True
        if step <= 1e-6:
            return False
        if before > 0 > after:
            return start + step * before * before / (2 * (before - after)) > self.target
        halfway = 6 * (end - start) - step * (before + after)
        return before * after > 0 and halfway * before < 2 * step * min(before * before, before * after)
