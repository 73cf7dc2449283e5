r"""Cross-check of solvers on one game: who found which equilibria, who missed which, each profile's regret.

Every profile that any solver returns is judged here, by a verifier that found none of them: with
:math:`u_i(b, x_{-i})` the expected payoff of player :math:`i`'s action :math:`b` against the others' mixed actions,
its **regret**, in units of payoff, is

.. math:: \max_i \left( \max_b u_i(b, x_{-i}) - \sum_b x_i(b)\, u_i(b, x_{-i}) \right).

Whether that is next to nothing is judged by the deviations from this very profile: by :func:`excess regret
<triangle.games.mixed.excess_regrets>`, the share of how far the player's payoffs lie apart where play can lead, so that
one prohibitive payoff that nobody reaches decides nothing. A pure profile is an equilibrium exactly when nobody gains
more than rounding makes; its regret is one subtraction of two payoffs as given, whose sign floating point has right.

Approximate answers are first **refined** by Newton's method on the indifference equations of their support,

.. math:: u_i(b, x_{-i}) = v_i \text{ for } b \text{ in the support of } x_i, \qquad \sum_b x_i(b) = 1,

and stand for the refined point where that is an equilibrium close by. Profiles of regret within the tolerance are then
matched by the largest difference of any probability: those within the matching distance are one equilibrium, and one
that could not be refined is taken for the exact one within reach. A solver **missed** every equilibrium of this union
that it did not find. That is a comparison, not a proof: what all missed is not seen, and on a continuum of equilibria
each solver may rightly pick other points.

References
----------
McKelvey, R. D. and McLennan, A. (1996). Computation of equilibria in finite games. *Handbook of Computational
Economics* 1, ch. 2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

import numpy as np

from triangle.base.records import SPARSE, FiniteOrNone, Key, Unbounded, told
from triangle.games.interchange import GameFile
from triangle.games.mixed import excess_regrets, is_equilibrium
from triangle.games.normal_form import Bools, Floats, NormalFormGame
from triangle.games.readings import decimal
from triangle.games.shares import in_shares
from triangle.games.solution import Solution
from triangle.solvers.peers.run import PEERS, Answer, Peer, Probabilities, Status, ask_peer, ask_solver

#: Largest difference of a probability at which two profiles are one equilibrium.
DISTANCE = 1e-4
#: Farthest that refining may carry a probability; farther off it would be another equilibrium than the one meant.
REACH = 0.02
#: Excess regret at which a refined profile replaces the one that was returned.
REFINED = 1e-10
#: Probabilities below which an action may be outside the support, tried in turn: exact answers and approximate ones.
SUPPORTS = (1e-9, 1e-6, 1e-4, 1e-2)
#: Steps of Newton's method; it doubles the digits at each, so that ten are plenty from where peers stop.
STEPS = 12
#: What solutions of ours by some method set out to find; others all equilibria.
AIMS = {"pure": "all pure", "logit limit": "one"}
#: How far from one the sum of a player's probabilities may be, and how far below zero one of them.
SLACK = 1e-4

#: Probabilities of each player's actions, as solvers of others may return them.
Points = tuple[tuple[Unbounded, ...], ...]


@dataclass(frozen=True)
class Found:
    """One profile as a solver returned it.

    Attributes
    ----------
    probabilities : tuple of tuples
    regret : float or None
        Largest gain of any player by deviating, in units of payoff; None where these are no probabilities at all.
    match : int or None
        Which of the equilibria of the verification it is; None where its regret is too large for any.
    """

    probabilities: Points
    regret: FiniteOrNone
    match: int | None


@dataclass(frozen=True)
class SolverReport:
    """What one solver did on the game.

    Attributes
    ----------
    name : str
    status : {"ok", "timeout", "failed", "absent"}
    seconds : float
    verdict : str or None
        What a solver of ours says of its answer; None for peers, which say nothing.
    aim : str
        What the solver sets out to find: ``all``, ``all pure``, ``some`` or ``one``.
    found : tuple of Found
        Every profile that it returned.
    missed : tuple of int
        The equilibria that it did not find, although it ran; empty for an absent one.
    message : str
    """

    name: str
    status: Status
    seconds: float
    verdict: str | None
    aim: str
    found: Annotated[tuple[Found, ...], Key("equilibria")]
    missed: Annotated[tuple[int, ...], Key("missed_equilibria")] = ()
    message: str = ""

    @property
    @told("equilibria", "missed")
    def misses(self) -> int:
        """How many it did not find."""
        return len(self.missed)


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """One equilibrium of the union: its most exact version, its regret, and the names of who found it.

    `plays` are the actions with positive probability by name, where the game has names.
    """

    probabilities: Points
    plays: Annotated[Mapping[str, Mapping[str, float]] | None, SPARSE] = None
    regret: Unbounded
    found_by: tuple[str, ...]


@dataclass(frozen=True)
class GameCard:
    """The shape of the game; where it came from a file, its title, its names, and how its payoffs were read."""

    players: int
    actions: tuple[int, ...]
    title: Annotated[str | None, SPARSE] = None
    player_names: Annotated[tuple[str, ...] | None, SPARSE] = None
    action_names: Annotated[tuple[tuple[str, ...], ...] | None, SPARSE] = None
    rounded: Annotated[int | None, SPARSE] = None
    origins: Annotated[tuple[str, ...], SPARSE] = ()


@dataclass(frozen=True)
class Verification:
    """The agreement of several solvers on one game; see the module for what it does and does not show.

    `failed` are our own solvers that broke on the game; `remarks` are what was not looked for.
    """

    SCHEMA: ClassVar = "triangle.verification/1"

    game: GameCard
    solvers: tuple[SolverReport, ...]
    equilibria: tuple[Agreed, ...]
    contradictions: tuple[str, ...]
    failed: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def matrix(self) -> Bools:
        """Who found what: shape (equilibria, solvers)."""
        return np.array(
            [[solver.name in one.found_by for solver in self.solvers] for one in self.equilibria], dtype=bool
        ).reshape(len(self.equilibria), len(self.solvers))


def verify(
    game: NormalFormGame,
    time_limit: float,
    solvers: Mapping[str, Callable[[NormalFormGame], Solution]],
    peers: Sequence[Peer] = PEERS,
    seed: int = 0,
    notice: Callable[[str], None] | None = None,
    named: GameFile | None = None,
) -> Verification:
    """Ask solvers of ours and other people's for the equilibria of one game and compare their answers.

    Parameters
    ----------
    game : NormalFormGame
        One game of any number of players; each solver refuses what it cannot do and is reported as failed.
    time_limit : float
        Seconds for each solver.
    solvers : mapping from name to callable
        Solvers of ours; see :func:`triangle.solvers.peers.run.ask_solver` for which of them can be ended at the limit.
    peers : sequence of Peer
        Those made for another number of players are left out.
    seed : int
        For peers that begin at random.
    notice : callable, optional
        Told the name of each solver before it runs.
    named : GameFile, optional
        The file that the game comes from, for the names in it.

    Returns
    -------
    Verification

    Examples
    --------
    >>> from triangle.solvers.pure import solve_pure
    >>> dilemma = NormalFormGame([[[3, 0], [5, 1]], [[3, 5], [0, 1]]])
    >>> checked = verify(dilemma, 30, {"triangle.pure": solve_pure}, peers=())
    >>> [(one.probabilities, one.found_by) for one in checked.equilibria]
    [(((0.0, 1.0), (0.0, 1.0)), ('triangle.pure',))]
    """
    if game.samples:
        raise ValueError(f"one game is verified at a time, not a batch of shape {game.samples}")
    answers: list[tuple[str, str, Answer]] = []
    for name, solve in solvers.items():
        _tell(notice, name)
        answers.append((name, "all", ask_solver(solve, game, time_limit)))
    for peer in peers:
        if peer.players in (None, game.n_players):
            _tell(notice, peer.name)
            answers.append((peer.name, peer.aim, ask_peer(peer, game, time_limit, seed)))
    compared = compare(game, answers)
    failed = tuple(r.name for r in compared.solvers if r.name in solvers and r.status == "failed")
    remarks = [
        f"{r.name} did not end within {time_limit:g} seconds"
        for r in compared.solvers
        if r.name in solvers and r.status == "timeout"
    ]
    if game.n_players > 3:
        remarks.append("mixed equilibria of four or more players are not looked for by our solvers")
    if named is not None:
        remarks += named.remarks
    found = replace(compared, failed=failed, remarks=tuple(remarks))
    return found if named is None else _with_names(found, named)


def _with_names(found: Verification, named: GameFile) -> Verification:
    """The verification with the names of the file that the game came from."""
    shape = found.game
    origins = tuple(map(decimal, named.origins))
    game = GameCard(shape.players, shape.actions, named.title, named.players, named.actions, named.rounded, origins)
    equilibria = tuple(replace(one, plays=named.plays(one.probabilities)) for one in found.equilibria)
    return replace(found, game=game, equilibria=equilibria)


def compare(game: NormalFormGame, answers: Iterable[tuple[str, str, Answer]]) -> Verification:
    """Judge and match answers already at hand, each with the solver's name and aim; solves nothing.

    A solution whose method is ``pure`` sets out to find all pure equilibria, and one at the end of a logit branch that
    one, whatever aim is given with it.
    """
    judged = [(name, aim, _judge(game.payoffs, answer), answer) for name, aim, answer in answers]
    centres = _cluster([point for _, _, found, _ in judged for _, _, point in found if point is not None])
    reports = []
    for name, aim, found, answer in judged:
        matched = tuple(Found(raw, regret, _match(point, centres)) for raw, regret, point in found)
        there = {one.match for one in matched}
        missed = () if answer.status == "absent" else tuple(k for k in range(len(centres)) if k not in there)
        aim = AIMS.get(answer.method, aim)
        reports.append(
            SolverReport(name, answer.status, answer.seconds, answer.verdict, aim, matched, missed, answer.message)
        )
    agreed = tuple(
        Agreed(
            probabilities=as_probabilities(centre.mixed),
            regret=centre.regret,
            found_by=tuple(report.name for report in reports if any(one.match == k for one in report.found)),
        )
        for k, centre in enumerate(centres)
    )
    return Verification(
        GameCard(game.n_players, game.actions), tuple(reports), agreed, _contradictions(reports, agreed)
    )


def expected_payoffs(payoffs: Floats, mixed: Sequence[Floats]) -> list[Floats]:
    r"""Payoff :math:`u_i(b, x_{-i})` of every action of every player against the others' mixed actions.

    Parameters
    ----------
    payoffs : array, shape (n, |A_1|, ..., |A_n|)
    mixed : sequence of n arrays, shapes (|A_i|,)
    """
    return [_against(own, mixed, (player,)) for player, own in enumerate(payoffs)]


def mixed_regret(payoffs: Floats, mixed: Sequence[Floats]) -> float:
    """Largest gain of any player by leaving a mixed profile for a pure action, in units of payoff."""
    gains = [float(u.max() - u @ x) for u, x in zip(expected_payoffs(payoffs, mixed), mixed, strict=True)]
    return max(0.0, *gains)


def refine(payoffs: Floats, mixed: Sequence[Floats]) -> list[Floats]:
    """The equilibrium next to an approximate one, for any number of players; the profile itself where none is found.

    Newton's method on the indifference equations of the support, for the supports that small probabilities leave open.
    """
    best, excess = list(mixed), _excess(payoffs, mixed)
    for cut in SUPPORTS:
        if excess <= REFINED:
            break
        point = _newton(payoffs, mixed, [x > min(cut, x.max() / 2) for x in mixed])
        if point is not None and _excess(payoffs, point) < min(excess, REFINED):
            best, excess = point, _excess(payoffs, point)
    return best


def _excess(payoffs: Floats, mixed: Sequence[Floats]) -> float:
    return float(excess_regrets(payoffs, mixed).max())


def as_probabilities(mixed: Sequence[Floats]) -> Probabilities:
    """A mixed profile as tuples of plain numbers."""
    return tuple(tuple(map(float, x)) for x in mixed)


def _tell(notice: Callable[[str], None] | None, name: str) -> None:
    if notice is not None:
        notice(name)


def _against(own: Floats, mixed: Sequence[Floats], kept: tuple[int, ...]) -> Floats:
    """A player's payoffs averaged over the mixed actions of all but the players kept."""
    for axis in reversed(range(len(mixed))):
        if axis not in kept:
            own = np.tensordot(own, mixed[axis], axes=(axis, 0))
    return own


