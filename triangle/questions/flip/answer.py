r"""The nearest world in which the answer is another.

Of all points of a box, the one nearest to where a study stands, in ranges, at which a profile of a pattern is an
equilibrium, or at which none of a pattern is one any more:

.. math:: \min_u \lVert u \rVert \quad\text{such that}\quad \ell_{ib}(u) \ge s \text{ for all players } i
          \text{ and deviations } b,

where :math:`u_m = (\theta_m - \theta^0_m) / (\text{high}_m - \text{low}_m)`, :math:`\ell_{ib}` is what player i loses
by deviating to b, and s a small strictness. That is inverse optimisation for an equilibrium (Ahuja and Orlin 2001). In
the Euclidean norm everything moves a little, in the sum of absolute moves few parameters move much.

The answer is rounded to few digits and solved again by the ordinary solver: that is its certificate. It is the nearest
of all local solutions that were found from several starts; nearer ones elsewhere are not excluded.

References
----------
Ahuja, R. K. and Orlin, J. B. (2001). Inverse optimization. *Operations Research* 49(5), 771-783.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from triangle.base.arguments import Between, Seed
from triangle.base.errors import BadInput, Fault, check_probability, unknown
from triangle.games.bitboards import profiles_of
from triangle.measures.box import Box, box_of
from triangle.measures.deviations import Deviations, reachable
from triangle.players.cast import Cast
from triangle.players.notation import FREE
from triangle.players.patterns import parse_pattern
from triangle.questions.flip.record import NORMS, Binding, Certificate, JointBinding, Reach
from triangle.questions.flip.record import Flip as Flip
from triangle.questions.flip.record import Move as Move
from triangle.questions.flip.record import check_flip as check_flip
from triangle.questions.flip.search import LEFT, STRICTNESS, Candidate, Piece, Search, Solution, Turned
from triangle.questions.flip.shortening import PRICE, fewer, needed_moves, rounded
from triangle.scenarios.scenario import override
from triangle.solvers.agreements import agreement_proof_margins, compared
from triangle.study.study import Study
from triangle.study.world import world_of

Floats = NDArray[np.float64]

#: A deviation binds where the move that would make it give way is shorter than this, in ranges.
_BINDING = 1e-4

#: By how much rounding may worsen the best attempt, in billion dollars a year.
_ROUNDING = 0.01


def flip(
    study: Study,
    target: str = "",
    away: bool = False,
    names: Sequence[str] | None = None,
    roles: str = "all",
    without: Sequence[str] = (),
    norm: str = "l2",
    starts: Annotated[int, Between(1, 1000)] = 4,
    seed: Seed = 0,
    *,
    hard: bool = False,
    words: Sequence[str] | None = None,
    progress: Callable[[int, int], None] | None = None,
    trust: float | None = None,
) -> Flip:
    """The smallest joint move of parameters after which the answer is another.

    Parameters
    ----------
    target : str
        A pattern (:mod:`triangle.players.patterns`), of which a profile is to become an equilibrium; with `away` the
        one of which none is to stay an equilibrium, all present equilibria where it is empty.
    names, roles, without, hard
        Which parameters may move and how far, as in :func:`~triangle.measures.box.box_of`.
    norm : {"l2", "l1"}
        How moves are added up.
    starts, seed
        Starts of each program, and the seed by which they are drawn.
    words : sequence of str, optional
        The words of the command line that solve the study as it stands; made from its scenario's name if absent.
    progress : callable, optional
        Told how many searches of how many are done.
    trust : float, optional
        Where given, only equilibria count that are agreement-proof at it: one is to become so, or to stop being so.

    Raises
    ------
    BadInput
        If a word is not understood, players are held elsewhere, or there is nothing to stop.

    Examples
    --------
    >>> from triangle.model.model import read_model
    >>> from triangle.scenarios.scenario import read_scenario
    >>> model = read_model()
    >>> study = Study(model, read_scenario("baseline", model), {})
    >>> nearest = flip(study, away=True)
    >>> nearest.found, nearest.certificate.holds, nearest.distance < 0.7
    (True, True, True)
    """
    if not isinstance(norm, str) or norm not in NORMS:
        raise BadInput(Fault("--norm", "", unknown("norm", str(norm), NORMS)))
    if trust is not None:
        check_probability(trust, "--trust")
    box = box_of(study, names, roles, hard=hard, without=without)
    if len(study.hold) == len(study.cast):
        raise BadInput(Fault("--hold", "", "holds all three players, so that nothing can bring about or stop anything"))
    profiles, target = _profiles(study, target, away, trust)
    search = Search(study, box, profiles, away, norm, starts, seed, progress, trust)
    marked = () if trust is None else ("--trust", repr(float(trust)))
    asked = _Asked(search, target, hard, (*(words or solving_words(study)), *marked))
    if float(search.score(search.origin)) >= LEFT * STRICTNESS:
        place = int(search.margins(search.origin).argmax())
        candidate = Candidate(profiles[place], Solution(0.0, search.origin, ()), search.origin, 0.0)
        return asked.found(candidate, [])
    if away:
        solution, attempt, _ = search.stop()
        stopped = _stopped(solution) if solution else profiles[int(search.margins(search.origin).argmax())]
        candidate = Candidate(stopped, solution, attempt, float(search.score(attempt)) - STRICTNESS)
        return asked.found(candidate, []) if solution else asked.missed(candidate, [])
    candidates = search.candidates()
    if candidates[0].solution is not None:
        return asked.found(candidates[0], candidates)
    return asked.missed(candidates[0], candidates)


def _stopped(solution: Solution) -> int:
    """The profile that is stopped first."""
    first = solution.pieces[0]
    return first.here if isinstance(first, Turned) else first[0]


def _profiles(study: Study, target: str, away: bool, trust: float | None) -> tuple[tuple[int, ...], str]:
    """The profiles asked for, and the pattern's text."""
    where = "--away" if away else "--to"
    if not target and not away:
        raise BadInput(Fault(where, "", "missing; say which pattern is to become an equilibrium, as in RU=distance"))
    if target:
        profiles = reachable(study, profiles_of(parse_pattern(target, study.cast)))
        if not profiles:
            raise BadInput(Fault(where, "", f"no profile of {target[:60]} leaves held players where they are held"))
        return profiles, target
    standing = study.solve().present if trust is None else study.counting(trust)
    present = tuple(study.cast.index(finding.profile) for finding in standing)
    if not present:
        kind = "pure equilibrium" if trust is None else f"equilibrium that is agreement-proof at trust {trust:g}"
        raise BadInput(Fault(where, "", f"there is no {kind} to stop; say with --to what is to become one"))
    return present, " | ".join(study.cast.profile_text(study.cast.profiles[profile]) for profile in present)


