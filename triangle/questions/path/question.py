"""What may be asked of the worlds of a path, and the path with what is changed of it.

Nothing is computed here, and what computes is loaded when something is asked: a kept answer is shown without it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any, TypeAlias

from triangle.base.errors import BadInput, Fault, shorten
from triangle.base.records import LARGEST, number_in
from triangle.model.model import Model
from triangle.questions.path.forever.record import Forever
from triangle.questions.path.record import Commitment, Course, Waiting
from triangle.scenarios.path import Path, read_path
from triangle.scenarios.scenario import override

if TYPE_CHECKING:
    from triangle.questions.path.work import Holds, Work

#: What is answered, by what is asked.
Answer: TypeAlias = Course | Commitment | Waiting | Forever


@dataclass(frozen=True)
class Question:
    """What is asked of the worlds of a path: how they go, unless something else is.

    Attributes
    ----------
    commit, wait : str or None
        Whose promises bind; whose flexibility is valued.
    forever : int or None
        The year whose conditions go on.
    follow : bool
        Whether the logit path of worlds that cycle for ever is followed.
    against : int or None
        Levels of every ladder in the course that this one is held against.
    """

    commit: str | None = None
    wait: str | None = None
    forever: int | None = None
    follow: bool = False
    against: int | None = None

    def __post_init__(self) -> None:
        """One thing is asked at a time."""
        asked = {"--commit": self.commit, "--wait": self.wait, "--forever": self.forever}
        given = [option for option, value in asked.items() if value is not None]
        if len(given) > 1:
            raise BadInput(Fault(given[1], "", f"goes against {given[0]}; ask one after the other"))
        if given and self.against is not None:
            raise BadInput(Fault("--against", "", f"is for the course; leave it out with {given[0]}"))
        if self.follow and self.forever is None:
            raise BadInput(Fault("--follow", "", "follows what cycles for ever; say of which year with --forever"))

    def laid(
        self, path: Path, model: Model, samples: int, seed: int, rule: str, held: Holds, holds: Sequence[str]
    ) -> tuple[Work, Callable[..., Answer]]:
        """What is to be computed of some worlds, and the function that answers with it.

        Parameters
        ----------
        held, holds : mapping of int to {int: int}, and sequence of str
            Players held by year, and the same as it was written, for the record.
        """
        from triangle.questions.path import answer, offers
        from triangle.questions.path.forever.answer import for_ever
        from triangle.questions.path.forever.work import Forevers
        from triangle.questions.path.work import Courses

        worlds: dict[str, Any] = {"samples": samples, "seed": seed, "rule": rule, "holds": held}
        told = worlds | {"held_texts": holds}
        if self.commit is not None:
            work: Work = offers.Commitments(path, model, **worlds, player=self.commit)
            return work, partial(answer.commitment, path, model, self.commit, **told)
        if self.wait is not None:
            work = offers.Waits(path, model, **worlds, player=self.wait)
            return work, partial(answer.waiting, path, model, self.wait, **told)
        if self.forever is not None:
            work = Forevers(path, model, **worlds, year=self.forever, follow=self.follow)
            return work, partial(for_ever, path, model, self.forever, follow=self.follow, **told)
        work = Courses(path, model, **worlds, against=self.against)
        return work, partial(answer.path_course, path, model, against=self.against, **told)


def changed(
    name: str | FilePath,
    model: Model,
    settings: Sequence[str],
    starts: Mapping[str, str],
    until: int | None,
    levels: int | None,
) -> Path:
    """A path by the name of a shipped one or its file, with what is set, where it starts and ends, and its rungs."""
    path = with_settings(read_path(name, model), settings, model)
    path = path.until(until) if until is not None else path
    path = path.finer(levels) if levels is not None else path
    return path.starting(starts) if starts else path


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
        value = number_in(text)
    except ValueError:
        value = float("nan")
    if not abs(value) <= LARGEST:
        raise BadInput(Fault("--set", name, f"found {shorten(text)}; expected a number"))
    return value
