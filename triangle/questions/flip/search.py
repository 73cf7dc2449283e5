r"""The search behind a flip: which profile, from which start, by which of its deviations.

Bringing a profile about is one program: each of its losses by deviating at least the strictness. Stopping
equilibria is a choice besides: one deviation of each must gain, so that programs stand at the leaves of a tree, which
is searched best first: a node breaks one more profile than its parent, so that none below it is nearer.

Under a trust (:mod:`triangle.solvers.agreements`) a profile must be agreement-proof. To bring it about, each joint move
of two from it must lack something besides, and which is a choice again: a node sees to one more joint move than its
parent. To stop it, a joint move that has everything will do as well as a deviation that gains.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from triangle.batch.equilibria import sweep_margins
from triangle.measures.box import Box
from triangle.measures.deviations import Deviations
from triangle.questions.flip.nearest import Program, Steps, approach, attempting, carried_out, side_by_side
from triangle.solvers.agreements import Comparison, JointMove, joint_moves
from triangle.study.study import Study

Floats = NDArray[np.float64]

#: By how much a flipped equilibrium is strict, and by how much a stopped one is left: a million dollars a year.
STRICTNESS = 1e-3

#: Part of the strictness that must be left after rounding.
LEFT = 0.1

#: Points sampled for starts, by a seeded generator.
SAMPLED = 1024

#: Profiles whose first solution is farther than this many times the nearest are not started again.
CONTENDERS = 1.25

#: Starts from which an unreachable program is attempted before it is given up.
ATTEMPTS = 2

#: Most programs solved in the tree of an equilibrium to be stopped.
MOST_NODES = 300

#: Most programs solved in the tree of a profile that is to be agreement-proof.
MOST_CHOICES = 120

#: Joint moves that seem this many times as far as what was found are not looked into: how far they seem is a guess.
UNLIKELY = 2.0

#: A piece: (profile, player, action deviated to).
Piece = tuple[int, int, int]


@dataclass(frozen=True)
class Turned:
    """A comparison that a joint move from a profile takes, to be positive (`sign` 1) or negative (−1)."""

    here: int
    move: JointMove
    one: Comparison
    sign: float


#: What a program asks for.
Asked = Piece | Turned


@dataclass(frozen=True, eq=False)
class Solution:
    """A point in ranges from the origin that does what was asked, with the pieces that it was asked of."""

    distance: float
    point: Floats
    pieces: tuple[Asked, ...]

    @property
    def deviations(self) -> tuple[Piece, ...]:
        """The pieces that are deviations."""
        return tuple(piece for piece in self.pieces if not isinstance(piece, Turned))

    @property
    def turned(self) -> tuple[Turned, ...]:
        """The pieces that belong to joint moves."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Turned))


#: What solving a program comes to: a solution or none, the best attempt, and the least of what was asked there.
Tried = tuple[Solution | None, Floats, float]


@dataclass(frozen=True, eq=False)
class Candidate:
    """A profile of the pattern: its nearest solution, or the best that there is in the box.

    Attributes
    ----------
    solution : Solution or None
    attempt : array
        Where its margin is largest, as far as it had to be followed.
    margin : float
        Its margin there, billion dollars a year, less the strictness.
    """

    profile: int
    solution: Solution | None
    attempt: Floats
    margin: float