def solving_words(study: Study, scenario: str | None = None, group: Sequence[str] = ()) -> list[str]:
    """The words of the command line that solve a study as it stands, all players moving at once.

    Parameters
    ----------
    scenario : str, optional
        How the scenario is called; its name if absent.
    group : sequence of str
        Options that stand before the command.
    """
    words = ["triangle", *group, "solve", scenario or study.scenario.name]
    for i, action in sorted(study.hold.items()):
        if study.cast.numbered(study.scenario.hold).get(i) != action:
            words += ["--hold", study.cast.action_text(i, action)]
    for i in study.cast.numbered(study.scenario.hold):
        if i not in study.hold:
            words += ["--hold", f"{study.cast.codes[i]}={FREE}"]
    for change in study.scenario.changes:
        if change.scenario == "--set":
            words += ["--set", f"{change.parameter}={change.figure or repr(change.value)}"]
    if study.scenario.order is not None:
        words += ["--order", "+".join(study.cast.codes)]
    return words


@dataclass(frozen=True)
class _Asked:
    """A question with what its answer repeats of it."""

    search: Search
    target: str
    hard: bool
    words: tuple[str, ...]

    def found(self, candidate: Candidate, candidates: Sequence[Candidate]) -> Flip:
        """The answer where a solution was found: shortened, rounded, certified."""
        assert candidate.solution is not None
        search, solution = self._fewest(candidate)
        profile = None if search.away else candidate.profile
        values, texts = rounded(
            search.box, solution.point, search.length, lambda u: search.score(u, profile) >= LEFT * STRICTNESS
        )
        certificate = self._certificate(search.box, values, texts, candidate.profile)
        flipped = _flipped(self.search.study, certificate.settings)
        binding = tuple(_binding(flipped, piece) for piece in self._active(search, solution))
        return Flip(
            found=certificate.holds,
            distance=search.length((values - search.box.origin) / search.box.width),
            nearest=candidate.solution.distance,
            moves=_moves(self.search.study, search.box, values),
            profile=search.study.cast.profiles[candidate.profile],
            binding=binding,
            joint=tuple(_joint_binding(flipped, turned) for turned in self._turning(search, solution)),
            certificate=certificate,
            misses=None if certificate.holds else abs(certificate.margin),
            **self._common(candidates),
        )

    def missed(self, candidate: Candidate, candidates: Sequence[Candidate]) -> Flip:
        """The answer where none was found: the point that comes closest, without the moves that it does not need."""
        search = self.search
        profile = None if search.away else candidate.profile
        point = needed_moves(candidate.attempt, lambda u: search.score(u, profile))
        least = float(search.score(point, profile)) - _ROUNDING
        values, texts = rounded(search.box, point, search.length, lambda u: search.score(u, profile) >= least)
        certificate = self._certificate(search.box, values, texts, candidate.profile)
        flipped = _flipped(search.study, certificate.settings)
        pieces = sorted(search.pieces_of(candidate.profile), key=lambda piece: _loss(flipped, piece))
        return Flip(
            found=False,
            distance=None,
            nearest=None,
            moves=_moves(search.study, search.box, values),
            profile=search.study.cast.profiles[candidate.profile],
            binding=tuple(
                _binding(flipped, p) for p in pieces if _loss(flipped, p) <= _loss(flipped, pieces[0]) + 2 * _ROUNDING
            ),
            certificate=certificate,
            misses=certificate.margin if search.away else max(certificate.regret, -certificate.margin),
            **self._common(candidates),
        )

    def _common(self, candidates: Sequence[Candidate]) -> dict[str, Any]:
        search, profiles = self.search, self.search.study.cast.profiles
        return {
            "cast": search.study.cast,
            "world": world_of(search.study),
            "target": self.target,
            "away": search.away,
            "norm": search.norm,
            "tried": tuple(
                Reach(profiles[c.profile], c.solution.distance, None)
                if c.solution
                else Reach(profiles[c.profile], None, c.margin + STRICTNESS)
                for c in candidates
            ),
            "free": search.box.names,
            "hard": self.hard,
            "starts": search.starts,
            "seed": search.seed,
            "trust": search.trust,
        }

    def _fewest(self, candidate: Candidate) -> tuple[Search, Solution]:
        """The solution with as few moves as cost hardly anything, in the box of those alone."""
        assert candidate.solution is not None
        solution = candidate.solution
        if not solution.point.any():
            return self.search, solution
        for names in fewer(self.search.box, solution.point):
            search = self.search.narrowed(names)
            start = solution.point[[self.search.box.names.index(name) for name in names]]
            again, _, _ = search.solve(solution.pieces, [start, search.origin])
            if again is None or again.distance > PRICE * solution.distance:
                continue
            if float(search.score(again.point, None if search.away else candidate.profile)) >= LEFT * STRICTNESS:
                return search, again
        return self.search, solution

    def _active(self, search: Search, solution: Solution) -> list[Piece]:
        """The deviations that would give way on the way back: those within a tiny move of the solution."""
        if not solution.deviations:
            return []
        profiles = tuple(dict.fromkeys(profile for profile, _, _ in solution.deviations))
        deviations = Deviations(search.study, search.box, profiles)
        lost, tilted = deviations.slopes(solution.point)
        sign = -1.0 if search.away else 1.0
        far = (sign * lost - STRICTNESS) / np.maximum(np.linalg.norm(tilted, axis=1), 1e-9)
        return [
            piece
            for piece, off in zip(deviations.pieces, far, strict=True)
            if piece in solution.deviations and off <= _BINDING
        ]

    def _turning(self, search: Search, solution: Solution) -> list[Turned]:
        """What joint moves take that would turn on the way back, likewise."""
        turned = solution.turned
        if not turned:
            return []
        signs = np.array([one.sign for one in turned])
        deviations = Deviations(search.study, search.box, search.profiles)
        measured, tilted = deviations.comparisons([one.one for one in turned], solution.point)
        far = (signs * measured - STRICTNESS) / np.maximum(np.linalg.norm(tilted, axis=1), 1e-9)
        return [one for one, off in zip(turned, far, strict=True) if off <= _BINDING]

    def _certificate(self, box: Box, values: Floats, texts: Sequence[str], profile: int) -> Certificate:
        settings = tuple(
            f"{name}={text}"
            for name, text, value, start in zip(box.names, texts, values, box.origin, strict=True)
            if value != start
        )
        flipped = _flipped(self.search.study, settings)
        trust = self.search.trust
        equilibria, counting = (tuple(finding.profile for finding in flipped.counting(at)) for at in (None, trust))
        there = set(map(flipped.cast.index, counting))
        holds = not there & set(self.search.profiles) if self.search.away else profile in there
        finding = flipped.finding(flipped.cast.profiles[profile])
        margin = finding.margin if trust is None else _margin(flipped, profile, trust)
        proof = None if trust is None else counting
        return Certificate(
            holds, finding.regret, margin, equilibria, settings, command_line(self.words, settings), proof
        )


