"""What is said in one language: whole templates with named places, read from a catalogue file.

A sentence is never put together from pieces, since languages order words differently; what varies has a name in braces.
A phrase that depends on a number has a form for one and a form for all other numbers (English and German need no more).
Numbers are written as the language writes them.

Tables and pictures speak the language of :func:`speaking`. The few words that they alone have stand in them in English,
in :func:`told`, and are looked up like all that the shipped files say (:mod:`triangle.showing.translations`).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from string import Formatter
from types import MappingProxyType
from typing import Any

from triangle.base.errors import UnknownName
from triangle.base.files import read_toml
from triangle.players.axes import OTHERS
from triangle.players.cast import Cast
from triangle.players.configurations import Configuration
from triangle.showing.runs import LONGEST, Run, Text, code, foreign, plain
from triangle.showing.translations import FOLDER, fitted, spoken_translation, translation

#: The languages that have a catalogue.
LANGUAGES = ("en", "de")

#: A thin space that does not break a line.
THIN = "\u202f"

#: What is marked in a phrase: names to be typed, and words of weight.
_MARKS = re.compile(r"`([^`]+)`|\*\*([^*]+)\*\*")

Phrase = str | Mapping[str, str]


class Phrases:
    """The sentences and number forms of one language, about the players of a cast.

    Examples
    --------
    >>> from triangle.players.cast import SHIPPED
    >>> german = read_phrases("de", SHIPPED)
    >>> german.number(-12345.678, 1)
    '−12\u202f345,7'
    >>> german.percent(0.931)
    '93,1\u202f%'
    """

    def __init__(self, language: str, phrases: Mapping[str, Phrase], cast: Cast):
        self.language, self.phrases, self.cast = language, phrases, cast
        # The catalogues' sentences about powers are about those of the shipped triad.
        self.is_shipped = not cast.newcomers
        self._comma = "," if language == "de" else "."

    def __call__(self, key: str, /, **values: Text | str | int) -> Text:
        """The sentence of this key with its places filled; `n` decides between one and many."""
        phrase = self.phrases[key]
        if not isinstance(phrase, str):
            phrase = phrase["one" if values["n"] == 1 else "other"]
        runs: list[Run] = []
        for literal, name, _, _ in Formatter().parse(phrase):
            runs += _marked(literal)
            if name is not None:
                runs += self._filled(values[name])
        return tuple(runs)

    def _filled(self, value: Text | str | int) -> Text:
        if isinstance(value, tuple):
            return value
        return plain(self.number(value, 0) if isinstance(value, int) else value)

    def word(self, key: str, **values: str | int) -> str:
        """The same as bare words."""
        return "".join(run.text for run in self(key, **values))

    def translated(self, text: str, limit: int = LONGEST) -> Text:
        """What a file says, in this language where the package has a translation; otherwise as it was written."""
        found = translation(text, self.language)
        return foreign(text, limit) if found is None else tuple(_marked(found))

    def known(self, family: str, name: str) -> str:
        """The name of something of the model in this language; as the model writes it where the catalogue lacks it."""
        phrase = self.phrases.get(f"{family}.{name}")
        return phrase if isinstance(phrase, str) else name.replace("_", " ").replace(".", ": ")

    def listed(self, items: Sequence[Text]) -> Text:
        """Several texts in a row, joined as the language joins them."""
        if not items:
            return self("list.none")
        joined = self.chained(items[:-1] or items, "list.more")
        return self("list.last", a=joined, b=items[-1]) if len(items) > 1 else joined

    def chained(self, items: Sequence[Text], key: str) -> Text:
        """Texts joined two by two by the phrase of this key, which has the places a and b."""
        joined = items[0]
        for item in items[1:]:
            joined = self(key, a=joined, b=item)
        return joined

    # Numbers ----------------------------------------------------------------------------------------------------------

    def number(self, value: float, places: int = 1) -> str:
        """A number with so many places, thousands set apart."""
        if math.isinf(value):
            return "–"
        return self._written(f"{0.0 if abs(value) < 0.5 * 10.0**-places else value:,.{places}f}")

    def amount(self, value: float) -> str:
        """A payoff: one decimal, or two significant digits where that would show nothing."""
        if value and abs(value) < 0.05:
            return self._written(f"{value:.2g}")
        return self.number(value, 1)

    def signed(self, value: float) -> str:
        """An amount with its sign."""
        return f"+{self.amount(value)}" if 0 < value < math.inf else self.amount(value)

    def value(self, number: float) -> str:
        """A parameter's value in up to five significant digits; powers of ten only where zeros would fill the place."""
        text = f"{number:.5g}"
        is_long = "e" in text and not 1e-4 <= abs(number) < 1e9
        return self._written(text if is_long else f"{float(text):,}".removesuffix(".0"))

    def share(self, value: float) -> str:
        """A fraction or probability in three places."""
        return self.number(value, 3)

    def percent(self, share: float) -> str:
        """A share in per cent; one that is not all and not nothing never reads as if it were."""
        edge = next((key for key, low, high in _EDGES if low < share < high), None)
        if edge:
            return self.word(edge, number=self.number(99.9 if "over" in edge else 0.1, 1))
        return self.word("percent.plain", number=self.number(100 * share, 0 if share in (0.0, 1.0) else 1))

    def interval(self, low: float, high: float) -> Text:
        """An interval of shares."""
        ends = self.percent(low), self.percent(high)
        return self("interval", low=ends[0], high=ends[1]) if ends[0] != ends[1] else plain(ends[0])

    def _written(self, text: str) -> str:
        return text.translate(str.maketrans(",.-", f"{THIN}{self._comma}−"))

    # Words of the model -----------------------------------------------------------------------------------------------

    def country(self, code: str) -> str:
        """A power by its code; as the triad's file writes it where the catalogue does not know that country."""
        return self.known("country", self.cast.country(code))

    def named(self, code: str, family: str) -> str:
        """A power as a sentence needs its name: ``within`` a phrase, behind "of" or "with", or as its ``subject``."""
        key = f"{family}.{self.cast.country(code)}"
        if key in self.phrases:
            return self.word(key)
        return self.cast.in_text[self.cast.player(code)] if self.language == "en" else self.country(code)

    def whose(self, code: str) -> str:
        """A power behind "of": in German the genitive."""
        key = f"whose.{self.cast.country(code)}"
        return self.word(key if key in self.phrases else "whose.other", player=self.named(code, "within"))

    def opening(self, code: str) -> str:
        """A power as the subject that opens a sentence."""
        name = self.named(code, "subject")
        return name[:1].upper() + name[1:]

    def action(self, player: int, action: int) -> str:
        """What a player does."""
        name, code = self.cast.actions[player][action], self.cast.codes[player]
        if self.is_shipped or f"action.other.{name}" in self.phrases:
            return self.known(f"action.{code}" if self.is_shipped else "action.other", name)
        if player == 0 and name.startswith("court_"):
            courted = self.cast.codes[
                OTHERS[0][action % 2]
            ]  # the second of the other two comes first among the actions
            return self.word("action.other.court", country=self.named(courted, "within"))
        return name.replace("_", " ")

    def action_of(self, code: str, action: str) -> str:
        """The same by the player's code and the action's name; a name that is none stays as it is."""
        player = self.cast.player(code)
        names = self.cast.actions[player]
        return self.action(player, names.index(action)) if action in names else action

    def does(self, player: int, action: int) -> str:
        """What a player does, in the few words that a table or a picture has room for: ``RU hedge``."""
        return self.word("brief.does", player=self.cast.codes[player], action=self.action(player, action))

    def profile(self, profile: Sequence[int]) -> str:
        """What all players do, as briefly: ``US court Russia, RU hedge, CN align``."""
        return ", ".join(self.does(player, action) for player, action in enumerate(profile))

    def profiles(self, several: Iterable[Sequence[int]]) -> str:
        """Several profiles as briefly, or that there is none."""
        return "; ".join(map(self.profile, several)) or self.word("list.none")

    def posture(self, profile: Sequence[int]) -> Text:
        """What all players do, in one clause."""
        if len(profile) > len(OTHERS):
            return self.listed([plain(self.doing(i, action)) for i, action in enumerate(profile)])
        places = ("wooer", "wooed", "rival")
        return self("posture", **{place: self.doing(i, profile[i]) for i, place in enumerate(places)})

    def doing(self, player: int, action: int) -> str:
        """A clause with the player as subject."""
        code = self.cast.codes[player]
        key = f"doing.{code}.{self.cast.actions[player][action]}"
        if key in self.phrases and self.is_shipped:
            return self.word(key)
        return self.word("doing.other", player=self.named(code, "subject"), action=self.action(player, action))

    def triangle(self, configuration: Configuration) -> Text:
        """A configuration with its pivot or pair."""
        if configuration.pivot is not None:
            pivot = self.named(self.cast.codes[configuration.pivot], "within")
            return self("configuration.romantic_triangle", pivot=pivot)
        if configuration.pair is not None:
            first, second = (self.named(self.cast.codes[i], "within") for i in configuration.pair)
            return self("configuration.stable_marriage", first=first, second=second)
        return self(f"configuration.{configuration.name}")

    def order(self, order: Sequence[Sequence[int]]) -> Text:
        """An order of moves by the players' names."""
        stages = [self.listed([plain(self.country(self.cast.codes[i])) for i in stage]) for stage in order]
        return self.chained(stages, "order.then")

    def parameter(self, name: str) -> Text:
        """A parameter by what it is called, and behind it what is typed."""
        return self("typed", name=self.known("parameter", name), code=code(name))

    def unit(self, unit: str) -> str:
        """A unit."""
        return self.known("unit", unit)

    def measured(self, number: str, unit: str) -> str:
        """A written number with its unit; what counts, dates or is a share needs no word behind it."""
        key = "measured.bare" if unit in _BARE else "measured.unit"
        return self.word(key, number=number, unit=self.unit(unit))


