"""Tables for people of what a player's choice is worth to each."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from triangle.questions.veto.answer import Course, Veto
from triangle.questions.veto.expectations import MAPPED
from triangle.showing.phrases import in_english
from triangle.showing.tables import UNIT, amount, new_table, share


def veto_tables(found: Veto) -> RenderableType:
    """What ``veto`` shows."""
    title = Text(f"{found.title} ({found.world.scenario})", style="bold")
    parts = [_outcomes(found), _worth(found), *([_assents(found)] if found.assents else []), *_map(found)]
    return Group(title, *parts)


def way_text(found: Veto, course: Course) -> str:
    """A way of playing in words."""
    code = found.cast.codes[found.player]
    say = in_english(found.cast)
    held = "".join(say.action(found.player, action) for action in course.hold.values())
    words = {"free": "free", "held": f"held at “{held}”", "first": "moves first", "last": "moves last"}
    return f"{code} {words[course.way]}"


def _outcomes(found: Veto) -> Table:
    cast, say = found.cast, in_english(found.cast)
    rows = new_table("", "outcome", *(f">{code}" for code in cast.codes), title="What is played")
    for course in found.courses:
        for place, one in enumerate(course.outcomes):
            name = "" if place else way_text(found, course)
            rows.add_row(name, say.profile(one.profile), *(amount(x) for x in one.payoffs))
        if not course.outcomes:
            rows.add_row(way_text(found, course), "none in pure actions", *("" for _ in cast.codes))
    unsure = [way_text(found, course) for course in found.courses if course.verdict != "complete"]
    rows.footing = f"payoffs in {UNIT}" + (f"; there may be more outcomes where {', '.join(unsure)}" if unsure else "")
    return rows


def _worth(found: Veto) -> Table:
    code = found.cast.codes[found.player]
    rows = new_table("", *(f">{c}" for c in found.cast.codes), title=f"Worth to each, against {code} being free")
    for course in found.courses[1:]:
        worth = [found.worth(course, player) for player in range(len(found.cast))]
        rows.add_row(way_text(found, course), *map(worth_text, worth))
    rows.footing = f"the worst and the best outcome against those with {code} free, one number where both are; {UNIT}"
    return rows


def worth_text(worth: tuple[float, float] | None) -> str:
    """Two differences as one where they are the same."""
    if worth is None:
        return "–"
    low, high = (f"{x + 0.0:+,.1f}".replace("-0.0", "+0.0") for x in worth)
    return low if low == high else f"{low} … {high}"


def _map(found: Veto) -> list[Table]:
    """What can be expected over the two levers, in shares of the whole map."""
    if found.map is None:
        return []
    say, code = in_english(found.cast), found.cast.codes[found.player]
    first, second = (say.known("parameter", name) for name in found.map.names)
    rows = new_table(code, ">share", title=f"What to expect of {code} over “{first}” and “{second}”")
    for name, words in MAPPED.items():
        rows.add_row(words, share(found.map.share(name)))
    rows.footing = (
        f"mean over {len(found.map.first) * len(found.map.second)} nodes, {found.map.draws} draws of its stakes each"
    )
    return [rows]


def _assents(found: Veto) -> Table:
    say, code = in_english(found.cast), found.cast.codes[found.player]
    union = f"all of {found.states} states" if found.states > 1 else "the union as one"
    rows = new_table("where the others stand so", ">one state", f">{union}", title=f"Would {code} go along?")
    for one in found.assents:
        rows.add_row(say.profile(one.profile), share(one.one), share(one.all))
    first = say.action(found.player, 0)
    draws = f"{found.samples:,} draws of what a state has at stake"
    rows.footing = f"probability of having at least as much as by “{first}”, over {draws}"
    return rows
