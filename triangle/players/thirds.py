"""Third parties: players beside the three powers whose actions are settings of parameters.

A lever of the model that nobody in it decides on, such as whether Europe joins relief, becomes somebody's choice: each
action of a third party sets the same parameters to other numbers. A scenario or triad file names it::

    [player.EU]
    name = "Europe"
    actions = { keep = { europe_joins = 0 }, join = { europe_joins = 1 } }
    terms = ["eu_reopening", "eu_security"]
    because = "Judged: the sanctions are lifted as a whole or not at all"

Its stances towards the three are no part of the game. What it gains and loses say terms of its own
(:mod:`triangle.model.third_terms`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from triangle.base.errors import Fault, shorten
from triangle.base.records import SPARSE, Record, entry, names, number, text, validate

#: Most third parties of a game, most actions of one, and most parameters that an action sets.
MOST_PARTIES, MOST_ACTIONS, MOST_SETTINGS = 3, 4, 8

#: Most action profiles of a game.
MOST_PROFILES = 1024

_CODE = re.compile("[A-Z]{2,3}")
_SLUG = re.compile("[a-z][a-z0-9_]{0,39}")

#: What stands for a number in an action: where the parameter stands, and the ends of its range.
NAMED = ("default", "low", "high")

#: What a player is let go by, which therefore is no action.
_TAKEN = "free"


@dataclass(frozen=True)
class Setting:
    """A parameter that a third party chooses, and its value under each of the actions.

    Attributes
    ----------
    parameter : str
    values : tuple of float
    named : tuple of str
        One of `NAMED` for each value that a file leaves to the parameter, nothing for the others; empty once it is
        looked up.
    """

    parameter: str
    values: tuple[float, ...]
    named: Annotated[tuple[str, ...], SPARSE] = ()

    def looked_up(self, ends: Mapping[str, float]) -> Setting:
        """With numbers in place of names."""
        if not self.named:
            return self
        pairs = zip(self.named, self.values, strict=True)
        return Setting(self.parameter, tuple(ends[name] if name else value for name, value in pairs))


@dataclass(frozen=True)
class ThirdParty:
    """A player whose actions are settings of parameters.

    Attributes
    ----------
    code : str
    country, in_text, adjective : str
        What it is called, in a sentence with its article.
    actions : tuple of str
    settings : tuple of Setting
        The parameters that it chooses, the same ones under every action.
    terms : tuple of str
        Its payoff terms.
    because : str
        Why its actions are these.
    """

    code: str
    country: str
    in_text: str
    adjective: str
    actions: tuple[str, ...]
    settings: tuple[Setting, ...]
    terms: tuple[str, ...]
    because: Annotated[str, SPARSE] = ""

    @property
    def chosen(self) -> tuple[str, ...]:
        """The parameters that it chooses."""
        return tuple(setting.parameter for setting in self.settings)


def _short(value: object) -> str:
    if len(text(value)) > 40 or not str(value).isprintable():
        raise ValueError(f"found {shorten(value)}; expected at most 40 characters on one line")
    return str(value)


def _actions(value: object) -> dict[str, dict[str, float | str]]:
    """Actions with the parameters that each sets, the same ones."""
    example = "as { keep = { europe_joins = 0 }, join = { europe_joins = 1 } }"
    if not isinstance(value, dict) or not 2 <= len(value) <= MOST_ACTIONS:
        raise ValueError(f"found {shorten(value)}; expected from 2 to {MOST_ACTIONS} actions, {example}")
    found = {_action(name): _settings(name, settings, example) for name, settings in value.items()}
    (first, sets), *others = found.items()
    for name, other in others:
        if set(other) != set(sets):
            lacking = ", ".join(sorted(set(sets) ^ set(other)))
            raise ValueError(
                f"{first} and {name} set different parameters ({shorten(lacking)}); each sets the same ones"
            )
    twice = [name for place, name in enumerate(found) if found[name] in list(found.values())[:place]]
    if twice:
        raise ValueError(f"{twice[0]} sets what another action sets; expected actions that differ")
    return found


def _action(name: object) -> str:
    if not isinstance(name, str) or not _SLUG.fullmatch(name) or name == _TAKEN:
        raise ValueError(f"found the action {shorten(name)}; expected small letters and underscores, not {_TAKEN!r}")
    return name


def _settings(name: str, settings: object, example: str) -> dict[str, float | str]:
    if not isinstance(settings, dict) or not 1 <= len(settings) <= MOST_SETTINGS:
        found = f"{name}: found {shorten(settings)}"
        raise ValueError(f"{found}; expected from 1 to {MOST_SETTINGS} parameters with a number each, {example}")
    try:
        return {str(parameter): _value(value) for parameter, value in settings.items()}
    except ValueError as error:
        raise ValueError(f"{name}: {error}, or {', '.join(NAMED[:-1])} or {NAMED[-1]}") from None


def _value(value: object) -> float | str:
    """A number, or what names one."""
    return value if isinstance(value, str) and value in NAMED else number(value)


def _setting(parameter: str, given: Sequence[float | str]) -> Setting:
    """A parameter with what the actions set it to, as a file says it."""
    named = tuple(value if isinstance(value, str) else "" for value in given)
    numbers = tuple(math.nan if isinstance(value, str) else value for value in given)
    return Setting(parameter, numbers, named if any(named) else ())


def _terms(value: object) -> tuple[str, ...]:
    found = names(value)
    if not found or len(set(found)) < len(found):
        raise ValueError(f"found {shorten(value)}; expected payoff terms of this player, each once, at least one")
    return found


@dataclass(frozen=True, kw_only=True)
class PlayerTable(Record):
    """``[player.CODE]``: what a third party is called, can do, and wants, and why."""

    name: str = entry(_short)
    in_text: str | None = entry(_short, None)
    adjective: str | None = entry(_short, None)
    actions: dict[str, dict[str, float | str]] = entry(_actions)
    terms: tuple[str, ...] = entry(_terms)
    because: str = entry(text)

    def of(self, code: str) -> ThirdParty:
        """The player of this code."""
        chosen = next(iter(self.actions.values()))
        settings = (_setting(name, [sets[name] for sets in self.actions.values()]) for name in chosen)
        return ThirdParty(
            code,
            self.name,
            self.in_text or self.name,
            self.adjective or self.name,
            tuple(self.actions),
            tuple(settings),
            self.terms,
            self.because,
        )


def parties_of(tables: Mapping[str, PlayerTable]) -> tuple[ThirdParty, ...]:
    """The players of the tables ``[player.CODE]`` of a file."""
    return tuple(table.of(code) for code, table in tables.items())


def sound_parties(tables: object) -> tuple[ThirdParty, ...]:
    """The players of those tables of a file that are well formed; the others have faults where the file is read."""
    if not isinstance(tables, Mapping):
        return ()
    made = {code: validate(PlayerTable, table, "", "")[0] for code, table in list(tables.items())[: MOST_PARTIES + 1]}
    return parties_of({code: table for code, table in made.items() if table is not None})


def laid_over(base: Sequence[ThirdParty], own: Sequence[ThirdParty]) -> tuple[ThirdParty, ...]:
    """The players of a base with those of a file, which take the place of those of the same code."""
    return tuple({party.code: party for party in (*base, *own)}.values())


def party_problems(parties: Sequence[ThirdParty], codes: Sequence[str], countries: Sequence[str]) -> Iterator[Fault]:
    """What is wrong with third parties beside powers of these codes and names, as faults of no file."""
    if len(parties) > MOST_PARTIES:
        found = (
            f"found {len(parties)} third parties; expected at most {MOST_PARTIES}, each brings judgements of its own"
        )
        yield Fault("", "player", found)
    chosen: dict[str, str] = {}
    for party in parties:
        key = f"player.{party.code}"
        if not _CODE.fullmatch(party.code):
            yield Fault("", key, f"found the code {shorten(party.code)}; expected two or three capital letters, as EU")
        if party.code in codes:
            yield Fault("", key, f"{party.code} is one of the three powers; expected another code")
        same = [other.code for other in parties if other.country == party.country and other is not party]
        if party.country in countries or same:
            yield Fault("", f"{key}.name", f"{party.country} is the name of another player; expected another name")
        for parameter in party.chosen:
            if parameter in chosen:
                message = f"sets {parameter}, which {chosen[parameter]} chooses too; one player alone can choose it"
                yield Fault("", f"{key}.actions", message)
            chosen.setdefault(parameter, party.code)


def shape_problem(shape: Sequence[int]) -> str:
    """What is wrong with a game of so many actions; nothing where it is not too large."""
    profiles = 1
    for actions in shape:
        profiles *= actions
    return f"found {profiles:,} action profiles; expected at most {MOST_PROFILES:,}" if profiles > MOST_PROFILES else ""


def settings_text(party: ThirdParty) -> dict[str, Any]:
    """What each action of a third party sets, by action, as in ``keep: europe_joins 0``."""
    return {
        action: ", ".join(f"{setting.parameter} {setting.values[place]:g}" for setting in party.settings)
        for place, action in enumerate(party.actions)
    }