#: Units that a sentence leaves out: the number says what is meant.
_BARE = ("count", "calendar year", "fraction")

#: Shares that rounding would make all or nothing: phrase, and the open ends between which they lie.
_EDGES = (("percent.under", 0.0, 0.0005), ("percent.over", 0.9995, 1.0))


def _marked(literal: str) -> list[Run]:
    """A template's own words, names to be typed and words of weight told apart."""
    runs: list[Run] = []
    place = 0
    for mark in _MARKS.finditer(literal):
        runs.append(Run(literal[place : mark.start()]))
        runs.append(Run(mark[1], "code") if mark[1] else Run(mark[2], "strong"))
        place = mark.end()
    return [run for run in (*runs, Run(literal[place:])) if run.text]


def name_of(scenario: str) -> Text:
    """A scenario's name, which is that of a file somebody made."""
    return foreign(scenario, 60)


@cache
def read_phrases(language: str, cast: Cast) -> Phrases:
    """The catalogue of a language, its sentences about these players."""
    if language not in LANGUAGES:
        raise UnknownName("language", language, LANGUAGES, "--language")
    return Phrases(language, _catalogue(language), cast)


@cache
def _catalogue(language: str) -> Mapping[str, Phrase]:
    return MappingProxyType(_flat(read_toml(FOLDER / f"{language}.toml"), ""))