def _margin(study: Study, profile: int, trust: float) -> float:
    """How far a profile is from being left, alone or by an agreement."""
    found = agreement_proof_margins(study.payoffs, [profile], trust, tuple(study.hold))
    return float(found[0])


def command_line(words: Sequence[str], settings: Sequence[str]) -> str:
    """The command line with settings laid over; those of the same parameters are replaced."""
    moved = {setting.partition("=")[0] for setting in settings}
    kept: list[str] = []
    for word in words:
        if kept and kept[-1] == "--set" and word.partition("=")[0] in moved:
            kept.pop()
        else:
            kept.append(word)
    return shlex.join([*kept, *(word for setting in settings for word in ("--set", setting))])


def _flipped(study: Study, settings: Sequence[str]) -> Study:
    """The study with values laid over as the command line reads them: nothing is carried over from the search."""
    return Study(study.model, override(study.scenario, settings, study.model), study.hold)


def _moves(study: Study, box: Box, values: Floats) -> tuple[Move, ...]:
    moves = []
    for name, start, value, low, high, width in zip(
        box.names, box.origin, values, box.low, box.high, box.width, strict=True
    ):
        if value != start:
            p = study.model.catalogue[name]
            numbers = (float(number) for number in (start, value, low, high, (value - start) / width))
            moves.append(Move(name, p.unit, p.role, *numbers))
    return tuple(sorted(moves, key=lambda move: -abs(move.in_ranges)))


