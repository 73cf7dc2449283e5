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
from triangle.showing.phrases import spoken, told, word, written
from triangle.showing.statements import nearest_turn, turns
from triangle.showing.tables import TYPED, cautions, heading, kind_text, new_table, number, said
from triangle.solvers.agreements import TRUST
from triangle.study.study import Study


def tipping_tables(study: Study, found: Tippings, every: bool) -> RenderableType:
    """What ``tipping`` shows: one row a parameter and side, or with `every` one row a value, the nearest first."""
    points, hard, searched = found.points, found.searched == "bounds", found.parameters
    proof = found.trust is not None
    none = told("no agreement-proof equilibrium" if proof else "no pure equilibrium")
    shown = list(points) if every else _nearest(points)
    say = spoken(study.cast)
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
        title=told(
            "Values at which the set of agreement-proof equilibria changes, each parameter alone"
            if proof
            else "Values at which the set of pure equilibria changes, each parameter alone"
        ),
    )
    for point in shown:
        beyond = [study.cast.profiles[profile] for profile in profiles_of(point.other_set)]
        change = say.profiles(beyond) if beyond else none
        change += told(" (at this value alone)") if point.touches else ""
        sign = "−" if point.side == "below" else "+"
        table.add_row(
            say.known("parameter", point.parameter),
            point.parameter,
            number(point.origin),
            number(point.value),
            say.unit(point.unit),
            f"{sign}{written(point.distance, '.3f')}",
            *([told("its range") if point.inside == "range" else told("hard bounds")] if hard else []),
            words_of(turns(point.turns, say)),
            change,
            kind_text(study, study.model.catalogue[point.parameter]),
        )
    left = len(points) - len(shown)
    notes = [told("{n} further values beyond these; --all lists them", n=left)] if left else []
    if hard:
        template = "where there is no hard bound, up to {reach} ranges beyond the range were searched"
        notes.append(told(template, reach=written(REACH, "g")))
    table.footing = "\n".join(notes)
    here = [finding.profile for finding in study.counting(found.trust)]
    present = say.profiles(here) if here else none
    quiet = len(searched) - len({point.parameter for point in points})
    return Group(
        heading(study),
        *cautions(Cautions(trust=found.trust)),
        Text(told("As things stand: {present}.", present=present)),
        table if shown else Text(told("No parameter alone changes that.")),
        said([nearest_turn(question.asked, study, points, say) for question in questions]),
        Text(asked_about(len(searched), quiet, hard)),
    )


def asked_about(searched: int, quiet: int, hard: bool) -> str:
    """Of how many parameters how many change nothing alone.

    >>> asked_about(1, 0, False)
    'Of 1 parameter asked about, 0 change nothing alone inside their ranges.'
    """
    of = told("{n} parameter" if searched == 1 else "{n} parameters", n=searched)
    if hard:
        template = (
            "Of {of} asked about, 1 changes nothing alone inside its hard bounds."
            if quiet == 1
            else "Of {of} asked about, {n} change nothing alone inside their hard bounds."
        )
    else:
        template = (
            "Of {of} asked about, 1 changes nothing alone inside its range."
            if quiet == 1
            else "Of {of} asked about, {n} change nothing alone inside their ranges."
        )
    return told(template, of=of, n=quiet)


def _nearest(points: Sequence[Tipping]) -> list[Tipping]:
    """The first value of each parameter on each side."""
    first: dict[tuple[str, str], Tipping] = {}
    for point in points:
        first.setdefault((point.parameter, point.side), point)
    return list(first.values())


def boundary_tables(study: Study, boundaries: Boundaries) -> RenderableType:
    """What ``tipping`` over two parameters shows: one row a curve."""
    cast, say = boundaries.cast, spoken(boundaries.cast)
    x, y = (say.known("parameter", name) for name in boundaries.parameters)
    table = new_table(
        "equilibrium",
        f">{x}",
        f">{y}",
        "decided by",
        "shape",
        ">points",
        title=told("Where equilibria end over “{x}” and “{y}”", x=x, y=y),
    )
    for curve in boundaries.curves:
        spans = (
            told("{low} to {high}", low=number(float(own.min())), high=number(float(own.max()))) for own in curve.points
        )
        deciding = dict.fromkeys(f"{cast.codes[i]} → {say.action(i, a)}" for i, a in curve.deciding)
        shape = word("closed" if curve.closed else "edge to edge" if curve.complete else "broken off")
        table.add_row(say.profile(curve.profile), *spans, ", ".join(deciding), shape, f"{curve.points.shape[1]}")
    always = told("Equilibria everywhere in this box: {profiles}.", profiles=say.profiles(boundaries.always))
    return Group(heading(study), table, Text(always))
