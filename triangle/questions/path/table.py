"""Tables for people of how the triangle goes over the years."""

from __future__ import annotations

import math

from rich.console import Group, RenderableType
from rich.text import Text

from triangle.players.axes import RU
from triangle.players.configurations import configuration_title
from triangle.questions.path.record import Band, Certificate, Commitment, Course, Waiting
from triangle.showing.phrases import in_english
from triangle.showing.tables import UNIT, amount, new_table

#: The wooed's action of siding with its partner alone.
ALIGN = 1

#: Configurations with a smaller mean probability in every year have no column.
_LEAST = 0.005


def shown_configurations(course: Course) -> list[int]:
    """Places of the configurations that are likely enough to be shown."""
    count = len(course.configurations)
    return [k for k in range(count) if max(year.configurations[k].mean for year in course.years) >= _LEAST]


def course_tables(course: Course) -> RenderableType:
    """What ``path`` shows."""
    places = shown_configurations(course)
    many = course.samples > 1
    titles = [configuration_title(course.configurations[k], course.cast) for k in places]
    bounded = course.rule == "bounds"
    rows = new_table(
        "year", *(f">{title}" for title in titles), f">{course.cast.countries[RU]} aligns", ">hazard of a split",
        *((">undecided",) if bounded else ()), *((">judged rates",) if many else ()),
        title=f"{course.path}: probability of each configuration"
        + (f", mean over {course.samples:,} worlds and where the middle 90 % of them lie" if many else ""),
    )  # fmt: skip
    for year in course.years:
        rows.add_row(
            str(year.year),
            *(_spread(year.configurations[k], many) for k in places),
            _chance(year.actions[RU][ALIGN]),
            "–" if year.hazard is None else f"{year.hazard:.4f}",
            *((_chance(year.undecided),) if bounded else ()),
            *((_chance(year.judged),) if many else ()),
        )
    parts: list[RenderableType] = [rows]
    if course.turns:
        parts.append(_turns(course))
    parts += [Text(line) for line in course_notes(course)]
    return Group(*parts)


def _turns(course: Course) -> RenderableType:
    turns = new_table("year", "what happens", "moves most", ">before", ">after", title="Years of change")
    for turn in course.turns:
        # A year in which nothing moves more than by rounding is listed, and not called a turn towards something.
        moves = not math.isclose(turn.before, turn.after, abs_tol=1e-12)
        title = configuration_title(turn.configuration, course.cast) if moves else "nothing"
        turns.add_row(str(turn.year), turn.what, title, _chance(turn.before), _chance(turn.after))
    return turns


def course_notes(course: Course) -> list[str]:
    """What is said under the table, and under every picture."""
    worlds = "the one world of the given values" if course.samples == 1 else f"{course.samples:,} worlds"
    how = f"seed {course.seed}, selection by {course.rule}, {course.form} form of the payoffs"
    lines = [f"{worlds}, {how}; {course.last} goes on for ever."]
    if course.holds:
        lines.append(f"Held: {', '.join(course.holds)}.")
    if course.split > 0 and course.split_year is not None:
        lines.append(
            f"No two powers are linked with more than even chance, in some year, in {course.split:.1%} of worlds; "
            f"first in {course.split_year:.0f} (median)."
        )
    else:
        lines.append("In no world does the chance that no two powers are linked exceed one half in any year.")
    judged = [year.judged for year in course.years if year.judged is not None]
    if judged:
        lines.append(
            f"Judged rates account for {min(judged):.1%} to {max(judged):.1%} of the variance of these probabilities, "
            "depending on the year; what is uncertain in the scenario accounts for the rest."
        )
    if course.rule == "bounds":
        lines.append("Undecided: worlds in which the configuration depends on which equilibrium is selected somewhere.")
    return [*lines, certificate_text(course.certificate)]


def certificate_text(found: Certificate) -> str:
    """What was checked, in one sentence."""
    return (
        f"Certificate: over {found.state_years:,} states and years no player gains "
        f"{_more_than(found.largest_gain)} by deviating once (range of payoffs {amount(found.payoff_range)}). Stage "
        f"games with no, one and several pure equilibria: {found.none:.1%}, {found.one:.1%}, {found.several:.1%}."
    )


def _more_than(gain: float) -> str:
    return f"more than {gain:.1e} bn USD/yr" if gain > 0 else "anything"


def commitment_tables(found: Commitment) -> RenderableType:
    """What ``path --commit`` shows."""
    gains = new_table(
        "for", ">mean", ">middle 90 % of worlds", title=f"Worth of {found.player}'s promises never being reversed "
        f"({UNIT}, at the start, {found.samples:,} worlds)",
    )  # fmt: skip
    for player, band in found.gains:
        gains.add_row(player, _amount(band.mean), f"{_amount(band.low90)} … {_amount(band.high90)}")
    course = new_table(
        "year", ">as it is", ">promises bind", title=f"Probability of a romantic triangle, pivot {found.cast.codes[RU]}"
    )
    for year, before, after in found.years:
        course.add_row(str(year), _chance(before), _chance(after))
    return Group(
        gains,
        course,
        Text(
            f"The course moves by more than 0.01 somewhere in {found.moved:.1%} of worlds. {found.player}'s own values "
            "are not compared: its administrations weigh things differently, and a binding promise means that one of "
            f"them stays. Certificate: largest gain by one deviation {found.largest_gain:.1e} bn USD/yr."
        ),
    )


def waiting_tables(found: Waiting) -> RenderableType:
    """What ``path --wait`` shows."""
    player, say = found.cast.player(found.player), in_english(found.cast)
    best = new_table("action", ">best constant action in", title=f"What flexibility is worth to {found.player}")
    for action, share in enumerate(found.constant):
        best.add_row(say.action(player, action), f"{share:.1%}")
    window = new_table("year", f">{found.suitor}'s offer moves {found.player}", title="The window")
    for year, share in found.window:
        window.add_row(str(year), _chance(share))
    last = (
        f"in no world does it move {found.player} with more than even chance in any year"
        if found.last is None
        else f"the last year in which it does with more than even chance is {found.last.low50:.0f} to "
        f"{found.last.high50:.0f} in the middle half of the worlds that have one; {found.never:.1%} have none"
    )
    return Group(
        best,
        window,
        Text(
            f"Value of its play less that of its best constant action: {_amounts(found.gain)} {UNIT}; more than one "
            f"billion in {found.above_one:.1%} of worlds. An offer: {found.suitor} accommodates {found.player} alone "
            f"that year rather than nobody; {last}. Certificate: largest gain by one deviation "
            f"{found.largest_gain:.1e} bn USD/yr."
        ),
    )


def _amounts(band: Band) -> str:
    low, mean, high = (_amount(x) for x in (band.low90, band.mean, band.high90))
    return f"{mean} in the mean, {low} to {high} in the middle 90 % of worlds,"


def _amount(value: float) -> str:
    """An amount for reading; what is rounding shows as nothing."""
    return amount(value if abs(value) > 1e-6 else 0.0)


def _chance(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _spread(band: Band, many: bool) -> str:
    return f"{band.mean:.3f} ({band.low90:.2f}–{band.high90:.2f})" if many else f"{band.mean:.3f}"