@dataclass(frozen=True, eq=False)
class _Point:
    """A profile that counts as an equilibrium: refined as far as could be, its regret, and whether that is exact."""

    mixed: list[Floats]
    regret: float
    exact: bool

    @property
    def flat(self) -> Floats:
        return np.concatenate(self.mixed)


def _judge(payoffs: Floats, answer: Answer) -> list[tuple[Probabilities, float | None, _Point | None]]:
    """Each returned profile with its regret and the equilibrium it stands for, None where it stands for none."""
    judged: list[tuple[Probabilities, float | None, _Point | None]] = []
    for raw in answer.profiles:
        mixed = _normalised(raw, payoffs.shape[1:])
        if mixed is None:
            judged.append((raw, None, None))
            continue
        refined = refine(payoffs, mixed)
        regret = mixed_regret(payoffs, refined)
        stands = bool(is_equilibrium(payoffs, refined))
        point = _Point(refined, regret, _excess(payoffs, refined) <= REFINED) if stands else None
        judged.append((raw, mixed_regret(payoffs, mixed), point))
    return judged


def _normalised(raw: Probabilities, actions: tuple[int, ...]) -> list[Floats] | None:
    """The profile with probabilities of sum one and none negative; None where it is none to begin with."""
    if tuple(map(len, raw)) != actions:
        return None
    mixed = [np.array(player, dtype=np.float64) for player in raw]
    if any(not (abs(x.sum() - 1.0) <= SLACK and x.min() >= -SLACK) for x in mixed):
        return None
    mixed = [np.maximum(x, 0.0) for x in mixed]
    return [x / x.sum() for x in mixed]


