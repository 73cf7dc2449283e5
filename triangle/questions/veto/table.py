"""Tables for people of what a player's choice is worth to each."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from triangle.questions.veto.answer import Course, Veto
from triangle.questions.veto.expectations import MAPPED
from triangle.showing.phrases import digits, spoken, told, word
from triangle.showing.tables import amount, new_table, share


def veto_tables(found: Veto) -> RenderableType:
    """What ``veto`` shows."""
    title = Text(f"{word(found.title)} ({found.world.scenario})", style="bold")
    parts: list[RenderableType] = [Text(free_text(found), style="bold")]
    parts += [_outcomes(found), _worth(found), *([_assents(found)] if found.assents else []), *_map(found)]
    return Group(title, *parts)


def free_text(found: Veto) -> str:
    """What the player does where it is free."""
    say, place = spoken(found.cast), found.player
    actions = dict.fromkeys(say.action(place, one.profile[place]) for one in found.free.outcomes)
    player = say.country(found.cast.codes[place])
    if not actions:
        return told("Left free, {player}: no equilibrium in pure actions.", player=player)
    template = (
        "Left free, {player} plays “{actions}” in every pure equilibrium."
        if len(actions) == 1
        else "Left free, {player} plays one of these, by pure equilibrium: {actions}."
    )
    return told(template, player=player, actions=", ".join(actions))


def way_text(found: Veto, course: Course) -> str:
    """A way of playing in words."""
    say = spoken(found.cast)
    held = "".join(say.action(found.player, action) for action in course.hold.values())
    return told(_WAYS[course.way], player=found.cast.codes[found.player], action=held)


#: Ways of playing in words.
_WAYS = {
    "free": "{player} free",
    "held": "{player} held at “{action}”",
    "first": "{player} moves first",
    "last": "{player} moves last",
}


def _outcomes(found: Veto) -> Table:
    cast, say = found.cast, spoken(found.cast)
    rows = new_table("", "outcome", *(f">{code}" for code in cast.codes), title=told("What is played"))
    for course in found.courses:
        for place, one in enumerate(course.outcomes):
            name = "" if place else way_text(found, course)
            rows.add_row(name, say.profile(one.profile), *(amount(x) for x in one.payoffs))
        if not course.outcomes:
            rows.add_row(way_text(found, course), told("none in pure actions"), *("" for _ in cast.codes))
    unsure = [way_text(found, course) for course in found.courses if course.verdict != "complete"]
    template = "payoffs in {unit}; there may be more outcomes where {courses}" if unsure else "payoffs in {unit}"
    rows.footing = told(template, courses=", ".join(unsure))
    return rows


def _worth(found: Veto) -> Table:
    code = found.cast.codes[found.player]
    title = told("Worth to each, against {player} being free", player=code)
    rows = new_table("", *(f">{c}" for c in found.cast.codes), title=title)
    for course in found.courses[1:]:
        worth = [found.worth(course, player) for player in range(len(found.cast))]
        rows.add_row(way_text(found, course), *map(worth_text, worth))
    template = "the worst and the best outcome against those with {player} free, one number where both are; {unit}"
    rows.footing = told(template, player=code)
    return rows


def worth_text(worth: tuple[float, float] | None) -> str:
    """Two differences as one where they are the same."""
    if worth is None:
        return "–"
    low, high = (digits(f"{x + 0.0:+,.1f}".replace("-0.0", "+0.0")) for x in worth)
    return low if low == high else f"{low} … {high}"


def _map(found: Veto) -> list[Table]:
    """What can be expected over the two levers, in shares of the whole map."""
    if found.map is None:
        return []
    say, code = spoken(found.cast), found.cast.codes[found.player]
    first, second = (say.known("parameter", name) for name in found.map.names)
    places = {"player": code, "first": first, "second": second}
    rows = new_table(code, ">share", title=told("What to expect of {player} over “{first}” and “{second}”", **places))
    for name, words in MAPPED.items():
        rows.add_row(word(words), share(found.map.share(name)))
    nodes = len(found.map.first) * len(found.map.second)
    rows.footing = told("mean over {nodes} nodes, {draws} draws of its stakes each", nodes=nodes, draws=found.map.draws)
    return [rows]


def _assents(found: Veto) -> Table:
    say, code = spoken(found.cast), found.cast.codes[found.player]
    union = told("all of {n} states", n=found.states) if found.states > 1 else told("the union as one")
    title = told("Would {player} go along?", player=code)
    rows = new_table("where the others stand so", ">one state", f">{union}", title=title)
    for one in found.assents:
        rows.add_row(say.profile(one.profile), share(one.one), share(one.all))
    first = say.action(found.player, 0)
    template = "probability of having at least as much as by “{action}”, over {n} draws of what a state has at stake"
    rows.footing = told(template, action=first, n=found.samples)
    return rows
