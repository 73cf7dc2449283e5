"""Tables for people of tipping points and boundary curves."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from triangle.games.bitboards import profiles_of
from triangle.measures.asked import default_questions
from triangle.measures.cautions import Cautions
from triangle.questions.tipping.answer import REACH, Tipping, Tippings
from triangle.questions.tipping.boundary import Boundaries
from triangle.showing.blocks import words_of
from triangle.showing.phrases import in_english
from triangle.showing.statements import nearest_turn, turns
from triangle.showing.tables import TYPED, cautions, heading, kind_text, new_table, number, said
from triangle.solvers.agreements import TRUST
from triangle.study.study import Study


def tipping_tables(study: Study, found: Tippings, every: bool) -> RenderableType:
    """What ``tipping`` shows: one row a parameter and side, or with `every` one row a value, the nearest first."""
    points, hard, searched = found.points, found.searched == "bounds", found.parameters
    kind = "pure" if found.trust is None else "agreement-proof"
    shown = list(points) if every else _nearest(points)
    say = in_english(study.cast)
    questions = default_questions(study, TRUST if found.trust is None else found.trust)
    table = new_table(
        "parameter",
        TYPED,
        ">from",
        ">tips at",
        "unit",
        ">ranges away",
        *(["inside"] if hard else []),
        "turns",
        "equilibria change to",
        "rests on",
        title=f"Values at which the set of {kind} equilibria changes, each parameter alone",
    )
    for point in shown:
        beyond = [study.cast.profiles[profile] for profile in profiles_of(point.other_set)]
        change = say.profiles(beyond) if beyond else f"no {kind} equilibrium"
        change += " (at this value alone)" if point.touches else ""
        sign = "−" if point.side == "below" else "+"
        table.add_row(
            say.known("parameter", point.parameter),
            point.parameter,
            number(point.origin),
            number(point.value),
            point.unit,
            f"{sign}{point.distance:.3f}",
            *(["its range" if point.inside == "range" else "hard bounds"] if hard else []),
            words_of(turns(point.turns, say)),
            change,
            kind_text(study, study.model.catalogue[point.parameter]),
        )
    left = len(points) - len(shown)
    notes = [f"{left} further values beyond these; --all lists them"] if left else []
    if hard:
        notes.append(f"where there is no hard bound, up to {REACH:g} ranges beyond the range were searched")
    table.footing = "\n".join(notes)
    here = [finding.profile for finding in study.counting(found.trust)]
    present = say.profiles(here) if here else f"no {kind} equilibrium"
    quiet = len(searched) - len({point.parameter for point in points})
    where = "hard bounds" if hard else "ranges"
    return Group(
        heading(study),
        *cautions(Cautions(trust=found.trust)),
        Text(f"As things stand: {present}."),
        table if shown else Text("No parameter alone changes that."),
        said([nearest_turn(question.asked, study, points, say) for question in questions]),
        Text(f"Of {counted(len(searched))} asked about, {counted_quiet(quiet, where)}."),
    )


def counted_quiet(count: int, where: str) -> str:
    """How many change nothing alone."""
    return (
        f"1 changes nothing alone inside its {where}"
        if count == 1
        else f"{count} change nothing alone inside their {where}"
    )


def counted(count: int) -> str:
    """A number of parameters in words."""
    return f"{count} parameter{'' if count == 1 else 's'}"


def _nearest(points: Sequence[Tipping]) -> list[Tipping]:
    """The first value of each parameter on each side."""
    first: dict[tuple[str, str], Tipping] = {}
    for point in points:
        first.setdefault((point.parameter, point.side), point)
    return list(first.values())


def boundary_tables(study: Study, boundaries: Boundaries) -> RenderableType:
    """What ``tipping`` over two parameters shows: one row a curve."""
    cast, say = boundaries.cast, in_english(boundaries.cast)
    x, y = (say.known("parameter", name) for name in boundaries.parameters)
    table = new_table(
        "equilibrium",
        f">{x}",
        f">{y}",
        "decided by",
        "shape",
        ">points",
        title=f"Where equilibria end over “{x}” and “{y}”",
    )
    for curve in boundaries.curves:
        spans = (f"{number(float(own.min()))} to {number(float(own.max()))}" for own in curve.points)
        deciding = dict.fromkeys(f"{cast.codes[i]} → {say.action(i, a)}" for i, a in curve.deciding)
        shape = "closed" if curve.closed else "edge to edge" if curve.complete else "broken off"
        table.add_row(say.profile(curve.profile), *spans, ", ".join(deciding), shape, f"{curve.points.shape[1]}")
    always = say.profiles(boundaries.always)
    return Group(heading(study), table, Text(f"Equilibria everywhere in this box: {always}."))