def _newton(payoffs: Floats, mixed: Sequence[Floats], support: Sequence[Bools]) -> list[Floats] | None:
    """The solution of the indifference equations on a support, near the profile; None where there is none."""
    inside = [np.flatnonzero(s) for s in support]
    reduced = in_shares(payoffs[np.ix_(np.arange(len(payoffs)), *inside)])
    start = [x[s] / x[s].sum() for x, s in zip(mixed, support, strict=True)]
    point, values = start, [float(u @ x) for u, x in zip(expected_payoffs(reduced, start), start, strict=True)]
    for _ in range(STEPS):
        residual, slope = _indifference(reduced, point, np.array(values))
        step = np.linalg.lstsq(slope, -residual, rcond=None)[0]
        if not np.isfinite(step).all():
            return None
        moves = np.split(step[: -len(point)], np.cumsum([len(x) for x in point])[:-1])
        point = [x + move for x, move in zip(point, moves, strict=True)]
        values = [v + float(move) for v, move in zip(values, step[-len(point) :], strict=True)]
        if max(float(np.abs(x - x0).max()) for x, x0 in zip(point, start, strict=True)) > REACH:
            return None
    if min(float(x.min()) for x in point) < 0.0:
        return None
    full = [np.zeros(len(s)) for s in support]
    for x, places, short in zip(full, inside, point, strict=True):
        x[places] = short / short.sum()
    return full


