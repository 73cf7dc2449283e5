r"""Rationality estimated from observed play: maximum likelihood along the principal logit branch.

With :math:`n_{ia}` the number of times that player :math:`i` was seen to take action :math:`a`, and :math:`x(s)` the
points of the principal branch (:mod:`triangle.solvers.logit.branch`),

.. math:: \hat s = \arg\max_s \log L(s), \qquad \log L = \sum_{i,a} n_{ia} \log x_{ia},

and :math:`\hat\lambda` is λ there (McKelvey and Palfrey 1995). Where the branch turns back the same λ has several
equilibria; all of them count. The interval holds the λ of all points with
:math:`2\,(\log \hat L - \log L) \le \chi^2_1(\text{level})` (Wilks 1938). It may be in pieces, and its level is not
exact where λ̂ lies at an end of the branch, where the likelihood ratio has another distribution.

References
----------
McKelvey, R. D. and Palfrey, T. R. (1995). Quantal response equilibria for normal form games. *Games and Economic
Behavior* 10(1), 6-38.

Wilks, S. S. (1938). The large-sample distribution of the likelihood ratio for testing composite hypotheses. *Annals of
Mathematical Statistics* 9(1), 60-62.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from triangle.games.normal_form import Floats, NormalFormGame
from triangle.games.solution import Verdict
from triangle.solvers.logit.branch import BranchPoints, branch_points
from triangle.solvers.logit.equations import onto_branch
from triangle.solvers.logit.walk import Pace

Place = Literal["inside", "zero", "largest", "flat"]
#: Steps of the branch between which the likelihood is refined.
_PACE = Pace(relative=0.1, turn=0.97)
#: Difference of log-likelihoods along the whole branch, per observation, that counts as none.
_FLAT = 1e-9
_ADVICE: dict[Place, str] = {
    "inside": "",
    "zero": "play fits no better than drawing actions uniformly; the interval is wider than its level",
    "largest": "no smaller λ fits better than the largest one followed: λ has a lower bound only",
    "flat": "every λ fits alike: payoffs or observations do not tell λ",
}


@dataclass(frozen=True, eq=False)
class LogitEstimate:
    """λ estimated from observed play, and how well it fits.

    Attributes
    ----------
    lam, normalised_lam : float
        λ̂ in one over the unit of payoff, and times the payoff range.
    log_likelihood : float
        Largest log-likelihood on the branch, without the multinomial constant.
    uniform, saturated : float
        Log-likelihood of uniform play, and of each player's observed shares, which no model exceeds.
    intervals : tuple of (low, high)
        λ that the likelihood ratio does not reject; `high` is None where no larger λ that was followed is rejected.
    level : float
    largest_lam : float
        λ up to which the branch was followed.
    place : {"inside", "zero", "largest", "flat"}
        Whether λ̂ lies inside the branch, at one of its ends, or is not determined.
    probabilities : tuple of arrays, shape (|A_i|,)
        The logit equilibrium at λ̂.
    verdict : {"complete", "degenerate", "undecided"}
        ``degenerate`` where the branch met another one or every λ fits alike, ``undecided`` where λ̂ is the largest that
        was followed, so that a larger one may fit better, or the branch was lost before.
    advice : str
    """

    lam: float
    normalised_lam: float
    log_likelihood: float
    uniform: float
    saturated: float
    intervals: tuple[tuple[float, float | None], ...]
    level: float
    largest_lam: float
    place: Place
    probabilities: tuple[Floats, ...]
    verdict: Verdict
    advice: str


def estimate_logit(
    game: NormalFormGame, counts: Sequence[ArrayLike], level: float = 0.95, largest: float = 1000.0
) -> LogitEstimate:
    r"""λ by maximum likelihood along the principal logit branch, for one game of any number of players.

    Parameters
    ----------
    game : NormalFormGame
        One game (no sample axes).
    counts : sequence of arrays, one for each player, shape (|A_i|,)
        How often each action was seen; a player that was not watched has zeros. Numbers of observations, not shares:
        the interval depends on them.
    level : float
        Level of the interval, between 0 and 1.
    largest : float
        λ times the payoff range, up to which the branch is followed.

    Returns
    -------
    LogitEstimate

    Raises
    ------
    ValueError
        If the counts do not fit the game, are negative or not finite, or no player with a choice was seen.

    Examples
    --------
    Asymmetric matching pennies, as observed by Ochs (1995) and estimated by McKelvey and Palfrey (1995, λ = 1.84):

    >>> pennies = NormalFormGame([[[1.1141, 0], [0, 0.2785]], [[0, 1.1141], [1.1141, 0]]])
    >>> found = estimate_logit(pennies, [[128 * 0.527, 128 * 0.473], [128 * 0.366, 128 * 0.634]])
    >>> round(found.lam, 2), found.place, [x.round(2).tolist() for x in found.probabilities]
    (1.85, 'inside', [[0.62, 0.38], [0.38, 0.62]])
    """
    observed = _observed(game, counts)
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, not {level}")
    if not (np.isfinite(largest) and largest > 0):
        raise ValueError(f"largest must be a positive number (λ times the payoff range), not {largest}")
    branch = branch_points(game, largest, True, _PACE)
    if not any(observed[i].any() for i in branch.form.players):
        raise ValueError("no player with a choice between actions was observed, so that nothing tells λ")
    curve, best = _Likelihood.along(branch, observed).refined()
    place = curve.place(best)
    verdict: Verdict = "complete" if branch.reached and place != "largest" else "undecided"
    if verdict == "complete" and (branch.crossings or place == "flat"):
        verdict = "degenerate"
    advice = [_ADVICE[place]] if _ADVICE[place] else []
    if branch.crossings:
        advice.append("the branch met another one, or came too near to tell; it was followed straight on")
    if not branch.reached:
        advice.append("the branch was lost before the largest λ; what lies beyond may fit better")
    point = curve.points[:, best]
    mixed = branch.form.all_players(branch.form.mixed(point[:-1, None]))
    return LogitEstimate(
        lam=float(branch.lam_of(point[-1])),
        normalised_lam=float(point[-1] * branch.normalised),
        log_likelihood=float(curve.values[best]),
        uniform=float(curve.values[0]),
        saturated=sum(float(n[n > 0] @ np.log(n[n > 0] / n.sum())) for n in observed if n.any()),
        intervals=curve.intervals(best, level),
        level=level,
        largest_lam=float(branch.lam_of(branch.points[-1, -1])),
        place=place,
        probabilities=tuple(x[:, 0] for x in mixed),
        verdict=verdict,
        advice="; ".join(advice),
    )


def _observed(game: NormalFormGame, counts: Sequence[ArrayLike]) -> list[Floats]:
    if game.samples:
        raise ValueError(f"one game is estimated at a time, not a batch of shape {game.samples}")
    if len(counts) != len(game.actions):
        raise ValueError(f"counts of {len(counts)} players for a game of {len(game.actions)}")
    observed = [np.asarray(own, dtype=np.float64) for own in counts]
    for player, (own, actions) in enumerate(zip(observed, game.actions, strict=True)):
        if own.shape != (actions,):
            raise ValueError(f"counts of player {player} have shape {own.shape}; it has {actions} actions")
        if not (np.isfinite(own) & (own >= 0)).all():
            raise ValueError(f"counts of player {player} must be finite and not negative, not {own.tolist()}")
    return observed


@dataclass(frozen=True, eq=False)
class _Likelihood:
    """The log-likelihood at points of a branch, and between them."""

    branch: BranchPoints
    observed: list[Floats]
    points: Floats
    values: Floats

    @classmethod
    def along(cls, branch: BranchPoints, observed: list[Floats]) -> _Likelihood:
        values = [_log_likelihood(branch, observed, point) for point in branch.points.T]
        return cls(branch, observed, branch.points, np.array(values))

    def at(self, point: Floats) -> float:
        return _log_likelihood(self.branch, self.observed, point)

    def between(self, segment: int, share: float) -> Floats:
        """A point of the branch, `share` of the way from one point to the next."""
        ends = self.points[:, segment : segment + 2]
        three = np.stack([ends[:, 0], ends[:, 0] + share * (ends[:, 1] - ends[:, 0]), ends[:, 1]], axis=1)
        return onto_branch(self.branch.form, self.branch.gains, three)[:, 1]

    def level_within(self) -> float:
        """Difference of log-likelihoods that counts as none."""
        return _FLAT * sum(float(own.sum()) for own in self.observed)

    def refined(self) -> tuple[_Likelihood, int]:
        """With the best point among its points, and the place of it.

        It is searched on both sides of every point that is better than its neighbours; an end that is as good as the
        best point is taken for it, since towards an end the likelihood levels out.
        """
        from scipy.optimize import minimize_scalar

        for end in (0, -1):
            if self.values[end] >= self.values.max() - self.level_within():
                return self, end % len(self.values)
        padded = np.concatenate([[-np.inf], self.values, [-np.inf]])
        peaks = np.flatnonzero((padded[1:-1] >= padded[:-2]) & (padded[1:-1] >= padded[2:]))
        best, top = int(self.values.argmax()), float(self.values.max())
        result = self, best
        for segment in sorted({s for k in peaks.tolist() for s in (k - 1, k) if 0 <= s < len(self.values) - 1}):
            found = minimize_scalar(
                lambda share, s=segment: -self.at(self.between(s, share)),
                bounds=(0.0, 1.0),
                method="bounded",
                options={"xatol": 1e-7},
            )
            if -found.fun > top:
                top = float(-found.fun)
                points = np.insert(self.points, segment + 1, self.between(segment, float(found.x)), axis=1)
                values = np.insert(self.values, segment + 1, top)
                result = _Likelihood(self.branch, self.observed, points, values), segment + 1
        return result

    def place(self, best: int) -> Place:
        """Whether the best point lies at an end of the branch."""
        if np.ptp(self.values) <= self.level_within():
            return "flat"
        if best == 0:
            return "zero"
        return "largest" if best == len(self.values) - 1 else "inside"

    def intervals(self, best: int, level: float) -> tuple[tuple[float, float | None], ...]:
        """λ of the parts of the branch that are not rejected, merged where they overlap."""
        from scipy.optimize import brentq
        from scipy.stats import chi2

        lams = self.points[-1]
        above = self.values - (self.values[best] - 0.5 * float(chi2.ppf(level, 1)))
        kept = []
        for segment in range(len(above) - 1):
            ends = [lams[k] for k in (segment, segment + 1) if above[k] >= 0]
            if len(ends) == 1:
                share = brentq(
                    lambda u, s=segment: self.at(self.between(s, u)) - self.values[s] + above[s], 0.0, 1.0, xtol=1e-9
                )
                ends.append(self.between(segment, float(share))[-1])
            if ends:
                kept.append((float(min(ends)), float(max(ends))))
        last = float(lams[-1]) if above[-1] >= 0 else np.inf
        lam_of = self.branch.lam_of
        return tuple((float(lam_of(low)), None if high >= last else float(lam_of(high))) for low, high in _merged(kept))


def _log_likelihood(branch: BranchPoints, observed: list[Floats], point: Floats) -> float:
    """Σ n log x at one point, from log-odds, so that no probability is too small for its logarithm."""
    total = 0.0
    for player, (start, end) in zip(branch.form.players, branch.form.blocks, strict=True):
        odds = np.append(0.0, point[start:end])
        total += float(observed[player] @ (odds - np.logaddexp.reduce(odds)))
    return total


def _merged(ranges: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The union of ranges, as ranges that do not touch."""
    result: list[tuple[float, float]] = []
    for low, high in sorted(ranges):
        if result and low <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], high))
        else:
            result.append((low, high))
    return result
