"""Tables for people of how the triangle goes over the years."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from triangle.players.axes import RU
from triangle.players.configurations import Configuration, configuration_title, configurations
from triangle.questions.path.record import Band, Certificate, Commitment, Course, Waiting, Year
from triangle.showing.phrases import Phrases, in_english
from triangle.showing.runs import Text as Runs
from triangle.showing.runs import words_of
from triangle.showing.tables import UNIT, amount, new_table

#: The wooed's action of siding with its partner alone.
ALIGN = 1


#: Configurations with a smaller mean probability in every year are neither tabled nor drawn.
LEAST = 0.005


def shown_configurations(course: Course) -> list[tuple[int, Configuration]]:
    """The configurations that are likely enough in some year to be shown, with their places."""
    examples = {one.key: one for one in configurations(course.cast)}
    return [
        (place, examples[key])
        for place, key in enumerate(course.configurations)
        if max(year.configurations[place].mean for year in course.years) >= LEAST
    ]


def course_told(course: Course, say: Phrases) -> Runs:
    """The likeliest configurations of the first and of the last year, in one sentence."""
    first, last = course.years[0], course.years[-1]
    shown = shown_configurations(course)
    return say(
        "course.told", n=course.samples, first=str(first.year), last=str(last.year),
        before=_likeliest(first, shown, say), after=_likeliest(last, shown, say),
    )  # fmt: skip


def _likeliest(year: Year, shown: Sequence[tuple[int, Configuration]], say: Phrases) -> Runs:
    likely = [(k, c) for k, c in shown if year.configurations[k].mean >= LEAST]
    ordered = sorted(likely, key=lambda one: -year.configurations[one[0]].mean)[:2]
    shares = [
        say("course.share", triangle=say.triangle(c), share=say.percent(year.configurations[k].mean))
        for k, c in ordered
    ]
    return say.listed(shares)


def course_tables(course: Course) -> RenderableType:
    """What ``path`` shows."""
    shown, many, say = shown_configurations(course), course.samples > 1, in_english(course.cast)
    titles = [configuration_title(c.key, course.cast) for _, c in shown]
    bounded = course.rule == "bounds"
    rows = new_table(
        "year", *(f">{title}" for title in titles), f">{course.cast.countries[RU]} aligns", ">hazard of a split",
        *((">undecided",) if bounded else ()), *((">judged rates",) if many else ()),
        title="Probability of each configuration"
        + (f", mean over {course.samples:,} worlds and where the middle 90 % of them lie" if many else ""),
    )  # fmt: skip
    for year in course.years:
        rows.add_row(
            str(year.year),
            *(_spread(year.configurations[k], many) for k, _ in shown),
            _chance(year.actions[RU][ALIGN]),
            "–" if year.hazard is None else f"{year.hazard:.4f}",
            *((_chance(year.undecided),) if bounded else ()),
            *((_chance(year.judged),) if many else ()),
        )
    told = Text(words_of(course_told(course, say)), style="bold")
    parts: list[RenderableType] = [*_heading(course), told, rows]
    if course.turns:
        parts.append(_turns(course))
    parts += [Text(line) for line in course_notes(course)]
    return Group(*parts)


def _heading(course: Course) -> list[RenderableType]:
    """The path and its question; a course that an earlier version kept has its name alone."""
    if not course.title:
        return [Text(course.path)]
    return [Text.assemble((course.title, "bold"), f" ({course.path})"), Text(course.question, style="italic")]


def _turns(course: Course) -> RenderableType:
    turns = new_table("year", "what happens", "moves most", ">before", ">after", title="Years of change")
    for turn in course.turns:
        # A year in which nothing moves more than by rounding is listed, and not called a turn towards something.
        moves = not math.isclose(turn.before, turn.after, abs_tol=1e-12)
        moved = configuration_title(turn.configuration, course.cast), _chance(turn.before), _chance(turn.after)
        turns.add_row(str(turn.year), turn.what, *(moved if moves else ("nothing", "–", "–")))
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
    if course.certificate.none > 0:
        lines.append(
            f"Where a stage game has no pure equilibrium, the {course.mixed} mixed one found is played, supports "
            "walked from the smallest."
        )
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


def _certified(gain: float) -> str:
    return f"Certificate: no player gains {_more_than(gain)} by deviating once."


def commitment_tables(found: Commitment) -> RenderableType:
    """What ``path --commit`` shows."""
    say = in_english(found.cast)
    giver, pivot = say.named(found.player, "within"), say.country(found.cast.codes[RU])
    gains = new_table(
        "for", ">mean", ">middle 90 % of worlds", title=f"Worth of promises that are never reversed, {UNIT}"
    )
    for player, band in found.gains:
        gains.add_row(say.country(player), _amount(band.mean), f"{_amount(band.low90)} … {_amount(band.high90)}")
    course = new_table(
        "year", ">as it is", ">promises bind", title=f"Probability of a romantic triangle, pivot {pivot}"
    )
    for year, before, after in found.years:
        course.add_row(str(year), _chance(before), _chance(after))
    told = (
        f"If promises of {giver} were never reversed, the course would move by more than 0.01 somewhere in "
        f"{found.moved:.1%} of {found.samples:,} worlds."
    )
    note = (
        f"Worth is at the start; that to {giver} is not compared, since administrations weigh things differently, and "
        f"a binding promise means that one of them stays. {_certified(found.largest_gain)}"
    )
    return Group(Text(told, style="bold"), gains, course, Text(note))


def waiting_tables(found: Waiting) -> RenderableType:
    """What ``path --wait`` shows."""
    say, player = in_english(found.cast), found.cast.player(found.player)
    waiter, suitor = say.country(found.player), say.named(found.suitor, "within")
    best = new_table("action", ">best constant action in", title=f"What flexibility is worth to {waiter}")
    for action, share in enumerate(found.constant):
        best.add_row(say.action(player, action), f"{share:.1%}")
    window = new_table("year", f">an offer moves {waiter}", title="The window")
    for year, share in found.window:
        window.add_row(str(year), _chance(share))
    last = (
        f"In no world does an offer move {waiter} with more than even chance in any year."
        if found.last is None
        else f"The last year in which an offer moves {waiter} with more than even chance is {found.last.low50:.0f} to "
        f"{found.last.high50:.0f} in the middle half of the worlds that have one; {found.never:.1%} have none."
    )
    note = (
        f"An offer: {waiter} alone is accommodated by {suitor} that year rather than nobody. Value of play less that "
        f"of the best constant action: {_amounts(found.gain)} {UNIT}; more than one billion in {found.above_one:.1%} "
        f"of worlds. {_certified(found.largest_gain)}"
    )
    return Group(Text(last, style="bold"), best, window, Text(note))


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
