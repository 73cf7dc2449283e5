"""What the bidding for Russia comes to, as plain records; :mod:`triangle.questions.bid.answer` makes them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from triangle.players.forms import CastField

#: Whether promises bind or must enforce themselves, in the order of every pair below.
PROMISES = ("self-enforcing", "binding")


@dataclass(frozen=True)
class Bids:
    """The auction in money in one world; billion dollars a year, pairs by :data:`PROMISES`.

    Attributes
    ----------
    russian : tuple of float
        What Russia has at each of its actions, unpaid.
    worth_us, worth_cn : float
    most_us, most_cn : tuple of float
        The most that each pays.
    winner : tuple of str
    price : tuple of float
        What the winner pays.
    is_open : bool
        Whether a game with Russia held has no pure equilibrium, so that security levels stand in.
    """

    russian: tuple[float, ...]
    worth_us: float
    worth_cn: float
    most_us: tuple[float, float]
    most_cn: tuple[float, float]
    winner: tuple[str, str]
    price: tuple[float, float]
    is_open: bool


@dataclass(frozen=True)
class Outcome:
    """One solution of the game of offers, as places of the two offers, with what is played then.

    Attributes
    ----------
    profile : int
        −1 where the stance game has no pure equilibrium; `payoffs` are security levels then.
    holder : str
        Whom Russia is linked with.
    """

    us: int
    cn: int
    profile: int
    holder: str
    payoffs: tuple[float, float, float]


@dataclass(frozen=True)
class Offers:
    """The game of offers in one world.

    Attributes
    ----------
    at_once : tuple of Outcome
        Every pure equilibrium of offers; empty where there is none.
    holder : tuple of tuples of int
        Place in :func:`~triangle.questions.bid.offers.hands` of whom Russia is linked with after every pair of offers,
        −1 where it is open.
    """

    at_once: tuple[Outcome, ...]
    us_first: Outcome
    cn_first: Outcome
    holder: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Node:
    """One place along a line, 0 at the low end and 1 at the high end of its parameters."""

    place: float
    bids: Bids
    us_first: Outcome
    cn_first: Outcome
    at_once: int
    at_once_holders: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """Bidding along parameters that move together."""

    name: str
    parameters: tuple[str, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    nodes: tuple[Node, ...]
    units: tuple[str, ...] = ()


@dataclass(frozen=True)
class Counts:
    """Worlds by who ends up with Russia, in the order of ``winners`` (money) or ``hands`` (in kind).

    `open` are those without an answer, because some stance game in them has no pure equilibrium.
    """

    counts: tuple[int, ...]
    open: int


@dataclass(frozen=True)
class Draws:
    """Bidding over draws of everything uncertain.

    Attributes
    ----------
    money : tuple of Counts
        By :data:`PROMISES`.
    worth_us, worth_cn : tuple of float
        The 5, 50 and 95 % quantiles.
    most_us, most_cn : tuple of tuples of float
        The same by :data:`PROMISES`.
    us_first, cn_first : Counts
    at_once : Counts
        Worlds in which all pure equilibria of offers end in the same hands; `open` are those without such an
        equilibrium and those in which they differ.
    without_nash : int
        Worlds without a pure equilibrium of offers.
    """

    samples: int
    money: tuple[Counts, Counts]
    worth_us: tuple[float, float, float]
    worth_cn: tuple[float, float, float]
    most_us: tuple[tuple[float, float, float], tuple[float, float, float]]
    most_cn: tuple[tuple[float, float, float], tuple[float, float, float]]
    us_first: Counts
    cn_first: Counts
    at_once: Counts
    without_nash: int


@dataclass(frozen=True)
class Limits:
    """How far each would go in kind; offers are carried out only by a bidder that accommodates Russia.

    Self-enforcing: while doing so is its best reply to a Russia at its side. Binding: where it is not, it is held to
    it.

    Attributes
    ----------
    surplus : float
        Yearly surplus of the largest pipeline while it runs, billion dollars.
    share : tuple of float
        Russia's largest share of it with which China still prefers Russia with it to Russia with the United States;
        1 where even the whole surplus is not too much. By :data:`PROMISES`.
    beyond : tuple of float
        What China would pay on top of that share, billion dollars a year.
    concession : tuple of float or None
        The largest political concession, with full relief, with which the United States still prefers Russia with it;
        None where it does not even without one. Searched in steps of a hundredth.
    """

    surplus: float
    share: tuple[float, float]
    beyond: tuple[float, float]
    concession: tuple[float | None, float | None]


@dataclass(frozen=True)
class Auction:
    """What :func:`bid` finds."""

    SCHEMA: ClassVar = "triangle.bidding/1"

    scenario: str
    rule: str
    us_offers: tuple[tuple[float, float], ...]
    cn_offers: tuple[tuple[float, float], ...]
    bids: Bids
    limits: Limits
    offers: Offers
    lines: tuple[Line, ...]
    draws: Draws
    seed: int
    cast: CastField