# Spoken ---------------------------------------------------------------------------------------------------------------

_LANGUAGE: ContextVar[str] = ContextVar("language", default="en")


def language() -> str:
    """The language that tables and pictures speak."""
    return _LANGUAGE.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Let tables and pictures speak this language until the block ends.

    >>> with speaking("de"):
    ...     told("{low} to {high}", low=written(0.25, ".2f"), high=written(1234.5, ",.1f"))
    '0,25 bis 1\u202f234,5'
    """
    if language not in LANGUAGES:
        raise UnknownName("language", language, LANGUAGES, "--language")
    token = _LANGUAGE.set(language)
    try:
        yield
    finally:
        _LANGUAGE.reset(token)


def spoken(cast: Cast) -> Phrases:
    """What tables and pictures call things."""
    return read_phrases(language(), cast)


def word(text: str) -> str:
    """A text of tables and pictures in the language that is spoken; as it is where there is no translation."""
    return spoken_translation(text, language()) or text


def shipped(text: str) -> str:
    """A text of the shipped files in the language that is spoken, and no word of a table that reads like it."""
    return translation(text, language()) or text


def noted(text: str) -> str:
    """A note of an answer, which may have numbers in it, in the language that is spoken; several by semicolons."""
    if found := spoken_translation(text, language()) or fitted(text, language(), digits):
        return found
    first, semicolon, rest = text.partition("; ")
    return f"{noted(first)}; {noted(rest)}" if semicolon else text


def told(template: str, /, **places: object) -> str:
    """A template of a table or picture in the language that is spoken, its places filled; `unit` is that of payoffs."""
    filled = {name: written(value, ",") if isinstance(value, int) else value for name, value in places.items()}
    return word(template).format(**{"unit": payoff_unit(), **filled})


def payoff_unit() -> str:
    """What payoffs are counted in."""
    return str(_catalogue(language())["unit.bn USD/yr"])


def written(value: float, form: str) -> str:
    """A number in a format of Python's, as the language that is spoken writes it."""
    return digits(format(value, form))


def digits(text: str) -> str:
    """A number that is written in the English form, as the language that is spoken writes it."""
    return text if language() == "en" else text.replace(" %", "%").translate(_CONTINENTAL)


_CONTINENTAL = str.maketrans({",": THIN, ".": ",", "-": "−", "%": f"{THIN}%"})


def _flat(table: Mapping[str, Any], prefix: str) -> dict[str, Phrase]:
    """Tables within tables as one, keys joined by dots; a table of number forms stays one phrase."""
    flat: dict[str, Phrase] = {}
    for key, value in table.items():
        if isinstance(value, str) or set(value) == {"one", "other"}:
            flat[prefix + key] = value
        else:
            flat |= _flat(value, f"{prefix}{key}.")
    return flat
