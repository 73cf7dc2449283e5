"""The answer of a scenario in one place: what is stable, how sure that is, on what it rests, what would change it.

What other questions find is put together here and nothing is found a second time: the equilibria, counted over the box
of what is uncertain (:mod:`triangle.measures.standing`), the variance of what keeps the answer by what stands behind
the parameters (:mod:`triangle.questions.sensitivity.answer`), and the nearest other world in few moves
(:mod:`triangle.questions.flip.answer`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from triangle.base.errors import BadInput, Fault
from triangle.base.records import INLINE, told
from triangle.measures.asked import DISTANCE, Asked, default_questions, leaving
from triangle.measures.likelihood import Likelihood, likelihood
from triangle.measures.standing import alike, boxes, mask_of
from triangle.players.axes import RU, US
from triangle.players.forms import CastField
from triangle.questions.flip.answer import Flip, check_flip, flip
from triangle.questions.sensitivity.answer import Sensitivity, sensitivity
from triangle.solvers.agreements import TRUST
from triangle.study.solution import PureSolution, check_played, pure_solution
from triangle.study.study import Answer, Study
from triangle.sweeps.tally import Tally, wilson

#: Base samples of the variance.
BASE_SAMPLES = 256

#: Most parameters that are named as carrying the answer.
MOST_NAMED = 3


@dataclass(frozen=True)
class Carried:
    """In how many worlds drawn a statement holds."""

    worlds: int
    of: int

    @property
    @told()
    def share(self) -> float:
        """Share of the worlds drawn."""
        return self.worlds / self.of

    @property
    @told()
    def interval(self) -> tuple[float, float]:
        """Wilson's interval of 95 % of that share, for independent draws."""
        return wilson(self.worlds, self.of)

    @property
    @told()
    def likelihood(self) -> Likelihood:
        """The word for it."""
        return likelihood(*self.interval)


@dataclass(frozen=True)
class Sure:
    """How sure an answer is.

    Attributes
    ----------
    agreed : bool
        Whether agreement-proof equilibria are counted, or all: the former where the answer has some.
    stands : Carried
        That Russia stands with those with whom it stands in the answer, and in no other way.
    same : Carried
        That exactly these postures are stable.
    drawn : int
        Parameters that are drawn.
    """

    agreed: bool
    stands: Carried
    same: Carried
    drawn: int
    seed: int


@dataclass(frozen=True)
class Named:
    """A parameter and the share of the variance it has a part in, with all interactions."""

    parameter: str
    share: float


@dataclass(frozen=True)
class Rests:
    """On what an answer rests: the variance of what a power would lose by leaving it.

    Attributes
    ----------
    backing : tuple of (str, float)
        Kinds of what stands behind the parameters, each with the share that it accounts for by itself; largest first.
    weak : float
        The share that crosses a weak bridge from what was measured to what a symbol means, by itself.
    strongest : tuple of Named
    """

    asked: Asked
    outcome: str
    backing: tuple[tuple[str, float], ...]
    weak: float
    strongest: tuple[Named, ...]


@dataclass(frozen=True)
class Answered:
    """The answer of one scenario.

    Attributes
    ----------
    sure, rests : Sure, Rests or None
        None where all are held, and where no variance can be counted.
    change : Flip or None
        The nearest world found in which the answer is another; None where all are held, or there is nothing to stop.
    """

    solution: Annotated[PureSolution, INLINE]
    sure: Sure | None
    rests: Rests | None
    change: Flip | None


@dataclass(frozen=True)
class Answers:
    """The answers of some scenarios."""

    SCHEMA: ClassVar = "triangle.answer/1"

    scenarios: tuple[str, ...]
    answers: tuple[Answered, ...]
    cast: CastField


