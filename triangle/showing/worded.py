"""What users write, in words: patterns, outcomes and events, as tables and pictures show them.

What is typed is that of :mod:`triangle.players.patterns`, :mod:`triangle.measures.outcomes` and
:mod:`triangle.measures.events`; a part that is none of theirs stays as it was written.
"""

from __future__ import annotations

import re
from dataclasses import replace

from triangle.measures.cautions import Cautions
from triangle.measures.events import event_parts
from triangle.players.axes import RU
from triangle.players.cast import Cast
from triangle.players.configurations import TITLES, Configuration, configurations
from triangle.players.profiles import by_key
from triangle.showing.phrases import Phrases, digits, told, word
from triangle.showing.runs import Text, foreign, plain, words_of

#: A pattern within a text, and a name as it is typed.
_KEYS = re.compile(r"\b[A-Z]{2}!?=[a-z_]+(?:,[A-Z]{2}!?=[a-z_]+)*|\blink[:=][A-Z]{2}-[A-Z]{2}")
_NAME = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b|\brelief\b(?= \d)")

#: Outcomes that are 1 or 0: an event of one holds, or does not.
INDICATORS = ("holds", "only")


def triangle_title(found: Configuration) -> str:
    """A configuration in the few words that a table has room for, as ``stable marriage RU–CN``."""
    name = word(TITLES[found.name])
    if found.pivot is not None:
        return told("{triangle}, pivot {player}", triangle=name, player=found.cast.codes[found.pivot])
    return name if found.pair is None else f"{name} {'–'.join(found.cast.codes[i] for i in found.pair)}"


def configuration_title(key: str, cast: Cast) -> str:
    """The same by the configuration's key."""
    return triangle_title(next(found for found in configurations(cast) if found.key == key))


def caution_sentences(said: Cautions) -> list[str]:
    """Cautions in the language that is spoken, a sentence each."""
    return said.sentences(told, digits)


def at_the_foot(said: Cautions) -> str:
    """The same behind dots, for the line at the foot of a picture."""
    return "".join(f" · {sentence}" for sentence in caution_sentences(said))


def opened(text: str) -> str:
    """A text as a sentence begins."""
    return text[:1].upper() + text[1:]


def pattern(text: str, say: Phrases) -> str:
    """A pattern in words.

    >>> from triangle.players.cast import SHIPPED
    >>> from triangle.showing.phrases import spoken
    >>> pattern("RU=distance,link=US-RU|romantic_triangle:RU", spoken(SHIPPED))
    'RU distance, US and RU linked or romantic triangle, pivot RU'
    """
    alternatives = (
        plain(", ".join(_part(part.strip(), say) for part in one.split(","))) for one in text.split("|") if one
    )
    return words_of(say.chained(list(alternatives) or [plain(text)], "list.either"))


def _part(text: str, say: Phrases) -> str:
    cast, (key, _, value) = say.cast, (piece.strip() for piece in text.replace("link:", "link=").partition("="))
    player = key.removesuffix("!").strip()
    if player in cast.codes and value in cast.actions[cast.player(player)]:
        i = cast.player(player)
        a = cast.actions[i].index(value)
        return say.word("brief.not", player=player, action=say.action(i, a)) if "!" in key else say.does(i, a)
    if key == "link" and value.count("-") == 1:
        first, second = value.split("-")
        return say.word("brief.link", first=first, second=second)
    name = value if key == "configuration" else text
    if name in by_key(cast):
        return configuration_title(name, cast)
    if text.isdecimal() and int(text) < len(cast.profiles):
        return say.profile(cast.profiles[int(text)])
    if text in ("present", "balanced"):
        return say.word(f"brief.{text}")
    return word(TITLES[name]) if name in TITLES else words_of(foreign(text))


def in_words(text: str, say: Phrases) -> str:
    """A text in which postures, links and parameters stand as they are typed, with what they are called instead."""
    said = _KEYS.sub(lambda found: pattern(found[0], say), word(text))
    return _NAME.sub(lambda found: parameter_named(found[0], say) or found[0], said)


def quoted(name: str) -> str:
    """A name in quotation marks, as the language that is spoken sets them."""
    return told("“{name}”", name=name)


def parameter_named(name: str, say: Phrases) -> str | None:
    """What a parameter is called, in quotation marks; None for what is none."""
    return quoted(say.known("parameter", name)) if f"parameter.{name}" in say.phrases else None


def cautions_in_words(said: Cautions, say: Phrases) -> Cautions:
    """Cautions with actions and parameters as they are called."""
    hold = {code: quoted(say.action_of(code, action)) for code, action in said.hold.items()}
    together = tuple(
        (quoted(say.known("parameter", a)), quoted(say.known("parameter", b)), rho) for a, b, rho in said.together
    )
    return replace(said, hold=hold, together=together)