@dataclass(frozen=True, eq=False)
class Search:
    """What is asked, of which study, in which box.

    Attributes
    ----------
    profiles : tuple of int
        The profiles of which one is to become an equilibrium, or, with `away`, none is to stay one.
    norm : {"l2", "l1"}
    starts : int
        Starts of each program: the origin, then sampled points.
    """

    study: Study
    box: Box
    profiles: tuple[int, ...]
    away: bool
    norm: str
    starts: int
    seed: int
    progress: Callable[[int, int], None] | None = field(default=None)
    trust: float | None = None

    @cached_property
    def origin(self) -> Floats:
        """Where the study stands: nothing moved."""
        return np.zeros(len(self.box.names))

    @cached_property
    def _whole(self) -> Deviations:
        return Deviations(self.study, self.box, self.profiles)

    def length(self, point: Floats) -> float:
        """The norm of a move."""
        return float(np.linalg.norm(point) if self.norm == "l2" else np.abs(point).sum())

    def margins(self, points: Floats) -> Floats:
        """Margins of the profiles ``[profile, ...samples]`` at points in ranges."""
        values = self.box.values(self.study, self._whole.values_at(points))
        return sweep_margins(values, self.profiles, self.study.model.terms, hold=self.study.hold, trust=self.trust)

    def score(self, points: Floats, profile: int | None = None) -> Floats:
        """How far points do what is asked, in billion dollars a year: at zero they just do.

        The margin of the profile brought about (the best of all where none is named), or with `away` the largest of
        all, negative.
        """
        found = self.margins(points)
        score: Floats = -found.max(axis=0) if self.away else found.max(axis=0)
        return score if self.away or profile is None else found[self.profiles.index(profile)]

    def narrowed(self, names: Sequence[str]) -> Search:
        """The same search with fewer parameters free."""
        kept = [self.box.names.index(name) for name in names]
        ends = (self.box.origin, self.box.low, self.box.high, self.box.width)
        origin, low, high, width = (array[kept] for array in ends)
        box = Box(tuple(names), origin, low, high, width)
        return Search(self.study, box, self.profiles, self.away, self.norm, self.starts, self.seed, None, self.trust)

    # Programs ---------------------------------------------------------------------------------------------------------

    def program(self, pieces: Sequence[Asked]) -> Program:
        """The program in which these pieces hold, or with `away` give way, those of joint moves turned as they say."""
        return self.programs([pieces])[0]

    def programs(self, several: Sequence[Sequence[Asked]]) -> list[Program]:
        """Programs that look at points together, since they ask for much the same."""
        signed = [self._signed(pieces) for pieces in several]
        comparisons = list(dict.fromkeys(one for asked in signed for one, _ in asked))
        measured = self._whole.slopes_of(comparisons)
        ends, slack = (self._whole.low, self._whole.high), (1 - 2 * LEFT) * STRICTNESS

        def program(asked: Sequence[tuple[Comparison, float]]) -> Program:
            rows, signs = [comparisons.index(one) for one, _ in asked], np.array([sign for _, sign in asked])

            def made(found: Floats, tilted: Floats) -> tuple[Floats, Floats]:
                return signs * found[rows] - STRICTNESS, signs[:, None] * tilted[rows]

            def slopes(point: Floats) -> tuple[Floats, Floats]:
                found, tilted = measured(point[None])
                return made(found[0], tilted[0])

            return Program(slopes, *ends, slack, measured, made)

        return [program(asked) for asked in signed]

    def _signed(self, pieces: Sequence[Asked]) -> list[tuple[Comparison, float]]:
        """Comparisons of payoffs with the signs that they are to have."""
        sign = -1.0 if self.away else 1.0
        own = [(self._whole.loss(piece), sign) for piece in pieces if not isinstance(piece, Turned)]
        return own + [(piece.one, piece.sign) for piece in pieces if isinstance(piece, Turned)]

    @cached_property
    def _samples(self) -> tuple[Floats, Floats]:
        """Sampled points ``[parameter, sample]``, spread over all distances, and the margins there."""
        generator = np.random.default_rng(self.seed)
        cube = generator.random((len(self.box.names), SAMPLED))
        reach = generator.random(SAMPLED)
        points = reach * (self._whole.low[:, None] + cube * (self._whole.high - self._whole.low)[:, None])
        return points, self.margins(points)

    def starts_for(self, profile: int) -> list[Floats]:
        """Sampled starts: the nearest points that do what is asked, then those that come closest to doing it."""
        if self.starts == 1:
            return []
        points, found = self._samples
        own = (-1 if self.away else 1) * found[self.profiles.index(profile)]
        lengths = np.linalg.norm(points, axis=0)
        order = np.lexsort((np.where(own >= STRICTNESS, lengths, -own), own < STRICTNESS))
        return [points[:, place] for place in order[: self.starts - 1]]

    def solve(self, pieces: Sequence[Asked], starts: Sequence[Floats]) -> Tried:
        """The nearest point found from some starts, and the best attempt, until the first one that suffices."""
        return carried_out(self._solving(self.program(pieces), pieces, starts))

    def solve_all(self, several: Sequence[Sequence[Asked]], starts: Sequence[Floats]) -> list[Tried]:
        """The same for several choices of pieces, side by side; they have much in common."""
        programs = self.programs(several)
        runs = [self._solving(program, pieces, starts) for program, pieces in zip(programs, several, strict=True)]
        return carried_out(side_by_side(runs))

    def _solving(self, program: Program, pieces: Sequence[Asked], starts: Sequence[Floats]) -> Steps[Tried]:
        attempt, least = self.origin, -np.inf
        for start in starts[:ATTEMPTS]:
            tried, reached = yield from attempting(program, start, enough=0.0)
            if reached > least:
                attempt, least = tried, reached
            if least >= 0:
                break
        if least < -program.slack:
            return None, attempt, least
        runs = [approach(program, start, self.norm) for start in starts]
        if self.norm == "l1" and not starts[0].any():
            # From the origin, also the sparse solution that is reached from the Euclidean one.
            runs.append(self._by_the_euclidean(program))
        points = yield from side_by_side(runs)
        if all(point is None for point in points):
            points = [(yield from approach(program, attempt, self.norm)), attempt]
        found = [point for point in points if point is not None]
        best = min(found, key=self.length)
        return Solution(self.length(best), best, tuple(pieces)), attempt, least

    def _by_the_euclidean(self, program: Program) -> Steps[Floats | None]:
        middle = yield from approach(program, self.origin, "l2")
        return None if middle is None else (yield from approach(program, middle, "l1"))

    # Bringing one profile about ---------------------------------------------------------------------------------------

    def pieces_of(self, profile: int) -> tuple[Piece, ...]:
        """All deviations from a profile."""
        return Deviations(self.study, self.box, (profile,)).pieces

    def candidates(self) -> list[Candidate]:
        """Every profile of the pattern, the nearest first, then those out of reach by how far they miss.

        Each is tried from the origin; those that come near the nearest, from the other starts too. Where none can be
        reached from the origin, all are started again. Under a trust, those that are left out lie farther than the
        nearest already as equilibria.
        """
        all_pieces = [self.pieces_of(profile) for profile in self.profiles]
        runs = [self._solving(self.program(pieces), pieces, [self.origin]) for pieces in all_pieces]
        each = carried_out(side_by_side(runs))
        found = [Candidate(profile, *tried) for profile, tried in zip(self.profiles, each, strict=True)]
        self._tell(len(found))
        if self.trust is not None:
            found = self._contending(sorted(found, key=_rank))
        nearest_one = min((c.solution.distance for c in found if c.solution), default=np.inf)
        for place, candidate in enumerate(found):
            if candidate.solution is None or candidate.solution.distance <= CONTENDERS * nearest_one:
                found[place] = self._started_again(candidate, CONTENDERS * nearest_one)
            self._tell(len(found) + place + 1)
        return sorted(found, key=_rank)

    def _contending(self, equilibria: Sequence[Candidate]) -> list[Candidate]:
        """Of profiles that are brought about as equilibria, the nearest first, those made agreement-proof too."""
        found, limit = [], np.inf
        for one in equilibria:
            if one.solution is not None and one.solution.distance > limit:
                continue
            found.append(one if one.solution is None else self._agreement_proof(one.profile, one.solution, limit))
            limit = min([limit, *(c.solution.distance for c in found if c.solution)])
        return found

    def _started_again(self, known: Candidate, limit: float) -> Candidate:
        """A candidate from the other starts too, or as it was."""
        profile, starts = known.profile, self.starts_for(known.profile)
        if not starts:
            return known
        solution, attempt, margin = self.solve(self.pieces_of(profile), starts)
        candidate = Candidate(profile, solution, attempt, margin)
        if self.trust is not None and solution is not None:
            candidate = self._agreement_proof(profile, solution, limit)
        return min(candidate, known, key=_rank)

    def moves_of(self, profile: int) -> tuple[JointMove, ...]:
        """All joint moves of two from a profile."""
        assert self.trust is not None
        return joint_moves(self.study.cast.shape, profile, self.trust, tuple(self.study.hold))

    def _agreement_proof(self, profile: int, first: Solution, limit: float) -> Candidate:
        """From the nearest equilibrium on: the nearest point found at which no joint move leads away, up to a limit."""
        place, moves = self.profiles.index(profile), self.moves_of(profile)
        takes = [one for move in moves for one in move.takes]
        counter, solved = itertools.count(1), 0
        heap = [(first.distance, 0, first)]
        attempt, least = first.point, -np.inf
        while heap and heap[0][0] <= limit and solved < MOST_CHOICES:
            solution = heapq.heappop(heap)[2]
            margin = float(self.margins(solution.point)[place])
            if margin >= LEFT * STRICTNESS:
                return Candidate(profile, solution, solution.point, margin - STRICTNESS)
            if margin > least:
                attempt, least = solution.point, margin
            drawn = iter(self._whole.comparisons(takes, solution.point)[0].tolist())
            each = [min(itertools.islice(drawn, len(move.takes))) for move in moves]
            move = moves[int(np.argmax(each))]
            turned = [(*solution.pieces, Turned(profile, move, one, -1.0)) for one in move.takes]
            solved += len(turned)
            for again, _, _ in self.solve_all(turned, [solution.point]):
                if again is not None:
                    heapq.heappush(heap, (again.distance, next(counter), again))
        return Candidate(profile, None, attempt, least - STRICTNESS)

    def _ways_off(self, profile: int, point: Floats) -> Iterator[tuple[float, tuple[Asked, ...]]]:
        """What stops a profile: a deviation that gains, or under a trust a joint move that has all that it takes.

        With each, how far it seems to be from a point, by the slopes there; only guessed of joint moves.
        """
        for piece in self.pieces_of(profile):
            yield 0.0, (piece,)
        if self.trust is None:
            return
        moves = self.moves_of(profile)
        lacking, tilted = self._whole.comparisons([one for move in moves for one in move.takes], point)
        steep = np.linalg.norm(tilted, axis=1) if self.norm == "l2" else np.abs(tilted).max(axis=1)
        far = iter(((STRICTNESS - lacking) / np.maximum(steep, 1e-9)).tolist())
        for move in moves:
            each = tuple(Turned(profile, move, one, 1.0) for one in move.takes)
            yield max(itertools.islice(far, len(each))), each

    def _tell(self, done: int) -> None:
        if self.progress is not None:
            self.progress(done, 2 * len(self.profiles))

    # Stopping equilibria ----------------------------------------------------------------------------------------------

    def stop(self) -> tuple[Solution | None, Floats, float]:
        """The nearest point at which no profile of the pattern is an equilibrium, and the best attempt otherwise."""
        present = [p for p in self.profiles if self.margins(self.origin)[self.profiles.index(p)] > -STRICTNESS]
        counter = itertools.count()
        heap: list[tuple[float, int, Solution]] = []
        attempt, least = self.origin, float(self.score(self.origin))
        solved = 0

        def open_up(broken: tuple[Asked, ...], profile: int) -> None:
            nonlocal attempt, least, solved
            found: list[Solution] = []
            starts = [self.origin, *self.starts_for(profile)[:1]]
            ways = sorted(self._ways_off(profile, self.origin), key=lambda way: way[0])
            for far, group in itertools.groupby(ways, key=lambda way: way[0]):
                if far > UNLIKELY * min((solution.distance for solution in found), default=np.inf):
                    break
                several = [(*broken, *way) for _, way in group]
                solved += len(several)
                for solution, tried, _ in self.solve_all(several, starts):
                    if float(self.score(tried)) > least:
                        attempt, least = tried, float(self.score(tried))
                    if solution is not None:
                        found.append(solution)
            limit = CONTENDERS * min((solution.distance for solution in found), default=np.inf)
            for solution in found:
                if solution.distance <= limit and not broken:
                    again, _, _ = self.solve(solution.pieces, self.starts_for(profile)[1:] or [self.origin])
                    if again is not None and again.distance < solution.distance:
                        solution = again
                heapq.heappush(heap, (solution.distance, next(counter), solution))

        open_up((), present[0])
        while heap and solved < MOST_NODES:
            solution = heapq.heappop(heap)[2]
            still = self.margins(solution.point)
            place = int(still.argmax())
            if still[place] <= -LEFT * STRICTNESS:
                return solution, attempt, least
            open_up(solution.pieces, self.profiles[place])
        return None, attempt, least


def _rank(candidate: Candidate) -> tuple[bool, float]:
    if candidate.solution is not None:
        return False, candidate.solution.distance
    return True, -candidate.margin
