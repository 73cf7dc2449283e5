"""The two questions that are asked of a scenario where none is named: what keeps Russia with China, and what decides
Washington's posture.

Each asks one player at one posture, that of the firmest of the equilibria that are present: what would the player lose
by its best other action, the others doing what they do there? Above zero it stays, below zero it leaves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from triangle.games.bitboards import profiles_of
from triangle.players.axes import CN, RU, US
from triangle.players.cast import Cast
from triangle.players.configurations import configurations
from triangle.players.notation import Profile
from triangle.solvers.agreements import TRUST
from triangle.study.study import Study

#: Russia's action of accommodating America alone.
DISTANCE = 2

#: What is asked: what keeps Russia with China, or apart from it where they are not linked; or what decides Washington.
Asked = Literal["kept", "apart", "posture"]

#: What can turn: whether Russia is linked with China, and what Washington does.
Turned = Literal["kept", "posture"]


@dataclass(frozen=True)
class Question:
    """A question and the outcome that answers it, as in :mod:`triangle.measures.outcomes`."""

    asked: Asked
    outcome: str


def firmest(study: Study, trust: float = TRUST) -> Profile:
    """The posture of the firmest equilibrium that is present, or that nearest to one where there is none."""
    present = study.solve(trust).present
    return max(present, key=lambda finding: finding.margin).profile if present else study.nearest()


def default_questions(study: Study, trust: float = TRUST) -> tuple[Question, Question]:
    """The two questions of a study at its firmest equilibrium.

    Examples
    --------
    >>> from triangle.study.load import load
    >>> for question in default_questions(load("baseline")):
    ...     print(question.asked, question.outcome)
    kept advantage:RU=align@US=contain_both,RU=align,CN=align
    posture advantage:US=contain_both@US=contain_both,RU=align,CN=align
    """
    profile = firmest(study, trust)
    keeps: Asked = "kept" if _linked(study.cast, study.cast.index(profile)) else "apart"
    return Question(keeps, _stays(study, RU, profile)), Question("posture", _stays(study, US, profile))


def leaving(cast: Cast) -> str:
    """The pattern in which Russia has left China for America: the question behind all documents.

    Examples
    --------
    >>> from triangle.players.cast import SHIPPED
    >>> leaving(SHIPPED), coming(SHIPPED)
    ('RU=distance,link=US-RU', 'link=US-RU')
    """
    return f"{cast.action_text(RU, DISTANCE)},{coming(cast)}"


def coming(cast: Cast) -> str:
    """The pattern in which Russia and America come to terms, whatever China does."""
    return f"link={cast.codes[US]}-{cast.codes[RU]}"


def answers_of(mask: int, cast: Cast) -> dict[Turned, frozenset[int]]:
    """What a set of equilibria answers: whether Russia is linked with China, and what Washington does.

    Each is the set of all answers that some equilibrium gives; two sets of equilibria answer alike if these agree.
    """
    profiles = profiles_of(mask)
    return {
        "kept": frozenset(int(_linked(cast, profile)) for profile in profiles),
        "posture": frozenset(cast.profiles[profile][US] for profile in profiles),
    }


def turned(before: int, after: int, cast: Cast) -> tuple[Turned, ...]:
    """The questions whose answer differs from one set of equilibria to another."""
    old, new = answers_of(before, cast), answers_of(after, cast)
    return tuple(question for question in old if old[question] != new[question])


#: Whether Russia is linked with China, and whether with America.
Bonds = tuple[bool, bool]


def bonds(mask: int, cast: Cast) -> frozenset[Bonds]:
    """With whom Russia is linked in each profile of a set: with China, and with America.

    Examples
    --------
    >>> from triangle.players.cast import SHIPPED
    >>> from triangle.players.patterns import parse_pattern
    >>> sorted(bonds(parse_pattern("US=court_russia,RU=hedge,CN=align|RU=oppose_both", SHIPPED), SHIPPED))
    [(False, False), (True, True)]
    """
    links = (configurations(cast)[profile].links for profile in profiles_of(mask))
    return frozenset(((RU, CN) in found, (US, RU) in found) for found in links)


def _linked(cast: Cast, profile: int) -> bool:
    """Whether Russia and China accommodate each other in a profile."""
    return (RU, CN) in configurations(cast)[profile].links


def _stays(study: Study, player: int, profile: Profile) -> str:
    """The outcome that says what a player loses by leaving a posture alone."""
    action = study.cast.action_text(player, profile[player])
    return f"advantage:{action}@{study.cast.profile_text(profile)}"
