"""Who plays: the cast of a game as a value, which a model carries and everything made of it asks.

The model has three parts to play. The **wooer** can offer relief and concede; the **wooed** may leave its partner for
it; the **rival** is the wooer's rival and the partner of the wooed. The shipped cast is the United States, Russia and
China; a file casts others (:mod:`triangle.players.triad`). Formulas number the parts as the axes do
(:mod:`triangle.players.axes`), whoever plays them; what the players and their actions are called, the cast says. After
the three may come third parties, whose actions are settings of parameters (:mod:`triangle.players.thirds`).
Nothing of it is kept by the process, so that two casts stand side by side as two numbers would.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from math import prod
from pathlib import Path
from typing import Annotated, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from triangle.base.arguments import checked
from triangle.base.errors import BadInput, Fault, UnknownName, shorten
from triangle.base.records import APART, SPARSE
from triangle.games.bitboards import Sets
from triangle.players.thirds import ThirdParty

T = TypeVar("T")

#: Codes of the shipped triad, which the shipped parameters are named by.
SHIPPED_CODES = ("US", "RU", "CN")


@dataclass(frozen=True)
class Cast:
    """The players of a game in the order of its axes, the first three being wooer, wooed and rival.

    Attributes
    ----------
    codes, countries, adjectives : tuple of str
    in_text : tuple of str
        The countries as they stand in a sentence, with their article.
    actions : tuple of tuple of str
        Names of the actions of each player, in action order.
    parameters, scenarios, evidence : Path or None
        The cast's own files; None for the shipped ones.
    thirds : tuple of ThirdParty
        The players after the first three, whose actions are settings of parameters.

    Examples
    --------
    >>> SHIPPED.shape, SHIPPED.profile_text((2, 3, 1))
    ((4, 4, 4), 'US=court_russia,RU=hedge,CN=align')
    """

    title: str
    codes: tuple[str, ...]
    countries: tuple[str, ...]
    in_text: tuple[str, ...]
    adjectives: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    parameters: Annotated[Path | None, APART] = None
    scenarios: Annotated[Path | None, APART] = None
    evidence: Annotated[Path | None, APART] = None
    thirds: Annotated[tuple[ThirdParty, ...], SPARSE] = ()

    def problems(self) -> Iterator[str]:
        """What no cast of a document is."""
        of_each = (self.countries, self.in_text, self.adjectives, self.actions)
        if any(len(words) != len(self.codes) for words in of_each) or not all(self.actions):
            yield f"expected a country, its names and a list of actions for each of {', '.join(self.codes) or 'nobody'}"
        if len(self.codes) < len(SHIPPED_CODES):
            yield f"found {len(self.codes)} players; expected at least {len(SHIPPED_CODES)}"

    def __len__(self) -> int:
        """Number of players."""
        return len(self.codes)

    @checked
    def joined_by(self, thirds: Sequence[ThirdParty]) -> Cast:
        """The three powers with these third parties after them, in place of others."""
        three = slice(len(SHIPPED_CODES))
        return replace(
            self,
            codes=(*self.codes[three], *(party.code for party in thirds)),
            countries=(*self.countries[three], *(party.country for party in thirds)),
            in_text=(*self.in_text[three], *(party.in_text for party in thirds)),
            adjectives=(*self.adjectives[three], *(party.adjective for party in thirds)),
            actions=(*self.actions[three], *(party.actions for party in thirds)),
            thirds=tuple(thirds),
        )

    @cached_property
    def chosen(self) -> dict[str, int]:
        """The parameters that third parties choose, each with the number of the player."""
        first = len(self) - len(self.thirds)
        return {name: first + place for place, party in enumerate(self.thirds) for name in party.chosen}

    @cached_property
    def choices(self) -> dict[str, NDArray[np.float64]]:
        """The same parameters over the action axes: arrays that broadcast to the shape of the game."""
        found: dict[str, NDArray[np.float64]] = {}
        for place, party in enumerate(self.thirds):
            after = (1,) * (len(self.thirds) - 1 - place)
            found |= {s.parameter: np.array(s.values, dtype=np.float64).reshape(-1, *after) for s in party.settings}
        return found

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """Number of actions of each player."""
        return tuple(map(len, self.actions))

    @cached_property
    def sets(self) -> Sets:
        """How sets of action profiles are kept."""
        return Sets(prod(self.shape))

    @cached_property
    def profiles(self) -> tuple[tuple[Any, ...], ...]:
        """Every action profile, by index."""
        return tuple(product(*map(range, self.shape)))

    def index(self, profile: Sequence[int]) -> int:
        """Index of an action profile: C order of the action axes, ``16 a_US + 4 a_RU + a_CN`` for the triangle.

        >>> SHIPPED.index((0, 1, 1))
        5
        """
        found = 0
        for action, actions in zip(self.fitting(profile), self.shape, strict=True):
            found = found * actions + action
        return found

    @checked
    def options(self, player: int, profile: Sequence[int]) -> list[int]:
        """Indices of the profiles in which a player takes each of its actions, the others as in a profile.

        >>> SHIPPED.options(1, (0, 1, 1))
        [1, 5, 9, 13]
        """
        self.check_player(player)
        fitting = self.fitting(profile)
        before, after = fitting[:player], fitting[player + 1 :]
        return [self.index((*before, action, *after)) for action in range(self.shape[player])]

    @checked
    def fitting(self, profile: Sequence[int]) -> tuple[int, ...]:
        """The profile, which is one of this game.

        Raises
        ------
        BadInput
            Where it does not have an action of each player.

        Examples
        --------
        >>> SHIPPED.fitting((0, 1, 9))
        Traceback (most recent call last):
            ...
        triangle.base.errors.BadInput: profile: found (0, 1, 9); expected an action of each player by its number: \