def outcome(text: str, say: Phrases) -> Text:
    """An outcome in words.

    >>> from triangle.players.cast import SHIPPED
    >>> from triangle.showing.phrases import spoken
    >>> words_of(outcome("margin:RU=hedge", spoken(SHIPPED)))
    'margin of RU hedge'
    """
    head, _, rest = (piece.strip() for piece in text.partition(":"))
    word, _, place = (piece.strip() for piece in head.partition("@"))
    what, _, where = (piece.strip() for piece in rest.partition("@"))
    if word in ("margin", "logit", *INDICATORS):
        return say(f"outcome.{word}", pattern=pattern(rest, say))
    if word == "payoff":
        return say("outcome.payoff", player=what, place=pattern(where, say))
    if word == "advantage":
        return say("outcome.advantage", does=pattern(what, say), place=pattern(where, say))
    if word == "value":
        return say("outcome.value", player=what, rule=say.known("rule", where or "margin"))
    if word == "path":
        moment, _, asked = rest.partition("@")[2].partition(":")
        return _of_course(what, moment.strip(), asked.strip(), say)
    if word in ("beta_ru", "gas_price", "gas_surplus"):
        places = {"wooed": say.whose(say.cast.codes[RU])} if word == "beta_ru" else {}
        return say(f"outcome.{word}", place=pattern(place or "present", say), **places)
    return say(f"outcome.{word}") if f"outcome.{word}" in say.phrases else foreign(text)


def _of_course(path: str, moment: str, asked: str, say: Phrases) -> Text:
    """What is measured of a course in words; see :mod:`triangle.measures.courses`.

    >>> from triangle.players.cast import SHIPPED
    >>> from triangle.showing.phrases import spoken
    >>> words_of(outcome("path:path_europe@2025:advantage:RU=distance", spoken(SHIPPED)))
    'RU distance: gain over its best other action, in 2025 on the path path_europe'
    >>> words_of(outcome("path:path_cascade@until:state=allies>0.4", spoken(SHIPPED)))
    'first year in which no longer “Allies behind the United States” is above 0.4, on the path path_cascade'
    """
    named = foreign(path, 60)
    word, _, rest = (part.strip() for part in asked.replace("state=", "state:", 1).partition(":"))
    if moment in ("from", "until"):
        return say("over_years.of", what=say(f"over_years.{moment}", so=_so(word, rest, asked, say)), path=named)
    if moment in ("best", "wait"):
        name, _, code = rest.partition(":")
        return say(
            "over_years.of", what=say(f"over_years.{moment}", term=say.known("term", name), player=code), path=named
        )
    if word == "state":
        what = say("over_years.state", state=say.known("state", rest))
    elif word in ("trade", "openness", "growth"):
        first, _, second = rest.partition("-")
        what = say(f"over_years.{word}", first=first, second=second)
    elif word == "term":
        name, _, code = rest.partition(":")
        what = say("over_years.term", term=say.known("term", name), player=code)
    elif word == "beta_ru":
        what = say("over_years.beta_ru", wooed=say.whose(say.cast.codes[RU]))
    elif word == "value":
        what = say("over_years.value", player=rest)
    elif word == "advantage":
        what = say("over_years.advantage", does=pattern(rest, say))
    elif word == "worth":
        player, _, act = rest.partition("@")
        what = say("over_years.worth", does=pattern(act, say), player=player)
    else:
        return say("outcome.path", path=named, year=moment, pattern=pattern(asked, say))
    return say("over_years.in", what=what, year=moment, path=named)


def _so(word: str, rest: str, asked: str, say: Phrases) -> Text:
    """What begins or ends in a year that is looked for."""
    if word != "state":
        return say("over_years.likelier", pattern=pattern(asked, say))
    name, sign, bound = re.split(r"([<>])", f"{rest}>")[:3]
    return say("over_years.above" if sign == ">" else "over_years.below", state=say.known("state", name), bound=bound)


def event(text: str, say: Phrases) -> Text:
    """An event in words.

    >>> from triangle.players.cast import SHIPPED
    >>> from triangle.showing.phrases import spoken
    >>> words_of(event("only:RU=align", spoken(SHIPPED)))
    'every pure equilibrium has RU align'
    >>> words_of(event("margin:RU=hedge>0", spoken(SHIPPED)))
    'margin of RU hedge above 0'
    """
    measured, sign, bound = event_parts(text)
    what = outcome(measured, say)
    if measured.partition(":")[0] in INDICATORS:
        return what if sign == ">" else say("outcome.never", event=what)
    return say("outcome.above" if sign == ">" else "outcome.below", outcome=what, bound=say.value(bound))