def _there(piece: Piece, cast: Cast) -> tuple[tuple[int, ...], tuple[int, ...], int, int]:
    profile, player, action = piece
    here: tuple[int, ...] = cast.profiles[profile]
    there = (*here[:player], action, *here[player + 1 :])
    return here, there, player, action


def _loss(study: Study, piece: Piece) -> float:
    here, there, player, _ = _there(piece, study.cast)
    return float(study.payoffs[(player, *here)] - study.payoffs[(player, *there)])


def _joint_binding(study: Study, turned: Turned) -> JointBinding:
    move, cast = turned.move, study.cast
    payoffs = study.payoffs.reshape(len(cast), len(cast.profiles), 1)
    number = float(compared(payoffs, [turned.one])[0, 0])
    kind = "gain" if turned.one in move.gains else "keep" if turned.one in move.keeps else "join"
    here, to = cast.profiles[turned.here], cast.profiles[move.to]
    return JointBinding(move.players, here, to, turned.one.player, kind, number)  # type: ignore[arg-type]


def _binding(study: Study, piece: Piece) -> Binding:
    here, there, player, action = _there(piece, study.cast)
    parts = {name: float(term[(player, *here)] - term[(player, *there)]) for name, term in study.terms.items()}
    return Binding(player, here, action, _loss(study, piece), parts)