US from 0 to 3, RU from 0 to 3, CN from 0 to 3
        """
        if len(profile) == len(self) and all(0 <= a < count for a, count in zip(profile, self.shape, strict=True)):
            return tuple(profile)
        expected = ", ".join(
            f"{code} from 0 to {count - 1}" for code, count in zip(self.codes, self.shape, strict=True)
        )
        message = f"found {shorten(profile)}; expected an action of each player by its number: {expected}"
        raise BadInput(Fault("profile", "", message))

    @checked
    def player(self, code: str) -> int:
        """The number of the player with this code.

        Raises
        ------
        UnknownName
            Where nobody has it.
        """
        if code not in self.codes:
            raise UnknownName("player", code, self.codes)
        return self.codes.index(code)

    @checked
    def country(self, code: str) -> str:
        """What the player with this code is called."""
        return self.countries[self.player(code)]

    def by_code(self, values: Iterable[T]) -> dict[str, T]:
        """Values of the players, by their codes."""
        return dict(zip(self.codes, values, strict=True))

    def named(self, profile: Sequence[int]) -> dict[str, str]:
        """An action profile by code: ``{"US": "court_russia", …}``."""
        return {
            code: self.actions[i][action]
            for i, (code, action) in enumerate(zip(self.codes, self.fitting(profile), strict=True))
        }

    @checked
    def named_some(self, actions: Mapping[int, int]) -> dict[str, str]:
        """Actions of some players by code, in player order."""
        return {self.codes[i]: self.named_action(i, action) for i, action in sorted(actions.items())}

    @checked
    def numbered(self, actions: Mapping[str, str]) -> dict[int, int]:
        """The inverse of :meth:`named_some`.

        Raises
        ------
        UnknownName
            Where there is no such player, or no such action of it.
        """
        return {self.player(code): self._place(code, action) for code, action in actions.items()}

    def _place(self, code: str, action: str) -> int:
        known = self.actions[self.player(code)]
        if action not in known:
            raise UnknownName(f"action of {code}", action, known)
        return known.index(action)

    @checked
    def named_action(self, player: int, action: int) -> str:
        """The name of a player's action, both given by their numbers.

        Raises
        ------
        BadInput
            Where there is no such player, or no such action of it.
        """
        self.check_player(player)
        if not 0 <= action < self.shape[player]:
            expected = f"the number of an action of {self.codes[player]}, from 0 to {self.shape[player] - 1}"
            raise BadInput(Fault("action", "", f"found {shorten(action)}; expected {expected}"))
        return self.actions[player][action]

    @checked
    def check_player(self, player: int) -> None:
        """Raise BadInput where no player has this number."""
        if not 0 <= player < len(self):
            expected = ", ".join(f"{i} for {code}" for i, code in enumerate(self.codes))
            raise BadInput(Fault("player", "", f"found {shorten(player)}; expected the number of a player: {expected}"))

    @checked
    def action_text(self, player: int, action: int) -> str:
        """An action as the command line writes it, ``RU=hedge``."""
        name = self.named_action(player, action)
        return f"{self.codes[player]}={name}"

    def profile_text(self, profile: Sequence[int]) -> str:
        """An action profile as the command line writes it."""
        return ",".join(f"{code}={action}" for code, action in self.named(profile).items())

    @cached_property
    def profile_texts(self) -> tuple[str, ...]:
        """All action profiles, by index, as the command line writes them."""
        return tuple(map(self.profile_text, self.profiles))

    @cached_property
    def newcomers(self) -> frozenset[str]:
        """Codes of the players who play another's part than in the shipped triad."""
        return frozenset(own for own, shipped in zip(self.codes, SHIPPED_CODES, strict=False) if own != shipped)

    def renamed(self, parameter: str) -> str:
        """The name of a shipped parameter under this cast's codes.

        >>> SHIPPED.renamed("stake_ru_cn")
        'stake_ru_cn'
        """
        if not self.newcomers:
            return parameter
        words = parameter.split("_")
        place = len(words)
        while place > 1 and words[place - 1].upper() in SHIPPED_CODES:
            place -= 1
            words[place] = self.codes[SHIPPED_CODES.index(words[place].upper())].lower()
        return "_".join(words)

    def retold(self, table: Mapping[str, Any]) -> dict[str, Any]:
        """A shipped parameter's table with symbol and meaning told of this cast's powers."""
        if not self.newcomers:
            return dict(table)
        codes = dict(zip(SHIPPED_CODES, self.codes, strict=False))
        symbol = re.sub("(?<![A-Z])(US|RU|CN)(?![A-Z])", lambda found: codes[found[0]], table["symbol"])
        three = slice(len(SHIPPED_CODES))
        own, shipped = self.in_text[three] + self.adjectives[three], SHIPPED.in_text + SHIPPED.adjectives
        words = dict(zip(shipped, own, strict=True))
        meaning = re.sub(rf"\b({'|'.join(shipped)})\b", lambda found: words[found[0]], table["meaning"])
        return {**table, "symbol": symbol, "meaning": meaning}


#: The shipped triad.
SHIPPED = Cast(
    "The strategic triangle",
    SHIPPED_CODES,
    ("United States", "Russia", "China"),
    ("the United States", "Russia", "China"),
    ("American", "Russian", "Chinese"),
    (
        ("contain_both", "court_china", "court_russia", "engage_both"),
        ("oppose_both", "align", "distance", "hedge"),
        ("oppose_both", "align", "distance", "hedge"),
    ),
)