def _indifference(payoffs: Floats, mixed: Sequence[Floats], values: Floats) -> tuple[Floats, Floats]:
    """Residual and derivative of the indifference equations in the probabilities and the players' values."""
    sizes = [len(x) for x in mixed]
    starts = np.concatenate([[0], np.cumsum(sizes)])
    total, n = int(starts[-1]), len(sizes)
    residual, slope = np.zeros(total + n), np.zeros((total + n, total + n))
    for i, own in enumerate(payoffs):
        rows = slice(starts[i], starts[i + 1])
        residual[rows] = _against(own, mixed, (i,)) - values[i]
        slope[rows, total + i] = -1.0
        for j in range(n):
            if j != i:
                pair = _against(own, mixed, (i, j))
                slope[rows, starts[j] : starts[j + 1]] = pair if i < j else pair.T
        residual[total + i] = mixed[i].sum() - 1.0
        slope[total + i, rows] = 1.0
    return residual, slope


def _cluster(points: Sequence[_Point]) -> list[_Point]:
    """One point for each equilibrium, its most exact version, in order of probabilities: first actions first."""
    centres: list[_Point] = []
    for point in sorted(points, key=lambda point: (not point.exact, point.regret)):
        if _match(point, centres) is None:
            centres.append(point)
    return sorted(centres, key=lambda centre: (-centre.flat).tolist())


def _match(point: _Point | None, centres: Sequence[_Point]) -> int | None:
    """The centre nearest to a point, within the matching distance; within reach for a point that is not exact."""
    if point is None or not centres:
        return None
    distances = [float(np.abs(centre.flat - point.flat).max()) for centre in centres]
    best = int(np.argmin(distances))
    return best if distances[best] <= (DISTANCE if point.exact else REACH) else None


def _contradictions(reports: Sequence[SolverReport], agreed: Sequence[Agreed]) -> tuple[str, ...]:
    """Where a verdict cannot be true: a point that is no equilibrium, or completeness claimed and something missed."""
    texts = []
    for report in reports:
        if report.verdict is None:
            continue
        unsound = sum(one.match is None for one in report.found)
        if unsound:
            texts.append(f"{report.name} lists {unsound} of {len(report.found)} profiles that are no equilibria")
        missed = [agreed[k] for k in report.missed if report.aim != "all pure" or _is_pure(agreed[k])]
        if report.verdict == "complete" and report.aim in ("all", "all pure") and missed:
            names = sorted({name for one in missed for name in one.found_by})
            texts.append(
                f"{report.name} says complete and misses {len(missed)} of {len(agreed)} equilibria, "
                f"found by {', '.join(names)}"
            )
    return tuple(texts)


def _is_pure(one: Agreed) -> bool:
    return all(max(player) >= 1.0 - DISTANCE for player in one.probabilities)