def answer(
    studies: Sequence[Study],
    samples: int = 4096,
    seed: int = 0,
    trust: float = TRUST,
    words: Sequence[Sequence[str]] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Answers:
    """The answers of some scenarios, each by itself, over the same draws.

    Parameters
    ----------
    samples, seed : int
        Draws of the box of what is uncertain, and their seed.
    trust : float
        Trust up to which agreements of two count.
    words : sequence, optional
        The words of the command line that solve each study as it stands.
    progress : callable, optional
        Told how many of the scenarios are done.

    Examples
    --------
    >>> from triangle.study.load import load
    >>> (found,) = answer([load("patient_america")], samples=256).answers
    >>> found.sure.stands.likelihood, len(found.change.moves)
    ('likely', 1)
    """
    tallies = boxes(studies, samples, seed, trust)
    drawn, answers = len(tallies.job.design.drawn), []
    for place, study in enumerate(studies):
        tally = tallies.tallies[study.scenario.name]
        answers.append(answered(study, study.solve(trust), tally, drawn, seed, words[place] if words else None))
        if progress is not None:
            progress(place + 1, len(studies))
    return Answers(tuple(study.scenario.name for study in studies), tuple(answers), studies[0].cast)


def check_answers(found: Answers, studies: Sequence[Study], file: str) -> None:
    """Refuse kept answers of other games than the studies'."""
    if len(found.answers) != len(studies):
        counted = f"holds {len(found.answers)} answers; expected those of the {len(studies)} scenarios"
        raise BadInput(Fault(file, "answers", counted))
    for one, study in zip(found.answers, studies, strict=True):
        check_played(one.solution.played, study, file)
        if one.change is not None:
            check_flip(one.change, study, file)


def answered(
    study: Study,
    found: Answer,
    tally: Tally,
    drawn: int,
    seed: int,
    words: Sequence[str] | None = None,
    variance: Callable[..., Sensitivity] = sensitivity,
    change: Callable[..., Flip | None] | None = None,
) -> Answered:
    """The answer of one scenario whose equilibria are found, and whose box is counted.

    `variance` answers as :func:`~triangle.questions.sensitivity.answer.sensitivity` does, `change` as
    :func:`nearest_change`.
    """
    solution = pure_solution(study, found)
    if len(study.hold) == len(study.cast):
        return Answered(solution, None, None, None)
    return Answered(
        solution,
        _sure(found, tally, drawn, seed),
        _rests(study, seed, variance),
        (change or nearest_change)(study, found, seed, words),
    )


def _sure(found: Answer, tally: Tally, drawn: int, seed: int) -> Sure:
    counted = tally.agreement_proof if found.agreement_proof else None
    tally, present = counted or tally, found.present
    stands, same = alike(tally, present), tally.sets.get(mask_of(present), 0)
    return Sure(counted is not None, Carried(stands, tally.games), Carried(same, tally.games), drawn, seed)


def _rests(study: Study, seed: int, variance: Callable[..., Sensitivity]) -> Rests | None:
    """What the default question about a free power rests on: about Russia, or else about America."""
    questions = default_questions(study)
    free = [question for question, asked_of in zip(questions, (RU, US), strict=True) if asked_of not in study.hold]
    if not free:
        return None
    try:
        found = variance(study, free[0].outcome, samples=BASE_SAMPLES, seed=seed)
    except BadInput:  # too few draws for a variance: nothing is said of it
        return None
    if found.constant or found.bridged is None:
        return None
    backing = sorted(found.by_backing.items(), key=lambda item: -item[1])
    strongest = [Named(found.names[i], float(found.indices["total"].value[i])) for i in found.ranking[:MOST_NAMED]]
    weak = found.bridged.first.get("weak")
    return Rests(
        free[0].asked, free[0].outcome, tuple(backing), max(0.0, weak.value) if weak else 0.0, tuple(strongest)
    )


def nearest_change(study: Study, found: Answer, seed: int, words: Sequence[str] | None) -> Flip | None:
    """The nearest world, in few moves, in which Russia leaves China for America; or, where it cannot or does, in which
    what stands no longer does. Where the answer has agreement-proof postures, only such count.
    """
    leaves = RU not in study.hold and all(finding.profile[RU] != DISTANCE for finding in found.present)
    if not leaves and not found.findings:
        return None
    target = leaving(study.cast) if leaves else ""
    # Few parameters that move much are easier to talk about than many that move a little: hence the sum of moves.
    asked: dict[str, Any] = {"norm": "l1", "starts": 1, "seed": seed, "words": words}
    try:
        return flip(study, target, away=not leaves, trust=found.trust if found.agreement_proof else None, **asked)
    except BadInput:  # held where no profile of the target is
        return None
